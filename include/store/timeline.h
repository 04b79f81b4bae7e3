/*
 * What everybody's timelines show, in the order of ids: public posts, those of this node, those with
 * a hashtag, those with a link. Rows are written with the status and go with it. The timeline of all
 * is kept to a bounded length.
 */
#ifndef FF_STORE_TIMELINE_H
#define FF_STORE_TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"
#include "store/range.h"
#include "store/status.h"

/* How many rows the timeline of all keeps when it is swept. */
#define TIMELINE_KEEP 400000

enum timeline_marks {
	TIMELINE_OURS = 1,   /* written here */
	TIMELINE_MEDIA = 2,  /* with a picture, a film or a sound */
	TIMELINE_INSIDE = 4, /* for people of this node only */
};

struct timeline_entry {
	uint64_t id;
	uint64_t account;
	unsigned marks;
};

/* First posts, and what people add to their own: no boosts, no answers to others. */
size_t timeline_public(struct db_txn *txn, const struct id_range *range, struct timeline_entry *out,
		       size_t count);
size_t timeline_local(struct db_txn *txn, const struct id_range *range, struct timeline_entry *out,
		      size_t count);
/* Public posts with a hashtag, answers among them. tag is text_tag_fold()'s. */
size_t timeline_tag(struct db_txn *txn, struct str tag, const struct id_range *range,
		    struct timeline_entry *out, size_t count);
/* Public posts that contain a link, by its address as timeline_link_put() was told. */
size_t timeline_link(struct db_txn *txn, struct str url, const struct id_range *range,
		     struct timeline_entry *out, size_t count);

/*
 * A public post contains this link: for whoever looks at the pages that posts link to. One per
 * post; another one replaces it. Nothing is written for posts that are not in timelines.
 */
void timeline_link_put(struct db_txn *txn, const struct status *status, struct str url);
/* The link that a post is found by; absent when there is none. */
struct str timeline_link_of(struct db_txn *txn, uint64_t status);

#endif
