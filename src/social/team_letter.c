/* Letters of a team to its members, which every app shows as it shows others; and bylines. Inside
 * transactions only. */
#include "team_int.h"

#define LETTER_BYTES ((size_t)64 << 10)
#define LETTER_MEMBERS 50 /* that one letter names (SECURITY section 13) */

/* --- letters --- */

static void add_name(struct social *s, struct buf *html, const struct account *a,
		     struct status *letter)
{
	buf_add(html, STR("<a href=\""));
	html_add_text(html, a->url);
	buf_add(html, STR("\" class=\"u-url mention\">@"));
	html_add_text(html, a->username);
	buf_add(html, STR("</a> "));
	letter->mentions[letter->mention_count++] = (struct status_mention){
		.account = a->id,
		.uri = a->uri,
		.handle = arena_printf(s->ctx->arena, "%.*s@%.*s", STR_ARG(a->username),
				       STR_ARG(s->site->domain)),
	};
}

static void add_link(struct buf *html, struct str link)
{
	if (link.len == 0)
		return;
	buf_add(html, STR("</p><p><a href=\""));
	html_add_text(html, link);
	buf_add(html, STR("\" rel=\"nofollow noopener\">"));
	html_add_text(html, link);
	buf_add(html, STR("</a>"));
}

static void letter_write(struct social *s, const uint64_t *members, size_t count, struct str text,
			 struct str link, struct status *letter)
{
	struct buf html = BUF_INIT(LETTER_BYTES);
	struct account a;
	letter->mentions = ARENA_ARRAY(s->ctx->arena, count, struct status_mention);
	if (letter->mentions == NULL)
		return;
	buf_add(&html, STR("<p>"));
	for (size_t i = 0; i < count; i++) {
		if (account_get(s->txn, s->ctx->arena, members[i], &a) && !account_is_gone(&a))
			add_name(s, &html, &a, letter);
	}
	html_add_text(&html, text);
	add_link(&html, link);
	buf_add(&html, STR("</p>"));
	letter->content.markup = arena_take_buf(s->ctx->arena, &html);
	letter->source = text;
}

void team_letter(struct social *s, uint64_t team, const uint64_t *members, size_t count,
		 struct str text, struct str link)
{
	uint64_t person = s->person, reviewer = s->reviewer, former = s->former;
	struct draft draft = { .visibility = VISIBILITY_DIRECT };
	if (count > LETTER_MEMBERS)
		count = LETTER_MEMBERS;
	if (!account_get(s->txn, s->ctx->arena, team, &draft.author))
		return;
	draft.status = (struct status){ .account = team,
					.flags = STATUS_LOCAL,
					.visibility = VISIBILITY_DIRECT,
					.type = STR("Note") };
	letter_write(s, members, count, text, link, &draft.status);
	if (draft.status.mention_count == 0 || draft.status.content.markup.ptr == NULL)
		return;
	/* it is the team's own: nobody has written it. That it could not be sent undoes no act */
	s->person = s->reviewer = s->former = 0;
	if (act_post(s, &draft) != RC_OK)
		s->ctx->err = (struct err){ 0 };
	s->person = person;
	s->reviewer = reviewer;
	s->former = former;
}

/* --- bylines --- */

void team_sign(struct social *s, const struct account *author, struct status *status)
{
	struct byline byline;
	struct account writer;
	struct team team;
	struct buf html = BUF_INIT(HTML_OUTPUT_MAX * 2);
	if ((author->flags & ACCOUNT_TEAM) == 0 || !team_get(s->txn, author->id, &team) ||
	    team.credit != TEAM_CREDIT_EVERYWHERE)
		return;
	uint64_t id = byline_get(s->txn, status->id, &byline) && byline.writer != 0 ? byline.writer
										    : s->person;
	if (id == 0 || !account_get(s->txn, s->ctx->arena, id, &writer))
		return;
	buf_add(&html, STR("<p>— "));
	html_add_text(&html, writer.display_name.len != 0 ? writer.display_name : writer.username);
	buf_add(&html, STR("</p>"));
	struct str line = arena_take_buf(s->ctx->arena, &html);
	/* a job may run again */
	if (line.ptr != NULL && !str_has_suffix(status->content.markup, line))
		status->content.markup = arena_join(s->ctx->arena, status->content.markup, line);
}

void team_posted(struct social *s, const struct status *status)
{
	const struct byline byline = { .writer = s->person,
				       .reviewer = s->reviewer,
				       .former = s->former };
	if (s->person == 0)
		return;
	byline_put(s->txn, status->id, &byline);
	team_log(s, status->account, s->person, "post.publish", status->id, STR(""));
}

void team_edited(struct social *s, const struct status *status)
{
	struct byline byline;
	if (s->person == 0)
		return;
	byline_get(s->txn, status->id, &byline);
	byline.editor = s->person;
	if (s->reviewer != 0)
		byline.reviewer = s->reviewer;
	byline_put(s->txn, status->id, &byline);
	team_log(s, status->account, s->person, "post.edit", status->id, STR(""));
}
