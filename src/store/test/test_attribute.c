/* Attributes: as they were, each once, as many as there may be; who is in a community because of them. */
#include "store/attribute.h"

#include "../attribute_int.h"
#include "../community_int.h"
#include "core/random.h"
#include "store/account.h"
#include "testdb.h"

struct world {
	struct test_db t;
	struct account alice, bob;
	struct attribute one;
	uint64_t account;
	enum { PUT, DEL, FILL, CLEAR, ENTER, LEAVE } what;
	bool done;
};

static enum rc change_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	struct attribute a = w->one;
	switch (w->what) {
	case PUT:
		w->done = attribute_put(txn, w->account, &a);
		break;
	case DEL:
		w->done = attribute_del(txn, w->account, a.name, a.value);
		break;
	case FILL:
		for (unsigned i = 0; i < ATTRIBUTES_MAX; i++) {
			a.value = arena_printf(w->t.arena, "%u", i);
			w->done = attribute_put(txn, w->account, &a);
		}
		break;
	case CLEAR:
		attributes_del(txn, w->account);
		break;
	case ENTER:
		attribute_entry_put(txn, &(struct attribute_entry){ 7, w->account, a.since_ms });
		break;
	case LEAVE:
		w->done = attribute_entry_del(txn, 7, w->account);
		break;
	}
	return db_txn_rc(txn);
}

static bool change(struct world *w, int what, const char *name, const char *value)
{
	w->one = (struct attribute){ .name = str_of(name),
				     .value = str_of(value),
				     .source = ATTRIBUTE_BY_OPERATOR,
				     .since_ms = 5 };
	w->what = (__typeof__(w->what))what;
	w->done = true;
	test_db_write(&w->t, change_job, w);
	return w->done;
}

static size_t have(struct world *w, uint64_t account, struct attribute *out)
{
	struct db_txn *txn = test_db_read(&w->t);
	size_t n = attributes_get(txn, w->t.arena, account, out);
	db_read_end(&txn);
	return n;
}

static void world_init(struct world *w)
{
	test_db_init(&w->t, NULL, 0);
	w->alice = test_db_local(&w->t, "alice");
	w->bob = test_db_local(&w->t, "bob");
	w->account = w->alice.id;
}

static void world_free(struct world *w)
{
	test_db_free(&w->t);
}

static void values_are_kept_once_and_of_one_person(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct attribute list[ATTRIBUTES_MAX];
	world_init(&w);
	assert_true(change(&w, PUT, "status", "student"));
	assert_true(change(&w, PUT, "status", "student"));
	assert_true(change(&w, PUT, "status", "tutor"));
	assert_int_equal(have(&w, w.alice.id, list), 2);
	assert_int_equal(have(&w, w.bob.id, list), 0);
	test_db_check(&w.t);
	assert_true(change(&w, DEL, "status", "tutor"));
	assert_false(change(&w, DEL, "status", "tutor"));
	assert_int_equal(have(&w, w.alice.id, list), 1);
	assert_str_eq(list[0].value, STR("student"));
	assert_int_equal(list[0].since_ms, 5);
	change(&w, CLEAR, "", "");
	assert_int_equal(have(&w, w.alice.id, list), 0);
	/* there is an end of them, but not of changing those that are there */
	assert_true(change(&w, FILL, "n", ""));
	assert_false(change(&w, PUT, "n", "one more"));
	assert_true(change(&w, PUT, "n", "3"));
	change(&w, CLEAR, "", "");
}

static void entries_are_those_of_one_community(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct attribute_entry entry;
	uint64_t ids[4];
	world_init(&w);
	change(&w, ENTER, "", "");
	w.account = w.bob.id;
	change(&w, ENTER, "", "");
	struct db_txn *txn = test_db_read(&w.t);
	assert_true(attribute_entry_get(txn, 7, w.alice.id, &entry) && entry.ends_ms == 5);
	assert_int_equal(attribute_entries(txn, 7, 0, ids, 4), 2);
	assert_int_equal(attribute_entries(txn, 7, w.alice.id, ids, 4), 1);
	assert_int_equal(attribute_entries(txn, 6, 0, ids, 4), 0);
	db_read_end(&txn);
	assert_true(change(&w, LEAVE, "", ""));
	assert_false(change(&w, LEAVE, "", ""));
}

static void names_are_of_one_form(void **state UNUSED)
{
	static const char *const good[] = { "a", "email-domain", "x9._-" };
	static const char *const bad[] = { "", "A", "9a", "a b", "a=b", "-a", "\xc3\xa4" };
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_true(attribute_name_valid(str_of(good[i])));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(attribute_name_valid(str_of(bad[i])));
}

static void every_truncation_is_refused(void **state UNUSED)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(4096);
	struct arena *arena = arena_new((size_t)1 << 20);
	const struct attribute a = { STR("status"), STR("student"), ATTRIBUTE_BY_SIGN_ON, 77 };
	struct attribute back;
	attribute_encode(&row, &a);
	for (size_t len = 0; len < row.len; len++)
		assert_false(attribute_decode(str_take(buf_str(&row), len), &back));
	assert_true(attribute_decode(buf_str(&row), &back));
	assert_true(back.source == ATTRIBUTE_BY_SIGN_ON && back.since_ms == 77);
	struct community_condition conditions[] = { { STR("a"), STR("b") },
						    { STR("c"), STR("d e") } };
	const struct community_terms t = {
		.conditions = conditions, .condition_count = 2, .all = true, .grace_days = 9
	};
	struct community_terms terms;
	buf_reset(&row);
	community_terms_encode(&row, &t);
	for (size_t len = 0; len < row.len; len++)
		assert_false(community_terms_decode(arena, str_take(buf_str(&row), len), &terms));
	assert_true(community_terms_decode(arena, buf_str(&row), &terms));
	assert_true(terms.all && !terms.others_ask && terms.grace_days == 9);
	assert_str_eq(terms.conditions[1].value, STR("d e"));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_kept_once_and_of_one_person),
		cmocka_unit_test(entries_are_those_of_one_community),
		cmocka_unit_test(names_are_of_one_form),
		cmocka_unit_test(every_truncation_is_refused),
	};
	return cmocka_run_group_tests_name("attribute", tests, NULL, NULL);
}
