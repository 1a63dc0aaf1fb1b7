/* SPDX-License-Identifier: ISC */
/*
 * lastwords - a short ring of frames per host.
 *
 * Limits:    of long frames only the beginning is kept; the headers are there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include "scanner/lastwords.h"
#include "scanner/limits.h"

struct host {
	uint32_t address;
	size_t n;
	struct lastwords_frame frames[LAST_FRAMES_MAX];
	uint8_t bytes[LAST_FRAMES_MAX][LAST_BYTES_MAX];
	UT_hash_handle hh;
};

struct lastwords {
	struct host *hosts; /* the one heard of last stands last */
};

struct lastwords *
lastwords_new(void)
{
	return calloc(1, sizeof(struct lastwords));
}

static void
host_drop(struct lastwords *l, struct host *h)
{
	HASH_DEL(l->hosts, h);
	free(h);
}

void
lastwords_free(struct lastwords *l)
{
	if (l == NULL)
		return;
	while (l->hosts != NULL)
		host_drop(l, l->hosts);
	free(l);
}

static struct host *
host_find(const struct lastwords *l, uint32_t address)
{
	struct host *h;

	HASH_FIND(hh, l->hosts, &address, sizeof(address), h);
	return h;
}

static struct host *
host_new(struct lastwords *l, uint32_t address)
{
	struct host *h = calloc(1, sizeof(*h));

	if (h == NULL)
		return NULL;
	h->address = address;
	HASH_ADD(hh, l->hosts, address, sizeof(h->address), h);
	if (h->hh.tbl == NULL) {
		free(h);
		return NULL;
	}
	if (HASH_COUNT(l->hosts) > LAST_HOSTS_MAX)
		host_drop(l, l->hosts);
	return h;
}

/* Bytes stay where they are: only the records move, each with its own. */
static void
forget_oldest(struct host *h)
{
	memmove(&h->frames[0], &h->frames[1],
	    (LAST_FRAMES_MAX - 1) * sizeof(h->frames[0]));
	memmove(h->bytes[0], h->bytes[1],
	    (LAST_FRAMES_MAX - 1) * sizeof(h->bytes[0]));
	h->n--;
}

void
lastwords_note(struct lastwords *l, uint32_t address, const struct frame *frame,
    bool is_from_host, bool begin)
{
	struct host *h = host_find(l, address);
	struct lastwords_frame *f;

	if (h == NULL && begin)
		h = host_new(l, address);
	if (h == NULL)
		return;
	if (h->hh.next != NULL) {
		HASH_DEL(l->hosts, h);
		HASH_ADD(hh, l->hosts, address, sizeof(h->address), h);
	}
	if (h->n == LAST_FRAMES_MAX)
		forget_oldest(h);
	f = &h->frames[h->n];
	*f = (struct lastwords_frame){ .frame = *frame,
		.is_from_host = is_from_host };
	if (f->frame.len > LAST_BYTES_MAX)
		f->frame.len = LAST_BYTES_MAX;
	if (f->frame.wire_len < frame->len)
		f->frame.wire_len = frame->len;
	memcpy(h->bytes[h->n++], frame->bytes, f->frame.len);
}

void
lastwords_written(struct lastwords *l, uint32_t address,
    const struct frame *frame, uint32_t number)
{
	struct host *h = host_find(l, address);

	for (size_t i = 0; h != NULL && i < h->n; i++)
		if (h->frames[i].frame.number == frame->number &&
		    h->frames[i].frame.time_ns == frame->time_ns)
			h->frames[i].number = number;
}

struct lastwords_frame *
lastwords_of(struct lastwords *l, uint32_t address, size_t *n)
{
	struct host *h = host_find(l, address);

	*n = h != NULL ? h->n : 0;
	if (*n == 0)
		return NULL;
	for (size_t i = 0; i < h->n; i++)
		h->frames[i].frame.bytes = h->bytes[i];
	return h->frames;
}

/* "tcp/104 SYN": the host's port, and what tells one packet from another. */
static void
words_of(const struct lastwords_frame *f, char *out, size_t size)
{
	struct packet p;
	const char *to = f->is_from_host ? "from" : "to";

	decode_frame(&f->frame, &p);
	switch (p.kind) {
	case PACKET_TCP:
		snprintf(out, size, "%s tcp/%u%s%s%s%s%s", to,
		    (unsigned)(f->is_from_host ? p.tcp.source_port
					       : p.tcp.destination_port),
		    p.tcp.flags & TCP_SYN ? " SYN" : "",
		    p.tcp.flags & TCP_FIN ? " FIN" : "",
		    p.tcp.flags & TCP_RST ? " RST" : "",
		    p.tcp.flags & TCP_ACK ? " ACK" : "",
		    p.payload.left > 0 ? " data" : "");
		break;
	case PACKET_UDP:
		snprintf(out, size, "%s udp/%u", to,
		    (unsigned)(f->is_from_host ? p.udp.source_port
					       : p.udp.destination_port));
		break;
	case PACKET_ICMP:
		snprintf(
		    out, size, "%s ICMP type %u", to, (unsigned)p.icmp.type);
		break;
	default:
		snprintf(out, size, "%s %s", to,
		    p.kind == PACKET_ARP ? "ARP" : "other");
	}
}

const char *
lastwords_text(const struct lastwords_frame *frames, size_t n,
    char buf[static LASTWORDS_TEXT])
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		int64_t before =
		    frames[n - 1].frame.time_ns - frames[i].frame.time_ns;
		char words[40];
		int len;

		words_of(&frames[i], words, sizeof(words));
		len = snprintf(buf + used, LASTWORDS_TEXT - used,
		    "%s%s%.3f s %s", i ? ", " : "", before > 0 ? "-" : "",
		    (double)before / 1e9, words);
		if (len < 0 || (size_t)len >= LASTWORDS_TEXT - used) {
			buf[used] = '\0';
			break;
		}
		used += (size_t)len;
	}
	return buf;
}
