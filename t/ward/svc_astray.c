/* SPDX-License-Identifier: ISC */
/*
 * astray, liar - SYN-ACKs that answer no SYN: from the port above the one
 * that was asked, or in the name of the address above.  No connection comes
 * of it.
 */
#include "services.h"

const struct service service_astray = {
	.name = "astray",
	.stray = STRAY_PORT,
};

const struct service service_liar = {
	.name = "liar",
	.stray = STRAY_ADDRESS,
};
