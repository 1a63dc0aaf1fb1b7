/* SPDX-License-Identifier: ISC */
/*
 * bare - the yardstick: the plainest loop that can do the work, with none of
 * a scanner's duties (no scope, no pacing, no cookies, no report).
 *
 *   bare blast ...   SYN after SYN out by sendmmsg, nothing read: the limit
 *   bare scan ...    the same, with a libpcap ring read in between; tells the
 *                    open ports as "address port"
 *
 * A scan knows which pairs answered by two bits each; it asks again up to
 * ROUNDS times and ends when all have answered, or QUIET_NS after the last
 * answer.
 */
#include <arpa/inet.h>
#include <getopt.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <time.h>

#include "t/bench/outbox.h"
#include "t/bench/packet.h"
#include "t/bench/rule.h"

enum { SOURCE_PORT = 61000, AT_ONCE = 256, ROUNDS = 2 };
static const int64_t quiet_ns = 50000000;

struct bare {
	struct rule range; /* only its first and size */
	uint8_t port_bits[8192];
	uint16_t ports[65536];
	uint32_t place[65536]; /* of a port in ports */
	uint32_t ports_len;
	uint64_t count; /* frames to blast; 0: each pair once */
	uint8_t frame[PACKET_TCP_LEN];
	uint32_t sum; /* of the TCP header without what is patched */
	uint32_t ip_sum;
	struct outbox *out;
	pcap_t *in;
	uint8_t *answered, *open;
	uint64_t pairs, answers;
	int64_t last_answer;
};

static int64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void
template_init(struct bare *b, const struct packet_tcp *tcp)
{
	uint8_t *f = b->frame;

	packet_tcp(f, tcp);
	packet_put16(f + PACKET_IP + 10, 0);
	packet_put16(f + PACKET_L4 + 16, 0);
	b->ip_sum = packet_sum(f + PACKET_IP, 20, 0);
	b->sum =
	    packet_sum(f + PACKET_L4, 24, packet_pseudo(f + PACKET_IP, 24));
}

static bool
shoot(struct bare *b, uint32_t address, uint16_t port)
{
	uint8_t *f = outbox_room(b->out);
	uint32_t seq = rule_hash(address, port, 7);
	uint32_t words = (address >> 16) + (address & 0xffff);

	memcpy(f, b->frame, PACKET_TCP_LEN);
	packet_put32(f + PACKET_IP + 16, address);
	packet_put16(f + PACKET_IP + 10, packet_fold(b->ip_sum + words));
	packet_put16(f + PACKET_L4 + 2, port);
	packet_put32(f + PACKET_L4 + 4, seq);
	packet_put16(f + PACKET_L4 + 16,
	    packet_fold(b->sum + words + port + (seq >> 16) + (seq & 0xffff)));
	return outbox_add(b->out, PACKET_TCP_LEN);
}

static void
on_frame(u_char *arg, const struct pcap_pkthdr *h, const u_char *f)
{
	struct bare *b = (struct bare *)(void *)arg;
	uint32_t address, place;
	uint16_t port;
	uint64_t bit;

	if (h->caplen < PACKET_L4 + 20)
		return;
	address = packet_get32(f + PACKET_IP + 12);
	port = packet_get16(f + PACKET_L4);
	place = b->place[port];
	if (!rule_has(&b->range, address) || place == UINT32_MAX ||
	    packet_get32(f + PACKET_L4 + 8) != rule_hash(address, port, 7) + 1)
		return;
	bit = (uint64_t)place * b->range.size + (address - b->range.first);
	if (b->answered[bit >> 3] >> (bit & 7) & 1)
		return;
	b->answered[bit >> 3] |= (uint8_t)(1U << (bit & 7));
	b->answers++;
	b->last_answer = now_ns();
	if ((f[PACKET_L4 + 13] & PACKET_SYN) != 0)
		b->open[bit >> 3] |= (uint8_t)(1U << (bit & 7));
}

static void
drain(struct bare *b)
{
	while (pcap_dispatch(b->in, AT_ONCE, on_frame, (u_char *)b) > 0)
		;
}

static bool
blast(struct bare *b)
{
	uint64_t n = b->count != 0 ? b->count : b->pairs;

	for (uint64_t i = 0; i < n; i++) {
		uint64_t at = i % b->pairs;

		if (!shoot(b, b->range.first + (uint32_t)(at % b->range.size),
			b->ports[at / b->range.size]))
			return false;
	}
	return outbox_flush(b->out);
}

static bool
scan_round(struct bare *b)
{
	unsigned n = 0;

	for (uint64_t i = 0; i < b->pairs; i++) {
		if (b->answered[i >> 3] >> (i & 7) & 1)
			continue;
		if (!shoot(b, b->range.first + (uint32_t)(i % b->range.size),
			b->ports[i / b->range.size]))
			return false;
		if (++n % AT_ONCE == 0)
			drain(b);
	}
	if (!outbox_flush(b->out))
		return false;
	b->last_answer = now_ns();
	while (b->answers < b->pairs && now_ns() - b->last_answer < quiet_ns)
		drain(b);
	return true;
}

static bool
scan(struct bare *b)
{
	for (unsigned round = 0; round < ROUNDS && b->answers < b->pairs;
	     round++)
		if (!scan_round(b))
			return false;
	for (uint32_t h = 0; h < b->range.size; h++) {
		uint32_t a = b->range.first + h;

		for (uint32_t p = 0; p < b->ports_len; p++) {
			uint64_t bit = (uint64_t)p * b->range.size + h;

			if (b->open[bit >> 3] >> (bit & 7) & 1)
				printf("%u.%u.%u.%u %u\n", a >> 24,
				    a >> 16 & 255, a >> 8 & 255, a & 255,
				    b->ports[p]);
		}
	}
	return fflush(stdout) == 0;
}

static bool
listen_on(struct bare *b, const char *interface)
{
	char error[PCAP_ERRBUF_SIZE];
	struct bpf_program filter;
	bool ok;

	b->answered = calloc(b->pairs / 8 + 1, 1);
	b->open = calloc(b->pairs / 8 + 1, 1);
	b->in = pcap_create(interface, error);
	if (b->in == NULL || b->answered == NULL || b->open == NULL)
		return false;
	pcap_set_snaplen(b->in, 96);
	/* Setting up a large ring costs a small task more than the task. */
	pcap_set_buffer_size(b->in, b->pairs < 32768 ? 16 << 20 : 64 << 20);
	pcap_set_immediate_mode(b->in, 1);
	if (pcap_activate(b->in) < 0 || pcap_setnonblock(b->in, 1, error) < 0)
		return false;
	ok = pcap_compile(b->in, &filter, "tcp dst port 61000", 1,
		 PCAP_NETMASK_UNKNOWN) == 0 &&
	    pcap_setfilter(b->in, &filter) == 0;
	pcap_freecode(&filter);
	return ok;
}

static void
ports_take(struct bare *b)
{
	for (uint32_t p = 0; p < 65536; p++) {
		b->place[p] = UINT32_MAX;
		if (!rule_bit(b->port_bits, (uint16_t)p))
			continue;
		b->place[p] = b->ports_len;
		b->ports[b->ports_len++] = (uint16_t)p;
	}
	b->pairs = (uint64_t)b->ports_len * b->range.size;
}

static int
usage(void)
{
	fputs("usage: bare blast|scan -i IFACE -S SOURCE -m TO-MAC -r RANGE\n"
	      "         -p PORTS [-n COUNT]\n",
	    stderr);
	return 2;
}

static bool
mac_read(uint8_t mac[static 6], const char *text)
{
	for (unsigned i = 0; i < 6; i++) {
		char *end;

		mac[i] = (uint8_t)strtoul(text, &end, 16);
		if (*end != (i < 5 ? ':' : '\0'))
			return false;
		text = end + 1;
	}
	return true;
}

static int
work(struct bare *b, const char *what, const char *interface)
{
	bool ok;

	b->out = outbox_new(interface);
	if (b->out == NULL) {
		perror("bare");
		return 1;
	}
	if (strcmp(what, "scan") == 0)
		ok = listen_on(b, interface) && scan(b);
	else
		ok = blast(b);
	if (!ok)
		perror("bare");
	if (b->in != NULL)
		pcap_close(b->in);
	outbox_free(b->out);
	free(b->answered);
	free(b->open);
	return ok ? 0 : 1;
}

int
main(int argc, char **argv)
{
	static struct bare b;
	struct packet_tcp tcp = { .from_port = SOURCE_PORT,
		.flags = PACKET_SYN };
	struct rule source = { .size = 0 };
	const char *interface = NULL;
	bool ok = argc > 1;
	int option;

	while ((option = getopt(argc, argv, "i:S:m:r:p:n:")) != -1) {
		if (option == 'i')
			interface = optarg;
		else if (option == 'S')
			ok = ok && rule_range(&source, optarg);
		else if (option == 'm')
			ok = ok && mac_read(tcp.to_mac, optarg);
		else if (option == 'r')
			ok = ok && rule_range(&b.range, optarg);
		else if (option == 'p')
			ok = ok && rule_ports(b.port_bits, optarg);
		else if (option == 'n')
			b.count = strtoull(optarg, NULL, 10);
		else
			ok = false;
	}
	if (!ok || optind != argc - 1 || interface == NULL ||
	    source.size != 1 || b.range.size == 0)
		return usage();
	ports_take(&b);
	tcp.from = source.first;
	if (b.pairs == 0 || !outbox_mac(interface, tcp.from_mac))
		return usage();
	template_init(&b, &tcp);
	return work(&b, argv[optind], interface);
}
