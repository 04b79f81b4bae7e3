/* The codec and keys of shelves, shared with their check. */
#ifndef FF_STORE_SHELF_INT_H
#define FF_STORE_SHELF_INT_H

#include "core/buf.h"
#include "db/rec.h"
#include "store/shelf.h"

#define SHELF_TEXT_MAX 1024
#define SHELVED_MAX_BYTES (SHELF_TEXT_MAX + 64)

enum shelf_of {
	SHELF_OF_NOTHING,
	SHELF_OF_STATUSES,
	SHELF_OF_ACCOUNTS,
	SHELF_OF_TEXTS,
};

/* What stands on a shelf; SHELF_OF_NOTHING when there is no such one. */
enum shelf_of shelf_of(unsigned shelf);

void shelved_encode(struct buf *out, const struct shelved *item);
/* Text points into value; the id is the key's. False when it is damaged. */
bool shelved_decode(struct str value, struct shelved *out);

/* The key of the thing, and of its place. */
struct reckey shelf_key(enum shelf shelf, uint64_t owner, const struct shelved *item);
struct reckey shelf_order_key(enum shelf shelf, uint64_t owner, uint64_t order);

#define SHELF_PREFIX_LEN 9 /* the shelf and its owner */

#endif
