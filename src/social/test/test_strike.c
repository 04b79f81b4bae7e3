/* Strikes and appeals, the letters that tell of them, follows that blocks end, the record of acts. */
#include "social/strike.h"

#include <stdio.h>

#include "../statement_int.h"
#include "deed.h"
#include "social/audit.h"
#include "social/moderate.h"
#include "social/mute.h"
#include "social/sever.h"
#include "store/severance.h"
#include "store/tables.h"

enum { ADMIN, MODERATOR, ANN, CAT, BOB, PEOPLE };

struct world {
	struct test_store t;
	struct account who[PEOPLE]; /* Bob is elsewhere */
	/* of the act */
	enum rc (*run)(struct social *s, struct world *w);
	uint64_t moderator_id, target_id;
	struct account found[2]; /* the two as they are now */
	const struct account *moderator, *target;
	struct sentence sentence;
	struct preset preset;
	struct report filed;
	struct sever_job job;
	struct sever_preview preview;
	uint64_t strike, report, id;
	struct str text;
	bool approve, again;
};

static enum rc set_up(struct social *s, void *arg)
{
	const struct world *w = arg;
	struct account_secrets secrets = { .password_hash = STR("") };
	role_give(s->txn, w->who[ADMIN].id, ROLE_ADMIN);
	role_give(s->txn, w->who[MODERATOR].id, ROLE_MODERATOR);
	for (size_t i = 0; i < BOB; i++) {
		secrets.email = arena_printf(s->ctx->arena, "%.*s@example.org",
					     STR_ARG(w->who[i].username));
		account_secrets_put(s->txn, w->who[i].id, &secrets);
	}
	return db_txn_rc(s->txn);
}

static void world_init(struct world *w)
{
	static const char *const names[] = { "admin", "moderator", "ann", "cat" };
	*w = (struct world){ .strike = 0 };
	test_store_init(&w->t);
	for (size_t i = 0; i < BOB; i++)
		w->who[i] = test_store_local(&w->t, names[i]);
	w->who[BOB] = test_store_remote(&w->t, "bob", "b.example");
	test_store_write(&w->t, set_up, w);
}

static void world_free(struct world *w)
{
	test_store_check(&w->t);
	test_store_free(&w->t);
}

static enum rc run(struct social *s, void *arg)
{
	struct world *w = arg;
	struct arena *arena = s->ctx->arena;
	bool by = account_get(s->txn, arena, w->moderator_id, &w->found[0]);
	bool whom = account_get(s->txn, arena, w->target_id, &w->found[1]);
	w->moderator = by ? &w->found[0] : NULL;
	w->target = whom ? &w->found[1] : NULL;
	return w->run(s, w);
}

static enum rc act(struct world *w, int moderator, int target,
		   enum rc (*what)(struct social *s, struct world *w))
{
	w->moderator_id = moderator >= 0 ? w->who[moderator].id : 0;
	w->target_id = target >= 0 ? w->who[target].id : 0;
	w->run = what;
	return test_store_try(&w->t, run, w);
}

static enum rc moderate_run(struct social *s, struct world *w)
{
	return moderate_account(s, w->moderator, w->target->id, &w->sentence, &w->strike);
}

static enum rc sentence(struct world *w, int target, enum moderation what)
{
	w->sentence.what = what;
	return act(w, MODERATOR, target, moderate_run);
}

static enum rc appeal_run(struct social *s, struct world *w)
{
	return appeal_file(s, w->target, w->strike, w->text);
}

static enum rc appeal(struct world *w, int who, const char *text)
{
	w->text = str_of(text);
	return act(w, -1, who, appeal_run);
}

static enum rc decide_run(struct social *s, struct world *w)
{
	return appeal_decide(s, w->moderator, w->strike, w->approve);
}

static enum rc decide(struct world *w, int moderator, bool approve)
{
	w->approve = approve;
	return act(w, moderator, -1, decide_run);
}

static struct strike strike_of(struct world *w)
{
	struct strike strike;
	struct db_txn *txn = test_store_read(&w->t);
	assert_true(strike_get(txn, w->t.d.arena, w->strike, &strike));
	db_read_end(&txn);
	return strike;
}

/* --- what waits in the queue --- */

#define JOBS_MAX 16

struct waiting {
	uint8_t kind;
	struct arena *arena;
	struct str payload[JOBS_MAX];
	size_t count;
};

static bool collect(void *arg, const struct queue_job_view *job)
{
	struct waiting *w = arg;
	if (job->kind == w->kind && w->count < JOBS_MAX)
		w->payload[w->count++] = arena_str(w->arena, job->payload);
	return true;
}

static struct waiting jobs(struct world *w, uint8_t kind)
{
	struct waiting found = { .kind = kind, .arena = w->t.d.arena };
	struct db_txn *txn = test_store_read(&w->t);
	queue_each_job(txn, false, STR(""), 0, collect, &found);
	db_read_end(&txn);
	return found;
}

/* The only letter that waits, as it would be sent. */
static struct statement letter(struct world *w, enum statement_about about, int to)
{
	struct waiting found = jobs(w, JOB_STATEMENT);
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
	assert_int_equal(told.ticket.ends_ms, strike.appeal_until_ms);
	/* the same once more is another strike; a quiet one is no letter */
	w.sentence.quiet = true;
	assert_int_equal(sentence(&w, ANN, MODERATE_SILENCE), RC_OK);
	assert_int_equal(sentence(&w, ANN, MODERATE_SILENCE), RC_OK);
	assert_int_equal(test_store_rows(&w.t, &store_strike), 3);
	assert_int_equal(jobs(&w, JOB_STATEMENT).count, 0);
}

static void who_is_elsewhere_is_told_nothing(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	assert_int_equal(sentence(&w, BOB, MODERATE_SUSPEND), RC_OK);
	assert_int_equal(jobs(&w, JOB_STATEMENT).count, 0);
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
	assert_int_equal(act(&w, -1, -1, preset_run), RC_OK);
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
	assert_int_equal(act(&w, CAT, ANN, file_run), RC_OK);
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
	assert_int_equal(act(&w, CAT, ANN, file_run), RC_OK);
	test_store_forget_jobs(&w.t);
	assert_int_equal(act(&w, MODERATOR, -1, resolve_run), RC_OK);
	struct statement told = letter(&w, STATEMENT_REPORT, CAT);
	says(&told, "have found nothing");
	/* once */
	assert_int_equal(act(&w, MODERATOR, -1, resolve_run), RC_OK);
	assert_int_equal(jobs(&w, JOB_STATEMENT).count, 0);
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
	test_clock_advance(&w.t.d.clock, w.t.site.appeal_ms - 1);
	assert_int_equal(appeal(&w, ANN, "I was hacked"), RC_OK);
	assert_int_equal(appeal(&w, ANN, "really"), RC_EXISTS);
	assert_str_eq(strike_of(&w).appeal_text, STR("I was hacked"));
	/* those who decide hear of it: an administrator and a moderator */
	assert_int_equal(jobs(&w, JOB_STATEMENT).count, 2);
	w.strike = first + 1;
	assert_int_equal(appeal(&w, ANN, "x"), RC_NOT_FOUND);
	assert_int_equal(sentence(&w, ANN, MODERATE_NONE), RC_OK);
	test_clock_advance(&w.t.d.clock, w.t.site.appeal_ms);
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
	assert_int_equal(act(&w, ADMIN, MODERATOR, moderate_run), RC_OK);
	assert_int_equal(appeal(&w, MODERATOR, "please"), RC_OK);
	assert_int_equal(decide(&w, MODERATOR, true), RC_DENIED);
}

/* --- follows that end --- */

static enum rc block_run(struct social *s, struct world *w)
{
	const struct peer decision = { .host = STR("b.example"),
				       .policy = w->approve ? PEER_DEFAULT : PEER_BLOCKED,
				       .note = STR(""),
				       .public_note = STR("") };
	return host_decide(s, w->moderator, &decision);
}

static enum rc sever_run(struct social *s, struct world *w)
{
	struct sever_job next = w->job;
	enum rc rc = sever_job_step(s, &next);
	w->again = rc == RC_BUSY;
	w->job = next;
	return w->again ? RC_OK : rc;
}

static void sever_all(struct world *w)
{
	struct waiting found = jobs(w, JOB_SEVER);
	assert_int_equal(found.count, 1);
	assert_true(sever_job_decode(w->t.d.arena, found.payload[0], &w->job));
	do
		assert_int_equal(act(w, -1, -1, sever_run), RC_OK);
	while (w->again);
}

static struct severance lost_by(struct world *w, int who)
{
	struct severance event = { .event = 0 };
	struct db_txn *txn = test_store_read(&w->t);
	severance_list(txn, w->t.d.arena, w->who[who].id, 0, &event, 1);
	db_read_end(&txn);
	return event;
}

static void told_of_loss(struct world *w, int who, enum severance_kind kind, const char *target,
			 uint64_t followers, uint64_t following)
{
	struct severance event = lost_by(w, who);
	struct notice notice;
	assert_int_equal(event.kind, kind);
	assert_str_eq(event.target, str_of(target));
	assert_int_equal(event.followers, followers);
	assert_int_equal(event.following, following);
	assert_true(test_store_notices(&w->t, w->who[who].id, &notice, 1) == 1);
	assert_int_equal(notice.kind, NOTICE_SEVERED);
	assert_int_equal(notice.about, event.event);
}

static void a_blocked_host_ends_follows_and_who_loses_some_is_told(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct notice notice;
	world_init(&w);
	struct account sub = test_store_remote(&w.t, "sue", "x.b.example"),
		       other = test_store_remote(&w.t, "eve", "notb.example");
	test_store_follow(&w.t, &w.who[ANN], &w.who[BOB]);
	test_store_follow(&w.t, &w.who[BOB], &w.who[ANN]);
	test_store_follow(&w.t, &sub, &w.who[ANN]);
	test_store_follow(&w.t, &other, &w.who[ANN]);
	test_store_follow(&w.t, &w.who[CAT], &other);
	test_store_forget_jobs(&w.t);
	assert_int_equal(act(&w, MODERATOR, -1, block_run), RC_OK);
	sever_all(&w);
	told_of_loss(&w, ANN, SEVERANCE_DOMAIN_BLOCK, "b.example", 2, 1);
	assert_int_equal(test_store_notices(&w.t, w.who[CAT].id, &notice, 1), 0);
	assert_int_equal(deed_follow_state(&w.t, &w.who[ANN], &w.who[BOB]), FOLLOW_NONE);
	assert_int_equal(deed_follow_state(&w.t, &sub, &w.who[ANN]), FOLLOW_NONE);
	assert_int_equal(deed_follow_state(&w.t, &other, &w.who[ANN]), FOLLOW_ACCEPTED);
	assert_int_equal(deed_account_counts(&w.t, &w.who[ANN]).followers, 1);
	/* blocking what is blocked ends nothing more */
	test_store_forget_jobs(&w.t);
	assert_int_equal(act(&w, MODERATOR, -1, block_run), RC_OK);
	assert_int_equal(jobs(&w, JOB_SEVER).count, 0);
}

static void a_block_that_was_taken_back_ends_no_more(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_store_follow(&w.t, &w.who[ANN], &w.who[BOB]);
	test_store_forget_jobs(&w.t);
	assert_int_equal(act(&w, MODERATOR, -1, block_run), RC_OK);
	w.approve = true;
	assert_int_equal(act(&w, MODERATOR, -1, block_run), RC_OK);
	sever_all(&w);
	assert_int_equal(deed_follow_state(&w.t, &w.who[ANN], &w.who[BOB]), FOLLOW_ACCEPTED);
	assert_int_equal(lost_by(&w, ANN).event, 0);
}

/* More follows than one step looks at. */
static void many_follows_end_in_steps(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	unsigned steps = 0;
	world_init(&w);
	for (int i = 0; i < 600; i++) {
		char name[16];
		snprintf(name, sizeof(name), "u%d", i);
		struct account a =
			test_store_remote(&w.t, name, i % 3 == 0 ? "c.example" : "b.example");
		test_store_follow(&w.t, &a, &w.who[ANN]);
	}
	test_store_forget_jobs(&w.t);
	assert_int_equal(act(&w, MODERATOR, -1, block_run), RC_OK);
	struct waiting found = jobs(&w, JOB_SEVER);
	assert_true(sever_job_decode(w.t.d.arena, found.payload[0], &w.job));
	do {
		/* as it goes through the queue */
		struct buf payload CLEANUP(buf_free) = BUF_INIT(4096);
		sever_job_encode(&payload, &w.job);
		assert_true(sever_job_decode(w.t.d.arena, buf_str(&payload), &w.job));
		assert_int_equal(act(&w, -1, -1, sever_run), RC_OK);
		steps++;
	} while (w.again);
	assert_true(steps >= 3);
	told_of_loss(&w, ANN, SEVERANCE_DOMAIN_BLOCK, "b.example", 400, 0);
	assert_int_equal(deed_account_counts(&w.t, &w.who[ANN]).followers, 200);
}

static enum rc preview_run(struct social *s, struct world *w)
{
	w->job = (struct sever_job){ .host = STR("b.example"), .user = STR("") };
	w->preview = (struct sever_preview){ 0 };
	while (sever_preview_step(s, &w->job, &w->preview))
		;
	return db_txn_rc(s->txn);
}

static void a_preview_says_what_would_end(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_store_follow(&w.t, &w.who[ANN], &w.who[BOB]);
	test_store_follow(&w.t, &w.who[BOB], &w.who[ANN]);
	test_store_follow(&w.t, &w.who[BOB], &w.who[CAT]);
	assert_int_equal(act(&w, -1, -1, preview_run), RC_OK);
	assert_int_equal(w.preview.people, 2);
	assert_int_equal(w.preview.followers, 2);
	assert_int_equal(w.preview.following, 1);
	assert_int_equal(deed_follow_state(&w.t, &w.who[ANN], &w.who[BOB]), FOLLOW_ACCEPTED);
}

static enum rc own_block_run(struct social *s, struct world *w)
{
	enum rc rc = act_block_domain(s, w->target, STR("b.example"));
	w->again = rc == RC_BUSY;
	return w->again ? RC_OK : rc;
}

static void who_blocks_a_host_keeps_a_list_too(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (int i = 0; i < 70; i++) {
		char name[16];
		snprintf(name, sizeof(name), "u%d", i);
		struct account a = test_store_remote(&w.t, name, "b.example");
		test_store_follow(&w.t, &w.who[ANN], &a);
	}
	test_store_follow(&w.t, &w.who[BOB], &w.who[ANN]);
	do
		assert_int_equal(act(&w, -1, ANN, own_block_run), RC_OK);
	while (w.again);
	told_of_loss(&w, ANN, SEVERANCE_USER_DOMAIN_BLOCK, "b.example", 1, 70);
	assert_int_equal(test_store_rows(&w.t, &store_severing), 0);
	/* who follows nobody there loses nothing */
	do
		assert_int_equal(act(&w, -1, CAT, own_block_run), RC_OK);
	while (w.again);
	assert_int_equal(lost_by(&w, CAT).event, 0);
}

static enum rc delete_run(struct social *s, struct world *w)
{
	enum rc rc = moderate_delete(s, w->moderator, w->target->id);
	w->again = rc == RC_BUSY;
	return w->again ? RC_OK : rc;
}

static void a_suspended_account_that_is_deleted_is_lost_to_its_followers(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_store_follow(&w.t, &w.who[ANN], &w.who[BOB]);
	test_store_follow(&w.t, &w.who[BOB], &w.who[ANN]);
	test_store_follow(&w.t, &w.who[BOB], &w.who[CAT]);
	assert_int_equal(act(&w, ADMIN, BOB, delete_run), RC_INVALID);
	w.sentence.what = MODERATE_SUSPEND;
	assert_int_equal(act(&w, ADMIN, BOB, moderate_run), RC_OK);
	do
		assert_int_equal(act(&w, ADMIN, BOB, delete_run), RC_OK);
	while (w.again);
	told_of_loss(&w, ANN, SEVERANCE_ACCOUNT, "bob@b.example", 1, 1);
	told_of_loss(&w, CAT, SEVERANCE_ACCOUNT, "bob@b.example", 1, 0);
	assert_int_equal(test_store_rows(&w.t, &store_severing), 0);
	/* what was done about an account goes with it */
	assert_int_equal(test_store_rows(&w.t, &store_strike), 0);
}

/* --- the record --- */

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
	assert_int_equal(act(&w, MODERATOR, ANN, moderate_run), RC_OK);
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
	assert_int_equal(act(&w, MODERATOR, -1, block_run), RC_OK);
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
	assert_int_equal(act(&w, ANN, CAT, moderate_run), RC_DENIED);
	w.sentence.report = 99;
	assert_int_equal(act(&w, MODERATOR, CAT, moderate_run), RC_NOT_FOUND);
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
		cmocka_unit_test(a_blocked_host_ends_follows_and_who_loses_some_is_told),
		cmocka_unit_test(a_block_that_was_taken_back_ends_no_more),
		cmocka_unit_test(many_follows_end_in_steps),
		cmocka_unit_test(a_preview_says_what_would_end),
		cmocka_unit_test(who_blocks_a_host_keeps_a_list_too),
		cmocka_unit_test(a_suspended_account_that_is_deleted_is_lost_to_its_followers),
		cmocka_unit_test(acts_are_recorded_with_what_they_are_about),
		cmocka_unit_test(what_is_not_done_is_not_recorded),
	};
	return cmocka_run_group_tests_name("strike", tests, NULL, NULL);
}
