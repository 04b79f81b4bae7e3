/* Reading what moderators did about the reader, and follows that the reader has lost. In the
 * transaction of the gather. */
#include "told_int.h"

/* Nobody is told of what was done about others. */
const struct warning_view *gather_warning(struct gather *g, uint64_t id)
{
	struct strike *strike = ARENA_NEW(g->arena, struct strike);
	struct warning_view *view = ARENA_NEW(g->arena, struct warning_view);
	if (strike == NULL || view == NULL || !strike_get(g->txn, g->arena, id, strike) ||
	    strike->account != g->viewer.account)
		return NULL;
	view->strike = strike;
	view->target = gather_person(g, strike->account);
	view->group = strike->community != 0 ? gather_account(g, strike->community) : NULL;
	return view->target != NULL ? view : NULL;
}

const struct severance *gather_severance(struct gather *g, uint64_t event)
{
	struct severance *severance = ARENA_NEW(g->arena, struct severance);
	if (severance == NULL ||
	    !severance_get(g->txn, g->arena, g->viewer.account, event, severance))
		return NULL;
	return severance;
}
