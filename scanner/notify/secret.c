/* SPDX-License-Identifier: ISC */
/* secret - the file's mode is looked at before a byte of it is read. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/notify/secret.h"

static bool
fail(char error[static SECRET_ERROR], const char *path, const char *why)
{
	snprintf(error, SECRET_ERROR, "%.160s: %.80s", path, why);
	return false;
}

static bool
credential_path(const char *name, char path[static PATH_MAX],
    char error[static SECRET_ERROR])
{
	const char *directory = getenv("CREDENTIALS_DIRECTORY");
	int n;

	if (strchr(name, '/') != NULL || name[0] == '.')
		return fail(error, name, "is no name of a credential");
	if (directory == NULL)
		return fail(error, name,
		    "systemd has handed over no credentials "
		    "(LoadCredential= in the unit)");
	n = snprintf(path, PATH_MAX, "%s/%s", directory, name);
	return (n > 0 && n < PATH_MAX) ||
	    fail(error, name, "the name is too long");
}

static bool
is_private(int fd, bool is_credential, const char *path,
    char error[static SECRET_ERROR])
{
	struct stat st;
	mode_t others = is_credential ? S_IRWXO : S_IRWXG | S_IRWXO;

	if (fstat(fd, &st) != 0)
		return fail(error, path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fail(error, path, "is no regular file");
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return fail(error, path, "belongs to somebody else");
	if ((st.st_mode & others) != 0)
		return fail(error, path,
		    "can be read by others: chmod 600, for its owner alone");
	return true;
}

static bool
take(int fd, struct secret *out, const char *path,
    char error[static SECRET_ERROR])
{
	ssize_t n = read(fd, out->text, sizeof(out->text));

	if (n < 0)
		return fail(error, path, strerror(errno));
	if (n == (ssize_t)sizeof(out->text))
		return fail(error, path, "is too long for a secret");
	while (n > 0 && strchr("\r\n", out->text[n - 1]) != NULL)
		n--;
	out->text[n] = '\0';
	out->len = (size_t)n;
	if (n == 0)
		return fail(error, path, "is empty");
	return strlen(out->text) == out->len ||
	    fail(error, path, "is not text");
}

bool
secret_read(const char *file, const char *credential, struct secret *out,
    char error[static SECRET_ERROR])
{
	char path[PATH_MAX];
	bool ok;
	int fd;

	if (credential != NULL && !credential_path(credential, path, error))
		return false;
	if (credential == NULL)
		snprintf(path, sizeof(path), "%s", file);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return fail(error, path, strerror(errno));
	ok = is_private(fd, credential != NULL, path, error) &&
	    take(fd, out, path, error);
	close(fd);
	if (!ok)
		secret_wipe(out);
	return ok;
}

void
secret_wipe(struct secret *s)
{
	explicit_bzero(s, sizeof(*s));
}
