/* SPDX-License-Identifier: ISC */
/*
 * capture - frames from an interface or a file; the one door to libpcap.
 *
 * A live handle is opened before privileges are dropped, is non-blocking and
 * read from the loop.  A file may be pcap or pcapng.  Errors are one line that
 * names the interface or the file.
 */
#ifndef CAPTURE_H
#define CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/decode.h"

struct capture;

enum { CAPTURE_ERROR = 256 };

/* Called once per frame; the frame is borrowed until it returns. */
typedef void capture_fn(void *arg, const struct frame *frame);

/*
 * Opens an interface for reading, with a libpcap filter expression or NULL.
 * Frames are handed over as they come, or, where burst says that thousands may
 * come at once, in blocks and a few milliseconds late, which loses none at the
 * highest rates.  Returns NULL and one line in error.
 */
struct capture *capture_open_live(const char *interface, const char *filter,
    uint64_t burst, char error[static CAPTURE_ERROR]);

/* Opens a capture file; "-" is standard input.  Returns NULL and one line in
 * error for a missing, unreadable or foreign file. */
struct capture *capture_open_file(
    const char *path, char error[static CAPTURE_ERROR]);

/*
 * For a live capture, none of which sends anything: hear what is sent to any
 * group, whichever the card was asked for; hear what is sent to others too;
 * do not hear what this machine itself sends.  Return whether the system did
 * so.
 */
bool capture_hear_groups(struct capture *);
bool capture_hear_all(struct capture *);
bool capture_hear_others(struct capture *);

/* Calls fn with the name of each interface that is up, the loopback left out.
 * Returns false and one line in error. */
typedef void capture_interface_fn(void *arg, const char *name);
bool capture_interfaces(
    capture_interface_fn *fn, void *arg, char error[static CAPTURE_ERROR]);

/* Safe to call with NULL. */
void capture_free(struct capture *);

/* Returns the kernel's index of the interface; 0 for a file. */
uint16_t capture_interface(const struct capture *);

/* Returns a descriptor that becomes readable with frames, or -1 (file). */
int capture_fd(const struct capture *);

/* Is the interface up, with carrier?  A file always is. */
bool capture_is_up(const struct capture *);

/*
 * Hands at most max frames (0: all there are) to fn.  Returns how many; -1
 * with one line in error when the interface went away or the file is cut or
 * corrupt (frames before the damage were delivered).  An interface that is only
 * down yields no frames until it is up again.
 */
int capture_read(struct capture *, unsigned max, capture_fn *fn, void *arg,
    char error[static CAPTURE_ERROR]);

/* Frames the kernel dropped because we were too slow. */
struct capture_counts {
	uint64_t received, dropped;
};
struct capture_counts capture_counts(struct capture *);

#endif
