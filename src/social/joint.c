/* With whom a community is owned together: offering, answering, ending. Inside write transactions. */
#include "social/joint.h"

#include "community_int.h"
#include "core/must.h"
#include "social/audit.h"
#include "social/ledger.h"
#include "store/joint_copy.h"

#define ASKED_MAX 8 /* offers that wait here: strangers make them */
#define CHUNK 64
#define SWEPT_MAX 1000
#define COMPARE_EVERY_MS MS_PER_DAY
#define NUDGED_LATELY_MS 2000

static enum rc refuse(struct social *s, enum rc rc, const char *why)
{
	return act_end(s, ctx_fail(s->ctx, rc, "%s", why));
}

static bool is_there(const struct social *s, bool found)
{
	return found && db_txn_rc(s->txn) == RC_OK;
}

/* --- jobs --- */

static void compare_soon(struct social *s, uint64_t community, const struct account *group,
			 enum joint_step step)
{
	const struct joint_task task = {
		.step = step, .community = community, .partner = group->id, .uri = STR("")
	};
	joint_task_add(s, &task, community_host_of(s, group->uri), 0);
}

/* It says that there is something new: one look is enough for all that it has said by then. */
static void compare_told(struct social *s, const struct joint *j, const struct account *group)
{
	const uint64_t now = db_txn_now(s->txn), lately = j->compared_ms + NUDGED_LATELY_MS;
	const struct joint_task task = { .step = JOINT_STEP_COMPARE,
					 .community = j->community,
					 .partner = j->partner,
					 .after = now,
					 .uri = STR("") };
	joint_task_add(s, &task, community_host_of(s, group->uri), lately < now ? 0 : lately);
}

/* --- telling --- */

static void tell(struct social *s, enum federate_what what, const struct account *community,
		 const struct account *group, struct str offer)
{
	struct federate f = { .what = what,
			      .actor = community->id,
			      .target = group->id,
			      .visibility = VISIBILITY_DIRECT,
			      .object = offer,
			      .at_ms = db_txn_now(s->txn) };
	f.uri = what == FEDERATE_JOINT_OFFER ? offer
					     : site_activity_uri(s->ctx->arena, community->uri,
								 "answers", db_next_id(s->txn));
	act_hears(&f, group);
	federate_add(s, &f);
}

static struct str offer_new(struct social *s, const struct account *community)
{
	return site_activity_uri(s->ctx->arena, community->uri, "offers", db_next_id(s->txn));
}

static void record(struct social *s, const struct account *actor, enum audit_act act,
		   uint64_t community, const struct account *group)
{
	const struct audit_detail details[] = { { "partner", group->uri } };
	audit(s, actor, act,
	      &(const struct audit_about){
		      .id = community, .details = details, .detail_count = ARRAY_LEN(details) });
}

/* --- who may, and what may be joint --- */

static enum rc owner_required(struct social *s, const struct account *actor, uint64_t community,
			      struct account *out)
{
	struct community_standing mine;
	enum rc rc = community_require(s, actor, community, COMMUNITY_MAY_ALL);
	if (rc != RC_OK)
		return rc;
	if (actor != NULL &&
	    (!community_standing(s->txn, s->ctx->arena, community, actor->id, &mine) ||
	     mine.role != COMMUNITY_OWNER))
		return refuse(s, RC_DENIED, "only an owner decides with whom a community is owned");
	if (!account_get(s->txn, s->ctx->arena, community, out))
		return act_end(s, RC_NOT_FOUND);
	return account_is_gone(out) ? RC_GONE : RC_OK;
}

static bool stays_here(struct social *s, uint64_t community)
{
	struct community c;
	return !community_effective(s->txn, s->ctx->arena, community, &c) ||
	       c.sight >= COMMUNITY_LOCAL;
}

static enum rc put(struct social *s, const struct joint *j)
{
	enum rc rc = joint_put(s->txn, j);
	if (rc == RC_EXISTS)
		return refuse(s, rc, "that group is the partner of another community here");
	if (rc == RC_TOO_LARGE)
		return refuse(s, rc, "this community has as many partners as there may be");
	return rc;
}

/* What peers are shown of the community names its partners. */
static enum rc retell(struct social *s, uint64_t community)
{
	struct account group;
	return account_get(s->txn, s->ctx->arena, community, &group) ? account_change(s, &group)
								     : act_end(s, RC_NOT_FOUND);
}

static enum rc agree(struct social *s, struct joint *j, const struct account *actor)
{
	if (stays_here(s, j->community))
		return refuse(s, RC_INVALID,
			      "what is in this community stays on its server: it has no partners");
	j->state = JOINT_AGREED;
	j->since_ms = db_txn_now(s->txn);
	if (actor != NULL)
		j->by = actor->id;
	j->compared_ms = 0;
	j->lacking = 0;
	j->indexed = false;
	enum rc rc = put(s, j);
	if (rc != RC_OK)
		return rc;
	const struct joint_task task = { .step = JOINT_STEP_INDEX,
					 .community = j->community,
					 .partner = j->partner,
					 .uri = STR("") };
	joint_task_add(s, &task, STR(""), 0);
	ledger_agreed(s, j->community);
	return retell(s, j->community);
}

/* Whom the partner has named does not moderate any more. */
static void dismiss_theirs(struct social *s, uint64_t community, uint64_t partner)
{
	struct community_member rows[CHUNK];
	uint64_t after = 0;
	size_t n;
	while ((n = community_staff_rows(s->txn, s->ctx->arena, community, after, rows, CHUNK)) !=
	       0) {
		for (size_t i = 0; i < n; i++) {
			struct community_member *m = &rows[i];
			if ((m->flags & COMMUNITY_OF_PARTNER) == 0 || m->by != partner)
				continue;
			m->flags &= ~(unsigned)COMMUNITY_OF_PARTNER;
			m->role = COMMUNITY_MEMBER;
			community_row_put(s, m);
		}
		after = rows[n - 1].account;
	}
}

static enum rc drop(struct social *s, const struct joint *j)
{
	joint_del(s->txn, j->community, j->partner);
	if (j->state != JOINT_AGREED)
		return act_end(s, RC_OK);
	dismiss_theirs(s, j->community, j->partner);
	if (!joint_is(s->txn, j->community)) {
		const struct joint_task task = { .step = JOINT_STEP_CLEAR,
						 .community = j->community,
						 .uri = STR("") };
		joint_task_add(s, &task, STR(""), 0);
	}
	return retell(s, j->community);
}

/* --- from here --- */

static enum rc accept(struct social *s, const struct account *actor,
		      const struct account *community, const struct account *group, struct joint *j)
{
	enum rc rc = agree(s, j, actor);
	if (rc != RC_OK)
		return rc;
	tell(s, FEDERATE_JOINT_ACCEPT, community, group, j->offer);
	record(s, actor, AUDIT_JOINT_ACCEPT, community->id, group);
	return act_end(s, RC_OK);
}

static enum rc may_offer(struct social *s, const struct account *actor, uint64_t id,
			 struct account *community)
{
	enum rc rc = owner_required(s, actor, id, community);
	if (rc == RC_OK && stays_here(s, id))
		return refuse(s, RC_INVALID,
			      "what is in this community stays on its server: it has no partners");
	return rc;
}

enum rc joint_offer_check(struct social *s, const struct account *actor, uint64_t id)
{
	struct account community;
	return may_offer(s, actor, id, &community);
}

enum rc joint_offer(struct social *s, const struct account *actor, uint64_t id,
		    const struct account *group)
{
	struct account community;
	struct joint j;
	enum rc rc = may_offer(s, actor, id, &community);
	if (rc != RC_OK)
		return rc;
	if (account_is_local(group) || group->kind != ACCOUNT_GROUP || account_is_gone(group))
		return refuse(s, RC_INVALID, "a partner is a group of another server");
	if (joint_get(s->txn, s->ctx->arena, id, group->id, &j))
		return j.state == JOINT_ASKED ? accept(s, actor, &community, group, &j)
					      : act_end(s, RC_EXISTS);
	j = (struct joint){ .community = id,
			    .partner = group->id,
			    .state = JOINT_OFFERED,
			    .since_ms = db_txn_now(s->txn),
			    .by = actor != NULL ? actor->id : 0,
			    .offer = offer_new(s, &community),
			    .items = STR("") };
	rc = put(s, &j);
	if (rc != RC_OK)
		return rc;
	tell(s, FEDERATE_JOINT_OFFER, &community, group, j.offer);
	record(s, actor, AUDIT_JOINT_OFFER, id, group);
	return act_end(s, RC_OK);
}

/* The row and both sides of it; only owners come so far. */
static enum rc load(struct social *s, const struct account *actor, uint64_t id, uint64_t partner,
		    struct account *community, struct account *group, struct joint *j)
{
	enum rc rc = owner_required(s, actor, id, community);
	if (rc != RC_OK)
		return rc;
	if (!joint_get(s->txn, s->ctx->arena, id, partner, j) ||
	    !account_get(s->txn, s->ctx->arena, partner, group))
		return act_end(s, ctx_fail(s->ctx, RC_NOT_FOUND,
					   "that group is no partner, and has offered nothing"));
	return RC_OK;
}

enum rc joint_accept(struct social *s, const struct account *actor, uint64_t id, uint64_t partner)
{
	struct account community, group;
	struct joint j;
	enum rc rc = load(s, actor, id, partner, &community, &group, &j);
	if (rc != RC_OK)
		return rc;
	if (j.state == JOINT_AGREED)
		return act_end(s, RC_EXISTS);
	if (j.state != JOINT_ASKED)
		return refuse(s, RC_NOT_FOUND, "that group has offered nothing: the offer is ours");
	if (stays_here(s, id))
		return refuse(s, RC_INVALID,
			      "what is in this community stays on its server: it has no partners");
	return accept(s, actor, &community, &group, &j);
}

enum rc joint_end(struct social *s, const struct account *actor, uint64_t id, uint64_t partner)
{
	struct account community, group;
	struct joint j;
	enum rc rc = load(s, actor, id, partner, &community, &group, &j);
	if (rc != RC_OK)
		return rc;
	/* whoever made the offer takes it back, and whoever was asked refuses it: so with follows */
	bool ours = site_owns_text(s->site, j.offer);
	tell(s, ours ? FEDERATE_JOINT_UNDO : FEDERATE_JOINT_REJECT, &community, &group, j.offer);
	record(s, actor, j.state == JOINT_ASKED ? AUDIT_JOINT_REFUSE : AUDIT_JOINT_END, id, &group);
	return drop(s, &j);
}

enum rc joint_compare(struct social *s, const struct account *actor, uint64_t id, uint64_t partner)
{
	struct account community, group;
	struct joint j;
	enum rc rc = load(s, actor, id, partner, &community, &group, &j);
	if (rc != RC_OK)
		return rc;
	if (j.state != JOINT_AGREED)
		return refuse(s, RC_NOT_FOUND, "that group is no partner yet");
	compare_soon(s, id, &group, JOINT_STEP_COMPARE);
	return act_end(s, RC_OK);
}

void joint_nudge(struct social *s, uint64_t id, uint64_t but)
{
	struct account community, group;
	uint64_t partners[JOINT_PARTNERS_MAX];
	struct joint j;
	size_t n = joint_partners(s->txn, id, partners);
	if (!account_get(s->txn, s->ctx->arena, id, &community))
		return;
	for (size_t i = 0; i < n; i++) {
		if (partners[i] == but ||
		    !account_get(s->txn, s->ctx->arena, partners[i], &group) ||
		    !joint_get(s->txn, s->ctx->arena, id, partners[i], &j))
			continue;
		/* an offer that repeats what is agreed */
		tell(s, FEDERATE_JOINT_OFFER, &community, &group, offer_new(s, &community));
	}
}

void joint_remind(struct social *s, uint64_t id, uint64_t partner)
{
	struct account community, group;
	struct joint j;
	if (joint_get(s->txn, s->ctx->arena, id, partner, &j) && j.state == JOINT_AGREED &&
	    account_get(s->txn, s->ctx->arena, id, &community) &&
	    account_get(s->txn, s->ctx->arena, partner, &group))
		tell(s, FEDERATE_JOINT_OFFER, &community, &group, offer_new(s, &community));
}

void joint_forget(struct social *s, uint64_t account)
{
	uint64_t community = joint_named(s->txn, account);
	struct joint j;
	if (community != 0 && is_there(s, joint_get(s->txn, s->ctx->arena, community, account, &j)))
		(void)!drop(s, &j);
}

/* Only what has an index is compared; looking for votes that it lacks is done once for all partners. */
static enum joint_step step_due(const struct joint *j, bool looked)
{
	if (!j->indexed)
		return JOINT_STEP_INDEX;
	return looked ? JOINT_STEP_COMPARE : JOINT_STEP_VOTES;
}

void joint_keep(struct social *s, uint64_t community)
{
	uint64_t partners[JOINT_PARTNERS_MAX], now = db_txn_now(s->txn);
	size_t n = joint_partners(s->txn, community, partners);
	bool looked = false;
	for (size_t i = 0; i < n; i++) {
		struct account group;
		struct joint j;
		if (!joint_get(s->txn, s->ctx->arena, community, partners[i], &j))
			continue;
		if (!account_get(s->txn, s->ctx->arena, partners[i], &group) ||
		    account_is_gone(&group)) {
			(void)!drop(s, &j);
		} else if (j.compared_ms + COMPARE_EVERY_MS / 2 < now) {
			compare_soon(s, community, &group, step_due(&j, looked));
			looked = true;
		}
	}
}

void joint_keep_copies(struct social *s)
{
	const struct joint_task task = { .step = JOINT_STEP_RETURN, .uri = STR("") };
	struct joint_copy copy;
	if (joint_copy_next(s->txn, 0, &copy))
		joint_task_add(s, &task, STR(""), 0);
	(void)!host_silence_sweep(s->txn, db_txn_now(s->txn), SWEPT_MAX);
}

/* --- from elsewhere --- */

static unsigned waiting(struct social *s, uint64_t community)
{
	struct joint *rows = ARENA_ARRAY(s->ctx->arena, JOINT_PARTNERS_MAX, struct joint);
	size_t n = rows != NULL ? joints(s->txn, s->ctx->arena, community, rows) : 0;
	unsigned count = 0;
	for (size_t i = 0; i < n; i++)
		count += rows[i].state == JOINT_ASKED;
	return count;
}

/* The owners hear of it. */
static void tell_owners(struct social *s, uint64_t community, uint64_t group)
{
	struct community_member rows[CHUNK];
	uint64_t after = 0;
	size_t n;
	while ((n = community_staff_rows(s->txn, s->ctx->arena, community, after, rows, CHUNK)) !=
	       0) {
		for (size_t i = 0; i < n; i++) {
			struct account a;
			if (rows[i].role == COMMUNITY_OWNER &&
			    account_get(s->txn, s->ctx->arena, rows[i].account, &a))
				act_notify_about(s, &a, NOTICE_JOINT_OFFER, group, community);
		}
		after = rows[n - 1].account;
	}
}

static enum rc offered_anew(struct social *s, const struct account *community,
			    const struct account *group, struct joint *j, struct str offer,
			    struct str items)
{
	const enum joint_state was = j->state;
	j->offer = offer;
	if (items.len != 0)
		j->items = items;
	/* both have offered: that is agreed */
	if (was == JOINT_OFFERED) {
		enum rc rc = agree(s, j, NULL);
		if (rc == RC_OK)
			tell(s, FEDERATE_JOINT_ACCEPT, community, group, offer);
		return rc;
	}
	enum rc rc = put(s, j);
	if (rc != RC_OK || was != JOINT_AGREED)
		return rc;
	/* whoever has forgotten it (a backup was restored) is told again */
	tell(s, FEDERATE_JOINT_ACCEPT, community, group, offer);
	compare_told(s, j, group);
	return act_end(s, RC_OK);
}

enum rc joint_offered(struct social *s, const struct account *group, uint64_t id, struct str offer,
		      struct str items)
{
	struct account community;
	struct joint j;
	if (!community_exists(s->txn, id) || group->kind != ACCOUNT_GROUP ||
	    account_is_local(group) || !account_get(s->txn, s->ctx->arena, id, &community) ||
	    account_is_gone(&community))
		return act_end(s, RC_NOT_FOUND);
	if (joint_get(s->txn, s->ctx->arena, id, group->id, &j))
		return offered_anew(s, &community, group, &j, offer, items);
	j = (struct joint){ .community = id,
			    .partner = group->id,
			    .state = JOINT_ASKED,
			    .since_ms = db_txn_now(s->txn),
			    .offer = offer,
			    .items = items };
	enum rc rc = stays_here(s, id) || waiting(s, id) >= ASKED_MAX ? RC_DENIED
								      : joint_put(s->txn, &j);
	if (rc == RC_DENIED || rc == RC_EXISTS || rc == RC_TOO_LARGE) {
		tell(s, FEDERATE_JOINT_REJECT, &community, group, offer);
		return act_end(s, RC_OK);
	}
	if (rc == RC_OK)
		tell_owners(s, id, group->id);
	return rc;
}

enum rc joint_answered(struct social *s, const struct account *group, uint64_t id, struct str offer,
		       bool accepted, struct str items)
{
	struct joint j;
	if (!joint_get(s->txn, s->ctx->arena, id, group->id, &j) || j.state == JOINT_ASKED)
		return act_end(s, RC_NOT_FOUND);
	if (j.state == JOINT_OFFERED && !str_eq(j.offer, offer))
		return act_end(s, RC_NOT_FOUND);
	if (!accepted)
		return drop(s, &j);
	if (items.len != 0)
		j.items = items;
	if (j.state == JOINT_OFFERED)
		return agree(s, &j, NULL);
	enum rc rc = put(s, &j);
	return rc == RC_OK ? act_end(s, RC_EXISTS) : rc;
}

enum rc joint_undone(struct social *s, const struct account *group, uint64_t id)
{
	struct joint j;
	if (!joint_get(s->txn, s->ctx->arena, id, group->id, &j) || j.state == JOINT_OFFERED)
		return act_end(s, RC_NOT_FOUND);
	return drop(s, &j);
}
