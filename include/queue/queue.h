/*
 * queue: durable jobs. A job is written in the same transaction as the change that asks for it, and
 * is gone only when its outcome is durable. Deliveries, received activities that need a fetch, and
 * the expansion of audiences all go through here.
 *
 *   job      one row of table job, keyed by a monotonic id, so that a fan-out is a run of appends
 *   body     bytes that many jobs share, stored once
 *   kind     a row of the job-kind table: how jobs of that kind are scheduled and who runs them
 *   lane     all jobs of one kind to one destination (a host). Lanes are scheduled, not jobs: a
 *            lane has one state (window, failures, breaker, next due), so that a host that is down
 *            with 10,000 jobs waiting costs one timer and delays nobody
 *   outcome  what became of an attempt, as a value; queue_plan() (pure, policy.h) decides what
 *            follows
 *   dead     a job that was given up: kept, counted, listable, can be put back as a new job
 *
 * Within a lane, jobs of one `order` run one after another, oldest first; jobs that also share a
 * `group` (one activity to several inboxes of a host) may run at once. Attempts are at-least-once;
 * an attempt's effects are exactly-once when they are written by queue_finish()'s own write.
 */
#ifndef FF_QUEUE_QUEUE_H
#define FF_QUEUE_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/clock.h"
#include "core/ctx.h"
#include "core/str.h"
#include "db/db.h"
#include "queue/policy.h"

/* The tables that this module owns, for db_open()'s registry. */
extern struct db_table queue_table_job, queue_table_body, queue_table_lane, queue_table_dead;

/* --- adding jobs: inside a write transaction --- */

struct queue_new {
	uint8_t kind;
	struct str lane;    /* host authority; empty for the kind's only lane */
	uint64_t order;	    /* e.g. the sending account; 0 is an order like any other */
	uint64_t group;	    /* e.g. the body; 0: alone */
	uint64_t body;	    /* id from queue_add_body(), or 0 */
	struct str payload; /* the kind's own encoding, e.g. the inbox's URL; up to 1 MiB */
	uint64_t due_ms;    /* not before this wall time; 0: at once */
};

/* Stores bytes for jobs that are added with its id in this or a later transaction; 0 when the
 * transaction has failed. */
uint64_t queue_add_body(struct db_txn *txn, struct str bytes);
/* Adds a job (and one reference to its body). Returns its id; 0 when the transaction has failed. */
uint64_t queue_add(struct db_txn *txn, const struct queue_new *job);
/* Adds a reference to a body for a job kept elsewhere, or takes one away; the last one deletes the
 * body. */
void queue_body_hold(struct db_txn *txn, uint64_t body);
void queue_body_release(struct db_txn *txn, uint64_t body);
/* The bytes themselves; absent when there are none. Points into the transaction. */
struct str queue_body_get(struct db_txn *txn, uint64_t body);

/* --- running them --- */

/* A job that was claimed. Owned by the queue; valid until queue_finish(). */
struct queue_job {
	uint64_t id;
	uint8_t kind;
	struct str lane;
	uint64_t order;
	uint64_t group;
	struct str payload;
	uint64_t body_id;
	uint64_t created_ms;
	unsigned attempts; /* before this one */
	struct ctx ctx;	   /* an arena for this attempt */
	struct queue *queue;
	void *user; /* the runner's own */
};

struct queue_kind {
	uint8_t id; /* part of the stored format */
	const char *name;
	bool remote;	  /* lanes are hosts that may be down: breaker, wake, window feedback */
	unsigned window;  /* jobs at once in a lane */
	unsigned at_once; /* jobs at once in all */
	uint64_t life_ms; /* given up when older; 0: never */
	/* Starts an attempt, on a worker thread; must lead to exactly one queue_finish(), now or
	 * later, from any thread. */
	void (*run)(struct queue_job *job, void *app);
	void *app;
};

struct queue_settings {
	uint64_t workers;	 /* threads that start attempts */
	uint64_t retry_first_ms; /* 60 s: the first wait after a failure */
	uint64_t retry_max_ms;	 /* 6 h: the longest */
	uint64_t down_after_ms;	 /* 7 d without success: the host counts as gone, probed daily */
	uint64_t dead_keep_ms;	 /* 30 d */
};

struct queue;

/*
 * Reads what is waiting and starts to work at once (what a crash left behind included). kinds live
 * as long as the queue.
 */
enum rc queue_start(struct db *db, const struct queue_settings *settings,
		    const struct queue_kind *kinds, size_t kind_count, const struct clock *clock,
		    struct queue **out) NODISCARD;
/*
 * Starts no new attempts and waits up to wait_ms for those that run; what is not finished is tried
 * again after a start. An attempt that was left behind may still call everything that is about its
 * job, without effect; its kind's app must live as long.
 */
void queue_stop(struct queue **queue, uint64_t wait_ms);

/*
 * There may be new jobs: call after the commit that added some. Cheap, any thread. A first attempt
 * follows at once. Also finds jobs and lane changes that another process (the command line) wrote.
 */
void queue_wake(struct queue *queue);
/* Another process changed lanes, too: read their states again. */
void queue_reload(struct queue *queue);
/*
 * A valid request came from this host: if its lanes wait for a retry, try now. Nearly free when
 * none of them does. A host that fails again all the same is woken like this once per
 * retry_first_ms.
 */
void queue_host_alive(struct queue *queue, struct str host);

/* How many jobs of a kind are not done yet, but for those of hosts that are left alone until they are
 * tried again. Cheap, any thread; new ones count once they were seen. */
size_t queue_waiting(const struct queue *queue, uint8_t kind);
/*
 * Has this lane's host given no answer for so long, or does so much wait for it while it gives none, that
 * what can be spared is better not added? Inside a transaction; what waits is counted once it was seen.
 */
bool queue_is_burdened(const struct queue *queue, struct db_txn *txn, uint8_t kind,
		       struct str lane);

/* After how long a host that gives no answer counts as gone, as the settings say. */
uint64_t queue_down_after_ms(const struct queue *queue);

/* The bytes of a job's body, shared; NULL when it has none or it is damaged. Release with
 * queue_blob_unref(). */
struct queue_blob;
struct queue_blob *queue_job_body(struct queue_job *job);
struct str queue_blob_str(const struct queue_blob *blob);
void queue_blob_unref(struct queue_blob **blob);

/*
 * Ends an attempt. write, when not NULL, runs in the same transaction that removes or changes the
 * job: its effects happen exactly once. When write fails, the job stays and is retried like one
 * that was deferred; when storage is full, the commit is tried again until there is room. `after`
 * (may be NULL) runs when it is durable, or not (rc), on the queue's own thread: short, and no
 * waiting in it. RC_NOT_FOUND: the job was dropped meanwhile, and write did not run. RC_BUSY,
 * RC_FULL: the queue has stopped, the job is run again after a start. The job is gone when this
 * returns; the strings of end are copied.
 * QUEUE_AGAIN keeps the job, with payload as its new payload, and runs it again at once (a cursor's
 * next chunk) or after the outcome's retry_after_ms. Where only write knows whether there is a next one, it fills *next (which lives until
 * after): the new payload, or nothing when the job is done.
 */
struct queue_end {
	struct queue_outcome outcome;
	struct str payload;
	const struct buf *next;
	enum rc (*write)(struct db_txn *txn, void *arg);
	void (*after)(void *arg, enum rc rc);
	void *arg;
};
void queue_finish(struct queue_job *job, const struct queue_end *end);

/* --- looking and interfering: for operators; any process --- */

struct queue_job_view {
	uint64_t id;
	uint8_t kind;
	struct str lane;
	struct str payload;
	uint64_t created_ms;
	uint64_t due_ms;
	unsigned attempts;
	struct str reason; /* of the last failure, or why it is dead */
	bool dead;
};

struct queue_lane_view {
	uint8_t kind;
	struct str lane;
	uint64_t waiting;
	struct queue_lane_state state;
	struct str reason;
};

/* Calls each() for waiting jobs (or the dead ones), oldest first, from id `from` on, until it
 * returns false. lane empty: all. */
void queue_each_job(struct db_txn *txn, bool dead, struct str lane, uint64_t from,
		    bool (*each)(void *arg, const struct queue_job_view *job), void *arg);
/* Calls each() for every lane that has jobs waiting or a failure on record. */
enum rc queue_each_lane(struct db_txn *txn,
			void (*each)(void *arg, const struct queue_lane_view *lane), void *arg);
/*
 * Makes the jobs of the lanes of this name due now; what was given up is put back, as a new job.
 * Returns how many jobs it concerns. A running queue sees it at queue_reload().
 */
uint64_t queue_retry_lane(struct db_txn *txn, struct str lane);
bool queue_retry_job(struct db_txn *txn, uint64_t id);
/* Gives jobs up: they become dead with this reason. Returns how many. */
uint64_t queue_drop_lane(struct db_txn *txn, struct str lane, struct str reason);
bool queue_drop_job(struct db_txn *txn, uint64_t id, struct str reason);

/* Integrity: bodies without jobs, jobs without bodies, undecodable rows. Calls bad() for each;
 * RC_OK when none. */
enum rc queue_check(struct db_txn *txn, void (*bad)(void *arg, struct str what), void *arg);

#endif
