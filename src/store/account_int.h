/* The codec of accounts and of handles, shared by the files of this repository. */
#ifndef FF_STORE_ACCOUNT_INT_H
#define FF_STORE_ACCOUNT_INT_H

#include "db/rec.h"
#include "parts_int.h"
#include "store/account.h"

#define ACCOUNT_MAX_BYTES (512 * 1024)

void account_encode(struct buf *out, const struct account *a);
/* Lists come from arena; strings point into value. False when it is damaged or the arena has failed. */
bool account_decode(struct arena *arena, struct str value, uint64_t id, struct account *out);

extern const struct store_part account_parts[];
extern const size_t account_part_count;

/* What stands first in the row, up to the inboxes, without a copy: strings point into the row. False
 * when there is none or it is damaged; the latter fails the transaction. */
bool account_peek(struct db_txn *txn, uint64_t id, struct account *out);
/* What only a local account has, and that its e-mail address leads to it. */
void account_secrets_del(struct db_txn *txn, uint64_t id);
/* The name's key in table handle; it fits. */
struct reckey account_handle_key(struct str user, struct str domain);
/* An address's key in table email. */
struct reckey email_key(struct str email);

#endif
