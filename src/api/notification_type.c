/* The words that clients have for kinds of notices, and the names of groups. Pure. */
#include "told_int.h"

/*
 * What clients have no word for is no row. Reactions with emoji are likes to them; who asks to take part
 * in an event likes it, since no other word shows both whom and which post; an invitation calls somebody
 * to a post, and a reminder says that there is news of one. What it is in truth is "kind".
 */
static const struct {
	enum notice_kind kind;
	const char *type;
	bool status;
} rows[] = {
	{ NOTICE_MENTION, "mention", true },
	{ NOTICE_STATUS, "status", true },
	{ NOTICE_BOOST, "reblog", true },
	{ NOTICE_FOLLOW, "follow", false },
	{ NOTICE_FOLLOW_REQUEST, "follow_request", false },
	{ NOTICE_LIKE, "favourite", true },
	{ NOTICE_REACTION, "favourite", true },
	{ NOTICE_POLL, "poll", true },
	{ NOTICE_EDIT, "update", true },
	{ NOTICE_QUOTE, "quote", true },
	{ NOTICE_QUOTED_EDIT, "quoted_update", true },
	{ NOTICE_SIGN_UP, "admin.sign_up", false },
	{ NOTICE_REPORT, "admin.report", false },
	{ NOTICE_SEVERED, "severed_relationships", false },
	{ NOTICE_WARNING, "moderation_warning", false },
	{ NOTICE_COLLECTION, "added_to_collection", false },
	{ NOTICE_COLLECTION_EDIT, "collection_update", false },
	{ NOTICE_EVENT_REQUEST, "favourite", true },
	{ NOTICE_EVENT_INVITE, "mention", true },
	{ NOTICE_EVENT_REMINDER, "update", true },
	{ NOTICE_JOINT_OFFER, "joint_offer", false },
	{ NOTICE_MEMBERSHIP, "membership", false },
};

const char *notification_type(enum notice_kind kind)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].kind == kind)
			return rows[i].type;
	}
	return NULL;
}

unsigned notification_kinds(struct str type)
{
	unsigned kinds = 0;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (str_eq(type, str_of(rows[i].type)))
			kinds |= NOTICE_BIT(rows[i].kind);
	}
	return kinds;
}

unsigned notification_kinds_all(void)
{
	unsigned kinds = 0;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		kinds |= NOTICE_BIT(rows[i].kind);
	return kinds;
}

/* Types that are younger than many clients (methods/notifications, since 4.6): behind a name. */
static const struct {
	enum notice_kind kind;
	const char *text;
} fallbacks[] = {
	{ NOTICE_COLLECTION, "added you to a collection" },
	{ NOTICE_COLLECTION_EDIT, "changed a collection that you are in" },
	{ NOTICE_MEMBERSHIP, "has news of your membership" },
	{ NOTICE_JOINT_OFFER, "offers to own a community together with yours" },
};

const char *notification_fallback(enum notice_kind kind, const struct str_list *supported)
{
	if (supported == NULL || !supported->given)
		return NULL;
	for (size_t i = 0; i < supported->count; i++) {
		if ((notification_kinds(supported->list[i]) & NOTICE_BIT(kind)) != 0)
			return NULL;
	}
	for (size_t i = 0; i < ARRAY_LEN(fallbacks); i++) {
		if (fallbacks[i].kind == kind)
			return fallbacks[i].text;
	}
	return NULL;
}

bool notification_has_status(enum notice_kind kind)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].kind == kind)
			return rows[i].status;
	}
	return false;
}

/* --- names of groups --- */

void group_key_add(struct buf *out, const struct notice_group *group)
{
	if (group->hours == 0) {
		buf_addf(out, "ungrouped-%llu", (unsigned long long)group->alone);
		return;
	}
	buf_addf(out, "%s-", notification_type(group->kind));
	if (group->status != 0)
		buf_addf(out, "%llu-", (unsigned long long)group->status);
	buf_addf(out, "%llu", (unsigned long long)group->hours);
}

/* Types that are grouped; each word stands for one of them. */
static bool grouped_kind(struct str type, enum notice_kind *out)
{
	unsigned kinds = notification_kinds(type) & NOTICE_KINDS_GROUPED;
	for (unsigned kind = 0; kind < NOTICE_KINDS; kind++) {
		if (kinds == NOTICE_BIT(kind)) {
			*out = (enum notice_kind)kind;
			return true;
		}
	}
	return false;
}

bool group_key_parse(struct str key, struct notice_group *out)
{
	struct str type, status, hours;
	*out = (struct notice_group){ .alone = 0 };
	if (!str_split(key, '-', &type, &status))
		return false;
	if (str_eq(type, STR("ungrouped")))
		return str_to_u64(status, &out->alone) && out->alone != 0;
	if (!grouped_kind(type, &out->kind))
		return false;
	if (!notification_has_status(out->kind))
		return str_to_u64(status, &out->hours) && out->hours != 0;
	return str_split(status, '-', &status, &hours) && str_to_u64(status, &out->status) &&
	       out->status != 0 && str_to_u64(hours, &out->hours) && out->hours != 0;
}
