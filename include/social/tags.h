/* Which hashtags somebody uses. */
#ifndef FF_SOCIAL_TAGS_H
#define FF_SOCIAL_TAGS_H

#include <stddef.h>
#include <stdint.h>

#include "core/ctx.h"
#include "core/str.h"
#include "db/db.h"

#define TAGS_LOOKED_AT 400 /* posts: the newest of an account */
#define TAGS_USED_MAX 100

struct tag_use {
	struct str name; /* as it was written last */
	struct str folded;
	uint64_t count; /* among the posts that were looked at */
	uint64_t last_ms;
};

/* In the account's newest posts that everybody may see, the most frequent first; how many. Strings
 * are in ctx's arena. */
size_t tags_used(struct db_txn *txn, struct ctx *ctx, uint64_t account,
		 struct tag_use out[TAGS_USED_MAX]);

#endif
