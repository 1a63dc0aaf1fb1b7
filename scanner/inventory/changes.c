/* SPDX-License-Identifier: ISC */
/*
 * changes - facts that were known and facts that were seen, in balance.
 *
 * Facts of one key about one thing are a field.  How a field behaves is said
 * in fields.c.  Ports need more:
 *
 *  - a TCP port's state is known from port.state (open) and ports.closed; only
 *    open to closed and closed to open is a change.  What was neither is
 *    learnt.  The list of closed ports kept is the sum of all runs.
 *  - programs of ONC RPC move to other ports with every boot.  What is known
 *    about such a port goes when its number does, without a word; what the
 *    portmapper lists is compared by program, not by port.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/inventory/changes.h"
#include "scanner/inventory/fields.h"

enum { PORTMAPPER = 111, NFS = 2049, VALUES_MAX = 800 };

static const char *const kinds[CHANGE_KINDS] = {
	[CHANGE_NEW] = "new",
	[CHANGE_BACK] = "back",
	[CHANGE_MOVED] = "moved",
	[CHANGE_REPLACED] = "replaced",
	[CHANGE_CHANGED] = "changed",
	[CHANGE_GONE] = "gone",
	[CHANGE_FELL] = "grade fallen",
	[CHANGE_RAISED] = "alert raised",
	[CHANGE_CLEARED] = "alert cleared",
	[CHANGE_DIFFERS] = "record differs",
	[CHANGE_AGREES] = "record agrees",
};

const char *
change_text(enum change_kind kind)
{
	return kind > 0 && kind < CHANGE_KINDS ? kinds[kind] : "";
}

enum change_kind
change_find(const char *s)
{
	for (int i = CHANGE_NEW; i < CHANGE_KINDS; i++)
		if (strcmp(kinds[i], s) == 0)
			return (enum change_kind)i;
	return CHANGE_KINDS;
}

/* --- the balance ----------------------------------------------------------- */

/* One fact on the scales: known, seen, or both. */
struct weight {
	const struct fact *old, *now;
	int64_t id;
	struct about about; /* of its field: the host for what wanders */
	enum fact_key key;
	enum fact_fate fate;
};

struct scales {
	struct weight *w;
	size_t n;
	struct pool *pool;
	struct balance *out;
	size_t changes_room;
	bool is_met, is_short; /* of memory */
	bool has_map;          /* the portmapper's, of this run */
	/* TCP: seen closed now; known closed before; known and seen open; of
	 * TCP and UDP: what wanders, and what the map of this run names. */
	struct port_set closed, was_closed, was_open, open;
	struct port_set wanders[2], mapped[2];
};

static bool
is_tcp_open(const struct fact *f)
{
	return f->about.kind == ABOUT_TCP && f->key == FACT_PORT_STATE &&
	    strcmp(f->value, "open") == 0;
}

static bool
is_rpc(enum fact_key key)
{
	return strncmp(fact_key_text(key), "rpc.", 4) == 0;
}

static int
side(struct about about)
{
	return about.kind == ABOUT_UDP;
}

static bool
wanders(const struct scales *s, struct about about)
{
	return about.kind != ABOUT_HOST &&
	    port_set_has(&s->wanders[side(about)], about.port);
}

/* What a port was heard to speak, other than RPC, stays where it is. */
static bool
is_settled_word(const struct fact *f)
{
	return strstr(fact_key_text(f->key), ".greeting") != NULL ||
	    f->key == FACT_DICOM_OUTCOME ||
	    strncmp(fact_key_text(f->key), "http.", 5) == 0 ||
	    strncmp(fact_key_text(f->key), "tls.", 4) == 0;
}

static void
find_wanderers(struct scales *s, const struct fact *const *facts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct fact *f = facts[i];

		if (f->about.kind == ABOUT_HOST || f->about.port == NFS ||
		    f->about.port == PORTMAPPER)
			continue;
		if (is_rpc(f->key) || field_is_reserved(f->about))
			port_set_add(
			    &s->wanders[side(f->about)], f->about.port);
	}
	for (size_t i = 0; i < n; i++)
		if (is_settled_word(facts[i]))
			port_set_remove(&s->wanders[side(facts[i]->about)],
			    facts[i]->about.port);
}

static void
note_old(struct scales *s, const struct fact *f)
{
	if (f->key == FACT_PORTS_CLOSED)
		port_set_add_text(&s->was_closed, f->value);
	else if (is_tcp_open(f))
		port_set_add(&s->was_open, f->about.port);
}

static void
note_seen(struct scales *s, const struct fact *f)
{
	if (f->key == FACT_PORTS_CLOSED)
		port_set_add_text(&s->closed, f->value);
	else if (is_tcp_open(f))
		port_set_add(&s->open, f->about.port);
	if (f->key == FACT_RPC_PROGRAM) {
		s->has_map = true;
		if (f->about.kind != ABOUT_HOST)
			port_set_add(&s->mapped[side(f->about)], f->about.port);
	}
}

/* A UDP port, or one raw SYN told of, that kept silent says nothing. */
static bool
says_nothing(const struct fact *f)
{
	return f->key == FACT_PORT_STATE && strcmp(f->value, "open") != 0 &&
	    strcmp(f->value, "closed") != 0;
}

/* A program is of its transport, whatever its port. */
static struct about
field_about(const struct fact *f)
{
	if (f->key == FACT_RPC_PROGRAM && f->about.kind != ABOUT_HOST)
		return (struct about){ .kind = f->about.kind };
	return f->about;
}

static void
put_old(struct scales *s, const struct fact *f, int64_t id)
{
	s->w[s->n++] = (struct weight){
		.old = f, .id = id, .about = field_about(f), .key = f->key
	};
}

static void
put_seen(struct scales *s, const struct fact *f)
{
	s->w[s->n++] =
	    (struct weight){ .now = f, .about = field_about(f), .key = f->key };
}

static const struct fact *
face(const struct weight *w)
{
	return w->now != NULL ? w->now : w->old;
}

static int
compare_field(const struct weight *a, const struct weight *b)
{
	if (a->about.kind != b->about.kind)
		return a->about.kind < b->about.kind ? -1 : 1;
	if (a->about.port != b->about.port)
		return a->about.port < b->about.port ? -1 : 1;
	return ((int)a->key > (int)b->key) - ((int)a->key < (int)b->key);
}

static int
compare_weight(const void *pa, const void *pb)
{
	const struct weight *a = pa, *b = pb;
	int order = compare_field(a, b);

	if (order == 0)
		order = strcmp(face(a)->value, face(b)->value);
	/* What was known first, so that what was seen finds it. */
	return order != 0 ? order : (a->old == NULL) - (b->old == NULL);
}

/* --- changes ---------------------------------------------------------------- */

static void
tell(struct scales *s, const char *field, const char *was, const char *now)
{
	struct balance *b = s->out;

	if (b->changes_len == s->changes_room) {
		size_t room = s->changes_room ? 2 * s->changes_room : 8;
		struct field_change *more =
		    realloc(b->changes, room * sizeof(*more));

		if (more == NULL) {
			s->is_short = true;
			return;
		}
		b->changes = more;
		s->changes_room = room;
	}
	b->changes[b->changes_len++] =
	    (struct field_change){ .field = field, .was = was, .now = now };
}

static const char *
field_name(struct scales *s, const struct weight *w)
{
	char about[ABOUT_TEXT];

	if (w->about.kind == ABOUT_HOST || w->about.port == 0)
		return fact_key_text(w->key);
	about_text(w->about, about);
	if (w->key == FACT_PORT_STATE)
		return pool_printf(s->pool, "%s", about);
	return pool_printf(s->pool, "%s %s", about, fact_key_text(w->key));
}

/* The values of one side of a field, each once, "; " between. */
static const char *
values(struct scales *s, const struct weight *w, size_t n, bool is_old)
{
	const char *list = "", *last = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct fact *f = is_old ? w[i].old : w[i].now;

		if (f == NULL || (last != NULL && strcmp(last, f->value) == 0))
			continue;
		list = pool_printf(s->pool, "%s%s%s", list,
		    last != NULL ? "; " : "", f->value);
		last = f->value;
		if (strlen(list) > VALUES_MAX)
			break;
	}
	return list;
}

/* Is there a fact on one side that says the same? */
static bool
has_like(const struct weight *w, size_t n, const struct fact *f, bool in_old)
{
	for (size_t i = 0; i < n; i++) {
		const struct fact *g = in_old ? w[i].old : w[i].now;

		if (g != NULL && field_equal(f->key, g->value, f->value))
			return true;
	}
	return false;
}

/* --- fates -------------------------------------------------------------------- */

/* An old one and a new one that say the same, but for what passes (a date in
 * a greeting, the port of a program), become one. */
static void
join(struct weight *w, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (w[i].old == NULL || w[i].now != NULL)
			continue;
		for (size_t j = 0; j < n; j++) {
			if (w[j].old != NULL || w[j].now == NULL ||
			    w[j].fate == FACT_DROPPED ||
			    !about_equal(w[i].old->about, w[j].now->about) ||
			    !field_equal(
				w[i].key, w[i].old->value, w[j].now->value))
				continue;
			w[i].now = w[j].now;
			w[j].fate = FACT_DROPPED; /* never a row of its own */
			w[j].now = NULL;
			break;
		}
	}
}

static bool
any(const struct weight *w, size_t n, bool is_old)
{
	for (size_t i = 0; i < n; i++)
		if ((is_old ? w[i].old : w[i].now) != NULL)
			return true;
	return false;
}

static void
lasting(struct scales *s, struct weight *w, size_t n)
{
	bool differs = false;
	bool is_program = w->key == FACT_RPC_PROGRAM;

	for (size_t i = 0; i < n; i++) {
		if (w[i].now != NULL)
			continue;
		if (w[i].old == NULL || !any(w, n, false))
			continue; /* joined, or not answered */
		w[i].fate = is_program ? FACT_DROPPED : FACT_ENDED;
		differs |= !has_like(w, n, w[i].old, false);
	}
	for (size_t i = 0; i < n && any(w, n, true); i++)
		if (w[i].old == NULL && w[i].now != NULL)
			differs |= !has_like(w, n, w[i].now, true);
	if (differs)
		tell(s, field_name(s, w), values(s, w, n, true),
		    values(s, w, n, false));
}

static void
passing(struct weight *w, size_t n)
{
	bool has_new = any(w, n, false);

	for (size_t i = 0; i < n; i++)
		if (w[i].now == NULL && w[i].old != NULL && has_new)
			w[i].fate = FACT_DROPPED;
}

static void
episode(const struct scales *s, struct weight *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (w[i].now == NULL && w[i].old != NULL && s->is_met)
			w[i].fate = FACT_ENDED;
}

/* The sum of all that was ever seen closed and has not opened since, in the
 * newest fact. */
static void
closed(struct scales *s, struct weight *w, size_t n)
{
	struct port_set all = s->was_closed;
	char text[FACT_VALUE_MAX];
	struct weight *keep = NULL;
	struct fact *sum;

	for (unsigned i = 0; i < 65536 / 64; i++)
		all.bits[i] =
		    (all.bits[i] | s->closed.bits[i]) & ~s->open.bits[i];
	for (size_t i = 0; i < n; i++) {
		if (keep == NULL || (w[i].old != NULL && keep->old == NULL))
			keep = &w[i];
	}
	for (size_t i = 0; i < n; i++)
		if (&w[i] != keep)
			w[i].fate = FACT_DROPPED;
	if (!any(w, n, false) || *port_set_text(&all, text) == '\0')
		return;
	sum = calloc(1, sizeof(*sum));
	if (sum == NULL) {
		s->is_short = true;
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (w[i].now != NULL)
			*sum = *w[i].now;
	sum->value = pool_printf(s->pool, "%s", text);
	keep->now = sum; /* freed by settle() */
	keep->fate = keep->old != NULL ? FACT_SEEN : FACT_ADDED;
}

/* What is known about a port that was seen closed is over. */
static bool
has_closed(const struct scales *s, const struct weight *w)
{
	return w->old != NULL && w->now == NULL &&
	    w->old->about.kind == ABOUT_TCP &&
	    port_set_has(&s->closed, w->old->about.port) &&
	    !port_set_has(&s->open, w->old->about.port);
}

/* The map names what was on that port elsewhere, or not at all. */
static bool
has_wandered(const struct scales *s, const struct weight *w)
{
	return w->old != NULL && w->now == NULL && w->key != FACT_RPC_PROGRAM &&
	    s->has_map && wanders(s, w->old->about) &&
	    !port_set_has(
		&s->mapped[side(w->old->about)], w->old->about.port) &&
	    !(w->old->about.kind == ABOUT_TCP &&
		port_set_has(&s->open, w->old->about.port));
}

static void
settle_field(struct scales *s, struct weight *w, size_t n)
{
	if (w->key == FACT_PORTS_CLOSED) {
		closed(s, w, n);
		return;
	}
	join(w, n);
	switch (field_manner(w->key)) {
	case FIELD_LASTING:
		if (w->key == FACT_PORT_STATE && w->about.kind == ABOUT_TCP)
			break; /* see ports() */
		lasting(s, w, n);
		break;
	case FIELD_PASSING:
		passing(w, n);
		break;
	case FIELD_EPISODE:
		episode(s, w, n);
		break;
	case FIELD_GROWING:
	case FIELD_CLOSED:
	case FIELD_SERIES:
		break;
	}
	for (size_t i = 0; i < n; i++) {
		if (has_wandered(s, &w[i]) ||
		    (has_closed(s, &w[i]) && wanders(s, w[i].old->about)))
			w[i].fate = FACT_DROPPED;
		else if (has_closed(s, &w[i]))
			w[i].fate = FACT_ENDED;
		else if (w[i].now != NULL && w[i].fate == FACT_STAYS)
			w[i].fate = w[i].old != NULL ? FACT_SEEN : FACT_ADDED;
	}
}

/* Open ports that closed, and closed ones that opened. */
static void
ports(struct scales *s)
{
	for (unsigned p = 1; p < 65536; p++) {
		struct about about = { ABOUT_TCP, (uint16_t)p };
		char text[ABOUT_TEXT];
		bool was, now;

		if (p % 64 == 0 &&
		    (s->open.bits[p >> 6] | s->was_open.bits[p >> 6]) == 0) {
			p += 63;
			continue;
		}
		was = port_set_has(&s->was_open, about.port) &&
		    port_set_has(&s->closed, about.port) &&
		    !port_set_has(&s->open, about.port);
		now = port_set_has(&s->open, about.port) &&
		    port_set_has(&s->was_closed, about.port) &&
		    !port_set_has(&s->was_open, about.port);
		if ((!was && !now) || wanders(s, about))
			continue;
		about_text(about, text);
		tell(s, pool_printf(s->pool, "%s", text),
		    was ? "open" : "closed", was ? "closed" : "open");
	}
}

/* Pairs a known fact with the one seen that says exactly the same. */
static void
pair(struct scales *s)
{
	size_t kept = 0;

	qsort(s->w, s->n, sizeof(*s->w), compare_weight);
	for (size_t i = 0; i < s->n; i++) {
		struct weight *last = kept > 0 ? &s->w[kept - 1] : NULL;

		if (last != NULL && compare_field(last, &s->w[i]) == 0 &&
		    about_equal(face(last)->about, face(&s->w[i])->about) &&
		    strcmp(face(last)->value, face(&s->w[i])->value) == 0 &&
		    s->w[i].old == NULL) {
			last->now = s->w[i].now; /* the latest of them */
			continue;
		}
		s->w[kept++] = s->w[i];
	}
	s->n = kept;
}

static bool
result(struct scales *s)
{
	struct balance *b = s->out;

	b->facts = calloc(s->n + 1, sizeof(*b->facts));
	if (b->facts == NULL)
		return false;
	for (size_t i = 0; i < s->n; i++) {
		const struct weight *w = &s->w[i];
		struct balance_fact *f = &b->facts[b->facts_len];

		if (w->old == NULL && w->fate != FACT_ADDED)
			continue;
		*f = (struct balance_fact){
			.old = w->old, .id = w->id, .fate = w->fate
		};
		if (w->now != NULL)
			f->now = *w->now;
		b->facts_len++;
	}
	return true;
}

/* The one fact that was made here. */
static void
free_sums(struct scales *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->w[i].key == FACT_PORTS_CLOSED &&
		    s->w[i].fate != FACT_STAYS &&
		    s->w[i].fate != FACT_DROPPED && s->w[i].now != NULL)
			free((void *)(uintptr_t)s->w[i].now);
}

static void
weigh(struct scales *s, const struct fact *const *old, const int64_t *ids,
    size_t old_len, const struct fact *const *seen, size_t seen_len)
{
	find_wanderers(s, old, old_len);
	find_wanderers(s, seen, seen_len);
	for (size_t i = 0; i < old_len; i++) {
		note_old(s, old[i]);
		put_old(s, old[i], ids[i]);
	}
	for (size_t i = 0; i < seen_len; i++) {
		note_seen(s, seen[i]);
		if (!says_nothing(seen[i]) &&
		    field_manner(seen[i]->key) != FIELD_SERIES)
			put_seen(s, seen[i]);
	}
	pair(s);
	for (size_t i = 0, end; i < s->n; i = end) {
		for (end = i + 1; end < s->n; end++)
			if (compare_field(&s->w[i], &s->w[end]) != 0)
				break;
		settle_field(s, &s->w[i], end - i);
	}
	ports(s);
}

bool
balance_make(const struct fact *const *old, const int64_t *ids, size_t old_len,
    const struct fact *const *seen, size_t seen_len, bool is_met,
    struct pool *pool, struct balance *out)
{
	struct scales *s = calloc(1, sizeof(*s));
	bool ok = false;

	*out = (struct balance){ 0 };
	if (s == NULL)
		return false;
	s->pool = pool;
	s->out = out;
	s->is_met = is_met;
	s->w = calloc(old_len + seen_len + 1, sizeof(*s->w));
	if (s->w != NULL) {
		weigh(s, old, ids, old_len, seen, seen_len);
		ok = result(s) && !s->is_short && !pool_ran_out(pool);
		free_sums(s);
	}
	free(s->w);
	free(s);
	if (!ok)
		balance_clear(out);
	return ok;
}

void
balance_clear(struct balance *b)
{
	free(b->facts);
	free(b->changes);
	*b = (struct balance){ 0 };
}
