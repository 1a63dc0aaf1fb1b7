/* SPDX-License-Identifier: ISC */
/*
 * capture: whole files, damaged files, and an interface of our own.
 *
 * Live tests run on the loopback of a network namespace the test makes for
 * itself; where the system does not let it, they are left out and it says so.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "scanner/capture.h"
#include "t/unit.h"

#define DATA "t/data/"

enum { SEEN_MAX = 16 };

/* What the callback saw, and the last line of error. */
static struct {
	unsigned n;
	struct frame frame[SEEN_MAX];
	struct packet packet[SEEN_MAX];
} seen;
static char error[CAPTURE_ERROR];

static void
see(void *arg, const struct frame *frame)
{
	struct packet packet;

	ck_assert_ptr_eq(arg, &seen);
	decode_frame(frame, &packet);
	if (seen.n < SEEN_MAX) {
		seen.frame[seen.n] = *frame;
		seen.packet[seen.n] = packet;
	}
	seen.n++;
}

/* Reads a file to its end, which must leave one line where it is bad. */
static int
read_all(const char *path)
{
	struct capture *c;
	int n = -1;

	memset(&seen, 0, sizeof(seen));
	memset(error, 0, sizeof(error));
	c = capture_open_file(path, error);
	if (c != NULL) {
		n = capture_read(c, 0, see, &seen, error);
		ck_assert_int_eq(capture_fd(c), -1);
		ck_assert_uint_eq(capture_counts(c).received, seen.n);
	}
	capture_free(c);
	if (n < 0) {
		ck_assert_uint_gt(strlen(error), 0);
		ck_assert_ptr_null(strchr(error, '\n'));
	} else {
		ck_assert_uint_eq((unsigned)n, seen.n);
	}
	return n;
}

START_TEST(reads_the_datagrams_of_the_note)
{
	static const char *const files[] = { DATA "origin-datagrams.pcap",
		DATA "origin-datagrams.pcapng" };
	static const struct {
		int64_t time_ns;
		uint16_t ip_id, port;
	} want[] = {
		{ 947521508759896000, 0x60ee, 3701 },
		{ 947521628769361000, 0x60ef, 3702 },
		{ 947521868790067000, 0x60f1, 3704 },
		{ 947521988799578000, 0x60f2, 3705 },
	};

	for (size_t f = 0; f < 2; f++) {
		ck_assert_int_eq(read_all(files[f]), 4);
		for (unsigned i = 0; i < 4; i++) {
			const struct frame *frame = &seen.frame[i];
			const struct packet *p = &seen.packet[i];

			ck_assert_uint_eq(frame->number, i + 1);
			ck_assert_int_eq(frame->time_ns, want[i].time_ns);
			ck_assert_int_eq(frame->link_type, 1);
			ck_assert_uint_eq(frame->len, 68);
			ck_assert_uint_eq(frame->wire_len, 88);
			ck_assert_int_eq(p->kind, PACKET_UDP);
			ck_assert_uint_eq(p->ip_id, want[i].ip_id);
			ck_assert_uint_eq(p->udp.source_port, want[i].port);
		}
	}
}
END_TEST

START_TEST(reads_in_pieces)
{
	struct capture *c = capture_open_file(DATA "origin-trace.pcap", error);
	static const int want[] = { 4, 4, 1, 0, 0 };

	ck_assert_ptr_nonnull(c);
	memset(&seen, 0, sizeof(seen));
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		ck_assert_int_eq(
		    capture_read(c, 4, see, &seen, error), want[i]);
	ck_assert_uint_eq(seen.n, 9);
	ck_assert_uint_eq(seen.frame[8].number, 9);
	capture_free(c);
	capture_free(NULL);
}
END_TEST

START_TEST(a_file_without_frames_is_whole)
{
	ck_assert_int_eq(read_all(DATA "no-packets.pcap"), 0);
}
END_TEST

START_TEST(bad_files_say_what_and_where)
{
	static const struct {
		const char *path;
		unsigned frames; /* before the damage */
		const char *begins, *holds;
	} cases[] = {
		{ DATA "bad-empty.pcap", 0,
		    DATA "bad-empty.pcap: ", "not a capture file" },
		{ DATA "bad-magic.pcap", 0,
		    DATA "bad-magic.pcap: ", "not a capture file" },
		{ DATA "bad-truncated.pcap", 2,
		    DATA "bad-truncated.pcap: frame 3: ", "truncated" },
		{ DATA "bad-truncated.pcapng", 0,
		    DATA "bad-truncated.pcapng: frame 1: ", "truncated" },
		{ DATA "bad-corrupt.pcap", 1,
		    DATA "bad-corrupt.pcap: frame 2: ", "4294967280" },
		{ DATA "bad-linktype.pcap", 0,
		    DATA "bad-linktype.pcap: ", "105 (IEEE802_11)" },
		{ DATA "no-such.pcap", 0,
		    DATA "no-such.pcap: ", "No such file" },
		{ "t", 0, "t: ", "directory" },
		{ "t/unit.c", 0, "t/unit.c: ", "not a capture file" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert_int_eq(read_all(cases[i].path), -1);
		ck_assert_uint_eq(seen.n, cases[i].frames);
		ck_assert_msg(strncmp(error, cases[i].begins,
				  strlen(cases[i].begins)) == 0,
		    "%s", error);
		ck_assert_msg(
		    strstr(error, cases[i].holds) != NULL, "%s", error);
	}
}
END_TEST

START_TEST(a_long_name_leaves_room_for_the_reason)
{
	char path[1000];

	memset(path, 'x', sizeof(path));
	memcpy(path, "t/", 2);
	memcpy(path + sizeof(path) - 10, "\nend.pcap", 10);
	ck_assert_int_eq(read_all(path), -1);
	ck_assert_int_eq(strncmp(error, "...xxx", 6), 0);
	ck_assert_ptr_nonnull(strstr(error, "x end.pcap: File name too long"));
}
END_TEST

/* Reads bytes as if they were a file. */
static int
read_bytes(const uint8_t *bytes, size_t len)
{
	int fd = memfd_create("capture", MFD_CLOEXEC), n;
	char path[64];

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = read_all(path);
	close(fd);
	return n;
}

static size_t
file_load(const char *path, uint8_t *out, size_t size)
{
	FILE *f = fopen(path, "rb");
	size_t len;

	ck_assert_ptr_nonnull(f);
	len = fread(out, 1, size, f);
	fclose(f);
	ck_assert_uint_gt(len, 100);
	ck_assert_uint_lt(len, size);
	return len;
}

/* Records of 84 bytes behind a header of 24: only there a cut is an end. */
START_TEST(every_cut_of_a_pcap_file_is_noticed)
{
	uint8_t bytes[4096];
	size_t all =
	    file_load(DATA "origin-datagrams.pcap", bytes, sizeof(bytes));

	for (size_t len = 0; len <= all; len++) {
		int n = read_bytes(bytes, len);
		unsigned whole = len < 24 ? 0 : (unsigned)(len - 24) / 84;

		ck_assert_uint_eq(seen.n, whole);
		if (len >= 24 && (len - 24) % 84 == 0)
			ck_assert_int_eq(n, (int)whole);
		else
			ck_assert_int_eq(n, -1);
	}
}
END_TEST

START_TEST(every_cut_of_a_pcapng_file_is_survived)
{
	uint8_t bytes[4096];
	size_t all =
	    file_load(DATA "origin-datagrams.pcapng", bytes, sizeof(bytes));
	unsigned bad = 0, most = 0;

	for (size_t len = 0; len < all; len++) {
		bad += read_bytes(bytes, len) < 0;
		ck_assert_uint_ge(seen.n, most); /* more file, more frames */
		most = seen.n;
	}
	ck_assert_uint_eq(most, 3);
	ck_assert_uint_ge(bad, (unsigned)all - 8);
}
END_TEST

START_TEST(every_corrupt_byte_is_survived)
{
	static const char *const files[] = { DATA "origin-datagrams.pcap",
		DATA "origin-datagrams.pcapng" };
	unsigned bad = 0;

	for (size_t f = 0; f < 2; f++) {
		uint8_t bytes[4096];
		size_t len = file_load(files[f], bytes, sizeof(bytes));

		for (size_t at = 0; at < len; at++)
			for (unsigned bits = 1; bits < 256;
			     bits = bits * 2 + 1) {
				bytes[at] ^= (uint8_t)bits;
				bad += read_bytes(bytes, len) < 0;
				bytes[at] ^= (uint8_t)bits;
			}
	}
	ck_assert_uint_gt(bad, 100);
}
END_TEST

/* A pcap file of one frame, which claims a time. */
static int64_t
time_read(uint32_t magic, uint32_t seconds, uint32_t fraction)
{
	uint32_t file[] = { magic, 4 << 16 | 2, 0, 0, 65535, 1, seconds,
		fraction, 0, 0 };

	ck_assert_int_eq(read_bytes((uint8_t *)file, sizeof(file)), 1);
	return seen.frame[0].time_ns;
}

START_TEST(times_are_nanoseconds)
{
	const uint32_t micro = 0xa1b2c3d4, nano = 0xa1b23c4d;

	ck_assert_int_eq(time_read(micro, 7, 999999), 7999999000);
	ck_assert_int_eq(time_read(nano, 7, 999999999), 7999999999);
	ck_assert_int_eq(time_read(nano, 0, 1), 1);
	/* Not a fraction: no time rather than another second's. */
	ck_assert_int_eq(time_read(nano, 7, 1000000000), 0);
	ck_assert_int_eq(time_read(nano, 7, UINT32_MAX), 0);
}
END_TEST

START_TEST(an_unknown_interface_is_named)
{
	ck_assert_ptr_null(capture_open_live("nosuch9", NULL, 0, error));
	ck_assert_str_eq(error, "nosuch9: no such interface");
}
END_TEST

START_TEST(without_rights_it_says_what_is_needed)
{
	bool is_root = geteuid() == 0;

	if (is_root)
		ck_assert_int_eq(seteuid(65534), 0);
	ck_assert_ptr_null(capture_open_live("lo", NULL, 0, error));
	if (is_root)
		ck_assert_int_eq(seteuid(0), 0);
	/* Changing users forbade it, and leak checkers need it. */
	prctl(PR_SET_DUMPABLE, 1);
	ck_assert_int_eq(strncmp(error, "lo: need CAP_NET_RAW", 20), 0);
}
END_TEST

/* Moves the process to a network of its own. */
static bool
network_leave(void)
{
	int flags =
	    geteuid() == 0 ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET;

	return unshare(flags) == 0;
}

static void
interface_switch(const char *name, bool up)
{
	struct ifreq request = { 0 };
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	request.ifr_flags = up ? IFF_UP | IFF_RUNNING : 0;
	ck_assert_int_eq(ioctl(s, SIOCSIFFLAGS, &request), 0);
	close(s);
}

static void
datagram_send(uint16_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(
	    sendto(s, "beacon", 6, 0, (struct sockaddr *)&to, sizeof(to)), 6);
	close(s);
}

/* Reads what comes within a second. */
static int
read_soon(struct capture *c)
{
	struct pollfd ready = { .fd = capture_fd(c), .events = POLLIN };

	ck_assert_int_ge(ready.fd, 0);
	poll(&ready, 1, 1000);
	memset(&seen, 0, sizeof(seen));
	return capture_read(c, 16, see, &seen, error);
}

START_TEST(captures_what_the_filter_asks_for)
{
	struct capture *c;
	struct timespec now;
	int64_t age;

	ck_assert(network_leave());
	interface_switch("lo", true);
	c = capture_open_live("lo", "udp dst port 1600", 0, error);
	ck_assert_msg(c != NULL, "%s", error);
	ck_assert_int_eq(capture_read(c, 0, see, &seen, error), 0);
	datagram_send(1601);
	datagram_send(1600);
	ck_assert_int_eq(read_soon(c), 1);
	clock_gettime(CLOCK_REALTIME, &now);
	ck_assert_int_eq(seen.packet[0].kind, PACKET_UDP);
	ck_assert_uint_eq(seen.packet[0].udp.destination_port, 1600);
	ck_assert_uint_eq(seen.packet[0].udp.payload_len, 6);
	ck_assert_uint_eq(seen.frame[0].number, 1);
	ck_assert_uint_eq(seen.frame[0].len, 14 + 20 + 8 + 6);
	age = now.tv_sec * INT64_C(1000000000) + now.tv_nsec -
	    seen.frame[0].time_ns;
	ck_assert_int_ge(age, 0);
	ck_assert_int_lt(age, INT64_C(5000000000));
	datagram_send(1600);
	ck_assert_int_eq(read_soon(c), 1);
	ck_assert_uint_eq(seen.frame[0].number, 2);
	ck_assert_uint_ge(capture_counts(c).received, 2);
	ck_assert_uint_ge(capture_counts(c).received, 2);
	ck_assert_uint_lt(capture_counts(c).received, 8);
	ck_assert_uint_eq(capture_counts(c).dropped, 0);
	capture_free(c);
}
END_TEST

/* A reader that was not given the processor for a while. */
START_TEST(a_stall_loses_nothing)
{
	struct capture *c;
	int n = 0;

	ck_assert(network_leave());
	interface_switch("lo", true);
	c = capture_open_live("lo", "udp dst port 1600", 500, error);
	ck_assert_msg(c != NULL, "%s", error);
	for (int i = 0; i < 60; i++) {
		datagram_send(1600);
		usleep(3000);
	}
	for (int got = 1; got > 0; n += got)
		got = read_soon(c);
	ck_assert_int_eq(n, 60);
	ck_assert_uint_eq(capture_counts(c).dropped, 0);
	capture_free(c);
}
END_TEST

/* Makes an interface that is there until the descriptor is closed. */
static int
tap_new(const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (fd >= 0 && ioctl(fd, TUNSETIFF, &request) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

START_TEST(an_interface_that_goes_away_is_reported)
{
	struct capture *c;
	int tap, n = 0;

	ck_assert(network_leave());
	tap = tap_new("gwtap0");
	ck_assert_int_ge(tap, 0);
	interface_switch("gwtap0", true);
	c = capture_open_live("gwtap0", NULL, 100, error);
	ck_assert_msg(c != NULL, "%s", error);
	ck_assert_int_ge(capture_read(c, 0, see, &seen, error), 0);
	close(tap);
	for (int tries = 0; tries < 5 && n >= 0; tries++)
		n = read_soon(c);
	ck_assert_int_eq(n, -1);
	ck_assert_int_eq(strncmp(error, "gwtap0: ", 8), 0);
	ck_assert_uint_gt(strlen(error), 12);
	capture_free(c);
}
END_TEST

START_TEST(a_bad_filter_is_shown)
{
	ck_assert(network_leave());
	interface_switch("lo", true);
	ck_assert_ptr_null(capture_open_live("lo", "udp prot 1600", 0, error));
	ck_assert_int_eq(
	    strncmp(error, "lo: filter \"udp prot 1600\": ", 27), 0);
}
END_TEST

/* Whether live tests can run at all, tried in a process of its own. */
static bool
can_run_live(void)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0)
		_exit(network_leave() && tap_new("gwtap0") >= 0 ? 0 : 1);
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

int
main(void)
{
	const TTest *tests[] = { reads_the_datagrams_of_the_note,
		reads_in_pieces, a_file_without_frames_is_whole,
		bad_files_say_what_and_where,
		a_long_name_leaves_room_for_the_reason,
		every_cut_of_a_pcap_file_is_noticed,
		every_cut_of_a_pcapng_file_is_survived,
		every_corrupt_byte_is_survived, times_are_nanoseconds,
		an_unknown_interface_is_named,
		without_rights_it_says_what_is_needed,
		captures_what_the_filter_asks_for, a_stall_loses_nothing,
		an_interface_that_goes_away_is_reported, a_bad_filter_is_shown,
		NULL };
	enum { LIVE = 4, TESTS = sizeof(tests) / sizeof(tests[0]) - 1 };

	if (!can_run_live()) {
		puts("# no network namespace or TAP here: 4 live tests left "
		     "out");
		fflush(stdout);
		tests[TESTS - LIVE] = NULL;
	}
	return unit_run("capture", tests);
}
