/*
 * The ledger of joint communities. Owns tables ledger, ledger_order, ledger_slot, ledger_of,
 * ledger_thing, ledger_sum and ledger_peer. Inside transactions only.
 */
#include "ledger_int.h"

#include <string.h>

#include "core/must.h"
#include "store/tables.h"
#include "store_int.h"

#define LEDGER_VERSION_BYTE 1
#define ROW_MAX_BYTES (LEDGER_BYTES_MAX + 4096)
#define SMALL_ROW_MAX_BYTES 4096
#define REASON_BYTES 200

/* --- codecs --- */

void ledger_encode(struct buf *out, const struct ledger_record *r)
{
	rec_add_u8(out, LEDGER_VERSION_BYTE);
	rec_add_u8(out, (uint8_t)r->kind);
	rec_add_num(out, r->flags);
	rec_add_num(out, r->order);
	rec_add_num(out, r->origin);
	rec_add_num(out, r->thing);
	rec_add_num(out, r->at_ms);
	rec_add_str(out, r->slot);
	rec_add_str(out, r->bytes);
}

bool ledger_decode(struct str value, struct ledger_record *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->kind = (enum ledger_kind)rec_u8(&r);
	out->flags = store_num32(&r);
	out->order = rec_num(&r);
	out->origin = rec_num(&r);
	out->thing = rec_num(&r);
	out->at_ms = rec_num(&r);
	out->slot = rec_str(&r);
	out->bytes = rec_str(&r);
	bool refused = (out->flags & LEDGER_REFUSED) != 0;
	return version == LEDGER_VERSION_BYTE && rec_ok(&r) && out->kind <= LEDGER_PAPERS &&
	       refused == (out->order == 0) && refused == (out->bytes.len == 0);
}

void ledger_sum_encode(struct buf *out, const struct ledger_sum *sum)
{
	rec_add_u8(out, LEDGER_VERSION_BYTE);
	rec_add_u64(out, sum->count);
	rec_add_u64(out, sum->last);
	rec_add_u64(out, sum->refused);
	rec_add_str(out, str_n(sum->digest.bytes, DIGEST_SIZE));
}

bool ledger_sum_decode(struct str value, struct ledger_sum *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->count = rec_u64(&r);
	out->last = rec_u64(&r);
	out->refused = rec_u64(&r);
	struct str digest = rec_str(&r);
	if (version != LEDGER_VERSION_BYTE || !rec_ok(&r) || digest.len != DIGEST_SIZE)
		return false;
	memcpy(out->digest.bytes, digest.ptr, DIGEST_SIZE);
	return true;
}

void ledger_thing_encode(struct buf *out, const struct ledger_thing *thing)
{
	rec_add_u8(out, LEDGER_VERSION_BYTE);
	rec_add_u64(out, thing->id);
	rec_add_str(out, thing->uri);
}

bool ledger_thing_decode(struct str value, struct ledger_thing *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->id = rec_u64(&r);
	out->uri = rec_str(&r);
	return version == LEDGER_VERSION_BYTE && rec_ok(&r) && out->uri.len != 0;
}

void ledger_peer_encode(struct buf *out, const struct ledger_peer *peer)
{
	rec_add_u8(out, LEDGER_VERSION_BYTE);
	rec_add_num(out, peer->compared_ms);
	rec_add_str(out, peer->url);
}

bool ledger_peer_decode(struct str value, struct ledger_peer *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->compared_ms = rec_num(&r);
	out->url = rec_str(&r);
	return version == LEDGER_VERSION_BYTE && rec_ok(&r);
}

/* --- keys --- */

struct reckey ledger_key(uint64_t community, const struct digest *name)
{
	struct reckey key = reckey_u64(community);
	reckey_add_bytes(&key, name->bytes, DIGEST_SIZE);
	return key;
}

struct reckey ledger_text_key(uint64_t community, struct str text)
{
	struct reckey key = reckey_u64(community), digest = reckey_digest(text);
	reckey_add_bytes(&key, digest.bytes, digest.len);
	return key;
}

struct reckey ledger_of_key(uint64_t community, uint64_t thing, uint64_t order)
{
	struct reckey key = reckey_u64_u64(community, thing);
	reckey_add_u64(&key, order);
	return key;
}

/* --- sums --- */

void ledger_digest_add(struct digest *sum, const struct digest *name)
{
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		sum->bytes[i] ^= name->bytes[i];
}

struct ledger_sum ledger_sum(struct db_txn *txn, uint64_t community)
{
	struct reckey key = reckey_u64(community);
	struct ledger_sum sum = { .count = 0 };
	struct str value;
	if (db_get(txn, &store_ledger_sum, reckey_str(&key), &value) &&
	    !ledger_sum_decode(value, &sum))
		db_txn_fail(txn, RC_CORRUPT);
	return sum;
}

static void sum_put(struct db_txn *txn, uint64_t community, const struct ledger_sum *sum)
{
	struct reckey key = reckey_u64(community);
	struct buf row CLEANUP(buf_free) = BUF_INIT(128);
	ledger_sum_encode(&row, sum);
	store_put(txn, &store_ledger_sum, &key, &row);
}

/* --- records --- */

bool ledger_get(struct db_txn *txn, struct arena *arena, uint64_t community,
		const struct digest *name, struct ledger_record *out)
{
	struct reckey key = ledger_key(community, name);
	struct str value;
	*out = (struct ledger_record){ .community = community, .name = *name };
	if (!db_get(txn, &store_ledger, reckey_str(&key), &value))
		return false;
	return ledger_decode(arena_str(arena, value), out) || store_undecoded(txn, arena);
}

bool ledger_peek(struct db_txn *txn, uint64_t community, const struct digest *name,
		 struct ledger_record *out)
{
	struct reckey key = ledger_key(community, name);
	struct str value;
	*out = (struct ledger_record){ .community = community, .name = *name };
	if (!db_get(txn, &store_ledger, reckey_str(&key), &value))
		return false;
	bool read = ledger_decode(value, out);
	out->slot = out->bytes = STR_NONE;
	if (!read)
		db_txn_fail(txn, RC_CORRUPT);
	return read;
}

bool ledger_knows(struct db_txn *txn, uint64_t community, const struct digest *name)
{
	struct reckey key = ledger_key(community, name);
	struct str value;
	return db_get(txn, &store_ledger, reckey_str(&key), &value);
}

static bool name_read(struct db_txn *txn, struct str value, struct digest *name)
{
	if (value.len != DIGEST_SIZE) {
		db_txn_fail(txn, RC_CORRUPT);
		return false;
	}
	memcpy(name->bytes, value.ptr, DIGEST_SIZE);
	return true;
}

bool ledger_find(struct db_txn *txn, uint64_t community, struct str slot, struct digest *name)
{
	struct reckey key = ledger_text_key(community, slot);
	struct str value;
	return db_get(txn, &store_ledger_slot, reckey_str(&key), &value) &&
	       name_read(txn, value, name);
}

static void put(struct db_txn *txn, const struct ledger_record *r)
{
	struct reckey key = ledger_key(r->community, &r->name);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	ledger_encode(&row, r);
	store_put(txn, &store_ledger, &key, &row);
}

enum rc ledger_add(struct db_txn *txn, struct ledger_record *r)
{
	struct ledger_sum sum = ledger_sum(txn, r->community);
	struct digest other;
	r->name = digest_sha256(r->bytes);
	if (ledger_knows(txn, r->community, &r->name))
		return RC_EXISTS;
	if (ledger_find(txn, r->community, r->slot, &other))
		return RC_CONFLICT;
	if (db_txn_rc(txn) != RC_OK)
		return db_txn_rc(txn);
	if (sum.count >= LEDGER_RECORDS_MAX || r->bytes.len > LEDGER_BYTES_MAX)
		return RC_TOO_LARGE;
	r->flags = 0;
	r->order = ++sum.last;
	sum.count++;
	ledger_digest_add(&sum.digest, &r->name);
	struct str name = str_n(r->name.bytes, DIGEST_SIZE);
	struct reckey order = reckey_u64_u64(r->community, r->order);
	struct reckey slot = ledger_text_key(r->community, r->slot);
	struct reckey of = ledger_of_key(r->community, r->thing, r->order);
	put(txn, r);
	db_put(txn, &store_ledger_order, reckey_str(&order), name);
	db_put(txn, &store_ledger_slot, reckey_str(&slot), name);
	db_put(txn, &store_ledger_of, reckey_str(&of), name);
	sum_put(txn, r->community, &sum);
	return db_txn_rc(txn);
}

void ledger_refuse(struct db_txn *txn, uint64_t community, const struct digest *name,
		   struct str reason)
{
	struct ledger_sum sum = ledger_sum(txn, community);
	struct ledger_record r = { .community = community,
				   .name = *name,
				   .flags = LEDGER_REFUSED,
				   .slot = str_take(reason, REASON_BYTES),
				   .bytes = STR("") };
	if (sum.refused >= LEDGER_REFUSED_MAX || ledger_knows(txn, community, name))
		return;
	sum.refused++;
	put(txn, &r);
	sum_put(txn, community, &sum);
}

/* The row in an arena of its own: its bytes are written again. */
static struct arena *row_arena(struct db_txn *txn)
{
	struct arena *arena = arena_new(ROW_MAX_BYTES + 4096);
	if (arena == NULL)
		db_txn_fail(txn, RC_NO_MEMORY);
	return arena;
}

void ledger_contradict(struct db_txn *txn, uint64_t community, const struct digest *name)
{
	struct arena *arena = row_arena(txn);
	struct ledger_record r;
	if (arena != NULL && ledger_get(txn, arena, community, name, &r) &&
	    (r.flags & LEDGER_CONTRADICTED) == 0) {
		r.flags |= LEDGER_CONTRADICTED;
		put(txn, &r);
	}
	arena_free(&arena);
}

bool ledger_del(struct db_txn *txn, uint64_t community, const struct digest *name)
{
	struct reckey key = ledger_key(community, name);
	struct ledger_record r = { .community = community, .name = *name };
	struct str value;
	if (!db_get(txn, &store_ledger, reckey_str(&key), &value))
		return false;
	if (!ledger_decode(value, &r)) {
		db_txn_fail(txn, RC_CORRUPT);
		return false;
	}
	struct ledger_sum sum = ledger_sum(txn, community);
	/* strings of the row live as long as nothing is written */
	struct reckey order = reckey_u64_u64(community, r.order);
	struct reckey slot = ledger_text_key(community, r.slot);
	struct reckey of = ledger_of_key(community, r.thing, r.order);
	if ((r.flags & LEDGER_REFUSED) != 0) {
		sum.refused -= sum.refused != 0;
	} else {
		sum.count -= sum.count != 0;
		ledger_digest_add(&sum.digest, name);
		db_del(txn, &store_ledger_order, reckey_str(&order));
		db_del(txn, &store_ledger_slot, reckey_str(&slot));
		db_del(txn, &store_ledger_of, reckey_str(&of));
	}
	sum_put(txn, community, &sum);
	return db_del(txn, &store_ledger, reckey_str(&key));
}

size_t ledger_before(struct db_txn *txn, uint64_t community, uint64_t before, struct digest *out,
		     size_t count, uint64_t *end)
{
	struct reckey prefix = reckey_u64(community);
	struct reckey from = reckey_u64_u64(community, before - 1);
	struct db_iter it CLEANUP(db_iter_close) = { .txn = NULL };
	struct str key, value;
	size_t n = 0;
	if (before == 1)
		return 0;
	db_iter_open(&it, txn, &store_ledger_order, reckey_str(&prefix), DB_BACKWARD,
		     before != 0 ? reckey_str(&from) : STR_NONE);
	while (n < count && db_iter_next(&it, &key, &value)) {
		if (!reckey_read_u64(key, 8, end) || !name_read(txn, value, &out[n]))
			return n;
		n++;
	}
	return n;
}

size_t ledger_of(struct db_txn *txn, uint64_t community, uint64_t thing, uint64_t *after,
		 struct digest *out, size_t count)
{
	struct reckey prefix = reckey_u64_u64(community, thing);
	struct reckey from = ledger_of_key(community, thing, *after + 1);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_ledger_of, reckey_str(&prefix), DB_FORWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		if (!reckey_read_u64(key, 16, after) || !name_read(txn, value, &out[n]))
			return n;
		n++;
	}
	return n;
}

/* --- things and partners --- */

bool ledger_thing_get(struct db_txn *txn, struct arena *arena, uint64_t community, struct str uri,
		      struct ledger_thing *out)
{
	struct reckey key = ledger_text_key(community, uri);
	struct str value;
	*out = (struct ledger_thing){ .id = 0 };
	if (!db_get(txn, &store_ledger_thing, reckey_str(&key), &value))
		return false;
	return ledger_thing_decode(arena_str(arena, value), out) || store_undecoded(txn, arena);
}

void ledger_thing_put(struct db_txn *txn, uint64_t community, struct str uri, uint64_t id)
{
	struct reckey key = ledger_text_key(community, uri);
	struct buf row CLEANUP(buf_free) = BUF_INIT(SMALL_ROW_MAX_BYTES);
	ledger_thing_encode(&row, &(struct ledger_thing){ .id = id, .uri = uri });
	store_put(txn, &store_ledger_thing, &key, &row);
}

bool ledger_peer_get(struct db_txn *txn, struct arena *arena, uint64_t community, uint64_t partner,
		     struct ledger_peer *out)
{
	struct reckey key = reckey_u64_u64(community, partner);
	struct str value;
	*out = (struct ledger_peer){ .url = STR("") };
	if (!db_get(txn, &store_ledger_peer, reckey_str(&key), &value))
		return false;
	return ledger_peer_decode(arena_str(arena, value), out) || store_undecoded(txn, arena);
}

void ledger_peer_put(struct db_txn *txn, uint64_t community, uint64_t partner,
		     const struct ledger_peer *peer)
{
	struct reckey key = reckey_u64_u64(community, partner);
	struct buf row CLEANUP(buf_free) = BUF_INIT(SMALL_ROW_MAX_BYTES);
	ledger_peer_encode(&row, peer);
	store_put(txn, &store_ledger_peer, &key, &row);
}

/* --- the end --- */

size_t ledger_clear(struct db_txn *txn, uint64_t community, size_t count)
{
	const struct db_table *const tables[] = {
		&store_ledger,	     &store_ledger_order, &store_ledger_slot, &store_ledger_of,
		&store_ledger_thing, &store_ledger_sum,	  &store_ledger_peer,
	};
	struct reckey prefix = reckey_u64(community);
	size_t n = 0;
	for (size_t i = 0; i < ARRAY_LEN(tables) && n < count; i++) {
		struct db_iter it CLEANUP(db_iter_close);
		struct reckey copy = RECKEY_INIT;
		struct str key;
		db_iter_open(&it, txn, tables[i], reckey_str(&prefix), DB_FORWARD, STR_NONE);
		if (!db_iter_next(&it, &key, NULL))
			continue;
		reckey_add_bytes(&copy, key.ptr, key.len);
		db_del(txn, tables[i], reckey_str(&copy));
		n++;
		i--; /* the same table again */
	}
	return n;
}
