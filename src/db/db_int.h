/*
 * The inside of db: what its files share. Locks: `gate` guards the map (who is inside a
 * transaction, who moves the map), `queue_lock` the waiting jobs and the hook. What is marked
 * "writer" belongs to the writer's thread alone.
 */
#ifndef FF_DB_DB_INT_H
#define FF_DB_DB_INT_H

#include <pthread.h>
#include <stdatomic.h>

#include <lmdb.h>

#include "core/arena.h"
#include "db/db.h"
#include "db/migrate.h"

#define DB_CRC_SIZE 4
#define DB_TXN_AGE_MAX_MS MS_PER_SECOND
/* What one job may copy out of its transaction. */
#define DB_TXN_ARENA_MAX ((size_t)256 << 20)

struct db_slot {
	const struct db_table *table;
	MDB_dbi dbi;
	bool present; /* false only in a read-only database that never had the table */
	uint32_t seed;
};

struct db_gate {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned inside; /* transactions that are open */
	bool closed;	 /* the map is about to move */
};

struct db_txn {
	struct db *db;
	MDB_txn *mdb;
	struct arena *arena; /* copies of what was read; NULL where the map itself is stable */
	struct db_txn *next; /* in the pool of readers */
	pthread_t owner;
	enum rc rc;
	unsigned iters; /* open iterators */
	uint64_t wall_ms;
	uint64_t steady_ms;

	/* writer */
	bool writable;
	bool reserve;	 /* the job may use the reserve */
	bool freed;	 /* the job has deleted something */
	bool broken;	 /* LMDB takes nothing more in this transaction */
	bool map_full;	 /* and a larger map would help */
	bool io_failed;	 /* storage failed: nothing helps */
	uint64_t writes; /* changes so far */
	uint64_t last_id;
	bool ids_used;
};

/* writer: what is known about the room that is left */
struct db_room {
	uint64_t budget;  /* bytes that ordinary jobs may still add in this transaction */
	uint64_t disk_ms; /* when the disk was looked at */
	bool disk_low;
	bool hard;	   /* LMDB or the disk refused, and nothing was committed since */
	bool refusing;	   /* ordinary jobs were turned away since there was room last */
	_Atomic bool full; /* as told to the outside */
};

struct db_effects {
	pthread_mutex_t lock; /* of fn and arg, and while fn runs */
	db_effects_fn *fn;
	void *arg;
	_Atomic bool wanted;
	/* writer */
	struct db_effect *list;
	size_t count, cap;
};

struct db {
	MDB_env *env;
	char *path;
	const struct clock *clock;
	const struct db_schema *schema;
	struct db_slot *slots; /* the last is the engine's own */
	size_t slot_count;
	uint64_t max_bytes;
	uint64_t page_size;
	size_t readers_max;
	bool read_only;

	struct db_gate gate;
	struct db_txn *pool; /* guarded by gate.lock */
	size_t pool_count;   /* all readers there are, in the pool or out */

	pthread_t thread;
	bool thread_started;
	pthread_mutex_t queue_lock;
	pthread_cond_t queue_filled;
	struct db_work *queue;
	struct db_work **queue_tail;
	bool stopping;
	void (*on_failure)(void *arg, enum rc rc);
	void *on_failure_arg;
	bool failure_told;
	_Atomic bool failed;
	struct db_effects effects;

	/* writer */
	struct db_txn writer;
	struct db_work **batch;
	size_t batch_max;
	struct db_room room;
	uint64_t reader_check_ms;
};

/* crc.c */
uint32_t crc32c(uint32_t crc, const void *bytes, size_t n);
/* The same for any processor. */
uint32_t crc32c_by_table(uint32_t crc, const void *bytes, size_t n);
/* What a row of a table is sealed with. */
uint32_t row_crc(const struct db_slot *slot, struct str key, struct str value);

/* gate.c */
void gate_init(struct db_gate *gate);
void gate_destroy(struct db_gate *gate);
void gate_enter(struct db *db);
void gate_leave(struct db *db);
/* Does this thread hold a transaction for reading? */
bool gate_held_here(void);
/* Moves the map to a new size, 0 for what another process made it, when nobody is inside. */
int gate_resize(struct db *db, uint64_t bytes);
/* mdb_txn_begin(), or renewing *mdb when it is one already, that copes with a map another process
 * has grown. */
int gate_txn_begin(struct db *db, unsigned flags, MDB_txn **mdb);

/* txn.c */
const struct db_slot *txn_slot(struct db_txn *txn, const struct db_table *table);
struct db_slot *db_meta_slot(struct db *db);
/*
 * What an error of LMDB was caused by, right after the call. It calls a write that came out short EIO,
 * too, which is how some file systems get full; then nobody has set errno (mdb_page_flush()).
 */
int txn_error(int error);
/* Makes the transaction fail with what an LMDB error means. */
void txn_fail_mdb(struct db_txn *txn, int error);
/* Takes the seal off a stored value. False, with log line and count, when it is broken. */
bool row_open(struct db_txn *txn, const struct db_slot *slot, struct str key, const MDB_val *stored,
	      struct str *value);
bool row_sound(const struct db_slot *slot, struct str key, const MDB_val *stored,
	       struct str *value);
bool row_get(struct db_txn *txn, const struct db_slot *slot, struct str key, struct str *value);
bool row_put(struct db_txn *txn, const struct db_slot *slot, struct str key, struct str value,
	     unsigned flags);
/* A copy where the transaction needs one, else s itself. */
struct str txn_keep(struct db_txn *txn, struct str s);

/* effect.c */
void effects_init(struct db_effects *effects);
void effects_free(struct db_effects *effects);
/* The commit is durable. */
void effects_tell(struct db_effects *effects);

/* id.c */
bool id_store(struct db_txn *txn);

/* writer.c */
/* Runs one job at once, on this thread; only before the writer's thread runs. */
enum rc writer_run_now(struct db *db, enum rc (*job)(struct db_txn *txn, void *arg), void *arg);
enum rc writer_start(struct db *db);
void writer_stop(struct db *db);

/* room.c */
/* Looks at map and disk before a write transaction. */
void room_check(struct db *db);
bool room_take(struct db_txn *txn, struct str key, struct str value);
/* The map or the disk refused; a commit went through. */
void room_refused(struct db *db, const char *what);
void room_committed(struct db *db);
bool room_grow(struct db *db);
int room_used(struct db *db, uint64_t *bytes);

/* pages.c */
enum pages_depth {
	PAGES_BRANCHES, /* all but the leaves, which are the most: what a start has time for */
	PAGES_ALL,
};
/* A smaller file is looked at in whole at the start. */
#define PAGES_ALL_MAX (64 << 20)
/* RC_CORRUPT, with page and reason, when the structure is damaged. */
enum rc pages_check(struct db *db, struct err *err, enum pages_depth depth);
enum rc pages_check_start(struct db *db, struct err *err);

/* migrate.c */
/* Brings the schema up to date and opens the tables. */
enum rc schema_open(struct db *db, struct err *err);

/* fs.c */
bool fs_is_remote(uint64_t magic);
enum rc fs_check(struct err *err, const char *path);
enum rc fs_sync_folder(struct err *err, const char *path);

#endif
