/*
 * /oauth/authorize: who is asked for consent signs in first. GET on listener threads, POST on worker
 * threads, since a password takes its time.
 */
#include "core/enc.h"
#include "sign_in_int.h"

/* --- answers --- */

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
		asking_refuse(a, 400, str_of(error));
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

/* RC_INVALID and RC_DENIED as of oauth_request_check(). */
static enum rc read_all(struct asking *a)
{
	struct db_txn *txn;
	enum rc rc = db_read_begin(a->web->db, &txn);
	if (rc != RC_OK)
		return rc;
	read_request(a);
	rc = oauth_request_check(&a->req->ctx, txn, &a->request, &a->app, &a->error);
	asking_read_session(a, txn);
	if (db_txn_rc(txn) != RC_OK)
		rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc;
}

/* False when the request is answered. */
static bool begin(struct asking *a, struct httpd_request *req, void *app)
{
	*a = (struct asking){ .web = web_of(app), .req = req, .path = "/oauth/authorize" };
	enum rc rc = read_all(a);
	if (rc == RC_DENIED)
		tell_error(a, a->error);
	else if (rc != RC_OK)
		asking_fail(a, rc);
	return rc == RC_OK;
}

/* --- showing --- */

static enum rc read_teams(struct asking *a, struct consent_view *view)
{
	struct team_choice *teams =
		ARENA_ARRAY(a->req->ctx.arena, TEAMS_OF_MAX, struct team_choice);
	struct db_txn *txn = NULL;
	enum rc rc = teams != NULL ? db_read_begin(a->web->db, &txn) : RC_NO_MEMORY;
	if (rc != RC_OK)
		return rc;
	view->team_count = asking_teams(a, txn, teams, TEAMS_OF_MAX);
	view->teams = teams;
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc;
}

static void show_consent(struct asking *a)
{
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	struct consent_view view = asking_view(a);
	enum rc rc = read_teams(a, &view);
	if (rc != RC_OK) {
		asking_fail(a, rc);
		return;
	}
	view.token = asking_token(a, "consent");
	asking_allow_form(a);
	render_consent(&page, a->web, &view);
	asking_answer(a, 200, &page);
}

void authorize_get(struct httpd_request *req, void *app)
{
	struct asking a;
	if (!begin(&a, req, app))
		return;
	bool force = str_eq(httpd_query(req, "force_login"), STR("true"));
	if (a.account.id == 0 || force)
		asking_show_sign_in(&a, 200, STR(""), W_LANGUAGE);
	else
		show_consent(&a);
}

/* --- deciding --- */

struct consent_act {
	const struct asking *asking;
	struct str code;
	uint64_t account; /* that the application is to act for */
};

static enum rc issue_code(struct db_txn *txn, void *arg)
{
	const struct consent_act *act = arg;
	const struct asking *a = act->asking;
	struct social s = { .txn = txn, .ctx = &a->req->ctx, .site = a->web->site };
	return oauth_code_issue(&s, &a->request, &a->app, a->account.id, act->account, act->code);
}

static void consent(struct asking *a)
{
	struct consent_act act = { a, oauth_secret(a->req->ctx.arena), a->account.id };
	struct str account = asking_field(a, "account");
	if (account.len != 0 && !str_to_u64(account, &act.account))
		act.account = 0;
	enum rc rc = act.code.ptr != NULL ? db_write(a->web->db, issue_code, &act) : RC_NO_MEMORY;
	if (rc == RC_DENIED) {
		asking_refuse(a, 403, str_of(err_text(&a->req->ctx.err)));
		return;
	}
	if (rc != RC_OK) {
		asking_fail(a, rc);
		return;
	}
	if (!is_out_of_band(a)) {
		redirect_back(a, "code", act.code);
		return;
	}
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	render_code(&page, a->web, act.code);
	asking_answer(a, 200, &page);
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
		asking_fail(a, rc);
		return;
	}
	cookie_set(a->req, a->web, COOKIE_SESSION, STR(""));
	asking_back(a);
}

void authorize_post(struct httpd_request *req, void *app)
{
	struct asking a;
	if (!begin(&a, req, app))
		return;
	struct str step = asking_field(&a, "step");
	if (asking_take(&a, step))
		return;
	if (a.account.id == 0 || !asking_token_fits(&a, "consent")) {
		asking_show_sign_in(&a, 403, STR(""), W_FORM_OLD);
		return;
	}
	if (str_eq(step, STR("consent")))
		consent(&a);
	else if (str_eq(step, STR("switch")))
		switch_account(&a);
	else
		tell_error(&a, "access_denied");
}
