/* What acts tell those who are connected: which effects, with which ids, and the way to the bus. */
#include "social/live.h"

#include "deed.h"
#include "social/oauth.h"
#include "social/strike.h"

#define EFFECTS_MAX 16

struct heard {
	struct test_store t;
	struct db_effect list[EFFECTS_MAX];
	size_t count;
};

static void hear(void *arg, const struct db_effect *effects, size_t count)
{
	struct heard *h = arg;
	for (size_t i = 0; i < count && h->count < EFFECTS_MAX; i++)
		h->list[h->count++] = effects[i];
}

static void heard_init(struct heard *h)
{
	h->count = 0;
	test_store_init(&h->t);
	db_on_effects(h->t.d.db, hear, h);
}

static void heard_free(struct heard *h)
{
	test_store_free(&h->t);
}

/* The next that was heard is this. */
static struct db_effect expect(struct heard *h, enum live_kind kind, uint64_t a, uint64_t b,
			       uint64_t c)
{
	assert_true(h->count != 0);
	struct db_effect e = h->list[0];
	memmove(h->list, h->list + 1, --h->count * sizeof(e));
	assert_int_equal(e.kind, kind);
	assert_int_equal(e.ids[0], a);
	assert_int_equal(e.ids[1], b);
	assert_int_equal(e.ids[2], c);
	return e;
}

static void expect_nothing(const struct heard *h)
{
	assert_int_equal(h->count, 0);
}

static uint64_t newest_notice(struct heard *h, const struct account *account)
{
	struct notice notice = { .id = 0 };
	assert_true(test_store_notices(&h->t, account->id, &notice, 1) >= 1);
	return notice.id;
}

static void a_post_is_told_with_whom_it_mentions(void **state UNUSED)
{
	struct heard h CLEANUP(heard_free);
	heard_init(&h);
	struct account alice = test_store_local(&h.t, "alice"), bob = test_store_local(&h.t, "bob");
	struct status post =
		test_store_post(&h.t, &alice, VISIBILITY_FOLLOWERS, "hello", &bob, NULL);
	struct db_effect e = expect(&h, LIVE_STATUS_ADDED, post.id, alice.id, 0);
	assert_int_equal(e.flags, VISIBILITY_FOLLOWERS | LIVE_LOCAL);
	assert_int_equal(live_visibility(&e), VISIBILITY_FOLLOWERS);
	expect(&h, LIVE_NOTICE, bob.id, newest_notice(&h, &bob), alice.id);
	expect_nothing(&h);
}

static void what_comes_from_elsewhere_is_told_as_such(void **state UNUSED)
{
	struct heard h CLEANUP(heard_free);
	heard_init(&h);
	struct account alice = test_store_local(&h.t, "alice");
	struct account bob = test_store_remote(&h.t, "bob", "b.example");
	struct status first = test_store_post(&h.t, &alice, VISIBILITY_PUBLIC, "x", NULL);
	h.count = 0;
	struct status reply = test_store_reply(&h.t, &alice, &first, "y");
	assert_int_equal(expect(&h, LIVE_STATUS_ADDED, reply.id, alice.id, 0).flags,
			 VISIBILITY_PUBLIC | LIVE_LOCAL | LIVE_REPLY);
	h.count = 0;
	struct status remote = test_store_post(&h.t, &bob, VISIBILITY_UNLISTED, "z", NULL);
	assert_int_equal(expect(&h, LIVE_STATUS_ADDED, remote.id, bob.id, 0).flags,
			 VISIBILITY_UNLISTED);
	expect_nothing(&h);
}

static void a_boost_is_told_and_taken_back(void **state UNUSED)
{
	struct heard h CLEANUP(heard_free);
	heard_init(&h);
	struct account alice = test_store_local(&h.t, "alice"), bob = test_store_local(&h.t, "bob");
	struct status post = test_store_post(&h.t, &alice, VISIBILITY_PUBLIC, "x", NULL);
	h.count = 0;
	struct deed boost = { .verb = DO_BOOST, .actor = &bob, .status = post.id };
	assert_int_equal(deed_do(&h.t, &boost), RC_OK);
	expect(&h, LIVE_STATUS_ADDED, boost.made, bob.id, post.id);
	expect(&h, LIVE_NOTICE, alice.id, newest_notice(&h, &alice), bob.id);
	assert_int_equal(deed_on_status(&h.t, DO_BOOST, &bob, post.id), RC_EXISTS);
	expect_nothing(&h);
	assert_int_equal(deed_on_status(&h.t, DO_UNBOOST, &bob, post.id), RC_OK);
	expect(&h, LIVE_STATUS_REMOVED, boost.made, bob.id, post.id);
	expect_nothing(&h);
}

static void a_deletion_is_told_to_whom_the_post_was(void **state UNUSED)
{
	struct heard h CLEANUP(heard_free);
	heard_init(&h);
	struct account alice = test_store_local(&h.t, "alice"), bob = test_store_local(&h.t, "bob");
	struct status post = test_store_post(&h.t, &alice, VISIBILITY_PUBLIC, "x", &bob, NULL);
	struct deed boost = { .verb = DO_BOOST, .actor = &bob, .status = post.id };
	assert_int_equal(deed_do(&h.t, &boost), RC_OK);
	h.count = 0;
	assert_int_equal(deed_on_status(&h.t, DO_DELETE, &bob, post.id), RC_DENIED);
	expect_nothing(&h);
	assert_int_equal(deed_on_status(&h.t, DO_DELETE, &alice, post.id), RC_OK);
	expect(&h, LIVE_STATUS_REMOVED, boost.made, bob.id, post.id);
	expect(&h, LIVE_STATUS_REMOVED, post.id, alice.id, 0);
	expect(&h, LIVE_STATUS_TAKEN, post.id, alice.id, bob.id);
	expect_nothing(&h);
}

static void an_edit_is_told_once(void **state UNUSED)
{
	struct heard h CLEANUP(heard_free);
	heard_init(&h);
	struct account alice = test_store_local(&h.t, "alice");
	struct status post = test_store_post(&h.t, &alice, VISIBILITY_PUBLIC, "x", NULL);
	h.count = 0;
	struct status changed = post;
	changed.edited_ms = post.created_ms + 1;
	struct deed edit = { .verb = DO_EDIT, .actor = &alice, .changed = &changed };
	assert_int_equal(deed_do(&h.t, &edit), RC_OK);
	expect(&h, LIVE_STATUS_CHANGED, post.id, alice.id, 0);
	assert_int_equal(deed_do(&h.t, &edit), RC_EXISTS);
	expect_nothing(&h);
}

static void relations_are_told_whatever_becomes_of_them(void **state UNUSED)
{
	struct heard h CLEANUP(heard_free);
	heard_init(&h);
	struct account alice = test_store_local(&h.t, "alice"), bob = test_store_local(&h.t, "bob");
	assert_int_equal(deed_on_account(&h.t, DO_FOLLOW, &alice, &bob), RC_OK);
	expect(&h, LIVE_RELATION, alice.id, bob.id, 0);
	expect(&h, LIVE_NOTICE, bob.id, newest_notice(&h, &bob), alice.id);
	assert_int_equal(deed_on_account(&h.t, DO_BLOCK, &bob, &alice), RC_OK);
	/* the follow ends, then the block begins */
	expect(&h, LIVE_RELATION, alice.id, bob.id, 0);
	expect(&h, LIVE_RELATION, bob.id, alice.id, 0);
	assert_int_equal(deed_on_account(&h.t, DO_UNBLOCK, &bob, &alice), RC_OK);
	expect(&h, LIVE_RELATION, bob.id, alice.id, 0);
	expect_nothing(&h);
}

static void a_suspension_is_told_and_its_end_is_not(void **state UNUSED)
{
	struct heard h CLEANUP(heard_free);
	heard_init(&h);
	struct account alice = test_store_local(&h.t, "alice");
	assert_int_equal(deed_on_account(&h.t, DO_SUSPEND, &alice, NULL), RC_OK);
	expect(&h, LIVE_ACCOUNT_GONE, alice.id, 0, 0);
	expect(&h, LIVE_TOKEN_GONE, alice.id, 0, 0);
	assert_int_equal(deed_on_account(&h.t, DO_UNSUSPEND, &alice, NULL), RC_OK);
	expect_nothing(&h);
}

struct keys {
	uint64_t account, token;
	struct oauth_app app;
	struct str secret;
};

static enum rc job_token(struct social *s, void *arg)
{
	struct keys *k = arg;
	oauth_app_add(s->txn, &k->app);
	struct oauth_token token = { .app = k->app.id,
				     .account = k->account,
				     .scopes = STR("read") };
	oauth_token_add(s->txn, STR("the token"), &token);
	k->token = token.id;
	return RC_OK;
}

static enum rc job_revoke(struct social *s, void *arg)
{
	const struct keys *k = arg;
	return oauth_revoke(s, k->app.client_id, k->secret, STR("the token"));
}

static void a_revoked_token_is_told_once(void **state UNUSED)
{
	struct heard h CLEANUP(heard_free);
	heard_init(&h);
	struct keys k = { .account = test_store_local(&h.t, "alice").id };
	struct ctx ctx = { .arena = h.t.d.arena };
	const struct oauth_registration wanted = { .name = STR_INIT("An app"),
						   .redirects = { STR_INIT(OAUTH_OUT_OF_BAND) },
						   .redirect_count = 1 };
	assert_int_equal(oauth_app_compose(&ctx, &wanted, &k.app, &k.secret), RC_OK);
	test_store_write(&h.t, job_token, &k);
	expect_nothing(&h);
	test_store_write(&h.t, job_revoke, &k);
	expect(&h, LIVE_TOKEN_GONE, k.account, k.token, 0);
	test_store_write(&h.t, job_revoke, &k);
	expect_nothing(&h);
}

struct acting {
	uint64_t person, team, token;
};

static enum rc job_act_for(struct social *s, void *arg)
{
	struct acting *a = arg;
	struct oauth_token token = { .account = a->team,
				     .person = a->person,
				     .scopes = STR("read") };
	oauth_token_add(s->txn, STR("the token of a member"), &token);
	a->token = token.id;
	return RC_OK;
}

static enum rc job_disable(struct social *s, void *arg)
{
	const struct acting *a = arg;
	const struct sentence sentence = { .what = MODERATE_DISABLE, .quiet = true };
	return moderate_account(s, NULL, a->person, &sentence, NULL);
}

/* Their own streams end, and those in which they read for others. */
static void who_is_disabled_reads_no_teams_streams(void **state UNUSED)
{
	struct heard h CLEANUP(heard_free);
	heard_init(&h);
	struct acting a = { .person = test_store_local(&h.t, "alice").id,
			    .team = test_store_local(&h.t, "desk").id };
	test_store_write(&h.t, job_act_for, &a);
	expect_nothing(&h);
	test_store_write(&h.t, job_disable, &a);
	expect(&h, LIVE_TOKEN_GONE, a.person, 0, 0);
	expect(&h, LIVE_TOKEN_GONE, a.team, a.token, 0);
}

static enum rc job_held_back(struct social *s, void *arg)
{
	struct status status = *(const struct status *)arg;
	status.approval.state = INTERACTION_PENDING;
	live_tell_status(s->txn, LIVE_STATUS_ADDED, &status, false);
	status.approval.state = INTERACTION_ACCEPTED;
	live_tell_status(s->txn, LIVE_STATUS_ADDED, &status, true);
	return RC_OK;
}

static void a_reply_that_waits_for_consent_is_told_to_nobody(void **state UNUSED)
{
	struct heard h CLEANUP(heard_free);
	struct status status = { .id = 1, .account = 2, .visibility = VISIBILITY_DIRECT };
	heard_init(&h);
	test_store_write(&h.t, job_held_back, &status);
	assert_int_equal(expect(&h, LIVE_STATUS_ADDED, 1, 2, 0).flags,
			 VISIBILITY_DIRECT | LIVE_OLD);
	expect_nothing(&h);
}

static void effects_become_events_for_those_who_listen(void **state UNUSED)
{
	static const struct db_effect effects[] = {
		{ LIVE_STATUS_ADDED, LIVE_LOCAL, { 1, 2, 3 } },
		{ LIVE_NOTICE, 0, { 4, 5, 6 } },
	};
	struct bus *bus = bus_new();
	const struct bus_subscription wanted = { BUS_KIND(LIVE_NOTICE), 4, BUS_CLOSE, NULL, NULL };
	struct bus_subscriber *s = bus_subscribe(bus, &wanted);
	live_publish(bus, effects, ARRAY_LEN(effects));
	struct bus_event *event = bus_take(s);
	assert_non_null(event);
	assert_int_equal(event->kind, LIVE_NOTICE);
	assert_memory_equal(live_of_event(event), &effects[1], sizeof(effects[1]));
	bus_event_release(&event);
	assert_null(bus_take(s));
	bus_unsubscribe(&s);
	bus_free(&bus);
}

static void effects_survive_the_way_through_text(void **state UNUSED)
{
	static const struct db_effect effects[] = {
		{ LIVE_STATUS_ADDED, LIVE_LOCAL, { 1, 2, UINT64_MAX } },
		{ LIVE_NOTICES_MERGED, UINT32_MAX, { 0, 0, 0 } },
	};
	struct buf text CLEANUP(buf_free) = BUF_INIT(256);
	struct db_effect got;
	live_format(&text, effects, ARRAY_LEN(effects));
	struct str rest = buf_str(&text);
	assert_str_eq(rest, STR("1 8 1 2 18446744073709551615 15 4294967295 0 0 0"));
	for (size_t i = 0; i < ARRAY_LEN(effects); i++) {
		assert_true(live_parse(&rest, &got));
		assert_memory_equal(&got, &effects[i], sizeof(got));
	}
	assert_false(live_parse(&rest, &got));
}

static void malformed_text_is_no_effect(void **state UNUSED)
{
	static const char *const texts[] = { "",	   "1",
					     "1 0 1 2",	   "0 0 1 2 3",
					     "16 0 1 2 3", "1 4294967296 1 2 3",
					     "1 0 1 2 x",  "1 0 1 2 -3",
					     "64 0 1 2 3", "1 0 1 2 99999999999999999999" };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct str text = str_of(texts[i]);
		struct db_effect got;
		assert_false(live_parse(&text, &got));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_post_is_told_with_whom_it_mentions),
		cmocka_unit_test(what_comes_from_elsewhere_is_told_as_such),
		cmocka_unit_test(a_boost_is_told_and_taken_back),
		cmocka_unit_test(a_deletion_is_told_to_whom_the_post_was),
		cmocka_unit_test(an_edit_is_told_once),
		cmocka_unit_test(relations_are_told_whatever_becomes_of_them),
		cmocka_unit_test(a_suspension_is_told_and_its_end_is_not),
		cmocka_unit_test(a_revoked_token_is_told_once),
		cmocka_unit_test(who_is_disabled_reads_no_teams_streams),
		cmocka_unit_test(a_reply_that_waits_for_consent_is_told_to_nobody),
		cmocka_unit_test(effects_become_events_for_those_who_listen),
		cmocka_unit_test(effects_survive_the_way_through_text),
		cmocka_unit_test(malformed_text_is_no_effect),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
