/* SPDX-License-Identifier: ISC */
/*
 * audit_killed - what the facts know and the diary does not, and what neither
 * does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/audit_killed.h"
#include "scanner/audit_state.h"
#include "scanner/log.h"
#include "scanner/resume.h"

/* Raw SYN tells the states of its ports: not where there is no Ethernet. */
static bool
waits_for_states(const struct audit *a, uint32_t address)
{
	const struct segment *s = segments_find(&a->segments, address);

	return a->care.raw_syn && !a->resume->states_known && s != NULL &&
	    !s->assume_up;
}

/* A host that was met just before the kill is in the facts alone. */
static bool
add_arrivals(struct audit *a)
{
	struct resume *r = a->resume;
	size_t known = r->hosts_len;

	for (size_t i = 0; i < ledger_count(a->ledger); i++) {
		const struct fact *f = ledger_at(a->ledger, i);
		const struct about host = { .kind = ABOUT_HOST };
		struct resume_host *more;
		struct resume at = { .hosts = r->hosts, .hosts_len = known };

		if (f->key != FACT_HOST_HOPS || strcmp(f->probe, "oui") != 0 ||
		    resume_host_find(&at, f->address) != NULL)
			continue;
		more =
		    realloc(r->hosts, (r->hosts_len + 1) * sizeof(*r->hosts));
		if (more == NULL)
			return false;
		r->hosts = more;
		more[r->hosts_len++] =
		    (struct resume_host){ .address = f->address,
			    .mac = f->mac,
			    .is_over = ledger_find(a->ledger, f->address,
					   FACT_HOST_EXCLUDED, host) != NULL,
			    .is_waiting = waits_for_states(a, f->address) };
	}
	resume_sort(r);
	return true;
}

/* The MAC is in the facts, as is whether echo is answered. */
static void
complete_hosts(struct audit *a)
{
	const struct about host = { .kind = ABOUT_HOST };

	for (size_t i = 0; i < a->resume->hosts_len; i++) {
		struct resume_host *h = &a->resume->hosts[i];
		const struct fact *f =
		    ledger_find(a->ledger, h->address, FACT_HOST_HOPS, host);

		if (f != NULL && mac_is_known(f->mac))
			h->mac = f->mac;
		if (ledger_find(a->ledger, h->address, FACT_ICMP_ECHO_TTL,
			host) != NULL)
			h->visit.echo_answered = true;
	}
}

/* Whoever is known has answered, and is not asked by the sweep again. */
static bool
mark_answered(struct audit *a)
{
	struct resume *r = a->resume;
	size_t len = r->sweep.answered_len;
	uint8_t *bits = malloc(len + 1);

	if (bits == NULL || (bits = resume_own(r, bits)) == NULL)
		return false;
	memcpy(bits, r->sweep.answered, len);
	for (size_t i = 0; i < r->hosts_len; i++) {
		uint64_t at = scope_index_of(a->scope, r->hosts[i].address);

		if (at != SCOPE_NOWHERE && at >> 3 < len)
			bits[at >> 3] |= (uint8_t)(1U << (at & 7));
	}
	r->sweep.answered = bits;
	return true;
}

bool
killed_complete(struct audit *a)
{
	if (!a->resume->was_killed)
		return true;
	if (!add_arrivals(a) || !mark_answered(a)) {
		log_error("resume", "out of memory");
		return false;
	}
	complete_hosts(a);
	return true;
}

static bool
add_unknown(struct audit *a, uint32_t address, const char *what)
{
	struct run_unknown *more = realloc(
	    a->run.unknown, (a->run.unknown_len + 1) * sizeof(*a->run.unknown));

	if (more == NULL)
		return false;
	a->run.unknown = more;
	more = &more[a->run.unknown_len++];
	*more = (struct run_unknown){ .address = address };
	snprintf(more->what, sizeof(more->what), "%s", what);
	return true;
}

/* Shots of the last round anybody is asked in; of those before it another
 * follows.  Odd rounds are the last: sweep.h. */
static bool
add_lost(struct audit *a, const struct resume_lost *lost)
{
	struct target t;
	struct shot_at at;

	if (lost->round % 2 == 0)
		return true;
	target_init(
	    &t, a->scope, ABOUT_HOST, NULL, 0, a->plan.key + lost->round);
	target_resume(&t, 0, lost->from);
	while (t.index < lost->to && target_next(&t, &at))
		if (!add_unknown(a, at.address, "sweep"))
			return false;
	return true;
}

bool
killed_unknown(struct audit *a)
{
	const struct about host = { .kind = ABOUT_HOST };
	const struct resume *r = a->resume;
	bool ok = true;

	for (size_t i = 0; i < r->run.unknown_len && ok; i++) {
		const struct run_unknown *u = &r->run.unknown[i];

		/* What it answered came after all. */
		if (strcmp(u->what, "icmp") != 0 ||
		    ledger_find(a->ledger, u->address, FACT_ICMP_ECHO_TTL,
			host) == NULL)
			ok = add_unknown(a, u->address, u->what);
	}
	for (size_t i = 0; i < r->lost_len && ok; i++)
		ok = add_lost(a, &r->lost[i]);
	if (!ok)
		log_error("resume", "out of memory");
	return ok;
}

void
audit_drop_known(struct audit *a)
{
	size_t kept = 0;

	for (size_t i = 0; i < a->run.unknown_len; i++) {
		size_t n;

		if (strcmp(a->run.unknown[i].what, "sweep") != 0 ||
		    ledger_host(a->ledger, a->run.unknown[i].address, &n) ==
			NULL)
			a->run.unknown[kept++] = a->run.unknown[i];
	}
	a->run.unknown_len = kept;
}
