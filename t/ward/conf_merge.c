/* SPDX-License-Identifier: ISC */
/*
 * One personality made of several: what a file says on top of its base, and a
 * variant on top of its family.
 *
 * Works on YAML's own tree, before anything has a meaning: mappings are laid
 * over each other key by key; anything else replaces what was there, but a key
 * written "+list" puts its items before those that were there.  Limits: bases
 * may have bases, BASES_MAX deep, which ends a circle.
 */
#include "conf_merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "err.h"

enum { BASES_MAX = 8, PATH_ROOM = 4096, NAME_MAX_LEN = 64 };

static const char *
text_of(yaml_node_t *node)
{
	return node != NULL && node->type == YAML_SCALAR_NODE
	    ? (const char *)node->data.scalar.value
	    : NULL;
}

static yaml_node_t *
value_of(yaml_document_t *doc, yaml_node_t *map, const char *key)
{
	if (map == NULL || map->type != YAML_MAPPING_NODE)
		return NULL;
	for (yaml_node_pair_t *p = map->data.mapping.pairs.start;
	     p < map->data.mapping.pairs.top; p++) {
		const char *name = text_of(yaml_document_get_node(doc, p->key));

		if (name != NULL && strcmp(name, key) == 0)
			return yaml_document_get_node(doc, p->value);
	}
	return NULL;
}

static int copy(yaml_document_t *to, yaml_document_t *from, yaml_node_t *node);

static int
copy_list(yaml_document_t *to, yaml_document_t *from, yaml_node_t *node)
{
	int list =
	    yaml_document_add_sequence(to, NULL, YAML_ANY_SEQUENCE_STYLE);

	for (yaml_node_item_t *i = node->data.sequence.items.start;
	     list != 0 && i < node->data.sequence.items.top; i++)
		if (!yaml_document_append_sequence_item(to, list,
			copy(to, from, yaml_document_get_node(from, *i))))
			return 0;
	return list;
}

static int
copy_map(yaml_document_t *to, yaml_document_t *from, yaml_node_t *node)
{
	int map = yaml_document_add_mapping(to, NULL, YAML_ANY_MAPPING_STYLE);

	for (yaml_node_pair_t *p = node->data.mapping.pairs.start;
	     map != 0 && p < node->data.mapping.pairs.top; p++) {
		int key = copy(to, from, yaml_document_get_node(from, p->key));
		int value =
		    copy(to, from, yaml_document_get_node(from, p->value));

		if (!yaml_document_append_mapping_pair(to, map, key, value))
			return 0;
	}
	return map;
}

/* Returns the copy's number, or 0 when memory is out. */
static int
copy(yaml_document_t *to, yaml_document_t *from, yaml_node_t *node)
{
	switch (node->type) {
	case YAML_SEQUENCE_NODE:
		return copy_list(to, from, node);
	case YAML_MAPPING_NODE:
		return copy_map(to, from, node);
	default:
		return yaml_document_add_scalar(to, NULL,
		    node->data.scalar.value, (int)node->data.scalar.length,
		    node->data.scalar.style);
	}
}

/* Two trees being laid over each other: under, then over. */
struct layers {
	yaml_document_t *to, *under, *over;
};

/* The items of over, then those of under. */
static int
join_lists(const struct layers *l, yaml_node_t *under, yaml_node_t *over)
{
	int list = copy(l->to, l->over, over);

	if (under == NULL || under->type != YAML_SEQUENCE_NODE)
		return list;
	for (yaml_node_item_t *i = under->data.sequence.items.start;
	     list != 0 && i < under->data.sequence.items.top; i++)
		if (!yaml_document_append_sequence_item(l->to, list,
			copy(l->to, l->under,
			    yaml_document_get_node(l->under, *i))))
			return 0;
	return list;
}

static bool
is_control(const char *key)
{
	return strcmp(key, "base") == 0 || strcmp(key, "variants") == 0;
}

static int lay(const struct layers *l, yaml_node_t *under, yaml_node_t *over);

/* What becomes of one key of the mapping below. */
static int
lay_value(const struct layers *l, yaml_node_t *value, yaml_node_t *over,
    const char *key)
{
	char plus[NAME_MAX_LEN + 2];
	yaml_node_t *own = value_of(l->over, over, key);

	if (own != NULL)
		return lay(l, value, own);
	snprintf(plus, sizeof(plus), "+%.*s", NAME_MAX_LEN, key);
	own = value_of(l->over, over, plus);
	return own != NULL ? join_lists(l, value, own)
			   : copy(l->to, l->under, value);
}

static bool
add_pair(yaml_document_t *to, int map, const char *key, int value)
{
	int name = yaml_document_add_scalar(
	    to, NULL, (const yaml_char_t *)key, -1, YAML_ANY_SCALAR_STYLE);

	return name != 0 && value != 0 &&
	    yaml_document_append_mapping_pair(to, map, name, value) != 0;
}

static int
lay_maps(const struct layers *l, yaml_node_t *under, yaml_node_t *over)
{
	int map =
	    yaml_document_add_mapping(l->to, NULL, YAML_ANY_MAPPING_STYLE);

	for (yaml_node_pair_t *p = under->data.mapping.pairs.start;
	     map != 0 && p < under->data.mapping.pairs.top; p++) {
		const char *key =
		    text_of(yaml_document_get_node(l->under, p->key));
		yaml_node_t *value = yaml_document_get_node(l->under, p->value);

		if (key != NULL && !is_control(key) &&
		    !add_pair(l->to, map, key, lay_value(l, value, over, key)))
			return 0;
	}
	for (yaml_node_pair_t *p = over->data.mapping.pairs.start;
	     map != 0 && p < over->data.mapping.pairs.top; p++) {
		const char *key =
		    text_of(yaml_document_get_node(l->over, p->key));

		if (key == NULL || is_control(key))
			continue;
		key += key[0] == '+';
		if (value_of(l->under, under, key) == NULL &&
		    !add_pair(l->to, map, key,
			copy(l->to, l->over,
			    yaml_document_get_node(l->over, p->value))))
			return 0;
	}
	return map;
}

static int
lay(const struct layers *l, yaml_node_t *under, yaml_node_t *over)
{
	if (under->type == YAML_MAPPING_NODE && over->type == YAML_MAPPING_NODE)
		return lay_maps(l, under, over);
	return copy(l->to, l->over, over);
}

/* Lays node of over on top of *doc, which is replaced. */
static bool
put_on(yaml_document_t *doc, yaml_document_t *over, yaml_node_t *node)
{
	yaml_document_t result;
	struct layers l = { &result, doc, over };
	yaml_node_t *root = yaml_document_get_root_node(doc);

	if (!yaml_document_initialize(&result, NULL, NULL, NULL, 1, 1))
		return false;
	/* A document's first node is its root, so it must be made first: a
	 * mapping is, before what is in it. */
	if (root == NULL || lay(&l, root, node) == 0) {
		yaml_document_delete(&result);
		return false;
	}
	yaml_document_delete(doc);
	*doc = result;
	return true;
}

static bool
file_parse(const char *path, yaml_document_t *doc, struct err *e)
{
	FILE *f = fopen(path, "re");
	yaml_parser_t parser;
	yaml_node_t *root = NULL;
	bool ok = false;

	if (f == NULL)
		return err_set(e, "%s: there is no such file", path);
	if (yaml_parser_initialize(&parser)) {
		yaml_parser_set_input_file(&parser, f);
		ok = yaml_parser_load(&parser, doc) != 0;
		if (!ok)
			err_set(e, "%s: line %zu: %s", path,
			    parser.problem_mark.line + 1,
			    parser.problem ? parser.problem : "not YAML");
		yaml_parser_delete(&parser);
	}
	fclose(f);
	if (!ok)
		return false;
	root = yaml_document_get_root_node(doc);
	if (root != NULL && root->type == YAML_MAPPING_NODE)
		return true;
	yaml_document_delete(doc);
	return err_set(e, "%s: there is nothing in it", path);
}

static bool document_make(yaml_document_t *doc, const char *dir,
    const char *family, unsigned depth, struct err *e);

/* Puts all of over on its base, which becomes *doc; over is handed over. */
static bool
base_add(yaml_document_t *doc, yaml_document_t *over, const char *dir,
    unsigned depth, struct err *e)
{
	yaml_node_t *root = yaml_document_get_root_node(over);
	const char *base = text_of(value_of(over, root, "base"));
	bool ok;

	if (base == NULL) {
		*doc = *over;
		return true;
	}
	if (depth == BASES_MAX)
		ok = err_set(e, "%s: bases without end", base);
	else
		ok = document_make(doc, dir, base, depth + 1, e);
	if (ok && !put_on(doc, over, root)) {
		yaml_document_delete(doc);
		ok = err_set(e, "%s: out of memory", base);
	}
	yaml_document_delete(over);
	return ok;
}

/* Finds family and variant of a name; false: it is none. */
static bool
name_split(
    const char *name, char family[NAME_MAX_LEN + 1], const char **variant)
{
	size_t len = strcspn(name, ".");

	if (len == 0 || len > NAME_MAX_LEN || strchr(name, '/') != NULL)
		return false;
	memcpy(family, name, len);
	family[len] = '\0';
	*variant = name[len] == '.' ? name + len + 1 : NULL;
	return true;
}

/* Makes the whole of "family" or "family.variant" into *doc. */
static bool
document_make(yaml_document_t *doc, const char *dir, const char *name,
    unsigned depth, struct err *e)
{
	char path[PATH_ROOM], family[NAME_MAX_LEN + 1];
	const char *variant;
	yaml_document_t file, again;
	yaml_node_t *node;
	bool ok;

	if (!name_split(name, family, &variant))
		return err_set(e, "personality: \"%.80s\" is not a name", name);
	if (snprintf(path, sizeof(path), "%s/%s.yaml", dir, family) >=
	    (int)sizeof(path))
		return err_set(e, "%.80s...: path is too long", dir);
	if (!file_parse(path, &file, e) || !base_add(doc, &file, dir, depth, e))
		return false;
	if (variant == NULL)
		return true;
	ok = file_parse(path, &again, e);
	if (ok) {
		node = value_of(&again,
		    value_of(&again, yaml_document_get_root_node(&again),
			"variants"),
		    variant);
		ok = node != NULL && node->type == YAML_MAPPING_NODE;
		if (!ok)
			err_set(e, "%s: no variant \"%.60s\"", path, variant);
		else if (!put_on(doc, &again, node))
			ok = err_set(e, "%s: out of memory", path);
		yaml_document_delete(&again);
	}
	if (!ok)
		yaml_document_delete(doc);
	return ok;
}

/* Where the emitter puts what it writes. */
struct sink {
	char *text;
	size_t len;
};

static int
sink_write(void *arg, unsigned char *bytes, size_t len)
{
	struct sink *s = arg;
	char *more = realloc(s->text, s->len + len);

	if (more == NULL)
		return 0;
	s->text = more;
	memcpy(s->text + s->len, bytes, len);
	s->len += len;
	return 1;
}

/* Writes doc as text; doc is handed over. */
static char *
document_write(yaml_document_t *doc, size_t *len)
{
	struct sink sink = { .text = NULL };
	yaml_emitter_t emitter;
	bool ok;

	if (!yaml_emitter_initialize(&emitter)) {
		yaml_document_delete(doc);
		return NULL;
	}
	yaml_emitter_set_output(&emitter, sink_write, &sink);
	yaml_emitter_set_width(&emitter, -1);
	ok = yaml_emitter_dump(&emitter, doc) && yaml_emitter_flush(&emitter);
	yaml_emitter_delete(&emitter);
	if (!ok) {
		free(sink.text);
		return NULL;
	}
	*len = sink.len;
	return sink.text;
}

char *
conf_merge(const char *dir, const char *name, size_t *len, struct err *e)
{
	yaml_document_t doc, empty;
	char *text;
	int root;

	if (!document_make(&doc, dir, name, 0, e))
		return NULL;
	/* Laying nothing on top drops "base" and "variants" of the last. */
	if (!yaml_document_initialize(&empty, NULL, NULL, NULL, 1, 1)) {
		yaml_document_delete(&doc);
		return NULL;
	}
	root = yaml_document_add_mapping(&empty, NULL, YAML_ANY_MAPPING_STYLE);
	if (root != 0 &&
	    !put_on(&doc, &empty, yaml_document_get_root_node(&empty)))
		root = 0;
	yaml_document_delete(&empty);
	if (root == 0) {
		yaml_document_delete(&doc);
		err_set(e, "%s: out of memory", name);
		return NULL;
	}
	text = document_write(&doc, len);
	if (text == NULL)
		err_set(e, "%s: out of memory", name);
	return text;
}

bool
conf_variants(const char *dir, const char *family,
    bool (*each)(void *arg, const char *variant), void *arg, struct err *e)
{
	char path[PATH_ROOM];
	yaml_document_t doc;
	yaml_node_t *map;
	bool ok = true;

	snprintf(path, sizeof(path), "%s/%s.yaml", dir, family);
	if (!file_parse(path, &doc, e))
		return false;
	map = value_of(&doc, yaml_document_get_root_node(&doc), "variants");
	if (map != NULL && map->type == YAML_MAPPING_NODE)
		for (yaml_node_pair_t *p = map->data.mapping.pairs.start;
		     ok && p < map->data.mapping.pairs.top; p++) {
			const char *name =
			    text_of(yaml_document_get_node(&doc, p->key));

			ok = name == NULL || each(arg, name);
		}
	yaml_document_delete(&doc);
	return ok;
}
