/* Collections of accounts that somebody recommends: made, changed, looked at, left. */
#include "own_int.h"

#include "social/collection.h"

#define PAGE_DEFAULT 40
#define PAGE_MOST 80
#define OFFSET_MOST 10000

/* --- looking --- */

static void reply_wrapped(struct call *call, uint64_t id)
{
	struct collection_view view;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK)
		rc = gather_end(&g, gather_collection(&g, id, &view));
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_object(w);
	jw_name(w, "collection");
	render_collection(w, call->api->parts.site, &view);
	jw_end(w);
	reply_end(call, 200);
}

static void render_accounts(struct call *call, struct gather *g, struct jw *w,
			    const struct collection_view *view)
{
	const struct site *site = call->api->parts.site;
	jw_array(w);
	render_account(w, site, view->owner);
	for (size_t i = 0; i < view->count; i++) {
		if (view->items[i].account != view->collection.account)
			render_account(w, site, gather_account(g, view->items[i].account));
	}
	jw_end(w);
}

static void get_collection(struct call *call)
{
	struct collection_view view;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	rc = gather_collection(&g, call_id(call, 0), &view);
	if (rc == RC_OK) {
		struct jw *w = reply_begin(call);
		jw_object(w);
		jw_name(w, "accounts");
		render_accounts(call, &g, w, &view);
		jw_name(w, "collection");
		render_collection(w, call->api->parts.site, &view);
		jw_end(w);
	}
	rc = gather_end(&g, rc);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_end(call, 200);
}

/* --- those of an account --- */

struct list_params {
	uint64_t limit, offset;
};

static const struct param list_rows[] = {
	PARAM_LIMIT(struct list_params, limit, PAGE_DEFAULT, PAGE_MOST),
	PARAM_NUMBER(struct list_params, offset, "offset", 0, OFFSET_MOST, 0),
};
PARAM_TABLE(list_params, struct list_params, list_rows);

/* Which ones, as (views of) collections that the viewer may see. How many. */
typedef size_t collections_find(struct gather *g, uint64_t account, struct collection_view *out);

/* What is not meant to be found is shown to its owner alone. */
static bool is_listed(const struct gather *g, const struct collection_view *view)
{
	return (view->collection.flags & COLLECTION_DISCOVERABLE) != 0 ||
	       view->collection.account == g->viewer.account;
}

static size_t find_made(struct gather *g, uint64_t account, struct collection_view *out)
{
	uint64_t ids[COLLECTIONS_MAX];
	size_t n = collections_of(g->txn, account, ids), found = 0;
	for (size_t i = 0; i < n; i++)
		found += gather_collection(g, ids[i], &out[found]) == RC_OK &&
			 is_listed(g, &out[found]);
	return found;
}

static bool has_item(const struct collection_view *view, uint64_t account)
{
	for (size_t i = 0; i < view->count; i++) {
		if (view->items[i].account == account)
			return true;
	}
	return false;
}

static size_t find_with(struct gather *g, uint64_t account, struct collection_view *out)
{
	struct collection_place *places =
		ARENA_ARRAY(g->arena, COLLECTIONS_WITH_MAX, struct collection_place);
	if (places == NULL)
		return 0;
	size_t n = collections_with(g->txn, account, 0, places, COLLECTIONS_WITH_MAX), found = 0;
	for (size_t i = 0; i < n; i++)
		found += gather_collection(g, places[i].collection, &out[found]) == RC_OK &&
			 has_item(&out[found], account) &&
			 (is_listed(g, &out[found]) || account == g->viewer.account);
	return found;
}

/* The pages of this list are told by offsets, unlike those of all others. */
static void add_link(struct call *call, struct buf *out, uint64_t limit, uint64_t offset,
		     const char *rel)
{
	buf_addf(out, "%s<%.*s%.*s?limit=%llu&offset=%llu>; rel=\"%s\"", out->len != 0 ? ", " : "",
		 STR_ARG(call->api->parts.site->base), STR_ARG(call->req->path),
		 (unsigned long long)limit, (unsigned long long)offset, rel);
}

static void link_pages(struct call *call, const struct list_params *p, size_t found)
{
	struct buf links CLEANUP(buf_free) = BUF_INIT(8192);
	if (p->offset + p->limit < found)
		add_link(call, &links, p->limit, p->offset + p->limit, "next");
	if (p->offset != 0)
		add_link(call, &links, p->limit, p->offset > p->limit ? p->offset - p->limit : 0,
			 "prev");
	if (links.len != 0 && !links.failed)
		httpd_add_header(call->req, "Link", buf_str(&links));
}

static void reply_list(struct call *call, collections_find *find)
{
	const struct list_params *p = call->params;
	struct collection_view *views =
		ARENA_ARRAY(call->ctx->arena, COLLECTIONS_WITH_MAX + 1, struct collection_view);
	uint64_t account = call_id(call, 0);
	struct gather g;
	size_t n = 0;
	enum rc rc = views != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		gather_accounts(&g, &account, 1);
		bool seen = gather_account(&g, account) != NULL;
		n = seen ? find(&g, account, views) : 0;
		rc = gather_end(&g, seen ? RC_OK : RC_NOT_FOUND);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_object(w);
	jw_name(w, "collections");
	jw_array(w);
	for (size_t i = p->offset; i < n && i < p->offset + p->limit; i++)
		render_collection(w, call->api->parts.site, &views[i]);
	jw_end(w);
	jw_end(w);
	link_pages(call, p, n);
	reply_end(call, 200);
}

static void get_made(struct call *call)
{
	reply_list(call, find_made);
}

static void get_with(struct call *call)
{
	reply_list(call, find_with);
}

/* --- making and changing --- */

struct save_params {
	struct str name, description, language, tag;
	enum tri sensitive, discoverable;
	struct id_list accounts;
};

#define WORDS_ROWS                                                               \
	PARAM_STR(struct save_params, name, "name", 4096),                       \
		PARAM_STR(struct save_params, description, "description", 4096), \
		PARAM_STR(struct save_params, language, "language", 64),         \
		PARAM_STR(struct save_params, tag, "tag_name", 1024),            \
		PARAM_BOOL(struct save_params, sensitive, "sensitive"),          \
		PARAM_BOOL(struct save_params, discoverable, "discoverable")

static const struct param save_rows[] = {
	WORDS_ROWS,
	PARAM_IDS(struct save_params, accounts, "account_ids"),
};
PARAM_TABLE(save_params, struct save_params, save_rows);

static const struct param edit_rows[] = { WORDS_ROWS };
PARAM_TABLE(edit_params, struct save_params, edit_rows);

static void flag_fill(unsigned *flags, enum tri said, unsigned flag)
{
	if (said != TRI_UNSET)
		*flags = said == TRI_YES ? *flags | flag : *flags & ~flag;
}

static enum rc words_fill(struct call *call, struct collection *c)
{
	const struct save_params *p = call->params;
	const struct collection_words words = { p->name, p->description, p->language, p->tag };
	flag_fill(&c->flags, p->sensitive, COLLECTION_SENSITIVE);
	flag_fill(&c->flags, p->discoverable, COLLECTION_DISCOVERABLE);
	return collection_words_make(call->ctx, call->api->parts.site, &words, c);
}

struct making {
	struct collection collection;
	const struct id_list *accounts;
};

/* All of it or nothing: who may not be put into it keeps it from being made. */
static enum rc make(struct social *s, const struct account *actor,
		    const struct account *target UNUSED, void *arg)
{
	struct making *m = arg;
	enum rc rc = act_collection_create(s, actor, &m->collection);
	for (size_t i = 0; i < m->accounts->count && rc == RC_OK; i++) {
		struct collection_item item;
		struct account one;
		if (!account_get(s->txn, s->ctx->arena, m->accounts->list[i], &one))
			return ctx_fail(s->ctx, RC_INVALID, "There is no account %llu",
					(unsigned long long)m->accounts->list[i]);
		rc = act_collection_add(s, actor, m->collection.id, &one, &item);
		if (rc == RC_EXISTS)
			rc = RC_OK;
	}
	return rc;
}

/* What may not be done to these accounts is a mistake in the request, not in who asks. */
static void reply_refused(struct call *call, const char *field, enum rc rc)
{
	if (rc == RC_INVALID || rc == RC_DENIED || rc == RC_TOO_LARGE)
		reply_invalid_within(call, field, "ERR_INVALID", err_text(&call->ctx->err));
	else
		reply_rc(call, rc);
}

static void post_collection(struct call *call)
{
	const struct save_params *p = call->params;
	struct making m = { .collection = { .flags = COLLECTION_DISCOVERABLE,
					    .name = STR(""),
					    .description = html_trusted(STR("")),
					    .language = STR(""),
					    .tag = STR("") },
			    .accounts = &p->accounts };
	if (str_trim(p->name).len == 0) {
		reply_invalid_within(call, "name", "ERR_BLANK", "Name can't be blank");
		return;
	}
	enum rc rc = words_fill(call, &m.collection);
	if (rc != RC_OK) {
		reply_refused(call, "name", rc);
		return;
	}
	rc = own_do(call, OWN_MAKE, 0, make, &m);
	if (rc != RC_OK)
		reply_refused(call, "account_ids", rc);
	else
		reply_wrapped(call, m.collection.id);
}

static enum rc change(struct social *s, const struct account *actor,
		      const struct account *target UNUSED, void *arg)
{
	return act_collection_edit(s, actor, arg);
}

static void patch_collection(struct call *call)
{
	struct collection_view view;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK)
		rc = gather_end(&g, gather_collection(&g, call_id(call, 0), &view));
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	rc = words_fill(call, &view.collection);
	if (rc != RC_OK) {
		reply_refused(call, "name", rc);
		return;
	}
	rc = own_do(call, OWN_MAKE, 0, change, &view.collection);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_wrapped(call, view.collection.id);
}

static enum rc drop(struct social *s, const struct account *actor,
		    const struct account *target UNUSED, void *arg)
{
	return act_collection_delete(s, actor, *(const uint64_t *)arg);
}

static void reply_done(struct call *call, enum rc rc)
{
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_empty(call);
}

static void delete_collection(struct call *call)
{
	uint64_t id = call_id(call, 0);
	reply_done(call, own_do(call, OWN_MAKE, 0, drop, &id));
}

/* --- items --- */

struct item_params {
	uint64_t account;
};

static const struct param item_rows[] = {
	PARAM_NUMBER(struct item_params, account, "account_id", 0, UINT64_MAX, 0),
};
PARAM_TABLE(item_params, struct item_params, item_rows);

struct placing {
	uint64_t collection;
	uint64_t id; /* of the item */
	struct collection_item item;
};

static enum rc add(struct social *s, const struct account *actor, const struct account *target,
		   void *arg)
{
	struct placing *p = arg;
	struct collection c;
	/* whose it is says more than who may be in it */
	if (collection_get(s->txn, s->ctx->arena, p->collection, &c) && c.account != actor->id)
		return RC_BLOCKED;
	return act_collection_add(s, actor, p->collection, target, &p->item);
}

static void post_item(struct call *call)
{
	const struct item_params *p = call->params;
	struct placing placing = { .collection = call_id(call, 0) };
	if (p->account == 0) {
		reply_error(call, 422, "`account_id` parameter is missing");
		return;
	}
	enum rc rc = own_do(call, OWN_MAKE, p->account, add, &placing);
	if (rc == RC_EXISTS)
		reply_error(call, 422, "Validation failed: Account has already been taken");
	else if (rc == RC_DENIED || rc == RC_TOO_LARGE || rc == RC_NOT_FOUND)
		reply_error(call, 422,
			    rc == RC_NOT_FOUND ? "Record not found" : err_text(&call->ctx->err));
	else if (rc != RC_OK)
		reply_rc(call, rc);
	if (rc != RC_OK)
		return;
	struct jw *w = reply_begin(call);
	jw_object(w);
	jw_name(w, "collection_item");
	render_collection_item(w, &placing.item);
	jw_end(w);
	reply_end(call, 200);
}

/* Whom the item of that id recommends; 0 when there is no such item in the collection. */
static uint64_t account_of_item(struct social *s, const struct placing *p)
{
	struct collection_item item;
	const struct collection_place place = { p->collection, p->id };
	return collection_item_get(s->txn, s->ctx->arena, place, &item) ? item.account : 0;
}

static enum rc remove_item(struct social *s, const struct account *actor,
			   const struct account *target UNUSED, void *arg)
{
	const struct placing *p = arg;
	uint64_t account = account_of_item(s, p);
	if (account == 0)
		return db_txn_rc(s->txn) == RC_OK ? RC_NOT_FOUND : db_txn_rc(s->txn);
	return act_collection_remove(s, actor, p->collection, account);
}

static void delete_item(struct call *call)
{
	struct placing p = { .collection = call_id(call, 0), .id = call_id(call, 1) };
	reply_done(call, own_do(call, OWN_MAKE, 0, remove_item, &p));
}

static enum rc leave(struct social *s, const struct account *actor,
		     const struct account *target UNUSED, void *arg)
{
	const struct placing *p = arg;
	/* S-070: another's item is not there */
	if (account_of_item(s, p) != actor->id)
		return db_txn_rc(s->txn) == RC_OK ? RC_NOT_FOUND : db_txn_rc(s->txn);
	return act_collection_leave(s, actor, p->collection);
}

static void post_revoke(struct call *call)
{
	struct placing p = { .collection = call_id(call, 0), .id = call_id(call, 1) };
	reply_done(call, own_do(call, OWN_MAKE, 0, leave, &p));
}

#define COLLECTIONS "/api/v1/collections"
#define ACCOUNT "/api/v1/accounts/:id"
#define READ SCOPE(READ_COLLECTIONS)
#define WRITE SCOPE(WRITE_COLLECTIONS)
#define ANYBODY AUTH_OPTIONAL
#define USER AUTH_USER
#define COMMON RATE_COMMON

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_POST, COLLECTIONS, USER, WRITE, COMMON, &save_params, post_collection },
	{ HTTP_GET, COLLECTIONS "/:id", ANYBODY, READ, COMMON, NULL, get_collection },
	{ HTTP_PATCH, COLLECTIONS "/:id", USER, WRITE, COMMON, &edit_params, patch_collection },
	{ HTTP_DELETE, COLLECTIONS "/:id", USER, WRITE, COMMON, NULL, delete_collection },
	{ HTTP_POST, COLLECTIONS "/:id/items", USER, WRITE, COMMON, &item_params, post_item },
	{ HTTP_DELETE, COLLECTIONS "/:id/items/:item", USER, WRITE, COMMON, NULL, delete_item },
	{ HTTP_POST, COLLECTIONS "/:id/items/:item/revoke", USER, WRITE, COMMON, NULL,
	  post_revoke },
	{ HTTP_GET, ACCOUNT "/collections", ANYBODY, READ, COMMON, &list_params, get_made },
	{ HTTP_GET, ACCOUNT "/in_collections", ANYBODY, READ, COMMON, &list_params, get_with },
};
API_ROWS_END
const struct api_route_table collections_api = { routes, ARRAY_LEN(routes) };
