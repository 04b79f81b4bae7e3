/* Comma-separated values: what is written is read, and what is malformed is told with its line. */
#include "text/csv.h"

#include "testkit.h"

#define FIELDS 4

struct scene {
	struct ctx ctx;
	struct csv csv;
	struct str fields[FIELDS];
	size_t count;
};

static void scene_init(struct scene *s, const char *text)
{
	*s = (struct scene){ .csv = { .rest = str_of(text) } };
	s->ctx.arena = arena_new((size_t)1 << 20);
	assert_non_null(s->ctx.arena);
}

static void scene_free(struct scene *s)
{
	arena_free(&s->ctx.arena);
}

static enum rc next(struct scene *s)
{
	return csv_row(&s->ctx, &s->csv, s->fields, FIELDS, &s->count);
}

static void rows_are_read(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s, "\xef\xbb\xbf#domain,#severity\r\n\n\r\n"
		       "a.example,\"say \"\"no\"\",\n twice\",\r\n"
		       "\"\",x");
	assert_int_equal(next(&s), RC_OK);
	assert_int_equal(s.count, 2);
	assert_str_eq(s.fields[0], STR("#domain"));
	assert_str_eq(s.fields[1], STR("#severity"));
	assert_int_equal(next(&s), RC_OK);
	assert_int_equal(s.csv.line, 4);
	assert_int_equal(s.count, 3);
	assert_str_eq(s.fields[1], STR("say \"no\",\n twice"));
	assert_str_eq(s.fields[2], STR(""));
	assert_int_equal(next(&s), RC_OK);
	assert_int_equal(s.csv.line, 6);
	assert_str_eq(s.fields[0], STR(""));
	assert_str_eq(s.fields[1], STR("x"));
	assert_int_equal(next(&s), RC_NOT_FOUND);
	assert_int_equal(next(&s), RC_NOT_FOUND);
}

static void what_is_malformed_is_told_with_its_line(void **state UNUSED)
{
	static const struct {
		const char *text;
		enum rc rc;
		const char *why;
	} rows[] = {
		{ "a\n\"b", RC_INVALID, "line 2: a quote is not closed" },
		{ "a\n\n\"b\"c", RC_INVALID, "line 3: there is something behind a quote" },
		{ "a\n1,2,3,4,5", RC_TOO_LARGE, "line 2: there are more than 4 fields" },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct scene s CLEANUP(scene_free);
		scene_init(&s, rows[i].text);
		assert_int_equal(next(&s), RC_OK);
		assert_int_equal(next(&s), rows[i].rc);
		assert_string_equal(err_text(&s.ctx.err), rows[i].why);
	}
}

static void what_is_written_is_read(void **state UNUSED)
{
	static const struct str fields[] = { STR_INIT("plain"), STR_INIT("a,b"),
					     STR_INIT(" \"x\"\n"), STR_INIT("") };
	struct buf out CLEANUP(buf_free) = BUF_INIT(1000);
	struct scene s CLEANUP(scene_free);
	for (size_t i = 0; i < FIELDS; i++)
		csv_add(&out, fields[i], i == 0);
	csv_end_row(&out);
	assert_str_eq(buf_str(&out), STR("plain,\"a,b\",\" \"\"x\"\"\n\",\n"));
	scene_init(&s, out.ptr);
	assert_int_equal(next(&s), RC_OK);
	for (size_t i = 0; i < FIELDS; i++)
		assert_str_eq(s.fields[i], fields[i]);
	assert_int_equal(next(&s), RC_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_read),
		cmocka_unit_test(what_is_malformed_is_told_with_its_line),
		cmocka_unit_test(what_is_written_is_read),
	};
	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
