/* SPDX-License-Identifier: ISC */
/* unit - the main loop and the page guard of every C unit test. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scanner/net.h"
#include "t/unit.h"

enum { EDGES_MAX = 1 << 16 };

static struct {
	uint8_t *map;
	size_t len;
} edges[EDGES_MAX];
static size_t edges_len;

int
unit_run(const char *name, const TTest *const *tests)
{
	Suite *suite = suite_create(name);
	TCase *all = tcase_create(name);
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(all, 240);
	suite_add_tcase(suite, all);
	for (; *tests != NULL; tests++)
		tcase_add_test(all, *tests);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

const uint8_t *
at_the_edge(const void *src, size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t room = (len + page - 1) / page * page;
	uint8_t *map;

	if (room == 0)
		room = page;
	map = mmap(NULL, room + page, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map == MAP_FAILED || edges_len == EDGES_MAX)
		ck_abort_msg("no room for a guarded page");
	if (len > 0)
		memcpy(map + room - len, src, len);
	mprotect(map, room, PROT_READ);
	mprotect(map + room, page, PROT_NONE);
	edges[edges_len].map = map;
	edges[edges_len++].len = room + page;
	return map + room - len;
}

void
unit_edge_free(void)
{
	while (edges_len > 0) {
		edges_len--;
		munmap(edges[edges_len].map, edges[edges_len].len);
	}
}

uint32_t
ip(const char *text)
{
	uint32_t address = 0;

	ck_assert(ipv4_parse(text, &address));
	return address;
}
