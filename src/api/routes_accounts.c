/* Accounts: who somebody is, what they wrote, whom they follow. */
#include "community_int.h"

#include "store/graph.h"
#include "store/pin.h"
#include "text/acct.h"

#define PAGE_DEFAULT 20
#define PAGE_MOST 40
#define PEOPLE_DEFAULT 40
#define PEOPLE_MOST 80
/* Rows that are looked at for one page, whether they fit or not. */
#define SCAN_MAX 2000

static void reply_account(struct call *call, struct gather *g, enum rc rc,
			  const struct account_view *view)
{
	rc = gather_end(g, rc);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_account(reply_begin(call), call->api->parts.site, view);
	reply_end(call, 200);
}

static void get_account(struct call *call)
{
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	const struct account_view *view = gather_account(&g, call_id(call, 0));
	if (view == NULL)
		view = gather_suspended(&g, call_id(call, 0));
	reply_account(call, &g, view != NULL ? RC_OK : RC_NOT_FOUND, view);
}

/* methods/accounts#identity_proofs: there is nothing of this kind any more, but who asks is answered. */
static void get_identity_proofs(struct call *call)
{
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		bool there = gather_account(&g, call_id(call, 0)) != NULL;
		rc = gather_end(&g, there ? RC_OK : RC_NOT_FOUND);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	jw_end(w);
	reply_end(call, 200);
}

/* --- of several ids --- */

struct ids_params {
	struct id_list ids;
};

static const struct param ids_rows[] = { PARAM_IDS(struct ids_params, ids, "id") };
PARAM_TABLE(ids_params, struct ids_params, ids_rows);

static void get_accounts(struct call *call)
{
	const struct ids_params *p = call->params;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	gather_accounts(&g, p->ids.list, p->ids.count);
	jw_array(w);
	for (size_t i = 0; i < p->ids.count; i++) {
		const struct account_view *view = gather_account(&g, p->ids.list[i]);
		if (view != NULL)
			render_account(w, call->api->parts.site, view);
	}
	jw_end(w);
	rc = gather_end(&g, RC_OK);
	if (rc == RC_OK)
		reply_end(call, 200);
	else
		reply_rc(call, rc);
}

/* --- by handle --- */

struct lookup_params {
	struct str acct;
};

static const struct param lookup_rows[] = { PARAM_STR(struct lookup_params, acct, "acct", 1000) };
PARAM_TABLE(lookup_params, struct lookup_params, lookup_rows);

static const struct account_view *find_acct(struct gather *g, struct str acct)
{
	const struct site *site = g->api->parts.site;
	struct str user, host;
	struct account found;
	if (str_has_prefix(acct, STR("@")))
		acct = str_skip(acct, 1);
	if (!str_split(acct, '@', &user, &host) || str_eq_nocase(host, site->domain) ||
	    str_eq_nocase(host, site->host))
		host = STR("");
	return acct_user_valid(user) && account_find_handle(g->txn, g->arena, user, host, &found)
		       ? gather_account(g, found.id)
		       : NULL;
}

static void get_lookup(struct call *call)
{
	const struct lookup_params *p = call->params;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	const struct account_view *view = find_acct(&g, p->acct);
	reply_account(call, &g, view != NULL ? RC_OK : RC_NOT_FOUND, view);
}

/* --- what somebody wrote --- */

struct statuses_params {
	struct paging page;
	enum tri only_media, exclude_replies, exclude_reblogs, pinned;
	struct str tagged;
};

static const struct param statuses_rows[] = {
	PAGING_PARAMS(struct statuses_params, page, PAGE_DEFAULT, PAGE_MOST),
	PARAM_BOOL(struct statuses_params, only_media, "only_media"),
	PARAM_BOOL(struct statuses_params, exclude_replies, "exclude_replies"),
	PARAM_BOOL(struct statuses_params, exclude_reblogs, "exclude_reblogs"),
	PARAM_BOOL(struct statuses_params, pinned, "pinned"),
	PARAM_STR(struct statuses_params, tagged, "tagged", 1000),
};
PARAM_TABLE(statuses_params, struct statuses_params, statuses_rows);

/* Answers to oneself are a thread, no replies to others. */
static bool fits(const struct statuses_params *p, const struct status_view *v)
{
	const struct status *s = v->status;
	bool tagged = p->tagged.len == 0;
	if (p->only_media == TRI_YES && s->attachment_count == 0)
		return false;
	if (p->exclude_reblogs == TRI_YES && v->reblog != NULL)
		return false;
	if (p->exclude_replies == TRI_YES && (s->flags & STATUS_REPLY) != 0 &&
	    s->parent_account != s->account)
		return false;
	for (unsigned i = 0; i < s->tag_count; i++)
		tagged = tagged || str_eq_nocase(s->tags[i], p->tagged);
	return tagged;
}

struct found {
	struct status_view *views;
	size_t count;
	bool full;     /* there may be more */
	uint64_t edge; /* where the walk gave up before the page was full; 0: it did not */
};

static void turn_around(struct found *found)
{
	for (size_t i = 0; i < found->count / 2; i++) {
		struct status_view other = found->views[found->count - 1 - i];
		found->views[found->count - 1 - i] = found->views[i];
		found->views[i] = other;
	}
}

/* In chunks of a page, until the page is full or nothing is left; shown newest first. own: no boosts. */
static void find_statuses(struct gather *g, const struct statuses_params *p, uint64_t account,
			  bool own, struct id_range range, struct found *out)
{
	struct status_entry entries[PAGE_MOST];
	uint64_t ids[PAGE_MOST];
	size_t limit = p->page.limit, n = PAGE_MOST;
	for (size_t seen = 0; n == PAGE_MOST && out->count < limit && seen < SCAN_MAX; seen += n) {
		struct status_view *some = ARENA_ARRAY(g->arena, PAGE_MOST, struct status_view);
		size_t wanted = 0;
		n = status_by_author_range(g->txn, account, &range, entries, PAGE_MOST);
		for (size_t i = 0; i < n; i++) {
			if (!own || (entries[i].flags & STATUS_BOOST) == 0)
				ids[wanted++] = entries[i].id;
		}
		size_t got = some != NULL ? gather_statuses(g, ids, wanted, some) : 0;
		for (size_t i = 0; i < got && out->count < limit; i++) {
			if (fits(p, &some[i]))
				out->views[out->count++] = some[i];
		}
		if (n != 0)
			id_range_pass(&range, entries[n - 1].id);
	}
	/* below what was asked for upwards there is something; else where the walk was not over */
	out->full = range.ascending || n == PAGE_MOST || out->count == limit;
	if (n == PAGE_MOST && out->count < limit)
		out->edge = entries[n - 1].id;
	if (range.ascending)
		turn_around(out);
}

/* Behind the edge of one of them nobody has looked: what the other has there is the next page's. */
static size_t keep_near(const struct paging *paging, const struct found *other, struct found *out,
			struct status_view *views, size_t count)
{
	const bool up = paging->min_id != 0;
	size_t n = 0;
	if (out->edge == 0 || (other->edge != 0 && (other->edge < out->edge) == up))
		out->edge = other->edge;
	for (size_t i = 0; i < count; i++) {
		if (out->edge == 0 || (up ? views[i].id <= out->edge : views[i].id >= out->edge))
			views[n++] = views[i];
	}
	return n;
}

/* Newest first, each once; of a page that goes upwards the oldest. */
static void merge_found(const struct paging *paging, const struct found *other, struct found *out,
			struct status_view *room)
{
	size_t a = 0, b = 0, n = 0, from;
	while (a < out->count || b < other->count) {
		bool first = b == other->count ||
			     (a < out->count && out->views[a].id >= other->views[b].id);
		if (first && b < other->count && out->views[a].id == other->views[b].id)
			b++;
		room[n++] = first ? out->views[a++] : other->views[b++];
	}
	n = keep_near(paging, other, out, room, n);
	/* a page that is full ends before that */
	if (n >= paging->limit)
		out->edge = 0;
	from = paging->min_id != 0 && n > paging->limit ? n - paging->limit : 0;
	out->full = out->full || other->full || n > paging->limit;
	out->count = n > paging->limit ? paging->limit : n;
	memcpy(out->views, room + from, out->count * sizeof(room[0]));
}

/* A group elsewhere: what it wrote itself, and the threads in it that are known here. */
static void add_threads(struct gather *g, const struct statuses_params *p, uint64_t group,
			struct found *out)
{
	struct page page = page_of(&p->page);
	struct found threads = { .views = ARENA_ARRAY(g->arena, PAGE_MOST, struct status_view) };
	struct status_view *room = ARENA_ARRAY(g->arena, 2 * PAGE_MOST, struct status_view);
	struct status_view *some = ARENA_ARRAY(g->arena, PAGE_MOST, struct status_view);
	uint64_t ids[PAGE_MOST];
	if (threads.views == NULL || room == NULL || some == NULL)
		return;
	size_t n, limit = p->page.limit, seen = 0;
	do {
		n = community_timeline(g->txn, g->arena, g->viewer, group, &page, ids, limit);
		size_t shown = gather_statuses(g, ids, n, some);
		for (size_t i = 0; i < shown && threads.count < limit; i++) {
			if (fits(p, &some[i]))
				threads.views[threads.count++] = some[i];
		}
		if (n != 0)
			page.max_id = ids[n - 1];
		seen += n;
	} while (n == limit && threads.count < limit && page.min_id == 0 && seen < SCAN_MAX);
	threads.full = n == limit;
	if (n == limit && threads.count < limit)
		threads.edge = page.min_id != 0 ? ids[0] : ids[n - 1];
	merge_found(&p->page, &threads, out, room);
}

/* What a community has put first; what others have pinned to their profile. */
static size_t pinned_ids(struct gather *g, const struct account *account, uint64_t ids[PINS_MAX])
{
	return account->kind == ACCOUNT_GROUP
		       ? community_pinned(g->txn, g->arena, g->viewer, account->id, ids, PINS_MAX)
		       : pins_of(g->txn, account->id, ids);
}

static void find_pinned(struct gather *g, const struct statuses_params *p,
			const struct account *account, struct found *out)
{
	uint64_t ids[PINS_MAX];
	struct status_view views[PINS_MAX];
	size_t n = gather_statuses(g, ids, pinned_ids(g, account, ids), views);
	for (size_t i = 0; i < n && out->count < p->page.limit; i++) {
		if (fits(p, &views[i]))
			out->views[out->count++] = views[i];
	}
}

void reply_status_list(struct call *call, const struct status_view *views, size_t count)
{
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < count; i++)
		render_status(w, call->api->parts.site, &views[i]);
	jw_end(w);
	reply_end(call, 200);
}

void reply_statuses(struct call *call, const struct status_view *views, size_t count, bool full)
{
	reply_links(call, count != 0 ? views[0].id : 0, count != 0 ? views[count - 1].id : 0, full);
	reply_status_list(call, views, count);
}

/* The next page begins where the walk gave up, be there nothing on this one. */
static void reply_found(struct call *call, const struct paging *paging, const struct found *found)
{
	const bool up = paging->min_id != 0;
	uint64_t first = found->count != 0 ? found->views[0].id : 0;
	uint64_t last = found->count != 0 ? found->views[found->count - 1].id : 0;
	if (found->edge != 0)
		*(up ? &first : &last) = found->edge;
	reply_links(call, first, last, found->full);
	reply_status_list(call, found->views, found->count);
}

/* A community whose posts never leave boosts none of them: its threads are its profile. */
static bool shows_threads(struct gather *g, const struct account *account)
{
	struct community c;
	return account->kind == ACCOUNT_GROUP &&
	       community_effective(g->txn, g->arena, account->id, &c) &&
	       c.sight >= COMMUNITY_LOCAL && may_see_community(g->txn, g->arena, g->viewer, c.id);
}

static void get_account_statuses(struct call *call)
{
	const struct statuses_params *p = call->params;
	struct found found = { .views = ARENA_ARRAY(call->ctx->arena, PAGE_MOST,
						    struct status_view) };
	struct gather g;
	enum rc rc = found.views != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	const struct account_view *account = gather_account(&g, call_id(call, 0));
	if (account != NULL && p->pinned != TRI_YES && shows_threads(&g, account->account)) {
		rc = gather_end(&g, RC_OK);
		if (rc != RC_OK)
			reply_rc(call, rc);
		else
			reply_community_timeline(call, account->account->id, &p->page);
		return;
	}
	if (account != NULL && p->pinned == TRI_YES) {
		find_pinned(&g, p, account->account, &found);
	} else if (account != NULL) {
		/* a group elsewhere boosts its threads, which stand there themselves */
		const bool group = account->account->kind == ACCOUNT_GROUP &&
				   !account_is_local(account->account);
		find_statuses(&g, p, account->account->id, group || p->exclude_reblogs == TRI_YES,
			      call_range(call, &p->page), &found);
		if (group)
			add_threads(&g, p, account->account->id, &found);
	}
	rc = gather_end(&g, account != NULL ? RC_OK : RC_NOT_FOUND);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_found(call, &p->page, &found);
}

/* --- followers and following --- */

struct people_params {
	struct paging page;
};

static const struct param people_rows[] = {
	PAGING_PARAMS(struct people_params, page, PEOPLE_DEFAULT, PEOPLE_MOST),
};
PARAM_TABLE(people_params, struct people_params, people_rows);

void reply_people(struct call *call, struct gather *g, const uint64_t *ids, size_t count, bool full)
{
	struct jw *w = reply_begin(call);
	gather_accounts(g, ids, count);
	jw_array(w);
	for (size_t i = 0; i < count; i++) {
		const struct account_view *view = gather_account(g, ids[i]);
		if (view != NULL && may_see_membership(g->txn, g->arena, g->viewer, view->account))
			render_account(w, call->api->parts.site, view);
	}
	jw_end(w);
	enum rc rc = gather_end(g, RC_OK);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	reply_links(call, count != 0 ? ids[0] : 0, count != 0 ? ids[count - 1] : 0, full);
	reply_end(call, 200);
}

typedef size_t people_page(struct db_txn *txn, uint64_t account, enum follow_state state,
			   const struct page *page, uint64_t *out, size_t count);

/* In the order of the ids of those who are listed. */
static void get_people(struct call *call, people_page *list)
{
	const struct people_params *p = call->params;
	struct page page = page_of(&p->page);
	uint64_t ids[PEOPLE_MOST];
	size_t n = 0;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	const struct account_view *view = gather_account(&g, call_id(call, 0));
	if (view == NULL) {
		reply_rc(call, gather_end(&g, RC_NOT_FOUND));
		return;
	}
	bool own = view->account->id == call->viewer.account;
	if (own || (view->account->flags & ACCOUNT_HIDE_NETWORK) == 0)
		n = list(g.txn, view->account->id, FOLLOW_ACCEPTED, &page, ids, p->page.limit);
	reply_people(call, &g, ids, n, n == p->page.limit);
}

static void get_followers(struct call *call)
{
	get_people(call, follow_followers_page);
}

static void get_following(struct call *call)
{
	get_people(call, follow_following_page);
}

#define GET HTTP_GET
#define ACCOUNTS SCOPE(READ_ACCOUNTS)

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ GET, "/api/v1/accounts/lookup", AUTH_OPTIONAL, ACCOUNTS, RATE_COMMON, &lookup_params,
	  get_lookup },
	{ GET, "/api/v1/accounts", AUTH_OPTIONAL, ACCOUNTS, RATE_COMMON, &ids_params,
	  get_accounts },
	{ GET, "/api/v1/accounts/:id", AUTH_OPTIONAL, ACCOUNTS, RATE_COMMON, NULL, get_account },
	{ GET, "/api/v1/accounts/:id/identity_proofs", AUTH_USER, ACCOUNTS, RATE_COMMON, NULL,
	  get_identity_proofs },
	{ GET, "/api/v1/accounts/:id/statuses", AUTH_OPTIONAL, SCOPE(READ_STATUSES), RATE_COMMON,
	  &statuses_params, get_account_statuses },
	{ GET, "/api/v1/accounts/:id/followers", AUTH_OPTIONAL, ACCOUNTS, RATE_COMMON,
	  &people_params, get_followers },
	{ GET, "/api/v1/accounts/:id/following", AUTH_OPTIONAL, ACCOUNTS, RATE_COMMON,
	  &people_params, get_following },
};
API_ROWS_END
const struct api_route_table accounts_api = { routes, ARRAY_LEN(routes) };
