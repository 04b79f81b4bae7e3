/* Notifications and reports. */
#include "store/notice.h"
#include "store/report.h"

#include "db/rec.h"
#include "store/tables.h"
#include "testdb.h"

static enum rc add_notices(struct db_txn *txn, void *arg)
{
	uint64_t *ids = arg;
	for (size_t i = 0; i < 5; i++)
		ids[i] = notice_add(txn, 1, (enum notice_kind)(NOTICE_MENTION + i), 10 + i, i);
	notice_add(txn, 2, NOTICE_LIKE, 3, 4);
	return db_txn_rc(txn);
}

static enum rc del_notices(struct db_txn *txn, void *arg)
{
	*(size_t *)arg = notices_del(txn, 1, *(size_t *)arg);
	return db_txn_rc(txn);
}

static void notices_come_newest_first(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	uint64_t ids[5];
	struct notice out[8];
	test_db_init(&t, NULL, 0);
	test_db_write(&t, add_notices, ids);
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(notice_list(txn, 1, 0, out, 8), 5);
	assert_int_equal(out[0].id, ids[4]);
	assert_int_equal(out[0].kind, NOTICE_BOOST);
	assert_int_equal(out[0].from, 14);
	assert_int_equal(out[0].status, 4);
	assert_int_equal(notice_list(txn, 1, ids[2], out, 8), 2);
	assert_int_equal(out[0].id, ids[1]);
	assert_int_equal(notice_list(txn, 2, 0, out, 8), 1);
	assert_int_equal(notice_list(txn, 3, 0, out, 8), 0);
	db_read_end(&txn);
	size_t n = 4;
	test_db_write(&t, del_notices, &n);
	assert_int_equal(n, 4);
	test_db_write(&t, del_notices, &n);
	assert_int_equal(n, 1);
	assert_int_equal(test_db_rows(&t, &store_notice), 1);
}

static void a_notice_that_cannot_be_read_is_skipped(void **state UNUSED)
{
	static const struct str odd[] = { STR_INIT(""), STR_INIT("\2\1"), STR_INIT("\1\1\0"),
					  STR_INIT("\1\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\1"),
					  STR_INIT("\1\377\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\1") };
	struct test_db t CLEANUP(test_db_free);
	uint64_t ids[5];
	struct notice out[8];
	test_db_init(&t, NULL, 0);
	test_db_write(&t, add_notices, ids);
	struct reckey key = reckey_u64_u64(1, ids[2]);
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		test_db_put(&t, &store_notice, reckey_str(&key), odd[i]);
		struct db_txn *txn = test_db_read(&t);
		assert_int_equal(notice_list(txn, 1, 0, out, 8), 4);
		assert_int_equal(out[2].id, ids[1]);
		db_read_end(&txn);
	}
}

static void every_kind_of_notice_has_a_name(void **state UNUSED)
{
	static const char *const names[] = { "mention", "follow", "follow_request", "like",
					     "boost",	"edit",	  "report",	    "poll" };
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		assert_string_equal(notice_kind_name((enum notice_kind)(NOTICE_MENTION + i)),
				    names[i]);
}

struct reporting {
	struct report report;
	uint64_t id;
};

static enum rc add_report(struct db_txn *txn, void *arg)
{
	struct reporting *r = arg;
	r->id = report_add(txn, &r->report);
	return db_txn_rc(txn);
}

static void reports_come_back_whole_and_newest_first(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct str objects[REPORT_OBJECTS_MAX];
	struct report read, list[4];
	test_db_init(&t, NULL, 0);
	for (size_t i = 0; i < ARRAY_LEN(objects); i++)
		objects[i] = STR("https://b.example/posts/1");
	struct reporting full = { .report = { .reporter = 1,
					      .target = 2,
					      .comment = STR("rude"),
					      .uri = STR("https://b.example/flags/1"),
					      .objects = objects,
					      .object_count = REPORT_OBJECTS_MAX } };
	struct reporting bare = { .report = { .reporter = 3, .target = 4 } };
	test_db_write(&t, add_report, &full);
	test_db_write(&t, add_report, &bare);
	struct db_txn *txn = test_db_read(&t);
	assert_true(report_get(txn, t.arena, full.id, &read));
	assert_int_equal(read.reporter, 1);
	assert_int_equal(read.target, 2);
	assert_str_eq(read.comment, STR("rude"));
	assert_int_equal(read.object_count, REPORT_OBJECTS_MAX);
	assert_str_eq(read.objects[99], objects[99]);
	assert_false(report_get(txn, t.arena, full.id - 1, &read));
	assert_int_equal(report_list(txn, t.arena, 0, list, 4), 2);
	assert_int_equal(list[0].id, bare.id);
	assert_int_equal(list[0].object_count, 0);
	assert_int_equal(report_list(txn, t.arena, bare.id, list, 4), 1);
	assert_int_equal(list[0].id, full.id);
	db_read_end(&txn);
	struct reckey key = reckey_u64(bare.id);
	test_db_put(&t, &store_report, reckey_str(&key), STR("\1"));
	txn = test_db_read(&t);
	assert_false(report_get(txn, t.arena, bare.id, &read));
	assert_int_equal(db_txn_rc(txn), RC_CORRUPT);
	db_read_end(&txn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notices_come_newest_first),
		cmocka_unit_test(a_notice_that_cannot_be_read_is_skipped),
		cmocka_unit_test(every_kind_of_notice_has_a_name),
		cmocka_unit_test(reports_come_back_whole_and_newest_first),
	};
	return cmocka_run_group_tests_name("notice", tests, NULL, NULL);
}
