/* SPDX-License-Identifier: ISC */
/* verify - one run, and its result against a fingerprint or a record. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/report.h"
#include "reports/verify.h"
#include "scanner/audit.h"
#include "scanner/derive.h"
#include "scanner/log.h"
#include "scanner/loop.h"
#include "scanner/options.h"
#include "scanner/output.h"
#include "scanner/verify/expects.h"
#include "scanner/verify/streak.h"
#include "scanner/verify/targets.h"
#include "scanner/verify/verify.h"

struct verify {
	const struct options *asked;
	struct records *records;
	struct targets targets;
	struct fingerprints *fingerprints; /* for the set-up only */
	struct aliases *aliases;
	bool is_host;
	enum verify_state outcome;
	struct expects *expects;
};

static bool
refuse(const char *what)
{
	log_error("verify", "%s", what);
	return false;
}

/* --- what the run asks ------------------------------------------------------- */

/* The title a record names is the one to call there. */
static const char *
called_ae(void *arg, uint32_t address)
{
	const struct verify *v = arg;

	return expects_ae_title(v->expects, address);
}

static const char *
expected_at(const void *arg, uint32_t address)
{
	const struct verify *v = arg;

	return expects_at(v->expects, address);
}

/* One host's facts so far, matched as if the run ended now; the caller frees
 * both.  False when memory is out. */
static bool
assets_so_far(const struct ledger *ledger, const struct fingerprints *all,
    uint32_t address, struct ledger **copy, struct assets **assets)
{
	size_t n;
	const struct fact *const *facts = ledger_host(ledger, address, &n);

	*assets = NULL;
	*copy = ledger_new();
	if (*copy == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		ledger_add(*copy, facts[i]);
	derive_all(*copy);
	*assets = assets_build(*copy, all);
	return *assets != NULL;
}

/* Listening ends as soon as the answer is clear. */
static bool
is_enough(void *arg, const struct ledger *ledger,
    const struct fingerprints *fingerprints)
{
	const struct verify *v = arg;
	const struct record *r = &v->records->items[0];
	const struct fingerprint *expected =
	    fingerprints_find(fingerprints, r->text[FIELD_EXPECTED]);
	struct ledger *copy = NULL;
	struct assets *assets = NULL;
	struct judgement j = { .state = VERIFY_CANNOT_SAY };
	bool enough = false;

	if (expected != NULL &&
	    assets_so_far(ledger, fingerprints, r->address, &copy, &assets) &&
	    assets->len == 1 &&
	    judge(fingerprints, expected, &assets->items[0], &j))
		enough = j.state == VERIFY_MISMATCH ||
		    (j.state == VERIFY_MATCH &&
			j.verdict.grade == GRADE_CONFIRMED);
	judgement_clear(&j);
	assets_free(assets);
	ledger_free(copy);
	return enough;
}

static bool
was_asked(void *arg, uint32_t address)
{
	const struct verify *v = arg;

	return address != 0 && scope_has_host(v->targets.scope, address);
}

/* --- what comes of it ----------------------------------------------------------- */

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

/* Writes a file aside and renames it, or standard output for "-". */
static bool
save(const char *path, bool (*write)(const struct verify_view *, FILE *),
    const struct verify_view *view)
{
	const struct format f = { write, view };

	if (strcmp(path, "-") == 0) {
		if (write(view, stdout) && fflush(stdout) == 0)
			return true;
	} else if (report_save_aside(path, 0666, write_format, &f)) {
		return true;
	}
	log_error("verify", "cannot write %s: %s",
	    strcmp(path, "-") == 0 ? "standard output" : path, strerror(errno));
	return false;
}

static bool
save_into(const char *directory, const char *name,
    bool (*write)(const struct verify_view *, FILE *),
    const struct verify_view *view)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/%s", directory, name);

	return n > 0 && n < PATH_MAX ? save(path, write, view)
				     : refuse("-o: the name is too long");
}

static bool
is_stdout(const char *path)
{
	return path != NULL && strcmp(path, "-") == 0;
}

static bool
write_all(const struct verify *v, const struct verify_view *view)
{
	const struct options *o = v->asked;
	bool fine = true;

	if (o->output != NULL) {
		fine = save_into(o->output, "verify.json", verify_json, view);
		if (!v->is_host)
			fine = save_into(
				   o->output, "verify.csv", verify_csv, view) &&
			    fine;
	}
	if (o->json != NULL)
		fine = save(o->json, verify_json, view) && fine;
	if (o->csv != NULL)
		fine = save(o->csv, verify_csv, view) && fine;
	if (o->verbosity >= 0 && !is_stdout(o->json) && !is_stdout(o->csv))
		fine = save("-", verify_terminal, view) && fine;
	return fine;
}

static bool
finished(void *arg, const struct report *report)
{
	struct verify *v = arg;
	const struct found found = { .run = report->run,
		.assets = report->assets,
		.fingerprints = report->fingerprints,
		.aliases = v->aliases,
		.was_asked = was_asked,
		.arg = v };
	struct comparison *c = compare(v->records, &found);
	struct verify_view view = { .run = report->run,
		.records = v->records,
		.comparison = c,
		.fingerprints = report->fingerprints,
		.is_host = v->is_host,
		.shows_all = v->asked->verbosity > 0,
		.columns = report->columns,
		.colour = report->colour };
	char error[STORE_ERROR];
	bool fine = true;

	if (c == NULL)
		return refuse("out of memory");
	if (v->asked->db != NULL && !v->is_host)
		fine = streaks_note(v->asked->db, report->run, c, error) ||
		    refuse(error);
	if (v->is_host)
		c->unrecorded_len = 0; /* what else was heard is no matter */
	v->outcome = verify_outcome(&view);
	fine = write_all(v, &view) && fine;
	comparison_free(c);
	return fine;
}

/* --- set-up ---------------------------------------------------------------------- */

static bool
read_aliases(struct verify *v)
{
	char path[PATH_MAX], error[YAMLFILE_ERROR];

	if (!output_data_path("aliases.yaml", path, sizeof(path))) {
		log_warn("verify",
		    "the table of makers and models is missing: texts are "
		    "compared as they are");
		return true;
	}
	v->aliases = aliases_read(path, error);
	return v->aliases != NULL || refuse(error);
}

static bool
read_host(struct verify *v)
{
	const struct options *o = v->asked;
	uint32_t address;

	if (o->words_len != 1 || !ipv4_parse(o->words[0], &address))
		return refuse("name one host by its address");
	if (fingerprints_find(v->fingerprints, o->expect) == NULL) {
		log_error("verify",
		    "no fingerprint is called \"%s\"; gantry fingerprints list "
		    "names them",
		    o->expect);
		return false;
	}
	if (o->csv != NULL)
		return refuse("--csv goes with --inventory");
	v->is_host = true;
	v->records = records_of_host(address, o->expect);
	return v->records != NULL || refuse("out of memory");
}

static bool
read_record(struct verify *v)
{
	char error[RECORD_ERROR];

	v->records =
	    records_read(v->asked->inventory, v->asked->columns, error);
	return v->records != NULL || refuse(error);
}

/* As long as what is expected needs, unless it was said how long. */
static void
find_listening(struct verify *v)
{
	const struct found found = { .fingerprints = v->fingerprints,
		.aliases = v->aliases };
	double most = 0;

	for (size_t i = 0; i < v->records->len; i++) {
		const struct fingerprint *f =
		    compare_expected(&v->records->items[i], &found);
		double needs = f != NULL ? judge_listen_s(f) : 0;

		if (needs > most)
			most = needs;
	}
	if (v->asked->listen_s <= 0)
		v->targets.options.listen_s = most;
}

static bool
prepare(struct verify *v)
{
	const struct options *o = v->asked;
	struct options only_record = *o;
	char error[SCOPE_ERROR];

	if ((o->expect == NULL) == (o->inventory == NULL))
		return refuse("say what is expected: HOST --expect ID, or "
			      "--inventory FILE");
	v->fingerprints = output_fingerprints(o, NULL);
	if (v->fingerprints == NULL || !read_aliases(v))
		return false;
	if (o->expect != NULL ? !read_host(v) : !read_record(v))
		return false;
	if (v->is_host)
		only_record.words_len = 0;
	if (!targets_make(
		&v->targets, &only_record, v->records, loop_wall(), error))
		return refuse(error);
	find_listening(v);
	v->expects = expects_new(v->records);
	return v->expects != NULL || refuse("out of memory");
}

static int
exit_code_of(enum verify_state outcome)
{
	switch (outcome) {
	case VERIFY_MATCH:
		return EXIT_DONE;
	case VERIFY_MISMATCH:
		return EXIT_DIFFERS;
	case VERIFY_ABSENT:
	case VERIFY_CANNOT_SAY:
		break;
	}
	return EXIT_CANNOT_SAY;
}

int
verify_run(const struct options *options)
{
	struct verify v = { .asked = options, .outcome = VERIFY_CANNOT_SAY };
	struct audit_use use = { .command = "verify",
		.arg = &v,
		.called_ae = called_ae,
		.expected = expected_at,
		.finished = finished };
	int code = EXIT_USAGE;

	if (prepare(&v)) {
		if (v.is_host)
			use.is_enough = is_enough;
		code = audit_for(&v.targets.options, &use);
		if (code == EXIT_DONE && !options->dry_run)
			code = exit_code_of(v.outcome);
	}
	expects_free(v.expects);
	targets_clear(&v.targets);
	records_free(v.records);
	aliases_free(v.aliases);
	fingerprints_free(v.fingerprints);
	return code;
}
