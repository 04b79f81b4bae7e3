/* Who hears the counts of a poll or an event besides followers: those who have voted (FEP-9967,
 * "Publishing results"), or take part, in chunks. */
#include "federate_int.h"
#include "social/see.h"
#include "store/event.h"
#include "store/graph.h"
#include "store/poll.h"

#define CHUNK 200

/* Each inbox once in a chunk; what the followers' walk has reached is left out. */
static void voter_add(struct expansion *x, struct db_txn *txn, const struct account *voter,
		      struct str *done, size_t *count)
{
	bool wide = visibility_is_open(x->f.visibility);
	struct str inbox = wide ? account_bulk_inbox(voter) : voter->inbox;
	if (audience_has(txn, x->f.actor, account_bulk_inbox(voter)))
		return;
	for (size_t i = 0; i < *count; i++) {
		if (str_eq(done[i], inbox))
			return;
	}
	done[(*count)++] = inbox;
	expansion_deliver(x, txn, inbox);
}

static bool may_hear(const struct expansion *x, struct db_txn *txn, const struct status *status,
		     const struct account *author, const struct account *voter)
{
	const struct viewer viewer = { voter->id, false };
	return !account_is_local(voter) && !account_is_gone(voter) &&
	       (visibility_is_open(x->f.visibility) || may_see(txn, viewer, status, author));
}

void expand_voters(struct expansion *x, struct db_txn *txn)
{
	uint64_t ids[CHUNK];
	struct str done[CHUNK];
	size_t count = 0;
	struct status status;
	struct account author;
	x->more = false;
	if (!status_get(txn, x->ctx.arena, x->f.status, &status) ||
	    !account_get(txn, x->ctx.arena, x->f.actor, &author))
		return;
	size_t n = x->f.what == FEDERATE_POLL_VOTERS
			   ? poll_voters(txn, x->f.status, x->f.target, ids, CHUNK)
			   : participant_ids(txn, x->f.status, x->f.target, ids, CHUNK);
	for (size_t i = 0; i < n; i++) {
		struct account voter;
		if (account_get(txn, x->ctx.arena, ids[i], &voter) &&
		    may_hear(x, txn, &status, &author, &voter))
			voter_add(x, txn, &voter, done, &count);
	}
	x->more = n == CHUNK;
	if (x->more)
		x->f.target = ids[n - 1];
}
