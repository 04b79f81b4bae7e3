/* The entities of what is told to people, whole; accounts and posts in them as they are rendered alone. */
#include "../told_int.h"
#include "testkit.h"

#define TEXT_MAX ((size_t)1 << 20)
/* 2023-11-14T22:13:20Z as db_next_id() makes it */
#define ID (UINT64_C(1700000000000) << 16)
#define ID_TEXT "111411200000000000"

static const struct site site = { .domain = STR_INIT("example.org"),
				  .host = STR_INIT("social.example.org"),
				  .base = STR_INIT("https://social.example.org") };

static const struct account alice = { .id = 7,
				      .flags = ACCOUNT_LOCAL | ACCOUNT_LOCKED,
				      .username = STR_INIT("alice"),
				      .domain = STR_INIT(""),
				      .uri = STR_INIT("https://social.example.org/users/alice"),
				      .url = STR_INIT("https://social.example.org/@alice"),
				      .avatar = STR_INIT("https://social.example.org/a.png") };
static const struct account_view alice_view = { .account = &alice };

static const struct status post = { .id = 9,
				    .account = 7,
				    .uri = STR_INIT("https://social.example.org/9"),
				    .type = STR_INIT("Note") };
static const struct status_view post_view = { .id = 9, .status = &post, .account = &alice_view };

typedef void writer(struct jw *w, const void *view);

/* What a renderer writes, in memory of the arena. */
static struct str written(struct arena *arena, writer *write, const void *view)
{
	struct buf out = BUF_INIT(TEXT_MAX);
	struct jw w;
	jw_init(&w, &out);
	write(&w, view);
	jw_done(&w);
	return arena_take_buf(arena, &out);
}

static void write_account(struct jw *w, const void *view)
{
	render_account(w, &site, view);
}

static void write_status(struct jw *w, const void *view)
{
	render_status(w, &site, view);
}

static void write_conversation(struct jw *w, const void *view)
{
	render_conversation(w, &site, view);
}

static void write_notification(struct jw *w, const void *view)
{
	render_notification(w, &site, view);
}

static void write_request(struct jw *w, const void *view)
{
	render_notification_request(w, &site, view);
}

static void write_groups(struct jw *w, const void *view)
{
	render_notification_groups(w, &site, view);
}

struct golden {
	struct arena *arena;
	struct str account, status;
};

static struct golden golden_new(void)
{
	struct golden g = { .arena = arena_new(16 * TEXT_MAX) };
	assert_non_null(g.arena);
	g.account = written(g.arena, write_account, &alice_view);
	g.status = written(g.arena, write_status, &post_view);
	return g;
}

static void golden_free(struct golden *g)
{
	arena_free(&g->arena);
}

static void a_conversation_has_people_and_a_last_status(void **state UNUSED)
{
	struct golden g CLEANUP(golden_free) = golden_new();
	const struct account_view *people[] = { &alice_view };
	const struct conversation c = { .root = 5, .last = 9, .unread = true };
	struct conversation_view view = { &c, people, 1, &post_view };
	assert_str_eq(written(g.arena, write_conversation, &view),
		      arena_printf(g.arena,
				   "{\"id\":\"5\",\"unread\":true,\"accounts\":[%.*s],"
				   "\"last_status\":%.*s}",
				   STR_ARG(g.account), STR_ARG(g.status)));
	view.last = NULL;
	view.account_count = 0;
	assert_str_eq(written(g.arena, write_conversation, &view),
		      STR("{\"id\":\"5\",\"unread\":true,\"accounts\":[],\"last_status\":null}"));
}

static void a_notification_names_its_group(void **state UNUSED)
{
	struct golden g CLEANUP(golden_free) = golden_new();
	const struct notice like = { .id = ID, .kind = NOTICE_LIKE, .from = 7, .status = 9 };
	const struct notice mention = {
		.id = ID, .kind = NOTICE_MENTION, .from = 7, .status = 9, .held = true
	};
	const struct notice follow = { .id = ID, .kind = NOTICE_FOLLOW, .from = 7 };
	const struct notification_view liked = { .notice = &like,
						 .account = &alice_view,
						 .status = &post_view };
	const struct notification_view mentioned = { .notice = &mention,
						     .account = &alice_view,
						     .status = &post_view };
	const struct notification_view followed = { .notice = &follow, .account = &alice_view };
	assert_str_eq(written(g.arena, write_notification, &liked),
		      arena_printf(g.arena,
				   "{\"id\":\"" ID_TEXT "\",\"type\":\"favourite\","
				   "\"created_at\":\"2023-11-14T22:13:20.000Z\","
				   "\"group_key\":\"favourite-9-472212\","
				   "\"account\":%.*s,\"status\":%.*s}",
				   STR_ARG(g.account), STR_ARG(g.status)));
	assert_str_eq(written(g.arena, write_notification, &mentioned),
		      arena_printf(g.arena,
				   "{\"id\":\"" ID_TEXT "\",\"type\":\"mention\","
				   "\"created_at\":\"2023-11-14T22:13:20.000Z\","
				   "\"group_key\":\"ungrouped-" ID_TEXT "\",\"filtered\":true,"
				   "\"account\":%.*s,\"status\":%.*s}",
				   STR_ARG(g.account), STR_ARG(g.status)));
	assert_str_eq(written(g.arena, write_notification, &followed),
		      arena_printf(g.arena,
				   "{\"id\":\"" ID_TEXT "\",\"type\":\"follow\","
				   "\"created_at\":\"2023-11-14T22:13:20.000Z\","
				   "\"group_key\":\"follow-472212\",\"account\":%.*s}",
				   STR_ARG(g.account)));
}

static void write_report(struct jw *w, const void *view)
{
	render_report(w, &site, view);
}

static void a_report_comes_with_its_notification(void **state UNUSED)
{
	struct golden g CLEANUP(golden_free) = golden_new();
	const struct report report = { .id = 5, .reporter = 7, .target = 7, .comment = STR("x") };
	const struct report_view filed = { .report = &report, .target = &alice_view };
	const struct notice n = { .id = ID, .kind = NOTICE_REPORT, .from = 7, .about = 5 };
	const struct notification_view view = { .notice = &n,
						.account = &alice_view,
						.subject = { .report = &filed } };
	struct str entity = written(g.arena, write_report, &filed);
	assert_str_eq(written(g.arena, write_notification, &view),
		      arena_printf(g.arena,
				   "{\"id\":\"" ID_TEXT "\",\"type\":\"admin.report\","
				   "\"created_at\":\"2023-11-14T22:13:20.000Z\","
				   "\"group_key\":\"ungrouped-" ID_TEXT "\","
				   "\"account\":%.*s,\"report\":%.*s}",
				   STR_ARG(g.account), STR_ARG(entity)));
}

static void write_collection(struct jw *w, const void *view)
{
	render_collection(w, &site, view);
}

static void a_client_that_does_not_know_a_type_is_told_in_words(void **state UNUSED)
{
	struct golden g CLEANUP(golden_free) = golden_new();
	const struct collection_view made = {
		.collection = { .id = 5, .name = STR("x"), .language = STR(""), .tag = STR("") },
		.owner = &alice_view,
		.local = true,
		.description = STR("")
	};
	struct str known[] = { STR("mention"), STR("added_to_collection") };
	const struct str_list supported = { known, 1, true }, knows = { known, 2, true };
	const struct notice n = { .id = ID, .kind = NOTICE_COLLECTION, .from = 7, .about = 5 };
	struct notification_view view = { .notice = &n,
					  .account = &alice_view,
					  .subject = { .collection = &made } };
	struct str entity = written(g.arena, write_collection, &made);
	struct str head = arena_printf(g.arena,
				       "{\"id\":\"" ID_TEXT "\",\"type\":\"added_to_collection\","
				       "\"created_at\":\"2023-11-14T22:13:20.000Z\","
				       "\"group_key\":\"ungrouped-" ID_TEXT "\","
				       "\"account\":%.*s,\"collection\":%.*s",
				       STR_ARG(g.account), STR_ARG(entity));
	notifications_fall_back(&view, 1, &knows);
	assert_str_eq(written(g.arena, write_notification, &view),
		      arena_join(g.arena, head, STR("}")));
	notifications_fall_back(&view, 1, &supported);
	assert_str_eq(written(g.arena, write_notification, &view),
		      arena_join(g.arena, head,
				 STR(",\"fallback\":{\"title\":\"alice added you to a collection\","
				     "\"summary\":\"This app does not show such notifications. The "
				     "pages of the node do.\",\"details\":null}}")));
	/* only what is younger than many clients has such words */
	assert_null(notification_fallback(NOTICE_FOLLOW, &supported));
}

static void a_request_counts_in_words(void **state UNUSED)
{
	struct golden g CLEANUP(golden_free) = golden_new();
	const struct notice_request q = {
		.id = ID, .from = 7, .last = ID + (UINT64_C(5000) << 16), .status = 9, .count = 3
	};
	struct notification_request_view view = { &q, &alice_view, &post_view };
	assert_str_eq(written(g.arena, write_request, &view),
		      arena_printf(g.arena,
				   "{\"id\":\"" ID_TEXT "\","
				   "\"created_at\":\"2023-11-14T22:13:20.000Z\","
				   "\"updated_at\":\"2023-11-14T22:13:25.000Z\","
				   "\"notifications_count\":\"3\",\"account\":%.*s,"
				   "\"last_status\":%.*s}",
				   STR_ARG(g.account), STR_ARG(g.status)));
	view.status = NULL;
	assert_true(str_has_suffix(written(g.arena, write_request, &view),
				   STR(",\"last_status\":null}")));
}

static void groups_come_with_what_they_name(void **state UNUSED)
{
	struct golden g CLEANUP(golden_free) = golden_new();
	const struct account_view *people[] = { &alice_view };
	const struct notice_group groups[] = {
		{ .kind = NOTICE_LIKE,
		  .status = 9,
		  .hours = 472212,
		  .count = 2,
		  .newest = 300,
		  .page_newest = ID,
		  .page_oldest = 200,
		  .sample = { 7, 8 },
		  .sample_count = 2 },
		{ .kind = NOTICE_FOLLOW_REQUEST,
		  .alone = 100,
		  .count = 1,
		  .newest = 100,
		  .page_newest = 100,
		  .page_oldest = 100,
		  .sample = { 7 },
		  .sample_count = 1 },
	};
	struct notification_groups_view view = { .groups = groups,
						 .group_count = 1,
						 .accounts = people,
						 .account_count = 1,
						 .statuses = &post_view,
						 .status_count = 1,
						 .with_page = true };
	assert_str_eq(
		written(g.arena, write_groups, &view),
		arena_printf(g.arena,
			     "{\"accounts\":[%.*s],\"statuses\":[%.*s],\"notification_groups\":["
			     "{\"group_key\":\"favourite-9-472212\",\"notifications_count\":2,"
			     "\"type\":\"favourite\",\"most_recent_notification_id\":300,"
			     "\"page_min_id\":\"200\",\"page_max_id\":\"" ID_TEXT "\","
			     "\"latest_page_notification_at\":\"2023-11-14T22:13:20.000Z\","
			     "\"sample_account_ids\":[\"7\",\"8\"],\"status_id\":\"9\"}]}",
			     STR_ARG(g.account), STR_ARG(g.status)));
	view = (struct notification_groups_view){ .groups = groups + 1,
						  .group_count = 1,
						  .partial = people,
						  .partial_count = 1,
						  .with_partial = true };
	assert_str_eq(
		written(g.arena, write_groups, &view),
		STR("{\"accounts\":[],\"partial_accounts\":[{\"id\":\"7\",\"acct\":\"alice\","
		    "\"locked\":true,\"bot\":false,\"url\":\"https://social.example.org/@alice\","
		    "\"avatar\":\"https://social.example.org/a.png\","
		    "\"avatar_static\":\"https://social.example.org/a.png\"}],"
		    "\"statuses\":[],\"notification_groups\":["
		    "{\"group_key\":\"ungrouped-100\",\"notifications_count\":1,"
		    "\"type\":\"follow_request\",\"most_recent_notification_id\":100,"
		    "\"sample_account_ids\":[\"7\"]}]}"));
}

struct policy_view {
	struct notice_policy policy;
	struct notice_summary summary;
};

static void write_policy(struct jw *w, const void *view)
{
	const struct policy_view *v = view;
	render_notification_policy(w, &v->policy, &v->summary);
}

static void write_policy_v1(struct jw *w, const void *view)
{
	const struct policy_view *v = view;
	render_notification_policy_v1(w, &v->policy, &v->summary);
}

static void a_policy_says_what_becomes_of_whom(void **state UNUSED)
{
	struct golden g CLEANUP(golden_free) = golden_new();
	const struct policy_view view = { { .not_following = NOTICE_ACCEPT,
					    .not_followers = NOTICE_HOLD,
					    .new_accounts = NOTICE_DROP,
					    .private_mentions = NOTICE_HOLD,
					    .limited_accounts = NOTICE_DROP },
					  { .requests = 2, .notices = 5 } };
	assert_str_eq(written(g.arena, write_policy, &view),
		      STR("{\"for_not_following\":\"accept\",\"for_not_followers\":\"filter\","
			  "\"for_new_accounts\":\"drop\",\"for_private_mentions\":\"filter\","
			  "\"for_limited_accounts\":\"drop\",\"summary\":"
			  "{\"pending_requests_count\":2,\"pending_notifications_count\":5}}"));
	assert_str_eq(written(g.arena, write_policy_v1, &view),
		      STR("{\"filter_not_following\":false,\"filter_not_followers\":true,"
			  "\"filter_new_accounts\":true,\"filter_private_mentions\":true,"
			  "\"summary\":{\"pending_requests_count\":2,"
			  "\"pending_notifications_count\":5}}"));
}

static void names_of_groups_are_read_back(void **state UNUSED)
{
	const struct notice_group groups[] = {
		{ .kind = NOTICE_LIKE, .status = 9, .hours = 472212 },
		{ .kind = NOTICE_BOOST, .status = UINT64_MAX, .hours = 12 },
		{ .kind = NOTICE_FOLLOW, .hours = 24 },
		{ .kind = NOTICE_SIGN_UP, .hours = 24 },
		{ .alone = UINT64_MAX },
	};
	static const char *const wrong[] = {
		"",
		"favourite",
		"favourite-",
		"favourite-9",
		"favourite-9-",
		"favourite-0-12",
		"favourite-9-0",
		"favourite-x-12",
		"follow-",
		"follow-0",
		"follow-1-2",
		"mention-9-12",
		"ungrouped",
		"ungrouped-",
		"ungrouped-0",
		"ungrouped-1-2",
		"-9-12",
		"favourite-9-12-1",
		"poll-9-12",
	};
	struct notice_group read;
	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		struct buf key CLEANUP(buf_free) = BUF_INIT(128);
		group_key_add(&key, &groups[i]);
		assert_true(group_key_parse(buf_str(&key), &read));
		assert_true(groups[i].alone != 0 ? read.alone == groups[i].alone
						 : notice_group_same(&read, &groups[i]));
	}
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		if (group_key_parse(str_of(wrong[i]), &read))
			fail_msg("%s was taken for a group", wrong[i]);
	}
}

static void every_word_stands_for_kinds_and_back(void **state UNUSED)
{
	static const char *const words[] = {
		"mention",
		"status",
		"reblog",
		"follow",
		"follow_request",
		"favourite",
		"poll",
		"update",
		"quote",
		"quoted_update",
		"admin.sign_up",
		"admin.report",
		"severed_relationships",
		"moderation_warning",
		"added_to_collection",
		"collection_update",
		"joint_offer",
		"membership",
	};
	unsigned all = 0;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		unsigned kinds = notification_kinds(str_of(words[i]));
		assert_true(kinds != 0 && (all & kinds) == 0);
		all |= kinds;
		for (unsigned kind = 0; kind < NOTICE_KINDS; kind++) {
			if ((kinds & NOTICE_BIT(kind)) != 0)
				assert_string_equal(notification_type((enum notice_kind)kind),
						    words[i]);
		}
	}
	assert_int_equal(all, notification_kinds_all());
	assert_int_equal(notification_kinds(STR("like")), 0);
	assert_null(notification_type(NOTICE_INTERACTION));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_conversation_has_people_and_a_last_status),
		cmocka_unit_test(a_notification_names_its_group),
		cmocka_unit_test(a_report_comes_with_its_notification),
		cmocka_unit_test(a_client_that_does_not_know_a_type_is_told_in_words),
		cmocka_unit_test(a_request_counts_in_words),
		cmocka_unit_test(groups_come_with_what_they_name),
		cmocka_unit_test(a_policy_says_what_becomes_of_whom),
		cmocka_unit_test(names_of_groups_are_read_back),
		cmocka_unit_test(every_word_stands_for_kinds_and_back),
	};
	return cmocka_run_group_tests_name("render_told", tests, NULL, NULL);
}
