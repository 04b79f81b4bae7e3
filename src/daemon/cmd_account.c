/* fediflow account: making, showing, listing, suspending, deleting, keys. */
#include "acts.h"
#include "cmd.h"
#include "passphrase.h"
#include "present.h"
#include "social/audit.h"
#include "social/moderate.h"
#include "social/oauth.h"
#include "target.h"
#include "text/acct.h"

#define LIST_CHUNK 100
#define OVERLAP_DAYS 7

/* --- showing --- */

/* The account as it is now; password is one that was just made for it. */
static enum rc show_account(struct cli *cli, const struct node *node, uint64_t id,
			    struct str password)
{
	struct account account;
	struct account_view view;
	struct db_txn *txn;
	enum rc rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	if (account_get(txn, cli->ctx.arena, id, &account))
		account_view_read(txn, cli->ctx.arena, &account, &view);
	else
		rc = RC_NOT_FOUND;
	if (db_txn_rc(txn) != RC_OK)
		rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the account cannot be read: %s", rc_text(rc));
	view.password = password;
	present_account(cli, node, &view);
	return RC_OK;
}

/* Opens the node, finds the account that the first argument names, runs then. */
static enum rc with_account(struct cli *cli, enum node_access access, enum target_range range,
			    enum rc (*then)(struct cli *cli, struct node *node, struct account *a))
{
	struct node node;
	struct account account;
	enum rc rc = node_open(cli, access, &node);
	if (rc == RC_OK)
		rc = target_account(cli, &node, command_argument(cli, 0), range, &account);
	if (rc == RC_OK)
		rc = then(cli, &node, &account);
	node_close(&node);
	return rc;
}

static enum rc show_found(struct cli *cli, struct node *node, struct account *a)
{
	return show_account(cli, node, a->id, STR_NONE);
}

enum rc cmd_account_show(struct cli *cli)
{
	return with_account(cli, NODE_READ, TARGET_KNOWN, show_found);
}

/* One snapshot per chunk, so that none is held long. False at the end. */
static bool list_chunk(struct cli *cli, const struct node *node, struct str *after, enum rc *rc)
{
	uint64_t ids[LIST_CHUNK];
	struct db_txn *txn;
	*rc = db_read_begin(node->db, &txn);
	if (*rc != RC_OK)
		return false;
	size_t n = account_local_ids(txn, *after, ids, LIST_CHUNK);
	for (size_t i = 0; i < n; i++) {
		struct account a;
		struct account_view view;
		if (!account_get(txn, cli->ctx.arena, ids[i], &a))
			continue;
		*after = a.username;
		if (command_switch(cli, "waiting") && !account_is_waiting(&a))
			continue;
		account_view_read(txn, cli->ctx.arena, &a, &view);
		present_account_row(cli, node, &view);
	}
	*rc = db_txn_rc(txn);
	db_read_end(&txn);
	return *rc == RC_OK && n == LIST_CHUNK;
}

enum rc cmd_account_list(struct cli *cli)
{
	struct node node;
	struct str after = STR("");
	enum rc rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK) {
		output_table(&cli->out, NULL);
		while (list_chunk(cli, &node, &after, &rc))
			;
		output_end(&cli->out);
	}
	node_close(&node);
	return rc == RC_OK ? rc : ctx_fail(&cli->ctx, rc, "the database cannot be read");
}

/* --- making --- */

static enum rc creation_read(struct cli *cli, struct new_account *wanted, struct str *generated)
{
	struct str kind = command_option(cli, "kind");
	*wanted = (struct new_account){ .username = command_argument(cli, 0),
					.display_name = command_option(cli, "display-name"),
					.note = command_option(cli, "note"),
					.email = command_option(cli, "email"),
					.locked = command_switch(cli, "locked") };
	if (kind.ptr != NULL && !present_account_kind_parse(kind, &wanted->kind))
		return usage_fail(cli,
				  "--kind is person, group, organization, service or application");
	if (!acct_local_user_valid(wanted->username))
		return usage_fail(cli, "\"%.*s\" is no user name: a-z, 0-9 and _, at most 30",
				  STR_ARG(str_take(wanted->username, 60)));
	return passphrase_from_options(cli, &wanted->password_hash, generated);
}

enum rc cmd_account_create(struct cli *cli)
{
	struct node node;
	struct new_account wanted;
	struct account made;
	struct str generated = STR_NONE;
	enum rc rc = creation_read(cli, &wanted, &generated);
	if (rc != RC_OK)
		return rc;
	rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = acts_create(cli, &node, &wanted, &made);
	if (rc == RC_OK)
		rc = show_account(cli, &node, made.id, generated);
	node_close(&node);
	return rc;
}

/* --- changing --- */

struct change {
	uint64_t id;
	bool suspended;
	struct str password; /* one that was made, to be shown once */
	struct str password_hash;
	struct account_secrets fresh;
	uint64_t overlap_ms;
	struct sentence sentence; /* of a suspension */
	bool banned;		  /* of a deletion: it was suspended before */
	bool recorded;		  /* so that many steps are one act */
	enum rc (*apply)(struct social *s, const struct account *a, const struct change *change);
};

/* The account as it is now, not as it was when it was looked for. */
static enum rc change_act(struct social *s, void *arg)
{
	const struct change *change = arg;
	struct account a;
	if (!account_get(s->txn, s->ctx->arena, change->id, &a))
		return RC_NOT_FOUND;
	if ((a.flags & (ACCOUNT_DELETED | ACCOUNT_LEAVING)) != 0)
		return ctx_fail(s->ctx, RC_GONE, "the account is deleted");
	return change->apply(s, &a, change);
}

static enum rc change_run(struct cli *cli, struct node *node, struct change *change)
{
	enum rc rc = node_act(cli, node, change_act, change);
	if (rc != RC_OK)
		return rc;
	node_poke(node, POKE_RELOAD);
	return show_account(cli, node, change->id, change->password);
}

static enum rc refuse_instance(struct cli *cli, const struct account *a)
{
	if ((a->flags & ACCOUNT_INSTANCE) == 0)
		return RC_OK;
	return ctx_fail(&cli->ctx, RC_DENIED, "this is the node itself");
}

static enum rc apply_suspension(struct social *s, const struct account *a,
				const struct change *change)
{
	if (!change->suspended)
		return moderate_undo(s, NULL, a->id, MODERATE_SUSPEND);
	return moderate_account(s, NULL, a->id, &change->sentence, NULL);
}

static enum rc suspend_found(struct cli *cli, struct node *node, struct account *a)
{
	struct change change = { .id = a->id, .suspended = true, .apply = apply_suspension };
	enum rc rc = refuse_instance(cli, a);
	change.sentence = (struct sentence){ .what = MODERATE_SUSPEND,
					     .text = command_option(cli, "reason"),
					     .quiet = command_switch(cli, "quiet") };
	return rc == RC_OK ? change_run(cli, node, &change) : rc;
}

static enum rc unsuspend_found(struct cli *cli, struct node *node, struct account *a)
{
	struct change change = { .id = a->id, .suspended = false, .apply = apply_suspension };
	return change_run(cli, node, &change);
}

enum rc cmd_account_suspend(struct cli *cli)
{
	return with_account(cli, NODE_WRITE, TARGET_KNOWN, suspend_found);
}

enum rc cmd_account_unsuspend(struct cli *cli)
{
	return with_account(cli, NODE_WRITE, TARGET_KNOWN, unsuspend_found);
}

/* --- passwords --- */

static enum rc apply_password(struct social *s, const struct account *a,
			      const struct change *change)
{
	struct account_secrets secrets;
	if (!account_secrets_get(s->txn, s->ctx->arena, a->id, &secrets))
		return ctx_fail(s->ctx, RC_NOT_FOUND, "the account has no secrets");
	secrets.password_hash = change->password_hash;
	sign_out_everywhere(s->txn, a->id, 0); /* S-101 */
	audit(s, NULL, AUDIT_ACCOUNT_PASSWORD, AUDIT_ABOUT(a->id));
	account_secrets_put(s->txn, a->id, &secrets);
	return db_txn_rc(s->txn);
}

static enum rc password_found(struct cli *cli, struct node *node, struct account *a)
{
	struct change change = { .id = a->id, .apply = apply_password };
	enum rc rc = refuse_instance(cli, a);
	if (rc == RC_OK && (a->flags & ACCOUNT_TEAM) != 0)
		rc = ctx_fail(&cli->ctx, RC_DENIED,
			      "nobody signs in as a team: its members do, as themselves");
	if (rc == RC_OK && !command_switch(cli, "remove"))
		rc = passphrase_ask(cli, command_switch(cli, "generate"), &change.password_hash,
				    &change.password);
	return rc == RC_OK ? change_run(cli, node, &change) : rc;
}

enum rc cmd_account_password(struct cli *cli)
{
	return with_account(cli, NODE_WRITE, TARGET_LOCAL, password_found);
}

/* --- keys --- */

static enum rc apply_rotation(struct social *s, const struct account *a,
			      const struct change *change)
{
	audit(s, NULL, AUDIT_ACCOUNT_KEYS, AUDIT_ABOUT(a->id));
	return account_rotate_keys(s, a, &change->fresh, change->overlap_ms);
}

static enum rc rotate_found(struct cli *cli, struct node *node, struct account *a)
{
	struct change change = { .id = a->id, .apply = apply_rotation };
	uint64_t days;
	enum rc rc = command_number(cli, "overlap-days", OVERLAP_DAYS, 365, &days);
	if (rc == RC_OK)
		rc = account_keys_make(&cli->ctx, &node->seal, a->uri,
				       clock_wall_ms(clock_system()), &change.fresh);
	change.overlap_ms = days * MS_PER_DAY;
	return rc == RC_OK ? change_run(cli, node, &change) : rc;
}

enum rc cmd_account_keys_rotate(struct cli *cli)
{
	return with_account(cli, NODE_WRITE, TARGET_LOCAL, rotate_found);
}

/* --- deleting --- */

static enum rc apply_deletion(struct social *s, const struct account *a,
			      const struct change *change)
{
	/* who was suspended is lost to those who followed them: they are told */
	if (change->banned) {
		enum rc rc = moderate_delete(s, NULL, a->id);
		return rc == RC_BUSY ? RC_OK : rc;
	}
	if (!change->recorded)
		audit(s, NULL, AUDIT_ACCOUNT_DELETE, AUDIT_ABOUT(a->id));
	enum rc rc = account_delete(s, a);
	/* there is more to do: what was done is kept, and the next write goes on */
	return rc == RC_BUSY ? RC_OK : rc;
}

static enum rc delete_found(struct cli *cli, struct node *node, struct account *a)
{
	/* one that was begun is no other act, and was no ban because it is out of sight */
	const bool begun = (a->flags & ACCOUNT_CLOSING) != 0;
	struct change change = { .id = a->id,
				 .banned = (a->flags & ACCOUNT_SUSPENDED) != 0 && !begun,
				 .recorded = begun,
				 .apply = apply_deletion };
	enum rc rc = refuse_instance(cli, a);
	if (rc == RC_OK && account_is_waiting(a))
		rc = ctx_fail(&cli->ctx, RC_INVALID,
			      "the account waits to be let in: reject it, or let it expire");
	if (rc == RC_OK && !command_switch(cli, "yes"))
		rc = usage_fail(cli, "deleting cannot be taken back: say --yes");
	if (rc == RC_OK && (a->flags & (ACCOUNT_DELETED | ACCOUNT_LEAVING)) != 0)
		return ctx_fail(&cli->ctx, RC_GONE, "the account is deleted already");
	while (rc == RC_OK) {
		rc = node_act(cli, node, change_act, &change);
		change.recorded = true;
	}
	if (rc != RC_GONE)
		return rc;
	cli->ctx.err = (struct err){ .rc = RC_OK };
	node_poke(node, POKE_RELOAD);
	output_object(&cli->out, NULL);
	output_str(&cli->out, "deleted", target_handle(cli->ctx.arena, node, a));
	output_end(&cli->out);
	return RC_OK;
}

enum rc cmd_account_delete(struct cli *cli)
{
	return with_account(cli, NODE_WRITE, TARGET_KNOWN, delete_found);
}
