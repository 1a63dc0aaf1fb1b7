/* SPDX-License-Identifier: ISC */
/*
 * mail - the words of a mail.
 *
 * Source:    RFC 5322.  Its Message-ID is made of the events' ids, so that a
 *            mail sent twice is known for one.
 * Limits:    ASCII only: a site's or asset's other letters become '?'.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/notify/channel.h"
#include "scanner/schedule/event.h"

/* Nothing of it can end a line or a header. */
static void
put_ascii(FILE *f, const char *s)
{
	for (; *s != '\0'; s++)
		fputc(*s >= ' ' && *s < 0x7f ? *s : '?', f);
}

static void
put_date(FILE *f, int64_t now_ns)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t t = (time_t)(now_ns / 1000000000);
	struct tm tm;

	if (gmtime_r(&t, &tm) != NULL)
		fprintf(f, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n",
		    days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
		    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void
put_head(FILE *f, const struct config_mail *m,
    const struct store_letter *letters, size_t n, int64_t now_ns)
{
	const char *domain = strchr(m->from, '@');

	put_date(f, now_ns);
	fprintf(f, "From: gantry <%s>\r\nTo: ", m->from);
	for (unsigned i = 0; i < m->to_count; i++)
		fprintf(f, "%s<%s>", i > 0 ? ",\r\n " : "", m->to[i]);
	fprintf(f, "\r\nSubject: gantry: %zu change%s", n, n == 1 ? "" : "s");
	if (letters[0].event.site[0] != '\0') {
		fputs(" at ", f);
		put_ascii(f, letters[0].event.site);
	}
	fprintf(f, "\r\nMessage-ID: <gantry.%s.%s%s>\r\n", letters[0].event.id,
	    letters[n - 1].event.id, domain != NULL ? domain : "@localhost");
	fputs("MIME-Version: 1.0\r\n"
	      "Content-Type: text/plain; charset=us-ascii\r\n"
	      "Auto-Submitted: auto-generated\r\n\r\n",
	    f);
}

char *
mail_text(const struct config_mail *m, const struct store_letter *letters,
    size_t n, int64_t now_ns)
{
	char line[EVENT_LINE];
	char *text = NULL;
	size_t len;
	FILE *f = n > 0 ? open_memstream(&text, &len) : NULL;

	if (f == NULL)
		return NULL;
	put_head(f, m, letters, n, now_ns);
	for (size_t i = 0; i < n; i++) {
		const struct store_event *e = &letters[i].event;

		put_ascii(f, e->site);
		fputs(e->site[0] != '\0' ? ": " : "", f);
		put_ascii(f, event_line(e, line));
		fprintf(f, "\r\n    event %s\r\n", e->id);
	}
	if (fclose(f) == 0)
		return text;
	free(text);
	return NULL;
}
