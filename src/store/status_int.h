/* The codec of statuses, shared by the files of this repository. */
#ifndef FF_STORE_STATUS_INT_H
#define FF_STORE_STATUS_INT_H

#include "parts_int.h"
#include "store/status.h"

#define STATUS_MAX_BYTES (1024 * 1024)
/* What the index by author repeats of the flags; they fit into its one byte. */
#define STATUS_INDEXED_FLAGS 0x7fU
/* In the indexes by author and by parent: the row stands for nothing that is counted, though its visibility be
 * open, since it is held or waits. Rows of before have it nowhere. */
#define STATUS_UNCOUNTED 0x80U

void status_encode(struct buf *out, const struct status *s);
/* Lists come from arena; strings point into value. False when value is damaged or the arena has
 * failed. */
bool status_decode(struct arena *arena, struct str value, uint64_t id, struct status *out);

/* Whose it is, without the rest. */
bool status_author_decode(struct str value, uint64_t *account);

/* quote.c: which posts quote a post; the last one drops all of a status that is being deleted. */
void quote_index_put(struct db_txn *txn, const struct status *s);
void quote_index_del(struct db_txn *txn, const struct status *s);
void quotes_del(struct db_txn *txn, uint64_t status);

extern const struct store_part status_parts[];
extern const size_t status_part_count;

#endif
