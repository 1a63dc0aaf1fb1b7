/* SPDX-License-Identifier: ISC */
/* snmp: one GET as it must be, its answer read strictly, strays left alone. */
#include "probes/ber.h"
#include "t/converse.h"

static const struct ask ask = { .cookie = 0x81020304,
	.port = 161,
	.via_udp = true,
	.calling_ae = "GANTRY",
	.community = "public" };
static struct converse c;

/* clang-format off */
#define VARIABLE(object) \
	0x30, 0x0c, 0x06, 0x08, 0x2b, 6, 1, 2, 1, 1, object, 0, 0x05, 0x00
static const uint8_t get_v1[] = {
	0x30, 0x45,
	0x02, 1, 0,
	0x04, 6, 'p', 'u', 'b', 'l', 'i', 'c',
	0xa0, 0x38,
	0x02, 4, 0x41, 2, 3, 4,
	0x02, 1, 0,
	0x02, 1, 0,
	0x30, 0x2a, VARIABLE(1), VARIABLE(2), VARIABLE(5),
};
/* As old agents write it, with long lengths here and there. */
static const uint8_t answer[] = {
	0x30, 0x82, 0x00, 0x58,
	0x02, 1, 0,
	0x04, 6, 'p', 'u', 'b', 'l', 'i', 'c',
	0xa2, 0x81, 0x4a,
	0x02, 4, 0x41, 2, 3, 4,
	0x02, 1, 0,
	0x02, 1, 0,
	0x30, 0x82, 0, 0x3a,
	0x30, 0x13, 0x06, 0x08, 0x2b, 6, 1, 2, 1, 1, 1, 0,
		0x04, 7, 'S', 'u', 'n', 'O', 'S', ' ', '4',
	0x30, 0x13, 0x06, 0x08, 0x2b, 6, 1, 2, 1, 1, 2, 0,
		0x06, 7, 0x2b, 6, 1, 4, 1, 0x81, 0x2a,
	0x30, 0x0e, 0x06, 0x08, 0x2b, 6, 1, 2, 1, 1, 5, 0,
		0x04, 2, 'o', 'c',
};
static const uint8_t refused[] = {
	0x30, 0x1d, 0x02, 1, 1, 0x04, 6, 'p', 'u', 'b', 'l', 'i', 'c',
	0xa2, 0x10, 0x02, 4, 0x41, 2, 3, 4, 0x02, 1, 2, 0x02, 1, 1, 0x30, 2,
	0x30, 0,
};
/* clang-format on */

#define FACTS                                        \
	"udp/161 port.speaks=snmp\n"                 \
	"udp/161 snmp.sysdescr=SunOS 4\n"            \
	"udp/161 snmp.sysobjectid=1.3.6.1.4.1.170\n" \
	"udp/161 snmp.sysname=oc\n"

START_TEST(version_1_first_then_2c_then_no_more)
{
	uint8_t get_v2c[sizeof(get_v1)];

	memcpy(get_v2c, get_v1, sizeof(get_v1));
	get_v2c[4] = 1;
	ck_assert_int_eq(converse_open(&c, &probe_snmp, &ask), STEP_WAIT);
	converse_said(&c, get_v1, sizeof(get_v1));
	ck_assert_int_eq(converse_turn(&c, TURN_QUIET), STEP_WAIT);
	converse_said(&c, get_v2c, sizeof(get_v2c));
	ck_assert_int_eq(converse_turn(&c, TURN_QUIET), STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
	converse_expect(&c, "");
}
END_TEST

START_TEST(without_a_community_nothing_is_said)
{
	struct ask none = ask;

	none.community = NULL;
	ck_assert_int_eq(converse_open(&c, &probe_snmp, &none), STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
}
END_TEST

START_TEST(the_longest_community_fits)
{
	static const char longest[] = "0123456789012345678901234567890123456789"
				      "012345678901234567890123";
	struct ask other = ask;

	ck_assert_uint_eq(strlen(longest), 64);
	other.community = longest;
	converse_open(&c, &probe_snmp, &other);
	ck_assert_uint_eq(c.said_len, 129);
	ck_assert_uint_eq(c.said[1], 127);
}
END_TEST

START_TEST(an_answer_is_read)
{
	converse_open(&c, &probe_snmp, &ask);
	ck_assert_int_eq(converse_hear(&c, answer, sizeof(answer)), STEP_DONE);
	converse_expect(&c, FACTS);
}
END_TEST

/* Somebody else's, an older one's, or no SNMP at all. */
START_TEST(strays_are_not_ours)
{
	uint8_t other[sizeof(answer)];

	converse_open(&c, &probe_snmp, &ask);
	memcpy(other, answer, sizeof(other));
	other[23] ^= 1; /* the number of the request */
	ck_assert_int_eq(converse_hear(&c, other, sizeof(other)), STEP_WAIT);
	ck_assert_int_eq(converse_hear(&c, get_v1, sizeof(get_v1)), STEP_WAIT);
	ck_assert_int_eq(converse_hear(&c, "hello", 5), STEP_WAIT);
	ck_assert_int_eq(converse_hear(&c, "", 0), STEP_WAIT);
	converse_expect(&c, "");
	ck_assert_int_eq(converse_hear(&c, answer, sizeof(answer)), STEP_DONE);
	converse_expect(&c, FACTS);
}
END_TEST

START_TEST(an_answer_that_goes_on_as_nonsense)
{
	converse_open(&c, &probe_snmp, &ask);
	ck_assert_int_eq(
	    converse_hear(&c, refused, sizeof(refused)), STEP_DONE);
	converse_expect(
	    &c, "udp/161 snmp.broken=answer to our GET that is none\n");
}
END_TEST

static const char *
oid(const char *bytes, size_t len, char text[static BER_OID_TEXT])
{
	const uint8_t *edge = at_the_edge(bytes, len);

	return ber_oid_text((struct rd){ .at = edge, .left = len }, text);
}

START_TEST(identifiers)
{
	char text[BER_OID_TEXT], many[200];

	ck_assert_str_eq(oid("\x00", 1, text), "0.0");
	ck_assert_str_eq(oid("\x27", 1, text), "0.39");
	ck_assert_str_eq(oid("\x2b\x06", 2, text), "1.3.6");
	ck_assert_str_eq(oid("\x88\x37\x03", 3, text), "2.999.3");
	ck_assert_str_eq(
	    oid("\x2b\x8f\xff\xff\xff\x7f", 6, text), "1.3.4294967295");
	ck_assert_ptr_null(oid("\x2b\x90\x80\x80\x80\x00", 6, text));
	ck_assert_ptr_null(oid("\x2b\x81", 2, text));
	ck_assert_ptr_null(oid("", 0, text));
	memset(many, 0x7f, sizeof(many));
	ck_assert_ptr_null(oid(many, sizeof(many), text));
}
END_TEST

START_TEST(integers)
{
	static const struct {
		uint8_t bytes[8];
		size_t len;
		int32_t value;
		bool ok;
	} known[] = {
		{ { 2, 1, 5 }, 3, 5, true },
		{ { 2, 1, 0xff }, 3, -1, true },
		{ { 2, 4, 0x7f, 0xff, 0xff, 0xff }, 6, INT32_MAX, true },
		{ { 2, 0 }, 2, 0, false },
		{ { 2, 5, 0, 1, 2, 3, 4 }, 7, 0, false },
		{ { 4, 1, 5 }, 3, 0, false },
		{ { 2, 0x80, 5 }, 3, 0, false },
		{ { 2, 0x85, 0, 0, 0, 0, 1, 5 }, 8, 0, false },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct rd r = { .at = at_the_edge(known[i].bytes, known[i].len),
			.left = known[i].len };

		ck_assert_int_eq(ber_take_integer(&r), known[i].value);
		ck_assert_int_eq(rd_ok(&r), known[i].ok);
	}
}
END_TEST

START_TEST(battered)
{
	converse_batter(&probe_snmp, &ask, answer, sizeof(answer));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { version_1_first_then_2c_then_no_more,
		without_a_community_nothing_is_said, the_longest_community_fits,
		an_answer_is_read, strays_are_not_ours,
		an_answer_that_goes_on_as_nonsense, identifiers, integers,
		battered, NULL };

	return unit_run("snmp", tests);
}
