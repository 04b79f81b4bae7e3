/*
 * Reads a remote collection of accounts: its document, whom it recommends, and of each the consent, at
 * the account's own host (FEP-7aa9, "Verification"). One fetch after the other, and no more than a few
 * accounts that nobody here knows (S-061). Who cannot be verified now is left out until it is read
 * again. Steps run on the client's thread, the write ends the job.
 */
#include <stdio.h>

#include "collection_int.h"
#include "core/must.h"
#include "remote_int.h"

#define STRANGERS_MAX 20
#define NAME_CHARS 200

struct reading {
	struct fed *fed;
	struct queue_job *job;
	struct ctx ctx;
	struct str uri;
	struct account owner;
	struct jr_doc *doc;
	struct ap_featured *told;
	struct collection c;
	struct collection_item items[COLLECTION_ITEMS_MAX];
	size_t count;
	unsigned next, strangers;
	bool enqueued;
};

static void reading_after(void *arg, enum rc rc)
{
	struct reading *r = arg;
	struct arena *arena = r->ctx.arena;
	fed_wake(r->fed, rc == RC_OK && r->enqueued);
	jr_free(&r->doc);
	arena_free(&arena);
}

static void finish(struct reading *r, enum rc rc, enum rc (*write)(struct db_txn *, void *))
{
	struct queue_end end = { .outcome = { .verdict = job_may_pass(rc) ? QUEUE_DEFER
									  : QUEUE_DELIVERED },
				 .payload = r->job->payload,
				 .write = write,
				 .after = reading_after,
				 .arg = r };
	if (rc != RC_OK)
		snprintf(end.outcome.reason, sizeof(end.outcome.reason), "%s",
			 r->ctx.err.rc != RC_OK ? err_text(&r->ctx.err) : rc_text(rc));
	queue_finish(r->job, &end);
}

static enum rc received_write(struct db_txn *txn, void *arg)
{
	struct reading *r = arg;
	struct ctx ctx = { .arena = r->ctx.arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = r->fed->site };
	struct account owner;
	r->c.id = 0;
	if (!account_get(txn, ctx.arena, r->owner.id, &owner))
		return db_txn_rc(txn);
	enum rc rc = act_collection_received(&s, &owner, &r->c, r->items, r->count);
	r->enqueued = s.enqueued;
	return rc == RC_NO_MEMORY ? rc : db_txn_rc(txn);
}

/* Its server says that it is gone. */
static enum rc gone_write(struct db_txn *txn, void *arg)
{
	struct reading *r = arg;
	struct ctx ctx = { .arena = r->ctx.arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = r->fed->site };
	(void)!act_collection_dropped(&s, &r->owner, r->uri);
	return db_txn_rc(txn);
}

/* --- who is in it --- */

static void item_step(struct reading *r);

static void item_keep(struct reading *r, uint64_t account)
{
	const struct ap_featured_item *told = &r->told->items[r->next];
	for (size_t i = 0; i < r->count; i++) {
		if (r->items[i].account == account)
			return;
	}
	r->items[r->count++] =
		(struct collection_item){ .account = account,
					  .uri = told->id.ptr != NULL ? told->id : STR(""),
					  .request = STR(""),
					  .authorization = told->authorization,
					  .created_ms = told->published_ms };
}

static void item_next(struct reading *r)
{
	r->next++;
	item_step(r);
}

/* Was just this consent found to be one before? */
static bool is_verified(struct reading *r, uint64_t account)
{
	const struct ap_featured_item *told = &r->told->items[r->next];
	struct collection c;
	struct collection_item item;
	struct db_txn *txn;
	if (db_read_begin(r->fed->db, &txn) != RC_OK)
		return false;
	bool known = collection_find_uri(txn, r->ctx.arena, r->uri, &c) &&
		     collection_item_of(txn, r->ctx.arena, c.id, account, &item) &&
		     item.state == COLLECTION_ACCEPTED &&
		     str_eq(item.authorization, told->authorization);
	db_read_end(&txn);
	return known;
}

static uint64_t known_account(struct reading *r, struct str uri)
{
	struct db_txn *txn;
	if (db_read_begin(r->fed->db, &txn) != RC_OK)
		return 0;
	uint64_t id = account_id_of_uri(txn, uri);
	db_read_end(&txn);
	return id;
}

/* S-010: the consent counts under its own id, and says the same as the item. */
static void authorization_came(void *arg, enum rc rc, struct document *doc)
{
	struct reading *r = arg;
	const struct ap_featured_item *told = &r->told->items[r->next];
	const struct ap_reader reader = { &r->ctx, r->fed->site->iri_flags };
	struct ap_feature_authorization a;
	if (rc == RC_OK)
		rc = ap_feature_authorization_decode(&reader, jr_root(doc->doc), &a);
	if (rc == RC_OK && str_eq(a.id, told->authorization) && str_eq(doc->url, a.id) &&
	    str_eq(a.collection, r->uri) && str_eq(a.account, told->object))
		item_keep(r, known_account(r, told->object));
	r->ctx.err = (struct err){ 0 };
	item_next(r);
}

static void account_known(struct reading *r, uint64_t account)
{
	const struct ap_featured_item *told = &r->told->items[r->next];
	if (is_verified(r, account)) {
		item_keep(r, account);
		return item_next(r);
	}
	document_fetch(r->fed, &r->ctx, told->authorization, authorization_came, r);
}

static void account_came(void *arg, enum rc rc, uint64_t id, struct str reason UNUSED)
{
	struct reading *r = arg;
	if (rc != RC_OK)
		return item_next(r);
	account_known(r, id);
}

static bool may_be_verified(struct reading *r)
{
	const struct ap_featured_item *told = &r->told->items[r->next];
	const struct ap_reader reader = { &r->ctx, r->fed->site->iri_flags };
	/* what our own people have said is known here: act_collection_received() heeds it */
	return !site_owns_text(r->fed->site, told->object) && told->authorization.ptr != NULL &&
	       ap_same_origin(&reader, told->authorization, told->object);
}

/* Somebody here who has consented: the collection says what it calls the item. */
static void keep_ours(struct reading *r)
{
	const struct ap_featured_item *told = &r->told->items[r->next];
	uint64_t account =
		site_owns_text(r->fed->site, told->object) ? known_account(r, told->object) : 0;
	if (account != 0)
		item_keep(r, account);
}

static void item_step(struct reading *r)
{
	while (r->next < r->told->item_count && !may_be_verified(r)) {
		keep_ours(r);
		r->next++;
	}
	if (r->next == r->told->item_count)
		return finish(r, RC_OK, received_write);
	struct str object = r->told->items[r->next].object;
	uint64_t account = known_account(r, object);
	if (account != 0)
		return account_known(r, account);
	if (r->strangers++ >= STRANGERS_MAX)
		return item_next(r);
	fed_resolve_actor(r->fed, object, false, account_came, r);
}

/* --- the collection --- */

static struct str or_empty(struct str s)
{
	return s.ptr != NULL ? s : STR("");
}

static struct collection collection_make(struct reading *r)
{
	struct ctx quiet = { .arena = r->ctx.arena };
	const struct ap_featured *told = r->told;
	struct str tag = or_empty(told->topic), folded;
	if (tag.len != 0 && text_tag_fold(&quiet, tag, &folded) != RC_OK)
		tag = STR("");
	return (struct collection){
		.flags = (told->sensitive ? COLLECTION_SENSITIVE : 0U) |
			 (told->discoverable ? COLLECTION_DISCOVERABLE : 0U),
		.uri = told->id,
		.url = or_empty(told->url),
		.name = remote_text(&r->ctx, told->name, NAME_CHARS, (size_t)NAME_CHARS * 4),
		.description = remote_html(&r->ctx, told->summary),
		.language = text_language_valid(told->language) ? told->language : STR(""),
		.tag = tag,
		.created_ms = told->published_ms,
		.updated_ms = told->updated_ms != 0 ? told->updated_ms : told->published_ms,
	};
}

static void collection_came(void *arg, enum rc rc, struct document *doc)
{
	struct reading *r = arg;
	const struct ap_reader reader = { &r->ctx, r->fed->site->iri_flags };
	if (rc == RC_GONE || rc == RC_NOT_FOUND)
		return finish(r, RC_OK, gone_write);
	if (rc == RC_OK)
		rc = ap_featured_decode(&reader, jr_root(doc->doc), &r->told);
	if (rc != RC_OK)
		return finish(r, rc, NULL);
	if (!str_eq(r->told->id, r->uri) || !str_eq(doc->url, r->uri) ||
	    !str_eq(r->told->attributed_to, r->owner.uri))
		return finish(r, ctx_fail(&r->ctx, RC_INVALID, "what came is not this collection"),
			      NULL);
	/* its strings are needed for longer */
	r->doc = doc->doc;
	doc->doc = NULL;
	r->c = collection_make(r);
	item_step(r);
}

void collection_run(struct fed *fed, struct queue_job *job, uint64_t account, struct str uri)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct reading *r = ARENA_NEW(arena, struct reading);
	struct db_txn *txn;
	must(r != NULL);
	*r = (struct reading){
		.fed = fed, .job = job, .ctx = { .arena = arena }, .uri = arena_str(arena, uri)
	};
	if (db_read_begin(fed->db, &txn) != RC_OK)
		return finish(r, RC_BUSY, NULL);
	bool found = account_get(txn, arena, account, &r->owner) && !account_is_local(&r->owner) &&
		     !account_is_gone(&r->owner);
	db_read_end(&txn);
	if (!found)
		return finish(r, RC_OK, NULL);
	document_fetch(fed, &r->ctx, r->uri, collection_came, r);
}
