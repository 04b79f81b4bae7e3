/*
 * The federate job: an act of ours becomes one stored activity and a delivery for each inbox that
 * should hear of it. Expansion goes in chunks, each one write; the cursor is in the job's payload,
 * so that a crash goes on where it was.
 */
#include <stdio.h>

#include "community_fed_int.h"
#include "core/log.h"
#include "core/must.h"
#include "federate_int.h"
#include "relay_int.h"
#include "social/account.h"
#include "store/graph.h"

#define CHUNK 1000
#define PAYLOAD_MAX (64 * 1024)
#define ACTIVITY_MAX (512 * 1024)

/*
 * A community with members on 5,000 hosts makes 5,000 deliveries of each vote. They are expanded only
 * while few deliveries wait, so that a thousand votes are a thousand rows and not five million, and a
 * post stands behind few of them; what has waited for a day is told no more.
 */
#define PATIENT_ABOVE 20000
#define PATIENT_WAIT_MS (2 * MS_PER_SECOND)
#define PATIENT_LIFE_MS MS_PER_DAY

/* What goes to followers, and not only to those that are named. */
enum reach {
	TO_NAMED,
	TO_READERS, /* followers, where they may see what it is about */
	TO_FOLLOWERS,
};

static const uint8_t reaches[] = {
	[FEDERATE_CREATE] = TO_READERS,
	[FEDERATE_UPDATE] = TO_READERS,
	[FEDERATE_DELETE] = TO_READERS,
	[FEDERATE_BOOST] = TO_READERS,
	[FEDERATE_UNBOOST] = TO_READERS,
	[FEDERATE_POLL] = TO_READERS,
	[FEDERATE_EVENT] = TO_READERS,
	[FEDERATE_APPROVE] = TO_READERS,
	[FEDERATE_QUOTE_REVOKE] = TO_READERS,
	[FEDERATE_FORWARD] = TO_READERS,
	[FEDERATE_ACTOR] = TO_FOLLOWERS,
	[FEDERATE_ACTOR_DELETE] = TO_FOLLOWERS,
	[FEDERATE_PIN] = TO_FOLLOWERS,
	[FEDERATE_UNPIN] = TO_FOLLOWERS,
	[FEDERATE_FEATURE_TAG] = TO_FOLLOWERS,
	[FEDERATE_UNFEATURE_TAG] = TO_FOLLOWERS,
	[FEDERATE_MOVE] = TO_FOLLOWERS,
	[FEDERATE_COMMUNITY_PASS] = TO_FOLLOWERS,
	[FEDERATE_COLLECTION_ADD] = TO_FOLLOWERS,
	[FEDERATE_COLLECTION_UPDATE] = TO_FOLLOWERS,
	[FEDERATE_COLLECTION_REMOVE] = TO_FOLLOWERS,
	[FEDERATE_COLLECTION_ITEM_ADD] = TO_FOLLOWERS,
	[FEDERATE_COLLECTION_ITEM_REMOVE] = TO_FOLLOWERS,
};

static bool goes_to_followers(const struct federate *f)
{
	const unsigned reach = (size_t)f->what < ARRAY_LEN(reaches) ? reaches[f->what] : TO_NAMED;
	return reach == TO_FOLLOWERS ||
	       (reach == TO_READERS && f->visibility <= VISIBILITY_FOLLOWERS);
}

/* FEP-8fcf: what only followers may see is when both sides must agree who they are. */
static bool compares_followers(const struct federate *f)
{
	return f->visibility == VISIBILITY_FOLLOWERS && f->what >= FEDERATE_CREATE &&
	       f->what <= FEDERATE_UNBOOST;
}

static void deliver_add(struct expansion *x, struct db_txn *txn, struct str inbox, bool compared)
{
	struct ctx quiet = { .arena = x->ctx.arena };
	struct iri iri;
	if (iri_parse(&quiet, inbox, x->fed->site->iri_flags, &iri) != RC_OK ||
	    site_owns(x->fed->site, &iri) || !peer_permitted(x->fed, iri.authority))
		return;
	/* never back to where it came from */
	if ((x->f.what == FEDERATE_FORWARD || x->f.what == FEDERATE_COMMUNITY_PASS) &&
	    str_eq(iri.authority, x->f.object))
		return;
	/* for each host that is down a week of votes would wait: who is back reads their numbers at the
	 * post, and partners compare daily */
	if (x->spares != NULL && queue_is_burdened(x->spares, txn, JOB_DELIVER, iri.authority))
		return;
	struct queue_new job = { .kind = JOB_DELIVER,
				 .lane = iri.authority,
				 .order = x->f.actor,
				 .group = x->f.body,
				 .body = x->f.body,
				 .payload = iri.text };
	if (compared)
		job.payload = arena_join(x->ctx.arena, iri.text, STR(" " DELIVER_FOLLOWERS));
	queue_add(txn, &job);
}

/*
 * Those who are named: each by the personal inbox when the act is for them alone (S-075), by the
 * host's shared one when followers there get it too; an inbox that the followers' walk reaches
 * anyway is left to it.
 */
static void expand_extra(struct expansion *x, struct db_txn *txn)
{
	struct str done[FEDERATE_EXTRA_MAX];
	unsigned count = 0;
	/* what is said to everybody may go to whole hosts, though not to all followers */
	bool followers = goes_to_followers(&x->f);
	bool wide = followers || x->f.what == FEDERATE_CONTEXT_ADD ||
		    x->f.what == FEDERATE_CONTEXT_REMOVE;
	for (unsigned i = 0; i < x->f.extra_count; i++) {
		struct account a;
		if (!account_get(txn, x->ctx.arena, x->f.extra[i], &a) || account_is_local(&a) ||
		    account_is_gone(&a))
			continue;
		struct str inbox = wide ? account_bulk_inbox(&a) : a.inbox;
		/* who is known by a partner's word alone has none that we know */
		if (inbox.len == 0)
			continue;
		bool again = followers && audience_has(txn, x->f.actor, inbox);
		for (unsigned k = 0; k < count && !again; k++)
			again = str_eq(done[k], inbox);
		if (again)
			continue;
		done[count++] = inbox;
		deliver_add(x, txn, inbox, false);
	}
}

static void expand_followers(struct expansion *x, struct db_txn *txn)
{
	struct audience_inbox *inboxes = ARENA_ARRAY(x->ctx.arena, CHUNK, struct audience_inbox);
	if (inboxes == NULL) {
		db_txn_fail(txn, RC_NO_MEMORY);
		return;
	}
	size_t n = audience_next(txn, x->ctx.arena, x->f.actor, &x->f.cursor, inboxes, CHUNK);
	for (size_t i = 0; i < n; i++)
		deliver_add(x, txn, inboxes[i].inbox, compares_followers(&x->f));
	x->more = n == CHUNK;
}

void expansion_deliver(struct expansion *x, struct db_txn *txn, struct str inbox)
{
	deliver_add(x, txn, inbox, false);
}

static void deliver_plain(void *arg, struct db_txn *txn, struct str inbox)
{
	expansion_deliver(arg, txn, inbox);
}

static void first_step(struct expansion *x, struct db_txn *txn)
{
	x->f.body = queue_add_body(txn, buf_str(&x->activity));
	/* this job's own hold, so that the body outlives deliveries that end before the expansion
	 * does */
	queue_body_hold(txn, x->f.body);
	/* it is part of the body now */
	if (community_passes_bytes(&x->f)) {
		queue_body_release(txn, x->f.status);
		x->f.status = 0;
	}
	expand_extra(x, txn);
	/* before a relay has spoken, its inbox is all that is known of it */
	if (x->f.what == FEDERATE_RELAY_FOLLOW || x->f.what == FEDERATE_RELAY_UNFOLLOW)
		deliver_plain(x, txn, x->f.object);
	relay_publish(x->fed, txn, &x->ctx, &x->f, deliver_plain, x);
}

static enum rc account_finish(struct expansion *x, struct db_txn *txn)
{
	struct social s = { .txn = txn, .ctx = &x->ctx, .site = x->fed->site };
	struct account account;
	if (!account_get(txn, x->ctx.arena, x->f.actor, &account))
		return db_txn_rc(txn);
	return account_delete_finish(&s, &account) == RC_BUSY ? RC_BUSY : db_txn_rc(txn);
}

/* One chunk, and what is left of the job in x->payload. */
static enum rc expand_step(struct expansion *x, struct db_txn *txn)
{
	x->more = false;
	if (x->f.body == 0)
		first_step(x, txn);
	else if (x->f.what == FEDERATE_FORWARD && x->f.cursor.len == 0)
		expand_extra(x, txn);
	if (goes_to_followers(&x->f))
		expand_followers(x, txn);
	if (relay_goes_to_subscribers(&x->f))
		x->more = relay_expand(x->fed, txn, &x->ctx, &x->f, deliver_plain, x);
	if (x->f.what == FEDERATE_POLL_VOTERS || x->f.what == FEDERATE_EVENT_PARTICIPANTS)
		expand_voters(x, txn);
	if (!x->more && (x->f.what == FEDERATE_POLL || x->f.what == FEDERATE_EVENT)) {
		x->f.what = x->f.what == FEDERATE_POLL ? FEDERATE_POLL_VOTERS
						       : FEDERATE_EVENT_PARTICIPANTS;
		x->more = true;
	}
	if (!x->more && x->f.what == FEDERATE_ACTOR_DELETE)
		x->more = account_finish(x, txn) == RC_BUSY;
	if (!x->more)
		queue_body_release(txn, x->f.body);
	else
		federate_encode(&x->payload, &x->f);
	return db_txn_rc(txn);
}

static enum rc expand_write(struct db_txn *txn, void *arg)
{
	struct expansion *x = arg;
	struct federate start = x->f;
	x->ctx.err = (struct err){ 0 };
	buf_reset(&x->payload);
	enum rc rc = expand_step(x, txn);
	x->f = start; /* a write may be run again */
	return rc;
}

static void expand_after(void *arg, enum rc rc)
{
	struct expansion *x = arg;
	struct arena *arena = x->ctx.arena;
	fed_wake(x->fed, rc == RC_OK);
	buf_free(&x->activity);
	buf_free(&x->payload);
	arena_free(&arena);
}

/*
 * The activity with its author's proof, once for all who get it. Outside the write: building and
 * signing take as long as many rows, and everybody's writes wait for the one writer.
 */
static enum rc compose(struct expansion *x)
{
	struct db_txn *txn;
	if (x->f.what == FEDERATE_COMMUNITY_PASS)
		return community_compose(x->fed, &x->ctx, &x->f, &x->activity);
	enum rc rc = db_read_begin(x->fed->db, &txn);
	if (rc != RC_OK)
		return rc;
	rc = build_activity(x->fed, txn, &x->ctx, &x->f, &x->activity);
	db_read_end(&txn);
	return rc == RC_OK ? proof_attach(x->fed, &x->ctx, x->f.actor, &x->activity) : rc;
}

static enum rc drop_write(struct db_txn *txn, void *arg)
{
	const struct expansion *x = arg;
	if (community_passes_bytes(&x->f))
		queue_body_release(txn, x->f.status);
	return db_txn_rc(txn);
}

/*
 * What it is about may be gone by now (a post that was deleted at once): then there is nothing to
 * tell, and the job is done.
 */
static void compose_failed(struct expansion *x, enum rc rc, struct queue_end *end)
{
	end->write = rc == RC_NOT_FOUND ? drop_write : NULL;
	end->next = NULL;
	end->outcome.verdict = rc == RC_NOT_FOUND ? QUEUE_DELIVERED
			       : rc == RC_CORRUPT ? QUEUE_REJECT
						  : QUEUE_DEFER;
	if (rc != RC_NOT_FOUND)
		snprintf(end->outcome.reason, sizeof(end->outcome.reason), "%s",
			 x->ctx.err.rc != RC_OK ? err_text(&x->ctx.err) : rc_text(rc));
}

/* One that has not begun waits for room. */
static void plan_patient(const struct queue_job *job, struct expansion *x, struct queue_end *end)
{
	uint64_t now_ms = clock_wall_ms(x->fed->clock);
	if (queue_waiting(job->queue, JOB_DELIVER) <= PATIENT_ABOVE)
		return;
	if (now_ms > job->created_ms + PATIENT_LIFE_MS) {
		LOG(VOTE_UNTOLD, F_U64("job", job->id));
		compose_failed(x, RC_NOT_FOUND, end);
	} else {
		end->outcome.retry_after_ms = PATIENT_WAIT_MS;
		end->payload = job->payload;
		end->write = NULL;
		end->next = NULL;
	}
}

void federate_run(struct queue_job *job, void *app)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct expansion *x = ARENA_NEW(arena, struct expansion);
	must(x != NULL);
	x->fed = fed_of(app);
	x->ctx.arena = arena;
	buf_init(&x->activity, ACTIVITY_MAX);
	buf_init(&x->payload, PAYLOAD_MAX);
	struct queue_end end = { .outcome = { .verdict = QUEUE_AGAIN },
				 .write = expand_write,
				 .next = &x->payload,
				 .after = expand_after,
				 .arg = x };
	if (!federate_decode(arena, job->payload, &x->f)) {
		end = (struct queue_end){ .outcome = { .verdict = QUEUE_REJECT,
						       .reason = "the job cannot be decoded" },
					  .after = expand_after,
					  .arg = x };
	} else if ((job->order & FEDERATE_PATIENT) != 0) {
		x->spares = job->queue;
		if (x->f.body == 0)
			plan_patient(job, x, &end);
	}
	if (end.write == expand_write && x->f.body == 0) {
		enum rc rc = compose(x);
		if (rc != RC_OK)
			compose_failed(x, rc, &end);
	}
	queue_finish(job, &end);
}
