/* SPDX-License-Identifier: ISC */
/*
 * oui - MAC prefixes to vendors, in one sorted array.
 *
 * Source:    IEEE's MA-L registry as Debian's ieee-data ships it: lines of
 *            "08-00-20   (hex)<tab><tab>Name", others are addresses
 *            The registry has some 40,000 entries and is read when the first
 *            MAC is met that our own list does not know: many runs meet none
 * Limits:    24-bit prefixes: of the smaller blocks (MA-M, MA-S) only the
 *            registry's own name for the whole is known.  Names are cut to
 *            OUI_NAME_MAX; a letter outside ASCII becomes '?'
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/limits.h"
#include "scanner/oui.h"

enum {
	PREFIX_TEXT = 8,    /* "08:00:20" */
	LINE_MAX_LEN = 512, /* longer lines are cut */
	READ_AT_ONCE = 256 << 10
};

struct entry {
	uint32_t prefix;
	uint32_t name; /* offset into names */
	bool is_bedside;
};

struct list {
	struct entry *entries;
	size_t len, room;
	char *names;
	size_t names_len, names_room;
};

struct registry {
	struct list list;
	FILE
	    *file; /* opened while there is the right to; NULL: none, or read */
};

struct oui {
	struct list ours;
	struct registry *registry;
};

static const char *const registries[] = { "/usr/share/ieee-data/oui.txt",
	"/var/lib/ieee-data/oui.txt", "/usr/share/hwdata/oui.txt", NULL };

static const char local_name[] = "locally administered";

static int
digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Reads "08:00:20" or "08-00-20" at the beginning of text. */
static bool
prefix_read(const char *text, uint32_t *prefix)
{
	uint32_t value = 0;

	for (int i = 0; i < PREFIX_TEXT; i++) {
		int digit = digit_of(text[i]);

		if (i % 3 == 2) {
			if ((text[i] != '-' && text[i] != ':') ||
			    text[i] != text[2])
				return false;
			continue;
		}
		if (digit < 0)
			return false;
		value = value << 4 | (uint32_t)digit;
	}
	*prefix = value;
	return true;
}

/* Makes a name printable and drops blanks at its end.  Returns its length. */
static size_t
name_clean(const char *text, char out[static OUI_NAME_MAX])
{
	size_t n = 0;

	for (; *text != '\0' && n < OUI_NAME_MAX - 1; text++) {
		unsigned char c = (unsigned char)*text;

		if (c >= ' ' && c < 0x7f)
			out[n++] = (char)c;
		else if (c >= 0xc0) /* a UTF-8 letter's first byte */
			out[n++] = '?';
	}
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return n;
}

static bool
names_add(struct list *list, const char *name, size_t len, uint32_t *at)
{
	if (list->names_room - list->names_len <= len) {
		size_t room = list->names_room * 2 + 4096;
		char *names = realloc(list->names, room);

		if (names == NULL)
			return false;
		list->names = names;
		list->names_room = room;
	}
	*at = (uint32_t)list->names_len;
	memcpy(list->names + list->names_len, name, len + 1);
	list->names_len += len + 1;
	return true;
}

/* Takes over everything but the name's place.  False: no room. */
static bool
entry_add(struct list *list, struct entry entry, const char *name, size_t len)
{
	if (list->len == OUI_ENTRIES_MAX ||
	    !names_add(list, name, len, &entry.name))
		return false;
	if (list->len == list->room) {
		size_t room = list->room * 2 + 256;
		struct entry *entries =
		    realloc(list->entries, room * sizeof(*entries));

		if (entries == NULL)
			return false;
		list->entries = entries;
		list->room = room;
	}
	list->entries[list->len++] = entry;
	return true;
}

/* Reads a line of the registry; most are not of interest.  False: no room. */
static bool
registry_line(struct list *list, const char *line)
{
	static const char mark[] = "(hex)";
	struct entry entry = { 0 };
	char name[OUI_NAME_MAX];
	const char *at;
	size_t len;

	if (!prefix_read(line, &entry.prefix))
		return true;
	at = line + PREFIX_TEXT;
	at += strspn(at, " \t");
	if (strncmp(at, mark, sizeof(mark) - 1) != 0)
		return true;
	at += sizeof(mark) - 1;
	len = name_clean(at + strspn(at, " \t"), name);
	return len == 0 || entry_add(list, entry, name, len);
}

static FILE *
open_first(const char *const *paths)
{
	FILE *f = NULL;

	for (; f == NULL && paths != NULL && *paths != NULL; paths++)
		f = fopen(*paths, "re");
	return f;
}

/* Returns why the line is wrong, or NULL when it was taken or empty. */
static const char *
overlay_line(struct list *list, char *line)
{
	static const char flag[] = "bedside";
	struct entry entry = { 0 };
	char name[OUI_NAME_MAX];
	size_t len;

	line[strcspn(line, "#\r\n")] = '\0';
	line += strspn(line, " \t");
	if (*line == '\0')
		return NULL;
	if (!prefix_read(line, &entry.prefix) ||
	    strspn(line + PREFIX_TEXT, " \t") == 0)
		return "does not begin with a prefix such as 08:00:20";
	line += PREFIX_TEXT;
	line += strspn(line, " \t");
	len = strcspn(line, " \t");
	if (len == sizeof(flag) - 1 && memcmp(line, flag, len) == 0) {
		entry.is_bedside = true;
		line += len;
		line += strspn(line, " \t");
	}
	len = name_clean(line, name);
	if (len == 0)
		return "names no vendor";
	return entry_add(list, entry, name, len) ? NULL : "no room for it";
}

static bool
read_overlay_lines(
    struct list *list, const char *path, FILE *f, char error[static OUI_ERROR])
{
	char line[LINE_MAX_LEN];

	for (unsigned number = 1; fgets(line, sizeof(line), f) != NULL;
	     number++) {
		const char *why = overlay_line(list, line);

		if (why != NULL) {
			snprintf(error, OUI_ERROR, "%.150s:%u: %s", path,
			    number, why);
			return false;
		}
	}
	if (ferror(f)) {
		snprintf(error, OUI_ERROR, "%.150s: %s", path, strerror(errno));
		return false;
	}
	return true;
}

static bool
read_overlay(struct list *list, const char *path, char error[static OUI_ERROR])
{
	FILE *f;
	bool ok;

	if (path == NULL)
		return true;
	f = fopen(path, "re");
	if (f == NULL) {
		snprintf(error, OUI_ERROR, "%.150s: %s", path, strerror(errno));
		return false;
	}
	ok = read_overlay_lines(list, path, f, error);
	fclose(f);
	return ok;
}

static int
entry_order(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->prefix != y->prefix)
		return x->prefix < y->prefix ? -1 : 1;
	return (x->name > y->name) - (x->name < y->name);
}

/* Sorts and keeps the first entry of each prefix. */
static void
settle(struct list *list)
{
	size_t n = 0;

	if (list->len == 0)
		return;
	qsort(list->entries, list->len, sizeof(list->entries[0]), entry_order);
	for (size_t i = 1; i < list->len; i++)
		if (list->entries[i].prefix != list->entries[n].prefix)
			list->entries[++n] = list->entries[i];
		else if (list->entries[i].is_bedside)
			list->entries[n].is_bedside = true;
	list->len = n + 1;
}

struct oui *
oui_new_from(
    const char *const *paths, const char *overlay, char error[static OUI_ERROR])
{
	struct oui *oui = calloc(1, sizeof(*oui));

	if (oui != NULL)
		oui->registry = calloc(1, sizeof(*oui->registry));
	if (oui == NULL || oui->registry == NULL) {
		snprintf(error, OUI_ERROR, "out of memory");
		oui_free(oui);
		return NULL;
	}
	if (!read_overlay(&oui->ours, overlay, error)) {
		oui_free(oui);
		return NULL;
	}
	settle(&oui->ours);
	oui->registry->file = open_first(paths);
	return oui;
}

struct oui *
oui_new(const char *overlay, char error[static OUI_ERROR])
{
	return oui_new_from(registries, overlay, error);
}

static void
list_free(struct list *list)
{
	free(list->entries);
	free(list->names);
}

void
oui_free(struct oui *oui)
{
	if (oui == NULL)
		return;
	list_free(&oui->ours);
	if (oui->registry != NULL) {
		if (oui->registry->file != NULL)
			fclose(oui->registry->file);
		list_free(&oui->registry->list);
	}
	free(oui->registry);
	free(oui);
}

/* What cannot be read stays unknown: names are for people. */
static void
registry_read(struct registry *r)
{
	char line[LINE_MAX_LEN], *room;

	if (r->file == NULL)
		return;
	/* glibc takes no size without the room. */
	room = malloc(READ_AT_ONCE);
	if (room != NULL)
		setvbuf(r->file, room, _IOFBF, READ_AT_ONCE);
	while (fgets(line, sizeof(line), r->file) != NULL)
		if (!registry_line(&r->list, line))
			break;
	fclose(r->file);
	r->file = NULL;
	free(room);
	settle(&r->list);
}

static const struct entry *
find(const struct list *list, struct mac mac)
{
	uint32_t prefix =
	    (uint32_t)mac.b[0] << 16 | (uint32_t)mac.b[1] << 8 | mac.b[2];
	size_t low = 0, high = list->len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list->entries[middle].prefix == prefix)
			return &list->entries[middle];
		if (list->entries[middle].prefix < prefix)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const char *
oui_vendor(const struct oui *oui, struct mac mac)
{
	const struct entry *entry;

	if (!mac_is_known(mac) || mac.b[0] & 1)
		return NULL;
	entry = find(&oui->ours, mac);
	if (entry != NULL)
		return oui->ours.names + entry->name;
	registry_read(oui->registry);
	entry = find(&oui->registry->list, mac);
	if (entry != NULL)
		return oui->registry->list.names + entry->name;
	/* after the list: DEC's AA-00-04 is older than the bit's meaning */
	return mac.b[0] & 2 ? local_name : NULL;
}

bool
oui_is_bedside(const struct oui *oui, struct mac mac)
{
	const struct entry *entry = find(&oui->ours, mac);

	return entry != NULL && entry->is_bedside;
}
