/*
 * Moderation: who may, and what comes of it. Acts run inside a write transaction; a moderator who is
 * NULL is the operator at the command line, who may do everything. RC_DENIED for who may not,
 * RC_NOT_FOUND, RC_INVALID.
 */
#ifndef FF_SOCIAL_MODERATE_H
#define FF_SOCIAL_MODERATE_H

#include <stdbool.h>
#include <stdint.h>

#include "social/lane.h"
#include "social/see.h"
#include "social/social.h"
#include "social/strike.h"
#include "store/office.h"
#include "store/peer.h"
#include "store/report.h"

/* --- who may --- */

/* The role of an account, with all permissions of an administrator spelt out. */
struct role role_of_account(struct db_txn *txn, struct arena *arena, uint64_t account);
/* Does the account's role permit it? */
bool role_permits(struct db_txn *txn, struct arena *arena, uint64_t account,
		  enum permission permission);

/* --- accounts: acts about one are in strike.h --- */

/* Silenced itself, or all of its host. */
bool is_silenced(struct db_txn *txn, struct arena *arena, const struct account *account);
/* May viewer be shown what a silenced account says, where nobody asked for it? */
bool may_hear_of(struct db_txn *txn, struct arena *arena, struct viewer viewer,
		 const struct account *account);

/* Which accounts a moderator asks for; what is empty or 0 does not matter. */
struct roster_filter {
	enum { ROSTER_ALL, ROSTER_LOCAL, ROSTER_REMOTE } origin;
	enum {
		ROSTER_WHATEVER,
		ROSTER_ACTIVE,	/* neither suspended nor silenced nor disabled, and let in */
		ROSTER_PENDING, /* to be let in by a moderator */
		ROSTER_DISABLED,
		ROSTER_SILENCED,
		ROSTER_SUSPENDED,
		ROSTER_SENSITIVE,
	} state;
	bool staff;		 /* those with a role */
	struct str username;	 /* begins so */
	struct str display_name; /* has it somewhere */
	struct str domain;
	struct str email; /* is it */
	struct str ip;	  /* signed up from there: an address */
};
#define ROSTER_MAX 200
/* Newest first, below max_id (0: from the newest) and above min_id. Not every account is looked at
 * when few fit. */
size_t roster_list(struct db_txn *txn, const struct roster_filter *filter, uint64_t max_id,
		   uint64_t min_id, uint64_t *out, size_t count);
/* A step of deleting what a suspended account has left: RC_BUSY when there is more to do. */
enum rc moderate_delete(struct social *s, const struct account *moderator,
			uint64_t target) NODISCARD;

/* --- hosts --- */

/* Writes what is decided of decision->host; PEER_DEFAULT without flags takes a decision back.
 * decision->host is canonical. Peers' policies are to be read anew after the commit. */
enum rc host_decide(struct social *s, const struct account *moderator,
		    const struct peer *decision) NODISCARD;
/* The same as lists of blocks ask for it, which they may change again; what is decided otherwise is a
 * moderator's. */
enum rc host_decide_listed(struct social *s, const struct account *moderator,
			   const struct peer *decision) NODISCARD;
/* How whoever keeps policies in memory hears that they have changed, after the commit. */
struct policy_port {
	void (*changed)(void *arg); /* NULL: nobody does */
	void *arg;
};
/* What was decided about the host of author: takes away what is not wanted, covers what is to be. */
void moderate_post(struct social *s, const struct account *author, struct status *status);

#endif
