/*
 * Reading what waits: the scheduler's look at the tables. Jobs are found by their ids, which grow
 * in the order of the commits, whoever wrote them; so a start is a scan from zero, in chunks, and
 * work begins after the first one.
 */
#include "core/log.h"
#include "queue_int.h"
#include "store_int.h"

#define SCAN_CHUNK 1024
#define KIND_NONE SIZE_MAX

static size_t kind_index(const struct queue *q, uint8_t id)
{
	for (size_t i = 0; i < q->kind_count; i++)
		if (q->kinds[i].row->id == id)
			return i;
	return KIND_NONE;
}

/* False when there is no memory for it. */
static bool add_job(struct queue *q, uint64_t id, const struct job_row *row)
{
	size_t kind = kind_index(q, row->kind);
	bool again;
	if (kind == KIND_NONE) {
		if (!q->unknown_told)
			LOG(JOB_UNKNOWN, F_U64("job", id), F_U64("kind", row->kind));
		q->unknown_told = true;
		return true;
	}
	struct lane *lane = roster_lane(&q->roster, (uint8_t)kind, row->lane);
	uint32_t entry = lane == NULL ? ENTRY_NONE
				      : roster_add(&q->roster, lane, id, row->order, row->group);
	if (entry == ENTRY_NONE)
		return false;
	atomic_fetch_add(&q->kinds[kind].waiting, 1);
	if (q->kinds[kind].row->remote)
		atomic_fetch_add(&q->crowds[queue_slot(row->lane)], 1);
	if (lane->noted)
		atomic_fetch_add(&q->kinds[kind].resting, 1);
	uint64_t wait = job_row_wait(row, clock_wall_ms(q->clock), &again);
	struct entry *e = roster_entry(&q->roster, entry);
	if (e->first)
		sched_retry(q, entry, wait, again);
	else
		e->check = wait != 0;
	return true;
}

static bool scan_chunk(struct queue *q, struct db_txn *txn)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct reckey from = reckey_u64(q->scanned + 1);
	struct str key, value;
	size_t rows = 0;
	db_iter_open(&it, txn, &queue_table_job, STR(""), DB_FORWARD, reckey_str(&from));
	while (rows < SCAN_CHUNK && db_iter_next(&it, &key, &value)) {
		struct job_row row;
		uint64_t id;
		if (!reckey_read_u64(key, 0, &id))
			continue;
		if (job_row_decode(value, &row) && !add_job(q, id, &row)) {
			sched_pause(q);
			return false;
		}
		q->scanned = id;
		rows++;
	}
	return rows == SCAN_CHUNK;
}

void scan_jobs(struct queue *q)
{
	struct db_txn *txn;
	q->scan_more = false;
	if (db_read_begin(q->db, &txn) != RC_OK) {
		sched_pause(q);
		return;
	}
	q->scan_more = scan_chunk(q, txn);
	db_read_end(&txn);
}

static void load_lane(struct queue *q, struct str key, const struct lane_row *row)
{
	size_t kind = kind_index(q, (uint8_t)key.ptr[0]);
	if (kind == KIND_NONE || !q->kinds[kind].row->remote)
		return;
	struct lane *lane = roster_lane(&q->roster, (uint8_t)kind, str_skip(key, 1));
	if (lane == NULL)
		return;
	sched_lane_set(q, lane, &row->state, clock_wall_ms(q->clock));
	sched_list(q, lane);
}

void scan_lanes(struct queue *q)
{
	struct db_txn *txn;
	struct str key, value;
	if (db_read_begin(q->db, &txn) != RC_OK)
		return;
	{
		struct db_iter it CLEANUP(db_iter_close);
		db_iter_open(&it, txn, &queue_table_lane, STR(""), DB_FORWARD, STR_NONE);
		while (db_iter_next(&it, &key, &value)) {
			struct lane_row row;
			if (lane_row_decode(value, &row))
				load_lane(q, key, &row);
		}
	}
	db_read_end(&txn);
}

void scan_reload(struct queue *q)
{
	static const struct queue_lane_state fresh;
	for (uint32_t i = 0; i < q->roster.lanes_used; i++) {
		struct lane *lane = roster_lane_at(&q->roster, i);
		if (lane != NULL && lane->state.failures != 0) {
			sched_lane_set(q, lane, &fresh, 0);
			lane->wake_steady_ms = 0;
		}
	}
	scan_lanes(q);
	for (uint32_t i = 1; i < q->roster.used; i++)
		if (roster_entry(&q->roster, i)->state == ENTRY_WAITING)
			sched_retry(q, i, 0, true);
	for (uint32_t i = 0; i < q->roster.lanes_used; i++) {
		struct lane *lane = roster_lane_at(&q->roster, i);
		if (lane != NULL)
			sched_list(q, lane);
	}
}
