/* Integrity of the record of acts: the whole chain. Inside a transaction that only reads. */
#include "audit_int.h"
#include "check_int.h"
#include "store/audit.h"

#define CHUNK 64

void audit_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		 void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	struct audit_chain chain = { .number = 0 };
	struct audit_row rows[CHUNK];
	size_t n = CHUNK;
	while (n == CHUNK) {
		arena_reset(arena);
		n = audit_after(txn, arena, chain.number, rows, CHUNK);
		for (size_t i = 0; i < n; i++) {
			struct ctx ctx = { .arena = arena };
			enum audit_fault fault = audit_chain_next(&ctx, &chain, &rows[i]);
			if (fault == AUDIT_SOUND)
				continue;
			/* what comes behind it can be no better */
			check_say(&c, "act", rows[i].number, audit_fault_text(fault));
			return;
		}
	}
	check_end(&c, "record of acts");
}
