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
#include <stdlib.h>

#include "reports/json_asset.h"
#include "reports/json_assets.h"
#include "reports/report.h"
#include "scanner/hands.h"

enum { STRETCH = 512 };

/* One hand's stretch. */
struct part {
	const struct assets *assets;
	size_t from, to;
	FILE *out; /* the file, or what gathers text */
	char *text;
	size_t text_len;
	int error; /* errno; 0: all is written */
};

static void
write_part(void *arg, unsigned hand)
{
	struct part *p = (struct part *)arg + hand;
	struct emit *e = emit_new(p->out);
	bool ok = e != NULL;

	errno = ENOMEM;
	for (size_t i = p->from; i < p->to && ok; i++) {
		ok = fputs(i > 0 ? ",\n  " : "\n  ", p->out) != EOF;
		json_asset(e, &p->assets->items[i]);
		ok = emit_flush(e) && ok;
	}
	if (ok && hand > 0)
		ok = fflush(p->out) == 0;
	p->error = ok ? 0 : errno;
	emit_free(e);
}

/* Appends what the other hands wrote into memory, for the next turn to write
 * over.  Returns errno. */
static int
gather(struct part *parts, unsigned n, FILE *out)
{
	for (unsigned i = 0; i < n; i++) {
		struct part *p = &parts[i];

		if (p->error != 0)
			return p->error;
		if (i == 0)
			continue;
		if (fwrite(p->text, 1, p->text_len, out) != p->text_len)
			return errno;
		rewind(p->out);
	}
	return 0;
}

/* The first part goes to out itself.  Returns errno. */
static int
parts_open(struct part *parts, unsigned n, FILE *out)
{
	parts[0].out = out;
	for (unsigned i = 1; i < n; i++) {
		struct part *p = &parts[i];

		p->out = open_memstream(&p->text, &p->text_len);
		if (p->out == NULL)
			return ENOMEM;
	}
	return 0;
}

static void
parts_close(struct part *parts, unsigned n)
{
	for (unsigned i = 1; i < n; i++) {
		if (parts[i].out != NULL)
			fclose(parts[i].out);
		free(parts[i].text);
	}
}

bool
json_assets(const struct assets *assets, FILE *out)
{
	struct part parts[HANDS_MAX] = { 0 };
	unsigned n = hands_for(assets->len);
	int error = parts_open(parts, n, out);
	size_t at = 0;

	while (at < assets->len && error == 0) {
		for (unsigned i = 0; i < n; i++) {
			size_t left = assets->len - at;

			parts[i].assets = assets;
			parts[i].from = at;
			at += left < STRETCH ? left : STRETCH;
			parts[i].to = at;
		}
		hands_run(n, write_part, parts);
		error = gather(parts, n, out);
		report_hasten(out);
	}
	parts_close(parts, n);
	errno = error;
	return error == 0;
}
