/* SPDX-License-Identifier: ISC */
/* fact: the key table, subjects, and a list that stays within its bounds. */
#include <stdio.h>
#include <string.h>

#include "scanner/fact.h"
#include "t/unit.h"

static const struct about on_104 = { ABOUT_TCP, 104 };

START_TEST(every_key_is_sound)
{
	for (size_t i = 0; i < FACT_KEYS; i++) {
		enum fact_key key = (enum fact_key)i;
		const char *text = fact_key_text(key);

		ck_assert_uint_eq(fact_key_find(text), key);
		ck_assert_uint_eq(
		    strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_."),
		    strlen(text));
		ck_assert_ptr_nonnull(strchr(text, '.'));
		ck_assert_uint_gt(strlen(fact_key_meaning(key)), 8);
		ck_assert_ptr_nonnull(fact_type_text(fact_key_type(key)));
		if (i > 0)
			ck_assert_msg(strcmp(fact_key_text(key - 1), text) < 0,
			    "%s is out of order", text);
	}
	ck_assert_uint_eq(fact_key_find("no.such_key"), FACT_KEYS);
	ck_assert_uint_eq(fact_key_find(""), FACT_KEYS);
	ck_assert_str_eq(fact_key_text(FACT_DICOM_MAX_PDU), "dicom.max_pdu");
	ck_assert_str_eq(
	    fact_type_text(fact_key_type(FACT_DICOM_MAX_PDU)), "number");
}
END_TEST

START_TEST(subjects_go_both_ways)
{
	static const char *const good[] = { "host", "tcp/0", "tcp/104",
		"udp/1600", "udp/65535" };
	static const char *const bad[] = { "", "tcp", "tcp/", "tcp/65536",
		"tcp/0104", "tcp/+1", "tcp/ 1", "tcp/-1", "tcp/1 ", "udp/1x",
		"icmp/8", "host/1", "TCP/104", "tcp/99999999999999999999" };
	struct about out;
	char buf[ABOUT_TEXT];

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		ck_assert(about_parse(good[i], &out));
		ck_assert_str_eq(about_text(out, buf), good[i]);
	}
	out = on_104;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!about_parse(bad[i], &out), "%s", bad[i]);
	ck_assert(about_equal(out, on_104));
	ck_assert(!about_equal(out, (struct about){ ABOUT_UDP, 104 }));
	ck_assert(!about_equal(out, (struct about){ ABOUT_TCP, 105 }));
}
END_TEST

START_TEST(keeps_values_with_their_evidence)
{
	static const char bytes[] = "....NMR1IC0\0\0\0\0";
	const uint8_t *at = at_the_edge(bytes, 15);
	struct facts *f = facts_new();
	const struct fact *fact;

	facts_begin(f, on_104, at, 15);
	facts_text(f, FACT_ADVANTAGENET_SUITE, at + 4, 4);
	facts_text(f, FACT_ADVANTAGENET_STATION, at + 8, 7);
	facts_about(f, (struct about){ ABOUT_UDP, 1600 });
	facts_hex(f, FACT_ADVANTAGENET_WORDS, at, 4);
	facts_number(f, FACT_IP_TTL, -60, NULL, 0);
	facts_flag(f, FACT_IP_DF, false, at + 14, 1);
	facts_printf(
	    f, FACT_RPC_PROGRAM, at + 1, 2, "%d %s\n", 100004, "a\\x01\x02");
	ck_assert_uint_eq(facts_count(f), 6);
	ck_assert_str_eq(facts_get(f, FACT_ADVANTAGENET_SUITE), "NMR1");
	ck_assert_str_eq(facts_get(f, FACT_ADVANTAGENET_STATION), "IC0");
	ck_assert_str_eq(facts_get(f, FACT_ADVANTAGENET_WORDS), "2e2e2e2e");
	ck_assert_str_eq(facts_get(f, FACT_IP_TTL), "-60");
	ck_assert_str_eq(facts_get(f, FACT_IP_DF), "no");
	ck_assert_str_eq(facts_get(f, FACT_RPC_PROGRAM), "100004 a\\x01\\x02");
	ck_assert_ptr_null(facts_get(f, FACT_DICOM_MAX_PDU));

	fact = facts_at(f, 1);
	ck_assert(about_equal(fact->about, on_104));
	ck_assert_uint_eq(fact->evidence.offset, 8);
	ck_assert_uint_eq(fact->evidence.raw_len, 7);
	ck_assert_mem_eq(fact->evidence.raw, "IC0\0\0\0\0", 7);
	ck_assert_uint_eq(facts_at(f, 2)->about.port, 1600);
	ck_assert_uint_eq(facts_at(f, 3)->evidence.raw_len, 0);
	ck_assert_uint_eq(facts_at(f, 4)->evidence.offset, 14);
	ck_assert_ptr_null(facts_at(f, 6));
	facts_free(f);
	facts_free(NULL);
}
END_TEST

START_TEST(evidence_lies_inside_the_bytes_or_nowhere)
{
	static const uint8_t stream[8], elsewhere[8];
	struct facts *f = facts_new();

	facts_begin(f, on_104, stream, 8);
	facts_number(f, FACT_IP_TTL, 1, elsewhere, 1);
	facts_number(f, FACT_IP_TTL, 2, stream + 8, 1);
	facts_number(f, FACT_IP_TTL, 3, stream + 4, 5);
	facts_number(f, FACT_IP_TTL, 4, stream + 4, 0);
	facts_number(f, FACT_IP_TTL, 5, stream + 4, 4);
	for (size_t i = 0; i < 4; i++)
		ck_assert_uint_eq(facts_at(f, i)->evidence.raw_len, 0);
	ck_assert_uint_eq(facts_at(f, 4)->evidence.raw_len, 4);

	/* The stream moves; what was kept stays. */
	facts_bytes(f, elsewhere, 8);
	facts_number(f, FACT_IP_TTL, 6, elsewhere + 2, 1);
	ck_assert_uint_eq(facts_count(f), 6);
	ck_assert_uint_eq(facts_at(f, 5)->evidence.offset, 2);
	facts_bytes(f, NULL, 8);
	facts_number(f, FACT_IP_TTL, 7, elsewhere + 2, 1);
	ck_assert_uint_eq(facts_at(f, 6)->evidence.raw_len, 0);
	facts_free(f);
}
END_TEST

START_TEST(says_nothing_for_nothing)
{
	struct facts *f = facts_new();
	const uint8_t *blank = (const uint8_t *)" \0\r\n";

	facts_begin(f, on_104, blank, 4);
	facts_text(f, FACT_GREETING, blank, 4);
	facts_text(f, FACT_GREETING, blank, 0);
	facts_text(f, FACT_GREETING, NULL, 0);
	facts_hex(f, FACT_TELNET_OPTIONS, blank, 0);
	facts_hex(f, FACT_TELNET_OPTIONS, NULL, 0);
	facts_printf(f, FACT_GREETING, NULL, 0, "%s", "");
	ck_assert_uint_eq(facts_count(f), 0);
	ck_assert_uint_eq(facts_dropped(f), 0);
	facts_free(f);
}
END_TEST

START_TEST(takes_back)
{
	struct facts *f = facts_new();

	facts_begin(f, on_104, NULL, 0);
	for (int i = 0; i < 5; i++)
		facts_number(f, FACT_IP_TTL, i, NULL, 0);
	facts_rewind(f, 9);
	ck_assert_uint_eq(facts_count(f), 5);
	facts_rewind(f, 2);
	ck_assert_uint_eq(facts_count(f), 2);
	facts_number(f, FACT_IP_TTL, 77, NULL, 0);
	ck_assert_str_eq(facts_at(f, 1)->value, "1");
	ck_assert_str_eq(facts_at(f, 2)->value, "77");
	facts_rewind(f, 0);
	ck_assert_uint_eq(facts_count(f), 0);
	facts_free(f);
}
END_TEST

START_TEST(counts_what_falls_over)
{
	struct facts *f = facts_new();

	facts_begin(f, on_104, NULL, 0);
	for (int i = 0; i < FACTS_PER_REPLY + 3; i++)
		facts_number(f, FACT_IP_TTL, i, NULL, 0);
	ck_assert_uint_eq(facts_count(f), FACTS_PER_REPLY);
	ck_assert_uint_eq(facts_dropped(f), 3);
	facts_begin(f, on_104, NULL, 0);
	ck_assert_uint_eq(facts_count(f), 0);
	ck_assert_uint_eq(facts_dropped(f), 0);
	facts_free(f);
}
END_TEST

START_TEST(long_values_are_cut_and_memory_is_bounded)
{
	static uint8_t big[TALK_STREAM_MAX];
	struct facts *f = facts_new();
	const struct fact *fact;

	memset(big, 'A', sizeof(big));
	facts_begin(f, on_104, big, sizeof(big));
	for (int i = 0; i < FACTS_PER_REPLY; i++) {
		facts_text(f, FACT_GREETING, big, sizeof(big));
		facts_hex(f, FACT_TELNET_OPTIONS, big, sizeof(big));
		facts_printf(f, FACT_GREETING, big, sizeof(big), "%.*s", 5000,
		    (const char *)big);
	}
	ck_assert_uint_eq(
	    facts_count(f) + facts_dropped(f), 3 * (size_t)FACTS_PER_REPLY);
	ck_assert_uint_gt(facts_count(f), 40);
	for (size_t i = 0; (fact = facts_at(f, i)) != NULL; i++) {
		size_t len = strlen(fact->value);

		ck_assert_uint_lt(len, FACT_VALUE_MAX);
		ck_assert_uint_ge(len, FACT_VALUE_MAX - 2);
		ck_assert_uint_eq(fact->evidence.raw_len, FACT_RAW_MAX);
		if (fact->key == FACT_GREETING)
			ck_assert_str_eq(fact->value + len - 4, "A...");
	}
	facts_free(f);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { every_key_is_sound,
		subjects_go_both_ways, keeps_values_with_their_evidence,
		evidence_lies_inside_the_bytes_or_nowhere,
		says_nothing_for_nothing, takes_back, counts_what_falls_over,
		long_values_are_cut_and_memory_is_bounded, NULL };

	return unit_run("fact", tests);
}
