/* What the tests of db share: a database in a temporary folder, with a clock that stands still. */
#ifndef FF_DB_TEST_DBKIT_H
#define FF_DB_TEST_DBKIT_H

#include <sys/types.h>

#include "db/db.h"
#include "testkit.h"

#define KIT_WALL_MS UINT64_C(1700000000000)
#define KIB ((size_t)1024)
#define MIB ((size_t)1024 * 1024)

struct kit {
	char *folder;
	struct test_clock clock;
	struct db_settings settings;
	struct db *db;
};

extern struct db_table kit_things; /* text -> text */
extern struct db_table kit_others; /* text -> text */

/* A new folder with an open database of 16 MiB, which may grow to 64. */
void kit_init(struct kit *kit);
/* Fits CLEANUP(kit_free). */
void kit_free(struct kit *kit);
void kit_open(struct kit *kit);
void kit_reopen(struct kit *kit);
/* For settings that must not open. */
enum rc kit_try_open(struct kit *kit, struct err *err);

/* One row in one commit. */
enum rc kit_put(struct kit *kit, const struct db_table *table, struct str key, struct str value);
enum rc kit_del(struct kit *kit, const struct db_table *table, struct str key);
/* Compares one row with what is stored; STR_NONE means that there is none. */
void kit_expect(struct kit *kit, const struct db_table *table, struct str key, struct str value);
uint64_t kit_count(struct kit *kit, const struct db_table *table);

/*
 * Starts this same program with two arguments, folder and what; *out reads its standard output. The test's main()
 * tells by the arguments that it is the child.
 */
pid_t kit_spawn(const char *folder, const char *what, int *out);
/* A kit for such a child: settings for the folder with a small map. */
void kit_init_child(struct kit *kit, char *folder);

#endif
