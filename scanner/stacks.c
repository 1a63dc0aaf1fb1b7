/* SPDX-License-Identifier: ISC */
/* stacks - reading the table, and holding a shape against it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/limits.h"
#include "scanner/stacks.h"

enum {
	LINE_LEN = 512,
	FIELDS = 7,
	MSS_LEAST = 1300,
	MSS_MOST = 1460,
	BSD_STEP = 64000
};

enum field { KIND, TTL, WINDOW, OPTIONS, DF, IP_ID, ISN };

struct stack {
	enum stack_kind kind;
	char *line; /* owned; the others point into it */
	const char *fields[FIELDS];
	const char *system, *grade, *source;
};

struct stacks {
	struct stack items[STACKS_MAX];
	size_t len;
};

void
stacks_free(struct stacks *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->len; i++)
		free(s->items[i].line);
	free(s);
}

size_t
stacks_count(const struct stacks *s)
{
	return s->len;
}

/* --- reading ------------------------------------------------------------ */

static char *
trim(char *s)
{
	size_t len;

	s += strspn(s, " \t");
	len = strlen(s);
	while (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t'))
		s[--len] = '\0';
	return s;
}

/* Cuts s at the next bar.  Returns what is behind it, or NULL. */
static char *
bar_cut(char *s)
{
	char *bar = s != NULL ? strchr(s, '|') : NULL;

	if (bar == NULL)
		return NULL;
	*bar = '\0';
	return bar + 1;
}

static bool
fields_cut(struct stack *stack, char *s)
{
	for (size_t i = 0; i < FIELDS; i++) {
		s += strspn(s, " \t");
		if (*s == '\0')
			return false;
		stack->fields[i] = s;
		s += strcspn(s, " \t");
		if (*s != '\0')
			*s++ = '\0';
	}
	return *trim(s) == '\0';
}

static bool
is_one_of(const char *word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

/* Returns why the line is wrong, or NULL when it was taken over. */
static const char *
line_take(struct stack *stack, char *line)
{
	static const char *const flags[] = { "yes", "no", "*", NULL };
	static const char *const grades[] = { "V", "I", NULL };
	static const char *const steps[] = { "64000", "other", "*", NULL };
	char *system = bar_cut(line), *grade = bar_cut(system),
	     *source = bar_cut(grade);

	if (source == NULL || !fields_cut(stack, line))
		return "is not seven fields, a system, a grade and a source";
	stack->system = trim(system);
	stack->grade = trim(grade);
	stack->source = trim(source);
	if (strcmp(stack->fields[KIND], "answer") == 0)
		stack->kind = STACK_ANSWER;
	else if (strcmp(stack->fields[KIND], "syn") == 0)
		stack->kind = STACK_SYN;
	else
		return "is neither of an answer nor of a syn";
	if (!is_one_of(stack->fields[DF], flags) ||
	    !is_one_of(stack->fields[ISN], steps))
		return "has a DF or an ISN that is none";
	if (!is_one_of(stack->grade, grades) || *stack->system == '\0' ||
	    *stack->source == '\0')
		return "has no system, grade or source";
	return NULL;
}

static const char *
read_line(struct stacks *s, char *line)
{
	struct stack *stack = &s->items[s->len];
	const char *why;

	line[strcspn(line, "#\r\n")] = '\0';
	line = trim(line);
	if (*line == '\0')
		return NULL;
	if (s->len == STACKS_MAX)
		return "is one too many";
	stack->line = strdup(line);
	if (stack->line == NULL)
		return "found no memory";
	why = line_take(stack, stack->line);
	if (why != NULL)
		free(stack->line);
	else
		s->len++;
	return why;
}

struct stacks *
stacks_new(const char *path, char error[static STACKS_ERROR])
{
	struct stacks *s = calloc(1, sizeof(*s));
	FILE *f = s != NULL ? fopen(path, "re") : NULL;
	char line[LINE_LEN];
	const char *why = NULL;

	snprintf(error, STACKS_ERROR, "%.150s: %s", path,
	    s == NULL ? "out of memory" : strerror(errno));
	for (unsigned n = 1;
	     f != NULL && why == NULL && fgets(line, sizeof(line), f) != NULL;
	     n++) {
		why = read_line(s, line);
		if (why != NULL)
			snprintf(
			    error, STACKS_ERROR, "%.150s:%u: %s", path, n, why);
	}
	if (f == NULL || why != NULL || ferror(f)) {
		stacks_free(s);
		s = NULL;
	}
	if (f != NULL)
		fclose(f);
	return s;
}

/* --- matching ----------------------------------------------------------- */

/* Calls for each word of a list with commas; true where one holds. */
static bool
any(const char *list, bool (*holds)(const char *word, const void *arg),
    const void *arg)
{
	char word[LINE_LEN];

	if (strcmp(list, "*") == 0)
		return true;
	for (;;) {
		size_t len = strcspn(list, ",");

		snprintf(word, sizeof(word), "%.*s", (int)len, list);
		if (holds(word, arg))
			return true;
		if (list[len] == '\0')
			return false;
		list += len + 1;
	}
}

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
}

/*
 * Options against a pattern.  A number's end is not marked ("M5B4E" may be an
 * MSS and an end), so each length is tried.
 */
static bool
pattern_holds(const char *pattern, const char *s)
{
	while (*pattern != '\0' && *pattern != 'e' && *pattern != '*') {
		if (*pattern != *s)
			return false;
		pattern++;
		s++;
	}
	if (*pattern == '\0')
		return *s == '\0';
	for (size_t len = 1; len <= 4 && is_hex(s[len - 1]); len++) {
		char digits[5];
		unsigned long n;

		snprintf(digits, sizeof(digits), "%.*s", (int)len, s);
		n = strtoul(digits, NULL, 16);
		if ((*pattern == '*' || (n >= MSS_LEAST && n <= MSS_MOST)) &&
		    pattern_holds(pattern + 1, s + len))
			return true;
	}
	return false;
}

static bool
option_holds(const char *word, const void *arg)
{
	const char *options = arg;

	if (strcmp(word, "-") == 0)
		return options[0] == '\0';
	return pattern_holds(word, options);
}

bool
stack_options_match(const char *list, const char *options)
{
	return any(list, option_holds, options);
}

static bool
window_holds(const char *word, const void *arg)
{
	const uint16_t *window = arg;

	return strtoul(word, NULL, 10) == *window;
}

static bool
text_holds(const char *word, const void *arg)
{
	return strcmp(word, arg) == 0;
}

/* arg is a list itself: of the TTLs it may have begun as. */
static bool
ttl_holds(const char *word, const void *arg)
{
	return any(arg, text_holds, word);
}

static bool
isn_holds(const char *want, int64_t step)
{
	bool is_bsd = step % BSD_STEP == 0;

	if (step == 0 || strcmp(want, "*") == 0)
		return true;
	return strcmp(want, "other") == 0 ? !is_bsd : is_bsd;
}

static bool
holds(const struct stack *stack, const struct stack_shape *shape)
{
	const char *const *f = stack->fields;

	return stack->kind == shape->kind &&
	    any(f[WINDOW], window_holds, &shape->window) &&
	    stack_options_match(f[OPTIONS], shape->options) &&
	    any(f[TTL], ttl_holds, shape->ttl_initial) &&
	    any(f[DF], text_holds, shape->df ? "yes" : "no") &&
	    (shape->id_kind == NULL ||
		any(f[IP_ID], text_holds, shape->id_kind)) &&
	    isn_holds(f[ISN], shape->isn_step);
}

size_t
stacks_match(const struct stacks *s, const struct stack_shape *shape,
    char buf[static STACKS_TEXT])
{
	const char *found[STACKS_MAX];
	size_t n = 0, used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < s->len; i++) {
		const char *system = s->items[i].system;
		size_t k = 0;

		if (!holds(&s->items[i], shape))
			continue;
		while (k < n && strcmp(found[k], system) != 0)
			k++;
		if (k < n)
			continue;
		found[n++] = system;
		if (used + strlen(system) + sizeof(", ...") >= STACKS_TEXT) {
			snprintf(buf + used, STACKS_TEXT - used, ", ...");
			continue;
		}
		used += (size_t)snprintf(buf + used, STACKS_TEXT - used, "%s%s",
		    used > 0 ? ", " : "", system);
	}
	return n;
}
