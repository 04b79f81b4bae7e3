/* fediflow account identity add, remove: who else somebody of this node is (FEP-c390). */
#include <stdio.h>

#include "acts.h"
#include "ap/identity.h"
#include "cmd.h"
#include "present.h"
#include "social/account.h"
#include "social/audit.h"
#include "target.h"

struct change {
	uint64_t account;
	struct identity added;	 /* its subject absent: none is */
	struct str removed;	 /* a subject; absent: none is */
	struct account *changed; /* as it is then */
};

/* --- reading a statement --- */

static enum rc read_statement(struct cli *cli, struct str *out)
{
	char chunk[4096];
	size_t n;
	struct buf text CLEANUP(buf_free) = BUF_INIT(2 * AP_IDENTITY_BYTES_MAX);
	while ((n = fread(chunk, 1, sizeof(chunk), stdin)) != 0)
		buf_add_bytes(&text, chunk, n);
	if (text.failed)
		return ctx_fail(&cli->ctx, RC_TOO_LARGE, "the statement is too long");
	*out = arena_str(cli->ctx.arena, buf_str(&text));
	return RC_OK;
}

static enum rc check_statement(struct cli *cli, const struct node *node,
			       const struct account *account, struct str text,
			       struct ap_identity *identity)
{
	const struct ap_reader reader = { &cli->ctx, node->site.iri_flags };
	struct jr_doc *doc;
	enum rc rc = jr_parse(&cli->ctx, text, &jr_limits_peer, &doc);
	if (rc != RC_OK)
		return rc;
	rc = ap_identity_decode(&reader, jr_root(doc), account->uri, identity);
	identity->subject = arena_str(cli->ctx.arena, identity->subject);
	if (rc == RC_OK && !ap_identity_is_plain(jr_root(doc)))
		rc = ctx_fail(&cli->ctx, RC_INVALID,
			      "the statement has members that peers do not know");
	jr_free(&doc);
	return rc;
}

/* --- changing --- */

/* Those that stay, and the one that is added; one of each subject. */
static enum rc change_list(struct ctx *ctx, const struct change *c, struct account *a)
{
	struct identity *list = ARENA_ARRAY(ctx->arena, IDENTITIES_MAX + 1, struct identity);
	bool adds = c->added.subject.ptr != NULL;
	struct str gone = adds ? c->added.subject : c->removed;
	unsigned count = 0;
	if (list == NULL)
		return RC_NO_MEMORY;
	for (unsigned i = 0; i < a->identity_count; i++) {
		if (!str_eq(a->identities[i].subject, gone))
			list[count++] = a->identities[i];
	}
	if (!adds && count == a->identity_count)
		return ctx_fail(ctx, RC_NOT_FOUND, "the account has no such identity");
	if (adds)
		list[count++] = c->added;
	if (count > IDENTITIES_MAX)
		return ctx_fail(ctx, RC_TOO_LARGE, "an account has %d identities at most",
				IDENTITIES_MAX);
	a->identities = list;
	a->identity_count = count;
	return RC_OK;
}

static enum rc change_act(struct social *s, void *arg)
{
	struct change *c = arg;
	struct account *a = c->changed;
	if (!account_get(s->txn, s->ctx->arena, c->account, a))
		return RC_NOT_FOUND;
	if (account_is_gone(a))
		return ctx_fail(s->ctx, RC_GONE, "the account is suspended or deleted");
	enum rc rc = change_list(s->ctx, c, a);
	if (rc != RC_OK)
		return rc;
	audit(s, NULL, AUDIT_ACCOUNT_IDENTITY, AUDIT_ABOUT(a->id));
	return account_change(s, a);
}

static enum rc change(struct cli *cli, struct node *node, struct change *c)
{
	struct account_view view;
	struct account changed;
	struct db_txn *txn;
	c->changed = &changed;
	enum rc rc = node_act(cli, node, change_act, c);
	if (rc != RC_OK)
		return rc;
	node_poke(node, POKE_RELOAD);
	rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	account_view_read(txn, cli->ctx.arena, &changed, &view);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc == RC_OK)
		present_account(cli, node, &view);
	return rc;
}

enum rc cmd_account_identity_add(struct cli *cli)
{
	struct node node;
	struct account account;
	struct ap_identity identity;
	struct str text = STR("");
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = target_account(cli, &node, command_argument(cli, 0), TARGET_LOCAL, &account);
	if (rc == RC_OK)
		rc = read_statement(cli, &text);
	if (rc == RC_OK)
		rc = check_statement(cli, &node, &account, text, &identity);
	if (rc == RC_OK) {
		struct change c = { .account = account.id,
				    .added = { identity.subject, identity.statement,
					       identity.expires_ms } };
		rc = change(cli, &node, &c);
	}
	node_close(&node);
	return rc;
}

enum rc cmd_account_identity_remove(struct cli *cli)
{
	struct node node;
	struct account account;
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = target_account(cli, &node, command_argument(cli, 0), TARGET_LOCAL, &account);
	if (rc == RC_OK) {
		struct change c = { .account = account.id, .removed = command_argument(cli, 1) };
		rc = change(cli, &node, &c);
	}
	node_close(&node);
	return rc;
}
