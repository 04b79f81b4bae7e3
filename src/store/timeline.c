/*
 * Timelines. Owns tables timeline, timeline_local, tag, link and status_link. Inside transactions
 * only.
 *
 * What every post from elsewhere costs here is one append, and one row for each of its hashtags.
 */
#include "store/timeline.h"

#include "core/ctx.h"
#include "core/must.h"
#include "range_int.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "store_int.h"
#include "text/html.h"
#include "timeline_int.h"

#define ROW_VERSION 1
#define LINK_VERSION 1
#define ROW_BYTES 16
#define LINK_BYTES (16 * 1024)
#define TAGS_BYTES (256 * 1024)

/* --- what has a place --- */

static bool has_reader(const struct status *s)
{
	return (s->flags & STATUS_BOOST) == 0 &&
	       (s->visibility == VISIBILITY_PUBLIC || s->visibility == VISIBILITY_LOCAL);
}

bool timeline_has_place(const struct status *s)
{
	bool own_thread = s->parent != 0 && s->parent_account == s->account;
	return has_reader(s) && ((s->flags & STATUS_REPLY) == 0 || own_thread);
}

unsigned timeline_marks_of(const struct status *s)
{
	unsigned marks = (s->flags & STATUS_LOCAL) != 0 ? TIMELINE_OURS : 0;
	if (s->visibility == VISIBILITY_LOCAL)
		marks |= TIMELINE_INSIDE;
	for (unsigned i = 0; i < s->attachment_count; i++) {
		enum attachment_kind kind = attachment_kind_of(&s->attachments[i]);
		if (kind == ATTACHMENT_IMAGE || kind == ATTACHMENT_VIDEO ||
		    kind == ATTACHMENT_AUDIO)
			marks |= TIMELINE_MEDIA;
	}
	return marks;
}

static bool tags_have(const struct timeline_tags *tags, struct str name)
{
	for (unsigned i = 0; i < tags->count; i++) {
		if (str_eq(tags->names[i], name))
			return true;
	}
	return false;
}

void timeline_tags_of(struct arena *arena, const struct status *s, struct timeline_tags *out)
{
	struct ctx quiet = { .arena = arena };
	struct str folded;
	out->count = 0;
	for (unsigned i = 0; has_reader(s) && i < s->tag_count; i++) {
		if (text_tag_fold(&quiet, s->tags[i], &folded) == RC_OK && !tags_have(out, folded))
			out->names[out->count++] = folded;
	}
}

/* --- rows --- */

struct reckey timeline_name_key(struct str name, uint64_t id)
{
	struct reckey key = reckey_digest(name);
	reckey_add_u64(&key, id);
	return key;
}

static struct buf row_of(const struct status *s)
{
	struct buf row = BUF_INIT(ROW_BYTES);
	rec_add_u8(&row, ROW_VERSION);
	rec_add_u8(&row, (uint8_t)timeline_marks_of(s));
	rec_add_u64(&row, s->account);
	return row;
}

bool timeline_decode(struct str value, struct timeline_entry *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->marks = rec_u8(&r);
	out->account = rec_u64(&r);
	return version == ROW_VERSION && rec_ok(&r);
}

static void places_put(struct db_txn *txn, const struct status *s)
{
	struct reckey key = reckey_u64(s->id);
	struct buf row CLEANUP(buf_free) = row_of(s);
	if (!timeline_has_place(s))
		return;
	db_append(txn, &store_timeline, reckey_str(&key), buf_str(&row));
	if ((s->flags & STATUS_LOCAL) != 0)
		db_append(txn, &store_timeline_local, reckey_str(&key), buf_str(&row));
}

/* Those of its hashtags that `but`, which may be NULL, does not have. */
static void tags_put(struct db_txn *txn, const struct status *s, const struct timeline_tags *tags,
		     const struct timeline_tags *but)
{
	struct buf row CLEANUP(buf_free) = row_of(s);
	for (unsigned i = 0; i < tags->count; i++) {
		struct reckey key = timeline_name_key(tags->names[i], s->id);
		if (but == NULL || !tags_have(but, tags->names[i]))
			store_put(txn, &store_tag, &key, &row);
	}
}

static void tags_del(struct db_txn *txn, uint64_t id, const struct timeline_tags *tags,
		     const struct timeline_tags *but)
{
	for (unsigned i = 0; i < tags->count; i++) {
		struct reckey key = timeline_name_key(tags->names[i], id);
		if (but == NULL || !tags_have(but, tags->names[i]))
			db_del(txn, &store_tag, reckey_str(&key));
	}
}

static struct arena *tags_arena(struct db_txn *txn)
{
	struct arena *arena = arena_new(TAGS_BYTES);
	if (arena == NULL)
		db_txn_fail(txn, RC_NO_MEMORY);
	return arena;
}

void timeline_put(struct db_txn *txn, const struct status *s)
{
	struct timeline_tags tags;
	struct arena *arena;
	places_put(txn, s);
	if (s->tag_count == 0 || !has_reader(s) || (arena = tags_arena(txn)) == NULL)
		return;
	timeline_tags_of(arena, s, &tags);
	tags_put(txn, s, &tags, NULL);
	arena_free(&arena);
}

static void link_del(struct db_txn *txn, uint64_t id)
{
	struct str url = timeline_link_of(txn, id);
	if (url.ptr == NULL)
		return;
	struct reckey by_name = timeline_name_key(url, id), key = reckey_u64(id);
	db_del(txn, &store_link, reckey_str(&by_name));
	db_del(txn, &store_status_link, reckey_str(&key));
}

void timeline_edit(struct db_txn *txn, const struct status *before, const struct status *now)
{
	struct timeline_tags had, has;
	struct arena *arena;
	bool other = timeline_marks_of(before) != timeline_marks_of(now);
	struct reckey key = reckey_u64(now->id);
	struct str row;
	/* fewer may see it now */
	if (has_reader(before) && !has_reader(now)) {
		timeline_del(txn, before);
		return;
	}
	/* what was swept away stays so */
	if (other && db_get(txn, &store_timeline, reckey_str(&key), &row))
		places_put(txn, now);
	if ((before->tag_count == 0 && now->tag_count == 0) || (arena = tags_arena(txn)) == NULL)
		return;
	timeline_tags_of(arena, before, &had);
	timeline_tags_of(arena, now, &has);
	tags_del(txn, now->id, &had, &has);
	tags_put(txn, now, &has, other ? NULL : &had);
	arena_free(&arena);
}

void timeline_del(struct db_txn *txn, const struct status *s)
{
	struct reckey key = reckey_u64(s->id);
	struct timeline_tags tags;
	struct arena *arena;
	if (!has_reader(s))
		return;
	db_del(txn, &store_timeline, reckey_str(&key));
	if ((s->flags & STATUS_LOCAL) != 0)
		db_del(txn, &store_timeline_local, reckey_str(&key));
	link_del(txn, s->id);
	if (s->tag_count == 0 || (arena = tags_arena(txn)) == NULL)
		return;
	timeline_tags_of(arena, s, &tags);
	tags_del(txn, s->id, &tags, NULL);
	arena_free(&arena);
}

/* --- links --- */

struct str timeline_link_of(struct db_txn *txn, uint64_t status)
{
	struct reckey key = reckey_u64(status);
	struct str value;
	if (!db_get(txn, &store_status_link, reckey_str(&key), &value))
		return STR_NONE;
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	struct str url = rec_str(&r);
	if (version == LINK_VERSION && rec_ok(&r))
		return url;
	db_txn_fail(txn, RC_CORRUPT);
	return STR_NONE;
}

void timeline_link_put(struct db_txn *txn, const struct status *status, struct str url)
{
	struct reckey by_name = timeline_name_key(url, status->id), key = reckey_u64(status->id);
	struct buf row CLEANUP(buf_free) = row_of(status);
	struct buf back CLEANUP(buf_free) = BUF_INIT(LINK_BYTES);
	if (!has_reader(status) || str_eq(timeline_link_of(txn, status->id), url))
		return;
	link_del(txn, status->id);
	rec_add_u8(&back, LINK_VERSION);
	rec_add_str(&back, url);
	if (store_put(txn, &store_status_link, &key, &back))
		store_put(txn, &store_link, &by_name, &row);
}

/* --- pages --- */

static size_t list(struct db_txn *txn, const struct db_table *table, const struct reckey *prefix,
		   const struct id_range *range, struct timeline_entry *out, size_t count)
{
	struct range_walk w CLEANUP(range_walk_close);
	struct str value;
	size_t n = 0;
	range_walk_open(&w, txn, table, prefix, range);
	while (n < count && range_walk_next(&w, &out[n].id, &value)) {
		if (timeline_decode(value, &out[n]))
			n++;
	}
	return n;
}

size_t timeline_public(struct db_txn *txn, const struct id_range *range, struct timeline_entry *out,
		       size_t count)
{
	const struct reckey all = RECKEY_INIT;
	return list(txn, &store_timeline, &all, range, out, count);
}

size_t timeline_local(struct db_txn *txn, const struct id_range *range, struct timeline_entry *out,
		      size_t count)
{
	const struct reckey all = RECKEY_INIT;
	return list(txn, &store_timeline_local, &all, range, out, count);
}

size_t timeline_tag(struct db_txn *txn, struct str tag, const struct id_range *range,
		    struct timeline_entry *out, size_t count)
{
	const struct reckey prefix = reckey_digest(tag);
	return list(txn, &store_tag, &prefix, range, out, count);
}

size_t timeline_link(struct db_txn *txn, struct str url, const struct id_range *range,
		     struct timeline_entry *out, size_t count)
{
	const struct reckey prefix = reckey_digest(url);
	return list(txn, &store_link, &prefix, range, out, count);
}

/* --- keeping it short --- */

/* The oldest ones go; they are found by their author, their hashtags and their thread. */
bool timeline_trim(struct db_txn *txn, uint64_t keep, size_t count)
{
	const struct id_range oldest = { .ascending = true };
	uint64_t rows = db_count(txn, &store_timeline);
	struct timeline_entry e;
	for (size_t i = 0; i < count && rows > keep; i++, rows--) {
		if (timeline_public(txn, &oldest, &e, 1) == 0)
			return true;
		struct reckey key = reckey_u64(e.id);
		db_del(txn, &store_timeline, reckey_str(&key));
	}
	return rows <= keep;
}

bool timeline_sweep(struct db_txn *txn, uint64_t now_ms UNUSED, struct sweep_cursor *cursor UNUSED,
		    size_t count)
{
	return timeline_trim(txn, TIMELINE_KEEP, count);
}
