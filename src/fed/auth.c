/*
 * Who sent this request: signature, key, owner. A cached key is checked at once; an unknown one is
 * fetched while the connection waits; a cached key that fails is fetched once more (S-017).
 * Continues on the hand's thread when it had to wait.
 */
#include "core/must.h"
#include "fed_int.h"

struct auth_op {
	struct fed *fed;
	struct httpd_request *req;
	struct httpsig_request wire;
	struct httpsig sig;
	struct auth auth;
	bool suspended;
	bool refetched;
	enum rc fetched; /* how the key's fetch ended, and why */
	struct str fetched_reason;
	struct hand_task task;
	void (*then)(struct fed *fed, struct httpd_request *req, const struct auth *auth);
};

static void finish(struct auth_op *op, enum rc rc)
{
	op->auth.rc = rc;
	if (rc != RC_OK)
		op->auth.reason =
			arena_str(op->req->ctx.arena, str_of(err_text(&op->req->ctx.err)));
	op->then(op->fed, op->req, &op->auth);
}

/* Headers as the signature's rules want them; the authority must be ours, whatever Host says
 * (S-024). */
static enum rc wire_fill(struct auth_op *op)
{
	struct httpd_request *req = op->req;
	struct ctx *ctx = &req->ctx;
	struct str host;
	struct httpsig_header *headers =
		ARENA_ARRAY(ctx->arena, req->header_count, struct httpsig_header);
	if (headers == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "the request is too large");
	for (size_t i = 0; i < req->header_count; i++)
		headers[i] = (struct httpsig_header){ req->headers[i].name, req->headers[i].value };
	if (iri_authority(ctx, httpd_header(req, "Host"), op->fed->site->iri_flags, &host) != RC_OK)
		return RC_INVALID;
	if (!str_eq(host, op->fed->site->host) && !str_eq(host, op->fed->site->domain))
		return ctx_fail(ctx, RC_UNAUTHENTICATED,
				"the request is addressed to another host");
	op->wire = (struct httpsig_request){
		.method = req->method_text,
		.target = req->target,
		.scheme = (op->fed->site->iri_flags & IRI_HTTP) != 0 ? STR("http") : STR("https"),
		.authority = host,
		.headers = headers,
		.header_count = req->header_count,
		.has_body = req->method != HTTP_GET,
	};
	if (op->wire.has_body)
		op->wire.body = digest_sha256(req->body);
	return RC_OK;
}

static void key_fetched(void *arg, enum rc rc, uint64_t id, struct str reason);

static void key_ask(struct auth_op *op)
{
	if (!op->suspended) {
		op->suspended = true;
		httpd_suspend(op->req);
	}
	fed_resolve_key(op->fed, op->sig.key_id, key_fetched, op);
}

static bool key_find(struct auth_op *op, struct known_key *known)
{
	struct arena *arena = op->req->ctx.arena;
	return key_cache_get(op->fed->keys, arena, op->sig.key_id, clock_wall_ms(op->fed->clock),
			     known) ||
	       known_key_load(op->fed, arena, op->sig.key_id, known);
}

static enum peer_scheme scheme_of(const struct auth *auth)
{
	if (auth->scheme == HTTPSIG_CAVAGE)
		return PEER_SCHEME_CAVAGE;
	return auth->kind == KEY_ED25519 ? PEER_SCHEME_RFC9421_ED25519 : PEER_SCHEME_RFC9421_RSA;
}

/* What a host signs with it also takes: RFC 9421 is remembered, the common scheme needs no word. */
static void learn(struct auth_op *op)
{
	struct str host = uri_authority(op->auth.actor);
	enum peer_scheme scheme = scheme_of(&op->auth);
	if (op->fed->queue != NULL)
		queue_host_alive(op->fed->queue, host);
	/* what a delivery has found out counts more: else both would contradict each other forever
	 */
	if (scheme != PEER_SCHEME_CAVAGE && peer_scheme(op->fed, host) == PEER_SCHEME_UNKNOWN)
		peer_learn(op->fed, host, scheme);
}

/* Nobody waits for it: what the key cache holds from then on is its effect. */
static void key_looked_after(void *arg UNUSED, enum rc rc UNUSED, uint64_t id UNUSED,
			     struct str reason UNUSED)
{
}

/*
 * S-017. Readers that sign wrongly (Fedify 2 signs the fragment of a key's id) do not use up what a
 * changed key needs to deliver: for them a copy must have grown old.
 */
static bool may_refetch(const struct auth_op *op)
{
	uint64_t now = clock_wall_ms(op->fed->clock), interval = op->fed->settings->key_refetch_ms;
	return op->wire.has_body
		       ? key_cache_may_refetch(op->fed->keys, op->sig.key_id, now, interval)
		       : key_cache_is_older(op->fed->keys, op->sig.key_id, now, interval);
}

/*
 * A key is believed while its owner lists it. That is looked after at its first use after a day,
 * behind the request (S-017).
 */
static void try_key(struct auth_op *op, struct known_key *known)
{
	bool right = httpsig_verify(&op->wire, &op->sig, known->key);
	op->auth.account = known->account;
	op->auth.actor = known->owner;
	op->auth.scheme = op->sig.scheme;
	op->auth.sig = &op->sig;
	op->auth.kind = key_kind(known->key);
	key_unref(&known->key);
	if (right) {
		learn(op);
		if (known->stale && !op->refetched)
			fed_resolve_key(op->fed, op->sig.key_id, key_looked_after, NULL);
		return finish(op, RC_OK);
	}
	if (!op->refetched && may_refetch(op)) {
		op->refetched = true;
		return key_ask(op);
	}
	finish(op, ctx_fail(&op->req->ctx, RC_UNAUTHENTICATED, "the signature does not verify"));
}

static void key_go_on(void *arg)
{
	struct auth_op *op = arg;
	struct known_key known;
	enum rc rc = op->fetched;
	if (rc == RC_OK && key_find(op, &known))
		return try_key(op, &known);
	/* the request waits on this thread no longer than it must: what cannot be reached is 503,
	 * not 401 (INTEROP) */
	if (rc == RC_OK)
		rc = RC_NOT_FOUND;
	finish(op, ctx_fail(&op->req->ctx, rc, "the signing key cannot be had: %.*s",
			    STR_ARG(op->fetched_reason)));
}

static void key_fetched(void *arg, enum rc rc, uint64_t id UNUSED, struct str reason)
{
	struct auth_op *op = arg;
	struct fed *fed = op->fed;
	op->refetched = true;
	op->fetched = rc;
	op->fetched_reason = arena_str(op->req->ctx.arena, reason);
	op->task = (struct hand_task){ .run = key_go_on, .arg = op };
	fed->handed = true;
	hand_do(fed->hand, &op->task);
}

/* S-013: the canonical id, so that one key has one name; and S-030. */
static enum rc key_id_check(struct auth_op *op)
{
	struct ctx *ctx = &op->req->ctx;
	struct ctx quiet = { .arena = ctx->arena };
	struct iri iri;
	if (iri_parse(&quiet, op->sig.key_id, op->fed->site->iri_flags, &iri) != RC_OK)
		return ctx_fail(ctx, RC_UNAUTHENTICATED, "the key id is no address: %s",
				err_text(&quiet.err));
	op->sig.key_id = op->auth.key_id = iri.text;
	if (!peer_permitted(op->fed, iri.authority))
		return ctx_fail(ctx, RC_BLOCKED, "traffic with this host is blocked");
	return RC_OK;
}

void fed_authenticate(struct fed *fed, struct httpd_request *req,
		      void (*then)(struct fed *fed, struct httpd_request *req,
				   const struct auth *auth),
		      void *extra)
{
	struct auth_op *op = ARENA_NEW(req->ctx.arena, struct auth_op);
	struct known_key known;
	if (op == NULL) {
		httpd_reply_error(req, 503, STR("The request is too large"), 10);
		return;
	}
	*op = (struct auth_op){ .fed = fed, .req = req, .then = then, .auth = { .extra = extra } };
	req->user = op;
	enum rc rc = wire_fill(op);
	if (rc == RC_OK)
		rc = httpsig_parse(&req->ctx, &op->wire, &op->sig);
	if (rc == RC_OK)
		rc = httpsig_check(&req->ctx, &op->wire, &op->sig,
				   clock_wall_ms(fed->clock) / MS_PER_SECOND,
				   fed->settings->signature_window_ms / MS_PER_SECOND);
	if (rc == RC_OK)
		rc = key_id_check(op);
	if (rc != RC_OK)
		return finish(op, rc);
	if (key_find(op, &known))
		return try_key(op, &known);
	key_ask(op);
}

unsigned auth_status(enum rc rc)
{
	switch (rc) {
	case RC_BUSY:
	case RC_UNREACHABLE:
	case RC_TIMEOUT:
	case RC_FULL:
	case RC_NO_MEMORY:
	case RC_CORRUPT:
	case RC_IO:
		return 503;
	case RC_BLOCKED:
		return 403;
	case RC_OK:
	case RC_NOT_FOUND:
	case RC_EXISTS:
	case RC_INVALID:
	case RC_TOO_LARGE:
	case RC_UNSUPPORTED:
	case RC_UNAUTHENTICATED:
	case RC_DENIED:
	case RC_GONE:
	case RC_CONFLICT:
		break;
	}
	return 401;
}

void fed_hold(struct httpd_request *req)
{
	struct auth_op *op = req->user;
	if (!op->suspended) {
		op->suspended = true;
		httpd_suspend(req);
	}
}

void fed_answered(struct httpd_request *req)
{
	const struct auth_op *op = req->user;
	if (op != NULL && op->suspended)
		httpd_resume(req);
}
