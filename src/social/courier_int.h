/* The inside of the courier, shared by what runs its jobs. */
#ifndef FF_SOCIAL_COURIER_INT_H
#define FF_SOCIAL_COURIER_INT_H

#include "crypt/p256.h"
#include "social/courier.h"

struct courier {
	struct courier_parts parts;
	struct p256 *key;
};

void push_run(struct queue_job *job, void *app);
void mail_run(struct queue_job *job, void *app);
void statement_run(struct queue_job *job, void *app);
void attribute_run(struct queue_job *job, void *app);
void event_wake_run(struct queue_job *job, void *app);
void sever_run(struct queue_job *job, void *app);

#endif
