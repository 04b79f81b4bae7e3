/* Shelves: once each, in order, until their end; swept of what is gone. */
#include "../shelf_int.h"
#include "core/clock.h"
#include "store/graph.h"
#include "store/list.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "testdb.h"

enum verb {
	PUT,
	DEL,
	CLEAR,
	LIKE,
	UNLIKE,
	ERASE,
	WANT,
	UNFOLLOW,
};

struct task {
	struct test_db *t;
	enum verb verb;
	enum shelf shelf;
	uint64_t owner;
	struct shelved item;
	const struct account *follower, *followee;
	unsigned flags;
	enum rc rc;
	bool result;
	size_t count;
};

static enum rc act(struct db_txn *txn, void *arg)
{
	struct task *t = arg;
	switch (t->verb) {
	case PUT:
		t->rc = shelf_put(txn, t->shelf, t->owner, &t->item);
		break;
	case DEL:
		t->result = shelf_del(txn, t->shelf, t->owner, &t->item);
		break;
	case CLEAR:
		t->count = shelf_clear(txn, t->shelf, t->owner, t->count);
		break;
	case LIKE:
		t->result = like_add(txn, t->item.id, t->owner, STR(""));
		break;
	case UNLIKE:
		t->result = like_del(txn, t->item.id, t->owner);
		break;
	case ERASE:
		t->result = status_del(txn, t->item.id, 1);
		break;
	case WANT:
		t->result = follow_want(txn, t->follower->id, t->followee->id, t->flags, STR("de"));
		break;
	case UNFOLLOW:
		t->result = follow_del(txn, t->follower, t->followee);
		break;
	}
	return db_txn_rc(txn);
}

static enum rc put(struct test_db *t, enum shelf shelf, uint64_t owner, struct shelved item)
{
	struct task task = { .verb = PUT, .shelf = shelf, .owner = owner, .item = item };
	test_db_write(t, act, &task);
	return task.rc;
}

static bool del(struct test_db *t, enum shelf shelf, uint64_t owner, uint64_t id)
{
	struct task task = { .verb = DEL, .shelf = shelf, .owner = owner, .item = { .id = id } };
	test_db_write(t, act, &task);
	return task.result;
}

static bool doing(struct test_db *t, enum verb verb, uint64_t owner, uint64_t id)
{
	struct task task = { .verb = verb, .owner = owner, .item = { .id = id } };
	test_db_write(t, act, &task);
	return task.result;
}

static size_t listed(struct test_db *t, enum shelf shelf, uint64_t owner, struct page page,
		     struct shelved *out, size_t count)
{
	struct db_txn *txn = test_db_read(t);
	size_t n = shelf_list(txn, t->arena, shelf, owner, &page, out, count);
	db_read_end(&txn);
	return n;
}

static bool has(struct test_db *t, enum shelf shelf, uint64_t owner, uint64_t id)
{
	struct db_txn *txn = test_db_read(t);
	bool there = shelf_has(txn, shelf, owner, id);
	db_read_end(&txn);
	return there;
}

static void a_thing_stands_once_and_the_last_comes_first(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct shelved out[8];
	test_db_init(&t, NULL, 0);
	for (uint64_t id = 50; id < 55; id++)
		assert_int_equal(put(&t, SHELF_BOOKMARKS, 7, (struct shelved){ .id = id }), RC_OK);
	assert_int_equal(put(&t, SHELF_BOOKMARKS, 7, (struct shelved){ .id = 50 }), RC_EXISTS);
	assert_int_equal(put(&t, SHELF_BOOKMARKS, 8, (struct shelved){ .id = 50 }), RC_OK);
	assert_int_equal(listed(&t, SHELF_BOOKMARKS, 7, PAGE_ALL, out, 8), 5);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(out[i].id, 54 - i);
	assert_true(del(&t, SHELF_BOOKMARKS, 7, 52));
	assert_false(del(&t, SHELF_BOOKMARKS, 7, 52));
	assert_int_equal(listed(&t, SHELF_BOOKMARKS, 7, PAGE_ALL, out, 8), 4);
	/* put there again it is the last */
	assert_int_equal(put(&t, SHELF_BOOKMARKS, 7, (struct shelved){ .id = 52 }), RC_OK);
	assert_int_equal(listed(&t, SHELF_BOOKMARKS, 7, PAGE_ALL, out, 2), 2);
	assert_int_equal(out[0].id, 52);
	assert_int_equal(out[1].id, 54);
	test_db_check(&t);
}

static void pages_go_both_ways(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct shelved all[10], out[10];
	test_db_init(&t, NULL, 0);
	for (uint64_t id = 0; id < 10; id++)
		put(&t, SHELF_ENDORSED, 7, (struct shelved){ .id = 100 + id });
	assert_int_equal(listed(&t, SHELF_ENDORSED, 7, PAGE_ALL, all, 10), 10);
	struct page below = { .max_id = all[3].order };
	assert_int_equal(listed(&t, SHELF_ENDORSED, 7, below, out, 3), 3);
	assert_int_equal(out[0].id, all[4].id);
	assert_int_equal(out[2].id, all[6].id);
	/* since: the newest above it; min: those that follow it */
	struct page since = { .since_id = all[6].order };
	assert_int_equal(listed(&t, SHELF_ENDORSED, 7, since, out, 3), 3);
	assert_int_equal(out[0].id, all[0].id);
	struct page min = { .min_id = all[6].order };
	assert_int_equal(listed(&t, SHELF_ENDORSED, 7, min, out, 3), 3);
	assert_int_equal(out[0].id, all[3].id);
	assert_int_equal(out[2].id, all[5].id);
	struct page between = { .max_id = all[1].order, .min_id = all[4].order };
	assert_int_equal(listed(&t, SHELF_ENDORSED, 7, between, out, 10), 2);
	assert_int_equal(out[0].id, all[2].id);
	assert_int_equal(out[1].id, all[3].id);
	struct page nothing = { .max_id = all[9].order };
	assert_int_equal(listed(&t, SHELF_ENDORSED, 7, nothing, out, 10), 0);
	struct db_txn *txn = test_db_read(&t);
	uint64_t ids[10];
	assert_int_equal(shelf_ids(txn, SHELF_ENDORSED, 7, 104, ids, 3), 3);
	assert_int_equal(ids[0], 105);
	assert_int_equal(shelf_ids(txn, SHELF_ENDORSED, 7, 0, ids, 10), 10);
	assert_int_equal(shelf_ids(txn, SHELF_ENDORSED, 7, 109, ids, 10), 0);
	db_read_end(&txn);
	struct page newest = { .min_id = all[0].order };
	assert_int_equal(listed(&t, SHELF_ENDORSED, 7, newest, out, 10), 0);
}

static void what_has_ended_is_not_there(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct shelved out[4], items[2] = { { .id = 1 }, { .id = 2 } };
	test_db_init(&t, NULL, 0);
	put(&t, SHELF_MUTED, 7, (struct shelved){ .id = 1, .until_ms = TEST_DB_WALL_MS + 1000 });
	put(&t, SHELF_MUTED, 7,
	    (struct shelved){ .id = 2, .flags = SHELVED_NOTIFICATIONS, .until_ms = 0 });
	put(&t, SHELF_MUTED, 7, (struct shelved){ .id = 3, .until_ms = TEST_DB_WALL_MS + 9000 });
	assert_int_equal(listed(&t, SHELF_MUTED, 7, PAGE_ALL, out, 4), 3);
	test_clock_advance(&t.clock, 1000);
	assert_false(has(&t, SHELF_MUTED, 7, 1));
	/* pages are filled from behind it */
	assert_int_equal(listed(&t, SHELF_MUTED, 7, PAGE_ALL, out, 2), 2);
	assert_int_equal(out[0].id, 3);
	assert_int_equal(out[1].id, 2);
	assert_int_equal(out[1].flags, SHELVED_NOTIFICATIONS);
	struct db_txn *txn = test_db_read(&t);
	shelf_get_many(txn, SHELF_MUTED, 7, items, 2, out);
	db_read_end(&txn);
	assert_int_equal(out[0].order, 0);
	assert_int_not_equal(out[1].order, 0);
	assert_int_equal(out[1].flags, SHELVED_NOTIFICATIONS);
	assert_false(del(&t, SHELF_MUTED, 7, 1));
	/* one that is changed keeps its place */
	assert_int_equal(put(&t, SHELF_MUTED, 7, (struct shelved){ .id = 2 }), RC_EXISTS);
	assert_int_equal(listed(&t, SHELF_MUTED, 7, PAGE_ALL, out, 4), 2);
	assert_int_equal(out[1].id, 2);
	assert_int_equal(out[1].flags, 0);
	/* one that has ended begins anew */
	test_clock_advance(&t.clock, 10000);
	assert_int_equal(put(&t, SHELF_MUTED, 7, (struct shelved){ .id = 3 }), RC_OK);
	test_db_check(&t);
}

static void texts_come_back_as_they_were(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct shelved out[4], items[70];
	struct shelved found[70];
	test_db_init(&t, NULL, 0);
	put(&t, SHELF_DOMAINS, 7, (struct shelved){ .text = STR("a.example") });
	put(&t, SHELF_DOMAINS, 7, (struct shelved){ .text = STR("b.example") });
	assert_int_equal(listed(&t, SHELF_DOMAINS, 7, PAGE_ALL, out, 4), 2);
	assert_str_eq(out[0].text, STR("b.example"));
	assert_str_eq(out[1].text, STR("a.example"));
	for (size_t i = 0; i < 70; i++)
		items[i] =
			(struct shelved){ .text = i == 66 ? STR("a.example") : STR("c.example") };
	struct db_txn *txn = test_db_read(&t);
	shelf_get_many(txn, SHELF_DOMAINS, 7, items, 70, found);
	assert_true(shelf_has_text(txn, SHELF_DOMAINS, 7, STR("a.example")));
	assert_false(shelf_has_text(txn, SHELF_TAGS, 7, STR("a.example")));
	db_read_end(&txn);
	for (size_t i = 0; i < 70; i++)
		assert_int_equal(found[i].order != 0, i == 66);
	test_db_check(&t);
}

static void a_shelf_has_room_for_so_many(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	for (unsigned i = 0; i < 500; i++)
		assert_int_equal(put(&t, SHELF_TAGS, 7,
				     (struct shelved){ .text = arena_printf(t.arena, "t%u", i) }),
				 RC_OK);
	assert_int_equal(put(&t, SHELF_TAGS, 7, (struct shelved){ .text = STR("more") }),
			 RC_TOO_LARGE);
	assert_int_equal(put(&t, SHELF_TAGS, 7, (struct shelved){ .text = STR("t7") }), RC_EXISTS);
	assert_int_equal(put(&t, SHELF_TAGS, 8, (struct shelved){ .text = STR("more") }), RC_OK);
	struct task clear = { .verb = CLEAR, .shelf = SHELF_TAGS, .owner = 7, .count = 300 };
	test_db_write(&t, act, &clear);
	assert_int_equal(clear.count, 300);
	test_db_write(&t, act, &clear);
	assert_int_equal(clear.count, 200);
	assert_int_equal(test_db_rows(&t, &store_shelf), 1);
	assert_int_equal(test_db_rows(&t, &store_shelf_order), 1);
	test_db_check(&t);
}

static void what_people_of_here_like_is_listed(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct shelved out[4];
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct account bob = test_db_remote(&t, "bob", "b.example");
	struct status one = test_db_status(&t, &bob, 0, 0), two = test_db_status(&t, &bob, 0, 0);
	assert_true(doing(&t, LIKE, alice.id, two.id));
	assert_true(doing(&t, LIKE, alice.id, one.id));
	assert_true(doing(&t, LIKE, bob.id, one.id));
	assert_int_equal(listed(&t, SHELF_LIKED, alice.id, PAGE_ALL, out, 4), 2);
	assert_int_equal(out[0].id, one.id);
	assert_int_equal(listed(&t, SHELF_LIKED, bob.id, PAGE_ALL, out, 4), 0);
	test_db_check(&t);
	assert_true(doing(&t, UNLIKE, alice.id, two.id));
	assert_false(has(&t, SHELF_LIKED, alice.id, two.id));
	assert_true(doing(&t, ERASE, 0, one.id));
	assert_int_equal(test_db_rows(&t, &store_shelf), 0);
	test_db_check(&t);
}

static enum rc make_list(struct db_txn *txn, void *arg)
{
	struct list *list = arg;
	return list_add(txn, list);
}

static void what_stands_on_a_follow_ends_with_it(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice"), bob = test_db_local(&t, "bob");
	struct list list = { .owner = alice.id, .title = STR("friends") };
	test_db_follow(&t, &alice, &bob);
	test_db_write(&t, make_list, &list);
	put(&t, SHELF_LISTED, list.id, (struct shelved){ .id = bob.id });
	put(&t, SHELF_ENDORSED, alice.id, (struct shelved){ .id = bob.id });
	struct task want = { .verb = WANT,
			     .follower = &alice,
			     .followee = &bob,
			     .flags = FOLLOW_NOTIFY | FOLLOW_NO_BOOSTS };
	test_db_write(&t, act, &want);
	assert_true(want.result);
	assert_true(has(&t, SHELF_WATCHERS, bob.id, alice.id));
	test_db_check(&t);
	/* accepting it once more keeps what was said */
	test_db_follow(&t, &alice, &bob);
	struct db_txn *txn = test_db_read(&t);
	struct follow f = follow_get(txn, alice.id, bob.id);
	assert_int_equal(f.flags, FOLLOW_NOTIFY | FOLLOW_NO_BOOSTS);
	assert_str_eq(f.languages, STR("de"));
	db_read_end(&txn);
	struct task end = { .verb = UNFOLLOW, .follower = &alice, .followee = &bob };
	test_db_write(&t, act, &end);
	assert_int_equal(test_db_rows(&t, &store_shelf), 0);
	test_db_write(&t, act, &want);
	assert_false(want.result);
	test_db_check(&t);
}

struct sweeping {
	struct sweep_cursor cursor;
	uint64_t now_ms;
	bool end;
};

static enum rc sweep(struct db_txn *txn, void *arg)
{
	struct sweeping *s = arg;
	struct sweep_cursor cursor = s->cursor;
	s->end = shelf_sweep(txn, s->now_ms, &cursor, 2);
	s->cursor = cursor;
	return db_txn_rc(txn);
}

static void the_sweep_takes_what_is_gone_or_over(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct account bob = test_db_remote(&t, "bob", "b.example");
	struct status post = test_db_status(&t, &bob, 0, 0), lost = test_db_status(&t, &bob, 0, 0);
	put(&t, SHELF_BOOKMARKS, alice.id, (struct shelved){ .id = post.id });
	put(&t, SHELF_BOOKMARKS, alice.id, (struct shelved){ .id = lost.id });
	put(&t, SHELF_MUTED, alice.id, (struct shelved){ .id = bob.id });
	put(&t, SHELF_MUTED, alice.id, (struct shelved){ .id = 999 });
	put(&t, SHELF_MUTED, bob.id,
	    (struct shelved){ .id = alice.id, .until_ms = TEST_DB_WALL_MS + 5 });
	put(&t, SHELF_TAGS, alice.id, (struct shelved){ .text = STR("cats") });
	assert_true(doing(&t, ERASE, 0, lost.id));
	struct sweeping s = { .now_ms = TEST_DB_WALL_MS + 5 };
	for (int i = 0; i < 10 && !s.end; i++)
		test_db_write(&t, sweep, &s);
	assert_true(s.end);
	assert_true(has(&t, SHELF_BOOKMARKS, alice.id, post.id));
	assert_true(has(&t, SHELF_MUTED, alice.id, bob.id));
	assert_int_equal(test_db_rows(&t, &store_shelf), 3);
	test_db_check(&t);
}

/* Every row that is missing, and every row too many, is told. */
static void damage_is_found(void **state UNUSED)
{
	static struct db_table *const tables[] = { &store_shelf, &store_shelf_order };
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		struct test_db t CLEANUP(test_db_free);
		test_db_init(&t, NULL, 0);
		struct account alice = test_db_local(&t, "alice");
		struct status post = test_db_status(&t, &alice, 0, 0);
		doing(&t, LIKE, alice.id, post.id);
		put(&t, SHELF_DOMAINS, alice.id, (struct shelved){ .text = STR("x.example") });
		for (uint64_t n = 0; n < 2; n++) {
			struct db_txn *txn = test_db_read(&t);
			struct db_iter it;
			struct str key = STR_NONE, value = STR_NONE;
			db_iter_open(&it, txn, tables[i], STR(""), DB_FORWARD, STR_NONE);
			for (uint64_t k = 0; k <= n; k++)
				assert_true(db_iter_next(&it, &key, &value));
			key = arena_str(t.arena, key);
			value = arena_str(t.arena, value);
			db_iter_close(&it);
			db_read_end(&txn);
			test_db_put(&t, tables[i], key, STR_NONE);
			assert_int_not_equal(test_db_complaints(&t, NULL), 0);
			test_db_put(&t, tables[i], key, STR("x"));
			assert_int_not_equal(test_db_complaints(&t, NULL), 0);
			test_db_put(&t, tables[i], key, value);
			test_db_check(&t);
		}
	}
	struct test_db t CLEANUP(test_db_free);
	struct str first;
	test_db_init(&t, NULL, 0);
	put(&t, SHELF_LIKED, 7, (struct shelved){ .id = 9 });
	assert_int_not_equal(test_db_complaints(&t, &first), 0);
	assert_true(str_contains(first, STR("lists what was never done")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thing_stands_once_and_the_last_comes_first),
		cmocka_unit_test(pages_go_both_ways),
		cmocka_unit_test(what_has_ended_is_not_there),
		cmocka_unit_test(texts_come_back_as_they_were),
		cmocka_unit_test(a_shelf_has_room_for_so_many),
		cmocka_unit_test(what_people_of_here_like_is_listed),
		cmocka_unit_test(what_stands_on_a_follow_ends_with_it),
		cmocka_unit_test(the_sweep_takes_what_is_gone_or_over),
		cmocka_unit_test(damage_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
