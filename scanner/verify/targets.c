/* SPDX-License-Identifier: ISC */
/*
 * targets - a record's addresses as the words of an audit.
 *
 * An address that is not covered (not private, and no scope file names it)
 * must not keep the others from being looked at: the list is halved until
 * what is not covered stands alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/limits.h"
#include "scanner/pool.h"
#include "scanner/verify/targets.h"

enum { PORTS_EXTRA = 32, PORTS_TEXT = 512 };

/* Addresses, ascending and once each. */
struct list {
	uint32_t *at;
	size_t len;
};

static int
by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static bool
collect(const struct records *records, struct list *out)
{
	size_t n = 0;

	out->at = calloc(records->len + 1, sizeof(*out->at));
	if (out->at == NULL)
		return false;
	for (size_t i = 0; i < records->len; i++)
		if (records->items[i].address != 0 &&
		    records->items[i].trouble == NULL)
			out->at[out->len++] = records->items[i].address;
	qsort(out->at, out->len, sizeof(*out->at), by_value);
	for (size_t i = 0; i < out->len; i++)
		if (n == 0 || out->at[n - 1] != out->at[i])
			out->at[n++] = out->at[i];
	out->len = n;
	return true;
}

/* Adds the addresses as ranges: to words (may be NULL), and to a scope. */
static bool
add_ranges(struct scope *scope, const struct list *list, struct pool *pool,
    const char **words, size_t *words_len, char error[static SCOPE_ERROR])
{
	char first[NET_IPV4_TEXT], last[NET_IPV4_TEXT], word[40];

	for (size_t i = 0, to; i < list->len; i = to) {
		to = i + 1;
		while (to < list->len && list->at[to] == list->at[to - 1] + 1)
			to++;
		snprintf(word, sizeof(word), "%s-%s",
		    ipv4_text(list->at[i], first),
		    ipv4_text(list->at[to - 1], last));
		if (to == i + 1)
			snprintf(word, sizeof(word), "%s", first);
		if (!scope_allow(scope, word, error))
			return false;
		if (words != NULL)
			words[(*words_len)++] = pool_printf(pool, "%s", word);
	}
	return true;
}

static struct scope *
scope_begin(
    const struct options *asked, int64_t now_ns, char error[static SCOPE_ERROR])
{
	struct scope *scope = scope_new();

	if (scope == NULL) {
		snprintf(error, SCOPE_ERROR, "out of memory");
		return NULL;
	}
	for (size_t i = 0; i < asked->exclude_len; i++)
		if (!scope_deny(scope, asked->exclude[i], error))
			goto fail;
	if (asked->scope_file == NULL ||
	    scope_read_file(scope, asked->scope_file, now_ns, error))
		return scope;
fail:
	scope_free(scope);
	return NULL;
}

/* Keeps of list[from, to) what is covered. */
static void
keep_covered(const struct options *asked, int64_t now_ns, struct list *list,
    size_t from, size_t to, size_t *kept)
{
	char error[SCOPE_ERROR];
	struct list part = { list->at + from, to - from };
	struct scope *scope;
	bool ok;

	if (from == to)
		return;
	scope = scope_begin(asked, now_ns, error);
	ok = scope != NULL &&
	    add_ranges(scope, &part, NULL, NULL, NULL, error) &&
	    scope_freeze(scope, error);
	scope_free(scope);
	if (ok) {
		memmove(list->at + *kept, part.at, part.len * sizeof(*part.at));
		*kept += part.len;
	} else if (part.len > 1) {
		size_t middle = from + part.len / 2;

		keep_covered(asked, now_ns, list, from, middle, kept);
		keep_covered(asked, now_ns, list, middle, to, kept);
	}
}

/* The record's ports behind the others, but for those that do harm. */
static const char *
ports_text(
    const struct options *asked, const struct records *records, struct pool *p)
{
	uint16_t extra[PORTS_EXTRA];
	char text[PORTS_TEXT];
	size_t n = 0, used;

	for (size_t i = 0; i < records->len && n < PORTS_EXTRA; i++) {
		uint16_t port = records->items[i].port;
		size_t k = 0;

		while (k < n && extra[k] != port)
			k++;
		if (k == n && port != 0 && !scope_port_is_harmful(port))
			extra[n++] = port;
	}
	if (n == 0)
		return asked->ports;
	used = (size_t)snprintf(text, sizeof(text), "%.256s",
	    asked->ports != NULL ? asked->ports : "default");
	for (size_t i = 0; i < n; i++)
		used += (size_t)snprintf(
		    text + used, sizeof(text) - used, ",T:%u", extra[i]);
	return pool_printf(p, "%s", text);
}

static bool
make_words(struct targets *out, const struct options *asked,
    const struct list *list, char error[static SCOPE_ERROR])
{
	struct options *o = &out->options;

	if (asked->ports != NULL && strlen(asked->ports) > 256) {
		snprintf(error, SCOPE_ERROR, "--ports: too long");
		return false;
	}
	o->words = calloc(asked->words_len + list->len + 1, sizeof(*o->words));
	if (o->words == NULL) {
		snprintf(error, SCOPE_ERROR, "out of memory");
		return false;
	}
	o->words_len = 0;
	for (size_t i = 0; i < asked->words_len; i++) {
		if (!scope_allow(out->scope, asked->words[i], error))
			return false;
		o->words[o->words_len++] = asked->words[i];
	}
	return add_ranges(
	    out->scope, list, out->pool, o->words, &o->words_len, error);
}

bool
targets_make(struct targets *out, const struct options *asked,
    const struct records *records, int64_t now_ns,
    char error[static SCOPE_ERROR])
{
	struct list list = { 0 };
	size_t kept = 0;
	bool ok = false;

	*out = (struct targets){ .options = *asked, .pool = pool_new() };
	out->options.words = NULL;
	if (out->pool == NULL || !collect(records, &list)) {
		snprintf(error, SCOPE_ERROR, "out of memory");
		goto out;
	}
	out->scope = scope_begin(asked, now_ns, error);
	if (out->scope == NULL)
		goto out;
	keep_covered(asked, now_ns, &list, 0, list.len, &kept);
	list.len = kept;
	if (!make_words(out, asked, &list, error))
		goto out;
	if (out->options.words_len == 0) {
		snprintf(error, SCOPE_ERROR,
		    "none of the record's addresses may be looked at");
		goto out;
	}
	out->options.ports = ports_text(asked, records, out->pool);
	ok = scope_freeze(out->scope, error);
out:
	free(list.at);
	if (!ok)
		targets_clear(out);
	return ok;
}

void
targets_clear(struct targets *t)
{
	free(t->options.words);
	scope_free(t->scope);
	pool_free(t->pool);
	*t = (struct targets){ 0 };
}
