/* The codecs of strikes and presets. Strings point into value. */
#ifndef FF_STORE_STRIKE_INT_H
#define FF_STORE_STRIKE_INT_H

#include "core/buf.h"
#include "store/strike.h"

void strike_encode(struct buf *out, const struct strike *strike);
bool strike_decode(struct str value, struct strike *out);
void preset_encode(struct buf *out, const struct preset *preset);
bool preset_decode(struct str value, struct preset *out);

#endif
