/* SPDX-License-Identifier: ISC */
/*
 * oui - MAC prefixes to vendors, in one sorted array.
 *
 * Source:    IEEE's MA-L registry as Debian's ieee-data ships it: lines of
 *            "08-00-20   (hex)<tab><tab>Name", others are addresses
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
	PREFIX_TEXT = 8,   /* "08:00:20" */
	LINE_MAX_LEN = 512 /* longer lines are cut */
};

struct entry {
	uint32_t prefix;
	uint32_t name; /* offset into names */
	bool is_bedside;
	bool is_overlay;
};

struct oui {
	struct entry *entries;
	size_t len, room;
	char *names;
	size_t names_len, names_room;
};

static const char *const registries[] = { "/usr/share/ieee-data/oui.txt",
	"/var/lib/ieee-data/oui.txt", "/usr/share/hwdata/oui.txt", NULL };

static const char local_name[] = "locally administered";

/* Reads "08:00:20" or "08-00-20" at the beginning of text. */
static bool
prefix_read(const char *text, uint32_t *prefix)
{
	char whole[NET_MAC_TEXT];
	struct mac mac;

	if (strlen(text) < PREFIX_TEXT)
		return false;
	snprintf(whole, sizeof(whole), "%.8s%c00%c00%c00", text, text[2],
	    text[2], text[2]);
	if (!mac_parse(whole, &mac))
		return false;
	*prefix = (uint32_t)mac.b[0] << 16 | (uint32_t)mac.b[1] << 8 | mac.b[2];
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
names_add(struct oui *oui, const char *name, size_t len, uint32_t *at)
{
	if (oui->names_room - oui->names_len <= len) {
		size_t room = oui->names_room * 2 + 4096;
		char *names = realloc(oui->names, room);

		if (names == NULL)
			return false;
		oui->names = names;
		oui->names_room = room;
	}
	*at = (uint32_t)oui->names_len;
	memcpy(oui->names + oui->names_len, name, len + 1);
	oui->names_len += len + 1;
	return true;
}

/* Takes over everything but the name's place.  False: no room. */
static bool
entry_add(struct oui *oui, struct entry entry, const char *name, size_t len)
{
	if (oui->len == OUI_ENTRIES_MAX ||
	    !names_add(oui, name, len, &entry.name))
		return false;
	if (oui->len == oui->room) {
		size_t room = oui->room * 2 + 256;
		struct entry *entries =
		    realloc(oui->entries, room * sizeof(*entries));

		if (entries == NULL)
			return false;
		oui->entries = entries;
		oui->room = room;
	}
	oui->entries[oui->len++] = entry;
	return true;
}

/* Reads a line of the registry; most are not of interest. */
static bool
registry_line(struct oui *oui, const char *line)
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
	return len == 0 || entry_add(oui, entry, name, len);
}

static bool
read_registry(
    struct oui *oui, const char *path, FILE *f, char error[static OUI_ERROR])
{
	char line[LINE_MAX_LEN];
	bool ok = true;

	while (ok && fgets(line, sizeof(line), f) != NULL)
		ok = registry_line(oui, line);
	if (!ok)
		snprintf(error, OUI_ERROR, "%.150s: too many entries", path);
	else if (ferror(f))
		snprintf(error, OUI_ERROR, "%.150s: %s", path, strerror(errno));
	return ok && !ferror(f);
}

static bool
read_registries(
    struct oui *oui, const char *const *paths, char error[static OUI_ERROR])
{
	for (; paths != NULL && *paths != NULL; paths++) {
		FILE *f = fopen(*paths, "re");
		bool ok;

		if (f == NULL)
			continue;
		ok = read_registry(oui, *paths, f, error);
		fclose(f);
		return ok;
	}
	return true;
}

/* Returns why the line is wrong, or NULL when it was taken or empty. */
static const char *
overlay_line(struct oui *oui, char *line)
{
	static const char flag[] = "bedside";
	struct entry entry = { .is_overlay = true };
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
	return entry_add(oui, entry, name, len) ? NULL : "no room for it";
}

static bool
read_overlay_lines(
    struct oui *oui, const char *path, FILE *f, char error[static OUI_ERROR])
{
	char line[LINE_MAX_LEN];

	for (unsigned number = 1; fgets(line, sizeof(line), f) != NULL;
	     number++) {
		const char *why = overlay_line(oui, line);

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
read_overlay(struct oui *oui, const char *path, char error[static OUI_ERROR])
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
	ok = read_overlay_lines(oui, path, f, error);
	fclose(f);
	return ok;
}

/* By prefix; ours before the registry's. */
static int
entry_order(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->prefix != y->prefix)
		return x->prefix < y->prefix ? -1 : 1;
	if (x->is_overlay != y->is_overlay)
		return x->is_overlay ? -1 : 1;
	return (x->name > y->name) - (x->name < y->name);
}

/* Sorts and keeps the first entry of each prefix. */
static void
settle(struct oui *oui)
{
	size_t n = 0;

	if (oui->len == 0)
		return;
	qsort(oui->entries, oui->len, sizeof(oui->entries[0]), entry_order);
	for (size_t i = 1; i < oui->len; i++)
		if (oui->entries[i].prefix != oui->entries[n].prefix)
			oui->entries[++n] = oui->entries[i];
		else if (oui->entries[i].is_bedside)
			oui->entries[n].is_bedside = true;
	oui->len = n + 1;
}

struct oui *
oui_new_from(
    const char *const *paths, const char *overlay, char error[static OUI_ERROR])
{
	struct oui *oui = calloc(1, sizeof(*oui));

	if (oui == NULL) {
		snprintf(error, OUI_ERROR, "out of memory");
		return NULL;
	}
	if (!read_overlay(oui, overlay, error) ||
	    !read_registries(oui, paths, error)) {
		oui_free(oui);
		return NULL;
	}
	settle(oui);
	return oui;
}

struct oui *
oui_new(const char *overlay, char error[static OUI_ERROR])
{
	return oui_new_from(registries, overlay, error);
}

void
oui_free(struct oui *oui)
{
	if (oui == NULL)
		return;
	free(oui->entries);
	free(oui->names);
	free(oui);
}

static const struct entry *
find(const struct oui *oui, struct mac mac)
{
	uint32_t prefix =
	    (uint32_t)mac.b[0] << 16 | (uint32_t)mac.b[1] << 8 | mac.b[2];
	size_t low = 0, high = oui->len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (oui->entries[middle].prefix == prefix)
			return &oui->entries[middle];
		if (oui->entries[middle].prefix < prefix)
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
	entry = find(oui, mac);
	if (entry != NULL)
		return oui->names + entry->name;
	/* after the list: DEC's AA-00-04 is older than the bit's meaning */
	return mac.b[0] & 2 ? local_name : NULL;
}

bool
oui_is_bedside(const struct oui *oui, struct mac mac)
{
	const struct entry *entry = find(oui, mac);

	return entry != NULL && entry->is_bedside;
}
