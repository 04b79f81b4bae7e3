/* What the integrity checks share. They stream: nothing is kept from one row to the next. */
#ifndef FF_STORE_CHECK_INT_H
#define FF_STORE_CHECK_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "db/db.h"
#include "store/uri.h"

struct check {
	struct db_txn *txn;
	struct arena *arena; /* emptied before every row */
	void (*bad)(void *arg, struct str what);
	void *arg;
};

/* "account 17: is not found by its handle"; two ids for what lies between two things. */
void check_say(const struct check *c, const char *thing, uint64_t id, const char *what);
void check_say_pair(const struct check *c, const char *thing, uint64_t a, uint64_t b,
		    const char *what);

/* Calls row() for every row of a table; those with a key of another length are told. */
void check_walk(const struct check *c, const struct db_table *table, size_t key_len,
		void (*row)(const struct check *c, struct str key, struct str value));
/* How many rows of a table have a key that begins with id. */
uint64_t check_count(const struct check *c, const struct db_table *table, uint64_t id);
bool check_has(const struct check *c, const struct db_table *table, uint64_t id);
/* Does the index lead from uri to this? An index that leads to something else is left to that
 * thing; false only when there is none or it is damaged. */
bool check_uri(const struct check *c, struct str uri, struct uri_entry *out);
/* A row of uri whose key is not the digest of what it leads to. */
bool check_uri_fits(struct str key, struct str uri);
/* A walk that a damaged row ended. */
void check_end(const struct check *c, const char *what);

/* Without failing the transaction. */
bool uri_entry_decode(struct str value, struct uri_entry *out);

#endif
