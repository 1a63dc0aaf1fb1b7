/* SPDX-License-Identifier: ISC */
/* config_parts - what the files of config share. */
#ifndef CONFIG_PARTS_H
#define CONFIG_PARTS_H

#include "scanner/config.h"
#include "scanner/yamlfile.h"

struct config {
	struct yamlfile file;
	char error[YAMLFILE_ERROR];
	struct config_place *places;
	size_t places_len;
	struct window **windows; /* of each place; owned */
	struct blackout **blackouts;
};

/* Refuses a value; its line is looked for behind that of `name`.  fmt takes
 * name and why.  False. */
bool config_refuse(const struct config *c, const char *name, const char *value,
    const char *fmt, const char *why);

/* Up to 47 letters, digits, - and _, not beginning with -. */
bool config_is_name(const char *s);

/* config_notify.c */
bool config_check_notify(struct config *c);

#endif
