/* Reactions with emoji and dislikes, and taking them back. Inside transactions only. */
#include "act_int.h"
#include "social/community.h"
#include "social/react.h"
#include "store/emoji.h"
#include "text/emoji.h"

enum rc act_emoji_choose(struct social *s, struct str text, struct reaction *out)
{
	struct local_emoji own;
	struct str shortcode = emoji_shortcode_of(text);
	*out = (struct reaction){ .host = STR(""), .url = STR("") };
	if (shortcode.ptr == NULL) {
		if (emoji_canonical(s->ctx, text, &out->text) == RC_OK)
			return RC_OK;
		s->ctx->err = (struct err){ 0 };
		return ctx_fail(s->ctx, RC_INVALID,
				"a reaction is one emoji, or the :shortcode: of one of this node");
	}
	if (!emoji_get(s->txn, s->ctx->arena, shortcode, &own))
		return act_end(s, ctx_fail(s->ctx, RC_NOT_FOUND, "there is no emoji :%.*s: here",
					   STR_ARG(shortcode)));
	out->text = text;
	out->url = own.url;
	return RC_OK;
}

enum rc act_emoji_react(struct social *s, const struct account *actor, uint64_t id,
			const struct reaction *r)
{
	struct status status;
	struct account author;
	struct reaction added = *r;
	enum rc rc = act_load_seen(s, actor, id, &status, &author);
	if (rc != RC_OK)
		return rc;
	if (account_is_local(actor) && added.uri.len == 0)
		added.uri = site_activity_uri(s->ctx->arena, actor->uri, "reactions",
					      db_next_id(s->txn));
	rc = community_hears_vote(s, actor, &status);
	if (rc != RC_OK)
		return rc;
	rc = reaction_add(s->txn, id, actor->id, &added);
	if (rc == RC_TOO_LARGE)
		return act_end(s, ctx_fail(s->ctx, rc, "there are too many reactions already"));
	if (rc != RC_OK)
		return act_end(s, rc);
	act_notify(s, &author, NOTICE_REACTION, actor->id, id);
	act_tell_author(s, FEDERATE_REACT, actor, &status, &author, added.uri, added.text);
	return act_end(s, RC_OK);
}

enum rc act_emoji_unreact(struct social *s, const struct account *actor, uint64_t id,
			  struct str text)
{
	struct status status;
	struct account author;
	struct reaction r;
	enum rc rc = act_load(s, id, &status, &author);
	if (rc != RC_OK)
		return rc;
	if (!reaction_find(s->txn, s->ctx->arena, id, actor->id, text, &r))
		return act_end(s, RC_NOT_FOUND);
	reaction_del(s->txn, id, actor->id, text);
	act_tell_author(s, FEDERATE_UNREACT, actor, &status, &author, r.uri, r.text);
	return act_end(s, RC_OK);
}

enum rc act_dislike(struct social *s, const struct account *actor, uint64_t id, struct str uri)
{
	struct status status;
	struct account author;
	enum rc rc = act_load_seen(s, actor, id, &status, &author);
	if (rc != RC_OK)
		return rc;
	if (account_is_local(actor) && uri.len == 0)
		uri = site_activity_uri(s->ctx->arena, actor->uri, "dislikes", db_next_id(s->txn));
	rc = community_hears_vote(s, actor, &status);
	if (rc != RC_OK)
		return rc;
	if (!dislike_add(s->txn, id, actor->id, uri))
		return act_end(s, RC_EXISTS);
	community_vote_known(s, actor, &status);
	act_tell_author(s, FEDERATE_DISLIKE, actor, &status, &author, uri, STR(""));
	return act_end(s, RC_OK);
}

enum rc act_undislike(struct social *s, const struct account *actor, uint64_t id)
{
	struct status status;
	struct account author;
	struct str uri;
	enum rc rc = act_load(s, id, &status, &author);
	if (rc != RC_OK)
		return rc;
	if (!dislike_get(s->txn, id, actor->id, &uri))
		return act_end(s, RC_NOT_FOUND);
	uri = arena_str(s->ctx->arena, uri);
	dislike_del(s->txn, id, actor->id);
	act_tell_author(s, FEDERATE_UNDISLIKE, actor, &status, &author, uri, STR(""));
	return act_end(s, RC_OK);
}
