/* Streams: who hears what, in which words, and when they end. */
#include <stdio.h>
#include <stdlib.h>

#include "social/account.h"
#include "social/live.h"
#include "social/mute.h"
#include "store/list.h"
#include "store/shelf.h"
#include "streamkit.h"

#define USER "/api/v1/streaming/user"

struct scene {
	struct apikit *kit;
	struct account alice, bob, eve, carol; /* bob follows alice, eve nobody; carol is remote */
	struct str alice_token, bob_token, eve_token;
};

static int begin(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	s->kit = apikit_new();
	s->alice = test_store_local(&s->kit->t, "alice");
	s->bob = test_store_local(&s->kit->t, "bob");
	s->eve = test_store_local(&s->kit->t, "eve");
	s->carol = test_store_remote(&s->kit->t, "carol", "c.example");
	test_store_follow(&s->kit->t, &s->bob, &s->alice);
	s->alice_token = apikit_sign_in(s->kit, &s->alice, "read write");
	s->bob_token = apikit_sign_in(s->kit, &s->bob, "read write");
	s->eve_token = apikit_sign_in(s->kit, &s->eve, "read write");
	*state = s;
	return 0;
}

static int end(void **state)
{
	struct scene *s = *state;
	apikit_free(&s->kit);
	free(s);
	return 0;
}

/* A new post of alice. */
static uint64_t post(struct scene *s, const char *body)
{
	struct answer a = api_post(s->kit, s->alice_token, "/api/v1/statuses", body);
	assert_int_equal(a.status, 200);
	return answer_id(&a);
}

static const char *path_of(struct scene *s, uint64_t status, const char *act)
{
	return arena_cstr(s->kit->t.d.arena,
			  arena_printf(s->kit->t.d.arena, "/api/v1/statuses/%llu%s",
				       (unsigned long long)status, act));
}

/* --- home --- */

static void a_post_comes_to_its_author_and_to_who_follows(void **state)
{
	struct scene *s = *state;
	struct listener alice CLEANUP(listener_close) = listen_events(s->kit, s->alice_token, USER);
	struct listener bob CLEANUP(listener_close) = listen_events(s->kit, s->bob_token, USER);
	struct listener eve CLEANUP(listener_close) = listen_events(s->kit, s->eve_token, USER);
	assert_int_equal(bob.status, 200);
	assert_true(str_contains(bob.head, STR("\r\nContent-Type: text/event-stream\r\n")));
	uint64_t id = post(s, "status=hello&visibility=private");
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
	uint64_t id = post(s, "status=hello");
	expect_told(s->kit, &bob, "update", id);
	test_clock_advance(&s->kit->t.d.clock, 1000);
	struct answer a =
		api_ask(s->kit, "PUT", s->alice_token, path_of(s, id, ""), "status=changed");
	assert_int_equal(a.status, 200);
	struct told told = next_told(s->kit, &bob);
	assert_str_eq(told.event, STR("status.update"));
	assert_true(str_contains(jr_str(jr_get(told.json, "content")), STR("changed")));
	a = api_ask(s->kit, "DELETE", s->alice_token, path_of(s, id, ""), NULL);
	assert_int_equal(a.status, 200);
	expect_told(s->kit, &bob, "delete", id);
}

static void a_boost_comes_with_what_it_boosts(void **state)
{
	struct scene *s = *state;
	struct status other =
		test_store_post(&s->kit->t, &s->carol, VISIBILITY_PUBLIC, "far away", NULL);
	struct listener bob CLEANUP(listener_close) = listen_events(s->kit, s->bob_token, USER);
	struct answer a = api_post(s->kit, s->alice_token, path_of(s, other.id, "/reblog"), "");
	assert_int_equal(a.status, 200);
	struct told told = next_told(s->kit, &bob);
	assert_str_eq(told.event, STR("update"));
	assert_str_eq(jr_str(jr_get(jr_get(jr_get(told.json, "reblog"), "account"), "acct")),
		      STR("carol@c.example"));
	a = api_post(s->kit, s->alice_token, path_of(s, other.id, "/unreblog"), "");
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
	struct story first = { test_store_post(&s->kit->t, &s->alice, VISIBILITY_PUBLIC, "x", NULL),
			       true };
	struct story second = first;
	second.old = false;
	struct listener bob CLEANUP(listener_close) = listen_events(s->kit, s->bob_token, USER);
	/* it was crawled; it is new; it came late */
	test_store_write(&s->kit->t, job_tell, &first);
	test_store_write(&s->kit->t, job_tell, &second);
	expect_told(s->kit, &bob, "update", second.status.id);
	test_clock_advance(&s->kit->t.d.clock, 7 * MS_PER_HOUR);
	test_store_write(&s->kit->t, job_tell, &second);
	expect_told(s->kit, &bob, "update", post(s, "status=now"));
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
	post(s, "status=unheard");
	test_store_write(&s->kit->t, job_unmute, pair);
	uint64_t id = post(s, "status=heard");
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
	post(s, "status=about+dogs");
	post(s, "status=quietly+about+%23cats&visibility=unlisted");
	expect_told(s->kit, &eve, "update", post(s, "status=about+%23Cats"));
}

static void s071_of_a_letter_that_is_deleted_only_its_readers_hear(void **state)
{
	struct scene *s = *state;
	struct listener bob CLEANUP(listener_close) = listen_events(s->kit, s->bob_token, USER);
	struct listener eve CLEANUP(listener_close) = listen_events(s->kit, s->eve_token, USER);
	uint64_t letter = post(s, "status=%40eve+psst&visibility=direct");
	struct answer a = api_ask(s->kit, "DELETE", s->alice_token, path_of(s, letter, ""), NULL);
	assert_int_equal(a.status, 200);
	expect_told(s->kit, &eve, "delete", letter);
	expect_told(s->kit, &bob, "update", post(s, "status=hello"));
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
	uint64_t id = post(s, "status=hello&visibility=private");
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
	a = api_ask(s->kit, "DELETE", s->alice_token, path_of(s, id, ""), NULL);
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
	post(s, "status=quiet+%23cats&visibility=unlisted");
	post(s, "status=private+%23cats&visibility=private");
	uint64_t tagged = post(s, "status=about+%23CATS&visibility=public");
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
	struct answer a = api_ask(s->kit, "DELETE", s->alice_token, path_of(s, tagged, ""), NULL);
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
	post(s, "status=hello&visibility=public");
	struct status far = test_store_post(&s->kit->t, &s->carol, VISIBILITY_PUBLIC, "y", NULL);
	expect_told(s->kit, &eve, "update", far.id);
	expect_told(s->kit, &bob, "update", far.id);
}

/* --- who may listen --- */

static void a_stream_needs_a_persons_token_with_its_scope(void **state)
{
	struct scene *s = *state;
	struct str narrow = apikit_sign_in(s->kit, &s->bob, "read:accounts");
	struct str statuses = apikit_sign_in(s->kit, &s->bob, "read:statuses");
	const struct {
		struct str token;
		const char *path;
		unsigned status;
	} cases[] = {
		{ STR_NONE, USER, 401 },
		{ STR("wrong"), USER, 401 },
		{ apikit_sign_in(s->kit, NULL, "read"), USER, 422 },
		{ narrow, USER, 403 },
		{ statuses, USER, 200 },
		{ statuses, "/api/v1/streaming/user/notification", 403 },
		{ s->bob_token, "/api/v1/streaming/user/notification", 200 },
		{ s->bob_token, "/api/v1/streaming/direct", 200 },
		{ s->bob_token, "/api/v1/streaming/hashtag", 400 },
		{ s->bob_token, "/api/v1/streaming/list", 400 },
		{ s->bob_token, "/api/v1/streaming", 404 },
		{ s->bob_token, "/api/v1/streaming/nothing", 404 },
		{ STR_NONE, "/api/v1/streaming/health", 200 },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct listener l = listen_events(s->kit, cases[i].token, cases[i].path);
		if (l.status != cases[i].status)
			fail_msg("%s: %u", cases[i].path, l.status);
		listener_close(&l);
	}
}

static void a_token_may_stand_where_a_browser_can_put_it(void **state)
{
	struct scene *s = *state;
	char path[256], header[256];
	snprintf(path, sizeof(path), "/api/v1/streaming/?stream=user&access_token=%.*s",
		 STR_ARG(s->bob_token));
	struct listener query CLEANUP(listener_close) =
		listen_socket(s->kit, STR_NONE, path, "Origin: https://elsewhere.example\r\n");
	assert_int_equal(query.status, 101);
	snprintf(header, sizeof(header), "Sec-WebSocket-Protocol: %.*s\r\n", STR_ARG(s->bob_token));
	struct listener protocol CLEANUP(listener_close) =
		listen_socket(s->kit, STR_NONE, "/api/v1/streaming?stream=user", header);
	assert_int_equal(protocol.status, 101);
	assert_true(str_contains(protocol.head, str_trim(str_of(header))));
	uint64_t id = post(s, "status=hello");
	expect_told(s->kit, &query, "update", id);
	expect_told(s->kit, &protocol, "update", id);
	snprintf(path, sizeof(path), "/api/v1/statuses/%llu?access_token=%.*s",
		 (unsigned long long)id, STR_ARG(s->bob_token));
	/* it is one for streams only: this address answers without it */
	struct answer a = api_get(s->kit, STR_NONE, "%s", path);
	assert_int_equal(a.status, 200);
}

static enum rc job_revoke(struct social *s, void *arg)
{
	const struct scene *scene = arg;
	return oauth_revoke(s, scene->kit->app.client_id, scene->kit->app_secret, scene->bob_token);
}

static void s101_a_revoked_token_ends_its_streams_and_no_others(void **state)
{
	struct scene *s = *state;
	struct str other = apikit_sign_in(s->kit, &s->bob, "read");
	struct listener revoked CLEANUP(listener_close) =
		listen_socket(s->kit, s->bob_token, "/api/v1/streaming?stream=user", "");
	struct listener events CLEANUP(listener_close) = listen_events(s->kit, s->bob_token, USER);
	struct listener kept CLEANUP(listener_close) = listen_events(s->kit, other, USER);
	test_store_write(&s->kit->t, job_revoke, s);
	expect_ended(s->kit, &revoked);
	expect_ended(s->kit, &events);
	expect_told(s->kit, &kept, "update", post(s, "status=hello"));
}

static enum rc job_suspend(struct social *s, void *arg)
{
	return account_suspend(s, arg, true);
}

static void s101_a_suspended_person_hears_nothing_any_more(void **state)
{
	struct scene *s = *state;
	struct listener bob CLEANUP(listener_close) = listen_events(s->kit, s->bob_token, USER);
	test_store_write(&s->kit->t, job_suspend, &s->bob);
	expect_ended(s->kit, &bob);
}

/* --- WebSockets --- */

static void one_socket_has_many_streams(void **state)
{
	struct scene *s = *state;
	struct listener l CLEANUP(listener_close) =
		listen_socket(s->kit, s->bob_token, "/api/v1/streaming", "");
	assert_int_equal(l.status, 101);
	subscribe(s->kit, &l, "{\"type\":\"subscribe\",\"stream\":\"user\"}");
	subscribe(s->kit, &l, "{\"type\":\"subscribe\",\"stream\":\"hashtag\",\"tag\":\"Cats\"}");
	/* once more is no more */
	subscribe(s->kit, &l, "{\"type\":\"subscribe\",\"stream\":\"hashtag\",\"tag\":\"cats\"}");
	uint64_t id = post(s, "status=%23cats");
	struct told home = next_told(s->kit, &l), tag = next_told(s->kit, &l);
	assert_str_eq(home.stream, STR("user"));
	assert_str_eq(tag.stream, STR("hashtag Cats"));
	assert_str_eq(tag.event, STR("update"));
	assert_str_eq(jr_str(jr_get(home.json, "id")), jr_str(jr_get(tag.json, "id")));
	subscribe(s->kit, &l, "{\"type\":\"unsubscribe\",\"stream\":\"user\"}");
	subscribe(s->kit, &l, "{\"type\":\"unsubscribe\",\"stream\":\"public\"}");
	post(s, "status=nothing");
	uint64_t next = post(s, "status=%23cats+again");
	assert_true(next > id);
	struct told told = next_told(s->kit, &l);
	assert_str_eq(told.stream, STR("hashtag Cats"));
}

static void what_cannot_be_subscribed_to_is_answered(void **state)
{
	static const struct {
		const char *said, *error;
		int64_t status;
	} cases[] = {
		{ "{\"type\":\"subscribe\",\"stream\":\"nothing\"}", "Unknown stream type", 404 },
		{ "{\"type\":\"subscribe\",\"stream\":\"hashtag\"}", "Missing tag name parameter",
		  400 },
		{ "{\"type\":\"subscribe\",\"stream\":\"list\",\"list\":\"x\"}",
		  "Missing list name parameter", 400 },
		{ "{\"type\":\"subscribe\",\"stream\":\"user:notification\"}",
		  "Access token does not have the required scopes", 401 },
		{ "{\"type\":\"shout\"}", "Unknown message type", 400 },
		{ "[]", "Unknown message type", 400 },
		{ "{", "Malformed message", 400 },
	};
	struct scene *s = *state;
	struct str token = apikit_sign_in(s->kit, &s->bob, "read:statuses");
	struct listener l CLEANUP(listener_close) =
		listen_socket(s->kit, token, "/api/v1/streaming", "");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t status = 0;
		say(&l, cases[i].said);
		struct told told = next_told(s->kit, &l);
		assert_str_eq(jr_str(jr_get(told.whole, "error")), str_of(cases[i].error));
		assert_true(jr_i64(jr_get(told.whole, "status"), &status));
		assert_int_equal(status, cases[i].status);
	}
}

static enum rc job_filters(struct social *s, void *arg)
{
	live_tell(s->txn, LIVE_FILTERS, ((const struct account *)arg)->id, 0, 0);
	return RC_OK;
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

/* --- what one person is told --- */

static void a_notification_comes_to_both_streams_that_may_hear_of_it(void **state)
{
	struct scene *s = *state;
	uint64_t id = post(s, "status=hello");
	struct str narrow = apikit_sign_in(s->kit, &s->alice, "read:statuses");
	struct listener home CLEANUP(listener_close) = listen_events(s->kit, s->alice_token, USER);
	struct listener only CLEANUP(listener_close) =
		listen_events(s->kit, s->alice_token, USER "/notification");
	struct listener deaf CLEANUP(listener_close) = listen_events(s->kit, narrow, USER);
	struct answer a = api_post(s->kit, s->bob_token, path_of(s, id, "/favourite"), NULL);
	assert_int_equal(a.status, 200);
	struct listener *const hear[] = { &home, &only };
	for (size_t i = 0; i < ARRAY_LEN(hear); i++) {
		struct told told = next_told(s->kit, hear[i]);
		assert_str_eq(told.event, STR("notification"));
		assert_str_eq(jr_str(jr_get(told.json, "type")), STR("favourite"));
		assert_str_eq(jr_str(jr_get(jr_get(told.json, "account"), "acct")), STR("bob"));
	}
	uint64_t next = post(s, "status=next");
	expect_told(s->kit, &home, "update", next);
	expect_told(s->kit, &deaf, "update", next);
}

static void a_letter_comes_as_a_conversation(void **state)
{
	struct scene *s = *state;
	struct listener bob CLEANUP(listener_close) =
		listen_events(s->kit, s->bob_token, "/api/v1/streaming/direct");
	post(s, "status=%40eve+no&visibility=direct");
	post(s, "status=%40bob+psst&visibility=direct");
	struct told told = next_told(s->kit, &bob);
	assert_str_eq(told.event, STR("conversation"));
	assert_true(jr_bool(jr_get(told.json, "unread"), false));
	struct jr last = jr_get(told.json, "last_status");
	assert_true(str_contains(jr_str(jr_get(last, "content")), STR("psst")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

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
		TEST(a_list_has_the_posts_of_its_members_for_its_owner),
		TEST(streams_show_what_their_timelines_show),
		TEST(s066_blocks_hold_in_streams_both_ways),
		TEST(a_stream_needs_a_persons_token_with_its_scope),
		TEST(a_token_may_stand_where_a_browser_can_put_it),
		TEST(s101_a_revoked_token_ends_its_streams_and_no_others),
		TEST(s101_a_suspended_person_hears_nothing_any_more),
		TEST(one_socket_has_many_streams),
		TEST(what_cannot_be_subscribed_to_is_answered),
		TEST(an_event_may_have_no_payload),
		TEST(a_notification_comes_to_both_streams_that_may_hear_of_it),
		TEST(a_letter_comes_as_a_conversation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
