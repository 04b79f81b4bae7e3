/* Badges: what a community gives its members, and for what. */
#ifndef FF_STORE_BADGE_H
#define FF_STORE_BADGE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"

#define BADGES_MAX 100	     /* of a community */
#define BADGE_AWARDS_MAX 100 /* of a member in one community */

struct badge {
	uint64_t id;
	uint64_t community;
	uint64_t created_ms;
	struct str name;
	struct str description;
	struct str emoji; /* that stands for it; empty: none */
};

struct badge_award {
	uint64_t id;
	uint64_t badge;
	uint64_t community;
	uint64_t account;
	uint64_t by;
	uint64_t given_ms;
	struct str reason;
};

/* Strings are copied into arena. */
bool badge_get(struct db_txn *txn, struct arena *arena, uint64_t community, uint64_t id,
	       struct badge *out);
/* Adds (id 0: gets one) or replaces. False when there are BADGES_MAX. */
bool badge_put(struct db_txn *txn, struct badge *badge);
/* In the order of their making; how many. */
size_t badges_of(struct db_txn *txn, struct arena *arena, uint64_t community,
		 struct badge out[BADGES_MAX]);
/* With at most count of its awards: false when there are more; call again. */
bool badge_del(struct db_txn *txn, struct arena *arena, uint64_t community, uint64_t id,
	       size_t count);

/* Sets award->id. False when there are BADGE_AWARDS_MAX. */
bool badge_award_add(struct db_txn *txn, struct badge_award *award);
bool badge_award_del(struct db_txn *txn, struct arena *arena, uint64_t community, uint64_t account,
		     uint64_t id);
/* What somebody has got in a community, in the order of giving; how many. */
size_t badge_awards(struct db_txn *txn, struct arena *arena, uint64_t community, uint64_t account,
		    struct badge_award out[BADGE_AWARDS_MAX]);

/* At most count rows of all that a community has given. Returns how many went. */
size_t badges_clear(struct db_txn *txn, struct arena *arena, uint64_t community, size_t count);

/* Integrity: awards of badges that are there, found both ways. */
void badge_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		 void *arg);

#endif
