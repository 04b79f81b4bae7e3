/*
 * Joint communities: which groups elsewhere own a community of this node together with us, and what
 * is in it, in the form in which partners compare it.
 *
 * The relation is between one community here and one group elsewhere, and stands only where both
 * sides have agreed. A group elsewhere is the partner of one community here at most, so that what it
 * announces has one place.
 */
#ifndef FF_STORE_JOINT_H
#define FF_STORE_JOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/rc.h"
#include "core/str.h"
#include "crypt/digest.h"
#include "db/db.h"

/* --- partners --- */

/* The numbers of all sets here are part of the stored format. */
enum joint_state {
	JOINT_OFFERED, /* by us: they have not answered */
	JOINT_ASKED,   /* by them: we have not answered */
	JOINT_AGREED,
};
/* "offered", "asked", "agreed". */
const char *joint_state_name(enum joint_state state);

#define JOINT_PARTNERS_MAX 32

struct joint {
	uint64_t community; /* of this node */
	uint64_t partner;   /* a group elsewhere */
	enum joint_state state;
	uint64_t since_ms;    /* of the state */
	uint64_t by;	      /* who offered or answered here; 0: the operator, or nobody yet */
	struct str offer;     /* id of the Offer, whoever made it */
	struct str items;     /* where the partner tells what it has; empty: not told yet */
	uint64_t compared_ms; /* when all that it has was compared last; 0: never */
	uint32_t lacking;     /* what it had then and we had not */
	bool indexed;	      /* what was here before is among the items: it may compare */
};

/* Strings are copied into arena. False when there is none. */
bool joint_get(struct db_txn *txn, struct arena *arena, uint64_t community, uint64_t partner,
	       struct joint *out);
/* Adds or replaces. RC_TOO_LARGE when the community has JOINT_PARTNERS_MAX; RC_EXISTS when the group
 * is, or would be, the partner of another community here. */
enum rc joint_put(struct db_txn *txn, const struct joint *joint) NODISCARD;
/* False when there is none. */
bool joint_del(struct db_txn *txn, uint64_t community, uint64_t partner);
/* All of a community, in order of partners. */
size_t joints(struct db_txn *txn, struct arena *arena, uint64_t community,
	      struct joint out[JOINT_PARTNERS_MAX]);
/* Those who have agreed. */
size_t joint_partners(struct db_txn *txn, uint64_t community, uint64_t out[JOINT_PARTNERS_MAX]);
/* The community with which a group elsewhere has agreed; 0: none. */
uint64_t joint_community(struct db_txn *txn, uint64_t partner);
/* The same, whatever its state. */
uint64_t joint_named(struct db_txn *txn, uint64_t partner);
/* Has it a partner that has agreed? */
bool joint_is(struct db_txn *txn, uint64_t community);

/* --- what partners compare --- */

/* The posts; and words (store/joint_word.h). */
enum joint_about { JOINT_POSTS, JOINT_VOTES, JOINT_BANS, JOINT_REACTIONS };
#define JOINT_ABOUT_COUNT 4
/* "posts", "votes", "bans", "reactions". */
const char *joint_about_name(enum joint_about about);

/*
 * Every post that is shown or removed in a community with partners is an item: the digest of its id, and
 * what is done with it there. Items are compared by buckets, of which the first byte of that digest is
 * the number: how many, and the XOR of their digests, as FEP-8fcf does it for followers. The digest of
 * an item is SHA-256 of its id, a line feed, its state as letters ("rlp" of removed, locked, pinned), a
 * line feed, and when it was edited last in milliseconds, in decimal (0: never).
 */
enum joint_item_state {
	JOINT_REMOVED = 1,
	JOINT_LOCKED = 2,
	JOINT_PINNED = 4,
};

#define JOINT_BUCKETS 256
#define JOINT_NAME_SIZE 16 /* bytes of the digest of an id that tell items apart */

struct joint_item {
	uint64_t status;
	unsigned state;
	uint64_t state_ms; /* when it became so; 0: it never was otherwise */
	uint64_t edited_ms;
	unsigned char name[JOINT_NAME_SIZE];
};

struct joint_sum {
	uint64_t count;
	struct digest digest;
};

struct digest joint_digest(struct str uri, unsigned state, uint64_t edited_ms);
/* A post has come, has changed, or has gone: its item follows. Communities without partners have no
 * items. */
void joint_note(struct db_txn *txn, uint64_t community, uint64_t status);
/* What is done with a post was done at that time, as a partner says; no digest has it. */
void joint_stamp(struct db_txn *txn, uint64_t community, uint64_t status, uint64_t state_ms);
struct joint_sum joint_sum(struct db_txn *txn, uint64_t community, enum joint_about about,
			   unsigned bucket);
/* The items of a bucket in order of their names, after a name (NULL: from the first). */
size_t joint_items(struct db_txn *txn, uint64_t community, unsigned bucket,
		   const unsigned char *after, struct joint_item *out, size_t count);
/* One of them; false when there is none. */
bool joint_item_get(struct db_txn *txn, uint64_t community,
		    const unsigned char name[JOINT_NAME_SIZE], struct joint_item *out);
/* Notes at most count posts of a community in order of their ids after *after, which follows. Returns
 * how many. */
size_t joint_index(struct db_txn *txn, uint64_t community, uint64_t *after, size_t count);
/* At most count items, where no partner is left. Returns how many went. */
size_t joint_clear(struct db_txn *txn, uint64_t community, size_t count);

/* Integrity: partners both ways, items to posts and back, sums to items. */
void joint_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		 void *arg);

#endif
