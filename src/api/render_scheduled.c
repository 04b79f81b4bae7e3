/* The entity ScheduledStatus. Pure. */
#include "own_int.h"

void render_scheduled(struct jw *w, const struct scheduled_view *view)
{
	const struct scheduled *s = view->scheduled;
	jw_object(w);
	jw_member_id(w, "id", s->id);
	jw_member_date(w, "scheduled_at", s->due_ms);
	jw_name(w, "params");
	jw_raw(w, s->params);
	jw_name(w, "media_attachments");
	jw_array(w);
	for (unsigned i = 0; i < view->media_count; i++)
		render_medium(w, &view->media[i]);
	jw_end(w);
	jw_end(w);
}
