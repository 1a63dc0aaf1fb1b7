/* SPDX-License-Identifier: ISC */
/* diary - what was written is read again; what a kill cut off is left out. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/diary.h"
#include "t/unit.h"

static const uint8_t key[16] = { 1, 2, 3 };
static char path[64];
static char said[4096];

static void
begin(void)
{
	char dir[] = "/tmp/diary-XXXXXX";

	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/diary", dir);
}

static void
end(void)
{
	unlink(path);
	*strrchr(path, '/') = '\0';
	rmdir(path);
}

static void
took(void *arg, uint8_t kind, const uint8_t *bytes, size_t len)
{
	(void)arg;
	snprintf(said + strlen(said), sizeof(said) - strlen(said), "%d:%.*s ",
	    kind, (int)len, (const char *)bytes);
}

static void
put(struct diary *d, uint8_t kind, const char *text)
{
	diary_put(d, kind, (const uint8_t *)text, strlen(text));
}

static struct diary *
go_on(uint32_t generation)
{
	said[0] = '\0';
	return diary_continue(path, key, generation, took, NULL);
}

static off_t
size(void)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_size : -1;
}

START_TEST(goes_on_where_it_ended)
{
	struct diary *d;

	begin();
	d = diary_create(path, key, 7);
	ck_assert_ptr_nonnull(d);
	put(d, 1, "a");
	put(d, 2, "bb");
	ck_assert(diary_flush(d));
	ck_assert(diary_flush(d)); /* nothing: no frame */
	put(d, 3, "");
	ck_assert(diary_flush(d));
	put(d, 4, "never flushed");
	diary_close(d);
	d = go_on(7);
	ck_assert_ptr_nonnull(d);
	ck_assert_str_eq(said, "1:a 2:bb 3: ");
	put(d, 5, "e");
	ck_assert(diary_flush(d));
	diary_close(d);
	diary_close(go_on(7));
	ck_assert_str_eq(said, "1:a 2:bb 3: 5:e ");
	end();
}
END_TEST

START_TEST(every_cut_leaves_whole_frames)
{
	struct diary *d;
	off_t all, first;

	begin();
	d = diary_create(path, key, 1);
	put(d, 1, "first");
	ck_assert(diary_flush(d));
	first = size();
	put(d, 2, "second");
	put(d, 3, "third");
	ck_assert(diary_flush(d));
	diary_close(d);
	all = size();
	for (off_t cut = all - 1; cut >= first; cut--) {
		ck_assert_int_eq(truncate(path, cut), 0);
		d = go_on(1);
		ck_assert_ptr_nonnull(d);
		ck_assert_str_eq(said, "1:first ");
		/* Cut back, so that what follows can be read. */
		ck_assert_int_eq(size(), first);
		put(d, 2, "second");
		put(d, 3, "third");
		ck_assert(diary_flush(d));
		diary_close(d);
	}
	end();
}
END_TEST

START_TEST(damage_ends_it)
{
	struct diary *d;
	int fd;

	begin();
	d = diary_create(path, key, 1);
	put(d, 1, "first");
	ck_assert(diary_flush(d));
	put(d, 2, "second");
	ck_assert(diary_flush(d));
	diary_close(d);
	fd = open(path, O_WRONLY);
	ck_assert_int_eq(pwrite(fd, "X", 1, size() - 1), 1);
	close(fd);
	diary_close(go_on(1));
	ck_assert_str_eq(said, "1:first ");
	end();
}
END_TEST

START_TEST(is_of_one_generation_and_one_key)
{
	static const uint8_t other[16] = { 9 };
	struct diary *d;

	begin();
	ck_assert_ptr_null(go_on(1));
	ck_assert_int_eq(errno, ENOENT);
	d = diary_create(path, key, 1);
	put(d, 1, "a");
	ck_assert(diary_flush(d));
	diary_close(d);
	ck_assert_ptr_null(go_on(2));
	ck_assert_int_eq(errno, ENOENT);
	said[0] = '\0';
	d = diary_continue(path, other, 1, took, NULL);
	ck_assert_ptr_nonnull(d);
	ck_assert_str_eq(said, "");
	diary_close(d);
	end();
}
END_TEST

START_TEST(one_process_writes_it)
{
	struct diary *d;

	begin();
	d = diary_create(path, key, 1);
	ck_assert_ptr_null(go_on(1));
	ck_assert_int_eq(errno, EWOULDBLOCK);
	diary_close(d);
	diary_close(go_on(1));
	end();
}
END_TEST

START_TEST(a_full_disk_is_said)
{
	struct diary *d;

	snprintf(path, sizeof(path), "/dev/full");
	d = diary_create(path, key, 1);
	ck_assert_ptr_null(d);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { goes_on_where_it_ended,
		every_cut_leaves_whole_frames, damage_ends_it,
		is_of_one_generation_and_one_key, one_process_writes_it,
		a_full_disk_is_said, NULL };

	return unit_run("diary", tests);
}
