/* SPDX-License-Identifier: ISC */
/*
 * resolve - what a fingerprint file says, looked up and checked.
 *
 * Here names become fact keys, texts numbers and expressions; anything a
 * matcher could stumble over later is a fault now, told with the name of its
 * clue or example.  Good taste (sources, sane weights) is lint.c's.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fingerprints/condition.h"
#include "fingerprints/expression.h"
#include "fingerprints/raw.h"

enum { COMPLAINT_MAX = 400 };

/* The place a complaint is about: "clue beacon", and the part of it. */
struct place {
	struct complaints *complaints;
	const char *what; /* "clue", "example" or "counter-example" */
	const char *name;
	const char *part; /* "when", "also", "looked" or "" */
};

void
complaints_add(struct complaints *c, const char *fmt, ...)
{
	char text[COMPLAINT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	for (char *p = text; *p != '\0'; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?'; /* a complaint is one line, come what may */
	}
	c->count++;
	if (c->complain != NULL)
		c->complain(c->arg, c->file, text);
}

static void
fault(const struct place *p, const char *what, const char *value)
{
	complaints_add(p->complaints, "%s %s: %s%s%s: %.160s", p->what, p->name,
	    p->part, p->part[0] != '\0' ? ": " : "", what, value);
}

/* Allocates n zeroed items; complains when it cannot. */
static void *
make(size_t n, size_t size, struct complaints *c)
{
	void *items = calloc(n + 1, size);

	if (items == NULL)
		complaints_add(c, "out of memory");
	return items;
}

static void
check_value(const char *value, enum fact_key key, const struct place *p)
{
	enum fact_type type = fact_key_type(key);
	double number;

	if (type == FACT_TYPE_FLAG && strcmp(value, "yes") != 0 &&
	    strcmp(value, "no") != 0)
		fault(p, "a flag is yes or no, not", value);
	if (type == FACT_TYPE_NUMBER && !number_parse(value, &number))
		fault(p, "not a number", value);
}

static void
resolve_limit(const char *text, bool *has, double *limit, const struct place *p)
{
	if (text == NULL)
		return;
	*has = number_parse(text, limit);
	if (!*has)
		fault(p, "min or max is not a number", text);
}

static void
resolve_tests(
    const struct raw_condition *raw, struct condition *c, const struct place *p)
{
	char error[COMPLAINT_MAX];

	if (raw->equals != NULL)
		check_value(raw->equals, c->key, p);
	if (raw->matches != NULL) {
		c->expression =
		    expression_new(raw->matches, error, sizeof(error));
		if (c->expression == NULL)
			fault(p, "matches", error);
	}
	resolve_limit(raw->min, &c->has_min, &c->min, p);
	resolve_limit(raw->max, &c->has_max, &c->max, p);
	if ((raw->min != NULL || raw->max != NULL) &&
	    fact_key_type(c->key) != FACT_TYPE_NUMBER)
		fault(p, "min or max on a key that is no number",
		    fact_key_text(c->key));
	if (c->has_min && c->has_max && c->min > c->max)
		fault(p, "min is above max", raw->min);
	if (c->holds_port != 0 && c->key != FACT_PORTS_CLOSED &&
	    c->key != FACT_PORTS_FILTERED)
		fault(p, "holds_port on a key that is no list of ports",
		    fact_key_text(c->key));
}

static void
resolve_condition(
    const struct raw_condition *raw, struct condition *c, const struct place *p)
{
	*c = (struct condition){
		.equals = raw->equals,
		.matches = raw->matches,
		.holds_port = raw->holds_port,
		.count_min = raw->count_min > 0 ? raw->count_min : 1,
		.port_last = UINT16_MAX,
	};
	c->key = fact_key_find(raw->key);
	if (c->key == FACT_KEYS) {
		fault(p, "no such fact key", raw->key);
		return;
	}
	if (raw->about != NULL && !condition_about_parse(raw->about, c))
		fault(p, "about is host, tcp, udp, tcp/N or tcp/N-M, not",
		    raw->about);
	resolve_tests(raw, c, p);
}

/* Returns n resolved conditions, or NULL when there are none. */
static struct condition *
resolve_conditions(
    const struct raw_condition *raw, size_t n, const struct place *p)
{
	struct condition *c;

	if (n == 0)
		return NULL;
	c = make(n, sizeof(*c), p->complaints);
	for (size_t i = 0; c != NULL && i < n; i++)
		resolve_condition(&raw[i], &c[i], p);
	return c;
}

static void
resolve_clue(
    const struct raw_clue *raw, struct clue *clue, struct complaints *c)
{
	struct place p = { c, "clue", raw->name, "when" };

	*clue = (struct clue){
		.name = raw->name,
		.group = raw->group,
		.weight = raw->weight,
		.absent = raw->absent,
		.reason = raw->reason,
		.source = raw->source,
	};
	if (raw->group == NULL || raw->when.key == NULL) {
		p.part = "";
		fault(
		    &p, "is not given", raw->group == NULL ? "group" : "when");
		return;
	}
	resolve_condition(&raw->when, &clue->when, &p);
	p.part = "also";
	clue->also = resolve_conditions(raw->also, raw->also_count, &p);
	clue->also_len = clue->also != NULL ? raw->also_count : 0;
	p.part = "looked";
	clue->looked = resolve_conditions(raw->looked, raw->looked_count, &p);
	clue->looked_len = clue->looked != NULL ? raw->looked_count : 0;
	p.part = "";
	if (raw->weight == 0)
		fault(&p, "weight must not be", "0");
	if (raw->absent > 0)
		fault(&p, "absent", "must not be above 0");
	if (raw->looked_count > 0 && raw->absent == 0)
		fault(&p, "looked", "says nothing without absent");
}

static bool
grade_parse(const char *s, enum grade *out)
{
	static const char *const names[] = { "none", "possible", "probable",
		"confirmed" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(s, names[i]) == 0) {
			*out = (enum grade)i;
			return true;
		}
	}
	return false;
}

static void
resolve_expect(struct example *e, const struct place *p)
{
	static const char at_most[] = "at most ", at_least[] = "at least ";
	const char *text = e->expect;
	bool is_upto = strncmp(text, at_most, sizeof(at_most) - 1) == 0;
	bool is_from = strncmp(text, at_least, sizeof(at_least) - 1) == 0;
	enum grade grade;

	if (is_upto)
		text += sizeof(at_most) - 1;
	if (is_from)
		text += sizeof(at_least) - 1;
	if (!grade_parse(text, &grade)) {
		fault(p, "expect is a grade, at least or at most one, not",
		    e->expect);
		return;
	}
	e->lowest = is_upto ? GRADE_NONE : grade;
	e->highest = is_from ? GRADE_CONFIRMED : grade;
	if (e->is_counter && e->highest > GRADE_POSSIBLE)
		fault(p, "a counter-example must not expect", e->expect);
	if (!e->is_counter && e->lowest == GRADE_NONE)
		fault(p, "an example must not expect", e->expect);
}

static void
resolve_fact(
    const struct raw_fact *raw, struct fact *fact, const struct place *p)
{
	fact->key = fact_key_find(raw->key);
	fact->value = raw->value;
	fact->probe = "example";
	if (!about_parse(raw->about, &fact->about))
		fault(p, "about is host, tcp/N or udp/N, not", raw->about);
	if (fact->key == FACT_KEYS)
		fault(p, "no such fact key", raw->key);
	else
		check_value(raw->value, fact->key, p);
}

static size_t
lines_count(const char *text)
{
	size_t n = text != NULL;

	for (; text != NULL && *text != '\0'; text++)
		n += *text == '\n';
	return n;
}

static void
resolve_lines(char *text, struct example *e, const struct place *p)
{
	struct raw_fact fact;

	while (raw_line_next(&text, &fact)) {
		if (fact.key == NULL)
			fault(p, "a line is about key=value, not", fact.value);
		else
			resolve_fact(&fact, &e->facts[e->facts_len++], p);
	}
}

static void
resolve_example(const struct raw_example *raw, bool is_counter,
    struct example *e, struct complaints *c)
{
	struct place p = { c, is_counter ? "counter-example" : "example",
		raw->name, "" };

	e->name = raw->name;
	e->expect = raw->expect;
	e->is_counter = is_counter;
	e->facts = make(
	    raw->facts_count + lines_count(raw->lines), sizeof(*e->facts), c);
	e->facts_len = e->facts != NULL ? raw->facts_count : 0;
	for (size_t i = 0; i < e->facts_len; i++)
		resolve_fact(&raw->facts[i], &e->facts[i], &p);
	if (e->facts != NULL && raw->lines != NULL)
		resolve_lines(raw->lines, e, &p);
	resolve_expect(e, &p);
}

static void
resolve_clues(const struct raw_fingerprint *raw, struct fingerprint *f,
    struct complaints *c)
{
	f->clues = make(raw->clues_count, sizeof(*f->clues), c);
	f->clues_len = f->clues != NULL ? raw->clues_count : 0;
	for (size_t i = 0; i < f->clues_len; i++) {
		struct clue *clue = &f->clues[i];

		resolve_clue(&raw->clues[i], clue, c);
		for (size_t j = 0; j < i; j++) {
			if (strcmp(clue->name, f->clues[j].name) == 0)
				complaints_add(
				    c, "clue %s: named twice", clue->name);
		}
	}
}

static void
resolve_examples(const struct raw_fingerprint *raw, struct fingerprint *f,
    struct complaints *c)
{
	size_t n = raw->examples_count + raw->counter_examples_count;

	f->examples = make(n, sizeof(*f->examples), c);
	f->examples_len = f->examples != NULL ? n : 0;
	for (size_t i = 0; i < f->examples_len; i++) {
		bool is_counter = i >= raw->examples_count;
		const struct raw_example *from = is_counter
		    ? &raw->counter_examples[i - raw->examples_count]
		    : &raw->examples[i];

		resolve_example(from, is_counter, &f->examples[i], c);
	}
}

static void
check_kind(const char *kind, struct complaints *c)
{
	static const char *const kinds[] = { "console", "workstation", "server",
		"pacs", "host", "printer", "toolkit", "trap", "service",
		"infrastructure", "bedside" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(kind, kinds[i]) == 0)
			return;
	}
	complaints_add(c, "no such kind: %.60s", kind);
}

bool
fingerprint_resolve(const struct raw_fingerprint *raw, struct fingerprint *out,
    struct complaints *c)
{
	size_t before = c->count;

	*out = (struct fingerprint){
		.name = raw->name,
		.kind = raw->kind,
		.maker = raw->maker,
		.text = raw->text,
		.prior = raw->prior,
		.sources = (const char *const *)raw->sources,
		.sources_len = raw->sources_count,
		.implies = (const char *const *)raw->implies,
		.implies_len = raw->implies_count,
	};
	check_kind(raw->kind, c);
	resolve_clues(raw, out, c);
	resolve_examples(raw, out, c);
	if (c->count > before) {
		fingerprint_clear(out);
		return false;
	}
	clues_settle(out->clues, out->clues_len);
	return true;
}

static void
conditions_clear(struct condition *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		expression_free(c[i].expression);
}

void
fingerprint_clear(struct fingerprint *f)
{
	for (size_t i = 0; i < f->clues_len; i++) {
		struct clue *clue = &f->clues[i];

		conditions_clear(&clue->when, 1);
		conditions_clear(clue->also, clue->also_len);
		conditions_clear(clue->looked, clue->looked_len);
		free(clue->also);
		free(clue->looked);
	}
	for (size_t i = 0; i < f->examples_len; i++)
		free(f->examples[i].facts);
	free(f->clues);
	free(f->examples);
	*f = (struct fingerprint){ .id = NULL };
}
