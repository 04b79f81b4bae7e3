/*
 * Reads what a remote account shows first: the collection of its pinned posts, each post at its
 * origin, and the collection of its hashtags. A few fetches, one after the other (S-061); what fails
 * is left as it was. Steps run on the client's thread, the write ends the job.
 */
#include <stdio.h>

#include "collection_int.h"
#include "core/must.h"
#include "incoming_int.h"
#include "social/community.h"
#include "social/joint.h"
#include "social/react.h"
#include "store/pin.h"

#define READ_EVERY_MS MS_PER_DAY
#define MODERATORS_MAX 20
#define CHUNK 64

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
	bool moderators_read; /* of a group */
	struct str moderators[MODERATORS_MAX];
	unsigned moderator_count, moderator_next;
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

/* --- of a group (FEP-1b12) --- */

static bool is_found(const struct reading *r, uint64_t id)
{
	for (unsigned i = 0; i < r->found_count; i++) {
		if (r->found[i] == id)
			return true;
	}
	return false;
}

static void threads_pin(struct social *s, const struct reading *r, const struct account *group)
{
	const struct page newest = { .max_id = 0 };
	uint64_t old[CHUNK];
	size_t n = community_posts(s->txn, group->id, COMMUNITY_POSTS_PINNED, &newest, old, CHUNK);
	for (size_t i = 0; i < n; i++) {
		if (!is_found(r, old[i]))
			(void)!community_moderated(s, group->id, old[i], COMMUNITY_ACT_UNPIN,
						   STR(""));
	}
	for (unsigned i = 0; i < r->found_count; i++) {
		struct ctx quiet = { .arena = s->ctx->arena };
		struct social one = { .txn = s->txn, .ctx = &quiet, .site = s->site };
		struct status status;
		if (!status_get(s->txn, s->ctx->arena, r->found[i], &status) ||
		    !community_belongs(&one, group, &status))
			continue;
		community_tells(&one, group->id, &status);
		(void)!community_moderated(&one, group->id, status.id, COMMUNITY_ACT_PIN, STR(""));
	}
}

static bool is_named(const struct reading *r, const struct account *a)
{
	for (unsigned i = 0; i < r->moderator_count; i++) {
		if (str_eq(r->moderators[i], a->uri))
			return true;
	}
	return false;
}

/* The collection is the whole truth here, too. */
static void moderators_replace(struct social *s, const struct reading *r,
			       const struct account *group)
{
	struct community_member rows[CHUNK];
	uint64_t after = 0;
	size_t n;
	while ((n = community_staff_rows(s->txn, s->ctx->arena, group->id, after, rows, CHUNK)) !=
	       0) {
		for (size_t i = 0; i < n; i++) {
			struct account a;
			if (account_get(s->txn, s->ctx->arena, rows[i].account, &a) &&
			    !is_named(r, &a))
				(void)!community_told_moderator(s, group->id, a.id, false);
		}
		after = rows[n - 1].account;
	}
	for (unsigned i = 0; i < r->moderator_count; i++) {
		uint64_t id = account_id_of_uri(s->txn, r->moderators[i]);
		if (id != 0)
			(void)!community_told_moderator(s, group->id, id, true);
	}
}

/* A partner's moderators, as far as they are of its own host, moderate the joint community here. */
static void partner_moderators(struct social *s, const struct reading *r,
			       const struct account *group, uint64_t home)
{
	struct community_member rows[CHUNK];
	uint64_t after = 0;
	size_t n;
	while ((n = community_members(s->txn, s->ctx->arena, home, after, rows, CHUNK)) != 0) {
		for (size_t i = 0; i < n; i++) {
			struct account a;
			if ((rows[i].flags & COMMUNITY_OF_PARTNER) != 0 &&
			    rows[i].by == group->id &&
			    account_get(s->txn, s->ctx->arena, rows[i].account, &a) &&
			    !is_named(r, &a))
				(void)!joint_told_moderator(s, group, home, a.id, false);
		}
		after = rows[n - 1].account;
	}
	for (unsigned i = 0; i < r->moderator_count; i++) {
		uint64_t id = account_id_of_uri(s->txn, r->moderators[i]);
		if (id != 0)
			(void)!joint_told_moderator(s, group, home, id, true);
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
	const uint64_t home = joint_community(txn, a.id);
	/* what a partner has pinned is compared with all the rest (joint_job.c) */
	if (home != 0 && r->moderators_read)
		partner_moderators(&s, r, &a, home);
	if (r->posts_read && a.kind == ACCOUNT_GROUP && home == 0)
		threads_pin(&s, r, &a);
	else if (r->posts_read && a.kind != ACCOUNT_GROUP)
		pins_replace(&s, r, &a);
	if (r->moderators_read)
		moderators_replace(&s, r, &a);
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

/* --- moderators --- */

static void moderators_step(struct reading *r);

static void moderator_came(void *arg, enum rc rc UNUSED, uint64_t id UNUSED,
			   struct str reason UNUSED)
{
	moderators_step(arg);
}

static void moderators_step(struct reading *r)
{
	if (r->moderator_next == r->moderator_count)
		return finish(r, featured_write);
	fed_resolve_actor(r->fed, r->moderators[r->moderator_next++], false, moderator_came, r);
}

static void moderators_came(void *arg, enum rc rc, struct document *doc)
{
	struct reading *r = arg;
	struct ap_reader reader = { &r->ctx, r->fed->site->iri_flags };
	if (rc != RC_OK || !is_own_collection(r, doc))
		return finish(r, featured_write);
	struct jr items = items_of(jr_root(doc->doc));
	for (size_t i = 0; i < jr_one_count(items) && r->moderator_count < MODERATORS_MAX; i++) {
		struct str id = ap_id(&reader, jr_one_at(items, i));
		if (id.ptr != NULL)
			r->moderators[r->moderator_count++] = arena_str(r->ctx.arena, id);
	}
	r->moderators_read = true;
	moderators_step(r);
}

static void moderators_begin(struct reading *r)
{
	if (r->actor.moderators.len == 0)
		return finish(r, featured_write);
	document_fetch(r->fed, &r->ctx, r->actor.moderators, moderators_came, r);
}

/* --- collections of accounts (FEP-7aa9) --- */

static void collections_came(void *arg, enum rc rc, struct document *doc)
{
	struct reading *r = arg;
	struct ap_reader reader = { &r->ctx, r->fed->site->iri_flags };
	if (rc != RC_OK || !is_own_collection(r, doc))
		return moderators_begin(r);
	struct jr root = jr_root(doc->doc), items = items_of(root);
	if (jr_type(items) == JR_ABSENT && jr_type(jr_get(root, "first")) == JR_OBJECT)
		items = items_of(jr_get(root, "first"));
	for (size_t i = 0; i < jr_one_count(items) && r->collection_count < COLLECTIONS_MAX; i++) {
		struct str id = ap_id(&reader, jr_one_at(items, i));
		if (ap_same_origin(&reader, id, r->actor.uri))
			r->collections[r->collection_count++] = arena_str(r->ctx.arena, id);
	}
	moderators_begin(r);
}

static void collections_step(struct reading *r)
{
	if (r->actor.featured_collections.len == 0)
		return moderators_begin(r);
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
		/* a group's may be anybody's */
		bool fits = r->actor.kind == ACCOUNT_GROUP
				    ? id.ptr != NULL
				    : ap_same_origin(&reader, id, r->actor.uri);
		if (ap_hashtag(item).ptr == NULL && fits)
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
	     a->featured_collections.len == 0 && a->moderators.len == 0) ||
	    (a->featured_ms != 0 && a->featured_ms + READ_EVERY_MS > now) ||
	    follow_followers(s->txn, a->id, 0, FOLLOW_ACCEPTED, &one, 1) == 0)
		return;
	a->featured_ms = now;
	inbox_job_add(s, INBOX_FEATURED, a->domain, a->uri, STR(""), a->id, STR(""));
}
