/* SPDX-License-Identifier: ISC */
/*
 * target - properties of the walk over a scope, rather than examples of it:
 * each (address, port) once, none outside, any resume point, even spacing.
 */
#include <stdlib.h>
#include <string.h>

#include "scanner/target.h"
#include "t/unit.h"

static char error[SCOPE_ERROR];

static const uint64_t sizes[] = { 1, 2, 3, 4, 5, 15, 16, 17, 255, 256, 257,
	1000, 4095, 65536, 65537 };
enum { SIZES = sizeof(sizes) / sizeof(sizes[0]) };

/* A scope of that many addresses in three pieces, as far as they go. */
static struct scope *
scope_of_size(uint64_t size)
{
	static const uint32_t starts[] = { 0x0a000000, 0x0a800003, 0xac100001 };
	struct scope *scope = scope_new();
	uint64_t left = size;

	for (int i = 0; i < 3; i++) {
		uint64_t n = i == 2 ? left : left / 3;
		char text[2 * NET_IPV4_TEXT], a[NET_IPV4_TEXT],
		    b[NET_IPV4_TEXT];

		if (n == 0)
			continue;
		snprintf(text, sizeof(text), "%s-%s", ipv4_text(starts[i], a),
		    ipv4_text(starts[i] + (uint32_t)n - 1, b));
		ck_assert(scope_allow(scope, text, error));
		left -= n;
	}
	ck_assert(scope_freeze(scope, error));
	ck_assert_uint_eq(scope_size(scope), size);
	return scope;
}

/* Returns the place of address in the ranges, or the size where outside. */
static uint64_t
index_of(const struct scope *scope, uint32_t address)
{
	uint64_t before = 0;
	size_t n;
	const struct scope_range *r = scope_ranges(scope, &n);

	for (size_t i = 0; i < n; i++) {
		if (address >= r[i].first && address <= r[i].last)
			return before + (address - r[i].first);
		before += (uint64_t)r[i].last - r[i].first + 1;
	}
	return scope_size(scope);
}

START_TEST(permutes_every_size)
{
	for (uint64_t size = 1; size <= 2100; size++) {
		struct permutation p;
		uint8_t *seen = calloc(size, 1);

		permutation_init(&p, size, size * 77);
		for (uint64_t i = 0; i < size; i++) {
			uint64_t at = permutation_at(&p, i);

			/* asserting writes to a file: not for each */
			if (at >= size || seen[at]++ != 0)
				ck_abort_msg("size %u, index %u",
				    (unsigned)size, (unsigned)i);
		}
		free(seen);
	}
}
END_TEST

START_TEST(permutes_large_sizes_into_themselves)
{
	static const uint64_t large[] = { UINT64_C(1) << 32,
		(UINT64_C(1) << 32) - 1, (UINT64_C(1) << 32) + 1, UINT64_MAX };

	for (size_t k = 0; k < 4; k++) {
		struct permutation p;

		permutation_init(&p, large[k], 1);
		for (uint64_t i = 0; i < 2000; i++)
			ck_assert_uint_lt(permutation_at(&p, i), large[k]);
		ck_assert_uint_lt(permutation_at(&p, large[k] - 1), large[k]);
		ck_assert_uint_ne(permutation_at(&p, 0), permutation_at(&p, 1));
	}
}
END_TEST

/* Neighbours must not be hit together, and keys must differ. */
START_TEST(the_order_is_spread_and_keyed)
{
	struct permutation p, q;
	unsigned close = 0, same = 0, fixed = 0;
	enum { N = 65536 };

	permutation_init(&p, N, 1);
	permutation_init(&q, N, 2);
	for (uint64_t i = 0; i + 1 < N; i++) {
		uint64_t a = permutation_at(&p, i);
		uint64_t b = permutation_at(&p, i + 1);

		close += (a > b ? a - b : b - a) < 256;
		same += a == permutation_at(&q, i);
		fixed += a == i;
	}
	/* by chance 1 in 128 is close, and one in all the same or fixed */
	ck_assert_uint_lt(close, N / 128 * 5 / 4);
	ck_assert_uint_gt(close, N / 128 * 3 / 4);
	ck_assert_uint_lt(same, 12);
	ck_assert_uint_lt(fixed, 12);
}
END_TEST

static const uint16_t ports[] = { 104, 515, 22, 9100, 111 };
enum { PORTS = 5, OPEN_PORTS = 3 }; /* two of them are harmful */

START_TEST(each_once_and_none_outside)
{
	for (size_t k = 0; k < SIZES; k++) {
		struct scope *scope = scope_of_size(sizes[k]);
		uint8_t *seen = calloc(sizes[k], OPEN_PORTS);
		struct target target;
		struct shot_at at;
		uint64_t n = 0;

		target_init(&target, scope, ABOUT_TCP, ports, PORTS, 42);
		while (target_next(&target, &at)) {
			uint64_t i = index_of(scope, at.address);
			uint64_t round = n / sizes[k];

			if (i >= sizes[k] || round >= OPEN_PORTS ||
			    at.port != ports[round * 2] ||
			    seen[i * OPEN_PORTS + round]++ != 0)
				ck_abort_msg("shot %u", (unsigned)n);
			n++;
		}
		ck_assert_uint_eq(n, sizes[k] * OPEN_PORTS);
		ck_assert(!target_next(&target, &at));
		free(seen);
		scope_free(scope);
	}
}
END_TEST

START_TEST(denied_hosts_are_never_shot_at)
{
	struct scope *scope = scope_new();
	struct target target;
	struct shot_at at;
	uint64_t n = 0;

	ck_assert(scope_allow(scope, "10.0.0.0/20", error));
	for (int i = 0; i < 400; i++) {
		char text[NET_IPV4_TEXT];

		ck_assert(scope_deny(scope,
		    ipv4_text(0x0a000000 + (uint32_t)(i * i) % 4096, text),
		    error));
	}
	ck_assert(scope_freeze(scope, error));
	target_init(&target, scope, ABOUT_UDP, ports, PORTS, 7);
	for (; target_next(&target, &at); n++)
		if (!scope_has_port(scope, at.address, ABOUT_UDP, at.port))
			ck_abort_msg("shot %u", (unsigned)n);
	ck_assert_uint_eq(n, scope_size(scope) * OPEN_PORTS);
	ck_assert_uint_lt(scope_size(scope), 4096);
	scope_free(scope);
}
END_TEST

/*
 * The property that spares hosts: all shots at one host are the same distance
 * apart, the number of addresses, whatever is passed over between them.
 */
START_TEST(spacing_is_the_size_of_the_scope)
{
	for (size_t k = 0; k < SIZES; k++) {
		struct scope *scope = scope_of_size(sizes[k]);
		uint64_t *last = calloc(sizes[k], sizeof(*last));
		struct target target;
		struct shot_at at;

		target_init(&target, scope, ABOUT_TCP, ports, PORTS, k);
		for (uint64_t n = 1; target_next(&target, &at); n++) {
			uint64_t i = index_of(scope, at.address);

			if (last[i] != 0 && n - last[i] != sizes[k])
				ck_abort_msg("shot %u", (unsigned)n);
			last[i] = n;
		}
		free(last);
		scope_free(scope);
	}
}
END_TEST

START_TEST(goes_on_from_any_point)
{
	static const uint64_t small[] = { 1, 2, 3, 5, 97 };

	for (size_t k = 0; k < sizeof(small) / sizeof(small[0]); k++) {
		struct scope *scope = scope_of_size(small[k]);
		uint64_t all = small[k] * OPEN_PORTS;
		struct target whole;
		struct shot_at at;

		target_init(&whole, scope, ABOUT_TCP, ports, PORTS, 9);
		for (uint64_t done = 0; done <= all; done++) {
			struct target rest, twin = whole;
			struct shot_at a, b;
			uint64_t n = 0;

			target_init(&rest, scope, ABOUT_TCP, ports, PORTS, 9);
			target_resume(&rest, whole.round, whole.index);
			for (; target_next(&rest, &a); n++)
				if (!target_next(&twin, &b) ||
				    a.address != b.address || a.port != b.port)
					ck_abort_msg("after %u of %u",
					    (unsigned)done, (unsigned)all);
			ck_assert_uint_eq(n, all - done);
			ck_assert(target_next(&whole, &at) == (done < all));
		}
		scope_free(scope);
	}
}
END_TEST

START_TEST(without_ports_each_host_once)
{
	struct scope *scope = scope_of_size(257);
	uint8_t seen[257] = { 0 };
	struct target target;
	struct shot_at at;
	uint64_t n = 0;

	target_init(&target, scope, ABOUT_TCP, NULL, 0, 3);
	for (; target_next(&target, &at); n++) {
		ck_assert_uint_eq(at.port, 0);
		ck_assert_uint_eq(seen[index_of(scope, at.address)]++, 0);
	}
	ck_assert_uint_eq(n, 257);
	scope_free(scope);
}
END_TEST

START_TEST(nothing_in_nothing_out)
{
	struct scope *scope = scope_new();
	struct target target;
	struct shot_at at;

	ck_assert(scope_freeze(scope, error));
	target_init(&target, scope, ABOUT_TCP, ports, PORTS, 1);
	ck_assert(!target_next(&target, &at));
	target_init(&target, scope, ABOUT_HOST, NULL, 0, 1);
	ck_assert(!target_next(&target, &at));
	scope_free(scope);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { permutes_every_size,
		permutes_large_sizes_into_themselves,
		the_order_is_spread_and_keyed, each_once_and_none_outside,
		denied_hosts_are_never_shot_at,
		spacing_is_the_size_of_the_scope, goes_on_from_any_point,
		without_ports_each_host_once, nothing_in_nothing_out, NULL };

	return unit_run("target", tests);
}
