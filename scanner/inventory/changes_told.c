/* SPDX-License-Identifier: ISC */
/* changes_told - alerts that came and went, and many events in a few. */
#include <stdlib.h>
#include <string.h>

#include "scanner/inventory/changes.h"

/* --- alerts ------------------------------------------------------------- */

/* Is a line of len bytes among the lines of text? */
static bool
has_line(const char *text, const char *line, size_t len)
{
	for (const char *s = text; *s != '\0';) {
		size_t n = strcspn(s, "\n");

		if (n == len && memcmp(s, line, len) == 0)
			return true;
		s += n + (s[n] == '\n');
	}
	return false;
}

static void
missing_lines(const char *from, const char *in, enum change_kind kind,
    void (*told)(void *arg, enum change_kind kind, const char *alert),
    void *arg)
{
	for (const char *s = from; *s != '\0';) {
		size_t n = strcspn(s, "\n");
		char *line = strndup(s, n);

		if (line != NULL && n > 0 && !has_line(in, s, n))
			told(arg, kind, line);
		free(line);
		s += n + (s[n] == '\n');
	}
}

void
changes_of_alerts(const char *was, const char *now,
    void (*told)(void *arg, enum change_kind kind, const char *alert),
    void *arg)
{
	missing_lines(now, was, CHANGE_RAISED, told, arg);
	missing_lines(was, now, CHANGE_CLEARED, told, arg);
}

/* --- the net of many ------------------------------------------------------ */

/* Events that are about the same thing of the same asset. */
enum thread {
	THREAD_PRESENCE = 1, /* new, back, gone */
	THREAD_PLACE,        /* moved */
	THREAD_TAKEN,        /* replaced */
	THREAD_FIELD,        /* changed; by field */
	THREAD_GRADE,
	THREAD_RECORD, /* differs, agrees */
	THREAD_ALERT   /* raised, cleared; by text */
};

static enum thread
thread_of(enum change_kind kind)
{
	switch (kind) {
	case CHANGE_NEW:
	case CHANGE_BACK:
	case CHANGE_GONE:
		return THREAD_PRESENCE;
	case CHANGE_MOVED:
		return THREAD_PLACE;
	case CHANGE_REPLACED:
		return THREAD_TAKEN;
	case CHANGE_CHANGED:
		return THREAD_FIELD;
	case CHANGE_FELL:
		return THREAD_GRADE;
	case CHANGE_DIFFERS:
	case CHANGE_AGREES:
		return THREAD_RECORD;
	case CHANGE_RAISED:
	case CHANGE_CLEARED:
	case CHANGE_KINDS:
		break;
	}
	return THREAD_ALERT;
}

static const char *
text_of(const struct told_change *e)
{
	switch (thread_of(e->kind)) {
	case THREAD_FIELD:
		return e->field;
	case THREAD_ALERT:
		return e->kind == CHANGE_RAISED ? e->now : e->was;
	case THREAD_PRESENCE:
	case THREAD_PLACE:
	case THREAD_TAKEN:
	case THREAD_GRADE:
	case THREAD_RECORD:
		break;
	}
	return "";
}

struct strand {
	const struct told_change *e;
	size_t at;
};

static int
compare_strand(const void *pa, const void *pb)
{
	const struct strand *a = pa, *b = pb;
	enum thread x = thread_of(a->e->kind), y = thread_of(b->e->kind);
	int order;

	if (a->e->asset != b->e->asset)
		return a->e->asset < b->e->asset ? -1 : 1;
	if (x != y)
		return x < y ? -1 : 1;
	order = strcmp(text_of(a->e), text_of(b->e));
	return order != 0 ? order : (a->at > b->at) - (a->at < b->at);
}

/* Presence: from what it was before the first to what it is after the last. */
static bool
net_presence(const struct strand *first, const struct strand *last,
    struct net_change *out)
{
	bool was = first->e->kind == CHANGE_GONE;
	bool is = last->e->kind != CHANGE_GONE;

	out->kind = last->e->kind;
	if (first->e->kind == CHANGE_NEW)
		out->kind = CHANGE_NEW;
	/* Came and went: neither new nor gone. */
	return was != is;
}

static bool
net_of(const struct strand *first, const struct strand *last,
    struct net_change *out)
{
	*out = (struct net_change){ .asset = last->e->asset,
		.kind = last->e->kind,
		.field = last->e->field,
		.was = first->e->was,
		.now = last->e->now,
		.event = last->at };
	switch (thread_of(last->e->kind)) {
	case THREAD_PRESENCE:
		return net_presence(first, last, out);
	case THREAD_PLACE:
	case THREAD_FIELD:
		return strcmp(out->was, out->now) != 0;
	case THREAD_ALERT:
	case THREAD_RECORD:
		out->was = last->e->was;
		return first->e->kind == last->e->kind;
	case THREAD_TAKEN:
	case THREAD_GRADE:
		break;
	}
	return true;
}

static int
compare_event(const void *pa, const void *pb)
{
	const struct net_change *a = pa, *b = pb;

	return (a->event > b->event) - (a->event < b->event);
}

size_t
changes_net(const struct told_change *events, size_t n, struct net_change *out)
{
	struct strand *s = calloc(n + 1, sizeof(*s));
	size_t len = 0;

	if (s == NULL)
		return 0;
	for (size_t i = 0; i < n; i++)
		s[i] = (struct strand){ .e = &events[i], .at = i };
	qsort(s, n, sizeof(*s), compare_strand);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n; end++)
			if (s[end].e->asset != s[i].e->asset ||
			    thread_of(s[end].e->kind) !=
				thread_of(s[i].e->kind) ||
			    strcmp(text_of(s[end].e), text_of(s[i].e)) != 0)
				break;
		len += net_of(&s[i], &s[end - 1], &out[len]);
	}
	free(s);
	qsort(out, len, sizeof(*out), compare_event);
	return len;
}
