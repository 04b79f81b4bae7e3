/* The entity ScheduledStatus. Pure. */
#include "team_api_int.h"

/* 9999-12-31: clients want a date, and what waits for a person has none. */
#define NO_DATE_MS UINT64_C(253402214400000)

const char *scheduled_state_name(enum scheduled_state state)
{
	static const char *const names[SCHEDULED_STATES] = {
		[SCHEDULED_DUE] = "scheduled",	 [SCHEDULED_DRAFT] = "draft",
		[SCHEDULED_WAITING] = "waiting", [SCHEDULED_RETURNED] = "returned",
		[SCHEDULED_REFUSED] = "refused",
	};
	return names[state];
}

/* Ours: how far it has come in a team. */
static void render_review(struct jw *w, const struct scheduled *s)
{
	jw_name(w, "review");
	jw_object(w);
	jw_member_str(w, "state", str_of(scheduled_state_name(s->state)));
	jw_member_id(w, "written_by", s->writer);
	jw_member_id(w, "owned_by", s->owner);
	jw_member_id_opt(w, "reviewed_by", s->reviewer);
	jw_member_nullable(w, "note", s->note);
	jw_member_id_opt(w, "changes_status_id", s->edits);
	jw_member_time(w, "not_before", s->due_ms);
	jw_member_time(w, "updated_at", s->changed_ms);
	jw_end(w);
}

/* Ours: why it was not posted at its time. */
static void render_refusal(struct jw *w, const struct scheduled *s)
{
	jw_name(w, "refusal");
	jw_object(w);
	jw_member_str(w, "reason", s->note);
	jw_member_time(w, "at", s->changed_ms);
	jw_end(w);
}

void render_scheduled_members(struct jw *w, const struct scheduled_view *view)
{
	const struct scheduled *s = view->scheduled;
	jw_member_id(w, "id", s->id);
	jw_member_date(w, "scheduled_at", s->due_ms != 0 ? s->due_ms : NO_DATE_MS);
	jw_name(w, "params");
	jw_raw(w, s->params);
	jw_name(w, "media_attachments");
	jw_array(w);
	for (unsigned i = 0; i < view->media_count; i++)
		render_medium(w, &view->media[i]);
	jw_end(w);
	if (s->owner != 0)
		render_review(w, s);
	else if (s->state == SCHEDULED_REFUSED)
		render_refusal(w, s);
}

void render_scheduled(struct jw *w, const struct scheduled_view *view)
{
	jw_object(w);
	render_scheduled_members(w, view);
	jw_end(w);
}
