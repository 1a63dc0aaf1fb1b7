/* SPDX-License-Identifier: ISC */
/*
 * markup - elements and text through libxml2's writer.
 *
 * The writer is made for XML.  HTML differs where an element is empty: only
 * the few void ones may be closed in their own tag.
 */
#include <libxml/xmlwriter.h>
#include <stdarg.h>
#include <stdlib.h>

#include "reports/markup.h"

/* Longer text is rare: values of facts end well below. */
enum { TEXT_ROOM = 2048 };

struct markup {
	xmlTextWriter *writer;
	FILE *out;
	bool failed;
};

static void
check(struct markup *m, int written)
{
	m->failed |= written < 0;
}

/* libxml2 would tell standard error what markup_end() returns. */
static void
ignore(void *arg, xmlError *error)
{
	(void)arg;
	(void)error;
}

struct markup *
markup_begin(FILE *out, const char *prolog)
{
	struct markup *m = calloc(1, sizeof(*m));
	xmlOutputBuffer *buffer;

	if (m == NULL)
		return NULL;
	m->out = out;
	xmlSetStructuredErrorFunc(NULL, ignore);
	buffer = xmlOutputBufferCreateFile(out, NULL);
	if (buffer != NULL)
		m->writer = xmlNewTextWriter(buffer);
	if (m->writer == NULL) {
		if (buffer != NULL)
			xmlOutputBufferClose(buffer);
		free(m);
		return NULL;
	}
	markup_raw(m, prolog);
	return m;
}

bool
markup_end(struct markup *m)
{
	bool ok;

	check(m, xmlTextWriterEndDocument(m->writer));
	check(m, xmlTextWriterFlush(m->writer));
	xmlFreeTextWriter(m->writer);
	xmlSetStructuredErrorFunc(NULL, NULL);
	ok = !m->failed && !ferror(m->out);
	free(m);
	return ok;
}

void
markup_open(struct markup *m, const char *tag, const char *class)
{
	check(m, xmlTextWriterStartElement(m->writer, BAD_CAST tag));
	if (class != NULL)
		check(m,
		    xmlTextWriterWriteAttribute(
			m->writer, BAD_CAST "class", BAD_CAST class));
}

/*
 * Returns what is to be written: in room where it fits (libxml2's own way
 * would be to allocate for every word), else made by vasprintf() into *made.
 */
static const char *formatted(char room[static TEXT_ROOM], char **made,
    const char *fmt, va_list ap) __attribute__((format(printf, 3, 0)));

static const char *
formatted(char room[static TEXT_ROOM], char **made, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	*made = NULL;
	va_copy(again, ap);
	n = vsnprintf(room, TEXT_ROOM, fmt, ap);
	if (n >= TEXT_ROOM && vasprintf(made, fmt, again) < 0)
		*made = NULL;
	va_end(again);
	if (n >= 0 && n < TEXT_ROOM)
		return room;
	return *made;
}

void
markup_attr(struct markup *m, const char *name, const char *fmt, ...)
{
	char room[TEXT_ROOM], *made;
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = formatted(room, &made, fmt, ap);
	va_end(ap);
	m->failed |= text == NULL;
	if (text != NULL)
		check(m,
		    xmlTextWriterWriteAttribute(
			m->writer, BAD_CAST name, BAD_CAST text));
	free(made);
}

void
markup_close(struct markup *m)
{
	check(m, xmlTextWriterFullEndElement(m->writer));
}

void
markup_close_void(struct markup *m)
{
	check(m, xmlTextWriterEndElement(m->writer));
}

void
markup_string(struct markup *m, const char *s)
{
	check(m, xmlTextWriterWriteString(m->writer, BAD_CAST s));
}

static void text_of(struct markup *m, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

static void
text_of(struct markup *m, const char *fmt, va_list ap)
{
	char room[TEXT_ROOM], *made;
	const char *text = formatted(room, &made, fmt, ap);

	m->failed |= text == NULL;
	if (text != NULL)
		markup_string(m, text);
	free(made);
}

void
markup_text(struct markup *m, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	text_of(m, fmt, ap);
	va_end(ap);
}

void
markup_raw(struct markup *m, const char *s)
{
	check(m, xmlTextWriterWriteRaw(m->writer, BAD_CAST s));
}

void
markup_leaf(
    struct markup *m, const char *tag, const char *class, const char *fmt, ...)
{
	va_list ap;

	markup_open(m, tag, class);
	va_start(ap, fmt);
	text_of(m, fmt, ap);
	va_end(ap);
	markup_close(m);
}
