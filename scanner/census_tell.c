/* SPDX-License-Identifier: ISC */
/* census_tell - what a station's broadcasts say of it. */
#include <stdio.h>

#include "scanner/census.h"

enum { ETHERTYPE_ARP = 0x0806, ETHERTYPE_IPV4 = 0x0800 };

/* Every host sends ARP: it tells nothing. */
static bool
tells(const struct census_use *use)
{
	const struct census_protocol p = use->protocol;

	return !(p.framing == CENSUS_ETHERTYPE &&
		   (p.number == ETHERTYPE_ARP || p.number == ETHERTYPE_IPV4)) &&
	    p.framing != CENSUS_CUT;
}

static void
tell_use(struct ledger *ledger, struct fact *f, const struct census_use *use)
{
	char text[CENSUS_TEXT];

	f->key = FACT_LINK_PROTOCOL;
	f->value = census_protocol_text(use->protocol, text);
	f->time_ns = use->time_ns;
	f->evidence = use->evidence;
	if (f->evidence.number == 0) /* its frame was not kept */
		f->evidence = (struct evidence){ .kind = EVIDENCE_NONE };
	else
		f->evidence.kind = EVIDENCE_FRAME;
	ledger_add(ledger, f);
}

static void
tell_station(const struct census *c, const struct census_station *s,
    struct ledger *ledger)
{
	char share[32];
	struct fact f = { .address = s->addresses[0],
		.mac = s->mac,
		.about = { .kind = ABOUT_HOST },
		.probe = "census" };

	for (size_t i = 0; i < s->uses_len; i++) {
		if (tells(&s->uses[i]))
			tell_use(ledger, &f, &s->uses[i]);
		if (s->uses[i].time_ns > f.time_ns)
			f.time_ns = s->uses[i].time_ns;
	}
	snprintf(share, sizeof(share), "%.1f %%", census_share(c, s) * 100);
	f.key = FACT_LINK_SHARE;
	f.value = share;
	f.evidence = (struct evidence){ .kind = EVIDENCE_NONE };
	ledger_add(ledger, &f);
}

void
census_tell(const struct census *c, struct ledger *ledger,
    bool (*may_tell)(void *arg, uint32_t address), void *arg)
{
	for (size_t i = 0; i < census_stations(c); i++) {
		const struct census_station *s = census_station_at(c, i);

		if (s->addresses_len > 0 && !s->has_more && !s->is_excluded &&
		    (may_tell == NULL || may_tell(arg, s->addresses[0])))
			tell_station(c, s, ledger);
	}
}
