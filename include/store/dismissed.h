/* Suggestions that somebody does not want to see again. */
#ifndef FF_STORE_DISMISSED_H
#define FF_STORE_DISMISSED_H

#include <stdbool.h>
#include <stdint.h>

#include "db/db.h"

void dismissed_add(struct db_txn *txn, uint64_t account, uint64_t target);
bool dismissed_has(struct db_txn *txn, uint64_t account, uint64_t target);
/* All of an account's, at most count. Returns how many. */
size_t dismissed_del(struct db_txn *txn, uint64_t account, size_t count);

#endif
