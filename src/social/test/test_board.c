/* Boards: orders, pages, and that nobody sees on them what they may not see. */
#include "social/board.h"

#include "communitykit.h"
#include "social/mute.h"
#include "store/reaction.h"

#define PAGE 20

struct view {
	struct boards *boards;
	uint64_t ids[PAGE];
	struct board_page page;
};

static enum rc look(struct scene *w, struct view *v, const struct account *who,
		    struct board_wish wish, size_t count)
{
	struct db_txn *txn = test_store_read(&w->t);
	const struct viewer viewer = { who != NULL ? who->id : 0,
				       who != NULL && account_is_local(who) };
	enum rc rc =
		board_read(v->boards, txn, viewer, w->group.id, &wish, v->ids, count, &v->page);
	db_read_end(&txn);
	return rc;
}

/* The first page of an order is these, up to a 0: as it is kept, and as it is made anew. */
static void shows(struct scene *w, struct view *v, const struct account *who,
		  struct board_wish wish, const uint64_t *expected)
{
	struct view fresh = { .boards = boards_new(&w->t.d.clock.clock, 1) };
	struct view *both[] = { v, &fresh };
	assert_non_null(fresh.boards);
	for (int i = 0; i < 2; i++) {
		size_t n = 0;
		assert_int_equal(look(w, both[i], who, wish, PAGE), RC_OK);
		for (; expected[n] != 0; n++)
			assert_true(n < both[i]->page.count && both[i]->ids[n] == expected[n]);
		assert_int_equal(both[i]->page.count, n);
		assert_int_equal(both[i]->page.next, 0);
	}
	boards_free(&fresh.boards);
}

static void begin(struct scene *w, struct view *v, enum community_sight sight)
{
	scene_init(w, &(struct community){ .sight = sight, .given = COMMUNITY_GIVES_SIGHT });
	assert_int_equal(scene_join(w, &w->bob), RC_OK);
	*v = (struct view){ .boards = boards_new(&w->t.d.clock.clock, 4) };
	assert_non_null(v->boards);
}

static void end(struct scene *w, struct view *v)
{
	boards_free(&v->boards);
	scene_free(w);
}

static uint64_t say(struct scene *w, const struct account *who, uint64_t parent)
{
	uint64_t id;
	assert_int_equal(scene_post(w, who, parent, &id), RC_OK);
	return id;
}

static void later(struct scene *w, uint64_t ms)
{
	test_clock_advance(&w->t.d.clock, ms);
}

static enum rc dislike(struct social *s, void *arg)
{
	const uint64_t *ids = arg;
	dislike_add(s->txn, ids[0], ids[1], STR("https://d.example/x"));
	return RC_OK;
}

#define ORDER(o) ((struct board_wish){ .order = (o) })

static void hotness_is_lemmys(void **state UNUSED)
{
	/* log(3 + 7) / (0 + 2)^1.8, and the same after a day */
	assert_true(board_hotness(7, 0) > 0.6612 && board_hotness(7, 0) < 0.6614);
	assert_true(board_hotness(7, 24 * 3600000) < 0.0066);
	assert_true(board_hotness(-5, 0) >= 0 && board_hotness(-5, 0) <= 0);
	assert_true(board_hotness(100, -1) <= 0);
}

static void threads_stand_in_their_orders(void **state UNUSED)
{
	struct scene w;
	struct view v;
	begin(&w, &v, COMMUNITY_PUBLIC);
	uint64_t old = say(&w, &w.alice, 0);
	later(&w, 3 * MS_PER_DAY);
	uint64_t liked = say(&w, &w.bob, 0);
	later(&w, MS_PER_HOUR);
	uint64_t fresh = say(&w, &w.alice, 0);
	deed_on_status(&w.t, DO_LIKE, &w.bob, old);
	deed_on_status(&w.t, DO_LIKE, &w.carol, old);
	deed_on_status(&w.t, DO_LIKE, &w.alice, liked);
	uint64_t against[] = { fresh, w.dave.id };
	test_store_write(&w.t, dislike, against);
	say(&w, &w.bob, liked);
	say(&w, &w.alice, liked);
	say(&w, &w.bob, fresh);
	shows(&w, &v, NULL, ORDER(BOARD_NEW), (uint64_t[]){ fresh, liked, old, 0 });
	shows(&w, &v, NULL, ORDER(BOARD_TOP), (uint64_t[]){ old, liked, fresh, 0 });
	shows(&w, &v, NULL, ORDER(BOARD_HOT), (uint64_t[]){ fresh, liked, old, 0 });
	shows(&w, &v, NULL, ORDER(BOARD_COMMENTS), (uint64_t[]){ liked, fresh, old, 0 });
	const struct board_wish today = { .order = BOARD_TOP, .span = BOARD_DAY };
	shows(&w, &v, NULL, today, (uint64_t[]){ liked, fresh, 0 });
	/* votes count, if a little later */
	deed_on_status(&w.t, DO_UNLIKE, &w.bob, old);
	deed_on_status(&w.t, DO_UNLIKE, &w.carol, old);
	later(&w, BOARD_STALE_MS);
	shows(&w, &v, NULL, ORDER(BOARD_TOP), (uint64_t[]){ liked, old, fresh, 0 });
	/* a comment makes a thread active, but no older one than two days */
	later(&w, MS_PER_DAY);
	say(&w, &w.bob, old);
	say(&w, &w.bob, fresh);
	later(&w, BOARD_STALE_MS);
	deed_on_status(&w.t, DO_UNLIKE, &w.alice, liked);
	later(&w, BOARD_STALE_MS);
	assert_int_equal(look(&w, &v, NULL, ORDER(BOARD_ACTIVE), PAGE), RC_OK);
	assert_true(v.ids[2] == old);
	end(&w, &v);
}

static void what_is_pinned_stands_first(void **state UNUSED)
{
	struct scene w;
	struct view v;
	begin(&w, &v, COMMUNITY_PUBLIC);
	uint64_t a = say(&w, &w.alice, 0), b = say(&w, &w.bob, 0), c = say(&w, &w.alice, 0);
	struct job pin = { .what = PIN, .actor = &w.alice, .status = a };
	pin.until_ms = clock_wall_ms(&w.t.d.clock.clock) + MS_PER_HOUR;
	assert_int_equal(scene_act(&w, pin), RC_OK);
	shows(&w, &v, NULL, ORDER(BOARD_NEW), (uint64_t[]){ a, c, b, 0 });
	later(&w, 2 * MS_PER_HOUR);
	shows(&w, &v, NULL, ORDER(BOARD_NEW), (uint64_t[]){ c, b, a, 0 });
	end(&w, &v);
}

static void what_is_out_is_gone_at_once(void **state UNUSED)
{
	struct scene w;
	struct view v;
	begin(&w, &v, COMMUNITY_PUBLIC);
	uint64_t a = say(&w, &w.alice, 0), b = say(&w, &w.bob, 0);
	assert_int_equal(look(&w, &v, NULL, ORDER(BOARD_NEW), PAGE), RC_OK);
	assert_int_equal(v.page.count, 2);
	struct job act = {
		.what = MODERATE, .actor = &w.alice, .status = b, .act = COMMUNITY_ACT_REMOVE
	};
	assert_int_equal(scene_act(&w, act), RC_OK);
	shows(&w, &v, NULL, ORDER(BOARD_NEW), (uint64_t[]){ a, 0 });
	act.act = COMMUNITY_ACT_RESTORE;
	assert_int_equal(scene_act(&w, act), RC_OK);
	later(&w, BOARD_STALE_MS);
	shows(&w, &v, NULL, ORDER(BOARD_NEW), (uint64_t[]){ b, a, 0 });
	assert_int_equal(deed_on_status(&w.t, DO_DELETE, &w.bob, b), RC_OK);
	shows(&w, &v, NULL, ORDER(BOARD_NEW), (uint64_t[]){ a, 0 });
	/* and who does not want to see somebody does not */
	uint64_t c = say(&w, &w.bob, 0);
	assert_int_equal(deed_on_account(&w.t, DO_BLOCK, &w.carol, &w.bob), RC_OK);
	shows(&w, &v, &w.carol, ORDER(BOARD_NEW), (uint64_t[]){ a, 0 });
	shows(&w, &v, &w.alice, ORDER(BOARD_NEW), (uint64_t[]){ c, a, 0 });
	end(&w, &v);
}

static void only_those_who_may_see_it_see_it(void **state UNUSED)
{
	static const struct {
		enum community_sight sight;
		bool nobody, stranger, elsewhere;
	} cases[] = {
		{ COMMUNITY_PUBLIC, true, true, true },
		{ COMMUNITY_UNLISTED, true, true, true },
		{ COMMUNITY_LOCAL, false, true, false },
		{ COMMUNITY_MEMBERS, false, false, false },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct scene w;
		struct view v;
		begin(&w, &v, cases[i].sight);
		uint64_t id = say(&w, &w.bob, 0);
		const struct {
			const struct account *who;
			bool sees;
		} people[] = { { NULL, cases[i].nobody },
			       { &w.carol, cases[i].stranger },
			       { &w.dave, cases[i].elsewhere },
			       { &w.bob, true },
			       { &w.alice, true } };
		for (size_t k = 0; k < ARRAY_LEN(people); k++) {
			enum rc rc = look(&w, &v, people[k].who, ORDER(BOARD_HOT), PAGE);
			assert_int_equal(rc, people[k].sees ? RC_OK : RC_NOT_FOUND);
			if (people[k].sees)
				assert_true(v.page.count == 1 && v.ids[0] == id);
		}
		end(&w, &v);
	}
}

static void pages_follow_each_other(void **state UNUSED)
{
	struct scene w;
	struct view v;
	uint64_t ids[7];
	begin(&w, &v, COMMUNITY_PUBLIC);
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		ids[i] = say(&w, &w.alice, 0);
	struct board_wish wish = { .order = BOARD_NEW };
	size_t seen = 0;
	do {
		assert_int_equal(look(&w, &v, NULL, wish, 3), RC_OK);
		for (size_t i = 0; i < v.page.count; i++, seen++)
			assert_true(v.ids[i] == ids[ARRAY_LEN(ids) - 1 - seen]);
		wish.offset = v.page.next;
	} while (v.page.next != 0);
	assert_int_equal(seen, ARRAY_LEN(ids));
	wish.offset = 1000;
	assert_int_equal(look(&w, &v, NULL, wish, 3), RC_OK);
	assert_int_equal(v.page.count, 0);
	end(&w, &v);
}

static void few_boards_are_kept(void **state UNUSED)
{
	struct scene w;
	struct view v;
	size_t bytes;
	begin(&w, &v, COMMUNITY_PUBLIC);
	boards_free(&v.boards);
	v.boards = boards_new(&w.t.d.clock.clock, 1);
	say(&w, &w.alice, 0);
	assert_int_equal(look(&w, &v, NULL, ORDER(BOARD_NEW), PAGE), RC_OK);
	assert_int_equal(boards_count(v.boards, &bytes), 1);
	assert_true(bytes > 0 && bytes < 4096);
	/* a person is no community, and leaves nothing behind */
	struct account group = w.group;
	w.group = w.alice;
	assert_int_equal(look(&w, &v, NULL, ORDER(BOARD_NEW), PAGE), RC_NOT_FOUND);
	w.group = group;
	assert_int_equal(boards_count(v.boards, &bytes), 1);
	end(&w, &v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hotness_is_lemmys),
		cmocka_unit_test(threads_stand_in_their_orders),
		cmocka_unit_test(what_is_pinned_stands_first),
		cmocka_unit_test(what_is_out_is_gone_at_once),
		cmocka_unit_test(only_those_who_may_see_it_see_it),
		cmocka_unit_test(pages_follow_each_other),
		cmocka_unit_test(few_boards_are_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
