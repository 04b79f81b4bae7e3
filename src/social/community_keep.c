/* The end of communities, and what is done to them from time to time. Inside write transactions. */
#include "social/community_keep.h"

#include "community_int.h"
#include "db/rec.h"
#include "queue/queue.h"
#include "social/audit.h"
#include "social/joint.h"
#include "social/ledger.h"
#include "store/attribute.h"
#include "store/badge.h"
#include "store/consultation.h"
#include "store/resource.h"
#include "store/strike.h"

#define JOB_VERSION 2
#define JOB_VERSION_ROUND 1 /* before there were other tasks */
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

/* Moderators may suspend one, too, which ends nothing. */
static bool is_going(const struct account *group)
{
	return (group->flags & (ACCOUNT_DELETED | ACCOUNT_LEAVING | ACCOUNT_CLOSING)) != 0;
}

static bool has_account(const struct account *group)
{
	return (group->flags & (ACCOUNT_DELETED | ACCOUNT_LEAVING)) == 0;
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

bool community_close_step(struct social *s, uint64_t id)
{
	struct account group;
	if (!community_exists(s->txn, id))
		return true;
	if (!account_get(s->txn, s->ctx->arena, id, &group) || !has_account(&group))
		return clear_step(s, id);
	/* what it has boosted, and then that others hear of its end */
	enum rc rc = account_delete(s, &group);
	return rc != RC_OK && rc != RC_BUSY;
}

enum rc community_close(struct social *s, const struct account *actor, uint64_t id)
{
	struct account group;
	if (!community_exists(s->txn, id) || !account_get(s->txn, s->ctx->arena, id, &group))
		return act_end(s, RC_NOT_FOUND);
	if (is_going(&group))
		return RC_GONE;
	enum rc rc = may_close(s, actor, id);
	if (rc != RC_OK)
		return rc;
	audit(s, actor, AUDIT_COMMUNITY_CLOSE, AUDIT_IN(id, id));
	/* from now on its end is certain, whoever is killed meanwhile */
	group.flags |= ACCOUNT_CLOSING | ACCOUNT_SUSPENDED;
	if (!account_put(s->txn, s->ctx->arena, &group))
		return act_end(s, RC_NOT_FOUND);
	community_job_add(s,
			  &(struct community_job){ .task = COMMUNITY_TASK_CLOSE, .community = id });
	return act_end(s, RC_OK);
}

/* The next step of the end of somebody; a community has more to clear than its account. */
static bool close_step(struct social *s, uint64_t id)
{
	struct account account;
	if (community_exists(s->txn, id))
		return community_close_step(s, id);
	return !account_get(s->txn, s->ctx->arena, id, &account) ||
	       account_delete(s, &account) != RC_BUSY;
}

/* --- the job --- */

void community_job_encode(struct buf *out, const struct community_job *job)
{
	rec_add_u8(out, JOB_VERSION);
	rec_add_u8(out, (uint8_t)job->task);
	rec_add_u64(out, job->community);
	rec_add_u64(out, job->account);
	rec_add_u64(out, job->actor);
	rec_add_u64(out, job->before);
}

struct community_job community_job_decode(struct str payload)
{
	struct community_job job = { 0 };
	struct rec r = rec_open(payload);
	uint8_t version = rec_u8(&r);
	if (version == JOB_VERSION)
		job.task = (enum community_task)rec_u8(&r);
	job.community = rec_u64(&r);
	if (version == JOB_VERSION) {
		job.account = rec_u64(&r);
		job.actor = rec_u64(&r);
		job.before = rec_u64(&r);
	}
	if (!rec_ok(&r) || (version != JOB_VERSION && version != JOB_VERSION_ROUND) ||
	    job.task > COMMUNITY_TASK_INHERIT)
		job = (struct community_job){ 0 };
	return job;
}

void community_job_add(struct social *s, const struct community_job *job)
{
	struct buf payload CLEANUP(buf_free) = BUF_INIT(64);
	community_job_encode(&payload, job);
	/* not behind the round, which waits for tomorrow: jobs of one order run one after another */
	const struct queue_new row = { .kind = JOB_COMMUNITY,
				       .order = job->community,
				       .payload = buf_str(&payload) };
	queue_add(s->txn, &row);
	s->enqueued = true;
}

/*
 * What time has made of a community of this node, some rows of it. True when it is done. What looks again
 * until nothing is left comes first, then the walk of the members, and once what is done at a blow.
 */
static bool keep(struct social *s, uint64_t id, uint64_t *member)
{
	if (*member == 0 && community_retain(s, id, STEP_POSTS) == STEP_POSTS)
		return false;
	if (!community_ghosts_step(s, id, member))
		return false;
	joint_keep(s, id);
	community_pins_end(s, id);
	consultations_count(s->txn, id);
	ledger_keep(s, id);
	return true;
}

static bool round_step(struct social *s, struct community_job *job)
{
	struct account group;
	uint64_t id;
	if (communities(s->txn, job->community, &id, 1) == 0) {
		joint_keep_copies(s);
		return true;
	}
	bool there = account_get(s->txn, s->ctx->arena, id, &group);
	bool done = there && !is_going(&group) ? keep(s, id, &job->account)
					       : community_close_step(s, id);
	if (done) {
		job->community = id;
		job->account = 0;
	}
	return db_txn_rc(s->txn) != RC_OK;
}

bool community_job_step(struct social *s, struct community_job *job)
{
	switch (job->task) {
	case COMMUNITY_TASK_CLOSE:
		return close_step(s, job->community);
	case COMMUNITY_TASK_REMOVE:
		return community_remove_step(s, job);
	case COMMUNITY_TASK_INHERIT:
		return community_inherit_step(s, job);
	case COMMUNITY_TASK_ROUND:
		break;
	}
	return round_step(s, job);
}
