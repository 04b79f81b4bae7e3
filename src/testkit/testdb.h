/*
 * A database with the tables of module store in a temporary folder, and factories for what stands
 * in it, for tests of the store itself; teststore.h is for what stands above. Its clock moves only
 * when told to; ids rise all the same. Strings of what is returned live as long as the database.
 */
#ifndef FF_TESTKIT_TESTDB_H
#define FF_TESTKIT_TESTDB_H

#include "core/arena.h"
#include "db/db.h"
#include "store/account.h"
#include "store/status.h"
#include "testkit.h"

#define TEST_DB_WALL_MS UINT64_C(1700000000000)

struct test_db {
	char *folder;
	struct test_clock clock;
	struct db *db;
	struct arena *arena;
};

/* extra are tables of other modules, behind those of store. */
void test_db_init(struct test_db *t, struct db_table *const *extra, size_t count);
/* Fits CLEANUP(test_db_free). */
void test_db_free(struct test_db *t);

/* A job in a write of its own, which must succeed. */
void test_db_write(struct test_db *t, enum rc (*job)(struct db_txn *txn, void *arg), void *arg);
/* A snapshot; end it with db_read_end(). */
struct db_txn *test_db_read(struct test_db *t);

/* "value" under "key", or nothing when value is absent: damage, made by hand. */
void test_db_put(struct test_db *t, const struct db_table *table, struct str key, struct str value);
uint64_t test_db_rows(struct test_db *t, const struct db_table *table);

/* Accounts; a remote one has a shared inbox at its host. */
struct account test_db_local(struct test_db *t, const char *username);
struct account test_db_remote(struct test_db *t, const char *username, const char *host);
struct account test_db_account(struct test_db *t, uint64_t id);
/* An accepted follow, whoever the two are. */
void test_db_follow(struct test_db *t, const struct account *follower,
		    const struct account *followee);
/* A public status with a uri of its own; parent and boost_of may be 0. */
struct status test_db_status(struct test_db *t, const struct account *author, uint64_t parent,
			     uint64_t boost_of);

/* Runs the integrity checks of the store: how many complaints there were. The first one is put into
 * *first, when that is asked for. */
size_t test_db_complaints(struct test_db *t, struct str *first);
/* Fails when there is any. */
void test_db_check(struct test_db *t);

#endif
