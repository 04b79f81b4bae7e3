/* Walking a page of the rows under a prefix whose keys end in an id. */
#ifndef FF_STORE_PAGE_INT_H
#define FF_STORE_PAGE_INT_H

#include "db/db.h"
#include "db/rec.h"
#include "store/page.h"

/* The ids of at most count rows, newest first. fits, which may be NULL, leaves rows out. */
size_t page_ids(struct db_txn *txn, const struct db_table *table, const struct reckey *prefix,
		const struct page *page, bool (*fits)(struct str value), uint64_t *ids,
		size_t count);

#endif
