/* What an edit leaves behind. Inside transactions. */
#include "post_int.h"
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

void post_keep_revision(struct social *s, const struct status *now, const struct status *next)
{
	struct poll poll = { .option_count = 0 };
	bool polled = now->has_poll && poll_get(s->txn, s->ctx->arena, now->id, &poll);
	if (!says_the_same(now, &poll, next))
		revision_keep(s->txn, now, polled ? &poll : NULL);
}
