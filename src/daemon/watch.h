/* The listener for those who watch over the node: /metrics and /health. */
#ifndef FF_DAEMON_WATCH_H
#define FF_DAEMON_WATCH_H

#include <stdatomic.h>

#include "db/db.h"
#include "httpd/httpd.h"

/* What its handlers get. */
struct watch {
	struct db *db;
	uint64_t started_ms;
};

extern const struct httpd_route watch_routes[];
extern const size_t watch_route_count;

/* A write that does nothing, to see that the writer still comes round. */
struct watch_probe {
	struct db_work work;
	atomic_bool pending;
};
/* Sends it off. False when the one before has not come back. */
bool watch_probe_send(struct watch_probe *probe, struct db *db);

#endif
