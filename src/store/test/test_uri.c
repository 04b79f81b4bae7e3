/* The index of ids. */
#include "store/uri.h"

#include "db/rec.h"
#include "store/tables.h"
#include "testdb.h"

static const struct uri_entry entries[] = {
	{ URI_ACCOUNT, 1, 0 },
	{ URI_STATUS, UINT64_MAX, 0 },
	{ URI_TOMBSTONE, 1700000000000, 0 },
};
static const struct uri_entry edges[] = {
	{ URI_LIKE, 1, 2 },
	{ URI_FOLLOW, 1, 2 },
	{ URI_BLOCK, UINT64_MAX, UINT64_MAX },
	{ URI_INTERACTION, 1, 2 },
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

static enum rc use_edges(struct db_txn *txn, void *arg UNUSED)
{
	struct str uri = STR("https://b.example/x");
	for (size_t i = 0; i < ARRAY_LEN(edges); i++) {
		assert_true(uri_add(txn, uri, edges[i], NULL));
		for (size_t k = 0; k < ARRAY_LEN(edges); k++)
			assert_false(uri_add(txn, uri, edges[k], NULL));
		assert_int_equal(uri_find(txn, uri).kind, edges[i].kind);
		/* a post takes it, and keeps it */
		assert_true(uri_add(txn, uri, entries[1], NULL));
		assert_false(uri_add(txn, uri, edges[i], NULL));
		uri_release(txn, uri, edges[i]);
		assert_int_equal(uri_find(txn, uri).kind, URI_STATUS);
		uri_del(txn, uri);
	}
	return db_txn_rc(txn);
}

static void s019_what_names_an_edge_gives_way_to_posts_and_accounts(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	test_db_write(&t, use_edges, NULL);
	assert_int_equal(test_db_rows(&t, &store_uri), 0);
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
		cmocka_unit_test(an_id_leads_to_one_thing),
		cmocka_unit_test(s019_what_names_an_edge_gives_way_to_posts_and_accounts),
		cmocka_unit_test(s058_long_ids_that_begin_alike_are_told_apart),
	};
	return cmocka_run_group_tests_name("uri", tests, NULL, NULL);
}
