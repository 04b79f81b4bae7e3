/* Notifications: what a local account should hear of. Rows of their own, since they are few and
 * must last. */
#ifndef FF_STORE_NOTICE_H
#define FF_STORE_NOTICE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"
#include "store/range.h"

enum notice_kind {
	NOTICE_MENTION = 1,
	NOTICE_FOLLOW = 2,
	NOTICE_FOLLOW_REQUEST = 3,
	NOTICE_LIKE = 4,
	NOTICE_BOOST = 5,
	NOTICE_EDIT = 6,
	NOTICE_REPORT = 7, /* for moderators; about is the report */
	NOTICE_POLL = 8,   /* a poll that they have made or voted in is over; from is its author */
	NOTICE_REACTION = 10,
	NOTICE_QUOTE = 13,
	NOTICE_INTERACTION = 14, /* somebody asks to do something with a post */
	NOTICE_MOVE = 16,	 /* somebody whom they follow has moved; from is the new account */
	NOTICE_STATUS = 17,	 /* somebody whose every post they want to hear of has posted */
	NOTICE_QUOTED_EDIT = 18, /* what they quote was edited; status is their quote */
	NOTICE_SIGN_UP = 19,	 /* for those who run the node: from is the new account */
	NOTICE_SEVERED = 20,	 /* follows were ended by a block; about is the event */
	NOTICE_WARNING = 21,	 /* a moderator has acted; about is the warning */
	NOTICE_COLLECTION = 22,	 /* they were put into a collection; about is that */
	NOTICE_COLLECTION_EDIT = 23, /* a collection that they are in was changed */
	NOTICE_ANNUAL = 24,	     /* their year is ready; about is the year */
	NOTICE_COLLECTION_REQUEST =
		25, /* somebody asks whether they let themselves be put into one */
	NOTICE_MEMBERSHIP =
		27, /* by attribute: about is when it ends, or has ended; 0: it goes on. from is the
		       community */
	NOTICE_JOINT_OFFER =
		28, /* a group elsewhere offers to own a community together; about is that */
	NOTICE_EVENT_REQUEST = 29, /* somebody asks to take part in an event of theirs */
	NOTICE_EVENT_INVITE = 30,  /* they are invited to one */
	NOTICE_EVENT_REMINDER =
		31, /* one that they take part in is about to begin; from is its author */
};
#define NOTICE_KINDS 32 /* more than the greatest */
#define NOTICE_BIT(kind) (1U << (kind))

/* "mention", "follow", ... */
const char *notice_kind_name(enum notice_kind kind);

struct notice {
	uint64_t id;
	enum notice_kind kind;
	uint64_t from;
	uint64_t status; /* 0 when it is about none */
	uint64_t about;	 /* a report, an event, a warning; 0 mostly */
	bool held;	 /* its sender is a stranger: it waits in a request */
};

uint64_t notice_add(struct db_txn *txn, uint64_t account, enum notice_kind kind, uint64_t from,
		    uint64_t status);
/* The same with all that it may say; its id is given, and returned. */
uint64_t notice_put(struct db_txn *txn, uint64_t account, const struct notice *notice);
bool notice_get(struct db_txn *txn, uint64_t account, uint64_t id, struct notice *out);
/* False when there is none. */
bool notice_del(struct db_txn *txn, uint64_t account, uint64_t id);

struct notice_filter {
	unsigned kinds; /* NOTICE_BIT()s */
	uint64_t from;	/* 0: whoever */
	bool held_too;
};
#define NOTICE_FILTER_ALL ((struct notice_filter){ .kinds = ~0U })

#define NOTICE_SCAN_MAX 20000 /* rows that are looked at for one page */

/* Those that pass, in the order of the range. */
size_t notice_page(struct db_txn *txn, uint64_t account, const struct id_range *range,
		   const struct notice_filter *filter, struct notice *out, size_t count);
/* Newest first, below max_id (0: from the newest), held ones among them. */
size_t notice_list(struct db_txn *txn, uint64_t account, uint64_t max_id, struct notice *out,
		   size_t count);

/* All of an account's, at most count. Returns how many. */
size_t notices_del(struct db_txn *txn, uint64_t account, size_t count);

/* --- strangers: whose notices wait until they are let in --- */

enum notice_rule {
	NOTICE_ACCEPT,
	NOTICE_HOLD,
	NOTICE_DROP,
};

/* What becomes of notices by whom, or of what sort. */
struct notice_policy {
	enum notice_rule not_following;
	enum notice_rule not_followers;
	enum notice_rule new_accounts;
	enum notice_rule private_mentions;
	enum notice_rule limited_accounts;
};
/* What it is unless it was set: letters of strangers and all of limited accounts are held. */
struct notice_policy notice_policy_get(struct db_txn *txn, uint64_t account);
void notice_policy_put(struct db_txn *txn, uint64_t account, const struct notice_policy *policy);

/* The held notices of one stranger. Its name is the id of the first of them. */
struct notice_request {
	uint64_t id;
	uint64_t from;
	uint64_t last;	 /* the newest held notice */
	uint64_t status; /* the newest post among what they are about; 0: none */
	uint32_t count;
};

/* A notice that was put as held counts for its sender's request, which is made when there is none. */
void notice_hold(struct db_txn *txn, uint64_t account, const struct notice *notice);
bool notice_request_get(struct db_txn *txn, uint64_t account, uint64_t id,
			struct notice_request *out);
size_t notice_requests(struct db_txn *txn, uint64_t account, const struct id_range *range,
		       struct notice_request *out, size_t count);
/* Takes what is held for one, at most count: released into the list, or removed. How many it were;
 * fewer than count, and the request is gone. */
size_t notice_request_release(struct db_txn *txn, uint64_t account, uint64_t id, size_t count);
size_t notice_request_drop(struct db_txn *txn, uint64_t account, uint64_t id, size_t count);

/* Whoever was let in once is never held again. */
void notice_welcome(struct db_txn *txn, uint64_t account, uint64_t from);
bool notice_is_welcome(struct db_txn *txn, uint64_t account, uint64_t from);

/* The requests of an account, whose notices are gone already, at most count. Returns how many. */
size_t notice_requests_del(struct db_txn *txn, uint64_t account, size_t count);
/* Policy, requests and welcomes of an account, at most count. Returns how many. */
size_t notice_strangers_del(struct db_txn *txn, uint64_t account, size_t count);
/* Integrity of requests: rows to senders and back. */
void notice_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		  void *arg);

#endif
