/* The stored forms of the ledger, for its check and tests. */
#ifndef FF_STORE_LEDGER_INT_H
#define FF_STORE_LEDGER_INT_H

#include "core/buf.h"
#include "db/rec.h"
#include "store/ledger.h"

void ledger_encode(struct buf *out, const struct ledger_record *r);
/* Strings point into value; community and name are the key's. */
bool ledger_decode(struct str value, struct ledger_record *out);
void ledger_sum_encode(struct buf *out, const struct ledger_sum *sum);
bool ledger_sum_decode(struct str value, struct ledger_sum *out);
void ledger_thing_encode(struct buf *out, const struct ledger_thing *thing);
bool ledger_thing_decode(struct str value, struct ledger_thing *out);
void ledger_peer_encode(struct buf *out, const struct ledger_peer *peer);
bool ledger_peer_decode(struct str value, struct ledger_peer *out);

struct reckey ledger_key(uint64_t community, const struct digest *name);
struct reckey ledger_text_key(uint64_t community, struct str text);
struct reckey ledger_of_key(uint64_t community, uint64_t thing, uint64_t order);

#endif
