/* The entities NotificationPolicy and V1::NotificationPolicy. Pure. */
#include "told_int.h"

static struct str rule_word(enum notice_rule rule)
{
	static const struct str words[] = { [NOTICE_ACCEPT] = STR_INIT("accept"),
					    [NOTICE_HOLD] = STR_INIT("filter"),
					    [NOTICE_DROP] = STR_INIT("drop") };
	return words[rule];
}

static void render_summary(struct jw *w, const struct notice_summary *summary)
{
	jw_name(w, "summary");
	jw_object(w);
	jw_member_u64(w, "pending_requests_count", summary->requests);
	jw_member_u64(w, "pending_notifications_count", summary->notices);
	jw_end(w);
}

void render_notification_policy(struct jw *w, const struct notice_policy *policy,
				const struct notice_summary *summary)
{
	jw_object(w);
	jw_member_str(w, "for_not_following", rule_word(policy->not_following));
	jw_member_str(w, "for_not_followers", rule_word(policy->not_followers));
	jw_member_str(w, "for_new_accounts", rule_word(policy->new_accounts));
	jw_member_str(w, "for_private_mentions", rule_word(policy->private_mentions));
	jw_member_str(w, "for_limited_accounts", rule_word(policy->limited_accounts));
	render_summary(w, summary);
	jw_end(w);
}

void render_notification_policy_v1(struct jw *w, const struct notice_policy *policy,
				   const struct notice_summary *summary)
{
	jw_object(w);
	jw_member_bool(w, "filter_not_following", policy->not_following != NOTICE_ACCEPT);
	jw_member_bool(w, "filter_not_followers", policy->not_followers != NOTICE_ACCEPT);
	jw_member_bool(w, "filter_new_accounts", policy->new_accounts != NOTICE_ACCEPT);
	jw_member_bool(w, "filter_private_mentions", policy->private_mentions != NOTICE_ACCEPT);
	render_summary(w, summary);
	jw_end(w);
}
