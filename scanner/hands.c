/* SPDX-License-Identifier: ISC */
/* hands - a thread for each but the first. */
#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

#include "scanner/hands.h"

enum { ALONE = 2048 }; /* fewer are not worth a second hand */

struct hand {
	void (*work)(void *arg, unsigned hand);
	void *arg;
	unsigned number;
	pthread_t thread;
	bool is_thread;
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
begin(void *arg)
{
	struct hand *h = arg;

	h->work(h->arg, h->number);
	return NULL;
}

void
hands_run(unsigned hands, void (*work)(void *arg, unsigned hand), void *arg)
{
	struct hand all[HANDS_MAX];

	for (unsigned i = hands; i-- > 0;) {
		struct hand *h = &all[i];

		*h = (struct hand){ .work = work, .arg = arg, .number = i };
		h->is_thread =
		    i > 0 && pthread_create(&h->thread, NULL, begin, h) == 0;
		if (!h->is_thread)
			begin(h);
	}
	for (unsigned i = 1; i < hands; i++)
		if (all[i].is_thread)
			pthread_join(all[i].thread, NULL);
}
