/* Accounts as moderators see and moderate them. */
#include "admin_int.h"

bool call_permits(struct call *call, enum permission permission)
{
	struct db_txn *txn;
	enum rc rc = call_read(call, &txn);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return false;
	}
	bool may = role_permits(txn, call->ctx->arena, call_account(call)->id, permission);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else if (!may)
		reply_error(call, 403, "This action is not allowed");
	return rc == RC_OK && may;
}

/* --- views --- */

const struct admin_account_view *gather_admin_account(struct gather *g, uint64_t id)
{
	struct admin_account_view *view = ARENA_NEW(g->arena, struct admin_account_view);
	struct account_secrets secrets;
	if (view == NULL || id == 0)
		return NULL;
	view->view = gather_person(g, id);
	if (view->view == NULL)
		return NULL;
	view->role = role_of_account(g->txn, g->arena, id);
	view->email = STR("");
	(void)sign_up_get(g->txn, g->arena, id, &view->sign_up);
	if (account_is_local(view->view->account) &&
	    account_secrets_get(g->txn, g->arena, id, &secrets))
		view->email = secrets.email.len != 0 ? secrets.email : secrets.email_next;
	return view;
}

static void reply_admin_account(struct call *call, uint64_t id)
{
	const struct admin_account_view *view = NULL;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		view = gather_admin_account(&g, id);
		rc = gather_end(&g, view != NULL ? RC_OK : RC_NOT_FOUND);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_admin_account(reply_begin(call), call->api->parts.site, view);
	reply_end(call, 200);
}

static void get_account(struct call *call)
{
	if (call_permits(call, PERMISSION_MANAGE_USERS))
		reply_admin_account(call, call_id(call, 0));
}

/* --- lists --- */

struct list_params {
	struct paging page;
	enum tri local, remote, active, pending, disabled, silenced, suspended, sensitized, staff;
	uint32_t origin, status, permissions;
	struct str username, display_name, by_domain, email, ip;
};

static const char *const origins[] = { "local", "remote", NULL };
static const char *const states[] = {
	"active", "pending", "disabled", "silenced", "suspended", NULL
};
static const char *const permission_words[] = { "staff", NULL };

static const struct param list_rows[] = {
	PAGING_PARAMS(struct list_params, page, ADMIN_PAGE_DEFAULT, ADMIN_PAGE_MOST),
	PARAM_BOOL(struct list_params, local, "local"),
	PARAM_BOOL(struct list_params, remote, "remote"),
	PARAM_BOOL(struct list_params, active, "active"),
	PARAM_BOOL(struct list_params, pending, "pending"),
	PARAM_BOOL(struct list_params, disabled, "disabled"),
	PARAM_BOOL(struct list_params, silenced, "silenced"),
	PARAM_BOOL(struct list_params, suspended, "suspended"),
	PARAM_BOOL(struct list_params, sensitized, "sensitized"),
	PARAM_BOOL(struct list_params, staff, "staff"),
	PARAM_CHOICE(struct list_params, origin, "origin", origins),
	PARAM_CHOICE(struct list_params, status, "status", states),
	PARAM_CHOICE(struct list_params, permissions, "permissions", permission_words),
	PARAM_STR(struct list_params, username, "username", 200),
	PARAM_STR(struct list_params, display_name, "display_name", 1000),
	PARAM_STR(struct list_params, by_domain, "by_domain", 300),
	PARAM_STR(struct list_params, email, "email", 500),
	PARAM_STR(struct list_params, ip, "ip", 100),
};
PARAM_TABLE(list_params, struct list_params, list_rows);

/* The first version asks by switches, the second by words. */
static struct roster_filter filter_of(const struct list_params *p)
{
	struct roster_filter f = { .username = p->username,
				   .display_name = p->display_name,
				   .domain = p->by_domain,
				   .email = p->email,
				   .ip = p->ip,
				   .staff = p->staff == TRI_YES || p->permissions == 0 };
	if (p->local == TRI_YES || p->origin == 0)
		f.origin = ROSTER_LOCAL;
	if (p->remote == TRI_YES || p->origin == 1)
		f.origin = ROSTER_REMOTE;
	if (p->active == TRI_YES || p->status == 0)
		f.state = ROSTER_ACTIVE;
	if (p->pending == TRI_YES || p->status == 1)
		f.state = ROSTER_PENDING;
	if (p->disabled == TRI_YES || p->status == 2)
		f.state = ROSTER_DISABLED;
	if (p->silenced == TRI_YES || p->status == 3)
		f.state = ROSTER_SILENCED;
	if (p->suspended == TRI_YES || p->status == 4)
		f.state = ROSTER_SUSPENDED;
	if (p->sensitized == TRI_YES)
		f.state = ROSTER_SENSITIVE;
	return f;
}

static void render_list(struct call *call, struct gather *g, const uint64_t *ids, size_t n)
{
	struct jw *w = reply_begin(call);
	gather_accounts(g, ids, n);
	jw_array(w);
	for (size_t i = 0; i < n; i++) {
		const struct admin_account_view *view = gather_admin_account(g, ids[i]);
		if (view != NULL)
			render_admin_account(w, call->api->parts.site, view);
	}
	jw_end(w);
}

static void get_accounts(struct call *call)
{
	const struct list_params *p = call->params;
	const struct roster_filter filter = filter_of(p);
	uint64_t min_id = p->page.min_id > p->page.since_id ? p->page.min_id : p->page.since_id;
	uint64_t ids[ADMIN_PAGE_MOST];
	struct gather g;
	if (!call_permits(call, PERMISSION_MANAGE_USERS))
		return;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	size_t n = roster_list(g.txn, &filter, p->page.max_id, min_id, ids, p->page.limit);
	render_list(call, &g, ids, n);
	rc = gather_end(&g, RC_OK);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	reply_links(call, n != 0 ? ids[0] : 0, n != 0 ? ids[n - 1] : 0, n == p->page.limit);
	reply_end(call, 200);
}

/* --- moderating --- */

struct action_params {
	struct str type, text;
	uint64_t report_id, warning_preset_id;
	struct id_list status_ids;
	enum tri send_email_notification;
};

static const struct param action_rows[] = {
	PARAM_STR(struct action_params, type, "type", 40),
	PARAM_NUMBER(struct action_params, report_id, "report_id", 0, UINT64_MAX, 0),
	PARAM_NUMBER(struct action_params, warning_preset_id, "warning_preset_id", 0, UINT64_MAX,
		     0),
	PARAM_STR(struct action_params, text, "text", STRIKE_TEXT_MAX),
	PARAM_BOOL(struct action_params, send_email_notification, "send_email_notification"),
	/* ours: without, those of the report */
	PARAM_IDS(struct action_params, status_ids, "status_ids"),
};
PARAM_TABLE(action_params, struct action_params, action_rows);

struct moderating {
	const struct account *moderator;
	uint64_t target;
	struct sentence sentence;
	enum moderation what; /* that is taken back */
	bool more;	      /* of a deletion */
};

static enum rc act(struct social *s, void *arg)
{
	const struct moderating *m = arg;
	return moderate_account(s, m->moderator, m->target, &m->sentence, NULL);
}

static enum rc undo(struct social *s, void *arg)
{
	const struct moderating *m = arg;
	return moderate_undo(s, m->moderator, m->target, m->what);
}

static void post_action(struct call *call)
{
	const struct action_params *p = call->params;
	struct moderating m = { .moderator = call_account(call),
				.target = call_id(call, 0),
				.sentence = { .report = p->report_id,
					      .preset = p->warning_preset_id,
					      .text = p->text,
					      .statuses = p->status_ids.list,
					      .status_count = (unsigned)p->status_ids.count,
					      .quiet = p->send_email_notification == TRI_NO } };
	if (!moderation_parse(p->type, &m.sentence.what)) {
		reply_invalid(call, "type", "ERR_INCLUSION", "Type is not included in the list");
		return;
	}
	enum rc rc = call_write(call, act, &m);
	if (rc == RC_OK)
		reply_empty(call);
	else
		reply_rc(call, rc);
}

static void post_undo(struct call *call, enum moderation what)
{
	struct moderating m = { .moderator = call_account(call),
				.target = call_id(call, 0),
				.what = what };
	enum rc rc = call_write(call, undo, &m);
	if (rc == RC_OK)
		reply_admin_account(call, m.target);
	else
		reply_rc(call, rc);
}

static void post_enable(struct call *call)
{
	post_undo(call, MODERATE_DISABLE);
}

static void post_unsilence(struct call *call)
{
	post_undo(call, MODERATE_SILENCE);
}

static void post_unsuspend(struct call *call)
{
	post_undo(call, MODERATE_SUSPEND);
}

static void post_unsensitive(struct call *call)
{
	post_undo(call, MODERATE_SENSITIVE);
}

/* --- letting in --- */

struct deciding {
	const struct account *moderator;
	uint64_t target;
	struct str answer;
	bool approved;
};

static enum rc decide_job(struct social *s, void *arg)
{
	const struct deciding *d = arg;
	return d->approved ? sign_up_approve(s, d->moderator, d->target, d->answer)
			   : sign_up_reject(s, d->moderator, d->target, d->answer);
}

static enum rc decide(struct call *call, uint64_t target, bool approved)
{
	struct deciding d = { .moderator = call_account(call),
			      .target = target,
			      .approved = approved };
	enum rc rc = sign_up_answer_make(call->api->parts.reception, call->ctx, target, approved,
					 &d.answer);
	return rc == RC_OK ? call_write(call, decide_job, &d) : rc;
}

static void reply_undecided(struct call *call, enum rc rc)
{
	if (rc == RC_INVALID)
		reply_error(call, 403, "This action is not allowed");
	else
		reply_rc(call, rc);
}

static void post_approve(struct call *call)
{
	enum rc rc = decide(call, call_id(call, 0), true);
	if (rc == RC_OK)
		reply_admin_account(call, call_id(call, 0));
	else
		reply_undecided(call, rc);
}

/* The answer shows the account as it was: it is gone by then. */
static void post_reject(struct call *call)
{
	uint64_t target = call_id(call, 0);
	const struct admin_account_view *view = NULL;
	struct gather g;
	if (!call_permits(call, PERMISSION_MANAGE_USERS))
		return;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		view = gather_admin_account(&g, target);
		rc = gather_end(&g, view != NULL ? RC_OK : RC_NOT_FOUND);
	}
	if (rc == RC_OK)
		rc = decide(call, target, false);
	if (rc != RC_OK) {
		reply_undecided(call, rc);
		return;
	}
	render_admin_account(reply_begin(call), call->api->parts.site, view);
	reply_end(call, 200);
}

/* A step that was made is kept (RC_OK), and another one follows. */
static enum rc delete_step(struct social *s, void *arg)
{
	struct moderating *m = arg;
	enum rc rc = moderate_delete(s, m->moderator, m->target);
	m->more = rc == RC_BUSY;
	return m->more ? RC_OK : rc;
}

static void delete_account(struct call *call)
{
	struct moderating m = { .moderator = call_account(call), .target = call_id(call, 0) };
	enum rc rc;
	do
		rc = call_write(call, delete_step, &m);
	while (rc == RC_OK && m.more);
	if (rc == RC_OK)
		reply_admin_account(call, m.target);
	else
		reply_rc(call, rc);
}

#define GET HTTP_GET
#define POST HTTP_POST
#define READ SCOPE(ADMIN_READ_ACCOUNTS)
#define WRITE SCOPE(ADMIN_WRITE_ACCOUNTS)
#define BASE "/api/v1/admin/accounts"

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ GET, BASE, AUTH_USER, READ, RATE_COMMON, &list_params, get_accounts },
	{ GET, "/api/v2/admin/accounts", AUTH_USER, READ, RATE_COMMON, &list_params, get_accounts },
	{ GET, BASE "/:id", AUTH_USER, READ, RATE_COMMON, NULL, get_account },
	{ HTTP_DELETE, BASE "/:id", AUTH_USER, WRITE, RATE_COMMON, NULL, delete_account },
	{ POST, BASE "/:id/action", AUTH_USER, WRITE, RATE_COMMON, &action_params, post_action },
	{ POST, BASE "/:id/enable", AUTH_USER, WRITE, RATE_COMMON, NULL, post_enable },
	{ POST, BASE "/:id/unsilence", AUTH_USER, WRITE, RATE_COMMON, NULL, post_unsilence },
	{ POST, BASE "/:id/unsuspend", AUTH_USER, WRITE, RATE_COMMON, NULL, post_unsuspend },
	{ POST, BASE "/:id/unsensitive", AUTH_USER, WRITE, RATE_COMMON, NULL, post_unsensitive },
	{ POST, BASE "/:id/approve", AUTH_USER, WRITE, RATE_COMMON, NULL, post_approve },
	{ POST, BASE "/:id/reject", AUTH_USER, WRITE, RATE_COMMON, NULL, post_reject },
};
API_ROWS_END
const struct api_route_table admin_accounts_api = { routes, ARRAY_LEN(routes) };
