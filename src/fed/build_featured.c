/* What is told of reactions, pins and featured hashtags. Reads in the caller's transaction. */
#include "community_fed_int.h"
#include "core/enc.h"
#include "store/emoji.h"
#include "store/reaction.h"
#include "text/emoji.h"

/* --- emoji --- */

static struct ap_write_emoji emoji_view(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
					struct str shortcode, struct str url)
{
	struct ap_write_emoji view = { .shortcode = shortcode, .url = url };
	struct local_emoji own;
	/* the same shortcode may stand for another picture by now: then its id is not this one's */
	if (!emoji_get(txn, ctx->arena, shortcode, &own) || !str_eq(own.url, url))
		return view;
	view.id = site_emoji_uri(ctx->arena, fed->site, shortcode);
	view.updated_ms = own.updated_ms;
	return view;
}

const struct ap_write_emoji *build_emojis(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
					  const struct emoji *emojis, unsigned count)
{
	struct ap_write_emoji *views = ARENA_ARRAY(ctx->arena, count, struct ap_write_emoji);
	for (unsigned i = 0; views != NULL && i < count; i++)
		views[i] = emoji_view(fed, txn, ctx, emojis[i].shortcode, emojis[i].url);
	return views;
}

struct str build_tag_href(struct fed *fed, struct ctx *ctx, struct str tag)
{
	struct buf href = BUF_INIT(4096);
	struct ctx quiet = { .arena = ctx->arena };
	struct str folded;
	if (text_tag_fold(&quiet, tag, &folded) != RC_OK)
		folded = tag;
	buf_add(&href, site_tag_base(ctx->arena, fed->site));
	enc_percent(&href, folded);
	return arena_take_buf(ctx->arena, &href);
}

/* --- reactions --- */

/*
 * One form for all peers: a Like with content, and the name that Misskey gave it. FEP-c0e0 asks
 * whoever knows reactions to take it like an EmojiReact; Pleroma and Akkoma know it by Misskey's
 * name; to all others it is a like, where an EmojiReact would be nothing.
 */
static void reaction_members(struct fed *fed, struct db_txn *txn, struct ctx *ctx, struct jw *w,
			     struct str object, struct str text, struct str url)
{
	struct str shortcode = emoji_shortcode_of(text);
	jw_member_str(w, "object", object);
	jw_member_str(w, "content", text);
	jw_member_str(w, "_misskey_reaction", text);
	if (shortcode.ptr == NULL || url.len == 0)
		return;
	const struct ap_write_emoji view = emoji_view(fed, txn, ctx, shortcode, url);
	jw_name(w, "tag");
	jw_array(w);
	ap_write_emoji(w, &view, false);
	jw_end(w);
}

static struct str picture_of(struct db_txn *txn, struct ctx *ctx, const struct federate *f)
{
	struct reaction r;
	struct local_emoji own;
	if (reaction_find(txn, ctx->arena, f->status, f->actor, f->text, &r))
		return r.url;
	return emoji_get(txn, ctx->arena, emoji_shortcode_of(f->text), &own) ? own.url : STR("");
}

static enum rc reaction_activity(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
				 const struct federate *f, const struct account *actor,
				 struct jw *w)
{
	struct account target;
	bool undo = f->what == FEDERATE_UNREACT;
	struct str url = picture_of(txn, ctx, f);
	if (!account_get(txn, ctx->arena, f->target, &target))
		return RC_NOT_FOUND;
	const struct str to[] = { target.uri };
	const struct str group[] = { build_group_of(txn, ctx, f) };
	const struct ap_activity_view view = {
		.id = undo ? arena_join(ctx->arena, f->uri, STR("/undo")) : f->uri,
		.type = undo ? STR("Undo") : STR("Like"),
		.actor = actor->uri,
		.to = to,
		.to_count = 1,
		.cc = group,
		.cc_count = group[0].len != 0,
		.audience = group[0],
		.context = AP_CONTEXT_REACTION | (url.len != 0 ? (unsigned)AP_CONTEXT_EMOJI : 0),
	};
	ap_write_activity(w, &view);
	if (undo) {
		const struct ap_activity_view inner = {
			.id = f->uri, .type = STR("Like"), .actor = actor->uri, .inner = true
		};
		jw_name(w, "object");
		ap_write_activity(w, &inner);
		reaction_members(fed, txn, ctx, w, f->object, f->text, url);
		jw_end(w);
	} else {
		reaction_members(fed, txn, ctx, w, f->object, f->text, url);
	}
	jw_end(w);
	return RC_OK;
}

/* --- pins and hashtags --- */

static void featured_activity(struct fed *fed, struct ctx *ctx, const struct federate *f,
			      const struct account *actor, struct jw *w)
{
	bool tag = f->what == FEDERATE_FEATURE_TAG || f->what == FEDERATE_UNFEATURE_TAG;
	bool add = f->what == FEDERATE_PIN || f->what == FEDERATE_FEATURE_TAG;
	const struct str to[] = { STR(AP_PUBLIC) };
	const struct str cc[] = { actor->followers };
	ap_write_activity(w, &(struct ap_activity_view){ .id = f->uri,
							 .type = add ? STR("Add") : STR("Remove"),
							 .actor = actor->uri,
							 .published_ms = f->at_ms,
							 .to = to,
							 .to_count = 1,
							 .cc = cc,
							 .cc_count = 1,
							 .context = tag ? AP_CONTEXT_POST
									: AP_CONTEXT_PLAIN });
	if (tag) {
		const struct ap_write_tag view = { build_tag_href(fed, ctx, f->text), f->text };
		jw_name(w, "object");
		ap_write_hashtag(w, &view);
	} else {
		jw_member_str(w, "object", f->object);
	}
	/* hashtags, too: Mastodon knows this collection as that of both */
	jw_member_str(
		w, "target",
		site_actor_part(ctx->arena, fed->site, actor->username, "collections/featured"));
	jw_end(w);
}

enum rc build_featured(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
		       const struct federate *f, const struct account *actor, struct jw *w)
{
	if (f->what == FEDERATE_REACT || f->what == FEDERATE_UNREACT)
		return reaction_activity(fed, txn, ctx, f, actor, w);
	if (f->what < FEDERATE_PIN || f->what > FEDERATE_UNFEATURE_TAG)
		return RC_UNSUPPORTED;
	featured_activity(fed, ctx, f, actor, w);
	return RC_OK;
}
