/* The end of communities, and what is done to them from time to time. Inside write transactions. */
#include "social/community_keep.h"

#include "community_int.h"
#include "social/audit.h"
#include "social/joint.h"
#include "social/ledger.h"
#include "store/attribute.h"
#include "store/badge.h"
#include "store/consultation.h"
#include "store/resource.h"
#include "store/strike.h"

#define STEP_POSTS 50
#define STEP_ROWS 200
#define STEP_REPORTS 20	 /* each with all that it names */
#define STEP_RESOURCES 4 /* each with up to 200 versions */

static enum rc may_close(struct social *s, const struct account *actor, uint64_t id)
{
	struct community_standing mine;
	uint64_t child;
	enum rc rc = community_require(s, actor, id, COMMUNITY_MAY_ALL);
	if (rc != RC_OK)
		return rc;
	if (actor != NULL && (!community_standing(s->txn, s->ctx->arena, id, actor->id, &mine) ||
			      mine.role != COMMUNITY_OWNER))
		return act_end(s, ctx_fail(s->ctx, RC_DENIED, "only an owner deletes a community"));
	if (community_children(s->txn, id, 0, &child, 1) != 0)
		return act_end(s, ctx_fail(s->ctx, RC_INVALID,
					   "others belong to it: move or delete them first"));
	return act_end(s, RC_OK);
}

static bool is_going(const struct account *group)
{
	return (group->flags & (ACCOUNT_DELETED | ACCOUNT_LEAVING)) != 0;
}

static size_t entries_clear(struct social *s, uint64_t id)
{
	uint64_t accounts[STEP_ROWS];
	size_t n = attribute_entries(s->txn, id, 0, accounts, STEP_ROWS);
	for (size_t i = 0; i < n; i++)
		attribute_entry_del(s->txn, id, accounts[i]);
	return n;
}

/* Its partners hear that it is gone as its followers do. True when nothing is left. */
static bool joints_clear(struct social *s, uint64_t id)
{
	struct joint *rows = ARENA_ARRAY(s->ctx->arena, JOINT_PARTNERS_MAX, struct joint);
	size_t n = rows != NULL ? joints(s->txn, s->ctx->arena, id, rows) : 0;
	for (size_t i = 0; i < n; i++)
		joint_del(s->txn, id, rows[i].partner);
	return joint_clear(s->txn, id, STEP_ROWS) < STEP_ROWS;
}

/* What is left when its account is gone. True when that was all. */
static bool clear_step(struct social *s, uint64_t id)
{
	if (ledger_clear(s->txn, id, STEP_ROWS) == STEP_ROWS ||
	    resources_clear(s->txn, id, STEP_RESOURCES) == STEP_RESOURCES ||
	    consultations_clear(s->txn, id, STEP_ROWS) == STEP_ROWS ||
	    entries_clear(s, id) == STEP_ROWS ||
	    badges_clear(s->txn, s->ctx->arena, id, STEP_ROWS) == STEP_ROWS ||
	    report_lane_clear(s->txn, s->ctx->arena, id, STEP_REPORTS) == STEP_REPORTS ||
	    community_strikes_clear(s->txn, id, STEP_ROWS) == STEP_ROWS ||
	    community_clear(s->txn, id, STEP_ROWS) == STEP_ROWS || !joints_clear(s, id))
		return false;
	community_del(s->txn, s->ctx->arena, id);
	return true;
}

enum rc community_close(struct social *s, const struct account *actor, uint64_t id)
{
	struct account group;
	if (!community_exists(s->txn, id) || !account_get(s->txn, s->ctx->arena, id, &group))
		return act_end(s, RC_NOT_FOUND);
	/* once its end has begun anybody may go on with it: its members' roles are going, too */
	if (is_going(&group))
		return act_end(s, clear_step(s, id) ? RC_OK : RC_BUSY);
	enum rc rc = may_close(s, actor, id);
	if (rc == RC_OK)
		audit(s, actor, AUDIT_COMMUNITY_CLOSE, AUDIT_IN(id, id));
	if (rc == RC_OK)
		rc = account_delete(s, &group);
	return rc == RC_OK ? act_end(s, RC_BUSY) : rc;
}

bool community_keep_step(struct social *s, uint64_t *after)
{
	struct account group;
	uint64_t id;
	if (communities(s->txn, *after, &id, 1) == 0)
		return true;
	bool there = account_get(s->txn, s->ctx->arena, id, &group);
	bool stays = there && !is_going(&group);
	if (stays)
		joint_keep(s, id);
	bool done = stays ? community_retain(s, id, STEP_POSTS) < STEP_POSTS : clear_step(s, id);
	if (stays && done) {
		community_pins_end(s, id);
		consultations_count(s->txn, id);
		ledger_keep(s, id);
	}
	if (done)
		*after = id;
	return db_txn_rc(s->txn) != RC_OK;
}
