/* Streams: who may listen, how one asks to, and when it ends. */
#include <stdio.h>

#include "social/account.h"
#include "social/community.h"
#include "social/strike.h"
#include "streamkit.h"

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
	uint64_t id = scene_post(s, "status=hello");
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
	expect_told(s->kit, &kept, "update", scene_post(s, "status=hello"));
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

static enum rc job_disable(struct social *s, void *arg)
{
	const struct account *account = arg;
	const struct sentence sentence = { .what = MODERATE_DISABLE,
					   .text = STR(""),
					   .quiet = true };
	return moderate_account(s, NULL, account->id, &sentence, NULL);
}

static void s101_a_disabled_person_hears_nothing_any_more(void **state)
{
	struct scene *s = *state;
	struct listener bob CLEANUP(listener_close) = listen_events(s->kit, s->bob_token, USER);
	test_store_write(&s->kit->t, job_disable, &s->bob);
	expect_ended(s->kit, &bob);
	struct listener again CLEANUP(listener_close) = listen_events(s->kit, s->bob_token, USER);
	assert_int_equal(again.status, 403);
}

struct founding {
	const struct account *founder;
	struct account group;
};

static enum rc job_found(struct social *s, void *arg)
{
	struct founding *f = arg;
	const struct account_secrets none = { .key_count = 0 };
	const struct new_account account = { .username = STR("tea"),
					     .display_name = STR("Tea"),
					     .note = STR("") };
	struct community settings = { .sight = COMMUNITY_MEMBERS,
				      .given = COMMUNITY_GIVES_SIGHT,
				      .kind = STR("") };
	return community_create(s, f->founder, &account, &none, &settings, &f->group);
}

/* Two posts of alice: one for members of her community, which bob is and eve is not; then one for all. */
static void what_is_for_members_is_told_to_them_alone(void **state)
{
	struct scene *s = *state;
	struct founding f = { .founder = &s->alice };
	char form[64];
	test_store_write(&s->kit->t, job_found, &f);
	f.group = test_store_account(&s->kit->t, f.group.id);
	test_store_follow(&s->kit->t, &s->bob, &f.group);
	test_store_follow(&s->kit->t, &s->eve, &s->alice);
	struct listener bob CLEANUP(listener_close) = listen_events(s->kit, s->bob_token, USER);
	struct listener eve CLEANUP(listener_close) = listen_events(s->kit, s->eve_token, USER);
	struct listener all CLEANUP(listener_close) =
		listen_events(s->kit, s->eve_token, "/api/v1/streaming/public/local");
	snprintf(form, sizeof(form), "status=secret&group_id=%llu", (unsigned long long)f.group.id);
	uint64_t inside = scene_post(s, form), outside = scene_post(s, "status=hello");
	expect_told(s->kit, &bob, "update", inside);
	expect_told(s->kit, &bob, "update", outside);
	expect_told(s->kit, &eve, "update", outside);
	expect_told(s->kit, &all, "update", outside);
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
	uint64_t id = scene_post(s, "status=%23cats");
	struct told home = next_told(s->kit, &l), tag = next_told(s->kit, &l);
	assert_str_eq(home.stream, STR("user"));
	assert_str_eq(tag.stream, STR("hashtag Cats"));
	assert_str_eq(tag.event, STR("update"));
	assert_str_eq(jr_str(jr_get(home.json, "id")), jr_str(jr_get(tag.json, "id")));
	subscribe(s->kit, &l, "{\"type\":\"unsubscribe\",\"stream\":\"user\"}");
	subscribe(s->kit, &l, "{\"type\":\"unsubscribe\",\"stream\":\"public\"}");
	scene_post(s, "status=nothing");
	uint64_t next = scene_post(s, "status=%23cats+again");
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_begin, scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_stream_needs_a_persons_token_with_its_scope),
		TEST(a_token_may_stand_where_a_browser_can_put_it),
		TEST(s101_a_revoked_token_ends_its_streams_and_no_others),
		TEST(s101_a_suspended_person_hears_nothing_any_more),
		TEST(s101_a_disabled_person_hears_nothing_any_more),
		TEST(what_is_for_members_is_told_to_them_alone),
		TEST(one_socket_has_many_streams),
		TEST(what_cannot_be_subscribed_to_is_answered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
