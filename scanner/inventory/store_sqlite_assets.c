/* SPDX-License-Identifier: ISC */
/* store_sqlite_assets - assets, what they are known by, their verdicts. */
#include "scanner/inventory/store_sqlite.h"

/* --- assets --------------------------------------------------------------- */

#define ASSET_COLUMNS                                                          \
	"SELECT id, site, address, mac, name, vendor, standing, fingerprint, " \
	"device, grade, probability, ports, alerts, first_run, last_run, "     \
	"first_time, last_time, silent, gone, merged, doubt FROM assets "

static void
asset_read(sqlite3_stmt *row, struct store_asset *out)
{
	*out = (struct store_asset){ .id = sqlite3_column_int64(row, 0),
		.address = (uint32_t)sqlite3_column_int64(row, 2),
		.mac = sql_mac_read(row, 3),
		.probability = sqlite3_column_double(row, 10),
		.first_run = sqlite3_column_int64(row, 13),
		.last_run = sqlite3_column_int64(row, 14),
		.first_ns = sqlite3_column_int64(row, 15),
		.last_ns = sqlite3_column_int64(row, 16),
		.silent = (unsigned)sqlite3_column_int64(row, 17),
		.is_gone = sqlite3_column_int(row, 18) != 0,
		.merged_into = sqlite3_column_int64(row, 19),
		.doubt = sqlite3_column_double(row, 20) };
	sql_text(row, 1, out->site, sizeof(out->site));
	sql_text(row, 4, out->name, sizeof(out->name));
	sql_text(row, 5, out->vendor, sizeof(out->vendor));
	sql_text(row, 6, out->standing, sizeof(out->standing));
	sql_text(row, 7, out->fingerprint, sizeof(out->fingerprint));
	sql_text(row, 8, out->device, sizeof(out->device));
	sql_text(row, 9, out->grade, sizeof(out->grade));
	sql_text(row, 11, out->ports, sizeof(out->ports));
	sql_text(row, 12, out->alerts, sizeof(out->alerts));
}

struct asset_reading {
	bool (*each)(void *arg, const struct store_asset *asset);
	void *arg;
};

static bool
each_asset(void *arg, sqlite3_stmt *row)
{
	const struct asset_reading *r = arg;
	struct store_asset asset;

	asset_read(row, &asset);
	return r->each(r->arg, &asset);
}

bool
store_assets(struct store *s, const char *site,
    bool (*each)(void *arg, const struct store_asset *asset), void *arg)
{
	struct asset_reading r = { each, arg };

	return sql_each(s,
	    ASSET_COLUMNS "WHERE ?1 IS NULL OR site = ?1 "
			  "ORDER BY site, address, id",
	    each_asset, &r, "s", site);
}

static bool
take_asset(void *arg, sqlite3_stmt *row)
{
	asset_read(row, arg);
	return false;
}

bool
store_asset_find(struct store *s, int64_t id, struct store_asset *out)
{
	*out = (struct store_asset){ 0 };
	return sql_each(
		   s, ASSET_COLUMNS "WHERE id = ?", take_asset, out, "i", id) &&
	    out->id != 0;
}

bool
store_asset_put(struct store *s, struct store_asset *a)
{
	char mac[NET_MAC_TEXT];
	static const char add[] =
	    "INSERT INTO assets (site, address, mac, name, vendor, standing, "
	    "fingerprint, device, grade, probability, ports, alerts, "
	    "first_run, last_run, first_time, last_time, silent, gone, merged, "
	    "doubt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
	    "?, ?, ?)";
	static const char change[] =
	    "UPDATE assets SET site = ?, address = ?, mac = ?, name = ?, "
	    "vendor = ?, standing = ?, fingerprint = ?, device = ?, "
	    "grade = ?, probability = ?, ports = ?, alerts = ?, "
	    "first_run = ?, last_run = ?, first_time = ?, last_time = ?, "
	    "silent = ?, gone = ?, merged = ?, doubt = ? WHERE id = ?";

	if (!sql_run(s, a->id == 0 ? add : change,
		a->id == 0 ? "sisssssss"
			     "dssiiiiiiid"
			   : "sisssssss"
			     "dssiiiiiiidi",
		a->site, (int64_t)a->address, sql_mac(a->mac, mac), a->name,
		a->vendor, a->standing, a->fingerprint, a->device, a->grade,
		a->probability, a->ports, a->alerts, a->first_run, a->last_run,
		a->first_ns, a->last_ns, (int64_t)a->silent,
		(int64_t)a->is_gone, a->merged_into, a->doubt, a->id))
		return false;
	if (a->id == 0)
		a->id = sqlite3_last_insert_rowid(s->db);
	return true;
}

bool
store_asset_merge(struct store *s, int64_t id, int64_t into)
{
	return sql_run(
	    s, "UPDATE assets SET merged = ? WHERE id = ?", "ii", into, id);
}

/* --- identities -------------------------------------------------------------- */

const char *
store_identity_text(enum store_identity_kind kind)
{
	static const char *const names[IDENTITY_KINDS] = {
		[IDENTITY_MAC] = "mac",
		[IDENTITY_BEACON] = "beacon",
		[IDENTITY_SSH] = "ssh",
		[IDENTITY_CERTIFICATE] = "certificate",
		[IDENTITY_DICOM] = "dicom",
		[IDENTITY_ADDRESS] = "address",
	};

	return kind > 0 && kind < IDENTITY_KINDS ? names[kind] : "";
}

struct identity_reading {
	bool (*each)(void *arg, const struct store_identity *identity);
	void *arg;
};

static bool
each_identity(void *arg, sqlite3_stmt *row)
{
	const struct identity_reading *r = arg;
	struct store_identity i = { .id = sqlite3_column_int64(row, 0),
		.asset = sqlite3_column_int64(row, 1),
		.first_run = sqlite3_column_int64(row, 4),
		.last_run = sqlite3_column_int64(row, 5),
		.ended_run = sqlite3_column_int64(row, 6) };
	int kind = sqlite3_column_int(row, 2);

	if (kind <= 0 || kind >= IDENTITY_KINDS)
		return true; /* of a newer gantry */
	i.kind = (enum store_identity_kind)kind;
	sql_text(row, 3, i.value, sizeof(i.value));
	return r->each(r->arg, &i);
}

bool
store_identities(struct store *s, const char *site,
    bool (*each)(void *arg, const struct store_identity *identity), void *arg)
{
	struct identity_reading r = { each, arg };

	return sql_each(s,
	    "SELECT i.id, asset, kind, value, i.first_run, i.last_run, "
	    "ended_run FROM identities i JOIN assets a ON a.id = i.asset "
	    "WHERE ended_run = 0 AND (?1 IS NULL OR a.site = ?1) "
	    "ORDER BY asset, kind, i.id",
	    each_identity, &r, "s", site);
}

bool
store_identity_put(struct store *s, struct store_identity *i)
{
	if (i->id != 0)
		return sql_run(s,
		    "UPDATE identities SET asset = ?, last_run = ?, "
		    "ended_run = ? WHERE id = ?",
		    "iiii", i->asset, i->last_run, i->ended_run, i->id);
	if (!sql_run(s,
		"INSERT INTO identities (asset, kind, value, first_run, "
		"last_run, ended_run) VALUES (?, ?, ?, ?, ?, ?)",
		"iisiii", i->asset, (int64_t)i->kind, i->value, i->first_run,
		i->last_run, i->ended_run))
		return false;
	i->id = sqlite3_last_insert_rowid(s->db);
	return true;
}

/* --- verdicts ------------------------------------------------------------------ */

bool
store_verdict_note(struct store *s, const struct store_verdict *v)
{
	return sql_run(s,
	    "INSERT INTO verdicts (asset, run, fingerprint, grade, "
	    "probability) SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS ("
	    "SELECT 1 FROM (SELECT fingerprint, grade FROM verdicts "
	    "WHERE asset = ?1 ORDER BY run DESC LIMIT 1) "
	    "WHERE fingerprint = ?3 AND grade = ?4)",
	    "iissd", v->asset, v->run, v->fingerprint, v->grade,
	    v->probability);
}

struct verdict_reading {
	bool (*each)(void *arg, const struct store_verdict *verdict);
	void *arg;
};

static bool
each_verdict(void *arg, sqlite3_stmt *row)
{
	const struct verdict_reading *r = arg;
	struct store_verdict v = { .asset = sqlite3_column_int64(row, 0),
		.run = sqlite3_column_int64(row, 1),
		.probability = sqlite3_column_double(row, 4) };

	sql_text(row, 2, v.fingerprint, sizeof(v.fingerprint));
	sql_text(row, 3, v.grade, sizeof(v.grade));
	return r->each(r->arg, &v);
}

bool
store_verdicts(struct store *s, int64_t asset,
    bool (*each)(void *arg, const struct store_verdict *verdict), void *arg)
{
	struct verdict_reading r = { each, arg };

	return sql_each(s,
	    "SELECT asset, run, fingerprint, grade, probability FROM verdicts "
	    "WHERE ?1 = 0 OR asset = ?1 ORDER BY asset, run",
	    each_verdict, &r, "i", asset);
}
