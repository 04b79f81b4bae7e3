/*
 * What people do with posts whose authors are asked. Owns tables interaction, interaction_of,
 * interaction_open and interaction_with, and the rows of uri that name our requests. Inside
 * transactions only.
 */
#include "store/interaction.h"

#include "core/must.h"
#include "db/rec.h"
#include "interaction_int.h"
#include "store/tables.h"
#include "store/uri.h"
#include "store_int.h"

#define INTERACTION_VERSION 1
#define INTERACTION_MAX_BYTES (16 * 1024)
#define OPEN_LIFE_MS (7 * (uint64_t)24 * 3600 * 1000)

static const char *const kind_names[] = {
	[INTERACTION_QUOTE] = "quote",
	[INTERACTION_REPLY] = "reply",
	[INTERACTION_LIKE] = "like",
	[INTERACTION_BOOST] = "boost",
};

static const char *const state_names[] = {
	[INTERACTION_NONE] = "",
	[INTERACTION_PENDING] = "pending",
	[INTERACTION_ACCEPTED] = "accepted",
	[INTERACTION_REJECTED] = "rejected",
	[INTERACTION_REVOKED] = "revoked",
	[INTERACTION_UNAUTHORISED] = "unauthorised",
};

const char *interaction_kind_name(enum interaction_kind kind)
{
	must((size_t)kind < ARRAY_LEN(kind_names) && kind_names[kind] != NULL);
	return kind_names[kind];
}

const char *interaction_state_name(enum interaction_state state)
{
	must((size_t)state < ARRAY_LEN(state_names));
	return state_names[state];
}

/* --- codec --- */

static void interaction_encode(struct buf *out, const struct interaction *i)
{
	rec_add_u8(out, INTERACTION_VERSION);
	rec_add_u8(out, (uint8_t)i->kind);
	rec_add_u8(out, (uint8_t)i->state);
	rec_add_u8(out, i->visibility);
	rec_add_u64(out, i->owner);
	rec_add_u64(out, i->status);
	rec_add_u64(out, i->from);
	rec_add_num(out, i->at_ms);
	rec_add_str(out, i->uri);
	rec_add_str(out, i->request);
	rec_add_str(out, i->authorization);
}

bool interaction_decode(struct str value, uint64_t id, struct interaction *out)
{
	struct rec r = rec_open(value);
	*out = (struct interaction){ .id = id };
	uint8_t version = rec_u8(&r);
	out->kind = (enum interaction_kind)rec_u8(&r);
	out->state = (enum interaction_state)rec_u8(&r);
	out->visibility = rec_u8(&r);
	out->owner = rec_u64(&r);
	out->status = rec_u64(&r);
	out->from = rec_u64(&r);
	out->at_ms = rec_num(&r);
	out->uri = rec_str(&r);
	out->request = rec_str(&r);
	out->authorization = rec_str(&r);
	return version == INTERACTION_VERSION && rec_ok(&r) && out->kind >= INTERACTION_QUOTE &&
	       out->kind <= INTERACTION_BOOST && out->state <= INTERACTION_UNAUTHORISED;
}

bool interaction_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct interaction *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	if (!db_get(txn, &store_interaction, reckey_str(&key), &value))
		return false;
	struct str copy = arena_str(arena, value);
	return interaction_decode(copy, id, out) || store_undecoded(txn, arena);
}

/* --- keys --- */

struct reckey interaction_of_key(const struct interaction *i)
{
	struct reckey key = reckey_u64_u64(i->status, i->from);
	struct reckey digest = reckey_digest(i->uri);
	reckey_add_u8(&key, (uint8_t)i->kind);
	reckey_add_bytes(&key, digest.bytes, digest.len);
	return key;
}

struct reckey interaction_with_key(const struct interaction *i)
{
	struct reckey key = reckey_u64_u64(i->owner, i->from);
	reckey_add_u64(&key, i->id);
	return key;
}

bool interaction_is_open(enum interaction_state state)
{
	return state == INTERACTION_PENDING || state == INTERACTION_REJECTED;
}

bool interaction_find(struct db_txn *txn, struct arena *arena, uint64_t status,
		      enum interaction_kind kind, uint64_t from, struct str uri,
		      struct interaction *out)
{
	struct interaction wanted = { .status = status, .kind = kind, .from = from, .uri = uri };
	struct reckey key = interaction_of_key(&wanted);
	struct str value = STR_NONE;
	struct db_iter it;
	uint64_t id = 0;
	/* of any address: up to where the digest begins */
	if (uri.len == 0)
		key.len = 17;
	db_iter_open(&it, txn, &store_interaction_of, reckey_str(&key), DB_FORWARD, STR_NONE);
	bool found = db_iter_next(&it, NULL, &value) && reckey_read_u64(value, 0, &id);
	db_iter_close(&it);
	return found && interaction_get(txn, arena, id, out);
}

/* --- writing --- */

static void row_put(struct db_txn *txn, const struct interaction *i)
{
	struct reckey key = reckey_u64(i->id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(INTERACTION_MAX_BYTES);
	interaction_encode(&row, i);
	store_put(txn, &store_interaction, &key, &row);
}

/* The index that fits its state. */
static void state_index_put(struct db_txn *txn, const struct interaction *i)
{
	struct reckey open = reckey_u64_u64(i->owner, i->id);
	struct reckey with = interaction_with_key(i);
	struct buf row CLEANUP(buf_free) = BUF_INIT(16);
	rec_add_u8(&row, (uint8_t)i->state);
	rec_add_u64(&row, i->from);
	if (interaction_is_open(i->state))
		store_put(txn, &store_interaction_open, &open, &row);
	else if (i->state == INTERACTION_ACCEPTED)
		db_put(txn, &store_interaction_with, reckey_str(&with), STR("\1"));
}

static void state_index_del(struct db_txn *txn, const struct interaction *i)
{
	struct reckey open = reckey_u64_u64(i->owner, i->id);
	struct reckey with = interaction_with_key(i);
	if (interaction_is_open(i->state))
		db_del(txn, &store_interaction_open, reckey_str(&open));
	else if (i->state == INTERACTION_ACCEPTED)
		db_del(txn, &store_interaction_with, reckey_str(&with));
}

static void request_index_put(struct db_txn *txn, const struct interaction *i)
{
	if (i->request.len != 0)
		uri_add(txn, i->request, (struct uri_entry){ URI_INTERACTION, i->id, i->from },
			NULL);
}

static void delete (struct db_txn *txn, const struct interaction *i)
{
	struct reckey of = interaction_of_key(i), key = reckey_u64(i->id);
	state_index_del(txn, i);
	db_del(txn, &store_interaction_of, reckey_str(&of));
	if (i->request.len != 0)
		uri_release(txn, i->request, (struct uri_entry){ URI_INTERACTION, i->id, i->from });
	db_del(txn, &store_interaction, reckey_str(&key));
}

bool interaction_del(struct db_txn *txn, struct arena *arena, uint64_t id)
{
	struct interaction i;
	if (!interaction_get(txn, arena, id, &i))
		return false;
	delete (txn, &i);
	return true;
}

static size_t pair_count(struct db_txn *txn, const struct interaction *i)
{
	struct reckey prefix = reckey_u64_u64(i->status, i->from);
	struct db_iter it CLEANUP(db_iter_close);
	size_t n = 0;
	db_iter_open(&it, txn, &store_interaction_of, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < INTERACTIONS_OF_PAIR_MAX && db_iter_next(&it, NULL, NULL))
		n++;
	return n;
}

/* What waits for the owner, and what of it is this account's; the oldest one. */
struct waiting {
	size_t all, same;
	uint64_t oldest;
};

static struct waiting waiting_of(struct db_txn *txn, const struct interaction *i)
{
	struct reckey prefix = reckey_u64(i->owner);
	struct db_iter it CLEANUP(db_iter_close);
	struct waiting w = { 0 };
	struct str key, value;
	uint64_t from;
	db_iter_open(&it, txn, &store_interaction_open, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (w.all < INTERACTIONS_OPEN_MAX && db_iter_next(&it, &key, &value)) {
		if (w.all++ == 0 && !reckey_read_u64(key, 8, &w.oldest))
			w.oldest = 0;
		w.same += reckey_read_u64(value, 1, &from) && from == i->from;
	}
	return w;
}

/* S-060: at the limit the oldest one makes room, when it was refused or nobody looked at it for long. */
static bool has_room(struct db_txn *txn, const struct interaction *i)
{
	struct arena *arena;
	struct interaction oldest;
	struct waiting w = waiting_of(txn, i);
	if (w.same >= INTERACTIONS_OF_PAIR_MAX)
		return false;
	if (w.all < INTERACTIONS_OPEN_MAX)
		return true;
	arena = arena_new(INTERACTION_MAX_BYTES * 2);
	if (arena == NULL) {
		db_txn_fail(txn, RC_NO_MEMORY);
		return false;
	}
	bool room = interaction_get(txn, arena, w.oldest, &oldest) &&
		    (oldest.state == INTERACTION_REJECTED ||
		     oldest.at_ms + OPEN_LIFE_MS < db_txn_now(txn));
	if (room)
		delete (txn, &oldest);
	arena_free(&arena);
	return room;
}

bool interaction_add(struct db_txn *txn, struct interaction *i)
{
	struct reckey of = interaction_of_key(i);
	struct buf value CLEANUP(buf_free) = BUF_INIT(16);
	struct str there;
	if (db_get(txn, &store_interaction_of, reckey_str(&of), &there) ||
	    pair_count(txn, i) >= INTERACTIONS_OF_PAIR_MAX ||
	    (interaction_is_open(i->state) && !has_room(txn, i)))
		return false;
	if (i->id == 0)
		i->id = db_next_id(txn);
	rec_add_u64(&value, i->id);
	store_put(txn, &store_interaction_of, &of, &value);
	row_put(txn, i);
	state_index_put(txn, i);
	request_index_put(txn, i);
	return db_txn_rc(txn) == RC_OK;
}

void interaction_put(struct db_txn *txn, const struct interaction *next)
{
	struct arena *arena = arena_new(INTERACTION_MAX_BYTES * 2);
	struct interaction now;
	if (arena == NULL) {
		db_txn_fail(txn, RC_NO_MEMORY);
		return;
	}
	if (interaction_get(txn, arena, next->id, &now)) {
		state_index_del(txn, &now);
		if (now.request.len != 0)
			uri_release(txn, now.request,
				    (struct uri_entry){ URI_INTERACTION, now.id, now.from });
		row_put(txn, next);
		state_index_put(txn, next);
		request_index_put(txn, next);
	}
	arena_free(&arena);
}

/* --- walks --- */

size_t interactions_del(struct db_txn *txn, struct arena *arena, uint64_t status, size_t count)
{
	struct reckey prefix = reckey_u64(status);
	struct db_iter it CLEANUP(db_iter_close);
	struct str value;
	uint64_t id;
	size_t n = 0;
	db_iter_open(&it, txn, &store_interaction_of, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < count && db_iter_next(&it, NULL, &value))
		n += reckey_read_u64(value, 0, &id) && interaction_del(txn, arena, id);
	return n;
}

size_t interactions_open(struct db_txn *txn, uint64_t owner, uint64_t max_id, uint64_t *out,
			 size_t count)
{
	struct reckey prefix = reckey_u64(owner);
	struct reckey from = reckey_u64_u64(owner, max_id != 0 ? max_id - 1 : UINT64_MAX);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_interaction_open, reckey_str(&prefix), DB_BACKWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL))
		n += reckey_read_u64(key, 8, &out[n]);
	return n;
}

size_t interactions_accepted(struct db_txn *txn, uint64_t owner, uint64_t from, uint64_t after,
			     uint64_t *out, size_t count)
{
	struct reckey prefix = reckey_u64_u64(owner, from), begin = prefix;
	struct db_iter it CLEANUP(db_iter_close) = { .txn = NULL };
	struct str key;
	size_t n = 0;
	if (after == UINT64_MAX)
		return 0;
	reckey_add_u64(&begin, after + 1);
	db_iter_open(&it, txn, &store_interaction_with, reckey_str(&prefix), DB_FORWARD,
		     reckey_str(&begin));
	while (n < count && db_iter_next(&it, &key, NULL))
		n += reckey_read_u64(key, 16, &out[n]);
	return n;
}
