/* SPDX-License-Identifier: ISC */
/* dicom: what is proposed, and what comes of every kind of answer. */
#include "t/converse.h"

static struct converse c;
static const struct ask ask = {
	.cookie = 0x01020304, .port = 104, .calling_ae = "GANTRY"
};

/* clang-format off */
#define TITLE_ANY "ANY-SCP         "
#define TITLE_US "GANTRY          "
#define ZEROS32 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define APPLICATION "\x10\0\0\x15" "1.2.840.10008.3.1.1.1"
#define AC_FIXED "\0\1\0\0" TITLE_ANY TITLE_US ZEROS32

/* Bytes 4 and 5, the length, depend on the version's own. */
static const uint8_t rq_head[] =
	"\x01\0\0\0\0\0" "\0\1\0\0" TITLE_ANY TITLE_US ZEROS32
	APPLICATION
	"\x20\0\0\x2e" "\1\0\0\0"
		"\x30\0\0\x11" "1.2.840.10008.1.1"
		"\x40\0\0\x11" "1.2.840.10008.1.2";
static const uint8_t release_rq[] = { 5, 0, 0, 0, 0, 4, 0, 0, 0, 0 };
static const uint8_t release_rp[] = { 6, 0, 0, 0, 0, 4, 0, 0, 0, 0 };
static const uint8_t a_abort[] = { 7, 0, 0, 0, 0, 4, 0, 0, 0, 0 };

/* An old console's accept: no version name. */
static const uint8_t ac[] =
	"\x02\0\0\0\x00\x9c" AC_FIXED
	APPLICATION
	"\x21\0\0\x19" "\1\0\0\0" "\x40\0\0\x11" "1.2.840.10008.1.2"
	"\x50\0\0\x1e" "\x51\0\0\4" "\0\0\x40\0"
		"\x52\0\0\x12" "1.2.840.113619.6.5";
/* The user information first, an item nobody knows, titles not echoed, blanks
 * as padding and an odd length. */
static const uint8_t ac_odd[] =
	"\x02\1\0\0\x00\x8d" "\0\1\0\0" "NONSENSE\0\0\0\0\0\0\0\0" TITLE_US
		ZEROS32
	"\x50\0\0\x2e" "\x55\0\0\x0b" "OLD_1      "
		"\x53\0\0\4" "\0\1\0\1"
		"\x52\0\0\x13" "1.2.840.113619.6.5 "
	"\x77\0\0\3" "abc"
	"\x21\0\0\4" "\1\0\3\0"
	"\x21\0\0\4" "\5\0\x09\0";
/* clang-format on */

#define LEN(literal) (sizeof(literal) - 1)

static const char ac_learnt[] =
    "tcp/104 dicom.outcome=accepted\n"
    "tcp/104 port.speaks=dicom\n"
    "tcp/104 dicom.context=1.2.840.10008.1.1 accepted 1.2.840.10008.1.2\n"
    "tcp/104 dicom.max_pdu=16384\n"
    "tcp/104 dicom.implementation_class_uid=1.2.840.113619.6.5\n";

static void
hear_all(const void *bytes, size_t len)
{
	ck_assert_int_eq(converse_open(&c, &probe_dicom, &ask), STEP_WAIT);
	converse_hear(&c, bytes, len);
}

START_TEST(golden_lengths_are_honest)
{
	ck_assert_uint_eq(LEN(ac), 6 + 0x9c);
	ck_assert_uint_eq(LEN(ac_odd), 6 + 0x8d);
}
END_TEST

START_TEST(request_is_the_standard_s)
{
	const uint8_t *user = c.said + LEN(rq_head);
	size_t len;

	converse_open(&c, &probe_dicom, &ask);
	ck_assert_uint_gt(c.said_len, LEN(rq_head) + 12);
	/* The length depends on the version's; everything else is fixed. */
	len = c.said[4] * 256U + c.said[5];
	ck_assert_uint_eq(c.said_len, 6 + len);
	ck_assert_mem_eq(c.said, rq_head, 4);
	ck_assert_mem_eq(c.said + 6, rq_head + 6, LEN(rq_head) - 6);
	ck_assert_mem_eq(user, "\x50\0\0", 3);
	ck_assert_uint_eq(user[3], c.said_len - LEN(rq_head) - 4);
	ck_assert_mem_eq(user + 4, "\x51\0\0\4\0\0\x40\0\x52\0\0\x2c", 12);
	ck_assert_mem_eq(
	    user + 16, "2.25.205614842184060508516294983426397722773\x55", 45);
	ck_assert_uint_le(user[63], 16);
	ck_assert_mem_eq(user + 64, "GANTRY_", 7);
	ck_assert_uint_eq(c.said_len, LEN(rq_head) + 64 + user[63]);
}
END_TEST

START_TEST(titles_are_padded_and_cut)
{
	struct ask other = ask;

	other.called_ae = "A-TITLE-OF-MORE-THAN-16";
	other.calling_ae = "X";
	converse_open(&c, &probe_dicom, &other);
	ck_assert_mem_eq(c.said + 10, "A-TITLE-OF-MORE-X               ", 32);
}
END_TEST

START_TEST(accept_is_read_and_released)
{
	hear_all(ac, LEN(ac));
	ck_assert_int_eq(c.step, STEP_WAIT);
	converse_said(&c, release_rq, sizeof(release_rq));
	converse_expect(&c, ac_learnt);
	ck_assert_int_eq(
	    converse_hear(&c, release_rp, sizeof(release_rp)), STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
	ck_assert_str_eq(facts_get(c.facts, FACT_DICOM_RELEASED), "yes");
}
END_TEST

START_TEST(evidence_is_where_the_uid_stood)
{
	const struct fact *f;

	hear_all(ac, LEN(ac));
	f = facts_at(c.facts, 4);
	ck_assert_int_eq(f->key, FACT_DICOM_CLASS_UID);
	ck_assert_uint_eq(f->evidence.offset, LEN(ac) - 18);
	ck_assert_uint_eq(f->evidence.raw_len, 18);
	ck_assert_mem_eq(f->evidence.raw, "1.2.840.113619.6.5", 18);
}
END_TEST

START_TEST(accept_may_come_in_any_pieces)
{
	uint8_t all[LEN(ac) + sizeof(release_rp)];
	static char want[CONVERSE_LEARNT];

	memcpy(all, ac, LEN(ac));
	memcpy(all + LEN(ac), release_rp, sizeof(release_rp));
	hear_all(all, sizeof(all));
	ck_assert_int_eq(c.step, STEP_DONE);
	converse_learnt(&c, want);
	for (size_t first = 1; first < sizeof(all); first++) {
		hear_all(all, first);
		if (c.step == STEP_WAIT)
			converse_hear(&c, all + first, sizeof(all) - first);
		ck_assert_int_eq(c.step, STEP_DONE);
		converse_expect(&c, want);
	}
	converse_open(&c, &probe_dicom, &ask);
	converse_dribble(&c, all, sizeof(all));
	ck_assert_int_eq(c.step, STEP_DONE);
	converse_expect(&c, want);
}
END_TEST

START_TEST(odd_accept_is_tolerated)
{
	hear_all(ac_odd, LEN(ac_odd));
	converse_said(&c, release_rq, sizeof(release_rq));
	converse_expect(&c,
	    "tcp/104 dicom.outcome=accepted\n"
	    "tcp/104 port.speaks=dicom\n"
	    "tcp/104 dicom.implementation_version=OLD_1\n"
	    "tcp/104 dicom.implementation_class_uid=1.2.840.113619.6.5\n"
	    "tcp/104 dicom.context=1.2.840.10008.1.1 "
	    "abstract-syntax-not-supported\n"
	    "tcp/104 dicom.context=context 5, never proposed, result 9\n");
}
END_TEST

START_TEST(rejection_is_told_in_words)
{
	static const uint8_t called[] = { 3, 0, 0, 0, 0, 4, 0, 1, 1, 7 };
	static const uint8_t busy[] = { 3, 0, 0, 0, 0, 4, 0, 2, 3, 2 };
	static const uint8_t never[] = { 3, 0, 0, 0, 0, 4, 0, 9, 9, 9 };

	hear_all(called, sizeof(called));
	ck_assert_int_eq(c.step, STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
	converse_expect(&c,
	    "tcp/104 dicom.outcome=rejected\n"
	    "tcp/104 port.speaks=dicom\n"
	    "tcp/104 dicom.reject=rejected-permanent, service-user, "
	    "called-AE-title-not-recognized (1/1/7)\n");
	hear_all(busy, sizeof(busy));
	ck_assert_str_eq(facts_get(c.facts, FACT_DICOM_REJECT),
	    "rejected-transient, service-provider-presentation, "
	    "local-limit-exceeded (2/3/2)");
	hear_all(never, sizeof(never));
	ck_assert_int_eq(c.step, STEP_ABORT);
	ck_assert_ptr_null(facts_get(c.facts, FACT_PORT_SPEAKS));
	ck_assert_ptr_nonnull(facts_get(c.facts, FACT_DICOM_BROKEN));
}
END_TEST

START_TEST(abort_is_told_in_words)
{
	static const uint8_t provider[] = { 7, 0, 0, 0, 0, 4, 0, 0, 2, 2 };

	hear_all(provider, sizeof(provider));
	ck_assert_int_eq(c.step, STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
	converse_expect(&c,
	    "tcp/104 dicom.outcome=aborted\n"
	    "tcp/104 port.speaks=dicom\n"
	    "tcp/104 dicom.abort=service-provider, unexpected-PDU (2/2)\n");
}
END_TEST

START_TEST(another_protocol_is_left_without_a_word)
{
	static const char *const others[] = { "HTTP/1.0 400 Bad Request\r\n",
		"SSH-2.0-OpenSSH_3.4\r\n", "220 host FTP server ready.\r\n",
		"\x05\x00\x0c\x07\x10\x00\x00\x00" };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		hear_all(others[i], 8);
		ck_assert_int_eq(c.step, STEP_ABORT);
		ck_assert_uint_eq(c.said_len, 0);
		converse_expect(&c, "");
	}
}
END_TEST

START_TEST(silence_is_answered_with_abort)
{
	converse_open(&c, &probe_dicom, &ask);
	ck_assert_int_eq(converse_turn(&c, TURN_QUIET), STEP_DONE);
	converse_said(&c, a_abort, sizeof(a_abort));
	converse_expect(&c, "");
	converse_open(&c, &probe_dicom, &ask);
	ck_assert_int_eq(converse_turn(&c, TURN_EOF), STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
}
END_TEST

START_TEST(unreleased_is_aborted)
{
	hear_all(ac, LEN(ac));
	ck_assert_int_eq(converse_turn(&c, TURN_QUIET), STEP_DONE);
	converse_said(&c, a_abort, sizeof(a_abort));
	ck_assert_str_eq(facts_get(c.facts, FACT_DICOM_RELEASED), "no");
	ck_assert_str_eq(facts_get(c.facts, FACT_DICOM_OUTCOME), "accepted");
}
END_TEST

START_TEST(releases_that_cross_are_both_answered)
{
	hear_all(ac, LEN(ac));
	ck_assert_int_eq(
	    converse_hear(&c, release_rq, sizeof(release_rq)), STEP_WAIT);
	converse_said(&c, release_rp, sizeof(release_rp));
	ck_assert_int_eq(
	    converse_hear(&c, release_rp, sizeof(release_rp)), STEP_DONE);
	ck_assert_str_eq(facts_get(c.facts, FACT_DICOM_RELEASED), "yes");
	/* A peer that keeps asking is not answered for ever. */
	hear_all(ac, LEN(ac));
	converse_hear(&c, release_rq, sizeof(release_rq));
	ck_assert_int_eq(
	    converse_hear(&c, release_rq, sizeof(release_rq)), STEP_ABORT);
	converse_said(&c, a_abort, sizeof(a_abort));
}
END_TEST

START_TEST(contradictions_are_broken_and_aborted)
{
	static const uint8_t huge[] = { 2, 0, 0, 1, 0, 0 };
	static const uint8_t early[] = { 6, 0, 0, 0, 0, 4, 0, 0, 0, 0 };
	uint8_t bad[LEN(ac)];

	hear_all(huge, sizeof(huge));
	ck_assert_int_eq(c.step, STEP_ABORT);
	converse_said(&c, a_abort, sizeof(a_abort));
	converse_expect(
	    &c, "tcp/104 dicom.broken=PDU of an impossible length\n");
	hear_all(early, sizeof(early));
	ck_assert_int_eq(c.step, STEP_ABORT);
	converse_said(&c, a_abort, sizeof(a_abort));
	/* The class UID's item reaches out of the user information. */
	memcpy(bad, ac, sizeof(bad));
	bad[sizeof(bad) - 19]++;
	hear_all(bad, sizeof(bad));
	ck_assert_int_eq(c.step, STEP_ABORT);
	converse_said(&c, a_abort, sizeof(a_abort));
	converse_expect(
	    &c, "tcp/104 dicom.broken=item reaching out of user information\n");
}
END_TEST

START_TEST(cut_accept_claims_nothing)
{
	static struct converse cut;

	for (size_t len = 6; len < LEN(ac); len++) {
		converse_cut(&cut, &probe_dicom, &ask, ac, len, TURN_EOF);
		ck_assert_uint_eq(facts_count(cut.facts), 1);
		ck_assert_str_eq(facts_get(cut.facts, FACT_DICOM_BROKEN),
		    "PDU of 156 bytes cut");
	}
	converse_batter(&probe_dicom, &ask, ac, LEN(ac));
	converse_batter(&probe_dicom, &ask, ac_odd, LEN(ac_odd));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { golden_lengths_are_honest,
		request_is_the_standard_s, titles_are_padded_and_cut,
		accept_is_read_and_released, evidence_is_where_the_uid_stood,
		accept_may_come_in_any_pieces, odd_accept_is_tolerated,
		rejection_is_told_in_words, abort_is_told_in_words,
		another_protocol_is_left_without_a_word,
		silence_is_answered_with_abort, unreleased_is_aborted,
		releases_that_cross_are_both_answered,
		contradictions_are_broken_and_aborted,
		cut_accept_claims_nothing, NULL };

	return unit_run("dicom", tests);
}
