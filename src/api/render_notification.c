/* The entity Notification. Pure. */
#include "told_int.h"

void render_notification(struct jw *w, const struct site *site,
			 const struct notification_view *view)
{
	const struct notice *n = view->notice;
	struct buf key CLEANUP(buf_free) = BUF_INIT(128);
	struct notice_group group;
	notice_group_of(n, NOTICE_KINDS_GROUPED, &group);
	group_key_add(&key, &group);
	jw_object(w);
	jw_member_id(w, "id", n->id);
	jw_member_str(w, "type", str_of(notification_type(n->kind)));
	jw_member_date(w, "created_at", told_ms(n->id));
	jw_member_str(w, "group_key", buf_str(&key));
	if (n->held)
		jw_member_bool(w, "filtered", true);
	jw_name(w, "account");
	render_account(w, site, view->account);
	if (view->status != NULL) {
		jw_name(w, "status");
		render_status(w, site, view->status);
	}
	if (view->report != NULL) {
		jw_name(w, "report");
		render_report(w, site, view->report);
	}
	jw_end(w);
}
