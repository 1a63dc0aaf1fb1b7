/* SPDX-License-Identifier: ISC */
/*
 * compare: a record of 1,200 lines with 60 errors planted in it, held against
 * facts made for it: every error is found, with its reason, and no other.
 * Run from the top of the tree.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reports/verify.h"
#include "scanner/derive.h"
#include "scanner/verify/compare.h"
#include "t/fingerprint_files.h"

enum { LINES = 1200, EACH = 6, FIRST = 0x0a100001, KINDS = 5 };

/* What is wrong with a line, if anything. */
enum plant {
	RIGHT = 0,
	OTHER_MAC,
	OTHER_DEVICE,
	MOVED,
	SILENT,
	TWICE,
	ONE_ADDRESS,
	PORT_SHUT,
	NO_ADDRESS,
	UNRECORDED,
	OTHER_MAKER,
	PLANTS
};

/* Devices whose first example says what they are. */
static const struct {
	const char *id, *maker, *model;
	uint16_t port;
} devices[KINDS] = {
	{ "ge-genesis-console", "General Electric", "Signa 5.5", 104 },
	{ "solaris-host", "", "", 0 },
	{ "printer", "", "", 0 },
	{ "linux-host", "", "", 0 },
	{ "dicom-dcmtk-node", "", "", 104 },
};

static struct fingerprints *fingerprints;
static struct aliases *aliases;
static struct ledger *ledger;
static struct assets *assets;
static struct records *records;
static struct comparison *result;
static struct run run = { .command = "verify", .version = "0" };

/* Spread evenly, six of each, none at a line with another. */
static enum plant
plant_of(unsigned i)
{
	return i % 20 == i / 20 * 7 % 20 ? 1 + (i / 20) % (PLANTS - 1) : RIGHT;
}

/* Some errors are errors of some devices only. */
static unsigned
kind_of(unsigned i)
{
	switch (plant_of(i)) {
	case OTHER_DEVICE:
	case OTHER_MAKER:
		return 0;
	case PORT_SHUT:
		return i / 200 % 2 == 0 ? 0 : 4;
	default:
		return i % KINDS;
	}
}

static struct mac
mac_of(unsigned i)
{
	return (struct mac){ { 2, 0, 0, 1, (uint8_t)(i >> 8), (uint8_t)i } };
}

static void
add(uint32_t address, struct mac mac, struct about about, enum fact_key key,
    const char *value, const char *probe)
{
	const struct fact f = { .address = address,
		.mac = mac,
		.about = about,
		.key = key,
		.value = value,
		.probe = probe,
		.time_ns = 1,
		.evidence = { .kind = about.kind == ABOUT_TCP ? EVIDENCE_TALK
							      : EVIDENCE_FRAME,
		    .number = 1 } };

	ledger_add(ledger, &f);
}

/* A device as the fingerprint's first example has it. */
static void
stand(uint32_t address, struct mac mac, const char *id, bool port_open)
{
	const struct fingerprint *f = fingerprints_find(fingerprints, id);
	const struct about host = { ABOUT_HOST, 0 }, tcp = { ABOUT_TCP, 104 };

	ck_assert_ptr_nonnull(f);
	add(address, mac, host, FACT_HOST_ALIVE, "arp", "arp");
	for (size_t i = 0; i < f->examples[0].facts_len; i++) {
		const struct fact *x = &f->examples[0].facts[i];

		add(address, mac, x->about, x->key, x->value, "test");
	}
	if (!port_open)
		return;
	add(address, mac, tcp, FACT_PORT_STATE, "open", "dicom");
}

static void
stand_line(unsigned i)
{
	enum plant plant = plant_of(i);
	uint32_t address = FIRST + i;
	struct mac mac = mac_of(i);
	const char *id = devices[kind_of(i)].id;

	if (plant == SILENT)
		return;
	if (plant == MOVED)
		address += 0x10000;
	if (plant == OTHER_MAC)
		mac.b[0] = 6;
	if (plant == OTHER_DEVICE)
		id = i % 2 == 0 ? "printer" : "solaris-host";
	stand(address, mac, id,
	    plant != OTHER_DEVICE && devices[kind_of(i)].port);
}

/* Writes one line of the record.  Returns how many lines it took. */
static void
write_line(FILE *f, unsigned i, uint32_t address, const char *id)
{
	char ip[NET_IPV4_TEXT], mac[NET_MAC_TEXT];
	enum plant plant = plant_of(i);
	unsigned port = devices[kind_of(i)].port;

	fprintf(f, "\"Device, no. %u\";SN%u;%s;%s;%s/24;%s;%s;", i, i,
	    plant == OTHER_MAKER ? "Siemens Healthineers"
				 : devices[kind_of(i)].maker,
	    devices[kind_of(i)].model,
	    plant == NO_ADDRESS ? "10.16.0.300" : ipv4_text(address, ip),
	    mac_text(mac_of(i), mac), id);
	if (plant == PORT_SHUT)
		port = 2761;
	fprintf(f, port != 0 ? "%u\r\n" : "\r\n", port);
}

static void
write_record(const char *path)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs("Name;Serial number;Manufacturer;Device Type;Primary IPv4;"
	      "MAC Address;Fingerprint;DICOM port\r\n",
	    f);
	for (unsigned i = 0; i < LINES; i++) {
		const char *id = devices[kind_of(i)].id;

		if (plant_of(i) == UNRECORDED)
			continue;
		/* made by somebody who is not who it says */
		if (plant_of(i) == OTHER_MAKER)
			id = "";
		write_line(
		    f, i, FIRST + i - (plant_of(i) == ONE_ADDRESS ? 1 : 0), id);
		if (plant_of(i) == TWICE)
			write_line(f, i, FIRST + i, id);
	}
	fclose(f);
}

static void
set_up(void)
{
	struct heard_words h = { .count = 0 };
	char path[] = "/tmp/compare.XXXXXX", error[RECORD_ERROR];
	const struct about tcp = { ABOUT_HOST, 0 };
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	close(fd);
	fingerprints = fingerprints_load("fingerprints/devices", hear, &h);
	ck_assert_ptr_nonnull(fingerprints);
	aliases = aliases_read("data/aliases.yaml", error);
	ck_assert_msg(aliases != NULL, "%s", error);
	ledger = ledger_new();
	for (unsigned i = 0; i < LINES; i++) {
		stand_line(i);
		if (plant_of(i) == PORT_SHUT)
			add(FIRST + i, mac_of(i), tcp, FACT_PORTS_CLOSED,
			    "2761", "visit");
	}
	derive_all(ledger);
	assets = assets_build(ledger, fingerprints);
	write_record(path);
	records = records_read(path, NULL, error);
	unlink(path);
	ck_assert_msg(records != NULL, "%s", error);
}

static void
hold(void)
{
	const struct found found = { .run = &run,
		.assets = assets,
		.fingerprints = fingerprints,
		.aliases = aliases };

	result = compare(records, &found);
	ck_assert_ptr_nonnull(result);
}

/* Which line of the record (they skip and repeat) is about device i. */
static const struct line_result *
line_of(unsigned i)
{
	char serial[16];

	snprintf(serial, sizeof(serial), "SN%u", i);
	for (size_t k = 0; k < result->lines_len; k++)
		if (strcmp(result->lines[k].record->text[FIELD_SERIAL],
			serial) == 0)
			return &result->lines[k];
	return NULL;
}

static void
differs_by(unsigned i, enum field field, const char *reason)
{
	const struct line_result *l = line_of(i);

	ck_assert_msg(l->state == VERIFY_MISMATCH, "%u: %s", i, l->reason);
	for (unsigned f = 0; f < FIELDS; f++) {
		/* what is another device is of another maker and model */
		bool may = field == FIELD_EXPECTED &&
		    (f == FIELD_MODEL || f == FIELD_MANUFACTURER);
		bool differs = l->fields[f].state == FIELD_DIFFERS;

		ck_assert_msg(may || differs == (f == field),
		    "%u: %s is %s: %s", i, field_text(f),
		    field_state_text(l->fields[f].state), l->reason);
	}
	ck_assert_msg(
	    strstr(l->reason, reason) != NULL, "%u: %s", i, l->reason);
}

static void
check_line(unsigned i)
{
	const struct line_result *l = line_of(i);

	switch (plant_of(i)) {
	case OTHER_MAC:
		differs_by(i, FIELD_MAC, "mac: recorded 02:00:00:01:");
		return;
	case OTHER_DEVICE:
		differs_by(i, FIELD_EXPECTED, "expected: recorded ");
		return;
	case MOVED:
		differs_by(i, FIELD_ADDRESS, "found 10.17.");
		return;
	case PORT_SHUT:
		differs_by(i, FIELD_PORT, "port: recorded 2761, found closed");
		return;
	case ONE_ADDRESS:
		differs_by(i, FIELD_ADDRESS, "address: recorded");
		return;
	case SILENT:
		ck_assert_int_eq(l->state, VERIFY_ABSENT);
		ck_assert_ptr_nonnull(strstr(l->reason, "silent"));
		return;
	case NO_ADDRESS:
		ck_assert_int_eq(l->state, VERIFY_CANNOT_SAY);
		ck_assert_ptr_nonnull(strstr(l->reason, "10.16.0.300"));
		return;
	case UNRECORDED:
		ck_assert_ptr_null(l);
		return;
	case OTHER_MAKER:
		differs_by(i, FIELD_MANUFACTURER, "Siemens");
		return;
	default:
		break;
	}
	ck_assert_msg(l->state == VERIFY_MATCH, "%u: %s: %s", i,
	    verify_state_text(l->state), l->reason);
}

START_TEST(sixty_errors_and_no_other)
{
	size_t planted = 0, duplicates = 0, addresses = 0;

	set_up();
	hold();
	for (unsigned i = 0; i < LINES; i++) {
		planted += plant_of(i) != RIGHT;
		check_line(i);
	}
	ck_assert_uint_eq(planted, 10 * EACH);
	/* what is left over: six unrecorded, and the six whose line names the
	 * neighbour's address answer by their MAC */
	ck_assert_uint_eq(result->unrecorded_len, EACH);
	for (size_t i = 0; i < result->unrecorded_len; i++)
		ck_assert_int_eq(
		    plant_of(result->unrecorded[i]->address - FIRST),
		    UNRECORDED);
	for (size_t i = 0; i < result->conflicts_len; i++) {
		duplicates += result->conflicts[i].kind == CONFLICT_DUPLICATE;
		addresses += result->conflicts[i].kind == CONFLICT_ADDRESS;
	}
	ck_assert_uint_eq(duplicates, EACH);
	ck_assert_uint_eq(addresses, EACH);
	ck_assert_uint_eq(result->conflicts_len, 2 * EACH);
}
END_TEST

/* Writes the comparison to a file that is gone when it is closed again. */
static char *
written(bool (*write)(const struct verify_view *, FILE *))
{
	const struct verify_view view = { .run = &run,
		.records = records,
		.comparison = result,
		.fingerprints = fingerprints };
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	ck_assert_ptr_nonnull(f);
	ck_assert(write(&view, f));
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(verify_outcome(&view), VERIFY_MISMATCH);
	return text;
}

/* Reads text back as a record. */
static struct records *
read_back(const char *text)
{
	char path[] = "/tmp/compare.XXXXXX", error[RECORD_ERROR];
	int fd = mkstemp(path);
	FILE *f = fdopen(fd, "w");
	struct records *back;

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
	back = records_read(path, NULL, error);
	unlink(path);
	ck_assert_msg(back != NULL, "%s", error);
	return back;
}

START_TEST(the_record_goes_back_with_its_own_columns)
{
	struct records *back;
	char *text;

	set_up();
	hold();
	text = written(verify_csv);
	back = read_back(text);
	ck_assert_uint_eq(back->len, records->len + EACH);
	ck_assert_uint_eq(back->headers_len, records->headers_len + 9);
	ck_assert_int_eq(back->separator, ';');
	for (size_t i = 0; i < records->len; i++) {
		const char *const *was = records->items[i].cells;
		const char *const *now = back->items[i].cells;

		for (size_t k = 0; k < records->headers_len; k++)
			ck_assert_str_eq(now[k], was[k]);
		ck_assert_str_eq(now[records->headers_len],
		    verify_state_text(result->lines[i].state));
	}
	records_free(back);
	free(text);
	text = written(verify_terminal);
	ck_assert_ptr_nonnull(strstr(text, "found closed"));
	ck_assert_ptr_nonnull(strstr(text, "On the network, and not in the "));
	free(text);
	text = written(verify_json);
	ck_assert_ptr_nonnull(strstr(text, "\"schema\":\"gantry-verify/1\""));
	free(text);
}
END_TEST

START_TEST(no_cell_goes_back_as_a_formula)
{
	static const char poison[] = "name,ip,note,more\n"
				     "=cmd|' /C calc'!A0,10.1.2.3,+1,\"-2\"\n"
				     "@x,10.1.2.4,\"\ttab\",\"\rcr\"\n"
				     "\"a\"\"b\",10.1.2.5,\"c,d\",\"e\nf\"\n";
	static const char *const want[3][4] = {
		{ "'=cmd|' /C calc'!A0", "10.1.2.3", "'+1", "'-2" },
		{ "'@x", "10.1.2.4", "'\ttab", "'\rcr" },
		{ "a\"b", "10.1.2.5", "c,d", "e\nf" },
	};
	struct records *back;
	char *text;

	set_up();
	records_free(records);
	records = read_back(poison);
	hold();
	text = written(verify_csv);
	back = read_back(text);
	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < 4; k++)
			ck_assert_str_eq(back->items[i].cells[k], want[i][k]);
	records_free(back);
	free(text);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { sixty_errors_and_no_other,
		the_record_goes_back_with_its_own_columns,
		no_cell_goes_back_as_a_formula, NULL };

	return unit_run("compare", tests);
}
