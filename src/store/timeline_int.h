/* What the repository of statuses calls so that timelines have their rows, and their check. */
#ifndef FF_STORE_TIMELINE_INT_H
#define FF_STORE_TIMELINE_INT_H

#include "check_int.h"
#include "core/arena.h"
#include "store/status.h"
#include "store/timeline.h"

/* A status was added, or has joined its parent. */
void timeline_put(struct db_txn *txn, const struct status *s);
void timeline_edit(struct db_txn *txn, const struct status *before, const struct status *now);
void timeline_del(struct db_txn *txn, const struct status *s);

/* Is it one for the timelines of all and of this node? */
bool timeline_has_place(const struct status *s);
unsigned timeline_marks_of(const struct status *s);
struct reckey timeline_name_key(struct str name, uint64_t id);
bool timeline_decode(struct str value, struct timeline_entry *out);

/* The folded hashtags by which a status is found, each once. */
struct timeline_tags {
	struct str names[STATUS_TAGS_MAX];
	unsigned count;
};
void timeline_tags_of(struct arena *arena, const struct status *s, struct timeline_tags *out);

/* Removes at most count of the oldest rows while there are more than keep. True when it is done. */
bool timeline_trim(struct db_txn *txn, uint64_t keep, size_t count);

void timeline_check_status(const struct check *c, const struct status *s);
void timeline_check(const struct check *c);

#endif
