/* The page of one's teams: plain forms. Pure. */
#include "page.h"
#include "teams_int.h"

static void add_team(struct buf *out, const struct web *web, const struct teams_page *page,
		     const struct team_view *view)
{
	const struct account *team = &view->team->account;
	tag(out, "<h2>");
	page_name(out, team);
	tag(out, "</h2>\n<p class=\"handle\" dir=\"ltr\">");
	page_handle(out, web, team);
	tag(out, "</p>\n<p>");
	word_fill(out, W_TEAM_ROLE, str_of(team_role_name(view->team->role)));
	tag(out, " <a href=\"" TEAMS_PATH "/");
	html_add_text(out, team->username);
	tag(out, "\">");
	word_fill(out, W_TEAM_OPEN, page_name_text(team));
	tag(out, "</a></p>\n");
	if (team_role_may(view->team->role, TEAM_MAY(DRAFT))) {
		form_open(out, &page->form, "write");
		form_id(out, "team", team->id);
		draft_text_field(out, team->id, STR(""));
		form_button(out, W_DRAFT_SUBMIT, "quiet");
		form_close(out);
	}
	if (view->count == 0)
		form_text(out, W_DRAFTS_NONE);
	for (size_t i = 0; i < view->count; i++)
		render_draft(out, web, &page->form, &view->drafts[i]);
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
	form_check(out, W_TEAM_FOUR_EYES, "four_eyes", false);
	form_button(out, W_TEAM_MAKE, "main");
	form_close(out);
	form_fold_end(out);
}

void render_teams(struct buf *out, const struct web *web, const struct teams_page *page)
{
	form_desk_begin(out, web, word(W_TEAMS), page->changed, page->complaint);
	if (page->count == 0)
		form_text(out, W_TEAMS_NONE);
	for (size_t i = 0; i < page->count; i++)
		add_team(out, web, page, &page->teams[i]);
	if (page->may_make)
		add_making(out, page);
	form_page_end(out, web);
}
