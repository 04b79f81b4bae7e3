/*
 * A thread for what follows a fetch: checking signatures, parsing and rendering for whoever waited.
 * Else it would be the writer's thread, on which every commit waits, or the HTTP client's, on which
 * every transfer does. First come, first served.
 */
#include <stdlib.h>

#include "core/must.h"
#include "fed_int.h"

struct hand {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	pthread_t thread;
	struct hand_task *first, **last;
	bool ending;
};

/* NULL at the end: when nothing is left to do. */
static struct hand_task *task_next(struct hand *hand)
{
	pthread_mutex_lock(&hand->lock);
	while (hand->first == NULL && !hand->ending)
		pthread_cond_wait(&hand->filled, &hand->lock);
	struct hand_task *task = hand->first;
	if (task != NULL)
		hand->first = task->next;
	if (hand->first == NULL)
		hand->last = &hand->first;
	pthread_mutex_unlock(&hand->lock);
	return task;
}

static void *hand_run(void *arg)
{
	struct hand *hand = arg;
	for (struct hand_task *task; (task = task_next(hand)) != NULL;)
		task->run(task->arg); /* and it is gone */
	return NULL;
}

struct hand *hand_new(void)
{
	struct hand *hand = calloc(1, sizeof(*hand));
	must(hand != NULL);
	hand->last = &hand->first;
	must(pthread_mutex_init(&hand->lock, NULL) == 0);
	must(pthread_cond_init(&hand->filled, NULL) == 0);
	must(pthread_create(&hand->thread, NULL, hand_run, hand) == 0);
	return hand;
}

void hand_free(struct hand **hand)
{
	struct hand *h = *hand;
	if (h == NULL)
		return;
	pthread_mutex_lock(&h->lock);
	h->ending = true;
	pthread_cond_signal(&h->filled);
	pthread_mutex_unlock(&h->lock);
	must(pthread_join(h->thread, NULL) == 0);
	pthread_cond_destroy(&h->filled);
	pthread_mutex_destroy(&h->lock);
	free(h);
	*hand = NULL;
}

void hand_do(struct hand *hand, struct hand_task *task)
{
	pthread_mutex_lock(&hand->lock);
	must(!hand->ending);
	task->next = NULL;
	*hand->last = task;
	hand->last = &task->next;
	pthread_cond_signal(&hand->filled);
	pthread_mutex_unlock(&hand->lock);
}
