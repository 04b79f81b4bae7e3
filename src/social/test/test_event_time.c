/* What comes of events by the clock: series and their dates, reminders, the next date for peers. */
#include "../event_int.h"
#include "communitykit.h"
#include "db/rec.h"
#include "social/event.h"

#define HOUR MS_PER_HOUR

struct call {
	struct scene *scene;
	const struct account *actor;
	enum { HOLD, JOIN, DATE, REMIND, WAKE, OFF, CONFIRM, CROWD } what;
	struct status_event event;
	uint64_t id, original_ms, minutes;
	bool by_letter;
	struct event_date_change change;
	struct event_wake wake;
	struct str packed;
};

/* Many who take part, and wish to be reminded an hour before. */
static enum rc crowd(struct social *s, uint64_t id, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct account_secrets none = { .password_hash = STR("") };
		const struct new_account fresh = { .username = arena_printf(s->ctx->arena,
									    "guest%zu", i),
						   .display_name = STR(""),
						   .note = STR(""),
						   .password_hash = STR(""),
						   .email = STR("") };
		enum participation state;
		struct account made;
		enum rc rc = account_create(s, &fresh, &none, &made);
		if (rc == RC_OK)
			rc = event_join(s, &made, id, STR(""), STR(""), &state);
		if (rc == RC_OK)
			rc = event_remind(s, &made, id, 60, false);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

static enum rc run(struct social *s, void *arg)
{
	struct call *c = arg;
	enum participation state;
	enum rc rc;
	struct account_secrets secrets;
	struct draft draft = { .author = *c->actor,
			       .status = { .account = c->actor->id,
					   .flags = STATUS_LOCAL,
					   .type = STR("Event"),
					   .title = STR("Choir"),
					   .content = html_trusted(STR("")),
					   .event = c->event } };
	switch (c->what) {
	case HOLD:
		rc = act_post(s, &draft);
		c->id = draft.status.id;
		return rc;
	case JOIN:
		return event_join(s, c->actor, c->id, STR(""), STR(""), &state);
	case DATE:
		return event_change_date(s, c->actor, c->id, c->original_ms, &c->change);
	case REMIND:
		return event_remind(s, c->actor, c->id, c->minutes, c->by_letter);
	case WAKE:
		return event_wake_step(s, &c->wake, c->packed);
	case OFF:
		return event_cancel(s, NULL, c->id);
	case CONFIRM:
		if (!account_secrets_get(s->txn, s->ctx->arena, c->actor->id, &secrets))
			return RC_NOT_FOUND;
		secrets.email = STR("bob@example.org");
		secrets.confirmed_ms = c->minutes;
		account_secrets_put(s->txn, c->actor->id, &secrets);
		return db_txn_rc(s->txn);
	case CROWD:
		return crowd(s, c->id, (size_t)c->minutes);
	}
	return RC_UNSUPPORTED;
}

static enum rc call(struct scene *w, struct call *c)
{
	c->scene = w;
	return test_store_try(&w->t, run, c);
}

/* Begins in a day, and weekly from then on. */
static struct status_event weekly(struct scene *w, unsigned count)
{
	struct ctx ctx = { .arena = w->t.d.arena };
	struct status_event out, draft = { .start_ms = TEST_DB_WALL_MS + 24 * HOUR,
					   .end_ms = TEST_DB_WALL_MS + 26 * HOUR,
					   .place = STR("Hall"),
					   .address = STR(""),
					   .url = STR(""),
					   .join = EVENT_JOIN_FREE,
					   .timezone = STR("") };
	draft.rule =
		count > 1 ? arena_printf(w->t.d.arena, "FREQ=WEEKLY;COUNT=%u", count) : STR("");
	assert_int_equal(event_compose(&ctx, &w->t.site, &draft, STR("Choir"), &out), RC_OK);
	assert_int_equal(out.date_count, count > 1 ? count : 0);
	return out;
}

static uint64_t hold(struct scene *w, unsigned count)
{
	struct call c = { .actor = &w->alice, .what = HOLD, .event = weekly(w, count) };
	assert_int_equal(call(w, &c), RC_OK);
	return c.id;
}

static void join(struct scene *w, const struct account *who, uint64_t id)
{
	struct call c = { .actor = who, .what = JOIN, .id = id };
	assert_int_equal(call(w, &c), RC_OK);
}

static enum rc remind(struct scene *w, const struct account *who, uint64_t id, uint64_t minutes,
		      bool by_letter)
{
	struct call c = {
		.actor = who, .what = REMIND, .id = id, .minutes = minutes, .by_letter = by_letter
	};
	return call(w, &c);
}

static struct participant part(struct scene *w, const struct account *who, uint64_t id)
{
	struct db_txn *txn = test_store_read(&w->t);
	struct participant p;
	assert_true(participant_get(txn, w->t.d.arena, id, who->id, &p));
	db_read_end(&txn);
	return p;
}

static void wake(struct scene *w, const struct account *who, uint64_t id, uint64_t due_ms)
{
	struct call c = { .actor = &w->alice,
			  .what = WAKE,
			  .wake = { id, who != NULL ? who->id : 0, due_ms,
				    who != NULL ? EVENT_WAKE_REMIND : EVENT_WAKE_ROLL },
			  .packed = STR_NONE };
	assert_int_equal(call(w, &c), RC_OK);
}

static enum rc letter(struct scene *w, const struct account *who, uint64_t id, struct letter *out)
{
	struct ctx ctx = { .arena = w->t.d.arena };
	const struct event_wake wake = { id, who->id, part(w, who, id).remind_ms,
					 EVENT_WAKE_REMIND };
	struct db_txn *txn = test_store_read(&w->t);
	enum rc rc = event_wake_letter(&ctx, txn, &w->t.site, &wake, out);
	db_read_end(&txn);
	return rc;
}

static size_t reminders(struct scene *w, const struct account *who)
{
	struct db_txn *txn = test_store_read(&w->t);
	struct notice list[16];
	size_t n = notice_list(txn, who->id, 0, list, ARRAY_LEN(list)), found = 0;
	for (size_t i = 0; i < n; i++)
		found += list[i].kind == NOTICE_EVENT_REMINDER;
	db_read_end(&txn);
	return found;
}

#define FIRST (TEST_DB_WALL_MS + 24 * HOUR)
#define WEEK (7 * 24 * HOUR)

static void who_takes_part_is_reminded_of_each_date(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, &(struct community){ .given = 0 });
	uint64_t id = hold(&w, 3);
	join(&w, &w.bob, id);
	/* a day before is now: not of the first, when that is too late */
	assert_int_equal(part(&w, &w.bob, id).remind_ms, FIRST - 24 * HOUR);
	assert_int_equal(remind(&w, &w.carol, id, 60, false), RC_NOT_FOUND);
	assert_int_equal(remind(&w, &w.bob, id, EVENT_REMIND_MAX_MIN + 1, false), RC_INVALID);
	assert_int_equal(remind(&w, &w.bob, id, 60, false), RC_OK);
	assert_int_equal(part(&w, &w.bob, id).remind_ms, FIRST - HOUR);
	/* what was planned before is stale */
	wake(&w, &w.bob, id, FIRST - 24 * HOUR);
	assert_int_equal(reminders(&w, &w.bob), 0);
	w.t.d.clock.wall_ms = FIRST - HOUR;
	wake(&w, &w.bob, id, FIRST - HOUR);
	assert_int_equal(reminders(&w, &w.bob), 1);
	/* once, and the next is planned */
	wake(&w, &w.bob, id, FIRST - HOUR);
	assert_int_equal(reminders(&w, &w.bob), 1);
	assert_int_equal(part(&w, &w.bob, id).remind_ms, FIRST + WEEK - HOUR);
	/* a node that was down for long does not remind of what has begun */
	w.t.d.clock.wall_ms = FIRST + WEEK + HOUR;
	wake(&w, &w.bob, id, FIRST + WEEK - HOUR);
	assert_int_equal(part(&w, &w.bob, id).remind_ms, FIRST + 2 * WEEK - HOUR);
	/* none any more, and none at all */
	w.t.d.clock.wall_ms = FIRST + 2 * WEEK - HOUR;
	wake(&w, &w.bob, id, FIRST + 2 * WEEK - HOUR);
	assert_int_equal(part(&w, &w.bob, id).remind_ms, 0);
	assert_int_equal(remind(&w, &w.bob, id, 0, false), RC_OK);
}

static void a_change_changes_when(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, &(struct community){ .given = 0 });
	uint64_t id = hold(&w, 3);
	join(&w, &w.bob, id);
	assert_int_equal(remind(&w, &w.bob, id, 60, false), RC_OK);
	struct call off = { .actor = &w.carol,
			    .what = DATE,
			    .id = id,
			    .original_ms = FIRST,
			    .change = { .fate = EVENT_DATE_CALL_OFF } };
	assert_int_equal(call(&w, &off), RC_DENIED);
	off.actor = &w.alice;
	assert_int_equal(call(&w, &off), RC_OK);
	assert_int_equal(part(&w, &w.bob, id).remind_ms, FIRST + WEEK - HOUR);
	/* which is moved to before */
	struct call earlier = { .actor = &w.alice,
				.what = DATE,
				.id = id,
				.original_ms = FIRST + WEEK,
				.change = { .start_ms = FIRST + 5 * HOUR } };
	assert_int_equal(call(&w, &earlier), RC_OK);
	assert_int_equal(part(&w, &w.bob, id).remind_ms, FIRST + 4 * HOUR);
	struct status s = test_store_status(&w.t, id);
	assert_int_equal(s.event.dates[1].end_ms, FIRST + 7 * HOUR);
	assert_int_equal(event_end_ms(&s.event), FIRST + 2 * WEEK + 2 * HOUR);
	struct call back = { .actor = &w.alice,
			     .what = DATE,
			     .id = id,
			     .original_ms = FIRST,
			     .change = { .fate = EVENT_DATE_RESTORE } };
	assert_int_equal(call(&w, &back), RC_OK);
	assert_int_equal(part(&w, &w.bob, id).remind_ms, FIRST - HOUR);
	struct call none = { .actor = &w.alice, .what = DATE, .id = id, .original_ms = FIRST + 1 };
	assert_int_equal(call(&w, &none), RC_NOT_FOUND);
	struct call cancel = { .actor = &w.alice, .what = OFF, .id = id };
	assert_int_equal(call(&w, &cancel), RC_OK);
	assert_int_equal(part(&w, &w.bob, id).remind_ms, 0);
	assert_int_equal(call(&w, &back), RC_DENIED);
}

static void letters_go_to_who_wishes_them(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct letter l;
	scene_init(&w, &(struct community){ .given = 0 });
	uint64_t id = hold(&w, 1);
	join(&w, &w.bob, id);
	struct call email = { .actor = &w.bob, .what = CONFIRM, .minutes = 0 };
	assert_int_equal(remind(&w, &w.bob, id, 60, true), RC_OK);
	assert_int_equal(letter(&w, &w.bob, id, &l), RC_NOT_FOUND);
	assert_int_equal(call(&w, &email), RC_OK);
	/* to nobody who has not shown that the address is theirs */
	assert_int_equal(letter(&w, &w.bob, id, &l), RC_NOT_FOUND);
	email.minutes = TEST_DB_WALL_MS;
	assert_int_equal(call(&w, &email), RC_OK);
	assert_int_equal(letter(&w, &w.bob, id, &l), RC_OK);
	assert_str_eq(l.to, STR("bob@example.org"));
	assert_true(str_contains(l.subject, STR("Choir")) && str_contains(l.text, STR("Hall")));
	assert_int_equal(remind(&w, &w.bob, id, 60, false), RC_OK);
	assert_int_equal(letter(&w, &w.bob, id, &l), RC_NOT_FOUND);
}

static void peers_hear_of_the_next_date(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct federate f;
	scene_init(&w, &(struct community){ .given = 0 });
	uint64_t id = hold(&w, 2);
	test_store_forget_jobs(&w.t);
	w.t.d.clock.wall_ms = FIRST + 2 * HOUR;
	wake(&w, NULL, id, FIRST + 2 * HOUR);
	assert_true(scene_told(&w, FEDERATE_EVENT, &f));
	assert_int_equal(f.status, id);
	struct status s = test_store_status(&w.t, id);
	struct event_date next;
	assert_true(event_next_date(&s.event, w.t.d.clock.wall_ms, &next));
	assert_int_equal(next.start_ms, FIRST + WEEK);
	test_store_forget_jobs(&w.t);
	/* the last is over */
	w.t.d.clock.wall_ms = FIRST + WEEK + 2 * HOUR;
	wake(&w, NULL, id, FIRST + WEEK + 2 * HOUR);
	assert_false(scene_told(&w, FEDERATE_EVENT, &f));
	assert_false(event_next_date(&s.event, w.t.d.clock.wall_ms, &next));
	wake(&w, NULL, 1, 1);
}

struct wakes {
	struct event_wake list[8];
	size_t count;
	enum event_wake_what what;
};

static bool keep_wake(void *arg, const struct queue_job_view *job)
{
	struct wakes *wakes = arg;
	struct event_wake wake;
	if (job->kind != JOB_EVENT_WAKE || !event_wake_decode(job->payload, &wake) ||
	    wake.what != wakes->what)
		return true;
	assert_true(wakes->count < ARRAY_LEN(wakes->list));
	wakes->list[wakes->count++] = wake;
	return true;
}

/* The jobs that wait for something, in the order in which they were planned. */
static struct wakes wakes(struct scene *w, enum event_wake_what what)
{
	struct wakes found = { .what = what };
	struct db_txn *txn = test_store_read(&w->t);
	queue_each_job(txn, false, STR(""), 0, keep_wake, &found);
	db_read_end(&txn);
	return found;
}

static void move(struct scene *w, uint64_t id, uint64_t original_ms, uint64_t start_ms)
{
	struct call date = { .actor = &w->alice,
			     .what = DATE,
			     .id = id,
			     .original_ms = original_ms,
			     .change = { .start_ms = start_ms } };
	assert_int_equal(call(w, &date), RC_OK);
}

static void what_was_moved_is_over_at_its_new_time(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct federate f;
	scene_init(&w, &(struct community){ .given = 0 });
	uint64_t id = hold(&w, 3);
	const uint64_t earlier = FIRST - 10 * HOUR, later = FIRST + WEEK + 5 * HOUR;
	assert_int_equal(wakes(&w, EVENT_WAKE_ROLL).list[0].due_ms, FIRST + 2 * HOUR);
	move(&w, id, FIRST, earlier - 2 * HOUR);
	struct wakes waiting = wakes(&w, EVENT_WAKE_ROLL);
	assert_int_equal(waiting.count, 2);
	assert_int_equal(waiting.list[1].due_ms, earlier);
	/* what moves nothing plans nothing */
	move(&w, id, FIRST + WEEK, later - 2 * HOUR);
	assert_int_equal(wakes(&w, EVENT_WAKE_ROLL).count, 2);
	test_store_forget_jobs(&w.t);
	w.t.d.clock.wall_ms = earlier;
	wake(&w, NULL, id, earlier);
	assert_true(scene_told(&w, FEDERATE_EVENT, &f));
	assert_int_equal(wakes(&w, EVENT_WAKE_ROLL).list[0].due_ms, later);
	test_store_forget_jobs(&w.t);
	/* and not once more at the time that was planned before */
	w.t.d.clock.wall_ms = FIRST + 2 * HOUR;
	wake(&w, NULL, id, FIRST + 2 * HOUR);
	assert_false(scene_told(&w, FEDERATE_EVENT, &f));
	w.t.d.clock.wall_ms = later;
	wake(&w, NULL, id, later);
	assert_true(scene_told(&w, FEDERATE_EVENT, &f));
	test_store_check(&w.t);
}

/* How many are reminded at that time. */
static size_t planned(struct scene *w, uint64_t id, uint64_t at_ms)
{
	static struct participant list[2000];
	struct db_txn *txn = test_store_read(&w->t);
	size_t found = 0, n = participants(txn, w->t.d.arena, id, 0, list, ARRAY_LEN(list));
	for (size_t i = 0; i < n; i++)
		found += list[i].remind_ms == at_ms;
	db_read_end(&txn);
	return found;
}

static void step(struct scene *w, const struct event_wake *wake)
{
	struct call c = { .actor = &w->alice, .what = WAKE, .wake = *wake, .packed = STR_NONE };
	assert_int_equal(call(w, &c), RC_OK);
}

/* More than one step's worth of people: all of them are told, and reminded when it is now. */
static void a_crowd_follows_in_steps(void **state UNUSED)
{
	enum { GUESTS = 1100 };
	struct scene w CLEANUP(scene_free);
	scene_init(&w, &(struct community){ .given = 0 });
	uint64_t id = hold(&w, 2);
	struct call many = { .actor = &w.alice, .what = CROWD, .id = id, .minutes = GUESTS };
	assert_int_equal(call(&w, &many), RC_OK);
	assert_int_equal(planned(&w, id, FIRST - HOUR), GUESTS);
	move(&w, id, FIRST, FIRST - 5 * HOUR);
	assert_int_equal(planned(&w, id, FIRST - 6 * HOUR), 500);
	struct wakes waiting = wakes(&w, EVENT_WAKE_CHANGE);
	assert_int_equal(waiting.count, 1);
	step(&w, &waiting.list[0]);
	assert_int_equal(planned(&w, id, FIRST - 6 * HOUR), 1000);
	/* what is moved once more is followed from the beginning, and the steps before end */
	waiting = wakes(&w, EVENT_WAKE_CHANGE);
	w.t.d.clock.wall_ms += 1000;
	move(&w, id, FIRST, FIRST - 7 * HOUR);
	step(&w, &waiting.list[1]);
	assert_int_equal(wakes(&w, EVENT_WAKE_CHANGE).count, 3);
	waiting = wakes(&w, EVENT_WAKE_CHANGE);
	step(&w, &waiting.list[2]);
	waiting = wakes(&w, EVENT_WAKE_CHANGE);
	assert_int_equal(waiting.count, 4);
	step(&w, &waiting.list[3]);
	assert_int_equal(planned(&w, id, FIRST - 8 * HOUR), GUESTS);
	assert_int_equal(wakes(&w, EVENT_WAKE_CHANGE).count, 4);
	const struct event_wake gone = { 1, 0, 0, EVENT_WAKE_CHANGE };
	step(&w, &gone);
}

static void wakes_of_former_versions_are_read(void **state UNUSED)
{
	struct event_wake wake;
	for (uint64_t account = 0; account < 2; account++) {
		struct buf old CLEANUP(buf_free) = BUF_INIT(64);
		struct buf now CLEANUP(buf_free) = BUF_INIT(64);
		rec_add_u8(&old, 1);
		rec_add_u64(&old, 7);
		rec_add_u64(&old, account);
		rec_add_u64(&old, 9);
		assert_true(event_wake_decode(buf_str(&old), &wake));
		assert_int_equal(wake.what, account != 0 ? EVENT_WAKE_REMIND : EVENT_WAKE_ROLL);
		event_wake_encode(&now, &wake);
		assert_true(event_wake_decode(buf_str(&now), &wake));
		assert_true(wake.status == 7 && wake.account == account && wake.due_ms == 9);
		for (size_t n = 0; n < now.len; n++)
			assert_false(event_wake_decode(str_take(buf_str(&now), n), &wake));
		now.ptr[now.len - 1] = EVENT_WAKE_OPENS + 1;
		assert_false(event_wake_decode(buf_str(&now), &wake));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_takes_part_is_reminded_of_each_date),
		cmocka_unit_test(a_change_changes_when),
		cmocka_unit_test(letters_go_to_who_wishes_them),
		cmocka_unit_test(peers_hear_of_the_next_date),
		cmocka_unit_test(what_was_moved_is_over_at_its_new_time),
		cmocka_unit_test(a_crowd_follows_in_steps),
		cmocka_unit_test(wakes_of_former_versions_are_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
