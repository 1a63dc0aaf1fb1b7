/* SPDX-License-Identifier: ISC */
/*
 * silent - accepts, reads, never says a word; closes when the peer does.
 */
#include "services.h"

const struct service service_silent = {
	.name = "silent",
};
