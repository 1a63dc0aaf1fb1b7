/* SPDX-License-Identifier: ISC */
/* manner - from the report of a talk to the words of port.manner. */
#include "scanner/manner.h"
#include "scanner/talk.h"

/* A port that heard us out, or was heard out, and never said a word. */
static const char *
mute_manner(const struct talk_report *r)
{
	if (r->reset)
		return "resets";
	if (r->hung_up)
		return "closes";
	return "mute";
}

void
manner_facts(const struct talk_report *r, struct facts *facts)
{
	if (r->end != TALK_HELD || r->order->ask.via_udp)
		return;
	if (r->heard == 0)
		facts_printf(
		    facts, FACT_PORT_MANNER, NULL, 0, "%s", mute_manner(r));
	if (r->stalled)
		facts_printf(facts, FACT_PORT_MANNER, NULL, 0, "stalls");
	if (r->endless)
		facts_printf(facts, FACT_PORT_MANNER, NULL, 0, "endless");
	if (r->dripped)
		facts_printf(facts, FACT_PORT_MANNER, NULL, 0, "drips");
}
