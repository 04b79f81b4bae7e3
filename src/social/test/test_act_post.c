/* Posts: composing, threads, audiences. */
#include "core/utf8.h"
#include "deed.h"
#include "store/node.h"
#include "store/tables.h"
#include "store/uri.h"

/* --- composing --- */

struct finding {
	struct test_store *t;
	unsigned asked;
	bool known;
};

static bool find(void *arg, struct ctx *ctx UNUSED, struct str user, struct str host)
{
	struct finding *f = arg;
	f->asked++;
	if (!f->known || !str_eq(user, STR("far")) || !str_eq(host, STR("f.example")))
		return false;
	test_store_remote(f->t, "far", "f.example");
	return true;
}

static enum rc compose(struct test_store *t, struct finding *f, struct draft *draft)
{
	struct ctx ctx = { .arena = t->d.arena };
	const struct mention_finder finder = { find, f };
	return act_compose(&ctx, &t->site, t->d.db, f != NULL ? &finder : NULL, draft);
}

static void what_has_a_title_is_an_article(void **state UNUSED)
{
	static const struct {
		const char *title;
		enum rc rc;
		const char *type, *kept;
	} rows[] = {
		{ "On tea", RC_OK, "Article", "On tea" },
		{ "  On tea\t", RC_OK, "Article", "On tea" },
		{ " ", RC_OK, "Note", "" },
		{ "\xff", RC_INVALID, "", "" },
	};
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct draft draft = { .author = alice,
				       .title = str_of(rows[i].title),
				       .text = STR("words") };
		assert_int_equal(compose(&t, NULL, &draft), rows[i].rc);
		if (rows[i].rc != RC_OK)
			continue;
		assert_str_eq(draft.status.type, str_of(rows[i].type));
		assert_true(str_eq(draft.status.title, str_of(rows[i].kept)));
	}
	char title[502];
	memset(title, 'x', 501);
	struct draft draft = { .author = alice, .title = str_n(title, 501), .text = STR("words") };
	assert_int_equal(compose(&t, NULL, &draft), RC_TOO_LARGE);
	draft.title = str_n(title, 500);
	assert_int_equal(compose(&t, NULL, &draft), RC_OK);
}

static void composing_finds_people_and_tags(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct finding f = { .t = &t, .known = true };
	struct draft draft = { .author = alice,
			       .visibility = VISIBILITY_PUBLIC,
			       .text = STR("hi @alice, @bob@b.example, @alice@example.org, "
					   "@far@f.example and @nobody@b.example #Greeting"),
			       .language = STR("en") };
	assert_int_equal(compose(&t, &f, &draft), RC_OK);
	const struct status *s = &draft.status;
	assert_int_equal(s->mention_count, 3);
	assert_str_eq(s->mentions[0].uri, alice.uri);
	assert_str_eq(s->mentions[0].handle, STR("alice@example.org"));
	assert_str_eq(s->mentions[1].uri, bob.uri);
	assert_str_eq(s->mentions[1].handle, STR("bob@b.example"));
	assert_str_eq(s->mentions[2].uri, STR("https://f.example/users/far"));
	assert_int_equal(f.asked, 2);
	assert_int_equal(s->tag_count, 1);
	assert_str_eq(s->tags[0], STR("Greeting"));
	assert_str_eq(s->language, STR("en"));
	assert_int_equal(s->flags, STATUS_LOCAL);
	assert_true(str_contains(s->content.markup, STR("https://social.example.org/tags/")));
	assert_str_eq(s->source, draft.text);
}

static void composing_refuses_what_cannot_be_posted(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	static char text[600];
	test_store_init(&t);
	memset(text, 'x', sizeof(text));
	const struct {
		struct str text, spoiler, language;
		enum rc rc;
	} cases[] = {
		{ STR_INIT(""), { NULL, 0 }, { NULL, 0 }, RC_INVALID },
		{ STR_INIT(" \n "), { NULL, 0 }, { NULL, 0 }, RC_INVALID },
		{ STR_INIT("\xff"), { NULL, 0 }, { NULL, 0 }, RC_INVALID },
		{ STR_INIT("x"), STR_INIT("\xff"), { NULL, 0 }, RC_INVALID },
		{ STR_INIT("x"), { NULL, 0 }, STR_INIT("not a language"), RC_INVALID },
		{ { text, 501 }, { NULL, 0 }, { NULL, 0 }, RC_TOO_LARGE },
		{ STR_INIT("x"), { text, 501 }, { NULL, 0 }, RC_TOO_LARGE },
		{ { text, 500 }, { text, 500 }, STR_INIT("de-AT"), RC_OK },
	};
	struct account alice = test_store_local(&t, "alice");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct draft draft = { .author = alice,
				       .text = cases[i].text,
				       .spoiler = cases[i].spoiler,
				       .language = cases[i].language };
		assert_int_equal(compose(&t, NULL, &draft), cases[i].rc);
	}
}

/* --- posting --- */

static void a_post_tells_followers_and_the_mentioned(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), carol = test_store_local(&t, "carol");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct status post =
		test_store_post(&t, &alice, VISIBILITY_UNLISTED, "hi", &bob, &carol, &bob, NULL);
	struct federate f = deed_told(&t, FEDERATE_CREATE);
	assert_int_equal(f.actor, alice.id);
	assert_int_equal(f.status, post.id);
	assert_int_equal(f.visibility, VISIBILITY_UNLISTED);
	assert_int_equal(f.at_ms, TEST_DB_WALL_MS);
	assert_str_eq(f.uri, arena_join(t.d.arena, post.uri, STR("/activity")));
	assert_int_equal(f.extra_count, 1);
	assert_int_equal(f.extra[0], bob.id);
	deed_noticed(&t, &carol, 1, NOTICE_MENTION, alice.id, post.id);
	assert_str_eq(post.uri, arena_printf(t.d.arena,
					     "https://social.example.org/users/alice/statuses/%llu",
					     (unsigned long long)post.id));
	assert_int_equal(post.root, post.id);
	assert_int_equal(deed_account_counts(&t, &alice).statuses, 1);
	test_store_check(&t);
}

static void what_is_local_never_leaves(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	struct deed edit = { .verb = DO_EDIT };
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), carol = test_store_local(&t, "carol");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct status post = test_store_post(&t, &alice, VISIBILITY_LOCAL, "x", &bob, &carol, NULL);
	deed_noticed(&t, &carol, 1, NOTICE_MENTION, alice.id, post.id);
	assert_int_equal(deed_on_status(&t, DO_BOOST, &carol, post.id), RC_DENIED);
	edit.actor = &alice;
	edit.changed = &post;
	post.edited_ms = TEST_DB_WALL_MS + 1;
	assert_int_equal(deed_do(&t, &edit), RC_OK);
	assert_int_equal(deed_on_status(&t, DO_DELETE, &alice, post.id), RC_OK);
	deed_told_nobody(&t);
	test_store_check(&t);
}

struct reply_wish {
	struct draft draft;
	enum rc first;
};

/* Like the writer that runs a job once more, after it was undone. */
static enum rc post_undone(struct social *s, void *arg)
{
	struct reply_wish *wish = arg;
	wish->first = act_post(s, &wish->draft);
	return RC_CONFLICT;
}

static enum rc post_again(struct social *s, void *arg)
{
	struct reply_wish *wish = arg;
	return act_post(s, &wish->draft);
}

static void a_post_whose_write_runs_twice_is_one(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct reply_wish wish = { .draft = { .author = alice,
					      .status = { .account = alice.id,
							  .flags = STATUS_LOCAL,
							  .type = STR("Note"),
							  .content = html_trusted(STR("x")) } } };
	assert_int_equal(test_store_try(&t, post_undone, &wish), RC_CONFLICT);
	assert_int_equal(wish.first, RC_OK);
	test_clock_advance(&t.d.clock, 1000);
	assert_int_equal(test_store_try(&t, post_again, &wish), RC_OK);
	assert_int_equal(wish.draft.status.root, wish.draft.status.id);
	assert_int_equal(test_store_rows(&t, &store_status), 1);
	deed_told(&t, FEDERATE_CREATE);
	test_store_check(&t);
}

static void an_author_suspended_since_composing_posts_nothing(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct reply_wish wish = { .draft = { .author = alice,
					      .status = { .account = alice.id } } };
	assert_int_equal(deed_on_status(&t, DO_SUSPEND, &alice, 0), RC_OK);
	assert_int_equal(test_store_try(&t, post_again, &wish), RC_GONE);
	assert_int_equal(test_store_rows(&t, &store_status), 0);
}

/* --- threads --- */

static void a_reply_joins_its_thread_and_tells_the_parents_author(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct status top = test_store_post(&t, &bob, VISIBILITY_PUBLIC, "top", NULL);
	struct status reply = test_store_reply(&t, &alice, &top, "reply");
	struct federate f = deed_told(&t, FEDERATE_CREATE);
	assert_int_equal(f.extra_count, 1);
	assert_int_equal(f.extra[0], bob.id);
	assert_int_equal(reply.parent, top.id);
	assert_int_equal(reply.parent_account, bob.id);
	assert_int_equal(reply.root, top.id);
	assert_str_eq(reply.parent_uri, top.uri);
	struct status deeper = test_store_reply(&t, &alice, &reply, "deeper");
	assert_int_equal(deeper.root, top.id);
	assert_int_equal(deed_status_counts(&t, top.id).replies, 1);
	test_store_check(&t);
}

static enum rc reply_to(struct test_store *t, const struct account *author, uint64_t parent,
			enum visibility visibility, struct status *out)
{
	struct reply_wish wish = { .draft = { .author = *author,
					      .visibility = visibility,
					      .parent = parent,
					      .status = { .account = author->id,
							  .flags = STATUS_LOCAL,
							  .type = STR("Note") } } };
	enum rc rc = test_store_try(t, post_again, &wish);
	if (out != NULL)
		*out = wish.draft.status;
	return rc;
}

static void s071_nobody_replies_to_what_they_may_not_see(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), eve = test_store_local(&t, "eve");
	struct status hidden = test_store_post(&t, &alice, VISIBILITY_FOLLOWERS, "x", NULL);
	struct status open = test_store_post(&t, &alice, VISIBILITY_PUBLIC, "x", NULL);
	struct deed boost = {
		.verb = DO_BOOST, .actor = &alice, .status = open.id, .uri = STR("")
	};
	assert_int_equal(deed_do(&t, &boost), RC_OK);
	assert_int_equal(reply_to(&t, &eve, hidden.id, VISIBILITY_PUBLIC, NULL), RC_NOT_FOUND);
	assert_int_equal(reply_to(&t, &eve, boost.made, VISIBILITY_PUBLIC, NULL), RC_NOT_FOUND);
	assert_int_equal(reply_to(&t, &eve, 4711, VISIBILITY_PUBLIC, NULL), RC_NOT_FOUND);
	assert_int_equal(reply_to(&t, &eve, open.id, VISIBILITY_PUBLIC, NULL), RC_OK);
}

static void a_reply_to_what_is_local_is_local(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	struct status reply;
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct status post = test_store_post(&t, &alice, VISIBILITY_LOCAL, "x", NULL);
	assert_int_equal(reply_to(&t, &bob, post.id, VISIBILITY_PUBLIC, &reply), RC_OK);
	assert_int_equal(test_store_status(&t, reply.id).visibility, VISIBILITY_LOCAL);
	deed_told_nobody(&t);
	assert_int_equal(reply_to(&t, &bob, post.id, VISIBILITY_DIRECT, &reply), RC_OK);
	assert_int_equal(test_store_status(&t, reply.id).visibility, VISIBILITY_DIRECT);
}

static enum rc draft_job(struct social *s, void *arg)
{
	return act_post(s, arg);
}

static void s066_a_reply_reaches_the_author_above_only_when_that_one_may_see_it(void **state UNUSED)
{
	static const struct {
		enum visibility visibility;
		bool named;
		unsigned told;
	} rows[] = {
		{ VISIBILITY_PUBLIC, false, 1 },    { VISIBILITY_UNLISTED, false, 1 },
		{ VISIBILITY_FOLLOWERS, false, 0 }, { VISIBILITY_FOLLOWERS, true, 1 },
		{ VISIBILITY_DIRECT, false, 0 },    { VISIBILITY_DIRECT, true, 1 },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct test_store t CLEANUP(test_store_free);
		test_store_init(&t);
		struct account alice = test_store_local(&t, "alice");
		struct account far = test_store_remote(&t, "far", "f.example");
		struct status top = test_store_post(&t, &far, VISIBILITY_PUBLIC, "top", NULL);
		struct status_mention mention = { .uri = far.uri, .handle = STR("far@f.example") };
		struct draft draft = { .author = alice,
				       .visibility = rows[i].visibility,
				       .parent = top.id,
				       .status = { .account = alice.id,
						   .flags = STATUS_LOCAL,
						   .type = STR("Note"),
						   .content = html_trusted(STR("x")),
						   .mentions = &mention,
						   .mention_count = rows[i].named ? 1 : 0 } };
		test_store_write(&t, draft_job, &draft);
		struct federate f = deed_told(&t, FEDERATE_CREATE);
		assert_int_equal(f.extra_count, rows[i].told);
		/* nor of its end */
		assert_int_equal(deed_on_status(&t, DO_DELETE, &alice, draft.status.id), RC_OK);
		f = deed_told(&t, FEDERATE_DELETE);
		assert_int_equal(f.extra_count, rows[i].told);
	}
}

/* --- receiving --- */

static struct status foreign(struct test_store *t, const struct account *author, const char *id,
			     const struct status *parent)
{
	return (struct status){
		.created_ms = t->d.clock.wall_ms,
		.uri = arena_printf(t->d.arena, "%.*s/statuses/%s", STR_ARG(author->uri), id),
		.type = STR("Note"),
		.content = html_trusted(STR("x")),
		.parent_uri = parent != NULL ? parent->uri : STR(""),
	};
}

static enum rc receive(struct test_store *t, const struct account *author, struct status *status)
{
	struct deed deed = { .verb = DO_RECEIVE, .actor = author, .changed = status };
	return deed_do(t, &deed);
}

static void s065_s067_what_comes_again_changes_nothing(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct account eve = test_store_remote(&t, "eve", "b.example");
	struct status_mention mention = { .uri = alice.uri, .handle = STR("alice@example.org") };
	struct status post = foreign(&t, &bob, "1", NULL);
	post.visibility = VISIBILITY_DIRECT;
	assert_int_equal(receive(&t, &bob, &post), RC_OK);
	struct status evil = post;
	evil.mentions = &mention;
	evil.mention_count = 1;
	assert_int_equal(receive(&t, &eve, &evil), RC_EXISTS);
	assert_int_equal(receive(&t, &bob, &evil), RC_EXISTS);
	assert_int_equal(test_store_status(&t, post.id).mention_count, 0);
	assert_int_equal(test_store_rows(&t, &store_notice), 0);
	assert_int_equal(test_store_rows(&t, &store_status), 1);
	/* a post that is gone does not come back (S-125) */
	assert_int_equal(deed_on_status(&t, DO_DELETE, &bob, post.id), RC_OK);
	assert_int_equal(receive(&t, &bob, &post), RC_EXISTS);
	deed_told_nobody(&t);
	test_store_check(&t);
}

static void s056_a_hundred_mentions_of_one_person_are_one_notice(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	struct status_mention mentions[STATUS_MENTIONS_MAX];
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	for (size_t i = 0; i < ARRAY_LEN(mentions); i++)
		mentions[i] = (struct status_mention){ .uri = alice.uri, .handle = STR("alice@x") };
	struct status post = foreign(&t, &bob, "1", NULL);
	post.mentions = mentions;
	post.mention_count = STATUS_MENTIONS_MAX;
	assert_int_equal(receive(&t, &bob, &post), RC_OK);
	deed_noticed(&t, &alice, 1, NOTICE_MENTION, bob.id, post.id);
}

static void who_is_only_addressed_hears_of_letters_alone(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct status_mention silent = { .uri = alice.uri, .handle = STR("") };
	struct status post = foreign(&t, &bob, "1", NULL);
	post.mentions = &silent;
	post.mention_count = 1;
	assert_int_equal(receive(&t, &bob, &post), RC_OK);
	assert_int_equal(test_store_rows(&t, &store_notice), 0);
	struct status letter = foreign(&t, &bob, "2", NULL);
	letter.visibility = VISIBILITY_DIRECT;
	letter.mentions = &silent;
	letter.mention_count = 1;
	assert_int_equal(receive(&t, &bob, &letter), RC_OK);
	deed_noticed(&t, &alice, 1, NOTICE_MENTION, bob.id, letter.id);
}

static void a_stranger_does_not_join_a_thread_that_is_hidden_from_him(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct account friend = test_store_remote(&t, "friend", "f.example");
	test_store_follow(&t, &friend, &alice);
	struct status hidden = test_store_post(&t, &alice, VISIBILITY_FOLLOWERS, "x", NULL);
	struct status by_bob = foreign(&t, &bob, "1", &hidden);
	struct status by_friend = foreign(&t, &friend, "1", &hidden);
	assert_int_equal(receive(&t, &bob, &by_bob), RC_OK);
	assert_int_equal(by_bob.parent, 0);
	assert_int_equal(by_bob.flags, STATUS_REPLY);
	assert_int_equal(receive(&t, &friend, &by_friend), RC_OK);
	assert_int_equal(by_friend.parent, hidden.id);
	assert_int_equal(by_friend.root, hidden.id);
	assert_int_equal(deed_status_counts(&t, hidden.id).replies, 1);
	/* of a remote thread we do not know the followers: its own server has let him in */
	struct status theirs = foreign(&t, &friend, "2", NULL);
	theirs.visibility = VISIBILITY_FOLLOWERS;
	assert_int_equal(receive(&t, &friend, &theirs), RC_OK);
	struct status answer = foreign(&t, &bob, "2", &theirs);
	assert_int_equal(receive(&t, &bob, &answer), RC_OK);
	assert_int_equal(answer.parent, theirs.id);
	test_store_check(&t);
}

static void a_boost_is_no_parent(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct status post = test_store_post(&t, &alice, VISIBILITY_PUBLIC, "x", NULL);
	struct deed boost = {
		.verb = DO_BOOST, .actor = &alice, .status = post.id, .uri = STR("")
	};
	assert_int_equal(deed_do(&t, &boost), RC_OK);
	struct status row = test_store_status(&t, boost.made);
	struct status reply = foreign(&t, &bob, "1", &row);
	assert_int_equal(receive(&t, &bob, &reply), RC_OK);
	assert_int_equal(reply.parent, 0);
	assert_int_equal(deed_status_counts(&t, boost.made).replies, 0);
	test_store_check(&t);
}

static void an_unknown_parent_is_none(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct status gone = { .uri = STR("https://c.example/unknown") };
	struct status post = foreign(&t, &bob, "1", &gone);
	post.parent = 17;
	post.root = 18;
	assert_int_equal(receive(&t, &bob, &post), RC_OK);
	assert_int_equal(post.parent, 0);
	assert_int_equal(post.root, post.id);
	assert_int_equal(post.account, bob.id);
	test_store_check(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_has_a_title_is_an_article),
		cmocka_unit_test(composing_finds_people_and_tags),
		cmocka_unit_test(composing_refuses_what_cannot_be_posted),
		cmocka_unit_test(a_post_tells_followers_and_the_mentioned),
		cmocka_unit_test(what_is_local_never_leaves),
		cmocka_unit_test(a_post_whose_write_runs_twice_is_one),
		cmocka_unit_test(an_author_suspended_since_composing_posts_nothing),
		cmocka_unit_test(a_reply_joins_its_thread_and_tells_the_parents_author),
		cmocka_unit_test(s071_nobody_replies_to_what_they_may_not_see),
		cmocka_unit_test(a_reply_to_what_is_local_is_local),
		cmocka_unit_test(s065_s067_what_comes_again_changes_nothing),
		cmocka_unit_test(s056_a_hundred_mentions_of_one_person_are_one_notice),
		cmocka_unit_test(who_is_only_addressed_hears_of_letters_alone),
		cmocka_unit_test(a_stranger_does_not_join_a_thread_that_is_hidden_from_him),
		cmocka_unit_test(a_boost_is_no_parent),
		cmocka_unit_test(an_unknown_parent_is_none),
		cmocka_unit_test(
			s066_a_reply_reaches_the_author_above_only_when_that_one_may_see_it),
	};
	return cmocka_run_group_tests_name("act_post", tests, NULL, NULL);
}
