/* SPDX-License-Identifier: ISC */
/*
 * audit_resume - an audit broken off is written down, and gone on with.
 *
 * run.json beside the facts says what was asked and how far it came; it is
 * there as long as something is left to do.  Facts summed up when the run was
 * broken off are summed up anew.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reports/json_run.h"
#include "reports/ndjson.h"
#include "scanner/audit.h"
#include "scanner/audit_diary.h"
#include "scanner/audit_killed.h"
#include "scanner/audit_state.h"
#include "scanner/log.h"
#include "scanner/resume.h"
#include "scanner/siphash.h"

static bool
join(char buf[static PATH_MAX], const char *directory, const char *name)
{
	int n = snprintf(buf, PATH_MAX, "%s/%s", directory, name);

	if (n > 0 && n < PATH_MAX)
		return true;
	log_error("resume", "%s: the name is too long", directory);
	return false;
}

/* --- going on ------------------------------------------------------------ */

static void
nothing_there(const char *directory)
{
	char path[PATH_MAX];

	if (join(path, directory, "report.json") && access(path, F_OK) == 0)
		log_error("resume",
		    "%s: the run there was done, there is nothing to go on "
		    "with",
		    directory);
	else
		log_error("resume", "%s: no run was begun there", directory);
}

/* The directory named, or that of the run named, beside the database. */
static const char *
directory_of(struct audit *a, const struct options *given)
{
	struct stat st;

	if (given->db == NULL || stat(given->resume, &st) == 0)
		return given->resume;
	if (asprintf(&a->place, "%s.runs/%s", given->db, given->resume) < 0)
		a->place = NULL;
	return a->place;
}

bool
audit_resume_read(struct audit *a, const struct options *given)
{
	char path[PATH_MAX], error[RESUME_ERROR];
	const char *directory = directory_of(a, given);
	bool missing;

	if (directory == NULL || !join(path, directory, RESUME_FILE))
		return false;
	a->resume = json_run_load(path, &missing, error);
	if (a->resume == NULL && missing)
		nothing_there(directory);
	else if (a->resume == NULL)
		log_error("resume", "%s", error);
	if (a->resume == NULL || !diary_replay(a, a->resume, directory))
		return false;
	a->before = a->resume->run;
	a->asked = a->resume->asked;
	if (care_find(a->asked.care) == NULL) {
		log_error("resume", "%s: no level of care is called \"%s\"",
		    path, a->asked.care);
		return false;
	}
	a->asked.resume = a->asked.output = directory;
	a->asked.json = given->json;
	a->asked.verbosity = given->verbosity;
	if (given->fingerprints != NULL)
		a->asked.fingerprints = given->fingerprints;
	/* What is left of the time to listen. */
	a->asked.listen_s -= a->before.listened_s;
	if (a->asked.listen_s < 0)
		a->asked.listen_s = 0;
	a->options = &a->asked;
	return true;
}

/* Every address and port, in a number: bits and indices mean nothing among
 * others. */
static bool
plan_digest(const struct audit *a, uint64_t *out)
{
	const struct ports *p = &a->ports;
	size_t n, at = 0;
	const struct scope_range *r = scope_ranges(a->scope, &n);
	size_t ranges = n * sizeof(*r);
	size_t tcp = p->tcp_len * sizeof(*p->tcp);
	size_t udp = p->udp_len * sizeof(*p->udp);
	uint8_t *all = malloc(ranges + tcp + udp + 1);

	if (all == NULL)
		return false;
	memcpy(all, r, ranges);
	at = ranges;
	if (tcp > 0)
		memcpy(all + at, p->tcp, tcp);
	at += tcp;
	if (udp > 0)
		memcpy(all + at, p->udp, udp);
	*out = siphash24(a->key, all, at + udp);
	free(all);
	return true;
}

bool
audit_resume_check(const struct audit *a)
{
	uint64_t plan;

	if (plan_digest(a, &plan) && plan == a->resume->plan)
		return true;
	log_error("resume",
	    "%s: the addresses or ports are no longer those the run began "
	    "with; a file that names them may have changed",
	    a->options->resume);
	return false;
}

struct keeping {
	const struct resume *resume;
	uint32_t frames; /* in the evidence file */
};

/* A kill may come between a fact and its frame: then its bytes are all there
 * is, as of a talk whose frames were not captured. */
static bool
keeps(const void *arg, struct fact *fact)
{
	const struct keeping *k = arg;

	if (fact->evidence.kind == EVIDENCE_FRAME &&
	    fact->evidence.number > k->frames)
		fact->evidence.kind = EVIDENCE_TALK;
	return resume_keeps(k->resume, fact);
}

/* How many frames the file holds, cut back to its last whole one. */
static uint32_t
frames_in(const char *directory)
{
	char path[PATH_MAX];
	struct evidence_file *e;
	uint32_t n;

	if (!join(path, directory, "evidence.pcapng") ||
	    access(path, F_OK) != 0)
		return 0;
	e = evidence_continue(path, "gantry " GANTRY_VERSION);
	n = e != NULL ? evidence_frames(e) : 0;
	evidence_close(e);
	return n;
}

bool
audit_resume_facts(struct audit *a)
{
	char path[PATH_MAX], error[NDJSON_ERROR];
	const struct keeping keeping = { .resume = a->resume,
		.frames = frames_in(a->options->resume) };
	bool torn;

	if (!join(path, a->options->resume, "facts.ndjson"))
		return false;
	if (!ndjson_read_facts(
		path, a->ledger, keeps, &keeping, &torn, error)) {
		log_error("resume", "%s", error);
		return false;
	}
	if (torn)
		log_warn("resume",
		    "%s: the last line was cut off and is dropped", path);
	return killed_complete(a);
}

/* The highest number of a talk a fact refers to; the file may be older than
 * the facts, where gantry was killed. */
static uint32_t
last_talk(const struct audit *a)
{
	uint32_t most = a->resume->talks_begun;

	for (size_t i = 0; i < ledger_count(a->ledger); i++) {
		const struct evidence *e = &ledger_at(a->ledger, i)->evidence;

		if (e->kind == EVIDENCE_TALK && e->number > most)
			most = e->number;
	}
	return most;
}

bool
audit_resume_apply(struct audit *a)
{
	const struct resume *r = a->resume;

	if (!sweep_resume(a->sweep, &r->sweep)) {
		log_error("resume", "%s/" RESUME_FILE ": of other addresses",
		    a->options->resume);
		return false;
	}
	a->states_known = r->states_known;
	if (!killed_unknown(a))
		return false;
	talks_number_from(a->talks, last_talk(a));
	if (!guests_restore(a, r)) {
		log_error("resume", "out of memory");
		return false;
	}
	log_info("resume", "going on with run %s: %zu hosts known, %zu to do",
	    a->run.id, a->guests_len, a->guests_active);
	return true;
}

uint32_t *
audit_resume_live(const struct audit *a, uint64_t *n)
{
	const uint8_t *bits = a->resume->shot_at;
	uint64_t all = scope_size(a->scope);
	uint32_t *list;

	*n = 0;
	for (uint64_t i = 0; i < all; i++)
		*n += bits[i >> 3] >> (i & 7) & 1;
	list = malloc((size_t)(*n + 1) * sizeof(*list));
	if (list == NULL) {
		*n = 0;
		return NULL;
	}
	*n = 0;
	for (uint64_t i = 0; i < all; i++)
		if (bits[i >> 3] >> (i & 7) & 1)
			list[(*n)++] = (uint32_t)i;
	return list;
}

/* --- breaking off ---------------------------------------------------------- */

/* Returns the name a file has wherever gantry is started from, after `at` ("@"
 * before a list's); NULL when that cannot be told. */
static const char *
whole_name(struct resume *r, const char *name, const char *at)
{
	char *real = realpath(name, NULL), *text = NULL;

	if (real != NULL && asprintf(&text, "%s%s", at, real) < 0)
		text = NULL;
	free(real);
	return resume_own(r, text);
}

static const char *
whole_word(struct resume *r, const char *word)
{
	const char *whole = NULL;

	if (word[0] == '@')
		whole = whole_name(r, word + 1, "@");
	return whole != NULL ? whole : word;
}

static bool
put_words(struct resume *r, const char *const *from, size_t n,
    const char ***out, size_t *len)
{
	*out = calloc(n + 1, sizeof(**out));
	if (*out == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		(*out)[(*len)++] = whole_word(r, from[i]);
	return true;
}

static const char *
whole_path(struct resume *r, const char *path)
{
	const char *whole = path != NULL ? whole_name(r, path, "") : NULL;

	return whole != NULL ? whole : path;
}

static bool
put_asked(const struct audit *a, struct resume *r)
{
	const struct options *o = a->options;

	r->asked = *o;
	r->asked.words = r->asked.exclude = NULL;
	r->asked.words_len = r->asked.exclude_len = 0;
	r->asked.scope_file = whole_path(r, o->scope_file);
	r->asked.fingerprints = whole_path(r, o->fingerprints);
	r->asked.db = whole_path(r, o->db);
	if (a->resume != NULL)
		r->asked.listen_s = a->resume->asked.listen_s;
	return put_words(r, o->words, o->words_len, &r->asked.words,
		   &r->asked.words_len) &&
	    put_words(r, o->exclude, o->exclude_len, &r->asked.exclude,
		&r->asked.exclude_len);
}

/* Whom the shots are for, as bits. */
static uint8_t *
live_bits(const struct audit *a, size_t len)
{
	uint8_t *bits = calloc(len, 1);

	for (uint64_t i = 0; i < a->live_len && bits != NULL; i++) {
		uint64_t host = a->live != NULL ? a->live[i] : i;

		bits[host >> 3] |= (uint8_t)(1U << (host & 7));
	}
	return bits;
}

static bool
put_shots(const struct audit *a, struct resume *r)
{
	r->states_known = a->states_known;
	if (a->states_known)
		return true;
	/* Broken off again before it came to them. */
	if (a->resume != NULL && a->resume->has_shots &&
	    !states_restore((struct audit *)(uintptr_t)a))
		return false;
	if (a->shots != NULL) {
		r->has_shots = true;
		shots_position(a->shots, &r->shots);
		r->shot_at = resume_own(r, live_bits(a, r->sweep.answered_len));
		return r->shot_at != NULL;
	}
	return true;
}

static bool
put_all(const struct audit *a, struct resume *r)
{
	r->run = a->run;
	memcpy(r->key, a->key, sizeof(r->key));
	r->talks_begun = talks_number(a->talks);
	sweep_position(a->sweep, &r->sweep);
	return plan_digest(a, &r->plan) && put_asked(a, r) && put_shots(a, r) &&
	    guests_position(a, r);
}

static bool
write_note(const struct audit *a, const char *path, uint32_t generation)
{
	struct resume *r = resume_new();
	bool ok;

	if (r != NULL)
		r->diary = generation;
	ok = r != NULL && put_all(a, r) && json_run_save(r, path);

	if (!ok)
		log_error("resume", "cannot write %s: %s", path,
		    strerror(errno != 0 ? errno : EIO));
	if (r != NULL)
		r->run.halted = NULL; /* the audit's */
	if (r != NULL)
		r->run.unknown = NULL;
	resume_free(r);
	return ok;
}

bool
audit_resume_write(const struct audit *a, uint32_t generation)
{
	char path[PATH_MAX];

	return join(path, a->options->output, RESUME_FILE) &&
	    write_note(a, path, generation);
}

/* The diary is of no use any more: run.json says all, or all is done. */
static void
drop_diary(struct audit *a)
{
	char path[PATH_MAX];

	if (a->diary == NULL)
		return;
	if (join(path, a->options->output, DIARY_FILE))
		(void)unlink(path);
}

bool
audit_resume_note(struct audit *a)
{
	if (a->options->output == NULL || a->run.outcome == RUN_DONE)
		return true;
	if (!audit_resume_write(a, a->diary_generation + 1))
		return false;
	drop_diary(a);
	log_info(
	    "resume", "to go on: gantry audit --resume %s", a->options->output);
	return true;
}

bool
audit_resume_forget(struct audit *a)
{
	char path[PATH_MAX];

	if (a->options->output == NULL || a->run.outcome != RUN_DONE)
		return true;
	if (!join(path, a->options->output, RESUME_FILE))
		return false;
	if (unlink(path) != 0 && errno != ENOENT) {
		log_error(
		    "resume", "cannot remove %s: %s", path, strerror(errno));
		return false;
	}
	drop_diary(a);
	if (!a->options->is_transient)
		return true;
	/* All of it is in the inventory. */
	if (join(path, a->options->output, "facts.ndjson"))
		(void)unlink(path);
	(void)rmdir(a->options->output);
	return true;
}
