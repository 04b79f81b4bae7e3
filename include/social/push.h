/* Web push to people of here: which client hears of which notification. */
#ifndef FF_SOCIAL_PUSH_H
#define FF_SOCIAL_PUSH_H

#include "crypt/secret.h"
#include "social/social.h"
#include "store/notice.h"
#include "store/subscription.h"

/* What a client asks for, as it says it. */
struct push_wish {
	struct str endpoint;
	struct str p256dh; /* base64, of either alphabet */
	struct str auth;
	bool standard;
	unsigned alerts;
	enum push_policy policy;
};

/*
 * Checks it and makes what is stored, outside of writes; access_token is sealed, since each message
 * carries it back. RC_INVALID with the reason in ctx: an endpoint that must not be fetched, keys that
 * nothing can be encrypted with. Strings are in ctx's arena.
 */
enum rc push_prepare(struct ctx *ctx, const struct site *site, const struct seal_key *seal,
		     uint64_t account, uint64_t token, struct str access_token,
		     const struct push_wish *wish, struct push_subscription *out) NODISCARD;
/* The access token of a subscription, in arena. RC_CORRUPT. */
enum rc push_token_open(struct arena *arena, const struct seal_key *seal,
			const struct push_subscription *subscription,
			struct str *access_token) NODISCARD;

/* The alert that a notification falls under. False when there is none. */
bool push_alert_of(enum notice_kind kind, enum push_alert *out);
/* "mention", "admin.report", ... */
const char *push_alert_name(enum push_alert alert);
const char *push_policy_name(enum push_policy policy);
bool push_policy_parse(struct str name, enum push_policy *out) NODISCARD;

/* Tells the clients that want to hear of it: a job for each, in the same write as the notice. */
void push_tell(struct social *s, uint64_t account, const struct notice *notice);

/* The payload of JOB_PUSH. */
struct push_job {
	uint64_t account, token;
	uint64_t subscription; /* its id: what replaced it is another one */
	struct notice notice;
};
void push_job_encode(struct buf *out, const struct push_job *job);
bool push_job_decode(struct str payload, struct push_job *out) NODISCARD;

/*
 * What the message says, as JSON, in ctx's arena: RC_NOT_FOUND when what it is about is gone, so
 * that there is nothing to say.
 */
enum rc push_compose(struct ctx *ctx, struct db_txn *txn, const struct push_job *job,
		     struct str access_token, struct str *out) NODISCARD;

/* The node's public key as clients want it, base64url; absent when the node has none yet. */
struct str push_server_key(struct db_txn *txn, struct arena *arena);

#endif
