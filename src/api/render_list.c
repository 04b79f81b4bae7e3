/* The entity List. Pure. */
#include "own_int.h"

void render_list(struct jw *w, const struct list *list)
{
	jw_object(w);
	jw_member_id(w, "id", list->id);
	jw_member_str(w, "title", list->title);
	jw_member_str(w, "replies_policy", str_of(replies_policy_name(list->replies)));
	jw_member_bool(w, "exclusive", list->exclusive);
	jw_end(w);
}
