/* SPDX-License-Identifier: ISC */
/*
 * jetdirect and lpd - printers.  Whatever is sent there comes out on paper:
 * one page for each connection that brought a byte, and one more for each
 * further kilobyte.
 */
#include "services.h"
#include "tcp.h"
#include "ward.h"

enum { PAGE_BYTES = 1024 };

struct job {
	uint64_t bytes;
};

static void
paper_data(struct conn *c, const uint8_t *bytes, size_t len)
{
	struct job *j = conn_state(c);
	uint64_t before = (j->bytes + PAGE_BYTES - 1) / PAGE_BYTES;

	(void)bytes;
	j->bytes += len;
	conn_host(c)->harm.pages_printed +=
	    (j->bytes + PAGE_BYTES - 1) / PAGE_BYTES - before;
}

const struct service service_jetdirect = {
	.name = "jetdirect",
	.state_size = sizeof(struct job),
	.data = paper_data,
};

/* The daemon's one word: zero for "go on". */
static void
lpd_data(struct conn *c, const uint8_t *bytes, size_t len)
{
	static const uint8_t fine = 0;

	paper_data(c, bytes, len);
	conn_send(c, &fine, sizeof(fine));
}

const struct service service_lpd = {
	.name = "lpd",
	.state_size = sizeof(struct job),
	.data = lpd_data,
};
