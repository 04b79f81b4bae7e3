/* What comes of events by the clock: people are reminded, peers hear of a series' next date. Each waking is a job;
 * what has changed meanwhile is found out when it comes. Inside transactions only. */
#include "core/date.h"
#include "db/rec.h"
#include "event_int.h"
#include "queue/queue.h"

#define WAKE_VERSION 1
#define LETTER_BYTES ((size_t)16 << 10)

/* --- jobs --- */

static void wake_later(struct social *s, uint64_t status, uint64_t account, uint64_t due_ms)
{
	struct buf payload CLEANUP(buf_free) = BUF_INIT(64);
	rec_add_u8(&payload, WAKE_VERSION);
	rec_add_u64(&payload, status);
	rec_add_u64(&payload, account);
	rec_add_u64(&payload, due_ms);
	struct queue_new row = { .kind = JOB_EVENT_WAKE,
				 .order = db_next_id(s->txn),
				 .payload = buf_str(&payload),
				 .due_ms = due_ms };
	queue_add(s->txn, &row);
	s->enqueued = true;
}

bool event_wake_decode(struct str payload, struct event_wake *out)
{
	struct rec r = rec_open(payload);
	uint8_t version = rec_u8(&r);
	out->status = rec_u64(&r);
	out->account = rec_u64(&r);
	out->due_ms = rec_u64(&r);
	return version == WAKE_VERSION && rec_ok(&r);
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
		wake_later(s, p->status, p->account, due);
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
	if (wake->account == 0 || !reminder_load(txn, ctx->arena, wake, &r) || !r.p.by_letter ||
	    !account_secrets_get(txn, ctx->arena, wake->account, &secrets) ||
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
		wake_later(s, wake->status, wake->account, due);
	r.p.remind_ms = due;
	participant_put(s->txn, &r.p);
	return act_end(s, RC_OK);
}

/* --- series --- */

static void roll_plan(struct social *s, const struct status *status)
{
	struct event_date date;
	if (status->event.state == EVENT_CANCELLED ||
	    !event_next_date(&status->event, db_txn_now(s->txn), &date))
		return;
	attendance_mark(s->txn, status->id, ATTENDANCE_ROLLING, 0);
	wake_later(s, status->id, 0, date.end_ms != 0 ? date.end_ms : date.start_ms);
}

void event_roll_later(struct social *s, const struct status *status)
{
	if ((status->flags & STATUS_LOCAL) == 0 || status->event.date_count == 0 ||
	    visibility_stays(status->visibility) ||
	    (attendance_get(s->txn, status->id).flags & ATTENDANCE_ROLLING) != 0)
		return;
	roll_plan(s, status);
}

static enum rc roll(struct social *s, const struct event_wake *wake)
{
	struct status status;
	struct account author;
	struct event_date next;
	enum rc rc = act_load(s, wake->status, &status, &author);
	if (rc != RC_OK)
		return act_end(s, rc == RC_NOT_FOUND ? RC_OK : rc);
	attendance_mark(s->txn, wake->status, 0, ATTENDANCE_ROLLING);
	if (status.event.date_count != 0 &&
	    event_next_date(&status.event, db_txn_now(s->txn), &next))
		event_tell_now(s, &status, &author);
	event_roll_later(s, &status);
	return act_end(s, RC_OK);
}

enum rc event_wake_step(struct social *s, const struct event_wake *wake, struct str packed)
{
	return wake->account != 0 ? remind(s, wake, packed) : roll(s, wake);
}
