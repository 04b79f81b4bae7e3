/* fediflow community joint: with which groups elsewhere a community is owned together. At the command line
 * the operator acts, who may do everything. */
#include "cmd.h"
#include "communities.h"
#include "social/joint.h"
#include "target.h"

static void print_partners(struct cli *cli, struct node *node, struct db_txn *txn, uint64_t id)
{
	struct joint *rows = ARENA_ARRAY(cli->ctx.arena, JOINT_PARTNERS_MAX, struct joint);
	size_t n = rows != NULL ? joints(txn, cli->ctx.arena, id, rows) : 0;
	output_table(&cli->out, NULL);
	for (size_t i = 0; i < n; i++) {
		output_row(&cli->out);
		output_str(&cli->out, "handle", handle_of(cli, node, txn, rows[i].partner));
		output_id(&cli->out, "id", rows[i].partner);
		output_str(&cli->out, "state", str_of(joint_state_name(rows[i].state)));
		output_date(&cli->out, "since", rows[i].since_ms);
		output_opt(&cli->out, "by", handle_of(cli, node, txn, rows[i].by));
		output_date(&cli->out, "compared", rows[i].compared_ms);
		output_num(&cli->out, "lacking", rows[i].lacking);
		output_end(&cli->out);
	}
	output_end(&cli->out);
}

enum rc cmd_joint_list(struct cli *cli)
{
	return look_at_community(cli, print_partners);
}

static enum rc with_group(struct cli *cli, enum target_range range,
			  enum rc (*act)(struct social *s, struct asked *a))
{
	struct asked a = { .act = act };
	struct account group;
	struct node node;
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = read_community(cli, &node, command_argument(cli, 0), &a.community);
	if (rc == RC_OK)
		rc = target_account(cli, &node, command_argument(cli, 1), range, &group);
	a.who = group.id;
	if (rc == RC_OK)
		rc = asked_run(cli, &node, &a);
	if (rc == RC_OK) {
		output_object(&cli->out, NULL);
		output_str(&cli->out, "done", str_of(cli->command->name));
		output_id(&cli->out, "community", a.community);
		output_str(&cli->out, "partner", target_handle(cli->ctx.arena, &node, &group));
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}

static enum rc offer(struct social *s, struct asked *a)
{
	struct account group;
	if (!account_get(s->txn, s->ctx->arena, a->who, &group))
		return RC_NOT_FOUND;
	return joint_offer(s, NULL, a->community, &group);
}

enum rc cmd_joint_offer(struct cli *cli)
{
	return with_group(cli, TARGET_FETCH, offer);
}

static enum rc accept(struct social *s, struct asked *a)
{
	return joint_accept(s, NULL, a->community, a->who);
}

enum rc cmd_joint_accept(struct cli *cli)
{
	return with_group(cli, TARGET_KNOWN, accept);
}

static enum rc end(struct social *s, struct asked *a)
{
	return joint_end(s, NULL, a->community, a->who);
}

enum rc cmd_joint_end(struct cli *cli)
{
	return with_group(cli, TARGET_KNOWN, end);
}

static enum rc compare(struct social *s, struct asked *a)
{
	return joint_compare(s, NULL, a->community, a->who);
}

enum rc cmd_joint_compare(struct cli *cli)
{
	return with_group(cli, TARGET_KNOWN, compare);
}
