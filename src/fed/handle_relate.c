/* Handlers of relations: follows and their answers, blocks, reports, and taking things back. */
#include "collection_int.h"
#include "core/must.h"
#include "core/utf8.h"
#include "event_int.h"
#include "interact_int.h"
#include "relay_int.h"
#include "social/community.h"
#include "social/federate.h"
#include "social/lane.h"
#include "social/links.h"
#include "store/report.h"
#include "store/uri.h"

#define FLAG_ADDRESSED_MAX 20

/* What is accepted, rejected or undone: told whole, or by its id alone. */
enum rc prepare_inner(struct incoming *in)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct jr inner = jr_one_at(in->activity.object, 0);
	in->inner_id = in->activity.object_id;
	if (jr_type(inner) != JR_OBJECT) {
		const struct activity_row *answer =
			in->row->rule == RULE_FOLLOWEE ? answer_row(in) : NULL;
		if (answer == NULL)
			answer = feature_answer_row(in);
		if (answer == NULL)
			answer = join_answer_row(in);
		if (answer == NULL)
			answer = joint_answer_row(in);
		if (answer != NULL)
			in->row = answer;
		return RC_OK;
	}
	in->inner_actor = ap_id(&reader, jr_get(inner, "actor"));
	in->inner_object = ap_id(&reader, jr_get(inner, "object"));
	if (in->inner_actor.ptr == NULL)
		return ctx_fail(in->ctx, RC_INVALID, "the inner activity has no valid actor");
	return RC_OK;
}

/* A local account that may be spoken to. */
static bool local_target(struct social *s, struct str uri, struct account *out)
{
	return uri.ptr != NULL && account_find_uri(s->txn, s->ctx->arena, uri, out) &&
	       account_is_local(out) && !account_is_gone(out) &&
	       (out->flags & ACCOUNT_INSTANCE) == 0;
}

/* What the write must not look for: policies are in memory. */
enum rc prepare_follow(struct incoming *in)
{
	struct str host = uri_authority(in->activity.actor);
	in->relay_welcome =
		in->fed->relay->serve == FED_RELAY_ON ||
		(in->fed->relay->serve == FED_RELAY_ALLOW_LIST && peer_allowed(in->fed, host));
	return RC_OK;
}

/* Whoever may not join a community is told so: what was asked waits for an answer there. */
static enum rc turn_away(struct incoming *in, struct social *s, const struct account *actor,
			 const struct account *group)
{
	struct federate f = { .what = FEDERATE_REJECT,
			      .actor = group->id,
			      .target = actor->id,
			      .visibility = VISIBILITY_DIRECT,
			      .object = in->activity.id.ptr != NULL ? in->activity.id : STR(""),
			      .at_ms = db_txn_now(s->txn),
			      .extra = { actor->id },
			      .extra_count = 1 };
	f.uri = site_activity_uri(s->ctx->arena, group->uri, "rejects", db_next_id(s->txn));
	federate_add(s, &f);
	return RC_OK;
}

enum rc apply_follow(struct incoming *in, struct social *s, const struct account *actor)
{
	struct account target;
	enum follow_state state;
	enum rc rc;
	if (relay_take_follow(in, s, actor, &rc))
		return rc;
	if (!local_target(s, in->activity.object_id, &target))
		return RC_NOT_FOUND;
	rc = act_follow(s, actor, &target, in->activity.id.ptr != NULL ? in->activity.id : STR(""),
			&state);
	return rc == RC_DENIED && community_exists(s->txn, target.id)
		       ? turn_away(in, s, actor, &target)
		       : rc;
}

/* Our own follow that the activity is about; RULE_FOLLOWEE has found that there is one. */
static bool own_follower(struct incoming *in, struct social *s, struct account *out)
{
	struct uri_entry entry =
		uri_find(s->txn, in->inner_id.ptr != NULL ? in->inner_id : STR(""));
	if (entry.kind == URI_FOLLOW)
		return account_get(s->txn, in->ctx->arena, entry.id, out);
	return in->inner_actor.ptr != NULL &&
	       account_find_uri(s->txn, in->ctx->arena, in->inner_actor, out);
}

enum rc apply_accept(struct incoming *in, struct social *s, const struct account *actor)
{
	struct account follower, followed = *actor;
	enum rc rc;
	if (relay_take_answer(in, s, actor, true, &rc))
		return rc;
	rc = own_follower(in, s, &follower) ? act_accept(s, actor, &follower) : RC_NOT_FOUND;
	if (rc != RC_OK)
		return rc;
	/* the first follow is when there is somebody to look at what the account shows first */
	featured_consider(s, &followed);
	links_consider(s, actor, &followed);
	account_put(s->txn, in->ctx->arena, &followed);
	return db_txn_rc(s->txn);
}

enum rc apply_reject(struct incoming *in, struct social *s, const struct account *actor)
{
	struct account follower;
	enum rc rc;
	if (relay_take_answer(in, s, actor, false, &rc))
		return rc;
	return own_follower(in, s, &follower) ? act_reject(s, actor, &follower) : RC_NOT_FOUND;
}

/* Lemmy: a Block from a community or a site names it as its target, and is none between two people. */
static bool is_ban(struct incoming *in, struct jr block, const struct account *actor)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct str target = ap_id(&reader, jr_get(block, "target"));
	return target.ptr != NULL && !str_eq(target, actor->uri);
}

enum rc apply_block(struct incoming *in, struct social *s, const struct account *actor)
{
	struct account target;
	if (is_ban(in, in->activity.root, actor))
		return RC_NOT_FOUND;
	if (!local_target(s, in->activity.object_id, &target))
		return RC_NOT_FOUND;
	return act_block(s, actor, &target,
			 in->activity.id.ptr != NULL ? in->activity.id : STR(""));
}

/* --- reports --- */

/* The community of this node that a Flag is sent to; 0: none, or one that the actor does not see. */
static uint64_t flag_community(struct incoming *in, struct social *s, const struct account *actor)
{
	static const char *const names[] = { "target", "audience", "to", "cc" };
	const struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	const struct viewer viewer = { actor->id, account_is_local(actor) };
	for (size_t k = 0; k < ARRAY_LEN(names); k++) {
		struct jr told = jr_get(in->activity.root, names[k]);
		for (size_t i = 0; i < jr_one_count(told) && i < FLAG_ADDRESSED_MAX; i++) {
			struct str id = ap_id(&reader, jr_one_at(told, i));
			uint64_t group = id.ptr != NULL ? account_id_of_uri(s->txn, id) : 0;
			if (community_exists(s->txn, group) &&
			    may_see_community(s->txn, in->ctx->arena, viewer, group))
				return group;
		}
	}
	return 0;
}

static bool is_member(struct social *s, uint64_t community, const struct account *a)
{
	struct community_standing standing;
	return community != 0 && !account_is_gone(a) &&
	       community_standing(s->txn, s->ctx->arena, community, a->id, &standing) &&
	       standing.member;
}

/* Is the thing for this node to judge: of one of ours, said in a community of ours, or a member of the one that
 * the Flag is sent to? *whose is whose it is; id 0: that is not known. */
static bool flag_concerns(struct incoming *in, struct social *s, uint64_t community, struct str id,
			  struct account *whose)
{
	struct status status;
	struct collection c;
	bool ours = site_owns_text(in->fed->site, id);
	uint64_t author = 0;
	whose->id = 0;
	if (status_find_uri(s->txn, in->ctx->arena, id, &status)) {
		ours = ours || community_exists(s->txn, status.community);
		author = status.account;
	} else if (account_find_uri(s->txn, in->ctx->arena, id, whose)) {
		if (is_member(s, community, whose) || local_target(s, id, whose))
			return true;
		whose->id = 0;
	} else if (ours && collection_find_uri(s->txn, in->ctx->arena, id, &c)) {
		author = c.account;
	}
	if (ours && author != 0 && !account_get(s->txn, in->ctx->arena, author, whose))
		whose->id = 0;
	return ours;
}

enum rc apply_flag(struct incoming *in, struct social *s, const struct account *actor)
{
	const struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	const uint64_t community = flag_community(in, s, actor);
	struct str objects[REPORT_OBJECTS_MAX];
	struct account target = { 0 }, whose;
	unsigned count = 0;
	for (size_t i = 0; i < jr_one_count(in->activity.object) && count < REPORT_OBJECTS_MAX;
	     i++) {
		struct str id = ap_id(&reader, jr_one_at(in->activity.object, i));
		if (id.ptr == NULL || !flag_concerns(in, s, community, id, &whose))
			continue;
		if (target.id == 0)
			target = whose;
		objects[count++] = id;
	}
	if (target.id == 0)
		return RC_NOT_FOUND;
	const struct report report = {
		.comment =
			utf8_take(in->activity.content.ptr != NULL ? in->activity.content : STR(""),
				  1000, 4000),
		.uri = in->activity.id.ptr != NULL ? in->activity.id : STR(""),
		.objects = objects,
		.object_count = count,
		/* who is not in it is no matter of the community's */
		.community = is_member(s, community, &target) ? community : 0,
	};
	return report_file(s, actor, &target, &report, NULL);
}

/* --- taking back --- */

enum rc incoming_forestall(struct incoming *in, struct social *s, const struct account *actor,
			   enum rc rc)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	if (rc != RC_NOT_FOUND || !ap_same_origin(&reader, in->inner_id, actor->uri))
		return rc;
	seen_add(s->txn, in->inner_id, actor->id);
	return RC_OK;
}

enum rc apply_undo_follow(struct incoming *in, struct social *s, const struct account *actor)
{
	struct account target;
	enum rc rc;
	if (relay_take_undo(in, s, actor, &rc))
		return rc;
	if (!local_target(s, in->inner_object, &target))
		return RC_NOT_FOUND;
	return incoming_forestall(in, s, actor, act_unfollow(s, actor, &target));
}

enum rc apply_undo_block(struct incoming *in, struct social *s, const struct account *actor)
{
	struct account target;
	if (is_ban(in, jr_one_at(in->activity.object, 0), actor))
		return RC_NOT_FOUND;
	if (!local_target(s, in->inner_object, &target))
		return RC_NOT_FOUND;
	return incoming_forestall(in, s, actor, act_unblock(s, actor, &target));
}

enum rc apply_undo_boost(struct incoming *in, struct social *s, const struct account *actor)
{
	uint64_t id = in->inner_object.ptr != NULL ? status_named(s->txn, in->inner_object) : 0;
	if (id == 0)
		return incoming_forestall(in, s, actor, RC_NOT_FOUND);
	return incoming_forestall(in, s, actor, act_unboost(s, actor, id));
}

static enum rc
undo_pair(struct social *s, const struct account *actor, uint64_t whose, uint64_t target,
	  enum rc (*undo)(struct social *, const struct account *, const struct account *))
{
	struct account other;
	if (whose != actor->id)
		return RC_NOT_FOUND;
	return account_get(s->txn, s->ctx->arena, target, &other) ? undo(s, actor, &other)
								  : RC_NOT_FOUND;
}

/*
 * Only the id of what is undone is known: what is stored under it says the rest, and whose it is
 * (S-007). What is somebody else's is answered like what is not there: else one could ask whether a
 * post exists (S-071).
 */
enum rc apply_undo_unknown(struct incoming *in, struct social *s, const struct account *actor)
{
	struct uri_entry entry = uri_find(s->txn, in->inner_id);
	struct status boost;
	enum rc rc;
	if (relay_take_undo(in, s, actor, &rc))
		return rc;
	switch (entry.kind) {
	case URI_LIKE:
		return entry.other == actor->id ? act_unlike(s, actor, entry.id) : RC_NOT_FOUND;
	case URI_REACTION:
	case URI_DISLIKE:
		return undo_reaction_of(in, s, actor, entry);
	case URI_FOLLOW:
		return undo_pair(s, actor, entry.id, entry.other, act_unfollow);
	case URI_BLOCK:
		return undo_pair(s, actor, entry.id, entry.other, act_unblock);
	case URI_STATUS:
		if (!status_get(s->txn, s->ctx->arena, entry.id, &boost) || boost.boost_of == 0 ||
		    boost.account != actor->id)
			return RC_NOT_FOUND;
		return act_unboost(s, actor, boost.boost_of);
	case URI_NONE:
	case URI_ACCOUNT:
	case URI_TOMBSTONE:
	case URI_INTERACTION:
	case URI_AUTHORIZATION:
	case URI_CONTEXT:
	case URI_COLLECTION:
		break;
	}
	return entry.kind == URI_NONE ? incoming_forestall(in, s, actor, RC_NOT_FOUND)
				      : RC_NOT_FOUND;
}
