/* What the sieve made of posts. Owns tables sieve_mark and sieve_held. Inside transactions only. */
#include "core/must.h"
#include "db/rec.h"
#include "sieve_int.h"
#include "store/tables.h"
#include "store_int.h"

#define MARK_VERSION 2 /* 1: without changed_ms */
#define MARK_MAX_BYTES ((size_t)16 * 1024)
enum mark_flags { MARK_EDITED = 1, MARK_WAITED = 2, MARK_TAUGHT = 4, MARK_FLAGS = 7 };

void sieve_mark_encode(struct buf *out, const struct sieve_mark *m)
{
	must(m->hit_count <= SIEVE_HITS_MAX);
	rec_add_u8(out, MARK_VERSION);
	rec_add_u8(out, (uint8_t)m->state);
	rec_add_u8(out, (uint8_t)((m->edited ? MARK_EDITED : 0) | (m->waited ? MARK_WAITED : 0) |
				  (m->taught ? MARK_TAUGHT : 0)));
	rec_add_num(out, m->at_ms);
	rec_add_num(out, m->changed_ms);
	rec_add_num(out, m->decided_ms);
	rec_add_num(out, m->decided_by);
	rec_add_u8(out, m->spam);
	rec_add_u8(out, m->similar);
	rec_add_num(out, m->hit_count);
	for (unsigned i = 0; i < m->hit_count; i++) {
		rec_add_u64(out, m->hits[i].rule);
		rec_add_u8(out, m->hits[i].action);
		rec_add_str(out, m->hits[i].label);
	}
}

bool sieve_mark_decode(struct str value, struct sieve_mark *m)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r), state = rec_u8(&r), flags = rec_u8(&r);
	m->state = (enum sieve_state)state;
	m->edited = (flags & MARK_EDITED) != 0;
	m->waited = (flags & MARK_WAITED) != 0;
	m->taught = (flags & MARK_TAUGHT) != 0;
	m->at_ms = rec_num(&r);
	m->changed_ms = version > 1 ? rec_num(&r) : m->at_ms;
	m->decided_ms = rec_num(&r);
	m->decided_by = rec_num(&r);
	m->spam = rec_u8(&r);
	m->similar = rec_u8(&r);
	uint64_t count = rec_num(&r);
	if (!rec_sound(&r) || count > SIEVE_HITS_MAX)
		return false;
	for (m->hit_count = 0; m->hit_count < count; m->hit_count++) {
		m->hits[m->hit_count].rule = rec_u64(&r);
		m->hits[m->hit_count].action = rec_u8(&r);
		m->hits[m->hit_count].label = rec_str(&r);
	}
	return version != 0 && version <= MARK_VERSION && state <= SIEVE_ROLLED &&
	       flags <= MARK_FLAGS && rec_ok(&r);
}

bool sieve_mark_get(struct db_txn *txn, struct arena *arena, uint64_t status,
		    struct sieve_mark *out)
{
	struct reckey key = reckey_u64(status);
	struct str value;
	*out = (struct sieve_mark){ .status = status };
	return db_get(txn, &store_sieve_mark, reckey_str(&key), &value) &&
	       (sieve_mark_decode(arena_str(arena, value), out) || store_undecoded(txn, arena));
}

void sieve_mark_put(struct db_txn *txn, const struct sieve_mark *mark)
{
	struct reckey key = reckey_u64(mark->status);
	struct buf row CLEANUP(buf_free) = BUF_INIT(MARK_MAX_BYTES);
	sieve_mark_encode(&row, mark);
	store_put(txn, &store_sieve_mark, &key, &row);
	if (mark->state == SIEVE_WAITING)
		db_put(txn, &store_sieve_held, reckey_str(&key), STR(""));
	else
		db_del(txn, &store_sieve_held, reckey_str(&key));
}

void sieve_mark_del(struct db_txn *txn, uint64_t status)
{
	struct reckey key = reckey_u64(status);
	if (db_del(txn, &store_sieve_mark, reckey_str(&key)))
		db_del(txn, &store_sieve_held, reckey_str(&key));
}

size_t sieve_held(struct db_txn *txn, uint64_t max_id, uint64_t min_id, uint64_t *out, size_t count)
{
	struct reckey from = reckey_u64(max_id != 0 ? max_id - 1 : UINT64_MAX);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_sieve_held, STR(""), DB_BACKWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL) && reckey_read_u64(key, 0, &out[n]) &&
	       out[n] > min_id)
		n++;
	return n;
}

size_t sieve_held_after(struct db_txn *txn, uint64_t after, uint64_t *out, size_t count)
{
	struct reckey from = reckey_u64(after + 1);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_sieve_held, STR(""), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL))
		n += reckey_read_u64(key, 0, &out[n]);
	return n;
}

/* --- integrity --- */

static void check_held(struct db_txn *txn, struct arena *arena,
		       void (*bad)(void *arg, struct str what), void *arg)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct sieve_mark mark;
	struct str key;
	uint64_t id;
	db_iter_open(&it, txn, &store_sieve_held, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, NULL)) {
		arena_reset(arena);
		if (!reckey_read_u64(key, 0, &id) || !sieve_mark_get(txn, arena, id, &mark) ||
		    mark.state != SIEVE_WAITING)
			bad(arg, arena_printf(arena, "post %llu is listed as held, but is not",
					      (unsigned long long)id));
	}
}

void sieve_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		 void *arg)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct sieve_mark mark;
	struct str key, value, none;
	check_held(txn, arena, bad, arg);
	db_iter_open(&it, txn, &store_sieve_mark, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		arena_reset(arena);
		if (!sieve_mark_decode(value, &mark)) {
			bad(arg, STR("a mark of the sieve cannot be read"));
			continue;
		}
		if (mark.state == SIEVE_WAITING && !db_get(txn, &store_sieve_held, key, &none))
			bad(arg, STR("a post is held that is not listed as such"));
	}
}
