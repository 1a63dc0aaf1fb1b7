/* SPDX-License-Identifier: ISC */
/*
 * own_network - a network namespace for one test, with nothing in it but what
 * the test asks for.  Goes with the test's process; nothing can leave it.
 */
#ifndef OWN_NETWORK_H
#define OWN_NETWORK_H

#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Returns whether the text went into the file whole. */
static bool
own_network_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return false;
	ok = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return ok;
}

/*
 * Moves this process into a network of its own and runs the setup there, a
 * line for the shell.  Returns false, with a line that says so, where this
 * system does not let us; the test then has nothing to test.
 */
static bool
own_network(const char *setup)
{
	char map[64];

	snprintf(map, sizeof(map), "0 %u 1\n", (unsigned)geteuid());
	if (unshare(CLONE_NEWNET) != 0 &&
	    (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0 ||
		!own_network_write("/proc/self/uid_map", map))) {
		fprintf(stderr, "# skipped: no network namespaces here\n");
		return false;
	}
	/* or the ends of a pair talk about IPv6 by themselves */
	own_network_write(
	    "/proc/sys/net/ipv6/conf/default/disable_ipv6", "1\n");
	if (system(setup) != 0) {
		fprintf(stderr, "# skipped: ip(8) could not set it up\n");
		return false;
	}
	return true;
}

#endif
