/*
 * db: an ordered key-value engine with durable group commit. This header is the seam behind which
 * the engine can be another one: nothing above it knows LMDB.
 *
 *   struct db        one database folder, opened once per process
 *   struct db_table  a named set of ordered rows; every module owns its own and registers it
 *   struct db_txn    a snapshot for reading, or the writer's transaction that a job is handed
 *   struct db_iter   a walk over the rows that share a key prefix, in key order, either way
 *   struct db_work   a write job on its way through the writer
 *
 * Manners: a failed transaction is sticky: the first error is kept, later calls do nothing, and
 * commit aborts. What a read returns is valid until its transaction ends: copy what must live
 * longer. No transaction is held across network or user I/O. Every stored value carries a CRC-32C
 * over table, key and value; a row that fails it is reported as RC_CORRUPT and never handed out.
 */
#ifndef FF_DB_DB_H
#define FF_DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "core/ctx.h"
#include "core/str.h"

struct db;
struct db_schema;
struct db_txn;

#define DB_KEY_MAX 500 /* bytes of one key */

struct db_table {
	const char *name; /* stable: it is part of the stored format */
	const char *help; /* key -> value, one line */
	unsigned slot;	  /* filled by db_open() */
};

struct db_settings {
	struct str path;    /* the folder, which exists */
	uint64_t map_bytes; /* how large the map is at first */
	uint64_t max_bytes; /* how large it may grow by itself */
	uint64_t batch_max; /* write jobs in one commit */
	uint64_t readers;   /* reader slots */
	bool read_only;	    /* for tools beside a running node */
	const struct db_schema
		*schema; /* NULL: DB_SCHEMA_VERSION, without migrations; see db/migrate.h */
};

/*
 * Opens or creates the database; tables is the complete registry, in an order that never changes
 * within a process. RC_IO, RC_CORRUPT, RC_UNSUPPORTED (a newer schema than ours, a network file
 * system), with the reason in err.
 */
enum rc db_open(struct err *err, const struct db_settings *settings, struct db_table *const *tables,
		size_t table_count, const struct clock *clock, struct db **out) NODISCARD;
/* Waits for the jobs in hand. No transaction may be open. */
void db_close(struct db **db);

/* --- reading --- */

/*
 * A snapshot. RC_BUSY when all reader slots are taken, RC_IO. Short: at most a second (S-117), and
 * it ends on the thread that began it.
 */
enum rc db_read_begin(struct db *db, struct db_txn **out) NODISCARD;
void db_read_end(struct db_txn **txn);

/* The first error of the transaction, RC_OK when there is none. */
enum rc db_txn_rc(const struct db_txn *txn);
/* The database that txn belongs to. */
struct db *db_txn_db(const struct db_txn *txn);

/* True when there is such a row; *value then points to it. False when not, or when the transaction
 * has failed. */
bool db_get(struct db_txn *txn, const struct db_table *table, struct str key, struct str *value);
/* Many rows at once: values[i] is absent where keys[i] has none. False only when the transaction
 * has failed. */
bool db_get_many(struct db_txn *txn, const struct db_table *table, const struct str *keys,
		 struct str *values, size_t count);

enum db_direction {
	DB_FORWARD,
	DB_BACKWARD,
};

/* Lives on the stack between db_iter_open() and db_iter_close(); fits CLEANUP(db_iter_close). */
struct db_iter {
	struct db_txn *txn;
	void *cursor;
	const struct db_table *table;
	enum db_direction direction;
	bool begun;	/* the cursor stands on the row that was returned last */
	bool exclusive; /* the walk goes on behind from, not at it */
	uint64_t writes;
	size_t prefix_len;
	size_t from_len;
	unsigned char prefix[DB_KEY_MAX];
	unsigned char from[DB_KEY_MAX];
};

/*
 * Rows whose key starts with prefix (which may be empty). from, when not absent, is a whole key
 * (prefix included) at which the walk starts: forward at the first key >= from, backward at the
 * last key <= from.
 */
void db_iter_open(struct db_iter *it, struct db_txn *txn, const struct db_table *table,
		  struct str prefix, enum db_direction direction, struct str from);
/* False at the end, or when the transaction has failed. */
bool db_iter_next(struct db_iter *it, struct str *key, struct str *value);
void db_iter_close(struct db_iter *it);

/* --- writing: only inside a job --- */

/* Adds or replaces. */
bool db_put(struct db_txn *txn, const struct db_table *table, struct str key, struct str value);
/* Adds a row whose key is greater than every other of its table: the fast way. Falls back to
 * db_put() when it is not. */
bool db_append(struct db_txn *txn, const struct db_table *table, struct str key, struct str value);
/* Adds; false without failing the transaction when the key is there already (*existing, if asked
 * for, points to it). */
bool db_add(struct db_txn *txn, const struct db_table *table, struct str key, struct str value,
	    struct str *existing);
/* True when there was such a row. */
bool db_del(struct db_txn *txn, const struct db_table *table, struct str key);
/* Makes the transaction fail with rc; for codecs that find damage. */
void db_txn_fail(struct db_txn *txn, enum rc rc);

/*
 * A new 64-bit id: 48 bits of wall time in ms, 16 bits of sequence; greater than every id given
 * before, by any process, whatever the clock does (S-126).
 */
uint64_t db_next_id(struct db_txn *txn);
#define DB_ID_TIME_SHIFT 16
/* When an id was given: wall time in ms. */
static inline uint64_t db_id_ms(uint64_t id)
{
	return id >> DB_ID_TIME_SHIFT;
}
/* The wall time in ms of the transaction's begin. */
uint64_t db_txn_now(const struct db_txn *txn);

/*
 * Something that others should hear of once it is durable. db does not know what it means; ids, since
 * what they stand for may have changed again until it is looked at.
 */
struct db_effect {
	uint32_t kind;
	uint32_t flags;
	uint64_t ids[3];
};
/* More in one commit are not told. */
#define DB_EFFECTS_MAX ((size_t)65536)
/*
 * Adds an effect to what the running job leads to; it is dropped when the job fails. Costs nothing when
 * nobody listens. Effects are told at most once: not after a crash, nor when memory is exhausted.
 */
void db_effect(struct db_txn *txn, const struct db_effect *effect);

/*
 * A job. It touches nothing but its transaction and what arg points to, and may be run again from
 * the start. RC_OK asks for commit; anything else undoes what this job wrote and becomes its
 * result.
 */
struct db_work {
	enum rc (*job)(struct db_txn *txn, void *arg);
	/* Runs on the writer's thread after the commit is durable, or after the failure; short. May
	 * be NULL. */
	void (*done)(struct db_work *work);
	void *arg;
	/* May write into the last 5 % of the room (S-114): deletions, outgoing deliveries,
	 * administration. */
	bool reserve;
	enum rc rc;	      /* the result, when done runs */
	struct db_work *next; /* db's own */
};

/* Queues work, which must live until done has run. Order of submission is order of execution. */
void db_submit(struct db *db, struct db_work *work);
/*
 * Queues and waits: RC_OK means durable. Never from inside a job or done, and never by a thread
 * that holds a read transaction: the writer may have to wait for its end.
 */
enum rc db_write(struct db *db, enum rc (*job)(struct db_txn *txn, void *arg), void *arg) NODISCARD;

/*
 * Who is told of effects: fn is called on the writer's thread after each durable commit, with all effects
 * of its jobs in their order, before their done(). Short, and it writes nothing. NULL: nobody; fn is
 * not running any more when this returns. Not from inside fn.
 */
typedef void db_effects_fn(void *arg, const struct db_effect *effects, size_t count);
void db_on_effects(struct db *db, db_effects_fn *fn, void *arg);

/* --- upkeep --- */

/* Called once, on the writer's thread, when storage failed (EIO): the process must stop
 * acknowledging and end. */
void db_on_failure(struct db *db, void (*fn)(void *arg, enum rc rc), void *arg);

/* A consistent copy into an empty folder, while the node runs. Files are 0600. */
enum rc db_backup(struct db *db, struct err *err, const char *folder) NODISCARD;

/* Reads every row of every table; calls bad() for each damaged one. Returns RC_OK when all are
 * sound. */
enum rc db_verify(struct db *db,
		  void (*bad)(void *arg, const struct db_table *table, struct str key),
		  void *arg) NODISCARD;

struct db_stat {
	uint64_t used_bytes;
	uint64_t map_bytes;
	uint64_t max_bytes;
	uint64_t rows;
	uint64_t last_commit; /* number of the last transaction */
	bool full;
};
enum rc db_stat(struct db *db, struct db_stat *out) NODISCARD;
/* How many rows a table has. */
uint64_t db_count(struct db_txn *txn, const struct db_table *table);

/* The version of the stored format; db/migrate.h says how an older one is brought up to it. */
#define DB_SCHEMA_VERSION 1

/* The version of LMDB that runs, which may be newer than the one it was built with. */
const char *db_library_version(void);

#endif
