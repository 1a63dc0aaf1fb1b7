/* SPDX-License-Identifier: ISC */
/* expects - the lines of a record by their addresses. */
#include <stdlib.h>
#include <string.h>

#include "scanner/pool.h"
#include "scanner/text.h"
#include "scanner/verify/expects.h"
#include "scanner/verify/record.h"

enum { RECORD_TEXT = 128 };

struct expects {
	const struct record **lines; /* by address, ascending */
	const char **words;          /* of each of these, printable */
	size_t len;
	struct pool *pool;
};

static int
by_address(const void *a, const void *b)
{
	const struct record *x = *(const struct record *const *)a;
	const struct record *y = *(const struct record *const *)b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

/* What a line says should be there, in the most telling words it has. */
static const char *
words_of(struct pool *pool, const struct record *r)
{
	char maker[RECORD_TEXT], model[RECORD_TEXT];
	const char *word = r->text[FIELD_EXPECTED];

	if (word[0] == '\0')
		word = r->text[FIELD_KIND];
	text_printable(model, sizeof(model),
	    (const uint8_t *)r->text[FIELD_MODEL],
	    strlen(r->text[FIELD_MODEL]));
	if (word[0] == '\0')
		word = r->text[FIELD_MANUFACTURER];
	else
		model[0] = '\0';
	text_printable(
	    maker, sizeof(maker), (const uint8_t *)word, strlen(word));
	return pool_printf(pool, "%s%s%s", maker,
	    maker[0] != '\0' && model[0] != '\0' ? " " : "", model);
}

struct expects *
expects_new(const struct records *records)
{
	struct expects *e = calloc(1, sizeof(*e));

	if (e == NULL)
		return NULL;
	e->lines = calloc(records->len + 1, sizeof(*e->lines));
	e->words = calloc(records->len + 1, sizeof(*e->words));
	e->pool = pool_new();
	if (e->lines == NULL || e->words == NULL || e->pool == NULL) {
		expects_free(e);
		return NULL;
	}
	for (size_t i = 0; i < records->len; i++)
		if (records->items[i].address != 0 &&
		    records->items[i].trouble == NULL)
			e->lines[e->len++] = &records->items[i];
	qsort(e->lines, e->len, sizeof(*e->lines), by_address);
	for (size_t i = 0; i < e->len; i++)
		e->words[i] = words_of(e->pool, e->lines[i]);
	return e;
}

void
expects_free(struct expects *e)
{
	if (e == NULL)
		return;
	free(e->lines);
	free(e->words);
	pool_free(e->pool);
	free(e);
}

/* Returns the index of the first line about an address, or len. */
static size_t
line_at(const struct expects *e, uint32_t address)
{
	size_t low = 0, high = e->len;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (e->lines[middle]->address < address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < e->len && e->lines[low]->address != address)
		low = e->len;
	return low;
}

const char *
expects_at(const struct expects *e, uint32_t address)
{
	size_t i = line_at(e, address);

	return i < e->len ? e->words[i] : "";
}

const char *
expects_ae_title(const struct expects *e, uint32_t address)
{
	size_t i = line_at(e, address);

	if (i == e->len || e->lines[i]->text[FIELD_AE_TITLE][0] == '\0')
		return NULL;
	return e->lines[i]->text[FIELD_AE_TITLE];
}
