/* SPDX-License-Identifier: ISC */
/*
 * html_segments - where a report has too many assets for one page: a page per
 * /24 in segments/ beside it, with the plain table and the evidence of its
 * assets.  No script is in them.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reports/html_parts.h"
#include "reports/view.h"

static const char directory_name[] = "segments";

/* The assets of one /24, as a page of their own. */
struct segment {
	const struct report *report;
	const struct asset *const *order;
	size_t len;
	uint32_t network;
};

static uint32_t
network_of(const struct asset *a)
{
	return a->address & ~UINT32_C(255);
}

const char *
html_segment_file(uint32_t address, char buf[static HTML_SEGMENT])
{
	char ip[NET_IPV4_TEXT];

	snprintf(buf, HTML_SEGMENT, "%s/%s-24.html", directory_name,
	    ipv4_text(address & ~UINT32_C(255), ip));
	return buf;
}

static void
put_head(struct markup *h, const char *network)
{
	markup_open(h, "head", NULL);
	html_policy(h, false);
	markup_leaf(h, "title", NULL, "gantry: %s/24", network);
	html_style(h);
	markup_close(h);
	markup_raw(h, "\n");
}

static void
put_header(struct markup *h, const struct segment *s, const char *network)
{
	markup_open(h, "header", NULL);
	markup_open(h, "p", "kind");
	markup_open(h, "a", NULL);
	markup_attr(h, "href", "../report.html");
	markup_text(h, "gantry %s of ", s->report->run->command);
	html_subject(h, s->report->run);
	markup_close(h);
	markup_close(h);
	markup_leaf(h, "h1", NULL, "%s/24: %zu assets", network, s->len);
	markup_close(h);
	markup_raw(h, "\n");
}

static bool
write_segment(const void *arg, FILE *out)
{
	const struct segment *s = arg;
	struct markup *h = markup_begin(out, "<!DOCTYPE html>\n");
	char network[NET_IPV4_TEXT];

	if (h == NULL) {
		errno = ENOMEM;
		return false;
	}
	ipv4_text(s->network, network);
	markup_open(h, "html", "no-script");
	markup_attr(h, "lang", "en");
	put_head(h, network);
	markup_open(h, "body", NULL);
	put_header(h, s, network);
	markup_open(h, "main", NULL);
	html_section(h, "assets", NULL, "Assets");
	html_rows(h, s->report, s->order, s->len);
	markup_close(h);
	html_section(h, "detail", "detail", "Each in detail");
	for (size_t i = 0; i < s->len; i++)
		html_asset(h, s->order[i]);
	markup_close(h);
	markup_close(h);
	markup_close(h);
	markup_close(h);
	markup_raw(h, "\n");
	return markup_end(h);
}

static int
compare_network(const void *pa, const void *pb)
{
	const struct asset *const *a = pa, *const *b = pb;
	uint32_t x = network_of(*a), y = network_of(*b);

	if (x != y)
		return x < y ? -1 : 1;
	/* both of one array in the reader's order: kept by address */
	return ((*a)->address > (*b)->address) -
	    ((*a)->address < (*b)->address);
}

/* Writes each network's page; those next to each other in order are one. */
static bool
write_all(const struct report *report, const struct asset *const *order,
    const char *directory)
{
	size_t i = 0, len = report->assets->len;
	char path[PATH_MAX], file[HTML_SEGMENT];

	while (i < len) {
		struct segment s = { .report = report,
			.order = &order[i],
			.network = network_of(order[i]) };

		while (i < len && network_of(order[i]) == s.network) {
			s.len++;
			i++;
		}
		html_segment_file(s.network, file);
		if (snprintf(path, sizeof(path), "%s/%s", directory, file) >=
		    (int)sizeof(path)) {
			errno = ENAMETOOLONG;
			return false;
		}
		if (!report_save_quickly(path, 0666, write_segment, &s))
			return false;
	}
	return true;
}

/* Is it a name html_segment_file() makes? */
static bool
is_ours(const char *name)
{
	unsigned a, b, c;
	int end = 0;

	return sscanf(name, "%3u.%3u.%3u.0-24.html%n", &a, &b, &c, &end) == 3 &&
	    end > 0 && name[end] == '\0';
}

/* The pages of an earlier report do not belong to this one. */
static void
forget_old(const char *path)
{
	DIR *d = opendir(path);
	const struct dirent *e;

	if (d == NULL)
		return;
	while ((e = readdir(d)) != NULL)
		if (is_ours(e->d_name))
			(void)unlinkat(dirfd(d), e->d_name, 0);
	closedir(d);
}

bool
html_segments(const struct report *report, const char *directory)
{
	const struct asset **order;
	char path[PATH_MAX];
	bool ok;

	if (snprintf(path, sizeof(path), "%s/%s", directory, directory_name) >=
	    (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	forget_old(path);
	if (!html_is_big(report)) {
		(void)rmdir(path); /* where it was ours alone */
		return true;
	}
	if (mkdir(path, 0777) != 0 && errno != EEXIST)
		return false;
	order = view_order(report->assets);
	if (order == NULL) {
		errno = ENOMEM;
		return false;
	}
	qsort(order, report->assets->len, sizeof(*order), compare_network);
	ok = write_all(report, order, directory);
	free(order);
	return ok;
}
