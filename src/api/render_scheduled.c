/* The entity ScheduledStatus. Pure. */
#include "own_int.h"

void render_scheduled(struct jw *w, const struct scheduled *s, const struct media_view *media,
		      size_t count)
{
	jw_object(w);
	jw_member_id(w, "id", s->id);
	jw_member_date(w, "scheduled_at", s->due_ms);
	jw_name(w, "params");
	jw_raw(w, s->params);
	jw_name(w, "media_attachments");
	jw_array(w);
	for (size_t i = 0; i < count; i++)
		render_medium(w, &media[i]);
	jw_end(w);
	jw_end(w);
}
