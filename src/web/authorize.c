/*
 * /oauth/authorize: who is asked for consent signs in first. GET on listener threads, POST on worker
 * threads, since a password takes its time.
 */
#include "core/enc.h"
#include "httpd/form.h"
#include "sign_in_int.h"

#define HTML_TYPE "text/html; charset=utf-8"

struct asking {
	const struct web *web;
	struct httpd_request *req;
	struct oauth_request request;
	struct oauth_app app;
	struct account account; /* id 0: nobody is signed in */
	struct web_session session;
	const char *error; /* what the application is told */
};

/* --- answers --- */

/* A form may lead on to the application's address (CSP section 6.4.1: redirects count). */
static void allow_form(struct asking *a)
{
	struct str redirect = a->request.redirect, target;
	size_t colon = str_index(redirect, ':');
	target = str_take(redirect, colon + 1);
	if (str_has_prefix(redirect, STR("https://")) || str_has_prefix(redirect, STR("http://"))) {
		size_t host = colon + 3;
		struct str rest = str_skip(redirect, host);
		size_t end = str_index(rest, '/'), query = str_index(rest, '?');
		target = str_take(redirect, host + (end < query ? end : query));
	}
	httpd_add_header(a->req, "Content-Security-Policy",
			 arena_printf(a->req->ctx.arena,
				      "default-src 'none'; style-src 'self'; img-src 'self' data:; "
				      "form-action 'self' %.*s; base-uri 'none'; "
				      "frame-ancestors 'none'",
				      STR_ARG(target)));
}

static void answer(struct asking *a, unsigned status, struct buf *page)
{
	httpd_add_header(a->req, "Cache-Control", STR("private, no-store"));
	httpd_reply(a->req, status, HTML_TYPE, page);
}

static void answer_refusal(struct asking *a, unsigned status, struct str why)
{
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	render_refusal(&page, a->web, why);
	answer(a, status, &page);
}

static void answer_rc(struct asking *a, enum rc rc)
{
	if (rc == RC_INVALID)
		answer_refusal(a, 400, str_of(err_text(&a->req->ctx.err)));
	else
		answer_refusal(a, rc == RC_BUSY || rc == RC_NO_MEMORY ? 503 : 500,
			       word(rc == RC_BUSY ? W_BUSY_MORE : W_BROKEN_MORE));
}

/* RFC 6749 section 4.1.2: name and value are added to the query of the registered address. */
static void redirect_back(struct asking *a, const char *name, struct str value)
{
	struct buf url CLEANUP(buf_free) = BUF_INIT((size_t)16 << 10);
	struct str redirect = a->request.redirect;
	buf_add(&url, redirect);
	buf_add_chr(&url, str_index(redirect, '?') != redirect.len ? '&' : '?');
	buf_addf(&url, "%s=", name);
	enc_percent(&url, value);
	if (a->request.state.len != 0) {
		buf_add(&url, STR("&state="));
		enc_percent(&url, a->request.state);
	}
	httpd_add_header(a->req, "Cache-Control", STR("private, no-store"));
	httpd_redirect(a->req, 303, buf_str(&url));
}

static bool is_out_of_band(const struct asking *a)
{
	return str_eq(a->request.redirect, STR(OAUTH_OUT_OF_BAND));
}

static void tell_error(struct asking *a, const char *error)
{
	if (is_out_of_band(a))
		answer_refusal(a, 400, str_of(error));
	else
		redirect_back(a, "error", str_of(error));
}

/* --- reading --- */

static void read_request(struct asking *a)
{
	struct httpd_request *req = a->req;
	a->request = (struct oauth_request){
		.response_type = httpd_query(req, "response_type"),
		.client_id = httpd_query(req, "client_id"),
		.redirect = httpd_query(req, "redirect_uri"),
		.scopes = httpd_query(req, "scope"),
		.state = httpd_query(req, "state"),
		.challenge = httpd_query(req, "code_challenge"),
		.challenge_method = httpd_query(req, "code_challenge_method"),
	};
}

static void read_session(struct asking *a, struct db_txn *txn)
{
	struct arena *arena = a->req->ctx.arena;
	struct str cookie = cookie_get(a->req, a->web, COOKIE_SESSION);
	if (cookie.len == 0 || !web_session_find(txn, arena, cookie, &a->session) ||
	    !account_get(txn, arena, a->session.account, &a->account) ||
	    account_is_gone(&a->account))
		a->account.id = 0;
}

/* RC_INVALID and RC_DENIED as of oauth_request_check(). */
static enum rc read_all(struct asking *a)
{
	struct db_txn *txn;
	enum rc rc = db_read_begin(a->web->db, &txn);
	if (rc != RC_OK)
		return rc;
	read_request(a);
	rc = oauth_request_check(&a->req->ctx, txn, &a->request, &a->app, &a->error);
	read_session(a, txn);
	if (db_txn_rc(txn) != RC_OK)
		rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc;
}

/* False when the request is answered. */
static bool begin(struct asking *a, struct httpd_request *req, void *app)
{
	*a = (struct asking){ .web = web_of(app), .req = req };
	enum rc rc = read_all(a);
	if (rc == RC_DENIED)
		tell_error(a, a->error);
	else if (rc != RC_OK)
		answer_rc(a, rc);
	return rc == RC_OK;
}

/* --- showing --- */

static struct consent_view view_of(struct asking *a)
{
	return (struct consent_view){ .app = &a->app,
				      .request = &a->request,
				      .account = a->account.id != 0 ? &a->account : NULL,
				      .query = a->req->query,
				      .complaint = W_LANGUAGE };
}

static void show_sign_in(struct asking *a, unsigned status, struct str login, enum word complaint)
{
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	struct consent_view view = view_of(a);
	struct str cookie = cookie_get(a->req, a->web, COOKIE_FORM);
	if (cookie.len == 0) {
		cookie = oauth_secret(a->req->ctx.arena);
		cookie_set(a->req, a->web, COOKIE_FORM, cookie);
	}
	view.token = form_token(a->req->ctx.arena, cookie, "sign-in");
	view.login = login.ptr != NULL ? login : STR("");
	view.complaint = complaint;
	allow_form(a);
	render_sign_in(&page, a->web, &view);
	answer(a, status, &page);
}

static void show_consent(struct asking *a)
{
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	struct consent_view view = view_of(a);
	view.token = form_token(a->req->ctx.arena, cookie_get(a->req, a->web, COOKIE_SESSION),
				"consent");
	allow_form(a);
	render_consent(&page, a->web, &view);
	answer(a, 200, &page);
}

void authorize_get(struct httpd_request *req, void *app)
{
	struct asking a;
	if (!begin(&a, req, app))
		return;
	bool force = str_eq(httpd_query(req, "force_login"), STR("true"));
	if (a.account.id == 0 || force)
		show_sign_in(&a, 200, STR(""), W_LANGUAGE);
	else
		show_consent(&a);
}

/* --- deciding --- */

static struct str field(struct asking *a, const char *name)
{
	return form_find(a->req->ctx.arena, a->req->body, str_of(name));
}

/* The same request, without being made to sign in once more. */
static void back_to_consent(struct asking *a)
{
	struct buf url CLEANUP(buf_free) = BUF_INIT((size_t)16 << 10);
	struct str query = a->req->query, part;
	buf_add(&url, STR("/oauth/authorize?"));
	while (str_next(&query, '&', &part)) {
		if (!str_has_prefix(part, STR("force_login=")))
			buf_addf(&url, "%.*s&", STR_ARG(part));
	}
	httpd_redirect(a->req, 303, buf_str(&url));
}

struct session_act {
	struct web_session session;
	struct str cookie;
};

static enum rc add_session(struct db_txn *txn, void *arg)
{
	struct session_act *act = arg;
	act->session.created_ms = db_txn_now(txn);
	web_session_add(txn, act->cookie, &act->session);
	return db_txn_rc(txn);
}

static void open_session(struct asking *a, const struct account *account)
{
	struct session_act act = {
		.session = { .account = account->id,
			     .agent = str_take(httpd_header(a->req, "User-Agent"), 300) },
		.cookie = oauth_secret(a->req->ctx.arena),
	};
	enum rc rc =
		act.cookie.ptr != NULL ? db_write(a->web->db, add_session, &act) : RC_NO_MEMORY;
	if (rc != RC_OK) {
		answer_rc(a, rc);
		return;
	}
	cookie_set(a->req, a->web, COOKIE_SESSION, act.cookie);
	back_to_consent(a);
}

static void sign_in(struct asking *a)
{
	struct str login = field(a, "login"), password = field(a, "password");
	struct account account;
	if (!form_token_fits(a->req->ctx.arena, cookie_get(a->req, a->web, COOKIE_FORM), "sign-in",
			     field(a, "token"))) {
		show_sign_in(a, 403, login, W_FORM_OLD);
		return;
	}
	enum rc rc = sign_in_check(a->web->sign_in, &a->req->ctx, login, password, &account);
	if (rc == RC_OK)
		open_session(a, &account);
	else if (rc == RC_UNAUTHENTICATED)
		show_sign_in(a, 401, login, W_SIGN_IN_WRONG);
	else
		answer_rc(a, rc);
}

struct consent_act {
	const struct asking *asking;
	struct str code;
};

static enum rc issue_code(struct db_txn *txn, void *arg)
{
	const struct consent_act *act = arg;
	const struct asking *a = act->asking;
	struct social s = { .txn = txn, .ctx = &a->req->ctx, .site = a->web->site };
	oauth_code_issue(&s, &a->request, &a->app, a->account.id, act->code);
	return db_txn_rc(txn);
}

static void consent(struct asking *a)
{
	struct consent_act act = { a, oauth_secret(a->req->ctx.arena) };
	enum rc rc = act.code.ptr != NULL ? db_write(a->web->db, issue_code, &act) : RC_NO_MEMORY;
	if (rc != RC_OK) {
		answer_rc(a, rc);
		return;
	}
	if (!is_out_of_band(a)) {
		redirect_back(a, "code", act.code);
		return;
	}
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	render_code(&page, a->web, act.code);
	answer(a, 200, &page);
}

static enum rc del_session(struct db_txn *txn, void *arg)
{
	const struct web_session *session = arg;
	web_session_del(txn, session->account, session->id);
	return db_txn_rc(txn);
}

static void switch_account(struct asking *a)
{
	enum rc rc = db_write(a->web->db, del_session, &a->session);
	if (rc != RC_OK) {
		answer_rc(a, rc);
		return;
	}
	cookie_set(a->req, a->web, COOKIE_SESSION, STR(""));
	back_to_consent(a);
}

void authorize_post(struct httpd_request *req, void *app)
{
	struct asking a;
	if (!begin(&a, req, app))
		return;
	struct str step = field(&a, "step");
	if (str_eq(step, STR("sign_in"))) {
		sign_in(&a);
		return;
	}
	if (a.account.id == 0 ||
	    !form_token_fits(req->ctx.arena, cookie_get(req, a.web, COOKIE_SESSION), "consent",
			     field(&a, "token"))) {
		show_sign_in(&a, 403, STR(""), W_FORM_OLD);
		return;
	}
	if (str_eq(step, STR("consent")))
		consent(&a);
	else if (str_eq(step, STR("switch")))
		switch_account(&a);
	else
		tell_error(&a, "access_denied");
}
