/* SPDX-License-Identifier: ISC */
/*
 * dicom - ask for an association, read the answer, and take leave.
 *
 *	TURN_OPEN --RQ--> asked --AC/RELEASE-RQ--> releasing --RP--> done
 *			    |				 |
 *			    +-- RJ, ABORT --> done	 +-- silence/ABORT
 *			    +-- silence/ABORT
 *
 * Proposes Verification in implicit little endian and never uses it: the
 * answer names the peer already.  An association left open costs old servers
 * one of a few slots, so each one is released, or aborted where the peer does
 * not answer; after a rejection there is nothing to release.  Bytes that are
 * not DICOM's are answered with nothing but a FIN.
 *
 * Called AE title: what the operator gave, else "ANY-SCP", the title by which
 * tools have long asked for whoever listens.  Ports: 104 and 11112 are
 * registered; 4242 (Orthanc), 5678 (Conquest), 2345 and 4006 are common in
 * hospitals; 2762 is DICOM under TLS.  2761 is DICOM inside ISCL, which nobody
 * speaks any more, and is not tried.
 *
 * Source: DICOM PS3.8.
 * Limits: one PDU of at most 64 KiB; a rejection or an abort carries no
 * implementation class UID, so it proves DICOM and names nobody.
 */
#include "probes/dicomread.h"

enum phase { PHASE_ASKED = 0, PHASE_RELEASING };

struct dicom_state {
	size_t at; /* where in the stream the next PDU begins */
	enum phase phase;
	bool has_answered_release; /* theirs, which crossed ours */
};

static const char default_called_ae[] = "ANY-SCP";

/* Does the peer owe an answer to a release?  An overheard client may never
 * have asked for one. */
static bool
is_release_due(const struct dicom_state *s, const struct ask *ask)
{
	struct rd said = ask->client;
	struct pdu pdu;

	if (s->phase != PHASE_RELEASING || !ask->is_overheard)
		return s->phase == PHASE_RELEASING;
	while (pdu_arrived(said, &pdu) == PDU_WHOLE) {
		if (pdu.type == PDU_RELEASE_RQ)
			return true;
		rd_skip(&said, pdu.all.left);
	}
	return false;
}

/* Takes leave of a peer that contradicts the standard. */
static enum step
broken(struct dicom_state *s, const struct ask *ask, const struct pdu *pdu,
    const char *what, struct wr *out, struct facts *facts)
{
	facts_printf(
	    facts, FACT_DICOM_BROKEN, pdu->all.at, pdu->all.left, "%s", what);
	if (is_release_due(s, ask))
		facts_flag(facts, FACT_DICOM_RELEASED, false, NULL, 0);
	pdu_write_abort(out);
	return STEP_ABORT;
}

static enum step
take_answer(struct dicom_state *s, const struct ask *ask, const struct pdu *pdu,
    struct wr *out, struct facts *facts)
{
	const char *wrong = "PDU that answers no association request";

	switch (pdu->type) {
	case PDU_ASSOCIATE_AC:
		wrong = pdu_read_accept(pdu, ask, facts);
		if (wrong != NULL)
			break;
		s->phase = PHASE_RELEASING;
		pdu_write_release_rq(out);
		return STEP_WAIT;
	case PDU_ASSOCIATE_RJ:
		wrong = pdu_read_reject(pdu, facts);
		break;
	case PDU_ABORT:
		wrong = pdu_read_abort(pdu, facts);
		break;
	default:
		break;
	}
	return wrong == NULL ? STEP_DONE
			     : broken(s, ask, pdu, wrong, out, facts);
}

static enum step
take_release(struct dicom_state *s, const struct ask *ask,
    const struct pdu *pdu, struct wr *out, struct facts *facts)
{
	switch (pdu->type) {
	case PDU_RELEASE_RP:
		facts_flag(facts, FACT_DICOM_RELEASED, true, pdu->all.at,
		    pdu->all.left);
		return STEP_DONE;
	case PDU_ABORT:
		if (is_release_due(s, ask))
			facts_flag(facts, FACT_DICOM_RELEASED, false,
			    pdu->all.at, pdu->all.left);
		return STEP_DONE;
	case PDU_DATA:
		return STEP_WAIT; /* under way before it heard of the release */
	case PDU_RELEASE_RQ:
		if (s->has_answered_release)
			break;
		s->has_answered_release = true;
		pdu_write_release_rp(out);
		return STEP_WAIT;
	default:
		break;
	}
	return broken(s, ask, pdu, "PDU that answers no release", out, facts);
}

static enum step
take_pdu(struct dicom_state *s, const struct ask *ask, const struct pdu *pdu,
    struct wr *out, struct facts *facts)
{
	s->at += pdu->all.left;
	return s->phase == PHASE_ASKED ? take_answer(s, ask, pdu, out, facts)
				       : take_release(s, ask, pdu, out, facts);
}

static enum step
take_foreign(struct dicom_state *s, const struct ask *ask, struct rd rest,
    struct wr *out, struct facts *facts)
{
	const struct pdu none = { .all = rest };

	if (s->phase == PHASE_ASKED)
		return STEP_ABORT; /* some other protocol: nothing is claimed */
	return broken(s, ask, &none, "no PDU where one must begin", out, facts);
}

static enum step
take_bytes(struct dicom_state *s, const struct turn *turn, struct wr *out,
    struct facts *facts)
{
	for (;;) {
		struct rd rest = turn->stream;
		enum step step;
		struct pdu pdu;

		rd_skip(&rest, s->at);
		switch (pdu_arrived(rest, &pdu)) {
		case PDU_FOREIGN:
			return take_foreign(s, turn->ask, rest, out, facts);
		case PDU_WRONG:
			return broken(s, turn->ask, &pdu,
			    "PDU of an impossible length", out, facts);
		case PDU_UNDECIDED:
		case PDU_PARTIAL:
			return STEP_WAIT;
		case PDU_WHOLE:
			break;
		}
		step = take_pdu(s, turn->ask, &pdu, out, facts);
		if (step != STEP_WAIT)
			return step;
	}
}

/* Silence or the end of the stream, in the middle of things. */
static enum step
take_leave(struct dicom_state *s, const struct turn *turn, struct wr *out,
    struct facts *facts)
{
	struct rd rest = turn->stream;
	struct pdu pdu;

	rd_skip(&rest, s->at);
	if (pdu_arrived(rest, &pdu) == PDU_PARTIAL)
		facts_printf(facts, FACT_DICOM_BROKEN, pdu.all.at, pdu.all.left,
		    "PDU of %u bytes cut", (unsigned)pdu.len);
	if (is_release_due(s, turn->ask))
		facts_flag(facts, FACT_DICOM_RELEASED, false, NULL, 0);
	if (turn->what == TURN_QUIET)
		pdu_write_abort(out);
	return STEP_DONE;
}

static enum step
dicom_step(
    void *state, const struct turn *turn, struct wr *out, struct facts *facts)
{
	struct dicom_state *s = state;
	const char *called = turn->ask->called_ae;

	if (turn->what == TURN_OPEN) {
		pdu_write_request(out, called ? called : default_called_ae,
		    turn->ask->calling_ae);
		return STEP_WAIT;
	}
	if (turn->what == TURN_BYTES)
		return take_bytes(s, turn, out, facts);
	return take_leave(s, turn, out, facts);
}

/* Anybody's association, from its request on. */
static bool
dicom_overhear(struct rd client, struct overheard *out)
{
	struct pdu pdu;

	return !out->ask.via_udp && pdu_arrived(client, &pdu) == PDU_WHOLE &&
	    pdu.type == PDU_ASSOCIATE_RQ;
}

static const uint16_t tcp_ports[] = { 104, 2345, 4006, 4242, 5678, 11112, 0 };
static const uint16_t tls_ports[] = { 2762, 0 };

const struct probe probe_dicom = {
	.name = "dicom",
	.summary = "DICOM association, released at once: who implements it",
	.via = VIA_TALK,
	.impact = IMPACT_SESSION,
	.tcp_ports = tcp_ports,
	.tls_ports = tls_ports,
	.wait_ms = 5000,
	.deadline_ms = 15000,
	/* SYN, ACK, RQ, ACK, RELEASE-RQ, ACK, FIN, ACK */
	.packets_max = 8,
	.state_size = sizeof(struct dicom_state),
	.step = dicom_step,
	.overhear = dicom_overhear,
};
