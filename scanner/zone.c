/* SPDX-License-Identifier: ISC */
/* zone - one zone at a time. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/zone.h"

bool
zone_exists(const char *name)
{
	char path[PATH_MAX];

	if (name == NULL)
		return true;
	if (name[0] == '/' || name[0] == '\0' || strstr(name, "..") != NULL)
		return false;
	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
	return access(path, R_OK) == 0;
}

bool
zone_enter(struct zone *z, const char *name)
{
	const char *was = getenv("TZ");

	*z = (struct zone){ .is_own = name != NULL };
	if (name == NULL) {
		tzset();
		return true;
	}
	if (was != NULL) {
		z->was = strdup(was);
		if (z->was == NULL)
			return false;
	}
	if (setenv("TZ", name, 1) != 0) {
		free(z->was);
		return false;
	}
	tzset();
	return true;
}

void
zone_leave(struct zone *z)
{
	if (!z->is_own)
		return;
	if (z->was != NULL)
		setenv("TZ", z->was, 1);
	else
		unsetenv("TZ");
	tzset();
	free(z->was);
}
