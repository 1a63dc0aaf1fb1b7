/* SPDX-License-Identifier: ISC */
/* replay - capture files through decode, dispatch, facts, match, report. */
#include <limits.h>
#include <stdlib.h>

#include "scanner/capture.h"
#include "scanner/census.h"
#include "scanner/dispatch.h"
#include "scanner/log.h"
#include "scanner/loop.h"
#include "scanner/options.h"
#include "scanner/oui.h"
#include "scanner/output.h"
#include "scanner/replay.h"
#include "scanner/vendors.h"

struct replay {
	struct run run;
	struct ledger *ledger;
	struct output *output;
	struct dispatch *dispatch;
	struct fingerprints *fingerprints;
	struct oui *oui;
	uint32_t frames;           /* over all files */
	int64_t first_ns, last_ns; /* of this file */
};

static void
on_frame(void *arg, const struct frame *frame)
{
	struct replay *r = arg;
	struct frame counted = *frame;

	/* One count over all files, as the evidence file has it. */
	counted.number = ++r->frames;
	if (r->first_ns == 0)
		r->first_ns = frame->time_ns;
	r->last_ns = frame->time_ns;
	dispatch_frame(r->dispatch, &counted);
}

/* Reads one file.  False after one line on standard error. */
static bool
read_file(struct replay *r, const char *path)
{
	char error[CAPTURE_ERROR];
	struct capture *capture = capture_open_file(path, error);
	int n;

	if (capture == NULL) {
		log_error("replay", "%s", error);
		return false;
	}
	r->first_ns = r->last_ns = 0;
	n = capture_read(capture, 0, on_frame, r, error);
	capture_free(capture);
	r->run.listened_s += (double)(r->last_ns - r->first_ns) / 1e9;
	if (n < 0)
		log_error("replay", "%s", error);
	return n >= 0;
}

static bool
prepare(struct replay *r, const struct options *o)
{
	char path[PATH_MAX], error[OUI_ERROR];
	bool has = output_data_path("oui.txt", path, sizeof(path));

	output_run_begin(&r->run, "replay", o);
	r->run.scope = o->words;
	r->run.scope_len = o->words_len;
	r->fingerprints = output_fingerprints(o, NULL);
	if (r->fingerprints == NULL)
		return false;
	r->run.fingerprints = r->fingerprints->len;
	r->oui = oui_new(has ? path : NULL, error);
	if (r->oui == NULL) {
		log_error("oui", "%s", error);
		return false;
	}
	r->ledger = ledger_new();
	if (r->ledger == NULL)
		return false;
	r->output = output_new(o, &r->run, r->ledger);
	if (r->output == NULL)
		return false;
	r->dispatch = dispatch_new(r->ledger, output_evidence(r->output), NULL);
	return r->dispatch != NULL;
}

/* Every file must open before anything is written. */
static bool
can_open_all(const struct options *o)
{
	char error[CAPTURE_ERROR];

	for (size_t i = 0; i < o->words_len; i++) {
		struct capture *c;

		if (o->words[i][0] == '-' && o->words[i][1] == '\0')
			continue;
		c = capture_open_file(o->words[i], error);
		if (c == NULL) {
			log_error("replay", "%s", error);
			return false;
		}
		capture_free(c);
	}
	return true;
}

int
replay_run(const struct options *o)
{
	struct replay r = { 0 };
	int code = EXIT_USAGE;
	bool whole = true;

	if (o->words_len == 0) {
		log_error("replay", "name one or more capture files");
		return EXIT_USAGE;
	}
	if (!can_open_all(o) || !prepare(&r, o))
		goto out;
	for (size_t i = 0; i < o->words_len; i++)
		whole = read_file(&r, o->words[i]) && whole;
	dispatch_flush(r.dispatch);
	census_finish(dispatch_census(r.dispatch), r.oui, NULL, NULL);
	census_tell(dispatch_census(r.dispatch), r.ledger, NULL, NULL);
	vendors_add(r.ledger, r.oui);
	r.run.census = dispatch_census(r.dispatch);
	r.run.frames_read = dispatch_counts(r.dispatch).frames;
	r.run.frames_broken = dispatch_counts(r.dispatch).broken;
	r.run.facts_dropped = ledger_dropped(r.ledger);
	r.run.finished_ns = loop_wall();
	r.run.outcome = whole ? RUN_DONE : RUN_FAILED;
	if (output_write(r.output, o, &r.run, r.ledger, r.fingerprints, NULL) &&
	    whole)
		code = EXIT_DONE;
out:
	dispatch_free(r.dispatch);
	output_free(r.output);
	ledger_free(r.ledger);
	oui_free(r.oui);
	fingerprints_free(r.fingerprints);
	return code;
}
