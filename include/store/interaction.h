/* What people do with posts whose authors are asked: what waits for an answer, and what was
 * answered. */
#ifndef FF_STORE_INTERACTION_H
#define FF_STORE_INTERACTION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"
#include "store/page.h"
#include "store/policy.h"

struct interaction {
	uint64_t id;
	enum interaction_kind kind;
	enum interaction_state state;
	uint64_t owner;	    /* the author of the post */
	uint64_t status;    /* the post */
	uint64_t from;	    /* who does something with it */
	uint8_t visibility; /* of a boost */
	uint64_t at_ms;
	struct str uri;		  /* of the quoting post, the reply, the Like or the Announce */
	struct str request;	  /* of the activity that asked; empty: it came without asking */
	struct str authorization; /* what a remote owner answered with; empty for local ones */
};

/* What one account may have with one post, and what may wait for one owner (S-060). */
#define INTERACTIONS_OF_PAIR_MAX 20
#define INTERACTIONS_OPEN_MAX 500

bool interaction_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct interaction *out);
/* By what was done: of this kind by this account with this post; uri empty: the first one. */
bool interaction_find(struct db_txn *txn, struct arena *arena, uint64_t status,
		      enum interaction_kind kind, uint64_t from, struct str uri,
		      struct interaction *out);
/*
 * Adds it and sets its id, unless it has one. False when it is there already, when there are too many
 * of them, or the transaction has failed.
 */
bool interaction_add(struct db_txn *txn, struct interaction *interaction);
/* Replaces it: only state, request, authorization and time may differ. */
void interaction_put(struct db_txn *txn, const struct interaction *interaction);
bool interaction_del(struct db_txn *txn, struct arena *arena, uint64_t id);
/* All with a post that is being deleted; at most count. Returns how many. */
size_t interactions_del(struct db_txn *txn, struct arena *arena, uint64_t status, size_t count);

/* Those that wait for an owner or were refused lately, newest first below max_id (0: from the newest). */
size_t interactions_open(struct db_txn *txn, uint64_t owner, uint64_t max_id, uint64_t *out,
			 size_t count);
/* Those of one account that an owner has accepted, after the id `after`. */
size_t interactions_accepted(struct db_txn *txn, uint64_t owner, uint64_t from, uint64_t after,
			     uint64_t *out, size_t count);

/* The posts that quote a status, in order of their ids after `after`. */
size_t quotes_of(struct db_txn *txn, uint64_t status, uint64_t after, uint64_t *out, size_t count);
/* The same as a page. */
size_t quotes_page(struct db_txn *txn, uint64_t status, const struct page *page, uint64_t *out,
		   size_t count);

/* Integrity: records to indexes and back. */
void interaction_check(struct db_txn *txn, struct arena *arena,
		       void (*bad)(void *arg, struct str what), void *arg);

#endif
