/* Posting and reading over HTTP, as a client does it. */
#include <stdio.h>
#include <stdlib.h>

#include "scenekit.h"

static const char *path(struct scene *s, const char *fmt, uint64_t id)
{
	struct str text = arena_printf(s->kit->t.d.arena, "/api/v1/statuses/%llu%s",
				       (unsigned long long)id, fmt);
	return arena_cstr(s->kit->t.d.arena, text);
}

static void a_post_is_what_was_sent_whatever_the_encoding(void **state)
{
	static const char *const bodies[] = {
		"status=Hello+%23world&visibility=unlisted&language=en&spoiler_text=cw",
		"{\"status\":\"Hello #world\",\"visibility\":\"unlisted\",\"language\":\"en\","
		"\"spoiler_text\":\"cw\"}",
	};
	struct scene *s = *state;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		struct answer a = api_post(s->kit, s->alice_token, "/api/v1/statuses", bodies[i]);
		assert_int_equal(a.status, 200);
		assert_str_eq(answer_str(&a, "visibility"), STR("unlisted"));
		assert_str_eq(answer_str(&a, "language"), STR("en"));
		assert_str_eq(answer_str(&a, "spoiler_text"), STR("cw"));
		assert_true(jr_bool(answer_at(&a, "sensitive"), false));
		assert_str_eq(answer_str(&a, "tags.0.name"), STR("world"));
		assert_str_eq(answer_str(&a, "account.acct"), STR("alice"));
		assert_true(str_contains(answer_str(&a, "content"), STR("Hello")));
		struct answer again = api_get(s->kit, STR_NONE, "/api/v1/statuses/%llu",
					      (unsigned long long)answer_id(&a));
		assert_int_equal(again.status, 200);
		assert_str_eq(answer_str(&again, "uri"), answer_str(&a, "uri"));
	}
}

static void s071_what_one_may_not_see_is_not_there(void **state)
{
	struct scene *s = *state;
	struct answer a = api_post(s->kit, s->alice_token, "/api/v1/statuses",
				   "status=secret&visibility=direct");
	uint64_t id = answer_id(&a);
	static const char *const parts[] = { "", "/context", "/favourited_by", "/reblogged_by" };
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		struct answer hidden = api_get(s->kit, s->bob_token, "%s", path(s, parts[i], id));
		struct answer absent = api_get(s->kit, s->bob_token, "%s", path(s, parts[i], 17));
		assert_int_equal(hidden.status, 404);
		assert_int_equal(absent.status, 404);
		assert_str_eq(hidden.body, absent.body);
		assert_int_equal(
			api_get(s->kit, s->alice_token, "%s", path(s, parts[i], id)).status, 200);
	}
	static const char *const acts[] = { "/favourite", "/reblog", "/pin", "/unfavourite" };
	for (size_t i = 0; i < ARRAY_LEN(acts); i++)
		assert_int_equal(api_post(s->kit, s->bob_token, path(s, acts[i], id), NULL).status,
				 404);
}

static void liking_and_boosting_show_in_the_answer_and_can_be_undone(void **state)
{
	struct scene *s = *state;
	struct status post = test_store_post(&s->kit->t, &s->carol, VISIBILITY_PUBLIC, "hi", NULL);
	struct answer a = api_post(s->kit, s->alice_token, path(s, "/favourite", post.id), NULL);
	assert_int_equal(a.status, 200);
	assert_true(jr_bool(answer_at(&a, "favourited"), false));
	assert_int_equal(answer_num(&a, "favourites_count"), 1);
	/* twice is once */
	a = api_post(s->kit, s->alice_token, path(s, "/favourite", post.id), NULL);
	assert_int_equal(answer_num(&a, "favourites_count"), 1);
	struct answer by = api_get(s->kit, STR_NONE, "%s", path(s, "/favourited_by", post.id));
	assert_str_eq(answer_str(&by, "0.username"), STR("alice"));
	a = api_post(s->kit, s->alice_token, path(s, "/unfavourite", post.id), NULL);
	assert_false(jr_bool(answer_at(&a, "favourited"), true));
	a = api_post(s->kit, s->alice_token, path(s, "/reblog", post.id), NULL);
	assert_int_equal(a.status, 200);
	uint64_t boost = answer_id(&a);
	assert_true(boost != post.id);
	assert_str_eq(answer_str(&a, "reblog.account.acct"), STR("carol@c.example"));
	assert_true(jr_bool(answer_at(&a, "reblog.reblogged"), false));
	/* what is done to a boost is done to what it boosts */
	a = api_post(s->kit, s->bob_token, path(s, "/favourite", boost), NULL);
	assert_int_equal(answer_id(&a), post.id);
	a = api_post(s->kit, s->alice_token, path(s, "/unreblog", post.id), NULL);
	assert_int_equal(answer_id(&a), post.id);
	assert_int_equal(answer_num(&a, "reblogs_count"), 0);
}

static void only_its_author_edits_and_deletes(void **state)
{
	struct scene *s = *state;
	struct answer a =
		api_post(s->kit, s->alice_token, "/api/v1/statuses", "status=first+words");
	uint64_t id = answer_id(&a);
	assert_int_equal(
		api_ask(s->kit, "PUT", s->bob_token, path(s, "", id), "status=mine").status, 404);
	assert_int_equal(api_ask(s->kit, "DELETE", s->bob_token, path(s, "", id), NULL).status,
			 404);
	a = api_ask(s->kit, "PUT", s->alice_token, path(s, "", id), "status=other+words");
	assert_int_equal(a.status, 200);
	assert_true(str_contains(answer_str(&a, "content"), STR("other words")));
	assert_non_null(answer_str(&a, "edited_at").ptr);
	a = api_get(s->kit, s->alice_token, "%s", path(s, "/source", id));
	assert_str_eq(answer_str(&a, "text"), STR("other words"));
	assert_int_equal(api_get(s->kit, s->bob_token, "%s", path(s, "/source", id)).status, 404);
	a = api_ask(s->kit, "DELETE", s->alice_token, path(s, "", id), NULL);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "text"), STR("other words"));
	assert_int_equal(api_get(s->kit, s->alice_token, "%s", path(s, "", id)).status, 404);
}

static void what_a_post_was_can_be_looked_up(void **state)
{
	struct scene *s = *state;
	struct answer a = api_post(s->kit, s->alice_token, "/api/v1/statuses",
				   "status=red&poll[options][]=a&poll[options][]=b"
				   "&poll[expires_in]=3600&visibility=private");
	uint64_t id = answer_id(&a);
	a = api_get(s->kit, s->alice_token, "%s", path(s, "/history", id));
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_count(a.json), 1);
	/* what it was written with stands in it */
	a = api_get(s->kit, s->alice_token, "%s", path(s, "", id));
	assert_str_eq(answer_str(&a, "application.name"), s->kit->app.name);
	test_clock_advance(&s->kit->t.d.clock, 5000);
	a = api_ask(s->kit, "PUT", s->alice_token, path(s, "", id),
		    "status=green&spoiler_text=colours&poll[options][]=a&poll[options][]=c"
		    "&poll[expires_in]=3600");
	assert_int_equal(a.status, 200);
	a = api_get(s->kit, s->alice_token, "%s", path(s, "/history", id));
	assert_int_equal(jr_count(a.json), 2);
	assert_true(str_contains(answer_str(&a, "0.content"), STR("red")));
	assert_str_eq(answer_str(&a, "0.poll.options.1.title"), STR("b"));
	assert_str_eq(answer_str(&a, "0.spoiler_text"), STR(""));
	assert_str_eq(answer_str(&a, "0.account.username"), STR("alice"));
	assert_true(str_contains(answer_str(&a, "1.content"), STR("green")));
	assert_str_eq(answer_str(&a, "1.poll.options.1.title"), STR("c"));
	assert_str_eq(answer_str(&a, "1.spoiler_text"), STR("colours"));
	/* S-066: who may not see the post does not see what it was */
	assert_int_equal(api_get(s->kit, STR_NONE, "%s", path(s, "/history", id)).status, 404);
}

static void a_conversation_is_read_from_its_first_post_down(void **state)
{
	struct scene *s = *state;
	struct status first =
		test_store_post(&s->kit->t, &s->carol, VISIBILITY_PUBLIC, "first", NULL);
	struct status second = test_store_reply(&s->kit->t, &s->alice, &first, "second");
	struct status third = test_store_reply(&s->kit->t, &s->bob, &second, "third");
	struct status other = test_store_reply(&s->kit->t, &s->bob, &first, "other");
	struct answer a = api_get(s->kit, STR_NONE, "%s", path(s, "/context", second.id));
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_count(answer_at(&a, "ancestors")), 1);
	assert_int_equal(jr_count(answer_at(&a, "descendants")), 1);
	assert_str_eq(answer_str(&a, "ancestors.0.uri"), first.uri);
	assert_str_eq(answer_str(&a, "descendants.0.uri"), third.uri);
	assert_int_equal(s->kit->looked_at, second.id);
	a = api_get(s->kit, STR_NONE, "%s", path(s, "/context", first.id));
	assert_str_eq(answer_str(&a, "descendants.0.uri"), second.uri);
	assert_str_eq(answer_str(&a, "descendants.1.uri"), third.uri);
	assert_str_eq(answer_str(&a, "descendants.2.uri"), other.uri);
}

static void is_refused(struct scene *s, struct str token, const char *votes, const char *body,
		       const char *why)
{
	struct answer a = api_post(s->kit, token, votes, body);
	assert_int_equal(a.status, 422);
	assert_str_eq(answer_str(&a, "error"),
		      arena_printf(s->kit->t.d.arena, "Validation failed: %s", why));
}

static void a_poll_is_asked_and_voted_in(void **state)
{
	struct scene *s = *state;
	struct answer a =
		api_post(s->kit, s->alice_token, "/api/v1/statuses",
			 "{\"status\":\"which?\",\"poll\":{\"options\":[\"a\",\"b\",\"c\"],"
			 "\"expires_in\":3600,\"multiple\":true}}");
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_count(answer_at(&a, "poll.options")), 3);
	char poll[100], votes[120];
	snprintf(poll, sizeof(poll), "/api/v1/polls/%.*s", STR_ARG(answer_str(&a, "poll.id")));
	snprintf(votes, sizeof(votes), "%s/votes", poll);
	a = api_post(s->kit, s->bob_token, votes, "choices[]=0&choices[]=2");
	assert_int_equal(a.status, 200);
	assert_int_equal(answer_num(&a, "votes_count"), 2);
	assert_int_equal(answer_num(&a, "voters_count"), 1);
	assert_int_equal(answer_num(&a, "own_votes.1"), 2);
	a = api_get(s->kit, STR_NONE, "%s", poll);
	assert_int_equal(answer_num(&a, "options.2.votes_count"), 1);
	assert_int_equal(jr_type(answer_at(&a, "own_votes")), JR_ABSENT);
	is_refused(s, s->bob_token, votes, "choices[]=1", "You have already voted on this poll");
	is_refused(s, s->alice_token, votes, "choices[]=1", "You cannot vote in your own polls");
	is_refused(s, s->bob_token, votes, "choices[]=7", "The chosen vote option does not exist");
	is_refused(s, s->bob_token, votes, "", "choices is invalid");
	test_clock_advance(&s->kit->t.d.clock, 3600 * 1000);
	is_refused(s, s->bob_token, votes, "choices[]=1", "The poll has already ended");
}

static void a_quote_shows_what_it_quotes_and_can_be_revoked(void **state)
{
	struct scene *s = *state;
	char body[200];
	struct answer a = api_post(s->kit, s->alice_token, "/api/v1/statuses", "status=quotable");
	uint64_t quoted = answer_id(&a);
	assert_str_eq(answer_str(&a, "quote_approval.automatic.0"), STR("public"));
	snprintf(body, sizeof(body), "status=see&quoted_status_id=%llu",
		 (unsigned long long)quoted);
	a = api_post(s->kit, s->bob_token, "/api/v1/statuses", body);
	assert_int_equal(a.status, 200);
	uint64_t quoting = answer_id(&a);
	assert_str_eq(answer_str(&a, "quote.state"), STR("accepted"));
	assert_str_eq(answer_str(&a, "quote.quoted_status.account.acct"), STR("alice"));
	a = api_get(s->kit, s->alice_token, "%s", path(s, "/quotes", quoted));
	assert_int_equal(jr_count(a.json), 1);
	char revoke[200];
	snprintf(revoke, sizeof(revoke), "/api/v1/statuses/%llu/quotes/%llu/revoke",
		 (unsigned long long)quoted, (unsigned long long)quoting);
	assert_int_equal(api_post(s->kit, s->bob_token, revoke, NULL).status, 404);
	a = api_post(s->kit, s->alice_token, revoke, NULL);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "quote.state"), STR("revoked"));
	assert_int_equal(jr_type(answer_at(&a, "quote.quoted_status")), JR_NULL);
	a = api_ask(s->kit, "PUT", s->alice_token, path(s, "/interaction_policy", quoted),
		    "quote_approval_policy=nobody");
	assert_int_equal(a.status, 200);
	a = api_get(s->kit, s->bob_token, "%s", path(s, "", quoted));
	assert_str_eq(answer_str(&a, "quote_approval.current_user"), STR("denied"));
	assert_int_equal(jr_type(answer_at(&a, "edited_at")), JR_NULL);
}

static void bad_parameters_are_refused_and_nothing_is_written(void **state)
{
	static const struct row {
		const char *body;
		unsigned status;
	} rows[] = {
		{ "status=", 422 },
		{ "", 422 },
		{ "status=x&visibility=everybody", 422 },
		{ "status=x&in_reply_to_id=abc", 422 },
		{ "status=x&in_reply_to_id=99999999999999999999999", 422 },
		{ "status=x&in_reply_to_id=17", 404 },
		{ "status=x&quoted_status_id=17", 404 },
		{ "status=x&sensitive=perhaps", 422 },
		{ "status=%ff", 400 },
		{ "status=%zz", 400 },
		{ "{\"status\":\"x\"", 400 },
		{ "{\"status\":\"x\",\"status\":\"y\"}", 400 },
		{ "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":1}}}}}}", 400 },
		{ "status=x&poll[options][]=only", 422 },
		{ "status=x&poll[options][]=a&poll[options][]=b&poll[expires_in]=1", 422 },
		{ "status=x&language=an+impossibly+long+name+of+a+language", 422 },
	};
	struct scene *s = *state;
	uint64_t before = test_store_rows(&s->kit->t, &store_status);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct answer a =
			api_post(s->kit, s->alice_token, "/api/v1/statuses", rows[i].body);
		if (a.status != rows[i].status)
			fail_msg("%s: %u", rows[i].body, a.status);
		assert_non_null(answer_str(&a, "error").ptr);
	}
	assert_int_equal(test_store_rows(&s->kit->t, &store_status), before);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, scene_begin, scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_post_is_what_was_sent_whatever_the_encoding),
		CASE(s071_what_one_may_not_see_is_not_there),
		CASE(liking_and_boosting_show_in_the_answer_and_can_be_undone),
		CASE(only_its_author_edits_and_deletes),
		CASE(what_a_post_was_can_be_looked_up),
		CASE(a_conversation_is_read_from_its_first_post_down),
		CASE(a_poll_is_asked_and_voted_in),
		CASE(a_quote_shows_what_it_quotes_and_can_be_revoked),
		CASE(bad_parameters_are_refused_and_nothing_is_written),
	};
	return cmocka_run_group_tests_name("statuses", tests, NULL, NULL);
}
