/* The stored forms of badges, for their check and tests. */
#ifndef FF_STORE_BADGE_INT_H
#define FF_STORE_BADGE_INT_H

#include "core/buf.h"
#include "store/badge.h"

void badge_encode(struct buf *out, const struct badge *badge);
bool badge_decode(struct str value, struct badge *out);
void badge_award_encode(struct buf *out, const struct badge_award *award);
bool badge_award_decode(struct str value, struct badge_award *out);

#endif
