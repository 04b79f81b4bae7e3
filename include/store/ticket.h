/*
 * Tickets: what an e-mail carries to show that it was read by whom it was sent to. One of each kind
 * at a time for an account; a new one replaces the one before.
 */
#ifndef FF_STORE_TICKET_H
#define FF_STORE_TICKET_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "crypt/digest.h"
#include "db/db.h"

enum ticket_kind {
	TICKET_CONFIRM = 1, /* this address is theirs */
	TICKET_RESET = 2,   /* they may set a new password */
	TICKET_APPEAL = 3,  /* they may appeal, though they may not sign in */
};

struct ticket {
	struct digest digest; /* of the secret */
	bool spent;	      /* nothing fits it any more; what it says of times still holds */
	uint64_t ends_ms;
	struct str email; /* that it was sent to */
	/* how often one was sent since sent_ms began to count */
	uint64_t sent_ms;
	unsigned sent;
};

/* Strings are copied into arena. */
bool ticket_get(struct db_txn *txn, struct arena *arena, uint64_t account, enum ticket_kind kind,
		struct ticket *out);
void ticket_put(struct db_txn *txn, uint64_t account, enum ticket_kind kind,
		const struct ticket *ticket);
/* Of all kinds. */
void tickets_del(struct db_txn *txn, uint64_t account);

/* Integrity, of sign-ups (store/sign_up.h), too. Calls bad() for each row that is not sound. */
void ticket_check(struct db_txn *txn, void (*bad)(void *arg, struct str what), void *arg);

#endif
