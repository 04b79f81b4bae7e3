/* Writing statuses: post, edit, delete, like, boost, pin. On worker threads. */
#include "team_api_int.h"

#include "social/interact.h"
#include "social/poll.h"
#include "social/react.h"
#include "store/pin.h"

/* --- posting --- */

struct status_params {
	struct str status, spoiler_text, language, scheduled_at;
	enum tri sensitive;
	uint64_t in_reply_to_id, quoted_status_id, group_id;
	uint32_t visibility, quote_approval_policy;
	struct id_list media_ids;
	struct str_list options;
	uint64_t expires_in;
	enum tri multiple, hide_totals;
};

static const char *const visibility_words[] = { "public", "unlisted", "private",
						"direct", "local",    NULL };
static const enum visibility visibilities[] = { VISIBILITY_PUBLIC, VISIBILITY_UNLISTED,
						VISIBILITY_FOLLOWERS, VISIBILITY_DIRECT,
						VISIBILITY_LOCAL };
static const char *const quote_words[] = { "public", "followers", "nobody", NULL };
static const enum policy_who quote_policies[] = { POLICY_PUBLIC, POLICY_FOLLOWERS, POLICY_NOBODY };

#define TEXT_BYTES_MAX ((size_t)512 << 10)

#define QUOTES_ROW                                                                         \
	PARAM_CHOICE(struct status_params, quote_approval_policy, "quote_approval_policy", \
		     quote_words)

/* What may be said of a post when it is written and when it is changed. */
#define WORDS_ROWS                                                                             \
	PARAM_STR(struct status_params, status, "status", TEXT_BYTES_MAX),                     \
		PARAM_STR(struct status_params, spoiler_text, "spoiler_text", TEXT_BYTES_MAX), \
		PARAM_STR(struct status_params, language, "language", 35),                     \
		PARAM_BOOL(struct status_params, sensitive, "sensitive"), QUOTES_ROW,          \
		PARAM_IDS(struct status_params, media_ids, "media_ids"),                       \
		PARAM_STRS(struct status_params, options, "poll[options]", 8192),              \
		PARAM_NUMBER(struct status_params, expires_in, "poll[expires_in]", 0,          \
			     POLL_LONGEST_MS / MS_PER_SECOND, 0),                              \
		PARAM_BOOL(struct status_params, multiple, "poll[multiple]"),                  \
		PARAM_BOOL(struct status_params, hide_totals, "poll[hide_totals]")

static const struct param post_rows[] = {
	WORDS_ROWS,
	PARAM_STR(struct status_params, scheduled_at, "scheduled_at", 64),
	PARAM_NUMBER(struct status_params, in_reply_to_id, "in_reply_to_id", 0, UINT64_MAX, 0),
	PARAM_NUMBER(struct status_params, quoted_status_id, "quoted_status_id", 0, UINT64_MAX, 0),
	/* a community to post in, by the name that clients of Mitra know */
	PARAM_NUMBER(struct status_params, group_id, "group_id", 0, UINT64_MAX, 0),
	PARAM_CHOICE(struct status_params, visibility, "visibility", visibility_words),
};
PARAM_TABLE(status_params, struct status_params, post_rows);

/* Media are described anew by these (methods/statuses#edit); media_words_read() reads them. */
static const struct param edit_rows[] = {
	WORDS_ROWS,
	PARAM_INNER("media_attributes[][id]", 20),
	PARAM_INNER("media_attributes[][description]", TEXT_BYTES_MAX),
	PARAM_INNER("media_attributes[][focus]", 64),
};
PARAM_TABLE(edit_params, struct status_params, edit_rows);

static const struct param policy_rows[] = { QUOTES_ROW };
PARAM_TABLE(policy_params, struct status_params, policy_rows);

static enum rc read_poll(struct ctx *ctx, const struct status_params *p, struct poll_draft *out)
{
	if (p->options.count > POLL_OPTIONS_MAX)
		return ctx_fail(ctx, RC_INVALID, "Poll has too many options");
	for (size_t i = 0; i < p->options.count; i++)
		out->options[out->option_count++] = p->options.list[i];
	out->multiple = p->multiple == TRI_YES;
	out->secret = p->hide_totals == TRI_YES;
	out->lasts_ms = p->expires_in * MS_PER_SECOND;
	return RC_OK;
}

/* poll must live as long as draft is used. */
static enum rc read_draft(struct call *call, struct poll_draft *poll, struct draft *draft)
{
	const struct status_params *p = call->params;
	*draft = (struct draft){ .author = *call_account(call),
				 .text = p->status,
				 .spoiler = p->spoiler_text,
				 .language = p->language,
				 .media = p->media_ids.list,
				 .media_count = (unsigned)p->media_ids.count,
				 .parent = p->in_reply_to_id,
				 .quote = p->quoted_status_id,
				 .community = p->group_id,
				 .application = call->bearer.token.app };
	if (p->visibility != NO_CHOICE)
		draft->visibility = visibilities[p->visibility];
	draft->sensitive =
		p->sensitive == TRI_YES || (p->sensitive == TRI_UNSET && p->spoiler_text.len != 0);
	if (p->options.count != 0) {
		enum rc rc = read_poll(call->ctx, p, poll);
		if (rc != RC_OK)
			return rc;
		draft->poll = poll;
	}
	if (p->quote_approval_policy == NO_CHOICE)
		return RC_OK;
	return policy_set(call->ctx->arena, &draft->policy, INTERACTION_QUOTE,
			  quote_policies[p->quote_approval_policy], &draft->author);
}

static enum rc compose(struct call *call, struct draft *draft)
{
	return act_compose(call->ctx, call->api->parts.site, call->api->parts.db, NULL, draft);
}

#define IDEMPOTENCY_BYTES 1000

struct posting {
	struct draft draft;
	struct str key; /* what the client calls this request; absent when it calls it nothing */
	uint64_t id;
};

static enum rc post_job(struct social *s, void *arg)
{
	struct posting *posting = arg;
	struct draft draft = posting->draft;
	struct idempotent before;
	/* a client that did not hear the answer asks again */
	if (posting->key.len != 0 &&
	    idempotency_get(s->txn, draft.author.id, posting->key, &before) && !before.scheduled) {
		posting->id = before.id;
		return RC_OK;
	}
	if (!account_get(s->txn, s->ctx->arena, draft.author.id, &draft.author))
		return RC_NOT_FOUND;
	enum rc rc = act_post(s, &draft);
	posting->id = draft.status.id;
	if (rc == RC_OK && posting->key.len != 0)
		idempotency_put(s->txn, draft.author.id, posting->key, false, posting->id);
	return rc;
}

/* What of the request is not in its draft. */
static struct schedule_ask ask_of(const struct call *call)
{
	const struct status_params *p = call->params;
	struct schedule_ask ask = { .at = p->scheduled_at,
				    .idempotency =
					    str_take(httpd_header(call->req, "Idempotency-Key"),
						     IDEMPOTENCY_BYTES) };
	if (p->quote_approval_policy != NO_CHOICE) {
		ask.has_quotes = true;
		ask.quotes = quote_policies[p->quote_approval_policy];
	}
	return ask;
}

static void post_status(struct call *call)
{
	const struct status_params *p = call->params;
	struct poll_draft poll = { .option_count = 0 };
	const struct schedule_ask ask = ask_of(call);
	struct posting posting = { .key = ask.idempotency };
	const struct post_said said = { p->visibility != NO_CHOICE, p->sensitive != TRI_UNSET,
					p->quote_approval_policy != NO_CHOICE };
	enum rc rc = read_draft(call, &poll, &posting.draft);
	if (rc == RC_OK)
		rc = source_default(call, &said, &posting.draft);
	if (rc == RC_OK)
		rc = compose(call, &posting.draft);
	/* what cannot be posted now is not put off either */
	if (rc == RC_OK && team_takes(call, &posting.draft, &ask, NULL, NULL))
		return;
	if (rc == RC_OK && p->scheduled_at.len != 0) {
		reply_schedule(call, &posting.draft, &ask);
		return;
	}
	if (rc == RC_OK)
		rc = call_write(call, post_job, &posting);
	if (rc != RC_OK)
		reply_reason(call, rc);
	else
		reply_status(call, posting.id);
}

/* --- acts upon one status --- */

struct act {
	uint64_t account, status;
	enum rc (*apply)(struct social *s, const struct account *actor, const struct act *act);
	const void *params;
	struct status changed;
	/* of an edit */
	const struct id_list *media;
	struct media_words_list words;
};

static enum rc act_job(struct social *s, void *arg)
{
	const struct act *act = arg;
	struct account actor;
	if (!account_get(s->txn, s->ctx->arena, act->account, &actor))
		return RC_NOT_FOUND;
	enum rc rc = act->apply(s, &actor, act);
	/* done before, or not there to be undone: it is as was asked for */
	return rc == RC_EXISTS ? RC_OK : rc;
}

/* The status and its author, where the caller may see it. */
static bool look(const struct call *call, struct db_txn *txn, uint64_t id, struct status *s,
		 struct account *author)
{
	struct arena *arena = call->ctx->arena;
	return id != 0 && status_get(txn, arena, id, s) &&
	       account_get(txn, arena, s->account, author) && may_see(txn, call->viewer, s, author);
}

static bool is_boost(const struct status *s)
{
	return (s->flags & STATUS_BOOST) != 0;
}

enum rc call_target(struct call *call, uint64_t *out)
{
	struct status s;
	struct account author;
	struct db_txn *txn;
	enum rc rc = call_read(call, &txn);
	if (rc != RC_OK)
		return rc;
	bool there = look(call, txn, call_id(call, 0), &s, &author);
	if (there && is_boost(&s))
		there = look(call, txn, s.boost_of, &s, &author) && !is_boost(&s);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc == RC_OK && there)
		*out = s.id;
	if (arena_failed(call->ctx->arena))
		return RC_NO_MEMORY;
	return rc != RC_OK || there ? rc : RC_NOT_FOUND;
}

/* Who acts, and on what, where it is not said already. */
static enum rc act_aim(struct call *call, struct act *act)
{
	act->account = call_account(call)->id;
	return act->status != 0 ? RC_OK : call_target(call, &act->status);
}

static enum rc do_act(struct call *call, struct act *act)
{
	enum rc rc = act_aim(call, act);
	return rc == RC_OK ? call_write(call, act_job, act) : rc;
}

static void act_done(struct call *call, enum rc rc, void *arg)
{
	const struct act *act = arg;
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_status(call, act->status);
}

static void act_and_show(struct call *call, struct act wanted)
{
	struct act *act = ARENA_NEW(call->ctx->arena, struct act);
	enum rc rc = RC_NO_MEMORY;
	if (act != NULL) {
		*act = wanted;
		rc = act_aim(call, act);
	}
	if (rc == RC_OK)
		call_write_then(call, act_job, act, act_done);
	else
		reply_rc(call, rc);
}

static enum rc like(struct social *s, const struct account *actor, const struct act *act)
{
	return act_like(s, actor, act->status, STR(""));
}

static enum rc unlike(struct social *s, const struct account *actor, const struct act *act)
{
	enum rc rc = act_unlike(s, actor, act->status);
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc unboost(struct social *s, const struct account *actor, const struct act *act)
{
	enum rc rc = act_unboost(s, actor, act->status);
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc pin(struct social *s, const struct account *actor, const struct act *act)
{
	return act_pin(s, actor, act->status);
}

static enum rc unpin(struct social *s, const struct account *actor, const struct act *act)
{
	enum rc rc = act_unpin(s, actor, act->status);
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static void post_favourite(struct call *call)
{
	act_and_show(call, (struct act){ .apply = like });
}

static void post_unfavourite(struct call *call)
{
	act_and_show(call, (struct act){ .apply = unlike });
}

static void post_unreblog(struct call *call)
{
	act_and_show(call, (struct act){ .apply = unboost });
}

static void post_pin(struct call *call)
{
	act_and_show(call, (struct act){ .apply = pin });
}

static void post_unpin(struct call *call)
{
	act_and_show(call, (struct act){ .apply = unpin });
}

/* --- boosting: the answer is the boost --- */

struct reblog_params {
	uint32_t visibility;
};

static const struct param reblog_rows[] = {
	PARAM_CHOICE(struct reblog_params, visibility, "visibility", visibility_words),
};
PARAM_TABLE(reblog_params, struct reblog_params, reblog_rows);

struct boosting {
	uint64_t account, status, boost;
	enum visibility visibility;
};

static enum rc boost_job(struct social *s, void *arg)
{
	struct boosting *b = arg;
	struct account actor;
	if (!account_get(s->txn, s->ctx->arena, b->account, &actor))
		return RC_NOT_FOUND;
	enum rc rc = act_boost(s, &actor, b->status, STR(""), db_txn_now(s->txn), b->visibility,
			       &b->boost);
	if (rc != RC_EXISTS)
		return rc;
	b->boost = status_boost_by(s->txn, b->status, b->account);
	return RC_OK;
}

static void post_reblog(struct call *call)
{
	const struct reblog_params *p = call->params;
	struct boosting b = { .account = call_account(call)->id };
	if (p->visibility != NO_CHOICE)
		b.visibility = visibilities[p->visibility];
	enum rc rc = call_target(call, &b.status);
	if (rc == RC_OK)
		rc = call_write(call, boost_job, &b);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_status(call, b.boost);
}

/* --- editing and deleting --- */

/* The media of a post that says nothing of them, in their order; none where it has others. */
static struct id_list media_of(struct arena *arena, const struct status *status)
{
	struct id_list ids = { .list = ARENA_ARRAY(arena, status->attachment_count, uint64_t) };
	for (unsigned i = 0; ids.list != NULL && i < status->attachment_count; i++) {
		if (status->attachments[i].medium == 0)
			return (struct id_list){ .count = 0 };
		ids.list[ids.count++] = status->attachments[i].medium;
	}
	ids.given = ids.count != 0;
	return ids;
}

static enum rc edit_media(struct social *s, const struct account *actor, const struct act *act,
			  struct status *changed)
{
	struct id_list ids = *act->media;
	enum rc rc = RC_OK;
	if (!ids.given && act->words.count != 0)
		ids = media_of(s->ctx->arena, changed);
	if (!ids.given)
		return RC_OK;
	rc = media_attach(s, actor, changed, ids.list, (unsigned)ids.count);
	for (unsigned i = 0; rc == RC_OK && i < act->words.count; i++)
		rc = media_describe_held(s, actor->id, act->words.list[i].id, changed->id,
					 &act->words.list[i].change);
	/* once more, with the new words */
	if (rc == RC_OK && act->words.count != 0)
		rc = media_attach(s, actor, changed, ids.list, (unsigned)ids.count);
	return rc;
}

static enum rc edit(struct social *s, const struct account *actor, const struct act *act)
{
	struct status changed = act->changed, now;
	if (!status_get(s->txn, s->ctx->arena, changed.id, &now))
		return RC_NOT_FOUND;
	/* edits are told apart by their time (S-022) */
	changed.edited_ms = db_txn_now(s->txn);
	if (changed.edited_ms <= now.edited_ms)
		changed.edited_ms = now.edited_ms + 1;
	enum rc rc = edit_media(s, actor, act, &changed);
	return rc == RC_OK ? act_edit(s, actor, &changed) : rc;
}

static enum rc read_own(struct call *call, struct status *out)
{
	struct status_view view;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK)
		return rc;
	rc = gather_status(&g, call_id(call, 0), &view);
	/* what is another's is not there to be changed */
	if (rc == RC_OK && (view.status->account != call_account(call)->id || view.reblog != NULL))
		rc = RC_NOT_FOUND;
	if (rc == RC_OK)
		*out = *view.status;
	return gather_end(&g, rc);
}

static void put_status(struct call *call)
{
	const struct status_params *p = call->params;
	struct poll_draft poll = { .reset = true };
	struct act act = { .apply = edit };
	struct draft draft;
	struct status before;
	enum rc rc = read_own(call, &before);
	if (rc == RC_OK)
		rc = read_draft(call, &poll, &draft);
	if (rc == RC_OK)
		rc = media_words_read(call, &act.words);
	if (rc == RC_OK) {
		draft.visibility = before.visibility;
		/* what it has already may stand without words, too */
		draft.edits = before.id;
		draft.keeps_media = !p->media_ids.given;
		draft.media_count =
			p->media_ids.given ? draft.media_count : before.attachment_count;
		act.media = &p->media_ids;
		draft.title = before.title;
		draft.text = p->status.ptr != NULL ? p->status : before.source;
		if (p->language.ptr == NULL)
			draft.language = before.language;
		rc = compose(call, &draft);
	}
	const struct schedule_ask ask = ask_of(call);
	if (rc == RC_OK && team_takes(call, &draft, &ask, &before, &act.words))
		return;
	if (rc == RC_OK) {
		act.status = before.id;
		act.changed = act_edited(&before, &draft);
		rc = do_act(call, &act);
	}
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_status(call, before.id);
}

struct delete_params {
	enum tri delete_media;
};

static const struct param delete_rows[] = {
	PARAM_BOOL(struct delete_params, delete_media, "delete_media"),
};
PARAM_TABLE(delete_params, struct delete_params, delete_rows);

/* What it showed stays for a day, so that it can be drafted anew, unless that is not wanted. */
static enum rc del(struct social *s, const struct account *actor, const struct act *act)
{
	const struct delete_params *p = act->params;
	enum rc rc =
		p->delete_media == TRI_YES ? RC_OK : media_give_back(s, actor->id, act->status);
	return rc == RC_OK ? act_delete(s, actor, act->status) : rc;
}

/* The answer is what was deleted, with its source, so that it can be drafted anew. */
static void delete_status(struct call *call)
{
	struct act act = { .apply = del, .params = call->params };
	struct status_view view;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		rc = gather_status(&g, call_id(call, 0), &view);
		if (rc == RC_OK && (view.status->account != call_account(call)->id))
			rc = RC_NOT_FOUND;
		rc = gather_end(&g, rc);
	}
	if (rc == RC_OK) {
		act.status = view.id;
		rc = do_act(call, &act);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	view.with_text = true;
	render_status(reply_begin(call), call->api->parts.site, &view);
	reply_end(call, 200);
}

/* --- who may quote --- */

static enum rc set_quote_policy(struct social *s, const struct account *actor,
				const struct act *act)
{
	const struct status_params *p = act->params;
	return act_policy(s, actor, act->status, INTERACTION_QUOTE,
			  quote_policies[p->quote_approval_policy]);
}

static void put_policy(struct call *call)
{
	const struct status_params *p = call->params;
	struct status own;
	enum rc rc = read_own(call, &own);
	if (rc == RC_OK && p->quote_approval_policy == NO_CHOICE)
		rc = ctx_fail(call->ctx, RC_INVALID, "quote_approval_policy is missing");
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		act_and_show(call, (struct act){ .apply = set_quote_policy, .params = p });
}

/* The author of the quoted post takes the consent back; the answer is the quoting post. */
static enum rc revoke(struct social *s, const struct account *actor, const struct act *act)
{
	return act_quote_revoke(s, actor, act->status);
}

static void post_revoke_quote(struct call *call)
{
	struct act act = { .apply = revoke, .status = call_id(call, 1) };
	struct status own;
	enum rc rc = read_own(call, &own);
	if (rc == RC_OK && act.status == 0)
		rc = RC_NOT_FOUND;
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		act_and_show(call, act);
}

#define POST HTTP_POST
#define STATUSES SCOPE(WRITE_STATUSES)
#define FAVOURITES SCOPE(WRITE_FAVOURITES)
#define ACCOUNTS SCOPE(WRITE_ACCOUNTS)
#define STATUS "/api/v1/statuses/:id"

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ POST, "/api/v1/statuses", AUTH_USER, STATUSES, RATE_COMMON, &status_params, post_status },
	{ HTTP_PUT, STATUS, AUTH_USER, STATUSES, RATE_COMMON, &edit_params, put_status },
	{ HTTP_DELETE, STATUS, AUTH_USER, STATUSES, RATE_DELETE, &delete_params, delete_status },
	{ POST, STATUS "/favourite", AUTH_USER, FAVOURITES, RATE_COMMON, NULL, post_favourite },
	{ POST, STATUS "/unfavourite", AUTH_USER, FAVOURITES, RATE_COMMON, NULL, post_unfavourite },
	{ POST, STATUS "/reblog", AUTH_USER, STATUSES, RATE_COMMON, &reblog_params, post_reblog },
	{ POST, STATUS "/unreblog", AUTH_USER, STATUSES, RATE_DELETE, NULL, post_unreblog },
	{ POST, STATUS "/pin", AUTH_USER, ACCOUNTS, RATE_COMMON, NULL, post_pin },
	{ POST, STATUS "/unpin", AUTH_USER, ACCOUNTS, RATE_COMMON, NULL, post_unpin },
	{ HTTP_PUT, STATUS "/interaction_policy", AUTH_USER, STATUSES, RATE_COMMON, &policy_params,
	  put_policy },
	{ POST, STATUS "/quotes/:quoting/revoke", AUTH_USER, STATUSES, RATE_COMMON, NULL,
	  post_revoke_quote },
};
API_ROWS_END
const struct api_route_table posting_api = { routes, ARRAY_LEN(routes) };
