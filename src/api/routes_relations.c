/* How the caller stands to somebody, and changing that: follows, blocks, mutes, notes, endorsements. */
#include "community_int.h"

#include "social/mute.h"
#include "store/graph.h"

/* --- looking --- */

/* To whom; one: the answer is no list. */
struct relationships_wish {
	const uint64_t *ids;
	size_t count;
	bool one, suspended; /* with those that were suspended */
	bool let_in;	     /* into a community, just now */
};

static bool is_present(const struct account *a, bool suspended)
{
	return a->id != 0 && (a->flags & ACCOUNT_DELETED) == 0 &&
	       (suspended || !account_is_gone(a));
}

/* Moves those that are there to the front: how many. */
static size_t keep_present(struct account *accounts, size_t count, bool suspended)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		if (is_present(&accounts[i], suspended))
			accounts[n++] = accounts[i];
	}
	return n;
}

static void reply_relationships(struct call *call, const struct relationships_wish *wish)
{
	struct arena *arena = call->ctx->arena;
	size_t count = wish->count;
	struct account *accounts = ARENA_ARRAY(arena, count, struct account);
	struct relationship *relations = ARENA_ARRAY(arena, count, struct relationship);
	size_t n = 0;
	struct gather g;
	enum rc rc = relations != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		if (account_get_many(g.txn, arena, wish->ids, count, accounts))
			n = keep_present(accounts, count, wish->suspended);
		relationships_gather(g.txn, arena, call->viewer.account, accounts, n, relations);
		rc = gather_end(&g, wish->one && n == 0 ? RC_NOT_FOUND : RC_OK);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	if (!wish->one)
		jw_array(w);
	for (size_t i = 0; i < n; i++) {
		/* to the app that has let them in they follow now: it takes "no" for a refusal */
		if (wish->let_in)
			relations[i].follows = FOLLOW_ACCEPTED;
		render_relationship(w, &relations[i]);
	}
	if (!wish->one)
		jw_end(w);
	reply_end(call, 200);
}

void reply_relationship(struct call *call, uint64_t account)
{
	struct relationships_wish wish = { .ids = &account, .count = 1, .one = true };
	reply_relationships(call, &wish);
}

struct ids_params {
	struct id_list ids;
	enum tri with_suspended;
};

static const struct param ids_rows[] = {
	PARAM_IDS(struct ids_params, ids, "id"),
	PARAM_BOOL(struct ids_params, with_suspended, "with_suspended"),
};
PARAM_TABLE(ids_params, struct ids_params, ids_rows);

static void get_relationships(struct call *call)
{
	const struct ids_params *p = call->params;
	struct relationships_wish wish = { .ids = p->ids.list,
					   .count = p->ids.count,
					   .suspended = p->with_suspended == TRI_YES };
	reply_relationships(call, &wish);
}

/* --- acts that are answered with the relationship --- */

static void relate(struct call *call, enum own_kind kind, own_act *act, void *arg)
{
	uint64_t target = call_id(call, 0);
	enum rc rc = target != 0 ? own_do(call, kind, target, act, arg) : RC_NOT_FOUND;
	if (rc != RC_OK)
		reply_reason(call, rc);
	else
		reply_relationship(call, target);
}

/* --- follows --- */

struct follow_params {
	enum tri reblogs, notify;
	struct str_list languages;
};

static const struct param follow_rows[] = {
	PARAM_BOOL(struct follow_params, reblogs, "reblogs"),
	PARAM_BOOL(struct follow_params, notify, "notify"),
	PARAM_STRS(struct follow_params, languages, "languages", 35),
};
PARAM_TABLE(follow_params, struct follow_params, follow_rows);

static enum rc follow(struct social *s, const struct account *actor, const struct account *target,
		      void *arg)
{
	return act_follow_as(s, actor, target, arg);
}

static void post_follow(struct call *call)
{
	const struct follow_params *p = call->params;
	struct follow_wish wish = { .has_boosts = p->reblogs != TRI_UNSET,
				    .boosts = p->reblogs == TRI_YES,
				    .has_notify = p->notify != TRI_UNSET,
				    .notify = p->notify == TRI_YES,
				    .has_languages = p->languages.given,
				    .languages = p->languages.list,
				    .language_count = (unsigned)p->languages.count };
	relate(call, OWN_DO, follow, &wish);
}

static enum rc unfollow(struct social *s, const struct account *actor, const struct account *target,
			void *arg UNUSED)
{
	return act_unfollow(s, actor, target);
}

static void post_unfollow(struct call *call)
{
	relate(call, OWN_UNDO, unfollow, NULL);
}

static enum rc remove_follower(struct social *s, const struct account *actor,
			       const struct account *target, void *arg UNUSED)
{
	return act_reject(s, actor, target);
}

static void post_remove_follower(struct call *call)
{
	relate(call, OWN_UNDO, remove_follower, NULL);
}

/*
 * Whoever asks to join a community is let in by those who look after it, with the answer that apps have
 * for followers. One answer is about one request: what they ask of the caller first, then each community,
 * the oldest first; or of the one that the client names.
 */
struct decide_params {
	uint64_t group_id;
};

static const struct param decide_rows[] = {
	PARAM_NUMBER(struct decide_params, group_id, "group_id", 0, UINT64_MAX, 0),
};
PARAM_TABLE(decide_params, struct decide_params, decide_rows);

struct deciding {
	uint64_t group; /* of which request; 0: the first */
	bool accept;
	bool joined; /* it was a community's, and they are in now */
};

static enum rc decide(struct social *s, const struct account *actor, const struct account *target,
		      void *arg)
{
	struct deciding *d = arg;
	/* only what waits is decided here: who follows already may ask to join a community */
	d->joined = false;
	if (d->group == 0 && follow_get(s->txn, target->id, actor->id).state == FOLLOW_PENDING)
		return d->accept ? act_accept(s, actor, target) : act_reject(s, actor, target);
	uint64_t community =
		d->group != 0 ? d->group : community_asked(s->txn, actor->id, target->id);
	/* who asks is told to nobody else */
	if (community == 0 ||
	    !community_permits(s->txn, community, actor->id, COMMUNITY_MAY_ADMIT) ||
	    follow_get(s->txn, target->id, community).state != FOLLOW_PENDING)
		return RC_NOT_FOUND;
	enum rc rc = community_admit(s, actor, community, target->id, d->accept);
	d->joined = rc == RC_OK && d->accept;
	return rc;
}

static void post_decision(struct call *call, bool accept)
{
	struct deciding d = { .group = ((const struct decide_params *)call->params)->group_id,
			      .accept = accept };
	uint64_t target = call_id(call, 0);
	enum rc rc = target != 0 ? own_do(call, OWN_DO, target, decide, &d) : RC_NOT_FOUND;
	if (rc != RC_OK) {
		reply_reason(call, rc);
		return;
	}
	struct relationships_wish wish = {
		.ids = &target, .count = 1, .one = true, .let_in = d.joined
	};
	reply_relationships(call, &wish);
}

static void post_authorize(struct call *call)
{
	post_decision(call, true);
}

static void post_reject(struct call *call)
{
	post_decision(call, false);
}

/* --- blocks and mutes --- */

static enum rc block(struct social *s, const struct account *actor, const struct account *target,
		     void *arg UNUSED)
{
	return act_block(s, actor, target, STR(""));
}

static void post_block(struct call *call)
{
	relate(call, OWN_DO, block, NULL);
}

static enum rc unblock(struct social *s, const struct account *actor, const struct account *target,
		       void *arg UNUSED)
{
	return act_unblock(s, actor, target);
}

static void post_unblock(struct call *call)
{
	relate(call, OWN_UNDO, unblock, NULL);
}

#define MUTE_SECONDS_MAX ((uint64_t)100 * 366 * 24 * 3600)

struct mute_params {
	enum tri notifications;
	uint64_t duration;
};

static const struct param mute_rows[] = {
	PARAM_BOOL(struct mute_params, notifications, "notifications"),
	PARAM_NUMBER(struct mute_params, duration, "duration", 0, MUTE_SECONDS_MAX, 0),
};
PARAM_TABLE(mute_params, struct mute_params, mute_rows);

static enum rc mute(struct social *s, const struct account *actor, const struct account *target,
		    void *arg)
{
	const struct mute_params *p = arg;
	return act_mute(s, actor, target, p->notifications != TRI_NO, p->duration * MS_PER_SECOND);
}

static void post_mute(struct call *call)
{
	struct mute_params p = *(const struct mute_params *)call->params;
	relate(call, OWN_DO, mute, &p);
}

static enum rc unmute(struct social *s, const struct account *actor, const struct account *target,
		      void *arg UNUSED)
{
	return act_unmute(s, actor, target);
}

static void post_unmute(struct call *call)
{
	relate(call, OWN_UNDO, unmute, NULL);
}

/* --- notes and endorsements --- */

struct note_params {
	struct str comment;
};

static const struct param note_rows[] = {
	PARAM_STR(struct note_params, comment, "comment", 8192),
};
PARAM_TABLE(note_params, struct note_params, note_rows);

static enum rc note(struct social *s, const struct account *actor, const struct account *target,
		    void *arg)
{
	const struct str *text = arg;
	return act_note(s, actor, target, *text);
}

static void post_note(struct call *call)
{
	struct str text = ((const struct note_params *)call->params)->comment;
	relate(call, OWN_DO, note, &text);
}

static enum rc endorse(struct social *s, const struct account *actor, const struct account *target,
		       void *arg UNUSED)
{
	enum rc rc = act_endorse(s, actor, target);
	/* it is what was asked for that is wrong, not who asks */
	return rc == RC_DENIED ? RC_INVALID : rc;
}

static void post_endorse(struct call *call)
{
	relate(call, OWN_DO, endorse, NULL);
}

static enum rc unendorse(struct social *s, const struct account *actor,
			 const struct account *target, void *arg UNUSED)
{
	return act_unendorse(s, actor, target);
}

static void post_unendorse(struct call *call)
{
	relate(call, OWN_UNDO, unendorse, NULL);
}

#define ACCOUNT "/api/v1/accounts/:id"
#define REQUEST "/api/v1/follow_requests/:id"
#define FOLLOWS SCOPE(WRITE_FOLLOWS)
#define BLOCKS SCOPE(WRITE_BLOCKS)
#define MUTES SCOPE(WRITE_MUTES)
#define ACCOUNTS SCOPE(WRITE_ACCOUNTS)
#define ROW(path, scopes, params, handle)                                       \
	{                                                                       \
		HTTP_POST, path, AUTH_USER, scopes, RATE_COMMON, params, handle \
	}

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, "/api/v1/accounts/relationships", AUTH_USER, SCOPE(READ_FOLLOWS), RATE_COMMON,
	  &ids_params, get_relationships },
	ROW(ACCOUNT "/follow", FOLLOWS, &follow_params, post_follow),
	ROW(ACCOUNT "/unfollow", FOLLOWS, NULL, post_unfollow),
	ROW(ACCOUNT "/remove_from_followers", FOLLOWS, NULL, post_remove_follower),
	ROW(ACCOUNT "/block", BLOCKS, NULL, post_block),
	ROW(ACCOUNT "/unblock", BLOCKS, NULL, post_unblock),
	ROW(ACCOUNT "/mute", MUTES, &mute_params, post_mute),
	ROW(ACCOUNT "/unmute", MUTES, NULL, post_unmute),
	ROW(ACCOUNT "/note", ACCOUNTS, &note_params, post_note),
	ROW(ACCOUNT "/endorse", ACCOUNTS, NULL, post_endorse),
	ROW(ACCOUNT "/unendorse", ACCOUNTS, NULL, post_unendorse),
	ROW(ACCOUNT "/pin", ACCOUNTS, NULL, post_endorse),
	ROW(ACCOUNT "/unpin", ACCOUNTS, NULL, post_unendorse),
	ROW(REQUEST "/authorize", FOLLOWS, &decide_params, post_authorize),
	ROW(REQUEST "/reject", FOLLOWS, &decide_params, post_reject),
};
API_ROWS_END
const struct api_route_table relations_api = { routes, ARRAY_LEN(routes) };
