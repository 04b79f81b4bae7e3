/* The codecs of announcements, shared with their check. None fails the transaction. */
#ifndef FF_STORE_ANNOUNCEMENT_INT_H
#define FF_STORE_ANNOUNCEMENT_INT_H

#include "core/buf.h"
#include "store/announcement.h"

#define ANNOUNCEMENT_MAX_BYTES ((size_t)256 * 1024)
#define MARK_MAX_BYTES (16 * 1024)

/* Strings point into value. */
void announcement_encode(struct buf *out, const struct announcement *a);
bool announcement_decode(struct str value, struct announcement *out);
void announcement_mark_encode(struct buf *out, const struct announcement_mark *mark);
bool announcement_mark_decode(struct str value, struct announcement_mark *out);
void announcement_counts_encode(struct buf *out, const struct announcement_count *counts,
				size_t count);
bool announcement_counts_decode(struct str value,
				struct announcement_count out[ANNOUNCEMENT_REACTIONS_MAX],
				size_t *count);

#endif
