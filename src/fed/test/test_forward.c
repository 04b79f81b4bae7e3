/* Inbox forwarding (ActivityPub section 7.1.2): what is passed on, to whom, and what is not. */
#include "fedqueue.h"

#include "store/graph.h"
#include "store/tables.h"

#define FRANK "https://third.example/users/frank"

static int scene_begin(void **state)
{
	struct kit_scene *scene = kit_scene();
	scene->carol = kit_peer(scene->kit, CAROL, 0);
	scene->dave = kit_peer(scene->kit, DAVE, 1);
	scene->erin = kit_peer(scene->kit, ERIN, 2);
	/* dave is on carol's host, erin is not */
	kit_follow(scene->kit, scene->dave.id, scene->kit->alice.id, FOLLOW_ACCEPTED, DAVE "#1");
	kit_follow(scene->kit, scene->erin.id, scene->kit->alice.id, FOLLOW_ACCEPTED, ERIN "#1");
	*state = scene;
	return 0;
}

/* A Create by carol of an answer to a post; to and cc are JSON. */
static struct str answer(struct kit_scene *scene, unsigned n, struct str parent, const char *to,
			 const char *cc)
{
	return kit_json(scene->kit,
			"{ \"id\":\"" CAROL "/notes/%u/activity\",  \"type\":\"Create\",\"actor\":"
			"\"" CAROL "\",\"to\":%s,\"cc\":%s,\"object\":{\"id\":\"" CAROL
			"/notes/%u\",\"type\":\"Note\",\"attributedTo\":\"" CAROL
			"\",\"content\":\"yes\",\"inReplyTo\":\"%.*s\",\"to\":%s,\"cc\":%s}}",
			n, to, cc, n, STR_ARG(parent), to, cc);
}

#define WORLD "[\"" AP_PUBLIC "\"]"
#define FOLLOWERS "[\"" ALICE "/followers\",\"" ALICE "\"]"

static void take(struct kit_scene *scene, struct str json)
{
	assert_int_equal(kit_post_inbox(scene->kit, &scene->carol, json).status, 202);
}

static struct str post_of(struct kit_scene *scene, enum visibility visibility)
{
	return kit_post_uri(scene->kit,
			    kit_post(scene->kit, &scene->kit->alice, visibility, "a question"));
}

/* Starts the queue and forgets what it has sent so far. */
static void begin(struct kit_scene *scene)
{
	kit_queue_start(scene->q, scene->kit, false);
	kit_drain(scene->q, 0);
	scene->q->count = 0;
}

static void an_answer_goes_to_the_followers_unchanged_and_once(void **state)
{
	struct kit_scene *scene = *state;
	struct str post = post_of(scene, VISIBILITY_PUBLIC);
	struct str json = answer(scene, 1, post, WORLD, FOLLOWERS);
	begin(scene);
	take(scene, json);
	take(scene, json);
	kit_drain(scene->q, 0);
	assert_int_equal(scene->q->count, 1);
	assert_str_eq(scene->q->sent[0].lane, STR("other.example"));
	assert_str_eq(scene->q->sent[0].body, json);
	assert_int_equal(scene->q->sent[0].order, scene->kit->alice.id);
	/* nothing is left of the bytes */
	assert_int_equal(kit_rows(scene->kit, &queue_table_body), 0);
}

static void an_answer_to_an_answer_is_one_of_the_thread(void **state)
{
	struct kit_scene *scene = *state;
	struct str post = post_of(scene, VISIBILITY_UNLISTED);
	begin(scene);
	take(scene, answer(scene, 1, post, WORLD, "[]"));
	kit_drain(scene->q, 0);
	assert_int_equal(scene->q->count, 0);
	take(scene, answer(scene, 2, STR(CAROL "/notes/1"), "[]",
			   "[\"" AP_PUBLIC "\",\"" ALICE "/followers\"]"));
	kit_drain(scene->q, 0);
	assert_int_equal(scene->q->count, 1);
	assert_str_eq(scene->q->sent[0].lane, STR("other.example"));
}

static void s067_nothing_private_and_nothing_unasked_leaves(void **state)
{
	struct kit_scene *scene = *state;
	struct str public = post_of(scene, VISIBILITY_PUBLIC);
	struct str narrow = post_of(scene, VISIBILITY_FOLLOWERS);
	kit_follow(scene->kit, scene->carol.id, scene->kit->alice.id, FOLLOW_ACCEPTED, CAROL "#1");
	begin(scene);
	/* not asked for */
	take(scene, answer(scene, 1, public, WORLD, "[\"" ALICE "\"]"));
	take(scene, answer(scene, 2, public, WORLD, "[\"" BOB "/followers\",\"" ALICE "\"]"));
	/* not public */
	take(scene, answer(scene, 3, public, "[\"" ALICE "\"]", FOLLOWERS));
	take(scene, answer(scene, 4, narrow, WORLD, FOLLOWERS));
	/* no thread of ours */
	take(scene, answer(scene, 5, STR("https://peer.example/1"), WORLD, FOLLOWERS));
	kit_drain(scene->q, 0);
	assert_int_equal(scene->q->count, 0);
}

static void an_author_who_left_has_nobody_to_tell(void **state)
{
	struct kit_scene *scene = *state;
	struct str post = post_of(scene, VISIBILITY_PUBLIC);
	struct account alice;
	begin(scene);
	assert_true(kit_account(scene->kit, scene->kit->alice.id, &alice));
	alice.flags |= ACCOUNT_SUSPENDED;
	kit_put_account(scene->kit, &alice);
	take(scene, answer(scene, 1, post, WORLD, FOLLOWERS));
	kit_drain(scene->q, 0);
	assert_int_equal(scene->q->count, 0);
}

static enum rc block_job(struct db_txn *txn, void *arg)
{
	const struct kit_scene *scene = arg;
	block_put(txn, scene->kit->alice.id, scene->carol.id, STR(ALICE "#blocks/1"));
	return db_txn_rc(txn);
}

static void whom_the_author_blocks_does_not_reach_her_followers(void **state)
{
	struct kit_scene *scene = *state;
	struct str post = post_of(scene, VISIBILITY_PUBLIC);
	struct str between = kit_json(scene->kit,
				      "{\"id\":\"" DAVE "/notes/1/activity\",\"type\":\"Create\","
				      "\"actor\":\"" DAVE "\",\"to\":" WORLD ",\"cc\":[\"" ALICE
				      "\"],\"object\":{\"id\":\"" DAVE
				      "/notes/1\",\"type\":\"Note\",\"attributedTo\":\"" DAVE
				      "\",\"content\":\"so?\",\"inReplyTo\":\"%.*s\",\"to\":" WORLD
				      ",\"cc\":[\"" ALICE "\"]}}",
				      STR_ARG(post));
	struct status status;
	begin(scene);
	assert_int_equal(kit_post_inbox(scene->kit, &scene->dave, between).status, 202);
	kit_write(scene->kit, block_job, scene);
	/* an answer to somebody else in her thread */
	take(scene, answer(scene, 1, STR(DAVE "/notes/1"), WORLD, FOLLOWERS));
	kit_drain(scene->q, 0);
	assert_true(kit_status(scene->kit, CAROL "/notes/1", &status));
	assert_true(status.parent != 0);
	for (size_t i = 0; i < scene->q->count; i++)
		assert_false(str_eq(scene->q->sent[i].body,
				    answer(scene, 1, STR(DAVE "/notes/1"), WORLD, FOLLOWERS)));
}

/* --- what others pass on --- */

static struct str frank_answers(struct kit_scene *scene, const char *parent, const char *more)
{
	return kit_json(scene->kit,
			"{\"id\":\"" FRANK "/notes/1/activity\",\"type\":\"Create\",\"actor\":"
			"\"" FRANK "\",\"to\":" WORLD ",\"object\":{\"id\":\"" FRANK
			"/notes/1\",\"type\":\"Note\",\"attributedTo\":\"" FRANK
			"\",\"content\":\"forged\",\"inReplyTo\":\"%s\"}%s}",
			parent, more);
}

static void s020_what_the_thread_s_host_passes_on_is_read_at_its_origin(void **state)
{
	struct kit_scene *scene = *state;
	struct status status;
	kit_stranger(scene->kit, FRANK, 3);
	kit_follow(scene->kit, scene->kit->alice.id, scene->carol.id, FOLLOW_ACCEPTED,
		   ALICE "#follows/1");
	test_fetch_answer(scene->kit->net, FRANK "/notes/1", 200, ACTIVITY_JSON,
			  STR("{\"id\":\"" FRANK "/notes/1\",\"type\":\"Note\",\"attributedTo\":"
			      "\"" FRANK "\",\"content\":\"true\",\"to\":\"" AP_PUBLIC "\"}"));
	begin(scene);
	take(scene, frank_answers(scene, CAROL "/notes/9", ""));
	kit_drain(scene->q, 0);
	assert_true(kit_status(scene->kit, FRANK "/notes/1", &status));
	assert_str_eq(status.content.markup, STR("true"));
}

static void erin_writes(struct kit_scene *scene, const char *author, const char *text,
			const char *more)
{
	test_fetch_answer(scene->kit->net, ERIN "/notes/1", 200, ACTIVITY_JSON,
			  kit_json(scene->kit,
				   "{\"id\":\"" ERIN "/notes/1\",\"type\":\"Note\","
				   "\"attributedTo\":\"%s\",\"content\":\"%s\",\"to\":\"" AP_PUBLIC
				   "\"%s}",
				   author, text, more));
}

static void s020_an_edit_that_is_passed_on_is_read_at_its_origin(void **state)
{
	struct kit_scene *scene = *state;
	struct status status;
	struct str json = kit_json(scene->kit,
				   "{\"id\":\"" ERIN "/notes/1#u\",\"type\":\"Update\",\"actor\":"
				   "\"" ERIN "\",\"object\":{\"id\":\"" ERIN
				   "/notes/1\",\"type\":\"Note\",\"attributedTo\":\"" ERIN
				   "\",\"content\":\"forged\",\"updated\":\"2026-11-20T10:00:00Z\","
				   "\"to\":\"" AP_PUBLIC "\"},\"signature\":{\"type\":\"x\"}}");
	kit_follow(scene->kit, scene->kit->alice.id, scene->carol.id, FOLLOW_ACCEPTED,
		   ALICE "#follows/1");
	begin(scene);
	/* of what is not known there is nothing to edit */
	assert_int_equal(kit_post_inbox(scene->kit, &scene->carol, json).status, 401);
	erin_writes(scene, ERIN, "first", "");
	assert_int_equal(kit_resolve(scene->kit, 'o', ERIN "/notes/1").rc, RC_OK);
	erin_writes(scene, ERIN, "second", ",\"updated\":\"2026-11-20T10:00:00Z\"");
	take(scene, json);
	kit_drain(scene->q, 0);
	assert_true(kit_status(scene->kit, ERIN "/notes/1", &status));
	assert_str_eq(status.content.markup, STR("second"));
	/* nobody else's becomes of it, and nothing older */
	erin_writes(scene, "https://other.example/users/mallory", "third",
		    ",\"updated\":\"2026-11-20T11:00:00Z\"");
	take(scene, json);
	kit_drain(scene->q, 0);
	erin_writes(scene, ERIN, "fourth", ",\"updated\":\"2026-11-20T09:00:00Z\"");
	take(scene, json);
	kit_drain(scene->q, 0);
	assert_true(kit_status(scene->kit, ERIN "/notes/1", &status));
	assert_str_eq(status.content.markup, STR("second"));
	assert_int_equal(kit_rows(scene->kit, &queue_table_job), 0);
}

static void s006_a_deletion_that_is_passed_on_is_looked_after_at_its_origin(void **state)
{
	struct kit_scene *scene = *state;
	struct status status;
	struct str note = kit_json(scene->kit, "{\"id\":\"" ERIN "/notes/1\",\"type\":\"Note\","
					       "\"attributedTo\":\"" ERIN "\",\"content\":\"x\","
					       "\"to\":\"" AP_PUBLIC "\"}");
	struct str json = kit_json(scene->kit, "{\"id\":\"" ERIN "/notes/1#d\",\"type\":\"Delete\","
					       "\"actor\":\"" ERIN "\",\"object\":\"" ERIN
					       "/notes/1\",\"signature\":{\"type\":\"x\"}}");
	kit_follow(scene->kit, scene->kit->alice.id, scene->carol.id, FOLLOW_ACCEPTED,
		   ALICE "#follows/1");
	test_fetch_answer(scene->kit->net, ERIN "/notes/1", 200, ACTIVITY_JSON, note);
	assert_int_equal(kit_resolve(scene->kit, 'o', ERIN "/notes/1").rc, RC_OK);
	begin(scene);
	take(scene, json);
	kit_drain(scene->q, 0);
	assert_true(kit_status(scene->kit, ERIN "/notes/1", &status));
	test_fetch_answer(scene->kit->net, ERIN "/notes/1", 410, ACTIVITY_JSON, STR("{}"));
	take(scene, json);
	kit_drain(scene->q, 0);
	assert_false(kit_status(scene->kit, ERIN "/notes/1", &status));
}

static void s006_that_a_private_post_is_not_shown_to_us_deletes_nothing(void **state)
{
	struct kit_scene *scene = *state;
	struct status status;
	struct str json = kit_json(scene->kit, "{\"id\":\"" ERIN "/notes/1#d\",\"type\":\"Delete\","
					       "\"actor\":\"" ERIN "\",\"object\":\"" ERIN
					       "/notes/1\",\"signature\":{\"type\":\"x\"}}");
	kit_follow(scene->kit, scene->kit->alice.id, scene->carol.id, FOLLOW_ACCEPTED,
		   ALICE "#follows/1");
	test_fetch_answer(scene->kit->net, ERIN "/notes/1", 200, ACTIVITY_JSON,
			  STR("{\"id\":\"" ERIN "/notes/1\",\"type\":\"Note\",\"attributedTo\":"
			      "\"" ERIN "\",\"content\":\"x\",\"to\":\"" ERIN "/followers\"}"));
	assert_int_equal(kit_resolve(scene->kit, 'o', ERIN "/notes/1").rc, RC_OK);
	begin(scene);
	test_fetch_answer(scene->kit->net, ERIN "/notes/1", 404, ACTIVITY_JSON, STR("{}"));
	take(scene, json);
	kit_drain(scene->q, 0);
	assert_true(kit_status(scene->kit, ERIN "/notes/1", &status));
	assert_false(visibility_is_open(status.visibility));
	test_fetch_answer(scene->kit->net, ERIN "/notes/1", 410, ACTIVITY_JSON, STR("{}"));
	take(scene, json);
	kit_drain(scene->q, 0);
	assert_false(kit_status(scene->kit, ERIN "/notes/1", &status));
}

static void s004_who_has_nothing_to_do_with_the_thread_passes_nothing_on(void **state)
{
	struct kit_scene *scene = *state;
	kit_follow(scene->kit, scene->kit->alice.id, scene->carol.id, FOLLOW_ACCEPTED,
		   ALICE "#follows/1");
	begin(scene);
	struct str json = frank_answers(scene, ERIN "/notes/9", "");
	assert_int_equal(kit_post_inbox(scene->kit, &scene->carol, json).status, 401);
	/* nor does anybody whom nobody here follows cause a fetch */
	json = frank_answers(scene, ERIN "/notes/9", ",\"proof\":{\"type\":\"x\"}");
	size_t before = test_fetch_count(scene->kit->net);
	assert_int_equal(kit_post_inbox(scene->kit, &scene->dave, json).status, 202);
	kit_drain(scene->q, 0);
	assert_int_equal(test_fetch_count(scene->kit->net), before);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, scene_begin, kit_scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(an_answer_goes_to_the_followers_unchanged_and_once),
		CASE(an_answer_to_an_answer_is_one_of_the_thread),
		CASE(s067_nothing_private_and_nothing_unasked_leaves),
		CASE(an_author_who_left_has_nobody_to_tell),
		CASE(whom_the_author_blocks_does_not_reach_her_followers),
		CASE(s020_what_the_thread_s_host_passes_on_is_read_at_its_origin),
		CASE(s020_an_edit_that_is_passed_on_is_read_at_its_origin),
		CASE(s006_a_deletion_that_is_passed_on_is_looked_after_at_its_origin),
		CASE(s006_that_a_private_post_is_not_shown_to_us_deletes_nothing),
		CASE(s004_who_has_nothing_to_do_with_the_thread_passes_nothing_on),
	};
	return cmocka_run_group_tests_name("forward", tests, NULL, NULL);
}
