/* What a push message says: as clients of Mastodon expect it, in few words. Inside a snapshot. */
#include "act_int.h"
#include "crypt/push.h"
#include "social/push.h"
#include "text/html.h"
#include "json/jw.h"

#define BODY_CHARS 140
#define BODY_BYTES (4 * BODY_CHARS)

/* What has a word of clients' that says less than it does: in words of its own. */
static const struct {
	enum notice_kind kind;
	const char *title;
} own_titles[] = {
	{ NOTICE_EVENT_REQUEST, "% asks to take part in your event" },
	{ NOTICE_EVENT_INVITE, "% invites you to an event" },
	{ NOTICE_MEMBERSHIP, "% has news of your membership" },
	{ NOTICE_EVENT_REMINDER, "An event by % is about to begin" },
};

/* The name goes where "%" stands. */
static const struct {
	enum push_alert alert;
	const char *title;
} titles[] = {
	{ PUSH_MENTION, "% mentioned you" },
	{ PUSH_STATUS, "% has posted" },
	{ PUSH_REBLOG, "% boosted your post" },
	{ PUSH_FOLLOW, "% follows you" },
	{ PUSH_FOLLOW_REQUEST, "% asks to follow you" },
	{ PUSH_FAVOURITE, "% likes your post" },
	{ PUSH_POLL, "A poll by % has ended" },
	{ PUSH_UPDATE, "% edited a post" },
	{ PUSH_QUOTE, "% quoted your post" },
	{ PUSH_QUOTED_UPDATE, "% edited a post that you quoted" },
	{ PUSH_ADMIN_SIGN_UP, "% has signed up" },
	{ PUSH_ADMIN_REPORT, "% has reported somebody" },
};

static const char *title_words(enum notice_kind kind, enum push_alert alert)
{
	for (size_t i = 0; i < ARRAY_LEN(own_titles); i++) {
		if (own_titles[i].kind == kind)
			return own_titles[i].title;
	}
	for (size_t i = 0; i < ARRAY_LEN(titles); i++) {
		if (titles[i].alert == alert)
			return titles[i].title;
	}
	return "%";
}

static struct str name_of(const struct account *a)
{
	return a->display_name.len != 0 ? a->display_name : a->username;
}

/* Does it ask to join a community? The message has no room for which; the notice says it. */
static bool asks_to_join(struct arena *arena, struct db_txn *txn, const struct push_job *job,
			 struct account *group)
{
	struct notice n;
	return job->notice.kind == NOTICE_FOLLOW_REQUEST &&
	       notice_get(txn, job->account, job->notice.id, &n) && n.about != 0 &&
	       account_get(txn, arena, n.about, group);
}

static struct str title_of(struct arena *arena, struct db_txn *txn, const struct push_job *job,
			   enum push_alert alert, const struct account *from)
{
	struct str name = name_of(from), before, after;
	struct account group;
	if (asks_to_join(arena, txn, job, &group))
		return arena_printf(arena, "%.*s asks to join %.*s", STR_ARG(name),
				    STR_ARG(name_of(&group)));
	str_split(str_of(title_words(job->notice.kind, alert)), '%', &before, &after);
	return arena_printf(arena, "%.*s%.*s%.*s", STR_ARG(before), STR_ARG(name), STR_ARG(after));
}

/* The first characters, on one line. */
static struct str shortened(struct arena *arena, struct str text)
{
	struct buf out = BUF_INIT(BODY_BYTES + 8);
	size_t chars = 0, i = 0;
	for (; i < text.len && chars <= BODY_CHARS; i++)
		chars += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
	bool cut = chars > BODY_CHARS;
	struct str head = cut ? str_take(text, i - 1) : text;
	for (size_t k = 0; k < head.len; k++)
		buf_add_chr(&out, head.ptr[k] == '\n' ? ' ' : head.ptr[k]);
	if (cut)
		buf_add(&out, STR("\xe2\x80\xa6"));
	return arena_take_buf(arena, &out);
}

/* A warning in front of a post is there so that the post is not read by accident. */
static struct str body_of(struct ctx *ctx, const struct status *status, const struct account *from)
{
	struct str text;
	if (status != NULL && status->spoiler.len != 0)
		return shortened(ctx->arena, status->spoiler);
	if (html_to_text(ctx, status != NULL ? status->content : from->note, &text) != RC_OK)
		return STR("");
	return shortened(ctx->arena, text);
}

static enum rc gather(struct ctx *ctx, struct db_txn *txn, const struct push_job *job,
		      struct account *from, struct status *status)
{
	struct account owner, author;
	if (!account_get(txn, ctx->arena, job->account, &owner) || account_is_gone(&owner) ||
	    !account_get(txn, ctx->arena, job->notice.from, from) || account_is_gone(from))
		return RC_NOT_FOUND;
	if (job->notice.status == 0)
		return RC_OK;
	const struct viewer viewer = { owner.id, true };
	if (!status_get(txn, ctx->arena, job->notice.status, status) ||
	    !account_get(txn, ctx->arena, status->account, &author) ||
	    !may_see(txn, viewer, status, &author))
		return RC_NOT_FOUND;
	return RC_OK;
}

enum rc push_compose(struct ctx *ctx, struct db_txn *txn, const struct push_job *job,
		     struct str access_token, struct str *out)
{
	struct buf json = BUF_INIT(PUSH_PLAIN_MAX);
	struct account from;
	struct status status;
	enum push_alert alert;
	struct jw w;
	if (!push_alert_of(job->notice.kind, &alert))
		return RC_NOT_FOUND;
	enum rc rc = gather(ctx, txn, job, &from, &status);
	if (rc != RC_OK)
		return db_txn_rc(txn) == RC_OK ? rc : db_txn_rc(txn);
	jw_init(&w, &json);
	jw_object(&w);
	jw_member_str(&w, "access_token", access_token);
	jw_member_str(&w, "preferred_locale", STR("en"));
	jw_member_u64(&w, "notification_id", job->notice.id);
	jw_member_str(&w, "notification_type", str_of(push_alert_name(alert)));
	jw_member_str(&w, "icon", from.avatar.len <= 1024 ? from.avatar : STR(""));
	jw_member_str(&w, "title", title_of(ctx->arena, txn, job, alert, &from));
	jw_member_str(&w, "body", body_of(ctx, job->notice.status != 0 ? &status : NULL, &from));
	jw_end(&w);
	jw_done(&w);
	*out = arena_take_buf(ctx->arena, &json);
	return out->ptr != NULL ? RC_OK : RC_NO_MEMORY;
}
