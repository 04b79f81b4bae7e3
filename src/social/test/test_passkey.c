/* Passkeys, with an authenticator that is played by the test: registered, used, removed. */
#include <stdio.h>

#include "core/enc.h"
#include "crypt/digest.h"
#include "crypt/p256.h"
#include "deed.h"
#include "social/factor.h"
#include "store/tables.h"
#include "json/jr.h"

#define PARTY "social.example.org"
#define ORIGIN "https://social.example.org"
#define PRESENT 1
#define VERIFIED 4
#define CREDENTIAL 64

static const struct seal_key seal_key = { { 7 } };

struct scene {
	struct test_store t;
	struct ctx ctx;
	struct account alice, bob;
	struct recovery_codes codes;
	struct p256 *key; /* the authenticator's */
	struct str id;
	uint32_t counter;
	const char *origin;
};

static void scene_init(struct scene *sc)
{
	test_store_init(&sc->t);
	sc->ctx = (struct ctx){ .arena = sc->t.d.arena };
	sc->alice = test_store_local(&sc->t, "alice");
	sc->bob = test_store_local(&sc->t, "bob");
	sc->id = STR("credential");
	sc->counter = 1;
	sc->origin = ORIGIN;
	assert_int_equal(p256_generate(&sc->key), RC_OK);
	assert_int_equal(recovery_make(&sc->ctx, &seal_key, sc->alice.id, &sc->codes), RC_OK);
}

static void scene_free(struct scene *sc)
{
	test_store_check(&sc->t);
	p256_free(&sc->key);
	test_store_free(&sc->t);
}

/* --- the authenticator --- */

static struct str base64(struct scene *sc, struct str bytes)
{
	struct buf out = BUF_INIT(8192);
	enc_base64url(&out, bytes);
	return arena_take_buf(sc->t.d.arena, &out);
}

static void add_data(struct scene *sc, struct buf *out, int flags)
{
	struct digest party = digest_sha256(STR(PARTY));
	buf_add_bytes(out, party.bytes, DIGEST_SIZE);
	buf_add_chr(out, (char)flags);
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_add_chr(out, (char)(sc->counter >> shift & 255));
}

/* COSE: ES256 on P-256, with its x and y. */
static void add_key(struct scene *sc, struct buf *out)
{
	struct str point = p256_public(sc->key);
	buf_add(out, STR("\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"));
	buf_add(out, str_take(str_skip(point, 1), 32));
	buf_add(out, STR("\x22\x58\x20"));
	buf_add(out, str_skip(point, 33));
}

static void add_number(struct buf *out, struct str number)
{
	while (number.len > 1 && number.ptr[0] == 0)
		number = str_skip(number, 1);
	bool zero = (number.ptr[0] & 0x80) != 0;
	buf_add_chr(out, 2);
	buf_add_chr(out, (char)(number.len + zero));
	if (zero)
		buf_add_chr(out, 0);
	buf_add(out, number);
}

static struct str der_of(struct scene *sc, struct str raw)
{
	struct buf numbers CLEANUP(buf_free) = BUF_INIT(128), out = BUF_INIT(128);
	add_number(&numbers, str_take(raw, 32));
	add_number(&numbers, str_skip(raw, 32));
	buf_add_chr(&out, 0x30);
	buf_add_chr(&out, (char)numbers.len);
	buf_add(&out, buf_str(&numbers));
	return arena_take_buf(sc->t.d.arena, &out);
}

static struct str client_json(struct scene *sc, const char *act, const struct challenge *challenge)
{
	struct str text = base64(sc, str_n(challenge->bytes, CHALLENGE_SIZE));
	return arena_printf(sc->t.d.arena,
			    "{\"type\":\"webauthn.%s\",\"challenge\":\"%.*s\",\"origin\":\"%s\","
			    "\"crossOrigin\":false,\"other\":1}",
			    act, STR_ARG(text), sc->origin);
}

static struct str attest(struct scene *sc, const struct challenge *challenge)
{
	struct buf data CLEANUP(buf_free) = BUF_INIT(1024), out CLEANUP(buf_free) = BUF_INIT(2048);
	add_data(sc, &data, PRESENT | VERIFIED | CREDENTIAL);
	for (int i = 0; i < 16; i++)
		buf_add_chr(&data, 0);
	buf_add_chr(&data, 0);
	buf_add_chr(&data, (char)sc->id.len);
	buf_add(&data, sc->id);
	add_key(sc, &data);
	buf_add(&out, STR("\xa3"
			  "\x63"
			  "fmt"
			  "\x64"
			  "none"
			  "\x67"
			  "attStmt"
			  "\xa0"
			  "\x68"
			  "authData"
			  "\x58"));
	buf_add_chr(&out, (char)data.len);
	buf_add(&out, buf_str(&data));
	return arena_printf(sc->t.d.arena,
			    "{\"id\":\"%.*s\",\"clientDataJSON\":\"%.*s\","
			    "\"attestationObject\":\"%.*s\"}",
			    STR_ARG(base64(sc, sc->id)),
			    STR_ARG(base64(sc, client_json(sc, "create", challenge))),
			    STR_ARG(base64(sc, buf_str(&out))));
}

static struct str answer(struct scene *sc, const struct challenge *challenge, int flags)
{
	struct buf data CLEANUP(buf_free) = BUF_INIT(256), raw CLEANUP(buf_free) = BUF_INIT(64);
	struct str client = client_json(sc, "get", challenge);
	struct digest hash = digest_sha256(client);
	sc->counter++;
	add_data(sc, &data, flags);
	size_t len = data.len;
	buf_add_bytes(&data, hash.bytes, DIGEST_SIZE);
	assert_int_equal(p256_sign(sc->key, buf_str(&data), &raw), RC_OK);
	return arena_printf(sc->t.d.arena,
			    "{\"id\":\"%.*s\",\"clientDataJSON\":\"%.*s\","
			    "\"authenticatorData\":\"%.*s\",\"signature\":\"%.*s\"}",
			    STR_ARG(base64(sc, sc->id)), STR_ARG(base64(sc, client)),
			    STR_ARG(base64(sc, str_take(buf_str(&data), len))),
			    STR_ARG(base64(sc, der_of(sc, buf_str(&raw)))));
}

/* --- writes --- */

struct task {
	enum rc (*run)(struct social *s, struct task *t);
	uint64_t account;
	enum challenge_use use;
	struct challenge challenge;
	struct passkey_answer answer;
	const struct recovery_codes *codes;
	bool codes_taken;
	uint64_t who;
	enum rc verdict;
};

static enum rc run(struct social *s, void *arg)
{
	struct task *t = arg;
	return t->run(s, t);
}

static enum rc ask(struct social *s, struct task *t)
{
	challenge_put(s->txn, &t->challenge, t->use, t->account);
	return RC_OK;
}

static enum rc add(struct social *s, struct task *t)
{
	return passkey_register(s, t->account, &t->answer, STR(" my phone "), t->codes,
				&t->codes_taken);
}

static enum rc use(struct social *s, struct task *t)
{
	return passkey_use(s, t->account, &t->answer, &t->who, &t->verdict);
}

static enum rc drop(struct social *s, struct task *t)
{
	return passkey_remove(s, t->account, t->who);
}

static struct challenge challenge_for(struct scene *sc, enum challenge_use use_of, uint64_t account)
{
	struct task task = { .run = ask,
			     .account = account,
			     .use = use_of,
			     .challenge = challenge_new(clock_wall_ms(&sc->t.d.clock.clock)) };
	test_store_write(&sc->t, run, &task);
	return task.challenge;
}

static enum rc register_for(struct scene *sc, const struct account *account, struct task *task)
{
	struct challenge challenge = challenge_for(sc, CHALLENGE_REGISTER, account->id);
	*task = (struct task){ .run = add, .account = account->id, .codes = &sc->codes };
	assert_int_equal(passkey_answer_read(&sc->ctx, attest(sc, &challenge), &task->answer),
			 RC_OK);
	return test_store_try(&sc->t, run, task);
}

/* As the second factor of an account, or alone. */
static enum rc sign_in(struct scene *sc, uint64_t account, int flags, struct task *task)
{
	struct challenge challenge = challenge_for(sc, CHALLENGE_SIGN_IN, account);
	*task = (struct task){ .run = use, .account = account };
	assert_int_equal(
		passkey_answer_read(&sc->ctx, answer(sc, &challenge, flags), &task->answer), RC_OK);
	test_store_write(&sc->t, run, task);
	return task->verdict;
}

static struct factor_state state_of(struct scene *sc)
{
	struct db_txn *txn = test_store_read(&sc->t);
	struct factor_state state = factor_state(txn, sc->t.d.arena, sc->alice.id);
	db_read_end(&txn);
	return state;
}

/* --- tests --- */

static void a_passkey_is_a_second_factor_and_a_way_in(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	struct task task;
	scene_init(&sc);
	assert_int_equal(register_for(&sc, &sc.alice, &task), RC_OK);
	assert_true(task.codes_taken);
	struct factor_state s = state_of(&sc);
	assert_true(factor_is_needed(&s) && !s.totp && s.passkeys == 1);
	assert_int_equal(s.recovery_codes, RECOVERY_CODES);
	assert_int_equal(sign_in(&sc, sc.alice.id, PRESENT, &task), RC_OK);
	assert_int_equal(task.who, sc.alice.id);
	/* alone, it must know the person */
	assert_int_equal(sign_in(&sc, 0, PRESENT, &task), RC_DENIED);
	assert_int_equal(sign_in(&sc, 0, PRESENT | VERIFIED, &task), RC_OK);
	assert_int_equal(task.who, sc.alice.id);
	/* not for somebody else's password */
	assert_int_equal(sign_in(&sc, sc.bob.id, PRESENT | VERIFIED, &task), RC_DENIED);
	struct db_txn *txn = test_store_read(&sc.t);
	struct passkey list[PASSKEYS_MAX];
	assert_int_equal(passkey_list(txn, sc.t.d.arena, sc.alice.id, list), 1);
	assert_str_eq(list[0].name, STR("my phone"));
	assert_int_equal(list[0].counter, sc.counter - 1);
	assert_true(list[0].used_ms != 0);
	db_read_end(&txn);
	task = (struct task){ .run = drop, .account = sc.bob.id, .who = list[0].id };
	assert_int_equal(test_store_try(&sc.t, run, &task), RC_NOT_FOUND);
	task.account = sc.alice.id;
	assert_int_equal(test_store_try(&sc.t, run, &task), RC_OK);
	assert_int_equal(test_store_rows(&sc.t, &store_factor), 0);
	assert_int_equal(sign_in(&sc, 0, PRESENT | VERIFIED, &task), RC_DENIED);
}

static void s110_an_answer_counts_once(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	struct task task;
	scene_init(&sc);
	assert_int_equal(register_for(&sc, &sc.alice, &task), RC_OK);
	/* the same attestation once more; and a new one of a credential that is known */
	assert_int_equal(test_store_try(&sc.t, run, &task), RC_DENIED);
	assert_int_equal(register_for(&sc, &sc.bob, &task), RC_EXISTS);
	assert_int_equal(sign_in(&sc, sc.alice.id, PRESENT, &task), RC_OK);
	test_store_write(&sc.t, run, &task);
	assert_int_equal(task.verdict, RC_DENIED);
	/* a copy of the authenticator, which counts from where it was made */
	sc.counter -= 2;
	assert_int_equal(sign_in(&sc, sc.alice.id, PRESENT, &task), RC_DENIED);
	/* a challenge that was for signing in registers nothing */
	sc.id = STR("another");
	struct challenge challenge = challenge_for(&sc, CHALLENGE_SIGN_IN, sc.alice.id);
	task = (struct task){ .run = add, .account = sc.alice.id, .codes = &sc.codes };
	assert_int_equal(passkey_answer_read(&sc.ctx, attest(&sc, &challenge), &task.answer),
			 RC_OK);
	assert_int_equal(test_store_try(&sc.t, run, &task), RC_DENIED);
	/* what another page was told */
	sc.origin = "https://social.example.org.evil.test";
	assert_int_equal(register_for(&sc, &sc.alice, &task), RC_INVALID);
}

static void the_page_is_told_what_to_ask(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	struct challenge challenge = challenge_new(5);
	struct task task;
	struct str json;
	struct jr_doc *doc;
	scene_init(&sc);
	assert_int_equal(register_for(&sc, &sc.alice, &task), RC_OK);
	struct db_txn *txn = test_store_read(&sc.t);
	assert_int_equal(
		passkey_creation_options(&sc.ctx, txn, &sc.t.site, &sc.alice, &challenge, &json),
		RC_OK);
	assert_int_equal(jr_parse(&sc.ctx, json, &jr_limits_peer, &doc), RC_OK);
	struct jr root = jr_root(doc);
	assert_str_eq(jr_str(jr_get(jr_get(root, "rp"), "id")), STR(PARTY));
	assert_str_eq(jr_str(jr_get(jr_get(root, "user"), "name")), STR("alice@example.org"));
	assert_int_equal(jr_count(jr_get(root, "pubKeyCredParams")), 3);
	assert_int_equal(jr_count(jr_get(root, "excludeCredentials")), 1);
	assert_str_eq(jr_str(jr_get(root, "attestation")), STR("none"));
	jr_free(&doc);
	assert_int_equal(
		passkey_request_options(&sc.ctx, txn, &sc.t.site, sc.alice.id, &challenge, &json),
		RC_OK);
	assert_int_equal(jr_parse(&sc.ctx, json, &jr_limits_peer, &doc), RC_OK);
	root = jr_root(doc);
	struct jr allowed = jr_at(jr_get(root, "allowCredentials"), 0);
	assert_str_eq(jr_str(jr_get(allowed, "id")), base64(&sc, sc.id));
	assert_str_eq(jr_str(jr_get(root, "challenge")),
		      base64(&sc, str_n(challenge.bytes, CHALLENGE_SIZE)));
	jr_free(&doc);
	/* whoever comes is not told whose credentials there are (S-109) */
	assert_int_equal(passkey_request_options(&sc.ctx, txn, &sc.t.site, 0, &challenge, &json),
			 RC_OK);
	assert_true(str_contains(json, STR("\"allowCredentials\":[]")));
	assert_true(str_contains(json, STR("\"userVerification\":\"required\"")));
	db_read_end(&txn);
}

static void what_is_no_answer_is_refused(void **state UNUSED)
{
	static const char *const bad[] = {
		"",
		"[]",
		"{}",
		"{\"id\":\"AA\"}",
		"{\"clientDataJSON\":\"!\"}",
		"{\"clientDataJSON\":5}",
		/* "x" and "{" as client data */
		"{\"clientDataJSON\":\"eA\"}",
		"{\"clientDataJSON\":\"ew\"}",
	};
	struct scene sc CLEANUP(scene_free);
	struct passkey_answer read;
	struct task task;
	scene_init(&sc);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_not_equal(passkey_answer_read(&sc.ctx, str_of(bad[i]), &read), RC_OK);
	/* empty client data: read, and of no use */
	assert_int_equal(passkey_answer_read(&sc.ctx, STR("{\"clientDataJSON\":\"e30\"}"), &read),
			 RC_OK);
	task = (struct task){ .run = add, .account = sc.alice.id, .codes = &sc.codes };
	task.answer = read;
	assert_int_equal(test_store_try(&sc.t, run, &task), RC_DENIED);
	task.run = use;
	test_store_write(&sc.t, run, &task);
	assert_int_equal(task.verdict, RC_DENIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_passkey_is_a_second_factor_and_a_way_in),
		cmocka_unit_test(s110_an_answer_counts_once),
		cmocka_unit_test(the_page_is_told_what_to_ask),
		cmocka_unit_test(what_is_no_answer_is_refused),
	};
	return cmocka_run_group_tests_name("passkey", tests, NULL, NULL);
}
