/* The entity Notification. Pure. */
#include "core/date.h"
#include "told_int.h"

void render_subject(struct jw *w, const struct site *site, const struct notice_subject *subject)
{
	if (subject->report != NULL) {
		jw_name(w, "report");
		render_report(w, site, subject->report);
	}
	if (subject->collection != NULL) {
		jw_name(w, "collection");
		render_collection(w, site, subject->collection);
	}
	if (subject->warning != NULL) {
		jw_name(w, "moderation_warning");
		render_warning(w, site, subject->warning);
	}
	if (subject->group != NULL) {
		jw_name(w, "group");
		render_account(w, site, subject->group);
	}
	if (subject->severance != NULL) {
		jw_name(w, "event");
		render_severance(w, subject->severance);
	}
	if (subject->membership != NULL) {
		jw_name(w, "membership");
		jw_object(w);
		jw_member_time(w, "ends_at", subject->membership->ends_ms);
		jw_member_bool(w, "ended", subject->membership->ended);
		jw_end(w);
	}
}

static void member_summary(struct jw *w, const struct membership_view *membership)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(128);
	if (membership->ends_ms == 0) {
		buf_add(&text, STR("It does not end."));
	} else {
		buf_add(&text, membership->ended ? STR("It has ended: ") : STR("It ends: "));
		date_add_http(&text, membership->ends_ms);
	}
	jw_member_str(w, "summary", buf_str(&text));
}

void render_fallback(struct jw *w, const struct account *who, const char *text,
		     const struct notice_subject *subject)
{
	struct buf title CLEANUP(buf_free) = BUF_INIT(4096);
	if (text == NULL)
		return;
	buf_addf(&title, "%.*s %s",
		 STR_ARG(who->display_name.len != 0 ? who->display_name : who->username), text);
	jw_name(w, "fallback");
	jw_object(w);
	jw_member_str(w, "title", buf_str(&title));
	if (subject != NULL && subject->membership != NULL)
		member_summary(w, subject->membership);
	else
		jw_member_str(w, "summary",
			      STR("This app does not show such notifications. The pages of the "
				  "node do."));
	jw_member_null(w, "details");
	jw_end(w);
}

void render_kind(struct jw *w, enum notice_kind kind)
{
	if (kind == NOTICE_EVENT_REQUEST || kind == NOTICE_EVENT_INVITE ||
	    kind == NOTICE_EVENT_REMINDER)
		jw_member_str(w, "kind", str_of(notice_kind_name(kind)));
}

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
	render_kind(w, n->kind);
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
	render_subject(w, site, &view->subject);
	render_fallback(w, view->account->account, view->fallback, &view->subject);
	jw_end(w);
}
