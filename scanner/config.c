/* SPDX-License-Identifier: ISC */
/*
 * config - the file read by its schema, then every value checked.
 *
 * Limits:    libcyaml names the line of what it cannot take; of a value it
 *            took and we refuse the line is looked for in the text, behind the
 *            segment's name.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/care.h"
#include "scanner/config.h"
#include "scanner/config_parts.h"
#include "scanner/config_schema.h"
#include "scanner/limits.h"
#include "scanner/ports.h"
#include "scanner/scope.h"
#include "scanner/yamlfile.h"
#include "scanner/zone.h"

enum { NAME = 48, LISTEN_MAX = 86400 };

/* --- words --------------------------------------------------------------------- */

/* Where a segment's part of the file begins. */
static unsigned
line_of_name(const struct config *c, const char *name)
{
	return yamlfile_line_of(&c->file, name, 0);
}

/* Refuses a value; its line is looked for behind that of `name`. */
bool
config_refuse(const struct config *c, const char *name, const char *value,
    const char *fmt, const char *why)
{
	unsigned from = line_of_name(c, name);
	unsigned line = yamlfile_line_of(&c->file, value, from);

	return yamlfile_refuse(
	    &c->file, line > 0 ? line : from, fmt, name, why);
}

bool
config_is_name(const char *s)
{
	static const char chars[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

	return s[0] != '-' && s[0] != '\0' && strlen(s) < NAME &&
	    strspn(s, chars) == strlen(s);
}

/* --- a segment ------------------------------------------------------------------- */

static uint64_t
size_of(const struct config_segment *s, bool with_exclusions)
{
	struct scope *scope = scope_new();
	char why[SCOPE_ERROR];
	uint64_t size = 0;
	bool ok = scope != NULL;

	for (unsigned i = 0; ok && i < s->networks_count; i++)
		ok = scope_name_network(scope, s->networks[i], why) &&
		    scope_allow(scope, s->networks[i], why);
	for (unsigned i = 0; ok && with_exclusions && i < s->exclude_count; i++)
		ok = scope_deny(scope, s->exclude[i], why);
	for (unsigned i = 0; ok && with_exclusions && i < s->do_not_probe_count;
	     i++)
		ok = scope_deny(scope, s->do_not_probe[i], why);
	if (ok && scope_freeze(scope, why))
		size = scope_size(scope);
	scope_free(scope);
	return size;
}

/* Each entry by itself, so that the wrong one is named; then all together. */
static bool
check_networks(struct config *c, struct config_place *p, int64_t now_ns)
{
	const struct config_segment *s = p->segment;
	struct scope *scope = scope_new();
	const char *at = s->name;
	char why[SCOPE_ERROR] = "out of memory";
	bool ok = scope != NULL;

	for (unsigned i = 0; ok && i < s->networks_count; i++)
		ok = scope_allow(scope, at = s->networks[i], why);
	for (unsigned i = 0; ok && i < s->exclude_count; i++)
		ok = scope_deny(scope, at = s->exclude[i], why);
	for (unsigned i = 0; ok && i < s->do_not_probe_count; i++)
		ok = scope_deny(scope, at = s->do_not_probe[i], why);
	if (ok && s->scope != NULL)
		ok = scope_read_file(scope, at = s->scope, now_ns, why);
	if (ok) {
		at = s->networks_count > 0 ? s->networks[0] : s->name;
		ok = scope_freeze(scope, why);
	}
	if (ok && scope_size(scope) == 0) {
		snprintf(why, sizeof(why), "nothing is left to look at");
		ok = false;
	}
	if (ok)
		p->addresses = scope_size(scope);
	scope_free(scope);
	if (!ok)
		return config_refuse(c, s->name, at, "segment %s: %s", why);
	p->excluded = size_of(s, false) - size_of(s, true);
	return true;
}

static bool
check_manner(struct config *c, const struct config_segment *s)
{
	char why[PORTS_ERROR];
	struct ports ports;

	if (s->care != NULL && care_find(s->care) == NULL)
		return config_refuse(c, s->name, s->care,
		    "segment %s: care is %s: none of gentle, standard, lab",
		    s->care);
	if (s->ports != NULL) {
		if (!ports_parse(s->ports, &ports, why))
			return config_refuse(
			    c, s->name, s->ports, "segment %s: %s", why);
		ports_free(&ports);
	}
	if (s->rate != NULL && !(*s->rate >= 0 && *s->rate <= 1e7))
		return config_refuse(c, s->name, "rate",
		    "segment %s: rate is no number of packets per second%s",
		    "");
	if (s->host_rate != NULL && (*s->host_rate < 1 || *s->host_rate > 64))
		return config_refuse(c, s->name, "host_rate",
		    "segment %s: host_rate is not from 1 to 64%s", "");
	if (s->listen != NULL && !(*s->listen >= 0 && *s->listen <= LISTEN_MAX))
		return config_refuse(c, s->name, "listen",
		    "segment %s: listen is no number of seconds up to a day%s",
		    "");
	if (s->called_ae != NULL &&
	    (strlen(s->called_ae) > 16 || strchr(s->called_ae, '\\') != NULL))
		return config_refuse(c, s->name, s->called_ae,
		    "segment %s: called_ae is no AE title%s", "");
	return true;
}

static bool
check_times(struct config *c, size_t i)
{
	struct config_place *p = &c->places[i];
	const struct config_segment *s = p->segment;
	const struct config_file *file = c->file.data;
	char why[WINDOW_ERROR];

	p->calendar.zone = s->timezone != NULL ? s->timezone : file->timezone;
	if (!zone_exists(p->calendar.zone))
		return config_refuse(c,
		    s->timezone != NULL ? s->name : "timezone",
		    p->calendar.zone, "%s: no time zone is called %s",
		    p->calendar.zone);
	c->windows[i] = calloc(s->windows_count + 1, sizeof(**c->windows));
	c->blackouts[i] = calloc(s->blackout_count + 1, sizeof(**c->blackouts));
	if (c->windows[i] == NULL || c->blackouts[i] == NULL)
		return yamlfile_refuse(&c->file, 0, "out of memory");
	for (unsigned k = 0; k < s->windows_count; k++)
		if (!window_parse(s->windows[k], &c->windows[i][k], why))
			return config_refuse(
			    c, s->name, s->windows[k], "segment %s: %s", why);
	for (unsigned k = 0; k < s->blackout_count; k++)
		if (!blackout_parse(s->blackout[k], &c->blackouts[i][k], why))
			return config_refuse(
			    c, s->name, s->blackout[k], "segment %s: %s", why);
	p->calendar.windows = c->windows[i];
	p->calendar.windows_len = s->windows_count;
	p->calendar.blackouts = c->blackouts[i];
	p->calendar.blackouts_len = s->blackout_count;
	return true;
}

static bool
check_segment(struct config *c, size_t i, int64_t now_ns)
{
	const struct config_segment *s = c->places[i].segment;

	if (!config_is_name(s->name))
		return config_refuse(c, s->name, s->name,
		    "segment %s: a name is up to 47 letters, digits, - and "
		    "_%s",
		    "");
	for (size_t k = 0; k < i; k++)
		if (strcmp(c->places[k].segment->name, s->name) == 0)
			return yamlfile_refuse(&c->file,
			    yamlfile_line_of(&c->file, s->name,
				line_of_name(c, s->name) + 1),
			    "two segments are called %s", s->name);
	return check_networks(c, &c->places[i], now_ns) && check_manner(c, s) &&
	    check_times(c, i);
}

static bool
check_segments(struct config *c, int64_t now_ns)
{
	const struct config_file *file = c->file.data;
	size_t n = 0;

	for (unsigned i = 0; i < file->sites_count; i++)
		n += file->sites[i].segments_count;
	c->places = calloc(n + 1, sizeof(*c->places));
	c->windows = calloc(n + 1, sizeof(struct window *));
	c->blackouts = calloc(n + 1, sizeof(struct blackout *));
	if (c->places == NULL || c->windows == NULL || c->blackouts == NULL)
		return yamlfile_refuse(&c->file, 0, "out of memory");
	for (unsigned i = 0; i < file->sites_count; i++) {
		const struct config_site *site = &file->sites[i];

		for (unsigned k = 0; k < site->segments_count; k++)
			c->places[c->places_len++] =
			    (struct config_place){ .site = site,
				    .segment = &site->segments[k] };
	}
	for (size_t i = 0; i < c->places_len; i++)
		if (!check_segment(c, i, now_ns))
			return false;
	return true;
}

/* --- the whole ------------------------------------------------------------------------ */

struct config *
config_read(const char *path, int64_t now_ns, char error[static CONFIG_ERROR])
{
	struct config *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		snprintf(error, CONFIG_ERROR, "out of memory");
		return NULL;
	}
	if (!yamlfile_read(path, &config_schema, &c->file, c->error) ||
	    !check_segments(c, now_ns) || !config_check_notify(c)) {
		snprintf(error, CONFIG_ERROR, "%s", c->error);
		config_free(c);
		return NULL;
	}
	return c;
}

void
config_free(struct config *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->places_len; i++) {
		free(c->windows[i]);
		free(c->blackouts[i]);
	}
	free(c->windows);
	free(c->blackouts);
	free(c->places);
	yamlfile_clear(&c->file);
	free(c);
}

const struct config_file *
config_content(const struct config *c)
{
	return c->file.data;
}

const struct config_place *
config_places(const struct config *c, size_t *n)
{
	*n = c->places_len;
	return c->places;
}

const struct config_place *
config_find(const struct config *c, const char *segment)
{
	for (size_t i = 0; i < c->places_len; i++)
		if (strcmp(c->places[i].segment->name, segment) == 0)
			return &c->places[i];
	return NULL;
}

const char *
config_database(const struct config *c)
{
	const struct config_file *file = c->file.data;

	return file->database != NULL ? file->database
				      : "/var/lib/gantry/inventory.db";
}

const char *
config_state(const struct config *c)
{
	const struct config_file *file = c->file.data;

	return file->state != NULL ? file->state : "/var/lib/gantry";
}
