/* fediflow blocklist: lists of blocks that others keep. Command's thread. */
#include "cmd.h"
#include "node.h"
#include "social/blocklist.h"
#include "text/iri.h"

#define DRAFTS_DEFAULT 100
#define DRAFTS_MAX 1000

static const char *const severities[] = {
	[BLOCKLIST_AS_SAID] = "as-said",
	[BLOCKLIST_LIMIT] = "limit",
};

static const char *policy_word(enum peer_policy policy)
{
	return policy == PEER_BLOCKED ? "blocked" : policy == PEER_LIMITED ? "limited" : "default";
}

/* --- lists --- */

/* What is asked for, and what came of it: it may be run again. */
struct adding {
	struct blocklist wanted, made;
};

static enum rc add_act(struct social *s, void *arg)
{
	struct adding *a = arg;
	a->made = a->wanted;
	return blocklist_subscribe(s, NULL, &a->made);
}

static enum rc read_severity(struct cli *cli, enum blocklist_severity *out)
{
	struct str word = command_option(cli, "severity");
	for (size_t i = 0; i < ARRAY_LEN(severities); i++) {
		if (word.ptr == NULL || str_eq(word, str_of(severities[i]))) {
			*out = (enum blocklist_severity)i;
			return RC_OK;
		}
	}
	return usage_fail(cli, "--severity is as-said or limit");
}

enum rc cmd_blocklist_add(struct cli *cli)
{
	struct node node = { .db = NULL };
	struct adding a = { .wanted = { .url = command_argument(cli, 0) } };
	enum rc rc = read_severity(cli, &a.wanted.severity);
	if (rc == RC_OK)
		rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = node_act(cli, &node, add_act, &a);
	if (rc == RC_OK) {
		output_object(&cli->out, NULL);
		output_id(&cli->out, "id", a.made.id);
		output_str(&cli->out, "url", a.wanted.url);
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}

static enum rc end_act(struct social *s, void *arg)
{
	const uint64_t *id = arg;
	enum rc rc = blocklist_end(s, NULL, *id);
	return rc == RC_NOT_FOUND ? ctx_fail(s->ctx, rc, "there is no such list") : rc;
}

static enum rc accept_act(struct social *s, void *arg)
{
	const uint64_t *id = arg;
	enum rc rc = blocklist_accept(s, NULL, *id);
	return rc == RC_NOT_FOUND ? ctx_fail(s->ctx, rc, "there is no such list") : rc;
}

#define NAMED "a list of blocks is named by its id"

enum rc cmd_blocklist_remove(struct cli *cli)
{
	return node_remove(cli, NAMED, end_act);
}

enum rc cmd_blocklist_accept(struct cli *cli)
{
	return node_decide(cli, NAMED, accept_act, "accepted");
}

static void print_list(struct cli *cli, const struct blocklist *list)
{
	struct output *out = &cli->out;
	output_object(out, NULL);
	output_id(out, "id", list->id);
	output_str(out, "url", list->url);
	output_str(out, "severity", str_of(severities[list->severity]));
	output_num(out, "hosts", list->hosts);
	output_date(out, "fetched", list->fetched_ms);
	output_opt(out, "error", list->error);
	output_end(out);
}

enum rc cmd_blocklist_list(struct cli *cli)
{
	struct node node;
	struct db_txn *txn = NULL;
	struct blocklist *all = ARENA_ARRAY(cli->ctx.arena, BLOCKLISTS_MAX, struct blocklist);
	enum rc rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = all != NULL ? db_read_begin(node.db, &txn) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		size_t n = blocklist_all(txn, cli->ctx.arena, all);
		output_list(&cli->out, NULL);
		for (size_t i = 0; i < n; i++)
			print_list(cli, &all[i]);
		output_end(&cli->out);
		rc = db_txn_rc(txn);
		db_read_end(&txn);
	}
	node_close(&node);
	return rc;
}

/* --- drafts --- */

static void print_draft(struct cli *cli, struct db_txn *txn, const struct block_draft *draft)
{
	struct block_entry opinion;
	struct output *out = &cli->out;
	size_t lists = blocklist_opinion(txn, cli->ctx.arena, draft->host, &opinion);
	output_row(out);
	output_str(out, "host", draft->host);
	output_str(out, "policy", str_of(policy_word(opinion.policy)));
	output_num(out, "lists", lists);
	output_flag(out, "dismissed", draft->dismissed);
	output_date(out, "since", draft->since_ms);
	output_opt(out, "comment", opinion.comment);
	output_end(out);
}

enum rc cmd_blocklist_drafts(struct cli *cli)
{
	struct node node = { .db = NULL };
	struct db_txn *txn = NULL;
	struct block_draft *drafts = ARENA_ARRAY(cli->ctx.arena, DRAFTS_MAX, struct block_draft);
	uint64_t limit;
	enum rc rc = command_number(cli, "limit", DRAFTS_DEFAULT, DRAFTS_MAX, &limit);
	if (rc == RC_OK)
		rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = drafts != NULL ? db_read_begin(node.db, &txn) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		size_t n = block_drafts(txn, cli->ctx.arena, STR(""), drafts, (size_t)limit);
		output_table(&cli->out, NULL);
		for (size_t i = 0; i < n; i++)
			print_draft(cli, txn, &drafts[i]);
		output_end(&cli->out);
		rc = db_txn_rc(txn);
		db_read_end(&txn);
	}
	node_close(&node);
	return rc;
}

struct deciding {
	const struct str *hosts;
	unsigned count;
	enum rc (*act)(struct social *s, const struct account *moderator, struct str host);
};

static enum rc decide_act(struct social *s, void *arg)
{
	const struct deciding *d = arg;
	for (unsigned i = 0; i < d->count; i++) {
		enum rc rc = d->act(s, NULL, d->hosts[i]);
		if (rc != RC_OK)
			return ctx_fail(s->ctx, rc, "there is no draft for %.*s",
					STR_ARG(d->hosts[i]));
	}
	return db_txn_rc(s->txn);
}

/* All of them or none. */
static enum rc decide(struct cli *cli, struct deciding *d, const char *done)
{
	struct node node = { .db = NULL };
	struct str hosts[ARGUMENTS_MAX];
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	for (d->count = 0; rc == RC_OK && d->count < cli->argument_count; d->count++)
		rc = iri_authority(&cli->ctx, command_argument(cli, d->count), IRI_LITERAL,
				   &hosts[d->count]);
	d->hosts = hosts;
	if (rc == RC_OK)
		rc = node_act(cli, &node, decide_act, d);
	if (rc == RC_OK) {
		node_poke(&node, POKE_RELOAD);
		output_object(&cli->out, NULL);
		output_num(&cli->out, done, d->count);
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}

enum rc cmd_blocklist_confirm(struct cli *cli)
{
	struct deciding d = { .act = block_draft_confirm };
	return decide(cli, &d, "confirmed");
}

enum rc cmd_blocklist_dismiss(struct cli *cli)
{
	struct deciding d = { .act = block_draft_dismiss };
	return decide(cli, &d, "dismissed");
}
