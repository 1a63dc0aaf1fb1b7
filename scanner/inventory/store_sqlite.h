/* SPDX-License-Identifier: ISC */
/*
 * store_sqlite - what the files of the SQLite store share; nobody else
 * includes it.
 *
 * Values are bound by a word of types: i int64_t, d double, s text (NULL ok),
 * b bytes (const void *, size_t).  SQL texts are literals: statements are
 * prepared once and found again by the text's address.
 */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include <sqlite3.h>

#include "scanner/inventory/store.h"

enum { STORE_SCHEMA = 4, STORE_APPLICATION = 0x47616e74 };

struct statement;
struct word;

struct store {
	sqlite3 *db;
	char *path;
	struct statement *statements;
	struct word *words; /* probes' names, once */
	bool is_open;       /* a transaction */
	enum store_trouble trouble;
	char error[STORE_ERROR];
};

/* Notes what the database says; returns false. */
bool sql_trouble(struct store *);

/* Runs a statement that gives no rows. */
bool sql_run(struct store *, const char *sql, const char *types, ...);

/* Runs one; row() is called for each row until it returns false. */
typedef bool sql_row_fn(void *arg, sqlite3_stmt *row);
bool sql_each(struct store *, const char *sql, sql_row_fn *row, void *arg,
    const char *types, ...);

/* The first column of the first row, 0 where there is none. */
bool sql_number(
    struct store *, const char *sql, int64_t *out, const char *types, ...);

/* Copies a column's text, cut to size. */
void sql_text(sqlite3_stmt *row, int column, char *out, size_t size);

/* Returns the same text, for as long as the store is open; "" when memory is
 * out. */
const char *sql_word(struct store *, const char *text);

/* Begins a transaction where none is open; *own tells sql_leave() to end it. */
bool sql_enter(struct store *, bool *own);
bool sql_leave(struct store *, bool own, bool ok);

/* Brings the schema from `from` up to version `to`. */
bool sql_migrate(struct store *, int from, int to);

/* Facts: the columns both tables of facts have, in this order, and back. */
#define SQL_FACT                                               \
	"address, mac, about, port, key, value, probe, time, " \
	"evidence, number, offset, raw"
enum { SQL_FACT_COLUMNS = 12 };
#define SQL_FACT_TYPES "isiisssiiiib"

/* False for a key this version does not know. */
bool sql_fact_read(
    struct store *, sqlite3_stmt *row, int column, struct fact *out);

/* A MAC as text, NULL where it is not known. */
const char *sql_mac(struct mac mac, char buf[static NET_MAC_TEXT]);
struct mac sql_mac_read(sqlite3_stmt *row, int column);

#endif
