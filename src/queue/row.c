/* The codec of the queue's rows. Pure; any thread. */
#include "row_int.h"

#include "core/clock.h"
#include "core/must.h"

#define ROW_VERSION 1
#define REFS_SUFFIX 'r'
#define KEY_LEN sizeof(uint64_t)
#define RETRY_WAIT_MAX_MS MS_PER_DAY
#define LOOK_AGAIN_MS MS_PER_HOUR

static struct rec row_open(struct str value)
{
	struct rec r = rec_open(value);
	if (rec_u8(&r) != ROW_VERSION)
		r.bad = true;
	return r;
}

static void job_add(struct buf *out, const struct job_row *row)
{
	rec_add_u8(out, row->kind);
	rec_add_str(out, row->lane);
	rec_add_num(out, row->order);
	rec_add_num(out, row->group);
	rec_add_num(out, row->body);
	rec_add_num(out, row->due_ms);
	rec_add_num(out, row->created_ms);
	rec_add_u32(out, row->attempts);
	rec_add_str(out, row->reason);
	rec_add_str(out, row->payload);
}

static void job_read(struct rec *r, struct job_row *row)
{
	row->kind = rec_u8(r);
	row->lane = rec_str(r);
	row->order = rec_num(r);
	row->group = rec_num(r);
	row->body = rec_num(r);
	row->due_ms = rec_num(r);
	row->created_ms = rec_num(r);
	row->attempts = rec_u32(r);
	row->reason = rec_str(r);
	row->payload = rec_str(r);
	if (row->lane.len > QUEUE_LANE_MAX)
		r->bad = true;
}

void job_row_encode(struct buf *out, const struct job_row *row)
{
	rec_add_u8(out, ROW_VERSION);
	job_add(out, row);
}

bool job_row_decode(struct str value, struct job_row *row)
{
	struct rec r = row_open(value);
	job_read(&r, row);
	return rec_ok(&r);
}

void dead_row_encode(struct buf *out, const struct dead_row *row)
{
	rec_add_u8(out, ROW_VERSION);
	rec_add_u64(out, row->died_ms);
	rec_add_str(out, row->why);
	job_add(out, &row->job);
}

bool dead_row_decode(struct str value, struct dead_row *row)
{
	struct rec r = row_open(value);
	row->died_ms = rec_u64(&r);
	row->why = rec_str(&r);
	job_read(&r, &row->job);
	return rec_ok(&r);
}

void lane_row_encode(struct buf *out, const struct lane_row *row)
{
	rec_add_u8(out, ROW_VERSION);
	rec_add_u32(out, row->state.window);
	rec_add_u32(out, row->state.failures);
	rec_add_u32(out, row->state.strikes);
	rec_add_u64(out, row->state.first_failure_ms);
	rec_add_u64(out, row->state.due_ms);
	rec_add_u64(out, row->state.last_success_ms);
	rec_add_str(out, row->reason);
}

bool lane_row_decode(struct str value, struct lane_row *row)
{
	struct rec r = row_open(value);
	row->state.window = rec_u32(&r);
	row->state.failures = rec_u32(&r);
	row->state.strikes = rec_u32(&r);
	row->state.first_failure_ms = rec_u64(&r);
	row->state.due_ms = rec_u64(&r);
	row->state.last_success_ms = rec_u64(&r);
	row->reason = rec_str(&r);
	return rec_ok(&r);
}

void refs_row_encode(struct buf *out, uint64_t refs)
{
	rec_add_u8(out, ROW_VERSION);
	rec_add_u64(out, refs);
}

bool refs_row_decode(struct str value, uint64_t *refs)
{
	struct rec r = row_open(value);
	*refs = rec_u64(&r);
	return rec_ok(&r);
}

struct lane_key lane_key_of(uint8_t kind, struct str lane)
{
	struct lane_key key;
	must(lane.len <= QUEUE_LANE_MAX);
	key.bytes[0] = (char)kind;
	if (lane.len != 0)
		memcpy(key.bytes + 1, lane.ptr, lane.len);
	key.len = 1 + lane.len;
	return key;
}

struct str lane_key_str(const struct lane_key *key)
{
	return str_n(key->bytes, key->len);
}

struct reckey refs_key(uint64_t body)
{
	struct reckey key = reckey_u64(body);
	reckey_add_u8(&key, REFS_SUFFIX);
	return key;
}

bool key_is_refs(struct str key)
{
	return key.len == KEY_LEN + 1 && key.ptr[KEY_LEN] == REFS_SUFFIX;
}

static uint64_t at_most(uint64_t wait_ms, uint64_t max_ms)
{
	return wait_ms < max_ms ? wait_ms : max_ms;
}

uint64_t job_row_wait(const struct job_row *row, uint64_t now_ms, bool *again)
{
	*again = false;
	if (row->due_ms <= now_ms)
		return 0;
	if (row->attempts != 0)
		return at_most(row->due_ms - now_ms, RETRY_WAIT_MAX_MS);
	if (now_ms < row->created_ms)
		return row->due_ms > row->created_ms ? row->due_ms - row->created_ms : 0;
	*again = true;
	return at_most(row->due_ms - now_ms, LOOK_AGAIN_MS);
}
