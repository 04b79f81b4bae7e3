/* The acts of people, each in a write of its own that may run again. Command's thread. */
#include "acts.h"

#include "reach.h"
#include "social/audit.h"
#include "social/team.h"

/* --- accounts --- */

struct creation {
	const struct new_account *wanted;
	struct account_secrets secrets;
	struct account *made;
};

static enum rc create_act(struct social *s, void *arg)
{
	const struct creation *c = arg;
	enum rc rc = account_create(s, c->wanted, &c->secrets, c->made);
	if (rc == RC_OK)
		audit(s, NULL, AUDIT_ACCOUNT_CREATE, AUDIT_ABOUT(c->made->id));
	return rc;
}

enum rc acts_create(struct cli *cli, struct node *node, const struct new_account *wanted,
		    struct account *out)
{
	struct creation c = { .wanted = wanted, .made = out };
	struct str uri = site_actor_uri(cli->ctx.arena, &node->site, wanted->username);
	enum rc rc = account_keys_make(&cli->ctx, &node->seal, uri, clock_wall_ms(clock_system()),
				       &c.secrets);
	if (rc == RC_OK)
		rc = node_act(cli, node, create_act, &c);
	if (rc == RC_OK)
		node_poke(node, POKE_RELOAD);
	return rc;
}

/* --- posts --- */

enum rc acts_compose(struct cli *cli, struct node *node, struct draft *draft)
{
	struct reach_finder finder = { cli, node };
	const struct mention_finder mentions = reach_mention_finder(&finder);
	return act_compose(&cli->ctx, &node->site, node->db, &mentions, draft);
}

enum rc acts_may_publish(struct social *s, const struct cli *cli, const struct account *author)
{
	return team_asks_four_eyes(s->txn, author) && !command_switch(cli, "without-review")
		       ? ctx_fail(s->ctx, RC_DENIED,
				  "this team has whatever it posts reviewed: let a member write a "
				  "draft, or say --without-review")
		       : RC_OK;
}

struct posting {
	const struct cli *cli;
	struct draft *kept;
};

static enum rc post_act(struct social *s, void *arg)
{
	/* each time from the same draft */
	const struct posting *p = arg;
	struct draft draft = *p->kept;
	enum rc rc = acts_may_publish(s, p->cli, &draft.author);
	if (rc == RC_OK)
		rc = act_post(s, &draft);
	p->kept->id = draft.status.id;
	if (rc == RC_OK)
		team_operated(s, &draft.author, "post.publish", draft.status.id);
	return rc;
}

enum rc acts_post(struct cli *cli, struct node *node, struct draft *draft)
{
	struct posting p = { cli, draft };
	enum rc rc = acts_compose(cli, node, draft);
	return rc == RC_OK ? node_act(cli, node, post_act, &p) : rc;
}

/* --- relations --- */

struct relating {
	enum acts_relation what;
	uint64_t actor_id, target_id;
	struct account actor, target;
	enum follow_state state;
};

static enum rc relate(struct social *s, struct relating *r)
{
	switch (r->what) {
	case ACTS_FOLLOW:
		return act_follow(s, &r->actor, &r->target, STR(""), &r->state);
	case ACTS_UNFOLLOW:
		return act_unfollow(s, &r->actor, &r->target);
	case ACTS_ACCEPT:
		return act_accept(s, &r->actor, &r->target);
	case ACTS_REJECT:
		return act_reject(s, &r->actor, &r->target);
	case ACTS_BLOCK:
		return act_block(s, &r->actor, &r->target, STR(""));
	case ACTS_UNBLOCK:
		return act_unblock(s, &r->actor, &r->target);
	}
	return RC_UNSUPPORTED;
}

static enum rc relate_act(struct social *s, void *arg)
{
	static const char *const names[] = {
		[ACTS_FOLLOW] = "follow", [ACTS_UNFOLLOW] = "unfollow", [ACTS_ACCEPT] = "accept",
		[ACTS_REJECT] = "reject", [ACTS_BLOCK] = "block",	[ACTS_UNBLOCK] = "unblock",
	};
	struct relating *r = arg;
	/* as they are now, not as they were when they were looked for */
	if (!account_get(s->txn, s->ctx->arena, r->actor_id, &r->actor) ||
	    !account_get(s->txn, s->ctx->arena, r->target_id, &r->target))
		return RC_NOT_FOUND;
	enum rc rc = relate(s, r);
	if (rc == RC_OK)
		team_operated(s, &r->actor, names[r->what], r->target_id);
	return rc;
}

enum rc acts_relate(struct cli *cli, struct node *node, enum acts_relation what, uint64_t actor,
		    uint64_t target, enum follow_state *state)
{
	struct relating r = { .what = what, .actor_id = actor, .target_id = target };
	enum rc rc = node_act(cli, node, relate_act, &r);
	if (state != NULL)
		*state = r.state;
	return rc;
}

/* --- reactions --- */

struct reacting {
	enum acts_reaction what;
	uint64_t actor_id, status;
	enum visibility visibility;
	uint64_t made;
};

static enum rc react(struct social *s, const struct account *actor, struct reacting *r)
{
	switch (r->what) {
	case ACTS_BOOST:
		return act_boost(s, actor, r->status, STR(""), 0, r->visibility, &r->made);
	case ACTS_UNBOOST:
		return act_unboost(s, actor, r->status);
	case ACTS_LIKE:
		return act_like(s, actor, r->status, STR(""));
	case ACTS_UNLIKE:
		return act_unlike(s, actor, r->status);
	}
	return RC_UNSUPPORTED;
}

static enum rc react_act(struct social *s, void *arg)
{
	static const char *const names[] = { [ACTS_BOOST] = "boost",
					     [ACTS_UNBOOST] = "unboost",
					     [ACTS_LIKE] = "like",
					     [ACTS_UNLIKE] = "unlike" };
	struct reacting *r = arg;
	struct account actor;
	if (!account_get(s->txn, s->ctx->arena, r->actor_id, &actor))
		return RC_NOT_FOUND;
	enum rc rc = react(s, &actor, r);
	if (rc == RC_OK)
		team_operated(s, &actor, names[r->what], r->status);
	return rc;
}

enum rc acts_react(struct cli *cli, struct node *node, enum acts_reaction what, uint64_t actor,
		   uint64_t status, enum visibility visibility, uint64_t *made)
{
	struct reacting r = {
		.what = what, .actor_id = actor, .status = status, .visibility = visibility
	};
	enum rc rc = node_act(cli, node, react_act, &r);
	if (made != NULL)
		*made = r.made;
	return rc;
}
