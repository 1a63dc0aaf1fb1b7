/* SPDX-License-Identifier: ISC */
/*
 * journal - an event as fields.
 *
 * Source:    systemd.journal-fields(7), RFC 5424 for how values are quoted.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include "scanner/notify/journal.h"
#include "scanner/schedule/event.h"

static const char journal_socket[] = "/run/systemd/journal/socket";
static const char syslog_socket[] = "/dev/log"; /* as syslog(3) has it */

/* New, replaced, gone: somebody should look. */
static int
priority_of(const struct store_event *e)
{
	static const char *const grave[] = { "replaced", "gone", "grade fallen",
		"alert raised", "record differs", NULL };

	for (size_t i = 0; grave[i] != NULL; i++)
		if (strcmp(e->kind, grave[i]) == 0)
			return LOG_WARNING;
	return LOG_NOTICE;
}

/* Both libraries take a receiver that is not there for a success. */
static bool
is_there(const char *socket, char error[static JOURNAL_ERROR])
{
	if (access(socket, W_OK) == 0)
		return true;
	snprintf(error, JOURNAL_ERROR, "%s: %s", socket, strerror(errno));
	return false;
}

bool
journal_send(const struct store_event *e, char error[static JOURNAL_ERROR])
{
	char line[EVENT_LINE], ip[NET_IPV4_TEXT] = "", mac[NET_MAC_TEXT] = "";
	int failed;

	if (!is_there(journal_socket, error))
		return false;
	if (e->address != 0)
		ipv4_text(e->address, ip);
	if (mac_is_known(e->mac))
		mac_text(e->mac, mac);
	failed = sd_journal_send("MESSAGE=%s: %s", e->site, event_line(e, line),
	    "PRIORITY=%d", priority_of(e), "SYSLOG_IDENTIFIER=gantry",
	    "GANTRY_EVENT=%s", e->id, "GANTRY_KIND=%s", e->kind,
	    "GANTRY_SITE=%s", e->site, "GANTRY_ADDRESS=%s", ip, "GANTRY_MAC=%s",
	    mac, "GANTRY_NAME=%s", e->name, "GANTRY_FIELD=%s", e->field,
	    "GANTRY_WAS=%s", e->was, "GANTRY_NOW=%s", e->now, "GANTRY_RUN=%s",
	    e->run_id, NULL);
	if (failed == 0)
		return true;
	snprintf(error, JOURNAL_ERROR, "%s", strerror(-failed));
	return false;
}

/* A value between quotes: a quote and a bracket would end it. */
static const char *
quoted(const char *s, char buf[static STORE_VALUE])
{
	size_t n = 0;

	for (; *s != '\0' && n + 2 < STORE_VALUE; s++) {
		if (strchr("\"]\\", *s) != NULL)
			buf[n++] = '\\';
		buf[n++] = *s;
	}
	buf[n] = '\0';
	return buf;
}

bool
syslog_send(const struct store_event *e, char error[static JOURNAL_ERROR])
{
	char ip[NET_IPV4_TEXT] = "", mac[NET_MAC_TEXT] = "";
	char site[STORE_VALUE], name[STORE_VALUE], field[STORE_VALUE];
	char was[STORE_VALUE], now[STORE_VALUE];

	if (!is_there(syslog_socket, error))
		return false;
	if (e->address != 0)
		ipv4_text(e->address, ip);
	if (mac_is_known(e->mac))
		mac_text(e->mac, mac);
	openlog("gantry", LOG_PID, LOG_DAEMON);
	syslog(priority_of(e),
	    "event=\"%s\" kind=\"%s\" site=\"%s\" address=\"%s\" mac=\"%s\" "
	    "name=\"%s\" field=\"%s\" was=\"%s\" now=\"%s\" run=\"%s\"",
	    e->id, e->kind, quoted(e->site, site), ip, mac,
	    quoted(e->name, name), quoted(e->field, field), quoted(e->was, was),
	    quoted(e->now, now), e->run_id);
	closelog();
	return true;
}
