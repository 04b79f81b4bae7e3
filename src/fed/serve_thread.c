/* The replies to a post, and the conversation that a first post began, as collections: each item
 * for whom it is meant. */
#include "ap/collection.h"
#include "routes_int.h"
#include "store/graph.h"
#include "store/thread.h"

#define PAGE_ITEMS 50
#define PAGE_ROWS 50	  /* that are read at once */
#define PAGE_SCAN_MAX 400 /* rows that one page looks at */
#define PAGE_READ_MAX (2U << 20)
/* How many rows are counted; a collection with more tells no total. */
#define COUNT_MAX 2000

/* Where a page begins, behind a reply: in the order of time, or of ids alone. */
struct place {
	uint64_t created_ms, id;
};

struct gathering {
	struct httpd_request *req;
	struct db_txn *txn;
	struct viewer viewer;
	const struct status *status;
	bool by_time;
	struct str uris[PAGE_ITEMS];
	size_t count;
	struct place next; /* id 0: nowhere */
};

static size_t rows_read(const struct gathering *g, struct place after, struct thread_entry *out)
{
	uint64_t ids[PAGE_ROWS];
	if (g->by_time)
		return thread_list(g->txn, g->status->id, after.created_ms, after.id, out,
				   PAGE_ROWS);
	size_t n = status_by_parent(g->txn, g->status->id, after.id, ids, PAGE_ROWS);
	for (size_t i = 0; i < n; i++)
		out[i] = (struct thread_entry){ .id = ids[i] };
	return n;
}

/* Each item is for whom it is meant; whom the owner blocks has no part in a conversation. */
static bool is_shown(const struct gathering *g, uint64_t id, struct str *uri)
{
	struct status status;
	struct account author;
	if (!status_get(g->txn, g->req->ctx.arena, id, &status) ||
	    !account_get(g->txn, g->req->ctx.arena, status.account, &author) ||
	    !may_see(g->txn, g->viewer, &status, &author) ||
	    block_exists(g->txn, g->status->account, author.id))
		return false;
	*uri = status.uri;
	return true;
}

/*
 * What a page shows and where the next one begins. One more is looked for, so that no page begins
 * behind a reply that is not shown (S-071); only behind hundreds of those a page ends before it is
 * full.
 */
static void gather(struct gathering *g, struct place after)
{
	struct thread_entry rows[PAGE_ROWS];
	struct place last = after;
	size_t got = PAGE_ROWS;
	for (size_t seen = 0; got == PAGE_ROWS; seen += got) {
		if (seen >= PAGE_SCAN_MAX || arena_used(g->req->ctx.arena) > PAGE_READ_MAX) {
			g->next = after;
			return;
		}
		got = rows_read(g, after, rows);
		for (size_t i = 0; i < got; i++) {
			struct str uri;
			after = (struct place){ rows[i].created_ms, rows[i].id };
			if (!is_shown(g, after.id, &uri))
				continue;
			if (g->count == PAGE_ITEMS) {
				g->next = last;
				return;
			}
			g->uris[g->count++] = uri;
			last = after;
		}
	}
}

static void items_write(const struct gathering *g, struct jw *w)
{
	for (size_t i = 0; i < g->count; i++)
		jw_str(w, g->uris[i]);
	jw_end(w);
	jw_end(w);
}

static struct gathering *gathering_new(struct httpd_request *req, struct db_txn *txn,
				       struct viewer viewer, const struct status *s)
{
	struct gathering *g = ARENA_NEW(req->ctx.arena, struct gathering);
	if (g != NULL)
		*g = (struct gathering){ .req = req, .txn = txn, .viewer = viewer, .status = s };
	return g;
}

/* --- replies --- */

static struct str replies_page_id(struct arena *arena, struct str id, uint64_t after)
{
	if (after == 0)
		return arena_join(arena, id, STR("?page=true"));
	return arena_printf(arena, "%.*s?page=true&after=%llu", STR_ARG(id),
			    (unsigned long long)after);
}

static void replies_page(const struct gathering *g, struct str id, uint64_t after, uint64_t total,
			 bool inner, struct jw *w)
{
	struct arena *arena = g->req->ctx.arena;
	const struct ap_list_view page = {
		.id = replies_page_id(arena, id, after),
		.page = true,
		.inner = inner,
		.part_of = id,
		.next = g->next.id != 0 ? replies_page_id(arena, id, g->next.id) : STR_NONE,
		.total = total,
		.no_total = inner,
	};
	ap_write_list(w, &page);
	ap_write_list_items(w, &page);
	items_write(g, w);
}

enum rc replies_write(struct httpd_request *req, struct db_txn *txn, struct viewer viewer,
		      const struct status *s, uint64_t total, struct jw *w)
{
	struct str id = arena_join(req->ctx.arena, s->uri, STR("/replies"));
	struct str param = httpd_query(req, "after");
	struct gathering *g = gathering_new(req, txn, viewer, s);
	uint64_t after = 0;
	if (g == NULL)
		return RC_NO_MEMORY;
	if (param.ptr != NULL && (!str_to_u64(param, &after) || after == UINT64_MAX))
		return RC_NOT_FOUND;
	if (httpd_query(req, "page").ptr != NULL) {
		gather(g, (struct place){ 0, after });
		replies_page(g, id, after, total, false, w);
		return db_txn_rc(txn);
	}
	const struct ap_list_view list = { .id = id, .total = total };
	gather(g, (struct place){ 0, 0 });
	ap_write_list(w, &list);
	/* with the first page, so that most readers ask once */
	jw_name(w, "first");
	replies_page(g, id, 0, total, true, w);
	jw_end(w);
	return db_txn_rc(txn);
}

/* --- conversations --- */

static struct str context_page_id(struct arena *arena, struct str id, const struct place *after)
{
	if (after->id == 0)
		return arena_join(arena, id, STR("?page=true"));
	return arena_printf(arena, "%.*s?page=true&after=%llu-%llu", STR_ARG(id),
			    (unsigned long long)after->created_ms, (unsigned long long)after->id);
}

static bool place_parse(struct str text, struct place *out)
{
	struct str time, id;
	*out = (struct place){ 0, 0 };
	if (text.ptr == NULL)
		return true;
	return str_split(text, '-', &time, &id) && str_to_u64(time, &out->created_ms) &&
	       str_to_u64(id, &out->id) && out->id != 0 && out->id != UINT64_MAX;
}

/* FEP-f228: chronological, the top-level post first. */
static void context_page(const struct gathering *g, struct str id, const struct place *after,
			 struct jw *w)
{
	struct arena *arena = g->req->ctx.arena;
	const struct ap_list_view page = {
		.id = context_page_id(arena, id, after),
		.ordered = true,
		.page = true,
		.part_of = id,
		.next = g->next.id != 0 ? context_page_id(arena, id, &g->next) : STR_NONE,
		.no_total = true,
	};
	ap_write_list(w, &page);
	ap_write_list_items(w, &page);
	if (after->id == 0)
		jw_str(w, g->status->uri);
	items_write(g, w);
}

/* Those that are for everybody, and the first one. */
static uint64_t context_total(struct db_txn *txn, const struct status *s, bool *too_many)
{
	struct thread_entry rows[PAGE_ROWS];
	struct place at = { 0, 0 };
	uint64_t total = 1, seen = 0;
	size_t n = PAGE_ROWS;
	while (n == PAGE_ROWS && seen < COUNT_MAX) {
		n = thread_list(txn, s->id, at.created_ms, at.id, rows, PAGE_ROWS);
		for (size_t i = 0; i < n; i++)
			total += rows[i].visibility <= VISIBILITY_UNLISTED;
		if (n != 0)
			at = (struct place){ rows[n - 1].created_ms, rows[n - 1].id };
		seen += n;
	}
	*too_many = n == PAGE_ROWS;
	return total;
}

enum rc context_write(struct httpd_request *req, struct db_txn *txn, struct viewer viewer,
		      const struct status *s, const struct account *author, struct jw *w)
{
	struct str id = arena_join(req->ctx.arena, s->uri, STR("/context"));
	struct place after;
	if (s->root != s->id || !place_parse(httpd_query(req, "after"), &after))
		return RC_NOT_FOUND;
	if (httpd_query(req, "page").ptr != NULL) {
		struct gathering *g = gathering_new(req, txn, viewer, s);
		if (g == NULL)
			return RC_NO_MEMORY;
		g->by_time = true;
		gather(g, after);
		context_page(g, id, &after, w);
		return db_txn_rc(txn);
	}
	struct ap_list_view list = {
		.id = id,
		.ordered = true,
		.attributed_to = author->uri, /* FEP-7888: whose it is */
		.first = context_page_id(req->ctx.arena, id, &(struct place){ 0, 0 }),
	};
	list.total = context_total(txn, s, &list.no_total);
	ap_write_list(w, &list);
	jw_end(w);
	return db_txn_rc(txn);
}
