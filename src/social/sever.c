/* Ending follows by blocks, and telling of it. Inside transactions. */
#include "social/sever.h"

#include "act_int.h"
#include "db/rec.h"
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

void sever_follow(struct social *s, const struct severance *event, const struct account *local,
		  const struct account *other, bool follower)
{
	const struct account *from = follower ? other : local, *to = follower ? local : other;
	struct follow f = follow_get(s->txn, from->id, to->id);
	struct severance mine = *event;
	struct severed lost = { .follower = follower,
				.other = other->id,
				.handle = sever_handle(s, other),
				.languages = STR("") };
	/* what others want of their follows is nobody else's matter */
	if (!follower) {
		lost.flags = f.flags;
		lost.languages = arena_str(s->ctx->arena, f.languages);
	}
	mine.account = local->id;
	if (f.state == FOLLOW_ACCEPTED)
		severance_add(s->txn, s->ctx->arena, &mine, &lost);
	follow_del(s->txn, from, to);
}

/* As with Mastodon, such a notification comes from nobody but its reader. */
void sever_tell(struct social *s, uint64_t account, uint64_t event)
{
	struct severance lost;
	if (severance_get(s->txn, s->ctx->arena, account, event, &lost))
		act_notice(
			s, account,
			(struct notice){ .kind = NOTICE_SEVERED, .from = account, .about = event });
}

/* --- the job --- */

void sever_job_encode(struct buf *out, const struct sever_job *job)
{
	rec_add_u8(out, JOB_VERSION);
	rec_add_u64(out, job->event);
	rec_add_str(out, job->host);
	rec_add_str(out, job->user);
	rec_add_u64(out, job->account);
	rec_add_u8(out, job->followers ? 1 : 0);
	rec_add_u64(out, job->after);
}

bool sever_job_decode(struct arena *arena, struct str payload, struct sever_job *out)
{
	struct rec r = rec_open(arena_str(arena, payload));
	uint8_t version = rec_u8(&r);
	out->event = rec_u64(&r);
	out->host = rec_str(&r);
	out->user = rec_str(&r);
	out->account = rec_u64(&r);
	out->followers = rec_u8(&r) != 0;
	out->after = rec_u64(&r);
	return version == JOB_VERSION && rec_ok(&r) && out->host.len != 0;
}

/* Of the host, or of one below it for which nothing else was decided. */
static bool is_there(struct social *s, struct str domain, struct str host)
{
	struct peer peer;
	if (str_eq(domain, host))
		return true;
	return domain.len > host.len && str_has_suffix(domain, host) &&
	       domain.ptr[domain.len - host.len - 1] == '.' &&
	       (!peer_judgement(s->txn, s->ctx->arena, domain, &peer) || str_eq(peer.host, host) ||
		peer.host.len < host.len);
}

/* The next local account. False when there is none. */
static bool next_account(struct social *s, struct sever_job *job)
{
	uint64_t id;
	struct account a;
	if (account_local_ids(s->txn, job->user, &id, 1) == 0 ||
	    !account_get(s->txn, s->ctx->arena, id, &a))
		return false;
	job->user = a.username;
	job->account = id;
	job->followers = false;
	job->after = 0;
	return true;
}

static size_t follows_of(struct social *s, const struct sever_job *job, uint64_t *out, size_t max)
{
	return job->followers ? follow_followers(s->txn, job->account, job->after, FOLLOW_ACCEPTED,
						 out, max)
			      : follow_following(s->txn, job->account, job->after, FOLLOW_ACCEPTED,
						 out, max);
}

/* Keeps those of ids that are of the host; how many. */
static size_t of_host(struct social *s, struct str host, uint64_t *ids, size_t n)
{
	size_t left = 0;
	for (size_t i = 0; i < n; i++) {
		struct str domain;
		if (account_domain(s->txn, ids[i], &domain) && is_there(s, domain, host))
			ids[left++] = ids[i];
	}
	return left;
}

/* Follows of one person in one direction, at most max; how many were looked at, and in ids those that
 * are of the host. */
static size_t look(struct social *s, struct sever_job *job, uint64_t *ids, size_t max,
		   size_t *there)
{
	size_t n = follows_of(s, job, ids, max);
	if (n != 0)
		job->after = ids[n - 1];
	*there = of_host(s, job->host, ids, n);
	return n;
}

/* The other direction; false when both were gone through. */
static bool turn(struct sever_job *job)
{
	if (job->followers)
		return false;
	job->followers = true;
	job->after = 0;
	return true;
}

static void end_follows(struct social *s, const struct sever_job *job, const uint64_t *ids,
			size_t n)
{
	const struct severance event = { .event = job->event,
					 .kind = SEVERANCE_DOMAIN_BLOCK,
					 .target = job->host };
	struct account local, other;
	if (n == 0 || !account_get(s->txn, s->ctx->arena, job->account, &local))
		return;
	for (size_t i = 0; i < n; i++) {
		if (account_get(s->txn, s->ctx->arena, ids[i], &other))
			sever_follow(s, &event, &local, &other, job->followers);
	}
}

/* Whoever takes the block back meanwhile keeps what is left. */
static bool is_still_blocked(struct social *s, struct str host)
{
	struct peer peer;
	return peer_get(s->txn, s->ctx->arena, host, &peer) && peer.policy == PEER_BLOCKED;
}

enum rc sever_job_step(struct social *s, struct sever_job *job)
{
	uint64_t ids[LOOKED_MAX];
	size_t looked = 0, there;
	bool blocked = is_still_blocked(s, job->host);
	if (!blocked && job->account != 0)
		sever_tell(s, job->account, job->event);
	if (!blocked)
		return act_end(s, RC_OK);
	while (looked < LOOKED_MAX) {
		if (job->account == 0 && !next_account(s, job))
			return act_end(s, RC_OK);
		size_t max = LOOKED_MAX - looked, n = look(s, job, ids, max, &there);
		end_follows(s, job, ids, there);
		/* somebody who follows nobody costs a look, too */
		looked += n + 1;
		if (n == max || turn(job))
			continue;
		sever_tell(s, job->account, job->event);
		job->account = 0;
	}
	return act_end(s, RC_BUSY);
}

/* --- looking ahead --- */

bool sever_preview_step(struct social *s, struct sever_job *job, struct sever_preview *out)
{
	uint64_t ids[LOOKED_MAX];
	size_t looked = 0, there;
	while (looked < LOOKED_MAX) {
		if (job->account == 0 && !next_account(s, job))
			return false;
		size_t max = LOOKED_MAX - looked, n = look(s, job, ids, max, &there);
		*(job->followers ? &out->followers : &out->following) += there;
		out->touched = out->touched || there != 0;
		looked += n + 1;
		if (n == max || turn(job))
			continue;
		out->people += out->touched;
		out->touched = false;
		job->account = 0;
	}
	return true;
}
