/*
 * What is posted in communities. Owns tables community_post, community_thread, community_queue,
 * community_pinned, community_total, community_held and community_reason. Inside transactions only.
 *
 * community_thread, community_queue and community_pinned are indexes of community_post: threads that
 * are neither held nor removed, what is held, threads that stand first.
 */
#include "community_int.h"
#include "core/attr.h"
#include "core/must.h"
#include "core/utf8.h"
#include "page_int.h"
#include "store/joint.h"
#include "store/tables.h"
#include "store/thread.h"
#include "store_int.h"

#define POST_VERSION 1
#define TOTAL_VERSION 1
#define ROW_MAX_BYTES 128
#define CHUNK 256
#define REASON_CHARS 1000
#define HIDDEN (COMMUNITY_POST_HELD | COMMUNITY_POST_REMOVED)

void community_post_encode(struct buf *out, const struct community_post *p)
{
	rec_add_u8(out, POST_VERSION);
	rec_add_u64(out, p->root);
	rec_add_num(out, p->flags);
	rec_add_num(out, p->last_ms);
	rec_add_num(out, p->comments);
	rec_add_num(out, p->flair);
	rec_add_num(out, p->pin_until_ms);
}

bool community_post_decode(struct str value, struct community_post *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->root = rec_u64(&r);
	out->flags = store_num32(&r);
	out->last_ms = rec_num(&r);
	out->comments = store_num32(&r);
	out->flair = store_num32(&r);
	out->pin_until_ms = rec_num(&r);
	return version == POST_VERSION && rec_ok(&r);
}

static bool post_read(struct db_txn *txn, struct str value, struct community_post *out)
{
	if (community_post_decode(value, out))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

bool community_post_get(struct db_txn *txn, uint64_t community, uint64_t status,
			struct community_post *out)
{
	struct reckey key = reckey_u64_u64(community, status);
	struct str value;
	*out = (struct community_post){ .community = community, .status = status };
	return db_get(txn, &store_community_post, reckey_str(&key), &value) &&
	       post_read(txn, value, out);
}

bool community_post_get_many(struct db_txn *txn, struct arena *arena, uint64_t community,
			     const uint64_t *ids, size_t count, struct community_post *out)
{
	struct reckey *keys = ARENA_ARRAY(arena, count, struct reckey);
	struct str *names = ARENA_ARRAY(arena, count, struct str);
	struct str *values = ARENA_ARRAY(arena, count, struct str);
	if (keys == NULL || names == NULL || values == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		keys[i] = reckey_u64_u64(community, ids[i]);
		names[i] = reckey_str(&keys[i]);
	}
	if (!db_get_many(txn, &store_community_post, names, values, count))
		return false;
	for (size_t i = 0; i < count; i++) {
		out[i] = (struct community_post){ .community = community };
		if (values[i].ptr == NULL)
			continue;
		out[i].status = ids[i];
		if (!post_read(txn, values[i], &out[i]))
			return false;
	}
	return true;
}

/* --- totals --- */

bool community_totals_decode(struct str value, struct community_totals *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->threads = rec_num(&r);
	out->comments = rec_num(&r);
	return version == TOTAL_VERSION && rec_ok(&r);
}

struct community_totals community_totals(struct db_txn *txn, uint64_t community)
{
	struct reckey key = reckey_u64(community);
	struct community_totals t = { 0 };
	struct str value;
	if (db_get(txn, &store_community_total, reckey_str(&key), &value) &&
	    !community_totals_decode(value, &t))
		db_txn_fail(txn, RC_CORRUPT);
	return t;
}

static uint64_t sum(uint64_t n, int by)
{
	return by < 0 && n < (uint64_t)-by ? 0 : n + (uint64_t)(int64_t)by;
}

static void total_count(struct db_txn *txn, uint64_t community, int threads, int comments)
{
	struct community_totals t = community_totals(txn, community);
	struct reckey key = reckey_u64(community);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	rec_add_u8(&row, TOTAL_VERSION);
	rec_add_num(&row, sum(t.threads, threads));
	rec_add_num(&row, sum(t.comments, comments));
	store_put(txn, &store_community_total, &key, &row);
}

/* --- one --- */

static void post_write(struct db_txn *txn, const struct community_post *p)
{
	struct reckey key = reckey_u64_u64(p->community, p->status);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	community_post_encode(&row, p);
	store_put(txn, &store_community_post, &key, &row);
}

/* A row of an index is there, or is not. */
static void index_set(struct db_txn *txn, const struct db_table *table,
		      const struct community_post *p, bool there)
{
	struct reckey key = reckey_u64_u64(p->community, p->status);
	if (there)
		db_put(txn, table, reckey_str(&key), STR(""));
	else
		db_del(txn, table, reckey_str(&key));
}

static bool is_shown(unsigned flags)
{
	return (flags & HIDDEN) == 0;
}

/* One comment more or less of a thread; at_ms, when not 0, is when it was written. */
static void thread_count(struct db_txn *txn, const struct community_post *p, int by, uint64_t at_ms)
{
	struct community_post thread;
	if (!community_post_get(txn, p->community, p->root, &thread))
		return;
	thread.comments = (uint32_t)sum(thread.comments, by);
	if (at_ms > thread.last_ms)
		thread.last_ms = at_ms;
	post_write(txn, &thread);
}

/* It comes into view, or goes out of it. */
static void count(struct db_txn *txn, const struct community_post *p, int by, uint64_t at_ms)
{
	bool comment = (p->flags & COMMUNITY_POST_COMMENT) != 0;
	total_count(txn, p->community, comment ? 0 : by, comment ? by : 0);
	if (comment)
		thread_count(txn, p, by, at_ms);
}

static void indexes_put(struct db_txn *txn, const struct community_post *p)
{
	const bool thread = (p->flags & COMMUNITY_POST_COMMENT) == 0;
	index_set(txn, &store_community_thread, p, thread && is_shown(p->flags));
	index_set(txn, &store_community_queue, p, (p->flags & COMMUNITY_POST_HELD) != 0);
	index_set(txn, &store_community_pinned, p,
		  is_shown(p->flags) && (p->flags & COMMUNITY_POST_PINNED) != 0);
}

void community_post_add(struct db_txn *txn, const struct community_post *post)
{
	struct community_post old, p = *post;
	if (community_post_get(txn, p.community, p.status, &old))
		return;
	p.comments = 0;
	post_write(txn, &p);
	indexes_put(txn, &p);
	if (is_shown(p.flags))
		count(txn, &p, 1, p.last_ms);
	joint_note(txn, p.community, p.status);
}

void community_post_join(struct db_txn *txn, uint64_t community, uint64_t status, uint64_t root)
{
	struct community_post p;
	if (community == 0 || !community_post_get(txn, community, status, &p) ||
	    ((p.flags & COMMUNITY_POST_COMMENT) != 0 && p.root == root))
		return;
	if (is_shown(p.flags))
		count(txn, &p, -1, 0);
	p.flags |= COMMUNITY_POST_COMMENT;
	p.root = root;
	post_write(txn, &p);
	indexes_put(txn, &p);
	if (is_shown(p.flags))
		count(txn, &p, 1, p.last_ms);
}

void community_post_recount(struct db_txn *txn, uint64_t community, uint64_t thread, size_t count)
{
	struct thread_entry rows[CHUNK];
	struct community_post p, comment;
	uint64_t at_ms = 0, after = 0;
	size_t looked = 0, n;
	if (!community_post_get(txn, community, thread, &p))
		return;
	p.comments = 0;
	while (looked < count && (n = thread_list(txn, thread, at_ms, after, rows, CHUNK)) != 0) {
		for (size_t i = 0; i < n; i++) {
			if (!community_post_get(txn, community, rows[i].id, &comment) ||
			    !is_shown(comment.flags) || comment.root != thread)
				continue;
			p.comments++;
			if (comment.last_ms > p.last_ms)
				p.last_ms = comment.last_ms;
		}
		looked += n;
		at_ms = rows[n - 1].created_ms;
		after = rows[n - 1].id;
	}
	post_write(txn, &p);
}

/* --- why --- */

static void reason_del(struct db_txn *txn, uint64_t community, uint64_t status)
{
	struct reckey key = reckey_u64_u64(community, status);
	db_del(txn, &store_community_reason, reckey_str(&key));
}

void community_reason_put(struct db_txn *txn, uint64_t community, uint64_t status, struct str text)
{
	struct reckey key = reckey_u64_u64(community, status);
	struct community_post p;
	const struct str cut = utf8_take(text, REASON_CHARS, (size_t)REASON_CHARS * 2);
	if (cut.len != 0 && community_post_get(txn, community, status, &p) &&
	    (p.flags & COMMUNITY_POST_REASONED) != 0)
		db_put(txn, &store_community_reason, reckey_str(&key), cut);
}

struct str community_reason_get(struct db_txn *txn, struct arena *arena, uint64_t community,
				uint64_t status)
{
	struct reckey key = reckey_u64_u64(community, status);
	struct str value;
	if (!db_get(txn, &store_community_reason, reckey_str(&key), &value))
		return STR("");
	return arena_str(arena, value);
}

/* --- marks --- */

bool community_post_mark(struct db_txn *txn, uint64_t community, uint64_t status, unsigned set,
			 unsigned clear)
{
	struct community_post p;
	if (!community_post_get(txn, community, status, &p))
		return false;
	const unsigned was = p.flags;
	const bool before = is_shown(was);
	p.flags = (p.flags | set) & ~clear;
	post_write(txn, &p);
	indexes_put(txn, &p);
	if (is_shown(p.flags) != before)
		count(txn, &p, before ? -1 : 1, 0);
	/* it was said of what is taken back: nobody is told it as the reason of what is left */
	if ((was & clear & COMMUNITY_POST_REASONED) != 0 ||
	    (p.flags & COMMUNITY_POST_REASONED) == 0)
		reason_del(txn, community, status);
	joint_note(txn, community, status);
	return true;
}

bool community_post_flair(struct db_txn *txn, uint64_t community, uint64_t status, uint32_t flair)
{
	struct community_post p;
	if (!community_post_get(txn, community, status, &p))
		return false;
	p.flair = flair;
	post_write(txn, &p);
	return true;
}

bool community_post_pin_until(struct db_txn *txn, uint64_t community, uint64_t status,
			      uint64_t until_ms)
{
	struct community_post p;
	if (!community_post_get(txn, community, status, &p))
		return false;
	p.pin_until_ms = until_ms;
	post_write(txn, &p);
	return true;
}

bool community_post_del(struct db_txn *txn, uint64_t community, uint64_t status)
{
	struct reckey key = reckey_u64_u64(community, status);
	struct community_post p;
	if (!community_post_get(txn, community, status, &p))
		return false;
	if (is_shown(p.flags))
		count(txn, &p, -1, 0);
	index_set(txn, &store_community_thread, &p, false);
	index_set(txn, &store_community_queue, &p, false);
	index_set(txn, &store_community_pinned, &p, false);
	community_held_del(txn, status);
	reason_del(txn, community, status);
	bool gone = db_del(txn, &store_community_post, reckey_str(&key));
	joint_note(txn, community, status);
	return gone;
}

/* --- many --- */

static bool shown_row(struct str value)
{
	struct community_post p;
	return community_post_decode(value, &p) && is_shown(p.flags);
}

size_t community_posts(struct db_txn *txn, uint64_t community, enum community_posts_kind kind,
		       const struct page *page, uint64_t *out, size_t count)
{
	static const struct db_table *const tables[] = {
		[COMMUNITY_POSTS_ALL] = &store_community_post,
		[COMMUNITY_POSTS_THREADS] = &store_community_thread,
		[COMMUNITY_POSTS_HELD] = &store_community_queue,
		[COMMUNITY_POSTS_PINNED] = &store_community_pinned,
	};
	struct reckey prefix = reckey_u64(community);
	must((size_t)kind < ARRAY_LEN(tables));
	return page_ids(txn, tables[kind], &prefix, page,
			kind == COMMUNITY_POSTS_ALL ? shown_row : NULL, out, count);
}

size_t community_threads(struct db_txn *txn, uint64_t community, uint64_t max_id,
			 struct community_post *out, size_t count)
{
	struct page page = { .max_id = max_id };
	uint64_t ids[CHUNK];
	size_t n = 0;
	while (n < count) {
		size_t want = count - n < CHUNK ? count - n : CHUNK;
		size_t got =
			community_posts(txn, community, COMMUNITY_POSTS_THREADS, &page, ids, want);
		for (size_t i = 0; i < got; i++)
			n += community_post_get(txn, community, ids[i], &out[n]);
		if (got < want)
			break;
		page.max_id = ids[got - 1];
	}
	return n;
}

/* --- what came and waits --- */

void community_held_put(struct db_txn *txn, uint64_t status, struct str bytes)
{
	struct reckey key = reckey_u64(status);
	db_put(txn, &store_community_held, reckey_str(&key), bytes);
}

struct str community_held_get(struct db_txn *txn, uint64_t status)
{
	struct reckey key = reckey_u64(status);
	struct str value;
	return db_get(txn, &store_community_held, reckey_str(&key), &value) ? value : STR_NONE;
}

bool community_held_del(struct db_txn *txn, uint64_t status)
{
	struct reckey key = reckey_u64(status);
	return db_del(txn, &store_community_held, reckey_str(&key));
}

/* --- the end of a community --- */

static uint64_t first_of(struct db_txn *txn, const struct db_table *table, uint64_t community)
{
	struct reckey prefix = reckey_u64(community);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	uint64_t id = 0;
	db_iter_open(&it, txn, table, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	if (!db_iter_next(&it, &key, NULL) || !reckey_read_u64(key, 8, &id))
		return 0;
	return id;
}

size_t community_clear(struct db_txn *txn, uint64_t community, size_t count)
{
	size_t n = 0;
	uint64_t id;
	for (; n < count && (id = first_of(txn, &store_community_post, community)) != 0; n++)
		community_post_del(txn, community, id);
	for (; n < count && (id = first_of(txn, &store_community_member, community)) != 0; n++)
		community_member_del(txn, community, id);
	for (; n < count && (id = first_of(txn, &store_community_invite, community)) != 0; n++)
		community_invite_del(txn, community, id);
	for (; n < count && (id = first_of(txn, &store_community_role, community)) != 0; n++) {
		struct reckey key = reckey_u64_u64(community, id);
		db_del(txn, &store_community_role, reckey_str(&key));
	}
	if (n < count) {
		struct reckey key = reckey_u64(community);
		db_del(txn, &store_community_total, reckey_str(&key));
	}
	return n;
}
