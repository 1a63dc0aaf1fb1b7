/* SPDX-License-Identifier: ISC */
/* census - a directory of personalities, one JSON object each. */
#include "census.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "conf_merge.h"
#include "err.h"
#include "persona.h"

struct census {
	const char *dir;
	const char *family;
	json_t *list;
	struct err *err;
};

static json_t *
persona_json(const char *name, const struct conf_persona *c)
{
	json_t *truth = json_array();

	for (uint32_t i = 0; i < c->truth_count; i++)
		json_array_append_new(truth, json_string(c->truth[i]));
	return json_pack("{s:s, s:s, s:s, s:o, s:b, s:b, s:b, s:b}", "name",
	    name, "summary", c->summary ? c->summary : "", "oui",
	    c->oui ? c->oui : "", "truth", truth, "decoy", (int)c->decoy,
	    "routed", (int)c->routed, "scored", (int)!c->unscored, "beacons",
	    c->beacons_count > 0);
}

/* Reads one in full, as a ward would. */
static bool
census_add(struct census *s, const char *name)
{
	struct conf_persona *c = conf_load_persona(s->dir, name, s->err);
	struct persona *p;
	bool ok;

	if (c == NULL)
		return false;
	p = persona_new(c, name, NULL, s->err);
	ok = p != NULL &&
	    (json_array_append_new(s->list, persona_json(name, c)) == 0 ||
		err_set(s->err, "out of memory"));
	persona_free(p);
	conf_free_persona(c);
	return ok;
}

static bool
add_variant(void *arg, const char *variant)
{
	struct census *s = arg;
	char name[200];

	snprintf(name, sizeof(name), "%s.%s", s->family, variant);
	return census_add(s, name);
}

static int
is_personality(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return entry->d_name[0] != '.' && dot != NULL &&
	    strcmp(dot, ".yaml") == 0;
}

static bool
census_take(struct census *s, struct dirent **files, int n)
{
	char family[200];

	for (int i = 0; i < n; i++) {
		snprintf(family, sizeof(family), "%.*s",
		    (int)(strlen(files[i]->d_name) - strlen(".yaml")),
		    files[i]->d_name);
		s->family = family;
		if (!census_add(s, family) ||
		    !conf_variants(s->dir, family, add_variant, s, s->err))
			return false;
	}
	return true;
}

bool
census_write(const char *dir, struct err *e)
{
	struct census s = { .dir = dir, .err = e };
	struct dirent **files = NULL;
	int n = scandir(dir, &files, is_personality, alphasort);
	bool ok;

	if (n < 0)
		return err_set(e, "%s: %s", dir, strerror(errno));
	s.list = json_array();
	ok = s.list != NULL && census_take(&s, files, n) &&
	    json_dumpf(s.list, stdout, JSON_INDENT(1)) == 0 &&
	    putchar('\n') != EOF && fflush(stdout) == 0;
	json_decref(s.list);
	for (int i = 0; i < n; i++)
		free(files[i]);
	free(files);
	return ok;
}
