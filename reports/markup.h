/* SPDX-License-Identifier: ISC */
/*
 * markup - elements and text through libxml2's writer, which escapes: for HTML
 * and XML alike.
 *
 * Errors are sticky: a page is written straight through and asked once, at the
 * end, whether it is whole.  Private to the formats that are made of elements.
 */
#ifndef MARKUP_H
#define MARKUP_H

#include <stdbool.h>
#include <stdio.h>

struct markup;

/* Begins a document on out, its first lines (a doctype) written as they are.
 * Returns NULL when memory is out. */
struct markup *markup_begin(FILE *out, const char *prolog);

/* Ends the document and frees it.  Returns false when anything went wrong
 * (errno may tell). */
bool markup_end(struct markup *);

/* Begins an element, with a class unless that is NULL. */
void markup_open(struct markup *, const char *tag, const char *class);

/* Gives the element just begun an attribute. */
void markup_attr(struct markup *, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Ends the innermost element; with a tag of its own, never "<td/>". */
void markup_close(struct markup *);

/* Ends the innermost element as one that has no content: "<meta ... />". */
void markup_close_void(struct markup *);

/* Writes text, escaped. */
void markup_text(struct markup *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes text, escaped, as it is: no format. */
void markup_string(struct markup *, const char *s);

/* Writes bytes as they are: for what is no peer's word, such as a style
 * sheet. */
void markup_raw(struct markup *, const char *s);

/* Writes a whole element with text in it, class may be NULL. */
void markup_leaf(struct markup *, const char *tag, const char *class,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
