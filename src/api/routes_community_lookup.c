/* A community by its name, its handle or its address: one elsewhere is asked for when nobody here knows it yet. On
 * listener threads. */
#include "community_int.h"

#include "social/search.h"

struct named_params {
	struct str name;
};

static const struct param named_rows[] = {
	PARAM_STR(struct named_params, name, "name", 2000),
};
PARAM_TABLE(named_params, struct named_params, named_rows);

/* "botany", "!botany@example.org", "@botany@example.org", "https://example.org/c/botany". */
static struct search_target target_of(struct call *call, struct str name)
{
	struct search_target target;
	if (str_has_prefix(name, STR("!")))
		name = str_skip(name, 1);
	search_target_of(call->ctx, call->api->parts.site, name, &target);
	/* a word alone is the name of one of this node */
	if (target.kind == SEARCH_WORDS)
		target = (struct search_target){ .kind = SEARCH_HANDLE,
						 .user = str_has_prefix(name, STR("@"))
								 ? str_skip(name, 1)
								 : name,
						 .host = STR("") };
	return target;
}

static enum rc find(struct call *call, const struct search_target *target, uint64_t *id)
{
	struct db_txn *txn;
	enum rc rc = call_read(call, &txn);
	*id = 0;
	if (rc != RC_OK)
		return rc;
	*id = search_known(call->ctx, txn, call->api->parts.site, call->viewer, target).account;
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc;
}

static void answer(struct call *call, enum rc rc, uint64_t id)
{
	if (rc == RC_OK && id == 0)
		rc = RC_NOT_FOUND;
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_community(call, id);
}

struct waiting {
	struct call call; /* the handler's own ends with the handler */
};

/* What its host has said is stored. */
static void asked(void *arg, enum rc rc, uint64_t id)
{
	struct waiting *w = arg;
	struct httpd_request *req = w->call.req;
	buf_init(&w->call.out, REPLY_BYTES_MAX);
	answer(&w->call, RC_OK, rc == RC_OK ? id : 0);
	buf_free(&w->call.out);
	httpd_resume(req);
}

/* Only people who are signed in make the node ask others (S-061). */
static bool is_to_be_asked(const struct call *call, const struct search_target *target)
{
	const struct search_port *port = &call->api->parts.search;
	if (call->viewer.account == 0)
		return false;
	if (target->kind == SEARCH_HANDLE)
		return port->handle != NULL && target->host.len != 0;
	return port->address != NULL && !site_owns_text(call->api->parts.site, target->uri);
}

static void get_named(struct call *call)
{
	const struct named_params *p = call->params;
	const struct search_port *port = &call->api->parts.search;
	struct search_target target = target_of(call, str_trim(p->name));
	struct waiting *w;
	uint64_t id;
	enum rc rc = find(call, &target, &id);
	if (rc != RC_OK || id != 0 || !is_to_be_asked(call, &target)) {
		answer(call, rc, id);
		return;
	}
	w = ARENA_NEW(call->ctx->arena, struct waiting);
	if (w == NULL) {
		reply_rc(call, RC_NO_MEMORY);
		return;
	}
	w->call = *call;
	httpd_suspend(call->req);
	if (target.kind == SEARCH_HANDLE)
		port->handle(port->arg, target.user, target.host, asked, w);
	else
		port->address(port->arg, target.uri, asked, w);
}

static const struct api_route routes[] = {
	{ HTTP_GET, "/api/fediflow/v1/communities/lookup", AUTH_OPTIONAL, SCOPE(READ_COMMUNITIES),
	  RATE_COMMON, &named_params, get_named, "Community", "name" },
};
const struct api_route_table community_lookup_api = { routes, ARRAY_LEN(routes) };
