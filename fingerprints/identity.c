/* SPDX-License-Identifier: ISC */
/*
 * identity - entries that fit, and facts made of them.
 *
 * The table is walked in its own order, so that the special stands before the
 * general; each part is told by the first entry that fits and has it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fingerprints/expression.h"
#include "fingerprints/identity_parts.h"
#include "scanner/ledger.h"

static const char *
entry_part(const struct identity_entry *e, enum identity_part part)
{
	const char *const parts[IDENTITY_PARTS] = {
		[IDENTITY_TOOLKIT] = e->toolkit,
		[IDENTITY_MAKER] = e->maker,
		[IDENTITY_PRODUCT] = e->product,
		[IDENTITY_PRODUCT_VERSION] = e->product_version,
	};

	return parts[part];
}

static bool
tells_something(const struct identity_entry *e)
{
	for (int i = 0; i < IDENTITY_PARTS; i++)
		if (entry_part(e, (enum identity_part)i) != NULL)
			return !e->placeholder;
	return e->placeholder;
}

static bool
is_marked(const char *source)
{
	size_t len = source != NULL ? strlen(source) : 0;

	return (len > 4 &&
		   (strcmp(source + len - 4, " [V]") == 0 ||
		       strcmp(source + len - 4, " [I]") == 0)) ||
	    (len > 9 && strcmp(source + len - 9, " [V-weak]") == 0);
}

/* Returns what is wrong with an entry, or NULL; compiles its expression. */
static const char *
entry_check(const struct identity_entry *e, struct expression **expression,
    char *why, size_t size)
{
	if (e->uid == NULL && e->version == NULL)
		return "neither uid nor version";
	if (e->uid != NULL &&
	    (e->uid[0] == '.' || e->uid[strspn(e->uid, "0123456789.")] != '\0'))
		return "uid is not numbers with dots between";
	if (!tells_something(e))
		return "tells nothing, or a placeholder that tells";
	if (!is_marked(e->source))
		return "source does not end in [V], [V-weak] or [I]";
	if (e->version == NULL)
		return NULL;
	*expression = expression_new(e->version, why, size);
	return *expression == NULL ? why : NULL;
}

struct identities *
identities_load(const char *path, char error[static IDENTITY_ERROR])
{
	struct identities *all = calloc(1, sizeof(*all));
	char why[160];

	snprintf(error, IDENTITY_ERROR, "out of memory");
	if (all == NULL)
		return NULL;
	all->file = identity_file_load(path, error);
	if (all->file == NULL)
		goto fail;
	all->expressions = calloc(
	    all->file->implementations_count, sizeof(struct expression *));
	if (all->expressions == NULL)
		goto fail;
	for (; all->len < all->file->implementations_count; all->len++) {
		const struct identity_entry *e =
		    &all->file->implementations[all->len];
		const char *wrong = entry_check(
		    e, &all->expressions[all->len], why, sizeof(why));

		if (wrong == NULL)
			continue;
		snprintf(error, IDENTITY_ERROR, "%.80s: entry %zu (%.50s): %s",
		    path, all->len + 1, e->uid != NULL ? e->uid : e->version,
		    wrong);
		goto fail;
	}
	return all;
fail:
	identities_free(all);
	return NULL;
}

void
identities_free(struct identities *all)
{
	if (all == NULL)
		return;
	for (size_t i = 0; all->expressions != NULL && i < all->len; i++)
		expression_free(all->expressions[i]);
	free(all->expressions);
	identity_file_free(all->file);
	free(all);
}

size_t
identities_len(const struct identities *all)
{
	return all->len;
}

/* Is the UID root, or does it lie under it? */
static bool
lies_under(const char *uid, const char *root)
{
	size_t len = strlen(root);

	return strncmp(uid, root, len) == 0 &&
	    (uid[len] == '\0' || uid[len] == '.');
}

static bool
entry_fits(const struct identities *all, size_t i, const char *uid,
    const char *version)
{
	const struct identity_entry *e = &all->file->implementations[i];

	if (e->uid != NULL && (uid == NULL || !lies_under(uid, e->uid)))
		return false;
	return all->expressions[i] == NULL ||
	    (version != NULL &&
		expression_matches(all->expressions[i], version));
}

static void
take_entry(const struct identities *all, size_t i, const char *version,
    struct identity *out)
{
	const struct identity_entry *e = &all->file->implementations[i];

	for (int p = 0; p < IDENTITY_PARTS; p++) {
		const char *part = entry_part(e, (enum identity_part)p);

		if (part == NULL || out->part[p][0] != '\0')
			continue;
		if (all->expressions[i] != NULL)
			expression_expand(all->expressions[i], version, part,
			    out->part[p], IDENTITY_TEXT);
		else
			snprintf(out->part[p], IDENTITY_TEXT, "%s", part);
	}
}

bool
identities_find(const struct identities *all, const char *uid,
    const char *version, struct identity *out)
{
	bool told = false;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < all->len; i++) {
		if (!entry_fits(all, i, uid, version))
			continue;
		if (all->file->implementations[i].placeholder) {
			out->is_placeholder = true;
			break;
		}
		take_entry(all, i, version, out);
	}
	for (int p = 0; p < IDENTITY_PARTS; p++)
		told |= out->part[p][0] != '\0';
	return told;
}

/* What one association of a port told of itself. */
struct named {
	const struct fact *uid, *version;
};

static size_t
say(struct ledger *ledger, const struct fact *from, const struct identity *id)
{
	static const enum fact_key keys[IDENTITY_PARTS] = {
		[IDENTITY_TOOLKIT] = FACT_DICOM_TOOLKIT,
		[IDENTITY_MAKER] = FACT_DICOM_MAKER,
		[IDENTITY_PRODUCT] = FACT_DICOM_PRODUCT,
		[IDENTITY_PRODUCT_VERSION] = FACT_DICOM_PRODUCT_VERSION,
	};
	size_t added = 0;

	for (int p = 0; p < IDENTITY_PARTS; p++) {
		const struct fact f = {
			.address = from->address,
			.mac = from->mac,
			.about = from->about,
			.key = keys[p],
			.value = id->part[p],
			.probe = "derive",
			.time_ns = from->time_ns,
		};

		if (id->part[p][0] != '\0')
			added += ledger_add(ledger, &f);
	}
	return added;
}

/* The facts of a port come in a row, UID before version. */
static struct named
named_by(const struct fact *const *facts, size_t n, size_t i)
{
	struct named d = { .uid = NULL };

	if (facts[i]->key == FACT_DICOM_CLASS_UID)
		d.uid = facts[i];
	else
		d.version = facts[i];
	for (size_t j = 0; j < n; j++) {
		if (!about_equal(facts[j]->about, facts[i]->about))
			continue;
		if (facts[j]->key == FACT_DICOM_CLASS_UID && d.uid == NULL)
			d.uid = facts[j];
		if (facts[j]->key == FACT_DICOM_VERSION && d.version == NULL)
			d.version = facts[j];
	}
	return d;
}

static size_t
derive_host(
    const struct identities *all, struct ledger *ledger, uint32_t address)
{
	const struct fact *const *facts;
	struct identity id;
	size_t n, added = 0;

	facts = ledger_host(ledger, address, &n);
	for (size_t i = 0; i < n; i++) {
		const struct fact *f = facts[i];
		struct named d;

		if (f->key != FACT_DICOM_CLASS_UID &&
		    f->key != FACT_DICOM_VERSION)
			continue;
		d = named_by(facts, n, i);
		if (!identities_find(all, d.uid != NULL ? d.uid->value : NULL,
			d.version != NULL ? d.version->value : NULL, &id))
			continue;
		added += say(ledger, f, &id);
		/* what is new may have moved the list */
		facts = ledger_host(ledger, address, &n);
	}
	return added;
}

size_t
identities_derive(const struct identities *all, struct ledger *ledger)
{
	size_t n, added = 0;
	uint32_t *addresses = ledger_addresses(ledger, &n);

	for (size_t i = 0; i < n; i++)
		added += derive_host(all, ledger, addresses[i]);
	free(addresses);
	return added;
}
