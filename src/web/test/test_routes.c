/* Addresses: which lead where, and what may be kept. */
#include "pagekit.h"

static void ids_lead_people_to_pages(void **state)
{
	static const struct {
		const char *path, *location;
	} cases[] = {
		{ "/users/alice", "Location: /@alice\r\n" },
		{ "/users/alice/statuses/17", "Location: /@alice/17\r\n" },
		{ "/@alice@town.example", "Location: /@alice\r\n" },
		{ "/@alice@SOCIAL.town.example", "Location: /@alice\r\n" },
		/* no word on whether there is such a one (S-071) */
		{ "/users/nobody", "Location: /@nobody\r\n" },
	};
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	kit_person(&kit, "alice");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct answer answer = kit_ask(&kit, cases[i].path, "");
		assert_int_equal(answer.status, 302);
		assert_has(answer.head, str_of(cases[i].location));
	}
}

static void s074_people_get_pages_and_machines_get_documents(void **state)
{
	static const struct {
		const char *accept;
		bool page;
	} cases[] = {
		{ "", true },
		{ "Accept: */*\r\n", true },
		{ "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n", true },
		{ "Accept: application/activity+json\r\n", false },
		{ "Accept: application/ld+json; "
		  "profile=\"https://www.w3.org/ns/activitystreams\"\r\n",
		  false },
		{ "Accept: application/activity+json, text/html;q=0.1\r\n", false },
	};
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct status post = kit_post(&kit, &alice, "<p>x</p>");
	const char *const paths[] = { "/@alice", kit_path(&kit, &alice, &post) };
	for (size_t i = 0; i < ARRAY_LEN(cases) * ARRAY_LEN(paths); i++) {
		const char *path = paths[i % ARRAY_LEN(paths)];
		struct answer answer = kit_ask(&kit, path, cases[i / ARRAY_LEN(paths)].accept);
		assert_int_equal(answer.status, 200);
		assert_has(answer.head, STR("Vary: Accept\r\n"));
		assert_int_equal(str_has_prefix(answer.body, STR("<!doctype html>")),
				 cases[i / ARRAY_LEN(paths)].page);
	}
}

static void names_are_found_whatever_their_case(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	kit_person(&kit, "alice");
	assert_has(kit_page(&kit, "/@ALICE"),
		   STR("<link rel=\"canonical\" href=\"https://social.town.example/@alice\">"));
}

static void the_style_sheet_is_kept_until_it_changes(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct str page = kit_page(&kit, "/");
	size_t at = str_find(page, STR("/style.css?v="));
	struct str href = str_skip(page, at);
	href = str_take(href, str_index(href, '"'));
	struct answer answer = kit_ask(&kit, arena_cstr(kit.d.arena, href), "");
	assert_int_equal(answer.status, 200);
	assert_has(answer.head, STR("Content-Type: text/css; charset=utf-8\r\n"));
	assert_has(answer.head, STR("Cache-Control: public, max-age=31536000, immutable\r\n"));
	assert_has(answer.body, STR("prefers-color-scheme: dark"));
	assert_has_not(answer.body, STR("url("));
	assert_has_not(answer.body, STR("@import"));
	assert_has_not(answer.body, STR("/*"));

	struct str tag = str_skip(href, strlen("/style.css?v="));
	assert_has(answer.head, arena_printf(kit.d.arena, "ETag: \"%.*s\"\r\n", STR_ARG(tag)));
	struct str again = arena_printf(kit.d.arena, "If-None-Match: W/\"%.*s\"\r\n", STR_ARG(tag));
	assert_int_equal(kit_ask(&kit, "/style.css", again.ptr).status, 304);
	assert_int_equal(kit_ask(&kit, "/style.css", "If-None-Match: \"other\"\r\n").status, 200);
}

static void a_busy_database_is_a_busy_page(void **state)
{
	struct db_txn *readers[64];
	size_t count = 0;
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	while (count < ARRAY_LEN(readers) && db_read_begin(kit.d.db, &readers[count]) == RC_OK)
		count++;
	struct answer answer = kit_ask(&kit, "/", "");
	while (count > 0)
		db_read_end(&readers[--count]);
	assert_int_equal(answer.status, 503);
	assert_has(answer.head, STR("Retry-After: 5\r\n"));
	assert_has(answer.head, STR("Cache-Control: no-store\r\n"));
	assert_has(answer.body, STR("<h1>Too much at once</h1>"));
	assert_int_equal(kit_ask(&kit, "/", "").status, 200);
}

static void the_icon_is_an_image(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct answer answer = kit_ask(&kit, "/icon.svg", "");
	assert_int_equal(answer.status, 200);
	assert_has(answer.head, STR("Content-Type: image/svg+xml\r\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_lead_people_to_pages),
		cmocka_unit_test(s074_people_get_pages_and_machines_get_documents),
		cmocka_unit_test(names_are_found_whatever_their_case),
		cmocka_unit_test(the_style_sheet_is_kept_until_it_changes),
		cmocka_unit_test(a_busy_database_is_a_busy_page),
		cmocka_unit_test(the_icon_is_an_image),
	};
	return cmocka_run_group_tests_name("web/routes", tests, NULL, NULL);
}
