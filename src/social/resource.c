/* Resources of communities. Inside transactions. */
#include "social/resource.h"

#include "community_int.h"
#include "ledger_int.h"
#include "social/media.h"
#include "text/iri.h"

#define TITLE_CHARS 200
#define DESCRIPTION_CHARS 5000
#define NOTE_CHARS 500

bool resource_may_see(struct db_txn *txn, uint64_t community, uint64_t account)
{
	return account != 0 && community_has_member(txn, community, account);
}

bool resource_may_add(struct db_txn *txn, uint64_t community, uint64_t account)
{
	return account != 0 && community_permits(txn, community, account, COMMUNITY_MAY_RESOURCES);
}

bool resource_may_drop(struct db_txn *txn, const struct resource *r, uint64_t account)
{
	return resource_may_add(txn, r->community, account) &&
	       (r->by == account ||
		community_permits(txn, r->community, account, COMMUNITY_MAY_REMOVE));
}

/* --- versions --- */

static enum rc text_take(struct social *s, struct str *text, size_t most)
{
	enum rc rc = text_clean(s->ctx, *text, most, most * 4, text);
	if (rc == RC_OK)
		*text = text->ptr != NULL ? str_trim(*text) : STR("");
	return rc;
}

static enum rc link_check(struct social *s, struct resource_version *v)
{
	struct ctx quiet = { .arena = s->ctx->arena };
	struct iri iri;
	if (iri_parse(&quiet, v->url, s->site->iri_flags, &iri) != RC_OK)
		return ctx_fail(s->ctx, RC_INVALID, "the link is no address");
	v->url = iri.text;
	return RC_OK;
}

static enum rc version_take(struct social *s, struct resource_version *v)
{
	enum rc rc = text_take(s, &v->title, TITLE_CHARS);
	if (rc == RC_OK)
		rc = text_take(s, &v->description, DESCRIPTION_CHARS);
	if (rc == RC_OK)
		rc = text_take(s, &v->note, NOTE_CHARS);
	if (rc != RC_OK)
		return rc;
	if (v->title.len == 0)
		return ctx_fail(s->ctx, RC_INVALID, "what is shared has a title");
	if ((v->medium != 0) == (v->url.len != 0))
		return ctx_fail(s->ctx, RC_INVALID, "either a link or a file is shared");
	return v->medium != 0 ? RC_OK : link_check(s, v);
}

/* What the actor has uploaded belongs to the resource from now on. */
static enum rc medium_take(struct social *s, const struct account *actor, uint64_t resource,
			   const struct resource_version *v)
{
	return v->medium != 0 ? media_share(s, actor, resource, v->medium) : RC_OK;
}

/* The ledger gets what is new of it. */
static void resource_changed(struct social *s, const struct resource *r)
{
	const struct ledger_task task = { .community = r->community,
					  .look = LEDGER_LOOK_RESOURCES,
					  .only = r->id,
					  .uri = STR("") };
	ledger_look(s, &task, 0);
}

/* --- acts --- */

static enum rc require(struct social *s, const struct account *actor, uint64_t community)
{
	if (!community_exists(s->txn, community) ||
	    (actor != NULL && !resource_may_see(s->txn, community, actor->id)))
		return act_end(s, RC_NOT_FOUND);
	return community_require(s, actor, community, COMMUNITY_MAY_RESOURCES);
}

enum rc resource_share(struct social *s, const struct account *actor, struct resource *r,
		       struct resource_version *v)
{
	enum rc rc = require(s, actor, r->community);
	if (rc == RC_OK)
		rc = version_take(s, v);
	if (rc != RC_OK)
		return rc;
	r->id = db_next_id(s->txn);
	r->by = v->by = actor->id;
	r->created_ms = v->at_ms = db_txn_now(s->txn);
	r->origin = v->origin = 0;
	v->uri = ledger_version_uri(s, r, db_next_id(s->txn));
	rc = medium_take(s, actor, r->id, v);
	if (rc != RC_OK)
		return rc;
	resource_add(s->txn, r, STR(""), v);
	resource_changed(s, r);
	return act_end(s, RC_OK);
}

/* Now, or behind what a partner's clock has made of it: who revises makes the newest. */
static uint64_t after_the_last(struct social *s, const struct resource *r)
{
	struct resource_version last;
	uint64_t now = db_txn_now(s->txn);
	if (resource_version_get(s->txn, s->ctx->arena, r->id, r->versions, &last) &&
	    last.at_ms >= now)
		return last.at_ms + 1;
	return now;
}

enum rc resource_change(struct social *s, const struct account *actor, uint64_t id,
			struct resource_version *v)
{
	struct resource r;
	if (!resource_get(s->txn, id, &r))
		return act_end(s, RC_NOT_FOUND);
	enum rc rc = require(s, actor, r.community);
	if (rc == RC_OK)
		rc = version_take(s, v);
	if (rc == RC_OK)
		rc = medium_take(s, actor, id, v);
	if (rc != RC_OK)
		return rc;
	v->by = actor->id;
	v->origin = 0;
	v->at_ms = after_the_last(s, &r);
	v->uri = ledger_version_uri(s, &r, db_next_id(s->txn));
	rc = resource_revise(s->txn, id, v);
	if (rc == RC_OK)
		resource_changed(s, &r);
	if (rc == RC_TOO_LARGE)
		return ctx_fail(s->ctx, RC_TOO_LARGE, "it has %d versions already",
				RESOURCE_VERSIONS_MAX);
	return act_end(s, rc);
}

enum rc resource_drop(struct social *s, const struct account *actor, uint64_t id)
{
	struct resource r;
	if (!resource_get(s->txn, id, &r))
		return act_end(s, RC_NOT_FOUND);
	enum rc rc = require(s, actor, r.community);
	if (rc != RC_OK)
		return rc;
	if (actor != NULL && !resource_may_drop(s->txn, &r, actor->id))
		return act_end(s, ctx_fail(s->ctx, RC_DENIED,
					   "who has added it, or removes posts of others, takes it "
					   "away"));
	ledger_resource_goes(s, &r);
	resource_del(s->txn, id);
	return act_end(s, RC_OK);
}
