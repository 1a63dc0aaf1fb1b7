/* SPDX-License-Identifier: ISC */
/* hands - one stretch of the list for each thread, the first for the caller. */
#include <pthread.h>
#include <unistd.h>

#include "scanner/hands.h"

enum { ALONE = 2048 }; /* fewer are not worth a second hand */

struct share {
	bool (*work)(void *arg, size_t from, size_t to);
	void *arg;
	size_t from, to;
	pthread_t thread;
	bool is_thread, ok;
};

unsigned
hands_for(size_t n)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (n < ALONE || processors < 2)
		return 1;
	return processors < HANDS_MAX ? (unsigned)processors : HANDS_MAX;
}

static void *
do_share(void *arg)
{
	struct share *s = arg;

	s->ok = s->work(s->arg, s->from, s->to);
	return NULL;
}

bool
hands_share(
    size_t n, bool (*work)(void *arg, size_t from, size_t to), void *arg)
{
	struct share shares[HANDS_MAX];
	unsigned hands = hands_for(n);
	bool ok = true;

	for (unsigned i = hands; i-- > 0;) {
		struct share *s = &shares[i];

		*s = (struct share){ .work = work,
			.arg = arg,
			.from = n * i / hands,
			.to = n * (i + 1) / hands };
		s->is_thread =
		    i > 0 && pthread_create(&s->thread, NULL, do_share, s) == 0;
		if (!s->is_thread)
			do_share(s);
	}
	for (unsigned i = 0; i < hands; i++) {
		if (shares[i].is_thread)
			pthread_join(shares[i].thread, NULL);
		ok &= shares[i].ok;
	}
	return ok;
}
