/* SPDX-License-Identifier: ISC */
/*
 * ttl - which initial TTL a received one may have started as.
 *
 * The systems gantry meets start at 30, 32, 60, 64, 128 or 255.  A TTL that
 * came over routers cannot tell 30 from 32 or 60 from 64 unless it is above
 * the lower of the two, so the answer is a set.
 */
#ifndef TTL_H
#define TTL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { TTL_TEXT = 16 };

/*
 * Returns buf, holding the candidates, lowest first: "64", "60,64".  on_link
 * says that no router lies between: then the TTL is what it was, and stands
 * alone even where it is none of the usual ones.
 */
static inline const char *
ttl_initial_text(uint8_t ttl, bool on_link, char buf[static TTL_TEXT])
{
	if (on_link)
		snprintf(buf, TTL_TEXT, "%u", (unsigned)ttl);
	else
		snprintf(buf, TTL_TEXT, "%s",
		    ttl <= 30        ? "30,32"
			: ttl <= 32  ? "32"
			: ttl <= 60  ? "60,64"
			: ttl <= 64  ? "64"
			: ttl <= 128 ? "128"
				     : "255");
	return buf;
}

#endif
