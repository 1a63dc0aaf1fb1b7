/* SPDX-License-Identifier: ISC */
/* store - the inventory as rows: transactions, versions, what goes wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/inventory/store_sqlite.h"
#include "t/unit.h"

static char path[64], error[STORE_ERROR];

static void
path_new(void)
{
	char dir[] = "/tmp/store-XXXXXX";

	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/inventory.db", dir);
}

static void
path_end(void)
{
	char command[128];

	*strrchr(path, '/') = '\0';
	snprintf(command, sizeof(command), "rm -rf %s", path);
	ck_assert_int_eq(system(command), 0);
}

static struct store *
open_new(void)
{
	struct store *s;

	path_new();
	s = store_open(path, STORE_CREATE, error);
	ck_assert_msg(s != NULL, "%s", error);
	return s;
}

static const struct run a_run = { .id = "20261101T220000Z-0001",
	.command = "audit",
	.version = "1",
	.care = "gentle",
	.site = "north",
	.started_ns = 1000,
	.finished_ns = 2000,
	.packets_sent = 7 };

static struct fact
a_fact(const char *value)
{
	return (struct fact){ .address = 0x0a000001,
		.mac = { { 8, 0, 0x20, 1, 2, 3 } },
		.about = { ABOUT_TCP, 104 },
		.key = FACT_DICOM_VERSION,
		.value = value,
		.probe = "dicom",
		.time_ns = 1500,
		.evidence = { .kind = EVIDENCE_TALK,
		    .number = 3,
		    .offset = 9,
		    .raw_len = 2,
		    .raw = { 1, 2 } } };
}

struct seen {
	size_t n;
	char last[160];
	struct fact fact;
};

static bool
see_fact(void *arg, const struct fact *f)
{
	struct seen *s = arg;

	s->n++;
	s->fact = *f;
	snprintf(s->last, sizeof(s->last), "%s", f->value);
	return true;
}

static bool
see_stored(void *arg, const struct store_fact *f)
{
	return see_fact(arg, &f->fact);
}

START_TEST(keeps_runs_and_what_they_saw)
{
	struct store *s = open_new();
	struct fact f = a_fact("V1"), g = a_fact("V2");
	const struct fact *both[] = { &f, &g };
	struct seen seen = { 0 };
	struct store_run run;
	int64_t number, again;

	ck_assert(store_run_begin(s, &a_run, "ward", &number));
	ck_assert(store_pending_add(s, number, both, 2));
	store_close(s);
	s = store_open(path, STORE_READ, error);
	ck_assert_msg(s != NULL, "%s", error);
	ck_assert(store_pending(s, number, see_fact, &seen));
	ck_assert_uint_eq(seen.n, 2);
	ck_assert_str_eq(seen.last, "V2");
	ck_assert_str_eq(seen.fact.probe, "dicom");
	ck_assert_int_eq(seen.fact.evidence.kind, EVIDENCE_TALK);
	ck_assert_uint_eq(seen.fact.evidence.raw_len, 2);
	ck_assert(mac_equal(seen.fact.mac, f.mac));
	ck_assert(store_run_find(s, "last", &run));
	ck_assert(run.is_running && !run.is_folded);
	ck_assert_str_eq(run.segment, "ward");
	store_close(s);
	s = store_open(path, STORE_WRITE, error);
	/* Gone on with: the same run, its facts given again. */
	ck_assert(store_run_begin(s, &a_run, "ward", &again));
	ck_assert_int_eq(again, number);
	ck_assert(store_run_end(s, number, &a_run, true));
	ck_assert(store_run_find(s, "1", &run));
	ck_assert(!run.is_running && run.is_folded);
	ck_assert_uint_eq(run.packets_sent, 7);
	seen.n = 0;
	ck_assert(store_pending(s, number, see_fact, &seen));
	ck_assert_uint_eq(seen.n, 0);
	ck_assert(!store_run_find(s, "nothing", &run));
	ck_assert_int_eq(store_trouble(s), STORE_FINE);
	store_close(s);
	path_end();
}
END_TEST

START_TEST(a_transaction_is_whole_or_absent)
{
	struct store *s = open_new();
	struct store_asset a = { .site = "north", .address = 5 };
	struct store_asset b;

	ck_assert(store_begin(s));
	ck_assert(store_asset_put(s, &a));
	store_rollback(s);
	ck_assert(!store_asset_find(s, a.id, &b));
	a.id = 0;
	ck_assert(store_begin(s));
	ck_assert(store_asset_put(s, &a));
	ck_assert(store_commit(s));
	ck_assert(store_asset_find(s, a.id, &b));
	ck_assert_uint_eq(b.address, 5);
	/* Not committed, then closed: as if killed. */
	ck_assert(store_begin(s));
	a.address = 6;
	ck_assert(store_asset_put(s, &a));
	store_close(s);
	s = store_open(path, STORE_READ, error);
	ck_assert(store_asset_find(s, a.id, &b));
	ck_assert_uint_eq(b.address, 5);
	ck_assert(!store_asset_put(s, &a));
	ck_assert_int_eq(store_trouble(s), STORE_READONLY);
	store_close(s);
	path_end();
}
END_TEST

START_TEST(a_fact_that_stays_is_one_row)
{
	struct store *s = open_new();
	struct store_asset a = { .site = "north" };
	struct store_fact f = {
		.first_run = 1, .last_run = 1, .fact = a_fact("V1")
	};
	struct seen seen = { 0 };

	ck_assert(store_asset_put(s, &a));
	f.asset = a.id;
	ck_assert(store_fact_add(s, &f));
	f.fact.time_ns = 99;
	ck_assert(store_fact_seen(s, f.id, 2, &f.fact));
	ck_assert(store_facts(s, NULL, 0, see_stored, &seen));
	ck_assert_uint_eq(seen.n, 1);
	ck_assert_int_eq(seen.fact.time_ns, 99);
	ck_assert(store_fact_end(s, f.id, 3));
	seen.n = 0;
	ck_assert(store_facts(s, NULL, 0, see_stored, &seen));
	ck_assert(store_facts(s, "north", a.id, see_stored, &seen));
	ck_assert_uint_eq(seen.n, 0);
	ck_assert(store_fact_history(s, a.id, see_stored, &seen));
	ck_assert_uint_eq(seen.n, 1);
	store_close(s);
	path_end();
}
END_TEST

static bool
see_letter(void *arg, const struct store_letter *l)
{
	struct seen *s = arg;

	s->n++;
	snprintf(s->last, sizeof(s->last), "%s %s %u", l->event.id,
	    l->event.field, l->attempts);
	return true;
}

static void
add_event(struct store *s, int64_t run, const char *field)
{
	struct store_event e = { .run = run, .site = "north", .kind = "new" };

	snprintf(e.field, sizeof(e.field), "%s", field);
	snprintf(e.run_id, sizeof(e.run_id), "%s", a_run.id);
	ck_assert(store_event_add(s, &e));
	ck_assert(strncmp(e.id, a_run.id, strlen(a_run.id)) == 0);
}

START_TEST(each_event_is_told_once_in_order)
{
	struct store *s = open_new();
	struct seen seen = { 0 };
	int64_t run;
	size_t n;

	ck_assert(store_run_begin(s, &a_run, NULL, &run));
	add_event(s, run, "a");
	ck_assert(store_outbox_fill(s, "hook", NULL, run, &n));
	ck_assert_uint_eq(n, 1);
	add_event(s, run, "b");
	add_event(s, run, "c");
	ck_assert(store_outbox_fill(s, "hook", NULL, run, &n));
	ck_assert_uint_eq(n, 2);
	ck_assert(store_outbox_fill(s, "hook", NULL, run, &n));
	ck_assert_uint_eq(n, 0);
	/* A box that is opened late begins with its own run. */
	ck_assert(store_outbox_fill(s, "mail", NULL, run + 1, &n));
	ck_assert_uint_eq(n, 0);
	ck_assert(store_outbox_failed(s, 1, 5, "refused"));
	ck_assert(store_outbox_done(s, 2, 6));
	ck_assert(store_outbox(s, "hook", see_letter, &seen));
	ck_assert_uint_eq(seen.n, 2);
	ck_assert_str_eq(seen.last, "20261101T220000Z-0001-3 c 0");
	store_close(s);
	path_end();
}
END_TEST

START_TEST(counts_a_lines_fate_in_a_row)
{
	struct store *s = open_new();
	struct store_check check;
	unsigned n;

	ck_assert(store_check_note(s, 1, "north", "CT1", "absent", &n));
	ck_assert_uint_eq(n, 1);
	ck_assert(store_check_note(s, 2, "north", "CT1", "absent", &n));
	ck_assert_uint_eq(n, 2);
	ck_assert(store_check_note(s, 2, "north", "CT1", "absent", &n));
	ck_assert_uint_eq(n, 2);
	ck_assert(store_check_note(s, 3, "north", "CT1", "match", &n));
	ck_assert_uint_eq(n, 1);
	ck_assert(store_check_note(s, 3, "south", "CT1", "match", &n));
	ck_assert_uint_eq(n, 1);
	ck_assert(store_check_find(s, "north", "CT1", &check));
	ck_assert_str_eq(check.outcome, "match");
	ck_assert_str_eq(check.decided, "");
	snprintf(check.decided, sizeof(check.decided), "mismatch");
	snprintf(check.differs, sizeof(check.differs), "mac,model");
	check.is_told = true;
	ck_assert(store_check_decide(s, &check));
	ck_assert(store_check_note(s, 4, "north", "CT1", "absent", NULL));
	ck_assert(store_check_find(s, "north", "CT1", &check));
	ck_assert_str_eq(check.decided, "mismatch");
	ck_assert_str_eq(check.differs, "mac,model");
	ck_assert(check.is_told);
	ck_assert(store_check_find(s, "south", "CT1", &check));
	ck_assert(!check.is_told && check.differs[0] == '\0');
	ck_assert(store_check_find(s, "south", "nobody", &check));
	ck_assert_str_eq(check.outcome, "");
	store_close(s);
	path_end();
}
END_TEST

/* A database as the first version left it keeps all it holds. */
START_TEST(brings_an_older_schema_up)
{
	struct store *s = calloc(1, sizeof(*s));
	struct store_check check;
	struct store_run run;
	int64_t n;

	path_new();
	s->path = strdup(path);
	ck_assert_int_eq(sqlite3_open(path, &s->db), SQLITE_OK);
	ck_assert(store_begin(s));
	ck_assert(sql_migrate(s, 0, 2));
	ck_assert(sql_run(s,
	    "INSERT INTO checks VALUES ('north', 'CT1', 'mismatch', 1, 1, 1), "
	    "('north', 'CT2', 'absent', 1, 1, 1)",
	    ""));
	ck_assert(store_commit(s));
	ck_assert(store_run_begin(s, &a_run, "ward", &n));
	store_close(s);
	/* Even a reader does so: it could not read it else. */
	s = store_open(path, STORE_READ, error);
	ck_assert_msg(s != NULL, "%s", error);
	ck_assert(sql_number(s, "PRAGMA user_version", &n, ""));
	ck_assert_int_eq(n, STORE_SCHEMA);
	ck_assert(store_run_find(s, a_run.id, &run));
	ck_assert(sql_number(s, "SELECT count(*) FROM outbox", &n, ""));
	ck_assert(store_check_find(s, "north", "CT1", &check));
	ck_assert_str_eq(check.decided, "mismatch");
	ck_assert(store_check_find(s, "north", "CT2", &check));
	ck_assert_str_eq(check.decided, "");
	store_close(s);
	path_end();
}
END_TEST

/* The schema of a database brought up is that of one made anew. */
START_TEST(old_and_new_schema_are_one)
{
	struct store *s = open_new();
	int64_t n, version;

	ck_assert(sql_number(s, "SELECT count(*) FROM sqlite_master", &n, ""));
	ck_assert_int_gt(n, 10);
	ck_assert(sql_number(s, "PRAGMA user_version", &version, ""));
	ck_assert_int_eq(version, STORE_SCHEMA);
	store_close(s);
	path_end();
}
END_TEST

static void
refused(enum store_mode mode, const char *word)
{
	struct store *s = store_open(path, mode, error);

	ck_assert_ptr_null(s);
	ck_assert_msg(strstr(error, word) != NULL, "%s", error);
	ck_assert_ptr_null(strchr(error, '\n'));
}

static void
write_file(const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	for (int i = 0; i < 400; i++)
		fputs(text, f);
	fclose(f);
}

START_TEST(says_what_is_wrong)
{
	struct store *s;
	sqlite3 *other;

	path_new();
	refused(STORE_READ, "there is no inventory");
	refused(STORE_WRITE, "there is no inventory");
	write_file("This is no database at all. ");
	refused(STORE_READ, "damaged, or not an inventory");
	refused(STORE_CREATE, "damaged, or not an inventory");
	unlink(path);
	ck_assert_int_eq(sqlite3_open(path, &other), SQLITE_OK);
	sqlite3_exec(other, "CREATE TABLE x (y)", NULL, NULL, NULL);
	sqlite3_close(other);
	refused(STORE_CREATE, "some other program's");
	unlink(path);
	s = store_open(path, STORE_CREATE, error);
	ck_assert(sql_run(s, "PRAGMA user_version = 99", ""));
	store_close(s);
	refused(STORE_READ, "a newer gantry's (its schema is 99");
	refused(STORE_WRITE, "a newer gantry's");
	path_end();
}
END_TEST

START_TEST(finds_damage_inside)
{
	struct store *s = open_new();
	struct store_asset a = { .site = "north" };
	FILE *f;

	ck_assert(store_begin(s));
	for (int i = 0; i < 3000; i++) {
		a.id = 0;
		ck_assert(store_asset_put(s, &a));
	}
	ck_assert(store_commit(s));
	ck_assert(store_check_whole(s));
	store_close(s);
	f = fopen(path, "r+");
	fseek(f, 40 * 4096, SEEK_SET);
	for (int i = 0; i < 20 * 4096; i++)
		fputc(0xa5, f);
	fclose(f);
	s = store_open(path, STORE_READ, error);
	ck_assert_msg(s != NULL, "%s", error);
	ck_assert(!store_check_whole(s));
	ck_assert_int_eq(store_trouble(s), STORE_CORRUPT);
	store_close(s);
	path_end();
}
END_TEST

START_TEST(a_reader_does_not_wait_for_a_writer)
{
	struct store *w = open_new(), *r, *second;
	struct store_asset a = { .site = "north" }, b;

	ck_assert(store_asset_put(w, &a));
	r = store_open(path, STORE_READ, error);
	second = store_open(path, STORE_WRITE, error);
	ck_assert(store_begin(w));
	a.address = 9;
	ck_assert(store_asset_put(w, &a));
	ck_assert(store_asset_find(r, a.id, &b));
	ck_assert_uint_eq(b.address, 0);
	/* A second writer does wait, and then says why it gave up. */
	sqlite3_busy_timeout(second->db, 20);
	ck_assert(!store_begin(second));
	ck_assert_int_eq(store_trouble(second), STORE_LOCKED);
	ck_assert_ptr_nonnull(strstr(store_error(second), "another process"));
	ck_assert(store_commit(w));
	ck_assert(store_begin(second));
	ck_assert(store_commit(second));
	ck_assert(store_asset_find(r, a.id, &b));
	ck_assert_uint_eq(b.address, 9);
	store_close(second);
	store_close(r);
	store_close(w);
	path_end();
}
END_TEST

START_TEST(is_for_its_owner_and_group)
{
	struct store *s = open_new();
	struct stat st;

	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0007, 0);
	store_close(s);
	path_end();
}
END_TEST

START_TEST(forgets_what_is_over_and_nothing_else)
{
	struct store *s = open_new();
	struct store_fact f = {
		.asset = 1, .first_run = 1, .last_run = 1, .fact = a_fact("V1")
	};
	struct store_pruned pruned;
	struct run second = a_run;
	struct seen seen = { 0 };
	struct fact waiting;
	const struct fact *list = &waiting;
	int64_t one, two;

	snprintf(second.id, sizeof(second.id), "20261102T220000Z-0002");
	second.started_ns = 5000;
	ck_assert(store_run_begin(s, &a_run, NULL, &one));
	ck_assert(store_run_end(s, one, &a_run, true));
	ck_assert(store_run_begin(s, &second, NULL, &two));
	ck_assert(store_run_end(s, two, &second, true));
	ck_assert(store_fact_add(s, &f));
	ck_assert(store_fact_end(s, f.id, one));
	f.fact = a_fact("V2");
	ck_assert(store_fact_add(s, &f));
	add_event(s, one, "a");
	waiting = f.fact;
	ck_assert(store_pending_add(s, one, &list, 1));
	ck_assert(store_pending_add(s, two, &list, 1));
	ck_assert(store_prune(s, 3000, true, &pruned));
	ck_assert_uint_eq(pruned.facts, 2);
	ck_assert_uint_eq(pruned.events, 1);
	ck_assert(store_fact_history(s, 1, see_stored, &seen));
	ck_assert_uint_eq(seen.n, 2);
	ck_assert(store_prune(s, 3000, false, &pruned));
	seen.n = 0;
	ck_assert(store_fact_history(s, 1, see_stored, &seen));
	ck_assert_uint_eq(seen.n, 1);
	ck_assert_str_eq(seen.last, "V2");
	seen.n = 0;
	ck_assert(store_pending(s, one, see_fact, &seen));
	ck_assert_uint_eq(seen.n, 0);
	ck_assert(store_pending(s, two, see_fact, &seen));
	ck_assert_uint_eq(seen.n, 1);
	ck_assert(store_compact(s));
	store_close(s);
	path_end();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { keeps_runs_and_what_they_saw,
		a_transaction_is_whole_or_absent, a_fact_that_stays_is_one_row,
		each_event_is_told_once_in_order, counts_a_lines_fate_in_a_row,
		brings_an_older_schema_up, old_and_new_schema_are_one,
		says_what_is_wrong, finds_damage_inside,
		a_reader_does_not_wait_for_a_writer, is_for_its_owner_and_group,
		forgets_what_is_over_and_nothing_else, NULL };

	return unit_run("store", tests);
}
