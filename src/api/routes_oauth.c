/* Applications and tokens, for programs. The page where a person consents is module web's. */
#include "view_int.h"

#include "core/enc.h"

/* --- applications --- */

struct app_params {
	struct str client_name, scopes, website;
	struct str redirect; /* several, each on a line of its own */
	struct str_list redirects;
};

static const struct param app_rows[] = {
	PARAM_STR(struct app_params, client_name, "client_name", 1000),
	PARAM_STR(struct app_params, scopes, "scopes", 2000),
	PARAM_STR(struct app_params, website, "website", 4000),
	PARAM_STR(struct app_params, redirect, "redirect_uris", 20000),
	PARAM_STRS(struct app_params, redirects, "redirect_uris", 4000),
};
PARAM_TABLE(app_params, struct app_params, app_rows);

/* A list, or lines of one text (Mastodon 4.3). */
static enum rc read_redirects(struct ctx *ctx, const struct app_params *p,
			      struct oauth_registration *out)
{
	for (size_t i = 0; i < p->redirects.count; i++) {
		struct str lines = p->redirects.list[i], line;
		while (str_next(&lines, '\n', &line)) {
			line = str_trim(line);
			if (line.len == 0)
				continue;
			if (out->redirect_count == OAUTH_REDIRECTS_MAX)
				return ctx_fail(ctx, RC_INVALID, "Too many redirect URIs");
			out->redirects[out->redirect_count++] = line;
		}
	}
	return RC_OK;
}

static void render_app_members(struct jw *w, const struct oauth_app *app, struct str server_key)
{
	struct str scopes = app->scopes, scope;
	struct buf lines CLEANUP(buf_free) = BUF_INIT((size_t)64 << 10);
	jw_member_id(w, "id", app->id);
	jw_member_str(w, "name", app->name);
	jw_member_nullable(w, "website", app->website);
	jw_name(w, "scopes");
	jw_array(w);
	while (str_next(&scopes, ' ', &scope)) {
		if (scope.len != 0)
			jw_str(w, scope);
	}
	jw_end(w);
	jw_name(w, "redirect_uris");
	jw_array(w);
	for (unsigned i = 0; i < app->redirect_count; i++) {
		jw_str(w, app->redirects[i]);
		buf_addf(&lines, "%s%.*s", i == 0 ? "" : "\n", STR_ARG(app->redirects[i]));
	}
	jw_end(w);
	jw_member_str(w, "redirect_uri", buf_str(&lines));
	jw_member_str(w, "vapid_key", server_key);
}

static enum rc add_app(struct social *s, void *arg)
{
	struct oauth_app *app = arg;
	app->created_ms = db_txn_now(s->txn);
	oauth_app_add(s->txn, app);
	return db_txn_rc(s->txn);
}

static void post_app(struct call *call)
{
	const struct app_params *p = call->params;
	struct oauth_registration wanted = { .name = p->client_name,
					     .website = p->website,
					     .scopes = p->scopes };
	struct oauth_app app;
	struct str secret = STR_NONE;
	enum rc rc = read_redirects(call->ctx, p, &wanted);
	if (rc == RC_OK)
		rc = oauth_app_compose(call->ctx, &wanted, &app, &secret);
	if (rc == RC_INVALID) {
		struct str text = arena_printf(call->ctx->arena, "Validation failed: %s",
					       err_text(&call->ctx->err));
		reply_error(call, 422, arena_cstr(call->ctx->arena, text));
		return;
	}
	if (rc == RC_OK)
		rc = call_write(call, add_app, &app);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct str server_key = call_server_key(call);
	struct jw *w = reply_begin(call);
	jw_object(w);
	render_app_members(w, &app, server_key);
	jw_member_str(w, "client_id", app.client_id);
	jw_member_str(w, "client_secret", secret);
	jw_member_u64(w, "client_secret_expires_at", 0); /* never */
	jw_end(w);
	reply_end(call, 200);
}

static void get_app(struct call *call)
{
	struct oauth_app app;
	struct db_txn *txn;
	enum rc rc = call_read(call, &txn);
	if (rc == RC_OK) {
		if (!oauth_app_get(txn, call->ctx->arena, call->bearer.token.app, &app))
			rc = RC_NOT_FOUND;
		db_read_end(&txn);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct str server_key = call_server_key(call);
	struct jw *w = reply_begin(call);
	jw_object(w);
	render_app_members(w, &app, server_key);
	jw_end(w);
	reply_end(call, 200);
}

/* --- tokens --- */

struct token_params {
	struct str grant_type, code, client_id, client_secret, redirect_uri, code_verifier;
	struct str scope, token;
};

static const struct param token_rows[] = {
	PARAM_STR(struct token_params, grant_type, "grant_type", 100),
	PARAM_STR(struct token_params, code, "code", 200),
	PARAM_STR(struct token_params, client_id, "client_id", 200),
	PARAM_STR(struct token_params, client_secret, "client_secret", 200),
	PARAM_STR(struct token_params, redirect_uri, "redirect_uri", 4000),
	PARAM_STR(struct token_params, code_verifier, "code_verifier", 200),
	PARAM_STR(struct token_params, scope, "scope", 2000),
};
PARAM_TABLE(token_params, struct token_params, token_rows);

static const struct param revoke_rows[] = {
	PARAM_STR(struct token_params, client_id, "client_id", 200),
	PARAM_STR(struct token_params, client_secret, "client_secret", 200),
	PARAM_STR(struct token_params, token, "token", 200),
};
PARAM_TABLE(revoke_params, struct token_params, revoke_rows);

static struct str part(struct call *call, struct str text)
{
	struct buf plain = BUF_INIT(1024);
	return enc_unpercent(&plain, text) ? arena_take_buf(call->ctx->arena, &plain) : STR("");
}

/* RFC 6749 section 2.3.1: both are percent-encoded before they are joined. */
static void read_basic(struct call *call, struct token_params *p)
{
	struct str header = httpd_header(call->req, "Authorization"), id, secret;
	struct buf text = BUF_INIT(1024);
	if (!str_has_prefix_nocase(header, STR("Basic ")) ||
	    !enc_unbase64(&text, str_trim(str_skip(header, 6))))
		return;
	struct str pair = arena_take_buf(call->ctx->arena, &text);
	if (!str_split(pair, ':', &id, &secret))
		return;
	p->client_id = part(call, id);
	p->client_secret = part(call, secret);
}

/* RFC 6749 section 5.2. */
static void reply_oauth_error(struct call *call, unsigned status, const char *error,
			      const char *description)
{
	struct jw *w = reply_begin(call);
	if (status == 401)
		httpd_add_header(call->req, "WWW-Authenticate", STR("Basic realm=\"FediFlow\""));
	jw_object(w);
	jw_member_str(w, "error", str_of(error));
	jw_member_str(w, "error_description", str_of(description));
	jw_end(w);
	reply_end(call, status);
}

static void reply_refusal(struct call *call, enum rc rc)
{
	const char *text = err_text(&call->ctx->err);
	if (rc == RC_UNAUTHENTICATED)
		reply_oauth_error(call, 401, "invalid_client", text);
	else if (rc == RC_GONE || rc == RC_DENIED)
		reply_oauth_error(call, 400, "invalid_grant", text);
	else if (rc == RC_INVALID)
		reply_oauth_error(call, 400, "invalid_scope", text);
	else
		reply_rc(call, rc);
}

struct token_act {
	const struct token_params *params;
	struct str secret; /* of the token */
	struct oauth_token token;
	enum rc rc;
};

static enum rc redeem(struct social *s, void *arg)
{
	struct token_act *act = arg;
	const struct token_params *p = act->params;
	const struct oauth_redemption r = { .code = p->code,
					    .client_id = p->client_id,
					    .client_secret = p->client_secret,
					    .redirect = p->redirect_uri,
					    .verifier = p->code_verifier,
					    .token = act->secret };
	act->rc = oauth_code_redeem(s, &r, &act->token);
	/* that a code came twice is remembered */
	return act->rc == RC_GONE ? RC_OK : act->rc;
}

static enum rc client_token(struct social *s, void *arg)
{
	struct token_act *act = arg;
	act->rc = oauth_client_token(s, act->params->client_id, act->params->client_secret,
				     act->params->scope, act->secret, &act->token);
	return act->rc;
}

static social_job *grant_of(struct str type)
{
	if (str_eq(type, STR("authorization_code")))
		return redeem;
	return str_eq(type, STR("client_credentials")) ? client_token : NULL;
}

static void post_token(struct call *call)
{
	struct token_params p = *(const struct token_params *)call->params;
	struct token_act act = { .params = &p, .secret = oauth_secret(call->ctx->arena) };
	social_job *job = grant_of(p.grant_type);
	read_basic(call, &p);
	if (job == NULL) {
		reply_oauth_error(call, 400, "unsupported_grant_type",
				  "The authorization grant type is not supported by the "
				  "authorization server.");
		return;
	}
	if (act.secret.ptr == NULL) {
		reply_rc(call, RC_NO_MEMORY);
		return;
	}
	enum rc rc = call_write(call, job, &act);
	if (rc == RC_OK)
		rc = act.rc;
	if (rc != RC_OK) {
		reply_refusal(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	httpd_add_header(call->req, "Pragma", STR("no-cache"));
	jw_object(w);
	jw_member_str(w, "access_token", act.secret);
	jw_member_str(w, "token_type", STR("Bearer"));
	jw_member_str(w, "scope", act.token.scopes);
	jw_member_u64(w, "created_at", act.token.created_ms / MS_PER_SECOND);
	jw_end(w);
	reply_end(call, 200);
}

static enum rc revoke(struct social *s, void *arg)
{
	const struct token_params *p = arg;
	return oauth_revoke(s, p->client_id, p->client_secret, p->token);
}

static void post_revoke(struct call *call)
{
	struct token_params p = *(const struct token_params *)call->params;
	read_basic(call, &p);
	enum rc rc = call_write(call, revoke, &p);
	/* RFC 7009 section 2.2.1 */
	if (rc == RC_UNAUTHENTICATED || rc == RC_DENIED)
		reply_oauth_error(call, 403, "unauthorized_client", err_text(&call->ctx->err));
	else if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_empty(call);
}

/* --- who signed in, and what this server can do --- */

/* OpenID Connect Core section 5.3.2, as far as Mastodon answers it. */
static void get_userinfo(struct call *call)
{
	const struct account *a = call_account(call);
	struct jw *w = reply_begin(call);
	jw_object(w);
	jw_member_str(w, "iss",
		      arena_join(call->ctx->arena, call->api->parts.site->base, STR("/")));
	jw_member_str(w, "sub", a->uri);
	jw_member_str(w, "name", a->display_name);
	jw_member_str(w, "preferred_username", a->username);
	jw_member_str(w, "profile", a->url);
	if (a->avatar.len != 0)
		jw_member_str(w, "picture", a->avatar);
	jw_end(w);
	reply_end(call, 200);
}

static void member_address(struct jw *w, const struct site *site, const char *name,
			   const char *path)
{
	struct buf url CLEANUP(buf_free) = BUF_INIT(2048);
	buf_addf(&url, "%.*s%s", STR_ARG(site->base), path);
	jw_member_str(w, name, buf_str(&url));
}

static void member_words(struct jw *w, const char *name, const char *const *words)
{
	jw_name(w, name);
	jw_array(w);
	for (; *words != NULL; words++)
		jw_str(w, str_of(*words));
	jw_end(w);
}

/* RFC 8414. */
static void get_metadata(struct call *call)
{
	static const char *const code[] = { "code", NULL };
	static const char *const query[] = { "query", NULL };
	static const char *const grants[] = { "authorization_code", "client_credentials", NULL };
	static const char *const methods[] = { "client_secret_basic", "client_secret_post", NULL };
	static const char *const challenges[] = { "S256", NULL };
	const struct site *site = call->api->parts.site;
	struct jw *w = reply_begin(call);
	jw_object(w);
	member_address(w, site, "issuer", "/");
	member_address(w, site, "service_documentation", "/");
	member_address(w, site, "authorization_endpoint", "/oauth/authorize");
	member_address(w, site, "token_endpoint", "/oauth/token");
	member_address(w, site, "revocation_endpoint", "/oauth/revoke");
	member_address(w, site, "userinfo_endpoint", "/oauth/userinfo");
	member_address(w, site, "app_registration_endpoint", "/api/v1/apps");
	jw_name(w, "scopes_supported");
	jw_array(w);
	for (size_t i = 0; scope_name(i).ptr != NULL; i++)
		jw_str(w, scope_name(i));
	jw_end(w);
	member_words(w, "response_types_supported", code);
	member_words(w, "response_modes_supported", query);
	member_words(w, "grant_types_supported", grants);
	member_words(w, "token_endpoint_auth_methods_supported", methods);
	member_words(w, "code_challenge_methods_supported", challenges);
	jw_end(w);
	reply_end(call, 200);
}

#define POST HTTP_POST
#define GET HTTP_GET

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ POST, "/api/v1/apps", AUTH_NONE, 0, RATE_SIGN_UP, &app_params, post_app },
	{ GET, "/api/v1/apps/verify_credentials", AUTH_APP, 0, RATE_COMMON, NULL, get_app },
	{ POST, "/oauth/token", AUTH_NONE, 0, RATE_TOKEN, &token_params, post_token },
	{ POST, "/oauth/revoke", AUTH_NONE, 0, RATE_TOKEN, &revoke_params, post_revoke },
	{ GET, "/oauth/userinfo", AUTH_USER, SCOPE(PROFILE) | SCOPE(READ_ACCOUNTS), RATE_COMMON,
	  NULL, get_userinfo },
	{ GET, "/.well-known/oauth-authorization-server", AUTH_NONE, 0, RATE_COMMON, NULL,
	  get_metadata },
};
API_ROWS_END
const struct api_route_table oauth_api = { routes, ARRAY_LEN(routes) };
