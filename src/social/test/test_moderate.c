/* Roles, moderation, reports, decisions about hosts. */
#include "social/moderate.h"

#include "deed.h"
#include "store/tables.h"
#include "store/usage.h"

enum { OWNER, ADMIN, MODERATOR, ANN, BOB, PEOPLE };

struct world {
	struct test_store t;
	struct account who[PEOPLE];
	/* of the act */
	const struct account *moderator;
	uint64_t target, report;
	enum moderation what;
	bool undo;
	enum report_step step;
	struct report filed;
	struct peer decision;
};

static enum rc give_roles(struct social *s, void *arg)
{
	const struct world *w = arg;
	role_give(s->txn, w->who[OWNER].id, ROLE_OWNER);
	role_give(s->txn, w->who[ADMIN].id, ROLE_ADMIN);
	role_give(s->txn, w->who[MODERATOR].id, ROLE_MODERATOR);
	return db_txn_rc(s->txn);
}

static void world_init(struct world *w)
{
	static const char *const names[] = { "owner", "admin", "moderator", "ann" };
	*w = (struct world){ .target = 0 };
	test_store_init(&w->t);
	for (size_t i = 0; i < BOB; i++)
		w->who[i] = test_store_local(&w->t, names[i]);
	w->who[BOB] = test_store_remote(&w->t, "bob", "b.example");
	test_store_write(&w->t, give_roles, w);
}

static void world_free(struct world *w)
{
	test_store_free(&w->t);
}

/* --- who may --- */

static void roles_permit_what_they_say(void **state UNUSED)
{
	static const struct {
		int who;
		enum permission permission;
		bool permitted;
	} rows[] = {
		{ OWNER, PERMISSION_MANAGE_ROLES, true },
		{ OWNER, PERMISSION_INVITE_BYPASS_APPROVAL, true },
		{ ADMIN, PERMISSION_MANAGE_ROLES, true },
		{ ADMIN, PERMISSION_ADMINISTRATOR, false },
		{ MODERATOR, PERMISSION_MANAGE_REPORTS, true },
		{ MODERATOR, PERMISSION_MANAGE_ROLES, false },
		{ ANN, PERMISSION_MANAGE_REPORTS, false },
		{ BOB, PERMISSION_MANAGE_REPORTS, false },
	};
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct db_txn *txn = test_store_read(&w.t);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (role_permits(txn, w.t.d.arena, w.who[rows[i].who].id, rows[i].permission) !=
		    rows[i].permitted)
			fail_msg("row %zu", i);
	}
	assert_false(role_permits(txn, w.t.d.arena, 0, PERMISSION_MANAGE_REPORTS));
	db_read_end(&txn);
}

/* --- accounts --- */

static enum rc moderate_job(struct social *s, void *arg)
{
	struct world *w = arg;
	const struct sentence sentence = { .what = w->what, .report = w->report };
	return w->undo ? moderate_undo(s, w->moderator, w->target, w->what)
		       : moderate_account(s, w->moderator, w->target, &sentence, NULL);
}

static enum rc moderate(struct world *w, int moderator, int target, enum moderation what)
{
	w->moderator = moderator >= 0 ? &w->who[moderator] : NULL;
	w->target = w->who[target].id;
	w->what = what;
	return test_store_try(&w->t, moderate_job, w);
}

static unsigned flags_of(struct world *w, int who)
{
	return test_store_account(&w->t, w->who[who].id).flags & ACCOUNT_MODERATED;
}

static void nobody_moderates_who_stands_as_high(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	assert_int_equal(moderate(&w, ANN, BOB, MODERATE_SILENCE), RC_DENIED);
	assert_int_equal(moderate(&w, MODERATOR, ADMIN, MODERATE_SILENCE), RC_DENIED);
	assert_int_equal(moderate(&w, MODERATOR, MODERATOR, MODERATE_SILENCE), RC_DENIED);
	assert_int_equal(moderate(&w, ADMIN, OWNER, MODERATE_SUSPEND), RC_DENIED);
	assert_int_equal(flags_of(&w, OWNER), 0);
	assert_int_equal(moderate(&w, ADMIN, MODERATOR, MODERATE_SILENCE), RC_OK);
	assert_int_equal(flags_of(&w, MODERATOR), ACCOUNT_SILENCED);
	assert_int_equal(moderate(&w, -1, OWNER, MODERATE_DISABLE), RC_OK);
	assert_int_equal(flags_of(&w, OWNER), ACCOUNT_DISABLED);
}

static void measures_are_taken_and_taken_back(void **state UNUSED)
{
	static const struct {
		enum moderation what;
		unsigned flag;
	} rows[] = { { MODERATE_SENSITIVE, ACCOUNT_SENSITIVE },
		     { MODERATE_DISABLE, ACCOUNT_DISABLED },
		     { MODERATE_SILENCE, ACCOUNT_SILENCED },
		     { MODERATE_SUSPEND, ACCOUNT_SUSPENDED } };
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		w.undo = false;
		assert_int_equal(moderate(&w, MODERATOR, ANN, rows[i].what), RC_OK);
		assert_int_equal(moderate(&w, MODERATOR, ANN, rows[i].what), RC_OK);
		assert_int_equal(flags_of(&w, ANN), rows[i].flag);
		w.undo = true;
		assert_int_equal(moderate(&w, MODERATOR, ANN, rows[i].what), RC_OK);
		assert_int_equal(moderate(&w, MODERATOR, ANN, rows[i].what), RC_OK);
		assert_int_equal(flags_of(&w, ANN), 0);
	}
	w.undo = false;
	assert_int_equal(moderate(&w, MODERATOR, BOB, MODERATE_DISABLE), RC_INVALID);
	assert_int_equal(moderate(&w, MODERATOR, BOB, MODERATE_SUSPEND), RC_OK);
	test_store_check(&w.t);
}

static void measures_have_names(void **state UNUSED)
{
	enum moderation what;
	assert_true(moderation_parse(STR("silence"), &what));
	assert_int_equal(what, MODERATE_SILENCE);
	assert_true(moderation_parse(STR("none"), &what));
	assert_int_equal(what, MODERATE_NONE);
	assert_false(moderation_parse(STR("ban"), &what));
}

static void who_is_silenced_is_heard_by_followers(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_store_follow(&w.t, &w.who[ADMIN], &w.who[BOB]);
	assert_int_equal(moderate(&w, MODERATOR, BOB, MODERATE_SILENCE), RC_OK);
	struct account bob = test_store_account(&w.t, w.who[BOB].id);
	struct db_txn *txn = test_store_read(&w.t);
	const struct viewer ann = { w.who[ANN].id, true }, admin = { w.who[ADMIN].id, true };
	assert_false(may_hear_of(txn, w.t.d.arena, VIEWER_ANYBODY, &bob));
	assert_false(may_hear_of(txn, w.t.d.arena, ann, &bob));
	assert_true(may_hear_of(txn, w.t.d.arena, admin, &bob));
	assert_true(may_hear_of(txn, w.t.d.arena, VIEWER_ANYBODY, &w.who[ANN]));
	db_read_end(&txn);
}

/* --- reports --- */

static enum rc file_job(struct social *s, void *arg)
{
	struct world *w = arg;
	return report_file(s, w->moderator, &w->who[BOB], &w->filed, &w->report);
}

static enum rc file(struct world *w, int reporter)
{
	w->moderator = &w->who[reporter];
	return test_store_try(&w->t, file_job, w);
}

static enum rc handle_job(struct social *s, void *arg)
{
	struct world *w = arg;
	return report_handle(s, w->moderator, w->report, w->step);
}

static enum rc handle(struct world *w, int moderator, enum report_step step)
{
	w->moderator = &w->who[moderator];
	w->step = step;
	return test_store_try(&w->t, handle_job, w);
}

static struct report report_of(struct world *w)
{
	struct report report;
	struct db_txn *txn = test_store_read(&w->t);
	assert_true(report_get(txn, w->t.d.arena, w->report, &report));
	db_read_end(&txn);
	return report;
}

static void reports_reach_moderators_and_peers_on_request(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct notice notices[4];
	world_init(&w);
	w.filed = (struct report){ .comment = STR("rude"), .uri = STR("") };
	assert_int_equal(file(&w, ANN), RC_OK);
	deed_told_nobody(&w.t);
	assert_int_equal(test_store_notices(&w.t, w.who[MODERATOR].id, notices, 4), 1);
	assert_int_equal(notices[0].kind, NOTICE_REPORT);
	assert_int_equal(notices[0].about, w.report);
	assert_int_equal(test_store_notices(&w.t, w.who[ANN].id, notices, 4), 0);
	assert_false(report_of(&w).forwarded);
	w.filed.forwarded = true;
	assert_int_equal(file(&w, MODERATOR), RC_OK);
	deed_told(&w.t, FEDERATE_FLAG);
	assert_true(report_of(&w).forwarded);
	/* who files one is not told of it */
	assert_int_equal(test_store_notices(&w.t, w.who[MODERATOR].id, notices, 4), 1);
	assert_int_equal(test_store_notices(&w.t, w.who[OWNER].id, notices, 4), 2);
}

static void moderators_handle_reports(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	w.filed = (struct report){ .comment = STR("rude"), .uri = STR("") };
	assert_int_equal(file(&w, ANN), RC_OK);
	assert_int_equal(handle(&w, ANN, REPORT_RESOLVE), RC_DENIED);
	assert_int_equal(handle(&w, MODERATOR, REPORT_ASSIGN), RC_OK);
	assert_int_equal(report_of(&w).assigned, w.who[MODERATOR].id);
	assert_int_equal(handle(&w, MODERATOR, REPORT_UNASSIGN), RC_OK);
	assert_int_equal(report_of(&w).assigned, 0);
	assert_int_equal(handle(&w, MODERATOR, REPORT_RESOLVE), RC_OK);
	assert_int_equal(report_of(&w).resolved_by, w.who[MODERATOR].id);
	assert_int_equal(handle(&w, ADMIN, REPORT_REOPEN), RC_OK);
	assert_int_equal(report_of(&w).resolved_ms, 0);
	/* a measure resolves the report that asked for it */
	assert_int_equal(moderate(&w, MODERATOR, BOB, MODERATE_SILENCE), RC_OK);
	assert_true(report_of(&w).resolved_ms != 0);
	w.report++;
	assert_int_equal(handle(&w, MODERATOR, REPORT_RESOLVE), RC_NOT_FOUND);
	uint32_t today = day_of_ms(w.t.d.clock.wall_ms);
	struct db_txn *txn = test_store_read(&w.t);
	assert_int_equal(measure_sum(txn, MEASURE_REPORTS, today, today), 1);
	assert_int_equal(measure_sum(txn, MEASURE_RESOLVED, today, today), 2);
	db_read_end(&txn);
}

static enum rc sort_job(struct social *s, void *arg)
{
	static const uint64_t rules[] = { 3, 4 };
	struct world *w = arg;
	return report_sort(s, w->moderator, w->report,
			   w->step == REPORT_ASSIGN ? REPORT_VIOLATION : REPORT_SPAM, rules, 2);
}

static void reports_are_sorted(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	w.filed = (struct report){ .comment = STR("rude"), .uri = STR("") };
	assert_int_equal(file(&w, ANN), RC_OK);
	assert_int_equal(test_store_try(&w.t, sort_job, &w), RC_DENIED);
	w.moderator = &w.who[MODERATOR];
	w.step = REPORT_ASSIGN;
	assert_int_equal(test_store_try(&w.t, sort_job, &w), RC_OK);
	assert_int_equal(report_of(&w).rule_count, 2);
	w.step = REPORT_RESOLVE;
	assert_int_equal(test_store_try(&w.t, sort_job, &w), RC_OK);
	assert_int_equal(report_of(&w).category, REPORT_SPAM);
	assert_int_equal(report_of(&w).rule_count, 0);
}

/* --- hosts --- */

static enum rc decide_job(struct social *s, void *arg)
{
	struct world *w = arg;
	return host_decide(s, w->moderator, &w->decision);
}

static enum rc decide(struct world *w, int moderator, const char *host, enum peer_policy policy,
		      unsigned flags)
{
	w->moderator = &w->who[moderator];
	w->decision = (struct peer){ .host = str_of(host),
				     .policy = policy,
				     .flags = flags,
				     .note = STR("for us"),
				     .public_note = STR("for all") };
	return test_store_try(&w->t, decide_job, w);
}

static void hosts_are_decided_about(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct peer peer;
	world_init(&w);
	assert_int_equal(decide(&w, ANN, "b.example", PEER_BLOCKED, 0), RC_DENIED);
	assert_int_equal(decide(&w, MODERATOR, "social.example.org", PEER_BLOCKED, 0), RC_INVALID);
	assert_int_equal(decide(&w, MODERATOR, "", PEER_BLOCKED, 0), RC_INVALID);
	assert_int_equal(decide(&w, MODERATOR, "b.example", PEER_LIMITED, 0), RC_OK);
	struct db_txn *txn = test_store_read(&w.t);
	assert_true(is_silenced(txn, w.t.d.arena, &w.who[BOB]));
	assert_false(is_silenced(txn, w.t.d.arena, &w.who[ANN]));
	assert_true(peer_get(txn, w.t.d.arena, STR("b.example"), &peer));
	assert_str_eq(peer.public_note, STR("for all"));
	db_read_end(&txn);
	assert_int_equal(decide(&w, MODERATOR, "b.example", PEER_DEFAULT, 0), RC_OK);
	txn = test_store_read(&w.t);
	assert_false(is_silenced(txn, w.t.d.arena, &w.who[BOB]));
	db_read_end(&txn);
	test_store_check(&w.t);
}

static enum rc receive_job(struct social *s, void *arg)
{
	struct world *w = arg;
	struct status_attachment picture = { .url = STR("https://b.example/1.png"),
					     .media_type = STR("image/png") };
	struct status made = { .uri = arena_printf(s->ctx->arena, "https://b.example/posts/%u",
						   (unsigned)w->report++),
			       .type = STR("Note"),
			       .content = html_trusted(STR("<p>look</p>")),
			       .created_ms = db_txn_now(s->txn),
			       .attachments = &picture,
			       .attachment_count = 1 };
	struct account bob = test_store_account(&w->t, w->who[BOB].id);
	enum rc rc = act_receive_post(s, &bob, &made);
	w->target = made.id;
	return rc;
}

static struct status receive(struct world *w)
{
	test_store_write(&w->t, receive_job, w);
	return test_store_status(&w->t, w->target);
}

static void what_comes_is_as_it_was_decided(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct status post = receive(&w);
	assert_int_equal(post.attachment_count, 1);
	assert_int_equal(post.flags & STATUS_SENSITIVE, 0);
	w.report = 0;
	assert_int_equal(moderate(&w, MODERATOR, BOB, MODERATE_SENSITIVE), RC_OK);
	w.report = 100;
	assert_true((receive(&w).flags & STATUS_SENSITIVE) != 0);
	assert_int_equal(decide(&w, MODERATOR, "example", PEER_DEFAULT, PEER_REJECT_MEDIA), RC_OK);
	assert_int_equal(receive(&w).attachment_count, 0);
	assert_int_equal(decide(&w, MODERATOR, "b.example", PEER_DEFAULT, PEER_REJECT_REPORTS),
			 RC_OK);
	uint64_t before = test_store_rows(&w.t, &store_report);
	struct deed flag = { .verb = DO_REPORT,
			     .actor = &w.who[BOB],
			     .target = &w.who[ANN],
			     .comment = STR("spam") };
	assert_int_equal(deed_do(&w.t, &flag), RC_OK);
	assert_int_equal(test_store_rows(&w.t, &store_report), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roles_permit_what_they_say),
		cmocka_unit_test(nobody_moderates_who_stands_as_high),
		cmocka_unit_test(measures_are_taken_and_taken_back),
		cmocka_unit_test(measures_have_names),
		cmocka_unit_test(who_is_silenced_is_heard_by_followers),
		cmocka_unit_test(reports_reach_moderators_and_peers_on_request),
		cmocka_unit_test(moderators_handle_reports),
		cmocka_unit_test(reports_are_sorted),
		cmocka_unit_test(hosts_are_decided_about),
		cmocka_unit_test(what_comes_is_as_it_was_decided),
	};
	return cmocka_run_group_tests_name("moderate", tests, NULL, NULL);
}
