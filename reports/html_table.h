/* SPDX-License-Identifier: ISC */
/* html_table - tables of the HTML report; private to it. */
#ifndef HTML_TABLE_H
#define HTML_TABLE_H

#include "reports/markup.h"

/* Writes a whole table cell, labelled for narrow screens. */
void html_cell(
    struct markup *, const char *label, const char *class, const char *text);

/* Begins a table cell, labelled for narrow screens; markup_close() ends it. */
void html_cell_open(struct markup *, const char *label, const char *class);

/*
 * Begins a table with a caption and column heads (ended by NULL), and its
 * body; html_table_close() ends both.
 */
void html_table_open(struct markup *, const char *class, const char *caption,
    const char *const *heads);
void html_table_close(struct markup *);

#endif
