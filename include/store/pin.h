/* Posts that their author shows first: pins. Few of an account, and never of somebody else's post. */
#ifndef FF_STORE_PIN_H
#define FF_STORE_PIN_H

#include <stdbool.h>
#include <stdint.h>

#include "db/db.h"

#define PINS_LOCAL_MAX 5 /* of an account here */
#define PINS_MAX 10	 /* of any */

/* False when it is pinned already, or the account has PINS_MAX. */
bool pin_add(struct db_txn *txn, uint64_t account, uint64_t status);
bool pin_del(struct db_txn *txn, uint64_t account, uint64_t status);
bool pin_has(struct db_txn *txn, uint64_t account, uint64_t status);
/* The last pinned first. How many. */
size_t pins_of(struct db_txn *txn, uint64_t account, uint64_t out[PINS_MAX]);

/* Integrity: every pin is of a post of its account. */
void pin_check(struct db_txn *txn, void (*bad)(void *arg, struct str what), void *arg);

#endif
