/* SPDX-License-Identifier: ISC */
/*
 * rights - what the process may still do once its sockets are open; the one
 * door to libcap-ng.
 */
#ifndef RIGHTS_H
#define RIGHTS_H

#include <stdbool.h>

/*
 * Gives up every capability but the one that lets root write into a user's
 * directory (CAP_DAC_OVERRIDE, only where it was there), for good, and sets
 * no_new_privs.  Must come after all sockets and captures are open and before
 * the first packet is read.  Returns false when the system would not.
 */
bool rights_drop(void);

#endif
