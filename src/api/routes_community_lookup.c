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
	search_group_target(call->ctx, call->api->parts.site, name, &target);
	if (target.kind != SEARCH_WORDS)
		return target;
	/* a word alone is the name of one of this node */
	target = (struct search_target){ .kind = SEARCH_HANDLE, .user = name, .host = STR("") };
	if (str_has_prefix(name, STR("!")) || str_has_prefix(name, STR("@")))
		target.user = str_skip(name, 1);
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

/* What its host has said is stored. */
static void asked(void *arg, enum rc rc, uint64_t id)
{
	struct call *call = arg;
	buf_init(&call->out, REPLY_BYTES_MAX);
	answer(call, RC_OK, rc == RC_OK ? id : 0);
	buf_free(&call->out);
	httpd_resume(call->req);
}

static void get_named(struct call *call)
{
	const struct named_params *p = call->params;
	const struct api_parts *parts = &call->api->parts;
	struct search_target target = target_of(call, str_trim(p->name));
	struct call *kept;
	uint64_t id;
	enum rc rc = find(call, &target, &id);
	/* only people who are signed in make the node ask others (S-061) */
	if (rc != RC_OK || id != 0 || call->viewer.account == 0 ||
	    !search_may_ask(&parts->search, parts->site, &target)) {
		answer(call, rc, id);
		return;
	}
	/* the handler's own ends with the handler */
	kept = ARENA_NEW(call->ctx->arena, struct call);
	if (kept == NULL) {
		reply_rc(call, RC_NO_MEMORY);
		return;
	}
	*kept = *call;
	httpd_suspend(call->req);
	search_ask(&parts->search, &target, asked, kept);
}

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, "/api/fediflow/v1/communities/lookup", AUTH_OPTIONAL, SCOPE(READ_COMMUNITIES),
	  RATE_COMMON, &named_params, get_named, "Community", "name" },
};
API_ROWS_END
const struct api_route_table community_lookup_api = { routes, ARRAY_LEN(routes) };
