/* Custom emoji: a picture that stands for a shortcode in somebody's text (FEP-9098). */
#ifndef FF_STORE_EMOJI_H
#define FF_STORE_EMOJI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"

#define EMOJIS_MAX 64 /* of one text (SECURITY S-056) */

struct emoji {
	struct str shortcode; /* without colons */
	struct str url;
};

/* One that the node offers to its people. */
struct local_emoji {
	struct str shortcode;
	struct str url;
	uint64_t updated_ms;
};

/* Shortcodes are told apart with regard to case. Strings are copied into arena. */
bool emoji_get(struct db_txn *txn, struct arena *arena, struct str shortcode,
	       struct local_emoji *out);
/* Adds or replaces. */
void emoji_put(struct db_txn *txn, struct str shortcode, struct str url);
bool emoji_del(struct db_txn *txn, struct str shortcode);
/* In order of shortcodes, behind `after` (empty: from the first). How many. */
size_t emoji_list(struct db_txn *txn, struct arena *arena, struct str after,
		  struct local_emoji *out, size_t count);

#endif
