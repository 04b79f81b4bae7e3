/* Events: who holds them, who takes part, what is refused, who hears of it. */
#include "communitykit.h"
#include "social/event.h"

#define HOUR ((uint64_t)60 * 60 * 1000)

enum what {
	HOLD,
	JOIN,
	LEAVE,
	ANSWER,
	ANSWERED,
	CANCEL,
	RECEIVE,
	STEP,
	INVITE_ONE,
	INVITED,
	UNINVITED,
	INVITE_ANSWERED
};

struct call {
	struct scene *scene;
	const struct account *actor;
	enum what what;
	struct status_event event;
	bool in_community;
	uint64_t id;
	struct str uri;
	uint64_t account;
	const struct account *guest;
	bool accept;
	enum participation state;
	enum rc rc;
	struct status status;
};

static enum rc hold(struct social *s, struct call *c)
{
	struct draft draft = { .author = *c->actor,
			       .community = c->in_community ? c->scene->group.id : 0,
			       .status = { .account = c->actor->id,
					   .flags = STATUS_LOCAL,
					   .type = STR("Event"),
					   .title = STR("Tea"),
					   .content = html_trusted(STR("")),
					   .event = c->event } };
	enum rc rc = act_post(s, &draft);
	c->id = draft.status.id;
	return rc;
}

static enum rc run(struct social *s, void *arg)
{
	struct call *c = arg;
	switch (c->what) {
	case HOLD:
		return hold(s, c);
	case JOIN:
		/* what is refused is answered, too */
		c->rc = event_join(s, c->actor, c->id, c->uri, STR("hello"), &c->state);
		return RC_OK;
	case LEAVE:
		return event_leave(s, c->actor, c->id);
	case ANSWER:
		return event_answer(s, c->actor, c->id, c->account, c->accept);
	case ANSWERED:
		return event_answered(s, c->actor, c->id, c->account, c->accept);
	case CANCEL:
		return event_cancel(s, c->actor, c->id);
	case RECEIVE:
		return act_receive_post(s, c->actor, &c->status);
	case STEP:
		return event_job_step(s, c->id);
	case INVITE_ONE:
		return event_invite(s, c->actor, c->id, c->account);
	case INVITED:
		return event_invited(s, c->actor, c->id, c->guest, STR("https://d.example/i/1"));
	case UNINVITED:
		return event_uninvited(s, c->actor, c->id, c->guest);
	case INVITE_ANSWERED:
		return event_invite_answered(s, c->actor, c->id, c->accept);
	}
	return RC_UNSUPPORTED;
}

static enum rc call(struct scene *w, struct call *c)
{
	c->scene = w;
	return test_store_try(&w->t, run, c);
}

static struct status_event tomorrow(void)
{
	return (struct status_event){ .start_ms = TEST_DB_WALL_MS + 24 * HOUR,
				      .end_ms = TEST_DB_WALL_MS + 26 * HOUR,
				      .place = STR("Hall"),
				      .address = STR(""),
				      .url = STR(""),
				      .join = EVENT_JOIN_FREE,
				      .timezone = STR(""),
				      .group = STR("") };
}

static enum rc make(struct scene *w, const struct account *actor, struct status_event event,
		    bool in_community, uint64_t *id)
{
	struct call c = {
		.actor = actor, .what = HOLD, .event = event, .in_community = in_community
	};
	enum rc rc = call(w, &c);
	*id = c.id;
	return rc;
}

static enum rc join(struct scene *w, const struct account *actor, uint64_t id,
		    enum participation *state)
{
	struct call c = { .actor = actor, .what = JOIN, .id = id };
	c.uri = account_is_local(actor) ? STR("") : STR("https://d.example/joins/1");
	assert_int_equal(call(w, &c), RC_OK);
	if (state != NULL)
		*state = c.state;
	return c.rc;
}

static enum rc act(struct scene *w, enum what what, const struct account *actor, uint64_t id)
{
	struct call c = { .actor = actor, .id = id };
	c.what = what;
	return call(w, &c);
}

static enum rc answer(struct scene *w, enum what what, const struct account *actor, uint64_t id,
		      const struct account *whom, bool accept)
{
	struct call c = {
		.actor = actor, .id = id, .account = whom->id, .guest = whom, .accept = accept
	};
	c.what = what;
	return call(w, &c);
}

static struct attendance counts(struct scene *w, uint64_t id)
{
	struct db_txn *txn = test_store_read(&w->t);
	struct attendance a = attendance_get(txn, id);
	db_read_end(&txn);
	return a;
}

static void scene_open(struct scene *w)
{
	scene_init(w, &(struct community){ .given = 0 });
	assert_int_equal(scene_join(w, &w->bob), RC_OK);
}

static void those_whom_the_community_lets_hold_events(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t id;
	scene_open(&w);
	assert_int_equal(make(&w, &w.bob, tomorrow(), true, &id), RC_DENIED);
	assert_int_equal(make(&w, &w.alice, tomorrow(), true, &id), RC_OK);
	assert_int_equal(test_store_status(&w.t, id).community, w.group.id);
	/* on their own, everybody may */
	assert_int_equal(make(&w, &w.bob, tomorrow(), false, &id), RC_OK);
	struct status_event over = tomorrow();
	over.start_ms = TEST_DB_WALL_MS - 2 * HOUR;
	over.end_ms = TEST_DB_WALL_MS - HOUR;
	assert_int_equal(make(&w, &w.bob, over, false, &id), RC_INVALID);
	over = tomorrow();
	over.start_ms += (uint64_t)20 * 366 * 24 * HOUR;
	over.end_ms = 0;
	assert_int_equal(make(&w, &w.bob, over, false, &id), RC_INVALID);
}

static void what_makes_no_sense_is_not_composed(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct status_event out, rows[8];
	const char *titles[8];
	scene_open(&w);
	for (size_t i = 0; i < 8; i++) {
		rows[i] = tomorrow();
		titles[i] = "Tea";
	}
	titles[0] = "";
	rows[1].start_ms = 0;
	rows[2].end_ms = rows[2].start_ms;
	rows[3].end_ms = rows[3].start_ms + EVENT_LONGEST_MS + 1;
	rows[4].url = STR("javascript:alert(1)");
	rows[5].join = EVENT_JOIN_EXTERNAL;
	rows[6].timezone = STR("Here\r\nX:1");
	rows[7].capacity = 2000000;
	for (size_t i = 0; i < 8; i++) {
		struct ctx ctx = { .arena = w.t.d.arena };
		assert_int_equal(event_compose(&ctx, &w.t.site, &rows[i], str_of(titles[i]), &out),
				 RC_INVALID);
		assert_true(err_text(&ctx.err)[0] != '\0');
	}
	struct ctx ctx = { .arena = w.t.d.arena };
	struct status_event fine = tomorrow();
	fine.place = STR("  Hall ");
	fine.url = STR("https://Meet.example/x");
	assert_int_equal(event_compose(&ctx, &w.t.site, &fine, STR("Tea"), &out), RC_OK);
	assert_str_eq(out.place, STR("Hall"));
	assert_str_eq(out.url, STR("https://meet.example/x"));
}

static void people_join_until_it_is_full_and_leave(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	enum participation p;
	struct federate f;
	uint64_t id;
	scene_open(&w);
	struct status_event e = tomorrow();
	e.capacity = 2;
	assert_int_equal(make(&w, &w.alice, e, false, &id), RC_OK);
	test_store_forget_jobs(&w.t);
	assert_int_equal(join(&w, &w.alice, id, NULL), RC_DENIED);
	assert_int_equal(act(&w, LEAVE, &w.bob, id), RC_NOT_FOUND);
	assert_int_equal(join(&w, &w.bob, id, &p), RC_OK);
	assert_int_equal(p, PARTICIPATION_GOING);
	assert_int_equal(join(&w, &w.bob, id, &p), RC_EXISTS);
	assert_int_equal(join(&w, &w.dave, id, &p), RC_OK);
	assert_int_equal(p, PARTICIPATION_GOING);
	assert_true(scene_told(&w, FEDERATE_JOIN_ACCEPT, &f));
	assert_str_eq(f.object, STR("https://d.example/joins/1"));
	assert_true(f.actor == w.alice.id && f.target == w.dave.id);
	assert_int_equal(counts(&w, id).going, 2);
	assert_int_equal(join(&w, &w.carol, id, NULL), RC_DENIED);
	assert_int_equal(act(&w, LEAVE, &w.bob, id), RC_OK);
	assert_int_equal(counts(&w, id).going, 1);
	assert_int_equal(join(&w, &w.carol, id, NULL), RC_OK);
	/* a stranger who cannot be let in hears so */
	test_store_forget_jobs(&w.t);
	struct account erin = test_store_remote(&w.t, "erin", "e.example");
	assert_int_equal(join(&w, &erin, id, NULL), RC_DENIED);
	assert_true(scene_told(&w, FEDERATE_JOIN_REJECT, &f));
	assert_int_equal(f.target, erin.id);
}

static void requests_are_answered_by_who_holds_it(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	enum participation p;
	struct federate f;
	uint64_t id;
	scene_open(&w);
	struct status_event e = tomorrow();
	e.join = EVENT_JOIN_ON_REQUEST;
	assert_int_equal(make(&w, &w.alice, e, true, &id), RC_OK);
	assert_int_equal(join(&w, &w.bob, id, &p), RC_OK);
	assert_int_equal(p, PARTICIPATION_WAITING);
	assert_int_equal(join(&w, &w.dave, id, &p), RC_OK);
	assert_true(counts(&w, id).waiting == 2 && counts(&w, id).going == 0);
	assert_int_equal(answer(&w, ANSWER, &w.bob, id, &w.bob, true), RC_DENIED);
	assert_int_equal(answer(&w, ANSWER, &w.alice, id, &w.carol, true), RC_NOT_FOUND);
	assert_int_equal(answer(&w, ANSWER, &w.alice, id, &w.bob, true), RC_OK);
	assert_int_equal(answer(&w, ANSWER, &w.alice, id, &w.bob, true), RC_EXISTS);
	test_store_forget_jobs(&w.t);
	assert_int_equal(answer(&w, ANSWER, &w.alice, id, &w.dave, false), RC_OK);
	assert_true(scene_told(&w, FEDERATE_JOIN_REJECT, &f));
	/* who was refused does not get in by asking again, or by leaving first */
	assert_int_equal(join(&w, &w.dave, id, &p), RC_DENIED);
	assert_int_equal(act(&w, LEAVE, &w.dave, id), RC_NOT_FOUND);
	assert_int_equal(join(&w, &w.dave, id, &p), RC_DENIED);
	assert_true(counts(&w, id).waiting == 0 && counts(&w, id).going == 1);
}

static void who_is_banned_takes_part_in_nothing_there(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	enum participation p;
	uint64_t open, asked;
	scene_open(&w);
	struct status_event e = tomorrow();
	assert_int_equal(make(&w, &w.alice, e, true, &open), RC_OK);
	e.join = EVENT_JOIN_ON_REQUEST;
	assert_int_equal(make(&w, &w.alice, e, true, &asked), RC_OK);
	assert_int_equal(join(&w, &w.bob, asked, &p), RC_OK);
	struct job ban = { .what = BAN, .actor = &w.alice, .account = w.bob.id };
	assert_int_equal(scene_act(&w, ban), RC_OK);
	assert_int_equal(join(&w, &w.bob, open, &p), RC_DENIED);
	assert_int_equal(answer(&w, ANSWER, &w.alice, asked, &w.bob, true), RC_DENIED);
	struct call invite = {
		.actor = &w.alice, .what = INVITE_ONE, .id = open, .account = w.bob.id
	};
	assert_int_equal(call(&w, &invite), RC_DENIED);
	ban.what = UNBAN;
	assert_int_equal(scene_act(&w, ban), RC_OK);
	assert_int_equal(join(&w, &w.bob, open, &p), RC_OK);
}

static void who_is_banned_manages_nothing_in_the_community(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	enum participation p;
	uint64_t id;
	scene_open(&w);
	struct job appoint = {
		.what = APPOINT, .actor = &w.alice, .account = w.bob.id, .role = COMMUNITY_MODERATOR
	};
	struct status_event e = tomorrow();
	e.join = EVENT_JOIN_ON_REQUEST;
	assert_int_equal(scene_act(&w, appoint), RC_OK);
	assert_int_equal(make(&w, &w.bob, e, true, &id), RC_OK);
	assert_int_equal(join(&w, &w.carol, id, &p), RC_OK);
	struct job ban = { .what = BAN, .actor = &w.alice, .account = w.bob.id };
	assert_int_equal(scene_act(&w, ban), RC_OK);
	assert_int_equal(answer(&w, ANSWER, &w.bob, id, &w.carol, true), RC_DENIED);
	assert_int_equal(act(&w, CANCEL, &w.bob, id), RC_DENIED);
	/* others look after it, and what they change needs no word of its author's */
	assert_int_equal(answer(&w, ANSWER, &w.alice, id, &w.carol, true), RC_OK);
	assert_int_equal(act(&w, CANCEL, &w.alice, id), RC_OK);
	assert_int_equal(test_store_status(&w.t, id).event.state, EVENT_CANCELLED);
}

static void nobody_joins_what_is_over_cancelled_or_hidden(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t id, members;
	scene_init(&w, &(struct community){ .given = COMMUNITY_GIVES_SIGHT,
					    .sight = COMMUNITY_MEMBERS });
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	assert_int_equal(make(&w, &w.alice, tomorrow(), true, &members), RC_OK);
	assert_int_equal(join(&w, &w.carol, members, NULL), RC_NOT_FOUND);
	assert_int_equal(join(&w, &w.dave, members, NULL), RC_NOT_FOUND);
	assert_int_equal(join(&w, &w.bob, members, NULL), RC_OK);
	assert_int_equal(make(&w, &w.alice, tomorrow(), false, &id), RC_OK);
	assert_int_equal(join(&w, &w.bob, id, NULL), RC_OK);
	assert_int_equal(act(&w, CANCEL, &w.bob, id), RC_DENIED);
	assert_int_equal(act(&w, CANCEL, &w.alice, id), RC_OK);
	assert_int_equal(act(&w, CANCEL, &w.alice, id), RC_EXISTS);
	assert_int_equal(test_store_status(&w.t, id).event.state, EVENT_CANCELLED);
	/* who takes part hears of it */
	deed_noticed(&w.t, &w.bob, 1, NOTICE_EDIT, w.alice.id, id);
	assert_int_equal(join(&w, &w.carol, id, NULL), RC_DENIED);
	w.t.d.clock.wall_ms += 48 * HOUR;
	assert_int_equal(join(&w, &w.alice, members, NULL), RC_DENIED);
	assert_int_equal(act(&w, LEAVE, &w.bob, members), RC_OK);
}

static uint64_t received(struct scene *w, const char *group)
{
	struct call c = { .actor = &w->dave, .what = RECEIVE };
	struct status_event e = tomorrow();
	e.group = str_of(group);
	e.has_told = true;
	e.told = 40;
	c.status = (struct status){ .type = STR("Event"),
				    .uri = STR("https://d.example/events/1"),
				    .url = STR(""),
				    .title = STR("Cake"),
				    .content = html_trusted(STR("")),
				    .parent_uri = STR(""),
				    .event = e,
				    .created_ms = TEST_DB_WALL_MS };
	assert_int_equal(call(w, &c), RC_OK);
	return c.status.id;
}

static void elsewhere_one_asks_and_waits_for_the_word_of_who_holds_it(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	enum participation p;
	struct federate f;
	scene_open(&w);
	struct account erin = test_store_remote(&w.t, "erin", "d.example");
	struct account fred = test_store_remote(&w.t, "fred", "d.example");
	uint64_t id = received(&w, arena_cstr(w.t.d.arena, erin.uri));
	assert_int_equal(counts(&w, id).told, 40);
	test_store_forget_jobs(&w.t);
	assert_int_equal(join(&w, &w.bob, id, &p), RC_OK);
	assert_int_equal(p, PARTICIPATION_WAITING);
	assert_true(scene_told(&w, FEDERATE_JOIN, &f));
	assert_str_eq(f.object, STR("https://d.example/events/1"));
	assert_str_eq(f.text, STR("hello"));
	assert_true(f.extra_count == 1 && f.extra[0] == w.dave.id);
	/* not of a stranger, though on the same host; nor of ours */
	assert_int_equal(answer(&w, ANSWERED, &fred, id, &w.bob, true), RC_DENIED);
	assert_int_equal(answer(&w, ANSWERED, &w.alice, id, &w.bob, true), RC_DENIED);
	assert_int_equal(answer(&w, ANSWER, &w.bob, id, &w.bob, true), RC_DENIED);
	assert_int_equal(answer(&w, ANSWERED, &w.dave, id, &w.carol, true), RC_NOT_FOUND);
	assert_int_equal(answer(&w, ANSWERED, &erin, id, &w.bob, true), RC_OK);
	assert_int_equal(counts(&w, id).going, 1);
	assert_int_equal(answer(&w, ANSWERED, &w.dave, id, &w.bob, false), RC_OK);
	assert_int_equal(counts(&w, id).going, 0);
	assert_int_equal(join(&w, &w.carol, id, &p), RC_OK);
	test_store_forget_jobs(&w.t);
	assert_int_equal(act(&w, LEAVE, &w.carol, id), RC_OK);
	assert_true(scene_told(&w, FEDERATE_LEAVE, &f));
	/* people of elsewhere join elsewhere */
	assert_int_equal(join(&w, &erin, id, NULL), RC_NOT_FOUND);
	assert_int_equal(act(&w, CANCEL, &w.bob, id), RC_DENIED);
}

static void how_many_is_told_once_for_many(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct federate f;
	uint64_t id;
	scene_open(&w);
	assert_int_equal(make(&w, &w.alice, tomorrow(), false, &id), RC_OK);
	assert_int_equal(join(&w, &w.bob, id, NULL), RC_OK);
	assert_int_equal(join(&w, &w.dave, id, NULL), RC_OK);
	assert_true((counts(&w, id).flags & ATTENDANCE_TELLING) != 0);
	test_store_forget_jobs(&w.t);
	assert_int_equal(act(&w, STEP, NULL, id), RC_OK);
	assert_true(scene_told(&w, FEDERATE_EVENT, &f));
	assert_int_equal(f.status, id);
	test_store_forget_jobs(&w.t);
	/* nothing new */
	assert_int_equal(act(&w, STEP, NULL, id), RC_OK);
	assert_false(scene_told(&w, FEDERATE_EVENT, &f));
	/* who takes part hears of changes, follower or not */
	assert_int_equal(act(&w, CANCEL, &w.alice, id), RC_OK);
	assert_true(scene_told(&w, FEDERATE_UPDATE, &f));
	assert_true(f.extra_count == 1 && f.extra[0] == w.dave.id);
	assert_int_equal(act(&w, STEP, NULL, 1), RC_OK);
}

static enum participation part(struct scene *w, uint64_t id, const struct account *who)
{
	struct db_txn *txn = test_store_read(&w->t);
	struct participant p;
	enum participation state =
		participant_get(txn, w->t.d.arena, id, who->id, &p) ? p.state : PARTICIPATION_NONE;
	db_read_end(&txn);
	return state;
}

static enum rc invite(struct scene *w, const struct account *actor, uint64_t id,
		      const struct account *whom)
{
	return answer(w, INVITE_ONE, actor, id, whom, true);
}

static void who_is_invited_joins_what_is_by_invitation(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	enum participation p;
	struct federate f;
	uint64_t id;
	scene_open(&w);
	struct status_event e = tomorrow();
	e.join = EVENT_JOIN_INVITE;
	e.capacity = 1;
	assert_int_equal(make(&w, &w.alice, e, false, &id), RC_OK);
	assert_int_equal(join(&w, &w.bob, id, NULL), RC_DENIED);
	assert_int_equal(invite(&w, &w.carol, id, &w.bob), RC_DENIED);
	assert_int_equal(invite(&w, &w.alice, id, &w.alice), RC_DENIED);
	assert_int_equal(invite(&w, &w.alice, id, &w.group), RC_DENIED);
	assert_int_equal(invite(&w, &w.alice, id, &w.bob), RC_OK);
	assert_int_equal(invite(&w, &w.alice, id, &w.bob), RC_EXISTS);
	deed_noticed(&w.t, &w.bob, 1, NOTICE_EVENT_INVITE, w.alice.id, id);
	/* an invitation takes no place, and is nobody else's to accept */
	assert_true(counts(&w, id).going == 0 && counts(&w, id).waiting == 0);
	assert_int_equal(answer(&w, ANSWER, &w.alice, id, &w.bob, true), RC_DENIED);
	assert_int_equal(join(&w, &w.carol, id, NULL), RC_DENIED);
	/* declined, and thought better of */
	assert_int_equal(act(&w, LEAVE, &w.bob, id), RC_OK);
	assert_int_equal(part(&w, id, &w.bob), PARTICIPATION_DECLINED);
	assert_int_equal(act(&w, LEAVE, &w.bob, id), RC_NOT_FOUND);
	assert_int_equal(invite(&w, &w.alice, id, &w.bob), RC_EXISTS);
	assert_int_equal(join(&w, &w.bob, id, &p), RC_OK);
	assert_int_equal(p, PARTICIPATION_GOING);
	assert_int_equal(counts(&w, id).going, 1);
	/* who comes too late finds it full, and hears so */
	test_store_forget_jobs(&w.t);
	assert_int_equal(invite(&w, &w.alice, id, &w.dave), RC_OK);
	assert_true(scene_told(&w, FEDERATE_INVITE, &f));
	assert_true(f.target == w.dave.id && str_eq(f.uri, f.object));
	test_store_forget_jobs(&w.t);
	struct call late = { .actor = &w.dave, .what = INVITE_ANSWERED, .id = id, .accept = true };
	assert_int_equal(call(&w, &late), RC_DENIED);
	/* taken back */
	assert_int_equal(answer(&w, ANSWER, &w.alice, id, &w.dave, false), RC_OK);
	assert_true(scene_told(&w, FEDERATE_UNINVITE, &f));
	assert_int_equal(part(&w, id, &w.dave), PARTICIPATION_NONE);
	assert_int_equal(call(&w, &late), RC_NOT_FOUND);
}

static void guests_from_elsewhere_answer(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	enum participation p;
	uint64_t id;
	scene_open(&w);
	struct account erin = test_store_remote(&w.t, "erin", "e.example");
	struct status_event e = tomorrow();
	e.join = EVENT_JOIN_ON_REQUEST;
	assert_int_equal(make(&w, &w.alice, e, false, &id), RC_OK);
	assert_int_equal(invite(&w, &w.alice, id, &w.dave), RC_OK);
	assert_int_equal(answer(&w, INVITE_ANSWERED, &erin, id, &w.dave, true), RC_NOT_FOUND);
	assert_int_equal(answer(&w, INVITE_ANSWERED, &w.dave, id, &w.dave, false), RC_OK);
	assert_int_equal(part(&w, id, &w.dave), PARTICIPATION_DECLINED);
	assert_int_equal(answer(&w, INVITE_ANSWERED, &w.dave, id, &w.dave, true), RC_OK);
	assert_int_equal(answer(&w, INVITE_ANSWERED, &w.dave, id, &w.dave, true), RC_EXISTS);
	assert_int_equal(counts(&w, id).going, 1);
	/* a Join is as good as an Accept; who has asked is let in by being invited */
	assert_int_equal(invite(&w, &w.alice, id, &erin), RC_OK);
	assert_int_equal(join(&w, &erin, id, &p), RC_OK);
	assert_int_equal(p, PARTICIPATION_GOING);
	assert_int_equal(join(&w, &w.bob, id, &p), RC_OK);
	assert_int_equal(p, PARTICIPATION_WAITING);
	deed_noticed(&w.t, &w.alice, 1, NOTICE_EVENT_REQUEST, w.bob.id, id);
	assert_int_equal(invite(&w, &w.alice, id, &w.bob), RC_OK);
	assert_int_equal(counts(&w, id).going, 3);
}

static void ours_are_invited_by_who_holds_it(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	enum participation p;
	struct federate f;
	scene_open(&w);
	struct account fred = test_store_remote(&w.t, "fred", "d.example");
	uint64_t id = received(&w, "");
	assert_int_equal(answer(&w, INVITED, &fred, id, &w.bob, true), RC_DENIED);
	assert_int_equal(answer(&w, INVITED, &w.dave, id, &fred, true), RC_DENIED);
	assert_int_equal(answer(&w, INVITED, &w.dave, id, &w.bob, true), RC_OK);
	deed_noticed(&w.t, &w.bob, 1, NOTICE_EVENT_INVITE, w.dave.id, id);
	assert_int_equal(part(&w, id, &w.bob), PARTICIPATION_INVITED);
	test_store_forget_jobs(&w.t);
	assert_int_equal(act(&w, LEAVE, &w.bob, id), RC_OK);
	assert_true(scene_told(&w, FEDERATE_INVITE_REJECT, &f));
	/* asked once more, the answer stands */
	assert_int_equal(answer(&w, INVITED, &w.dave, id, &w.bob, true), RC_OK);
	assert_int_equal(part(&w, id, &w.bob), PARTICIPATION_DECLINED);
	assert_int_equal(join(&w, &w.bob, id, &p), RC_OK);
	assert_int_equal(p, PARTICIPATION_GOING);
	assert_true(scene_told(&w, FEDERATE_INVITE_ACCEPT, &f));
	assert_str_eq(f.object, STR("https://d.example/i/1"));
	assert_int_equal(answer(&w, UNINVITED, &fred, id, &w.bob, true), RC_DENIED);
	assert_int_equal(answer(&w, UNINVITED, &w.dave, id, &w.carol, true), RC_NOT_FOUND);
	assert_int_equal(answer(&w, UNINVITED, &w.dave, id, &w.bob, true), RC_OK);
	assert_int_equal(part(&w, id, &w.bob), PARTICIPATION_REFUSED);
	/* who has asked, and is invited meanwhile, comes */
	assert_int_equal(join(&w, &w.carol, id, &p), RC_OK);
	assert_int_equal(p, PARTICIPATION_WAITING);
	assert_int_equal(answer(&w, INVITED, &w.dave, id, &w.carol, true), RC_OK);
	assert_int_equal(part(&w, id, &w.carol), PARTICIPATION_GOING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(those_whom_the_community_lets_hold_events),
		cmocka_unit_test(what_makes_no_sense_is_not_composed),
		cmocka_unit_test(people_join_until_it_is_full_and_leave),
		cmocka_unit_test(requests_are_answered_by_who_holds_it),
		cmocka_unit_test(who_is_banned_takes_part_in_nothing_there),
		cmocka_unit_test(who_is_banned_manages_nothing_in_the_community),
		cmocka_unit_test(nobody_joins_what_is_over_cancelled_or_hidden),
		cmocka_unit_test(elsewhere_one_asks_and_waits_for_the_word_of_who_holds_it),
		cmocka_unit_test(how_many_is_told_once_for_many),
		cmocka_unit_test(who_is_invited_joins_what_is_by_invitation),
		cmocka_unit_test(guests_from_elsewhere_answer),
		cmocka_unit_test(ours_are_invited_by_who_holds_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
