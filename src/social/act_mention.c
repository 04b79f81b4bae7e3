/* Whom a post names: who of them is known here, and who is told. Inside transactions. */
#include "post_int.h"
#include "store/graph.h"

#define MENTIONS_TOLD_MAX 50 /* SECURITY section 13 */

static bool mentioned_before(const struct status *status, unsigned count, uint64_t account)
{
	for (unsigned i = 0; i < count; i++) {
		if (status->mentions[i].account == account)
			return true;
	}
	return false;
}

/* Who is addressed without being named in the text hears of a letter only, not of every post. */
static bool mention_is_silent(const struct status *status, const struct status_mention *m)
{
	return m->handle.len == 0 && status->visibility != VISIBILITY_DIRECT;
}

/* The sieve has limited a post: who does not follow its author is not told. */
static bool is_stranger(struct social *s, const struct status *status, uint64_t account)
{
	return (status->flags & STATUS_LIMITED) != 0 &&
	       !follow_accepted(s->txn, account, status->account);
}

void post_tell_mentioned(struct social *s, const struct status *status, const struct status *before,
			 struct federate *f)
{
	unsigned told = 0;
	for (unsigned i = 0; i < status->mention_count; i++) {
		const struct status_mention *m = &status->mentions[i];
		struct account a;
		if (m->account == 0 || mentioned_before(status, i, m->account) ||
		    !account_get(s->txn, s->ctx->arena, m->account, &a))
			continue;
		bool known = before != NULL &&
			     mentioned_before(before, before->mention_count, m->account);
		if (!known && !mention_is_silent(status, m) && told < MENTIONS_TOLD_MAX &&
		    !is_stranger(s, status, m->account))
			told += act_notify(s, &a, NOTICE_MENTION, status->account, status->id);
		if (f != NULL)
			act_hears(f, &a);
	}
}

void post_know_mentioned(struct social *s, struct status *status)
{
	for (unsigned i = 0; i < status->mention_count; i++)
		status->mentions[i].account = account_id_of_uri(s->txn, status->mentions[i].uri);
}
