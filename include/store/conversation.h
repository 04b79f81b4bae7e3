/* Letters (posts for those who are named in them) as conversations, one row for each local account
 * that takes part. */
#ifndef FF_STORE_CONVERSATION_H
#define FF_STORE_CONVERSATION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "db/db.h"
#include "store/range.h"
#include "store/status.h"

struct conversation {
	uint64_t root; /* the first post of the thread, as it was when the row was made: its name */
	uint64_t last; /* the newest letter of it */
	bool unread;
	uint64_t with[STATUS_MENTIONS_MAX]; /* who else takes part in the last one */
	unsigned with_count;
};

bool conversation_get(struct db_txn *txn, uint64_t account, uint64_t root,
		      struct conversation *out);
void conversation_put(struct db_txn *txn, uint64_t account, const struct conversation *c);
/* False when there is none. */
bool conversation_del(struct db_txn *txn, uint64_t account, uint64_t root);
/* Which conversation ends with this letter; 0 when none does. */
uint64_t conversation_ending(struct db_txn *txn, uint64_t account, uint64_t last);
/* By their last letters, whose ids are the range. */
size_t conversation_list(struct db_txn *txn, uint64_t account, const struct id_range *range,
			 struct conversation *out, size_t count);
/* All of an account, at most count. Returns how many. */
size_t conversations_del(struct db_txn *txn, uint64_t account, size_t count);

/* --- letters: each post for those who are named in it, for each local account that has it --- */

void letter_put(struct db_txn *txn, uint64_t account, uint64_t status, uint64_t root);
bool letter_del(struct db_txn *txn, uint64_t account, uint64_t status);

struct letter {
	uint64_t status;
	uint64_t root;
};
size_t letter_list(struct db_txn *txn, uint64_t account, const struct id_range *range,
		   struct letter *out, size_t count);
size_t letters_del(struct db_txn *txn, uint64_t account, size_t count);

/* Integrity: letters to statuses, rows to their order and back. */
void conversation_check(struct db_txn *txn, struct arena *arena,
			void (*bad)(void *arg, struct str what), void *arg);

#endif
