/* SPDX-License-Identifier: ISC */
/*
 * json_assets - all assets, by as many hands as there are processors.
 *
 * The list is cut into stretches.  In each turn every hand writes one, the
 * first to the file itself and the others into memory, which follows it; so no
 * more text stands in memory than a few stretches of it.  What they read is
 * not written to meanwhile.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "reports/json_asset.h"
#include "reports/json_assets.h"
#include "reports/report.h"
#include "scanner/hands.h"

enum { STRETCH = 512 };

struct hand {
	pthread_t thread;
	const struct assets *assets;
	size_t from, to;
	FILE *out; /* the file, or what gathers text */
	char *text;
	size_t text_len;
	int error; /* errno; 0: all is written */
	bool is_thread;
};

static void *
write_stretch(void *arg)
{
	struct hand *h = arg;
	struct emit *e = emit_new(h->out);
	bool ok = e != NULL;

	errno = ENOMEM;
	for (size_t i = h->from; i < h->to && ok; i++) {
		ok = fputs(i > 0 ? ",\n  " : "\n  ", h->out) != EOF;
		json_asset(e, &h->assets->items[i]);
		ok = emit_flush(e) && ok;
	}
	h->error = ok ? 0 : errno;
	emit_free(e);
	return NULL;
}

/* Has the stretch written, by a thread where there can be one.  The text of
 * the turn before is written over. */
static void
begin(struct hand *h)
{
	h->is_thread = false;
	h->error = ENOMEM;
	if (h->out == NULL)
		h->out = open_memstream(&h->text, &h->text_len);
	if (h->out == NULL)
		return;
	rewind(h->out);
	h->is_thread = pthread_create(&h->thread, NULL, write_stretch, h) == 0;
	if (!h->is_thread)
		write_stretch(h);
}

/* Waits for the stretch and appends it. */
static void
end(struct hand *h, FILE *out)
{
	if (h->is_thread)
		pthread_join(h->thread, NULL);
	if (h->error != 0)
		return;
	if (fflush(h->out) != 0 ||
	    fwrite(h->text, 1, h->text_len, out) != h->text_len)
		h->error = errno;
}

/* One turn from the asset at: a stretch for each hand.  Returns errno. */
static int
take_turn(struct hand *hands, unsigned n, size_t at, FILE *out)
{
	int error;

	for (unsigned i = 0; i < n; i++) {
		size_t left = hands[i].assets->len - at;

		hands[i].from = at;
		hands[i].to = at += left < STRETCH ? left : STRETCH;
		if (i > 0)
			begin(&hands[i]);
	}
	hands[0].out = out;
	write_stretch(&hands[0]);
	error = hands[0].error;
	for (unsigned i = 1; i < n; i++) {
		end(&hands[i], out);
		if (error == 0)
			error = hands[i].error;
	}
	return error;
}

bool
json_assets(const struct assets *assets, FILE *out)
{
	struct hand hands[HANDS_MAX] = { 0 };
	unsigned n = hands_for(assets->len);
	int error = 0;

	for (unsigned i = 0; i < n; i++)
		hands[i].assets = assets;
	for (size_t at = 0; at < assets->len && error == 0; at += n * STRETCH) {
		error = take_turn(hands, n, at, out);
		report_hasten(out);
	}
	for (unsigned i = 1; i < n; i++) {
		if (hands[i].out != NULL)
			fclose(hands[i].out);
		free(hands[i].text);
	}
	errno = error;
	return error == 0;
}
