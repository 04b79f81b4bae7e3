/* fediflow community queue, approve, remove, lock, pin, cross-post: what is posted in a community. */
#include "acts.h"
#include "cmd.h"
#include "communities.h"
#include "social/see.h"
#include "social/team.h"
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

/* --- posting across --- */

struct crossing {
	const struct cli *cli;
	struct draft draft;
	struct status source;
	uint64_t made;
};

/* What the author does not see they cannot carry elsewhere. */
static enum rc may_carry(struct cli *cli, const struct node *node, const struct crossing *c)
{
	const struct viewer viewer = { c->draft.author.id, VIEWER_HERE };
	struct account author;
	struct db_txn *txn;
	enum rc rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	bool seen = account_get(txn, cli->ctx.arena, c->source.account, &author) &&
		    may_see(txn, viewer, &c->source, &author);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc == RC_OK && !seen)
		rc = RC_NOT_FOUND;
	return rc == RC_OK ? rc : ctx_fail(&cli->ctx, rc, "they do not see such a post");
}

static enum rc cross_act(struct social *s, void *arg)
{
	/* each time from the same draft */
	struct crossing *c = arg;
	struct draft draft = c->draft;
	enum rc rc = acts_may_publish(s, c->cli, &draft.author);
	if (rc == RC_OK)
		rc = community_cross(s, &c->source, &draft);
	c->made = draft.status.id;
	if (rc == RC_OK)
		team_operated(s, &draft.author, "post.publish", c->made);
	return rc;
}

static enum rc cross(struct cli *cli, struct node *node, struct crossing *c)
{
	struct str text = command_option(cli, "text");
	struct draft *draft = &c->draft;
	enum rc rc = read_community(cli, node, command_argument(cli, 0), &draft->community);
	if (rc == RC_OK)
		rc = target_account(cli, node, command_argument(cli, 1), TARGET_LOCAL,
				    &draft->author);
	if (rc == RC_OK)
		rc = target_status(cli, node, command_argument(cli, 2), TARGET_FETCH, &c->source);
	if (rc == RC_OK)
		rc = may_carry(cli, node, c);
	if (rc == RC_OK)
		rc = community_cross_draft(&cli->ctx, &c->source, text.ptr != NULL ? text : STR(""),
					   draft);
	if (rc == RC_OK)
		rc = acts_compose(cli, node, draft);
	return rc == RC_OK ? node_act(cli, node, cross_act, c) : rc;
}

enum rc cmd_community_cross_post(struct cli *cli)
{
	struct crossing c = { .cli = cli, .draft = { .spoiler = STR(""), .language = STR("") } };
	struct node node;
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = cross(cli, &node, &c);
	if (rc == RC_OK) {
		output_object(&cli->out, NULL);
		output_str(&cli->out, "done", str_of(cli->command->name));
		output_id(&cli->out, "community", c.draft.community);
		output_id(&cli->out, "post", c.made);
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}
