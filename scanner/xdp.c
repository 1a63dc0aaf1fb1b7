/* SPDX-License-Identifier: ISC */
/*
 * xdp - a transmit ring of AF_XDP in copy mode.
 *
 * Source:    Linux Documentation/networking/af_xdp.rst, if_xdp.h
 * Limits:    sends only; queue 0 of the interface; no XDP program is loaded,
 *            so that nothing changes in what the machine receives
 *
 * Frames lie in one area registered with the kernel.  A frame's index goes out
 * through the transmit ring and comes back through the completion ring; of
 * the two the kernel turns one end and we the other, so that no lock is needed.
 * In copy mode the kernel reads a frame while we are in sendto().
 */
#include <errno.h>
#include <linux/if_xdp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scanner/xdp.h"

enum {
	CHUNK = 2048, /* the least the kernel takes */
	AREA = CHUNK * XDP_FRAMES
};

/* One of the rings shared with the kernel. */
struct ring {
	uint32_t *producer, *consumer;
	void *items;
	void *map; /* MAP_FAILED where there is none */
	size_t map_len;
};

struct xdp {
	int fd;
	uint8_t *area;
	struct ring tx, done;
	uint32_t produced, reported; /* our ends of tx and done */
	uint16_t room[XDP_FRAMES];   /* indices of frames nobody uses */
	unsigned room_len;
};

static bool
option(struct xdp *x, int name, int value)
{
	return setsockopt(x->fd, SOL_XDP, name, &value, sizeof(value)) == 0;
}

static bool
area_register(struct xdp *x)
{
	struct xdp_umem_reg reg = { .len = AREA, .chunk_size = CHUNK };

	x->area = mmap(NULL, AREA, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (x->area == MAP_FAILED)
		return false;
	reg.addr = (uintptr_t)x->area;
	return setsockopt(x->fd, SOL_XDP, XDP_UMEM_REG, &reg, sizeof(reg)) == 0;
}

static bool
ring_map(struct xdp *x, struct ring *ring, const struct xdp_ring_offset *offset,
    size_t item, off_t at)
{
	uint8_t *map;

	ring->map_len = (size_t)offset->desc + XDP_FRAMES * item;
	ring->map = mmap(NULL, ring->map_len, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_POPULATE, x->fd, at);
	if (ring->map == MAP_FAILED)
		return false;
	map = ring->map;
	ring->producer = (uint32_t *)(void *)(map + offset->producer);
	ring->consumer = (uint32_t *)(void *)(map + offset->consumer);
	ring->items = map + offset->desc;
	return true;
}

static bool
rings_make(struct xdp *x)
{
	struct xdp_mmap_offsets offsets;
	socklen_t len = sizeof(offsets);

	/* The fill ring is of no use to us, but asked for. */
	return option(x, XDP_UMEM_FILL_RING, 1) &&
	    option(x, XDP_UMEM_COMPLETION_RING, XDP_FRAMES) &&
	    option(x, XDP_TX_RING, XDP_FRAMES) &&
	    getsockopt(x->fd, SOL_XDP, XDP_MMAP_OFFSETS, &offsets, &len) == 0 &&
	    len == sizeof(offsets) &&
	    ring_map(x, &x->tx, &offsets.tx, sizeof(struct xdp_desc),
		XDP_PGOFF_TX_RING) &&
	    ring_map(x, &x->done, &offsets.cr, sizeof(uint64_t),
		(off_t)XDP_UMEM_PGOFF_COMPLETION_RING);
}

struct xdp *
xdp_new(int interface)
{
	struct sockaddr_xdp at = { .sxdp_family = AF_XDP,
		.sxdp_flags = XDP_COPY,
		.sxdp_ifindex = (uint32_t)interface };
	struct xdp *x = calloc(1, sizeof(*x));
	int why;

	if (x == NULL)
		return NULL;
	x->area = x->tx.map = x->done.map = MAP_FAILED;
	x->fd = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (x->fd < 0 || !area_register(x) || !rings_make(x) ||
	    bind(x->fd, (const struct sockaddr *)&at, sizeof(at)) != 0) {
		why = errno;
		xdp_free(x);
		errno = why;
		return NULL;
	}
	while (x->room_len < XDP_FRAMES) {
		x->room[x->room_len] = (uint16_t)x->room_len;
		x->room_len++;
	}
	return x;
}

void
xdp_free(struct xdp *x)
{
	if (x == NULL)
		return;
	if (x->tx.map != MAP_FAILED)
		munmap(x->tx.map, x->tx.map_len);
	if (x->done.map != MAP_FAILED)
		munmap(x->done.map, x->done.map_len);
	if (x->fd >= 0)
		close(x->fd);
	if (x->area != MAP_FAILED)
		munmap(x->area, AREA);
	free(x);
}

/* Takes back the frames that have left. */
static void
reap(struct xdp *x)
{
	const uint64_t *done = x->done.items;
	uint32_t end = __atomic_load_n(x->done.producer, __ATOMIC_ACQUIRE);

	for (; x->reported != end; x->reported++) {
		uint64_t at = done[x->reported % XDP_FRAMES];

		if (at < AREA && x->room_len < XDP_FRAMES)
			x->room[x->room_len++] = (uint16_t)(at / CHUNK);
	}
	__atomic_store_n(x->done.consumer, x->reported, __ATOMIC_RELEASE);
}

uint8_t *
xdp_room(struct xdp *x)
{
	if (x->room_len == 0)
		reap(x);
	if (x->room_len == 0)
		return NULL;
	return x->area + (size_t)x->room[x->room_len - 1] * CHUNK;
}

void
xdp_add(struct xdp *x, size_t len)
{
	struct xdp_desc *items = x->tx.items;

	items[x->produced++ % XDP_FRAMES] =
	    (struct xdp_desc){ .addr = (uint64_t)x->room[--x->room_len] * CHUNK,
		    .len = (uint32_t)len };
}

/* Frames added and not taken by the kernel. */
static unsigned
queued(const struct xdp *x)
{
	return x->produced - __atomic_load_n(x->tx.consumer, __ATOMIC_ACQUIRE);
}

int
xdp_send(struct xdp *x)
{
	unsigned before = queued(x), left = before;
	bool is_moving = true;

	__atomic_store_n(x->tx.producer, x->produced, __ATOMIC_RELEASE);
	/* It takes some tens in one call, and says EAGAIN after them too. */
	while (left > 0 && is_moving) {
		if (sendto(x->fd, NULL, 0, MSG_DONTWAIT, NULL, 0) < 0 &&
		    errno != EAGAIN)
			break;
		is_moving = queued(x) < left;
		left = queued(x);
	}
	return (int)(before - left);
}
