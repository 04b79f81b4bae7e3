/* Blocks and allowances of hosts. */
#include "admin_int.h"

#include "text/iri.h"

enum severity { SEVERITY_SILENCE, SEVERITY_SUSPEND, SEVERITY_NOOP };
static const char *const severities[] = { "silence", "suspend", "noop", NULL };

struct host_params {
	struct str domain, private_comment, public_comment;
	uint32_t severity;
	enum tri reject_media, reject_reports, obfuscate;
};

#define COMMENT_BYTES 4000

static const struct param host_rows[] = {
	PARAM_STR(struct host_params, domain, "domain", 300),
	PARAM_STR(struct host_params, private_comment, "private_comment", COMMENT_BYTES),
	PARAM_STR(struct host_params, public_comment, "public_comment", COMMENT_BYTES),
	PARAM_CHOICE(struct host_params, severity, "severity", severities),
	PARAM_BOOL(struct host_params, reject_media, "reject_media"),
	PARAM_BOOL(struct host_params, reject_reports, "reject_reports"),
	PARAM_BOOL(struct host_params, obfuscate, "obfuscate"),
};
PARAM_TABLE(host_params, struct host_params, host_rows);

struct page_params {
	struct paging page;
};

static const struct param page_rows[] = {
	PAGING_PARAMS(struct page_params, page, ADMIN_PAGE_DEFAULT, ADMIN_PAGE_MOST),
};
PARAM_TABLE(page_params, struct page_params, page_rows);

/* The two lists are told apart by what was decided. */
struct host_list {
	bool allows;
	void (*render)(struct jw *w, const struct peer *peer);
};

static const struct host_list blocks = { false, render_domain_block };
static const struct host_list allows = { true, render_domain_allow };

static bool is_of(const struct host_list *list, const struct peer *peer)
{
	return peer_is_judged(peer) && (peer->policy == PEER_ALLOWED) == list->allows;
}

/* --- reading --- */

static void get_list(struct call *call, const struct host_list *list)
{
	const struct page_params *p = call->params;
	uint64_t min_id = p->page.min_id > p->page.since_id ? p->page.min_id : p->page.since_id;
	struct peer *peers = ARENA_ARRAY(call->ctx->arena, ADMIN_PAGE_MOST, struct peer);
	struct db_txn *txn = NULL;
	if (!call_permits(call, PERMISSION_MANAGE_FEDERATION))
		return;
	enum rc rc = peers != NULL ? call_read(call, &txn) : RC_NO_MEMORY;
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	size_t n =
		peer_decisions(txn, call->ctx->arena, p->page.max_id, min_id, peers, p->page.limit);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	reply_links(call, n != 0 ? peers[0].decision : 0, n != 0 ? peers[n - 1].decision : 0,
		    n == p->page.limit);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++) {
		if (is_of(list, &peers[i]))
			list->render(w, &peers[i]);
	}
	jw_end(w);
	reply_end(call, 200);
}

/* host empty: by the id in the path. */
static enum rc find(struct call *call, const struct host_list *list, struct str host,
		    struct peer *out)
{
	struct db_txn *txn = NULL;
	enum rc rc = call_read(call, &txn);
	if (rc != RC_OK)
		return rc;
	bool found = host.len != 0
			     ? peer_get(txn, call->ctx->arena, host, out)
			     : peer_get_decision(txn, call->ctx->arena, call_id(call, 0), out);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc != RC_OK)
		return rc;
	return found && is_of(list, out) ? RC_OK : RC_NOT_FOUND;
}

static void reply_one(struct call *call, const struct host_list *list, struct str host)
{
	struct peer peer;
	enum rc rc = find(call, list, host, &peer);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	list->render(reply_begin(call), &peer);
	reply_end(call, 200);
}

static void get_one(struct call *call, const struct host_list *list)
{
	if (call_permits(call, PERMISSION_MANAGE_FEDERATION))
		reply_one(call, list, STR(""));
}

/* --- deciding --- */

struct deciding {
	const struct account *moderator;
	struct peer peer;
};

static enum rc decide_job(struct social *s, void *arg)
{
	const struct deciding *d = arg;
	return host_decide(s, d->moderator, &d->peer);
}

static enum rc decide(struct call *call, struct peer *peer)
{
	struct deciding d = { call_account(call), *peer };
	enum rc rc = call_write(call, decide_job, &d);
	const struct policy_port *port = &call->api->parts.policies;
	if (rc == RC_OK && port->changed != NULL)
		port->changed(port->arg);
	return rc;
}

static void set_flag(struct peer *peer, enum tri value, unsigned flag)
{
	if (value == TRI_YES)
		peer->flags |= flag;
	else if (value == TRI_NO)
		peer->flags &= ~flag;
}

static void fill(const struct host_params *p, struct peer *peer)
{
	static const enum peer_policy policies[] = { [SEVERITY_SILENCE] = PEER_LIMITED,
						     [SEVERITY_SUSPEND] = PEER_BLOCKED,
						     [SEVERITY_NOOP] = PEER_DEFAULT };
	if (p->severity != NO_CHOICE)
		peer->policy = policies[p->severity];
	if (p->private_comment.ptr != NULL)
		peer->note = p->private_comment;
	if (p->public_comment.ptr != NULL)
		peer->public_note = p->public_comment;
	set_flag(peer, p->reject_media, PEER_REJECT_MEDIA);
	set_flag(peer, p->reject_reports, PEER_REJECT_REPORTS);
	set_flag(peer, p->obfuscate, PEER_OBFUSCATE);
	/* a block that does nothing stands in the list all the same */
	peer->flags |= PEER_LISTED;
}

static bool read_host(struct call *call, struct str *host)
{
	const struct host_params *p = call->params;
	struct ctx quiet = { .arena = call->ctx->arena };
	if (p->domain.len != 0 &&
	    iri_authority(&quiet, p->domain, call->api->parts.site->iri_flags, host) == RC_OK)
		return true;
	reply_invalid(call, "domain", "ERR_INVALID", "Domain is not a valid domain name");
	return false;
}

static void post_one(struct call *call, const struct host_list *list)
{
	const struct host_params *p = call->params;
	struct peer peer = { .note = STR(""), .public_note = STR("") }, old;
	if (!call_permits(call, PERMISSION_MANAGE_FEDERATION) || !read_host(call, &peer.host))
		return;
	if (find(call, list, peer.host, &old) == RC_OK) {
		reply_invalid(call, "domain", "ERR_TAKEN", "Domain has already been taken");
		return;
	}
	peer.policy = list->allows ? PEER_ALLOWED : PEER_LIMITED;
	if (!list->allows)
		fill(p, &peer);
	enum rc rc = decide(call, &peer);
	if (rc == RC_OK)
		reply_one(call, list, peer.host);
	else if (rc == RC_INVALID)
		reply_invalid(call, "domain", "ERR_INVALID", "Domain is this node's own");
	else
		reply_rc(call, rc);
}

static void put_block(struct call *call)
{
	struct peer peer;
	if (!call_permits(call, PERMISSION_MANAGE_FEDERATION))
		return;
	enum rc rc = find(call, &blocks, STR(""), &peer);
	if (rc == RC_OK) {
		fill(call->params, &peer);
		rc = decide(call, &peer);
	}
	if (rc == RC_OK)
		reply_one(call, &blocks, peer.host);
	else
		reply_rc(call, rc);
}

static void delete_one(struct call *call, const struct host_list *list)
{
	struct peer peer;
	if (!call_permits(call, PERMISSION_MANAGE_FEDERATION))
		return;
	enum rc rc = find(call, list, STR(""), &peer);
	if (rc == RC_OK) {
		struct peer none = { .host = peer.host, .note = STR(""), .public_note = STR("") };
		rc = decide(call, &none);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	/* what it was */
	list->render(reply_begin(call), &peer);
	reply_end(call, 200);
}

/* --- the rows --- */

static void get_blocks(struct call *call)
{
	get_list(call, &blocks);
}

static void get_block(struct call *call)
{
	get_one(call, &blocks);
}

static void post_block(struct call *call)
{
	post_one(call, &blocks);
}

static void delete_block(struct call *call)
{
	delete_one(call, &blocks);
}

static void get_allows(struct call *call)
{
	get_list(call, &allows);
}

static void get_allow(struct call *call)
{
	get_one(call, &allows);
}

static void post_allow(struct call *call)
{
	post_one(call, &allows);
}

static void delete_allow(struct call *call)
{
	delete_one(call, &allows);
}

#define GET HTTP_GET
#define POST HTTP_POST
#define DELETE HTTP_DELETE
#define READ_BLOCKS SCOPE(ADMIN_READ_DOMAIN_BLOCKS)
#define WRITE_BLOCKS SCOPE(ADMIN_WRITE_DOMAIN_BLOCKS)
#define READ_ALLOWS SCOPE(ADMIN_READ_DOMAIN_ALLOWS)
#define WRITE_ALLOWS SCOPE(ADMIN_WRITE_DOMAIN_ALLOWS)
#define BLOCKS "/api/v1/admin/domain_blocks"
#define ALLOWS "/api/v1/admin/domain_allows"

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ GET, BLOCKS, AUTH_USER, READ_BLOCKS, RATE_COMMON, &page_params, get_blocks },
	{ POST, BLOCKS, AUTH_USER, WRITE_BLOCKS, RATE_COMMON, &host_params, post_block },
	{ GET, BLOCKS "/:id", AUTH_USER, READ_BLOCKS, RATE_COMMON, NULL, get_block },
	{ HTTP_PUT, BLOCKS "/:id", AUTH_USER, WRITE_BLOCKS, RATE_COMMON, &host_params, put_block },
	{ DELETE, BLOCKS "/:id", AUTH_USER, WRITE_BLOCKS, RATE_COMMON, NULL, delete_block },
	{ GET, ALLOWS, AUTH_USER, READ_ALLOWS, RATE_COMMON, &page_params, get_allows },
	{ POST, ALLOWS, AUTH_USER, WRITE_ALLOWS, RATE_COMMON, &host_params, post_allow },
	{ GET, ALLOWS "/:id", AUTH_USER, READ_ALLOWS, RATE_COMMON, NULL, get_allow },
	{ DELETE, ALLOWS "/:id", AUTH_USER, WRITE_ALLOWS, RATE_COMMON, NULL, delete_allow },
};
API_ROWS_END
const struct api_route_table admin_hosts_api = { routes, ARRAY_LEN(routes) };
