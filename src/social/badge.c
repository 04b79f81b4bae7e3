/* Badges of communities. Inside write transactions. */
#include "social/badge.h"

#include "community_int.h"
#include "core/utf8.h"

#define NAME_MAX_CHARS 100
#define TEXT_MAX_CHARS 1000
#define EMOJI_MAX_BYTES 64
#define STEP 200

static enum rc text_take(struct social *s, struct str *text, size_t most)
{
	enum rc rc = text_clean(s->ctx, *text, most, most * 4, text);
	*text = rc == RC_OK ? str_trim(*text) : *text;
	return rc;
}

enum rc badge_save(struct social *s, const struct account *actor, struct badge *badge)
{
	struct badge now;
	enum rc rc = community_require(s, actor, badge->community, COMMUNITY_MAY_BADGES);
	if (rc == RC_OK)
		rc = text_take(s, &badge->name, NAME_MAX_CHARS);
	if (rc == RC_OK)
		rc = text_take(s, &badge->description, TEXT_MAX_CHARS);
	if (rc != RC_OK)
		return rc;
	if (badge->name.len == 0)
		return ctx_fail(s->ctx, RC_INVALID, "a badge has a name");
	if (badge->emoji.len > EMOJI_MAX_BYTES || !utf8_valid(badge->emoji))
		return ctx_fail(s->ctx, RC_INVALID, "this is no emoji");
	bool known = badge->id != 0;
	if (known && !badge_get(s->txn, s->ctx->arena, badge->community, badge->id, &now))
		return act_end(s, RC_NOT_FOUND);
	badge->created_ms = known ? now.created_ms : db_txn_now(s->txn);
	if (!badge_put(s->txn, badge))
		return act_end(s, ctx_fail(s->ctx, RC_TOO_LARGE, "there are too many badges"));
	return act_end(s, RC_OK);
}

enum rc badge_drop(struct social *s, const struct account *actor, uint64_t community, uint64_t id)
{
	struct badge badge;
	enum rc rc = community_require(s, actor, community, COMMUNITY_MAY_BADGES);
	if (rc != RC_OK)
		return rc;
	if (!badge_get(s->txn, s->ctx->arena, community, id, &badge))
		return act_end(s, RC_NOT_FOUND);
	bool gone = badge_del(s->txn, s->ctx->arena, community, id, STEP);
	return act_end(s, gone ? RC_OK : RC_BUSY);
}

enum rc badge_give(struct social *s, const struct account *actor, struct badge_award *award)
{
	struct badge badge;
	struct community_standing standing;
	enum rc rc = community_require(s, actor, award->community, COMMUNITY_MAY_BADGES);
	if (rc == RC_OK)
		rc = text_take(s, &award->reason, TEXT_MAX_CHARS);
	if (rc != RC_OK)
		return rc;
	if (award->reason.len == 0)
		return ctx_fail(s->ctx, RC_INVALID, "a badge is given for a reason");
	if (actor != NULL && actor->id == award->account)
		return ctx_fail(s->ctx, RC_DENIED, "nobody gives themselves a badge");
	if (!badge_get(s->txn, s->ctx->arena, award->community, award->badge, &badge) ||
	    !community_standing(s->txn, s->ctx->arena, award->community, award->account, &standing))
		return act_end(s, RC_NOT_FOUND);
	if (!standing.member)
		return act_end(s, ctx_fail(s->ctx, RC_NOT_FOUND, "they are no member"));
	award->by = actor != NULL ? actor->id : award->community;
	award->given_ms = db_txn_now(s->txn);
	if (!badge_award_add(s->txn, award))
		return act_end(s, ctx_fail(s->ctx, RC_TOO_LARGE, "they have too many badges"));
	community_tell_badge(s, actor, award, &badge);
	return act_end(s, RC_OK);
}

enum rc badge_take(struct social *s, const struct account *actor, uint64_t community,
		   uint64_t account, uint64_t award)
{
	bool own = actor != NULL && actor->id == account && community_exists(s->txn, community);
	enum rc rc = own ? RC_OK : community_require(s, actor, community, COMMUNITY_MAY_BADGES);
	if (rc != RC_OK)
		return rc;
	bool taken = badge_award_del(s->txn, s->ctx->arena, community, account, award);
	return act_end(s, taken ? RC_OK : RC_NOT_FOUND);
}
