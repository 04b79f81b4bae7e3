/* Reading notifications: those that can still be shown, and their groups. Reads only. */
#include "social/notify.h"

#include <stdlib.h>

#include "core/clock.h"
#include "social/see.h"
#include "store/graph.h"

#define CHUNK 40
#define SCRATCH_BYTES (64 * 1024 * 1024)
#define HALF_DAY 12	     /* hours */
#define ID_TIME_SHIFT 16     /* db_next_id(): milliseconds, then a sequence */
#define GROUP_SCAN_MAX 20000 /* notices that are looked at to count a page's groups */

/* Kinds that say nothing without the post that they are about. */
#define KINDS_WITH_STATUS                                                                        \
	(NOTICE_BIT(NOTICE_MENTION) | NOTICE_BIT(NOTICE_LIKE) | NOTICE_BIT(NOTICE_BOOST) |       \
	 NOTICE_BIT(NOTICE_EDIT) | NOTICE_BIT(NOTICE_POLL) | NOTICE_BIT(NOTICE_REACTION) |       \
	 NOTICE_BIT(NOTICE_QUOTE) | NOTICE_BIT(NOTICE_STATUS) | NOTICE_BIT(NOTICE_QUOTED_EDIT) | \
	 NOTICE_BIT(NOTICE_INTERACTION) | NOTICE_BIT(NOTICE_EVENT_REQUEST) |                     \
	 NOTICE_BIT(NOTICE_EVENT_INVITE) | NOTICE_BIT(NOTICE_EVENT_REMINDER))

/* --- one by one --- */

static bool status_can_be_shown(struct db_txn *txn, struct arena *scratch, uint64_t account,
				const struct status *status)
{
	const struct viewer viewer = { account, true };
	struct account author;
	return status->id != 0 && account_get(txn, scratch, status->account, &author) &&
	       may_see(txn, viewer, status, &author);
}

static bool sender_can_be_shown(struct db_txn *txn, struct arena *scratch, uint64_t account,
				const struct notice *n)
{
	struct account from;
	if (n->from == 0)
		return true;
	return account_get(txn, scratch, n->from, &from) && !account_is_gone(&from) &&
	       (from.id == account || !block_exists(txn, account, from.id));
}

/* Takes out those that cannot be shown; how many are left. */
static size_t sift(struct db_txn *txn, struct arena *scratch, uint64_t account, struct notice *n,
		   size_t count)
{
	struct status statuses[CHUNK];
	uint64_t ids[CHUNK];
	size_t left = 0;
	arena_reset(scratch);
	for (size_t i = 0; i < count; i++)
		ids[i] = n[i].status;
	if (!status_get_many(txn, scratch, ids, count, statuses))
		return 0;
	for (size_t i = 0; i < count; i++) {
		bool about = (KINDS_WITH_STATUS & NOTICE_BIT(n[i].kind)) != 0;
		if ((about && !status_can_be_shown(txn, scratch, account, &statuses[i])) ||
		    !sender_can_be_shown(txn, scratch, account, &n[i]))
			continue;
		n[left++] = n[i];
	}
	return left;
}

/* What is read on in the order of a range, a few at a time. */
struct stream {
	struct db_txn *txn;
	struct arena *scratch;
	uint64_t account;
	struct id_range rest;
	const struct notice_filter *filter;
	struct notice few[CHUNK];
	size_t at, count;
	bool end;
};

static bool stream_open(struct stream *s, struct db_txn *txn, uint64_t account,
			const struct id_range *range, const struct notice_filter *filter)
{
	*s = (struct stream){ .txn = txn, .account = account, .rest = *range, .filter = filter };
	s->scratch = arena_new(SCRATCH_BYTES);
	if (s->scratch == NULL)
		db_txn_fail(txn, RC_NO_MEMORY);
	return s->scratch != NULL;
}

static void stream_close(struct stream *s)
{
	arena_free(&s->scratch);
}

static const struct notice *stream_next(struct stream *s)
{
	while (s->at == s->count && !s->end) {
		size_t n = notice_page(s->txn, s->account, &s->rest, s->filter, s->few, CHUNK);
		s->end = n < CHUNK;
		if (n != 0)
			id_range_pass(&s->rest, s->few[n - 1].id);
		s->count = sift(s->txn, s->scratch, s->account, s->few, n);
		s->at = 0;
	}
	if (s->at == s->count)
		return NULL;
	return &s->few[s->at++];
}

static void turn(struct notice *list, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct notice other = list[count - 1 - i];
		list[count - 1 - i] = list[i];
		list[i] = other;
	}
}

size_t notices_read(struct db_txn *txn, uint64_t account, const struct id_range *range,
		    const struct notice_filter *filter, struct notice *out, size_t count)
{
	struct stream stream CLEANUP(stream_close) = { .end = true };
	const struct notice *next;
	size_t n = 0;
	if (!stream_open(&stream, txn, account, range, filter))
		return 0;
	while (n < count && (next = stream_next(&stream)) != NULL)
		out[n++] = *next;
	if (range->ascending)
		turn(out, n);
	return n;
}

bool notice_read(struct db_txn *txn, uint64_t account, uint64_t id, struct notice *out)
{
	const struct notice_filter all = { .kinds = ~0U, .held_too = true };
	const struct id_range one = { .max_id = id + 1, .since_id = id - 1 };
	return id != 0 && id != UINT64_MAX && notices_read(txn, account, &one, &all, out, 1) == 1;
}

/* --- groups --- */

void notice_group_of(const struct notice *notice, unsigned grouped, struct notice_group *out)
{
	uint64_t hours = (notice->id >> ID_TIME_SHIFT) / MS_PER_HOUR;
	*out = (struct notice_group){ .kind = notice->kind, .status = notice->status };
	if ((grouped & NOTICE_KINDS_GROUPED & NOTICE_BIT(notice->kind)) != 0)
		out->hours = hours - hours % HALF_DAY;
	else
		out->alone = notice->id;
}

bool notice_group_same(const struct notice_group *a, const struct notice_group *b)
{
	return a->kind == b->kind && a->status == b->status && a->hours == b->hours &&
	       a->alone == b->alone;
}

void notice_group_sample(struct notice_group *group, uint64_t from)
{
	for (unsigned i = 0; i < group->sample_count; i++) {
		if (group->sample[i] == from)
			return;
	}
	if (group->sample_count < ARRAY_LEN(group->sample))
		group->sample[group->sample_count++] = from;
}

/* The ids of the half day that a group lies in. */
static struct id_range half_day(const struct notice_group *group)
{
	uint64_t begin = group->hours * MS_PER_HOUR << ID_TIME_SHIFT;
	uint64_t end = (group->hours + HALF_DAY) * MS_PER_HOUR << ID_TIME_SHIFT;
	return (struct id_range){ .max_id = end, .since_id = begin != 0 ? begin - 1 : 0 };
}

size_t notice_group_members(struct db_txn *txn, uint64_t account, const struct notice_group *group,
			    struct notice *out, size_t count)
{
	const struct notice_filter filter = { .kinds = NOTICE_BIT(group->kind), .held_too = true };
	struct stream stream CLEANUP(stream_close) = { .end = true };
	struct id_range range = half_day(group);
	const struct notice *next;
	size_t n = 0;
	/* one that stands alone is named by its id, whatever its kind */
	if (group->hours == 0)
		return count != 0 && notice_read(txn, account, group->alone, out) ? 1 : 0;
	if (!stream_open(&stream, txn, account, &range, &filter))
		return 0;
	while (n < count && (next = stream_next(&stream)) != NULL) {
		if (next->status == group->status)
			out[n++] = *next;
	}
	return n;
}

static struct notice_group *group_find(struct notice_group *groups, size_t count,
				       const struct notice_group *like)
{
	for (size_t i = count; i-- > 0;) {
		if (notice_group_same(&groups[i], like))
			return &groups[i];
	}
	return NULL;
}

static void page_add(struct notice_group *group, const struct notice *n)
{
	if (group->page_newest == 0 || n->id > group->page_newest) {
		group->page_newest = n->id;
		group->first = *n;
	}
	if (group->page_oldest == 0 || n->id < group->page_oldest)
		group->page_oldest = n->id;
}

static void member_add(struct notice_group *group, const struct notice *n)
{
	if (group->count++ == 0)
		group->newest = n->id;
	notice_group_sample(group, n->from);
}

/*
 * Counts the members of all groups in one walk, from the newest that the page may show down to where
 * the oldest of their half days begins.
 */
static void groups_count(struct db_txn *txn, uint64_t account, uint64_t max_id,
			 const struct notice_filter *filter, unsigned grouped,
			 struct notice_group *groups, size_t count)
{
	struct id_range range = { .max_id = max_id, .since_id = UINT64_MAX };
	struct notice few[CHUNK];
	size_t n = CHUNK, looked = 0;
	for (size_t i = 0; i < count; i++) {
		if (groups[i].hours != 0 && half_day(&groups[i]).since_id < range.since_id)
			range.since_id = half_day(&groups[i]).since_id;
		if (groups[i].hours == 0)
			member_add(&groups[i], &groups[i].first);
	}
	while (n == CHUNK && looked < GROUP_SCAN_MAX) {
		n = notice_page(txn, account, &range, filter, few, CHUNK);
		for (size_t i = 0; i < n; i++) {
			struct notice_group like, *group;
			notice_group_of(&few[i], grouped, &like);
			group = like.hours != 0 ? group_find(groups, count, &like) : NULL;
			if (group != NULL)
				member_add(group, &few[i]);
			id_range_pass(&range, few[i].id);
		}
		looked += n;
	}
}

static int newest_first(const void *a, const void *b)
{
	const struct notice_group *x = a, *y = b;
	return x->page_newest < y->page_newest ? 1 : x->page_newest > y->page_newest ? -1 : 0;
}

size_t notice_groups_read(struct db_txn *txn, uint64_t account, const struct id_range *range,
			  const struct notice_filter *filter, unsigned grouped,
			  struct notice_group *out, size_t count)
{
	struct stream stream CLEANUP(stream_close) = { .end = true };
	const struct notice *next;
	uint64_t newest = 0;
	size_t n = 0;
	if (!stream_open(&stream, txn, account, range, filter))
		return 0;
	while (n < count && (next = stream_next(&stream)) != NULL) {
		struct notice_group like, *group;
		notice_group_of(next, grouped, &like);
		group = group_find(out, n, &like);
		if (group == NULL) {
			group = &out[n++];
			*group = like;
		}
		page_add(group, next);
		newest = next->id > newest ? next->id : newest;
	}
	qsort(out, n, sizeof(out[0]), newest_first);
	if (n != 0)
		groups_count(txn, account, newest + 1, filter, grouped, out, n);
	/* what could not be counted to its end has at least what was seen */
	for (size_t i = 0; i < n; i++) {
		if (out[i].count == 0)
			member_add(&out[i], &out[i].first);
	}
	return n;
}
