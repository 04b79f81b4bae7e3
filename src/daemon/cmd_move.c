/* fediflow account alias, account move: accounts that change their place. */
#include "acts.h"
#include "cmd.h"
#include "present.h"
#include "reach.h"
#include "social/audit.h"
#include "social/move.h"
#include "target.h"

struct relocation {
	uint64_t account, target; /* target 0: it comes home */
	struct str uri;		  /* of an alias */
	bool remove;
	struct account changed;
};

static enum rc read_both(struct social *s, struct relocation *r, struct account *target)
{
	if (!account_get(s->txn, s->ctx->arena, r->account, &r->changed) ||
	    (target != NULL && !account_get(s->txn, s->ctx->arena, r->target, target)))
		return RC_NOT_FOUND;
	if (account_is_gone(&r->changed))
		return ctx_fail(s->ctx, RC_GONE, "the account is suspended or deleted");
	return RC_OK;
}

static enum rc alias_act(struct social *s, void *arg)
{
	struct relocation *r = arg;
	enum rc rc = read_both(s, r, NULL);
	if (rc == RC_OK)
		rc = move_alias(s, &r->changed, r->uri, !r->remove);
	if (rc == RC_OK)
		audit(s, NULL, AUDIT_ACCOUNT_ALIAS, AUDIT_ABOUT(r->account));
	if (rc == RC_EXISTS)
		return ctx_fail(s->ctx, rc, "the account is known under this address already");
	if (rc == RC_NOT_FOUND)
		return ctx_fail(s->ctx, rc, "the account is not known under this address");
	return rc;
}

static enum rc move_act(struct social *s, void *arg)
{
	struct relocation *r = arg;
	struct account target;
	enum rc rc = read_both(s, r, r->target != 0 ? &target : NULL);
	if (rc == RC_OK)
		rc = r->target != 0 ? move_begin(s, &r->changed, &target)
				    : move_cancel(s, &r->changed);
	if (rc == RC_OK)
		audit(s, NULL, AUDIT_ACCOUNT_MOVE, AUDIT_ABOUT(r->account));
	if (rc == RC_EXISTS)
		return ctx_fail(s->ctx, rc, "the account has moved there already");
	if (rc == RC_NOT_FOUND)
		return ctx_fail(s->ctx, rc, "the account has not moved");
	return rc;
}

static enum rc show_changed(struct cli *cli, struct node *node, const struct relocation *r)
{
	struct account account;
	struct account_view view;
	struct db_txn *txn;
	enum rc rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	if (account_get(txn, cli->ctx.arena, r->account, &account))
		account_view_read(txn, cli->ctx.arena, &account, &view);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc == RC_OK)
		present_account(cli, node, &view);
	return rc;
}

static enum rc relocate(struct cli *cli, struct node *node, struct relocation *r,
			enum rc (*act)(struct social *s, void *arg))
{
	enum rc rc = node_act(cli, node, act, r);
	if (rc != RC_OK)
		return rc;
	node_poke(node, POKE_RELOAD);
	return show_changed(cli, node, r);
}

static enum rc find_own(struct cli *cli, struct node *node, struct relocation *r)
{
	struct account own;
	enum rc rc = node_open(cli, NODE_WRITE, node);
	if (rc == RC_OK)
		rc = target_account(cli, node, command_argument(cli, 0), TARGET_LOCAL, &own);
	r->account = own.id;
	return rc;
}

/* Other accounts are known by their address, which may lead to a server that is no more. */
static enum rc alias_uri(struct cli *cli, struct node *node, struct relocation *r)
{
	struct account other;
	struct iri iri;
	struct str word = command_argument(cli, 1);
	struct ctx quiet = { .arena = cli->ctx.arena };
	if (r->remove && iri_parse(&quiet, word, node->site.iri_flags, &iri) == RC_OK) {
		r->uri = iri.text;
		return RC_OK;
	}
	enum rc rc = target_account(cli, node, word, TARGET_FETCH, &other);
	r->uri = other.uri;
	return rc;
}

enum rc cmd_account_alias(struct cli *cli)
{
	struct node node;
	struct relocation r = { .remove = command_switch(cli, "remove") };
	enum rc rc = find_own(cli, &node, &r);
	if (rc == RC_OK)
		rc = alias_uri(cli, &node, &r);
	if (rc == RC_OK)
		rc = relocate(cli, &node, &r, alias_act);
	node_close(&node);
	return rc;
}

/* S-029: what the new account says of itself is read now. */
static enum rc find_target(struct cli *cli, struct node *node, struct relocation *r)
{
	struct account target;
	enum rc rc = target_account(cli, node, command_argument(cli, 1), TARGET_FETCH, &target);
	if (rc == RC_OK && !account_is_local(&target))
		rc = reach_refresh(cli, node, target.uri, &target.id);
	r->target = target.id;
	return rc;
}

enum rc cmd_account_move(struct cli *cli)
{
	struct node node = { 0 };
	struct relocation r = { 0 };
	bool cancel = command_switch(cli, "cancel"), told = command_argument(cli, 1).ptr != NULL;
	if (cancel == told)
		return usage_fail(cli, "say where to, or --cancel");
	enum rc rc = find_own(cli, &node, &r);
	if (rc == RC_OK && !cancel)
		rc = find_target(cli, &node, &r);
	if (rc == RC_OK)
		rc = relocate(cli, &node, &r, move_act);
	node_close(&node);
	return rc;
}
