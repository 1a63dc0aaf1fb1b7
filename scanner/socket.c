/* SPDX-License-Identifier: ISC */
/* socket - the system calls behind it. */
#include <arpa/inet.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scanner/socket.h"

/* Sizes are advice: a kernel that refuses them has limits of its own. */
static void
socket_tune(int fd, bool via_udp)
{
	const int room = via_udp ? SOCKET_UDP_ROOM : SOCKET_TCP_ROOM;
	const int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	if (!via_udp)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

static bool
socket_bind(int fd, uint32_t source, const char *interface)
{
	struct sockaddr_in self = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(source) };

	if (interface != NULL &&
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface,
		(socklen_t)strlen(interface) + 1) != 0)
		return false;
	return source == 0 ||
	    bind(fd, (struct sockaddr *)&self, sizeof(self)) == 0;
}

int
socket_open(bool via_udp, uint32_t source, const char *interface)
{
	int type = via_udp ? SOCK_DGRAM : SOCK_STREAM;
	int fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	socket_tune(fd, via_udp);
	if (socket_bind(fd, source, interface))
		return fd;
	close(fd);
	return -1;
}

size_t
socket_unacknowledged(int fd)
{
	int waiting = 0;

	if (ioctl(fd, SIOCOUTQ, &waiting) != 0 || waiting < 0)
		return 0;
	return (size_t)waiting;
}

bool
socket_has_unread(int fd)
{
	int waiting = 0;

	return ioctl(fd, SIOCINQ, &waiting) == 0 && waiting > 0;
}

uint32_t
socket_segments(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0)
		return 0;
	return info.tcpi_segs_out;
}

void
socket_reset_at_close(int fd)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}
