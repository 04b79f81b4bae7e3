/* What an inbox could not apply at once: fetched first, then applied, each lane's in its order. */
#include "fedqueue.h"

#include "store/graph.h"
#include "store/tables.h"
#include <stdio.h>

#define NOTE_1 ERIN "/notes/1"
#define NOTE_2 "https://third.example/users/frank/notes/2"
#define FRANK "https://third.example/users/frank"

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

static void answer_note(struct fedkit *kit, const char *id, const char *author)
{
	test_fetch_answer(kit->net, id, 200, ACTIVITY_JSON,
			  kit_json(kit,
				   "{\"id\":\"%s\",\"type\":\"Note\",\"attributedTo\":\"%s\","
				   "\"content\":\"hi\",\"to\":\"" AP_PUBLIC "\"}",
				   id, author));
}

static void post(struct kit_scene *scene, const char *id, const char *type, const char *object)
{
	struct str json = kit_activity(scene->kit, id, type, CAROL, object);
	assert_int_equal(kit_post_inbox(scene->kit, &scene->carol, json).status, 202);
}

static void what_is_boosted_is_fetched_and_then_boosted(void **state)
{
	struct kit_scene *scene = *state;
	kit_stranger(scene->kit, ERIN, 1);
	answer_note(scene->kit, NOTE_1, ERIN);
	post(scene, CAROL "#a1", "Announce", "\"" NOTE_1 "\"");
	kit_drain(scene->q, 0);
	assert_int_equal(kit_uri(scene->kit, NOTE_1).kind, URI_STATUS);
	assert_int_equal(kit_uri(scene->kit, CAROL "#a1").kind, URI_STATUS);
	assert_int_equal(kit_rows(scene->kit, &store_boost), 1);
	assert_int_equal(kit_rows(scene->kit, &queue_table_body), 0);
	assert_int_equal(kit_rows(scene->kit, &queue_table_dead), 0);
}

static void a_post_told_by_its_id_is_fetched(void **state)
{
	struct kit_scene *scene = *state;
	answer_note(scene->kit, CAROL "/notes/1", CAROL);
	post(scene, CAROL "#c1", "Create", "\"" CAROL "/notes/1\"");
	kit_drain(scene->q, 0);
	assert_int_equal(kit_uri(scene->kit, CAROL "/notes/1").kind, URI_STATUS);
}

static void s020_a_forwarded_post_is_what_its_origin_says(void **state)
{
	struct kit_scene *scene = *state;
	struct status status;
	kit_stranger(scene->kit, ERIN, 1);
	answer_note(scene->kit, NOTE_1, ERIN);
	struct str json = STR("{\"id\":\"" ERIN "#c\",\"type\":\"Create\",\"actor\":\"" ERIN
			      "\",\"signature\":{\"type\":\"RsaSignature2017\"},\"object\":{"
			      "\"id\":\"" NOTE_1 "\",\"type\":\"Note\",\"attributedTo\":\"" ERIN
			      "\",\"content\":\"forged\",\"to\":\"" AP_PUBLIC "\"}}");
	assert_int_equal(kit_post_inbox(scene->kit, &scene->carol, json).status, 202);
	kit_drain(scene->q, 0);
	assert_true(kit_status(scene->kit, NOTE_1, &status));
	assert_str_eq(status.content.markup, STR("hi"));
}

/* FEP-1b12: of what a group passes on a Create alone, as its origin tells the post (S-027), boosts
 * nothing. */
static void what_a_group_passes_on_is_read_at_its_origin(void **state)
{
	static const char *const types[] = { "Like", "Delete", "Update", "Create" };
	struct kit_scene *scene = *state;
	struct status status;
	char id[64], inner[400];
	kit_stranger(scene->kit, ERIN, 1);
	answer_note(scene->kit, NOTE_1, ERIN);
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		assert_int_equal(kit_uri(scene->kit, NOTE_1).kind, URI_NONE);
		snprintf(id, sizeof(id), CAROL "#a%zu", i);
		snprintf(inner, sizeof(inner),
			 "{\"id\":\"" ERIN "#%zu\",\"type\":\"%s\",\"actor\":\"" ERIN
			 "\",\"object\":{\"id\":\"" NOTE_1
			 "\",\"type\":\"Note\",\"content\":\"forged\"}}",
			 i, types[i]);
		post(scene, id, "Announce", inner);
		kit_drain(scene->q, 0);
	}
	assert_true(kit_status(scene->kit, NOTE_1, &status));
	assert_str_eq(status.content.markup, STR("hi"));
	assert_int_equal(kit_rows(scene->kit, &store_boost), 0);
}

static void what_cannot_be_had_has_no_effect_and_is_done_with(void **state)
{
	static const unsigned statuses[] = { 404, 410, 403, 400 };
	struct kit_scene *scene = *state;
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		struct str object = kit_json(scene->kit, "\"" ERIN "/notes/%u\"", statuses[i]);
		struct str url = str_n(object.ptr + 1, object.len - 2);
		test_fetch_answer(scene->kit->net, arena_str(scene->kit->arena, url).ptr,
				  statuses[i], "text/html", STR(""));
		post(scene, NULL, "Like", "\"" ALICE "/statuses/1\""); /* nothing to do with it */
		struct str json = kit_json(scene->kit,
					   "{\"id\":\"" CAROL "#a%u\",\"type\":\"Announce\","
					   "\"actor\":\"" CAROL "\",\"object\":%.*s}",
					   statuses[i], STR_ARG(object));
		assert_int_equal(kit_post_inbox(scene->kit, &scene->carol, json).status, 202);
	}
	kit_drain(scene->q, 0);
	assert_int_equal(kit_rows(scene->kit, &store_boost), 0);
	assert_int_equal(kit_rows(scene->kit, &queue_table_dead), 0);
}

/* Returns when url was asked for, and what came of it is written. */
static void asked(struct kit_scene *scene, const char *url)
{
	while (test_fetch_count_of(scene->kit->net, url) == 0)
		kit_settle(scene->q);
	kit_settle(scene->q);
}

static void s123_an_object_that_is_silent_keeps_no_other_waiting(void **state)
{
	struct kit_scene *scene = *state;
	kit_stranger(scene->kit, FRANK, 2);
	answer_note(scene->kit, NOTE_2, FRANK);
	test_fetch_fail(scene->kit->net, NOTE_1, RC_TIMEOUT);
	post(scene, CAROL "#a1", "Announce", "\"" NOTE_1 "\"");
	post(scene, CAROL "#a2", "Announce", "\"" NOTE_2 "\"");
	kit_drain(scene->q, 0);
	assert_int_equal(kit_uri(scene->kit, CAROL "#a2").kind, URI_STATUS);
	assert_int_equal(kit_uri(scene->kit, CAROL "#a1").kind, URI_NONE);
	/* and is had when it speaks again */
	asked(scene, NOTE_1);
	kit_stranger(scene->kit, ERIN, 1);
	answer_note(scene->kit, NOTE_1, ERIN);
	test_clock_advance(&scene->kit->clock, 5 * MS_PER_MINUTE);
	queue_wake(scene->kit->queue);
	kit_drain(scene->q, 0);
	assert_int_equal(kit_uri(scene->kit, CAROL "#a1").kind, URI_STATUS);
}

static void s125_what_was_taken_back_meanwhile_is_not_done(void **state)
{
	struct kit_scene *scene = *state;
	test_fetch_fail(scene->kit->net, NOTE_1, RC_TIMEOUT);
	post(scene, CAROL "#a1", "Announce", "\"" NOTE_1 "\"");
	struct str inner =
		kit_activity(scene->kit, CAROL "#a1", "Announce", CAROL, "\"" NOTE_1 "\"");
	post(scene, CAROL "#u1", "Undo", inner.ptr);
	asked(scene, NOTE_1);
	kit_stranger(scene->kit, ERIN, 1);
	answer_note(scene->kit, NOTE_1, ERIN);
	test_clock_advance(&scene->kit->clock, 5 * MS_PER_MINUTE);
	queue_wake(scene->kit->queue);
	kit_drain(scene->q, 0);
	assert_int_equal(kit_rows(scene->kit, &store_boost), 0);
}

static void an_actor_with_many_posts_is_removed_step_by_step(void **state)
{
	struct kit_scene *scene = *state;
	struct account account;
	for (unsigned i = 1; i <= 900; i++)
		assert_int_equal(kit_receive(scene->kit, &scene->carol,
					     kit_create(scene->kit, CAROL, i, "")),
				 RC_OK);
	post(scene, CAROL "#delete", "Delete", "\"" CAROL "\"");
	/* out of sight at once */
	assert_true(kit_account(scene->kit, scene->carol.id, &account));
	assert_true(account_is_gone(&account));
	kit_drain(scene->q, 0);
	assert_true(kit_account(scene->kit, scene->carol.id, &account));
	assert_true((account.flags & ACCOUNT_DELETED) != 0);
	assert_int_equal(kit_rows(scene->kit, &store_status), 0);
	assert_int_equal(kit_rows(scene->kit, &store_follow), 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, scene_begin, kit_scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_is_boosted_is_fetched_and_then_boosted),
		T(a_post_told_by_its_id_is_fetched),
		T(s020_a_forwarded_post_is_what_its_origin_says),
		T(what_a_group_passes_on_is_read_at_its_origin),
		T(what_cannot_be_had_has_no_effect_and_is_done_with),
		T(s123_an_object_that_is_silent_keeps_no_other_waiting),
		T(s125_what_was_taken_back_meanwhile_is_not_done),
		T(an_actor_with_many_posts_is_removed_step_by_step),
	};
	return cmocka_run_group_tests_name("inbox-job", tests, NULL, NULL);
}
