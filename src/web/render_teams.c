/* The page of one's teams: plain forms. Pure. */
#include "page.h"
#include "teams_int.h"

static void open_step(struct buf *out, const struct teams_page *page,
		      const struct team_draft_view *d, const char *step)
{
	form_open(out, &page->form, step);
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

static void add_text(struct buf *out, uint64_t id, struct str text)
{
	buf_addf(out, "<p><label for=\"text-%llu\">", (unsigned long long)id);
	html_add_text(out, word(W_DRAFT_TEXT));
	buf_addf(out, "</label>\n<textarea id=\"text-%llu\" name=\"text\" rows=\"5\" required>\n",
		 (unsigned long long)id);
	html_add_text(out, text);
	tag(out, "</textarea></p>\n");
}

static void add_state(struct buf *out, const struct web *web, const struct team_draft_view *d)
{
	static const enum word words[SCHEDULED_STATES] = {
		[SCHEDULED_DUE] = W_DRAFT_DUE,
		[SCHEDULED_DRAFT] = W_DRAFT_OPEN,
		[SCHEDULED_WAITING] = W_DRAFT_WAITS,
		[SCHEDULED_RETURNED] = W_DRAFT_RETURNED,
	};
	tag(out, "<p>");
	word_fill(out, words[d->row.state], d->writer.username);
	if (d->row.edits != 0) {
		tag(out, " ");
		html_add_text(out, word(W_DRAFT_CHANGES));
	}
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

/* Whoever reviews sees all that would be asked. */
static void add_poll(struct buf *out, const struct poll_draft *poll)
{
	tag(out, "<ul>\n");
	for (unsigned i = 0; i < poll->option_count; i++) {
		tag(out, "<li dir=\"auto\">");
		html_add_text(out, poll->options[i]);
		tag(out, "</li>\n");
	}
	tag(out, "</ul>\n");
}

static void add_draft(struct buf *out, const struct web *web, const struct teams_page *page,
		      const struct team_draft_view *d)
{
	tag(out, "<article class=\"draft\">\n");
	add_state(out, web, d);
	tag(out, "<blockquote dir=\"auto\">");
	html_add_text(out, d->text);
	tag(out, "</blockquote>\n");
	if (d->poll != NULL)
		add_poll(out, d->poll);
	if (d->may_review) {
		open_step(out, page, d, "approve");
		form_button(out, W_REVIEW_APPROVE, "main");
		form_close(out);
		open_step(out, page, d, "return");
		add_note(out, d->row.id);
		form_button(out, W_REVIEW_RETURN, "quiet");
		form_close(out);
	}
	if (d->may_write) {
		open_step(out, page, d, "write");
		add_text(out, d->row.id, d->text);
		form_button(out, W_DRAFT_SUBMIT, "quiet");
		form_close(out);
	}
	if (d->may_drop) {
		open_step(out, page, d, "drop");
		form_button(out, W_DRAFT_DROP, "quiet");
		form_close(out);
	}
	tag(out, "</article>\n");
}

static void add_team(struct buf *out, const struct web *web, const struct teams_page *page,
		     const struct team_view *view)
{
	tag(out, "<h2>");
	page_name(out, &view->team->account);
	tag(out, "</h2>\n<p class=\"handle\" dir=\"ltr\">");
	page_handle(out, web, &view->team->account);
	tag(out, "</p>\n<p>");
	word_fill(out, W_TEAM_ROLE, str_of(team_role_name(view->team->role)));
	tag(out, "</p>\n");
	if (team_role_may(view->team->role, TEAM_MAY(DRAFT))) {
		form_open(out, &page->form, "write");
		form_id(out, "team", view->team->account.id);
		add_text(out, view->team->account.id, STR(""));
		form_button(out, W_DRAFT_SUBMIT, "quiet");
		form_close(out);
	}
	if (view->count == 0)
		form_text(out, W_DRAFTS_NONE);
	for (size_t i = 0; i < view->count; i++)
		add_draft(out, web, page, &view->drafts[i]);
}

static void add_making(struct buf *out, const struct teams_page *page)
{
	form_fold(out, W_TEAM_MAKE);
	form_small(out, W_TEAM_MAKE_MORE);
	form_open(out, &page->form, "make");
	form_input(out, W_OFFICE_NAME, "name",
		   "type=\"text\" maxlength=\"30\" pattern=\"[a-z0-9_]+\" "
		   "autocapitalize=\"none\" spellcheck=\"false\" required",
		   STR(""));
	form_input(out, W_OFFICE_TITLE, "title", "type=\"text\" maxlength=\"100\"", STR(""));
	form_area(out, W_OFFICE_DESCRIPTION, "description", STR(""));
	tag(out,
	    "<p><label class=\"choice\"><input name=\"four_eyes\" type=\"checkbox\" value=\"1\"> ");
	html_add_text(out, word(W_TEAM_FOUR_EYES));
	tag(out, "</label></p>\n");
	form_button(out, W_TEAM_MAKE, "main");
	form_close(out);
	form_fold_end(out);
}

void render_teams(struct buf *out, const struct web *web, const struct teams_page *page)
{
	form_page_begin(out, web, W_TEAMS);
	if (page->changed)
		form_text(out, W_CHANGED);
	if (page->complaint.len != 0) {
		tag(out, "<p class=\"complaint\" role=\"alert\">");
		html_add_text(out, page->complaint);
		tag(out, "</p>\n");
	}
	if (page->count == 0)
		form_text(out, W_TEAMS_NONE);
	for (size_t i = 0; i < page->count; i++)
		add_team(out, web, page, &page->teams[i]);
	if (page->may_make)
		add_making(out, page);
	form_page_end(out, web);
}
