/* SPDX-License-Identifier: ISC */
/*
 * asset_services - what a device of its kind has no business offering.
 *
 * A fingerprint says what a machine is; this says what such a machine needs
 * not, or should not, offer, and names the fact it was seen by.  Limits: the
 * table is of kinds, not of products: what one maker's console rightly offers
 * beyond it a person will know.
 */
#include <stdlib.h>
#include <string.h>

#include "scanner/asset_parts.h"

enum { RPC_NFS = 100003, RPC_MOUNTD = 100005, RPC_REXD = 100017 };

/* Protocols (port.speaks) a kind of device has a use for, blanks between. */
static const struct {
	const char *kind, *speaks;
} uses[] = {
	{ "console",
	    " advantagenet dicom rpc ftp telnet ssh http tls ntp snmp x11 "
	    "vnc " },
	{ "workstation",
	    " advantagenet dicom rpc ftp telnet ssh http tls ntp snmp x11 "
	    "vnc " },
	{ "pacs", " dicom rpc ssh http tls ntp snmp hl7 smtp " },
	{ "printer", " dicom http tls telnet ftp snmp ipp " },
	{ "infrastructure", " telnet ssh http tls snmp ntp " },
	{ "bedside", " hl7 intellivue carescape ntp " },
};

static const char *
uses_of(const char *kind)
{
	for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++)
		if (strcmp(uses[i].kind, kind) == 0)
			return uses[i].speaks;
	return NULL;
}

static bool
has_use_for(const char *speaks, const char *protocol)
{
	size_t len = strlen(protocol);

	for (const char *at = strstr(speaks, protocol); at != NULL;
	     at = strstr(at + 1, protocol))
		if (at[-1] == ' ' && at[len] == ' ')
			return true;
	return false;
}

static void
alert_unexpected(struct alerts *to)
{
	const struct asset *a = to->asset;
	const struct fingerprint *f = asset_fingerprint(a);
	const char *speaks;
	char about[ABOUT_TEXT];

	if (f == NULL || asset_grade(a) < GRADE_PROBABLE)
		return;
	speaks = uses_of(f->kind);
	for (size_t i = 0; speaks != NULL && i < a->facts_len; i++) {
		const struct fact *fact = a->facts[i];

		if (fact->key != FACT_PORT_SPEAKS || fact->value[0] == ' ' ||
		    has_use_for(speaks, fact->value))
			continue;
		asset_alert(to,
		    pool_printf(to->pool,
			"%s speaks %s, which a device of this kind (%s) has "
			"no need of: find out what put it there (by "
			"port.speaks)",
			about_text(fact->about, about), fact->value, f->kind));
	}
}

static unsigned long
program_of(const struct fact *f)
{
	if (f->key != FACT_RPC_PROGRAM && f->key != FACT_RPC_ANSWERED)
		return 0;
	return strtoul(f->value, NULL, 10);
}

/* Services whose mere presence is worth a line, on whatever machine. */
static void
alert_risky(struct alerts *to, const struct fact *f)
{
	unsigned long program = program_of(f);
	char about[ABOUT_TEXT];

	about_text(f->about, about);
	if (program == RPC_REXD)
		asset_alert(to,
		    pool_printf(to->pool,
			"%s: rexd is offered, which runs commands for whoever "
			"claims to be a user (by %s)",
			about, fact_key_text(f->key)));
	else if (program == RPC_MOUNTD)
		asset_alert(to,
		    "it exports file systems by NFS (by rpc.program or "
		    "rpc.answered); whether to the whole world was not asked, "
		    "and on its maker's own set-up it may well be");
	else if (f->key == FACT_PORT_SPEAKS && strcmp(f->value, "telnet") == 0)
		asset_alert(to,
		    pool_printf(to->pool,
			"%s: telnet is offered, so passwords cross the network "
			"as they are typed (by port.speaks)",
			about));
}

/* Could any netmask make this the broadcast address of the sender's own
 * network? */
static bool
is_own_broadcast(uint32_t sender, uint32_t to)
{
	for (unsigned bits = 8; bits <= 30; bits++) {
		uint32_t host = UINT32_MAX >> bits;

		if (to == (sender & ~host) || to == (sender | host))
			return true;
	}
	return to == UINT32_MAX;
}

static void
alert_called(struct alerts *to, const struct fact *f)
{
	uint32_t called;

	if (f->key != FACT_ADVANTAGENET_CALLED ||
	    !ipv4_parse(f->value, &called) ||
	    is_own_broadcast(f->address, called))
		return;
	asset_alert(to,
	    pool_printf(to->pool,
		"it calls %s, which by no netmask is the broadcast address of "
		"its own network: it was moved, or its netmask is wrong, and "
		"its call reaches others than it should (by "
		"advantagenet.called)",
		f->value));
}

void
asset_alert_services(struct alerts *to)
{
	const struct asset *a = to->asset;

	for (size_t i = 0; i < a->facts_len; i++) {
		alert_risky(to, a->facts[i]);
		alert_called(to, a->facts[i]);
	}
	alert_unexpected(to);
}
