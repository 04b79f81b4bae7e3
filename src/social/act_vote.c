/* Votes, from here and from elsewhere. Inside transactions only. */
#include "act_int.h"
#include "core/must.h"
#include "poll_int.h"
#include "social/community.h"

#define URI_BYTES_MAX 2048

struct voting {
	const struct account *actor;
	struct status status;
	struct account author;
	struct poll poll;
	struct poll_vote vote;
	bool mine; /* of an account here */
	bool first;
};

/* What clients may read begins as Mastodon's words do, which they know. */
static enum rc refuse(struct social *s, enum rc rc, const char *why)
{
	return act_end(s, ctx_fail(s->ctx, rc, "%s", why));
}

/* What is voted in, and may it be? */
static enum rc voting_load(struct social *s, uint64_t id, struct voting *v)
{
	const struct viewer viewer = { v->actor->id, v->mine };
	if (account_is_gone(v->actor))
		return RC_GONE;
	enum rc rc = act_refuse_moved(s, v->actor);
	if (rc == RC_OK)
		rc = act_load(s, id, &v->status, &v->author);
	if (rc != RC_OK)
		return rc;
	if (!may_see(s->txn, viewer, &v->status, &v->author))
		return act_end(s, RC_NOT_FOUND);
	if (!v->status.has_poll || !poll_get(s->txn, s->ctx->arena, id, &v->poll))
		return refuse(s, RC_NOT_FOUND, "the post has no poll");
	/* votes of strangers are counted where the poll is, and nowhere else */
	if (!v->mine && (v->poll.flags & POLL_COUNTED) == 0)
		return refuse(s, RC_NOT_FOUND, "the poll is not of this node");
	rc = community_hears_vote(s, v->actor, &v->status);
	if (rc != RC_OK)
		return rc;
	if (v->author.id == v->actor->id)
		return refuse(s, RC_DENIED, "You cannot vote in your own polls");
	if (poll_is_over(&v->poll, db_txn_now(s->txn)))
		return refuse(s, RC_DENIED, "The poll has already ended");
	return RC_OK;
}

static uint32_t option_bit(const struct poll *p, struct str name)
{
	for (unsigned i = 0; i < p->option_count; i++) {
		if (str_eq(p->options[i].name, name))
			return UINT32_C(1) << i;
	}
	return 0;
}

static bool has_uri(const struct poll_vote *vote, struct str uri)
{
	for (unsigned i = 0; i < vote->uri_count; i++) {
		if (str_eq(vote->uris[i], uri))
			return true;
	}
	return false;
}

static void remember_uri(struct poll_vote *vote, struct str uri)
{
	if (uri.len != 0 && uri.len <= URI_BYTES_MAX && vote->uri_count < POLL_OPTIONS_MAX)
		vote->uris[vote->uri_count++] = uri;
}

/*
 * One more choice. Where a vote comes in parts, what is repeated has no effect: not the same option,
 * nor the same id with another one.
 */
static enum rc choose(struct social *s, struct voting *v, const struct ballot *b)
{
	uint32_t bit = option_bit(&v->poll, b->name);
	if (bit == 0)
		return ctx_fail(s->ctx, RC_INVALID,
				"The chosen vote option does not exist: \"%.*s\"",
				STR_ARG(str_take(b->name, 80)));
	if ((v->vote.choices & bit) != 0 || (b->uri.len != 0 && has_uri(&v->vote, b->uri)))
		return RC_EXISTS;
	if (v->vote.choices != 0 && (v->poll.flags & POLL_MULTIPLE) == 0)
		return v->first ? ctx_fail(s->ctx, RC_INVALID, "Only one option may be chosen")
				: RC_EXISTS;
	v->vote.choices |= bit;
	remember_uri(&v->vote, b->uri);
	return RC_OK;
}

static enum rc voting_choose(struct social *s, struct voting *v, const struct ballot *ballots,
			     unsigned count)
{
	uint32_t before = v->vote.choices;
	if (count == 0 || count > POLL_OPTIONS_MAX)
		return refuse(s, RC_INVALID, "A vote chooses at least one option");
	if (v->mine && !v->first)
		return refuse(s, RC_EXISTS, "You have already voted on this poll");
	for (unsigned i = 0; i < count; i++) {
		enum rc rc = choose(s, v, &ballots[i]);
		if (rc == RC_EXISTS && v->mine)
			return refuse(s, RC_INVALID, "An option is chosen twice");
		if (rc != RC_OK && rc != RC_EXISTS)
			return rc;
	}
	return v->vote.choices != before ? RC_OK : RC_EXISTS;
}

/* A vote of ours goes to the poll's author and nobody else, each choice as one. */
static void tell_author(struct social *s, const struct voting *v, struct str name, struct str uri)
{
	struct federate f = { .what = FEDERATE_VOTE,
			      .actor = v->actor->id,
			      .status = v->status.id,
			      .target = v->author.id,
			      .visibility = VISIBILITY_DIRECT,
			      .uri = uri,
			      .object = name,
			      .at_ms = db_txn_now(s->txn) };
	act_hears(&f, &v->author);
	federate_add(s, &f);
}

static void voting_tell(struct social *s, struct voting *v)
{
	for (unsigned i = 0; i < v->poll.option_count; i++) {
		if ((v->vote.choices >> i & 1) == 0)
			continue;
		struct str uri = site_activity_uri(s->ctx->arena, v->actor->uri, "votes",
						   db_next_id(s->txn));
		remember_uri(&v->vote, uri);
		tell_author(s, v, v->poll.options[i].name, uri);
	}
}

enum rc act_vote(struct social *s, const struct account *actor, uint64_t id,
		 const struct ballot *ballots, unsigned count)
{
	struct voting v = { .actor = actor, .mine = account_is_local(actor) };
	enum rc rc = voting_load(s, id, &v);
	if (rc != RC_OK)
		return rc;
	bool here = (v.poll.flags & POLL_COUNTED) != 0;
	v.first = !poll_vote_get(s->txn, s->ctx->arena, id, actor->id, &v.vote);
	if (v.first)
		v.vote = (struct poll_vote){ .created_ms = db_txn_now(s->txn) };
	rc = voting_choose(s, &v, ballots, count);
	if (rc != RC_OK)
		return act_end(s, rc);
	if (!here)
		poll_watch(s, id, &v.poll);
	if (!account_is_local(&v.author))
		voting_tell(s, &v);
	if (here)
		poll_tell_later(s, id, &v.poll);
	poll_vote_put(s->txn, s->ctx->arena, id, actor->id, &v.vote, &v.poll);
	return act_end(s, RC_OK);
}
