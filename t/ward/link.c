/* SPDX-License-Identifier: ISC */
/*
 * The wire: an AF_PACKET socket bound to one interface (packet(7)).
 *
 * Read in batches without a ring.  PACKET_AUXDATA tells which checksums a
 * sender on the same machine left for its network card to fill in; those look
 * wrong and are not.  The interface itself has no address, so the kernel of
 * the ward's namespace keeps silent and everything heard there is ours.
 */
#include "link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "err.h"

enum {
	BATCH = 32,
	MAX_BATCHES = 16,        /* per wake-up, so that timers get a turn */
	FRAME_ROOM = 14 + 65536, /* a segmentation offload can be this long */
	CONTROL_ROOM = 256,
	QUEUE_BYTES = 16 << 20,
};

struct link {
	int fd;
	uint64_t dropped;
	struct mmsghdr msg[BATCH];
	struct iovec iov[BATCH];
	struct sockaddr_ll from[BATCH];
	_Alignas(struct cmsghdr) uint8_t control[BATCH][CONTROL_ROOM];
	uint8_t frame[BATCH][FRAME_ROOM];
};

static bool
option_set(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof(value)) == 0;
}

/* Every frame, whatever MAC it is for: the ward has many. */
static bool
link_set_up(int fd, unsigned index)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET };
	struct packet_mreq all = { .mr_type = PACKET_MR_PROMISC };

	at.sll_protocol = htons(ETH_P_ALL);
	at.sll_ifindex = (int)index;
	all.mr_ifindex = (int)index;
	/* The wish for a large queue may be refused; the rest may not. */
	if (!option_set(fd, SOL_SOCKET, SO_RCVBUFFORCE, QUEUE_BYTES))
		option_set(fd, SOL_SOCKET, SO_RCVBUF, QUEUE_BYTES);
	if (!option_set(fd, SOL_SOCKET, SO_SNDBUFFORCE, QUEUE_BYTES))
		option_set(fd, SOL_SOCKET, SO_SNDBUF, QUEUE_BYTES);
	return option_set(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1) &&
	    option_set(fd, SOL_PACKET, PACKET_AUXDATA, 1) &&
	    option_set(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1) &&
	    setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all,
		sizeof(all)) == 0 &&
	    bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0;
}

struct link *
link_open(const char *iface, struct err *e)
{
	unsigned index = if_nametoindex(iface);
	struct link *l;

	if (index == 0) {
		err_set(e, "%s: %s", iface, strerror(errno));
		return NULL;
	}
	l = calloc(1, sizeof(*l));
	if (l == NULL) {
		err_set(e, "%s: out of memory", iface);
		return NULL;
	}
	/* Protocol 0: hears nothing until it is bound to the interface. */
	l->fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (l->fd < 0 || !link_set_up(l->fd, index)) {
		err_set(e, "%s: packet socket: %s", iface, strerror(errno));
		link_close(l);
		return NULL;
	}
	return l;
}

void
link_close(struct link *l)
{
	if (l == NULL)
		return;
	if (l->fd >= 0)
		close(l->fd);
	free(l);
}

int
link_fd(const struct link *l)
{
	return l->fd;
}

static void
batch_prepare(struct link *l)
{
	for (unsigned i = 0; i < BATCH; i++) {
		struct msghdr *h = &l->msg[i].msg_hdr;

		l->iov[i].iov_base = l->frame[i];
		l->iov[i].iov_len = FRAME_ROOM;
		h->msg_name = &l->from[i];
		h->msg_namelen = sizeof(l->from[i]);
		h->msg_iov = &l->iov[i];
		h->msg_iovlen = 1;
		h->msg_control = l->control[i];
		h->msg_controllen = CONTROL_ROOM;
	}
}

static void
frame_note(struct msghdr *h, struct link_frame *f)
{
	struct tpacket_auxdata aux;
	struct timespec t;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c; c = CMSG_NXTHDR(h, c)) {
		if (c->cmsg_level == SOL_PACKET &&
		    c->cmsg_type == PACKET_AUXDATA) {
			memcpy(&aux, CMSG_DATA(c), sizeof(aux));
			f->sums_pending =
			    (aux.tp_status & TP_STATUS_CSUMNOTREADY) != 0;
		} else if (c->cmsg_level == SOL_SOCKET &&
		    c->cmsg_type == SCM_TIMESTAMPNS) {
			memcpy(&t, CMSG_DATA(c), sizeof(t));
			f->when_ns = (uint64_t)t.tv_sec * 1000000000u +
			    (uint64_t)t.tv_nsec;
		}
	}
}

void
link_drain(struct link *l, link_fn *fn, void *arg)
{
	int n = BATCH;

	for (unsigned round = 0; round < MAX_BATCHES && n == BATCH; round++) {
		batch_prepare(l);
		n = recvmmsg(l->fd, l->msg, BATCH, MSG_DONTWAIT, NULL);
		for (int i = 0; i < n; i++) {
			struct link_frame f = { .bytes = l->frame[i],
				.len = l->msg[i].msg_len };

			frame_note(&l->msg[i].msg_hdr, &f);
			if (l->from[i].sll_pkttype != PACKET_OUTGOING)
				fn(arg, &f);
		}
	}
}

void
link_send(struct link *l, const uint8_t *frame, size_t len)
{
	(void)!send(l->fd, frame, len, MSG_DONTWAIT);
}

uint64_t
link_dropped(struct link *l)
{
	struct tpacket_stats s;
	socklen_t len = sizeof(s);

	/* Reading the kernel's count also sets it to zero. */
	if (getsockopt(l->fd, SOL_PACKET, PACKET_STATISTICS, &s, &len) == 0)
		l->dropped += s.tp_drops;
	return l->dropped;
}
