/* SPDX-License-Identifier: ISC */
/*
 * mdns - multicast DNS (RFC 6762), UDP 5353: names and services announced.
 *
 * Of the records of an answer:
 *	A	its name is the host's, where the address is the sender's
 *	SRV	its target is the host's name, its own name the service
 *	PTR	its value is an instance of a service, its name the service
 *
 * Limits:    ANSWERS_MAX records of a datagram; names of NAME_MAX characters.
 *            Questions tell nothing.  Heard only, never sent.
 */
#include <stdio.h>

#include "scanner/probe.h"
#include "scanner/text.h"

enum {
	PORT = 5353,
	ANSWERS_MAX = 32,
	NAME_MAX_LEN = 256,
	JUMPS_MAX = 16,
	LABELS_MAX = 64,
	POINTER = 0xc0,
	IS_ANSWER = 0x8000,
	TYPE_A = 1,
	TYPE_PTR = 12,
	TYPE_SRV = 33,
	CLASS_IN = 1,
	CLASS_MASK = 0x7fff
};

struct name {
	char text[NAME_MAX_LEN];
	size_t len;
};

static bool
label_add(struct name *name, const uint8_t *label, size_t len)
{
	char text[128];
	size_t n = text_printable(text, sizeof(text), label, len);

	if (name->len + n + 2 > sizeof(name->text))
		return false;
	name->len += (size_t)snprintf(name->text + name->len,
	    sizeof(name->text) - name->len, "%s%s", name->len > 0 ? "." : "",
	    text);
	return true;
}

/*
 * Reads a name at *r, in a message that begins at `all`, and leaves *r behind
 * it.  Pointers may only lead back, and only so often.
 */
static bool
name_read(struct rd all, struct rd *r, struct name *out)
{
	struct rd at = *r;
	bool has_jumped = false;

	*out = (struct name){ .len = 0 };
	for (int labels = 0, jumps = 0; labels < LABELS_MAX; labels++) {
		uint8_t len = rd_u8(&at);
		const uint8_t *label;

		if (len >= POINTER) {
			size_t to = (size_t)(len & ~(unsigned)POINTER) << 8;

			to |= rd_u8(&at);
			if (!has_jumped)
				*r = at;
			has_jumped = true;
			if (!rd_ok(&at) || jumps++ == JUMPS_MAX)
				return false;
			at = all;
			rd_skip(&at, to);
			continue;
		}
		if (len == 0 || len >= 64)
			break;
		label = rd_bytes(&at, len);
		if (label == NULL || !label_add(out, label, len))
			return false;
	}
	if (!has_jumped)
		*r = at;
	return rd_ok(&at) && rd_ok(r);
}

static void
record_note(struct rd all, const struct name *name, uint16_t type,
    struct rd value, const struct heard *heard, struct facts *facts)
{
	const uint8_t *at = value.at;
	size_t len = value.left;
	struct name target;

	if (type == TYPE_A && value.left == 4 &&
	    rd_u32(&value) == heard->source && name->len > 0)
		facts_printf(facts, FACT_MDNS_NAME, at, len, "%s", name->text);
	if (type == TYPE_SRV) {
		rd_skip(&value, 6); /* priority, weight, port */
		if (name_read(all, &value, &target) && target.len > 0)
			facts_printf(
			    facts, FACT_MDNS_NAME, at, len, "%s", target.text);
		if (name->len > 0)
			facts_printf(facts, FACT_MDNS_SERVICE, at, len, "%s",
			    name->text);
	}
	if (type == TYPE_PTR && name_read(all, &value, &target) &&
	    target.len > 0 && name->len > 0 && name->text[0] == '_')
		facts_printf(
		    facts, FACT_MDNS_SERVICE, at, len, "%s", target.text);
}

/* Reads a record; its value may hold names that point before it. */
static bool
record_read(
    struct rd all, struct rd *r, const struct heard *heard, struct facts *facts)
{
	uint16_t type, class, len;
	struct name name;
	struct rd value;

	if (!name_read(all, r, &name))
		return false;
	type = rd_u16(r);
	class = rd_u16(r);
	rd_skip(r, 4); /* time to live */
	len = rd_u16(r);
	value = (struct rd){ .at = rd_bytes(r, len), .left = len };
	if (!rd_ok(r))
		return false;
	if ((class & CLASS_MASK) == CLASS_IN)
		record_note(all, &name, type, value, heard, facts);
	return true;
}

static enum reply
mdns_hear(const struct heard *heard, struct facts *facts)
{
	static const struct about about = { ABOUT_UDP, PORT };
	struct rd all = heard->payload, r = all;
	uint16_t flags, questions;
	uint32_t records;

	if (heard->source_port != PORT || heard->destination_port != PORT)
		return REPLY_OTHER;
	rd_skip(&r, 2);
	flags = rd_u16(&r);
	questions = rd_u16(&r);
	records = rd_u16(&r);
	records += rd_u16(&r);
	records += rd_u16(&r);
	if (!rd_ok(&r) || !(flags & IS_ANSWER) || questions != 0 ||
	    records == 0)
		return REPLY_OTHER;
	facts_about(facts, about);
	facts_printf(facts, FACT_PORT_SPEAKS, all.at, 12, "mdns");
	for (uint32_t i = 0; i < records && i < ANSWERS_MAX; i++)
		if (!record_read(all, &r, heard, facts))
			break;
	return REPLY_OK;
}

static const uint16_t udp_ports[] = { PORT, 0 };

const struct probe probe_mdns = {
	.name = "mdns",
	.summary = "names and services of multicast DNS, heard and never sent",
	.via = VIA_LISTEN,
	.impact = IMPACT_PASSIVE,
	.udp_ports = udp_ports,
	.hear = mdns_hear,
};
