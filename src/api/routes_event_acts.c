/* Holding events and taking part in them. */
#include "core/date.h"
#include "event_int.h"
#include "social/community.h"

#define PAGE_DEFAULT 20
#define PAGE_MOST 80
#define INVITED_MOST 50
#define TEXT_BYTES_MAX ((size_t)512 << 10)

static struct str or_empty(struct str s)
{
	return s.ptr != NULL ? s : STR("");
}

/* --- holding --- */

struct hold_params {
	struct str title, content, spoiler_text, language;
	struct str starts_at, ends_at, timezone, place, address, url, recurrence;
	uint64_t capacity;
	uint32_t join, visibility;
	struct id_list media_ids;
};

/* In the order of enum event_join, behind what is not said. */
static const char *const join_words[] = { "free", "request", "external", "invitation", NULL };
static const char *const visibility_words[] = { "public", "unlisted", "private", "local", NULL };
static const enum visibility visibilities[] = { VISIBILITY_PUBLIC, VISIBILITY_UNLISTED,
						VISIBILITY_FOLLOWERS, VISIBILITY_LOCAL };

static const struct param hold_rows[] = {
	PARAM_STR(struct hold_params, title, "title", 4096),
	PARAM_STR(struct hold_params, content, "content", TEXT_BYTES_MAX),
	PARAM_STR(struct hold_params, spoiler_text, "spoiler_text", 4096),
	PARAM_STR(struct hold_params, language, "language", 35),
	PARAM_STR(struct hold_params, starts_at, "starts_at", 64),
	PARAM_STR(struct hold_params, ends_at, "ends_at", 64),
	PARAM_STR(struct hold_params, timezone, "timezone", 64),
	PARAM_STR(struct hold_params, place, "place", 4096),
	PARAM_STR(struct hold_params, address, "address", 4096),
	PARAM_STR(struct hold_params, url, "url", 2048),
	PARAM_STR(struct hold_params, recurrence, "recurrence", 500),
	PARAM_NUMBER(struct hold_params, capacity, "capacity", 0, UINT32_MAX, 0),
	PARAM_CHOICE(struct hold_params, join, "join", join_words),
	PARAM_CHOICE(struct hold_params, visibility, "visibility", visibility_words),
	PARAM_IDS(struct hold_params, media_ids, "media_ids"),
};
PARAM_TABLE(hold_params, struct hold_params, hold_rows);

static bool time_read(struct call *call, const char *field, struct str text, uint64_t *ms)
{
	if (text.len == 0 || date_parse_rfc3339(text, ms))
		return true;
	reply_invalid(call, field, "ERR_INVALID", "A time has the form of RFC 3339");
	return false;
}

/* Over what is there: what is not said stays. False when the answer was given. */
static bool event_read(struct call *call, struct status_event *e)
{
	const struct hold_params *p = call->params;
	const struct {
		struct str said, *kept;
	} texts[] = { { p->timezone, &e->timezone },
		      { p->place, &e->place },
		      { p->address, &e->address },
		      { p->url, &e->url },
		      { p->recurrence, &e->rule } };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		if (texts[i].said.ptr != NULL)
			*texts[i].kept = texts[i].said;
	}
	if (p->join != NO_CHOICE)
		e->join = (enum event_join)(EVENT_JOIN_FREE + p->join);
	if (fields_find(&call->fields, STR("capacity")) != NULL)
		e->capacity = (uint32_t)p->capacity;
	/* an event without an end says so by an empty one */
	if (p->ends_at.ptr != NULL)
		e->end_ms = 0;
	return time_read(call, "starts_at", p->starts_at, &e->start_ms) &&
	       time_read(call, "ends_at", p->ends_at, &e->end_ms);
}

static enum rc post_it(struct social *s, const struct account *actor,
		       const struct account *target UNUSED, void *arg)
{
	struct draft *kept = arg, draft = *kept;
	draft.author = *actor;
	enum rc rc = act_post(s, &draft);
	kept->id = draft.status.id;
	return rc;
}

static void post_event(struct call *call, uint64_t community)
{
	const struct hold_params *p = call->params;
	struct status_event event = { .join = EVENT_JOIN_FREE,
				      .timezone = STR(""),
				      .place = STR(""),
				      .address = STR(""),
				      .url = STR(""),
				      .rule = STR("") };
	struct draft draft = { .author = *call_account(call),
			       .title = or_empty(p->title),
			       .text = or_empty(p->content),
			       .spoiler = p->spoiler_text,
			       .language = p->language,
			       .community = community,
			       .media = p->media_ids.list,
			       .media_count = (unsigned)p->media_ids.count,
			       .application = call->bearer.token.app,
			       .event = &event };
	const struct post_said said = { p->visibility != NO_CHOICE, true, false };
	if (p->visibility != NO_CHOICE)
		draft.visibility = visibilities[p->visibility];
	if (!event_read(call, &event))
		return;
	enum rc rc = source_default(call, &said, &draft);
	/* what is in a community is as open as that lets it be */
	if (community != 0 && !said.visibility)
		draft.visibility = VISIBILITY_PUBLIC;
	if (rc == RC_OK)
		rc = act_compose(call->ctx, call->api->parts.site, call->api->parts.db, NULL,
				 &draft);
	if (rc == RC_OK)
		rc = own_do(call, OWN_MAKE, 0, post_it, &draft);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_event(call, draft.id);
}

static void post_own(struct call *call)
{
	post_event(call, 0);
}

static void post_in_community(struct call *call)
{
	uint64_t community = call_id(call, 0);
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK)
		rc = gather_end(&g, community_exists(g.txn, community) &&
						    event_may_look(call, &g, community)
					    ? RC_OK
					    : RC_NOT_FOUND);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		post_event(call, community);
}

static enum rc edit_it(struct social *s, const struct account *actor,
		       const struct account *target UNUSED, void *arg)
{
	return event_change(s, actor, arg);
}

/* One's own. */
static enum rc own_event(struct call *call, struct status *out)
{
	struct status_view shown;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK)
		return rc;
	rc = gather_status(&g, call_id(call, 0), &shown);
	if (rc == RC_OK &&
	    (!event_is_shown(&shown) || shown.status->account != call->viewer.account))
		rc = RC_NOT_FOUND;
	if (rc == RC_OK)
		*out = *shown.status;
	return gather_end(&g, rc);
}

static void put_event(struct call *call)
{
	const struct hold_params *p = call->params;
	struct status before, next;
	struct draft draft;
	enum rc rc = own_event(call, &before);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct status_event event = before.event;
	if (!event_read(call, &event))
		return;
	draft = (struct draft){
		.author = *call_account(call),
		.title = p->title.ptr != NULL ? p->title : before.title,
		.text = p->content.ptr != NULL ? p->content : before.source,
		.spoiler = p->spoiler_text.ptr != NULL ? p->spoiler_text : before.spoiler,
		.language = p->language.ptr != NULL ? p->language : before.language,
		.visibility = before.visibility,
		.event = &event,
	};
	rc = act_compose(call->ctx, call->api->parts.site, call->api->parts.db, NULL, &draft);
	if (rc == RC_OK) {
		next = event_edited(&before, &draft);
		rc = own_do(call, OWN_MAKE, 0, edit_it, &next);
	}
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_event(call, before.id);
}

/* --- single dates of a series --- */

struct date_params {
	struct str date, starts_at, ends_at, place;
	enum tri cancelled;
};

static const struct param date_rows[] = {
	PARAM_STR(struct date_params, date, "date", 64),
	PARAM_STR(struct date_params, starts_at, "starts_at", 64),
	PARAM_STR(struct date_params, ends_at, "ends_at", 64),
	PARAM_STR(struct date_params, place, "place", 4096),
	PARAM_BOOL(struct date_params, cancelled, "cancelled"),
};
PARAM_TABLE(date_params, struct date_params, date_rows);

struct dating {
	uint64_t id, original_ms;
	struct event_date_change change;
};

static enum rc date_it(struct social *s, const struct account *actor,
		       const struct account *target UNUSED, void *arg)
{
	const struct dating *d = arg;
	return event_change_date(s, actor, d->id, d->original_ms, &d->change);
}

static void put_date(struct call *call)
{
	const struct date_params *p = call->params;
	struct dating d = { .id = call_id(call, 0), .change = { .place = p->place } };
	if (p->cancelled == TRI_YES)
		d.change.fate = EVENT_DATE_CALL_OFF;
	else if (p->cancelled == TRI_NO)
		d.change.fate = EVENT_DATE_RESTORE;
	if (p->date.len == 0) {
		reply_invalid(call, "date", "ERR_BLANK", "Which date of the series?");
		return;
	}
	if (!time_read(call, "date", p->date, &d.original_ms) ||
	    !time_read(call, "starts_at", p->starts_at, &d.change.start_ms) ||
	    !time_read(call, "ends_at", p->ends_at, &d.change.end_ms))
		return;
	enum rc rc = own_do(call, OWN_DO, 0, date_it, &d);
	if (rc == RC_DENIED && call->ctx->err.rc == RC_DENIED)
		reply_error(call, 403, err_text(&call->ctx->err));
	else if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_event(call, d.id);
}

/* --- taking part --- */

struct part {
	uint64_t id, account;
	struct str note;
	bool accept;
	uint64_t minutes;
	bool letter;
};

static void do_part(struct call *call, enum own_kind kind, own_act *act, struct part part)
{
	part.id = call_id(call, 0);
	enum rc rc = own_do(call, kind, 0, act, &part);
	if (rc == RC_DENIED && call->ctx->err.rc == RC_DENIED)
		reply_error(call, 403, err_text(&call->ctx->err));
	else if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_event(call, part.id);
}

static enum rc cancel_it(struct social *s, const struct account *actor,
			 const struct account *target UNUSED, void *arg)
{
	return event_cancel(s, actor, ((const struct part *)arg)->id);
}

static void post_cancel(struct call *call)
{
	do_part(call, OWN_DO, cancel_it, (struct part){ .id = 0 });
}

struct join_params {
	struct str note;
};

static const struct param join_rows[] = { PARAM_STR(struct join_params, note, "note", 4096) };
PARAM_TABLE(join_params, struct join_params, join_rows);

static enum rc join_it(struct social *s, const struct account *actor,
		       const struct account *target UNUSED, void *arg)
{
	const struct part *part = arg;
	enum participation state;
	return event_join(s, actor, part->id, STR(""), part->note, &state);
}

static void post_join(struct call *call)
{
	const struct join_params *p = call->params;
	do_part(call, OWN_DO, join_it, (struct part){ .note = or_empty(p->note) });
}

static enum rc leave_it(struct social *s, const struct account *actor,
			const struct account *target UNUSED, void *arg)
{
	return event_leave(s, actor, ((const struct part *)arg)->id);
}

static void post_leave(struct call *call)
{
	do_part(call, OWN_UNDO, leave_it, (struct part){ .id = 0 });
}

static enum rc answer_it(struct social *s, const struct account *actor,
			 const struct account *target UNUSED, void *arg)
{
	const struct part *part = arg;
	return event_answer(s, actor, part->id, part->account, part->accept);
}

static void post_accept(struct call *call)
{
	do_part(call, OWN_DO, answer_it,
		(struct part){ .account = call_id(call, 1), .accept = true });
}

static void post_reject(struct call *call)
{
	do_part(call, OWN_DO, answer_it,
		(struct part){ .account = call_id(call, 1), .accept = false });
}

/* --- being reminded --- */

struct remind_params {
	uint64_t minutes;
	enum tri letter;
};

static const struct param remind_rows[] = {
	PARAM_NUMBER(struct remind_params, minutes, "minutes", 0, EVENT_REMIND_MAX_MIN,
		     EVENT_REMIND_DEFAULT_MIN),
	PARAM_BOOL(struct remind_params, letter, "letter"),
};
PARAM_TABLE(remind_params, struct remind_params, remind_rows);

static enum rc remind_it(struct social *s, const struct account *actor,
			 const struct account *target UNUSED, void *arg)
{
	const struct part *part = arg;
	return event_remind(s, actor, part->id, part->minutes, part->letter);
}

static void put_reminder(struct call *call)
{
	const struct remind_params *p = call->params;
	do_part(call, OWN_DO, remind_it,
		(struct part){ .minutes = p->minutes, .letter = p->letter == TRI_YES });
}

/* --- inviting --- */

struct invite_params {
	struct id_list accounts;
};

static const struct param invite_rows[] = { PARAM_IDS(struct invite_params, accounts,
						      "account_ids") };
PARAM_TABLE(invite_params, struct invite_params, invite_rows);

struct inviting {
	uint64_t id;
	const struct id_list *accounts;
};

/* All of them, or nobody. */
static enum rc invite_them(struct social *s, const struct account *actor,
			   const struct account *target UNUSED, void *arg)
{
	const struct inviting *inviting = arg;
	for (size_t i = 0; i < inviting->accounts->count; i++) {
		enum rc rc = event_invite(s, actor, inviting->id, inviting->accounts->list[i]);
		/* who is invited already, or comes, is no reason to invite nobody else */
		if (rc != RC_OK && rc != RC_EXISTS)
			return rc;
	}
	return RC_OK;
}

static void post_invitations(struct call *call)
{
	const struct invite_params *p = call->params;
	struct inviting inviting = { call_id(call, 0), &p->accounts };
	if (p->accounts.count == 0 || p->accounts.count > INVITED_MOST) {
		reply_invalid(call, "account_ids", "ERR_INVALID",
			      "One to 50 people are invited at once");
		return;
	}
	enum rc rc = own_do(call, OWN_DO, 0, invite_them, &inviting);
	if (rc == RC_DENIED && call->ctx->err.rc == RC_DENIED)
		reply_error(call, 403, err_text(&call->ctx->err));
	else if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_event(call, inviting.id);
}

/* --- who takes part --- */

struct people_params {
	uint64_t after, limit;
};

static const struct param people_rows[] = {
	PARAM_NUMBER(struct people_params, after, "after", 0, UINT64_MAX, 0),
	PARAM_LIMIT(struct people_params, limit, PAGE_DEFAULT, PAGE_MOST),
};
PARAM_TABLE(people_params, struct people_params, people_rows);

/* *next: behind whom the next page begins; 0: there is none. */
static size_t people_fill(struct call *call, struct gather *g, const struct event_view *view,
			  struct participant_view *out, uint64_t *next)
{
	const struct people_params *p = call->params;
	struct participant *list = ARENA_ARRAY(g->arena, PAGE_MOST, struct participant);
	uint64_t ids[PAGE_MOST];
	size_t shown = 0;
	if (list == NULL)
		return 0;
	size_t n =
		participants(g->txn, g->arena, view->shown->status->id, p->after, list, p->limit);
	for (size_t i = 0; i < n; i++)
		ids[i] = list[i].account;
	*next = n == p->limit ? ids[n - 1] : 0;
	gather_accounts(g, ids, n);
	for (size_t i = 0; i < n; i++) {
		const struct account_view *account = gather_account(g, ids[i]);
		/* who asks, and who was refused, is known to who answers */
		if (account != NULL && (view->may_manage || list[i].state == PARTICIPATION_GOING))
			out[shown++] =
				(struct participant_view){ account, list[i], view->may_manage };
	}
	return shown;
}

/* Who takes part is known to those who do, and to who manages it (FEP-8a8e, "Indicating visibility"). */
static void get_participants(struct call *call)
{
	struct participant_view *people =
		ARENA_ARRAY(call->ctx->arena, PAGE_MOST, struct participant_view);
	struct status_view shown;
	struct event_view view;
	struct gather g;
	uint64_t next = 0;
	size_t n = 0;
	enum rc rc = people != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		rc = event_view_find(call, &g, call_id(call, 0), &shown, &view);
		if (rc == RC_OK && !view.may_manage && view.mine != PARTICIPATION_GOING)
			rc = RC_DENIED;
		if (rc == RC_OK)
			n = people_fill(call, &g, &view, people, &next);
		rc = gather_end(&g, rc);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	if (next != 0)
		reply_next_number(call, "after", next);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_participant(w, call->api->parts.site, &people[i]);
	jw_end(w);
	reply_end(call, 200);
}

#define COMMUNITY "/api/fediflow/v1/communities/:id"
#define EVENTS "/api/fediflow/v1/events"
#define ONE EVENTS "/:id"
#define READ SCOPE(READ_STATUSES)
#define WRITE SCOPE(WRITE_STATUSES)

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_POST, COMMUNITY "/events", AUTH_USER, WRITE, RATE_COMMON, &hold_params,
	  post_in_community, "Event", "title starts_at" },
	{ HTTP_POST, EVENTS, AUTH_USER, WRITE, RATE_COMMON, &hold_params, post_own, "Event",
	  "title starts_at" },
	{ HTTP_PUT, ONE, AUTH_USER, WRITE, RATE_COMMON, &hold_params, put_event, "Event" },
	{ HTTP_PUT, ONE "/dates", AUTH_USER, WRITE, RATE_COMMON, &date_params, put_date, "Event",
	  "date" },
	{ HTTP_POST, ONE "/cancel", AUTH_USER, WRITE, RATE_COMMON, NULL, post_cancel, "Event" },
	{ HTTP_POST, ONE "/join", AUTH_USER, WRITE, RATE_COMMON, &join_params, post_join, "Event" },
	{ HTTP_POST, ONE "/leave", AUTH_USER, WRITE, RATE_COMMON, NULL, post_leave, "Event" },
	{ HTTP_PUT, ONE "/reminder", AUTH_USER, WRITE, RATE_COMMON, &remind_params, put_reminder,
	  "Event" },
	{ HTTP_POST, ONE "/invitations", AUTH_USER, WRITE, RATE_COMMON, &invite_params,
	  post_invitations, "Event", "account_ids" },
	{ HTTP_GET, ONE "/participants", AUTH_USER, READ, RATE_COMMON, &people_params,
	  get_participants, "[Participant] Link" },
	{ HTTP_POST, ONE "/participants/:account/accept", AUTH_USER, WRITE, RATE_COMMON, NULL,
	  post_accept, "Event" },
	{ HTTP_POST, ONE "/participants/:account/reject", AUTH_USER, WRITE, RATE_COMMON, NULL,
	  post_reject, "Event" },
};
API_ROWS_END
const struct api_route_table event_acts_api = { routes, ARRAY_LEN(routes) };
