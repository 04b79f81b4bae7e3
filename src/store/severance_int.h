/* The codecs of lost follows. Strings point into value. */
#ifndef FF_STORE_SEVERANCE_INT_H
#define FF_STORE_SEVERANCE_INT_H

#include "core/buf.h"
#include "store/severance.h"

void severance_encode(struct buf *out, const struct severance *s);
bool severance_decode(struct str value, struct severance *out);
void severed_encode(struct buf *out, const struct severed *s);
bool severed_decode(struct str value, struct severed *out);

#endif
