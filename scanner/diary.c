/* SPDX-License-Identifier: ISC */
/*
 * diary - frames of records at the end of a file.
 *
 *	"gdiary01" generation(4)   then frames:
 *	length(4) checksum(8) { kind(1) length(4) bytes }...
 *
 * Numbers are big-endian.  The checksum is SipHash of the frame's bytes under
 * the run's key.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "scanner/diary.h"
#include "scanner/siphash.h"
#include "scanner/wire.h"

enum {
	HEAD = 12,
	FRAME_HEAD = 12,
	RECORD_HEAD = 5,
	FIRST_ROOM = 4096,
	LOCK_TRIES = 60,
	LOCK_WAIT_MS = 50
};
static const char magic[8] = { 'g', 'd', 'i', 'a', 'r', 'y', '0', '1' };

struct diary {
	int fd, error;
	uint8_t key[16];
	uint8_t *frame; /* room for its head, then records */
	size_t len, room;
};

static bool
write_all(int fd, const uint8_t *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			errno = n == 0 ? ENOSPC : errno;
			return false;
		}
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

/* A process that was killed is some time dying: its lock goes last. */
static bool
lock(int fd)
{
	for (int tries = 0; tries < LOCK_TRIES; tries++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return true;
		if (errno != EWOULDBLOCK)
			return false;
		poll(NULL, 0, LOCK_WAIT_MS);
	}
	errno = EWOULDBLOCK;
	return false;
}

/* Opens and locks it. */
static struct diary *
diary_open(const char *path, const uint8_t key[static 16], int flags)
{
	struct diary *j = calloc(1, sizeof(*j));

	if (j == NULL)
		return NULL;
	memcpy(j->key, key, sizeof(j->key));
	j->len = FRAME_HEAD;
	j->fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
	if (j->fd >= 0 && lock(j->fd))
		return j;
	diary_close(j);
	return NULL;
}

void
diary_close(struct diary *j)
{
	int error = errno;

	if (j == NULL)
		return;
	if (j->fd >= 0)
		close(j->fd);
	free(j->frame);
	free(j);
	errno = error;
}

struct diary *
diary_create(
    const char *path, const uint8_t key[static 16], uint32_t generation)
{
	uint8_t head[HEAD];
	struct wr w = { .at = head, .left = sizeof(head) };
	struct diary *j = diary_open(path, key, O_CREAT);

	if (j == NULL)
		return NULL;
	wr_bytes(&w, magic, sizeof(magic));
	wr_u32(&w, generation);
	if (ftruncate(j->fd, 0) == 0 && write_all(j->fd, head, sizeof(head)))
		return j;
	diary_close(j);
	return NULL;
}

/* --- reading -------------------------------------------------------------- */

/* All of it, or NULL and errno. */
static uint8_t *
read_all(int fd, size_t *len)
{
	off_t size = lseek(fd, 0, SEEK_END);
	uint8_t *bytes;

	*len = 0;
	if (size < 0)
		return NULL;
	bytes = malloc((size_t)size + 1);
	while (bytes != NULL && *len < (size_t)size) {
		ssize_t n =
		    pread(fd, bytes + *len, (size_t)size - *len, (off_t)*len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			free(bytes);
			return NULL;
		}
		if (n == 0)
			break;
		*len += (size_t)n;
	}
	return bytes;
}

static uint64_t
rd_u64(struct rd *r)
{
	uint64_t high = rd_u32(r);

	return high << 32 | rd_u32(r);
}

/* Returns the frame's records, or an empty cursor where it is not whole. */
static struct rd
frame_next(const struct diary *j, struct rd *r)
{
	struct rd records = { 0 };
	uint32_t len = rd_u32(r);
	uint64_t sum = rd_u64(r);

	records.at = rd_bytes(r, len);
	records.left = len;
	if (rd_ok(r) && siphash24(j->key, records.at, len) == sum)
		return records;
	r->ran_short = true;
	return (struct rd){ 0 };
}

static void
take_records(struct rd records,
    void (*took)(void *arg, uint8_t kind, const uint8_t *bytes, size_t len),
    void *arg)
{
	while (records.left > 0) {
		uint8_t kind = rd_u8(&records);
		uint32_t len = rd_u32(&records);
		const uint8_t *bytes = rd_bytes(&records, len);

		if (!rd_ok(&records))
			return;
		took(arg, kind, bytes, len);
	}
}

static bool
is_of(struct rd *r, uint32_t generation)
{
	const uint8_t *word = rd_bytes(r, sizeof(magic));

	return word != NULL && memcmp(word, magic, sizeof(magic)) == 0 &&
	    rd_u32(r) == generation && rd_ok(r);
}

struct diary *
diary_continue(const char *path, const uint8_t key[static 16],
    uint32_t generation,
    void (*took)(void *arg, uint8_t kind, const uint8_t *bytes, size_t len),
    void *arg)
{
	struct diary *j = diary_open(path, key, 0);
	struct rd r = { 0 };
	size_t whole = HEAD;
	uint8_t *all;

	if (j == NULL)
		return NULL;
	all = read_all(j->fd, &r.left);
	r.at = all;
	errno = all == NULL ? errno : ENOENT;
	if (all == NULL || !is_of(&r, generation)) {
		free(all);
		diary_close(j);
		return NULL;
	}
	while (r.left > 0) {
		struct rd records = frame_next(j, &r);

		if (!rd_ok(&r))
			break;
		whole = (size_t)(r.at - all);
		take_records(records, took, arg);
	}
	free(all);
	if (ftruncate(j->fd, (off_t)whole) == 0 &&
	    lseek(j->fd, 0, SEEK_END) == (off_t)whole)
		return j;
	diary_close(j);
	return NULL;
}

/* --- writing --------------------------------------------------------------- */

static bool
make_room(struct diary *j, size_t more)
{
	size_t room = j->room ? j->room : FIRST_ROOM;
	uint8_t *grown;

	while (room < j->len + more)
		room *= 2;
	if (room == j->room)
		return true;
	grown = realloc(j->frame, room);
	if (grown == NULL) {
		j->error = ENOMEM;
		return false;
	}
	j->frame = grown;
	j->room = room;
	return true;
}

void
diary_put(struct diary *j, uint8_t kind, const uint8_t *bytes, size_t len)
{
	struct wr w;

	if (j->error != 0 || !make_room(j, RECORD_HEAD + len))
		return;
	w = (struct wr){ .at = j->frame + j->len, .left = j->room - j->len };
	wr_u8(&w, kind);
	wr_u32(&w, (uint32_t)len);
	wr_bytes(&w, bytes, len);
	j->len += w.used;
}

bool
diary_flush(struct diary *j)
{
	struct wr w = { .at = j->frame, .left = FRAME_HEAD };
	uint64_t sum;

	if (j->error == 0 && j->len > FRAME_HEAD) {
		sum = siphash24(
		    j->key, j->frame + FRAME_HEAD, j->len - FRAME_HEAD);
		wr_u32(&w, (uint32_t)(j->len - FRAME_HEAD));
		wr_u32(&w, (uint32_t)(sum >> 32));
		wr_u32(&w, (uint32_t)sum);
		if (!write_all(j->fd, j->frame, j->len))
			j->error = errno;
		j->len = FRAME_HEAD;
	}
	errno = j->error;
	return j->error == 0;
}
