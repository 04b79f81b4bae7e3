/*
 * Secrets that belong to an account: a row under the digest of the secret, and one under account and
 * id that leads back to it.
 */
#ifndef FF_STORE_OAUTH_INT_H
#define FF_STORE_OAUTH_INT_H

#include "store_int.h"

struct grant_tables {
	const struct db_table *by_secret; /* digest -> what it is */
	const struct db_table *by_owner;  /* account id, id -> digest */
};

/* Writes row under a secret that is nobody's yet. */
void grant_add(struct db_txn *txn, const struct grant_tables *tables, struct str secret,
	       uint64_t account, uint64_t id, const struct buf *row);
bool grant_del(struct db_txn *txn, const struct grant_tables *tables, uint64_t account,
	       uint64_t id);
void grants_del(struct db_txn *txn, const struct grant_tables *tables, uint64_t account,
		uint64_t keep);
/* Of the next one after `after`, in order of ids: its row. False when there is none. */
bool grant_next(struct db_txn *txn, const struct grant_tables *tables, uint64_t account,
		uint64_t after, uint64_t *id, struct str *row);

extern const struct grant_tables oauth_token_tables, web_session_tables;

#endif
