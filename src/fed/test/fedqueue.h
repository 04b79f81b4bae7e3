/* A running queue for the tests of jobs. */
#ifndef FF_FED_TEST_FEDQUEUE_H
#define FF_FED_TEST_FEDQUEUE_H

#include "fedkit.h"

#define KIT_BARRIER 200
#define SENT_MAX 4096

/* A delivery that was claimed and counted as done, instead of being sent. */
struct sent {
	struct str inbox, lane, body;
	uint64_t order, group;
};

struct kit_queue {
	struct fedkit *kit;
	bool send;	  /* deliver for real, over the scripted network */
	const char *down; /* the host that gives no answer when nothing is sent; NULL: none */
	unsigned federate_steps; /* steps of expansions that run before the process dies; 0: all */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned barriers, steps;
	struct queue_job *left; /* the step that was under way when the process died */
	struct sent sent[SENT_MAX];
	size_t count;
};

/* Starts to work; kit_free() ends it. */
void kit_queue_start(struct kit_queue *q, struct fedkit *kit, bool send);
/* As a process that dies: what is under way is left alone. */
void kit_queue_die(struct kit_queue *q);
/* Returns when no more than `left` jobs remain that are due. */
void kit_drain(struct kit_queue *q, uint64_t left);
/* Returns when what had started before has come to its end. */
void kit_settle(struct kit_queue *q);
/* How often was it sent to? */
unsigned kit_sent_to(const struct kit_queue *q, const char *inbox);

/* --- a kit with its queue --- */

/* Who takes part is known from the start; the others are zero. */
struct kit_scene {
	struct fedkit *kit;
	struct kit_queue *q;
	struct peer_actor carol, dave, erin; /* the first two of one host */
	struct peer_actor relay, hub, sub;
	uint64_t post; /* of alice */
};

/* With fed's routes on loopback; the queue has not started, and nobody takes part yet. */
struct kit_scene *kit_scene(void);
/* For cmocka: ends what is in *state. */
int kit_scene_end(void **state);

#endif
