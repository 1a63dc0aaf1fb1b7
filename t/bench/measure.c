/* SPDX-License-Identifier: ISC */
/*
 * measure - runs a command and writes what it cost: one line of wall-clock
 * seconds, CPU seconds, peak memory in KiB, exit status (128 + n when signal n
 * ended it, 124 when its time was up).
 *
 *   measure -o FILE [-t SECONDS] COMMAND...
 *
 * CPU and memory are the command's and its waited-for children's, by
 * getrusage.  What packets cost in the kernel while it sent them is in it.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
seconds(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
run(char **command)
{
	execvp(command[0], command);
	perror(command[0]);
	return 127;
}

/* Waits for the child, ends it and its group when the time is up. */
static int
wait_for(pid_t child, unsigned limit, struct rusage *usage)
{
	sigset_t set;
	struct timespec left = { .tv_sec = limit };
	int status = 0;
	bool late = false;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	if (limit > 0 && sigtimedwait(&set, NULL, &left) < 0 &&
	    errno == EAGAIN) {
		late = true;
		kill(-child, SIGTERM);
		left.tv_sec = 3;
		if (sigtimedwait(&set, NULL, &left) < 0)
			kill(-child, SIGKILL);
	}
	while (wait4(child, &status, 0, usage) < 0 && errno == EINTR)
		;
	if (late)
		return 124;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int
main(int argc, char **argv)
{
	const char *file = NULL;
	unsigned limit = 0;
	struct rusage usage = { 0 };
	sigset_t set;
	double start;
	pid_t child;
	FILE *out;
	int option, status;

	while ((option = getopt(argc, argv, "+o:t:")) != -1) {
		if (option == 'o')
			file = optarg;
		else if (option == 't')
			limit = (unsigned)strtoul(optarg, NULL, 10);
		else
			return 2;
	}
	if (file == NULL || optind == argc)
		return 2;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	start = now();
	child = fork();
	if (child == 0) {
		setpgid(0, 0);
		sigprocmask(SIG_UNBLOCK, &set, NULL);
		_exit(run(argv + optind));
	}
	if (child < 0) {
		perror("measure");
		return 1;
	}
	status = wait_for(child, limit, &usage);
	start = now() - start;
	out = fopen(file, "w");
	if (out == NULL) {
		perror(file);
		return 1;
	}
	fprintf(out, "%.4f %.3f %ld %d\n", start,
	    seconds(&usage.ru_utime) + seconds(&usage.ru_stime),
	    usage.ru_maxrss, status);
	return fclose(out) == 0 ? 0 : 1;
}
