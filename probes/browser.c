/* SPDX-License-Identifier: ISC */
/*
 * browser - NetBIOS names and browser announcements that are broadcast.
 *
 *	UDP 137	name service (RFC 1002, 4.2): a registration or refresh asks
 *		for the sender's own name; the group bit tells a workgroup
 *	UDP 138	datagram service (RFC 1002, 4.4): names of sender and
 *		addressee, then an SMB to the mailslot \MAILSLOT\BROWSE:
 *		command(1) updates(1) period(4) name(16) version(2) types(4)
 *		browser(4) comment
 *
 * Source:    RFC 1001, RFC 1002; the public descriptions of the CIFS browser
 *            protocol
 * Limits:    questions for other names tell nothing.  The mailslot's name is
 *            looked for, the SMB around it is not read.  Heard only.
 */
#include <string.h>

#include "scanner/probe.h"
#include "scanner/text.h"

enum {
	PORT_NAMES = 137,
	PORT_DATAGRAMS = 138,
	OPCODE_SHIFT = 11,
	OPCODE_MASK = 0x1f, /* the top bit: an answer */
	OPCODE_REGISTER = 5,
	OPCODE_REFRESH = 8,
	OPCODE_REFRESH_TOO = 9, /* as some write it */
	FLAG_GROUP = 0x8000,
	NAME_LEN = 16,
	SUFFIX_HOST = 0x00,
	SUFFIX_SERVER = 0x20,
	DIRECT_UNIQUE = 0x10,
	BROADCAST = 0x12,
	ANNOUNCE_HOST = 1,
	ANNOUNCE_MASTER = 15,
	COMMENT_MAX = 43
};

struct name {
	uint8_t text[NAME_LEN]; /* the last byte is its suffix */
	const uint8_t *at;
};

enum { ENCODED_LEN = 2 * NAME_LEN };

/* Reads a name in its first-level encoding; a scope behind it is skipped. */
static bool
name_read(struct rd *r, struct name *name)
{
	uint8_t more = ENCODED_LEN;

	if (rd_u8(r) != ENCODED_LEN)
		return false;
	name->at = r->at;
	for (size_t i = 0; i < NAME_LEN; i++) {
		unsigned high = rd_u8(r), low = rd_u8(r);

		if (high < 'A' || high > 'P' || low < 'A' || low > 'P')
			return false;
		name->text[i] = (uint8_t)((high - 'A') << 4 | (low - 'A'));
	}
	while ((more = rd_u8(r)) != 0) {
		if (more >= 64)
			return false;
		rd_skip(r, more);
	}
	return rd_ok(r);
}

static void
name_note(struct facts *facts, enum fact_key key, const struct name *name)
{
	char text[NAME_LEN * 4 + 8];

	if (text_printable(text, sizeof(text), name->text, NAME_LEN - 1) > 0)
		facts_printf(facts, key, name->at, ENCODED_LEN, "%s", text);
}

static enum reply
names_hear(struct rd r, struct facts *facts)
{
	uint16_t flags, questions, additional, nb_flags;
	unsigned opcode;
	struct name name;

	rd_skip(&r, 2);
	flags = rd_u16(&r);
	questions = rd_u16(&r);
	rd_skip(&r, 4);
	additional = rd_u16(&r);
	opcode = flags >> OPCODE_SHIFT & OPCODE_MASK;
	if ((opcode != OPCODE_REGISTER && opcode != OPCODE_REFRESH &&
		opcode != OPCODE_REFRESH_TOO) ||
	    questions != 1 || additional != 1 || !name_read(&r, &name))
		return REPLY_OTHER;
	/* type, class; a pointer to the name, type, class, time to live,
	 * length */
	rd_skip(&r, 4 + 2 + 4 + 4 + 2);
	nb_flags = rd_u16(&r);
	if (!rd_ok(&r))
		return REPLY_OTHER;
	if (name.text[NAME_LEN - 1] != SUFFIX_HOST &&
	    name.text[NAME_LEN - 1] != SUFFIX_SERVER)
		return REPLY_OTHER;
	name_note(facts,
	    nb_flags & FLAG_GROUP ? FACT_NETBIOS_WORKGROUP : FACT_NETBIOS_NAME,
	    &name);
	return facts_count(facts) > 0 ? REPLY_OK : REPLY_OTHER;
}

/* Steps behind the mailslot's name. */
static bool
mailslot_find(struct rd *r)
{
	static const char slot[] = "\\MAILSLOT\\BROWSE";

	while (r->left >= sizeof(slot)) {
		if (memcmp(r->at, slot, sizeof(slot)) == 0) {
			rd_skip(r, sizeof(slot));
			return true;
		}
		rd_skip(r, 1);
	}
	return false;
}

/* What its types say of the system; the first that holds. */
static const char *
system_text(uint32_t types)
{
	static const struct {
		uint32_t bit;
		const char *text;
	} systems[] = {
		{ 0x00200000, ", VMS" },
		{ 0x00100000, ", OSF" },
		{ 0x00008000, ", NT server" },
		{ 0x00001000, ", NT workstation" },
		{ 0x00400000, ", Windows 95" },
		{ 0x00002000, ", Windows for Workgroups" },
		{ 0x00000800, ", Unix" },
	};

	for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++)
		if (types & systems[i].bit)
			return systems[i].text;
	return "";
}

static void
announcement_note(struct rd r, struct facts *facts)
{
	uint8_t command = rd_u8(&r), major, minor;
	char comment[COMMENT_MAX * 4 + 8];
	const uint8_t *version;
	uint32_t types;
	size_t len = 0;

	rd_skip(&r, 1 + 4 + NAME_LEN);
	version = r.at;
	major = rd_u8(&r);
	minor = rd_u8(&r);
	types = rd_u32le(&r);
	rd_skip(&r, 4);
	if (!rd_ok(&r) ||
	    (command != ANNOUNCE_HOST && command != ANNOUNCE_MASTER))
		return;
	while (len < r.left && len < COMMENT_MAX && r.at[len] != 0)
		len++;
	comment[0] = '\0';
	if (len > 0)
		text_printable(comment, sizeof(comment), r.at, len);
	facts_printf(facts, FACT_NETBIOS_ANNOUNCED, version, 2,
	    "version %u.%u%s%s%s", (unsigned)major, (unsigned)minor,
	    system_text(types), comment[0] != '\0' ? ", " : "", comment);
}

static enum reply
datagrams_hear(struct rd r, struct facts *facts)
{
	uint8_t type = rd_u8(&r);
	struct name from, to;

	rd_skip(&r, 1 + 2 + 4 + 2 + 2 + 2);
	if (type < DIRECT_UNIQUE || type > BROADCAST || !name_read(&r, &from) ||
	    !name_read(&r, &to))
		return REPLY_OTHER;
	name_note(facts, FACT_NETBIOS_NAME, &from);
	if (!mailslot_find(&r))
		return facts_count(facts) > 0 ? REPLY_OK : REPLY_OTHER;
	/* Announcements go to the workgroup's name. */
	if (to.text[0] > ' ')
		name_note(facts, FACT_NETBIOS_WORKGROUP, &to);
	announcement_note(r, facts);
	return facts_count(facts) > 0 ? REPLY_OK : REPLY_OTHER;
}

static enum reply
browser_hear(const struct heard *heard, struct facts *facts)
{
	facts_about(facts, (struct about){ .kind = ABOUT_HOST });
	if (heard->destination_port == PORT_NAMES)
		return names_hear(heard->payload, facts);
	if (heard->destination_port == PORT_DATAGRAMS)
		return datagrams_hear(heard->payload, facts);
	return REPLY_OTHER;
}

static const uint16_t udp_ports[] = { PORT_NAMES, PORT_DATAGRAMS, 0 };

const struct probe probe_browser = {
	.name = "browser",
	.summary = "NetBIOS names that are broadcast, heard and never sent",
	.via = VIA_LISTEN,
	.impact = IMPACT_PASSIVE,
	.udp_ports = udp_ports,
	.hear = browser_hear,
};
