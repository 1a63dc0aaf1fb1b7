/* SPDX-License-Identifier: ISC */
/*
 * The census and the decoder below it: an input is frames, each a length
 * byte's worth (times four) of bytes behind it.
 */
#include <stdlib.h>

#include "scanner/census.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd r = { .at = data, .left = size };
	struct census *census = census_new();
	struct ledger *ledger = ledger_new();
	uint32_t number = 0;

	while (census != NULL && ledger != NULL && r.left > 0) {
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
	if (census != NULL && ledger != NULL) {
		census_finish(census, NULL, NULL, NULL);
		census_tell(census, ledger, NULL, NULL);
		for (size_t i = 0; i < census_stations(census); i++)
			(void)census_likely(census_station_at(census, i));
	}
	census_free(census);
	ledger_free(ledger);
	return 0;
}
