/* SPDX-License-Identifier: ISC */
/*
 * byaddress - things by IPv4 address, each address once.
 *
 * Open addressing: finding one touches little memory, which is what counts
 * where there are many.  The things are the caller's.
 */
#ifndef BYADDRESS_H
#define BYADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct byaddress_place {
	uint32_t address;
	void *thing; /* NULL: empty */
};

/* All zero: empty. */
struct byaddress {
	struct byaddress_place *places;
	size_t size; /* 0, or a power of two at least twice len */
	size_t len;
};

/* Returns the thing, or NULL. */
void *byaddress_find(const struct byaddress *, uint32_t address);

/* Puts a thing, not NULL, where none is yet.  False: memory is out. */
bool byaddress_add(struct byaddress *, uint32_t address, void *thing);

/* Ends the places, not the things. */
void byaddress_end(struct byaddress *);

#endif
