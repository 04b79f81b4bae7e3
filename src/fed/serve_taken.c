/*
 * Which posts an account brought along when it moved here: a collection of moves, one for each post,
 * by which its old server can lead others to the new one. Whoever may see a post hears of it; its old
 * server hears of all, since it has them.
 */
#include "ap/collection.h"
#include "ap/write.h"
#include "routes_int.h"

#define DOCUMENT_BYTES (512 * 1024)
#define PAGE_MOVES 100
#define SCAN_MAX 1000 /* rows that one page looks at */
#define READ_MAX (4U << 20)
#define CHUNK 50

struct listing {
	struct fed *fed;
	struct httpd_request *req;
	struct db_txn *txn;
	struct viewer viewer;
	struct str viewer_uri; /* absent: nobody known asks */
	struct account account;
	struct jw *w;
	size_t count;
	uint64_t next; /* 0: this is the last page */
};

static bool is_shown(const struct listing *l, const struct status *status)
{
	struct ctx quiet = { .arena = l->req->ctx.arena };
	const struct ap_reader reader = { &quiet, l->fed->site->iri_flags };
	if (status->origin.len == 0 || status->visibility > VISIBILITY_DIRECT)
		return false;
	return may_see(l->txn, l->viewer, status, &l->account) ||
	       (l->viewer_uri.ptr != NULL &&
		ap_same_origin(&reader, status->origin, l->viewer_uri));
}

/* As an activity that everybody reads like this: what was there is here now. */
static void move_write(const struct listing *l, const struct status *status)
{
	ap_write_activity(l->w, &(struct ap_activity_view){ .type = STR("Move"),
							    .actor = l->account.uri,
							    .inner = true });
	jw_member_str(l->w, "object", status->origin);
	jw_member_str(l->w, "target", status->uri);
	jw_end(l->w);
}

static void moves_write(struct listing *l, uint64_t max_id)
{
	struct status_entry entries[CHUNK];
	size_t got = CHUNK;
	for (size_t seen = 0; got == CHUNK; seen += got) {
		if (l->count >= PAGE_MOVES || seen >= SCAN_MAX ||
		    arena_used(l->req->ctx.arena) > READ_MAX) {
			l->next = max_id;
			return;
		}
		got = status_by_author(l->txn, l->account.id, max_id, 0, entries, CHUNK);
		for (size_t i = 0; i < got; i++) {
			struct status status;
			max_id = entries[i].id;
			if ((entries[i].flags & STATUS_BOOST) != 0 ||
			    !status_get(l->txn, l->req->ctx.arena, max_id, &status) ||
			    !is_shown(l, &status))
				continue;
			move_write(l, &status);
			l->count++;
		}
	}
}

static struct str page_id(struct arena *arena, struct str id, uint64_t max_id)
{
	if (max_id == 0)
		return arena_join(arena, id, STR("?page=true"));
	return arena_printf(arena, "%.*s?page=true&max_id=%llu", STR_ARG(id),
			    (unsigned long long)max_id);
}

/* The items come before the address of the next page is known. */
static enum rc page_write(struct listing *l, struct str id, uint64_t max_id, struct jw *w)
{
	struct arena *arena = l->req->ctx.arena;
	struct buf items CLEANUP(buf_free) = BUF_INIT(DOCUMENT_BYTES);
	struct jw inner;
	jw_init(&inner, &items);
	jw_array(&inner);
	l->w = &inner;
	moves_write(l, max_id);
	jw_end(&inner);
	jw_done(&inner);
	const struct ap_list_view page = {
		.id = page_id(arena, id, max_id),
		.ordered = true,
		.page = true,
		.part_of = id,
		.next = l->next != 0 ? page_id(arena, id, l->next) : STR_NONE,
		.no_total = true,
	};
	ap_write_list(w, &page);
	jw_name(w, "orderedItems");
	jw_raw(w, buf_str(&items));
	jw_end(w);
	return items.failed ? RC_NO_MEMORY : db_txn_rc(l->txn);
}

static enum rc listing_write(struct listing *l, struct jw *w)
{
	struct arena *arena = l->req->ctx.arena;
	struct str max = httpd_query(l->req, "max_id");
	struct account viewer;
	uint64_t max_id = 0;
	enum rc rc = serve_account(l->req, l->txn, l->viewer, &l->account);
	if (rc != RC_OK || l->account.took_in_ms == 0 ||
	    (max.ptr != NULL && !str_to_u64(max, &max_id)))
		return rc != RC_OK ? rc : RC_NOT_FOUND;
	struct str id = site_actor_part(arena, l->fed->site, l->account.username, MOVED_COLLECTION);
	if (l->viewer.account != 0 && account_get(l->txn, arena, l->viewer.account, &viewer))
		l->viewer_uri = viewer.uri;
	if (httpd_query(l->req, "page").ptr != NULL)
		return page_write(l, id, max_id, w);
	const struct ap_list_view list = {
		.id = id,
		.ordered = true,
		.attributed_to = l->account.uri,
		.first = page_id(arena, id, 0),
		.no_total = true,
	};
	ap_write_list(w, &list);
	jw_end(w);
	return db_txn_rc(l->txn);
}

static enum rc taken_write(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			   struct viewer viewer, struct jw *w)
{
	struct listing *l = ARENA_NEW(req->ctx.arena, struct listing);
	if (l == NULL)
		return RC_NO_MEMORY;
	*l = (struct listing){ .fed = fed, .req = req, .txn = txn, .viewer = viewer };
	return listing_write(l, w);
}

static void serve_taken(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	serve_by(fed, req, viewer, taken_write);
}

void taken_get(struct httpd_request *req, void *app)
{
	serve_guarded(req, app, serve_taken);
}
