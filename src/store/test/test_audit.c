/* The record of acts: rows that name each other, and what shows when somebody touched them. */
#include "store/audit.h"

#include "../audit_int.h"
#include "db/rec.h"
#include "store/tables.h"
#include "testdb.h"

#define ROWS 5

static enum rc add_job(struct db_txn *txn, void *arg)
{
	struct test_db *t = arg;
	const struct audit_detail details[] = { { "severity", STR_INIT("suspend") },
						{ "obfuscate", STR_INIT("yes") } };
	const struct audit_detail of_team[] = { { "team", STR_INIT("90") } };
	const struct audit_detail of_both[] = { { "team", STR_INIT("90") },
						{ "community", STR_INIT("91") } };
	const struct audit_entry rows[ROWS] = {
		{ .act = "account.silence", .actor = 7, .target = STR("12") },
		{ .act = "host.decide",
		  .target = STR("\"b\".example"),
		  .details = details,
		  .detail_count = 2 },
		{ .act = "rule.add", .target = STR("13"), .details = of_team, .detail_count = 1 },
		{ .act = "report.resolve", .actor = 7, .target = STR("14") },
		{ .act = "text.set", .details = of_both, .detail_count = 2 },
	};
	for (size_t i = 0; i < ROWS; i++)
		audit_append(txn, t->arena, &rows[i]);
	return db_txn_rc(txn);
}

static void scene_init(struct test_db *t)
{
	test_db_init(t, NULL, 0);
	test_db_write(t, add_job, t);
}

static struct audit_row row_of(struct test_db *t, uint64_t number)
{
	struct audit_row row;
	struct db_txn *txn = test_db_read(t);
	assert_int_equal(audit_after(txn, t->arena, number - 1, &row, 1), 1);
	assert_int_equal(row.number, number);
	db_read_end(&txn);
	return row;
}

static void row_put(struct test_db *t, const struct audit_row *row)
{
	struct reckey key = reckey_u64(row->number);
	struct buf value CLEANUP(buf_free) = BUF_INIT(65536);
	audit_encode(&value, row);
	test_db_put(t, &store_audit, reckey_str(&key), buf_str(&value));
}

/* Where the chain breaks; 0 when it does not. */
static uint64_t broken_at(struct test_db *t, struct audit_chain *chain, enum audit_fault *fault)
{
	struct audit_row rows[2 * ROWS];
	struct db_txn *txn = test_db_read(t);
	size_t n = audit_after(txn, t->arena, 0, rows, 2 * ROWS);
	db_read_end(&txn);
	for (size_t i = 0; i < n; i++) {
		struct ctx ctx = { .arena = t->arena };
		*fault = audit_chain_next(&ctx, chain, &rows[i]);
		if (*fault != AUDIT_SOUND)
			return rows[i].number;
	}
	return 0;
}

static void expect_broken(struct test_db *t, uint64_t at, enum audit_fault why)
{
	struct audit_chain chain = { .number = 0 };
	enum audit_fault fault;
	struct str first;
	assert_int_equal(broken_at(t, &chain, &fault), at);
	assert_int_equal(fault, why);
	/* the integrity check names the first row that is wrong, and only that */
	assert_int_equal(test_db_complaints(t, &first), 1);
	assert_true(str_contains(first, str_of(audit_fault_text(why))));
}

static void rows_name_the_one_before(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct audit_chain chain = { .number = 0 };
	struct audit_said said;
	enum audit_fault fault;
	scene_init(&t);
	struct ctx ctx = { .arena = t.arena };
	struct audit_row first = row_of(&t, 1), second = row_of(&t, 2);
	/* the one spelling there is: members in order, no blanks */
	const struct str head =
		STR("{\"act\":\"account.silence\",\"actor\":\"7\",\"at\":\"2023-11-14T22:13:20."
		    "000Z\","
		    "\"details\":{},\"number\":1,\"previous\":\"00000000000000000000000000000000"
		    "00000000000000000000000000000000\",\"salt\":\"");
	const struct str tail = STR("\",\"target\":\"12\"}");
	assert_true(str_has_prefix(first.content, head) && str_has_suffix(first.content, tail));
	assert_int_equal(first.content.len, head.len + 32 + tail.len);
	assert_int_equal(audit_read(&ctx, &second, &said), RC_OK);
	assert_memory_equal(said.previous.bytes, first.hash.bytes, DIGEST_SIZE);
	assert_str_eq(said.act, STR("host.decide"));
	assert_str_eq(said.target, STR("\"b\".example"));
	assert_null(said.actor.ptr);
	assert_str_eq(said.details, STR("{\"obfuscate\":\"yes\",\"severity\":\"suspend\"}"));
	assert_int_equal(broken_at(&t, &chain, &fault), 0);
	assert_int_equal(chain.number, ROWS);
	test_db_check(&t);
}

static void rows_are_read_both_ways(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct audit_row rows[ROWS + 1];
	scene_init(&t);
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(audit_before(txn, t.arena, 0, rows, 2), 2);
	assert_int_equal(rows[0].number, ROWS);
	assert_int_equal(audit_before(txn, t.arena, rows[1].number, rows, ROWS), ROWS - 2);
	assert_int_equal(rows[0].number, ROWS - 2);
	assert_int_equal(audit_after(txn, t.arena, 3, rows, ROWS), 2);
	assert_int_equal(rows[0].number, 4);
	db_read_end(&txn);
}

static void a_changed_row_shows(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	scene_init(&t);
	struct audit_row row = row_of(&t, 3);
	row.content = arena_printf(t.arena, "%.*s", STR_ARG(row_of(&t, 4).content));
	row_put(&t, &row);
	expect_broken(&t, 3, AUDIT_CONTENT);
	/* with a hash that fits it says what another row says */
	row.hash = digest_sha256(row.content);
	row_put(&t, &row);
	expect_broken(&t, 3, AUDIT_UNREADABLE);
	row.content = STR("{\"number\":3}");
	row.hash = digest_sha256(row.content);
	row_put(&t, &row);
	expect_broken(&t, 3, AUDIT_UNREADABLE);
}

/* Whoever makes a row anew changes its hash, which the next one names. */
static void a_row_that_was_made_anew_shows_in_the_next(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	scene_init(&t);
	struct audit_row row = row_of(&t, 3);
	size_t at = str_find(row.content, STR("rule.add"));
	assert_true(at < row.content.len);
	row.content = arena_printf(t.arena, "%.*srule.end%.*s", (int)at, row.content.ptr,
				   STR_ARG(str_skip(row.content, at + 8)));
	row.hash = digest_sha256(row.content);
	row_put(&t, &row);
	expect_broken(&t, 4, AUDIT_CHAIN);
}

static void a_row_that_was_taken_out_shows(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct reckey key = reckey_u64(2);
	scene_init(&t);
	test_db_put(&t, &store_audit, reckey_str(&key), STR_NONE);
	expect_broken(&t, 3, AUDIT_GAP);
}

static void index_put(struct test_db *t, uint64_t within, uint64_t number, struct str value)
{
	struct reckey key = reckey_u64_u64(within, number);
	test_db_put(t, &store_audit_in, reckey_str(&key), value);
}

static enum audit_fault placed(struct test_db *t, uint64_t number)
{
	struct ctx ctx = { .arena = t->arena };
	struct audit_said said;
	struct audit_row row = row_of(t, number);
	assert_int_equal(audit_read(&ctx, &row, &said), RC_OK);
	struct db_txn *txn = test_db_read(t);
	enum audit_fault fault = audit_placed(txn, &said);
	db_read_end(&txn);
	return fault;
}

/* A community that is not shown an act about it, or is shown one that is none of its. */
static void parts_have_their_rows_and_no_others(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct str first;
	uint64_t stray = 0;
	scene_init(&t);
	test_db_check(&t);
	assert_int_equal(placed(&t, 3), AUDIT_SOUND);
	index_put(&t, 90, 3, STR_NONE);
	assert_int_equal(placed(&t, 3), AUDIT_HIDDEN);
	assert_int_equal(test_db_complaints(&t, &first), 1);
	assert_true(str_contains(first, str_of(audit_fault_text(AUDIT_HIDDEN))));
	index_put(&t, 90, 3, STR(""));
	test_db_check(&t);
	/* the community comes before the team */
	index_put(&t, 90, ROWS, STR(""));
	index_put(&t, 91, 77, STR(""));
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(audit_strays(txn, t.arena, &stray), 2);
	db_read_end(&txn);
	assert_int_equal(stray, ROWS);
	assert_int_equal(test_db_complaints(&t, &first), 1);
}

/* Whoever tries all ids finds nobody; what has no salt is known as such. */
static void salt_keeps_hashes_from_telling(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct test_db again CLEANUP(test_db_free);
	struct audit_said said;
	scene_init(&t);
	scene_init(&again);
	struct ctx ctx = { .arena = t.arena };
	struct audit_row row = row_of(&t, 1), same = row_of(&again, 1);
	assert_memory_not_equal(row.hash.bytes, same.hash.bytes, DIGEST_SIZE);
	assert_int_equal(audit_read(&ctx, &row, &said), RC_OK);
	assert_true(said.salted);
	/* as it was written before: it stands in the chain, and is told from the others */
	size_t at = str_find(row.content, STR("\"salt\""));
	row.content = arena_printf(t.arena, "%.*s%.*s", (int)at, row.content.ptr,
				   STR_ARG(str_skip(row.content, at + 42)));
	row.hash = digest_sha256(row.content);
	assert_int_equal(audit_read(&ctx, &row, &said), RC_OK);
	assert_false(said.salted);
	struct audit_chain chain = { .number = 0 };
	assert_int_equal(audit_chain_next(&ctx, &chain, &row), AUDIT_SOUND);
}

/* Nothing in the chain tells that its end was cut off, or that all of it was made anew: what was noted
 * of it does. */
static void what_was_noted_shows_what_nothing_else_does(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct audit_chain chain = { .noted = ROWS };
	enum audit_fault fault = AUDIT_SOUND;
	scene_init(&t);
	struct audit_row last = row_of(&t, ROWS);
	chain.expected = last.hash;
	assert_int_equal(broken_at(&t, &chain, &fault), 0);
	chain = (struct audit_chain){ .noted = ROWS };
	assert_int_equal(broken_at(&t, &chain, &fault), ROWS);
	assert_int_equal(fault, AUDIT_HEAD);
}

static void a_row_is_read_whole_or_not_at_all(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct buf value CLEANUP(buf_free) = BUF_INIT(65536);
	struct audit_row row, again;
	scene_init(&t);
	row = row_of(&t, 1);
	audit_encode(&value, &row);
	for (size_t i = 0; i < value.len; i++)
		assert_false(audit_decode(str_take(buf_str(&value), i), &again));
	assert_true(audit_decode(buf_str(&value), &again));
	assert_str_eq(again.content, row.content);
}

/* What cannot be recorded is not done: the write fails as a whole. */
static enum rc huge_job(struct db_txn *txn, void *arg)
{
	struct test_db *t = arg;
	char *text = arena_alloc(t->arena, 100000);
	assert_non_null(text);
	memset(text, 'a', 100000);
	const struct audit_entry entry = { .act = "text.set", .target = str_n(text, 100000) };
	audit_append(txn, t->arena, &entry);
	return db_txn_rc(txn);
}

static void what_cannot_be_recorded_is_not_done(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	scene_init(&t);
	assert_int_equal(db_write(t.db, huge_job, &t), RC_TOO_LARGE);
	assert_int_equal(test_db_rows(&t, &store_audit), ROWS);
	test_db_check(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_name_the_one_before),
		cmocka_unit_test(rows_are_read_both_ways),
		cmocka_unit_test(a_changed_row_shows),
		cmocka_unit_test(a_row_that_was_made_anew_shows_in_the_next),
		cmocka_unit_test(a_row_that_was_taken_out_shows),
		cmocka_unit_test(parts_have_their_rows_and_no_others),
		cmocka_unit_test(salt_keeps_hashes_from_telling),
		cmocka_unit_test(what_was_noted_shows_what_nothing_else_does),
		cmocka_unit_test(a_row_is_read_whole_or_not_at_all),
		cmocka_unit_test(what_cannot_be_recorded_is_not_done),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
