/* SPDX-License-Identifier: ISC */
/* report - the list of formats, and files that are whole or absent. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reports/report.h"

enum { BUFFER = 256 << 10 };

const struct report_format *const report_formats[] = {
#define REPORT(name) &report_##name,
#include "reports/list.h"
#undef REPORT
	NULL,
};

const struct report_format *
report_format_find(const char *name)
{
	for (size_t i = 0; report_formats[i] != NULL; i++)
		if (strcmp(report_formats[i]->name, name) == 0)
			return report_formats[i];
	return NULL;
}

/* Opens a new file beside path; temp gets its name.  Returns NULL, errno. */
static FILE *
open_aside(const char *path, unsigned mode, char **temp)
{
	mode_t mask = umask(0);
	FILE *out = NULL;
	int fd = -1, error;

	umask(mask);
	if (asprintf(temp, "%s.XXXXXX", path) < 0) {
		*temp = NULL;
		errno = ENOMEM;
		return NULL;
	}
	fd = mkostemp(*temp, O_CLOEXEC);
	if (fd >= 0 && fchmod(fd, mode & ~mask) == 0)
		out = fdopen(fd, "w");
	if (out != NULL)
		return out;
	error = errno;
	if (fd >= 0) {
		close(fd);
		unlink(*temp);
	}
	free(*temp);
	errno = error;
	return NULL;
}

/* Makes a rename in path's directory last; best effort, since the report
 * itself is safe already. */
static void
sync_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash != NULL ? (size_t)(slash - path) : 0;
	char *dir;
	int fd;

	if (slash == NULL)
		dir = strdup(".");
	else
		dir = len == 0 ? strdup("/") : strndup(path, len);
	if (dir == NULL)
		return;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		(void)fsync(fd);
		close(fd);
	}
	free(dir);
}

void
report_hasten(FILE *out)
{
	int error = errno;

	/* Not a file: it does not matter. */
	(void)sync_file_range(fileno(out), 0, 0, SYNC_FILE_RANGE_WRITE);
	errno = error;
}

static bool
save_aside(const char *path, unsigned mode,
    bool (*write)(const void *arg, FILE *out), const void *arg, bool waits)
{
	char *temp, *room;
	FILE *out = open_aside(path, mode, &temp);
	bool ok;
	int error;

	if (out == NULL)
		return false;
	/* Large ones leave in large pieces; glibc takes no size without the
	 * room. */
	room = malloc(BUFFER);
	if (room != NULL)
		setvbuf(out, room, _IOFBF, BUFFER);
	errno = 0;
	ok = write(arg, out) && fflush(out) == 0 &&
	    (!waits || fsync(fileno(out)) == 0);
	error = errno;
	if (fclose(out) != 0 && ok) {
		ok = false;
		error = errno;
	}
	free(room);
	if (ok && rename(temp, path) != 0) {
		ok = false;
		error = errno;
	}
	if (ok && waits)
		sync_directory(path);
	else if (!ok)
		unlink(temp);
	free(temp);
	if (!ok)
		errno = error != 0 ? error : EIO;
	return ok;
}

bool
report_save_aside(const char *path, unsigned mode,
    bool (*write)(const void *arg, FILE *out), const void *arg)
{
	return save_aside(path, mode, write, arg, true);
}

bool
report_save_quickly(const char *path, unsigned mode,
    bool (*write)(const void *arg, FILE *out), const void *arg)
{
	return save_aside(path, mode, write, arg, false);
}

struct view {
	const struct report_format *format;
	const struct report *report;
};

static bool
write_view(const void *arg, FILE *out)
{
	const struct view *v = arg;

	return v->format->write(v->report, out);
}

bool
report_save(const struct report_format *format, const struct report *report,
    const char *path)
{
	const struct view v = { .format = format, .report = report };

	return report_save_aside(path, 0666, write_view, &v);
}
