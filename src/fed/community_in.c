/*
 * What happens in communities of this node: what members elsewhere send is passed on as it came
 * (FEP-1b12), and what moderators elsewhere do is done, when their role permits it.
 */
#include "community_fed_int.h"
#include "core/must.h"
#include "remote_int.h"
#include "social/lane.h"
#include "store/graph.h"
#include "store/joint.h"
#include "store/peer.h"
#include "store/report.h"
#include "store/uri.h"

#define PASS_MAX ((size_t)384 * 1024) /* an Announce around it stays within what peers read */
#define LOOKED_AT 5000		      /* reports */
#define REASON_CHARS 1000

/* --- passing on --- */

enum about {
	ABOUT_NOTHING,
	ABOUT_OBJECT,
	ABOUT_INNER, /* of what is taken back */
};

static const enum about abouts[AP_ACTIVITY_COUNT] = {
	[AP_LIKE] = ABOUT_OBJECT,   [AP_EMOJI_REACT] = ABOUT_OBJECT, [AP_DISLIKE] = ABOUT_OBJECT,
	[AP_UPDATE] = ABOUT_OBJECT, [AP_DELETE] = ABOUT_OBJECT,	     [AP_UNDO] = ABOUT_INNER,
};

/* What is told by the id of the activity alone. */
static uint64_t post_of_undone(struct social *s, struct str id)
{
	struct uri_entry entry = uri_find(s->txn, id);
	return entry.kind == URI_LIKE || entry.kind == URI_REACTION || entry.kind == URI_DISLIKE
		       ? entry.id
		       : 0;
}

static uint64_t post_about(struct incoming *in, struct social *s)
{
	switch (abouts[in->activity.type]) {
	case ABOUT_OBJECT:
		return in->activity.object_id.ptr != NULL
			       ? status_named(s->txn, in->activity.object_id)
			       : 0;
	case ABOUT_INNER:
		if (in->inner_object.ptr != NULL)
			return status_named(s->txn, in->inner_object);
		return in->inner_id.ptr != NULL ? post_of_undone(s, in->inner_id) : 0;
	case ABOUT_NOTHING:
		break;
	}
	return 0;
}

/* Is it shown there, so that its followers know it? */
static bool is_shown(struct social *s, const struct status *status)
{
	const unsigned hidden = COMMUNITY_POST_HELD | COMMUNITY_POST_REMOVED;
	struct community_post place;
	return visibility_is_open(status->visibility) &&
	       community_post_get(s->txn, status->community, status->id, &place) &&
	       (place.flags & hidden) == 0;
}

uint64_t community_about(struct incoming *in, struct social *s)
{
	struct status status;
	uint64_t one;
	/* most nodes have no communities, and most posts are in none */
	if (communities(s->txn, 0, &one, 1) == 0)
		return 0;
	if (in->moderating != NULL)
		return 0; /* it knows its own */
	uint64_t id = post_about(in, s);
	if (id == 0 || !status_get(s->txn, in->ctx->arena, id, &status) || status.community == 0 ||
	    !community_exists(s->txn, status.community))
		return 0;
	/* what is taken back may have been hidden since */
	bool about = in->activity.type == AP_DELETE ? visibility_is_open(status.visibility) &&
							      community_knows(s->txn, &status)
						    : is_shown(s, &status);
	return about ? status.community : 0;
}

/* It comes back by other partners, where the community is joint. */
static void remember(struct incoming *in, struct social *s, uint64_t community)
{
	if (joint_is(s->txn, community))
		seen_add(s->txn, incoming_name(in), community);
}

static void pass(struct incoming *in, struct social *s, const struct account *actor,
		 uint64_t community, uint64_t concerns)
{
	remember(in, s, community);
	if (in->bytes.len <= PASS_MAX)
		community_pass_body(s, community, queue_add_body(s->txn, in->bytes),
				    uri_authority(actor->uri), concerns);
}

static void pass_vote(struct incoming *in, struct social *s, const struct account *actor,
		      uint64_t community)
{
	remember(in, s, community);
	if (in->bytes.len <= PASS_MAX)
		community_pass_vote(s, community, queue_add_body(s->txn, in->bytes),
				    uri_authority(actor->uri));
}

/* Votes and reactions, and their end: there are many of them, and they can wait. */
static bool is_vote(const struct incoming *in)
{
	enum ap_activity_type type = in->activity.type;
	if (type == AP_UNDO)
		type = ap_type_activity(jr_get(jr_one_at(in->activity.object, 0), "type"));
	return type == AP_LIKE || type == AP_DISLIKE || type == AP_EMOJI_REACT;
}

bool community_told_before(struct incoming *inner, struct social *s, uint64_t community)
{
	return seen_has(s->txn, incoming_name(inner), community);
}

void community_pass_told(struct incoming *inner, struct social *s, uint64_t community,
			 const struct account *group)
{
	if (is_vote(inner))
		pass_vote(inner, s, group, community);
	else
		pass(inner, s, group, community, 0);
}

/* A post that is new here, or one that has changed, perhaps while it is hidden. */
static void pass_post(struct incoming *in, struct social *s, const struct account *actor)
{
	struct community_post place;
	struct status status;
	if (in->object == NULL ||
	    !status_find_uri(s->txn, in->ctx->arena, in->object->id, &status) ||
	    status.account != actor->id || status.community == 0 ||
	    !community_exists(s->txn, status.community) || !visibility_is_open(status.visibility) ||
	    !community_post_get(s->txn, status.community, status.id, &place) ||
	    community_bans(s->txn, status.community, actor->id))
		return;
	/* it is told when it is shown */
	if (is_shown(s, &status))
		pass(in, s, actor, status.community, 0);
	else if (in->bytes.len <= PASS_MAX)
		community_held_put(s->txn, status.id, in->bytes);
}

void community_pass_on(struct incoming *in, struct social *s, const struct account *actor,
		       uint64_t community)
{
	if (account_is_local(actor))
		return;
	if (in->activity.type == AP_CREATE || in->activity.type == AP_UPDATE)
		pass_post(in, s, actor);
	else if (community != 0 && in->activity.type == AP_DELETE)
		pass(in, s, actor, community, 0);
	else if (community != 0)
		pass_vote(in, s, actor, community);
}

/* --- what moderators do --- */

static struct deed_view view_of(struct incoming *in)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct deed_view v = { .type = in->activity.type, .root = in->activity.root };
	if (v.type == AP_UNDO) {
		v.undo = true;
		v.root = jr_one_at(in->activity.object, 0);
		v.type = ap_type_activity(jr_get(v.root, "type"));
	}
	v.object = ap_id(&reader, jr_get(v.root, "object"));
	v.target = ap_id(&reader, jr_get(v.root, "target"));
	return v;
}

/* A community of this node by what its id is followed by. */
static uint64_t community_of_part(struct incoming *in, struct db_txn *txn, struct str uri,
				  const char *part)
{
	struct str suffix = arena_join(in->ctx->arena, STR("/"), str_of(part));
	if (uri.len <= suffix.len || !site_owns_text(in->fed->site, uri) ||
	    !str_eq(str_skip(uri, uri.len - suffix.len), suffix))
		return 0;
	uint64_t id = account_id_of_uri(txn, str_take(uri, uri.len - suffix.len));
	return id != 0 && community_exists(txn, id) ? id : 0;
}

static bool find_post(struct incoming *in, struct db_txn *txn, const struct deed_view *v,
		      struct moderating *m, struct status *status)
{
	if (v->object.ptr == NULL || !status_find_uri(txn, in->ctx->arena, v->object, status) ||
	    status->community == 0 || !community_exists(txn, status->community))
		return false;
	m->status = status->id;
	if (m->community == 0)
		m->community = status->community;
	/* S-008: nobody moderates in one community what is in another */
	return m->community == status->community;
}

static bool find_collected(struct incoming *in, struct db_txn *txn, const struct deed_view *v,
			   struct moderating *m)
{
	const bool add = v->type == AP_ADD;
	struct status status;
	if (v->undo || v->target.ptr == NULL || v->object.ptr == NULL)
		return false;
	m->community = community_of_part(in, txn, v->target, COMMUNITY_MODERATORS);
	if (m->community != 0) {
		m->deed = add ? DEED_APPOINT : DEED_DISMISS;
		m->person = v->object;
		return true;
	}
	m->community = community_of_part(in, txn, v->target, COMMUNITY_FEATURED);
	m->act = add ? COMMUNITY_ACT_PIN : COMMUNITY_ACT_UNPIN;
	return m->community != 0 && find_post(in, txn, v, m, &status);
}

static bool find_ban(struct incoming *in, struct db_txn *txn, const struct deed_view *v,
		     struct moderating *m)
{
	uint64_t id = v->target.ptr != NULL ? account_id_of_uri(txn, v->target) : 0;
	if (id == 0 || v->object.ptr == NULL || !community_exists(txn, id))
		return false;
	m->community = id;
	m->deed = v->undo ? DEED_UNBAN : DEED_BAN;
	m->person = v->object;
	m->until_ms = ap_time(jr_get(v->root, "endTime"));
	/* Lemmy before 0.19 */
	if (m->until_ms == 0)
		m->until_ms = ap_time(jr_get(v->root, "expires"));
	m->removes = !v->undo && jr_bool(jr_get(v->root, "removeData"), false);
	/* nobody makes us fetch whom they may not ban */
	in->need_actor = !v->undo && !in->fetched && uri_find(txn, v->object).kind == URI_NONE &&
			 !site_owns_text(in->fed->site, v->object) &&
			 community_permits(txn, id, in->signer, COMMUNITY_MAY_BAN);
	return true;
}

static bool find_locked(struct incoming *in, struct db_txn *txn, const struct deed_view *v,
			struct moderating *m)
{
	struct status status;
	m->act = v->undo ? COMMUNITY_ACT_UNLOCK : COMMUNITY_ACT_LOCK;
	return find_post(in, txn, v, m, &status);
}

/* What its author takes back is no moderator's act. */
static bool find_removed(struct incoming *in, struct db_txn *txn, const struct deed_view *v,
			 struct moderating *m)
{
	struct status status;
	m->act = v->undo ? COMMUNITY_ACT_RESTORE : COMMUNITY_ACT_REMOVE;
	return find_post(in, txn, v, m, &status) && status.account != in->signer;
}

static bool find_update(struct incoming *in, struct db_txn *txn, const struct deed_view *v,
			struct moderating *m)
{
	m->deed = DEED_UPDATE;
	return !v->undo && community_update_read(in, txn, m);
}

typedef bool deed_find(struct incoming *in, struct db_txn *txn, const struct deed_view *v,
		       struct moderating *m);

static deed_find *const deeds[AP_ACTIVITY_COUNT] = {
	[AP_LOCK] = find_locked,      [AP_DELETE] = find_removed, [AP_ADD] = find_collected,
	[AP_REMOVE] = find_collected, [AP_BLOCK] = find_ban,	  [AP_UPDATE] = find_update,
};

/* Is it an act in a community of this node, which is not the actor's own to do? */
static bool find_deed(struct incoming *in, struct db_txn *txn, struct moderating *m)
{
	const struct deed_view v = view_of(in);
	return deeds[v.type] != NULL && deeds[v.type](in, txn, &v, m);
}

/* What cannot be cleaned is no reason: the act counts all the same. */
static struct str reason_of(struct incoming *in)
{
	return remote_text(in->ctx, jr_str(jr_get(view_of(in).root, "summary")), REASON_CHARS,
			   (size_t)REASON_CHARS * 2);
}

static enum rc not_mine(struct incoming *in)
{
	if (incoming_next_row(in))
		return incoming_prepare_row(in);
	in->row = NULL;
	return RC_OK;
}

enum rc prepare_moderation(struct incoming *in)
{
	struct moderating *m = ARENA_NEW(in->ctx->arena, struct moderating);
	struct db_txn *txn;
	if (m == NULL)
		return RC_NO_MEMORY;
	enum rc rc = db_read_begin(in->fed->db, &txn);
	if (rc != RC_OK)
		return rc;
	bool mine = find_deed(in, txn, m);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc != RC_OK || !mine)
		return rc != RC_OK ? rc : not_mine(in);
	m->reason = reason_of(in);
	in->moderating = m;
	if (in->need_actor)
		in->need = m->person;
	return RC_OK;
}

/* The column of the acts, and of the deeds that are none. */
static const unsigned act_permissions[] = {
	[COMMUNITY_ACT_APPROVE] = COMMUNITY_MAY_APPROVE,
	[COMMUNITY_ACT_REFUSE] = COMMUNITY_MAY_APPROVE,
	[COMMUNITY_ACT_REMOVE] = COMMUNITY_MAY_REMOVE,
	[COMMUNITY_ACT_RESTORE] = COMMUNITY_MAY_REMOVE,
	[COMMUNITY_ACT_LOCK] = COMMUNITY_MAY_LOCK,
	[COMMUNITY_ACT_UNLOCK] = COMMUNITY_MAY_LOCK,
	[COMMUNITY_ACT_PIN] = COMMUNITY_MAY_PIN,
	[COMMUNITY_ACT_UNPIN] = COMMUNITY_MAY_PIN,
};
static const unsigned deed_permissions[] = {
	[DEED_BAN] = COMMUNITY_MAY_BAN,	       [DEED_UNBAN] = COMMUNITY_MAY_BAN,
	[DEED_APPOINT] = COMMUNITY_MAY_ROLES,  [DEED_DISMISS] = COMMUNITY_MAY_ROLES,
	[DEED_REPORT] = COMMUNITY_MAY_REPORTS, [DEED_UPDATE] = COMMUNITY_MAY_EDIT,
};

static unsigned permission_of(const struct moderating *m)
{
	return m->deed == DEED_ACT ? act_permissions[m->act] : deed_permissions[m->deed];
}

bool rule_moderator(struct incoming *in, struct db_txn *txn, const struct account *actor)
{
	const struct moderating *m = in->moderating;
	return m != NULL && community_permits(txn, m->community, actor->id, permission_of(m));
}

static enum rc ban(struct social *s, const struct account *actor, const struct moderating *m,
		   uint64_t person)
{
	enum rc rc = community_ban(s, actor, m->community, person, m->reason, m->until_ms);
	if (rc == RC_OK && m->removes)
		community_remove_later(s, actor, m->community, person);
	return rc;
}

static enum rc do_deed(struct social *s, const struct account *actor, const struct moderating *m)
{
	if (m->deed == DEED_UPDATE)
		return community_update_do(s, actor, m->community, m->update);
	uint64_t person = m->deed != DEED_ACT ? account_id_of_uri(s->txn, m->person) : 0;
	if (m->deed != DEED_ACT && person == 0)
		return RC_NOT_FOUND;
	switch (m->deed) {
	case DEED_ACT:
		return community_moderate(s, actor, m->status, m->act, m->reason);
	case DEED_BAN:
		return ban(s, actor, m, person);
	case DEED_UNBAN:
		return community_unban(s, actor, m->community, person);
	case DEED_APPOINT:
		return community_appoint(s, actor, m->community, person, COMMUNITY_MODERATOR);
	case DEED_DISMISS:
		return community_appoint(s, actor, m->community, person, COMMUNITY_MEMBER);
	case DEED_REPORT:
	case DEED_UPDATE:
		break;
	}
	return RC_NOT_FOUND;
}

/* Who is banned or appointed, or whose post it is. */
static uint64_t concerned(struct incoming *in, struct social *s, const struct moderating *m)
{
	struct status status;
	if (m->deed == DEED_UPDATE)
		return 0;
	if (m->deed != DEED_ACT)
		return account_id_of_uri(s->txn, m->person);
	return status_get(s->txn, in->ctx->arena, m->status, &status) ? status.account : 0;
}

/* Is it for all who follow the community? Of a post that nobody has seen nobody hears. */
static bool passes(struct incoming *in, struct social *s, const struct moderating *m)
{
	struct status status;
	if (m->deed == DEED_UPDATE)
		return community_update_passes(m->update);
	return m->deed != DEED_ACT || (status_get(s->txn, in->ctx->arena, m->status, &status) &&
				       community_knows(s->txn, &status));
}

enum rc apply_moderation(struct incoming *in, struct social *s, const struct account *actor)
{
	const struct moderating *m = in->moderating;
	enum rc rc = do_deed(s, actor, m);
	/* what cannot be done to a comment, or with a name, is nothing that a sender could mend */
	if (rc == RC_INVALID || rc == RC_TOO_LARGE)
		return RC_NOT_FOUND;
	if (rc == RC_OK && passes(in, s, m))
		pass(in, s, actor, m->community, concerned(in, s, m));
	return rc;
}

/* --- reports that were handled (Lemmy's Resolve) --- */

static bool is_of_uri(void *arg, const struct report *report)
{
	const struct str *uri = arg;
	return str_eq(report->uri, *uri);
}

/* Those that are open are few; of the others it is the answer that matters. Whoever asks may be anybody, and the
 * rows have no index by this id. */
static bool report_find(struct db_txn *txn, struct arena *arena, struct str uri, struct report *out)
{
	static const enum report_state states[] = { REPORT_IS_OPEN, REPORT_IS_RESOLVED };
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		const struct report_ask ask = { .lane = REPORT_LANE_ANY,
						.state = states[i],
						.page = PAGE_ALL,
						.fits = is_of_uri,
						.arg = &uri,
						.scanned_max = LOOKED_AT };
		if (report_page(txn, arena, &ask, out, 1) != 0)
			return true;
	}
	return false;
}

enum rc prepare_resolve(struct incoming *in)
{
	struct moderating *m = ARENA_NEW(in->ctx->arena, struct moderating);
	struct report report;
	struct db_txn *txn;
	if (m == NULL)
		return RC_NO_MEMORY;
	enum rc rc = db_read_begin(in->fed->db, &txn);
	if (rc != RC_OK)
		return rc;
	if (in->activity.object_id.ptr != NULL &&
	    report_find(txn, in->ctx->arena, in->activity.object_id, &report)) {
		m->status = report.id;
		m->community = lane_of(txn, &report);
	}
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (m->community == 0)
		in->row = NULL;
	m->deed = DEED_REPORT;
	in->moderating = m;
	return rc;
}

enum rc apply_resolve(struct incoming *in, struct social *s, const struct account *actor)
{
	return report_handle(s, actor, in->moderating->status, REPORT_RESOLVE);
}
