/* Reports in the lanes of communities and of the node, and what is recorded. */
#include "lanekit.h"
#include "social/audit.h"
#include "social/lane.h"
#include "store/tables.h"

/* --- the rule --- */

static void the_table_says_whose_it_is(void **state UNUSED)
{
	static const struct {
		struct lane_facts facts;
		bool community;
	} cases[] = {
		{ { REPORT_SPAM, false, true, false, true }, true },
		{ { REPORT_OTHER, false, true, false, true }, true },
		{ { REPORT_VIOLATION, false, true, false, true }, true },
		{ { REPORT_LEGAL, false, true, false, true }, false },
		{ { REPORT_SPAM, true, true, false, true }, false },
		{ { REPORT_SPAM, false, false, false, true }, false },
		{ { REPORT_SPAM, false, true, true, true }, false },
		{ { REPORT_SPAM, false, true, false, false }, false },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *why = NULL;
		assert_int_equal(lane_is_community(&cases[i].facts, &why), cases[i].community);
		assert_int_equal(why == NULL, cases[i].community);
	}
}

static void a_report_goes_to_those_whose_lane_it_is(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct str uri;
	struct account mona = lanes_init(&w);
	struct act a = filed(&w, &uri, REPORT_SPAM);
	assert_int_equal(report_of(&w, a.report).lane, w.group.id);
	assert_int_equal(told(&w, w.alice.id, NOTICE_REPORT), 1);
	assert_int_equal(told(&w, mona.id, NOTICE_REPORT), 0);
	/* a legal matter is the node's, and so is what is not in it */
	a.filed.category = REPORT_LEGAL;
	assert_int_equal(act_on(&w, &a, file_run), RC_OK);
	struct report legal = report_of(&w, a.report);
	assert_true(legal.lane == 0 && legal.community == w.group.id);
	a.filed.category = REPORT_SPAM;
	a.filed.object_count = 0;
	assert_int_equal(act_on(&w, &a, file_run), RC_OK);
	assert_int_equal(report_of(&w, a.report).lane, 0);
	/* what was sent to the community is for it, without any post; not what is about its staff */
	a.filed.community = w.group.id;
	assert_int_equal(act_on(&w, &a, file_run), RC_OK);
	assert_int_equal(report_of(&w, a.report).lane, w.group.id);
	a.target = &w.alice;
	assert_int_equal(act_on(&w, &a, file_run), RC_OK);
	assert_int_equal(report_of(&w, a.report).lane, 0);
	assert_int_equal(told(&w, w.alice.id, NOTICE_REPORT), 2);
	assert_int_equal(told(&w, mona.id, NOTICE_REPORT), 3);
	/* posts in it and elsewhere are no matter of it alone */
	struct status outside = test_store_post(&w.t, &w.bob, VISIBILITY_PUBLIC, "elsewhere", NULL);
	struct str both[] = { uri, outside.uri };
	a.target = &w.bob;
	a.filed = (struct report){
		.comment = STR(""), .uri = STR(""), .objects = both, .object_count = 2
	};
	assert_int_equal(act_on(&w, &a, file_run), RC_OK);
	assert_int_equal(report_of(&w, a.report).lane, 0);
}

/* Somebody is reported to a community, with no post or with some. */
static struct act reported(struct scene *w, const struct account *who, const struct account *whom,
			   uint64_t community, struct str *posts, unsigned count)
{
	struct act a = { .w = w, .actor = who, .target = whom };
	a.filed = (struct report){ .comment = STR("rude"),
				   .uri = STR(""),
				   .objects = posts,
				   .object_count = count,
				   .community = community,
				   .category = REPORT_OTHER };
	return a;
}

static void somebody_is_reported_to_a_community(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct str uri, outside;
	struct account mona = lanes_init(&w), dora = test_store_local(&w.t, "dora");
	filed(&w, &uri, REPORT_OTHER);
	outside = test_store_post(&w.t, &w.bob, VISIBILITY_PUBLIC, "hello", NULL).uri;
	struct str both[] = { uri, outside };
	const struct {
		const struct account *who, *whom;
		uint64_t community;
		struct str *posts;
		unsigned count;
		enum rc rc;
		bool lane;
	} rows[] = {
		{ &w.carol, &w.bob, w.group.id, NULL, 0, RC_OK, true },
		/* its own rules hold: nobody judges colleagues */
		{ &w.carol, &w.alice, w.group.id, NULL, 0, RC_OK, false },
		/* who is not in it is no matter of it, and who is, is not told to others */
		{ &w.carol, &mona, w.group.id, NULL, 0, RC_INVALID, false },
		{ &dora, &w.bob, w.group.id, NULL, 0, RC_DENIED, false },
		/* though what was said in it is */
		{ &dora, &w.bob, w.group.id, &uri, 1, RC_OK, true },
		{ &w.carol, &w.bob, w.group.id, both, 2, RC_INVALID, false },
		{ &w.carol, &w.bob, w.group.id, &outside, 1, RC_INVALID, false },
		{ &w.carol, &w.bob, mona.id, NULL, 0, RC_INVALID, false },
		{ &w.carol, &w.bob, 77, NULL, 0, RC_NOT_FOUND, false },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct act a = reported(&w, rows[i].who, rows[i].whom, rows[i].community,
					rows[i].posts, rows[i].count);
		uint64_t before = test_store_rows(&w.t, &store_report);
		assert_int_equal(act_on(&w, &a, file_run), rows[i].rc);
		assert_int_equal(test_store_rows(&w.t, &store_report),
				 before + (rows[i].rc == RC_OK));
		if (rows[i].rc == RC_OK) {
			struct report r = report_of(&w, a.report);
			assert_int_equal(r.lane, rows[i].lane ? w.group.id : 0);
			assert_int_equal(r.community, w.group.id);
		}
	}
	test_store_check(&w.t);
}

static enum rc group_run(struct social *s, struct act *a)
{
	struct account group = *a->target;
	group.kind = ACCOUNT_GROUP;
	return account_put(s->txn, s->ctx->arena, &group) ? RC_OK : RC_NOT_FOUND;
}

/* Named or not, one elsewhere is told by the node; whoever is reported there, and their server, are not. */
static void a_community_elsewhere_is_told(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct federate f;
	lanes_init(&w);
	struct account club = test_store_remote(&w.t, "club", "club.example");
	struct account erin = test_store_remote(&w.t, "erin", "e.example");
	struct act a = { .target = &club };
	assert_int_equal(act_on(&w, &a, group_run), RC_OK);
	const struct {
		const struct account *whom;
		bool forward;
		unsigned told;
	} rows[] = { { &erin, false, 1 }, { &erin, true, 2 }, { &w.bob, true, 1 } };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		test_store_forget_jobs(&w.t);
		a = reported(&w, &w.carol, rows[i].whom, club.id, NULL, 0);
		a.filed.forwarded = rows[i].forward;
		assert_int_equal(act_on(&w, &a, file_run), RC_OK);
		struct report r = report_of(&w, a.report);
		assert_true(r.lane == 0 && r.community == 0);
		assert_int_equal(r.forwarded, rows[i].told == 2);
		assert_true(scene_told(&w, FEDERATE_FLAG, &f));
		assert_int_equal(f.target, rows[i].whom->id);
		assert_int_equal(f.extra_count, rows[i].told);
		assert_int_equal(f.extra[f.extra_count - 1], club.id);
		assert_true(f.actor != w.carol.id);
	}
}

static enum rc instance_run(struct social *s, struct act *a)
{
	struct account instance = *a->actor;
	if (a->approve)
		instance.flags |= ACCOUNT_INSTANCE;
	return account_put(s->txn, s->ctx->arena, &instance) ? RC_OK : RC_NOT_FOUND;
}

static void what_the_nodes_rules_find_is_the_nodes(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct str uri;
	lanes_init(&w);
	struct act a = filed(&w, &uri, REPORT_SPAM);
	assert_int_equal(report_of(&w, a.report).lane, w.group.id);
	/* as if it were the node's own actor */
	a.approve = true;
	assert_int_equal(act_on(&w, &a, instance_run), RC_OK);
	assert_int_equal(act_on(&w, &a, file_run), RC_OK);
	a.approve = false;
	assert_int_equal(act_on(&w, &a, instance_run), RC_OK);
	struct report found = report_of(&w, a.report);
	assert_true(found.lane == 0 && found.community == w.group.id);
}

/* --- handling --- */

static enum rc step_run(struct social *s, struct act *a)
{
	return report_handle(s, a->actor, a->report, a->step);
}

static enum rc assign_run(struct social *s, struct act *a)
{
	return report_assign(s, a->actor, a->report, a->target->id);
}

static enum rc up_run(struct social *s, struct act *a)
{
	return report_escalate(s, a->actor, a->report, a->text);
}

static enum rc down_run(struct social *s, struct act *a)
{
	return report_hand_down(s, a->actor, a->report, a->text);
}

static enum rc sort_run(struct social *s, struct act *a)
{
	return report_sort(s, a->actor, a->report, a->category, NULL, 0);
}

static enum rc note_run(struct social *s, struct act *a)
{
	return report_note(s, a->actor, a->report, a->text, &a->note);
}

static enum rc unnote_run(struct social *s, struct act *a)
{
	return report_unnote(s, a->actor, a->report, a->note);
}

static void each_acts_in_their_lane(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct str uri;
	struct account mona = lanes_init(&w);
	struct act a = filed(&w, &uri, REPORT_SPAM);
	a.step = REPORT_RESOLVE;
	uint64_t id = a.report;
	a.actor = &w.carol;
	a.report = id + 999; /* nobody learns which there are */
	assert_int_equal(act_on(&w, &a, step_run), RC_DENIED);
	a.report = id;
	a.actor = &w.bob; /* no staff, and whom it is about */
	assert_int_equal(act_on(&w, &a, step_run), RC_DENIED);
	a.actor = &mona; /* sees it, and takes it up before acting */
	assert_int_equal(act_on(&w, &a, step_run), RC_DENIED);
	a.text = STR(" ");
	assert_int_equal(act_on(&w, &a, up_run), RC_INVALID);
	a.text = STR("beyond us");
	a.actor = &w.carol;
	assert_int_equal(act_on(&w, &a, up_run), RC_DENIED);
	a.actor = &w.alice;
	assert_int_equal(act_on(&w, &a, down_run), RC_EXISTS);
	assert_int_equal(act_on(&w, &a, up_run), RC_OK);
	assert_int_equal(report_of(&w, a.report).lane, 0);
	assert_int_equal(told(&w, mona.id, NOTICE_REPORT), 1);
	assert_int_equal(act_on(&w, &a, step_run), RC_DENIED);
	assert_int_equal(act_on(&w, &a, up_run), RC_DENIED);
	a.actor = &mona;
	assert_int_equal(act_on(&w, &a, up_run), RC_EXISTS);
	a.text = STR("your matter");
	assert_int_equal(act_on(&w, &a, down_run), RC_OK);
	assert_int_equal(report_of(&w, a.report).lane, w.group.id);
	assert_int_equal(told(&w, w.alice.id, NOTICE_REPORT), 2);
	a.actor = &w.alice;
	assert_int_equal(act_on(&w, &a, step_run), RC_OK);
	assert_int_equal(report_of(&w, a.report).resolved_by, w.alice.id);
}

static void what_cannot_be_the_communitys_is_not_handed_down(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct str uri;
	struct account mona = lanes_init(&w);
	struct act a = filed(&w, &uri, REPORT_LEGAL);
	a.actor = &mona;
	a.text = STR("take it");
	assert_int_equal(act_on(&w, &a, down_run), RC_INVALID);
	a.category = REPORT_OTHER;
	assert_int_equal(act_on(&w, &a, sort_run), RC_OK);
	assert_int_equal(act_on(&w, &a, down_run), RC_OK);
	/* and what turns out to be a legal matter goes up */
	a.actor = &w.alice;
	a.category = REPORT_LEGAL;
	assert_int_equal(act_on(&w, &a, sort_run), RC_OK);
	assert_int_equal(report_of(&w, a.report).lane, 0);
	/* apps without lanes: who assigns it to themselves has taken it up */
	struct act b = filed(&w, &uri, REPORT_SPAM);
	b.actor = &mona;
	b.step = REPORT_ASSIGN;
	assert_int_equal(act_on(&w, &b, step_run), RC_OK);
	struct report taken = report_of(&w, b.report);
	assert_true(taken.lane == 0 && taken.assigned == mona.id);
}

static void it_is_assigned_within_the_lane(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct str uri;
	struct account mona = lanes_init(&w);
	struct act a = filed(&w, &uri, REPORT_SPAM);
	a.actor = &w.alice;
	a.target = &mona;
	assert_int_equal(act_on(&w, &a, assign_run), RC_INVALID);
	a.target = &w.bob;
	assert_int_equal(act_on(&w, &a, assign_run), RC_INVALID);
	struct job appoint = { .what = APPOINT,
			       .actor = &w.alice,
			       .account = w.carol.id,
			       .role = COMMUNITY_MODERATOR };
	assert_int_equal(scene_act(&w, appoint), RC_OK);
	a.target = &w.carol;
	assert_int_equal(act_on(&w, &a, assign_run), RC_OK);
	assert_int_equal(report_of(&w, a.report).assigned, w.carol.id);
	a.text = STR("too much");
	assert_int_equal(act_on(&w, &a, up_run), RC_OK);
	assert_int_equal(report_of(&w, a.report).assigned, 0);
}

static void notes_are_their_authors(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	static struct report_event list[REPORT_EVENTS_MAX];
	struct str uri;
	struct account mona = lanes_init(&w);
	struct act a = filed(&w, &uri, REPORT_SPAM);
	struct job appoint = { .what = APPOINT,
			       .actor = &w.alice,
			       .account = w.carol.id,
			       .role = COMMUNITY_MODERATOR };
	assert_int_equal(scene_act(&w, appoint), RC_OK);
	a.text = STR("seen before");
	a.actor = &w.bob;
	assert_int_equal(act_on(&w, &a, note_run), RC_DENIED);
	a.actor = &w.alice;
	assert_int_equal(act_on(&w, &a, note_run), RC_OK);
	a.actor = &w.carol;
	assert_int_equal(act_on(&w, &a, unnote_run), RC_DENIED);
	a.actor = &w.alice;
	assert_int_equal(act_on(&w, &a, unnote_run), RC_OK);
	assert_int_equal(act_on(&w, &a, unnote_run), RC_NOT_FOUND);
	assert_int_equal(act_on(&w, &a, note_run), RC_OK);
	assert_int_equal(act_on(&w, &a, up_run), RC_OK);
	/* whoever handles it next reads the note, and the reason */
	struct db_txn *txn = test_store_read(&w.t);
	assert_int_equal(report_events(txn, w.t.d.arena, a.report, list), 2);
	assert_true(list[0].kind == REPORT_NOTED && list[1].kind == REPORT_ESCALATED);
	assert_str_eq(list[1].text, STR("seen before"));
	const struct report r = report_of(&w, a.report);
	assert_true(lane_shows(txn, w.t.d.arena, mona.id, &r));
	assert_false(lane_shows(txn, w.t.d.arena, w.alice.id, &r));
	db_read_end(&txn);
}

static void who_reported_hears_once(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct statement letter;
	struct str uri;
	struct account mona = lanes_init(&w);
	struct act a = filed(&w, &uri, REPORT_SPAM);
	a.actor = &w.alice;
	a.step = REPORT_RESOLVE;
	assert_int_equal(act_on(&w, &a, step_run), RC_OK);
	assert_int_equal(letters(&w, STATEMENT_REPORT, w.carol.id, &letter), 1);
	assert_true(str_contains(letter.letter.text, STR("look after Tea")));
	test_store_forget_jobs(&w.t);
	a.step = REPORT_REOPEN;
	assert_int_equal(act_on(&w, &a, step_run), RC_OK);
	a.text = STR("once more");
	assert_int_equal(act_on(&w, &a, up_run), RC_OK);
	a.actor = &mona;
	a.step = REPORT_RESOLVE;
	assert_int_equal(act_on(&w, &a, step_run), RC_OK);
	assert_int_equal(letters(&w, STATEMENT_REPORT, w.carol.id, &letter), 0);
}

/* --- the record --- */

static void what_its_staff_does_is_recorded(void **state UNUSED)
{
	static const char *const acts[] = { "community.create", "community.appoint",
					    "community.invite", "community.pin",
					    "community.ban",	"community.strike",
					    "report.resolve" };
	struct scene w CLEANUP(scene_free);
	struct audit_row rows[64];
	struct str uri;
	lanes_init(&w);
	struct act a = filed(&w, &uri, REPORT_SPAM);
	struct job jobs[] = {
		{ .what = APPOINT, .account = w.carol.id, .role = COMMUNITY_MODERATOR },
		{ .what = INVITE },
		{ .what = MODERATE, .status = a.status, .act = COMMUNITY_ACT_PIN },
		{ .what = BAN, .account = w.dave.id },
	};
	for (size_t i = 0; i < ARRAY_LEN(jobs); i++) {
		jobs[i].actor = &w.alice;
		assert_int_equal(scene_act(&w, jobs[i]), RC_OK);
	}
	a.actor = &w.alice;
	a.step = REPORT_RESOLVE;
	assert_int_equal(act_on(&w, &a, step_run), RC_OK);
	struct ctx ctx = { .arena = w.t.d.arena };
	struct db_txn *txn = test_store_read(&w.t);
	size_t n = audit_within(txn, w.t.d.arena, w.group.id, 0, rows, ARRAY_LEN(rows));
	struct str group =
		arena_printf(w.t.d.arena, "\"community\":\"%llu\"", (unsigned long long)w.group.id);
	size_t found = 0;
	for (size_t k = 0; k < ARRAY_LEN(acts); k++) {
		for (size_t i = 0; i < n; i++) {
			struct audit_said said;
			assert_int_equal(audit_read(&ctx, &rows[i], &said), RC_OK);
			if (!str_eq(said.act, str_of(acts[k])))
				continue;
			found++;
			assert_true(str_contains(said.details, group));
			/* ids and words of ours alone */
			assert_false(str_contains(rows[i].content, STR("rude")));
			break;
		}
	}
	db_read_end(&txn);
	assert_int_equal(found, ARRAY_LEN(acts));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_says_whose_it_is),
		cmocka_unit_test(a_report_goes_to_those_whose_lane_it_is),
		cmocka_unit_test(what_the_nodes_rules_find_is_the_nodes),
		cmocka_unit_test(somebody_is_reported_to_a_community),
		cmocka_unit_test(a_community_elsewhere_is_told),
		cmocka_unit_test(each_acts_in_their_lane),
		cmocka_unit_test(what_cannot_be_the_communitys_is_not_handed_down),
		cmocka_unit_test(it_is_assigned_within_the_lane),
		cmocka_unit_test(notes_are_their_authors),
		cmocka_unit_test(who_reported_hears_once),
		cmocka_unit_test(what_its_staff_does_is_recorded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
