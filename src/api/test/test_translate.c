/* Translations over HTTP: who gets one of what, and what it looks like. */
#include <stdlib.h>

#include "apikit.h"

struct scene {
	struct apikit *kit;
	struct account alice;
	struct str token, app_token;
};

static int begin(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	assert_non_null(s);
	s->kit = apikit_new();
	s->alice = test_store_local(&s->kit->t, "alice");
	s->token = apikit_sign_in(s->kit, &s->alice, "read write");
	s->app_token = apikit_sign_in(s->kit, NULL, "read");
	test_fetch_answer(s->kit->net, KIT_TRANSLATOR "/languages", 200, "application/json",
			  STR("[{\"code\":\"de\",\"targets\":[\"en\",\"de\"]},"
			      "{\"code\":\"en\",\"targets\":[\"de\",\"en\"]}]"));
	*state = s;
	return 0;
}

static int end(void **state)
{
	struct scene *s = *state;
	apikit_free(&s->kit);
	free(s);
	return 0;
}

static uint64_t post(struct scene *s, const char *body)
{
	struct answer a = api_post(s->kit, s->token, "/api/v1/statuses", body);
	assert_int_equal(a.status, 200);
	return answer_id(&a);
}

static struct answer translate_it(struct scene *s, struct str token, uint64_t id, const char *body)
{
	struct str path = arena_printf(s->kit->t.d.arena, "/api/v1/statuses/%llu/translate",
				       (unsigned long long)id);
	return api_post(s->kit, token, arena_cstr(s->kit->t.d.arena, path), body);
}

static void says(struct scene *s, const char *json)
{
	test_fetch_answer(s->kit->net, KIT_TRANSLATOR "/translate", 200, "application/json",
			  str_of(json));
}

static void a_poll_is_translated_with_its_options(void **state)
{
	struct scene *s = *state;
	uint64_t id = post(s, "{\"status\":\"Wohin?\",\"language\":\"de\",\"poll\":{\"options\":["
			      "\"links\",\"rechts\"],\"expires_in\":3600}}");
	says(s, "{\"translatedText\":[\"<p>Where?</p>\",\"left\",\"right\"]}");
	struct answer a = translate_it(s, s->token, id, "lang=en");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "content"), STR("<p>Where?</p>"));
	assert_str_eq(answer_str(&a, "spoiler_text"), STR(""));
	assert_str_eq(answer_str(&a, "language"), STR("en"));
	assert_str_eq(answer_str(&a, "detected_source_language"), STR("de"));
	assert_str_eq(answer_str(&a, "provider"), STR("Kit"));
	assert_str_eq(answer_str(&a, "poll.options.1.title"), STR("right"));
	assert_int_equal(jr_count(answer_at(&a, "media_attachments")), 0);
	/* an application alone may read it, too; English is the default */
	assert_int_equal(translate_it(s, s->app_token, id, NULL).status, 200);
	assert_int_equal(translate_it(s, STR_NONE, id, NULL).status, 401);
	assert_int_equal(test_fetch_count_of(s->kit->net, KIT_TRANSLATOR "/translate"), 1);
}

static void what_is_for_few_is_not_sent_anywhere(void **state)
{
	struct scene *s = *state;
	uint64_t direct = post(s, "status=Hallo&language=de&visibility=direct");
	uint64_t followers = post(s, "status=Hallo&language=de&visibility=private");
	struct answer a = translate_it(s, s->token, direct, "lang=en");
	assert_int_equal(a.status, 403);
	assert_str_eq(answer_str(&a, "error"), STR("This action is not allowed"));
	assert_int_equal(translate_it(s, s->token, followers, "lang=en").status, 403);
	/* S-071: who may not see it is told that it is not there */
	assert_int_equal(translate_it(s, s->app_token, direct, "lang=en").status, 404);
	assert_int_equal(translate_it(s, s->token, 17, "lang=en").status, 404);
	assert_int_equal(test_fetch_count(s->kit->net), 0);
}

static void languages_and_failures_are_told(void **state)
{
	struct scene *s = *state;
	uint64_t id = post(s, "status=Hallo&language=de");
	assert_int_equal(translate_it(s, s->token, id, "lang=de").status, 403);
	assert_int_equal(translate_it(s, s->token, id, "lang=xx").status, 403);
	assert_int_equal(translate_it(s, s->token, id, "lang=%3Cb%3E").status, 422);
	test_fetch_fail(s->kit->net, KIT_TRANSLATOR "/translate", RC_TIMEOUT);
	struct answer a = translate_it(s, s->token, id, "lang=en");
	assert_int_equal(a.status, 503);
	assert_str_eq(answer_str(&a, "error"), STR("Service Unavailable"));
}

static void what_the_service_knows_is_told_to_anybody(void **state)
{
	struct scene *s = *state;
	struct answer a = api_get(s->kit, STR_NONE, "/api/v1/instance/translation_languages");
	assert_int_equal(a.status, 200);
	assert_str_eq(a.body, STR("{\"de\":[\"en\"],\"en\":[\"de\"],\"und\":[\"en\",\"de\"]}"));
	a = api_get(s->kit, STR_NONE, "/api/v2/instance");
	assert_true(jr_bool(answer_at(&a, "configuration.translation.enabled"), false));
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(a_poll_is_translated_with_its_options),
		SCENE(what_is_for_few_is_not_sent_anywhere),
		SCENE(languages_and_failures_are_told),
		SCENE(what_the_service_knows_is_told_to_anybody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
