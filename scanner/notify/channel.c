/* SPDX-License-Identifier: ISC */
/*
 * channel - how each of them is told.
 *
 * A webhook gets one POST an event: X-Gantry-Event is its id, X-Gantry-Time the
 * seconds since the epoch, X-Gantry-Signature "sha256=" and the HMAC over time,
 * a full stop and the body.  A receiver that was told and could not answer in
 * time is told again under the same id.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/event.h"
#include "scanner/notify/channel.h"
#include "scanner/notify/journal.h"
#include "scanner/notify/secret.h"
#include "scanner/notify/sign.h"

enum { HEADER = 192 };

static bool
is_on(const enum config_switch *setting)
{
	return setting != NULL && *setting == CONFIG_YES;
}

size_t
channels_list(const struct config_notify *c, struct channel *out, size_t max)
{
	size_t n = 0;

	if (is_on(c->journal) && n < max)
		out[n++] = (struct channel){
			.name = "journal", .is_journal = true, .batch = 1
		};
	if (is_on(c->syslog) && n < max)
		out[n++] = (struct channel){
			.name = "syslog", .is_syslog = true, .batch = 1
		};
	for (unsigned i = 0; i < c->webhooks_count && n < max; i++) {
		out[n] =
		    (struct channel){ .webhook = &c->webhooks[i], .batch = 1 };
		snprintf(out[n].name, sizeof(out[n].name), "webhook:%.48s",
		    c->webhooks[i].name);
		n++;
	}
	for (unsigned i = 0; i < c->mail_count && n < max; i++) {
		out[n] = (struct channel){ .mail = &c->mail[i],
			.batch = CHANNEL_BATCH };
		snprintf(out[n].name, sizeof(out[n].name), "mail:%.48s",
		    c->mail[i].name);
		n++;
	}
	return n;
}

static bool
post(const struct config_webhook *w, struct deliver *d,
    const struct secret *secret, const struct store_event *event,
    int64_t now_ns, bool *may_help, char error[static DELIVER_ERROR])
{
	char time[24], id[HEADER], stamp[HEADER], signature[HEADER];
	const char *headers[] = { "Content-Type: application/json", id, stamp,
		signature, "Expect:", NULL };
	char digest[SIGN_TEXT];
	char *body = event_json(event);
	bool ok;

	snprintf(time, sizeof(time), "%" PRId64, now_ns / 1000000000);
	if (body == NULL || !sign(secret, time, body, digest)) {
		free(body);
		snprintf(error, DELIVER_ERROR, "out of memory");
		return false;
	}
	snprintf(id, sizeof(id), "X-Gantry-Event: %s", event->id);
	snprintf(stamp, sizeof(stamp), "X-Gantry-Time: %s", time);
	snprintf(signature, sizeof(signature), "X-Gantry-Signature: sha256=%s",
	    digest);
	ok =
	    deliver_post(d, w->url, w->ca_file, headers, body, may_help, error);
	free(body);
	return ok;
}

static bool
tell_webhook(const struct config_webhook *w, struct deliver *d,
    const struct store_letter *letters, size_t n, int64_t now_ns,
    bool *may_help, char error[static DELIVER_ERROR])
{
	struct secret secret;
	bool ok = true;

	if (!secret_read(w->secret_file, w->secret_credential, &secret, error))
		return false;
	for (size_t i = 0; i < n && ok; i++)
		ok = post(
		    w, d, &secret, &letters[i].event, now_ns, may_help, error);
	secret_wipe(&secret);
	return ok;
}

static bool
tell_mail(const struct config_mail *m, struct deliver *d,
    const struct store_letter *letters, size_t n, int64_t now_ns,
    bool *may_help, char error[static DELIVER_ERROR])
{
	struct deliver_mail mail = { .url = m->url,
		.ca_file = m->ca_file,
		.user = m->user,
		.plaintext = is_on(m->plaintext),
		.from = m->from,
		.to = (const char *const *)m->to,
		.to_len = m->to_count };
	struct secret password = { .len = 0 };
	char *text;
	bool ok;

	if (m->user != NULL) {
		if (!secret_read(m->password_file, m->password_credential,
			&password, error))
			return false;
		mail.password = password.text;
	}
	text = mail_text(m, letters, n, now_ns);
	mail.text = text;
	if (text == NULL)
		snprintf(error, DELIVER_ERROR, "out of memory");
	ok = text != NULL && deliver_mail(d, &mail, may_help, error);
	free(text);
	secret_wipe(&password);
	return ok;
}

bool
channel_tell(const struct channel *c, struct deliver *d,
    const struct store_letter *letters, size_t n, int64_t now_ns,
    bool *may_help, char error[static DELIVER_ERROR])
{
	*may_help = false;
	if (c->webhook != NULL)
		return tell_webhook(
		    c->webhook, d, letters, n, now_ns, may_help, error);
	if (c->mail != NULL)
		return tell_mail(
		    c->mail, d, letters, n, now_ns, may_help, error);
	for (size_t i = 0; i < n; i++)
		if (!(c->is_syslog ? syslog_send : journal_send)(
			&letters[i].event, error))
			return false;
	return true;
}
