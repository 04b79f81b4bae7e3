/* The job that takes the followers of an account that has moved along, some at a time. */
#include "fed_int.h"
#include "social/move.h"

static enum rc step(struct social *s, struct str payload)
{
	struct move move;
	if (!move_decode(payload, &move))
		return RC_CORRUPT;
	enum rc rc = move_step(s, &move);
	/* who is gone takes nobody along */
	return rc == RC_NOT_FOUND ? db_txn_rc(s->txn) : rc;
}

void move_run(struct queue_job *job, void *app)
{
	struct move move;
	fed_run_step(job, app, move_decode(job->payload, &move) ? step : NULL);
}
