/* SPDX-License-Identifier: ISC */
/*
 * fact - key names, subjects, and the list a parser fills.
 *
 * Limits:    FACTS_PER_REPLY facts and ARENA_SIZE bytes of text per list; what
 *            falls over is counted, never half recorded.  A value longer than
 *            FACT_VALUE_MAX is cut and says so (text.h).
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/fact.h"
#include "scanner/text.h"

enum { ARENA_SIZE = 65536 };

struct facts {
	struct about about;
	const uint8_t *bytes; /* borrowed: where evidence may lie */
	size_t len;
	uint32_t whose; /* 0: the sender of the bytes */
	size_t reach;   /* of facts into bytes */
	size_t n, dropped;
	size_t used;             /* of arena */
	size_t most, arena_size; /* facts and text there is room for */
	char *arena;             /* stands behind the list */
	struct fact list[];
};

static const struct {
	const char *text;
	const char *meaning;
	enum fact_type type;
} keys[FACT_KEYS] = {
#define FACT(id, key, kind, mean)                                          \
	[FACT_##id] = {                                                    \
		.text = (key), .meaning = (mean), .type = FACT_TYPE_##kind \
	},
#include "scanner/facts.def"
#undef FACT
};

const char *
fact_key_text(enum fact_key key)
{
	return keys[key].text;
}

const char *
fact_key_meaning(enum fact_key key)
{
	return keys[key].meaning;
}

enum fact_type
fact_key_type(enum fact_key key)
{
	return keys[key].type;
}

const char *
fact_type_text(enum fact_type type)
{
	static const char *const names[] = {
		[FACT_TYPE_TEXT] = "text",
		[FACT_TYPE_NUMBER] = "number",
		[FACT_TYPE_FLAG] = "flag",
		[FACT_TYPE_UID] = "uid",
		[FACT_TYPE_MAC] = "mac",
		[FACT_TYPE_HEX] = "hex",
	};

	return names[type];
}

enum fact_key
fact_key_find(const char *name)
{
	size_t key;

	for (key = 0; key < FACT_KEYS; key++)
		if (strcmp(keys[key].text, name) == 0)
			break;
	return (enum fact_key)key;
}

const char *
about_text(struct about about, char buf[static ABOUT_TEXT])
{
	if (about.kind == ABOUT_HOST)
		snprintf(buf, ABOUT_TEXT, "host");
	else
		snprintf(buf, ABOUT_TEXT, "%s/%u",
		    about.kind == ABOUT_TCP ? "tcp" : "udp", about.port);
	return buf;
}

bool
about_parse(const char *s, struct about *out)
{
	struct about about = { .kind = ABOUT_HOST };
	char canonical[ABOUT_TEXT];
	unsigned long port;

	if (strncmp(s, "tcp/", 4) == 0)
		about.kind = ABOUT_TCP;
	else if (strncmp(s, "udp/", 4) == 0)
		about.kind = ABOUT_UDP;
	if (about.kind != ABOUT_HOST) {
		port = strtoul(s + 4, NULL, 10);
		if (port > UINT16_MAX)
			return false;
		about.port = (uint16_t)port;
	}
	/* Exactly one text stands for one subject, so compare with it. */
	if (strcmp(about_text(about, canonical), s) != 0)
		return false;
	*out = about;
	return true;
}

bool
about_equal(struct about a, struct about b)
{
	return a.kind == b.kind && a.port == b.port;
}

/* Nothing is written ahead: room that is never used costs no memory. */
static struct facts *
facts_make(size_t most, size_t arena_size)
{
	struct facts *f =
	    malloc(sizeof(*f) + most * sizeof(f->list[0]) + arena_size);

	if (f == NULL)
		return NULL;
	*f = (struct facts){ .most = most, .arena_size = arena_size };
	f->arena = (char *)&f->list[most];
	return f;
}

struct facts *
facts_new(void)
{
	return facts_make(FACTS_PER_REPLY, ARENA_SIZE);
}

struct facts *
facts_copy(const struct facts *f)
{
	struct facts *copy = facts_make(f->n, f->used);

	if (copy == NULL)
		return NULL;
	copy->about = f->about;
	copy->dropped = f->dropped;
	copy->n = f->n;
	copy->used = f->used;
	memcpy(copy->arena, f->arena, f->used);
	for (size_t i = 0; i < f->n; i++) {
		copy->list[i] = f->list[i];
		copy->list[i].value =
		    copy->arena + (f->list[i].value - f->arena);
	}
	return copy;
}

void
facts_free(struct facts *f)
{
	free(f);
}

void
facts_begin(
    struct facts *f, struct about about, const uint8_t *bytes, size_t len)
{
	f->n = f->dropped = f->used = f->reach = 0;
	f->whose = 0;
	f->about = about;
	facts_bytes(f, bytes, len);
}

void
facts_bytes(struct facts *f, const uint8_t *bytes, size_t len)
{
	f->bytes = bytes;
	f->len = bytes != NULL ? len : 0;
}

void
facts_of(struct facts *f, uint32_t address)
{
	f->whose = address;
}

uint32_t
facts_whose(const struct facts *f)
{
	return f->whose;
}

size_t
facts_reach(const struct facts *f)
{
	return f->reach;
}

void
facts_about(struct facts *f, struct about about)
{
	f->about = about;
}

/* Keeps the bytes at `at` where they lie inside the ones being read. */
static void
evidence_take(struct facts *f, struct evidence *evidence, const uint8_t *at,
    size_t at_len)
{
	/* Integers: comparing pointers into different objects is undefined. */
	uintptr_t base = (uintptr_t)f->bytes, here = (uintptr_t)at;
	size_t offset;

	if (at == NULL || at_len == 0 || f->bytes == NULL || here < base)
		return;
	offset = here - base;
	if (offset >= f->len || at_len > f->len - offset)
		return;
	if (offset + at_len > f->reach)
		f->reach = offset + at_len;
	evidence->offset = (uint32_t)offset;
	evidence->raw_len =
	    (uint16_t)(at_len < FACT_RAW_MAX ? at_len : FACT_RAW_MAX);
	memcpy(evidence->raw, at, evidence->raw_len);
}

/* Records a value that is printable already. */
static void
record(struct facts *f, enum fact_key key, const char *value, size_t len,
    const uint8_t *at, size_t at_len)
{
	struct fact *fact;

	if (len == 0)
		return;
	if (f->n == f->most || len >= f->arena_size - f->used) {
		f->dropped++;
		return;
	}
	fact = &f->list[f->n++];
	memset(fact, 0, sizeof(*fact));
	fact->about = f->about;
	fact->key = key;
	fact->value = f->arena + f->used;
	memcpy(f->arena + f->used, value, len);
	f->arena[f->used + len] = '\0';
	f->used += len + 1;
	evidence_take(f, &fact->evidence, at, at_len);
}

void
facts_text(struct facts *f, enum fact_key key, const uint8_t *s, size_t len)
{
	char value[FACT_VALUE_MAX];

	if (s == NULL)
		return;
	record(f, key, value, text_printable(value, sizeof(value), s, len), s,
	    len);
}

void
facts_printf(struct facts *f, enum fact_key key, const uint8_t *at,
    size_t at_len, const char *fmt, ...)
{
	char composed[2 * FACT_VALUE_MAX], value[FACT_VALUE_MAX];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(composed, sizeof(composed), fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	record(f, key, value, text_composed(value, sizeof(value), composed), at,
	    at_len);
}

void
facts_number(struct facts *f, enum fact_key key, int64_t value,
    const uint8_t *at, size_t at_len)
{
	facts_printf(f, key, at, at_len, "%" PRId64, value);
}

void
facts_flag(struct facts *f, enum fact_key key, bool value, const uint8_t *at,
    size_t at_len)
{
	facts_printf(f, key, at, at_len, "%s", value ? "yes" : "no");
}

void
facts_hex(struct facts *f, enum fact_key key, const uint8_t *s, size_t len)
{
	char value[FACT_VALUE_MAX];

	if (s == NULL)
		return;
	record(f, key, value, text_hex(value, sizeof(value), s, len), s, len);
}

void
facts_rewind(struct facts *f, size_t n)
{
	if (n >= f->n)
		return;
	f->used = (size_t)(f->list[n].value - f->arena);
	f->n = n;
}

size_t
facts_count(const struct facts *f)
{
	return f->n;
}

size_t
facts_dropped(const struct facts *f)
{
	return f->dropped;
}

const struct fact *
facts_at(const struct facts *f, size_t i)
{
	return i < f->n ? &f->list[i] : NULL;
}

const char *
facts_get(const struct facts *f, enum fact_key key)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->list[i].key == key)
			return f->list[i].value;
	return NULL;
}
