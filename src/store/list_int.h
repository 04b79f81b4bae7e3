/* The codec of lists. */
#ifndef FF_STORE_LIST_INT_H
#define FF_STORE_LIST_INT_H

#include "core/buf.h"
#include "store/list.h"

#define LIST_MAX_BYTES 4096

void list_encode(struct buf *out, const struct list *list);
/* The title points into value. */
bool list_decode(struct str value, struct list *out);

#endif
