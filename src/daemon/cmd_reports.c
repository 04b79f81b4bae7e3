/* fediflow reports: what people and peers complained about. */
#include "cmd.h"
#include "node.h"
#include "store/report.h"
#include "target.h"

#define LIST_MAX 1000
#define LIST_DEFAULT 20

static struct str handle_of(struct cli *cli, const struct node *node, struct db_txn *txn,
			    uint64_t id)
{
	struct account account;
	if (!account_get(txn, cli->ctx.arena, id, &account))
		return STR_NONE;
	return target_handle(cli->ctx.arena, node, &account);
}

static void print_report(struct cli *cli, const struct node *node, struct db_txn *txn,
			 const struct report *report)
{
	struct output *out = &cli->out;
	output_object(out, NULL);
	output_id(out, "id", report->id);
	output_opt(out, "reporter", handle_of(cli, node, txn, report->reporter));
	output_opt(out, "target", handle_of(cli, node, txn, report->target));
	output_opt(out, "comment", report->comment);
	output_opt(out, "uri", report->uri);
	output_list(out, "objects");
	for (unsigned i = 0; i < report->object_count; i++)
		output_item(out, report->objects[i]);
	output_end(out);
	output_end(out);
}

static enum rc print_reports(struct cli *cli, const struct node *node, uint64_t limit)
{
	struct db_txn *txn;
	struct report *reports = ARENA_ARRAY(cli->ctx.arena, LIST_MAX, struct report);
	if (reports == NULL)
		return ctx_fail(&cli->ctx, RC_NO_MEMORY, "out of memory");
	enum rc rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	size_t n = report_list(txn, cli->ctx.arena, 0, reports, (size_t)limit);
	output_list(&cli->out, NULL);
	for (size_t i = 0; i < n; i++)
		print_report(cli, node, txn, &reports[i]);
	output_end(&cli->out);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc == RC_OK ? rc : ctx_fail(&cli->ctx, rc, "the database cannot be read");
}

enum rc cmd_reports(struct cli *cli)
{
	struct node node;
	uint64_t limit = LIST_DEFAULT;
	enum rc rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = command_number(cli, "limit", LIST_DEFAULT, LIST_MAX, &limit);
	if (rc == RC_OK)
		rc = print_reports(cli, &node, limit);
	node_close(&node);
	return rc;
}
