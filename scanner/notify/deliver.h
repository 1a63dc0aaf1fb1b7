/* SPDX-License-Identifier: ISC */
/*
 * deliver - something sent to the outside: the one door to libcurl.
 *
 * TLS is at least 1.2 and always verified, certificate and name; nothing is
 * followed anywhere else; nothing may take longer than DELIVER_S.
 */
#ifndef DELIVER_H
#define DELIVER_H

#include <stdbool.h>
#include <stddef.h>

enum { DELIVER_CONNECT_S = 10, DELIVER_S = 30, DELIVER_ERROR = 256 };

struct deliver;

/* Returns NULL when the library would not start. */
struct deliver *deliver_new(void);
void deliver_free(struct deliver *); /* NULL ok */

/*
 * One POST; headers are whole lines, ended by NULL; ca_file may be NULL.
 * Returns whether the receiver answered 2xx; else one line, and *may_help
 * tells whether trying again may.
 */
bool deliver_post(struct deliver *, const char *url, const char *ca_file,
    const char *const *headers, const char *body, bool *may_help,
    char error[static DELIVER_ERROR]);

struct deliver_mail {
	const char *url; /* smtp:// or smtps:// */
	const char *ca_file;
	const char *user, *password; /* NULL: none */
	bool plaintext;              /* smtp:// may go without TLS */
	const char *from;
	const char *const *to;
	size_t to_len;
	const char *text; /* the whole message, CRLF at its lines' ends */
};

/* One mail.  Returns as deliver_post(). */
bool deliver_mail(struct deliver *, const struct deliver_mail *mail,
    bool *may_help, char error[static DELIVER_ERROR]);

#endif
