/* SPDX-License-Identifier: ISC */
/*
 * dicom - an SCP that takes associations and answers C-ECHO, or refuses,
 * aborts, keeps silent or talks rubbish, as the personality wants.
 *
 * It is also the judge: bytes that are no PDU are foreign, and an association
 * that was accepted must be released or aborted before the connection goes.
 */
#include <stdlib.h>

#include "dicom.h"
#include "err.h"
#include "frail.h"
#include "persona.h"
#include "services.h"
#include "tcp.h"
#include "ward.h"

enum {
	COMMAND_ROOM = 1024,
	ECHO_REQUEST = 0x0030,
	GARBAGE_BYTES = 64,
	CHUNK = 4000,

	ABORT_BY_PROVIDER = 2,
	UNRECOGNISED_PDU = 1,
	UNEXPECTED_PDU = 2,
	INVALID_VALUE = 6,

	REJECT_PERMANENT = 1,
	REJECT_TRANSIENT = 2,
	BY_USER = 1,
	BY_ACSE = 2,
	BY_PRESENTATION = 3,
	NO_REASON = 1,
	BAD_APPLICATION = 2,
	BAD_VERSION = 2,
	BAD_CALLING = 3,
	BAD_CALLED = 7,
	LIMIT_EXCEEDED = 2,

	PDV_COMMAND = 1,
	PDV_LAST = 2,
};

/* How long the requestor may take to hang up after the last word. */
static const double artim_s = 30;
static const double idle_s = 600;

enum phase { WAITS, ASSOCIATED, RAMBLING, SAID_ALL };

struct assoc {
	enum phase phase;
	bool has_slot;
	size_t have; /* bytes of a PDU that is not yet whole */
	size_t command_len;
	unsigned rambled; /* bytes dripped so far */
	uint8_t pdu[PDU_ROOM];
	uint8_t command[COMMAND_ROOM];
};

static const struct conf_dicom *
conf_of(const struct conn *c)
{
	return conn_port(c)->setup;
}

static bool
dicom_prepare(const struct conf_service *s, const struct conf_host *over,
    void **setup, struct err *e)
{
	struct conf_dicom *c = calloc(1, sizeof(*c));

	if (c == NULL || s->dicom == NULL) {
		free(c);
		return err_set(e, "port %u: dicom needs its keys", s->port);
	}
	/* The lists inside still belong to the file's content. */
	*c = *s->dicom;
	if (over != NULL && over->called_ae_count > 0) {
		c->called_ae = over->called_ae;
		c->called_ae_count = over->called_ae_count;
	}
	if (over != NULL && over->calling_ae_count > 0) {
		c->calling_ae = over->calling_ae;
		c->calling_ae_count = over->calling_ae_count;
	}
	*setup = c;
	return true;
}

static void
dicom_open(struct conn *c)
{
	conn_split(c, conf_of(c)->split);
	/* One that never answers does not hang up either. */
	conn_timer(c, conf_of(c)->mode == DICOM_SILENT ? idle_s : artim_s);
}

static void
slot_return(struct conn *c, struct assoc *a, bool is_leaked)
{
	if (a->has_slot)
		frail_slot_give(conn_host(c), is_leaked);
	a->has_slot = false;
}

/* After the last word the peer hangs up, or is hung up on. */
static void
all_said(struct conn *c, struct assoc *a)
{
	slot_return(c, a, false);
	a->phase = SAID_ALL;
	conn_timer(c, artim_s);
}

/* The last word: nothing but the peer's hanging up comes after it. */
static void
last_say(struct conn *c, struct assoc *a, uint8_t type,
    const uint8_t fields[static 3])
{
	uint8_t buf[PDU_HEAD + 4];
	struct pen w = { .buf = buf, .room = sizeof(buf) };

	dicom_write_short(&w, type, fields[0], fields[1], fields[2]);
	(void)conn_send(c, buf, w.used);
	all_said(c, a);
}

static void
abort_say(struct conn *c, struct assoc *a, uint8_t reason)
{
	const uint8_t fields[3] = { 0, ABORT_BY_PROVIDER, reason };

	last_say(c, a, PDU_ABORT, fields);
}

static void
reject_say(struct conn *c, struct assoc *a, uint8_t result, uint8_t source,
    uint8_t reason)
{
	const uint8_t fields[3] = { result, source, reason };

	last_say(c, a, PDU_ASSOCIATE_RJ, fields);
}

/* The personality may have its own opinion of how to say no. */
static void
title_reject(struct conn *c, struct assoc *a, uint8_t usual_reason)
{
	const struct conf_dicom *d = conf_of(c);

	reject_say(c, a, d->reject_result ? d->reject_result : REJECT_PERMANENT,
	    d->reject_source ? d->reject_source : BY_USER,
	    d->reject_reason ? d->reject_reason : usual_reason);
}

static void
garbage_say(struct conn *c)
{
	uint8_t buf[GARBAGE_BYTES];

	for (size_t i = 0; i < sizeof(buf); i++)
		buf[i] = (uint8_t)rng_u32(&conn_host(c)->ward->rng);
	buf[0] = 0xff; /* whatever follows, it is no PDU */
	(void)conn_send(c, buf, sizeof(buf));
}

/* An acceptance that nobody lives to see the end of: byte by byte, or of two
 * thousand million bytes. */
static void
ramble_say(struct conn *c, struct assoc *a)
{
	static const uint8_t drip[PDU_HEAD] = { PDU_ASSOCIATE_AC, 0, 0, 0, 0xff,
		0 };
	static const uint8_t giant[PDU_HEAD] = { PDU_ASSOCIATE_AC, 0, 0x7f,
		0xff, 0xff, 0xff };

	a->phase = RAMBLING;
	a->rambled = 0;
	if (conf_of(c)->mode == DICOM_GIANT) {
		(void)conn_send(c, giant, sizeof(giant));
		return;
	}
	(void)conn_send(c, drip, 1);
	a->rambled = 1;
	conn_timer(c, 1);
}

static void
ramble_drip(struct conn *c, struct assoc *a)
{
	uint8_t byte = a->rambled == 4 ? 0xff : 0;

	a->rambled++;
	(void)conn_send(c, &byte, 1);
	conn_timer(c, 1);
}

static void
dicom_drained(struct conn *c)
{
	static const uint8_t zeros[CHUNK];
	struct assoc *a = conn_state(c);

	if (a->phase == RAMBLING && conf_of(c)->mode == DICOM_GIANT)
		(void)conn_send(c, zeros, sizeof(zeros));
}

static void
accept_say(struct conn *c, struct assoc *a, const struct dicom_request *r)
{
	uint8_t buf[PDU_ROOM];
	struct pen w = { .buf = buf, .room = sizeof(buf) };

	if (!frail_slot_take(conn_host(c))) {
		reject_say(
		    c, a, REJECT_TRANSIENT, BY_PRESENTATION, LIMIT_EXCEEDED);
		return;
	}
	a->has_slot = true;
	dicom_write_accept(conf_of(c), r, &w);
	if (w.over || !conn_send(c, buf, w.used)) {
		abort_say(c, a, INVALID_VALUE);
		return;
	}
	a->phase = ASSOCIATED;
	conn_timer(c, idle_s);
}

static void
request_judge(struct conn *c, struct assoc *a, const struct dicom_request *r)
{
	const struct conf_dicom *d = conf_of(c);

	if (!r->knows_version_1)
		reject_say(c, a, REJECT_PERMANENT, BY_ACSE, BAD_VERSION);
	else if (!r->is_application_dicom)
		reject_say(c, a, REJECT_PERMANENT, BY_USER, BAD_APPLICATION);
	else if (d->mode == DICOM_REJECT)
		title_reject(c, a, NO_REASON);
	else if (!dicom_is_listed(d->called_ae, d->called_ae_count, r->called))
		title_reject(c, a, BAD_CALLED);
	else if (!dicom_is_listed(
		     d->calling_ae, d->calling_ae_count, r->calling))
		title_reject(c, a, BAD_CALLING);
	else
		accept_say(c, a, r);
}

static void
take_request(struct conn *c, struct assoc *a, size_t len)
{
	const struct conf_dicom *d = conf_of(c);
	struct dicom_request r;

	if (a->phase != WAITS)
		abort_say(c, a, UNEXPECTED_PDU);
	else if (!dicom_request_parse(d, a->pdu, len, &r))
		abort_say(c, a, INVALID_VALUE);
	else if (d->mode == DICOM_ABORT)
		abort_say(c, a, 0);
	else if (d->mode == DICOM_GARBAGE)
		garbage_say(c);
	else if (d->mode == DICOM_DRIP || d->mode == DICOM_GIANT)
		ramble_say(c, a);
	else if (d->mode != DICOM_SILENT)
		request_judge(c, a, &r);
}

static void
take_command(struct conn *c, struct assoc *a, uint8_t context)
{
	struct view v = { .p = a->command, .left = a->command_len };
	struct dicom_command cmd;
	uint8_t buf[256];
	struct pen w = { .buf = buf, .room = sizeof(buf) };

	a->command_len = 0;
	if (!dicom_command_parse(v, &cmd) || cmd.field != ECHO_REQUEST) {
		abort_say(c, a, UNEXPECTED_PDU);
		return;
	}
	dicom_write_echo_reply(&w, context, &cmd);
	(void)conn_send(c, buf, w.used);
}

static void
take_data(struct conn *c, struct assoc *a, size_t len)
{
	struct view v = { .p = a->pdu + PDU_HEAD, .left = len - PDU_HEAD };

	while (a->phase == ASSOCIATED && v.left > 0) {
		struct view pdv = view_cut(&v, view_u32(&v));
		uint8_t context = view_u8(&pdv), control = view_u8(&pdv);

		if (pdv.over || !(control & PDV_COMMAND) ||
		    pdv.left > COMMAND_ROOM - a->command_len) {
			abort_say(c, a, INVALID_VALUE);
			return;
		}
		if (pdv.left > 0)
			memcpy(a->command + a->command_len, pdv.p, pdv.left);
		a->command_len += pdv.left;
		if (control & PDV_LAST)
			take_command(c, a, context);
	}
}

static void
take_pdu(struct conn *c, struct assoc *a, size_t len)
{
	uint8_t type = a->pdu[0];

	if (type == PDU_ASSOCIATE_RQ) {
		take_request(c, a, len);
	} else if (type == PDU_ABORT) {
		all_said(c, a);
		conn_close(c);
	} else if (a->phase == SAID_ALL) {
		return; /* waiting for the peer to hang up */
	} else if (a->phase == ASSOCIATED && type == PDU_DATA) {
		take_data(c, a, len);
	} else if (a->phase == ASSOCIATED && type == PDU_RELEASE_RQ) {
		last_say(c, a, PDU_RELEASE_RP, (const uint8_t[3]){ 0 });
	} else {
		abort_say(c, a, UNEXPECTED_PDU);
	}
}

/* Returns the whole length of the PDU that begins here, or 0 for none. */
static size_t
pdu_len(const uint8_t *head)
{
	uint32_t len = be32(head + 2);

	switch (head[0]) {
	case PDU_ASSOCIATE_RQ:
	case PDU_ASSOCIATE_AC:
		return len >= 68 && len <= PDU_ROOM - PDU_HEAD ? len + PDU_HEAD
							       : 0;
	case PDU_DATA:
		return len >= 6 && len <= PDU_ROOM - PDU_HEAD ? len + PDU_HEAD
							      : 0;
	case PDU_ASSOCIATE_RJ:
	case PDU_RELEASE_RQ:
	case PDU_RELEASE_RP:
	case PDU_ABORT:
		return len == 4 ? len + PDU_HEAD : 0;
	default:
		return 0;
	}
}

static void
take_foreign(struct conn *c, struct assoc *a, size_t rest)
{
	conn_host(c)->harm.foreign_bytes += a->have + rest;
	a->have = 0;
	if (conf_of(c)->mode == DICOM_SILENT)
		return;
	abort_say(c, a, UNRECOGNISED_PDU);
	conn_close(c);
}

/* Adds bytes to the PDU up to the given length. */
static void
pdu_fill(struct assoc *a, struct view *v, size_t len)
{
	size_t n = len - a->have < v->left ? len - a->have : v->left;

	memcpy(a->pdu + a->have, view_take(v, n), n);
	a->have += n;
}

static void
dicom_data(struct conn *c, const uint8_t *bytes, size_t len)
{
	struct assoc *a = conn_state(c);
	struct view v = { .p = bytes, .left = len };

	while (v.left > 0) {
		size_t want = PDU_HEAD;

		/* The first byte alone can tell that this is no DICOM. */
		if (a->have == 0 &&
		    (v.p[0] < PDU_ASSOCIATE_RQ || v.p[0] > PDU_ABORT)) {
			take_foreign(c, a, v.left);
			return;
		}
		if (a->have >= PDU_HEAD)
			want = pdu_len(a->pdu);
		pdu_fill(a, &v, want);
		if (a->have < PDU_HEAD)
			return;
		want = pdu_len(a->pdu);
		if (want == 0) {
			take_foreign(c, a, v.left);
			return;
		}
		if (a->have == want) {
			take_pdu(c, a, want);
			a->have = 0;
		}
	}
}

static void
dicom_gone(struct conn *c, enum ending how)
{
	struct assoc *a = conn_state(c);
	struct harm *h = &conn_host(c)->harm;
	bool is_unreleased = a->phase == ASSOCIATED && how != END_HERE;

	h->unreleased_associations += is_unreleased;
	if (how != END_HERE)
		h->foreign_bytes += a->have;
	slot_return(c, a, is_unreleased);
}

/* Nobody hung up, or nobody said anything more. */
static void
dicom_timer(struct conn *c)
{
	struct assoc *a = conn_state(c);

	if (a->phase == RAMBLING) {
		ramble_drip(c, a);
		return;
	}
	if (a->phase == ASSOCIATED) {
		conn_host(c)->harm.unreleased_associations++;
		abort_say(c, a, 0);
	}
	conn_close(c);
}

const struct service service_dicom = {
	.name = "dicom",
	.speaks = true,
	.state_size = sizeof(struct assoc),
	.prepare = dicom_prepare,
	.discard = free,
	.open = dicom_open,
	.data = dicom_data,
	.drained = dicom_drained,
	.timer = dicom_timer,
	.gone = dicom_gone,
};
