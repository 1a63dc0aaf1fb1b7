/* SPDX-License-Identifier: ISC */
/*
 * firstwords - telling FTP, SMTP, SSH, POP3, IMAP, telnet, VNC and MySQL by
 * their start.
 *
 * Source: RFC 959 and 5321 (220, several lines as "220-"), RFC 4253 4.2,
 * RFC 1939, RFC 3501, RFC 854, RFC 6143 7.1.1, MySQL's initial handshake
 * packet (protocol 9 and 10).  Limits: FTP and SMTP share the code 220, so
 * the line has to name one of them, or a mailer old enough not to; otherwise
 * it is WORDS_READY, which both let go with QUIT.
 */
#include "probes/firstwords.h"

enum { IAC = 255, WILL = 251, DONT = 254 };

enum {
	MYSQL_HEAD = 5, /* length, number, protocol or 0xff */
	MYSQL_MIN = 8,
	MYSQL_MAX = 1024,
	MYSQL_REFUSES = 0xff
};

static bool
is_line_char(uint8_t c)
{
	return c != '\r' && c != '\n' && c != '\0';
}

static bool
is_text(uint8_t c)
{
	return (c >= ' ' && c < 0x7f) || (c >= '\a' && c <= '\r') || c == 0x1b;
}

/* Whether text comes first, if anything, and then a telnet option.  *is_open:
 * the bytes end where one may be about to begin. */
static bool
begins_telnet(struct rd s, bool *is_open)
{
	*is_open = false;
	while (s.left > 0 && is_text(s.at[0]))
		rd_skip(&s, 1);
	if (s.left == 0 || s.at[0] != IAC)
		return false;
	if (s.left < 3) {
		*is_open = s.left < 2 || (s.at[1] >= WILL && s.at[1] <= DONT);
		return false;
	}
	return s.at[1] >= WILL && s.at[1] <= DONT;
}

/*
 * A MySQL server's first packet: its length, least byte first, the number 0,
 * then a protocol and its version as a string, or a refusal: its code and why.
 * *is_open: it may be one, and is not all there.
 */
static bool
begins_mysql(struct rd s, struct rd *text, bool *is_open)
{
	size_t len, skip = MYSQL_HEAD;

	*is_open = false;
	if (s.left < MYSQL_HEAD)
		return false;
	len = s.at[0] | (size_t)s.at[1] << 8 | (size_t)s.at[2] << 16;
	if (len < MYSQL_MIN || len > MYSQL_MAX || s.at[3] != 0)
		return false;
	if (s.at[4] == MYSQL_REFUSES)
		skip += 2;
	else if (s.at[4] != 9 && s.at[4] != 10)
		return false;
	*is_open = s.left < 4 + len;
	if (*is_open)
		return false;
	*text = (struct rd){ .at = s.at + skip };
	while (text->left < 4 + len - skip && text->at[text->left] != '\0') {
		if (!is_text(text->at[text->left]))
			return false;
		text->left++;
	}
	return text->left > 0;
}

/* Takes the next line off s; false when s holds none that is ended. */
static bool
line_take(struct rd *s, struct rd *line)
{
	size_t n = 0;

	while (n < s->left && s->at[n] != '\n')
		n++;
	if (n == s->left)
		return false;
	*line = (struct rd){ .at = s->at, .left = n };
	rd_skip(s, n + 1);
	while (line->left > 0 && !is_line_char(line->at[line->left - 1]))
		line->left--;
	return true;
}

static bool
begins_with(struct rd line, const char *with)
{
	size_t len = strlen(with);

	return line.left >= len && memcmp(line.at, with, len) == 0;
}

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 'a' - 'A') : c;
}

/* Part of a name: letters, digits, and what joins the labels of a host's. */
static bool
is_name_char(uint8_t c)
{
	return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') ||
	    c == '-' || c == '.' || c == '_';
}

/* Whether word, given in lower case, stands in line by itself: a host called
 * "ftp.example" does not speak FTP for its name's sake. */
static bool
has_word(struct rd line, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; len <= line.left && i <= line.left - len; i++) {
		size_t n = 0;

		while (n < len && lower(line.at[i + n]) == (uint8_t)word[n])
			n++;
		if (n == len && (i == 0 || !is_name_char(line.at[i - 1])) &&
		    (i + n == line.left || !is_name_char(line.at[i + n])))
			return true;
	}
	return false;
}

/* "vsFTPd", "ProFTPD": in capitals, inside a product's name. */
static bool
has_capitals(struct rd line, const char *capitals)
{
	return memmem(line.at, line.left, capitals, strlen(capitals)) != NULL;
}

static enum words
ready_line(struct rd line)
{
	static const char *const mailers[] = { "smtp", "esmtp", "sendmail",
		"postfix", "exim" };

	for (size_t i = 0; i < sizeof(mailers) / sizeof(mailers[0]); i++)
		if (has_word(line, mailers[i]))
			return WORDS_SMTP;
	if (has_word(line, "ftp") || has_capitals(line, "FTPd") ||
	    has_capitals(line, "FTPD"))
		return WORDS_FTP;
	return WORDS_READY;
}

/* A greeting of one or more 220 lines, the last without the dash. */
static enum words
ready_lines(struct rd s, bool is_all)
{
	enum words words = WORDS_READY;
	struct rd line;
	bool is_ended = false;

	while (!is_ended && line_take(&s, &line)) {
		is_ended =
		    begins_with(line, "220") && !begins_with(line, "220-");
		if (words == WORDS_READY)
			words = ready_line(line);
	}
	if (!is_ended && !is_all)
		return WORDS_NONE;
	/* What lacks its end counts where nothing better came. */
	if (!is_ended && words == WORDS_READY)
		words = ready_line(s);
	return words;
}

static bool
find_ssh(struct rd s, bool is_all, struct rd *line)
{
	while (line_take(&s, line))
		if (begins_with(*line, "SSH-"))
			return true;
	*line = s;
	return is_all && begins_with(s, "SSH-");
}

static enum words
line_words(struct rd s, bool is_all, struct rd line)
{
	if (begins_with(line, "220") &&
	    (line.left == 3 || line.at[3] == ' ' || line.at[3] == '-'))
		return ready_lines(s, is_all);
	if (begins_with(line, "+OK"))
		return WORDS_POP3;
	if (begins_with(line, "* OK"))
		return WORDS_IMAP;
	if (begins_with(line, "RFB ") && line.left == 11 && line.at[7] == '.')
		return WORDS_VNC;
	return WORDS_OTHER;
}

enum words
words_read(struct rd stream, bool is_all, struct rd *line)
{
	struct rd rest;
	bool is_open;

	*line = (struct rd){ .at = stream.at };
	if (begins_telnet(stream, &is_open))
		return WORDS_TELNET;
	if (is_open && !is_all)
		return WORDS_NONE;
	if (begins_mysql(stream, line, &is_open))
		return WORDS_MYSQL;
	if (is_open && !is_all)
		return WORDS_NONE;
	*line = (struct rd){ .at = stream.at };
	while (stream.left > 0 && !is_line_char(stream.at[0]))
		rd_skip(&stream, 1);
	if (stream.left == 0)
		return WORDS_NONE;
	if (find_ssh(stream, is_all, line))
		return WORDS_SSH;
	rest = stream;
	if (!line_take(&rest, line)) {
		if (!is_all && stream.left < WORDS_LINE_MAX)
			return WORDS_NONE;
		*line = stream;
	}
	if (line->left > WORDS_LINE_MAX)
		line->left = WORDS_LINE_MAX;
	return line_words(stream, is_all, *line);
}

void
words_note(struct facts *facts, enum words words, struct rd line)
{
	static const struct {
		enum fact_key key;
		const char *speaks;
	} notes[] = {
		[WORDS_NONE] = { FACT_GREETING, NULL },
		[WORDS_FTP] = { FACT_FTP_GREETING, "ftp" },
		[WORDS_SMTP] = { FACT_SMTP_GREETING, "smtp" },
		[WORDS_READY] = { FACT_GREETING, NULL },
		[WORDS_SSH] = { FACT_SSH_GREETING, "ssh" },
		[WORDS_POP3] = { FACT_POP3_GREETING, "pop3" },
		[WORDS_IMAP] = { FACT_IMAP_GREETING, "imap" },
		[WORDS_TELNET] = { FACT_TELNET_GREETING, "telnet" },
		[WORDS_VNC] = { FACT_VNC_GREETING, "vnc" },
		[WORDS_MYSQL] = { FACT_MYSQL_GREETING, "mysql" },
		[WORDS_OTHER] = { FACT_GREETING, NULL },
	};

	facts_text(facts, notes[words].key, line.at, line.left);
	if (notes[words].speaks != NULL)
		facts_printf(facts, FACT_PORT_SPEAKS, line.at, line.left, "%s",
		    notes[words].speaks);
}

const char *
words_goodbye(enum words words)
{
	switch (words) {
	case WORDS_FTP:
	case WORDS_SMTP:
	case WORDS_READY:
	case WORDS_POP3:
		return "QUIT\r\n";
	case WORDS_IMAP:
		return "a LOGOUT\r\n";
	case WORDS_NONE:
	case WORDS_SSH:
	case WORDS_TELNET:
	case WORDS_VNC:
	case WORDS_MYSQL:
	case WORDS_OTHER:
		break;
	}
	return NULL;
}

bool
words_has_line(struct rd stream, size_t from)
{
	rd_skip(&stream, from);
	return rd_ok(&stream) && stream.left > 0 &&
	    memchr(stream.at, '\n', stream.left) != NULL;
}
