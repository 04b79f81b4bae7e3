/* The entity Status. Pure. */
#include "community_int.h"

#include "core/enc.h"

#define CONTENT_MORE_MAX ((size_t)32 << 10) /* a title, and a line of an event */

static const char *visibility_word(enum visibility v)
{
	static const char *const words[] = {
		[VISIBILITY_PUBLIC] = "public",	    [VISIBILITY_UNLISTED] = "unlisted",
		[VISIBILITY_FOLLOWERS] = "private", [VISIBILITY_DIRECT] = "direct",
		[VISIBILITY_LOCAL] = "unlisted", /* clients know no other word; see local_only */
		[VISIBILITY_MEMBERS] = "private",
	};
	return words[v];
}

static void render_mentions(struct jw *w, const struct status_view *view)
{
	jw_name(w, "mentions");
	jw_array(w);
	for (unsigned i = 0; i < view->mention_count; i++) {
		const struct account *a = view->mentions[i].account;
		jw_object(w);
		jw_member_id(w, "id", a->id);
		jw_member_str(w, "username", a->username);
		jw_member_str(w, "acct", view->mentions[i].acct);
		jw_member_str(w, "url", a->url.len != 0 ? a->url : a->uri);
		jw_end(w);
	}
	jw_end(w);
}

static void render_tags(struct jw *w, const struct site *site, const struct status *s)
{
	jw_name(w, "tags");
	jw_array(w);
	for (unsigned i = 0; i < s->tag_count; i++) {
		struct buf url CLEANUP(buf_free) = BUF_INIT(4096);
		buf_add(&url, site->base);
		buf_add(&url, STR("/tags/"));
		enc_percent(&url, s->tags[i]);
		jw_object(w);
		jw_member_str(w, "name", s->tags[i]);
		jw_member_str(w, "url", buf_str(&url));
		jw_end(w);
	}
	jw_end(w);
}

static void render_place(struct jw *w, const struct status *s)
{
	jw_member_date(w, "created_at", s->created_ms);
	jw_name(w, "edited_at");
	if (s->edited_ms != 0)
		jw_date(w, s->edited_ms);
	else
		jw_null(w);
	jw_member_id_opt(w, "in_reply_to_id", s->parent);
	jw_member_id_opt(w, "in_reply_to_account_id", s->parent != 0 ? s->parent_account : 0);
	jw_member_str(w, "uri", s->uri);
	jw_member_nullable(w, "url", s->url.len != 0 ? s->url : s->uri);
	jw_member_str(w, "visibility", str_of(visibility_word(s->visibility)));
	if (visibility_stays(s->visibility))
		jw_member_bool(w, "local_only", true);
}

/* An article's title stands above its text, where clients show no titles. */
void render_content(struct jw *w, const struct status *s, struct str more, struct str note)
{
	struct buf content CLEANUP(buf_free) = BUF_INIT(HTML_OUTPUT_MAX + CONTENT_MORE_MAX);
	jw_member_bool(w, "sensitive", (s->flags & STATUS_SENSITIVE) != 0);
	/* never null, which clients cannot read: letters of the node may have none */
	jw_member_str(w, "spoiler_text", s->spoiler.ptr != NULL ? s->spoiler : STR(""));
	if (s->title.len == 0 && more.len == 0 && note.len == 0) {
		jw_member_str(w, "content", s->content.markup);
		return;
	}
	if (s->title.len != 0) {
		buf_add(&content, STR("<p><strong>"));
		html_add_text(&content, s->title);
		buf_add(&content, STR("</strong></p>"));
	}
	buf_add(&content, s->content.markup);
	buf_add(&content, more);
	buf_add(&content, note);
	jw_member_str(w, "content", buf_str(&content));
}

static void render_viewer(struct jw *w, const struct status_view *view)
{
	jw_member_bool(w, "favourited", view->favourited);
	jw_member_bool(w, "reblogged", view->reblogged);
	jw_member_bool(w, "muted", view->muted);
	jw_member_bool(w, "bookmarked", view->bookmarked);
	jw_member_bool(w, "pinned", view->pinned);
	jw_name(w, "filtered");
	render_filtered(w, view->filtered, view->filtered_count,
			view->reblog != NULL ? view->reblog->id : view->id);
}

static void render_counts(struct jw *w, const struct status_view *view)
{
	jw_member_u64(w, "replies_count", view->counts.replies);
	jw_member_u64(w, "reblogs_count", view->counts.boosts);
	jw_member_u64(w, "favourites_count", view->counts.likes);
	jw_member_u64(w, "quotes_count", view->quotes);
}

static void render_parts(struct jw *w, const struct site *site, const struct status_view *view)
{
	const struct status *s = view->status;
	jw_name(w, "media_attachments");
	render_media(w, view);
	render_mentions(w, view);
	render_tags(w, site, s);
	jw_name(w, "emojis");
	render_emojis(w, s->emojis, s->emoji_count);
	jw_name(w, "card");
	if (view->card != NULL)
		render_card(w, site, view->card);
	else
		jw_null(w);
	jw_name(w, "poll");
	if (view->poll != NULL)
		render_poll(w, view->poll, s);
	else
		jw_null(w);
	jw_name(w, "quote");
	render_quote(w, site, view);
	jw_name(w, "quote_approval");
	render_quote_approval(w, &view->approval);
}

static void render_application(struct jw *w, const struct oauth_app *app)
{
	if (app == NULL) {
		jw_null(w);
		return;
	}
	jw_object(w);
	jw_member_str(w, "name", app->name);
	jw_member_nullable(w, "website", app->website);
	jw_end(w);
}

/* Ours: who wrote it for a team. They are of this node. */
static void render_writer(struct jw *w, const struct account *a, const struct account_view *former)
{
	jw_object(w);
	jw_member_id(w, "id", a->id);
	jw_member_str(w, "username", a->username);
	jw_member_str(w, "acct", a->username);
	jw_member_str(w, "display_name", a->display_name);
	jw_member_str(w, "url", a->url);
	if (former != NULL) {
		jw_name(w, "begun_by");
		render_writer(w, former->account, NULL);
	}
	jw_end(w);
}

void render_status(struct jw *w, const struct site *site, const struct status_view *view)
{
	const struct status *s = view->status;
	jw_object(w);
	jw_member_id(w, "id", view->id);
	jw_name(w, "account");
	render_account(w, site, view->account);
	render_place(w, s);
	jw_member_nullable(w, "language",
			   (view->reblog != NULL ? view->reblog->status : s)->language);
	const struct status_view *shown = view->reblog != NULL ? view->reblog : view;
	render_content(w, shown->status, event_line_html(shown->event_line),
		       shown->attested != NULL ? shown->attested->note : STR(""));
	render_counts(w, view);
	render_viewer(w, view);
	render_parts(w, site, view->reblog != NULL ? view->reblog : view);
	if (view->community != NULL && view->reblog == NULL)
		render_status_community(w, view->community, view->attested);
	if (view->with_text)
		jw_member_str(w, "text", s->source);
	if (view->writer != NULL) {
		jw_name(w, "posted_by");
		render_writer(w, view->writer->account, view->former);
	}
	jw_name(w, "application");
	render_application(w, view->application);
	jw_name(w, "reblog");
	if (view->reblog != NULL)
		render_status(w, site, view->reblog);
	else
		jw_null(w);
	jw_end(w);
}
