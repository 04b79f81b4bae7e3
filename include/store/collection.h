/*
 * Collections of accounts that somebody recommends (FEP-7aa9). Who is in one has consented to it: an
 * item is shown when its state says so. Few of an account, and few accounts in each.
 */
#ifndef FF_STORE_COLLECTION_H
#define FF_STORE_COLLECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"
#include "text/html.h"

#define COLLECTIONS_MAX 20	 /* of an account */
#define COLLECTION_ITEMS_MAX 50	 /* in a collection */
#define COLLECTIONS_WITH_MAX 500 /* that an account is in */

enum collection_flags {
	COLLECTION_SENSITIVE = 1,
	COLLECTION_DISCOVERABLE = 2,
};

struct collection {
	uint64_t id;
	uint64_t account; /* whose it is */
	unsigned flags;
	struct str uri;
	struct str url; /* of a page for people; empty when there is none */
	struct str name;
	struct html description;
	struct str language;
	struct str tag; /* what it is about, without "#"; empty: unsaid */
	uint64_t created_ms, updated_ms;
	uint64_t fetched_ms; /* remote: when it was read; 0: only its id is known */
};

/* The numbers are stored. */
enum collection_state {
	COLLECTION_PENDING = 1,	 /* the account was asked */
	COLLECTION_ACCEPTED = 2, /* and has consented */
	COLLECTION_REJECTED = 3,
	COLLECTION_REVOKED = 4, /* it had */
};
/* "pending", "accepted", "rejected", "revoked". */
const char *collection_state_name(enum collection_state state);

struct collection_item {
	uint64_t id; /* grows with the time of adding */
	uint64_t collection;
	uint64_t account; /* who is recommended */
	enum collection_state state;
	struct str uri;		  /* of the item; empty where none was told */
	struct str request;	  /* id of the activity that asked */
	struct str authorization; /* what a remote account has answered with */
	uint64_t created_ms;
};

/* Strings are copied into arena. False when there is none, or the transaction or arena has failed. */
bool collection_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct collection *out);
bool collection_find_uri(struct db_txn *txn, struct arena *arena, struct str uri,
			 struct collection *out);
/* Sets the id unless it is given. False when its uri is taken, or the account has enough. */
bool collection_add(struct db_txn *txn, struct collection *c);
/* Replaces what is stored under c->id; account and uri never change. */
void collection_put(struct db_txn *txn, const struct collection *c);
/* With its items. False when there is none. */
bool collection_del(struct db_txn *txn, struct arena *arena, uint64_t id);
/* An account's, oldest first. How many. */
size_t collections_of(struct db_txn *txn, uint64_t account, uint64_t out[COLLECTIONS_MAX]);

/* In the order of adding. How many. */
size_t collection_items(struct db_txn *txn, struct arena *arena, uint64_t collection,
			struct collection_item out[COLLECTION_ITEMS_MAX]);
/* The item that recommends account. */
bool collection_item_of(struct db_txn *txn, struct arena *arena, uint64_t collection,
			uint64_t account, struct collection_item *out);
/* Sets the id. False when the account is in it already, or it is full, or the account is in too
 * many. */
bool collection_item_add(struct db_txn *txn, struct arena *arena, struct collection_item *item);
/* Replaces what is stored; collection and account never change. */
void collection_item_put(struct db_txn *txn, const struct collection_item *item);
void collection_item_del(struct db_txn *txn, const struct collection_item *item);

/* What an account is in, behind a collection's id: (collection, item) pairs. How many. */
struct collection_place {
	uint64_t collection, item;
};
size_t collections_with(struct db_txn *txn, uint64_t account, uint64_t after,
			struct collection_place *out, size_t count);
bool collection_item_get(struct db_txn *txn, struct arena *arena, struct collection_place place,
			 struct collection_item *out);

/* Integrity: rows to indexes and back. */
void collection_check(struct db_txn *txn, struct arena *arena,
		      void (*bad)(void *arg, struct str what), void *arg);

#endif
