/* P-12: a record that cannot be read is never handed out: reading it fails the transaction, and
 * so does reading a sound one into too little memory. */
#include "db/rec.h"
#include "store/graph.h"
#include "store/node.h"
#include "store/notice.h"
#include "store/peer.h"
#include "store/report.h"
#include "store/status.h"
#include "store/tables.h"
#include "store/uri.h"
#include "testdb.h"

#define HOST "b.example"
#define URI "https://b.example/x"

/* Reads one record of the world, whatever it says. False when there is none. */
typedef bool reader(struct db_txn *txn, struct arena *arena);

static bool read_account(struct db_txn *txn, struct arena *arena)
{
	struct account a;
	return account_get(txn, arena, 1, &a);
}

static bool read_handle(struct db_txn *txn, struct arena *arena)
{
	struct account a;
	return account_find_handle(txn, arena, STR("x"), STR(""), &a);
}

static bool read_account_counts(struct db_txn *txn, struct arena *arena UNUSED)
{
	return account_counts(txn, 1).followers != 0;
}

static bool read_secrets(struct db_txn *txn, struct arena *arena)
{
	struct account_secrets secrets;
	return account_secrets_get(txn, arena, 1, &secrets);
}

static bool read_status(struct db_txn *txn, struct arena *arena)
{
	struct status s;
	return status_get(txn, arena, 1, &s);
}

static bool read_status_counts(struct db_txn *txn, struct arena *arena UNUSED)
{
	return status_counts(txn, 1).likes != 0;
}

static bool read_follow(struct db_txn *txn, struct arena *arena UNUSED)
{
	return follow_get(txn, 1, 1).state != FOLLOW_NONE;
}

static bool read_audience(struct db_txn *txn, struct arena *arena)
{
	struct audience_inbox inbox;
	struct str cursor = STR("");
	return audience_next(txn, arena, 1, &cursor, &inbox, 1) != 0;
}

static bool read_block(struct db_txn *txn, struct arena *arena UNUSED)
{
	return block_exists(txn, 1, 1);
}

static bool read_like(struct db_txn *txn, struct arena *arena UNUSED)
{
	return like_get(txn, 1, 1, NULL);
}

static bool read_peer(struct db_txn *txn, struct arena *arena)
{
	struct peer peer;
	return peer_get(txn, arena, STR(HOST), &peer);
}

static bool read_key(struct db_txn *txn, struct arena *arena)
{
	struct peer_key key;
	return peer_key_get(txn, arena, STR(URI), &key);
}

static bool read_uri(struct db_txn *txn, struct arena *arena UNUSED)
{
	return uri_find(txn, STR(URI)).kind != URI_NONE;
}

static bool read_node(struct db_txn *txn, struct arena *arena)
{
	struct node_record node;
	return node_get(txn, arena, &node);
}

static bool read_report(struct db_txn *txn, struct arena *arena)
{
	struct report report;
	return report_get(txn, arena, 1, &report);
}

static bool read_reports(struct db_txn *txn, struct arena *arena)
{
	struct report report;
	return report_list(txn, arena, 0, &report, 1) != 0;
}

enum key_shape {
	ONE,
	PAIR,
	DIGEST,
	AUDIENCE,
};

static const struct {
	const struct db_table *table;
	reader *read;
	enum key_shape shape;
	const char *name; /* instead of a shape */
} records[] = {
	{ &store_account, read_account, ONE, NULL },
	{ &store_handle, read_handle, ONE, "lx" },
	{ &store_account_count, read_account_counts, ONE, NULL },
	{ &store_account_local, read_secrets, ONE, NULL },
	{ &store_status, read_status, ONE, NULL },
	{ &store_status_count, read_status_counts, ONE, NULL },
	{ &store_follow, read_follow, PAIR, NULL },
	{ &store_audience, read_audience, AUDIENCE, NULL },
	{ &store_block, read_block, PAIR, NULL },
	{ &store_like, read_like, PAIR, NULL },
	{ &store_peer, read_peer, ONE, HOST },
	{ &store_key, read_key, DIGEST, NULL },
	{ &store_uri, read_uri, DIGEST, NULL },
	{ &store_node, read_node, ONE, "node" },
	{ &store_report, read_report, ONE, NULL },
	{ &store_report, read_reports, ONE, NULL },
};

static struct reckey key_of(size_t i)
{
	struct reckey key = RECKEY_INIT, digest = reckey_digest(STR(URI));
	if (records[i].name != NULL) {
		reckey_add_bytes(&key, records[i].name, strlen(records[i].name));
		return key;
	}
	if (records[i].shape == DIGEST)
		return digest;
	key = records[i].shape == PAIR ? reckey_u64_u64(1, 1) : reckey_u64(1);
	if (records[i].shape == AUDIENCE)
		reckey_add_bytes(&key, digest.bytes, digest.len);
	return key;
}

static void expect(struct test_db *t, size_t i, enum rc rc)
{
	struct db_txn *txn = test_db_read(t);
	bool found = records[i].read(txn, t->arena);
	if (found || db_txn_rc(txn) != rc)
		fail_msg("%s: %s", records[i].table->name, rc_name(db_txn_rc(txn)));
	db_read_end(&txn);
}

static void s120_no_damaged_record_is_handed_out(void **state UNUSED)
{
	/* nothing, another version, a version alone, and garbage behind one */
	static const struct str values[] = {
		STR_INIT(""), STR_INIT("\2"), STR_INIT("\1"),
		STR_INIT("\1\377\377\377\377\377\377\377\377\377\377")
	};
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	for (size_t i = 0; i < ARRAY_LEN(records); i++) {
		struct reckey key = key_of(i);
		expect(&t, i, RC_OK);
		for (size_t k = 0; k < ARRAY_LEN(values); k++) {
			test_db_put(&t, records[i].table, reckey_str(&key), values[k]);
			expect(&t, i, RC_CORRUPT);
		}
		test_db_put(&t, records[i].table, reckey_str(&key), STR_NONE);
	}
}

static enum rc fill(struct db_txn *txn, void *arg UNUSED)
{
	struct node_record node = { .domain = STR("example.org"), .host = STR("example.org") };
	struct peer peer = { .host = STR(HOST), .note = STR("why") };
	struct peer_key key = { .id = STR(URI), .public_der = STR("der") };
	struct account_secrets secrets = { .email = STR("a@example.org") };
	struct report report = { .comment = STR("rude") };
	node_put(txn, &node);
	peer_put(txn, &peer);
	peer_key_put(txn, &key);
	account_secrets_put(txn, 1, &secrets);
	report_add(txn, &report);
	return db_txn_rc(txn);
}

static void too_small_an_arena_is_no_damage(void **state UNUSED)
{
	static reader *const readers[] = { read_node, read_peer, read_key, read_secrets,
					   read_reports };
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	test_db_write(&t, fill, NULL);
	for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
		struct arena *small = arena_new(2);
		struct db_txn *txn = test_db_read(&t);
		assert_false(readers[i](txn, small));
		assert_int_equal(db_txn_rc(txn), RC_NO_MEMORY);
		db_read_end(&txn);
		arena_free(&small);
		txn = test_db_read(&t);
		assert_true(readers[i](txn, t.arena));
		db_read_end(&txn);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s120_no_damaged_record_is_handed_out),
		cmocka_unit_test(too_small_an_arena_is_no_damage),
	};
	return cmocka_run_group_tests_name("damage", tests, NULL, NULL);
}
