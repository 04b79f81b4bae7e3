/* What the sieve makes of posts: counted, marked, limited, held, refused; waves; learning. */
#include "social/sift.h"

#include "deed.h"
#include "social/moderate.h"
#include "social/sifter.h"
#include "social/timeline.h"
#include "store/report.h"
#include "store/tables.h"
#include "store/usage.h"

struct world {
	struct test_store t;
	struct account alice, bob, mod;
	/* of the act */
	const struct account *moderator;
	struct sieve_row row;
	enum sieve_mode mode;
	uint64_t id, seen_ms; /* 0: it was seen as it is */
	struct wave_wish wish;
	struct sift_settings settings;
};

static enum rc give_role(struct social *s, void *arg)
{
	const struct world *w = arg;
	role_give(s->txn, w->mod.id, ROLE_ADMIN);
	return db_txn_rc(s->txn);
}

static void world_init(struct world *w)
{
	*w = (struct world){ .id = 0 };
	test_store_init(&w->t);
	w->alice = test_store_local(&w->t, "alice");
	w->mod = test_store_local(&w->t, "mod");
	w->bob = test_store_remote(&w->t, "bob", "b.example");
	test_store_write(&w->t, give_role, w);
}

static void world_free(struct world *w)
{
	test_store_check(&w->t);
	test_store_free(&w->t);
}

/* --- acts --- */

static enum rc put_act(struct social *s, void *arg)
{
	struct world *w = arg;
	return sift_rule_put(s, w->moderator, &w->row);
}

static enum rc mode_act(struct social *s, void *arg)
{
	const struct world *w = arg;
	return sift_rule_mode(s, w->moderator, w->row.id, w->mode);
}

static enum rc release_act(struct social *s, void *arg)
{
	const struct world *w = arg;
	return held_release(s, w->moderator, w->id, w->seen_ms != 0 ? w->seen_ms : HELD_SEEN_ANY);
}

static enum rc refuse_act(struct social *s, void *arg)
{
	const struct world *w = arg;
	return held_refuse(s, w->moderator, w->id, HELD_SEEN_ANY);
}

static enum rc wave_act(struct social *s, void *arg)
{
	struct world *w = arg;
	return wave_begin(s, w->moderator, &w->wish, &w->id);
}

static enum rc undo_act(struct social *s, void *arg)
{
	const struct world *w = arg;
	return wave_undo(s, w->moderator, w->id);
}

static enum rc step_act(struct social *s, void *arg)
{
	const struct world *w = arg;
	uint64_t due_ms;
	enum rc rc = wave_step(s, w->id, &due_ms);
	return rc == RC_BUSY ? db_txn_rc(s->txn) : rc;
}

static enum rc held_act(struct social *s, void *arg)
{
	const struct world *w = arg;
	return sifter_held_step(s, &w->settings);
}

static uint64_t rule_add(struct world *w, const char *text, enum sieve_mode mode)
{
	w->row = (struct sieve_row){ .text = str_of(text) };
	test_store_write(&w->t, put_act, w);
	assert_int_equal(w->row.mode, SIEVE_SHADOW);
	w->mode = mode;
	test_store_write(&w->t, mode_act, w);
	return w->row.id;
}

/* --- looking --- */

static struct sieve_count today(struct world *w, uint64_t rule)
{
	struct sieve_count count = { 0 };
	struct db_txn *txn = test_store_read(&w->t);
	sieve_count_list(txn, rule, 0, &count, 1);
	db_read_end(&txn);
	return count;
}

static bool is_seen(struct world *w, const struct account *by, uint64_t id)
{
	struct db_txn *txn = test_store_read(&w->t);
	struct viewer viewer = { by != NULL ? by->id : 0, by != NULL && account_is_local(by) };
	struct status status;
	struct account author;
	bool seen = status_get(txn, w->t.d.arena, id, &status) &&
		    account_get(txn, w->t.d.arena, status.account, &author) &&
		    may_see(txn, viewer, &status, &author);
	db_read_end(&txn);
	return seen;
}

static size_t in_timeline(struct world *w, const struct account *by)
{
	const struct timeline_wish wish = { .of = TIMELINE_OF_ALL };
	const struct id_range range = { .max_id = 0 };
	struct viewer viewer = { by->id, true };
	uint64_t ids[8];
	struct db_txn *txn = test_store_read(&w->t);
	size_t n = timeline_read(txn, w->t.d.arena, viewer, &wish, &range, ids, ARRAY_LEN(ids));
	db_read_end(&txn);
	return n;
}

static size_t notices(struct world *w, const struct account *of)
{
	struct notice list[16];
	return test_store_notices(&w->t, of->id, list, ARRAY_LEN(list));
}

static size_t held(struct world *w)
{
	uint64_t ids[16];
	struct db_txn *txn = test_store_read(&w->t);
	size_t n = sieve_held(txn, 0, 0, ids, ARRAY_LEN(ids));
	db_read_end(&txn);
	return n;
}

static struct sieve_mark mark_of(struct world *w, uint64_t id)
{
	struct sieve_mark mark;
	struct db_txn *txn = test_store_read(&w->t);
	sieve_mark_get(txn, w->t.d.arena, id, &mark);
	db_read_end(&txn);
	return mark;
}

static struct status from_bob(struct world *w, const char *text)
{
	return test_store_post(&w->t, &w->bob, VISIBILITY_PUBLIC, text, &w->alice, NULL);
}

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

/* --- waves --- */

#define SPAM "buy our wonderful pills now and be happy for ever and ever number"

static void a_wave_is_rolled_back_and_shown_again(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct wave_preview preview;
	world_init(&w);
	struct account eve = test_store_remote(&w.t, "eve", "sub.spam.example");
	struct status posts[3], other = from_bob(&w, "something else that is of no interest");
	for (int i = 0; i < 3; i++)
		posts[i] = test_store_post(&w.t, &eve, VISIBILITY_PUBLIC, SPAM, NULL);
	w.wish = (struct wave_wish){ .host = STR("spam.example") };
	struct db_txn *txn = test_store_read(&w.t);
	struct ctx ctx = { .arena = w.t.d.arena };
	assert_int_equal(wave_look(txn, &ctx, &w.wish, &preview), RC_OK);
	db_read_end(&txn);
	assert_int_equal(preview.posts, 3);
	assert_true(preview.complete);
	assert_int_equal(preview.host_count, 1);
	w.moderator = &w.alice;
	assert_int_equal(test_store_try(&w.t, wave_act, &w), RC_DENIED);
	w.moderator = &w.mod;
	test_store_write(&w.t, wave_act, &w);
	test_store_write(&w.t, step_act, &w);
	assert_true(is_seen(&w, NULL, other.id));
	for (int i = 0; i < 3; i++)
		assert_false(is_seen(&w, NULL, posts[i].id));
	txn = test_store_read(&w.t);
	assert_int_equal(word_totals_get(txn).removed_posts, 3);
	db_read_end(&txn);
	test_store_write(&w.t, undo_act, &w);
	test_store_write(&w.t, step_act, &w);
	for (int i = 0; i < 3; i++)
		assert_true(is_seen(&w, NULL, posts[i].id));
	txn = test_store_read(&w.t);
	assert_int_equal(word_totals_get(txn).removed_posts, 0);
	assert_int_equal(word_totals_get(txn).words, 0);
	db_read_end(&txn);
	assert_int_equal(test_store_try(&w.t, undo_act, &w), RC_OK);
}

static void a_wave_is_deleted_when_its_time_is_over(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	uint64_t rule = rule_add(&w, "hold when remote", SIEVE_LIVE);
	from_bob(&w, "one");
	test_store_post(&w.t, &w.alice, VISIBILITY_PUBLIC, "mine", NULL);
	w.wish = (struct wave_wish){ .rule = rule };
	test_store_write(&w.t, wave_act, &w);
	test_store_write(&w.t, step_act, &w);
	assert_int_equal(held(&w), 0);
	test_clock_advance(&w.t.d.clock, w.t.site.wave_undo_ms + 1);
	assert_int_equal(test_store_try(&w.t, undo_act, &w), RC_CONFLICT);
	test_store_write(&w.t, step_act, &w);
	assert_int_equal(test_store_rows(&w.t, &store_status), 1);
	assert_int_equal(test_store_rows(&w.t, &store_wave_item), 0);
}

static void what_waited_waits_again(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	uint64_t rule = rule_add(&w, "hold when remote", SIEVE_LIVE);
	from_bob(&w, "one");
	w.wish = (struct wave_wish){ .rule = rule };
	test_store_write(&w.t, wave_act, &w);
	test_store_write(&w.t, step_act, &w);
	test_store_write(&w.t, undo_act, &w);
	test_store_write(&w.t, step_act, &w);
	assert_int_equal(held(&w), 1);
}

static void a_wave_is_of_something(void **state UNUSED)
{
	static const struct wave_wish wishes[] = {
		{ .from_ms = 1 },
		{ .host = STR_INIT("a.example"), .likeness = 101 },
		{ .host = STR_INIT("a.example"), .from_ms = 1 },
	};
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (size_t i = 0; i < ARRAY_LEN(wishes); i++) {
		w.wish = wishes[i];
		assert_int_equal(test_store_try(&w.t, wave_act, &w), RC_INVALID);
	}
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
		cmocka_unit_test(the_strictest_counts),
		cmocka_unit_test(an_edit_is_asked_about_too),
		cmocka_unit_test(what_was_held_too_long_is_decided_of),
		cmocka_unit_test(a_wave_is_rolled_back_and_shown_again),
		cmocka_unit_test(a_wave_is_deleted_when_its_time_is_over),
		cmocka_unit_test(what_waited_waits_again),
		cmocka_unit_test(a_wave_is_of_something),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
