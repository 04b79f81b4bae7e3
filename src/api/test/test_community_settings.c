/* What a community says of itself, of its threads and of its members, over HTTP. */
#include "scenekit.h"
#include "social/board.h"

#define BASE "/api/fediflow/v1/communities"

static struct answer send(struct scene *s, const char *method, const char *path, const char *body)
{
	return api_ask(s->kit, method, s->alice_token, path, body);
}

static const char *at(struct scene *s, const char *format, uint64_t id)
{
	struct arena *arena = s->kit->t.d.arena;
	struct str end = arena_printf(arena, format, (unsigned long long)id);
	return arena_cstr(arena, arena_printf(arena, BASE "/%llu%.*s", (unsigned long long)s->id,
					      STR_ARG(end)));
}

static struct answer change(struct scene *s, const char *body)
{
	return send(s, "PATCH", at(s, "", 0), body);
}

static void make(struct scene *s, const char *body)
{
	struct answer a = send(s, "POST", BASE, body);
	assert_int_equal(a.status, 200);
	s->id = answer_id(&a);
}

static uint64_t flair_of(const struct answer *a, size_t place)
{
	int64_t id = 0;
	assert_int_equal(a->status, 200);
	assert_true(jr_i64(jr_get(jr_at(answer_at(a, "settings.flairs"), place), "id"), &id));
	return (uint64_t)id;
}

static void threads_keep_their_flairs(void **state)
{
	struct scene *s = *state;
	struct arena *arena = s->kit->t.d.arena;
	make(s, "{\"name\":\"botany\",\"flairs\":[\"Question\",\"News\"]}");
	struct answer a = send(s, "GET", at(s, "", 0), NULL);
	uint64_t question = flair_of(&a, 0), news = flair_of(&a, 1);
	a = send(
		s, "POST", "/api/v1/statuses",
		arena_cstr(arena, arena_printf(arena, "{\"status\":\"Why?\",\"group_id\":\"%llu\"}",
					       (unsigned long long)s->id)));
	uint64_t thread = answer_id(&a);
	const char *flair = at(s, "/posts/%llu/flair", thread);
	struct str body = arena_printf(arena, "{\"flair\":%llu}", (unsigned long long)question);
	a = send(s, "PUT", flair, arena_cstr(arena, body));
	assert_str_eq(answer_str(&a, "community.flair"), STR("Question"));
	a = change(s, "{\"flairs\":[\"Urgent\",\"Question=#3366cc\",\"News\"]}");
	assert_true(flair_of(&a, 1) == question && flair_of(&a, 2) == news);
	a = api_get(s->kit, s->alice_token, "/api/v1/statuses/%llu", (unsigned long long)thread);
	assert_str_eq(answer_str(&a, "community.flair"), STR("Question"));
	test_clock_advance(&s->kit->t.d.clock, BOARD_STALE_MS);
	a = send(s, "GET", at(s, "/posts?flair=%llu", question), NULL);
	assert_int_equal(jr_count(a.json), 1);
	a = send(s, "GET", at(s, "/posts?flair=%llu", news), NULL);
	assert_int_equal(jr_count(a.json), 0);
	/* one that is no more */
	assert_int_equal(change(s, "{\"flairs\":[\"Urgent\"]}").status, 200);
	a = api_get(s->kit, s->alice_token, "/api/v1/statuses/%llu", (unsigned long long)thread);
	assert_int_equal(jr_type(answer_at(&a, "community.flair")), JR_NULL);
	assert_int_equal(send(s, "PUT", flair, arena_cstr(arena, body)).status, 422);
	assert_int_equal(change(s, "{\"flairs\":[\"x=red\"]}").status, 422);
	assert_int_equal(change(s, "{\"languages\":[\"klingonish!!\"]}").status, 422);
}

static void hashtags_lead_to_it(void **state)
{
	struct scene *s = *state;
	make(s, "{\"name\":\"botany\",\"tags\":[\"#Moss\",\"Lichen\"]}");
	struct answer a = send(s, "GET", BASE "?tag=moss", NULL);
	assert_int_equal(jr_count(a.json), 1);
	a = send(s, "GET", BASE "?q=%23LICHEN", NULL);
	assert_int_equal(jr_count(a.json), 1);
	assert_int_equal(jr_count(jr_get(jr_get(jr_at(a.json, 0), "settings"), "tags")), 2);
	a = send(s, "GET", BASE "?tag=zoo", NULL);
	assert_int_equal(jr_count(a.json), 0);
	assert_int_equal(change(s, "{\"tags\":[\"two words\"]}").status, 422);
	assert_int_equal(change(s, "{\"tags\":[]}").status, 200);
	a = send(s, "GET", BASE "?tag=moss", NULL);
	assert_int_equal(jr_count(a.json), 0);
}

static unsigned make_role(struct scene *s, const char *name)
{
	struct arena *arena = s->kit->t.d.arena;
	struct str body = arena_printf(arena, "{\"name\":\"%s\",\"position\":5}", name);
	return (unsigned)send(s, "POST", at(s, "/roles", 0), arena_cstr(arena, body)).status;
}

static void no_role_looks_like_one_of_the_four(void **state)
{
	/* with a small o of Cyrillic, wide letters, a digit, a blank that is not seen */
	static const char *const wrong[] = {
		"owner", "Moderator",	      " member ",	 "\xd0\xbewner", "\xef\xbd\x8fwner",
		"0wner", "guest\xe2\x80\x8b", "m\xc3\xb3derator"
	};
	struct scene *s = *state;
	make(s, "{\"name\":\"botany\"}");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(make_role(s, wrong[i]), 422);
	assert_int_equal(make_role(s, "Co-owner"), 200);
	assert_int_equal(make_role(s, "gardener"), 200);
	assert_int_equal(make_role(s, "Gardener"), 422);
	/* one of the four may get another name */
	assert_int_equal(
		send(s, "PUT", at(s, "/roles/3", 0), "{\"name\":\"Warden\",\"position\":50}")
			.status,
		200);
}

static void it_is_handed_over_to_who_owns_it_too(void **state)
{
	struct scene *s = *state;
	struct arena *arena = s->kit->t.d.arena;
	make(s, "{\"name\":\"botany\"}");
	const char *body = arena_cstr(arena, arena_printf(arena, "{\"account_id\":\"%llu\"}",
							  (unsigned long long)s->bob.id));
	assert_int_equal(api_ask(s->kit, "POST", s->bob_token, at(s, "/join", 0), "").status, 200);
	assert_int_equal(
		send(s, "PUT", at(s, "/members/%llu/role", s->bob.id), "{\"role\":\"owner\"}")
			.status,
		200);
	struct answer a = send(s, "POST", at(s, "/transfer", 0), body);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "own.role"), STR("moderator"));
	a = api_ask(s->kit, "GET", s->bob_token, at(s, "", 0), NULL);
	assert_str_eq(answer_str(&a, "own.role"), STR("owner"));
	/* to oneself it cannot be */
	a = api_ask(s->kit, "POST", s->bob_token, at(s, "/transfer", 0), body);
	assert_int_equal(a.status, 422);
}

static void staff_keep_notes_for_themselves(void **state)
{
	struct scene *s = *state;
	make(s, "{\"name\":\"botany\"}");
	assert_int_equal(api_ask(s->kit, "POST", s->bob_token, at(s, "/join", 0), "").status, 200);
	const char *note = at(s, "/members/%llu/note", s->bob.id);
	struct answer a = send(s, "PUT", note, "{\"note\":\"asks for help\"}");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "note"), STR("asks for help"));
	a = api_ask(s->kit, "PUT", s->bob_token, note, "{\"note\":\"a saint\"}");
	assert_int_equal(a.status, 403);
	const char *card = at(s, "/members/%llu", s->bob.id);
	a = api_ask(s->kit, "GET", s->bob_token, card, NULL);
	assert_int_equal(jr_type(answer_at(&a, "note")), JR_ABSENT);
	/* it outlives a role that is given and taken */
	const char *role = at(s, "/members/%llu/role", s->bob.id);
	assert_int_equal(send(s, "PUT", role, "{\"role\":\"moderator\"}").status, 200);
	assert_int_equal(send(s, "PUT", role, "{\"role\":\"member\"}").status, 200);
	a = send(s, "GET", card, NULL);
	assert_str_eq(answer_str(&a, "note"), STR("asks for help"));
	assert_int_equal(send(s, "PUT", note, "{\"note\":\"\"}").status, 200);
	a = send(s, "GET", card, NULL);
	assert_str_eq(answer_str(&a, "note"), STR(""));
	assert_int_equal(
		send(s, "PUT", at(s, "/members/%llu/note", s->carol.id), "{\"note\":\"x\"}").status,
		404);
	test_store_check(&s->kit->t);
}

static void it_is_found_by_name_handle_and_address(void **state)
{
	static const char *const names[] = { "botany", "!botany", "@botany",
					     "!botany@social.example.org",
					     "https://social.example.org/@botany" };
	struct scene *s = *state;
	struct arena *arena = s->kit->t.d.arena;
	make(s, "{\"name\":\"botany\"}");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct str path = arena_printf(arena, BASE "/lookup?name=%s", names[i]);
		struct answer a = send(s, "GET", arena_cstr(arena, path), NULL);
		assert_int_equal(a.status, 200);
		assert_true(answer_id(&a) == s->id);
	}
	/* a person is none */
	assert_int_equal(send(s, "GET", BASE "/lookup?name=@bob", NULL).status, 404);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(threads_keep_their_flairs, scene_begin_here,
						scene_end),
		cmocka_unit_test_setup_teardown(hashtags_lead_to_it, scene_begin_here, scene_end),
		cmocka_unit_test_setup_teardown(it_is_found_by_name_handle_and_address,
						scene_begin_here, scene_end),
		cmocka_unit_test_setup_teardown(staff_keep_notes_for_themselves, scene_begin_here,
						scene_end),
		cmocka_unit_test_setup_teardown(it_is_handed_over_to_who_owns_it_too,
						scene_begin_here, scene_end),
		cmocka_unit_test_setup_teardown(no_role_looks_like_one_of_the_four,
						scene_begin_here, scene_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
