/*
 * The inside of a running queue. One scheduler thread owns the roster, the timers and the lanes'
 * states; others tell it things by mail. Workers load what it has claimed and start attempts.
 *
 *   claim (scheduler) -> load, run (worker) -> queue_finish (anyone) -> plan (scheduler)
 *   -> commit (db's writer) -> settle (scheduler)
 */
#ifndef FF_QUEUE_QUEUE_INT_H
#define FF_QUEUE_QUEUE_INT_H

#include <pthread.h>
#include <stdatomic.h>

#include "blob_int.h"
#include "core/must.h"
#include "queue/queue.h"
#include "roster_int.h"
#include "row_int.h"
#include "timer_int.h"

/* Something for the scheduler's thread to do. */
struct mail {
	struct mail *next;
	void (*handle)(struct queue *q, struct mail *mail);
};

#define ATTEMPT_MAGIC 0x61747465u

struct attempt {
	struct queue_job job;
	unsigned magic;
	struct attempt *next; /* among the claimed, or the parked */
	struct mail mail;
	struct queue *queue;
	uint32_t entry;
	uint64_t id;
	bool check; /* the row says when: see before running */
	/* after loading */
	uint64_t wait_ms;
	bool wait_again;
	/* after queue_finish() */
	struct queue_end end;
	struct buf payload; /* of QUEUE_AGAIN */
	/* after planning */
	struct db_work work;
	struct queue_decision decision;
	bool writes_lane;
	bool write_failed;
	bool second; /* write has failed; now that failure is recorded */
	uint64_t planned_ms;
};

struct kind {
	const struct queue_kind *row;
	struct lane *ready_head, *ready_tail;
	unsigned running;
	/* entries in the roster, and those of them whose lane waits for a retry; read by anybody */
	_Atomic uint32_t waiting, resting;
};

#define NOTED_SLOTS 4096

struct queue {
	struct db *db;
	const struct clock *clock;
	struct queue_settings settings;
	struct blobs *blobs;
	atomic_size_t refs; /* the owner, each thread, each attempt */

	/* the scheduler's own */
	struct kind *kinds;
	size_t kind_count;
	struct roster roster;
	struct timers timers;
	uint64_t scanned; /* the last id seen */
	uint64_t looked_steady_ms;
	bool scan_more;
	bool unknown_told;
	unsigned claimed;	  /* attempts from claim to settlement */
	unsigned committing;	  /* works that db has */
	uint64_t pause_steady_ms; /* storage is in trouble: nothing starts until then */
	struct attempt *parked;	  /* ended, but storage did not take it yet */
	unsigned pauses;
	uint64_t wall_base_ms, steady_base_ms;
	uint64_t sweep_steady_ms;
	uint64_t sweep_from;
	bool sweeping;

	/* Lanes that wait for a retry, counted by hash of their name: makes a sign of life cheap.
	 */
	_Atomic uint32_t noted[NOTED_SLOTS];
	/* Jobs for hosts, counted by hash of the lane's name; read by anybody. */
	_Atomic uint32_t crowds[NOTED_SLOTS];

	/* mail */
	pthread_mutex_t lock;
	pthread_cond_t mailed;
	pthread_cond_t stopped;
	struct mail *mail_first, **mail_last;
	_Atomic bool woken;
	bool reload;
	bool stopping;
	bool abandon; /* do not wait for attempts any longer */
	bool dead;    /* the scheduler is gone */

	/* to the workers */
	pthread_mutex_t run_lock;
	pthread_cond_t run_filled;
	struct attempt *run_first, **run_last;
	size_t run_count;
	bool run_stop;
	unsigned loading;     /* workers that read rows now */
	_Atomic bool closing; /* no attempt is started any more */

	pthread_t scheduler;
	pthread_t *workers;
	size_t worker_count;
};

/* queue.c */
void queue_unref(struct queue *q);
/* What is counted by the hash of a lane's name. */
size_t queue_slot(struct str lane);
/* False when the scheduler is gone: nobody will read it. */
bool mail_post(struct queue *q, struct mail *mail) NODISCARD;
struct attempt *attempt_new(struct queue *q, uint32_t entry);
void attempt_free(struct attempt *a);

/* The attempt that a mail is part of. */
struct attempt *attempt_of(struct mail *mail);

/* sched.c */
void *sched_main(void *arg);
uint64_t sched_steady(const struct queue *q);
/* Wall time that does not run faster than steady time, so that a step forward ages nothing. */
uint64_t sched_wall(const struct queue *q);
const struct kind *sched_kind_of(const struct queue *q, const struct lane *lane);
struct lane *sched_lane_of(const struct queue *q, const struct attempt *a);
/* The lane's state has changed: timer, and the note of waiting lanes. */
void sched_lane_set(struct queue *q, struct lane *lane, const struct queue_lane_state *state,
		    uint64_t now_ms);
/* Puts the lane into its kind's list when it has something to start. */
void sched_list(struct queue *q, struct lane *lane);
/* The entry is tried again after wait_ms; 0: at once. */
void sched_retry(struct queue *q, uint32_t entry, uint64_t wait_ms, bool check);
/* The entry is no more. */
void sched_remove(struct queue *q, uint32_t entry);
/* Memory or storage is short: everything pauses, longer each time. Returns how long. */
uint64_t sched_pause(struct queue *q);
/* The attempt does not run any more. */
void sched_release(struct queue *q, struct attempt *a);
/* A valid request came from a lane's host. */
void sched_host_alive(struct queue *q, struct str host);

/* scan.c */
/* Adds what was written since the last look, a chunk of it. */
void scan_jobs(struct queue *q);
void scan_lanes(struct queue *q);
/* Reads lanes again, and looks at the rows of all that waits. */
void scan_reload(struct queue *q);

/* worker.c */
void *worker_main(void *arg);
/* Returns when no worker reads any more; those inside an attempt may go on. */
void worker_stop(struct queue *q);
void worker_push(struct queue *q, struct attempt *first, size_t count);

/* finish.c */
void finish_plan(struct queue *q, struct mail *mail);
/* The pause is over: asks storage again, with one of those that wait for it. */
void finish_unpark_one(struct queue *q);
/* Stopping: what storage did not take is run again after a start. */
void finish_give_up_parked(struct queue *q);

/* sweep.c */
/* Now and then: gives up what outlived its host, forgets the dead. */
void sweep_maybe(struct queue *q);

#endif
