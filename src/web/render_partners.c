/* Partners of a community, in its office. Pure. */
#include "office_int.h"
#include "page.h"

static void add_moment(struct buf *out, const struct web *web, enum word w, uint64_t ms)
{
	tag(out, "<p>");
	struct str behind = word_begin(out, w);
	page_moment(out, web, "", ms);
	html_add_text(out, behind);
	tag(out, "</p>\n");
}

static void add_state(struct buf *out, const struct web *web, const struct joint *j)
{
	static const enum word states[] = { [JOINT_OFFERED] = W_PARTNER_OFFERED,
					    [JOINT_ASKED] = W_PARTNER_ASKED,
					    [JOINT_AGREED] = W_PARTNER_AGREED };
	form_text(out, states[j->state]);
	add_moment(out, web, W_PARTNER_SINCE, j->since_ms);
	if (j->state != JOINT_AGREED)
		return;
	if (j->compared_ms == 0)
		form_small(out, W_PARTNER_NEVER);
	else
		add_moment(out, web, W_PARTNER_COMPARED, j->compared_ms);
	if (j->lacking != 0) {
		tag(out, "<p>");
		word_count(out, W_PARTNER_LACKING_ONE, W_PARTNER_LACKING_MANY, j->lacking);
		tag(out, "</p>\n");
	}
}

static void add_acts(struct buf *out, const struct office_page *page,
		     const struct office_partner *p)
{
	static const enum word ends[] = { [JOINT_OFFERED] = W_PARTNER_TAKE_BACK,
					  [JOINT_ASKED] = W_PARTNER_REFUSE,
					  [JOINT_AGREED] = W_PARTNER_END };
	tag(out, "<div class=\"row\">\n");
	if (p->joint.state == JOINT_ASKED)
		form_act(out, &page->form, "partner_accept", "account", p->group.id,
			 W_PARTNER_ACCEPT, "main");
	if (p->joint.state == JOINT_AGREED)
		form_act(out, &page->form, "partner_compare", "account", p->group.id,
			 W_PARTNER_COMPARE, "quiet");
	form_act(out, &page->form, "partner_end", "account", p->group.id, ends[p->joint.state],
		 "quiet");
	tag(out, "</div>\n");
}

static void add_partner(struct buf *out, const struct web *web, const struct office_page *page,
			const struct office_partner *p)
{
	tag(out, "<div class=\"draft\">\n<p>");
	page_person_link(out, &p->group);
	tag(out, " <span class=\"handle\" dir=\"ltr\">");
	page_handle(out, web, &p->group);
	tag(out, "</span></p>\n");
	add_state(out, web, &p->joint);
	add_acts(out, page, p);
	tag(out, "</div>\n");
}

void office_partners(struct buf *out, const struct web *web, const struct office_page *page)
{
	form_fold(out, W_OFFICE_PARTNERS);
	if (page->partner_count == 0)
		form_small(out, W_PARTNERS_NONE);
	for (size_t i = 0; i < page->partner_count; i++)
		add_partner(out, web, page, &page->partners[i]);
	if (page->effective.sight >= COMMUNITY_LOCAL) {
		form_small(out, W_PARTNERS_STAYS);
	} else {
		form_small(out, W_PARTNERS_MORE);
		form_open(out, &page->form, "partner_offer");
		form_input(out, W_PARTNER_WHO, "who", AS_HANDLE, STR(""));
		form_button(out, W_PARTNER_OFFER, "main");
		form_close(out);
	}
	form_fold_end(out);
}
