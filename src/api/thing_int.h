/* What a community has, one by one and in pages, whatever it is. */
#ifndef FF_API_THING_INT_H
#define FF_API_THING_INT_H

#include "own_int.h"

#define THING_PAGE_DEFAULT 20
#define THING_PAGE_MOST 40

struct thing_kind {
	size_t view_size;
	/* May the caller see what this community of the node has? */
	bool (*is_open)(struct call *call, struct gather *g, uint64_t community);
	size_t (*list)(struct db_txn *txn, uint64_t community, const struct page *page,
		       uint64_t *out, size_t count);
	/* False when there is none that the caller may see. */
	bool (*fill)(struct call *call, struct gather *g, uint64_t id, void *view);
	void (*render)(struct jw *w, const void *view);
};

void reply_thing(struct call *call, const struct thing_kind *kind, uint64_t id);
/* The handler of one: its id is the first of the path. */
void get_thing(struct call *call, const struct thing_kind *kind);
/* The handler of a page: the community's id is the first of the path. */
void get_things(struct call *call, const struct thing_kind *kind, const struct paging *paging);

/* What a client left out is empty. */
static inline struct str or_empty(struct str s)
{
	return s.ptr != NULL ? s : STR("");
}

#endif
