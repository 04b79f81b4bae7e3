/*
 * What is to happen after a commit: the list grows while jobs run, on the writer's thread, is cut back
 * when a job fails or its transaction is run again, and handed over once it is durable.
 */
#include <stdlib.h>

#include "core/must.h"
#include "db_int.h"

#define EFFECTS_FIRST 64

void db_effect(struct db_txn *txn, const struct db_effect *effect)
{
	struct db_effects *e = &txn->db->effects;
	must(txn->writable);
	if (!atomic_load_explicit(&e->wanted, memory_order_relaxed))
		return;
	if (e->count == e->cap) {
		size_t cap = e->cap != 0 ? 2 * e->cap : EFFECTS_FIRST;
		struct db_effect *list =
			cap <= DB_EFFECTS_MAX ? realloc(e->list, cap * sizeof(*list)) : NULL;
		if (list == NULL)
			return;
		e->list = list;
		e->cap = cap;
	}
	e->list[e->count++] = *effect;
}

void db_on_effects(struct db *db, db_effects_fn *fn, void *arg)
{
	struct db_effects *e = &db->effects;
	pthread_mutex_lock(&e->lock);
	e->fn = fn;
	e->arg = arg;
	atomic_store(&e->wanted, fn != NULL);
	pthread_mutex_unlock(&e->lock);
}

void effects_init(struct db_effects *e)
{
	must(pthread_mutex_init(&e->lock, NULL) == 0);
}

void effects_free(struct db_effects *e)
{
	pthread_mutex_destroy(&e->lock);
	free(e->list);
}

void effects_tell(struct db_effects *e)
{
	if (e->count == 0)
		return;
	/* so that nobody is called who has taken leave */
	pthread_mutex_lock(&e->lock);
	if (e->fn != NULL)
		e->fn(e->arg, e->list, e->count);
	pthread_mutex_unlock(&e->lock);
	e->count = 0;
}
