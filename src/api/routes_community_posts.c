/* What is posted in communities: ranked, held, moderated, posted across. */
#include "community_int.h"

#include "social/act.h"
#include "social/board.h"

#define PAGE_DEFAULT 20
#define PAGE_MOST 40
#define OFFSET_MOST 100000

/* --- ranked --- */

struct board_params {
	uint32_t order, span;
	uint64_t limit, offset, flair;
};

/* In the order of enum board_order and enum board_span. */
static const char *const order_words[] = { "active", "hot", "new", "top", "comments", NULL };
static const char *const span_words[] = { "all", "day", "week", "month", "year", NULL };

static const struct param board_rows[] = {
	PARAM_CHOICE(struct board_params, order, "sort", order_words),
	PARAM_CHOICE(struct board_params, span, "span", span_words),
	PARAM_LIMIT(struct board_params, limit, PAGE_DEFAULT, PAGE_MOST),
	PARAM_NUMBER(struct board_params, offset, "offset", 0, OFFSET_MOST, 0),
	PARAM_NUMBER(struct board_params, flair, "flair", 0, UINT32_MAX, 0),
};
PARAM_TABLE(board_params, struct board_params, board_rows);

static void get_board(struct call *call)
{
	const struct board_params *p = call->params;
	const struct board_wish wish = {
		.order = p->order != NO_CHOICE ? (enum board_order)p->order : BOARD_ACTIVE,
		.span = p->span != NO_CHOICE ? (enum board_span)p->span : BOARD_ALL_TIME,
		.flair = (uint32_t)p->flair,
		.offset = p->offset
	};
	struct status_view *views = ARENA_ARRAY(call->ctx->arena, PAGE_MOST, struct status_view);
	uint64_t ids[PAGE_MOST];
	struct board_page page;
	struct gather g;
	size_t n = 0;
	enum rc rc = views != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		rc = board_read(call->api->boards, g.txn, g.viewer, call_id(call, 0), &wish, ids,
				p->limit, &page);
		if (rc == RC_OK)
			n = gather_statuses(&g, ids, page.count, views);
		rc = gather_end(&g, rc);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	if (page.next != 0)
		reply_next_number(call, "offset", page.next);
	reply_status_list(call, views, n);
}

/* --- what waits --- */

struct page_params {
	struct paging page;
};

static const struct param page_rows[] = {
	PAGING_PARAMS(struct page_params, page, PAGE_DEFAULT, PAGE_MOST),
};
PARAM_TABLE(page_params, struct page_params, page_rows);

static void get_queue(struct call *call)
{
	const struct page_params *p = call->params;
	const struct page page = page_of(&p->page);
	struct status_view *views = ARENA_ARRAY(call->ctx->arena, PAGE_MOST, struct status_view);
	uint64_t ids[PAGE_MOST];
	struct gather g;
	if (views == NULL) {
		reply_rc(call, RC_NO_MEMORY);
		return;
	}
	if (!community_begin(call, &g, call_id(call, 0), COMMUNITY_MAY_APPROVE))
		return;
	size_t n = community_posts(g.txn, call_id(call, 0), COMMUNITY_POSTS_HELD, &page, ids,
				   p->page.limit);
	size_t shown = gather_statuses(&g, ids, n, views);
	enum rc rc = gather_end(&g, RC_OK);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_statuses(call, views, shown, n == p->page.limit);
}

/* --- moderating --- */

struct reason_params {
	struct str reason, edited_at;
	uint64_t seconds;
};

static const struct param reason_rows[] = {
	PARAM_STR(struct reason_params, reason, "reason", 4000),
};
PARAM_TABLE(reason_params, struct reason_params, reason_rows);

static const struct param approve_rows[] = {
	PARAM_STR(struct reason_params, reason, "reason", 4000),
	PARAM_STR(struct reason_params, edited_at, "edited_at", 64),
};
PARAM_TABLE(approve_params, struct reason_params, approve_rows);

#define PIN_SECONDS_MAX ((uint64_t)10 * 366 * 24 * 3600)

static const struct param pin_rows[] = {
	PARAM_STR(struct reason_params, reason, "reason", 4000),
	PARAM_NUMBER(struct reason_params, seconds, "duration", 0, PIN_SECONDS_MAX, 0),
};
PARAM_TABLE(pin_params, struct reason_params, pin_rows);

struct moderating {
	uint64_t community, status;
	enum community_act act;
	struct str reason;
	uint64_t seconds, seen_ms;
	uint32_t flair;
};

/* What is asked for is in the community that the path names, or there is nothing. */
static bool is_there(struct social *s, const struct moderating *m)
{
	struct community_post place;
	return community_post_get(s->txn, m->community, m->status, &place);
}

static enum rc moderate(struct social *s, const struct account *actor,
			const struct account *target UNUSED, void *arg)
{
	const struct moderating *m = arg;
	if (!is_there(s, m))
		return RC_NOT_FOUND;
	if (m->act == COMMUNITY_ACT_PIN && m->seconds != 0)
		return community_pin_until(s, actor, m->status,
					   db_txn_now(s->txn) + m->seconds * MS_PER_SECOND);
	if (m->act == COMMUNITY_ACT_APPROVE)
		return community_approve(s, actor, m->status, m->seen_ms, m->reason);
	return community_moderate(s, actor, m->status, m->act, m->reason);
}

/* A post that was taken out may be seen no more by who has done it. */
static void reply_moderated(struct call *call, const struct moderating *m, enum rc rc)
{
	struct status_view view;
	struct gather g;
	if (rc == RC_OK)
		rc = gather_begin(&g, call);
	if (rc != RC_OK) {
		reply_reason(call, rc);
		return;
	}
	rc = gather_end(&g, gather_status(&g, m->status, &view));
	if (rc == RC_NOT_FOUND) {
		reply_empty(call);
		return;
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_status(reply_begin(call), call->api->parts.site, &view);
	reply_end(call, 200);
}

static void post_act(struct call *call, enum community_act act)
{
	const struct reason_params *p = call->params;
	struct moderating m = { .community = call_id(call, 0),
				.status = call_id(call, 1),
				.act = act,
				.reason = p->reason.ptr != NULL ? p->reason : STR(""),
				.seconds = p->seconds };
	/* as the post says itself: null, or nothing, of one that was not edited */
	enum rc rc =
		p->edited_at.len != 0 ? param_seen(call->ctx, p->edited_at, &m.seen_ms) : RC_OK;
	reply_moderated(call, &m, rc == RC_OK ? own_do(call, OWN_DO, 0, moderate, &m) : rc);
}

#define ACT(name, act)                      \
	static void name(struct call *call) \
	{                                   \
		post_act(call, act);        \
	}
ACT(post_approve, COMMUNITY_ACT_APPROVE)
ACT(post_reject, COMMUNITY_ACT_REFUSE)
ACT(post_remove, COMMUNITY_ACT_REMOVE)
ACT(post_restore, COMMUNITY_ACT_RESTORE)
ACT(post_lock, COMMUNITY_ACT_LOCK)
ACT(post_unlock, COMMUNITY_ACT_UNLOCK)
ACT(post_pin, COMMUNITY_ACT_PIN)
ACT(post_unpin, COMMUNITY_ACT_UNPIN)

struct flair_params {
	uint64_t flair;
};

static const struct param flair_rows[] = {
	PARAM_NUMBER(struct flair_params, flair, "flair", 0, UINT32_MAX, 0),
};
PARAM_TABLE(flair_params, struct flair_params, flair_rows);

static enum rc set_flair(struct social *s, const struct account *actor,
			 const struct account *target UNUSED, void *arg)
{
	const struct moderating *m = arg;
	return is_there(s, m) ? community_set_flair(s, actor, m->status, m->flair) : RC_NOT_FOUND;
}

static void put_flair(struct call *call)
{
	const struct flair_params *p = call->params;
	struct moderating m = { .community = call_id(call, 0),
				.status = call_id(call, 1),
				.flair = (uint32_t)p->flair };
	reply_moderated(call, &m, own_do(call, OWN_DO, 0, set_flair, &m));
}

/* --- posting across --- */

struct cross_params {
	uint64_t status;
	struct str text;
};

static const struct param cross_rows[] = {
	PARAM_NUMBER(struct cross_params, status, "status_id", 0, UINT64_MAX, 0),
	PARAM_STR(struct cross_params, text, "status", 65536),
};
PARAM_TABLE(cross_params, struct cross_params, cross_rows);

struct crossing {
	struct draft draft;
	struct status source;
	uint64_t id;
};

/* As the caller sees it. */
static enum rc read_source(struct call *call, uint64_t id, struct status *out)
{
	struct status_view view;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK)
		return rc;
	rc = gather_status(&g, id, &view);
	if (rc == RC_OK)
		*out = *view.status;
	return gather_end(&g, rc);
}

static enum rc cross(struct social *s, const struct account *actor,
		     const struct account *target UNUSED, void *arg)
{
	struct crossing *c = arg;
	struct draft draft = c->draft;
	draft.author = *actor;
	enum rc rc = community_cross(s, &c->source, &draft);
	c->id = draft.status.id;
	return rc;
}

/* A thread of the caller's own, with a link back to what it is about. */
static void post_cross(struct call *call)
{
	const struct cross_params *p = call->params;
	struct crossing c = { .draft = { .author = *call_account(call),
					 .spoiler = STR(""),
					 .language = STR(""),
					 .community = call_id(call, 0),
					 .application = call->bearer.token.app } };
	enum rc rc = read_source(call, p->status, &c.source);
	if (rc == RC_OK)
		rc = community_cross_draft(call->ctx, &c.source, p->text, &c.draft);
	if (rc == RC_OK)
		rc = act_compose(call->ctx, call->api->parts.site, call->api->parts.db, NULL,
				 &c.draft);
	if (rc == RC_OK)
		rc = own_do(call, OWN_MAKE, 0, cross, &c);
	if (rc != RC_OK)
		reply_reason(call, rc);
	else
		reply_status(call, c.id);
}

#define ONE "/api/fediflow/v1/communities/:id"
#define POSTS ONE "/posts/:post"
#define GET HTTP_GET
#define READ SCOPE(READ_COMMUNITIES)
#define WRITE SCOPE(WRITE_COMMUNITIES)
#define USER AUTH_USER
#define COMMON RATE_COMMON
#define ROW(path, params, handle)                                                            \
	{                                                                                    \
		HTTP_POST, POSTS path, USER, WRITE, COMMON, params, handle, "Status|Nothing" \
	}

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ GET, ONE "/posts", AUTH_OPTIONAL, READ, COMMON, &board_params, get_board,
	  "[Status] Link" },
	{ GET, ONE "/queue", USER, READ, COMMON, &page_params, get_queue, "[Status] Link" },
	{ HTTP_POST, ONE "/cross_posts", USER, SCOPE(WRITE_STATUSES), COMMON, &cross_params,
	  post_cross, "Status", "status_id" },
	{ HTTP_POST, POSTS "/approve", USER, WRITE, COMMON, &approve_params, post_approve,
	  "Status|Nothing 409" },
	ROW("/reject", &reason_params, post_reject),
	ROW("/remove", &reason_params, post_remove),
	ROW("/restore", &reason_params, post_restore),
	ROW("/lock", &reason_params, post_lock),
	ROW("/unlock", &reason_params, post_unlock),
	ROW("/pin", &pin_params, post_pin),
	ROW("/unpin", &reason_params, post_unpin),
	{ HTTP_PUT, POSTS "/flair", USER, WRITE, COMMON, &flair_params, put_flair,
	  "Status|Nothing" },
};
API_ROWS_END
const struct api_route_table community_posts_api = { routes, ARRAY_LEN(routes) };
