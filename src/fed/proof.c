/*
 * Integrity proofs (FEP-8b32): made over what we send, and verified on what somebody else than its
 * actor brings. What its actor's own host sends is known by the request's signature, and its proof
 * is not looked at. Verifying goes on on the hand's thread when it had to wait for a key.
 */
#include "ap/proof.h"

#include "core/metric.h"
#include "core/must.h"
#include "incoming_int.h"

/*
 * A proof is for everybody and for ever, so that it can be played back; what it did is remembered
 * for SEEN_KEEP_MS, and a proof counts for less than that. An older post is read at its origin.
 */
#define PROOF_LIFE_MS (30 * MS_PER_DAY)

/* --- ours --- */

enum rc proof_attach(struct fed *fed, struct ctx *ctx, uint64_t account, struct buf *activity)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct signing_key key;
	enum rc rc = keyring_get(fed, &quiet, account, KEY_ED25519, &key);
	if (rc == RC_NOT_FOUND)
		return RC_OK;
	if (rc != RC_OK)
		return ctx_fail(ctx, rc, "%s", err_text(&quiet.err));
	rc = ap_proof_add(&quiet, activity, key.key, key.id, clock_wall_ms(fed->clock));
	key_unref(&key.key);
	/* what is passed on has its author's (FEP-8b32: one at most) */
	if (rc == RC_OK || rc == RC_EXISTS)
		return RC_OK;
	return ctx_fail(ctx, rc, "%s", err_text(&quiet.err));
}

/* --- theirs --- */

/*
 * What another host may bring in its actor's name. Not what is between two hosts (follows and their
 * answers, blocks, reports) and not profiles: played back they would undo what came after, and their
 * own host brings them.
 */
static const struct {
	enum ap_activity_type type;
	enum ap_activity_type inner; /* of an Undo */
} carried[] = {
	{ AP_CREATE, AP_OTHER },   { AP_UPDATE, AP_OTHER },	{ AP_DELETE, AP_OTHER },
	{ AP_ANNOUNCE, AP_OTHER }, { AP_LIKE, AP_OTHER },	{ AP_UNDO, AP_ANNOUNCE },
	{ AP_UNDO, AP_LIKE },	   { AP_DISLIKE, AP_OTHER },	{ AP_EMOJI_REACT, AP_OTHER },
	{ AP_UNDO, AP_DISLIKE },   { AP_UNDO, AP_EMOJI_REACT },
};

static bool may_be_carried(const struct ap_activity *a)
{
	struct jr type = jr_get(jr_one_at(a->object, 0), "type");
	if (a->id.ptr == NULL || ap_type_class(type) == AP_CLASS_ACTOR)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(carried); i++) {
		if (a->type == carried[i].type &&
		    (a->type != AP_UNDO || ap_type_activity(type) == carried[i].inner))
			return true;
	}
	return false;
}

struct proof_op {
	struct incoming *in;
	struct httpd_request *req;
	struct ap_proof proof;
	struct str key_id; /* canonical */
	bool refetched;
	enum rc fetched;
	struct hand_task task;
	proof_done *done;
	void *arg;
};

static bool domain_is_ours(const struct site *site, struct str domain)
{
	return domain.ptr == NULL || str_eq(domain, site->domain) || str_eq(domain, site->host) ||
	       str_eq(domain, site->base);
}

static bool time_fits(const struct fed *fed, const struct ap_proof *proof)
{
	uint64_t now = clock_wall_ms(fed->clock);
	return proof->created_ms <= now + fed->settings->signature_window_ms &&
	       now < proof->created_ms + PROOF_LIFE_MS &&
	       (proof->expires_ms == 0 || now < proof->expires_ms);
}

/* FEP-fe34 and S-021: a key on the actor's own host; whose it is there, its owner's document says. */
static bool proof_fits(struct proof_op *op, const struct ap_reader *reader, struct jr one)
{
	const struct fed *fed = op->in->fed;
	struct iri iri;
	if (ap_proof_decode(reader, one, &op->proof) != RC_OK ||
	    !domain_is_ours(fed->site, op->proof.domain) || !time_fits(fed, &op->proof) ||
	    iri_parse(reader->ctx, op->proof.method, reader->iri_flags, &iri) != RC_OK)
		return false;
	op->key_id = iri.text;
	return ap_same_origin(reader, op->key_id, op->in->activity.actor);
}

/* The first one that can be the actor's. */
static bool proof_choose(struct proof_op *op)
{
	struct jr proofs = jr_get(op->in->activity.root, "proof");
	for (size_t i = 0; i < jr_one_count(proofs) && i < AP_PROOFS_MAX; i++) {
		struct ctx quiet = { .arena = op->in->ctx->arena };
		const struct ap_reader reader = { &quiet, op->in->fed->site->iri_flags };
		if (proof_fits(op, &reader, jr_one_at(proofs, i)))
			return true;
	}
	return false;
}

static bool key_find(struct proof_op *op, struct known_key *known)
{
	struct fed *fed = op->in->fed;
	struct arena *arena = op->in->ctx->arena;
	return key_cache_get(fed->keys, arena, op->key_id, clock_wall_ms(fed->clock), known) ||
	       known_key_load(fed, arena, op->key_id, known);
}

static bool is_right(struct proof_op *op, const struct known_key *known)
{
	return known->assertion && str_eq(known->owner, op->in->activity.actor) &&
	       ap_proof_verify(op->in->ctx->arena, op->in->activity.root, &op->proof, known->key);
}

uint64_t proof_of_known(struct incoming *in)
{
	struct proof_op *op = ARENA_NEW(in->ctx->arena, struct proof_op);
	struct known_key known;
	if (op == NULL)
		return 0;
	*op = (struct proof_op){ .in = in };
	if (!may_be_carried(&in->activity) || !proof_choose(op) || !key_find(op, &known))
		return 0;
	bool right = is_right(op, &known);
	key_unref(&known.key);
	return right ? known.account : 0;
}

static void key_fetched(void *arg, enum rc rc, uint64_t id, struct str reason);

static void key_ask(struct proof_op *op)
{
	op->refetched = true;
	fed_hold(op->req);
	fed_resolve_key(op->in->fed, op->key_id, key_fetched, op);
}

/* Nobody waits for it. */
static void key_looked_after(void *arg UNUSED, enum rc rc UNUSED, uint64_t id UNUSED,
			     struct str reason UNUSED)
{
}

static void try_key(struct proof_op *op, struct known_key *known)
{
	struct fed *fed = op->in->fed;
	bool right = is_right(op, known);
	key_unref(&known->key);
	if (right) {
		metric_add(METRIC_INBOX_PROVED, 1);
		/* S-017, as for keys of requests */
		if (known->stale && !op->refetched)
			fed_resolve_key(fed, op->key_id, key_looked_after, NULL);
		return op->done(op->arg, RC_OK, known->account);
	}
	if (arena_failed(op->in->ctx->arena))
		return op->done(op->arg, RC_NO_MEMORY, 0);
	if (!op->refetched &&
	    key_cache_may_refetch(fed->keys, op->key_id, clock_wall_ms(fed->clock),
				  fed->settings->key_refetch_ms))
		return key_ask(op);
	op->done(op->arg, RC_UNAUTHENTICATED, 0);
}

static bool may_pass(enum rc rc)
{
	return rc == RC_UNREACHABLE || rc == RC_TIMEOUT || rc == RC_BUSY || rc == RC_NO_MEMORY ||
	       rc == RC_FULL || rc == RC_IO;
}

static void key_go_on(void *arg)
{
	struct proof_op *op = arg;
	struct known_key known;
	if (op->fetched == RC_OK && key_find(op, &known))
		return try_key(op, &known);
	op->done(op->arg, may_pass(op->fetched) ? op->fetched : RC_UNAUTHENTICATED, 0);
}

static void key_fetched(void *arg, enum rc rc, uint64_t id UNUSED, struct str reason UNUSED)
{
	struct proof_op *op = arg;
	struct fed *fed = op->in->fed;
	op->fetched = rc;
	op->task = (struct hand_task){ .run = key_go_on, .arg = op };
	fed->handed = true;
	hand_do(fed->hand, &op->task);
}

/* S-072: for who is suspended here nothing is fetched, whatever they bring. */
static bool may_ask(struct incoming *in)
{
	struct account bringer;
	struct db_txn *txn;
	if (db_read_begin(in->fed->db, &txn) != RC_OK)
		return false;
	bool may = account_get(txn, in->ctx->arena, in->signer, &bringer) &&
		   !account_is_gone(&bringer);
	db_read_end(&txn);
	return may && incoming_is_worth_a_fetch(in);
}

void proof_verify_carried(struct incoming *in, struct httpd_request *req, proof_done *done,
			  void *arg)
{
	struct proof_op *op = ARENA_NEW(in->ctx->arena, struct proof_op);
	struct known_key known;
	if (op == NULL)
		return done(arg, RC_NO_MEMORY, 0);
	*op = (struct proof_op){ .in = in, .req = req, .done = done, .arg = arg };
	if (!may_be_carried(&in->activity) || site_owns_text(in->fed->site, in->activity.actor) ||
	    !peer_permitted_uri(in->fed, in->activity.actor) || !proof_choose(op))
		return done(arg, RC_UNAUTHENTICATED, 0);
	if (key_find(op, &known))
		return try_key(op, &known);
	if (!may_ask(in))
		return done(arg, RC_NOT_FOUND, 0);
	key_ask(op);
}
