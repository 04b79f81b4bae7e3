/*
 * Actors, keys and posts of other hosts, by id: fetched, checked and stored. Each resolution is an
 * object of its own that lives from the request to the commit; its steps run on the client's
 * thread, its write on the writer's.
 */
#include <stdlib.h>

#include "core/must.h"
#include "fed_int.h"
#include "store/peer.h"
#include "store/uri.h"

enum purpose {
	RESOLVE_ACTOR = 'a',
	RESOLVE_KEY = 'k',
	RESOLVE_OBJECT = 'o',
	RESOLVE_ADDRESS = 'p', /* a post or an actor: what somebody has typed */
	RESOLVE_QUOTED = 'q',  /* an object that another one quotes */
	RESOLVE_CRAWLED = 'c', /* a post under terms: who asks without any gets his own answer */
};

struct resolution {
	struct fed *fed;
	struct ctx ctx; /* its arena is the resolution's own life */
	enum purpose purpose;
	struct str uri;		  /* what was asked for: the flight's name */
	bool second_try;	  /* the document's own id is being fetched (S-010) */
	struct str confirmed_key; /* a key's own document has named the actor that is fetched */
	struct jr_doc *doc;	  /* what the decoded strings point into */
	struct ap_actor actor;
	const struct resolve_terms *terms; /* NULL: none */
	struct status status;
	struct status_hints hints;
	struct str author;
	struct str etag;  /* of what is known, then of what came */
	struct str bytes; /* of an object whose type is kept as it came */
	struct ap_audience audience;
	uint64_t id;
	bool enqueued;
	struct db_work work;
};

static void fetch_step(struct resolution *r, struct str url);
static void resolve_author(struct fed *fed, struct str uri, const struct resolve_terms *terms,
			   fed_done *done, void *arg);

static struct resolution *resolution_new(struct fed *fed, enum purpose purpose, struct str uri)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct resolution *r = ARENA_NEW(arena, struct resolution);
	must(r != NULL);
	r->fed = fed;
	r->ctx.arena = arena;
	r->purpose = purpose;
	r->uri = arena_str(arena, uri);
	return r;
}

static void land(struct resolution *r, enum rc rc)
{
	struct arena *arena = r->ctx.arena;
	/* what did not fit in memory is not missing */
	if (rc != RC_OK && arena_failed(arena))
		rc = RC_NO_MEMORY;
	flight_land(r->fed, (char)r->purpose, r->uri, rc, r->id, str_of(err_text(&r->ctx.err)));
	jr_free(&r->doc);
	arena_free(&arena);
}

static struct str without_fragment(struct str uri)
{
	return str_take(uri, str_index(uri, '#'));
}

/* A document may name a third host: that one has its budget, too (S-016). */
static bool may_ask(struct resolution *r, struct str id)
{
	enum budget what = r->purpose == RESOLVE_KEY ? BUDGET_KEYS : BUDGET_DOCUMENTS;
	struct str host = uri_authority(id);
	return str_eq(host, uri_authority(r->uri)) ||
	       budget_spend(r->fed, what, host, r->fed->settings->key_fetches_per_minute);
}

/*
 * S-010: a document counts under its own id only. When it came from another address, the id itself
 * is fetched, once. RC_BUSY: that fetch has begun.
 */
static enum rc own_id(struct resolution *r, struct str id, const struct document *doc)
{
	if (id.ptr == NULL)
		return ctx_fail(&r->ctx, RC_INVALID, "the document has no valid id");
	if (str_eq(without_fragment(id), without_fragment(doc->url)))
		return RC_OK;
	if (r->second_try)
		return ctx_fail(&r->ctx, RC_INVALID, "the document is not the one its id names");
	if (!may_ask(r, id))
		return ctx_fail(&r->ctx, RC_UNREACHABLE, "too many fetches from its id's host");
	r->second_try = true;
	if (r->purpose == RESOLVE_KEY)
		r->confirmed_key = r->uri;
	fetch_step(r, arena_str(r->ctx.arena, id));
	return RC_BUSY;
}

/* --- actors and keys --- */

/* What was just stored replaces what the cache holds. */
static void cache_keys(struct resolution *r)
{
	for (unsigned i = 0; i < r->actor.key_count; i++) {
		struct known_key known;
		/* replacing keeps the time of the last refetch */
		if (known_key_load(r->fed, r->ctx.arena, r->actor.keys[i].id, &known))
			key_unref(&known.key);
		else
			key_cache_del(r->fed->keys, r->actor.keys[i].id);
	}
}

static enum rc actor_job(struct db_txn *txn, void *arg)
{
	struct resolution *r = arg;
	struct ctx ctx = { .arena = r->ctx.arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = r->fed->site };
	enum rc rc = remote_account_put(&s, &r->actor, r->confirmed_key, r->etag, &r->id);
	r->enqueued = s.enqueued;
	if (rc != RC_OK)
		r->ctx.err = ctx.err;
	return rc;
}

static bool lists_key(const struct ap_actor *actor, struct str key_id)
{
	for (unsigned i = 0; i < actor->key_count; i++) {
		if (str_eq(actor->keys[i].id, key_id))
			return true;
	}
	return false;
}

static void actor_done(struct db_work *work)
{
	struct resolution *r = work->arg;
	enum rc rc = work->rc;
	if (rc == RC_OK) {
		fed_wake(r->fed, r->enqueued);
		cache_keys(r);
		claims_look(r->fed, &r->ctx, &r->actor, r->id);
		/* S-013: key and owner name each other, or it is not this owner's key. It may be
		 * listed soon: that is no 404 */
		if (r->purpose == RESOLVE_KEY && !lists_key(&r->actor, r->uri)) {
			key_cache_del(r->fed->keys, r->uri);
			rc = ctx_fail(&r->ctx, RC_INVALID, "the owner does not list this key");
		}
	}
	land(r, rc);
}

static void actor_came(struct resolution *r, struct document *doc)
{
	struct ap_reader reader = { &r->ctx, r->fed->site->iri_flags };
	enum rc rc = ap_actor_decode(&reader, jr_root(doc->doc), &r->actor);
	if (rc == RC_OK)
		rc = own_id(r, r->actor.id, doc);
	if (rc == RC_BUSY)
		return;
	if (rc != RC_OK)
		return land(r, rc);
	r->etag = arena_str(r->ctx.arena, doc->etag);
	r->doc = doc->doc;
	doc->doc = NULL;
	r->work = (struct db_work){ .job = actor_job, .done = actor_done, .arg = r };
	db_submit(r->fed->db, &r->work);
}

/* A key with a document of its own: only its owner's document can confirm it. */
static void key_came(struct resolution *r, struct document *doc)
{
	struct ap_reader reader = { &r->ctx, r->fed->site->iri_flags };
	struct ap_key key;
	enum rc rc = ap_key_decode(&reader, jr_root(doc->doc), &key);
	if (rc == RC_OK && !str_eq(key.id, r->uri))
		rc = ctx_fail(&r->ctx, RC_INVALID, "the key document is not the one its id names");
	if (rc == RC_OK && !ap_same_origin(&reader, key.owner, key.id))
		rc = ctx_fail(&r->ctx, RC_DENIED, "the key's owner is on another host");
	if (rc != RC_OK || r->second_try)
		return land(r, rc != RC_OK ? rc : RC_INVALID);
	r->second_try = true;
	r->confirmed_key = r->uri;
	fetch_step(r, arena_str(r->ctx.arena, key.owner));
}

/* The document is as it was: a key that stands in it is believed for another day (S-017). */
static enum rc unchanged_job(struct db_txn *txn, void *arg)
{
	struct resolution *r = arg;
	struct peer_key row;
	if (r->purpose == RESOLVE_KEY && peer_key_get(txn, r->ctx.arena, r->uri, &row)) {
		row.fetched_ms = db_txn_now(txn);
		peer_key_put(txn, &row);
	}
	return db_txn_rc(txn);
}

static void unchanged_done(struct db_work *work)
{
	struct resolution *r = work->arg;
	struct known_key known;
	if (work->rc == RC_OK && r->purpose == RESOLVE_KEY &&
	    known_key_load(r->fed, r->ctx.arena, r->uri, &known))
		key_unref(&known.key);
	land(r, work->rc);
}

static void unchanged(struct resolution *r)
{
	r->work = (struct db_work){ .job = unchanged_job, .done = unchanged_done, .arg = r };
	db_submit(r->fed->db, &r->work);
}

/*
 * What the actor's document was called when it was last read; absent when it must be read anew: a
 * key that is asked for has to be one that it listed.
 */
static struct str known_etag(struct resolution *r)
{
	struct account a = { .etag = STR("") };
	struct peer_key row;
	struct db_txn *txn;
	if ((r->purpose != RESOLVE_ACTOR && r->purpose != RESOLVE_KEY) ||
	    db_read_begin(r->fed->db, &txn) != RC_OK)
		return STR_NONE;
	bool known = account_find_uri(txn, r->ctx.arena, without_fragment(r->uri), &a) &&
		     !account_is_local(&a) && a.etag.len != 0 &&
		     (r->purpose == RESOLVE_ACTOR ||
		      (peer_key_get(txn, r->ctx.arena, r->uri, &row) && row.account == a.id &&
		       row.fetched_ms >= a.fetched_ms));
	db_read_end(&txn);
	if (known)
		r->id = a.id;
	return known ? a.etag : STR_NONE;
}

/* --- posts --- */

/* What a crawl finds may be old: nobody is told of it as if it were new. */
#define NEWS_MS MS_PER_DAY

/* As far as the post itself tells. */
static enum rc terms_hold(struct resolution *r)
{
	const struct resolve_terms *t = r->terms;
	if (t == NULL)
		return RC_OK;
	if (t->author.len != 0 && !str_eq(r->author, t->author))
		return ctx_fail(&r->ctx, RC_CONFLICT, "it is somebody else's");
	if (t->parent.len != 0 && !str_eq(r->status.parent_uri, t->parent))
		return ctx_fail(&r->ctx, RC_CONFLICT, "it replies to something else");
	if (t->until_ms != 0 && r->status.created_ms > t->until_ms)
		return ctx_fail(&r->ctx, RC_CONFLICT, "it is newer than what is looked for");
	return RC_OK;
}

/* As far as only those who know its thread can tell. */
static bool is_of_context(struct resolution *r, struct db_txn *txn)
{
	if (r->terms == NULL || r->terms->context.len == 0 ||
	    str_eq(r->terms->context, r->status.context))
		return true;
	return r->status.parent_uri.len != 0 &&
	       uri_find(txn, r->status.parent_uri).kind == URI_STATUS;
}

static enum rc object_job(struct db_txn *txn, void *arg)
{
	struct resolution *r = arg;
	struct ctx ctx = { .arena = r->ctx.arena };
	struct social s = { .txn = txn,
			    .ctx = &ctx,
			    .site = r->fed->site,
			    .shallow = r->purpose == RESOLVE_QUOTED };
	struct account author;
	s.accepted_in = r->terms != NULL ? r->terms->accepted_in : 0;
	s.quiet = r->terms != NULL && r->status.created_ms + NEWS_MS < db_txn_now(txn);
	r->enqueued = false;
	if (!is_of_context(r, txn))
		return RC_CONFLICT;
	if (!account_find_uri(txn, ctx.arena, r->author, &author))
		return RC_NOT_FOUND;
	/* S-125: its author deleted it while it was being fetched */
	if (seen_has(txn, r->status.uri, author.id))
		return RC_GONE;
	r->status.account = author.id;
	r->status.visibility = remote_visibility(&r->audience, author.followers);
	enum rc rc = act_receive_post(&s, &author, &r->status);
	if (rc == RC_EXISTS) {
		struct uri_entry entry = uri_find(txn, r->status.uri);
		r->id = entry.id;
		return entry.kind == URI_STATUS ? RC_OK : RC_GONE;
	}
	if (rc == RC_OK && (r->status.flags & STATUS_RAW_KEPT) != 0)
		status_raw_put(txn, r->status.id, r->bytes);
	if (rc == RC_OK && r->terms != NULL)
		hint_tell(txn, r->status.id, &r->hints);
	else if (rc == RC_OK)
		remote_post_stored(&s, &r->status, &r->hints);
	r->id = r->status.id;
	r->enqueued = s.enqueued;
	return rc;
}

static void object_done(struct db_work *work)
{
	struct resolution *r = work->arg;
	fed_wake(r->fed, work->rc == RC_OK && r->enqueued);
	land(r, work->rc);
}

static void object_author_known(void *arg, enum rc rc, uint64_t id UNUSED, struct str reason)
{
	struct resolution *r = arg;
	if (rc != RC_OK)
		return land(r, ctx_fail(&r->ctx, rc, "its author: %.*s", STR_ARG(reason)));
	r->work = (struct db_work){ .job = object_job, .done = object_done, .arg = r };
	db_submit(r->fed->db, &r->work);
}

static void object_came(struct resolution *r, struct document *doc)
{
	struct ap_reader reader = { &r->ctx, r->fed->site->iri_flags };
	struct ap_object *object;
	enum rc rc = ap_object_decode(&reader, jr_root(doc->doc), &object);
	if (rc == RC_OK)
		rc = own_id(r, object->id, doc);
	if (rc == RC_BUSY)
		return;
	if (rc == RC_OK)
		rc = remote_status_make(&r->ctx, r->fed, object, &r->status);
	if (rc != RC_OK)
		return land(r, rc);
	r->audience = object->audience;
	r->author = object->attributed_to;
	r->hints = remote_hints(object);
	rc = terms_hold(r);
	if (rc != RC_OK)
		return land(r, rc);
	r->bytes = arena_str(r->ctx.arena, doc->bytes);
	r->doc = doc->doc;
	doc->doc = NULL;
	resolve_author(r->fed, r->author, r->terms, object_author_known, r);
}

/* --- steps --- */

static void came(void *arg, enum rc rc, struct document *doc)
{
	struct resolution *r = arg;
	if (rc == RC_EXISTS)
		return unchanged(r);
	if (rc != RC_OK)
		return land(r, rc);
	struct jr root = jr_root(doc->doc);
	enum ap_object_class class = ap_type_class(jr_get(root, "type"));
	bool any = r->purpose == RESOLVE_ADDRESS && class != AP_CLASS_ACTOR;
	if (any || r->purpose == RESOLVE_OBJECT || r->purpose == RESOLVE_QUOTED ||
	    r->purpose == RESOLVE_CRAWLED) {
		if (class == AP_CLASS_TOMBSTONE)
			return land(r, ctx_fail(&r->ctx, RC_GONE, "it was deleted"));
		return object_came(r, doc);
	}
	if (r->purpose == RESOLVE_KEY && class == AP_CLASS_KEY)
		return key_came(r, doc);
	actor_came(r, doc);
}

static void fetch_step(struct resolution *r, struct str url)
{
	if (r->terms == NULL || r->terms->cost == NULL)
		return document_fetch(r->fed, &r->ctx, url, came, r);
	document_fetch_for(r->fed, &r->ctx, url, r->terms->cost, came, r);
}

static void resolve(struct fed *fed, enum purpose purpose, struct str uri,
		    const struct resolve_terms *terms, fed_done *done, void *arg)
{
	struct arena *arena = arena_new(64 * 1024);
	struct ctx ctx = { .arena = arena };
	struct iri iri;
	enum budget what = purpose == RESOLVE_KEY ? BUDGET_KEYS : BUDGET_DOCUMENTS;
	bool answered;
	must(arena != NULL);
	enum rc rc = iri_parse(&ctx, uri, fed->site->iri_flags, &iri);
	if (rc != RC_OK) {
		done(arg, rc, 0, str_of(err_text(&ctx.err)));
	} else if (flight_begin(fed, (char)purpose, what, iri.text, iri.authority, done, arg,
				&answered)) {
		struct resolution *r = resolution_new(fed, purpose, iri.text);
		r->terms = terms;
		struct str etag = known_etag(r);
		if (etag.ptr != NULL)
			document_fetch_newer(fed, &r->ctx, r->uri, etag, came, r);
		else
			fetch_step(r, r->uri);
	}
	arena_free(&arena);
}

static struct uri_entry known(struct fed *fed, struct str uri)
{
	struct uri_entry entry = { .kind = URI_NONE };
	struct db_txn *txn;
	if (db_read_begin(fed->db, &txn) != RC_OK)
		return entry;
	entry = uri_find(txn, uri);
	db_read_end(&txn);
	return entry;
}

/* Is it in the store already? */
static uint64_t known_id(struct fed *fed, enum uri_kind kind, struct str uri)
{
	struct uri_entry entry = known(fed, uri);
	return entry.kind == kind ? entry.id : 0;
}

/* What is to be known of an author before their document is asked for. */
static void author_look(struct fed *fed, uint64_t id, bool *suspended, bool *copied)
{
	struct arena *arena = arena_new(256 * 1024);
	struct account account;
	struct db_txn *txn;
	*suspended = *copied = false;
	if (arena != NULL && db_read_begin(fed->db, &txn) == RC_OK) {
		if (account_get(txn, arena, id, &account)) {
			*suspended = (account.flags & ACCOUNT_SUSPENDED) != 0;
			*copied = account_is_copied(&account);
		}
		db_read_end(&txn);
	}
	arena_free(&arena);
}

static void resolve_author(struct fed *fed, struct str uri, const struct resolve_terms *terms,
			   fed_done *done, void *arg)
{
	uint64_t id = known_id(fed, URI_ACCOUNT, uri);
	bool suspended = false, copied = false;
	if (id != 0)
		author_look(fed, id, &suspended, &copied);
	if (suspended)
		return done(arg, RC_BLOCKED, id, STR("the account is suspended here"));
	/* by a partner's word alone nobody is known */
	if (id != 0 && !copied)
		return done(arg, RC_OK, id, STR(""));
	resolve(fed, RESOLVE_ACTOR, uri, terms, done, arg);
}

void fed_resolve_actor(struct fed *fed, struct str uri, bool refresh, fed_done *done, void *arg)
{
	if (refresh)
		resolve(fed, RESOLVE_ACTOR, uri, NULL, done, arg);
	else
		resolve_author(fed, uri, NULL, done, arg);
}

void fed_resolve_key(struct fed *fed, struct str key_id, fed_done *done, void *arg)
{
	resolve(fed, RESOLVE_KEY, key_id, NULL, done, arg);
}

static void resolve_object(struct fed *fed, enum purpose purpose, struct str uri, fed_done *done,
			   void *arg)
{
	uint64_t id = known_id(fed, URI_STATUS, uri);
	if (id != 0)
		return done(arg, RC_OK, id, STR(""));
	resolve(fed, purpose, uri, NULL, done, arg);
}

void fed_resolve_object(struct fed *fed, struct str uri, fed_done *done, void *arg)
{
	resolve_object(fed, RESOLVE_OBJECT, uri, done, arg);
}

void fed_resolve_address(struct fed *fed, struct str uri, fed_done *done, void *arg)
{
	resolve_object(fed, RESOLVE_ADDRESS, uri, done, arg);
}

void fed_resolve_quoted(struct fed *fed, struct str uri, fed_done *done, void *arg)
{
	resolve_object(fed, RESOLVE_QUOTED, uri, done, arg);
}

void resolve_object_for(struct fed *fed, struct str uri, const struct resolve_terms *terms,
			fed_done *done, void *arg)
{
	struct uri_entry entry = known(fed, uri);
	if (entry.kind == URI_STATUS)
		return done(arg, RC_OK, entry.id, STR(""));
	/* what was deleted here or there is not asked for again and again */
	if (entry.kind != URI_NONE)
		return done(arg, RC_GONE, 0, STR("it was deleted, or is something else"));
	resolve(fed, RESOLVE_CRAWLED, uri, terms, done, arg);
}

bool known_key_load(struct fed *fed, struct arena *arena, struct str id, struct known_key *out)
{
	struct peer_key row;
	struct account owner;
	struct db_txn *txn;
	if (db_read_begin(fed->db, &txn) != RC_OK)
		return false;
	/* a key that was not in the owner's document the last time it was read is no longer the
	 * owner's */
	bool found = peer_key_get(txn, arena, id, &row) &&
		     account_get(txn, arena, row.account, &owner) &&
		     row.fetched_ms >= owner.fetched_ms;
	db_read_end(&txn);
	if (!found || key_from_public(row.public_der, &out->key) != RC_OK)
		return false;
	uint64_t now = clock_wall_ms(fed->clock);
	out->account = owner.id;
	out->owner = owner.uri;
	out->stale = row.fetched_ms + MS_PER_DAY < now;
	out->assertion = row.assertion;
	key_cache_put(fed->keys, id, out, now);
	return true;
}
