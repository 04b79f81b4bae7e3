/*
 * JOB_PUSH: one message to one push service. What it says is read when it is sent, so that what was
 * deleted meanwhile is not told. A subscription that the service no longer knows is removed.
 */
#include <stdio.h>

#include "act_int.h"
#include "core/must.h"
#include "core/random.h"
#include "courier_int.h"
#include "crypt/push.h"
#include "social/oauth.h"
#include "social/push.h"
#include "social/team.h"
#include "text/iri.h"

#define ARENA_MAX ((size_t)1 << 20)
#define TIMEOUT_MS (30 * MS_PER_SECOND)
#define ANSWER_MAX ((size_t)16 * 1024)
#define TOKEN_LIFE_S ((uint64_t)12 * 3600) /* RFC 8292 section 2: at most a day */
#define TTL "172800"			   /* RFC 8030 section 5.2: two days */

struct push {
	struct courier *courier;
	struct queue_job *job;
	struct ctx ctx;
	struct push_job what;
	struct push_subscription to;
	struct str text;
	struct fetch_body *body;
};

static void push_after(void *arg, enum rc rc UNUSED)
{
	struct push *p = arg;
	struct arena *arena = p->ctx.arena;
	fetch_body_unref(&p->body);
	arena_free(&arena);
}

static void push_end(struct push *p, const struct queue_outcome *outcome,
		     enum rc (*write)(struct db_txn *txn, void *arg))
{
	const struct queue_end end = {
		.outcome = *outcome, .write = write, .after = push_after, .arg = p
	};
	queue_finish(p->job, &end);
}

static void push_fail(struct push *p, enum queue_verdict verdict, const char *reason)
{
	struct queue_outcome outcome = { .verdict = verdict };
	snprintf(outcome.reason, sizeof(outcome.reason), "%s", reason);
	push_end(p, &outcome, NULL);
}

/* --- the answer --- */

/* Unless another one has taken its place meanwhile. */
static enum rc forget(struct db_txn *txn, void *arg)
{
	const struct push *p = arg;
	struct arena *arena = arena_new(ARENA_MAX);
	struct push_subscription there;
	if (arena == NULL)
		return RC_NO_MEMORY;
	if (push_get(txn, arena, p->what.account, p->what.token, &there) &&
	    there.id == p->what.subscription)
		push_del(txn, p->what.account, p->what.token);
	arena_free(&arena);
	return db_txn_rc(txn);
}

static struct queue_outcome outcome_of(const struct fetch_result *result)
{
	struct queue_outcome outcome = { .verdict = QUEUE_DEFER_LANE };
	if (result->rc == RC_OK || (result->rc == RC_TOO_LARGE && result->status != 0))
		outcome = queue_outcome_of_status(result->status,
						  result->retry_after_s * MS_PER_SECOND);
	else
		snprintf(outcome.reason, sizeof(outcome.reason), "%.*s", STR_ARG(result->reason));
	/* what the guard refuses today it refuses tomorrow; so do services that do not take our key */
	if (result->rc == RC_INVALID || result->rc == RC_BLOCKED || result->status == 401 ||
	    result->status == 403)
		outcome.verdict = QUEUE_REJECT;
	return outcome;
}

static void answered(void *arg, const struct fetch_result *result)
{
	struct push *p = arg;
	struct queue_outcome outcome = outcome_of(result);
	/* RFC 8030 section 7.3 */
	bool gone = result->rc == RC_OK && (result->status == 404 || result->status == 410);
	if (gone)
		outcome = (struct queue_outcome){ .verdict = QUEUE_DELIVERED,
						  .code = result->status };
	push_end(p, &outcome, gone ? forget : NULL);
}

/* --- sending --- */

/* RFC 8030 section 5.3: what waits for an answer is worth waking a phone for. */
static struct str urgency_of(enum notice_kind kind)
{
	static const struct {
		enum notice_kind kind;
		struct str urgency;
	} rows[] = {
		{ NOTICE_MENTION, STR_INIT("high") }, { NOTICE_FOLLOW_REQUEST, STR_INIT("high") },
		{ NOTICE_REPORT, STR_INIT("high") },  { NOTICE_LIKE, STR_INIT("low") },
		{ NOTICE_BOOST, STR_INIT("low") },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].kind == kind)
			return rows[i].urgency;
	}
	return STR("normal");
}

static enum rc seal_message(struct push *p, enum push_encoding encoding,
			    struct push_message *message)
{
	const struct push_recipient to = { p->to.point, p->to.auth };
	unsigned char salt[PUSH_SALT_SIZE];
	struct p256 *once = NULL;
	random_bytes(salt, sizeof(salt));
	enum rc rc = p256_generate(&once);
	if (rc == RC_OK)
		rc = push_encrypt(&p->ctx, encoding, &to, once, salt, p->text, message);
	p256_free(&once);
	return rc;
}

static enum rc sign(struct push *p, enum push_encoding encoding, const struct push_message *message,
		    struct push_sender *sender)
{
	const struct courier_parts *parts = &p->courier->parts;
	uint64_t now_s = clock_wall_ms(parts->clock) / MS_PER_SECOND;
	struct iri endpoint;
	struct str token;
	enum rc rc = iri_parse(&p->ctx, p->to.endpoint, parts->site->iri_flags, &endpoint);
	if (rc != RC_OK)
		return rc;
	struct str audience = arena_printf(p->ctx.arena, "%.*s://%.*s", STR_ARG(endpoint.scheme),
					   STR_ARG(endpoint.authority));
	rc = push_token(&p->ctx, p->courier->key, audience, parts->site->base, now_s + TOKEN_LIFE_S,
			&token);
	return rc == RC_OK ? push_sign(&p->ctx, encoding, p->courier->key, token, message, sender)
			   : rc;
}

static void submit(struct push *p, enum push_encoding encoding, const struct push_message *message,
		   const struct push_sender *sender)
{
	/* section 5.4: an attempt that is made again replaces the one before */
	struct str topic =
		arena_printf(p->ctx.arena, "n%llu", (unsigned long long)p->what.notice.id);
	struct fetch_header headers[8] = {
		{ STR("TTL"), STR(TTL) },
		{ STR("Urgency"), urgency_of(p->what.notice.kind) },
		{ STR("Topic"), topic },
		{ STR("Content-Type"), STR("application/octet-stream") },
		{ STR("Authorization"), sender->authorization },
		{ STR("Content-Encoding"), STR("aes128gcm") },
	};
	size_t count = 6;
	if (encoding == PUSH_AESGCM) {
		headers[5].value = STR("aesgcm");
		headers[count++] = (struct fetch_header){ STR("Encryption"), message->encryption };
		headers[count++] = (struct fetch_header){ STR("Crypto-Key"), sender->crypto_key };
	}
	const struct fetch_request request = { .method = STR("POST"),
					       .url = p->to.endpoint,
					       .headers = headers,
					       .header_count = count,
					       .body = p->body,
					       .bytes_max = ANSWER_MAX,
					       .timeout_ms = TIMEOUT_MS,
					       .done = answered,
					       .arg = p };
	fetch_submit(p->courier->parts.fetch, &request);
}

static void send(struct push *p)
{
	enum push_encoding encoding = p->to.standard ? PUSH_AES128GCM : PUSH_AESGCM;
	struct push_message message;
	struct push_sender sender;
	enum rc rc = seal_message(p, encoding, &message);
	if (rc == RC_OK)
		rc = sign(p, encoding, &message, &sender);
	if (rc == RC_OK && (p->body = fetch_body_new(message.body)) == NULL)
		rc = RC_NO_MEMORY;
	if (rc != RC_OK)
		return push_fail(p, rc == RC_NO_MEMORY || rc == RC_IO ? QUEUE_DEFER : QUEUE_REJECT,
				 err_text(&p->ctx.err));
	submit(p, encoding, &message, &sender);
}

/* --- what it says --- */

/* S-101: what a token may no more is sent to it no more: of a team, to who may not read its letters. */
static enum rc ask_token(struct push *p, struct db_txn *txn, struct str access_token)
{
	struct bearer bearer;
	enum rc rc = oauth_authenticate(txn, p->ctx.arena, access_token, &bearer);
	if (rc == RC_UNAUTHENTICATED || rc == RC_DENIED)
		return RC_NOT_FOUND;
	return rc == RC_OK && bearer.person.id != 0 &&
			       !team_role_may(bearer.role, TEAM_MAY(LETTERS))
		       ? RC_NOT_FOUND
		       : rc;
}

static enum rc gather(struct push *p, struct db_txn *txn)
{
	struct str access_token;
	struct arena *arena = p->ctx.arena;
	if (!push_get(txn, arena, p->what.account, p->what.token, &p->to) ||
	    p->to.id != p->what.subscription)
		return db_txn_rc(txn) == RC_OK ? RC_NOT_FOUND : db_txn_rc(txn);
	enum rc rc = push_token_open(arena, p->courier->parts.seal, &p->to, &access_token);
	if (rc == RC_OK)
		rc = ask_token(p, txn, access_token);
	return rc == RC_OK ? push_compose(&p->ctx, txn, &p->what, access_token, &p->text) : rc;
}

void push_run(struct queue_job *job, void *app)
{
	struct arena *arena = arena_new(ARENA_MAX);
	struct db_txn *txn;
	must(arena != NULL);
	struct push *p = ARENA_NEW(arena, struct push);
	must(p != NULL);
	p->courier = app;
	p->job = job;
	p->ctx.arena = arena;
	if (!push_job_decode(job->payload, &p->what))
		return push_fail(p, QUEUE_REJECT, "the job cannot be decoded");
	enum rc rc = db_read_begin(p->courier->parts.db, &txn);
	if (rc != RC_OK)
		return push_fail(p, QUEUE_DEFER, "the database cannot be read");
	rc = gather(p, txn);
	db_read_end(&txn);
	if (rc == RC_NOT_FOUND)
		return push_fail(p, QUEUE_DELIVERED, "");
	if (rc != RC_OK)
		return push_fail(p, rc == RC_CORRUPT ? QUEUE_REJECT : QUEUE_DEFER, rc_text(rc));
	send(p);
}
