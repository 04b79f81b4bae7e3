/* Reading what the entities of communities show. In one short read transaction. */
#include "community_int.h"
#include "social/attribute.h"

static void gather_awards(struct gather *g, uint64_t community, uint64_t account,
			  struct community_card *out)
{
	struct badge_award all[BADGE_AWARDS_MAX];
	size_t n = badge_awards(g->txn, g->arena, community, account, all);
	struct badge_award *awards = ARENA_ARRAY(g->arena, n, struct badge_award);
	struct badge *badges = ARENA_ARRAY(g->arena, n, struct badge);
	if (awards == NULL || badges == NULL)
		return;
	for (size_t i = 0; i < n; i++) {
		size_t at = out->award_count;
		awards[at] = all[i];
		out->award_count +=
			badge_get(g->txn, g->arena, community, all[i].badge, &badges[at]);
	}
	out->awards = awards;
	out->badges = badges;
}

void gather_card_of(struct gather *g, uint64_t community, uint64_t account, bool full,
		    struct community_card *out)
{
	struct follow follow = follow_get(g->txn, account, community);
	*out = (struct community_card){ .account = gather_account(g, account), .full = full };
	if (follow.state == FOLLOW_ACCEPTED)
		out->joined_ms = follow.created_ms;
	/* what somebody's attributes are is told to nobody else */
	if (account == g->viewer.account)
		out->ends_ms = attribute_ends_ms(g->txn, community, account);
	if (!community_member_get(g->txn, g->arena, community, account, &out->row))
		out->row = (struct community_member){ .account = 0 };
	/* of one elsewhere, as far as it has told */
	if ((!community_standing(g->txn, g->arena, community, account, &out->standing) &&
	     !community_standing_elsewhere(g->txn, g->arena, community, account, &out->standing)) ||
	    !community_role_get(g->txn, g->arena, community, out->standing.role, &out->role))
		out->role = (struct community_role){ .name = STR("") };
	gather_awards(g, community, account, out);
}

enum rc gather_community_view(struct gather *g, uint64_t id, struct community_view *out)
{
	*out = (struct community_view){ .group = gather_account(g, id) };
	if (out->group == NULL || out->group->account->kind != ACCOUNT_GROUP)
		return RC_NOT_FOUND;
	struct community own;
	out->local = community_effective(g->txn, g->arena, id, &out->settings);
	if (out->local && community_get(g->txn, g->arena, id, &own))
		out->given = own.given;
	if (account_is_local(out->group->account) && !out->local)
		return RC_NOT_FOUND; /* a group that is no community */
	/* what is for people of here is told to nobody else; that it exists members-only communities do
	 * tell people of here, who may want to join */
	if (out->local && out->settings.sight >= COMMUNITY_LOCAL && g->viewer.account == 0)
		return RC_NOT_FOUND;
	out->totals = community_totals(g->txn, id);
	if (g->viewer.account != 0) {
		out->known_viewer = true;
		out->requested = follow_get(g->txn, g->viewer.account, id).state == FOLLOW_PENDING;
		gather_card_of(g, id, g->viewer.account, false, &out->own);
	}
	/* how much is said in it is for those who may read it */
	if (!community_is_open_to(g, id))
		out->totals = (struct community_totals){ 0 };
	return RC_OK;
}

bool community_is_open_to(struct gather *g, uint64_t id)
{
	return may_see_community(g->txn, g->arena, g->viewer, id);
}

bool community_begin(struct call *call, struct gather *g, uint64_t community, unsigned permissions)
{
	enum rc rc = gather_begin(g, call);
	if (rc == RC_OK) {
		bool there = community_exists(g->txn, community);
		bool may = there &&
			   community_permits(g->txn, community, call->viewer.account, permissions);
		if (may)
			return true;
		if (there)
			rc = ctx_fail(call->ctx, RC_DENIED,
				      "your role in this community does not permit it");
		rc = gather_end(g, there ? rc : RC_NOT_FOUND);
	}
	reply_reason(call, rc);
	return false;
}

void reply_community(struct call *call, uint64_t id)
{
	struct community_view view;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK)
		rc = gather_end(&g, gather_community_view(&g, id, &view));
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_community(reply_begin(call), call->api->parts.site, &view);
	reply_end(call, 200);
}

void reply_done(struct call *call, enum rc rc)
{
	if (rc == RC_OK || rc == RC_EXISTS)
		reply_empty(call);
	else
		reply_reason(call, rc);
}
