/* fediflow community queue, approve, remove, lock, pin: what is posted in a community. */
#include "cmd.h"
#include "communities.h"
#include "store/status.h"
#include "target.h"

#define LIST_MAX 1000

static void print_queue(struct cli *cli, struct node *node, struct db_txn *txn, uint64_t id)
{
	uint64_t ids[LIST_MAX];
	struct page page = PAGE_ALL;
	size_t n = community_posts(txn, id, COMMUNITY_POSTS_HELD, &page, ids, LIST_MAX);
	output_table(&cli->out, NULL);
	for (size_t i = 0; i < n; i++) {
		struct status status;
		if (!status_get(txn, cli->ctx.arena, ids[i], &status))
			continue;
		output_row(&cli->out);
		output_id(&cli->out, "id", status.id);
		output_str(&cli->out, "author", handle_of(cli, node, txn, status.account));
		output_date(&cli->out, "published", status.created_ms);
		output_str(&cli->out, "uri", status.uri);
		output_end(&cli->out);
	}
	output_end(&cli->out);
}

enum rc cmd_community_queue(struct cli *cli)
{
	return look_at_community(cli, print_queue);
}

static enum rc moderate(struct social *s, struct asked *a)
{
	return community_moderate(s, NULL, a->status, a->what, a->reason);
}

static enum rc pin_for_a_while(struct social *s, struct asked *a)
{
	return community_pin_until(s, NULL, a->status, a->until_ms);
}

enum rc upon_post_with(struct cli *cli, struct asked a)
{
	struct node node;
	struct status status;
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = target_status(cli, &node, command_argument(cli, 0), TARGET_KNOWN, &status);
	a.status = status.id;
	if (rc == RC_OK)
		rc = asked_run(cli, &node, &a);
	if (rc == RC_OK) {
		output_object(&cli->out, NULL);
		output_str(&cli->out, "done", str_of(cli->command->name));
		output_id(&cli->out, "community", status.community);
		output_id(&cli->out, "post", status.id);
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}

static enum rc upon_post(struct cli *cli, enum community_act what)
{
	return upon_post_with(
		cli, (struct asked){ .act = moderate, .what = what, .reason = read_reason(cli) });
}

enum rc cmd_community_approve(struct cli *cli)
{
	return upon_post(cli, COMMUNITY_ACT_APPROVE);
}

enum rc cmd_community_reject(struct cli *cli)
{
	return upon_post(cli, COMMUNITY_ACT_REFUSE);
}

enum rc cmd_community_remove(struct cli *cli)
{
	return upon_post(cli, command_switch(cli, "undo") ? COMMUNITY_ACT_RESTORE
							  : COMMUNITY_ACT_REMOVE);
}

enum rc cmd_community_lock(struct cli *cli)
{
	return upon_post(cli,
			 command_switch(cli, "undo") ? COMMUNITY_ACT_UNLOCK : COMMUNITY_ACT_LOCK);
}

enum rc cmd_community_pin(struct cli *cli)
{
	struct asked a = { .act = pin_for_a_while };
	enum rc rc = read_moment(cli, "until", &a.until_ms);
	if (rc != RC_OK)
		return rc;
	if (command_switch(cli, "undo"))
		return upon_post(cli, COMMUNITY_ACT_UNPIN);
	return a.until_ms != 0 ? upon_post_with(cli, a) : upon_post(cli, COMMUNITY_ACT_PIN);
}
