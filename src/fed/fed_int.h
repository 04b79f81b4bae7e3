/* What the files of this module share. */
#ifndef FF_FED_FED_INT_H
#define FF_FED_FED_INT_H

#include <pthread.h>

#include "ap/activity.h"
#include "ap/actor.h"
#include "ap/object.h"
#include "ap/write.h"
#include "core/map.h"
#include "core/must.h"
#include "crypt/httpsig.h"
#include "crypt/key.h"
#include "fed/fed.h"
#include "social/act.h"
#include "social/federate.h"
#include "store/hint.h"
#include "store/peer.h"
#include "store/status.h"
#include "json/jw.h"

#define FED_MAGIC 0x46454421
#define DOCUMENT_MAX (1024 * 1024)
#define WORK_ARENA_MAX (16 * 1024 * 1024)
#define CRAWL_TIMEOUT_MS 10000 /* of one fetch of a crawl: nobody waits for it */

/* --- caches.c: what is known of remote keys and of hosts, in memory --- */

/* A remote key as the cache holds it; reference counted through its key. */
struct known_key {
	struct key *key;  /* a reference of the caller's: key_unref() */
	uint64_t account; /* its owner */
	bool stale;	  /* its owner's document was read more than a day ago (S-017) */
	bool assertion;	  /* it is listed in assertionMethod: for integrity proofs, too */
	struct str owner; /* the owner's id, in the caller's arena */
};

struct key_cache;
struct key_cache *key_cache_new(size_t max);
void key_cache_free(struct key_cache **cache);
void key_cache_clear(struct key_cache *cache);
/* False when it is not cached, or was put there but once. */
bool key_cache_get(struct key_cache *cache, struct arena *arena, struct str id, uint64_t now_ms,
		   struct known_key *out);
/* Copies known, whose key stays the caller's. */
void key_cache_put(struct key_cache *cache, struct str id, const struct known_key *known,
		   uint64_t now_ms);
void key_cache_del(struct key_cache *cache, struct str id);
/* May a key that failed be fetched again now? Says yes once per interval and key (S-017). */
bool key_cache_may_refetch(struct key_cache *cache, struct str id, uint64_t now_ms,
			   uint64_t interval_ms);
/* Has the copy been in memory for so long? */
bool key_cache_is_older(struct key_cache *cache, struct str id, uint64_t now_ms, uint64_t age_ms);

/* --- peers.c: policies and learned schemes of hosts --- */

struct peer_cache;
struct peer_cache *peer_cache_new(void);
void peer_cache_free(struct peer_cache **cache);
/* Reads all hosts with a policy or a learned scheme. */
enum rc peer_cache_load(struct peer_cache *cache, struct db *db) NODISCARD;
/* Is traffic with this host (canonical authority) allowed? Blocks count for subdomains, too (S-030,
 * S-036). */
bool peer_permitted(struct fed *fed, struct str host);
/* The same of a canonical IRI; our own are. Costs nothing while no host has a policy. */
bool peer_permitted_uri(struct fed *fed, struct str uri);
/* Is its host blocked, also where only allowed hosts may be talked to? */
bool peer_blocked_uri(struct fed *fed, struct str uri);
/* Was this host allowed by name? */
bool peer_allowed(struct fed *fed, struct str host);
/* Does any host have a policy, so that it matters whom an activity names? */
bool peers_judged(const struct fed *fed);
/* "host:port" of a canonical IRI. */
struct str uri_authority(struct str uri);
enum peer_scheme peer_scheme(struct fed *fed, struct str host);
/* Remembers what a host takes; written durably in the background when it is news. */
void peer_learn(struct fed *fed, struct str host, enum peer_scheme scheme);

/* --- keyring.c: the private keys of local accounts --- */

struct signing_key {
	struct key *key; /* a reference of the caller's */
	struct str id;	 /* in the caller's arena */
};

struct keyring;
struct keyring *keyring_new(void);
void keyring_free(struct keyring **ring);
void keyring_clear(struct keyring *ring);
/* The key in use of that kind. RC_NOT_FOUND, RC_CORRUPT. */
enum rc keyring_get(struct fed *fed, struct ctx *ctx, uint64_t account, enum key_kind kind,
		    struct signing_key *out) NODISCARD;

/* --- rendered.c: actor documents as they were last served --- */

struct rendered;
struct rendered *rendered_new(void);
void rendered_free(struct rendered **cache);
/* Adds the document to out. False when there is none for this state of the account. */
bool rendered_get(struct rendered *cache, const struct account *a, uint64_t now_ms,
		  struct buf *out);
void rendered_put(struct rendered *cache, const struct account *a, uint64_t now_ms,
		  struct str bytes);

/* --- budget.c: what a host may cost in a minute --- */

enum budget {
	BUDGET_KEYS = 'k',	/* fetches that anybody causes who names a key of the host */
	BUDGET_DOCUMENTS = 'd', /* fetches that verified senders and people here cause */
	BUDGET_INBOX = 'i',	/* activities that come from it */
};

struct budgets;
struct budgets *budgets_new(void);
void budgets_free(struct budgets **budgets);
/* False when the host has used up what it may have in this minute. */
bool budget_spend(struct fed *fed, enum budget what, struct str authority, uint64_t per_minute);

/* --- resolve.c, document.c, flight.c: other hosts' documents --- */

struct resolver;
struct resolver *resolver_new(void);
void resolver_free(struct resolver **resolver);
/* Forgets what failed lately: policies have changed. */
void resolver_forget(struct resolver *resolver);

/*
 * Single flight: false when what is asked for (purpose and uri) is on its way already, and done is
 * called with the others. True when the caller must fetch and then call flight_land(). What failed
 * lately is refused at once from the negative cache, what asks too much of one host by its budget:
 * then done has been called and *answered is true.
 */
bool flight_begin(struct fed *fed, char purpose, enum budget what, struct str uri, struct str host,
		  fed_done *done, void *arg, bool *answered);
void flight_land(struct fed *fed, char purpose, struct str uri, enum rc rc, uint64_t id,
		 struct str reason);

/* A fetched and parsed document, valid during the callback; who needs the values longer takes doc
 * and sets it to NULL. */
struct document {
	struct str url; /* final, canonical */
	struct jr_doc *doc;
	struct str bytes;
	struct str etag; /* absent: none */
};
/*
 * GETs an ActivityPub document, signed as the instance actor, under all rules (S-010 to S-012,
 * S-031 to S-044). ctx belongs to the caller and must live until done is called; the reason of a
 * failure is in it.
 */
void document_fetch(struct fed *fed, struct ctx *ctx, struct str url,
		    void (*done)(void *arg, enum rc rc, struct document *doc), void *arg);
/* The same for a crawl, which has less patience and counts what it costs, failures included. */
struct crawl_cost;
void document_fetch_for(struct fed *fed, struct ctx *ctx, struct str url, struct crawl_cost *cost,
			void (*done)(void *arg, enum rc rc, struct document *doc), void *arg);
/* The same, unless the document is still the one of etag: then RC_EXISTS and none (RFC 9110 section
 * 13.1.2). */
void document_fetch_newer(struct fed *fed, struct ctx *ctx, struct str url, struct str etag,
			  void (*done)(void *arg, enum rc rc, struct document *doc), void *arg);
/* The same for plain JSON of another media type (WebFinger). */
void document_fetch_json(struct fed *fed, struct ctx *ctx, struct str url, const char *accept,
			 size_t bytes_max,
			 void (*done)(void *arg, enum rc rc, struct document *doc), void *arg);
/* Reads a key from the store into the cache. False when it is not there or no longer listed. */
bool known_key_load(struct fed *fed, struct arena *arena, struct str id, struct known_key *out);

/* A post that another one quotes, as fed_resolve_object(): what it quotes itself is not looked for
 * (S-061). */
void fed_resolve_quoted(struct fed *fed, struct str uri, fed_done *done, void *arg);
/* What was asked for by a crawl, and what it has cost. */
struct crawl_cost {
	_Atomic uint64_t requests;
	_Atomic uint64_t bytes;
};

/*
 * What a crawl asks of a post before it is stored: to be whose it should be, a reply to what it was
 * listed under, or of the conversation (then a reply to any post that is known will do). Nothing is
 * asked where all are empty. Lives until done.
 */
struct resolve_terms {
	struct str author;
	struct str parent;
	struct str context;
	uint64_t until_ms;	 /* published no later; 0: whenever */
	uint64_t accepted_in;	 /* the community of which a partner has accepted it; 0: none */
	struct crawl_cost *cost; /* NULL: nobody counts */
};
/* As fed_resolve_object(); RC_CONFLICT when the terms do not hold. What it replies to is not asked
 * for. */
void resolve_object_for(struct fed *fed, struct str uri, const struct resolve_terms *terms,
			fed_done *done, void *arg);
/* Fetches the key by its id and stores its owner. done as in fed.h; id is the owner's account. */
void fed_resolve_key(struct fed *fed, struct str key_id, fed_done *done, void *arg);

/* --- throttle.c, jitter.c --- */

struct throttle;
/* For at most max names at once. */
struct throttle *throttle_new(size_t max);
void throttle_free(struct throttle **t);
/* True once per interval and name. */
bool throttle_take(struct throttle *t, struct str name, uint64_t now_ms, uint64_t interval_ms);
/* Takes it for so long, or longer when it is taken for longer. */
void throttle_hold(struct throttle *t, struct str name, uint64_t now_ms, uint64_t interval_ms);
/* Is it taken now? */
bool throttle_held(struct throttle *t, struct str name, uint64_t now_ms);

/*
 * How long to wait before something is fetched that an activity makes many nodes want at once: a
 * number below spread_ms that depends on this node's name and on what is fetched.
 */
uint64_t jitter_ms(struct str node, struct str what, uint64_t spread_ms);

/* --- hand.c: a thread for what follows a fetch --- */

struct hand_task {
	void (*run)(void *arg);
	void *arg;
	struct hand_task *next; /* the hand's own */
};

struct hand;
struct hand *hand_new(void);
/* Ends when everything is done. */
void hand_free(struct hand **hand);
/* Runs task there; it must live until it is run. Any thread. */
void hand_do(struct hand *hand, struct hand_task *task);

/* --- the state --- */

struct fed {
	unsigned magic;
	struct db *db;
	struct fetch *fetch;
	struct queue *queue;
	const struct clock *clock;
	const struct site *site;
	struct media *_Atomic media; /* NULL: files of partners are not copied here */
	const struct seal_key *seal;
	const struct fed_settings *settings;
	const struct fed_relay_settings *relay;
	uint64_t instance_actor;
	struct str instance_uri;
	struct arena *arena; /* of what lives as long as fed */
	struct key_cache *keys;
	struct peer_cache *peers;
	struct keyring *ring;
	struct rendered *rendered;
	struct resolver *resolver;
	struct budgets *budgets;
	struct hand *hand;
	_Atomic bool handed; /* something was done by hand */
	_Atomic bool ending; /* nothing new is begun */
	_Atomic uint64_t look_minute, looks;
	uint64_t relay_actor; /* of the relay that this node is; 0: none */
	struct str relay_uri;
	pthread_mutex_t relay_lock; /* of what relays have had us fetch */
	uint64_t relay_minute, relay_fetches;
	struct throttle *syncs;	 /* comparisons of followers, by account */
	struct throttle *pauses; /* hosts that asked to be left alone (RFC 9110 section 10.2.3) */
};

static inline struct fed *fed_of(void *app)
{
	struct fed *fed = app;
	MAGIC_CHECK(fed, FED_MAGIC);
	return fed;
}

/* Wakes the queue when a write added jobs. */
static inline void fed_wake(struct fed *fed, bool enqueued)
{
	if (enqueued && fed->queue != NULL)
		queue_wake(fed->queue);
}

/* step_job.c: a job that is one write. run gets the payload, which it could decode; NULL: the job is rejected, since it
 * cannot be. */
typedef enum rc fed_step_fn(struct social *s, struct str payload);
void fed_run_step(struct queue_job *job, void *app, fed_step_fn *run);

/* --- remote.c: what peers describe becomes rows --- */

/*
 * Adds or refreshes a remote account with its keys (inside a write). The handle of a known account
 * stays (S-018); a new one has the id's host. A key counts while it was listed the last time
 * (known_key_load), and when it stands in the actor's own document, is this account's already, or
 * is key_id: one whose own document has named the actor (may be absent). etag is the document's when
 * it was fetched. RC_DENIED when the handle
 * belongs to another account.
 */
enum rc remote_account_put(struct social *s, const struct ap_actor *actor, struct str key_id,
			   struct str etag, uint64_t *id) NODISCARD;
/*
 * Adds somebody who is known by a partner's word alone (S-027): id, type, user name, name and address, and
 * neither keys nor an inbox. Who they are is read when their host answers. RC_DENIED as above; RC_EXISTS.
 */
enum rc remote_account_copied(struct social *s, const struct ap_actor *actor,
			      uint64_t *id) NODISCARD;
#define COPIED_PREFIX "copied-" /* of the user name of whoever has to give theirs away */
/* Is it known by a partner's word alone? */
static inline bool account_is_copied(const struct account *a)
{
	return !account_is_local(a) && a->inbox.len == 0 && a->fetched_ms == 0;
}
/* What a remote account says of moving, in an activity or in its document: a job looks whether it is
 * so, when somebody here follows it. RC_NOT_FOUND: nobody does. */
enum rc move_consider(struct social *s, const struct account *old, struct str target) NODISCARD;

/* A decoded object as a status: sanitised, cut to the limits; outside any write. author is filled
 * by the caller. */
enum rc remote_status_make(struct ctx *ctx, struct fed *fed, const struct ap_object *object,
			   struct status *out) NODISCARD;
/* Visibility by the audience: Public in to, Public in cc, the author's followers, nobody else
 * (S-075). */
enum visibility remote_visibility(const struct ap_audience *audience, struct str followers);

/* What its server counts, as hints. */
struct status_hints remote_hints(const struct ap_object *object);
/* In the write that has stored a post that was sent or asked for: its hints, and a job for what it
 * replies to. */
void remote_post_stored(struct social *s, const struct status *status,
			const struct status_hints *hints);

/* --- auth.c: who sent this request --- */

struct auth {
	enum rc rc; /* RC_OK: verified; else why not */
	uint64_t account;
	struct str actor;  /* the verified owner's id */
	struct str key_id; /* canonical; absent before it was read */
	struct str reason;
	enum httpsig_scheme scheme;
	enum key_kind kind;
	const struct httpsig *sig; /* what was verified */
	void *extra;		   /* the caller's own */
};

/*
 * Verifies the request's signature and calls then exactly once, on this thread or another. then
 * sets the reply, or waits for something else after fed_hold(); whoever sets the reply calls
 * fed_answered().
 */
void fed_authenticate(struct fed *fed, struct httpd_request *req,
		      void (*then)(struct fed *fed, struct httpd_request *req,
				   const struct auth *auth),
		      void *extra);
/* What a requester hears that could not be verified: 503 for what may pass, 403 for a blocked host,
 * else 401 (INTEROP). */
unsigned auth_status(enum rc rc);
/* The reply comes later: suspends the request unless it is already. */
void fed_hold(struct httpd_request *req);
/* The reply was set: resumes the request if it was suspended. It is gone then. */
void fed_answered(struct httpd_request *req);

/* --- claim.c: what an actor's document claims beside itself --- */

/* Looks, behind the caller, into what was told of a handle and of its server; account is stored. */
void claims_look(struct fed *fed, struct ctx *ctx, const struct ap_actor *actor, uint64_t account);

/* --- proof.c: integrity proofs (FEP-8b32) --- */

/* Adds the account's proof to its activity; none when it has no key for it. */
enum rc proof_attach(struct fed *fed, struct ctx *ctx, uint64_t account,
		     struct buf *activity) NODISCARD;

/* --- build.c: our rows become documents --- */

#define MOVED_COLLECTION "collections/moved" /* of posts that an account brought along */

/* RC_NOT_FOUND when what it is about is gone. Reads in txn; writes the activity's JSON. */
enum rc build_activity(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
		       const struct federate *f, struct buf *out) NODISCARD;
enum rc build_actor(struct fed *fed, struct db_txn *txn, struct ctx *ctx, const struct account *a,
		    struct jw *w, bool with_context) NODISCARD;
/* A reply has joined a conversation of ours, or was taken out of it. */
enum rc build_context_add(struct db_txn *txn, struct ctx *ctx, const struct federate *f,
			  const struct account *actor, struct jw *w) NODISCARD;
enum rc build_note(struct fed *fed, struct db_txn *txn, struct ctx *ctx, const struct status *s,
		   const struct account *author, struct jw *w, bool with_context) NODISCARD;
/* What a note says, for those who say less or more of it. */
struct ap_note_view;
enum rc build_note_view(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
			const struct status *s, const struct account *author,
			struct ap_note_view *view) NODISCARD;
/* As the vocabulary calls it: "Person". */
struct str build_actor_type(enum account_kind kind);
/* build_article.c: what stands for an article where long texts are not shown (FEP-b2b8). */
enum rc build_preview(struct ctx *ctx, const struct status *s, struct str *out) NODISCARD;
/* What is told of reactions, pins and featured hashtags (build_featured.c). RC_UNSUPPORTED when f is of
 * another kind. */
enum rc build_featured(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
		       const struct federate *f, const struct account *actor,
		       struct jw *w) NODISCARD;
/* The emoji of a text of ours, with their ids where they are still offered. NULL without memory. */
const struct ap_write_emoji *build_emojis(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
					  const struct emoji *emojis, unsigned count);
struct str build_tag_href(struct fed *fed, struct ctx *ctx, struct str tag);
/* The Create or Announce of a status of ours, as it stands in an outbox. */
enum rc build_status_activity(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
			      const struct status *s, const struct account *author, struct jw *w,
			      bool inner) NODISCARD;

/* --- relay_serve.c --- */
/* Looks for the relay's actor. */
enum rc fed_relay_find(struct fed *fed) NODISCARD;

/* --- job runners --- */
#define DELIVER_FOLLOWERS "followers"
void federate_run(struct queue_job *job, void *app);
void deliver_run(struct queue_job *job, void *app);
void inbox_run(struct queue_job *job, void *app);
void sweep_run(struct queue_job *job, void *app);
void community_run(struct queue_job *job, void *app);
void thread_run(struct queue_job *job, void *app);
void joint_run(struct queue_job *job, void *app);
void year_run(struct queue_job *job, void *app);
void ledger_write_run(struct queue_job *job, void *app);
void ledger_read_run(struct queue_job *job, void *app);
void crawl_run(struct queue_job *job, void *app);
/* The rest of a JOB_INBOX of mode INBOX_FEATURED: ends the job. */
void featured_run(struct fed *fed, struct queue_job *job, uint64_t account);
void poll_run(struct queue_job *job, void *app);
void event_run(struct queue_job *job, void *app);
void move_run(struct queue_job *job, void *app);
void schedule_run(struct queue_job *job, void *app);
void taken_run(struct queue_job *job, void *app);
void verify_run(struct queue_job *job, void *app);
/* card_job.c: the payload of JOB_CARD is the page's address. */
void card_run(struct queue_job *job, void *app);
/* links_job.c: the payload of JOB_LINKS is a struct links_task. */
void links_run(struct queue_job *job, void *app);
/* page.c: may a page be asked for there (S-030, S-061)? It is neither ours nor of whom we do not talk to. */
bool page_is_permitted(struct fed *fed, struct str url);
/* A whole page of HTML has come. */
bool page_is_there(const struct fetch_result *result);
/* Asks for a page politely. permit and done get arg. */
void page_ask(struct fed *fed, struct str url, size_t bytes_max,
	      enum rc (*permit)(void *arg, struct str url),
	      void (*done)(void *arg, const struct fetch_result *result), void *arg);
void sync_run(struct queue_job *job, void *app);

/* The payload of JOB_DELIVER is the inbox's URL, and behind a blank DELIVER_FOLLOWERS where followers
 * are compared (FEP-8fcf); order is the sending account, group and body the
 * stored body. */

#endif
