/*
 * What operators see and do: listing, retrying, dropping. Runs inside the caller's transaction, in
 * any process; the running queue is told by queue_reload().
 */
#include <stdlib.h>

#include "core/map.h"
#include "store_int.h"

static uint64_t key_id(struct str key)
{
	uint64_t id = 0;
	return reckey_read_u64(key, 0, &id) ? id : 0;
}

static bool lane_matches(struct str wanted, struct str lane)
{
	return wanted.len == 0 || str_eq(wanted, lane);
}

/* --- listing --- */

static struct queue_job_view job_view(struct db_txn *txn, uint64_t id, const struct job_row *row)
{
	struct queue_job_view view = {
		.id = id,
		.kind = row->kind,
		.lane = row->lane,
		.payload = row->payload,
		.created_ms = row->created_ms,
		.due_ms = row->due_ms,
		.attempts = row->attempts,
		.reason = row->reason,
	};
	struct lane_row lane;
	if (store_get_lane(txn, row->kind, row->lane, &lane) && lane.state.due_ms > view.due_ms)
		view.due_ms = lane.state.due_ms;
	return view;
}

static bool decode_view(struct db_txn *txn, bool dead, uint64_t id, struct str value,
			struct queue_job_view *view)
{
	struct dead_row row;
	if (!dead) {
		if (!job_row_decode(value, &row.job))
			return false;
		*view = job_view(txn, id, &row.job);
		return true;
	}
	if (!dead_row_decode(value, &row))
		return false;
	*view = job_view(txn, id, &row.job);
	view->due_ms = 0;
	view->reason = row.why;
	view->dead = true;
	return true;
}

void queue_each_job(struct db_txn *txn, bool dead, struct str lane, uint64_t from,
		    bool (*each)(void *arg, const struct queue_job_view *job), void *arg)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct reckey start = reckey_u64(from);
	struct str key, value;
	db_iter_open(&it, txn, dead ? &queue_table_dead : &queue_table_job, STR(""), DB_FORWARD,
		     reckey_str(&start));
	while (db_iter_next(&it, &key, &value)) {
		struct queue_job_view view;
		if (!decode_view(txn, dead, key_id(key), value, &view) ||
		    !lane_matches(lane, view.lane))
			continue;
		if (!each(arg, &view))
			return;
	}
}

/* What is gathered about one lane before it is shown. */
struct lane_tally {
	struct lane_row row;
	uint64_t waiting;
};

static struct lane_tally *tally_of(struct map *tallies, struct str key)
{
	struct lane_tally *tally = map_get(tallies, key);
	if (tally != NULL)
		return tally;
	tally = calloc(1, sizeof(*tally));
	if (tally != NULL && !map_put(tallies, key, tally)) {
		free(tally);
		tally = NULL;
	}
	return tally;
}

static enum rc tally_jobs(struct db_txn *txn, struct map *tallies)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str value;
	db_iter_open(&it, txn, &queue_table_job, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, NULL, &value)) {
		struct job_row row;
		if (!job_row_decode(value, &row))
			continue;
		struct lane_key key = lane_key_of(row.kind, row.lane);
		struct lane_tally *tally = tally_of(tallies, lane_key_str(&key));
		if (tally == NULL)
			return RC_NO_MEMORY;
		tally->waiting++;
	}
	return db_txn_rc(txn);
}

static enum rc tally_lanes(struct db_txn *txn, struct map *tallies)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	db_iter_open(&it, txn, &queue_table_lane, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		struct lane_row row;
		if (!lane_row_decode(value, &row))
			continue;
		struct lane_tally *tally = tally_of(tallies, key);
		if (tally == NULL)
			return RC_NO_MEMORY;
		tally->row = row;
	}
	return db_txn_rc(txn);
}

enum rc queue_each_lane(struct db_txn *txn,
			void (*each)(void *arg, const struct queue_lane_view *lane), void *arg)
{
	struct map tallies = MAP_INIT;
	enum rc rc = tally_jobs(txn, &tallies);
	if (rc == RC_OK)
		rc = tally_lanes(txn, &tallies);
	struct str key;
	void *entry;
	for (size_t at = 0; map_next(&tallies, &at, &key, &entry);) {
		struct lane_tally *tally = entry;
		if (rc == RC_OK)
			each(arg, &(struct queue_lane_view){ .kind = (uint8_t)key.ptr[0],
							     .lane = str_skip(key, 1),
							     .waiting = tally->waiting,
							     .state = tally->row.state,
							     .reason = tally->row.reason });
		free(tally);
	}
	map_free(&tallies);
	return rc;
}

/* --- retrying --- */

static uint64_t hasten_jobs(struct db_txn *txn, struct str lane)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	uint64_t count = 0;
	db_iter_open(&it, txn, &queue_table_job, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		struct job_row row;
		if (!job_row_decode(value, &row) || !lane_matches(lane, row.lane))
			continue;
		count++;
		if (row.due_ms == 0)
			continue;
		row.due_ms = 0;
		store_put_job(txn, key_id(key), &row);
	}
	return count;
}

static uint64_t revive_jobs(struct db_txn *txn, struct str lane)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	uint64_t count = 0;
	db_iter_open(&it, txn, &queue_table_dead, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		struct dead_row row;
		if (!dead_row_decode(value, &row) || !lane_matches(lane, row.job.lane))
			continue;
		store_revive(txn, key_id(key), &row);
		count++;
	}
	return count;
}

/* Lanes of every kind that have this name are due now; what failed is not forgotten. */
static void hasten_lanes(struct db_txn *txn, struct str lane)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	db_iter_open(&it, txn, &queue_table_lane, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		struct lane_row row;
		if (!lane_matches(lane, str_skip(key, 1)) || !lane_row_decode(value, &row))
			continue;
		row.state.due_ms = 0;
		store_put_lane(txn, (uint8_t)key.ptr[0], str_skip(key, 1), &row);
	}
}

uint64_t queue_retry_lane(struct db_txn *txn, struct str lane)
{
	hasten_lanes(txn, lane);
	/* in this order: what is revived becomes a job */
	uint64_t count = hasten_jobs(txn, lane);
	return count + revive_jobs(txn, lane);
}

static bool dead_get(struct db_txn *txn, uint64_t id, struct dead_row *row)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	return db_get(txn, &queue_table_dead, reckey_str(&key), &value) &&
	       dead_row_decode(value, row);
}

bool queue_retry_job(struct db_txn *txn, uint64_t id)
{
	struct job_row job;
	struct dead_row dead;
	struct lane_row lane;
	if (dead_get(txn, id, &dead)) {
		store_revive(txn, id, &dead);
		return db_txn_rc(txn) == RC_OK;
	}
	if (!store_get_job(txn, id, &job))
		return false;
	job.due_ms = 0;
	if (store_get_lane(txn, job.kind, job.lane, &lane)) {
		lane.state.due_ms = 0;
		store_put_lane(txn, job.kind, job.lane, &lane);
	}
	store_put_job(txn, id, &job);
	return db_txn_rc(txn) == RC_OK;
}

/* --- dropping --- */

uint64_t queue_drop_lane(struct db_txn *txn, struct str lane, struct str reason)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	uint64_t count = 0;
	db_iter_open(&it, txn, &queue_table_job, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		struct job_row row;
		if (!job_row_decode(value, &row) || !lane_matches(lane, row.lane))
			continue;
		store_bury_job(txn, key_id(key), &row, reason);
		count++;
	}
	return count;
}

bool queue_drop_job(struct db_txn *txn, uint64_t id, struct str reason)
{
	struct job_row row;
	if (!store_get_job(txn, id, &row))
		return false;
	store_bury_job(txn, id, &row, reason);
	return db_txn_rc(txn) == RC_OK;
}
