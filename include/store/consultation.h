/*
 * Consultations: consultations and votes of a community, on paper that shows no names. A paper is kept under
 * the digest of a receipt that only its voter has; who has voted is kept apart. Neither leads to the
 * other, nor does the order or the time in which either was written.
 */
#ifndef FF_STORE_CONSULTATION_H
#define FF_STORE_CONSULTATION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/rc.h"
#include "core/str.h"
#include "crypt/digest.h"
#include "db/db.h"
#include "store/page.h"

/* The numbers are part of the stored format. */
enum consultation_method {
	CONSULTATION_APPROVAL, /* as many options as one likes, all alike */
	CONSULTATION_RANKED,   /* in the order of preference */
};
/* "approval", "ranked". */
const char *consultation_method_name(enum consultation_method method);
bool consultation_method_parse(struct str name, enum consultation_method *out) NODISCARD;

enum consultation_flags {
	CONSULTATION_CANCELLED = 1,
	CONSULTATION_NAMED = 2, /* who voted what is told at its end */
};

#define CONSULTATION_OPTIONS_MAX 30
#define CONSULTATION_ROLES_MAX 16
#define CONSULTATION_RECEIPT_SIZE 16

struct consultation {
	uint64_t id;
	uint64_t community;
	uint64_t by;
	enum consultation_method method;
	unsigned flags;
	uint32_t seats;	 /* how many options win */
	uint32_t quorum; /* papers without which nothing is decided; 0: none */
	uint64_t created_ms;
	uint64_t opens_ms, closes_ms;
	uint64_t roles[CONSULTATION_ROLES_MAX]; /* who may vote; none: every member */
	unsigned role_count;
	struct str question;
	struct str description;
	struct str options[CONSULTATION_OPTIONS_MAX];
	unsigned option_count;
	/* of a joint community */
	uint64_t origin; /* the group elsewhere that has called it; 0: it is ours */
	uint64_t
		papers_until_ms; /* until when partners tell what was voted there; 0: nobody waits */
	struct str uri;		 /* its id on the wire; empty: it is ours */
	uint64_t thread;	 /* the status that told members of it; 0: none yet */
};

/* Strings are copied into arena. */
bool consultation_get(struct db_txn *txn, struct arena *arena, uint64_t id,
		      struct consultation *out);
/* Sets consultation->id. */
bool consultation_add(struct db_txn *txn, struct consultation *consultation);
bool consultation_put(struct db_txn *txn, const struct consultation *consultation);
/* Those of a community, newest first. */
size_t consultations_of(struct db_txn *txn, uint64_t community, const struct page *page,
			uint64_t *out, size_t count);

/* What was chosen, without whom. */
struct consultation_paper {
	unsigned char receipt[CONSULTATION_RECEIPT_SIZE]; /* its digest */
	uint64_t account;				  /* of a consultation with names; 0 */
	uint64_t node; /* the group elsewhere that has told of it; 0: ours; is not stored */
	uint8_t choices[CONSULTATION_OPTIONS_MAX]; /* options from 1 */
	unsigned count;
};

/* Has the account voted? */
bool consultation_has_voted(struct db_txn *txn, uint64_t consultation, uint64_t account);
/* The paper of a receipt. */
bool consultation_paper_get(struct db_txn *txn, uint64_t consultation, struct str receipt,
			    struct consultation_paper *out);
/* A first paper of account. RC_EXISTS when it has voted, or the receipt is taken. */
enum rc consultation_paper_add(struct db_txn *txn, uint64_t consultation, uint64_t account,
			       struct str receipt,
			       const struct consultation_paper *paper) NODISCARD;
/* Another choice on a paper that is there; the voter has shown the receipt. False when there is
 * none. */
bool consultation_paper_put(struct db_txn *txn, uint64_t consultation, struct str receipt,
			    const struct consultation_paper *paper);
/* Papers in the order of their receipts' digests, without the first skip: at most room, into out.
 * Returns how many; fewer than there are when the transaction has failed. */
size_t consultation_papers(struct db_txn *txn, uint64_t consultation, size_t skip,
			   struct consultation_paper *out, size_t room);
/* How many have voted: a number that is kept; voters are walked only for one that was called before it
 * was. */
uint64_t consultation_turnout(struct db_txn *txn, uint64_t consultation);
/* Counts those of a community that have no number yet. */
void consultations_count(struct db_txn *txn, uint64_t community);

/* What a node of a joint community has told of it: a page of its papers, as lines of text. */
struct consultation_told {
	uint64_t at_ms;
	uint32_t pages, voters, members; /* of all of them */
	struct digest digest;		 /* over all lines */
	struct str lines;
};
void consultation_told_put(struct db_txn *txn, uint64_t consultation, uint64_t group, uint32_t page,
			   const struct consultation_told *told);
/* lines point into the row: they live until the transaction writes or ends. False when there is none. */
bool consultation_told_get(struct db_txn *txn, uint64_t consultation, uint64_t group, uint32_t page,
			   struct consultation_told *out);

/* Removes those of a community with all that belongs to them: at most count rows. Returns how many
 * went. */
size_t consultations_clear(struct db_txn *txn, uint64_t community, size_t count);

/* Integrity: as many voters as papers and as the number says, each in its community. */
void consultation_check(struct db_txn *txn, struct arena *arena,
			void (*bad)(void *arg, struct str what), void *arg);

#endif
