/* SPDX-License-Identifier: ISC */
/* run - how a run can end, in words. */
#include "scanner/run.h"

const char *
run_outcome_text(enum run_outcome outcome)
{
	static const char *const names[] = {
		[RUN_DONE] = "done",
		[RUN_INTERRUPTED] = "interrupted",
		[RUN_HALTED] = "halted",
		[RUN_FAILED] = "failed",
	};

	return names[outcome];
}

size_t
run_halted_hosts(const struct run *run)
{
	size_t n = 0;

	for (size_t i = 0; i < run->halted_len; i++)
		n += run->halted[i].address != 0;
	return n;
}
