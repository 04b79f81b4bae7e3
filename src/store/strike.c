/* Strikes and presets. Owns tables strike, strike_of, strike_in, appeal_open, preset and
 * community_preset. Inside transactions only. */
#include "store/strike.h"

#include "core/must.h"
#include "db/rec.h"
#include "store/tables.h"
#include "store_int.h"
#include "strike_int.h"

#define STRIKE_VERSION 2 /* 1 knew no communities */
#define PRESET_VERSION 1
#define ROW_MAX ((size_t)64 * 1024)
#define AUTOMATED 1U
#define UNDONE 2U
#define ESCALATED 4U

/* --- the codec --- */

static void ids_encode(struct buf *out, const uint64_t *ids, unsigned count)
{
	rec_add_num(out, count);
	for (unsigned i = 0; i < count; i++)
		rec_add_num(out, ids[i]);
}

static bool ids_decode(struct rec *r, uint64_t *ids, unsigned *count, unsigned max)
{
	uint64_t n = rec_num(r);
	*count = 0;
	if (!rec_sound(r) || n > max)
		return false;
	while (*count < n)
		ids[(*count)++] = rec_num(r);
	return true;
}

void strike_encode(struct buf *out, const struct strike *s)
{
	must(s->status_count <= STRIKE_STATUSES_MAX && s->rule_count <= REPORT_RULES_MAX);
	rec_add_u8(out, STRIKE_VERSION);
	rec_add_u8(out, (uint8_t)s->action);
	rec_add_u8(out, (s->automated ? AUTOMATED : 0) | (s->undone ? UNDONE : 0) |
				(s->escalated ? ESCALATED : 0));
	rec_add_u8(out, (uint8_t)s->appeal);
	rec_add_u64(out, s->account);
	rec_add_num(out, s->moderator);
	rec_add_num(out, s->report);
	rec_add_num(out, s->created_ms);
	rec_add_num(out, s->appeal_until_ms);
	rec_add_num(out, s->appealed_ms);
	rec_add_num(out, s->decided_ms);
	rec_add_num(out, s->decided_by);
	rec_add_str(out, s->text);
	rec_add_str(out, s->appeal_text);
	ids_encode(out, s->statuses, s->status_count);
	ids_encode(out, s->rules, s->rule_count);
	rec_add_num(out, s->community);
	rec_add_num(out, s->until_ms);
}

static bool place_decode(struct rec *r, struct strike *out)
{
	out->community = rec_num(r);
	out->until_ms = rec_num(r);
	return rec_sound(r);
}

bool strike_decode(struct str value, struct strike *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->action = (enum moderation)rec_u8(&r);
	uint8_t flags = rec_u8(&r);
	out->automated = (flags & AUTOMATED) != 0;
	out->undone = (flags & UNDONE) != 0;
	out->escalated = (flags & ESCALATED) != 0;
	out->appeal = (enum appeal_state)rec_u8(&r);
	out->account = rec_u64(&r);
	out->moderator = rec_num(&r);
	out->report = rec_num(&r);
	out->created_ms = rec_num(&r);
	out->appeal_until_ms = rec_num(&r);
	out->appealed_ms = rec_num(&r);
	out->decided_ms = rec_num(&r);
	out->decided_by = rec_num(&r);
	out->text = rec_str(&r);
	out->appeal_text = rec_str(&r);
	return version >= 1 && version <= STRIKE_VERSION && out->action < MODERATIONS &&
	       (flags & ~(AUTOMATED | UNDONE | ESCALATED)) == 0 && out->appeal <= APPEAL_REJECTED &&
	       ids_decode(&r, out->statuses, &out->status_count, STRIKE_STATUSES_MAX) &&
	       ids_decode(&r, out->rules, &out->rule_count, REPORT_RULES_MAX) &&
	       (version == 1 || place_decode(&r, out)) && rec_ok(&r);
}

/* --- strikes --- */

static void strike_write(struct db_txn *txn, const struct strike *s)
{
	struct reckey key = reckey_u64(s->id), of = reckey_u64_u64(s->account, s->id);
	struct reckey in = reckey_u64_u64(s->community, s->id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX);
	strike_encode(&row, s);
	store_put(txn, &store_strike, &key, &row);
	db_put(txn, &store_strike_of, reckey_str(&of), STR(""));
	if (s->community != 0)
		db_put(txn, &store_strike_in, reckey_str(&in), STR(""));
	if (s->appeal == APPEAL_PENDING)
		db_put(txn, &store_appeal_open, reckey_str(&key), STR(""));
	else
		db_del(txn, &store_appeal_open, reckey_str(&key));
}

uint64_t strike_add(struct db_txn *txn, const struct strike *strike)
{
	struct strike fresh = *strike;
	fresh.id = db_next_id(txn);
	fresh.created_ms = db_txn_now(txn);
	strike_write(txn, &fresh);
	return fresh.id;
}

bool strike_put(struct db_txn *txn, const struct strike *strike)
{
	struct reckey key = reckey_u64(strike->id);
	struct str value;
	if (!db_get(txn, &store_strike, reckey_str(&key), &value))
		return false;
	strike_write(txn, strike);
	return true;
}

bool strike_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct strike *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	*out = (struct strike){ .id = id };
	return db_get(txn, &store_strike, reckey_str(&key), &value) &&
	       (strike_decode(arena_str(arena, value), out) || store_undecoded(txn, arena));
}

/* Walks one of the tables whose keys end with the id of a strike. */
static size_t strike_walk(struct db_txn *txn, struct arena *arena, const struct db_table *table,
			  struct reckey prefix, uint64_t max_id, struct strike *out, size_t count)
{
	struct reckey from = prefix;
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	uint64_t id;
	size_t n = 0;
	reckey_add_u64(&from, max_id != 0 ? max_id - 1 : UINT64_MAX);
	db_iter_open(&it, txn, table, reckey_str(&prefix), DB_BACKWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL)) {
		if (reckey_read_u64(key, prefix.len, &id) && strike_get(txn, arena, id, &out[n]))
			n++;
	}
	return n;
}

size_t strikes_of(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t max_id,
		  struct strike *out, size_t count)
{
	return strike_walk(txn, arena, &store_strike_of, reckey_u64(account), max_id, out, count);
}

size_t strikes_in(struct db_txn *txn, struct arena *arena, uint64_t community, uint64_t max_id,
		  struct strike *out, size_t count)
{
	return strike_walk(txn, arena, &store_strike_in, reckey_u64(community), max_id, out, count);
}

size_t strike_list(struct db_txn *txn, struct arena *arena, bool open, uint64_t max_id,
		   struct strike *out, size_t count)
{
	const struct db_table *table = open ? &store_appeal_open : &store_strike;
	return strike_walk(txn, arena, table, (struct reckey)RECKEY_INIT, max_id, out, count);
}

static uint64_t community_of(struct db_txn *txn, const struct reckey *key)
{
	struct strike s = { .id = 0 };
	struct str value;
	return db_get(txn, &store_strike, reckey_str(key), &value) && strike_decode(value, &s)
		       ? s.community
		       : 0;
}

size_t strikes_del(struct db_txn *txn, uint64_t account, size_t count)
{
	struct reckey prefix = reckey_u64(account);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	uint64_t id;
	size_t n = 0;
	db_iter_open(&it, txn, &store_strike_of, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < count && db_iter_next(&it, &key, NULL)) {
		if (!reckey_read_u64(key, 8, &id))
			continue;
		struct reckey one = reckey_u64(id), of = reckey_u64_u64(account, id);
		uint64_t community = community_of(txn, &one);
		struct reckey in = reckey_u64_u64(community, id);
		if (community != 0)
			db_del(txn, &store_strike_in, reckey_str(&in));
		db_del(txn, &store_strike, reckey_str(&one));
		db_del(txn, &store_appeal_open, reckey_str(&one));
		n += db_del(txn, &store_strike_of, reckey_str(&of));
	}
	return n;
}

/* --- presets --- */

void preset_encode(struct buf *out, const struct preset *preset)
{
	rec_add_u8(out, PRESET_VERSION);
	rec_add_str(out, preset->title);
	rec_add_str(out, preset->text);
}

bool preset_decode(struct str value, struct preset *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->title = rec_str(&r);
	out->text = rec_str(&r);
	return version == PRESET_VERSION && rec_ok(&r);
}

static bool preset_read(struct db_txn *txn, struct arena *arena, const struct db_table *table,
			const struct reckey *key, struct preset *out)
{
	struct str value;
	return db_get(txn, table, reckey_str(key), &value) &&
	       (preset_decode(arena_str(arena, value), out) || store_undecoded(txn, arena));
}

static void preset_write(struct db_txn *txn, const struct db_table *table, const struct reckey *key,
			 const struct preset *preset)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX);
	preset_encode(&row, preset);
	store_put(txn, table, key, &row);
}

/* Keys end with the id. */
static size_t preset_walk(struct db_txn *txn, struct arena *arena, const struct db_table *table,
			  struct reckey prefix, struct preset *out)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, table, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < PRESETS_MAX && db_iter_next(&it, &key, &value)) {
		if (!reckey_read_u64(key, prefix.len, &out[n].id) ||
		    !preset_decode(arena_str(arena, value), &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		n++;
	}
	return n;
}

bool preset_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct preset *out)
{
	struct reckey key = reckey_u64(id);
	*out = (struct preset){ .id = id };
	return preset_read(txn, arena, &store_preset, &key, out);
}

uint64_t preset_put(struct db_txn *txn, const struct preset *preset)
{
	uint64_t id = preset->id != 0 ? preset->id : db_next_id(txn);
	struct reckey key = reckey_u64(id);
	preset_write(txn, &store_preset, &key, preset);
	return id;
}

bool preset_del(struct db_txn *txn, uint64_t id)
{
	struct reckey key = reckey_u64(id);
	return db_del(txn, &store_preset, reckey_str(&key));
}

size_t preset_list(struct db_txn *txn, struct arena *arena, struct preset out[PRESETS_MAX])
{
	return preset_walk(txn, arena, &store_preset, (struct reckey)RECKEY_INIT, out);
}

/* --- presets of communities --- */

bool community_preset_get(struct db_txn *txn, struct arena *arena, uint64_t community, uint64_t id,
			  struct preset *out)
{
	struct reckey key = reckey_u64_u64(community, id);
	*out = (struct preset){ .id = id };
	return preset_read(txn, arena, &store_community_preset, &key, out);
}

uint64_t community_preset_put(struct db_txn *txn, uint64_t community, const struct preset *preset)
{
	uint64_t id = preset->id != 0 ? preset->id : db_next_id(txn);
	struct reckey key = reckey_u64_u64(community, id);
	preset_write(txn, &store_community_preset, &key, preset);
	return id;
}

bool community_preset_del(struct db_txn *txn, uint64_t community, uint64_t id)
{
	struct reckey key = reckey_u64_u64(community, id);
	return db_del(txn, &store_community_preset, reckey_str(&key));
}

size_t community_preset_list(struct db_txn *txn, struct arena *arena, uint64_t community,
			     struct preset out[PRESETS_MAX])
{
	return preset_walk(txn, arena, &store_community_preset, reckey_u64(community), out);
}

/* Index rows, or those that are nobody else's. */
static size_t rows_clear(struct db_txn *txn, const struct db_table *table, uint64_t community,
			 size_t count)
{
	size_t n = 0;
	for (; n < count; n++) {
		struct reckey prefix = reckey_u64(community);
		struct db_iter it CLEANUP(db_iter_close);
		struct str key;
		uint64_t id;
		db_iter_open(&it, txn, table, reckey_str(&prefix), DB_FORWARD, STR_NONE);
		if (!db_iter_next(&it, &key, NULL) || !reckey_read_u64(key, 8, &id))
			break;
		struct reckey one = reckey_u64_u64(community, id);
		db_del(txn, table, reckey_str(&one));
	}
	return n;
}

size_t community_strikes_clear(struct db_txn *txn, uint64_t community, size_t count)
{
	size_t n = rows_clear(txn, &store_community_preset, community, count);
	return n + rows_clear(txn, &store_strike_in, community, count - n);
}
