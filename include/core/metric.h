/*
 * Metrics: every counter and gauge of the program is one row of METRIC_TABLE. Names follow the
 * Prometheus conventions; the label set of a row is fixed, so that nothing a stranger sends can add
 * a series.
 */
#ifndef FF_CORE_METRIC_H
#define FF_CORE_METRIC_H

#include <stdint.h>

#include "core/buf.h"

/* constant, kind, name, labels or "", what it counts. Rows of one name stand together. */
#define METRIC_TABLE(X)                                                                          \
	X(HTTP_REQUESTS, counter, "fediflow_http_requests_total", "", "Requests answered.")      \
	X(HTTP_REFUSED, counter, "fediflow_http_refused_total", "", "Requests refused unread.")  \
	X(HTTP_STREAMS, gauge, "fediflow_http_streams", "", "Streams that are open.")            \
	X(HTTP_STREAMS_SLOW, counter, "fediflow_http_streams_slow_total", "",                    \
	  "Streams that were closed because their readers did not read.")                        \
	X(INBOX_ACCEPTED, counter, "fediflow_inbox_total", "result=\"accepted\"",                \
	  "Activities received, by what became of them.")                                        \
	X(INBOX_DUPLICATE, counter, "fediflow_inbox_total", "result=\"duplicate\"",              \
	  "Activities received, by what became of them.")                                        \
	X(INBOX_IGNORED, counter, "fediflow_inbox_total", "result=\"ignored\"",                  \
	  "Activities received, by what became of them.")                                        \
	X(INBOX_REFUSED, counter, "fediflow_inbox_total", "result=\"refused\"",                  \
	  "Activities received, by what became of them.")                                        \
	X(INBOX_PROVED, counter, "fediflow_inbox_proved_total", "",                              \
	  "Activities that another host brought with a valid proof by their actor.")             \
	X(DELIVERY_DELIVERED, counter, "fediflow_delivery_total", "result=\"delivered\"",        \
	  "Delivery attempts, by outcome.")                                                      \
	X(DELIVERY_DEFERRED, counter, "fediflow_delivery_total", "result=\"deferred\"",          \
	  "Delivery attempts, by outcome.")                                                      \
	X(DELIVERY_DROPPED, counter, "fediflow_delivery_total", "result=\"dropped\"",            \
	  "Delivery attempts, by outcome.")                                                      \
	X(FETCHES, counter, "fediflow_fetches_total", "", "Documents asked for at other hosts.") \
	X(DB_COMMITS, counter, "fediflow_db_commits_total", "", "Durable commits.")              \
	X(DB_JOBS, counter, "fediflow_db_jobs_total", "", "Write jobs committed.")               \
	X(DB_LONG_READS, counter, "fediflow_db_long_reads_total", "",                            \
	  "Read transactions that were held for more than a second.")                            \
	X(DB_DAMAGED, counter, "fediflow_db_damaged_total", "", "Damaged records met.")          \
	X(DB_USED_BYTES, gauge, "fediflow_db_used_bytes", "", "Bytes of the database in use.")   \
	X(DB_MAP_BYTES, gauge, "fediflow_db_map_bytes", "", "Bytes the database may use now.")   \
	X(DB_MAX_BYTES, gauge, "fediflow_db_max_bytes", "", "Bytes it may grow to by itself.")   \
	X(DB_FULL, gauge, "fediflow_db_full", "", "1 while new writes find no room.")            \
	X(STARTED_SECONDS, gauge, "fediflow_start_time_seconds", "",                             \
	  "When the node was started, in seconds since 1970.")                                   \
	X(QUEUE_DONE, counter, "fediflow_queue_jobs_total", "result=\"done\"",                   \
	  "Attempts at jobs, by what became of the job.")                                        \
	X(QUEUE_DEFERRED, counter, "fediflow_queue_jobs_total", "result=\"deferred\"",           \
	  "Attempts at jobs, by what became of the job.")                                        \
	X(QUEUE_DEAD, counter, "fediflow_queue_jobs_total", "result=\"dead\"",                   \
	  "Attempts at jobs, by what became of the job.")                                        \
	X(QUEUE_READY, gauge, "fediflow_queue_rows", "", "Jobs waiting.")

enum metric {
#define X(constant, kind, name, labels, help) METRIC_##constant,
	METRIC_TABLE(X)
#undef X
		METRIC_COUNT
};

/* Any thread; relaxed order. */
void metric_add(enum metric metric, uint64_t n);
void metric_set(enum metric metric, uint64_t value);
uint64_t metric_get(enum metric metric);

/* All rows in the Prometheus text format 0.0.4. */
void metric_render(struct buf *out);

#endif
