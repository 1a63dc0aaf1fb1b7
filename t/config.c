/* SPDX-License-Identifier: ISC */
/* config: what is taken, and what is refused with file, line and what. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "scanner/config.h"
#include "t/unit.h"

static const int64_t now_ns = 1764000000LL * 1000000000;
static char path[32], error[CONFIG_ERROR];

static const char good[] = "timezone: Europe/Berlin\n"                  /* 1 */
			   "sites:\n"                                   /* 2 */
			   "  - name: North\n"                          /* 3 */
			   "    segments:\n"                            /* 4 */
			   "      - name: mr-ward\n"                    /* 5 */
			   "        networks: [10.1.2.0/24]\n"          /* 6 */
			   "        exclude: [10.1.2.1, 10.1.2.9]\n"    /* 7 */
			   "        do_not_probe: [10.1.2.7]\n"         /* 8 */
			   "        care: gentle\n"                     /* 9 */
			   "        rate: 20\n"                         /* 10 */
			   "        windows: ['22:00-05:00 Mon-Sat']\n" /* 11 */
			   "        blackout: ['2026-12-24']\n"         /* 12 */
			   "  - name: South\n"                          /* 13 */
			   "    segments:\n"                            /* 14 */
			   "      - name: ct\n"                         /* 15 */
			   "        networks: [10.1.2.0/24]\n"          /* 16 */
			   "notify:\n"                                  /* 17 */
			   "  journal: yes\n"                           /* 18 */
			   "  webhooks:\n"                              /* 19 */
			   "    - name: siem\n"                         /* 20 */
			   "      url: https://siem.example/x\n"        /* 21 */
			   "      secret_file: /etc/gantry/s\n"         /* 22 */
			   "  mail:\n"                                  /* 23 */
			   "    - name: it\n"                           /* 24 */
			   "      url: smtps://mail.example\n"          /* 25 */
			   "      from: g@ward.example\n"               /* 26 */
			   "      to: [it@ward.example]\n";             /* 27 */

static struct config *
reads(const char *text)
{
	struct config *c;
	FILE *f;
	int fd;

	snprintf(path, sizeof(path), "/tmp/config.XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	f = fdopen(fd, "w");
	fputs(text, f);
	fclose(f);
	c = config_read(path, now_ns, error);
	unlink(path);
	return c;
}

START_TEST(what_is_said_is_taken)
{
	struct config *c = reads(good);
	const struct config_place *p;
	size_t n;

	ck_assert_msg(c != NULL, "%s", error);
	p = config_places(c, &n);
	ck_assert_uint_eq(n, 2);
	ck_assert_uint_eq(p[0].addresses, 253);
	ck_assert_uint_eq(p[0].excluded, 3);
	ck_assert_str_eq(p[0].site->name, "North");
	ck_assert_str_eq(p[0].calendar.zone, "Europe/Berlin");
	ck_assert_uint_eq(p[0].calendar.windows_len, 1);
	ck_assert_double_eq(*p[0].segment->rate, 20);
	ck_assert_ptr_eq(config_find(c, "ct"), &p[1]);
	ck_assert_ptr_null(config_find(c, "nobody"));
	ck_assert_str_eq(config_database(c), "/var/lib/gantry/inventory.db");
	ck_assert_int_eq(*config_content(c)->notify->journal, CONFIG_YES);
	config_free(c);
}
END_TEST

/* One change to the good file, the line and words it must be refused with. */
static const struct {
	const char *from, *to;
	unsigned line;
	const char *said;
} faults[] = {
	{ "Europe/Berlin", "Europe/Nowhere", 1, "no time zone" },
	{ "networks: [10.1.2.0/24]\n        exclude",
	    "nets: []\n        exclude", 6, "nets" },
	{ "10.1.2.9", "10.1.2.900", 7, "10.1.2.900" },
	{ "10.1.2.7", "nobody", 8, "nobody" },
	{ "care: gentle", "care: rough", 9, "rough" },
	{ "rate: 20", "rate: -1", 10, "rate" },
	{ "rate: 20", "rate: x", 10, "" },
	{ "Mon-Sat", "Mon-Son", 11, "window" },
	{ "2026-12-24", "24.12.2026", 12, "day" },
	{ "name: ct", "name: mr-ward", 15, "two segments" },
	{ "name: ct", "name: c/t", 15, "a name is" },
	{ "[10.1.2.0/24]\nnotify", "[8.8.8.0/24]\nnotify", 16, "private" },
	{ "[10.1.2.0/24]\nnotify", "[]\nnotify", 15, "nothing is left" },
	{ "https://siem", "ftp://siem", 21, "webhook siem" },
	{ "https://siem", "https://a:b@siem", 21, "password" },
	{ "      secret_file: /etc/gantry/s\n", "", 20, "secret" },
	{ "smtps://mail", "https://mail", 25, "smtp" },
	{ "g@ward", "ward", 26, "from" },
	{ "[it@ward.example]\n", "[it@ward.example]\n      user: g\n", 24,
	    "user goes with" },
	{ "journal: yes", "journal: perhaps", 18, "" },
};

START_TEST(what_is_wrong_is_named)
{
	char text[2048], where[64];

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		const char *at = strstr(good, faults[i].from);

		ck_assert_msg(at != NULL, "%s", faults[i].from);
		snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - good), good,
		    faults[i].to, at + strlen(faults[i].from));
		ck_assert_msg(reads(text) == NULL, "taken: %s", faults[i].to);
		snprintf(where, sizeof(where), "%s:%u: ", path, faults[i].line);
		ck_assert_msg(strncmp(error, where, strlen(where)) == 0 &&
			strstr(error, faults[i].said) != NULL,
		    "%s: %s", faults[i].to, error);
		ck_assert_ptr_null(strchr(error, '\n'));
	}
}
END_TEST

START_TEST(files_that_are_none)
{
	ck_assert_ptr_null(config_read("/none/there.yaml", now_ns, error));
	ck_assert_str_eq(error, "/none/there.yaml: No such file or directory");
	ck_assert_ptr_null(reads(""));
	ck_assert_ptr_null(reads("sites: ["));
	ck_assert_ptr_null(reads("sites: []\n"));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { what_is_said_is_taken,
		what_is_wrong_is_named, files_that_are_none, NULL };

	return unit_run("config", tests);
}
