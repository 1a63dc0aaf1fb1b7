/* SPDX-License-Identifier: ISC */
/* asset_facts - a handful of facts about one asset, as the matcher takes them. */
#ifndef ASSET_FACTS_H
#define ASSET_FACTS_H

#include <string.h>

#include "scanner/fact.h"
#include "t/unit.h"

enum { FACTS_MAX = 16 };

/* Begin with .n = 0. */
struct asset_facts {
	struct fact made[FACTS_MAX];
	const struct fact *facts[FACTS_MAX];
	size_t n;
};

static inline void
say(struct asset_facts *a, const char *about, enum fact_key key,
    const char *value)
{
	struct fact *f = &a->made[a->n];

	ck_assert_uint_lt(a->n, FACTS_MAX);
	memset(f, 0, sizeof(*f));
	ck_assert(about_parse(about, &f->about));
	f->key = key;
	f->value = value;
	a->facts[a->n++] = f;
}

/* Any fact under the key, about anything. */
#define ANY(k)                                                 \
	{                                                      \
		.key = (k), .port_last = 65535, .count_min = 1 \
	}

#endif
