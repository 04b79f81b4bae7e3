/* Conversations: listed, marked, removed. */
#include "told_int.h"

#include "social/conversation.h"

#define PAGE_DEFAULT 20
#define PAGE_MOST 40

struct conversations_params {
	struct paging page;
};

static const struct param conversations_rows[] = {
	PAGING_PARAMS(struct conversations_params, page, PAGE_DEFAULT, PAGE_MOST),
};
PARAM_TABLE(conversations_params, struct conversations_params, conversations_rows);

/* --- reading --- */

static void turn(struct conversation *list, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct conversation other = list[count - 1 - i];
		list[count - 1 - i] = list[i];
		list[i] = other;
	}
}

static void get_conversations(struct call *call)
{
	const struct conversations_params *p = call->params;
	struct id_range range = call_range(call, &p->page);
	struct conversation *list = ARENA_ARRAY(call->ctx->arena, PAGE_MOST, struct conversation);
	const struct conversation_view *views = NULL;
	struct gather g;
	size_t n = 0;
	enum rc rc = list != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		n = conversation_list(g.txn, call->viewer.account, &range, list, p->page.limit);
		if (range.ascending)
			turn(list, n);
		views = gather_conversations(&g, list, n);
		rc = gather_end(&g, RC_OK);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	if (n != 0)
		reply_links(call, list[0].last, list[n - 1].last, n == p->page.limit);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_conversation(w, call->api->parts.site, &views[i]);
	jw_end(w);
	reply_end(call, 200);
}

static void reply_conversation(struct call *call, uint64_t id)
{
	const struct conversation_view *view = NULL;
	struct conversation one;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		rc = RC_NOT_FOUND;
		if (conversation_get(g.txn, call->viewer.account, id, &one)) {
			view = gather_conversations(&g, &one, 1);
			rc = RC_OK;
		}
		rc = gather_end(&g, rc);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_conversation(reply_begin(call), call->api->parts.site, view);
	reply_end(call, 200);
}

/* --- writing --- */

struct marking {
	const struct account *account;
	uint64_t id;
	bool unread;
};

static enum rc mark_job(struct social *s, void *arg)
{
	const struct marking *m = arg;
	return act_read_conversation(s, m->account, m->id, m->unread);
}

static enum rc drop_job(struct social *s, void *arg)
{
	const struct marking *m = arg;
	return act_drop_conversation(s, m->account, m->id);
}

static void mark(struct call *call, bool unread)
{
	struct marking m = { call_account(call), call_id(call, 0), unread };
	enum rc rc = call_write(call, mark_job, &m);
	if (rc == RC_OK)
		reply_conversation(call, m.id);
	else
		reply_rc(call, rc);
}

static void post_read(struct call *call)
{
	mark(call, false);
}

static void post_unread(struct call *call)
{
	mark(call, true);
}

static void delete_conversation(struct call *call)
{
	struct marking m = { call_account(call), call_id(call, 0), false };
	enum rc rc = call_write(call, drop_job, &m);
	if (rc == RC_OK)
		reply_empty(call);
	else
		reply_rc(call, rc);
}

#define CONVERSATIONS SCOPE(WRITE_CONVERSATIONS)

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, "/api/v1/conversations", AUTH_USER, SCOPE(READ_STATUSES), RATE_COMMON,
	  &conversations_params, get_conversations },
	{ HTTP_DELETE, "/api/v1/conversations/:id", AUTH_USER, CONVERSATIONS, RATE_COMMON, NULL,
	  delete_conversation },
	{ HTTP_POST, "/api/v1/conversations/:id/read", AUTH_USER, CONVERSATIONS, RATE_COMMON, NULL,
	  post_read },
	{ HTTP_POST, "/api/v1/conversations/:id/unread", AUTH_USER, CONVERSATIONS, RATE_COMMON,
	  NULL, post_unread },
};
API_ROWS_END
const struct api_route_table conversations_api = { routes, ARRAY_LEN(routes) };
