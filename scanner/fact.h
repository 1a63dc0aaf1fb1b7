/* SPDX-License-Identifier: ISC */
/*
 * fact - the one currency of the program: somebody's address, about what,
 * which key, which value, who asked, when, and the bytes it was read from.
 *
 * Everything behind the capture (derive, match, asset, report) is a pure
 * function of facts, so a live audit, a replayed capture and a report of last
 * year go one way.  A value is text, made printable once, here, when the fact
 * is made (text.h): no later stage sees a byte a peer chose.
 */
#ifndef FACT_H
#define FACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/limits.h"
#include "scanner/net.h"
#include "scanner/wire.h"

enum fact_type {
	FACT_TYPE_TEXT = 1,
	FACT_TYPE_NUMBER,
	FACT_TYPE_FLAG,
	FACT_TYPE_UID,
	FACT_TYPE_MAC,
	FACT_TYPE_HEX
};

enum fact_key {
#define FACT(id, key, type, meaning) FACT_##id,
#include "scanner/facts.def"
#undef FACT
	FACT_KEYS
};

/* What a fact is about: the host as a whole, or one of its ports. */
enum about_kind { ABOUT_HOST = 0, ABOUT_TCP, ABOUT_UDP };

struct about {
	enum about_kind kind;
	uint16_t port; /* host order; 0 for ABOUT_HOST */
};

enum { ABOUT_TEXT = 12 };

/* The bytes a fact was read from. */
struct evidence {
	enum {
		EVIDENCE_NONE = 0, /* derived: a function of other facts */
		EVIDENCE_FRAME,    /* number is a frame's, from 1 */
		EVIDENCE_TALK      /* number is a talk's, from 1 */
	} kind;
	uint32_t number;
	uint32_t offset;  /* of the bytes in the frame or the stream */
	uint16_t raw_len; /* bytes kept in raw, at most FACT_RAW_MAX */
	uint8_t raw[FACT_RAW_MAX];
};

struct fact {
	uint32_t address;
	struct mac mac; /* all zero where not known */
	struct about about;
	enum fact_key key;
	const char *value; /* printable; owner: whoever holds the fact */
	const char *probe; /* literal: who asked, such as "dicom" */
	int64_t time_ns;   /* since the epoch */
	struct evidence evidence;
};

/* Returns the key's text, such as "dicom.max_pdu". */
const char *fact_key_text(enum fact_key key);

/* Returns one line of meaning. */
const char *fact_key_meaning(enum fact_key key);

enum fact_type fact_key_type(enum fact_key key);

/* Returns "text", "number", "flag", "uid", "mac" or "hex". */
const char *fact_type_text(enum fact_type type);

/* Returns the key called name, or FACT_KEYS. */
enum fact_key fact_key_find(const char *name);

/* Returns buf: "host", "tcp/104", "udp/1600". */
const char *about_text(struct about about, char buf[static ABOUT_TEXT]);

/* Reads what about_text() writes; false leaves *out alone. */
bool about_parse(const char *s, struct about *out);

bool about_equal(struct about a, struct about b);

/*
 * facts - what one reply or one talk told us: a bounded list under
 * construction.  A parser fills it, the ledger takes it over.  Pointers handed
 * to facts_*() that lie inside the bytes given to facts_begin() become the
 * fact's evidence.
 */
struct facts; /* opaque, reusable */

/* Returns an empty list, or NULL when memory is out. */
struct facts *facts_new(void);

/* Returns a copy that reads no bytes and takes no facts any more, or NULL when
 * memory is out. */
struct facts *facts_copy(const struct facts *);

/* Safe to call with NULL. */
void facts_free(struct facts *);

/* Forget all; what follows is about `about`, read from bytes (may be NULL). */
void facts_begin(
    struct facts *, struct about about, const uint8_t *bytes, size_t len);

/*
 * The bytes have moved or grown (a conversation's stream): pointers are looked
 * for there from now on.  Nothing recorded is forgotten.
 */
void facts_bytes(struct facts *, const uint8_t *bytes, size_t len);

/* What follows is about something else (a port the portmapper names). */
void facts_about(struct facts *, struct about about);

/*
 * Record len bytes of text: trailing blanks and NULs are dropped, anything
 * not printable is escaped (text.h).  Empty text is not recorded.
 */
void facts_text(
    struct facts *, enum fact_key key, const uint8_t *s, size_t len);

/*
 * The same with evidence elsewhere: at is where the bytes were read from (may
 * be NULL).  Text from the wire among the arguments goes through
 * text_printable() first.  What is not printable all the same is escaped, but
 * a backslash is kept, so that nothing is escaped twice.
 */
void facts_printf(struct facts *, enum fact_key key, const uint8_t *at,
    size_t at_len, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* Record a number, at its bytes (at may be NULL). */
void facts_number(struct facts *, enum fact_key key, int64_t value,
    const uint8_t *at, size_t at_len);

/* Record "yes" or "no". */
void facts_flag(struct facts *, enum fact_key key, bool value,
    const uint8_t *at, size_t at_len);

/* Record bytes as hex digits, as many as fit; they are the evidence too. */
void facts_hex(struct facts *, enum fact_key key, const uint8_t *s, size_t len);

/*
 * What is recorded is not about who sent the bytes but about this address,
 * which they name (a DHCP client has none of its own yet); forgotten by
 * facts_begin().  facts_whose() returns it, or 0: the sender.
 */
void facts_of(struct facts *, uint32_t address);
uint32_t facts_whose(const struct facts *);

/* Returns how far into the bytes given to facts_begin() facts reach: what lies
 * behind was not needed to read them. */
size_t facts_reach(const struct facts *);

/* Drop everything recorded past the first n: a parser takes it back.  What
 * follows is still about what it was about. */
void facts_rewind(struct facts *, size_t n);

size_t facts_count(const struct facts *);

/* Returns how many facts fell over a ceiling (limits.h) since
 * facts_begin(). */
size_t facts_dropped(const struct facts *);

/*
 * Returns the i-th; address, mac, probe, time, evidence.kind and
 * evidence.number are unset until the ledger stamps them.  evidence.raw_len
 * is 0 where the fact points at no bytes.  Valid until the next change of the
 * list.
 */
const struct fact *facts_at(const struct facts *, size_t i);

/* Returns the first value under key, whatever it is about, or NULL. */
const char *facts_get(const struct facts *, enum fact_key key);

#endif
