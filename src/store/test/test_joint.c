/* Joint communities: partners are found both ways, and what is in them adds up to what is compared. */
#include "../joint_int.h"
#include "core/must.h"
#include "db/rec.h"
#include "store/account.h"
#include "store/community.h"
#include "store/tables.h"
#include "testdb.h"

#define PARTNERS (JOINT_PARTNERS_MAX + 1)
#define POSTS 40

struct world {
	struct test_db t;
	struct account alice, group, other, partners[PARTNERS];
	struct status posts[POSTS];
	struct joint joint;
	size_t cleared;
	enum rc rc;
};

static enum rc groups_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	struct account *groups[] = { &w->group, &w->other };
	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		groups[i]->kind = ACCOUNT_GROUP;
		must(account_put(txn, w->t.arena, groups[i]));
		const struct community c = { .id = groups[i]->id, .kind = STR("") };
		must(community_put(txn, w->t.arena, &c) == RC_OK);
	}
	return db_txn_rc(txn);
}

static void world_init(struct world *w)
{
	test_db_init(&w->t, NULL, 0);
	w->alice = test_db_local(&w->t, "alice");
	w->group = test_db_local(&w->t, "group");
	w->other = test_db_local(&w->t, "other");
	for (unsigned i = 0; i < PARTNERS; i++) {
		struct str host = arena_printf(w->t.arena, "p%u.example", i);
		w->partners[i] = test_db_remote(&w->t, "group", host.ptr);
	}
	test_db_write(&w->t, groups_job, w);
}

static void world_free(struct world *w)
{
	test_db_free(&w->t);
}

static struct joint with(const struct world *w, unsigned partner, enum joint_state state)
{
	return (struct joint){ .community = w->group.id,
			       .partner = w->partners[partner].id,
			       .state = state,
			       .since_ms = 5,
			       .by = w->alice.id,
			       .offer = STR("https://p.example/offers/1"),
			       .items = STR("https://p.example/users/group/joint"),
			       .compared_ms = 6,
			       .lacking = 7,
			       .indexed = true };
}

static enum rc put_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	w->rc = joint_put(txn, &w->joint);
	return RC_OK;
}

static enum rc put(struct world *w, const struct joint *joint)
{
	w->joint = *joint;
	test_db_write(&w->t, put_job, w);
	return w->rc;
}

/* --- partners --- */

static void a_partner_is_found_both_ways(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct joint j;
	uint64_t ids[JOINT_PARTNERS_MAX];
	world_init(&w);
	const struct joint asked = with(&w, 0, JOINT_ASKED), agreed = with(&w, 1, JOINT_AGREED);
	assert_int_equal(put(&w, &asked), RC_OK);
	struct db_txn *txn = test_db_read(&w.t);
	assert_false(joint_is(txn, w.group.id));
	assert_int_equal(joint_named(txn, w.partners[0].id), w.group.id);
	assert_int_equal(joint_community(txn, w.partners[0].id), 0);
	db_read_end(&txn);
	assert_int_equal(put(&w, &agreed), RC_OK);
	txn = test_db_read(&w.t);
	assert_true(joint_get(txn, w.t.arena, w.group.id, w.partners[1].id, &j));
	assert_true(j.state == JOINT_AGREED && j.since_ms == 5 && j.by == w.alice.id &&
		    j.compared_ms == 6 && j.lacking == 7 && j.indexed);
	assert_str_eq(j.offer, agreed.offer);
	assert_str_eq(j.items, agreed.items);
	assert_true(joint_is(txn, w.group.id));
	assert_int_equal(joint_community(txn, w.partners[1].id), w.group.id);
	assert_int_equal(joint_partners(txn, w.group.id, ids), 1);
	assert_int_equal(ids[0], w.partners[1].id);
	struct joint all[JOINT_PARTNERS_MAX];
	assert_int_equal(joints(txn, w.t.arena, w.group.id, all), 2);
	assert_int_equal(joints(txn, w.t.arena, w.other.id, all), 0);
	db_read_end(&txn);
	test_db_check(&w.t);
}

static void nobody_is_the_partner_of_two_nor_are_there_too_many(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (unsigned i = 0; i < JOINT_PARTNERS_MAX; i++) {
		const struct joint j = with(&w, i, JOINT_AGREED);
		assert_int_equal(put(&w, &j), RC_OK);
	}
	const struct joint more = with(&w, JOINT_PARTNERS_MAX, JOINT_ASKED);
	assert_int_equal(put(&w, &more), RC_TOO_LARGE);
	struct joint again = with(&w, 3, JOINT_AGREED);
	assert_int_equal(put(&w, &again), RC_OK);
	again.community = w.other.id;
	assert_int_equal(put(&w, &again), RC_EXISTS);
	test_db_check(&w.t);
}

static enum rc del_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	must(joint_del(txn, w->joint.community, w->joint.partner));
	must(!joint_del(txn, w->joint.community, w->joint.partner));
	must(joint_named(txn, w->joint.partner) == 0);
	return RC_OK;
}

static void whoever_has_left_may_come_to_another(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct joint j = with(&w, 0, JOINT_AGREED);
	assert_int_equal(put(&w, &j), RC_OK);
	test_db_write(&w.t, del_job, &w);
	j.community = w.other.id;
	assert_int_equal(put(&w, &j), RC_OK);
	test_db_check(&w.t);
}

/* --- items --- */

static enum rc post_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	for (unsigned i = 0; i < POSTS; i++) {
		struct status *s = &w->posts[i];
		s->community = w->group.id;
		must(status_edit(txn, s));
		const struct community_post p = { .community = w->group.id,
						  .status = s->id,
						  .root = s->id };
		community_post_add(txn, &p);
	}
	return db_txn_rc(txn);
}

static void posts(struct world *w)
{
	const struct joint j = with(w, 0, JOINT_AGREED);
	assert_int_equal(put(w, &j), RC_OK);
	for (unsigned i = 0; i < POSTS; i++)
		w->posts[i] = test_db_status(&w->t, &w->alice, 0, 0);
	test_db_write(&w->t, post_job, w);
}

static uint64_t all_items(struct world *w, struct joint_item *last)
{
	struct db_txn *txn = test_db_read(&w->t);
	struct joint_item items[3];
	uint64_t counted = 0, listed = 0;
	for (unsigned b = 0; b < JOINT_BUCKETS; b++) {
		const unsigned char *after = NULL;
		size_t n;
		counted += joint_sum(txn, w->group.id, JOINT_POSTS, b).count;
		while ((n = joint_items(txn, w->group.id, b, after, items, 3)) != 0) {
			listed += n;
			*last = items[n - 1];
			after = last->name;
			assert_int_equal(last->name[0], b);
		}
	}
	db_read_end(&txn);
	assert_int_equal(counted, listed);
	return listed;
}

static void what_is_posted_adds_up(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct joint_item item;
	world_init(&w);
	posts(&w);
	assert_int_equal(all_items(&w, &item), POSTS);
	assert_true(item.state == 0 && item.state_ms == 0);
	test_db_check(&w.t);
}

static enum rc change_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	struct status edited = w->posts[1];
	community_post_mark(txn, w->group.id, w->posts[0].id, COMMUNITY_POST_LOCKED, 0);
	edited.edited_ms = 77;
	must(status_edit(txn, &edited));
	community_post_mark(txn, w->group.id, w->posts[2].id, COMMUNITY_POST_HELD, 0);
	must(community_post_del(txn, w->group.id, w->posts[3].id));
	return db_txn_rc(txn);
}

static struct joint_item item_of(struct world *w, uint64_t status)
{
	struct db_txn *txn = test_db_read(&w->t);
	struct joint_item items[POSTS], found = { .status = 0 };
	for (unsigned b = 0; b < JOINT_BUCKETS; b++) {
		size_t n = joint_items(txn, w->group.id, b, NULL, items, POSTS);
		for (size_t i = 0; i < n; i++) {
			if (items[i].status == status)
				found = items[i];
		}
	}
	db_read_end(&txn);
	return found;
}

static enum rc stamp_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	community_post_mark(txn, w->group.id, w->posts[0].id, COMMUNITY_POST_LOCKED, 0);
	joint_stamp(txn, w->group.id, w->posts[0].id, 55);
	joint_stamp(txn, w->group.id, 999, 55);
	return db_txn_rc(txn);
}

/* When it was done is no part of what is compared. */
static void what_was_told_is_as_old_as_it_was_told(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct joint_item item;
	world_init(&w);
	posts(&w);
	test_db_write(&w.t, stamp_job, &w);
	item = item_of(&w, w.posts[0].id);
	assert_true(item.state == JOINT_LOCKED && item.state_ms == 55);
	assert_int_equal(all_items(&w, &item), POSTS);
	test_db_check(&w.t);
}

static void what_changes_is_another_item(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct joint_item item;
	world_init(&w);
	posts(&w);
	test_db_write(&w.t, change_job, &w);
	/* what waits, and what has gone, is none */
	assert_int_equal(all_items(&w, &item), POSTS - 2);
	item = item_of(&w, w.posts[0].id);
	assert_true(item.state == JOINT_LOCKED && item.state_ms != 0);
	assert_int_equal(item_of(&w, w.posts[1].id).edited_ms, 77);
	assert_int_equal(item_of(&w, w.posts[2].id).status, 0);
	assert_int_equal(item_of(&w, w.posts[3].id).status, 0);
	test_db_check(&w.t);
}

static enum rc index_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	uint64_t after = 0;
	size_t n, all = 0;
	while ((n = joint_index(txn, w->group.id, &after, 7)) != 0)
		all += n;
	w->cleared = all;
	return db_txn_rc(txn);
}

/* What was there before a partner came. */
static void the_past_becomes_items(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct joint_item item, found;
	world_init(&w);
	for (unsigned i = 0; i < POSTS; i++)
		w.posts[i] = test_db_status(&w.t, &w.alice, 0, 0);
	test_db_write(&w.t, post_job, &w);
	assert_int_equal(all_items(&w, &item), 0);
	const struct joint j = with(&w, 0, JOINT_AGREED);
	assert_int_equal(put(&w, &j), RC_OK);
	test_db_write(&w.t, index_job, &w);
	assert_int_equal(w.cleared, POSTS);
	assert_int_equal(all_items(&w, &item), POSTS);
	struct db_txn *txn = test_db_read(&w.t);
	assert_true(joint_item_get(txn, w.group.id, item.name, &found));
	assert_int_equal(found.status, item.status);
	item.name[3] ^= 1;
	assert_false(joint_item_get(txn, w.group.id, item.name, &found));
	db_read_end(&txn);
	test_db_check(&w.t);
}

/* The digest is told to others: it is what schemas/joint.md says. */
static void the_digest_is_that_of_the_text(void **state UNUSED)
{
	struct digest d = joint_digest(STR("https://a.example/1"), 0, 0);
	struct digest text = digest_sha256(STR("https://a.example/1\n\n0"));
	assert_memory_equal(d.bytes, text.bytes, DIGEST_SIZE);
	d = joint_digest(STR("https://a.example/1"), JOINT_REMOVED | JOINT_LOCKED | JOINT_PINNED,
			 1700000000001);
	text = digest_sha256(STR("https://a.example/1\nrlp\n1700000000001"));
	assert_memory_equal(d.bytes, text.bytes, DIGEST_SIZE);
}

static enum rc clear_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	w->cleared = joint_clear(txn, w->group.id, 7);
	return RC_OK;
}

static void items_go_some_at_a_time(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	size_t went = 0;
	world_init(&w);
	posts(&w);
	do {
		test_db_write(&w.t, clear_job, &w);
		went += w.cleared;
		test_db_check(&w.t);
	} while (w.cleared == 7);
	assert_int_equal(went, POSTS);
	assert_int_equal(test_db_rows(&w.t, &store_joint_sum), 0);
	assert_int_equal(test_db_rows(&w.t, &store_joint_item_of), 0);
}

/* --- damage --- */

static void every_truncation_is_refused(void **state UNUSED)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(1024);
	const struct joint one = {
		.state = JOINT_ASKED, .since_ms = 1, .offer = STR("x"), .items = STR("")
	};
	const struct joint_item item = { .status = 7, .state = JOINT_LOCKED, .state_ms = 8 };
	const struct joint_sum sum = { .count = 3 };
	const struct digest digest = digest_sha256(STR("x"));
	struct joint j;
	struct joint_item i;
	struct joint_sum s;
	struct digest d;
	joint_encode(&row, &one);
	for (size_t len = 0; len < row.len; len++)
		assert_false(joint_decode(str_take(buf_str(&row), len), &j));
	assert_true(joint_decode(buf_str(&row), &j) && j.state == JOINT_ASKED);
	buf_reset(&row);
	joint_item_encode(&row, &item, &digest);
	for (size_t len = 0; len < row.len; len++)
		assert_false(joint_item_decode(str_take(buf_str(&row), len), &i, &d));
	assert_true(joint_item_decode(buf_str(&row), &i, &d) && i.state_ms == 8);
	assert_memory_equal(d.bytes, digest.bytes, DIGEST_SIZE);
	buf_reset(&row);
	joint_sum_encode(&row, &sum);
	for (size_t len = 0; len < row.len; len++)
		assert_false(joint_sum_decode(str_take(buf_str(&row), len), &s));
	assert_true(joint_sum_decode(buf_str(&row), &s) && s.count == 3);
}

static void the_loss_of_any_row_is_found(void **state UNUSED)
{
	static struct db_table *const tables[] = { &store_joint, &store_joint_of, &store_joint_item,
						   &store_joint_item_of };
	for (size_t k = 0; k < ARRAY_LEN(tables); k++) {
		struct world w CLEANUP(world_free);
		struct db_iter it;
		struct str key, value;
		world_init(&w);
		posts(&w);
		struct db_txn *txn = test_db_read(&w.t);
		db_iter_open(&it, txn, tables[k], STR(""), DB_FORWARD, STR_NONE);
		assert_true(db_iter_next(&it, &key, &value));
		key = arena_str(w.t.arena, key);
		db_iter_close(&it);
		db_read_end(&txn);
		test_db_put(&w.t, tables[k], key, STR_NONE);
		assert_true(test_db_complaints(&w.t, NULL) > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_partner_is_found_both_ways),
		cmocka_unit_test(nobody_is_the_partner_of_two_nor_are_there_too_many),
		cmocka_unit_test(whoever_has_left_may_come_to_another),
		cmocka_unit_test(what_is_posted_adds_up),
		cmocka_unit_test(what_was_told_is_as_old_as_it_was_told),
		cmocka_unit_test(what_changes_is_another_item),
		cmocka_unit_test(the_past_becomes_items),
		cmocka_unit_test(the_digest_is_that_of_the_text),
		cmocka_unit_test(items_go_some_at_a_time),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(the_loss_of_any_row_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
