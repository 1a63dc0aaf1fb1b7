/* SPDX-License-Identifier: ISC */
/*
 * load - fingerprint files through libcyaml, the one door to it here.
 *
 * Source:  YAML 1.1 as libyaml reads it; the keys are those of the schema
 *          below, which mirrors struct fingerprint
 * Limits:  a file is at most YAML_FILE_MAX bytes and one document; aliases are
 *          refused (they let a small file grow without end); an unknown key is
 *          an error, so that a misspelt one is not a rule silently dropped.
 *          libcyaml tells the line it had come to, which for a wrong key is
 *          that of the key before it: hence "near".
 */
#include <cyaml/cyaml.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fingerprints/match.h"
#include "fingerprints/raw.h"
#include "scanner/limits.h"

enum {
	TEXT_LEN_MAX = 8192, /* of one string in a file */
	CONDITIONS_MAX = 16, /* of one clue's also or looked */
	STRINGS_MAX = 64,    /* sources, implies */
	EXAMPLES_MAX = 64,
	EXAMPLE_FACTS_MAX = 512,
	MESSAGE_MAX = 200
};

#define TEXT(key, type, member) \
	CYAML_FIELD_STRING_PTR( \
	    key, CYAML_FLAG_POINTER, type, member, 1, TEXT_LEN_MAX)
#define TEXT_OPTIONAL(key, type, member)                                      \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, \
	    type, member, 1, TEXT_LEN_MAX)
#define LIST(key, type, member, entry, max) \
	CYAML_FIELD_SEQUENCE(               \
	    key, CYAML_FLAG_POINTER, type, member, &entry, 1, max)
#define LIST_OPTIONAL(key, type, member, entry, max)                        \
	CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, \
	    type, member, &entry, 0, max)

static const cyaml_schema_value_t string_value = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, TEXT_LEN_MAX),
};

static const cyaml_schema_field_t condition_fields[] = {
	TEXT("key", struct raw_condition, key),
	TEXT_OPTIONAL("about", struct raw_condition, about),
	TEXT_OPTIONAL("equals", struct raw_condition, equals),
	TEXT_OPTIONAL("matches", struct raw_condition, matches),
	TEXT_OPTIONAL("min", struct raw_condition, min),
	TEXT_OPTIONAL("max", struct raw_condition, max),
	CYAML_FIELD_UINT("holds_port", CYAML_FLAG_OPTIONAL,
	    struct raw_condition, holds_port),
	CYAML_FIELD_UINT(
	    "count_min", CYAML_FLAG_OPTIONAL, struct raw_condition, count_min),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t condition_value = {
	CYAML_VALUE_MAPPING(
	    CYAML_FLAG_DEFAULT, struct raw_condition, condition_fields),
};

static const cyaml_schema_field_t clue_fields[] = {
	TEXT("name", struct raw_clue, name),
	TEXT_OPTIONAL("like", struct raw_clue, like),
	TEXT_OPTIONAL("group", struct raw_clue, group),
	CYAML_FIELD_MAPPING("when", CYAML_FLAG_OPTIONAL, struct raw_clue, when,
	    condition_fields),
	LIST_OPTIONAL(
	    "also", struct raw_clue, also, condition_value, CONDITIONS_MAX),
	CYAML_FIELD_INT("weight", CYAML_FLAG_OPTIONAL, struct raw_clue, weight),
	CYAML_FIELD_INT("absent", CYAML_FLAG_OPTIONAL, struct raw_clue, absent),
	LIST_OPTIONAL(
	    "looked", struct raw_clue, looked, condition_value, CONDITIONS_MAX),
	TEXT_OPTIONAL("reason", struct raw_clue, reason),
	TEXT_OPTIONAL("source", struct raw_clue, source),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t clue_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_clue, clue_fields),
};

static const cyaml_schema_field_t fact_fields[] = {
	TEXT("about", struct raw_fact, about),
	TEXT("key", struct raw_fact, key),
	TEXT("value", struct raw_fact, value),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t fact_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_fact, fact_fields),
};

static const cyaml_schema_field_t example_fields[] = {
	TEXT("name", struct raw_example, name),
	LIST_OPTIONAL(
	    "facts", struct raw_example, facts, fact_value, EXAMPLE_FACTS_MAX),
	TEXT_OPTIONAL("lines", struct raw_example, lines),
	TEXT("expect", struct raw_example, expect),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t example_value = {
	CYAML_VALUE_MAPPING(
	    CYAML_FLAG_DEFAULT, struct raw_example, example_fields),
};

static const cyaml_schema_field_t fingerprint_fields[] = {
	TEXT("name", struct raw_fingerprint, name),
	TEXT("kind", struct raw_fingerprint, kind),
	TEXT_OPTIONAL("maker", struct raw_fingerprint, maker),
	TEXT_OPTIONAL("text", struct raw_fingerprint, text),
	CYAML_FIELD_INT(
	    "prior", CYAML_FLAG_DEFAULT, struct raw_fingerprint, prior),
	LIST_OPTIONAL("sources", struct raw_fingerprint, sources, string_value,
	    STRINGS_MAX),
	LIST_OPTIONAL("implies", struct raw_fingerprint, implies, string_value,
	    STRINGS_MAX),
	LIST("clues", struct raw_fingerprint, clues, clue_value, CLUES_MAX),
	LIST_OPTIONAL("examples", struct raw_fingerprint, examples,
	    example_value, EXAMPLES_MAX),
	LIST_OPTIONAL("counter-examples", struct raw_fingerprint,
	    counter_examples, example_value, EXAMPLES_MAX),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t fingerprint_value = {
	CYAML_VALUE_MAPPING(
	    CYAML_FLAG_POINTER, struct raw_fingerprint, fingerprint_fields),
};

/* What libcyaml said first, and the innermost line it named. */
struct said {
	char message[MESSAGE_MAX];
	unsigned line;
};

/* libcyaml's log: a message, "Backtrace:", then places from the inside out. */
static void
log_take(cyaml_log_t level, void *ctx, const char *fmt, va_list args)
{
	struct said *said = ctx;
	char text[MESSAGE_MAX];
	const char *start = text, *line;

	(void)level;
	vsnprintf(text, sizeof(text), fmt, args);
	text[strcspn(text, "\n")] = '\0';
	if (strncmp(start, "Load: ", 6) == 0)
		start += 6;
	line = strstr(start, "(line: ");
	if (line != NULL && said->line == 0)
		said->line = (unsigned)strtoul(line + 7, NULL, 10);
	if (line == NULL && said->message[0] == '\0' &&
	    strcmp(start, "Backtrace:") != 0)
		snprintf(said->message, sizeof(said->message), "%s", start);
}

static cyaml_config_t
config_make(struct said *said)
{
	return (cyaml_config_t){
		.log_fn = said != NULL ? log_take : NULL,
		.log_ctx = said,
		.mem_fn = cyaml_mem,
		.log_level = CYAML_LOG_WARNING,
		.flags = CYAML_CFG_NO_ALIAS,
	};
}

static void
yaml_free(struct raw_fingerprint *raw)
{
	cyaml_config_t config = config_make(NULL);

	cyaml_free(&config, &fingerprint_value, raw, 0);
}

static void
complain_said(
    struct complaints *c, const struct said *said, const char *otherwise)
{
	const char *message =
	    said->message[0] != '\0' ? said->message : otherwise;

	if (said->line != 0)
		complaints_add(c, "near line %u: %s", said->line, message);
	else
		complaints_add(c, "%s", message);
}

/* Returns what the text says, or NULL, complained of. */
static struct raw_fingerprint *
yaml_parse(const uint8_t *text, size_t len, struct complaints *c)
{
	struct raw_fingerprint *raw = NULL;
	struct said said = { .line = 0 };
	cyaml_config_t config = config_make(&said);
	cyaml_err_t err;

	err = cyaml_load_data(text, len, &config, &fingerprint_value,
	    (cyaml_data_t **)&raw, NULL);
	if (err == CYAML_OK && raw != NULL && said.message[0] == '\0')
		return raw;
	if (err == CYAML_OK && raw == NULL)
		complain_said(c, &said, "empty file");
	else /* a mere warning too: a second document would be ignored */
		complain_said(c, &said, cyaml_strerror(err));
	yaml_free(raw);
	return NULL;
}

/* Returns the file's bytes, at most YAML_FILE_MAX, or NULL, complained of. */
static uint8_t *
file_read(const char *path, size_t *len, struct complaints *c)
{
	uint8_t *bytes = malloc(YAML_FILE_MAX + 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t got = 1;

	*len = 0;
	while (bytes != NULL && fd >= 0 && got > 0 && *len <= YAML_FILE_MAX) {
		got = read(fd, bytes + *len, YAML_FILE_MAX + 1 - *len);
		if (got > 0)
			*len += (size_t)got;
	}
	if (bytes == NULL || fd < 0 || got < 0)
		complaints_add(c, "%s", strerror(errno));
	else if (*len > YAML_FILE_MAX)
		complaints_add(c, "longer than %d bytes", YAML_FILE_MAX);
	if (fd >= 0)
		close(fd);
	if (fd >= 0 && got == 0 && *len <= YAML_FILE_MAX)
		return bytes;
	free(bytes);
	return NULL;
}

static char *
id_of(const char *file)
{
	return strndup(file, strlen(file) - strlen(".yaml"));
}

/* Fills *file; its raw is NULL where the file was complained of. */
static void
file_parse(const char *directory, const char *name, struct raw_file *file,
    struct complaints *c)
{
	uint8_t *text;
	size_t len;

	if (asprintf(&file->path, "%s/%s", directory, name) < 0) {
		file->path = NULL;
		return;
	}
	file->id = id_of(name);
	c->file = file->path;
	text = file->id != NULL ? file_read(file->path, &len, c) : NULL;
	if (text != NULL)
		file->raw = yaml_parse(text, len, c);
	free(text);
}

/* Makes a fingerprint of files[i], which hands over what it holds; false:
 * complained of, here or before. */
static bool
file_resolve(struct raw_file *files, size_t n, size_t i,
    struct fingerprint *out, struct complaints *c)
{
	struct raw_file *file = &files[i];

	c->file = file->path;
	if (file->raw == NULL || !raw_borrow(files, n, i, c) ||
	    !fingerprint_resolve(file->raw, out, c))
		return false;
	out->id = file->id;
	out->yaml = file->raw;
	return true;
}

static int
is_yaml(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 5 &&
	    strcmp(entry->d_name + len - 5, ".yaml") == 0;
}

static int
by_id(const void *a, const void *b)
{
	const struct fingerprint *fa = a, *fb = b;

	return strcmp(fa->id, fb->id);
}

/* Parses and resolves n files, some of which may be like others. */
static void
files_load(const char *directory, struct dirent **entries, size_t n,
    struct fingerprints *all, struct complaints *c)
{
	struct raw_file *files = calloc(n + 1, sizeof(*files));
	bool *was_taken = calloc(n + 1, sizeof(*was_taken));

	for (size_t i = 0; files != NULL && i < n; i++)
		file_parse(directory, entries[i]->d_name, &files[i], c);
	for (size_t i = 0; files != NULL && was_taken != NULL && i < n; i++) {
		was_taken[i] =
		    file_resolve(files, n, i, &all->items[all->len], c);
		if (was_taken[i])
			match_prepare(&all->items[all->len++]);
	}
	for (size_t i = 0; files != NULL && i < n; i++) {
		if (was_taken == NULL || !was_taken[i]) {
			yaml_free(files[i].raw);
			free(files[i].id);
		}
		free(files[i].path);
	}
	free(was_taken);
	free(files);
	c->file = directory;
}

struct fingerprints *
fingerprints_load(
    const char *directory, fingerprint_complain *complain, void *arg)
{
	struct complaints c = { complain, arg, directory, 0 };
	struct fingerprints *all = calloc(1, sizeof(*all));
	struct dirent **entries = NULL;
	int n = scandir(directory, &entries, is_yaml, NULL);

	if (n < 0)
		complaints_add(&c, "%s", strerror(errno));
	else if (n == 0)
		complaints_add(&c, "no fingerprint file (*.yaml)");
	else if (n > FINGERPRINTS_MAX)
		complaints_add(
		    &c, "more than %d fingerprint files", FINGERPRINTS_MAX);
	if (all != NULL && n > 0 && n <= FINGERPRINTS_MAX)
		all->items = calloc((size_t)n, sizeof(*all->items));
	if (all != NULL && all->items != NULL)
		files_load(directory, entries, (size_t)n, all, &c);
	for (int i = 0; i < n; i++)
		free(entries[i]);
	free(entries);
	if (all != NULL && all->len > 0) {
		qsort(all->items, all->len, sizeof(*all->items), by_id);
		return all;
	}
	fingerprints_free(all);
	return NULL;
}

void
fingerprints_free(struct fingerprints *all)
{
	if (all == NULL)
		return;
	for (size_t i = 0; i < all->len; i++) {
		void *id = (void *)(uintptr_t)all->items[i].id;
		void *yaml = all->items[i].yaml;

		fingerprint_clear(&all->items[i]);
		yaml_free(yaml);
		free(id);
	}
	free(all->items);
	free(all);
}
