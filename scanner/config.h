/* SPDX-License-Identifier: ISC */
/*
 * config - /etc/gantry/gantry.yaml: sites and their segments, when each may be
 * looked at, and whom to tell.
 *
 * Read by libcyaml straight into these structs, then checked as a whole: what
 * is there after config_read() can be used as it stands.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/window.h"

#define CONFIG_DEFAULT "/etc/gantry/gantry.yaml"

enum { CONFIG_ERROR = 320, CONFIG_LISTEN_S = 130 };

/* NULL where nothing is said: no. */
enum config_switch { CONFIG_NO = 0, CONFIG_YES };

struct config_segment {
	char *name; /* letters, digits, - and _; unique */
	char **networks;
	unsigned networks_count;
	char *interface;
	char **exclude;
	unsigned exclude_count;
	char **do_not_probe;
	unsigned do_not_probe_count;
	char *scope; /* a scope file */
	char *ports;
	char *care;
	double *rate; /* NULL: the care level's */
	unsigned *host_rate;
	double *listen; /* NULL: CONFIG_LISTEN_S */
	char *called_ae;
	char **windows;
	unsigned windows_count;
	char **blackout;
	unsigned blackout_count;
	char *timezone; /* NULL: the configuration's */
	char *expected; /* a record to be compared with */
	char *columns;  /* of that record */
};

struct config_site {
	char *name;
	struct config_segment *segments;
	unsigned segments_count;
};

/* A secret lies in a file only its owner can read, or among the credentials
 * systemd hands over; never in this file. */
struct config_webhook {
	char *name;
	char *url;
	char *secret_file, *secret_credential;
	char *ca_file;
};

struct config_mail {
	char *name;
	char *url; /* smtp:// or smtps:// */
	char *from;
	char **to;
	unsigned to_count;
	char *user;
	char *password_file, *password_credential;
	char *ca_file;
	enum config_switch *plaintext; /* smtp:// without TLS is allowed */
};

struct config_notify {
	struct config_webhook *webhooks;
	unsigned webhooks_count;
	struct config_mail *mail;
	unsigned mail_count;
	enum config_switch *journal, *syslog;
	char *metrics; /* a file for Prometheus' node exporter */
};

struct config_file {
	char *database, *state, *timezone;
	struct config_site *sites;
	unsigned sites_count;
	struct config_notify *notify; /* or NULL */
};

/* A segment, checked, with what follows from it. */
struct config_place {
	const struct config_site *site;
	const struct config_segment *segment;
	struct calendar calendar;
	uint64_t addresses; /* networks less exclusions and do-not-probe */
	uint64_t excluded;  /* of those networks */
};

struct config;

/*
 * Reads and checks a file.  now_ns: for scope files' expiry.  Returns NULL and
 * one line that names file, line and what; free with config_free().
 */
struct config *config_read(
    const char *path, int64_t now_ns, char error[static CONFIG_ERROR]);

void config_free(struct config *); /* NULL ok */

const struct config_file *config_content(const struct config *);

/* All segments of all sites, in the file's order. */
const struct config_place *config_places(const struct config *, size_t *n);

/* Returns the segment of that name, or NULL. */
const struct config_place *config_find(
    const struct config *, const char *segment);

/* Where the inventory and what is under way lie. */
const char *config_database(const struct config *);
const char *config_state(const struct config *);

#endif
