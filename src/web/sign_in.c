/*
 * Signing in, step by step: password, then a second factor where there is one; or a passkey alone.
 * GET on listener threads, steps on worker threads.
 */
#include "core/enc.h"
#include "core/utf8.h"
#include "crypt/digest.h"
#include "httpd/form.h"
#include "queue/queue.h"
#include "sign_in_int.h"

#define HTML_TYPE "text/html; charset=utf-8"

/* --- reading --- */

void asking_read_session(struct asking *a, struct db_txn *txn)
{
	struct arena *arena = a->req->ctx.arena;
	struct str cookie = cookie_get(a->req, a->web, COOKIE_SESSION);
	if (cookie.len == 0 || !web_session_find(txn, arena, cookie, &a->session) ||
	    !account_get(txn, arena, a->session.account, &a->account) ||
	    account_is_gone(&a->account) || (a->account.flags & ACCOUNT_TEAM) != 0)
		a->account.id = 0;
}

enum rc asking_begin(struct asking *a, struct httpd_request *req, void *app, const char *path)
{
	struct db_txn *txn = NULL;
	*a = (struct asking){ .web = web_of(app), .req = req, .path = path };
	enum rc rc = db_read_begin(a->web->db, &txn);
	if (rc != RC_OK)
		return rc;
	asking_read_session(a, txn);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc;
}

struct str asking_token(struct asking *a, const char *purpose)
{
	return form_token(a->req->ctx.arena, cookie_get(a->req, a->web, COOKIE_SESSION), purpose);
}

bool asking_token_fits(struct asking *a, const char *purpose)
{
	return form_token_fits(a->req->ctx.arena, cookie_get(a->req, a->web, COOKIE_SESSION),
			       purpose, asking_field(a, "token"));
}

struct str asking_field(struct asking *a, const char *name)
{
	if (a->parts.count == 0)
		return form_find(a->req->ctx.arena, a->req->body, str_of(name));
	const struct multipart_part *part = multipart_find(&a->parts, str_of(name));
	return part != NULL && !part->file && utf8_valid(part->bytes) &&
			       str_index(part->bytes, '\0') == part->bytes.len
		       ? part->bytes
		       : STR_NONE;
}

const struct multipart_part *asking_file(const struct asking *a, const char *name)
{
	const struct multipart_part *part = multipart_find(&a->parts, str_of(name));
	return part != NULL && part->file && part->bytes.len != 0 ? part : NULL;
}

static enum rc read_parts(struct asking *a)
{
	struct str type = httpd_header(a->req, "Content-Type");
	return multipart_is(type) ? multipart_parse(&a->req->ctx, type, a->req->body, &a->parts)
				  : RC_OK;
}

struct writing {
	struct asking *asking;
	enum rc (*job)(struct social *s, void *arg);
	void *arg;
	bool enqueued;
};

static enum rc write_job(struct db_txn *txn, void *arg)
{
	struct writing *w = arg;
	struct ctx *ctx = &w->asking->req->ctx;
	ctx->err = (struct err){ 0 };
	struct social s = { .txn = txn, .ctx = ctx, .site = w->asking->web->site };
	enum rc rc = w->job(&s, w->arg);
	w->enqueued = s.enqueued;
	return rc;
}

enum rc asking_write(struct asking *a, enum rc (*job)(struct social *s, void *arg), void *arg)
{
	struct writing w = { a, job, arg, false };
	enum rc rc = db_write(a->web->db, write_job, &w);
	if (rc == RC_OK && w.enqueued && a->web->queue != NULL)
		queue_wake(a->web->queue);
	return rc;
}

/* --- answers --- */

/* CSP section 6.4.1: redirects count. */
void asking_allow_form(struct asking *a)
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
				      "default-src 'none'; script-src 'self'; style-src 'self'; "
				      "img-src 'self' data:; form-action 'self' %.*s; "
				      "base-uri 'none'; frame-ancestors 'none'",
				      STR_ARG(target)));
}

void asking_answer(struct asking *a, unsigned status, struct buf *page)
{
	httpd_add_header(a->req, "Cache-Control", STR("private, no-store"));
	httpd_reply(a->req, status, HTML_TYPE, page);
}

void asking_refuse(struct asking *a, unsigned status, struct str why)
{
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	render_refusal(&page, a->web, why);
	asking_answer(a, status, &page);
}

static const struct refusal {
	enum rc rc;
	unsigned status;
	enum word word; /* where the act has given no reason */
} refusals[] = {
	{ RC_DENIED, 403, W_ACT_DENIED },     { RC_INVALID, 422, W_ACT_WRONG },
	{ RC_TOO_LARGE, 422, W_ACT_WRONG },   { RC_NOT_FOUND, 409, W_ACT_NOT_THERE },
	{ RC_EXISTS, 409, W_ACT_SO_ALREADY }, { RC_CONFLICT, 409, W_ACT_NOT_THERE },
	{ RC_GONE, 409, W_ACT_NOT_THERE },
};

void web_too_large(struct httpd_request *req, void *app)
{
	struct asking a = { .web = web_of(app), .req = req };
	struct buf why = BUF_INIT(1024);
	const size_t most = req->route->body_max;
	bool mib = most >= (size_t)1 << 20;
	struct str limit = arena_printf(req->ctx.arena, "%zu %s", most >> (mib ? 20 : 10),
					mib ? "MiB" : "KiB");
	word_fill(&why, W_BODY_TOO_LARGE, limit);
	asking_refuse(&a, 413, arena_take_buf(req->ctx.arena, &why));
}

unsigned asking_refusal(struct asking *a, enum rc rc, struct str *why)
{
	const struct err *err = &a->req->ctx.err;
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		if (refusals[i].rc != rc)
			continue;
		*why = err->rc != RC_OK && err->detail[0] != '\0' ? str_of(err->detail)
								  : word(refusals[i].word);
		return refusals[i].status;
	}
	return 0;
}

void asking_refuse_often(struct asking *a)
{
	asking_refuse(a, 429, word(W_TOO_OFTEN));
}

void asking_fail(struct asking *a, enum rc rc)
{
	if (rc == RC_INVALID || rc == RC_TOO_LARGE)
		asking_refuse(a, rc == RC_INVALID ? 400 : 413, str_of(err_text(&a->req->ctx.err)));
	else
		asking_refuse(a, rc == RC_BUSY || rc == RC_NO_MEMORY ? 503 : 500,
			      word(rc == RC_BUSY ? W_BUSY_MORE : W_BROKEN_MORE));
}

/* The same request, without being made to sign in once more. */
void asking_back(struct asking *a)
{
	struct buf url CLEANUP(buf_free) = BUF_INIT((size_t)16 << 10);
	struct str query = a->req->query, part;
	char before = '?';
	buf_add(&url, str_of(a->path));
	while (str_next(&query, '&', &part)) {
		if (str_has_prefix(part, STR("force_login=")))
			continue;
		buf_addf(&url, "%c%.*s", before, STR_ARG(part));
		before = '&';
	}
	httpd_redirect(a->req, 303, buf_str(&url));
}

/* --- showing --- */

struct consent_view asking_view(struct asking *a)
{
	return (struct consent_view){ .path = a->path,
				      .app = a->app.id != 0 ? &a->app : NULL,
				      .request = &a->request,
				      .account = a->account.id != 0 ? &a->account : NULL,
				      .query = a->req->query,
				      .login = STR(""),
				      .pending = STR(""),
				      .passkey = STR(""),
				      .complaint = W_LANGUAGE };
}

struct str asking_form_cookie(struct asking *a)
{
	struct str cookie = cookie_get(a->req, a->web, COOKIE_FORM);
	if (cookie.len == 0) {
		cookie = oauth_secret(a->req->ctx.arena);
		cookie_set(a->req, a->web, COOKIE_FORM, cookie);
	}
	return cookie;
}

void asking_show_sign_in(struct asking *a, unsigned status, struct str login, enum word complaint)
{
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	struct consent_view view = asking_view(a);
	view.token = form_token(a->req->ctx.arena, asking_form_cookie(a), "sign-in");
	view.login = login.ptr != NULL ? login : STR("");
	view.complaint = complaint;
	asking_allow_form(a);
	render_sign_in(&page, a->web, &view);
	asking_answer(a, status, &page);
}

/* --- who has given a password --- */

static struct str pending_mac(struct asking *a, uint64_t ends_ms, uint64_t account)
{
	struct str cookie = cookie_get(a->req, a->web, COOKIE_FORM);
	struct str text = arena_printf(a->req->ctx.arena, "pending:%llu:%llu:%.*s",
				       (unsigned long long)ends_ms, (unsigned long long)account,
				       STR_ARG(cookie));
	struct digest mac = digest_hmac(str_n(a->web->seal->bytes, SEAL_KEY_SIZE), text);
	struct buf hex = BUF_INIT((size_t)2 * DIGEST_SIZE);
	enc_hex(&hex, str_n(mac.bytes, DIGEST_SIZE));
	return arena_take_buf(a->req->ctx.arena, &hex);
}

struct str asking_pending_make(struct asking *a, uint64_t account)
{
	uint64_t ends_ms = clock_wall_ms(a->web->clock) + PENDING_LIFE_MS;
	return arena_printf(a->req->ctx.arena, "%llu.%llu.%.*s", (unsigned long long)ends_ms,
			    (unsigned long long)account, STR_ARG(pending_mac(a, ends_ms, account)));
}

uint64_t asking_pending_read(struct asking *a)
{
	struct str rest = asking_field(a, "pending"), ends, account;
	uint64_t ends_ms, id;
	if (!str_next(&rest, '.', &ends) || !str_next(&rest, '.', &account) ||
	    !str_to_u64(ends, &ends_ms) || !str_to_u64(account, &id) ||
	    ends_ms <= clock_wall_ms(a->web->clock) ||
	    cookie_get(a->req, a->web, COOKIE_FORM).len == 0 ||
	    !str_eq_secret(rest, pending_mac(a, ends_ms, id)))
		return 0;
	return id;
}

/* --- the session --- */

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

static void open_session(struct asking *a, uint64_t account)
{
	struct session_act act = {
		.session = { .account = account,
			     .agent = str_take(httpd_header(a->req, "User-Agent"), 300) },
		.cookie = oauth_secret(a->req->ctx.arena),
	};
	enum rc rc =
		act.cookie.ptr != NULL ? db_write(a->web->db, add_session, &act) : RC_NO_MEMORY;
	if (rc != RC_OK) {
		asking_fail(a, rc);
		return;
	}
	cookie_set(a->req, a->web, COOKIE_SESSION, act.cookie);
	asking_back(a);
}

/* --- second factors --- */

struct asking_passkey {
	struct challenge challenge;
	uint64_t account;
};

static enum rc put_challenge(struct social *s, void *arg)
{
	const struct asking_passkey *p = arg;
	challenge_put(s->txn, &p->challenge, CHALLENGE_SIGN_IN, p->account);
	return db_txn_rc(s->txn);
}

/* What the browser is to be asked for a passkey of account, or of whoever comes (0). */
static enum rc ask_passkey(struct asking *a, uint64_t account, struct str *options)
{
	struct asking_passkey p = { challenge_new(clock_wall_ms(a->web->clock)), account };
	struct db_txn *txn = NULL;
	enum rc rc = asking_write(a, put_challenge, &p);
	if (rc == RC_OK)
		rc = db_read_begin(a->web->db, &txn);
	if (rc != RC_OK)
		return rc;
	rc = passkey_request_options(&a->req->ctx, txn, a->web->site, account, &p.challenge,
				     options);
	if (db_txn_rc(txn) != RC_OK)
		rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc;
}

static enum rc read_state(struct asking *a, uint64_t account, struct factor_state *out)
{
	struct db_txn *txn;
	enum rc rc = db_read_begin(a->web->db, &txn);
	if (rc != RC_OK)
		return rc;
	*out = factor_state(txn, a->req->ctx.arena, account);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc;
}

/* Account 0: nobody has given a password, and a passkey alone is asked for. */
static void show_factor(struct asking *a, unsigned status, uint64_t account, enum word complaint)
{
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	struct consent_view view = asking_view(a);
	struct factor_state state = { .passkeys = 1 };
	enum rc rc = account != 0 ? read_state(a, account, &state) : RC_OK;
	if (rc == RC_OK && state.passkeys != 0)
		rc = ask_passkey(a, account, &view.passkey);
	if (rc != RC_OK) {
		asking_fail(a, rc);
		return;
	}
	view.token =
		form_token(a->req->ctx.arena, cookie_get(a->req, a->web, COOKIE_FORM), "sign-in");
	view.pending = account != 0 ? asking_pending_make(a, account) : STR("");
	view.complaint = complaint;
	asking_allow_form(a);
	render_factor(&page, a->web, &view);
	asking_answer(a, status, &page);
}

/* --- the steps --- */

/* The same name, however it is written: no limit shows that it belongs to somebody (S-109). */
static struct str login_of(struct asking *a)
{
	const struct site *site = a->web->site;
	struct str login = str_trim(asking_field(a, "login")), user, host;
	if (str_has_prefix(login, STR("@")))
		login = str_skip(login, 1);
	return str_split(login, '@', &user, &host) && str_eq_nocase(host, site->domain) ? user
											: login;
}

static bool may_try(struct asking *a)
{
	struct gate *gate = a->web->reception->gate;
	return gate_client(gate, GATE_SIGN_IN, a->req->client) &&
	       gate_subject(gate, GATE_SIGN_IN, login_of(a));
}

static void take_password(struct asking *a)
{
	struct str login = asking_field(a, "login");
	struct factor_state state = { .totp = false };
	struct account account;
	if (!may_try(a)) {
		asking_refuse_often(a);
		return;
	}
	enum rc rc = sign_in_check(a->web->sign_in, &a->req->ctx, login,
				   asking_field(a, "password"), &account);
	if (rc == RC_OK)
		rc = read_state(a, account.id, &state);
	if (rc == RC_UNAUTHENTICATED)
		asking_show_sign_in(a, 401, login, W_SIGN_IN_WRONG);
	else if (rc != RC_OK)
		asking_fail(a, rc);
	else if (account_is_waiting(&account))
		waiting_show(a, 200, account.id, W_LANGUAGE);
	else if (factor_is_needed(&state))
		show_factor(a, 200, account.id, W_LANGUAGE);
	else
		open_session(a, account.id);
}

struct factor_try {
	const struct seal_key *seal;
	uint64_t account;
	struct str code;
	enum rc verdict;
};

static enum rc try_factor(struct social *s, void *arg)
{
	struct factor_try *t = arg;
	return factor_use(s, t->seal, t->account, t->code, &t->verdict);
}

static void take_factor(struct asking *a)
{
	struct factor_try t = { .seal = a->web->seal,
				.account = asking_pending_read(a),
				.code = str_trim(asking_field(a, "code")) };
	if (t.account == 0) {
		asking_show_sign_in(a, 403, STR(""), W_FORM_OLD);
		return;
	}
	enum rc rc = asking_write(a, try_factor, &t);
	if (rc != RC_OK)
		asking_fail(a, rc);
	else if (t.verdict == RC_OK)
		open_session(a, t.account);
	else
		show_factor(a, t.verdict == RC_BUSY ? 429 : 401, t.account,
			    t.verdict == RC_BUSY ? W_FACTOR_LOCKED : W_FACTOR_WRONG);
}

struct passkey_try {
	struct passkey_answer answer;
	uint64_t account, who;
	enum rc verdict;
};

static enum rc try_passkey(struct social *s, void *arg)
{
	struct passkey_try *t = arg;
	struct account a;
	enum rc rc = passkey_use(s, t->account, &t->answer, &t->who, &t->verdict);
	if (rc == RC_OK && t->verdict == RC_OK &&
	    (!account_get(s->txn, s->ctx->arena, t->who, &a) || account_is_gone(&a)))
		t->verdict = RC_DENIED;
	return rc;
}

static void take_passkey(struct asking *a)
{
	struct passkey_try t = { .account = asking_pending_read(a) };
	enum rc rc = passkey_answer_read(&a->req->ctx, asking_field(a, "answer"), &t.answer);
	if (rc == RC_OK)
		rc = asking_write(a, try_passkey, &t);
	else
		t.verdict = rc = rc == RC_NO_MEMORY ? rc : RC_DENIED;
	if (rc != RC_OK && rc != RC_DENIED)
		asking_fail(a, rc);
	else if (t.verdict == RC_OK)
		open_session(a, t.who);
	else
		show_factor(a, 401, t.account, W_PASSKEY_WRONG);
}

static void ask_for_passkey(struct asking *a)
{
	show_factor(a, 200, 0, W_LANGUAGE);
}

static const struct step {
	const char *name;
	void (*take)(struct asking *a);
} steps[] = {
	{ "sign_in", take_password },	    { "factor", take_factor },
	{ "passkey_ask", ask_for_passkey }, { "passkey", take_passkey },
	{ "letter", waiting_take },
};

/* --- pages for who is signed in --- */

bool asking_open(struct asking *a, struct httpd_request *req, void *app, const char *path)
{
	enum rc rc = asking_begin(a, req, app, path);
	if (rc != RC_OK)
		asking_fail(a, rc);
	else if (a->account.id == 0)
		asking_show_sign_in(a, 200, STR(""), W_LANGUAGE);
	return rc == RC_OK && a->account.id != 0;
}

bool asking_open_form(struct asking *a, struct httpd_request *req, void *app, const char *path,
		      const char *purpose)
{
	enum rc rc = asking_begin(a, req, app, path);
	if (rc == RC_OK)
		rc = read_parts(a);
	if (rc != RC_OK) {
		asking_fail(a, rc);
		return false;
	}
	if (asking_take(a, asking_field(a, "step")))
		return false;
	if (a->account.id != 0 && asking_token_fits(a, purpose))
		return true;
	asking_show_sign_in(a, 403, STR(""), W_FORM_OLD);
	return false;
}

bool asking_take(struct asking *a, struct str step)
{
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		if (!str_eq(step, str_of(steps[i].name)))
			continue;
		if (form_token_fits(a->req->ctx.arena, cookie_get(a->req, a->web, COOKIE_FORM),
				    "sign-in", asking_field(a, "token")))
			steps[i].take(a);
		else
			asking_show_sign_in(a, 403, asking_field(a, "login"), W_FORM_OLD);
		return true;
	}
	return false;
}
