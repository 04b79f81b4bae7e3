/*
 * fediflow check: walks primary records to indexes and back, each part in a snapshot of its own, so
 * that it can be done beside a running node.
 */
#include "cmd.h"
#include "core/enc.h"
#include "node.h"
#include "queue/queue.h"
#include "store/account.h"
#include "store/announcement.h"
#include "store/attribute.h"
#include "store/audit.h"
#include "store/badge.h"
#include "store/card.h"
#include "store/collection.h"
#include "store/community.h"
#include "store/consultation.h"
#include "store/conversation.h"
#include "store/event.h"
#include "store/factor.h"
#include "store/graph.h"
#include "store/hint.h"
#include "store/interaction.h"
#include "store/joint.h"
#include "store/ledger.h"
#include "store/medium.h"
#include "store/notice.h"
#include "store/oauth.h"
#include "store/office.h"
#include "store/peer.h"
#include "store/pin.h"
#include "store/rank.h"
#include "store/reaction.h"
#include "store/relay.h"
#include "store/report.h"
#include "store/resource.h"
#include "store/revision.h"
#include "store/search.h"
#include "store/severance.h"
#include "store/shelf.h"
#include "store/sieve.h"
#include "store/status.h"
#include "store/strike.h"
#include "store/subscription.h"
#include "store/team.h"
#include "store/thread.h"
#include "store/ticket.h"
#include "store/year.h"

#define PROBLEMS_SHOWN 1000
#define CHECK_ARENA ((size_t)1 << 30)

struct findings {
	struct cli *cli;
	const char *part;
	uint64_t count;
};

static void problem(void *arg, struct str what)
{
	struct findings *f = arg;
	if (f->count++ < PROBLEMS_SHOWN)
		output_item(&f->cli->out,
			    arena_printf(f->cli->ctx.arena, "%s: %.*s", f->part, STR_ARG(what)));
}

static void damaged_row(void *arg, const struct db_table *table, struct str key)
{
	char text[160];
	struct buf hex CLEANUP(buf_free) = BUF_INIT(sizeof(text));
	enc_hex(&hex, str_take(key, 32));
	buf_addf(&hex, " in table %s", table->name);
	problem(arg, buf_str(&hex));
}

static void check_accounts(struct db_txn *txn, struct arena *arena, struct findings *f)
{
	account_check(txn, arena, problem, f);
}

static void check_statuses(struct db_txn *txn, struct arena *arena, struct findings *f)
{
	status_check(txn, arena, problem, f);
	revision_check(txn, arena, problem, f);
	card_check(txn, arena, problem, f);
	sieve_check(txn, arena, problem, f);
	thread_check(txn, arena, problem, f);
	hint_check(txn, arena, problem, f);
}

static void check_graph(struct db_txn *txn, struct arena *arena UNUSED, struct findings *f)
{
	graph_check(txn, problem, f);
	relay_check(txn, problem, f);
	oauth_check(txn, arena, problem, f);
}

static void check_interactions(struct db_txn *txn, struct arena *arena, struct findings *f)
{
	interaction_check(txn, arena, problem, f);
}

static void check_reactions(struct db_txn *txn, struct arena *arena UNUSED, struct findings *f)
{
	reaction_check(txn, problem, f);
}

static void check_pins(struct db_txn *txn, struct arena *arena UNUSED, struct findings *f)
{
	pin_check(txn, problem, f);
}

static void check_personal(struct db_txn *txn, struct arena *arena, struct findings *f)
{
	shelf_check(txn, problem, f);
	announcement_check(txn, problem, f);
	year_check(txn, arena, problem, f);
}

static void check_media(struct db_txn *txn, struct arena *arena, struct findings *f)
{
	medium_check(txn, arena, problem, f);
}

static void check_notices(struct db_txn *txn, struct arena *arena, struct findings *f)
{
	notice_check(txn, arena, problem, f);
	conversation_check(txn, arena, problem, f);
}

static void check_search(struct db_txn *txn, struct arena *arena, struct findings *f)
{
	search_check(txn, arena, problem, f);
	rank_check(txn, arena, problem, f);
	office_check(txn, arena, problem, f);
	peer_check(txn, arena, problem, f);
}

static void check_collections(struct db_txn *txn, struct arena *arena, struct findings *f)
{
	collection_check(txn, arena, problem, f);
	community_check(txn, arena, problem, f);
	consultation_check(txn, arena, problem, f);
	event_check(txn, arena, problem, f);
	resource_check(txn, arena, problem, f);
	badge_check(txn, arena, problem, f);
	attribute_check(txn, arena, problem, f);
}

static void check_access(struct db_txn *txn, struct arena *arena UNUSED, struct findings *f)
{
	factor_check(txn, problem, f);
	push_check(txn, problem, f);
	ticket_check(txn, problem, f);
}

static void check_justice(struct db_txn *txn, struct arena *arena, struct findings *f)
{
	report_check(txn, arena, problem, f);
	strike_check(txn, arena, problem, f);
	severance_check(txn, arena, problem, f);
	audit_check(txn, arena, problem, f);
}

static void check_teams(struct db_txn *txn, struct arena *arena, struct findings *f)
{
	team_check(txn, arena, problem, f);
	joint_check(txn, arena, problem, f);
	ledger_check(txn, arena, problem, f);
}

static void check_queue(struct db_txn *txn, struct arena *arena UNUSED, struct findings *f)
{
	/* what it finds is told one by one */
	(void)!queue_check(txn, problem, f);
}

static const struct {
	const char *name;
	void (*run)(struct db_txn *txn, struct arena *arena, struct findings *f);
} parts[] = {
	{ "accounts", check_accounts },
	{ "posts", check_statuses },
	{ "relations", check_graph },
	{ "interactions", check_interactions },
	{ "reactions", check_reactions },
	{ "pins", check_pins },
	{ "shelves", check_personal },
	{ "media", check_media },
	{ "notices", check_notices },
	{ "search", check_search },
	{ "collections", check_collections },
	{ "access", check_access },
	{ "justice", check_justice },
	{ "teams", check_teams },
	{ "queue", check_queue },
};

static enum rc check_part(struct cli *cli, const struct node *node, size_t part, struct findings *f)
{
	struct db_txn *txn;
	struct arena *arena = arena_new(CHECK_ARENA);
	if (arena == NULL)
		return RC_NO_MEMORY;
	enum rc rc = db_read_begin(node->db, &txn);
	if (rc == RC_OK) {
		f->part = parts[part].name;
		parts[part].run(txn, arena, f);
		rc = db_txn_rc(txn);
		db_read_end(&txn);
	}
	if (rc == RC_OK && arena_failed(arena))
		rc = RC_NO_MEMORY;
	arena_free(&arena);
	return rc == RC_OK ? rc : ctx_fail(&cli->ctx, rc, "%s cannot be checked", f->part);
}

static enum rc check(struct cli *cli, struct node *node)
{
	struct findings f = { .cli = cli, .part = "rows" };
	output_object(&cli->out, NULL);
	output_list(&cli->out, "problems");
	enum rc rc = db_verify(node->db, damaged_row, &f);
	/* damaged rows have been told */
	rc = rc == RC_CORRUPT ? RC_OK : rc;
	for (size_t i = 0; i < ARRAY_LEN(parts) && rc == RC_OK; i++) {
		uint64_t before = f.count;
		rc = check_part(cli, node, i, &f);
		if (rc == RC_CORRUPT && f.count != before)
			rc = RC_OK;
	}
	output_end(&cli->out);
	output_num(&cli->out, "count", f.count);
	output_flag(&cli->out, "ok", f.count == 0);
	output_end(&cli->out);
	if (f.count != 0)
		cli->exit_code = EXIT_STORAGE;
	return rc;
}

enum rc cmd_check(struct cli *cli)
{
	struct node node;
	enum rc rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = check(cli, &node);
	node_close(&node);
	return rc;
}
