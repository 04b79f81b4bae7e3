/* Reactions, dislikes, pins and the node's emoji: few, counted once, gone with what they are of. */
#include <stdlib.h>

#include "../reaction_int.h"
#include "core/random.h"
#include "store/emoji.h"
#include "store/node.h"
#include "store/pin.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "store/uri.h"
#include "testdb.h"

#define FIRE "\xf0\x9f\x94\xa5"

enum verb {
	REACT,
	UNREACT,
	DISLIKE,
	UNDISLIKE,
	PIN,
	UNPIN,
	ERASE,
	EMOJI,
	NO_EMOJI,
};

struct task {
	enum verb verb;
	uint64_t a, b;
	struct reaction r;
	enum rc rc;
	bool result;
};

static enum rc act(struct db_txn *txn, void *arg)
{
	struct task *t = arg;
	switch (t->verb) {
	case REACT:
		t->rc = reaction_add(txn, t->a, t->b, &t->r);
		break;
	case UNREACT:
		t->result = reaction_del(txn, t->a, t->b, t->r.text);
		break;
	case DISLIKE:
		t->result = dislike_add(txn, t->a, t->b, t->r.uri);
		break;
	case UNDISLIKE:
		t->result = dislike_del(txn, t->a, t->b);
		break;
	case PIN:
		t->result = pin_add(txn, t->a, t->b);
		break;
	case UNPIN:
		t->result = pin_del(txn, t->a, t->b);
		break;
	case ERASE:
		t->result = status_del(txn, t->a, 1);
		node_count(txn, 0, -1);
		break;
	case EMOJI:
		emoji_put(txn, t->r.text, t->r.url);
		break;
	case NO_EMOJI:
		t->result = emoji_del(txn, t->r.text);
		break;
	}
	return db_txn_rc(txn);
}

static bool doing(struct test_db *t, enum verb verb, uint64_t a, uint64_t b, struct str uri)
{
	struct task task = { .verb = verb, .a = a, .b = b, .r = { .text = STR(FIRE), .uri = uri } };
	test_db_write(t, act, &task);
	return task.result;
}

static enum rc react(struct test_db *t, uint64_t status, uint64_t account, struct str text,
		     struct str host, struct str uri)
{
	struct task task = { .verb = REACT,
			     .a = status,
			     .b = account,
			     .r = { text, host, STR("https://b.example/x.png"), uri, 0 } };
	test_db_write(t, act, &task);
	return task.rc;
}

static size_t kinds(struct test_db *t, uint64_t status, struct reaction_count *out)
{
	struct db_txn *txn = test_db_read(t);
	size_t n = reaction_counts(txn, t->arena, status, out);
	db_read_end(&txn);
	return n;
}

static struct str name(struct test_db *t, unsigned n)
{
	return arena_printf(t->arena, ":e%u:", n);
}

static void s065_a_reaction_counts_once(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct reaction_count counts[REACTION_KINDS_MAX];
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice"), bob = test_db_local(&t, "bob");
	struct account eve = test_db_remote(&t, "eve", "b.example");
	struct status post = test_db_status(&t, &alice, 0, 0);
	struct str uri = STR("https://b.example/reactions/1");
	assert_int_equal(react(&t, post.id, eve.id, STR(FIRE), STR(""), uri), RC_OK);
	for (int i = 0; i < 5; i++)
		assert_int_equal(react(&t, post.id, eve.id, STR(FIRE), STR(""), STR("")),
				 RC_EXISTS);
	assert_int_equal(react(&t, post.id, bob.id, STR(FIRE), STR(""), STR("")), RC_OK);
	assert_int_equal(react(&t, post.id, bob.id, STR(":blob:"), STR(""), STR("")), RC_OK);
	/* the same shortcode of another host is another picture */
	assert_int_equal(react(&t, post.id, eve.id, STR(":blob:"), STR("b.example"), STR("")),
			 RC_OK);
	assert_int_equal(kinds(&t, post.id, counts), 3);
	assert_str_eq(counts[0].text, STR(FIRE));
	assert_int_equal(counts[0].count, 2);
	assert_int_equal(counts[1].count, 1);
	test_db_check(&t);
	struct db_txn *txn = test_db_read(&t);
	struct reaction found;
	assert_int_equal(uri_find(txn, uri).kind, URI_REACTION);
	assert_true(reaction_find_uri(txn, t.arena, post.id, eve.id, uri, &found));
	assert_str_eq(found.text, STR(FIRE));
	assert_false(reaction_find_uri(txn, t.arena, post.id, bob.id, uri, &found));
	assert_int_equal(status_counts(txn, post.id).likes, 0);
	db_read_end(&txn);
	assert_true(doing(&t, UNREACT, post.id, eve.id, STR("")));
	assert_false(doing(&t, UNREACT, post.id, eve.id, STR("")));
	assert_int_equal(kinds(&t, post.id, counts), 3);
	assert_int_equal(counts[0].count, 1);
	test_db_check(&t);
}

static void s060_a_person_has_few_and_a_post_has_few_kinds(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct reaction_count counts[REACTION_KINDS_MAX];
	unsigned next = 0;
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct status post = test_db_status(&t, &alice, 0, 0);
	for (unsigned i = 0; i < REACTIONS_PER_PERSON; i++)
		assert_int_equal(react(&t, post.id, alice.id, name(&t, next++), STR(""), STR("")),
				 RC_OK);
	assert_int_equal(react(&t, post.id, alice.id, STR(FIRE), STR(""), STR("")), RC_TOO_LARGE);
	while (next < REACTION_KINDS_MAX) {
		struct account one =
			test_db_remote(&t, arena_printf(t.arena, "p%u", next).ptr, "b.example");
		for (unsigned i = 0; i < REACTIONS_PER_PERSON && next < REACTION_KINDS_MAX; i++)
			assert_int_equal(
				react(&t, post.id, one.id, name(&t, next++), STR(""), STR("")),
				RC_OK);
	}
	struct account late = test_db_remote(&t, "late", "b.example");
	assert_int_equal(react(&t, post.id, late.id, STR(FIRE), STR(""), STR("")), RC_TOO_LARGE);
	/* what is there may be joined */
	assert_int_equal(react(&t, post.id, late.id, name(&t, 3), STR(""), STR("")), RC_OK);
	assert_int_equal(kinds(&t, post.id, counts), REACTION_KINDS_MAX);
	assert_str_eq(counts[0].text, name(&t, 3));
	test_db_check(&t);
}

static void all_goes_with_the_post(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice"), bob = test_db_local(&t, "bob");
	struct status post = test_db_status(&t, &alice, 0, 0),
		      other = test_db_status(&t, &alice, 0, 0);
	struct str uri = STR("https://b.example/r/1");
	assert_int_equal(react(&t, post.id, bob.id, STR(FIRE), STR(""), uri), RC_OK);
	assert_int_equal(react(&t, post.id, alice.id, STR(FIRE), STR(""), STR("")), RC_OK);
	assert_int_equal(react(&t, other.id, alice.id, STR(FIRE), STR(""), STR("")), RC_OK);
	assert_true(doing(&t, DISLIKE, post.id, bob.id, STR("https://b.example/d/1")));
	assert_true(doing(&t, PIN, alice.id, post.id, STR("")));
	test_db_check(&t);
	assert_true(doing(&t, ERASE, post.id, 0, STR("")));
	assert_int_equal(test_db_rows(&t, &store_reaction), 1);
	assert_int_equal(test_db_rows(&t, &store_reaction_count), 1);
	assert_int_equal(test_db_rows(&t, &store_dislike), 0);
	assert_int_equal(test_db_rows(&t, &store_dislike_count), 0);
	assert_int_equal(test_db_rows(&t, &store_pin), 0);
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(uri_find(txn, uri).kind, URI_NONE);
	db_read_end(&txn);
	test_db_check(&t);
}

/* A host may give one id to two things: that costs it the second one's, and us nothing. */
static void s019_an_id_names_what_had_it_first(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct account eve = test_db_remote(&t, "eve", "b.example"),
		       mal = test_db_remote(&t, "mal", "b.example");
	struct status post = test_db_status(&t, &alice, 0, 0);
	struct str uri = STR("https://b.example/1");
	assert_int_equal(react(&t, post.id, eve.id, STR(FIRE), STR(""), uri), RC_OK);
	assert_int_equal(react(&t, post.id, mal.id, STR(FIRE), STR(""), uri), RC_OK);
	assert_int_equal(react(&t, post.id, eve.id, STR(":blob:"), STR(""), uri), RC_OK);
	assert_true(doing(&t, DISLIKE, post.id, mal.id, uri));
	test_db_check(&t);
	assert_true(doing(&t, UNREACT, post.id, eve.id, STR("")));
	test_db_check(&t);
	assert_true(doing(&t, UNREACT, post.id, mal.id, STR("")));
	assert_true(doing(&t, UNDISLIKE, post.id, mal.id, STR("")));
	test_db_check(&t);
}

static void a_dislike_is_no_like(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice"), bob = test_db_local(&t, "bob");
	struct status post = test_db_status(&t, &alice, 0, 0);
	struct str uri = STR("https://b.example/d/1");
	assert_true(doing(&t, DISLIKE, post.id, bob.id, uri));
	assert_false(doing(&t, DISLIKE, post.id, bob.id, uri));
	assert_true(doing(&t, DISLIKE, post.id, alice.id, STR("")));
	struct db_txn *txn = test_db_read(&t);
	struct str kept;
	assert_int_equal(dislike_count(txn, post.id), 2);
	assert_int_equal(status_counts(txn, post.id).likes, 0);
	assert_true(dislike_get(txn, post.id, bob.id, &kept));
	assert_str_eq(kept, uri);
	db_read_end(&txn);
	assert_true(doing(&t, UNDISLIKE, post.id, bob.id, STR("")));
	assert_false(doing(&t, UNDISLIKE, post.id, bob.id, STR("")));
	test_db_check(&t);
	assert_true(doing(&t, UNDISLIKE, post.id, alice.id, STR("")));
	assert_int_equal(test_db_rows(&t, &store_dislike_count), 0);
}

static void pins_are_few_and_the_last_is_first(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	uint64_t posts[PINS_MAX + 1], pins[PINS_MAX];
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	for (size_t i = 0; i <= PINS_MAX; i++)
		posts[i] = test_db_status(&t, &alice, 0, 0).id;
	for (size_t i = PINS_MAX; i-- > 0;)
		assert_true(doing(&t, PIN, alice.id, posts[i], STR("")));
	assert_false(doing(&t, PIN, alice.id, posts[0], STR("")));
	assert_false(doing(&t, PIN, alice.id, posts[PINS_MAX], STR("")));
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(pins_of(txn, alice.id, pins), PINS_MAX);
	assert_memory_equal(pins, posts, sizeof(pins));
	db_read_end(&txn);
	assert_true(doing(&t, UNPIN, alice.id, posts[0], STR("")));
	assert_false(doing(&t, UNPIN, alice.id, posts[0], STR("")));
	assert_true(doing(&t, PIN, alice.id, posts[PINS_MAX], STR("")));
	test_db_check(&t);
}

static void emoji_of_the_node_are_kept_by_shortcode(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct local_emoji e, list[4];
	static const char *const names[] = { "cat", "Cat", "dog" };
	test_db_init(&t, NULL, 0);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct task task = { .verb = EMOJI,
				     .r = { .text = str_of(names[i]),
					    .url = STR("https://a.example/1.png") } };
		test_db_write(&t, act, &task);
	}
	struct task again = { .verb = EMOJI,
			      .r = { .text = STR("dog"), .url = STR("https://a.example/2.png") } };
	test_db_write(&t, act, &again);
	struct task gone = { .verb = NO_EMOJI, .r = { .text = STR("Cat") } };
	test_db_write(&t, act, &gone);
	assert_true(gone.result);
	struct db_txn *txn = test_db_read(&t);
	assert_true(emoji_get(txn, t.arena, STR("dog"), &e));
	assert_str_eq(e.url, STR("https://a.example/2.png"));
	assert_false(emoji_get(txn, t.arena, STR("Cat"), &e));
	assert_false(emoji_get(txn, t.arena, STR(""), &e));
	assert_int_equal(emoji_list(txn, t.arena, STR(""), list, 4), 2);
	assert_str_eq(list[0].shortcode, STR("cat"));
	assert_int_equal(emoji_list(txn, t.arena, STR("cat"), list, 4), 1);
	assert_str_eq(list[0].shortcode, STR("dog"));
	db_read_end(&txn);
}

struct sweeping {
	struct test_db *t;
	const struct account *gone;
	store_sweep *sweep;
	struct sweep_cursor cursor;
	bool end;
};

static enum rc sweep(struct db_txn *txn, void *arg)
{
	struct sweeping *s = arg;
	struct sweep_cursor cursor = s->cursor;
	if (!account_put(txn, s->t->arena, s->gone))
		return RC_NOT_FOUND;
	s->end = s->sweep(txn, 0, &cursor, 2);
	s->cursor = cursor;
	return db_txn_rc(txn);
}

static void s078_what_a_deleted_account_thought_is_swept(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	static store_sweep *const sweeps[] = { reactions_sweep, dislikes_sweep };
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct account gone = test_db_remote(&t, "gone", "b.example");
	for (int i = 0; i < 5; i++) {
		struct status post = test_db_status(&t, &alice, 0, 0);
		react(&t, post.id, gone.id, STR(FIRE), STR(""), STR(""));
		react(&t, post.id, alice.id, STR(FIRE), STR(""), STR(""));
		doing(&t, DISLIKE, post.id, gone.id, STR(""));
	}
	gone.flags = ACCOUNT_DELETED;
	for (size_t i = 0; i < ARRAY_LEN(sweeps); i++) {
		struct sweeping s = { .t = &t, .gone = &gone, .sweep = sweeps[i] };
		do {
			test_db_write(&t, sweep, &s);
		} while (!s.end);
	}
	assert_int_equal(test_db_rows(&t, &store_reaction), 5);
	assert_int_equal(test_db_rows(&t, &store_dislike), 0);
	test_db_check(&t);
}

static struct str any_str(struct arena *arena)
{
	uint64_t len = random_below(30);
	char *bytes = arena_alloc(arena, len + 1);
	assert_non_null(bytes);
	random_bytes(bytes, len);
	return str_n(bytes, len);
}

/* What is written is read, and nothing less. */
static void rows_are_read_as_written(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	for (int round = 0; round < 100; round++) {
		struct reaction list[REACTIONS_PER_PERSON], back[REACTIONS_PER_PERSON];
		struct buf row CLEANUP(buf_free) = BUF_INIT(1 << 16);
		size_t n = 1 + (size_t)random_below(REACTIONS_PER_PERSON), got;
		arena_reset(arena);
		for (size_t i = 0; i < n; i++)
			list[i] = (struct reaction){ any_str(arena), any_str(arena), any_str(arena),
						     any_str(arena), random_u64() };
		reactions_encode(&row, list, n);
		assert_true(reactions_decode(buf_str(&row), back, &got));
		assert_int_equal(got, n);
		for (size_t i = 0; i < n; i++) {
			assert_str_eq(back[i].text, list[i].text);
			assert_str_eq(back[i].host, list[i].host);
			assert_str_eq(back[i].url, list[i].url);
			assert_str_eq(back[i].uri, list[i].uri);
			assert_true(back[i].created_ms == list[i].created_ms);
		}
		for (size_t len = 0; len < row.len; len++) {
			char *copy = malloc(len + 1);
			assert_non_null(copy);
			memcpy(copy, row.ptr, len);
			assert_false(reactions_decode(str_n(copy, len), back, &got));
			free(copy);
		}
		buf_add_chr(&row, 'x');
		assert_false(reactions_decode(buf_str(&row), back, &got));
	}
	arena_free(&arena);
}

/* Each kind of damage is told. */
static void damage_is_found(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct str first;
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice"), bob = test_db_local(&t, "bob");
	struct status post = test_db_status(&t, &alice, 0, 0);
	struct reckey row = reckey_u64_u64(post.id, alice.id),
		      pin = reckey_u64_u64(bob.id, post.id);
	struct reckey kind = reaction_count_key(post.id, STR(FIRE), STR(""));
	struct reckey count = reckey_u64(post.id);
	struct str uri = STR("https://b.example/r/1");
	struct reckey at = reckey_digest(uri);
	react(&t, post.id, alice.id, STR(FIRE), STR(""), uri);
	doing(&t, DISLIKE, post.id, alice.id, STR(""));
	const struct {
		const struct db_table *table;
		const struct reckey *key;
		struct str value;
	} damages[] = {
		{ &store_reaction, &row, STR_INIT("x") },
		{ &store_reaction, &row, { NULL, 0 } },
		{ &store_reaction_count, &kind, STR_INIT("x") },
		{ &store_reaction_count, &kind, { NULL, 0 } },
		{ &store_dislike, &row, STR_INIT("x") },
		{ &store_dislike, &row, { NULL, 0 } },
		{ &store_dislike_count, &count, STR_INIT("x") },
		{ &store_dislike_count, &count, { NULL, 0 } },
		{ &store_pin, &pin, STR_INIT("12345678") },
		{ &store_uri, &at, { NULL, 0 } },
	};
	for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
		struct db_txn *txn = test_db_read(&t);
		struct str was;
		if (!db_get(txn, damages[i].table, reckey_str(damages[i].key), &was))
			was = STR_NONE;
		was = arena_str(t.arena, was);
		db_read_end(&txn);
		test_db_put(&t, damages[i].table, reckey_str(damages[i].key), damages[i].value);
		if (test_db_complaints(&t, &first) == 0)
			fail_msg("damage %zu is not found", i);
		test_db_put(&t, damages[i].table, reckey_str(damages[i].key), was);
		test_db_check(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s065_a_reaction_counts_once),
		cmocka_unit_test(s060_a_person_has_few_and_a_post_has_few_kinds),
		cmocka_unit_test(all_goes_with_the_post),
		cmocka_unit_test(s019_an_id_names_what_had_it_first),
		cmocka_unit_test(a_dislike_is_no_like),
		cmocka_unit_test(pins_are_few_and_the_last_is_first),
		cmocka_unit_test(emoji_of_the_node_are_kept_by_shortcode),
		cmocka_unit_test(s078_what_a_deleted_account_thought_is_swept),
		cmocka_unit_test(rows_are_read_as_written),
		cmocka_unit_test(damage_is_found),
	};
	return cmocka_run_group_tests_name("reaction", tests, NULL, NULL);
}
