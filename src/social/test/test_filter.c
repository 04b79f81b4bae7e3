/* Filters: checked when they are made, found where they hold. */
#include "social/filter.h"

#include "deed.h"
#include "store/poll.h"

static struct filter one(struct filter_keyword *words, unsigned count)
{
	return (struct filter){ .title = STR("t"),
				.contexts = FILTER_HOME,
				.keywords = words,
				.keyword_count = count };
}

static size_t matches(struct arena *arena, const struct filter *filters, size_t count,
		      enum filter_context context, struct str text, uint64_t status,
		      struct filter_match **out)
{
	const struct filter_set *set =
		filters_compile(arena, filters, count, context, TEST_DB_WALL_MS);
	return filters_match(set, arena, text, status, out);
}

static void keywords_are_found_whole_or_in_part(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	struct filter_keyword words[] = { { 1, true, STR_INIT("Cat") },
					  { 2, false, STR_INIT("dog") } };
	struct filter f = one(words, 2);
	struct filter_match *m;
	assert_int_equal(matches(arena, &f, 1, FILTER_HOME, STR("my CAT"), 5, &m), 1);
	assert_ptr_equal(m[0].filter, &f);
	assert_int_equal(m[0].keyword_count, 1);
	assert_str_eq(m[0].keywords[0], STR("Cat"));
	assert_int_equal(matches(arena, &f, 1, FILTER_HOME, STR("cats"), 5, &m), 0);
	assert_int_equal(matches(arena, &f, 1, FILTER_HOME, STR("hotdogs and a cat"), 5, &m), 1);
	assert_int_equal(m[0].keyword_count, 2);
	assert_int_equal(matches(arena, &f, 1, FILTER_HOME, STR(""), 5, &m), 0);
	/* elsewhere it does not hold */
	assert_int_equal(matches(arena, &f, 1, FILTER_PUBLIC, STR("my cat"), 5, &m), 0);
	arena_free(&arena);
}

static void a_filter_holds_until_it_ends(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	struct filter_keyword words[] = { { 1, false, STR_INIT("x") } };
	struct filter f = one(words, 1);
	struct filter_match *m;
	f.expires_ms = TEST_DB_WALL_MS + 1;
	assert_int_equal(matches(arena, &f, 1, FILTER_HOME, STR("x"), 5, &m), 1);
	f.expires_ms = TEST_DB_WALL_MS;
	assert_int_equal(matches(arena, &f, 1, FILTER_HOME, STR("x"), 5, &m), 0);
	arena_free(&arena);
}

static void a_post_may_be_named_itself(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	struct filter_status posts[] = { { 1, 42 } };
	struct filter f = { .title = STR("t"),
			    .contexts = FILTER_CONTEXTS,
			    .action = FILTER_HIDE,
			    .statuses = posts,
			    .status_count = 1 };
	struct filter_match *m;
	assert_int_equal(matches(arena, &f, 1, FILTER_THREAD, STR("any"), 42, &m), 1);
	assert_true(m[0].status);
	assert_int_equal(m[0].keyword_count, 0);
	assert_true(filters_hide(m, 1));
	assert_int_equal(matches(arena, &f, 1, FILTER_THREAD, STR("any"), 43, &m), 0);
	assert_false(filters_hide(m, 0));
	arena_free(&arena);
}

static void only_so_many_words_are_compiled(void **state UNUSED)
{
	struct arena *arena = arena_new((size_t)16 << 20);
	struct filter filters[12];
	struct filter_keyword words[FILTER_KEYWORDS_MAX];
	struct filter_match *m;
	for (unsigned i = 0; i < FILTER_KEYWORDS_MAX; i++)
		words[i] = (struct filter_keyword){ 1 + i, false, STR("word") };
	for (unsigned i = 0; i < 12; i++)
		filters[i] = one(words, FILTER_KEYWORDS_MAX);
	assert_int_equal(matches(arena, filters, 12, FILTER_HOME, STR("a word"), 1, &m),
			 FILTER_WORDS_MAX / FILTER_KEYWORDS_MAX);
	arena_free(&arena);
}

static void everything_that_is_read_is_looked_at(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	struct ctx ctx = { .arena = arena };
	struct poll_option options[] = { { STR_INIT("yes"), 0 } };
	const struct poll poll = { .options = options, .option_count = 1 };
	struct status_attachment picture = { .description = STR("a dog") };
	const struct status s = { .content = html_trusted(STR("<p>ca<b>t</b></p>")),
				  .spoiler = STR("warning"),
				  .attachments = &picture,
				  .attachment_count = 1 };
	struct str text;
	assert_int_equal(filter_text(&ctx, &s, &poll, &text), RC_OK);
	assert_true(str_contains(text, STR("cat")));
	assert_true(str_contains(text, STR("warning")));
	assert_true(str_contains(text, STR("yes")));
	assert_true(str_contains(text, STR("a dog")));
	assert_false(str_contains(text, STR("<b>")));
	arena_free(&arena);
}

/* --- acts --- */

struct saving {
	uint64_t owner;
	struct filter *filter;
	struct filter_keyword keyword;
	struct filter_status status;
	uint64_t id;
	enum { SAVE, DROP, ADD_KEYWORD, ADD_STATUS, DROP_PART } what;
};

static enum rc run(struct social *s, void *arg)
{
	struct saving *p = arg;
	struct account owner;
	struct filter_place place;
	if (!account_get(s->txn, s->ctx->arena, p->owner, &owner))
		return RC_NOT_FOUND;
	switch (p->what) {
	case SAVE:
		return act_filter_save(s, &owner, p->filter);
	case DROP:
		return act_filter_drop(s, &owner, p->id);
	case ADD_KEYWORD:
		return act_filter_add_keyword(s, &owner, p->id, &p->keyword);
	case ADD_STATUS:
		return act_filter_add_status(s, &owner, p->id, &p->status);
	case DROP_PART:
		break;
	}
	if (!filter_find_part(s->txn, s->ctx->arena, owner.id, p->id, &place))
		return RC_NOT_FOUND;
	return act_filter_drop_part(s, &owner, &place);
}

static enum rc saves(struct test_store *t, const struct account *owner, struct filter *f)
{
	struct saving p = { .owner = owner->id, .filter = f, .what = SAVE };
	return test_store_try(t, run, &p);
}

static struct filter stored(struct test_store *t, const struct account *owner, uint64_t id)
{
	struct filter f;
	struct db_txn *txn = test_store_read(t);
	assert_true(filter_get(txn, t->d.arena, owner->id, id, &f));
	db_read_end(&txn);
	return f;
}

static void a_filter_is_checked_when_it_is_made(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct filter_keyword words[] = { { 0, true, STR_INIT("x") } };
	struct filter f = one(words, 1);
	f.title = STR(" ");
	assert_int_equal(saves(&t, &alice, &f), RC_INVALID);
	f.title = STR("title");
	f.contexts = 0;
	assert_int_equal(saves(&t, &alice, &f), RC_INVALID);
	f.contexts = FILTER_PUBLIC;
	words[0].text = STR("");
	assert_int_equal(saves(&t, &alice, &f), RC_INVALID);
	words[0].text = STR("ok");
	assert_int_equal(saves(&t, &alice, &f), RC_OK);
	assert_int_equal(saves(&t, &bob, &f), RC_NOT_FOUND);
	f.title = STR("other");
	assert_int_equal(saves(&t, &alice, &f), RC_OK);
	assert_str_eq(stored(&t, &alice, f.id).title, STR("other"));
}

static void parts_are_added_found_and_dropped(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct status post = test_store_post(&t, &bob, VISIBILITY_PUBLIC, "x", NULL);
	struct status secret = test_store_post(&t, &bob, VISIBILITY_DIRECT, "x", NULL);
	struct filter f = one(NULL, 0);
	assert_int_equal(saves(&t, &alice, &f), RC_OK);
	struct saving p = { .owner = alice.id, .id = f.id, .what = ADD_KEYWORD };
	p.keyword = (struct filter_keyword){ .text = STR("cat") };
	assert_int_equal(test_store_try(&t, run, &p), RC_OK);
	uint64_t keyword = p.keyword.id;
	p.keyword = (struct filter_keyword){ .text = STR("dog"), .whole_word = true };
	assert_int_equal(test_store_try(&t, run, &p), RC_OK);
	p.what = ADD_STATUS;
	p.status.status = secret.id;
	assert_int_equal(test_store_try(&t, run, &p), RC_NOT_FOUND);
	p.status.status = post.id;
	assert_int_equal(test_store_try(&t, run, &p), RC_OK);
	uint64_t status = p.status.id;
	assert_int_equal(test_store_try(&t, run, &p), RC_EXISTS);
	assert_int_equal(stored(&t, &alice, f.id).keyword_count, 2);
	struct saving drop = { .owner = bob.id, .id = keyword, .what = DROP_PART };
	assert_int_equal(test_store_try(&t, run, &drop), RC_NOT_FOUND);
	drop.owner = alice.id;
	assert_int_equal(test_store_try(&t, run, &drop), RC_OK);
	drop.id = status;
	assert_int_equal(test_store_try(&t, run, &drop), RC_OK);
	struct filter left = stored(&t, &alice, f.id);
	assert_int_equal(left.keyword_count, 1);
	assert_str_eq(left.keywords[0].text, STR("dog"));
	assert_int_equal(left.status_count, 0);
	struct saving end = { .owner = bob.id, .id = f.id, .what = DROP };
	assert_int_equal(test_store_try(&t, run, &end), RC_NOT_FOUND);
	end.owner = alice.id;
	assert_int_equal(test_store_try(&t, run, &end), RC_OK);
}

static void names_lead_back(void **state UNUSED)
{
	enum filter_context context;
	enum filter_action action;
	for (unsigned bit = 1; bit < FILTER_CONTEXTS; bit <<= 1) {
		assert_true(filter_context_parse(
			str_of(filter_context_name((enum filter_context)bit)), &context));
		assert_int_equal(context, bit);
	}
	for (unsigned i = 0; i <= FILTER_BLUR; i++) {
		assert_true(filter_action_parse(str_of(filter_action_name((enum filter_action)i)),
						&action));
		assert_int_equal(action, i);
	}
	assert_false(filter_context_parse(STR("x"), &context));
	assert_false(filter_action_parse(STR("x"), &action));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keywords_are_found_whole_or_in_part),
		cmocka_unit_test(a_filter_holds_until_it_ends),
		cmocka_unit_test(a_post_may_be_named_itself),
		cmocka_unit_test(only_so_many_words_are_compiled),
		cmocka_unit_test(everything_that_is_read_is_looked_at),
		cmocka_unit_test(a_filter_is_checked_when_it_is_made),
		cmocka_unit_test(parts_are_added_found_and_dropped),
		cmocka_unit_test(names_lead_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
