/* What people sign in with and are reached by: factors, passkeys, challenges, push subscriptions,
 * tickets, e-mail addresses. */
#include "../factor_int.h"
#include "../subscription_int.h"
#include "../ticket_int.h"
#include "store/node.h"
#include "store/tables.h"
#include "testdb.h"

/* --- codecs --- */

static const struct factor some_factor = { .sealed = STR_INIT("s\0ealed"),
					   .confirmed_ms = 5,
					   .last_step = 6,
					   .failures = 7,
					   .locked_ms = 8,
					   .recovery = { { "a" }, { "b" } },
					   .recovery_count = 2 };
static const struct passkey some_passkey = { .credential = STR_INIT("c\0red"),
					     .key = STR_INIT("key"),
					     .counter = 0xfffffffeU,
					     .name = STR_INIT("phone"),
					     .created_ms = 9,
					     .used_ms = 10 };
static const struct push_subscription some_push = { .id = 3,
						    .endpoint = STR_INIT("https://push.example/1"),
						    .point = STR_INIT("point"),
						    .auth = STR_INIT("auth"),
						    .sealed = STR_INIT("token"),
						    .standard = true,
						    .alerts = 1U << PUSH_ADMIN_REPORT | 1,
						    .policy = PUSH_FROM_FOLLOWERS,
						    .created_ms = 11 };
static const struct ticket some_ticket = { .digest = { "d" },
					   .spent = true,
					   .ends_ms = 12,
					   .email = STR_INIT("a@example.org"),
					   .sent_ms = 13,
					   .sent = 14 };

static bool factor_again(struct str value, struct buf *again)
{
	struct factor f;
	if (!factor_decode(value, &f))
		return false;
	factor_encode(again, &f);
	return true;
}

static bool passkey_again(struct str value, struct buf *again)
{
	struct passkey p;
	if (!passkey_decode(value, &p))
		return false;
	passkey_encode(again, &p);
	return true;
}

static bool push_again(struct str value, struct buf *again)
{
	struct push_subscription s;
	if (!push_decode(value, &s))
		return false;
	push_encode(again, &s);
	return true;
}

static bool ticket_again(struct str value, struct buf *again)
{
	struct ticket t;
	if (!ticket_decode(value, &t))
		return false;
	ticket_encode(again, &t);
	return true;
}

static void rows_come_back_and_truncations_are_refused(void **state UNUSED)
{
	static bool (*const agains[])(struct str value,
				      struct buf * again) = { factor_again, passkey_again,
							      push_again, ticket_again };
	for (size_t i = 0; i < ARRAY_LEN(agains); i++) {
		struct buf row CLEANUP(buf_free) = BUF_INIT(1024);
		struct buf again CLEANUP(buf_free) = BUF_INIT(1024);
		if (i == 0)
			factor_encode(&row, &some_factor);
		else if (i == 1)
			passkey_encode(&row, &some_passkey);
		else if (i == 2)
			push_encode(&row, &some_push);
		else
			ticket_encode(&row, &some_ticket);
		assert_true(agains[i](buf_str(&row), &again));
		assert_str_eq(buf_str(&again), buf_str(&row));
		for (size_t n = 0; n < row.len; n++)
			assert_false(agains[i](str_take(buf_str(&row), n), &again));
		buf_add_chr(&row, 'x');
		assert_false(agains[i](buf_str(&row), &again));
		row.ptr[0] ^= 64;
		assert_false(agains[i](str_take(buf_str(&row), row.len - 1), &again));
	}
}

static void fields_are_told_apart(void **state UNUSED)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(1024);
	struct push_subscription s;
	struct factor f;
	struct ticket t;
	push_encode(&row, &some_push);
	assert_true(push_decode(buf_str(&row), &s));
	assert_true(s.standard && s.policy == PUSH_FROM_FOLLOWERS && s.id == 3);
	assert_int_equal(s.alerts, some_push.alerts);
	assert_str_eq(s.auth, STR("auth"));
	buf_reset(&row);
	factor_encode(&row, &some_factor);
	assert_true(factor_decode(buf_str(&row), &f));
	assert_int_equal(f.last_step, 6);
	assert_int_equal(f.recovery[1].bytes[0], 'b');
	assert_int_equal(f.locked_ms, 8);
	buf_reset(&row);
	ticket_encode(&row, &some_ticket);
	assert_true(ticket_decode(buf_str(&row), &t));
	assert_true(t.spent && t.sent == 14 && t.sent_ms == 13 && t.ends_ms == 12);
}

/* --- in the database --- */

struct task {
	enum rc (*run)(struct db_txn *txn, struct task *t);
	uint64_t account, id;
	struct str text;
	struct challenge challenge;
	enum challenge_use use;
	bool result;
};

static enum rc run_task(struct db_txn *txn, void *arg)
{
	struct task *t = arg;
	enum rc rc = t->run(txn, t);
	return rc == RC_OK ? db_txn_rc(txn) : rc;
}

static bool doing(struct test_db *t, struct task task)
{
	test_db_write(t, run_task, &task);
	return task.result;
}

static enum rc add_passkey(struct db_txn *txn, struct task *t)
{
	struct passkey p = some_passkey;
	p.account = t->account;
	p.credential = t->text;
	t->result = passkey_add(txn, &p);
	return RC_OK;
}

static enum rc del_passkey(struct db_txn *txn, struct task *t)
{
	t->result = passkey_del(txn, t->account, t->id);
	return RC_OK;
}

static enum rc use_passkey(struct db_txn *txn, struct task *t)
{
	struct passkey p = some_passkey;
	p.account = t->account;
	p.id = t->id;
	p.credential = t->text;
	p.counter = 77;
	passkey_put(txn, &p);
	return RC_OK;
}

static enum rc put_factor(struct db_txn *txn, struct task *t)
{
	factor_put(txn, t->account, &some_factor);
	return RC_OK;
}

static enum rc forget_factors(struct db_txn *txn, struct task *t)
{
	factors_del(txn, t->account);
	return RC_OK;
}

static void s110_a_passkey_is_found_by_its_credential(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct passkey list[PASSKEYS_MAX], found;
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice"), bob = test_db_local(&t, "bob");
	for (unsigned i = 0; i < PASSKEYS_MAX; i++)
		assert_true(doing(&t, (struct task){ .run = add_passkey,
						     .account = alice.id,
						     .text = arena_printf(t.arena, "c%u", i) }));
	/* one too many; one that somebody else has */
	assert_false(doing(
		&t, (struct task){ .run = add_passkey, .account = alice.id, .text = STR("new") }));
	assert_false(doing(
		&t, (struct task){ .run = add_passkey, .account = bob.id, .text = STR("c3") }));
	test_db_check(&t);
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(passkey_list(txn, t.arena, alice.id, list), PASSKEYS_MAX);
	assert_int_equal(passkey_list(txn, t.arena, bob.id, list), 0);
	assert_true(passkey_find(txn, t.arena, STR("c3"), &found));
	assert_int_equal(found.account, alice.id);
	assert_false(passkey_find(txn, t.arena, STR("c33"), &found));
	db_read_end(&txn);
	doing(&t,
	      (struct task){
		      .run = use_passkey, .account = alice.id, .id = found.id, .text = STR("c3") });
	txn = test_db_read(&t);
	assert_true(passkey_find(txn, t.arena, STR("c3"), &found));
	assert_int_equal(found.counter, 77);
	db_read_end(&txn);
	assert_true(doing(
		&t, (struct task){ .run = del_passkey, .account = alice.id, .id = found.id }));
	assert_false(doing(
		&t, (struct task){ .run = del_passkey, .account = alice.id, .id = found.id }));
	assert_true(doing(
		&t, (struct task){ .run = add_passkey, .account = bob.id, .text = STR("c3") }));
	test_db_check(&t);
	doing(&t, (struct task){ .run = put_factor, .account = alice.id });
	doing(&t, (struct task){ .run = forget_factors, .account = alice.id });
	assert_int_equal(test_db_rows(&t, &store_passkey), 1);
	assert_int_equal(test_db_rows(&t, &store_passkey_id), 1);
	assert_int_equal(test_db_rows(&t, &store_factor), 0);
	test_db_check(&t);
}

static enum rc put_challenge(struct db_txn *txn, struct task *t)
{
	challenge_put(txn, &t->challenge, t->use, t->account);
	return RC_OK;
}

static enum rc take_challenge(struct db_txn *txn, struct task *t)
{
	t->result =
		challenge_take(txn, str_n(t->challenge.bytes, CHALLENGE_SIZE), t->use, t->account);
	return RC_OK;
}

static void s110_a_challenge_is_taken_once_and_in_time(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct task task = { .use = CHALLENGE_SIGN_IN, .account = 7 };
	test_db_init(&t, NULL, 0);
	static const struct {
		uint64_t account, later_ms;
		enum challenge_use use;
		bool taken;
	} rows[] = {
		{ 7, 0, CHALLENGE_SIGN_IN, true },
		{ 7, CHALLENGE_LIFE_MS - 1, CHALLENGE_SIGN_IN, true },
		{ 7, CHALLENGE_LIFE_MS, CHALLENGE_SIGN_IN, false },
		{ 8, 0, CHALLENGE_SIGN_IN, false },
		{ 7, 0, CHALLENGE_REGISTER, false },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		task = (struct task){ .run = put_challenge,
				      .challenge = challenge_new(clock_wall_ms(&t.clock.clock)),
				      .use = CHALLENGE_SIGN_IN,
				      .account = 7 };
		doing(&t, task);
		test_clock_advance(&t.clock, rows[i].later_ms);
		task.run = take_challenge;
		task.account = rows[i].account;
		task.use = rows[i].use;
		assert_int_equal(doing(&t, task), rows[i].taken);
		/* spent in any case */
		task.account = 7;
		task.use = CHALLENGE_SIGN_IN;
		assert_false(doing(&t, task));
	}
	task.challenge.bytes[31] ^= 1;
	assert_false(doing(&t, task));
}

static void challenges_that_ended_are_forgotten(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	for (int i = 0; i < 40; i++) {
		uint64_t now = clock_wall_ms(&t.clock.clock);
		doing(&t, (struct task){ .run = put_challenge,
					 .challenge = challenge_new(now),
					 .use = CHALLENGE_REGISTER });
	}
	assert_int_equal(test_db_rows(&t, &store_challenge), 40);
	test_db_check(&t);
	test_clock_advance(&t.clock, CHALLENGE_LIFE_MS);
	for (int i = 0; i < 3; i++) {
		uint64_t now = clock_wall_ms(&t.clock.clock);
		doing(&t, (struct task){ .run = put_challenge,
					 .challenge = challenge_new(now),
					 .use = CHALLENGE_REGISTER });
	}
	assert_int_equal(test_db_rows(&t, &store_challenge), 3);
}

static enum rc put_push(struct db_txn *txn, struct task *t)
{
	struct push_subscription s = some_push;
	s.account = t->account;
	s.token = t->id;
	push_put(txn, &s);
	return RC_OK;
}

static enum rc del_push(struct db_txn *txn, struct task *t)
{
	t->result = push_del_all(txn, t->account, t->id, 1000) != 0;
	return RC_OK;
}

static void subscriptions_are_listed_by_account(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct push_subscription list[64], one;
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice"), bob = test_db_local(&t, "bob");
	for (uint64_t token = 1; token <= 40; token++)
		doing(&t, (struct task){ .run = put_push, .account = alice.id, .id = token });
	doing(&t, (struct task){ .run = put_push, .account = bob.id, .id = 1 });
	/* another one of the same token takes its place */
	doing(&t, (struct task){ .run = put_push, .account = bob.id, .id = 1 });
	test_db_check(&t);
	struct db_txn *txn = test_db_read(&t);
	assert_int_equal(push_list(txn, t.arena, alice.id, 0, list, 16), 16);
	assert_int_equal(list[15].token, 16);
	assert_int_equal(push_list(txn, t.arena, alice.id, 16, list, 64), 24);
	assert_int_equal(push_list(txn, t.arena, bob.id, 0, list, 64), 1);
	assert_true(push_get(txn, t.arena, alice.id, 5, &one));
	assert_int_equal(one.token, 5);
	assert_false(push_get(txn, t.arena, alice.id, 41, &one));
	db_read_end(&txn);
	assert_true(doing(&t, (struct task){ .run = del_push, .account = alice.id, .id = 5 }));
	assert_int_equal(test_db_rows(&t, &store_push), 2);
	assert_true(doing(&t, (struct task){ .run = del_push, .account = alice.id }));
	assert_int_equal(test_db_rows(&t, &store_push), 1);
}

static enum rc put_ticket(struct db_txn *txn, struct task *t)
{
	struct ticket ticket = some_ticket;
	ticket.ends_ms = t->id;
	ticket_put(txn, t->account, TICKET_RESET, &ticket);
	return RC_OK;
}

static enum rc del_tickets(struct db_txn *txn, struct task *t)
{
	tickets_del(txn, t->account);
	return RC_OK;
}

static void a_ticket_replaces_the_one_before(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct ticket ticket;
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	doing(&t, (struct task){ .run = put_ticket, .account = alice.id, .id = 1 });
	doing(&t, (struct task){ .run = put_ticket, .account = alice.id, .id = 2 });
	test_db_check(&t);
	struct db_txn *txn = test_db_read(&t);
	assert_true(ticket_get(txn, t.arena, alice.id, TICKET_RESET, &ticket));
	assert_int_equal(ticket.ends_ms, 2);
	assert_false(ticket_get(txn, t.arena, alice.id, TICKET_CONFIRM, &ticket));
	assert_true(ticket.spent);
	db_read_end(&txn);
	doing(&t, (struct task){ .run = del_tickets, .account = alice.id });
	assert_int_equal(test_db_rows(&t, &store_ticket), 0);
}

static enum rc set_email(struct db_txn *txn, struct task *t)
{
	struct account_secrets secrets = { .email = t->text,
					   .confirmed_ms = 5,
					   .email_next = STR("next@example.org") };
	account_secrets_put(txn, t->account, &secrets);
	return RC_OK;
}

static uint64_t who(struct test_db *t, const char *email)
{
	struct db_txn *txn = test_db_read(t);
	uint64_t id = account_id_of_email(txn, str_of(email));
	db_read_end(&txn);
	return id;
}

static void an_address_leads_to_its_account(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct account_secrets secrets;
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice"), bob = test_db_local(&t, "bob");
	doing(&t, (struct task){ .run = set_email,
				 .account = alice.id,
				 .text = STR("Alice@example.org") });
	assert_int_equal(who(&t, "alice@EXAMPLE.org"), alice.id);
	assert_int_equal(who(&t, "next@example.org"), 0);
	assert_int_equal(who(&t, ""), 0);
	/* whoever had it first */
	doing(&t, (struct task){
			  .run = set_email, .account = bob.id, .text = STR("alice@example.org") });
	assert_int_equal(who(&t, "alice@example.org"), alice.id);
	test_db_check(&t);
	doing(&t, (struct task){ .run = set_email, .account = bob.id, .text = STR("") });
	assert_int_equal(who(&t, "alice@example.org"), alice.id);
	doing(&t, (struct task){
			  .run = set_email, .account = alice.id, .text = STR("al@example.org") });
	assert_int_equal(who(&t, "alice@example.org"), 0);
	assert_int_equal(who(&t, "al@example.org"), alice.id);
	assert_int_equal(test_db_rows(&t, &store_email), 1);
	struct db_txn *txn = test_db_read(&t);
	assert_true(account_secrets_get(txn, t.arena, alice.id, &secrets));
	assert_int_equal(secrets.confirmed_ms, 5);
	assert_str_eq(secrets.email_next, STR("next@example.org"));
	db_read_end(&txn);
	test_db_check(&t);
}

static enum rc put_push_key(struct db_txn *txn, struct task *t UNUSED)
{
	const struct node_push_key key = { STR("sealed"), STR("point") };
	node_push_key_put(txn, &key);
	return RC_OK;
}

static void the_push_key_is_there_once_it_was_made(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct node_push_key key;
	test_db_init(&t, NULL, 0);
	struct db_txn *txn = test_db_read(&t);
	assert_false(node_push_key_get(txn, t.arena, &key));
	db_read_end(&txn);
	doing(&t, (struct task){ .run = put_push_key });
	txn = test_db_read(&t);
	assert_true(node_push_key_get(txn, t.arena, &key));
	assert_str_eq(key.sealed, STR("sealed"));
	assert_str_eq(key.point, STR("point"));
	db_read_end(&txn);
}

/* --- damage --- */

static void damage_is_told(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct reckey one = reckey_u64(alice.id), two = reckey_u64_u64(alice.id, 9),
		      digest = reckey_digest(STR("x")), nine = reckey_u64(alice.id);
	struct reckey nobody = reckey_u64_u64(99, 9);
	char challenge[CHALLENGE_SIZE] = { 0 };
	reckey_add_u8(&nine, 1);
	struct buf row CLEANUP(buf_free) = BUF_INIT(1024);
	push_encode(&row, &some_push);
	const struct {
		const struct db_table *table;
		struct str key, value;
	} rows[] = {
		{ &store_factor, reckey_str(&one), STR("x") },
		{ &store_passkey, reckey_str(&two), STR("x") },
		{ &store_passkey_id, reckey_str(&digest), reckey_str(&two) },
		{ &store_challenge, str_n(challenge, sizeof(challenge)), STR("x") },
		{ &store_push, reckey_str(&two), STR("x") },
		{ &store_push, reckey_str(&nobody), buf_str(&row) },
		{ &store_ticket, reckey_str(&nine), STR("x") },
		{ &store_email, reckey_str(&digest), reckey_str(&one) },
		{ &store_factor, STR("short"), STR("x") },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str what = STR("");
		test_db_check(&t);
		test_db_put(&t, rows[i].table, rows[i].key, rows[i].value);
		if (test_db_complaints(&t, &what) != 1)
			fail_msg("%zu: %.*s", i, STR_ARG(what));
		test_db_put(&t, rows[i].table, rows[i].key, STR_NONE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_come_back_and_truncations_are_refused),
		cmocka_unit_test(fields_are_told_apart),
		cmocka_unit_test(s110_a_passkey_is_found_by_its_credential),
		cmocka_unit_test(s110_a_challenge_is_taken_once_and_in_time),
		cmocka_unit_test(challenges_that_ended_are_forgotten),
		cmocka_unit_test(subscriptions_are_listed_by_account),
		cmocka_unit_test(a_ticket_replaces_the_one_before),
		cmocka_unit_test(an_address_leads_to_its_account),
		cmocka_unit_test(the_push_key_is_there_once_it_was_made),
		cmocka_unit_test(damage_is_told),
	};
	return cmocka_run_group_tests_name("access", tests, NULL, NULL);
}
