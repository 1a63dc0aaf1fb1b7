/* SPDX-License-Identifier: ISC */
/* store_sqlite_events - events, the outbox, and lines of a record. */
#include <stdio.h>

#include "scanner/inventory/store_sqlite.h"

/* --- events ------------------------------------------------------------- */

bool
store_event_add(struct store *s, struct store_event *e)
{
	char mac[NET_MAC_TEXT];
	int64_t nth;

	if (!sql_number(s, "SELECT max(nth) FROM events WHERE run = ?", &nth,
		"i", e->run) ||
	    !sql_run(s,
		"INSERT INTO events (run, asset, time, nth, site, address, "
		"mac, name, kind, field, was, now) "
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		"iiiisissssss", e->run, e->asset, e->time_ns, nth + 1, e->site,
		(int64_t)e->address, sql_mac(e->mac, mac), e->name, e->kind,
		e->field, e->was, e->now))
		return false;
	e->number = sqlite3_last_insert_rowid(s->db);
	snprintf(e->id, sizeof(e->id), "%.40s-%d", e->run_id, (int)(nth + 1));
	return true;
}

#define EVENT_COLUMNS                                                         \
	"e.number, e.run, e.asset, e.time, e.nth, e.site, e.address, e.mac, " \
	"e.name, e.kind, e.field, e.was, e.now, r.id "
enum { EVENT_WIDTH = 14 };

static void
event_read(sqlite3_stmt *row, int c, struct store_event *out)
{
	*out = (struct store_event){ .number = sqlite3_column_int64(row, c),
		.run = sqlite3_column_int64(row, c + 1),
		.asset = sqlite3_column_int64(row, c + 2),
		.time_ns = sqlite3_column_int64(row, c + 3),
		.address = (uint32_t)sqlite3_column_int64(row, c + 6),
		.mac = sql_mac_read(row, c + 7) };
	sql_text(row, c + 5, out->site, sizeof(out->site));
	sql_text(row, c + 8, out->name, sizeof(out->name));
	sql_text(row, c + 9, out->kind, sizeof(out->kind));
	sql_text(row, c + 10, out->field, sizeof(out->field));
	sql_text(row, c + 11, out->was, sizeof(out->was));
	sql_text(row, c + 12, out->now, sizeof(out->now));
	sql_text(row, c + 13, out->run_id, sizeof(out->run_id));
	snprintf(out->id, sizeof(out->id), "%.40s-%d", out->run_id,
	    sqlite3_column_int(row, c + 4));
}

struct event_reading {
	bool (*each)(void *arg, const struct store_event *event);
	void *arg;
};

static bool
each_event(void *arg, sqlite3_stmt *row)
{
	const struct event_reading *r = arg;
	struct store_event event;

	event_read(row, 0, &event);
	return r->each(r->arg, &event);
}

bool
store_events(struct store *s, const struct store_event_filter *f,
    bool (*each)(void *arg, const struct store_event *event), void *arg)
{
	struct event_reading r = { each, arg };
	int64_t last = f->last_run != 0 ? f->last_run : INT64_MAX;

	return sql_each(s,
	    "SELECT " EVENT_COLUMNS
	    "FROM events e LEFT JOIN runs r ON r.number = e.run "
	    "WHERE e.number > ?1 AND e.run >= ?2 AND e.run <= ?3 "
	    "AND e.time >= ?4 AND (?5 = 0 OR e.asset = ?5) "
	    "AND (?6 IS NULL OR e.site = ?6) ORDER BY e.number",
	    each_event, &r, "iiiiis", f->after, f->first_run, last, f->since_ns,
	    f->asset, f->site);
}

/* --- the outbox ---------------------------------------------------------- */

bool
store_outbox_fill(struct store *s, const char *channel, const char *site,
    int64_t from, size_t *n)
{
	bool own, ok;
	int64_t filled = 0;

	if (!sql_enter(s, &own))
		return false;
	ok = sql_run(s,
		 "INSERT INTO channels (name, event) SELECT ?1, "
		 "ifnull((SELECT max(number) FROM events WHERE run < ?2), 0) "
		 "WHERE NOT EXISTS (SELECT 1 FROM channels WHERE name = ?1)",
		 "si", channel, from) &&
	    sql_run(s,
		"INSERT OR IGNORE INTO outbox (channel, event) "
		"SELECT ?1, number FROM events WHERE number > "
		"(SELECT event FROM channels WHERE name = ?1) "
		"AND (?2 IS NULL OR site = ?2) ORDER BY number",
		"ss", channel, site);
	if (ok)
		filled = sqlite3_changes64(s->db);
	/* Events of other sites are passed over, and come to other boxes. */
	ok = ok &&
	    sql_run(s,
		"UPDATE channels SET event = "
		"ifnull((SELECT max(number) FROM events), event) "
		"WHERE name = ?",
		"s", channel);
	if (n != NULL)
		*n = ok ? (size_t)filled : 0;
	return sql_leave(s, own, ok);
}

struct letter_reading {
	bool (*each)(void *arg, const struct store_letter *letter);
	void *arg;
};

static bool
each_letter(void *arg, sqlite3_stmt *row)
{
	const struct letter_reading *r = arg;
	struct store_letter l = { .number =
				      sqlite3_column_int64(row, EVENT_WIDTH),
		.attempts =
		    (unsigned)sqlite3_column_int64(row, EVENT_WIDTH + 2),
		.next_ns = sqlite3_column_int64(row, EVENT_WIDTH + 3) };

	event_read(row, 0, &l.event);
	sql_text(row, EVENT_WIDTH + 1, l.channel, sizeof(l.channel));
	sql_text(row, EVENT_WIDTH + 4, l.trouble, sizeof(l.trouble));
	return r->each(r->arg, &l);
}

bool
store_outbox(struct store *s, const char *channel,
    bool (*each)(void *arg, const struct store_letter *letter), void *arg)
{
	struct letter_reading r = { each, arg };

	return sql_each(s,
	    "SELECT " EVENT_COLUMNS
	    ", o.number, o.channel, o.attempts, o.next, o.trouble "
	    "FROM outbox o JOIN events e ON e.number = o.event "
	    "LEFT JOIN runs r ON r.number = e.run "
	    "WHERE o.done = 0 AND o.channel = ? ORDER BY o.number",
	    each_letter, &r, "s", channel);
}

bool
store_outbox_done(struct store *s, int64_t letter, int64_t now_ns)
{
	return sql_run(s,
	    "UPDATE outbox SET done = ?, trouble = '' WHERE number = ?", "ii",
	    now_ns, letter);
}

bool
store_outbox_failed(
    struct store *s, int64_t letter, int64_t next_ns, const char *trouble)
{
	return sql_run(s,
	    "UPDATE outbox SET attempts = attempts + 1, next = ?, "
	    "trouble = ? WHERE number = ?",
	    "isi", next_ns, trouble, letter);
}

/* --- lines of a record ------------------------------------------------------ */

bool
store_check_note(struct store *s, int64_t run, const char *site,
    const char *line, const char *outcome, unsigned *times)
{
	int64_t n;
	bool own, ok;

	if (!sql_enter(s, &own))
		return false;
	ok = sql_run(s,
		 "INSERT INTO checks (site, line, outcome, since_run, "
		 "last_run, times) VALUES (?1, ?2, ?3, ?4, ?4, 1) "
		 "ON CONFLICT (site, line) DO UPDATE SET "
		 "times = CASE WHEN outcome <> ?3 THEN 1 "
		 "WHEN last_run = ?4 THEN times ELSE times + 1 END, "
		 "since_run = CASE WHEN outcome <> ?3 THEN ?4 "
		 "ELSE since_run END, outcome = ?3, last_run = ?4",
		 "sssi", site, line, outcome, run) &&
	    sql_number(s,
		"SELECT times FROM checks WHERE site = ? AND line = ?", &n,
		"ss", site, line);
	if (times != NULL)
		*times = ok ? (unsigned)n : 0;
	return sql_leave(s, own, ok);
}

struct check_reading {
	bool (*each)(void *arg, const struct store_check *check);
	void *arg;
};

static bool
each_check(void *arg, sqlite3_stmt *row)
{
	const struct check_reading *r = arg;
	struct store_check c = { .since_run = sqlite3_column_int64(row, 3),
		.last_run = sqlite3_column_int64(row, 4),
		.times = (unsigned)sqlite3_column_int64(row, 5),
		.is_told = sqlite3_column_int(row, 8) != 0 };

	sql_text(row, 6, c.decided, sizeof(c.decided));
	sql_text(row, 7, c.differs, sizeof(c.differs));
	sql_text(row, 0, c.site, sizeof(c.site));
	sql_text(row, 1, c.line, sizeof(c.line));
	sql_text(row, 2, c.outcome, sizeof(c.outcome));
	return r->each(r->arg, &c);
}

#define CHECK_COLUMNS                                              \
	"SELECT site, line, outcome, since_run, last_run, times, " \
	"decided, differs, told FROM checks "

static bool
take_check(void *arg, const struct store_check *check)
{
	*(struct store_check *)arg = *check;
	return true;
}

bool
store_check_find(struct store *s, const char *site, const char *line,
    struct store_check *out)
{
	struct check_reading r = { take_check, out };

	*out = (struct store_check){ 0 };
	snprintf(out->site, sizeof(out->site), "%s", site);
	snprintf(out->line, sizeof(out->line), "%s", line);
	return sql_each(s, CHECK_COLUMNS "WHERE site = ? AND line = ?",
	    each_check, &r, "ss", site, line);
}

bool
store_check_decide(struct store *s, const struct store_check *c)
{
	return sql_run(s,
	    "UPDATE checks SET decided = ?, differs = ?, told = ? "
	    "WHERE site = ? AND line = ?",
	    "ssiss", c->decided, c->differs, (int64_t)c->is_told, c->site,
	    c->line);
}

bool
store_checks(struct store *s, const char *site,
    bool (*each)(void *arg, const struct store_check *check), void *arg)
{
	struct check_reading r = { each, arg };

	return sql_each(s,
	    CHECK_COLUMNS "WHERE ?1 IS NULL OR site = ?1 ORDER BY site, line",
	    each_check, &r, "s", site);
}
