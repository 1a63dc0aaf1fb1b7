/* SPDX-License-Identifier: ISC */
/* httpread - head by lines, body by length, by chunks, or to the end. */
#include "probes/httpread.h"

enum { VERSION_LEN = 8, CHUNK_DIGITS = 7 };

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 'a' - 'A') : c;
}

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Takes the next line off s, its end dropped; false when none is ended. */
static bool
line_take(struct rd *s, struct rd *line)
{
	const uint8_t *end = NULL;

	/* A cursor that ran short stays where it is, and would for ever. */
	if (rd_ok(s) && s->left > 0)
		end = memchr(s->at, '\n', s->left);
	if (end == NULL)
		return false;
	*line = (struct rd){ .at = s->at, .left = (size_t)(end - s->at) };
	rd_skip(s, line->left + 1);
	if (line->left > 0 && line->at[line->left - 1] == '\r')
		line->left--;
	return true;
}

/* "HTTP/1.1 200 OK": as much of it as is there. */
static enum http_arrival
status_read(struct rd s, struct http_answer *out)
{
	static const char begins[] = "HTTP/1.";
	size_t n = sizeof(begins) - 1;

	if (memcmp(s.at, begins, s.left < n ? s.left : n) != 0)
		return HTTP_FOREIGN;
	if (s.left < VERSION_LEN + 4)
		return HTTP_UNDECIDED;
	out->is_11 = s.at[7] == '1';
	out->status = 0;
	for (size_t i = VERSION_LEN; i < VERSION_LEN + 4; i++) {
		if (i == VERSION_LEN ? s.at[i] != ' '
				     : s.at[i] < '0' || s.at[i] > '9')
			return HTTP_FOREIGN;
		if (i > VERSION_LEN)
			out->status = 10 * out->status + s.at[i] - '0';
	}
	return out->status < 100 ? HTTP_FOREIGN : HTTP_HEAD;
}

static bool
fields_read(struct rd *s, struct http_answer *out)
{
	struct rd line;

	if (!line_take(s, &out->line))
		return false;
	out->fields = (struct rd){ .at = s->at };
	while (line_take(s, &line)) {
		if (line.left == 0)
			return true;
		out->fields.left = (size_t)(s->at - out->fields.at);
	}
	return false;
}

struct rd
http_field(const struct http_answer *a, const char *name)
{
	struct rd rest = a->fields, line;
	size_t len = strlen(name);

	while (line_take(&rest, &line)) {
		size_t n = 0;

		if (line.left <= len || line.at[len] != ':')
			continue;
		while (n < len && lower(line.at[n]) == (uint8_t)name[n])
			n++;
		if (n < len)
			continue;
		rd_skip(&line, len + 1);
		while (line.left > 0 && is_blank(line.at[0]))
			rd_skip(&line, 1);
		while (line.left > 0 && is_blank(line.at[line.left - 1]))
			line.left--;
		return line;
	}
	return (struct rd){ .at = a->fields.at };
}

bool
http_has(struct rd value, const char *word)
{
	size_t len = strlen(word);

	for (; value.left >= len; rd_skip(&value, 1)) {
		size_t n = 0;

		while (n < len && lower(value.at[n]) == (uint8_t)word[n])
			n++;
		if (n == len)
			return true;
	}
	return false;
}

/* Reads a length; false where it is none, or longer than anything read. */
static bool
length_read(struct rd value, size_t *out)
{
	*out = 0;
	if (value.left == 0 || value.left > CHUNK_DIGITS)
		return false;
	for (size_t i = 0; i < value.left; i++) {
		if (value.at[i] < '0' || value.at[i] > '9')
			return false;
		*out = 10 * *out + value.at[i] - '0';
	}
	return true;
}

void
http_body_begin(struct http_body *b, const struct http_answer *a)
{
	*b = (struct http_body){ .rest = a->body, .is_chunked = a->is_chunked };
}

static int
hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The line before a chunk: its size.  The one before it ends the last. */
static bool
chunk_next(struct http_body *b)
{
	struct rd rest = b->rest, line;
	size_t size = 0, digits = 0;

	if (!line_take(&rest, &line))
		return false;
	if (line.left == 0 && !line_take(&rest, &line))
		return false;
	while (digits < line.left && digits < CHUNK_DIGITS &&
	    hex_digit(line.at[digits]) >= 0)
		size = 16 * size + (size_t)hex_digit(line.at[digits++]);
	b->rest = rest;
	b->chunk = size;
	if (digits == 0 || digits == CHUNK_DIGITS || size == 0)
		b->is_over = true;
	return !b->is_over;
}

bool
http_body_next(struct http_body *b, uint8_t *byte)
{
	if (b->is_over)
		return false;
	if (b->is_chunked && b->chunk == 0 && !chunk_next(b))
		return false;
	if (b->rest.left == 0)
		return false;
	*byte = rd_u8(&b->rest);
	b->chunk -= b->is_chunked;
	return true;
}

/* Where the chunks end, as far as can be told. */
static bool
chunks_end(const struct http_answer *a, size_t *len)
{
	struct http_body b;
	struct rd line;

	http_body_begin(&b, a);
	while (!b.is_over) {
		if (b.chunk > b.rest.left)
			return false;
		rd_skip(&b.rest, b.chunk);
		b.chunk = 0;
		if (!chunk_next(&b) && !b.is_over)
			return false;
	}
	while (line_take(&b.rest, &line))
		if (line.left == 0) {
			*len = (size_t)(b.rest.at - a->body.at);
			return true;
		}
	return false;
}

static bool
has_no_body(const struct http_answer *a)
{
	return a->status < 200 || a->status == 204 || a->status == 304;
}

static bool
body_end(struct http_answer *a, size_t *len)
{
	*len = 0;
	a->is_chunked = http_has(http_field(a, "transfer-encoding"), "chunked");
	a->is_ended = true;
	if (has_no_body(a))
		return true;
	if (a->is_chunked)
		return chunks_end(a, len);
	a->is_ended = length_read(http_field(a, "content-length"), len);
	return a->is_ended && *len <= a->body.left;
}

enum http_arrival
http_read(struct rd stream, struct http_answer *out)
{
	struct rd s = stream;
	enum http_arrival arrival;
	size_t len;

	*out = (struct http_answer){ .line = { .at = stream.at } };
	if (stream.left == 0)
		return HTTP_UNDECIDED;
	arrival = status_read(s, out);
	if (arrival != HTTP_HEAD || !fields_read(&s, out))
		return arrival;
	out->body = (struct rd){ .at = s.at, .left = s.left };
	if (!body_end(out, &len))
		return HTTP_BODY;
	out->body.left = len;
	out->len = stream.left - s.left + len;
	return HTTP_WHOLE;
}
