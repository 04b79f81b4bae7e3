/*
 * fed: federation. It turns what peers send into acts of social, and acts of ours into deliveries;
 * it serves the node's actors and objects to peers, and fetches theirs.
 *
 *   struct fed  the process-wide state: caches of keys and policies, what is being fetched
 *   inbox       verify, decode, one durable write, 202 (inbox.c, the table of activities.c)
 *   resolve     actors, keys and objects of other hosts: single flight, negative cache, budget
 *   federate    an act of ours becomes an activity with its audience (job)
 *   deliver     one activity to one inbox, signed as its host is known to take it (job)
 *   routes      what peers may GET
 */
#ifndef FF_FED_FED_H
#define FF_FED_FED_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/conf.h"
#include "core/clock.h"
#include "core/ctx.h"
#include "crypt/secret.h"
#include "db/db.h"
#include "fetch/fetch.h"
#include "httpd/httpd.h"
#include "queue/queue.h"
#include "social/site.h"
#include "store/account.h"

enum fed_access {
	FED_OPEN,	/* public documents are for everybody */
	FED_AUTHORIZED, /* every document but the instance actor needs a signed request */
	FED_ALLOW_LIST, /* and only hosts that were allowed are talked to at all */
};

enum fed_relay {
	FED_RELAY_OFF,
	FED_RELAY_ON,	      /* whoever asks may subscribe, but for blocked hosts */
	FED_RELAY_ALLOW_LIST, /* only hosts that were allowed */
};

struct fed_settings {
	unsigned access; /* enum fed_access */
	uint64_t signature_window_ms;
	uint64_t key_refetch_ms;	 /* how soon a key that failed may be fetched once more */
	uint64_t key_fetches_per_minute; /* of one host */
	uint64_t inbox_per_minute;	 /* activities taken from one host */
	uint64_t key_cache;		 /* keys kept in memory */
	uint64_t delivery_timeout_ms;
	uint64_t thread_refresh_ms; /* 0: never */
	uint64_t fetch_jitter_ms;   /* over how long fetches spread that many nodes make at once */
};

struct fed_relay_settings {
	unsigned serve;		     /* enum fed_relay */
	uint64_t fetches_per_minute; /* because of what relays tell of */
};

extern const struct conf_row fed_conf_rows[];
extern const size_t fed_conf_row_count;
/* The section of relays. */
extern const struct conf_row fed_relay_conf_rows[];
extern const size_t fed_relay_conf_row_count;

struct fed;

struct fed_parts {
	struct db *db;
	struct fetch *fetch;
	struct queue *queue; /* NULL beside a running node: then work is only written */
	const struct clock *clock;
	const struct site *site;
	const struct seal_key *seal;
	const struct fed_settings *settings;
	const struct fed_relay_settings *relay;
};

/* Reads the instance actor and the policies. RC_NOT_FOUND when the node was not made yet. */
enum rc fed_new(struct err *err, const struct fed_parts *parts, struct fed **out) NODISCARD;
/* The queue is made after fed, since its kinds name fed: told here once. */
void fed_set_queue(struct fed *fed, struct queue *queue);
/* What keeps copies of partners' files, which is made after fed, too. It is stopped before fed is freed. */
struct media;
void fed_set_media(struct fed *fed, struct media *media);
/* Nothing more is begun that nobody waits for; before queue_stop(). */
void fed_end(struct fed *fed);
void fed_free(struct fed **fed);
/* Another process changed keys, accounts or policies: caches are dropped. */
void fed_reload(struct fed *fed);

/* The rows of the job-kind table that fed runs; app is the fed. */
size_t fed_job_kinds(struct fed *fed, struct queue_kind *out, size_t max);
/* Adds the jobs that keep coming back, JOB_SWEEP and JOB_COMMUNITY, unless they are there. */
enum rc fed_ensure_sweep(struct fed *fed) NODISCARD;

/* Makes the actor of the relay that this node is, when the settings want one and there is none. */
enum rc fed_ensure_relay(struct fed *fed) NODISCARD;

/* The route table; app is the fed. */
extern const struct httpd_route fed_routes[];
extern const size_t fed_route_count;

/* --- reaching out: for the command line and for port structs of other modules --- */

/*
 * Asynchronous: done is called exactly once, on another thread or before the call returns. The
 * account or status is stored then. RC_NOT_FOUND, RC_GONE, RC_UNREACHABLE, RC_TIMEOUT, RC_BLOCKED,
 * RC_INVALID (what came is not what was asked for), with the reason.
 */
typedef void fed_done(void *arg, enum rc rc, uint64_t id, struct str reason);
/* By the actor's id. refresh: ask even when it is known. */
void fed_resolve_actor(struct fed *fed, struct str uri, bool refresh, fed_done *done, void *arg);
/* By handle (WebFinger, RFC 7033, both ways: S-037). */
void fed_resolve_handle(struct fed *fed, struct str user, struct str host, fed_done *done,
			void *arg);
/* A post by its id (or its page's URL, when the host answers with the object). */
void fed_resolve_object(struct fed *fed, struct str uri, fed_done *done, void *arg);
/* A post or an actor, by the id or the page's URL; the id in the answer is a status's or an account's. */
void fed_resolve_address(struct fed *fed, struct str uri, fed_done *done, void *arg);

/* Somebody looks at a post: what is missing of its thread is asked for, in the background and once
 * in thread_refresh. Cheap; any thread, outside of transactions. */
void fed_look(struct fed *fed, uint64_t status);
/*
 * Somebody looks at a poll: when it has ended and its server has not told the counts since, they are
 * asked for, in the background. Cheap; any thread, outside of transactions.
 */
void fed_look_at_poll(struct fed *fed, uint64_t status);

/* Fetches and hands the raw document out, signed by the instance actor: for `fediflow fetch`. */
struct fed_document {
	struct str url; /* final */
	struct str content_type;
	struct str body;
};
void fed_fetch_document(struct fed *fed, struct str url,
			void (*done)(void *arg, enum rc rc, const struct fed_document *doc,
				     struct str reason),
			void *arg);

#endif
