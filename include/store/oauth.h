/*
 * What OAuth 2 keeps (RFC 6749): applications, authorization codes, access tokens, and the sessions
 * of browsers that signed in. Secrets are stored as digests and found by them (S-103): whoever reads
 * the database can use none of them.
 */
#ifndef FF_STORE_OAUTH_H
#define FF_STORE_OAUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "crypt/digest.h"
#include "db/db.h"

/* --- applications --- */

#define OAUTH_REDIRECTS_MAX 10

struct oauth_app {
	uint64_t id;
	struct str client_id;
	struct digest secret; /* of the client secret */
	struct str name;
	struct str website;
	struct str scopes; /* separated by spaces */
	struct str redirects[OAUTH_REDIRECTS_MAX];
	unsigned redirect_count;
	uint64_t created_ms;
};

/* Adds it under a new id. */
void oauth_app_add(struct db_txn *txn, struct oauth_app *app);
/* Copied into arena. False when there is none. */
bool oauth_app_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct oauth_app *out);
bool oauth_app_find(struct db_txn *txn, struct arena *arena, struct str client_id,
		    struct oauth_app *out);
void oauth_app_del(struct db_txn *txn, struct arena *arena, uint64_t id);

/* --- codes --- */

struct oauth_code {
	uint64_t app, account;
	uint64_t person; /* who acts for the account; 0: the account itself */
	uint64_t created_ms;
	uint64_t token;	      /* what it was redeemed for; 0: nothing yet */
	struct str redirect;  /* the redirect URI of the request */
	struct str scopes;    /* that were granted */
	struct str challenge; /* of PKCE, S256; empty: none */
};

void oauth_code_put(struct db_txn *txn, struct str code, const struct oauth_code *record);
bool oauth_code_get(struct db_txn *txn, struct arena *arena, struct str code,
		    struct oauth_code *out);

/* --- tokens --- */

struct oauth_token {
	uint64_t id;
	uint64_t app;
	uint64_t account; /* 0: the application's own (client credentials) */
	uint64_t person;  /* who acts for the account, a team's; 0: the account itself */
	uint64_t created_ms;
	struct str scopes;
};

/* Adds it under a new id. */
void oauth_token_add(struct db_txn *txn, struct str token, struct oauth_token *record);
bool oauth_token_find(struct db_txn *txn, struct arena *arena, struct str token,
		      struct oauth_token *out);
/* By id. True when there was one. */
bool oauth_token_del(struct db_txn *txn, uint64_t account, uint64_t id);
/* An account's tokens in order of their ids, after `after`; 0 is the applications' own. */
size_t oauth_tokens(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t after,
		    struct oauth_token *out, size_t count);
/* Ends all of an account but that of id keep (0: none). */
void oauth_tokens_del(struct db_txn *txn, uint64_t account, uint64_t keep);
/* Those with which a person acts for teams, in order of their ids, after `after`: each one's id and
 * account. False behind the last. */
bool oauth_token_by_next(struct db_txn *txn, uint64_t person, uint64_t after, uint64_t *id,
			 uint64_t *account);

/* --- browsers --- */

struct web_session {
	uint64_t id;
	uint64_t account;
	uint64_t created_ms;
	struct str agent; /* what the browser calls itself */
};

void web_session_add(struct db_txn *txn, struct str cookie, struct web_session *record);
bool web_session_find(struct db_txn *txn, struct arena *arena, struct str cookie,
		      struct web_session *out);
bool web_session_del(struct db_txn *txn, uint64_t account, uint64_t id);
size_t web_sessions(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t after,
		    struct web_session *out, size_t count);
void web_sessions_del(struct db_txn *txn, uint64_t account, uint64_t keep);

/* Integrity: what is found by its digest is listed with its account, and the other way round. */
void oauth_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		 void *arg);

#endif
