/* SPDX-License-Identifier: ISC */
/*
 * dicomread - what A-ASSOCIATE-AC, -RJ and A-ABORT say, as facts.
 *
 * Source: DICOM PS3.8 9.3.3, 9.3.4, 9.3.8 and PS3.7 D.3.3.
 * Limits: peers are known that leave out the class UID or the version name,
 * pad either with blanks or NULs, send odd lengths, items in any order and
 * items nobody knows.  All that is read; an item reaching out of what holds
 * it is not.  Of items that stand twice the first counts.
 */
#include <stdio.h>

#include "probes/dicomread.h"
#include "scanner/text.h"

enum {
	CONTEXTS_MAX = 8, /* of one accept, recorded */
	SYNTAX_TEXT = 72  /* a UID has 64 characters at most */
};

/* What an accept said, before any of it is recorded. */
struct accept {
	struct facts *facts;
	const struct ask *ask;
	size_t contexts;
	bool has_known; /* an item of the upper layer was among them */
	bool has_max_pdu, has_class, has_version;
};

/* Takes one item off r.  False: it reaches out of what holds it. */
static bool
item_take(struct rd *r, uint8_t *type, struct rd *value)
{
	*type = rd_u8(r);
	rd_skip(r, 1);
	value->left = rd_u16(r);
	value->ran_short = false;
	value->at = rd_bytes(r, value->left);
	return rd_ok(r);
}

/* Finds the abstract syntax a context of a request proposed, or nothing. */
static bool
context_proposes(struct rd r, uint8_t id, struct rd *syntax)
{
	uint8_t type;

	if (rd_u8(&r) != id)
		return false;
	rd_skip(&r, 3);
	while (rd_ok(&r) && r.left > 0)
		if (item_take(&r, &type, syntax) && type == ITEM_ABSTRACT)
			return true;
	return false;
}

/* What was proposed under this context id, as text; NULL: nothing. */
static const char *
proposed(const struct ask *ask, uint8_t id, char buf[static SYNTAX_TEXT])
{
	struct rd value, syntax;
	struct pdu request;
	uint8_t type;

	if (!ask->is_overheard)
		return id == PDU_CONTEXT_ID ? PDU_VERIFICATION : NULL;
	if (pdu_arrived(ask->client, &request) != PDU_WHOLE)
		return NULL;
	rd_skip(&request.body, PDU_FIXED_LEN);
	while (request.body.left > 0) {
		if (!item_take(&request.body, &type, &value))
			return NULL;
		if (type != ITEM_CONTEXT_RQ ||
		    !context_proposes(value, id, &syntax))
			continue;
		text_printable(buf, SYNTAX_TEXT, syntax.at, syntax.left);
		return buf;
	}
	return NULL;
}

/* The proposed syntax in an accepted context: read as text of any length. */
static const char *
context_read(struct accept *a, struct rd r)
{
	static const char *const results[] = { "accepted", "user-rejection",
		"no-reason", "abstract-syntax-not-supported",
		"transfer-syntaxes-not-supported" };
	struct rd whole = r, value, syntax = { 0 };
	uint8_t id = rd_u8(&r), type, result;
	char word[32], buf[SYNTAX_TEXT];
	const char *asked;

	rd_skip(&r, 1);
	result = rd_u8(&r);
	rd_skip(&r, 1);
	if (!rd_ok(&r))
		return "presentation context cut";
	while (r.left > 0) {
		if (!item_take(&r, &type, &value))
			return "item reaching out of its context";
		if (type == ITEM_TRANSFER && syntax.left == 0)
			syntax = value;
	}
	while (syntax.left > 0 && syntax.at[syntax.left - 1] <= ' ')
		syntax.left--;
	if (a->contexts == CONTEXTS_MAX)
		return NULL;
	a->contexts++;
	asked = proposed(a->ask, id, buf);
	if (result < sizeof(results) / sizeof(results[0]))
		snprintf(word, sizeof(word), "%s", results[result]);
	else
		snprintf(word, sizeof(word), "result %u", (unsigned)result);
	if (result != 0)
		syntax.left = 0; /* of no meaning then */
	if (asked != NULL)
		facts_printf(a->facts, FACT_DICOM_CONTEXT, whole.at, whole.left,
		    "%s %s%s%.*s", asked, word, syntax.left ? " " : "",
		    (int)syntax.left,
		    syntax.left ? (const char *)syntax.at : "");
	else
		facts_printf(a->facts, FACT_DICOM_CONTEXT, whole.at, whole.left,
		    "context %u, never proposed, %s", (unsigned)id, word);
	return NULL;
}

static void
user_item_note(struct accept *a, uint8_t type, struct rd value)
{
	struct rd r = value;

	if (type == ITEM_MAX_PDU && value.left == 4 && !a->has_max_pdu) {
		a->has_max_pdu = true;
		facts_number(a->facts, FACT_DICOM_MAX_PDU, rd_u32(&r), value.at,
		    value.left);
	} else if (type == ITEM_CLASS_UID && !a->has_class) {
		a->has_class = true;
		facts_text(
		    a->facts, FACT_DICOM_CLASS_UID, value.at, value.left);
	} else if (type == ITEM_VERSION && !a->has_version) {
		a->has_version = true;
		facts_text(a->facts, FACT_DICOM_VERSION, value.at, value.left);
	}
}

static const char *
user_read(struct accept *a, struct rd r)
{
	struct rd value;
	uint8_t type;

	while (r.left > 0) {
		if (!item_take(&r, &type, &value))
			return "item reaching out of user information";
		user_item_note(a, type, value);
	}
	return NULL;
}

static const char *
item_read(struct accept *a, uint8_t type, struct rd value)
{
	if (type == ITEM_APPLICATION)
		a->has_known = true;
	if (type == ITEM_CONTEXT_AC) {
		a->has_known = true;
		return context_read(a, value);
	}
	if (type == ITEM_USER) {
		a->has_known = true;
		return user_read(a, value);
	}
	return NULL;
}

static const char *
items_read(struct accept *a, struct rd r)
{
	const char *wrong = NULL;
	struct rd value;
	uint8_t type;

	while (r.left > 0 && wrong == NULL) {
		if (!item_take(&r, &type, &value))
			return "item reaching out of A-ASSOCIATE-AC";
		wrong = item_read(a, type, value);
	}
	if (wrong == NULL && !a->has_known)
		wrong = "A-ASSOCIATE-AC without any known item";
	return wrong;
}

static void
note_outcome(const struct pdu *pdu, const char *outcome, struct facts *facts)
{
	facts_printf(facts, FACT_DICOM_OUTCOME, pdu->all.at, pdu->all.left,
	    "%s", outcome);
	facts_printf(
	    facts, FACT_PORT_SPEAKS, pdu->all.at, pdu->all.left, "dicom");
}

const char *
pdu_read_accept(
    const struct pdu *pdu, const struct ask *ask, struct facts *facts)
{
	struct accept a = { .facts = facts, .ask = ask };
	struct rd items = pdu->body;
	size_t before = facts_count(facts);
	const char *wrong;

	rd_skip(
	    &items, PDU_FIXED_LEN); /* titles are echoed: not to be tested */
	note_outcome(pdu, "accepted", facts);
	wrong = items_read(&a, items);
	if (wrong != NULL)
		facts_rewind(facts, before);
	return wrong;
}

static const char *
reject_reason(uint8_t source, uint8_t reason)
{
	static const char *const user[] = { "reserved", "no-reason-given",
		"application-context-name-not-supported",
		"calling-AE-title-not-recognized", "reserved", "reserved",
		"reserved", "called-AE-title-not-recognized" };
	static const char *const acse[] = { "reserved", "no-reason-given",
		"protocol-version-not-supported" };
	static const char *const presentation[] = { "reserved",
		"temporary-congestion", "local-limit-exceeded" };

	if (source == 1 && reason < sizeof(user) / sizeof(user[0]))
		return user[reason];
	if (source == 2 && reason < sizeof(acse) / sizeof(acse[0]))
		return acse[reason];
	if (source == 3 &&
	    reason < sizeof(presentation) / sizeof(presentation[0]))
		return presentation[reason];
	return "reserved";
}

const char *
pdu_read_reject(const struct pdu *pdu, struct facts *facts)
{
	static const char *const results[] = { "rejected-permanent",
		"rejected-transient" };
	static const char *const sources[] = { "service-user",
		"service-provider-ACSE", "service-provider-presentation" };
	struct rd r = pdu->body;
	uint8_t result, source, reason;

	rd_skip(&r, 1);
	result = rd_u8(&r);
	source = rd_u8(&r);
	reason = rd_u8(&r);
	if (!rd_ok(&r) || result < 1 || result > 2 || source < 1 || source > 3)
		return "A-ASSOCIATE-RJ with numbers the standard does not know";
	note_outcome(pdu, "rejected", facts);
	facts_printf(facts, FACT_DICOM_REJECT, pdu->all.at, pdu->all.left,
	    "%s, %s, %s (%u/%u/%u)", results[result - 1], sources[source - 1],
	    reject_reason(source, reason), (unsigned)result, (unsigned)source,
	    (unsigned)reason);
	return NULL;
}

const char *
pdu_read_abort(const struct pdu *pdu, struct facts *facts)
{
	static const char *const sources[] = { "service-user", "reserved",
		"service-provider" };
	static const char *const reasons[] = { "reason-not-specified",
		"unrecognized-PDU", "unexpected-PDU", "reserved",
		"unrecognized-PDU-parameter", "unexpected-PDU-parameter",
		"invalid-PDU-parameter-value" };
	struct rd r = pdu->body;
	const char *why = "reserved";
	uint8_t source, reason;

	rd_skip(&r, 2);
	source = rd_u8(&r);
	reason = rd_u8(&r);
	if (!rd_ok(&r) || source >= sizeof(sources) / sizeof(sources[0]))
		return "A-ABORT from a source the standard does not know";
	if (source == 0)
		why = "reason-not-significant";
	else if (reason < sizeof(reasons) / sizeof(reasons[0]))
		why = reasons[reason];
	note_outcome(pdu, "aborted", facts);
	facts_printf(facts, FACT_DICOM_ABORT, pdu->all.at, pdu->all.left,
	    "%s, %s (%u/%u)", sources[source], why, (unsigned)source,
	    (unsigned)reason);
	return NULL;
}
