/* Whom the caller has blocked, muted, endorsed; who asks to follow; hosts that they do not want. */
#include "community_int.h"

#include "social/mute.h"
#include "store/graph.h"

#define PEOPLE_DEFAULT 40
#define PEOPLE_MOST 80
#define DOMAINS_DEFAULT 100
#define DOMAINS_MOST 200

struct people_params {
	struct paging page;
};

static const struct param people_rows[] = {
	PAGING_PARAMS(struct people_params, page, PEOPLE_DEFAULT, PEOPLE_MOST),
};
PARAM_TABLE(people_params, struct people_params, people_rows);

/* Ends a list that was begun and written. */
static void reply_listed(struct call *call, struct gather *g, uint64_t first, uint64_t last,
			 bool full)
{
	enum rc rc = gather_end(g, RC_OK);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	reply_links(call, first, last, full);
	reply_end(call, 200);
}

/* --- in the order of their ids --- */

typedef size_t people_page(struct db_txn *txn, uint64_t account, const struct page *page,
			   uint64_t *out, size_t count);

static void get_people(struct call *call, people_page *list)
{
	const struct people_params *p = call->params;
	struct page page = page_of(&p->page);
	struct shelved items[PEOPLE_MOST];
	uint64_t ids[PEOPLE_MOST];
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	size_t n = list(g.txn, call->viewer.account, &page, ids, p->page.limit);
	for (size_t i = 0; i < n; i++)
		items[i] = (struct shelved){ .id = ids[i], .order = ids[i] };
	reply_shelved_accounts(call, &g, items, n, n == p->page.limit);
}

static void get_blocks(struct call *call)
{
	get_people(call, blocks_page);
}

/* --- who asks --- */

/* Each once: first what they ask of the caller, then each community, as authorize and reject go on. */
static void render_asking(struct call *call, struct gather *g, const uint64_t *ids, size_t n)
{
	enum follow_state own[PEOPLE_MOST];
	uint64_t groups[PEOPLE_MOST];
	struct jw *w = reply_begin(call);
	follower_get_many(g->txn, call->viewer.account, ids, n, own);
	communities_asked(g->txn, call->viewer.account, ids, n, groups);
	gather_accounts(g, ids, n);
	gather_accounts(g, groups, n);
	jw_array(w);
	for (size_t i = 0; i < n; i++) {
		const struct account_view *view = gather_account(g, ids[i]);
		if (view != NULL)
			render_asking_account(w, call->api->parts.site, view,
					      own[i] != FOLLOW_PENDING && groups[i] != 0
						      ? gather_account(g, groups[i])
						      : NULL);
	}
	jw_end(w);
}

static void get_follow_requests(struct call *call)
{
	const struct people_params *p = call->params;
	struct page page = page_of(&p->page);
	uint64_t ids[PEOPLE_MOST];
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	/* those of the communities into which they may let people, too */
	size_t n = community_requests_page(g.txn, call->viewer.account, &page, ids, p->page.limit);
	render_asking(call, &g, ids, n);
	reply_listed(call, &g, n != 0 ? ids[0] : 0, n != 0 ? ids[n - 1] : 0, n == p->page.limit);
}

/* --- in the order in which it was done --- */

static size_t read_shelf(struct call *call, struct gather *g, enum shelf shelf, uint64_t owner,
			 struct shelved *items)
{
	const struct people_params *p = call->params;
	struct page page = page_of(&p->page);
	return shelf_list(g->txn, g->arena, shelf, owner, &page, items, p->page.limit);
}

static void get_endorsements(struct call *call)
{
	const struct people_params *p = call->params;
	struct shelved items[PEOPLE_MOST];
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	size_t n = read_shelf(call, &g, SHELF_ENDORSED, call->viewer.account, items);
	reply_shelved_accounts(call, &g, items, n, n == p->page.limit);
}

static void get_account_endorsements(struct call *call)
{
	const struct people_params *p = call->params;
	struct shelved items[PEOPLE_MOST];
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	if (gather_account(&g, call_id(call, 0)) == NULL) {
		reply_rc(call, gather_end(&g, RC_NOT_FOUND));
		return;
	}
	size_t n = read_shelf(call, &g, SHELF_ENDORSED, call_id(call, 0), items);
	reply_shelved_accounts(call, &g, items, n, n == p->page.limit);
}

/* MutedAccount: with the end of the mute. */
static void render_muted(struct call *call, struct gather *g, const struct shelved *items, size_t n)
{
	uint64_t ids[PEOPLE_MOST];
	struct jw *w = reply_begin(call);
	for (size_t i = 0; i < n; i++)
		ids[i] = items[i].id;
	gather_accounts(g, ids, n);
	jw_array(w);
	for (size_t i = 0; i < n; i++) {
		const struct account_view *view = gather_account(g, ids[i]);
		if (view != NULL)
			render_muted_account(w, call->api->parts.site, view, items[i].until_ms);
	}
	jw_end(w);
}

static void get_mutes(struct call *call)
{
	const struct people_params *p = call->params;
	struct shelved items[PEOPLE_MOST];
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	size_t n = read_shelf(call, &g, SHELF_MUTED, call->viewer.account, items);
	render_muted(call, &g, items, n);
	reply_listed(call, &g, n != 0 ? items[0].order : 0, n != 0 ? items[n - 1].order : 0,
		     n == p->page.limit);
}

/* --- hosts --- */

struct domains_params {
	struct paging page;
};

static const struct param domains_rows[] = {
	PAGING_PARAMS(struct domains_params, page, DOMAINS_DEFAULT, DOMAINS_MOST),
};
PARAM_TABLE(domains_params, struct domains_params, domains_rows);

static void get_domain_blocks(struct call *call)
{
	const struct domains_params *p = call->params;
	struct page page = page_of(&p->page);
	struct shelved items[DOMAINS_MOST];
	struct gather g;
	size_t n = 0;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		n = shelf_list(g.txn, g.arena, SHELF_DOMAINS, call->viewer.account, &page, items,
			       p->page.limit);
		rc = gather_end(&g, RC_OK);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	reply_links(call, n != 0 ? items[0].order : 0, n != 0 ? items[n - 1].order : 0,
		    n == p->page.limit);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		jw_str(w, items[i].text);
	jw_end(w);
	reply_end(call, 200);
}

struct domain_params {
	struct str domain;
};

static const struct param domain_rows[] = {
	PARAM_STR(struct domain_params, domain, "domain", 1000),
};
PARAM_TABLE(domain_params, struct domain_params, domain_rows);

static void act_on_domain(struct call *call, enum own_kind kind, own_act *act)
{
	struct str domain = ((const struct domain_params *)call->params)->domain;
	if (str_trim(domain).len == 0) {
		reply_invalid(call, "domain", "ERR_BLANK", "Domain can't be blank");
		return;
	}
	enum rc rc = own_do(call, kind, 0, act, &domain);
	if (rc == RC_INVALID)
		reply_invalid(call, "domain", "ERR_INVALID", "Domain is not a valid domain name");
	else if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_empty(call);
}

static enum rc block_domain(struct social *s, const struct account *actor,
			    const struct account *target UNUSED, void *arg)
{
	return act_block_domain(s, actor, *(const struct str *)arg);
}

static void post_domain_block(struct call *call)
{
	act_on_domain(call, OWN_DO, block_domain);
}

static enum rc unblock_domain(struct social *s, const struct account *actor,
			      const struct account *target UNUSED, void *arg)
{
	return act_unblock_domain(s, actor, *(const struct str *)arg);
}

static void delete_domain_block(struct call *call)
{
	act_on_domain(call, OWN_UNDO, unblock_domain);
}

static void get_domain_preview(struct call *call)
{
	const struct domain_params *p = call->params;
	struct domain_follows follows;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		struct social s = { .txn = g.txn, .ctx = call->ctx, .site = call->api->parts.site };
		rc = domain_follows_count(&s, call_account(call), p->domain, &follows);
		rc = gather_end(&g, rc);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_object(w);
	jw_member_u64(w, "following_count", follows.following);
	jw_member_u64(w, "followers_count", follows.followers);
	jw_end(w);
	reply_end(call, 200);
}

#define GET HTTP_GET
#define USER AUTH_USER
#define COMMON RATE_COMMON
#define DOMAINS "/api/v1/domain_blocks"

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ GET, "/api/v1/blocks", USER, SCOPE(READ_BLOCKS), COMMON, &people_params, get_blocks },
	{ GET, "/api/v1/mutes", USER, SCOPE(READ_MUTES), COMMON, &people_params, get_mutes },
	{ GET, "/api/v1/follow_requests", USER, SCOPE(READ_FOLLOWS), COMMON, &people_params,
	  get_follow_requests },
	{ GET, "/api/v1/endorsements", USER, SCOPE(READ_ACCOUNTS), COMMON, &people_params,
	  get_endorsements },
	{ GET, "/api/v1/accounts/:id/endorsements", AUTH_OPTIONAL, SCOPE(READ_ACCOUNTS), COMMON,
	  &people_params, get_account_endorsements },
	{ GET, DOMAINS, USER, SCOPE(READ_BLOCKS), COMMON, &domains_params, get_domain_blocks },
	{ GET, DOMAINS "/preview", USER, SCOPE(READ_BLOCKS), COMMON, &domain_params,
	  get_domain_preview },
	{ HTTP_POST, DOMAINS, USER, SCOPE(WRITE_BLOCKS), COMMON, &domain_params,
	  post_domain_block },
	{ HTTP_DELETE, DOMAINS, USER, SCOPE(WRITE_BLOCKS), COMMON, &domain_params,
	  delete_domain_block },
};
API_ROWS_END
const struct api_route_table people_api = { routes, ARRAY_LEN(routes) };
