/* SPDX-License-Identifier: ISC */
/*
 * condition - tests over facts.
 *
 * Values are text made by peers and by gantry's own derivations; whatever does
 * not read as a test needs it (a number, a list of ports) fails the test and
 * nothing else.  Pure.
 */
#include <stdlib.h>
#include <string.h>

#include "fingerprints/condition.h"
#include "fingerprints/expression.h"

enum {
	PORT_LAST = 65535,
	DIGITS_MAX = 15, /* what a double holds exactly */
	ABOUTS = 3 * (PORT_LAST + 1)
};

bool
fact_index_build(
    struct fact_index *x, const struct fact *const *facts, size_t n)
{
	size_t next[FACT_KEYS] = { 0 };

	memset(x, 0, sizeof(*x));
	x->by_key = malloc((n + 1) * sizeof(*x->by_key));
	if (x->by_key == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		enum fact_key key = facts[i]->key;

		if (key >= FACT_KEYS)
			continue;
		x->first[key + 1]++;
		x->keys.words[key / 64] |= UINT64_C(1) << key % 64;
	}
	for (size_t k = 0; k < FACT_KEYS; k++) {
		next[k] = x->first[k];
		x->first[k + 1] += x->first[k];
	}
	for (size_t i = 0; i < n; i++) {
		if (facts[i]->key < FACT_KEYS)
			x->by_key[next[facts[i]->key]++] = facts[i];
	}
	return true;
}

void
fact_index_clear(struct fact_index *x)
{
	free(x->by_key);
	x->by_key = NULL;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
number_parse(const char *s, double *out)
{
	bool is_negative = *s == '-', has_point = false;
	double value = 0, scale = 1;
	int digits = 0;

	if (is_negative)
		s++;
	for (; is_digit(*s) || (*s == '.' && !has_point); s++) {
		if (*s == '.') {
			has_point = true;
			continue;
		}
		if (++digits > DIGITS_MAX)
			return false;
		value = value * 10 + (*s - '0');
		if (has_point)
			scale *= 10;
	}
	if (*s != '\0' || digits == 0)
		return false;
	*out = (is_negative ? -value : value) / scale;
	return true;
}

/* Reads a port number; leaves *s behind it. */
static bool
port_read(const char **s, unsigned *port)
{
	unsigned value = 0;

	if (!is_digit(**s))
		return false;
	for (; is_digit(**s); (*s)++) {
		value = value * 10 + (unsigned)(**s - '0');
		if (value > PORT_LAST)
			return false;
	}
	*port = value;
	return true;
}

/* Reads "N" or "N-M" with N not above M; leaves *s behind it. */
static bool
range_read(const char **s, unsigned *first, unsigned *last)
{
	if (!port_read(s, first))
		return false;
	*last = *first;
	if (**s != '-')
		return true;
	(*s)++;
	return port_read(s, last) && *first <= *last;
}

bool
port_list_holds(const char *list, uint16_t port)
{
	unsigned first, last;

	while (range_read(&list, &first, &last)) {
		if (port >= first && port <= last)
			return true;
		if (*list != ',')
			return false;
		list++;
	}
	return false; /* at its end, or at the "..." of a list cut short */
}

bool
condition_about_parse(const char *s, struct condition *c)
{
	unsigned first = 0, last = PORT_LAST;
	enum about_kind kind;

	if (strcmp(s, "host") == 0) {
		kind = ABOUT_HOST;
		s += 4;
	} else if (strncmp(s, "tcp", 3) == 0 || strncmp(s, "udp", 3) == 0) {
		kind = s[0] == 't' ? ABOUT_TCP : ABOUT_UDP;
		s += 3;
	} else {
		return false;
	}
	if (*s == '/' && kind != ABOUT_HOST) {
		s++;
		if (!range_read(&s, &first, &last))
			return false;
	}
	if (*s != '\0')
		return false;
	c->has_about = true;
	c->about = kind;
	c->port_first = (uint16_t)first;
	c->port_last = (uint16_t)last;
	return true;
}

static bool
about_fits(const struct condition *c, struct about a)
{
	if (!c->has_about)
		return true;
	return a.kind == c->about &&
	    (a.kind == ABOUT_HOST ||
		(a.port >= c->port_first && a.port <= c->port_last));
}

static bool
value_fits(const struct condition *c, const char *value)
{
	double number;

	if (c->equals != NULL && strcmp(value, c->equals) != 0)
		return false;
	if (c->has_min || c->has_max) {
		if (!number_parse(value, &number))
			return false;
		if ((c->has_min && number < c->min) ||
		    (c->has_max && number > c->max))
			return false;
	}
	if (c->holds_port != 0 && !port_list_holds(value, c->holds_port))
		return false;
	return c->expression == NULL ||
	    expression_matches(c->expression, value);
}

size_t
condition_facts(const struct condition *c, const struct fact_index *x,
    bool any_value, const struct fact **out, size_t max)
{
	size_t n = 0;

	for (size_t i = x->first[c->key]; i < x->first[c->key + 1]; i++) {
		const struct fact *f = x->by_key[i];

		if (!about_fits(c, f->about) ||
		    (!any_value && !value_fits(c, f->value)))
			continue;
		if (n < max)
			out[n] = f;
		n++;
	}
	return n;
}

/* Hosts have one about, so "at least two" never holds of a host key. */
static bool
met_often(const struct condition *c, const struct fact_index *x)
{
	size_t first = x->first[c->key], end = x->first[c->key + 1];
	uint8_t seen[ABOUTS / 8];
	unsigned distinct = 0;

	if (end - first < c->count_min)
		return false; /* before any memory is touched */
	memset(seen, 0, sizeof(seen));
	for (size_t i = first; i < end; i++) {
		const struct fact *f = x->by_key[i];
		size_t bit =
		    (size_t)f->about.kind * (PORT_LAST + 1) + f->about.port;

		if (!about_fits(c, f->about) ||
		    (seen[bit / 8] & 1u << bit % 8) != 0 ||
		    !value_fits(c, f->value))
			continue;
		seen[bit / 8] |= (uint8_t)(1u << bit % 8);
		if (++distinct >= c->count_min)
			return true;
	}
	return false;
}

bool
condition_met(const struct condition *c, const struct fact_index *x)
{
	if (c->count_min > 1)
		return met_often(c, x);
	for (size_t i = x->first[c->key]; i < x->first[c->key + 1]; i++) {
		const struct fact *f = x->by_key[i];

		if (about_fits(c, f->about) && value_fits(c, f->value))
			return true;
	}
	return false;
}

bool
condition_asked(const struct condition *c, const struct fact_index *x)
{
	for (size_t i = x->first[c->key]; i < x->first[c->key + 1]; i++) {
		if (about_fits(c, x->by_key[i]->about))
			return true;
	}
	return false;
}
