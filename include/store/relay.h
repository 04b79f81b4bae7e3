/*
 * Relays, both ways: those that this node subscribed to, and who subscribed to the relay that this
 * node is. Two styles are spoken: in Mastodon's, a follow of the Public collection makes a
 * subscription and activities are passed on as they came; in LitePub's, both sides follow each
 * other and announce.
 */
#ifndef FF_STORE_RELAY_H
#define FF_STORE_RELAY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"

enum relay_style {
	RELAY_MASTODON,
	RELAY_LITEPUB,
};

enum relay_state {
	RELAY_PENDING,
	RELAY_ACCEPTED,
	RELAY_REJECTED,
};

/* "mastodon", "litepub"; "pending", "accepted", "rejected". */
const char *relay_style_name(enum relay_style style);
const char *relay_state_name(enum relay_state state);

#define RELAYS_MAX 64

/* A relay that this node subscribed to. */
struct relay {
	struct str inbox; /* its name here */
	enum relay_style style;
	enum relay_state state;
	uint64_t account;  /* its actor's; 0 until it has spoken */
	struct str follow; /* id of our Follow */
	uint64_t created_ms;
};

/* Strings are copied into arena. */
bool relay_get(struct db_txn *txn, struct arena *arena, struct str inbox, struct relay *out);
/* Adds or replaces. False when there are RELAYS_MAX already, or the transaction has failed. */
bool relay_put(struct db_txn *txn, const struct relay *relay);
bool relay_del(struct db_txn *txn, struct str inbox);
/* All of them; *out is an array in arena. */
size_t relay_list(struct db_txn *txn, struct arena *arena, struct relay **out);
/* The one with this account as its actor, or whose Follow has this id; absent ones match nothing. */
bool relay_find(struct db_txn *txn, struct arena *arena, uint64_t account, struct str follow,
		struct relay *out);

/* Who subscribed to the relay that this node is. */
struct relay_subscriber {
	uint64_t account;
	enum relay_style style;
	struct str host;   /* canonical authority */
	struct str follow; /* id of its Follow */
	uint64_t created_ms;
};

bool relay_subscriber_get(struct db_txn *txn, struct arena *arena, uint64_t account,
			  struct relay_subscriber *out);
void relay_subscriber_put(struct db_txn *txn, const struct relay_subscriber *subscriber);
bool relay_subscriber_del(struct db_txn *txn, uint64_t account);
/* In order of their accounts, after `after`. Returns how many. */
size_t relay_subscriber_list(struct db_txn *txn, struct arena *arena, uint64_t after,
			     struct relay_subscriber *out, size_t count);
/* Is anybody on this host subscribed? */
bool relay_subscribed_host(struct db_txn *txn, struct str host);

/* Integrity: subscribers and hosts mirror each other, and every row stands where it belongs. */
void relay_check(struct db_txn *txn, void (*bad)(void *arg, struct str what), void *arg);

#endif
