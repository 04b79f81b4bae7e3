/* The codecs of collections, for the file that owns them, their check and their tests. Pure. */
#ifndef FF_STORE_COLLECTION_INT_H
#define FF_STORE_COLLECTION_INT_H

#include "core/buf.h"
#include "store/collection.h"

void collection_encode(struct buf *out, const struct collection *c);
bool collection_decode(struct str value, uint64_t id, struct collection *out);
void collection_item_encode(struct buf *out, const struct collection_item *item);
/* place is the row's key. */
bool collection_item_decode(struct str value, struct collection_place place,
			    struct collection_item *out);

#endif
