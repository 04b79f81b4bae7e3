/* Composing: what somebody wrote becomes a status with those whom it mentions. Outside transactions. */
#include "act_int.h"
#include "poll_int.h"
#include "social/event.h"
#include "social/interact.h"
#include "store/personal.h"

#define TITLE_MAX 500
#define MENTIONS_MAX 50 /* SECURITY section 13 */

struct finding {
	struct db *db;
	const struct site *site;
	const struct mention_finder *finder;
};

static bool mention_known(struct db_txn *txn, struct ctx *ctx, const struct site *site,
			  struct mention *m)
{
	struct account a;
	if (str_eq(m->host, site->domain) || str_eq(m->host, site->host))
		m->host = STR_NONE;
	if (!account_find_handle(txn, ctx->arena, m->user, m->host, &a) || account_is_gone(&a))
		return false;
	m->user = a.username;
	m->uri = a.uri;
	m->url = a.url.len != 0 ? a.url : a.uri;
	return true;
}

static bool mention_lookup(const struct finding *f, struct ctx *ctx, struct mention *m)
{
	struct db_txn *txn;
	if (db_read_begin(f->db, &txn) != RC_OK)
		return false;
	bool known = mention_known(txn, ctx, f->site, m);
	db_read_end(&txn);
	return known;
}

static bool mention_resolve(void *arg, struct ctx *ctx, struct mention *m)
{
	const struct finding *f = arg;
	if (mention_lookup(f, ctx, m))
		return true;
	return f->finder != NULL && m->host.len != 0 &&
	       f->finder->find(f->finder->arg, ctx, m->user, m->host) && mention_lookup(f, ctx, m);
}

bool act_mentions(const struct status *status, struct str uri)
{
	for (unsigned i = 0; i < status->mention_count; i++) {
		if (str_eq(status->mentions[i].uri, uri))
			return true;
	}
	return false;
}

static enum rc fill_mentions(struct ctx *ctx, const struct site *site, const struct composed *c,
			     struct status *status)
{
	status->mentions = ARENA_ARRAY(ctx->arena, c->mention_count, struct status_mention);
	if (status->mentions == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "the post is too large");
	for (size_t i = 0; i < c->mention_count; i++) {
		const struct mention *m = &c->mentions[i];
		struct str host = m->host.len != 0 ? m->host : site->domain;
		/* "@alice" and "@alice@example.org" are one person */
		if (act_mentions(status, m->uri))
			continue;
		status->mentions[status->mention_count++] = (struct status_mention){
			.uri = m->uri,
			.handle = arena_printf(ctx->arena, "%.*s@%.*s", STR_ARG(m->user),
					       STR_ARG(host)),
		};
	}
	status->tags = c->tags;
	status->tag_count = (unsigned)c->tag_count;
	return RC_OK;
}

enum rc act_compose(struct ctx *ctx, const struct site *site, struct db *db,
		    const struct mention_finder *finder, struct draft *draft)
{
	struct finding finding = { db, site, finder };
	struct composed composed;
	struct str text, spoiler = STR_NONE, title = STR_NONE;
	enum rc rc = text_clean(ctx, draft->text, site->post_max_chars, HTML_OUTPUT_MAX, &text);
	if (rc == RC_OK)
		rc = text_clean(ctx, draft->spoiler, 500, 2000, &spoiler);
	if (rc == RC_OK)
		rc = text_clean(ctx, str_trim(draft->title), TITLE_MAX, TITLE_MAX * 4, &title);
	if (rc != RC_OK)
		return rc;
	if (str_trim(text).len == 0 && draft->media_count == 0 && draft->event == NULL)
		return ctx_fail(ctx, RC_INVALID, "a post needs text");
	if (draft->language.len != 0 && !text_language_valid(draft->language))
		return ctx_fail(ctx, RC_INVALID, "\"%.*s\" is no language tag",
				STR_ARG(draft->language));
	const struct compose_rules rules = {
		.resolve = mention_resolve,
		.arg = &finding,
		.tag_base = site_tag_base(ctx->arena, site),
		.max_mentions = MENTIONS_MAX,
		.max_tags = STATUS_TAGS_MAX,
		.iri_flags = site->iri_flags,
	};
	rc = text_compose(ctx, text, &rules, &composed);
	if (rc != RC_OK)
		return rc;
	struct status_event event = { .start_ms = 0 };
	struct poll *poll = NULL;
	if (draft->poll != NULL)
		rc = poll_compose(ctx, site, draft->poll, &poll);
	if (rc == RC_OK && draft->event != NULL && poll != NULL)
		rc = ctx_fail(ctx, RC_INVALID, "an event has no poll");
	if (rc == RC_OK && draft->event != NULL)
		rc = event_compose(ctx, site, draft->event, title, &event);
	if (rc != RC_OK)
		return rc;
	draft->status = (struct status){
		.account = draft->author.id,
		.flags = STATUS_LOCAL | (draft->sensitive ? STATUS_SENSITIVE : 0U),
		.visibility = draft->visibility,
		/* FEP-b2b8: what has a title is an article */
		.type = draft->event != NULL ? STR("Event")
			: poll != NULL	     ? STR("Question")
			: title.len != 0     ? STR("Article")
					     : STR("Note"),
		.event = event,
		.has_poll = poll != NULL,
		.poll = poll,
		.title = title,
		.content = composed.html,
		.spoiler = spoiler,
		.language = draft->language,
		.source = text,
		.searchable_by = draft->searchable_by,
		.searchable_count = draft->searchable_count,
	};
	return fill_mentions(ctx, site, &composed, &draft->status);
}

struct status act_edited(const struct status *before, const struct draft *draft)
{
	struct status next = *before;
	next.content = draft->status.content;
	next.source = draft->status.source;
	next.poll = draft->status.poll;
	next.spoiler = draft->status.spoiler;
	next.language = draft->status.language;
	next.mentions = draft->status.mentions;
	next.mention_count = draft->status.mention_count;
	next.tags = draft->status.tags;
	next.tag_count = draft->status.tag_count;
	next.emojis = draft->status.emojis;
	next.emoji_count = draft->status.emoji_count;
	next.flags = draft->sensitive ? next.flags | STATUS_SENSITIVE
				      : next.flags & ~(unsigned)STATUS_SENSITIVE;
	return next;
}

enum rc draft_prefer(struct arena *arena, const struct preference *p, const struct post_said *said,
		     struct draft *draft)
{
	if (!said->visibility)
		draft->visibility = p->visibility;
	if (!said->sensitive && p->sensitive)
		draft->sensitive = true;
	if (draft->language.len == 0)
		draft->language = p->language;
	if (said->quotes || p->quotes == POLICY_PUBLIC)
		return RC_OK;
	return policy_set(arena, &draft->policy, INTERACTION_QUOTE, (enum policy_who)p->quotes,
			  &draft->author);
}
