/* SPDX-License-Identifier: ISC */
/* svg - shapes as elements; numbers with one digit, so that bytes repeat. */
#include "reports/svg.h"

static void
put_number(struct markup *h, const char *name, double n)
{
	markup_attr(h, name, "%.1f", n);
}

void
svg_open(struct markup *h, const char *class, int width, int height,
    const char *label)
{
	markup_open(h, "svg", class);
	markup_attr(h, "viewBox", "0 0 %d %d", width, height);
	markup_attr(h, "role", "img");
	markup_attr(h, "aria-label", "%s", label);
}

void
svg_rect(struct markup *h, const char *class, double x, double y, double width,
    double height)
{
	markup_open(h, "rect", class);
	put_number(h, "x", x);
	put_number(h, "y", y);
	put_number(h, "width", width);
	put_number(h, "height", height);
	markup_close(h);
}

void
svg_line(struct markup *h, const char *class, double x1, double y1, double x2,
    double y2)
{
	markup_open(h, "line", class);
	put_number(h, "x1", x1);
	put_number(h, "y1", y1);
	put_number(h, "x2", x2);
	put_number(h, "y2", y2);
	markup_close(h);
}

void
svg_text(struct markup *h, const char *class, double x, double y,
    const char *anchor, const char *text)
{
	markup_open(h, "text", class);
	put_number(h, "x", x);
	put_number(h, "y", y);
	markup_attr(h, "text-anchor", "%s", anchor);
	markup_string(h, text);
	markup_close(h);
}
