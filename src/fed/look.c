/* Somebody looks at a thread. The question is asked for every page: only a thread that is due costs
 * a write. */
#include <stdlib.h>

#include "core/must.h"
#include "fed_int.h"
#include "social/thread.h"

#define LOOK_ARENA_MAX ((size_t)4 << 20)
#define LOOKS_PER_MINUTE 120

struct look {
	struct fed *fed;
	struct arena *arena;
	uint64_t status;
	uint64_t now_ms;
	bool enqueued;
	struct db_work work;
};

static enum rc look_job(struct db_txn *txn, void *arg)
{
	struct look *look = arg;
	struct ctx ctx = { .arena = look->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = look->fed->site };
	arena_reset(look->arena);
	thread_look_for(&s, look->status, look->now_ms, look->fed->settings->thread_refresh_ms);
	look->enqueued = s.enqueued;
	return db_txn_rc(txn);
}

static void look_free(struct look *look)
{
	arena_free(&look->arena);
	free(look);
}

static void look_done(struct db_work *work)
{
	struct look *look = work->arg;
	fed_wake(look->fed, work->rc == RC_OK && look->enqueued);
	look_free(look);
}

static bool is_due(struct look *look)
{
	struct db_txn *txn;
	if (db_read_begin(look->fed->db, &txn) != RC_OK)
		return false;
	bool due = thread_is_due(txn, look->arena, look->status, look->now_ms,
				 look->fed->settings->thread_refresh_ms);
	db_read_end(&txn);
	return due;
}

/* S-060: who reads page after page fills no queue. Two that count at once may miss one. */
static bool spend(struct fed *fed)
{
	uint64_t minute = clock_steady_ms(fed->clock) / MS_PER_MINUTE;
	if (fed->look_minute != minute) {
		fed->look_minute = minute;
		fed->looks = 0;
	}
	return fed->looks++ < LOOKS_PER_MINUTE;
}

void fed_look(struct fed *fed, uint64_t status)
{
	MAGIC_CHECK(fed, FED_MAGIC);
	if (fed->settings->thread_refresh_ms == 0 || fed->ending)
		return;
	struct look *look = calloc(1, sizeof(*look));
	must(look != NULL);
	*look = (struct look){ .fed = fed,
			       .arena = arena_new(LOOK_ARENA_MAX),
			       .status = status,
			       .now_ms = clock_wall_ms(fed->clock) };
	if (look->arena == NULL || !is_due(look) || !spend(fed))
		return look_free(look);
	look->work = (struct db_work){ .job = look_job, .done = look_done, .arg = look };
	db_submit(fed->db, &look->work);
}
