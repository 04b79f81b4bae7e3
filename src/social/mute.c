/* Muting accounts and conversations, and leaving whole hosts. Inside transactions only. */
#include "social/mute.h"

#include "act_int.h"
#include "social/sever.h"
#include "store/follower_host.h"
#include "store/graph.h"
#include "store/personal.h"
#include "store/shelf.h"
#include "text/iri.h"

#define CHUNK 64	    /* follows that end in one write */
#define FOLLOWING_MAX 10000 /* looked through in one write */

enum rc act_mute(struct social *s, const struct account *actor, const struct account *target,
		 bool notifications, uint64_t duration_ms)
{
	struct shelved item = { .id = target->id,
				.flags = notifications ? SHELVED_NOTIFICATIONS : 0 };
	if (actor->id == target->id)
		return ctx_fail(s->ctx, RC_DENIED, "nobody can mute themselves");
	if (duration_ms != 0)
		item.until_ms = db_txn_now(s->txn) + duration_ms;
	return act_end(s, shelf_put(s->txn, SHELF_MUTED, actor->id, &item));
}

enum rc act_unmute(struct social *s, const struct account *actor, const struct account *target)
{
	const struct shelved item = { .id = target->id };
	bool was = shelf_del(s->txn, SHELF_MUTED, actor->id, &item);
	return act_end(s, was ? RC_OK : RC_NOT_FOUND);
}

static enum rc load_root(struct social *s, const struct account *actor, uint64_t id, uint64_t *root)
{
	struct status status;
	struct account author;
	enum rc rc = act_load_seen(s, actor, id, &status, &author);
	*root = status.root;
	return rc;
}

enum rc act_mute_thread(struct social *s, const struct account *actor, uint64_t id)
{
	uint64_t root;
	enum rc rc = load_root(s, actor, id, &root);
	if (rc != RC_OK)
		return rc;
	return act_end(s, thread_mute_add(s->txn, root, actor->id) ? RC_OK : RC_EXISTS);
}

enum rc act_unmute_thread(struct social *s, const struct account *actor, uint64_t id)
{
	uint64_t root;
	enum rc rc = load_root(s, actor, id, &root);
	if (rc != RC_OK)
		return rc;
	return act_end(s, thread_mute_del(s->txn, root, actor->id) ? RC_OK : RC_NOT_FOUND);
}

/* --- hosts --- */

static enum rc domain_of(struct social *s, struct str text, struct str *out)
{
	enum rc rc = iri_authority(s->ctx, text, s->site->iri_flags, out);
	if (rc == RC_OK && (str_eq(*out, s->site->domain) || str_eq(*out, s->site->host)))
		rc = ctx_fail(s->ctx, RC_INVALID, "%.*s is this node", STR_ARG(*out));
	return rc;
}

/* Whom the actor follows there: at most max of them; *count, when asked for, is told all. */
static size_t followed_there(struct social *s, const struct account *actor, struct str domain,
			     uint64_t *out, size_t max, uint64_t *count)
{
	static const enum follow_state states[] = { FOLLOW_ACCEPTED, FOLLOW_PENDING };
	uint64_t ids[256];
	size_t found = 0;
	for (size_t k = 0; k < ARRAY_LEN(states); k++) {
		uint64_t after = 0, looked = 0;
		size_t n;
		while (looked < FOLLOWING_MAX && found < max &&
		       (n = follow_following(s->txn, actor->id, after, states[k], ids,
					     ARRAY_LEN(ids))) != 0) {
			for (size_t i = 0; i < n && found < max; i++) {
				struct str host;
				if (!account_domain(s->txn, ids[i], &host) || !str_eq(host, domain))
					continue;
				if (count != NULL)
					++*count;
				else
					out[found++] = ids[i];
			}
			after = ids[n - 1];
			looked += n;
		}
	}
	return found;
}

/* Those who ask to follow the actor from there. */
static size_t asking_there(struct social *s, const struct account *actor, struct str domain,
			   uint64_t *out, size_t max)
{
	uint64_t ids[256], after = 0;
	size_t n, found = 0;
	while (found < max && (n = follow_followers(s->txn, actor->id, after, FOLLOW_PENDING, ids,
						    ARRAY_LEN(ids))) != 0) {
		for (size_t i = 0; i < n && found < max; i++) {
			struct str host;
			if (account_domain(s->txn, ids[i], &host) && str_eq(host, domain))
				out[found++] = ids[i];
		}
		after = ids[n - 1];
	}
	return found;
}

/* What was no more than asked for is not missed. */
static void remember(struct social *s, const struct account *actor, const struct account *other,
		     struct str domain, bool follower)
{
	struct follow f = follower ? follow_get(s->txn, other->id, actor->id)
				   : follow_get(s->txn, actor->id, other->id);
	if (f.state != FOLLOW_ACCEPTED)
		return;
	const struct severance event = { .event = severing_begin(s->txn, actor->id, domain),
					 .account = actor->id,
					 .kind = SEVERANCE_USER_DOMAIN_BLOCK,
					 .target = domain };
	const struct severed lost = {
		.follower = follower,
		.other = other->id,
		.handle = sever_handle(s, other),
		.flags = follower ? 0 : f.flags,
		.languages = follower ? STR("") : arena_str(s->ctx->arena, f.languages)
	};
	severance_add(s->txn, s->ctx->arena, &event, &lost);
}

static enum rc end_follows(struct social *s, const struct account *actor, struct str domain,
			   const uint64_t *ids, size_t n, bool followers)
{
	for (size_t i = 0; i < n; i++) {
		struct account other;
		enum rc rc = RC_NOT_FOUND;
		if (account_get(s->txn, s->ctx->arena, ids[i], &other)) {
			remember(s, actor, &other, domain, followers);
			rc = followers ? act_reject(s, actor, &other)
				       : act_unfollow(s, actor, &other);
		}
		if (rc != RC_OK && rc != RC_NOT_FOUND)
			return rc;
	}
	return RC_OK;
}

enum rc act_block_domain(struct social *s, const struct account *actor, struct str text)
{
	uint64_t ids[CHUNK];
	struct shelved item = { .id = 0 };
	enum rc rc = domain_of(s, text, &item.text);
	if (rc != RC_OK)
		return rc;
	rc = shelf_put(s->txn, SHELF_DOMAINS, actor->id, &item);
	if (rc != RC_OK && rc != RC_EXISTS)
		return act_end(s, rc);
	size_t n = followed_there(s, actor, item.text, ids, CHUNK, NULL);
	rc = end_follows(s, actor, item.text, ids, n, false);
	if (rc != RC_OK || n == CHUNK)
		return act_end(s, rc != RC_OK ? rc : RC_BUSY);
	n = follower_host_list(s->txn, actor->id, item.text, 0, ids, CHUNK);
	n += asking_there(s, actor, item.text, ids + n, CHUNK - n);
	rc = end_follows(s, actor, item.text, ids, n, true);
	if (rc == RC_OK && n == CHUNK)
		rc = RC_BUSY;
	uint64_t event = rc == RC_OK ? severing_get(s->txn, actor->id, item.text) : 0;
	if (event != 0) {
		severing_end(s->txn, actor->id, item.text);
		sever_tell(s, actor->id, event);
	}
	return act_end(s, rc);
}

enum rc act_unblock_domain(struct social *s, const struct account *actor, struct str text)
{
	struct shelved item = { .id = 0 };
	enum rc rc = domain_of(s, text, &item.text);
	if (rc != RC_OK)
		return rc;
	bool was = shelf_del(s->txn, SHELF_DOMAINS, actor->id, &item);
	return act_end(s, was ? RC_OK : RC_NOT_FOUND);
}

enum rc domain_follows_count(struct social *s, const struct account *actor, struct str text,
			     struct domain_follows *out)
{
	struct str domain;
	*out = (struct domain_follows){ 0 };
	enum rc rc = domain_of(s, text, &domain);
	if (rc != RC_OK)
		return rc;
	followed_there(s, actor, domain, NULL, 1, &out->following);
	out->followers = follower_host_get(s->txn, actor->id, domain).count;
	return act_end(s, RC_OK);
}
