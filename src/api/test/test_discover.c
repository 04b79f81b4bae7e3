/* Searching, trends, suggestions, the directory, reports and what the node says of itself, over HTTP. */
#include <stdio.h>
#include <stdlib.h>

#include "../api_int.h"
#include "../presence_int.h"
#include "apikit.h"
#include "social/moderate.h"
#include "social/search.h"
#include "social/trends.h"
#include "store/node.h"
#include "store/usage.h"

/* What another host would have answered. */
struct far {
	struct scene *scene;
	bool finds;
	unsigned asked;
	char what[200];
};

struct scene {
	struct apikit *kit;
	struct account alice, bob, carol;
	struct str token;
	struct far far;
};

static enum rc make_public(struct social *s, void *arg)
{
	struct account *a = arg;
	a->flags |= ACCOUNT_INDEXABLE | ACCOUNT_DISCOVERABLE;
	return account_put(s->txn, s->ctx->arena, a) ? RC_OK : RC_EXISTS;
}

static void take_up(struct scene *s)
{
	while (search_take_up(s->kit->t.d.db) == RC_BUSY)
		;
	while (trends_take_up(s->kit->t.d.db) == RC_BUSY)
		;
}

/* --- the other host --- */

static uint64_t far_account(struct far *far)
{
	return far->finds ? test_store_remote(&far->scene->kit->t, "zoe", "z.example").id : 0;
}

static void far_handle(void *arg, struct str user, struct str host, search_done *done,
		       void *done_arg)
{
	struct far *far = arg;
	far->asked++;
	snprintf(far->what, sizeof(far->what), "%.*s@%.*s", STR_ARG(user), STR_ARG(host));
	uint64_t id = far_account(far);
	done(done_arg, id != 0 ? RC_OK : RC_NOT_FOUND, id);
}

static void far_address(void *arg, struct str uri, search_done *done, void *done_arg)
{
	struct far *far = arg;
	far->asked++;
	snprintf(far->what, sizeof(far->what), "%.*s", STR_ARG(uri));
	uint64_t id = far_account(far);
	done(done_arg, id != 0 ? RC_OK : RC_NOT_FOUND, id);
}

static int begin(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	s->kit = apikit_new();
	s->alice = test_store_local(&s->kit->t, "alice");
	s->bob = test_store_local(&s->kit->t, "bob");
	s->carol = test_store_remote(&s->kit->t, "carol", "c.example");
	test_store_write(&s->kit->t, make_public, &s->alice);
	test_store_write(&s->kit->t, make_public, &s->bob);
	test_store_write(&s->kit->t, make_public, &s->carol);
	s->token = apikit_sign_in(s->kit, &s->alice, "read write");
	s->far = (struct far){ .scene = s };
	s->kit->api->parts.search = (struct search_port){ .handle = far_handle,
							  .address = far_address,
							  .arg = &s->far };
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

/* --- searching --- */

static void a_search_finds_people_posts_and_hashtags(void **state)
{
	struct scene *s = *state;
	struct answer post = api_post(s->kit, s->token, "/api/v1/statuses",
				      "status=Carols+and+%23carolsinging+in+winter");
	assert_int_equal(post.status, 200);
	take_up(s);
	struct answer a = api_get(s->kit, s->token, "/api/v2/search?q=carol");
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_count(answer_at(&a, "accounts")), 1);
	assert_str_eq(answer_str(&a, "accounts.0.acct"), STR("carol@c.example"));
	assert_int_equal(jr_count(answer_at(&a, "hashtags")), 1);
	assert_str_eq(answer_str(&a, "hashtags.0.name"), STR("carolsinging"));
	assert_str_eq(answer_str(&a, "hashtags.0.url"),
		      STR("https://social.example.org/tags/carolsinging"));
	assert_int_equal(jr_count(answer_at(&a, "hashtags.0.history")), TREND_HISTORY_DAYS);
	assert_str_eq(answer_str(&a, "hashtags.0.history.0.uses"), STR("1"));
	assert_int_equal(jr_count(answer_at(&a, "statuses")), 0);
	a = api_get(s->kit, s->token, "/api/v2/search?q=winter+from%%3Ame&type=statuses");
	assert_int_equal(jr_count(answer_at(&a, "statuses")), 1);
	assert_str_eq(answer_str(&a, "statuses.0.id"), answer_str(&post, "id"));
	assert_int_equal(jr_count(answer_at(&a, "accounts")), 0);
	a = api_get(s->kit, s->token, "/api/v1/search?q=carol");
	assert_str_eq(jr_str(answer_at(&a, "hashtags.0")), STR("carolsinging"));
	a = api_get(s->kit, s->token, "/api/v1/accounts/search?q=carol&limit=1");
	assert_int_equal(jr_count(a.json), 1);
	assert_str_eq(answer_str(&a, "0.username"), STR("carol"));
	assert_int_equal(s->far.asked, 0);
}

static void who_is_not_signed_in_finds_no_posts_and_asks_nobody(void **state)
{
	struct scene *s = *state;
	api_post(s->kit, s->token, "/api/v1/statuses", "status=bobsleigh");
	take_up(s);
	struct answer a = api_get(s->kit, STR_NONE, "/api/v2/search?q=bobsleigh");
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_count(answer_at(&a, "statuses")), 0);
	a = api_get(s->kit, STR_NONE, "/api/v2/search?q=bob");
	assert_int_equal(jr_count(answer_at(&a, "accounts")), 1);
	assert_int_equal(
		api_get(s->kit, STR_NONE, "/api/v2/search?q=@zoe@z.example&resolve=true").status,
		401);
	assert_int_equal(api_get(s->kit, STR_NONE, "/api/v2/search?q=bob&offset=1").status, 401);
	assert_int_equal(api_get(s->kit, STR_NONE, "/api/v1/search?q=bob").status, 401);
	assert_int_equal(api_get(s->kit, s->token, "/api/v2/search").status, 400);
	assert_int_equal(api_get(s->kit, s->token, "/api/v2/search?q=bob&type=tea").status, 422);
	assert_int_equal(s->far.asked, 0);
}

static void what_is_unknown_is_asked_for_at_its_host(void **state)
{
	struct scene *s = *state;
	s->far.finds = true;
	/* only on request */
	struct answer a = api_get(s->kit, s->token, "/api/v2/search?q=@zoe@z.example");
	assert_int_equal(jr_count(answer_at(&a, "accounts")), 0);
	assert_int_equal(s->far.asked, 0);
	a = api_get(s->kit, s->token,
		    "/api/v2/search?q=https%%3A%%2F%%2Fz.example%%2Fusers%%2Fzoe&resolve=true");
	assert_int_equal(a.status, 200);
	assert_int_equal(s->far.asked, 1);
	assert_string_equal(s->far.what, "https://z.example/users/zoe");
	assert_str_eq(answer_str(&a, "accounts.0.acct"), STR("zoe@z.example"));
	/* now it is known */
	a = api_get(s->kit, s->token, "/api/v1/accounts/search?q=@zoe@z.example&resolve=true");
	assert_int_equal(s->far.asked, 1);
	a = api_get(s->kit, s->token, "/api/v2/search?q=@alice@example.org&resolve=true");
	assert_int_equal(s->far.asked, 1);
	s->far.finds = false;
	a = api_get(s->kit, s->token, "/api/v2/search?q=@yan@y.example&resolve=true");
	assert_int_equal(a.status, 200);
	assert_int_equal(s->far.asked, 2);
	assert_string_equal(s->far.what, "yan@y.example");
	assert_int_equal(jr_count(answer_at(&a, "accounts")), 0);
}

static void the_address_of_a_page_finds_what_it_shows(void **state)
{
	struct scene *s = *state;
	s->far.finds = true;
	struct answer a =
		api_get(s->kit, s->token,
			"/api/v2/search?q=https%%3A%%2F%%2Fz.example%%2F@zoe&resolve=true");
	assert_int_equal(a.status, 200);
	assert_string_equal(s->far.what, "https://z.example/@zoe");
	assert_str_eq(answer_str(&a, "accounts.0.acct"), STR("zoe@z.example"));
}

static void an_address_of_somebody_elses_letter_finds_nothing(void **state)
{
	struct scene *s = *state;
	struct status letter =
		test_store_post(&s->kit->t, &s->bob, VISIBILITY_DIRECT, "psst", NULL);
	struct answer a = api_get(s->kit, s->token, "/api/v2/search?q=%.*s&resolve=true",
				  STR_ARG(letter.uri));
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_count(answer_at(&a, "statuses")), 0);
	struct str bobs = apikit_sign_in(s->kit, &s->bob, "read");
	a = api_get(s->kit, bobs, "/api/v2/search?q=%.*s", STR_ARG(letter.uri));
	assert_int_equal(jr_count(answer_at(&a, "statuses")), 1);
}

/* --- trends and people --- */

static enum rc receive_tagged(struct social *s, void *arg)
{
	struct account *author = arg;
	struct str tag = STR("cats");
	struct status made = {
		.uri = arena_join(s->ctx->arena, author->uri, STR("/tagged")),
		.type = STR("Note"),
		.content = html_trusted(
			STR("<p>meow <a href=\"https://news.example/cats?a=1\">news</a></p>")),
		.created_ms = db_txn_now(s->txn),
		.tags = &tag,
		.tag_count = 1
	};
	return act_receive_post(s, author, &made);
}

static void what_many_talk_about_trends(void **state)
{
	static const char *const names[] = { "u1", "u2", "u3" };
	struct scene *s = *state;
	struct status post = test_store_post(&s->kit->t, &s->bob, VISIBILITY_PUBLIC, "hot", NULL);
	char path[100];
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct account who = test_store_remote(&s->kit->t, names[i], "u.example");
		test_store_write(&s->kit->t, make_public, &who);
		test_store_write(&s->kit->t, receive_tagged, &who);
	}
	snprintf(path, sizeof(path), "/api/v1/statuses/%llu/reblog", (unsigned long long)post.id);
	assert_int_equal(api_post(s->kit, s->token, path, NULL).status, 200);
	snprintf(path, sizeof(path), "/api/v1/statuses/%llu/favourite",
		 (unsigned long long)post.id);
	assert_int_equal(api_post(s->kit, s->token, path, NULL).status, 200);
	take_up(s);
	struct answer a = api_get(s->kit, STR_NONE, "/api/v1/trends/tags?limit=1");
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_count(a.json), 1);
	assert_str_eq(answer_str(&a, "0.name"), STR("cats"));
	assert_str_eq(answer_str(&a, "0.history.0.accounts"), STR("3"));
	assert_true(str_contains(answer_header(&a, "Link"), STR("offset=1>; rel=\"next\"")));
	a = api_get(s->kit, STR_NONE, "/api/v1/trends/tags?limit=1&offset=1");
	assert_int_equal(jr_count(a.json), 0);
	a = api_get(s->kit, STR_NONE, "/api/v1/trends/links");
	assert_int_equal(jr_count(a.json), 1);
	assert_str_eq(answer_str(&a, "0.url"), STR("https://news.example/cats?a=1"));
	assert_str_eq(answer_str(&a, "0.provider_name"), STR("news.example"));
	a = api_get(s->kit, STR_NONE, "/api/v1/trends/statuses");
	assert_int_equal(jr_count(a.json), 1);
	assert_str_eq(answer_str(&a, "0.uri"), post.uri);
	assert_int_equal(api_get(s->kit, STR_NONE, "/api/v1/trends").status, 200);
}

static void people_are_suggested_listed_and_recognised(void **state)
{
	struct scene *s = *state;
	test_store_follow(&s->kit->t, &s->alice, &s->bob);
	test_store_follow(&s->kit->t, &s->bob, &s->carol);
	take_up(s);
	struct answer a = api_get(s->kit, s->token, "/api/v2/suggestions");
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_count(a.json), 1);
	assert_str_eq(answer_str(&a, "0.account.acct"), STR("carol@c.example"));
	assert_str_eq(jr_str(answer_at(&a, "0.sources.0")), STR("friends_of_friends"));
	a = api_get(s->kit, s->token, "/api/v1/suggestions");
	assert_str_eq(answer_str(&a, "0.username"), STR("carol"));
	a = api_get(s->kit, s->token, "/api/v1/accounts/familiar_followers?id[]=%llu",
		    (unsigned long long)s->carol.id);
	assert_int_equal(jr_count(a.json), 1);
	assert_str_eq(answer_str(&a, "0.accounts.0.username"), STR("bob"));
	char path[100];
	snprintf(path, sizeof(path), "/api/v1/suggestions/%llu", (unsigned long long)s->carol.id);
	assert_int_equal(api_ask(s->kit, "DELETE", s->token, path, NULL).status, 200);
	a = api_get(s->kit, s->token, "/api/v2/suggestions");
	assert_int_equal(jr_count(a.json), 0);
	a = api_get(s->kit, STR_NONE, "/api/v1/directory?order=new&local=true");
	assert_int_equal(jr_count(a.json), 2);
	assert_str_eq(answer_str(&a, "0.username"), STR("bob"));
	a = api_get(s->kit, STR_NONE, "/api/v1/directory?order=new");
	assert_int_equal(jr_count(a.json), 3);
}

/* --- reports --- */

static enum rc add_rule(struct social *s, void *arg)
{
	struct rule *rule = arg;
	rule->id = rule_put(s->txn, rule);
	return db_txn_rc(s->txn);
}

static void a_report_names_posts_and_rules(void **state)
{
	struct scene *s = *state;
	struct rule rule = { .text = STR("Be kind") };
	struct status shown = test_store_post(&s->kit->t, &s->carol, VISIBILITY_PUBLIC, "x", NULL);
	struct status other = test_store_post(&s->kit->t, &s->bob, VISIBILITY_PUBLIC, "y", NULL);
	struct status hidden = test_store_post(&s->kit->t, &s->carol, VISIBILITY_DIRECT, "z", NULL);
	char body[400];
	test_store_write(&s->kit->t, add_rule, &rule);
	snprintf(body, sizeof(body),
		 "account_id=%llu&status_ids[]=%llu&status_ids[]=%llu&status_ids[]=%llu&"
		 "rule_ids[]=%llu&rule_ids[]=17&comment=rude&forward=true",
		 (unsigned long long)s->carol.id, (unsigned long long)shown.id,
		 (unsigned long long)other.id, (unsigned long long)hidden.id,
		 (unsigned long long)rule.id);
	struct answer a = api_post(s->kit, s->token, "/api/v1/reports", body);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "category"), STR("violation"));
	assert_str_eq(answer_str(&a, "comment"), STR("rude"));
	assert_true(jr_bool(answer_at(&a, "forwarded"), false));
	assert_false(jr_bool(answer_at(&a, "action_taken"), true));
	assert_int_equal(jr_count(answer_at(&a, "status_ids")), 1);
	assert_int_equal(jr_count(answer_at(&a, "rule_ids")), 1);
	assert_str_eq(answer_str(&a, "target_account.acct"), STR("carol@c.example"));
	assert_int_equal(api_post(s->kit, s->token, "/api/v1/reports", "account_id=17").status,
			 404);
	assert_int_equal(
		api_post(s->kit, s->token, "/api/v1/reports", "account_id=17&category=tea").status,
		422);
	a = api_get(s->kit, STR_NONE, "/api/v1/instance/rules");
	assert_str_eq(answer_str(&a, "0.text"), STR("Be kind"));
	a = api_get(s->kit, STR_NONE, "/api/v2/instance");
	assert_str_eq(answer_str(&a, "rules.0.text"), STR("Be kind"));
}

/* --- the node --- */

static enum rc decide(struct social *s, void *arg UNUSED)
{
	const struct peer blocked = { .host = STR("bad.example"),
				      .policy = PEER_BLOCKED,
				      .note = STR("private"),
				      .public_note = STR("spam") };
	const struct peer limited = { .host = STR("noisy.example"),
				      .policy = PEER_LIMITED,
				      .flags = PEER_OBFUSCATE };
	const struct peer met = { .host = STR("good.example") };
	peer_put(s->txn, &blocked);
	peer_put(s->txn, &limited);
	peer_put(s->txn, &met);
	return db_txn_rc(s->txn);
}

static void the_node_tells_of_hosts(void **state)
{
	struct scene *s = *state;
	test_store_write(&s->kit->t, decide, NULL);
	struct answer a = api_get(s->kit, STR_NONE, "/api/v1/instance/peers");
	assert_int_equal(jr_count(a.json), 2);
	assert_str_eq(jr_str(jr_at(a.json, 0)), STR("good.example"));
	a = api_get(s->kit, STR_NONE, "/api/v1/instance/domain_blocks");
	assert_int_equal(jr_count(a.json), 2);
	assert_str_eq(answer_str(&a, "0.severity"), STR("silence"));
	assert_str_eq(answer_str(&a, "0.domain"), STR("noi**.****ple"));
	assert_int_equal(answer_str(&a, "0.digest").len, 64);
	assert_str_eq(answer_str(&a, "1.domain"), STR("bad.example"));
	assert_str_eq(answer_str(&a, "1.comment"), STR("spam"));
	assert_false(str_contains(a.body, STR("private")));
}

static void the_node_tells_of_its_weeks(void **state)
{
	struct scene *s = *state;
	api_post(s->kit, s->token, "/api/v1/statuses", "status=one");
	take_up(s);
	/* what was noted is written when this returns */
	presence_free(&s->kit->api->presence);
	s->kit->api->presence = presence_new(s->kit->t.d.db, &s->kit->t.d.clock.clock);
	struct answer a = api_get(s->kit, STR_NONE, "/api/v1/instance/activity");
	assert_int_equal(jr_count(a.json), 12);
	assert_str_eq(answer_str(&a, "0.statuses"), STR("1"));
	assert_str_eq(answer_str(&a, "0.logins"), STR("1"));
	assert_str_eq(answer_str(&a, "0.registrations"), STR("2"));
	/* 2023-11-13, a Monday */
	assert_str_eq(answer_str(&a, "0.week"), STR("1699833600"));
	assert_str_eq(answer_str(&a, "1.statuses"), STR("0"));
}

static enum rc add_texts(struct social *s, void *arg UNUSED)
{
	/* the tests' clock stands at 2023-11-14 */
	const struct document rows[] = {
		{ DOCUMENT_PRIVACY, 0, 0, STR_INIT("We keep *nothing*.") },
		{ DOCUMENT_ABOUT, 0, 0, STR_INIT("# About") },
		{ DOCUMENT_TERMS, UINT64_C(1672531200000), 0, STR_INIT("of 2023") },
		{ DOCUMENT_TERMS, UINT64_C(1704067200000), 0, STR_INIT("of 2024") },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		document_put(s->txn, &rows[i]);
	return db_txn_rc(s->txn);
}

static void the_node_has_texts(void **state)
{
	struct scene *s = *state;
	struct answer a = api_get(s->kit, STR_NONE, "/api/v1/instance/extended_description");
	assert_int_equal(a.status, 200);
	assert_int_equal(api_get(s->kit, STR_NONE, "/api/v1/instance/privacy_policy").status, 404);
	assert_int_equal(api_get(s->kit, STR_NONE, "/api/v1/instance/terms_of_service").status,
			 404);
	test_store_write(&s->kit->t, add_texts, NULL);
	a = api_get(s->kit, STR_NONE, "/api/v1/instance/extended_description");
	assert_true(str_contains(answer_str(&a, "content"), STR("About")));
	a = api_get(s->kit, STR_NONE, "/api/v1/instance/privacy_policy");
	assert_str_eq(answer_str(&a, "content"), STR("<p>We keep <em>nothing</em>.</p>"));
	a = api_get(s->kit, STR_NONE, "/api/v1/instance/terms_of_service");
	assert_str_eq(answer_str(&a, "effective_date"), STR("2023-01-01"));
	assert_str_eq(answer_str(&a, "content"), STR("<p>of 2023</p>"));
	assert_true(jr_bool(answer_at(&a, "effective"), false));
	assert_str_eq(answer_str(&a, "succeeded_by"), STR("2024-01-01"));
	a = api_get(s->kit, STR_NONE, "/api/v1/instance/terms_of_service/2024-01-01");
	assert_false(jr_bool(answer_at(&a, "effective"), true));
	assert_int_equal(jr_type(answer_at(&a, "succeeded_by")), JR_NULL);
	a = api_get(s->kit, STR_NONE, "/api/v1/instance/terms_of_service/2022-01-01");
	assert_int_equal(a.status, 404);
	a = api_get(s->kit, STR_NONE, "/api/v1/instance/terms_of_service/yesterday");
	assert_int_equal(a.status, 404);
}

static void the_node_knows_languages(void **state)
{
	struct scene *s = *state;
	struct answer a = api_get(s->kit, STR_NONE, "/api/v1/instance/languages");
	assert_true(jr_count(a.json) > 150);
	assert_str_eq(answer_str(&a, "0.code"), STR("aa"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_search_finds_people_posts_and_hashtags),
		TEST(who_is_not_signed_in_finds_no_posts_and_asks_nobody),
		TEST(what_is_unknown_is_asked_for_at_its_host),
		TEST(the_address_of_a_page_finds_what_it_shows),
		TEST(an_address_of_somebody_elses_letter_finds_nothing),
		TEST(what_many_talk_about_trends),
		TEST(people_are_suggested_listed_and_recognised),
		TEST(a_report_names_posts_and_rules),
		TEST(the_node_tells_of_hosts),
		TEST(the_node_tells_of_its_weeks),
		TEST(the_node_has_texts),
		TEST(the_node_knows_languages),
	};
	return cmocka_run_group_tests_name("discover", tests, NULL, NULL);
}
