/* SPDX-License-Identifier: ISC */
/* progress_line - the bar, then words in the order of their weight. */
#include <stdio.h>
#include <string.h>

#include "scanner/progress_line.h"

enum {
	BAR = 24,
	COLUMNS_LEAST = 20,
	COLUMNS_USUAL = 80,
	WORDS = 72,
	WORDS_LEAST = 24
};

/* Below this share the pace says nothing yet. */
static const double ASKED_ENOUGH = 0.05;

enum word {
	WORD_PERCENT, /* the most important */
	WORD_ETA,
	WORD_HOSTS,
	WORD_FINDINGS,
	WORD_HALTED,
	WORD_RATE,
	WORD_BUSY,
	WORD_KINDS
};

void
progress_reckon(
    struct progress *p, double asked, double gone_s, double listen_s)
{
	double heard = listen_s > gone_s ? gone_s / listen_s : 1;
	double left = listen_s - gone_s;

	if (asked >= ASKED_ENOUGH && gone_s * (1 - asked) / asked > left)
		left = gone_s * (1 - asked) / asked;
	p->percent = (unsigned)(100 * (asked < heard ? asked : heard));
	p->eta_s = left > 0 ? (unsigned)left + 1 : 0;
}

static const char *
plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void
put_findings(const struct progress *p, char out[static WORDS])
{
	if (p->consoles > 0 && p->dicom > 0)
		snprintf(out, WORDS, "%zu console%s, %zu DICOM", p->consoles,
		    plural(p->consoles), p->dicom);
	else if (p->consoles > 0)
		snprintf(out, WORDS, "%zu console%s", p->consoles,
		    plural(p->consoles));
	else if (p->dicom > 0)
		snprintf(out, WORDS, "%zu DICOM", p->dicom);
	else
		snprintf(out, WORDS, "nothing found yet");
}

static void
put_eta(unsigned s, char out[static WORDS])
{
	if (s == 0)
		out[0] = '\0';
	else if (s < 60)
		snprintf(out, WORDS, "%u s to go", s);
	else if (s < 3600)
		snprintf(out, WORDS, "%u min %u s to go", s / 60, s % 60);
	else
		snprintf(
		    out, WORDS, "%u h %u min to go", s / 3600, s / 60 % 60);
}

static void
put_words(const struct progress *p, char words[static WORD_KINDS][WORDS])
{
	snprintf(words[WORD_PERCENT], WORDS, "%3u %%", p->percent);
	put_eta(p->eta_s, words[WORD_ETA]);
	snprintf(
	    words[WORD_HOSTS], WORDS, "%zu host%s", p->hosts, plural(p->hosts));
	put_findings(p, words[WORD_FINDINGS]);
	words[WORD_HALTED][0] = '\0';
	if (p->halted > 0)
		snprintf(words[WORD_HALTED], WORDS, "%zu HALTED", p->halted);
	snprintf(words[WORD_RATE], WORDS, "%.0f packets/s", p->rate);
	snprintf(words[WORD_BUSY], WORDS, "%zu busy", p->busy);
}

static size_t
put_bar(unsigned percent, char out[static PROGRESS_LINE])
{
	unsigned filled = BAR * (percent > 100 ? 100 : percent) / 100;
	size_t used = 0;

	out[used++] = '[';
	for (unsigned i = 0; i < BAR; i++)
		out[used++] = i < filled ? '#' : '.';
	out[used++] = ']';
	out[used] = '\0';
	return used;
}

const char *
progress_line(const struct progress *p, bool has_bar, unsigned columns,
    char buf[static PROGRESS_LINE])
{
	char words[WORD_KINDS][WORDS];
	size_t used = 0, room = PROGRESS_LINE - 1;

	if (columns == 0)
		columns = COLUMNS_USUAL;
	if (columns < COLUMNS_LEAST)
		columns = COLUMNS_LEAST;
	if (has_bar && columns - 1 < room)
		room = columns - 1;
	buf[0] = '\0';
	put_words(p, words);
	if (has_bar && room >= BAR + 2 + WORDS_LEAST)
		used = put_bar(p->percent, buf);
	for (int w = 0; w < WORD_KINDS; w++) {
		const char *comma = used == 0 ? "" : w == 0 ? " " : ", ";
		size_t len = strlen(words[w]) + strlen(comma);

		if (words[w][0] == '\0' || used + len > room)
			continue;
		used += (size_t)snprintf(
		    buf + used, PROGRESS_LINE - used, "%s%s", comma, words[w]);
	}
	return buf;
}
