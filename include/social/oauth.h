/*
 * OAuth 2 (RFC 6749, RFC 7636, RFC 9700): applications register, people consent, codes become
 * tokens. And how people sign in. Who asks over HTTP is module api and module web.
 *
 * Secrets are made before the write that stores them, since a job may run again.
 */
#ifndef FF_SOCIAL_OAUTH_H
#define FF_SOCIAL_OAUTH_H

#include "core/ctx.h"
#include "social/scope.h"
#include "social/social.h"
#include "store/oauth.h"
#include "store/team.h"

#define OAUTH_CODE_LIFE_MS (10 * MS_PER_MINUTE)
/* Where a code is shown to the person instead of sent to an application. */
#define OAUTH_OUT_OF_BAND "urn:ietf:wg:oauth:2.0:oob"

/* 256 random bits as text, in arena; absent without memory. */
struct str oauth_secret(struct arena *arena);

/* --- applications --- */

struct oauth_registration {
	struct str name, website, scopes; /* scopes empty: "read" */
	struct str redirects[OAUTH_REDIRECTS_MAX];
	unsigned redirect_count;
};

/*
 * Outside any write: checks, and makes the client's id and secret. RC_INVALID with the reason in
 * ctx.
 */
enum rc oauth_app_compose(struct ctx *ctx, const struct oauth_registration *wanted,
			  struct oauth_app *out, struct str *secret) NODISCARD;
bool oauth_app_proves(const struct oauth_app *app, struct str secret);
bool oauth_redirect_is_registered(const struct oauth_app *app, struct str redirect);

/* --- asking for consent --- */

/* What a client asks for, decoded from the query of /oauth/authorize. */
struct oauth_request {
	struct str response_type, client_id, redirect, scopes, state;
	struct str challenge, challenge_method;
};

/*
 * May it be asked? RC_INVALID, with the reason in ctx, when the person must be told and the client
 * must not hear of it (RFC 6749 section 4.1.2.1: an unknown client or redirect); RC_DENIED when the
 * client is told, with the error code of that section in *error. scopes empty become "read".
 */
enum rc oauth_request_check(struct ctx *ctx, struct db_txn *txn, struct oauth_request *request,
			    struct oauth_app *app, const char **error) NODISCARD;
/*
 * The person has consented that the application acts for account: their own, or a team's in which they
 * have a role. The code is to be redeemed within OAUTH_CODE_LIFE_MS. RC_DENIED: they have none.
 */
enum rc oauth_code_issue(struct social *s, const struct oauth_request *request,
			 const struct oauth_app *app, uint64_t person, uint64_t account,
			 struct str code) NODISCARD;

/* --- tokens --- */

struct oauth_redemption {
	struct str code, client_id, client_secret, redirect, verifier;
	struct str token; /* that is to be made */
};

/*
 * RC_DENIED (invalid_grant), RC_UNAUTHENTICATED (invalid_client), each with the reason in ctx. A code
 * that comes twice ends the token that it was redeemed for (RFC 6749 section 4.1.2): RC_GONE, after
 * which the job ends with RC_OK, so that this is committed.
 */
enum rc oauth_code_redeem(struct social *s, const struct oauth_redemption *r,
			  struct oauth_token *out) NODISCARD;
/* A token of the application's own (RFC 6749 section 4.4). RC_UNAUTHENTICATED, RC_INVALID (scopes).
 */
enum rc oauth_client_token(struct social *s, struct str client_id, struct str client_secret,
			   struct str scopes, struct str token, struct oauth_token *out) NODISCARD;
/* RFC 7009: an unknown token is no error. RC_DENIED when it is another client's. */
enum rc oauth_revoke(struct social *s, struct str client_id, struct str client_secret,
		     struct str token) NODISCARD;

/* Who stands behind a token. */
struct bearer {
	struct oauth_token token;
	scope_set scopes;
	struct account account; /* id 0: the application itself */
	struct account person;	/* who acts for that account, a team's; id 0: itself */
	enum team_role role;	/* theirs */
};
/* RC_UNAUTHENTICATED when there is no such token, RC_DENIED when its account, which is filled in,
 * may not act: it is barred, disabled, or not let in yet. */
enum rc oauth_authenticate(struct db_txn *txn, struct arena *arena, struct str token,
			   struct bearer *out) NODISCARD;

/* --- signing in --- */

/* Passwords are checked a few at a time, whoever asks. NULL when memory is exhausted. */
struct sign_in;
struct sign_in *sign_in_new(struct db *db);
void sign_in_free(struct sign_in **sign_in);
/*
 * Who has this name and password? Slow on purpose: never on a listener thread
 * (S-104). RC_UNAUTHENTICATED whatever is wrong, after the same time. RC_BUSY: too many at once. Who
 * waits to be let in is found, too.
 */
enum rc sign_in_check(struct sign_in *s, struct ctx *ctx, struct str login, struct str password,
		      struct account *out) NODISCARD;
/* The same gate for the password of an account that is known, and for making the hash of a new one
 * (password_hash()'s, in ctx's arena): RC_UNAUTHENTICATED, RC_INVALID, RC_BUSY. */
enum rc sign_in_again(struct sign_in *s, struct ctx *ctx, uint64_t account,
		      struct str password) NODISCARD;
enum rc sign_in_hash(struct sign_in *s, struct ctx *ctx, struct str password,
		     struct str *hash) NODISCARD;
/* Is a new password among the first guesses (S-104)? Of whom or what is not known, the empty string. */
bool sign_in_is_weak(const struct site *site, struct str password, struct str username,
		     struct str email) NODISCARD;
/* And for making the keys of a new account, which take a core for a while. RC_BUSY, RC_NO_MEMORY. */
struct seal_key;
enum rc sign_in_keys(struct sign_in *s, struct ctx *ctx, const struct seal_key *seal,
		     struct str uri, uint64_t now_ms, struct account_secrets *out) NODISCARD;
/* Ends every token and session of an account but the session keep (S-101). */
void sign_out_everywhere(struct db_txn *txn, uint64_t account, uint64_t keep);

#endif
