/*
 * The ledger of a joint community: what partners share and decide, as records that never change. A record
 * is an activity with its group's proof, kept to the byte and named by its digest, so that partners who
 * have the same names have the same. What a record says is in tables of its own (resource.h,
 * consultation.h); a record is made of what is done here, or read from a partner.
 *
 *   slot   what a record is about in one word: a second one for the same slot contradicts the first
 *   thing  a resource or consultation, known by its id on the wire; gone ones are remembered
 */
#ifndef FF_STORE_LEDGER_H
#define FF_STORE_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/rc.h"
#include "core/str.h"
#include "crypt/digest.h"
#include "db/db.h"

/* The numbers are part of the stored format. */
enum ledger_kind {
	LEDGER_VERSION = 1, /* of a resource */
	LEDGER_DROP = 2,    /* a resource is gone */
	LEDGER_CONSULTATION = 3,
	LEDGER_CANCEL = 4,
	LEDGER_JOIN = 5,   /* a group takes part in a consultation */
	LEDGER_PAPERS = 6, /* what was voted at a group, a page of it */
};

enum ledger_flags {
	LEDGER_REFUSED = 1, /* it is known and not taken: slot says why, and there are no bytes */
	LEDGER_CONTRADICTED = 2, /* its group has said something else, too */
};

#define LEDGER_RECORDS_MAX 50000 /* of a community */
#define LEDGER_REFUSED_MAX 1000
#define LEDGER_BYTES_MAX ((size_t)384 * 1024)

struct ledger_record {
	uint64_t community;
	struct digest name; /* of bytes */
	enum ledger_kind kind;
	unsigned flags;
	uint64_t order;	 /* in which they came here, from 1; 0: refused */
	uint64_t origin; /* the account of the group whose it is; the community's own for ours */
	uint64_t thing;	 /* the resource's or consultation's id here */
	uint64_t at_ms;	 /* when its group says that it was made */
	struct str slot;
	struct str bytes;
};

/* How many there are and the XOR of their names, refused ones left out. */
struct ledger_sum {
	uint64_t count;
	struct digest digest;
	uint64_t last; /* order of the last that came */
	uint64_t refused;
};
void ledger_digest_add(struct digest *sum, const struct digest *name);

struct ledger_sum ledger_sum(struct db_txn *txn, uint64_t community);
/* Strings are copied into arena. False when there is none. */
bool ledger_get(struct db_txn *txn, struct arena *arena, uint64_t community,
		const struct digest *name, struct ledger_record *out);
/* The same without its strings. */
bool ledger_peek(struct db_txn *txn, uint64_t community, const struct digest *name,
		 struct ledger_record *out);
bool ledger_knows(struct db_txn *txn, uint64_t community, const struct digest *name);
/* The record of a slot. False when there is none. */
bool ledger_find(struct db_txn *txn, uint64_t community, struct str slot, struct digest *name);
/* Sets its name and order. RC_EXISTS: it is here; RC_CONFLICT: its slot has another; RC_TOO_LARGE: there
 * are LEDGER_RECORDS_MAX, or it is longer than LEDGER_BYTES_MAX. */
enum rc ledger_add(struct db_txn *txn, struct ledger_record *record) NODISCARD;
/* It is not asked for again. */
void ledger_refuse(struct db_txn *txn, uint64_t community, const struct digest *name,
		   struct str reason);
/* Its group has said something else for the same slot. */
void ledger_contradict(struct db_txn *txn, uint64_t community, const struct digest *name);
bool ledger_del(struct db_txn *txn, uint64_t community, const struct digest *name);
/* Those of a community before an order (0: from the last), the newest first. *end is the order of the
 * last of them. */
size_t ledger_before(struct db_txn *txn, uint64_t community, uint64_t before, struct digest *out,
		     size_t count, uint64_t *end);
/* Those of a thing in their order after one, which becomes the order of the last. */
size_t ledger_of(struct db_txn *txn, uint64_t community, uint64_t thing, uint64_t *after,
		 struct digest *out, size_t count);

/* --- things --- */

struct ledger_thing {
	uint64_t id; /* here; 0: it is gone, and does not come back */
	struct str uri;
};
/* False when nobody has heard of it. The string is copied into arena. */
bool ledger_thing_get(struct db_txn *txn, struct arena *arena, uint64_t community, struct str uri,
		      struct ledger_thing *out);
void ledger_thing_put(struct db_txn *txn, uint64_t community, struct str uri, uint64_t id);

/* --- partners, as readers of ours and writers of theirs --- */

struct ledger_peer {
	struct str url; /* of their ledger; empty: they have not told */
	uint64_t compared_ms;
};
bool ledger_peer_get(struct db_txn *txn, struct arena *arena, uint64_t community, uint64_t partner,
		     struct ledger_peer *out);
void ledger_peer_put(struct db_txn *txn, uint64_t community, uint64_t partner,
		     const struct ledger_peer *peer);

/* At most count rows of a community. Returns how many went. */
size_t ledger_clear(struct db_txn *txn, uint64_t community, size_t count);

/* Integrity: records to their bytes, order, slots and things, sums to records. */
void ledger_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		  void *arg);

#endif
