/* SPDX-License-Identifier: ISC */
/* icmp: the echo request and its reply. */
#include <stdlib.h>
#include <string.h>

#include "scanner/probe.h"
#include "t/unit.h"

static const struct ask ask = { .cookie = 0xa1b2c3d4 };
static const uint8_t request[16] = { 8, 0, 0, 0, 0xa1, 0xb2, 0xc3, 0xd4, 0xa1,
	0xb2, 0xc3, 0xd4, 0xa1, 0xb2, 0xc3, 0xd4 };

static enum reply
parse(const uint8_t *bytes, size_t len)
{
	struct facts *facts = facts_new();
	enum reply reply;

	ck_assert_ptr_nonnull(facts);
	reply = probe_icmp.parse(
	    (struct rd){ .at = at_the_edge(bytes, len), .left = len }, &ask,
	    facts);
	facts_free(facts);
	unit_edge_free();
	return reply;
}

START_TEST(builds_an_echo_request)
{
	uint8_t out[16];

	for (size_t room = 0; room <= sizeof(out); room++) {
		struct wr w = { .at = out, .left = room };

		ck_assert_int_eq(
		    probe_icmp.build(&w, &ask), room == sizeof(out));
	}
	ck_assert_mem_eq(out, request, sizeof(out));
}
END_TEST

START_TEST(reads_its_reply)
{
	uint8_t reply[20];

	memcpy(reply, request, sizeof(request));
	memset(reply + 16, 0, 4); /* Ethernet's padding */
	reply[0] = 0;
	reply[2] = 0x12; /* the checksum is the decoder's */
	ck_assert_int_eq(parse(reply, 16), REPLY_OK);
	ck_assert_int_eq(parse(reply, 20), REPLY_OK);
	for (size_t len = 0; len < 16; len++)
		ck_assert_int_eq(
		    parse(reply, len), len < 8 ? REPLY_OTHER : REPLY_BAD);
	for (size_t i = 0; i < 16; i++) {
		if (i >= 1 && i <= 3)
			continue;
		reply[i] ^= 1;
		ck_assert_int_eq(
		    parse(reply, 16), i < 8 ? REPLY_OTHER : REPLY_BAD);
		reply[i] ^= 1;
	}
	ck_assert_int_eq(parse(request, 16), REPLY_OTHER);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { builds_an_echo_request, reads_its_reply,
		NULL };

	return unit_run("icmp", tests);
}
