/* SPDX-License-Identifier: ISC */
/* output - the results directory, and the last stages of every command. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fingerprints/identity.h"
#include "reports/ndjson.h"
#include "reports/report.h"
#include "scanner/derive.h"
#include "scanner/derive_stack.h"
#include "scanner/log.h"
#include "scanner/loop.h"
#include "scanner/options.h"
#include "scanner/output.h"
#include "scanner/output_files.h"
#include "scanner/resume.h"
#include "scanner/stacks.h"

struct output {
	const struct run *run;
	const char *directory; /* or NULL */
	FILE *facts;
	struct evidence_file *evidence;
	bool failed; /* a write of facts went wrong */
};

static bool
join(char *buf, size_t size, const char *directory, const char *name)
{
	int n = snprintf(buf, size, "%s/%s", directory, name);

	return n > 0 && (size_t)n < size;
}

static void
complain(const char *what, const char *name)
{
	log_error("output", "cannot %s %s: %s", what, name, strerror(errno));
}

static void
write_fact(void *arg, const struct fact *fact)
{
	struct output *o = arg;

	if (!ndjson_write_fact(o->facts, o->run, fact) ||
	    fflush(o->facts) != 0) {
		if (!o->failed)
			complain("write", "facts.ndjson");
		o->failed = true;
	}
}

/* The facts of the run so far, as far as they hold; new ones go behind. */
static bool
rewrite_facts(
    const struct output *o, const struct ledger *ledger, const char *path)
{
	const struct report report = { .run = o->run, .ledger = ledger };

	if (report_save(report_format_find("ndjson"), &report, path))
		return true;
	complain("write", path);
	return false;
}

/* What an earlier run left undone is of no use beside the facts of another. */
static bool
forget_run(const struct output *o)
{
	char path[PATH_MAX];

	if (join(path, sizeof(path), o->directory, RESUME_FILE) &&
	    (unlink(path) == 0 || errno == ENOENT))
		return true;
	complain("remove", RESUME_FILE);
	return false;
}

static bool
open_evidence(struct output *o, bool goes_on)
{
	const char *program = "gantry " GANTRY_VERSION;
	char path[PATH_MAX];

	if (!join(path, sizeof(path), o->directory, "evidence.pcapng"))
		return false;
	o->evidence = goes_on ? evidence_continue(path, program)
			      : evidence_create(path, program);
	if (o->evidence == NULL)
		complain("write", path);
	return o->evidence != NULL;
}

static bool
open_files(
    struct output *o, struct ledger *ledger, bool goes_on, bool is_transient)
{
	char path[PATH_MAX];

	if (mkdir(o->directory, 0777) != 0 && errno != EEXIST) {
		complain("make directory", o->directory);
		return false;
	}
	if (!join(path, sizeof(path), o->directory, "facts.ndjson")) {
		errno = ENAMETOOLONG;
		complain("write into", o->directory);
		return false;
	}
	if (goes_on && !rewrite_facts(o, ledger, path))
		return false;
	o->facts = fopen(path, goes_on ? "ae" : "we");
	if (o->facts == NULL) {
		complain("write", path);
		return false;
	}
	ledger_on_fact(ledger, write_fact, o);
	return (is_transient || open_evidence(o, goes_on)) &&
	    (goes_on || forget_run(o));
}

bool
output_possible(const struct options *options)
{
	char parent[PATH_MAX];
	const char *directory = options->output;
	char *slash;

	if (directory == NULL || access(directory, W_OK | X_OK) == 0)
		return true;
	if (errno == ENOENT && strlen(directory) < sizeof(parent)) {
		snprintf(parent, sizeof(parent), "%s", directory);
		slash = strrchr(parent, '/');
		if (slash != NULL)
			slash[slash == parent] = '\0';
		if (access(slash != NULL ? parent : ".", W_OK | X_OK) == 0)
			return true;
	}
	complain("write into", directory);
	return false;
}

struct output *
output_new(
    const struct options *options, const struct run *run, struct ledger *ledger)
{
	struct output *o = calloc(1, sizeof(*o));

	if (o == NULL) {
		log_error("output", "out of memory");
		return NULL;
	}
	o->run = run;
	o->directory = options->output;
	if (o->directory != NULL &&
	    !open_files(
		o, ledger, options->resume != NULL, options->is_transient)) {
		output_free(o);
		return NULL;
	}
	return o;
}

void
output_free(struct output *o)
{
	if (o == NULL)
		return;
	if (o->facts != NULL)
		fclose(o->facts);
	evidence_close(o->evidence);
	free(o);
}

struct evidence_file *
output_evidence(struct output *o)
{
	return o->evidence;
}

static bool
save(const struct output *o, const struct report *report)
{
	char path[PATH_MAX];
	bool all = true;

	for (size_t i = 0; report_formats[i] != NULL; i++) {
		const struct report_format *f = report_formats[i];

		/* facts.ndjson was written as the facts came. */
		if (f->file == NULL || strcmp(f->name, "ndjson") == 0)
			continue;
		if (!join(path, sizeof(path), o->directory, f->file) ||
		    (f->beside != NULL && !f->beside(report, o->directory)) ||
		    !report_save(f, report, path)) {
			complain("write", f->file);
			all = false;
		}
	}
	return all;
}

/* The files asked for one by one, and the summary: standard output belongs to
 * a report that was sent there alone. */
static bool
show(const struct options *options, const struct report *report)
{
	bool fine = output_files_write(options, report);

	if (options->verbosity < 0 || output_files_take_stdout(options))
		return fine;
	if (report_format_find("terminal")->write(report, stdout) &&
	    fflush(stdout) == 0)
		return fine;
	complain("write", "standard output");
	return false;
}

static bool
wants_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && (no == NULL || *no == '\0') &&
	    (term == NULL || strcmp(term, "dumb") != 0);
}

static unsigned
columns(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return 0;
}

/* Goes without the table where it is missing or wrong, and says so. */
static void
derive_stacks(struct ledger *ledger)
{
	char path[PATH_MAX], error[STACKS_ERROR] = "stacks.txt is missing";
	struct stacks *stacks = NULL;

	if (output_data_path("stacks.txt", path, sizeof(path)))
		stacks = stacks_new(path, error);
	if (stacks == NULL)
		log_warn("stacks", "%s", error);
	else
		derive_stack_all(ledger, stacks);
	stacks_free(stacks);
}

/* Without its table nobody's DICOM implementation is named: worth a word, but
 * no reason to lose a report. */
static void
derive_identities(struct ledger *ledger)
{
	char path[PATH_MAX], error[IDENTITY_ERROR];
	struct identities *all = NULL;

	if (!output_data_path("dicom.yaml", path, sizeof(path))) {
		log_error("output", "no dicom.yaml beside the program");
		return;
	}
	all = identities_load(path, error);
	if (all == NULL)
		log_error("output", "%s", error);
	else
		identities_derive(all, ledger);
	identities_free(all);
}

bool
output_write(struct output *o, const struct options *options,
    const struct run *run, struct ledger *ledger,
    const struct fingerprints *fingerprints, const struct output_show *other)
{
	struct report report = { .run = run,
		.ledger = ledger,
		.fingerprints = fingerprints,
		.columns = columns(),
		.colour = wants_colour() };
	struct assets *assets;
	bool fine = true;

	derive_all(ledger);
	derive_stacks(ledger);
	derive_identities(ledger);
	assets = assets_build(ledger, fingerprints);
	if (assets == NULL) {
		log_error("output", "out of memory");
		return false;
	}
	report.assets = assets;
	if (other != NULL && other->remember != NULL)
		fine = other->remember(other->remember_arg, &report);
	if (o->directory != NULL && !options->is_transient)
		fine = save(o, &report) && fine;
	if (other != NULL && other->show != NULL)
		fine = other->show(other->arg, &report) && fine;
	else
		fine = show(options, &report) && fine;
	if (o->directory != NULL && !options->is_transient && fine)
		log_info("output", "report in %s/report.html", o->directory);
	assets_free(assets);
	return fine && !o->failed;
}

static void
fingerprint_trouble(void *arg, const char *file, const char *what)
{
	*(bool *)arg = false;
	log_error("fingerprints", "%s: %s", file, what);
}

/* The directory the program lies in, without its last part. */
static bool
program_home(char *buf, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", buf, size - 1);
	char *slash;

	if (n <= 0)
		return false;
	buf[n] = '\0';
	for (int up = 0; up < 2; up++) {
		slash = strrchr(buf, '/');
		if (slash == NULL)
			return false;
		*slash = '\0';
	}
	return true;
}

static bool
data_below(const char *home, const char *name, char *buf, unsigned long size)
{
	/* installed: PREFIX/share/gantry; checkout: beside build/ */
	static const char *const places[] = { "share/gantry", "data",
		"fingerprints" };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		int n = snprintf(buf, size, "%s/%s/%s", home, places[i], name);

		if (n > 0 && (unsigned long)n < size && access(buf, R_OK) == 0)
			return true;
	}
	return false;
}

bool
output_data_path(const char *name, char *buf, unsigned long size)
{
	char home[PATH_MAX];

	if (program_home(home, sizeof(home)))
		return data_below(home, name, buf, size);
	/* Without /proc, as in a bare chroot, it is where packages put it. */
	return data_below("/usr/local", name, buf, size) ||
	    data_below("/usr", name, buf, size);
}

struct fingerprints *
output_fingerprints(const struct options *options, bool *whole)
{
	bool all_fine = true;
	char path[PATH_MAX];
	const char *directory = options->fingerprints;
	struct fingerprints *all;

	if (directory == NULL) {
		if (!output_data_path("devices", path, sizeof(path))) {
			log_error("fingerprints",
			    "none found beside the "
			    "program; name a directory "
			    "with --fingerprints");
			return NULL;
		}
		directory = path;
	}
	all = fingerprints_load(directory, fingerprint_trouble, &all_fine);
	if (whole != NULL)
		*whole = all_fine;
	if (all == NULL && all_fine)
		log_error(
		    "fingerprints", "%s: nothing could be loaded", directory);
	return all;
}

void
output_run_begin(
    struct run *run, const char *command, const struct options *options)
{
	time_t seconds;
	struct tm tm;
	uint16_t tail = 0;
	char stamp[20];

	*run = (struct run){ .command = command,
		.version = GANTRY_VERSION,
		.started_ns = loop_wall() };
	snprintf(run->site, sizeof(run->site), "%s",
	    options->site != NULL ? options->site : "");
	seconds = (time_t)(run->started_ns / 1000000000);
	gmtime_r(&seconds, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	if (getrandom(&tail, sizeof(tail), 0) != sizeof(tail))
		tail = (uint16_t)getpid();
	snprintf(run->id, sizeof(run->id), "%s-%04x", stamp, tail);
}
