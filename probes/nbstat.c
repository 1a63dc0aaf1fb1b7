/* SPDX-License-Identifier: ISC */
/*
 * nbstat - ask a host for its NetBIOS name table.
 *
 * A datagram has a Windows or Samba host tell its computer's name, its
 * workgroup, who is logged in where the messenger runs, and the hardware
 * address of the adapter (Samba: zeros, which are left out).
 *
 * Source: RFC 1002, 4.2.17 and 4.2.18.
 * Sizes:  question 50 bytes; answer 57, 18 for each name, and counters.
 * Limits: the first names of their kinds; a table that is cut is no table.
 */
#include "probes/netbios.h"

enum {
	NAME_LEN = 15, /* padded with blanks; then comes the suffix */
	NAME_GROUP = 0x8000,
	MAC_LEN = 6,
	SUFFIX_HOST = 0x00,
	SUFFIX_MESSENGER = 0x03
};

struct nbstat_state {
	bool is_second; /* asked again: the first may have got lost */
};

struct table {
	const uint8_t *host, *group, *user, *mac;
};

static uint16_t
id_of(const struct ask *ask)
{
	return (uint16_t)ask->cookie;
}

static void
table_take(struct table *t, const uint8_t *name, uint8_t suffix, uint16_t flags)
{
	bool is_group = (flags & NAME_GROUP) != 0;

	if (suffix == SUFFIX_HOST && is_group && t->group == NULL)
		t->group = name;
	else if (suffix == SUFFIX_HOST && !is_group && t->host == NULL)
		t->host = name;
	else if (suffix == SUFFIX_MESSENGER && !is_group && t->user == NULL &&
	    (t->host == NULL || memcmp(t->host, name, NAME_LEN) != 0))
		t->user = name;
}

static bool
table_read(struct rd *r, struct table *t)
{
	*t = (struct table){ 0 };
	for (unsigned n = rd_u8(r); n > 0 && rd_ok(r); n--) {
		const uint8_t *name = rd_bytes(r, NAME_LEN);
		uint8_t suffix = rd_u8(r);
		uint16_t flags = rd_u16(r);

		if (rd_ok(r))
			table_take(t, name, suffix, flags);
	}
	t->mac = rd_bytes(r, MAC_LEN);
	return rd_ok(r);
}

static void
note_name(const uint8_t *name, enum fact_key key, struct facts *facts)
{
	if (name != NULL)
		facts_text(facts, key, name, NAME_LEN);
}

static void
note_mac(const uint8_t *b, struct facts *facts)
{
	static const uint8_t none[MAC_LEN];

	if (memcmp(b, none, MAC_LEN) != 0)
		facts_printf(facts, FACT_NETBIOS_MAC, b, MAC_LEN,
		    "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3],
		    b[4], b[5]);
}

static enum step
take_reply(const struct turn *turn, struct facts *facts)
{
	const struct rd *all = &turn->stream;
	struct rd r = *all;
	struct table table;
	enum reply reply = netbios_answer(&r, id_of(turn->ask), NETBIOS_NBSTAT);

	if (reply == REPLY_OTHER)
		return STEP_WAIT; /* a stray: the answer may still come */
	facts_printf(facts, FACT_PORT_SPEAKS, all->at, all->left, "netbios");
	if (reply == REPLY_BAD || !table_read(&r, &table)) {
		facts_printf(facts, FACT_NETBIOS_BROKEN, all->at, all->left,
		    "name table cut at %zu bytes", all->left);
		return STEP_DONE;
	}
	note_name(table.host, FACT_NETBIOS_NAME, facts);
	note_name(table.group, FACT_NETBIOS_WORKGROUP, facts);
	note_name(table.user, FACT_NETBIOS_USER, facts);
	note_mac(table.mac, facts);
	return STEP_DONE;
}

static enum step
nbstat_step(
    void *state, const struct turn *turn, struct wr *out, struct facts *facts)
{
	struct nbstat_state *s = state;

	if (turn->what == TURN_BYTES)
		return take_reply(turn, facts);
	if (turn->what == TURN_EOF || s->is_second)
		return STEP_DONE;
	s->is_second = turn->what == TURN_QUIET;
	netbios_ask(out, id_of(turn->ask), NETBIOS_NBSTAT, false);
	return STEP_WAIT;
}

/* Anybody's question for a node's status. */
static bool
nbstat_overhear(struct rd client, struct overheard *out)
{
	uint8_t ours[50] = { 0 };
	struct wr w = { .at = ours, .left = sizeof(ours) };
	struct rd id = client;

	out->ask.cookie = rd_u16(&id);
	netbios_ask(&w, id_of(&out->ask), NETBIOS_NBSTAT, false);
	return out->ask.via_udp && client.left == sizeof(ours) &&
	    memcmp(client.at, ours, sizeof(ours)) == 0;
}

static const uint16_t udp_ports[] = { 137, 0 };

const struct probe probe_nbstat = {
	.name = "nbstat",
	.summary = "NetBIOS node status: computer name, workgroup, MAC",
	.via = VIA_TALK,
	.impact = IMPACT_QUERY,
	.udp_ports = udp_ports,
	.wait_ms = 1500,
	.deadline_ms = 4000,
	.packets_max = 2,
	.state_size = sizeof(struct nbstat_state),
	.is_brief = true,
	.step = nbstat_step,
	.overhear = nbstat_overhear,
	.overhear_each = true,
};
