/* SPDX-License-Identifier: ISC */
/*
 * drop - samples of rx_packets in sysfs.
 *
 * The median over the looks leaves out a tool's start, its pauses between
 * rounds and its wait at the end.  A run of up to 300 s is looked at.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "t/bench/drop.h"

enum { LOOKS_MAX = 30000 };

static int64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static uint64_t
look(int fd)
{
	char text[32] = "";
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	return n > 0 ? strtoull(text, NULL, 10) : 0;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static size_t
watch(int fd, const volatile sig_atomic_t *stop, double *rates)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	uint64_t last = look(fd);
	int64_t before = now_ns();
	size_t n = 0;

	while (!*stop && n < LOOKS_MAX) {
		uint64_t seen;
		int64_t now;

		nanosleep(&pause, NULL);
		seen = look(fd);
		now = now_ns();
		if (seen != last)
			rates[n++] = (double)(seen - last) /
			    ((double)(now - before) / 1e9);
		last = seen;
		before = now;
	}
	return n;
}

bool
drop_count(
    const char *interface, const volatile sig_atomic_t *stop, const char *file)
{
	char name[128];
	double *rates = calloc(LOOKS_MAX, sizeof(*rates));
	uint64_t start;
	FILE *out;
	size_t n;
	int fd;

	snprintf(name, sizeof(name), "/sys/class/net/%s/statistics/rx_packets",
	    interface);
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || rates == NULL) {
		free(rates);
		return false;
	}
	start = look(fd);
	n = watch(fd, stop, rates);
	qsort(rates, n, sizeof(*rates), compare);
	out = fopen(file, "w");
	if (out != NULL) {
		fprintf(out, "{ \"packets\": %" PRIu64 ",\n  \"pps\": %.0f }\n",
		    look(fd) - start, n > 0 ? rates[n / 2] : 0.0);
		n = fclose(out) == 0;
	}
	close(fd);
	free(rates);
	return out != NULL && n == 1;
}
