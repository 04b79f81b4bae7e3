/* One description of a result, as JSON and as lines. */
#include "output.h"

#include "testkit.h"

/* A result with everything in it. */
static void describe(struct output *out)
{
	output_object(out, NULL);
	output_str(out, "name", STR("alice"));
	output_id(out, "id", UINT64_C(117648744518189056));
	output_opt(out, "note", STR(""));
	output_date(out, "never", 0);
	output_flag(out, "local", true);
	output_list(out, "tags");
	output_item(out, STR("a"));
	output_item(out, STR("b"));
	output_end(out);
	output_list(out, "keys");
	output_object(out, NULL);
	output_str(out, "name", STR("k1"));
	output_num(out, "bits", 2048);
	output_end(out);
	output_end(out);
	output_table(out, "rows");
	output_row(out);
	output_str(out, "host", STR("example.org"));
	output_num(out, "n", 1);
	output_opt(out, "why", STR(""));
	output_end(out);
	output_row(out);
	output_str(out, "host", STR("b.example"));
	output_num(out, "n", 22);
	output_opt(out, "why", STR("slow"));
	output_end(out);
	output_end(out);
	output_end(out);
	output_say(out, "%s", "That is all.");
}

static void check(bool json, struct str expected)
{
	struct output out;
	struct arena *arena = arena_new(1 << 20);
	assert_non_null(arena);
	output_init(&out, arena, json);
	describe(&out);
	assert_str_eq(buf_str(&out.buf), expected);
	output_free(&out);
	arena_free(&arena);
}

static void writes_lines_for_people(void **state UNUSED)
{
	check(false, STR("name: alice\n"
			 "id: 117648744518189056\n"
			 "local: yes\n"
			 "tags:\n"
			 "  - a\n"
			 "  - b\n"
			 "keys:\n"
			 "  - name: k1\n"
			 "    bits: 2048\n"
			 "host         n   why\n"
			 "example.org  1   -\n"
			 "b.example    22  slow\n"
			 "That is all.\n"));
}

static void writes_json_for_programs(void **state UNUSED)
{
	check(true, STR("{\"name\":\"alice\",\"id\":\"117648744518189056\",\"note\":null,"
			"\"never\":null,\"local\":true,\"tags\":[\"a\",\"b\"],"
			"\"keys\":[{\"name\":\"k1\",\"bits\":2048}],"
			"\"rows\":[{\"host\":\"example.org\",\"n\":1,\"why\":null},"
			"{\"host\":\"b.example\",\"n\":22,\"why\":\"slow\"}]}"));
}

static void a_terminal_gets_no_control_bytes(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(1024);
	output_clean(&out, STR("a\x1b[31mb\x7f\xc2\x9b"
			       "c\nd\xe2\x80\xaa"
			       "e\xff\xc3\xa4"));
	assert_str_eq(buf_str(&out), STR("a?[31mb??c d?e?\xc3\xa4"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_lines_for_people),
		cmocka_unit_test(writes_json_for_programs),
		cmocka_unit_test(a_terminal_gets_no_control_bytes),
	};
	return cmocka_run_group_tests_name("output", tests, NULL, NULL);
}
