/* SPDX-License-Identifier: ISC */
/*
 * svg - the few shapes the report's pictures are made of.
 *
 * Colours come from the style sheet by class: a policy forbids styles within.
 */
#ifndef SVG_H
#define SVG_H

#include "reports/markup.h"

/* Begins a drawing of so many units, told in words by label; markup_close()
 * ends it. */
void svg_open(struct markup *, const char *class, int width, int height,
    const char *label);

void svg_rect(struct markup *, const char *class, double x, double y,
    double width, double height);

void svg_line(struct markup *, const char *class, double x1, double y1,
    double x2, double y2);

/* Text at its baseline; anchor is "start", "middle" or "end". */
void svg_text(struct markup *, const char *class, double x, double y,
    const char *anchor, const char *text);

#endif
