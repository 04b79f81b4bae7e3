/* Apps, codes, tokens, sessions: round trips, whose they are, and that no secret is stored. */
#include "store/oauth.h"

#include "core/clock.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "testdb.h"

#define SECRET "zsjO7uVbV2yVd1Gk4RP0gS5Bf9eT6mK8cXqNwLhJrYA"

struct task {
	struct oauth_app app;
	struct oauth_code code;
	struct oauth_token token;
	struct web_session session;
	struct str secret;
	uint64_t account, id;
	struct arena *arena;
};

static enum rc add_app(struct db_txn *txn, void *arg)
{
	struct task *t = arg;
	oauth_app_add(txn, &t->app);
	return db_txn_rc(txn);
}

static enum rc del_app(struct db_txn *txn, void *arg)
{
	struct task *t = arg;
	oauth_app_del(txn, t->arena, t->app.id);
	return db_txn_rc(txn);
}

static enum rc put_code(struct db_txn *txn, void *arg)
{
	struct task *t = arg;
	oauth_code_put(txn, t->secret, &t->code);
	return db_txn_rc(txn);
}

static enum rc add_token(struct db_txn *txn, void *arg)
{
	struct task *t = arg;
	oauth_token_add(txn, t->secret, &t->token);
	return db_txn_rc(txn);
}

static enum rc del_tokens(struct db_txn *txn, void *arg)
{
	struct task *t = arg;
	oauth_tokens_del(txn, t->account, t->id);
	return db_txn_rc(txn);
}

static enum rc add_session(struct db_txn *txn, void *arg)
{
	struct task *t = arg;
	web_session_add(txn, t->secret, &t->session);
	return db_txn_rc(txn);
}

static enum rc sweep(struct db_txn *txn, void *arg UNUSED)
{
	struct sweep_cursor codes = { .len = 0 }, sessions = { .len = 0 };
	assert_true(oauth_codes_sweep(txn, db_txn_now(txn), &codes, 100));
	assert_true(web_sessions_sweep(txn, db_txn_now(txn), &sessions, 100));
	return db_txn_rc(txn);
}

static void an_app_is_found_by_both_its_ids(void **state UNUSED)
{
	struct test_db d CLEANUP(test_db_free);
	struct oauth_app got;
	test_db_init(&d, NULL, 0);
	struct task t = { .arena = d.arena,
			  .app = { .client_id = STR("client"),
				   .secret = digest_sha256(STR(SECRET)),
				   .name = STR("Tusky"),
				   .website = STR(""),
				   .scopes = STR("read write"),
				   .redirects = { STR("tusky://go"), STR("urn:x") },
				   .redirect_count = 2,
				   .created_ms = 17 } };
	test_db_write(&d, add_app, &t);
	struct db_txn *txn = test_db_read(&d);
	assert_true(oauth_app_find(txn, d.arena, STR("client"), &got));
	assert_int_equal(got.id, t.app.id);
	assert_true(oauth_app_get(txn, d.arena, t.app.id, &got));
	assert_str_eq(got.name, STR("Tusky"));
	assert_str_eq(got.redirects[1], STR("urn:x"));
	assert_int_equal(got.redirect_count, 2);
	assert_memory_equal(got.secret.bytes, t.app.secret.bytes, DIGEST_SIZE);
	assert_false(oauth_app_find(txn, d.arena, STR("Client"), &got));
	db_read_end(&txn);
	test_db_check(&d);
	test_db_write(&d, del_app, &t);
	txn = test_db_read(&d);
	assert_false(oauth_app_find(txn, d.arena, STR("client"), &got));
	assert_int_equal(db_count(txn, &store_app_client), 0);
	db_read_end(&txn);
}

static void a_token_is_its_accounts(void **state UNUSED)
{
	struct test_db d CLEANUP(test_db_free);
	struct oauth_token got[4];
	test_db_init(&d, NULL, 0);
	struct task first = { .secret = STR(SECRET),
			      .token = { .app = 3, .account = 7, .scopes = STR("read") } };
	struct task second = { .secret = STR("b"),
			       .token = { .app = 3, .account = 7, .scopes = STR("push") } };
	struct task other = { .secret = STR("c"),
			      .token = { .app = 3, .account = 8, .scopes = STR("read") } };
	test_db_write(&d, add_token, &first);
	test_db_write(&d, add_token, &second);
	test_db_write(&d, add_token, &other);
	test_db_check(&d);
	struct db_txn *txn = test_db_read(&d);
	assert_true(oauth_token_find(txn, d.arena, STR("b"), &got[0]));
	assert_str_eq(got[0].scopes, STR("push"));
	assert_int_equal(got[0].account, 7);
	assert_int_equal(oauth_tokens(txn, d.arena, 7, 0, got, 4), 2);
	assert_int_equal(oauth_tokens(txn, d.arena, 7, first.token.id, got, 4), 1);
	db_read_end(&txn);
	struct task all = { .account = 7, .id = second.token.id };
	test_db_write(&d, del_tokens, &all);
	test_db_check(&d);
	txn = test_db_read(&d);
	assert_false(oauth_token_find(txn, d.arena, STR(SECRET), &got[0]));
	assert_true(oauth_token_find(txn, d.arena, STR("b"), &got[0]));
	assert_true(oauth_token_find(txn, d.arena, STR("c"), &got[0]));
	db_read_end(&txn);
}

static bool is_stored(struct db_txn *txn, struct str secret)
{
	for (size_t i = 0; i < store_table_count; i++) {
		struct db_iter it CLEANUP(db_iter_close);
		struct str key, value;
		db_iter_open(&it, txn, store_tables[i], STR(""), DB_FORWARD, STR_NONE);
		while (db_iter_next(&it, &key, &value)) {
			if (str_contains(key, secret) || str_contains(value, secret))
				return true;
		}
	}
	return false;
}

static void s103_no_secret_is_stored(void **state UNUSED)
{
	struct test_db d CLEANUP(test_db_free);
	test_db_init(&d, NULL, 0);
	struct task t = { .secret = STR(SECRET),
			  .app = { .client_id = STR("id"), .secret = digest_sha256(STR(SECRET)) },
			  .code = { .redirect = STR("x:y") },
			  .token = { .account = 7, .scopes = STR("read") },
			  .session = { .account = 7, .agent = STR("Firefox") } };
	test_db_write(&d, add_app, &t);
	test_db_write(&d, put_code, &t);
	test_db_write(&d, add_token, &t);
	test_db_write(&d, add_session, &t);
	struct db_txn *txn = test_db_read(&d);
	assert_true(is_stored(txn, STR("Firefox")));
	assert_false(is_stored(txn, STR(SECRET)));
	db_read_end(&txn);
}

static void codes_and_sessions_are_forgotten_in_time(void **state UNUSED)
{
	struct test_db d CLEANUP(test_db_free);
	struct oauth_code code;
	struct web_session session;
	test_db_init(&d, NULL, 0);
	struct task t = { .secret = STR(SECRET),
			  .code = { .created_ms = clock_wall_ms(&d.clock.clock),
				    .redirect = STR("x:y"),
				    .challenge = STR("c") },
			  .session = { .account = 7,
				       .created_ms = clock_wall_ms(&d.clock.clock) } };
	test_db_write(&d, put_code, &t);
	test_db_write(&d, add_session, &t);
	test_db_write(&d, sweep, NULL);
	struct db_txn *txn = test_db_read(&d);
	assert_true(oauth_code_get(txn, d.arena, STR(SECRET), &code));
	assert_str_eq(code.challenge, STR("c"));
	assert_true(web_session_find(txn, d.arena, STR(SECRET), &session));
	db_read_end(&txn);
	test_clock_advance(&d.clock, 366 * MS_PER_DAY);
	test_db_write(&d, sweep, NULL);
	txn = test_db_read(&d);
	assert_false(oauth_code_get(txn, d.arena, STR(SECRET), &code));
	assert_false(web_session_find(txn, d.arena, STR(SECRET), &session));
	db_read_end(&txn);
	test_db_check(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_app_is_found_by_both_its_ids),
		cmocka_unit_test(a_token_is_its_accounts),
		cmocka_unit_test(s103_no_secret_is_stored),
		cmocka_unit_test(codes_and_sessions_are_forgotten_in_time),
	};
	return cmocka_run_group_tests_name("oauth", tests, NULL, NULL);
}
