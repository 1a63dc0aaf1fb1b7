/* SPDX-License-Identifier: ISC */
/*
 * What people hand us: a CMDB's export, facts of another machine, a report.
 *
 *	byte 0	r: a record as CSV, f: facts.ndjson, j: report.json
 *	then	the file
 *
 * Built with -fsanitize=fuzzer it hunts; linked with replay.c it runs what is
 * in the corpus.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "reports/json_read.h"
#include "reports/ndjson.h"
#include "scanner/ledger.h"
#include "scanner/verify/record.h"

enum { PATH_ROOM = 64, HOST = 0x0a100d04 /* 10.16.13.4 */ };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_record(const char *path)
{
	char error[RECORD_ERROR] = "";
	struct records *records = records_read(path, NULL, error);

	/* No record without a reason. */
	if (records == NULL && error[0] == '\0')
		abort();
	for (size_t i = 0; records != NULL && i < records->len; i++)
		for (int f = 0; f < FIELDS; f++)
			if (records->items[i].text[f] == NULL)
				abort();
	records_free(records);
}

static bool
keep_all(const void *arg, struct fact *fact)
{
	(void)arg;
	(void)fact;
	return true;
}

static void
read_facts(const char *path, struct ledger *ledger)
{
	char error[NDJSON_ERROR] = "", site[RUN_SITE];
	FILE *in = fopen(path, "re");
	bool torn;

	if (!ndjson_read_facts(path, ledger, keep_all, NULL, &torn, error) &&
	    error[0] == '\0')
		abort();
	if (in == NULL)
		abort();
	(void)ndjson_site(in, site);
	fclose(in);
}

static void
read_report(const char *path, struct ledger *ledger)
{
	char error[JSON_READ_ERROR] = "";
	bool is_report;

	if (!json_read_host(path, HOST, ledger, &is_report, error) &&
	    error[0] == '\0')
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[PATH_ROOM];
	struct ledger *ledger;
	int fd;

	if (size < 1)
		return 0;
	ledger = ledger_new();
	fd = memfd_create("paper", MFD_CLOEXEC);
	if (ledger == NULL || fd < 0)
		abort();
	if (write(fd, data + 1, size - 1) != (ssize_t)size - 1)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (data[0] == 'f')
		read_facts(path, ledger);
	else if (data[0] == 'j')
		read_report(path, ledger);
	else
		read_record(path);
	ledger_free(ledger);
	close(fd);
	return 0;
}
