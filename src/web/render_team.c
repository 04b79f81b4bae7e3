/* One team: who is in it with which role, what it has agreed on, its trail; plain forms. Pure. */
#include "page.h"
#include "teams_int.h"

static bool may(const struct team_page *page, team_permissions one_of)
{
	return team_role_may(page->choice.role, one_of);
}

static const enum word role_words[TEAM_ROLES] = {
	[TEAM_ADMINISTRATOR] = W_TEAM_ADMINISTRATOR,
	[TEAM_EDITOR] = W_TEAM_EDITOR,
	[TEAM_AUTHOR] = W_TEAM_AUTHOR,
	[TEAM_REVIEWER] = W_TEAM_REVIEWER,
	[TEAM_ANALYST] = W_TEAM_ANALYST,
};

/* --- members --- */

static void add_role_choice(struct buf *out, enum team_role chosen)
{
	form_label(out, W_OFFICE_WHICH_ROLE);
	tag(out, "<select name=\"role\">\n");
	for (int role = TEAM_ADMINISTRATOR; role < TEAM_ROLES; role++)
		form_option(out, str_of(team_role_name((enum team_role)role)),
			    word(role_words[role]), (enum team_role)role == chosen);
	tag(out, "</select></label></p>\n");
}

/* Who else is in it; value 0: whom the team chooses. */
static void add_heirs(struct buf *out, const struct team_page *page, uint64_t but)
{
	form_label(out, W_TEAM_HEIR);
	tag(out, "<select name=\"heir\">\n");
	form_option(out, STR(""), word(but == page->person ? W_TEAM_HEIR_ANY : W_TEAM_HEIR_ME),
		    true);
	for (size_t i = 0; i < page->member_count; i++) {
		struct buf id CLEANUP(buf_free) = BUF_INIT(32);
		const struct account *a = &page->members[i].account;
		if (a->id == but || a->id == page->person)
			continue;
		buf_add_u64(&id, a->id);
		form_option(out, buf_str(&id), page_name_text(a), false);
	}
	tag(out, "</select></label></p>\n");
}

static void add_leaving(struct buf *out, const struct team_page *page, uint64_t person)
{
	const enum word words = person == page->person ? W_TEAM_LEAVE : W_TEAM_REMOVE;
	form_open(out, &page->form, "remove");
	form_id(out, "account", person);
	add_heirs(out, page, person);
	form_button(out, words, "quiet");
	form_close(out);
}

static void add_changes(struct buf *out, const struct team_page *page, const struct team_person *p)
{
	form_fold(out, W_TEAM_CHANGE_MEMBER);
	form_open(out, &page->form, "give");
	form_id(out, "account", p->account.id);
	add_role_choice(out, p->member.role);
	form_button(out, W_OFFICE_SAVE, "main");
	form_close(out);
	add_leaving(out, page, p->account.id);
	form_fold_end(out);
}

static void add_member(struct buf *out, const struct web *web, const struct team_page *page,
		       const struct team_person *p)
{
	tag(out, "<li class=\"draft\">\n<p>");
	page_person_link(out, &p->account);
	tag(out, " <span class=\"handle\" dir=\"ltr\">");
	page_handle(out, web, &p->account);
	tag(out, "</span></p>\n<p>");
	html_add_text(out, word(role_words[p->member.role]));
	tag(out, "</p>\n<p class=\"soft\">");
	struct str behind = word_begin(out, W_TEAM_SINCE);
	page_day(out, p->member.since_ms);
	html_add_text(out, behind);
	tag(out, "</p>\n");
	if (may(page, TEAM_MAY(MEMBERS)))
		add_changes(out, page, p);
	else if (p->account.id == page->person)
		add_leaving(out, page, p->account.id);
	tag(out, "</li>\n");
}

static void add_members(struct buf *out, const struct web *web, const struct team_page *page)
{
	page_heading(out, W_TEAM_MEMBERS);
	tag(out, "<ul class=\"plain\">\n");
	for (size_t i = 0; i < page->member_count; i++)
		add_member(out, web, page, &page->members[i]);
	tag(out, "</ul>\n");
}

static void add_adding(struct buf *out, const struct team_page *page)
{
	form_fold(out, W_TEAM_ADD);
	form_open(out, &page->form, "give");
	form_input(out, W_TEAM_WHO, "who", AS_HANDLE, STR(""));
	add_role_choice(out, TEAM_AUTHOR);
	form_button(out, W_TEAM_ADD, "main");
	form_close(out);
	form_fold_end(out);
}

static void add_handing_over(struct buf *out, const struct team_page *page)
{
	form_fold(out, W_OFFICE_TRANSFER);
	form_small(out, W_TEAM_TRANSFER_MORE);
	form_open(out, &page->form, "hand_over");
	form_input(out, W_TEAM_WHO, "who", AS_HANDLE, STR(""));
	form_button(out, W_OFFICE_TRANSFER, "quiet");
	form_close(out);
	form_fold_end(out);
}

/* --- what it has agreed on --- */

static void add_agreed(struct buf *out, const struct team_page *page)
{
	static const enum word credits[TEAM_CREDITS] = {
		[TEAM_CREDIT_MEMBERS] = W_TEAM_CREDIT_MEMBERS,
		[TEAM_CREDIT_PUBLIC] = W_TEAM_CREDIT_PUBLIC,
		[TEAM_CREDIT_EVERYWHERE] = W_TEAM_CREDIT_EVERYWHERE,
	};
	if (!may(page, TEAM_MAY(MEMBERS))) {
		if (page->team.four_eyes)
			form_text(out, W_TEAM_FOUR_EYES);
		form_text(out, credits[page->team.credit]);
		return;
	}
	form_fold(out, W_TEAM_AGREED);
	form_open(out, &page->form, "set");
	form_check(out, W_TEAM_FOUR_EYES, "four_eyes", page->team.four_eyes);
	form_label(out, W_TEAM_CREDIT);
	tag(out, "<select name=\"credit\">\n");
	for (int c = 0; c < TEAM_CREDITS; c++)
		form_option(out, str_of(team_credit_name((enum team_credit)c)), word(credits[c]),
			    (enum team_credit)c == page->team.credit);
	tag(out, "</select></label></p>\n");
	form_button(out, W_OFFICE_SAVE, "main");
	form_close(out);
	form_fold_end(out);
}

/* --- the trail --- */

static const struct {
	const char *act;
	enum word word;
} acts[] = {
	{ "app.allow", W_TEAM_DID_APP_ALLOW },
	{ "app.revoke", W_TEAM_DID_APP_REVOKE },
	{ "draft.approve", W_TEAM_DID_APPROVE },
	{ "draft.drop", W_TEAM_DID_DROP },
	{ "draft.hold", W_TEAM_DID_HOLD },
	{ "draft.put-off", W_TEAM_DID_PUT_OFF },
	{ "draft.refuse", W_TEAM_DID_REFUSE },
	{ "draft.return", W_TEAM_DID_RETURN },
	{ "draft.submit", W_TEAM_DID_SUBMIT },
	{ "draft.write", W_TEAM_DID_WRITE },
	{ "drafts.hand-over", W_TEAM_DID_HAND_OVER },
	{ "member.add", W_TEAM_DID_ADD },
	{ "member.remove", W_TEAM_DID_REMOVE },
	{ "member.role", W_TEAM_DID_ROLE },
	{ "post.delete", W_TEAM_DID_DELETE },
	{ "post.edit", W_TEAM_DID_EDIT },
	{ "post.publish", W_TEAM_DID_PUBLISH },
	{ "post.schedule", W_TEAM_DID_SCHEDULE },
	{ "team.create", W_TEAM_DID_CREATE },
	{ "team.end", W_TEAM_DID_END },
	{ "team.set", W_TEAM_DID_SET },
};

/* What has no words is named as the API names it. */
static void add_act(struct buf *out, struct str act)
{
	for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
		if (str_eq(act, str_of(acts[i].act))) {
			html_add_text(out, word(acts[i].word));
			return;
		}
	}
	tag(out, "<code>");
	html_add_text(out, act);
	tag(out, "</code>");
}

static void add_done(struct buf *out, const struct web *web, const struct team_done *done)
{
	const struct team_entry *e = &done->entry;
	tag(out, "<li>");
	if (done->who.id != 0)
		page_person_link(out, &done->who);
	else
		html_add_text(out, word(W_DESK_OPERATOR));
	tag(out, " ");
	add_act(out, e->act);
	if (done->about.id != 0) {
		tag(out, ": ");
		page_person_link(out, &done->about);
	}
	if (e->words.len != 0) {
		tag(out, " (<span dir=\"auto\">");
		html_add_text(out, e->words);
		tag(out, "</span>)");
	}
	tag(out, ", <span class=\"soft\">");
	page_moment(out, web, "", e->at_ms);
	tag(out, "</span></li>\n");
}

static void add_log(struct buf *out, const struct web *web, const struct team_page *page)
{
	struct buf path CLEANUP(buf_free) = BUF_INIT(256), next CLEANUP(buf_free) = BUF_INIT(256);
	page_heading(out, W_TEAM_LOG);
	tag(out, "<ul>\n");
	for (size_t i = 0; i < page->log_count; i++)
		add_done(out, web, &page->log[i]);
	tag(out, "</ul>\n");
	buf_add(&path, str_of(page->form.path));
	if (page->log_next != 0)
		buf_addf(&next, "%s?before=%llu", page->form.path,
			 (unsigned long long)page->log_next);
	page_pager(out, W_TEAM_LOG_NEWEST, page->log_before != 0 ? buf_str(&path) : STR(""),
		   W_TEAM_LOG_OLDER, buf_str(&next));
}

void render_team(struct buf *out, const struct web *web, const struct team_page *page)
{
	const struct account *team = &page->choice.account;
	form_desk_begin(out, web, page_name_text(team), page->changed, page->complaint);
	tag(out, "<p>");
	page_person_link(out, team);
	tag(out, " <span class=\"handle\" dir=\"ltr\">");
	page_handle(out, web, team);
	tag(out, "</span></p>\n<p>");
	word_fill(out, W_TEAM_ROLE, str_of(team_role_name(page->choice.role)));
	tag(out, " <a href=\"" TEAMS_PATH "\">");
	html_add_text(out, word(W_TEAM_DRAFTS));
	tag(out, "</a></p>\n");
	add_agreed(out, page);
	add_members(out, web, page);
	if (may(page, TEAM_MAY(MEMBERS))) {
		add_adding(out, page);
		add_handing_over(out, page);
	}
	if (may(page, TEAM_MAY(LOG)))
		add_log(out, web, page);
	form_page_end(out, web);
}
