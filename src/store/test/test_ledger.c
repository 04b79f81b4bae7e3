/* The ledger of a joint community: records by name, in order, one for each slot; sums that partners compare. */
#include "../ledger_int.h"

#include "core/must.h"
#include "store/account.h"
#include "store/community.h"
#include "store/resource.h"
#include "store/tables.h"
#include "testdb.h"

struct world {
	struct test_db t;
	struct account group;
	struct ledger_record record;
	struct resource resource;
	struct digest name;
	enum rc rc;
	size_t count;
};

static enum rc begin_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	const struct community c = { .id = w->group.id, .kind = STR("") };
	struct resource_version v = { .url = STR("https://x.example/"),
				      .title = STR("x"),
				      .description = STR(""),
				      .note = STR("") };
	w->group.kind = ACCOUNT_GROUP;
	must(account_put(txn, w->t.arena, &w->group));
	must(community_put(txn, w->t.arena, &c) == RC_OK);
	w->resource = (struct resource){ .community = w->group.id, .by = w->group.id };
	resource_add(txn, &w->resource, STR(""), &v);
	return db_txn_rc(txn);
}

static void world_init(struct world *w)
{
	test_db_init(&w->t, NULL, 0);
	w->group = test_db_local(&w->t, "group");
	test_db_write(&w->t, begin_job, w);
}

static void world_free(struct world *w)
{
	test_db_free(&w->t);
}

static enum rc add_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	w->rc = ledger_add(txn, &w->record);
	return RC_OK;
}

static enum rc add(struct world *w, const char *slot, const char *bytes)
{
	w->record = (struct ledger_record){ .community = w->group.id,
					    .kind = LEDGER_VERSION,
					    .origin = w->group.id,
					    .thing = w->resource.id,
					    .at_ms = 9,
					    .slot = str_of(slot),
					    .bytes = str_of(bytes) };
	test_db_write(&w->t, add_job, w);
	return w->rc;
}

static struct ledger_sum sum(struct world *w)
{
	struct db_txn *txn = test_db_read(&w->t);
	struct ledger_sum s = ledger_sum(txn, w->group.id);
	db_read_end(&txn);
	return s;
}

static void a_record_is_found_by_its_name_its_slot_and_its_thing(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct ledger_record r;
	struct digest names[4], found;
	uint64_t after = 0, end = 0;
	world_init(&w);
	assert_int_equal(add(&w, "v 1", "one"), RC_OK);
	struct digest one = w.record.name, is = digest_sha256(STR("one"));
	assert_memory_equal(&one, &is, sizeof(one));
	assert_int_equal(add(&w, "v 2", "two"), RC_OK);
	assert_int_equal(add(&w, "v 2", "two"), RC_EXISTS);
	/* nobody says twice what can be said once */
	assert_int_equal(add(&w, "v 2", "another"), RC_CONFLICT);
	struct db_txn *txn = test_db_read(&w.t);
	assert_true(ledger_get(txn, w.t.arena, w.group.id, &one, &r));
	assert_str_eq(r.bytes, STR("one"));
	assert_str_eq(r.slot, STR("v 1"));
	assert_int_equal(r.order, 1);
	assert_true(ledger_find(txn, w.group.id, STR("v 2"), &found));
	assert_false(ledger_find(txn, w.group.id, STR("v 3"), &found));
	assert_false(ledger_find(txn, w.group.id + 1, STR("v 2"), &found));
	/* the newest first */
	assert_int_equal(ledger_before(txn, w.group.id, 0, names, 4, &end), 2);
	assert_memory_equal(&names[1], &one, sizeof(one));
	assert_int_equal(end, 1);
	assert_int_equal(ledger_before(txn, w.group.id, 2, names, 4, &end), 1);
	assert_int_equal(ledger_before(txn, w.group.id, 1, names, 4, &end), 0);
	/* of a thing, in their order */
	assert_int_equal(ledger_of(txn, w.group.id, w.resource.id, &after, names, 1), 1);
	assert_memory_equal(&names[0], &one, sizeof(one));
	assert_int_equal(ledger_of(txn, w.group.id, w.resource.id, &after, names, 4), 1);
	assert_int_equal(ledger_of(txn, w.group.id, w.resource.id, &after, names, 4), 0);
	db_read_end(&txn);
	test_db_check(&w.t);
}

static enum rc del_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	assert_true(ledger_del(txn, w->group.id, &w->name));
	assert_false(ledger_del(txn, w->group.id, &w->name));
	return db_txn_rc(txn);
}

static enum rc refuse_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	struct digest name = digest_sha256(STR("bad"));
	ledger_refuse(txn, w->group.id, &name, STR("the file is no application/pdf"));
	ledger_refuse(txn, w->group.id, &name, STR("again"));
	return db_txn_rc(txn);
}

static void sums_are_the_same_whatever_the_order_was(void **state UNUSED)
{
	struct world w CLEANUP(world_free), v CLEANUP(world_free);
	world_init(&w);
	world_init(&v);
	static const char *const what[] = { "a", "b", "c", "d" };
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(add(&w, what[i], what[i]), RC_OK);
		assert_int_equal(add(&v, what[3 - i], what[3 - i]), RC_OK);
	}
	struct ledger_sum a = sum(&w), b = sum(&v);
	assert_int_equal(a.count, 4);
	assert_memory_equal(&a.digest, &b.digest, sizeof(a.digest));
	/* what is refused counts for nothing, and is known */
	test_db_write(&w.t, refuse_job, &w);
	struct digest bad = digest_sha256(STR("bad"));
	struct db_txn *txn = test_db_read(&w.t);
	assert_true(ledger_knows(txn, w.group.id, &bad));
	db_read_end(&txn);
	a = sum(&w);
	assert_int_equal(a.refused, 1);
	assert_memory_equal(&a.digest, &b.digest, sizeof(a.digest));
	/* what goes leaves no trace in it, and its slot is free */
	w.name = digest_sha256(STR("b"));
	test_db_write(&w.t, del_job, &w);
	a = sum(&w);
	assert_int_equal(a.count, 3);
	assert_memory_not_equal(&a.digest, &b.digest, sizeof(a.digest));
	assert_int_equal(add(&w, "b", "b"), RC_OK);
	a = sum(&w);
	assert_memory_equal(&a.digest, &b.digest, sizeof(a.digest));
	test_db_check(&w.t);
}

static enum rc mark_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	struct ledger_thing thing;
	ledger_contradict(txn, w->group.id, &w->name);
	ledger_thing_put(txn, w->group.id, STR("https://p.example/r/1"), w->resource.id);
	ledger_thing_put(txn, w->group.id, STR("https://p.example/r/2"), 0);
	ledger_peer_put(
		txn, w->group.id, 77,
		&(struct ledger_peer){ .url = STR("https://p.example/l"), .compared_ms = 5 });
	assert_true(ledger_thing_get(txn, w->t.arena, w->group.id, STR("https://p.example/r/1"),
				     &thing));
	assert_int_equal(thing.id, w->resource.id);
	assert_true(ledger_thing_get(txn, w->t.arena, w->group.id, STR("https://p.example/r/2"),
				     &thing));
	assert_int_equal(thing.id, 0);
	assert_false(ledger_thing_get(txn, w->t.arena, w->group.id, STR("https://p.example/r/3"),
				      &thing));
	return db_txn_rc(txn);
}

static enum rc clear_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	w->count = ledger_clear(txn, w->group.id, 3);
	return db_txn_rc(txn);
}

static void marks_things_and_partners_stay_until_all_goes(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct ledger_record r;
	struct ledger_peer peer;
	world_init(&w);
	assert_int_equal(add(&w, "p", "papers"), RC_OK);
	w.name = w.record.name;
	test_db_write(&w.t, mark_job, &w);
	struct db_txn *txn = test_db_read(&w.t);
	assert_true(ledger_get(txn, w.t.arena, w.group.id, &w.name, &r));
	assert_int_equal(r.flags, LEDGER_CONTRADICTED);
	assert_str_eq(r.bytes, STR("papers"));
	assert_true(ledger_peer_get(txn, w.t.arena, w.group.id, 77, &peer));
	assert_str_eq(peer.url, STR("https://p.example/l"));
	assert_false(ledger_peer_get(txn, w.t.arena, w.group.id, 78, &peer));
	db_read_end(&txn);
	test_db_check(&w.t);
	do
		test_db_write(&w.t, clear_job, &w);
	while (w.count == 3);
	const struct db_table *tables[] = { &store_ledger,	 &store_ledger_order,
					    &store_ledger_slot,	 &store_ledger_of,
					    &store_ledger_thing, &store_ledger_sum,
					    &store_ledger_peer };
	txn = test_db_read(&w.t);
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		assert_int_equal(db_count(txn, tables[i]), 0);
	db_read_end(&txn);
}

static void no_cut_row_is_taken_for_a_whole_one(void **state UNUSED)
{
	struct ledger_record r = { .kind = LEDGER_PAPERS,
				   .order = 3,
				   .origin = 4,
				   .thing = 5,
				   .at_ms = 6,
				   .slot = STR("slot"),
				   .bytes = STR("bytes") },
			     back;
	struct buf row CLEANUP(buf_free) = BUF_INIT(1024);
	ledger_encode(&row, &r);
	assert_true(ledger_decode(buf_str(&row), &back));
	assert_true(back.kind == r.kind && back.order == 3 && back.origin == 4 && back.thing == 5 &&
		    back.at_ms == 6);
	for (size_t len = 0; len < row.len; len++)
		assert_false(ledger_decode(str_n(row.ptr, len), &back));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_found_by_its_name_its_slot_and_its_thing),
		cmocka_unit_test(sums_are_the_same_whatever_the_order_was),
		cmocka_unit_test(marks_things_and_partners_stay_until_all_goes),
		cmocka_unit_test(no_cut_row_is_taken_for_a_whole_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
