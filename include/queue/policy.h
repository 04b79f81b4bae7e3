/*
 * The retry policy, as pure functions over values: no clock, no storage, no randomness of its own.
 */
#ifndef FF_QUEUE_POLICY_H
#define FF_QUEUE_POLICY_H

#include <stdbool.h>
#include <stdint.h>

/* What became of an attempt. */
enum queue_verdict {
	QUEUE_DELIVERED,  /* done */
	QUEUE_AGAIN,	  /* no failure; run again with a new payload, after retry_after_ms */
	QUEUE_DEFER,	  /* this job cannot be done now; the lane goes on */
	QUEUE_DEFER_LANE, /* the host cannot be reached, or asks for a pause */
	QUEUE_REJECT,	  /* refused for good */
	QUEUE_GONE,	  /* the recipient is gone for good */
	QUEUE_LOOP,	  /* would come back to ourselves; dropped */
};

struct queue_outcome {
	enum queue_verdict verdict;
	unsigned code;		 /* HTTP status, 0 when there was none */
	uint64_t retry_after_ms; /* what the other side, or QUEUE_AGAIN, asks for; 0: nothing */
	char reason[160];	 /* for people: "connection refused", "503 Service Unavailable" */
};

struct queue_lane_state {
	unsigned window;	   /* how many may run at once now; 0: as many as the rules allow */
	unsigned failures;	   /* of the lane, in a row */
	unsigned strikes;	   /* jobs deferred in a row with no success between */
	uint64_t first_failure_ms; /* of this row; 0 when there is none */
	uint64_t due_ms;	   /* wall time of the next attempt; 0: now */
	uint64_t last_success_ms;
};

struct queue_rules {
	unsigned window_max;
	uint64_t life_ms;
	uint64_t retry_first_ms;
	uint64_t retry_max_ms;
	uint64_t down_after_ms;
};

enum queue_fate {
	QUEUE_KEEP,   /* stays, due at job_due_ms */
	QUEUE_REMOVE, /* done */
	QUEUE_BURY,   /* given up: goes to the dead */
};

struct queue_decision {
	enum queue_fate fate;
	uint64_t job_due_ms;
	struct queue_lane_state lane;
	bool lane_went_down; /* it just stopped answering */
	bool lane_came_up;
};

/*
 * What follows from an outcome. attempts counts this one; jitter is a random number in [0, 1000).
 *
 * Waits: first, 5x, 15x, 60x, 180x, then retry_max, each shortened by up to a fifth; Retry-After is
 * honoured up to 24 h when it asks for more. A lane that has failed for down_after_ms is probed
 * once a day. A job older than its life is given up at its next failure; a 404 is believed the
 * third time. Success opens the window by one up to the maximum; failure of the lane closes it to
 * one. Failures of attempts that ran at the same moment count once. Ten jobs deferred in a row,
 * with no success between, are a failure of the lane too: a host that answers everything with 500
 * is not to be flooded.
 */
struct queue_decision queue_plan(const struct queue_rules *rules,
				 const struct queue_lane_state *lane,
				 const struct queue_outcome *outcome, uint64_t job_created_ms,
				 unsigned attempts, uint64_t now_ms, unsigned jitter);

/*
 * The outcome of a delivery's HTTP status (SECURITY S-122, S-123); 0 stands for no answer at all.
 * 2xx is delivered and 410 gone. 429 and what says that the host or its proxy is not there (502,
 * 503, 504, 507, 52x, 530) pause the lane. 401 (our key could not be fetched), 404, 408, 421, 425,
 * redirects and other 5xx concern this job. Any other 4xx and 501 refuse it for good.
 */
struct queue_outcome queue_outcome_of_status(unsigned status, uint64_t retry_after_ms);

#endif
