/* SPDX-License-Identifier: ISC */
/* netbios - one question of 50 bytes; an answer may name it by a pointer. */
#include "probes/netbios.h"

enum {
	CLASS_IN = 1,
	FLAG_RESPONSE = 0x8000,
	FLAGS_OPCODE = 0x7800,
	FLAGS_RESULT = 0x000f,
	FLAG_BROADCAST = 0x0010,
	LABEL_POINTER = 0xc0,
	LABEL_MAX = 63,
	LABELS_MAX = 16
};

/* "*" and 15 NULs, each half a byte a letter, with its end. */
static const char any_name[] = "\x20"
			       "CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

void
netbios_ask(
    struct wr *w, uint16_t id, enum netbios_type type, bool is_broadcast)
{
	wr_u16(w, id);
	wr_u16(w, is_broadcast ? FLAG_BROADCAST : 0);
	wr_u16(w, 1); /* questions; then answers, authorities, additions */
	wr_u16(w, 0);
	wr_u16(w, 0);
	wr_u16(w, 0);
	wr_bytes(w, any_name, sizeof(any_name));
	wr_u16(w, (uint16_t)type);
	wr_u16(w, CLASS_IN);
}

static void
name_skip(struct rd *r)
{
	for (int labels = 0; labels < LABELS_MAX; labels++) {
		uint8_t len = rd_u8(r);

		if ((len & LABEL_POINTER) == LABEL_POINTER)
			rd_skip(r, 1);
		if (len == 0 || len > LABEL_MAX || !rd_ok(r))
			return;
		rd_skip(r, len);
	}
	r->ran_short = true;
}

enum reply
netbios_answer(struct rd *r, uint16_t id, enum netbios_type type)
{
	uint16_t found_id = rd_u16(r), flags = rd_u16(r);
	uint16_t questions = rd_u16(r), answers = rd_u16(r);
	uint16_t found_type;

	rd_skip(r, 4);
	if (!rd_ok(r) || found_id != id || !(flags & FLAG_RESPONSE) ||
	    (flags & (FLAGS_OPCODE | FLAGS_RESULT)) != 0 || answers == 0 ||
	    questions != 0)
		return REPLY_OTHER;
	name_skip(r);
	found_type = rd_u16(r);
	rd_skip(r, 6); /* class, time to live */
	(void)rd_u16(r);
	if (!rd_ok(r))
		return REPLY_BAD;
	return found_type == (uint16_t)type ? REPLY_OK : REPLY_OTHER;
}
