/* SPDX-License-Identifier: ISC */
/* html_table - tables with a caption, column heads, and labelled cells. */
#include <stdarg.h>
#include <stdio.h>

#include "reports/html_table.h"

void
html_cell_open(struct markup *h, const char *label, const char *class)
{
	markup_open(h, "td", class);
	markup_attr(h, "data-label", "%s", label);
}

void
html_cell(
    struct markup *h, const char *label, const char *class, const char *text)
{
	html_cell_open(h, label, class);
	markup_string(h, text);
	markup_close(h);
}

void
html_table_open(struct markup *h, const char *class, const char *caption,
    const char *const *heads)
{
	markup_open(h, "table", class);
	markup_leaf(h, "caption", NULL, "%s", caption);
	markup_open(h, "thead", NULL);
	markup_open(h, "tr", NULL);
	for (; *heads != NULL; heads++) {
		markup_open(h, "th", NULL);
		markup_attr(h, "scope", "col");
		markup_string(h, *heads);
		markup_close(h);
	}
	markup_close(h);
	markup_close(h);
	markup_raw(h, "\n");
	markup_open(h, "tbody", NULL);
}

void
html_table_close(struct markup *h)
{
	markup_close(h);
	markup_close(h);
	markup_raw(h, "\n");
}
