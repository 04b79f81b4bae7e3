/* How people came here: the row, forgetting somebody who was never let in, and the sweep. */
#include "../sign_up_int.h"
#include "store/node.h"
#include "store/oauth.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "store/ticket.h"
#include "store/uri.h"
#include "testdb.h"

static const struct sign_up some = { .app = 300,
				     .asked_ms = UINT64_C(1795172168000),
				     .address = STR_INIT("192.0.2.1"),
				     .locale = STR_INIT("de"),
				     .reason = STR_INIT("I work here.") };

static void rows_come_back_and_truncations_are_refused(void **state UNUSED)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(1024);
	struct sign_up s;
	sign_up_encode(&row, &some);
	assert_true(sign_up_decode(buf_str(&row), &s));
	assert_int_equal(s.app, 300);
	assert_int_equal(s.asked_ms, some.asked_ms);
	assert_str_eq(s.address, some.address);
	assert_str_eq(s.locale, some.locale);
	assert_str_eq(s.reason, some.reason);
	for (size_t n = 0; n < row.len; n++)
		assert_false(sign_up_decode(str_take(buf_str(&row), n), &s));
	buf_add_chr(&row, 'x');
	assert_false(sign_up_decode(buf_str(&row), &s));
	row.ptr[0] ^= 64;
	assert_false(sign_up_decode(str_take(buf_str(&row), row.len - 1), &s));
}

/* --- in the database --- */

struct person {
	struct test_db *t;
	struct account account;
	unsigned flags;
	uint64_t asked_ms;
};

static enum rc add_person(struct db_txn *txn, void *arg)
{
	struct person *p = arg;
	struct account_secrets secrets = { .email = STR("somebody@example.org") };
	struct oauth_token token = { .account = p->account.id, .scopes = STR("read") };
	struct ticket ticket = { .email = STR("somebody@example.org"), .ends_ms = 1 };
	struct sign_up s = some;
	p->account.flags |= p->flags;
	/* who waits is nobody yet */
	node_count(txn, p->flags != 0 ? -1 : 0, 0);
	assert_true(account_put(txn, p->t->arena, &p->account));
	if (account_id_of_email(txn, secrets.email) == 0)
		account_secrets_put(txn, p->account.id, &secrets);
	oauth_token_add(txn, p->account.username, &token);
	ticket_put(txn, p->account.id, TICKET_CONFIRM, &ticket);
	s.account = p->account.id;
	s.asked_ms = p->asked_ms;
	sign_up_put(txn, &s);
	return RC_OK;
}

static struct person person(struct test_db *t, const char *name, unsigned flags, uint64_t asked_ms)
{
	struct person p = {
		.t = t, .account = test_db_local(t, name), .flags = flags, .asked_ms = asked_ms
	};
	assert_int_equal(db_write(t->db, add_person, &p), RC_OK);
	return p;
}

static enum rc forget(struct db_txn *txn, void *arg)
{
	const struct person *p = arg;
	sign_up_forget(txn, p->account.id);
	return RC_OK;
}

static bool is_known(struct test_db *t, const struct account *a)
{
	struct account found;
	struct db_txn *txn = test_db_read(t);
	bool by_name = account_find_handle(txn, t->arena, a->username, STR(""), &found);
	assert_int_equal(account_get(txn, t->arena, a->id, &found), by_name);
	assert_int_equal(account_find_uri(txn, t->arena, a->uri, &found), by_name);
	db_read_end(&txn);
	return by_name;
}

static void who_was_never_let_in_is_forgotten_whole(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct person ann = person(&t, "ann", ACCOUNT_UNCONFIRMED, 1);
	assert_true(is_known(&t, &ann.account));
	test_db_check(&t);
	assert_int_equal(db_write(t.db, forget, &ann), RC_OK);
	assert_false(is_known(&t, &ann.account));
	static struct db_table *const tables[] = {
		&store_account, &store_account_local, &store_handle, &store_uri,     &store_email,
		&store_ticket,	&store_sign_up,	      &store_token,  &store_token_of
	};
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		assert_int_equal(test_db_rows(&t, tables[i]), 0);
	test_db_check(&t);
	/* the name is free again */
	struct account again = test_db_local(&t, "ann");
	assert_int_not_equal(again.id, ann.account.id);
}

static enum rc sweep(struct db_txn *txn, void *arg)
{
	const uint64_t *now_ms = arg;
	struct sweep_cursor cursor = { .len = 0 };
	while (!sign_ups_sweep(txn, *now_ms, &cursor, 2))
		;
	return RC_OK;
}

static void the_sweep_takes_who_never_confirmed(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	uint64_t now = UINT64_C(1795172168000), week = now - SIGN_UP_CONFIRM_MS;
	struct person late = person(&t, "late", ACCOUNT_UNCONFIRMED, week);
	struct person both = person(&t, "both", ACCOUNT_WAITING, week);
	struct person soon = person(&t, "soon", ACCOUNT_UNCONFIRMED, week + 1);
	struct person asks = person(&t, "asks", ACCOUNT_UNAPPROVED, 1);
	struct person here = person(&t, "here", 0, week);
	struct person old = person(&t, "old", 0, now - SIGN_UP_KEEP_MS);
	assert_int_equal(db_write(t.db, sweep, &now), RC_OK);
	assert_false(is_known(&t, &late.account));
	assert_false(is_known(&t, &both.account));
	assert_true(is_known(&t, &soon.account));
	assert_true(is_known(&t, &asks.account));
	assert_true(is_known(&t, &here.account));
	assert_true(is_known(&t, &old.account));
	assert_int_equal(test_db_rows(&t, &store_sign_up), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_come_back_and_truncations_are_refused),
		cmocka_unit_test(who_was_never_let_in_is_forgotten_whole),
		cmocka_unit_test(the_sweep_takes_who_never_confirmed),
	};
	return cmocka_run_group_tests_name("sign_up", tests, NULL, NULL);
}
