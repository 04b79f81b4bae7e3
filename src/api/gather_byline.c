/* Who wrote what stands under a team's name. */
#include "social/team.h"
#include "view_int.h"

/* Members know it always, others where the team wants that. */
static bool may_know(struct gather *g, uint64_t account)
{
	struct team_member member;
	struct team team;
	if (!team_get(g->txn, account, &team))
		return false;
	return team.credit != TEAM_CREDIT_MEMBERS || g->viewer.account == account ||
	       (g->viewer.account != 0 &&
		team_member_get(g->txn, account, g->viewer.account, &member));
}

void gather_bylines(struct gather *g, struct status_view *views, size_t count)
{
	struct byline byline;
	for (size_t i = 0; i < count; i++) {
		const struct account *a = views[i].account->account;
		if ((a->flags & ACCOUNT_TEAM) == 0 || !byline_get(g->txn, views[i].id, &byline) ||
		    byline.writer == 0 || !may_know(g, a->id))
			continue;
		gather_accounts(g, &byline.writer, 1);
		views[i].writer = gather_account(g, byline.writer);
		if (byline.former == 0 || byline.former == byline.writer)
			continue;
		gather_accounts(g, &byline.former, 1);
		views[i].former = gather_account(g, byline.former);
	}
}
