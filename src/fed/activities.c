/*
 * The activities that have a meaning here, as a table: what each does, and who may. The code below
 * interprets it: opening, choosing a row, the rule, repetition. The handlers are in handle_*.c.
 */
#include "core/enc.h"
#include "core/must.h"
#include "event_int.h"
#include "interact_int.h"
#include "relay_int.h"
#include "store/uri.h"

/* clang-format off */
const struct activity_row activity_table[] = {
	{ AP_CREATE, AP_CLASS_VOTE, AP_OTHER, RULE_OWN_NAME, true, prepare_vote, apply_vote, "counts a vote in a poll of this node; it is shown to nobody" },
	{ AP_CREATE, AP_CLASS_POST, AP_OTHER, RULE_OWN_OBJECT, false, prepare_post, apply_create, "stores the post when somebody here follows its author, is addressed, or knows its thread" },
	{ AP_CREATE, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_OBJECT, false, prepare_post, apply_create, "fetches the post by its id, then as above" },
	{ AP_UPDATE, AP_CLASS_ACTOR, AP_OTHER, RULE_MODERATOR, true, prepare_moderation, apply_moderation, "takes what a moderator elsewhere makes a community of this node say of itself; the community passes it on" },
	{ AP_UPDATE, AP_CLASS_ACTOR, AP_OTHER, RULE_SELF, false, prepare_profile, apply_profile, "takes the new profile and keys" },
	{ AP_UPDATE, AP_CLASS_POST, AP_OTHER, RULE_OWN_OBJECT, false, prepare_post, apply_update, "takes the newer content" },
	{ AP_UPDATE, AP_CLASS_COLLECTION, AP_OTHER, RULE_OWN_NAME, false, prepare_ledger, apply_ledger, "of its ledger, by a partner of a joint community: what is shared and decided there is read" },
	{ AP_UPDATE, AP_CLASS_COLLECTION, AP_OTHER, RULE_OWN_NAME, false, NULL, apply_collection_update, "reads a collection of accounts (FEP-7aa9) again at its origin" },
	{ AP_DELETE, AP_CLASS_UNKNOWN, AP_OTHER, RULE_MODERATOR, true, prepare_moderation, apply_moderation, "removes what somebody else posted in a community of this node; the community passes it on" },
	{ AP_DELETE, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_OBJECT, false, NULL, apply_delete, "removes the post, or the account when it deletes itself; ends the consent to a quote" },
	{ AP_FOLLOW, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_NAME, true, prepare_follow, apply_follow, "asks to follow an account here; answered with Accept or left to its owner" },
	{ AP_ACCEPT, AP_CLASS_UNKNOWN, AP_FOLLOW, RULE_FOLLOWEE, false, prepare_inner, apply_accept, "a follow of ours is accepted" },
	{ AP_REJECT, AP_CLASS_UNKNOWN, AP_FOLLOW, RULE_FOLLOWEE, false, prepare_inner, apply_reject, "a follow of ours is refused or ended" },
	{ AP_ACCEPT, AP_CLASS_UNKNOWN, AP_QUOTE_REQUEST, RULE_ASKED, false, prepare_answer, apply_approval, "consent to a quote of ours, with its authorization" },
	{ AP_ACCEPT, AP_CLASS_UNKNOWN, AP_REPLY_REQUEST, RULE_ASKED, false, prepare_answer, apply_approval, "consent to a reply of ours, which is posted" },
	{ AP_ACCEPT, AP_CLASS_UNKNOWN, AP_LIKE_REQUEST, RULE_ASKED, false, prepare_answer, apply_approval, "consent to a like of ours" },
	{ AP_ACCEPT, AP_CLASS_UNKNOWN, AP_ANNOUNCE_REQUEST, RULE_ASKED, false, prepare_answer, apply_approval, "consent to a boost of ours, which is sent" },
	{ AP_REJECT, AP_CLASS_UNKNOWN, AP_QUOTE_REQUEST, RULE_ASKED, false, prepare_answer, apply_denial, "a quote of ours is refused" },
	{ AP_REJECT, AP_CLASS_UNKNOWN, AP_REPLY_REQUEST, RULE_ASKED, false, prepare_answer, apply_denial, "a reply of ours is refused" },
	{ AP_REJECT, AP_CLASS_UNKNOWN, AP_LIKE_REQUEST, RULE_ASKED, false, prepare_answer, apply_denial, "a like of ours is refused" },
	{ AP_REJECT, AP_CLASS_UNKNOWN, AP_ANNOUNCE_REQUEST, RULE_ASKED, false, prepare_answer, apply_denial, "a boost of ours is refused" },
	{ AP_ACCEPT, AP_CLASS_UNKNOWN, AP_FEATURE_REQUEST, RULE_OWN_NAME, false, prepare_answer, apply_feature_accept, "consent to be in a collection of ours (FEP-7aa9), with its authorization" },
	{ AP_REJECT, AP_CLASS_UNKNOWN, AP_FEATURE_REQUEST, RULE_OWN_NAME, false, prepare_answer, apply_feature_reject, "somebody does not want to be in a collection of ours" },
	{ AP_ACCEPT, AP_CLASS_UNKNOWN, AP_JOIN, RULE_ORGANIZER, false, prepare_inner, apply_join_accept, "somebody here takes part in an event of the actor's" },
	{ AP_REJECT, AP_CLASS_UNKNOWN, AP_JOIN, RULE_ORGANIZER, false, prepare_inner, apply_join_reject, "a request to take part in an event is refused, or somebody is put out" },
	{ AP_ACCEPT, AP_CLASS_UNKNOWN, AP_INVITE, RULE_OWN_NAME, false, prepare_inner, apply_invite_accept, "who was invited to an event of this node takes part" },
	{ AP_REJECT, AP_CLASS_UNKNOWN, AP_INVITE, RULE_OWN_NAME, false, prepare_inner, apply_invite_reject, "who was invited to an event of this node does not come" },
	{ AP_OFFER, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_NAME, true, prepare_joint, apply_joint_offer, "a group offers to own a community of this node together with its people; left to the owners" },
	{ AP_ACCEPT, AP_CLASS_UNKNOWN, AP_OFFER, RULE_OWN_NAME, true, prepare_joint, apply_joint_accept, "such an offer of ours is accepted" },
	{ AP_REJECT, AP_CLASS_UNKNOWN, AP_OFFER, RULE_OWN_NAME, true, prepare_joint, apply_joint_reject, "such an offer of ours is refused, or what was agreed has ended" },
	{ AP_FEATURE_REQUEST, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_NAME, true, NULL, apply_feature_request, "asks to put an account here into a collection; answered by its policy or left to its owner" },
	{ AP_QUOTE_REQUEST, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_NAME, true, prepare_request, apply_request, "asks to quote a post here; answered by its policy or left to its author" },
	{ AP_REPLY_REQUEST, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_NAME, true, prepare_request, apply_request, "asks to reply to a post here, as above" },
	{ AP_LIKE_REQUEST, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_NAME, true, prepare_request, apply_request, "asks to like a post here, as above" },
	{ AP_ANNOUNCE_REQUEST, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_NAME, true, prepare_request, apply_request, "asks to boost a post here, as above" },
	{ AP_LIKE, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_NAME, true, prepare_reaction, apply_like, "counts a like of a post that is known here, or with content a reaction" },
	{ AP_EMOJI_REACT, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_NAME, true, prepare_reaction, apply_emoji_react, "counts a reaction with an emoji to a post that is known here" },
	{ AP_DISLIKE, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_NAME, true, NULL, apply_dislike, "counts a dislike, apart from likes" },
	{ AP_LOCK, AP_CLASS_UNKNOWN, AP_OTHER, RULE_MODERATOR, true, prepare_moderation, apply_moderation, "locks a thread, or what is below a comment, in a community of this node" },
	{ AP_ADD, AP_CLASS_UNKNOWN, AP_OTHER, RULE_MODERATOR, true, prepare_moderation, apply_moderation, "pins a thread in a community of this node, or makes a member its moderator" },
	{ AP_REMOVE, AP_CLASS_UNKNOWN, AP_OTHER, RULE_MODERATOR, true, prepare_moderation, apply_moderation, "takes either back" },
	{ AP_ADD, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_FEATURED, true, prepare_featured, apply_add, "pins a post, or shows a hashtag on the profile" },
	{ AP_REMOVE, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_FEATURED, true, prepare_featured, apply_remove, "takes a pin or a hashtag of the profile back" },
	{ AP_ADD, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_NAME, false, prepare_collection, apply_collection_add, "reads a collection of accounts (FEP-7aa9) at its origin, with the consent of those in it" },
	{ AP_REMOVE, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_NAME, false, prepare_collection, apply_collection_remove, "forgets a collection of accounts, or somebody in it" },
	{ AP_ANNOUNCE, AP_CLASS_ACTIVITY, AP_OTHER, RULE_OWN_NAME, true, prepare_announced, apply_announced, "a group passes on what was done in it (FEP-1b12): posts, edits, deletions, votes, and what its moderators do" },
	{ AP_ANNOUNCE, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_NAME, true, prepare_boost, apply_boost, "boosts a post, which is fetched when it is not known; by a group, puts a post that names it into it" },
	{ AP_BLOCK, AP_CLASS_UNKNOWN, AP_OTHER, RULE_MODERATOR, true, prepare_moderation, apply_moderation, "bans somebody from a community of this node" },
	{ AP_BLOCK, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_NAME, true, NULL, apply_block, "ends follows both ways; posts are not shown to the blocked account" },
	{ AP_MOVE, AP_CLASS_UNKNOWN, AP_OTHER, RULE_SELF, true, NULL, apply_move, "takes followers here along to the new account, when that one names the old one" },
	{ AP_FLAG, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_NAME, true, NULL, apply_flag, "a report for the moderators of the node, and of the community that it is about" },
	{ AP_RESOLVE, AP_CLASS_UNKNOWN, AP_FLAG, RULE_MODERATOR, true, prepare_resolve, apply_resolve, "a report about a post in a community of this node is handled" },
	{ AP_UNDO, AP_CLASS_UNKNOWN, AP_FOLLOW, RULE_OWN_ACTIVITY, true, prepare_inner, apply_undo_follow, "ends a follow" },
	{ AP_UNDO, AP_CLASS_UNKNOWN, AP_LIKE, RULE_OWN_ACTIVITY, true, prepare_undo_reaction, apply_undo_like, "takes a like or a reaction back" },
	{ AP_UNDO, AP_CLASS_UNKNOWN, AP_EMOJI_REACT, RULE_OWN_ACTIVITY, true, prepare_undo_reaction, apply_undo_emoji_react, "takes a reaction back" },
	{ AP_UNDO, AP_CLASS_UNKNOWN, AP_DISLIKE, RULE_OWN_ACTIVITY, true, prepare_inner, apply_undo_dislike, "takes a dislike back" },
	{ AP_UNDO, AP_CLASS_UNKNOWN, AP_ANNOUNCE, RULE_OWN_ACTIVITY, true, prepare_inner, apply_undo_boost, "takes a boost back" },
	{ AP_UNDO, AP_CLASS_UNKNOWN, AP_LOCK, RULE_MODERATOR, true, prepare_moderation, apply_moderation, "unlocks a thread in a community of this node" },
	{ AP_UNDO, AP_CLASS_UNKNOWN, AP_DELETE, RULE_MODERATOR, true, prepare_moderation, apply_moderation, "brings back what was removed from a community of this node" },
	{ AP_UNDO, AP_CLASS_UNKNOWN, AP_BLOCK, RULE_MODERATOR, true, prepare_moderation, apply_moderation, "ends a ban from a community of this node" },
	{ AP_UNDO, AP_CLASS_UNKNOWN, AP_BLOCK, RULE_OWN_ACTIVITY, true, prepare_inner, apply_undo_block, "takes a block back" },
	{ AP_UNDO, AP_CLASS_UNKNOWN, AP_JOIN, RULE_OWN_ACTIVITY, true, prepare_inner, apply_undo_join, "ends taking part in an event of this node" },
	{ AP_UNDO, AP_CLASS_UNKNOWN, AP_INVITE, RULE_OWN_ACTIVITY, true, prepare_inner, apply_undo_invite, "takes an invitation to an event of the actor's back" },
	{ AP_UNDO, AP_CLASS_UNKNOWN, AP_OFFER, RULE_OWN_NAME, true, prepare_joint, apply_joint_undo, "a group takes its offer back, or ends what was agreed" },
	{ AP_UNDO, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_ACTIVITY, true, prepare_inner, apply_undo_unknown, "takes back what the named id was" },
	{ AP_JOIN, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_NAME, true, NULL, apply_join, "asks to take part in an event of this node; answered by its rule or left to its organizer" },
	{ AP_LEAVE, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_NAME, true, NULL, apply_leave, "ends taking part in an event of this node" },
	{ AP_INVITE, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_NAME, true, prepare_invite, apply_invite, "invites people here to an event of the actor's, which is fetched when it is not known (FEP-8a8e)" },
	{ AP_ADD, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_CONTEXT, false, prepare_context_add, apply_context_add, "fetches a post that was added to a conversation in which somebody here takes part" },
	{ AP_REMOVE, AP_CLASS_UNKNOWN, AP_OTHER, RULE_OWN_CONTEXT, true, NULL, apply_context_remove, "takes a reply out of a conversation: it stands alone" },
};
/* clang-format on */
const size_t activity_table_count = ARRAY_LEN(activity_table);

static bool row_fits(const struct activity_row *row, const struct ap_activity *a)
{
	struct jr object = jr_one_at(a->object, 0), type = jr_get(object, "type");
	enum ap_object_class class = ap_is_vote(object) ? AP_CLASS_VOTE : ap_type_class(type);
	if (row->type != a->type)
		return false;
	if (row->object != AP_CLASS_UNKNOWN && row->object != class)
		return false;
	/* Accept and Reject may name the follow by its id alone */
	return row->inner == AP_OTHER || row->inner == ap_type_activity(type) ||
	       (a->type != AP_UNDO && jr_type(jr_one_at(a->object, 0)) == JR_STRING);
}

static const struct activity_row *row_find(const struct ap_activity *a)
{
	for (size_t i = 0; i < activity_table_count; i++) {
		if (row_fits(&activity_table[i], a))
			return &activity_table[i];
	}
	return NULL;
}

bool incoming_next_row(struct incoming *in)
{
	const struct activity_row *end = activity_table + activity_table_count;
	for (const struct activity_row *row = in->row + 1; row < end; row++) {
		if (row_fits(row, &in->activity)) {
			in->row = row;
			return true;
		}
	}
	return false;
}

/* A mention of somebody on a host that is merely not on the allow list is no reason to refuse. */
static bool tags_permitted(struct incoming *in, struct jr object)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct jr tags = jr_get(object, "tag");
	size_t count = jr_one_count(tags);
	for (size_t i = 0; i < count && i < AP_TAGS_MAX; i++) {
		struct str href = ap_id(&reader, jr_get(jr_one_at(tags, i), "href"));
		if (href.ptr != NULL && peer_blocked_uri(in->fed, href))
			return false;
	}
	return true;
}

/* S-030: a block holds for everything that an activity names. */
static bool all_permitted(struct incoming *in)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct jr object = jr_one_at(in->activity.object, 0);
	if (!peers_judged(in->fed))
		return true;
	const struct str named[] = {
		in->activity.object_id,
		ap_id(&reader, jr_get(object, "attributedTo")),
		ap_id(&reader, jr_get(object, "actor")),
		ap_id(&reader, jr_get(object, "object")),
		ap_id(&reader, jr_get(object, "inReplyTo")),
		ap_id(&reader, in->activity.target),
		ap_id(&reader, in->activity.instrument),
	};
	for (size_t i = 0; i < ARRAY_LEN(named); i++) {
		if (named[i].ptr != NULL && !str_eq(named[i], STR(AP_PUBLIC)) &&
		    !peer_permitted_uri(in->fed, named[i]))
			return false;
	}
	return tags_permitted(in, object);
}

/* What did not fit in memory must not pass for what is not there or not valid (P-01). */
static enum rc whole(const struct incoming *in, enum rc rc)
{
	return arena_failed(in->ctx->arena) ? RC_NO_MEMORY : rc;
}

static enum rc admit(struct incoming *in)
{
	if (!all_permitted(in))
		return ctx_fail(in->ctx, RC_BLOCKED, "it names a host that is blocked");
	in->row = row_find(&in->activity);
	return RC_OK;
}

enum rc incoming_admit(struct incoming *in)
{
	return whole(in, admit(in));
}

static enum rc open_checked(struct incoming *in, struct str signer_uri)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	enum rc rc = jr_parse(in->ctx, in->bytes, &jr_limits_peer, &in->doc);
	if (rc == RC_OK)
		rc = ap_activity_decode(&reader, jr_root(in->doc), &in->activity);
	if (rc != RC_OK)
		return rc;
	/* S-004: the signer speaks for itself and for nobody else, on whatever host */
	if (!str_eq(in->activity.actor, signer_uri))
		return ctx_fail(in->ctx, RC_UNAUTHENTICATED, "the actor is not who signed");
	return admit(in);
}

enum rc incoming_open(struct incoming *in, struct str signer_uri)
{
	return whole(in, open_checked(in, signer_uri));
}

void incoming_close(struct incoming *in)
{
	jr_free(&in->doc);
}

enum rc incoming_prepare_row(struct incoming *in)
{
	return whole(in,
		     in->row != NULL && in->row->prepare != NULL ? in->row->prepare(in) : RC_OK);
}

/* --- rules --- */

/* The stored owner decides (S-005, S-006); what is not stored can only be an object of the actor's
 * own host. */
static bool owns_object(struct incoming *in, struct db_txn *txn, const struct account *actor)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct str id = in->object != NULL ? in->object->id : in->activity.object_id;
	struct status stored;
	if (id.ptr == NULL || site_owns_text(in->fed->site, id))
		return false;
	if (in->object != NULL && !str_eq(in->object->attributed_to, actor->uri))
		return false;
	struct uri_entry entry = uri_find(txn, id);
	if (entry.kind == URI_STATUS)
		return status_get(txn, in->ctx->arena, entry.id, &stored) &&
		       stored.account == actor->id;
	if (entry.kind == URI_ACCOUNT)
		return entry.id == actor->id;
	return ap_same_origin(&reader, id, actor->uri);
}

/* S-008: a pending or accepted follow by one of ours, whose object is the actor. */
static bool is_followee(struct incoming *in, struct db_txn *txn, const struct account *actor)
{
	struct account follower;
	if (relay_answers(in, txn, actor))
		return true;
	struct uri_entry entry =
		in->inner_id.ptr != NULL ? uri_find(txn, in->inner_id) : (struct uri_entry){ 0 };
	if (entry.kind == URI_FOLLOW)
		return entry.other == actor->id &&
		       account_get(txn, in->ctx->arena, entry.id, &follower) &&
		       account_is_local(&follower);
	if (in->inner_object.ptr != NULL && !str_eq(in->inner_object, actor->uri))
		return false;
	return in->inner_actor.ptr != NULL &&
	       account_find_uri(txn, in->ctx->arena, in->inner_actor, &follower) &&
	       account_is_local(&follower) &&
	       follow_get(txn, follower.id, actor->id).state != FOLLOW_NONE;
}

/* S-007: when the inner activity is told, it is the actor's; when only its id is, what is stored
 * under it is. */
static bool owns_activity(const struct incoming *in, const struct account *actor)
{
	return in->inner_actor.ptr == NULL ? in->inner_id.ptr != NULL
					   : str_eq(in->inner_actor, actor->uri);
}

/* S-008: to the letter the collection that the actor's own document names. Mastodon adds hashtags to
 * that of posts; they have one of their own, too. */
bool incoming_owns_target(const struct incoming *in, const struct account *actor)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct str target = ap_id(&reader, in->activity.target);
	if (target.len == 0 || account_is_local(actor))
		return false;
	return str_eq(target, actor->featured) ||
	       (in->hashtag.ptr != NULL && str_eq(target, actor->featured_tags));
}

static bool rule_holds(struct incoming *in, struct db_txn *txn, const struct account *actor)
{
	switch (in->row->rule) {
	case RULE_OWN_NAME:
		return true;
	case RULE_OWN_OBJECT:
		return owns_object(in, txn, actor);
	case RULE_SELF:
		return str_eq(in->activity.object_id, actor->uri);
	case RULE_FOLLOWEE:
		return is_followee(in, txn, actor);
	case RULE_OWN_FEATURED:
		return incoming_owns_target(in, actor);
	case RULE_OWN_ACTIVITY:
		return owns_activity(in, actor);
	case RULE_ASKED:
		return is_asked(in, txn, actor);
	case RULE_OWN_CONTEXT:
		return rule_own_context(in, actor->uri);
	case RULE_MODERATOR:
		return rule_moderator(in, txn, actor);
	case RULE_ORGANIZER:
		return rule_organizer(in, txn, actor);
	}
	return false;
}

/* --- the write --- */

struct str incoming_name(struct incoming *in)
{
	struct buf name = BUF_INIT(128);
	if (in->activity.id.ptr != NULL)
		return in->activity.id;
	struct digest digest = digest_sha256(in->bytes);
	buf_add(&name, STR("sha256:"));
	enc_hex(&name, str_n(digest.bytes, sizeof(digest.bytes)));
	return arena_take_buf(in->ctx->arena, &name);
}

/* Who is suspended here has no voice, but may delete what is left of itself. */
static bool may_act(const struct incoming *in, const struct account *actor)
{
	if (!account_is_gone(actor))
		return true;
	return (actor->flags & ACCOUNT_DELETED) == 0 && in->row->type == AP_DELETE;
}

enum rc incoming_effect(struct incoming *in, struct social *s)
{
	struct account actor;
	if (!account_get(s->txn, in->ctx->arena, in->signer, &actor))
		return RC_NOT_FOUND;
	if (!may_act(in, &actor))
		return RC_GONE;
	if (!rule_holds(in, s->txn, &actor))
		return RC_DENIED;
	struct str name = in->row->once ? incoming_name(in) : STR_NONE;
	if (in->row->once && seen_has(s->txn, name, actor.id))
		return RC_EXISTS;
	struct moved_home home;
	uint64_t community = community_about(in, s);
	bool moved = forward_moved_find(in, s, &home);
	enum rc rc = in->row->apply(in, s, &actor);
	if (moved && rc == RC_OK)
		forward_home(in, s, &actor, &home);
	/* what a partner has told is passed on by whoever reads its word */
	if (rc == RC_OK && in->told_in == 0)
		community_pass_on(in, s, &actor, community);
	if (rc == RC_OK || rc == RC_NOT_FOUND || rc == RC_EXISTS)
		relay_serve_on(in, s, &actor);
	if (in->row->once && rc == RC_OK)
		seen_add(s->txn, name, actor.id);
	return rc;
}

/* What the sender shall try again must leave no half of it behind (P-03). */
static bool is_undone(enum rc rc)
{
	return rc == RC_NO_MEMORY || rc == RC_FULL || rc == RC_IO || rc == RC_CORRUPT ||
	       rc == RC_BUSY;
}

/*
 * No effect is a good end of a write, too: only what failed halfway undoes it. A write may be run
 * again: what an earlier run has found counts no more.
 */
enum rc incoming_write(struct db_txn *txn, struct incoming *in)
{
	struct ctx ctx = { .arena = in->ctx->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = in->fed->site };
	in->status.parent = in->status.parent_account = in->status.root = 0;
	in->result = whole(in, incoming_effect(in, &s));
	in->enqueued = s.enqueued;
	if (is_undone(in->result))
		return in->result;
	if (in->result != RC_OK && ctx.err.rc != RC_OK)
		in->ctx->err = ctx.err;
	return db_txn_rc(txn);
}
