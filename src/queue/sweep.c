/*
 * The sweep. A host that is down is asked seldom, and one job at a time; so what grew too old
 * behind it is given up here, without an attempt each. The dead are forgotten after their time.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/log.h"
#include "core/metric.h"
#include "queue_int.h"
#include "store_int.h"

#define SWEEP_EVERY_MS (10 * MS_PER_MINUTE)
#define SWEEP_ROWS 4096
#define SWEEP_MAX 256
/* Rows are nearly in the order of their creation: clocks step. */
#define YOUNG_ROWS 256

struct doomed {
	uint64_t id;
	uint64_t order;
	uint32_t lane;
};

struct sweep {
	struct mail mail;
	struct db_work work;
	struct queue *queue;
	uint64_t dead_before_ms;
	size_t count;
	size_t purged;
	bool more;
	struct doomed doomed[SWEEP_MAX];
};

/* --- looking --- */

static uint64_t shortest_life(const struct queue *q)
{
	uint64_t life = UINT64_MAX;
	for (size_t i = 0; i < q->kind_count; i++) {
		const struct queue_kind *row = q->kinds[i].row;
		if (row->remote && row->life_ms != 0 && row->life_ms < life)
			life = row->life_ms;
	}
	return life;
}

/* The lane of a job that is too old, when its host is down and nobody is asking it right now. */
static struct lane *doomed_lane(const struct queue *q, uint64_t id, const struct job_row *row,
				uint64_t age)
{
	for (size_t i = 0; i < q->kind_count; i++) {
		const struct queue_kind *kind = q->kinds[i].row;
		if (kind->id != row->kind || kind->life_ms == 0 || age < kind->life_ms)
			continue;
		struct lane *lane = roster_find_lane(&q->roster, (uint8_t)i, row->lane);
		if (lane == NULL || lane->due_steady_ms <= sched_steady(q))
			return NULL;
		uint32_t entry = roster_find(&q->roster, lane, row->order, id);
		if (entry == ENTRY_NONE || roster_entry(&q->roster, entry)->state == ENTRY_RUNNING)
			return NULL;
		return lane;
	}
	return NULL;
}

static void look_at(struct queue *q, struct sweep *s, struct db_iter *it, uint64_t now)
{
	struct str key, value;
	uint64_t life = shortest_life(q);
	size_t rows = 0, young = 0;
	while (rows++ < SWEEP_ROWS && young < YOUNG_ROWS && s->count < SWEEP_MAX) {
		struct job_row row;
		uint64_t id;
		if (!db_iter_next(it, &key, &value))
			return;
		if (!reckey_read_u64(key, 0, &id) || !job_row_decode(value, &row))
			continue;
		q->sweep_from = id + 1;
		uint64_t age = now > row.created_ms ? now - row.created_ms : 0;
		young = age < life ? young + 1 : 0;
		const struct lane *lane = doomed_lane(q, id, &row, age);
		if (lane != NULL)
			s->doomed[s->count++] = (struct doomed){ id, row.order, lane->index };
	}
	s->more = young < YOUNG_ROWS;
}

static bool look(struct queue *q, struct sweep *s)
{
	struct db_txn *txn;
	struct reckey from = reckey_u64(q->sweep_from);
	if (db_read_begin(q->db, &txn) != RC_OK)
		return false;
	{
		struct db_iter it CLEANUP(db_iter_close);
		db_iter_open(&it, txn, &queue_table_job, STR(""), DB_FORWARD, reckey_str(&from));
		look_at(q, s, &it, sched_wall(q));
	}
	db_read_end(&txn);
	return true;
}

/* --- inside db's transaction --- */

static void bury_old(struct db_txn *txn, uint64_t id)
{
	struct job_row row;
	struct lane_row lane;
	struct buf why CLEANUP(buf_free) = BUF_INIT(512);
	if (!store_get_job(txn, id, &row))
		return;
	buf_add(&why, STR("too old"));
	if (store_get_lane(txn, row.kind, row.lane, &lane)) {
		buf_add(&why, STR(": "));
		buf_add(&why, str_take(lane.reason, 256));
	}
	store_bury_job(txn, id, &row, buf_str(&why));
}

/* Oldest first, until one that has not died long enough ago. */
static size_t purge_dead(struct db_txn *txn, uint64_t before_ms)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t count = 0;
	db_iter_open(&it, txn, &queue_table_dead, STR(""), DB_FORWARD, STR_NONE);
	while (count < SWEEP_MAX && db_iter_next(&it, &key, &value)) {
		struct dead_row row;
		uint64_t id;
		if (!dead_row_decode(value, &row) || !reckey_read_u64(key, 0, &id))
			continue;
		if (row.died_ms > before_ms)
			break;
		store_remove_dead(txn, id, row.job.body);
		count++;
	}
	return count;
}

static enum rc sweep_job(struct db_txn *txn, void *arg)
{
	struct sweep *s = arg;
	for (size_t i = 0; i < s->count; i++)
		bury_old(txn, s->doomed[i].id);
	s->purged = purge_dead(txn, s->dead_before_ms);
	return db_txn_rc(txn);
}

/* --- after it --- */

static void forget(struct queue *q, const struct doomed *doomed)
{
	struct lane *lane = roster_lane_at(&q->roster, doomed->lane);
	if (lane == NULL)
		return;
	uint32_t entry = roster_find(&q->roster, lane, doomed->order, doomed->id);
	LOG(DELIVERY_DROPPED, F_U64("job", doomed->id), F_STR("host", lane_name(lane)),
	    F_CSTR("reason", "too old"));
	/* one that runs meanwhile finds its row gone when it ends */
	if (entry != ENTRY_NONE && roster_entry(&q->roster, entry)->state != ENTRY_RUNNING)
		sched_remove(q, entry);
}

static void on_swept(struct queue *q, struct mail *mail)
{
	struct sweep *s = CONTAINER_OF(mail, struct sweep, mail);
	bool ok = s->work.rc == RC_OK;
	q->committing--;
	q->sweeping = false;
	for (size_t i = 0; ok && i < s->count; i++)
		forget(q, &s->doomed[i]);
	if (ok)
		metric_add(METRIC_QUEUE_DEAD, s->count);
	if (!ok || (!s->more && s->purged < SWEEP_MAX)) {
		q->sweep_steady_ms = sched_steady(q) + SWEEP_EVERY_MS;
		q->sweep_from = 0;
	}
	free(s);
}

static void on_work_done(struct db_work *work)
{
	struct sweep *s = CONTAINER_OF(work, struct sweep, work);
	s->mail.handle = on_swept;
	must(mail_post(s->queue, &s->mail));
}

void sweep_maybe(struct queue *q)
{
	uint64_t now = sched_steady(q), wall = sched_wall(q);
	if (q->sweeping || q->scan_more || now < q->sweep_steady_ms)
		return;
	struct sweep *s = calloc(1, sizeof(*s));
	if (s == NULL || !look(q, s)) {
		free(s);
		q->sweep_steady_ms = now + MS_PER_MINUTE;
		return;
	}
	s->queue = q;
	s->dead_before_ms = wall > q->settings.dead_keep_ms ? wall - q->settings.dead_keep_ms : 0;
	s->work = (struct db_work){
		.job = sweep_job, .done = on_work_done, .arg = s, .reserve = true
	};
	q->sweeping = true;
	q->committing++;
	db_submit(q->db, &s->work);
}
