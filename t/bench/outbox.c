/* SPDX-License-Identifier: ISC */
/*
 * outbox - batches through sendmmsg.
 *
 * A frame a full device refuses is tried again, as long as it takes: the bench
 * bounds its runs in time.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "t/bench/outbox.h"
#include "t/bench/packet.h"

enum { BATCH = 64 };

struct outbox {
	int fd;
	unsigned len;
	uint64_t sent, refused;
	struct mmsghdr messages[BATCH];
	struct iovec parts[BATCH];
	uint8_t frames[BATCH][PACKET_MAX];
};

bool
outbox_mac(const char *interface, uint8_t mac[static 6])
{
	struct ifreq request = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok;

	if (fd < 0)
		return false;
	memcpy(request.ifr_name, interface,
	    strnlen(interface, sizeof(request.ifr_name) - 1));
	ok = ioctl(fd, SIOCGIFHWADDR, &request) == 0;
	memcpy(mac, request.ifr_hwaddr.sa_data, 6);
	close(fd);
	return ok;
}

static bool
open_on(struct outbox *o, const char *interface)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET };
	int one = 1;

	at.sll_ifindex = (int)if_nametoindex(interface);
	o->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	return at.sll_ifindex != 0 && o->fd >= 0 &&
	    bind(o->fd, (struct sockaddr *)&at, sizeof(at)) == 0 &&
	    setsockopt(
		o->fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one)) == 0;
}

struct outbox *
outbox_new(const char *interface)
{
	struct outbox *o = calloc(1, sizeof(*o));

	if (o == NULL)
		return NULL;
	o->fd = -1;
	for (unsigned i = 0; i < BATCH; i++) {
		o->parts[i].iov_base = o->frames[i];
		o->messages[i].msg_hdr.msg_iov = &o->parts[i];
		o->messages[i].msg_hdr.msg_iovlen = 1;
	}
	if (!open_on(o, interface)) {
		outbox_free(o);
		return NULL;
	}
	return o;
}

void
outbox_free(struct outbox *o)
{
	if (o == NULL)
		return;
	if (o->fd >= 0)
		close(o->fd);
	free(o);
}

uint8_t *
outbox_room(struct outbox *o)
{
	return o->frames[o->len];
}

bool
outbox_add(struct outbox *o, size_t len)
{
	o->parts[o->len++].iov_len = len;
	return o->len < BATCH || outbox_flush(o);
}

bool
outbox_flush(struct outbox *o)
{
	unsigned at = 0;

	while (at < o->len) {
		int n = sendmmsg(o->fd, o->messages + at, o->len - at, 0);

		if (n > 0) {
			at += (unsigned)n;
			o->sent += (unsigned)n;
		} else if (errno == ENOBUFS || errno == EAGAIN) {
			o->refused++;
		} else if (errno != EINTR) {
			o->len = 0;
			return false;
		}
	}
	o->len = 0;
	return true;
}

uint64_t
outbox_sent(const struct outbox *o)
{
	return o->sent;
}

uint64_t
outbox_refused(const struct outbox *o)
{
	return o->refused;
}
