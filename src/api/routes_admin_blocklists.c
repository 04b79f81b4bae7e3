/* Lists of blocks that others keep, and the drafts that they lead to. */
#include "admin_int.h"
#include "own_int.h"
#include "social/blocklist.h"

#define DRAFTS_DEFAULT 100
#define DRAFTS_MOST 200

static const char *const severities[] = {
	[BLOCKLIST_AS_SAID] = "as_said",
	[BLOCKLIST_LIMIT] = "limit",
	NULL,
};

struct list_params {
	struct str url, after;
	unsigned severity;
	uint64_t limit;
	struct str_list hosts;
};

static const struct param list_rows[] = {
	PARAM_STR(struct list_params, url, "url", 2000),
	PARAM_CHOICE(struct list_params, severity, "severity", severities),
};
PARAM_TABLE(list_params, struct list_params, list_rows);

static const struct param page_rows[] = {
	PARAM_STR(struct list_params, after, "after", 300),
	PARAM_LIMIT(struct list_params, limit, DRAFTS_DEFAULT, DRAFTS_MOST),
};
PARAM_TABLE(page_params, struct list_params, page_rows);

static const struct param hosts_rows[] = {
	PARAM_STRS(struct list_params, hosts, "hosts", 300),
};
PARAM_TABLE(hosts_params, struct list_params, hosts_rows);

/* --- lists --- */

static void render_subscription(struct jw *w, const struct blocklist *list)
{
	jw_object(w);
	jw_member_id(w, "id", list->id);
	jw_member_str(w, "url", list->url);
	jw_member_str(w, "severity", str_of(severities[list->severity]));
	jw_member_u64(w, "hosts", list->hosts);
	jw_member_date(w, "created_at", list->created_ms);
	jw_member_time(w, "fetched_at", list->fetched_ms);
	jw_member_nullable(w, "error", list->error);
	jw_member_bool(w, "accepted", list->accepted);
	jw_end(w);
}

static void get_lists(struct call *call)
{
	struct blocklist *all = ARENA_ARRAY(call->ctx->arena, BLOCKLISTS_MAX, struct blocklist);
	struct db_txn *txn = NULL;
	size_t n = 0;
	if (!call_permits(call, PERMISSION_MANAGE_FEDERATION))
		return;
	enum rc rc = all != NULL ? call_read(call, &txn) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		n = blocklist_all(txn, call->ctx->arena, all);
		rc = db_txn_rc(txn);
		db_read_end(&txn);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_subscription(w, &all[i]);
	jw_end(w);
	reply_end(call, 200);
}

struct subscribing {
	const struct account *moderator;
	struct blocklist wanted, made;
	struct arena *arena; /* of the answer */
};

static enum rc subscribe_job(struct social *s, void *arg)
{
	struct subscribing *sub = arg;
	sub->made = sub->wanted;
	enum rc rc = blocklist_subscribe(s, sub->moderator, &sub->made);
	sub->made.url = arena_str(sub->arena, sub->made.url);
	return rc;
}

static void post_list(struct call *call)
{
	const struct list_params *p = call->params;
	struct subscribing sub = {
		.moderator = call_account(call),
		.wanted = { .url = p->url,
			    .severity = p->severity != NO_CHOICE
						? (enum blocklist_severity)p->severity
						: BLOCKLIST_AS_SAID },
		.arena = call->ctx->arena,
	};
	if (!call_permits(call, PERMISSION_MANAGE_FEDERATION))
		return;
	enum rc rc = call_write(call, subscribe_job, &sub);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_subscription(reply_begin(call), &sub.made);
	reply_end(call, 200);
}

struct ending {
	const struct account *moderator;
	uint64_t id;
};

static enum rc end_job(struct social *s, void *arg)
{
	const struct ending *e = arg;
	return blocklist_end(s, e->moderator, e->id);
}

static enum rc accept_job(struct social *s, void *arg)
{
	const struct ending *e = arg;
	return blocklist_accept(s, e->moderator, e->id);
}

static void decide_list(struct call *call, enum rc (*job)(struct social *s, void *arg))
{
	struct ending e = { call_account(call), call_id(call, 0) };
	if (!call_permits(call, PERMISSION_MANAGE_FEDERATION))
		return;
	enum rc rc = call_write(call, job, &e);
	if (rc == RC_OK)
		reply_empty(call);
	else
		reply_rc(call, rc);
}

static void delete_list(struct call *call)
{
	decide_list(call, end_job);
}

static void post_accept(struct call *call)
{
	decide_list(call, accept_job);
}

/* --- drafts --- */

static const char *severity_of(const struct block_entry *opinion)
{
	return opinion->policy == PEER_BLOCKED	 ? "suspend"
	       : opinion->policy == PEER_LIMITED ? "silence"
						 : "noop";
}

static void render_draft(struct jw *w, struct db_txn *txn, struct arena *arena,
			 const struct block_draft *draft)
{
	struct block_entry opinion;
	size_t lists = blocklist_opinion(txn, arena, draft->host, &opinion);
	jw_object(w);
	jw_member_str(w, "host", draft->host);
	jw_member_str(w, "severity", str_of(severity_of(&opinion)));
	jw_member_bool(w, "reject_media", (opinion.flags & PEER_REJECT_MEDIA) != 0);
	jw_member_bool(w, "reject_reports", (opinion.flags & PEER_REJECT_REPORTS) != 0);
	jw_member_nullable(w, "public_comment", opinion.comment);
	jw_member_u64(w, "lists", lists);
	jw_member_bool(w, "dismissed", draft->dismissed);
	jw_member_date(w, "created_at", draft->since_ms);
	jw_end(w);
}

/* By name; `after` is the last host of the page before. */
static void get_drafts(struct call *call)
{
	const struct list_params *p = call->params;
	struct arena *arena = call->ctx->arena;
	struct block_draft *drafts = ARENA_ARRAY(arena, DRAFTS_MOST, struct block_draft);
	struct db_txn *txn = NULL;
	if (!call_permits(call, PERMISSION_MANAGE_FEDERATION))
		return;
	enum rc rc = drafts != NULL ? call_read(call, &txn) : RC_NO_MEMORY;
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	size_t n = block_drafts(txn, arena, p->after.ptr != NULL ? p->after : STR(""), drafts,
				p->limit);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_draft(w, txn, arena, &drafts[i]);
	jw_end(w);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	if (n == p->limit)
		reply_next(call, &(struct link_part){ "after", drafts[n - 1].host }, 1);
	reply_end(call, 200);
}

typedef enum rc draft_act(struct social *s, const struct account *moderator, struct str host);

struct deciding {
	const struct account *moderator;
	draft_act *act;
	const struct str_list *hosts;
	uint64_t done;
};

/* What is no draft any more does not keep the others. */
static enum rc decide_job(struct social *s, void *arg)
{
	struct deciding *d = arg;
	d->done = 0;
	for (size_t i = 0; i < d->hosts->count; i++) {
		enum rc rc = d->act(s, d->moderator, d->hosts->list[i]);
		if (rc != RC_OK && rc != RC_NOT_FOUND)
			return rc;
		d->done += rc == RC_OK;
	}
	return db_txn_rc(s->txn);
}

static void decide(struct call *call, draft_act *act)
{
	const struct list_params *p = call->params;
	const struct policy_port *policies = &call->api->parts.policies;
	struct deciding d = { .moderator = call_account(call), .act = act, .hosts = &p->hosts };
	if (!call_permits(call, PERMISSION_MANAGE_FEDERATION))
		return;
	enum rc rc = call_write(call, decide_job, &d);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	if (policies->changed != NULL)
		policies->changed(policies->arg);
	struct jw *w = reply_begin(call);
	jw_object(w);
	jw_member_u64(w, "decided", d.done);
	jw_end(w);
	reply_end(call, 200);
}

static void post_confirm(struct call *call)
{
	decide(call, block_draft_confirm);
}

static void post_dismiss(struct call *call)
{
	decide(call, block_draft_dismiss);
}

/* --- the rows --- */

#define LISTS "/api/fediflow/v1/admin/blocklists"
#define DRAFTS "/api/fediflow/v1/admin/block_drafts"
#define READS SCOPE(ADMIN_READ_DOMAIN_BLOCKS)
#define WRITES SCOPE(ADMIN_WRITE_DOMAIN_BLOCKS)

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, LISTS, AUTH_USER, READS, RATE_COMMON, NULL, get_lists, "[Blocklist]" },
	{ HTTP_POST, LISTS, AUTH_USER, WRITES, RATE_COMMON, &list_params, post_list, "Blocklist",
	  "url" },
	{ HTTP_DELETE, LISTS "/:id", AUTH_USER, WRITES, RATE_COMMON, NULL, delete_list, "Nothing" },
	{ HTTP_POST, LISTS "/:id/accept", AUTH_USER, WRITES, RATE_COMMON, NULL, post_accept,
	  "Nothing 409" },
	{ HTTP_GET, DRAFTS, AUTH_USER, READS, RATE_COMMON, &page_params, get_drafts,
	  "[BlockDraft] Link" },
	{ HTTP_POST, DRAFTS "/confirm", AUTH_USER, WRITES, RATE_COMMON, &hosts_params, post_confirm,
	  "BlockDecisions" },
	{ HTTP_POST, DRAFTS "/dismiss", AUTH_USER, WRITES, RATE_COMMON, &hosts_params, post_dismiss,
	  "BlockDecisions" },
};
API_ROWS_END
const struct api_route_table admin_blocklists_api = { routes, ARRAY_LEN(routes) };
