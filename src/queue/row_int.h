/* The stored form of jobs, dead jobs, lanes and references to bodies. */
#ifndef FF_QUEUE_ROW_INT_H
#define FF_QUEUE_ROW_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/str.h"
#include "db/rec.h"
#include "queue/policy.h"

#define QUEUE_LANE_MAX 300
#define QUEUE_ROW_MAX ((size_t)1 << 20)
#define QUEUE_BODY_MAX ((size_t)16 << 20)
#define BODY_VERSION 1

/* Strings point into the value that was decoded. */
struct job_row {
	uint8_t kind;
	struct str lane;
	uint64_t order;
	uint64_t group;
	uint64_t body;
	uint64_t due_ms; /* wall time; 0: at once */
	uint64_t created_ms;
	uint32_t attempts;
	struct str reason;
	struct str payload;
};

struct dead_row {
	uint64_t died_ms;
	struct str why;
	struct job_row job;
};

struct lane_row {
	struct queue_lane_state state;
	struct str reason;
};

void job_row_encode(struct buf *out, const struct job_row *row);
bool job_row_decode(struct str value, struct job_row *row) NODISCARD;
void dead_row_encode(struct buf *out, const struct dead_row *row);
bool dead_row_decode(struct str value, struct dead_row *row) NODISCARD;
void lane_row_encode(struct buf *out, const struct lane_row *row);
bool lane_row_decode(struct str value, struct lane_row *row) NODISCARD;
void refs_row_encode(struct buf *out, uint64_t refs);
bool refs_row_decode(struct str value, uint64_t *refs) NODISCARD;

/* kind, then the lane's name. */
struct lane_key {
	size_t len;
	char bytes[1 + QUEUE_LANE_MAX];
};

struct lane_key lane_key_of(uint8_t kind, struct str lane);
struct str lane_key_str(const struct lane_key *key);

/* The references of a body stand behind its bytes. */
struct reckey refs_key(uint64_t body);
bool key_is_refs(struct str key);

/*
 * How long a row is not to run yet, by the wall clock. A retry waits a day at most and an intended
 * start is measured from the row's creation when the clock was set back, so that no step of the
 * clock blocks a job (S-126). *again: look once more when the wait is over.
 */
uint64_t job_row_wait(const struct job_row *row, uint64_t now_ms, bool *again);

#endif
