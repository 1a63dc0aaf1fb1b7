/* SPDX-License-Identifier: ISC */
/* json_event - what a webhook is told; described by docs/event.schema.json. */
#include <jansson.h>

#include "reports/event.h"
#include "scanner/text.h"

static json_t *
text_or_null(const char *s)
{
	return s[0] != '\0' ? json_string(s) : json_null();
}

char *
event_json(const struct store_event *e)
{
	char ip[NET_IPV4_TEXT], mac[NET_MAC_TEXT], time[TEXT_TIME];
	json_t *j = json_pack("{s:s, s:s, s:s, s:s, s:o, s:s, s:I, s:o, s:o, "
			      "s:o, s:o, s:o, s:o}",
	    "schema", "gantry-event/1", "id", e->id, "time",
	    text_time(e->time_ns, time), "kind", e->kind, "site",
	    text_or_null(e->site), "run", e->run_id, "asset",
	    (json_int_t)e->asset, "address",
	    e->address != 0 ? json_string(ipv4_text(e->address, ip))
			    : json_null(),
	    "mac",
	    mac_is_known(e->mac) ? json_string(mac_text(e->mac, mac))
				 : json_null(),
	    "name", text_or_null(e->name), "field", text_or_null(e->field),
	    "was", text_or_null(e->was), "now", text_or_null(e->now));
	char *text = NULL;

	if (j != NULL)
		text = json_dumps(j, JSON_COMPACT | JSON_PRESERVE_ORDER);
	json_decref(j);
	return text;
}
