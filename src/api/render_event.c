/* The entities Event and Participant, which are ours, and events of calendars. Pure. */
#include "event_int.h"
#include "text/ical.h"

#define MS_PER_S 1000

/* Where its own server counts, that is what counts. */
static uint32_t going(const struct event_view *view)
{
	const struct attendance *a = &view->attendance;
	return (a->flags & ATTENDANCE_TOLD) != 0 ? a->told : a->going;
}

static void member_word(struct jw *w, const char *name, const char *word)
{
	jw_member_nullable(w, name, word != NULL ? str_of(word) : STR_NONE);
}

static void member_number(struct jw *w, const char *name, bool told, uint64_t n)
{
	if (told)
		jw_member_u64(w, name, n);
	else
		jw_member_null(w, name);
}

void render_event(struct jw *w, const struct site *site, const struct event_view *view)
{
	const struct status *s = view->shown->status;
	const struct status_event *e = &s->event;
	jw_object(w);
	jw_member_id(w, "id", s->id);
	jw_member_id_opt(w, "community_id", s->community);
	jw_member_str(w, "title", s->title);
	jw_member_date(w, "starts_at", e->start_ms);
	jw_member_time(w, "ends_at", e->end_ms);
	jw_member_nullable(w, "timezone", e->timezone);
	jw_member_nullable(w, "place", e->place);
	jw_member_nullable(w, "address", e->address);
	jw_member_nullable(w, "url", e->url);
	jw_member_str(w, "state", str_of(event_state_name(e->state)));
	member_word(w, "join", event_join_name(e->join));
	member_number(w, "capacity", e->capacity != 0, e->capacity);
	jw_member_u64(w, "participants_count", going(view));
	member_number(w, "requests_count", view->may_manage, view->attendance.waiting);
	member_word(w, "participation", participation_name(view->mine));
	jw_member_bool(w, "may_join", view->may_join);
	jw_member_bool(w, "may_manage", view->may_manage);
	jw_name(w, "status");
	render_status(w, site, view->shown);
	jw_end(w);
}

void render_participant(struct jw *w, const struct site *site, const struct participant_view *view)
{
	const struct participant *p = &view->participant;
	jw_object(w);
	member_word(w, "state", participation_name(p->state));
	jw_member_date(w, "since", p->since_ms);
	jw_member_nullable(w, "note", view->with_note ? p->note : STR_NONE);
	jw_name(w, "account");
	render_account(w, site, view->account);
	jw_end(w);
}

/* --- calendars --- */

static struct str location(struct buf *out, const struct status_event *e)
{
	buf_add(out, e->place);
	if (e->place.len != 0 && e->address.len != 0)
		buf_add(out, STR(", "));
	buf_add(out, e->address);
	return buf_str(out);
}

/* RFC 5545 section 3.8.7.4: every version has a greater number than the one before. */
static uint32_t sequence(const struct status *s)
{
	uint64_t n =
		s->edited_ms > s->created_ms ? (s->edited_ms - s->created_ms) / MS_PER_S + 1 : 0;
	return n < INT32_MAX ? (uint32_t)n : INT32_MAX;
}

void render_calendar_event(struct buf *out, const struct status_view *shown, struct str description)
{
	static const enum ical_status states[] = { [EVENT_SCHEDULED] = ICAL_CONFIRMED,
						   [EVENT_TENTATIVE] = ICAL_TENTATIVE,
						   [EVENT_POSTPONED] = ICAL_TENTATIVE,
						   [EVENT_CANCELLED] = ICAL_CANCELLED };
	struct buf where CLEANUP(buf_free) = BUF_INIT(8192);
	const struct status *s = shown->status;
	const struct account *author = shown->account->account;
	ical_event(out,
		   &(struct ical_event){
			   .uid = s->uri,
			   .stamp_ms = s->edited_ms != 0 ? s->edited_ms : s->created_ms,
			   .created_ms = s->created_ms,
			   .start_ms = s->event.start_ms,
			   .end_ms = s->event.end_ms,
			   .sequence = sequence(s),
			   .status = states[s->event.state],
			   .summary = s->title,
			   .description = description,
			   .location = location(&where, &s->event),
			   .url = s->url.len != 0 ? s->url : s->uri,
			   .organizer = author->uri,
			   .organizer_name = author->display_name.len != 0 ? author->display_name
									   : author->username,
		   });
}
