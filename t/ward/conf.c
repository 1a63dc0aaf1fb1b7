/* SPDX-License-Identifier: ISC */
/*
 * Loading YAML through libcyaml.
 *
 * libcyaml reports an error as a small backtrace, the innermost place first.
 * The lines are joined into one, which is what a person can act on.
 */
#include "conf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf_merge.h"
#include "conf_schema.h"
#include "err.h"

/* Where libcyaml's words are collected. */
struct talk {
	char text[360];
	size_t used;
};

/* Most of libcyaml's lines are empty, or begin with "Load: ". */
static void
talk_add(cyaml_log_t level, void *ctx, const char *fmt, va_list args)
{
	struct talk *t = ctx;
	char line[160];
	const char *text = line;

	(void)level;
	vsnprintf(line, sizeof(line), fmt, args);
	if (strncmp(text, "Load: ", 6) == 0)
		text += 6;
	line[strcspn(line, "\n")] = '\0';
	text += strspn(text, " ");
	if (*text == '\0' || strncmp(text, "Backtrace", 9) == 0 ||
	    t->used + strlen(text) + 3 > sizeof(t->text))
		return;
	t->used += (size_t)snprintf(t->text + t->used,
	    sizeof(t->text) - t->used, "%s%s", t->used ? "; " : "", text);
}

static cyaml_config_t
config_for(struct talk *t)
{
	return (cyaml_config_t){
		.log_fn = talk_add,
		.log_ctx = t,
		.mem_fn = cyaml_mem,
		.log_level = CYAML_LOG_ERROR,
		.flags = CYAML_CFG_DEFAULT,
	};
}

/* Returns what the schema makes of the file, or NULL with err filled in. */
static void *
file_load(const char *path, const cyaml_schema_value_t *schema, struct err *e)
{
	struct talk talk = { .used = 0 };
	cyaml_config_t config = config_for(&talk);
	cyaml_data_t *data = NULL;
	cyaml_err_t got;

	/* libcyaml does not say why a file cannot be opened. */
	if (access(path, R_OK) != 0) {
		err_set(e, "%s: %s", path, strerror(errno));
		return NULL;
	}
	got = cyaml_load_file(path, &config, schema, &data, NULL);
	if (got == CYAML_OK && data == NULL)
		err_set(e, "%s: there is nothing in it", path);
	if (got == CYAML_OK)
		return data;
	err_set(e, "%s: %s%s%s", path, cyaml_strerror(got),
	    talk.used ? ": " : "", talk.text);
	return NULL;
}

static void
file_free(void *data, const cyaml_schema_value_t *schema)
{
	struct talk talk = { .used = 0 };
	cyaml_config_t config = config_for(&talk);

	cyaml_free(&config, schema, data, 0);
}

struct conf_ward *
conf_load_ward(const char *path, struct err *e)
{
	return file_load(path, &conf_ward_schema, e);
}

struct conf_persona *
conf_load_persona(const char *dir, const char *name, struct err *e)
{
	struct talk talk = { .used = 0 };
	cyaml_config_t config = config_for(&talk);
	cyaml_data_t *data = NULL;
	cyaml_err_t got;
	size_t len = 0;
	char *text = conf_merge(dir, name, &len, e);

	if (text == NULL)
		return NULL;
	got = cyaml_load_data((const uint8_t *)text, len, &config,
	    &conf_persona_schema, &data, NULL);
	free(text);
	if (got == CYAML_OK && data != NULL)
		return data;
	err_set(e, "%s/%s: %s%s%s", dir, name, cyaml_strerror(got),
	    talk.used ? ": " : "", talk.text);
	return NULL;
}

void
conf_free_ward(struct conf_ward *c)
{
	file_free(c, &conf_ward_schema);
}

void
conf_free_persona(struct conf_persona *c)
{
	file_free(c, &conf_persona_schema);
}
