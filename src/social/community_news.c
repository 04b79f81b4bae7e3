/* What a community tells those whom it concerns: letters, which every app shows, and a thread for its members when
 * they are asked to vote. Inside write transactions. */
#include "community_int.h"
#include "core/date.h"
#include "event_int.h"
#include "social/consultation.h"
#include "store/badge.h"
#include "strike_int.h"
#include "text/html.h"

#define NEWS_MAX ((size_t)64 * 1024)

/* --- writing as the community --- */

static struct str title_of(const struct account *group)
{
	return group->display_name.len != 0 ? group->display_name : group->username;
}

static struct str office_of(struct social *s, uint64_t community)
{
	return arena_printf(s->ctx->arena, "%.*s/auth/communities?community=%llu",
			    STR_ARG(s->site->base), (unsigned long long)community);
}

static void add_paragraph(struct buf *html, struct str text)
{
	if (text.len == 0)
		return;
	buf_add(html, STR("<p>"));
	html_add_text(html, text);
	buf_add(html, STR("</p>"));
}

/* The words, more of them and a link (each empty: none), in a paragraph each. */
static enum rc compose(struct social *s, struct str text, struct str more, struct str link,
		       struct status *out)
{
	struct buf html CLEANUP(buf_free) = BUF_INIT(NEWS_MAX);
	add_paragraph(&html, text);
	add_paragraph(&html, more);
	if (link.len != 0) {
		buf_add(&html, STR("<p><a href=\""));
		html_add_text(&html, link);
		buf_add(&html, STR("\" rel=\"nofollow noopener\">"));
		html_add_text(&html, link);
		buf_add(&html, STR("</a></p>"));
	}
	struct str written = arena_str(s->ctx->arena, buf_str(&html));
	if (html.failed || written.ptr == NULL)
		return RC_NO_MEMORY;
	out->flags = STATUS_LOCAL;
	out->type = STR("Note");
	out->spoiler = STR("");
	out->content = html_trusted(written);
	out->source = text;
	return RC_OK;
}

/* It is the community's own, whoever has caused it. */
static enum rc publish(struct social *s, struct draft *draft)
{
	uint64_t person = s->person, accepted = s->accepted_in;
	s->person = 0;
	s->accepted_in = draft->community;
	enum rc rc = act_post(s, draft);
	s->person = person;
	s->accepted_in = accepted;
	return rc;
}

static enum rc letter(struct social *s, uint64_t from, const struct account *to, struct str text,
		      struct str link, uint64_t *id)
{
	struct arena *arena = s->ctx->arena;
	struct str host = to->domain.len != 0 ? to->domain : s->site->domain;
	struct draft draft = { .visibility = VISIBILITY_DIRECT };
	struct status_mention mention = {
		.uri = to->uri,
		.handle = arena_printf(arena, "%.*s@%.*s", STR_ARG(to->username), STR_ARG(host)),
	};
	if (!account_get(s->txn, arena, from, &draft.author))
		return act_end(s, RC_NOT_FOUND);
	text = arena_printf(arena, "@%.*s %.*s", STR_ARG(mention.handle), STR_ARG(text));
	enum rc rc = compose(s, text, STR(""), link, &draft.status);
	if (rc != RC_OK)
		return rc;
	draft.status.account = from;
	draft.status.mentions = &mention;
	draft.status.mention_count = 1;
	rc = publish(s, &draft);
	*id = draft.status.id;
	return rc;
}

enum rc community_letter(struct social *s, uint64_t community, const struct account *to,
			 struct str text, struct str link)
{
	uint64_t id;
	return letter(s, community, to, text, link, &id);
}

void community_write_to(struct social *s, uint64_t community, const struct account *to,
			struct str text, struct str link)
{
	const struct err before = s->ctx->err;
	struct notice n = { .kind = NOTICE_MENTION, .from = to->id };
	if (account_is_gone(to))
		return;
	enum rc rc = letter(s, community != 0 ? community : to->id, to, text, link, &n.status);
	if (rc != RC_OK)
		s->ctx->err = before;
	else if (community == 0)
		/* nobody hears of what they do themselves, but this is the node's word */
		act_notice(s, to->id, n);
}

/* --- posts that waited --- */

void community_tell_decided(struct social *s, const struct account *actor,
			    const struct status *status, bool accepted, struct str reason)
{
	struct account group, author;
	if ((actor != NULL && actor->id == status->account) ||
	    !account_get(s->txn, s->ctx->arena, status->community, &group) ||
	    !account_get(s->txn, s->ctx->arena, status->account, &author))
		return;
	/* an app shows that it stands there now */
	if (accepted)
		act_notify(s, &author, NOTICE_STATUS, group.id, status->id);
	if (accepted && reason.len == 0)
		return;
	struct str text =
		arena_printf(s->ctx->arena, "Those who look after %.*s have %s your post%s%.*s",
			     STR_ARG(title_of(&group)), accepted ? "let in" : "not let in",
			     reason.len != 0 ? ": " : ".", STR_ARG(reason));
	community_write_to(s, group.id, &author, text,
			   status->url.len != 0 ? status->url : status->uri);
}

/* --- what members become --- */

/* Somebody of here whom others have done something to; whoever is elsewhere hears it from there. */
static bool is_told(struct social *s, const struct account *actor, uint64_t community,
		    uint64_t account, struct account *group, struct account *to)
{
	return (actor == NULL || actor->id != account) &&
	       account_get(s->txn, s->ctx->arena, community, group) &&
	       account_get(s->txn, s->ctx->arena, account, to) && account_is_local(to);
}

void community_tell_role(struct social *s, const struct account *actor, uint64_t community,
			 uint64_t account, const struct community_role *role)
{
	struct account group, to;
	if (!is_told(s, actor, community, account, &group, &to))
		return;
	struct str text =
		role->id == COMMUNITY_MEMBER
			? arena_printf(s->ctx->arena, "You are a plain member of %.*s from now on.",
				       STR_ARG(title_of(&group)))
			: arena_printf(s->ctx->arena,
				       "You have the role \"%.*s\" in %.*s from now on.",
				       STR_ARG(role->name), STR_ARG(title_of(&group)));
	community_write_to(s, community, &to, text, office_of(s, community));
}

void community_tell_badge(struct social *s, const struct account *actor,
			  const struct badge_award *award, const struct badge *badge)
{
	struct account group, to;
	if (!is_told(s, actor, award->community, award->account, &group, &to))
		return;
	struct str text = arena_printf(s->ctx->arena, "%.*s has given you the badge \"%.*s\": %.*s",
				       STR_ARG(title_of(&group)), STR_ARG(badge->name),
				       STR_ARG(award->reason));
	community_write_to(s, group.id, &to, text, group.url.len != 0 ? group.url : group.uri);
}

/* --- consultations --- */

enum rc consultation_opens(struct social *s, uint64_t id)
{
	struct buf end CLEANUP(buf_free) = BUF_INIT(64);
	struct draft draft = { .visibility = VISIBILITY_MEMBERS };
	struct consultation c;
	uint64_t now = db_txn_now(s->txn);
	if (!consultation_get(s->txn, s->ctx->arena, id, &c))
		return act_end(s, RC_OK);
	enum consultation_state state = consultation_state_at(&c, now);
	if (state == CONSULTATION_PLANNED)
		event_wake_opens(s, id, c.opens_ms);
	if (state != CONSULTATION_OPEN || c.thread != 0 ||
	    !account_get(s->txn, s->ctx->arena, c.community, &draft.author) ||
	    account_is_gone(&draft.author))
		return act_end(s, RC_OK);
	date_add_http(&end, c.closes_ms);
	struct str more = arena_printf(s->ctx->arena, "%s until %.*s on this page:",
				       c.role_count != 0 ? "Those of the roles that are asked vote"
							 : "Members vote",
				       STR_ARG(buf_str(&end)));
	enum rc rc = compose(s, c.question, more, office_of(s, c.community), &draft.status);
	if (rc != RC_OK)
		return rc;
	/* what members are asked is told to nobody else, however open the community is */
	draft.status.account = c.community;
	draft.community = c.community;
	rc = publish(s, &draft);
	if (rc == RC_OK) {
		c.thread = draft.status.id;
		consultation_put(s->txn, &c);
	}
	return rc == RC_DENIED || rc == RC_GONE ? act_end(s, RC_OK) : rc;
}

/* It stays where members have seen it, with what they have answered. */
enum rc consultation_ends_thread(struct social *s, const struct consultation *c)
{
	struct status status;
	struct account group;
	if (c->thread == 0 || !status_get(s->txn, s->ctx->arena, c->thread, &status) ||
	    !account_get(s->txn, s->ctx->arena, c->community, &group) || account_is_gone(&group))
		return act_end(s, RC_OK);
	unsigned flags = status.flags;
	uint64_t person = s->person, now = db_txn_now(s->txn);
	enum rc rc = compose(s, c->question,
			     STR("This consultation was called off: nothing is decided by it."),
			     STR(""), &status);
	if (rc != RC_OK)
		return rc;
	status.flags = flags;
	/* edits are told apart by their time (S-022) */
	status.edited_ms = now > status.edited_ms ? now : status.edited_ms + 1;
	s->person = 0;
	const struct err before = s->ctx->err;
	rc = act_edit_as(s, EDIT_BY_STAFF, &group, &status);
	s->person = person;
	/* that the thread cannot say so undoes no decision */
	if (rc == RC_DENIED || rc == RC_GONE || rc == RC_EXISTS || rc == RC_INVALID) {
		s->ctx->err = before;
		return act_end(s, RC_OK);
	}
	return rc;
}
