/* The entity ScheduledStatus. Pure. */
#include "own_int.h"

void render_scheduled(struct jw *w, const struct scheduled *s)
{
	jw_object(w);
	jw_member_id(w, "id", s->id);
	jw_member_date(w, "scheduled_at", s->due_ms);
	jw_name(w, "params");
	jw_raw(w, s->params);
	jw_name(w, "media_attachments");
	jw_array(w);
	jw_end(w);
	jw_end(w);
}
