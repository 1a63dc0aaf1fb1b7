/* SPDX-License-Identifier: ISC */
/*
 * send - crafted frames byte for byte, checksums from scratch, and what tshark
 * thinks of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/send.h"
#include "t/unit.h"

static char error[ROUTE_ERROR];

static const struct route route = { .interface = 1,
	.interface_name = "test0",
	.mac = { { 2, 0, 0, 0, 0, 1 } },
	.source = 0x0a4d0001,
	.is_ethernet = true,
	.mtu = 1500 };
static const struct mac hop = { { 2, 0, 0, 0, 0, 5 } };
static const struct mac nobody;
static const uint32_t host = 0x0a4d0005;

/* clang-format off */
static const uint8_t arp_frame[] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, /* broadcast */
	0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06,
	0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x01, /* request */
	0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x0a, 0x4d, 0x00, 0x01,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x0a, 0x4d, 0x00, 0x05
};
static const uint8_t icmp_frame[] = { /* cookie 11223344 */
	0x02, 0x00, 0x00, 0x00, 0x00, 0x05,
	0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00,
	0x45, 0x00, 0x00, 0x24, 0x33, 0x44, 0x00, 0x00,
	0x40, 0x01, 0x32, 0xf6, 0x0a, 0x4d, 0x00, 0x01,
	0x0a, 0x4d, 0x00, 0x05,
	0x08, 0x00, 0x93, 0x52, 0x11, 0x22, 0x33, 0x44,
	0x11, 0x22, 0x33, 0x44, 0x67, 0x6e, 0x74, 0x72
};
static const uint8_t syn_frame[] = { /* 40000 to 104, cookie deadbeef */
	0x02, 0x00, 0x00, 0x00, 0x00, 0x05,
	0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00,
	0x45, 0x00, 0x00, 0x2c, 0xbe, 0xef, 0x00, 0x00,
	0x40, 0x06, 0xa7, 0x3d, 0x0a, 0x4d, 0x00, 0x01,
	0x0a, 0x4d, 0x00, 0x05,
	0x9c, 0x40, 0x00, 0x68, 0xde, 0xad, 0xbe, 0xef,
	0x00, 0x00, 0x00, 0x00, 0x60, 0x02, 0x20, 0x00,
	0x29, 0x41, 0x00, 0x00, 0x02, 0x04, 0x05, 0xb4
};
static const uint8_t rst_frame[] = { /* what ends it */
	0x02, 0x00, 0x00, 0x00, 0x00, 0x05,
	0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00,
	0x45, 0x00, 0x00, 0x28, 0xbe, 0xf0, 0x00, 0x00,
	0x40, 0x06, 0xa7, 0x40, 0x0a, 0x4d, 0x00, 0x01,
	0x0a, 0x4d, 0x00, 0x05,
	0x9c, 0x40, 0x00, 0x68, 0xde, 0xad, 0xbe, 0xf0,
	0x00, 0x00, 0x00, 0x00, 0x50, 0x04, 0x00, 0x00,
	0x60, 0xfa, 0x00, 0x00
};
/* clang-format on */

static struct send_template
template_of(enum send_kind kind)
{
	struct send_template t;

	ck_assert_msg(send_template_init(&t, kind, &route, error), "%s", error);
	return t;
}

START_TEST(crafts_arp)
{
	struct send_template t = template_of(SEND_ARP);
	uint8_t out[SEND_FRAME_MAX];

	ck_assert_uint_eq(
	    send_patch(&t, out, host, nobody, 1, 2, 3), sizeof(arp_frame));
	ck_assert_mem_eq(out, arp_frame, sizeof(arp_frame));
	/* to a known station only: all but the destination stays */
	send_patch(&t, out, host, hop, 1, 2, 3);
	ck_assert_mem_eq(out, hop.b, 6);
	ck_assert_mem_eq(out + 6, arp_frame + 6, sizeof(arp_frame) - 6);
}
END_TEST

START_TEST(crafts_icmp)
{
	struct send_template t = template_of(SEND_ICMP_ECHO);
	uint8_t out[SEND_FRAME_MAX];

	ck_assert_uint_eq(send_patch(&t, out, host, hop, 0, 0, 0x11223344),
	    sizeof(icmp_frame));
	ck_assert_mem_eq(out, icmp_frame, sizeof(icmp_frame));
}
END_TEST

START_TEST(crafts_a_syn)
{
	struct send_template t = template_of(SEND_TCP_SYN);
	uint8_t out[SEND_FRAME_MAX];

	ck_assert_uint_eq(
	    send_patch(&t, out, host, hop, 40000, 104, 0xdeadbeef),
	    sizeof(syn_frame));
	ck_assert_mem_eq(out, syn_frame, sizeof(syn_frame));
}
END_TEST

START_TEST(crafts_a_rst)
{
	struct send_template t = template_of(SEND_TCP_RST);
	uint8_t out[SEND_FRAME_MAX];

	ck_assert_uint_eq(
	    send_patch(&t, out, host, hop, 40000, 104, 0xdeadbeef + 1),
	    sizeof(rst_frame));
	ck_assert_mem_eq(out, rst_frame, sizeof(rst_frame));
}
END_TEST

START_TEST(writes_no_more_than_it_says)
{
	for (enum send_kind kind = SEND_ARP; kind <= SEND_TCP_RST; kind++) {
		struct send_template t = template_of(kind);
		uint8_t *out = malloc(t.len), *room = malloc(t.len + 1);

		room[t.len] = 0xa5;
		send_patch(&t, out, host, hop, 1, 2, 3); /* exact room */
		send_patch(&t, room, host, hop, 1, 2, 3);
		ck_assert_uint_eq(room[t.len], 0xa5);
		ck_assert_mem_eq(out, room, t.len);
		free(out);
		free(room);
	}
}
END_TEST

START_TEST(refuses_what_is_not_ethernet)
{
	struct route tunnel = route;
	struct send_template t;

	tunnel.is_ethernet = false;
	ck_assert(!send_template_init(&t, SEND_ARP, &tunnel, error));
	ck_assert_str_eq(
	    error, "interface test0 is not Ethernet: cannot craft for it");
	ck_assert(!send_template_init(&t, (enum send_kind)9, &route, error));
}
END_TEST

static uint32_t
sum_bytes(const uint8_t *bytes, size_t len, uint32_t sum)
{
	for (size_t i = 0; i < len; i++)
		sum += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
	return sum;
}

/* Over data that holds its own checksum the folded sum is all ones. */
static bool
sum_is_right(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

static bool
checksums_are_right(const uint8_t *frame, size_t len)
{
	uint32_t pseudo = sum_bytes(frame + 26, 8, 0);

	if (frame[23] == 6 || frame[23] == 17)
		pseudo += frame[23] + (uint32_t)len - 34;
	else
		pseudo = 0;
	return sum_is_right(sum_bytes(frame + 14, 20, 0)) &&
	    sum_is_right(sum_bytes(frame + 34, len - 34, pseudo));
}

static uint32_t
random32(void)
{
	return (uint32_t)rand() << 16 ^ (uint32_t)rand();
}

START_TEST(checksums_hold_for_any_patch)
{
	static const uint32_t odd[] = { 0, 1, 0xffff, 0x10000, 0xffff0000,
		0xffffffff, 0x0000fffe };
	struct send_template icmp = template_of(SEND_ICMP_ECHO);
	struct send_template syn = template_of(SEND_TCP_SYN);
	uint8_t out[SEND_FRAME_MAX];

	srand(20261123);
	for (int i = 0; i < 200000; i++) {
		uint32_t to = i % 3 ? random32() : odd[rand() % 7];
		uint32_t cookie = i % 5 ? random32() : odd[rand() % 7];
		uint16_t from = (uint16_t)random32();
		size_t len;

		len = send_patch(&icmp, out, to, hop, 0, 0, cookie);
		if (!checksums_are_right(out, len))
			ck_abort_msg("icmp %08x %08x", to, cookie);
		len = send_patch(
		    &syn, out, to, hop, from, (uint16_t)~from, cookie);
		if (!checksums_are_right(out, len))
			ck_abort_msg("syn %08x %08x %u", to, cookie, from);
		/* what was patched can be patched again */
		memcpy(syn.bytes, out, len);
	}
	out[40]++;
	ck_assert(!checksums_are_right(out, syn.len));
}
END_TEST

START_TEST(crafts_a_datagram_for_all)
{
	static const uint8_t frame[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2,
		0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 0x22, 0x12, 0x34, 0, 0, 0x40,
		0x11, 0x52, 0xfe, 10, 0x4d, 0, 1, 10, 0x4d, 0, 0xff, 0x9c, 0x40,
		0, 0x6f, 0, 0x0e, 0, 0, 'h', 'e', 'l', 'l', 'o', '!' };
	struct send_datagram d = { .to = 0x0a4d00ff,
		.source_port = 40000,
		.port = 111,
		.ip_id = 0x1234,
		.payload = (const uint8_t *)"hello!",
		.len = 6 };
	uint8_t out[SEND_FRAME_MAX], sum[2];
	static const uint8_t much[SEND_FRAME_MAX];

	ck_assert_uint_eq(
	    send_broadcast(out, &d, &route, error), sizeof(frame));
	memcpy(sum, out + 40, 2);
	out[40] = out[41] = 0;
	ck_assert_mem_eq(out, frame, sizeof(frame));
	memcpy(out + 40, sum, 2);
	ck_assert(checksums_are_right(out, sizeof(frame)));
	d.payload = much;
	d.len = sizeof(much);
	ck_assert_uint_eq(send_broadcast(out, &d, &route, error), 0);
	ck_assert_str_eq(error, "a datagram too long to send");
}
END_TEST

START_TEST(cookies_depend_on_all_they_are_made_of)
{
	uint8_t key[16] = { 0 }, other[16] = { 1 };
	uint32_t cookie = send_cookie(key, host, 104, SEND_TCP_SYN);

	ck_assert_uint_eq(cookie, send_cookie(key, host, 104, SEND_TCP_SYN));
	ck_assert_uint_ne(cookie, send_cookie(key, host, 105, SEND_TCP_SYN));
	ck_assert_uint_ne(
	    cookie, send_cookie(key, host + 1, 104, SEND_TCP_SYN));
	ck_assert_uint_ne(cookie, send_cookie(key, host, 104, SEND_ARP));
	ck_assert_uint_ne(cookie, send_cookie(other, host, 104, SEND_TCP_SYN));
}
END_TEST

static void
le32(FILE *f, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		fputc((int)(value >> 8 * i & 0xff), f);
}

static void
pcap_frame(FILE *f, const uint8_t *frame, size_t len)
{
	le32(f, 0);
	le32(f, 0);
	le32(f, (uint32_t)len);
	le32(f, (uint32_t)len);
	fwrite(frame, 1, len, f);
}

/* Returns how many frames tshark finds fault with, or -1 without tshark. */
static int
tshark_complaints(const char *path)
{
	static const char filter[] =
	    "_ws.malformed || ip.checksum.status == 0 ||"
	    " tcp.checksum.status == 0 || icmp.checksum.status == 0 ||"
	    /* a warning, but of that a connection is reset */
	    " (_ws.expert.severity >= 6291456 && !tcp.connection.rst)";
	char command[1024];
	int n = 0, c;
	FILE *f;

	snprintf(command, sizeof(command),
	    "command -v tshark >/dev/null || exit 0; echo here;"
	    " HOME=/nonexistent XDG_CONFIG_HOME= tshark -n -r %s -o "
	    "ip.check_checksum:TRUE"
	    " -o tcp.check_checksum:TRUE -Y '%s' 2>/dev/null",
	    path, filter);
	f = popen(command, "r");
	ck_assert_ptr_nonnull(f);
	while ((c = getc(f)) != EOF)
		n += c == '\n';
	ck_assert_int_eq(pclose(f), 0);
	return n - 1;
}

START_TEST(tshark_finds_no_fault)
{
	char path[] = "/tmp/gantry-send-XXXXXX";
	uint8_t out[SEND_FRAME_MAX];
	int fd = mkstemp(path), complaints;
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	size_t len = 0;

	ck_assert_ptr_nonnull(f);
	le32(f, 0xa1b2c3d4);
	le32(f, 0x00040002); /* version 2.4 */
	le32(f, 0);
	le32(f, 0);
	le32(f, 65535);
	le32(f, 1); /* Ethernet */
	srand(1);
	for (int i = 0; i < 300; i++) {
		struct send_template t =
		    template_of((enum send_kind)(SEND_ARP + i % 4));

		len = send_patch(&t, out, host + (uint32_t)i, hop, 40000,
		    (uint16_t)(1 + i), random32());
		pcap_frame(f, out, len);
	}
	fflush(f);
	complaints = tshark_complaints(path);
	if (complaints >= 0) {
		ck_assert_int_eq(complaints, 0);
		out[len - 1]++; /* the last, a RST, once more and broken */
		pcap_frame(f, out, len);
		fflush(f);
		ck_assert_int_eq(tshark_complaints(path), 1);
	}
	fclose(f);
	unlink(path);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { crafts_arp, crafts_icmp, crafts_a_syn,
		crafts_a_rst, writes_no_more_than_it_says,
		refuses_what_is_not_ethernet, checksums_hold_for_any_patch,
		crafts_a_datagram_for_all,
		cookies_depend_on_all_they_are_made_of, tshark_finds_no_fault,
		NULL };

	return unit_run("send", tests);
}
