/*
 * Partners of a community in its office: with whom it is owned together, for its owners. What is typed may
 * name a group that is not known yet: then its host is asked, and no thread waits for it.
 */
#include "office_int.h"
#include "social/joint.h"
#include "social/search.h"

void partners_read(struct db_txn *txn, struct arena *arena, struct office_page *page)
{
	struct joint *rows = ARENA_ARRAY(arena, JOINT_PARTNERS_MAX, struct joint);
	size_t n = rows != NULL ? joints(txn, arena, page->group->id, rows) : 0;
	page->partners = ARENA_ARRAY(arena, JOINT_PARTNERS_MAX, struct office_partner);
	for (size_t i = 0; page->partners != NULL && i < n; i++) {
		struct office_partner *p = &page->partners[page->partner_count];
		p->joint = rows[i];
		page->partner_count += account_get(txn, arena, rows[i].partner, &p->group);
	}
}

/* --- a group that is not known yet --- */

/* Only an owner makes the node ask others (S-061). */
static bool is_to_be_asked(struct asking *a, uint64_t community, const struct search_target *target)
{
	const struct viewer viewer = { .account = a->account.id };
	struct ctx quiet = { .arena = a->req->ctx.arena };
	struct db_txn *txn;
	if (!search_may_ask(&a->web->search, a->web->site, target) ||
	    db_read_begin(a->web->db, &txn) != RC_OK)
		return false;
	struct social s = { .txn = txn, .ctx = &quiet, .site = a->web->site };
	bool ask = joint_offer_check(&s, &a->account, community) == RC_OK &&
		   search_known(&quiet, txn, a->web->site, viewer, target).account == 0;
	db_read_end(&txn);
	return ask;
}

struct naming {
	struct office_act *act;
	struct search_target target;
};

static void naming_rest(void *arg)
{
	const struct naming *n = arg;
	office_run(n->act);
}

/* What is known now the act finds; whom nobody knows it complains of. */
static void naming_done(void *arg, enum rc rc UNUSED, uint64_t id UNUSED)
{
	struct naming *n = arg;
	httpd_go_on(n->act->asking->req, naming_rest, n);
}

static void naming_ask(void *arg)
{
	struct naming *n = arg;
	search_ask(&n->act->asking->web->search, &n->target, naming_done, n);
}

static enum rc read_offer(struct asking *a, struct office_act *act)
{
	struct naming *n = ARENA_NEW(a->req->ctx.arena, struct naming);
	if (n == NULL)
		return RC_NO_MEMORY;
	n->act = act;
	search_group_target(&a->req->ctx, a->web->site, act->who, &n->target);
	if (!is_to_be_asked(a, act->community, &n->target))
		return RC_OK;
	act->left = true;
	httpd_leave(a->req, naming_ask, n);
	return RC_OK;
}

/* --- acts --- */

static enum rc run_offer(struct social *s, const struct account *actor, struct office_act *act)
{
	const struct viewer viewer = { .account = actor->id };
	struct search_target target;
	struct account group;
	search_group_target(s->ctx, s->site, act->who, &target);
	const struct search_hit hit = search_known(s->ctx, s->txn, s->site, viewer, &target);
	if (hit.account == 0 || !account_get(s->txn, s->ctx->arena, hit.account, &group))
		return ctx_fail(s->ctx, RC_NOT_FOUND, "that community cannot be found");
	return joint_offer(s, actor, act->community, &group);
}

static enum rc run_accept(struct social *s, const struct account *actor, struct office_act *act)
{
	return joint_accept(s, actor, act->community, act->account);
}

static enum rc run_end(struct social *s, const struct account *actor, struct office_act *act)
{
	return joint_end(s, actor, act->community, act->account);
}

static enum rc run_compare(struct social *s, const struct account *actor, struct office_act *act)
{
	return joint_compare(s, actor, act->community, act->account);
}

const struct office_step partner_steps[] = {
	{ "partner_offer", run_offer, read_offer, NULL, false },
	{ "partner_accept", run_accept, NULL, NULL, false },
	{ "partner_end", run_end, NULL, NULL, false },
	{ "partner_compare", run_compare, NULL, NULL, false },
};
const size_t partner_step_count = ARRAY_LEN(partner_steps);
