/* SPDX-License-Identifier: ISC */
/* config_notify - who is told, checked. */
#include <string.h>

#include "scanner/config_parts.h"

static bool
begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* Names are the keys of outboxes: all of one kind must differ. */
static bool
check_webhooks(struct config *c, const struct config_notify *n)
{
	for (unsigned i = 0; i < n->webhooks_count; i++) {
		const struct config_webhook *w = &n->webhooks[i];

		if (!config_is_name(w->name))
			return config_refuse(c, w->name, w->name,
			    "webhook %s: a name is up to 47 letters, digits, "
			    "- and _%s",
			    "");
		for (unsigned k = 0; k < i; k++)
			if (strcmp(n->webhooks[k].name, w->name) == 0)
				return config_refuse(c, w->name, w->name,
				    "two webhooks are called %s%s", "");
		if (!begins(w->url, "https://") && !begins(w->url, "http://"))
			return config_refuse(c, w->name, w->url,
			    "webhook %s: %s is no address for it", w->url);
		if (strchr(w->url, '@') != NULL)
			return config_refuse(c, w->name, w->url,
			    "webhook %s: the address must hold no password%s",
			    "");
		if ((w->secret_file == NULL) == (w->secret_credential == NULL))
			return config_refuse(c, w->name, w->name,
			    "webhook %s: name either secret_file or "
			    "secret_credential%s",
			    "");
	}
	return true;
}

static bool
is_mail_address(const char *s)
{
	return strchr(s, '@') != NULL && strpbrk(s, " \r\n<>,") == NULL;
}

static bool
check_mail(struct config *c, const struct config_mail *m)
{
	bool has_password =
	    m->password_file != NULL || m->password_credential != NULL;

	if (!config_is_name(m->name))
		return config_refuse(c, m->name, m->name,
		    "mail %s: a name is up to 47 letters, digits, - and _%s",
		    "");
	if (!begins(m->url, "smtp://") && !begins(m->url, "smtps://"))
		return config_refuse(c, m->name, m->url,
		    "mail %s: %s is not smtp:// or smtps://", m->url);
	if (strchr(m->url, '@') != NULL)
		return config_refuse(c, m->name, m->url,
		    "mail %s: the address must hold no password%s", "");
	if (!is_mail_address(m->from))
		return config_refuse(c, m->name, m->from,
		    "mail %s: from: %s is no mail address", m->from);
	for (unsigned i = 0; i < m->to_count; i++)
		if (!is_mail_address(m->to[i]))
			return config_refuse(c, m->name, m->to[i],
			    "mail %s: to: %s is no mail address", m->to[i]);
	if (m->to_count == 0)
		return config_refuse(
		    c, m->name, "to", "mail %s: to: nobody is named%s", "");
	if ((m->user != NULL) != has_password)
		return config_refuse(c, m->name, m->name,
		    "mail %s: user goes with password_file or "
		    "password_credential%s",
		    "");
	return true;
}

bool
config_check_notify(struct config *c)
{
	const struct config_file *file = c->file.data;

	if (file->notify == NULL)
		return true;
	if (!check_webhooks(c, file->notify))
		return false;
	for (unsigned i = 0; i < file->notify->mail_count; i++) {
		if (!check_mail(c, &file->notify->mail[i]))
			return false;
		for (unsigned k = 0; k < i; k++)
			if (strcmp(file->notify->mail[k].name,
				file->notify->mail[i].name) == 0)
				return config_refuse(c,
				    file->notify->mail[i].name,
				    file->notify->mail[i].name,
				    "two mails are called %s%s", "");
	}
	return true;
}
