/* fediflow follow, block, report and the like: acts of people of this node upon other people. */
#include "cmd.h"
#include "node.h"
#include "social/act.h"
#include "target.h"

#define REPORTED_MAX 20

/* An act of one upon another, and how to do it. */
struct relation {
	const char *done; /* what is printed when it succeeded */
	enum target_range range;
	enum rc (*act)(struct social *s, struct relation *r);
	struct account actor;
	struct account target;
	enum follow_state state;
	struct str comment;
	struct str objects[REPORTED_MAX];
	unsigned object_count;
};

static enum rc relation_act(struct social *s, void *arg)
{
	struct relation *r = arg;
	/* as they are now, not as they were when they were looked for */
	if (!account_get(s->txn, s->ctx->arena, r->actor.id, &r->actor) ||
	    !account_get(s->txn, s->ctx->arena, r->target.id, &r->target))
		return RC_NOT_FOUND;
	return r->act(s, r);
}

static void show_relation(struct cli *cli, const struct node *node, const struct relation *r)
{
	static const char *const states[] = {
		[FOLLOW_NONE] = "none", [FOLLOW_PENDING] = "pending", [FOLLOW_ACCEPTED] = "accepted"
	};
	struct arena *arena = cli->ctx.arena;
	output_object(&cli->out, NULL);
	output_str(&cli->out, "done", str_of(r->done));
	output_str(&cli->out, "actor", target_handle(arena, node, &r->actor));
	output_str(&cli->out, "target", target_handle(arena, node, &r->target));
	output_str(&cli->out, "target_uri", r->target.uri);
	if (r->state != FOLLOW_NONE)
		output_str(&cli->out, "state", str_of(states[r->state]));
	output_end(&cli->out);
}

static enum rc relation_find(struct cli *cli, struct node *node, struct relation *r)
{
	enum rc rc = target_account(cli, node, command_argument(cli, 0), TARGET_LOCAL, &r->actor);
	if (rc == RC_OK)
		rc = target_account(cli, node, command_argument(cli, 1), r->range, &r->target);
	if (rc == RC_OK && r->actor.id == r->target.id)
		rc = ctx_fail(&cli->ctx, RC_INVALID, "nobody does that to themselves");
	return rc;
}

static enum rc relation_run(struct cli *cli, struct relation *r)
{
	struct node node;
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = relation_find(cli, &node, r);
	if (rc == RC_OK)
		rc = node_act(cli, &node, relation_act, r);
	if (rc == RC_OK)
		show_relation(cli, &node, r);
	node_close(&node);
	return rc;
}

/* --- follows --- */

static enum rc follow(struct social *s, struct relation *r)
{
	return act_follow(s, &r->actor, &r->target, STR(""), &r->state);
}

static enum rc unfollow(struct social *s, struct relation *r)
{
	return act_unfollow(s, &r->actor, &r->target);
}

static enum rc accept_follow(struct social *s, struct relation *r)
{
	return act_accept(s, &r->actor, &r->target);
}

static enum rc reject_follow(struct social *s, struct relation *r)
{
	return act_reject(s, &r->actor, &r->target);
}

enum rc cmd_follow(struct cli *cli)
{
	struct relation r = { .done = "follow", .range = TARGET_FETCH, .act = follow };
	return relation_run(cli, &r);
}

enum rc cmd_unfollow(struct cli *cli)
{
	struct relation r = { .done = "unfollow", .range = TARGET_KNOWN, .act = unfollow };
	return relation_run(cli, &r);
}

enum rc cmd_accept(struct cli *cli)
{
	struct relation r = { .done = "accept", .range = TARGET_KNOWN, .act = accept_follow };
	return relation_run(cli, &r);
}

enum rc cmd_reject(struct cli *cli)
{
	struct relation r = { .done = "reject", .range = TARGET_KNOWN, .act = reject_follow };
	return relation_run(cli, &r);
}

/* --- blocks --- */

static enum rc block(struct social *s, struct relation *r)
{
	return act_block(s, &r->actor, &r->target, STR(""));
}

static enum rc unblock(struct social *s, struct relation *r)
{
	return act_unblock(s, &r->actor, &r->target);
}

enum rc cmd_block(struct cli *cli)
{
	struct relation r = { .done = "block", .range = TARGET_FETCH, .act = block };
	return relation_run(cli, &r);
}

enum rc cmd_unblock(struct cli *cli)
{
	struct relation r = { .done = "unblock", .range = TARGET_KNOWN, .act = unblock };
	return relation_run(cli, &r);
}

/* --- reports --- */

static enum rc report(struct social *s, struct relation *r)
{
	return act_report(s, &r->actor, &r->target, r->comment, r->objects, r->object_count,
			  STR(""));
}

/* The posts that a report names, parted by blanks; they must be the target's to mean anything. */
static enum rc report_objects(struct cli *cli, struct relation *r)
{
	struct str rest = command_option(cli, "posts"), part;
	struct str comment = command_option(cli, "comment");
	r->comment = comment.ptr != NULL ? comment : STR("");
	while (str_next(&rest, ' ', &part)) {
		if (part.len == 0)
			continue;
		if (r->object_count == REPORTED_MAX)
			return usage_fail(cli, "--posts takes %d addresses at most", REPORTED_MAX);
		r->objects[r->object_count++] = part;
	}
	return RC_OK;
}

enum rc cmd_report(struct cli *cli)
{
	struct relation r = { .done = "report", .range = TARGET_FETCH, .act = report };
	enum rc rc = report_objects(cli, &r);
	return rc == RC_OK ? relation_run(cli, &r) : rc;
}
