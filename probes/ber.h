/* SPDX-License-Identifier: ISC */
/*
 * ber - the little of ASN.1's basic encoding that SNMP needs, read strictly.
 *
 * Source: X.690.  Limits: tags of one byte, definite lengths, integers of 32
 * bits.
 */
#ifndef BER_H
#define BER_H

#include "scanner/probe.h"

enum {
	BER_INTEGER = 0x02,
	BER_OCTETS = 0x04,
	BER_NULL = 0x05,
	BER_OID = 0x06,
	BER_SEQUENCE = 0x30,
	BER_OID_TEXT = 256
};

/* Takes the next element off r: its tag, and what is inside.  False, and r is
 * marked short, where it is cut or not written as it must be. */
bool ber_next(struct rd *r, uint8_t *tag, struct rd *inside);

/* The same for an element that must be of this tag. */
bool ber_take(struct rd *r, uint8_t tag, struct rd *inside);

/* Takes an integer; 0 where there is none, and r is marked short. */
int32_t ber_take_integer(struct rd *r);

/* Returns buf: an object identifier's inside as text, or NULL where it is
 * none, or too long. */
const char *ber_oid_text(struct rd inside, char buf[static BER_OID_TEXT]);

#endif
