/* The rule of visibility. Reads relations only; decides by default no. */
#include "social/see.h"

#include "social/community.h"
#include "store/graph.h"
#include "store/poll.h"
#include "store/shelf.h"

#define PUBLIC "https://www.w3.org/ns/activitystreams#Public"

static bool is_mentioned(const struct status *s, uint64_t account)
{
	for (unsigned i = 0; i < s->mention_count; i++) {
		if (s->mentions[i].account == account)
			return true;
	}
	return false;
}

bool is_held_back(const struct status *status)
{
	return (status->flags & STATUS_HELD) != 0 || status->waits ||
	       (status->approval.state != INTERACTION_NONE &&
		status->approval.state != INTERACTION_ACCEPTED);
}

/* A reply to which its parent's author has not consented is between the two; what waits in a community
 * is seen by its moderators. */
static bool is_approved(struct db_txn *txn, const struct status *s, struct viewer viewer)
{
	if (!is_held_back(s))
		return true;
	if ((s->flags & STATUS_HELD) != 0)
		return false;
	if (s->waits)
		return community_shows(txn, viewer, s);
	return s->approval.state == INTERACTION_PENDING && viewer.account != 0 &&
	       viewer.account == s->parent_account;
}

bool may_see_account(struct db_txn *txn, struct viewer viewer, const struct account *account)
{
	if (account_is_gone(account))
		return false;
	return viewer.account == 0 || viewer.account == account->id ||
	       !block_exists(txn, account->id, viewer.account);
}

bool may_see(struct db_txn *txn, struct viewer viewer, const struct status *status,
	     const struct account *author)
{
	if (author->id != status->account || !may_see_account(txn, viewer, author))
		return false;
	if (status->visibility == VISIBILITY_DIRECT && viewer.local == VIEWER_HERE_NO_LETTERS)
		return false;
	if (viewer.account != 0 && viewer.account == author->id)
		return true;
	if (!is_approved(txn, status, viewer))
		return false;
	switch (status->visibility) {
	case VISIBILITY_PUBLIC:
	case VISIBILITY_UNLISTED:
		return true;
	case VISIBILITY_LOCAL:
		return viewer.account != 0 && viewer.local;
	case VISIBILITY_FOLLOWERS:
		return viewer.account != 0 && (is_mentioned(status, viewer.account) ||
					       follow_accepted(txn, viewer.account, author->id));
	case VISIBILITY_DIRECT:
		return viewer.account != 0 && is_mentioned(status, viewer.account);
	case VISIBILITY_MEMBERS:
		return community_shows(txn, viewer, status);
	}
	return false;
}

bool may_see_boost(struct db_txn *txn, struct viewer viewer, const struct status *boost,
		   const struct account *booster, const struct status *original,
		   const struct account *author)
{
	return original != NULL && author != NULL && boost->boost_of == original->id &&
	       may_see(txn, viewer, boost, booster) && may_see(txn, viewer, original, author);
}

bool may_see_quote(struct db_txn *txn, struct viewer viewer, const struct status *quote,
		   const struct account *quoter, const struct status *quoted,
		   const struct account *author)
{
	return quoted != NULL && author != NULL && quoted->id != 0 &&
	       quote->quote.state == INTERACTION_ACCEPTED && quote->quote.status == quoted->id &&
	       (quoted->flags & STATUS_BOOST) == 0 && may_see(txn, viewer, quote, quoter) &&
	       may_see(txn, viewer, quoted, author) && !block_exists(txn, author->id, quoter->id) &&
	       !block_exists(txn, quoter->id, author->id);
}

bool may_boost(const struct status *status, uint64_t account)
{
	if ((status->flags & STATUS_BOOST) != 0 || is_held_back(status))
		return false;
	if (status->visibility == VISIBILITY_PUBLIC || status->visibility == VISIBILITY_UNLISTED)
		return true;
	/* one's own followers-only post may be shown to the same followers again */
	return status->visibility == VISIBILITY_FOLLOWERS && status->account == account;
}

/* FEP-268d: one of those who are named; Public stands for all, the author's followers for them. */
static bool is_among(struct db_txn *txn, struct viewer viewer, const struct account *author,
		     const struct str *list, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (str_eq(list[i], STR(PUBLIC)))
			return true;
		if (viewer.account == 0)
			continue;
		if (author->followers.len != 0 && str_eq(list[i], author->followers) &&
		    follow_accepted(txn, viewer.account, author->id))
			return true;
		if (account_id_of_uri(txn, list[i]) == viewer.account)
			return true;
	}
	return false;
}

bool in_library(struct db_txn *txn, struct arena *arena, struct viewer viewer,
		const struct status *status)
{
	struct poll_vote vote;
	if (viewer.account == 0)
		return false;
	return status->account == viewer.account || is_mentioned(status, viewer.account) ||
	       like_get(txn, status->id, viewer.account, NULL) ||
	       status_boost_by(txn, status->id, viewer.account) != 0 ||
	       shelf_has(txn, SHELF_BOOKMARKS, viewer.account, status->id) ||
	       (status->has_poll && poll_vote_get(txn, arena, status->id, viewer.account, &vote));
}

bool may_find(struct db_txn *txn, struct viewer viewer, const struct status *status,
	      const struct account *author)
{
	if (!may_see(txn, viewer, status, author))
		return false;
	if (viewer.account != 0 && viewer.account == author->id)
		return true;
	if ((status->flags & STATUS_LIMITED) != 0 &&
	    (viewer.account == 0 || !follow_accepted(txn, viewer.account, author->id)))
		return false;
	/* what the post says counts before what its author says of all */
	if (status->searchable_count != 0)
		return is_among(txn, viewer, author, status->searchable_by,
				status->searchable_count);
	if (author->searchable_count != 0)
		return is_among(txn, viewer, author, author->searchable_by,
				author->searchable_count);
	/* FEP-5feb: what is addressed to Public, of whom agrees */
	return status->visibility == VISIBILITY_PUBLIC && (author->flags & ACCOUNT_INDEXABLE) != 0;
}
