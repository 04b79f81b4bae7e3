/* Interactions whose authors are asked: their indexes by state, their limits, what goes with a post. */
#include "store/interaction.h"

#include "../interaction_int.h"
#include "core/must.h"
#include "store/node.h"
#include "store/tables.h"
#include "store/uri.h"
#include "testdb.h"

struct world {
	struct test_db t;
	struct account alice, bob;
	struct status post;
};

static void world_init(struct world *w)
{
	test_db_init(&w->t, NULL, 0);
	w->alice = test_db_local(&w->t, "alice");
	w->bob = test_db_remote(&w->t, "bob", "b.example");
	w->post = test_db_status(&w->t, &w->alice, 0, 0);
}

static void world_free(struct world *w)
{
	test_db_free(&w->t);
}

static struct interaction one(const struct world *w, enum interaction_state state, unsigned n)
{
	return (struct interaction){
		.kind = INTERACTION_QUOTE,
		.state = state,
		.owner = w->alice.id,
		.status = w->post.id,
		.from = w->bob.id,
		.at_ms = TEST_DB_WALL_MS,
		.uri = arena_printf(w->t.arena, "https://b.example/notes/%u", n),
		.request = arena_printf(w->t.arena, "https://b.example/requests/%u", n),
		.authorization = STR(""),
	};
}

struct doing {
	struct world *w;
	struct interaction i;
	bool done;
	size_t count;
};

static enum rc add_job(struct db_txn *txn, void *arg)
{
	struct doing *d = arg;
	d->done = interaction_add(txn, &d->i);
	return db_txn_rc(txn);
}

static enum rc put_job(struct db_txn *txn, void *arg)
{
	const struct doing *d = arg;
	interaction_put(txn, &d->i);
	return db_txn_rc(txn);
}

static enum rc forget_job(struct db_txn *txn, void *arg)
{
	struct doing *d = arg;
	d->count = interactions_del(txn, d->w->t.arena, d->w->post.id, d->count);
	return db_txn_rc(txn);
}

static bool add(struct world *w, struct interaction *i)
{
	struct doing d = { .w = w, .i = *i };
	test_db_write(&w->t, add_job, &d);
	*i = d.i;
	return d.done;
}

static void put(struct world *w, const struct interaction *i)
{
	struct doing d = { .w = w, .i = *i };
	test_db_write(&w->t, put_job, &d);
}

struct listed {
	size_t open, accepted;
};

static struct listed listed(struct world *w)
{
	uint64_t ids[32];
	struct db_txn *txn = test_db_read(&w->t);
	struct listed l = { interactions_open(txn, w->alice.id, 0, ids, 32),
			    interactions_accepted(txn, w->alice.id, w->bob.id, 0, ids, 32) };
	db_read_end(&txn);
	test_db_check(&w->t);
	return l;
}

static void an_interaction_is_found_by_what_it_is_and_by_who_asked(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct interaction i = one(&w, INTERACTION_PENDING, 1), found;
	assert_true(add(&w, &i));
	struct interaction again = one(&w, INTERACTION_ACCEPTED, 1);
	assert_false(add(&w, &again));
	struct db_txn *txn = test_db_read(&w.t);
	assert_true(interaction_find(txn, w.t.arena, w.post.id, INTERACTION_QUOTE, w.bob.id, i.uri,
				     &found));
	assert_int_equal(found.id, i.id);
	assert_str_eq(found.uri, i.uri);
	assert_str_eq(found.request, i.request);
	assert_int_equal(found.state, INTERACTION_PENDING);
	assert_int_equal(found.at_ms, TEST_DB_WALL_MS);
	assert_true(interaction_find(txn, w.t.arena, w.post.id, INTERACTION_QUOTE, w.bob.id,
				     STR(""), &found));
	assert_false(interaction_find(txn, w.t.arena, w.post.id, INTERACTION_LIKE, w.bob.id,
				      STR(""), &found));
	assert_false(interaction_find(txn, w.t.arena, w.post.id, INTERACTION_QUOTE, w.bob.id,
				      STR("https://b.example/notes/2"), &found));
	assert_int_equal(uri_find(txn, i.request).kind, URI_INTERACTION);
	assert_int_equal(uri_find(txn, i.request).id, i.id);
	db_read_end(&txn);
	test_db_check(&w.t);
}

static void each_state_is_listed_where_it_belongs(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct interaction i = one(&w, INTERACTION_PENDING, 1);
	assert_true(add(&w, &i));
	struct listed l = listed(&w);
	assert_true(l.open == 1 && l.accepted == 0);
	i.state = INTERACTION_ACCEPTED;
	i.request = STR("https://b.example/requests/other");
	put(&w, &i);
	l = listed(&w);
	assert_true(l.open == 0 && l.accepted == 1);
	i.state = INTERACTION_REVOKED;
	put(&w, &i);
	l = listed(&w);
	assert_true(l.open == 0 && l.accepted == 0);
	i.state = INTERACTION_REJECTED;
	put(&w, &i);
	l = listed(&w);
	assert_true(l.open == 1 && l.accepted == 0);
}

static void s060_one_account_has_no_endless_number_of_them(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (unsigned n = 0; n < INTERACTIONS_OF_PAIR_MAX; n++) {
		struct interaction i = one(&w, INTERACTION_ACCEPTED, n);
		assert_true(add(&w, &i));
	}
	struct interaction more = one(&w, INTERACTION_ACCEPTED, 999);
	assert_false(add(&w, &more));
	/* of another post there may be some, but no more of them wait together */
	w.post = test_db_status(&w.t, &w.alice, 0, 0);
	for (unsigned n = 0; n < INTERACTIONS_OF_PAIR_MAX; n++) {
		struct interaction i = one(&w, INTERACTION_PENDING, n);
		assert_true(add(&w, &i));
		if (n % 2 == 1)
			w.post = test_db_status(&w.t, &w.alice, 0, 0);
	}
	struct interaction waiting = one(&w, INTERACTION_PENDING, 1000);
	assert_false(add(&w, &waiting));
	test_db_check(&w.t);
}

static void s060_what_waits_makes_room_when_it_was_refused_or_is_old(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	uint64_t first = 0;
	for (unsigned n = 0; n < INTERACTIONS_OPEN_MAX; n++) {
		struct interaction i = one(&w, INTERACTION_PENDING, n);
		i.from = 1000 + n;
		assert_true(add(&w, &i));
		first = first != 0 ? first : i.id;
	}
	struct interaction more = one(&w, INTERACTION_PENDING, 5000);
	assert_false(add(&w, &more));
	struct db_txn *txn = test_db_read(&w.t);
	struct interaction oldest;
	assert_true(interaction_get(txn, w.t.arena, first, &oldest));
	db_read_end(&txn);
	oldest.state = INTERACTION_REJECTED;
	put(&w, &oldest);
	assert_true(add(&w, &more));
	txn = test_db_read(&w.t);
	assert_false(interaction_get(txn, w.t.arena, first, &oldest));
	db_read_end(&txn);
	/* a week later the next one is old */
	w.t.clock.wall_ms += 8 * (uint64_t)24 * 3600 * 1000;
	struct interaction later = one(&w, INTERACTION_PENDING, 5001);
	assert_true(add(&w, &later));
	test_db_check(&w.t);
}

static void all_of_a_post_go_with_it(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (unsigned n = 0; n < 5; n++) {
		struct interaction i =
			one(&w, n % 2 == 0 ? INTERACTION_PENDING : INTERACTION_ACCEPTED, n);
		assert_true(add(&w, &i));
	}
	struct doing d = { .w = &w, .count = 3 };
	test_db_write(&w.t, forget_job, &d);
	assert_int_equal(d.count, 3);
	test_db_check(&w.t);
	d.count = 64;
	test_db_write(&w.t, forget_job, &d);
	assert_int_equal(d.count, 2);
	struct db_table *const tables[] = { &store_interaction, &store_interaction_of,
					    &store_interaction_open, &store_interaction_with };
	for (size_t k = 0; k < ARRAY_LEN(tables); k++)
		assert_int_equal(test_db_rows(&w.t, tables[k]), 0);
	test_db_check(&w.t);
}

static void a_damaged_row_is_refused(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct interaction i = one(&w, INTERACTION_PENDING, 1), out;
	assert_true(add(&w, &i));
	struct db_txn *txn = test_db_read(&w.t);
	struct reckey key = reckey_u64(i.id);
	struct str row;
	assert_true(db_get(txn, &store_interaction, reckey_str(&key), &row));
	row = arena_str(w.t.arena, row);
	db_read_end(&txn);
	for (size_t n = 0; n < row.len; n++)
		assert_false(interaction_decode(str_take(row, n), i.id, &out));
	assert_true(interaction_decode(row, i.id, &out));
	const unsigned char bad[][2] = { { 0, 2 }, { 1, 0 }, { 1, 5 }, { 2, 6 } };
	for (size_t n = 0; n < ARRAY_LEN(bad); n++) {
		char bytes[512];
		assert_true(row.len <= sizeof(bytes));
		memcpy(bytes, row.ptr, row.len);
		bytes[bad[n][0]] = (char)bad[n][1];
		assert_false(interaction_decode(str_n(bytes, row.len), i.id, &out));
	}
}

static void the_loss_of_any_row_is_found(void **state UNUSED)
{
	struct db_table *const tables[] = { &store_interaction, &store_interaction_of,
					    &store_interaction_open, &store_interaction_with };
	for (size_t k = 0; k < ARRAY_LEN(tables); k++) {
		struct world w CLEANUP(world_free);
		world_init(&w);
		struct interaction a = one(&w, INTERACTION_PENDING, 1);
		struct interaction b = one(&w, INTERACTION_ACCEPTED, 2);
		assert_true(add(&w, &a) && add(&w, &b));
		struct db_txn *txn = test_db_read(&w.t);
		struct db_iter it;
		struct str key;
		db_iter_open(&it, txn, tables[k], STR(""), DB_FORWARD, STR_NONE);
		assert_true(db_iter_next(&it, &key, NULL));
		key = arena_str(w.t.arena, key);
		db_iter_close(&it);
		db_read_end(&txn);
		test_db_put(&w.t, tables[k], key, STR_NONE);
		if (test_db_complaints(&w.t, NULL) == 0)
			fail_msg("a row of %s is not missed", tables[k]->name);
	}
}

/* --- quotes --- */

struct quoting {
	struct status status;
	bool removed;
};

static enum rc edit_job(struct db_txn *txn, void *arg)
{
	const struct quoting *q = arg;
	must(status_edit(txn, &q->status));
	return db_txn_rc(txn);
}

static enum rc remove_job(struct db_txn *txn, void *arg)
{
	const struct quoting *q = arg;
	status_del(txn, q->status.id, TEST_DB_WALL_MS);
	if ((q->status.flags & STATUS_LOCAL) != 0)
		node_count(txn, 0, -1);
	return db_txn_rc(txn);
}

static size_t quote_count(struct world *w)
{
	uint64_t ids[8];
	struct db_txn *txn = test_db_read(&w->t);
	size_t n = quotes_of(txn, w->post.id, 0, ids, 8);
	db_read_end(&txn);
	test_db_check(&w->t);
	return n;
}

static void quotes_are_listed_while_they_quote(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct quoting q = { .status = test_db_status(&w.t, &w.bob, 0, 0) };
	q.status.quote =
		(struct status_quote){ w.post.uri, w.post.id, INTERACTION_ACCEPTED, STR("") };
	test_db_write(&w.t, edit_job, &q);
	assert_int_equal(quote_count(&w), 1);
	q.status.quote = (struct status_quote){ .uri = STR("") };
	test_db_write(&w.t, edit_job, &q);
	assert_int_equal(quote_count(&w), 0);
	q.status.quote =
		(struct status_quote){ w.post.uri, w.post.id, INTERACTION_PENDING, STR("") };
	test_db_write(&w.t, edit_job, &q);
	test_db_write(&w.t, remove_job, &q);
	assert_int_equal(quote_count(&w), 0);
	/* the quoted one goes first */
	q.status = test_db_status(&w.t, &w.bob, 0, 0);
	q.status.quote =
		(struct status_quote){ w.post.uri, w.post.id, INTERACTION_ACCEPTED, STR("") };
	test_db_write(&w.t, edit_job, &q);
	struct quoting quoted = { .status = w.post };
	test_db_write(&w.t, remove_job, &quoted);
	assert_int_equal(quote_count(&w), 0);
	assert_int_equal(test_db_rows(&w.t, &store_quote), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_interaction_is_found_by_what_it_is_and_by_who_asked),
		cmocka_unit_test(each_state_is_listed_where_it_belongs),
		cmocka_unit_test(s060_one_account_has_no_endless_number_of_them),
		cmocka_unit_test(s060_what_waits_makes_room_when_it_was_refused_or_is_old),
		cmocka_unit_test(all_of_a_post_go_with_it),
		cmocka_unit_test(a_damaged_row_is_refused),
		cmocka_unit_test(the_loss_of_any_row_is_found),
		cmocka_unit_test(quotes_are_listed_while_they_quote),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
