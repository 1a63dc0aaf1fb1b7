/* SPDX-License-Identifier: ISC */
/* child - one child at a time, and the signals that are meant for it. */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scanner/schedule/child.h"

enum { ARGUMENTS_MAX = 32 };

extern char **environ;

static void
fill_set(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGCHLD);
}

static int
start(const char *const *arguments, const sigset_t *mask, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	char *argv[ARGUMENTS_MAX] = { (char[]){ "gantry" } };
	int failed;

	for (size_t i = 0; arguments[i] != NULL && i + 2 < ARGUMENTS_MAX; i++)
		argv[i + 1] = (char *)arguments[i]; /* only ever read */
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	posix_spawnattr_setsigmask(&attributes, mask);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	failed = posix_spawn(
	    pid, "/proc/self/exe", &actions, &attributes, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return failed;
}

/* Waits for the child; other signals are passed on. */
static int
wait_for(pid_t pid, const sigset_t *set, int *was_asked)
{
	const struct timespec while_lost = { .tv_sec = 1 };
	siginfo_t info;
	int status;

	for (;;) {
		pid_t done = waitpid(pid, &status, WNOHANG);

		if (done == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
		if (done < 0 && errno != EINTR)
			return -1;
		if (sigtimedwait(set, &info, &while_lost) < 0 ||
		    info.si_signo == SIGCHLD)
			continue;
		*was_asked = 1;
		if (info.si_signo == SIGTERM || info.si_code != SI_KERNEL)
			kill(pid, info.si_signo);
	}
}

int
child_run(const char *const *arguments, int *was_asked)
{
	sigset_t set, before;
	pid_t pid;
	int code;

	fill_set(&set);
	if (sigprocmask(SIG_BLOCK, &set, &before) != 0)
		return -1;
	code = start(arguments, &before, &pid) == 0
	    ? wait_for(pid, &set, was_asked)
	    : -1;
	sigprocmask(SIG_SETMASK, &before, NULL);
	return code;
}
