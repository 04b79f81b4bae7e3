/*
 * Applications, codes, tokens and sessions. Owns tables app, app_client, code, token, token_of,
 * token_by, session and session_of. Inside transactions only.
 */
#include "store/oauth.h"

#include "oauth_int.h"
#include "store/subscription.h"
#include "store/tables.h"

#define APP_VERSION 1
#define CODE_VERSION 2	/* 1: without a person */
#define TOKEN_VERSION 2 /* the same */
#define SESSION_VERSION 1
#define ROW_MAX ((size_t)64 << 10)

/* --- applications --- */

static void app_encode(struct buf *row, const struct oauth_app *app)
{
	rec_add_u8(row, APP_VERSION);
	rec_add_num(row, app->created_ms);
	buf_add_bytes(row, app->secret.bytes, DIGEST_SIZE);
	rec_add_str(row, app->client_id);
	rec_add_str(row, app->name);
	rec_add_str(row, app->website);
	rec_add_str(row, app->scopes);
	rec_add_num(row, app->redirect_count);
	for (unsigned i = 0; i < app->redirect_count; i++)
		rec_add_str(row, app->redirects[i]);
}

static void read_digest(struct rec *r, struct digest *out)
{
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		out->bytes[i] = rec_u8(r);
}

static bool app_decode(struct arena *arena, struct str value, struct oauth_app *out)
{
	struct rec r = rec_open(arena_str(arena, value));
	uint8_t version = rec_u8(&r);
	out->created_ms = rec_num(&r);
	read_digest(&r, &out->secret);
	out->client_id = rec_str(&r);
	out->name = rec_str(&r);
	out->website = rec_str(&r);
	out->scopes = rec_str(&r);
	uint64_t count = rec_num(&r);
	if (count > OAUTH_REDIRECTS_MAX)
		return false;
	out->redirect_count = (unsigned)count;
	for (unsigned i = 0; i < count; i++)
		out->redirects[i] = rec_str(&r);
	return version == APP_VERSION && rec_ok(&r) && !arena_failed(arena);
}

void oauth_app_add(struct db_txn *txn, struct oauth_app *app)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX);
	app->id = db_next_id(txn);
	struct reckey key = reckey_u64(app->id);
	struct reckey client = reckey_digest(app->client_id);
	app_encode(&row, app);
	store_put(txn, &store_app, &key, &row);
	db_put(txn, &store_app_client, reckey_str(&client), reckey_str(&key));
}

bool oauth_app_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct oauth_app *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	*out = (struct oauth_app){ .id = id };
	return db_get(txn, &store_app, reckey_str(&key), &value) &&
	       (app_decode(arena, value, out) || store_undecoded(txn, arena));
}

bool oauth_app_find(struct db_txn *txn, struct arena *arena, struct str client_id,
		    struct oauth_app *out)
{
	struct reckey client = reckey_digest(client_id);
	struct str value;
	uint64_t id;
	return db_get(txn, &store_app_client, reckey_str(&client), &value) &&
	       reckey_read_u64(value, 0, &id) && oauth_app_get(txn, arena, id, out) &&
	       str_eq(out->client_id, client_id);
}

void oauth_app_del(struct db_txn *txn, struct arena *arena, uint64_t id)
{
	struct oauth_app app;
	if (!oauth_app_get(txn, arena, id, &app))
		return;
	struct reckey key = reckey_u64(id);
	struct reckey client = reckey_digest(app.client_id);
	db_del(txn, &store_app_client, reckey_str(&client));
	db_del(txn, &store_app, reckey_str(&key));
}

/* --- codes --- */

void oauth_code_put(struct db_txn *txn, struct str code, const struct oauth_code *c)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX);
	struct reckey key = reckey_digest(code);
	rec_add_u8(&row, CODE_VERSION);
	rec_add_num(&row, c->created_ms);
	rec_add_u64(&row, c->app);
	rec_add_u64(&row, c->account);
	rec_add_u64(&row, c->token);
	rec_add_str(&row, c->redirect);
	rec_add_str(&row, c->scopes);
	rec_add_str(&row, c->challenge);
	rec_add_u64(&row, c->person);
	store_put(txn, &store_code, &key, &row);
}

static bool code_decode(struct arena *arena, struct str value, struct oauth_code *out)
{
	struct rec r = rec_open(arena_str(arena, value));
	uint8_t version = rec_u8(&r);
	out->created_ms = rec_num(&r);
	out->app = rec_u64(&r);
	out->account = rec_u64(&r);
	out->token = rec_u64(&r);
	out->redirect = rec_str(&r);
	out->scopes = rec_str(&r);
	out->challenge = rec_str(&r);
	out->person = version > 1 ? rec_u64(&r) : 0;
	return version != 0 && version <= CODE_VERSION && rec_ok(&r) && !arena_failed(arena);
}

bool oauth_code_get(struct db_txn *txn, struct arena *arena, struct str code,
		    struct oauth_code *out)
{
	struct reckey key = reckey_digest(code);
	struct str value;
	return db_get(txn, &store_code, reckey_str(&key), &value) &&
	       (code_decode(arena, value, out) || store_undecoded(txn, arena));
}

/* --- tokens --- */

static void by_put(struct db_txn *txn, const struct oauth_token *t)
{
	struct reckey key = reckey_u64_u64(t->person, t->id), value = reckey_u64(t->account);
	if (t->person != 0)
		db_put(txn, &store_token_by, reckey_str(&key), reckey_str(&value));
}

void oauth_token_add(struct db_txn *txn, struct str token, struct oauth_token *t)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX);
	t->id = db_next_id(txn);
	rec_add_u8(&row, TOKEN_VERSION);
	rec_add_u64(&row, t->id);
	rec_add_u64(&row, t->account);
	rec_add_u64(&row, t->app);
	rec_add_num(&row, t->created_ms);
	rec_add_str(&row, t->scopes);
	rec_add_u64(&row, t->person);
	grant_add(txn, &oauth_token_tables, token, t->account, t->id, &row);
	by_put(txn, t);
}

static bool token_decode(struct arena *arena, struct str value, struct oauth_token *out)
{
	struct rec r = rec_open(arena_str(arena, value));
	uint8_t version = rec_u8(&r);
	out->id = rec_u64(&r);
	out->account = rec_u64(&r);
	out->app = rec_u64(&r);
	out->created_ms = rec_num(&r);
	out->scopes = rec_str(&r);
	out->person = version > 1 ? rec_u64(&r) : 0;
	return version != 0 && version <= TOKEN_VERSION && rec_ok(&r) && !arena_failed(arena);
}

bool oauth_token_find(struct db_txn *txn, struct arena *arena, struct str token,
		      struct oauth_token *out)
{
	struct reckey key = reckey_digest(token);
	struct str value;
	return db_get(txn, &store_token, reckey_str(&key), &value) &&
	       (token_decode(arena, value, out) || store_undecoded(txn, arena));
}

/* Who acts with it; 0: the account itself, or there is none. */
static uint64_t person_of(struct db_txn *txn, uint64_t account, uint64_t id)
{
	struct str row;
	uint64_t found;
	if (!grant_next(txn, &oauth_token_tables, account, id - 1, &found, &row) || found != id)
		return 0;
	struct rec r = rec_open(row);
	uint8_t version = rec_u8(&r);
	(void)rec_u64(&r);
	(void)rec_u64(&r);
	(void)rec_u64(&r);
	(void)rec_num(&r);
	(void)rec_str(&r);
	return version > 1 ? rec_u64(&r) : 0;
}

bool oauth_token_del(struct db_txn *txn, uint64_t account, uint64_t id)
{
	uint64_t person = person_of(txn, account, id);
	struct reckey by = reckey_u64_u64(person, id);
	if (person != 0)
		db_del(txn, &store_token_by, reckey_str(&by));
	/* S-101 */
	push_del(txn, account, id);
	return grant_del(txn, &oauth_token_tables, account, id);
}

size_t oauth_tokens(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t after,
		    struct oauth_token *out, size_t count)
{
	struct str row;
	size_t n = 0;
	while (n < count && grant_next(txn, &oauth_token_tables, account, after, &after, &row)) {
		if (!token_decode(arena, row, &out[n++])) {
			store_undecoded(txn, arena);
			return 0;
		}
	}
	return n;
}

void oauth_tokens_del(struct db_txn *txn, uint64_t account, uint64_t keep)
{
	uint64_t id = 0;
	struct str row;
	while (grant_next(txn, &oauth_token_tables, account, id, &id, &row)) {
		if (id != keep)
			oauth_token_del(txn, account, id);
	}
	push_del_all(txn, account, keep, SIZE_MAX);
}

bool oauth_token_by_next(struct db_txn *txn, uint64_t person, uint64_t after, uint64_t *id,
			 uint64_t *account)
{
	struct reckey prefix = reckey_u64(person), from = store_key_after(person, after);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	db_iter_open(&it, txn, &store_token_by, reckey_str(&prefix), DB_FORWARD, reckey_str(&from));
	return db_iter_next(&it, &key, &value) && reckey_read_u64(key, 8, id) &&
	       reckey_read_u64(value, 0, account);
}

/* --- browsers --- */

void web_session_add(struct db_txn *txn, struct str cookie, struct web_session *s)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX);
	s->id = db_next_id(txn);
	rec_add_u8(&row, SESSION_VERSION);
	rec_add_u64(&row, s->id);
	rec_add_u64(&row, s->account);
	rec_add_num(&row, s->created_ms);
	rec_add_str(&row, s->agent);
	grant_add(txn, &web_session_tables, cookie, s->account, s->id, &row);
}

static bool session_decode(struct arena *arena, struct str value, struct web_session *out)
{
	struct rec r = rec_open(arena_str(arena, value));
	uint8_t version = rec_u8(&r);
	out->id = rec_u64(&r);
	out->account = rec_u64(&r);
	out->created_ms = rec_num(&r);
	out->agent = rec_str(&r);
	return version == SESSION_VERSION && rec_ok(&r) && !arena_failed(arena);
}

bool web_session_find(struct db_txn *txn, struct arena *arena, struct str cookie,
		      struct web_session *out)
{
	struct reckey key = reckey_digest(cookie);
	struct str value;
	return db_get(txn, &store_session, reckey_str(&key), &value) &&
	       (session_decode(arena, value, out) || store_undecoded(txn, arena));
}

bool web_session_del(struct db_txn *txn, uint64_t account, uint64_t id)
{
	return grant_del(txn, &web_session_tables, account, id);
}

size_t web_sessions(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t after,
		    struct web_session *out, size_t count)
{
	struct str row;
	size_t n = 0;
	while (n < count && grant_next(txn, &web_session_tables, account, after, &after, &row)) {
		if (!session_decode(arena, row, &out[n++])) {
			store_undecoded(txn, arena);
			return 0;
		}
	}
	return n;
}

void web_sessions_del(struct db_txn *txn, uint64_t account, uint64_t keep)
{
	grants_del(txn, &web_session_tables, account, keep);
}
