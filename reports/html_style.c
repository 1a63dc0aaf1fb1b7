/* SPDX-License-Identifier: ISC */
/*
 * html_style - the report's style sheet (html.css) and script (html.js), each
 * with the hash its content security policy names it by.  tools/embed.sh makes
 * the header of both when gantry is built.
 */
#include <stddef.h>

#include "html_embed.h"
#include "reports/html_parts.h"

static void
put_lines(struct markup *h, const char *tag, const char *const *lines)
{
	markup_open(h, tag, NULL);
	for (; *lines != NULL; lines++)
		markup_raw(h, *lines);
	markup_close(h);
	markup_raw(h, "\n");
}

static void
put_named(struct markup *h, const char *by, const char *name)
{
	markup_open(h, "meta", NULL);
	if (by != NULL)
		markup_attr(h, by, "%s", name);
}

static void
put_meta(struct markup *h, const char *name, const char *content)
{
	put_named(h, "name", name);
	markup_attr(h, "content", "%s", content);
	markup_close_void(h);
	markup_raw(h, "\n");
}

void
html_policy(struct markup *h, bool has_script)
{
	put_named(h, "charset", "utf-8");
	markup_close_void(h);
	markup_raw(h, "\n");
	put_named(h, "http-equiv", "Content-Security-Policy");
	if (has_script)
		markup_attr(h, "content",
		    "default-src 'none'; style-src '%s'; script-src '%s'; "
		    "base-uri 'none'; form-action 'none'",
		    style_hash, script_hash);
	else
		markup_attr(h, "content",
		    "default-src 'none'; style-src '%s'; base-uri 'none'; "
		    "form-action 'none'",
		    style_hash);
	markup_close_void(h);
	markup_raw(h, "\n");
	put_meta(h, "viewport", "width=device-width, initial-scale=1");
	put_meta(h, "color-scheme", "light dark");
	put_meta(h, "referrer", "no-referrer");
}

void
html_style(struct markup *h)
{
	put_lines(h, "style", style);
}

void
html_script(struct markup *h)
{
	put_lines(h, "script", script);
}
