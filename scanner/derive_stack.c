/* SPDX-License-Identifier: ISC */
/*
 * derive_stack - shapes put together from facts, and held against the table.
 *
 * Source:    data/stacks.txt
 * Limits:    SETS_MAX different sets of one address; PORTS_SEEN_MAX of its
 *            ports are looked at.  Of a port the first value of each kind.
 */
#include <stdlib.h>
#include <string.h>

#include "scanner/derive_parts.h"
#include "scanner/derive_stack.h"
#include "scanner/stacks.h"

enum { SETS_MAX = 4, PORTS_SEEN_MAX = 64 };

struct sets {
	char text[SETS_MAX][STACKS_TEXT];
	size_t n;
};

static const struct fact *
find(const struct derivation *d, enum fact_key key, struct about about)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->facts[i]->key == key &&
		    about_equal(d->facts[i]->about, about))
			return d->facts[i];
	return NULL;
}

/* Where the keys of one kind of shape stand. */
struct shape_keys {
	enum stack_kind kind;
	enum fact_key ttl, window, options, df;
};

static const struct shape_keys answer_keys = { STACK_ANSWER,
	FACT_IP_TTL_INITIAL, FACT_TCP_WINDOW, FACT_TCP_OPTIONS, FACT_IP_DF };
static const struct shape_keys syn_keys = { STACK_SYN, FACT_SYN_TTL_INITIAL,
	FACT_SYN_WINDOW, FACT_SYN_OPTIONS, FACT_SYN_DF };

static void
say(struct derivation *d, struct sets *sets, const char *text,
    const struct fact *last)
{
	for (size_t i = 0; i < sets->n; i++)
		if (strcmp(sets->text[i], text) == 0)
			return;
	if (sets->n == SETS_MAX)
		return;
	memcpy(sets->text[sets->n++], text, strlen(text) + 1);
	derive_say(d, FACT_STACK_SYSTEM, last, "%s", text);
}

/* One port's answers, or the host's own SYNs. */
static void
shape_match(struct derivation *d, const struct stacks *stacks,
    const struct shape_keys *keys, struct about about, struct sets *sets)
{
	static const struct about host = { .kind = ABOUT_HOST };
	const struct fact *ttl = find(d, keys->ttl, about),
			  *window = find(d, keys->window, about),
			  *options = find(d, keys->options, about),
			  *df = find(d, keys->df, about),
			  *id = find(d, FACT_IP_ID_KIND, host),
			  *isn = find(d, FACT_TCP_ISN_STEP, host);
	bool is_answer = keys->kind == STACK_ANSWER;
	struct stack_shape shape = { .kind = keys->kind };
	char text[STACKS_TEXT];

	if (ttl == NULL || window == NULL || df == NULL)
		return;
	shape.ttl_initial = ttl->value;
	shape.window = (uint16_t)strtoul(window->value, NULL, 10);
	shape.options = options != NULL ? options->value : "";
	shape.df = strcmp(df->value, "yes") == 0;
	if (is_answer && id != NULL)
		shape.id_kind = id->value;
	if (is_answer && isn != NULL)
		shape.isn_step = strtoll(isn->value, NULL, 10);
	if (stacks_match(stacks, &shape, text) > 0)
		say(d, sets, text, window);
}

static void
derive_stack(struct derivation *d, const struct stacks *stacks)
{
	static const struct about host = { .kind = ABOUT_HOST };
	struct sets sets = { .n = 0 };
	size_t ports = 0;

	for (size_t i = 0; i < d->n && ports < PORTS_SEEN_MAX; i++) {
		if (d->facts[i]->key != FACT_TCP_WINDOW)
			continue;
		ports++;
		shape_match(d, stacks, &answer_keys, d->facts[i]->about, &sets);
	}
	shape_match(d, stacks, &syn_keys, host, &sets);
}

size_t
derive_stack_all(struct ledger *ledger, const struct stacks *stacks)
{
	size_t n, added = 0;
	uint32_t *addresses = ledger_addresses(ledger, &n);

	for (size_t i = 0; i < n; i++) {
		struct derivation d = { .ledger = ledger,
			.address = addresses[i] };
		const struct fact *const *facts =
		    ledger_host(ledger, d.address, &d.n);

		if (d.n == 0)
			continue;
		d.facts = malloc(d.n * sizeof(*d.facts));
		if (d.facts == NULL)
			break;
		memcpy(d.facts, facts, d.n * sizeof(*d.facts));
		derive_stack(&d, stacks);
		added += d.added;
		free(d.facts);
	}
	free(addresses);
	return added;
}
