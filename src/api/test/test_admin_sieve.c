/* Rules for posts, the quarantine and waves over HTTP. */
#include <stdio.h>
#include <stdlib.h>

#include "../api_int.h"
#include "apikit.h"
#include "social/moderate.h"
#include "social/sift.h"

#define ADMIN "/api/fediflow/v1/admin/"

struct scene {
	struct apikit *kit;
	struct account boss, alice, bob;
	struct str token;
};

static enum rc give_role(struct social *s, void *arg)
{
	role_give(s->txn, *(const uint64_t *)arg, ROLE_ADMIN);
	return db_txn_rc(s->txn);
}

static int begin(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	s->kit = apikit_new();
	s->boss = test_store_local(&s->kit->t, "boss");
	s->alice = test_store_local(&s->kit->t, "alice");
	s->bob = test_store_remote(&s->kit->t, "bob", "b.example");
	test_store_write(&s->kit->t, give_role, &s->boss.id);
	s->token = apikit_sign_in(s->kit, &s->boss, "read write admin:read admin:write");
	*state = s;
	return 0;
}

static int end(void **state)
{
	struct scene *s = *state;
	test_store_check(&s->kit->t);
	apikit_free(&s->kit);
	free(s);
	return 0;
}

static const char *at(struct scene *s, const char *head, uint64_t id, const char *tail)
{
	struct arena *arena = s->kit->t.d.arena;
	return arena_cstr(
		arena, arena_printf(arena, ADMIN "%s%llu%s", head, (unsigned long long)id, tail));
}

static uint64_t rule_add(struct scene *s, const char *body, const char *mode)
{
	struct answer a = api_post(s->kit, s->token, ADMIN "rules", body);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "mode"), STR("shadow"));
	uint64_t id = answer_id(&a);
	a = api_post(s->kit, s->token, at(s, "rules/", id, "/mode"), mode);
	assert_int_equal(a.status, 200);
	return id;
}

static struct status from_bob(struct scene *s, const char *text)
{
	return test_store_post(&s->kit->t, &s->bob, VISIBILITY_PUBLIC, text, &s->alice, NULL);
}

/* --- rules --- */

static void rules_are_made_changed_and_removed(void **state)
{
	struct scene *s = *state;
	uint64_t id = rule_add(s, "{\"rule\":\"hold \\\"x\\\" when remote\"}", "mode=live");
	struct answer a = api_get(s->kit, s->token, ADMIN "rules");
	assert_int_equal(jr_count(a.json), 1);
	from_bob(s, "hello");
	a = api_get(s->kit, s->token, "%s", at(s, "rules/", id, ""));
	assert_str_eq(answer_str(&a, "action"), STR("hold"));
	assert_str_eq(answer_str(&a, "label"), STR("x"));
	assert_str_eq(answer_str(&a, "mode"), STR("live"));
	assert_int_equal(answer_num(&a, "history.0.live"), 1);
	a = api_ask(s->kit, "PUT", s->token, at(s, "rules/", id, ""),
		    "{\"rule\":\"tag \\\"y\\\" when local\",\"position\":5}");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "mode"), STR("shadow"));
	assert_int_equal(answer_num(&a, "position"), 5);
	assert_int_equal(answer_num(&a, "revision"), 2);
	assert_int_equal(api_ask(s->kit, "DELETE", s->token, at(s, "rules/", id, ""), NULL).status,
			 200);
	assert_int_equal(api_get(s->kit, s->token, "%s", at(s, "rules/", id, "")).status, 404);
}

static void what_is_wrong_is_said(void **state)
{
	struct scene *s = *state;
	struct answer a = api_post(s->kit, s->token, ADMIN "rules", "rule=hold+when+remot");
	assert_int_equal(a.status, 422);
	assert_true(str_contains(answer_str(&a, "error"), STR("line 1, column 11")));
	uint64_t id = rule_add(s, "rule=hold+when+remote", "mode=off");
	assert_int_equal(
		api_post(s->kit, s->token, at(s, "rules/", id, "/mode"), "mode=loud").status, 422);
	assert_int_equal(
		api_post(s->kit, s->token, at(s, "rules/", 7, "/mode"), "mode=live").status, 404);
}

static void a_rule_is_tried_on_what_is_stored(void **state)
{
	struct scene *s = *state;
	from_bob(s, "buy pills");
	struct status mine =
		test_store_post(&s->kit->t, &s->alice, VISIBILITY_PUBLIC, "no pills", NULL);
	struct answer a = api_post(s->kit, s->token, ADMIN "rules/test",
				   "{\"rule\":\"hold when word has \\\"pills\\\" and local\"}");
	assert_int_equal(a.status, 200);
	assert_int_equal(answer_num(&a, "looked_at"), 2);
	assert_int_equal(answer_num(&a, "fits"), 1);
	uint64_t id = 0;
	assert_true(str_to_u64(answer_str(&a, "sample.0"), &id));
	assert_int_equal(id, mine.id);
}

/* --- the quarantine --- */

static void what_is_held_is_shown_to_moderators_only(void **state)
{
	struct scene *s = *state;
	rule_add(s, "rule=hold+when+remote", "mode=live");
	struct status post = from_bob(s, "a secret");
	char seen[80];
	struct answer a = api_get(s->kit, s->token, ADMIN "held");
	assert_int_equal(jr_count(a.json), 1);
	snprintf(seen, sizeof(seen), "updated_at=%.*s", STR_ARG(answer_str(&a, "0.updated_at")));
	assert_true(str_contains(answer_str(&a, "0.status.content"), STR("a secret")));
	assert_str_eq(answer_str(&a, "0.state"), STR("waiting"));
	assert_str_eq(answer_str(&a, "0.rules.0.action"), STR("hold"));
	/* by the ways of everybody a moderator does not see it, either */
	unsigned long long id = post.id;
	assert_int_equal(api_get(s->kit, s->token, "/api/v1/statuses/%llu", id).status, 404);
	assert_int_equal(api_get(s->kit, s->token, "/api/v1/statuses/%llu/context", id).status,
			 404);
	a = api_get(s->kit, s->token, "/api/v1/accounts/%llu/statuses",
		    (unsigned long long)s->bob.id);
	assert_int_equal(jr_count(a.json), 0);
	a = api_get(s->kit, s->token, "/api/v1/timelines/public");
	assert_int_equal(jr_count(a.json), 0);
	const char *release = at(s, "held/", post.id, "/release");
	assert_int_equal(api_post(s->kit, s->token, release, NULL).status, 422);
	assert_int_equal(
		api_post(s->kit, s->token, release, "updated_at=2001-01-01T00:00:00Z").status, 409);
	assert_int_equal(api_post(s->kit, s->token, release, seen).status, 200);
	assert_int_equal(api_get(s->kit, s->token, "/api/v1/statuses/%llu", id).status, 200);
	assert_int_equal(api_post(s->kit, s->token, release, seen).status, 404);
	a = api_get(s->kit, s->token, "%s", at(s, "held/", post.id, ""));
	assert_str_eq(answer_str(&a, "state"), STR("released"));
}

static void many_are_decided_of_at_once(void **state)
{
	struct scene *s = *state;
	char body[200];
	rule_add(s, "rule=hold+when+remote", "mode=live");
	struct status one = from_bob(s, "one"), two = from_bob(s, "two");
	snprintf(body, sizeof(body), "ids[]=%llu&ids[]=%llu&ids[]=7", (unsigned long long)one.id,
		 (unsigned long long)two.id);
	struct answer a = api_post(s->kit, s->token, ADMIN "held/refuse", body);
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_count(answer_at(&a, "decided")), 2);
	assert_str_eq(answer_str(&a, "not_held.0"), STR("7"));
	assert_int_equal(test_store_rows(&s->kit->t, &store_status), 0);
	struct status three = from_bob(s, "three"), four = from_bob(s, "four");
	snprintf(body, sizeof(body), "ids[]=%llu&ids[]=%llu", (unsigned long long)three.id,
		 (unsigned long long)four.id);
	assert_int_equal(api_post(s->kit, s->token, ADMIN "held/release", body).status, 422);
	/* one of them was changed after that */
	snprintf(body, sizeof(body),
		 "ids[]=%llu&ids[]=%llu&updated_at[]=2001-01-01T00:00:00Z"
		 "&updated_at[]=2999-01-01T00:00:00Z",
		 (unsigned long long)three.id, (unsigned long long)four.id);
	a = api_post(s->kit, s->token, ADMIN "held/release", body);
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_count(answer_at(&a, "decided")), 1);
	assert_int_equal(jr_count(answer_at(&a, "changed")), 1);
}

/* --- waves --- */

static void a_wave_is_seen_before_it_is_rolled_back(void **state)
{
	struct scene *s = *state;
	from_bob(s, "one");
	from_bob(s, "two");
	struct answer a = api_post(s->kit, s->token, ADMIN "waves/preview", "host=B.example");
	assert_int_equal(a.status, 200);
	assert_int_equal(answer_num(&a, "posts"), 2);
	assert_str_eq(answer_str(&a, "hosts.0.host"), STR("b.example"));
	assert_int_equal(api_post(s->kit, s->token, ADMIN "waves", "likeness=5").status, 422);
	assert_int_equal(
		api_post(s->kit, s->token, ADMIN "waves", "host=b.example&from=yesterday").status,
		422);
	a = api_post(s->kit, s->token, ADMIN "waves", "host=b.example");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "state"), STR("rolling"));
	uint64_t id = answer_id(&a);
	/* the job has not run yet */
	assert_int_equal(api_post(s->kit, s->token, at(s, "waves/", id, "/undo"), NULL).status,
			 409);
	a = api_get(s->kit, s->token, ADMIN "waves");
	assert_int_equal(jr_count(a.json), 1);
	assert_int_equal(api_get(s->kit, s->token, "%s", at(s, "waves/", 7, "")).status, 404);
}

/* --- lists of blocks --- */

static void lists_are_subscribed_to_and_ended(void **state)
{
	struct scene *s = *state;
	const char *body = "url=https://lists.example/a.csv&severity=limit";
	struct answer a = api_post(s->kit, s->token, ADMIN "blocklists", body);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "severity"), STR("limit"));
	uint64_t id = answer_id(&a);
	assert_int_equal(api_post(s->kit, s->token, ADMIN "blocklists", body).status, 422);
	assert_int_equal(
		api_post(s->kit, s->token, ADMIN "blocklists", "url=http://a.example/").status,
		422);
	a = api_get(s->kit, s->token, ADMIN "blocklists");
	assert_int_equal(jr_count(a.json), 1);
	a = api_get(s->kit, s->token, ADMIN "block_drafts");
	assert_int_equal(jr_count(a.json), 0);
	a = api_post(s->kit, s->token, ADMIN "block_drafts/confirm", "hosts[]=a.example");
	assert_int_equal(a.status, 200);
	assert_int_equal(answer_num(&a, "decided"), 0);
	assert_int_equal(
		api_ask(s->kit, "DELETE", s->token, at(s, "blocklists/", id, ""), NULL).status,
		200);
	assert_int_equal(
		api_ask(s->kit, "DELETE", s->token, at(s, "blocklists/", id, ""), NULL).status,
		404);
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(rules_are_made_changed_and_removed),
		SCENE(what_is_wrong_is_said),
		SCENE(a_rule_is_tried_on_what_is_stored),
		SCENE(what_is_held_is_shown_to_moderators_only),
		SCENE(many_are_decided_of_at_once),
		SCENE(a_wave_is_seen_before_it_is_rolled_back),
		SCENE(lists_are_subscribed_to_and_ended),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
