/* Lists of blocks that others keep: subscriptions, what they say of hosts, and drafts of decisions that
 * wait for a moderator. Inside transactions only. */
#ifndef FF_STORE_BLOCKLIST_H
#define FF_STORE_BLOCKLIST_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"
#include "store/peer.h"

/* The numbers are stored. */
enum blocklist_severity {
	BLOCKLIST_AS_SAID,
	BLOCKLIST_LIMIT, /* limits at most */
};

struct blocklist {
	uint64_t id;
	struct str url;
	enum blocklist_severity severity;
	uint32_t generation; /* how often it was taken over */
	uint64_t hosts;	     /* that it named then */
	uint64_t by;	     /* who subscribed; 0: the operator */
	uint64_t created_ms;
	uint64_t fetched_ms; /* when it was had last; 0: never */
	struct str etag;
	struct str error; /* of the last attempt; empty: none */
	bool accepted;	  /* what the next attempt brings is taken, however little it is */
};
#define BLOCKLISTS_MAX 20
#define BLOCKLIST_HOSTS_MAX 20000

bool blocklist_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct blocklist *out);
/* Adds (id 0) or replaces; returns the id. */
uint64_t blocklist_put(struct db_txn *txn, const struct blocklist *list);
/* Its entries are the caller's to delete. */
bool blocklist_del(struct db_txn *txn, uint64_t id);
size_t blocklist_all(struct db_txn *txn, struct arena *arena, struct blocklist out[BLOCKLISTS_MAX]);

/* What a list says of a host. */
struct block_entry {
	struct str host;
	enum peer_policy policy; /* PEER_BLOCKED, PEER_LIMITED, or PEER_DEFAULT with flags */
	unsigned flags;		 /* enum peer_flags */
	struct str comment;
	uint32_t generation;
};
bool block_entry_get(struct db_txn *txn, struct arena *arena, uint64_t list, struct str host,
		     struct block_entry *out);
void block_entry_put(struct db_txn *txn, uint64_t list, const struct block_entry *entry);
void block_entry_del(struct db_txn *txn, uint64_t list, struct str host);
/* By name, after `after`. */
size_t block_entries(struct db_txn *txn, struct arena *arena, uint64_t list, struct str after,
		     struct block_entry *out, size_t count);

/* A decision that lists ask for. */
struct block_draft {
	struct str host;
	bool dismissed; /* a moderator does not want it */
	uint64_t since_ms;
};
bool block_draft_get(struct db_txn *txn, struct arena *arena, struct str host,
		     struct block_draft *out);
void block_draft_put(struct db_txn *txn, const struct block_draft *draft);
void block_draft_del(struct db_txn *txn, struct str host);
/* By name, after `after`. */
size_t block_drafts(struct db_txn *txn, struct arena *arena, struct str after,
		    struct block_draft *out, size_t count);

#endif
