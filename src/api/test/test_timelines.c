/* Timelines and conversations over HTTP. */
#include <stdio.h>
#include <stdlib.h>

#include "apikit.h"

struct scene {
	struct apikit *kit;
	struct account me, ann, bob;
	struct str token, ann_token;
};

static int begin(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	s->kit = apikit_new();
	s->me = test_store_local(&s->kit->t, "me");
	s->ann = test_store_local(&s->kit->t, "ann");
	s->bob = test_store_remote(&s->kit->t, "bob", "b.example");
	test_store_follow(&s->kit->t, &s->me, &s->ann);
	s->token = apikit_sign_in(s->kit, &s->me, "read write");
	s->ann_token = apikit_sign_in(s->kit, &s->ann, "read write");
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

static uint64_t post(struct scene *s, const struct account *author)
{
	return test_store_post(&s->kit->t, author, VISIBILITY_PUBLIC, "x", NULL).id;
}

/* The answer is these posts, up to a 0. */
static void shows(const struct answer *a, const uint64_t *ids)
{
	size_t n = 0;
	assert_int_equal(a->status, 200);
	for (; ids[n] != 0; n++) {
		char at[32];
		uint64_t id = 0;
		snprintf(at, sizeof(at), "%zu.id", n);
		if (!str_to_u64(answer_str(a, at), &id) || id != ids[n])
			fail_msg("%s is %llu", at, (unsigned long long)id);
	}
	assert_int_equal(jr_count(a->json), n);
}

static void home_is_paged_both_ways_by_its_links(void **state)
{
	struct scene *s = *state;
	uint64_t ids[5];
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		ids[i] = post(s, i % 2 == 0 ? &s->ann : &s->me);
	post(s, &s->bob);
	struct answer a = api_get(s->kit, s->token, "/api/v1/timelines/home?limit=2");
	shows(&a, (uint64_t[]){ ids[4], ids[3], 0 });
	struct str link = answer_header(&a, "Link");
	struct arena *arena = s->kit->t.d.arena;
	assert_str_eq(link, arena_printf(arena,
					 "<https://social.example.org/api/v1/timelines/"
					 "home?limit=2&max_id=%llu>; rel=\"next\", "
					 "<https://social.example.org/api/v1/timelines/"
					 "home?limit=2&min_id=%llu>; rel=\"prev\"",
					 (unsigned long long)ids[3], (unsigned long long)ids[4]));
	a = api_get(s->kit, s->token, "/api/v1/timelines/home?limit=2&max_id=%llu",
		    (unsigned long long)ids[3]);
	shows(&a, (uint64_t[]){ ids[2], ids[1], 0 });
	a = api_get(s->kit, s->token, "/api/v1/timelines/home?limit=2&min_id=%llu",
		    (unsigned long long)ids[0]);
	shows(&a, (uint64_t[]){ ids[2], ids[1], 0 });
	a = api_get(s->kit, s->token, "/api/v1/timelines/home?limit=2&since_id=%llu",
		    (unsigned long long)ids[0]);
	shows(&a, (uint64_t[]){ ids[4], ids[3], 0 });
	a = api_get(s->kit, s->token, "/api/v1/timelines/home?min_id=%llu",
		    (unsigned long long)ids[4]);
	shows(&a, (uint64_t[]){ 0 });
	assert_null(answer_header(&a, "Link").ptr);
}

static void home_is_a_persons_and_needs_its_scope(void **state)
{
	struct scene *s = *state;
	static const char *const paths[] = {
		"/api/v1/timelines/home",	  "/api/v1/timelines/direct",
		"/api/v1/timelines/list/1",	  "/api/v1/conversations",
		"/api/v1/notifications",	  "/api/v2/notifications",
		"/api/v1/notifications/requests", "/api/v2/notifications/policy"
	};
	struct str app = apikit_sign_in(s->kit, NULL, "read");
	struct str other = apikit_sign_in(s->kit, &s->me, "write");
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		assert_int_equal(api_get(s->kit, STR_NONE, "%s", paths[i]).status, 401);
		assert_int_equal(api_get(s->kit, app, "%s", paths[i]).status, 422);
		assert_int_equal(api_get(s->kit, other, "%s", paths[i]).status, 403);
	}
	assert_int_equal(api_get(s->kit, s->token, "/api/v1/timelines/list/1").status, 404);
	assert_int_equal(api_get(s->kit, s->token, "/api/v1/timelines/list/x").status, 404);
}

static void all_read_what_is_public(void **state)
{
	struct scene *s = *state;
	uint64_t a_id = post(s, &s->ann), b_id = post(s, &s->bob);
	uint64_t inside = test_store_post(&s->kit->t, &s->ann, VISIBILITY_LOCAL, "x", NULL).id;
	struct answer a = api_get(s->kit, STR_NONE, "/api/v1/timelines/public");
	shows(&a, (uint64_t[]){ b_id, a_id, 0 });
	a = api_get(s->kit, STR_NONE, "/api/v1/timelines/public?local=true");
	shows(&a, (uint64_t[]){ a_id, 0 });
	a = api_get(s->kit, s->token, "/api/v1/timelines/public?local=true");
	shows(&a, (uint64_t[]){ inside, a_id, 0 });
	a = api_get(s->kit, STR_NONE, "/api/v1/timelines/public?remote=1");
	shows(&a, (uint64_t[]){ b_id, 0 });
	a = api_get(s->kit, STR_NONE, "/api/v1/timelines/public?only_media=true");
	shows(&a, (uint64_t[]){ 0 });
	a = api_get(s->kit, STR_NONE, "/api/v1/timelines/link");
	assert_int_equal(a.status, 404);
	a = api_get(s->kit, STR_NONE, "/api/v1/timelines/link?url=https%%3A%%2F%%2Fa.example");
	shows(&a, (uint64_t[]){ 0 });
}

static void a_hashtag_takes_lists_of_others(void **state)
{
	struct scene *s = *state;
	struct answer one = api_post(s->kit, s->token, "/api/v1/statuses", "status=%23Cats");
	struct answer two = api_post(s->kit, s->token, "/api/v1/statuses", "status=%23dogs");
	struct answer both =
		api_post(s->kit, s->token, "/api/v1/statuses", "status=%23cats+%23dogs");
	uint64_t cats = answer_id(&one), dogs = answer_id(&two), three = answer_id(&both);
	struct answer a = api_get(s->kit, STR_NONE, "/api/v1/timelines/tag/CATS");
	shows(&a, (uint64_t[]){ three, cats, 0 });
	a = api_get(s->kit, STR_NONE, "/api/v1/timelines/tag/cats?any[]=dogs");
	shows(&a, (uint64_t[]){ three, dogs, cats, 0 });
	a = api_get(s->kit, STR_NONE, "/api/v1/timelines/tag/cats?all[]=dogs");
	shows(&a, (uint64_t[]){ three, 0 });
	a = api_get(s->kit, STR_NONE, "/api/v1/timelines/tag/cats?none[]=dogs");
	shows(&a, (uint64_t[]){ cats, 0 });
}

static void a_letter_is_a_conversation(void **state)
{
	struct scene *s = *state;
	struct answer sent = api_post(s->kit, s->ann_token, "/api/v1/statuses",
				      "status=%40me+psst&visibility=direct");
	uint64_t letter = answer_id(&sent);
	struct answer a = api_get(s->kit, s->token, "/api/v1/conversations");
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_count(a.json), 1);
	assert_true(jr_bool(answer_at(&a, "0.unread"), false));
	assert_str_eq(answer_str(&a, "0.accounts.0.acct"), STR("ann"));
	assert_str_eq(answer_str(&a, "0.last_status.id"), answer_str(&sent, "id"));
	struct str id = answer_str(&a, "0.id");
	a = api_get(s->kit, s->token, "/api/v1/timelines/direct");
	shows(&a, (uint64_t[]){ letter, 0 });
	char path[100];
	snprintf(path, sizeof(path), "/api/v1/conversations/%.*s/read", STR_ARG(id));
	a = api_post(s->kit, s->token, path, NULL);
	assert_int_equal(a.status, 200);
	assert_false(jr_bool(answer_at(&a, "unread"), true));
	snprintf(path, sizeof(path), "/api/v1/conversations/%.*s/unread", STR_ARG(id));
	a = api_post(s->kit, s->token, path, NULL);
	assert_true(jr_bool(answer_at(&a, "unread"), false));
	snprintf(path, sizeof(path), "/api/v1/conversations/%.*s", STR_ARG(id));
	a = api_ask(s->kit, "DELETE", s->token, path, NULL);
	assert_int_equal(a.status, 200);
	assert_str_eq(a.body, STR("{}"));
	assert_int_equal(api_ask(s->kit, "DELETE", s->token, path, NULL).status, 404);
	a = api_get(s->kit, s->token, "/api/v1/conversations");
	assert_int_equal(jr_count(a.json), 0);
	a = api_get(s->kit, s->ann_token, "/api/v1/conversations");
	assert_int_equal(jr_count(a.json), 1);
	assert_false(jr_bool(answer_at(&a, "0.unread"), true));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(home_is_paged_both_ways_by_its_links),
		CASE(home_is_a_persons_and_needs_its_scope),
		CASE(all_read_what_is_public),
		CASE(a_hashtag_takes_lists_of_others),
		CASE(a_letter_is_a_conversation),
	};
	return cmocka_run_group_tests_name("timelines", tests, NULL, NULL);
}
