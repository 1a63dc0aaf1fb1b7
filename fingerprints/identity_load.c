/* SPDX-License-Identifier: ISC */
/*
 * identity_load - the table of DICOM implementations through libcyaml.
 *
 * Limits:  at most YAML_FILE_MAX bytes, no aliases; unknown keys are errors
 */
#include <cyaml/cyaml.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "fingerprints/identity_parts.h"
#include "scanner/limits.h"

enum { TEXT_LEN_MAX = 400, ENTRIES_MAX = 4096, SAID_MAX = 160 };

#define TEXT(member)                                                         \
	CYAML_FIELD_STRING_PTR(#member,                                      \
	    CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct identity_entry, \
	    member, 1, TEXT_LEN_MAX)

static const cyaml_schema_field_t entry_fields[] = {
	TEXT(uid),
	TEXT(version),
	CYAML_FIELD_BOOL("placeholder", CYAML_FLAG_OPTIONAL,
	    struct identity_entry, placeholder),
	TEXT(toolkit),
	TEXT(maker),
	TEXT(product),
	TEXT(product_version),
	TEXT(source),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t entry_value = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct identity_entry, entry_fields) };

static const cyaml_schema_field_t file_fields[] = {
	CYAML_FIELD_SEQUENCE("implementations", CYAML_FLAG_POINTER,
	    struct identity_file, implementations, &entry_value, 1,
	    ENTRIES_MAX),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t file_value = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_POINTER, struct identity_file, file_fields) };

/* What libcyaml said first, and the innermost line it named. */
struct said {
	char message[SAID_MAX];
	char place[SAID_MAX];
};

static void
log_take(cyaml_log_t level, void *ctx, const char *fmt, va_list args)
{
	struct said *said = ctx;
	char text[SAID_MAX];
	char *into;

	(void)level;
	vsnprintf(text, sizeof(text), fmt, args);
	text[strcspn(text, "\n")] = '\0';
	into = strstr(text, "(line: ") != NULL ? said->place : said->message;
	if (into[0] == '\0' && strstr(text, "Backtrace") == NULL)
		snprintf(into, SAID_MAX, "%s",
		    strncmp(text, "Load: ", 6) == 0 ? text + 6 : text);
}

static cyaml_config_t
config_make(struct said *said)
{
	return (cyaml_config_t){
		.log_fn = log_take,
		.log_ctx = said,
		.mem_fn = cyaml_mem,
		.log_level = CYAML_LOG_WARNING,
		.flags = CYAML_CFG_NO_ALIAS,
	};
}

struct identity_file *
identity_file_load(const char *path, char error[static IDENTITY_ERROR])
{
	struct said said = { .message = "" };
	cyaml_config_t config = config_make(&said);
	cyaml_data_t *data = NULL;
	cyaml_err_t err;
	struct stat st;

	if (stat(path, &st) != 0) {
		snprintf(
		    error, IDENTITY_ERROR, "%.100s: %s", path, strerror(errno));
		return NULL;
	}
	if (!S_ISREG(st.st_mode) || st.st_size > YAML_FILE_MAX) {
		snprintf(error, IDENTITY_ERROR,
		    "%.100s: no file of at most %d bytes", path, YAML_FILE_MAX);
		return NULL;
	}
	err = cyaml_load_file(path, &config, &file_value, &data, NULL);
	if (err == CYAML_OK && data != NULL)
		return (struct identity_file *)data;
	snprintf(error, IDENTITY_ERROR, "%.80s: %s %.60s", path,
	    said.message[0] != '\0' ? said.message : cyaml_strerror(err),
	    said.place);
	return NULL;
}

void
identity_file_free(struct identity_file *file)
{
	struct said said = { .message = "" };
	cyaml_config_t config = config_make(&said);

	cyaml_free(&config, &file_value, file, 0);
}
