/* SPDX-License-Identifier: ISC */
/*
 * firstwords - which protocol a server that speaks first has begun.
 *
 * Judged by what it says alone, never by its port.
 */
#ifndef FIRSTWORDS_H
#define FIRSTWORDS_H

#include "scanner/probe.h"

enum words {
	WORDS_NONE = 0, /* nothing to go by yet */
	WORDS_FTP,
	WORDS_SMTP,
	WORDS_READY, /* a 220 line that is either of the two */
	WORDS_SSH,
	WORDS_POP3,
	WORDS_IMAP,
	WORDS_TELNET,
	WORDS_VNC,
	WORDS_MYSQL,
	WORDS_OTHER
};

/* The longest first line looked at, in bytes. */
enum { WORDS_LINE_MAX = 512 };

/*
 * Returns what stream begins, and its first line in *line (without its end;
 * for SSH the identification string, for telnet nothing, for MySQL its version).  is_all says that
 * no more will come: then a line may lack its end.  A greeting of several
 * lines is waited for to its last.
 */
enum words words_read(struct rd stream, bool is_all, struct rd *line);

/* Records the line under its protocol's key, and port.speaks when certain. */
void words_note(struct facts *facts, enum words words, struct rd line);

/* Returns the protocol's goodbye, or NULL when it has none but the FIN. */
const char *words_goodbye(enum words words);

/* Returns whether stream holds a whole line after its first `from` bytes. */
bool words_has_line(struct rd stream, size_t from);

#endif
