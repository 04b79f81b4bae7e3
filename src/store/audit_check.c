/* Integrity of the record of acts: the whole chain. Inside a transaction that only reads. */
#include "audit_int.h"
#include "check_int.h"
#include "db/rec.h"
#include "store/audit.h"
#include "store/tables.h"

#define CHUNK 64

static void check_within(const struct check *c, struct str key, struct str value UNUSED)
{
	uint64_t number;
	if (reckey_read_u64(key, 8, &number) && !check_has(c, &store_audit, number))
		check_say(c, "act of a community", number, "is not in the record");
}

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
	check_walk(&c, &store_audit_in, 16, check_within);
	check_end(&c, "record of acts");
}
