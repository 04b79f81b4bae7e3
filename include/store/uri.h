/* The index of ids: which thing of ours does an id of the fediverse name? */
#ifndef FF_STORE_URI_H
#define FF_STORE_URI_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"
#include "db/db.h"

enum uri_kind {
	URI_NONE = 0,
	URI_ACCOUNT = 1,
	URI_STATUS = 2,
	URI_TOMBSTONE = 3, /* id is the wall time in ms of the deletion, other the visibility */
	URI_LIKE = 4,	   /* id is the status, other the account */
	URI_FOLLOW = 5,	   /* id is the follower, other the followee */
	URI_BLOCK = 6,	   /* id is the blocker, other the blocked */
	URI_CONTEXT = 12,  /* a peer's conversation that somebody here takes part in: id is the post
			      that was answered */
	URI_INTERACTION = 24, /* a request: id is the interaction, other who asked */
	URI_AUTHORIZATION =
		25, /* of a quote, with whose consent it is: id is the quoting status, other that account */
	URI_REACTION = 20,   /* id is the status, other the account */
	URI_DISLIKE = 21,    /* the same */
	URI_COLLECTION = 40, /* of accounts that somebody recommends */
};

struct uri_entry {
	enum uri_kind kind;
	uint64_t id;
	uint64_t other;
};

/*
 * May a post or an account take this id? One that merely names a like, a follow, a block or a request gives way:
 * anybody on the host may have called one so before (S-019), and it is found by who and what as well.
 */
static inline bool uri_is_free(struct uri_entry e)
{
	return e.kind == URI_NONE || e.kind == URI_LIKE || e.kind == URI_FOLLOW ||
	       e.kind == URI_BLOCK || e.kind == URI_REACTION || e.kind == URI_DISLIKE ||
	       e.kind == URI_INTERACTION;
}

/* URI_NONE when it is unknown. The caller compares the full id that stands in the row. */
struct uri_entry uri_find(struct db_txn *txn, struct str uri);
#define URI_DIGEST_SIZE 16
/* The same by the digest of the id (reckey_digest()). */
struct uri_entry uri_find_digest(struct db_txn *txn, const unsigned char digest[URI_DIGEST_SIZE]);
/* Adds it unless it is known as something that does not give way: then false, and *existing says as
 * what. */
bool uri_add(struct db_txn *txn, struct str uri, struct uri_entry entry,
	     struct uri_entry *existing);
/* Adds or replaces. */
void uri_set(struct db_txn *txn, struct str uri, struct uri_entry entry);
void uri_del(struct db_txn *txn, struct str uri);
/* Deletes it only when it names just this: two things may carry one id, and the first one has the
 * index. */
void uri_release(struct db_txn *txn, struct str uri, struct uri_entry entry);

#endif
