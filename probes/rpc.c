/* SPDX-License-Identifier: ISC */
/*
 * rpc - find the ONC RPC program behind a port nobody has explained.
 *
 * Calls the NULL procedure, which does nothing, of one likely program after
 * the other on one connection, at least a second apart, and stops at the
 * first the port admits to.  PROG_UNAVAIL already proves that the port speaks
 * ONC RPC.  Behind a ypserv that answered, and only for a domain the operator
 * named, one DOMAIN call asks whether it is served.  No other procedure of
 * any program is ever called.
 *
 * Source: RFC 5531; NIS procedure numbers as in Sun's yp.x.
 * Sizes:  call 44 bytes on a stream; reply 28 or 36.
 * Limits: SUCCESS proves one version only; PROG_MISMATCH tells the range.  A
 * server that denies the call for its credentials would deny every program,
 * so the first denial ends the conversation.
 */
#include "probes/oncrpc.h"
#include "scanner/rpcnames.h"

enum { PROC_NULL = 0, YPPROC_DOMAIN = 1, YP_DOMAIN_MAX = 64 };

struct rpc_state {
	size_t at;      /* where in the stream the next reply begins */
	size_t guess;   /* the one asked last */
	uint32_t calls; /* made before this one: tells the xid */
	bool has_spoken;
	bool is_retried;
	/* A program may keep silent to those it does not serve; which
	 * versions there are, the library below it tells anybody who names
	 * one there is not (version 0, as rpcinfo asks). */
	bool asks_versions;
	bool is_domain; /* the call under way is DOMAIN */
};

static size_t
domain_len(const struct ask *ask)
{
	size_t len = ask->nis_domain ? strlen(ask->nis_domain) : 0;

	return len <= YP_DOMAIN_MAX ? len : 0;
}

/* Says the call under way, again if need be: over UDP it may get lost. */
static void
say_call(const struct rpc_state *s, const struct ask *ask, struct wr *out)
{
	const struct rpc_guess *g = &ask->guesses[s->guess];
	struct rpc_call call = { ask->cookie + s->calls, g->program,
		s->asks_versions ? 0 : g->version, PROC_NULL };
	uint8_t args[4 + YP_DOMAIN_MAX] = { 0 };
	size_t len = domain_len(ask);

	if (!s->is_domain) {
		rpc_call_write(out, ask->via_udp, &call, NULL, 0);
		return;
	}
	call.procedure = YPPROC_DOMAIN;
	args[3] = (uint8_t)len;
	memcpy(args + 4, ask->nis_domain, len);
	rpc_call_write(out, ask->via_udp, &call, args, 4 + (len + 3) / 4 * 4);
}

static enum step
next_call(struct rpc_state *s, const struct ask *ask, struct wr *out)
{
	s->calls++;
	s->is_retried = false;
	say_call(s, ask, out);
	return STEP_WAIT;
}

static enum step
next_guess(struct rpc_state *s, const struct ask *ask, struct wr *out)
{
	if (s->guess + 1 >= ask->guesses_len)
		return STEP_DONE;
	s->guess++;
	return next_call(s, ask, out);
}

static void
note_answered(const struct rpc_guess *g, const struct rpc_reply *reply,
    const struct rd *m, struct facts *facts)
{
	struct rpc_versions v = { g->version, g->version };
	char text[RPC_PROGRAM_TEXT];

	if (reply->status == RPC_PROG_MISMATCH)
		v = (struct rpc_versions){ reply->low, reply->high };
	facts_printf(facts, FACT_RPC_ANSWERED, m->at, m->left, "%s",
	    rpc_program_text(text, g->program, &v, 1));
	if (reply->status != RPC_SUCCESS)
		return;
	if (g->program == RPC_YPSERV)
		facts_flag(facts, FACT_NIS_YPSERV, true, m->at, m->left);
	if (g->program == RPC_YPBIND)
		facts_flag(facts, FACT_NIS_YPBIND, true, m->at, m->left);
}

static void
note_spoken(struct rpc_state *s, const struct rd *m, struct facts *facts)
{
	if (s->has_spoken)
		return;
	s->has_spoken = true;
	facts_flag(facts, FACT_RPC_SPEAKS, true, m->at, m->left);
	facts_printf(facts, FACT_PORT_SPEAKS, m->at, m->left, "rpc");
}

static void
note_refused(
    const struct rpc_reply *reply, const struct rd *m, struct facts *facts)
{
	char text[RPC_REPLY_TEXT];

	facts_printf(facts, FACT_RPC_REFUSED, m->at, m->left, "%s",
	    rpc_reply_text(reply, text));
}

static enum step
broken(const struct rd *m, const char *what, struct facts *facts)
{
	facts_printf(facts, FACT_RPC_BROKEN, m->at, m->left, "%s", what);
	return STEP_ABORT;
}

/* The answer to DOMAIN: one word, 0 or 1. */
static enum step
take_domain(struct rpc_in *in, const struct rpc_reply *reply,
    const struct turn *turn, const struct rd *m, struct facts *facts)
{
	uint32_t served;

	if (reply->status != RPC_SUCCESS) {
		note_refused(reply, m, facts);
		return STEP_DONE;
	}
	served = rpc_in_u32(in);
	if (!rpc_in_ok(in) || served > 1)
		return broken(m, "neither yes nor no to a domain", facts);
	facts_printf(facts, FACT_NIS_DOMAIN, m->at, m->left, "%s %s",
	    turn->ask->nis_domain, served ? "served" : "not served");
	return STEP_DONE;
}

static enum step
take_null(struct rpc_state *s, const struct rpc_reply *reply,
    const struct turn *turn, const struct rd *m, struct wr *out,
    struct facts *facts)
{
	const struct rpc_guess *g = &turn->ask->guesses[s->guess];

	switch (reply->status) {
	case RPC_PROG_UNAVAIL:
		return next_guess(s, turn->ask, out);
	case RPC_SYSTEM_ERR:
		note_refused(reply, m, facts);
		return next_guess(s, turn->ask, out);
	case RPC_SUCCESS:
	case RPC_PROG_MISMATCH:
	case RPC_PROC_UNAVAIL: /* the program is there all the same */
	case RPC_GARBAGE_ARGS:
		note_answered(g, reply, m, facts);
		break;
	case RPC_DENIED_VERSION:
	case RPC_DENIED_AUTH:
	case RPC_BROKEN:
		note_refused(reply, m, facts);
		break;
	}
	if (reply->status != RPC_SUCCESS || g->program != RPC_YPSERV ||
	    domain_len(turn->ask) == 0)
		return STEP_DONE;
	s->is_domain = true;
	return next_call(s, turn->ask, out);
}

static enum step
take_reply(struct rpc_state *s, const struct turn *turn, const struct rd *m,
    struct wr *out, struct facts *facts)
{
	struct rpc_reply reply;
	struct rpc_in in;

	rpc_in_begin(&in, *m, turn->ask->via_udp);
	rpc_reply_read(&in, &reply);
	if (reply.status == RPC_BROKEN)
		return broken(m, "reply that is none", facts);
	note_spoken(s, m, facts);
	if (s->is_domain)
		return take_domain(&in, &reply, turn, m, facts);
	return take_null(s, &reply, turn, m, out, facts);
}

/* m begins where the reply to the call under way must begin. */
static enum step
take_bytes(struct rpc_state *s, const struct turn *turn, struct rd m,
    struct wr *out, struct facts *facts)
{
	const struct ask *ask = turn->ask;
	bool has_more = turn->what == TURN_BYTES;
	size_t len;

	switch (rpc_arrived(m, ask->via_udp, ask->cookie + s->calls, &len)) {
	case RPC_WHOLE:
		m.left = len;
		if (!ask->via_udp)
			s->at += len;
		return take_reply(s, turn, &m, out, facts);
	case RPC_PARTIAL:
		return has_more ? STEP_WAIT : broken(&m, "reply cut", facts);
	case RPC_UNDECIDED:
		return has_more ? STEP_WAIT : STEP_DONE;
	case RPC_FOREIGN:
		break;
	}
	if (ask->via_udp) /* a stray, or an answer that came late */
		return turn->what == TURN_EOF ? STEP_DONE : STEP_WAIT;
	if (!s->has_spoken)
		return STEP_ABORT; /* not ONC RPC: nothing is claimed */
	return broken(&m, "no reply where one must begin", facts);
}

static enum step
rpc_step(
    void *state, const struct turn *turn, struct wr *out, struct facts *facts)
{
	struct rpc_state *s = state;
	struct rd m = turn->stream;

	if (turn->what == TURN_OPEN) {
		if (turn->ask->guesses_len == 0)
			return STEP_DONE;
		say_call(s, turn->ask, out);
		return STEP_WAIT;
	}
	if (s->guess >= turn->ask->guesses_len)
		return STEP_DONE;
	if (turn->what == TURN_QUIET && turn->ask->via_udp) {
		if (s->is_retried)
			return STEP_DONE;
		s->is_retried = true;
		say_call(s, turn->ask, out);
		return STEP_WAIT;
	}
	if (turn->what == TURN_QUIET && turn->stream.left == 0 &&
	    !s->asks_versions) {
		s->asks_versions = true;
		say_call(s, turn->ask, out);
		return STEP_WAIT;
	}
	rd_skip(&m, s->at);
	return take_bytes(s, turn, m, out, facts);
}

static bool
rpc_overhear(struct rd client, struct overheard *out)
{
	struct rpc_call call;

	if (!rpc_call_read(client, out->ask.via_udp, &call) ||
	    call.procedure != PROC_NULL)
		return false;
	out->guess = (struct rpc_guess){ call.program, call.version };
	out->ask.cookie = call.xid;
	out->ask.guesses = &out->guess;
	out->ask.guesses_len = 1;
	return true;
}

const struct probe probe_rpc = {
	.name = "rpc",
	.summary = "ONC RPC NULL calls: which program is behind a port",
	.via = VIA_TALK,
	.impact = IMPACT_QUERY,
	.wait_ms = 3000,
	.deadline_ms = 60000,
	.pause_ms = 1000,
	/* In any one second: SYN, ACK, call, ACK of the reply, FIN, ACK */
	.packets_max = 6,
	.stream_max = 8192,
	.state_size = sizeof(struct rpc_state),
	.step = rpc_step,
	.overhear = rpc_overhear,
	.overhear_each = true,
};
