/* SPDX-License-Identifier: ISC */
/*
 * store_sqlite - opening, transactions, statements and troubles.
 *
 * WAL: readers see the last commit and never wait; one writer at a time.  A
 * commit survives the end of the process at any instant, and a crash of the
 * machine leaves a whole database that may lack the last commits.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include "scanner/inventory/store_sqlite.h"

struct statement {
	const char *sql; /* a literal: found by its address */
	sqlite3_stmt *prepared;
	UT_hash_handle hh;
};

struct word {
	UT_hash_handle hh;
	char text[];
};

/* --- troubles --------------------------------------------------------- */

static enum store_trouble
trouble_of(int code, int error)
{
	if (error == ENOSPC || error == EDQUOT || error == EFBIG)
		return STORE_FULL;
	switch (code & 0xff) {
	case SQLITE_FULL:
		return STORE_FULL;
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return STORE_READONLY;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return STORE_LOCKED;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return STORE_CORRUPT;
	case SQLITE_CANTOPEN:
		return error == EROFS || error == EACCES || error == EPERM
		    ? STORE_READONLY
		    : STORE_OTHER;
	default:
		return STORE_OTHER;
	}
}

static void
explain(const char *path, enum store_trouble trouble, const char *why,
    char error[static STORE_ERROR])
{
	static const char *const words[] = {
		[STORE_FINE] = "",
		[STORE_MISSING] = "there is no inventory",
		[STORE_READONLY] = "cannot be written to",
		[STORE_FULL] = "the disk is full",
		[STORE_LOCKED] = "another process has been writing too long",
		[STORE_CORRUPT] = "is damaged, or not an inventory",
		[STORE_NEWER] = "is a newer gantry's",
		[STORE_OTHER] = "cannot be used",
	};

	snprintf(error, STORE_ERROR, "%.160s: %s%s%.80s%s", path,
	    words[trouble], *why ? " (" : "", why, *why ? ")" : "");
}

bool
sql_trouble(struct store *s)
{
	int code = sqlite3_extended_errcode(s->db);

	s->trouble = trouble_of(code, sqlite3_system_errno(s->db));
	explain(s->path, s->trouble, sqlite3_errmsg(s->db), s->error);
	return false;
}

enum store_trouble
store_trouble(const struct store *s)
{
	return s->trouble;
}

const char *
store_error(const struct store *s)
{
	return s->error;
}

/* --- statements ---------------------------------------------------------- */

static sqlite3_stmt *
prepare(struct store *s, const char *sql)
{
	struct statement *st;

	HASH_FIND_PTR(s->statements, &sql, st);
	if (st != NULL)
		return st->prepared;
	st = calloc(1, sizeof(*st));
	if (st == NULL)
		return NULL;
	st->sql = sql;
	if (sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
		&st->prepared, NULL) != SQLITE_OK) {
		sql_trouble(s);
		free(st);
		return NULL;
	}
	HASH_ADD_PTR(s->statements, sql, st);
	if (st->hh.tbl == NULL) {
		sqlite3_finalize(st->prepared);
		free(st);
		return NULL;
	}
	return st->prepared;
}

static void
bind(sqlite3_stmt *st, const char *types, va_list values)
{
	for (int i = 1; *types != '\0'; i++, types++) {
		const void *bytes;
		size_t len;

		switch (*types) {
		case 'i':
			sqlite3_bind_int64(st, i, va_arg(values, int64_t));
			break;
		case 'd':
			sqlite3_bind_double(st, i, va_arg(values, double));
			break;
		case 's':
			sqlite3_bind_text(st, i, va_arg(values, const char *),
			    -1, SQLITE_TRANSIENT);
			break;
		case 'b':
			bytes = va_arg(values, const void *);
			len = va_arg(values, size_t);
			sqlite3_bind_blob(
			    st, i, bytes, (int)len, SQLITE_TRANSIENT);
			break;
		}
	}
}

/* Steps through all rows; the statement is free again afterwards. */
static bool
step_all(struct store *s, sqlite3_stmt *st, sql_row_fn *row, void *arg)
{
	int code;
	bool more = true;

	while ((code = sqlite3_step(st)) == SQLITE_ROW && more)
		more = row == NULL || row(arg, st);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		sql_trouble(s);
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		return false;
	s->trouble = STORE_FINE;
	s->error[0] = '\0';
	return true;
}

static bool
run_values(struct store *s, const char *sql, sql_row_fn *row, void *arg,
    const char *types, va_list values)
{
	sqlite3_stmt *st = prepare(s, sql);

	if (st == NULL)
		return false;
	bind(st, types, values);
	return step_all(s, st, row, arg);
}

bool
sql_run(struct store *s, const char *sql, const char *types, ...)
{
	va_list values;
	bool ok;

	va_start(values, types);
	ok = run_values(s, sql, NULL, NULL, types, values);
	va_end(values);
	return ok;
}

bool
sql_each(struct store *s, const char *sql, sql_row_fn *row, void *arg,
    const char *types, ...)
{
	va_list values;
	bool ok;

	va_start(values, types);
	ok = run_values(s, sql, row, arg, types, values);
	va_end(values);
	return ok;
}

static bool
take_number(void *arg, sqlite3_stmt *row)
{
	*(int64_t *)arg = sqlite3_column_int64(row, 0);
	return false;
}

bool
sql_number(
    struct store *s, const char *sql, int64_t *out, const char *types, ...)
{
	va_list values;
	bool ok;

	*out = 0;
	va_start(values, types);
	ok = run_values(s, sql, take_number, out, types, values);
	va_end(values);
	return ok;
}

void
sql_text(sqlite3_stmt *row, int column, char *out, size_t size)
{
	const unsigned char *text = sqlite3_column_text(row, column);

	snprintf(out, size, "%s", text != NULL ? (const char *)text : "");
}

const char *
sql_word(struct store *s, const char *text)
{
	size_t len = strlen(text);
	struct word *w;

	HASH_FIND(hh, s->words, text, len, w);
	if (w != NULL)
		return w->text;
	w = malloc(sizeof(*w) + len + 1);
	if (w == NULL)
		return "";
	memcpy(w->text, text, len + 1);
	HASH_ADD_KEYPTR(hh, s->words, w->text, len, w);
	return w->text;
}

/* --- transactions ----------------------------------------------------------- */

bool
store_begin(struct store *s)
{
	if (!sql_run(s, "BEGIN IMMEDIATE", ""))
		return false;
	s->is_open = true;
	return true;
}

bool
store_commit(struct store *s)
{
	if (sql_run(s, "COMMIT", "")) {
		s->is_open = false;
		return true;
	}
	/* The trouble is the commit's, not that of undoing it. */
	sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	s->is_open = false;
	return false;
}

void
store_rollback(struct store *s)
{
	if (s->is_open)
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	s->is_open = false;
}

bool
sql_enter(struct store *s, bool *own)
{
	*own = !s->is_open;
	return !*own || store_begin(s);
}

bool
sql_leave(struct store *s, bool own, bool ok)
{
	if (!own)
		return ok;
	if (ok)
		return store_commit(s);
	store_rollback(s);
	return false;
}

/* --- opening ------------------------------------------------------------------ */

/* The file, for its owner and group alone, and the last directory above it.
 * SQLite would give it to everybody. */
static void
make_file(const char *path)
{
	char *slash, *parent = strdup(path);
	int fd;

	slash = parent != NULL ? strrchr(parent, '/') : NULL;
	if (slash != NULL && slash != parent) {
		*slash = '\0';
		(void)mkdir(parent, 0750);
	}
	free(parent);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	if (fd >= 0)
		close(fd);
}

static bool
configure(struct store *s, enum store_mode mode)
{
	sqlite3_busy_timeout(s->db, STORE_WAIT_MS);
	sqlite3_extended_result_codes(s->db, 1);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (mode != STORE_READ &&
	    sqlite3_exec(s->db, "PRAGMA journal_mode = WAL", NULL, NULL,
		NULL) != SQLITE_OK)
		return sql_trouble(s);
	if (sqlite3_exec(s->db,
		"PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF;"
		"PRAGMA trusted_schema = OFF; PRAGMA cache_size = -32768",
		NULL, NULL, NULL) != SQLITE_OK)
		return sql_trouble(s);
	return true;
}

/* A database nobody writes to, in a directory where nobody can: its WAL, which
 * would have to be made, is not there. */
static bool
is_still(const char *path)
{
	char *wal;
	struct stat st;
	bool still;

	if (asprintf(&wal, "%s-wal", path) < 0)
		return false;
	still = stat(wal, &st) != 0 || st.st_size == 0;
	free(wal);
	return still;
}

static int
open_immutable(struct store *s)
{
	char *uri = sqlite3_mprintf("file:%s?immutable=1", s->path);
	int code;

	if (uri == NULL || strpbrk(s->path, "?#%") != NULL) {
		sqlite3_free(uri);
		return SQLITE_CANTOPEN;
	}
	sqlite3_close(s->db);
	code = sqlite3_open_v2(
	    uri, &s->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
	sqlite3_free(uri);
	return code;
}

static bool
read_version(struct store *s, int64_t *version, int64_t *application)
{
	int64_t tables;

	if (!sql_number(s, "SELECT count(*) FROM sqlite_master", &tables, "") ||
	    !sql_number(s, "PRAGMA user_version", version, "") ||
	    !sql_number(s, "PRAGMA application_id", application, ""))
		return false;
	/* An empty file is one that is to be made. */
	if (tables == 0 && *version == 0)
		*application = STORE_APPLICATION;
	return true;
}

static bool
refuse(struct store *s, enum store_trouble trouble, const char *why)
{
	s->trouble = trouble;
	explain(s->path, trouble, why, s->error);
	return false;
}

/* Two processes may find an old schema at once: who comes second looks again
 * in the transaction. */
static bool
bring_up(struct store *s)
{
	int64_t version, application;
	char why[64];

	if (!read_version(s, &version, &application))
		return false;
	if (application != STORE_APPLICATION)
		return refuse(s, STORE_CORRUPT, "some other program's");
	snprintf(why, sizeof(why), "its schema is %d, ours %d", (int)version,
	    STORE_SCHEMA);
	if (version > STORE_SCHEMA)
		return refuse(s, STORE_NEWER, why);
	if (version == STORE_SCHEMA)
		return true;
	if (!store_begin(s))
		return false;
	if (!read_version(s, &version, &application) ||
	    !sql_migrate(s, (int)version, STORE_SCHEMA)) {
		store_rollback(s);
		return false;
	}
	return store_commit(s);
}

static bool
is_old(struct store *s)
{
	int64_t version, application;

	return read_version(s, &version, &application) &&
	    version < STORE_SCHEMA && application == STORE_APPLICATION;
}

static bool
open_file(struct store *s, enum store_mode mode)
{
	int flags =
	    mode == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	int64_t n;

	if (access(s->path, F_OK) != 0)
		return refuse(s, STORE_MISSING, strerror(errno));
	if (mode != STORE_READ && access(s->path, W_OK) != 0)
		return refuse(s, STORE_READONLY, strerror(errno));
	if (sqlite3_open_v2(s->path, &s->db, flags, NULL) != SQLITE_OK ||
	    !configure(s, mode))
		return s->db != NULL ? sql_trouble(s)
				     : refuse(s, STORE_OTHER, "no memory");
	if (mode != STORE_READ)
		return bring_up(s);
	if (!sql_number(s, "SELECT count(*) FROM sqlite_master", &n, "") &&
	    s->trouble != STORE_CORRUPT && is_still(s->path) &&
	    (open_immutable(s) != SQLITE_OK || !configure(s, mode)))
		return sql_trouble(s);
	return true;
}

static void
close_db(struct store *s)
{
	struct statement *st, *next;

	HASH_ITER(hh, s->statements, st, next)
	{
		HASH_DEL(s->statements, st);
		sqlite3_finalize(st->prepared);
		free(st);
	}
	sqlite3_close(s->db);
	s->db = NULL;
}

struct store *
store_open(
    const char *path, enum store_mode mode, char error[static STORE_ERROR])
{
	struct store *s = calloc(1, sizeof(*s));
	bool ok;

	error[0] = '\0';
	if (s == NULL || (s->path = strdup(path)) == NULL) {
		snprintf(error, STORE_ERROR, "out of memory");
		free(s);
		return NULL;
	}
	if (mode == STORE_CREATE)
		make_file(path);
	ok = open_file(s, mode);
	if (ok && mode == STORE_READ && is_old(s)) {
		close_db(s);
		ok = open_file(s, STORE_WRITE);
	} else if (ok && mode == STORE_READ) {
		ok = bring_up(s);
	}
	if (ok)
		return s;
	snprintf(error, STORE_ERROR, "%s", s->error);
	store_close(s);
	return NULL;
}

void
store_close(struct store *s)
{
	struct word *w, *next;

	if (s == NULL)
		return;
	store_rollback(s);
	close_db(s);
	HASH_ITER(hh, s->words, w, next)
	{
		HASH_DEL(s->words, w);
		free(w);
	}
	free(s->path);
	free(s);
}
