/* SPDX-License-Identifier: ISC */
/* neighbour - the system calls behind it. */
#include <arpa/inet.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scanner/neighbour.h"
#include "scanner/socket.h"

/* Linux: look at the way there, and send nothing; not in every libc. */
#ifndef MSG_PROBE
#define MSG_PROBE 0x10
#endif

enum { NO_PORT = 9 }; /* any: nothing is sent */

struct neighbours {
	int fd; /* a datagram socket that is bound to nothing */
};

struct neighbours *
neighbours_new(void)
{
	struct neighbours *n = malloc(sizeof(*n));

	if (n == NULL)
		return NULL;
	n->fd = socket_open(true, 0, NULL);
	if (n->fd >= 0)
		return n;
	free(n);
	return NULL;
}

void
neighbours_free(struct neighbours *n)
{
	if (n == NULL)
		return;
	close(n->fd);
	free(n);
}

static struct sockaddr_in
peer_of(uint32_t address)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_port = htons(NO_PORT),
		.sin_addr.s_addr = htonl(address) };
}

bool
neighbour_is_known(
    const struct neighbours *n, uint32_t address, const char *interface)
{
	struct sockaddr_in peer = peer_of(address);
	struct arpreq request = { 0 };

	memcpy(&request.arp_pa, &peer, sizeof(peer));
	snprintf(request.arp_dev, sizeof(request.arp_dev), "%s", interface);
	return ioctl(n->fd, SIOCGARP, &request) == 0 &&
	    (request.arp_flags & ATF_COM) != 0;
}

void
neighbour_confirm(const struct neighbours *n, uint32_t address, int interface)
{
	struct sockaddr_in peer = peer_of(address);
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
	} control = { 0 };
	struct in_pktinfo info = { .ipi_ifindex = interface };
	struct msghdr message = { .msg_name = &peer,
		.msg_namelen = sizeof(peer),
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&message);

	c->cmsg_level = IPPROTO_IP;
	c->cmsg_type = IP_PKTINFO;
	c->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(c), &info, sizeof(info));
	/* What fails leaves the kernel to ask by itself. */
	(void)sendmsg(n->fd, &message, MSG_CONFIRM | MSG_PROBE | MSG_DONTWAIT);
}
