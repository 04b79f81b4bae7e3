/*
 * The job that fetches what a quote or another interaction needs to be shown: the quoted post, and
 * the authorization by its author. Decides in the write that ends the job.
 */
#include <stdio.h>

#include "core/log.h"
#include "interact_int.h"
#include "store/uri.h"

/* One attempt. It has an arena of its own, since it outlives the queue's job by the write. */
struct check {
	struct queue_job *job;
	struct fed *fed;
	struct ctx ctx;
	struct verify verify;
	struct str missing;	  /* the post that is not known; empty: it is */
	struct str authorization; /* what is to be fetched; empty: nothing */
	struct jr_doc *doc;
	struct proof proof;
	bool proven; /* proof holds what was fetched */
	bool enqueued;
};

static void check_after(void *arg, enum rc rc)
{
	struct check *c = arg;
	struct arena *arena = c->ctx.arena;
	fed_wake(c->fed, rc == RC_OK && c->enqueued);
	jr_free(&c->doc);
	arena_free(&arena);
}

static void check_end(struct check *c, enum queue_verdict verdict, struct str reason,
		      enum rc (*write)(struct db_txn *, void *))
{
	struct queue_end end = { .outcome = { .verdict = verdict },
				 .payload = c->job->payload,
				 .write = write,
				 .after = check_after,
				 .arg = c };
	snprintf(end.outcome.reason, sizeof(end.outcome.reason), "%.*s", STR_ARG(reason));
	queue_finish(c->job, &end);
}

/* No proof, or no such post any more, is a decision, too. */
static enum rc decide_write(struct db_txn *txn, void *arg)
{
	struct check *c = arg;
	struct ctx ctx = { .arena = c->ctx.arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = c->fed->site };
	const struct proof *proof = c->proven ? &c->proof : NULL;
	enum rc rc = c->verify.interaction ? act_proven(&s, c->verify.id, proof)
					   : act_quote_settle(&s, c->verify.id, proof);
	c->enqueued = s.enqueued;
	/* what is undecided for want of memory is decided later */
	return rc == RC_NO_MEMORY ? rc : db_txn_rc(txn);
}

static void decide(struct check *c)
{
	check_end(c, QUEUE_DELIVERED, STR(""), decide_write);
}

/* --- the authorization --- */

/* S-010: a document counts under its own id, at its own address. */
static enum rc read_proof(struct check *c, const struct document *doc)
{
	struct ap_reader reader = { &c->ctx, c->fed->site->iri_flags };
	struct ap_authorization a;
	enum rc rc = ap_authorization_decode(&reader, jr_root(doc->doc), &a);
	if (rc != RC_OK)
		return rc;
	if (!str_eq(a.id, c->authorization) || !str_eq(doc->url, c->authorization))
		return ctx_fail(&c->ctx, RC_INVALID,
				"the authorization is not the one its id names");
	c->proof = (struct proof){ (enum interaction_kind)a.kind, a.id, a.attributed_to, a.object,
				   a.target };
	return RC_OK;
}

static void authorization_came(void *arg, enum rc rc, struct document *doc)
{
	struct check *c = arg;
	if (rc == RC_OK)
		rc = read_proof(c, doc);
	if (rc == RC_OK) {
		c->doc = doc->doc;
		doc->doc = NULL;
		c->proven = true;
	} else if (job_may_pass(rc)) {
		return check_end(c, QUEUE_DEFER, str_of(err_text(&c->ctx.err)), NULL);
	} else {
		LOG(CONSENT_UNPROVEN, F_STR("authorization", c->authorization),
		    F_STR("detail", str_of(err_text(&c->ctx.err))));
	}
	decide(c);
}

static void fetch_authorization(struct check *c)
{
	if (c->authorization.len == 0)
		return decide(c);
	document_fetch(c->fed, &c->ctx, c->authorization, authorization_came, c);
}

/* --- what is asked about --- */

/* Only what is on the quoted author's host is worth a fetch. */
static struct str worth_fetching(struct check *c, struct str authorization,
				 const struct account *owner)
{
	struct ap_reader reader = { &c->ctx, c->fed->site->iri_flags };
	return !account_is_local(owner) && ap_same_origin(&reader, authorization, owner->uri)
		       ? authorization
		       : STR("");
}

static bool look_at_quote(struct check *c, struct db_txn *txn)
{
	struct status quoting, quoted;
	struct account owner;
	struct arena *arena = c->ctx.arena;
	if (!status_get(txn, arena, c->verify.id, &quoting) || quoting.quote.uri.len == 0)
		return false;
	struct uri_entry entry = uri_find(txn, quoting.quote.uri);
	if (entry.kind == URI_NONE)
		c->missing = quoting.quote.uri;
	if (entry.kind == URI_STATUS && status_get(txn, arena, entry.id, &quoted) &&
	    account_get(txn, arena, quoted.account, &owner) && owner.id != quoting.account)
		c->authorization = worth_fetching(c, quoting.quote.authorization, &owner);
	return true;
}

static bool look_at_interaction(struct check *c, struct db_txn *txn)
{
	struct interaction i;
	struct account owner;
	if (!interaction_get(txn, c->ctx.arena, c->verify.id, &i) ||
	    !account_get(txn, c->ctx.arena, i.owner, &owner))
		return false;
	c->authorization = worth_fetching(c, i.authorization, &owner);
	return true;
}

static enum rc look(struct check *c)
{
	struct db_txn *txn;
	enum rc rc = db_read_begin(c->fed->db, &txn);
	if (rc != RC_OK)
		return rc;
	c->missing = c->authorization = STR("");
	bool there = c->verify.interaction ? look_at_interaction(c, txn) : look_at_quote(c, txn);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc != RC_OK ? rc : there ? RC_OK : RC_NOT_FOUND;
}

static void quoted_came(void *arg, enum rc rc, uint64_t id UNUSED, struct str reason)
{
	struct check *c = arg;
	if (job_may_pass(rc))
		return check_end(c, QUEUE_DEFER, reason, NULL);
	if (rc == RC_OK)
		rc = look(c);
	if (rc != RC_OK)
		return decide(c);
	fetch_authorization(c);
}

void verify_run(struct queue_job *job, void *app)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct check *c = ARENA_NEW(arena, struct check);
	must(c != NULL);
	c->job = job;
	c->fed = fed_of(app);
	c->ctx.arena = arena;
	if (!verify_decode(job->payload, &c->verify))
		return check_end(c, QUEUE_REJECT, STR("the job cannot be decoded"), NULL);
	enum rc rc = look(c);
	if (rc == RC_NOT_FOUND)
		return check_end(c, QUEUE_DELIVERED, STR(""), NULL);
	if (rc != RC_OK)
		return check_end(c, QUEUE_DEFER, STR("the database cannot be read"), NULL);
	if (c->missing.len != 0)
		return fed_resolve_quoted(c->fed, c->missing, quoted_came, c);
	fetch_authorization(c);
}
