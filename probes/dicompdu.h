/* SPDX-License-Identifier: ISC */
/*
 * dicompdu - the PDUs of the DICOM upper layer that open and end an
 * association, written and read.  Source: DICOM PS3.8, 9.3 and annex D of
 * PS3.7.  Numbers are big-endian on the wire.
 */
#ifndef DICOMPDU_H
#define DICOMPDU_H

#include "scanner/probe.h"

/* The one syntax proposed, under the one context id. */
#define PDU_VERIFICATION "1.2.840.10008.1.1"

enum {
	PDU_CONTEXT_ID = 1,
	PDU_FIXED_LEN = 68 /* of RQ and AC, before the items */
};

enum pdu_item {
	ITEM_APPLICATION = 0x10,
	ITEM_CONTEXT_RQ = 0x20,
	ITEM_CONTEXT_AC = 0x21,
	ITEM_ABSTRACT = 0x30,
	ITEM_TRANSFER = 0x40,
	ITEM_USER = 0x50,
	ITEM_MAX_PDU = 0x51,
	ITEM_CLASS_UID = 0x52,
	ITEM_VERSION = 0x55
};

enum pdu_type {
	PDU_ASSOCIATE_RQ = 1,
	PDU_ASSOCIATE_AC,
	PDU_ASSOCIATE_RJ,
	PDU_DATA,
	PDU_RELEASE_RQ,
	PDU_RELEASE_RP,
	PDU_ABORT
};

/* Proposes Verification and nothing else; titles over 16 bytes are cut. */
void pdu_write_request(struct wr *w, const char *called, const char *calling);
void pdu_write_release_rq(struct wr *w);
void pdu_write_release_rp(struct wr *w);
void pdu_write_abort(struct wr *w); /* source: service-user */

enum pdu_arrival {
	PDU_FOREIGN = 1, /* no PDU begins like this */
	PDU_UNDECIDED,   /* too few bytes to tell */
	PDU_WRONG,       /* begins as a PDU of a length it cannot have */
	PDU_PARTIAL,     /* begins as one, not all of it yet */
	PDU_WHOLE
};

struct pdu {
	uint8_t type;   /* enum pdu_type */
	uint32_t len;   /* of the body, as its header says */
	struct rd body; /* set for PDU_WHOLE; borrowed */
	struct rd all;  /* header and as much of the body as is there */
};

/* What lies at the beginning of stream.  *pdu is set unless it is foreign or
 * undecided. */
enum pdu_arrival pdu_arrived(struct rd stream, struct pdu *pdu);

#endif
