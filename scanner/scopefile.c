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
 * Limits:    YAML_FILE_MAX bytes, no aliases.  libcyaml tells the place of a
 *            bad value by the last thing it read, and no place at all of a
 *            value it took but we refuse; that one is looked for in the text.
 */
#include <cyaml/cyaml.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "scanner/limits.h"
#include "scanner/ports.h"
#include "scanner/scope.h"

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

/* A scope file being read; text is NUL-terminated. */
struct scope_file {
	const char *path;
	char *text;
	size_t len;
	struct scope_yaml *yaml;
	/* libcyaml's complaint: its first line, and the first place named */
	char why[WHY_MAX];
	unsigned line;
	char *error; /* SCOPE_ERROR bytes */
};

/* Keeps of libcyaml's several lines what one line can say. */
static void
on_log(cyaml_log_t level, void *ctx, const char *fmt, va_list args)
{
	struct scope_file *file = ctx;
	char text[WHY_MAX];
	const char *at, *from;

	if (level < CYAML_LOG_ERROR)
		return;
	vsnprintf(text, sizeof(text), fmt, args);
	text[strcspn(text, "\n")] = '\0';
	at = strstr(text, "(line: ");
	if (at != NULL && file->line == 0)
		file->line = (unsigned)strtoul(at + 7, NULL, 10);
	if (at != NULL || strstr(text, "Backtrace") != NULL ||
	    file->why[0] != '\0')
		return;
	from = strncmp(text, "Load: ", 6) == 0 ? text + 6 : text;
	snprintf(file->why, sizeof(file->why), "%s", from);
}

/* Returns the number of the first line that holds the word, or 0. */
static unsigned
line_of(const struct scope_file *file, const char *word)
{
	const char *found = strstr(file->text, word);
	unsigned line = 1;

	if (found == NULL)
		return 0;
	for (const char *p = file->text; p < found; p++)
		line += *p == '\n';
	return line;
}

/* Writes "path:line: why", without the line where it is 0.  Returns false. */
static bool
refuse(const struct scope_file *file, unsigned line, const char *why)
{
	if (line > 0)
		snprintf(file->error, SCOPE_ERROR, "%.100s:%u: %.130s",
		    file->path, line, why);
	else
		snprintf(file->error, SCOPE_ERROR, "%.100s: %.140s", file->path,
		    why);
	return false;
}

static bool
read_text(struct scope_file *file)
{
	FILE *f = fopen(file->path, "re");
	bool ok;

	if (f == NULL)
		return refuse(file, 0, strerror(errno));
	file->text = malloc(YAML_FILE_MAX + 2);
	if (file->text == NULL) {
		fclose(f);
		return refuse(file, 0, "out of memory");
	}
	file->len = fread(file->text, 1, YAML_FILE_MAX + 1, f);
	file->text[file->len] = '\0';
	ok = !ferror(f);
	if (!ok)
		refuse(file, 0, strerror(errno));
	fclose(f);
	if (ok && file->len > YAML_FILE_MAX)
		return refuse(file, 0, "is too large for a scope file");
	if (ok && strlen(file->text) != file->len)
		return refuse(file, 0, "is not text");
	return ok;
}

static cyaml_config_t
yaml_config(struct scope_file *file)
{
	return (cyaml_config_t){ .log_fn = on_log,
		.log_ctx = file,
		.mem_fn = cyaml_mem,
		.log_level = CYAML_LOG_ERROR,
		.flags = CYAML_CFG_NO_ALIAS };
}

static bool
read_yaml(struct scope_file *file)
{
	static const char unknown[] = "Unexpected key: ";
	cyaml_config_t config = yaml_config(file);
	cyaml_data_t *data = NULL;
	cyaml_err_t result;

	result = cyaml_load_data((const uint8_t *)file->text, file->len,
	    &config, &scope_schema, &data, NULL);
	file->yaml = data;
	if (result != CYAML_OK) {
		if (strncmp(file->why, unknown, sizeof(unknown) - 1) == 0)
			file->line =
			    line_of(file, file->why + sizeof(unknown) - 1);
		return refuse(file, file->line,
		    file->why[0] != '\0' ? file->why : cyaml_strerror(result));
	}
	if (file->yaml == NULL)
		return refuse(file, 0, "is empty");
	return true;
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
		return refuse(file, line_of(file, "expires"), why);
	}
	if (today_ns / 1000000000 >= end) {
		snprintf(why, sizeof(why),
		    "the authority ended with %s: ask %.60s for a new one",
		    expires, file->yaml->owner);
		return refuse(file, line_of(file, "expires"), why);
	}
	return true;
}

/* The owner is printed: a line break in it would forge a line. */
static bool
check_owner(const struct scope_file *file)
{
	for (const char *p = file->yaml->owner; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return refuse(file, line_of(file, "owner"),
			    "owner: holds a control character");
	return true;
}

static bool
take_networks(const struct scope_file *file, struct scope *scope)
{
	const struct scope_yaml *yaml = file->yaml;
	char why[SCOPE_ERROR];

	for (unsigned i = 0; i < yaml->networks_count; i++)
		if (!scope_name_network(scope, yaml->networks[i], why))
			return refuse(
			    file, line_of(file, yaml->networks[i]), why);
	for (unsigned i = 0; i < yaml->do_not_probe_count; i++)
		if (!scope_deny(scope, yaml->do_not_probe[i], why))
			return refuse(
			    file, line_of(file, yaml->do_not_probe[i]), why);
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
			return refuse(file, line_of(file, entry), why);
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
	struct scope_file file = { .path = path, .error = error };
	cyaml_config_t config = yaml_config(&file);
	char why[SCOPE_ERROR];
	bool ok;

	ok = read_text(&file) && read_yaml(&file) && check_owner(&file) &&
	    check_expiry(&file, today_ns) && take_networks(&file, scope) &&
	    take_ports(&file, scope);
	if (ok &&
	    !scope_set_authority(
		scope, file.yaml->owner, file.yaml->expires, why))
		ok = refuse(&file, 0, why);
	if (file.yaml != NULL)
		cyaml_free(&config, &scope_schema, file.yaml, 0);
	free(file.text);
	return ok;
}
