/* What comes of events by the clock: people are reminded, peers hear of a series' next date, consultations open. Each waking is a job;
 * what has changed meanwhile is found out when it comes. Inside transactions only. */
#include "core/date.h"
#include "db/rec.h"
#include "event_int.h"
#include "queue/queue.h"
#include "social/consultation.h"

#define WAKE_VERSION 2 /* 1 did not say what for: there were reminders, and series */
#define LETTER_BYTES ((size_t)16 << 10)

/* --- jobs --- */

void event_wake_encode(struct buf *out, const struct event_wake *wake)
{
	rec_add_u8(out, WAKE_VERSION);
	rec_add_u64(out, wake->status);
	rec_add_u64(out, wake->account);
	rec_add_u64(out, wake->due_ms);
	rec_add_u8(out, (uint8_t)wake->what);
}

static void job_add(struct social *s, const struct event_wake *wake, uint64_t due_ms)
{
	struct buf payload CLEANUP(buf_free) = BUF_INIT(64);
	event_wake_encode(&payload, wake);
	struct queue_new row = { .kind = JOB_EVENT_WAKE,
				 .order = db_next_id(s->txn),
				 .payload = buf_str(&payload),
				 .due_ms = due_ms };
	queue_add(s->txn, &row);
	s->enqueued = true;
}

static void wake_later(struct social *s, enum event_wake_what what, uint64_t status,
		       uint64_t account, uint64_t due_ms)
{
	const struct event_wake wake = { status, account, due_ms, what };
	job_add(s, &wake, due_ms);
}

void event_change_later(struct social *s, const struct status *status, uint64_t after)
{
	const struct event_wake wake = { status->id, after, status->edited_ms, EVENT_WAKE_CHANGE };
	job_add(s, &wake, db_txn_now(s->txn));
}

void event_wake_opens(struct social *s, uint64_t consultation, uint64_t due_ms)
{
	wake_later(s, EVENT_WAKE_OPENS, consultation, 0, due_ms);
}

bool event_wake_decode(struct str payload, struct event_wake *out)
{
	struct rec r = rec_open(payload);
	uint8_t version = rec_u8(&r);
	out->status = rec_u64(&r);
	out->account = rec_u64(&r);
	out->due_ms = rec_u64(&r);
	uint8_t what = version >= 2	   ? rec_u8(&r)
		       : out->account != 0 ? EVENT_WAKE_REMIND
					   : EVENT_WAKE_ROLL;
	out->what = (enum event_wake_what)what;
	return version >= 1 && version <= WAKE_VERSION && rec_ok(&r) && what <= EVENT_WAKE_OPENS;
}

/* --- when --- */

/* The first date that has not begun, and of which they are to be reminded at or after a time. */
static bool next_reminder(const struct status_event *e, uint32_t before_min, uint64_t now_ms,
			  struct event_date *out)
{
	const uint64_t before = before_min * MS_PER_MINUTE;
	const struct event_date only = { .original_ms = e->start_ms,
					 .start_ms = e->start_ms,
					 .end_ms = e->end_ms,
					 .place = STR("") };
	const unsigned count = e->date_count != 0 ? e->date_count : 1;
	bool found = false;
	if (e->state == EVENT_CANCELLED || before_min == 0)
		return false;
	for (unsigned i = 0; i < count; i++) {
		const struct event_date date = e->date_count != 0 ? e->dates[i] : only;
		if ((date.flags & EVENT_DATE_CANCELLED) != 0 || date.start_ms < before + now_ms ||
		    (found && date.start_ms >= out->start_ms))
			continue;
		*out = date;
		found = true;
	}
	return found;
}

void event_part_put(struct social *s, const struct status *status, struct participant *p)
{
	struct event_date date;
	struct str domain;
	bool here = account_domain(s->txn, p->account, &domain) && domain.len == 0;
	uint64_t due = 0;
	if (here && p->state == PARTICIPATION_GOING &&
	    next_reminder(&status->event, p->remind_min, db_txn_now(s->txn), &date))
		due = date.start_ms - p->remind_min * MS_PER_MINUTE;
	/* a job for each time that is planned: one that is not any more finds that out */
	if (due != 0 && due != p->remind_ms)
		wake_later(s, EVENT_WAKE_REMIND, p->status, p->account, due);
	p->remind_ms = due;
	participant_put(s->txn, p);
}

enum rc event_remind(struct social *s, const struct account *actor, uint64_t id, uint64_t minutes,
		     bool by_letter)
{
	struct status status;
	struct account author;
	struct participant p;
	enum rc rc = act_load(s, id, &status, &author);
	if (rc != RC_OK)
		return rc;
	if (minutes > EVENT_REMIND_MAX_MIN)
		return ctx_fail(s->ctx, RC_INVALID, "a reminder comes 28 days before at most");
	if (!participant_get(s->txn, s->ctx->arena, id, actor->id, &p) ||
	    p.state == PARTICIPATION_REFUSED)
		return act_end(s, RC_NOT_FOUND);
	p.remind_min = (uint32_t)minutes;
	p.by_letter = by_letter;
	event_part_put(s, &status, &p);
	return act_end(s, RC_OK);
}

/* --- reminding --- */

struct reminder {
	struct status status;
	struct account author, to;
	struct participant p;
	struct event_date date;
};

/* The event was moved, and they have not been planned anew yet: they are now. */
static void remind_anew(struct social *s, const struct event_wake *wake)
{
	struct status status;
	struct participant p;
	if (participant_get(s->txn, s->ctx->arena, wake->status, wake->account, &p) &&
	    p.state == PARTICIPATION_GOING && p.remind_ms == wake->due_ms &&
	    status_get(s->txn, s->ctx->arena, wake->status, &status))
		event_part_put(s, &status, &p);
}

/* False when it is stale: they do not come any more, see it no more, or it is at another time. */
static bool reminder_load(struct db_txn *txn, struct arena *arena, const struct event_wake *wake,
			  struct reminder *r)
{
	const struct viewer viewer = { wake->account, true };
	return participant_get(txn, arena, wake->status, wake->account, &r->p) &&
	       r->p.state == PARTICIPATION_GOING && r->p.remind_ms == wake->due_ms &&
	       status_get(txn, arena, wake->status, &r->status) &&
	       account_get(txn, arena, r->status.account, &r->author) &&
	       account_get(txn, arena, wake->account, &r->to) && !account_is_gone(&r->to) &&
	       may_see(txn, viewer, &r->status, &r->author) &&
	       next_reminder(&r->status.event, r->p.remind_min, wake->due_ms, &r->date) &&
	       r->date.start_ms - r->p.remind_min * MS_PER_MINUTE == wake->due_ms;
}

static void write_time(struct buf *out, const struct status_event *e, const struct event_date *d)
{
	struct buf date CLEANUP(buf_free) = BUF_INIT(64);
	date_add_http(&date, d->start_ms);
	buf_add(out, buf_str(&date));
	struct str place = d->place.len != 0 ? d->place : e->place;
	if (place.len != 0)
		buf_addf(out, "\n%.*s", STR_ARG(place));
	if (e->address.len != 0)
		buf_addf(out, "\n%.*s", STR_ARG(e->address));
}

enum rc event_wake_letter(struct ctx *ctx, struct db_txn *txn, const struct site *site,
			  const struct event_wake *wake, struct letter *out)
{
	struct buf text = BUF_INIT(LETTER_BYTES);
	struct account_secrets secrets;
	struct reminder r;
	const struct status *s = &r.status;
	if (wake->what != EVENT_WAKE_REMIND || !reminder_load(txn, ctx->arena, wake, &r) ||
	    !r.p.by_letter || !account_secrets_get(txn, ctx->arena, wake->account, &secrets) ||
	    secrets.email.len == 0 || secrets.confirmed_ms == 0)
		return db_txn_rc(txn) != RC_OK ? db_txn_rc(txn) : RC_NOT_FOUND;
	buf_addf(&text, "Hello %.*s,\n\nyou take part in this event:\n\n%.*s\n",
		 STR_ARG(r.to.username), STR_ARG(s->title));
	write_time(&text, &s->event, &r.date);
	buf_addf(&text, "\n\n%.*s\n\n%.*s\n%.*s\n", STR_ARG(s->url.len != 0 ? s->url : s->uri),
		 STR_ARG(site->title), STR_ARG(site->base));
	out->to = secrets.email;
	out->subject =
		arena_printf(ctx->arena, "%.*s: %.*s", STR_ARG(s->title), STR_ARG(site->title));
	out->text = arena_take_buf(ctx->arena, &text);
	return out->text.ptr != NULL ? RC_OK : RC_TOO_LARGE;
}

static enum rc remind(struct social *s, const struct event_wake *wake, struct str packed)
{
	struct reminder r;
	uint64_t now = db_txn_now(s->txn);
	if (!reminder_load(s->txn, s->ctx->arena, wake, &r)) {
		remind_anew(s, wake);
		return act_end(s, RC_OK);
	}
	/* a node that was down so long does not remind of what has begun */
	if (r.date.start_ms > now) {
		act_notify(s, &r.to, NOTICE_EVENT_REMINDER, r.author.id, wake->status);
		if (packed.ptr != NULL)
			letter_post(s, packed);
	}
	/* the next date of a series: never this one again */
	struct event_date date;
	uint64_t due = 0;
	if (next_reminder(&r.status.event, r.p.remind_min,
			  (wake->due_ms > now ? wake->due_ms : now) + 1, &date))
		due = date.start_ms - r.p.remind_min * MS_PER_MINUTE;
	if (due != 0)
		wake_later(s, EVENT_WAKE_REMIND, wake->status, wake->account, due);
	r.p.remind_ms = due;
	participant_put(s->txn, &r.p);
	return act_end(s, RC_OK);
}

/* --- series --- */

/* When the next date is over; 0: there is none. */
static uint64_t next_roll(const struct status_event *e, uint64_t now_ms)
{
	struct event_date date;
	if (e->state == EVENT_CANCELLED || e->date_count == 0 || !event_next_date(e, now_ms, &date))
		return 0;
	return date.end_ms != 0 ? date.end_ms : date.start_ms;
}

void event_roll_later(struct social *s, const struct status *status)
{
	uint64_t due = next_roll(&status->event, db_txn_now(s->txn));
	if ((status->flags & STATUS_LOCAL) == 0 || visibility_stays(status->visibility) ||
	    due == 0 || due == attendance_get(s->txn, status->id).roll_ms)
		return;
	attendance_roll(s->txn, status->id, due);
	wake_later(s, EVENT_WAKE_ROLL, status->id, 0, due);
}

/* Is it the one that is waited for? A date has moved since, otherwise. */
static bool rolls_now(const struct attendance *a, const struct event_wake *wake)
{
	return (a->flags & ATTENDANCE_ROLLING) != 0 &&
	       (a->roll_ms == 0 || a->roll_ms == wake->due_ms);
}

static enum rc roll(struct social *s, const struct event_wake *wake)
{
	struct status status;
	struct account author;
	struct event_date next;
	const struct attendance a = attendance_get(s->txn, wake->status);
	enum rc rc = act_load(s, wake->status, &status, &author);
	if (rc != RC_OK || !rolls_now(&a, wake))
		return act_end(s, rc == RC_NOT_FOUND ? RC_OK : rc);
	attendance_roll(s->txn, wake->status, 0);
	if (status.event.date_count != 0 &&
	    event_next_date(&status.event, db_txn_now(s->txn), &next))
		event_tell_now(s, &status, &author);
	event_roll_later(s, &status);
	return act_end(s, RC_OK);
}

enum rc event_wake_step(struct social *s, const struct event_wake *wake, struct str packed)
{
	switch (wake->what) {
	case EVENT_WAKE_REMIND:
		return remind(s, wake, packed);
	case EVENT_WAKE_ROLL:
		return roll(s, wake);
	case EVENT_WAKE_CHANGE:
		return event_change_step(s, wake);
	case EVENT_WAKE_OPENS:
		return consultation_opens(s, wake->status);
	}
	return RC_CORRUPT;
}
