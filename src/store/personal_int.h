/* The codecs of what is remembered for one person. */
#ifndef FF_STORE_PERSONAL_INT_H
#define FF_STORE_PERSONAL_INT_H

#include "core/buf.h"
#include "store/personal.h"

#define PERSONAL_MAX_BYTES (16 * 1024)

void account_note_encode(struct buf *out, struct str text);
bool account_note_decode(struct str value, struct str *text);
void markers_encode(struct buf *out, const struct marker markers[MARKERS]);
bool markers_decode(struct str value, struct marker out[MARKERS]);
void preference_encode(struct buf *out, const struct preference *p);
/* The language points into value. */
bool preference_decode(struct str value, struct preference *out);

#endif
