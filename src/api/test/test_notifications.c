/* Notifications over HTTP: one by one, in groups, strangers' requests. */
#include <stdio.h>
#include <stdlib.h>

#include "apikit.h"

struct scene {
	struct apikit *kit;
	struct account me, ann, bob;
	struct str token, ann_token;
};

static int begin(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	s->kit = apikit_new();
	s->me = test_store_local(&s->kit->t, "me");
	s->ann = test_store_local(&s->kit->t, "ann");
	s->bob = test_store_remote(&s->kit->t, "bob", "b.example");
	s->token = apikit_sign_in(s->kit, &s->me, "read write");
	s->ann_token = apikit_sign_in(s->kit, &s->ann, "read write");
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

static const char *path_of(struct scene *s, const char *before, struct str id, const char *after)
{
	struct arena *arena = s->kit->t.d.arena;
	return arena_cstr(arena, arena_printf(arena, "%s/%.*s%s", before, STR_ARG(id), after));
}

static void mention(struct scene *s, const struct account *from, enum visibility v)
{
	test_store_post(&s->kit->t, from, v, "x", &s->me, NULL);
}

/* Ann likes and boosts a post of mine. */
static struct status liked_post(struct scene *s)
{
	struct status post = test_store_post(&s->kit->t, &s->me, VISIBILITY_PUBLIC, "x", NULL);
	struct str id = arena_printf(s->kit->t.d.arena, "%llu", (unsigned long long)post.id);
	assert_int_equal(api_post(s->kit, s->ann_token,
				  path_of(s, "/api/v1/statuses", id, "/favourite"), NULL)
				 .status,
			 200);
	assert_int_equal(
		api_post(s->kit, s->ann_token, path_of(s, "/api/v1/statuses", id, "/reblog"), NULL)
			.status,
		200);
	return post;
}

static void notifications_are_listed_by_type_and_account(void **state)
{
	struct scene *s = *state;
	liked_post(s);
	mention(s, &s->bob, VISIBILITY_PUBLIC);
	struct answer a = api_get(s->kit, s->token, "/api/v1/notifications");
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_count(a.json), 3);
	assert_str_eq(answer_str(&a, "0.type"), STR("mention"));
	assert_str_eq(answer_str(&a, "0.account.acct"), STR("bob@b.example"));
	assert_str_eq(answer_str(&a, "1.type"), STR("reblog"));
	assert_str_eq(answer_str(&a, "2.type"), STR("favourite"));
	assert_str_eq(answer_str(&a, "2.status.account.acct"), STR("me"));
	assert_non_null(answer_header(&a, "Link").ptr);
	a = api_get(s->kit, s->token, "/api/v1/notifications?types[]=reblog&types[]=mention");
	assert_int_equal(jr_count(a.json), 2);
	a = api_get(s->kit, s->token, "/api/v1/notifications?exclude_types[]=mention&limit=1");
	assert_int_equal(jr_count(a.json), 1);
	assert_str_eq(answer_str(&a, "0.type"), STR("reblog"));
	a = api_get(s->kit, s->token, "/api/v1/notifications?types[]=unheard_of");
	assert_int_equal(jr_count(a.json), 0);
	a = api_get(s->kit, s->token, "/api/v1/notifications?account_id=%llu",
		    (unsigned long long)s->bob.id);
	assert_int_equal(jr_count(a.json), 1);
	a = api_get(s->kit, s->token, "/api/v1/notifications/unread_count");
	assert_int_equal(answer_num(&a, "count"), 3);
	a = api_get(s->kit, s->token, "/api/v1/notifications/unread_count?limit=2");
	assert_int_equal(answer_num(&a, "count"), 2);
	a = api_get(s->kit, s->ann_token, "/api/v1/notifications");
	assert_int_equal(jr_count(a.json), 0);
}

static void one_is_read_and_dismissed_by_whom_it_is_for(void **state)
{
	struct scene *s = *state;
	mention(s, &s->bob, VISIBILITY_PUBLIC);
	mention(s, &s->ann, VISIBILITY_PUBLIC);
	struct answer a = api_get(s->kit, s->token, "/api/v1/notifications");
	struct str id = answer_str(&a, "1.id");
	const char *one = path_of(s, "/api/v1/notifications", id, "");
	const char *dismiss = path_of(s, "/api/v1/notifications", id, "/dismiss");
	a = api_get(s->kit, s->token, "%s", one);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "id"), id);
	assert_int_equal(api_get(s->kit, s->ann_token, "%s", one).status, 404);
	assert_int_equal(api_post(s->kit, s->ann_token, dismiss, NULL).status, 404);
	a = api_post(s->kit, s->token, dismiss, NULL);
	assert_int_equal(a.status, 200);
	assert_str_eq(a.body, STR("{}"));
	assert_int_equal(api_get(s->kit, s->token, "%s", one).status, 404);
	assert_int_equal(api_post(s->kit, s->token, "/api/v1/notifications/clear", NULL).status,
			 200);
	a = api_get(s->kit, s->token, "/api/v1/notifications");
	assert_int_equal(jr_count(a.json), 0);
}

/* Clients are told this id as a number, which readers of JSON that know doubles only would round: it is
 * quoted before the rest is read. */
static struct answer get_groups(struct scene *s, const char *path)
{
	static const struct str name = STR_INIT("\"most_recent_notification_id\":");
	struct answer a = api_get(s->kit, s->token, "%s", path);
	struct ctx ctx = { .arena = s->kit->t.d.arena };
	struct buf quoted = BUF_INIT((size_t)1 << 20);
	struct str rest = a.body;
	assert_int_equal(a.status, 200);
	for (size_t at; (at = str_find(rest, name)) < rest.len;) {
		size_t end = at + name.len;
		buf_add(&quoted, str_take(rest, end));
		rest = str_skip(rest, end);
		for (end = 0; rest.ptr[end] >= '0' && rest.ptr[end] <= '9';)
			end++;
		assert_true(end != 0);
		buf_addf(&quoted, "\"%.*s\"", STR_ARG(str_take(rest, end)));
		rest = str_skip(rest, end);
	}
	buf_add(&quoted, rest);
	struct str text = arena_take_buf(ctx.arena, &quoted);
	struct jr_doc **doc = &s->kit->docs[s->kit->doc_count++];
	assert_int_equal(jr_parse(&ctx, text, &jr_limits_peer, doc), RC_OK);
	a.json = jr_root(*doc);
	return a;
}

static void groups_name_what_belongs_to_them_once(void **state)
{
	struct scene *s = *state;
	struct status post = liked_post(s);
	struct arena *arena = s->kit->t.d.arena;
	mention(s, &s->bob, VISIBILITY_PUBLIC);
	struct answer a = get_groups(s, "/api/v2/notifications");
	assert_int_equal(jr_count(answer_at(&a, "notification_groups")), 3);
	assert_int_equal(jr_count(answer_at(&a, "accounts")), 2);
	assert_int_equal(jr_count(answer_at(&a, "statuses")), 2);
	assert_int_equal(jr_type(answer_at(&a, "partial_accounts")), JR_ABSENT);
	assert_str_eq(answer_str(&a, "notification_groups.2.type"), STR("favourite"));
	assert_str_eq(answer_str(&a, "notification_groups.2.status_id"),
		      arena_printf(arena, "%llu", (unsigned long long)post.id));
	struct str key = answer_str(&a, "notification_groups.2.group_key");
	assert_true(str_has_prefix(key, STR("favourite-")));
	struct answer old = api_get(s->kit, s->token, "/api/v2_alpha/notifications");
	assert_str_eq(old.body, a.body);
	a = get_groups(
		s, "/api/v2/notifications?grouped_types[]=follow&expand_accounts=partial_avatars");
	assert_true(str_has_prefix(answer_str(&a, "notification_groups.2.group_key"),
				   STR("ungrouped-")));
	assert_int_equal(jr_type(answer_at(&a, "partial_accounts")), JR_ARRAY);
	a = api_get(s->kit, s->token, "/api/v2/notifications/unread_count");
	assert_int_equal(answer_num(&a, "count"), 3);
	a = get_groups(s, path_of(s, "/api/v2/notifications", key, ""));
	assert_int_equal(jr_count(answer_at(&a, "notification_groups")), 1);
	assert_str_eq(answer_str(&a, "notification_groups.0.group_key"), key);
	a = api_get(s->kit, s->token, "%s", path_of(s, "/api/v2/notifications", key, "/accounts"));
	assert_int_equal(jr_count(a.json), 1);
	assert_str_eq(answer_str(&a, "0.acct"), STR("ann"));
	const char *dismiss = path_of(s, "/api/v2/notifications", key, "/dismiss");
	assert_int_equal(api_post(s->kit, s->token, dismiss, NULL).status, 200);
	a = api_get(s->kit, s->token, "%s", path_of(s, "/api/v2/notifications", key, ""));
	assert_int_equal(a.status, 404);
	a = api_get(s->kit, s->token, "/api/v2/notifications/no-such-group");
	assert_int_equal(a.status, 404);
	a = get_groups(s, "/api/v2/notifications?types[]=favourite");
	assert_int_equal(jr_count(answer_at(&a, "notification_groups")), 0);
}

static void strangers_wait_in_requests(void **state)
{
	struct scene *s = *state;
	mention(s, &s->bob, VISIBILITY_DIRECT);
	struct answer a = api_get(s->kit, s->token, "/api/v1/notifications");
	assert_int_equal(jr_count(a.json), 0);
	a = api_get(s->kit, s->token, "/api/v1/notifications?include_filtered=true");
	assert_int_equal(jr_count(a.json), 1);
	a = api_get(s->kit, s->token, "/api/v2/notifications/policy");
	assert_int_equal(answer_num(&a, "summary.pending_requests_count"), 1);
	a = api_get(s->kit, s->token, "/api/v1/notifications/requests");
	assert_int_equal(jr_count(a.json), 1);
	assert_str_eq(answer_str(&a, "0.account.acct"), STR("bob@b.example"));
	assert_str_eq(answer_str(&a, "0.notifications_count"), STR("1"));
	assert_str_eq(answer_str(&a, "0.last_status.visibility"), STR("direct"));
	struct str id = answer_str(&a, "0.id");
	const char *one = path_of(s, "/api/v1/notifications/requests", id, "");
	const char *accept = path_of(s, "/api/v1/notifications/requests", id, "/accept");
	assert_int_equal(api_get(s->kit, s->token, "%s", one).status, 200);
	assert_int_equal(api_get(s->kit, s->ann_token, "%s", one).status, 404);
	assert_int_equal(api_post(s->kit, s->ann_token, accept, NULL).status, 404);
	assert_int_equal(api_post(s->kit, s->token, accept, NULL).status, 200);
	a = api_get(s->kit, s->token, "/api/v1/notifications/requests/merged");
	assert_true(jr_bool(answer_at(&a, "merged"), false));
	a = api_get(s->kit, s->token, "/api/v1/notifications");
	assert_int_equal(jr_count(a.json), 1);
	assert_int_equal(api_get(s->kit, s->token, "%s", one).status, 404);
	/* several at once */
	mention(s, &s->ann, VISIBILITY_DIRECT);
	a = api_get(s->kit, s->token, "/api/v1/notifications/requests");
	char body[100];
	snprintf(body, sizeof(body), "id[]=%.*s&id[]=17", STR_ARG(answer_str(&a, "0.id")));
	a = api_post(s->kit, s->token, "/api/v1/notifications/requests/dismiss", body);
	assert_int_equal(a.status, 200);
	a = api_get(s->kit, s->token, "/api/v1/notifications?include_filtered=true");
	assert_int_equal(jr_count(a.json), 1);
}

static void a_policy_is_changed_in_part(void **state)
{
	struct scene *s = *state;
	struct answer a = api_ask(s->kit, "PATCH", s->token, "/api/v2/notifications/policy",
				  "for_not_following=drop&for_new_accounts=filter");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "for_not_following"), STR("drop"));
	assert_str_eq(answer_str(&a, "for_new_accounts"), STR("filter"));
	assert_str_eq(answer_str(&a, "for_private_mentions"), STR("filter"));
	a = api_ask(s->kit, "PATCH", s->token, "/api/v2/notifications/policy",
		    "for_not_following=perhaps");
	assert_int_equal(a.status, 422);
	a = api_ask(s->kit, "PUT", s->token, "/api/v1/notifications/policy",
		    "filter_not_following=false&filter_not_followers=true");
	assert_int_equal(a.status, 200);
	assert_false(jr_bool(answer_at(&a, "filter_not_following"), true));
	assert_true(jr_bool(answer_at(&a, "filter_not_followers"), false));
	a = api_get(s->kit, s->token, "/api/v2/notifications/policy");
	assert_str_eq(answer_str(&a, "for_not_following"), STR("accept"));
	assert_str_eq(answer_str(&a, "for_not_followers"), STR("filter"));
	a = api_get(s->kit, s->ann_token, "/api/v2/notifications/policy");
	assert_str_eq(answer_str(&a, "for_not_followers"), STR("accept"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(notifications_are_listed_by_type_and_account),
		CASE(one_is_read_and_dismissed_by_whom_it_is_for),
		CASE(groups_name_what_belongs_to_them_once),
		CASE(strangers_wait_in_requests),
		CASE(a_policy_is_changed_in_part),
	};
	return cmocka_run_group_tests_name("notifications", tests, NULL, NULL);
}
