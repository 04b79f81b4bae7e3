/* The entity Conversation. Pure. */
#include "told_int.h"

void render_conversation(struct jw *w, const struct site *site,
			 const struct conversation_view *view)
{
	jw_object(w);
	jw_member_id(w, "id", view->conversation->root);
	jw_member_bool(w, "unread", view->conversation->unread);
	jw_name(w, "accounts");
	jw_array(w);
	for (unsigned i = 0; i < view->account_count; i++)
		render_account(w, site, view->accounts[i]);
	jw_end(w);
	jw_name(w, "last_status");
	if (view->last != NULL)
		render_status(w, site, view->last);
	else
		jw_null(w);
	jw_end(w);
}
