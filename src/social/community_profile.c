/* How communities are called and what they say of themselves. */
#include "social/community_profile.h"

#include "community_int.h"
#include "social/account.h"
#include "social/audit.h"
#include "social/community_view.h"
#include "social/media.h"
#include "social/profile.h"
#include "social/sign_up.h"
#include "text/acct.h"

enum rc community_profile_make(struct ctx *ctx, const struct site *site, struct str title,
			       struct str description, struct community_profile *out)
{
	enum rc rc = RC_OK;
	*out = (struct community_profile){ .title = STR_NONE,
					   .source = STR_NONE,
					   .avatar = { .description = STR_NONE },
					   .header = { .description = STR_NONE } };
	if (title.ptr != NULL)
		rc = text_clean(ctx, str_trim(title), PROFILE_NAME_CHARS, 4 * PROFILE_NAME_CHARS,
				&out->title);
	if (rc == RC_OK && description.ptr != NULL)
		rc = text_clean(ctx, description, PROFILE_TEXT_CHARS, 4 * PROFILE_TEXT_CHARS,
				&out->source);
	if (rc == RC_OK && description.ptr != NULL)
		rc = account_text_make(ctx, site, out->source, &out->note);
	return rc;
}

enum rc community_picture_describe(struct ctx *ctx, struct str typed, struct community_picture *out)
{
	return typed.ptr != NULL ? text_clean(ctx, typed, PROFILE_DESCRIPTION_CHARS,
					      4 * PROFILE_DESCRIPTION_CHARS, &out->description)
				 : RC_OK;
}

static bool picture_changes(const struct community_picture *p)
{
	return p->medium != 0 || p->gone || p->description.ptr != NULL;
}

static enum rc picture_put(struct social *s, struct account *group, enum medium_use use,
			   uint64_t uploader, const struct community_picture *p)
{
	enum rc rc = RC_OK;
	struct str *description =
		use == MEDIUM_AVATAR ? &group->avatar_description : &group->header_description;
	if (p->medium != 0 || p->gone)
		rc = media_wear(s, group, use, uploader, p->medium);
	if (rc == RC_OK && !p->gone && p->description.ptr != NULL)
		*description = p->description;
	return rc;
}

static bool profile_says_nothing(const struct community_profile *p)
{
	return p->title.ptr == NULL && p->source.ptr == NULL && !picture_changes(&p->avatar) &&
	       !picture_changes(&p->header);
}

static enum rc profile_put(struct social *s, uint64_t community,
			   const struct community_profile *profile)
{
	struct account group;
	if (profile_says_nothing(profile))
		return RC_OK;
	if (!account_get(s->txn, s->ctx->arena, community, &group))
		return RC_NOT_FOUND;
	if (profile->title.ptr != NULL)
		group.display_name = profile->title;
	if (profile->source.ptr != NULL) {
		group.note = profile->note;
		group.note_source = profile->source;
	}
	enum rc rc = picture_put(s, &group, MEDIUM_AVATAR, profile->uploader, &profile->avatar);
	if (rc == RC_OK)
		rc = picture_put(s, &group, MEDIUM_HEADER, profile->uploader, &profile->header);
	return rc == RC_OK ? account_change(s, &group) : rc;
}

enum rc community_profile_change(struct social *s, const struct account *actor, uint64_t community,
				 const struct community_profile *profile)
{
	enum rc rc = community_require(s, actor, community, COMMUNITY_MAY_EDIT);
	if (rc != RC_OK || profile_says_nothing(profile))
		return rc;
	audit(s, actor, AUDIT_COMMUNITY_CHANGE, AUDIT_IN(community, community));
	return profile_put(s, community, profile);
}

enum rc community_change_all(struct social *s, const struct account *actor,
			     const struct community *settings,
			     const struct community_profile *profile)
{
	enum rc rc = community_change(s, actor, settings);
	return rc == RC_OK ? profile_put(s, settings->id, profile) : rc;
}

enum rc community_may_found(struct social *s, uint64_t account)
{
	uint64_t owned[COMMUNITIES_OWNED_MAX];
	if (communities_tended(s->txn, account, COMMUNITY_MAY_ALL, owned, COMMUNITIES_OWNED_MAX) <
	    COMMUNITIES_OWNED_MAX)
		return RC_OK;
	return ctx_fail(s->ctx, RC_TOO_LARGE, "You own %d communities already",
			COMMUNITIES_OWNED_MAX);
}

enum rc community_found_check(struct ctx *ctx, const struct reception *reception, struct db *db,
			      uint64_t account, struct str name)
{
	struct account taken;
	struct db_txn *txn = NULL;
	if (!acct_local_user_valid(name))
		return ctx_fail(ctx, RC_INVALID,
				"a name is made of a to z, 0 to 9 and _, at most 30");
	if (sign_up_is_reserved(reception, name))
		return ctx_fail(ctx, RC_INVALID, "that name is reserved");
	enum rc rc = db_read_begin(db, &txn);
	if (rc != RC_OK)
		return rc;
	struct social s = { .txn = txn, .ctx = ctx, .site = reception->site };
	rc = community_may_found(&s, account);
	if (rc == RC_OK && account_find_handle(txn, ctx->arena, name, STR(""), &taken))
		rc = ctx_fail(ctx, RC_EXISTS, "that name is taken");
	if (db_txn_rc(txn) != RC_OK)
		rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc;
}
