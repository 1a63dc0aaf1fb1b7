/* SPDX-License-Identifier: ISC */
/* store_sqlite_facts - facts of assets, those that hold and those that did. */
#include "scanner/inventory/store_sqlite.h"

#define COLUMNS                                                             \
	"SELECT f.id, f.asset, f.first_run, f.last_run, f.ended_run, "      \
	"f.first_time, f.address, f.mac, f.about, f.port, f.key, f.value, " \
	"f.probe, f.time, f.evidence, f.number, f.offset, f.raw FROM facts f "

struct reading {
	struct store *store;
	bool (*each)(void *arg, const struct store_fact *fact);
	void *arg;
};

static bool
each_fact(void *arg, sqlite3_stmt *row)
{
	const struct reading *r = arg;
	struct store_fact f = { .id = sqlite3_column_int64(row, 0),
		.asset = sqlite3_column_int64(row, 1),
		.first_run = sqlite3_column_int64(row, 2),
		.last_run = sqlite3_column_int64(row, 3),
		.ended_run = sqlite3_column_int64(row, 4),
		.first_ns = sqlite3_column_int64(row, 5) };

	/* Keys of a newer gantry are passed over. */
	if (!sql_fact_read(r->store, row, 6, &f.fact))
		return true;
	return r->each(r->arg, &f);
}

bool
store_facts(struct store *s, const char *site, int64_t asset,
    bool (*each)(void *arg, const struct store_fact *fact), void *arg)
{
	struct reading r = { s, each, arg };

	if (asset != 0)
		return sql_each(s,
		    COLUMNS "WHERE f.ended_run = 0 AND f.asset = ? "
			    "ORDER BY f.time, f.id",
		    each_fact, &r, "i", asset);
	return sql_each(s,
	    COLUMNS "JOIN assets a ON a.id = f.asset "
		    "WHERE f.ended_run = 0 AND (?1 IS NULL OR a.site = ?1) "
		    "ORDER BY f.asset",
	    each_fact, &r, "s", site);
}

bool
store_fact_history(struct store *s, int64_t asset,
    bool (*each)(void *arg, const struct store_fact *fact), void *arg)
{
	struct reading r = { s, each, arg };

	return sql_each(s,
	    COLUMNS "WHERE f.asset = ? ORDER BY f.first_run, f.id", each_fact,
	    &r, "i", asset);
}

bool
store_fact_add(struct store *s, struct store_fact *new)
{
	const struct fact *f = &new->fact;
	char mac[NET_MAC_TEXT];

	if (!sql_run(s,
		"INSERT INTO facts (asset, first_run, last_run, ended_run, "
		"first_time, " SQL_FACT
		") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		"iiiii" SQL_FACT_TYPES, new->asset, new->first_run,
		new->last_run, new->ended_run, new->first_ns,
		(int64_t)f->address, sql_mac(f->mac, mac),
		(int64_t)f->about.kind, (int64_t)f->about.port,
		fact_key_text(f->key), f->value, f->probe, f->time_ns,
		(int64_t)f->evidence.kind, (int64_t)f->evidence.number,
		(int64_t)f->evidence.offset, f->evidence.raw,
		(size_t)f->evidence.raw_len))
		return false;
	new->id = sqlite3_last_insert_rowid(s->db);
	return true;
}

bool
store_fact_seen(struct store *s, int64_t id, int64_t run, const struct fact *f)
{
	char mac[NET_MAC_TEXT];

	return sql_run(s,
	    "UPDATE facts SET last_run = ?, address = ?, mac = ?, value = ?, "
	    "probe = ?, time = ?, evidence = ?, number = ?, offset = ?, "
	    "raw = ? WHERE id = ?",
	    "iisssiiiibi", run, (int64_t)f->address, sql_mac(f->mac, mac),
	    f->value, f->probe, f->time_ns, (int64_t)f->evidence.kind,
	    (int64_t)f->evidence.number, (int64_t)f->evidence.offset,
	    f->evidence.raw, (size_t)f->evidence.raw_len, id);
}

bool
store_fact_end(struct store *s, int64_t id, int64_t run)
{
	return sql_run(
	    s, "UPDATE facts SET ended_run = ? WHERE id = ?", "ii", run, id);
}

bool
store_fact_delete(struct store *s, int64_t id)
{
	return sql_run(s, "DELETE FROM facts WHERE id = ?", "i", id);
}
