/* What a post said before it was changed, and changes of which readers see nothing. Inside transactions. */
#include "act_int.h"
#include "interact_int.h"
#include "social/live.h"
#include "store/poll.h"
#include "store/revision.h"

static bool same_attachments(const struct status *a, const struct status *b)
{
	if (a->attachment_count != b->attachment_count)
		return false;
	for (unsigned i = 0; i < a->attachment_count; i++) {
		if (!str_eq(a->attachments[i].url, b->attachments[i].url) ||
		    !str_eq(a->attachments[i].description, b->attachments[i].description))
			return false;
	}
	return true;
}

static bool same_options(const struct poll *a, const struct poll *b)
{
	if (b == NULL || a->option_count != b->option_count)
		return b == NULL;
	for (unsigned i = 0; i < a->option_count; i++) {
		if (!str_eq(a->options[i].name, b->options[i].name))
			return false;
	}
	return true;
}

/* What readers would see otherwise: not what its server counts, or whom it lets answer. */
static bool says_the_same(const struct status *now, const struct poll *poll,
			  const struct status *next)
{
	return str_eq(now->content.markup, next->content.markup) &&
	       str_eq(now->title, next->title) && str_eq(now->spoiler, next->spoiler) &&
	       ((now->flags ^ next->flags) & STATUS_SENSITIVE) == 0 &&
	       same_attachments(now, next) && same_options(poll, next->poll);
}

bool act_says_the_same(struct social *s, const struct status *now, const struct status *next)
{
	struct poll poll = { .option_count = 0 };
	if (now->has_poll && !poll_get(s->txn, s->ctx->arena, now->id, &poll))
		return false;
	return says_the_same(now, &poll, next);
}

void act_keep_revision(struct social *s, const struct status *now, const struct status *next)
{
	struct poll poll = { .option_count = 0 };
	bool polled = now->has_poll && poll_get(s->txn, s->ctx->arena, now->id, &poll);
	if (!says_the_same(now, &poll, next))
		revision_keep(s->txn, now, polled ? &poll : NULL);
}

/* --- what is told of consent --- */

static bool same_quote(const struct status_quote *a, const struct status_quote *b)
{
	return str_eq(a->uri, b->uri) && a->state == b->state &&
	       str_eq(a->authorization, b->authorization);
}

enum rc act_retold(struct social *s, const struct account *actor, uint64_t id,
		   const struct status_quote *quote, const struct policy *policy)
{
	struct status now;
	struct account author;
	enum rc rc = act_load(s, id, &now, &author);
	if (rc != RC_OK)
		return rc;
	if (author.id != actor->id || account_is_local(actor))
		return RC_DENIED;
	struct status next = now;
	next.quote = *quote;
	next.policy = *policy;
	quote_edit(s, actor, &now, &next);
	bool quote_changed = !same_quote(&now.quote, &next.quote);
	if (!quote_changed && policy_eq(&now.policy, &next.policy))
		return act_end(s, RC_EXISTS);
	if (!status_edit(s->txn, &next))
		return act_end(s, RC_NOT_FOUND);
	live_tell_status(s->txn, LIVE_STATUS_CHANGED, &next, false);
	sift_touch(s, next.id);
	if (quote_changed)
		quote_received(s, &next);
	return act_end(s, RC_OK);
}
