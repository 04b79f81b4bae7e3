/* The codecs of scheduled posts and of request keys. */
#ifndef FF_STORE_SCHEDULE_INT_H
#define FF_STORE_SCHEDULE_INT_H

#include "core/buf.h"
#include "store/schedule.h"

#define SCHEDULED_MAX_BYTES ((size_t)1 << 20)

void scheduled_encode(struct buf *out, const struct scheduled *s);
/* Params point into value. */
bool scheduled_decode(struct str value, struct scheduled *out);
void idempotent_encode(struct buf *out, const struct idempotent *i);
bool idempotent_decode(struct str value, struct idempotent *out);

#endif
