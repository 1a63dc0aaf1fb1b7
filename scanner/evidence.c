/* SPDX-License-Identifier: ISC */
/*
 * evidence - a small pcapng writer.
 *
 *	section header | interface | packet | packet | interface | packet ...
 *
 * Source:    draft-ietf-opsawg-pcapng, 4.1 to 4.3 and 3.5 (options)
 * Limits:    little-endian on every machine; times in nanoseconds; at most
 *            LINKS_MAX link types; of a frame the first FRAME_KEPT_MAX bytes,
 *            of a comment the first COMMENT_MAX.
 *
 * A block leaves in one write.  Where a write fails midway, as on a full disk,
 * the file is cut back to its last whole block and stays readable.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/evidence.h"

enum {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 6,
	BYTE_ORDER_MAGIC = 0x1a2b3c4d,
	VERSION_MAJOR = 1,
	VERSION_MINOR = 0
};

/* Option codes; a number may mean something else in another block. */
enum {
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	OPTION_PROGRAM = 4,   /* section */
	OPTION_TIME_UNIT = 9, /* interface: -log10 of the unit in seconds */
	TIME_UNIT_NANO = 9
};

/* Raw IP is the one link type libpcap and its files number differently. */
enum { DLT_ETHERNET = 1, DLT_RAW_IP = 12, LINKTYPE_RAW_IP = 101 };

enum {
	LINKS_MAX = 16,
	FRAME_KEPT_MAX = 1 << 16,
	COMMENT_MAX = 4096,
	PROGRAM_MAX = 256,
	BLOCK_MAX = FRAME_KEPT_MAX + COMMENT_MAX + 256
};

struct evidence_file {
	int fd;
	int error;      /* errno of the first write that failed, or 0 */
	bool is_broken; /* ends in half a block: nothing may follow */
	off_t size;     /* up to the last whole block */
	uint32_t frames;
	int links[LINKS_MAX];
	uint32_t links_len;
	uint8_t block[BLOCK_MAX];
};

static void
put_u16(struct wr *w, uint16_t v)
{
	const uint8_t b[2] = { (uint8_t)v, (uint8_t)(v >> 8) };

	wr_bytes(w, b, sizeof(b));
}

static void
put_u32(struct wr *w, uint32_t v)
{
	put_u16(w, (uint16_t)v);
	put_u16(w, (uint16_t)(v >> 16));
}

/* Writes bytes and fills up to a multiple of four. */
static void
put_padded(struct wr *w, const void *bytes, size_t len)
{
	static const uint8_t zeros[4];

	wr_bytes(w, bytes, len);
	wr_bytes(w, zeros, (4 - len % 4) % 4);
}

static void
put_option(struct wr *w, uint16_t code, const void *value, size_t len)
{
	put_u16(w, code);
	put_u16(w, (uint16_t)len);
	put_padded(w, value, len);
}

static void
put_text_option(struct wr *w, uint16_t code, const char *text, size_t max)
{
	if (text != NULL && text[0] != '\0')
		put_option(w, code, text, strnlen(text, max));
}

/* Returns a cursor at the beginning of an empty block of a type. */
static struct wr
block_begin(struct evidence_file *e, uint32_t type)
{
	struct wr w = { .at = e->block, .left = sizeof(e->block) };

	put_u32(&w, type);
	put_u32(&w, 0); /* length: known at the end */
	return w;
}

/* Writes all bytes, or none that stay.  Returns false and errno. */
static bool
file_append(struct evidence_file *e, const uint8_t *bytes, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = write(e->fd, bytes + done, len - done);

		if (n > 0) {
			done += (size_t)n;
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			errno = EIO; /* no device may do so; do not spin */
		if (e->error == 0)
			e->error = errno;
		if (done > 0 &&
		    (ftruncate(e->fd, e->size) != 0 ||
			lseek(e->fd, e->size, SEEK_SET) < 0))
			e->is_broken = true;
		errno = e->error;
		return false;
	}
	e->size += (off_t)len;
	return true;
}

/* Closes the block with its length, twice, and writes it. */
static bool
block_end(struct evidence_file *e, struct wr *w)
{
	uint32_t total = (uint32_t)w->used + 4;
	struct wr length = { .at = e->block + 4, .left = 4 };

	put_u32(w, total);
	put_u32(&length, total);
	if (!wr_ok(w) || e->is_broken) {
		errno = e->is_broken ? e->error : EMSGSIZE;
		return false;
	}
	return file_append(e, e->block, total);
}

static bool
section_write(struct evidence_file *e, const char *program)
{
	struct wr w = block_begin(e, BLOCK_SECTION);

	put_u32(&w, BYTE_ORDER_MAGIC);
	put_u16(&w, VERSION_MAJOR);
	put_u16(&w, VERSION_MINOR);
	put_u32(&w, UINT32_MAX); /* section length: not known, 64 bits */
	put_u32(&w, UINT32_MAX);
	put_text_option(&w, OPTION_PROGRAM, program, PROGRAM_MAX);
	put_option(&w, OPTION_END, NULL, 0);
	return block_end(e, &w);
}

static bool
interface_write(struct evidence_file *e, int link_type)
{
	const uint8_t unit = TIME_UNIT_NANO;
	struct wr w = block_begin(e, BLOCK_INTERFACE);

	if (link_type == DLT_RAW_IP)
		link_type = LINKTYPE_RAW_IP;
	put_u16(&w, (uint16_t)link_type);
	put_u16(&w, 0); /* reserved */
	put_u32(&w, FRAME_KEPT_MAX);
	put_option(&w, OPTION_TIME_UNIT, &unit, sizeof(unit));
	put_option(&w, OPTION_END, NULL, 0);
	return block_end(e, &w);
}

/* Finds the interface of a link type, described now if need be. */
static bool
interface_find(struct evidence_file *e, int link_type, uint32_t *out)
{
	for (uint32_t i = 0; i < e->links_len; i++) {
		if (e->links[i] == link_type) {
			*out = i;
			return true;
		}
	}
	if (e->links_len == LINKS_MAX) {
		errno = ENOSPC;
		return false;
	}
	if (!interface_write(e, link_type))
		return false;
	e->links[e->links_len] = link_type;
	*out = e->links_len++;
	return true;
}

static bool
packet_write(struct evidence_file *e, uint32_t interface,
    const struct frame *frame, const char *comment)
{
	uint64_t time = frame->time_ns > 0 ? (uint64_t)frame->time_ns : 0;
	uint32_t len =
	    frame->len < FRAME_KEPT_MAX ? frame->len : FRAME_KEPT_MAX;
	struct wr w = block_begin(e, BLOCK_PACKET);

	put_u32(&w, interface);
	put_u32(&w, (uint32_t)(time >> 32));
	put_u32(&w, (uint32_t)time);
	put_u32(&w, len);
	put_u32(
	    &w, frame->wire_len > frame->len ? frame->wire_len : frame->len);
	put_padded(&w, frame->bytes, len);
	put_text_option(&w, OPTION_COMMENT, comment, COMMENT_MAX);
	put_option(&w, OPTION_END, NULL, 0);
	return block_end(e, &w);
}

uint32_t
evidence_add(
    struct evidence_file *e, const struct frame *frame, const char *comment)
{
	uint32_t interface;

	if (!interface_find(e, frame->link_type, &interface) ||
	    !packet_write(e, interface, frame, comment))
		return 0;
	return ++e->frames;
}

uint32_t
evidence_frames(const struct evidence_file *e)
{
	return e->frames;
}

struct evidence_file *
evidence_create(const char *path, const char *program)
{
	struct evidence_file *e = calloc(1, sizeof(*e));
	int saved;

	if (e == NULL)
		return NULL;
	e->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (e->fd >= 0 && section_write(e, program))
		return e;
	saved = errno;
	if (e->fd >= 0)
		close(e->fd);
	free(e);
	errno = saved;
	return NULL;
}

static uint32_t
get_u32(const uint8_t *b)
{
	return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
	    (uint32_t)b[3] << 24;
}

/* Takes account of one whole block that is there already; body is what follows
 * its length. */
static bool
block_known(struct evidence_file *e, uint32_t type, const uint8_t *body)
{
	int link = (int)(body[0] | body[1] << 8);

	if (type == BLOCK_SECTION)
		return e->size == 0 && get_u32(body) == BYTE_ORDER_MAGIC;
	if (e->size == 0)
		return false;
	if (type == BLOCK_PACKET) {
		e->frames++;
		return true;
	}
	if (type != BLOCK_INTERFACE || e->links_len == LINKS_MAX)
		return false;
	e->links[e->links_len++] = link == LINKTYPE_RAW_IP ? DLT_RAW_IP : link;
	return true;
}

/* Goes over the blocks up to the end, or to one that is cut off. */
static bool
blocks_count(struct evidence_file *e)
{
	enum { HEAD = 12, TAIL = 4 }; /* type, length, body; length again */
	uint8_t head[HEAD], tail[TAIL];

	for (;;) {
		ssize_t n = pread(e->fd, head, HEAD, e->size);
		uint32_t len;

		if (n < HEAD)
			return n >= 0;
		len = get_u32(head + 4);
		if (len % 4 != 0 || len < HEAD + TAIL || len > BLOCK_MAX)
			break;
		n = pread(e->fd, tail, TAIL, e->size + len - TAIL);
		if (n < TAIL)
			return n >= 0;
		if (get_u32(tail) != len ||
		    !block_known(e, get_u32(head), head + 8))
			break;
		e->size += (off_t)len;
	}
	errno = EINVAL;
	return false;
}

struct evidence_file *
evidence_continue(const char *path, const char *program)
{
	struct evidence_file *e = calloc(1, sizeof(*e));
	int saved;

	if (e == NULL)
		return NULL;
	e->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (e->fd >= 0 && blocks_count(e) && ftruncate(e->fd, e->size) == 0 &&
	    lseek(e->fd, e->size, SEEK_SET) >= 0 &&
	    (e->size > 0 || section_write(e, program)))
		return e;
	saved = errno;
	if (e->fd >= 0)
		close(e->fd);
	free(e);
	errno = saved;
	return NULL;
}

bool
evidence_close(struct evidence_file *e)
{
	int error;

	if (e == NULL)
		return true;
	/* libpcap takes a file without any interface for a foreign one. */
	if (e->links_len == 0)
		(void)interface_write(e, DLT_ETHERNET);
	error = e->error;
	if (close(e->fd) != 0 && error == 0)
		error = errno;
	free(e);
	errno = error;
	return error == 0;
}
