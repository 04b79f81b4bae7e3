/* Subscriptions to web push, and which notifications they hear of. Writes inside transactions
 * only. */
#include "social/push.h"

#include "act_int.h"
#include "core/enc.h"
#include "crypt/push.h"
#include "db/rec.h"
#include "queue/queue.h"
#include "store/graph.h"
#include "store/node.h"
#include "text/iri.h"

#define JOB_VERSION 1
#define SEAL_MAX 4096
#define CHUNK 16

/* --- names --- */

static const char *const alert_names[PUSH_ALERT_COUNT] = {
#define X(constant, name) [PUSH_##constant] = name,
	PUSH_ALERTS(X)
#undef X
};

static const char *const policy_names[] = {
	[PUSH_FROM_ALL] = "all",
	[PUSH_FROM_FOLLOWED] = "followed",
	[PUSH_FROM_FOLLOWERS] = "follower",
	[PUSH_FROM_NONE] = "none",
};

const char *push_alert_name(enum push_alert alert)
{
	return alert_names[alert];
}

const char *push_policy_name(enum push_policy policy)
{
	return policy_names[policy];
}

bool push_policy_parse(struct str name, enum push_policy *out)
{
	for (size_t i = 0; i < ARRAY_LEN(policy_names); i++) {
		if (str_eq(name, str_of(policy_names[i]))) {
			*out = (enum push_policy)i;
			return true;
		}
	}
	return false;
}

bool push_alert_of(enum notice_kind kind, enum push_alert *out)
{
	static const struct {
		enum notice_kind kind;
		enum push_alert alert;
	} rows[] = {
		{ NOTICE_MENTION, PUSH_MENTION },
		{ NOTICE_FOLLOW, PUSH_FOLLOW },
		{ NOTICE_LIKE, PUSH_FAVOURITE },
		{ NOTICE_FOLLOW_REQUEST, PUSH_FOLLOW_REQUEST },
		{ NOTICE_BOOST, PUSH_REBLOG },
		{ NOTICE_EDIT, PUSH_UPDATE },
		{ NOTICE_REPORT, PUSH_ADMIN_REPORT },
		{ NOTICE_POLL, PUSH_POLL },
		{ NOTICE_QUOTE, PUSH_QUOTE },
		{ NOTICE_STATUS, PUSH_STATUS },
		{ NOTICE_QUOTED_EDIT, PUSH_QUOTED_UPDATE },
		{ NOTICE_SIGN_UP, PUSH_ADMIN_SIGN_UP },
		{ NOTICE_EVENT_REQUEST, PUSH_FAVOURITE },
		{ NOTICE_EVENT_INVITE, PUSH_MENTION },
		{ NOTICE_EVENT_REMINDER, PUSH_UPDATE },
		{ NOTICE_MEMBERSHIP, PUSH_UPDATE },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].kind == kind) {
			*out = rows[i].alert;
			return true;
		}
	}
	return false;
}

/* --- subscribing --- */

static struct str seal_context(struct arena *arena, uint64_t account, uint64_t token)
{
	return arena_printf(arena, "push:%llu:%llu", (unsigned long long)account,
			    (unsigned long long)token);
}

static struct str decoded(struct arena *arena, struct str text)
{
	struct buf bytes = BUF_INIT(256);
	if (!enc_unbase64(&bytes, text)) {
		buf_free(&bytes);
		return STR("");
	}
	return arena_take_buf(arena, &bytes);
}

static enum rc check_endpoint(struct ctx *ctx, const struct site *site, struct str endpoint,
			      struct str *out)
{
	struct iri iri;
	if (endpoint.len > PUSH_ENDPOINT_MAX)
		return ctx_fail(ctx, RC_INVALID, "the endpoint is too long");
	enum rc rc = iri_parse(ctx, endpoint, site->iri_flags, &iri);
	if (rc == RC_OK && site_owns(site, &iri))
		rc = ctx_fail(ctx, RC_INVALID, "the endpoint is an address of this node");
	*out = iri.text;
	return rc;
}

enum rc push_prepare(struct ctx *ctx, const struct site *site, const struct seal_key *seal_with,
		     uint64_t account, uint64_t token, struct str access_token,
		     const struct push_wish *wish, struct push_subscription *out)
{
	struct buf sealed CLEANUP(buf_free) = BUF_INIT(SEAL_MAX);
	*out = (struct push_subscription){ .account = account,
					   .token = token,
					   .point = decoded(ctx->arena, wish->p256dh),
					   .auth = decoded(ctx->arena, wish->auth),
					   .standard = wish->standard,
					   .alerts = wish->alerts,
					   .policy = wish->policy };
	enum rc rc = check_endpoint(ctx, site, wish->endpoint, &out->endpoint);
	if (rc != RC_OK)
		return rc;
	const struct push_recipient recipient = { out->point, out->auth };
	if (!push_recipient_valid(&recipient))
		return ctx_fail(ctx, RC_INVALID, "the keys cannot be encrypted to");
	rc = seal(seal_with, seal_context(ctx->arena, account, token), access_token, &sealed);
	out->sealed = arena_str(ctx->arena, buf_str(&sealed));
	if (rc == RC_OK && arena_failed(ctx->arena))
		rc = RC_NO_MEMORY;
	return rc == RC_OK ? rc : ctx_fail(ctx, rc, "the access token could not be sealed");
}

enum rc push_token_open(struct arena *arena, const struct seal_key *seal_with,
			const struct push_subscription *subscription, struct str *access_token)
{
	struct buf plain = BUF_INIT(SEAL_MAX);
	enum rc rc =
		unseal(seal_with, seal_context(arena, subscription->account, subscription->token),
		       subscription->sealed, &plain);
	*access_token = arena_take_buf(arena, &plain);
	return rc;
}

struct str push_server_key(struct db_txn *txn, struct arena *arena)
{
	struct node_push_key key;
	struct buf text = BUF_INIT(256);
	if (!node_push_key_get(txn, arena, &key))
		return STR_NONE;
	enc_base64url(&text, key.point);
	return arena_take_buf(arena, &text);
}

/* --- telling --- */

void push_job_encode(struct buf *out, const struct push_job *job)
{
	rec_add_u8(out, JOB_VERSION);
	rec_add_u64(out, job->account);
	rec_add_u64(out, job->token);
	rec_add_u64(out, job->subscription);
	rec_add_u64(out, job->notice.id);
	rec_add_u8(out, (uint8_t)job->notice.kind);
	rec_add_u64(out, job->notice.from);
	rec_add_u64(out, job->notice.status);
}

bool push_job_decode(struct str payload, struct push_job *out)
{
	struct rec r = rec_open(payload);
	uint8_t version = rec_u8(&r);
	*out = (struct push_job){ .account = rec_u64(&r) };
	out->token = rec_u64(&r);
	out->subscription = rec_u64(&r);
	out->notice.id = rec_u64(&r);
	out->notice.kind = (enum notice_kind)rec_u8(&r);
	out->notice.from = rec_u64(&r);
	out->notice.status = rec_u64(&r);
	return version == JOB_VERSION && rec_ok(&r);
}

static bool is_wanted(struct social *s, const struct push_subscription *sub, const struct notice *n,
		      enum push_alert alert)
{
	if ((sub->alerts & 1U << alert) == 0)
		return false;
	switch (sub->policy) {
	case PUSH_FROM_ALL:
		return true;
	case PUSH_FROM_FOLLOWED:
		return n->from == sub->account || follow_accepted(s->txn, sub->account, n->from);
	case PUSH_FROM_FOLLOWERS:
		return n->from == sub->account || follow_accepted(s->txn, n->from, sub->account);
	case PUSH_FROM_NONE:
		break;
	}
	return false;
}

/* The push service's host: its lane, so that one that is down holds up no other. */
static struct str host_of(struct str endpoint)
{
	struct str rest = str_skip(endpoint, str_find(endpoint, STR("://")) + 3);
	return str_take(rest, str_index(rest, '/'));
}

static void job_add(struct social *s, const struct push_subscription *sub, const struct notice *n)
{
	struct buf payload CLEANUP(buf_free) = BUF_INIT(128);
	const struct push_job job = { sub->account, sub->token, sub->id, *n };
	push_job_encode(&payload, &job);
	const struct queue_new row = { .kind = JOB_PUSH,
				       .lane = host_of(sub->endpoint),
				       .order = sub->id,
				       .payload = buf_str(&payload) };
	queue_add(s->txn, &row);
	s->enqueued = true;
}

void push_tell(struct social *s, uint64_t account, const struct notice *notice)
{
	struct push_subscription subs[CHUNK];
	enum push_alert alert;
	uint64_t after = 0;
	size_t n;
	if (!push_alert_of(notice->kind, &alert))
		return;
	do {
		n = push_list(s->txn, s->ctx->arena, account, after, subs, CHUNK);
		for (size_t i = 0; i < n; i++) {
			after = subs[i].token;
			if (is_wanted(s, &subs[i], notice, alert))
				job_add(s, &subs[i], notice);
		}
	} while (n == CHUNK);
}
