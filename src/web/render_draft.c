/* A draft of a team, with all that would be published, for who judges it: plain forms. Pure. */
#include "page.h"
#include "teams_int.h"

static void open_step(struct buf *out, const struct consent_view *form,
		      const struct team_draft_view *d, const char *step)
{
	form_open(out, form, step);
	form_id(out, "team", d->row.account);
	form_id(out, "draft", d->row.id);
	form_id(out, "seen", d->row.changed_ms);
}

/* Labels belong to one field each. */
static void add_note(struct buf *out, uint64_t id)
{
	buf_addf(out, "<p><label for=\"note-%llu\">", (unsigned long long)id);
	html_add_text(out, word(W_REVIEW_NOTE));
	buf_addf(out,
		 "</label>\n<input id=\"note-%llu\" name=\"note\" type=\"text\" "
		 "maxlength=\"2000\"></p>\n",
		 (unsigned long long)id);
}

void draft_text_field(struct buf *out, uint64_t id, struct str text)
{
	buf_addf(out, "<p><label for=\"text-%llu\">", (unsigned long long)id);
	html_add_text(out, word(W_DRAFT_TEXT));
	buf_addf(out, "</label>\n<textarea id=\"text-%llu\" name=\"text\" rows=\"5\" required>\n",
		 (unsigned long long)id);
	html_add_text(out, text);
	tag(out, "</textarea></p>\n");
}

/* --- what it is --- */

/* The words of w, as a link to a post where it can be seen. */
static void add_other(struct buf *out, enum word w, uint64_t id, const struct status *status,
		      const struct account *author)
{
	const struct post post = { .status = status, .author = author };
	if (id == 0)
		return;
	tag(out, "<li>");
	if (status->id != 0)
		page_open_post(out, &post, "");
	html_add_text(out, word(w));
	tag(out, status->id != 0 ? "</a></li>\n" : "</li>\n");
}

static void add_state(struct buf *out, const struct web *web, const struct team_draft_view *d)
{
	static const enum word words[SCHEDULED_STATES] = {
		[SCHEDULED_DUE] = W_DRAFT_DUE,	       [SCHEDULED_DRAFT] = W_DRAFT_OPEN,
		[SCHEDULED_WAITING] = W_DRAFT_WAITS,   [SCHEDULED_RETURNED] = W_DRAFT_RETURNED,
		[SCHEDULED_REFUSED] = W_DRAFT_REFUSED,
	};
	tag(out, "<p>");
	word_fill(out, words[d->row.state], d->writer.username);
	if (d->row.due_ms != 0) {
		tag(out, " ");
		struct str behind = word_begin(out, W_DRAFT_NOT_BEFORE);
		page_moment(out, web, "", d->row.due_ms);
		html_add_text(out, behind);
	}
	tag(out, "</p>\n");
	if (d->row.note.len != 0) {
		tag(out, "<p>");
		word_fill(out, W_DRAFT_NOTE, d->row.note);
		tag(out, "</p>\n");
	}
}

static void add_facts(struct buf *out, const struct team_draft_view *d)
{
	static const enum word sights[] = { [VISIBILITY_PUBLIC] = W_DRAFT_PUBLIC,
					    [VISIBILITY_UNLISTED] = W_DRAFT_UNLISTED,
					    [VISIBILITY_FOLLOWERS] = W_DRAFT_FOLLOWERS,
					    [VISIBILITY_DIRECT] = W_DRAFT_DIRECT,
					    [VISIBILITY_LOCAL] = W_DRAFT_LOCAL };
	const struct post_params *p = d->params;
	tag(out, "<ul class=\"facts\">\n");
	add_other(out, W_DRAFT_CHANGES, d->row.edits, &d->changes, &d->changes_author);
	add_other(out, W_DRAFT_ANSWERS, p->parent, &d->parent, &d->parent_author);
	add_other(out, W_DRAFT_QUOTES, p->quote, &d->quoted, &d->quoted_author);
	tag(out, "<li>");
	html_add_text(out, word((size_t)d->visibility < ARRAY_LEN(sights) ? sights[d->visibility]
									  : W_DRAFT_PUBLIC));
	tag(out, "</li>\n");
	if (p->language.len != 0) {
		tag(out, "<li>");
		word_fill(out, W_DRAFT_LANGUAGE, p->language);
		tag(out, "</li>\n");
	}
	tag(out, "</ul>\n");
}

/* --- what it says --- */

static void add_words(struct buf *out, const struct post_params *p)
{
	if (p->spoiler.len != 0) {
		tag(out, "<p class=\"warning\"><span class=\"chip\">");
		html_add_text(out, word(W_WARNING));
		tag(out, "</span> <span dir=\"auto\">");
		html_add_text(out, p->spoiler);
		tag(out, "</span></p>\n");
	}
	tag(out, "<blockquote dir=\"auto\"");
	if (text_language_valid(p->language))
		page_attribute(out, "lang", p->language);
	tag(out, ">");
	html_add_text(out, p->text);
	tag(out, "</blockquote>\n");
}

/* Days, or else hours, or else minutes. */
static void add_span(struct buf *out, uint64_t ms)
{
	if (ms % MS_PER_DAY == 0)
		word_count(out, W_DAYS_ONE, W_DAYS_MANY, ms / MS_PER_DAY);
	else if (ms % MS_PER_HOUR == 0)
		word_count(out, W_HOURS_ONE, W_HOURS_MANY, ms / MS_PER_HOUR);
	else
		word_count(out, W_MINUTES_ONE, W_MINUTES_MANY, ms / MS_PER_MINUTE);
}

static void add_poll(struct buf *out, const struct poll_draft *poll)
{
	tag(out, "<ul>\n");
	for (unsigned i = 0; i < poll->option_count; i++) {
		tag(out, "<li dir=\"auto\">");
		html_add_text(out, poll->options[i]);
		tag(out, "</li>\n");
	}
	tag(out, "</ul>\n<p class=\"soft\">");
	html_add_text(out, word(poll->multiple ? W_DRAFT_POLL_MANY : W_DRAFT_POLL_ONE));
	tag(out, " ");
	struct str behind = word_begin(out, W_DRAFT_POLL_LASTS);
	add_span(out, poll->lasts_ms);
	html_add_text(out, behind);
	if (poll->secret) {
		tag(out, " ");
		html_add_text(out, word(W_DRAFT_POLL_SECRET));
	}
	tag(out, "</p>\n");
}

/* --- what is attached --- */

static void add_picture(struct buf *out, const struct draft_medium *m)
{
	tag(out, "<a");
	page_attribute(out, "href", m->url);
	tag(out, "><img loading=\"lazy\"");
	page_attribute(out, "src", m->small.len != 0 ? m->small : m->url);
	page_attribute(out, "alt", m->description);
	if (m->width != 0 && m->height != 0)
		buf_addf(out, " width=\"%u\" height=\"%u\"", m->width, m->height);
	/* a link says where it leads to, though the picture says nothing */
	tag(out, ">");
	if (m->description.len == 0) {
		tag(out, "<span class=\"unseen\">");
		html_add_text(out, word(W_IMAGE));
		tag(out, "</span>");
	}
	tag(out, "</a>");
}

static void add_player(struct buf *out, const char *element, const struct draft_medium *m)
{
	tag(out, "<");
	tag(out, element);
	tag(out, " controls preload=\"metadata\"");
	page_attribute(out, "src", m->url);
	page_attribute(out, "aria-label",
		       m->description.len != 0 ? m->description : word(W_NO_DESCRIPTION));
	if (m->kind == ATTACHMENT_VIDEO && m->small.len != 0)
		page_attribute(out, "poster", m->small);
	tag(out, "></");
	tag(out, element);
	tag(out, ">");
}

static void add_medium(struct buf *out, const struct draft_medium *m)
{
	tag(out, "<figure class=\"medium\">");
	if (!page_is_link(m->url)) {
		html_add_text(out, word(W_DRAFT_MEDIUM_WAITS));
	} else if (m->kind == ATTACHMENT_IMAGE) {
		add_picture(out, m);
	} else if (m->kind == ATTACHMENT_VIDEO) {
		add_player(out, "video", m);
	} else if (m->kind == ATTACHMENT_AUDIO) {
		add_player(out, "audio", m);
	} else {
		page_link_out(out, m->url, "nofollow noopener noreferrer");
		html_add_text(out, word(m->kind == ATTACHMENT_LINK ? W_LINK : W_FILE));
		tag(out, "</a>");
	}
	tag(out, "<figcaption dir=\"auto\">");
	if (m->description.len != 0)
		word_fill(out, W_DRAFT_DESCRIPTION, m->description);
	else
		html_add_text(out, word(W_NO_DESCRIPTION));
	tag(out, "</figcaption></figure>\n");
}

static void add_media(struct buf *out, const struct team_draft_view *d)
{
	if (d->media_count != 0 && d->params->sensitive)
		form_small(out, W_DRAFT_COVERED);
	for (unsigned i = 0; i < d->media_count; i++)
		add_medium(out, &d->media[i]);
}

/* --- what is done with it --- */

static void add_forms(struct buf *out, const struct consent_view *form,
		      const struct team_draft_view *d)
{
	if (d->may_review) {
		open_step(out, form, d, "approve");
		form_button(out, W_REVIEW_APPROVE, "main");
		form_close(out);
		open_step(out, form, d, "return");
		add_note(out, d->row.id);
		form_button(out, W_REVIEW_RETURN, "quiet");
		form_close(out);
	}
	if (d->may_write) {
		open_step(out, form, d, "write");
		draft_text_field(out, d->row.id, d->params->text);
		form_button(out, W_DRAFT_SUBMIT, "quiet");
		form_close(out);
	}
	if (d->may_drop) {
		open_step(out, form, d, "drop");
		form_button(out, W_DRAFT_DROP, "quiet");
		form_close(out);
	}
}

void render_draft(struct buf *out, const struct web *web, const struct consent_view *form,
		  const struct team_draft_view *d)
{
	tag(out, "<article class=\"draft\">\n");
	add_state(out, web, d);
	add_words(out, d->params);
	if (d->params->has_poll)
		add_poll(out, &d->params->poll);
	add_media(out, d);
	add_facts(out, d);
	add_forms(out, form, d);
	tag(out, "</article>\n");
}
