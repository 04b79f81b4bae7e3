/* Reports to communities, and in their lanes, over HTTP. */
#include <stdio.h>

#include "groupkit.h"

#define REPORTS "/api/v1/reports"

/* account is reported to community, or to nobody in particular where it is 0. */
static struct answer report(struct scene *w, struct str token, uint64_t account, uint64_t community)
{
	char body[200];
	snprintf(body, sizeof(body), "{\"account_id\":\"%llu\",\"community_id\":\"%llu\"}",
		 (unsigned long long)account, (unsigned long long)community);
	return api_post(w->kit, token, REPORTS, body);
}

static struct str id_text(struct scene *w, uint64_t id)
{
	return arena_printf(w->kit->t.d.arena, "%llu", (unsigned long long)id);
}

static uint64_t here(struct scene *w)
{
	return w->group.id;
}

static void members_report_members(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, COMMUNITY_PUBLIC);
	/* who is in it, its members are told; a guest may vote, and is none */
	const char *members = scene_path(&w, "communities", here(&w), "/members");
	assert_int_equal(api_get(w.kit, w.carol_token, "%s", members).status, 403);
	assert_int_equal(api_get(w.kit, w.bob_token, "%s", members).status, 200);
	struct answer a = report(&w, w.carol_token, w.bob.id, here(&w));
	assert_int_equal(a.status, 403);
	assert_true(str_contains(answer_str(&a, "error"), STR("name a post")));
	a = report(&w, w.bob_token, w.carol.id, here(&w));
	assert_int_equal(a.status, 422);
	assert_true(str_contains(answer_str(&a, "error"), STR("no member")));
	/* no community, and none that there is */
	assert_int_equal(report(&w, w.bob_token, w.alice.id, w.carol.id).status, 422);
	assert_int_equal(report(&w, w.bob_token, w.alice.id, 17).status, 404);
	const char *join = scene_path(&w, "communities", here(&w), "/join");
	assert_int_equal(api_post(w.kit, w.carol_token, join, "{}").status, 200);
	a = report(&w, w.carol_token, w.bob.id, here(&w));
	assert_int_equal(a.status, 200);
	uint64_t id = answer_id(&a);
	const char *lane = scene_path(&w, "communities", here(&w), "/reports");
	a = api_get(w.kit, w.alice_token, "%s", lane);
	assert_int_equal(jr_count(a.json), 1);
	assert_str_eq(answer_str(&a, "0.id"), id_text(&w, id));
	assert_int_equal(api_get(w.kit, w.bob_token, "%s", lane).status, 403);
	/* without it, it is the node's */
	assert_int_equal(report(&w, w.carol_token, w.bob.id, 0).status, 200);
	assert_int_equal(jr_count(api_get(w.kit, w.alice_token, "%s", lane).json), 1);
}

/* Whether there is one is not told to whom it is not shown. */
static void a_circle_is_not_found_by_reporting(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, COMMUNITY_MEMBERS);
	assert_int_equal(report(&w, w.carol_token, w.bob.id, here(&w)).status, 404);
	assert_int_equal(report(&w, w.bob_token, w.alice.id, here(&w)).status, 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_report_members),
		cmocka_unit_test(a_circle_is_not_found_by_reporting),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
