/* Strikes in communities: what their staff may do, and how it is done. Inside write transactions. */
#include "strike_int.h"

#include "community_int.h"
#include "social/audit.h"
#include "social/community_view.h"

#define LIFTED_AMONG 40

/* --- who may --- */

static const struct {
	unsigned permission;
	enum community_act act, undo; /* upon each post */
	bool counts;		      /* on the member's card */
} deeds[MODERATIONS] = {
	[MODERATE_NONE] = { .permission = COMMUNITY_MAY_REPORTS, .counts = true },
	[MODERATE_REMOVE] = { .permission = COMMUNITY_MAY_REMOVE,
			      .act = COMMUNITY_ACT_REMOVE,
			      .undo = COMMUNITY_ACT_RESTORE,
			      .counts = true },
	/* who began a thread has not always done wrong when it is closed */
	[MODERATE_LOCK] = { .permission = COMMUNITY_MAY_LOCK,
			    .act = COMMUNITY_ACT_LOCK,
			    .undo = COMMUNITY_ACT_UNLOCK },
	[MODERATE_BAN] = { .permission = COMMUNITY_MAY_BAN, .counts = true },
};

unsigned moderation_permission(enum moderation what)
{
	return deeds[what].permission;
}

enum rc community_judged_load(struct social *s, const struct account *moderator, uint64_t target,
			      const struct sentence *sentence, struct account *out)
{
	if (deeds[sentence->what].permission == 0)
		return act_end(s, ctx_fail(s->ctx, RC_INVALID, "only the node does that"));
	enum rc rc = community_require(s, moderator, sentence->community,
				       deeds[sentence->what].permission);
	if (rc != RC_OK)
		return rc;
	if (!account_get(s->txn, s->ctx->arena, target, out) || target == sentence->community ||
	    (out->flags & (ACCOUNT_DELETED | ACCOUNT_INSTANCE)) != 0)
		return act_end(s, RC_NOT_FOUND);
	if (!community_is_above(s, moderator, sentence->community, target))
		return act_end(s, ctx_fail(s->ctx, RC_DENIED, "they stand as high as you"));
	return act_end(s, RC_OK);
}

/* --- doing --- */

/* What is so already, or gone, needs nothing more; RC_EXISTS where that is all of it. */
static enum rc upon_posts(struct social *s, const struct account *actor,
			  const struct strike *strike, enum community_act act)
{
	enum rc rc = RC_OK;
	bool changed = false;
	for (unsigned i = 0; rc == RC_OK && i < strike->status_count; i++) {
		rc = community_do(s, actor, strike->statuses[i], act, strike->text);
		changed = changed || rc == RC_OK;
		if (rc == RC_EXISTS || rc == RC_NOT_FOUND)
			rc = RC_OK;
	}
	return act_end(s, rc == RC_OK && !changed ? RC_EXISTS : rc);
}

static enum rc warn(struct social *s, const struct account *a, const struct strike *strike)
{
	struct account group;
	if (account_is_local(a))
		return RC_OK;
	if (!account_get(s->txn, s->ctx->arena, strike->community, &group))
		return act_end(s, RC_NOT_FOUND);
	struct str name = group.display_name.len != 0 ? group.display_name : group.username;
	struct str text = arena_printf(s->ctx->arena, "Those who look after %.*s warn you%s%.*s",
				       STR_ARG(name), strike->text.len != 0 ? ": " : ".",
				       STR_ARG(strike->text));
	return community_letter(s, strike->community, a, text, STR(""));
}

enum rc community_sentence_do(struct social *s, const struct account *moderator,
			      const struct account *a, const struct strike *strike)
{
	if (strike->action == MODERATE_BAN)
		return community_ban_do(s, moderator, strike->community, a->id, strike->text,
					strike->until_ms);
	if (strike->action == MODERATE_NONE)
		return warn(s, a, strike);
	return upon_posts(s, moderator, strike, deeds[strike->action].act);
}

enum rc community_sentence_undo(struct social *s, const struct strike *strike)
{
	enum rc rc = RC_OK;
	if (!community_exists(s->txn, strike->community))
		return act_end(s, RC_OK);
	/* the community itself takes it back */
	if (strike->action == MODERATE_BAN)
		rc = community_unban_do(s, NULL, strike->community, strike->account);
	else if (strike->action != MODERATE_NONE)
		rc = upon_posts(s, NULL, strike, deeds[strike->action].undo);
	if (rc != RC_OK && rc != RC_NOT_FOUND && rc != RC_EXISTS)
		return rc;
	community_strike_count(s, strike, -1);
	return act_end(s, RC_OK);
}

/* --- the card --- */

void community_strike_count(struct social *s, const struct strike *strike, int by)
{
	struct community_member m;
	if (!deeds[strike->action].counts)
		return;
	if (!community_member_get(s->txn, s->ctx->arena, strike->community, strike->account, &m)) {
		if (by < 0)
			return;
		m = (struct community_member){ .community = strike->community,
					       .account = strike->account,
					       .role = COMMUNITY_MEMBER,
					       .since_ms = db_txn_now(s->txn),
					       .reason = STR(""),
					       .note = STR("") };
	}
	if (by < 0 && m.strikes == 0)
		return;
	m.strikes = by < 0 ? m.strikes - 1 : m.strikes + 1;
	community_member_put(s->txn, &m);
}

static bool is_for(const struct strike *strike, uint64_t community, enum moderation what,
		   uint64_t status)
{
	if (strike->undone || strike->community != community || strike->action != what)
		return false;
	for (unsigned i = 0; i < strike->status_count; i++) {
		if (strike->statuses[i] == status)
			return true;
	}
	return status == 0;
}

void community_strike_lift(struct social *s, uint64_t community, uint64_t account,
			   enum moderation what, uint64_t status)
{
	struct strike *strikes = ARENA_ARRAY(s->ctx->arena, LIFTED_AMONG, struct strike);
	size_t n = strikes != NULL
			   ? strikes_of(s->txn, s->ctx->arena, account, 0, strikes, LIFTED_AMONG)
			   : 0;
	for (size_t i = 0; i < n; i++) {
		if (!is_for(&strikes[i], community, what, status))
			continue;
		/* of several posts one that comes back leaves the strike for the others */
		if (strikes[i].status_count > 1)
			return;
		strikes[i].undone = true;
		if (strikes[i].appeal == APPEAL_PENDING) {
			strikes[i].appeal = APPEAL_APPROVED;
			strikes[i].decided_ms = db_txn_now(s->txn);
			statement_add(s, STATEMENT_APPEAL, strikes[i].id, account);
		}
		strike_put(s->txn, &strikes[i]);
		community_strike_count(s, &strikes[i], -1);
		return;
	}
}

/* --- presets --- */

static enum rc words_clean(struct social *s, struct preset *preset)
{
	enum rc rc = text_clean(s->ctx, preset->title, PRESET_TITLE_CHARS,
				(size_t)4 * PRESET_TITLE_CHARS, &preset->title);
	if (rc == RC_OK)
		rc = text_clean(s->ctx, preset->text, PRESET_TEXT_CHARS,
				(size_t)4 * PRESET_TEXT_CHARS, &preset->text);
	if (rc == RC_OK && (preset->title.len == 0 || preset->text.len == 0))
		rc = ctx_fail(s->ctx, RC_INVALID, "a preset has a title and a text");
	return rc;
}

enum rc community_preset_add(struct social *s, const struct account *actor, uint64_t community,
			     struct preset *preset)
{
	struct preset *all = ARENA_ARRAY(s->ctx->arena, PRESETS_MAX, struct preset);
	enum rc rc = community_require(s, actor, community, COMMUNITY_MAY_EDIT);
	if (rc == RC_OK)
		rc = words_clean(s, preset);
	if (rc != RC_OK)
		return rc;
	if (all == NULL)
		return RC_NO_MEMORY;
	if (community_preset_list(s->txn, s->ctx->arena, community, all) == PRESETS_MAX)
		return ctx_fail(s->ctx, RC_TOO_LARGE, "there are %d presets already", PRESETS_MAX);
	preset->id = 0;
	preset->id = community_preset_put(s->txn, community, preset);
	audit(s, actor, AUDIT_COMMUNITY_PRESET_ADD, AUDIT_IN(community, preset->id));
	return act_end(s, RC_OK);
}

enum rc community_preset_remove(struct social *s, const struct account *actor, uint64_t community,
				uint64_t preset)
{
	enum rc rc = community_require(s, actor, community, COMMUNITY_MAY_EDIT);
	if (rc != RC_OK)
		return rc;
	if (!community_preset_del(s->txn, community, preset))
		return act_end(s, RC_NOT_FOUND);
	audit(s, actor, AUDIT_COMMUNITY_PRESET_REMOVE, AUDIT_IN(community, preset));
	return act_end(s, RC_OK);
}
