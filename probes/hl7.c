/* SPDX-License-Identifier: ISC */
/*
 * hl7 - who sends HL7 messages: the first two names of their header.
 *
 *	<0B> MSH | ^~\& | application | facility | ...
 *	         0 1    2             3
 *
 * A message holds patients' data.  gantry reads MSH-3 and MSH-4, the sending
 * application and facility, and nothing behind them: no other byte becomes a
 * fact, and the frame that is kept as evidence ends there.  No message is
 * ever sent.
 *
 * Source:    HL7's minimal lower layer protocol (MLLP) and message header
 * Limits:    a header that is not the first thing in its segment is not seen.
 */
#include <string.h>

#include "scanner/probe.h"
#include "scanner/text.h"

enum { START = 0x0b, NAME_MAX_LEN = 128 };

/* Takes the bytes up to the separator, and it. */
static bool
field_take(struct rd *r, uint8_t separator, struct rd *field)
{
	*field = (struct rd){ .at = r->at };
	while (field->left < r->left && field->at[field->left] != separator) {
		if (field->at[field->left] < ' ' || field->left == NAME_MAX_LEN)
			return false;
		field->left++;
	}
	rd_skip(r, field->left + 1);
	return rd_ok(r);
}

static enum reply
hl7_hear(const struct heard *heard, struct facts *facts)
{
	struct rd r = heard->payload, encoding, application, facility;
	char first[NAME_MAX_LEN + 8], second[NAME_MAX_LEN + 8];
	const uint8_t *begin = r.at, *header;
	uint8_t separator;

	if (rd_u8(&r) != START)
		return REPLY_OTHER;
	header = rd_bytes(&r, 3);
	separator = rd_u8(&r);
	if (header == NULL || memcmp(header, "MSH", 3) != 0 ||
	    separator <= ' ' || !field_take(&r, separator, &encoding) ||
	    !field_take(&r, separator, &application) ||
	    !field_take(&r, separator, &facility) ||
	    application.left + facility.left == 0)
		return REPLY_OTHER;
	text_printable(first, sizeof(first), application.at, application.left);
	text_printable(second, sizeof(second), facility.at, facility.left);
	facts_about(facts, (struct about){ .kind = ABOUT_HOST });
	facts_printf(facts, FACT_HL7_SENDER, begin, (size_t)(r.at - begin),
	    "%s|%s", first, second);
	return REPLY_OK;
}

const struct probe probe_hl7 = {
	.name = "hl7",
	.summary = "who sends HL7 messages; patients' data is not read",
	.via = VIA_LISTEN,
	.impact = IMPACT_PASSIVE,
	.hear = hl7_hear,
	.hears_tcp = true,
	.is_private_behind = true,
};
