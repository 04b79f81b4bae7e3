/* Who signs in, and that a no tells nothing. */
#include "social/account.h"
#include "social/oauth.h"
#include "teststore.h"

struct change {
	uint64_t account;
	struct str hash;
};

static enum rc set_hash(struct social *s, void *arg)
{
	const struct change *c = arg;
	struct account_secrets secrets = { .password_hash = c->hash,
					   .email = STR("Alice@example.net") };
	account_secrets_put(s->txn, c->account, &secrets);
	return RC_OK;
}

static void only_the_right_password_of_a_living_account_signs_in(void **state UNUSED)
{
	static const struct row {
		const char *login, *password;
		enum rc rc;
	} rows[] = {
		{ "alice", "correct horse", RC_OK },
		{ "@Alice@example.org", "correct horse", RC_OK },
		{ "alice@EXAMPLE.net", "correct horse", RC_OK },
		{ "alice", "correct  horse", RC_UNAUTHENTICATED },
		{ "alice", "", RC_UNAUTHENTICATED },
		{ "bob", "correct horse", RC_UNAUTHENTICATED }, /* has no password */
		{ "carol", "correct horse", RC_UNAUTHENTICATED },
		{ "", "correct horse", RC_UNAUTHENTICATED },
	};
	struct test_store t CLEANUP(test_store_free);
	struct buf hash CLEANUP(buf_free) = BUF_INIT(512);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	test_store_local(&t, "bob");
	assert_int_equal(password_hash(STR("correct horse"), &hash), RC_OK);
	struct change change = { alice.id, buf_str(&hash) };
	test_store_write(&t, set_hash, &change);
	struct sign_in *sign_in = sign_in_new(t.d.db);
	assert_non_null(sign_in);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ctx ctx = { .arena = t.d.arena };
		struct account got;
		assert_int_equal(sign_in_check(sign_in, &ctx, str_of(rows[i].login),
					       str_of(rows[i].password), &got),
				 rows[i].rc);
		if (rows[i].rc == RC_OK)
			assert_int_equal(got.id, alice.id);
	}
	sign_in_free(&sign_in);
	assert_null(sign_in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_right_password_of_a_living_account_signs_in),
	};
	return cmocka_run_group_tests_name("sign_in", tests, NULL, NULL);
}
