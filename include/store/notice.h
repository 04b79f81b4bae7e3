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
	NOTICE_REPORT = 7, /* for moderators; status is the report's id */
	NOTICE_POLL = 8,   /* a poll that they have made or voted in is over; from is its author */
	NOTICE_REACTION = 10,
	NOTICE_QUOTE = 13,
	NOTICE_INTERACTION = 14, /* somebody asks to do something with a post */
	NOTICE_MOVE = 16,	 /* somebody whom they follow has moved; from is the new account */
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

#endif
