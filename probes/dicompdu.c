/* SPDX-License-Identifier: ISC */
/*
 * dicompdu - association PDUs written, and told apart on a stream.
 *
 *	type(1) 0(1) length(4)			header, length without itself
 *	version(2) 0(2) called(16) calling(16) 0(32) items	RQ and AC
 *	type(1) 0(1) length(2) value		item, and item within an item
 *
 * Source: DICOM PS3.8 9.3 (PDUs), PS3.7 D.3.3 (user information).
 * Limits: a PDU may be 64 KiB long, no more.
 */
#include "probes/dicompdu.h"

enum {
	HEADER_LEN = 6,
	BODY_MAX = TALK_STREAM_MAX - HEADER_LEN,
	TITLE_LEN = 16,
	SHORT_LEN = 4, /* body of RJ, RELEASE and ABORT */
	DATA_MIN = 6,
	OUR_MAX_PDU = 16384
};

static const char application_context[] = "1.2.840.10008.3.1.1.1";
static const char implicit_le[] = "1.2.840.10008.1.2";
/* UUID 9aaffa68-83dd-4942-8b76-865b30205895, which is gantry's alone. */
static const char our_class_uid[] =
    "2.25.205614842184060508516294983426397722773";
static const char our_version[] = "GANTRY_" GANTRY_VERSION;
_Static_assert(sizeof(our_version) - 1 <= TITLE_LEN,
    "an implementation version name has 16 characters at most");

static void
write_header(struct wr *w, enum pdu_type type, size_t len)
{
	wr_u8(w, (uint8_t)type);
	wr_u8(w, 0);
	wr_u32(w, (uint32_t)len);
}

static void
write_item_header(struct wr *w, uint8_t type, size_t len)
{
	wr_u8(w, type);
	wr_u8(w, 0);
	wr_u16(w, (uint16_t)len);
}

static void
write_item(struct wr *w, uint8_t type, const char *value)
{
	write_item_header(w, type, strlen(value));
	wr_bytes(w, value, strlen(value));
}

static void
write_title(struct wr *w, const char *title)
{
	size_t len = strnlen(title, TITLE_LEN);

	wr_bytes(w, title, len);
	for (; len < TITLE_LEN; len++)
		wr_u8(w, ' ');
}

void
pdu_write_request(struct wr *w, const char *called, const char *calling)
{
	enum {
		ITEM = 4, /* an item's own header */
		CONTEXT = 4 + ITEM + sizeof(PDU_VERIFICATION) - 1 + ITEM +
		    sizeof(implicit_le) - 1,
		USER = ITEM + 4 + ITEM + sizeof(our_class_uid) - 1 + ITEM +
		    sizeof(our_version) - 1
	};

	write_header(w, PDU_ASSOCIATE_RQ,
	    PDU_FIXED_LEN + ITEM + sizeof(application_context) - 1 + ITEM +
		CONTEXT + ITEM + USER);
	wr_u16(w, 1); /* protocol version */
	wr_u16(w, 0);
	write_title(w, called);
	write_title(w, calling);
	for (int i = 0; i < 8; i++)
		wr_u32(w, 0); /* reserved */
	write_item(w, ITEM_APPLICATION, application_context);
	write_item_header(w, ITEM_CONTEXT_RQ, CONTEXT);
	wr_u32(w, (uint32_t)PDU_CONTEXT_ID << 24); /* the rest is reserved */
	write_item(w, ITEM_ABSTRACT, PDU_VERIFICATION);
	write_item(w, ITEM_TRANSFER, implicit_le);
	write_item_header(w, ITEM_USER, USER);
	write_item_header(w, ITEM_MAX_PDU, 4);
	wr_u32(w, OUR_MAX_PDU);
	write_item(w, ITEM_CLASS_UID, our_class_uid);
	write_item(w, ITEM_VERSION, our_version);
}

static void
write_short(struct wr *w, enum pdu_type type)
{
	write_header(w, type, SHORT_LEN);
	wr_u32(w, 0);
}

void
pdu_write_release_rq(struct wr *w)
{
	write_short(w, PDU_RELEASE_RQ);
}

void
pdu_write_release_rp(struct wr *w)
{
	write_short(w, PDU_RELEASE_RP);
}

void
pdu_write_abort(struct wr *w)
{
	write_short(w, PDU_ABORT); /* source 0: service-user */
}

/* Whether a PDU of this type can be this long; PDU_FOREIGN also means that
 * the bytes are more likely some other protocol's. */
static enum pdu_arrival
judge_length(uint8_t type, uint8_t reserved, uint32_t len)
{
	switch (type) {
	case PDU_ASSOCIATE_AC:
		if (len >= PDU_FIXED_LEN && len <= BODY_MAX)
			return PDU_WHOLE;
		return reserved == 0 && len < 1U << 24 ? PDU_WRONG
						       : PDU_FOREIGN;
	case PDU_ASSOCIATE_RQ:
		return len >= PDU_FIXED_LEN && len <= BODY_MAX ? PDU_WHOLE
							       : PDU_FOREIGN;
	case PDU_DATA:
		return len >= DATA_MIN && len <= BODY_MAX ? PDU_WHOLE
							  : PDU_FOREIGN;
	default:
		return len == SHORT_LEN ? PDU_WHOLE : PDU_FOREIGN;
	}
}

enum pdu_arrival
pdu_arrived(struct rd stream, struct pdu *pdu)
{
	struct rd r = stream;
	uint8_t type = rd_u8(&r), reserved = rd_u8(&r);
	uint32_t len = rd_u32(&r);
	enum pdu_arrival arrival;

	if (stream.left == 0)
		return PDU_UNDECIDED;
	if (type < PDU_ASSOCIATE_RQ || type > PDU_ABORT)
		return PDU_FOREIGN;
	if (!rd_ok(&r))
		return PDU_UNDECIDED;
	arrival = judge_length(type, reserved, len);
	if (arrival == PDU_FOREIGN)
		return arrival;
	*pdu = (struct pdu){ .type = type, .len = len, .all = stream };
	if (arrival == PDU_WRONG)
		return arrival;
	if (r.left < len)
		return PDU_PARTIAL;
	pdu->body = (struct rd){ .at = r.at, .left = len };
	pdu->all.left = HEADER_LEN + len;
	return PDU_WHOLE;
}
