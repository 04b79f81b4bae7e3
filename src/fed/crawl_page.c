/* Fetching and reading pages of collections, and known posts anew. Callbacks run on the client's
 * thread. */
#include <stdlib.h>

#include "core/must.h"
#include "crawl_int.h"

struct reading {
	struct fed *fed;
	struct ctx *ctx;
	const struct crawl_entry *entry;
	struct crawl_answer *answer;
	crawl_answered *done;
	void *arg;
};

static void finish(struct reading *r, enum rc rc)
{
	r->done(r->arg, rc);
	free(r);
}

/* A page counts on the host that was asked, wherever a redirect has led. */
static enum rc page_read(struct reading *r, const struct ap_reader *reader, struct jr root,
			 const struct document *doc)
{
	struct ap_collection *page;
	enum rc rc = ap_collection_decode(reader, root, &page);
	if (rc != RC_OK)
		return rc;
	if (!ap_same_origin(reader, doc->url, r->entry->uri) ||
	    !ap_same_origin(reader, page->id, r->entry->uri))
		return ctx_fail(r->ctx, RC_INVALID, "the collection is another host's");
	if (r->entry->page == 0 && r->entry->source == CRAWL_OF_REPLIES)
		r->answer->hints.replies = page->total;
	if (r->entry->page == 0 && r->entry->source == CRAWL_OF_CONTEXT)
		r->answer->hints.thread = page->total;
	r->answer->page = page;
	return RC_OK;
}

/* S-010: what it counts is believed of the document that its id names alone. */
static enum rc fresh_read(struct reading *r, const struct ap_reader *reader, struct jr root,
			  const struct document *doc)
{
	struct ap_object *object;
	struct ctx quiet = { .arena = r->ctx->arena };
	const struct ap_reader inner = { &quiet, reader->iri_flags };
	enum rc rc = ap_object_decode(reader, root, &object);
	if (rc != RC_OK)
		return rc;
	if (!str_eq(object->id, r->entry->uri) || !ap_same_origin(reader, doc->url, object->id))
		return ctx_fail(r->ctx, RC_INVALID, "the document is not the one its id names");
	r->answer->hints = remote_hints(object);
	if (object->replies.ptr == NULL)
		return RC_OK;
	r->answer->replies = object->replies;
	/* many embed the first page: that spares a request */
	if (ap_collection_decode(&inner, jr_get(root, "replies"), &r->answer->page) != RC_OK ||
	    (r->answer->page->item_count == 0 && r->answer->page->next.ptr == NULL))
		r->answer->page = NULL;
	return RC_OK;
}

/* What was read points into the document; it is copied, since few of these are long. */
static void keep(struct reading *r)
{
	struct arena *arena = r->ctx->arena;
	struct ap_collection *page = r->answer->page;
	r->answer->replies = arena_str(arena, r->answer->replies);
	if (page == NULL)
		return;
	page->next = arena_str(arena, page->next);
	for (unsigned i = 0; i < page->item_count; i++)
		page->items[i] = arena_str(arena, page->items[i]);
}

static void came(void *arg, enum rc rc, struct document *doc)
{
	struct reading *r = arg;
	if (rc != RC_OK)
		return finish(r, rc);
	const struct ap_reader reader = { r->ctx, r->fed->site->iri_flags };
	struct jr root = jr_root(doc->doc);
	rc = r->entry->kind == CRAWL_FRESH ? fresh_read(r, &reader, root, doc)
					   : page_read(r, &reader, root, doc);
	keep(r);
	finish(r, rc == RC_OK && arena_failed(r->ctx->arena) ? RC_NO_MEMORY : rc);
}

void crawl_fetch(struct fed *fed, struct ctx *ctx, const struct crawl_entry *entry,
		 struct crawl_cost *cost, struct crawl_answer *answer, crawl_answered *done,
		 void *arg)
{
	struct iri iri;
	*answer = (struct crawl_answer){ .hints = STATUS_HINTS_INIT };
	enum rc rc = iri_parse(ctx, entry->uri, fed->site->iri_flags, &iri);
	if (rc == RC_OK && !budget_spend(fed, BUDGET_DOCUMENTS, iri.authority,
					 fed->settings->key_fetches_per_minute))
		rc = ctx_fail(ctx, RC_BUSY, "too many fetches from this host");
	if (rc != RC_OK)
		return done(arg, rc);
	struct reading *r = calloc(1, sizeof(*r));
	must(r != NULL);
	*r = (struct reading){ fed, ctx, entry, answer, done, arg };
	document_fetch_for(fed, ctx, entry->uri, cost, came, r);
}
