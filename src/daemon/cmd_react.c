/* fediflow boost and like, and taking them back. */
#include "cmd.h"
#include "node.h"
#include "social/act.h"
#include "target.h"

struct reaction {
	uint64_t account;
	uint64_t status;
	enum visibility visibility;
	uint64_t made; /* the boost */
	enum rc (*act)(struct social *s, const struct account *actor, struct reaction *r);
};

static enum rc reaction_act(struct social *s, void *arg)
{
	struct reaction *r = arg;
	struct account actor;
	if (!account_get(s->txn, s->ctx->arena, r->account, &actor))
		return RC_NOT_FOUND;
	return r->act(s, &actor, r);
}

static enum rc react(struct cli *cli, struct node *node, const char *done, struct reaction *r)
{
	struct account actor;
	struct status status;
	enum rc rc = target_account(cli, node, command_argument(cli, 0), TARGET_LOCAL, &actor);
	if (rc == RC_OK)
		rc = target_status(cli, node, command_argument(cli, 1), TARGET_FETCH, &status);
	if (rc != RC_OK)
		return rc;
	r->account = actor.id;
	r->status = status.id;
	rc = node_act(cli, node, reaction_act, r);
	if (rc != RC_OK)
		return rc;
	output_object(&cli->out, NULL);
	output_str(&cli->out, "done", str_of(done));
	output_str(&cli->out, "actor", target_handle(cli->ctx.arena, node, &actor));
	output_id(&cli->out, "post", status.id);
	output_str(&cli->out, "post_uri", status.uri);
	output_id(&cli->out, "boost", r->made);
	output_end(&cli->out);
	return RC_OK;
}

static enum rc reaction_run(struct cli *cli, const char *done, struct reaction *r)
{
	struct node node;
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = react(cli, &node, done, r);
	node_close(&node);
	return rc;
}

static enum rc boost(struct social *s, const struct account *actor, struct reaction *r)
{
	return act_boost(s, actor, r->status, STR(""), 0, r->visibility, &r->made);
}

static enum rc unboost(struct social *s, const struct account *actor, struct reaction *r)
{
	return act_unboost(s, actor, r->status);
}

static enum rc like(struct social *s, const struct account *actor, struct reaction *r)
{
	return act_like(s, actor, r->status, STR(""));
}

static enum rc unlike(struct social *s, const struct account *actor, struct reaction *r)
{
	return act_unlike(s, actor, r->status);
}

enum rc cmd_boost(struct cli *cli)
{
	bool undo = command_switch(cli, "undo");
	struct str visibility = command_option(cli, "visibility");
	struct reaction r = { .visibility = VISIBILITY_PUBLIC, .act = undo ? unboost : boost };
	if (visibility.ptr != NULL && !visibility_parse(visibility, &r.visibility))
		return usage_fail(cli,
				  "--visibility is public, unlisted, followers, direct or local");
	return reaction_run(cli, undo ? "unboost" : "boost", &r);
}

enum rc cmd_like(struct cli *cli)
{
	bool undo = command_switch(cli, "undo");
	struct reaction r = { .act = undo ? unlike : like };
	return reaction_run(cli, undo ? "unlike" : "like", &r);
}
