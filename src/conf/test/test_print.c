/* Printing: values in force read back as the same, the reference and the sample say what the tables
 * say. */
#include "sample.h"
#include "testkit.h"

static struct arena *arena;

static int setup(void **state UNUSED)
{
	arena = arena_new(1 << 20);
	return arena == NULL;
}

static int teardown(void **state UNUSED)
{
	arena_free(&arena);
	return 0;
}

static void load(struct sample *sample, struct str text)
{
	struct ctx ctx = { .arena = arena };
	struct conf_report report;
	sample_init(sample);
	if (conf_load(&ctx, text, STR("/srv"), sample->tables, SAMPLE_TABLES, &report) != RC_OK)
		fail_msg("%s in:\n%.*s", err_text(&ctx.err), STR_ARG(text));
}

static void assert_same(const struct sample *a, const struct sample *b)
{
	assert_str_eq(a->node.title, b->node.title);
	assert_str_eq(a->node.domain, b->node.domain);
	assert_str_eq(a->node.data, b->node.data);
	assert_int_equal(a->node.sign_up, b->node.sign_up);
	assert_str_eq(a->http.listen, b->http.listen);
	assert_int_equal(a->http.threads, b->http.threads);
	assert_int_equal(a->http.body_max, b->http.body_max);
	assert_int_equal(a->http.timeout, b->http.timeout);
	assert_int_equal(a->http.trust_proxy, b->http.trust_proxy);
}

static void assert_survives_printing(struct str text)
{
	struct buf printed CLEANUP(buf_free) = BUF_INIT(1 << 16);
	struct buf again CLEANUP(buf_free) = BUF_INIT(1 << 16);
	struct sample first, second;
	load(&first, text);
	conf_print(&printed, first.tables, SAMPLE_TABLES);
	load(&second, buf_str(&printed));
	assert_same(&first, &second);
	conf_print(&again, second.tables, SAMPLE_TABLES);
	assert_str_eq(buf_str(&again), buf_str(&printed));
}

static void prints_a_file_that_loads_as_the_same(void **state UNUSED)
{
	assert_survives_printing(STR(""));
	assert_survives_printing(STR("[node]\ntitle = \"\\\"a\\\\b\\n\\tc # \"\ndata = ../x y\n"
				     "sign-up = closed\n[http]\nlisten = [::]:443\n"
				     "body-max = 3000000\ntimeout = 1001 ms\ntrust-proxy = yes\n"));
}

static void prints_values_in_their_largest_unit(void **state UNUSED)
{
	struct buf printed CLEANUP(buf_free) = BUF_INIT(1 << 16);
	struct sample sample;
	load(&sample, STR("[http]\ntimeout = 120000 ms\nbody-max = 2097152\n"));
	conf_print(&printed, sample.tables, SAMPLE_TABLES);
	assert_str_eq(buf_str(&printed), STR("[node]\n"
					     "title = \"A # \\\"node\\\"\"\n"
					     "domain = node.example\n"
					     "data = \"/srv/data files\"\n"
					     "sign-up = approval\n"
					     "\n"
					     "[http]\n"
					     "listen = 127.0.0.1:8080\n"
					     "threads = 2\n"
					     "body-max = 2 MiB\n"
					     "timeout = 2 min\n"
					     "trust-proxy = no\n"));
}

static void writes_the_reference_as_tables(void **state UNUSED)
{
	struct buf printed CLEANUP(buf_free) = BUF_INIT(1 << 16);
	struct sample sample;
	sample_init(&sample);
	conf_print_reference(&printed, &sample.tables[0], 1);
	assert_str_eq(
		buf_str(&printed),
		STR("### [node]\n\nWhat the node is.\n\n"
		    "| name | value | default | on reload | meaning |\n|---|---|---|---|---|\n"
		    "| `title` | text, 1 to 60 bytes | `A # \"node\"` | yes | What people see at "
		    "the top. |\n"
		    "| `domain` | domain | `node.example` | no | The name behind the @ of every "
		    "handle; it can never change. |\n"
		    "| `data` | path | `data files` | no | The folder of the store. |\n"
		    "| `sign-up` | open, approval or closed | `approval` | yes | Who may make an "
		    "account \\| a bar. |\n"));
}

static void writes_bounds_with_their_units(void **state UNUSED)
{
	struct buf printed CLEANUP(buf_free) = BUF_INIT(1 << 16);
	struct sample sample;
	sample_init(&sample);
	conf_print_reference(&printed, &sample.tables[1], 1);
	struct str text = buf_str(&printed);
	assert_true(str_contains(text, STR("| number, 1 to 64 |")));
	assert_true(str_contains(text, STR("| size, at least 1 KiB |")));
	assert_true(str_contains(text, STR("| duration, 1 s to 10 min |")));
	assert_true(str_contains(text, STR("| yes or no | `no` |")));
}

/* The sample with the comment sign before each setting taken away. */
static struct str uncomment(struct str text)
{
	struct buf out = BUF_INIT(1 << 16);
	struct str line;
	while (str_next(&text, '\n', &line)) {
		bool setting = line.len > 1 && line.ptr[0] == '#' && line.ptr[1] != ' ';
		buf_add(&out, str_skip(line, setting ? 1 : 0));
		buf_add_chr(&out, '\n');
	}
	return arena_take_buf(arena, &out);
}

static void writes_a_sample_that_loads_as_all_defaults(void **state UNUSED)
{
	struct buf printed CLEANUP(buf_free) = BUF_INIT(1 << 16);
	struct sample sample, defaults;
	load(&defaults, STR(""));
	conf_print_sample(&printed, defaults.tables, SAMPLE_TABLES);
	load(&sample, buf_str(&printed));
	assert_same(&sample, &defaults);
	struct str bare = uncomment(buf_str(&printed));
	assert_true(str_contains(bare, STR("\nthreads = 2\n")));
	load(&sample, bare);
	assert_same(&sample, &defaults);
}

static void writes_an_example_where_there_is_no_default(void **state UNUSED)
{
	struct buf printed CLEANUP(buf_free) = BUF_INIT(1 << 16);
	const struct conf_row row = {
		.name = "domain", .type = CONF_DOMAIN, .offset = 0, .help = "The name."
	};
	struct str value = STR_NONE;
	struct conf_table table = { "node", "What it is.", &row, 1, &value, sizeof(value) };
	conf_print_sample(&printed, &table, 1);
	assert_str_eq(buf_str(&printed), STR("# What it is.\n[node]\n\n"
					     "# The name. (domain; must be given)\n"
					     "#domain = social.example.org\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_a_file_that_loads_as_the_same),
		cmocka_unit_test(prints_values_in_their_largest_unit),
		cmocka_unit_test(writes_the_reference_as_tables),
		cmocka_unit_test(writes_bounds_with_their_units),
		cmocka_unit_test(writes_a_sample_that_loads_as_all_defaults),
		cmocka_unit_test(writes_an_example_where_there_is_no_default),
	};
	return cmocka_run_group_tests_name("conf print", tests, setup, teardown);
}
