/* SPDX-License-Identifier: ISC */
/* aliases - the data file, and texts compared through it. */
#include <cyaml/cyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/verify/aliases.h"
#include "scanner/verify/record.h"

enum { ALIASES_MAX = 4096, ALIAS_TEXT = 80 };

struct alias {
	char *name;
	char *maker;       /* models: whose, or NULL */
	char *fingerprint; /* models: what it looks like, or NULL */
	char **also;
	unsigned also_count;
};

struct alias_lists {
	struct alias *makers, *models, *kinds;
	unsigned makers_count, models_count, kinds_count;
};

struct aliases {
	struct yamlfile file;
	const struct alias_lists *lists;
	char error[YAMLFILE_ERROR];
};

static const cyaml_schema_value_t text_schema = { CYAML_VALUE_STRING(
    CYAML_FLAG_POINTER, char *, 1, ALIAS_TEXT) };

static const cyaml_schema_field_t alias_fields[] = {
	CYAML_FIELD_STRING_PTR(
	    "name", CYAML_FLAG_POINTER, struct alias, name, 1, ALIAS_TEXT),
	CYAML_FIELD_STRING_PTR("maker",
	    CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct alias, maker, 1,
	    ALIAS_TEXT),
	CYAML_FIELD_STRING_PTR("fingerprint",
	    CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct alias, fingerprint,
	    1, ALIAS_TEXT),
	CYAML_FIELD_SEQUENCE("also", CYAML_FLAG_POINTER, struct alias, also,
	    &text_schema, 1, ALIASES_MAX),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t alias_schema = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct alias, alias_fields) };

static const cyaml_schema_field_t lists_fields[] = {
	CYAML_FIELD_SEQUENCE("makers", CYAML_FLAG_POINTER, struct alias_lists,
	    makers, &alias_schema, 1, ALIASES_MAX),
	CYAML_FIELD_SEQUENCE("models", CYAML_FLAG_POINTER, struct alias_lists,
	    models, &alias_schema, 1, ALIASES_MAX),
	CYAML_FIELD_SEQUENCE("kinds", CYAML_FLAG_POINTER, struct alias_lists,
	    kinds, &alias_schema, 1, ALIASES_MAX),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t lists_schema = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_POINTER, struct alias_lists, lists_fields) };

struct aliases *
aliases_read(const char *path, char error[static YAMLFILE_ERROR])
{
	struct aliases *a = calloc(1, sizeof(*a));

	if (a == NULL) {
		snprintf(error, YAMLFILE_ERROR, "out of memory");
		return NULL;
	}
	if (!yamlfile_read(path, &lists_schema, &a->file, a->error)) {
		snprintf(error, YAMLFILE_ERROR, "%s", a->error);
		free(a);
		return NULL;
	}
	a->lists = a->file.data;
	return a;
}

void
aliases_free(struct aliases *a)
{
	if (a == NULL)
		return;
	yamlfile_clear(&a->file);
	free(a);
}

enum fit { FIT_WHOLE, FIT_BEGINS, FIT_HAS };

/* How well an alias fits a text (both plain): its length, 0 for not. */
static size_t
fits(const char *text, const char *alias, enum fit how)
{
	size_t len = strlen(alias);
	bool ok = false;

	switch (how) {
	case FIT_WHOLE:
		ok = strcmp(text, alias) == 0;
		break;
	case FIT_BEGINS:
		/* Two or three letters begin many names: they stand alone. */
		ok = strcmp(text, alias) == 0 ||
		    (len > 3 && strncmp(text, alias, len) == 0);
		break;
	case FIT_HAS:
		ok = strstr(text, alias) != NULL;
		break;
	}
	return ok ? len : 0;
}

/* Returns the entry whose longest alias fits, or NULL. */
static const struct alias *
find(const struct alias *list, unsigned n, const char *text, enum fit how)
{
	char plain[RECORD_PLAIN], alias[RECORD_PLAIN];
	const struct alias *best = NULL;
	size_t best_len = 0;

	record_plain(text, plain);
	if (plain[0] == '\0')
		return NULL;
	for (unsigned i = 0; i < n; i++)
		for (unsigned k = 0; k < list[i].also_count; k++) {
			size_t len = fits(
			    plain, record_plain(list[i].also[k], alias), how);

			if (len > best_len) {
				best_len = len;
				best = &list[i];
			}
		}
	return best;
}

const char *
aliases_maker(const struct aliases *a, const char *text)
{
	const struct alias *m =
	    find(a->lists->makers, a->lists->makers_count, text, FIT_BEGINS);

	return m != NULL ? m->name : NULL;
}

bool
aliases_same_maker(const struct aliases *a, const char *one, const char *other)
{
	const char *x = aliases_maker(a, one), *y = aliases_maker(a, other);
	char p[RECORD_PLAIN], q[RECORD_PLAIN];
	size_t n;

	if (x != NULL && y != NULL)
		return strcmp(x, y) == 0;
	record_plain(one, p);
	record_plain(other, q);
	n = strlen(p) < strlen(q) ? strlen(p) : strlen(q);
	/* "Lantronix" and "Lantronix Inc." need no table. */
	return n > 0 && strncmp(p, q, n) == 0;
}

const char *
aliases_kind(const struct aliases *a, const char *text)
{
	const struct alias *k =
	    find(a->lists->kinds, a->lists->kinds_count, text, FIT_WHOLE);

	return k != NULL ? k->name : NULL;
}

const char *
aliases_model(
    const struct aliases *a, const char *text, const char **fingerprint)
{
	const struct alias *m =
	    find(a->lists->models, a->lists->models_count, text, FIT_HAS);

	if (fingerprint != NULL)
		*fingerprint = m != NULL ? m->fingerprint : NULL;
	return m != NULL ? m->name : NULL;
}
