/* Second factors: set up, used once, locked, recovered from, taken away (S-110). */
#include <stdio.h>

#include "crypt/totp.h"
#include "deed.h"
#include "social/factor.h"
#include "store/tables.h"

static const struct seal_key seal_key = { { 1, 2, 3 } };

struct task {
	enum rc (*run)(struct social *s, struct task *t);
	uint64_t account, id;
	struct str text;
	const struct recovery_codes *codes;
	enum rc verdict;
};

static enum rc run(struct social *s, void *arg)
{
	struct task *t = arg;
	return t->run(s, t);
}

static enum rc begin(struct social *s, struct task *t)
{
	return totp_begin(s, t->account, t->text);
}

static enum rc confirm(struct social *s, struct task *t)
{
	return totp_confirm(s, &seal_key, t->account, t->text, t->codes);
}

static enum rc use(struct social *s, struct task *t)
{
	return factor_use(s, &seal_key, t->account, t->text, &t->verdict);
}

static enum rc drop(struct social *s, struct task *t)
{
	return totp_remove(s, t->account);
}

static enum rc renew(struct social *s, struct task *t)
{
	return recovery_renew(s, t->account, t->codes);
}

static enum rc reset(struct social *s, struct task *t)
{
	return factors_reset(s, t->account);
}

/* A person with a factor: what a test needs of both. */
struct scene {
	struct test_store t;
	struct ctx ctx;
	struct account alice;
	struct totp_setup setup;
	struct recovery_codes codes;
};

static void scene_init(struct scene *sc)
{
	test_store_init(&sc->t);
	sc->ctx = (struct ctx){ .arena = sc->t.d.arena };
	sc->alice = test_store_local(&sc->t, "alice");
	assert_int_equal(totp_make(&sc->ctx, &seal_key, sc->alice.id, &sc->setup), RC_OK);
	assert_int_equal(recovery_make(&sc->ctx, &seal_key, sc->alice.id, &sc->codes), RC_OK);
}

static void scene_free(struct scene *sc)
{
	test_store_check(&sc->t);
	test_store_free(&sc->t);
}

static enum rc try(struct scene *sc, enum rc (*job)(struct social *s, struct task *t),
		   struct str text)
{
	struct task task = {
		.run = job, .account = sc->alice.id, .text = text, .codes = &sc->codes
	};
	enum rc rc = test_store_try(&sc->t, run, &task);
	return rc == RC_OK && job == use ? task.verdict : rc;
}

/* The password of a step away from now. */
static struct str code_at(struct scene *sc, int away)
{
	struct buf code = BUF_INIT(16);
	uint64_t step = clock_wall_ms(&sc->t.d.clock.clock) / MS_PER_SECOND / TOTP_STEP_S;
	totp_add(&code, sc->setup.secret, step + (uint64_t)(int64_t)away);
	return arena_take_buf(sc->t.d.arena, &code);
}

static struct str code_now(struct scene *sc)
{
	return code_at(sc, 0);
}

static struct factor_state state_of(struct scene *sc)
{
	struct db_txn *txn = test_store_read(&sc->t);
	struct factor_state state = factor_state(txn, sc->t.d.arena, sc->alice.id);
	db_read_end(&txn);
	return state;
}

static void set_up(struct scene *sc)
{
	assert_int_equal(try(sc, begin, sc->setup.sealed), RC_OK);
	assert_int_equal(try(sc, confirm, code_now(sc)), RC_OK);
	test_clock_advance(&sc->t.d.clock, 60 * MS_PER_SECOND);
}

static void a_secret_counts_once_it_was_shown_to_work(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	struct str pending;
	scene_init(&sc);
	assert_int_equal(try(&sc, confirm, code_now(&sc)), RC_NOT_FOUND);
	assert_int_equal(try(&sc, begin, sc.setup.sealed), RC_OK);
	struct factor_state s = state_of(&sc);
	assert_false(factor_is_needed(&s));
	assert_int_equal(try(&sc, use, code_now(&sc)), RC_DENIED);
	assert_int_equal(try(&sc, use, sc.codes.text[0]), RC_DENIED);
	struct db_txn *txn = test_store_read(&sc.t);
	assert_int_equal(totp_pending(txn, &sc.ctx, &seal_key, sc.alice.id, &pending), RC_OK);
	assert_str_eq(pending, sc.setup.secret);
	db_read_end(&txn);
	assert_int_equal(try(&sc, confirm, STR("000000")), RC_DENIED);
	assert_int_equal(try(&sc, confirm, code_now(&sc)), RC_OK);
	s = state_of(&sc);
	assert_true(s.totp && s.recovery_codes == RECOVERY_CODES);
	/* the code that confirmed it is spent */
	assert_int_equal(try(&sc, use, code_now(&sc)), RC_DENIED);
	assert_int_equal(try(&sc, begin, sc.setup.sealed), RC_EXISTS);
	assert_int_equal(try(&sc, confirm, code_at(&sc, 1)), RC_EXISTS);
	txn = test_store_read(&sc.t);
	assert_int_equal(totp_pending(txn, &sc.ctx, &seal_key, sc.alice.id, &pending), RC_EXISTS);
	db_read_end(&txn);
}

static void s110_a_code_is_used_once(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	scene_init(&sc);
	set_up(&sc);
	assert_int_equal(try(&sc, use, code_now(&sc)), RC_OK);
	assert_int_equal(try(&sc, use, code_now(&sc)), RC_DENIED);
	assert_int_equal(try(&sc, use, code_at(&sc, -1)), RC_DENIED);
	assert_int_equal(try(&sc, use, code_at(&sc, 2)), RC_DENIED);
	assert_int_equal(try(&sc, use, code_at(&sc, 1)), RC_OK);
}

static void s110_a_recovery_code_is_used_once_however_it_is_typed(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	char typed[32];
	scene_init(&sc);
	set_up(&sc);
	assert_int_equal(try(&sc, use, sc.codes.text[3]), RC_OK);
	assert_int_equal(try(&sc, use, sc.codes.text[3]), RC_DENIED);
	assert_int_equal(state_of(&sc).recovery_codes, RECOVERY_CODES - 1);
	snprintf(typed, sizeof(typed), " %.5s %.5s ", sc.codes.text[9].ptr,
		 sc.codes.text[9].ptr + 6);
	for (char *c = typed; *c != '\0'; c++)
		*c = (char)(*c >= 'a' && *c <= 'z' ? *c - 32 : *c);
	assert_int_equal(try(&sc, use, str_of(typed)), RC_OK);
	/* of another account: not these */
	struct recovery_codes others;
	assert_int_equal(recovery_make(&sc.ctx, &seal_key, sc.alice.id + 1, &others), RC_OK);
	assert_int_equal(try(&sc, use, others.text[0]), RC_DENIED);
	sc.codes = others;
	assert_int_equal(try(&sc, renew, STR("")), RC_OK);
	assert_int_equal(state_of(&sc).recovery_codes, RECOVERY_CODES);
}

static void s110_wrong_codes_lock(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	scene_init(&sc);
	set_up(&sc);
	for (int i = 0; i < 5; i++)
		assert_int_equal(try(&sc, use, STR("123456")), RC_DENIED);
	/* even the right one waits now */
	assert_int_equal(try(&sc, use, code_now(&sc)), RC_BUSY);
	test_clock_advance(&sc.t.d.clock, MS_PER_MINUTE);
	assert_int_equal(try(&sc, use, STR("123456")), RC_DENIED);
	test_clock_advance(&sc.t.d.clock, MS_PER_MINUTE);
	assert_int_equal(try(&sc, use, code_now(&sc)), RC_BUSY);
	test_clock_advance(&sc.t.d.clock, MS_PER_MINUTE);
	assert_int_equal(try(&sc, use, code_now(&sc)), RC_OK);
	/* and all is forgiven */
	assert_int_equal(try(&sc, use, STR("123456")), RC_DENIED);
	assert_int_equal(try(&sc, use, code_at(&sc, 1)), RC_OK);
}

/* Guessing for a year finds next to nothing: 24 tries a day of a million codes, three valid. */
static void s110_the_wait_grows_to_an_hour(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	unsigned tries = 0;
	scene_init(&sc);
	set_up(&sc);
	for (unsigned minute = 0; minute < 24 * 60; minute++) {
		while (try(&sc, use, STR("000000x")) == RC_DENIED)
			tries++;
		test_clock_advance(&sc.t.d.clock, MS_PER_MINUTE);
	}
	assert_true(tries > 24 && tries < 40);
}

static void taking_it_away_takes_the_codes_too(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	scene_init(&sc);
	assert_int_equal(try(&sc, drop, STR("")), RC_NOT_FOUND);
	assert_int_equal(try(&sc, renew, STR("")), RC_NOT_FOUND);
	set_up(&sc);
	assert_int_equal(try(&sc, drop, STR("")), RC_OK);
	assert_int_equal(test_store_rows(&sc.t, &store_factor), 0);
	assert_int_equal(try(&sc, use, sc.codes.text[0]), RC_DENIED);
	set_up(&sc);
	assert_int_equal(try(&sc, reset, STR("")), RC_OK);
	assert_int_equal(test_store_rows(&sc.t, &store_factor), 0);
}

/* S-103 */
static bool holds(struct test_store *t, const struct db_table *table, struct str needle)
{
	struct db_txn *txn = test_store_read(t);
	struct db_iter it;
	struct str key, value;
	bool found = false;
	db_iter_open(&it, txn, table, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value))
		found = found || str_contains(value, needle) || str_contains(key, needle);
	db_iter_close(&it);
	db_read_end(&txn);
	return found;
}

static void s103_no_secret_stands_in_the_database(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	scene_init(&sc);
	set_up(&sc);
	assert_true(holds(&sc.t, &store_factor, sc.setup.sealed));
	assert_false(holds(&sc.t, &store_factor, sc.setup.secret));
	for (unsigned i = 0; i < RECOVERY_CODES; i++) {
		assert_false(holds(&sc.t, &store_factor, sc.codes.text[i]));
		struct digest plain = digest_sha256(sc.codes.text[i]);
		assert_false(holds(&sc.t, &store_factor, str_n(plain.bytes, DIGEST_SIZE)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_secret_counts_once_it_was_shown_to_work),
		cmocka_unit_test(s110_a_code_is_used_once),
		cmocka_unit_test(s110_a_recovery_code_is_used_once_however_it_is_typed),
		cmocka_unit_test(s110_wrong_codes_lock),
		cmocka_unit_test(s110_the_wait_grows_to_an_hour),
		cmocka_unit_test(taking_it_away_takes_the_codes_too),
		cmocka_unit_test(s103_no_secret_stands_in_the_database),
	};
	return cmocka_run_group_tests_name("factor", tests, NULL, NULL);
}
