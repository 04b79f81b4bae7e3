/*
 * Adding jobs, and the rows of jobs, bodies and lanes. Bodies are shared: their bytes stand under
 * the id, the number of their references right behind it, so that counting rewrites a few bytes and
 * never the body. Runs inside the caller's transaction.
 */
#include "store_int.h"

struct db_table queue_table_job = { .name = "job", .help = "job id -> waiting job" };
struct db_table queue_table_body = { .name = "job_body",
				     .help = "body id -> bytes; body id, 'r' -> references" };
struct db_table queue_table_lane = { .name = "job_lane",
				     .help = "job kind, lane -> failures and next attempt" };
struct db_table queue_table_dead = { .name = "job_dead",
				     .help = "job id -> job that was given up" };

/* Puts what was encoded, or fails the transaction when it did not fit. */
static void put_encoded(struct db_txn *txn, const struct db_table *table, struct str key,
			const struct buf *value)
{
	if (value->failed)
		db_txn_fail(txn, RC_TOO_LARGE);
	else
		db_put(txn, table, key, buf_str(value));
}

static void append_encoded(struct db_txn *txn, const struct db_table *table, struct str key,
			   const struct buf *value)
{
	if (value->failed)
		db_txn_fail(txn, RC_TOO_LARGE);
	else
		db_append(txn, table, key, buf_str(value));
}

/* --- bodies --- */

static bool refs_get(struct db_txn *txn, uint64_t body, uint64_t *refs)
{
	struct reckey key = refs_key(body);
	struct str value;
	if (!db_get(txn, &queue_table_body, reckey_str(&key), &value))
		return false;
	if (refs_row_decode(value, refs))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

static void refs_put(struct db_txn *txn, uint64_t body, uint64_t refs)
{
	struct reckey key = refs_key(body);
	struct buf value CLEANUP(buf_free) = BUF_INIT(16);
	refs_row_encode(&value, refs);
	put_encoded(txn, &queue_table_body, reckey_str(&key), &value);
}

uint64_t queue_add_body(struct db_txn *txn, struct str bytes)
{
	uint64_t id = db_next_id(txn);
	struct reckey key = reckey_u64(id), refs = refs_key(id);
	struct buf value CLEANUP(buf_free) = BUF_INIT(QUEUE_BODY_MAX);
	struct buf count CLEANUP(buf_free) = BUF_INIT(16);
	buf_reserve(&value, bytes.len + 1);
	rec_add_u8(&value, BODY_VERSION);
	buf_add(&value, bytes);
	append_encoded(txn, &queue_table_body, reckey_str(&key), &value);
	refs_row_encode(&count, 0);
	append_encoded(txn, &queue_table_body, reckey_str(&refs), &count);
	return db_txn_rc(txn) == RC_OK ? id : 0;
}

struct str queue_body_get(struct db_txn *txn, uint64_t body)
{
	struct reckey key = reckey_u64(body);
	struct str value;
	if (!db_get(txn, &queue_table_body, reckey_str(&key), &value))
		return STR_NONE;
	if (value.len != 0 && (uint8_t)value.ptr[0] == BODY_VERSION)
		return str_skip(value, 1);
	db_txn_fail(txn, RC_CORRUPT);
	return STR_NONE;
}

void queue_body_hold(struct db_txn *txn, uint64_t body)
{
	uint64_t refs;
	if (body == 0)
		return;
	if (refs_get(txn, body, &refs))
		refs_put(txn, body, refs + 1);
	else
		db_txn_fail(txn, RC_NOT_FOUND);
}

void queue_body_release(struct db_txn *txn, uint64_t body)
{
	struct reckey key = reckey_u64(body), behind = refs_key(body);
	uint64_t refs;
	if (body == 0 || !refs_get(txn, body, &refs))
		return;
	if (refs > 1) {
		refs_put(txn, body, refs - 1);
		return;
	}
	db_del(txn, &queue_table_body, reckey_str(&key));
	db_del(txn, &queue_table_body, reckey_str(&behind));
}

/* --- jobs --- */

static void append_job(struct db_txn *txn, uint64_t id, const struct job_row *row)
{
	struct reckey key = reckey_u64(id);
	struct buf value CLEANUP(buf_free) = BUF_INIT(QUEUE_ROW_MAX);
	job_row_encode(&value, row);
	append_encoded(txn, &queue_table_job, reckey_str(&key), &value);
}

uint64_t queue_add(struct db_txn *txn, const struct queue_new *job)
{
	struct job_row row = {
		.kind = job->kind,
		.lane = job->lane,
		.order = job->order,
		.group = job->group,
		.body = job->body,
		.due_ms = job->due_ms,
		.created_ms = db_txn_now(txn),
		.payload = job->payload,
	};
	if (job->lane.len > QUEUE_LANE_MAX) {
		db_txn_fail(txn, RC_TOO_LARGE);
		return 0;
	}
	uint64_t id = db_next_id(txn);
	queue_body_hold(txn, job->body);
	append_job(txn, id, &row);
	return db_txn_rc(txn) == RC_OK ? id : 0;
}

bool store_get_job(struct db_txn *txn, uint64_t id, struct job_row *row)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	return db_get(txn, &queue_table_job, reckey_str(&key), &value) &&
	       job_row_decode(value, row);
}

void store_put_job(struct db_txn *txn, uint64_t id, const struct job_row *row)
{
	struct reckey key = reckey_u64(id);
	struct buf value CLEANUP(buf_free) = BUF_INIT(QUEUE_ROW_MAX);
	job_row_encode(&value, row);
	put_encoded(txn, &queue_table_job, reckey_str(&key), &value);
}

bool store_remove_job(struct db_txn *txn, uint64_t id, uint64_t body)
{
	struct reckey key = reckey_u64(id);
	if (!db_del(txn, &queue_table_job, reckey_str(&key)))
		return false;
	queue_body_release(txn, body);
	return true;
}

/* --- the dead: they keep their reference to the body --- */

void store_bury_job(struct db_txn *txn, uint64_t id, const struct job_row *row, struct str why)
{
	struct reckey key = reckey_u64(id);
	struct dead_row dead = { .died_ms = db_txn_now(txn), .why = why, .job = *row };
	struct buf value CLEANUP(buf_free) = BUF_INIT(QUEUE_ROW_MAX);
	dead_row_encode(&value, &dead);
	db_del(txn, &queue_table_job, reckey_str(&key));
	put_encoded(txn, &queue_table_dead, reckey_str(&key), &value);
}

void store_revive(struct db_txn *txn, uint64_t id, const struct dead_row *row)
{
	struct reckey key = reckey_u64(id);
	struct job_row job = row->job;
	/* a new life: else its next failure would be the last one again */
	job.created_ms = db_txn_now(txn);
	job.due_ms = 0;
	job.attempts = 0;
	append_job(txn, db_next_id(txn), &job);
	db_del(txn, &queue_table_dead, reckey_str(&key));
}

void store_remove_dead(struct db_txn *txn, uint64_t id, uint64_t body)
{
	struct reckey key = reckey_u64(id);
	if (db_del(txn, &queue_table_dead, reckey_str(&key)))
		queue_body_release(txn, body);
}

/* --- lanes --- */

bool store_get_lane(struct db_txn *txn, uint8_t kind, struct str lane, struct lane_row *row)
{
	struct lane_key key = lane_key_of(kind, lane);
	struct str value;
	return db_get(txn, &queue_table_lane, lane_key_str(&key), &value) &&
	       lane_row_decode(value, row);
}

void store_put_lane(struct db_txn *txn, uint8_t kind, struct str lane, const struct lane_row *row)
{
	struct lane_key key = lane_key_of(kind, lane);
	struct buf value CLEANUP(buf_free) = BUF_INIT(1024);
	if (row->state.failures == 0) {
		db_del(txn, &queue_table_lane, lane_key_str(&key));
		return;
	}
	lane_row_encode(&value, row);
	put_encoded(txn, &queue_table_lane, lane_key_str(&key), &value);
}
