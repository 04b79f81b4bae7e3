/* Integrity of the record of acts: the whole chain. Inside a transaction that only reads. */
#include "audit_int.h"
#include "check_int.h"
#include "db/rec.h"
#include "store/audit.h"
#include "store/tables.h"

#define CHUNK 64

static enum audit_fault check_placed(const struct check *c, const struct audit_row *row)
{
	struct ctx ctx = { .arena = c->arena };
	struct audit_said said;
	return audit_read(&ctx, row, &said) == RC_OK ? audit_placed(c->txn, &said) : AUDIT_SOUND;
}

void audit_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		 void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	struct audit_chain chain = { .number = 0 };
	struct audit_row rows[CHUNK];
	size_t n = CHUNK;
	uint64_t stray;
	while (n == CHUNK) {
		arena_reset(arena);
		n = audit_after(txn, arena, chain.number, rows, CHUNK);
		for (size_t i = 0; i < n; i++) {
			struct ctx ctx = { .arena = arena };
			enum audit_fault fault = audit_chain_next(&ctx, &chain, &rows[i]);
			if (fault == AUDIT_SOUND && check_placed(&c, &rows[i]) == AUDIT_HIDDEN)
				check_say(&c, "act", rows[i].number,
					  audit_fault_text(AUDIT_HIDDEN));
			if (fault == AUDIT_SOUND)
				continue;
			/* what comes behind it can be no better */
			check_say(&c, "act", rows[i].number, audit_fault_text(fault));
			return;
		}
	}
	if (audit_strays(txn, arena, &stray) != 0)
		check_say(&c, "act", stray, audit_fault_text(AUDIT_STRAY));
	check_end(&c, "record of acts");
}
