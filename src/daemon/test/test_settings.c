/* The tables of settings: every row is complete, and what lies between rows is checked. */
#include "settings.h"

#include "testkit.h"
#include "text/iri.h"

#define ARENA_BYTES ((size_t)4 << 20)

static int setup(void **state)
{
	*state = arena_new(ARENA_BYTES);
	return *state == NULL;
}

static int teardown(void **state)
{
	struct arena *arena = *state;
	arena_free(&arena);
	return 0;
}

static enum rc load(struct arena *arena, const char *text, struct settings *settings,
		    struct conf_report *report)
{
	struct ctx ctx = { .arena = arena };
	settings_init(settings);
	return conf_load(&ctx, str_of(text), STR("/etc/fediflow"), settings->tables,
			 settings->table_count, report);
}

static void check_row(const struct conf_table *table, const struct conf_row *row)
{
	struct str help = str_of(row->help);
	assert_non_null(row->name);
	assert_non_null(row->help);
	if (!str_has_suffix(help, STR(".")) || help.len < 10)
		fail_msg("%s in [%s] has no sentence", row->name, table->section);
	if (row->type == CONF_ENUM)
		assert_non_null(row->choices);
	bool number =
		row->type == CONF_U64 || row->type == CONF_BYTES || row->type == CONF_DURATION;
	if ((number || row->type == CONF_STR) && row->max == 0)
		fail_msg("%s in [%s] has no upper bound", row->name, table->section);
	/* threads read them while they are changed: only what is one word may be reloaded */
	if (row->reload == CONF_RELOAD && !number && row->type != CONF_ENUM &&
	    row->type != CONF_BOOL)
		fail_msg("%s in [%s] cannot be reloaded", row->name, table->section);
	assert_true(row->offset < table->values_size);
}

static void every_row_is_complete(void **state UNUSED)
{
	struct settings settings;
	settings_init(&settings);
	assert_true(settings.table_count <= SETTINGS_TABLES_MAX);
	for (size_t t = 0; t < settings.table_count; t++) {
		const struct conf_table *table = &settings.tables[t];
		assert_non_null(table->help);
		assert_true(table->row_count > 0);
		for (size_t i = 0; i < table->row_count; i++)
			check_row(table, &table->rows[i]);
	}
}

static void every_default_is_within_its_bounds(void **state)
{
	struct settings settings;
	struct conf_report report;
	assert_int_equal(load(*state, "[node]\ndomain = example.org\n", &settings, &report), RC_OK);
	assert_str_eq(settings.http.listen, STR("127.0.0.1:8080"));
	assert_int_equal(settings.queue.retry_first_ms, MS_PER_MINUTE);
	assert_int_equal(settings.log.level, LOG_LEVEL_INFO);
	assert_int_equal(settings.federation.access, FED_OPEN);
	assert_int_equal(settings_iri_flags(&settings), IRI_STRICT);
}

static void the_domain_must_be_given(void **state)
{
	struct settings settings;
	struct conf_report report;
	assert_int_equal(load(*state, "", &settings, &report), RC_INVALID);
	assert_int_equal(report.error_count, 1);
	assert_int_equal(report.errors[0].line, 0);
}

static void the_host_is_the_domain_unless_it_is_given(void **state)
{
	struct settings settings;
	struct conf_report report;
	struct site site;
	assert_int_equal(load(*state, "[node]\ndomain = Example.org\n", &settings, &report), RC_OK);
	settings_site(*state, &settings, &site);
	assert_str_eq(site.host, STR("example.org"));
	assert_str_eq(site.base, STR("https://example.org"));
	assert_int_equal(load(*state, "[node]\ndomain = example.org\nhost = a.example.org\n",
			      &settings, &report),
			 RC_OK);
	settings_site(*state, &settings, &site);
	assert_str_eq(site.domain, STR("example.org"));
	assert_str_eq(site.base, STR("https://a.example.org"));
}

static void the_client_tells_peers_who_it_is(void **state)
{
	struct settings settings;
	struct conf_report report;
	struct site site;
	assert_int_equal(load(*state, "[node]\ndomain = example.org\n", &settings, &report), RC_OK);
	settings_site(*state, &settings, &site);
	struct fetch_settings fetch = settings_fetch(*state, &settings, &site);
	assert_true(str_has_prefix(fetch.user_agent, STR("FediFlow/")));
	assert_true(str_contains(fetch.user_agent, STR("https://example.org/")));
	assert_false(fetch.allow_http);
}

static void s138_test_settings_exist_only_with_test_hooks(void **state)
{
	struct settings settings;
	struct conf_report report;
	enum rc rc = load(*state, "[node]\ndomain = example.org\n[test]\nplain_http = yes\n",
			  &settings, &report);
	assert_int_equal(rc, settings_have_test_hooks() ? RC_OK : RC_INVALID);
	size_t hidden = settings.table_count - settings_public_tables(&settings);
	assert_int_equal(hidden, settings_have_test_hooks() ? 1 : 0);
	for (size_t t = 0; t < settings_public_tables(&settings); t++)
		assert_string_not_equal(settings.tables[t].section, "test");
}

static void prefixes_are_addresses(void **state)
{
	struct settings settings;
	struct conf_report report;
	assert_int_equal(load(*state,
			      "[node]\ndomain = example.org\n[http]\ntrusted_proxies = proxy!\n",
			      &settings, &report),
			 RC_INVALID);
	assert_int_equal(report.errors[0].line, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_complete),
		cmocka_unit_test_setup_teardown(every_default_is_within_its_bounds, setup,
						teardown),
		cmocka_unit_test_setup_teardown(the_domain_must_be_given, setup, teardown),
		cmocka_unit_test_setup_teardown(the_host_is_the_domain_unless_it_is_given, setup,
						teardown),
		cmocka_unit_test_setup_teardown(the_client_tells_peers_who_it_is, setup, teardown),
		cmocka_unit_test_setup_teardown(s138_test_settings_exist_only_with_test_hooks,
						setup, teardown),
		cmocka_unit_test_setup_teardown(prefixes_are_addresses, setup, teardown),
	};
	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
