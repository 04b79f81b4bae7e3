/* Every kind of damage is found, and a sound database has none. */
#include <stdio.h>

#include "../account_int.h"
#include "../medium_int.h"
#include "../poll_int.h"
#include "../status_int.h"
#include "core/must.h"
#include "db/rec.h"
#include "store/graph.h"
#include "store/node.h"
#include "store/tables.h"
#include "store/uri.h"
#include "testdb.h"

/* A small world with a row of every table that is checked. */
struct world {
	struct test_db t;
	struct account alice, bob, carol;
	struct status post, reply, boost, moved, poll;
};

static enum rc react(struct db_txn *txn, void *arg)
{
	const struct world *w = arg;
	like_add(txn, w->post.id, w->bob.id, STR("https://b.example/likes/1"));
	block_put(txn, w->carol.id, w->bob.id, STR("https://social.example.org/blocks/1"));
	status_raw_put(txn, w->post.id, STR("{}"));
	return db_txn_rc(txn);
}

static enum rc move_in(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	w->moved = w->post;
	w->moved.id = 0;
	w->moved.uri = STR("https://social.example.org/users/alice/statuses/moved");
	w->moved.origin = STR("https://old.example/notes/1");
	node_count(txn, 0, 1);
	return status_add(txn, &w->moved) ? RC_OK : RC_EXISTS;
}

static enum rc poll_in(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	struct poll_option options[2] = { { STR("yes"), 0 }, { STR("no"), 0 } };
	struct poll poll = { .flags = POLL_COUNTED, .options = options, .option_count = 2 };
	const struct poll_vote vote = { .choices = 2 };
	w->poll = w->post;
	w->poll.id = 0;
	w->poll.uri = STR("https://social.example.org/users/alice/statuses/poll");
	w->poll.has_poll = true;
	node_count(txn, 0, 1);
	if (!status_add(txn, &w->poll))
		return RC_EXISTS;
	poll_vote_put(txn, w->t.arena, w->poll.id, w->bob.id, &vote, &poll);
	return db_txn_rc(txn);
}

static enum rc media_in(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	struct medium m = { .owner = w->alice.id,
			    .file = { .type = STR("image/png"), .digest.bytes = { 1 } },
			    .small = { .type = STR("image/png"), .digest.bytes = { 2 } } };
	must(medium_add(txn, &m));
	m.use = MEDIUM_POST;
	m.holder = w->post.id;
	must(medium_add(txn, &m));
	return db_txn_rc(txn);
}

static void world_init(struct world *w)
{
	test_db_init(&w->t, NULL, 0);
	w->alice = test_db_local(&w->t, "alice");
	w->carol = test_db_local(&w->t, "carol");
	w->bob = test_db_remote(&w->t, "bob", "b.example");
	test_db_follow(&w->t, &w->bob, &w->alice);
	test_db_follow(&w->t, &w->alice, &w->carol);
	w->post = test_db_status(&w->t, &w->alice, 0, 0);
	w->reply = test_db_status(&w->t, &w->bob, w->post.id, 0);
	w->boost = test_db_status(&w->t, &w->bob, 0, w->post.id);
	test_db_write(&w->t, react, w);
	test_db_write(&w->t, move_in, w);
	test_db_write(&w->t, poll_in, w);
	test_db_write(&w->t, media_in, w);
}

static void world_free(struct world *w)
{
	test_db_free(&w->t);
}

static void a_sound_world_has_no_complaints(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_db_check(&w.t);
}

/* Every single row of the world, when it is lost, is missed. */
static void the_loss_of_any_row_is_found(void **state UNUSED)
{
	struct db_table *const tables[] = {
		&store_account,	    &store_handle,	     &store_uri,
		&store_status,	    &store_status_by_author, &store_status_by_parent,
		&store_boost,	    &store_follow,	     &store_follower,
		&store_audience,    &store_status_count,     &store_account_count,
		&store_node,	    &store_status_origin,    &store_poll,
		&store_poll_vote,   &store_medium,	     &store_medium_open,
		&store_medium_held, &store_medium_file,
	};
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		struct world w CLEANUP(world_free);
		world_init(&w);
		uint64_t rows = test_db_rows(&w.t, tables[i]);
		assert_true(rows != 0);
		for (uint64_t n = 0; n < rows; n++) {
			struct db_txn *txn = test_db_read(&w.t);
			struct db_iter it;
			struct str key = STR_NONE, value = STR_NONE;
			db_iter_open(&it, txn, tables[i], STR(""), DB_FORWARD, STR_NONE);
			for (uint64_t k = 0; k <= n; k++)
				assert_true(db_iter_next(&it, &key, &value));
			key = arena_str(w.t.arena, key);
			value = arena_str(w.t.arena, value);
			db_iter_close(&it);
			db_read_end(&txn);
			test_db_put(&w.t, tables[i], key, STR_NONE);
			if (test_db_complaints(&w.t, NULL) == 0)
				fail_msg("row %u of %s is not missed", (unsigned)n,
					 tables[i]->name);
			test_db_put(&w.t, tables[i], key, value);
			test_db_check(&w.t);
		}
	}
}

/* Puts a row into a fresh world; there must be a complaint with these words in it. */
static void damage(const struct db_table *table, struct str key, struct str value,
		   const char *words)
{
	struct world w CLEANUP(world_free);
	struct str first;
	world_init(&w);
	test_db_put(&w.t, table, key, value);
	if (test_db_complaints(&w.t, &first) == 0)
		fail_msg("nothing found; expected: %s", words);
	if (!str_contains(first, str_of(words)))
		fail_msg("found \"%.*s\"; expected: %s", STR_ARG(first), words);
}

static void rows_that_nothing_leads_to_are_found(void **state UNUSED)
{
	struct reckey one = reckey_u64(99), pair = reckey_u64_u64(99, 98);
	struct reckey digest = reckey_digest(STR("https://x.example/")), audience = one;
	struct digest known = { { 1 } };
	struct reckey file = medium_file_key(&known, 99), waste = RECKEY_INIT;
	reckey_add_bytes(&audience, digest.bytes, digest.len);
	reckey_add_bytes(&waste, known.bytes, DIGEST_SIZE);
	const struct {
		const struct db_table *table;
		const struct reckey *key;
		struct str value;
		const char *words;
	} cases[] = {
		{ &store_account, &one, STR_INIT("x"), "account 99: cannot be decoded" },
		{ &store_account_count, &one, STR_INIT("x"), "has counts or secrets" },
		{ &store_account_local, &one, STR_INIT("x"), "has counts or secrets" },
		{ &store_handle, &one, STR_INIT("\0\0\0\0\0\0\0\x63"), "leads to no account" },
		{ &store_uri, &digest, STR_INIT("\1\1\x63\0"), "leads to no account of this uri" },
		{ &store_uri, &digest, STR_INIT("\1\2\x63\0"), "leads to no status of this uri" },
		{ &store_uri, &digest, STR_INIT("\1\4\x63\1"), "leads to no relation" },
		{ &store_uri, &digest, STR_INIT("\1\5\x63\1"), "leads to no relation" },
		{ &store_uri, &digest, STR_INIT("\1\6\x63\1"), "leads to no relation" },
		{ &store_uri, &digest, STR_INIT("\1\7\x63\1"), "cannot be decoded" },
		{ &store_uri, &one, STR_INIT("\1\1\x63\0"), "malformed" },
		{ &store_status, &one, STR_INIT("x"), "status 99: cannot be decoded" },
		{ &store_status_count, &one, STR_INIT("x"), "has counts or JSON" },
		{ &store_status_raw, &one, STR_INIT("{}"), "has counts or JSON" },
		{ &store_status_by_author, &pair, STR_INIT("\0\0"), "is not there or another's" },
		{ &store_status_by_parent, &pair, STR_INIT("\1"), "is not there or to another" },
		{ &store_boost, &pair, STR_INIT("\0\0\0\0\0\0\0\1"),
		  "is not there or another one" },
		{ &store_follow, &pair, STR_INIT("\2\1\0\1\1\1"), "is not mirrored" },
		{ &store_follow, &pair, STR_INIT("x"), "follow 99, 98: cannot be decoded" },
		{ &store_follower, &pair, STR_INIT("\2"), "follows nobody" },
		{ &store_block, &pair, STR_INIT("x"), "block 99, 98: cannot be decoded" },
		{ &store_like, &pair, STR_INIT("\1\1\1"), "is of a status or account not there" },
		{ &store_audience, &audience, STR_INIT("\1\1\1"), "is of an account" },
		{ &store_poll, &one, STR_INIT("x"), "poll 99: cannot be decoded" },
		{ &store_poll, &one, STR_INIT("\1\0\0\0\0\0\1\2a\0"), "is of no status" },
		{ &store_poll_vote, &pair, STR_INIT("x"), "vote 99, 98: cannot be decoded" },
		{ &store_poll_vote, &pair, STR_INIT("\1\1\7\0"), "is in no poll" },
		{ &store_medium, &one, STR_INIT("x"), "medium 99: cannot be decoded" },
		{ &store_medium_open, &pair, STR_INIT(""), "is none, or is held" },
		{ &store_medium_held, &pair, STR_INIT(""), "is none, or is not held by it" },
		{ &store_medium_file, &file, STR_INIT(""), "is of none that has it" },
		{ &store_medium_waste, &waste, STR_INIT(""), "is the file of a medium" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		damage(cases[i].table, reckey_str(cases[i].key), cases[i].value, cases[i].words);
}

/* Changes a row that is there; the ids are those of the world. */
static void spoil(void (*change)(struct world *w), const char *words)
{
	struct world w CLEANUP(world_free);
	struct str first;
	world_init(&w);
	change(&w);
	assert_true(test_db_complaints(&w.t, &first) != 0);
	if (!str_contains(first, str_of(words)))
		fail_msg("found \"%.*s\"; expected: %s", STR_ARG(first), words);
}

static enum rc miscount_status(struct db_txn *txn, void *arg)
{
	const int *by = arg;
	status_count(txn, (uint64_t)by[3] << 32 | (unsigned)by[4], by[0], by[1], by[2]);
	return db_txn_rc(txn);
}

static void miscount(struct world *w, int replies, int boosts, int likes)
{
	int by[] = { replies, boosts, likes, (int)(w->post.id >> 32), (int)w->post.id };
	test_db_write(&w->t, miscount_status, by);
}

static void one_reply_more(struct world *w)
{
	miscount(w, 1, 0, 0);
}

static void one_boost_more(struct world *w)
{
	miscount(w, 0, 1, 0);
}

static void one_like_less(struct world *w)
{
	miscount(w, 0, 0, -1);
}

static void put_pair(struct world *w, const struct db_table *table, uint64_t a, uint64_t b,
		     struct str value)
{
	struct reckey key = reckey_u64_u64(a, b);
	test_db_put(&w->t, table, reckey_str(&key), value);
}

static void other_visibility_in_index(struct world *w)
{
	put_pair(w, &store_status_by_author, w->alice.id, w->post.id, STR("\3\1"));
}

static void mirror_of_other_state(struct world *w)
{
	put_pair(w, &store_follower, w->alice.id, w->bob.id, STR("\1"));
}

static void audience_of_two(struct world *w)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(256);
	struct reckey key = reckey_u64(w->alice.id), digest = reckey_digest(w->bob.shared_inbox);
	reckey_add_bytes(&key, digest.bytes, digest.len);
	rec_add_u8(&row, 1);
	rec_add_num(&row, 2);
	rec_add_str(&row, w->bob.shared_inbox);
	test_db_put(&w->t, &store_audience, reckey_str(&key), buf_str(&row));
}

static void moved_without_its_audience(struct world *w)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(ACCOUNT_MAX_BYTES);
	struct reckey key = reckey_u64(w->bob.id);
	w->bob.shared_inbox = STR("https://b.example/new");
	account_encode(&row, &w->bob);
	test_db_put(&w->t, &store_account, reckey_str(&key), buf_str(&row));
}

static void renamed_without_its_handle(struct world *w)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(ACCOUNT_MAX_BYTES);
	struct reckey key = reckey_u64(w->bob.id);
	w->bob.username = STR("robert");
	account_encode(&row, &w->bob);
	test_db_put(&w->t, &store_account, reckey_str(&key), buf_str(&row));
}

static void reply_to_another(struct world *w)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(STATUS_MAX_BYTES);
	struct reckey key = reckey_u64(w->reply.id);
	w->reply.parent = w->boost.id;
	status_encode(&row, &w->reply);
	test_db_put(&w->t, &store_status, reckey_str(&key), buf_str(&row));
}

static void vote_for_another_option(struct world *w)
{
	put_pair(w, &store_poll_vote, w->poll.id, w->bob.id, STR("\1\1\7\0"));
}

static void vote_for_no_option(struct world *w)
{
	put_pair(w, &store_poll_vote, w->poll.id, w->bob.id, STR("\1\4\7\0"));
}

static void vote_of_nobody(struct world *w)
{
	put_pair(w, &store_poll_vote, w->poll.id, 4711, STR("\1\1\7\0"));
}

static void what_disagrees_is_found(void **state UNUSED)
{
	spoil(one_reply_more, "miscounts its replies");
	spoil(one_boost_more, "miscounts its boosts");
	spoil(one_like_less, "miscounts its likes");
	spoil(other_visibility_in_index, "is another one in its author's index");
	spoil(mirror_of_other_state, "is not mirrored");
	spoil(audience_of_two, "is not that of the followers");
	spoil(moved_without_its_audience, "is not that of the followers");
	spoil(renamed_without_its_handle, "is not found by its handle");
	spoil(vote_for_another_option, "miscounts its votes");
	spoil(vote_for_no_option, "miscounts its votes");
	spoil(vote_of_nobody, "miscounts its votes");
	spoil(reply_to_another, "is not among its parent's replies");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_world_has_no_complaints),
		cmocka_unit_test(the_loss_of_any_row_is_found),
		cmocka_unit_test(rows_that_nothing_leads_to_are_found),
		cmocka_unit_test(what_disagrees_is_found),
	};
	return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
