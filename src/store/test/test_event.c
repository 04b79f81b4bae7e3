/* Events: found by their time, who takes part is counted, all of it goes with them. */
#include "store/event.h"

#include "../event_int.h"
#include "core/must.h"
#include "core/random.h"
#include "db/rec.h"
#include "store/node.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "testdb.h"

#define START (TEST_DB_WALL_MS + MS_PER_DAY)
#define ROUNDS 300

struct world {
	struct test_db t;
	struct account alice, bob, carol;
	struct status events[3];
};

static struct status event_at(struct world *w, const char *name, uint64_t start_ms)
{
	return (struct status){
		.account = w->alice.id,
		.flags = STATUS_LOCAL,
		.type = STR("Event"),
		.uri = arena_printf(w->t.arena, "https://social.example.org/users/alice/%s", name),
		.event = { .start_ms = start_ms, .join = EVENT_JOIN_FREE },
	};
}

static enum rc make_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	/* not in the order in which they begin */
	w->events[0] = event_at(w, "2", START + 2000);
	w->events[1] = event_at(w, "1", START + 1000);
	w->events[2] = event_at(w, "3", START + 2000);
	node_count(txn, 0, 3);
	for (size_t i = 0; i < 3; i++) {
		if (!status_add(txn, &w->events[i]))
			return RC_EXISTS;
	}
	return db_txn_rc(txn);
}

static void world_init(struct world *w)
{
	test_db_init(&w->t, NULL, 0);
	w->alice = test_db_local(&w->t, "alice");
	w->bob = test_db_local(&w->t, "bob");
	w->carol = test_db_remote(&w->t, "carol", "c.example");
	test_db_write(&w->t, make_job, w);
}

static void world_free(struct world *w)
{
	test_db_check(&w->t);
	test_db_free(&w->t);
}

static size_t upcoming(struct world *w, uint64_t from, uint64_t id, uint64_t *ids)
{
	struct event_entry entries[8];
	const struct event_entry after = { from, id };
	struct db_txn *txn = test_db_read(&w->t);
	size_t n = events_of(txn, w->alice.id, &after, entries, 8);
	for (size_t i = 0; i < n; i++)
		ids[i] = entries[i].id;
	db_read_end(&txn);
	return n;
}

struct change {
	struct world *w;
	struct participant p;
	struct status status;
	enum { PUT, DEL, EDIT, ERASE, LEAVE, SWEEP } what;
};

static enum rc change_job(struct db_txn *txn, void *arg)
{
	struct change *c = arg;
	struct sweep_cursor cursor = { 0 };
	switch (c->what) {
	case PUT:
		participant_put(txn, &c->p);
		break;
	case DEL:
		participant_del(txn, c->p.status, c->p.account);
		break;
	case EDIT:
		status_edit(txn, &c->status);
		break;
	case ERASE:
		status_del(txn, c->status.id, TEST_DB_WALL_MS);
		node_count(txn, 0, -1);
		break;
	case LEAVE:
		c->w->carol.flags |= ACCOUNT_DELETED;
		must(account_put(txn, c->w->t.arena, &c->w->carol));
		break;
	case SWEEP:
		while (!participants_sweep(txn, 0, &cursor, 1))
			;
		break;
	}
	return db_txn_rc(txn);
}

static void change(struct world *w, struct change c)
{
	c.w = w;
	test_db_write(&w->t, change_job, &c);
}

static void put(struct world *w, const struct account *who, enum participation state)
{
	change(w, (struct change){ .what = PUT,
				   .p = { .status = w->events[0].id,
					  .account = who->id,
					  .state = state,
					  .uri = STR(""),
					  .note = STR("a note") } });
}

static struct attendance counts(struct world *w)
{
	struct db_txn *txn = test_db_read(&w->t);
	struct attendance a = attendance_get(txn, w->events[0].id);
	db_read_end(&txn);
	return a;
}

static void events_stand_in_the_order_of_their_beginning(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	uint64_t ids[8];
	world_init(&w);
	assert_int_equal(upcoming(&w, 0, 0, ids), 3);
	assert_true(ids[0] == w.events[1].id && ids[1] == w.events[0].id &&
		    ids[2] == w.events[2].id);
	assert_int_equal(upcoming(&w, START + 2000, w.events[0].id, ids), 1);
	assert_int_equal(ids[0], w.events[2].id);
	assert_int_equal(upcoming(&w, START + 2001, 0, ids), 0);
	/* at another time it stands elsewhere, and nowhere twice */
	w.events[1].event.start_ms = START + 9000;
	change(&w, (struct change){ .what = EDIT, .status = w.events[1] });
	assert_int_equal(upcoming(&w, 0, 0, ids), 3);
	assert_int_equal(ids[2], w.events[1].id);
	change(&w, (struct change){ .what = ERASE, .status = w.events[1] });
	assert_int_equal(upcoming(&w, 0, 0, ids), 2);
}

static void participants_are_counted_once(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct participant found[4];
	uint64_t ids[4];
	world_init(&w);
	put(&w, &w.bob, PARTICIPATION_WAITING);
	put(&w, &w.carol, PARTICIPATION_GOING);
	put(&w, &w.carol, PARTICIPATION_GOING);
	assert_true(counts(&w).going == 1 && counts(&w).waiting == 1);
	put(&w, &w.bob, PARTICIPATION_GOING);
	assert_true(counts(&w).going == 2 && counts(&w).waiting == 0);
	put(&w, &w.bob, PARTICIPATION_REFUSED);
	assert_true(counts(&w).going == 1 && counts(&w).waiting == 0);
	struct db_txn *txn = test_db_read(&w.t);
	assert_int_equal(participants(txn, w.t.arena, w.events[0].id, 0, found, 4), 2);
	assert_str_eq(found[1].note, STR("a note"));
	assert_int_equal(participants(txn, w.t.arena, w.events[0].id, w.bob.id, found, 4), 1);
	assert_int_equal(found[0].account, w.carol.id);
	assert_int_equal(participations_of(txn, w.bob.id, &PAGE_ALL, ids, 4), 1);
	assert_int_equal(ids[0], w.events[0].id);
	db_read_end(&txn);
	change(&w, (struct change){ .what = DEL,
				    .p = { .status = w.events[0].id, .account = w.carol.id } });
	assert_int_equal(counts(&w).going, 0);
}

static void they_go_with_the_event_and_with_their_account(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	uint64_t ids[4];
	world_init(&w);
	put(&w, &w.bob, PARTICIPATION_GOING);
	put(&w, &w.carol, PARTICIPATION_GOING);
	change(&w, (struct change){ .what = LEAVE });
	change(&w, (struct change){ .what = SWEEP });
	assert_int_equal(counts(&w).going, 1);
	change(&w, (struct change){ .what = ERASE, .status = w.events[0] });
	struct db_txn *txn = test_db_read(&w.t);
	assert_int_equal(participations_of(txn, w.bob.id, &PAGE_ALL, ids, 4), 0);
	db_read_end(&txn);
}

static void every_truncation_is_refused(void **state UNUSED)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(1024);
	const struct participant p = { .state = PARTICIPATION_GOING,
				       .since_ms = TEST_DB_WALL_MS,
				       .uri = STR("https://c.example/joins/1"),
				       .note = STR("with two children"),
				       .invited = true,
				       .remind_min = 60,
				       .remind_ms = TEST_DB_WALL_MS };
	struct participant back;
	participant_encode(&row, &p);
	for (size_t len = 0; len < row.len; len++)
		assert_false(participant_decode(str_take(buf_str(&row), len), &back));
	assert_true(participant_decode(buf_str(&row), &back));
	assert_str_eq(back.note, p.note);
	assert_str_eq(back.uri, p.uri);
	assert_int_equal(back.since_ms, p.since_ms);
	assert_true(back.invited && back.remind_min == 60);
	assert_int_equal(back.remind_ms, TEST_DB_WALL_MS);
	/* as it was before there were invitations */
	struct buf old CLEANUP(buf_free) = BUF_INIT(1024);
	rec_add_u8(&old, 1);
	rec_add_u8(&old, PARTICIPATION_GOING);
	rec_add_num(&old, TEST_DB_WALL_MS);
	rec_add_str(&old, p.uri);
	rec_add_str(&old, p.note);
	assert_true(participant_decode(buf_str(&old), &back));
	assert_false(back.invited);
	assert_int_equal(back.remind_min, 0);
	buf_add_chr(&row, 'x');
	assert_false(participant_decode(buf_str(&row), &back));
}

/* Whatever happens in whatever order, the counts are those of the rows (test_db_check()). */
static void counts_agree_after_any_changes(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	const struct account *people[] = { &w.alice, &w.bob, &w.carol };
	for (int i = 0; i < ROUNDS; i++) {
		const struct account *who = people[random_below(3)];
		if (random_below(4) == 0)
			change(&w, (struct change){
					   .what = DEL,
					   .p = { .status = w.events[0].id, .account = who->id } });
		else
			put(&w, who, (enum participation)(1 + random_below(5)));
	}
}

static enum rc roll_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	const uint64_t id = w->events[0].id;
	struct reckey key = reckey_u64(id);
	struct buf old CLEANUP(buf_free) = BUF_INIT(64);
	attendance_roll(txn, id, START);
	struct attendance a = attendance_get(txn, id);
	assert_true((a.flags & ATTENDANCE_ROLLING) != 0 && a.roll_ms == START);
	attendance_roll(txn, id, 0);
	a = attendance_get(txn, id);
	assert_true((a.flags & ATTENDANCE_ROLLING) == 0 && a.roll_ms == 0);
	/* as a former version has written it */
	rec_add_u8(&old, 1);
	rec_add_u8(&old, ATTENDANCE_ROLLING);
	for (uint32_t i = 0; i < 3; i++)
		rec_add_u32(&old, i == 2 ? 40 : 0);
	db_put(txn, &store_attendance, reckey_str(&key), buf_str(&old));
	a = attendance_get(txn, id);
	assert_true(a.flags == ATTENDANCE_ROLLING && a.told == 40 && a.roll_ms == 0);
	return db_txn_rc(txn);
}

static void when_a_series_rolls_is_known(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_db_write(&w.t, roll_job, &w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_stand_in_the_order_of_their_beginning),
		cmocka_unit_test(participants_are_counted_once),
		cmocka_unit_test(they_go_with_the_event_and_with_their_account),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(counts_agree_after_any_changes),
		cmocka_unit_test(when_a_series_rolls_is_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
