/* Notifications, reports, the node's own record and the index of ids. */
#include "store/notice.h"

#include "db/rec.h"
#include "store/node.h"
#include "store/tables.h"
#include "store/uri.h"
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

static void every_kind_of_notice_has_a_name(void **state UNUSED)
{
	static const char *const names[] = { "mention", "follow", "follow_request", "like",
					     "boost",	"edit",	  "report" };
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

static enum rc put_node(struct db_txn *txn, void *arg)
{
	node_put(txn, arg);
	return db_txn_rc(txn);
}

static void the_node_is_there_once_it_was_made(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct node_record node = { .domain = STR("example.org"),
				    .host = STR("social.example.org"),
				    .created_ms = 7,
				    .instance_actor = 8 },
			   read;
	test_db_init(&t, NULL, 0);
	struct db_txn *txn = test_db_read(&t);
	assert_false(node_get(txn, t.arena, &read));
	assert_int_equal(db_txn_rc(txn), RC_OK);
	db_read_end(&txn);
	test_db_write(&t, put_node, &node);
	txn = test_db_read(&t);
	assert_true(node_get(txn, t.arena, &read));
	assert_str_eq(read.domain, STR("example.org"));
	assert_str_eq(read.host, STR("social.example.org"));
	assert_int_equal(read.created_ms, 7);
	assert_int_equal(read.instance_actor, 8);
	db_read_end(&txn);
	test_db_put(&t, &store_node, STR("totals"), STR("\1\0"));
	txn = test_db_read(&t);
	assert_int_equal(node_totals(txn).accounts, 0);
	assert_int_equal(db_txn_rc(txn), RC_CORRUPT);
	db_read_end(&txn);
}

static const struct uri_entry entries[] = {
	{ URI_ACCOUNT, 1, 0 },
	{ URI_STATUS, UINT64_MAX, 0 },
	{ URI_TOMBSTONE, 1700000000000, 0 },
	{ URI_BLOCK, UINT64_MAX, UINT64_MAX },
};

static enum rc use_uris(struct db_txn *txn, void *arg UNUSED)
{
	struct str uri = STR("https://b.example/x");
	struct uri_entry there;
	for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
		assert_true(uri_add(txn, uri, entries[i], NULL));
		assert_false(uri_add(txn, uri, entries[0], &there));
		assert_int_equal(there.kind, entries[i].kind);
		assert_true(there.id == entries[i].id && there.other == entries[i].other);
		for (size_t k = 0; k < ARRAY_LEN(entries); k++) {
			if (k != i)
				uri_release(txn, uri, entries[k]);
		}
		assert_int_equal(uri_find(txn, uri).kind, entries[i].kind);
		uri_release(txn, uri, entries[i]);
		assert_int_equal(uri_find(txn, uri).kind, URI_NONE);
	}
	uri_set(txn, uri, entries[0]);
	uri_set(txn, uri, entries[1]);
	assert_int_equal(uri_find(txn, uri).kind, URI_STATUS);
	uri_del(txn, uri);
	assert_int_equal(uri_find(txn, uri).kind, URI_NONE);
	return db_txn_rc(txn);
}

static void an_id_leads_to_one_thing(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	test_db_write(&t, use_uris, NULL);
	assert_int_equal(test_db_rows(&t, &store_uri), 0);
}

/* S-058: keys are digests, so ids of any length are told apart. */
static void s058_long_ids_that_begin_alike_are_told_apart(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	char a[2048], b[2048];
	test_db_init(&t, NULL, 0);
	memset(a, 'a', sizeof(a));
	memset(b, 'a', sizeof(b));
	b[sizeof(b) - 1] = 'b';
	struct account alice = test_db_local(&t, "alice");
	alice.uri = str_n(a, sizeof(a));
	struct reckey key = reckey_digest(alice.uri);
	test_db_put(&t, &store_uri, reckey_str(&key), STR("\1\1\5\0"));
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(account_id_of_uri(txn, str_n(a, sizeof(a))), 5);
	assert_int_equal(account_id_of_uri(txn, str_n(b, sizeof(b))), 0);
	db_read_end(&txn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notices_come_newest_first),
		cmocka_unit_test(every_kind_of_notice_has_a_name),
		cmocka_unit_test(reports_come_back_whole_and_newest_first),
		cmocka_unit_test(the_node_is_there_once_it_was_made),
		cmocka_unit_test(an_id_leads_to_one_thing),
		cmocka_unit_test(s058_long_ids_that_begin_alike_are_told_apart),
	};
	return cmocka_run_group_tests_name("notice", tests, NULL, NULL);
}
