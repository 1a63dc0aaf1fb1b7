/* SPDX-License-Identifier: ISC */
/*
 * json_fact - a fact in JSON.
 *
 * Values are printable ASCII since they became facts, so every string is valid
 * UTF-8 and a line break can only be the end of a line.
 */
#include "reports/json_fact.h"
#include "scanner/text.h"

/* {frame or talk, offset, hex}, or null for what was derived. */
static void
evidence(struct emit *e, const struct evidence *from)
{
	char hex[2 * FACT_RAW_MAX + 1];

	if (from->kind == EVIDENCE_NONE) {
		emit_null(e, "evidence");
		return;
	}
	text_hex(hex, sizeof(hex), from->raw, from->raw_len);
	emit_object(e, "evidence");
	emit_number(
	    e, from->kind == EVIDENCE_TALK ? "talk" : "frame", from->number);
	emit_number(e, "offset", from->offset);
	emit_text(e, "hex", hex);
	emit_object_end(e);
}

void
json_fact_members(struct emit *e, const struct fact *f)
{
	char about[ABOUT_TEXT], time[TEXT_TIME];

	emit_text(e, "about", about_text(f->about, about));
	emit_text(e, "key", fact_key_text(f->key));
	emit_text(e, "value", f->value);
	emit_text(e, "probe", f->probe);
	emit_text(e, "time", text_time(f->time_ns, time));
	evidence(e, &f->evidence);
}
