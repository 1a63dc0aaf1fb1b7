/* SPDX-License-Identifier: ISC */
/* http: a page read from its status to its title, an icon hashed, and nothing
 * claimed of what is not HTTP. */
#include "probes/httpread.h"
#include "probes/mmh3.h"
#include "t/converse.h"

static const struct ask ask = {
	.port = 80, .host = "10.1.2.3", .calling_ae = "GANTRY"
};
static struct converse c;

#define AGENT                                 \
	"User-Agent: gantry/" GANTRY_VERSION  \
	" (inventory of medical devices)\r\n" \
	"Accept: */*\r\n"
static const char get_page[] = "GET / HTTP/1.1\r\n"
			       "Host: 10.1.2.3\r\n" AGENT "\r\n";
static const char get_icon[] =
    "GET /favicon.ico HTTP/1.1\r\n"
    "Host: 10.1.2.3\r\n" AGENT "Connection: close\r\n\r\n";
static const char page[] = "HTTP/1.1 200 OK\r\n"
			   "Server: ward/1.0\r\n"
			   "X-Powered-By: steam\r\n"
			   "Content-Type: text/html\r\n"
			   "Content-Length: 65\r\n\r\n"
			   "<html><HEAD><Title lang=en>\n  The   ward\n"
			   "</title></head></html>\r\n";
static const char icon[] = "HTTP/1.1 200 OK\r\n"
			   "Content-Type: image/x-icon\r\n"
			   "Content-Length: 5\r\n\r\nhello";

#define PAGE_FACTS                       \
	"tcp/80 port.speaks=http\n"      \
	"tcp/80 http.status=200\n"       \
	"tcp/80 http.server=ward/1.0\n"  \
	"tcp/80 http.powered_by=steam\n" \
	"tcp/80 http.title=The ward\n"

static enum step
hear(const char *text)
{
	return converse_hear(&c, text, strlen(text));
}

START_TEST(a_page_and_its_icon)
{
	converse_open(&c, &probe_http, &ask);
	converse_said(&c, get_page, sizeof(get_page) - 1);
	ck_assert_int_eq(hear(page), STEP_WAIT);
	converse_said(&c, get_icon, sizeof(get_icon) - 1);
	ck_assert_int_eq(hear(icon), STEP_DONE);
	/* mmh3 of "aGVsbG8=\n" */
	converse_expect(&c, PAGE_FACTS "tcp/80 http.favicon_hash=1155597304\n");
}
END_TEST

START_TEST(byte_by_byte)
{
	converse_open(&c, &probe_http, &ask);
	ck_assert_int_eq(
	    converse_dribble(&c, (const uint8_t *)page, sizeof(page) - 1),
	    STEP_WAIT);
	converse_said(&c, get_icon, sizeof(get_icon) - 1);
	ck_assert_int_eq(
	    converse_dribble(&c, (const uint8_t *)icon, sizeof(icon) - 1),
	    STEP_DONE);
	converse_expect(&c, PAGE_FACTS "tcp/80 http.favicon_hash=1155597304\n");
}
END_TEST

START_TEST(another_port_is_named_with_the_host)
{
	struct ask other = ask;

	other.port = 8042;
	converse_open(&c, &probe_http, &other);
	ck_assert_ptr_nonnull(
	    memmem(c.said, c.said_len, "Host: 10.1.2.3:8042\r\n", 21));
	other.port = 443;
	other.via_tls = true;
	converse_open(&c, &probe_http, &other);
	ck_assert_ptr_nonnull(
	    memmem(c.said, c.said_len, "Host: 10.1.2.3\r\n", 16));
}
END_TEST

/* Nothing more is asked of who sends us away, closes, or is old. */
START_TEST(no_icon_is_asked_for)
{
	static const char *const answers[] = {
		"HTTP/1.1 301 Moved\r\nLocation: http://elsewhere/\r\n"
		"Content-Length: 0\r\n\r\n",
		"HTTP/1.1 200 OK\r\nConnection: Close\r\n"
		"Content-Length: 0\r\n\r\n",
		"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 401 Unauthorized\r\n"
		"WWW-Authenticate: Basic realm=\"PACS\"\r\n"
		"Content-Length: 0\r\n\r\n",
		"HTTP/1.1 204 Nothing\r\n\r\n",
	};

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		converse_open(&c, &probe_http, &ask);
		ck_assert_int_eq(hear(answers[i]), STEP_DONE);
		ck_assert_uint_eq(c.said_len, 0);
	}
	converse_open(&c, &probe_http, &ask);
	hear(answers[0]);
	converse_expect(&c,
	    "tcp/80 port.speaks=http\n"
	    "tcp/80 http.status=301\n"
	    "tcp/80 http.location=http://elsewhere/\n");
	converse_open(&c, &probe_http, &ask);
	hear(answers[3]);
	converse_expect(&c,
	    "tcp/80 port.speaks=http\n"
	    "tcp/80 http.status=401\n"
	    "tcp/80 http.realm=Basic realm=\"PACS\"\n");
}
END_TEST

START_TEST(a_page_without_a_length_ends_with_the_stream)
{
	converse_open(&c, &probe_http, &ask);
	ck_assert_int_eq(
	    hear("HTTP/1.0 200 OK\n\n<title>Old</title>"), STEP_WAIT);
	ck_assert_int_eq(converse_turn(&c, TURN_EOF), STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
	converse_expect(&c,
	    "tcp/80 port.speaks=http\n"
	    "tcp/80 http.status=200\n"
	    "tcp/80 http.title=Old\n");
}
END_TEST

/* The title lies across two chunks. */
START_TEST(chunks_are_put_together)
{
	converse_open(&c, &probe_http, &ask);
	ck_assert_int_eq(hear("HTTP/1.1 100 Continue\r\n\r\n"
			      "HTTP/1.1 200 OK\r\n"
			      "Transfer-Encoding: chunked\r\n\r\n"
			      "A;x=y\r\n<title>War\r\n9\r\nd</title>\r\n0\r\n"),
	    STEP_WAIT);
	ck_assert_uint_eq(c.said_len, 0);
	ck_assert_int_eq(hear("\r\n"), STEP_WAIT);
	converse_said(&c, get_icon, sizeof(get_icon) - 1);
	ck_assert_int_eq(hear("HTTP/1.1 200 OK\r\n"
			      "Content-Type: image/png\r\n"
			      "Transfer-Encoding: chunked\r\n\r\n"
			      "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"),
	    STEP_DONE);
	converse_expect(&c,
	    "tcp/80 port.speaks=http\n"
	    "tcp/80 http.status=200\n"
	    "tcp/80 http.title=Ward\n"
	    "tcp/80 http.favicon_hash=1155597304\n");
}
END_TEST

/* An icon that is none, or not all there, has no hash. */
START_TEST(what_is_no_icon)
{
	static const char *const answers[] = {
		"HTTP/1.1 404 Not Found\r\nContent-Type: image/png\r\n"
		"Content-Length: 5\r\n\r\nhello",
		"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
		"Content-Length: 5\r\n\r\nhello",
		"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n"
		"Content-Length: 6\r\n\r\nhello",
		"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n"
		"Content-Length: 0\r\n\r\n",
		"HTTP/1.1 200 OK\r\nConte",
		"garbage",
		"",
	};

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		converse_open(&c, &probe_http, &ask);
		hear(page);
		if (answers[i][0] != '\0')
			hear(answers[i]);
		if (c.step == STEP_WAIT)
			converse_turn(&c, TURN_QUIET);
		ck_assert_int_ne(c.step, STEP_WAIT);
		converse_expect(&c, PAGE_FACTS);
	}
}
END_TEST

START_TEST(what_is_not_http)
{
	static const char *const others[] = { "220 ftp ready\r\n",
		"HTTP/2 200\r\n", "HTTP/1.1 20x OK\r\n\r\n", "SSH-2.0-x\r\n",
		"ICY 200 OK\r\n\r\n", "HTTP/1.1 099 Odd\r\n\r\n", "H" };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		converse_open(&c, &probe_http, &ask);
		hear(others[i]);
		if (c.step == STEP_WAIT)
			converse_turn(&c, TURN_QUIET);
		ck_assert_int_ne(c.step, STEP_WAIT);
		ck_assert_uint_eq(c.said_len, 0);
		converse_expect(&c, "");
	}
}
END_TEST

START_TEST(a_head_that_breaks_off_is_broken)
{
	converse_open(&c, &probe_http, &ask);
	ck_assert_int_eq(hear("HTTP/1.1 200 OK\r\nServer: x"), STEP_WAIT);
	ck_assert_int_eq(converse_turn(&c, TURN_EOF), STEP_DONE);
	converse_expect(&c,
	    "tcp/80 http.broken=head cut after 26 bytes\n"
	    "tcp/80 port.speaks=http\n");
}
END_TEST

/* A page longer than anything that is read. */
START_TEST(a_flood_is_left)
{
	static char much[TALK_STREAM_MAX];

	memset(much, 'x', sizeof(much));
	memcpy(much, "HTTP/1.1 200 OK\r\n\r\n<title>Endless</title>", 42);
	converse_open(&c, &probe_http, &ask);
	ck_assert_int_eq(converse_hear(&c, much, sizeof(much) - 1), STEP_WAIT);
	ck_assert_int_eq(converse_hear(&c, "x", 1), STEP_DONE);
	converse_expect(&c,
	    "tcp/80 port.speaks=http\n"
	    "tcp/80 http.status=200\n"
	    "tcp/80 http.title=Endless\n");
}
END_TEST

/* No conversation of ours, but it must come to an end: datagrams, each of which
 * is the whole stream, so that the second answer begins behind its end. */
START_TEST(datagrams_do_not_go_on_for_ever)
{
	struct ask udp = ask;

	udp.via_udp = true;
	converse_open(&c, &probe_http, &udp);
	ck_assert_int_eq(hear(page), STEP_WAIT);
	ck_assert_int_eq(hear("HTTP/1.1 200 OK\r\n\r\n"), STEP_ABORT);
	converse_open(&c, &probe_http, &udp);
	hear(page);
	ck_assert_int_eq(hear(""), STEP_ABORT);
}
END_TEST

START_TEST(overheard_pages)
{
	static const char other[] = "GET /secret HTTP/1.1\r\n\r\n";
	struct rd client = { .at = (const uint8_t *)get_page,
		.left = sizeof(get_page) - 1 };
	struct overheard out = { .ask = ask };

	ck_assert(probe_http.overhear(client, &out));
	out.ask.is_overheard = true;
	out.ask.client = client;
	converse_open(&c, &probe_http, &out.ask);
	ck_assert_int_eq(hear(page), STEP_DONE);
	converse_expect(&c, PAGE_FACTS);

	client = (struct rd){ .at = (const uint8_t *)get_icon,
		.left = sizeof(get_icon) - 1 };
	ck_assert(probe_http.overhear(client, &out));
	out.ask.client = client;
	converse_open(&c, &probe_http, &out.ask);
	ck_assert_int_eq(hear(icon), STEP_DONE);
	converse_expect(&c, "tcp/80 http.favicon_hash=1155597304\n");

	client = (struct rd){ .at = (const uint8_t *)other,
		.left = sizeof(other) - 1 };
	ck_assert(!probe_http.overhear(client, &out));
	client.left = 0;
	ck_assert(!probe_http.overhear(client, &out));
}
END_TEST

/* Hashes told by another implementation. */
START_TEST(the_hash_is_the_usual_one)
{
	static const struct {
		unsigned len;
		int32_t hash;
	} known[] = { { 0, 0 }, { 1, -1253000196 }, { 57, -1822938491 },
		{ 58, 1114872637 }, { 200, -678414896 } };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct mmh3 m = { 0 };

		for (unsigned b = 0; b < known[i].len; b++)
			mmh3_put(&m, (uint8_t)(b * 7));
		ck_assert_int_eq(mmh3_end(&m), known[i].hash);
	}
}
END_TEST

START_TEST(battered)
{
	char both[sizeof(page) + sizeof(icon)];
	size_t len = sizeof(page) - 1;

	memcpy(both, page, len);
	memcpy(both + len, icon, sizeof(icon) - 1);
	converse_batter(
	    &probe_http, &ask, (const uint8_t *)both, len + sizeof(icon) - 1);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { a_page_and_its_icon, byte_by_byte,
		another_port_is_named_with_the_host, no_icon_is_asked_for,
		a_page_without_a_length_ends_with_the_stream,
		chunks_are_put_together, what_is_no_icon, what_is_not_http,
		a_head_that_breaks_off_is_broken, a_flood_is_left,
		datagrams_do_not_go_on_for_ever, overheard_pages,
		the_hash_is_the_usual_one, battered, NULL };

	return unit_run("http", tests);
}
