/* What a team's members write before it is published: drafts, and what becomes of them in review. */
#include "team_api_int.h"

#include "core/date.h"
#include "social/poll.h"

#define PAGE_DEFAULT 20
#define PAGE_MOST 40
#define TEXT_BYTES_MAX ((size_t)512 << 10)
#define DRAFTS "/api/fediflow/v1/teams/:id/drafts"

/* --- looking --- */

static bool may_see_row(const struct team_asked *asked, const struct scheduled *row)
{
	return row->owner != 0 && team_may_look(asked->role, asked->person, row);
}

static void reply_draft(struct call *call, uint64_t id)
{
	struct scheduled_view view;
	struct team_asked asked;
	struct scheduled row;
	struct gather g;
	enum rc rc = team_begin(&g, call, TEAM_MAY(READ), &asked);
	if (rc == RC_OK) {
		bool there = scheduled_get(g.txn, g.arena, asked.team.id, id, &row) &&
			     may_see_row(&asked, &row);
		if (there)
			gather_scheduled(call, &g, &row, &view);
		rc = gather_end(&g, there ? RC_OK : RC_NOT_FOUND);
	}
	if (rc != RC_OK) {
		reply_team_rc(call, rc);
		return;
	}
	render_scheduled(reply_begin(call), &view);
	reply_end(call, 200);
}

static void get_draft(struct call *call)
{
	reply_draft(call, call_id(call, 1));
}

struct page_params {
	struct paging page;
};

static const struct param page_rows[] = {
	PAGING_PARAMS(struct page_params, page, PAGE_DEFAULT, PAGE_MOST),
};
PARAM_TABLE(page_params, struct page_params, page_rows);

static void get_drafts(struct call *call)
{
	const struct page_params *p = call->params;
	const struct page page = page_of(&p->page);
	struct scheduled list[PAGE_MOST];
	struct scheduled_view *views =
		ARENA_ARRAY(call->ctx->arena, PAGE_MOST, struct scheduled_view);
	struct team_asked asked;
	struct gather g;
	size_t n = 0, shown = 0;
	enum rc rc = views != NULL ? team_begin(&g, call, TEAM_MAY(READ), &asked) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		n = scheduled_list(g.txn, g.arena, asked.team.id, &page, list, p->page.limit);
		for (size_t i = 0; i < n; i++) {
			if (may_see_row(&asked, &list[i]))
				gather_scheduled(call, &g, &list[i], &views[shown++]);
		}
		rc = gather_end(&g, RC_OK);
	}
	if (rc != RC_OK) {
		reply_team_rc(call, rc);
		return;
	}
	reply_links(call, n != 0 ? list[0].id : 0, n != 0 ? list[n - 1].id : 0, n == p->page.limit);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < shown; i++)
		render_scheduled(w, &views[i]);
	jw_end(w);
	reply_end(call, 200);
}

/* --- writing --- */

struct draft_params {
	struct str status, spoiler_text, language, not_before, updated_at;
	enum tri sensitive, submit;
	uint64_t in_reply_to_id, changes_status_id;
	uint32_t visibility;
	struct id_list media_ids;
	struct str_list options;
	uint64_t expires_in;
	enum tri multiple, hide_totals;
};

static const char *const visibility_words[] = { "public", "unlisted", "private",
						"direct", "local",    NULL };

static const struct param draft_rows[] = {
	PARAM_STR(struct draft_params, status, "status", TEXT_BYTES_MAX),
	PARAM_STR(struct draft_params, spoiler_text, "spoiler_text", TEXT_BYTES_MAX),
	PARAM_STR(struct draft_params, language, "language", 35),
	PARAM_STR(struct draft_params, not_before, "not_before", 64),
	PARAM_STR(struct draft_params, updated_at, "updated_at", 64),
	PARAM_BOOL(struct draft_params, sensitive, "sensitive"),
	PARAM_BOOL(struct draft_params, submit, "submit"),
	PARAM_NUMBER(struct draft_params, in_reply_to_id, "in_reply_to_id", 0, UINT64_MAX, 0),
	PARAM_NUMBER(struct draft_params, changes_status_id, "changes_status_id", 0, UINT64_MAX, 0),
	PARAM_CHOICE(struct draft_params, visibility, "visibility", visibility_words),
	PARAM_IDS(struct draft_params, media_ids, "media_ids"),
	PARAM_STRS(struct draft_params, options, "poll[options]", 8192),
	PARAM_NUMBER(struct draft_params, expires_in, "poll[expires_in]", 0,
		     POLL_LONGEST_MS / MS_PER_SECOND, 0),
	PARAM_BOOL(struct draft_params, multiple, "poll[multiple]"),
	PARAM_BOOL(struct draft_params, hide_totals, "poll[hide_totals]"),
};
PARAM_TABLE(draft_params, struct draft_params, draft_rows);

struct drafting {
	struct team_writing writing;
	struct post_params params;
	struct scheduled row;
};

static bool has_words(const struct str_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->list[i].len != 0)
			return true;
	}
	return false;
}

/* Options without a word, which is how forms send none, take the poll away. */
static enum rc poll_fill(struct ctx *ctx, const struct draft_params *p, struct post_params *out)
{
	if (p->options.count > POLL_OPTIONS_MAX)
		return ctx_fail(ctx, RC_INVALID, "Poll has too many options");
	if (p->options.given) {
		out->has_poll = has_words(&p->options);
		out->poll.option_count = out->has_poll ? (unsigned)p->options.count : 0;
		for (unsigned i = 0; i < out->poll.option_count; i++)
			out->poll.options[i] = p->options.list[i];
	}
	bool says = p->expires_in != 0 || p->multiple != TRI_UNSET || p->hide_totals != TRI_UNSET;
	if (says && !out->has_poll && !p->options.given)
		return ctx_fail(ctx, RC_INVALID, "There is no poll: poll[options] is missing");
	if (p->expires_in != 0)
		out->poll.lasts_ms = p->expires_in * MS_PER_SECOND;
	if (p->multiple != TRI_UNSET)
		out->poll.multiple = p->multiple == TRI_YES;
	if (p->hide_totals != TRI_UNSET)
		out->poll.secret = p->hide_totals == TRI_YES;
	return RC_OK;
}

/* What the request says anew; what it does not stays as it is stored. */
static enum rc params_fill(struct call *call, const struct draft_params *p, struct drafting *d)
{
	struct post_params *out = &d->params;
	if (p->status.ptr != NULL)
		out->text = p->status;
	if (p->spoiler_text.ptr != NULL)
		out->spoiler = p->spoiler_text;
	if (p->language.ptr != NULL)
		out->language = p->language;
	if (p->sensitive != TRI_UNSET) {
		out->has_sensitive = true;
		out->sensitive = p->sensitive == TRI_YES;
	}
	if (p->in_reply_to_id != 0)
		out->parent = p->in_reply_to_id;
	if (p->visibility != NO_CHOICE)
		out->has_visibility = post_visibility_parse(str_of(visibility_words[p->visibility]),
							    &out->visibility);
	if (p->media_ids.count > POST_MEDIA_MAX)
		return ctx_fail(call->ctx, RC_INVALID, "Cannot attach more than %d files",
				POST_MEDIA_MAX);
	if (p->media_ids.given) {
		out->media_count = (unsigned)p->media_ids.count;
		out->keeps_media = false;
		for (unsigned i = 0; i < out->media_count; i++)
			out->media[i] = p->media_ids.list[i];
	}
	if (p->not_before.len != 0 && !date_parse_rfc3339(p->not_before, &d->writing.due_ms))
		return ctx_fail(call->ctx, RC_INVALID, "not_before is no time");
	return poll_fill(call->ctx, p, out);
}

/* A new change of a post begins as the post is. */
static enum rc begin_change(struct gather *g, struct drafting *d)
{
	struct status post;
	if (d->writing.edits == 0)
		return RC_OK;
	if (!status_get(g->txn, g->arena, d->writing.edits, &post) ||
	    post.account != d->writing.team)
		return RC_NOT_FOUND;
	d->params = (struct post_params){ .text = post.source,
					  .spoiler = post.spoiler,
					  .language = post.language,
					  .has_sensitive = true,
					  .sensitive = (post.flags & STATUS_SENSITIVE) != 0,
					  .keeps_media = true };
	return RC_OK;
}

static enum rc begin(struct call *call, uint64_t id, struct drafting *d)
{
	const struct draft_params *p = call->params;
	struct team_asked asked;
	struct gather g;
	uint64_t seen_ms = 0;
	enum rc rc = id != 0 ? param_seen(call->ctx, p->updated_at, &seen_ms) : RC_OK;
	if (rc == RC_OK)
		rc = team_begin(&g, call, TEAM_MAY(DRAFT) | TEAM_MAY(EDIT), &asked);
	if (rc != RC_OK)
		return rc;
	d->writing = (struct team_writing){ .team = asked.team.id,
					    .person = asked.person,
					    .id = id,
					    .seen_ms = seen_ms,
					    .edits = p->changes_status_id,
					    .submit = p->submit == TRI_YES,
					    .params = &d->params };
	d->row = (struct scheduled){ .account = asked.team.id, .edits = p->changes_status_id };
	if (id != 0 && (!scheduled_get(g.txn, g.arena, asked.team.id, id, &d->row) ||
			!may_see_row(&asked, &d->row)))
		return gather_end(&g, RC_NOT_FOUND);
	rc = id != 0 ? post_params_read(call->ctx, d->row.params, &d->params) : begin_change(&g, d);
	d->writing.edits = d->row.edits;
	d->writing.due_ms = d->row.due_ms;
	if (rc == RC_OK)
		rc = params_fill(call, p, d);
	return gather_end(&g, rc);
}

static enum rc write_job(struct social *s, void *arg)
{
	struct drafting *d = arg;
	return team_write(s, &d->writing, &d->row);
}

static void keep(struct call *call, uint64_t id)
{
	struct drafting *d = ARENA_NEW(call->ctx->arena, struct drafting);
	enum rc rc = d != NULL ? begin(call, id, d) : RC_NO_MEMORY;
	if (rc == RC_OK)
		rc = team_write_check(call->ctx, call->api->parts.site, call->api->parts.db,
				      &d->writing);
	if (rc == RC_OK)
		rc = call_write(call, write_job, d);
	if (rc != RC_OK)
		reply_team_rc(call, rc);
	else
		reply_draft(call, d->row.id);
}

static void post_draft(struct call *call)
{
	keep(call, 0);
}

static void put_draft(struct call *call)
{
	keep(call, call_id(call, 1));
}

/* --- what becomes of it --- */

struct deciding {
	uint64_t team, person, id;
	struct str note;
};

/* False when the answer was given. */
static bool decide(struct call *call, struct deciding *d)
{
	d->team = call_id(call, 0);
	d->id = call_id(call, 1);
	d->person = call_person(call)->id;
	if (call->bearer.person.id == 0 || call_account(call)->id == d->team)
		return true;
	reply_rc(call, RC_NOT_FOUND);
	return false;
}

static enum rc drop_job(struct social *s, void *arg)
{
	const struct deciding *d = arg;
	return team_drop(s, d->person, d->team, d->id);
}

static void delete_draft(struct call *call)
{
	struct deciding d;
	if (!decide(call, &d))
		return;
	enum rc rc = call_write(call, drop_job, &d);
	if (rc != RC_OK)
		reply_team_rc(call, rc);
	else
		reply_empty(call);
}

static enum rc approve_job(struct social *s, void *arg)
{
	return team_approve(s, arg);
}

struct seen_params {
	struct str updated_at;
};

static const struct param seen_rows[] = {
	PARAM_STR(struct seen_params, updated_at, "updated_at", 64),
};
PARAM_TABLE(seen_params, struct seen_params, seen_rows);

static void post_approve(struct call *call)
{
	const struct seen_params *p = call->params;
	struct team_review *review = ARENA_NEW(call->ctx->arena, struct team_review);
	struct deciding d;
	if (review == NULL) {
		reply_rc(call, RC_NO_MEMORY);
		return;
	}
	if (!decide(call, &d))
		return;
	review->team = d.team;
	review->person = d.person;
	review->id = d.id;
	enum rc rc = param_seen(call->ctx, p->updated_at, &review->seen_ms);
	if (rc == RC_OK)
		rc = team_review_compose(call->ctx, call->api->parts.site, call->api->parts.db,
					 review);
	if (rc == RC_OK)
		rc = call_write(call, approve_job, review);
	if (rc != RC_OK)
		reply_team_rc(call, rc);
	else if (review->published)
		reply_status(call, review->made);
	else
		reply_draft(call, review->made);
}

struct note_params {
	struct str note;
};

static const struct param note_rows[] = { PARAM_STR(struct note_params, note, "note", 8192) };
PARAM_TABLE(note_params, struct note_params, note_rows);

static enum rc return_job(struct social *s, void *arg)
{
	const struct deciding *d = arg;
	return team_return(s, d->person, d->team, d->id, d->note);
}

static void post_return(struct call *call)
{
	const struct note_params *p = call->params;
	struct deciding d = { .note = p->note };
	if (!decide(call, &d))
		return;
	enum rc rc = call_write(call, return_job, &d);
	if (rc != RC_OK)
		reply_team_rc(call, rc);
	else
		reply_draft(call, d.id);
}

#define DRAFT DRAFTS "/:draft_id"
#define READ SCOPE(READ_STATUSES)
#define WRITE SCOPE(WRITE_STATUSES)
#define USER AUTH_USER
#define COMMON RATE_COMMON

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, DRAFTS, USER, READ, COMMON, &page_params, get_drafts,
	  "[ScheduledStatus] Link" },
	{ HTTP_POST, DRAFTS, USER, WRITE, COMMON, &draft_params, post_draft, "ScheduledStatus" },
	{ HTTP_GET, DRAFT, USER, READ, COMMON, NULL, get_draft, "ScheduledStatus" },
	{ HTTP_PUT, DRAFT, USER, WRITE, COMMON, &draft_params, put_draft, "ScheduledStatus 409",
	  "updated_at" },
	{ HTTP_DELETE, DRAFT, USER, WRITE, COMMON, NULL, delete_draft, "Nothing" },
	{ HTTP_POST, DRAFT "/approve", USER, WRITE, COMMON, &seen_params, post_approve,
	  "Status|ScheduledStatus 409", "updated_at" },
	{ HTTP_POST, DRAFT "/return", USER, WRITE, COMMON, &note_params, post_return,
	  "ScheduledStatus 409" },
};
API_ROWS_END
const struct api_route_table team_drafts_api = { routes, ARRAY_LEN(routes) };
