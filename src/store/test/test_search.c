/* The index: postings in blocks, docs, names, and what is stale. */
#include "store/search.h"

#include <stdlib.h>

#include "../search_int.h"
#include "core/random.h"
#include "store/node.h"
#include "store/tables.h"
#include "testdb.h"

#define TERMS 5
#define IDS 600

/* What the index should say: has[t][i] when status i + 1 has term t. */
struct model {
	struct test_db t;
	bool has[TERMS][IDS];
	size_t used; /* ids that were taken up */
	size_t at;   /* of the step */
	size_t run;
};

static const struct str terms[TERMS] = { STR_INIT("a"), STR_INIT("ab"), STR_INIT("b"),
					 STR_INIT("\1f1"), STR_INIT("z") };

static struct search_doc doc_of(struct model *m, size_t i)
{
	struct search_doc doc = { .id = i + 1 };
	doc.words = ARENA_ARRAY(m->t.arena, TERMS, struct str);
	doc.features = ARENA_ARRAY(m->t.arena, TERMS, struct str);
	assert_non_null(doc.features);
	for (size_t t = 0; t < TERMS; t++) {
		if (!m->has[t][i])
			continue;
		if (terms[t].ptr[0] == SEARCH_FEATURE)
			doc.features[doc.feature_count++] = terms[t];
		else
			doc.words[doc.word_count++] = terms[t];
	}
	return doc;
}

static void roll(struct model *m, size_t i)
{
	for (size_t t = 0; t < TERMS; t++)
		m->has[t][i] = random_below(3) != 0;
}

static enum rc take_up(struct db_txn *txn, void *arg)
{
	struct model *m = arg;
	struct search_doc docs[IDS];
	size_t n = 0;
	for (size_t i = m->at; i < m->at + m->run; i++)
		docs[n++] = doc_of(m, i);
	search_add(txn, m->t.arena, docs, n);
	return db_txn_rc(txn);
}

static enum rc take_up_again(struct db_txn *txn, void *arg)
{
	struct model *m = arg;
	struct search_doc doc = doc_of(m, m->at);
	search_replace(txn, m->t.arena, &doc);
	return db_txn_rc(txn);
}

static void expect_model(struct model *m)
{
	struct db_txn *txn = test_db_read(&m->t);
	for (size_t t = 0; t < TERMS; t++) {
		struct search_walk walk;
		uint64_t max = UINT64_MAX;
		search_walk_open(&walk, txn, terms[t]);
		for (size_t i = IDS; i-- > 0;) {
			if (!m->has[t][i])
				continue;
			assert_int_equal(search_walk_seek(&walk, max), i + 1);
			max = i;
		}
		assert_int_equal(search_walk_seek(&walk, max), 0);
	}
	db_read_end(&txn);
}

static void postings_are_what_was_added_and_not_taken_away(void **state UNUSED)
{
	static struct model m;
	m = (struct model){ 0 };
	test_db_init(&m.t, NULL, 0);
	while (m.used < IDS) {
		m.at = m.used;
		m.run = 1 + random_below(IDS - m.used);
		for (size_t i = m.at; i < m.at + m.run; i++)
			roll(&m, i);
		test_db_write(&m.t, take_up, &m);
		m.used += m.run;
	}
	expect_model(&m);
	for (size_t round = 0; round < 300; round++) {
		m.at = random_below(IDS);
		roll(&m, m.at);
		if (random_below(3) == 0) {
			for (size_t t = 0; t < TERMS; t++)
				m.has[t][m.at] = false;
		}
		test_db_write(&m.t, take_up_again, &m);
	}
	expect_model(&m);
	for (m.at = 0; m.at < IDS; m.at++) {
		for (size_t t = 0; t < TERMS; t++)
			m.has[t][m.at] = false;
		test_db_write(&m.t, take_up_again, &m);
	}
	assert_int_equal(test_db_rows(&m.t, &store_search_posting), 0);
	assert_int_equal(test_db_rows(&m.t, &store_search_doc), 0);
	test_db_free(&m.t);
}

static enum rc add_one(struct db_txn *txn, void *arg)
{
	struct model *m = arg;
	const struct search_doc docs[] = { doc_of(m, 0), doc_of(m, 299) };
	search_add(txn, m->t.arena, docs, 2);
	/* between the two, into a block that becomes full and is parted */
	for (size_t i = 1; i < 299; i++) {
		struct search_doc doc = doc_of(m, i);
		search_replace(txn, m->t.arena, &doc);
	}
	return db_txn_rc(txn);
}

static void a_full_block_is_parted(void **state UNUSED)
{
	static struct model m;
	m = (struct model){ 0 };
	test_db_init(&m.t, NULL, 0);
	for (size_t i = 0; i < 300; i++)
		m.has[0][i] = true;
	test_db_write(&m.t, add_one, &m);
	expect_model(&m);
	assert_in_range(test_db_rows(&m.t, &store_search_posting), 3, 6);
	test_db_free(&m.t);
}

static void a_walk_may_leap(void **state UNUSED)
{
	static struct model m;
	struct search_walk walk;
	m = (struct model){ .run = IDS };
	test_db_init(&m.t, NULL, 0);
	for (size_t i = 0; i < IDS; i += 2)
		m.has[2][i] = true;
	test_db_write(&m.t, take_up, &m);
	struct db_txn *txn = test_db_read(&m.t);
	search_walk_open(&walk, txn, terms[2]);
	assert_int_equal(search_walk_seek(&walk, 500), 499);
	assert_int_equal(search_walk_seek(&walk, 499), 499);
	assert_int_equal(search_walk_seek(&walk, 20), 19);
	assert_int_equal(search_walk_seek(&walk, 1), 1);
	assert_int_equal(search_walk_seek(&walk, 0), 0);
	assert_in_range(walk.blocks, 3, 4);
	db_read_end(&txn);
	test_db_free(&m.t);
}

static void docs_and_blocks_are_read_as_they_were_written_and_no_byte_less(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	struct str words[] = { STR("one"), STR(""), STR("two"), STR("one") };
	struct str features[] = { STR("\1hm") };
	const struct search_doc doc = { 7, words, 4, features, 1 };
	const uint64_t ids[] = { 5, 6, 1000, UINT64_MAX };
	struct buf d CLEANUP(buf_free) = BUF_INIT(4096), b CLEANUP(buf_free) = BUF_INIT(4096);
	struct search_doc read;
	uint64_t back[SEARCH_BLOCK_MAX];
	size_t count;
	search_doc_encode(&d, &doc);
	search_block_encode(&b, ids, ARRAY_LEN(ids));
	assert_true(search_doc_decode(arena, buf_str(&d), 7, &read));
	assert_int_equal(read.word_count, 4);
	assert_str_eq(read.words[2], STR("two"));
	assert_str_eq(read.features[0], STR("\1hm"));
	assert_true(search_block_decode(buf_str(&b), 5, back, &count));
	assert_int_equal(count, ARRAY_LEN(ids));
	assert_memory_equal(back, ids, sizeof(ids));
	for (size_t n = 0; n < d.len; n++)
		assert_false(search_doc_decode(arena, str_take(buf_str(&d), n), 7, &read));
	for (size_t n = 0; n < b.len; n++)
		assert_false(search_block_decode(str_take(buf_str(&b), n), 5, back, &count));
	/* ids that do not rise, or beyond all */
	assert_false(search_block_decode(STR("\1\2\0"), 5, back, &count));
	assert_false(search_block_decode(STR("\1\2\1"), UINT64_MAX, back, &count));
	arena_free(&arena);
}

/* --- names --- */

struct naming {
	struct test_db t;
	uint64_t account;
	struct str names[3];
	size_t count;
};

static enum rc name_job(struct db_txn *txn, void *arg)
{
	struct naming *n = arg;
	search_person_put(txn, n->t.arena, n->account, n->names, n->count);
	return db_txn_rc(txn);
}

static size_t found(struct naming *n, const char *prefix, uint64_t out[4])
{
	struct db_txn *txn = test_db_read(&n->t);
	size_t count = search_people(txn, str_of(prefix), out, 4);
	db_read_end(&txn);
	return count;
}

static void people_are_found_by_how_their_names_begin(void **state UNUSED)
{
	struct naming n = { .names = { STR("alice"), STR("smith") }, .count = 2 };
	uint64_t ids[4];
	test_db_init(&n.t, NULL, 0);
	struct account alice = test_db_local(&n.t, "alice"), bob = test_db_local(&n.t, "bob");
	n.account = alice.id;
	test_db_write(&n.t, name_job, &n);
	n.account = bob.id;
	n.names[0] = STR("bob");
	test_db_write(&n.t, name_job, &n);
	test_db_check(&n.t);
	assert_int_equal(found(&n, "smi", ids), 2);
	assert_int_equal(found(&n, "bob", ids), 1);
	assert_int_equal(ids[0], bob.id);
	assert_int_equal(found(&n, "bobb", ids), 0);
	assert_int_equal(found(&n, "", ids), 4);
	n.count = 0;
	test_db_write(&n.t, name_job, &n);
	assert_int_equal(found(&n, "smi", ids), 1);
	assert_int_equal(ids[0], alice.id);
	assert_int_equal(found(&n, "bob", ids), 0);
	test_db_check(&n.t);
	test_db_free(&n.t);
}

/* --- what is stale --- */

struct change {
	struct test_db t;
	struct status post, other;
	struct account alice;
};

static enum rc index_post(struct db_txn *txn, void *arg)
{
	struct change *c = arg;
	struct str word = STR("text");
	const struct search_doc doc = { c->post.id, &word, 1, NULL, 0 };
	search_add(txn, c->t.arena, &doc, 1);
	search_mark_set(txn, SEARCH_STATUS, c->post.id);
	search_person_put(txn, c->t.arena, c->alice.id, &word, 1);
	return db_txn_rc(txn);
}

static enum rc edit_both(struct db_txn *txn, void *arg)
{
	struct change *c = arg;
	status_edit(txn, &c->post);
	status_edit(txn, &c->other);
	account_put(txn, c->t.arena, &c->alice);
	return db_txn_rc(txn);
}

static enum rc fetch_again(struct db_txn *txn, void *arg)
{
	struct change *c = arg;
	struct search_stale old;
	assert_int_equal(search_stale(txn, SEARCH_ACCOUNT, &old, 1), 1);
	c->alice.fetched_ms++;
	search_fresh(txn, SEARCH_ACCOUNT, &old);
	account_put(txn, c->t.arena, &c->alice);
	return db_txn_rc(txn);
}

static enum rc del_post(struct db_txn *txn, void *arg)
{
	struct change *c = arg;
	struct search_stale old;
	assert_int_equal(search_stale(txn, SEARCH_STATUS, &old, 1), 1);
	node_count(txn, 0, -1);
	status_del(txn, c->post.id, 1);
	/* it was edited before that: what was read then is no longer the last word */
	search_fresh(txn, SEARCH_STATUS, &old);
	return db_txn_rc(txn);
}

static size_t stale(struct change *c, enum search_what what, uint64_t *id)
{
	struct db_txn *txn = test_db_read(&c->t);
	struct search_stale list[4];
	size_t n = search_stale(txn, what, list, 4);
	*id = n != 0 ? list[0].id : 0;
	db_read_end(&txn);
	return n;
}

static void what_changes_is_stale_until_it_is_taken_up_as_it_is(void **state UNUSED)
{
	struct change c;
	uint64_t id;
	test_db_init(&c.t, NULL, 0);
	c.alice = test_db_local(&c.t, "alice");
	c.post = test_db_status(&c.t, &c.alice, 0, 0);
	test_db_write(&c.t, index_post, &c);
	test_db_check(&c.t);
	c.other = test_db_status(&c.t, &c.alice, 0, 0);
	c.alice.display_name = STR("Alice");
	test_db_write(&c.t, edit_both, &c);
	assert_int_equal(stale(&c, SEARCH_STATUS, &id), 2);
	assert_int_equal(id, c.post.id);
	assert_int_equal(stale(&c, SEARCH_ACCOUNT, &id), 1);
	assert_int_equal(id, c.alice.id);
	test_db_write(&c.t, fetch_again, &c);
	assert_int_equal(stale(&c, SEARCH_ACCOUNT, &id), 0);
	test_db_write(&c.t, del_post, &c);
	assert_int_equal(stale(&c, SEARCH_STATUS, &id), 2);
	assert_int_equal(id, c.post.id);
	test_db_check(&c.t);
	test_db_free(&c.t);
}

static void every_row_that_does_not_fit_is_told(void **state UNUSED)
{
	struct change c;
	test_db_init(&c.t, NULL, 0);
	c.alice = test_db_local(&c.t, "alice");
	c.post = test_db_status(&c.t, &c.alice, 0, 0);
	test_db_write(&c.t, index_post, &c);
	struct reckey id = reckey_u64(c.post.id), who = reckey_u64(c.alice.id);
	struct reckey block = search_term_key(STR("text")), name = block;
	struct reckey lost = reckey_u64(99), foreign = search_term_key(STR("q"));
	reckey_add_u64(&block, c.post.id);
	reckey_add_u64(&name, c.alice.id);
	reckey_add_u64(&foreign, c.post.id);
	const struct {
		const struct db_table *table;
		const struct reckey *key;
		struct str value;
		const char *words;
	} cases[] = {
		{ &store_search_posting, &block, STR_NONE, "among the postings" },
		{ &store_search_doc, &id, STR_NONE, "of no indexed status" },
		{ &store_search_doc, &id, STR_INIT("\1\1"), "cannot be decoded" },
		{ &store_search_doc, &lost, STR_INIT("\1\0\0"), "is not there" },
		{ &store_search_posting, &foreign, STR_INIT("\1\1"), "of no indexed status" },
		{ &store_search_posting, &foreign, STR_INIT("\2"), "cannot be decoded" },
		{ &store_search_name, &name, STR_NONE, "not found by a name" },
		{ &store_search_person, &who, STR_NONE, "of no indexed account" },
		{ &store_search_person, &who, STR_INIT("\7"), "cannot be decoded" },
		{ &store_search_person, &lost, STR_INIT("\1\0"), "is not there" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str first, key = reckey_str(cases[i].key), kept;
		struct db_txn *txn = test_db_read(&c.t);
		bool there = db_get(txn, cases[i].table, key, &kept);
		kept = there ? arena_str(c.t.arena, kept) : STR_NONE;
		db_read_end(&txn);
		test_db_put(&c.t, cases[i].table, key, cases[i].value);
		assert_true(test_db_complaints(&c.t, &first) != 0);
		if (!str_contains(first, str_of(cases[i].words)))
			fail_msg("found \"%.*s\"; expected: %s", STR_ARG(first), cases[i].words);
		test_db_put(&c.t, cases[i].table, key, kept);
		test_db_check(&c.t);
	}
	test_db_free(&c.t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(postings_are_what_was_added_and_not_taken_away),
		cmocka_unit_test(a_full_block_is_parted),
		cmocka_unit_test(a_walk_may_leap),
		cmocka_unit_test(docs_and_blocks_are_read_as_they_were_written_and_no_byte_less),
		cmocka_unit_test(people_are_found_by_how_their_names_begin),
		cmocka_unit_test(what_changes_is_stale_until_it_is_taken_up_as_it_is),
		cmocka_unit_test(every_row_that_does_not_fit_is_told),
	};
	return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}
