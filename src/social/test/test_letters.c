/* Letters and the conversations that they make. */
#include "social/conversation.h"

#include "deed.h"
#include "social/timeline.h"

#define PAGE 8

struct scene {
	struct test_store t;
	struct account ann, bob, cat; /* Cat is elsewhere */
	struct conversation list[PAGE];
	size_t count;
};

static void scene_init(struct scene *s)
{
	test_store_init(&s->t);
	s->ann = test_store_local(&s->t, "ann");
	s->bob = test_store_local(&s->t, "bob");
	s->cat = test_store_remote(&s->t, "cat", "c.example");
}

static void scene_free(struct scene *s)
{
	test_store_free(&s->t);
}

static void see(struct scene *s, const struct account *account)
{
	const struct id_range all = { 0 };
	struct db_txn *txn = test_store_read(&s->t);
	s->count = conversation_list(txn, account->id, &all, s->list, PAGE);
	db_read_end(&txn);
}

struct marking {
	const struct account *account;
	uint64_t root;
	bool unread;
};

static enum rc mark(struct social *s, void *arg)
{
	const struct marking *m = arg;
	return act_read_conversation(s, m->account, m->root, m->unread);
}

static enum rc drop(struct social *s, void *arg)
{
	const struct marking *m = arg;
	return act_drop_conversation(s, m->account, m->root);
}

static void a_letter_is_a_conversation_for_all_who_have_it(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	struct status first =
		test_store_post(&s.t, &s.ann, VISIBILITY_DIRECT, "x", &s.bob, &s.cat, NULL);
	test_store_post(&s.t, &s.ann, VISIBILITY_FOLLOWERS, "x", &s.bob, NULL);
	see(&s, &s.ann);
	assert_int_equal(s.count, 1);
	assert_int_equal(s.list[0].root, first.id);
	assert_int_equal(s.list[0].last, first.id);
	assert_false(s.list[0].unread);
	assert_int_equal(s.list[0].with_count, 2);
	assert_int_equal(s.list[0].with[0], s.bob.id);
	see(&s, &s.bob);
	assert_int_equal(s.count, 1);
	assert_true(s.list[0].unread);
	assert_int_equal(s.list[0].with[0], s.ann.id);
	assert_int_equal(s.list[0].with[1], s.cat.id);
	see(&s, &s.cat);
	assert_int_equal(s.count, 0);
	test_store_check(&s.t);
}

static struct status answer(struct scene *s, const struct account *author,
			    const struct status *parent, const struct account *to)
{
	struct status_mention mention = { .uri = to->uri, .handle = to->username };
	struct status status = { .type = STR("Note"),
				 .visibility = VISIBILITY_DIRECT,
				 .parent_uri = parent->uri,
				 .mentions = &mention,
				 .mention_count = 1 };
	static unsigned number;
	status.uri = status.url =
		arena_printf(s->t.d.arena, "%.*s/letters/%u", STR_ARG(author->uri), number++);
	struct deed deed = { .verb = DO_RECEIVE, .actor = author, .changed = &status };
	assert_int_equal(deed_do(&s->t, &deed), RC_OK);
	return status;
}

static void answers_belong_to_it_and_are_unread(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	struct status first = test_store_post(&s.t, &s.ann, VISIBILITY_DIRECT, "x", &s.cat, NULL);
	struct status other = test_store_post(&s.t, &s.ann, VISIBILITY_DIRECT, "x", &s.bob, NULL);
	struct status back = answer(&s, &s.cat, &first, &s.ann);
	see(&s, &s.ann);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.list[0].root, first.id);
	assert_int_equal(s.list[0].last, back.id);
	assert_true(s.list[0].unread);
	assert_int_equal(s.list[1].root, other.id);
	struct marking m = { &s.ann, first.id, false };
	test_store_write(&s.t, mark, &m);
	see(&s, &s.ann);
	assert_false(s.list[0].unread);
	m.unread = true;
	test_store_write(&s.t, mark, &m);
	see(&s, &s.ann);
	assert_true(s.list[0].unread);
	/* nobody marks what is another's */
	m.account = &s.bob;
	assert_int_equal(test_store_try(&s.t, mark, &m), RC_NOT_FOUND);
	assert_int_equal(test_store_try(&s.t, drop, &m), RC_NOT_FOUND);
	m.account = &s.ann;
	test_store_write(&s.t, drop, &m);
	see(&s, &s.ann);
	assert_int_equal(s.count, 1);
	answer(&s, &s.cat, &back, &s.ann);
	see(&s, &s.ann);
	assert_int_equal(s.count, 2);
	test_store_check(&s.t);
}

static void a_deleted_letter_gives_its_place_to_the_one_before(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	struct status first = test_store_post(&s.t, &s.ann, VISIBILITY_DIRECT, "x", &s.cat, NULL);
	test_store_post(&s.t, &s.ann, VISIBILITY_DIRECT, "x", &s.bob, NULL);
	struct status back = answer(&s, &s.cat, &first, &s.ann);
	assert_int_equal(deed_on_status(&s.t, DO_DELETE, &s.cat, back.id), RC_OK);
	see(&s, &s.ann);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.list[1].last, first.id);
	assert_int_equal(s.list[1].with[0], s.cat.id);
	assert_int_equal(deed_on_status(&s.t, DO_DELETE, &s.ann, first.id), RC_OK);
	see(&s, &s.ann);
	assert_int_equal(s.count, 1);
	test_store_check(&s.t);
}

static void letters_of_whom_one_has_blocked_make_none(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	assert_int_equal(deed_on_account(&s.t, DO_BLOCK, &s.ann, &s.cat), RC_OK);
	test_store_post(&s.t, &s.cat, VISIBILITY_DIRECT, "x", &s.ann, NULL);
	see(&s, &s.ann);
	assert_int_equal(s.count, 0);
}

static void letters_are_a_timeline_of_their_own(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	uint64_t ids[3], out[PAGE];
	struct id_range range = { 0 };
	scene_init(&s);
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		ids[i] = test_store_post(&s.t, i == 1 ? &s.cat : &s.ann, VISIBILITY_DIRECT, "x",
					 i == 1 ? &s.ann : &s.bob, NULL)
				 .id;
	struct db_txn *txn = test_store_read(&s.t);
	assert_int_equal(timeline_letters(txn, s.t.d.arena, s.ann.id, &range, out, PAGE), 3);
	assert_int_equal(out[0], ids[2]);
	assert_int_equal(out[2], ids[0]);
	range = (struct id_range){ .min_id = ids[0], .ascending = true };
	assert_int_equal(timeline_letters(txn, s.t.d.arena, s.ann.id, &range, out, PAGE), 2);
	assert_int_equal(out[0], ids[2]);
	assert_int_equal(timeline_letters(txn, s.t.d.arena, s.bob.id, &range, out, PAGE), 1);
	db_read_end(&txn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_letter_is_a_conversation_for_all_who_have_it),
		cmocka_unit_test(answers_belong_to_it_and_are_unread),
		cmocka_unit_test(a_deleted_letter_gives_its_place_to_the_one_before),
		cmocka_unit_test(letters_of_whom_one_has_blocked_make_none),
		cmocka_unit_test(letters_are_a_timeline_of_their_own),
	};
	return cmocka_run_group_tests_name("letters", tests, NULL, NULL);
}
