/* SPDX-License-Identifier: ISC */
/*
 * httpread - an HTTP answer as far as it has come: status, fields, body.
 *
 * Source: RFC 9110, 9112.  Limits: trailers are not told from the body's end.
 */
#ifndef HTTPREAD_H
#define HTTPREAD_H

#include "scanner/probe.h"

enum http_arrival {
	HTTP_FOREIGN = 1, /* not HTTP, and never will be */
	HTTP_UNDECIDED,   /* too few bytes to tell */
	HTTP_HEAD,        /* HTTP, and its fields are not all there */
	HTTP_BODY,        /* fields, and some of the body perhaps */
	HTTP_WHOLE
};

struct http_answer {
	unsigned status;
	bool is_11;    /* HTTP/1.1 */
	bool is_ended; /* the body's end can be told without the stream's */
	bool is_chunked;
	struct rd line;   /* the first */
	struct rd fields; /* line by line, the empty line not among them */
	struct rd body;   /* as it came: chunks with their sizes */
	size_t len;       /* of all of it; set for HTTP_WHOLE */
};

/* What lies at the beginning of stream. */
enum http_arrival http_read(struct rd stream, struct http_answer *out);

/* Returns the value of the first field of that name (in lower case), empty
 * where there is none. */
struct rd http_field(const struct http_answer *, const char *name);

/* Does the value have this word (in lower case) in it? */
bool http_has(struct rd value, const char *word);

/* A body read byte by byte, sizes of chunks left out. */
struct http_body {
	struct rd rest;
	size_t chunk; /* bytes left of the chunk at hand */
	bool is_chunked, is_over;
};

void http_body_begin(struct http_body *, const struct http_answer *);

/* Takes the next byte; false where there is none, or none yet. */
bool http_body_next(struct http_body *, uint8_t *byte);

#endif
