/* Announcements. Inside transactions, but for composing. */
#include "social/announce.h"

#include "act_int.h"
#include "social/emoji.h"
#include "store/emoji.h"
#include "text/emoji.h"
#include "text/html.h"

#define TAGS_MAX 20
#define SHORTCODE_MAX 60

enum rc announcement_compose(struct ctx *ctx, const struct site *site, struct announcement *a)
{
	const struct compose_rules rules = { .resolve = NULL,
					     .tag_base = site_tag_base(ctx->arena, site),
					     .max_tags = TAGS_MAX,
					     .iri_flags = site->iri_flags };
	struct composed composed;
	enum rc rc = text_clean(ctx, a->text, ANNOUNCEMENT_TEXT_MAX, ANNOUNCEMENT_TEXT_MAX * 4,
				&a->text);
	if (rc == RC_OK && str_trim(a->text).len == 0)
		rc = ctx_fail(ctx, RC_INVALID, "an announcement needs text");
	if (rc == RC_OK && a->ends_ms != 0 && a->ends_ms < a->starts_ms)
		rc = ctx_fail(ctx, RC_INVALID, "it ends before it begins");
	if (rc == RC_OK)
		rc = text_compose(ctx, a->text, &rules, &composed);
	if (rc == RC_OK)
		a->content = composed.html;
	return rc;
}

enum rc act_announce(struct social *s, struct announcement *a)
{
	a->published_ms = a->updated_ms = db_txn_now(s->txn);
	enum rc rc = announcement_add(s->txn, a);
	if (rc == RC_TOO_LARGE)
		rc = ctx_fail(s->ctx, rc, "there are %d announcements already", ANNOUNCEMENTS_MAX);
	if (rc == RC_OK)
		live_tell(s->txn, LIVE_ANNOUNCEMENT, a->id, 0, 0);
	return act_end(s, rc);
}

enum rc act_unannounce(struct social *s, uint64_t id)
{
	if (!announcement_del(s->txn, id))
		return act_end(s, RC_NOT_FOUND);
	live_tell(s->txn, LIVE_ANNOUNCEMENT_REMOVED, id, 0, 0);
	return act_end(s, RC_OK);
}

/* One that has ended is nobody's any more. */
static bool holds(const struct announcement *a, uint64_t now_ms)
{
	return a->ends_ms == 0 || a->ends_ms > now_ms;
}

static enum rc load(struct social *s, uint64_t id)
{
	struct announcement a;
	if (!announcement_get(s->txn, s->ctx->arena, id, &a) || !holds(&a, db_txn_now(s->txn)))
		return act_end(s, RC_NOT_FOUND);
	return RC_OK;
}

enum rc act_announcement_read(struct social *s, const struct account *actor, uint64_t id)
{
	enum rc rc = load(s, id);
	if (rc == RC_OK)
		announcement_read(s->txn, id, actor->id);
	return act_end(s, rc);
}

/* A shortcode that the node has a picture for, or one emoji in its canonical form. */
static enum rc name_check(struct social *s, struct str *name)
{
	struct local_emoji known;
	if (name->len <= SHORTCODE_MAX && emoji_get(s->txn, s->ctx->arena, *name, &known)) {
		*name = known.shortcode;
		return RC_OK;
	}
	struct ctx quiet = { .arena = s->ctx->arena };
	if (emoji_canonical(&quiet, *name, name) != RC_OK)
		return act_end(s, ctx_fail(s->ctx, RC_INVALID, "Name is not a recognized emoji"));
	return RC_OK;
}

enum rc act_announcement_react(struct social *s, const struct account *actor, uint64_t id,
			       struct str name)
{
	enum rc rc = load(s, id);
	if (rc == RC_OK)
		rc = name_check(s, &name);
	if (rc != RC_OK)
		return rc;
	rc = announcement_react(s->txn, id, actor->id, name);
	if (rc == RC_TOO_LARGE)
		rc = ctx_fail(s->ctx, rc, "there are enough different reactions");
	if (rc == RC_OK)
		live_tell_reaction(s->txn, id, name);
	return act_end(s, rc);
}

enum rc act_announcement_unreact(struct social *s, const struct account *actor, uint64_t id,
				 struct str name)
{
	enum rc rc = load(s, id);
	/* a picture that the node no longer has can be taken back all the same */
	if (rc == RC_OK && !announcement_unreact(s->txn, id, actor->id, name)) {
		rc = name_check(s, &name);
		if (rc == RC_OK && !announcement_unreact(s->txn, id, actor->id, name))
			rc = RC_NOT_FOUND;
	}
	if (rc == RC_OK)
		live_tell_reaction(s->txn, id, name);
	return act_end(s, rc);
}

/* --- gathering --- */

static bool marked(const struct announcement_mark *mark, struct str name)
{
	for (unsigned i = 0; i < mark->name_count; i++) {
		if (str_eq(mark->names[i], name))
			return true;
	}
	return false;
}

static void view_fill(struct social *s, uint64_t viewer, struct announcement_view *v)
{
	struct announcement_count counts[ANNOUNCEMENT_REACTIONS_MAX];
	struct announcement_mark mark;
	struct status text = { .source = v->announcement.text };
	struct arena *arena = s->ctx->arena;
	announcement_mark_get(s->txn, arena, v->announcement.id, viewer, &mark);
	v->read = mark.read;
	size_t n = announcement_counts(s->txn, arena, v->announcement.id, counts);
	for (size_t i = 0; i < n; i++) {
		struct announcement_reaction *r = &v->reactions[v->reaction_count++];
		struct local_emoji known;
		*r = (struct announcement_reaction){ .name = counts[i].name,
						     .count = counts[i].count,
						     .me = marked(&mark, counts[i].name),
						     .url = STR("") };
		if (emoji_get(s->txn, arena, r->name, &known))
			r->url = known.url;
	}
	emojis_of_status(s, &text);
	v->emojis = text.emojis;
	v->emoji_count = text.emoji_count;
}

size_t announcements_gather(struct social *s, uint64_t viewer, struct announcement_view **out)
{
	struct announcement *all;
	size_t count = announcement_all(s->txn, s->ctx->arena, &all), n = 0;
	uint64_t now = db_txn_now(s->txn);
	*out = ARENA_ARRAY(s->ctx->arena, count, struct announcement_view);
	for (size_t i = 0; *out != NULL && i < count; i++) {
		if (!holds(&all[i], now))
			continue;
		(*out)[n] = (struct announcement_view){ .announcement = all[i] };
		view_fill(s, viewer, &(*out)[n++]);
	}
	return n;
}
