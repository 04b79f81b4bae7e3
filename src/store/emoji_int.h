/* The stored form of a text's custom emoji, shared by accounts and statuses. */
#ifndef FF_STORE_EMOJI_INT_H
#define FF_STORE_EMOJI_INT_H

#include "core/arena.h"
#include "core/buf.h"
#include "db/rec.h"
#include "store/emoji.h"

void emojis_encode(struct buf *out, const struct emoji *emojis, unsigned count);
/* The list comes from arena; strings point into the value. */
bool emojis_decode(struct arena *arena, struct rec *r, struct emoji **emojis, unsigned *count);

#endif
