/*
 * How somebody came here who signed up: from where, by which application, and what they said of
 * themselves. What they are called is their account's, which waits until they are let in.
 */
#ifndef FF_STORE_SIGN_UP_H
#define FF_STORE_SIGN_UP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"

#define SIGN_UP_CONFIRM_MS \
	(7 * MS_PER_DAY) /* who has not confirmed the address by then is forgotten */
#define SIGN_UP_KEEP_MS (365 * MS_PER_DAY) /* of those who were let in */

struct sign_up {
	uint64_t account;
	uint64_t app; /* the application that asked; 0: the node's own page */
	uint64_t asked_ms;
	struct str address; /* that it came from */
	struct str locale;  /* a language tag; empty: not said */
	struct str reason;
};

/* Strings are copied into arena. */
bool sign_up_get(struct db_txn *txn, struct arena *arena, uint64_t account, struct sign_up *out);
void sign_up_put(struct db_txn *txn, const struct sign_up *sign_up);
void sign_up_del(struct db_txn *txn, uint64_t account);

/* Takes an account that waits away, with everything that it has; the name is free again. */
void sign_up_forget(struct db_txn *txn, uint64_t account);

#endif
