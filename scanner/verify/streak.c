/* SPDX-License-Identifier: ISC */
/*
 * streak - a line is known by its serial number, name, address or MAC.
 *
 * What it was when it was first looked at is what the rest is compared with:
 * an error in the record is in the report of every run, and only a device that
 * stops matching is told of.
 */
#include <stdio.h>
#include <string.h>

#include "scanner/inventory/changes.h"
#include "scanner/verify/streak.h"

static const char *
key_of(const struct record *r)
{
	static const enum field keys[] = { FIELD_SERIAL, FIELD_NAME,
		FIELD_HOSTNAME, FIELD_ADDRESS, FIELD_MAC };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (r->text[keys[i]][0] != '\0')
			return r->text[keys[i]];
	return "";
}

/* --- what is worth an event ---------------------------------------------- */

/* Is the word of len bytes one of those of list, which stand between commas? */
static bool
has_word(const char *list, const char *word, size_t len)
{
	for (const char *s = list; *s != '\0';) {
		size_t n = strcspn(s, ",");

		if (n == len && memcmp(s, word, len) == 0)
			return true;
		s += n + (s[n] == ',');
	}
	return false;
}

/* Adds the words of more that list lacks; returns whether there were any. */
static bool
add_words(char list[static STORE_TEXT], const char *more)
{
	bool is_news = false;

	for (const char *s = more; *s != '\0';) {
		size_t n = strcspn(s, ","), at = strlen(list);

		if (!has_word(list, s, n) && at + n + 2 <= STORE_TEXT) {
			snprintf(list + at, STORE_TEXT - at, "%s%.*s",
			    at > 0 ? "," : "", (int)n, s);
			is_news = true;
		}
		s += n + (s[n] == ',');
	}
	return is_news;
}

enum streak_news
streak_decide(
    struct store_check *c, enum verify_state state, const char *differing)
{
	const char *word = verify_state_text(state);
	bool is_first = c->decided[0] == '\0';
	bool was_told = c->is_told, is_news;

	/* Silence decides nothing. */
	if (state != VERIFY_MATCH && state != VERIFY_MISMATCH)
		return STREAK_QUIET;
	/* Noted by a gantry that did not keep what differed. */
	is_first |= strcmp(c->decided, word) == 0 && state == VERIFY_MISMATCH &&
	    c->differs[0] == '\0';
	snprintf(c->decided, sizeof(c->decided), "%s", word);
	if (state == VERIFY_MATCH) {
		c->differs[0] = '\0';
		c->is_told = false;
		return was_told ? STREAK_AGREES : STREAK_QUIET;
	}
	is_news = add_words(c->differs, differing) && !is_first;
	c->is_told |= is_news;
	return is_news ? STREAK_DIFFERS : STREAK_QUIET;
}

/* --- telling ----------------------------------------------------------------- */

struct noting {
	struct store *store;
	const struct run *run;
	int64_t number; /* of the run */
};

struct looking {
	uint32_t address;
	struct store_asset asset;
};

static bool
take_asset(void *arg, const struct store_asset *a)
{
	struct looking *l = arg;

	if (a->is_gone || a->merged_into != 0 || a->address != l->address)
		return true;
	l->asset = *a;
	return false;
}

/* "mac,model" */
static void
differing_fields(const struct line_result *l, char out[static STORE_TEXT])
{
	out[0] = '\0';
	for (int f = 0; f < FIELDS; f++)
		if (l->fields[f].state == FIELD_DIFFERS)
			add_words(out, field_text((enum field)f));
}

/* "mac 08:00:20:01:02:03, model Signa 5.5": as recorded, or as found. */
static void
values_text(
    const struct line_result *l, bool as_found, char out[static STORE_VALUE])
{
	size_t at = 0;

	out[0] = '\0';
	for (int f = 0; f < FIELDS; f++) {
		const char *value =
		    as_found ? l->fields[f].found : l->record->text[f];
		int n;

		if (l->fields[f].state != FIELD_DIFFERS || value == NULL)
			continue;
		n = snprintf(out + at, STORE_VALUE - at, "%s%s %s",
		    at > 0 ? ", " : "", field_text((enum field)f), value);
		if (n < 0 || (size_t)n >= STORE_VALUE - at)
			return;
		at += (size_t)n;
	}
}

static bool
tell(const struct noting *n, const struct line_result *l, enum streak_news news,
    const char *fields)
{
	struct looking look = { .address = l->asset->address };
	struct store_event e = { .run = n->number,
		.time_ns = n->run->finished_ns != 0 ? n->run->finished_ns
						    : n->run->started_ns };

	if (!store_assets(n->store, n->run->site, take_asset, &look))
		return false;
	if (look.asset.id == 0)
		return true; /* not in the inventory */
	e.asset = look.asset.id;
	e.address = look.asset.address;
	e.mac = look.asset.mac;
	snprintf(e.run_id, sizeof(e.run_id), "%s", n->run->id);
	snprintf(e.site, sizeof(e.site), "%s", n->run->site);
	snprintf(
	    e.name, sizeof(e.name), "%.*s", STORE_TEXT - 1, key_of(l->record));
	snprintf(e.field, sizeof(e.field), "%.*s", STORE_NAME - 1, fields);
	snprintf(e.kind, sizeof(e.kind), "%s",
	    change_text(
		news == STREAK_DIFFERS ? CHANGE_DIFFERS : CHANGE_AGREES));
	if (news == STREAK_DIFFERS) {
		values_text(l, false, e.was);
		values_text(l, true, e.now);
	}
	return store_event_add(n->store, &e);
}

/* --- all lines ------------------------------------------------------------------ */

static bool
note_line(const struct noting *n, struct line_result *l, const char *site,
    const char *key)
{
	const char *state = verify_state_text(l->state);
	char fields[STORE_TEXT], before[STORE_TEXT];
	enum streak_news news;
	struct store_check c;

	if (!store_check_find(n->store, site, key, &c) ||
	    !store_check_note(
		n->store, n->number, site, key, state, &l->in_a_row))
		return false;
	if (l->asset == NULL)
		return true;
	differing_fields(l, fields);
	if (fields[0] == '\0')
		snprintf(fields, sizeof(fields), "device");
	snprintf(before, sizeof(before), "%s", c.differs);
	news = streak_decide(&c, l->state, fields);
	return store_check_decide(n->store, &c) &&
	    (news == STREAK_QUIET ||
		tell(n, l, news, news == STREAK_AGREES ? before : fields));
}

static bool
note_all(const struct noting *n, struct comparison *c)
{
	for (size_t i = 0; i < c->lines_len; i++) {
		struct line_result *l = &c->lines[i];
		const char *site = l->record->text[FIELD_SITE][0] != '\0'
		    ? l->record->text[FIELD_SITE]
		    : n->run->site;
		char key[STORE_TEXT];

		snprintf(key, sizeof(key), "%.*s", STORE_TEXT - 1,
		    key_of(l->record));
		if (key[0] != '\0' && !note_line(n, l, site, key))
			return false;
	}
	return true;
}

bool
streaks_note(const char *db, const struct run *run, struct comparison *c,
    char error[static STORE_ERROR])
{
	struct noting n = { .run = run };
	struct store_run found;
	bool ok;

	if (run->outcome != RUN_DONE)
		return true;
	n.store = store_open(db, STORE_WRITE, error);
	if (n.store == NULL)
		return false;
	ok = store_run_find(n.store, run->id, &found);
	n.number = found.number;
	ok = ok && store_begin(n.store) && note_all(&n, c) &&
	    store_commit(n.store);
	if (!ok)
		snprintf(error, STORE_ERROR, "%s",
		    *store_error(n.store) != '\0'
			? store_error(n.store)
			: "the run is not in the inventory");
	store_close(n.store);
	return ok;
}
