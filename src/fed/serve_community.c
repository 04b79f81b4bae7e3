/* Collections of communities of this node: who moderates, which threads stand first, what was posted. */
#include "community_fed_int.h"
#include "routes_int.h"

#define PAGE_ITEMS 20
#define SCAN_MAX 200 /* posts that one page looks at */
#define MODERATORS_MAX 200
#define CHUNK 64

bool community_is_open(struct httpd_request *req, struct db_txn *txn, struct viewer viewer,
		       const struct account *a)
{
	return !community_exists(txn, a->id) ||
	       may_see_community(txn, req->ctx.arena, viewer, a->id);
}

/* --- moderators --- */

static size_t moderators_gather(struct db_txn *txn, struct arena *arena, uint64_t community,
				struct str *out)
{
	struct community_member rows[CHUNK];
	uint64_t after = 0;
	size_t count = 0, n;
	while (count < MODERATORS_MAX &&
	       (n = community_staff_rows(txn, arena, community, after, rows, CHUNK)) != 0) {
		for (size_t i = 0; i < n && count < MODERATORS_MAX; i++) {
			struct account a;
			if (account_get(txn, arena, rows[i].account, &a) && !account_is_gone(&a))
				out[count++] = a.uri;
		}
		after = rows[n - 1].account;
	}
	return count;
}

static enum rc moderators_write(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
				struct viewer viewer, struct jw *w)
{
	struct arena *arena = req->ctx.arena;
	struct str *ids = ARENA_ARRAY(arena, MODERATORS_MAX, struct str);
	struct account a;
	enum rc rc = serve_account(req, txn, viewer, &a);
	if (rc != RC_OK)
		return rc;
	if (ids == NULL)
		return RC_NO_MEMORY;
	if (!community_exists(txn, a.id) || !community_is_open(req, txn, viewer, &a))
		return RC_NOT_FOUND;
	size_t n = moderators_gather(txn, arena, a.id, ids);
	ap_write_items(w, site_actor_part(arena, fed->site, a.username, COMMUNITY_MODERATORS),
		       "OrderedCollection", n, AP_CONTEXT_PLAIN);
	for (size_t i = 0; i < n; i++)
		jw_str(w, ids[i]);
	ap_write_page_end(w);
	return db_txn_rc(txn);
}

static void serve_moderators(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	serve_by(fed, req, viewer, moderators_write);
}

void moderators_get(struct httpd_request *req, void *app)
{
	serve_guarded(req, app, serve_moderators);
}

/* --- posts --- */

/* A post of the community that the viewer may see. */
static bool shown(struct httpd_request *req, struct db_txn *txn, struct viewer viewer, uint64_t id,
		  struct status *s, struct account *author)
{
	struct arena *arena = req->ctx.arena;
	return status_get(txn, arena, id, s) && !visibility_stays(s->visibility) &&
	       account_get(txn, arena, s->account, author) && may_see(txn, viewer, s, author);
}

unsigned community_featured(struct httpd_request *req, struct db_txn *txn, struct viewer viewer,
			    const struct account *a, struct str *out, unsigned max)
{
	const struct page newest = { .max_id = 0 };
	uint64_t ids[CHUNK];
	unsigned count = 0;
	if (!community_is_open(req, txn, viewer, a))
		return 0;
	size_t n = community_posts(txn, a->id, COMMUNITY_POSTS_PINNED, &newest, ids, CHUNK);
	for (size_t i = 0; i < n && count < max; i++) {
		struct account author;
		struct community_post place;
		struct status s;
		if (community_post_get(txn, a->id, ids[i], &place) &&
		    community_post_is_pinned(&place, db_txn_now(txn)) &&
		    shown(req, txn, viewer, ids[i], &s, &author))
			out[count++] = s.uri;
	}
	return count;
}

/*
 * The Create of a remote author is told by its post's id, which leads to where it can be read; one of
 * ours is whole.
 */
static enum rc item_write(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			  const struct account *group, const struct status *s,
			  const struct account *author, struct jw *w)
{
	struct str id = site_activity_uri(req->ctx.arena, group->uri, "announces", s->id);
	enum rc rc = RC_OK;
	build_group_announce(w, id, group, s->created_ms, true);
	if (account_is_local(author)) {
		rc = build_status_activity(fed, txn, &req->ctx, s, author, w, true);
	} else {
		const struct str to[] = { STR(AP_PUBLIC) };
		const struct str cc[] = { group->uri };
		ap_write_activity(w, &(struct ap_activity_view){ .id = STR(""),
								 .type = STR("Create"),
								 .actor = author->uri,
								 .published_ms = s->created_ms,
								 .to = to,
								 .to_count = 1,
								 .cc = cc,
								 .cc_count = 1,
								 .audience = group->uri,
								 .inner = true });
		jw_member_str(w, "object", s->uri);
		jw_end(w);
	}
	jw_end(w);
	return rc;
}

struct outbox {
	struct status status[PAGE_ITEMS];
	struct account author[PAGE_ITEMS];
	size_t count;
	uint64_t next; /* where the next page begins; 0: nowhere */
};

static void outbox_gather(struct httpd_request *req, struct db_txn *txn, struct viewer viewer,
			  uint64_t community, uint64_t max_id, struct outbox *out)
{
	struct page page = { .max_id = max_id };
	uint64_t ids[PAGE_ITEMS];
	size_t got = PAGE_ITEMS;
	for (size_t seen = 0; got == PAGE_ITEMS && out->count < PAGE_ITEMS; seen += got) {
		if (seen >= SCAN_MAX) {
			out->next = page.max_id;
			return;
		}
		got = community_posts(txn, community, COMMUNITY_POSTS_ALL, &page, ids, PAGE_ITEMS);
		for (size_t i = 0; i < got; i++) {
			page.max_id = ids[i];
			out->count += shown(req, txn, viewer, ids[i], &out->status[out->count],
					    &out->author[out->count]);
			if (out->count == PAGE_ITEMS) {
				out->next = ids[i];
				return;
			}
		}
	}
}

enum rc community_outbox_write(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			       struct viewer viewer, const struct account *a, bool page,
			       struct jw *w)
{
	struct arena *arena = req->ctx.arena;
	struct outbox *out = ARENA_NEW(arena, struct outbox);
	struct str max = httpd_query(req, "max_id"), next = STR_NONE, id = a->outbox;
	uint64_t max_id = 0;
	if (out == NULL)
		return RC_NO_MEMORY;
	if (max.ptr != NULL && !str_to_u64(max, &max_id))
		return RC_NOT_FOUND;
	if (!community_is_open(req, txn, viewer, a))
		return RC_NOT_FOUND;
	const struct community_totals totals = community_totals(txn, a->id);
	outbox_gather(req, txn, viewer, a->id, page ? max_id : 0, out);
	if (out->next != 0)
		next = arena_printf(arena, "%.*s?page=true&max_id=%llu", STR_ARG(a->outbox),
				    (unsigned long long)out->next);
	if (page && max_id != 0)
		id = arena_printf(arena, "%.*s?page=true&max_id=%llu", STR_ARG(a->outbox),
				  (unsigned long long)max_id);
	else if (page)
		id = arena_join(arena, a->outbox, STR("?page=true"));
	/* Lemmy reads no pages: the newest stand in the collection itself as well */
	ap_write_list(w, &(struct ap_list_view){
				 .id = id,
				 .ordered = true,
				 .page = page,
				 .context = AP_CONTEXT_OBJECT,
				 .part_of = page ? a->outbox : STR_NONE,
				 .next = page ? next : STR_NONE,
				 .first = page ? STR_NONE
					       : arena_join(arena, a->outbox, STR("?page=true")),
				 .total = totals.threads + totals.comments });
	ap_write_list_items(w, &(struct ap_list_view){ .ordered = true });
	enum rc rc = RC_OK;
	for (size_t i = 0; i < out->count && rc == RC_OK; i++)
		rc = item_write(fed, req, txn, a, &out->status[i], &out->author[i], w);
	ap_write_page_end(w);
	return rc;
}
