/* Counts of accounts, and what only local accounts have. Owns tables account_count, account_local and
 * email. */
#include "account_int.h"
#include "core/must.h"
#include "db/rec.h"
#include "store/account.h"
#include "store/tables.h"
#include "store_int.h"

#define COUNTS_VERSION 1
#define SECRETS_VERSION 2
#define SECRETS_MAX_BYTES (64 * 1024)

static struct account_counts counts_decode(struct db_txn *txn, struct str value)
{
	struct account_counts counts = { 0 };
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	counts.followers = rec_u32(&r);
	counts.following = rec_u32(&r);
	counts.statuses = rec_u32(&r);
	counts.last_status_ms = rec_u64(&r);
	if (version != COUNTS_VERSION || !rec_ok(&r)) {
		db_txn_fail(txn, RC_CORRUPT);
		return (struct account_counts){ 0 };
	}
	return counts;
}

struct account_counts account_counts(struct db_txn *txn, uint64_t id)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	if (!db_get(txn, &store_account_count, reckey_str(&key), &value))
		return (struct account_counts){ 0 };
	return counts_decode(txn, value);
}

bool account_counts_many(struct db_txn *txn, struct arena *arena, const uint64_t *ids, size_t count,
			 struct account_counts *out)
{
	struct str *values = store_get_ids(txn, arena, &store_account_count, ids, count);
	for (size_t i = 0; values != NULL && i < count; i++)
		out[i] = values[i].ptr != NULL ? counts_decode(txn, values[i])
					       : (struct account_counts){ 0 };
	return values != NULL && db_txn_rc(txn) == RC_OK;
}

static uint64_t moved(uint64_t value, int by)
{
	uint64_t amount = (uint64_t)(by < 0 ? -(int64_t)by : by);
	if (by < 0)
		return value > amount ? value - amount : 0;
	return value + amount < UINT32_MAX ? value + amount : UINT32_MAX;
}

void account_count(struct db_txn *txn, uint64_t id, int followers, int following, int statuses,
		   uint64_t at_ms)
{
	struct account_counts counts = account_counts(txn, id);
	struct reckey key = reckey_u64(id);
	struct buf value CLEANUP(buf_free) = BUF_INIT(32);
	rec_add_u8(&value, COUNTS_VERSION);
	rec_add_u32(&value, (uint32_t)moved(counts.followers, followers));
	rec_add_u32(&value, (uint32_t)moved(counts.following, following));
	rec_add_u32(&value, (uint32_t)moved(counts.statuses, statuses));
	rec_add_u64(&value, at_ms > counts.last_status_ms ? at_ms : counts.last_status_ms);
	store_put(txn, &store_account_count, &key, &value);
}

bool account_secrets_get(struct db_txn *txn, struct arena *arena, uint64_t id,
			 struct account_secrets *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	*out = (struct account_secrets){ 0 };
	if (!db_get(txn, &store_account_local, reckey_str(&key), &value))
		return false;
	struct rec r = rec_open(arena_str(arena, value));
	uint8_t version = rec_u8(&r);
	out->password_hash = rec_str(&r);
	out->email = rec_str(&r);
	out->confirmed_ms = rec_num(&r);
	out->email_next = rec_str(&r);
	uint64_t count = rec_num(&r);
	for (out->key_count = 0; out->key_count < count && count <= LOCAL_KEYS_MAX;
	     out->key_count++) {
		struct local_key *k = &out->keys[out->key_count];
		k->name = rec_str(&r);
		k->kind = rec_u8(&r);
		k->created_ms = rec_num(&r);
		k->retired_ms = rec_num(&r);
		k->sealed = rec_str(&r);
		k->public_der = rec_str(&r);
	}
	return (version == SECRETS_VERSION && rec_ok(&r)) || store_undecoded(txn, arena);
}

struct reckey email_key(struct str email)
{
	char lower[DB_KEY_MAX];
	size_t n = email.len < sizeof(lower) ? email.len : sizeof(lower);
	for (size_t i = 0; i < n; i++) {
		char c = email.ptr[i];
		lower[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	return reckey_digest(str_n(lower, n));
}

uint64_t account_id_of_email(struct db_txn *txn, struct str email)
{
	struct reckey key = email_key(email);
	struct str value;
	uint64_t id;
	if (email.len == 0 || !db_get(txn, &store_email, reckey_str(&key), &value) ||
	    !reckey_read_u64(value, 0, &id))
		return 0;
	return id;
}

/* The address of the row that stands there still. */
static void email_forget(struct db_txn *txn, uint64_t id)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	if (!db_get(txn, &store_account_local, reckey_str(&key), &value))
		return;
	struct rec r = rec_open(value);
	(void)rec_u8(&r);
	(void)rec_str(&r);
	struct str email = rec_str(&r);
	if (!rec_sound(&r) || account_id_of_email(txn, email) != id)
		return;
	struct reckey index = email_key(email);
	db_del(txn, &store_email, reckey_str(&index));
}

static void email_index(struct db_txn *txn, uint64_t id, struct str email)
{
	struct reckey key = email_key(email), value = reckey_u64(id);
	email_forget(txn, id);
	if (email.len != 0)
		db_add(txn, &store_email, reckey_str(&key), reckey_str(&value), NULL);
}

void account_secrets_del(struct db_txn *txn, uint64_t id)
{
	struct reckey key = reckey_u64(id);
	email_forget(txn, id);
	db_del(txn, &store_account_local, reckey_str(&key));
}

void account_secrets_put(struct db_txn *txn, uint64_t id, const struct account_secrets *secrets)
{
	struct reckey key = reckey_u64(id);
	struct buf value CLEANUP(buf_free) = BUF_INIT(SECRETS_MAX_BYTES);
	must(secrets->key_count <= LOCAL_KEYS_MAX);
	email_index(txn, id, secrets->email);
	rec_add_u8(&value, SECRETS_VERSION);
	rec_add_str(&value, secrets->password_hash);
	rec_add_str(&value, secrets->email);
	rec_add_num(&value, secrets->confirmed_ms);
	rec_add_str(&value, secrets->email_next);
	rec_add_num(&value, secrets->key_count);
	for (unsigned i = 0; i < secrets->key_count; i++) {
		const struct local_key *k = &secrets->keys[i];
		rec_add_str(&value, k->name);
		rec_add_u8(&value, k->kind);
		rec_add_num(&value, k->created_ms);
		rec_add_num(&value, k->retired_ms);
		rec_add_str(&value, k->sealed);
		rec_add_str(&value, k->public_der);
	}
	store_put(txn, &store_account_local, &key, &value);
}
