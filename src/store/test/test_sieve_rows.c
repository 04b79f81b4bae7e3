/* Rows of the sieve: what is written is read and nothing less; lists in their order; what is swept. */
#include "store/sieve.h"

#include <stdlib.h>

#include "../blocklist_int.h"
#include "../sieve_int.h"
#include "../wave_int.h"
#include "store/learned.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "testdb.h"

/* --- codecs --- */

typedef bool decoder(struct str value);

static bool decode_row(struct str value)
{
	struct sieve_row row;
	return sieve_row_decode(value, &row);
}

static bool decode_mark(struct str value)
{
	struct sieve_mark mark;
	return sieve_mark_decode(value, &mark);
}

static bool decode_wave(struct str value)
{
	struct wave wave;
	return wave_decode(value, &wave);
}

static bool decode_list(struct str value)
{
	struct blocklist list;
	return blocklist_decode(value, &list);
}

static bool decode_entry(struct str value)
{
	struct block_entry entry;
	return block_entry_decode(value, &entry);
}

static const struct sieve_row a_row = { .position = 3,
					.revision = 2,
					.mode = SIEVE_LIVE,
					.action = 4,
					.created_ms = 5,
					.updated_ms = 6,
					.by = 7,
					.label = STR_INIT("label"),
					.text = STR_INIT("hold when remote"),
					.program = STR_INIT("\1\2\3") };

static void every_truncation_is_refused(void **state UNUSED)
{
	struct buf rows[5];
	decoder *const decoders[] = { decode_row, decode_mark, decode_wave, decode_list,
				      decode_entry };
	const struct sieve_mark mark = { .state = SIEVE_ROLLED,
					 .edited = true,
					 .taught = true,
					 .at_ms = 9,
					 .changed_ms = 300,
					 .spam = 80,
					 .similar = SIEVE_UNASKED,
					 .hits = { { 7, 4, STR_INIT("why") } },
					 .hit_count = 1 };
	const struct wave wave = { .state = WAVE_HIDDEN,
				   .wish = { .host = STR_INIT("a.example"), .likeness = 80 },
				   .print = UINT64_MAX,
				   .posts = 300 };
	const struct blocklist list = { .severity = BLOCKLIST_LIMIT,
					.generation = 4,
					.url = STR_INIT("https://a.example/"),
					.etag = STR_INIT("\"1\""),
					.error = STR_INIT(""),
					.accepted = true };
	const struct block_entry entry = { .policy = PEER_LIMITED,
					   .flags = PEER_REJECT_MEDIA,
					   .comment = STR_INIT("spam") };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		buf_init(&rows[i], 4096);
	sieve_row_encode(&rows[0], &a_row);
	sieve_mark_encode(&rows[1], &mark);
	wave_encode(&rows[2], &wave);
	blocklist_encode(&rows[3], &list);
	block_entry_encode(&rows[4], &entry);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_true(decoders[i](buf_str(&rows[i])));
		for (size_t len = 0; len < rows[i].len; len++) {
			char *copy = malloc(len + 1);
			assert_non_null(copy);
			memcpy(copy, rows[i].ptr, len);
			if (decoders[i](str_n(copy, len)))
				fail_msg("row %zu, %zu bytes", i, len);
			free(copy);
		}
		buf_free(&rows[i]);
	}
}

static void a_row_is_read_as_it_was_written(void **state UNUSED)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(4096);
	struct sieve_row again;
	sieve_row_encode(&row, &a_row);
	assert_true(sieve_row_decode(buf_str(&row), &again));
	assert_int_equal(again.position, a_row.position);
	assert_int_equal(again.mode, a_row.mode);
	assert_int_equal(again.by, a_row.by);
	assert_true(str_eq(again.label, a_row.label));
	assert_true(str_eq(again.program, a_row.program));
}

/* --- tables --- */

struct rows {
	struct test_db d;
	uint64_t rule;
};

static enum rc fill_job(struct db_txn *txn, void *arg)
{
	struct rows *r = arg;
	struct sieve_row row = a_row;
	uint64_t now_ms = db_txn_now(txn);
	r->rule = sieve_row_put(txn, &row);
	row.position = 1;
	row.mode = SIEVE_OFF;
	sieve_row_put(txn, &row);
	for (uint32_t day = 0; day < 3; day++) {
		const struct sieve_count more = { .day = (uint32_t)(now_ms / MS_PER_DAY) + day,
						  .live = 1 };
		sieve_count_add(txn, r->rule, &more);
		sieve_count_add(txn, r->rule, &more);
	}
	sieve_fit_add(txn, r->rule, db_next_id(txn));
	return db_txn_rc(txn);
}

static void counts_are_of_days(void **state UNUSED)
{
	struct rows r = { .rule = 0 };
	struct sieve_count counts[8];
	struct sieve_row *rows;
	test_db_init(&r.d, NULL, 0);
	test_db_write(&r.d, fill_job, &r);
	struct db_txn *txn = test_db_read(&r.d);
	rows = ARENA_ARRAY(r.d.arena, SIEVE_ROWS_MAX, struct sieve_row);
	assert_int_equal(sieve_row_list(txn, r.d.arena, rows), 2);
	assert_int_equal(rows[0].position, 1);
	assert_int_equal(rows[1].id, r.rule);
	assert_int_equal(sieve_count_list(txn, r.rule, 0, counts, 8), 3);
	assert_int_equal(counts[0].live, 2);
	assert_int_equal(sieve_count_list(txn, r.rule, counts[2].day, counts, 8), 1);
	db_read_end(&txn);
	test_db_free(&r.d);
}

static enum rc sweep_job(struct db_txn *txn, void *arg)
{
	const uint64_t *now_ms = arg;
	struct sweep_cursor counts = { .len = 0 }, fits = { .len = 0 };
	assert_true(sieve_counts_sweep(txn, *now_ms, &counts, 100));
	assert_true(sieve_fits_sweep(txn, *now_ms, &fits, 100));
	return db_txn_rc(txn);
}

static enum rc del_job(struct db_txn *txn, void *arg)
{
	const struct rows *r = arg;
	assert_true(sieve_row_del(txn, r->rule));
	assert_false(sieve_row_del(txn, r->rule));
	return db_txn_rc(txn);
}

static void what_is_old_is_forgotten(void **state UNUSED)
{
	struct rows r = { .rule = 0 };
	test_db_init(&r.d, NULL, 0);
	test_db_write(&r.d, fill_job, &r);
	uint64_t now_ms = clock_wall_ms(&r.d.clock.clock);
	test_db_write(&r.d, sweep_job, &now_ms);
	struct db_txn *txn = test_db_read(&r.d);
	assert_int_equal(db_count(txn, &store_sieve_count), 3);
	assert_int_equal(db_count(txn, &store_sieve_fit), 1);
	db_read_end(&txn);
	now_ms += (SIEVE_COUNT_DAYS + 3) * MS_PER_DAY;
	test_db_write(&r.d, sweep_job, &now_ms);
	txn = test_db_read(&r.d);
	assert_int_equal(db_count(txn, &store_sieve_count), 1);
	assert_int_equal(db_count(txn, &store_sieve_fit), 0);
	db_read_end(&txn);
	test_db_write(&r.d, del_job, &r);
	txn = test_db_read(&r.d);
	assert_int_equal(db_count(txn, &store_sieve_count), 0);
	db_read_end(&txn);
	test_db_free(&r.d);
}

static enum rc prints_job(struct db_txn *txn, void *arg)
{
	struct rows *r = arg;
	for (uint64_t i = 1; i <= FINGERPRINTS_MAX + 2; i++) {
		const struct fingerprint f = { i, i, 1000 };
		arena_reset(r->d.arena);
		fingerprint_add(txn, r->d.arena, &f);
	}
	const struct fingerprint again = { FINGERPRINTS_MAX + 2, 7, 1000 };
	fingerprint_add(txn, r->d.arena, &again);
	fingerprint_del(txn, r->d.arena, 100);
	return db_txn_rc(txn);
}

static void fingerprints_make_room_for_newer_ones(void **state UNUSED)
{
	struct rows r = { .rule = 0 };
	size_t count;
	test_db_init(&r.d, NULL, 0);
	test_db_write(&r.d, prints_job, &r);
	struct db_txn *txn = test_db_read(&r.d);
	const struct fingerprint *all = fingerprints(txn, r.d.arena, &count);
	assert_true(count >= FINGERPRINTS_MAX - 2 && count < FINGERPRINTS_MAX);
	assert_true(all[0].bits > 2);
	assert_int_equal(all[count - 1].status, 7);
	for (size_t i = 0; i < count; i++)
		assert_int_not_equal(all[i].status, 100);
	db_read_end(&txn);
	test_db_free(&r.d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(a_row_is_read_as_it_was_written),
		cmocka_unit_test(counts_are_of_days),
		cmocka_unit_test(what_is_old_is_forgotten),
		cmocka_unit_test(fingerprints_make_room_for_newer_ones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
