/* Rows: what is written is read, in order, either way, from snapshots that do not move. */
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/must.h"
#include "core/random.h"
#include "dbkit.h"

static void rows_are_found_after_a_restart(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	assert_int_equal(kit_put(&kit, &kit_things, STR("k"), STR("value")), RC_OK);
	assert_int_equal(kit_put(&kit, &kit_others, STR("k"), STR("")), RC_OK);
	kit_reopen(&kit);
	kit_expect(&kit, &kit_things, STR("k"), STR("value"));
	kit_expect(&kit, &kit_others, STR("k"), STR(""));
	kit_expect(&kit, &kit_things, STR("absent"), STR_NONE);
	kit_expect(&kit, &kit_things, STR(""), STR_NONE);
	assert_int_equal(kit_del(&kit, &kit_things, STR("k")), RC_OK);
	assert_int_equal(kit_del(&kit, &kit_things, STR("k")), RC_NOT_FOUND);
	kit_expect(&kit, &kit_things, STR("k"), STR_NONE);
	assert_int_equal(kit_count(&kit, &kit_others), 1);
}

static void s134_files_are_closed_to_others(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	static const char *const names[] = { "data.mdb", "lock.mdb" };
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char path[512];
		struct stat st;
		snprintf(path, sizeof(path), "%s/%s", kit.folder, names[i]);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
	}
}

static enum rc job_put_k(struct db_txn *txn, void *arg UNUSED)
{
	return db_put(txn, &kit_things, STR("k"), STR("1")) ? RC_OK : db_txn_rc(txn);
}

static void post(struct db_work *work)
{
	sem_post(work->arg);
}

static void a_snapshot_does_not_move(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct db_txn *txn;
	struct str value;
	sem_t done;
	kit_init(&kit);
	sem_init(&done, 0, 0);
	assert_int_equal(db_read_begin(kit.db, &txn), RC_OK);
	assert_true(db_txn_db(txn) == kit.db);
	assert_true(db_txn_now(txn) == KIT_WALL_MS);
	struct db_work work = { .job = job_put_k, .done = post, .arg = &done };
	db_submit(kit.db, &work);
	sem_wait(&done);
	assert_int_equal(work.rc, RC_OK);
	assert_false(db_get(txn, &kit_things, STR("k"), &value));
	assert_null(value.ptr);
	db_read_end(&txn);
	assert_null(txn);
	kit_expect(&kit, &kit_things, STR("k"), STR("1"));
	sem_destroy(&done);
}

static void many_rows_are_read_at_once(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct db_txn *txn;
	const struct str keys[] = { STR_INIT("a"), STR_INIT("none"), STR_INIT("b") };
	struct str values[ARRAY_LEN(keys)];
	kit_init(&kit);
	assert_int_equal(kit_put(&kit, &kit_things, STR("a"), STR("1")), RC_OK);
	assert_int_equal(kit_put(&kit, &kit_things, STR("b"), STR("2")), RC_OK);
	assert_int_equal(db_read_begin(kit.db, &txn), RC_OK);
	assert_true(db_get_many(txn, &kit_things, keys, values, ARRAY_LEN(keys)));
	assert_str_eq(values[0], STR("1"));
	assert_null(values[1].ptr);
	assert_str_eq(values[2], STR("2"));
	db_txn_fail(txn, RC_TOO_LARGE);
	db_txn_fail(txn, RC_IO);
	assert_int_equal(db_txn_rc(txn), RC_TOO_LARGE);
	assert_false(db_get_many(txn, &kit_things, keys, values, ARRAY_LEN(keys)));
	assert_false(db_get(txn, &kit_things, STR("a"), &values[0]));
	db_read_end(&txn);
}

static void readers_past_the_limit_are_told_to_wait(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct db_txn *txns[8], *more;
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(txns); i++)
		assert_int_equal(db_read_begin(kit.db, &txns[i]), RC_OK);
	assert_int_equal(db_read_begin(kit.db, &more), RC_BUSY);
	assert_null(more);
	db_read_end(&txns[3]);
	assert_int_equal(db_read_begin(kit.db, &txns[3]), RC_OK);
	for (size_t i = 0; i < ARRAY_LEN(txns); i++)
		db_read_end(&txns[i]);
}

/* --- walks --- */

struct walk {
	struct str prefix;
	struct str from;
	enum db_direction direction;
	const char *keys;
};

static const char *const walk_keys[] = { "a", "b", "b1", "b2", "b4", "c", "\xff", "\xff\xff" };

static const struct walk walks[] = {
	{ STR_INIT(""), { NULL, 0 }, DB_FORWARD, "a b b1 b2 b4 c \xff \xff\xff " },
	{ STR_INIT(""), { NULL, 0 }, DB_BACKWARD, "\xff\xff \xff c b4 b2 b1 b a " },
	{ STR_INIT("b"), { NULL, 0 }, DB_FORWARD, "b b1 b2 b4 " },
	{ STR_INIT("b"), { NULL, 0 }, DB_BACKWARD, "b4 b2 b1 b " },
	{ STR_INIT("b"), STR_INIT("b2"), DB_FORWARD, "b2 b4 " },
	{ STR_INIT("b"), STR_INIT("b2"), DB_BACKWARD, "b2 b1 b " },
	{ STR_INIT("b"), STR_INIT("b3"), DB_FORWARD, "b4 " },
	{ STR_INIT("b"), STR_INIT("b3"), DB_BACKWARD, "b2 b1 b " },
	{ STR_INIT("b"), STR_INIT("b9"), DB_FORWARD, "" },
	{ STR_INIT("b"), STR_INIT("b9"), DB_BACKWARD, "b4 b2 b1 b " },
	{ STR_INIT("b"), STR_INIT("a"), DB_FORWARD, "b b1 b2 b4 " },
	{ STR_INIT("b"), STR_INIT("a"), DB_BACKWARD, "" },
	{ STR_INIT("b"), STR_INIT("c"), DB_FORWARD, "" },
	{ STR_INIT("b"), STR_INIT("c"), DB_BACKWARD, "b4 b2 b1 b " },
	{ STR_INIT("\xff"), { NULL, 0 }, DB_FORWARD, "\xff \xff\xff " },
	{ STR_INIT("\xff"), { NULL, 0 }, DB_BACKWARD, "\xff\xff \xff " },
	{ STR_INIT("d"), { NULL, 0 }, DB_FORWARD, "" },
	{ STR_INIT("d"), { NULL, 0 }, DB_BACKWARD, "" },
	{ STR_INIT("A"), { NULL, 0 }, DB_BACKWARD, "" },
};

static void walk_check(struct db_txn *txn, const struct walk *walk)
{
	struct buf seen CLEANUP(buf_free) = BUF_INIT(1000);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	db_iter_open(&it, txn, &kit_things, walk->prefix, walk->direction, walk->from);
	while (db_iter_next(&it, &key, &value)) {
		assert_str_eq(key, value);
		buf_add(&seen, key);
		buf_add_chr(&seen, ' ');
	}
	assert_str_eq(buf_str(&seen), str_of(walk->keys));
}

static enum rc job_walks(struct db_txn *txn, void *arg UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(walks); i++)
		walk_check(txn, &walks[i]);
	return RC_OK;
}

static void walks_go_either_way_within_their_prefix(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct db_txn *txn;
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(walk_keys); i++)
		assert_int_equal(
			kit_put(&kit, &kit_things, str_of(walk_keys[i]), str_of(walk_keys[i])),
			RC_OK);
	assert_int_equal(db_read_begin(kit.db, &txn), RC_OK);
	job_walks(txn, NULL);
	db_read_end(&txn);
	assert_int_equal(db_write(kit.db, job_walks, NULL), RC_OK);
}

/* Deletes every second row of a walk, and copies it to the other table. */
static enum rc job_thin(struct db_txn *txn, void *arg)
{
	enum db_direction direction = *(const enum db_direction *)arg;
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	db_iter_open(&it, txn, &kit_things, STR(""), direction, STR_NONE);
	for (unsigned n = 0; db_iter_next(&it, &key, &value); n++)
		if (n % 2 == 0) {
			db_put(txn, &kit_others, key, value);
			db_del(txn, &kit_things, key);
		}
	return db_txn_rc(txn);
}

static enum rc job_fill(struct db_txn *txn, void *arg UNUSED)
{
	for (unsigned i = 0; i < 1000; i++) {
		char key[16];
		struct str s = str_n(key, (size_t)snprintf(key, sizeof(key), "%06u", i));
		db_append(txn, &kit_things, s, s);
	}
	return db_txn_rc(txn);
}

static void a_walk_may_change_what_it_walks_over(void **state UNUSED)
{
	static const enum db_direction directions[] = { DB_FORWARD, DB_BACKWARD };
	for (size_t i = 0; i < ARRAY_LEN(directions); i++) {
		struct kit kit CLEANUP(kit_free);
		enum db_direction direction = directions[i];
		kit_init(&kit);
		assert_int_equal(db_write(kit.db, job_fill, NULL), RC_OK);
		assert_int_equal(db_write(kit.db, job_thin, &direction), RC_OK);
		assert_int_equal(kit_count(&kit, &kit_things), 500);
		assert_int_equal(kit_count(&kit, &kit_others), 500);
		kit_expect(&kit, &kit_others, STR("000000"),
			   direction == DB_FORWARD ? STR("000000") : STR_NONE);
	}
}

/* --- adding --- */

static enum rc job_add_and_append(struct db_txn *txn, void *arg UNUSED)
{
	struct str existing = STR("?");
	assert_true(db_add(txn, &kit_things, STR("m"), STR("first"), &existing));
	assert_null(existing.ptr);
	assert_false(db_add(txn, &kit_things, STR("m"), STR("second"), &existing));
	assert_str_eq(existing, STR("first"));
	assert_false(db_add(txn, &kit_things, STR("m"), STR("third"), NULL));
	assert_true(db_append(txn, &kit_things, STR("z"), STR("last")));
	/* not the greatest, and there already: falls back */
	assert_true(db_append(txn, &kit_things, STR("b"), STR("early")));
	assert_true(db_append(txn, &kit_things, STR("m"), STR("replaced")));
	assert_str_eq(existing, STR("first"));
	return db_txn_rc(txn);
}

static void adding_and_appending_keep_what_they_promise(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	assert_int_equal(db_write(kit.db, job_add_and_append, NULL), RC_OK);
	kit_expect(&kit, &kit_things, STR("m"), STR("replaced"));
	kit_expect(&kit, &kit_things, STR("b"), STR("early"));
	kit_expect(&kit, &kit_things, STR("z"), STR("last"));
	assert_int_equal(kit_count(&kit, &kit_things), 3);
}

static void values_of_every_size_come_back(void **state UNUSED)
{
	static const size_t sizes[] = { 0, 1, 1000, 1500, 2000, 2040, 4080, 4096, 70000, 1000000 };
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		char *bytes = malloc(sizes[i] + 1);
		must(bytes != NULL);
		random_bytes(bytes, sizes[i]);
		struct str value = str_n(bytes, sizes[i]);
		assert_int_equal(kit_put(&kit, &kit_things, STR("k"), value), RC_OK);
		kit_expect(&kit, &kit_things, STR("k"), value);
		free(bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_found_after_a_restart),
		cmocka_unit_test(s134_files_are_closed_to_others),
		cmocka_unit_test(a_snapshot_does_not_move),
		cmocka_unit_test(many_rows_are_read_at_once),
		cmocka_unit_test(readers_past_the_limit_are_told_to_wait),
		cmocka_unit_test(walks_go_either_way_within_their_prefix),
		cmocka_unit_test(a_walk_may_change_what_it_walks_over),
		cmocka_unit_test(adding_and_appending_keep_what_they_promise),
		cmocka_unit_test(values_of_every_size_come_back),
	};
	return cmocka_run_group_tests_name("db_read_write", tests, NULL, NULL);
}
