/* fediflow interactions, approve, deny, quote-revoke: what others ask of people of this node. */
#include "cmd.h"
#include "interact.h"
#include "node.h"
#include "social/interact.h"
#include "target.h"

#define LIST_MAX 500
#define LIST_DEFAULT 20

/* --- listing --- */

static void interaction_row(struct cli *cli, const struct node *node, struct db_txn *txn,
			    uint64_t id)
{
	struct interaction i;
	struct account from;
	struct status about;
	struct arena *arena = cli->ctx.arena;
	if (!interaction_get(txn, arena, id, &i))
		return;
	bool known = account_get(txn, arena, i.from, &from);
	bool post = status_get(txn, arena, i.status, &about);
	output_row(&cli->out);
	output_id(&cli->out, "id", i.id);
	output_str(&cli->out, "kind", str_of(interaction_kind_name(i.kind)));
	output_str(&cli->out, "state", str_of(interaction_state_name(i.state)));
	output_date(&cli->out, "since", i.at_ms);
	output_opt(&cli->out, "from", known ? target_handle(arena, node, &from) : STR_NONE);
	output_id(&cli->out, "post", i.status);
	output_opt(&cli->out, "post_uri", post ? about.uri : STR_NONE);
	output_opt(&cli->out, "uri", i.uri);
	output_end(&cli->out);
}

static enum rc list(struct cli *cli, struct node *node)
{
	uint64_t ids[LIST_MAX], limit;
	struct account owner;
	struct db_txn *txn = NULL;
	enum rc rc = command_number(cli, "limit", LIST_DEFAULT, LIST_MAX, &limit);
	if (rc == RC_OK)
		rc = target_account(cli, node, command_argument(cli, 0), TARGET_LOCAL, &owner);
	if (rc == RC_OK)
		rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return rc;
	size_t n = interactions_open(txn, owner.id, 0, ids, (size_t)limit);
	output_table(&cli->out, NULL);
	for (size_t i = 0; i < n; i++)
		interaction_row(cli, node, txn, ids[i]);
	output_end(&cli->out);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc;
}

enum rc cmd_interactions(struct cli *cli)
{
	struct node node;
	enum rc rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = list(cli, &node);
	node_close(&node);
	return rc == RC_OK ? rc : ctx_fail(&cli->ctx, rc, "the database cannot be read");
}

/* --- deciding --- */

struct decision {
	enum rc (*act)(struct social *s, const struct account *owner, uint64_t id);
	uint64_t owner, id;
};

static enum rc decide_act(struct social *s, void *arg)
{
	const struct decision *d = arg;
	struct account owner;
	if (!account_get(s->txn, s->ctx->arena, d->owner, &owner))
		return RC_NOT_FOUND;
	return d->act(s, &owner, d->id);
}

/* In words, what only a code says. */
static enum rc explained(struct cli *cli, enum rc rc)
{
	const bool plain = rc == RC_EXISTS || rc == RC_DENIED || rc == RC_NOT_FOUND;
	if (plain)
		cli->ctx.err = (struct err){ .rc = RC_OK };
	if (rc == RC_EXISTS)
		return ctx_fail(&cli->ctx, rc, "this was decided already");
	if (rc == RC_DENIED)
		return ctx_fail(&cli->ctx, rc, "this is for somebody else to decide");
	if (rc == RC_NOT_FOUND)
		return ctx_fail(&cli->ctx, rc, "there is no such request, or no such quote");
	return rc;
}

static enum rc decide(struct cli *cli, struct node *node, struct decision *d, const char *done)
{
	enum rc rc = explained(cli, node_act(cli, node, decide_act, d));
	if (rc != RC_OK)
		return rc;
	output_object(&cli->out, NULL);
	output_str(&cli->out, "done", str_of(done));
	output_id(&cli->out, "id", d->id);
	output_end(&cli->out);
	return RC_OK;
}

static enum rc decide_run(struct cli *cli, struct decision *d, const char *done)
{
	struct node node;
	struct account owner;
	if (!str_to_u64(command_argument(cli, 1), &d->id) || d->id == 0)
		return usage_fail(cli,
				  "\"%.*s\" is no id of a request; \"interactions\" lists them",
				  STR_ARG(str_take(command_argument(cli, 1), 80)));
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = target_account(cli, &node, command_argument(cli, 0), TARGET_LOCAL, &owner);
	if (rc == RC_OK) {
		d->owner = owner.id;
		rc = decide(cli, &node, d, done);
	}
	node_close(&node);
	return rc;
}

enum rc cmd_approve(struct cli *cli)
{
	struct decision d = { .act = act_approve };
	return decide_run(cli, &d, "approve");
}

enum rc cmd_deny(struct cli *cli)
{
	struct decision d = { .act = act_deny };
	return decide_run(cli, &d, "deny");
}

enum rc cmd_quote_revoke(struct cli *cli)
{
	struct node node;
	struct account owner;
	struct status quoting;
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = target_account(cli, &node, command_argument(cli, 0), TARGET_LOCAL, &owner);
	if (rc == RC_OK)
		rc = target_status(cli, &node, command_argument(cli, 1), TARGET_KNOWN, &quoting);
	if (rc == RC_OK) {
		struct decision d = { act_quote_revoke, owner.id, quoting.id };
		rc = decide(cli, &node, &d, "quote-revoke");
	}
	node_close(&node);
	return rc;
}

/* --- what posts say --- */

enum rc interact_options(struct cli *cli, struct draft *draft)
{
	static const struct {
		const char *option;
		enum interaction_kind kind;
	} rows[] = {
		{ "who-may-quote", INTERACTION_QUOTE },
		{ "who-may-reply", INTERACTION_REPLY },
		{ "who-may-like", INTERACTION_LIKE },
		{ "who-may-boost", INTERACTION_BOOST },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		enum policy_who who;
		struct str word = command_option(cli, rows[i].option);
		if (word.ptr == NULL)
			continue;
		if (!policy_who_parse(word, &who))
			return usage_fail(cli, "--%s is public, followers, ask or nobody",
					  rows[i].option);
		if (policy_set(cli->ctx.arena, &draft->policy, rows[i].kind, who, &draft->author) !=
		    RC_OK)
			return ctx_fail(&cli->ctx, RC_NO_MEMORY, "out of memory");
	}
	return RC_OK;
}

static struct str who_of(const struct policy_entry *e)
{
	return e->uri.len != 0 ? e->uri : STR("everybody");
}

void interact_present(struct cli *cli, const struct status *s, const struct account *author)
{
	struct output *out = &cli->out;
	const unsigned max = POLICY_ENTRIES_MAX + STATUS_MENTIONS_MAX + 2 * INTERACTION_KINDS;
	struct policy_entry *told = ARENA_ARRAY(cli->ctx.arena, max, struct policy_entry);
	unsigned count = 0;
	output_opt(out, "quote_uri", s->quote.uri);
	output_id(out, "quote", s->quote.status);
	output_opt(out, "quote_state", str_of(interaction_state_name(s->quote.state)));
	output_opt(out, "quote_authorization", s->quote.authorization);
	output_opt(out, "approval", str_of(interaction_state_name(s->approval.state)));
	if (told != NULL && account_is_local(author) && (s->flags & STATUS_BOOST) == 0)
		count = policy_told(s, author, told, max);
	const struct policy_entry *lines = account_is_local(author) ? told : s->policy.entries;
	count = account_is_local(author) ? count : s->policy.count;
	output_list(out, "policy");
	for (unsigned i = 0; i < count; i++) {
		output_object(out, NULL);
		output_str(out, "may", str_of(interaction_kind_name(lines[i].kind)));
		output_str(out, "who", who_of(&lines[i]));
		output_flag(out, "asking", lines[i].manual);
		output_end(out);
	}
	output_end(out);
}

struct str interact_state(struct cli *cli, const struct node *node, uint64_t status,
			  enum interaction_kind kind, uint64_t from)
{
	struct interaction i;
	struct db_txn *txn;
	struct str state = STR_NONE;
	if (db_read_begin(node->db, &txn) != RC_OK)
		return state;
	if (interaction_find(txn, cli->ctx.arena, status, kind, from, STR(""), &i))
		state = str_of(interaction_state_name(i.state));
	db_read_end(&txn);
	return state;
}
