/* SPDX-License-Identifier: ISC */
/*
 * ndjson - facts as JSON (RFC 8259), one object per line.
 *
 * A value has no line break (json_fact.c), so one can only be the end of a
 * line.
 */
#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <time.h>

#include "reports/json_fact.h"
#include "reports/ndjson.h"
#include "reports/report.h"
#include "reports/view.h"
#include "scanner/bitstext.h"
#include "scanner/probe.h"
#include "scanner/text.h"

/* Twice a value (escaped quotes), the evidence, the names, and room. */
enum { LINE_MAX_BYTES = 2 * FACT_VALUE_MAX + 2 * FACT_RAW_MAX + 2048 };

/* One object and its line's end; the stream is the caller's, for many. */
static bool
write_fact(
    struct emit *e, FILE *out, const struct run *run, const struct fact *f)
{
	char address[NET_IPV4_TEXT], mac[NET_MAC_TEXT], site[VIEW_SAFE];

	emit_object(e, NULL);
	emit_text(e, "site", view_safe(run->site, site));
	emit_text(e, "address", ipv4_text(f->address, address));
	emit_text(
	    e, "mac", mac_is_known(f->mac) ? mac_text(f->mac, mac) : NULL);
	json_fact_members(e, f);
	emit_object_end(e);
	return emit_flush(e) && fputc('\n', out) != EOF;
}

bool
ndjson_write_fact(FILE *out, const struct run *run, const struct fact *f)
{
	struct emit *e = emit_new(out);
	bool ok = e != NULL && write_fact(e, out, run, f);

	if (e == NULL)
		errno = ENOMEM;
	emit_free(e);
	return ok;
}

/* --- reading ----------------------------------------------------------- */

/* Who asked, as a literal: a probe, or one of our own stages. */
static const char *
probe_name(const char *name)
{
	static const char *const ours[] = { "census", "derive", "listen", "oui",
		"syn", "udp", "visit" };
	const struct probe *p = probe_find(name);

	if (p != NULL)
		return p->name;
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strcmp(ours[i], name) == 0)
			return ours[i];
	return NULL;
}

/* What text_time() writes. */
static bool
time_parse(const char *s, int64_t *out)
{
	char again[TEXT_TIME];
	struct tm tm = { 0 };
	int micro, end = 0;

	if (sscanf(s, "%4d-%2d-%2dT%2d:%2d:%2d.%6dZ%n", &tm.tm_year, &tm.tm_mon,
		&tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &micro,
		&end) != 7 ||
	    s[end] != '\0' || end == 0)
		return false;
	/* What nanoseconds in 64 bits can hold. */
	if (tm.tm_year < 1970 || tm.tm_year > 2261)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	*out = (int64_t)timegm(&tm) * 1000000000 + (int64_t)micro * 1000;
	/* Only one text stands for a time. */
	return strcmp(text_time(*out, again), s) == 0;
}

static bool
value_parse(const char *s, char out[static FACT_VALUE_MAX])
{
	size_t len = strlen(s);

	if (len == 0 || len >= FACT_VALUE_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		if (s[i] < ' ' || s[i] > '~')
			return false;
	memcpy(out, s, len + 1);
	return true;
}

static bool
evidence_parse(json_t *j, struct evidence *out)
{
	json_int_t number, offset;
	const char *hex;
	size_t len;

	*out = (struct evidence){ .kind = EVIDENCE_NONE };
	if (json_is_null(j))
		return true;
	if (json_unpack(j, "{s:I, s:I, s:s!}", "frame", &number, "offset",
		&offset, "hex", &hex) == 0)
		out->kind = EVIDENCE_FRAME;
	else if (json_unpack(j, "{s:I, s:I, s:s!}", "talk", &number, "offset",
		     &offset, "hex", &hex) == 0)
		out->kind = EVIDENCE_TALK;
	else
		return false;
	len = strlen(hex) / 2;
	if (number < 1 || number > UINT32_MAX || offset < 0 ||
	    offset > UINT32_MAX || len > FACT_RAW_MAX ||
	    !bits_parse(hex, out->raw, len))
		return false;
	out->number = (uint32_t)number;
	out->offset = (uint32_t)offset;
	out->raw_len = (uint16_t)len;
	return true;
}

static const char *
fact_parse(json_t *j, struct fact *out, char value[static FACT_VALUE_MAX])
{
	const char *site, *address, *about, *key, *text, *probe, *time;
	json_t *mac, *evidence;

	*out = (struct fact){ .value = value };
	if (json_unpack(j, "{s:s, s:s, s:o, s:s, s:s, s:s, s:s, s:s, s:o!}",
		"site", &site, "address", &address, "mac", &mac, "about",
		&about, "key", &key, "value", &text, "probe", &probe, "time",
		&time, "evidence", &evidence) != 0)
		return "not a fact";
	if (!ipv4_parse(address, &out->address))
		return "no IPv4 address";
	if (!json_is_null(mac) &&
	    (!json_is_string(mac) ||
		!mac_parse(json_string_value(mac), &out->mac)))
		return "no MAC";
	if (!about_parse(about, &out->about))
		return "about neither the host nor a port";
	out->key = fact_key_find(key);
	if (out->key == FACT_KEYS)
		return "an unknown key";
	if (!value_parse(text, value))
		return "a value that is empty, too long or not printable";
	out->probe = probe_name(probe);
	if (out->probe == NULL)
		return "an unknown probe";
	if (!time_parse(time, &out->time_ns))
		return "no time";
	return evidence_parse(evidence, &out->evidence) ? NULL
							: "broken evidence";
}

const char *
ndjson_read_fact(
    const char *line, struct fact *out, char value[static FACT_VALUE_MAX])
{
	json_t *j = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
	const char *wrong = j != NULL ? fact_parse(j, out, value) : "not JSON";

	json_decref(j);
	return wrong;
}

/* Reads one whole line without its end; false at the end of the file, where
 * *torn tells whether something without an end stood there. */
static bool
read_line(FILE *in, char line[static LINE_MAX_BYTES], bool *torn)
{
	size_t len;

	if (fgets(line, LINE_MAX_BYTES, in) == NULL)
		return false;
	len = strlen(line);
	if (len > 0 && line[len - 1] == '\n') {
		line[len - 1] = '\0';
		return true;
	}
	/* Without its end it is the last one, or too long, or holds a NUL. */
	*torn = feof(in) != 0 || getc(in) == EOF;
	line[0] = '\0';
	return !*torn;
}

bool
ndjson_read_stream(FILE *in, const char *name, struct ledger *ledger,
    bool (*keep)(const void *arg, struct fact *fact), const void *arg,
    bool *torn, char error[static NDJSON_ERROR])
{
	char line[LINE_MAX_BYTES], value[FACT_VALUE_MAX];
	const char *wrong = NULL;
	size_t number = 0;
	struct fact fact;

	*torn = false;
	while (wrong == NULL && read_line(in, line, torn)) {
		number++;
		wrong = ndjson_read_fact(line, &fact, value);
		if (wrong == NULL && keep(arg, &fact))
			ledger_add(ledger, &fact);
	}
	if (wrong == NULL && ferror(in))
		wrong = strerror(errno);
	if (wrong != NULL)
		snprintf(
		    error, NDJSON_ERROR, "%.200s:%zu: %s", name, number, wrong);
	return wrong == NULL;
}

bool
ndjson_read_facts(const char *path, struct ledger *ledger,
    bool (*keep)(const void *arg, struct fact *fact), const void *arg,
    bool *torn, char error[static NDJSON_ERROR])
{
	FILE *in = fopen(path, "re");
	bool ok;

	*torn = false;
	if (in == NULL) {
		snprintf(
		    error, NDJSON_ERROR, "%.200s: %s", path, strerror(errno));
		return false;
	}
	ok = ndjson_read_stream(in, path, ledger, keep, arg, torn, error);
	fclose(in);
	return ok;
}

bool
ndjson_site(FILE *in, char site[static RUN_SITE])
{
	char line[LINE_MAX_BYTES];
	const char *text;
	json_t *j;
	bool torn;

	j = read_line(in, line, &torn) ? json_loads(line, 0, NULL) : NULL;
	text = json_string_value(json_object_get(j, "site"));
	snprintf(site, RUN_SITE, "%s", text != NULL ? text : "");
	json_decref(j);
	return site[0] != '\0';
}

/* --- a whole ledger ------------------------------------------------------ */

static bool
ndjson_write(const struct report *report, FILE *out)
{
	size_t n = ledger_count(report->ledger);
	struct emit *e = emit_new(out);
	bool ok = e != NULL;

	if (!ok)
		errno = ENOMEM;
	for (size_t i = 0; i < n && ok; i++)
		ok = write_fact(
		    e, out, report->run, ledger_at(report->ledger, i));
	emit_free(e);
	return ok;
}

const struct report_format report_ndjson = {
	.name = "ndjson",
	.file = "facts.ndjson",
	.summary = "every fact, one JSON object per line, as they came in",
	.write = ndjson_write,
};
