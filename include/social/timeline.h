/* What everybody may read: the timelines of all, of hashtags and of links; and one's own letters. */
#ifndef FF_SOCIAL_TIMELINE_H
#define FF_SOCIAL_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"
#include "social/see.h"
#include "store/range.h"

#define TIMELINE_TAGS 4 /* of each of any, all and none that count */

enum timeline_of {
	TIMELINE_OF_ALL,
	TIMELINE_OF_TAG,
	TIMELINE_OF_LINK, /* by authors who let themselves be found */
};

enum timeline_from {
	TIMELINE_FROM_ANYWHERE,
	TIMELINE_FROM_HERE,
	TIMELINE_FROM_ELSEWHERE,
};

struct timeline_wish {
	enum timeline_of of;
	enum timeline_from from;
	bool only_media;
	struct str name; /* the hashtag, without "#", or the link's address */
	/* of a hashtag's timeline: further ones that will do, that are needed, that are not wanted */
	struct str any[TIMELINE_TAGS], all[TIMELINE_TAGS], none[TIMELINE_TAGS];
	unsigned any_count, all_count, none_count;
};

/*
 * A page for viewer, newest first whichever way it was asked for; how many. Whom viewer has blocked
 * or hidden, and who has blocked them, is not in it.
 */
size_t timeline_read(struct db_txn *txn, struct arena *arena, struct viewer viewer,
		     const struct timeline_wish *wish, const struct id_range *range, uint64_t *out,
		     size_t count);
/* An account's letters, those it wrote and those it got, in the same manner. */
size_t timeline_letters(struct db_txn *txn, struct arena *arena, uint64_t account,
			const struct id_range *range, uint64_t *out, size_t count);

#endif
