/* SPDX-License-Identifier: ISC */
/* rights - capabilities down, no_new_privs. */
#include <cap-ng.h>
#include <sys/prctl.h>

#include "scanner/rights.h"

bool
rights_drop(void)
{
	bool can_write =
	    capng_have_capability(CAPNG_EFFECTIVE, CAP_DAC_OVERRIDE) != 0;

	capng_clear(CAPNG_SELECT_BOTH);
	if (can_write)
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED,
		    CAP_DAC_OVERRIDE);
	/* The bounding set needs CAP_SETPCAP; without it there is nothing to
	 * regain anyway once no_new_privs is set. */
	if (capng_apply(CAPNG_SELECT_CAPS) != 0)
		return false;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}
