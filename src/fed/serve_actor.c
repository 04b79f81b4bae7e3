/* Actors and their collections, as documents. Gathered in one short read transaction, written,
 * answered. */
#include "ap/write.h"
#include "core/must.h"
#include "routes_int.h"
#include "social/community.h"
#include "store/community.h"
#include "store/graph.h"

#define DOCUMENT_BYTES (1024 * 1024)
#define PAGE_ITEMS 20
#define OUTBOX_SCAN_MAX 400 /* rows that one page looks at */
#define OUTBOX_READ_MAX (2u << 20)
#define MEMBERS_PAGE 40

/* --- actors --- */

static void serve_actor_of(struct fed *fed, struct httpd_request *req, const struct account *a,
			   struct db_txn *txn, struct buf *body, enum rc *rc)
{
	uint64_t now = clock_wall_ms(fed->clock);
	struct jw w;
	*rc = RC_OK;
	if (rendered_get(fed->rendered, a, now, body))
		return;
	jw_init(&w, body);
	*rc = build_actor(fed, txn, &req->ctx, a, &w, true);
	if (*rc != RC_OK)
		return;
	jw_done(&w);
	if (!body->failed)
		rendered_put(fed->rendered, a, now, buf_str(body));
}

static void answer(struct httpd_request *req, struct buf *body, enum rc rc)
{
	if (rc == RC_OK)
		return serve_document(req, body);
	buf_free(body);
	serve_failed(req, rc);
}

static void serve_actor(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	struct buf body = BUF_INIT(DOCUMENT_BYTES);
	struct account a;
	struct db_txn *txn;
	enum rc rc = db_read_begin(fed->db, &txn);
	if (rc != RC_OK)
		return serve_failed(req, rc);
	rc = serve_account(req, txn, viewer, &a);
	if (rc == RC_OK)
		serve_actor_of(fed, req, &a, txn, &body, &rc);
	db_read_end(&txn);
	if (rc == RC_OK)
		return serve_dated(req, &body, a.updated_ms != 0 ? a.updated_ms : a.created_ms);
	answer(req, &body, rc);
}

void actor_get(struct httpd_request *req, void *app)
{
	serve_guarded(req, app, serve_actor);
}

/* Readable by everybody in every mode: its key is what signed fetches are verified with (S-016). */
void instance_get(struct httpd_request *req, void *app)
{
	struct fed *fed = fed_of(app);
	struct buf body = BUF_INIT(DOCUMENT_BYTES);
	struct account a;
	struct db_txn *txn;
	serve_for_all(req);
	enum rc rc = db_read_begin(fed->db, &txn);
	if (rc != RC_OK)
		return serve_failed(req, rc);
	rc = account_get(txn, req->ctx.arena, fed->instance_actor, &a) ? RC_OK : RC_NOT_FOUND;
	if (rc == RC_OK)
		serve_actor_of(fed, req, &a, txn, &body, &rc);
	db_read_end(&txn);
	answer(req, &body, rc);
}

void instance_outbox_get(struct httpd_request *req, void *app)
{
	struct fed *fed = fed_of(app);
	struct buf body = BUF_INIT(DOCUMENT_BYTES);
	struct jw w;
	serve_for_all(req);
	jw_init(&w, &body);
	ap_write_collection(&w, arena_join(req->ctx.arena, fed->instance_uri, STR("/outbox")), 0,
			    STR_NONE);
	jw_done(&w);
	serve_document(req, &body);
}

/* --- outbox --- */

static bool outbox_shows(struct db_txn *txn, struct arena *arena, struct viewer viewer,
			 const struct account *author, const struct status *s)
{
	struct status original;
	struct account original_author;
	if (visibility_stays(s->visibility))
		return false;
	if (s->boost_of == 0)
		return may_see(txn, viewer, s, author);
	return status_get(txn, arena, s->boost_of, &original) &&
	       account_get(txn, arena, original.account, &original_author) &&
	       may_see_boost(txn, viewer, s, author, &original, &original_author);
}

/*
 * What a page shows of an author: what viewer may see, at most PAGE_ITEMS, and where the next page
 * begins (0: nowhere). One more is looked for, so that no page begins at a post that is not shown
 * (S-071); only behind hundreds of those a page ends before it is full.
 */
static size_t outbox_gather(struct httpd_request *req, struct db_txn *txn, struct viewer viewer,
			    const struct account *author, uint64_t max_id, struct status *out,
			    uint64_t *next)
{
	struct status_entry entries[PAGE_ITEMS];
	size_t got = PAGE_ITEMS, kept = 0;
	*next = 0;
	for (size_t seen = 0; got == PAGE_ITEMS; seen += got) {
		if (seen >= OUTBOX_SCAN_MAX || arena_used(req->ctx.arena) > OUTBOX_READ_MAX) {
			*next = max_id;
			break;
		}
		got = status_by_author(txn, author->id, max_id, 0, entries, PAGE_ITEMS);
		for (size_t i = 0; i < got; i++) {
			max_id = entries[i].id;
			if (viewer.account == 0 && !visibility_is_open(entries[i].visibility))
				continue;
			if (!status_get(txn, req->ctx.arena, max_id, &out[kept]) ||
			    !outbox_shows(txn, req->ctx.arena, viewer, author, &out[kept]))
				continue;
			if (kept == PAGE_ITEMS) {
				*next = out[kept - 1].id;
				return kept;
			}
			kept++;
		}
	}
	return kept;
}

static enum rc outbox_page(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			   struct viewer viewer, const struct account *author, struct jw *w)
{
	struct arena *arena = req->ctx.arena;
	struct status *shown = ARENA_ARRAY(arena, PAGE_ITEMS + 1, struct status);
	uint64_t max_id = 0, next_id;
	struct str max = httpd_query(req, "max_id"), next = STR_NONE;
	if (shown == NULL)
		return RC_NO_MEMORY;
	if (max.ptr != NULL && !str_to_u64(max, &max_id))
		return RC_NOT_FOUND;
	size_t n = outbox_gather(req, txn, viewer, author, max_id, shown, &next_id);
	if (next_id != 0)
		next = arena_printf(arena, "%.*s?page=true&max_id=%llu", STR_ARG(author->outbox),
				    (unsigned long long)next_id);
	struct str id = max_id != 0
				? arena_printf(arena, "%.*s?page=true&max_id=%llu",
					       STR_ARG(author->outbox), (unsigned long long)max_id)
				: arena_join(arena, author->outbox, STR("?page=true"));
	ap_write_page(w, id, author->outbox, next, account_counts(txn, author->id).statuses,
		      AP_CONTEXT_OBJECT);
	for (size_t i = 0; i < n; i++) {
		enum rc rc = build_status_activity(fed, txn, &req->ctx, &shown[i], author, w, true);
		if (rc != RC_OK)
			return rc;
	}
	ap_write_page_end(w);
	return RC_OK;
}

/* --- followers and following: numbers for everybody, names for whom the account allows (S-076) ---
 */

typedef size_t members_fn(struct db_txn *txn, uint64_t account, uint64_t after,
			  enum follow_state state, uint64_t *out, size_t count);

static enum rc members_page(struct httpd_request *req, struct db_txn *txn, const struct account *a,
			    struct str id, uint64_t total, members_fn *members, struct jw *w)
{
	uint64_t ids[MEMBERS_PAGE], after = 0;
	struct arena *arena = req->ctx.arena;
	struct str param = httpd_query(req, "after"), next = STR_NONE;
	if (param.ptr != NULL && !str_to_u64(param, &after))
		return RC_NOT_FOUND;
	size_t n = members(txn, a->id, after, FOLLOW_ACCEPTED, ids, MEMBERS_PAGE);
	if (n == MEMBERS_PAGE)
		next = arena_printf(arena, "%.*s?page=true&after=%llu", STR_ARG(id),
				    (unsigned long long)ids[n - 1]);
	ap_write_page(w,
		      arena_printf(arena, "%.*s?page=true&after=%llu", STR_ARG(id),
				   (unsigned long long)after),
		      id, next, total, AP_CONTEXT_PLAIN);
	for (size_t i = 0; i < n; i++) {
		struct account member;
		if (account_get(txn, arena, ids[i], &member) && !account_is_gone(&member) &&
		    may_see_membership(txn, arena, VIEWER_ANYBODY, &member))
			jw_str(w, member.uri);
	}
	ap_write_page_end(w);
	return db_txn_rc(txn);
}

enum collection_kind {
	COLLECTION_OUTBOX,
	COLLECTION_FOLLOWERS,
	COLLECTION_FOLLOWING,
};

static enum rc collection_write(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
				struct viewer viewer, enum collection_kind kind, struct jw *w)
{
	struct account a;
	enum rc rc = serve_account(req, txn, viewer, &a);
	if (rc != RC_OK)
		return rc;
	struct account_counts counts = account_counts(txn, a.id);
	bool page = httpd_query(req, "page").ptr != NULL;
	bool hidden = (a.flags & ACCOUNT_HIDE_NETWORK) != 0;
	const struct {
		struct str id;
		uint64_t total;
		bool paged;
	} kinds[] = {
		[COLLECTION_OUTBOX] = { a.outbox, counts.statuses, true },
		[COLLECTION_FOLLOWERS] = { a.followers, counts.followers, !hidden },
		[COLLECTION_FOLLOWING] = { a.following, counts.following, !hidden },
	};
	struct str id = kinds[kind].id;
	if (kind == COLLECTION_OUTBOX && community_exists(txn, a.id))
		return community_outbox_write(fed, req, txn, viewer, &a, page, w);
	if (page && !kinds[kind].paged)
		return RC_NOT_FOUND;
	if (!page) {
		ap_write_collection(w, id, kinds[kind].total,
				    kinds[kind].paged
					    ? arena_join(req->ctx.arena, id, STR("?page=true"))
					    : STR_NONE);
		return RC_OK;
	}
	if (kind == COLLECTION_OUTBOX)
		return outbox_page(fed, req, txn, viewer, &a, w);
	return members_page(req, txn, &a, id, kinds[kind].total,
			    kind == COLLECTION_FOLLOWERS ? follow_followers : follow_following, w);
}

static enum rc outbox_write(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			    struct viewer viewer, struct jw *w)
{
	return collection_write(fed, req, txn, viewer, COLLECTION_OUTBOX, w);
}

static enum rc followers_write(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			       struct viewer viewer, struct jw *w)
{
	return collection_write(fed, req, txn, viewer, COLLECTION_FOLLOWERS, w);
}

static enum rc following_write(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			       struct viewer viewer, struct jw *w)
{
	return collection_write(fed, req, txn, viewer, COLLECTION_FOLLOWING, w);
}

static void serve_outbox(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	serve_by(fed, req, viewer, outbox_write);
}

static void serve_followers(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	serve_by(fed, req, viewer, followers_write);
}

static void serve_following(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	serve_by(fed, req, viewer, following_write);
}

void outbox_get(struct httpd_request *req, void *app)
{
	serve_guarded(req, app, serve_outbox);
}

void followers_get(struct httpd_request *req, void *app)
{
	serve_guarded(req, app, serve_followers);
}

void following_get(struct httpd_request *req, void *app)
{
	serve_guarded(req, app, serve_following);
}
