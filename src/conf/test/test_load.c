/* Loading: everything wrong is reported with its line, and a failed load changes nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sample.h"
#include "testkit.h"

struct fixture {
	struct arena *arena;
	struct sample sample;
	struct conf_report report;
	struct ctx ctx;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	if (f == NULL)
		return 1;
	f->arena = arena_new(1 << 20);
	f->ctx.arena = f->arena;
	sample_init(&f->sample);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	arena_free(&f->arena);
	free(f);
	return 0;
}

static enum rc load(struct fixture *f, struct str text)
{
	f->ctx.err = (struct err){ 0 };
	return conf_load(&f->ctx, text, STR("/srv"), f->sample.tables, SAMPLE_TABLES, &f->report);
}

static void assert_error(const struct fixture *f, size_t index, unsigned line, const char *text)
{
	assert_true(index < f->report.error_count);
	assert_int_equal(f->report.errors[index].line, line);
	assert_str_eq(f->report.errors[index].text, str_of(text));
}

static void gives_defaults_for_what_is_not_there(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(load(f, STR("")), RC_OK);
	assert_int_equal(f->report.error_count, 0);
	assert_str_eq(f->sample.node.title, STR("A # \"node\""));
	assert_str_eq(f->sample.node.domain, STR("node.example"));
	assert_str_eq(f->sample.node.data, STR("/srv/data files"));
	assert_int_equal(f->sample.node.sign_up, 1);
	assert_str_eq(f->sample.http.listen, STR("127.0.0.1:8080"));
	assert_int_equal(f->sample.http.threads, 2);
	assert_int_equal(f->sample.http.body_max, 1 << 20);
	assert_int_equal(f->sample.http.timeout, 30000);
	assert_false(f->sample.http.trust_proxy);
}

static void fills_the_structs_of_all_tables(void **state)
{
	struct fixture *f = *state;
	f->sample.http.requests = 7;
	assert_int_equal(load(f, STR("[http]\r\nthreads = 8\r\ntrust-proxy = on\r\n[node]\r\n"
				     "sign-up = open\r\n[http]\r\ntimeout = 5 min\r\n")),
			 RC_OK);
	assert_int_equal(f->sample.http.threads, 8);
	assert_true(f->sample.http.trust_proxy);
	assert_int_equal(f->sample.node.sign_up, 0);
	assert_int_equal(f->sample.http.timeout, 300000);
	assert_int_equal(f->sample.http.requests, 7);
}

static void keeps_no_view_into_the_callers_text(void **state)
{
	struct fixture *f = *state;
	char text[] = "[node]\ntitle = Ours\n";
	assert_int_equal(load(f, str_n(text, sizeof(text) - 1)), RC_OK);
	memset(text, 'x', sizeof(text));
	assert_str_eq(f->sample.node.title, STR("Ours"));
}

static void reports_every_error_with_its_line(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(load(f, STR("threads = 3\n"
				     "[http]\n"
				     "threads = many\n"
				     "lisen = 127.0.0.1:80\n"
				     "what is this\n"
				     "quux = 1\n"
				     "domain = a.example\n"
				     "body-max = 1\n"
				     "[htpt]\n"
				     "anything = goes\n"
				     "[zzzzzz]\n")),
			 RC_INVALID);
	assert_int_equal(f->report.error_count, 9);
	assert_error(f, 0, 1, "\"threads\" stands before any [section]");
	assert_error(f, 1, 3, "threads: \"many\" is not a whole number");
	assert_error(f, 2, 4, "there is no \"lisen\" in [http]; did you mean \"listen\"?");
	assert_error(f, 3, 5, "a line is \"name = value\", \"[section]\" or \"# comment\"");
	assert_error(f, 4, 6, "there is no \"quux\" in [http]");
	assert_error(f, 5, 7, "there is no \"domain\" in [http]; it belongs in [node]");
	assert_error(f, 6, 8, "body-max: \"1\" is less than 1 KiB");
	assert_error(f, 7, 9, "there is no section [htpt]; did you mean [http]?");
	assert_error(f, 8, 11, "there is no section [zzzzzz]");
	assert_string_equal(err_text(&f->ctx.err),
			    "line 1: \"threads\" stands before any [section] (and more)");
}

static void refuses_duplicate_names_and_names_both_lines(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(load(f, STR("[http]\nthreads = 3\n[node]\n[http]\nthreads = 3\n")),
			 RC_INVALID);
	assert_int_equal(f->report.error_count, 1);
	assert_error(f, 0, 5, "threads was set already, on line 2");
}

static void changes_nothing_when_it_fails(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(load(f, STR("[http]\nthreads = 9\n")), RC_OK);
	struct sample before = f->sample;
	assert_int_equal(load(f, STR("[http]\nthreads = 5\n[node]\ntitle = \"\"\n")), RC_INVALID);
	assert_error(f, 0, 4, "title: \"\" is shorter than 1 bytes");
	assert_memory_equal(&before.node, &f->sample.node, sizeof(before.node));
	assert_memory_equal(&before.http, &f->sample.http, sizeof(before.http));
}

static void wants_rows_that_have_no_default(void **state)
{
	struct fixture *f = *state;
	struct node node = { .title = STR_NONE };
	const struct conf_row row = { .name = "domain",
				      .type = CONF_DOMAIN,
				      .offset = offsetof(struct node, domain),
				      .help = "The name." };
	struct conf_table table = { "node", "", &row, 1, &node, sizeof(node) };
	assert_int_equal(conf_load(&f->ctx, STR(""), STR(""), &table, 1, &f->report), RC_INVALID);
	assert_error(f, 0, 0, "domain in [node] must be given: The name.");
	f->ctx.err = (struct err){ 0 };
	assert_int_equal(conf_load(&f->ctx, STR("[node]\ndomain = A.example"), STR(""), &table, 1,
				   &f->report),
			 RC_OK);
	assert_str_eq(node.domain, STR("a.example"));
}

static void stops_counting_errors_of_what_is_no_settings_file(void **state)
{
	struct fixture *f = *state;
	char text[4000];
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 2 == 0 ? '?' : '\n';
	assert_int_equal(load(f, str_n(text, sizeof(text))), RC_INVALID);
	assert_int_equal(f->report.error_count, 200);
	assert_int_equal(f->report.errors[199].line, 200);
}

static void fails_cleanly_when_the_arena_is_too_small(void **state)
{
	struct fixture *f = *state;
	for (size_t max = 64; max < 4096; max += 64) {
		struct arena *small = arena_new(max);
		struct ctx ctx = { .arena = small };
		struct sample sample;
		sample_init(&sample);
		enum rc rc = conf_load(&ctx, STR("[node]\ntitle = \"x\\ty\"\n"), STR("/srv"),
				       sample.tables, SAMPLE_TABLES, &f->report);
		assert_int_equal(rc, RC_NO_MEMORY);
		assert_null(sample.node.title.ptr);
		arena_free(&small);
	}
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void loads_a_file_and_its_folders_paths(void **state)
{
	struct fixture *f = *state;
	char *dir = test_tmpdir_new();
	char *real = realpath(dir, NULL);
	char *path = arena_cstr(f->arena, arena_printf(f->arena, "%s/fediflow.conf", dir));
	write_file(path, "[node]\ndata = store\n");
	assert_int_equal(conf_load_file(&f->ctx, path, f->sample.tables, SAMPLE_TABLES, &f->report),
			 RC_OK);
	assert_str_eq(f->sample.node.data, arena_printf(f->arena, "%s/store", real));
	free(real);
	test_tmpdir_remove(&dir);
}

static void says_why_a_file_cannot_be_read(void **state)
{
	struct fixture *f = *state;
	char *dir = test_tmpdir_new();
	char *path = arena_cstr(f->arena, arena_printf(f->arena, "%s/none.conf", dir));
	assert_int_equal(conf_load_file(&f->ctx, path, f->sample.tables, SAMPLE_TABLES, &f->report),
			 RC_NOT_FOUND);
	assert_non_null(strstr(err_text(&f->ctx.err), "none.conf: No such file"));
	f->ctx.err = (struct err){ 0 };
	assert_int_equal(conf_load_file(&f->ctx, dir, f->sample.tables, SAMPLE_TABLES, &f->report),
			 RC_IO);
	f->ctx.err = (struct err){ 0 };
	write_file(path, "");
	assert_int_equal(truncate(path, 2 << 20), 0);
	assert_int_equal(conf_load_file(&f->ctx, path, f->sample.tables, SAMPLE_TABLES, &f->report),
			 RC_TOO_LARGE);
	test_tmpdir_remove(&dir);
}

static void takes_over_only_what_may_be_reloaded(void **state)
{
	struct fixture *f = *state;
	struct sample fresh;
	sample_init(&fresh);
	assert_int_equal(load(f, STR("")), RC_OK);
	assert_int_equal(conf_load(&f->ctx,
				   STR("[node]\ntitle = New\nsign-up = closed\ndomain = b.example\n"
				       "[http]\nbody-max = 2 MiB\nthreads = 9\n"),
				   STR("/srv"), fresh.tables, SAMPLE_TABLES, &f->report),
			 RC_OK);
	conf_apply_reload(fresh.tables, f->sample.tables, SAMPLE_TABLES);
	assert_str_eq(f->sample.node.title, STR("New"));
	assert_int_equal(f->sample.node.sign_up, 2);
	assert_int_equal(f->sample.http.body_max, 2 << 20);
	assert_str_eq(f->sample.node.domain, STR("node.example"));
	assert_int_equal(f->sample.http.threads, 2);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(gives_defaults_for_what_is_not_there),
		CASE(fills_the_structs_of_all_tables),
		CASE(keeps_no_view_into_the_callers_text),
		CASE(reports_every_error_with_its_line),
		CASE(refuses_duplicate_names_and_names_both_lines),
		CASE(changes_nothing_when_it_fails),
		CASE(wants_rows_that_have_no_default),
		CASE(stops_counting_errors_of_what_is_no_settings_file),
		CASE(fails_cleanly_when_the_arena_is_too_small),
		CASE(loads_a_file_and_its_folders_paths),
		CASE(says_why_a_file_cannot_be_read),
		CASE(takes_over_only_what_may_be_reloaded),
	};
	return cmocka_run_group_tests_name("conf load", tests, NULL, NULL);
}
