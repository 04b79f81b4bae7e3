/* Notifications: what a local account should hear of. Rows of their own, since they are few and
 * must last. */
#ifndef FF_STORE_NOTICE_H
#define FF_STORE_NOTICE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"

enum notice_kind {
	NOTICE_MENTION = 1,
	NOTICE_FOLLOW = 2,
	NOTICE_FOLLOW_REQUEST = 3,
	NOTICE_LIKE = 4,
	NOTICE_BOOST = 5,
	NOTICE_EDIT = 6,
	NOTICE_REPORT = 7,
	NOTICE_POLL = 8, /* a poll that they have made or voted in is over; from is its author */
	NOTICE_REACTION = 10,
	NOTICE_QUOTE = 13,
	NOTICE_INTERACTION = 14,	/* somebody asks to do something with a post */
	NOTICE_COLLECTION = 40,		/* somebody has put them into a collection */
	NOTICE_COLLECTION_REQUEST = 41, /* and asks whether they let it */
	NOTICE_MOVE = 16, /* somebody whom they follow has moved; from is the new account */
};

/* "mention", "follow", ... */
const char *notice_kind_name(enum notice_kind kind);

struct notice {
	uint64_t id;
	enum notice_kind kind;
	uint64_t from;
	uint64_t status; /* 0 when it is about none */
};

uint64_t notice_add(struct db_txn *txn, uint64_t account, enum notice_kind kind, uint64_t from,
		    uint64_t status);
/* Newest first, below max_id (0: from the newest). */
size_t notice_list(struct db_txn *txn, uint64_t account, uint64_t max_id, struct notice *out,
		   size_t count);

/* All of an account's, at most count. Returns how many. */
size_t notices_del(struct db_txn *txn, uint64_t account, size_t count);

/* A report about an account here, from a peer (Flag) or from a person. */
struct report {
	uint64_t id;
	uint64_t reporter; /* an account; of a peer usually its instance actor */
	uint64_t target;
	struct str comment;
	struct str uri;	     /* of the Flag */
	struct str *objects; /* what it names, as ids */
	unsigned object_count;
};
#define REPORT_OBJECTS_MAX 100
uint64_t report_add(struct db_txn *txn, const struct report *report);
bool report_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct report *out);
/* Newest first; strings are copied into arena. */
size_t report_list(struct db_txn *txn, struct arena *arena, uint64_t max_id, struct report *out,
		   size_t count);

#endif
