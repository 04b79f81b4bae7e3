/* fediflow boost and like, and taking them back. */
#include "acts.h"
#include "cmd.h"
#include "interact.h"
#include "target.h"

static const char *const done[] = { [ACTS_BOOST] = "boost",
				    [ACTS_UNBOOST] = "unboost",
				    [ACTS_LIKE] = "like",
				    [ACTS_UNLIKE] = "unlike" };

static const enum interaction_kind kinds[] = { [ACTS_BOOST] = INTERACTION_BOOST,
					       [ACTS_UNBOOST] = INTERACTION_BOOST,
					       [ACTS_LIKE] = INTERACTION_LIKE,
					       [ACTS_UNLIKE] = INTERACTION_LIKE };

static enum rc react(struct cli *cli, struct node *node, enum acts_reaction what,
		     enum visibility visibility)
{
	struct account actor;
	struct status status;
	uint64_t made = 0;
	enum rc rc = target_account(cli, node, command_argument(cli, 0), TARGET_LOCAL, &actor);
	if (rc == RC_OK)
		rc = target_status(cli, node, command_argument(cli, 1), TARGET_FETCH, &status);
	if (rc == RC_OK)
		rc = acts_react(cli, node, what, actor.id, status.id, visibility, &made);
	if (rc != RC_OK)
		return rc;
	output_object(&cli->out, NULL);
	output_str(&cli->out, "done", str_of(done[what]));
	output_str(&cli->out, "actor", target_handle(cli->ctx.arena, node, &actor));
	output_id(&cli->out, "post", status.id);
	output_str(&cli->out, "post_uri", status.uri);
	output_id(&cli->out, "boost", made);
	output_opt(&cli->out, "state", interact_state(cli, node, status.id, kinds[what], actor.id));
	output_end(&cli->out);
	return RC_OK;
}

static enum rc react_run(struct cli *cli, enum acts_reaction what, enum visibility visibility)
{
	struct node node;
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = react(cli, &node, what, visibility);
	node_close(&node);
	return rc;
}

enum rc cmd_boost(struct cli *cli)
{
	bool undo = command_switch(cli, "undo");
	struct str word = command_option(cli, "visibility");
	enum visibility visibility = VISIBILITY_PUBLIC;
	if (word.ptr != NULL && !visibility_parse(word, &visibility))
		return usage_fail(cli, "--visibility is public, unlisted or followers");
	return react_run(cli, undo ? ACTS_UNBOOST : ACTS_BOOST, visibility);
}

enum rc cmd_like(struct cli *cli)
{
	bool undo = command_switch(cli, "undo");
	return react_run(cli, undo ? ACTS_UNLIKE : ACTS_LIKE, VISIBILITY_PUBLIC);
}
