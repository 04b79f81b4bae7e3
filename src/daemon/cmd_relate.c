/* fediflow follow, block, report and the like: acts of people of this node upon other people. */
#include "acts.h"
#include "cmd.h"
#include "target.h"

#define REPORTED_MAX 20

struct pair {
	struct account actor;
	struct account target;
};

static enum rc pair_find(struct cli *cli, struct node *node, enum target_range range,
			 struct pair *pair)
{
	enum rc rc =
		target_account(cli, node, command_argument(cli, 0), TARGET_LOCAL, &pair->actor);
	if (rc == RC_OK)
		rc = target_account(cli, node, command_argument(cli, 1), range, &pair->target);
	if (rc == RC_OK && pair->actor.id == pair->target.id)
		rc = ctx_fail(&cli->ctx, RC_INVALID, "nobody does that to themselves");
	return rc;
}

static void show_done(struct cli *cli, const struct node *node, const char *done,
		      const struct pair *pair, enum follow_state state)
{
	static const char *const states[] = {
		[FOLLOW_NONE] = "", [FOLLOW_PENDING] = "pending", [FOLLOW_ACCEPTED] = "accepted"
	};
	struct arena *arena = cli->ctx.arena;
	output_object(&cli->out, NULL);
	output_str(&cli->out, "done", str_of(done));
	output_str(&cli->out, "actor", target_handle(arena, node, &pair->actor));
	output_str(&cli->out, "target", target_handle(arena, node, &pair->target));
	output_str(&cli->out, "target_uri", pair->target.uri);
	output_opt(&cli->out, "state", str_of(states[state]));
	output_end(&cli->out);
}

static enum rc relate(struct cli *cli, enum target_range range, enum acts_relation what)
{
	struct node node;
	struct pair pair;
	enum follow_state state = FOLLOW_NONE;
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = pair_find(cli, &node, range, &pair);
	if (rc == RC_OK)
		rc = acts_relate(cli, &node, what, pair.actor.id, pair.target.id, &state);
	if (rc == RC_OK)
		show_done(cli, &node, cli->command->name, &pair, state);
	node_close(&node);
	return rc;
}

enum rc cmd_follow(struct cli *cli)
{
	return relate(cli, TARGET_FETCH, ACTS_FOLLOW);
}

enum rc cmd_unfollow(struct cli *cli)
{
	return relate(cli, TARGET_KNOWN, ACTS_UNFOLLOW);
}

enum rc cmd_accept(struct cli *cli)
{
	return relate(cli, TARGET_KNOWN, ACTS_ACCEPT);
}

enum rc cmd_reject(struct cli *cli)
{
	return relate(cli, TARGET_KNOWN, ACTS_REJECT);
}

enum rc cmd_block(struct cli *cli)
{
	return relate(cli, TARGET_FETCH, ACTS_BLOCK);
}

enum rc cmd_unblock(struct cli *cli)
{
	return relate(cli, TARGET_KNOWN, ACTS_UNBLOCK);
}

/* --- reports --- */

struct reporting {
	struct pair pair;
	struct str comment;
	struct str objects[REPORTED_MAX];
	unsigned object_count;
	uint64_t community; /* 0: none is named */
};

static enum rc report_act(struct social *s, void *arg)
{
	const struct reporting *r = arg;
	return act_report(s, &r->pair.actor, &r->pair.target, r->community, r->comment, r->objects,
			  r->object_count, STR(""));
}

/* The posts that a report names, parted by blanks. */
static enum rc report_options(struct cli *cli, struct reporting *r)
{
	struct str rest = command_option(cli, "posts"), comment = command_option(cli, "comment");
	struct str part;
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

static enum rc report_community(struct cli *cli, struct node *node, struct reporting *r)
{
	struct str word = command_option(cli, "community");
	struct account group;
	if (word.ptr == NULL)
		return RC_OK;
	enum rc rc = target_account(cli, node, word, TARGET_FETCH, &group);
	r->community = rc == RC_OK ? group.id : 0;
	return rc;
}

enum rc cmd_report(struct cli *cli)
{
	struct node node;
	struct reporting r = { .object_count = 0 };
	enum rc rc = report_options(cli, &r);
	if (rc != RC_OK)
		return rc;
	rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = pair_find(cli, &node, TARGET_FETCH, &r.pair);
	if (rc == RC_OK)
		rc = report_community(cli, &node, &r);
	if (rc == RC_OK)
		rc = node_act(cli, &node, report_act, &r);
	if (rc == RC_OK)
		show_done(cli, &node, "report", &r.pair, FOLLOW_NONE);
	node_close(&node);
	return rc;
}
