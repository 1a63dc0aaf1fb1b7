/* SPDX-License-Identifier: ISC */
/* record_read - the rows of a table into records. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/limits.h"
#include "scanner/pool.h"
#include "scanner/verify/columns.h"
#include "scanner/verify/record.h"
#include "scanner/verify/table.h"

struct builder {
	struct records *all;
	const char *map;
	size_t room;
};

static bool
out_of_memory(char error[static TABLE_ERROR])
{
	snprintf(error, TABLE_ERROR, "out of memory");
	return false;
}

static bool
take_headers(struct builder *b, const char *const *cells, size_t n,
    char error[static TABLE_ERROR])
{
	struct records *all = b->all;
	char why[RECORD_ERROR];

	all->headers = calloc(n, sizeof(*all->headers));
	if (all->headers == NULL)
		return out_of_memory(error);
	for (size_t i = 0; i < n; i++)
		all->headers[i] = pool_printf(all->pool, "%s", cells[i]);
	all->headers_len = n;
	if (columns_find(all->headers, n, b->map, all->columns, why))
		return true;
	snprintf(error, TABLE_ERROR, "%.*s", TABLE_ERROR - 1, why);
	return false;
}

static bool
make_room(struct builder *b)
{
	size_t room = b->room > 0 ? b->room * 2 : 256;
	struct record *grown;

	if (b->all->len < b->room)
		return true;
	grown = realloc(b->all->items, room * sizeof(*grown));
	if (grown == NULL)
		return false;
	b->all->items = grown;
	b->room = room;
	return true;
}

static const char *
trimmed(struct pool *pool, const char *s)
{
	size_t len;

	s += strspn(s, " \t\r\n");
	len = strlen(s);
	while (len > 0 && strchr(" \t\r\n", s[len - 1]) != NULL)
		len--;
	return pool_printf(pool, "%.*s", (int)len, s);
}

static bool
take_row(void *arg, unsigned line, const char *const *cells, size_t n,
    char error[static TABLE_ERROR])
{
	struct builder *b = arg;
	struct records *all = b->all;
	struct record *r;

	if (all->headers == NULL)
		return take_headers(b, cells, n, error);
	if (all->len == RECORDS_MAX) {
		snprintf(error, TABLE_ERROR, "%u: more than %d lines", line,
		    RECORDS_MAX);
		return false;
	}
	if (!make_room(b))
		return out_of_memory(error);
	r = &all->items[all->len];
	*r = (struct record){ .line = line,
		.cells = calloc(all->headers_len, sizeof(*r->cells)) };
	if (r->cells == NULL)
		return out_of_memory(error);
	all->len++;
	for (size_t i = 0; i < all->headers_len; i++)
		r->cells[i] =
		    i < n ? pool_printf(all->pool, "%s", cells[i]) : "";
	for (unsigned f = 0; f < FIELDS; f++)
		r->text[f] = all->columns[f] >= 0
		    ? trimmed(all->pool, r->cells[all->columns[f]])
		    : "";
	record_read_values(r, all->pool);
	if (n > all->headers_len && r->trouble == NULL)
		r->trouble = "it has more cells than there are headers";
	return true;
}

struct records *
records_read(
    const char *path, const char *columns, char error[static RECORD_ERROR])
{
	struct builder b = { .all = calloc(1, sizeof(*b.all)), .map = columns };
	struct table table;
	char why[TABLE_ERROR] = "out of memory";

	if (b.all == NULL)
		goto fail;
	b.all->path = path;
	b.all->pool = pool_new();
	if (b.all->pool == NULL || !table_read(path, &table, take_row, &b, why))
		goto fail;
	if (b.all->headers == NULL || b.all->len == 0) {
		snprintf(why, sizeof(why), "%s",
		    b.all->headers == NULL ? "is empty"
					   : "has headers, and no line");
		goto fail;
	}
	if (pool_ran_out(b.all->pool)) {
		out_of_memory(why);
		goto fail;
	}
	b.all->separator = table.separator;
	b.all->has_bom = table.has_bom;
	b.all->was_latin1 = table.was_latin1;
	return b.all;
fail:
	/* A reason that begins with a line's number takes no blank. */
	snprintf(error, RECORD_ERROR, "%.150s:%s%.160s", path,
	    why[0] >= '0' && why[0] <= '9' ? "" : " ", why);
	records_free(b.all);
	return NULL;
}
