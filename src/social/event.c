/* Events: making them, who may hold and change them, what their servers tell. Inside transactions, but
 * for event_compose(). */
#include "event_int.h"

#include "core/clock.h"
#include "db/rec.h"
#include "queue/queue.h"
#include "social/community.h"
#include "text/iri.h"
#include "text/text.h"
#include "text/zone.h"

#define PLACE_CHARS 500
#define CAPACITY_MAX 1000000
#define AHEAD_MAX_MS ((uint64_t)10 * 366 * MS_PER_DAY)
#define TOLD_MAX 500 /* in one step */
#define JOB_VERSION 1

/* --- making --- */

enum rc event_place_clean(struct ctx *ctx, struct str text, struct str *out)
{
	enum rc rc = text_clean(ctx, str_trim(text), PLACE_CHARS, (size_t)PLACE_CHARS * 4, out);
	if (rc == RC_OK && out->ptr == NULL)
		*out = STR("");
	return rc;
}

static enum rc url_check(struct ctx *ctx, const struct site *site, struct status_event *e)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct iri iri;
	if (e->url.len == 0)
		return e->join != EVENT_JOIN_EXTERNAL
			       ? RC_OK
			       : ctx_fail(ctx, RC_INVALID,
					  "an event that one joins elsewhere needs an address");
	if (iri_parse(&quiet, e->url, site->iri_flags, &iri) != RC_OK)
		return ctx_fail(ctx, RC_INVALID, "the event's address is none");
	e->url = iri.text;
	return RC_OK;
}

static enum rc times_check(struct ctx *ctx, const struct status_event *e)
{
	if (e->start_ms == 0)
		return ctx_fail(ctx, RC_INVALID, "an event begins at some time");
	if (e->end_ms != 0 && e->end_ms <= e->start_ms)
		return ctx_fail(ctx, RC_INVALID, "an event ends after it has begun");
	if (e->end_ms != 0 && e->end_ms - e->start_ms > EVENT_LONGEST_MS)
		return ctx_fail(ctx, RC_INVALID, "an event lasts 31 days at most");
	return RC_OK;
}

enum rc event_compose(struct ctx *ctx, const struct site *site, const struct status_event *draft,
		      struct str title, struct status_event *out)
{
	*out = *draft;
	out->group = STR("");
	out->has_told = false;
	if (out->timezone.ptr == NULL)
		out->timezone = STR("");
	if (title.len == 0)
		return ctx_fail(ctx, RC_INVALID, "an event needs a title");
	enum rc rc = times_check(ctx, out);
	if (rc == RC_OK)
		rc = event_place_clean(ctx, out->place, &out->place);
	if (rc == RC_OK)
		rc = event_place_clean(ctx, out->address, &out->address);
	if (rc == RC_OK)
		rc = url_check(ctx, site, out);
	if (rc != RC_OK)
		return rc;
	if (!zone_name_valid(out->timezone))
		return ctx_fail(ctx, RC_INVALID, "the event's time zone is none");
	if (out->capacity > CAPACITY_MAX)
		return ctx_fail(ctx, RC_INVALID, "an event has room for a million at most");
	return event_series_compose(ctx, draft, out);
}

/* May the author hold events there? Where a group is elsewhere, that is for itself to say. */
static bool may_hold(struct social *s, const struct account *author, const struct status *status)
{
	return status->community == 0 || !community_exists(s->txn, status->community) ||
	       community_permits(s->txn, status->community, author->id, COMMUNITY_MAY_EVENTS);
}

enum rc event_begin(struct social *s, const struct account *author, const struct status *status)
{
	uint64_t now = db_txn_now(s->txn);
	if ((status->flags & STATUS_REPLY) != 0)
		return ctx_fail(s->ctx, RC_INVALID, "an event answers nothing");
	if (event_end_ms(&status->event) <= now)
		return ctx_fail(s->ctx, RC_INVALID, "this event would be over already");
	if (status->event.start_ms > now + AHEAD_MAX_MS)
		return ctx_fail(s->ctx, RC_INVALID, "an event begins within ten years");
	if (!may_hold(s, author, status))
		return act_end(s, ctx_fail(s->ctx, RC_DENIED,
					   "your role in this community does not let you hold "
					   "events"));
	event_roll_later(s, status);
	return act_end(s, RC_OK);
}

void event_admit(struct social *s, const struct account *author, struct status *status)
{
	if (!str_eq(status->type, STR("Event")) || may_hold(s, author, status))
		return;
	status->community = 0;
	status->waits = false;
}

void event_take(struct social *s, const struct status *status, const struct status_event *told)
{
	if (status_is_event(status) && told->has_told && (status->flags & STATUS_LOCAL) == 0)
		attendance_tell(s->txn, status->id, told->told);
}

/* --- rights --- */

bool event_may_manage(struct db_txn *txn, const struct status *status, uint64_t account)
{
	if ((status->flags & STATUS_LOCAL) == 0 || account == 0 ||
	    community_bans(txn, status->community, account))
		return false;
	return status->account == account ||
	       (status->community != 0 &&
		community_permits(txn, status->community, account,
				  COMMUNITY_MAY_ADMIT | COMMUNITY_MAY_EVENTS));
}

bool event_is_held_by(const struct status *status, const struct account *organizer)
{
	return !account_is_local(organizer) && (status->flags & STATUS_LOCAL) == 0 &&
	       (status->account == organizer->id ||
		(status->event.group.len != 0 && str_eq(status->event.group, organizer->uri)));
}

struct status event_edited(const struct status *before, const struct draft *draft)
{
	const struct status *now = &draft->status;
	struct status next = *before;
	next.title = now->title;
	next.content = now->content;
	next.source = now->source;
	next.spoiler = now->spoiler;
	next.language = now->language;
	next.mentions = now->mentions;
	next.mention_count = now->mention_count;
	next.tags = now->tags;
	next.tag_count = now->tag_count;
	next.emojis = now->emojis;
	next.emoji_count = now->emoji_count;
	next.event = now->event;
	return next;
}

enum rc event_change(struct social *s, const struct account *actor, const struct status *next)
{
	struct status changed = *next, now;
	if (!status_get(s->txn, s->ctx->arena, changed.id, &now))
		return act_end(s, RC_NOT_FOUND);
	/* edits are told apart by their time (S-022); what was cancelled meanwhile stays so */
	changed.edited_ms = db_txn_now(s->txn);
	if (changed.edited_ms <= now.edited_ms)
		changed.edited_ms = now.edited_ms + 1;
	changed.event.state = now.event.state;
	return act_edit(s, actor, &changed);
}

enum rc event_cancel(struct social *s, const struct account *actor, uint64_t id)
{
	struct status status;
	struct account author;
	enum rc rc = act_load(s, id, &status, &author);
	if (rc != RC_OK)
		return rc;
	if (!status_is_event(&status))
		return act_end(s, RC_NOT_FOUND);
	if (actor != NULL ? !event_may_manage(s->txn, &status, actor->id)
			  : (status.flags & STATUS_LOCAL) == 0)
		return act_end(s, RC_DENIED);
	if (status.event.state == EVENT_CANCELLED)
		return act_end(s, RC_EXISTS);
	uint64_t now = db_txn_now(s->txn);
	status.event.state = EVENT_CANCELLED;
	status.edited_ms = now > status.edited_ms ? now : status.edited_ms + 1;
	return act_edit_as(s, EDIT_BY_STAFF, &author, &status);
}

/* --- ids --- */

struct str event_act_uri(struct social *s, struct str actor_uri, const char *kind, uint64_t status)
{
	return arena_printf(s->ctx->arena, "%.*s#%s/%llu/%llu", STR_ARG(actor_uri), kind,
			    (unsigned long long)status, (unsigned long long)db_next_id(s->txn));
}

uint64_t event_of_act(struct str uri)
{
	struct str actor, path, kind, rest, event, number;
	uint64_t id, any;
	return str_split(uri, '#', &actor, &path) && str_split(path, '/', &kind, &rest) &&
			       str_split(rest, '/', &event, &number) && str_to_u64(event, &id) &&
			       str_to_u64(number, &any)
		       ? id
		       : 0;
}

/* --- telling --- */

static void change_one(struct social *s, const struct status *status, const struct account *author,
		       struct participant *p)
{
	const struct viewer viewer = { p->account, true };
	struct account a;
	/* its dates may be others now */
	if (p->state == PARTICIPATION_GOING)
		event_part_put(s, status, p);
	if (p->state != PARTICIPATION_REFUSED && p->state != PARTICIPATION_DECLINED &&
	    account_get(s->txn, s->ctx->arena, p->account, &a) &&
	    may_see(s->txn, viewer, status, author))
		act_notify(s, &a, NOTICE_EDIT, status->account, status->id);
}

/* Some after `after`; a job goes on with the others. */
static void change_some(struct social *s, const struct status *status, const struct account *author,
			uint64_t after)
{
	struct participant *list = ARENA_ARRAY(s->ctx->arena, TOLD_MAX, struct participant);
	if (list == NULL)
		return;
	size_t n = participants(s->txn, s->ctx->arena, status->id, after, list, TOLD_MAX);
	for (size_t i = 0; i < n; i++)
		change_one(s, status, author, &list[i]);
	if (n == TOLD_MAX)
		event_change_later(s, status, list[n - 1].account);
}

void event_notify(struct social *s, const struct status *status)
{
	struct account author;
	if (!status_is_event(status) ||
	    !account_get(s->txn, s->ctx->arena, status->account, &author))
		return;
	event_roll_later(s, status);
	change_some(s, status, &author, 0);
}

enum rc event_change_step(struct social *s, const struct event_wake *wake)
{
	struct status status;
	struct account author;
	enum rc rc = act_load(s, wake->status, &status, &author);
	/* another edit has steps of its own */
	if (rc == RC_OK && status_is_event(&status) && status.edited_ms == wake->due_ms)
		change_some(s, &status, &author, wake->account);
	return act_end(s, rc == RC_NOT_FOUND ? RC_OK : rc);
}

void event_job_encode(struct buf *out, uint64_t status)
{
	rec_add_u8(out, JOB_VERSION);
	rec_add_u64(out, status);
}

bool event_job_decode(struct str payload, uint64_t *status)
{
	struct rec r = rec_open(payload);
	uint8_t version = rec_u8(&r);
	*status = rec_u64(&r);
	return version == JOB_VERSION && rec_ok(&r);
}

void event_tell_later(struct social *s, const struct status *status)
{
	struct buf payload CLEANUP(buf_free) = BUF_INIT(64);
	struct attendance a = attendance_get(s->txn, status->id);
	if ((status->flags & STATUS_LOCAL) == 0 || (a.flags & ATTENDANCE_TELLING) != 0 ||
	    visibility_stays(status->visibility))
		return;
	attendance_mark(s->txn, status->id, ATTENDANCE_TELLING, 0);
	event_job_encode(&payload, status->id);
	struct queue_new row = { .kind = JOB_EVENT,
				 .order = db_next_id(s->txn),
				 .payload = buf_str(&payload),
				 .due_ms = db_txn_now(s->txn) + s->site->poll_tell_ms };
	queue_add(s->txn, &row);
	s->enqueued = true;
}

/* Those besides followers and participants who have the post. */
static void readers_hear(struct social *s, const struct status *status,
			 const struct account *author, struct federate *f)
{
	for (unsigned i = 0; i < status->mention_count; i++) {
		const struct viewer viewer = { status->mentions[i].account, false };
		struct account a;
		if (viewer.account != 0 && account_get(s->txn, s->ctx->arena, viewer.account, &a) &&
		    may_see(s->txn, viewer, status, author))
			act_hears(f, &a);
	}
	community_hears(s, status->community, f);
}

void event_tell_now(struct social *s, const struct status *status, const struct account *author)
{
	struct federate f = { .what = FEDERATE_EVENT,
			      .actor = author->id,
			      .status = status->id,
			      .visibility = status->visibility,
			      .at_ms = db_txn_now(s->txn) };
	if (visibility_stays(status->visibility) || account_is_gone(author) || is_held_back(status))
		return;
	f.uri = arena_printf(s->ctx->arena, "%.*s#participants/%llu", STR_ARG(status->uri),
			     (unsigned long long)db_next_id(s->txn));
	readers_hear(s, status, author, &f);
	federate_add(s, &f);
}

enum rc event_job_step(struct social *s, uint64_t id)
{
	struct status status;
	struct account author;
	/* the event may be gone by now */
	enum rc rc = act_load(s, id, &status, &author);
	if (rc != RC_OK)
		return act_end(s, rc == RC_NOT_FOUND ? RC_OK : rc);
	if ((attendance_get(s->txn, id).flags & ATTENDANCE_TELLING) == 0)
		return act_end(s, RC_OK);
	attendance_mark(s->txn, id, 0, ATTENDANCE_TELLING);
	event_tell_now(s, &status, &author);
	return act_end(s, RC_OK);
}
