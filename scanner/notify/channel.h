/* SPDX-License-Identifier: ISC */
/*
 * channel - one of those who are told: a webhook, a mail address, the journal,
 * syslog.  Each has a box of its own in the inventory, in which letters wait.
 */
#ifndef CHANNEL_H
#define CHANNEL_H

#include "scanner/config.h"
#include "scanner/inventory/store.h"
#include "scanner/notify/deliver.h"

enum { CHANNEL_BATCH = 500 }; /* letters of one mail */

struct channel {
	char name[STORE_NAME]; /* of its box: "webhook:siem" */
	const struct config_webhook *webhook;
	const struct config_mail *mail;
	bool is_journal, is_syslog;
	size_t batch; /* letters at once */
};

/* Fills at most max of them from the configuration; returns how many. */
size_t channels_list(
    const struct config_notify *notify, struct channel *out, size_t max);

/*
 * Tells n letters, all or none of them.  now_ns: for the signature.  Returns
 * false and one line; *may_help tells whether trying again at once may help.
 */
bool channel_tell(const struct channel *, struct deliver *,
    const struct store_letter *letters, size_t n, int64_t now_ns,
    bool *may_help, char error[static DELIVER_ERROR]);

/* The text of a mail about n letters, the caller's to free(); NULL when memory
 * is out. */
char *mail_text(const struct config_mail *mail,
    const struct store_letter *letters, size_t n, int64_t now_ns);

#endif
