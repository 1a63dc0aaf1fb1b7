/* SPDX-License-Identifier: ISC */
/*
 * html_write - elements and text through libxml2's writer.
 *
 * The writer is made for XML.  HTML differs where an element is empty: only
 * the few void ones may be closed in their own tag.
 */
#include <libxml/xmlwriter.h>
#include <stdarg.h>
#include <stdlib.h>

#include "reports/html_write.h"

struct html {
	xmlTextWriter *writer;
	FILE *out;
	bool failed;
};

static void
check(struct html *h, int written)
{
	h->failed |= written < 0;
}

/* libxml2 would tell standard error what html_end() returns. */
static void
ignore(void *arg, xmlError *error)
{
	(void)arg;
	(void)error;
}

struct html *
html_begin(FILE *out)
{
	struct html *h = calloc(1, sizeof(*h));
	xmlOutputBuffer *buffer;

	if (h == NULL)
		return NULL;
	h->out = out;
	xmlSetStructuredErrorFunc(NULL, ignore);
	buffer = xmlOutputBufferCreateFile(out, NULL);
	if (buffer != NULL)
		h->writer = xmlNewTextWriter(buffer);
	if (h->writer == NULL) {
		if (buffer != NULL)
			xmlOutputBufferClose(buffer);
		free(h);
		return NULL;
	}
	check(h,
	    xmlTextWriterWriteDTD(
		h->writer, BAD_CAST "html", NULL, NULL, NULL));
	html_raw(h, "\n");
	return h;
}

bool
html_end(struct html *h)
{
	bool ok;

	html_raw(h, "\n");
	check(h, xmlTextWriterEndDocument(h->writer));
	check(h, xmlTextWriterFlush(h->writer));
	xmlFreeTextWriter(h->writer);
	xmlSetStructuredErrorFunc(NULL, NULL);
	ok = !h->failed && !ferror(h->out);
	free(h);
	return ok;
}

void
html_open(struct html *h, const char *tag, const char *class)
{
	check(h, xmlTextWriterStartElement(h->writer, BAD_CAST tag));
	if (class != NULL)
		html_attr(h, "class", "%s", class);
}

void
html_attr(struct html *h, const char *name, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	check(h,
	    xmlTextWriterWriteVFormatAttribute(
		h->writer, BAD_CAST name, fmt, ap));
	va_end(ap);
}

void
html_close(struct html *h)
{
	check(h, xmlTextWriterFullEndElement(h->writer));
}

void
html_close_void(struct html *h)
{
	check(h, xmlTextWriterEndElement(h->writer));
}

void
html_text(struct html *h, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	check(h, xmlTextWriterWriteVFormatString(h->writer, fmt, ap));
	va_end(ap);
}

void
html_raw(struct html *h, const char *s)
{
	check(h, xmlTextWriterWriteRaw(h->writer, BAD_CAST s));
}

void
html_leaf(
    struct html *h, const char *tag, const char *class, const char *fmt, ...)
{
	va_list ap;

	html_open(h, tag, class);
	va_start(ap, fmt);
	check(h, xmlTextWriterWriteVFormatString(h->writer, fmt, ap));
	va_end(ap);
	html_close(h);
}

void
html_cell_open(struct html *h, const char *label, const char *class)
{
	html_open(h, "td", class);
	html_attr(h, "data-label", "%s", label);
}

void
html_cell(
    struct html *h, const char *label, const char *class, const char *fmt, ...)
{
	va_list ap;

	html_cell_open(h, label, class);
	va_start(ap, fmt);
	check(h, xmlTextWriterWriteVFormatString(h->writer, fmt, ap));
	va_end(ap);
	html_close(h);
}

void
html_table_open(struct html *h, const char *class, const char *caption,
    const char *const *heads)
{
	html_open(h, "table", class);
	html_leaf(h, "caption", NULL, "%s", caption);
	html_open(h, "thead", NULL);
	html_open(h, "tr", NULL);
	for (; *heads != NULL; heads++) {
		html_open(h, "th", NULL);
		html_attr(h, "scope", "col");
		html_text(h, "%s", *heads);
		html_close(h);
	}
	html_close(h);
	html_close(h);
	html_raw(h, "\n");
	html_open(h, "tbody", NULL);
}

void
html_table_close(struct html *h)
{
	html_close(h);
	html_close(h);
	html_raw(h, "\n");
}
