/* fediflow vote: choosing in a poll. */
#include "cmd.h"
#include "polls.h"
#include "target.h"

static enum rc vote(struct cli *cli, struct node *node)
{
	struct str choices[ARGUMENTS_MAX];
	unsigned count = 0;
	struct account actor;
	struct status status;
	struct str word;
	enum rc rc = target_account(cli, node, command_argument(cli, 0), TARGET_LOCAL, &actor);
	if (rc == RC_OK)
		rc = target_status(cli, node, command_argument(cli, 1), TARGET_FETCH, &status);
	while ((word = command_argument(cli, count + 2)).ptr != NULL)
		choices[count++] = word;
	if (rc == RC_OK)
		rc = polls_vote(cli, node, actor.id, status.id, choices, count);
	if (rc != RC_OK)
		return rc;
	output_object(&cli->out, NULL);
	output_str(&cli->out, "done", STR("vote"));
	output_str(&cli->out, "actor", target_handle(cli->ctx.arena, node, &actor));
	output_id(&cli->out, "post", status.id);
	output_str(&cli->out, "post_uri", status.uri);
	output_end(&cli->out);
	return RC_OK;
}

enum rc cmd_vote(struct cli *cli)
{
	struct node node;
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = vote(cli, &node);
	node_close(&node);
	return rc;
}
