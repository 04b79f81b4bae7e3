/* Who may see what: one rule for every way out (S-066). */
#ifndef FF_SOCIAL_SEE_H
#define FF_SOCIAL_SEE_H

#include <stdbool.h>
#include <stdint.h>

#include "db/db.h"
#include "store/account.h"
#include "store/status.h"

/* Where from. Who acts for a team is not always shown its letters. */
enum viewer_place {
	VIEWER_AWAY,
	VIEWER_HERE,
	VIEWER_HERE_NO_LETTERS,
};

/* Who is looking: nobody known (0), or an account, local or remote, that has proved who it is. */
struct viewer {
	uint64_t account;
	enum viewer_place local;
};

#define VIEWER_ANYBODY ((struct viewer){ 0 })

/*
 * May viewer see status, which author wrote? Default deny. A boost is as visible as the boost and
 * what it boosts together; the caller passes what is boosted (and its author) in original, or NULL
 * when it is not known, which is a no.
 */
bool may_see(struct db_txn *txn, struct viewer viewer, const struct status *status,
	     const struct account *author);
bool may_see_boost(struct db_txn *txn, struct viewer viewer, const struct status *boost,
		   const struct account *booster, const struct status *original,
		   const struct account *author);
/* A reply to which its parent's author has not consented, or what waits in a community: nobody but the
 * two, or its moderators, hears of it. Or what the sieve holds: nobody but its author does, and the
 * node's moderators by ways of their own. */
bool is_held_back(const struct status *status);
/* May viewer be shown, under a quote, what it quotes? Only what its author has consented to, and
 * while there is no block between the two authors. */
bool may_see_quote(struct db_txn *txn, struct viewer viewer, const struct status *quote,
		   const struct account *quoter, const struct status *quoted,
		   const struct account *author);
/* May viewer see an account at all? */
bool may_see_account(struct db_txn *txn, struct viewer viewer, const struct account *account);
/* Has viewer to do with a status, so that it may be looked up again: it is their own, names them, or
 * they liked, boosted, bookmarked or voted? */
bool in_library(struct db_txn *txn, struct arena *arena, struct viewer viewer,
		const struct status *status);
/*
 * May viewer find a status by searching (FEP-268d, FEP-5feb)? Anybody is a crawler, too: who may not
 * find it keeps it out of an index. Whoever may not see it does not find it. What stands in one's
 * library is asked apart.
 */
bool may_find(struct db_txn *txn, struct viewer viewer, const struct status *status,
	      const struct account *author);
/* May a status of this visibility be boosted by account (its author or somebody else)? */
bool may_boost(const struct status *status, uint64_t account);

#endif
