/*
 * What an institution says of its people: names with values, such as department = chemistry. Private: the person
 * and those who run the node read them, and communities ask for them, so that membership follows from them.
 */
#ifndef FF_STORE_ATTRIBUTE_H
#define FF_STORE_ATTRIBUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"

#define ATTRIBUTE_NAME_MAX 64
#define ATTRIBUTE_VALUE_MAX 256 /* bytes */
#define ATTRIBUTES_MAX 100	/* of one account */

/* Who says so. The numbers are part of the stored format. */
enum attribute_source {
	ATTRIBUTE_BY_OPERATOR = 1,
	ATTRIBUTE_BY_SIGN_ON = 2,
	ATTRIBUTE_BUILT_IN = 3, /* never stored: it follows from what else is known */
};
/* "operator", "sign-on", "built-in". */
const char *attribute_source_name(enum attribute_source source);

struct attribute {
	struct str name, value;
	enum attribute_source source;
	uint64_t since_ms;
};

/* a-z, 0-9, "-", "_" and ".", from a letter on. */
bool attribute_name_valid(struct str name);

/* In no order; strings are copied into arena. */
size_t attributes_get(struct db_txn *txn, struct arena *arena, uint64_t account,
		      struct attribute out[ATTRIBUTES_MAX]);
/* Adds or replaces that value. False when there are ATTRIBUTES_MAX others. */
bool attribute_put(struct db_txn *txn, uint64_t account, const struct attribute *attribute);
/* False when there is none. */
bool attribute_del(struct db_txn *txn, uint64_t account, struct str name, struct str value);
void attributes_del(struct db_txn *txn, uint64_t account);

/*
 * Who is in a community because of them, and until when: 0, as long as they are as they should be. Who came in
 * by another way has no such row.
 */
struct attribute_entry {
	uint64_t community;
	uint64_t account;
	uint64_t ends_ms;
};
bool attribute_entry_get(struct db_txn *txn, uint64_t community, uint64_t account,
			 struct attribute_entry *out);
void attribute_entry_put(struct db_txn *txn, const struct attribute_entry *entry);
bool attribute_entry_del(struct db_txn *txn, uint64_t community, uint64_t account);
/* Accounts with a row, in order, after `after`. */
size_t attribute_entries(struct db_txn *txn, uint64_t community, uint64_t after, uint64_t *out,
			 size_t count);

/* Integrity: whole rows, of accounts and communities of here. */
void attribute_check(struct db_txn *txn, struct arena *arena,
		     void (*bad)(void *arg, struct str what), void *arg);

#endif
