/* SPDX-License-Identifier: ISC */
/*
 * asking - what the commands that ask the inventory have in common.
 */
#ifndef ASKING_H
#define ASKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "scanner/inventory/store.h"

struct options;

/* Opens the inventory of --db, or the default one.  Returns NULL after one
 * line. */
struct store *asking_open(
    const struct options *options, const char *command, enum store_mode mode);

/* Says what the store's trouble is; returns EXIT_USAGE. */
int asking_trouble(const struct store *store, const char *command);

/* Reads "2026-11-01", "2026-11-01T22:00:00Z" or "30d" (before now_ns).
 * False leaves *out alone. */
bool asking_date(const char *s, int64_t now_ns, int64_t *out);

/*
 * One site is one network, and some answers are about one: that of --site, or
 * the only one there is.  Writes its latest run.  False after one line, in an
 * inventory of several sites, too.
 */
bool asking_site(struct store *store, const struct options *options,
    const char *command, struct store_run *last);

struct asset_list {
	struct store_asset *items;
	size_t len, room;
	bool with_all; /* gone and merged ones too */
	bool ran_out;
};

/* All of a site (NULL: of all).  Free items. */
bool asking_assets(
    struct store *store, const char *site, struct asset_list *list);

/*
 * Calls write(arg, out) with what --json FILE names (- is standard output), or
 * with standard output where it is not given.  False after one line.
 */
bool asking_write(const struct options *options, const char *command,
    bool (*write)(void *arg, FILE *out), void *arg);

/* `gantry assets`, `diff`, `report`, `prune`, `import`, `export`: each returns
 * an exit code. */
int assets_run(const struct options *options);
int diff_run(const struct options *options);
int report_run(const struct options *options);
int prune_run(const struct options *options);
int import_run(const struct options *options);
int export_run(const struct options *options);

#endif
