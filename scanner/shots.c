/* SPDX-License-Identifier: ISC */
/*
 * shots - which (host, port) is next, and what is known of each, in two bits.
 *
 * Bits of hosts x ports: answered, and answered with SYN-ACK.  That is all the
 * memory a shot has; pages of them that nothing was written to cost nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "scanner/position.h"
#include "scanner/shots.h"

enum {
	/* A round that brought fewer new answers than one in so many of what
	 * it asked is the last: what is left is filtered, not lost. */
	WORTH_IT = 1000
};

struct shots {
	struct shots_targets t;
	struct permutation order;
	uint8_t *answered, *open;
	unsigned round;
	uint64_t at;           /* within the round: port x hosts + host */
	uint64_t port, host;   /* the two of it */
	uint64_t asked, heard; /* in this round */
	uint64_t heard_before; /* in the rounds before it */
	uint64_t done;         /* of the first round */
};

static int
compare_index(const void *key, const void *item)
{
	uint32_t a = *(const uint32_t *)key, b = *(const uint32_t *)item;

	return (a > b) - (a < b);
}

static int
compare_port(const void *key, const void *item)
{
	return (int)*(const uint16_t *)key - (int)*(const uint16_t *)item;
}

/* The bit of (address, port), or SCOPE_NOWHERE. */
static uint64_t
bit_of(const struct shots *s, uint32_t address, uint16_t port)
{
	uint64_t host = scope_index_of(s->t.scope, address);
	const uint16_t *p = bsearch(
	    &port, s->t.ports, s->t.ports_len, sizeof(port), compare_port);

	if (host == SCOPE_NOWHERE || p == NULL)
		return SCOPE_NOWHERE;
	if (s->t.list != NULL) {
		uint32_t key = (uint32_t)host;
		const uint32_t *at = bsearch(&key, s->t.list,
		    (size_t)s->t.hosts, sizeof(key), compare_index);

		if (at == NULL)
			return SCOPE_NOWHERE;
		host = (uint64_t)(at - s->t.list);
	}
	return (uint64_t)(p - s->t.ports) * s->t.hosts + host;
}

static bool
get(const uint8_t *bits, uint64_t i)
{
	return bits[i >> 3] >> (i & 7) & 1;
}

static void
set(uint8_t *bits, uint64_t i)
{
	bits[i >> 3] |= (uint8_t)(1U << (i & 7));
}

/* answered, open: 1 1 open; 1 0 closed; 0 1 filtered by ICMP's word; 0 0
 * silence. */
bool
shots_answer(
    struct shots *s, uint32_t address, uint16_t port, enum port_state state)
{
	uint64_t bit = bit_of(s, address, port);

	if (bit == SCOPE_NOWHERE || get(s->answered, bit) || get(s->open, bit))
		return false;
	s->heard++;
	if (state != PORT_FILTERED)
		set(s->answered, bit);
	if (state != PORT_CLOSED)
		set(s->open, bit);
	return true;
}

enum port_state
shots_state(const struct shots *s, uint32_t address, uint16_t port)
{
	uint64_t bit = bit_of(s, address, port);

	if (bit == SCOPE_NOWHERE ||
	    !scope_has_port(s->t.scope, address, ABOUT_TCP, port))
		return PORT_UNPROBED;
	if (get(s->answered, bit))
		return get(s->open, bit) ? PORT_OPEN : PORT_CLOSED;
	return PORT_FILTERED;
}

/* Where in the round to go on. */
static void
go_to(struct shots *s, uint64_t at)
{
	uint64_t hosts = s->t.hosts > 0 ? s->t.hosts : 1;

	s->at = at;
	s->port = at / hosts;
	s->host = at % hosts;
}

static void
step(struct shots *s)
{
	s->at++;
	if (++s->host == s->t.hosts) {
		s->host = 0;
		s->port++;
	}
}

/* The pair the round stands at; false where it needs no shot. */
static bool
pair_at(const struct shots *s, struct shot_at *out)
{
	uint64_t host = permutation_at(&s->order, s->host);
	uint64_t bit = s->port * s->t.hosts + host;

	if (get(s->answered, bit) || get(s->open, bit))
		return false;
	out->port = s->t.ports[s->port];
	out->address = scope_address_at(
	    s->t.scope, s->t.list != NULL ? s->t.list[host] : host);
	return scope_has_port(s->t.scope, out->address, ABOUT_TCP, out->port);
}

bool
shots_find(struct shots *s, unsigned most, struct shot_at *out)
{
	uint64_t end = s->t.hosts * s->t.ports_len;

	for (; s->at < end && most > 0; most--) {
		if (pair_at(s, out))
			return true;
		s->done += s->round == 0;
		step(s);
	}
	return false;
}

void
shots_take(struct shots *s)
{
	s->asked++;
	s->done += s->round == 0;
	step(s);
}

bool
shots_next(struct shots *s, unsigned most, struct shot_at *out)
{
	if (!shots_find(s, most, out))
		return false;
	shots_take(s);
	return true;
}

void
shots_place(const struct shots *s, uint64_t *pass, uint64_t *place)
{
	*pass = s->round * s->t.ports_len + s->port;
	*place = s->host;
}

bool
shots_round_over(const struct shots *s)
{
	return s->at == s->t.hosts * s->t.ports_len;
}

double
shots_loss(const struct shots *s)
{
	uint64_t all = s->heard_before + s->heard;

	return s->round > 0 && all > 0 ? (double)s->heard / (double)all : 0;
}

bool
shots_all_answered(const struct shots *s)
{
	return s->heard >= s->asked;
}

bool
shots_round_next(struct shots *s)
{
	if (s->asked == 0 || s->round + 1 == SHOTS_ROUNDS ||
	    (s->round > 0 && s->heard * WORTH_IT < s->asked))
		return false;
	s->heard_before += s->heard;
	s->round++;
	go_to(s, 0);
	s->asked = s->heard = 0;
	return true;
}

struct shots *
shots_new(const struct shots_targets *targets, uint64_t key)
{
	struct shots *s = calloc(1, sizeof(*s));
	uint64_t bits = targets->hosts * targets->ports_len;

	if (s == NULL)
		return NULL;
	s->t = *targets;
	permutation_init(&s->order, targets->hosts, key);
	s->answered = calloc(bits / 8 + 1, 1);
	s->open = calloc(bits / 8 + 1, 1);
	if (s->answered == NULL || s->open == NULL) {
		shots_free(s);
		return NULL;
	}
	return s;
}

void
shots_free(struct shots *s)
{
	if (s == NULL)
		return;
	free(s->answered);
	free(s->open);
	free(s);
}

static size_t
bytes_of(const struct shots *s)
{
	return (size_t)(s->t.hosts * s->t.ports_len / 8 + 1);
}

void
shots_position(const struct shots *s, struct shots_position *out)
{
	*out = (struct shots_position){ .round = s->round,
		.at = s->at,
		.asked = s->asked,
		.heard = s->heard,
		.done = s->done,
		.answered = s->answered,
		.open = s->open,
		.len = bytes_of(s) };
}

struct shots_position
shots_aimed(const struct shots *s)
{
	return (struct shots_position){ .round = s->round,
		.at = s->at,
		.asked = s->asked,
		.heard = s->heard,
		.done = s->done };
}

bool
shots_go_to(struct shots *s, const struct shots_position *p)
{
	if (p->round >= SHOTS_ROUNDS || p->at > s->t.hosts * s->t.ports_len)
		return false;
	s->round = p->round;
	s->at = p->at;
	s->asked = p->asked;
	s->heard = p->heard;
	s->done = p->done;
	return true;
}

bool
shots_resume(struct shots *s, const struct shots_position *p)
{
	if (p->len != bytes_of(s) || p->round >= SHOTS_ROUNDS ||
	    p->at > s->t.hosts * s->t.ports_len)
		return false;
	memcpy(s->answered, p->answered, p->len);
	memcpy(s->open, p->open, p->len);
	s->round = p->round;
	go_to(s, p->at);
	s->asked = p->asked;
	s->heard = p->heard;
	s->done = p->done;
	return true;
}

void
shots_progress(const struct shots *s, uint64_t *done, uint64_t *all)
{
	*done = s->done;
	*all = s->t.hosts * s->t.ports_len;
}
