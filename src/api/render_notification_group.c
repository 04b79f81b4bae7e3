/* The entities NotificationGroup and GroupedNotificationsResults. Pure. */
#include "told_int.h"

static void render_page(struct jw *w, const struct notice_group *group)
{
	jw_member_id(w, "page_min_id", group->page_oldest);
	jw_member_id(w, "page_max_id", group->page_newest);
	jw_member_date(w, "latest_page_notification_at", told_ms(group->page_newest));
}

/* Whom the newest of a group is from: shown in full. NULL when it is nobody who can be shown. */
static const struct account *newest_of(const struct notification_groups_view *view,
				       const struct notice_group *group)
{
	for (size_t i = 0; i < view->account_count && group->sample_count != 0; i++) {
		if (view->accounts[i]->account->id == group->sample[0])
			return view->accounts[i]->account;
	}
	return NULL;
}

static void render_group(struct jw *w, const struct site *site,
			 const struct notification_groups_view *view, size_t at)
{
	const struct notice_group *group = &view->groups[at];
	const struct account *who = newest_of(view, group);
	struct buf key CLEANUP(buf_free) = BUF_INIT(128);
	group_key_add(&key, group);
	jw_object(w);
	jw_member_str(w, "group_key", buf_str(&key));
	jw_member_u64(w, "notifications_count", group->count);
	jw_member_str(w, "type", str_of(notification_type(group->kind)));
	render_kind(w, group->kind);
	/* a number, though a double cannot hold all of it: what is typed as one reads nothing else */
	jw_member_u64(w, "most_recent_notification_id", group->newest);
	if (view->with_page)
		render_page(w, group);
	jw_name(w, "sample_account_ids");
	jw_array(w);
	for (unsigned i = 0; i < group->sample_count; i++) {
		struct buf id CLEANUP(buf_free) = BUF_INIT(24);
		buf_addf(&id, "%llu", (unsigned long long)group->sample[i]);
		jw_str(w, buf_str(&id));
	}
	jw_end(w);
	if (notification_has_status(group->kind))
		jw_member_id(w, "status_id", group->status);
	if (view->subjects != NULL)
		render_subject(w, site, &view->subjects[at]);
	if (who != NULL)
		render_fallback(w, who, notification_fallback(group->kind, view->supported),
				view->subjects != NULL ? &view->subjects[at] : NULL);
	jw_end(w);
}

void render_notification_groups(struct jw *w, const struct site *site,
				const struct notification_groups_view *view)
{
	jw_object(w);
	jw_name(w, "accounts");
	jw_array(w);
	for (size_t i = 0; i < view->account_count; i++)
		render_account(w, site, view->accounts[i]);
	jw_end(w);
	if (view->with_partial) {
		jw_name(w, "partial_accounts");
		jw_array(w);
		for (size_t i = 0; i < view->partial_count; i++)
			render_partial_account(w, site, view->partial[i]);
		jw_end(w);
	}
	jw_name(w, "statuses");
	jw_array(w);
	for (size_t i = 0; i < view->status_count; i++)
		render_status(w, site, &view->statuses[i]);
	jw_end(w);
	jw_name(w, "notification_groups");
	jw_array(w);
	for (size_t i = 0; i < view->group_count; i++)
		render_group(w, site, view, i);
	jw_end(w);
	jw_end(w);
}
