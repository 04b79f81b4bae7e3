/* The entity NotificationRequest. Pure. */
#include <stdio.h>

#include "told_int.h"

void render_notification_request(struct jw *w, const struct site *site,
				 const struct notification_request_view *view)
{
	const struct notice_request *q = view->request;
	char count[16];
	snprintf(count, sizeof(count), "%u", q->count);
	jw_object(w);
	jw_member_id(w, "id", q->id);
	jw_member_date(w, "created_at", told_ms(q->id));
	jw_member_date(w, "updated_at", told_ms(q->last));
	jw_member_str(w, "notifications_count", str_of(count));
	jw_name(w, "account");
	render_account(w, site, view->account);
	jw_name(w, "last_status");
	if (view->status != NULL)
		render_status(w, site, view->status);
	else
		jw_null(w);
	jw_end(w);
}
