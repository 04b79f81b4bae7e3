/*
 * What the tests of the queue share: a database in a temporary folder, a clock that moves only when
 * told to, and kinds whose attempts stay on a stage until the test ends them. There is one worker,
 * so that attempts enter the stage in the order in which they were claimed.
 */
#ifndef FF_QUEUE_TEST_QUEUEKIT_H
#define FF_QUEUE_TEST_QUEUEKIT_H

#include <pthread.h>
#include <stdatomic.h>

#include "queue/queue.h"
#include "testkit.h"

enum kit_kind {
	KIT_HOST = 1,	 /* remote, window 4, life 7 days */
	KIT_LOCAL = 2,	 /* window 2, at most 3 at once, lives forever */
	KIT_BARRIER = 9, /* ends at once */
};

#define STAGE_MAX 1024

struct kit {
	char *folder;
	struct db *db;
	struct queue *queue;
	struct clock clock;
	_Atomic uint64_t wall_ms, steady_ms;

	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct queue_job *stage[STAGE_MAX]; /* running, in the order of their start */
	size_t count;
	unsigned barriers; /* passed */
	unsigned ended;	   /* attempts whose end is settled */
	enum rc end_rc;	   /* how the last one did */
};

#define KIT_TABLES 5
extern struct db_table kit_table_effect; /* for what a runner writes */
extern struct db_table *const kit_tables[KIT_TABLES];
struct db_settings kit_db_settings(const char *folder);

void kit_init(struct kit *kit);
/* Opens the database again after db_close(). */
void kit_open(struct kit *kit);
/* Fits CLEANUP(kit_free). Nothing may be on the stage. */
void kit_free(struct kit *kit);
void kit_start(struct kit *kit);
/* Stops without waiting for what is on the stage. */
void kit_stop(struct kit *kit);

/* Adds jobs in one commit and wakes the queue when it runs. */
void kit_add(struct kit *kit, const struct queue_new *jobs, size_t count);
uint64_t kit_add_body(struct kit *kit, struct str bytes);
/* A write in one commit, for everything else. */
void kit_write(struct kit *kit, enum rc (*job)(struct db_txn *txn, void *arg), void *arg);
void kit_advance(struct kit *kit, uint64_t ms);
/* Returns when everything that could start by now is on the stage. */
void kit_settle(struct kit *kit);
/* kit_settle(), then compares the payloads on the stage, in any order: "a b c". */
void kit_expect(struct kit *kit, const char *payloads);
/* The attempt with this payload. */
struct queue_job *kit_job(struct kit *kit, const char *payload);
/* Takes it off the stage and ends it; returns when that is settled, with its result. */
enum rc kit_finish(struct kit *kit, const char *payload, const struct queue_end *end);
enum rc kit_end(struct kit *kit, const char *payload, enum queue_verdict verdict, unsigned code);
/* It was delivered; its host cannot be reached. */
void kit_done(struct kit *kit, const char *payload);
void kit_host_fails(struct kit *kit, const char *payload);
uint64_t kit_rows(struct kit *kit, const struct db_table *table);
/* Fails when queue_check() finds anything. */
void kit_check(struct kit *kit);

/* A host's job: lane, order, group, payload. */
#define HOST(l, o, g, p)                                                           \
	{                                                                          \
		.kind = KIT_HOST, .lane = STR_INIT(l), .order = (o), .group = (g), \
		.payload = STR_INIT(p)                                             \
	}
#define LOCAL(o, p)                                                                           \
	{                                                                                     \
		.kind = KIT_LOCAL, .lane = STR_INIT(""), .order = (o), .payload = STR_INIT(p) \
	}
#define ADD(kit, ...)                                                    \
	do {                                                             \
		static const struct queue_new jobs_[] = { __VA_ARGS__ }; \
		kit_add((kit), jobs_, ARRAY_LEN(jobs_));                 \
	} while (0)

#endif
