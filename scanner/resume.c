/* SPDX-License-Identifier: ISC */
/* resume - a broken-off run as data: its memory, and which facts go on. */
#include <stdlib.h>
#include <string.h>

#include "scanner/resume.h"

struct resume *
resume_new(void)
{
	return calloc(1, sizeof(struct resume));
}

void
resume_free(struct resume *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->hosts_len; i++) {
		free(r->hosts[i].visit.ports);
		free(r->hosts[i].visit.tasks);
	}
	free(r->hosts);
	for (size_t i = 0; i < r->owned_len; i++)
		free(r->owned[i]);
	free(r->owned);
	free(r->run.halted);
	free(r->run.unknown);
	free(r->answers);
	free(r->asked.words);
	free(r->asked.exclude);
	free(r);
}

void *
resume_own(struct resume *r, void *memory)
{
	void **grown;

	if (memory == NULL)
		return NULL;
	grown = realloc(r->owned, (r->owned_len + 1) * sizeof(*grown));
	if (grown == NULL) {
		free(memory);
		return NULL;
	}
	r->owned = grown;
	grown[r->owned_len++] = memory;
	return memory;
}

static int
compare_host(const void *a, const void *b)
{
	uint32_t x = ((const struct resume_host *)a)->address;
	uint32_t y = ((const struct resume_host *)b)->address;

	return (x > y) - (x < y);
}

void
resume_sort(struct resume *r)
{
	if (r->hosts_len > 0)
		qsort(r->hosts, r->hosts_len, sizeof(*r->hosts), compare_host);
}

const struct resume_host *
resume_host_find(const struct resume *r, uint32_t address)
{
	const struct resume_host key = { .address = address };

	if (r->hosts_len == 0)
		return NULL;
	return bsearch(
	    &key, r->hosts, r->hosts_len, sizeof(*r->hosts), compare_host);
}

bool
resume_keeps(const struct resume *r, const struct fact *f)
{
	const struct resume_host *host;

	if (strcmp(f->probe, "derive") == 0 || strcmp(f->probe, "listen") == 0)
		return false;
	if (strcmp(f->probe, "visit") != 0)
		return true;
	host = resume_host_find(r, f->address);
	return host != NULL && host->is_over;
}
