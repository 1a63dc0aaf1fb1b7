/* SPDX-License-Identifier: ISC */
/* record: exports as they come, and what is wrong with them in one line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/verify/record.h"
#include "t/unit.h"

static char path[] = "/tmp/record.XXXXXX";
static char error[RECORD_ERROR];
static struct records *records;

static void
put(const char *bytes, size_t len)
{
	FILE *f;
	static int fd = -1;

	if (fd < 0) {
		fd = mkstemp(path);
		ck_assert_int_ge(fd, 0);
		close(fd);
	}
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(bytes, 1, len, f), len);
	fclose(f);
}

/* Reads a file of that text; NULL where it is refused. */
static const struct record *
reads(const char *text, const char *columns, size_t lines)
{
	put(text, strlen(text));
	records_free(records);
	records = records_read(path, columns, error);
	unlink(path);
	if (records == NULL)
		return NULL;
	ck_assert_uint_eq(records->len, lines);
	return records->items;
}

static void
refused(const char *text, const char *columns, const char *why)
{
	ck_assert_ptr_null(reads(text, columns, 0));
	ck_assert_msg(strstr(error, why) != NULL, "said: %s", error);
	ck_assert_msg(
	    strncmp(error, path, strlen(path)) == 0, "said: %s", error);
}

static void
has_mac(const struct record *r, const char *mac)
{
	char text[NET_MAC_TEXT];

	ck_assert_str_eq(mac_text(r->mac, text), mac);
}

START_TEST(netbox_devices)
{
	const struct record *r = reads(
	    "Name,Status,Tenant,Site,Location,Rack,Role,Manufacturer,Type,"
	    "IP Address,ID,Serial number,Asset tag,IPv4 Address,IPv6 Address\n"
	    "mr-1,Active,,North,Cellar,,Modality,GE Healthcare,Signa 5.7,"
	    "fe80::1,17,S-1,,10.1.2.3/24,fe80::1\n",
	    NULL, 1);

	ck_assert_ptr_nonnull(r);
	ck_assert_uint_eq(r->address, 0x0a010203);
	ck_assert_str_eq(r->text[FIELD_NAME], "mr-1");
	ck_assert_str_eq(r->text[FIELD_SITE], "North");
	ck_assert_str_eq(r->text[FIELD_KIND], "Modality");
	ck_assert_str_eq(r->text[FIELD_MANUFACTURER], "GE Healthcare");
	ck_assert_str_eq(r->text[FIELD_MODEL], "Signa 5.7");
	ck_assert_str_eq(r->text[FIELD_SERIAL], "S-1");
	ck_assert_ptr_null(r->trouble);
}
END_TEST

START_TEST(a_spreadsheet_in_german)
{
	/* Latin-1, semicolons, CRLF, quotes with line ends in them */
	const struct record *r = reads(
	    "Ger\xe4tename;IP-Adresse;MAC-Adresse;Hersteller;Haus\r\n"
	    "\"R\xf6ntgen \"\"alt\"\";\r\nKeller\";10.1.2.3;08-00-20-01-02-03;"
	    "M\xfcller \x80;West\r\n"
	    ";;;;\r\n"
	    "\r\n"
	    "CT;10.1.2.4;0800.2001.0204;GE;Ost\r\n",
	    "site=Haus", 2);

	ck_assert_ptr_nonnull(r);
	ck_assert(records->was_latin1);
	ck_assert_int_eq(records->separator, ';');
	ck_assert_str_eq(
	    r[0].text[FIELD_NAME], "R\xc3\xb6ntgen \"alt\";\r\nKeller");
	ck_assert_str_eq(
	    r[0].text[FIELD_MANUFACTURER], "M\xc3\xbcller \xe2\x82\xac");
	ck_assert_str_eq(r[0].text[FIELD_SITE], "West");
	has_mac(&r[0], "08:00:20:01:02:03");
	has_mac(&r[1], "08:00:20:01:02:04");
	ck_assert_uint_eq(r[0].line, 2);
	ck_assert_uint_eq(r[1].line, 6);
}
END_TEST

START_TEST(tabs_and_a_mark)
{
	const struct record *r = reads("\xef\xbb\xbfHost Name\tprimary_ip4\t"
				       "DICOM Port\tAE-Title\n"
				       "mr1.ward.example\t10.1.2.3\t104\tMR1\n",
	    NULL, 1);

	ck_assert_ptr_nonnull(r);
	ck_assert(records->has_bom && !records->was_latin1);
	ck_assert_str_eq(r->text[FIELD_HOSTNAME], "mr1.ward.example");
	ck_assert_uint_eq(r->port, 104);
	ck_assert_str_eq(r->text[FIELD_AE_TITLE], "MR1");
}
END_TEST

START_TEST(a_separator_that_is_told)
{
	const struct record *r =
	    reads("sep=|\r\nip|mac,name\r\n10.1.2.3|x\r\n", NULL, 1);

	ck_assert_ptr_nonnull(r);
	ck_assert_uint_eq(r->address, 0x0a010203);
	ck_assert_uint_eq(r->line, 3);
}
END_TEST

START_TEST(a_last_line_without_an_end)
{
	const struct record *r =
	    reads("ip,name\n10.1.2.3,a\n10.1.2.4,b", NULL, 2);

	ck_assert_ptr_nonnull(r);
	ck_assert_str_eq(r[1].text[FIELD_NAME], "b");
}
END_TEST

START_TEST(lines_that_cannot_be_read_are_kept_and_said)
{
	const struct record *r = reads("address,mac,port,ae\n"
				       "10.1.2.300,,,\n"
				       "fe80::1,,,\n"
				       "10.1.2.3,08:00:20:01:02,,\n"
				       "10.1.2.3,,70000,\n"
				       "10.1.2.3,,,SEVENTEEN-LETTERS\n"
				       ",,104,\n"
				       "10.1.2.3,,,,,\n"
				       ",080020010203,,\n",
	    NULL, 8);
	static const char *const said[] = { "address", "address", "mac", "port",
		"ae_title", "neither", "more cells", NULL };

	ck_assert_ptr_nonnull(r);
	for (size_t i = 0; said[i] != NULL; i++) {
		ck_assert_ptr_nonnull(r[i].trouble);
		ck_assert_msg(
		    strstr(r[i].trouble, said[i]) != NULL, "%s", r[i].trouble);
	}
	ck_assert_ptr_null(r[7].trouble);
}
END_TEST

START_TEST(files_that_are_refused)
{
	refused("", NULL, "empty");
	refused("ip,name\n", NULL, "no line");
	refused("colour,size\nred,9\n", NULL, ":1: no column");
	refused("ip,name\n10.1.2.3,\"open\n", NULL, ":2: a quote");
	refused("ip\n10.1.2.3\n", "address=None", "\"None\"");
	refused("ip\n10.1.2.3\n", "colour=ip", "\"colour\"");
	refused("ip\n10.1.2.3\n", "address", "FIELD=HEADER");
	put("a\0b\n", 4);
	ck_assert_ptr_null(records_read(path, NULL, error));
	ck_assert_ptr_nonnull(strstr(error, "not text"));
	put("\xff\xfe"
	    "a\0",
	    4);
	ck_assert_ptr_null(records_read(path, NULL, error));
	ck_assert_ptr_nonnull(strstr(error, "UTF-16"));
	unlink(path);
	ck_assert_ptr_null(records_read("/none/there.csv", NULL, error));
	ck_assert_str_eq(error, "/none/there.csv: No such file or directory");
}
END_TEST

START_TEST(a_hundred_thousand_lines)
{
	FILE *f;

	put("", 0);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	fputs("name;ip;mac\r\n", f);
	for (unsigned i = 0; i < 100000; i++)
		fprintf(f,
		    "\"device %u\";10.%u.%u.%u;02:00:00:%02x:%02x:%02x\r\n", i,
		    i >> 16, i >> 8 & 255, i & 255, i >> 16, i >> 8 & 255,
		    i & 255);
	fclose(f);
	records = records_read(path, NULL, error);
	unlink(path);
	ck_assert_ptr_nonnull(records);
	ck_assert_uint_eq(records->len, 100000);
	ck_assert_uint_eq(records->items[99999].line, 100001);
	ck_assert_uint_eq(records->items[99999].address, 0x0a000000 + 99999);
}
END_TEST

START_TEST(battered)
{
	static const char whole[] =
	    "\xef\xbb\xbfsep=;\r\nName;IP;MAC;Port\r\n\"a;\"\"b\r\n\";"
	    "10.1.2.3/24;0800.2001.0203;104\r\nM\xfcller;;08-00-20;x\r\n";
	static const char odd[] = "\",;\t\r\n\xff\x80=\xef|";
	char bytes[sizeof(whole)];
	size_t len = sizeof(whole) - 1;

	for (size_t cut = 0; cut < len; cut++) {
		put(whole, cut);
		records_free(records_read(path, NULL, error));
	}
	for (size_t at = 0; at < len; at++)
		for (size_t k = 0; k < sizeof(odd) - 1; k++) {
			memcpy(bytes, whole, sizeof(bytes));
			bytes[at] = odd[k];
			put(bytes, len);
			records_free(records_read(path, NULL, error));
		}
	unlink(path);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { netbox_devices, a_spreadsheet_in_german,
		tabs_and_a_mark, a_separator_that_is_told,
		a_last_line_without_an_end,
		lines_that_cannot_be_read_are_kept_and_said,
		files_that_are_refused, a_hundred_thousand_lines, battered,
		NULL };

	return unit_run("record", tests);
}
