/* How people came here. Owns table sign_up. Inside transactions only. */
#include "account_int.h"
#include "sign_up_int.h"
#include "store/oauth.h"
#include "store/tables.h"
#include "store/ticket.h"
#include "sweep_int.h"

#define VERSION 1
#define ROW_MAX ((size_t)16 << 10)

void sign_up_encode(struct buf *out, const struct sign_up *s)
{
	rec_add_u8(out, VERSION);
	rec_add_num(out, s->app);
	rec_add_num(out, s->asked_ms);
	rec_add_str(out, s->address);
	rec_add_str(out, s->locale);
	rec_add_str(out, s->reason);
}

bool sign_up_decode(struct str value, struct sign_up *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	*out = (struct sign_up){ .app = rec_num(&r) };
	out->asked_ms = rec_num(&r);
	out->address = rec_str(&r);
	out->locale = rec_str(&r);
	out->reason = rec_str(&r);
	return version == VERSION && rec_ok(&r);
}

bool sign_up_get(struct db_txn *txn, struct arena *arena, uint64_t account, struct sign_up *out)
{
	struct reckey key = reckey_u64(account);
	struct str value;
	*out = (struct sign_up){ .address = STR(""), .locale = STR(""), .reason = STR("") };
	if (!db_get(txn, &store_sign_up, reckey_str(&key), &value))
		return false;
	if (!sign_up_decode(arena_str(arena, value), out))
		return store_undecoded(txn, arena);
	out->account = account;
	return true;
}

void sign_up_put(struct db_txn *txn, const struct sign_up *s)
{
	struct reckey key = reckey_u64(s->account);
	struct buf value CLEANUP(buf_free) = BUF_INIT(ROW_MAX);
	sign_up_encode(&value, s);
	store_put(txn, &store_sign_up, &key, &value);
}

void sign_up_del(struct db_txn *txn, uint64_t account)
{
	struct reckey key = reckey_u64(account);
	db_del(txn, &store_sign_up, reckey_str(&key));
}

void sign_up_forget(struct db_txn *txn, uint64_t account)
{
	oauth_tokens_del(txn, account, 0);
	web_sessions_del(txn, account, 0);
	tickets_del(txn, account);
	sign_up_del(txn, account);
	account_del(txn, account);
}

/* --- forgetting --- */

static void look(struct db_txn *txn, struct str key, struct str value, void *arg)
{
	const uint64_t *now_ms = arg;
	struct sign_up s;
	struct account a;
	uint64_t id;
	if (!reckey_read_u64(key, 0, &id) || !sign_up_decode(value, &s))
		return; /* the check tells of it */
	if (!account_peek(txn, id, &a))
		return;
	if ((a.flags & ACCOUNT_UNCONFIRMED) != 0) {
		if (s.asked_ms + SIGN_UP_CONFIRM_MS <= *now_ms)
			sign_up_forget(txn, id);
	} else if (!account_is_waiting(&a) && s.asked_ms + SIGN_UP_KEEP_MS <= *now_ms) {
		sign_up_del(txn, id);
	}
}

bool sign_ups_sweep(struct db_txn *txn, uint64_t now_ms, struct sweep_cursor *cursor, size_t count)
{
	return sweep_walk(txn, &store_sign_up, cursor, count, look, &now_ms);
}
