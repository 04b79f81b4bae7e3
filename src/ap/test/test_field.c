/* Single properties as servers write them, the vocabulary, media types. */
#include <stdio.h>

#include "ap/vocab.h"
#include "apkit.h"

static void expect_id(struct kit *kit, const char *json, const char *expected)
{
	struct str id = ap_id(&kit->reader, jr_get(kit_parse(kit, json), "x"));
	if (!str_eq(id, str_of(expected)) || (id.ptr == NULL) != (expected == NULL))
		fail_msg("%s gives \"%.*s\"", json, STR_ARG(id));
}

static void an_id_is_a_string_an_object_or_the_first_of_many(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	expect_id(&kit, "{'x':'https://a.example/1'}", "https://a.example/1");
	expect_id(&kit, "{'x':{'id':'https://a.example/1'}}", "https://a.example/1");
	expect_id(&kit, "{'x':{'type':'Link','href':'https://a.example/1'}}",
		  "https://a.example/1");
	expect_id(&kit, "{'x':{'id':'https://a.example/1','href':'https://b.example/2'}}",
		  "https://a.example/1");
	expect_id(&kit, "{'x':['https://a.example/1','https://a.example/2']}",
		  "https://a.example/1");
	expect_id(&kit, "{'x':[{'href':'https://a.example/1'}]}", "https://a.example/1");
	expect_id(&kit, "{'x':'HTTPS://A.Example:443'}", "https://a.example/");
	expect_id(&kit, "{'y':1}", NULL);
}

static void s034_what_is_no_canonical_iri_is_no_id(void **state UNUSED)
{
	static const char *const bad[] = { "http://a.example/1",
					   "https://localhost/1",
					   "https://127.0.0.1/1",
					   "https://u:p@a.example/",
					   "https://a.example/../1",
					   "//a.example/1",
					   "/users/a",
					   "acct:a@a.example",
					   "https://a.example/ 1",
					   "https://",
					   "data:text/plain,x",
					   "" };
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		char json[128];
		snprintf(json, sizeof(json), "{'x':'%s'}", bad[i]);
		expect_id(&kit, json, NULL);
		/* and a bad id leaves no cause behind that would be told for something else */
		assert_int_equal(kit.ctx.err.rc, RC_OK);
	}
}

static void the_public_collection_has_three_spellings(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	expect_id(&kit, "{'x':'https://www.w3.org/ns/activitystreams#Public'}", AP_PUBLIC);
	expect_id(&kit, "{'x':'as:Public'}", AP_PUBLIC);
	expect_id(&kit, "{'x':['Public']}", AP_PUBLIC);
	expect_id(&kit, "{'x':'public'}", NULL);
}

static void odd_id(struct kit *kit, struct jr root, const char *odd)
{
	struct iri iri;
	if (ap_id(&kit->reader, jr_get(root, "x")).ptr != NULL ||
	    ap_iri(&kit->reader, jr_get(root, "x"), &iri))
		fail_msg("%.60s gives an id", odd);
	assert_int_equal(ap_time(jr_get(root, "x")), 0);
}

static void s049_odd_values_give_neither_id_nor_time(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	kit_each_odd(&kit, "{'x':%s}", odd_id);
}

static void expect_text(struct kit *kit, const char *json, const char *text, const char *language)
{
	struct str lang;
	struct str got = ap_text(kit_parse(kit, json), "content", "contentMap", &lang);
	assert_str_eq(got, str_of(text));
	assert_str_eq(lang, str_of(language));
	assert_int_equal(got.ptr == NULL, text == NULL);
	assert_int_equal(lang.ptr == NULL, language == NULL);
}

static void text_comes_alone_or_in_languages(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	expect_text(&kit, "{'content':'a'}", "a", NULL);
	expect_text(&kit, "{'content':['a','b']}", "a", NULL);
	expect_text(&kit, "{'contentMap':{'en':'a','de':'b'}}", "a", "en");
	expect_text(&kit, "{'content':'b','contentMap':{'en':'a','de':'b'}}", "b", "de");
	expect_text(&kit, "{'content':'c','contentMap':{'en':'a'}}", "c", NULL);
	expect_text(&kit, "{'content':7,'contentMap':{'en':1,'de':'b'}}", "b", "de");
	expect_text(&kit, "{'content':{'en':'a'},'contentMap':['x']}", NULL, NULL);
	expect_text(&kit, "{}", NULL, NULL);
	assert_str_eq(ap_text(kit_parse(&kit, "{'name':'n'}"), "name", NULL, NULL), STR("n"));
}

static void times_are_rfc3339_or_nothing(void **state UNUSED)
{
	static const struct {
		const char *json;
		uint64_t ms;
	} cases[] = {
		{ "{'x':'2026-11-20T10:56:08Z'}", 1795172168000 },
		{ "{'x':'2026-11-20T11:56:08.123456+01:00'}", 1795172168123 },
		{ "{'x':'1960-01-01T00:00:00Z'}", 0 },
		{ "{'x':'2026-11-20'}", 0 },
		{ "{'x':'yesterday'}", 0 },
		{ "{'x':1795172168}", 0 },
		{ "{'x':['2026-11-20T10:56:08Z']}", 0 },
	};
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint64_t ms = ap_time(jr_get(kit_parse(&kit, cases[i].json), "x"));
		if (ms != cases[i].ms)
			fail_msg("%s gives %llu", cases[i].json, (unsigned long long)ms);
	}
}

static void s009_origins_are_compared_whole(void **state UNUSED)
{
	static const struct {
		const char *a, *b;
		bool same;
	} cases[] = {
		{ "https://a.example/1", "https://a.example/2", true },
		{ "https://a.example/1", "https://A.EXAMPLE:443/2", true },
		{ "https://a.example./1", "https://a.example/2", true },
		{ "https://a.example/1", "https://a.example:8443/2", false },
		{ "https://a.example/1", "https://b.a.example/2", false },
		{ "https://a.example/1", "https://a.example.evil.example/2", false },
		{ "https://a.example/1", "http://a.example/2", false },
		{ "https://a.example/1", "", false },
		{ NULL, NULL, false },
	};
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (ap_same_origin(&kit.reader, str_of(cases[i].a), str_of(cases[i].b)) !=
		    cases[i].same)
			fail_msg("%s and %s", cases[i].a, cases[i].b);
	}
}

static void s012_only_the_two_media_types_of_activitypub_count(void **state UNUSED)
{
#define PROFILE "https://www.w3.org/ns/activitystreams"
	static const struct {
		const char *type;
		bool counts;
	} cases[] = {
		{ "application/activity+json", true },
		{ "Application/Activity+JSON", true },
		{ " application/activity+json ", true },
		{ "application/activity+json; charset=utf-8", true },
		{ "application/activity+json;charset=\"utf-8\"", true },
		{ "application/ld+json; profile=\"" PROFILE "\"", true },
		{ "application/ld+json;profile=\"" PROFILE "\"", true },
		{ "APPLICATION/LD+JSON; PROFILE=\"" PROFILE "\"", true },
		{ "application/ld+json; profile=" PROFILE, true },
		{ "application/ld+json; charset=utf-8; profile=\"" PROFILE "\"", true },
		{ "application/ld+json; profile=\"https://w3id.org/x " PROFILE "\"", true },
		{ "application/ld+json", false },
		{ "application/ld+json; profile=\"https://www.w3.org/ns/other\"", false },
		{ "application/ld+json; profile=\"" PROFILE "x\"", false },
		{ "application/ld+json; notprofile=\"" PROFILE "\"", false },
		{ "application/ld+json; profile", false },
		{ "application/json", false },
		{ "text/html", false },
		{ "text/plain; profile=\"" PROFILE "\"", false },
		{ "application/activity+json, text/html", false },
		{ "text/html, application/activity+json", false },
		{ "application/ld+json, application/activity+json", false },
		{ "application/ld+json; profile=\"" PROFILE "\", text/html", false },
		{ "application/activity+jsonx", false },
		{ "xapplication/activity+json", false },
		{ "", false },
		{ NULL, false },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (ap_media_type(str_of(cases[i].type)) != cases[i].counts)
			fail_msg("\"%s\"", cases[i].type != NULL ? cases[i].type : "(absent)");
	}
}

/* --- the vocabulary --- */

static void every_activity_is_found_by_its_name(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	for (unsigned i = AP_OTHER + 1; i < AP_ACTIVITY_COUNT; i++) {
		char json[64];
		const char *name = ap_activity_name((enum ap_activity_type)i);
		assert_true(name[0] != '\0');
		snprintf(json, sizeof(json), "{'x':'%s'}", name);
		struct jr type = jr_get(kit_parse(&kit, json), "x");
		assert_int_equal(ap_type_activity(type), i);
		assert_int_equal(ap_type_class(type), AP_CLASS_ACTIVITY);
		assert_str_eq(ap_type_name(type), str_of(name));
	}
	assert_string_equal(ap_activity_name(AP_OTHER), "");
}

static void the_first_known_type_counts(void **state UNUSED)
{
	static const struct {
		const char *json;
		enum ap_object_class class;
		const char *name;
	} cases[] = {
		{ "{'x':'Note'}", AP_CLASS_POST, "Note" },
		{ "{'x':['Unknown','Article','Person']}", AP_CLASS_POST, "Article" },
		{ "{'x':[1,null,'Group']}", AP_CLASS_ACTOR, "Group" },
		{ "{'x':'Tombstone'}", AP_CLASS_TOMBSTONE, "Tombstone" },
		{ "{'x':'OrderedCollection'}", AP_CLASS_COLLECTION, "OrderedCollection" },
		{ "{'x':'Multikey'}", AP_CLASS_KEY, "Multikey" },
		{ "{'x':'note'}", AP_CLASS_UNKNOWN, NULL },
		{ "{'x':{'id':'Note'}}", AP_CLASS_UNKNOWN, NULL },
		{ "{'y':1}", AP_CLASS_UNKNOWN, NULL },
	};
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct jr type = jr_get(kit_parse(&kit, cases[i].json), "x");
		assert_int_equal(ap_type_class(type), cases[i].class);
		assert_str_eq(ap_type_name(type), str_of(cases[i].name));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_is_a_string_an_object_or_the_first_of_many),
		cmocka_unit_test(s034_what_is_no_canonical_iri_is_no_id),
		cmocka_unit_test(the_public_collection_has_three_spellings),
		cmocka_unit_test(s049_odd_values_give_neither_id_nor_time),
		cmocka_unit_test(text_comes_alone_or_in_languages),
		cmocka_unit_test(times_are_rfc3339_or_nothing),
		cmocka_unit_test(s009_origins_are_compared_whole),
		cmocka_unit_test(s012_only_the_two_media_types_of_activitypub_count),
		cmocka_unit_test(every_activity_is_found_by_its_name),
		cmocka_unit_test(the_first_known_type_counts),
	};
	return cmocka_run_group_tests_name("field", tests, NULL, NULL);
}
