/* /metrics and /health. Handlers run on their listener's thread, what follows a write on the writer's. */
#include "watch.h"

#include <stdlib.h>

#include "core/metric.h"
#include "db/rec.h"
#include "node.h"

#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"
#define METRICS_MAX ((size_t)1 << 20)

/* --- /metrics --- */

static void metrics_get(struct httpd_request *req, void *app)
{
	const struct watch *watch = app;
	struct buf out = BUF_INIT(METRICS_MAX);
	struct db_stat stat;
	if (db_stat(watch->db, &stat) == RC_OK) {
		metric_set(METRIC_DB_USED_BYTES, stat.used_bytes);
		metric_set(METRIC_DB_MAP_BYTES, stat.map_bytes);
		metric_set(METRIC_DB_MAX_BYTES, stat.max_bytes);
		metric_set(METRIC_DB_FULL, stat.full ? 1 : 0);
	}
	metric_set(METRIC_STARTED_SECONDS, watch->started_ms / MS_PER_SECOND);
	metric_render(&out);
	httpd_reply(req, 200, METRICS_TYPE, &out);
	buf_free(&out);
}

/* --- /health --- */

/* One question, from the suspended request to its answer. */
struct check {
	struct db_work work;
	struct httpd_request *req;
};

static enum rc beat_job(struct db_txn *txn, void *arg UNUSED)
{
	struct buf value CLEANUP(buf_free) = BUF_INIT(16);
	rec_add_u8(&value, 1);
	rec_add_u64(&value, db_txn_now(txn));
	db_put(txn, &daemon_table_health, STR("beat"), buf_str(&value));
	return db_txn_rc(txn);
}

static void beat_done(struct db_work *work)
{
	struct check *check = CONTAINER_OF(work, struct check, work);
	struct buf body = BUF_INIT(256);
	buf_addf(&body, "{\"status\":\"%s\",\"storage\":\"%s\"}\n",
		 work->rc == RC_OK ? "ok" : "failing", rc_name(work->rc));
	httpd_reply(check->req, work->rc == RC_OK ? 200 : 503, "application/json", &body);
	buf_free(&body);
	httpd_resume(check->req);
	free(check);
}

/* Well is a node that can still make something durable. */
static void health_get(struct httpd_request *req, void *app)
{
	const struct watch *watch = app;
	struct check *check = calloc(1, sizeof(*check));
	if (check == NULL) {
		httpd_reply_error(req, 503, STR("out of memory"), 1);
		return;
	}
	check->req = req;
	check->work = (struct db_work){ .job = beat_job, .done = beat_done };
	httpd_suspend(req);
	db_submit(watch->db, &check->work);
}

const struct httpd_route watch_routes[] = {
	{ .method = HTTP_GET, .path = "/metrics", .handle = metrics_get },
	{ .method = HTTP_GET, .path = "/health", .handle = health_get },
};
const size_t watch_route_count = ARRAY_LEN(watch_routes);

/* --- the watchdog --- */

static enum rc probe_job(struct db_txn *txn UNUSED, void *arg UNUSED)
{
	return RC_OK;
}

static void probe_done(struct db_work *work)
{
	struct watch_probe *probe = CONTAINER_OF(work, struct watch_probe, work);
	atomic_store(&probe->pending, false);
}

bool watch_probe_send(struct watch_probe *probe, struct db *db)
{
	if (atomic_exchange(&probe->pending, true))
		return false;
	probe->work = (struct db_work){ .job = probe_job, .done = probe_done };
	db_submit(db, &probe->work);
	return true;
}
