/* What other servers tell of a post, and when a thread was looked for. Owns tables hint and look.
 * Inside transactions only. */
#include "store/hint.h"

#include "check_int.h"
#include "core/attr.h"
#include "db/rec.h"
#include "store/tables.h"
#include "store_int.h"

#define HINT_VERSION 1
#define LOOK_VERSION 2 /* 1 had no end */

struct status_hints hint_get(struct db_txn *txn, uint64_t status)
{
	struct reckey key = reckey_u64(status);
	struct status_hints h = STATUS_HINTS_INIT;
	struct str value;
	if (!db_get(txn, &store_hint, reckey_str(&key), &value))
		return h;
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	h.replies = rec_u32(&r);
	h.boosts = rec_u32(&r);
	h.likes = rec_u32(&r);
	h.thread = rec_u32(&r);
	h.told_ms = rec_u64(&r);
	if (version == HINT_VERSION && rec_ok(&r))
		return h;
	db_txn_fail(txn, RC_CORRUPT);
	return (struct status_hints)STATUS_HINTS_INIT;
}

/* True when it is news. */
static bool take(uint32_t *kept, uint32_t told)
{
	if (told == HINT_NONE || told > HINT_MAX || told == *kept)
		return false;
	/* most posts have none of anything: that is not worth a row */
	if (told == 0 && *kept == HINT_NONE)
		return false;
	*kept = told;
	return true;
}

void hint_tell(struct db_txn *txn, uint64_t status, const struct status_hints *told)
{
	struct reckey key = reckey_u64(status);
	struct status_hints h = hint_get(txn, status);
	struct buf value CLEANUP(buf_free) = BUF_INIT(64);
	bool news = take(&h.replies, told->replies);
	news |= take(&h.boosts, told->boosts);
	news |= take(&h.likes, told->likes);
	news |= take(&h.thread, told->thread);
	if (!news)
		return;
	rec_add_u8(&value, HINT_VERSION);
	rec_add_u32(&value, h.replies);
	rec_add_u32(&value, h.boosts);
	rec_add_u32(&value, h.likes);
	rec_add_u32(&value, h.thread);
	rec_add_u64(&value, db_txn_now(txn));
	store_put(txn, &store_hint, &key, &value);
}

void hint_del(struct db_txn *txn, uint64_t status)
{
	struct reckey key = reckey_u64(status);
	db_del(txn, &store_hint, reckey_str(&key));
}

struct thread_look look_get(struct db_txn *txn, struct arena *arena, uint64_t root)
{
	struct reckey key = reckey_u64(root);
	struct thread_look look = { .state = STR("") };
	struct str value;
	if (!db_get(txn, &store_look, reckey_str(&key), &value))
		return look;
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	look.looked_ms = rec_u64(&r);
	look.ended_ms = version == 1 ? look.looked_ms : rec_u64(&r);
	look.state = arena_str(arena, rec_str(&r));
	if (version >= 1 && version <= LOOK_VERSION && rec_ok(&r) && !arena_failed(arena))
		return look;
	store_undecoded(txn, arena);
	return (struct thread_look){ .state = STR("") };
}

void look_put(struct db_txn *txn, uint64_t root, const struct thread_look *look)
{
	struct reckey key = reckey_u64(root);
	struct buf value CLEANUP(buf_free) = BUF_INIT(LOOK_STATE_MAX + 64);
	rec_add_u8(&value, LOOK_VERSION);
	rec_add_u64(&value, look->looked_ms);
	rec_add_u64(&value, look->ended_ms);
	rec_add_str(&value, look->state);
	store_put(txn, &store_look, &key, &value);
}

void look_del(struct db_txn *txn, uint64_t root)
{
	struct reckey key = reckey_u64(root);
	db_del(txn, &store_look, reckey_str(&key));
}

static void check_row(const struct check *c, struct str key, struct str value UNUSED)
{
	uint64_t id;
	if (reckey_read_u64(key, 0, &id) && !check_has(c, &store_status, id))
		check_say(c, "status", id, "has hints but is not there");
}

void hint_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_hint, 8, check_row);
	check_walk(&c, &store_look, 8, check_row);
	check_end(&c, "hints");
}
