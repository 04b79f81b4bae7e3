/* Activities as they come in. */
#include "ap/activity.h"

#include <stdio.h>

#include "apkit.h"

#define HEAD "'type':'Create','actor':'https://a.example/u/a'"

static enum rc decode(struct kit *kit, const char *json, struct ap_activity *out)
{
	return ap_activity_decode(&kit->reader, kit_parse(kit, json), out);
}

static void an_activity_is_read(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_activity a;
	kit_init(&kit);
	assert_int_equal(
		decode(&kit,
		       "{'@context':'https://www.w3.org/ns/activitystreams',"
		       "'id':'https://a.example/act/1','type':'Create',"
		       "'actor':'https://A.example/u/a','published':'2026-11-20T10:56:08Z',"
		       "'content':'why','target':'https://a.example/t',"
		       "'object':{'id':'https://a.example/n/1','type':'Note'}}",
		       &a),
		RC_OK);
	assert_int_equal(a.type, AP_CREATE);
	assert_str_eq(a.type_text, STR("Create"));
	assert_str_eq(a.id, STR("https://a.example/act/1"));
	assert_str_eq(a.actor, STR("https://a.example/u/a"));
	assert_str_eq(a.object_id, STR("https://a.example/n/1"));
	assert_str_eq(a.content, STR("why"));
	assert_int_equal(a.published_ms, 1795172168000);
	assert_int_equal(jr_type(a.object), JR_OBJECT);
	assert_str_eq(jr_str(a.target), STR("https://a.example/t"));
}

static void unknown_types_are_other(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_activity a;
	kit_init(&kit);
	assert_int_equal(decode(&kit, "{'type':'Listen','actor':'https://a.example/u/a'}", &a),
			 RC_OK);
	assert_int_equal(a.type, AP_OTHER);
	assert_str_eq(a.type_text, STR("Listen"));
	assert_int_equal(
		decode(&kit, "{'type':['X','Like'],'actor':'https://a.example/u/a','object':'x'}",
		       &a),
		RC_OK);
	assert_int_equal(a.type, AP_LIKE);
}

static void s004_the_actor_is_exactly_one_id(void **state UNUSED)
{
	static const char *const good[] = { "'https://a.example/u/a'", "['https://a.example/u/a']",
					    "{'id':'https://a.example/u/a','type':'Person'}" };
	static const char *const bad[] = {
		"['https://a.example/u/a','https://a.example/u/b']",
		"['https://a.example/u/a','https://a.example/u/a']",
		"[]",
		"null",
		"1",
		"{}",
		"{'type':'Person'}",
		"'a'",
		"''",
		"'/u/a'",
		"'http://a.example/u/a'",
		"[['https://a.example/u/a']]",
	};
	struct kit kit CLEANUP(kit_free);
	struct ap_activity a;
	char json[256];
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		snprintf(json, sizeof(json), "{'type':'Like','object':'x','actor':%s}", good[i]);
		assert_int_equal(decode(&kit, json, &a), RC_OK);
		assert_str_eq(a.actor, STR("https://a.example/u/a"));
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		snprintf(json, sizeof(json), "{'type':'Like','object':'x','actor':%s}", bad[i]);
		if (decode(&kit, json, &a) != RC_INVALID)
			fail_msg("%s", bad[i]);
		assert_true(kit.ctx.err.detail[0] != '\0');
	}
	assert_int_equal(decode(&kit, "{'type':'Like','object':'x'}", &a), RC_INVALID);
}

static void s009_the_id_is_on_the_actors_origin_or_there_is_none(void **state UNUSED)
{
	static const struct {
		const char *id;
		enum rc rc;
	} cases[] = {
		{ "'https://a.example/1'", RC_OK },
		{ "'https://a.example:443/1#x'", RC_OK },
		{ "null", RC_OK },
		{ "'https://b.example/1'", RC_INVALID },
		{ "'https://a.example:8443/1'", RC_INVALID },
		{ "'https://x.a.example/1'", RC_INVALID },
		{ "'http://a.example/1'", RC_INVALID },
		{ "1", RC_INVALID },
		{ "''", RC_INVALID },
		{ "[]", RC_INVALID },
		{ "{}", RC_INVALID },
		{ "'urn:uuid:1'", RC_INVALID },
	};
	struct kit kit CLEANUP(kit_free);
	struct ap_activity a;
	char json[256];
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		snprintf(json, sizeof(json), "{" HEAD ",'object':'x','id':%s}", cases[i].id);
		if (decode(&kit, json, &a) != cases[i].rc)
			fail_msg("%s", cases[i].id);
	}
}

static void what_needs_an_object_has_one(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_activity a;
	kit_init(&kit);
	assert_int_equal(decode(&kit, "{" HEAD "}", &a), RC_INVALID);
	assert_int_equal(decode(&kit, "{" HEAD ",'object':null}", &a), RC_INVALID);
	assert_int_equal(decode(&kit, "{" HEAD ",'object':[]}", &a), RC_INVALID);
	assert_int_equal(decode(&kit, "{" HEAD ",'object':{}}", &a), RC_OK);
	assert_null(a.object_id.ptr);
	assert_int_equal(decode(&kit,
				"{" HEAD ",'object':['https://a.example/1','https://a.example/2']}",
				&a),
			 RC_OK);
	assert_str_eq(a.object_id, STR("https://a.example/1"));
	assert_int_equal(jr_one_count(a.object), 2);
}

static void what_is_no_activity_is_refused(void **state UNUSED)
{
	static const char *const bad[] = { "{}", "[]", "[{" HEAD ",'object':'x'}]",
					   "{'type':7,'actor':'https://a.example/u/a'}",
					   "{'type':[],'actor':'https://a.example/u/a'}" };
	struct kit kit CLEANUP(kit_free);
	struct ap_activity a;
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(decode(&kit, bad[i], &a), RC_INVALID);
}

static void the_comment_of_a_flag_is_found(void **state UNUSED)
{
	static const struct {
		const char *type, *rest;
		struct str content;
	} rows[] = {
		{ "Flag", "'content':'c','summary':'s'", STR_INIT("c") },
		{ "Flag", "'summary':'s'", STR_INIT("s") },
		{ "Like", "'summary':'s'", { NULL, 0 } },
	};
	struct kit kit CLEANUP(kit_free);
	struct ap_activity a;
	char json[300];
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		snprintf(json, sizeof(json),
			 "{'id':'https://a.example/1','type':'%s','actor':'https://a.example/u/a',"
			 "'object':'https://b.example/1',%s}",
			 rows[i].type, rows[i].rest);
		assert_int_equal(decode(&kit, json, &a), RC_OK);
		assert_true(str_eq(a.content, rows[i].content));
	}
}

static void decodes_or_refuses(struct kit *kit, struct jr root, const char *odd UNUSED)
{
	struct ap_activity a;
	enum rc rc = ap_activity_decode(&kit->reader, root, &a);
	assert_true(rc == RC_OK || rc == RC_INVALID);
	assert_int_equal(kit->ctx.err.rc, rc);
}

static void s049_any_field_of_any_type_in_any_kind(void **state UNUSED)
{
	static const char *const fields[] = { "id",	"type",	   "actor",    "object",
					      "target", "content", "published" };
	struct kit kit CLEANUP(kit_free);
	char around[256], type[64];
	kit_init(&kit);
	for (unsigned kind = AP_OTHER; kind < AP_ACTIVITY_COUNT; kind++) {
		const char *name = ap_activity_name((enum ap_activity_type)kind);
		snprintf(type, sizeof(type), ",'type':'%s'", kind == AP_OTHER ? "View" : name);
		for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
			snprintf(around, sizeof(around), "{'%s':%%s%s%s%s}", fields[i],
				 i == 1 ? "" : type,
				 i == 2 ? "" : ",'actor':'https://a.example/u/a'",
				 i == 3 ? "" : ",'object':'https://a.example/1'");
			kit_each_odd(&kit, around, decodes_or_refuses);
		}
	}
}

static void too_little_memory_is_told(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_activity a;
	kit_init(&kit);
	struct jr root = kit_parse(&kit, "{" HEAD ",'object':'https://a.example/1'}");
	struct arena *all = kit.ctx.arena;
	kit.ctx.arena = arena_new(30);
	enum rc rc = ap_activity_decode(&kit.reader, root, &a);
	assert_true(rc != RC_OK);
	arena_free(&kit.ctx.arena);
	kit.ctx.arena = all;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_activity_is_read),
		cmocka_unit_test(unknown_types_are_other),
		cmocka_unit_test(s004_the_actor_is_exactly_one_id),
		cmocka_unit_test(s009_the_id_is_on_the_actors_origin_or_there_is_none),
		cmocka_unit_test(what_needs_an_object_has_one),
		cmocka_unit_test(what_is_no_activity_is_refused),
		cmocka_unit_test(the_comment_of_a_flag_is_found),
		cmocka_unit_test(s049_any_field_of_any_type_in_any_kind),
		cmocka_unit_test(too_little_memory_is_told),
	};
	return cmocka_run_group_tests_name("activity", tests, NULL, NULL);
}
