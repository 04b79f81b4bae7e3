/* The room of a community: events, consultations, what is shared; plain forms. Pure. */
#include "office_int.h"
#include "page.h"

static void add_words(struct buf *out, struct str text)
{
	struct str rest = text, part;
	while (str_next(&rest, '\n', &part)) {
		if (str_trim(part).len == 0)
			continue;
		tag(out, "<p dir=\"auto\">");
		html_add_text(out, part);
		tag(out, "</p>\n");
	}
}

static void add_head(struct buf *out, struct str title)
{
	tag(out, "<h3 dir=\"auto\">");
	html_add_text(out, title);
	tag(out, "</h3>\n");
}

/* --- events --- */

static void add_event(struct buf *out, const struct web *web, const struct office_page *page,
		      const struct event_card *e)
{
	tag(out, "<article class=\"draft\">\n");
	event_card_add(out, web, e);
	event_part_add(out, &page->form, e);
	tag(out, "</article>\n");
}

/* Where to hold one, and where calendar programs find them; of those for members people have an address of
 * their own. */
static void add_event_links(struct buf *out, const struct office_page *page)
{
	tag(out, "<p>");
	if (office_may(page, COMMUNITY_MAY_EVENTS)) {
		buf_addf(out, "<a href=\"" EVENTS_PATH "?community=%llu\">",
			 (unsigned long long)page->group->id);
		html_add_text(out, word(W_EVENT_HOLD));
		tag(out, "</a> ");
	}
	if (page->effective.sight <= COMMUNITY_UNLISTED)
		buf_addf(out, "<a href=\"/api/fediflow/v1/communities/%llu/calendar\">",
			 (unsigned long long)page->group->id);
	else
		tag(out, "<a href=\"" EVENTS_PATH "\">");
	html_add_text(out, word(W_EVENTS_CALENDAR));
	tag(out, "</a></p>\n");
}

/* --- consultations --- */

static void add_option_name(struct buf *out, const struct consultation *c, unsigned i)
{
	tag(out, " <span dir=\"auto\">");
	html_add_text(out, c->options[i]);
	tag(out, "</span>");
}

/* Boxes to tick, or a place for each. */
static void add_ballot(struct buf *out, const struct consultation *c)
{
	const bool ranked = c->method == CONSULTATION_RANKED;
	tag(out, "<fieldset class=\"ballot\">\n<legend>");
	html_add_text(out, word(ranked ? W_ROOM_RANK : W_ROOM_APPROVE));
	tag(out, "</legend>\n");
	for (unsigned i = 0; i < c->option_count; i++) {
		if (ranked)
			buf_addf(out,
				 "<label class=\"choice\"><input name=\"c-%u\" type=\"number\" "
				 "min=\"1\" max=\"%u\">",
				 i + 1, c->option_count);
		else
			buf_addf(out,
				 "<label class=\"choice\"><input name=\"c-%u\" type=\"checkbox\" "
				 "value=\"1\">",
				 i + 1);
		add_option_name(out, c, i);
		tag(out, "</label>\n");
	}
	tag(out, "</fieldset>\n");
}

static void add_vote(struct buf *out, const struct office_page *page,
		     const struct room_consultation *view)
{
	const struct consultation *c = &view->consultation;
	if ((c->flags & CONSULTATION_NAMED) != 0)
		form_text(out, W_ROOM_NAMED);
	else
		form_text(out, W_ROOM_SECRET);
	form_open(out, &page->form, "vote");
	form_id(out, "id", c->id);
	add_ballot(out, c);
	if (view->voted)
		form_input(out, W_ROOM_RECEIPT, "receipt",
			   "type=\"text\" maxlength=\"64\" autocomplete=\"off\" "
			   "spellcheck=\"false\" required",
			   STR(""));
	form_button(out, view->voted ? W_ROOM_VOTE_AGAIN : W_ROOM_VOTE, "main");
	form_close(out);
}

static void add_result_link(struct buf *out, const struct consultation *c)
{
	buf_addf(out, "<p><a href=\"/api/fediflow/v1/consultations/%llu/result\">",
		 (unsigned long long)c->id);
	html_add_text(out, word(W_ROOM_CHECK));
	tag(out, "</a></p>\n");
	form_small(out, W_ROOM_RECEIPT_CHECK);
}

/* Of the last round: what each option had. */
static void add_result(struct buf *out, const struct room_consultation *view)
{
	const struct consultation *c = &view->consultation;
	const struct consultation_result *r = view->result;
	const struct tally_round *last =
		r->tally.round_count != 0 ? &r->tally.rounds[r->tally.round_count - 1] : NULL;
	if (!r->final)
		form_text(out, W_ROOM_NOT_FINAL);
	else if (!r->decided)
		form_text(out, W_ROOM_UNDECIDED);
	if (r->final && !r->complete)
		form_text(out, W_ROOM_WITHOUT);
	tag(out, "<ul>\n");
	for (unsigned i = 0; i < c->option_count; i++) {
		tag(out, r->decided && r->tally.winner[i] ? "<li><strong>" : "<li>");
		add_option_name(out, c, i);
		tag(out, r->decided && r->tally.winner[i] ? "</strong>: " : ": ");
		word_count(out, W_VOTES_ONE, W_VOTES_MANY, last != NULL ? last->votes[i] : 0);
		tag(out, "</li>\n");
	}
	tag(out, "</ul>\n");
}

/* Which group elsewhere it comes from. */
static void add_partner(struct buf *out, struct str handle)
{
	if (handle.len == 0)
		return;
	tag(out, "<p class=\"soft\">");
	struct str behind = word_begin(out, W_ROOM_FROM);
	html_add_text(out, handle);
	html_add_text(out, behind);
	tag(out, "</p>\n");
}

static void add_state(struct buf *out, const struct web *web, const struct room_consultation *view)
{
	static const enum word states[] = { [CONSULTATION_PLANNED] = W_ROOM_OPENS,
					    [CONSULTATION_OPEN] = W_ROOM_CLOSES,
					    [CONSULTATION_CLOSED] = W_ROOM_CLOSED,
					    [CONSULTATION_VOID] = W_ROOM_VOID };
	const struct consultation *c = &view->consultation;
	tag(out, "<p>");
	struct str behind = word_begin(out, states[view->state]);
	if (view->state != CONSULTATION_VOID)
		page_moment(out, web, "",
			    view->state == CONSULTATION_PLANNED ? c->opens_ms : c->closes_ms);
	html_add_text(out, behind);
	tag(out, " ");
	word_count(out, W_VOTERS_ONE, W_VOTERS_MANY, view->turnout);
	tag(out, ".</p>\n");
}

static void add_consultation(struct buf *out, const struct web *web, const struct office_page *page,
			     const struct room_consultation *view)
{
	const struct consultation *c = &view->consultation;
	tag(out, "<article class=\"draft\">\n");
	add_head(out, c->question);
	add_partner(out, view->partner);
	add_words(out, c->description);
	add_state(out, web, view);
	if (view->result != NULL)
		add_result(out, view);
	if (view->state == CONSULTATION_CLOSED)
		add_result_link(out, c);
	else if (view->state == CONSULTATION_OPEN && view->may_vote)
		add_vote(out, page, view);
	if (view->state <= CONSULTATION_OPEN && c->origin == 0 &&
	    office_may(page, COMMUNITY_MAY_BALLOTS))
		form_act(out, &page->form, "cancel", "id", c->id, W_ROOM_CANCEL, "quiet");
	tag(out, "</article>\n");
}

static void add_calling(struct buf *out, const struct office_page *page)
{
	form_fold(out, W_ROOM_CALL);
	form_open(out, &page->form, "call");
	form_input(out, W_ROOM_QUESTION, "question", "type=\"text\" maxlength=\"500\" required",
		   STR(""));
	form_area(out, W_ROOM_DESCRIPTION, "description", STR(""));
	form_area(out, W_ROOM_OPTIONS, "options", STR(""));
	form_label(out, W_ROOM_METHOD);
	tag(out, "<select name=\"method\">\n");
	form_option(out, STR("approval"), word(W_ROOM_APPROVE), true);
	form_option(out, STR("ranked"), word(W_ROOM_RANK), false);
	tag(out, "</select></label></p>\n");
	form_input(out, W_ROOM_DAYS, "days", AS_NUMBER, STR("7"));
	form_input(out, W_ROOM_SEATS, "seats", AS_NUMBER, STR("1"));
	form_input(out, W_ROOM_QUORUM, "quorum", AS_NUMBER, STR(""));
	form_check(out, W_ROOM_NAME_THEM, "named", false);
	form_button(out, W_ROOM_CALL, "main");
	form_close(out);
	form_fold_end(out);
}

/* --- what is shared --- */

static void add_resource(struct buf *out, const struct web *web, const struct office_page *page,
			 const struct room_resource *r)
{
	const struct resource_version *v = &r->version;
	tag(out, "<article class=\"draft\">\n<h3 dir=\"auto\">");
	if (page_is_link(r->url)) {
		page_link_out(out, r->url, "nofollow noopener noreferrer");
		html_add_text(out, v->title);
		tag(out, "</a>");
	} else {
		html_add_text(out, v->title);
	}
	tag(out, "</h3>\n");
	add_words(out, v->description);
	tag(out, "<p class=\"soft\">");
	struct str behind = word_begin(out, W_ROOM_VERSION);
	buf_add_u64(out, v->number);
	html_add_text(out, behind);
	tag(out, ", ");
	page_moment(out, web, "", v->at_ms);
	tag(out, "</p>\n");
	add_partner(out, r->partner);
	if (v->note.len != 0)
		add_words(out, v->note);
	if (r->may_drop)
		form_act(out, &page->form, "unshare", "id", r->resource.id, W_ROOM_UNSHARE,
			 "quiet");
	tag(out, "</article>\n");
}

static void add_sharing(struct buf *out, const struct office_page *page)
{
	form_fold(out, W_ROOM_SHARE);
	form_small(out, W_ROOM_SHARE_MORE);
	form_open(out, &page->form, "share");
	form_input(out, W_ROOM_TITLE, "title", "type=\"text\" maxlength=\"300\" required", STR(""));
	form_input(out, W_ROOM_URL, "url", "type=\"url\" maxlength=\"2048\" required", STR(""));
	form_area(out, W_ROOM_DESCRIPTION, "description", STR(""));
	form_button(out, W_ROOM_SHARE, "main");
	form_close(out);
	form_fold_end(out);
}

void render_room(struct buf *out, const struct web *web, const struct office_page *page)
{
	const struct room *room = &page->room;
	if (room->receipt.len != 0) {
		tag(out, "<p role=\"status\">");
		html_add_text(out, word(W_ROOM_VOTED));
		tag(out, "</p>\n<code class=\"code\">");
		html_add_text(out, room->receipt);
		tag(out, "</code>\n");
	}
	if (room->ends_ms != 0) {
		tag(out, "<p class=\"notice\">");
		struct str behind = word_begin(out, W_ROOM_ENDS);
		page_moment(out, web, "", room->ends_ms);
		html_add_text(out, behind);
		tag(out, "</p>\n");
	}
	if (room->event_count != 0 || office_may(page, COMMUNITY_MAY_EVENTS)) {
		page_heading(out, W_ROOM_EVENTS);
		add_event_links(out, page);
	}
	for (size_t i = 0; i < room->event_count; i++)
		add_event(out, web, page, &room->events[i]);
	if (room->consultation_count != 0 || office_may(page, COMMUNITY_MAY_BALLOTS))
		page_heading(out, W_ROOM_CONSULTATIONS);
	for (size_t i = 0; i < room->consultation_count; i++)
		add_consultation(out, web, page, &room->consultations[i]);
	if (office_may(page, COMMUNITY_MAY_BALLOTS))
		add_calling(out, page);
	if (room->resource_count != 0 || room->may_share)
		page_heading(out, W_ROOM_SHARED);
	for (size_t i = 0; i < room->resource_count; i++)
		add_resource(out, web, page, &room->resources[i]);
	if (room->may_share)
		add_sharing(out, page);
}
