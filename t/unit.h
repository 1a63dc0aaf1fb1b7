/* SPDX-License-Identifier: ISC */
/*
 * unit - what every C unit test shares: check, run as one suite with TAP on
 * standard output, and bytes placed so that reading past them crashes.
 *
 *	START_TEST(reads_a_reply) { ck_assert_int_eq(1, 1); } END_TEST
 *	int main(void) {
 *		const TTest *const tests[] = { reads_a_reply, NULL };
 *		return unit_run("dicom", tests);
 *	}
 */
#ifndef UNIT_H
#define UNIT_H

#include <check.h>
#include <stddef.h>
#include <stdint.h>

/* Runs the tests, ended by NULL, each in a process of its own.  Returns the
 * exit status for main(). */
int unit_run(const char *name, const TTest *const *tests);

/*
 * Returns a read-only copy of len bytes whose last byte lies at the very end
 * of a page; the next page is unmapped, so reading one byte too many crashes
 * even without a sanitizer.  Lives until unit_edge_free() or exit.
 */
const uint8_t *at_the_edge(const void *src, size_t len);

/* Frees every copy at_the_edge() made. */
void unit_edge_free(void);

/* Returns a dotted address as a number, host byte order; the test fails where
 * it is none. */
uint32_t ip(const char *text);

#endif
