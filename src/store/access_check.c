/* Integrity of what people sign in with and are reached by: factors, passkeys, challenges, push
 * subscriptions, tickets, e-mail addresses. */
#include "account_int.h"
#include "check_int.h"
#include "core/attr.h"
#include "factor_int.h"
#include "sign_up_int.h"
#include "store/account.h"
#include "store/tables.h"
#include "subscription_int.h"
#include "ticket_int.h"

#define ARENA_MAX ((size_t)1 << 20)

/* Only people of here have any of this. */
static void check_owner(const struct check *c, const char *what, uint64_t account)
{
	if (!check_has(c, &store_account, account))
		check_say(c, what, account, "is of no account");
}

/* --- factors --- */

static void check_factor(const struct check *c, struct str key, struct str value)
{
	struct factor f;
	uint64_t account;
	if (!reckey_read_u64(key, 0, &account))
		return;
	check_owner(c, "factor", account);
	if (!factor_decode(value, &f))
		check_say(c, "factor", account, "cannot be decoded");
}

static void check_passkey(const struct check *c, struct str key, struct str value)
{
	struct passkey p;
	uint64_t account, id;
	struct str place;
	if (!reckey_read_u64(key, 0, &account) || !reckey_read_u64(key, 8, &id))
		return;
	check_owner(c, "passkey", account);
	if (!passkey_decode(value, &p)) {
		check_say_pair(c, "passkey", account, id, "cannot be decoded");
		return;
	}
	struct reckey index = reckey_digest(p.credential);
	if (!db_get(c->txn, &store_passkey_id, reckey_str(&index), &place) || !str_eq(place, key))
		check_say_pair(c, "passkey", account, id, "is not found by its credential");
}

static void check_passkey_id(const struct check *c, struct str key, struct str value)
{
	struct passkey p;
	struct str row;
	if (value.len != 16 || !db_get(c->txn, &store_passkey, value, &row) ||
	    !passkey_decode(row, &p) || !check_uri_fits(key, p.credential))
		check_say(c, "passkey id", 0, "leads to no passkey of this credential");
}

static void check_challenge(const struct check *c, struct str key UNUSED, struct str value)
{
	enum challenge_use use;
	uint64_t account;
	if (!challenge_decode(value, &use, &account))
		check_say(c, "challenge", 0, "cannot be decoded");
}

/* --- subscriptions and tickets --- */

static void check_push(const struct check *c, struct str key, struct str value)
{
	struct push_subscription s;
	uint64_t account, token;
	if (!reckey_read_u64(key, 0, &account) || !reckey_read_u64(key, 8, &token))
		return;
	check_owner(c, "push subscription", account);
	if (!push_decode(value, &s))
		check_say_pair(c, "push subscription", account, token, "cannot be decoded");
}

static void check_ticket(const struct check *c, struct str key, struct str value)
{
	struct ticket t;
	uint64_t account;
	if (!reckey_read_u64(key, 0, &account))
		return;
	/* 0: who asked in vain (ticket_send_nobody()) */
	if (account != 0)
		check_owner(c, "ticket", account);
	if (!ticket_decode(value, &t))
		check_say(c, "ticket", account, "cannot be decoded");
}

static void check_sign_up(const struct check *c, struct str key, struct str value)
{
	struct sign_up s;
	uint64_t account;
	if (!reckey_read_u64(key, 0, &account))
		return;
	check_owner(c, "sign-up", account);
	if (!sign_up_decode(value, &s))
		check_say(c, "sign-up", account, "cannot be decoded");
}

/* --- addresses --- */

static void check_email(const struct check *c, struct str key, struct str value)
{
	struct account_secrets secrets;
	struct reckey own;
	uint64_t account;
	if (value.len != 8 || !reckey_read_u64(value, 0, &account) ||
	    !account_secrets_get(c->txn, c->arena, account, &secrets) || secrets.email.len == 0) {
		check_say(c, "e-mail address", 0, "leads to nobody who has one");
		return;
	}
	own = email_key(secrets.email);
	if (!str_eq(key, reckey_str(&own)))
		check_say(c, "e-mail address", account, "leads to somebody who has another one");
}

/* Two may have been given the same one: then it leads to the first of them. */
static void check_secrets(const struct check *c, struct str key, struct str value UNUSED)
{
	struct account_secrets secrets;
	uint64_t account;
	struct str found;
	if (!reckey_read_u64(key, 0, &account) ||
	    !account_secrets_get(c->txn, c->arena, account, &secrets) || secrets.email.len == 0)
		return;
	struct reckey index = email_key(secrets.email);
	if (!db_get(c->txn, &store_email, reckey_str(&index), &found))
		check_say(c, "account", account, "is not found by its e-mail address");
}

/* --- all of it --- */

static void check_all(struct db_txn *txn, void (*bad)(void *arg, struct str what), void *arg,
		      void (*run)(const struct check *c))
{
	struct arena *arena = arena_new(ARENA_MAX);
	const struct check c = { txn, arena, bad, arg };
	if (arena == NULL) {
		check_say(&c, "access", 0, "there is no memory to check it");
		return;
	}
	run(&c);
	arena_free(&arena);
}

static void factors_run(const struct check *c)
{
	check_walk(c, &store_factor, 8, check_factor);
	check_walk(c, &store_passkey, 16, check_passkey);
	check_walk(c, &store_passkey_id, 16, check_passkey_id);
	check_walk(c, &store_challenge, CHALLENGE_SIZE, check_challenge);
	check_walk(c, &store_email, 16, check_email);
	check_walk(c, &store_account_local, 8, check_secrets);
	check_end(c, "factors");
}

void factor_check(struct db_txn *txn, void (*bad)(void *arg, struct str what), void *arg)
{
	check_all(txn, bad, arg, factors_run);
}

static void push_run(const struct check *c)
{
	check_walk(c, &store_push, 16, check_push);
	check_end(c, "push subscriptions");
}

void push_check(struct db_txn *txn, void (*bad)(void *arg, struct str what), void *arg)
{
	check_all(txn, bad, arg, push_run);
}

static void tickets_run(const struct check *c)
{
	check_walk(c, &store_ticket, TICKET_KEY_SIZE, check_ticket);
	check_walk(c, &store_sign_up, 8, check_sign_up);
	check_end(c, "tickets and sign-ups");
}

void ticket_check(struct db_txn *txn, void (*bad)(void *arg, struct str what), void *arg)
{
	check_all(txn, bad, arg, tickets_run);
}
