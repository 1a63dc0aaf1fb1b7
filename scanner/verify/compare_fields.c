/* SPDX-License-Identifier: ISC */
/* compare_fields - a record's fields against one asset's facts. */
#include <stdio.h>
#include <string.h>

#include "scanner/pool.h"
#include "scanner/verify/compare_parts.h"

static const char *
value_of(const struct asset *a, const char *key)
{
	enum fact_key k = fact_key_find(key);

	for (size_t i = 0; k != FACT_KEYS && i < a->facts_len; i++)
		if (a->facts[i]->key == k)
			return a->facts[i]->value;
	return NULL;
}

static bool
is_said(const struct comparing *c, enum field f)
{
	return c->line->record->text[f][0] != '\0';
}

static bool
plainly_equal(const char *a, const char *b)
{
	char x[RECORD_PLAIN], y[RECORD_PLAIN];

	return strcmp(record_plain(a, x), record_plain(b, y)) == 0;
}

const struct verdict *
compare_best(const struct asset *a)
{
	const struct verdict *v = &a->verdicts[0];

	return a->verdicts_len > 0 && v->fingerprint != NULL &&
		v->grade >= GRADE_PROBABLE
	    ? v
	    : NULL;
}

/* --- MAC, address ------------------------------------------------------------- */

static void
compare_mac(const struct comparing *c)
{
	const struct asset *a = c->line->asset;
	char mac[NET_MAC_TEXT];
	const char *found;

	if (!mac_is_known(c->line->record->mac))
		return;
	if (!mac_is_known(a->mac)) {
		compare_field(c, FIELD_MAC, FIELD_UNKNOWN, "",
		    "no MAC is seen from here: look from its own segment");
		return;
	}
	found = pool_printf(c->pool, "%s", mac_text(a->mac, mac));
	compare_field(c, FIELD_MAC,
	    mac_equal(a->mac, c->line->record->mac) ? FIELD_SAME
						    : FIELD_DIFFERS,
	    found, "");
}

static void
compare_address(const struct comparing *c)
{
	const struct asset *a = c->line->asset;
	char ip[NET_IPV4_TEXT];

	if (c->line->record->address == 0)
		return;
	for (size_t i = 0; i < a->addresses_len; i++)
		if (a->addresses[i] == c->line->record->address) {
			compare_field(c, FIELD_ADDRESS, FIELD_AGREES, "", "");
			return;
		}
	compare_field(c, FIELD_ADDRESS, FIELD_DIFFERS,
	    pool_printf(c->pool, "%s", ipv4_text(a->address, ip)),
	    "its MAC answers elsewhere");
}

/* --- names -------------------------------------------------------------------- */

/* The first label of a name, without its domain. */
static const char *
first_label(const char *s, char buf[static RECORD_PLAIN])
{
	snprintf(buf, RECORD_PLAIN, "%.*s", (int)strcspn(s, "."), s);
	return buf;
}

static bool
is_called(const struct asset *a, const char *name)
{
	char x[RECORD_PLAIN], y[RECORD_PLAIN];

	first_label(name, x);
	for (size_t i = 0; i < a->names_len; i++)
		if (plainly_equal(a->names[i], name) ||
		    plainly_equal(first_label(a->names[i], y), x))
			return true;
	return false;
}

/* A label differs from what a device calls itself all the time; what the
 * record says is its host name must be one of its names. */
static void
compare_name(const struct comparing *c, enum field f)
{
	const struct asset *a = c->line->asset;
	const char *own = a->names_len > 0 ? a->names[0] : "";

	if (!is_said(c, f))
		return;
	if (is_called(a, c->line->record->text[f]))
		compare_field(c, f, FIELD_SAME, own, "");
	else if (a->names_len == 0)
		compare_field(c, f, FIELD_UNKNOWN, "", "it told no name");
	else if (f == FIELD_HOSTNAME)
		compare_field(c, f, FIELD_DIFFERS, own, "");
	else
		compare_field(c, f, FIELD_UNKNOWN, own,
		    "it calls itself otherwise, which a label need not follow");
}

/* --- maker, model, kind ---------------------------------------------------------- */

static bool
same_maker(const struct comparing *c, const char *a, const char *b)
{
	if (c->found->aliases != NULL)
		return aliases_same_maker(c->found->aliases, a, b);
	return plainly_equal(a, b);
}

/* A network card's maker may agree with the device's; it never contradicts. */
static void
compare_manufacturer(const struct comparing *c)
{
	const struct asset *a = c->line->asset;
	const char *said = c->line->record->text[FIELD_MANUFACTURER];
	const struct verdict *best = compare_best(a);
	const char *maker = best != NULL ? best->fingerprint->maker : NULL;

	if (!is_said(c, FIELD_MANUFACTURER))
		return;
	if (maker == NULL)
		maker = value_of(a, "dicom.maker");
	if (maker != NULL)
		compare_field(c, FIELD_MANUFACTURER,
		    same_maker(c, said, maker) ? FIELD_SAME : FIELD_DIFFERS,
		    maker, "");
	else if (a->vendor[0] != '\0' && same_maker(c, said, a->vendor))
		compare_field(c, FIELD_MANUFACTURER, FIELD_AGREES, a->vendor,
		    "by its network card");
	else
		compare_field(c, FIELD_MANUFACTURER, FIELD_UNKNOWN, "",
		    "nothing told who made it; its network card's maker is no "
		    "proof");
}

static bool
holds_text(const char *whole, const char *part)
{
	char x[RECORD_PLAIN], y[RECORD_PLAIN];

	record_plain(whole, x);
	record_plain(part, y);
	return y[0] != '\0' && strstr(x, y) != NULL;
}

/* Does a text name the model of a device's own words? */
static bool
names_model(const struct comparing *c, const char *said, const char *found)
{
	const char *one, *other;

	if (holds_text(found, said) || holds_text(said, found))
		return true;
	if (c->found->aliases == NULL)
		return false;
	one = aliases_model(c->found->aliases, said, NULL);
	other = aliases_model(c->found->aliases, found, NULL);
	return one != NULL && other != NULL && strcmp(one, other) == 0;
}

/* What the expected fingerprint's judgement means for a field. */
static void
field_of_judgement(
    const struct comparing *c, enum field f, const struct judgement *j)
{
	const struct verdict *best = compare_best(c->line->asset);
	const char *found = best != NULL ? best->fingerprint->id : "";
	enum field_state state = j->state == VERIFY_MATCH ? FIELD_SAME
	    : j->state == VERIFY_MISMATCH                 ? FIELD_DIFFERS
							  : FIELD_UNKNOWN;

	compare_field(
	    c, f, state, found, pool_printf(c->pool, "%s", j->reason));
}

static void
compare_model(const struct comparing *c, const struct judgement *j)
{
	static const char *const keys[] = { "dicom.product", "snmp.sysdescr",
		NULL };
	const struct asset *a = c->line->asset;
	const char *said = c->line->record->text[FIELD_MODEL], *as = NULL;
	const struct verdict *best = compare_best(a);

	if (!is_said(c, FIELD_MODEL))
		return;
	if (c->found->aliases != NULL)
		aliases_model(c->found->aliases, said, &as);
	if (as != NULL && c->line->expected != NULL &&
	    strcmp(as, c->line->expected->id) == 0) {
		field_of_judgement(c, FIELD_MODEL, j);
		return;
	}
	if (best != NULL && best->fingerprint->maker != NULL &&
	    names_model(c, said, best->fingerprint->name)) {
		compare_field(
		    c, FIELD_MODEL, FIELD_SAME, best->fingerprint->name, "");
		return;
	}
	for (size_t i = 0; keys[i] != NULL; i++) {
		const char *found = value_of(a, keys[i]);

		if (found != NULL && names_model(c, said, found)) {
			compare_field(c, FIELD_MODEL, FIELD_SAME, found, "");
			return;
		}
	}
	compare_field(c, FIELD_MODEL, FIELD_UNKNOWN, "",
	    "no fingerprint is known of that model");
}

/* A system or a toolkit is no kind of device. */
static bool
is_device_kind(const char *kind)
{
	return strcmp(kind, "host") != 0 && strcmp(kind, "toolkit") != 0 &&
	    strcmp(kind, "infrastructure") != 0;
}

static void
compare_kind(const struct comparing *c, const struct judgement *j)
{
	const char *said = c->line->record->text[FIELD_KIND], *kind = NULL;
	const struct verdict *best = compare_best(c->line->asset);
	const char *found;

	if (!is_said(c, FIELD_KIND))
		return;
	if (c->line->expected != NULL &&
	    strcmp(c->line->expected->id, said) == 0) {
		field_of_judgement(c, FIELD_KIND, j);
		return;
	}
	if (c->found->aliases != NULL)
		kind = aliases_kind(c->found->aliases, said);
	found = best != NULL ? best->fingerprint->kind : NULL;
	if (kind == NULL)
		compare_field(c, FIELD_KIND, FIELD_UNKNOWN, "",
		    "gantry knows no such kind");
	else if (found != NULL && strcmp(found, kind) == 0)
		compare_field(c, FIELD_KIND, FIELD_SAME, found, "");
	/* A server may be what a console or an archive shows of itself. */
	else if (found == NULL || !is_device_kind(found) ||
	    strcmp(found, "server") == 0)
		compare_field(c, FIELD_KIND, FIELD_UNKNOWN,
		    found != NULL ? found : "",
		    "what it is was not recognised");
	else
		compare_field(c, FIELD_KIND, FIELD_DIFFERS, found,
		    pool_printf(c->pool, "%s as %s", grade_text(best->grade),
			best->fingerprint->name));
}

static void
compare_expectation(const struct comparing *c, const struct judgement *j)
{
	if (!is_said(c, FIELD_EXPECTED))
		return;
	if (c->line->expected == NULL)
		compare_field(c, FIELD_EXPECTED, FIELD_UNKNOWN, "",
		    "no fingerprint is called that");
	else
		field_of_judgement(c, FIELD_EXPECTED, j);
}

/* --- ports --------------------------------------------------------------------- */

static const struct asset_port *
port_of(const struct asset *a, uint16_t port)
{
	for (size_t i = 0; i < a->ports_len; i++)
		if (a->ports[i].about.kind == ABOUT_TCP &&
		    a->ports[i].about.port == port)
			return &a->ports[i];
	return NULL;
}

static void
compare_port(const struct comparing *c)
{
	uint16_t number = c->line->record->port;
	const struct asset_port *p = port_of(c->line->asset, number);
	enum port_state state = p != NULL ? p->state : PORT_UNPROBED;

	if (number == 0)
		return;
	if (state == PORT_OPEN)
		compare_field(c, FIELD_PORT, FIELD_AGREES, "open", p->service);
	else if (state == PORT_CLOSED)
		compare_field(
		    c, FIELD_PORT, FIELD_DIFFERS, "closed", "the port refused");
	else
		compare_field(c, FIELD_PORT, FIELD_UNKNOWN,
		    port_state_text(state), "the port did not answer");
}

/* The record's own AE title was called: what did the device say to that? */
static void
compare_ae(const struct comparing *c)
{
	const struct asset *a = c->line->asset;
	const char *outcome = value_of(a, "dicom.outcome");
	const char *reject = value_of(a, "dicom.reject");
	const char *said = c->line->record->text[FIELD_AE_TITLE];

	if (!is_said(c, FIELD_AE_TITLE))
		return;
	if (c->caller == NULL ||
	    strcmp(c->caller->text[FIELD_AE_TITLE], said) != 0)
		compare_field(c, FIELD_AE_TITLE, FIELD_UNKNOWN, "",
		    "another title was called at this address");
	else if (outcome == NULL)
		compare_field(c, FIELD_AE_TITLE, FIELD_UNKNOWN, "",
		    "no DICOM server answered");
	else if (reject != NULL && strstr(reject, "1/1/7") != NULL)
		compare_field(c, FIELD_AE_TITLE, FIELD_DIFFERS, "",
		    "it refuses this title as not its own");
	else if (strcmp(outcome, "accepted") == 0)
		compare_field(c, FIELD_AE_TITLE, FIELD_AGREES, said,
		    "it accepts the title, and perhaps any other");
	else
		compare_field(c, FIELD_AE_TITLE, FIELD_UNKNOWN, "",
		    "it refused, but not for the title");
}

void
compare_fields(const struct comparing *c)
{
	struct line_result *line = c->line;
	struct judgement j = { .state = VERIFY_CANNOT_SAY };

	if (line->expected != NULL &&
	    judge(c->found->fingerprints, line->expected, line->asset, &j)) {
		line->grade = j.verdict.grade;
		line->probability = j.verdict.probability;
		line->in_favour = j.in_favour;
		line->said_against = j.said_against;
	}
	compare_address(c);
	compare_mac(c);
	compare_name(c, FIELD_NAME);
	compare_name(c, FIELD_HOSTNAME);
	compare_manufacturer(c);
	compare_model(c, &j);
	compare_kind(c, &j);
	compare_expectation(c, &j);
	compare_port(c);
	compare_ae(c);
	if (is_said(c, FIELD_SERIAL))
		compare_field(c, FIELD_SERIAL, FIELD_UNKNOWN, "",
		    "no protocol gantry speaks tells it");
	judgement_clear(&j);
}
