/* SPDX-License-Identifier: ISC */
/*
 * fingerprint_files - fingerprint files made for one test, and what the loader
 * said about them.
 */
#ifndef FINGERPRINT_FILES_H
#define FINGERPRINT_FILES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fingerprints/fingerprint.h"
#include "t/unit.h"

/* What was complained of, one a line. */
struct heard_words {
	char text[16384];
	size_t count;
};

static inline void
hear(void *arg, const char *file, const char *what)
{
	struct heard_words *h = arg;
	size_t at = strlen(h->text);

	h->count++;
	snprintf(h->text + at, sizeof(h->text) - at, "%s: %s\n", file, what);
}

/* A directory of files, made for one test. */
struct scratch {
	char path[32];
};

static inline void
scratch_make(struct scratch *s)
{
	snprintf(s->path, sizeof(s->path), "/tmp/fingerprints.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(s->path));
}

static inline void
scratch_put(
    const struct scratch *s, const char *name, const char *text, size_t len)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", s->path, name);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(text, 1, len, f), len);
	fclose(f);
}

static inline void
scratch_remove(const struct scratch *s, const char *const *names)
{
	char path[128];

	for (; *names != NULL; names++) {
		snprintf(path, sizeof(path), "%s/%s", s->path, *names);
		unlink(path);
	}
	ck_assert_int_eq(rmdir(s->path), 0);
}

/* Returns the text with the first `from` in it replaced; to be freed. */
static inline char *
replace(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	size_t size = strlen(text) + strlen(to) + 1;
	char *out = malloc(size);

	ck_assert_msg(at != NULL, "not in the text: %s", from);
	ck_assert_ptr_nonnull(out);
	snprintf(out, size, "%.*s%s%s", (int)(at - text), text, to,
	    at + strlen(from));
	return out;
}

/* One change to the good file, and what must be said about it. */
struct fault {
	const char *from, *to, *said;
};

/* Sound in every way. */
static const char good[] =
    "name: Test device\n"
    "kind: console\n"
    "text: For tests only.\n"
    "prior: -20\n"
    "sources: ['A test [V]']\n"
    "clues:\n"
    "  - name: window\n"
    "    group: stack\n"
    "    when: { key: tcp.window, about: tcp/104, equals: '4096' }\n"
    "    also:\n"
    "      - { key: tcp.options, matches: '^M[0-9A-F]+$' }\n"
    "    weight: 25\n"
    "    absent: -9\n"
    "    looked:\n"
    "      - { key: ports.closed, holds_port: 104 }\n"
    "    reason: Because.\n"
    "    source: 'A test [V]'\n"
    "  - name: period\n"
    "    group: rhythm\n"
    "    when: { key: advantagenet.period_s, min: 119.5, max: 121 }\n"
    "    weight: 18\n"
    "    reason: Because.\n"
    "    source: 'A test [I]'\n"
    "examples:\n"
    "  - name: both\n"
    "    expect: confirmed\n"
    "    facts:\n"
    "      - { about: tcp/104, key: tcp.window, value: '4096' }\n"
    "      - { about: tcp/104, key: tcp.options, value: M5B4 }\n"
    "      - { about: host, key: advantagenet.period_s, value: '120.01' }\n"
    "counter-examples:\n"
    "  - name: nothing\n"
    "    expect: none\n";

/* Loads one file called x.yaml; complaints go to h. */
static inline struct fingerprints *
load_text(const char *text, size_t len, struct heard_words *h)
{
	static const char *const names[] = { "x.yaml", NULL };
	struct scratch s = { "" };
	struct fingerprints *all;

	memset(h, 0, sizeof(*h));
	scratch_make(&s);
	scratch_put(&s, "x.yaml", text, len);
	all = fingerprints_load(s.path, hear, h);
	scratch_remove(&s, names);
	return all;
}

#endif
