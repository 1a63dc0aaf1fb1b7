/* SPDX-License-Identifier: ISC */
/* oui - the registry, our list above it, and what must not be probed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/oui.h"
#include "t/unit.h"

static char error[OUI_ERROR];
static char overlay[] = "/tmp/gantry-oui-XXXXXX";
static char registry[] = "/tmp/gantry-oui-XXXXXX";

static const char *
file_of(char *path, const char *text)
{
	int fd;
	FILE *f;

	memcpy(path + strlen(path) - 6, "XXXXXX", 6);
	fd = mkstemp(path);
	f = fd < 0 ? NULL : fdopen(fd, "w");
	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
	return path;
}

static struct mac
mac_of(const char *text)
{
	struct mac mac;

	ck_assert(mac_parse(text, &mac));
	return mac;
}

static const char registry_text[] =
    "OUI/MA-L\t\tOrganization\r\ncompany_id\t\tOrganization\r\n\r\n"
    "08-00-20   (hex)\t\tOracle Corporation \r\n"
    "080020     (base 16)\t\tOracle Corporation \r\n"
    "\t\t\t\t500 Oracle Parkway\r\n\r\n"
    "F0-E5-C3   (hex)\t\tDr\xc3\xa4gerwerk AG\r\n"
    "00-A0-37   (hex)\t\tMindray\r\n"
    "AA-00-04   (hex)\t\tDIGITAL EQUIPMENT CORPORATION\r\n"
    "00-11-22   (hex)\t\t\r\n"
    "00-11-23   (hex)\t\tBad\x1b[31m\x07Name\r\n";

static const char overlay_text[] = "# ours\n\n"
				   "08:00:20 Sun Microsystems\n"
				   "00:a0:37 bedside Mindray DS # pumps\n"
				   "  00-01-02\tbedside\tB & C  \r\n"
				   "00:01:03 bedsides Ltd";

static struct oui *
both(void)
{
	const char *const paths[] = { "/nonexistent/oui.txt",
		file_of(registry, registry_text), NULL };
	struct oui *oui =
	    oui_new_from(paths, file_of(overlay, overlay_text), error);

	ck_assert_msg(oui != NULL, "%s", error);
	unlink(registry);
	unlink(overlay);
	return oui;
}

START_TEST(ours_wins_over_the_registry)
{
	struct oui *oui = both();

	ck_assert_str_eq(
	    oui_vendor(oui, mac_of("08:00:20:01:02:03")), "Sun Microsystems");
	ck_assert_str_eq(
	    oui_vendor(oui, mac_of("00:a0:37:00:00:00")), "Mindray DS");
	ck_assert_str_eq(oui_vendor(oui, mac_of("00:01:02:ff:ff:ff")), "B & C");
	oui_free(oui);
}
END_TEST

START_TEST(names_are_printable)
{
	struct oui *oui = both();

	ck_assert_str_eq(
	    oui_vendor(oui, mac_of("f0:e5:c3:00:00:01")), "Dr?gerwerk AG");
	ck_assert_str_eq(
	    oui_vendor(oui, mac_of("00:11:23:00:00:01")), "Bad[31mName");
	oui_free(oui);
}
END_TEST

START_TEST(the_bedside_is_told)
{
	struct oui *oui = both();

	ck_assert(oui_is_bedside(oui, mac_of("00:a0:37:12:34:56")));
	ck_assert(oui_is_bedside(oui, mac_of("00:01:02:12:34:56")));
	ck_assert(!oui_is_bedside(oui, mac_of("00:01:03:12:34:56")));
	ck_assert(!oui_is_bedside(oui, mac_of("08:00:20:12:34:56")));
	ck_assert(!oui_is_bedside(oui, mac_of("00:a0:38:12:34:56")));
	oui_free(oui);
}
END_TEST

START_TEST(some_addresses_have_no_vendor)
{
	struct oui *oui = both();

	ck_assert_ptr_null(oui_vendor(oui, mac_of("00:00:00:00:00:00")));
	ck_assert_ptr_null(oui_vendor(oui, mac_of("ff:ff:ff:ff:ff:ff")));
	ck_assert_ptr_null(oui_vendor(oui, mac_of("01:00:5e:00:00:01")));
	ck_assert_ptr_null(oui_vendor(oui, mac_of("00:11:22:00:00:01")));
	ck_assert_ptr_null(oui_vendor(oui, mac_of("00:99:99:00:00:01")));
	ck_assert_str_eq(oui_vendor(oui, mac_of("02:00:00:00:00:01")),
	    "locally administered");
	ck_assert_str_eq(oui_vendor(oui, mac_of("aa:00:04:00:00:01")),
	    "DIGITAL EQUIPMENT CORPORATION");
	oui_free(oui);
}
END_TEST

START_TEST(does_without_a_registry)
{
	const char *const none[] = { "/nonexistent/oui.txt", NULL };
	struct oui *oui =
	    oui_new_from(none, file_of(overlay, overlay_text), error);

	ck_assert_ptr_nonnull(oui);
	ck_assert_str_eq(
	    oui_vendor(oui, mac_of("08:00:20:01:02:03")), "Sun Microsystems");
	ck_assert_ptr_null(oui_vendor(oui, mac_of("f0:e5:c3:00:00:01")));
	oui_free(oui);
	unlink(overlay);
	oui = oui_new_from(none, NULL, error);
	ck_assert_ptr_nonnull(oui);
	ck_assert_ptr_null(oui_vendor(oui, mac_of("08:00:20:01:02:03")));
	ck_assert(!oui_is_bedside(oui, mac_of("00:a0:37:12:34:56")));
	oui_free(oui);
}
END_TEST

START_TEST(a_bad_overlay_is_refused_by_line)
{
	static const struct {
		const char *text, *want;
	} bad[] = { { "08:00:20 Sun\n08:00 Sun\n", ":2: does not begin" },
		{ "08:00:2000 Sun\n", ":1: does not begin" },
		{ "08:00:20\n", ":1: does not begin" },
		{ "08:0g:20 Sun\n", ":1: does not begin" },
		{ "\n\n08:00:20 bedside # who?\n", ":3: names no vendor" } };
	static const char *const none[] = { NULL };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		file_of(overlay, bad[i].text);
		ck_assert_ptr_null(oui_new_from(none, overlay, error));
		ck_assert_msg(strstr(error, bad[i].want) != NULL &&
			strncmp(error, overlay, strlen(overlay)) == 0,
		    "%s", error);
		unlink(overlay);
	}
	ck_assert_ptr_null(oui_new_from(none, "/nonexistent/o", error));
	ck_assert_str_eq(error, "/nonexistent/o: No such file or directory");
}
END_TEST

/* The list we ship, from the top of the source tree. */
START_TEST(our_own_list_is_sound)
{
	static const char *const bedside[] = { "00:a0:37:00:00:01",
		"00:10:5d:00:00:01", "00:a0:aa:00:00:01", "00:09:fb:00:00:01",
		"e0:c2:b7:00:00:01", "d0:00:00:00:00:00" };
	struct oui *oui = oui_new("data/oui.txt", error);

	ck_assert_msg(oui != NULL, "%s", error);
	ck_assert_str_eq(
	    oui_vendor(oui, mac_of("08:00:20:01:02:03")), "Sun Microsystems");
	ck_assert(!oui_is_bedside(oui, mac_of("08:00:20:01:02:03")));
	ck_assert(!oui_is_bedside(oui, mac_of("08:00:69:01:02:03")));
	for (size_t i = 0; i < 5; i++)
		ck_assert_msg(
		    oui_is_bedside(oui, mac_of(bedside[i])), "%s", bedside[i]);
	ck_assert(!oui_is_bedside(oui, mac_of(bedside[5])));
	oui_free(oui);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { ours_wins_over_the_registry,
		names_are_printable, the_bedside_is_told,
		some_addresses_have_no_vendor, does_without_a_registry,
		a_bad_overlay_is_refused_by_line, our_own_list_is_sound, NULL };

	return unit_run("oui", tests);
}
