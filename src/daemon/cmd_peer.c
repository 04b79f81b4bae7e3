/* fediflow peer: other hosts, and what was decided about them. */
#include "cmd.h"
#include "node.h"
#include "queue/queue.h"
#include "social/moderate.h"
#include "social/sever.h"
#include "store/peer.h"
#include "text/iri.h"

#define LIST_CHUNK 100

static const char *const policies[] = {
	[PEER_DEFAULT] = "default",
	[PEER_BLOCKED] = "blocked",
	[PEER_ALLOWED] = "allowed",
	[PEER_LIMITED] = "limited",
};
static const char *const schemes[] = { [PEER_SCHEME_UNKNOWN] = "unknown",
				       [PEER_SCHEME_CAVAGE] = "cavage",
				       [PEER_SCHEME_RFC9421_RSA] = "rfc9421-rsa",
				       [PEER_SCHEME_RFC9421_ED25519] = "rfc9421-ed25519" };

static void peer_members(struct output *out, const struct peer *peer)
{
	output_str(out, "host", peer->host);
	output_str(out, "policy", str_of(policies[peer->policy]));
	output_str(out, "signatures", str_of(schemes[peer->scheme]));
	output_date(out, "first_seen", peer->first_seen_ms);
	output_opt(out, "note", peer->note);
}

/* --- list --- */

/* One snapshot per chunk. False at the end. */
static bool list_chunk(struct cli *cli, const struct node *node, struct str *after, enum rc *rc)
{
	struct peer peers[LIST_CHUNK];
	struct db_txn *txn;
	*rc = db_read_begin(node->db, &txn);
	if (*rc != RC_OK)
		return false;
	size_t n = peer_list(txn, cli->ctx.arena, *after, peers, LIST_CHUNK);
	for (size_t i = 0; i < n; i++) {
		output_row(&cli->out);
		peer_members(&cli->out, &peers[i]);
		output_end(&cli->out);
		*after = peers[i].host;
	}
	*rc = db_txn_rc(txn);
	db_read_end(&txn);
	return *rc == RC_OK && n == LIST_CHUNK;
}

enum rc cmd_peer_list(struct cli *cli)
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

/* --- one --- */

static enum rc peer_host(struct cli *cli, const struct node *node, struct str *host)
{
	enum rc rc = iri_authority(&cli->ctx, command_argument(cli, 0), node->site.iri_flags, host);
	if (rc != RC_OK)
		cli->exit_code = EXIT_USAGE;
	return rc;
}

/* What waits for the host, added up over kinds. */
struct waiting {
	struct str host;
	uint64_t jobs;
	uint64_t failures;
	uint64_t due_ms;
	struct str reason;
	struct arena *arena;
};

static void add_lane(void *arg, const struct queue_lane_view *lane)
{
	struct waiting *w = arg;
	if (!str_eq(lane->lane, w->host))
		return;
	w->jobs += lane->waiting;
	w->failures += lane->state.failures;
	w->due_ms = lane->state.due_ms;
	w->reason = arena_str(w->arena, lane->reason);
}

static enum rc show_peer(struct cli *cli, const struct node *node, struct str host)
{
	struct peer peer;
	struct waiting w = { .host = host, .arena = cli->ctx.arena };
	struct db_txn *txn;
	enum rc rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	bool known = peer_get(txn, cli->ctx.arena, host, &peer);
	rc = queue_each_lane(txn, add_lane, &w);
	if (db_txn_rc(txn) != RC_OK)
		rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	if (!known && w.jobs == 0)
		return ctx_fail(&cli->ctx, RC_NOT_FOUND, "%.*s was never met", STR_ARG(host));
	output_object(&cli->out, NULL);
	peer_members(&cli->out, known ? &peer : &(struct peer){ .host = host, .note = STR("") });
	output_num(&cli->out, "waiting", w.jobs);
	output_num(&cli->out, "failures", w.failures);
	output_date(&cli->out, "next_attempt", w.jobs != 0 ? w.due_ms : 0);
	output_opt(&cli->out, "reason", w.reason);
	output_end(&cli->out);
	return RC_OK;
}

enum rc cmd_peer_show(struct cli *cli)
{
	struct node node;
	struct str host = STR_NONE;
	enum rc rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = peer_host(cli, &node, &host);
	if (rc == RC_OK)
		rc = show_peer(cli, &node, host);
	node_close(&node);
	return rc;
}

/* --- deciding --- */

struct decision {
	struct str host;
	enum peer_policy policy;
	struct str note;
};

/* The operator's word: what else was decided of the host stays unless all is taken back. */
static enum rc decide_act(struct social *s, void *arg)
{
	const struct decision *d = arg;
	struct peer peer;
	if (!peer_get(s->txn, s->ctx->arena, d->host, &peer))
		peer = (struct peer){ .host = d->host };
	/* the reason of the same decision stays when none is given */
	if (d->note.ptr != NULL || peer.policy != d->policy)
		peer.note = d->note.ptr != NULL ? d->note : STR("");
	peer.policy = d->policy;
	if (d->policy == PEER_DEFAULT)
		peer.flags = 0;
	return host_decide(s, NULL, &peer);
}

static enum rc decide(struct cli *cli, struct decision *d)
{
	struct node node;
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = peer_host(cli, &node, &d->host);
	if (rc == RC_OK)
		rc = node_act(cli, &node, decide_act, d);
	if (rc == RC_OK) {
		node_poke(&node, POKE_RELOAD);
		rc = show_peer(cli, &node, d->host);
	}
	node_close(&node);
	return rc;
}

/* What a block would end, each chunk in a snapshot of its own. */
static bool preview_chunk(struct cli *cli, const struct node *node, struct sever_preview *would,
			  enum rc *rc)
{
	struct social s = { .ctx = &cli->ctx, .site = &node->site };
	*rc = db_read_begin(node->db, &s.txn);
	if (*rc != RC_OK)
		return false;
	bool more = sever_preview_step(&s, would);
	*rc = db_txn_rc(s.txn);
	db_read_end(&s.txn);
	return *rc == RC_OK && more;
}

static enum rc preview(struct cli *cli)
{
	struct node node = { .db = NULL };
	struct sever_preview would = { .walk = { .user = STR("") } };
	enum rc rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = peer_host(cli, &node, &would.host);
	if (rc == RC_OK) {
		while (preview_chunk(cli, &node, &would, &rc))
			;
		if (rc != RC_OK)
			ctx_fail(&cli->ctx, rc, "the database cannot be read");
	}
	if (rc == RC_OK) {
		output_object(&cli->out, NULL);
		output_str(&cli->out, "host", would.host);
		output_num(&cli->out, "people", would.people);
		output_num(&cli->out, "followers", would.followers);
		output_num(&cli->out, "following", would.following);
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}

enum rc cmd_peer_block(struct cli *cli)
{
	if (command_switch(cli, "preview"))
		return preview(cli);
	struct decision d = { .policy = PEER_BLOCKED, .note = command_option(cli, "note") };
	return decide(cli, &d);
}

enum rc cmd_peer_allow(struct cli *cli)
{
	struct decision d = { .policy = PEER_ALLOWED, .note = command_option(cli, "note") };
	return decide(cli, &d);
}

enum rc cmd_peer_limit(struct cli *cli)
{
	struct decision d = { .policy = PEER_LIMITED, .note = command_option(cli, "note") };
	return decide(cli, &d);
}

enum rc cmd_peer_forget(struct cli *cli)
{
	struct decision d = { .policy = PEER_DEFAULT };
	return decide(cli, &d);
}
