/* Hosts, remote keys and seen activities. Owns tables peer, peer_id, key and seen. Inside
 * transactions only. */
#include "store/peer.h"

#include "account_int.h"
#include "check_int.h"
#include "core/clock.h"
#include "core/must.h"
#include "db/rec.h"
#include "store/tables.h"
#include "store_int.h"
#include "sweep_int.h"

#define PEER_VERSION 2 /* 1 had no flags and all behind them */
#define KEY_VERSION 2  /* 1 had no flags */
#define KEY_ASSERTION 1
#define SEEN_VERSION 1
#define ROW_MAX_BYTES (32 * 1024)
#define SEEN_KEEP_MS (90 * MS_PER_DAY) /* SECURITY section 13: dedupe memory */

static bool decision_decode(struct rec *r, struct peer *out)
{
	out->flags = store_num32(r);
	out->decided_ms = rec_num(r);
	out->decision = rec_num(r);
	out->public_note = rec_str(r);
	return rec_sound(r);
}

static bool peer_decode(struct str value, struct peer *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->policy = (enum peer_policy)rec_u8(&r);
	out->scheme = (enum peer_scheme)rec_u8(&r);
	out->first_seen_ms = rec_num(&r);
	out->note = rec_str(&r);
	return version >= 1 && version <= PEER_VERSION &&
	       (version == 1 || decision_decode(&r, out)) && rec_ok(&r) &&
	       out->policy <= PEER_LIMITED && out->scheme <= PEER_SCHEME_RFC9421_ED25519;
}

static bool peer_copy(struct db_txn *txn, struct arena *arena, struct str host, struct peer *out)
{
	out->host = arena_str(arena, host);
	out->note = arena_str(arena, out->note);
	out->public_note = arena_str(arena, out->public_note);
	return !arena_failed(arena) || store_undecoded(txn, arena);
}

bool peer_get(struct db_txn *txn, struct arena *arena, struct str host, struct peer *out)
{
	struct str value;
	*out = (struct peer){ .host = host };
	if (host.len == 0 || host.len > DB_KEY_MAX || !db_get(txn, &store_peer, host, &value))
		return false;
	if (!peer_decode(value, out)) {
		db_txn_fail(txn, RC_CORRUPT);
		return false;
	}
	return peer_copy(txn, arena, host, out);
}

/* The id of what was decided before. */
static uint64_t decision_of(struct db_txn *txn, struct str host)
{
	struct peer old = { .decision = 0 };
	struct str value;
	return db_get(txn, &store_peer, host, &value) && peer_decode(value, &old) ? old.decision
										  : 0;
}

/* A decision that is new gets its row, one that was taken back loses it. */
static void decision_put(struct db_txn *txn, struct peer *peer)
{
	uint64_t old = decision_of(txn, peer->host);
	bool judged = peer_is_judged(peer);
	peer->decision = !judged ? 0 : old != 0 ? old : db_next_id(txn);
	if (!judged)
		peer->decided_ms = 0;
	else if (peer->decided_ms == 0)
		peer->decided_ms = db_txn_now(txn);
	struct reckey was = reckey_u64(old), is = reckey_u64(peer->decision);
	if (old != 0 && !judged)
		db_del(txn, &store_peer_id, reckey_str(&was));
	if (old == 0 && judged)
		db_put(txn, &store_peer_id, reckey_str(&is), peer->host);
}

void peer_put(struct db_txn *txn, const struct peer *peer)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	struct peer fresh = *peer;
	decision_put(txn, &fresh);
	rec_add_u8(&row, PEER_VERSION);
	rec_add_u8(&row, (uint8_t)fresh.policy);
	rec_add_u8(&row, (uint8_t)fresh.scheme);
	rec_add_num(&row, fresh.first_seen_ms != 0 ? fresh.first_seen_ms : db_txn_now(txn));
	rec_add_str(&row, fresh.note);
	rec_add_num(&row, fresh.flags);
	rec_add_num(&row, fresh.decided_ms);
	rec_add_num(&row, fresh.decision);
	rec_add_str(&row, fresh.public_note);
	if (row.failed)
		db_txn_fail(txn, RC_TOO_LARGE);
	db_put(txn, &store_peer, fresh.host, buf_str(&row));
}

size_t peer_list(struct db_txn *txn, struct arena *arena, struct str after, struct peer *out,
		 size_t count)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_peer, STR(""), DB_FORWARD, after);
	while (n < count && db_iter_next(&it, &key, &value)) {
		out[n] = (struct peer){ .policy = PEER_DEFAULT };
		if (str_eq(key, after) || !peer_decode(value, &out[n]))
			continue;
		n += peer_copy(txn, arena, key, &out[n]);
	}
	return n;
}

bool peer_get_decision(struct db_txn *txn, struct arena *arena, uint64_t decision, struct peer *out)
{
	struct reckey key = reckey_u64(decision);
	struct str host;
	return db_get(txn, &store_peer_id, reckey_str(&key), &host) &&
	       peer_get(txn, arena, arena_str(arena, host), out);
}

size_t peer_decisions(struct db_txn *txn, struct arena *arena, uint64_t max_id, uint64_t min_id,
		      struct peer *out, size_t count)
{
	struct reckey from = reckey_u64(max_id != 0 ? max_id - 1 : UINT64_MAX);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, host;
	uint64_t id;
	size_t n = 0;
	db_iter_open(&it, txn, &store_peer_id, STR(""), DB_BACKWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &host)) {
		if (!reckey_read_u64(key, 0, &id) || id <= min_id)
			break;
		n += peer_get(txn, arena, arena_str(arena, host), &out[n]);
	}
	return n;
}

bool peer_judgement(struct db_txn *txn, struct arena *arena, struct str host, struct peer *out)
{
	while (host.len != 0) {
		if (peer_get(txn, arena, host, out) && peer_is_judged(out))
			return true;
		host = str_skip(host, str_index(host, '.') + 1);
	}
	return false;
}

/* --- integrity --- */

static bool is_decided(const struct check *c, uint64_t id, struct str host)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	return db_get(c->txn, &store_peer_id, reckey_str(&key), &value) && str_eq(value, host);
}

static void check_decision(const struct check *c, struct str key, struct str value)
{
	struct peer peer;
	uint64_t id = 0;
	if (!reckey_read_u64(key, 0, &id) || !peer_get(c->txn, c->arena, value, &peer) ||
	    peer.decision != id)
		check_say(c, "decision", id, "is about no host");
}

void peer_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	struct db_iter it CLEANUP(db_iter_close);
	struct str host, value;
	db_iter_open(&it, txn, &store_peer, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &host, &value)) {
		struct peer peer = { .decision = 0 };
		if (!peer_decode(value, &peer))
			check_say(&c, "host", 0, "cannot be decoded");
		else if ((peer.decision != 0) != peer_is_judged(&peer) ||
			 (peer.decision != 0 && !is_decided(&c, peer.decision, host)))
			check_say(&c, "decision", peer.decision, "is not found by its id");
	}
	check_walk(&c, &store_peer_id, 8, check_decision);
	check_end(&c, "hosts");
}

bool peer_key_get(struct db_txn *txn, struct arena *arena, struct str id, struct peer_key *out)
{
	struct reckey key = reckey_digest(id);
	struct str value;
	if (!db_get(txn, &store_key, reckey_str(&key), &value))
		return false;
	struct rec r = rec_open(arena_str(arena, value));
	uint8_t version = rec_u8(&r);
	out->account = rec_u64(&r);
	out->fetched_ms = rec_num(&r);
	out->id = rec_str(&r);
	out->public_der = rec_str(&r);
	out->assertion = version == KEY_VERSION && (rec_u8(&r) & KEY_ASSERTION) != 0;
	if (version == 0 || version > KEY_VERSION || !rec_ok(&r))
		return store_undecoded(txn, arena);
	return str_eq(out->id, id);
}

void peer_key_put(struct db_txn *txn, const struct peer_key *pk)
{
	struct reckey key = reckey_digest(pk->id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	rec_add_u8(&row, KEY_VERSION);
	rec_add_u64(&row, pk->account);
	rec_add_num(&row, pk->fetched_ms);
	rec_add_str(&row, pk->id);
	rec_add_str(&row, pk->public_der);
	rec_add_u8(&row, pk->assertion ? KEY_ASSERTION : 0);
	store_put(txn, &store_key, &key, &row);
}

/* Each actor's word counts for itself: nobody else's takes its place (S-019). */
static bool seen_key(struct db_txn *txn, struct str activity, uint64_t actor, struct reckey *key)
{
	struct buf name CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	rec_add_u64(&name, actor);
	buf_add(&name, activity);
	*key = reckey_digest(buf_str(&name));
	if (name.failed)
		db_txn_fail(txn, RC_NO_MEMORY);
	return !name.failed;
}

bool seen_add(struct db_txn *txn, struct str activity, uint64_t actor)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(32);
	struct reckey key;
	if (!seen_key(txn, activity, actor, &key))
		return false;
	rec_add_u8(&row, SEEN_VERSION);
	rec_add_u64(&row, actor);
	rec_add_num(&row, db_txn_now(txn));
	return db_add(txn, &store_seen, reckey_str(&key), buf_str(&row), NULL);
}

bool seen_has(struct db_txn *txn, struct str activity, uint64_t actor)
{
	struct reckey key;
	struct str value;
	return seen_key(txn, activity, actor, &key) &&
	       db_get(txn, &store_seen, reckey_str(&key), &value);
}

static void seen_look(struct db_txn *txn, struct str key, struct str value, void *arg)
{
	const uint64_t *before_ms = arg;
	struct rec r = rec_open(value);
	rec_u8(&r);
	rec_u64(&r);
	if (rec_num(&r) < *before_ms)
		db_del(txn, &store_seen, key);
}

bool seen_sweep(struct db_txn *txn, uint64_t now_ms, struct sweep_cursor *cursor, size_t count)
{
	uint64_t before_ms = now_ms > SEEN_KEEP_MS ? now_ms - SEEN_KEEP_MS : 0;
	return sweep_walk(txn, &store_seen, cursor, count, seen_look, &before_ms);
}

/*
 * What is no longer honoured need not be kept: else who changes keys all the time fills the disk
 * (S-060). A deleted account leaves a shell: where there is none the database is damaged, and nothing
 * is removed for it (P-12).
 */
static void key_look(struct db_txn *txn, struct str key, struct str value, void *arg UNUSED)
{
	struct rec r = rec_open(value);
	rec_u8(&r);
	uint64_t owner = rec_u64(&r), fetched_ms = rec_num(&r);
	struct account a;
	if (rec_sound(&r) && account_peek(txn, owner, &a) &&
	    ((a.flags & ACCOUNT_DELETED) != 0 || fetched_ms < a.fetched_ms))
		db_del(txn, &store_key, key);
}

bool peer_keys_sweep(struct db_txn *txn, uint64_t now_ms UNUSED, struct sweep_cursor *cursor,
		     size_t count)
{
	return sweep_walk(txn, &store_key, cursor, count, key_look, NULL);
}
