/* Votes that come in. They are nobody's business but the poll's: none becomes a post, is shown or
 * passed on. */
#include "incoming_int.h"
#include "poll_int.h"
#include "store/uri.h"

/*
 * FEP-9967, "Voting": one Create has one choice, or an array of them (GoToSocial); all are votes of
 * its actor in one poll.
 */
enum rc prepare_vote(struct incoming *in)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	size_t count = jr_one_count(in->activity.object);
	if (count > POLL_OPTIONS_MAX)
		return ctx_fail(in->ctx, RC_TOO_LARGE, "too many votes at once");
	in->ballots = ARENA_ARRAY(in->ctx->arena, count, struct ballot);
	if (in->ballots == NULL)
		return ctx_fail(in->ctx, RC_NO_MEMORY, "the votes are too large");
	for (size_t i = 0; i < count; i++) {
		struct ap_vote vote;
		struct ballot *b = &in->ballots[i];
		if (!ap_vote_decode(&reader, jr_one_at(in->activity.object, i), &vote))
			return ctx_fail(in->ctx, RC_INVALID, "not a vote in a poll");
		if (vote.author.ptr != NULL && !str_eq(vote.author, in->activity.actor))
			return ctx_fail(in->ctx, RC_DENIED, "a vote of somebody else");
		if (i != 0 && !str_eq(vote.poll, in->poll_uri))
			return ctx_fail(in->ctx, RC_INVALID, "votes in several polls at once");
		in->poll_uri = vote.poll;
		*b = (struct ballot){ vote.name, vote.id.ptr != NULL ? vote.id : STR("") };
		/* as the options were, when they were written */
		if (text_clean(in->ctx, vote.name, POLL_NAME_CHARS, POLL_NAME_CHARS * 4,
			       &b->name) != RC_OK)
			return in->ctx->err.rc;
	}
	in->ballot_count = (unsigned)count;
	return RC_OK;
}

enum rc apply_vote(struct incoming *in, struct social *s, const struct account *actor)
{
	struct uri_entry entry = uri_find(s->txn, in->poll_uri);
	if (entry.kind != URI_STATUS)
		return RC_NOT_FOUND;
	return act_vote(s, actor, entry.id, in->ballots, in->ballot_count);
}

/* Is this what is stored, but for the counts of the poll? */
static bool is_same_post(const struct status *a, const struct status *b)
{
	bool same = str_eq(a->content.markup, b->content.markup) &&
		    str_eq(a->spoiler, b->spoiler) && str_eq(a->title, b->title) &&
		    str_eq(a->language, b->language) &&
		    ((a->flags ^ b->flags) & (unsigned)STATUS_SENSITIVE) == 0 &&
		    a->tag_count == b->tag_count && a->attachment_count == b->attachment_count;
	for (unsigned i = 0; same && i < a->tag_count; i++)
		same = str_eq(a->tags[i], b->tags[i]);
	for (unsigned i = 0; same && i < a->attachment_count; i++)
		same = str_eq(a->attachments[i].url, b->attachments[i].url) &&
		       str_eq(a->attachments[i].description, b->attachments[i].description);
	return same;
}

/*
 * An Update of a poll that tells nothing but its counts, or that is not newer than what is stored:
 * the post is not edited by it, even when it names a time as FEP-9967 has it ("Publishing results").
 */
bool apply_counts(struct incoming *in, struct social *s, const struct account *actor,
		  const struct status *stored, enum rc *rc)
{
	const struct status *told = &in->status;
	if (told->poll == NULL || !stored->has_poll)
		return false;
	bool newer = told->edited_ms == 0 || told->edited_ms > stored->edited_ms;
	if (newer && !is_same_post(stored, told))
		return false;
	/* told again it is older than what came since (S-022) */
	struct str name = incoming_name(in);
	*rc = seen_has(s->txn, name, actor->id) ? RC_EXISTS : poll_take(s, stored, told->poll);
	if (*rc == RC_OK)
		seen_add(s->txn, name, actor->id);
	return true;
}
