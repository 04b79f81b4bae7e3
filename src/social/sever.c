/* Ending follows by blocks, and telling of it. Inside transactions. */
#include "social/sever.h"

#include "community_int.h"
#include "db/rec.h"
#include "queue/queue.h"
#include "store/graph.h"

#define JOB_VERSION 1
#define LOOKED_MAX 256 /* follows that one step looks at */

/* --- the pieces --- */

struct str sever_handle(struct social *s, const struct account *account)
{
	struct str domain = account->domain.len != 0 ? account->domain : s->site->domain;
	return arena_printf(s->ctx->arena, "%.*s@%.*s", STR_ARG(account->username),
			    STR_ARG(domain));
}

bool sever_follow(struct social *s, const struct severance *event, const struct account *local,
		  const struct account *other, bool follower)
{
	const struct account *from = follower ? other : local, *to = follower ? local : other;
	struct follow f = follow_get(s->txn, from->id, to->id);
	struct severance mine = *event;
	struct severed lost = { .follower = follower,
				.other = other->id,
				.handle = sever_handle(s, other),
				.languages = STR("") };
	bool first = false;
	/* what others want of their follows is nobody else's matter */
	if (!follower) {
		lost.flags = f.flags;
		lost.languages = arena_str(s->ctx->arena, f.languages);
	}
	mine.account = local->id;
	if (f.state == FOLLOW_ACCEPTED)
		first = severance_add(s->txn, s->ctx->arena, &mine, &lost);
	follow_del(s->txn, from, to);
	if (to->kind == ACCOUNT_GROUP && account_is_local(to))
		community_part_lost(s, to->id, from->id);
	return first;
}

/* As with Mastodon, such a notification comes from nobody but its reader. */
void sever_tell(struct social *s, uint64_t account, uint64_t event)
{
	act_notice(s, account,
		   (struct notice){ .kind = NOTICE_SEVERED, .from = account, .about = event });
}

/* --- walking --- */

/* The next local account. False when there is none. */
static bool next_account(struct social *s, struct sever_walk *w)
{
	uint64_t id;
	struct account a;
	if (account_local_ids(s->txn, w->user, &id, 1) == 0 ||
	    !account_get(s->txn, s->ctx->arena, id, &a))
		return false;
	*w = (struct sever_walk){ .user = a.username, .account = id };
	return true;
}

/* Follows of one person in one direction, at most max. */
static size_t next_follows(struct social *s, struct sever_walk *w, uint64_t *ids, size_t max)
{
	size_t n =
		w->followers
			? follow_followers(s->txn, w->account, w->after, FOLLOW_ACCEPTED, ids, max)
			: follow_following(s->txn, w->account, w->after, FOLLOW_ACCEPTED, ids, max);
	if (n != 0)
		w->after = ids[n - 1];
	return n;
}

/* The other direction; false when both were gone through. */
static bool turn(struct sever_walk *w)
{
	if (w->followers)
		return false;
	w->followers = true;
	w->after = 0;
	return true;
}

/* --- the job --- */

/* Which block has asked last is kept as the event of the node about nothing. */
#define RUN STR("blocked hosts")

void sever_later(struct social *s)
{
	struct buf payload CLEANUP(buf_free) = BUF_INIT(256);
	severing_end(s->txn, 0, RUN);
	const struct sever_job job = { .run = severing_begin(s->txn, 0, RUN),
				       .walk = { .user = STR("") } };
	sever_job_encode(&payload, &job);
	const struct queue_new row = { .kind = JOB_SEVER,
				       .order = job.run,
				       .payload = buf_str(&payload) };
	queue_add(s->txn, &row);
	s->enqueued = true;
}

void sever_job_encode(struct buf *out, const struct sever_job *job)
{
	rec_add_u8(out, JOB_VERSION);
	rec_add_u64(out, job->run);
	rec_add_str(out, job->walk.user);
	rec_add_u64(out, job->walk.account);
	rec_add_u8(out, job->walk.followers ? 1 : 0);
	rec_add_u64(out, job->walk.after);
}

bool sever_job_decode(struct arena *arena, struct str payload, struct sever_job *out)
{
	struct rec r = rec_open(arena_str(arena, payload));
	uint8_t version = rec_u8(&r);
	out->run = rec_u64(&r);
	out->walk.user = rec_str(&r);
	out->walk.account = rec_u64(&r);
	out->walk.followers = rec_u8(&r) != 0;
	out->walk.after = rec_u64(&r);
	return version == JOB_VERSION && rec_ok(&r);
}

/* Is a host of which something was decided, or what is below it, blocked? */
static bool is_blocked(struct social *s, uint64_t account, struct peer *out)
{
	struct str domain;
	return account_domain(s->txn, account, &domain) && domain.len != 0 &&
	       peer_judgement(s->txn, s->ctx->arena, domain, out) && out->policy == PEER_BLOCKED;
}

/* The decision is the event: each blocked host has its own. */
static void end_follow(struct social *s, const struct account *local, const struct sever_walk *w,
		       uint64_t other_id)
{
	struct account other;
	struct peer peer;
	if (!is_blocked(s, other_id, &peer) ||
	    !account_get(s->txn, s->ctx->arena, other_id, &other))
		return;
	const struct severance event = { .event = peer.decision,
					 .kind = SEVERANCE_DOMAIN_BLOCK,
					 .target = peer.host };
	if (sever_follow(s, &event, local, &other, w->followers))
		sever_tell(s, local->id, event.event);
}

enum rc sever_job_step(struct social *s, struct sever_job *job)
{
	struct sever_walk *w = &job->walk;
	uint64_t ids[LOOKED_MAX];
	size_t looked = 0;
	struct account local;
	/* a later block has its own walk, which looks at all of them */
	if (severing_get(s->txn, 0, RUN) != job->run)
		return act_end(s, RC_OK);
	while (looked < LOOKED_MAX) {
		if (w->account == 0 && !next_account(s, w)) {
			severing_end(s->txn, 0, RUN);
			return act_end(s, RC_OK);
		}
		if (!account_get(s->txn, s->ctx->arena, w->account, &local))
			return act_end(s, RC_NOT_FOUND);
		size_t max = LOOKED_MAX - looked, n = next_follows(s, w, ids, max);
		for (size_t i = 0; i < n; i++)
			end_follow(s, &local, w, ids[i]);
		/* somebody who follows nobody costs a look, too */
		looked += n + 1;
		if (n < max && !turn(w))
			w->account = 0;
	}
	return act_end(s, RC_BUSY);
}

/* --- looking ahead --- */

/* Of the host, or of one below it for which nothing else was decided. */
static bool is_there(struct social *s, uint64_t account, struct str host)
{
	struct peer peer;
	struct str domain;
	if (!account_domain(s->txn, account, &domain))
		return false;
	if (str_eq(domain, host))
		return true;
	return domain.len > host.len && str_has_suffix(domain, host) &&
	       domain.ptr[domain.len - host.len - 1] == '.' &&
	       (!peer_judgement(s->txn, s->ctx->arena, domain, &peer) || peer.host.len <= host.len);
}

bool sever_preview_step(struct social *s, struct sever_preview *p)
{
	uint64_t ids[LOOKED_MAX];
	size_t looked = 0;
	while (looked < LOOKED_MAX) {
		if (p->walk.account == 0 && !next_account(s, &p->walk))
			return false;
		size_t max = LOOKED_MAX - looked, n = next_follows(s, &p->walk, ids, max),
		       there = 0;
		for (size_t i = 0; i < n; i++)
			there += is_there(s, ids[i], p->host);
		*(p->walk.followers ? &p->followers : &p->following) += there;
		p->touched = p->touched || there != 0;
		looked += n + 1;
		if (n == max || turn(&p->walk))
			continue;
		p->people += p->touched;
		p->touched = false;
		p->walk.account = 0;
	}
	return true;
}
