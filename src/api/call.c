/* A request on its way to its handler: who asks, how often, with what. */
#include "api_int.h"
#include "core/clock.h"
#include "core/date.h"
#include "presence_int.h"

/* --- reading and writing --- */

uint64_t call_id(const struct call *call, unsigned index)
{
	uint64_t id;
	return str_to_u64(call->req->params[index], &id) ? id : 0;
}

enum rc call_read(struct call *call, struct db_txn **txn)
{
	return db_read_begin(call->api->parts.db, txn);
}

struct writing {
	struct call *call;
	social_job *job;
	void *arg;
	bool enqueued;
};

static enum rc write_job(struct db_txn *txn, void *arg)
{
	struct writing *w = arg;
	/* what failed in an earlier run did not */
	w->call->ctx->err = (struct err){ 0 };
	struct social s = { .txn = txn,
			    .ctx = w->call->ctx,
			    .site = w->call->api->parts.site,
			    .person = w->call->bearer.person.id };
	enum rc rc = w->job(&s, w->arg);
	w->enqueued = s.enqueued;
	if (rc == RC_OK && s.person != 0 && !s.logged && !w->call->logged)
		team_trail(&s, w->call);
	return rc;
}

static void written(const struct writing *w, enum rc rc)
{
	struct call *call = w->call;
	if (rc == RC_OK)
		call->logged = true;
	if (rc == RC_OK && w->enqueued && call->api->parts.queue != NULL)
		queue_wake(call->api->parts.queue);
}

enum rc call_write(struct call *call, social_job *job, void *arg)
{
	struct writing w = { call, job, arg, false };
	enum rc rc = db_write(call->api->parts.db, write_job, &w);
	written(&w, rc);
	return rc;
}

/* A write that no thread waits for; in the request's arena. */
struct going {
	struct writing writing;
	struct db_work work;
	call_then *then;
};

static void going_rest(void *arg)
{
	struct going *g = arg;
	struct call *call = g->writing.call;
	written(&g->writing, g->work.rc);
	g->then(call, g->work.rc, g->writing.arg);
	buf_free(&call->out);
}

static void going_done(struct db_work *work)
{
	struct going *g = work->arg;
	httpd_go_on(g->writing.call->req, going_rest, g);
}

static enum rc going_job(struct db_txn *txn, void *arg)
{
	struct going *g = arg;
	return write_job(txn, &g->writing);
}

static void going_submit(void *arg)
{
	struct going *g = arg;
	db_submit(g->writing.call->api->parts.db, &g->work);
}

void call_write_then(struct call *call, social_job *job, void *arg, call_then *then)
{
	struct going *g = ARENA_NEW(call->ctx->arena, struct going);
	if (g == NULL) {
		then(call, RC_NO_MEMORY, arg);
		return;
	}
	*g = (struct going){ { call, job, arg, false },
			     { .job = going_job, .done = going_done, .arg = g },
			     then };
	httpd_leave(call->req, going_submit, g);
}

const struct multipart_part *call_file(const struct call *call, const char *name)
{
	const struct multipart_part *part = multipart_find(&call->form, str_of(name));
	return part != NULL && part->file && part->bytes.len != 0 ? part : NULL;
}

/* --- who asks --- */

/*
 * Browsers can send no headers with a stream. A token in the query is in no log of ours; a protocol is
 * answered with.
 */
static struct str stream_token(const struct call *call)
{
	struct str token = httpd_query(call->req, "access_token");
	struct str protocols = httpd_header(call->req, "Sec-WebSocket-Protocol"), first;
	if (token.ptr != NULL)
		return token;
	return str_next(&protocols, ',', &first) ? str_trim(first) : STR_NONE;
}

struct str call_token(const struct call *call)
{
	struct str header = httpd_header(call->req, "Authorization");
	if (header.ptr == NULL)
		return call->route->auth == AUTH_STREAM ? stream_token(call) : STR_NONE;
	/* RFC 6750 section 2.1; the scheme's case does not matter (RFC 9110 section 11.1) */
	return str_has_prefix_nocase(header, STR("Bearer ")) ? str_trim(str_skip(header, 7))
							     : STR("");
}

static void refuse_token(struct call *call, const char *text)
{
	/* RFC 6750 section 3 */
	httpd_add_header(call->req, "WWW-Authenticate",
			 STR("Bearer realm=\"FediFlow\", error=\"invalid_token\""));
	reply_error(call, 401, text);
}

/* Of methods/accounts#verify_credentials, in the order in which people can do something about it. */
static void refuse_person(struct call *call, const struct account *a)
{
	if (account_is_barred(a) || (a->flags & ACCOUNT_DISABLED) != 0)
		reply_error(call, 403, "Your login is currently disabled");
	else if ((a->flags & ACCOUNT_UNCONFIRMED) != 0)
		reply_error(call, 403, "Your login is missing a confirmed e-mail address");
	else
		reply_error(call, 403, "Your login is currently pending approval");
}

static bool may_wait(const struct call *call)
{
	const struct account *a = &call->bearer.account;
	return call->route->auth == AUTH_WAITING && account_is_waiting(a) &&
	       !account_is_barred(a) && (a->flags & ACCOUNT_DISABLED) == 0;
}

static struct viewer call_viewer(const struct call *call)
{
	bool letters = (call->bearer.scopes & SCOPE_LETTERS) != 0;
	return (struct viewer){ call->bearer.account.id,
				letters ? VIEWER_HERE : VIEWER_HERE_NO_LETTERS };
}

static bool authenticate(struct call *call)
{
	struct str token = call_token(call);
	struct db_txn *txn = NULL;
	if (call->route->auth == AUTH_NONE ||
	    (token.ptr == NULL && call->route->auth == AUTH_OPTIONAL))
		return true;
	enum rc rc = token.ptr != NULL ? call_read(call, &txn) : RC_UNAUTHENTICATED;
	if (rc == RC_OK) {
		rc = oauth_authenticate(txn, call->ctx->arena, token, &call->bearer);
		if (rc == RC_DENIED && may_wait(call))
			rc = RC_OK;
		if (db_txn_rc(txn) != RC_OK)
			rc = db_txn_rc(txn);
		db_read_end(&txn);
	}
	if (rc == RC_UNAUTHENTICATED)
		refuse_token(call, "The access token is invalid");
	else if (rc == RC_DENIED)
		refuse_person(call, &call->bearer.account);
	else if (rc != RC_OK)
		reply_rc(call, rc);
	if (rc != RC_OK)
		return false;
	if (call->bearer.account.id != 0)
		call->viewer = call_viewer(call);
	if (!account_is_waiting(&call->bearer.account))
		presence_note(call->api->presence, call->viewer.account);
	return true;
}

/* Default deny: a token without the scope gets nothing, an application's own nothing of a person. */
static bool authorise(struct call *call)
{
	const struct api_route *route = call->route;
	bool bearer = call->bearer.token.id != 0;
	if (call->bearer.person.id != 0 && !team_route_may(route, call->bearer.role)) {
		team_refuse(call);
		return false;
	}
	if (bearer && route->scopes != 0 && (call->bearer.scopes & route->scopes) == 0) {
		httpd_add_header(call->req, "WWW-Authenticate",
				 STR("Bearer realm=\"FediFlow\", error=\"insufficient_scope\""));
		reply_error(call, 403, "This action is outside the authorized scopes");
		return false;
	}
	if (route->auth >= AUTH_USER && call->bearer.account.id == 0) {
		reply_error(call, 422, "This method requires an authenticated user");
		return false;
	}
	return true;
}

/* --- how often --- */

static bool limit(struct call *call)
{
	struct limit_left left;
	uint64_t token = call->bearer.token.id;
	uint64_t subject = token != 0 ? token : limit_subject_of_client(call->req->client);
	enum rate_class rate = call->route->rate;
	bool may = limiter_take(call->api->limiter, rate, &call->api->rates[rate], subject, &left);
	struct arena *arena = call->ctx->arena;
	httpd_add_header(call->req, "X-RateLimit-Limit",
			 arena_printf(arena, "%llu", (unsigned long long)left.limit));
	httpd_add_header(call->req, "X-RateLimit-Remaining",
			 arena_printf(arena, "%llu", (unsigned long long)left.left));
	struct buf date CLEANUP(buf_free) = BUF_INIT(64);
	date_add_rfc3339(&date, left.reset_ms);
	httpd_add_header(call->req, "X-RateLimit-Reset", buf_str(&date));
	if (!may)
		reply_error(call, 429, "Too many requests");
	return may;
}

/* --- with what --- */

static struct str media_type(struct call *call)
{
	struct str type, rest;
	str_split(httpd_header(call->req, "Content-Type"), ';', &type, &rest);
	return str_trim(type);
}

static enum rc read_body(struct call *call)
{
	struct str type = media_type(call), body = call->req->body;
	if (body.len == 0)
		return RC_OK;
	if (str_eq_nocase(type, STR("application/json")))
		return fields_add_json(call->ctx, &call->fields, body);
	if (type.len == 0 || str_eq_nocase(type, STR("application/x-www-form-urlencoded")))
		return fields_add_form(call->ctx, &call->fields, body);
	if (!multipart_is(type))
		return RC_UNSUPPORTED;
	enum rc rc = multipart_parse(call->ctx, httpd_header(call->req, "Content-Type"), body,
				     &call->form);
	return rc == RC_OK ? fields_add_parts(call->ctx, &call->fields, &call->form) : rc;
}

static bool decode(struct call *call)
{
	enum rc rc = fields_add_form(call->ctx, &call->fields, call->req->query);
	if (rc == RC_OK)
		rc = read_body(call);
	if (rc == RC_OK && call->route->params != NULL) {
		rc = params_decode(call->ctx, call->route->params, &call->fields, &call->params);
		if (rc == RC_INVALID) {
			reply_error(call, 422, err_text(&call->ctx->err));
			return false;
		}
	}
	if (rc == RC_INVALID)
		reply_error(call, 400, err_text(&call->ctx->err));
	else if (rc == RC_UNSUPPORTED)
		reply_error(call, 415, "The content type of the body is not supported");
	else if (rc != RC_OK)
		reply_rc(call, rc);
	return rc == RC_OK;
}

/* --- dispatch --- */

/* Web clients run on other hosts; what they may do depends on their token alone, never on cookies. */
static void allow_origins(struct httpd_request *req)
{
	httpd_add_header(req, "Access-Control-Allow-Origin", STR("*"));
	httpd_add_header(req, "Access-Control-Expose-Headers",
			 STR("Link, X-RateLimit-Reset, X-RateLimit-Limit, X-RateLimit-Remaining, "
			     "X-Request-Id, Mastodon-Async-Refresh"));
	/* depends on who asks (S-073) */
	httpd_add_header(req, "Cache-Control", STR("private, no-store"));
	httpd_add_header(req, "Vary", STR("Authorization, Origin"));
}

static struct call *call_new(struct api *api, struct httpd_request *req,
			     const struct api_route *route)
{
	struct call *call = ARENA_NEW(req->ctx.arena, struct call);
	if (call == NULL) {
		httpd_reply_error(req, 503, STR("out of memory"), 0);
		return NULL;
	}
	*call = (struct call){
		.api = api, .req = req, .ctx = &req->ctx, .route = route, .viewer = VIEWER_ANYBODY
	};
	buf_init(&call->out, REPLY_BYTES_MAX);
	return call;
}

/* Whoever was admitted is authenticated once more: the body took its time. */
bool call_admit(struct api *api, struct httpd_request *req, const struct api_route *route)
{
	static char admitted;
	allow_origins(req);
	req->user = &admitted;
	struct call *call = call_new(api, req, route);
	bool may = call != NULL && authenticate(call) && authorise(call);
	if (call != NULL)
		buf_free(&call->out);
	return may;
}

void call_run(struct api *api, struct httpd_request *req, const struct api_route *route)
{
	if (req->user == NULL)
		allow_origins(req);
	struct call *call = call_new(api, req, route);
	if (call == NULL)
		return;
	if (authenticate(call) && limit(call) && authorise(call) && decode(call))
		route->handle(call);
	buf_free(&call->out);
}

void call_options(struct httpd_request *req, void *app UNUSED)
{
	httpd_add_header(req, "Access-Control-Allow-Origin", STR("*"));
	httpd_add_header(req, "Access-Control-Allow-Methods",
			 STR("POST, PUT, DELETE, GET, PATCH, OPTIONS"));
	httpd_add_header(req, "Access-Control-Allow-Headers",
			 STR("Authorization, Content-Type, Idempotency-Key"));
	httpd_add_header(req, "Access-Control-Max-Age", STR("86400"));
	httpd_reply_str(req, 204, NULL, STR(""));
}
