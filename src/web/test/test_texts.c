/* What the node says of itself, a post in other pages, and the pictures that stand for none. */
#include "pagekit.h"

#include "store/office.h"

static enum rc put_texts(struct db_txn *txn, void *arg UNUSED)
{
	const struct document texts[] = {
		{ .kind = DOCUMENT_ABOUT, .text = STR("We are **here**. " MARKER) },
		{ .kind = DOCUMENT_PRIVACY, .text = STR("Nothing is kept.") },
		{ .kind = DOCUMENT_TERMS, .from_ms = MS_PER_DAY, .text = STR("Old terms.") },
		{ .kind = DOCUMENT_TERMS,
		  .from_ms = KIT_WALL_MS + 30 * MS_PER_DAY,
		  .text = STR("New terms.") },
	};
	const struct rule rule = { .position = 1,
				   .text = STR("Be kind. " MARKER),
				   .hint = STR("Always.") };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		document_put(txn, &texts[i]);
	rule_put(txn, &rule);
	return db_txn_rc(txn);
}

static void a_node_says_what_it_is(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	kit.site.contact = STR("office@town.example");
	kit_assert_absent(&kit, "/privacy-policy");
	kit_assert_absent(&kit, "/terms-of-service");
	struct str page = kit_page(&kit, "/about");
	assert_has_not(page, STR("/privacy-policy"));
	test_db_write(&kit.d, put_texts, NULL);
	page = kit_page(&kit, "/about");
	assert_has(page, STR("<strong>here</strong>"));
	assert_has(page, STR("Be kind. " MARKER_ESCAPED));
	assert_has(page, STR("Always."));
	assert_has(page, STR("href=\"mailto:office@town.example\""));
	assert_has(page, STR("href=\"/privacy-policy\""));
	assert_has_not(page, STR("<img src=x"));
	assert_has(kit_page(&kit, "/privacy-policy"), STR("Nothing is kept."));
	page = kit_page(&kit, "/terms-of-service");
	assert_has(page, STR("Old terms."));
	assert_has_not(page, STR("New terms."));
	assert_has(page, STR("datetime=\"2026-12-20\""));
}

static void a_post_stands_in_other_pages(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct status post = kit_post(&kit, &alice, "<p>x</p>");
	struct status few = kit_status(&kit, &alice, "<p>secret</p>");
	few.visibility = VISIBILITY_FOLLOWERS;
	kit_add_status(&kit, &few);
	struct str path = str_of(kit_path(&kit, &alice, &post));
	const char *embed = arena_printf(kit.d.arena, "%.*s/embed", STR_ARG(path)).ptr;
	struct answer answer = kit_ask(&kit, embed, "");
	assert_int_equal(answer.status, 200);
	assert_has(answer.head, STR("frame-ancestors *"));
	assert_has_not(answer.head, STR("script-src"));
	assert_has(answer.body, STR("<base target=\"_blank\">"));
	assert_has_not(answer.body, STR("<script"));
	assert_has(kit_page(&kit, path.ptr), STR("application/json+oembed"));
	path = str_of(kit_path(&kit, &alice, &few));
	kit_assert_absent(&kit, arena_printf(kit.d.arena, "%.*s/embed", STR_ARG(path)).ptr);
}

static void pictures_stand_for_none(void **state)
{
	static const char *const paths[] = { "/avatars/original/missing.png",
					     "/headers/original/missing.png", "/icon.png" };
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct answer answer = kit_ask(&kit, paths[i], "");
		assert_int_equal(answer.status, 200);
		assert_has(answer.head, STR("Content-Type: image/png\r\n"));
		assert_true(str_has_prefix(answer.body, STR("\x89PNG\r\n\x1a\n")));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_node_says_what_it_is),
		cmocka_unit_test(a_post_stands_in_other_pages),
		cmocka_unit_test(pictures_stand_for_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
