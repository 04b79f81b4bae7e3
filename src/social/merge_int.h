/*
 * Merging: the ids of many indexes (authors, hashtags, the timelines of all) as one stream in the
 * order of a range. A seek for each index at first; after that only the indexes that the stream
 * comes from are read on.
 */
#ifndef FF_SOCIAL_MERGE_INT_H
#define FF_SOCIAL_MERGE_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"
#include "store/range.h"

enum merge_kind {
	MERGE_AUTHOR, /* all statuses of an account */
	MERGE_PUBLIC,
	MERGE_LOCAL,
	MERGE_TAG,
	MERGE_LINK,
};

struct merge;

/* NULL when the arena has failed. need and refuse are TIMELINE_... marks; authors' indexes have
 * none. */
struct merge *merge_new(struct db_txn *txn, struct arena *arena, const struct id_range *range,
			unsigned need, unsigned refuse);
/* account of MERGE_AUTHOR; name of MERGE_TAG (folded) and MERGE_LINK. */
void merge_add(struct merge *m, enum merge_kind kind, uint64_t account, struct str name);
/* The next id, each once. False at the end, when MERGE_ROWS_MAX rows were read beyond the first of each index, or when the
 * transaction or the arena has failed. */
bool merge_next(struct merge *m, uint64_t *id);

#define MERGE_ROWS_MAX 20000

#endif
