/* SPDX-License-Identifier: ISC */
/*
 * exchange_command - gantry import and export: facts in and out, so that a
 * laptop, or a site nobody can reach, delivers what it saw; lists for others.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "reports/json_inventory.h"
#include "reports/ndjson.h"
#include "scanner/derive.h"
#include "scanner/inventory/asking.h"
#include "scanner/inventory/fold.h"
#include "scanner/inventory/seal.h"
#include "scanner/log.h"
#include "scanner/options.h"
#include "scanner/output.h"
#include "scanner/siphash.h"

/* --- in --------------------------------------------------------------------- */

struct import {
	struct ledger *ledger;
	struct run run;
	uint64_t sum; /* of all facts: the same file is the same run */
};

static bool
take_all(const void *arg, struct fact *fact)
{
	/* Sums of the run it is from are made again. */
	(void)arg;
	return strcmp(fact->probe, "derive") != 0;
}

/* The name of the run: its beginning, and a sum over its facts. */
static bool
name_run(struct import *in)
{
	static const uint8_t key[16];
	struct run *r = &in->run;
	time_t seconds;
	struct tm tm;
	char stamp[20];

	if (ledger_count(in->ledger) == 0)
		return false;
	for (size_t i = 0; i < ledger_count(in->ledger); i++) {
		const struct fact *f = ledger_at(in->ledger, i);

		if (i == 0 || f->time_ns < r->started_ns)
			r->started_ns = f->time_ns;
		if (f->time_ns > r->finished_ns)
			r->finished_ns = f->time_ns;
		in->sum = in->sum * 31 +
		    siphash24(
			key, (const uint8_t *)f->value, strlen(f->value)) +
		    f->address + (uint64_t)f->time_ns;
	}
	seconds = (time_t)(r->started_ns / 1000000000);
	gmtime_r(&seconds, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	snprintf(r->id, sizeof(r->id), "%s-%04x", stamp,
	    (unsigned)(in->sum & 0xffff));
	return true;
}

/* As it is, or, where keys are given, as one of them has signed it. */
static FILE *
open_file(const char *path, const struct seal_keys *keys)
{
	char error[SEAL_ERROR];
	FILE *f =
	    keys != NULL ? seal_open(keys, path, error) : fopen(path, "re");

	if (f == NULL && keys != NULL)
		log_error("import", "%s", error);
	else if (f == NULL)
		log_error("import", "%s: %s", path, strerror(errno));
	return f;
}

static bool
read_file(struct import *in, const char *name, const struct seal_keys *keys)
{
	char path[PATH_MAX], error[NDJSON_ERROR], site[RUN_SITE];
	struct stat st;
	bool ok, torn, is_dir = stat(name, &st) == 0 && S_ISDIR(st.st_mode);
	FILE *f;

	snprintf(
	    path, sizeof(path), "%s%s", name, is_dir ? "/facts.ndjson" : "");
	f = open_file(path, keys);
	if (f == NULL)
		return false;
	ok = ndjson_read_stream(
	    f, path, in->ledger, take_all, NULL, &torn, error);
	rewind(f);
	if (ok && in->run.site[0] == '\0' && ndjson_site(f, site))
		memcpy(in->run.site, site, sizeof(in->run.site));
	fclose(f);
	if (!ok) {
		log_error("import", "%s", error);
		return false;
	}
	if (torn)
		log_warn("import",
		    "%s: the last line was cut off and is dropped", path);
	if (name_run(in))
		return true;
	log_error("import", "%s: no facts", path);
	return false;
}

struct newest {
	int64_t time_ns;
};

static bool
take_newest(void *arg, const struct store_run *run)
{
	struct newest *n = arg;

	if (run->is_folded && run->finished_ns > n->time_ns)
		n->time_ns = run->finished_ns;
	return true;
}

/* What is older than what is known would undo it. */
static bool
is_wanted(struct store *s, const struct run *r, bool *is_known)
{
	struct newest n = { 0 };
	struct store_run old;

	*is_known = store_run_find(s, r->id, &old) && old.is_folded;
	if (*is_known) {
		log_info("import", "run %s is in the inventory already", r->id);
		return true;
	}
	if (store_trouble(s) != STORE_FINE ||
	    !store_runs(s, r->site, take_newest, &n)) {
		asking_trouble(s, "import");
		return false;
	}
	if (r->finished_ns >= n.time_ns)
		return true;
	log_error("import",
	    "run %s is older than what is known of site '%s', and would undo "
	    "it; import runs in the order they were made",
	    r->id, r->site);
	return false;
}

static bool
keep(struct store *s, struct import *in, const struct fingerprints *fp)
{
	struct fold fold = {
		.run = &in->run, .ledger = in->ledger, .fingerprints = fp
	};
	struct fold_summary summary;
	bool is_known;

	if (!is_wanted(s, &in->run, &is_known))
		return false;
	if (is_known)
		return true;
	derive_all(in->ledger);
	if (!store_run_begin(s, &in->run, NULL, &fold.number) ||
	    !fold_run(s, &fold, &summary)) {
		asking_trouble(s, "import");
		return false;
	}
	log_info("import", "run %s: %zu met, %zu of them new, %zu changes",
	    in->run.id, summary.met, summary.added, summary.events);
	return true;
}

static bool
import_one(struct store *s, const struct options *o, const char *name,
    const struct fingerprints *fp, const struct seal_keys *keys)
{
	struct import in = { .ledger = ledger_new() };
	bool ok;

	in.run = (struct run){ .command = "import",
		.version = GANTRY_VERSION,
		.outcome = RUN_DONE };
	snprintf(in.run.site, sizeof(in.run.site), "%s",
	    o->site != NULL ? o->site : "");
	ok =
	    in.ledger != NULL && read_file(&in, name, keys) && keep(s, &in, fp);
	ledger_free(in.ledger);
	return ok;
}

int
import_run(const struct options *o)
{
	struct seal_keys *keys = NULL;
	struct fingerprints *fp;
	struct store *s;
	char error[SEAL_ERROR];
	int code = EXIT_DONE;

	if (o->words_len == 0) {
		log_error("import",
		    "name facts.ndjson files, or directories that hold one");
		return EXIT_USAGE;
	}
	if (o->trust != NULL &&
	    (keys = seal_keys_read(o->trust, error)) == NULL) {
		log_error("import", "%s", error);
		return EXIT_USAGE;
	}
	s = asking_open(o, "import", STORE_CREATE);
	fp = s != NULL ? output_fingerprints(o, NULL) : NULL;
	if (fp == NULL)
		code = EXIT_USAGE;
	for (size_t i = 0; i < o->words_len && code == EXIT_DONE; i++)
		if (!import_one(s, o, o->words[i], fp, keys))
			code = EXIT_USAGE;
	fingerprints_free(fp);
	seal_keys_free(keys);
	store_close(s);
	return code;
}

/* --- out -------------------------------------------------------------------- */

struct export
{
	struct store *store;
	const struct options *options;
	struct asset_list list;
	struct ledger *ledger;
	struct run run;
};

static bool
put_facts(void *arg, FILE *out)
{
	const struct export *e = arg;

	for (size_t i = 0; i < ledger_count(e->ledger); i++)
		if (!ndjson_write_fact(out, &e->run, ledger_at(e->ledger, i)))
			return false;
	return true;
}

static bool
put_csv(void *arg, FILE *out)
{
	const struct export *e = arg;

	return inventory_csv_assets(out, e->list.items, e->list.len);
}

static bool
put_netbox(void *arg, FILE *out)
{
	const struct export *e = arg;

	return inventory_json_netbox(out, e->list.items, e->list.len);
}

static const struct {
	const char *name;
	bool (*put)(void *arg, FILE *out);
} kinds[] = { { "facts", put_facts }, { "csv", put_csv },
	{ "netbox", put_netbox } };
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* False after one line. */
static bool
gather(struct export *e, bool facts)
{
	const struct options *o = e->options;
	struct store_run last;

	if (!facts) {
		if (asking_assets(e->store, o->site, &e->list))
			return true;
		asking_trouble(e->store, "export");
		return false;
	}
	if (!asking_site(e->store, o, "export", &last))
		return false;
	memcpy(e->run.site, last.site, sizeof(e->run.site));
	e->ledger = fold_ledger(e->store, e->run.site, o->is_whole);
	if (e->ledger == NULL)
		asking_trouble(e->store, "export");
	return e->ledger != NULL;
}

struct bytes {
	char *text;
	size_t len;
};

static bool
put_bytes(void *arg, FILE *out)
{
	const struct bytes *b = arg;

	return fwrite(b->text, 1, b->len, out) == b->len;
}

static bool
gather_bytes(
    struct bytes *b, bool (*put)(void *arg, FILE *out), struct export *e)
{
	FILE *f = open_memstream(&b->text, &b->len);
	bool ok = f != NULL && put(e, f);

	if (f != NULL)
		ok = fclose(f) == 0 && ok;
	if (!ok)
		log_error("export", "out of memory");
	return ok;
}

/* Both files or, where the key will not do, neither. */
static bool
write_signed(const struct options *to, bool (*put)(void *arg, FILE *out),
    struct export *e)
{
	unsigned char signature[SEAL_SIZE];
	char error[SEAL_ERROR], path[PATH_MAX];
	struct bytes text = { NULL, 0 };
	struct bytes sig = { (char *)signature, sizeof(signature) };
	struct options beside = *to;
	bool ok;

	beside.json = path;
	snprintf(path, sizeof(path), "%s%s", to->json, SEAL_SUFFIX);
	ok = gather_bytes(&text, put, e);
	if (ok && !seal_sign(to->sign, text.text, text.len, signature, error)) {
		log_error("export", "%s", error);
		ok = false;
	}
	ok = ok && asking_write(to, "export", put_bytes, &text) &&
	    asking_write(&beside, "export", put_bytes, &sig);
	free(text.text);
	return ok;
}

int
export_run(const struct options *o)
{
	const char *name = o->format != NULL ? o->format : "facts";
	struct options to = *o;
	struct export e = { .options = o, .list = { .with_all = o->is_whole } };
	size_t k = 0;
	int code = EXIT_USAGE;

	while (k < KINDS && strcmp(kinds[k].name, name) != 0)
		k++;
	if (k == KINDS || o->words_len > 0) {
		log_error("export", "--format is one of facts, csv, netbox");
		return EXIT_USAGE;
	}
	/* -o names a file here; what goes there is no matter of JSON alone. */
	if (to.json == NULL)
		to.json = o->output;
	if (o->sign != NULL && (to.json == NULL || strcmp(to.json, "-") == 0)) {
		log_error("export",
		    "--sign needs -o FILE: the signature goes to FILE.sig");
		return EXIT_USAGE;
	}
	e.store = asking_open(o, "export", STORE_READ);
	if (e.store == NULL)
		return EXIT_USAGE;
	if (gather(&e, k == 0) &&
	    (o->sign != NULL ? write_signed(&to, kinds[k].put, &e)
			     : asking_write(&to, "export", kinds[k].put, &e)))
		code = EXIT_DONE;
	free(e.list.items);
	ledger_free(e.ledger);
	store_close(e.store);
	return code;
}
