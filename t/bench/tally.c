/* SPDX-License-Identifier: ISC */
/*
 * tally - counts, and each host's peaks.
 *
 * A host's second is ten tenths by the wall clock: a burst across eleven of
 * them is seen as what ten of them hold.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "t/bench/tally.h"

static const int64_t tenth = 100000000;

void
tally_init(struct tally *t, uint32_t hosts)
{
	memset(t, 0, sizeof(*t));
	if (hosts > TALLY_HOSTS_MAX)
		return;
	t->hosts = calloc(hosts, sizeof(*t->hosts));
	t->hosts_len = t->hosts == NULL ? 0 : hosts;
}

void
tally_free(struct tally *t)
{
	free(t->hosts);
	t->hosts = NULL;
}

void
tally_packet(struct tally *t, int64_t now)
{
	t->packets++;
	if (t->first_ns == 0)
		t->first_ns = now;
	t->last_ns = now;
	if (now - t->tenth_ns >= tenth) {
		t->tenth_ns = now;
		t->in_tenth = 0;
	}
	if (++t->in_tenth > t->peak_tenth)
		t->peak_tenth = t->in_tenth;
}

void
tally_syn(struct tally *t, int64_t now)
{
	t->syn++;
	if (t->first_syn_ns == 0)
		t->first_syn_ns = now;
	t->last_syn_ns = now;
}

static void
host_move(struct tally_host *h, uint64_t at)
{
	uint64_t steps = at - h->at;

	for (uint64_t i = 1; i <= steps && i <= TALLY_SLOTS; i++) {
		h->packets[(h->at + i) % TALLY_SLOTS] = 0;
		h->initiations[(h->at + i) % TALLY_SLOTS] = 0;
	}
	h->at = at;
}

static unsigned
total(const uint16_t *slots)
{
	unsigned n = 0;

	for (unsigned i = 0; i < TALLY_SLOTS; i++)
		n += slots[i];
	return n;
}

void
tally_host(struct tally *t, uint32_t index, int64_t now, bool is_initiation)
{
	struct tally_host *h;
	uint64_t at = (uint64_t)(now / tenth);
	unsigned n;

	if (index >= t->hosts_len)
		return;
	h = &t->hosts[index];
	if (at > h->at)
		host_move(h, at);
	h->packets[h->at % TALLY_SLOTS]++;
	n = total(h->packets);
	if (n > t->peak_host_packets)
		t->peak_host_packets = n;
	if (!is_initiation)
		return;
	h->initiations[h->at % TALLY_SLOTS]++;
	n = total(h->initiations);
	if (n > t->peak_host_initiations)
		t->peak_host_initiations = n;
}

void
tally_write(const struct tally *t, FILE *out)
{
	double seconds = (double)(t->last_ns - t->first_ns) / 1e9;
	double syn_seconds = (double)(t->last_syn_ns - t->first_syn_ns) / 1e9;

	fprintf(out, "{");
#define COUNT(name) fprintf(out, " \"%s\": %" PRIu64 ",\n ", #name, t->name)
	COUNT(packets);
	COUNT(arp);
	COUNT(echo);
	COUNT(udp);
	COUNT(syn);
	COUNT(ack);
	COUNT(fin);
	COUNT(rst);
	COUNT(data);
	COUNT(odd);
	COUNT(stray);
	COUNT(bad_checksum);
	COUNT(lost_in);
	COUNT(lost_out);
	COUNT(answered_open);
	COUNT(answered_closed);
	COUNT(ring_drops);
	COUNT(refused);
	COUNT(peak_tenth);
#undef COUNT
	fprintf(out,
	    " \"seconds\": %.6f,\n  \"syn_seconds\": %.6f,\n"
	    "  \"syn_per_second\": %.0f,\n"
	    "  \"peak_host_packets\": %u,\n"
	    "  \"peak_host_initiations\": %u }\n",
	    seconds, syn_seconds,
	    syn_seconds > 0 ? (double)t->syn / syn_seconds : 0.0,
	    t->peak_host_packets, t->peak_host_initiations);
}
