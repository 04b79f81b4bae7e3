/* Who finds what: taking up, questions, rules. */
#include "social/search.h"

#include "deed.h"
#include "social/keep.h"
#include "social/moderate.h"
#include "social/mute.h"
#include "store/graph.h"
#include "store/tables.h"

static void take_all_up(struct test_store *t)
{
	enum rc rc;
	while ((rc = search_take_up(t->d.db)) == RC_BUSY)
		;
	assert_int_equal(rc, RC_OK);
}

/* Questions are asked in the order of their posts: the answer is a string of letters, newest first. */
static void expect_answer(struct test_store *t, const struct account *who, const char *query,
			  const struct status *posts, const char *expected)
{
	struct ctx ctx = { .arena = t->d.arena };
	const struct search_page page = { .limit = SEARCH_LIMIT_MAX };
	const struct viewer viewer = { who->id, account_is_local(who) };
	uint64_t ids[SEARCH_LIMIT_MAX];
	char answer[SEARCH_LIMIT_MAX + 1] = "";
	size_t n;
	struct db_txn *txn = test_store_read(t);
	assert_int_equal(
		search_statuses(&ctx, txn, &t->site, viewer, str_of(query), &page, ids, &n), RC_OK);
	db_read_end(&txn);
	for (size_t i = 0; i < n; i++) {
		answer[i] = '?';
		for (size_t k = 0; posts[k].id != 0; k++) {
			if (posts[k].id == ids[i])
				answer[i] = (char)('a' + (char)k);
		}
	}
	answer[n] = '\0';
	if (strcmp(answer, expected) != 0)
		fail_msg("\"%s\" finds \"%s\"; expected: \"%s\"", query, answer, expected);
}

static enum rc make_indexable(struct social *s, void *arg)
{
	struct account *a = arg;
	a->flags |= ACCOUNT_INDEXABLE | ACCOUNT_DISCOVERABLE;
	return account_put(s->txn, s->ctx->arena, a) ? RC_OK : RC_EXISTS;
}

struct world {
	struct test_store t;
	struct account alice, bob, carol;
	struct status posts[8]; /* the last has no id */
};

static enum rc receive(struct social *s, void *arg)
{
	struct world *w = arg;
	struct status_attachment picture = { .url = STR("https://b.example/1.png"),
					     .media_type = STR("image/png"),
					     .description = STR("A red fox") };
	struct str tags[] = { STR("Wildlife") };
	struct status made = { .uri = STR("https://b.example/posts/fox"),
			       .url = STR("https://b.example/posts/fox"),
			       .type = STR("Note"),
			       .content = html_trusted(
				       STR("<p>seen <a href=\"https://x.example/\">there</a></p>")),
			       .language = STR("de-AT"),
			       .spoiler = STR("nature"),
			       .flags = STATUS_SENSITIVE,
			       .visibility = VISIBILITY_PUBLIC,
			       .created_ms = db_txn_now(s->txn),
			       .attachments = &picture,
			       .attachment_count = 1,
			       .tags = tags,
			       .tag_count = 1 };
	enum rc rc = act_receive_post(s, &w->bob, &made);
	w->posts[3] = made;
	return rc;
}

static void world_init(struct world *w)
{
	*w = (struct world){ 0 };
	test_store_init(&w->t);
	w->alice = test_store_local(&w->t, "alice");
	w->bob = test_store_remote(&w->t, "bob", "b.example");
	w->carol = test_store_local(&w->t, "carol");
	test_store_write(&w->t, make_indexable, &w->bob);
	test_store_write(&w->t, make_indexable, &w->alice);
	w->posts[0] = test_store_post(&w->t, &w->alice, VISIBILITY_PUBLIC,
				      "The quick brown fox jumps", NULL);
	w->posts[1] = test_store_post(&w->t, &w->alice, VISIBILITY_DIRECT,
				      "@carol the FOX is a secret", &w->carol, NULL);
	w->posts[2] = test_store_post(&w->t, &w->carol, VISIBILITY_PUBLIC,
				      "Carol's brown quick bear", NULL);
	w->t.d.clock.wall_ms += 3 * MS_PER_DAY;
	test_store_write(&w->t, receive, w);
	w->posts[4] = test_store_reply(&w->t, &w->alice, &w->posts[0], "a fox again");
	take_all_up(&w->t);
	test_store_check(&w->t);
}

static void world_free(struct world *w)
{
	test_store_free(&w->t);
}

static void questions_find_what_they_mean(void **state UNUSED)
{
	static const struct {
		const char *query, *alice, *carol;
	} rows[] = {
		{ "fox", "edba", "edba" },
		{ "FOX brown", "a", "a" },
		{ "quick", "a", "ca" },
		{ "\"quick brown\"", "a", "a" },
		{ "\"brown quick\"", "", "c" },
		{ "quick-brown", "a", "a" },
		{ "fox -brown", "edb", "edb" },
		{ "fox -\"quick brown\"", "edb", "edb" },
		{ "nowhere", "", "" },
		{ "", "", "" },
		{ "...", "", "" },
		/* a phrase does not reach from one text into the next */
		{ "nature seen", "d", "d" },
		{ "\"nature seen\"", "", "" },
		{ "fox from:me", "eba", "" },
		{ "from:me", "eba", "c" },
		{ "from:@alice", "eba", "eba" },
		{ "from:alice@example.org fox", "eba", "eba" },
		{ "from:bob@b.example", "d", "d" },
		{ "from:nobody fox", "", "" },
		{ "fox -from:alice", "d", "d" },
		{ "fox -from:nobody", "edba", "edba" },
		{ "has:media", "d", "d" },
		{ "has:image red", "d", "d" },
		{ "has:video", "", "" },
		{ "fox -has:image", "eba", "eba" },
		{ "has:link", "d", "d" },
		{ "has:poll", "", "" },
		{ "has:nonsense fox", "", "" },
		{ "is:reply", "e", "e" },
		{ "is:sensitive", "d", "d" },
		{ "fox -is:reply", "dba", "dba" },
		{ "language:de", "d", "d" },
		{ "fox -language:de", "eba", "eba" },
		{ "#wildlife", "d", "d" },
		{ "#WILDlife fox", "d", "d" },
		{ "#wild", "", "" },
		{ "fox in:library", "eba", "b" },
		{ "fox in:public", "eda", "eda" },
		{ "in:library", "eba", "cb" },
		/* the world began on 2023-11-14 and went on three days later */
		{ "fox before:2023-11-15", "ba", "ba" },
		{ "fox before:2023-11-14", "", "" },
		{ "fox after:2023-11-14", "ed", "ed" },
		{ "fox after:2023-11-17", "", "" },
		{ "fox during:2023-11-17", "ed", "ed" },
		{ "after:2023-11-14", "ed", "ed" },
		{ "fox before:yesterday", "", "" },
		{ "unknown:fox", "", "" },
	};
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		expect_answer(&w.t, &w.alice, rows[i].query, w.posts, rows[i].alice);
		expect_answer(&w.t, &w.carol, rows[i].query, w.posts, rows[i].carol);
	}
	const struct account nobody = { .id = 0 };
	expect_answer(&w.t, &nobody, "fox", w.posts, "");
}

static void what_one_has_to_do_with_is_found(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	expect_answer(&w.t, &w.alice, "bear", w.posts, "");
	assert_int_equal(deed_on_status(&w.t, DO_LIKE, &w.alice, w.posts[2].id), RC_OK);
	expect_answer(&w.t, &w.alice, "bear", w.posts, "c");
	expect_answer(&w.t, &w.alice, "bear in:library", w.posts, "c");
	expect_answer(&w.t, &w.alice, "bear in:public", w.posts, "");
	assert_int_equal(deed_on_status(&w.t, DO_UNLIKE, &w.alice, w.posts[2].id), RC_OK);
	assert_int_equal(deed_on_status(&w.t, DO_BOOST, &w.alice, w.posts[2].id), RC_OK);
	expect_answer(&w.t, &w.alice, "bear", w.posts, "c");
}

struct keeping {
	const struct account *who, *other;
	uint64_t status;
};

static enum rc bookmark(struct social *s, void *arg)
{
	const struct keeping *k = arg;
	return act_bookmark(s, k->who, k->status);
}

static enum rc mute(struct social *s, void *arg)
{
	const struct keeping *k = arg;
	return act_mute(s, k->who, k->other, false, 0);
}

static enum rc silence(struct social *s, void *arg)
{
	const struct keeping *k = arg;
	return moderate_account(s, NULL, k->other->id,
				&(struct sentence){ .what = MODERATE_SILENCE }, NULL);
}

static void bookmarks_are_found_and_muted_people_are_not(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct keeping k = { &w.alice, &w.bob, w.posts[2].id };
	test_store_write(&w.t, bookmark, &k);
	expect_answer(&w.t, &w.alice, "bear", w.posts, "c");
	test_store_write(&w.t, mute, &k);
	expect_answer(&w.t, &w.alice, "fox", w.posts, "eba");
	expect_answer(&w.t, &w.carol, "fox", w.posts, "edba");
}

static void who_is_silenced_is_found_by_followers(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct keeping k = { .other = &w.bob };
	test_store_write(&w.t, silence, &k);
	expect_answer(&w.t, &w.alice, "fox", w.posts, "eba");
	test_store_follow(&w.t, &w.alice, &w.bob);
	expect_answer(&w.t, &w.alice, "fox", w.posts, "edba");
}

static void whom_one_blocks_is_not_heard_of(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	assert_int_equal(deed_on_account(&w.t, DO_BLOCK, &w.carol, &w.bob), RC_OK);
	expect_answer(&w.t, &w.carol, "fox", w.posts, "eba");
	assert_int_equal(deed_on_account(&w.t, DO_BLOCK, &w.alice, &w.carol), RC_OK);
	expect_answer(&w.t, &w.carol, "fox", w.posts, "");
}

static void what_is_edited_or_deleted_is_not_found_as_it_was(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct status changed = w.posts[0];
	changed.content = html_trusted(STR("<p>An elk</p>"));
	changed.edited_ms = w.t.d.clock.wall_ms;
	struct deed edit = { .verb = DO_EDIT, .actor = &w.alice, .changed = &changed };
	assert_int_equal(deed_do(&w.t, &edit), RC_OK);
	assert_int_equal(deed_on_status(&w.t, DO_DELETE, &w.alice, w.posts[4].id), RC_OK);
	/* gone at once, whatever the index knows */
	expect_answer(&w.t, &w.alice, "again", w.posts, "");
	take_all_up(&w.t);
	expect_answer(&w.t, &w.alice, "brown", w.posts, "");
	expect_answer(&w.t, &w.alice, "elk", w.posts, "a");
	assert_int_equal(test_store_rows(&w.t, &store_search_stale), 0);
	test_store_check(&w.t);
	/* nothing is left of it (S-078) */
	struct db_txn *txn = test_store_read(&w.t);
	struct search_walk walk;
	search_walk_open(&walk, txn, STR("again"));
	assert_int_equal(search_walk_seek(&walk, UINT64_MAX), 0);
	db_read_end(&txn);
}

static enum rc import(struct social *s, void *arg)
{
	struct world *w = arg;
	struct status made = { .type = STR("Note"),
			       .content = html_trusted(STR("<p>an ancient aurochs</p>")),
			       .origin = STR("https://old.example/1"),
			       .created_ms = db_txn_now(s->txn) - 400 * MS_PER_DAY };
	enum rc rc = act_import_post(s, &w->alice, &made);
	w->posts[5] = made;
	return rc;
}

static void what_was_brought_along_is_found(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_store_write(&w.t, import, &w);
	assert_true(w.posts[5].id < w.posts[0].id);
	take_all_up(&w.t);
	expect_answer(&w.t, &w.alice, "aurochs", w.posts, "f");
	expect_answer(&w.t, &w.alice, "aurochs before:2023-01-01", w.posts, "f");
	test_store_check(&w.t);
}

static void pages_follow_each_other(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	struct ctx ctx;
	uint64_t ids[SEARCH_LIMIT_MAX], posts[150];
	size_t n;
	test_store_init(&t);
	ctx = (struct ctx){ .arena = t.d.arena };
	struct account alice = test_store_local(&t, "alice");
	for (size_t i = 0; i < ARRAY_LEN(posts); i++)
		posts[i] = test_store_post(&t, &alice, VISIBILITY_PUBLIC, "tick tock", NULL).id;
	take_all_up(&t);
	const struct viewer viewer = { alice.id, true };
	struct search_page page = { .limit = 40, .max_id = posts[140] };
	struct db_txn *txn = test_store_read(&t);
	assert_int_equal(
		search_statuses(&ctx, txn, &t.site, viewer, STR("tock tick"), &page, ids, &n),
		RC_OK);
	assert_int_equal(n, 40);
	assert_int_equal(ids[0], posts[139]);
	assert_int_equal(ids[39], posts[100]);
	page = (struct search_page){ .limit = 40, .offset = 130 };
	assert_int_equal(search_statuses(&ctx, txn, &t.site, viewer, STR("tick"), &page, ids, &n),
			 RC_OK);
	assert_int_equal(n, 20);
	assert_int_equal(ids[19], posts[0]);
	page = (struct search_page){ .limit = 5, .min_id = posts[146] };
	assert_int_equal(search_statuses(&ctx, txn, &t.site, viewer, STR("tick"), &page, ids, &n),
			 RC_OK);
	assert_int_equal(n, 3);
	page = (struct search_page){ .limit = 5, .account = alice.id + 1 };
	assert_int_equal(search_statuses(&ctx, txn, &t.site, viewer, STR("tick"), &page, ids, &n),
			 RC_OK);
	assert_int_equal(n, 0);
	db_read_end(&txn);
	test_store_check(&t);
}

/* --- people --- */

static void expect_people(struct test_store *t, uint64_t viewer, const char *text, bool following,
			  const struct account *const *people, const char *expected)
{
	struct ctx ctx = { .arena = t->d.arena };
	const struct people_query query = { .text = str_of(text),
					    .viewer = { viewer, viewer != 0 },
					    .following = following,
					    .limit = 10 };
	uint64_t ids[SEARCH_LIMIT_MAX];
	char answer[16] = "";
	size_t n;
	struct db_txn *txn = test_store_read(t);
	assert_int_equal(search_accounts(&ctx, txn, &t->site, &query, ids, &n), RC_OK);
	db_read_end(&txn);
	for (size_t i = 0; i < n; i++) {
		answer[i] = '?';
		for (size_t k = 0; people[k] != NULL; k++) {
			if (people[k]->id == ids[i])
				answer[i] = (char)('a' + (char)k);
		}
	}
	answer[n] = '\0';
	if (strcmp(answer, expected) != 0)
		fail_msg("\"%s\" finds \"%s\"; expected: \"%s\"", text, answer, expected);
}

static enum rc rename_account(struct social *s, void *arg)
{
	return account_put(s->txn, s->ctx->arena, arg) ? RC_OK : RC_EXISTS;
}

static void groups_elsewhere_are_found_by_what_they_are_about(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account club = test_store_remote(&t, "club", "b.example");
	struct account carl = test_store_remote(&t, "carl", "b.example");
	const struct account *const people[] = { &club, &carl, NULL };
	struct str topics[] = { STR("Moss"), STR("Lichen") };
	club.topics = carl.topics = topics;
	club.topic_count = carl.topic_count = ARRAY_LEN(topics);
	club.kind = ACCOUNT_GROUP;
	test_store_write(&t, rename_account, &club);
	test_store_write(&t, rename_account, &carl);
	take_all_up(&t);
	expect_people(&t, 0, "mos", false, people, "a");
	expect_people(&t, 0, "club lichen", false, people, "a");
	expect_people(&t, 0, "moss tree", false, people, "");
	test_store_check(&t);
}

static void people_are_found_by_names_and_handles(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account ally = test_store_remote(&t, "Ally", "b.example");
	struct account alina = test_store_remote(&t, "alina", "b.example");
	const struct account *const people[] = { &alice, &ally, &alina, NULL };
	alice.display_name = STR("\303\211milie du Ch\303\242telet");
	test_store_write(&t, rename_account, &alice);
	take_all_up(&t);
	test_store_check(&t);
	expect_people(&t, 0, "al", false, people, "abc");
	expect_people(&t, 0, "emil", false, people, "a");
	expect_people(&t, 0, "chatel EM", false, people, "a");
	expect_people(&t, 0, "emilie ally", false, people, "");
	expect_people(&t, 0, "@ally@b.example", false, people, "b");
	expect_people(&t, 0, "ali b.ex", false, people, "c");
	expect_people(&t, 0, "@alice@example.org", false, people, "a");
	expect_people(&t, 0, "", false, people, "");
	/* followers count, and whom the viewer follows comes first */
	test_store_follow(&t, &alice, &alina);
	expect_people(&t, 0, "al", false, people, "cab");
	expect_people(&t, ally.id, "al", false, people, "cab");
	test_store_follow(&t, &ally, &alice);
	test_store_follow(&t, &alina, &alice);
	expect_people(&t, 0, "al", false, people, "acb");
	expect_people(&t, alice.id, "al", false, people, "cab");
	expect_people(&t, alice.id, "al", true, people, "c");
	/* exactly the name comes before all */
	expect_people(&t, alice.id, "ally", false, people, "b");
	alice.display_name = STR("Zo\303\253");
	test_store_write(&t, rename_account, &alice);
	take_all_up(&t);
	expect_people(&t, 0, "emil", false, people, "");
	expect_people(&t, 0, "zoe", false, people, "a");
	struct deed suspend = { .verb = DO_SUSPEND, .actor = &alice };
	assert_int_equal(deed_do(&t, &suspend), RC_OK);
	expect_people(&t, 0, "zoe", false, people, "");
	take_all_up(&t);
	test_store_check(&t);
}

/* --- what is named --- */

static void handles_and_addresses_are_told_from_words(void **state UNUSED)
{
	static const struct {
		const char *query;
		enum search_target_kind kind;
		const char *what;
	} rows[] = {
		{ "alice", SEARCH_WORDS, "" },
		{ "hello @alice", SEARCH_WORDS, "" },
		{ "@alice", SEARCH_HANDLE, "alice@" },
		{ " alice@example.org ", SEARCH_HANDLE, "alice@" },
		{ "@bob@B.example", SEARCH_HANDLE, "bob@b.example" },
		{ "bob@", SEARCH_WORDS, "" },
		{ "https://b.example/posts/1", SEARCH_ADDRESS, "https://b.example/posts/1" },
		{ "https://B.example", SEARCH_ADDRESS, "https://b.example/" },
		{ "https://b.example/ is great", SEARCH_WORDS, "" },
		{ "ftp://b.example/", SEARCH_WORDS, "" },
	};
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ctx ctx = { .arena = t.d.arena };
		struct search_target target;
		search_target_of(&ctx, &t.site, str_of(rows[i].query), &target);
		if (target.kind != rows[i].kind)
			fail_msg("\"%s\" is taken for another thing", rows[i].query);
		if (target.kind == SEARCH_HANDLE)
			assert_str_eq(arena_printf(t.d.arena, "%.*s@%.*s", STR_ARG(target.user),
						   STR_ARG(target.host)),
				      str_of(rows[i].what));
		if (target.kind == SEARCH_ADDRESS)
			assert_str_eq(target.uri, str_of(rows[i].what));
	}
}

static void expect_named(struct world *w, const struct account *who, struct str query,
			 uint64_t account, uint64_t status)
{
	struct ctx ctx = { .arena = w->t.d.arena };
	struct search_target target;
	const struct viewer viewer = { who->id, true };
	search_target_of(&ctx, &w->t.site, query, &target);
	struct db_txn *txn = test_store_read(&w->t);
	struct search_hit hit = search_known(&ctx, txn, &w->t.site, viewer, &target);
	db_read_end(&txn);
	assert_int_equal(hit.account, account);
	assert_int_equal(hit.status, status);
}

static void what_is_named_is_found_where_it_may_be_seen(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct account dave = test_store_local(&w.t, "dave");
	expect_named(&w, &dave, STR("@bob@b.example"), w.bob.id, 0);
	expect_named(&w, &dave, w.bob.uri, w.bob.id, 0);
	expect_named(&w, &dave, STR("https://social.example.org/@alice"), w.alice.id, 0);
	expect_named(&w, &dave, w.posts[0].uri, 0, w.posts[0].id);
	expect_named(&w, &dave, w.posts[0].url, 0, w.posts[0].id);
	expect_named(&w, &dave, STR("https://b.example/posts/fox"), 0, w.posts[3].id);
	expect_named(&w, &dave, w.posts[1].uri, 0, 0);
	expect_named(&w, &w.carol, w.posts[1].uri, 0, w.posts[1].id);
	expect_named(&w, &dave, STR("https://b.example/posts/none"), 0, 0);
	expect_named(&w, &dave, STR("fox"), 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(questions_find_what_they_mean),
		cmocka_unit_test(what_one_has_to_do_with_is_found),
		cmocka_unit_test(bookmarks_are_found_and_muted_people_are_not),
		cmocka_unit_test(who_is_silenced_is_found_by_followers),
		cmocka_unit_test(whom_one_blocks_is_not_heard_of),
		cmocka_unit_test(what_is_edited_or_deleted_is_not_found_as_it_was),
		cmocka_unit_test(what_was_brought_along_is_found),
		cmocka_unit_test(pages_follow_each_other),
		cmocka_unit_test(people_are_found_by_names_and_handles),
		cmocka_unit_test(groups_elsewhere_are_found_by_what_they_are_about),
		cmocka_unit_test(handles_and_addresses_are_told_from_words),
		cmocka_unit_test(what_is_named_is_found_where_it_may_be_seen),
	};
	return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}
