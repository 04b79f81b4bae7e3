/* fediflow show, posts, notices, followers, following: looking at what is stored. */
#include <stdio.h>

#include "cmd.h"
#include "node.h"
#include "present.h"
#include "social/poll.h"
#include "store/graph.h"
#include "store/notice.h"
#include "target.h"

#define LIST_MAX 1000
#define LIST_DEFAULT 20

/* What a list is of, and how many. */
struct listing {
	struct node node;
	struct account account;
	uint64_t limit;
};

/* Opens the node, finds the account of the first argument, and prints a table from one snapshot. */
static enum rc list_run(struct cli *cli, enum target_range range,
			void (*fill)(struct cli *cli, struct listing *l, struct db_txn *txn))
{
	struct listing l;
	struct db_txn *txn = NULL;
	enum rc rc = node_open(cli, NODE_READ, &l.node);
	if (rc == RC_OK)
		rc = command_number(cli, "limit", LIST_DEFAULT, LIST_MAX, &l.limit);
	if (rc == RC_OK)
		rc = target_account(cli, &l.node, command_argument(cli, 0), range, &l.account);
	if (rc == RC_OK)
		rc = db_read_begin(l.node.db, &txn);
	if (rc == RC_OK) {
		output_table(&cli->out, NULL);
		fill(cli, &l, txn);
		output_end(&cli->out);
		rc = db_txn_rc(txn);
		db_read_end(&txn);
	}
	node_close(&l.node);
	return rc == RC_OK ? rc : ctx_fail(&cli->ctx, rc, "the database cannot be read");
}

/* --- posts --- */

static void fill_posts(struct cli *cli, struct listing *l, struct db_txn *txn)
{
	struct status_entry entries[LIST_MAX];
	size_t n = status_by_author(txn, l->account.id, 0, 0, entries, (size_t)l->limit);
	for (size_t i = 0; i < n; i++) {
		struct status status;
		struct status_view view;
		if (!status_get(txn, cli->ctx.arena, entries[i].id, &status))
			continue;
		status_view_read(txn, cli->ctx.arena, &status, &view);
		present_status_row(cli, &l->node, &view);
	}
}

enum rc cmd_posts(struct cli *cli)
{
	return list_run(cli, TARGET_KNOWN, fill_posts);
}

/* --- notices --- */

static void notice_row(struct cli *cli, const struct node *node, struct db_txn *txn,
		       const struct notice *notice)
{
	struct account from;
	struct status about;
	struct arena *arena = cli->ctx.arena;
	bool known = account_get(txn, arena, notice->from, &from);
	bool post = notice->status != 0 && status_get(txn, arena, notice->status, &about);
	output_row(&cli->out);
	output_id(&cli->out, "id", notice->id);
	output_str(&cli->out, "kind", str_of(notice_kind_name(notice->kind)));
	output_opt(&cli->out, "from", known ? target_handle(arena, node, &from) : STR_NONE);
	output_id(&cli->out, "post", notice->status);
	output_opt(&cli->out, "post_uri", post ? about.uri : STR_NONE);
	output_end(&cli->out);
}

static void fill_notices(struct cli *cli, struct listing *l, struct db_txn *txn)
{
	struct notice notices[LIST_MAX];
	size_t n = notice_list(txn, l->account.id, 0, notices, (size_t)l->limit);
	for (size_t i = 0; i < n; i++)
		notice_row(cli, &l->node, txn, &notices[i]);
}

enum rc cmd_notices(struct cli *cli)
{
	return list_run(cli, TARGET_LOCAL, fill_notices);
}

/* --- followers and following --- */

typedef size_t follow_list(struct db_txn *txn, uint64_t account, uint64_t after,
			   enum follow_state state, uint64_t *out, size_t count);

static void follow_rows(struct cli *cli, struct listing *l, struct db_txn *txn, follow_list *list,
			enum follow_state state, const char *name)
{
	uint64_t ids[LIST_MAX];
	struct account other;
	size_t n = list(txn, l->account.id, 0, state, ids, (size_t)l->limit);
	for (size_t i = 0; i < n; i++) {
		if (!account_get(txn, cli->ctx.arena, ids[i], &other))
			continue;
		output_row(&cli->out);
		output_str(&cli->out, "handle", target_handle(cli->ctx.arena, &l->node, &other));
		output_id(&cli->out, "id", other.id);
		output_str(&cli->out, "state", str_of(name));
		output_str(&cli->out, "uri", other.uri);
		output_end(&cli->out);
	}
}

static void follow_tables(struct cli *cli, struct listing *l, struct db_txn *txn, follow_list *list)
{
	follow_rows(cli, l, txn, list, FOLLOW_ACCEPTED, "accepted");
	follow_rows(cli, l, txn, list, FOLLOW_PENDING, "pending");
}

static void fill_followers(struct cli *cli, struct listing *l, struct db_txn *txn)
{
	follow_tables(cli, l, txn, follow_followers);
}

static void fill_following(struct cli *cli, struct listing *l, struct db_txn *txn)
{
	follow_tables(cli, l, txn, follow_following);
}

enum rc cmd_followers(struct cli *cli)
{
	return list_run(cli, TARGET_KNOWN, fill_followers);
}

enum rc cmd_following(struct cli *cli)
{
	return list_run(cli, TARGET_KNOWN, fill_following);
}

/* --- one thing --- */

/* The running node asks for what is missing of its thread; here nobody waits for that. */
static enum rc show_status(struct cli *cli, struct node *node, const struct status *status)
{
	struct status_view view;
	struct db_txn *txn;
	enum rc rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return rc;
	status_view_read(txn, cli->ctx.arena, status, &view);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc == RC_OK) {
		present_status(cli, node, &view);
		node_poke_about(node, POKE_LOOK, status->id);
	}
	/* a running node asks for the last counts, for whoever looks again */
	if (rc == RC_OK && view.poll.option_count != 0 &&
	    poll_is_stale(&view.poll, clock_wall_ms(clock_system())))
		node_poke_about(node, POKE_POLL, status->id);
	return rc;
}

static enum rc show_account(struct cli *cli, struct node *node, const struct account *account)
{
	struct account_view view;
	struct db_txn *txn;
	enum rc rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return rc;
	account_view_read(txn, cli->ctx.arena, account, &view);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc == RC_OK)
		present_account(cli, node, &view);
	return rc;
}

/* A word names a post when it can, else an account. */
static enum rc show(struct cli *cli, struct node *node, struct str word)
{
	struct status status;
	struct account account;
	uint64_t number;
	bool address = str_contains(word, STR("://"));
	if (address || str_to_u64(word, &number)) {
		struct err before = cli->ctx.err;
		enum rc rc = target_status(cli, node, word, TARGET_KNOWN, &status);
		if (rc == RC_OK)
			return show_status(cli, node, &status);
		if (rc != RC_NOT_FOUND)
			return rc;
		cli->ctx.err = before;
	}
	enum rc rc = target_account(cli, node, word, TARGET_KNOWN, &account);
	if (rc == RC_OK)
		return show_account(cli, node, &account);
	if (rc == RC_NOT_FOUND) {
		cli->ctx.err = (struct err){ .rc = RC_OK };
		return ctx_fail(&cli->ctx, rc, "nothing is known as %.*s",
				STR_ARG(str_take(word, 160)));
	}
	return rc;
}

enum rc cmd_show(struct cli *cli)
{
	struct node node;
	enum rc rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = show(cli, &node, command_argument(cli, 0));
	node_close(&node);
	return rc == RC_OK ? rc : ctx_fail(&cli->ctx, rc, "the database cannot be read");
}
