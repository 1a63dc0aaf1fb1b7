/* SPDX-License-Identifier: ISC */
/* dicom - the messages of the DICOM upper layer, for svc_dicom.c alone. */
#ifndef WARD_DICOM_H
#define WARD_DICOM_H

#include "bytes.h"
#include "conf.h"

enum {
	PDU_HEAD = 6,
	PDU_ROOM = 32768,
	PDU_ASSOCIATE_RQ = 1,
	PDU_ASSOCIATE_AC = 2,
	PDU_ASSOCIATE_RJ = 3,
	PDU_DATA = 4,
	PDU_RELEASE_RQ = 5,
	PDU_RELEASE_RP = 6,
	PDU_ABORT = 7,
	AE_LEN = 16,
	CONTEXTS_MAX = 128,

	CONTEXT_ACCEPTED = 0,
	CONTEXT_NO_ABSTRACT = 3,
	CONTEXT_NO_TRANSFER = 4,
};

/* A piece of text in a PDU, without its padding. */
struct dicom_text {
	const uint8_t *p;
	size_t len;
};

struct dicom_context {
	uint8_t id;
	uint8_t result;
	struct dicom_text transfer; /* the one chosen, or the first offered */
};

/* An A-ASSOCIATE-RQ taken apart; borrows the PDU. */
struct dicom_request {
	const uint8_t *pdu;
	struct dicom_text called;
	struct dicom_text calling;
	bool knows_version_1;
	bool is_application_dicom;
	struct dicom_context contexts[CONTEXTS_MAX];
	unsigned contexts_n;
};

/* The command of a message, as far as it is looked at. */
struct dicom_command {
	uint16_t field;
	uint16_t message_id;
	struct dicom_text sop_class;
};

/*
 * Reads a whole A-ASSOCIATE-RQ and decides about each context by what the
 * setup accepts.  Returns false when it is not properly built.
 */
bool dicom_request_parse(const struct conf_dicom *, const uint8_t *pdu,
    size_t len, struct dicom_request *);

/* Returns true when text is on the list, or the list is empty. */
bool dicom_is_listed(char **list, uint32_t n, struct dicom_text);

/* Write whole PDUs. */
void dicom_write_accept(
    const struct conf_dicom *, const struct dicom_request *, struct pen *);
void dicom_write_short(
    struct pen *, uint8_t type, uint8_t a, uint8_t b, uint8_t c);
void dicom_write_echo_reply(
    struct pen *, uint8_t context, const struct dicom_command *);

/* Reads a command set (implicit little-endian); false when it is none. */
bool dicom_command_parse(struct view, struct dicom_command *);

#endif
