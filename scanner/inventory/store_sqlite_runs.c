/* SPDX-License-Identifier: ISC */
/* store_sqlite_runs - runs, and their facts as they come. */
#include <stdio.h>
#include <string.h>

#include "scanner/inventory/store_sqlite.h"

/* --- runs --------------------------------------------------------------- */

/* The words of the scope, as many as fit. */
static const char *
scope_text(const struct run *run, char buf[static STORE_SCOPE])
{
	size_t at = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < run->scope_len; i++) {
		int n = snprintf(buf + at, STORE_SCOPE - at, "%s%s",
		    i > 0 ? " " : "", run->scope[i]);

		if (n < 0 || (size_t)n >= STORE_SCOPE - at)
			break;
		at += (size_t)n;
	}
	return buf;
}

bool
store_run_begin(struct store *s, const struct run *run, const char *segment,
    int64_t *number)
{
	char scope[STORE_SCOPE];
	bool own, ok;

	if (!sql_enter(s, &own))
		return false;
	ok = sql_run(s,
		 "INSERT INTO runs (id, site, segment, command, care, version, "
		 "scope, started) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
		 "ON CONFLICT (id) DO UPDATE SET outcome = -1, finished = 0",
		 "sssssssi", run->id, run->site, segment != NULL ? segment : "",
		 run->command, run->care != NULL ? run->care : "", run->version,
		 scope_text(run, scope), run->started_ns) &&
	    sql_number(s, "SELECT number FROM runs WHERE id = ?", number, "s",
		run->id) &&
	    sql_run(s, "DELETE FROM pending WHERE run = ?", "i", *number);
	return sql_leave(s, own, ok);
}

bool
store_run_end(
    struct store *s, int64_t number, const struct run *run, bool is_folded)
{
	return sql_run(s,
	    "UPDATE runs SET finished = ?, outcome = ?, folded = ?, "
	    "packets = ?, probed = ?, answered = ?, halted = ?, listened = ? "
	    "WHERE number = ?",
	    "iiiiiiidi", run->finished_ns, (int64_t)run->outcome,
	    (int64_t)is_folded, (int64_t)run->packets_sent,
	    (int64_t)run->hosts_probed, (int64_t)run->hosts_answered,
	    (int64_t)run_halted_hosts(run), run->listened_s, number);
}

bool
store_run_loss(
    struct store *s, int64_t number, uint64_t awaited, uint64_t missed)
{
	return sql_run(s,
	    "UPDATE runs SET awaited = ?, missed = ? WHERE number = ?", "iii",
	    (int64_t)awaited, (int64_t)missed, number);
}

bool
store_run_found(struct store *s, int64_t number, size_t met, size_t recognised,
    size_t alerted)
{
	return sql_run(s,
	    "UPDATE runs SET met = ?, recognised = ?, alerted = ? "
	    "WHERE number = ?",
	    "iiii", (int64_t)met, (int64_t)recognised, (int64_t)alerted,
	    number);
}

#define RUN_COLUMNS                                                         \
	"SELECT number, id, site, segment, command, care, version, scope, " \
	"started, finished, outcome, folded, packets, probed, answered, "   \
	"halted, listened, awaited, missed, met, recognised, alerted "      \
	"FROM runs "

static void
run_read(sqlite3_stmt *row, struct store_run *out)
{
	*out = (struct store_run){ .number = sqlite3_column_int64(row, 0) };
	sql_text(row, 1, out->id, sizeof(out->id));
	sql_text(row, 2, out->site, sizeof(out->site));
	sql_text(row, 3, out->segment, sizeof(out->segment));
	sql_text(row, 4, out->command, sizeof(out->command));
	sql_text(row, 5, out->care, sizeof(out->care));
	sql_text(row, 6, out->version, sizeof(out->version));
	sql_text(row, 7, out->scope, sizeof(out->scope));
	out->started_ns = sqlite3_column_int64(row, 8);
	out->finished_ns = sqlite3_column_int64(row, 9);
	out->is_running = sqlite3_column_int(row, 10) < 0;
	out->outcome = out->is_running
	    ? RUN_INTERRUPTED
	    : (enum run_outcome)sqlite3_column_int(row, 10);
	out->is_folded = sqlite3_column_int(row, 11) != 0;
	out->packets_sent = (uint64_t)sqlite3_column_int64(row, 12);
	out->hosts_probed = (uint64_t)sqlite3_column_int64(row, 13);
	out->hosts_answered = (uint64_t)sqlite3_column_int64(row, 14);
	out->halted = (uint64_t)sqlite3_column_int64(row, 15);
	out->listened_s = sqlite3_column_double(row, 16);
	out->awaited = (uint64_t)sqlite3_column_int64(row, 17);
	out->missed = (uint64_t)sqlite3_column_int64(row, 18);
	out->met = sqlite3_column_int64(row, 19);
	out->recognised = sqlite3_column_int64(row, 20);
	out->alerted = sqlite3_column_int64(row, 21);
}

static bool
take_run(void *arg, sqlite3_stmt *row)
{
	run_read(row, arg);
	return false;
}

bool
store_run_find(struct store *s, const char *id, struct store_run *out)
{
	bool ok;

	*out = (struct store_run){ 0 };
	if (strcmp(id, "last") == 0)
		ok = sql_each(s, RUN_COLUMNS "ORDER BY number DESC LIMIT 1",
		    take_run, out, "");
	else
		ok = sql_each(s,
		    RUN_COLUMNS
		    "WHERE id = ?1 OR (CAST(number AS TEXT) = ?1) LIMIT 1",
		    take_run, out, "s", id);
	return ok && out->number != 0;
}

struct run_reading {
	bool (*each)(void *arg, const struct store_run *run);
	void *arg;
};

static bool
each_run(void *arg, sqlite3_stmt *row)
{
	const struct run_reading *r = arg;
	struct store_run run;

	run_read(row, &run);
	return r->each(r->arg, &run);
}

bool
store_runs(struct store *s, const char *site,
    bool (*each)(void *arg, const struct store_run *run), void *arg)
{
	struct run_reading r = { each, arg };

	return sql_each(s,
	    RUN_COLUMNS "WHERE ?1 IS NULL OR site = ?1 ORDER BY number DESC",
	    each_run, &r, "s", site);
}

/* --- facts as rows --------------------------------------------------------- */

const char *
sql_mac(struct mac mac, char buf[static NET_MAC_TEXT])
{
	return mac_is_known(mac) ? mac_text(mac, buf) : NULL;
}

struct mac
sql_mac_read(sqlite3_stmt *row, int column)
{
	const unsigned char *text = sqlite3_column_text(row, column);
	struct mac mac = { { 0 } };

	if (text != NULL)
		(void)mac_parse((const char *)text, &mac);
	return mac;
}

static void
evidence_read(sqlite3_stmt *row, int column, struct evidence *out)
{
	int len = sqlite3_column_bytes(row, column + 3);
	const void *raw = sqlite3_column_blob(row, column + 3);

	*out = (struct evidence){ .number = (uint32_t)sqlite3_column_int64(
				      row, column + 1),
		.offset = (uint32_t)sqlite3_column_int64(row, column + 2),
		.kind = EVIDENCE_NONE };
	if (sqlite3_column_int(row, column) == EVIDENCE_FRAME)
		out->kind = EVIDENCE_FRAME;
	else if (sqlite3_column_int(row, column) == EVIDENCE_TALK)
		out->kind = EVIDENCE_TALK;
	if (raw == NULL || len <= 0 || len > FACT_RAW_MAX)
		return;
	out->raw_len = (uint16_t)len;
	memcpy(out->raw, raw, (size_t)len);
}

bool
sql_fact_read(struct store *s, sqlite3_stmt *row, int c, struct fact *out)
{
	const char *key = (const char *)sqlite3_column_text(row, c + 4);
	const char *value = (const char *)sqlite3_column_text(row, c + 5);
	const char *probe = (const char *)sqlite3_column_text(row, c + 6);
	int about = sqlite3_column_int(row, c + 2);

	*out = (struct fact){ .address = (uint32_t)sqlite3_column_int64(row, c),
		.mac = sql_mac_read(row, c + 1),
		.about = { .port = (uint16_t)sqlite3_column_int(row, c + 3) },
		.key = key != NULL ? fact_key_find(key) : FACT_KEYS,
		.value = value != NULL ? value : "",
		.probe = sql_word(s, probe != NULL ? probe : ""),
		.time_ns = sqlite3_column_int64(row, c + 7) };
	out->about.kind = about == ABOUT_TCP ? ABOUT_TCP
	    : about == ABOUT_UDP             ? ABOUT_UDP
					     : ABOUT_HOST;
	evidence_read(row, c + 8, &out->evidence);
	return out->key != FACT_KEYS;
}

/* --- pending ---------------------------------------------------------------- */

static bool
pending_put(struct store *s, int64_t run, const struct fact *f)
{
	char mac[NET_MAC_TEXT];

	return sql_run(s,
	    "INSERT INTO pending (run, " SQL_FACT
	    ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    "i" SQL_FACT_TYPES, run, (int64_t)f->address, sql_mac(f->mac, mac),
	    (int64_t)f->about.kind, (int64_t)f->about.port,
	    fact_key_text(f->key), f->value, f->probe, f->time_ns,
	    (int64_t)f->evidence.kind, (int64_t)f->evidence.number,
	    (int64_t)f->evidence.offset, f->evidence.raw,
	    (size_t)f->evidence.raw_len);
}

bool
store_pending_add(
    struct store *s, int64_t run, const struct fact *const *facts, size_t n)
{
	bool own, ok;

	if (!sql_enter(s, &own))
		return false;
	ok = true;
	for (size_t i = 0; i < n && ok; i++)
		ok = pending_put(s, run, facts[i]);
	return sql_leave(s, own, ok);
}

struct pending_reading {
	struct store *store;
	bool (*each)(void *arg, const struct fact *fact);
	void *arg;
};

static bool
each_pending(void *arg, sqlite3_stmt *row)
{
	const struct pending_reading *r = arg;
	struct fact f;

	return !sql_fact_read(r->store, row, 0, &f) || r->each(r->arg, &f);
}

bool
store_pending(struct store *s, int64_t run,
    bool (*each)(void *arg, const struct fact *fact), void *arg)
{
	struct pending_reading r = { s, each, arg };

	return sql_each(s,
	    "SELECT " SQL_FACT " FROM pending WHERE run = ? ORDER BY seq",
	    each_pending, &r, "i", run);
}

bool
store_pending_drop(struct store *s, int64_t run)
{
	return sql_run(s, "DELETE FROM pending WHERE run = ?", "i", run);
}
