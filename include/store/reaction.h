/*
 * What people think of a post beyond liking it: reactions with an emoji (FEP-c0e0), and dislikes.
 * A person may have several reactions to one post, but few; a post few kinds of them.
 */
#ifndef FF_STORE_REACTION_H
#define FF_STORE_REACTION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"

#define REACTIONS_PER_PERSON 8 /* to one post (SECURITY S-060) */
#define REACTION_KINDS_MAX 100 /* of one post */

struct reaction {
	struct str text; /* one emoji of Unicode, or ":shortcode:" */
	struct str host; /* whose picture the shortcode names; empty for ours and for Unicode's */
	struct str url;	 /* of the picture; empty for Unicode's */
	struct str
		uri; /* of the activity; empty when it has none, or one that names something else */
	uint64_t created_ms;
};

/*
 * RC_OK; RC_EXISTS when the account has reacted with this text already; RC_TOO_LARGE when the person
 * may have no further one, or the post no further kind.
 */
enum rc reaction_add(struct db_txn *txn, uint64_t status, uint64_t account,
		     const struct reaction *reaction) NODISCARD;
/* False when there was none. */
bool reaction_del(struct db_txn *txn, uint64_t status, uint64_t account, struct str text);
/* Finds one of an account by its text, or by its activity's id; strings are copied into arena. */
bool reaction_find(struct db_txn *txn, struct arena *arena, uint64_t status, uint64_t account,
		   struct str text, struct reaction *out);
/* By the digest of its text (reckey_digest()). */
bool reaction_find_named(struct db_txn *txn, struct arena *arena, uint64_t status, uint64_t account,
			 const unsigned char *emoji, struct reaction *out);
bool reaction_find_uri(struct db_txn *txn, struct arena *arena, uint64_t status, uint64_t account,
		       struct str uri, struct reaction *out);

struct reaction_count {
	struct str text, host, url;
	uint32_t count;
};

/* The kinds of a post, the most frequent first. How many. */
size_t reaction_counts(struct db_txn *txn, struct arena *arena, uint64_t status,
		       struct reaction_count out[REACTION_KINDS_MAX]);
/* One of them, its picture copied into arena; false when there is none. */
bool reaction_kind_get(struct db_txn *txn, struct arena *arena, uint64_t status, struct str text,
		       struct str host, struct reaction_count *out);
/* All of a status that is being deleted, dislikes and told ones (told_reaction.h) among them. */
void reactions_del(struct db_txn *txn, uint64_t status);

/* False when it was there already, or was not there. */
bool dislike_add(struct db_txn *txn, uint64_t status, uint64_t account, struct str uri);
bool dislike_del(struct db_txn *txn, uint64_t status, uint64_t account);
bool dislike_get(struct db_txn *txn, uint64_t status, uint64_t account, struct str *uri);
uint32_t dislike_count(struct db_txn *txn, uint64_t status);

/* Integrity: counts are what the rows say, ids lead to rows and back. */
void reaction_check(struct db_txn *txn, void (*bad)(void *arg, struct str what), void *arg);

#endif
