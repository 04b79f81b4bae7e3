/* The codecs of lists of blocks. Strings point into value. */
#ifndef FF_STORE_BLOCKLIST_INT_H
#define FF_STORE_BLOCKLIST_INT_H

#include "core/buf.h"
#include "store/blocklist.h"

void blocklist_encode(struct buf *out, const struct blocklist *list);
bool blocklist_decode(struct str value, struct blocklist *out);
void block_entry_encode(struct buf *out, const struct block_entry *entry);
bool block_entry_decode(struct str value, struct block_entry *out);

#endif
