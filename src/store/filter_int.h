/* The codec of filters. */
#ifndef FF_STORE_FILTER_INT_H
#define FF_STORE_FILTER_INT_H

#include "core/buf.h"
#include "store/filter.h"

#define FILTER_MAX_BYTES ((size_t)1 << 20)

void filter_encode(struct buf *out, const struct filter *f);
/* Lists come from arena; strings point into value. False when it is damaged or the arena has
 * failed. */
bool filter_decode(struct arena *arena, struct str value, struct filter *out);

#endif
