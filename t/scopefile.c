/* SPDX-License-Identifier: ISC */
/* scopefile - the authority as written: what it allows and when it ends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/scope.h"
#include "t/unit.h"

static char error[SCOPE_ERROR];
static char path[] = "/tmp/gantry-scope-XXXXXX";

/* 2026-11-23 12:00 UTC */
static const int64_t noon_ns = INT64_C(1795435200) * 1000000000;

/* Writes a file for one test; it is removed by drop(). */
static const char *
file_of(const char *text)
{
	int fd = mkstemp(path);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
	return path;
}

static void
drop(void)
{
	unlink(path);
}

static const char good_file[] = "owner: Radiology IT\n"
				"expires: 2026-11-23\n"
				"networks:\n"
				"  - 192.0.2.0/24\n"
				"  - 10.1.0.0/16\n"
				"do_not_probe: [192.0.2.7]\n"
				"exclude_ports: [161, 'T:23', 600-602]\n";

START_TEST(reads_a_scope_file)
{
	struct scope *s = scope_new();
	uint32_t host = ip("192.0.2.8");

	ck_assert(scope_allow(s, "192.0.2.0/28", error));
	ck_assert_msg(scope_read_file(s, file_of(good_file), noon_ns, error),
	    "%s", error);
	ck_assert_msg(scope_freeze(s, error), "%s", error);
	ck_assert_str_eq(scope_owner(s), "Radiology IT");
	ck_assert_str_eq(scope_expiry(s), "2026-11-23");
	ck_assert(scope_has_host(s, host));
	ck_assert(!scope_has_host(s, ip("192.0.2.7")));
	ck_assert(!scope_has_port(s, host, ABOUT_TCP, 161));
	ck_assert(!scope_has_port(s, host, ABOUT_UDP, 161));
	ck_assert(!scope_has_port(s, host, ABOUT_TCP, 23));
	ck_assert(scope_has_port(s, host, ABOUT_UDP, 23));
	ck_assert(!scope_has_port(s, host, ABOUT_TCP, 602));
	ck_assert(scope_has_port(s, host, ABOUT_TCP, 603));
	scope_free(s);
	drop();
}
END_TEST

START_TEST(a_scope_file_bounds_targets)
{
	struct scope *s = scope_new();

	ck_assert(scope_allow(s, "10.2.0.1", error)); /* private, not named */
	ck_assert(scope_read_file(s, file_of(good_file), noon_ns, error));
	ck_assert(!scope_freeze(s, error));
	ck_assert_str_eq(
	    error, "10.2.0.1 is not in the networks the scope file names");
	scope_free(s);
	drop();
}
END_TEST

START_TEST(authority_ends_with_its_day)
{
	const int64_t midnight_ns = noon_ns + INT64_C(12) * 3600 * 1000000000;
	struct scope *s = scope_new();

	file_of(good_file);
	ck_assert(scope_read_file(s, path, midnight_ns - 1, error));
	ck_assert(!scope_read_file(s, path, midnight_ns, error));
	ck_assert_ptr_nonnull(strstr(error, ":2: the authority ended with "));
	scope_free(s);
	drop();
}
END_TEST

/* Each with what the one line must contain. */
static const struct {
	const char *text, *want;
} bad_files[] = { { "", ": is empty" },
	{ "owner: A\nexpires: 2027-01-01\n", "networks" },
	{ "owner: A\nexpires: 2027-01-01\nnetworks: []\n", ":3: " },
	{ "expires: 2027-01-01\nnetworks: [10.0.0.0/8]\n", "owner" },
	{ "owner: A\nnetworks: [10.0.0.0/8]\n", "expires" },
	{ "owner: A\nexpires: 2027-02-29\nnetworks: [10.0.0.0/8]\n",
	    ":2: expires: \"2027-02-29\" is not a day" },
	{ "owner: A\nexpires: soon\nnetworks: [10.0.0.0/8]\n",
	    ":2: expires: \"soon\"" },
	{ "owner: A\nexpires: 2027-01-01\nnetworks:\n- 10.0.0.0/8\n- ct\n",
	    ":5: \"ct\" is not" },
	{ "owner: A\nexpires: 2027-01-01\nnetworks: [10.0.0.0/8]\n"
	  "exclude_ports: [104, 70000]\n",
	    ":4: ports: \"70000\"" },
	{ "owner: A\nexpires: 2027-01-01\nnetworks: [10.0.0.0/8]\n"
	  "do_not_prob: [10.0.0.1]\n",
	    ":4: Unexpected key: do_not_prob" },
	{ "owner: A\nexpires: 2027-01-01\nnetworks: [10.0.0.0/8\n", ": " },
	{ "owner: &a A\nexpires: *a\nnetworks: [10.0.0.0/8]\n", ":2: " },
	{ "owner: \"A\\nB\"\nexpires: 2027-01-01\nnetworks: [10.0.0.0/8]\n",
	    ":1: owner: holds a control character" },
	{ "- a\n- b\n", "Expecting MAPPING" } };

START_TEST(bad_scope_files_are_one_line)
{
	for (size_t i = 0; i < sizeof(bad_files) / sizeof(bad_files[0]); i++) {
		struct scope *s = scope_new();

		memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
		file_of(bad_files[i].text);
		error[0] = '\0';
		ck_assert_msg(!scope_read_file(s, path, noon_ns, error), "%s",
		    bad_files[i].text);
		ck_assert_msg(strncmp(error, path, strlen(path)) == 0 &&
			strstr(error, bad_files[i].want) != NULL &&
			strchr(error, '\n') == NULL,
		    "%zu: %s", i, error);
		scope_free(s);
		drop();
	}
}
END_TEST

/* Every cut of a good file is read or refused, never crashed on. */
START_TEST(scope_files_cut_anywhere)
{
	char text[sizeof(good_file)];

	for (size_t len = 0; len < sizeof(good_file) - 1; len++) {
		struct scope *s = scope_new();

		memcpy(text, good_file, len);
		text[len] = '\0';
		memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
		file_of(text);
		error[0] = '\0';
		if (!scope_read_file(s, path, noon_ns, error))
			ck_assert(error[0] != '\0');
		else /* the three that must be there are there */
			ck_assert_uint_gt(
			    len, strstr(good_file, "  - 192") - good_file);
		scope_free(s);
		drop();
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { reads_a_scope_file,
		a_scope_file_bounds_targets, authority_ends_with_its_day,
		bad_scope_files_are_one_line, scope_files_cut_anywhere, NULL };

	return unit_run("scopefile", tests);
}
