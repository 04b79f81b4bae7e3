/* The codec of waves. Strings point into value. */
#ifndef FF_STORE_WAVE_INT_H
#define FF_STORE_WAVE_INT_H

#include "core/buf.h"
#include "store/wave.h"

void wave_encode(struct buf *out, const struct wave *wave);
bool wave_decode(struct str value, struct wave *out);

#endif
