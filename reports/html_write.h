/* SPDX-License-Identifier: ISC */
/*
 * html_write - elements and text through libxml2's writer, which escapes.
 *
 * Errors are sticky: a page is written straight through and asked once, at the
 * end, whether it is whole.  Private to the HTML report.
 */
#ifndef HTML_WRITE_H
#define HTML_WRITE_H

#include <stdbool.h>
#include <stdio.h>

struct html;

/* Begins a page on out, its doctype written.  Returns NULL when memory is
 * out. */
struct html *html_begin(FILE *out);

/* Ends the page and frees it.  Returns false when anything went wrong (errno
 * may tell). */
bool html_end(struct html *);

/* Begins an element, with a class unless that is NULL. */
void html_open(struct html *, const char *tag, const char *class);

/* Gives the element just begun an attribute. */
void html_attr(struct html *, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Ends the innermost element; with a tag of its own, never "<td/>". */
void html_close(struct html *);

/* Ends the innermost element as one that has no content: "<meta ... />". */
void html_close_void(struct html *);

/* Writes text, escaped. */
void html_text(struct html *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes bytes as they are: for the style sheet alone. */
void html_raw(struct html *, const char *s);

/* Writes a whole element with text in it, class may be NULL. */
void html_leaf(struct html *, const char *tag, const char *class,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Writes a whole table cell, labelled for narrow screens. */
void html_cell(struct html *, const char *label, const char *class,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Begins a table cell, labelled for narrow screens; html_close() ends it. */
void html_cell_open(struct html *, const char *label, const char *class);

/*
 * Begins a table with a caption and column heads (ended by NULL), and its
 * body; html_table_close() ends both.
 */
void html_table_open(struct html *, const char *class, const char *caption,
    const char *const *heads);
void html_table_close(struct html *);

#endif
