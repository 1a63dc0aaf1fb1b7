/* SPDX-License-Identifier: ISC */
/* store_sqlite_prune - what is over and done with is forgotten. */
#include "scanner/inventory/store_sqlite.h"

/* One table's rows that may go, counted and, unless it is dry, deleted. */
struct heap {
	const char *count, *delete;
};

/* A fact or identity ended before a time when the run that ended it did. */
#define OLD_RUNS "(SELECT number FROM runs WHERE started < ?1)"

static const struct heap facts = {
	"SELECT count(*) FROM facts WHERE ended_run > 0 "
	"AND ended_run IN " OLD_RUNS,
	"DELETE FROM facts WHERE ended_run > 0 AND ended_run IN " OLD_RUNS,
};
static const struct heap identities = {
	"SELECT count(*) FROM identities WHERE ended_run > 0 "
	"AND ended_run IN " OLD_RUNS,
	"DELETE FROM identities WHERE ended_run > 0 "
	"AND ended_run IN " OLD_RUNS,
};
/* Of runs that were broken off and never gone on with. */
static const struct heap pending = {
	"SELECT count(*) FROM pending WHERE run IN " OLD_RUNS,
	"DELETE FROM pending WHERE run IN " OLD_RUNS,
};
static const struct heap letters = {
	"SELECT count(*) FROM outbox WHERE done > 0 AND done < ?1",
	"DELETE FROM outbox WHERE done > 0 AND done < ?1",
};
/* What is still to be told is kept. */
static const struct heap events = {
	"SELECT count(*) FROM events WHERE time < ?1 AND number NOT IN "
	"(SELECT event FROM outbox WHERE done = 0)",
	"DELETE FROM events WHERE time < ?1 AND number NOT IN "
	"(SELECT event FROM outbox WHERE done = 0)",
};
/* Of each asset the latest stays. */
static const struct heap verdicts = {
	"SELECT count(*) FROM verdicts v WHERE run IN " OLD_RUNS
	" AND run < (SELECT max(run) FROM verdicts w WHERE w.asset = v.asset)",
	"DELETE FROM verdicts AS v WHERE run IN " OLD_RUNS
	" AND run < (SELECT max(run) FROM verdicts w WHERE w.asset = v.asset)",
};
#define UNUSED_RUNS                                                       \
	"FROM runs WHERE started < ?1 AND folded = 1 AND number NOT IN "  \
	"(SELECT first_run FROM facts UNION SELECT last_run FROM facts "  \
	"UNION SELECT ended_run FROM facts UNION SELECT run FROM events " \
	"UNION SELECT first_run FROM assets UNION SELECT last_run "       \
	"FROM assets UNION SELECT first_run FROM identities UNION "       \
	"SELECT last_run FROM identities UNION SELECT ended_run "         \
	"FROM identities UNION SELECT run FROM verdicts "                 \
	"UNION SELECT run FROM pending UNION SELECT max(number) FROM runs)"
static const struct heap runs = {
	"SELECT count(*) " UNUSED_RUNS,
	"DELETE " UNUSED_RUNS,
};

static bool
clear(struct store *s, const struct heap *h, int64_t before_ns, bool is_dry,
    uint64_t *n)
{
	int64_t count;

	if (!sql_number(s, h->count, &count, "i", before_ns))
		return false;
	*n += (uint64_t)count;
	return is_dry || count == 0 || sql_run(s, h->delete, "i", before_ns);
}

bool
store_prune(
    struct store *s, int64_t before_ns, bool is_dry, struct store_pruned *out)
{
	bool own, ok;

	*out = (struct store_pruned){ 0 };
	if (!sql_enter(s, &own))
		return false;
	ok = clear(s, &facts, before_ns, is_dry, &out->facts) &&
	    clear(s, &identities, before_ns, is_dry, &out->facts) &&
	    clear(s, &pending, before_ns, is_dry, &out->facts) &&
	    clear(s, &letters, before_ns, is_dry, &out->letters) &&
	    clear(s, &events, before_ns, is_dry, &out->events) &&
	    clear(s, &verdicts, before_ns, is_dry, &out->verdicts) &&
	    clear(s, &runs, before_ns, is_dry, &out->runs);
	return sql_leave(s, own, ok);
}

bool
store_compact(struct store *s)
{
	return sql_run(s, "VACUUM", "") &&
	    sql_run(s, "PRAGMA wal_checkpoint(TRUNCATE)", "");
}

static bool
take_word(void *arg, sqlite3_stmt *row)
{
	sql_text(row, 0, arg, STORE_ERROR - 200);
	return false;
}

bool
store_check_whole(struct store *s)
{
	char said[STORE_ERROR - 200] = "";

	if (!sql_each(s, "PRAGMA integrity_check(1)", take_word, said, ""))
		return false;
	if (sqlite3_stricmp(said, "ok") == 0)
		return true;
	s->trouble = STORE_CORRUPT;
	sqlite3_snprintf(
	    STORE_ERROR, s->error, "%.160s: is damaged (%s)", s->path, said);
	return false;
}
