/* The rules of OAuth 2: who may ask for what, and what becomes of it. */
#include "social/oauth.h"

#include "core/clock.h"
#include "core/enc.h"
#include "core/random.h"
#include "core/utf8.h"
#include "social/live.h"
#include "social/team.h"

#define SECRET_BYTES 32
#define NAME_CHARS 60
#define URI_BYTES 2000
#define VERIFIER_MIN 43 /* RFC 7636 section 4.1 */
#define VERIFIER_MAX 128

struct str oauth_secret(struct arena *arena)
{
	unsigned char bytes[SECRET_BYTES];
	struct buf text = BUF_INIT((size_t)SECRET_BYTES * 2);
	random_bytes(bytes, sizeof(bytes));
	enc_base64url(&text, str_n(bytes, sizeof(bytes)));
	return arena_take_buf(arena, &text);
}

/* --- applications --- */

/* What a browser would run instead of opening (RFC 9700 section 4.1). */
static bool is_script(struct str uri)
{
	static const struct str schemes[] = { STR_INIT("javascript:"), STR_INIT("data:"),
					      STR_INIT("vbscript:"), STR_INIT("blob:"),
					      STR_INIT("file:") };
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		if (str_has_prefix_nocase(uri, schemes[i]))
			return true;
	}
	return false;
}

/* RFC 3986 section 3.1; RFC 6749 section 3.1.2: absolute, no fragment. */
static bool is_absolute(struct str uri)
{
	size_t colon = str_index(uri, ':');
	if (colon == 0 || colon + 1 >= uri.len || str_index(uri, '#') != uri.len)
		return false;
	for (size_t i = 0; i < uri.len; i++) {
		unsigned char c = (unsigned char)uri.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		bool inner = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
		if (c <= ' ' || c >= 0x7f || c == '"' || c == '<' || c == '>')
			return false;
		if (i < colon && !letter && (i == 0 || !inner))
			return false;
	}
	return true;
}

static enum rc check_redirects(struct ctx *ctx, const struct oauth_registration *wanted)
{
	if (wanted->redirect_count == 0)
		return ctx_fail(ctx, RC_INVALID, "Redirect URI can't be blank");
	for (unsigned i = 0; i < wanted->redirect_count; i++) {
		struct str uri = wanted->redirects[i];
		if (uri.len > URI_BYTES)
			return ctx_fail(ctx, RC_INVALID, "Redirect URI is too long");
		if (!is_absolute(uri) || is_script(uri))
			return ctx_fail(ctx, RC_INVALID, "Redirect URI must be an absolute URI");
	}
	return RC_OK;
}

static enum rc check_registration(struct ctx *ctx, const struct oauth_registration *wanted,
				  struct str scopes)
{
	scope_set set;
	if (str_trim(wanted->name).len == 0)
		return ctx_fail(ctx, RC_INVALID, "Name can't be blank");
	if (utf8_count(wanted->name) > NAME_CHARS)
		return ctx_fail(ctx, RC_INVALID, "Name is too long (maximum is %d characters)",
				NAME_CHARS);
	if (wanted->website.len != 0 &&
	    (wanted->website.len > URI_BYTES ||
	     !(str_has_prefix_nocase(wanted->website, STR("https://")) ||
	       str_has_prefix_nocase(wanted->website, STR("http://"))) ||
	     !is_absolute(wanted->website)))
		return ctx_fail(ctx, RC_INVALID, "Website must be a valid URL");
	if (!scopes_parse(scopes, &set))
		return ctx_fail(ctx, RC_INVALID, "Scopes doesn't match configured on the server.");
	return check_redirects(ctx, wanted);
}

enum rc oauth_app_compose(struct ctx *ctx, const struct oauth_registration *wanted,
			  struct oauth_app *out, struct str *secret)
{
	struct str scopes = wanted->scopes.len != 0 ? wanted->scopes : STR("read");
	enum rc rc = check_registration(ctx, wanted, scopes);
	if (rc != RC_OK)
		return rc;
	*secret = oauth_secret(ctx->arena);
	*out = (struct oauth_app){ .client_id = oauth_secret(ctx->arena),
				   .secret = digest_sha256(*secret),
				   .name = str_trim(wanted->name),
				   .website = wanted->website,
				   .scopes = scopes,
				   .redirect_count = wanted->redirect_count };
	for (unsigned i = 0; i < wanted->redirect_count; i++)
		out->redirects[i] = wanted->redirects[i];
	return arena_failed(ctx->arena) ? RC_NO_MEMORY : RC_OK;
}

bool oauth_app_proves(const struct oauth_app *app, struct str secret)
{
	struct digest told = digest_sha256(secret);
	return str_eq_secret(str_n(told.bytes, DIGEST_SIZE), str_n(app->secret.bytes, DIGEST_SIZE));
}

/* Exactly as it was registered (RFC 9700 section 4.1.3). */
bool oauth_redirect_is_registered(const struct oauth_app *app, struct str redirect)
{
	for (unsigned i = 0; i < app->redirect_count; i++) {
		if (str_eq(app->redirects[i], redirect))
			return true;
	}
	return false;
}

/* --- asking for consent --- */

static bool is_within(struct str scopes, struct str limit)
{
	scope_set asked, may;
	return scopes_parse(scopes, &asked) && scopes_parse(limit, &may) && scopes_hold(may, asked);
}

enum rc oauth_request_check(struct ctx *ctx, struct db_txn *txn, struct oauth_request *request,
			    struct oauth_app *app, const char **error)
{
	if (request->client_id.len == 0 ||
	    !oauth_app_find(txn, ctx->arena, request->client_id, app))
		return ctx_fail(ctx, RC_INVALID, "This application is not known here.");
	if (!oauth_redirect_is_registered(app, request->redirect))
		return ctx_fail(ctx, RC_INVALID,
				"The application wants you to be sent to an address that it has "
				"not registered.");
	if (request->scopes.len == 0)
		request->scopes = STR("read");
	*error = NULL;
	if (!str_eq(request->response_type, STR("code")))
		*error = "unsupported_response_type";
	else if (!is_within(request->scopes, app->scopes))
		*error = "invalid_scope";
	/* RFC 9700 section 2.1.1: plain gives nothing */
	else if (request->challenge.len != 0 && (!str_eq(request->challenge_method, STR("S256")) ||
						 request->challenge.len != VERIFIER_MIN))
		*error = "invalid_request";
	return *error == NULL ? RC_OK : RC_DENIED;
}

enum rc oauth_code_issue(struct social *s, const struct oauth_request *request,
			 const struct oauth_app *app, uint64_t person, uint64_t account,
			 struct str code)
{
	bool own = person == account;
	if (!own && team_role_of(s->txn, s->ctx->arena, account, person) == TEAM_NOBODY)
		return ctx_fail(s->ctx, RC_DENIED, "You are no member of this team.");
	const struct oauth_code record = {
		.app = app->id,
		.account = account,
		.person = own ? 0 : person,
		.created_ms = db_txn_now(s->txn),
		.redirect = request->redirect,
		.scopes = request->scopes,
		.challenge = request->challenge,
	};
	oauth_code_put(s->txn, code, &record);
	return db_txn_rc(s->txn);
}

/* --- tokens --- */

/* RFC 7636 section 4.6. */
static bool verifier_fits(struct str challenge, struct str verifier)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT((size_t)DIGEST_SIZE * 2);
	if (challenge.len == 0)
		return verifier.len == 0;
	if (verifier.len < VERIFIER_MIN || verifier.len > VERIFIER_MAX)
		return false;
	struct digest digest = digest_sha256(verifier);
	enc_base64url(&text, str_n(digest.bytes, DIGEST_SIZE));
	return str_eq_secret(buf_str(&text), challenge);
}

static enum rc client(struct social *s, struct str client_id, struct str secret,
		      struct oauth_app *app)
{
	if (client_id.len == 0 || !oauth_app_find(s->txn, s->ctx->arena, client_id, app) ||
	    !oauth_app_proves(app, secret))
		return ctx_fail(s->ctx, RC_UNAUTHENTICATED,
				"Client authentication failed due to unknown client, no client "
				"authentication included, or unsupported authentication method.");
	return RC_OK;
}

/* A code proves the client where PKCE does: a public client has no secret that it could keep (RFC
 * 6749 section 2.1). */
static enum rc client_of_code(struct social *s, const struct oauth_redemption *r,
			      const struct oauth_code *code, struct oauth_app *app)
{
	bool public = r->client_secret.len == 0 && code->challenge.len != 0;
	if (!public)
		return client(s, r->client_id, r->client_secret, app);
	return oauth_app_find(s->txn, s->ctx->arena, r->client_id, app)
		       ? RC_OK
		       : ctx_fail(s->ctx, RC_UNAUTHENTICATED, "unknown client");
}

static enum rc refused(struct social *s)
{
	return ctx_fail(s->ctx, RC_DENIED,
			"The provided authorization grant is invalid, expired, revoked, does not "
			"match the redirection URI used in the authorization request, or was "
			"issued to another client.");
}

static void make_token(struct social *s, struct str token, struct oauth_token *out)
{
	out->created_ms = db_txn_now(s->txn);
	oauth_token_add(s->txn, token, out);
}

/* Streams that use it end, too (S-101). */
static void end_token(struct social *s, uint64_t account, uint64_t token)
{
	if (oauth_token_del(s->txn, account, token))
		live_tell(s->txn, LIVE_TOKEN_GONE, account, token, 0);
}

enum rc oauth_code_redeem(struct social *s, const struct oauth_redemption *r,
			  struct oauth_token *out)
{
	struct oauth_code code;
	struct oauth_app app;
	if (r->code.len == 0 || !oauth_code_get(s->txn, s->ctx->arena, r->code, &code))
		return refused(s);
	enum rc rc = client_of_code(s, r, &code, &app);
	if (rc != RC_OK)
		return rc;
	if (code.app != app.id || !str_eq(code.redirect, r->redirect) ||
	    code.created_ms + OAUTH_CODE_LIFE_MS < db_txn_now(s->txn) ||
	    !verifier_fits(code.challenge, r->verifier))
		return refused(s);
	if (code.token != 0) {
		end_token(s, code.account, code.token);
		return RC_GONE;
	}
	/* who left the team meanwhile gets nothing */
	if (code.person != 0 &&
	    team_role_of(s->txn, s->ctx->arena, code.account, code.person) == TEAM_NOBODY)
		return refused(s);
	*out = (struct oauth_token){
		.app = app.id, .account = code.account, .person = code.person, .scopes = code.scopes
	};
	make_token(s, r->token, out);
	if (code.person != 0)
		team_log(s, code.account, code.person, "app.allow", out->id, app.name);
	code.token = out->id;
	oauth_code_put(s->txn, r->code, &code);
	return db_txn_rc(s->txn);
}

enum rc oauth_client_token(struct social *s, struct str client_id, struct str client_secret,
			   struct str scopes, struct str token, struct oauth_token *out)
{
	struct oauth_app app;
	enum rc rc = client(s, client_id, client_secret, &app);
	if (rc != RC_OK)
		return rc;
	if (scopes.len == 0)
		scopes = STR("read");
	if (!is_within(scopes, app.scopes))
		return ctx_fail(s->ctx, RC_INVALID,
				"The requested scope is invalid, unknown, or malformed.");
	*out = (struct oauth_token){ .app = app.id, .scopes = scopes };
	make_token(s, token, out);
	return db_txn_rc(s->txn);
}

enum rc oauth_revoke(struct social *s, struct str client_id, struct str client_secret,
		     struct str token)
{
	struct oauth_app app;
	struct oauth_token record;
	enum rc rc = client(s, client_id, client_secret, &app);
	if (rc != RC_OK)
		return rc;
	if (token.len == 0 || !oauth_token_find(s->txn, s->ctx->arena, token, &record))
		return RC_OK;
	if (record.app != app.id)
		return ctx_fail(s->ctx, RC_DENIED, "You are not authorized to revoke this token");
	end_token(s, record.account, record.id);
	if (record.person != 0)
		team_log(s, record.account, record.person, "app.revoke", record.id, app.name);
	return db_txn_rc(s->txn);
}

/* Who acts for a team may what the role permits that they have now; nobody else acts for one. */
static enum rc act_for_team(struct db_txn *txn, struct arena *arena, struct bearer *b)
{
	uint64_t person = b->token.person;
	if ((b->account.flags & ACCOUNT_TEAM) == 0 && person == 0)
		return RC_OK;
	b->role = team_role_of(txn, arena, b->account.id, person);
	if (b->role == TEAM_NOBODY || !account_get(txn, arena, person, &b->person))
		return RC_UNAUTHENTICATED;
	b->scopes &= team_role_scopes(b->role);
	return RC_OK;
}

enum rc oauth_authenticate(struct db_txn *txn, struct arena *arena, struct str token,
			   struct bearer *out)
{
	*out = (struct bearer){ .scopes = 0 };
	if (token.len == 0 || !oauth_token_find(txn, arena, token, &out->token) ||
	    !scopes_parse(out->token.scopes, &out->scopes))
		return RC_UNAUTHENTICATED;
	out->scopes |= SCOPE_LETTERS;
	if (out->token.account == 0)
		return RC_OK;
	if (!account_get(txn, arena, out->token.account, &out->account))
		return RC_UNAUTHENTICATED;
	bool barred =
		account_is_gone(&out->account) || (out->account.flags & ACCOUNT_DISABLED) != 0;
	return barred ? RC_DENIED : act_for_team(txn, arena, out);
}
