/* Second factors. Owns tables factor, passkey, passkey_id and challenge. Inside transactions, but
 * for challenge_new(). */
#include "core/must.h"
#include "core/random.h"
#include "factor_int.h"
#include "store/tables.h"

#define FACTOR_VERSION 1
#define PASSKEY_VERSION 1
#define CHALLENGE_VERSION 1
#define ROW_MAX 8192
#define FORGET 16 /* challenges that have ended, for each that is added */

/* --- one-time passwords --- */

void factor_encode(struct buf *out, const struct factor *f)
{
	must(f->recovery_count <= RECOVERY_CODES);
	rec_add_u8(out, FACTOR_VERSION);
	rec_add_num(out, f->confirmed_ms);
	rec_add_num(out, f->last_step);
	rec_add_num(out, f->failures);
	rec_add_num(out, f->locked_ms);
	rec_add_str(out, f->sealed);
	rec_add_num(out, f->recovery_count);
	for (unsigned i = 0; i < f->recovery_count; i++)
		rec_add_str(out, str_n(f->recovery[i].bytes, DIGEST_SIZE));
}

bool factor_decode(struct str value, struct factor *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	*out = (struct factor){ .confirmed_ms = rec_num(&r) };
	out->last_step = rec_num(&r);
	out->failures = store_num32(&r);
	out->locked_ms = rec_num(&r);
	out->sealed = rec_str(&r);
	uint64_t count = rec_num(&r);
	if (count > RECOVERY_CODES)
		return false;
	for (; out->recovery_count < count; out->recovery_count++) {
		struct str code = rec_str(&r);
		if (code.len != DIGEST_SIZE)
			return false;
		memcpy(out->recovery[out->recovery_count].bytes, code.ptr, DIGEST_SIZE);
	}
	return version == FACTOR_VERSION && rec_ok(&r);
}

bool factor_get(struct db_txn *txn, struct arena *arena, uint64_t account, struct factor *out)
{
	struct reckey key = reckey_u64(account);
	struct str value;
	*out = (struct factor){ .failures = 0 };
	if (!db_get(txn, &store_factor, reckey_str(&key), &value))
		return false;
	return factor_decode(arena_str(arena, value), out) || store_undecoded(txn, arena);
}

void factor_put(struct db_txn *txn, uint64_t account, const struct factor *factor)
{
	struct reckey key = reckey_u64(account);
	struct buf value CLEANUP(buf_free) = BUF_INIT(ROW_MAX);
	factor_encode(&value, factor);
	store_put(txn, &store_factor, &key, &value);
}

bool factor_del(struct db_txn *txn, uint64_t account)
{
	struct reckey key = reckey_u64(account);
	return db_del(txn, &store_factor, reckey_str(&key));
}

/* --- passkeys --- */

void passkey_encode(struct buf *out, const struct passkey *p)
{
	rec_add_u8(out, PASSKEY_VERSION);
	rec_add_u32(out, p->counter);
	rec_add_num(out, p->created_ms);
	rec_add_num(out, p->used_ms);
	rec_add_str(out, p->credential);
	rec_add_str(out, p->key);
	rec_add_str(out, p->name);
}

bool passkey_decode(struct str value, struct passkey *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	*out = (struct passkey){ .counter = rec_u32(&r) };
	out->created_ms = rec_num(&r);
	out->used_ms = rec_num(&r);
	out->credential = rec_str(&r);
	out->key = rec_str(&r);
	out->name = rec_str(&r);
	return version == PASSKEY_VERSION && rec_ok(&r) && out->credential.len != 0;
}

size_t passkey_list(struct db_txn *txn, struct arena *arena, uint64_t account,
		    struct passkey out[PASSKEYS_MAX])
{
	struct reckey prefix = reckey_u64(account);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	uint64_t id;
	size_t n = 0;
	db_iter_open(&it, txn, &store_passkey, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < PASSKEYS_MAX && db_iter_next(&it, &key, &value)) {
		if (!reckey_read_u64(key, 8, &id) ||
		    !passkey_decode(arena_str(arena, value), &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		out[n].account = account;
		out[n++].id = id;
	}
	return n;
}

/* Without looking at what the rows say. */
static size_t passkey_count(struct db_txn *txn, uint64_t account)
{
	struct reckey prefix = reckey_u64(account);
	struct db_iter it CLEANUP(db_iter_close);
	size_t n = 0;
	db_iter_open(&it, txn, &store_passkey, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < PASSKEYS_MAX && db_iter_next(&it, NULL, NULL))
		n++;
	return n;
}

void passkey_put(struct db_txn *txn, const struct passkey *p)
{
	struct reckey key = reckey_u64_u64(p->account, p->id);
	struct buf value CLEANUP(buf_free) = BUF_INIT(ROW_MAX);
	passkey_encode(&value, p);
	store_put(txn, &store_passkey, &key, &value);
}

bool passkey_add(struct db_txn *txn, struct passkey *p)
{
	struct reckey index = reckey_digest(p->credential), key;
	if (passkey_count(txn, p->account) >= PASSKEYS_MAX)
		return false;
	p->id = db_next_id(txn);
	key = reckey_u64_u64(p->account, p->id);
	if (!db_add(txn, &store_passkey_id, reckey_str(&index), reckey_str(&key), NULL))
		return false;
	passkey_put(txn, p);
	return true;
}

bool passkey_del(struct db_txn *txn, uint64_t account, uint64_t id)
{
	struct reckey key = reckey_u64_u64(account, id);
	struct passkey p;
	struct str value;
	if (!db_get(txn, &store_passkey, reckey_str(&key), &value))
		return false;
	if (passkey_decode(value, &p)) {
		struct reckey index = reckey_digest(p.credential);
		db_del(txn, &store_passkey_id, reckey_str(&index));
	}
	return db_del(txn, &store_passkey, reckey_str(&key));
}

bool passkey_find(struct db_txn *txn, struct arena *arena, struct str credential,
		  struct passkey *out)
{
	struct reckey index = reckey_digest(credential), key;
	uint64_t account, id;
	struct str value;
	if (!db_get(txn, &store_passkey_id, reckey_str(&index), &value) ||
	    !reckey_read_u64(value, 0, &account) || !reckey_read_u64(value, 8, &id))
		return false;
	key = reckey_u64_u64(account, id);
	if (!db_get(txn, &store_passkey, reckey_str(&key), &value))
		return false;
	if (!passkey_decode(arena_str(arena, value), out))
		return store_undecoded(txn, arena);
	out->account = account;
	out->id = id;
	return str_eq(out->credential, credential);
}

/* --- challenges --- */

static struct reckey challenge_key(const struct challenge *c)
{
	struct reckey key = RECKEY_INIT;
	reckey_add_bytes(&key, c->bytes, CHALLENGE_SIZE);
	return key;
}

struct challenge challenge_new(uint64_t now_ms)
{
	struct reckey end = reckey_u64(now_ms + CHALLENGE_LIFE_MS);
	struct challenge c;
	random_bytes(c.bytes, sizeof(c.bytes));
	memcpy(c.bytes, end.bytes, end.len);
	return c;
}

bool challenge_decode(struct str value, enum challenge_use *use, uint64_t *account)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	*use = (enum challenge_use)rec_u8(&r);
	*account = rec_u64(&r);
	return version == CHALLENGE_VERSION && rec_ok(&r) &&
	       (*use == CHALLENGE_REGISTER || *use == CHALLENGE_SIGN_IN);
}

/* The keys first, since the walk does not go on over a row that was deleted. */
static void forget_ended(struct db_txn *txn)
{
	struct challenge ended[FORGET];
	struct db_iter it;
	struct str key;
	uint64_t end;
	size_t n = 0;
	db_iter_open(&it, txn, &store_challenge, STR(""), DB_FORWARD, STR_NONE);
	while (n < FORGET && db_iter_next(&it, &key, NULL) && key.len == CHALLENGE_SIZE &&
	       reckey_read_u64(key, 0, &end) && end <= db_txn_now(txn))
		memcpy(ended[n++].bytes, key.ptr, CHALLENGE_SIZE);
	db_iter_close(&it);
	for (size_t i = 0; i < n; i++)
		db_del(txn, &store_challenge, str_n(ended[i].bytes, CHALLENGE_SIZE));
}

void challenge_put(struct db_txn *txn, const struct challenge *challenge, enum challenge_use use,
		   uint64_t account)
{
	struct reckey key = challenge_key(challenge);
	struct buf value CLEANUP(buf_free) = BUF_INIT(CHALLENGE_VALUE_SIZE);
	forget_ended(txn);
	rec_add_u8(&value, CHALLENGE_VERSION);
	rec_add_u8(&value, (uint8_t)use);
	rec_add_u64(&value, account);
	store_put(txn, &store_challenge, &key, &value);
}

bool challenge_take(struct db_txn *txn, struct str bytes, enum challenge_use use, uint64_t account)
{
	enum challenge_use stored_use;
	uint64_t stored_account, end;
	struct str value;
	if (bytes.len != CHALLENGE_SIZE || !db_get(txn, &store_challenge, bytes, &value))
		return false;
	bool fits = challenge_decode(value, &stored_use, &stored_account) && stored_use == use &&
		    stored_account == account && reckey_read_u64(bytes, 0, &end) &&
		    end > db_txn_now(txn);
	/* whoever comes with it for something else has spent it, too */
	db_del(txn, &store_challenge, bytes);
	return fits;
}

void factors_del(struct db_txn *txn, uint64_t account)
{
	struct reckey prefix = reckey_u64(account);
	uint64_t ids[PASSKEYS_MAX];
	struct db_iter it;
	struct str key;
	size_t n = 0;
	factor_del(txn, account);
	db_iter_open(&it, txn, &store_passkey, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < PASSKEYS_MAX && db_iter_next(&it, &key, NULL))
		n += reckey_read_u64(key, 8, &ids[n]);
	db_iter_close(&it);
	for (size_t i = 0; i < n; i++)
		passkey_del(txn, account, ids[i]);
}
