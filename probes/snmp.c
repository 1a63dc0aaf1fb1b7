/* SPDX-License-Identifier: ISC */
/*
 * snmp - ask an agent what it is: sysDescr, sysObjectID and sysName.
 *
 * One GET of the three, in version 1, which the oldest understand; to silence
 * once more in version 2c, for those that have given up the first.  Nothing
 * else is ever asked, and nothing is set.  The community is the operator's, or
 * SNMP is not spoken: a wrong one may raise an alarm.
 *
 * Source: RFC 1157, 1901, 3416; the objects are those of RFC 1213.
 */
#include "probes/ber.h"

enum {
	VERSION_1 = 0,
	VERSION_2C = 1,
	GET_REQUEST = 0xa0,
	GET_RESPONSE = 0xa2,
	VARIABLE_LEN = 14,
	COMMUNITY_MAX = 64,
	SYSTEM_LEN = 7,
	SYS_DESCR = 1,
	SYS_OBJECT_ID = 2,
	SYS_NAME = 5
};

/* 1.3.6.1.2.1.1, the system group; behind it come the object and a 0. */
static const uint8_t system_oid[SYSTEM_LEN] = { 0x2b, 6, 1, 2, 1, 1 };
static const uint8_t objects[] = { SYS_DESCR, SYS_OBJECT_ID, SYS_NAME };

struct snmp_state {
	bool is_second; /* version 2c has been tried */
};

/* Positive, and of four bytes whatever the cookie. */
static uint32_t
request_id(const struct ask *ask)
{
	return (ask->cookie & 0x3fffffff) | 0x40000000;
}

/* Opens an element whose inside will be so long (below 128). */
static void
open_element(struct wr *out, uint8_t tag, size_t len)
{
	wr_u8(out, tag);
	wr_u8(out, (uint8_t)len);
}

static void
say_variable(struct wr *out, uint8_t object)
{
	open_element(out, BER_SEQUENCE, VARIABLE_LEN - 2);
	open_element(out, BER_OID, SYSTEM_LEN + 1);
	wr_bytes(out, system_oid, SYSTEM_LEN - 1);
	wr_u8(out, object);
	wr_u8(out, 0);
	open_element(out, BER_NULL, 0);
}

static void
say_small(struct wr *out, uint8_t number)
{
	open_element(out, BER_INTEGER, 1);
	wr_u8(out, number);
}

static void
say_get(struct wr *out, const struct ask *ask, uint8_t version)
{
	const size_t variables = VARIABLE_LEN * sizeof(objects);
	const size_t pdu = 6 + 3 + 3 + 2 + variables;
	size_t len = strlen(ask->community);

	if (len > COMMUNITY_MAX)
		return;
	open_element(out, BER_SEQUENCE, 3 + 2 + len + 2 + pdu);
	say_small(out, version);
	open_element(out, BER_OCTETS, len);
	wr_bytes(out, ask->community, len);
	open_element(out, GET_REQUEST, pdu);
	open_element(out, BER_INTEGER, 4);
	wr_u32(out, request_id(ask));
	say_small(out, 0); /* no error */
	say_small(out, 0);
	open_element(out, BER_SEQUENCE, variables);
	for (size_t i = 0; i < sizeof(objects); i++)
		say_variable(out, objects[i]);
}

/* Which object of the system group it is; 0: none of it. */
static uint8_t
object_of(struct rd oid)
{
	if (oid.left != SYSTEM_LEN + 1 ||
	    memcmp(oid.at, system_oid, SYSTEM_LEN - 1) != 0 ||
	    oid.at[SYSTEM_LEN] != 0)
		return 0;
	return oid.at[SYSTEM_LEN - 1];
}

static void
note_value(uint8_t object, uint8_t tag, struct rd value, struct facts *facts)
{
	char text[BER_OID_TEXT];

	if (object == SYS_DESCR && tag == BER_OCTETS)
		facts_text(facts, FACT_SNMP_SYSDESCR, value.at, value.left);
	else if (object == SYS_NAME && tag == BER_OCTETS)
		facts_text(facts, FACT_SNMP_SYSNAME, value.at, value.left);
	else if (object == SYS_OBJECT_ID && tag == BER_OID &&
	    ber_oid_text(value, text) != NULL)
		facts_printf(facts, FACT_SNMP_SYSOBJECTID, value.at, value.left,
		    "%s", text);
}

/* Reads the variables; false where one does not hold together. */
static bool
variables_read(struct rd list, struct facts *facts)
{
	struct rd one, oid, value;
	uint8_t tag;

	while (list.left > 0) {
		if (!ber_take(&list, BER_SEQUENCE, &one) ||
		    !ber_take(&one, BER_OID, &oid) ||
		    !ber_next(&one, &tag, &value) || one.left > 0)
			return false;
		note_value(object_of(oid), tag, value, facts);
	}
	return true;
}

static enum reply
reply_read(struct rd r, const struct ask *ask, struct facts *facts)
{
	struct rd all = r, message, community, pdu, list;
	size_t noted = facts_count(facts);
	int32_t version;

	ber_take(&r, BER_SEQUENCE, &message);
	version = ber_take_integer(&message);
	ber_take(&message, BER_OCTETS, &community);
	ber_take(&message, GET_RESPONSE, &pdu);
	if (ber_take_integer(&pdu) != (int32_t)request_id(ask) ||
	    !rd_ok(&pdu) || version < VERSION_1 || version > VERSION_2C)
		return REPLY_OTHER;
	facts_printf(facts, FACT_PORT_SPEAKS, all.at, all.left, "snmp");
	(void)ber_take_integer(&pdu); /* an error says all it says by itself */
	(void)ber_take_integer(&pdu);
	if (ber_take(&pdu, BER_SEQUENCE, &list) && variables_read(list, facts))
		return REPLY_OK;
	facts_rewind(facts, noted);
	facts_printf(facts, FACT_SNMP_BROKEN, all.at, all.left,
	    "answer to our GET that is none");
	return REPLY_BAD;
}

static enum step
snmp_step(
    void *state, const struct turn *turn, struct wr *out, struct facts *facts)
{
	struct snmp_state *s = state;

	if (turn->ask->community == NULL || !turn->ask->via_udp)
		return STEP_DONE;
	switch (turn->what) {
	case TURN_OPEN:
		say_get(out, turn->ask, VERSION_1);
		return STEP_WAIT;
	case TURN_BYTES:
		return reply_read(turn->stream, turn->ask, facts) == REPLY_OTHER
		    ? STEP_WAIT
		    : STEP_DONE;
	case TURN_QUIET:
		if (s->is_second)
			return STEP_DONE;
		s->is_second = true;
		say_get(out, turn->ask, VERSION_2C);
		return STEP_WAIT;
	case TURN_EOF:
		break;
	}
	return STEP_DONE;
}

static const uint16_t udp_ports[] = { 161, 0 };

const struct probe probe_snmp = {
	.name = "snmp",
	.summary = "SNMP agents' system group, with --snmp only",
	.via = VIA_TALK,
	.impact = IMPACT_QUERY,
	.udp_ports = udp_ports,
	.wait_ms = 1500,
	.deadline_ms = 4000,
	.packets_max = 2,
	.state_size = sizeof(struct snmp_state),
	.is_brief = true,
	.step = snmp_step,
};
