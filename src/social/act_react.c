/* Boosts and likes, and taking them back. Inside transactions only. */
#include "interact_int.h"

#include "social/community.h"
#include "social/move.h"

enum rc act_load_seen(struct social *s, const struct account *actor, uint64_t id,
		      struct status *status, struct account *author)
{
	if (account_is_gone(actor))
		return RC_GONE;
	enum rc rc = act_load(s, id, status, author);
	if (rc != RC_OK)
		return rc;
	struct viewer viewer = { actor->id, account_is_local(actor) };
	if ((status->flags & STATUS_BOOST) != 0 || !may_see(s->txn, viewer, status, author))
		return RC_NOT_FOUND;
	return RC_OK;
}

struct federate act_about(enum federate_what what, const struct account *actor,
			  const struct status *status, const struct account *author,
			  uint64_t now_ms)
{
	struct federate f = { .what = what,
			      .actor = actor->id,
			      .status = status->id,
			      .target = author->id,
			      .visibility = status->visibility,
			      .object = status->uri,
			      .at_ms = now_ms };
	act_hears(&f, author);
	return f;
}

void act_tell_author(struct social *s, enum federate_what what, const struct account *actor,
		     const struct status *status, const struct account *author, struct str uri,
		     struct str text)
{
	struct federate f = act_about(what, actor, status, author, db_txn_now(s->txn));
	f.uri = uri;
	f.text = text;
	taken_hears(s, author, &f);
	community_hears(s, status->community, &f);
	if (account_is_local(actor) && f.extra_count != 0)
		federate_add(s, &f);
	if (account_is_local(actor))
		community_pass(s, status->community, &f);
}

enum rc act_boost(struct social *s, const struct account *actor, uint64_t id, struct str uri,
		  uint64_t published_ms, enum visibility visibility, uint64_t *boost)
{
	struct status original;
	struct account author;
	bool waits;
	enum rc rc = act_refuse_moved(s, actor);
	if (rc == RC_OK)
		rc = act_load_seen(s, actor, id, &original, &author);
	if (rc != RC_OK)
		return rc;
	if (!may_boost(&original, actor->id))
		return RC_DENIED;
	if (status_boost_by(s->txn, id, actor->id) != 0)
		return RC_EXISTS;
	struct status row = {
		.id = db_next_id(s->txn),
		.account = actor->id,
		.flags = STATUS_BOOST | (account_is_local(actor) ? STATUS_LOCAL : 0U),
		.visibility = visibility > original.visibility ? visibility : original.visibility,
		.created_ms = published_ms != 0 ? published_ms : db_txn_now(s->txn),
		.boost_of = id,
		.type = STR("Announce"),
		.uri = uri,
	};
	if (uri.len == 0)
		row.uri = site_activity_uri(s->ctx->arena, actor->uri, "boosts", row.id);
	const struct wish wish = { INTERACTION_BOOST, actor,   &original,
				   &author,	      row.uri, row.visibility };
	rc = interact_ask(s, &wish, &waits);
	if (rc != RC_OK || waits)
		return rc;
	row.approval.authorization = interact_proof(s, &wish);
	if (row.approval.authorization.len != 0)
		row.approval.state = INTERACTION_ACCEPTED;
	if (!status_add(s->txn, &row))
		return act_end(s, RC_EXISTS);
	live_tell_status(s->txn, LIVE_STATUS_ADDED, &row, s->quiet);
	/* a community shows what is posted in it: nobody has liked it that much */
	if (actor->kind != ACCOUNT_GROUP)
		act_notify(s, &author, NOTICE_BOOST, actor->id, id);
	if (account_is_local(actor) && !visibility_stays(row.visibility)) {
		struct federate f =
			act_about(FEDERATE_BOOST, actor, &original, &author, row.created_ms);
		f.uri = row.uri;
		f.visibility = row.visibility;
		taken_hears(s, &author, &f);
		federate_add(s, &f);
	}
	if (boost != NULL)
		*boost = row.id;
	return act_end(s, RC_OK);
}

enum rc act_unboost(struct social *s, const struct account *actor, uint64_t id)
{
	struct status original, boost;
	struct account author;
	enum rc rc = act_load(s, id, &original, &author);
	if (rc != RC_OK)
		return rc;
	uint64_t boost_id = status_boost_by(s->txn, id, actor->id);
	bool waited =
		interact_forget(s, id, INTERACTION_BOOST, actor->id, STR("")) && boost_id == 0;
	if (boost_id == 0 || !status_get(s->txn, s->ctx->arena, boost_id, &boost))
		return act_end(s, waited ? RC_OK : RC_NOT_FOUND);
	status_del(s->txn, boost_id, db_txn_now(s->txn));
	live_tell_status(s->txn, LIVE_STATUS_REMOVED, &boost, false);
	if (account_is_local(actor) && !visibility_stays(boost.visibility)) {
		struct federate f =
			act_about(FEDERATE_UNBOOST, actor, &original, &author, db_txn_now(s->txn));
		f.uri = boost.uri;
		f.visibility = boost.visibility;
		taken_hears(s, &author, &f);
		federate_add(s, &f);
	}
	return act_end(s, RC_OK);
}

enum rc act_like(struct social *s, const struct account *actor, uint64_t id, struct str uri)
{
	struct status status;
	struct account author;
	enum rc rc = act_load_seen(s, actor, id, &status, &author);
	if (rc != RC_OK)
		return rc;
	bool waits;
	if (account_is_local(actor) && uri.len == 0)
		uri = site_activity_uri(s->ctx->arena, actor->uri, "likes", db_next_id(s->txn));
	if (like_get(s->txn, id, actor->id, NULL))
		return act_end(s, RC_EXISTS);
	rc = community_hears_vote(s, actor, &status);
	if (rc != RC_OK)
		return rc;
	const struct wish wish = {
		INTERACTION_LIKE, actor, &status, &author, uri, VISIBILITY_PUBLIC
	};
	rc = interact_ask(s, &wish, &waits);
	if (rc != RC_OK || waits)
		return rc;
	if (!like_add(s->txn, id, actor->id, uri))
		return act_end(s, RC_EXISTS);
	community_vote_known(s, actor, &status);
	act_notify(s, &author, NOTICE_LIKE, actor->id, id);
	act_tell_author(s, FEDERATE_LIKE, actor, &status, &author, uri, STR(""));
	return act_end(s, RC_OK);
}

enum rc act_unlike(struct social *s, const struct account *actor, uint64_t id)
{
	struct status status;
	struct account author;
	struct str uri;
	enum rc rc = act_load(s, id, &status, &author);
	if (rc != RC_OK)
		return rc;
	bool waited = interact_forget(s, id, INTERACTION_LIKE, actor->id, STR(""));
	if (!like_get(s->txn, id, actor->id, &uri))
		return act_end(s, waited ? RC_OK : RC_NOT_FOUND);
	uri = arena_str(s->ctx->arena, uri);
	like_del(s->txn, id, actor->id);
	act_tell_author(s, FEDERATE_UNLIKE, actor, &status, &author, uri, STR(""));
	return act_end(s, RC_OK);
}
