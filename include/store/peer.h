/* Other hosts: what we decided about them and what they speak; their actors' public keys; the
 * activities seen already. */
#ifndef FF_STORE_PEER_H
#define FF_STORE_PEER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"

enum peer_policy {
	PEER_DEFAULT,
	PEER_BLOCKED, /* nothing in, nothing out */
	PEER_ALLOWED, /* on the list of an allow-list federation */
	PEER_LIMITED, /* its accounts are seen by their followers only (silenced) */
};

/* What else was decided of a host. */
enum peer_flags {
	PEER_REJECT_MEDIA = 1,	 /* attachments are left away */
	PEER_REJECT_REPORTS = 2, /* its reports are not taken */
	PEER_OBFUSCATE = 4,	 /* its name is not shown in full where blocks are listed */
	PEER_FROM_LIST = 16,	 /* lists of blocks ask for it: they may take it back */
	PEER_LISTED = 8, /* it stands in the list of blocks, though nothing but flags may follow */
};

/* What signatures a host is known to take. */
enum peer_scheme {
	PEER_SCHEME_UNKNOWN,
	PEER_SCHEME_CAVAGE,
	PEER_SCHEME_RFC9421_RSA,
	PEER_SCHEME_RFC9421_ED25519,
};

struct peer {
	struct str host;
	enum peer_policy policy;
	enum peer_scheme scheme;
	uint64_t first_seen_ms;
	struct str note;	/* why it is blocked or allowed; for operators */
	struct str public_note; /* the same for everybody */
	unsigned flags;
	uint64_t decided_ms; /* when that was decided; 0: nothing was */
	uint64_t decision;   /* the id of what was decided; 0: nothing was. Kept by peer_put(). */
};

/* A host of which something was decided. */
static inline bool peer_is_judged(const struct peer *peer)
{
	return peer->policy != PEER_DEFAULT || peer->flags != 0;
}

/* Strings are copied into arena. False when it was never met. */
bool peer_get(struct db_txn *txn, struct arena *arena, struct str host, struct peer *out);
/* Adds or replaces. A decision gets an id; one that is taken back loses it. */
void peer_put(struct db_txn *txn, const struct peer *peer);
/* Hosts in order of their names, after `after`. */
size_t peer_list(struct db_txn *txn, struct arena *arena, struct str after, struct peer *out,
		 size_t count);

/* The host of a decision. */
bool peer_get_decision(struct db_txn *txn, struct arena *arena, uint64_t decision,
		       struct peer *out);
/* Decisions, newest first, below max_id (0: from the newest) and above min_id. */
size_t peer_decisions(struct db_txn *txn, struct arena *arena, uint64_t max_id, uint64_t min_id,
		      struct peer *out, size_t count);
/* What was decided of a host, or of the nearest one above it of which something was. */
bool peer_judgement(struct db_txn *txn, struct arena *arena, struct str host, struct peer *out);

/* Integrity: decisions and their ids mirror each other. */
void peer_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		void *arg);

/* A remote public key, by its id (the full one, with fragment). */
struct peer_key {
	struct str id;
	uint64_t account;
	struct str public_der; /* key_from_public() */
	uint64_t fetched_ms;
	bool assertion; /* its owner lists it for integrity proofs, too (FEP-8b32) */
};
bool peer_key_get(struct db_txn *txn, struct arena *arena, struct str id, struct peer_key *out);
void peer_key_put(struct db_txn *txn, const struct peer_key *key);

/*
 * Remembers an activity by its id. False when this actor's activity of that id was seen before. The
 * same id from another actor is another matter (S-124): it counts as new here and is refused where
 * its owner is checked.
 */
bool seen_add(struct db_txn *txn, struct str activity, uint64_t actor);
/* Was this actor's activity of that id seen before? */
bool seen_has(struct db_txn *txn, struct str activity, uint64_t actor);

#endif
