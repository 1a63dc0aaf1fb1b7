/* SPDX-License-Identifier: ISC */
/*
 * ring - TPACKET_V2.
 *
 * Version 3 hands frames over in blocks, a lone one a millisecond late; a
 * responder must answer a lone one at once.  262,144 frames of 256 bytes: what
 * a scanner sends in a third of a second, should this process not run.
 */
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "t/bench/ring.h"

enum { FRAME = 256, FRAMES = 1 << 18, BLOCK = 1 << 16 };

struct ring {
	int fd;
	uint8_t *memory;
	unsigned at;
};

static bool
open_on(struct ring *r, const char *interface)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET };
	struct tpacket_req request = { .tp_block_size = BLOCK,
		.tp_block_nr = (unsigned)((size_t)FRAME * FRAMES / BLOCK),
		.tp_frame_size = FRAME,
		.tp_frame_nr = FRAMES };
	int version = TPACKET_V2, one = 1;

	at.sll_ifindex = (int)if_nametoindex(interface);
	at.sll_protocol = htons(ETH_P_ALL);
	/* No protocol before the bind: nothing of other interfaces. */
	r->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (at.sll_ifindex == 0 || r->fd < 0 ||
	    setsockopt(r->fd, SOL_PACKET, PACKET_VERSION, &version,
		sizeof(version)) != 0 ||
	    setsockopt(r->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one,
		sizeof(one)) != 0 ||
	    setsockopt(r->fd, SOL_PACKET, PACKET_RX_RING, &request,
		sizeof(request)) != 0)
		return false;
	r->memory = mmap(NULL, (size_t)FRAME * FRAMES, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_POPULATE, r->fd, 0);
	if (r->memory == MAP_FAILED) {
		r->memory = NULL;
		return false;
	}
	return bind(r->fd, (struct sockaddr *)&at, sizeof(at)) == 0;
}

struct ring *
ring_new(const char *interface)
{
	struct ring *r = calloc(1, sizeof(*r));

	if (r != NULL && !open_on(r, interface)) {
		ring_free(r);
		return NULL;
	}
	return r;
}

void
ring_free(struct ring *r)
{
	if (r == NULL)
		return;
	if (r->memory != NULL)
		munmap(r->memory, (size_t)FRAME * FRAMES);
	if (r->fd >= 0)
		close(r->fd);
	free(r);
}

/* The kernel's own header, not the packet's. */
static struct tpacket2_hdr *
header(const struct ring *r)
{
	return (
	    struct tpacket2_hdr *)(void *)(r->memory + (size_t)r->at * FRAME);
}

bool
ring_next(struct ring *r, struct ring_frame *f)
{
	struct tpacket2_hdr *h = header(r);

	if (!(__atomic_load_n(&h->tp_status, __ATOMIC_ACQUIRE) &
		TP_STATUS_USER))
		return false;
	f->data = (const uint8_t *)h + h->tp_mac;
	f->len = h->tp_snaplen;
	f->time_ns = (int64_t)h->tp_sec * 1000000000 + h->tp_nsec;
	return true;
}

void
ring_done(struct ring *r)
{
	__atomic_store_n(
	    &header(r)->tp_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
	r->at = (r->at + 1) % FRAMES;
}

bool
ring_wait(struct ring *r, int ms)
{
	struct pollfd p = { .fd = r->fd, .events = POLLIN };

	return poll(&p, 1, ms) > 0;
}

uint64_t
ring_drops(struct ring *r)
{
	struct tpacket_stats s = { 0 };
	socklen_t len = sizeof(s);

	if (getsockopt(r->fd, SOL_PACKET, PACKET_STATISTICS, &s, &len) != 0)
		return 0;
	return s.tp_drops;
}
