/* SPDX-License-Identifier: ISC */
/*
 * banner - a scripted conversation: a greeting, and answers to what arrives.
 *
 * Enough for the first minutes of FTP, SMTP, SSH, telnet, HTTP and finger.
 * Lines are cut at 511 bytes.  A script with blocks answers what arrives as it
 * arrives, for telnet's negotiation, which knows no lines.  With "only" it is
 * a judge too: a line no answer fits, or one without an end, is foreign.
 */
#include <regex.h>
#include <stdlib.h>
#include <strings.h>

#include "bytes.h"
#include "err.h"
#include "persona.h"
#include "services.h"
#include "tcp.h"
#include "ward.h"

enum { LINE_ROOM = 512 };

static const double idle_usual_s = 300;

/* One thing to wait for; none of the three given means anything at all. */
struct answer {
	struct blob prefix;
	bool is_exact; /* prefix was given in hex */
	bool has_match;
	regex_t match;
	struct blob text;
	bool closes;
};

struct script {
	const struct conf_script *conf;
	struct blob greeting;
	struct answer *answers;
	uint32_t answers_n;
};

struct talk {
	char line[LINE_ROOM];
	size_t len;
	const struct answer *pending; /* said once an empty line comes */
};

static bool
answer_make(struct answer *a, const struct conf_answer *c)
{
	a->is_exact = c->prefix_hex != NULL;
	a->closes = c->close;
	if (!blob_make(&a->prefix, c->prefix_hex, c->prefix) ||
	    !blob_make(&a->text, c->send_hex, c->send))
		return false;
	a->has_match = c->match != NULL &&
	    regcomp(&a->match, c->match, REG_EXTENDED | REG_NOSUB) == 0;
	return c->match == NULL || a->has_match;
}

static void
banner_discard(void *setup)
{
	struct script *s = setup;

	if (s == NULL)
		return;
	for (uint32_t i = 0; i < s->answers_n; i++) {
		blob_free(&s->answers[i].prefix);
		blob_free(&s->answers[i].text);
		if (s->answers[i].has_match)
			regfree(&s->answers[i].match);
	}
	blob_free(&s->greeting);
	free(s->answers);
	free(s);
}

static bool
script_fill(struct script *s, const struct conf_script *c)
{
	s->conf = c;
	if (!blob_make(&s->greeting, c->greeting_hex, c->greeting))
		return false;
	s->answers = calloc(c->answers_count + 1, sizeof(*s->answers));
	if (s->answers == NULL)
		return false;
	for (uint32_t i = 0; i < c->answers_count; i++) {
		s->answers_n++;
		if (!answer_make(&s->answers[i], &c->answers[i]))
			return false;
	}
	return true;
}

static bool
banner_prepare(const struct conf_service *c, const struct conf_host *over,
    void **setup, struct err *e)
{
	struct script *s = calloc(1, sizeof(*s));

	(void)over;
	if (s == NULL || c->script == NULL || !script_fill(s, c->script)) {
		banner_discard(s);
		return err_set(e,
		    "port %u: banner needs a script, with hex that is hex "
		    "and expressions that are expressions",
		    c->port);
	}
	*setup = s;
	return true;
}

static const struct script *
script_of(const struct conn *c)
{
	return conn_port(c)->setup;
}

static void
idle_restart(struct conn *c)
{
	double idle = script_of(c)->conf->idle_s;

	conn_timer(c, idle > 0 ? idle : idle_usual_s);
}

static void
banner_open(struct conn *c)
{
	const struct script *s = script_of(c);

	(void)conn_send(c, s->greeting.bytes, s->greeting.len);
	if (s->conf->close)
		conn_close(c);
	else
		idle_restart(c);
}

static bool
answer_fits(const struct answer *a, const char *line, size_t len)
{
	const char *want = (const char *)a->prefix.bytes;

	if (len < a->prefix.len)
		return false;
	if (a->prefix.len > 0 && a->is_exact &&
	    memcmp(line, want, a->prefix.len) != 0)
		return false;
	if (a->prefix.len > 0 && !a->is_exact &&
	    strncasecmp(line, want, a->prefix.len) != 0)
		return false;
	return !a->has_match || regexec(&a->match, line, 0, NULL, 0) == 0;
}

static void
answer_say(struct conn *c, const struct answer *a)
{
	(void)conn_send(c, a->text.bytes, a->text.len);
	if (a->closes)
		conn_close(c);
}

/* The line ends with a NUL that does not count. */
static void
line_take(struct conn *c, struct talk *t)
{
	const struct script *s = script_of(c);
	const struct answer *a = NULL;

	t->line[t->len] = '\0';
	if (s->conf->blank_line && t->len == 0 && t->pending != NULL) {
		answer_say(c, t->pending);
		t->pending = NULL;
		return;
	}
	for (uint32_t i = 0; i < s->answers_n && a == NULL; i++)
		if (answer_fits(&s->answers[i], t->line, t->len))
			a = &s->answers[i];
	if (a != NULL && s->conf->blank_line)
		t->pending = t->pending ? t->pending : a;
	else if (a != NULL)
		answer_say(c, a);
	/* Behind a request that was known come its fields. */
	if (a == NULL && s->conf->only && t->pending == NULL)
		conn_host(c)->harm.foreign_bytes += t->len;
}

static void
byte_take(struct conn *c, struct talk *t, char byte, bool has_lines)
{
	if (has_lines && byte == '\n') {
		if (t->len > 0 && t->line[t->len - 1] == '\r')
			t->len--;
		line_take(c, t);
		t->len = 0;
	} else if (t->len < LINE_ROOM - 1) {
		t->line[t->len++] = byte;
	}
}

static void
banner_data(struct conn *c, const uint8_t *bytes, size_t len)
{
	struct talk *t = conn_state(c);
	bool has_lines = !script_of(c)->conf->blocks;

	idle_restart(c);
	for (size_t i = 0; i < len; i++)
		byte_take(c, t, (char)bytes[i], has_lines);
	if (!has_lines) {
		line_take(c, t);
		t->len = 0;
	}
}

static void
banner_gone(struct conn *c, enum ending how)
{
	const struct talk *t = conn_state(c);

	(void)how;
	if (script_of(c)->conf->only)
		conn_host(c)->harm.foreign_bytes += t->len;
}

const struct service service_banner = {
	.name = "banner",
	.state_size = sizeof(struct talk),
	.prepare = banner_prepare,
	.discard = banner_discard,
	.open = banner_open,
	.data = banner_data,
	.timer = conn_close,
	.gone = banner_gone,
};
