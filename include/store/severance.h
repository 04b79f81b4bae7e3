/*
 * Follows that ended because a host was blocked or an account was suspended: an event for each
 * person who lost some, with the list of what they lost, as long as that is kept.
 */
#ifndef FF_STORE_SEVERANCE_H
#define FF_STORE_SEVERANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"

/* The numbers are stored. */
enum severance_kind {
	SEVERANCE_DOMAIN_BLOCK = 1,	 /* the node has blocked a host */
	SEVERANCE_USER_DOMAIN_BLOCK = 2, /* the person has */
	SEVERANCE_ACCOUNT = 3,		 /* an account was suspended */
};

#define SEVERED_KEEP_DAYS 90 /* how long a list is kept */

struct severance {
	uint64_t event;	  /* many people may share one */
	uint64_t account; /* whose follows they were; a local account */
	enum severance_kind kind;
	struct str target;	       /* a host, or "user@host" */
	uint64_t followers, following; /* how many were lost */
	uint64_t created_ms;	       /* set when the first is recorded */
	bool purged;		       /* the list is gone */
};

/* One follow that was lost. */
struct severed {
	bool follower; /* the other followed; else the person followed the other */
	uint64_t other;
	struct str handle;    /* "user@host" */
	unsigned flags;	      /* enum follow_flags, of a follow by the person */
	struct str languages; /* the same */
};

/* Strings are copied into arena. */
bool severance_get(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t event,
		   struct severance *out);
/* Newest first, below max_id (0: from the newest). */
size_t severance_list(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t max_id,
		      struct severance *out, size_t count);
/* Adds a follow to the list of an event, which is made when there is none of that id: true then. A
 * follow that is in the list already changes nothing; when the list is gone it is only counted. */
bool severance_add(struct db_txn *txn, struct arena *arena, const struct severance *event,
		   const struct severed *lost);
/* What was lost, in order of the others' ids after `after`. */
size_t severed_list(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t event,
		    bool followers, uint64_t after, struct severed *out, size_t count);
/* All of an account, at most count rows. Returns how many. */
size_t severances_del(struct db_txn *txn, uint64_t account, size_t count);

/* --- events that go on over several writes --- */

/* The event that account (0: the node) has begun about this target; 0 when none is open. */
uint64_t severing_get(struct db_txn *txn, uint64_t account, struct str target);
/* The same; begun when there is none. */
uint64_t severing_begin(struct db_txn *txn, uint64_t account, struct str target);
void severing_end(struct db_txn *txn, uint64_t account, struct str target);

/* Integrity: lists belong to events and are as long as these say. */
void severance_check(struct db_txn *txn, struct arena *arena,
		     void (*bad)(void *arg, struct str what), void *arg);

#endif
