/* Lists of people whom somebody follows, each a timeline of its own. Members stand on SHELF_LISTED of
 * the list. */
#ifndef FF_STORE_LIST_H
#define FF_STORE_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/ctx.h"
#include "core/str.h"
#include "db/db.h"

#define LISTS_MAX 50 /* of an account */

/* Whose replies a list shows; the numbers are stored. */
enum replies_policy {
	REPLIES_TO_LIST,     /* to members of the list */
	REPLIES_TO_FOLLOWED, /* to people whom the owner follows */
	REPLIES_TO_NOBODY,
};
/* "list", "followed", "none". */
const char *replies_policy_name(enum replies_policy policy);
bool replies_policy_parse(struct str name, enum replies_policy *out) NODISCARD;

struct list {
	uint64_t id;
	uint64_t owner;
	enum replies_policy replies;
	bool exclusive; /* what it shows is kept out of the home feed */
	struct str title;
};

/* Only the owner's; the title is copied into arena. */
bool list_get(struct db_txn *txn, struct arena *arena, uint64_t owner, uint64_t id,
	      struct list *out);
/* Sets list->id. RC_TOO_LARGE when there are LISTS_MAX. */
enum rc list_add(struct db_txn *txn, struct list *list) NODISCARD;
void list_put(struct db_txn *txn, const struct list *list);
/* With at most count of its members: RC_BUSY when there are more, RC_NOT_FOUND. */
enum rc list_del(struct db_txn *txn, uint64_t owner, uint64_t id, size_t count) NODISCARD;
/* All of an account's in the order of their making; how many. */
size_t list_all(struct db_txn *txn, struct arena *arena, uint64_t owner,
		struct list out[LISTS_MAX]);
/* Is the account on a list of owner's that is exclusive? */
bool list_keeps_apart(struct db_txn *txn, uint64_t owner, uint64_t account);
/* A followee goes from all lists of owner. */
void lists_drop(struct db_txn *txn, uint64_t owner, uint64_t account);

#endif
