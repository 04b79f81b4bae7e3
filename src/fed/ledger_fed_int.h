/* Ledgers of joint communities on the wire: what the files about them share. */
#ifndef FF_FED_LEDGER_FED_INT_H
#define FF_FED_LEDGER_FED_INT_H

#include "ap/ledger.h"
#include "incoming_int.h"
#include "social/ledger.h"

#define LEDGER_PART \
	"ledger" /* "<group>/ledger": its id; records are "<group>/ledger/records/<name>" */
#define LEDGER_RECORDS "ledger/records/"
#define LEDGER_NAME_LEN ((size_t)2 * DIGEST_SIZE)

/* A digest in hexadecimal, and back. */
struct str ledger_hex(struct arena *arena, const struct digest *digest);
bool ledger_unhex(struct str hex, struct digest *out);
/* The record of an entry of ours, without its proof; and an entry of what was read. */
void ledger_compose(struct fed *fed, struct arena *arena, const struct ledger_entry *entry,
		    struct buf *out);
/* RC_INVALID for a method or role that is not known. */
enum rc ledger_entry_of(struct ctx *ctx, const struct ap_ledger_record *record,
			struct ledger_entry *out) NODISCARD;
/* What an Update tells of a ledger: its head alone. */
void ledger_head_write(struct jw *w, struct arena *arena, struct str id,
		       const struct ledger_sum *sum, bool inner);
bool ledger_head_read(struct jr object, struct ledger_sum *out);
/* FEDERATE_LEDGER. RC_UNSUPPORTED when f is of another kind. */
enum rc build_ledger(struct fed *fed, struct db_txn *txn, struct ctx *ctx, const struct federate *f,
		     const struct account *actor, const struct account *target,
		     struct jw *w) NODISCARD;

#endif
