/* What status.c and the checks know of events, and their codecs. */
#ifndef FF_STORE_EVENT_INT_H
#define FF_STORE_EVENT_INT_H

#include "core/buf.h"
#include "store/event.h"

void participant_encode(struct buf *out, const struct participant *p);
/* Strings point into value. False when it is damaged. */
bool participant_decode(struct str value, struct participant *out);

/* The index by time; now NULL: it is new, next NULL: it goes. */
void event_index(struct db_txn *txn, const struct status *now, const struct status *next);
/* Is it there as the status says? */
bool event_is_indexed(struct db_txn *txn, const struct status *s);
/* Everybody who takes part, when the status goes. */
void participants_del(struct db_txn *txn, uint64_t status);

#endif
