/* The office of a community: plain forms, which work without a script. Pure. */
#include "office_int.h"
#include "page.h"

/* --- pieces --- */

static void add_roles_choice(struct buf *out, const struct office_page *page)
{
	form_label(out, W_OFFICE_WHICH_ROLE);
	tag(out, "<select name=\"role\">\n");
	for (size_t i = 0; i < page->role_count; i++) {
		struct buf id CLEANUP(buf_free) = BUF_INIT(32);
		if (page->roles[i].id == COMMUNITY_GUEST)
			continue;
		buf_add_u64(&id, page->roles[i].id);
		form_option(out, buf_str(&id), page->roles[i].name,
			    page->roles[i].id == COMMUNITY_MEMBER);
	}
	tag(out, "</select></label></p>\n");
}

static void add_who(struct buf *out, const struct web *web, const struct account *a)
{
	page_person_link(out, a);
	tag(out, " <span class=\"handle\" dir=\"ltr\">");
	page_handle(out, web, a);
	tag(out, "</span>");
}

static void add_until(struct buf *out, uint64_t ms)
{
	struct buf day CLEANUP(buf_free) = BUF_INIT(64);
	if (ms == 0)
		return;
	page_add_day(&day, ms);
	tag(out, ", ");
	word_fill(out, W_OFFICE_UNTIL, buf_str(&day));
}

/* --- who asks, and what waits --- */

static void add_requests(struct buf *out, const struct web *web, const struct office_page *page)
{
	page_heading(out, W_OFFICE_REQUESTS);
	if (page->request_count == 0)
		form_small(out, W_OFFICE_REQUESTS_NONE);
	for (size_t i = 0; i < page->request_count; i++) {
		tag(out, "<div class=\"draft\">\n<p>");
		add_who(out, web, &page->requests[i]);
		tag(out, "</p>\n<div class=\"row\">\n");
		form_act(out, &page->form, "admit", "account", page->requests[i].id, W_OFFICE_ADMIT,
			 "main");
		form_act(out, &page->form, "refuse", "account", page->requests[i].id,
			 W_OFFICE_REFUSE, "quiet");
		tag(out, "</div>\n</div>\n");
	}
}

/* What is attached is led to, and not loaded: it is not looked at yet. */
static void add_attachments(struct buf *out, const struct status *status)
{
	for (unsigned i = 0; i < status->attachment_count; i++) {
		const struct status_attachment *a = &status->attachments[i];
		if (!page_is_link(a->url))
			continue;
		tag(out, "<p>");
		struct str behind = word_begin(out, W_OFFICE_ATTACHED);
		page_link_out(out, a->url, "nofollow noopener noreferrer");
		html_add_text(out, a->description.len != 0 ? a->description
							   : str_of(attachment_kind_name(a)));
		tag(out, "</a>");
		html_add_text(out, behind);
		tag(out, "</p>\n");
	}
}

static void add_post(struct buf *out, const struct web *web, const struct office_page *page,
		     const struct office_post *post)
{
	const struct status *status = &post->status;
	tag(out, "<article class=\"draft\">\n<p>");
	add_who(out, web, &post->author);
	tag(out, ", ");
	page_moment(out, web, "", status->created_ms);
	tag(out, "</p>\n");
	if (status->title.len != 0 || status->spoiler.len != 0) {
		tag(out, "<p><strong dir=\"auto\">");
		html_add_text(out, status->title.len != 0 ? status->title : status->spoiler);
		tag(out, "</strong></p>\n");
	}
	tag(out, "<div class=\"text\" dir=\"auto\">");
	page_add_html_of(out, &post->author, status->emojis, status->emoji_count, status->content);
	tag(out, "</div>\n");
	add_attachments(out, status);
	form_open(out, &page->form, "approve");
	form_id(out, "id", status->id);
	form_id(out, "seen", status->edited_ms);
	form_button(out, W_OFFICE_APPROVE, "main");
	form_close(out);
	form_open(out, &page->form, "reject");
	form_id(out, "id", status->id);
	form_input(out, W_OFFICE_REASON, "reason", AS_TEXT, STR(""));
	form_button(out, W_OFFICE_REJECT, "quiet");
	form_close(out);
	tag(out, "</article>\n");
}

static void add_queue(struct buf *out, const struct web *web, const struct office_page *page)
{
	page_heading(out, W_OFFICE_QUEUE);
	if (page->post_count == 0)
		form_small(out, W_OFFICE_QUEUE_NONE);
	for (size_t i = 0; i < page->post_count; i++)
		add_post(out, web, page, &page->posts[i]);
}

/* --- people --- */

static void add_staff(struct buf *out, const struct web *web, const struct office_page *page)
{
	page_heading(out, W_OFFICE_PEOPLE);
	tag(out, "<ul>\n");
	for (size_t i = 0; i < page->staff_count; i++) {
		tag(out, "<li>");
		add_who(out, web, &page->staff[i].account);
		tag(out, ": <bdi>");
		html_add_text(out, page->staff[i].role);
		tag(out, "</bdi></li>\n");
	}
	tag(out, "</ul>\n");
}

static void add_role_form(struct buf *out, const struct office_page *page)
{
	form_fold(out, W_OFFICE_GIVE_ROLE);
	form_open(out, &page->form, "appoint");
	form_input(out, W_OFFICE_WHO, "who", AS_HANDLE, STR(""));
	add_roles_choice(out, page);
	form_button(out, W_OFFICE_GIVE_ROLE, "main");
	form_close(out);
	form_fold_end(out);
}

static void add_bans(struct buf *out, const struct web *web, const struct office_page *page)
{
	form_fold(out, W_OFFICE_PUT_OUT);
	form_small(out, W_OFFICE_PUT_OUT_MORE);
	form_open(out, &page->form, "put_out");
	form_input(out, W_OFFICE_WHO, "who", AS_HANDLE, STR(""));
	form_button(out, W_OFFICE_PUT_OUT, "quiet");
	form_close(out);
	form_fold_end(out);
	form_fold(out, W_OFFICE_BAN);
	form_small(out, W_OFFICE_BAN_MORE);
	form_open(out, &page->form, "ban");
	form_input(out, W_OFFICE_WHO, "who", AS_HANDLE, STR(""));
	form_input(out, W_OFFICE_DAYS, "days", AS_NUMBER, STR(""));
	form_input(out, W_OFFICE_REASON, "reason", AS_TEXT, STR(""));
	form_button(out, W_OFFICE_BAN, "quiet");
	form_close(out);
	form_fold_end(out);
	if (page->banned_count == 0)
		return;
	page_heading(out, W_OFFICE_BANNED);
	for (size_t i = 0; i < page->banned_count; i++) {
		const struct office_person *person = &page->banned[i];
		tag(out, "<div class=\"draft\">\n<p>");
		add_who(out, web, &person->account);
		add_until(out, person->member.until_ms);
		tag(out, "</p>\n");
		if (person->member.reason.len != 0) {
			tag(out, "<p dir=\"auto\">");
			html_add_text(out, person->member.reason);
			tag(out, "</p>\n");
		}
		form_act(out, &page->form, "unban", "account", person->account.id, W_OFFICE_UNBAN,
			 "quiet");
		tag(out, "</div>\n");
	}
}

/* --- invitations --- */

static void add_number(struct buf *out, enum word w, uint64_t n)
{
	struct buf digits CLEANUP(buf_free) = BUF_INIT(32);
	buf_add_u64(&digits, n);
	word_fill(out, w, buf_str(&digits));
}

static void add_invite(struct buf *out, const struct office_page *page,
		       const struct community_invite *invite)
{
	tag(out, "<div class=\"draft\">\n<p>");
	for (size_t i = 0; i < page->role_count && invite->role != 0; i++) {
		if (page->roles[i].id != invite->role)
			continue;
		html_add_text(out, page->roles[i].name);
		tag(out, ", ");
	}
	word_count(out, W_OFFICE_INVITE_USED_ONE, W_OFFICE_INVITE_USED_MANY, invite->uses);
	if (invite->limit != 0) {
		tag(out, " ");
		add_number(out, W_OFFICE_INVITE_OF, invite->limit);
	}
	add_until(out, invite->until_ms);
	tag(out, "</p>\n");
	form_act(out, &page->form, "uninvite", "id", invite->id, W_OFFICE_UNINVITE, "quiet");
	tag(out, "</div>\n");
}

static void add_invites(struct buf *out, const struct office_page *page)
{
	page_heading(out, W_OFFICE_INVITES);
	form_fold(out, W_OFFICE_INVITE);
	form_open(out, &page->form, "invite");
	add_roles_choice(out, page);
	form_input(out, W_OFFICE_DAYS, "days", AS_NUMBER, STR("14"));
	form_input(out, W_OFFICE_INVITE_USES, "uses", AS_NUMBER, STR(""));
	form_button(out, W_OFFICE_INVITE, "main");
	form_close(out);
	form_fold_end(out);
	for (size_t i = 0; i < page->invite_count; i++)
		add_invite(out, page, &page->invites[i]);
}

/* --- its part of the record --- */

static void add_record(struct buf *out, const struct office_page *page)
{
	form_fold(out, W_OFFICE_RECORD);
	tag(out, "<ul>\n");
	for (size_t i = 0; i < page->act_count; i++) {
		const struct office_done *act = &page->acts[i];
		tag(out, "<li><code>");
		html_add_text(out, act->act);
		tag(out, "</code> ");
		if (act->who.id != 0)
			page_person_link(out, &act->who);
		else
			html_add_text(out, word(W_DESK_OPERATOR));
		tag(out, ", ");
		html_add_text(out, str_take(act->at, 10));
		tag(out, "</li>\n");
	}
	tag(out, "</ul>\n");
	form_fold_end(out);
}

/* --- its end --- */

static void add_end(struct buf *out, const struct office_page *page)
{
	form_fold(out, W_OFFICE_END);
	form_small(out, W_OFFICE_TRANSFER_MORE);
	form_open(out, &page->form, "transfer");
	form_input(out, W_OFFICE_WHO, "who", AS_HANDLE, STR(""));
	form_button(out, W_OFFICE_TRANSFER, "quiet");
	form_close(out);
	form_small(out, W_OFFICE_CLOSE_MORE);
	form_open(out, &page->form, "close");
	tag(out, "<p><label>");
	word_fill(out, W_OFFICE_CLOSE_NAME, page->group->username);
	tag(out, "\n<input name=\"who\" " AS_HANDLE "></label></p>\n");
	form_button(out, W_OFFICE_CLOSE, "quiet");
	form_close(out);
	form_fold_end(out);
}

/* --- pages --- */

static bool has_parents(const struct office_page *page)
{
	for (size_t i = 0; i < page->row_count; i++) {
		if (page->rows[i].parent)
			return true;
	}
	return false;
}

static void add_making(struct buf *out, const struct office_page *page)
{
	form_fold(out, W_OFFICE_MAKE);
	form_small(out, W_OFFICE_MAKE_MORE);
	form_open(out, &page->form, "make");
	form_input(out, W_OFFICE_NAME, "name",
		   "type=\"text\" maxlength=\"30\" pattern=\"[a-z0-9_]+\" "
		   "autocapitalize=\"none\" spellcheck=\"false\" required",
		   STR(""));
	form_input(out, W_OFFICE_TITLE, "title", "type=\"text\" maxlength=\"100\"", STR(""));
	form_area(out, W_OFFICE_DESCRIPTION, "description", STR(""));
	if (has_parents(page)) {
		form_label(out, W_OFFICE_PARENT);
		tag(out, "<select name=\"parent\">\n");
		form_option(out, STR(""), word(W_OFFICE_PARENT_NONE), true);
		for (size_t i = 0; i < page->row_count; i++) {
			struct buf id CLEANUP(buf_free) = BUF_INIT(32);
			if (!page->rows[i].parent)
				continue;
			buf_add_u64(&id, page->rows[i].account.id);
			form_option(out, buf_str(&id), page_name_text(&page->rows[i].account),
				    false);
		}
		tag(out, "</select></label></p>\n");
	}
	form_button(out, W_OFFICE_MAKE, "main");
	form_close(out);
	form_fold_end(out);
}

static void add_list(struct buf *out, const struct web *web, const struct office_page *page)
{
	if (page->row_count == 0)
		form_small(out, W_OFFICES_NONE);
	tag(out, "<ul>\n");
	for (size_t i = 0; i < page->row_count; i++) {
		const struct office_row *row = &page->rows[i];
		buf_addf(out, "<li><a href=\"" OFFICE_PATH "?community=%llu\">",
			 (unsigned long long)row->account.id);
		page_name(out, &row->account);
		tag(out, "</a> <span class=\"handle\" dir=\"ltr\">");
		page_handle(out, web, &row->account);
		tag(out, "</span>: <bdi>");
		html_add_text(out, row->role.name);
		tag(out, "</bdi></li>\n");
	}
	tag(out, "</ul>\n");
	add_making(out, page);
}

static void add_community(struct buf *out, const struct web *web, const struct office_page *page)
{
	tag(out, "<p>");
	add_who(out, web, page->group);
	tag(out, "</p>\n<p>");
	word_fill(out, W_OFFICE_ROLE, page->own.name);
	tag(out, "</p>\n");
	if (page->parent.id != 0) {
		tag(out, "<p>");
		html_add_text(out, word(W_PART_OF));
		tag(out, " ");
		page_person_link(out, &page->parent);
		tag(out, "</p>\n");
	}
	if (office_may(page, COMMUNITY_MAY_REPORTS)) {
		tag(out, "<p><a href=\"/auth/moderation\">");
		html_add_text(out, word(W_DESK_REPORTS));
		tag(out, "</a></p>\n");
	}
	if (office_may(page, COMMUNITY_MAY_ADMIT))
		add_requests(out, web, page);
	if (office_may(page, COMMUNITY_MAY_APPROVE))
		add_queue(out, web, page);
	render_room(out, web, page);
	if (office_may(page, COMMUNITY_MAY_ROLES | COMMUNITY_MAY_BAN))
		add_staff(out, web, page);
	if (office_may(page, COMMUNITY_MAY_ROLES))
		add_role_form(out, page);
	if (office_may(page, COMMUNITY_MAY_BAN))
		add_bans(out, web, page);
	if (office_may(page, COMMUNITY_MAY_INVITE))
		add_invites(out, page);
	if (office_may(page, COMMUNITY_MAY_EDIT)) {
		office_settings(out, page);
		office_pictures(out, page);
	}
	if (office_may(page, COMMUNITY_MAY_ROLES))
		office_roles(out, page);
	if (page->own.id == COMMUNITY_OWNER)
		office_partners(out, web, page);
	if (page->act_count != 0)
		add_record(out, page);
	if (page->own.id == COMMUNITY_OWNER)
		add_end(out, page);
	else
		form_act(out, &page->form, "leave_community", "id", page->group->id,
			 W_ROOM_LEAVE_COMMUNITY, "quiet");
}

void render_office(struct buf *out, const struct web *web, const struct office_page *page)
{
	form_desk_begin(out, web,
			page->group != NULL ? page_name_text(page->group) : word(W_OFFICES),
			page->changed, page->complaint);
	if (page->invitation.len != 0) {
		tag(out, "<p role=\"status\">");
		html_add_text(out, word(W_OFFICE_INVITATION));
		tag(out, "</p>\n<code class=\"code\">");
		html_add_text(out, page->invitation);
		tag(out, "</code>\n");
	}
	if (page->group != NULL)
		add_community(out, web, page);
	else
		add_list(out, web, page);
	form_page_end(out, web);
}
