/* Secrets and whose they are. Inside transactions only. */
#include "oauth_int.h"
#include "store/tables.h"

const struct grant_tables oauth_token_tables = { &store_token, &store_token_of };
const struct grant_tables web_session_tables = { &store_session, &store_session_of };

void grant_add(struct db_txn *txn, const struct grant_tables *tables, struct str secret,
	       uint64_t account, uint64_t id, const struct buf *row)
{
	struct reckey digest = reckey_digest(secret);
	struct reckey owner = reckey_u64_u64(account, id);
	store_put(txn, tables->by_secret, &digest, row);
	db_put(txn, tables->by_owner, reckey_str(&owner), reckey_str(&digest));
}

bool grant_del(struct db_txn *txn, const struct grant_tables *tables, uint64_t account, uint64_t id)
{
	struct reckey owner = reckey_u64_u64(account, id);
	struct reckey secret = RECKEY_INIT;
	struct str digest;
	if (!db_get(txn, tables->by_owner, reckey_str(&owner), &digest))
		return false;
	/* the value dies with the first deletion */
	reckey_add_bytes(&secret, digest.ptr, digest.len);
	db_del(txn, tables->by_secret, reckey_str(&secret));
	return db_del(txn, tables->by_owner, reckey_str(&owner));
}

bool grant_next(struct db_txn *txn, const struct grant_tables *tables, uint64_t account,
		uint64_t after, uint64_t *id, struct str *row)
{
	struct reckey prefix = reckey_u64(account);
	struct reckey from = store_key_after(account, after);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, digest;
	db_iter_open(&it, txn, tables->by_owner, reckey_str(&prefix), DB_FORWARD,
		     reckey_str(&from));
	return db_iter_next(&it, &key, &digest) && reckey_read_u64(key, 8, id) &&
	       db_get(txn, tables->by_secret, digest, row);
}

void grants_del(struct db_txn *txn, const struct grant_tables *tables, uint64_t account,
		uint64_t keep)
{
	uint64_t id = 0;
	struct str row;
	while (grant_next(txn, tables, account, id, &id, &row)) {
		if (id != keep)
			grant_del(txn, tables, account, id);
	}
}
