/* SPDX-License-Identifier: ISC */
/* streak - a line is known by its serial number, name, address or MAC. */
#include <stdio.h>

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

static bool
note_all(struct store *store, const struct run *run, int64_t number,
    struct comparison *c)
{
	for (size_t i = 0; i < c->lines_len; i++) {
		struct line_result *l = &c->lines[i];
		const char *site = l->record->text[FIELD_SITE][0] != '\0'
		    ? l->record->text[FIELD_SITE]
		    : run->site;
		char key[STORE_TEXT];

		snprintf(key, sizeof(key), "%.*s", STORE_TEXT - 1,
		    key_of(l->record));
		if (key[0] != '\0' &&
		    !store_check_note(store, number, site, key,
			verify_state_text(l->state), &l->in_a_row))
			return false;
	}
	return true;
}

bool
streaks_note(const char *db, const struct run *run, struct comparison *c,
    char error[static STORE_ERROR])
{
	struct store *store;
	struct store_run found;
	bool ok;

	if (run->outcome != RUN_DONE)
		return true;
	store = store_open(db, STORE_WRITE, error);
	if (store == NULL)
		return false;
	ok = store_run_find(store, run->id, &found) && store_begin(store) &&
	    note_all(store, run, found.number, c) && store_commit(store);
	if (!ok)
		snprintf(error, STORE_ERROR, "%s",
		    *store_error(store) != '\0'
			? store_error(store)
			: "the run is not in the inventory");
	store_close(store);
	return ok;
}
