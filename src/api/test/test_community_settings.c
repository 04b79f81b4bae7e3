/* What a community says of itself and of its threads, over HTTP: flairs and hashtags. */
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(threads_keep_their_flairs, scene_begin_here,
						scene_end),
		cmocka_unit_test_setup_teardown(hashtags_lead_to_it, scene_begin_here, scene_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
