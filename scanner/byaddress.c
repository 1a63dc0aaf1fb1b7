/* SPDX-License-Identifier: ISC */
/* byaddress - a table of addresses, linear probing, never more than half full. */
#include <stdlib.h>

#include "scanner/byaddress.h"

enum { SIZE_FROM = 64, GROWTH = 4 };

/* Returns the place an address has, or would have. */
static struct byaddress_place *
place_of(const struct byaddress *b, uint32_t address)
{
	size_t mask = b->size - 1;
	uint32_t x = address;

	/* Every bit of an address is to count: neighbours, and networks. */
	x = (x ^ x >> 16) * 0x45d9f3bU;
	x = (x ^ x >> 16) * 0x45d9f3bU;
	x ^= x >> 16;
	while (b->places[x & mask].thing != NULL &&
	    b->places[x & mask].address != address)
		x++;
	return &b->places[x & mask];
}

/* Has the table room for one more?  False: out of memory. */
static bool
has_room(struct byaddress *b)
{
	struct byaddress larger = *b;

	if (2 * (b->len + 1) <= b->size)
		return true;
	larger.size = b->size == 0 ? SIZE_FROM : GROWTH * b->size;
	larger.places = calloc(larger.size, sizeof(*larger.places));
	if (larger.places == NULL)
		return false;
	for (size_t i = 0; i < b->size; i++)
		if (b->places[i].thing != NULL)
			*place_of(&larger, b->places[i].address) = b->places[i];
	free(b->places);
	*b = larger;
	return true;
}

void *
byaddress_find(const struct byaddress *b, uint32_t address)
{
	return b->size > 0 ? place_of(b, address)->thing : NULL;
}

bool
byaddress_add(struct byaddress *b, uint32_t address, void *thing)
{
	if (!has_room(b))
		return false;
	*place_of(b, address) =
	    (struct byaddress_place){ .address = address, .thing = thing };
	b->len++;
	return true;
}

void
byaddress_end(struct byaddress *b)
{
	free(b->places);
	*b = (struct byaddress){ 0 };
}
