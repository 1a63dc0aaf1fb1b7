/* SPDX-License-Identifier: ISC */
/*
 * responder - stands on one end of a veth for a whole range of hosts, answers
 * as fast as the cable carries, and counts what came.
 *
 * With -t it lists the open ports of its range (the truth; without -p the live
 * addresses) and ends.  With -d it only counts.  It ends on SIGTERM or SIGINT
 * and writes its count then.
 *
 * With -k it says who the router is, by broadcast, when nothing has come for
 * so long: a real network is never silent, and a scanner that waits for a
 * packet before it looks at the clock would else never end.
 */
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "t/bench/answer.h"
#include "t/bench/drop.h"
#include "t/bench/packet.h"

enum { AT_ONCE = 64, LOOK_MS = 200 };

struct settings {
	const char *interface, *count_file, *ready_file;
	struct rule rule;
	uint8_t ports[8192];
	uint32_t router;
	double loss;
	int murmur_ms; /* 0: never */
	bool list, has_ports, only_count;
};

static volatile sig_atomic_t stop;

static void
on_signal(int number)
{
	(void)number;
	stop = 1;
}

static int
usage(void)
{
	fputs("usage: responder -i IFACE -r RANGE [-LE] [-a ROUTER] [-A "
	      "SCANNER]\n"
	      "         [-n LIVE] [-o OPEN-PERCENT] [-q SILENT-PERCENT] [-x "
	      "PORTS]\n"
	      "         [-l LOSS-PERCENT]\n"
	      "         [-s SEED] [-c COUNT.json] [-y READY-FILE] [-k MS]\n"
	      "       responder -t -p PORTS -r RANGE ...\n"
	      "  -L  on-link: each live host answers ARP\n"
	      "  -E  nobody lives at addresses ending in .0 or .255\n"
	      "  -x  ports that are never open\n"
	      "  -d  only count, answer nothing\n",
	    stderr);
	return 2;
}

static bool
address_of(const char *text, uint32_t *address)
{
	struct rule r = { .size = 0 };

	if (!rule_range(&r, text) || r.size != 1)
		return false;
	*address = r.first;
	return true;
}

static bool
set(struct settings *s, int option, const char *value)
{
	switch (option) {
	case 'i':
		return s->interface = value, true;
	case 'r':
		return rule_range(&s->rule, value);
	case 'L':
		return s->rule.on_link = true;
	case 'E':
		return s->rule.no_edges = true;
	case 'a':
		s->rule.spared[0] = 0;
		return address_of(value, &s->router) &&
		    address_of(value, &s->rule.spared[0]);
	case 'A':
		return address_of(value, &s->rule.spared[1]);
	case 'n':
		s->rule.live = (uint32_t)strtoul(value, NULL, 10);
		return true;
	case 'o':
		s->rule.open = (unsigned)lrint(strtod(value, NULL) * 100);
		return true;
	case 'q':
		s->rule.silent = (unsigned)lrint(strtod(value, NULL) * 100);
		return true;
	case 'x':
		return rule_ports(s->rule.shut, value);
	case 'p':
		s->has_ports = true;
		return rule_ports(s->ports, value);
	case 'l':
		s->loss = strtod(value, NULL) / 100;
		return s->loss >= 0 && s->loss < 1;
	case 's':
		s->rule.seed = (uint32_t)strtoul(value, NULL, 10);
		return true;
	case 'c':
		return s->count_file = value, true;
	case 'y':
		return s->ready_file = value, true;
	case 'k':
		s->murmur_ms = (int)strtol(value, NULL, 10);
		return true;
	case 't':
		return s->list = true;
	case 'd':
		return s->only_count = true;
	default:
		return false;
	}
}

static bool
put_file(const char *name, const struct tally *t)
{
	FILE *f = fopen(name, "w");

	if (f == NULL)
		return false;
	if (t != NULL)
		tally_write(t, f);
	return fclose(f) == 0;
}

static bool
murmur(struct answer *a)
{
	static const uint8_t all[6] = { 255, 255, 255, 255, 255, 255 };
	uint8_t mac[6];

	packet_mac(mac, a->router);
	return outbox_add(a->out,
		   packet_arp(outbox_room(a->out), 1, all, mac, a->router,
		       a->router)) &&
	    outbox_flush(a->out);
}

static bool
turn(struct answer *a, struct ring *ring, int murmur_ms)
{
	struct ring_frame f;
	bool ok = true;

	for (unsigned n = 0; n < AT_ONCE && ring_next(ring, &f) && ok; n++) {
		ok = answer_frame(a, &f);
		ring_done(ring);
	}
	if (a->out != NULL && ok)
		ok = outbox_flush(a->out);
	if (!ok || ring_next(ring, &f))
		return ok;
	if (!ring_wait(ring, murmur_ms > 0 ? murmur_ms : LOOK_MS) &&
	    murmur_ms > 0)
		return murmur(a);
	return true;
}

static int
only_count(const struct settings *s)
{
	if ((s->ready_file == NULL || put_file(s->ready_file, NULL)) &&
	    s->count_file != NULL &&
	    drop_count(s->interface, &stop, s->count_file))
		return 0;
	perror("responder");
	return 1;
}

static int
serve(struct settings *s)
{
	struct ring *ring = ring_new(s->interface);
	struct outbox *out = s->only_count ? NULL : outbox_new(s->interface);
	struct tally tally;
	struct answer a = { .rule = &s->rule,
		.router = s->router,
		.loss = (uint32_t)(s->loss * 4294967296.0),
		.chance = s->rule.seed * 2862933555777941757ULL + 1,
		.tally = &tally,
		.out = out };
	bool ok = ring != NULL && out != NULL;

	tally_init(&tally, s->rule.size);
	if (ok && s->ready_file != NULL)
		ok = put_file(s->ready_file, NULL);
	while (ok && !stop)
		ok = turn(&a, ring, s->murmur_ms);
	if (!ok)
		perror("responder");
	if (ring != NULL)
		tally.ring_drops = ring_drops(ring);
	if (out != NULL)
		tally.refused = outbox_refused(out);
	if (s->count_file != NULL && !put_file(s->count_file, &tally)) {
		perror(s->count_file);
		ok = false;
	}
	tally_free(&tally);
	outbox_free(out);
	ring_free(ring);
	return ok ? 0 : 1;
}

int
main(int argc, char **argv)
{
	static struct settings s = { .rule = {
					 .live = UINT32_MAX, .seed = 1 } };
	struct sigaction action = { .sa_handler = on_signal };
	int option;

	while ((option = getopt(
		    argc, argv, "i:r:LEa:A:n:o:q:x:p:l:s:c:y:k:td")) != -1)
		if (option == '?' || !set(&s, option, optarg))
			return usage();
	if (optind != argc || (s.rule.size == 0 && !s.only_count) ||
	    (s.interface == NULL && !s.list))
		return usage();
	if (s.rule.size != 0 && !rule_ready(&s.rule)) {
		perror("responder");
		return 1;
	}
	if (s.list) {
		rule_list(&s.rule, s.has_ports ? s.ports : NULL, stdout);
		return fflush(stdout) == 0 ? 0 : 1;
	}
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	return s.only_count ? only_count(&s) : serve(&s);
}
