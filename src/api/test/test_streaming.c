/* Streams: who hears what, in which words. */
#include <stdio.h>

#include "social/announce.h"
#include "social/filter.h"
#include "social/live.h"
#include "social/mute.h"
#include "store/list.h"
#include "store/shelf.h"
#include "streamkit.h"

/* --- home --- */

static void a_post_comes_to_its_author_and_to_who_follows(void **state)
{
	struct scene *s = *state;
	struct listener alice CLEANUP(listener_close) = listen_events(s->kit, s->alice_token, USER);
	struct listener bob CLEANUP(listener_close) = listen_events(s->kit, s->bob_token, USER);
	struct listener eve CLEANUP(listener_close) = listen_events(s->kit, s->eve_token, USER);
	assert_int_equal(bob.status, 200);
	assert_true(str_contains(bob.head, STR("\r\nContent-Type: text/event-stream\r\n")));
	uint64_t id = scene_post(s, "status=hello&visibility=private");
	expect_told(s->kit, &alice, "update", id);
	struct told told = next_told(s->kit, &bob);
	assert_str_eq(told.event, STR("update"));
	assert_str_eq(jr_str(jr_get(told.json, "visibility")), STR("private"));
	assert_str_eq(jr_str(jr_get(jr_get(told.json, "account"), "acct")), STR("alice"));
	/* what eve hears next is her own */
	struct answer a = api_post(s->kit, s->eve_token, "/api/v1/statuses", "status=mine");
	expect_told(s->kit, &eve, "update", answer_id(&a));
}

static void an_edit_and_a_deletion_come_too(void **state)
{
	struct scene *s = *state;
	struct listener bob CLEANUP(listener_close) = listen_events(s->kit, s->bob_token, USER);
	uint64_t id = scene_post(s, "status=hello");
	expect_told(s->kit, &bob, "update", id);
	test_clock_advance(&s->kit->t.d.clock, 1000);
	struct answer a =
		api_ask(s->kit, "PUT", s->alice_token, scene_path(s, id, ""), "status=changed");
	assert_int_equal(a.status, 200);
	struct told told = next_told(s->kit, &bob);
	assert_str_eq(told.event, STR("status.update"));
	assert_true(str_contains(jr_str(jr_get(told.json, "content")), STR("changed")));
	a = api_ask(s->kit, "DELETE", s->alice_token, scene_path(s, id, ""), NULL);
	assert_int_equal(a.status, 200);
	expect_told(s->kit, &bob, "delete", id);
}

static void a_boost_comes_with_what_it_boosts(void **state)
{
	struct scene *s = *state;
	struct status other =
		test_store_post(&s->kit->t, &s->carol, VISIBILITY_PUBLIC, "far away", NULL);
	struct listener bob CLEANUP(listener_close) = listen_events(s->kit, s->bob_token, USER);
	struct answer a = api_post(s->kit, s->alice_token, scene_path(s, other.id, "/reblog"), "");
	assert_int_equal(a.status, 200);
	struct told told = next_told(s->kit, &bob);
	assert_str_eq(told.event, STR("update"));
	assert_str_eq(jr_str(jr_get(jr_get(jr_get(told.json, "reblog"), "account"), "acct")),
		      STR("carol@c.example"));
	a = api_post(s->kit, s->alice_token, scene_path(s, other.id, "/unreblog"), "");
	assert_int_equal(a.status, 200);
	assert_str_eq(next_told(s->kit, &bob).event, STR("delete"));
}

static void answers_to_strangers_do_not_come_home(void **state)
{
	struct scene *s = *state;
	struct status far =
		test_store_post(&s->kit->t, &s->carol, VISIBILITY_PUBLIC, "far away", NULL);
	struct listener bob CLEANUP(listener_close) = listen_events(s->kit, s->bob_token, USER);
	test_store_reply(&s->kit->t, &s->alice, &far, "to carol");
	struct status own = test_store_post(&s->kit->t, &s->alice, VISIBILITY_PUBLIC, "mine", NULL);
	struct status more = test_store_reply(&s->kit->t, &s->alice, &own, "to myself");
	expect_told(s->kit, &bob, "update", own.id);
	expect_told(s->kit, &bob, "update", more.id);
}

struct story {
	struct status status;
	bool old;
};

static enum rc job_tell(struct social *s, void *arg)
{
	const struct story *story = arg;
	live_tell_status(s->txn, LIVE_STATUS_ADDED, &story->status, story->old);
	return RC_OK;
}

static void what_is_old_is_no_news(void **state)
{
	struct scene *s = *state;
	struct listener bob CLEANUP(listener_close) = listen_events(s->kit, s->bob_token, USER);
	struct story story = { test_store_post(&s->kit->t, &s->alice, VISIBILITY_PUBLIC, "x", NULL),
			       true };
	expect_told(s->kit, &bob, "update", story.status.id);
	/* it was crawled; it is new; it came late */
	test_store_write(&s->kit->t, job_tell, &story);
	story.old = false;
	test_store_write(&s->kit->t, job_tell, &story);
	expect_told(s->kit, &bob, "update", story.status.id);
	test_clock_advance(&s->kit->t.d.clock, 7 * MS_PER_HOUR);
	test_store_write(&s->kit->t, job_tell, &story);
	expect_told(s->kit, &bob, "update", scene_post(s, "status=now"));
}

static enum rc job_mute(struct social *s, void *arg)
{
	const struct account *const *pair = arg;
	return act_mute(s, pair[0], pair[1], false, 0);
}

static enum rc job_unmute(struct social *s, void *arg)
{
	const struct account *const *pair = arg;
	return act_unmute(s, pair[0], pair[1]);
}

static void who_is_muted_does_not_come(void **state)
{
	struct scene *s = *state;
	const struct account *pair[] = { &s->bob, &s->alice };
	struct listener bob CLEANUP(listener_close) = listen_events(s->kit, s->bob_token, USER);
	struct listener all CLEANUP(listener_close) =
		listen_events(s->kit, s->bob_token, "/api/v1/streaming/public");
	test_store_write(&s->kit->t, job_mute, pair);
	scene_post(s, "status=unheard");
	test_store_write(&s->kit->t, job_unmute, pair);
	uint64_t id = scene_post(s, "status=heard");
	expect_told(s->kit, &bob, "update", id);
	expect_told(s->kit, &all, "update", id);
}

static enum rc job_follow_tag(struct social *s, void *arg)
{
	struct shelved tag = { .text = STR("cats") };
	return shelf_put(s->txn, SHELF_TAGS, ((const struct account *)arg)->id, &tag);
}

static void a_followed_hashtag_comes_home(void **state)
{
	struct scene *s = *state;
	struct listener eve CLEANUP(listener_close) = listen_events(s->kit, s->eve_token, USER);
	test_store_write(&s->kit->t, job_follow_tag, &s->eve);
	scene_post(s, "status=about+dogs");
	scene_post(s, "status=quietly+about+%23cats&visibility=unlisted");
	expect_told(s->kit, &eve, "update", scene_post(s, "status=about+%23Cats"));
}

static void s071_of_a_letter_that_is_deleted_only_its_readers_hear(void **state)
{
	struct scene *s = *state;
	struct listener bob CLEANUP(listener_close) = listen_events(s->kit, s->bob_token, USER);
	struct listener eve CLEANUP(listener_close) = listen_events(s->kit, s->eve_token, USER);
	uint64_t letter = scene_post(s, "status=%40eve+psst&visibility=direct");
	struct answer a =
		api_ask(s->kit, "DELETE", s->alice_token, scene_path(s, letter, ""), NULL);
	assert_int_equal(a.status, 200);
	expect_told(s->kit, &eve, "delete", letter);
	expect_told(s->kit, &bob, "update", scene_post(s, "status=hello"));
}

/* --- what one person is told --- */

static void a_notification_comes_to_both_streams_that_have_them(void **state)
{
	struct scene *s = *state;
	struct str no_scope = apikit_sign_in(s->kit, &s->alice, "read:statuses");
	struct listener user CLEANUP(listener_close) = listen_events(s->kit, s->alice_token, USER);
	struct listener only CLEANUP(listener_close) =
		listen_events(s->kit, s->alice_token, "/api/v1/streaming/user/notification");
	struct listener less CLEANUP(listener_close) = listen_events(s->kit, no_scope, USER);
	uint64_t id = scene_post(s, "status=hello");
	struct answer a = api_post(s->kit, s->bob_token, scene_path(s, id, "/favourite"), "");
	assert_int_equal(a.status, 200);
	expect_told(s->kit, &user, "update", id);
	struct told at_user = next_told(s->kit, &user), at_only = next_told(s->kit, &only);
	assert_str_eq(at_user.event, STR("notification"));
	assert_str_eq(at_only.event, STR("notification"));
	assert_str_eq(jr_str(jr_get(at_only.json, "type")), STR("favourite"));
	assert_str_eq(jr_str(jr_get(jr_get(at_only.json, "account"), "acct")), STR("bob"));
	assert_str_eq(jr_str(jr_get(jr_get(at_only.json, "status"), "id")),
		      arena_printf(s->kit->t.d.arena, "%llu", (unsigned long long)id));
	assert_str_eq(at_user.payload, at_only.payload);
	/* whose token cannot read notifications hears of none */
	uint64_t next = scene_post(s, "status=again");
	expect_told(s->kit, &less, "update", id);
	expect_told(s->kit, &less, "update", next);
}

static void a_letter_comes_as_a_conversation_to_all_who_take_part(void **state)
{
	struct scene *s = *state;
	struct listener alice CLEANUP(listener_close) =
		listen_events(s->kit, s->alice_token, "/api/v1/streaming/direct");
	struct listener bob CLEANUP(listener_close) =
		listen_events(s->kit, s->bob_token, "/api/v1/streaming/direct");
	struct listener eve CLEANUP(listener_close) =
		listen_events(s->kit, s->eve_token, "/api/v1/streaming/direct");
	uint64_t first = scene_post(s, "status=%40bob+psst&visibility=direct");
	uint64_t second = scene_post(s, "status=%40eve+psst&visibility=direct");
	const struct {
		struct listener *l;
		uint64_t letter;
	} heard[] = { { &bob, first }, { &alice, first }, { &alice, second }, { &eve, second } };
	for (size_t i = 0; i < ARRAY_LEN(heard); i++) {
		struct told told = next_told(s->kit, heard[i].l);
		uint64_t id = 0;
		assert_str_eq(told.event, STR("conversation"));
		assert_true(
			str_to_u64(jr_str(jr_get(jr_get(told.json, "last_status"), "id")), &id));
		assert_int_equal(id, heard[i].letter);
	}
}

/* --- lists --- */

struct listing {
	struct list list;
	uint64_t member;
};

static enum rc job_list(struct social *s, void *arg)
{
	struct listing *l = arg;
	struct shelved member = { .id = l->member };
	enum rc rc = list_add(s->txn, &l->list);
	return rc == RC_OK ? shelf_put(s->txn, SHELF_LISTED, l->list.id, &member) : rc;
}

static void a_list_has_the_posts_of_its_members_for_its_owner(void **state)
{
	struct scene *s = *state;
	char path[100], said[100];
	struct listing l = { .list = { .owner = s->bob.id,
				       .replies = REPLIES_TO_NOBODY,
				       .exclusive = true,
				       .title = STR("List") },
			     .member = s->alice.id };
	test_store_write(&s->kit->t, job_list, &l);
	snprintf(path, sizeof(path), "/api/v1/streaming?stream=list&list=%llu",
		 (unsigned long long)l.list.id);
	snprintf(said, sizeof(said),
		 "{\"type\":\"subscribe\",\"stream\":\"list\",\"list\":\"%llu\"}",
		 (unsigned long long)l.list.id);
	struct listener bob CLEANUP(listener_close) = listen_socket(s->kit, s->bob_token, path, "");
	struct listener eve CLEANUP(listener_close) =
		listen_socket(s->kit, s->eve_token, "/api/v1/streaming?stream=public", "");
	struct listener home CLEANUP(listener_close) = listen_events(s->kit, s->bob_token, USER);
	subscribe(s->kit, &eve, said);
	struct status far = test_store_post(&s->kit->t, &s->carol, VISIBILITY_PUBLIC, "far", NULL);
	test_store_reply(&s->kit->t, &s->alice, &far, "an answer");
	uint64_t id = scene_post(s, "status=hello&visibility=private");
	struct told told = next_told(s->kit, &bob);
	assert_str_eq(told.event, STR("update"));
	assert_str_eq(told.stream,
		      arena_printf(s->kit->t.d.arena, "list %llu", (unsigned long long)l.list.id));
	uint64_t heard = 0;
	assert_true(str_to_u64(jr_str(jr_get(told.json, "id")), &heard));
	assert_int_equal(heard, id);
	/* the list of somebody else is none, and what an exclusive one has is not at home */
	struct answer a = api_post(s->kit, s->bob_token, "/api/v1/statuses", "status=marker");
	expect_told(s->kit, &eve, "update", far.id);
	expect_told(s->kit, &eve, "update", answer_id(&a));
	expect_told(s->kit, &home, "update", answer_id(&a));
	a = api_ask(s->kit, "DELETE", s->alice_token, scene_path(s, id, ""), NULL);
	assert_int_equal(a.status, 200);
	expect_told(s->kit, &bob, "delete", id);
}

/* --- everybody's timelines --- */

static const char *const streams[] = {
	"/api/v1/streaming/public",
	"/api/v1/streaming/public/local",
	"/api/v1/streaming/public/remote",
	"/api/v1/streaming/hashtag?tag=Cats",
	"/api/v1/streaming/hashtag/local?tag=cats",
	"/api/v1/streaming/public?only_media=true",
};

static void open_all(struct scene *s, struct str token, struct listener l[ARRAY_LEN(streams)])
{
	for (size_t i = 0; i < ARRAY_LEN(streams); i++) {
		l[i] = listen_events(s->kit, token, streams[i]);
		assert_int_equal(l[i].status, 200);
	}
}

static void close_all(struct listener l[ARRAY_LEN(streams)])
{
	for (size_t i = 0; i < ARRAY_LEN(streams); i++)
		listener_close(&l[i]);
}

static void streams_show_what_their_timelines_show(void **state)
{
	struct scene *s = *state;
	struct listener l[ARRAY_LEN(streams)];
	open_all(s, s->eve_token, l);
	scene_post(s, "status=quiet+%23cats&visibility=unlisted");
	scene_post(s, "status=private+%23cats&visibility=private");
	uint64_t tagged = scene_post(s, "status=about+%23CATS&visibility=public");
	struct status own = test_store_post(&s->kit->t, &s->alice, VISIBILITY_PUBLIC, "x", NULL);
	struct status far = test_store_post(&s->kit->t, &s->carol, VISIBILITY_PUBLIC, "y", NULL);
	expect_told(s->kit, &l[0], "update", tagged);
	expect_told(s->kit, &l[0], "update", own.id);
	expect_told(s->kit, &l[0], "update", far.id);
	expect_told(s->kit, &l[1], "update", tagged);
	expect_told(s->kit, &l[1], "update", own.id);
	expect_told(s->kit, &l[2], "update", far.id);
	expect_told(s->kit, &l[3], "update", tagged);
	expect_told(s->kit, &l[4], "update", tagged);
	struct answer a =
		api_ask(s->kit, "DELETE", s->alice_token, scene_path(s, tagged, ""), NULL);
	assert_int_equal(a.status, 200);
	/* the one with only media had nothing else */
	for (size_t i = 0; i < ARRAY_LEN(streams); i++)
		expect_told(s->kit, &l[i], "delete", tagged);
	close_all(l);
}

static enum rc job_block(struct social *s, void *arg)
{
	const struct account *const *pair = arg;
	return act_block(s, pair[0], pair[1], STR(""));
}

static void s066_blocks_hold_in_streams_both_ways(void **state)
{
	struct scene *s = *state;
	const struct account *by_author[] = { &s->alice, &s->eve };
	const struct account *by_reader[] = { &s->bob, &s->alice };
	test_store_write(&s->kit->t, job_block, by_author);
	test_store_write(&s->kit->t, job_block, by_reader);
	struct listener eve CLEANUP(listener_close) =
		listen_events(s->kit, s->eve_token, streams[0]);
	struct listener bob CLEANUP(listener_close) =
		listen_events(s->kit, s->bob_token, streams[0]);
	scene_post(s, "status=hello&visibility=public");
	struct status far = test_store_post(&s->kit->t, &s->carol, VISIBILITY_PUBLIC, "y", NULL);
	expect_told(s->kit, &eve, "update", far.id);
	expect_told(s->kit, &bob, "update", far.id);
}

/* --- filters --- */

static enum rc job_filters(struct social *s, void *arg)
{
	struct filter_keyword keyword = { .text = STR("spoilt") };
	struct filter filter = { .contexts = FILTER_CONTEXTS,
				 .title = STR("Spoilers"),
				 .keywords = &keyword,
				 .keyword_count = 1 };
	return act_filter_save(s, arg, &filter);
}

static void an_event_may_have_no_payload(void **state)
{
	struct scene *s = *state;
	struct listener socket CLEANUP(listener_close) =
		listen_socket(s->kit, s->bob_token, "/api/v1/streaming?stream=user", "");
	struct listener events CLEANUP(listener_close) = listen_events(s->kit, s->bob_token, USER);
	test_store_write(&s->kit->t, job_filters, &s->bob);
	struct told told = next_told(s->kit, &socket);
	assert_str_eq(told.event, STR("filters_changed"));
	assert_null(told.payload.ptr);
	told = next_told(s->kit, &events);
	assert_str_eq(told.event, STR("filters_changed"));
	assert_str_eq(told.payload, STR("undefined"));
}

static struct str title_of_filter(struct told told)
{
	return jr_str(jr_get(jr_get(jr_at(jr_get(told.json, "filtered"), 0), "filter"), "title"));
}

static void filters_hold_in_streams_for_those_who_have_them(void **state)
{
	struct scene *s = *state;
	struct listener home CLEANUP(listener_close) = listen_events(s->kit, s->bob_token, USER);
	struct listener bob CLEANUP(listener_close) =
		listen_events(s->kit, s->bob_token, streams[0]);
	struct listener eve CLEANUP(listener_close) =
		listen_events(s->kit, s->eve_token, streams[0]);
	test_store_write(&s->kit->t, job_filters, &s->bob);
	assert_str_eq(next_told(s->kit, &home).event, STR("filters_changed"));
	scene_post(s, "status=it+is+spoilt");
	assert_str_eq(title_of_filter(next_told(s->kit, &home)), STR("Spoilers"));
	assert_str_eq(title_of_filter(next_told(s->kit, &bob)), STR("Spoilers"));
	assert_null(title_of_filter(next_told(s->kit, &eve)).ptr);
}

/* --- announcements --- */

static enum rc job_announce(struct social *s, void *arg)
{
	struct announcement *a = arg;
	enum rc rc = announcement_compose(s->ctx, s->site, a);
	return rc == RC_OK ? act_announce(s, a) : rc;
}

struct reaction {
	const struct account *by;
	uint64_t announcement;
	bool back;
};

static enum rc job_react(struct social *s, void *arg)
{
	const struct reaction *r = arg;
	return r->back ? act_announcement_unreact(s, r->by, r->announcement,
						  STR("\xf0\x9f\x91\x8d"))
		       : act_announcement_react(s, r->by, r->announcement, STR("\xf0\x9f\x91\x8d"));
}

static enum rc job_unannounce(struct social *s, void *arg)
{
	return act_unannounce(s, *(const uint64_t *)arg);
}

static void announcements_come_with_what_people_think_of_them(void **state)
{
	struct scene *s = *state;
	struct announcement a = { .text = STR("The library is closed") };
	struct listener bob CLEANUP(listener_close) = listen_events(s->kit, s->bob_token, USER);
	test_store_write(&s->kit->t, job_announce, &a);
	expect_told(s->kit, &bob, "announcement", a.id);
	struct reaction r = { &s->eve, a.id, false };
	for (int64_t count = 1; count >= 0; count--, r.back = true) {
		int64_t told_count = -1;
		test_store_write(&s->kit->t, job_react, &r);
		struct told told = next_told(s->kit, &bob);
		assert_str_eq(told.event, STR("announcement.reaction"));
		assert_str_eq(jr_str(jr_get(told.json, "name")), STR("\xf0\x9f\x91\x8d"));
		assert_true(jr_i64(jr_get(told.json, "count"), &told_count));
		assert_int_equal(told_count, count);
	}
	test_store_write(&s->kit->t, job_unannounce, &a.id);
	expect_told(s->kit, &bob, "announcement.delete", a.id);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_begin, scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_post_comes_to_its_author_and_to_who_follows),
		TEST(an_edit_and_a_deletion_come_too),
		TEST(a_boost_comes_with_what_it_boosts),
		TEST(answers_to_strangers_do_not_come_home),
		TEST(what_is_old_is_no_news),
		TEST(who_is_muted_does_not_come),
		TEST(a_followed_hashtag_comes_home),
		TEST(s071_of_a_letter_that_is_deleted_only_its_readers_hear),
		TEST(a_notification_comes_to_both_streams_that_have_them),
		TEST(a_letter_comes_as_a_conversation_to_all_who_take_part),
		TEST(a_list_has_the_posts_of_its_members_for_its_owner),
		TEST(streams_show_what_their_timelines_show),
		TEST(s066_blocks_hold_in_streams_both_ways),
		TEST(an_event_may_have_no_payload),
		TEST(filters_hold_in_streams_for_those_who_have_them),
		TEST(announcements_come_with_what_people_think_of_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
