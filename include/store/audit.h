/*
 * What moderators and administrators did: rows that are only ever added, in the same write as the act.
 * Each says in its content what was done and names the hash of the row before, and its own hash is
 * the SHA-256 (FIPS 180-4) of that content in its one spelling (RFC 8785): a row that was changed,
 * taken out or put in between breaks the chain from there on, as in Schneier and Kelsey, "Secure Audit Logs
 * to Support Computer Forensics" (1999), section 3. What was cut off at the end shows when the head
 * of the chain was noted elsewhere before.
 *
 * Content holds ids, words and names of hosts, and never what people have written or are called. Ids can be
 * guessed: a random salt ("salt", 128 bits) in each row keeps its hash, which may be published, from telling
 * whom it is about. Rows of before are checked like others, and their hashes are not for the public.
 */
#ifndef FF_STORE_AUDIT_H
#define FF_STORE_AUDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/ctx.h"
#include "core/str.h"
#include "crypt/digest.h"
#include "db/db.h"

struct audit_detail {
	const char *name;
	struct str value;
};

/* What is to be recorded. */
struct audit_entry {
	const char *act;
	uint64_t actor;	   /* an account; 0: the operator at the command line */
	struct str target; /* an id, or the name of a host; empty: none */
	/* "community", or else "team", is whose part it is, which they read */
	const struct audit_detail *details;
	size_t detail_count;
};

/* Adds a row. The transaction fails when it cannot: what is not recorded is not done. */
void audit_append(struct db_txn *txn, struct arena *arena, const struct audit_entry *entry);

/* A row as it is stored. */
struct audit_row {
	uint64_t number; /* 1, 2, 3, ... */
	struct digest hash;
	struct str content; /* canonical JSON */
};
/* Rows in order, after `after` (0: from the first). Strings are copied into arena. */
size_t audit_after(struct db_txn *txn, struct arena *arena, uint64_t after, struct audit_row *out,
		   size_t count);
/* The newest first, below max (0: from the newest). */
size_t audit_before(struct db_txn *txn, struct arena *arena, uint64_t max, struct audit_row *out,
		    size_t count);

/* The same of those that are within a community or a team. */
size_t audit_within(struct db_txn *txn, struct arena *arena, uint64_t within, uint64_t max,
		    struct audit_row *out, size_t count);

/* What a row says. RC_INVALID when its content is none of ours. Strings are in the arena of ctx. */
struct audit_said {
	struct str act, actor, at, target; /* actor is absent for the command line */
	struct str details;		   /* a JSON object */
	uint64_t number;
	struct digest previous;
	uint64_t within; /* the community or the team whose part it is; 0: none */
	bool salted;	 /* its hash tells nothing of what it says */
};
enum rc audit_read(struct ctx *ctx, const struct audit_row *row, struct audit_said *out) NODISCARD;

/* --- verifying --- */

enum audit_fault {
	AUDIT_SOUND,
	AUDIT_GAP,	  /* the row before is missing */
	AUDIT_CONTENT,	  /* its hash is not that of its content */
	AUDIT_UNREADABLE, /* its content says nothing */
	AUDIT_CHAIN,	  /* it names another row before it than there is */
	AUDIT_HEAD,	  /* it is not what was noted of it */
	AUDIT_HIDDEN,	  /* it is missing in the part of its community or team */
	AUDIT_STRAY,	  /* it is in a part that it does not belong to */
};
/* Why, as a sentence without a full stop. */
const char *audit_fault_text(enum audit_fault fault);

/* Starts as zero. */
struct audit_chain {
	uint64_t number;	/* of the last row that was looked at */
	struct digest head;	/* its hash */
	uint64_t noted;		/* a row of which the hash was noted; 0: none */
	struct digest expected; /* that hash */
};
/* The next row in order. Pure but for ctx's arena. */
enum audit_fault audit_chain_next(struct ctx *ctx, struct audit_chain *chain,
				  const struct audit_row *row);

/* Does the part of its community or team have a row that was read? AUDIT_SOUND or AUDIT_HIDDEN. */
enum audit_fault audit_placed(struct db_txn *txn, const struct audit_said *said);
/* How many rows are in a part that they do not belong to; *first is one of them. Walks all parts. */
uint64_t audit_strays(struct db_txn *txn, struct arena *arena, uint64_t *first);

/* Integrity. Calls bad() for the first row that breaks the chain. */
void audit_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		 void *arg);

#endif
