/* The job that tells peers how many take part in an event. */
#include "event_int.h"

static enum rc step(struct social *s, struct str payload)
{
	uint64_t status;
	return event_job_decode(payload, &status) ? event_job_step(s, status) : RC_CORRUPT;
}

void event_run(struct queue_job *job, void *app)
{
	uint64_t status;
	fed_run_step(job, app, event_job_decode(job->payload, &status) ? step : NULL);
}
