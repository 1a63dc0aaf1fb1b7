/* SPDX-License-Identifier: ISC */
/*
 * oui - whose network card it is, by the first three bytes of its address.
 *
 * Two sources: the public registry where the system has a copy, and our own
 * list (data/oui.txt), which knows what names meant when the machines were
 * built and which makers stand at the bedside.  Ours wins.
 */
#ifndef OUI_H
#define OUI_H

#include <stdbool.h>

#include "scanner/net.h"

struct oui;

enum { OUI_ERROR = 256 };

/*
 * Reads the overlay at path, and of the places systems keep the registry at
 * (ieee-data's oui.txt) the first that can be opened, none being fine.  Lines
 * of the overlay are
 *
 *	08:00:20 Sun Microsystems
 *	00:a0:37 bedside Mindray DS USA		# comment
 *
 * It must be there and without error, for it holds the makers not to be
 * probed; who can do without says so by NULL, and no maker is at the bedside.
 * Returns NULL and one line in error.
 *
 * The registry is opened here and read when it is first of use: names that
 * cannot be read then are not known.
 */
struct oui *oui_new(const char *overlay, char error[static OUI_ERROR]);

/* The same with the registry looked for at paths, ended by NULL. */
struct oui *oui_new_from(const char *const *paths, const char *overlay,
    char error[static OUI_ERROR]);

void oui_free(struct oui *); /* NULL ok */

/*
 * Returns the vendor's name in printable ASCII, valid as long as the oui;
 * "locally administered" for an address no vendor gave out; or NULL where it
 * is not known, not a station's address or all zero.
 */
const char *oui_vendor(const struct oui *, struct mac mac);

/* Does the maker stand at the bedside: monitors, pumps, ventilators? */
bool oui_is_bedside(const struct oui *, struct mac mac);

#endif
