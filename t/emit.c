/* SPDX-License-Identifier: ISC */
/* emit - JSON as it is said, byte for byte, and read again by jansson. */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/emit.h"
#include "t/unit.h"

struct page {
	char *text;
	size_t len;
	FILE *file;
	struct emit *emit;
};

static void
page_open(struct page *p)
{
	p->file = open_memstream(&p->text, &p->len);
	ck_assert_ptr_nonnull(p->file);
	p->emit = emit_new(p->file);
	ck_assert_ptr_nonnull(p->emit);
}

static void
page_close(struct page *p)
{
	emit_free(p->emit);
	fclose(p->file);
	free(p->text);
}

static const char *
said(struct page *p)
{
	ck_assert(emit_flush(p->emit));
	fflush(p->file);
	return p->text;
}

START_TEST(all_kinds_byte_for_byte)
{
	struct page p = { .text = NULL };

	page_open(&p);
	emit_object(p.emit, NULL);
	emit_text(p.emit, "text", "a \"b\" \\ /");
	emit_text(p.emit, "none", NULL);
	emit_word(p.emit, "empty", "");
	emit_word(p.emit, "word", "w");
	emit_number(p.emit, "number", -12);
	emit_real(p.emit, "real", 0.123456789);
	emit_real(p.emit, "whole", 2);
	emit_flag(p.emit, "flag", true);
	emit_null(p.emit, "null");
	emit_array(p.emit, "list");
	emit_number(p.emit, NULL, 0);
	emit_object(p.emit, NULL);
	emit_object_end(p.emit);
	emit_array_end(p.emit);
	emit_object_end(p.emit);
	ck_assert_str_eq(said(&p),
	    "{\"text\":\"a \\\"b\\\" \\\\ /\",\"none\":null,\"empty\":null,"
	    "\"word\":\"w\",\"number\":-12,\"real\":0.123457,\"whole\":2.0,"
	    "\"flag\":true,\"null\":null,\"list\":[0,{}]}");
	page_close(&p);
}
END_TEST

START_TEST(numbers_of_any_size)
{
	static const int64_t numbers[] = { 0, 1, -1, 9, 10, UINT32_MAX,
		INT64_MAX, INT64_MIN };
	struct page p = { .text = NULL };
	char want[256] = "[";

	page_open(&p);
	emit_array(p.emit, NULL);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		size_t used = strlen(want);

		emit_number(p.emit, NULL, numbers[i]);
		snprintf(want + used, sizeof(want) - used, "%s%" PRId64,
		    i > 0 ? "," : "", numbers[i]);
	}
	emit_array_end(p.emit);
	snprintf(want + strlen(want), 2, "]");
	ck_assert_str_eq(said(&p), want);
	page_close(&p);
}
END_TEST

/* Whatever bytes a text holds, another library reads the same back. */
START_TEST(any_ascii_is_read_back)
{
	struct page p = { .text = NULL };
	char text[128];
	json_t *j;

	page_open(&p);
	for (int i = 1; i < 128; i++)
		text[i - 1] = (char)i;
	text[127] = '\0';
	emit_array(p.emit, NULL);
	emit_text(p.emit, NULL, text);
	emit_array_end(p.emit);
	j = json_loads(said(&p), 0, NULL);
	ck_assert_ptr_nonnull(j);
	ck_assert_str_eq(json_string_value(json_array_get(j, 0)), text);
	json_decref(j);
	page_close(&p);
}
END_TEST

/* One value after another; what fails once has failed. */
START_TEST(values_follow_each_other_and_failures_stick)
{
	struct page p = { .text = NULL };

	page_open(&p);
	for (int i = 0; i < 3; i++) {
		emit_array(p.emit, NULL);
		emit_number(p.emit, NULL, i);
		emit_array_end(p.emit);
		ck_assert(emit_flush(p.emit));
	}
	ck_assert_str_eq(said(&p), "[0][1][2]");
	emit_object(p.emit, NULL);
	emit_real(p.emit, "no number", (double)NAN);
	emit_object_end(p.emit);
	ck_assert(!emit_flush(p.emit));
	ck_assert(!emit_flush(p.emit));
	page_close(&p);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { all_kinds_byte_for_byte,
		numbers_of_any_size, any_ascii_is_read_back,
		values_follow_each_other_and_failures_stick, NULL };

	return unit_run("emit", tests);
}
