/* The integrity check of the queue's tables: rows that decode, bodies and references that agree. */
#include <inttypes.h>

#include "core/map.h"
#include "store_int.h"

struct checker {
	struct db_txn *txn;
	void (*bad)(void *arg, struct str what);
	void *arg;
	enum rc rc;
	struct map refs; /* key of a body -> how many rows refer to it, as a number */
};

static void complain(struct checker *c, const char *what, uint64_t id)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(256);
	buf_addf(&text, "%s %" PRIu64, what, id);
	c->bad(c->arg, buf_str(&text));
	c->rc = RC_CORRUPT;
}

static uint64_t key_id(struct str key)
{
	uint64_t id = 0;
	return reckey_read_u64(key, 0, &id) ? id : 0;
}

static void count_ref(struct checker *c, uint64_t body)
{
	struct reckey key = reckey_u64(body);
	uintptr_t refs = (uintptr_t)map_get(&c->refs, reckey_str(&key));
	if (body == 0)
		return;
	/* the map holds pointers; this one is a number */
	if (!map_put(&c->refs, reckey_str(&key), (void *)(refs + 1)))
		c->rc = RC_NO_MEMORY;
}

static void check_jobs(struct checker *c, bool dead)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	db_iter_open(&it, c->txn, dead ? &queue_table_dead : &queue_table_job, STR(""), DB_FORWARD,
		     STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		struct dead_row row;
		if (dead ? dead_row_decode(value, &row) : job_row_decode(value, &row.job))
			count_ref(c, row.job.body);
		else
			complain(c, dead ? "undecodable dead job" : "undecodable job", key_id(key));
	}
}

static void check_lanes(struct checker *c)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	db_iter_open(&it, c->txn, &queue_table_lane, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		struct lane_row row;
		if (!lane_row_decode(value, &row))
			complain(c, "undecodable lane of kind", (uint8_t)key.ptr[0]);
	}
}

/* A body may be held by more than our rows: others hold references, too. */
static void check_refs(struct checker *c, struct str key, struct str value)
{
	uint64_t refs, id = key_id(key);
	uint64_t counted = (uintptr_t)map_del(&c->refs, str_take(key, sizeof(uint64_t)));
	if (!refs_row_decode(value, &refs))
		complain(c, "undecodable references of body", id);
	else if (refs == 0)
		complain(c, "nobody refers to body", id);
	else if (refs < counted)
		complain(c, "too few references of body", id);
}

/* Bytes and references stand in pairs. */
static void check_bodies(struct checker *c)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	uint64_t bytes_of = 0;
	db_iter_open(&it, c->txn, &queue_table_body, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		uint64_t id = key_id(key);
		bool is_refs = key_is_refs(key);
		if (bytes_of != 0 && (!is_refs || id != bytes_of))
			complain(c, "no references of body", bytes_of);
		if (is_refs && id != bytes_of)
			complain(c, "no bytes of body", id);
		if (is_refs)
			check_refs(c, key, value);
		bytes_of = is_refs ? 0 : id;
	}
	if (bytes_of != 0)
		complain(c, "no references of body", bytes_of);
}

enum rc queue_check(struct db_txn *txn, void (*bad)(void *arg, struct str what), void *arg)
{
	struct checker c = { .txn = txn, .bad = bad, .arg = arg, .refs = MAP_INIT };
	struct str key;
	void *count;
	check_jobs(&c, false);
	check_jobs(&c, true);
	check_lanes(&c);
	check_bodies(&c);
	for (size_t at = 0; map_next(&c.refs, &at, &key, &count);)
		complain(&c, "a job refers to a missing body", key_id(key));
	map_free(&c.refs);
	return c.rc != RC_OK ? c.rc : db_txn_rc(txn);
}
