/* Strikes and appeals, the letters that tell of them, the record of acts. */
#include "../statement_int.h"
#include "core/clock.h"
#include "core/date.h"
#include "social/audit.h"
#include "store/tables.h"
#include "strikekit.h"

static enum rc appeal_run(struct social *s, struct world *w)
{
	return appeal_file(s, w->target, w->strike, w->text);
}

static enum rc appeal(struct world *w, int who, const char *text)
{
	w->text = str_of(text);
	return world_act(w, -1, who, appeal_run);
}

static enum rc decide_run(struct social *s, struct world *w)
{
	return appeal_decide(s, w->moderator, w->strike, w->approve);
}

static enum rc decide(struct world *w, int moderator, bool approve)
{
	w->approve = approve;
	return world_act(w, moderator, -1, decide_run);
}

static struct strike strike_of(struct world *w)
{
	struct strike strike;
	struct db_txn *txn = test_store_read(&w->t);
	assert_true(strike_get(txn, w->t.d.arena, w->strike, &strike));
	db_read_end(&txn);
	return strike;
}

/* The only letter that waits, as it would be sent. */
static struct statement letter(struct world *w, enum statement_about about, int to)
{
	struct waiting found = world_jobs(w, JOB_STATEMENT);
	struct ctx ctx = { .arena = w->t.d.arena };
	struct statement_job job;
	struct statement statement;
	assert_int_equal(found.count, 1);
	assert_true(statement_job_decode(found.payload[0], &job));
	assert_int_equal(job.about, about);
	assert_int_equal(job.to, w->who[to].id);
	struct db_txn *txn = test_store_read(&w->t);
	assert_int_equal(statement_compose(&ctx, txn, &w->t.site, &job, &statement), RC_OK);
	db_read_end(&txn);
	test_store_forget_jobs(&w->t);
	return statement;
}

static void says(const struct statement *statement, const char *text)
{
	if (!str_contains(statement->letter.text, str_of(text)))
		fail_msg("the letter does not say \"%s\": %.*s", text,
			 STR_ARG(statement->letter.text));
}

/* --- strikes --- */

static void every_act_leaves_a_strike_and_is_told(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	w.sentence.text = STR("Please be kind.");
	assert_int_equal(sentence(&w, ANN, MODERATE_NONE), RC_OK);
	struct strike strike = strike_of(&w);
	assert_int_equal(strike.account, w.who[ANN].id);
	assert_int_equal(strike.moderator, w.who[MODERATOR].id);
	assert_int_equal(strike.action, MODERATE_NONE);
	assert_str_eq(strike.text, STR("Please be kind."));
	assert_int_equal(strike.appeal_until_ms, TEST_DB_WALL_MS + w.t.site.appeal_ms);
	struct notice notice;
	assert_int_equal(test_store_notices(&w.t, w.who[ANN].id, &notice, 1), 1);
	assert_int_equal(notice.kind, NOTICE_WARNING);
	assert_int_equal(notice.about, w.strike);
	struct statement told = letter(&w, STATEMENT_STRIKE, ANN);
	assert_str_eq(told.letter.to, STR("ann@example.org"));
	says(&told, "you are warned");
	says(&told, "Please be kind.");
	says(&told, "A person has decided this");
	says(&told, "appeal until 2023-12-04");
	says(&told, "https://social.example.org/disputes/appeal?token=");
	assert_true(told.has_ticket);
	/* all of that day, wherever Ann is */
	assert_int_equal(told.ticket.ends_ms, UINT64_C(1701777600000)); /* 2023-12-05T12:00Z */
	/* the same once more is another strike; a quiet one is no letter */
	w.sentence.quiet = true;
	assert_int_equal(sentence(&w, ANN, MODERATE_SILENCE), RC_OK);
	assert_int_equal(sentence(&w, ANN, MODERATE_SILENCE), RC_OK);
	assert_int_equal(test_store_rows(&w.t, &store_strike), 3);
	assert_int_equal(world_jobs(&w, JOB_STATEMENT).count, 0);
}

static void who_is_elsewhere_is_told_nothing(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	assert_int_equal(sentence(&w, BOB, MODERATE_SUSPEND), RC_OK);
	assert_int_equal(world_jobs(&w, JOB_STATEMENT).count, 0);
	assert_int_equal(test_store_rows(&w.t, &store_notice), 0);
	assert_int_equal(strike_of(&w).appeal_until_ms, 0);
}

static enum rc preset_run(struct social *s, struct world *w)
{
	w->preset.id = preset_put(s->txn, &w->preset);
	return db_txn_rc(s->txn);
}

static void reasons_come_from_presets(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	w.preset = (struct preset){ 0, STR_INIT("Spam"), STR_INIT("No spam here.") };
	assert_int_equal(world_act(&w, -1, -1, preset_run), RC_OK);
	w.sentence.preset = w.preset.id;
	assert_int_equal(sentence(&w, ANN, MODERATE_NONE), RC_OK);
	assert_str_eq(strike_of(&w).text, STR("No spam here."));
	w.sentence.text = STR("Not even yours.");
	assert_int_equal(sentence(&w, ANN, MODERATE_NONE), RC_OK);
	assert_str_eq(strike_of(&w).text, STR("No spam here.\n\nNot even yours."));
	w.sentence.preset++;
	assert_int_equal(sentence(&w, ANN, MODERATE_NONE), RC_NOT_FOUND);
}

static void posts_are_covered_and_peers_hear_of_it(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct status post = test_store_post(&w.t, &w.who[ANN], VISIBILITY_PUBLIC, "look", NULL);
	test_store_forget_jobs(&w.t);
	w.sentence.quiet = true;
	assert_int_equal(sentence(&w, ANN, MODERATE_MARK_STATUSES), RC_INVALID);
	w.sentence.statuses = &post.id;
	w.sentence.status_count = 1;
	assert_int_equal(sentence(&w, CAT, MODERATE_MARK_STATUSES), RC_NOT_FOUND);
	assert_int_equal(sentence(&w, ANN, MODERATE_MARK_STATUSES), RC_OK);
	assert_true((test_store_status(&w.t, post.id).flags & STATUS_SENSITIVE) != 0);
	deed_told(&w.t, FEDERATE_UPDATE);
	assert_int_equal(strike_of(&w).statuses[0], post.id);
	/* an appeal uncovers them */
	assert_int_equal(appeal(&w, ANN, "it is a cat"), RC_OK);
	test_store_forget_jobs(&w.t);
	assert_int_equal(decide(&w, ADMIN, true), RC_OK);
	assert_int_equal(test_store_status(&w.t, post.id).flags & STATUS_SENSITIVE, 0);
	struct federate told[4];
	assert_int_equal(test_store_jobs(&w.t, told, 4), 1);
	assert_int_equal(told[0].what, FEDERATE_UPDATE);
}

static void posts_of_others_are_covered_here_alone(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct status post = test_store_post(&w.t, &w.who[BOB], VISIBILITY_PUBLIC, "look", NULL);
	test_store_forget_jobs(&w.t);
	w.sentence.statuses = &post.id;
	w.sentence.status_count = 1;
	assert_int_equal(sentence(&w, BOB, MODERATE_MARK_STATUSES), RC_OK);
	struct status now = test_store_status(&w.t, post.id);
	assert_true((now.flags & STATUS_SENSITIVE) != 0);
	/* its own server's next edit is no older */
	assert_int_equal(now.edited_ms, post.edited_ms);
	deed_told_nobody(&w.t);
}

static void posts_are_deleted_and_peers_hear_of_it(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct status post = test_store_post(&w.t, &w.who[ANN], VISIBILITY_PUBLIC, "bad", NULL);
	test_store_forget_jobs(&w.t);
	w.sentence.statuses = &post.id;
	w.sentence.status_count = 1;
	w.sentence.quiet = true;
	assert_int_equal(sentence(&w, ANN, MODERATE_DELETE_STATUSES), RC_OK);
	deed_told(&w.t, FEDERATE_DELETE);
	assert_int_equal(test_store_rows(&w.t, &store_status), 0);
	assert_int_equal(strike_of(&w).statuses[0], post.id);
	/* what is deleted does not come back, but the strike counts no longer */
	assert_int_equal(appeal(&w, ANN, "it was not bad"), RC_OK);
	assert_int_equal(decide(&w, ADMIN, true), RC_OK);
	assert_true(strike_of(&w).undone);
}

/* --- reports --- */

static enum rc file_run(struct social *s, struct world *w)
{
	return report_file(s, w->moderator, w->target, &w->filed, &w->report);
}

static void a_report_gives_a_strike_its_posts_and_rules(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct status post = test_store_post(&w.t, &w.who[ANN], VISIBILITY_PUBLIC, "bad", NULL);
	w.filed = (struct report){ .comment = STR("bad"),
				   .uri = STR(""),
				   .objects = &post.uri,
				   .object_count = 1,
				   .category = REPORT_VIOLATION,
				   .rules = { 3 },
				   .rule_count = 1 };
	assert_int_equal(world_act(&w, CAT, ANN, file_run), RC_OK);
	test_store_forget_jobs(&w.t);
	w.sentence = (struct sentence){ .report = w.report, .quiet = true };
	/* it is about somebody else */
	assert_int_equal(sentence(&w, CAT, MODERATE_SILENCE), RC_NOT_FOUND);
	assert_int_equal(sentence(&w, ANN, MODERATE_SILENCE), RC_OK);
	struct strike strike = strike_of(&w);
	assert_int_equal(strike.report, w.report);
	assert_int_equal(strike.status_count, 1);
	assert_int_equal(strike.statuses[0], post.id);
	assert_int_equal(strike.rules[0], 3);
	/* who has reported hears that something was done, and not what */
	struct statement told = letter(&w, STATEMENT_REPORT, CAT);
	assert_str_eq(told.letter.to, STR("cat@example.org"));
	says(&told, "@ann@example.org");
	says(&told, "have acted");
	assert_false(str_contains(told.letter.text, STR("silence")));
	assert_false(told.has_ticket);
}

static enum rc resolve_run(struct social *s, struct world *w)
{
	return report_handle(s, w->moderator, w->report, REPORT_RESOLVE);
}

static void who_has_reported_hears_that_nothing_was_done(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	w.filed = (struct report){ .comment = STR("bad"), .uri = STR("") };
	assert_int_equal(world_act(&w, CAT, ANN, file_run), RC_OK);
	test_store_forget_jobs(&w.t);
	assert_int_equal(world_act(&w, MODERATOR, -1, resolve_run), RC_OK);
	struct statement told = letter(&w, STATEMENT_REPORT, CAT);
	says(&told, "have found nothing");
	/* once */
	assert_int_equal(world_act(&w, MODERATOR, -1, resolve_run), RC_OK);
	assert_int_equal(world_jobs(&w, JOB_STATEMENT).count, 0);
}

/* --- appeals --- */

static void an_appeal_is_filed_once_and_in_time(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	w.sentence.quiet = true;
	assert_int_equal(sentence(&w, ANN, MODERATE_SUSPEND), RC_OK);
	uint64_t first = w.strike;
	assert_int_equal(appeal(&w, CAT, "not me"), RC_NOT_FOUND);
	assert_int_equal(appeal(&w, ANN, " \n "), RC_INVALID);
	assert_int_equal(decide(&w, ADMIN, true), RC_NOT_FOUND);
	uint64_t over_ms = date_day_over(TEST_DB_WALL_MS + w.t.site.appeal_ms);
	test_clock_advance(&w.t.d.clock, over_ms - TEST_DB_WALL_MS - 1);
	assert_int_equal(appeal(&w, ANN, "I was hacked"), RC_OK);
	assert_int_equal(appeal(&w, ANN, "really"), RC_EXISTS);
	assert_str_eq(strike_of(&w).appeal_text, STR("I was hacked"));
	/* those who decide hear of it: an administrator and a moderator */
	assert_int_equal(world_jobs(&w, JOB_STATEMENT).count, 2);
	w.strike = first + 1;
	assert_int_equal(appeal(&w, ANN, "x"), RC_NOT_FOUND);
	assert_int_equal(sentence(&w, ANN, MODERATE_NONE), RC_OK);
	test_clock_advance(&w.t.d.clock, w.t.site.appeal_ms + 2 * MS_PER_DAY);
	assert_int_equal(appeal(&w, ANN, "late"), RC_GONE);
}

static void an_approved_appeal_takes_the_act_back(void **state UNUSED)
{
	static const enum moderation acts[] = { MODERATE_SENSITIVE, MODERATE_DISABLE,
						MODERATE_SILENCE, MODERATE_SUSPEND };
	struct world w CLEANUP(world_free);
	world_init(&w);
	w.sentence.quiet = true;
	for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
		assert_int_equal(sentence(&w, ANN, acts[i]), RC_OK);
		assert_int_not_equal(
			test_store_account(&w.t, w.who[ANN].id).flags & ACCOUNT_MODERATED, 0);
		assert_int_equal(appeal(&w, ANN, "please"), RC_OK);
		test_store_forget_jobs(&w.t);
		assert_int_equal(decide(&w, CAT, true), RC_DENIED);
		assert_int_equal(decide(&w, ADMIN, true), RC_OK);
		assert_int_equal(decide(&w, ADMIN, false), RC_EXISTS);
		assert_int_equal(test_store_account(&w.t, w.who[ANN].id).flags & ACCOUNT_MODERATED,
				 0);
		assert_int_equal(strike_of(&w).decided_by, w.who[ADMIN].id);
		struct federate told;
		/* peers hear that somebody is back */
		assert_int_equal(test_store_jobs(&w.t, &told, 1), acts[i] == MODERATE_SUSPEND);
		struct statement words = letter(&w, STATEMENT_APPEAL, ANN);
		says(&words, "was approved: it was taken back");
	}
}

static void a_rejected_appeal_lets_it_stand(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	w.sentence.quiet = true;
	assert_int_equal(sentence(&w, ANN, MODERATE_SILENCE), RC_OK);
	assert_int_equal(appeal(&w, ANN, "please"), RC_OK);
	test_store_forget_jobs(&w.t);
	assert_int_equal(decide(&w, -1, false), RC_OK);
	assert_true((test_store_account(&w.t, w.who[ANN].id).flags & ACCOUNT_SILENCED) != 0);
	struct statement told = letter(&w, STATEMENT_APPEAL, ANN);
	says(&told, "was rejected");
	assert_false(told.has_ticket);
}

static void nobody_decides_of_their_own_appeal(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	w.sentence = (struct sentence){ .what = MODERATE_NONE, .quiet = true };
	assert_int_equal(world_act(&w, ADMIN, MODERATOR, moderate_run), RC_OK);
	assert_int_equal(appeal(&w, MODERATOR, "please"), RC_OK);
	assert_int_equal(decide(&w, MODERATOR, true), RC_DENIED);
}

/* --- the record --- */

static enum rc block_run(struct social *s, struct world *w)
{
	const struct peer decision = { .host = STR("b.example"),
				       .policy = w->approve ? PEER_DEFAULT : PEER_BLOCKED,
				       .note = STR(""),
				       .public_note = STR("") };
	return host_decide(s, w->moderator, &decision);
}

static void acts_are_recorded_with_what_they_are_about(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct audit_row rows[8];
	struct audit_said said;
	world_init(&w);
	struct ctx ctx = { .arena = w.t.d.arena };
	w.sentence.quiet = true;
	w.sentence.text = STR("secret");
	assert_int_equal(sentence(&w, ANN, MODERATE_SILENCE), RC_OK);
	assert_int_equal(appeal(&w, ANN, "hidden"), RC_OK);
	assert_int_equal(world_act(&w, MODERATOR, ANN, moderate_run), RC_OK);
	struct db_txn *txn = test_store_read(&w.t);
	size_t n = audit_after(txn, w.t.d.arena, 0, rows, 8);
	db_read_end(&txn);
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(audit_read(&ctx, &rows[i], &said), RC_OK);
		assert_str_eq(said.act, STR("account.silence"));
		assert_str_eq(said.target,
			      arena_printf(w.t.d.arena, "%llu", (unsigned long long)w.who[ANN].id));
		/* what people write or are called is not in it */
		assert_false(str_contains(rows[i].content, STR("secret")));
		assert_false(str_contains(rows[i].content, STR("hidden")));
		assert_false(str_contains(rows[i].content, STR("ann")));
	}
	assert_int_equal(world_act(&w, MODERATOR, -1, block_run), RC_OK);
	txn = test_store_read(&w.t);
	assert_int_equal(audit_before(txn, w.t.d.arena, 0, rows, 1), 1);
	db_read_end(&txn);
	assert_int_equal(audit_read(&ctx, &rows[0], &said), RC_OK);
	assert_str_eq(said.act, STR("host.decide"));
	assert_str_eq(said.target, STR("b.example"));
	assert_true(str_contains(said.details, STR("suspend")));
}

/* What is refused is not recorded, and what fails after it was recorded is neither. */
static void what_is_not_done_is_not_recorded(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	w.sentence.what = MODERATE_SILENCE;
	assert_int_equal(world_act(&w, ANN, CAT, moderate_run), RC_DENIED);
	w.sentence.report = 99;
	assert_int_equal(world_act(&w, MODERATOR, CAT, moderate_run), RC_NOT_FOUND);
	assert_int_equal(test_store_rows(&w.t, &store_audit), 0);
	assert_int_equal(test_store_rows(&w.t, &store_strike), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_act_leaves_a_strike_and_is_told),
		cmocka_unit_test(who_is_elsewhere_is_told_nothing),
		cmocka_unit_test(reasons_come_from_presets),
		cmocka_unit_test(posts_are_covered_and_peers_hear_of_it),
		cmocka_unit_test(posts_of_others_are_covered_here_alone),
		cmocka_unit_test(posts_are_deleted_and_peers_hear_of_it),
		cmocka_unit_test(a_report_gives_a_strike_its_posts_and_rules),
		cmocka_unit_test(who_has_reported_hears_that_nothing_was_done),
		cmocka_unit_test(an_appeal_is_filed_once_and_in_time),
		cmocka_unit_test(an_approved_appeal_takes_the_act_back),
		cmocka_unit_test(a_rejected_appeal_lets_it_stand),
		cmocka_unit_test(nobody_decides_of_their_own_appeal),
		cmocka_unit_test(acts_are_recorded_with_what_they_are_about),
		cmocka_unit_test(what_is_not_done_is_not_recorded),
	};
	return cmocka_run_group_tests_name("strike", tests, NULL, NULL);
}
