/* Integrity of apps, tokens and sessions: rows to indexes and back; and forgetting old ones. */
#include "check_int.h"
#include "core/clock.h"
#include "oauth_int.h"
#include "store/oauth.h"
#include "store/tables.h"
#include "sweep_int.h"

#define DIGEST_LEN 16 /* of the keys that are digests */
#define CODE_LIFE_MS (20 * MS_PER_MINUTE)
#define SESSION_LIFE_MS (365 * MS_PER_DAY)

/* Of a token or session: version, id, account stand first. */
static bool owner_of(struct str row, uint64_t *account, uint64_t *id)
{
	return reckey_read_u64(row, 1, id) && reckey_read_u64(row, 9, account);
}

static void check_secret(const struct check *c, const struct grant_tables *tables, struct str key,
			 struct str value)
{
	uint64_t account = 0, id = 0;
	struct str digest;
	bool ok = owner_of(value, &account, &id);
	struct reckey owner = reckey_u64_u64(account, id);
	if (!ok || !db_get(c->txn, tables->by_owner, reckey_str(&owner), &digest) ||
	    !str_eq(digest, key))
		check_say(c, tables->by_secret->name, id, "is not listed with its account");
}

static void check_owner(const struct check *c, const struct grant_tables *tables, struct str key,
			struct str digest)
{
	uint64_t account = 0, id = 0;
	struct str row;
	bool ok = db_get(c->txn, tables->by_secret, digest, &row) && owner_of(row, &account, &id);
	struct reckey owner = reckey_u64_u64(account, id);
	if (!ok || !str_eq(key, reckey_str(&owner)))
		check_say(c, tables->by_owner->name, id, "is listed and not there");
}

static void token_row(const struct check *c, struct str key, struct str value)
{
	check_secret(c, &oauth_token_tables, key, value);
}

static void token_of_row(const struct check *c, struct str key, struct str value)
{
	check_owner(c, &oauth_token_tables, key, value);
}

static void token_by_row(const struct check *c, struct str key, struct str value)
{
	struct oauth_token token;
	uint64_t person = 0, id = 0, account = 0;
	bool ok = reckey_read_u64(key, 0, &person) && reckey_read_u64(key, 8, &id) &&
		  reckey_read_u64(value, 0, &account);
	if (!ok || oauth_tokens(c->txn, c->arena, account, id - 1, &token, 1) != 1 ||
	    token.id != id || token.person != person)
		check_say(c, "token-by", id, "is no token of this person");
}

static void session_row(const struct check *c, struct str key, struct str value)
{
	check_secret(c, &web_session_tables, key, value);
}

static void session_of_row(const struct check *c, struct str key, struct str value)
{
	check_owner(c, &web_session_tables, key, value);
}

static void app_row(const struct check *c, struct str key, struct str value UNUSED)
{
	struct oauth_app app;
	uint64_t id = 0;
	struct str found;
	if (!reckey_read_u64(key, 0, &id) || !oauth_app_get(c->txn, c->arena, id, &app)) {
		check_say(c, "app", id, "cannot be decoded");
		return;
	}
	struct reckey client = reckey_digest(app.client_id);
	if (!db_get(c->txn, &store_app_client, reckey_str(&client), &found) || !str_eq(found, key))
		check_say(c, "app", id, "is not found by its client id");
}

static void app_client_row(const struct check *c, struct str key, struct str value)
{
	struct oauth_app app = { .id = 0 };
	uint64_t id = 0;
	bool ok = reckey_read_u64(value, 0, &id) && oauth_app_get(c->txn, c->arena, id, &app);
	struct reckey client = reckey_digest(app.client_id);
	if (!ok || !str_eq(key, reckey_str(&client)))
		check_say(c, "app", id, "is found by a client id that it does not have");
}

void oauth_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		 void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_app, 8, app_row);
	check_walk(&c, &store_app_client, DIGEST_LEN, app_client_row);
	check_walk(&c, &store_token, DIGEST_LEN, token_row);
	check_walk(&c, &store_token_of, 16, token_of_row);
	check_walk(&c, &store_token_by, 16, token_by_row);
	check_walk(&c, &store_session, DIGEST_LEN, session_row);
	check_walk(&c, &store_session_of, 16, session_of_row);
	check_end(&c, "oauth");
}

/* --- forgetting --- */

static void old_code(struct db_txn *txn, struct str key, struct str value, void *arg)
{
	const uint64_t *now = arg;
	struct rec r = rec_open(value);
	(void)rec_u8(&r);
	if (rec_num(&r) + CODE_LIFE_MS < *now)
		db_del(txn, &store_code, key);
}

bool oauth_codes_sweep(struct db_txn *txn, uint64_t now_ms, struct sweep_cursor *cursor,
		       size_t count)
{
	return sweep_walk(txn, &store_code, cursor, count, old_code, &now_ms);
}

static void old_session(struct db_txn *txn, struct str key UNUSED, struct str value, void *arg)
{
	const uint64_t *now = arg;
	struct rec r = rec_open(value);
	(void)rec_u8(&r);
	uint64_t id = rec_u64(&r), account = rec_u64(&r), created = rec_num(&r);
	if (rec_sound(&r) && created + SESSION_LIFE_MS < *now)
		web_session_del(txn, account, id);
}

bool web_sessions_sweep(struct db_txn *txn, uint64_t now_ms, struct sweep_cursor *cursor,
			size_t count)
{
	return sweep_walk(txn, &store_session, cursor, count, old_session, &now_ms);
}
