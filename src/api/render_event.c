/* The entities Event and Participant, which are ours. Pure. */
#include "event_int.h"

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

/* Of a series that is the date which is shown, or else its first. */
static void render_time(struct jw *w, const struct status_event *e, const struct event_date *date)
{
	bool placed = date != NULL && date->place.len != 0;
	jw_member_date(w, "starts_at", date != NULL ? date->start_ms : e->start_ms);
	jw_member_time(w, "ends_at", date != NULL ? date->end_ms : e->end_ms);
	jw_member_nullable(w, "timezone", e->timezone);
	jw_member_nullable(w, "place", placed ? date->place : e->place);
}

static const char *state_of(const struct status_event *e, const struct event_date *date)
{
	bool off = date != NULL && (date->flags & EVENT_DATE_CANCELLED) != 0;
	return event_state_name(off ? EVENT_CANCELLED : e->state);
}

/* "date": which one of a series this is. "dates": all of it, where one event is shown. */
static void render_dates(struct jw *w, const struct event_view *view)
{
	const struct status_event *e = &view->shown->status->event;
	jw_member_time(w, "date",
		       view->date != NULL && e->date_count != 0 ? view->date->original_ms : 0);
	jw_name(w, "dates");
	if (e->date_count == 0 || view->date != NULL) {
		jw_null(w);
		return;
	}
	jw_array(w);
	for (unsigned i = 0; i < e->date_count; i++) {
		const struct event_date *d = &e->dates[i];
		jw_object(w);
		jw_member_date(w, "date", d->original_ms);
		render_time(w, e, d);
		jw_member_str(w, "state", str_of(state_of(e, d)));
		jw_end(w);
	}
	jw_end(w);
}

/* Of who takes part, asks to, or is invited. */
static void render_reminder(struct jw *w, const struct event_view *view)
{
	jw_name(w, "reminder");
	if (view->mine == PARTICIPATION_NONE || view->mine == PARTICIPATION_REFUSED) {
		jw_null(w);
		return;
	}
	jw_object(w);
	jw_member_u64(w, "minutes", view->remind_min);
	jw_member_bool(w, "letter", view->by_letter);
	jw_end(w);
}

void render_event(struct jw *w, const struct site *site, const struct event_view *view)
{
	const struct status *s = view->shown->status;
	const struct status_event *e = &s->event;
	jw_object(w);
	jw_member_id(w, "id", s->id);
	jw_member_id_opt(w, "community_id", s->community);
	jw_member_str(w, "title", s->title);
	render_time(w, e, view->date);
	jw_member_nullable(w, "address", e->address);
	jw_member_nullable(w, "url", e->url);
	jw_member_str(w, "state", str_of(state_of(e, view->date)));
	jw_member_nullable(w, "recurrence", e->rule);
	render_dates(w, view);
	member_word(w, "join", event_join_name(e->join));
	member_number(w, "capacity", e->capacity != 0, e->capacity);
	jw_member_u64(w, "participants_count", going(view));
	member_number(w, "requests_count", view->may_manage, view->attendance.waiting);
	member_word(w, "participation", participation_name(view->mine));
	render_reminder(w, view);
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
