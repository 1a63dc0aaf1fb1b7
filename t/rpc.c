/* SPDX-License-Identifier: ISC */
/* rpc: the NULL calls, their order, and when they end. */
#include "scanner/rpcnames.h"
#include "t/converse.h"

static struct converse c;
static const struct rpc_guess guesses[] = { { 100069, 1 }, { 100004, 2 },
	{ 100005, 1 } };
static const struct ask tcp = {
	.cookie = 0xfffffffe, .port = 655, .guesses = guesses, .guesses_len = 3
};

/* clang-format off */
#define WORD(n) 0, 0, (n) >> 8, (n) & 0xff
#define XID(n) 0xff, 0xff, 0xff, (n)
#define CALL(program, version, procedure) \
	WORD(0), WORD(2), 0, 1, 0x86, (program), WORD(version), \
	WORD(procedure), WORD(0), WORD(0), WORD(0), WORD(0)
#define REPLY(stat) WORD(1), WORD(0), WORD(0), WORD(0), WORD(stat)

static const uint8_t call_0[] = {
	0x80, 0, 0, 40, XID(0xfe), CALL(0xe5, 1, 0) };
static const uint8_t call_1[] = {
	0x80, 0, 0, 40, XID(0xff), CALL(0xa4, 2, 0) };
/* The third xid has wrapped. */
static const uint8_t call_2[] = {
	0x80, 0, 0, 40, WORD(0), CALL(0xa5, 1, 0) };
static const uint8_t call_domain[] = {
	0x80, 0, 0, 52, WORD(0), CALL(0xa4, 2, 1),
	WORD(5), 'm', 'r', 'i', '-', '1', 0, 0, 0 };

static const uint8_t unavail_0[] = { 0x80, 0, 0, 24, XID(0xfe), REPLY(1) };
static const uint8_t unavail_1[] = { 0x80, 0, 0, 24, XID(0xff), REPLY(1) };
static const uint8_t unavail_2[] = { 0x80, 0, 0, 24, WORD(0), REPLY(1) };
static const uint8_t success_1[] = { 0x80, 0, 0, 24, XID(0xff), REPLY(0) };
static const uint8_t mismatch_0[] = { 0x80, 0, 0, 32, XID(0xfe), REPLY(2),
	WORD(1), WORD(2) };
static const uint8_t inverted_0[] = { 0x80, 0, 0, 32, XID(0xfe), REPLY(2),
	WORD(2), WORD(1) };
static const uint8_t system_err_0[] = {
	0x80, 0, 0, 24, XID(0xfe), REPLY(5) };
static const uint8_t denied_0[] = { 0x80, 0, 0, 20, XID(0xfe), WORD(1),
	WORD(1), WORD(1), WORD(2) };
static const uint8_t served[] = { 0x80, 0, 0, 28, WORD(0), REPLY(0), WORD(1) };
static const uint8_t perhaps[] = { 0x80, 0, 0, 28, WORD(0), REPLY(0), WORD(2) };
/* clang-format on */

START_TEST(guesses_go_in_order_until_one_answers)
{
	ck_assert_int_eq(converse_open(&c, &probe_rpc, &tcp), STEP_WAIT);
	converse_said(&c, call_0, sizeof(call_0));
	ck_assert_int_eq(
	    converse_hear(&c, unavail_0, sizeof(unavail_0)), STEP_WAIT);
	converse_said(&c, call_1, sizeof(call_1));
	converse_expect(
	    &c, "tcp/655 rpc.speaks=yes\ntcp/655 port.speaks=rpc\n");
	ck_assert_int_eq(
	    converse_hear(&c, success_1, sizeof(success_1)), STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
	converse_expect(&c,
	    "tcp/655 rpc.speaks=yes\n"
	    "tcp/655 port.speaks=rpc\n"
	    "tcp/655 rpc.answered=100004 ypserv v2\n"
	    "tcp/655 nis.ypserv=yes\n");
	/* The evidence is the second reply's, where it lay in the stream. */
	ck_assert_uint_eq(facts_at(c.facts, 2)->evidence.offset, 28);
	ck_assert_uint_eq(facts_at(c.facts, 2)->evidence.raw_len, 28);
}
END_TEST

START_TEST(out_of_guesses_still_speaks_rpc)
{
	converse_open(&c, &probe_rpc, &tcp);
	converse_hear(&c, unavail_0, sizeof(unavail_0));
	converse_hear(&c, unavail_1, sizeof(unavail_1));
	converse_said(&c, call_2, sizeof(call_2));
	ck_assert_int_eq(
	    converse_hear(&c, unavail_2, sizeof(unavail_2)), STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
	converse_expect(
	    &c, "tcp/655 rpc.speaks=yes\ntcp/655 port.speaks=rpc\n");
}
END_TEST

START_TEST(mismatch_tells_the_versions)
{
	converse_open(&c, &probe_rpc, &tcp);
	ck_assert_int_eq(
	    converse_hear(&c, mismatch_0, sizeof(mismatch_0)), STEP_DONE);
	converse_expect(&c,
	    "tcp/655 rpc.speaks=yes\n"
	    "tcp/655 port.speaks=rpc\n"
	    "tcp/655 rpc.answered=100069 ypxfrd v1-2\n");
	converse_open(&c, &probe_rpc, &tcp);
	ck_assert_int_eq(
	    converse_hear(&c, inverted_0, sizeof(inverted_0)), STEP_ABORT);
	converse_expect(&c, "tcp/655 rpc.broken=reply that is none\n");
}
END_TEST

START_TEST(refusals_are_noted)
{
	converse_open(&c, &probe_rpc, &tcp);
	ck_assert_int_eq(
	    converse_hear(&c, system_err_0, sizeof(system_err_0)), STEP_WAIT);
	converse_said(&c, call_1, sizeof(call_1));
	ck_assert_str_eq(facts_get(c.facts, FACT_RPC_REFUSED), "system error");
	converse_open(&c, &probe_rpc, &tcp);
	ck_assert_int_eq(
	    converse_hear(&c, denied_0, sizeof(denied_0)), STEP_DONE);
	ck_assert_str_eq(facts_get(c.facts, FACT_RPC_REFUSED),
	    "denied: authentication status 2");
	ck_assert_ptr_null(facts_get(c.facts, FACT_RPC_ANSWERED));
}
END_TEST

START_TEST(domain_is_asked_only_when_named)
{
	struct ask named = tcp;

	named.nis_domain = "mri-1";
	converse_open(&c, &probe_rpc, &named);
	converse_hear(&c, unavail_0, sizeof(unavail_0));
	ck_assert_int_eq(
	    converse_hear(&c, success_1, sizeof(success_1)), STEP_WAIT);
	converse_said(&c, call_domain, sizeof(call_domain));
	ck_assert_int_eq(converse_hear(&c, served, sizeof(served)), STEP_DONE);
	ck_assert_str_eq(facts_get(c.facts, FACT_NIS_DOMAIN), "mri-1 served");
	converse_open(&c, &probe_rpc, &named);
	converse_hear(&c, unavail_0, sizeof(unavail_0));
	converse_hear(&c, success_1, sizeof(success_1));
	ck_assert_int_eq(
	    converse_hear(&c, perhaps, sizeof(perhaps)), STEP_ABORT);
	ck_assert_ptr_null(facts_get(c.facts, FACT_NIS_DOMAIN));
}
END_TEST

START_TEST(another_protocol_claims_nothing)
{
	static const uint8_t stray[] = { 0x80, 0, 0, 24, XID(0xfd), REPLY(0) };

	converse_open(&c, &probe_rpc, &tcp);
	ck_assert_int_eq(converse_hear(&c, "SSH-2.0-x\r\n", 11), STEP_ABORT);
	ck_assert_uint_eq(c.said_len, 0);
	converse_expect(&c, "");
	converse_open(&c, &probe_rpc, &tcp);
	ck_assert_int_eq(converse_hear(&c, stray, sizeof(stray)), STEP_ABORT);
	converse_expect(&c, "");
	/* After RPC was spoken, it is a broken promise. */
	converse_open(&c, &probe_rpc, &tcp);
	converse_hear(&c, unavail_0, sizeof(unavail_0));
	ck_assert_int_eq(converse_hear(&c, stray, sizeof(stray)), STEP_ABORT);
	ck_assert_ptr_nonnull(facts_get(c.facts, FACT_RPC_BROKEN));
}
END_TEST

START_TEST(over_udp_strays_are_passed_over)
{
	struct ask udp = tcp;

	udp.via_udp = true;
	converse_open(&c, &probe_rpc, &udp);
	converse_said(&c, call_0 + 4, sizeof(call_0) - 4);
	ck_assert_int_eq(converse_hear(&c, success_1 + 4, 24), STEP_WAIT);
	ck_assert_uint_eq(c.said_len, 0);
	ck_assert_int_eq(converse_turn(&c, TURN_QUIET), STEP_WAIT);
	converse_said(&c, call_0 + 4, sizeof(call_0) - 4);
	ck_assert_int_eq(converse_hear(&c, unavail_0 + 4, 24), STEP_WAIT);
	converse_said(&c, call_1 + 4, sizeof(call_1) - 4);
	/* The answer to the first call once more, late. */
	ck_assert_int_eq(converse_hear(&c, unavail_0 + 4, 24), STEP_WAIT);
	ck_assert_uint_eq(c.said_len, 0);
	ck_assert_int_eq(converse_hear(&c, success_1 + 4, 24), STEP_DONE);
	ck_assert_str_eq(facts_get(c.facts, FACT_NIS_YPSERV), "yes");
}
END_TEST

/* A server that serves others only keeps silent; its library does not. */
START_TEST(silence_is_asked_for_versions)
{
	/* clang-format off */
	static const uint8_t which[] = {
		0x80, 0, 0, 40, XID(0xfe), CALL(0xe5, 0, 0) };
	/* clang-format on */

	converse_open(&c, &probe_rpc, &tcp);
	ck_assert_int_eq(converse_turn(&c, TURN_QUIET), STEP_WAIT);
	converse_said(&c, which, sizeof(which));
	ck_assert_int_eq(
	    converse_hear(&c, mismatch_0, sizeof(mismatch_0)), STEP_DONE);
	ck_assert_str_eq(
	    facts_get(c.facts, FACT_RPC_ANSWERED), "100069 ypxfrd v1-2");

	converse_open(&c, &probe_rpc, &tcp);
	converse_turn(&c, TURN_QUIET);
	ck_assert_int_eq(converse_turn(&c, TURN_QUIET), STEP_DONE);
	converse_expect(&c, "");
}
END_TEST

START_TEST(cut_replies)
{
	static struct converse cut;

	for (size_t len = 12; len < sizeof(mismatch_0); len++) {
		converse_cut(&cut, &probe_rpc, &tcp, mismatch_0, len, TURN_EOF);
		converse_expect(&cut, "tcp/655 rpc.broken=reply cut\n");
	}
	for (size_t len = 0; len < 12; len++) {
		converse_cut(&cut, &probe_rpc, &tcp, mismatch_0, len, TURN_EOF);
		converse_expect(&cut, "");
	}
	converse_batter(&probe_rpc, &tcp, mismatch_0, sizeof(mismatch_0));
	converse_batter(&probe_rpc, &tcp, denied_0, sizeof(denied_0));
}
END_TEST

START_TEST(no_guess_says_nothing)
{
	struct ask none = tcp;

	none.guesses_len = 0;
	ck_assert_int_eq(converse_open(&c, &probe_rpc, &none), STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
}
END_TEST

START_TEST(names_and_guesses)
{
	static const struct rpc_versions gap[] = { { 1, 2 }, { 4, 4 } };
	static const struct rpc_versions wide = { 0, UINT32_MAX };
	char text[RPC_PROGRAM_TEXT];

	ck_assert_str_eq(rpc_name(RPC_YPBIND), "ypbind");
	ck_assert_ptr_null(rpc_name(42));
	ck_assert_str_eq(
	    rpc_program_text(text, RPC_YPSERV, gap, 2), "100004 ypserv v1-2,4");
	ck_assert_str_eq(rpc_program_text(text, UINT32_MAX, &wide, 1),
	    "4294967295 unnamed v0-4294967295");
	ck_assert_uint_le(rpc_default_guesses_len, 40);
	for (size_t i = 0; i < rpc_default_guesses_len; i++) {
		ck_assert_ptr_nonnull(rpc_name(rpc_default_guesses[i].program));
		for (size_t j = 0; j < i; j++)
			ck_assert_uint_ne(rpc_default_guesses[i].program,
			    rpc_default_guesses[j].program);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { guesses_go_in_order_until_one_answers,
		out_of_guesses_still_speaks_rpc, mismatch_tells_the_versions,
		refusals_are_noted, domain_is_asked_only_when_named,
		another_protocol_claims_nothing,
		over_udp_strays_are_passed_over, silence_is_asked_for_versions,
		cut_replies, no_guess_says_nothing, names_and_guesses, NULL };

	return unit_run("rpc", tests);
}
