/* SPDX-License-Identifier: ISC */
/*
 * http - the first page of a web server, and its icon.
 *
 *	TURN_OPEN --GET /--> page --GET /favicon.ico--> icon --> done
 *			      +-- anything but a page in full --> done
 *
 * The page is asked for as a browser would, by a client that says who it is.
 * Where it came whole, with 200, and the connection stays, the icon is asked
 * for on it, with the word that it is the last request.  No other path is
 * asked for, nothing is followed, and no name or password is sent.
 *
 * Ports: those registered for the web, 8042 (Orthanc), and the ones that
 * devices' own web servers commonly sit on.
 *
 * Source: RFC 9110, 9112, 1945.
 * Limits: 64 KiB of page and icon together; HTTP/1 only; the title is looked
 * for in the bytes of the page, whatever their character set.
 */
#include "probes/httpread.h"
#include "probes/mmh3.h"

enum { TITLE_MAX = 200, VALUE_MAX = 300, ICON_ROOM = 16384 };

enum phase { PHASE_PAGE = 0, PHASE_ICON };

struct http_state {
	size_t at; /* where in the stream the answer begins */
	enum phase phase;
};

static const char page_path[] = "/", icon_path[] = "/favicon.ico";

static void
say(struct wr *out, const char *text)
{
	wr_bytes(out, text, strlen(text));
}

/* The host's name with its port, where that is not the usual one. */
static void
say_host(struct wr *out, const struct ask *ask)
{
	uint16_t usual = ask->via_tls ? 443 : 80;
	char digits[8];

	say(out, ask->host);
	if (ask->port == usual)
		return;
	snprintf(digits, sizeof(digits), ":%u", (unsigned)ask->port);
	say(out, digits);
}

static void
say_get(struct wr *out, const struct ask *ask, const char *path, bool is_last)
{
	say(out, "GET ");
	say(out, path);
	say(out, " HTTP/1.1\r\nHost: ");
	say_host(out, ask);
	say(out,
	    "\r\nUser-Agent: gantry/" GANTRY_VERSION
	    " (inventory of medical devices)\r\nAccept: */*\r\n");
	if (is_last)
		say(out, "Connection: close\r\n");
	say(out, "\r\n");
}

static void
note_field(const struct http_answer *a, const char *name, enum fact_key key,
    struct facts *facts)
{
	struct rd value = http_field(a, name);

	facts_text(facts, key, value.at,
	    value.left < VALUE_MAX ? value.left : VALUE_MAX);
}

/* Goes on behind the tag; false where the page has none. */
static bool
skip_to(struct http_body *b, const char *tag)
{
	size_t n = 0, len = strlen(tag);
	uint8_t c;

	while (n < len && http_body_next(b, &c)) {
		if (c >= 'A' && c <= 'Z')
			c = (uint8_t)(c + 'a' - 'A');
		if (c == (uint8_t)tag[n])
			n++;
		else
			n = c == (uint8_t)tag[0];
	}
	return n == len;
}

static bool
is_space(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void
note_title(const struct http_answer *a, struct facts *facts)
{
	uint8_t title[TITLE_MAX], c = 0;
	struct http_body b;
	size_t n = 0;

	http_body_begin(&b, a);
	if (!skip_to(&b, "<title") || !skip_to(&b, ">"))
		return;
	while (n < sizeof(title) && http_body_next(&b, &c) && c != '<') {
		if (!is_space(c))
			title[n++] = c;
		else if (n > 0 && title[n - 1] != ' ')
			title[n++] = ' ';
	}
	facts_text(facts, FACT_HTTP_TITLE, title, n);
}

static void
note_page(const struct http_answer *a, struct facts *facts)
{
	facts_printf(facts, FACT_PORT_SPEAKS, a->line.at, a->line.left, "http");
	facts_number(
	    facts, FACT_HTTP_STATUS, a->status, a->line.at, a->line.left);
	note_field(a, "server", FACT_HTTP_SERVER, facts);
	note_field(a, "location", FACT_HTTP_LOCATION, facts);
	note_field(a, "www-authenticate", FACT_HTTP_REALM, facts);
	note_field(a, "x-powered-by", FACT_HTTP_POWERED_BY, facts);
	note_title(a, facts);
}

static void
note_icon(const struct http_answer *a, struct facts *facts)
{
	struct mmh3 m = { 0 };
	struct http_body b;
	bool is_empty = true;
	uint8_t c;

	if (a->status != 200 ||
	    !http_has(http_field(a, "content-type"), "image/"))
		return;
	http_body_begin(&b, a);
	while (http_body_next(&b, &c)) {
		mmh3_put(&m, c);
		is_empty = false;
	}
	if (!is_empty)
		facts_number(facts, FACT_HTTP_FAVICON_HASH, mmh3_end(&m),
		    a->body.at, a->body.left);
}

/* May the icon be asked for?  The page was fine, and the connection stays. */
static bool
is_icon_welcome(const struct http_answer *a, const struct turn *turn)
{
	return turn->what == TURN_BYTES && !turn->ask->is_overheard &&
	    a->status == 200 && a->is_11 && a->is_ended &&
	    !http_has(http_field(a, "connection"), "close") &&
	    turn->stream.left < TALK_STREAM_MAX - ICON_ROOM;
}

/* An answer is here, to its end if is_whole. */
static enum step
take_answer(struct http_state *s, const struct turn *turn,
    const struct http_answer *a, bool is_whole, struct wr *out,
    struct facts *facts)
{
	if (s->phase == PHASE_ICON) {
		if (is_whole)
			note_icon(a, facts);
		return STEP_DONE;
	}
	note_page(a, facts);
	if (!is_whole || !is_icon_welcome(a, turn))
		return STEP_DONE;
	s->phase = PHASE_ICON;
	s->at += a->len;
	say_get(out, turn->ask, icon_path, true);
	return STEP_WAIT;
}

static enum step
head_cut(const struct http_state *s, struct rd rest, struct facts *facts)
{
	if (s->phase == PHASE_ICON)
		return STEP_DONE;
	facts_printf(facts, FACT_HTTP_BROKEN, rest.at, rest.left,
	    "head cut after %zu bytes", rest.left);
	facts_printf(facts, FACT_PORT_SPEAKS, rest.at, rest.left, "http");
	return STEP_DONE;
}

/* has_more: the server may go on. */
static enum step
take_bytes(struct http_state *s, const struct turn *turn, bool has_more,
    struct wr *out, struct facts *facts)
{
	struct http_answer a;
	struct rd rest;

	for (;;) {
		rest = turn->stream;
		rd_skip(&rest, s->at);
		if (!rd_ok(&rest)) /* what was read is gone */
			return STEP_ABORT;
		switch (http_read(rest, &a)) {
		case HTTP_FOREIGN:
			return STEP_ABORT; /* nothing is claimed of it */
		case HTTP_UNDECIDED:
			return has_more ? STEP_WAIT : STEP_DONE;
		case HTTP_HEAD:
			return has_more ? STEP_WAIT : head_cut(s, rest, facts);
		case HTTP_BODY:
			if (has_more)
				return STEP_WAIT;
			/* Without a length the stream's end is the body's. */
			return take_answer(s, turn, &a,
			    !a.is_ended && turn->what == TURN_EOF, out, facts);
		case HTTP_WHOLE:
			if (a.status >= 200)
				return take_answer(
				    s, turn, &a, true, out, facts);
			s->at += a.len; /* the answer proper is to come */
		}
	}
}

/* Does a client's words ask for this path? */
static bool
asks_for(struct rd client, const char *path)
{
	size_t len = strlen(path);

	return client.left > len + 10 && memcmp(client.at, "GET ", 4) == 0 &&
	    memcmp(client.at + 4, path, len) == 0 &&
	    memcmp(client.at + 4 + len, " HTTP/", 6) == 0;
}

static enum step
http_step(
    void *state, const struct turn *turn, struct wr *out, struct facts *facts)
{
	struct http_state *s = state;

	if (turn->what == TURN_OPEN) {
		if (turn->ask->is_overheard &&
		    asks_for(turn->ask->client, icon_path))
			s->phase = PHASE_ICON;
		say_get(out, turn->ask, page_path, false);
		return STEP_WAIT;
	}
	return take_bytes(s, turn,
	    turn->what == TURN_BYTES && turn->stream.left < TALK_STREAM_MAX,
	    out, facts);
}

static bool
http_overhear(struct rd client, struct overheard *out)
{
	return !out->ask.via_udp &&
	    (asks_for(client, page_path) || asks_for(client, icon_path));
}

/* 631 speaks HTTP too (IPP, RFC 8010), but is touched only where an operator
 * names it: scope.c. */
static const uint16_t tcp_ports[] = { 80, 631, 8000, 8008, 8042, 8080, 8081,
	0 };
static const uint16_t tls_ports[] = { 443, 8443, 0 };

const struct probe probe_http = {
	.name = "http",
	.summary = "the first page of a web server, also under TLS",
	.via = VIA_TALK,
	.impact = IMPACT_QUERY,
	.tcp_ports = tcp_ports,
	.tls_ports = tls_ports,
	.wait_ms = 4000,
	.deadline_ms = 12000,
	/* SYN, ACK, GET, two ACKs of the page, GET, ACK, FIN, ACK */
	.packets_max = 9,
	.state_size = sizeof(struct http_state),
	.step = http_step,
	.overhear = http_overhear,
	.overhear_each = true,
};
