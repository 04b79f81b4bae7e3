/* What people hear of what communities decide about them, with any app. */
#include "../event_int.h"
#include "communitykit.h"
#include "queue/queue.h"
#include "social/badge.h"
#include "social/consultation.h"
#include "social/schedule.h"

/* The newest notice of somebody and the post that it is about. */
static struct status heard(struct scene *w, const struct account *who, enum notice_kind kind,
			   size_t count)
{
	struct notice n[8];
	assert_int_equal(test_store_notices(&w->t, who->id, n, ARRAY_LEN(n)), count);
	assert_int_equal(n[0].kind, kind);
	assert_int_equal(n[0].from, w->group.id);
	return test_store_status(&w->t, n[0].status);
}

static void letter_says(struct scene *w, const struct account *who, size_t count, const char *words)
{
	struct status s = heard(w, who, NOTICE_MENTION, count);
	assert_int_equal(s.visibility, VISIBILITY_DIRECT);
	assert_int_equal(s.account, w->group.id);
	assert_int_equal(s.community, 0);
	if (!str_contains(s.content.markup, str_of(words)))
		fail_msg("%.*s", STR_ARG(s.content.markup));
	assert_true(scene_sees(w, who, s.id));
	assert_false(scene_sees(w, &w->carol, s.id) || scene_sees(w, NULL, s.id));
}

static void authors_hear_what_became_of_posts_that_waited(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t id;
	scene_init(&w, &(struct community){ .premoderated = true,
					    .given = COMMUNITY_GIVES_PREMODERATION });
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	assert_int_equal(scene_post(&w, &w.bob, 0, &id), RC_OK);
	struct job decide = {
		.what = MODERATE, .actor = &w.alice, .status = id, .act = COMMUNITY_ACT_REFUSE
	};
	assert_int_equal(scene_act(&w, decide), RC_OK);
	letter_says(&w, &w.bob, 1,
		    "Those who look after Tea have not let in your post: off topic</p>");
	/* a second word is no second letter */
	assert_int_equal(scene_act(&w, decide), RC_EXISTS);
	assert_int_equal(scene_post(&w, &w.bob, 0, &id), RC_OK);
	decide.status = id;
	decide.act = COMMUNITY_ACT_APPROVE;
	assert_int_equal(scene_act(&w, decide), RC_OK);
	/* the kit gives a reason for all */
	letter_says(&w, &w.bob, 3, "have let in your post: off topic</p>");
	struct notice n[3];
	assert_int_equal(test_store_notices(&w.t, w.bob.id, n, 3), 3);
	assert_true(n[1].kind == NOTICE_STATUS && n[1].from == w.group.id && n[1].status == id);
}

static enum rc schedule_job(struct social *s, void *arg)
{
	struct scene *w = arg;
	const struct post_params params = { .text = STR("later"), .community = w->group.id };
	struct scheduled made;
	enum rc rc = act_schedule(s, &w->bob, &params, db_txn_now(s->txn) + MS_PER_HOUR, &made);
	const struct schedule_job job = { w->bob.id, made.id };
	uint64_t now_ms = db_txn_now(s->txn) + 2 * MS_PER_HOUR;
	/* it is not due; then it is, and refused once */
	if (rc == RC_OK)
		rc = schedule_refuse(s, &job, db_txn_now(s->txn), STR("too soon"));
	if (rc == RC_OK)
		rc = schedule_refuse(s, &job, now_ms, STR("the community takes nothing now"));
	return rc == RC_OK ? schedule_refuse(s, &job, now_ms, STR("again")) : rc;
}

static void authors_hear_that_what_they_scheduled_was_refused(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, &(struct community){ .given = 0 });
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	assert_int_equal(test_store_try(&w.t, schedule_job, &w), RC_OK);
	letter_says(&w, &w.bob, 1, "was not posted: the community takes nothing now. It is kept");
}

static void members_hear_of_their_roles(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, &(struct community){ .sight = COMMUNITY_MEMBERS,
					    .given = COMMUNITY_GIVES_SIGHT });
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	struct job appoint = {
		.what = APPOINT, .actor = &w.alice, .account = w.bob.id, .role = COMMUNITY_MODERATOR
	};
	assert_int_equal(scene_act(&w, appoint), RC_OK);
	letter_says(&w, &w.bob, 1, "You have the role &quot;moderator&quot; in Tea from now on.");
	appoint.actor = NULL;
	appoint.role = COMMUNITY_MEMBER;
	assert_int_equal(scene_act(&w, appoint), RC_OK);
	letter_says(&w, &w.bob, 2, "You are a plain member of Tea from now on.");
	/* who hands it over knows what they become; the new owner hears it */
	struct notice n[4];
	size_t before = test_store_notices(&w.t, w.alice.id, n, 4);
	struct job transfer = { .what = TRANSFER, .actor = &w.alice, .account = w.bob.id };
	assert_int_equal(scene_act(&w, transfer), RC_OK);
	letter_says(&w, &w.bob, 3, "You have the role &quot;owner&quot; in Tea from now on.");
	assert_int_equal(test_store_notices(&w.t, w.alice.id, n, 4), before);
}

static enum rc badge_job(struct social *s, void *arg)
{
	struct scene *w = arg;
	struct badge badge = { .community = w->group.id,
			       .name = STR("Helper"),
			       .description = STR("Answers"),
			       .emoji = STR("") };
	enum rc rc = badge_save(s, &w->alice, &badge);
	struct badge_award award = { .community = w->group.id,
				     .badge = badge.id,
				     .account = w->bob.id,
				     .reason = STR("for <answers>") };
	return rc == RC_OK ? badge_give(s, &w->alice, &award) : rc;
}

static void members_hear_of_their_badges(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, &(struct community){ .given = 0 });
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	assert_int_equal(test_store_try(&w.t, badge_job, &w), RC_OK);
	letter_says(&w, &w.bob, 1,
		    "Tea has given you the badge &quot;Helper&quot;: for &lt;answers&gt;</p>");
}

/* --- consultations --- */

struct calling {
	struct scene *w;
	struct consultation c;
	uint64_t wakes; /* a consultation */
};

static enum rc call_job(struct social *s, void *arg)
{
	struct calling *b = arg;
	return consultation_call(s, &b->w->alice, &b->c);
}

static enum rc wake_job(struct social *s, void *arg)
{
	const struct calling *b = arg;
	const struct event_wake wake = { .status = b->wakes, .what = EVENT_WAKE_OPENS };
	return event_wake_step(s, &wake, STR_NONE);
}

static enum rc cancel_job(struct social *s, void *arg)
{
	const struct calling *b = arg;
	return consultation_cancel(s, &b->w->alice, b->c.id);
}

static struct calling calling_of(struct scene *w, uint64_t opens_ms)
{
	return (struct calling){ .w = w,
				 .c = { .community = w->group.id,
					.method = CONSULTATION_RANKED,
					.opens_ms = opens_ms,
					.closes_ms = TEST_DB_WALL_MS + 2 * MS_PER_DAY,
					.question = STR("Which <tea>?"),
					.description = STR(""),
					.options = { STR("Green"), STR("Black") },
					.option_count = 2 } };
}

static size_t threads(struct scene *w, uint64_t ids[8])
{
	const struct page page = PAGE_ALL;
	struct db_txn *txn = test_store_read(&w->t);
	size_t n = community_posts(txn, w->group.id, COMMUNITY_POSTS_THREADS, &page, ids, 8);
	db_read_end(&txn);
	return n;
}

struct openings {
	size_t count;
	uint64_t due_ms;
};

static bool keep_opening(void *arg, const struct queue_job_view *job)
{
	struct openings *found = arg;
	struct event_wake wake;
	if (job->kind == JOB_EVENT_WAKE && event_wake_decode(job->payload, &wake) &&
	    wake.what == EVENT_WAKE_OPENS) {
		found->count++;
		found->due_ms = wake.due_ms;
	}
	return true;
}

static struct openings openings(struct scene *w)
{
	struct openings found = { 0 };
	struct db_txn *txn = test_store_read(&w->t);
	queue_each_job(txn, false, STR(""), 0, keep_opening, &found);
	db_read_end(&txn);
	return found;
}

static void members_hear_of_a_consultation_that_opens(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t ids[8];
	/* however open the community is */
	scene_init(&w, &(struct community){ .given = 0 });
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	test_store_forget_jobs(&w.t);
	struct calling now = calling_of(&w, 0);
	assert_int_equal(test_store_try(&w.t, call_job, &now), RC_OK);
	deed_told_nobody(&w.t);
	assert_int_equal(threads(&w, ids), 1);
	struct status s = test_store_status(&w.t, ids[0]);
	assert_true(s.account == w.group.id && s.visibility == VISIBILITY_MEMBERS);
	assert_true(str_contains(s.content.markup,
				 STR("<p>Which &lt;tea&gt;?</p><p>Members vote until ")));
	assert_true(str_contains(s.content.markup, STR("/auth/communities?community=")));
	assert_true(scene_sees(&w, &w.bob, s.id) && scene_sees(&w, &w.alice, s.id));
	assert_false(scene_sees(&w, &w.carol, s.id) || scene_sees(&w, &w.dave, s.id) ||
		     scene_sees(&w, NULL, s.id));
}

static void a_later_consultation_is_told_when_it_opens(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t ids[8];
	scene_init(&w, &(struct community){ .sight = COMMUNITY_MEMBERS,
					    .given = COMMUNITY_GIVES_SIGHT });
	struct calling later = calling_of(&w, TEST_DB_WALL_MS + MS_PER_DAY);
	struct calling off = calling_of(&w, TEST_DB_WALL_MS + MS_PER_DAY);
	assert_int_equal(test_store_try(&w.t, call_job, &later), RC_OK);
	assert_int_equal(test_store_try(&w.t, call_job, &off), RC_OK);
	assert_int_equal(threads(&w, ids), 0);
	assert_int_equal(openings(&w).count, 2);
	assert_true(openings(&w).due_ms == TEST_DB_WALL_MS + MS_PER_DAY);
	assert_int_equal(test_store_try(&w.t, cancel_job, &off), RC_OK);
	w.t.d.clock.wall_ms += MS_PER_DAY;
	later.wakes = later.c.id;
	off.wakes = off.c.id;
	assert_int_equal(test_store_try(&w.t, wake_job, &later), RC_OK);
	assert_int_equal(test_store_try(&w.t, wake_job, &off), RC_OK);
	assert_int_equal(threads(&w, ids), 1);
	/* what is gone is told of no more */
	later.wakes = 1;
	assert_int_equal(test_store_try(&w.t, wake_job, &later), RC_OK);
	assert_int_equal(threads(&w, ids), 1);
}

static void a_thread_says_that_its_consultation_was_called_off(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t ids[8];
	struct notice n[4];
	scene_init(&w, &(struct community){ .given = 0 });
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	struct calling now = calling_of(&w, 0);
	assert_int_equal(test_store_try(&w.t, call_job, &now), RC_OK);
	/* it is told once, whoever wakes for it */
	now.wakes = now.c.id;
	assert_int_equal(test_store_try(&w.t, wake_job, &now), RC_OK);
	assert_int_equal(threads(&w, ids), 1);
	struct status before = test_store_status(&w.t, ids[0]);
	size_t told = test_store_notices(&w.t, w.bob.id, n, 4);
	test_store_forget_jobs(&w.t);
	assert_int_equal(test_store_try(&w.t, cancel_job, &now), RC_OK);
	assert_int_equal(threads(&w, ids), 1);
	struct status s = test_store_status(&w.t, ids[0]);
	assert_str_eq(s.content.markup,
		      STR("<p>Which &lt;tea&gt;?</p><p>This consultation was called off: nothing "
			  "is decided by it.</p>"));
	assert_true(s.edited_ms != 0 && s.visibility == VISIBILITY_MEMBERS);
	assert_int_equal(s.flags, before.flags);
	assert_true(scene_sees(&w, &w.bob, s.id));
	assert_false(scene_sees(&w, &w.carol, s.id) || scene_sees(&w, NULL, s.id));
	assert_int_equal(test_store_notices(&w.t, w.bob.id, n, 4), told);
	deed_told_nobody(&w.t);
}

struct deletion {
	const struct account *by;
	uint64_t id;
};

static enum rc delete_job(struct social *s, void *arg)
{
	const struct deletion *d = arg;
	return act_delete(s, d->by, d->id);
}

static void a_thread_that_is_gone_is_no_matter(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t ids[8];
	scene_init(&w, &(struct community){ .given = 0 });
	struct calling now = calling_of(&w, 0);
	assert_int_equal(test_store_try(&w.t, call_job, &now), RC_OK);
	assert_int_equal(threads(&w, ids), 1);
	struct deletion gone = { &w.group, ids[0] };
	assert_int_equal(test_store_try(&w.t, delete_job, &gone), RC_OK);
	assert_int_equal(test_store_try(&w.t, cancel_job, &now), RC_OK);
	assert_int_equal(threads(&w, ids), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(authors_hear_what_became_of_posts_that_waited),
		cmocka_unit_test(authors_hear_that_what_they_scheduled_was_refused),
		cmocka_unit_test(members_hear_of_their_roles),
		cmocka_unit_test(members_hear_of_their_badges),
		cmocka_unit_test(members_hear_of_a_consultation_that_opens),
		cmocka_unit_test(a_later_consultation_is_told_when_it_opens),
		cmocka_unit_test(a_thread_says_that_its_consultation_was_called_off),
		cmocka_unit_test(a_thread_that_is_gone_is_no_matter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
