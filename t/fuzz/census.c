/* SPDX-License-Identifier: ISC */
/*
 * The census and the decoder below it: an input is frames, each a length
 * byte's worth (times four) of bytes behind it.  The table is large, so one
 * serves many inputs.
 */
#include <stdlib.h>

#include "scanner/census.h"

enum { INPUTS_PER_CENSUS = 512 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct census *census;
static unsigned inputs;

static void
finish(void)
{
	struct ledger *ledger = ledger_new();

	census_finish(census, NULL, NULL, NULL);
	if (ledger != NULL)
		census_tell(census, ledger, NULL, NULL);
	for (size_t i = 0; i < census_stations(census); i++)
		(void)census_likely(census_station_at(census, i));
	ledger_free(ledger);
	census_free(census);
	census = NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd r = { .at = data, .left = size };
	uint32_t number = 0;

	if (census != NULL && ++inputs % INPUTS_PER_CENSUS == 0)
		finish();
	if (census == NULL)
		census = census_new();
	while (census != NULL && r.left > 0) {
		size_t len = (size_t)rd_u8(&r) * 4;
		struct frame frame = { .link_type = 1 };
		char name[CENSUS_NAME], text[CENSUS_TEXT];
		struct packet p;

		frame.number = ++number;
		if (len > r.left)
			len = r.left;
		frame.bytes = rd_bytes(&r, len);
		frame.len = frame.wire_len = (uint32_t)len;
		decode_frame(&frame, &p);
		(void)census_name(&p, census_protocol_of(&p), name);
		(void)census_protocol_text(census_protocol_of(&p), text);
		(void)census_take(census, &p);
	}
	return 0;
}
