/* SPDX-License-Identifier: ISC */
/* ndjson: facts as lines there and back; a torn last line, and wrong ones. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reports/ndjson.h"
#include "scanner/ledger.h"
#include "t/unit.h"

static char path[] = "/tmp/ndjson-XXXXXX";
static char error[NDJSON_ERROR];

/* clang-format off */
static const char golden[] =
	"{\"site\":\"here\",\"address\":\"10.0.0.5\","
	"\"mac\":\"08:00:20:01:02:03\",\"about\":\"tcp/104\","
	"\"key\":\"dicom.max_pdu\",\"value\":\"16 \\\"384\\\" \\\\x00\","
	"\"probe\":\"dicom\",\"time\":\"2026-11-24T01:36:41.416705Z\","
	"\"evidence\":{\"frame\":7,\"offset\":54,\"hex\":\"00ff10\"}}";
/* clang-format on */

static const struct fact example = { .address = 0x0a000005,
	.mac = { { 8, 0, 0x20, 1, 2, 3 } },
	.about = { ABOUT_TCP, 104 },
	.key = FACT_DICOM_MAX_PDU,
	.value = "16 \"384\" \\x00",
	.probe = "dicom",
	.time_ns = 1795484201416705000,
	.evidence = { .kind = EVIDENCE_FRAME,
	    .number = 7,
	    .offset = 54,
	    .raw_len = 3,
	    .raw = { 0, 0xff, 0x10 } } };

static void
same_fact(const struct fact *a, const struct fact *b)
{
	ck_assert_uint_eq(a->address, b->address);
	ck_assert(mac_equal(a->mac, b->mac));
	ck_assert(about_equal(a->about, b->about));
	ck_assert_int_eq(a->key, b->key);
	ck_assert_str_eq(a->value, b->value);
	ck_assert_str_eq(a->probe, b->probe);
	ck_assert_int_eq(a->time_ns, b->time_ns);
	ck_assert_int_eq(a->evidence.kind, b->evidence.kind);
	ck_assert_uint_eq(a->evidence.number, b->evidence.number);
	ck_assert_uint_eq(a->evidence.offset, b->evidence.offset);
	ck_assert_uint_eq(a->evidence.raw_len, b->evidence.raw_len);
	ck_assert_mem_eq(a->evidence.raw, b->evidence.raw, a->evidence.raw_len);
}

/* Writes a fact as text; returns it without the line's end. */
static const char *
line_of(const struct fact *f)
{
	static char line[8192];
	const struct run run = { .site = "here" };
	FILE *out = fmemopen(line, sizeof(line), "w");

	ck_assert_ptr_nonnull(out);
	ck_assert(ndjson_write_fact(out, &run, f));
	fclose(out);
	line[strcspn(line, "\n")] = '\0';
	return line;
}

START_TEST(golden_both_ways)
{
	char value[FACT_VALUE_MAX];
	struct fact back;

	ck_assert_str_eq(line_of(&example), golden);
	ck_assert_ptr_null(ndjson_read_fact(golden, &back, value));
	same_fact(&example, &back);
}
END_TEST

START_TEST(every_kind_comes_back)
{
	static char longest[FACT_VALUE_MAX];
	static const char *const probes_of[] = { "derive", "listen", "oui",
		"visit", "arp", "icmp", "connect", "rpc", "advantagenet" };
	char value[FACT_VALUE_MAX];
	struct fact f = example, back;

	memset(longest, '"', sizeof(longest) - 1);
	f.value = longest;
	f.evidence.raw_len = FACT_RAW_MAX;
	f.evidence.kind = EVIDENCE_TALK;
	f.evidence.number = f.evidence.offset = UINT32_MAX;
	ck_assert_ptr_null(ndjson_read_fact(line_of(&f), &back, value));
	same_fact(&f, &back);
	f = (struct fact){ .value = "x", .time_ns = 1000 };
	for (int key = 0; key < FACT_KEYS; key++) {
		f.key = (enum fact_key)key;
		f.probe = probes_of[(size_t)key % 9];
		ck_assert_ptr_null(ndjson_read_fact(line_of(&f), &back, value));
		same_fact(&f, &back);
	}
}
END_TEST

START_TEST(no_part_of_a_line_is_a_fact)
{
	char value[FACT_VALUE_MAX], part[sizeof(golden)];
	struct fact back;

	for (size_t n = 0; n < sizeof(golden) - 1; n++) {
		memcpy(part, golden, n);
		part[n] = '\0';
		ck_assert_msg(
		    ndjson_read_fact((const char *)at_the_edge(part, n + 1),
			&back, value) != NULL,
		    "%zu bytes", n);
	}
}
END_TEST

/* What is read after any one byte was changed can be written, and is then the
 * same again: nothing gets in that could not have been there. */
START_TEST(any_byte_may_be_wrong)
{
	char value[FACT_VALUE_MAX], again[FACT_VALUE_MAX], line[sizeof(golden)];
	struct fact back, twice;

	for (size_t i = 0; i < sizeof(golden) - 1; i++) {
		for (unsigned c = 1; c < 256; c++) {
			memcpy(line, golden, sizeof(golden));
			line[i] = (char)c;
			if (ndjson_read_fact(line, &back, value) != NULL)
				continue;
			for (const char *v = back.value; *v != '\0'; v++)
				ck_assert(*v >= ' ' && *v <= '~');
			ck_assert_ptr_null(
			    ndjson_read_fact(line_of(&back), &twice, again));
			same_fact(&back, &twice);
		}
	}
}
END_TEST

START_TEST(wrong_lines_say_what)
{
	static const struct {
		const char *from, *to, *said;
	} cases[] = {
		{ "10.0.0.5", "10.0.0.500", "IPv4" },
		{ "\"08:", "\"8:", "MAC" },
		{ "tcp/104", "tcp/0104", "about" },
		{ "dicom.max_pdu", "dicom.none", "key" },
		{ "16 ", "\\u0007", "value" },
		{ "16 ", "\\u00e9", "value" },
		{ "\"dicom\"", "\"sorcery\"", "probe" },
		{ "2026-11-24", "2026-13-24", "time" },
		{ "2026-11-24", "2026-02-30", "time" },
		{ ".416705Z", ".41670Z", "time" },
		{ "2026-", "2262-", "time" },
		{ "2026-", "0026-", "time" },
		{ "\"frame\":7", "\"frame\":0", "evidence" },
		{ "\"frame\":7", "\"frame\":4294967296", "evidence" },
		{ "\"frame\":7", "\"frame\":7,\"talk\":8", "evidence" },
		{ "00ff10", "00ff1", "evidence" },
		{ "\"site\":\"here\",", "", "fact" },
		{ "\"site\"", "\"more\":1,\"site\"", "fact" },
		{ "\"site\"", "\"site\":\"\",\"site\"", "JSON" },
	};
	char line[1024], value[FACT_VALUE_MAX];
	struct fact back;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *at = strstr(golden, cases[i].from), *said;

		ck_assert_ptr_nonnull(at);
		snprintf(line, sizeof(line), "%.*s%s%s", (int)(at - golden),
		    golden, cases[i].to, at + strlen(cases[i].from));
		said = ndjson_read_fact(line, &back, value);
		ck_assert_msg(said != NULL, "%s", cases[i].to);
		ck_assert_msg(strstr(said, cases[i].said) != NULL, "%s: %s",
		    cases[i].to, said);
	}
}
END_TEST

static bool
keep_all(const void *arg, struct fact *f)
{
	(void)arg;
	return f->address != 0;
}

/* Reads a file of len bytes.  Returns how many facts it gave, or -1. */
static int
read_bytes(const char *bytes, size_t len, bool *torn)
{
	struct ledger *l = ledger_new();
	FILE *f = fopen(path, "wb");
	int n = -1;

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(bytes, 1, len, f), len);
	fclose(f);
	error[0] = '\0';
	if (ndjson_read_facts(path, l, keep_all, NULL, torn, error))
		n = (int)ledger_count(l);
	ledger_free(l);
	unlink(path);
	return n;
}

START_TEST(a_torn_last_line_is_dropped_and_told)
{
	char two[2 * sizeof(golden) + 2];
	size_t line = sizeof(golden); /* with its end */
	bool torn;

	snprintf(path, sizeof(path), "/tmp/ndjson-XXXXXX");
	close(mkstemp(path));
	snprintf(two, sizeof(two), "%s\n%s\n", golden, golden);
	two[line + strlen("{\"site\":\"here\",\"address\":\"10.0.0.")] = '6';
	for (size_t n = 0; n <= 2 * line; n++) {
		ck_assert_int_eq(read_bytes(two, n, &torn), (int)(n / line));
		ck_assert_int_eq(torn, n % line != 0);
	}
}
END_TEST

START_TEST(a_wrong_line_is_named)
{
	static char bytes[20000];
	size_t line = sizeof(golden);
	bool torn;
	int n;

	snprintf(path, sizeof(path), "/tmp/ndjson-XXXXXX");
	close(mkstemp(path));
	n = snprintf(bytes, sizeof(bytes), "%s\n\n%s\n", golden, golden);
	ck_assert_int_eq(read_bytes(bytes, (size_t)n, &torn), -1);
	ck_assert_ptr_nonnull(strstr(error, ":2: not JSON"));
	/* A NUL does not hide the rest of its line. */
	n = snprintf(bytes, sizeof(bytes), "%s\n%s hidden\n%s\n", golden,
	    golden, golden);
	bytes[2 * line - 1] = '\0';
	ck_assert_int_eq(read_bytes(bytes, (size_t)n, &torn), -1);
	ck_assert_ptr_nonnull(strstr(error, ":2: "));
	/* Too long for a fact, and what follows is none of its. */
	memset(bytes, ' ', sizeof(bytes));
	memcpy(bytes + sizeof(bytes) - line, golden, line);
	bytes[sizeof(bytes) - 1] = '\n';
	ck_assert_int_eq(read_bytes(bytes, sizeof(bytes), &torn), -1);
	ck_assert_ptr_nonnull(strstr(error, ":1: "));
	ck_assert(!ndjson_read_facts(
	    "/no/such/file", NULL, keep_all, NULL, &torn, error));
	ck_assert_ptr_nonnull(strstr(error, "/no/such/file"));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { golden_both_ways, every_kind_comes_back,
		no_part_of_a_line_is_a_fact, any_byte_may_be_wrong,
		wrong_lines_say_what, a_torn_last_line_is_dropped_and_told,
		a_wrong_line_is_named, NULL };

	return unit_run("ndjson", tests);
}
