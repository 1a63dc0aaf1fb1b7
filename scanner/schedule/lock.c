/* SPDX-License-Identifier: ISC */
/* lock - the file is never removed: its name must not mean two files. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/schedule/lock.h"

/* Who has it, as written there: for people only. */
static void
read_holder(int fd, char *buf, size_t size)
{
	ssize_t n = pread(fd, buf, size - 1, 0);

	buf[n > 0 ? n : 0] = '\0';
	buf[strspn(buf, "0123456789")] = '\0';
}

int
lock_take(const char *path, bool *is_held, char error[static LOCK_ERROR])
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	char holder[16];
	int n;

	*is_held = false;
	if (fd < 0) {
		snprintf(error, LOCK_ERROR, "cannot open %.180s: %s", path,
		    strerror(errno));
		return -1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		*is_held = errno == EWOULDBLOCK;
		read_holder(fd, holder, sizeof(holder));
		snprintf(error, LOCK_ERROR,
		    *is_held ? "process %.16s is at it" : "cannot lock: %.16s",
		    *is_held ? holder : strerror(errno));
		close(fd);
		return -1;
	}
	n = snprintf(holder, sizeof(holder), "%d\n", (int)getpid());
	if (ftruncate(fd, 0) != 0 || pwrite(fd, holder, (size_t)n, 0) != n) {
		snprintf(error, LOCK_ERROR, "cannot write %.180s: %s", path,
		    strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}

void
lock_give(int fd)
{
	if (fd >= 0)
		close(fd);
}

bool
lock_directory(const char *path)
{
	char part[PATH_MAX];
	size_t len = strlen(path);

	if (len >= sizeof(part)) {
		errno = ENAMETOOLONG;
		return false;
	}
	for (size_t i = 1; i <= len; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		snprintf(part, sizeof(part), "%.*s", (int)i, path);
		if (mkdir(part, 0750) != 0 && errno != EEXIST)
			return false;
	}
	return true;
}
