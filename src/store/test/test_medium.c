/* Media: found by who holds them, gone with their holders, files left as waste by the last one. */
#include "store/medium.h"

#include "../medium_int.h"
#include "core/must.h"
#include "store/node.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "testdb.h"

struct world {
	struct test_db t;
	struct account alice;
	struct medium m;
	struct status post;
};

static struct digest digest_of(unsigned char n)
{
	return (struct digest){ { n } };
}

static struct medium picture(const struct world *w, unsigned char file, unsigned char small)
{
	return (struct medium){
		.owner = w->alice.id,
		.state = MEDIUM_READY,
		.file = { STR("image/jpeg"), digest_of(file), 1000, 640, 480 },
		.small = { STR("image/jpeg"), digest_of(small), 100, 64, 48 },
		.has_focus = true,
		.focus_x = -1000,
		.focus_y = 500,
		.blurhash = STR("LEHV6nWB2yk8pyo0adR*.7kCMdnj"),
		.description = STR("a cat"),
	};
}

static void world_init(struct world *w)
{
	test_db_init(&w->t, NULL, 0);
	w->alice = test_db_local(&w->t, "alice");
}

static void world_free(struct world *w)
{
	test_db_free(&w->t);
}

static enum rc add_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	return medium_add(txn, &w->m) ? RC_OK : db_txn_rc(txn);
}

static enum rc put_job(struct db_txn *txn, void *arg)
{
	const struct world *w = arg;
	return medium_put(txn, &w->m) ? db_txn_rc(txn) : RC_NOT_FOUND;
}

static enum rc del_job(struct db_txn *txn, void *arg)
{
	const struct world *w = arg;
	return medium_del(txn, w->m.id) ? db_txn_rc(txn) : RC_NOT_FOUND;
}

static uint64_t add(struct world *w, unsigned char file, unsigned char small)
{
	w->m = picture(w, file, small);
	test_db_write(&w->t, add_job, w);
	test_db_check(&w->t);
	return w->m.id;
}

static size_t waste_of(struct world *w, struct digest *out, size_t count)
{
	struct db_txn *txn = test_db_read(&w->t);
	size_t n = medium_waste(txn, NULL, out, count);
	db_read_end(&txn);
	return n;
}

static void is_read_as_it_was_written(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct medium m;
	world_init(&w);
	uint64_t id = add(&w, 1, 2), open[2];
	struct db_txn *txn = test_db_read(&w.t);
	assert_true(medium_get(txn, w.t.arena, id, &m));
	assert_int_equal(medium_open(txn, 0, open, 2), 1);
	assert_int_equal(open[0], id);
	assert_int_equal(medium_open(txn, id, open, 2), 0);
	assert_false(medium_get(txn, w.t.arena, id + 1, &(struct medium){ 0 }));
	db_read_end(&txn);
	assert_int_equal(m.owner, w.alice.id);
	assert_int_equal(m.state, MEDIUM_READY);
	assert_int_equal(m.use, MEDIUM_OPEN);
	assert_int_equal(m.created_ms, TEST_DB_WALL_MS);
	assert_str_eq(m.file.type, STR("image/jpeg"));
	assert_int_equal(m.file.bytes, 1000);
	assert_int_equal(m.small.width, 64);
	assert_memory_equal(m.small.digest.bytes, digest_of(2).bytes, DIGEST_SIZE);
	assert_true(m.has_focus && m.focus_x == -1000 && m.focus_y == 500);
	assert_str_eq(m.blurhash, STR("LEHV6nWB2yk8pyo0adR*.7kCMdnj"));
	assert_str_eq(m.description, STR("a cat"));
}

static void every_truncation_and_foreign_value_is_refused(void **state UNUSED)
{
	struct world w = { .alice.id = 7 };
	struct medium m = picture(&w, 1, 2), out;
	struct buf row CLEANUP(buf_free) = BUF_INIT(MEDIUM_MAX_BYTES);
	medium_encode(&row, &m);
	assert_true(medium_decode(buf_str(&row), 9, &out));
	assert_int_equal(out.id, 9);
	for (size_t len = 0; len < row.len; len++)
		assert_false(medium_decode(str_take(buf_str(&row), len), 9, &out));
	/* version, state, use: no holder while it is open */
	static const size_t bytes[] = { 0, 9, 10 };
	for (size_t i = 0; i < ARRAY_LEN(bytes); i++) {
		char was = row.ptr[bytes[i]];
		row.ptr[bytes[i]] = bytes[i] == 10 ? 1 : 9;
		assert_false(medium_decode(buf_str(&row), 9, &out));
		row.ptr[bytes[i]] = was;
	}
}

static void a_change_moves_its_indexes(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	uint64_t held[2];
	struct digest waste[4];
	world_init(&w);
	uint64_t id = add(&w, 1, 2);
	w.m.use = MEDIUM_AVATAR;
	w.m.holder = w.alice.id;
	w.m.file.digest = digest_of(3);
	test_db_write(&w.t, put_job, &w);
	test_db_check(&w.t);
	assert_int_equal(test_db_rows(&w.t, &store_medium_open), 0);
	struct db_txn *txn = test_db_read(&w.t);
	assert_int_equal(medium_held_by(txn, w.alice.id, held, 2), 1);
	assert_int_equal(held[0], id);
	db_read_end(&txn);
	assert_int_equal(waste_of(&w, waste, 4), 1);
	assert_memory_equal(waste[0].bytes, digest_of(1).bytes, DIGEST_SIZE);
}

static void the_last_medium_of_a_file_leaves_it_as_waste(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct digest waste[4];
	world_init(&w);
	uint64_t first = add(&w, 1, 2), second = add(&w, 1, 3);
	w.m.id = first;
	test_db_write(&w.t, del_job, &w);
	assert_int_equal(waste_of(&w, waste, 4), 1);
	assert_memory_equal(waste[0].bytes, digest_of(2).bytes, DIGEST_SIZE);
	w.m.id = second;
	test_db_write(&w.t, del_job, &w);
	test_db_check(&w.t);
	assert_int_equal(waste_of(&w, waste, 4), 3);
	assert_int_equal(test_db_rows(&w.t, &store_medium), 0);
	assert_int_equal(test_db_rows(&w.t, &store_medium_file), 0);
	/* who uploads it again takes it out of the waste */
	add(&w, 1, 4);
	assert_int_equal(waste_of(&w, waste, 4), 2);
	struct db_txn *txn = test_db_read(&w.t);
	assert_true(medium_file_used(txn, &(struct digest){ { 1 } }));
	assert_false(medium_file_used(txn, &(struct digest){ { 2 } }));
	assert_int_equal(medium_waste(txn, &waste[0], waste + 1, 3), 1);
	db_read_end(&txn);
}

static enum rc post_del(struct db_txn *txn, void *arg)
{
	const struct world *w = arg;
	node_count(txn, 0, -1);
	return status_del(txn, w->post.id, 1) ? db_txn_rc(txn) : RC_NOT_FOUND;
}

static void media_go_with_their_post(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct digest waste[4];
	world_init(&w);
	w.post = test_db_status(&w.t, &w.alice, 0, 0);
	add(&w, 1, 2);
	w.m.use = MEDIUM_POST;
	w.m.holder = w.post.id;
	test_db_write(&w.t, put_job, &w);
	test_db_check(&w.t);
	test_db_write(&w.t, post_del, &w);
	test_db_check(&w.t);
	assert_int_equal(test_db_rows(&w.t, &store_medium), 0);
	assert_int_equal(test_db_rows(&w.t, &store_medium_held), 0);
	assert_int_equal(waste_of(&w, waste, 4), 2);
}

static enum rc sweep_job(struct db_txn *txn, void *arg UNUSED)
{
	struct sweep_cursor cursor = { .len = 0 };
	assert_true(media_sweep(txn, db_txn_now(txn), &cursor, 10));
	return db_txn_rc(txn);
}

static void what_nobody_holds_is_swept_after_a_day(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	add(&w, 1, 2);
	w.m.use = MEDIUM_AVATAR;
	w.m.holder = w.alice.id;
	test_db_write(&w.t, put_job, &w);
	add(&w, 3, 4);
	test_clock_advance(&w.t.clock, MEDIUM_OPEN_MS);
	add(&w, 5, 6);
	test_db_write(&w.t, sweep_job, NULL);
	assert_int_equal(test_db_rows(&w.t, &store_medium), 3);
	test_clock_advance(&w.t.clock, 1);
	test_db_write(&w.t, sweep_job, NULL);
	assert_int_equal(test_db_rows(&w.t, &store_medium), 2);
	assert_int_equal(test_db_rows(&w.t, &store_medium_waste), 2);
	test_db_check(&w.t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_read_as_it_was_written),
		cmocka_unit_test(every_truncation_and_foreign_value_is_refused),
		cmocka_unit_test(a_change_moves_its_indexes),
		cmocka_unit_test(the_last_medium_of_a_file_leaves_it_as_waste),
		cmocka_unit_test(media_go_with_their_post),
		cmocka_unit_test(what_nobody_holds_is_swept_after_a_day),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
