/*
 * Migrations: how a database of an older schema becomes one of ours. All that are due run in one
 * write transaction, after a copy of the old state was put beside it (P-16). Who owns the tables
 * owns the migrations and hands them to db_open() in its settings.
 */
#ifndef FF_DB_MIGRATE_H
#define FF_DB_MIGRATE_H

#include "db/db.h"

struct db_migration {
	unsigned from; /* the schema version it starts from; it leads to from + 1 */
	const char *help;
	/* A write job, in the manner of db_work's. */
	enum rc (*run)(struct db_txn *txn);
};

struct db_schema {
	unsigned version;
	const struct db_migration
		*migrations; /* one for every version before ours that can be brought up */
	size_t count;
};

#endif
