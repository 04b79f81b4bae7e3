/* One's own profile as clients change it, and what others see of accounts, over HTTP. */
#include <stdio.h>
#include <stdlib.h>

#include "scenekit.h"
#include "store/card.h"

#define PROFILE "/api/v1/profile"

static struct answer patch(struct scene *s, const char *path, const char *body)
{
	return api_ask(s->kit, "PATCH", s->alice_token, path, body);
}

static bool is(const struct answer *a, const char *member)
{
	return jr_bool(answer_at(a, member), false);
}

static void a_profile_comes_back_as_it_was_typed(void **state)
{
	struct scene *s = *state;
	struct answer a =
		patch(s, PROFILE,
		      "{\"note\":\"Likes #trees <b>\\nand more\",\"avatar_description\":"
		      "\"me\",\"show_media\":false,\"show_featured\":true,"
		      "\"attribution_domains\":[\"https://Blog.example/x\",\"*.blog.example\","
		      "\"\",\"news.example\"],\"fields_attributes\":{\"7\":{\"name\":\"Site\","
		      "\"value\":\"https://a.example\"},\"3\":{\"name\":\"\"}}}");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "note"), STR("Likes #trees <b>\nand more"));
	assert_str_eq(answer_str(&a, "fields.0.value"), STR("https://a.example"));
	assert_int_equal(jr_count(answer_at(&a, "fields")), 1);
	assert_int_equal(jr_type(answer_at(&a, "avatar")), JR_NULL);
	assert_str_eq(answer_str(&a, "avatar_description"), STR("me"));
	assert_str_eq(answer_str(&a, "header_description"), STR(""));
	assert_true(!is(&a, "show_media") && is(&a, "show_media_replies") &&
		    is(&a, "show_featured"));
	assert_int_equal(jr_count(answer_at(&a, "attribution_domains")), 2);
	assert_str_eq(answer_str(&a, "attribution_domains.0"), STR("blog.example"));
	/* what is not named stays */
	a = patch(s, PROFILE, "{\"display_name\":\"Alice\"}");
	assert_str_eq(answer_str(&a, "note"), STR("Likes #trees <b>\nand more"));
	assert_int_equal(jr_count(answer_at(&a, "attribution_domains")), 2);
	a = api_get(s->kit, s->alice_token, "/api/v1/accounts/verify_credentials");
	assert_str_eq(answer_str(&a, "source.note"), STR("Likes #trees <b>\nand more"));
	assert_str_eq(answer_str(&a, "source.fields.0.value"), STR("https://a.example"));
	assert_str_eq(answer_str(&a, "source.attribution_domains.1"), STR("news.example"));
	assert_true(str_contains(answer_str(&a, "note"), STR("<p>Likes ")));
	assert_true(str_contains(answer_str(&a, "fields.0.value"), STR("<a href=")));
	/* lists that are emptied */
	a = patch(s, PROFILE, "{\"attribution_domains\":[],\"fields_attributes\":[]}");
	assert_int_equal(jr_count(answer_at(&a, "attribution_domains")), 0);
	assert_int_equal(jr_count(answer_at(&a, "fields")), 0);
}

static void what_does_not_fit_into_a_profile_is_refused_whole(void **state)
{
	static const char *const bodies[] = {
		"attribution_domains[]=not+a+host",
		"attribution_domains[]=a.a&attribution_domains[]=b.a&attribution_domains[]=c.a&"
		"attribution_domains[]=d.a&attribution_domains[]=e.a&attribution_domains[]=f.a&"
		"attribution_domains[]=g.a&attribution_domains[]=h.a&attribution_domains[]=i.a&"
		"attribution_domains[]=j.a&attribution_domains[]=k.a",
	};
	struct buf many CLEANUP(buf_free) = BUF_INIT(1 << 16);
	struct scene *s = *state;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++)
		assert_int_equal(patch(s, PROFILE, bodies[i]).status, 422);
	for (int i = 0; i <= ACCOUNT_FIELDS_MAX; i++)
		buf_addf(&many, "fields_attributes[%d][name]=n&", i);
	buf_add_chr(&many, '\0');
	assert_int_equal(patch(s, PROFILE, many.ptr).status, 422);
	/* no text has a NUL: neither in a query nor in a body */
	assert_int_equal(patch(s, PROFILE, "note=a%00b").status, 400);
	assert_int_equal(patch(s, PROFILE, "{\"note\":\"a\\u0000b\"}").status, 400);
	assert_int_equal(api_get(s->kit, STR_NONE, "/api/v1/accounts/lookup?acct=a%%00").status,
			 400);
	struct answer a = api_get(s->kit, s->alice_token, PROFILE);
	assert_int_equal(jr_count(answer_at(&a, "attribution_domains")), 0);
}

/* --- what others see --- */

static struct answer get_account(struct scene *s, struct str token, const struct account *a)
{
	return api_get(s->kit, token, "/api/v1/accounts/%llu", (unsigned long long)a->id);
}

struct flagging {
	uint64_t id;
	unsigned flags;
};

static enum rc flag_job(struct social *s, void *arg)
{
	const struct flagging *f = arg;
	struct account a;
	assert_true(account_get(s->txn, s->ctx->arena, f->id, &a));
	a.flags |= f->flags;
	return account_put(s->txn, s->ctx->arena, &a) ? RC_OK : RC_CONFLICT;
}

static void an_account_says_what_moderators_have_made_of_it(void **state)
{
	struct scene *s = *state;
	struct answer a = get_account(s, STR_NONE, &s->carol);
	assert_int_equal(jr_type(answer_at(&a, "limited")), JR_ABSENT);
	assert_int_equal(jr_type(answer_at(&a, "suspended")), JR_ABSENT);
	assert_true(str_has_suffix(answer_str(&a, "created_at"), STR("T00:00:00.000Z")));
	struct flagging f = { s->carol.id, ACCOUNT_SILENCED | ACCOUNT_MEMORIAL };
	test_store_write(&s->kit->t, flag_job, &f);
	a = get_account(s, STR_NONE, &s->carol);
	assert_true(is(&a, "limited") && is(&a, "memorial"));
	f.flags = ACCOUNT_SUSPENDED;
	test_store_write(&s->kit->t, flag_job, &f);
	/* its names are left, and that it is so */
	a = get_account(s, s->alice_token, &s->carol);
	assert_int_equal(a.status, 200);
	assert_true(is(&a, "suspended"));
	assert_str_eq(answer_str(&a, "acct"), STR("carol@c.example"));
	assert_str_eq(answer_str(&a, "display_name"), STR(""));
	assert_str_eq(answer_str(&a, "note"), STR(""));
	/* nothing else of it is to be seen */
	assert_int_equal(api_get(s->kit, STR_NONE, "/api/v1/accounts/%llu/statuses",
				 (unsigned long long)s->carol.id)
				 .status,
			 404);
	unsigned long long id = s->carol.id;
	a = api_get(s->kit, s->alice_token, "/api/v1/accounts/relationships?id[]=%llu", id);
	assert_int_equal(jr_count(a.json), 0);
	a = api_get(s->kit, s->alice_token,
		    "/api/v1/accounts/relationships?id[]=%llu&with_suspended=true", id);
	assert_int_equal(jr_count(a.json), 1);
	f.flags = ACCOUNT_DELETED;
	test_store_write(&s->kit->t, flag_job, &f);
	assert_int_equal(get_account(s, s->alice_token, &s->carol).status, 404);
}

static void who_may_feature_an_account_is_told(void **state)
{
	struct scene *s = *state;
	struct answer a = get_account(s, s->bob_token, &s->alice);
	bool open = (s->alice.flags & ACCOUNT_DISCOVERABLE) != 0;
	assert_int_equal(jr_count(answer_at(&a, "feature_approval.automatic")), open ? 1 : 0);
	assert_str_eq(answer_str(&a, "feature_approval.current_user"),
		      open ? STR("automatic") : STR("denied"));
	a = get_account(s, STR_NONE, &s->alice);
	assert_str_eq(answer_str(&a, "feature_approval.current_user"), STR("denied"));
	/* a peer that says nothing of it */
	a = get_account(s, s->bob_token, &s->carol);
	assert_str_eq(answer_str(&a, "feature_approval.current_user"), STR("missing"));
}

static void people_are_paged_both_ways(void **state)
{
	struct scene *s = *state;
	struct account dave = test_store_local(&s->kit->t, "dave");
	unsigned long long alice = s->alice.id;
	test_store_follow(&s->kit->t, &s->bob, &s->alice);
	test_store_follow(&s->kit->t, &s->carol, &s->alice);
	test_store_follow(&s->kit->t, &dave, &s->alice);
	struct answer a =
		api_get(s->kit, STR_NONE, "/api/v1/accounts/%llu/followers?limit=2", alice);
	assert_str_eq(answer_str(&a, "0.username"), STR("dave"));
	assert_str_eq(answer_str(&a, "1.username"), STR("carol"));
	struct str link = answer_header(&a, "Link");
	assert_true(str_contains(link, STR("rel=\"next\"")));
	assert_true(str_contains(link, STR("rel=\"prev\"")));
	a = api_get(s->kit, STR_NONE, "/api/v1/accounts/%llu/followers?limit=2&max_id=%llu", alice,
		    (unsigned long long)s->carol.id);
	assert_int_equal(jr_count(a.json), 1);
	assert_str_eq(answer_str(&a, "0.username"), STR("bob"));
	a = api_get(s->kit, STR_NONE, "/api/v1/accounts/%llu/followers?limit=1&min_id=%llu", alice,
		    (unsigned long long)s->bob.id);
	assert_str_eq(answer_str(&a, "0.username"), STR("carol"));
}

/* --- authors of pages --- */

static enum rc card_job(struct social *s, void *arg UNUSED)
{
	const struct card card = { .url = STR("https://www.blog.example:8443/1"),
				   .shown = true,
				   .fetched_ms = db_txn_now(s->txn),
				   .title = STR("One"),
				   .description = STR(""),
				   .site_name = STR(""),
				   .author = STR("A. Lice"),
				   .creator = STR("alice@example.org"),
				   .image = STR(""),
				   .image_alt = STR(""),
				   .language = STR("") };
	card_put(s->txn, &card);
	return db_txn_rc(s->txn);
}

static void a_page_names_only_who_agrees(void **state)
{
	struct scene *s = *state;
	test_store_write(&s->kit->t, card_job, NULL);
	struct answer a = api_post(s->kit, s->bob_token, "/api/v1/statuses",
				   "status=See+https://www.blog.example:8443/1");
	unsigned long long id = answer_id(&a);
	assert_str_eq(answer_str(&a, "card.title"), STR("One"));
	assert_int_equal(jr_type(answer_at(&a, "card.authors.0.account")), JR_NULL);
	assert_false(is(&a, "card.missing_attribution"));
	/* who is named is asked to agree */
	a = api_get(s->kit, s->alice_token, "/api/v1/statuses/%llu", id);
	assert_true(is(&a, "card.missing_attribution"));
	assert_int_equal(patch(s, PROFILE, "attribution_domains[]=og.example").status, 200);
	a = api_get(s->kit, s->alice_token, "/api/v1/statuses/%llu", id);
	assert_true(is(&a, "card.missing_attribution"));
	/* what is below a host is its own */
	assert_int_equal(patch(s, PROFILE, "attribution_domains[]=blog.example").status, 200);
	a = api_get(s->kit, STR_NONE, "/api/v1/statuses/%llu", id);
	assert_str_eq(answer_str(&a, "card.authors.0.account.acct"), STR("alice"));
	assert_false(is(&a, "card.missing_attribution"));
}

/* --- quotes and polls --- */

static void a_quote_of_who_is_not_wanted_is_marked(void **state)
{
	struct scene *s = *state;
	struct account dave = test_store_local(&s->kit->t, "dave");
	struct str token = apikit_sign_in(s->kit, &dave, "read write follow");
	struct answer a = api_post(s->kit, s->alice_token, "/api/v1/statuses", "status=said");
	char path[200];
	snprintf(path, sizeof(path), "status=see&quoted_status_id=%llu",
		 (unsigned long long)answer_id(&a));
	a = api_post(s->kit, s->bob_token, "/api/v1/statuses", path);
	unsigned long long quote = answer_id(&a);
	a = api_get(s->kit, token, "/api/v1/statuses/%llu", quote);
	assert_str_eq(answer_str(&a, "quote.state"), STR("accepted"));
	snprintf(path, sizeof(path), "/api/v1/accounts/%llu/mute", (unsigned long long)s->alice.id);
	assert_int_equal(api_post(s->kit, token, path, "").status, 200);
	a = api_get(s->kit, token, "/api/v1/statuses/%llu", quote);
	assert_str_eq(answer_str(&a, "quote.state"), STR("muted_account"));
	assert_str_eq(answer_str(&a, "quote.quoted_status.account.acct"), STR("alice"));
	snprintf(path, sizeof(path), "/api/v1/accounts/%llu/block",
		 (unsigned long long)s->alice.id);
	assert_int_equal(api_post(s->kit, token, path, "").status, 200);
	a = api_get(s->kit, token, "/api/v1/statuses/%llu", quote);
	assert_str_eq(answer_str(&a, "quote.state"), STR("blocked_account"));
	/* what was said before it was edited is quoted, too */
	a = api_get(s->kit, s->bob_token, "/api/v1/statuses/%llu/history", quote);
	assert_str_eq(answer_str(&a, "0.quote.state"), STR("accepted"));
}

static void a_secret_poll_tells_when_it_is_over(void **state)
{
	struct scene *s = *state;
	struct answer a = api_post(s->kit, s->alice_token, "/api/v1/statuses",
				   "{\"status\":\"?\",\"poll\":{\"options\":[\"a\",\"b\"],"
				   "\"expires_in\":3600,\"hide_totals\":true}}");
	char path[200];
	snprintf(path, sizeof(path), "/api/v1/polls/%llu/votes", (unsigned long long)answer_id(&a));
	a = api_post(s->kit, s->bob_token, path, "choices[]=0");
	assert_int_equal(a.status, 200);
	assert_int_equal(answer_num(&a, "votes_count"), 1);
	assert_int_equal(jr_type(answer_at(&a, "options.0.votes_count")), JR_NULL);
	test_clock_advance(&s->kit->t.d.clock, UINT64_C(2) * 3600 * 1000);
	a = api_get(s->kit, s->bob_token, "/api/v1/polls/%s",
		    arena_cstr(s->kit->t.d.arena, answer_str(&a, "id")));
	assert_true(is(&a, "expired"));
	assert_int_equal(answer_num(&a, "options.0.votes_count"), 1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, scene_begin, scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_profile_comes_back_as_it_was_typed),
		CASE(what_does_not_fit_into_a_profile_is_refused_whole),
		CASE(an_account_says_what_moderators_have_made_of_it),
		CASE(who_may_feature_an_account_is_told),
		CASE(people_are_paged_both_ways),
		CASE(a_page_names_only_who_agrees),
		CASE(a_quote_of_who_is_not_wanted_is_marked),
		CASE(a_secret_poll_tells_when_it_is_over),
	};
	return cmocka_run_group_tests_name("profile", tests, NULL, NULL);
}
