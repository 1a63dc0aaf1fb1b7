/* SPDX-License-Identifier: ISC */
/*
 * shots: every pair exactly once a round, each host a whole round apart, only
 * what kept silent asked again; and what each port is told to be.
 */
#include <stdlib.h>
#include <string.h>

#include "scanner/position.h"
#include "scanner/shots.h"
#include "t/unit.h"

enum { PORTS = 7 };
static const uint16_t ports[PORTS] = { 21, 22, 104, 111, 658, 1600, 11112 };

static struct scope *
scope_of(const char *target, const char *denied)
{
	struct scope *scope = scope_new();
	char error[SCOPE_ERROR];

	ck_assert_msg(scope_allow(scope, target, error), "%s", error);
	if (denied != NULL)
		ck_assert(scope_deny(scope, denied, error));
	ck_assert_msg(scope_freeze(scope, error), "%s", error);
	return scope;
}

static struct shots *
shots_of(const struct scope *scope)
{
	struct shots_targets t = { .scope = scope,
		.hosts = scope_size(scope),
		.ports = ports,
		.ports_len = PORTS };

	return shots_new(&t, 99);
}

START_TEST(each_pair_once_and_hosts_apart)
{
	static const char *const scopes[] = { "10.0.0.0/24", "10.0.0.7",
		"10.0.0.0-10.0.3.232", "10.1.2.3-5" };

	for (size_t k = 0; k < sizeof(scopes) / sizeof(scopes[0]); k++) {
		struct scope *scope = scope_of(scopes[k], NULL);
		uint64_t hosts = scope_size(scope), n = 0;
		struct shots *s = shots_of(scope);
		uint8_t *seen = calloc(hosts * PORTS, 1);
		uint64_t *last = calloc(hosts, sizeof(*last));
		struct shot_at at;

		while (shots_next(s, ~0U, &at)) {
			uint64_t host = scope_index_of(scope, at.address);
			size_t p = 0;

			while (ports[p] != at.port)
				p++;
			ck_assert_uint_ne(host, SCOPE_NOWHERE);
			ck_assert_uint_eq(seen[host * PORTS + p]++, 0);
			n++;
			if (last[host] != 0)
				ck_assert_uint_eq(n - last[host], hosts);
			last[host] = n;
		}
		ck_assert_uint_eq(n, hosts * PORTS);
		ck_assert(shots_round_over(s));
		free(seen);
		free(last);
		shots_free(s);
		scope_free(scope);
	}
}
END_TEST

START_TEST(denied_hosts_are_no_targets)
{
	struct scope *scope = scope_of("10.0.0.0/28", "10.0.0.4/30");
	struct shots *s = shots_of(scope);
	struct shot_at at;
	size_t n = 0;

	while (shots_next(s, ~0U, &at)) {
		ck_assert(at.address < 0x0a000004 || at.address > 0x0a000007);
		n++;
	}
	ck_assert_uint_eq(n, 12 * PORTS);
	shots_free(s);
	scope_free(scope);
}
END_TEST

START_TEST(only_the_silent_are_asked_again)
{
	struct scope *scope = scope_of("10.0.0.0/24", NULL);
	struct shots *s = shots_of(scope);
	struct shot_at at;
	size_t second = 0;

	while (shots_next(s, ~0U, &at))
		if (at.port != 658)
			ck_assert(shots_answer(s, at.address, at.port,
			    at.port == 104 ? PORT_OPEN : PORT_CLOSED));
	ck_assert(shots_round_next(s));
	while (shots_next(s, ~0U, &at)) {
		ck_assert_uint_eq(at.port, 658);
		second++;
	}
	ck_assert_uint_eq(second, 256);
	/* It brought nothing: silence, not loss. */
	ck_assert(!shots_round_next(s));
	ck_assert_int_eq(shots_state(s, 0x0a000009, 104), PORT_OPEN);
	ck_assert_int_eq(shots_state(s, 0x0a000009, 21), PORT_CLOSED);
	ck_assert_int_eq(shots_state(s, 0x0a000009, 658), PORT_FILTERED);
	ck_assert_int_eq(shots_state(s, 0x0a000009, 80), PORT_UNPROBED);
	ck_assert_int_eq(shots_state(s, 0x0b000009, 21), PORT_UNPROBED);
	shots_free(s);
	scope_free(scope);
}
END_TEST

START_TEST(loss_is_asked_again_until_it_is_rare)
{
	struct scope *scope = scope_of("10.0.0.0/22", NULL);
	struct shots *s = shots_of(scope);
	struct shot_at at;
	unsigned rounds = 1, lcg = 1;
	size_t open = 0;

	do {
		while (shots_next(s, ~0U, &at)) {
			lcg = lcg * 1103515245U + 12345U;
			/* One in three is lost, either way. */
			if ((lcg >> 16) % 3 != 0)
				open += shots_answer(
				    s, at.address, at.port, PORT_OPEN);
		}
	} while (shots_round_next(s) && ++rounds);
	ck_assert_uint_le(rounds, SHOTS_ROUNDS);
	ck_assert_uint_ge(open, 1024 * PORTS * 995 / 1000);
	shots_free(s);
	scope_free(scope);
}
END_TEST

/* What is heard only when asked again was lost before. */
START_TEST(the_loss_is_told)
{
	struct scope *scope = scope_of("10.0.0.0/26", "10.0.0.9");
	struct shots *s = shots_of(scope);
	struct shot_at at;
	uint64_t n = 0;

	ck_assert(shots_loss(s) <= 0);
	while (shots_next(s, ~0U, &at))
		if (n++ % 4 != 0)
			shots_answer(s, at.address, at.port, PORT_CLOSED);
	ck_assert(shots_loss(s) <= 0);
	ck_assert(shots_round_next(s));
	while (shots_next(s, ~0U, &at))
		shots_answer(s, at.address, at.port, PORT_CLOSED);
	ck_assert(shots_loss(s) > 0.24 && shots_loss(s) < 0.26);
	shots_free(s);
	scope_free(scope);
}
END_TEST

START_TEST(answers_count_once)
{
	struct scope *scope = scope_of("10.0.0.0/24", NULL);
	struct shots *s = shots_of(scope);

	ck_assert(shots_answer(s, 0x0a000001, 104, PORT_OPEN));
	ck_assert(!shots_answer(s, 0x0a000001, 104, PORT_OPEN));
	ck_assert(!shots_answer(s, 0x0a000001, 104, PORT_CLOSED));
	ck_assert(shots_answer(s, 0x0a000001, 21, PORT_FILTERED));
	ck_assert(!shots_answer(s, 0x0a000001, 21, PORT_OPEN));
	ck_assert(!shots_answer(s, 0x0b000001, 104, PORT_OPEN));
	ck_assert(!shots_answer(s, 0x0a000001, 81, PORT_OPEN));
	shots_free(s);
	scope_free(scope);
}
END_TEST

START_TEST(a_list_narrows_the_scope)
{
	static const uint32_t list[] = { 3, 17, 200 };
	struct scope *scope = scope_of("10.0.0.0/24", NULL);
	struct shots_targets t = { .scope = scope,
		.list = list,
		.hosts = 3,
		.ports = ports,
		.ports_len = PORTS };
	struct shots *s = shots_new(&t, 5);
	struct shot_at at;
	size_t n = 0;

	for (; shots_next(s, ~0U, &at); n++)
		ck_assert(at.address == 0x0a000003 ||
		    at.address == 0x0a000011 || at.address == 0x0a0000c8);
	ck_assert_uint_eq(n, 3 * PORTS);
	ck_assert(!shots_answer(s, 0x0a000004, 104, PORT_OPEN));
	ck_assert(shots_answer(s, 0x0a0000c8, 104, PORT_OPEN));
	shots_free(s);
	scope_free(scope);
}
END_TEST

/* What port of what host answers at all; the same for whoever asks. */
static bool
is_heard(const struct shot_at *at, unsigned shot)
{
	return (at->address * 7 + at->port) % 3 == 0 && shot % 5 != 0;
}

/* Shoots at most `most`, answers noted, into list from n on; returns how many
 * there are then. */
static size_t
shoot(struct shots *s, size_t most, struct shot_at *list, size_t n)
{
	while (n < most) {
		if (!shots_next(s, ~0U, &list[n])) {
			if (!shots_round_next(s))
				break;
			continue;
		}
		if (is_heard(&list[n], (unsigned)n))
			shots_answer(s, list[n].address, list[n].port,
			    list[n].port % 2 ? PORT_OPEN : PORT_CLOSED);
		n++;
	}
	return n;
}

/* Another process has the same targets and nothing else. */
static struct shots *
carry_over(struct shots *s, const struct shots_targets *t)
{
	struct shots *again = shots_new(t, 99);
	struct shots_position p;

	shots_position(s, &p);
	ck_assert(shots_resume(again, &p));
	shots_free(s);
	return again;
}

static bool
is_same(const struct shot_at *a, const struct shot_at *b)
{
	return a->address == b->address && a->port == b->port;
}

START_TEST(any_resume_point_gives_exactly_the_rest)
{
	enum { MOST = 4000 };
	static struct shot_at whole[MOST], cut[MOST];
	static const uint32_t list[] = { 1, 3, 17, 18, 40, 61 };
	struct scope *scope = scope_of("10.0.0.0/26", "10.0.0.9");
	struct shots_targets t = {
		.scope = scope, .ports = ports, .ports_len = PORTS
	};

	for (int narrow = 0; narrow < 2; narrow++) {
		struct shots *a, *b;
		size_t n, differ = 0; /* one assertion each would take long */

		t.list = narrow ? list : NULL;
		t.hosts = narrow ? 6 : scope_size(scope);
		a = shots_new(&t, 99);
		n = shoot(a, MOST, whole, 0);
		ck_assert_uint_gt(n, t.hosts * PORTS);
		ck_assert_uint_lt(n, MOST);
		for (size_t k = 0; k <= n; k++) {
			b = shots_new(&t, 99);
			ck_assert_uint_eq(shoot(b, k, cut, 0), k);
			b = carry_over(b, &t);
			ck_assert_uint_eq(shoot(b, MOST, cut, k), n);
			for (size_t i = 0; i < n; i++)
				differ += !is_same(&cut[i], &whole[i]) ||
				    shots_state(
					b, cut[i].address, cut[i].port) !=
					shots_state(
					    a, cut[i].address, cut[i].port);
			ck_assert_uint_eq(differ, 0);
			shots_free(b);
		}
		shots_free(a);
	}
	scope_free(scope);
}
END_TEST

START_TEST(a_position_of_other_targets_is_refused)
{
	struct scope *scope = scope_of("10.0.0.0/26", NULL);
	struct scope *other = scope_of("10.0.0.0/25", NULL);
	struct shots *s = shots_of(scope), *o = shots_of(other);
	struct shots_position p;

	shots_position(o, &p);
	ck_assert(!shots_resume(s, &p));
	shots_position(s, &p);
	ck_assert(!shots_resume(o, &p));
	ck_assert(shots_resume(s, &p));
	p.at = 64 * PORTS;
	ck_assert(shots_resume(s, &p));
	p.at++;
	ck_assert(!shots_resume(s, &p));
	p.at = 0;
	p.round = SHOTS_ROUNDS;
	ck_assert(!shots_resume(s, &p));
	shots_free(s);
	shots_free(o);
	scope_free(scope);
	scope_free(other);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { each_pair_once_and_hosts_apart,
		denied_hosts_are_no_targets, only_the_silent_are_asked_again,
		loss_is_asked_again_until_it_is_rare, the_loss_is_told,
		answers_count_once, a_list_narrows_the_scope,
		any_resume_point_gives_exactly_the_rest,
		a_position_of_other_targets_is_refused, NULL };

	return unit_run("shots", tests);
}
