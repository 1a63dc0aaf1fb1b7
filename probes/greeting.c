/* SPDX-License-Identifier: ISC */
/*
 * greeting - servers that introduce themselves: FTP, telnet, SMTP, POP3, IMAP,
 * SSH, VNC and MySQL.
 *
 * The first line of such a server often names host, system and version.  It
 * is read to its end, the protocol's goodbye is said and its answer awaited.
 * A telnet server shows its line only to a client that negotiates options.
 *
 * SSH gets a FIN after its identification string and nothing of ours where it
 * is an old server: an identification we sent would begin a key exchange that
 * it computes for seconds, and it logs a client that leaves early either way.
 * One that can spare it is asked for its host key (sshkey.h).
 *
 * VNC and MySQL get a FIN after their first words: neither has a goodbye before
 * a login.  MySQL counts callers who leave so, and shuts a caller out after a
 * hundred; an audit calls three times at most.
 *
 * Source: RFC 959, 5321, 1939, 3501, 854, 4253, 6143.
 * Limits: 4096 bytes; no name or password is ever sent.
 */
#include "probes/firstwords.h"
#include "probes/sshkey.h"
#include "probes/telnet.h"

enum { STREAM_MAX = 4096 };

struct greeting_state {
	size_t said_at; /* stream bytes read when goodbye was said; 0: not */
	bool is_telnet;
	struct telnet telnet;
	struct sshkey sshkey;
};

static enum step
telnet_turn(struct greeting_state *s, const struct turn *turn, struct wr *out,
    struct facts *facts)
{
	bool is_all = turn->what != TURN_BYTES, is_prompt;
	struct rd line = telnet_text(turn->stream, is_all, &is_prompt);

	if (is_all || is_prompt) {
		/* The options have said that it is telnet already. */
		facts_text(facts, FACT_TELNET_GREETING, line.at, line.left);
		return STEP_DONE;
	}
	telnet_answer(&s->telnet, turn->stream, out);
	return STEP_WAIT;
}

static enum step
telnet_begin(struct greeting_state *s, const struct turn *turn, struct wr *out,
    struct facts *facts)
{
	struct rd run = telnet_options(turn->stream);

	s->is_telnet = true;
	facts_hex(facts, FACT_TELNET_OPTIONS, run.at, run.left);
	facts_printf(facts, FACT_PORT_SPEAKS, turn->stream.at,
	    turn->stream.left, "telnet");
	return telnet_turn(s, turn, out, facts);
}

static enum step
say_goodbye(
    struct greeting_state *s, enum words words, size_t heard, struct wr *out)
{
	const char *goodbye = words_goodbye(words);

	if (goodbye == NULL)
		return STEP_DONE;
	wr_bytes(out, goodbye, strlen(goodbye));
	s->said_at = heard;
	return heard >= STREAM_MAX ? STEP_DONE : STEP_WAIT;
}

/* The server's identification string has come. */
static enum step
ssh_begin(struct greeting_state *s, const struct turn *turn, struct rd line,
    bool is_all, struct wr *out, struct facts *facts)
{
	const uint8_t *end = line.at + line.left;
	size_t after = (size_t)(end - turn->stream.at);

	end = memchr(end, '\n', turn->stream.left - after);
	if (is_all || end == NULL ||
	    !(turn->ask->is_overheard || sshkey_may_ask(line)))
		return STEP_DONE;
	after = (size_t)(end + 1 - turn->stream.at);
	sshkey_ask(&s->sshkey, turn->ask, after, out);
	return sshkey_turn(&s->sshkey, turn, is_all, out, facts);
}

static enum step
greeting_step(
    void *state, const struct turn *turn, struct wr *out, struct facts *facts)
{
	struct greeting_state *s = state;
	bool is_all =
	    turn->what != TURN_BYTES || turn->stream.left >= STREAM_MAX;
	enum words words;
	struct rd line;

	if (turn->what == TURN_OPEN)
		return STEP_WAIT;
	if (s->is_telnet)
		return telnet_turn(s, turn, out, facts);
	if (s->sshkey.stage != SSHKEY_NOT)
		return sshkey_turn(&s->sshkey, turn, is_all, out, facts);
	if (s->said_at > 0)
		return is_all || words_has_line(turn->stream, s->said_at)
		    ? STEP_DONE
		    : STEP_WAIT;
	words = words_read(turn->stream, is_all, &line);
	if (words == WORDS_NONE)
		return is_all ? STEP_DONE : STEP_WAIT;
	if (words == WORDS_TELNET)
		return telnet_begin(s, turn, out, facts);
	words_note(facts, words, line);
	if (words == WORDS_SSH)
		return ssh_begin(s, turn, line, is_all, out, facts);
	if (turn->what == TURN_EOF)
		return STEP_DONE;
	return say_goodbye(s, words, turn->stream.left, out);
}

/* The server spoke first, or a telnet client that offers options at once. */
static bool
greeting_overhear(struct rd client, struct overheard *out)
{
	if (out->ask.via_udp)
		return false;
	return client.left == 0 || telnet_options(client).left > 0;
}

static const uint16_t tls_ports[] = { 465, 990, 993, 995, 0 };
static const uint16_t tcp_ports[] = { 21, 22, 23, 25, 110, 143, 3306, 5900,
	5901, 0 };

const struct probe probe_greeting = {
	.name = "greeting",
	.summary =
	    "first line of FTP, SSH, telnet, SMTP, POP3, IMAP, VNC, MySQL",
	.via = VIA_TALK,
	.impact = IMPACT_SESSION,
	.tcp_ports = tcp_ports,
	.tls_ports = tls_ports,
	.wait_ms = 5000, /* old servers look the caller's name up first */
	.deadline_ms = 20000,
	.listens_first = true,
	/* SYN, ACK, four rounds of telnet options, two ACKs, FIN, ACK; or of
	 * SSH: SYN, ACK, three things said, three ACKs, FIN, ACK */
	.packets_max = 10,
	.stream_max = STREAM_MAX,
	.state_size = sizeof(struct greeting_state),
	.step = greeting_step,
	.overhear = greeting_overhear,
};
