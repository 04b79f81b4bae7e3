/* Memberships that follow from attributes: whoever loses them has some days, and is out then. Inside write
 * transactions. */
#include "community_int.h"
#include "core/clock.h"
#include "db/rec.h"
#include "queue/queue.h"
#include "social/attribute.h"
#include "social/community_view.h"
#include "social/mail.h"

#define JOB_VERSION 2
#define JOB_WITHOUT_NEWS 1 /* what jobs were before */
#define CHUNK 100

/* --- jobs --- */

void attribute_job_encode(struct buf *out, const struct attribute_job *job)
{
	rec_add_u8(out, JOB_VERSION);
	rec_add_u64(out, job->community);
	rec_add_u64(out, job->account);
	rec_add_u64(out, job->at);
	rec_add_u8(out, (uint8_t)job->news);
}

bool attribute_job_decode(struct str payload, struct attribute_job *out)
{
	struct rec r = rec_open(payload);
	uint8_t version = rec_u8(&r);
	out->community = rec_u64(&r);
	out->account = rec_u64(&r);
	out->at = rec_u64(&r);
	out->news = MEMBERSHIP_NO_NEWS;
	if (version == JOB_VERSION)
		out->news = (enum membership_news)rec_u8(&r);
	return (version == JOB_VERSION || version == JOB_WITHOUT_NEWS) &&
	       out->news <= MEMBERSHIP_GOES_ON && rec_ok(&r);
}

static void job_add(struct social *s, const struct attribute_job *job, uint64_t due_ms)
{
	struct buf payload CLEANUP(buf_free) = BUF_INIT(64);
	attribute_job_encode(&payload, job);
	struct queue_new row = { .kind = JOB_ATTRIBUTE,
				 .order = db_next_id(s->txn),
				 .payload = buf_str(&payload),
				 .due_ms = due_ms };
	queue_add(s->txn, &row);
	s->enqueued = true;
}

/* --- telling the member --- */

/* As a notice at once, and as a letter, which is sealed outside of writes. at is when it ends or has ended; 0: it
 * goes on. */
static void tell(struct social *s, uint64_t community, uint64_t account, uint64_t at,
		 enum membership_news news)
{
	struct account member;
	if (!account_get(s->txn, s->ctx->arena, account, &member))
		return;
	act_notify_about(s, &member, NOTICE_MEMBERSHIP, community, at);
	job_add(s,
		&(struct attribute_job){
			.community = community, .account = account, .at = at, .news = news },
		0);
}

uint64_t attribute_ends_ms(struct db_txn *txn, uint64_t community, uint64_t account)
{
	struct attribute_entry entry;
	return attribute_entry_get(txn, community, account, &entry) ? entry.ends_ms : 0;
}

/* --- looking after one --- */

/* An owner is out by no attribute. */
static bool is_owner(struct social *s, uint64_t community, uint64_t account)
{
	struct community_member m;
	return community_member_get(s->txn, s->ctx->arena, community, account, &m) &&
	       m.role == COMMUNITY_OWNER;
}

/* Whether it holds: also where one joins in another way by now. */
static bool holds(struct social *s, const struct community *effective, uint64_t account)
{
	return effective->join != COMMUNITY_JOIN_BY_ATTRIBUTE ||
	       is_owner(s, effective->id, account) ||
	       attributes_meet(s->txn, s->ctx->arena, effective, account);
}

static void look_after(struct social *s, const struct community *effective, uint64_t account)
{
	struct attribute_entry entry;
	if (!attribute_entry_get(s->txn, effective->id, account, &entry))
		return;
	bool fine = holds(s, effective, account);
	if (fine == (entry.ends_ms == 0))
		return;
	entry.ends_ms =
		fine ? 0 : db_txn_now(s->txn) + effective->terms.grace_days * MS_PER_DAY + 1;
	attribute_entry_put(s->txn, &entry);
	if (fine) {
		tell(s, effective->id, account, 0, MEMBERSHIP_GOES_ON);
		return;
	}
	job_add(s,
		&(struct attribute_job){
			.community = effective->id, .account = account, .at = entry.ends_ms },
		entry.ends_ms);
	/* without a grace its end is told, which is at once */
	if (effective->terms.grace_days != 0)
		tell(s, effective->id, account, entry.ends_ms, MEMBERSHIP_ENDING);
}

void attributes_changed(struct social *s, uint64_t account)
{
	uint64_t *ids = ARENA_ARRAY(s->ctx->arena, COMMUNITIES_JOINED_MAX, uint64_t);
	size_t n = ids != NULL ? communities_joined(s->txn, s->ctx->arena, account, ids,
						    COMMUNITIES_JOINED_MAX)
			       : 0;
	for (size_t i = 0; i < n; i++) {
		struct attribute_entry entry;
		struct community c;
		/* most memberships follow from nothing */
		if (attribute_entry_get(s->txn, ids[i], account, &entry) &&
		    community_effective(s->txn, s->ctx->arena, ids[i], &c))
			look_after(s, &c, account);
	}
}

void attributes_forget(struct social *s, uint64_t account)
{
	uint64_t *ids = ARENA_ARRAY(s->ctx->arena, COMMUNITIES_JOINED_MAX, uint64_t);
	size_t n = ids != NULL ? communities_joined(s->txn, s->ctx->arena, account, ids,
						    COMMUNITIES_JOINED_MAX)
			       : 0;
	for (size_t i = 0; i < n; i++)
		attribute_entry_del(s->txn, ids[i], account);
	attributes_del(s->txn, account);
}

void attribute_entered(struct social *s, uint64_t community, uint64_t account)
{
	const struct attribute_entry entry = { .community = community, .account = account };
	attribute_entry_put(s->txn, &entry);
}

/* Nothing is to be done where nobody is in by attribute. */
void attribute_terms_changed(struct social *s, uint64_t community)
{
	uint64_t one;
	if (attribute_entries(s->txn, community, 0, &one, 1) != 0)
		job_add(s, &(struct attribute_job){ .community = community }, 0);
}

/* --- steps --- */

static enum rc walk(struct social *s, struct attribute_job *job)
{
	uint64_t accounts[CHUNK];
	struct community c;
	if (!community_effective(s->txn, s->ctx->arena, job->community, &c))
		return act_end(s, RC_OK);
	size_t n = attribute_entries(s->txn, job->community, job->at, accounts, CHUNK);
	for (size_t i = 0; i < n; i++) {
		if (follow_accepted(s->txn, accounts[i], job->community))
			look_after(s, &c, accounts[i]);
		else
			attribute_entry_del(s->txn, job->community, accounts[i]);
	}
	if (n == CHUNK)
		job->at = accounts[n - 1];
	return act_end(s, n == CHUNK ? RC_BUSY : RC_OK);
}

/* Once more: they may have got it back, or left, or own it by now. */
static enum rc end_one(struct social *s, const struct attribute_job *job)
{
	struct attribute_entry entry;
	struct community c;
	struct account group, member;
	if (!attribute_entry_get(s->txn, job->community, job->account, &entry) ||
	    entry.ends_ms != job->at)
		return act_end(s, RC_OK);
	if (!community_effective(s->txn, s->ctx->arena, job->community, &c) ||
	    !account_get(s->txn, s->ctx->arena, job->community, &group) ||
	    !account_get(s->txn, s->ctx->arena, job->account, &member)) {
		attribute_entry_del(s->txn, job->community, job->account);
		return act_end(s, RC_OK);
	}
	if (holds(s, &c, job->account)) {
		entry.ends_ms = 0;
		attribute_entry_put(s->txn, &entry);
		tell(s, job->community, job->account, 0, MEMBERSHIP_GOES_ON);
		return act_end(s, RC_OK);
	}
	enum rc rc = community_left(s, job->community, job->account);
	if (rc == RC_OK)
		rc = act_reject(s, &group, &member);
	if (rc == RC_OK)
		tell(s, job->community, job->account, job->at, MEMBERSHIP_ENDED);
	return act_end(s, rc == RC_NOT_FOUND || rc == RC_DENIED ? RC_OK : rc);
}

enum rc attribute_job_step(struct social *s, struct attribute_job *job, struct str packed)
{
	if (job->news != MEMBERSHIP_NO_NEWS) {
		if (packed.ptr != NULL)
			letter_post(s, packed);
		return act_end(s, RC_OK);
	}
	return job->account != 0 ? end_one(s, job) : walk(s, job);
}
