/* SPDX-License-Identifier: ISC */
/* segment_record - a segment's run held against the record of its site. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "reports/report.h"
#include "reports/verify.h"
#include "reports/view.h"
#include "scanner/log.h"
#include "scanner/output.h"
#include "scanner/schedule/segment_parts.h"
#include "scanner/verify/expects.h"
#include "scanner/verify/streak.h"

struct format {
	bool (*write)(const struct verify_view *, FILE *);
	const struct verify_view *view;
};

static bool
write_format(const void *arg, FILE *out)
{
	const struct format *f = arg;

	return f->write(f->view, out);
}

static bool
save(const struct segment_sweep *s, const char *name,
    bool (*write)(const struct verify_view *, FILE *),
    const struct verify_view *view)
{
	const struct format f = { write, view };
	char path[PATH_MAX];

	if (segment_join(path, s->last, name) &&
	    report_save_aside(path, 0640, write_format, &f))
		return true;
	return segment_complain(s, "cannot write", name);
}

static void
print_comparison(const struct segment_sweep *s, const struct comparison *c)
{
	printf("segment %s: record: %zu match, %zu mismatch, %zu absent, %zu "
	       "cannot say; %zu not in the record; %zu contradictions\n",
	    s->place->segment->name, c->counts[VERIFY_MATCH],
	    c->counts[VERIFY_MISMATCH], c->counts[VERIFY_ABSENT],
	    c->counts[VERIFY_CANNOT_SAY], c->unrecorded_len, c->conflicts_len);
	for (size_t i = 0; i < c->lines_len; i++) {
		char reason[VIEW_SAFE];

		if (c->lines[i].state == VERIFY_MISMATCH)
			printf("  line %u: %s\n", c->lines[i].record->line,
			    view_safe(c->lines[i].reason, reason));
	}
}

/* Lines of other segments are none of this run's. */
static bool
is_of_segment(void *arg, uint32_t address)
{
	const struct segment_sweep *s = arg;
	uint32_t first, last;

	for (unsigned i = 0; i < s->place->segment->networks_count; i++)
		if (ipv4_range_parse(
			s->place->segment->networks[i], &first, &last) &&
		    address >= first && address <= last)
			return true;
	return false;
}

/* Keeps of a site's record the lines that lie in this segment. */
static void
keep_own_lines(struct segment_sweep *s, struct records *records)
{
	size_t n = 0;

	for (size_t i = 0; i < records->len; i++) {
		struct record *r = &records->items[i];

		if (r->address == 0 || is_of_segment(s, r->address))
			records->items[n++] = *r;
		else
			free(r->cells);
	}
	records->len = n;
}

bool
segment_record_read(struct segment_sweep *s)
{
	const struct config_segment *c = s->place->segment;
	char error[RECORD_ERROR], path[PATH_MAX];

	s->records = records_read(c->expected, c->columns, error);
	if (s->records == NULL) {
		log_error("sweep", "segment %s: expected: %s", c->name, error);
		return false;
	}
	keep_own_lines(s, s->records);
	if (output_data_path("aliases.yaml", path, sizeof(path)))
		s->aliases = aliases_read(path, error);
	s->expects = expects_new(s->records);
	if (s->expects == NULL)
		log_error("sweep", "out of memory");
	return s->expects != NULL;
}

bool
segment_record(struct segment_sweep *s, const struct report *report)
{
	char why[STORE_ERROR];
	struct found found = { .run = report->run,
		.assets = report->assets,
		.fingerprints = report->fingerprints,
		.aliases = s->aliases,
		.was_asked = is_of_segment,
		.arg = s };
	struct comparison *result = compare(s->records, &found);
	struct verify_view view = { .run = report->run,
		.fingerprints = report->fingerprints,
		.records = s->records,
		.comparison = result };
	bool ok;

	if (result != NULL &&
	    !streaks_note(s->options.db, report->run, result, why))
		log_warn("inventory", "%s", why);
	ok = result != NULL && save(s, "verify.json", verify_json, &view) &&
	    save(s, "verify.csv", verify_csv, &view);
	if (result != NULL && s->given->verbosity >= 0)
		print_comparison(s, result);
	comparison_free(result);
	return ok;
}
