/* Reading what notifications name, each account and post once. In the transaction of the gather. */
#include "discover_int.h"
#include "told_int.h"

/* Ids in the order of their first naming, each once. */
struct ids {
	uint64_t *list;
	size_t count;
};

static void ids_add(struct ids *ids, uint64_t id)
{
	for (size_t i = 0; i < ids->count; i++) {
		if (ids->list[i] == id)
			return;
	}
	if (id != 0)
		ids->list[ids->count++] = id;
}

/* The posts of these ids that may be seen; *count says how many. */
static struct status_view *statuses_of(struct gather *g, const struct ids *ids, size_t *count)
{
	struct status_view *views = ARENA_ARRAY(g->arena, ids->count, struct status_view);
	*count = views != NULL && ids->count != 0 ? gather_statuses(g, ids->list, ids->count, views)
						  : 0;
	return views;
}

static const struct status_view *find(const struct status_view *views, size_t count, uint64_t id)
{
	for (size_t i = 0; i < count; i++) {
		if (views[i].id == id)
			return &views[i];
	}
	return NULL;
}

static const struct collection_view *collection_of(struct gather *g, uint64_t id)
{
	struct collection_view *view = ARENA_NEW(g->arena, struct collection_view);
	return view != NULL && gather_collection(g, id, view) == RC_OK ? view : NULL;
}

static const struct membership_view *membership_of(struct gather *g, const struct notice *n)
{
	struct membership_view *view = ARENA_NEW(g->arena, struct membership_view);
	if (view != NULL)
		*view = (struct membership_view){
			.ends_ms = n->about, .ended = n->about != 0 && n->about <= told_ms(n->id)
		};
	return view;
}

bool gather_subject(struct gather *g, const struct notice *notice, struct notice_subject *out)
{
	const enum notice_kind kind = notice->kind;
	const uint64_t about = notice->about;
	*out = (struct notice_subject){ 0 };
	if (kind == NOTICE_REPORT) {
		out->report = gather_report_view(g, about);
		return out->report != NULL;
	}
	if (kind == NOTICE_COLLECTION || kind == NOTICE_COLLECTION_EDIT) {
		out->collection = collection_of(g, about);
		return out->collection != NULL;
	}
	if (kind == NOTICE_WARNING) {
		out->warning = gather_warning(g, about);
		return out->warning != NULL;
	}
	if (kind == NOTICE_FOLLOW_REQUEST && about != 0) {
		out->group = gather_account(g, about);
		return out->group != NULL;
	}
	if (kind == NOTICE_SEVERED) {
		out->severance = gather_severance(g, about);
		return out->severance != NULL;
	}
	if (kind == NOTICE_MEMBERSHIP) {
		out->membership = membership_of(g, notice);
		return out->membership != NULL;
	}
	return true;
}

size_t gather_notifications(struct gather *g, const struct notice *notices, size_t count,
			    struct notification_view *out)
{
	struct ids posts = { ARENA_ARRAY(g->arena, count, uint64_t), 0 };
	uint64_t *people = ARENA_ARRAY(g->arena, count, uint64_t);
	size_t n = 0, post_count;
	if (posts.list == NULL || people == NULL)
		return 0;
	for (size_t i = 0; i < count; i++) {
		people[i] = notices[i].from;
		if (notification_has_status(notices[i].kind))
			ids_add(&posts, notices[i].status);
	}
	gather_accounts(g, people, count);
	const struct status_view *views = statuses_of(g, &posts, &post_count);
	for (size_t i = 0; i < count; i++) {
		struct notification_view view = { .notice = &notices[i],
						  .account = gather_account(g, notices[i].from) };
		if (notification_has_status(notices[i].kind)) {
			view.status = find(views, post_count, notices[i].status);
			if (view.status == NULL)
				continue;
		}
		if (view.account != NULL && gather_subject(g, &notices[i], &view.subject))
			out[n++] = view;
	}
	return n;
}

void notifications_fall_back(struct notification_view *views, size_t count,
			     const struct str_list *supported)
{
	for (size_t i = 0; i < count; i++)
		views[i].fallback = notification_fallback(views[i].notice->kind, supported);
}

size_t gather_notification_requests(struct gather *g, const struct notice_request *requests,
				    size_t count, struct notification_request_view *out)
{
	struct ids posts = { ARENA_ARRAY(g->arena, count, uint64_t), 0 };
	uint64_t *people = ARENA_ARRAY(g->arena, count, uint64_t);
	size_t n = 0, post_count;
	if (posts.list == NULL || people == NULL)
		return 0;
	for (size_t i = 0; i < count; i++) {
		people[i] = requests[i].from;
		ids_add(&posts, requests[i].status);
	}
	gather_accounts(g, people, count);
	const struct status_view *views = statuses_of(g, &posts, &post_count);
	for (size_t i = 0; i < count; i++) {
		struct notification_request_view view = {
			.request = &requests[i],
			.account = gather_account(g, requests[i].from),
			.status = find(views, post_count, requests[i].status),
		};
		if (view.account != NULL)
			out[n++] = view;
	}
	return n;
}

/* --- groups --- */

/* Only who may be seen is named; the newest of a group is shown in full. */
static void take_people(struct gather *g, struct notice_group *group,
			struct notification_groups_view *out)
{
	unsigned n = 0;
	for (unsigned i = 0; i < group->sample_count; i++) {
		const struct account_view *who = gather_account(g, group->sample[i]);
		if (who == NULL)
			continue;
		if (n == 0 || !out->with_partial)
			out->accounts[out->account_count++] = who;
		else
			out->partial[out->partial_count++] = who;
		group->sample[n++] = group->sample[i];
	}
	group->sample_count = n;
}

static bool has_account(const struct account_view *const *list, size_t count,
			const struct account_view *who)
{
	for (size_t i = 0; i < count; i++) {
		if (list[i] == who)
			return true;
	}
	return false;
}

/* Each once, and nobody twice in different dress. */
static void people_once(struct notification_groups_view *view)
{
	size_t full = 0, partial = 0;
	for (size_t i = 0; i < view->account_count; i++) {
		if (!has_account(view->accounts, full, view->accounts[i]))
			view->accounts[full++] = view->accounts[i];
	}
	for (size_t i = 0; i < view->partial_count; i++) {
		if (!has_account(view->accounts, full, view->partial[i]) &&
		    !has_account(view->partial, partial, view->partial[i]))
			view->partial[partial++] = view->partial[i];
	}
	view->account_count = full;
	view->partial_count = partial;
}

static void prefetch(struct gather *g, const struct notice_group *groups, size_t count)
{
	size_t most = count * ARRAY_LEN(groups[0].sample), n = 0;
	uint64_t *ids = ARENA_ARRAY(g->arena, most, uint64_t);
	if (ids == NULL)
		return;
	for (size_t i = 0; i < count; i++) {
		for (unsigned k = 0; k < groups[i].sample_count; k++)
			ids[n++] = groups[i].sample[k];
	}
	gather_accounts(g, ids, n);
}

void gather_notification_groups(struct gather *g, struct notice_group *groups, size_t count,
				struct notification_groups_view *out)
{
	size_t most = count * ARRAY_LEN(groups[0].sample), left = 0;
	struct ids posts = { ARENA_ARRAY(g->arena, count, uint64_t), 0 };
	out->accounts = ARENA_ARRAY(g->arena, most, const struct account_view *);
	out->partial = ARENA_ARRAY(g->arena, most, const struct account_view *);
	struct notice_subject *subjects = ARENA_ARRAY(g->arena, count, struct notice_subject);
	if (posts.list == NULL || out->accounts == NULL || out->partial == NULL || subjects == NULL)
		return;
	prefetch(g, groups, count);
	for (size_t i = 0; i < count; i++) {
		if (notification_has_status(groups[i].kind))
			ids_add(&posts, groups[i].status);
	}
	out->statuses = statuses_of(g, &posts, &out->status_count);
	for (size_t i = 0; i < count; i++) {
		bool about = notification_has_status(groups[i].kind);
		if (about && find(out->statuses, out->status_count, groups[i].status) == NULL)
			continue;
		if (!gather_subject(g, &groups[i].first, &subjects[left]))
			continue;
		take_people(g, &groups[i], out);
		if (groups[i].sample_count != 0)
			groups[left++] = groups[i];
	}
	people_once(out);
	out->groups = groups;
	out->subjects = subjects;
	out->group_count = left;
}

/* --- conversations --- */

static void add_people(struct gather *g, struct conversation_view *view)
{
	const struct conversation *c = view->conversation;
	view->accounts = ARENA_ARRAY(g->arena, c->with_count, const struct account_view *);
	for (unsigned i = 0; view->accounts != NULL && i < c->with_count; i++) {
		const struct account_view *who = gather_account(g, c->with[i]);
		if (who != NULL)
			view->accounts[view->account_count++] = who;
	}
}

static void prefetch_people(struct gather *g, const struct conversation *list, size_t count)
{
	size_t most = 0, n = 0;
	for (size_t i = 0; i < count; i++)
		most += list[i].with_count;
	uint64_t *ids = ARENA_ARRAY(g->arena, most, uint64_t);
	if (ids == NULL)
		return;
	for (size_t i = 0; i < count; i++) {
		memcpy(ids + n, list[i].with, list[i].with_count * sizeof(ids[0]));
		n += list[i].with_count;
	}
	gather_accounts(g, ids, n);
}

/* Everybody and every last letter in one batch each. */
const struct conversation_view *gather_conversations(struct gather *g,
						     const struct conversation *list, size_t count)
{
	struct conversation_view *views = ARENA_ARRAY(g->arena, count, struct conversation_view);
	struct status_view *letters = ARENA_ARRAY(g->arena, count, struct status_view);
	uint64_t *last = ARENA_ARRAY(g->arena, count, uint64_t);
	if (views == NULL || letters == NULL || last == NULL)
		return NULL;
	prefetch_people(g, list, count);
	for (size_t i = 0; i < count; i++)
		last[i] = list[i].last;
	size_t n = count != 0 ? gather_statuses(g, last, count, letters) : 0;
	for (size_t i = 0; i < count; i++) {
		views[i].conversation = &list[i];
		add_people(g, &views[i]);
		for (size_t k = 0; k < n; k++) {
			if (letters[k].id == last[i])
				views[i].last = &letters[k];
		}
	}
	return views;
}
