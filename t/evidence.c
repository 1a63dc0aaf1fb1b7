/* SPDX-License-Identifier: ISC */
/* evidence: golden blocks out, and everything back in through capture. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "scanner/capture.h"
#include "scanner/evidence.h"
#include "t/unit.h"

enum { ETHERNET = 1, RAW = 12, COOKED = 113 };

/* clang-format off */
/* One frame of 5 bytes, 99 on the wire, with a comment of 6. */
static const uint8_t golden[] =
	/* section, written by "gantry" */
	"\x0a\x0d\x0d\x0a" "\x2c\0\0\0" "\x4d\x3c\x2b\x1a" "\x01\0\0\0"
	"\xff\xff\xff\xff\xff\xff\xff\xff"
	"\x04\0\x06\0" "gantry\0\0" "\0\0\0\0" "\x2c\0\0\0"
	/* interface: Ethernet, nanoseconds */
	"\x01\0\0\0" "\x20\0\0\0" "\x01\0\0\0" "\0\0\x01\0"
	"\x09\0\x01\0" "\x09\0\0\0" "\0\0\0\0" "\x20\0\0\0"
	/* packet at 0x0123456789abcdef ns */
	"\x06\0\0\0" "\x38\0\0\0" "\0\0\0\0" "\x67\x45\x23\x01"
	"\xef\xcd\xab\x89" "\x05\0\0\0" "\x63\0\0\0" "hello\0\0\0"
	"\x01\0\x06\0" "beacon\0\0" "\0\0\0\0" "\x38\0\0\0";
/* clang-format on */

static char path[] = "/tmp/evidence-XXXXXX";
static char error[CAPTURE_ERROR];

static void
path_make(void)
{
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	close(fd);
}

static size_t
file_load(uint8_t *out, size_t size)
{
	FILE *f = fopen(path, "rb");
	size_t len;

	ck_assert_ptr_nonnull(f);
	len = fread(out, 1, size, f);
	fclose(f);
	return len;
}

static struct frame
frame_of(int link_type, const void *bytes, uint32_t len)
{
	return (struct frame){ .time_ns = 0x0123456789abcdef,
		.link_type = link_type,
		.bytes = at_the_edge(bytes, len),
		.len = len,
		.wire_len = 99 };
}

START_TEST(writes_the_blocks_of_the_draft)
{
	struct frame frame = frame_of(ETHERNET, "hello", 5);
	struct evidence_file *e;
	uint8_t bytes[512];
	size_t len;

	path_make();
	e = evidence_create(path, "gantry");
	ck_assert_ptr_nonnull(e);
	ck_assert_uint_eq(evidence_add(e, &frame, "beacon"), 1);
	/* Already there: a killed run keeps what it had. */
	len = file_load(bytes, sizeof(bytes));
	ck_assert_uint_eq(len, sizeof(golden) - 1);
	ck_assert_mem_eq(bytes, golden, sizeof(golden) - 1);
	ck_assert(evidence_close(e));
	ck_assert_uint_eq(file_load(bytes, sizeof(bytes)), sizeof(golden) - 1);
	unlink(path);
	ck_assert(evidence_close(NULL));
}
END_TEST

/* What capture read back. */
struct seen {
	unsigned n;
	const uint8_t *bytes; /* what every frame must begin with */
};

static void
see(void *arg, const struct frame *frame)
{
	struct seen *seen = arg;

	ck_assert_uint_eq(frame->number, seen->n + 1);
	ck_assert_int_eq(frame->time_ns, 1000000000 + (int)seen->n);
	ck_assert_uint_eq(frame->len, seen->n);
	ck_assert_uint_eq(frame->wire_len, seen->n == 0 ? 60 : seen->n);
	ck_assert_mem_eq(frame->bytes, seen->bytes, frame->len);
	seen->n++;
}

/* Frames and comments of every length modulo four, link types once each. */
START_TEST(capture_reads_it_back)
{
	static const int links[] = { ETHERNET, RAW, COOKED };
	static const char comment[] = "0123456789abcdef";
	uint8_t bytes[64];

	for (uint8_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = i;
	path_make();
	for (size_t l = 0; l < 3; l++) {
		struct evidence_file *e = evidence_create(path, "gantry 0.1");
		struct seen seen = { .bytes = bytes };
		struct capture *c;

		for (uint32_t i = 0; i < sizeof(bytes); i++) {
			struct frame frame = { .time_ns = 1000000000 + i,
				.number = 4711,
				.link_type = links[l],
				.bytes = at_the_edge(bytes, i),
				.len = i,
				.wire_len = i == 0 ? 60 : i };

			ck_assert_uint_eq(
			    evidence_add(e, &frame,
				i % 17 ? comment + i % 17 - 1 : NULL),
			    i + 1);
		}
		ck_assert(evidence_close(e));
		c = capture_open_file(path, error);
		ck_assert_msg(c != NULL, "%s", error);
		ck_assert_int_eq(
		    capture_read(c, 0, see, &seen, error), (int)sizeof(bytes));
		capture_free(c);
	}
	unlink(path);
}
END_TEST

START_TEST(each_link_type_is_described_once)
{
	static const int links[] = { ETHERNET, RAW, ETHERNET, COOKED, RAW };
	/* Where in the file the next block begins. */
	size_t at = 0, n = 0, described = 0;
	struct evidence_file *e;
	uint8_t bytes[1024];
	size_t len;

	path_make();
	e = evidence_create(path, NULL);
	for (unsigned i = 0; i < 5; i++) {
		struct frame frame = frame_of(links[i], "x", 1);

		ck_assert_uint_eq(evidence_add(e, &frame, ""), i + 1);
	}
	ck_assert(evidence_close(e));
	len = file_load(bytes, sizeof(bytes));
	while (at < len) {
		static const uint8_t want_link[] = { 1, 101, 113 };
		static const uint8_t want_id[] = { 0, 1, 0, 2, 1 };

		if (bytes[at] == 1)
			ck_assert_uint_eq(
			    bytes[at + 8], want_link[described++]);
		else if (bytes[at] == 6)
			ck_assert_uint_eq(bytes[at + 8], want_id[n++]);
		at += bytes[at + 4];
	}
	ck_assert_uint_eq(at, len);
	ck_assert_uint_eq(described, 3);
	ck_assert_uint_eq(n, 5);
	unlink(path);
}
END_TEST

START_TEST(a_file_without_frames_can_be_read)
{
	struct seen seen = { 0 };
	struct capture *c;

	path_make();
	ck_assert(evidence_close(evidence_create(path, "gantry")));
	c = capture_open_file(path, error);
	ck_assert_msg(c != NULL, "%s", error);
	ck_assert_int_eq(capture_read(c, 0, see, &seen, error), 0);
	capture_free(c);
	unlink(path);
}
END_TEST

static void
see_long(void *arg, const struct frame *frame)
{
	*(uint32_t *)arg = frame->len;
	ck_assert_uint_eq(frame->wire_len, 200000);
}

START_TEST(long_frames_and_comments_are_cut)
{
	static uint8_t bytes[200000];
	static char comment[100000];
	struct frame frame = { .link_type = ETHERNET,
		.time_ns = -5,
		.bytes = bytes,
		.len = sizeof(bytes),
		.wire_len = 7 };
	struct evidence_file *e;
	struct capture *c;
	uint32_t len = 0;

	memset(comment, 'c', sizeof(comment) - 1);
	path_make();
	e = evidence_create(path, comment);
	ck_assert_uint_eq(evidence_add(e, &frame, comment), 1);
	ck_assert(evidence_close(e));
	c = capture_open_file(path, error);
	ck_assert_int_eq(capture_read(c, 0, see_long, &len, error), 1);
	ck_assert_uint_eq(len, 65536);
	capture_free(c);
	unlink(path);
}
END_TEST

static void
see_any(void *arg, const struct frame *frame)
{
	ck_assert_uint_eq(frame->len, 400);
	*(unsigned *)arg += 1;
}

/* As on a full disk: the file ends with the last whole block. */
START_TEST(a_failed_write_leaves_whole_blocks)
{
	static uint8_t bytes[400];
	struct frame frame = frame_of(ETHERNET, bytes, sizeof(bytes));
	struct rlimit limit = { .rlim_cur = 1100, .rlim_max = 1100 };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct evidence_file *e;
	struct capture *c;
	unsigned n = 0;

	path_make();
	sigaction(SIGXFSZ, &ignore, NULL);
	e = evidence_create(path, "gantry");
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_uint_eq(evidence_add(e, &frame, "one"), 1);
	ck_assert_uint_eq(evidence_add(e, &frame, "two"), 2);
	errno = 0;
	ck_assert_uint_eq(evidence_add(e, &frame, "three"), 0);
	ck_assert_int_eq(errno, EFBIG);
	ck_assert_uint_eq(evidence_add(e, &frame, "four"), 0);
	ck_assert(!evidence_close(e));
	ck_assert_int_eq(errno, EFBIG);
	c = capture_open_file(path, error);
	ck_assert_int_eq(capture_read(c, 0, see_any, &n, error), 2);
	ck_assert_uint_eq(n, 2);
	capture_free(c);
	unlink(path);
}
END_TEST

static void
file_store(const uint8_t *bytes, size_t len)
{
	FILE *f = fopen(path, "wb");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(bytes, 1, len, f), len);
	fclose(f);
}

/* Written in two goes it is, byte for byte, the file written in one; wherever
 * in its last block the first was cut off. */
START_TEST(going_on_counts_on)
{
	static const int links[] = { ETHERNET, RAW, ETHERNET, COOKED, RAW };
	uint8_t whole[1024], part[1024], both[1024];
	size_t whole_len, part_len = 0, uncut = 0;
	struct evidence_file *e;

	path_make();
	e = evidence_create(path, "gantry");
	for (unsigned i = 0; i < 5; i++) {
		struct frame frame = frame_of(links[i], "abcd", 4);

		if (i == 2)
			uncut = file_load(part, sizeof(part));
		if (i == 3)
			part_len = file_load(part, sizeof(part));
		ck_assert_uint_eq(evidence_add(e, &frame, "why"), i + 1);
	}
	ck_assert(evidence_close(e));
	whole_len = file_load(whole, sizeof(whole));

	for (size_t cut = 0; cut < part_len - uncut; cut++) {
		unsigned from = cut == 0 ? 3 : 2;

		file_store(part, part_len - cut);
		e = evidence_continue(path, "gantry");
		ck_assert_ptr_nonnull(e);
		ck_assert_uint_eq(evidence_frames(e), from);
		for (unsigned i = from; i < 5; i++) {
			struct frame frame = frame_of(links[i], "abcd", 4);

			ck_assert_uint_eq(
			    evidence_add(e, &frame, "why"), i + 1);
		}
		ck_assert(evidence_close(e));
		ck_assert_uint_eq(file_load(both, sizeof(both)), whole_len);
		ck_assert_mem_eq(both, whole, whole_len);
	}
	unlink(path);
}
END_TEST

START_TEST(going_on_with_nothing_creates_it)
{
	struct frame frame = frame_of(ETHERNET, "hello", 5);
	struct evidence_file *e;
	uint8_t bytes[512];

	path_make();
	unlink(path);
	for (int again = 0; again < 2; again++) {
		e = evidence_continue(path, "gantry");
		ck_assert_ptr_nonnull(e);
		if (again == 0)
			ck_assert_uint_eq(evidence_add(e, &frame, "beacon"), 1);
		ck_assert(evidence_close(e));
	}
	ck_assert_uint_eq(file_load(bytes, sizeof(bytes)), sizeof(golden) - 1);
	ck_assert_mem_eq(bytes, golden, sizeof(golden) - 1);
	unlink(path);
}
END_TEST

/* A file that is none of ours is left as it is. */
START_TEST(going_on_with_another_file_is_refused)
{
	uint8_t bytes[sizeof(golden) - 1], after[sizeof(bytes)];
	/* Type and length of a block, or the byte order: read and checked. */
	static const uint8_t where[] = { 0, 4, 8, 40, 44, 48, 72, 80 };

	path_make();
	for (size_t i = 0; i < sizeof(where); i++) {
		memcpy(bytes, golden, sizeof(bytes));
		bytes[where[i]] ^= 0x03;
		file_store(bytes, sizeof(bytes));
		errno = 0;
		ck_assert_msg(evidence_continue(path, "gantry") == NULL,
		    "byte %u", where[i]);
		ck_assert_int_eq(errno, EINVAL);
		ck_assert_uint_eq(
		    file_load(after, sizeof(after)), sizeof(bytes));
		ck_assert_mem_eq(after, bytes, sizeof(bytes));
	}
	unlink(path);
}
END_TEST

START_TEST(what_cannot_be_created_says_why)
{
	errno = 0;
	ck_assert_ptr_null(evidence_create("/no/such/folder/x", "gantry"));
	ck_assert_int_eq(errno, ENOENT);
	errno = 0;
	ck_assert_ptr_null(evidence_create("/dev/full", "gantry"));
	ck_assert_int_eq(errno, ENOSPC);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { writes_the_blocks_of_the_draft,
		capture_reads_it_back, each_link_type_is_described_once,
		a_file_without_frames_can_be_read,
		long_frames_and_comments_are_cut,
		a_failed_write_leaves_whole_blocks, going_on_counts_on,
		going_on_with_nothing_creates_it,
		going_on_with_another_file_is_refused,
		what_cannot_be_created_says_why, NULL };

	return unit_run("evidence", tests);
}
