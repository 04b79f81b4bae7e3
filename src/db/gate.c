/*
 * The gate in front of the map. LMDB can move its map only while this process has no transaction
 * open, so everyone counts in and out, and who wants to move the map closes the gate and waits
 * until it is alone. A thread that is inside already is let in a second time, since waiting for
 * itself it would wait for ever.
 */
#include "core/must.h"
#include "db_int.h"

static _Thread_local unsigned held_here;

void gate_init(struct db_gate *gate)
{
	must(pthread_mutex_init(&gate->lock, NULL) == 0);
	must(pthread_cond_init(&gate->changed, NULL) == 0);
}

void gate_destroy(struct db_gate *gate)
{
	pthread_cond_destroy(&gate->changed);
	pthread_mutex_destroy(&gate->lock);
}

bool gate_held_here(void)
{
	return held_here != 0;
}

void gate_enter(struct db *db)
{
	struct db_gate *gate = &db->gate;
	pthread_mutex_lock(&gate->lock);
	while (gate->closed && held_here == 0)
		pthread_cond_wait(&gate->changed, &gate->lock);
	gate->inside++;
	pthread_mutex_unlock(&gate->lock);
	held_here++;
}

void gate_leave(struct db *db)
{
	struct db_gate *gate = &db->gate;
	must(held_here != 0);
	held_here--;
	pthread_mutex_lock(&gate->lock);
	gate->inside--;
	if (gate->closed && gate->inside == 0)
		pthread_cond_broadcast(&gate->changed);
	pthread_mutex_unlock(&gate->lock);
}

int gate_resize(struct db *db, uint64_t bytes)
{
	struct db_gate *gate = &db->gate;
	must(held_here == 0);
	pthread_mutex_lock(&gate->lock);
	while (gate->closed)
		pthread_cond_wait(&gate->changed, &gate->lock);
	gate->closed = true;
	while (gate->inside != 0)
		pthread_cond_wait(&gate->changed, &gate->lock);
	int error = mdb_env_set_mapsize(db->env, bytes);
	/* the old map is gone and there is no new one: no page may be touched any more */
	if (error != 0)
		db->failed = true;
	gate->closed = false;
	pthread_cond_broadcast(&gate->changed);
	pthread_mutex_unlock(&gate->lock);
	return error;
}

static int txn_start(struct db *db, unsigned flags, MDB_txn **mdb)
{
	if (*mdb != NULL)
		return mdb_txn_renew(*mdb);
	return mdb_txn_begin(db->env, NULL, flags, mdb);
}

int gate_txn_begin(struct db *db, unsigned flags, MDB_txn **mdb)
{
	for (;;) {
		gate_enter(db);
		int error = db->failed ? MDB_PANIC : txn_start(db, flags, mdb);
		if (error == 0)
			return 0;
		gate_leave(db);
		if (error != MDB_MAP_RESIZED)
			return error;
		if (held_here != 0)
			return MDB_READERS_FULL;
		error = gate_resize(db, 0);
		if (error != 0)
			return error;
	}
}
