/* What communities share, over HTTP; and what is written, to the byte. */
#include "../resource_int.h"
#include "groupkit.h"

#define SCRIPT \
	"{\"title\":\"Script\",\"description\":\"All lectures\",\"url\":\"https://x.example/1\"}"

static uint64_t share(struct scene *w)
{
	struct answer a = api_post(w->kit, w->alice_token,
				   scene_path(w, "communities", w->group.id, "/resources"), SCRIPT);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "version.title"), STR("Script"));
	assert_str_eq(answer_str(&a, "version.url"), STR("https://x.example/1"));
	assert_int_equal(answer_num(&a, "versions_count"), 1);
	return answer_id(&a);
}

static void members_see_every_version(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, COMMUNITY_PUBLIC);
	uint64_t id = share(&w);
	const char *versions = scene_path(&w, "resources", id, "/versions");
	struct answer a = api_post(w.kit, w.alice_token, versions,
				   "{\"title\":\"Script\",\"url\":\"https://x.example/2\","
				   "\"note\":\"Lecture 2\"}");
	assert_int_equal(a.status, 200);
	assert_int_equal(answer_num(&a, "versions_count"), 2);
	assert_str_eq(answer_str(&a, "version.note"), STR("Lecture 2"));
	a = api_get(w.kit, w.bob_token, "%s", versions);
	assert_int_equal(jr_count(a.json), 2);
	assert_str_eq(jr_str(jr_get(jr_at(a.json, 1), "url")), STR("https://x.example/1"));
	a = api_get(w.kit, w.bob_token, "%s", scene_path(&w, "resources", id, ""));
	assert_false(jr_bool(answer_at(&a, "may_change"), true));
	a = api_get(w.kit, w.bob_token, "%s",
		    scene_path(&w, "communities", w.group.id, "/resources"));
	assert_int_equal(jr_count(a.json), 1);
}

static void others_see_and_change_nothing(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, COMMUNITY_PUBLIC);
	uint64_t id = share(&w);
	const char *list = scene_path(&w, "communities", w.group.id, "/resources");
	const char *one = scene_path(&w, "resources", id, ""),
		   *all = scene_path(&w, "resources", id, "/versions");
	assert_int_equal(api_get(w.kit, w.carol_token, "%s", list).status, 404);
	assert_int_equal(api_get(w.kit, w.carol_token, "%s", one).status, 404);
	assert_int_equal(api_get(w.kit, w.carol_token, "%s", all).status, 404);
	assert_int_equal(api_get(w.kit, STR_NONE, "%s", one).status, 401);
	assert_int_equal(api_post(w.kit, w.carol_token, list, SCRIPT).status, 404);
	assert_int_equal(api_post(w.kit, w.bob_token, list, SCRIPT).status, 403);
	assert_int_equal(api_post(w.kit, w.bob_token, all, SCRIPT).status, 403);
	struct answer a = api_ask(w.kit, "DELETE", w.bob_token, one, NULL);
	assert_int_equal(a.status, 403);
	assert_str_eq(answer_str(&a, "error"),
		      STR("your role in this community does not permit it"));
	assert_int_equal(api_ask(w.kit, "DELETE", w.alice_token, one, NULL).status, 200);
	assert_int_equal(api_get(w.kit, w.alice_token, "%s", one).status, 404);
	static const char *const bodies[] = {
		"{}",
		"{\"title\":\"x\"}",
		"{\"title\":\"x\",\"url\":\"javascript:1\"}",
		"{\"title\":\"x\",\"url\":\"https://x.example/\",\"media_id\":\"7\"}",
		"{\"title\":\"x\",\"media_id\":\"7\"}",
	};
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		a = api_post(w.kit, w.alice_token, list, bodies[i]);
		assert_int_equal(a.status, 422);
		assert_true(answer_str(&a, "error").len != 0);
	}
}

static void a_resource_is_written_by_the_letter(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(1 << 16);
	struct jw w;
	const struct resource_view view = {
		.resource = { .id = 7,
			      .community = 8,
			      .by = 9,
			      .created_ms = UINT64_C(1700000000000),
			      .versions = 2 },
		.newest = { .version = { .number = 2,
					 .by = 10,
					 .at_ms = UINT64_C(1700000001000),
					 .url = STR("https://x.example/2"),
					 .title = STR("Script"),
					 .description = STR(""),
					 .note = STR("\"new\""),
					 .origin = 11 } },
		.may_change = true,
	};
	jw_init(&w, &out);
	render_resource(&w, &view);
	jw_done(&w);
	assert_str_eq(buf_str(&out),
		      STR("{\"id\":\"7\",\"community_id\":\"8\",\"account_id\":\"9\","
			  "\"partner_id\":null,\"created_at\":\"2023-11-14T22:13:20.000Z\","
			  "\"versions_count\":2,"
			  "\"may_change\":true,\"may_delete\":false,\"version\":{\"number\":2,"
			  "\"account_id\":\"10\",\"partner_id\":\"11\",\"created_at\":\"2023-11-"
			  "14T22:13:21.000Z\","
			  "\"title\":\"Script\",\"description\":\"\",\"note\":\"\\\"new\\\"\","
			  "\"url\":\"https://x.example/2\",\"media\":null}}"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_see_every_version),
		cmocka_unit_test(others_see_and_change_nothing),
		cmocka_unit_test(a_resource_is_written_by_the_letter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
