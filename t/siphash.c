/* SPDX-License-Identifier: ISC */
/* siphash - the paper's own vector, and every length at a page's edge. */
#include <string.h>

#include "scanner/siphash.h"
#include "t/unit.h"

/* The paper's vector: key 00..0f, message 00..0e; and the empty message. */
START_TEST(siphash_is_siphash)
{
	uint8_t key[16], message[15];

	for (uint8_t i = 0; i < 16; i++)
		key[i] = i;
	memcpy(message, key, sizeof(message));
	ck_assert_uint_eq(siphash24(key, message, sizeof(message)),
	    UINT64_C(0xa129ca6149be45e5));
	ck_assert_uint_eq(
	    siphash24(key, message, 0), UINT64_C(0x726fdb47dd0e0e31));
	for (size_t len = 0; len <= sizeof(message); len++)
		siphash24(key, at_the_edge(message, len), len);
	unit_edge_free();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { siphash_is_siphash, NULL };

	return unit_run("siphash", tests);
}
