/* SPDX-License-Identifier: ISC */
/* output_files - which option names which format's file. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "reports/report.h"
#include "scanner/log.h"
#include "scanner/options.h"
#include "scanner/output_files.h"

enum { FILES = 4 };

struct file {
	const char *format, *path;
};

static void
list_files(const struct options *o, struct file out[static FILES])
{
	out[0] = (struct file){ "json", o->json };
	out[1] = (struct file){ "csv", o->csv };
	out[2] = (struct file){ "nmap", o->nmap_xml };
	out[3] = (struct file){ "prometheus", o->prometheus };
}

static bool
is_stdout(const struct file *f)
{
	return f->path != NULL && strcmp(f->path, "-") == 0;
}

static bool
write_file(const struct file *f, const struct report *report)
{
	const struct report_format *format = report_format_find(f->format);
	bool ok = is_stdout(f)
	    ? format->write(report, stdout) && fflush(stdout) == 0
	    : report_save(format, report, f->path);

	if (!ok)
		log_error("output", "cannot write %s: %s",
		    is_stdout(f) ? "standard output" : f->path,
		    strerror(errno));
	return ok;
}

bool
output_files_write(const struct options *options, const struct report *report)
{
	struct file files[FILES];
	bool fine = true;

	list_files(options, files);
	for (size_t i = 0; i < FILES; i++)
		if (files[i].path != NULL && !write_file(&files[i], report))
			fine = false;
	return fine;
}

bool
output_files_take_stdout(const struct options *options)
{
	struct file files[FILES];
	bool takes = false;

	list_files(options, files);
	for (size_t i = 0; i < FILES; i++)
		takes |= is_stdout(&files[i]);
	return takes;
}
