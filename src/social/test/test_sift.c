/* What the sieve makes of posts: counted, marked, limited, held, refused. */
#include "siftkit.h"
#include "store/report.h"
#include "store/tables.h"
#include "store/usage.h"

/* --- rules --- */

static void only_who_may_makes_rules(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	w.row = (struct sieve_row){ .text = STR("hold when remote") };
	w.moderator = &w.alice;
	assert_int_equal(test_store_try(&w.t, put_act, &w), RC_DENIED);
	w.moderator = &w.mod;
	assert_int_equal(test_store_try(&w.t, put_act, &w), RC_OK);
	assert_int_equal(w.row.position, 1);
	assert_int_equal(w.row.by, w.mod.id);
	w.row.text = STR("hold when");
	assert_int_equal(test_store_try(&w.t, put_act, &w), RC_INVALID);
}

static void another_text_begins_in_the_shadow(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	uint64_t id = rule_add(&w, "hold when remote", SIEVE_LIVE);
	w.row = (struct sieve_row){ .id = id, .position = 7 };
	test_store_write(&w.t, put_act, &w);
	assert_int_equal(w.row.mode, SIEVE_LIVE);
	assert_int_equal(w.row.position, 7);
	w.row = (struct sieve_row){ .id = id, .text = STR("hold when local") };
	test_store_write(&w.t, put_act, &w);
	assert_int_equal(w.row.mode, SIEVE_SHADOW);
	assert_int_equal(w.row.revision, 2);
}

static void the_shadow_counts_and_does_nothing(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	uint64_t rule = rule_add(&w, "hold when remote and mentions > 0", SIEVE_SHADOW);
	uint64_t off = rule_add(&w, "hold when remote", SIEVE_OFF);
	struct status post = from_bob(&w, "hello alice");
	assert_true(is_seen(&w, NULL, post.id));
	assert_int_equal(notices(&w, &w.alice), 1);
	assert_int_equal(today(&w, rule).shadow, 1);
	assert_int_equal(today(&w, rule).live, 0);
	assert_int_equal(today(&w, off).shadow, 0);
	test_store_post(&w.t, &w.alice, VISIBILITY_PUBLIC, "mine", NULL);
	assert_int_equal(today(&w, rule).shadow, 1);
}

/* --- what rules do --- */

static void what_is_held_is_seen_by_nobody(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_store_follow(&w.t, &w.alice, &w.bob);
	size_t before = notices(&w, &w.alice);
	uint64_t rule = rule_add(&w, "hold \"new\" when remote", SIEVE_LIVE);
	struct status post = from_bob(&w, "hello alice");
	assert_int_not_equal(post.flags & STATUS_HELD, 0);
	assert_false(is_seen(&w, NULL, post.id));
	assert_false(is_seen(&w, &w.alice, post.id));
	assert_int_equal(in_timeline(&w, &w.alice), 0);
	assert_int_equal(notices(&w, &w.alice), before);
	assert_int_equal(held(&w), 1);
	assert_int_equal(today(&w, rule).live, 1);
	struct sieve_mark mark = mark_of(&w, post.id);
	assert_int_equal(mark.hit_count, 1);
	assert_int_equal(mark.hits[0].rule, rule);
	assert_true(str_eq(mark.hits[0].label, STR("new")));
}

static void what_is_released_happens_then(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct status mine = test_store_post(&w.t, &w.alice, VISIBILITY_PUBLIC, "mine", NULL);
	rule_add(&w, "hold when remote", SIEVE_LIVE);
	struct status reply = { .uri = STR("https://b.example/1"),
				.type = STR("Note"),
				.content = html_trusted(STR("<p>an answer</p>")),
				.parent_uri = mine.uri,
				.visibility = VISIBILITY_PUBLIC,
				.created_ms = 1 };
	struct status_mention mention = { .uri = w.alice.uri, .handle = STR("alice@example.org") };
	reply.mentions = &mention;
	reply.mention_count = 1;
	struct deed deed = { .verb = DO_RECEIVE, .actor = &w.bob, .changed = &reply };
	assert_int_equal(deed_do(&w.t, &deed), RC_OK);
	assert_int_equal(notices(&w, &w.alice), 0);
	w.id = reply.id;
	w.moderator = &w.alice;
	assert_int_equal(test_store_try(&w.t, release_act, &w), RC_DENIED);
	w.moderator = &w.mod;
	assert_int_equal(test_store_try(&w.t, release_act, &w), RC_OK);
	assert_true(is_seen(&w, NULL, reply.id));
	assert_int_equal(notices(&w, &w.alice), 1);
	assert_int_equal(held(&w), 0);
	struct status now = test_store_status(&w.t, reply.id);
	assert_int_equal(now.parent, mine.id);
	assert_int_equal(now.root, mine.id);
	assert_int_equal(mark_of(&w, reply.id).state, SIEVE_RELEASED);
	assert_int_equal(mark_of(&w, reply.id).decided_by, w.mod.id);
	assert_int_equal(test_store_try(&w.t, release_act, &w), RC_NOT_FOUND);
}

/* A harmless text is shown, and another one would be seen by everybody. */
static void what_was_changed_meanwhile_is_not_released(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	rule_add(&w, "hold when remote and not edit", SIEVE_LIVE);
	struct status post = from_bob(&w, "good morning");
	w.id = post.id;
	w.seen_ms = mark_of(&w, post.id).changed_ms;
	assert_int_not_equal(w.seen_ms, 0);
	post.edited_ms = post.created_ms + 1;
	post.content = html_trusted(STR("<p>buy pills</p>"));
	struct deed deed = { .verb = DO_EDIT, .actor = &w.bob, .changed = &post };
	assert_int_equal(deed_do(&w.t, &deed), RC_OK);
	assert_int_equal(test_store_try(&w.t, release_act, &w), RC_CONFLICT);
	assert_false(is_seen(&w, NULL, post.id));
	w.seen_ms = mark_of(&w, post.id).changed_ms;
	assert_int_equal(test_store_try(&w.t, release_act, &w), RC_OK);
	assert_true(is_seen(&w, NULL, post.id));
}

static void what_is_refused_is_gone(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	rule_add(&w, "hold when remote", SIEVE_LIVE);
	struct status post = from_bob(&w, "buy our wonderful pills now and be happy");
	w.id = post.id;
	assert_int_equal(test_store_try(&w.t, refuse_act, &w), RC_OK);
	assert_int_equal(held(&w), 0);
	assert_int_equal(test_store_rows(&w.t, &store_sieve_mark), 0);
	assert_int_equal(test_store_rows(&w.t, &store_status), 0);
	struct db_txn *txn = test_store_read(&w.t);
	assert_int_equal(word_totals_get(txn).removed_posts, 1);
	db_read_end(&txn);
}

static void a_local_post_that_is_held_is_told_to_nobody_until_then(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_store_follow(&w.t, &w.bob, &w.alice);
	rule_add(&w, "hold when local and word has \"secret\"", SIEVE_LIVE);
	test_store_forget_jobs(&w.t);
	struct status post =
		test_store_post(&w.t, &w.alice, VISIBILITY_PUBLIC, "a secret", &w.mod, NULL);
	struct federate jobs[4];
	assert_int_equal(test_store_jobs(&w.t, jobs, ARRAY_LEN(jobs)), 0);
	assert_false(is_seen(&w, &w.mod, post.id));
	assert_true(is_seen(&w, &w.alice, post.id));
	assert_int_equal(notices(&w, &w.mod), 0);
	w.id = post.id;
	assert_int_equal(test_store_try(&w.t, release_act, &w), RC_OK);
	assert_true(is_seen(&w, &w.mod, post.id));
	assert_int_equal(notices(&w, &w.mod), 1);
	assert_int_equal(test_store_jobs(&w.t, jobs, ARRAY_LEN(jobs)), 1);
	assert_int_equal(jobs[0].what, FEDERATE_CREATE);
}

static void what_is_rejected_leaves_nothing_but_a_count(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	uint64_t rule = rule_add(&w, "reject when host is \"b.example\"", SIEVE_LIVE);
	struct status post = { .uri = STR("https://b.example/1"),
			       .type = STR("Note"),
			       .content = html_trusted(STR("<p>hello</p>")),
			       .created_ms = 1 };
	struct deed deed = { .verb = DO_RECEIVE, .actor = &w.bob, .changed = &post };
	/* as if it were known: the activity was taken, and has no effect */
	assert_int_equal(deed_do(&w.t, &deed), RC_EXISTS);
	assert_int_equal(test_store_rows(&w.t, &store_status), 0);
	assert_int_equal(test_store_rows(&w.t, &store_sieve_fit), 0);
	(void)rule;
}

static void what_is_limited_is_for_followers(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_store_follow(&w.t, &w.mod, &w.bob);
	rule_add(&w, "limit when remote", SIEVE_LIVE);
	size_t before = notices(&w, &w.mod);
	struct status post =
		test_store_post(&w.t, &w.bob, VISIBILITY_PUBLIC, "hello", &w.alice, &w.mod, NULL);
	assert_true(is_seen(&w, NULL, post.id));
	assert_int_equal(notices(&w, &w.alice), 0);
	assert_int_equal(notices(&w, &w.mod), before + 1);
	assert_int_equal(in_timeline(&w, &w.alice), 0);
	assert_int_equal(in_timeline(&w, &w.mod), 1);
}

static void a_flag_is_a_report_of_the_node(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct report reports[4];
	world_init(&w);
	rule_add(&w, "flag \"pills\" when word has \"pills\"", SIEVE_LIVE);
	struct status post = from_bob(&w, "buy pills");
	struct db_txn *txn = test_store_read(&w.t);
	assert_int_equal(report_list(txn, w.t.d.arena, 0, reports, ARRAY_LEN(reports)), 1);
	db_read_end(&txn);
	assert_int_equal(reports[0].target, w.bob.id);
	assert_int_equal(reports[0].category, REPORT_SPAM);
	assert_false(reports[0].forwarded);
	assert_true(str_contains(reports[0].comment, STR("pills")));
	assert_true(str_eq(reports[0].objects[0], post.uri));
	assert_true(is_seen(&w, NULL, post.id));
}

/* Behind as many links as a post has room for stands the one that matters. */
static void no_link_hides_behind_others(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct buf text CLEANUP(buf_free) = BUF_INIT(1 << 17);
	world_init(&w);
	uint64_t rule = rule_add(&w, "hold when link has \"spam.example\"", SIEVE_LIVE);
	uint64_t many = rule_add(&w, "tag \"many\" when links = 301", SIEVE_LIVE);
	for (int i = 0; i < 250; i++)
		buf_add(&text, STR("<a href=\"https://social.example.org/@alice\" "
				   "class=\"mention\">@alice</a>"));
	for (int i = 0; i < 300; i++)
		buf_addf(&text, "<a href=\"https://a%d.example/\">x</a>", i);
	buf_add(&text, STR("<a href=\"https://www.spam.example/\">x</a>"));
	struct status_mention mention = { .uri = w.alice.uri, .handle = STR("alice@example.org") };
	struct status post = { .uri = STR("https://b.example/1"),
			       .type = STR("Note"),
			       .content = html_trusted(buf_str(&text)),
			       .mentions = &mention,
			       .mention_count = 1,
			       .visibility = VISIBILITY_PUBLIC,
			       .created_ms = 1 };
	struct deed deed = { .verb = DO_RECEIVE, .actor = &w.bob, .changed = &post };
	assert_int_equal(deed_do(&w.t, &deed), RC_OK);
	assert_int_equal(today(&w, rule).live, 1);
	assert_int_equal(today(&w, many).live, 1);
	assert_int_equal(held(&w), 1);
}

static void the_strictest_counts(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	rule_add(&w, "hold when remote", SIEVE_LIVE);
	rule_add(&w, "tag \"links\" when remote", SIEVE_LIVE);
	rule_add(&w, "reject when remote", SIEVE_SHADOW);
	struct status post = from_bob(&w, "hello");
	assert_int_not_equal(post.flags & STATUS_HELD, 0);
	assert_int_equal(mark_of(&w, post.id).hit_count, 2);
}

/* --- edits --- */

static struct status edited(const struct status *post, const char *markup, uint64_t at_ms)
{
	struct status next = *post;
	next.content = html_trusted(str_of(markup));
	next.edited_ms = at_ms;
	return next;
}

static void an_edit_is_asked_about_too(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	rule_add(&w, "hold when word has \"pills\"", SIEVE_LIVE);
	struct status post = from_bob(&w, "harmless");
	size_t before = notices(&w, &w.alice);
	struct status next = edited(&post, "<p>pills</p>", 9);
	struct deed deed = { .verb = DO_EDIT, .actor = &w.bob, .changed = &next };
	assert_int_equal(deed_do(&w.t, &deed), RC_OK);
	assert_false(is_seen(&w, NULL, post.id));
	assert_true(mark_of(&w, post.id).edited);
	/* it does not come out by itself */
	next = edited(&post, "<p>harmless</p>", 10);
	assert_int_equal(deed_do(&w.t, &deed), RC_OK);
	assert_false(is_seen(&w, NULL, post.id));
	w.id = post.id;
	assert_int_equal(test_store_try(&w.t, release_act, &w), RC_OK);
	assert_true(is_seen(&w, NULL, post.id));
	assert_int_equal(notices(&w, &w.alice), before);
}

/* --- time --- */

static void what_was_held_too_long_is_decided_of(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	rule_add(&w, "hold when remote", SIEVE_LIVE);
	struct status first = from_bob(&w, "one");
	w.settings =
		(struct sift_settings){ .held_ms = MS_PER_DAY, .held_then = HELD_THEN_RELEASE };
	test_store_write(&w.t, held_act, &w);
	assert_int_equal(held(&w), 1);
	test_clock_advance(&w.t.d.clock, 2 * MS_PER_DAY);
	struct status second = from_bob(&w, "two");
	test_store_write(&w.t, held_act, &w);
	assert_int_equal(held(&w), 1);
	assert_true(is_seen(&w, NULL, first.id));
	assert_false(is_seen(&w, NULL, second.id));
	test_clock_advance(&w.t.d.clock, 2 * MS_PER_DAY);
	w.settings.held_then = HELD_THEN_REFUSE;
	test_store_write(&w.t, held_act, &w);
	assert_int_equal(held(&w), 0);
	assert_int_equal(test_store_rows(&w.t, &store_status), 1);
}

/* Nobody has judged it: the classifier is none the wiser. */
static void what_time_decides_teaches_nothing(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	rule_add(&w, "hold when remote", SIEVE_LIVE);
	from_bob(&w, "one");
	test_clock_advance(&w.t.d.clock, 2 * MS_PER_DAY);
	w.settings =
		(struct sift_settings){ .held_ms = MS_PER_DAY, .held_then = HELD_THEN_RELEASE };
	test_store_write(&w.t, held_act, &w);
	from_bob(&w, "two");
	test_clock_advance(&w.t.d.clock, 2 * MS_PER_DAY);
	w.settings.held_then = HELD_THEN_REFUSE;
	test_store_write(&w.t, held_act, &w);
	assert_int_equal(held(&w), 0);
	assert_int_equal(test_store_rows(&w.t, &store_learned_word), 0);
	struct db_txn *txn = test_store_read(&w.t);
	struct word_totals t = word_totals_get(txn);
	db_read_end(&txn);
	assert_int_equal(t.kept_posts + t.removed_posts, 0);
}

/* Those that are looked at first are no hindrance, and no edit puts the end off. */
static void edits_keep_nothing_from_its_end(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	rule_add(&w, "hold when remote and not edit", SIEVE_LIVE);
	rule_add(&w, "hold \"again\" when edit", SIEVE_LIVE);
	struct status early = from_bob(&w, "early");
	struct sieve_mark mark = mark_of(&w, early.id);
	test_clock_advance(&w.t.d.clock, MS_PER_DAY);
	early.edited_ms = early.created_ms + MS_PER_DAY;
	early.content = html_trusted(STR("<p>changed</p>"));
	struct deed deed = { .verb = DO_EDIT, .actor = &w.bob, .changed = &early };
	assert_int_equal(deed_do(&w.t, &deed), RC_OK);
	assert_int_equal(mark_of(&w, early.id).at_ms, mark.at_ms);
	assert_int_equal(mark_of(&w, early.id).hit_count, 2);
	w.settings = (struct sift_settings){ .held_ms = 3 * MS_PER_DAY };
	test_clock_advance(&w.t.d.clock, 2 * MS_PER_DAY + 1);
	for (int i = 0; i < 60; i++)
		from_bob(&w, "late");
	test_store_write(&w.t, held_act, &w);
	assert_int_equal(test_store_rows(&w.t, &store_sieve_held), 60);
	/* the others are behind those that were looked at */
	uint64_t after = w.after;
	assert_int_not_equal(after, 0);
	test_store_write(&w.t, held_act, &w);
	assert_int_equal(w.after, 0);
	/* as young as they are, they end when their time has come, all of them */
	test_clock_advance(&w.t.d.clock, 4 * MS_PER_DAY);
	do
		test_store_write(&w.t, held_act, &w);
	while (w.after != 0);
	assert_int_equal(test_store_rows(&w.t, &store_sieve_held), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_who_may_makes_rules),
		cmocka_unit_test(another_text_begins_in_the_shadow),
		cmocka_unit_test(the_shadow_counts_and_does_nothing),
		cmocka_unit_test(what_is_held_is_seen_by_nobody),
		cmocka_unit_test(what_is_released_happens_then),
		cmocka_unit_test(what_was_changed_meanwhile_is_not_released),
		cmocka_unit_test(what_is_refused_is_gone),
		cmocka_unit_test(a_local_post_that_is_held_is_told_to_nobody_until_then),
		cmocka_unit_test(what_is_rejected_leaves_nothing_but_a_count),
		cmocka_unit_test(what_is_limited_is_for_followers),
		cmocka_unit_test(a_flag_is_a_report_of_the_node),
		cmocka_unit_test(no_link_hides_behind_others),
		cmocka_unit_test(the_strictest_counts),
		cmocka_unit_test(an_edit_is_asked_about_too),
		cmocka_unit_test(what_was_held_too_long_is_decided_of),
		cmocka_unit_test(what_time_decides_teaches_nothing),
		cmocka_unit_test(edits_keep_nothing_from_its_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
