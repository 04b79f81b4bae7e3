/* Push subscriptions: where a client wants to hear of notifications, one per access token. */
#ifndef FF_STORE_SUBSCRIPTION_H
#define FF_STORE_SUBSCRIPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"

/* constant, its name in the API: what a client may want to hear of */
#define PUSH_ALERTS(X)                      \
	X(MENTION, "mention")               \
	X(STATUS, "status")                 \
	X(REBLOG, "reblog")                 \
	X(FOLLOW, "follow")                 \
	X(FOLLOW_REQUEST, "follow_request") \
	X(FAVOURITE, "favourite")           \
	X(POLL, "poll")                     \
	X(UPDATE, "update")                 \
	X(QUOTE, "quote")                   \
	X(QUOTED_UPDATE, "quoted_update")   \
	X(ADMIN_SIGN_UP, "admin.sign_up")   \
	X(ADMIN_REPORT, "admin.report")

enum push_alert {
#define X(constant, name) PUSH_##constant,
	PUSH_ALERTS(X)
#undef X
		PUSH_ALERT_COUNT
};

/* From whom. */
enum push_policy {
	PUSH_FROM_ALL,
	PUSH_FROM_FOLLOWED,  /* whom they follow */
	PUSH_FROM_FOLLOWERS, /* who follows them */
	PUSH_FROM_NONE,
};

struct push_subscription {
	uint64_t id;
	uint64_t account;
	uint64_t token; /* the access token's id */
	struct str endpoint;
	struct str point;  /* decoded: what the client calls p256dh */
	struct str auth;   /* decoded */
	struct str sealed; /* the access token itself, which the message carries back */
	bool standard;	   /* RFC 8291; else the draft before it */
	unsigned alerts;   /* bits by enum push_alert */
	enum push_policy policy;
	uint64_t created_ms;
};

#define PUSH_ENDPOINT_MAX 2048

/* Adds or replaces the token's; sets subscription->id. */
void push_put(struct db_txn *txn, struct push_subscription *subscription);
/* Changes alerts and policy, keeps the id. */
void push_change(struct db_txn *txn, const struct push_subscription *subscription);
/* Strings are copied into arena. False when the token has none. */
bool push_get(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t token,
	      struct push_subscription *out);
bool push_del(struct db_txn *txn, uint64_t account, uint64_t token);
/* Of all tokens of an account, above the token `after` (0: from the first). Returns how many. */
size_t push_list(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t after,
		 struct push_subscription *out, size_t count);
/* All of an account's but that of the token keep (0: none), at most count. Returns how many. */
size_t push_del_all(struct db_txn *txn, uint64_t account, uint64_t keep, size_t count);

/* Integrity. Calls bad() for each row that is not sound. */
void push_check(struct db_txn *txn, void (*bad)(void *arg, struct str what), void *arg);

#endif
