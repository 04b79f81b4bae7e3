/* What comes of events by the clock: series and their dates, reminders, the next date for peers. */
#include "../event_int.h"
#include "communitykit.h"
#include "social/event.h"

#define HOUR MS_PER_HOUR

struct call {
	struct scene *scene;
	const struct account *actor;
	enum { HOLD, JOIN, DATE, REMIND, WAKE, OFF, CONFIRM } what;
	struct status_event event;
	uint64_t id, original_ms, minutes;
	bool by_letter;
	struct event_date_change change;
	struct event_wake wake;
	struct str packed;
};

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
			  .wake = { id, who != NULL ? who->id : 0, due_ms },
			  .packed = STR_NONE };
	assert_int_equal(call(w, &c), RC_OK);
}

static enum rc letter(struct scene *w, const struct account *who, uint64_t id, struct letter *out)
{
	struct ctx ctx = { .arena = w->t.d.arena };
	const struct event_wake wake = { id, who->id, part(w, who, id).remind_ms };
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_takes_part_is_reminded_of_each_date),
		cmocka_unit_test(a_change_changes_when),
		cmocka_unit_test(letters_go_to_who_wishes_them),
		cmocka_unit_test(peers_hear_of_the_next_date),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
