/* SPDX-License-Identifier: ISC */
/*
 * scopefile - the written authority for a scope: who vouches for it, until
 * when, which networks it covers and what in them stays untouched.
 *
 *	owner: Radiology IT, A. Person
 *	expires: 2027-03-31
 *	networks: [192.0.2.0/24, 198.51.100.10-198.51.100.20]
 *	do_not_probe: [192.0.2.7]
 *	exclude_ports: [9100, 'U:161', 600-640]
 *
 * An entry of exclude_ports is written as for --ports; without T: or U: it
 * means both.  The scope holds through the end of the day named, in UTC.
 *
 * Limits:    those of yamlfile.h.  libcyaml tells the place of a bad value by
 *            the last thing it read, and no place at all of a value it took
 *            but we refuse; that one is looked for in the text.
 */
#include <cyaml/cyaml.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "scanner/limits.h"
#include "scanner/ports.h"
#include "scanner/scope.h"
#include "scanner/yamlfile.h"

enum { OWNER_MAX = 200, ENTRY_MAX = 64, WHY_MAX = 128 };

/* The file as libcyaml fills it. */
struct scope_yaml {
	char *owner;
	char *expires;
	char **networks;
	unsigned networks_count;
	char **do_not_probe;
	unsigned do_not_probe_count;
	char **exclude_ports;
	unsigned exclude_ports_count;
};

static const cyaml_schema_value_t entry_schema = { CYAML_VALUE_STRING(
    CYAML_FLAG_POINTER, char *, 1, ENTRY_MAX) };

static const cyaml_schema_field_t scope_fields[] = {
	CYAML_FIELD_STRING_PTR("owner", CYAML_FLAG_POINTER, struct scope_yaml,
	    owner, 1, OWNER_MAX),
	CYAML_FIELD_STRING_PTR("expires", CYAML_FLAG_POINTER, struct scope_yaml,
	    expires, 1, ENTRY_MAX),
	CYAML_FIELD_SEQUENCE("networks", CYAML_FLAG_POINTER, struct scope_yaml,
	    networks, &entry_schema, 1, SCOPE_RANGES_MAX),
	CYAML_FIELD_SEQUENCE("do_not_probe",
	    CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct scope_yaml,
	    do_not_probe, &entry_schema, 0, SCOPE_RANGES_MAX),
	CYAML_FIELD_SEQUENCE("exclude_ports",
	    CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct scope_yaml,
	    exclude_ports, &entry_schema, 0, PORTS_MAX),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t scope_schema = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_POINTER, struct scope_yaml, scope_fields) };

/* A scope file that was read. */
struct scope_file {
	struct yamlfile file;
	const struct scope_yaml *yaml;
};

/* Refuses a value, where it first stands.  Returns false. */
static bool
refuse(const struct scope_file *f, const char *word, const char *why)
{
	return yamlfile_refuse(
	    &f->file, yamlfile_line_of(&f->file, word, 0), "%s", why);
}

/* Reads a calendar day into seconds since the epoch at its end, UTC. */
static bool
day_end(const char *text, int64_t *seconds)
{
	struct tm day = { 0 }, again;
	const char *end = strptime(text, "%Y-%m-%d", &day);
	time_t start;

	if (strlen(text) != 10 || end == NULL || *end != '\0')
		return false;
	again = day;
	start = timegm(&again);
	/* timegm() turns 31 February into a day in March */
	if (again.tm_mday != day.tm_mday || again.tm_mon != day.tm_mon)
		return false;
	*seconds = (int64_t)start + 24 * 60 * 60;
	return true;
}

static bool
check_expiry(const struct scope_file *file, int64_t today_ns)
{
	const char *expires = file->yaml->expires;
	char why[WHY_MAX];
	int64_t end;

	if (!day_end(expires, &end)) {
		snprintf(why, sizeof(why),
		    "expires: \"%s\" is not a day as YYYY-MM-DD", expires);
		return refuse(file, "expires", why);
	}
	if (today_ns / 1000000000 >= end) {
		snprintf(why, sizeof(why),
		    "the authority ended with %s: ask %.60s for a new one",
		    expires, file->yaml->owner);
		return refuse(file, "expires", why);
	}
	return true;
}

/* The owner is printed: a line break in it would forge a line. */
static bool
check_owner(const struct scope_file *file)
{
	for (const char *p = file->yaml->owner; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return refuse(
			    file, "owner", "owner: holds a control character");
	return true;
}

static bool
take_networks(const struct scope_file *file, struct scope *scope)
{
	const struct scope_yaml *yaml = file->yaml;
	char why[SCOPE_ERROR];

	for (unsigned i = 0; i < yaml->networks_count; i++)
		if (!scope_name_network(scope, yaml->networks[i], why))
			return refuse(file, yaml->networks[i], why);
	for (unsigned i = 0; i < yaml->do_not_probe_count; i++)
		if (!scope_deny(scope, yaml->do_not_probe[i], why))
			return refuse(file, yaml->do_not_probe[i], why);
	return true;
}

static bool
take_ports(const struct scope_file *file, struct scope *scope)
{
	const struct scope_yaml *yaml = file->yaml;
	char why[PORTS_ERROR];

	for (unsigned i = 0; i < yaml->exclude_ports_count; i++) {
		const char *entry = yaml->exclude_ports[i];
		bool both = strchr(entry, ':') == NULL;
		struct ports ports;

		if (!ports_parse(entry, &ports, why))
			return refuse(file, entry, why);
		for (size_t k = 0; k < ports.tcp_len; k++) {
			scope_deny_port(scope, ABOUT_TCP, ports.tcp[k]);
			if (both)
				scope_deny_port(scope, ABOUT_UDP, ports.tcp[k]);
		}
		for (size_t k = 0; k < ports.udp_len; k++)
			scope_deny_port(scope, ABOUT_UDP, ports.udp[k]);
		ports_free(&ports);
	}
	return true;
}

bool
scope_read_file(struct scope *scope, const char *path, int64_t today_ns,
    char error[static SCOPE_ERROR])
{
	char line[YAMLFILE_ERROR], why[SCOPE_ERROR];
	struct scope_file file;
	bool ok = yamlfile_read(path, &scope_schema, &file.file, line);

	if (ok) {
		file.yaml = file.file.data;
		ok = check_owner(&file) && check_expiry(&file, today_ns) &&
		    take_networks(&file, scope) && take_ports(&file, scope);
		if (ok &&
		    !scope_set_authority(
			scope, file.yaml->owner, file.yaml->expires, why))
			ok = yamlfile_refuse(&file.file, 0, "%s", why);
		yamlfile_clear(&file.file);
	}
	if (!ok)
		snprintf(error, SCOPE_ERROR, "%.*s", SCOPE_ERROR - 1, line);
	return ok;
}
