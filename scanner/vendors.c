/* SPDX-License-Identifier: ISC */
/* vendors - the owners of MACs, as facts. */
#include <stdlib.h>

#include "scanner/oui.h"
#include "scanner/vendors.h"

static void
add(struct ledger *ledger, const struct oui *oui, uint32_t address,
    struct facts *facts)
{
	struct origin origin = { .address = address, .probe = "oui" };
	const char *vendor = NULL;
	size_t n;
	const struct fact *const *f = ledger_host(ledger, address, &n);

	for (size_t k = 0; k < n && vendor == NULL; k++) {
		origin.mac = f[k]->mac;
		origin.time_ns = f[k]->time_ns;
		if (mac_is_known(origin.mac))
			vendor = oui_vendor(oui, origin.mac);
	}
	if (vendor == NULL)
		return;
	facts_begin(facts, (struct about){ .kind = ABOUT_HOST }, NULL, 0);
	facts_printf(facts, FACT_MAC_VENDOR, NULL, 0, "%s", vendor);
	ledger_take(ledger, facts, &origin);
}

void
vendors_add(struct ledger *ledger, const struct oui *oui)
{
	size_t hosts;
	uint32_t *addresses = ledger_addresses(ledger, &hosts);
	struct facts *facts = facts_new();

	for (size_t i = 0; facts != NULL && i < hosts; i++)
		add(ledger, oui, addresses[i], facts);
	facts_free(facts);
	free(addresses);
}
