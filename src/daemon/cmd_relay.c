/* fediflow relay: relays that this node subscribed to, and who subscribed to the one that it is. */
#include "cmd.h"
#include "node.h"
#include "reach.h"
#include "social/audit.h"
#include "social/relay.h"
#include "store/peer.h"
#include "text/iri.h"

#define LIST_CHUNK 100

/* --- looking --- */

static void relay_members(struct output *out, const struct relay *relay)
{
	output_str(out, "inbox", relay->inbox);
	output_str(out, "style", str_of(relay_style_name(relay->style)));
	output_str(out, "state", str_of(relay_state_name(relay->state)));
	output_date(out, "asked", relay->created_ms);
}

static void print_relays(struct cli *cli, const struct node *node UNUSED, struct db_txn *txn)
{
	struct relay *relays;
	size_t n = relay_list(txn, cli->ctx.arena, &relays);
	output_table(&cli->out, NULL);
	for (size_t i = 0; i < n; i++) {
		output_row(&cli->out);
		relay_members(&cli->out, &relays[i]);
		output_end(&cli->out);
	}
	output_end(&cli->out);
}

enum rc cmd_relay_list(struct cli *cli)
{
	return node_show(cli, print_relays);
}

static void subscriber_row(struct cli *cli, struct db_txn *txn, const struct relay_subscriber *s)
{
	struct account a;
	bool found = account_get(txn, cli->ctx.arena, s->account, &a);
	output_row(&cli->out);
	output_str(&cli->out, "host", s->host);
	output_str(&cli->out, "style", str_of(relay_style_name(s->style)));
	output_opt(&cli->out, "actor", found ? a.uri : STR(""));
	output_date(&cli->out, "since", s->created_ms);
	output_end(&cli->out);
}

/* One snapshot per chunk. False at the end. */
static bool subscribers_chunk(struct cli *cli, const struct node *node, uint64_t *after,
			      enum rc *rc)
{
	struct relay_subscriber rows[LIST_CHUNK];
	struct db_txn *txn;
	*rc = db_read_begin(node->db, &txn);
	if (*rc != RC_OK)
		return false;
	size_t n = relay_subscriber_list(txn, cli->ctx.arena, *after, rows, LIST_CHUNK);
	for (size_t i = 0; i < n; i++) {
		subscriber_row(cli, txn, &rows[i]);
		*after = rows[i].account;
	}
	*rc = db_txn_rc(txn);
	db_read_end(&txn);
	return *rc == RC_OK && n == LIST_CHUNK;
}

enum rc cmd_relay_subscribers(struct cli *cli)
{
	struct node node;
	uint64_t after = 0;
	enum rc rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK) {
		output_table(&cli->out, NULL);
		while (subscribers_chunk(cli, &node, &after, &rc))
			;
		output_end(&cli->out);
	}
	node_close(&node);
	return rc == RC_OK ? rc : ctx_fail(&cli->ctx, rc, "the database cannot be read");
}

/* --- deciding --- */

struct subscribing {
	struct node *node;
	struct str inbox;
	uint64_t target; /* the relay's actor; 0 in Mastodon's style */
	struct relay relay;
};

static bool instance_get(struct social *s, const struct node *node, struct account *out)
{
	return account_get(s->txn, s->ctx->arena, node->record.instance_actor, out);
}

static enum rc add_act(struct social *s, void *arg)
{
	struct subscribing *r = arg;
	struct account instance, target;
	if (!instance_get(s, r->node, &instance) ||
	    (r->target != 0 && !account_get(s->txn, s->ctx->arena, r->target, &target)))
		return RC_NOT_FOUND;
	if (r->target != 0)
		r->inbox = target.inbox;
	enum rc rc = relay_subscribe(s, &instance, r->inbox, r->target != 0 ? &target : NULL);
	if (rc == RC_FULL)
		return ctx_fail(s->ctx, rc, "there are %d relays already", RELAYS_MAX);
	if (rc == RC_EXISTS)
		return ctx_fail(s->ctx, rc, "this relay was asked before");
	relay_get(s->txn, s->ctx->arena, r->inbox, &r->relay);
	if (rc == RC_OK)
		audit(s, NULL, AUDIT_RELAY_ADD, AUDIT_NAMED(r->inbox));
	return rc;
}

static enum rc style_find(struct cli *cli, struct str url, bool *litepub)
{
	struct str style = command_option(cli, "style");
	*litepub = style.ptr != NULL ? str_eq(style, STR("litepub"))
				     : !str_has_suffix(url, STR("/inbox"));
	if (style.ptr != NULL && !*litepub && !str_eq(style, STR("mastodon")))
		return usage_fail(cli, "--style is mastodon or litepub");
	return RC_OK;
}

/* The address as it is known here, of a host that may be talked to. */
static enum rc url_check(struct cli *cli, const struct node *node, struct str *url)
{
	struct peer peer = { .policy = PEER_DEFAULT };
	struct db_txn *txn;
	struct iri iri;
	enum rc rc = iri_parse(&cli->ctx, command_argument(cli, 0), node->site.iri_flags, &iri);
	if (rc != RC_OK) {
		cli->exit_code = EXIT_USAGE;
		return rc;
	}
	if (site_owns(&node->site, &iri))
		return usage_fail(cli, "this address is ours");
	*url = iri.text;
	rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	peer_get(txn, cli->ctx.arena, iri.authority, &peer);
	db_read_end(&txn);
	return peer.policy == PEER_BLOCKED
		       ? ctx_fail(&cli->ctx, RC_BLOCKED, "traffic with this host is blocked")
		       : RC_OK;
}

static void show(struct cli *cli, const char *done, const struct subscribing *r)
{
	output_object(&cli->out, NULL);
	output_str(&cli->out, "done", str_of(done));
	relay_members(&cli->out, &r->relay);
	output_end(&cli->out);
}

enum rc cmd_relay_add(struct cli *cli)
{
	struct node node;
	struct subscribing r = { .node = &node };
	bool litepub = false;
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = url_check(cli, &node, &r.inbox);
	if (rc == RC_OK)
		rc = style_find(cli, r.inbox, &litepub);
	if (rc == RC_OK && litepub)
		rc = reach_actor(cli, &node, r.inbox, &r.target);
	if (rc == RC_OK)
		rc = node_act(cli, &node, add_act, &r);
	if (rc == RC_OK)
		show(cli, "relay add", &r);
	node_close(&node);
	return rc;
}

/* By its inbox, or by the actor that stands for it. */
static bool relay_named(struct social *s, struct str url, struct relay *out)
{
	uint64_t account = account_id_of_uri(s->txn, url);
	return relay_get(s->txn, s->ctx->arena, url, out) ||
	       (account != 0 && relay_find(s->txn, s->ctx->arena, account, STR_NONE, out));
}

static enum rc remove_act(struct social *s, void *arg)
{
	struct subscribing *r = arg;
	struct account instance;
	if (!instance_get(s, r->node, &instance))
		return RC_NOT_FOUND;
	if (!relay_named(s, r->inbox, &r->relay))
		return ctx_fail(s->ctx, RC_NOT_FOUND, "there is no such relay");
	audit(s, NULL, AUDIT_RELAY_REMOVE, AUDIT_NAMED(r->relay.inbox));
	return relay_unsubscribe(s, &instance, r->relay.inbox);
}

enum rc cmd_relay_remove(struct cli *cli)
{
	struct node node;
	struct subscribing r = { .node = &node };
	struct iri iri;
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK) {
		rc = iri_parse(&cli->ctx, command_argument(cli, 0), node.site.iri_flags, &iri);
		if (rc != RC_OK)
			cli->exit_code = EXIT_USAGE;
	}
	if (rc == RC_OK) {
		r.inbox = iri.text;
		rc = node_act(cli, &node, remove_act, &r);
	}
	if (rc == RC_OK)
		show(cli, "relay remove", &r);
	node_close(&node);
	return rc;
}
