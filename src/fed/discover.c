/*
 * WebFinger (RFC 7033) as a client: a handle leads to an actor, and the actor's own host confirms
 * the handle (S-037).
 */
#include <stdlib.h>

#include "core/enc.h"
#include "core/must.h"
#include "fed_int.h"
#include "text/acct.h"

#define JRD_MAX (256 * 1024) /* SECURITY section 13 */
#define JRD_ACCEPT "application/jrd+json, application/json"

struct discovery {
	struct fed *fed;
	struct ctx ctx;
	struct acct wanted;
	struct str self; /* the actor's id, as the handle's host says */
	bool confirming; /* the actor's own host is being asked */
	bool renamed;	 /* wanted is what the host calls it, not what was asked for */
	uint64_t id;
	fed_done *done;
	void *arg;
	struct db_work work;
};

static void discovery_end(struct discovery *d, enum rc rc)
{
	struct arena *arena = d->ctx.arena;
	d->done(d->arg, rc, d->id, str_of(err_text(&d->ctx.err)));
	arena_free(&arena);
}

/* rel="self" with an ActivityPub type; two different ones are no answer. */
static struct str self_link(struct discovery *d, struct jr root)
{
	struct ap_reader reader = { &d->ctx, d->fed->site->iri_flags };
	struct jr links = jr_get(root, "links");
	struct str self = STR_NONE;
	for (size_t i = 0; i < jr_count(links); i++) {
		struct jr link = jr_at(links, i);
		if (!str_eq(jr_str(jr_get(link, "rel")), STR("self")) ||
		    !ap_media_type(jr_str(jr_get(link, "type"))))
			continue;
		struct str href = ap_id(&reader, jr_get(link, "href"));
		if (self.ptr != NULL && !str_eq(self, href))
			return STR_NONE;
		self = arena_str(d->ctx.arena, href);
	}
	return self;
}

static bool subject_read(struct discovery *d, struct jr root, struct acct *subject)
{
	struct ctx quiet = { .arena = d->ctx.arena };
	struct str text = jr_str(jr_get(root, "subject"));
	return text.ptr != NULL &&
	       acct_parse(&quiet, text, d->fed->site->iri_flags, subject) == RC_OK &&
	       subject->host.len != 0;
}

static bool subject_is(struct discovery *d, struct jr root, struct str user, struct str host)
{
	struct acct subject;
	return subject_read(d, root, &subject) && str_eq_nocase(subject.user, user) &&
	       str_eq(subject.host, host);
}

/*
 * A host may say that the handle's domain is another one: "social.example.org" of a handle at
 * "example.org". That one is asked then, and has to know the handle (S-037).
 */
static bool is_renamed(struct discovery *d, struct jr root)
{
	struct acct subject;
	if (d->renamed || d->confirming || !subject_read(d, root, &subject) ||
	    str_eq(subject.host, d->wanted.host))
		return false;
	d->renamed = true;
	d->wanted.user = arena_str(d->ctx.arena, subject.user);
	d->wanted.host = arena_str(d->ctx.arena, subject.host);
	return true;
}

/* The handle's domain is recorded when it is another than the id's host. */
static enum rc domain_job(struct db_txn *txn, void *arg)
{
	struct discovery *d = arg;
	struct account account, holder;
	if (!account_get(txn, d->ctx.arena, d->id, &account))
		return db_txn_rc(txn) != RC_OK ? db_txn_rc(txn) : RC_NOT_FOUND;
	if (!str_eq_nocase(account.username, d->wanted.user))
		return RC_INVALID;
	if (str_eq(account.domain, d->wanted.host))
		return RC_OK;
	if (account_find_handle(txn, d->ctx.arena, d->wanted.user, d->wanted.host, &holder))
		return RC_DENIED;
	account.domain = d->wanted.host;
	return account_put(txn, d->ctx.arena, &account) ? RC_OK : RC_CONFLICT;
}

static void domain_done(struct db_work *work)
{
	struct discovery *d = work->arg;
	if (work->rc != RC_OK)
		ctx_fail(&d->ctx, work->rc, "the actor does not carry this handle");
	discovery_end(d, work->rc);
}

static void actor_known(void *arg, enum rc rc, uint64_t id, struct str reason)
{
	struct discovery *d = arg;
	if (rc != RC_OK)
		return discovery_end(d, ctx_fail(&d->ctx, rc, "%.*s", STR_ARG(reason)));
	d->id = id;
	d->work = (struct db_work){ .job = domain_job, .done = domain_done, .arg = d };
	db_submit(d->fed->db, &d->work);
}

static void ask(struct discovery *d, struct str scheme, struct str host);

static struct str scheme_here(const struct fed *fed)
{
	return (fed->site->iri_flags & IRI_HTTP) != 0 ? STR("http") : STR("https");
}

static void jrd_came(void *arg, enum rc rc, struct document *doc)
{
	struct discovery *d = arg;
	struct iri iri;
	if (rc != RC_OK)
		return discovery_end(d, rc);
	struct jr root = jr_root(doc->doc);
	if (is_renamed(d, root))
		return ask(d, scheme_here(d->fed), d->wanted.host);
	struct str self = self_link(d, root);
	if (self.ptr == NULL || iri_parse(&d->ctx, self, d->fed->site->iri_flags, &iri) != RC_OK)
		return discovery_end(
			d, ctx_fail(&d->ctx, RC_NOT_FOUND, "no actor behind this handle"));
	if (d->confirming && !str_eq(self, d->self))
		return discovery_end(
			d, ctx_fail(&d->ctx, RC_INVALID, "the hosts contradict each other"));
	/* the host that answers for the actor must call it by this very handle */
	if (d->confirming && !subject_is(d, root, d->wanted.user, d->wanted.host))
		return discovery_end(d, ctx_fail(&d->ctx, RC_INVALID,
						 "the actor's host does not confirm the handle"));
	d->self = self;
	if (!d->confirming && !str_eq(iri.authority, d->wanted.host)) {
		d->confirming = true;
		return ask(d, iri.scheme, iri.authority);
	}
	fed_resolve_actor(d->fed, d->self, false, actor_known, d);
}

static void ask(struct discovery *d, struct str scheme, struct str host)
{
	struct buf url = BUF_INIT(4096);
	/* RFC 7033 section 4.1: the resource is percent-encoded; the actor's own host is asked for
	 * its own name of it */
	buf_addf(&url, "%.*s://%.*s/.well-known/webfinger?resource=acct%%3A", STR_ARG(scheme),
		 STR_ARG(host));
	enc_percent(&url, d->wanted.user);
	buf_add(&url, STR("%40"));
	enc_percent(&url, host);
	document_fetch_json(d->fed, &d->ctx, arena_take_buf(d->ctx.arena, &url), JRD_ACCEPT,
			    JRD_MAX, jrd_came, d);
}

void fed_resolve_handle(struct fed *fed, struct str user, struct str host, fed_done *done,
			void *arg)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct discovery *d = ARENA_NEW(arena, struct discovery);
	must(d != NULL);
	*d = (struct discovery){ .fed = fed, .ctx = { .arena = arena }, .done = done, .arg = arg };
	d->wanted.user = arena_str(arena, user);
	enum rc rc = iri_authority(&d->ctx, host, fed->site->iri_flags, &d->wanted.host);
	if (rc != RC_OK)
		return discovery_end(d, rc);
	ask(d, scheme_here(fed), d->wanted.host);
}
