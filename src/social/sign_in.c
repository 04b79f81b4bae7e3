/* Passwords at sign-in: a few at a time, since each takes memory and a core for a while. */
#include <pthread.h>
#include <stdlib.h>

#include "core/must.h"
#include "social/account.h"
#include "social/live.h"
#include "social/oauth.h"
#include "social/team.h"

#define AT_ONCE 2
#define WAITING_MAX 16

struct sign_in {
	struct db *db;
	pthread_mutex_t mutex; /* of what follows */
	pthread_cond_t changed;
	unsigned running, waiting;
};

struct sign_in *sign_in_new(struct db *db)
{
	struct sign_in *s = calloc(1, sizeof(*s));
	if (s == NULL)
		return NULL;
	s->db = db;
	must(pthread_mutex_init(&s->mutex, NULL) == 0);
	must(pthread_cond_init(&s->changed, NULL) == 0);
	return s;
}

void sign_in_free(struct sign_in **at)
{
	if (*at == NULL)
		return;
	must((*at)->running == 0);
	pthread_cond_destroy(&(*at)->changed);
	pthread_mutex_destroy(&(*at)->mutex);
	free(*at);
	*at = NULL;
}

/* False when too many wait already. */
static bool enter(struct sign_in *s)
{
	pthread_mutex_lock(&s->mutex);
	bool may = s->waiting < WAITING_MAX;
	if (may) {
		s->waiting++;
		while (s->running == AT_ONCE)
			pthread_cond_wait(&s->changed, &s->mutex);
		s->waiting--;
		s->running++;
	}
	pthread_mutex_unlock(&s->mutex);
	return may;
}

static void leave(struct sign_in *s)
{
	pthread_mutex_lock(&s->mutex);
	s->running--;
	pthread_cond_signal(&s->changed);
	pthread_mutex_unlock(&s->mutex);
}

/*
 * People of this node are found by their e-mail address, or by their name, with or without the domain
 * behind it.
 */
static bool find(struct db_txn *txn, struct arena *arena, struct str login, struct account *out)
{
	struct str user, host;
	uint64_t owner = account_id_of_email(txn, login);
	if (owner != 0)
		return account_get(txn, arena, owner, out) && (out->flags & ACCOUNT_TEAM) == 0 &&
		       !account_is_barred(out);
	if (str_has_prefix(login, STR("@")))
		login = str_skip(login, 1);
	str_split(login, '@', &user, &host);
	return user.len != 0 && account_find_handle(txn, arena, user, STR(""), out) &&
	       (out->flags & (ACCOUNT_INSTANCE | ACCOUNT_DISABLED | ACCOUNT_TEAM)) == 0 &&
	       !account_is_barred(out);
}

static enum rc read_hash(struct ctx *ctx, struct db *db, struct str login, struct account *out,
			 struct str *hash)
{
	struct db_txn *txn;
	struct account_secrets secrets;
	*hash = STR_NONE;
	enum rc rc = db_read_begin(db, &txn);
	if (rc != RC_OK)
		return rc;
	if (find(txn, ctx->arena, login, out) &&
	    account_secrets_get(txn, ctx->arena, out->id, &secrets) &&
	    secrets.password_hash.len != 0)
		*hash = secrets.password_hash;
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc;
}

enum rc sign_in_check(struct sign_in *s, struct ctx *ctx, struct str login, struct str password,
		      struct account *out)
{
	struct str hash;
	enum rc rc = read_hash(ctx, s->db, str_trim(login), out, &hash);
	if (rc != RC_OK)
		return rc;
	if (!enter(s))
		return RC_BUSY;
	/* an account that is not there takes as long (S-104, S-109) */
	bool right = password_verify(password, hash);
	leave(s);
	return right ? RC_OK : RC_UNAUTHENTICATED;
}

static enum rc read_own_hash(struct ctx *ctx, struct db *db, uint64_t account, struct str *hash)
{
	struct account_secrets secrets;
	struct db_txn *txn;
	enum rc rc = db_read_begin(db, &txn);
	*hash = STR_NONE;
	if (rc != RC_OK)
		return rc;
	if (account_secrets_get(txn, ctx->arena, account, &secrets))
		*hash = secrets.password_hash;
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc;
}

enum rc sign_in_again(struct sign_in *s, struct ctx *ctx, uint64_t account, struct str password)
{
	struct str hash;
	enum rc rc = read_own_hash(ctx, s->db, account, &hash);
	if (rc != RC_OK)
		return rc;
	if (!enter(s))
		return RC_BUSY;
	bool right = password_verify(password, hash);
	leave(s);
	return right ? RC_OK : RC_UNAUTHENTICATED;
}

bool sign_in_is_weak(const struct site *site, struct str password, struct str username,
		     struct str email)
{
	const struct str own[] = {
		STR("fediflow"),
		site->title,
		site->domain,
		str_take(site->domain, str_index(site->domain, '.')),
		username,
		email,
		str_take(email, str_index(email, '@')),
	};
	return password_is_weak(password, own, ARRAY_LEN(own));
}

enum rc sign_in_hash(struct sign_in *s, struct ctx *ctx, struct str password, struct str *hash)
{
	struct buf out = BUF_INIT(512);
	if (!enter(s))
		return RC_BUSY;
	enum rc rc = password_hash(password, &out);
	leave(s);
	*hash = arena_take_buf(ctx->arena, &out);
	return rc == RC_OK && hash->ptr == NULL ? RC_NO_MEMORY : rc;
}

enum rc sign_in_keys(struct sign_in *s, struct ctx *ctx, const struct seal_key *seal_with,
		     struct str uri, uint64_t now_ms, struct account_secrets *out)
{
	if (!enter(s))
		return RC_BUSY;
	enum rc rc = account_keys_make(ctx, seal_with, uri, now_ms, out);
	leave(s);
	return rc;
}

void sign_out_everywhere(struct db_txn *txn, uint64_t account, uint64_t keep)
{
	oauth_tokens_del(txn, account, 0);
	live_tell(txn, LIVE_TOKEN_GONE, account, 0, 0);
	team_sign_out(txn, account, 0);
	web_sessions_del(txn, account, keep);
}
