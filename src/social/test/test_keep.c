/* Bookmarks, followed hashtags, lists, announcements, scheduled posts; and their end with the account. */
#include "social/keep.h"

#include <stdio.h>

#include "core/clock.h"
#include "deed.h"
#include "social/announce.h"
#include "social/mute.h"
#include "social/relation.h"
#include "social/schedule.h"
#include "store/emoji.h"
#include "store/filter.h"
#include "store/medium.h"
#include "store/personal.h"
#include "store/shelf.h"
#include "store/tables.h"

/* An act of one account: what it comes to is its own word. */
struct deed_of {
	uint64_t actor;
	enum rc (*act)(struct social *s, const struct account *actor, void *arg);
	void *arg;
};

static enum rc run(struct social *s, void *arg)
{
	const struct deed_of *d = arg;
	struct account a;
	if (!account_get(s->txn, s->ctx->arena, d->actor, &a))
		return RC_NOT_FOUND;
	return d->act(s, &a, d->arg);
}

static enum rc does(struct test_store *t, const struct account *actor,
		    enum rc (*act)(struct social *s, const struct account *actor, void *arg),
		    void *arg)
{
	struct deed_of d = { actor->id, act, arg };
	return test_store_try(t, run, &d);
}

static enum rc bookmark(struct social *s, const struct account *a, void *arg)
{
	return act_bookmark(s, a, *(const uint64_t *)arg);
}

static enum rc unbookmark(struct social *s, const struct account *a, void *arg)
{
	return act_unbookmark(s, a, *(const uint64_t *)arg);
}

static void what_can_be_seen_can_be_bookmarked(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct status post = test_store_post(&t, &bob, VISIBILITY_PUBLIC, "x", NULL);
	struct status secret = test_store_post(&t, &bob, VISIBILITY_DIRECT, "y", NULL);
	test_store_forget_jobs(&t);
	assert_int_equal(does(&t, &alice, bookmark, &post.id), RC_OK);
	assert_int_equal(does(&t, &alice, bookmark, &post.id), RC_EXISTS);
	assert_int_equal(does(&t, &alice, bookmark, &secret.id), RC_NOT_FOUND);
	assert_int_equal(does(&t, &alice, unbookmark, &post.id), RC_OK);
	assert_int_equal(does(&t, &alice, unbookmark, &post.id), RC_NOT_FOUND);
	deed_told_nobody(&t);
}

static enum rc follow_tag(struct social *s, const struct account *a, void *arg)
{
	return act_follow_tag(s, a, *(const struct str *)arg);
}

static enum rc unfollow_tag(struct social *s, const struct account *a, void *arg)
{
	return act_unfollow_tag(s, a, *(const struct str *)arg);
}

static void a_hashtag_is_followed_in_whatever_case(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct str upper = STR("Cats"), lower = STR("cats"), none = STR("no tag");
	assert_int_equal(does(&t, &alice, follow_tag, &upper), RC_OK);
	assert_int_equal(does(&t, &alice, follow_tag, &lower), RC_EXISTS);
	assert_int_equal(does(&t, &alice, follow_tag, &none), RC_INVALID);
	assert_int_equal(does(&t, &alice, unfollow_tag, &lower), RC_OK);
	assert_int_equal(does(&t, &alice, unfollow_tag, &upper), RC_NOT_FOUND);
}

static enum rc make_list(struct social *s, const struct account *a, void *arg)
{
	return act_list_make(s, a, arg);
}

static enum rc change_list(struct social *s, const struct account *a, void *arg)
{
	return act_list_change(s, a, arg);
}

struct members {
	uint64_t list;
	uint64_t ids[2];
};

static enum rc add_members(struct social *s, const struct account *a, void *arg)
{
	const struct members *m = arg;
	return act_list_add(s, a, m->list, m->ids, m->ids[1] != 0 ? 2 : 1);
}

static enum rc remove_members(struct social *s, const struct account *a, void *arg)
{
	const struct members *m = arg;
	return act_list_remove(s, a, m->list, m->ids, 1);
}

static size_t lists_of(struct test_store *t, const struct account *owner, uint64_t account)
{
	struct list lists[LISTS_MAX];
	struct db_txn *txn = test_store_read(t);
	size_t n = lists_with(txn, t->d.arena, owner->id, account, lists);
	db_read_end(&txn);
	return n;
}

static void only_who_is_followed_is_on_a_list(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct account carol = test_store_local(&t, "carol");
	struct list list = { .title = STR("  friends ") }, empty = { .title = STR(" ") };
	assert_int_equal(does(&t, &alice, make_list, &list), RC_OK);
	assert_str_eq(list.title, STR("friends"));
	assert_int_equal(does(&t, &alice, make_list, &empty), RC_INVALID);
	struct members m = { list.id, { bob.id, carol.id } };
	test_store_follow(&t, &alice, &bob);
	assert_int_equal(does(&t, &alice, add_members, &m), RC_NOT_FOUND);
	assert_int_equal(lists_of(&t, &alice, bob.id), 0);
	test_store_follow(&t, &alice, &carol);
	assert_int_equal(does(&t, &bob, add_members, &m), RC_NOT_FOUND);
	assert_int_equal(does(&t, &alice, add_members, &m), RC_OK);
	assert_int_equal(does(&t, &alice, add_members, &m), RC_EXISTS);
	assert_int_equal(lists_of(&t, &alice, bob.id), 1);
	assert_int_equal(deed_on_account(&t, DO_UNFOLLOW, &alice, &bob), RC_OK);
	assert_int_equal(lists_of(&t, &alice, bob.id), 0);
	assert_int_equal(lists_of(&t, &alice, carol.id), 1);
	m.ids[0] = carol.id;
	assert_int_equal(does(&t, &alice, remove_members, &m), RC_OK);
	assert_int_equal(lists_of(&t, &alice, carol.id), 0);
	list.title = STR("x");
	assert_int_equal(does(&t, &bob, change_list, &list), RC_NOT_FOUND);
	assert_int_equal(does(&t, &alice, change_list, &list), RC_OK);
	test_store_check(&t);
}

/* --- announcements --- */

static enum rc announce(struct social *s, const struct account *a UNUSED, void *arg)
{
	struct announcement *ann = arg;
	enum rc rc = announcement_compose(s->ctx, s->site, ann);
	return rc == RC_OK ? act_announce(s, ann) : rc;
}

struct reacting {
	uint64_t id;
	struct str name;
	bool back;
};

static enum rc react(struct social *s, const struct account *a, void *arg)
{
	const struct reacting *r = arg;
	return r->back ? act_announcement_unreact(s, a, r->id, r->name)
		       : act_announcement_react(s, a, r->id, r->name);
}

static enum rc read_it(struct social *s, const struct account *a, void *arg)
{
	return act_announcement_read(s, a, *(const uint64_t *)arg);
}

static enum rc offer(struct social *s, const struct account *a UNUSED, void *arg UNUSED)
{
	emoji_put(s->txn, STR("blobcat"), STR("https://pics.example/1.png"));
	return RC_OK;
}

struct looking {
	struct announcement_view *views;
	size_t count;
};

static enum rc look(struct social *s, const struct account *a, void *arg)
{
	struct looking *l = arg;
	struct announcement_view *views;
	l->count = announcements_gather(s, a->id, &views);
	for (size_t i = 0; i < l->count; i++)
		l->views[i] = views[i];
	return RC_OK;
}

static void announcements_are_read_and_reacted_to(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	struct announcement_view views[2];
	struct looking looking = { views, 0 };
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct announcement a = { .text = STR("Down on Sunday"),
				  .ends_ms = TEST_DB_WALL_MS + MS_PER_DAY };
	assert_int_equal(does(&t, &alice, offer, NULL), RC_OK);
	assert_int_equal(does(&t, &alice, announce, &a), RC_OK);
	struct reacting r = { a.id, STR("blobcat"), false };
	assert_int_equal(does(&t, &alice, react, &r), RC_OK);
	assert_int_equal(does(&t, &bob, react, &r), RC_OK);
	assert_int_equal(does(&t, &bob, react, &r), RC_EXISTS);
	r.name = STR("\xf0\x9f\x94\xa5");
	assert_int_equal(does(&t, &bob, react, &r), RC_OK);
	r.name = STR("nosuch");
	assert_int_equal(does(&t, &bob, react, &r), RC_INVALID);
	uint64_t nowhere = 5;
	assert_int_equal(does(&t, &bob, read_it, &nowhere), RC_NOT_FOUND);
	assert_int_equal(does(&t, &bob, read_it, &a.id), RC_OK);
	assert_int_equal(does(&t, &alice, look, &looking), RC_OK);
	assert_int_equal(looking.count, 1);
	assert_false(views[0].read);
	assert_int_equal(views[0].reaction_count, 2);
	assert_int_equal(views[0].reactions[0].count, 2);
	assert_true(views[0].reactions[0].me && !views[0].reactions[1].me);
	r = (struct reacting){ a.id, STR("blobcat"), true };
	assert_int_equal(does(&t, &alice, react, &r), RC_OK);
	assert_int_equal(does(&t, &alice, react, &r), RC_NOT_FOUND);
	/* it is over */
	test_clock_advance(&t.d.clock, MS_PER_DAY);
	assert_int_equal(does(&t, &bob, look, &looking), RC_OK);
	assert_int_equal(looking.count, 0);
	assert_int_equal(does(&t, &bob, read_it, &a.id), RC_NOT_FOUND);
	struct announcement none = { .text = STR(" ") };
	assert_int_equal(does(&t, &alice, announce, &none), RC_INVALID);
	test_store_check(&t);
}

/* --- scheduled posts --- */

struct scheduling {
	struct post_params params;
	uint64_t due_ms;
	struct scheduled made;
};

static enum rc schedule(struct social *s, const struct account *a, void *arg)
{
	struct scheduling *p = arg;
	return act_schedule(s, a, &p->params, p->due_ms, &p->made);
}

static enum rc reschedule(struct social *s, const struct account *a, void *arg)
{
	struct scheduling *p = arg;
	return act_reschedule(s, a, p->made.id, p->due_ms);
}

static enum rc unschedule(struct social *s, const struct account *a, void *arg)
{
	struct scheduling *p = arg;
	return act_unschedule(s, a, p->made.id);
}

struct posting {
	struct schedule_job job;
	struct draft draft;
};

static enum rc post_scheduled(struct social *s, void *arg)
{
	struct posting *p = arg;
	return act_post_scheduled(s, &p->job, &p->draft);
}

/* As the job does it, at the clock's time. */
static enum rc due(struct test_store *t, struct posting *p)
{
	struct post_params *params = ARENA_NEW(t->d.arena, struct post_params);
	struct ctx ctx = { .arena = t->d.arena };
	assert_non_null(params);
	enum rc rc = schedule_compose(&ctx, &t->site, t->d.db, NULL, &p->job, t->d.clock.wall_ms,
				      params, &p->draft);
	return rc == RC_OK ? test_store_try(t, post_scheduled, p) : rc;
}

static void a_scheduled_post_is_written_at_its_time_and_once(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct status parent = test_store_post(&t, &bob, VISIBILITY_PUBLIC, "x", NULL);
	struct scheduling s = { .params = { .text = STR("later"),
					    .spoiler = STR("cw"),
					    .has_visibility = true,
					    .visibility = VISIBILITY_UNLISTED,
					    .parent = parent.id },
				.due_ms = TEST_DB_WALL_MS + MS_PER_MINUTE };
	assert_int_equal(does(&t, &alice, schedule, &s), RC_INVALID);
	s.due_ms = TEST_DB_WALL_MS + MS_PER_HOUR;
	assert_int_equal(does(&t, &alice, schedule, &s), RC_OK);
	struct posting p = { .job = { alice.id, s.made.id } };
	assert_int_equal(due(&t, &p), RC_NOT_FOUND);
	/* put off: the first job finds nothing to do */
	test_clock_advance(&t.d.clock, MS_PER_MINUTE);
	s.due_ms += MS_PER_HOUR;
	assert_int_equal(does(&t, &bob, reschedule, &s), RC_NOT_FOUND);
	assert_int_equal(does(&t, &alice, reschedule, &s), RC_OK);
	test_clock_advance(&t.d.clock, MS_PER_HOUR);
	assert_int_equal(due(&t, &p), RC_NOT_FOUND);
	test_clock_advance(&t.d.clock, MS_PER_HOUR);
	assert_int_equal(due(&t, &p), RC_OK);
	struct status made = test_store_status(&t, p.draft.status.id);
	assert_int_equal(made.visibility, VISIBILITY_UNLISTED);
	assert_int_equal(made.parent, parent.id);
	assert_str_eq(made.source, STR("later"));
	assert_str_eq(made.spoiler, STR("cw"));
	assert_int_equal(made.created_ms, t.d.clock.wall_ms);
	assert_int_equal(due(&t, &p), RC_NOT_FOUND);
	assert_int_equal(test_store_try(&t, post_scheduled, &p), RC_NOT_FOUND);
	assert_int_equal(does(&t, &alice, unschedule, &s), RC_NOT_FOUND);
	test_store_check(&t);
}

static enum rc upload(struct social *s, const struct account *a, void *arg)
{
	struct medium m = { .owner = a->id,
			    .state = MEDIUM_READY,
			    .file = { .type = STR("image/png"), .bytes = 1 },
			    .blurhash = STR(""),
			    .description = STR("a dog"),
			    .reason = STR("") };
	bool added = medium_add(s->txn, &m);
	*(uint64_t *)arg = m.id;
	return added ? RC_OK : RC_EXISTS;
}

static enum medium_use use_of(struct test_store *t, uint64_t id)
{
	struct medium m;
	struct db_txn *txn = test_store_read(t);
	assert_true(medium_get(txn, t->d.arena, id, &m));
	db_read_end(&txn);
	return m.use;
}

static void a_scheduled_post_holds_its_media(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	uint64_t medium;
	assert_int_equal(does(&t, &alice, upload, &medium), RC_OK);
	struct scheduling s = {
		.params = { .text = STR("later"), .media = { medium }, .media_count = 1 },
		.due_ms = TEST_DB_WALL_MS + MS_PER_HOUR
	};
	assert_int_equal(does(&t, &bob, schedule, &s), RC_INVALID);
	assert_int_equal(does(&t, &alice, schedule, &s), RC_OK);
	assert_int_equal(use_of(&t, medium), MEDIUM_SCHEDULED);
	/* nobody else gets it meanwhile */
	struct scheduling other = s;
	assert_int_equal(does(&t, &alice, schedule, &other), RC_INVALID);
	assert_int_equal(does(&t, &alice, unschedule, &s), RC_OK);
	assert_int_equal(use_of(&t, medium), MEDIUM_OPEN);
	assert_int_equal(does(&t, &alice, schedule, &s), RC_OK);
	struct posting p = { .job = { alice.id, s.made.id } };
	test_clock_advance(&t.d.clock, MS_PER_HOUR);
	assert_int_equal(due(&t, &p), RC_OK);
	struct status made = test_store_status(&t, p.draft.status.id);
	assert_int_equal(made.attachment_count, 1);
	assert_str_eq(made.attachments[0].description, STR("a dog"));
	assert_int_equal(use_of(&t, medium), MEDIUM_POST);
	test_store_check(&t);
}

static void parameters_are_read_as_they_were_written(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	struct ctx ctx = { .arena = arena };
	const struct post_params a = { .text = STR("t\"x\n"),
				       .spoiler = STR("s"),
				       .language = STR("de"),
				       .idempotency = STR("k"),
				       .has_visibility = true,
				       .visibility = VISIBILITY_FOLLOWERS,
				       .has_sensitive = true,
				       .sensitive = true,
				       .parent = UINT64_MAX,
				       .community = 11,
				       .quote = 6,
				       .has_quotes = true,
				       .quotes = POLICY_FOLLOWERS,
				       .media = { 7, 8 },
				       .media_count = 2,
				       .has_poll = true,
				       .poll = { .options = { STR_INIT("a"), STR_INIT("b") },
						 .option_count = 2,
						 .multiple = true,
						 .secret = true,
						 .lasts_ms = 3600000 } };
	struct post_params b;
	struct str json = post_params_write(arena, &a);
	assert_int_equal(post_params_read(&ctx, json, &b), RC_OK);
	assert_str_eq(b.text, a.text);
	assert_str_eq(b.spoiler, a.spoiler);
	assert_str_eq(b.language, a.language);
	assert_str_eq(b.idempotency, a.idempotency);
	assert_true(b.has_visibility && b.visibility == VISIBILITY_FOLLOWERS);
	assert_true(b.has_sensitive && b.sensitive && b.poll.secret);
	assert_true(b.parent == UINT64_MAX && b.quote == 6 && b.community == 11);
	assert_true(b.has_quotes && b.quotes == POLICY_FOLLOWERS);
	assert_true(b.media_count == 2 && b.media[1] == 8);
	assert_true(b.has_poll && b.poll.option_count == 2 && b.poll.multiple);
	assert_true(b.poll.lasts_ms == 3600000);
	assert_str_eq(b.poll.options[1], STR("b"));
	/* what was left out is null, and stays left out */
	const struct post_params none = { .text = STR("t") };
	json = post_params_write(arena, &none);
	assert_true(str_contains(json, STR("\"visibility\":null")));
	assert_int_equal(post_params_read(&ctx, json, &b), RC_OK);
	assert_int_equal(b.community, 0);
	assert_true(!b.has_visibility && !b.has_sensitive && !b.has_poll && !b.has_quotes);
	assert_int_equal(b.spoiler.len, 0);
	assert_int_equal(post_params_read(&ctx, STR("{"), &b), RC_CORRUPT);
	arena_free(&arena);
}

/* --- the end --- */

static enum rc fill(struct social *s, const struct account *a, void *arg)
{
	struct filter f = { .owner = a->id, .title = STR("f") };
	struct list list = { .owner = a->id, .title = STR("l") };
	struct shelved member = { .id = *(const uint64_t *)arg };
	struct shelved tag = { .text = STR("cats") }, domain = { .text = STR("x.example") };
	struct scheduled later = { .account = a->id, .due_ms = 1, .params = STR("{}") };
	struct marker markers[MARKERS] = { { 1, 1, 1 } };
	struct preference preference = { .language = STR("de") };
	assert_int_equal(filter_add(s->txn, &f), RC_OK);
	assert_int_equal(list_add(s->txn, &list), RC_OK);
	assert_int_equal(scheduled_add(s->txn, &later), RC_OK);
	assert_int_equal(shelf_put(s->txn, SHELF_LISTED, list.id, &member), RC_OK);
	assert_int_equal(shelf_put(s->txn, SHELF_MUTED, a->id, &member), RC_OK);
	assert_int_equal(shelf_put(s->txn, SHELF_TAGS, a->id, &tag), RC_OK);
	assert_int_equal(shelf_put(s->txn, SHELF_DOMAINS, a->id, &domain), RC_OK);
	account_note_put(s->txn, a->id, member.id, STR("n"));
	markers_put(s->txn, a->id, markers);
	preference_put(s->txn, a->id, &preference);
	return RC_OK;
}

static void nothing_of_it_outlives_the_account(void **state UNUSED)
{
	static const struct db_table *const tables[] = {
		&store_shelf,  &store_shelf_order, &store_list,	     &store_filter,
		&store_marker, &store_preference,  &store_scheduled, &store_account_note,
	};
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	assert_int_equal(does(&t, &alice, fill, &bob.id), RC_OK);
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		assert_int_not_equal(test_store_rows(&t, tables[i]), 0);
	assert_int_equal(deed_on_account(&t, DO_REMOVE, &alice, NULL), RC_OK);
	enum rc rc = RC_BUSY;
	for (int i = 0; i < 20 && rc == RC_BUSY; i++)
		rc = deed_on_account(&t, DO_REMOVE_FINISH, &alice, NULL);
	assert_int_equal(rc, RC_OK);
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		if (test_store_rows(&t, tables[i]) != 0)
			fail_msg("%s is left", tables[i]->name);
	}
	test_store_check(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_can_be_seen_can_be_bookmarked),
		cmocka_unit_test(a_hashtag_is_followed_in_whatever_case),
		cmocka_unit_test(only_who_is_followed_is_on_a_list),
		cmocka_unit_test(announcements_are_read_and_reacted_to),
		cmocka_unit_test(a_scheduled_post_is_written_at_its_time_and_once),
		cmocka_unit_test(a_scheduled_post_holds_its_media),
		cmocka_unit_test(parameters_are_read_as_they_were_written),
		cmocka_unit_test(nothing_of_it_outlives_the_account),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
