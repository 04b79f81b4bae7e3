/* Follows, blocks, mutes and notes over HTTP, as a client does it. */
#include <stdio.h>
#include <stdlib.h>

#include "scenekit.h"

/* POST /api/v1/accounts/ID/what */
static struct answer act(struct scene *s, struct str token, const struct account *target,
			 const char *what, const char *body)
{
	struct arena *arena = s->kit->t.d.arena;
	struct str path = arena_printf(arena, "/api/v1/accounts/%llu/%s",
				       (unsigned long long)target->id, what);
	return api_post(s->kit, token, arena_cstr(arena, path), body);
}

static bool is(const struct answer *a, const char *member)
{
	return jr_bool(answer_at(a, member), false);
}

static void a_follow_is_asked_for_granted_and_ended(void **state)
{
	struct scene *s = *state;
	struct answer a = act(s, s->alice_token, &s->bob, "follow",
			      "reblogs=false&languages[]=de&languages[]=en");
	assert_int_equal(a.status, 200);
	assert_true(is(&a, "requested") && !is(&a, "following") && !is(&a, "showing_reblogs"));
	assert_str_eq(answer_str(&a, "languages.1"), STR("en"));
	struct answer requests = api_get(s->kit, s->bob_token, "/api/v1/follow_requests");
	assert_int_equal(jr_count(requests.json), 1);
	assert_str_eq(answer_str(&requests, "0.acct"), STR("alice"));
	struct arena *arena = s->kit->t.d.arena;
	struct str path = arena_printf(arena, "/api/v1/follow_requests/%llu/authorize",
				       (unsigned long long)s->alice.id);
	a = api_post(s->kit, s->bob_token, arena_cstr(arena, path), "");
	assert_int_equal(a.status, 200);
	assert_true(is(&a, "followed_by"));
	a = act(s, s->alice_token, &s->bob, "follow", "{\"notify\":true}");
	assert_true(is(&a, "following") && is(&a, "notifying") && !is(&a, "showing_reblogs"));
	a = act(s, s->bob_token, &s->alice, "remove_from_followers", "");
	assert_int_equal(a.status, 200);
	assert_false(is(&a, "followed_by"));
	a = act(s, s->alice_token, &s->bob, "unfollow", "");
	assert_int_equal(a.status, 200);
	assert_false(is(&a, "following"));
	/* nobody asks any more */
	assert_int_equal(api_post(s->kit, s->bob_token, arena_cstr(arena, path), "").status, 404);
}

static void relationships_are_of_all_that_were_asked_for(void **state)
{
	struct scene *s = *state;
	act(s, s->alice_token, &s->carol, "mute", "duration=3600&notifications=false");
	act(s, s->alice_token, &s->bob, "block", "");
	struct answer a = api_get(s->kit, s->alice_token,
				  "/api/v1/accounts/relationships?id[]=%llu&id[]=%llu&id[]=5",
				  (unsigned long long)s->bob.id, (unsigned long long)s->carol.id);
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_count(a.json), 2);
	assert_true(is(&a, "0.blocking") && !is(&a, "0.muting"));
	assert_true(is(&a, "1.muting") && !is(&a, "1.muting_notifications"));
	assert_true(answer_str(&a, "1.muting_expires_at").len != 0);
	a = api_get(s->kit, s->bob_token, "/api/v1/accounts/relationships?id=%llu",
		    (unsigned long long)s->alice.id);
	assert_true(is(&a, "0.blocked_by"));
	/* who is blocked cannot follow, and there is nobody to be found */
	assert_int_equal(act(s, s->bob_token, &s->alice, "follow", "").status, 403);
	assert_int_equal(act(s, s->alice_token, &s->alice, "block", "").status, 403);
}

static void blocks_and_mutes_are_listed_and_taken_back(void **state)
{
	struct scene *s = *state;
	act(s, s->alice_token, &s->bob, "block", "");
	act(s, s->alice_token, &s->carol, "mute", "duration=60");
	struct answer a = api_get(s->kit, s->alice_token, "/api/v1/blocks");
	assert_int_equal(jr_count(a.json), 1);
	assert_str_eq(answer_str(&a, "0.acct"), STR("bob"));
	a = api_get(s->kit, s->alice_token, "/api/v1/mutes");
	assert_int_equal(jr_count(a.json), 1);
	assert_str_eq(answer_str(&a, "0.acct"), STR("carol@c.example"));
	assert_true(answer_str(&a, "0.mute_expires_at").len != 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(act(s, s->alice_token, &s->bob, "unblock", "").status, 200);
		assert_int_equal(act(s, s->alice_token, &s->carol, "unmute", "").status, 200);
	}
	assert_int_equal(jr_count(api_get(s->kit, s->alice_token, "/api/v1/blocks").json), 0);
	assert_int_equal(jr_count(api_get(s->kit, s->alice_token, "/api/v1/mutes").json), 0);
}

static void notes_and_endorsements_stay_with_their_maker(void **state)
{
	struct scene *s = *state;
	struct answer a = act(s, s->alice_token, &s->carol, "endorse", "");
	assert_int_equal(a.status, 422);
	test_store_follow(&s->kit->t, &s->alice, &s->carol);
	a = act(s, s->alice_token, &s->carol, "pin", "");
	assert_int_equal(a.status, 200);
	assert_true(is(&a, "endorsed"));
	a = act(s, s->alice_token, &s->carol, "note", "comment=met+in+May");
	assert_str_eq(answer_str(&a, "note"), STR("met in May"));
	a = api_get(s->kit, s->alice_token, "/api/v1/endorsements");
	assert_int_equal(jr_count(a.json), 1);
	a = api_get(s->kit, STR_NONE, "/api/v1/accounts/%llu/endorsements",
		    (unsigned long long)s->alice.id);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "0.acct"), STR("carol@c.example"));
	a = act(s, s->alice_token, &s->carol, "unendorse", "");
	assert_false(is(&a, "endorsed"));
}

static void hosts_are_blocked_for_oneself(void **state)
{
	struct scene *s = *state;
	test_store_follow(&s->kit->t, &s->alice, &s->carol);
	struct answer a =
		api_get(s->kit, s->alice_token, "/api/v1/domain_blocks/preview?domain=c.example");
	assert_int_equal(answer_num(&a, "following_count"), 1);
	assert_int_equal(answer_num(&a, "followers_count"), 0);
	a = api_post(s->kit, s->alice_token, "/api/v1/domain_blocks", "domain=C.example");
	assert_int_equal(a.status, 200);
	assert_str_eq(a.body, STR("{}"));
	a = api_get(s->kit, s->alice_token, "/api/v1/domain_blocks");
	assert_str_eq(a.body, STR("[\"c.example\"]"));
	a = api_get(s->kit, s->alice_token, "/api/v1/accounts/relationships?id=%llu",
		    (unsigned long long)s->carol.id);
	assert_true(is(&a, "0.domain_blocking") && !is(&a, "0.following"));
	a = api_post(s->kit, s->alice_token, "/api/v1/domain_blocks", "domain=");
	assert_int_equal(a.status, 422);
	assert_str_eq(answer_str(&a, "error"), STR("Validation failed: Domain can't be blank"));
	a = api_post(s->kit, s->alice_token, "/api/v1/domain_blocks", "domain=not+a+host");
	assert_int_equal(a.status, 422);
	for (int i = 0; i < 2; i++)
		assert_int_equal(api_ask(s->kit, "DELETE", s->alice_token, "/api/v1/domain_blocks",
					 "domain=c.example")
					 .status,
				 200);
	assert_str_eq(api_get(s->kit, s->alice_token, "/api/v1/domain_blocks").body, STR("[]"));
}

static void long_lists_are_read_page_by_page(void **state)
{
	struct scene *s = *state;
	for (unsigned i = 0; i < 5; i++) {
		char body[64];
		snprintf(body, sizeof(body), "domain=h%u.example", i);
		api_post(s->kit, s->alice_token, "/api/v1/domain_blocks", body);
	}
	struct answer a = api_get(s->kit, s->alice_token, "/api/v1/domain_blocks?limit=2");
	assert_str_eq(a.body, STR("[\"h4.example\",\"h3.example\"]"));
	struct str link = answer_header(&a, "Link");
	size_t at = str_find(link, STR("max_id="));
	assert_true(at != link.len && str_contains(link, STR("rel=\"prev\"")));
	struct str id = str_take(str_skip(link, at + 7), str_index(str_skip(link, at + 7), '>'));
	a = api_get(s->kit, s->alice_token, "/api/v1/domain_blocks?limit=2&max_id=%.*s",
		    STR_ARG(id));
	assert_str_eq(a.body, STR("[\"h2.example\",\"h1.example\"]"));
	a = api_get(s->kit, s->alice_token, "/api/v1/domain_blocks?limit=1&min_id=%.*s",
		    STR_ARG(id));
	assert_str_eq(a.body, STR("[\"h4.example\"]"));
}

/* S-102: a token without the scope gets nothing. */
static void s102_every_act_needs_its_scope(void **state)
{
	static const char *const acts[] = { "follow",  "block",	   "mute",    "note",
					    "endorse", "unfollow", "unblock", "unmute" };
	struct scene *s = *state;
	struct str narrow = apikit_sign_in(s->kit, &s->alice, "read write:lists");
	for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
		assert_int_equal(act(s, narrow, &s->bob, acts[i], "").status, 403);
		assert_int_equal(act(s, STR_NONE, &s->bob, acts[i], "").status, 401);
		struct account nobody = { .id = 17 };
		assert_int_equal(act(s, s->alice_token, &nobody, acts[i], "").status, 404);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_begin_locked, scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_follow_is_asked_for_granted_and_ended),
		TEST(relationships_are_of_all_that_were_asked_for),
		TEST(blocks_and_mutes_are_listed_and_taken_back),
		TEST(notes_and_endorsements_stay_with_their_maker),
		TEST(hosts_are_blocked_for_oneself),
		TEST(long_lists_are_read_page_by_page),
		TEST(s102_every_act_needs_its_scope),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
