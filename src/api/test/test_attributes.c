/* Attributes over HTTP: who sets them, who reads them, that nobody else does; communities that are joined by
 * them; what is taken out of one, and lists that it is in. */
#include <stdio.h>

#include "apikit.h"
#include "social/moderate.h"
#include "store/graph.h"

#define API "/api/fediflow/v1"

struct scene {
	struct apikit *kit;
	struct account boss, alice, bob;
	struct str boss_token, alice_token, bob_token;
};

static enum rc give_role(struct social *s, void *arg)
{
	role_give(s->txn, *(const uint64_t *)arg, ROLE_ADMIN);
	return db_txn_rc(s->txn);
}

static void scene_init(struct scene *w)
{
	w->kit = apikit_new();
	w->boss = test_store_local(&w->kit->t, "boss");
	w->alice = test_store_local(&w->kit->t, "alice");
	w->bob = test_store_local(&w->kit->t, "bob");
	test_store_write(&w->kit->t, give_role, &w->boss.id);
	w->boss_token = apikit_sign_in(w->kit, &w->boss, "read write admin:read admin:write");
	w->alice_token = apikit_sign_in(w->kit, &w->alice, "read write admin:read admin:write");
	w->bob_token = apikit_sign_in(w->kit, &w->bob, "read write");
}

static void scene_free(struct scene *w)
{
	apikit_free(&w->kit);
}

static const char *of(struct scene *w, uint64_t account)
{
	struct arena *arena = w->kit->t.d.arena;
	return arena_cstr(arena, arena_printf(arena, API "/admin/accounts/%llu/attributes",
					      (unsigned long long)account));
}

static void who_manages_users_sets_them_and_they_read_their_own(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w);
	const char *bobs = of(&w, w.bob.id);
	/* a token alone is no permission */
	assert_int_equal(
		api_post(w.kit, w.alice_token, bobs, "{\"name\":\"a\",\"value\":\"b\"}").status,
		403);
	assert_int_equal(api_get(w.kit, w.alice_token, "%s", bobs).status, 403);
	assert_int_equal(api_get(w.kit, w.bob_token, "%s", bobs).status, 403);
	assert_int_equal(api_ask(w.kit, "PUT", w.alice_token, bobs, "{}").status, 403);
	assert_int_equal(api_ask(w.kit, "DELETE", w.alice_token, bobs, "{}").status, 403);
	static const struct {
		const char *method, *body;
		unsigned status;
		size_t count;
	} rows[] = {
		{ "POST", "{\"name\":\"Department\",\"value\":\" chemistry \"}", 200, 1 },
		{ "POST", "{\"name\":\"department\",\"value\":\"chemistry\"}", 200, 1 },
		{ "POST", "{\"name\":\"department\",\"value\":\"physics\"}", 200, 2 },
		{ "POST", "{\"name\":\"a b\",\"value\":\"x\"}", 422, 0 },
		{ "POST", "{\"name\":\"a\"}", 422, 0 },
		{ "POST", "{\"name\":\"email-domain\",\"value\":\"x\"}", 422, 0 },
		{ "DELETE", "{\"name\":\"department\",\"value\":\"biology\"}", 404, 0 },
		{ "DELETE", "{\"name\":\"Department\",\"value\":\" physics\"}", 200, 1 },
		{ "PUT", "{\"attributes\":[\"status=student\",\"year=2\"]}", 200, 2 },
		{ "PUT", "{\"attributes\":[\"status\"]}", 422, 0 },
		{ "DELETE", "{\"name\":\"1\"}", 422, 0 },
		{ "DELETE", "{\"name\":\" Year\"}", 200, 1 },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct answer a = api_ask(w.kit, rows[i].method, w.boss_token, bobs, rows[i].body);
		assert_int_equal(a.status, rows[i].status);
		if (rows[i].status == 200)
			assert_int_equal(jr_count(a.json), rows[i].count);
	}
	struct answer a = api_get(w.kit, w.bob_token, API "/attributes");
	assert_int_equal(jr_count(a.json), 1);
	assert_str_eq(jr_str(jr_get(jr_at(a.json, 0), "name")), STR("status"));
	assert_str_eq(jr_str(jr_get(jr_at(a.json, 0), "value")), STR("student"));
	assert_str_eq(jr_str(jr_get(jr_at(a.json, 0), "source")), STR("operator"));
	assert_int_equal(jr_count(api_get(w.kit, w.alice_token, API "/attributes").json), 0);
	assert_int_equal(api_get(w.kit, w.boss_token, "%s", of(&w, 1)).status, 404);
	/* nothing that shows bob shows it */
	a = api_get(w.kit, w.alice_token, "/api/v1/accounts/%llu", (unsigned long long)w.bob.id);
	assert_false(str_contains(a.body, STR("student")));
	a = api_get(w.kit, w.boss_token, "/api/v1/admin/accounts/%llu",
		    (unsigned long long)w.bob.id);
	assert_false(str_contains(a.body, STR("student")));
}

#define TERMS                                                                                     \
	"{\"join\":\"attribute\",\"conditions\":[\"status=student\",\"status=tutor\"],\"match\":" \
	"\"any\",\"others\":\"no\",\"grace_days\":\"7\"}"

static void communities_are_joined_by_them_and_children_inherit(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	char path[96], join[96];
	scene_init(&w);
	struct answer a = api_post(w.kit, w.alice_token, API "/communities", "{\"name\":\"top\"}");
	uint64_t top = answer_id(&a);
	snprintf(path, sizeof(path), API "/communities/%llu", (unsigned long long)top);
	a = api_ask(w.kit, "PATCH", w.alice_token, path, "{\"join\":\"attribute\"}");
	assert_int_equal(a.status, 422);
	a = api_ask(w.kit, "PATCH", w.alice_token, path, TERMS);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "settings.join"), STR("attribute"));
	assert_int_equal(jr_count(answer_at(&a, "settings.terms.conditions")), 2);
	assert_str_eq(answer_str(&a, "settings.terms.match"), STR("any"));
	assert_int_equal(answer_num(&a, "settings.terms.grace_days"), 7);
	struct str child =
		arena_printf(w.kit->t.d.arena, "{\"name\":\"course\",\"parent_id\":\"%llu\"}",
			     (unsigned long long)top);
	a = api_post(w.kit, w.alice_token, API "/communities", arena_cstr(w.kit->t.d.arena, child));
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "settings.terms.others"), STR("no"));
	uint64_t course = answer_id(&a);
	snprintf(join, sizeof(join), "/api/v1/accounts/%llu/follow", (unsigned long long)course);
	assert_int_equal(api_post(w.kit, w.bob_token, join, "{}").status, 403);
	assert_int_equal(api_post(w.kit, w.boss_token, of(&w, w.bob.id),
				  "{\"name\":\"status\",\"value\":\"tutor\"}")
				 .status,
			 200);
	a = api_post(w.kit, w.bob_token, join, "{}");
	assert_int_equal(a.status, 200);
	assert_true(jr_bool(answer_at(&a, "following"), false));
	/* how one joins otherwise has no terms */
	a = api_ask(w.kit, "PATCH", w.alice_token, path, "{\"join\":\"open\"}");
	assert_int_equal(jr_type(answer_at(&a, "settings.terms")), JR_NULL);
}

static void what_is_taken_out_is_no_part_of_it_any_more(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	char remove[128], alone[96], follow[96], lists[96];
	scene_init(&w);
	struct answer a = api_post(w.kit, w.alice_token, API "/communities", "{\"name\":\"top\"}");
	uint64_t top = answer_id(&a);
	snprintf(follow, sizeof(follow), "/api/v1/accounts/%llu/follow", (unsigned long long)top);
	assert_int_equal(api_post(w.kit, w.bob_token, follow, "{}").status, 200);
	/* it is in its own list, and its members are in none because of it */
	snprintf(lists, sizeof(lists), "/api/v1/accounts/%llu/lists", (unsigned long long)top);
	assert_int_equal(jr_count(api_get(w.kit, w.bob_token, "%s", lists).json), 1);
	assert_int_equal(jr_count(api_get(w.kit, w.boss_token, "%s", lists).json), 0);
	snprintf(lists, sizeof(lists), "/api/v1/accounts/%llu/lists",
		 (unsigned long long)w.alice.id);
	assert_int_equal(jr_count(api_get(w.kit, w.bob_token, "%s", lists).json), 0);
	struct str body =
		arena_printf(w.kit->t.d.arena, "{\"status\":\"hi\",\"group_id\":\"%llu\"}",
			     (unsigned long long)top);
	a = api_post(w.kit, w.bob_token, "/api/v1/statuses", arena_cstr(w.kit->t.d.arena, body));
	assert_int_equal(a.status, 200);
	uint64_t id = answer_id(&a);
	snprintf(remove, sizeof(remove), API "/communities/%llu/posts/%llu/remove",
		 (unsigned long long)top, (unsigned long long)id);
	snprintf(alone, sizeof(alone), "/api/v1/statuses/%llu", (unsigned long long)id);
	a = api_get(w.kit, w.boss_token, "%s", alone);
	assert_false(jr_bool(answer_at(&a, "community.removed"), true));
	assert_int_equal(api_post(w.kit, w.alice_token, remove, "{}").status, 200);
	/* it stays its author's; they and staff see that it was taken out */
	a = api_get(w.kit, w.boss_token, "%s", alone);
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_type(answer_at(&a, "community")), JR_ABSENT);
	assert_int_equal(jr_type(answer_at(&a, "group")), JR_ABSENT);
	a = api_get(w.kit, w.bob_token, "%s", alone);
	assert_true(jr_bool(answer_at(&a, "community.removed"), false));
	a = api_get(w.kit, w.alice_token, "%s", alone);
	assert_true(jr_bool(answer_at(&a, "community.removed"), false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_manages_users_sets_them_and_they_read_their_own),
		cmocka_unit_test(communities_are_joined_by_them_and_children_inherit),
		cmocka_unit_test(what_is_taken_out_is_no_part_of_it_any_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
