/* SPDX-License-Identifier: ISC */
/* store - what holds of every database's rows. */
#include "scanner/inventory/store.h"

const char *
store_asset_state(const struct store_asset *a)
{
	if (a->merged_into != 0)
		return "merged";
	if (a->is_gone)
		return "gone";
	return a->silent > 0 ? "silent" : "present";
}
