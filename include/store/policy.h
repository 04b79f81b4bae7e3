/* What an author allows others to do with a post, and whether what was done is allowed: parts of a
 * status. */
#ifndef FF_STORE_POLICY_H
#define FF_STORE_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

/* What people do with somebody else's post; the numbers are stored. */
enum interaction_kind {
	INTERACTION_QUOTE = 1,
	INTERACTION_REPLY = 2,
	INTERACTION_LIKE = 3,
	INTERACTION_BOOST = 4,
};
#define INTERACTION_KINDS 4

/* "quote", "reply", "like", "boost". */
const char *interaction_kind_name(enum interaction_kind kind);

/* The author's answer; the numbers are stored. */
enum interaction_state {
	INTERACTION_NONE = 0, /* nobody was asked, nobody need be */
	INTERACTION_PENDING = 1,
	INTERACTION_ACCEPTED = 2,
	INTERACTION_REJECTED = 3,
	INTERACTION_REVOKED = 4,      /* it was accepted once */
	INTERACTION_UNAUTHORISED = 5, /* nothing proves that it is allowed */
};

/* "pending", "accepted", ...; "" for none. */
const char *interaction_state_name(enum interaction_state state);

/* A set of kinds, as bits. */
static inline unsigned interaction_bit(enum interaction_kind kind)
{
	return 1U << ((unsigned)kind - 1);
}

#define POLICY_ENTRIES_MAX 64 /* of all kinds together */

/* One line of a policy: who may, and whether the author looks at each (manual). */
struct policy_entry {
	enum interaction_kind kind;
	bool manual;
	struct str uri; /* an account, or the author's followers or following; empty: everybody */
};

struct policy {
	unsigned given; /* kinds of which it speaks; for the others the default holds */
	struct policy_entry *entries;
	unsigned count;
};

/* The post that a status quotes. */
struct status_quote {
	struct str uri;	 /* of the quoted post; empty: it quotes none */
	uint64_t status; /* the same, when it is known here */
	enum interaction_state state;
	struct str authorization; /* what proves it: the id of its author's QuoteAuthorization */
};

/* The consent to a reply or a boost, where the author of the other post wants to be asked. */
struct status_approval {
	enum interaction_state state;
	struct str authorization;
};

#endif
