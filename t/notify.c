/* SPDX-License-Identifier: ISC */
/* notify: secrets, signatures, and the words that go out. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reports/event.h"
#include "scanner/notify/channel.h"
#include "scanner/notify/secret.h"
#include "scanner/notify/sign.h"
#include "scanner/schedule/event.h"
#include "t/unit.h"

static char path[40], error[SECRET_ERROR];
static struct secret secret;

/* A file of that text and mode; mkstemp() made it. */
static void
put(const char *text, size_t len, mode_t mode)
{
	int fd;

	snprintf(path, sizeof(path), "/tmp/secret.XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, len), (ssize_t)len);
	ck_assert_int_eq(fchmod(fd, mode), 0);
	close(fd);
}

static bool
reads(const char *text, size_t len, mode_t mode)
{
	bool ok;

	put(text, len, mode);
	ok = secret_read(path, NULL, &secret, error);
	unlink(path);
	return ok;
}

START_TEST(a_secret_is_its_owners)
{
	ck_assert(reads("hush\n", 5, 0600));
	ck_assert_str_eq(secret.text, "hush");
	ck_assert_uint_eq(secret.len, 4);
	ck_assert(reads("hush", 4, 0400));
	ck_assert(!reads("hush", 4, 0640));
	ck_assert_ptr_nonnull(strstr(error, "read by others"));
	ck_assert_ptr_null(strstr(error, "hush"));
	ck_assert(!reads("hush", 4, 0604));
	ck_assert(!reads("\n", 1, 0600));
	ck_assert(!reads("hu\0sh", 5, 0600));
	ck_assert(!secret_read("/none/there", NULL, &secret, error));
	ck_assert(!secret_read("/tmp", NULL, &secret, error));
}
END_TEST

START_TEST(a_credential_of_systemd)
{
	unsetenv("CREDENTIALS_DIRECTORY");
	ck_assert(!secret_read(NULL, "hook", &secret, error));
	ck_assert_ptr_nonnull(strstr(error, "LoadCredential"));
	put("hush", 4, 0440);
	setenv("CREDENTIALS_DIRECTORY", "/tmp", 1);
	ck_assert(secret_read(NULL, strrchr(path, '/') + 1, &secret, error));
	ck_assert(!secret_read(NULL, "../tmp/x", &secret, error));
	ck_assert(!secret_read(NULL, "..", &secret, error));
	unlink(path);
}
END_TEST

#define DIGEST                             \
	"12cfbc2cd7d08816abcb9756be795a0e" \
	"920c400d5aebc98b6264505a9a3f2374"

/* The digest is that of Python's hmac over b"1764000000.{}". */
START_TEST(a_signature)
{
	char out[SIGN_TEXT];

	ck_assert(reads("hush\n", 5, 0600));
	ck_assert(sign(&secret, "1764000000", "{}", out));
	ck_assert_str_eq(out, DIGEST);
	ck_assert(sign(&secret, "1764000001", "{}", out));
	ck_assert_str_ne(out, DIGEST);
}
END_TEST

static struct store_letter letters[2] = {
	{ .event = { .id = "r-1",
	      .run_id = "r",
	      .site = "Nord\xc3\xbc",
	      .address = 0x0a010203,
	      .name = "NMR1/IC0",
	      .kind = "changed",
	      .field = "tcp/21 ftp.greeting",
	      .was = "old",
	      .now = "new \"quoted\"" } },
	{ .event = { .id = "r-2",
	      .run_id = "r",
	      .site = "Nord",
	      .asset = 7,
	      .kind = "gone" } },
};

START_TEST(an_event_in_a_line_and_in_json)
{
	char line[EVENT_LINE];
	char *json = event_json(&letters[0].event);

	ck_assert_str_eq(event_line(&letters[0].event, line),
	    "10.1.2.3 NMR1/IC0: changed: tcp/21 ftp.greeting: was old, is new "
	    "\"quoted\"");
	ck_assert_str_eq(event_line(&letters[1].event, line), "asset 7: gone");
	ck_assert_ptr_nonnull(json);
	ck_assert_ptr_nonnull(strstr(json, "\"now\":\"new \\\"quoted\\\"\""));
	ck_assert_ptr_nonnull(strstr(json, "\"mac\":null"));
	ck_assert_ptr_null(strchr(json, '\n'));
	free(json);
}
END_TEST

START_TEST(a_mail)
{
	char *to[] = { (char[]){ "a@x.example" }, (char[]){ "b@x.example" } };
	const struct config_mail mail = {
		.from = (char[]){ "g@x.example" }, .to = to, .to_count = 2
	};
	char *text = mail_text(&mail, letters, 2, 1764000000LL * 1000000000);

	ck_assert_ptr_nonnull(text);
	ck_assert_ptr_nonnull(
	    strstr(text, "Date: Mon, 24 Nov 2025 16:00:00 +0000\r\n"));
	ck_assert_ptr_nonnull(
	    strstr(text, "To: <a@x.example>,\r\n <b@x.example>\r\n"));
	ck_assert_ptr_nonnull(
	    strstr(text, "Subject: gantry: 2 changes at Nord??\r\n"));
	ck_assert_ptr_nonnull(
	    strstr(text, "Message-ID: <gantry.r-1.r-2@x.example>\r\n"));
	ck_assert_ptr_nonnull(strstr(text, "\r\n\r\nNord??: 10.1.2.3 NMR1"));
	/* every line ends as mail wants it */
	for (const char *p = text; (p = strchr(p, '\n')) != NULL; p++)
		ck_assert(p[-1] == '\r');
	free(text);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { a_secret_is_its_owners,
		a_credential_of_systemd, a_signature,
		an_event_in_a_line_and_in_json, a_mail, NULL };

	return unit_run("notify", tests);
}
