/* What a status said before it was edited. The first version is always kept, and the newest ones. */
#ifndef FF_STORE_REVISION_H
#define FF_STORE_REVISION_H

#include "store/poll.h"
#include "store/status.h"

#define REVISIONS_MAX 50 /* of a status */

struct revision {
	uint64_t at_ms;	      /* since when it was so */
	struct status status; /* as it was; relations to others are of no account */
	struct str *options;  /* of its poll */
	unsigned option_count;
};

/* Keeps a version that is about to be replaced; poll is NULL when it has none. */
void revision_keep(struct db_txn *txn, const struct status *before, const struct poll *poll);
/* Oldest first, copied into arena. How many; 0 also when the transaction or the arena has failed. */
size_t revision_list(struct db_txn *txn, struct arena *arena, uint64_t status,
		     struct revision out[REVISIONS_MAX]);
/* Those of a status that is being deleted. */
void revisions_del(struct db_txn *txn, uint64_t status);

/* Integrity: each is readable, of a status that is there. */
void revision_check(struct db_txn *txn, struct arena *arena,
		    void (*bad)(void *arg, struct str what), void *arg);

#endif
