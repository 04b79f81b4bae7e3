/* Push subscriptions. Owns table push. Inside transactions only. */
#include "core/attr.h"
#include "store/tables.h"
#include "subscription_int.h"

#define VERSION 1
#define ROW_MAX 8192
#define CHUNK 32

void push_encode(struct buf *out, const struct push_subscription *s)
{
	rec_add_u8(out, VERSION);
	rec_add_u64(out, s->id);
	rec_add_num(out, s->created_ms);
	rec_add_num(out, s->alerts);
	rec_add_u8(out, (uint8_t)s->policy);
	rec_add_u8(out, s->standard);
	rec_add_str(out, s->endpoint);
	rec_add_str(out, s->point);
	rec_add_str(out, s->auth);
	rec_add_str(out, s->sealed);
}

bool push_decode(struct str value, struct push_subscription *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	*out = (struct push_subscription){ .id = rec_u64(&r) };
	out->created_ms = rec_num(&r);
	out->alerts = store_num32(&r);
	uint8_t policy = rec_u8(&r), standard = rec_u8(&r);
	out->policy = (enum push_policy)policy;
	out->standard = standard == 1;
	out->endpoint = rec_str(&r);
	out->point = rec_str(&r);
	out->auth = rec_str(&r);
	out->sealed = rec_str(&r);
	return version == VERSION && rec_ok(&r) && policy <= PUSH_FROM_NONE && standard <= 1 &&
	       out->endpoint.len != 0;
}

void push_change(struct db_txn *txn, const struct push_subscription *s)
{
	struct reckey key = reckey_u64_u64(s->account, s->token);
	struct buf value CLEANUP(buf_free) = BUF_INIT(ROW_MAX);
	push_encode(&value, s);
	store_put(txn, &store_push, &key, &value);
}

void push_put(struct db_txn *txn, struct push_subscription *s)
{
	s->id = db_next_id(txn);
	push_change(txn, s);
}

bool push_get(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t token,
	      struct push_subscription *out)
{
	struct reckey key = reckey_u64_u64(account, token);
	struct str value;
	if (!db_get(txn, &store_push, reckey_str(&key), &value))
		return false;
	if (!push_decode(arena_str(arena, value), out))
		return store_undecoded(txn, arena);
	out->account = account;
	out->token = token;
	return true;
}

bool push_del(struct db_txn *txn, uint64_t account, uint64_t token)
{
	struct reckey key = reckey_u64_u64(account, token);
	return db_del(txn, &store_push, reckey_str(&key));
}

size_t push_list(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t after,
		 struct push_subscription *out, size_t count)
{
	struct reckey prefix = reckey_u64(account), from = store_key_after(account, after);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	uint64_t token;
	size_t n = 0;
	db_iter_open(&it, txn, &store_push, reckey_str(&prefix), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		if (!reckey_read_u64(key, 8, &token) ||
		    !push_decode(arena_str(arena, value), &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		out[n].account = account;
		out[n++].token = token;
	}
	return n;
}

/* The next tokens after `after`, without what they say. */
static size_t next_tokens(struct db_txn *txn, uint64_t account, uint64_t after,
			  uint64_t tokens[CHUNK])
{
	struct reckey prefix = reckey_u64(account), from = store_key_after(account, after);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_push, reckey_str(&prefix), DB_FORWARD, reckey_str(&from));
	while (n < CHUNK && db_iter_next(&it, &key, NULL))
		n += reckey_read_u64(key, 8, &tokens[n]);
	return n;
}

size_t push_del_all(struct db_txn *txn, uint64_t account, uint64_t keep, size_t count)
{
	uint64_t tokens[CHUNK], after = 0;
	size_t deleted = 0, n;
	do {
		n = next_tokens(txn, account, after, tokens);
		for (size_t i = 0; i < n && deleted < count; i++) {
			after = tokens[i];
			if (after != keep)
				deleted += push_del(txn, account, after);
		}
	} while (n == CHUNK && deleted < count);
	return deleted;
}
