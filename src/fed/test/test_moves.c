/* Remote accounts that move, told by an activity or by their document alone (S-029, FEP-7628). */
#include "fedqueue.h"

#include "store/graph.h"
#include "store/tables.h"

static int scene_begin(void **state)
{
	struct kit_scene *scene = kit_scene();
	scene->carol = kit_peer(scene->kit, CAROL, 0);
	kit_follow(scene->kit, scene->kit->alice.id, scene->carol.id, FOLLOW_ACCEPTED,
		   ALICE "#follows/1");
	kit_queue_start(scene->q, scene->kit, false);
	*state = scene;
	return 0;
}

/* The network's document of an actor, with more members in front. */
static void describe(struct kit_scene *scene, const struct peer_actor *peer, const char *members)
{
	struct str json = kit_actor_json(scene->kit, peer);
	test_fetch_answer(scene->kit->net, peer->uri, 200, ACTIVITY_JSON,
			  kit_json(scene->kit, "{%s,%.*s", members, STR_ARG(str_skip(json, 1))));
}

static unsigned tell(struct kit_scene *scene, const struct peer_actor *signer, const char *object,
		     const char *target)
{
	static unsigned n;
	struct str json = kit_json(scene->kit,
				   "{\"id\":\"%s#moves/%u\",\"type\":\"Move\",\"actor\":\"%s\","
				   "\"object\":\"%s\",\"target\":\"%s\"}",
				   signer->uri, n++, signer->uri, object, target);
	return kit_post_inbox(scene->kit, signer, json).status;
}

static enum follow_state follows(struct kit_scene *scene, const char *uri)
{
	struct uri_entry entry = kit_uri(scene->kit, uri);
	if (entry.kind != URI_ACCOUNT)
		return FOLLOW_NONE;
	return kit_follow_state(scene->kit, scene->kit->alice.id, entry.id);
}

static void a_move_that_both_accounts_tell_takes_followers_along(void **state)
{
	struct kit_scene *scene = *state;
	struct peer_actor erin = kit_stranger(scene->kit, ERIN, 1);
	describe(scene, &erin, "\"alsoKnownAs\":[\"" CAROL "\"]");
	assert_int_equal(tell(scene, &scene->carol, CAROL, ERIN), 202);
	kit_drain(scene->q, 0);
	assert_int_equal(follows(scene, ERIN), FOLLOW_PENDING);
	assert_int_equal(follows(scene, CAROL), FOLLOW_NONE);
	assert_int_equal(kit_sent_to(scene->q, ERIN "/inbox"), 1);  /* Follow */
	assert_int_equal(kit_sent_to(scene->q, CAROL "/inbox"), 1); /* Undo */
	struct account carol;
	assert_true(kit_account(scene->kit, scene->carol.id, &carol));
	assert_str_eq(carol.moved_to, STR(ERIN));
	assert_true(carol.moved_ms != 0);
}

static void s029_what_is_known_of_the_target_is_not_enough(void **state)
{
	struct kit_scene *scene = *state;
	struct peer_actor erin = kit_peer(scene->kit, ERIN, 1);
	/* it named carol once, and was read then; now it does not */
	describe(scene, &erin, "\"alsoKnownAs\":\"" CAROL "\"");
	struct kit_answer answer = kit_resolve(scene->kit, 'r', ERIN);
	assert_int_equal(answer.rc, RC_OK);
	describe(scene, &erin, "\"alsoKnownAs\":[]");
	assert_int_equal(tell(scene, &scene->carol, CAROL, ERIN), 202);
	kit_drain(scene->q, 0);
	assert_int_equal(follows(scene, CAROL), FOLLOW_ACCEPTED);
	assert_int_equal(follows(scene, ERIN), FOLLOW_NONE);
}

static void s029_nobody_moves_another(void **state)
{
	struct kit_scene *scene = *state;
	struct peer_actor dave = kit_peer(scene->kit, DAVE, 2);
	struct peer_actor erin = kit_stranger(scene->kit, ERIN, 1);
	describe(scene, &erin, "\"alsoKnownAs\":[\"" CAROL "\",\"" DAVE "\"]");
	/* a sibling of the same host, in its own name */
	assert_int_equal(tell(scene, &dave, CAROL, ERIN), 403);
	assert_int_equal(tell(scene, &scene->carol, DAVE, ERIN), 403);
	assert_int_equal(tell(scene, &scene->carol, CAROL, ""), 400);
	/* whom nobody here follows moves without us: nothing is fetched */
	assert_int_equal(tell(scene, &dave, DAVE, ERIN), 202);
	kit_drain(scene->q, 0);
	assert_int_equal(test_fetch_count_of(scene->kit->net, ERIN), 0);
	assert_int_equal(follows(scene, CAROL), FOLLOW_ACCEPTED);
}

static void s030_nobody_is_taken_to_a_blocked_host(void **state)
{
	struct kit_scene *scene = *state;
	struct peer_actor erin = kit_stranger(scene->kit, ERIN, 1);
	describe(scene, &erin, "\"alsoKnownAs\":[\"" CAROL "\"]");
	kit_policy(scene->kit, "other.example", PEER_BLOCKED);
	assert_int_equal(tell(scene, &scene->carol, CAROL, ERIN), 403);
	kit_drain(scene->q, 0);
	assert_int_equal(test_fetch_count_of(scene->kit->net, ERIN), 0);
	assert_int_equal(follows(scene, CAROL), FOLLOW_ACCEPTED);
}

/* FEP-7628: pull. */
static void a_document_that_tells_of_a_move_is_enough(void **state)
{
	struct kit_scene *scene = *state;
	struct peer_actor erin = kit_stranger(scene->kit, ERIN, 1);
	describe(scene, &erin, "\"alsoKnownAs\":[\"" CAROL "\"]");
	describe(scene, &scene->carol, "\"movedTo\":\"" ERIN "\"");
	struct kit_answer answer = kit_resolve(scene->kit, 'r', CAROL);
	assert_int_equal(answer.rc, RC_OK);
	kit_drain(scene->q, 0);
	assert_int_equal(follows(scene, ERIN), FOLLOW_PENDING);
	assert_int_equal(follows(scene, CAROL), FOLLOW_NONE);
	/* read again, it is no news */
	size_t asked = test_fetch_count_of(scene->kit->net, ERIN);
	answer = kit_resolve(scene->kit, 'r', CAROL);
	assert_int_equal(answer.rc, RC_OK);
	kit_drain(scene->q, 0);
	assert_int_equal(test_fetch_count_of(scene->kit->net, ERIN), asked);
}

static void an_account_here_can_be_moved_to(void **state)
{
	struct kit_scene *scene = *state;
	struct str aliases[] = { STR(CAROL) };
	struct account bob;
	assert_true(kit_account(scene->kit, scene->kit->bob.id, &bob));
	/* not without its own word */
	assert_int_equal(tell(scene, &scene->carol, CAROL, BOB), 202);
	kit_drain(scene->q, 0);
	assert_int_equal(follows(scene, CAROL), FOLLOW_ACCEPTED);
	bob.aliases = aliases;
	bob.alias_count = 1;
	kit_put_account(scene->kit, &bob);
	assert_int_equal(tell(scene, &scene->carol, CAROL, BOB), 202);
	kit_drain(scene->q, 0);
	assert_int_equal(follows(scene, BOB), FOLLOW_PENDING); /* bob is locked */
	assert_int_equal(follows(scene, CAROL), FOLLOW_NONE);
	/* our people are not moved by what is said elsewhere: the rule, and no fetch of our own */
	assert_int_equal(tell(scene, &scene->carol, BOB, CAROL), 403);
}

static void a_target_that_is_silent_is_asked_again(void **state)
{
	struct kit_scene *scene = *state;
	struct peer_actor erin = kit_stranger(scene->kit, ERIN, 1);
	test_fetch_fail(scene->kit->net, ERIN, RC_TIMEOUT);
	assert_int_equal(tell(scene, &scene->carol, CAROL, ERIN), 202);
	while (test_fetch_count_of(scene->kit->net, ERIN) == 0)
		kit_settle(scene->q);
	kit_settle(scene->q);
	assert_int_equal(kit_rows(scene->kit, &queue_table_job), 1);
	describe(scene, &erin, "\"alsoKnownAs\":[\"" CAROL "\"]");
	test_clock_advance(&scene->kit->clock, MS_PER_HOUR);
	queue_reload(scene->kit->queue);
	kit_drain(scene->q, 0);
	assert_int_equal(follows(scene, ERIN), FOLLOW_PENDING);
}

int main(void)
{
#define WITH_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_begin, kit_scene_end)
	const struct CMUnitTest tests[] = {
		WITH_SCENE(a_move_that_both_accounts_tell_takes_followers_along),
		WITH_SCENE(s029_what_is_known_of_the_target_is_not_enough),
		WITH_SCENE(s029_nobody_moves_another),
		WITH_SCENE(s030_nobody_is_taken_to_a_blocked_host),
		WITH_SCENE(a_document_that_tells_of_a_move_is_enough),
		WITH_SCENE(an_account_here_can_be_moved_to),
		WITH_SCENE(a_target_that_is_silent_is_asked_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
