/* The writer: what it writes byte by byte, what jr reads of it, and its promises. */
#include "json/jw.h"

#include <float.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "testkit.h"
#include "json/jr.h"

static void writes_containers_and_commas(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(4096);
	struct jw w;
	jw_init(&w, &out);
	jw_object(&w);
	jw_name(&w, "list");
	jw_array(&w);
	jw_u64(&w, 1);
	jw_array(&w);
	jw_end(&w);
	jw_object(&w);
	jw_end(&w);
	jw_null(&w);
	jw_end(&w);
	jw_member_bool(&w, "yes", true);
	jw_member_bool(&w, "no", false);
	jw_name(&w, "obj");
	jw_object(&w);
	jw_member_u64(&w, "n", UINT64_MAX);
	jw_name_str(&w, STR("q\"\n"));
	jw_i64(&w, INT64_MIN);
	jw_end(&w);
	jw_end(&w);
	jw_done(&w);
	assert_str_eq(buf_str(&out), STR("{\"list\":[1,[],{},null],\"yes\":true,\"no\":false,"
					 "\"obj\":{\"n\":18446744073709551615,"
					 "\"q\\\"\\n\":-9223372036854775808}}"));
}

static void writes_members_in_one_call(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(4096);
	struct jw w;
	jw_init(&w, &out);
	jw_object(&w);
	jw_member_opt(&w, "none", STR_NONE);
	jw_member_opt(&w, "empty", STR(""));
	jw_member_opt(&w, "some", STR("x"));
	jw_member_str(&w, "none", STR_NONE);
	jw_member_str(&w, "empty", STR(""));
	jw_member_date(&w, "date", UINT64_C(1795172168123));
	jw_name(&w, "raw");
	jw_raw(&w, STR("[1,{\"a\":2}]"));
	jw_end(&w);
	jw_done(&w);
	assert_str_eq(buf_str(&out), STR("{\"some\":\"x\",\"none\":null,\"empty\":\"\","
					 "\"date\":\"2026-11-20T10:56:08.123Z\","
					 "\"raw\":[1,{\"a\":2}]}"));
}

static void escapes_what_must_be_escaped(void **state UNUSED)
{
	static const struct {
		struct str text;
		struct str json;
	} rows[] = {
		{ STR_INIT(""), STR_INIT("\"\"") },
		{ STR_INIT("\"\\/"), STR_INIT("\"\\\"\\\\/\"") },
		{ STR_INIT("\b\f\n\r\t"), STR_INIT("\"\\b\\f\\n\\r\\t\"") },
		{ STR_INIT("\x01\x1b\x1f\x7f"), STR_INIT("\"\\u0001\\u001b\\u001f\x7f\"") },
		{ STR_INIT("a\0b"), STR_INIT("\"a\xef\xbf\xbd"
					     "b\"") },
		{ STR_INIT("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
		  STR_INIT("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"") },
		/* not UTF-8: a bare tail, an overlong slash, a surrogate, a cut sequence */
		{ STR_INIT("a\x80"
			   "b"),
		  STR_INIT("\"a\xef\xbf\xbd"
			   "b\"") },
		{ STR_INIT("\xc0\xaf"), STR_INIT("\"\xef\xbf\xbd\xef\xbf\xbd\"") },
		{ STR_INIT("\xed\xa0\x80"), STR_INIT("\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"") },
		{ STR_INIT("x\xe2\x82"), STR_INIT("\"x\xef\xbf\xbd\xef\xbf\xbd\"") },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(4096);
		struct jw w;
		jw_init(&w, &out);
		jw_str(&w, rows[i].text);
		jw_done(&w);
		assert_str_eq(buf_str(&out), rows[i].json);
	}
}

/* Words of eight bytes are looked at as one: what needs an escape is found wherever it stands. */
static void a_mark_is_found_wherever_it_stands(void **state UNUSED)
{
	static const struct {
		const char *mark, *written;
	} marks[] = { { "\"", "\\\"" },		  { "\\", "\\\\" },
		      { "\x1f", "\\u001f" },	  { "\t", "\\t" },
		      { "\x7f", "\x7f" },	  { " ", " " },
		      { "\xc3\xa4", "\xc3\xa4" }, { "\xff", "\xef\xbf\xbd" } };
	for (size_t m = 0; m < ARRAY_LEN(marks); m++) {
		for (int before = 0; before < 20; before++) {
			for (int after = 0; after < 20; after++) {
				char text[64], wanted[64];
				struct buf out CLEANUP(buf_free) = BUF_INIT(1024);
				struct jw w;
				snprintf(text, sizeof(text), "%.*s%s%.*s", before,
					 "aaaaaaaaaaaaaaaaaaaa", marks[m].mark, after,
					 "~~~~~~~~~~~~~~~~~~~~");
				snprintf(wanted, sizeof(wanted), "\"%.*s%s%.*s\"", before,
					 "aaaaaaaaaaaaaaaaaaaa", marks[m].written, after,
					 "~~~~~~~~~~~~~~~~~~~~");
				jw_init(&w, &out);
				jw_str(&w, str_of(text));
				jw_done(&w);
				assert_string_equal(out.ptr, wanted);
			}
		}
	}
}

static void every_code_point_comes_back(void **state UNUSED)
{
	for (unsigned c = 1; c < 256; c++) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(4096);
		struct ctx ctx = { 0 };
		struct jr_doc *doc;
		struct jw w;
		/* U+0001 to U+00FF as UTF-8 */
		char text[2] = { (char)(c < 0x80 ? c : 0xc0 | c >> 6), (char)(0x80 | (c & 0x3f)) };
		struct str s = str_n(text, c < 0x80 ? 1 : 2);
		jw_init(&w, &out);
		jw_object(&w);
		jw_name_str(&w, s);
		jw_str(&w, s);
		jw_end(&w);
		jw_done(&w);
		assert_int_equal(jr_parse(&ctx, buf_str(&out), &jr_limits_peer, &doc), RC_OK);
		struct jr_iter it = { 0 };
		struct str name;
		struct jr value;
		assert_true(jr_next(jr_root(doc), &it, &name, &value));
		assert_str_eq(name, s);
		assert_str_eq(jr_str(value), s);
		jr_free(&doc);
	}
}

static void doubles_come_back_the_same(void **state UNUSED)
{
	static const struct {
		double value;
		const char *json;
	} rows[] = {
		{ 0, "[0]" },
		{ -0.0, "[-0]" },
		{ 5, "[5]" },
		{ 0.5, "[0.5]" },
		{ 0.1, "[0.1]" },
		{ -1.25, "[-1.25]" },
		{ 1.0 / 3, "[0.3333333333333333]" },
		{ 1e21, "[1e+21]" },
		{ 9007199254740992.0, "[9007199254740992]" },
		{ 9007199254740994.0, "[9007199254740994.0]" },
		{ 12345678901234568.0, "[12345678901234568.0]" },
		{ DBL_MAX, "[1.7976931348623157e+308]" },
		{ DBL_MIN, "[2.2250738585072014e-308]" },
		{ 5e-324, "[4.94065645841247e-324]" },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(4096);
		struct ctx ctx = { 0 };
		struct jr_doc *doc;
		struct jw w;
		double back = 1;
		jw_init(&w, &out);
		jw_array(&w);
		jw_double(&w, rows[i].value);
		jw_end(&w);
		jw_done(&w);
		assert_str_eq(buf_str(&out), str_of(rows[i].json));
		assert_int_equal(jr_parse(&ctx, buf_str(&out), &jr_limits_peer, &doc), RC_OK);
		assert_true(jr_double(jr_at(jr_root(doc), 0), &back));
		assert_true(back == rows[i].value);
		jr_free(&doc);
	}
}

static void nests_as_deep_as_it_says(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(4096);
	struct ctx ctx = { 0 };
	struct jr_doc *doc;
	struct jw w;
	jw_init(&w, &out);
	for (size_t i = 0; i < JW_DEPTH; i++)
		jw_array(&w);
	for (size_t i = 0; i < JW_DEPTH; i++)
		jw_end(&w);
	jw_done(&w);
	assert_int_equal(jr_parse(&ctx, buf_str(&out), &jr_limits_peer, &doc), RC_OK);
	jr_free(&doc);
}

static void a_full_buffer_fails_quietly(void **state UNUSED)
{
	for (size_t max = 0; max < 30; max++) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(max);
		struct jw w;
		jw_init(&w, &out);
		jw_object(&w);
		jw_member_str(&w, "name", STR("value\n"));
		jw_name(&w, "raw");
		jw_raw(&w, buf_str(&out));
		jw_name_str(&w, STR("n"));
		jw_double(&w, 0.1);
		jw_end(&w);
		jw_done(&w);
		assert_true(out.failed);
	}
}

static void the_failure_of_a_part_is_the_failure_of_the_whole(void **state UNUSED)
{
	struct buf part CLEANUP(buf_free) = BUF_INIT(2);
	struct buf out CLEANUP(buf_free) = BUF_INIT(4096);
	struct jw w;
	jw_init(&w, &part);
	jw_str(&w, STR("too long"));
	jw_done(&w);
	jw_init(&w, &out);
	jw_array(&w);
	jw_raw(&w, buf_str(&part));
	jw_end(&w);
	jw_done(&w);
	assert_true(out.failed);
}

static void value_without_a_name(struct jw *w)
{
	jw_object(w);
	jw_null(w);
}

static void name_in_an_array(struct jw *w)
{
	jw_array(w);
	jw_name(w, "a");
}

static void name_behind_a_name(struct jw *w)
{
	jw_object(w);
	jw_name(w, "a");
	jw_name(w, "b");
}

static void end_behind_a_name(struct jw *w)
{
	jw_object(w);
	jw_name(w, "a");
	jw_end(w);
}

static void end_of_nothing(struct jw *w)
{
	jw_end(w);
}

static void second_root(struct jw *w)
{
	jw_null(w);
	jw_null(w);
}

static void done_too_early(struct jw *w)
{
	jw_array(w);
	jw_done(w);
}

static void done_with_nothing(struct jw *w)
{
	jw_done(w);
}

static void too_deep(struct jw *w)
{
	for (size_t i = 0; i <= JW_DEPTH; i++)
		jw_array(w);
}

static void not_a_number(struct jw *w)
{
	jw_double(w, (double)NAN);
}

/* Runs a misuse in a process of its own and returns the signal that ended it. */
static int signal_of(void (*misuse)(struct jw *))
{
	int status = 0;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct buf out = BUF_INIT(4096);
		struct jw w;
		const struct rlimit none = { 0, 0 };
		setrlimit(RLIMIT_CORE, &none);
		signal(SIGABRT, SIG_DFL);
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(1);
		jw_init(&w, &out);
		misuse(&w);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void wrong_nesting_ends_the_process(void **state UNUSED)
{
	static void (*const misuses[])(struct jw *) = {
		value_without_a_name, name_in_an_array,	 name_behind_a_name,
		end_behind_a_name,    end_of_nothing,	 second_root,
		done_too_early,	      done_with_nothing, too_deep,
		not_a_number,
	};
	for (size_t i = 0; i < ARRAY_LEN(misuses); i++)
		assert_int_equal(signal_of(misuses[i]), SIGABRT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_containers_and_commas),
		cmocka_unit_test(writes_members_in_one_call),
		cmocka_unit_test(escapes_what_must_be_escaped),
		cmocka_unit_test(a_mark_is_found_wherever_it_stands),
		cmocka_unit_test(every_code_point_comes_back),
		cmocka_unit_test(doubles_come_back_the_same),
		cmocka_unit_test(nests_as_deep_as_it_says),
		cmocka_unit_test(a_full_buffer_fails_quietly),
		cmocka_unit_test(the_failure_of_a_part_is_the_failure_of_the_whole),
		cmocka_unit_test(wrong_nesting_ends_the_process),
	};
	return cmocka_run_group_tests_name("jw", tests, NULL, NULL);
}
