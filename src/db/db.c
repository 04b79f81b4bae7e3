/* Opening and closing: the environment, the registry of tables, the threads' meeting points. */
#include <errno.h>
#include <stdlib.h>

#include "core/log.h"
#include "core/must.h"
#include "db_int.h"

#define PAGE_ROUND 4096
/* Slots for tools that open the database beside the running node. */
#define READERS_SPARE 16

static struct db_table meta_table = { .name = "_meta",
				      .help = "name -> value of the engine's own" };

static bool settings_valid(const struct db_settings *s)
{
	return s->path.len != 0 && s->batch_max != 0 && s->readers != 0 &&
	       s->readers < UINT32_MAX - READERS_SPARE;
}

static void slot_init(struct db_slot *slot, struct db_table *table)
{
	struct str name = str_of(table->name);
	*slot = (struct db_slot){ .table = table, .seed = crc32c(0, name.ptr, name.len) };
}

static enum rc db_alloc(struct db *db, const struct db_settings *s, struct db_table *const *tables,
			size_t count)
{
	db->slots = calloc(count + 1, sizeof(*db->slots));
	db->slot_count = count + 1;
	db->batch_max = s->batch_max;
	db->batch = calloc(db->batch_max, sizeof(struct db_work *));
	db->path = strndup(s->path.ptr, s->path.len);
	db->writer.arena = arena_new(DB_TXN_ARENA_MAX);
	if (db->slots == NULL || db->batch == NULL || db->path == NULL || db->writer.arena == NULL)
		return RC_NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		must(tables[i]->slot == 0 || tables[i]->slot == i);
		/* it may be in use already, by another database of the same registry */
		if (tables[i]->slot != i)
			tables[i]->slot = (unsigned)i;
		slot_init(&db->slots[i], tables[i]);
	}
	slot_init(db_meta_slot(db), &meta_table);
	return RC_OK;
}

static struct db *db_new(const struct db_settings *s, const struct clock *clock)
{
	struct db *db = calloc(1, sizeof(*db));
	pthread_condattr_t attr;
	if (db == NULL)
		return NULL;
	db->clock = clock;
	db->schema = s->schema;
	db->read_only = s->read_only;
	db->readers_max = s->readers;
	db->queue_tail = &db->queue;
	effects_init(&db->effects);
	gate_init(&db->gate);
	must(pthread_mutex_init(&db->queue_lock, NULL) == 0);
	must(pthread_condattr_init(&attr) == 0);
	must(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0);
	must(pthread_cond_init(&db->queue_filled, &attr) == 0);
	pthread_condattr_destroy(&attr);
	return db;
}

static enum rc env_failed(struct err *err, const char *path, int error)
{
	enum rc rc = RC_IO;
	if (error == MDB_INVALID || error == MDB_CORRUPTED || error == MDB_VERSION_MISMATCH)
		rc = RC_CORRUPT;
	return err_set(err, rc, "%s: %s", path, mdb_strerror(error));
}

/* F-08: LMDB's defaults are durable; none of the flags that trade that away is ever set. */
static enum rc env_open(struct db *db, struct err *err, const struct db_settings *s)
{
	MDB_stat stat;
	unsigned flags = MDB_NOTLS | (s->read_only ? (unsigned)MDB_RDONLY : 0);
	uint64_t map = (s->map_bytes + PAGE_ROUND - 1) / PAGE_ROUND * PAGE_ROUND;
	db->max_bytes = s->max_bytes > map ? s->max_bytes / PAGE_ROUND * PAGE_ROUND : map;
	int error = mdb_env_create(&db->env);
	if (error == 0)
		error = mdb_env_set_maxdbs(db->env, (MDB_dbi)db->slot_count);
	if (error == 0)
		error = mdb_env_set_maxreaders(db->env, (unsigned)s->readers + READERS_SPARE);
	if (error == 0)
		error = mdb_env_set_mapsize(db->env, map);
	if (error == 0)
		error = mdb_env_open(db->env, db->path, flags, 0600);
	if (error == 0)
		error = mdb_env_stat(db->env, &stat);
	if (error != 0)
		return env_failed(err, db->path, error);
	db->page_size = stat.ms_psize;
	/* a new file is durable only when its name is */
	return s->read_only ? RC_OK : fs_sync_folder(err, db->path);
}

static enum rc db_start(struct db *db, struct err *err, const struct db_settings *s)
{
	enum rc rc = fs_check(err, db->path);
	if (rc == RC_OK)
		rc = env_open(db, err, s);
	if (rc == RC_OK)
		rc = pages_check_start(db, err);
	if (rc == RC_OK)
		rc = schema_open(db, err);
	if (rc == RC_OK && !db->read_only)
		rc = writer_start(db);
	return rc;
}

enum rc db_open(struct err *err, const struct db_settings *settings, struct db_table *const *tables,
		size_t table_count, const struct clock *clock, struct db **out)
{
	*out = NULL;
	if (!settings_valid(settings))
		return err_set(err, RC_INVALID, "settings of the database are out of range");
	struct db *db = db_new(settings, clock);
	if (db == NULL)
		return err_set(err, RC_NO_MEMORY, "no memory for the database");
	enum rc rc = db_alloc(db, settings, tables, table_count);
	if (rc == RC_OK)
		rc = db_start(db, err, settings);
	if (rc != RC_OK) {
		db_close(&db);
		return err_set(err, rc, "the database cannot be opened: %s", rc_text(rc));
	}
	LOG(DB_OPENED, F_STR("path", settings->path), F_U64("max_bytes", db->max_bytes));
	*out = db;
	return RC_OK;
}

static void pool_free(struct db *db)
{
	size_t left = db->pool_count;
	for (struct db_txn *txn; (txn = db->pool) != NULL; left--) {
		db->pool = txn->next;
		if (txn->mdb != NULL)
			mdb_txn_abort(txn->mdb);
		arena_free(&txn->arena);
		free(txn);
	}
	must(left == 0);
}

void db_close(struct db **db_ptr)
{
	struct db *db = *db_ptr;
	if (db == NULL)
		return;
	*db_ptr = NULL;
	writer_stop(db);
	pool_free(db);
	if (db->env != NULL)
		mdb_env_close(db->env);
	arena_free(&db->writer.arena);
	effects_free(&db->effects);
	gate_destroy(&db->gate);
	pthread_cond_destroy(&db->queue_filled);
	pthread_mutex_destroy(&db->queue_lock);
	free(db->path);
	free(db->batch);
	free(db->slots);
	free(db);
}
