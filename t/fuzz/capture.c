/* SPDX-License-Identifier: ISC */
/*
 * A capture file, as replay reads one: the file's format, frames of any link
 * type, what they mean, and what follows from that.
 *
 *	byte 0	whether the snap length cuts more off (1), and by how much
 *	then	a pcap or pcapng file
 *
 * Built with -fsanitize=fuzzer it hunts; linked with replay.c it runs what is
 * in the corpus.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scanner/capture.h"
#include "scanner/census.h"
#include "scanner/derive.h"
#include "scanner/dispatch.h"
#include "scanner/ledger.h"

enum { FRAMES_MAX = 4000, CUT = 1, CUT_SHIFT = 1, PATH_ROOM = 64 };

struct reading {
	struct dispatch *dispatch;
	uint8_t options;
	uint32_t frames;
};

/* To begin anew costs far more than to read: one set for some inputs. */
enum { INPUTS_PER_LEDGER = 64 };
static struct ledger *ledger;
static struct dispatch *dispatch;
static unsigned inputs;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
on_frame(void *arg, const struct frame *frame)
{
	struct reading *r = arg;
	struct frame cut = *frame;
	uint32_t off = (uint32_t)r->options >> CUT_SHIFT;

	cut.number = ++r->frames;
	if (r->options & CUT)
		cut.len = cut.len > off ? cut.len - off : 0;
	dispatch_frame(r->dispatch, &cut);
}

static void
read_all(const char *path, struct reading *r)
{
	char error[CAPTURE_ERROR];
	struct capture *capture = capture_open_file(path, error);

	if (capture == NULL)
		return;
	(void)capture_read(capture, FRAMES_MAX, on_frame, r, error);
	capture_free(capture);
}

static void
finish(void)
{
	if (dispatch == NULL)
		return;
	census_finish(dispatch_census(dispatch), NULL, NULL, NULL);
	census_tell(dispatch_census(dispatch), ledger, NULL, NULL);
	(void)derive_all(ledger);
	dispatch_free(dispatch);
	ledger_free(ledger);
	dispatch = NULL;
	ledger = NULL;
}

static void
begin(void)
{
	static bool is_promised;

	if (!is_promised)
		is_promised = atexit(finish) == 0;
	ledger = ledger_new();
	dispatch = ledger != NULL ? dispatch_new(ledger, NULL, NULL) : NULL;
	if (dispatch == NULL)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[PATH_ROOM];
	struct reading r = { .options = size > 0 ? data[0] : 0 };
	int fd = memfd_create("capture", MFD_CLOEXEC);

	if (++inputs % INPUTS_PER_LEDGER == 0)
		finish();
	if (dispatch == NULL)
		begin();
	if (fd < 0)
		abort();
	r.dispatch = dispatch;
	if (size > 1 && write(fd, data + 1, size - 1) == (ssize_t)size - 1) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		read_all(path, &r);
	}
	dispatch_flush(dispatch);
	close(fd);
	return 0;
}
