/* SPDX-License-Identifier: ISC */
/*
 * portmap - ask the portmapper for its whole map, once.
 *
 * One DUMP call tells which RPC programs a host runs and on which ports, and
 * saves asking each of them.  Only DUMP is ever called: CALLIT lends the
 * host's name to strangers, SET and UNSET change the map.
 *
 * Source: RFC 1833, section 3 (version 2); RFC 5531.
 * Sizes:  call 40 bytes; reply 28 and 20 for each entry.
 * Limits: ENTRIES_MAX entries are read and VISIT_RPC_MAX programs kept.  Of a
 * map that is cut nothing is kept: half of it reads like a host without the
 * rest.
 */
#include <stdlib.h>

#include "probes/oncrpc.h"
#include "scanner/rpcnames.h"

enum {
	PORTMAP_PORT = 111,
	PORTMAP_VERSION = 2,
	PROC_DUMP = 4,
	PROTOCOL_TCP = 6,
	PROTOCOL_UDP = 17,
	ENTRY_LEN = 16,
	ENTRIES_MAX = 512,
	VERSIONS_MAX = 16 /* kept of one program on one port */
};

struct portmap_state {
	bool is_retried;
};

struct entry {
	uint32_t program, version, protocol, port;
	const uint8_t *at;
};

struct map {
	struct entry entries[ENTRIES_MAX];
	size_t n;
	const char *wrong; /* why it is not whole, or NULL */
};

static void
say_dump(struct wr *out, const struct ask *ask)
{
	const struct rpc_call call = { ask->cookie, RPC_PORTMAPPER,
		PORTMAP_VERSION, PROC_DUMP };

	rpc_call_write(out, ask->via_udp, &call, NULL, 0);
}

static void
map_read(struct rpc_in *in, struct map *map)
{
	map->n = 0;
	map->wrong = NULL;
	for (;;) {
		uint32_t more = rpc_in_u32(in);
		struct entry e = { .at = in->stream.at };

		if (rpc_in_ok(in) && more == 0)
			return;
		e.program = rpc_in_u32(in);
		e.version = rpc_in_u32(in);
		e.protocol = rpc_in_u32(in);
		e.port = rpc_in_u32(in);
		if (!rpc_in_ok(in))
			map->wrong = "map cut";
		else if (more != 1 || e.port > UINT16_MAX)
			map->wrong = "map with an impossible entry";
		else if (map->n == ENTRIES_MAX)
			map->wrong = "map too long";
		if (map->wrong != NULL)
			return;
		map->entries[map->n++] = e;
	}
}

static bool
is_same_listener(const struct entry *a, const struct entry *b)
{
	return a->program == b->program && a->protocol == b->protocol &&
	    a->port == b->port;
}

static int
compare_version(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Gathers the versions of entry i and of those like it behind it. */
static size_t
versions_of(const struct map *map, size_t i,
    struct rpc_versions ranges[static VERSIONS_MAX])
{
	uint32_t versions[VERSIONS_MAX] = { 0 };
	size_t n = 0, ranges_len = 0;

	for (size_t j = i; j < map->n && n < VERSIONS_MAX; j++)
		if (is_same_listener(&map->entries[i], &map->entries[j]))
			versions[n++] = map->entries[j].version;
	qsort(versions, n, sizeof(versions[0]), compare_version);
	for (size_t k = 0; k < n; k++) {
		uint32_t v = versions[k];

		if (ranges_len > 0 && v - ranges[ranges_len - 1].high <= 1)
			ranges[ranges_len - 1].high = v;
		else
			ranges[ranges_len++] = (struct rpc_versions){ v, v };
	}
	return ranges_len;
}

static bool
is_first_of_its_kind(const struct map *map, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (is_same_listener(&map->entries[i], &map->entries[j]))
			return false;
	return true;
}

static void
map_note(const struct map *map, struct facts *facts)
{
	size_t noted = 0;

	for (size_t i = 0; i < map->n && noted < VISIT_RPC_MAX; i++) {
		const struct entry *e = &map->entries[i];
		bool is_tcp = e->protocol == PROTOCOL_TCP;
		struct rpc_versions ranges[VERSIONS_MAX];
		char text[RPC_PROGRAM_TEXT];
		struct about about = { is_tcp ? ABOUT_TCP : ABOUT_UDP,
			(uint16_t)e->port };

		if (e->port == 0 || (!is_tcp && e->protocol != PROTOCOL_UDP))
			continue; /* nowhere one could connect to */
		if (!is_first_of_its_kind(map, i))
			continue;
		facts_about(facts, about);
		facts_printf(facts, FACT_RPC_PROGRAM, e->at, ENTRY_LEN, "%s",
		    rpc_program_text(
			text, e->program, ranges, versions_of(map, i, ranges)));
		noted++;
	}
}

static void
note_speaks(const struct turn *turn, struct facts *facts)
{
	const struct rd *s = &turn->stream;

	facts_flag(facts, FACT_RPC_SPEAKS, true, s->at, s->left);
	facts_printf(facts, FACT_PORT_SPEAKS, s->at, s->left, "rpc");
}

static enum step
take_reply(const struct turn *turn, bool is_whole, struct facts *facts)
{
	const struct about here = { turn->ask->via_udp ? ABOUT_UDP : ABOUT_TCP,
		turn->ask->port };
	const struct rd *s = &turn->stream;
	char text[RPC_REPLY_TEXT];
	struct rpc_reply reply;
	struct rpc_in in;
	struct map map;

	rpc_in_begin(&in, *s, turn->ask->via_udp);
	rpc_reply_read(&in, &reply);
	if (reply.status == RPC_BROKEN) {
		facts_printf(facts, FACT_RPC_BROKEN, s->at, s->left,
		    "reply that is none");
		return STEP_ABORT;
	}
	note_speaks(turn, facts);
	if (reply.status != RPC_SUCCESS) {
		facts_printf(facts, FACT_RPC_REFUSED, s->at, s->left, "%s",
		    rpc_reply_text(&reply, text));
		return STEP_DONE;
	}
	facts_printf(facts, FACT_RPC_PORTMAPPER, s->at, s->left, "%s",
	    turn->ask->via_udp ? "udp" : "tcp");
	map_read(&in, &map);
	if (!is_whole && map.wrong == NULL)
		map.wrong = "record without an end";
	if (map.wrong != NULL) {
		facts_printf(facts, FACT_RPC_BROKEN, s->at, s->left,
		    "%s after %zu entries", map.wrong, map.n);
		return STEP_ABORT;
	}
	map_note(&map, facts);
	facts_about(facts, here);
	return STEP_DONE;
}

static enum step
take_bytes(const struct turn *turn, struct facts *facts)
{
	bool via_udp = turn->ask->via_udp;
	size_t len;

	switch (rpc_arrived(turn->stream, via_udp, turn->ask->cookie, &len)) {
	case RPC_WHOLE:
		return take_reply(turn, true, facts);
	case RPC_PARTIAL:
		/* Over TCP an end or a silence here means it was cut. */
		return turn->what == TURN_BYTES
		    ? STEP_WAIT
		    : take_reply(turn, false, facts);
	case RPC_UNDECIDED:
		return turn->what == TURN_BYTES ? STEP_WAIT : STEP_DONE;
	case RPC_FOREIGN:
		break;
	}
	/* Over UDP it may be a stray: the real answer may still come. */
	if (via_udp)
		return turn->what == TURN_EOF ? STEP_DONE : STEP_WAIT;
	return STEP_ABORT;
}

static enum step
portmap_step(
    void *state, const struct turn *turn, struct wr *out, struct facts *facts)
{
	struct portmap_state *s = state;

	if (turn->what == TURN_OPEN) {
		say_dump(out, turn->ask);
		return STEP_WAIT;
	}
	if (turn->what == TURN_QUIET && turn->ask->via_udp) {
		if (s->is_retried)
			return STEP_DONE;
		s->is_retried = true;
		say_dump(out, turn->ask);
		return STEP_WAIT;
	}
	return take_bytes(turn, facts);
}

static bool
portmap_overhear(struct rd client, struct overheard *out)
{
	struct rpc_call call;

	if (!rpc_call_read(client, out->ask.via_udp, &call) ||
	    call.program != RPC_PORTMAPPER || call.version != PORTMAP_VERSION ||
	    call.procedure != PROC_DUMP)
		return false;
	out->ask.cookie = call.xid;
	return true;
}

static const uint16_t ports[] = { PORTMAP_PORT, 0 };

const struct probe probe_portmap = {
	.name = "portmap",
	.summary = "ONC RPC portmapper: which programs on which ports",
	.via = VIA_TALK,
	.impact = IMPACT_QUERY,
	.tcp_ports = ports,
	.udp_ports = ports,
	.wait_ms = 3000,
	.deadline_ms = 10000,
	/* TCP: SYN, ACK, call, ACK of the map (two when long), FIN, ACK */
	.packets_max = 7,
	.state_size = sizeof(struct portmap_state),
	.step = portmap_step,
	.overhear = portmap_overhear,
	.overhear_each = true,
};
