/* Integrity of timelines: statuses to rows and back. */
#include "core/attr.h"
#include "db/rec.h"
#include "status_int.h"
#include "store/tables.h"
#include "timeline_int.h"

static bool row_fits(const struct check *c, const struct db_table *table, const struct reckey *key,
		     const struct status *s)
{
	struct timeline_entry e;
	struct str value;
	return db_get(c->txn, table, reckey_str(key), &value) && timeline_decode(value, &e) &&
	       e.account == s->account && e.marks == timeline_marks_of(s);
}

/* What is older than the oldest row was swept away. */
static bool is_swept(const struct check *c, uint64_t id)
{
	const struct id_range oldest = { .ascending = true };
	struct timeline_entry e;
	return timeline_public(c->txn, &oldest, &e, 1) == 0 ? db_count(c->txn, &store_timeline) == 0
							    : id < e.id;
}

void timeline_check_status(const struct check *c, const struct status *s)
{
	struct reckey key = reckey_u64(s->id);
	struct timeline_tags tags;
	if (timeline_has_place(s) && !row_fits(c, &store_timeline, &key, s) && !is_swept(c, s->id))
		check_say(c, "status", s->id, "is not in the timeline");
	if (timeline_has_place(s) && (s->flags & STATUS_LOCAL) != 0 &&
	    !row_fits(c, &store_timeline_local, &key, s))
		check_say(c, "status", s->id, "is not in the node's timeline");
	timeline_tags_of(c->arena, s, &tags);
	for (unsigned i = 0; i < tags.count; i++) {
		key = timeline_name_key(tags.names[i], s->id);
		if (!row_fits(c, &store_tag, &key, s))
			check_say(c, "status", s->id, "is not found by its hashtag");
	}
	struct str url = timeline_link_of(c->txn, s->id);
	key = timeline_name_key(url, s->id);
	if (url.ptr != NULL && !row_fits(c, &store_link, &key, s))
		check_say(c, "status", s->id, "is not found by its link");
}

static bool read_status(const struct check *c, uint64_t id, struct status *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	return db_get(c->txn, &store_status, reckey_str(&key), &value) &&
	       status_decode(c->arena, value, id, out);
}

static void check_place(const struct check *c, struct str key, struct str value UNUSED)
{
	struct status s;
	uint64_t id;
	if (reckey_read_u64(key, 0, &id) && (!read_status(c, id, &s) || !timeline_has_place(&s)))
		check_say(c, "timeline", id, "has a row for what does not belong there");
}

static void check_tag(const struct check *c, struct str key, struct str value UNUSED)
{
	struct timeline_tags tags = { .count = 0 };
	struct status s;
	uint64_t id = 0;
	bool found = false;
	if (reckey_read_u64(key, 16, &id) && read_status(c, id, &s))
		timeline_tags_of(c->arena, &s, &tags);
	for (unsigned i = 0; i < tags.count; i++)
		found = found || check_uri_fits(str_take(key, 16), tags.names[i]);
	if (!found)
		check_say(c, "hashtag's status", id, "is not there or has it no more");
}

static void check_link(const struct check *c, struct str key, struct str value UNUSED)
{
	uint64_t id = 0;
	if (!reckey_read_u64(key, 16, &id) ||
	    !check_uri_fits(str_take(key, 16), timeline_link_of(c->txn, id)))
		check_say(c, "link's status", id, "is not there or has it no more");
}

static void check_status_link(const struct check *c, struct str key, struct str value UNUSED)
{
	uint64_t id;
	if (reckey_read_u64(key, 0, &id) && !check_has(c, &store_status, id))
		check_say(c, "status", id, "has a link but is not there");
}

void timeline_check(const struct check *c)
{
	check_walk(c, &store_timeline, 8, check_place);
	check_walk(c, &store_timeline_local, 8, check_place);
	check_walk(c, &store_tag, 24, check_tag);
	check_walk(c, &store_link, 24, check_link);
	check_walk(c, &store_status_link, 8, check_status_link);
}
