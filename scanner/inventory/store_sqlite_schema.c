/* SPDX-License-Identifier: ISC */
/*
 * store_sqlite_schema - the tables, as the steps that made them.
 *
 * The schema's version is PRAGMA user_version.  A step, once released, is
 * never changed: what comes later is a new one.  All steps a database lacks
 * are taken in one transaction.
 */
#include "scanner/inventory/store_sqlite.h"

#define FACT_TABLE                                             \
	"address INTEGER NOT NULL, mac TEXT, "                 \
	"about INTEGER NOT NULL, port INTEGER NOT NULL, "      \
	"key TEXT NOT NULL, value TEXT NOT NULL, "             \
	"probe TEXT NOT NULL, time INTEGER NOT NULL, "         \
	"evidence INTEGER NOT NULL, number INTEGER NOT NULL, " \
	"offset INTEGER NOT NULL, raw BLOB"

/* Runs, what they saw, what is known. */
static const char first[] =
    "CREATE TABLE runs (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
    "site TEXT NOT NULL, segment TEXT NOT NULL, command TEXT NOT NULL, "
    "care TEXT NOT NULL, version TEXT NOT NULL, scope TEXT NOT NULL, "
    "started INTEGER NOT NULL, finished INTEGER NOT NULL DEFAULT 0, "
    "outcome INTEGER NOT NULL DEFAULT -1, folded INTEGER NOT NULL DEFAULT 0, "
    "packets INTEGER NOT NULL DEFAULT 0, probed INTEGER NOT NULL DEFAULT 0, "
    "answered INTEGER NOT NULL DEFAULT 0, halted INTEGER NOT NULL DEFAULT 0, "
    "listened REAL NOT NULL DEFAULT 0, awaited INTEGER NOT NULL DEFAULT 0, "
    "missed INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE pending (seq INTEGER PRIMARY KEY, "
    "run INTEGER NOT NULL, " FACT_TABLE ");"
    "CREATE INDEX pending_run ON pending (run);"
    "CREATE TABLE assets (id INTEGER PRIMARY KEY, site TEXT NOT NULL, "
    "address INTEGER NOT NULL, mac TEXT, name TEXT NOT NULL, "
    "vendor TEXT NOT NULL, standing TEXT NOT NULL, "
    "fingerprint TEXT NOT NULL, device TEXT NOT NULL, grade TEXT NOT NULL, "
    "probability REAL NOT NULL, ports TEXT NOT NULL, alerts TEXT NOT NULL, "
    "first_run INTEGER NOT NULL, last_run INTEGER NOT NULL, "
    "first_time INTEGER NOT NULL, last_time INTEGER NOT NULL, "
    "silent INTEGER NOT NULL, doubt REAL NOT NULL, gone INTEGER NOT NULL, "
    "merged INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX assets_site ON assets (site, address);"
    "CREATE TABLE identities (id INTEGER PRIMARY KEY, "
    "asset INTEGER NOT NULL, kind INTEGER NOT NULL, value TEXT NOT NULL, "
    "first_run INTEGER NOT NULL, last_run INTEGER NOT NULL, "
    "ended_run INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX identities_hold ON identities (asset) WHERE ended_run = 0;"
    "CREATE INDEX identities_ended ON identities (ended_run) "
    "WHERE ended_run > 0;"
    "CREATE TABLE facts (id INTEGER PRIMARY KEY, asset INTEGER NOT NULL, "
    "first_run INTEGER NOT NULL, last_run INTEGER NOT NULL, "
    "ended_run INTEGER NOT NULL DEFAULT 0, "
    "first_time INTEGER NOT NULL, " FACT_TABLE ");"
    "CREATE INDEX facts_hold ON facts (asset) WHERE ended_run = 0;"
    "CREATE INDEX facts_asset ON facts (asset, first_run);"
    "CREATE INDEX facts_ended ON facts (ended_run) WHERE ended_run > 0;"
    "CREATE TABLE verdicts (asset INTEGER NOT NULL, run INTEGER NOT NULL, "
    "fingerprint TEXT NOT NULL, grade TEXT NOT NULL, "
    "probability REAL NOT NULL);"
    "CREATE INDEX verdicts_asset ON verdicts (asset, run);"
    "CREATE TABLE events (number INTEGER PRIMARY KEY AUTOINCREMENT, "
    "run INTEGER NOT NULL, asset INTEGER NOT NULL, time INTEGER NOT NULL, "
    "nth INTEGER NOT NULL, site TEXT NOT NULL, address INTEGER NOT NULL, "
    "mac TEXT, name TEXT NOT NULL, kind TEXT NOT NULL, field TEXT NOT NULL, "
    "was TEXT NOT NULL, now TEXT NOT NULL);"
    "CREATE INDEX events_run ON events (run);"
    "CREATE INDEX events_time ON events (time);"
    "CREATE INDEX events_asset ON events (asset);";

/* What is told to others, and the lines of a record. */
static const char second[] =
    "CREATE TABLE channels (name TEXT PRIMARY KEY, "
    "event INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE outbox (number INTEGER PRIMARY KEY AUTOINCREMENT, "
    "channel TEXT NOT NULL, event INTEGER NOT NULL, "
    "attempts INTEGER NOT NULL DEFAULT 0, next INTEGER NOT NULL DEFAULT 0, "
    "done INTEGER NOT NULL DEFAULT 0, trouble TEXT NOT NULL DEFAULT '', "
    "UNIQUE (channel, event));"
    "CREATE INDEX outbox_left ON outbox (channel, number) WHERE done = 0;"
    "CREATE TABLE checks (site TEXT NOT NULL, line TEXT NOT NULL, "
    "outcome TEXT NOT NULL, since_run INTEGER NOT NULL, "
    "last_run INTEGER NOT NULL, times INTEGER NOT NULL, "
    "PRIMARY KEY (site, line)) WITHOUT ROWID;";

/* What is told of the lines of a record. */
static const char third[] =
    "ALTER TABLE checks ADD COLUMN decided TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE checks ADD COLUMN differs TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE checks ADD COLUMN told INTEGER NOT NULL DEFAULT 0;"
    "UPDATE checks SET decided = outcome "
    "WHERE outcome IN ('match', 'mismatch');";

/* What a run found, for the trend; -1: it was before that was counted. */
static const char fourth[] =
    "ALTER TABLE runs ADD COLUMN met INTEGER NOT NULL DEFAULT -1;"
    "ALTER TABLE runs ADD COLUMN recognised INTEGER NOT NULL DEFAULT -1;"
    "ALTER TABLE runs ADD COLUMN alerted INTEGER NOT NULL DEFAULT -1;";

static const char *const steps[STORE_SCHEMA] = { first, second, third, fourth };

bool
sql_migrate(struct store *s, int from, int to)
{
	char *end;
	int code;

	for (int i = from; i < to; i++)
		if (sqlite3_exec(s->db, steps[i], NULL, NULL, NULL) !=
		    SQLITE_OK)
			return sql_trouble(s);
	end = sqlite3_mprintf(
	    "PRAGMA user_version = %d; PRAGMA application_id = %d", to,
	    STORE_APPLICATION);
	code = end != NULL ? sqlite3_exec(s->db, end, NULL, NULL, NULL)
			   : SQLITE_NOMEM;
	sqlite3_free(end);
	return code == SQLITE_OK || sql_trouble(s);
}
