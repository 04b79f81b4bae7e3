/* What trends, the directory, suggestions. */
#include "social/trends.h"

#include <math.h>
#include <stdlib.h>

#include "../trends_int.h"
#include "deed.h"
#include "social/search.h"
#include "store/dismissed.h"
#include "store/graph.h"
#include "store/tables.h"
#include "store/timeline.h"

#define PEOPLE 6

struct world {
	struct test_store t;
	struct account who[PEOPLE];
	struct ctx ctx;
};

static void take_all_up(struct world *w)
{
	enum rc rc;
	while ((rc = search_take_up(w->t.d.db)) == RC_BUSY)
		;
	assert_int_equal(rc, RC_OK);
	while ((rc = trends_take_up(w->t.d.db)) == RC_BUSY)
		;
	assert_int_equal(rc, RC_OK);
}

static enum rc make_discoverable(struct social *s, void *arg)
{
	struct account *a = arg;
	a->flags |= ACCOUNT_DISCOVERABLE;
	return account_put(s->txn, s->ctx->arena, a) ? RC_OK : RC_EXISTS;
}

static void world_init(struct world *w)
{
	static const char *const names[PEOPLE] = { "ann", "ben", "cid", "dot", "eve", "fay" };
	test_store_init(&w->t);
	for (size_t i = 0; i < PEOPLE; i++) {
		w->who[i] = i < 3 ? test_store_local(&w->t, names[i])
				  : test_store_remote(&w->t, names[i], "b.example");
		test_store_write(&w->t, make_discoverable, &w->who[i]);
	}
	w->ctx = (struct ctx){ .arena = w->t.d.arena };
}

static void world_free(struct world *w)
{
	test_store_free(&w->t);
}

/* --- posts with tags, links --- */

struct posting {
	struct account *author;
	const char *tag, *html;
	unsigned flags;
	enum visibility visibility;
	unsigned number;
};

static enum rc post_job(struct social *s, void *arg)
{
	struct posting *p = arg;
	struct str tag = str_of(p->tag);
	struct str uri = arena_printf(s->ctx->arena, "https://b.example/tagged/%u", p->number);
	struct status made = { .uri = uri,
			       .url = uri,
			       .type = STR("Note"),
			       .content = html_trusted(str_of(p->html)),
			       .flags = p->flags,
			       .visibility = p->visibility,
			       .created_ms = db_txn_now(s->txn),
			       .tags = &tag,
			       .tag_count = tag.len != 0 };
	return act_receive_post(s, p->author, &made);
}

static void post(struct world *w, size_t who, const char *tag, const char *html)
{
	static unsigned number;
	struct posting p = { .author = &w->who[who], .tag = tag, .html = html, .number = number++ };
	test_store_write(&w->t, post_job, &p);
}

static void expect_trends(struct world *w, enum rank_kind kind, bool all, const char *words)
{
	struct trend_item *items = calloc(TRENDS_LIMIT_MAX, sizeof(*items));
	const struct trend_page page = { .limit = 10, .all = all };
	struct buf joined CLEANUP(buf_free) = BUF_INIT(4096);
	assert_non_null(items);
	struct db_txn *txn = test_store_read(&w->t);
	size_t n = trends_items(&w->ctx, txn, kind, &page, w->t.d.clock.wall_ms, items);
	db_read_end(&txn);
	for (size_t i = 0; i < n; i++)
		buf_addf(&joined, "%.*s ",
			 STR_ARG(kind == RANK_TAG ? items[i].tag.display : items[i].rank.item));
	free(items);
	assert_str_eq(buf_str(&joined), str_of(words));
}

static void hashtags_trend_by_how_many_use_them(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct trend_item item;
	world_init(&w);
	for (size_t i = 3; i < PEOPLE; i++)
		post(&w, i, "Cats", "<p>meow</p>");
	/* one person alone makes no trend */
	for (size_t i = 0; i < 9; i++)
		post(&w, 3, "Spam", "<p>buy</p>");
	take_all_up(&w);
	expect_trends(&w, RANK_TAG, false, "Cats ");
	expect_trends(&w, RANK_TAG, true, "Spam Cats ");
	struct db_txn *txn = test_store_read(&w.t);
	assert_true(trends_item(&w.ctx, txn, RANK_TAG, STR("cats"), w.t.d.clock.wall_ms, &item));
	assert_int_equal(item.history[0].uses, 3);
	assert_int_equal(item.history[0].accounts, 3);
	assert_int_equal(item.history[1].uses, 0);
	assert_int_equal(item.tag.uses, 3);
	assert_false(trends_item(&w.ctx, txn, RANK_TAG, STR("dogs"), w.t.d.clock.wall_ms, &item));
	db_read_end(&txn);
	test_store_check(&w.t);
	/* a day later others do */
	w.t.d.clock.wall_ms += MS_PER_DAY;
	for (size_t i = 3; i < PEOPLE; i++) {
		post(&w, i, "dogs", "<p>woof</p>");
		post(&w, i, "dogs", "<p>woof</p>");
	}
	take_all_up(&w);
	expect_trends(&w, RANK_TAG, false, "dogs Cats ");
	/* and after some weeks it is forgotten */
	w.t.d.clock.wall_ms += 30 * MS_PER_DAY;
	post(&w, 3, "elks", "<p>moo</p>");
	take_all_up(&w);
	expect_trends(&w, RANK_TAG, true, "elks ");
	expect_trends(&w, RANK_TAG, false, "");
	test_store_check(&w.t);
}

static enum rc review_job(struct social *s, void *arg)
{
	rank_review(s->txn, RANK_TAG, STR("cats"), *(const enum rank_review *)arg);
	return db_txn_rc(s->txn);
}

static void moderators_have_the_last_word(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	enum rank_review review = REVIEW_ALLOWED;
	world_init(&w);
	post(&w, 3, "cats", "<p>meow</p>");
	take_all_up(&w);
	expect_trends(&w, RANK_TAG, false, "");
	test_store_write(&w.t, review_job, &review);
	expect_trends(&w, RANK_TAG, false, "cats ");
	review = REVIEW_REFUSED;
	test_store_write(&w.t, review_job, &review);
	for (size_t i = 3; i < PEOPLE; i++)
		post(&w, i, "cats", "<p>meow</p>");
	take_all_up(&w);
	expect_trends(&w, RANK_TAG, false, "");
	expect_trends(&w, RANK_TAG, true, "cats ");
}

static void pages_trend_but_not_what_is_covered(void **state UNUSED)
{
	static const char link[] = "<p><a href=\"https://news.example/1\">news</a></p>";
	static const char covered[] = "<p><a href=\"https://news.example/2\">news</a></p>";
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (size_t i = 3; i < PEOPLE; i++) {
		struct posting p = { .author = &w.who[i],
				     .tag = "nsfw",
				     .html = covered,
				     .flags = STATUS_SENSITIVE,
				     .number = 1000 + (unsigned)i };
		test_store_write(&w.t, post_job, &p);
		p.flags = 0;
		p.visibility = VISIBILITY_UNLISTED;
		p.number += 1000;
		test_store_write(&w.t, post_job, &p);
		post(&w, i, "", link);
	}
	take_all_up(&w);
	expect_trends(&w, RANK_LINK, false, "https://news.example/1 ");
	expect_trends(&w, RANK_TAG, true, "");
	/* and its posts are found by it */
	const struct id_range all = { 0 };
	struct timeline_entry found[PEOPLE];
	struct db_txn *txn = test_store_read(&w.t);
	assert_int_equal(timeline_link(txn, STR("https://news.example/1"), &all, found, PEOPLE),
			 PEOPLE - 3);
	assert_int_equal(timeline_link(txn, STR("https://news.example/2"), &all, found, PEOPLE), 0);
	db_read_end(&txn);
}

/* --- posts --- */

static size_t trending(struct world *w, size_t viewer, uint64_t out[TRENDS_LIMIT_MAX])
{
	const struct trend_page page = { .limit = 10 };
	const struct viewer who = { w->who[viewer].id, true };
	struct db_txn *txn = test_store_read(&w->t);
	size_t n = trends_statuses(&w->ctx, txn, who, &page, out);
	db_read_end(&txn);
	return n;
}

static void posts_trend_by_boosts_and_likes(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	uint64_t ids[TRENDS_LIMIT_MAX];
	world_init(&w);
	struct status liked = test_store_post(&w.t, &w.who[0], VISIBILITY_PUBLIC, "liked", NULL);
	struct status boosted =
		test_store_post(&w.t, &w.who[1], VISIBILITY_PUBLIC, "boosted", NULL);
	struct status hidden =
		test_store_post(&w.t, &w.who[1], VISIBILITY_UNLISTED, "not for all", NULL);
	for (size_t i = 2; i < PEOPLE; i++) {
		assert_int_equal(deed_on_status(&w.t, DO_LIKE, &w.who[i], liked.id), RC_OK);
		assert_int_equal(deed_on_status(&w.t, DO_LIKE, &w.who[i], hidden.id), RC_OK);
	}
	take_all_up(&w);
	assert_int_equal(trending(&w, 0, ids), 1);
	assert_int_equal(ids[0], liked.id);
	assert_int_equal(deed_on_status(&w.t, DO_BOOST, &w.who[0], boosted.id), RC_OK);
	assert_int_equal(deed_on_status(&w.t, DO_BOOST, &w.who[2], boosted.id), RC_OK);
	take_all_up(&w);
	assert_int_equal(trending(&w, 0, ids), 2);
	assert_int_equal(test_store_rows(&w.t, &store_search_stale), 0);
	assert_int_equal(deed_on_account(&w.t, DO_BLOCK, &w.who[1], &w.who[2]), RC_OK);
	assert_int_equal(trending(&w, 2, ids), 1);
	test_store_check(&w.t);
}

static void scores_fade_alike(void **state UNUSED)
{
	const uint64_t now = UINT64_C(1700000000000), half = 12 * MS_PER_HOUR;
	uint64_t eight = trend_score(8, now, half), later = trend_score(8, now + 2 * half, half);
	assert_true(fabs(trend_weight(eight, now, half) - 8) < 0.01);
	assert_true(fabs(trend_weight(eight, now + half, half) - 4) < 0.01);
	assert_true(fabs(trend_weight(eight, now + 3 * half, half) - 1) < 0.01);
	assert_true(later > eight);
	assert_true(trend_score(9, now, half) > eight);
	assert_int_equal(trend_score(0, now, half), 0);
}

static void hashtags_are_found_most_used_first(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct hashtag tags[TRENDS_LIMIT_MAX];
	world_init(&w);
	post(&w, 3, "Catalan", "<p>1</p>");
	post(&w, 4, "Cats", "<p>2</p>");
	post(&w, 5, "cats", "<p>3</p>");
	take_all_up(&w);
	struct db_txn *txn = test_store_read(&w.t);
	assert_int_equal(search_tags(&w.ctx, txn, STR("#CAT"), 0, 10, tags), 2);
	assert_str_eq(tags[0].name, STR("cats"));
	assert_str_eq(tags[1].display, STR("Catalan"));
	assert_int_equal(search_tags(&w.ctx, txn, STR("cat"), 1, 10, tags), 1);
	assert_int_equal(search_tags(&w.ctx, txn, STR("not a tag"), 0, 10, tags), 0);
	db_read_end(&txn);
}

/* --- people --- */

static const char *directory(struct world *w, enum directory_order order, bool local)
{
	static char names[DIRECTORY_LIMIT_MAX * 4];
	uint64_t ids[DIRECTORY_LIMIT_MAX];
	struct db_txn *txn = test_store_read(&w->t);
	size_t n = directory_list(&w->ctx, txn, VIEWER_ANYBODY, order, local, 0, 10, ids);
	db_read_end(&txn);
	for (size_t i = 0; i < n; i++)
		memcpy(names + 3 * i, test_store_account(&w->t, ids[i]).username.ptr, 3);
	names[3 * n] = '\0';
	return names;
}

static enum rc hide(struct social *s, void *arg)
{
	struct account *a = arg;
	a->flags &= ~(unsigned)ACCOUNT_DISCOVERABLE;
	return account_put(s->txn, s->ctx->arena, a) ? RC_OK : RC_EXISTS;
}

static void the_directory_lists_who_wants_to_be_discovered(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	take_all_up(&w);
	assert_string_equal(directory(&w, DIRECTORY_NEW, false), "fayevedotcidbenann");
	assert_string_equal(directory(&w, DIRECTORY_NEW, true), "cidbenann");
	assert_string_equal(directory(&w, DIRECTORY_ACTIVE, false), "");
	test_store_post(&w.t, &w.who[1], VISIBILITY_PUBLIC, "hello", NULL);
	w.t.d.clock.wall_ms += 1000;
	post(&w, 3, "", "<p>hello</p>");
	take_all_up(&w);
	assert_string_equal(directory(&w, DIRECTORY_ACTIVE, false), "dotben");
	assert_string_equal(directory(&w, DIRECTORY_ACTIVE, true), "ben");
	test_store_write(&w.t, hide, &w.who[1]);
	assert_string_equal(directory(&w, DIRECTORY_NEW, true), "cidann");
	take_all_up(&w);
	assert_string_equal(directory(&w, DIRECTORY_ACTIVE, false), "dot");
	test_store_check(&w.t);
}

static enum rc dismiss(struct social *s, void *arg)
{
	struct world *w = arg;
	dismissed_add(s->txn, w->who[0].id, w->who[2].id);
	return db_txn_rc(s->txn);
}

static void friends_of_friends_are_suggested_first(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct suggestion out[SUGGESTIONS_MAX];
	world_init(&w);
	const struct viewer ann = { w.who[0].id, true };
	/* ann follows ben and dot; both follow cid, ben follows eve */
	test_store_follow(&w.t, &w.who[0], &w.who[1]);
	test_store_follow(&w.t, &w.who[0], &w.who[3]);
	test_store_follow(&w.t, &w.who[1], &w.who[4]);
	test_store_follow(&w.t, &w.who[1], &w.who[2]);
	test_store_follow(&w.t, &w.who[3], &w.who[2]);
	post(&w, 5, "", "<p>I am here</p>");
	take_all_up(&w);
	struct db_txn *txn = test_store_read(&w.t);
	assert_int_equal(suggestions_of(&w.ctx, txn, ann, 10, out), 3);
	assert_int_equal(out[0].account, w.who[2].id);
	assert_int_equal(out[1].account, w.who[4].id);
	assert_int_equal(out[1].source, SUGGESTION_FRIENDS);
	assert_int_equal(out[2].account, w.who[5].id);
	assert_int_equal(out[2].source, SUGGESTION_POPULAR);
	assert_int_equal(suggestions_of(&w.ctx, txn, ann, 1, out), 1);
	assert_int_equal(suggestions_of(&w.ctx, txn, VIEWER_ANYBODY, 10, out), 0);
	db_read_end(&txn);
	test_store_write(&w.t, dismiss, &w);
	txn = test_store_read(&w.t);
	assert_int_equal(suggestions_of(&w.ctx, txn, ann, 10, out), 2);
	assert_int_equal(out[0].account, w.who[4].id);
	db_read_end(&txn);
}

static void familiar_followers_are_those_whom_one_follows(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	uint64_t ids[FAMILIAR_MAX];
	world_init(&w);
	const struct viewer ann = { w.who[0].id, true };
	test_store_follow(&w.t, &w.who[0], &w.who[1]);
	test_store_follow(&w.t, &w.who[1], &w.who[4]);
	test_store_follow(&w.t, &w.who[2], &w.who[4]);
	struct db_txn *txn = test_store_read(&w.t);
	assert_int_equal(familiar_followers(&w.ctx, txn, ann, w.who[4].id, ids), 1);
	assert_int_equal(ids[0], w.who[1].id);
	assert_int_equal(familiar_followers(&w.ctx, txn, ann, w.who[3].id, ids), 0);
	db_read_end(&txn);
}

static void days_are_measured(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct status said = test_store_post(&w.t, &w.who[0], VISIBILITY_DIRECT, "one", NULL);
	test_store_reply(&w.t, &w.who[0], &said, "two");
	take_all_up(&w);
	uint32_t today = day_of_ms(w.t.d.clock.wall_ms);
	struct db_txn *txn = test_store_read(&w.t);
	assert_int_equal(measure_sum(txn, MEASURE_STATUSES, today, today), 2);
	assert_int_equal(measure_sum(txn, MEASURE_INTERACTIONS, today, today), 1);
	assert_int_equal(measure_sum(txn, MEASURE_REGISTRATIONS, today, today), 3);
	db_read_end(&txn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashtags_trend_by_how_many_use_them),
		cmocka_unit_test(moderators_have_the_last_word),
		cmocka_unit_test(pages_trend_but_not_what_is_covered),
		cmocka_unit_test(posts_trend_by_boosts_and_likes),
		cmocka_unit_test(scores_fade_alike),
		cmocka_unit_test(hashtags_are_found_most_used_first),
		cmocka_unit_test(the_directory_lists_who_wants_to_be_discovered),
		cmocka_unit_test(friends_of_friends_are_suggested_first),
		cmocka_unit_test(familiar_followers_are_those_whom_one_follows),
		cmocka_unit_test(days_are_measured),
	};
	return cmocka_run_group_tests_name("trends", tests, NULL, NULL);
}
