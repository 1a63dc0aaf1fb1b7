/* SPDX-License-Identifier: ISC */
/*
 * exchange_halt - the last frames to and from a host that was halted.
 *
 * Those a talk has brought into the evidence file already are not written
 * again; the comment of the rest says where the host's own last word stands.
 */
#include <stdio.h>

#include "scanner/exchange_parts.h"

/* Returns the number of the host's own last frame, 0 where it has none yet. */
static uint32_t
last_word(const struct lastwords_frame *frames, size_t n)
{
	for (size_t i = n; i-- > 0;)
		if (frames[i].is_from_host)
			return frames[i].number;
	return 0;
}

void
exchange_halted(struct exchange *x, uint32_t address)
{
	char text[LASTWORDS_TEXT], comment[128];
	struct origin origin = { .address = address, .probe = "visit" };
	struct lastwords_frame *frames;
	uint32_t heard;
	size_t n;

	/* What of them belongs to a talk is written with it. */
	exchange_settle(x, INT64_MAX);
	frames = lastwords_of(x->last, address, &n);
	if (n == 0)
		return;
	heard = last_word(frames, n);
	snprintf(comment, sizeof(comment), "last exchange before the halt");
	if (heard != 0)
		snprintf(comment, sizeof(comment),
		    "last exchange before the halt; what the host said last "
		    "is frame %u",
		    (unsigned)heard);
	origin.time_ns = frames[n - 1].frame.time_ns;
	for (size_t i = 0; x->evidence != NULL && i < n; i++) {
		if (frames[i].number == 0)
			frames[i].number = evidence_add(
			    x->evidence, &frames[i].frame, comment);
		origin.evidence_number = frames[i].number;
	}
	facts_begin(x->facts, (struct about){ .kind = ABOUT_HOST }, NULL, 0);
	facts_printf(x->facts, FACT_HOST_LAST_EXCHANGE, NULL, 0, "%s",
	    lastwords_text(frames, n, text));
	ledger_take(x->ledger, x->facts, &origin);
}
