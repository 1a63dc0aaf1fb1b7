/* SPDX-License-Identifier: ISC */
/*
 * yamlfile - YAML files by libcyaml, and its several lines of complaint made
 * one.
 *
 * Limits:    YAML_FILE_MAX bytes, no aliases.
 */
#include <ctype.h>
#include <cyaml/cyaml.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/limits.h"
#include "scanner/yamlfile.h"

/* Keeps of libcyaml's several lines what one line can say. */
static void
on_log(cyaml_log_t level, void *ctx, const char *fmt, va_list args)
{
	struct yamlfile *file = ctx;
	char text[sizeof(file->why)];
	const char *at;

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
	snprintf(file->why, sizeof(file->why), "%s",
	    strncmp(text, "Load: ", 6) == 0 ? text + 6 : text);
}

static bool
is_word_char(char c)
{
	return isalnum((unsigned char)c) || strchr("._-/", c) != NULL;
}

unsigned
yamlfile_line_of(const struct yamlfile *file, const char *word, unsigned from)
{
	const char *found = file->text;
	size_t len = strlen(word);
	unsigned line = 1;

	if (len == 0)
		return 0;
	for (const char *p = file->text; (found = strstr(p, word)) != NULL;
	     p = found + 1) {
		for (const char *q = p; q < found; q++)
			line += *q == '\n';
		if (line >= from &&
		    (found == file->text || !is_word_char(found[-1])) &&
		    (found[len] == '\0' || !is_word_char(found[len])))
			return line;
		line += *found == '\n';
	}
	return 0;
}

bool
yamlfile_refuse(
    const struct yamlfile *file, unsigned line, const char *fmt, ...)
{
	char why[YAMLFILE_ERROR];
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	if (line > 0)
		snprintf(file->error, YAMLFILE_ERROR, "%.120s:%u: %.180s",
		    file->path, line, why);
	else
		snprintf(file->error, YAMLFILE_ERROR, "%.120s: %.190s",
		    file->path, why);
	return false;
}

static bool
read_text(struct yamlfile *file)
{
	FILE *f = fopen(file->path, "re");
	bool ok;

	if (f == NULL)
		return yamlfile_refuse(file, 0, "%s", strerror(errno));
	file->text = malloc(YAML_FILE_MAX + 2);
	if (file->text == NULL) {
		fclose(f);
		return yamlfile_refuse(file, 0, "out of memory");
	}
	file->len = fread(file->text, 1, YAML_FILE_MAX + 1, f);
	file->text[file->len] = '\0';
	ok = !ferror(f) || yamlfile_refuse(file, 0, "%s", strerror(errno));
	fclose(f);
	if (ok && file->len > YAML_FILE_MAX)
		return yamlfile_refuse(file, 0, "is too large");
	if (ok && strlen(file->text) != file->len)
		return yamlfile_refuse(file, 0, "is not text");
	return ok;
}

static cyaml_config_t
yaml_config(struct yamlfile *file)
{
	return (cyaml_config_t){ .log_fn = on_log,
		.log_ctx = file,
		.mem_fn = cyaml_mem,
		.log_level = CYAML_LOG_ERROR,
		.flags = CYAML_CFG_NO_ALIAS };
}

static bool
read_yaml(struct yamlfile *file)
{
	static const char unknown[] = "Unexpected key: ";
	cyaml_config_t config = yaml_config(file);
	cyaml_err_t result;

	result = cyaml_load_data((const uint8_t *)file->text, file->len,
	    &config, file->schema, (cyaml_data_t **)&file->data, NULL);
	if (result == CYAML_OK && file->data == NULL)
		return yamlfile_refuse(file, 0, "is empty");
	if (result == CYAML_OK)
		return true;
	if (strncmp(file->why, unknown, sizeof(unknown) - 1) == 0)
		file->line = yamlfile_line_of(
		    file, file->why + sizeof(unknown) - 1, file->line);
	return yamlfile_refuse(file, file->line, "%s",
	    file->why[0] != '\0' ? file->why : cyaml_strerror(result));
}

bool
yamlfile_read(const char *path, const struct cyaml_schema_value *schema,
    struct yamlfile *out, char error[static YAMLFILE_ERROR])
{
	*out =
	    (struct yamlfile){ .path = path, .schema = schema, .error = error };
	if (read_text(out) && read_yaml(out))
		return true;
	yamlfile_clear(out);
	return false;
}

void
yamlfile_clear(struct yamlfile *file)
{
	cyaml_config_t config = yaml_config(file);

	if (file->data != NULL)
		cyaml_free(&config, file->schema, file->data, 0);
	free(file->text);
	file->data = file->text = NULL;
}
