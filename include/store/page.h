/* A page of a long list, asked for as clients ask: by the ids of what they have already. */
#ifndef FF_STORE_PAGE_H
#define FF_STORE_PAGE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Below max_id, above since_id and min_id; 0: no bound. The newest that fit, but with min_id the
 * oldest: those that follow it directly. Whatever was asked for, results stand newest first.
 */
struct page {
	uint64_t max_id, since_id, min_id;
};

#define PAGE_ALL ((struct page){ 0 })

#endif
