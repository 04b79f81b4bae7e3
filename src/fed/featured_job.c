/*
 * Reads what a remote account shows first: the collection of its pinned posts, each post at its
 * origin, and the collection of its hashtags. A few fetches, one after the other (S-061); what fails
 * is left as it was. Steps run on the client's thread, the write ends the job.
 */
#include <stdio.h>

#include "collection_int.h"
#include "core/must.h"
#include "incoming_int.h"
#include "social/react.h"
#include "store/pin.h"

#define READ_EVERY_MS MS_PER_DAY

struct reading {
	struct fed *fed;
	struct queue_job *job;
	struct ctx ctx;
	uint64_t account;
	struct account actor;
	bool second_page;
	bool posts_read, tags_read;
	struct str posts[PINS_MAX];
	unsigned post_count, post_next;
	uint64_t found[PINS_MAX]; /* in the collection's order */
	unsigned found_count;
	struct str tags[ACCOUNT_TAGS_MAX];
	unsigned tag_count;
	struct str collections[COLLECTIONS_MAX];
	unsigned collection_count;
	bool enqueued;
};

static void reading_end(void *arg, enum rc rc)
{
	struct reading *r = arg;
	struct arena *arena = r->ctx.arena;
	fed_wake(r->fed, rc == RC_OK && r->enqueued);
	arena_free(&arena);
}

static void finish(struct reading *r, enum rc (*write)(struct db_txn *, void *))
{
	struct queue_end end = { .outcome = { .verdict = QUEUE_DELIVERED },
				 .write = write,
				 .after = reading_end,
				 .arg = r };
	queue_finish(r->job, &end);
}

/* --- the write --- */

/* The collection is the whole truth: what it does not list is pinned no longer. */
static void pins_replace(struct social *s, const struct reading *r, const struct account *a)
{
	uint64_t old[PINS_MAX];
	size_t n = pins_of(s->txn, a->id, old);
	for (size_t i = 0; i < n; i++)
		pin_del(s->txn, a->id, old[i]);
	/* the last that is pinned stands first */
	for (unsigned i = r->found_count; i > 0; i--) {
		struct ctx quiet = { .arena = s->ctx->arena };
		struct social one = { .txn = s->txn, .ctx = &quiet, .site = s->site };
		(void)!act_pin(&one, a, r->found[i - 1]);
	}
}

static enum rc featured_write(struct db_txn *txn, void *arg)
{
	struct reading *r = arg;
	struct ctx ctx = { .arena = r->ctx.arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = r->fed->site };
	struct account a;
	if (!account_get(txn, ctx.arena, r->account, &a) || account_is_local(&a) ||
	    account_is_gone(&a))
		return db_txn_rc(txn);
	if (r->posts_read)
		pins_replace(&s, r, &a);
	if (r->tags_read) {
		a.tags = r->tags;
		a.tag_count = r->tag_count;
		account_put(txn, ctx.arena, &a);
	}
	/* each is read for itself */
	for (unsigned i = 0; i < r->collection_count; i++)
		collection_ask(&s, &a, r->collections[i]);
	r->enqueued = s.enqueued;
	return arena_failed(ctx.arena) ? RC_NO_MEMORY : db_txn_rc(txn);
}

/* --- hashtags --- */

static void tag_add(struct reading *r, struct jr item)
{
	struct ctx quiet = { .arena = r->ctx.arena };
	struct str tag = ap_hashtag(item), folded;
	if (tag.ptr == NULL || text_tag_fold(&quiet, tag, &folded) != RC_OK)
		return;
	r->tags[r->tag_count++] = arena_str(r->ctx.arena, tag);
}

static struct jr items_of(struct jr collection)
{
	struct jr ordered = jr_get(collection, "orderedItems");
	return jr_type(ordered) != JR_ABSENT ? ordered : jr_get(collection, "items");
}

/* A document counts under its own id, or that of the page that was asked for (S-010). */
static bool is_own_collection(struct reading *r, const struct document *doc)
{
	struct ap_reader reader = { &r->ctx, r->fed->site->iri_flags };
	return ap_type_class(jr_get(jr_root(doc->doc), "type")) == AP_CLASS_COLLECTION &&
	       ap_same_origin(&reader, doc->url, r->actor.uri);
}

/* --- collections of accounts (FEP-7aa9) --- */

static void collections_came(void *arg, enum rc rc, struct document *doc)
{
	struct reading *r = arg;
	struct ap_reader reader = { &r->ctx, r->fed->site->iri_flags };
	if (rc != RC_OK || !is_own_collection(r, doc))
		return finish(r, featured_write);
	struct jr root = jr_root(doc->doc), items = items_of(root);
	if (jr_type(items) == JR_ABSENT && jr_type(jr_get(root, "first")) == JR_OBJECT)
		items = items_of(jr_get(root, "first"));
	for (size_t i = 0; i < jr_one_count(items) && r->collection_count < COLLECTIONS_MAX; i++) {
		struct str id = ap_id(&reader, jr_one_at(items, i));
		if (ap_same_origin(&reader, id, r->actor.uri))
			r->collections[r->collection_count++] = arena_str(r->ctx.arena, id);
	}
	finish(r, featured_write);
}

static void collections_step(struct reading *r)
{
	if (r->actor.featured_collections.len == 0)
		return finish(r, featured_write);
	document_fetch(r->fed, &r->ctx, r->actor.featured_collections, collections_came, r);
}

static void tags_came(void *arg, enum rc rc, struct document *doc)
{
	struct reading *r = arg;
	if (rc == RC_OK && is_own_collection(r, doc)) {
		struct jr items = items_of(jr_root(doc->doc));
		size_t many = jr_one_count(items);
		for (size_t i = 0; i < many && r->tag_count < ACCOUNT_TAGS_MAX && i < 100; i++)
			tag_add(r, jr_one_at(items, i));
		r->tags_read = true;
	}
	collections_step(r);
}

static void tags_step(struct reading *r)
{
	if (r->actor.featured_tags.len == 0)
		return collections_step(r);
	document_fetch(r->fed, &r->ctx, r->actor.featured_tags, tags_came, r);
}

/* --- posts --- */

static void posts_step(struct reading *r);

static void post_came(void *arg, enum rc rc, uint64_t id, struct str reason UNUSED)
{
	struct reading *r = arg;
	/* whose it is, the write asks */
	if (rc == RC_OK)
		r->found[r->found_count++] = id;
	posts_step(r);
}

static void posts_step(struct reading *r)
{
	if (r->post_next == r->post_count)
		return tags_step(r);
	fed_resolve_object(r->fed, r->posts[r->post_next++], post_came, r);
}

static void posts_add(struct reading *r, struct jr items)
{
	struct ap_reader reader = { &r->ctx, r->fed->site->iri_flags };
	size_t many = jr_one_count(items);
	for (size_t i = 0; i < many && i < 100 && r->post_count < PINS_MAX; i++) {
		struct jr item = jr_one_at(items, i);
		struct str id = ap_id(&reader, item);
		if (ap_hashtag(item).ptr == NULL && ap_same_origin(&reader, id, r->actor.uri))
			r->posts[r->post_count++] = arena_str(r->ctx.arena, id);
	}
}

static void posts_came(void *arg, enum rc rc, struct document *doc)
{
	struct reading *r = arg;
	struct ap_reader reader = { &r->ctx, r->fed->site->iri_flags };
	if (rc != RC_OK || !is_own_collection(r, doc))
		return tags_step(r);
	struct jr root = jr_root(doc->doc), first = jr_get(root, "first");
	struct jr items = items_of(root);
	struct str page = ap_id(&reader, first);
	if (jr_type(items) == JR_ABSENT && jr_type(first) == JR_OBJECT)
		items = items_of(first);
	/* some put a page between, even of a few */
	if (jr_type(items) == JR_ABSENT && !r->second_page &&
	    ap_same_origin(&reader, page, r->actor.uri)) {
		r->second_page = true;
		return document_fetch(r->fed, &r->ctx, arena_str(r->ctx.arena, page), posts_came,
				      r);
	}
	posts_add(r, items);
	r->posts_read = true;
	posts_step(r);
}

/* --- the job --- */

static bool actor_read(struct reading *r)
{
	struct db_txn *txn;
	if (db_read_begin(r->fed->db, &txn) != RC_OK)
		return false;
	bool found = account_get(txn, r->ctx.arena, r->account, &r->actor) &&
		     !account_is_local(&r->actor) && !account_is_gone(&r->actor);
	db_read_end(&txn);
	return found;
}

void featured_run(struct fed *fed, struct queue_job *job, uint64_t account)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct reading *r = ARENA_NEW(arena, struct reading);
	must(r != NULL);
	*r = (struct reading){
		.fed = fed, .job = job, .ctx = { .arena = arena }, .account = account
	};
	if (!actor_read(r))
		return finish(r, NULL);
	if (r->actor.featured.len == 0)
		return tags_step(r);
	document_fetch(fed, &r->ctx, r->actor.featured, posts_came, r);
}

void featured_consider(struct social *s, struct account *a)
{
	uint64_t one, now = db_txn_now(s->txn);
	if ((a->featured.len == 0 && a->featured_tags.len == 0 &&
	     a->featured_collections.len == 0) ||
	    (a->featured_ms != 0 && a->featured_ms + READ_EVERY_MS > now) ||
	    follow_followers(s->txn, a->id, 0, FOLLOW_ACCEPTED, &one, 1) == 0)
		return;
	a->featured_ms = now;
	inbox_job_add(s, INBOX_FEATURED, a->domain, a->uri, STR(""), a->id, STR(""));
}
