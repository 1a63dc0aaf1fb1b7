/* SPDX-License-Identifier: ISC */
/*
 * portmap - ask the portmapper for its whole map, once.
 *
 * One DUMP call tells which RPC programs a host runs and on which ports, and
 * saves asking each of them.  Where version 2 is refused, or its map names a
 * version 3 or 4 of the portmapper itself, one DUMP of that follows: it lists
 * universal addresses, those of IPv6 too, whose listeners take IPv4 as well
 * and which version 2 cannot name.  Only DUMP is ever called: CALLIT lends the
 * host's name to strangers, SET and UNSET change the map.
 *
 * Source: RFC 1833, sections 2 (versions 3 and 4) and 3 (version 2); RFC 5531;
 * RFC 5665 for universal addresses.
 * Sizes:  call 40 bytes; reply 28 and 20 for each entry, in versions 3 and 4
 *         about 70.
 * Limits: of transports only TCP and UDP are told.  ENTRIES_MAX entries are read and VISIT_RPC_MAX programs kept.  Of a
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
	RPCBIND_FIRST = 3, /* versions with universal addresses */
	RPCBIND_LAST = 4,
	NETID_MAX = 16,
	ADDRESS_MAX = 64,
	OWNER_MAX = 128,
	ENTRIES_MAX = 512,
	VERSIONS_MAX = 16 /* kept of one program on one port */
};

struct portmap_state {
	size_t at;        /* where in the stream the next reply begins */
	uint32_t version; /* asked for; 0: none yet */
	uint32_t calls;   /* made before this one: tells the xid */
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
say_dump(const struct portmap_state *s, struct wr *out, const struct ask *ask)
{
	const struct rpc_call call = { ask->cookie + s->calls, RPC_PORTMAPPER,
		s->version, PROC_DUMP };

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

/* The port of a universal address: its last two numbers. */
static bool
address_port(const char *address, uint32_t *port)
{
	const char *dot = strrchr(address, '.');
	size_t len = dot != NULL ? (size_t)(dot - address) : 0;
	unsigned long high, low;
	char *end;

	while (len > 0 && address[len - 1] != '.')
		len--;
	if (len == 0)
		return false;
	high = strtoul(address + len, &end, 10);
	if (end != dot || high > 255)
		return false;
	low = strtoul(dot + 1, &end, 10);
	*port = (uint32_t)(high << 8 | low);
	return *end == '\0' && low <= 255;
}

/* 0: a transport of no interest. */
static uint32_t
protocol_of(const char *netid)
{
	if (strcmp(netid, "tcp") == 0 || strcmp(netid, "tcp6") == 0)
		return PROTOCOL_TCP;
	if (strcmp(netid, "udp") == 0 || strcmp(netid, "udp6") == 0)
		return PROTOCOL_UDP;
	return 0;
}

/* The same of versions 3 and 4. */
static void
list_read(struct rpc_in *in, struct map *map)
{
	char netid[NETID_MAX], address[ADDRESS_MAX], owner[OWNER_MAX];

	map->n = 0;
	map->wrong = NULL;
	for (;;) {
		uint32_t more = rpc_in_u32(in);
		struct entry e = { .at = in->stream.at };

		if (rpc_in_ok(in) && more == 0)
			return;
		e.program = rpc_in_u32(in);
		e.version = rpc_in_u32(in);
		rpc_in_string(in, netid, sizeof(netid));
		rpc_in_string(in, address, sizeof(address));
		rpc_in_string(in, owner, sizeof(owner));
		e.protocol = protocol_of(netid);
		if (!rpc_in_ok(in))
			map->wrong = "list cut";
		else if (more != 1)
			map->wrong = "list with an impossible entry";
		else if (map->n == ENTRIES_MAX)
			map->wrong = "list too long";
		if (map->wrong != NULL)
			return;
		if (e.protocol != 0 && address_port(address, &e.port))
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

/* Has the other version's map told it already? */
static bool
is_noted(const struct entry *e, struct about about, const struct facts *facts)
{
	for (size_t i = 0; i < facts_count(facts); i++) {
		const struct fact *f = facts_at(facts, i);

		if (f->key == FACT_RPC_PROGRAM &&
		    about_equal(f->about, about) &&
		    strtoul(f->value, NULL, 10) == e->program)
			return true;
	}
	return false;
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
		if (!is_first_of_its_kind(map, i) || is_noted(e, about, facts))
			continue;
		facts_about(facts, about);
		facts_printf(facts, FACT_RPC_PROGRAM, e->at, ENTRY_LEN, "%s",
		    rpc_program_text(
			text, e->program, ranges, versions_of(map, i, ranges)));
		noted++;
	}
}

static void
note_speaks(const struct rd *m, struct facts *facts)
{
	if (facts_get(facts, FACT_RPC_SPEAKS) != NULL)
		return;
	facts_flag(facts, FACT_RPC_SPEAKS, true, m->at, m->left);
	facts_printf(facts, FACT_PORT_SPEAKS, m->at, m->left, "rpc");
}

/* Which of versions 3 and 4 the map says there is; 0: none. */
static uint32_t
newest_of(const struct map *map)
{
	uint32_t newest = 0;

	for (size_t i = 0; i < map->n; i++) {
		const struct entry *e = &map->entries[i];

		if (e->program == RPC_PORTMAPPER &&
		    e->version >= RPCBIND_FIRST && e->version <= RPCBIND_LAST &&
		    e->version > newest)
			newest = e->version;
	}
	return newest;
}

/* One more DUMP, of a version that lists universal addresses; or the end. */
static enum step
ask_newer(struct portmap_state *s, const struct turn *turn, uint32_t version,
    struct wr *out)
{
	if (version < RPCBIND_FIRST || s->version != PORTMAP_VERSION ||
	    turn->what != TURN_BYTES || turn->ask->is_overheard)
		return STEP_DONE;
	s->version = version;
	s->calls++;
	/* Its map is here already: no second call where this gets lost. */
	s->is_retried = true;
	say_dump(s, out, turn->ask);
	return STEP_WAIT;
}

static enum step
take_refusal(struct portmap_state *s, const struct turn *turn,
    const struct rd *m, const struct rpc_reply *reply, struct wr *out,
    struct facts *facts)
{
	char text[RPC_REPLY_TEXT];
	uint32_t newer = 0;

	facts_printf(facts, FACT_RPC_REFUSED, m->at, m->left, "%s",
	    rpc_reply_text(reply, text));
	if (reply->status == RPC_PROG_MISMATCH && reply->low <= RPCBIND_LAST)
		newer = reply->high < RPCBIND_LAST ? reply->high : RPCBIND_LAST;
	return ask_newer(s, turn, newer, out);
}

static void
note_portmapper(const struct portmap_state *s, const struct ask *ask,
    const struct rd *m, struct facts *facts)
{
	const char *over = ask->via_udp ? "udp" : "tcp";

	if (s->version == PORTMAP_VERSION)
		facts_printf(
		    facts, FACT_RPC_PORTMAPPER, m->at, m->left, "%s", over);
	else
		facts_printf(facts, FACT_RPC_PORTMAPPER, m->at, m->left,
		    "%s, version %u", over, (unsigned)s->version);
}

/* A whole message, or what there is of one that will not become whole. */
static enum step
take_reply(struct portmap_state *s, const struct turn *turn, const struct rd *m,
    bool is_whole, struct wr *out, struct facts *facts)
{
	const struct about here = { turn->ask->via_udp ? ABOUT_UDP : ABOUT_TCP,
		turn->ask->port };
	struct rpc_reply reply;
	struct rpc_in in;
	struct map map;

	rpc_in_begin(&in, *m, turn->ask->via_udp);
	rpc_reply_read(&in, &reply);
	if (reply.status == RPC_BROKEN) {
		facts_printf(facts, FACT_RPC_BROKEN, m->at, m->left,
		    "reply that is none");
		return STEP_ABORT;
	}
	note_speaks(m, facts);
	if (reply.status != RPC_SUCCESS)
		return take_refusal(s, turn, m, &reply, out, facts);
	note_portmapper(s, turn->ask, m, facts);
	if (s->version == PORTMAP_VERSION)
		map_read(&in, &map);
	else
		list_read(&in, &map);
	if (!is_whole && map.wrong == NULL)
		map.wrong = "record without an end";
	if (map.wrong != NULL) {
		facts_printf(facts, FACT_RPC_BROKEN, m->at, m->left,
		    "%s after %zu entries", map.wrong, map.n);
		return STEP_ABORT;
	}
	map_note(&map, facts);
	facts_about(facts, here);
	return ask_newer(s, turn, newest_of(&map), out);
}

static enum step
take_bytes(struct portmap_state *s, const struct turn *turn, struct wr *out,
    struct facts *facts)
{
	bool via_udp = turn->ask->via_udp;
	struct rd m = turn->stream;
	size_t len;

	rd_skip(&m, s->at);
	switch (rpc_arrived(m, via_udp, turn->ask->cookie + s->calls, &len)) {
	case RPC_WHOLE:
		m.left = len;
		if (!via_udp)
			s->at += len;
		return take_reply(s, turn, &m, true, out, facts);
	case RPC_PARTIAL:
		/* Over TCP an end or a silence here means it was cut. */
		return turn->what == TURN_BYTES
		    ? STEP_WAIT
		    : take_reply(s, turn, &m, false, out, facts);
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
		s->version =
		    turn->ask->is_overheard && turn->ask->guesses_len > 0
		    ? turn->ask->guesses[0].version
		    : PORTMAP_VERSION;
		say_dump(s, out, turn->ask);
		return STEP_WAIT;
	}
	if (turn->what == TURN_QUIET && turn->ask->via_udp) {
		if (s->is_retried)
			return STEP_DONE;
		s->is_retried = true;
		say_dump(s, out, turn->ask);
		return STEP_WAIT;
	}
	return take_bytes(s, turn, out, facts);
}

static bool
portmap_overhear(struct rd client, struct overheard *out)
{
	struct rpc_call call;

	if (!rpc_call_read(client, out->ask.via_udp, &call) ||
	    call.program != RPC_PORTMAPPER || call.version < PORTMAP_VERSION ||
	    call.version > RPCBIND_LAST || call.procedure != PROC_DUMP)
		return false;
	out->guess = (struct rpc_guess){ call.program, call.version };
	out->ask.cookie = call.xid;
	out->ask.guesses = &out->guess;
	out->ask.guesses_len = 1;
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
	/* TCP: SYN, ACK, call, ACK of the map (two when long), another call,
	 * ACK of its list, FIN, ACK */
	.packets_max = 9,
	.state_size = sizeof(struct portmap_state),
	.step = portmap_step,
	.overhear = portmap_overhear,
	.overhear_each = true,
};
