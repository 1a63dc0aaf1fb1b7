/* SPDX-License-Identifier: ISC */
/*
 * passive: the probes that only hear, on the frames of t/data/segment.pcap,
 * each cut at every length with a page's end behind it.
 */
#include <stdlib.h>
#include <string.h>

#include "scanner/capture.h"
#include "scanner/probe.h"
#include "t/unit.h"

enum { FRAMES = 48 };
static const char segment[] = "t/data/segment.pcap";

/* What is heard in a packet; its payload at a page's edge. */
static struct heard
heard_of(const struct packet *p, size_t len)
{
	bool is_tcp = p->kind == PACKET_TCP;
	struct heard h = { .is_tcp = is_tcp,
		.source = p->source,
		.destination = p->destination,
		.link_broadcast = p->destination_mac.b[0] == 0xff,
		.ttl = p->ttl,
		.payload_len =
		    is_tcp ? (uint16_t)p->payload.left : p->udp.payload_len };

	h.source_port = is_tcp ? p->tcp.source_port : p->udp.source_port;
	h.destination_port =
	    is_tcp ? p->tcp.destination_port : p->udp.destination_port;
	h.payload =
	    (struct rd){ .at = at_the_edge(p->payload.at, len), .left = len };
	return h;
}

static enum reply
hear(const struct probe *probe, const struct heard *h, struct facts *facts)
{
	enum reply reply;

	facts_begin(facts, (struct about){ ABOUT_UDP, h->destination_port },
	    h->payload.at, h->payload.left);
	reply = probe->hear(h, facts);
	if (reply == REPLY_OTHER)
		ck_assert_uint_eq(facts_count(facts), 0);
	return reply;
}

struct seen {
	struct facts *facts;
	uint32_t number;         /* of the frame wanted; 0: of all, cut */
	const char *probe;       /* that took it */
	size_t taken, cut_taken; /* of all frames */
};

static void
cut_everywhere(struct seen *seen, const struct packet *p)
{
	for (size_t len = 0; len <= p->payload.left; len++) {
		struct heard h = heard_of(p, len);

		for (size_t i = 0; probes[i] != NULL; i++) {
			if (probes[i]->via != VIA_LISTEN)
				continue;
			if (hear(probes[i], &h, seen->facts) == REPLY_OTHER)
				continue;
			seen->cut_taken++;
			seen->taken += len == p->payload.left;
		}
		unit_edge_free();
	}
}

static void
take(void *arg, const struct frame *frame)
{
	struct seen *seen = arg;
	struct packet p;
	struct heard h;

	decode_frame(frame, &p);
	if (p.kind != PACKET_UDP &&
	    (p.kind != PACKET_TCP || p.payload.left == 0))
		return;
	if (seen->number == 0)
		cut_everywhere(seen, &p);
	if (seen->number != frame->number)
		return;
	h = heard_of(&p, p.payload.left);
	for (size_t i = 0; probes[i] != NULL && seen->probe == NULL; i++)
		if (probes[i]->via == VIA_LISTEN &&
		    probes[i]->hears_tcp == h.is_tcp &&
		    hear(probes[i], &h, seen->facts) == REPLY_OK)
			seen->probe = probes[i]->name;
}

static void
read_segment(struct seen *seen)
{
	char error[CAPTURE_ERROR] = "";
	struct capture *c = capture_open_file(segment, error);

	ck_assert_msg(c != NULL, "%s", error);
	seen->facts = facts_new();
	ck_assert_int_eq(capture_read(c, 0, take, seen, error), FRAMES);
	capture_free(c);
}

START_TEST(golden_frames)
{
	static const struct {
		uint32_t number;
		const char *probe;
		enum fact_key key;
		const char *value;
	} cases[] = {
		{ 1, "advantagenet", FACT_ADVANTAGENET_SUITE, "NMR1" },
		{ 33, "rwho", FACT_RWHO_HOST, "ic1" },
		{ 33, "rwho", FACT_RWHO_BOOTED, "1995-12-26T17:46:39.000000Z" },
		{ 34, "routes", FACT_RIP_ANNOUNCES, "version 1, tells routes" },
		{ 35, "browser", FACT_NETBIOS_NAME, "MAGNETOM" },
		{ 36, "browser", FACT_NETBIOS_WORKGROUP, "RADIOLOGY" },
		{ 36, "browser", FACT_NETBIOS_ANNOUNCED,
		    "version 4.0, NT workstation, Vision console" },
		{ 37, "dhcp", FACT_DHCP_HOST_NAME, "MAGNETOM" },
		{ 37, "dhcp", FACT_DHCP_VENDOR_CLASS, "MSFT 5.0" },
		{ 38, "mdns", FACT_MDNS_NAME, "osirix.local" },
		{ 38, "mdns", FACT_MDNS_SERVICE, "viewer1._dicom._tcp.local" },
		{ 39, "ssdp", FACT_SSDP_SERVER,
		    "Linux/2.6 UPnP/1.0 PacsBox/1.3" },
		{ 40, "intellivue", FACT_MONITOR_BROADCAST,
		    "udp/24005, as IntelliVue's connect indication" },
		{ 41, "carescape", FACT_CARESCAPE_UNIT, "ICU1|BED4" },
		{ 42, "carescape", FACT_MONITOR_BROADCAST,
		    "udp/7000, as CARESCAPE's discovery" },
		{ 48, "hl7", FACT_HL7_SENDER, "RIS_ONE|CENTRAL HOSPITAL" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct seen seen = { .number = cases[i].number };

		read_segment(&seen);
		ck_assert_ptr_nonnull(seen.probe);
		ck_assert_str_eq(seen.probe, cases[i].probe);
		ck_assert_ptr_nonnull(facts_get(seen.facts, cases[i].key));
		ck_assert_str_eq(
		    facts_get(seen.facts, cases[i].key), cases[i].value);
		if (cases[i].key == FACT_DHCP_HOST_NAME)
			ck_assert_uint_eq(facts_whose(seen.facts), 0x0a140106);
		facts_free(seen.facts);
	}
}
END_TEST

START_TEST(every_truncation)
{
	struct seen seen = { .number = 0 };

	read_segment(&seen);
	ck_assert_uint_ge(seen.taken, 14);
	ck_assert_uint_gt(seen.cut_taken, seen.taken);
	facts_free(seen.facts);
}
END_TEST

static enum reply
hear_bytes(const struct probe *probe, uint16_t port, const char *bytes,
    size_t len, struct facts **facts)
{
	struct heard h = { .is_tcp = probe->hears_tcp,
		.source = 0x0a000001,
		.source_port = port,
		.destination_port = port,
		.link_broadcast = true,
		.payload_len = (uint16_t)len };

	*facts = facts_new();
	h.payload = (struct rd){ .at = at_the_edge(bytes, len), .left = len };
	return hear(probe, &h, *facts);
}

/* Names of DNS may point: at themselves, ahead, in a ring. */
START_TEST(mdns_pointers)
{
	static const char head[12] = { 0, 0, (char)0x84, 0, 0, 0, 0, 1 };
	static const char *const names[] = { "\xc0\x0c", "\xc0\x0e\xc0\x0c",
		"\xff\xff", "\x3f" };
	char bytes[64];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct facts *facts;
		size_t len = strlen(names[i]);

		memcpy(bytes, head, sizeof(head));
		memcpy(bytes + 12, names[i], len);
		memset(bytes + 12 + len, 0, 12);
		ck_assert_int_eq(
		    hear_bytes(&probe_mdns, 5353, bytes, 12 + len + 12, &facts),
		    REPLY_OK);
		ck_assert_ptr_null(facts_get(facts, FACT_MDNS_NAME));
		facts_free(facts);
	}
}
END_TEST

/* Nothing behind MSH-4 is read, nor what is no header. */
START_TEST(hl7_reads_no_further)
{
	static const char message[] =
	    "\x0bMSH|^~\\&|APP|FAC|OTHER|X\rPID|1||4711||DOE^JOHN\r";
	static const char *const others[] = { "MSH|^~\\&|A|B|",
		"\x0bPID|1|2|3|", "\x0bMSH|^~\\&|APP|FAC",
		"\x0bMSH|^~\\&|A\rPP|F|", "\x0bMSH|^~\\&||||" };
	struct facts *facts;

	ck_assert_int_eq(
	    hear_bytes(&probe_hl7, 2575, message, sizeof(message) - 1, &facts),
	    REPLY_OK);
	ck_assert_uint_eq(facts_count(facts), 1);
	ck_assert_str_eq(facts_get(facts, FACT_HL7_SENDER), "APP|FAC");
	/* <0B>MSH|^~\&|APP|FAC| */
	ck_assert_uint_eq(facts_reach(facts), 18);
	facts_free(facts);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		ck_assert_int_eq(hear_bytes(&probe_hl7, 2575, others[i],
				     strlen(others[i]), &facts),
		    REPLY_OTHER);
		facts_free(facts);
	}
}
END_TEST

START_TEST(what_is_none)
{
	static const struct {
		const struct probe *probe;
		uint16_t port;
		const char *bytes;
		size_t len;
	} cases[] = {
		{ &probe_rwho, 513, "\x01\x02", 2 },
		{ &probe_routes, 520, "\x02\x01\0\0", 4 },
		{ &probe_routes, 520,
		    "\x02\x01\0\0\0\x09\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
		    24 },
		{ &probe_ssdp, 1900, "M-SEARCH * HTTP/1.1\r\n", 21 },
		{ &probe_mdns, 5353, "\0\0\0\0\0\1\0\0\0\0\0\0", 12 },
		{ &probe_dhcp, 67, "\x02", 1 },
		{ &probe_browser, 137, "\x12\x34\x01\x10\0\1\0\0\0\0\0\0", 12 },
		{ &probe_carescape, 2000, "nothing of the kind", 19 },
		{ &probe_intellivue, 24105, "x", 1 },
	};
	struct facts *facts;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert_int_eq(hear_bytes(cases[i].probe, cases[i].port,
				     cases[i].bytes, cases[i].len, &facts),
		    REPLY_OTHER);
		facts_free(facts);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { golden_frames, every_truncation,
		mdns_pointers, hl7_reads_no_further, what_is_none, NULL };

	return unit_run("passive", tests);
}
