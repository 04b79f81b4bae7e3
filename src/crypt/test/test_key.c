/* Keys: what is taken from peers and what is not, storing, signing, verifying. */
#include "crypt/key.h"

#include <pthread.h>

#include "../key_int.h"
#include "../multibase_int.h"
#include "core/enc.h"
#include "fixtures.h"
#include "testkit.h"

static struct ctx ctx;

static int setup(void **state UNUSED)
{
	ctx.arena = arena_new(1 << 20);
	return ctx.arena != NULL ? 0 : -1;
}

static int teardown(void **state UNUSED)
{
	arena_free(&ctx.arena);
	return 0;
}

static struct str from_base64(struct str text)
{
	struct buf bytes = BUF_INIT(8192);
	assert_true(enc_unbase64(&bytes, text));
	return arena_take_buf(ctx.arena, &bytes);
}

static struct key *pem_key(struct str pem)
{
	struct key *key = NULL;
	ctx.err = (struct err){ 0 };
	assert_int_equal(key_from_public_pem(&ctx, pem, &key), RC_OK);
	return key;
}

static void assert_refused(struct str pem, enum rc rc)
{
	struct key *key = NULL;
	ctx.err = (struct err){ 0 };
	enum rc got = key_from_public_pem(&ctx, pem, &key);
	if (got != rc)
		fail_msg("%s for %.*s", rc_name(got), STR_ARG(pem));
	assert_null(key);
	assert_int_equal(ctx.err.rc, rc);
	assert_true(ctx.err.detail[0] != '\0');
}

static void reads_what_openssl_wrote(void **state UNUSED)
{
	struct buf pem = BUF_INIT(4096);
	struct key *rsa = pem_key(STR(FIXTURE_RSA_PEM));
	struct key *pkcs1 = pem_key(STR(FIXTURE_RSA_PKCS1_PEM));
	struct key *ed25519 = pem_key(STR(FIXTURE_ED25519_PEM));
	assert_int_equal(key_kind(rsa), KEY_RSA);
	assert_int_equal(key_bits(rsa), 2048);
	assert_false(key_is_private(rsa));
	assert_int_equal(key_kind(ed25519), KEY_ED25519);
	assert_true(key_same_public(rsa, pkcs1));
	assert_false(key_same_public(rsa, ed25519));
	key_add_public_pem(&pem, pkcs1);
	assert_str_eq(buf_str(&pem), STR(FIXTURE_RSA_PEM));
	buf_reset(&pem);
	key_add_public_pem(&pem, ed25519);
	assert_str_eq(buf_str(&pem), STR(FIXTURE_ED25519_PEM));
	buf_free(&pem);
	key_unref(&rsa);
	key_unref(&pkcs1);
	key_unref(&ed25519);
}

static void takes_pem_with_any_white_space(void **state UNUSED)
{
	struct key *plain = pem_key(STR(FIXTURE_RSA_PEM));
	struct buf text = BUF_INIT(4096);
	buf_add(&text, STR("\r\n "));
	for (size_t i = 0; i < sizeof(FIXTURE_RSA_PEM) - 1; i++) {
		if (FIXTURE_RSA_PEM[i] == '\n')
			buf_add(&text, STR("\r\n \t"));
		else
			buf_add_chr(&text, FIXTURE_RSA_PEM[i]);
	}
	struct key *spaced = pem_key(buf_str(&text));
	assert_true(key_same_public(plain, spaced));
	key_unref(&spaced);
	/* without its last line break */
	struct key *bare = pem_key(str_take(STR(FIXTURE_RSA_PEM), sizeof(FIXTURE_RSA_PEM) - 2));
	assert_true(key_same_public(plain, bare));
	key_unref(&bare);
	key_unref(&plain);
	buf_free(&text);
}

static void s014_refuses_other_kinds_of_keys(void **state UNUSED)
{
	assert_refused(STR(FIXTURE_EC_PEM), RC_UNSUPPORTED);
	assert_refused(STR(FIXTURE_DSA_PEM), RC_UNSUPPORTED);
	assert_refused(STR(FIXTURE_X25519_PEM), RC_UNSUPPORTED);
	assert_refused(STR(FIXTURE_ED448_PEM), RC_UNSUPPORTED);
	assert_refused(STR(FIXTURE_RSA_PSS_PEM), RC_UNSUPPORTED);
	assert_refused(STR(FIXTURE_RSA1024_PEM), RC_UNSUPPORTED);
	assert_refused(STR(FIXTURE_CERTIFICATE_PEM), RC_UNSUPPORTED);
	assert_refused(STR(FIXTURE_ED25519_PRIVATE_PEM), RC_INVALID);
}

static void s014_refuses_anything_but_one_pem_block(void **state UNUSED)
{
	static const struct str bad[] = {
		STR_INIT(FIXTURE_RSA_PEM FIXTURE_RSA_PEM),
		STR_INIT(FIXTURE_RSA_PEM FIXTURE_ED25519_PEM),
		STR_INIT(FIXTURE_ED25519_PEM FIXTURE_CERTIFICATE_PEM),
		STR_INIT("my key:\n" FIXTURE_ED25519_PEM),
		STR_INIT(FIXTURE_ED25519_PEM "x"),
		STR_INIT("-----BEGIN PUBLIC KEY-----\n"),
		STR_INIT("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n"),
		STR_INIT("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END RSA PUBLIC KEY-----\n"),
		STR_INIT("-----BEGIN PUBLIC KEY-----\nProc-Type: 4\nAAAA\n-----END PUBLIC "
			 "KEY-----\n"),
		STR_INIT("-----BEGIN PUBLIC KEY-----\nA\n-----END PUBLIC KEY-----\n"),
		STR_INIT("-----BEGIN PUBLIC KEY-----\nAA_-\n-----END PUBLIC KEY-----\n"),
		STR_INIT("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY----"),
		STR_INIT("----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"),
		STR_INIT("MCowBQYDK2VwAyEAO9Z+xWCnqLFfonn05k3CV9VMO51MmHwV9uwQR0TQOew="),
		STR_INIT(""),
		{ NULL, 0 },
	};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_refused(bad[i], RC_INVALID);
}

static void s014_refuses_pem_of_a_megabyte(void **state UNUSED)
{
	struct buf text = BUF_INIT(2 << 20);
	buf_add(&text, STR("-----BEGIN PUBLIC KEY-----\n"));
	while (text.len < 1 << 20)
		buf_add(&text, STR("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"));
	buf_add(&text, STR("-----END PUBLIC KEY-----\n"));
	assert_refused(buf_str(&text), RC_INVALID);
	buf_free(&text);
}

static void add_modulus(struct buf *n, size_t bits)
{
	buf_add_chr(n, (char)(1 << ((bits - 1) % 8)));
	while (n->len < (bits + 7) / 8)
		buf_add_chr(n, (char)0xa5);
}

static struct str rsa_pem(size_t bits, struct str e)
{
	struct buf n = BUF_INIT(4096), der = BUF_INIT(8192), pem = BUF_INIT(16384);
	add_modulus(&n, bits);
	spki_add_rsa(&der, buf_str(&n), e);
	pem_add(&pem, STR("PUBLIC KEY"), buf_str(&der));
	buf_free(&n);
	buf_free(&der);
	return arena_take_buf(ctx.arena, &pem);
}

struct rsa_case {
	size_t bits;
	struct str e;
	enum rc rc;
};

/* 256 bytes, odd */
#define FF_16 "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
#define FF_64 FF_16 FF_16 FF_16 FF_16
#define LONG_E FF_64 FF_64 FF_64 FF_64

static const struct rsa_case rsa_cases[] = {
	{ 1024, STR_INIT("\x01\x00\x01"), RC_UNSUPPORTED },
	{ 2047, STR_INIT("\x01\x00\x01"), RC_UNSUPPORTED },
	{ 2048, STR_INIT("\x01\x00\x01"), RC_OK },
	{ 3072, STR_INIT("\x01\x00\x01"), RC_OK },
	{ 8192, STR_INIT("\x01\x00\x01"), RC_OK },
	{ 8193, STR_INIT("\x01\x00\x01"), RC_UNSUPPORTED },
	{ 16384, STR_INIT("\x01\x00\x01"), RC_UNSUPPORTED },
	{ 2048, STR_INIT("\x03"), RC_OK },
	{ 2048, STR_INIT("\xff\xff\xff\xff"), RC_OK },
	{ 2048, STR_INIT("\x01\x00\x00\x00\x01"), RC_UNSUPPORTED },
	{ 2048, STR_INIT(LONG_E), RC_UNSUPPORTED },
	{ 2048, STR_INIT(""), RC_INVALID },
	{ 2048, STR_INIT("\x01"), RC_INVALID },
	{ 2048, STR_INIT("\x02"), RC_INVALID },
	{ 2048, STR_INIT("\x01\x00\x00"), RC_INVALID },
};

static void s014_bounds_modulus_and_exponent(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(rsa_cases); i++) {
		struct str pem = rsa_pem(rsa_cases[i].bits, rsa_cases[i].e);
		if (pem.len > 8192 || rsa_cases[i].rc != RC_OK) {
			struct key *key = NULL;
			ctx.err = (struct err){ 0 };
			enum rc rc = key_from_public_pem(&ctx, pem, &key);
			assert_int_equal(rc, rsa_cases[i].rc);
			assert_null(key);
			continue;
		}
		struct key *key = pem_key(pem);
		assert_int_equal(key_bits(key), rsa_cases[i].bits);
		key_unref(&key);
	}
}

static void assert_multikey(enum key_kind kind, struct str bytes, enum rc rc)
{
	struct buf text = BUF_INIT(4096);
	struct key *key = NULL;
	ctx.err = (struct err){ 0 };
	multibase_add(&text, kind, bytes);
	assert_int_equal(key_from_multibase(&ctx, buf_str(&text), &key), rc);
	assert_true((key != NULL) == (rc == RC_OK));
	assert_true((ctx.err.detail[0] != '\0') == (rc != RC_OK));
	key_unref(&key);
	buf_free(&text);
}

static void s014_bounds_the_numbers_of_multikeys(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(rsa_cases); i++) {
		struct buf n = BUF_INIT(4096), der = BUF_INIT(8192);
		add_modulus(&n, rsa_cases[i].bits);
		spki_add_rsa_numbers(&der, buf_str(&n), rsa_cases[i].e);
		/* more is not even converted */
		bool fits = der.len + 2 <= BASE58_MAX_BYTES;
		assert_true(fits || rsa_cases[i].rc != RC_OK);
		assert_multikey(KEY_RSA, buf_str(&der), fits ? rsa_cases[i].rc : RC_INVALID);
		buf_free(&n);
		buf_free(&der);
	}
}

/* Whatever byte is changed: a key or a refusal, and what is read writes the same text again. */
static void s014_survives_every_changed_byte_of_the_der(void **state UNUSED)
{
	struct buf der = BUF_INIT(4096), again = BUF_INIT(4096);
	struct key *key = pem_key(STR(FIXTURE_ED25519_PEM)), *other;
	unsigned refused = 0;
	key_add_public(&der, key);
	key_unref(&key);
	for (size_t n = 0; n < der.len; n++) {
		assert_int_equal(key_from_public(str_n(der.ptr, n), &other), RC_CORRUPT);
		der.ptr[n] ^= 1;
		if (key_from_public(buf_str(&der), &other) == RC_OK) {
			buf_reset(&again);
			key_add_public(&again, other);
			assert_str_eq(buf_str(&again), buf_str(&der));
			key_unref(&other);
		} else {
			refused++;
		}
		der.ptr[n] ^= 1;
	}
	assert_int_equal(refused, 12); /* all bytes in front of the point */
	buf_add_chr(&der, 'x');
	assert_int_equal(key_from_public(buf_str(&der), &other), RC_CORRUPT);
	buf_free(&der);
	buf_free(&again);
}

static void verifies_what_openssl_signed(void **state UNUSED)
{
	struct key *key = pem_key(STR(FIXTURE_RSA_PEM));
	struct str message = STR(FIXTURE_MESSAGE);
	struct str v15 = from_base64(STR(FIXTURE_RSA_SIGNATURE));
	struct str pss = from_base64(STR(FIXTURE_RSA_PSS_SIGNATURE));
	for (int i = 0; i < 3; i++) {
		assert_true(key_verify(key, message, v15));
		assert_false(key_verify(key, message, pss));
		assert_true(key_verify_pss_sha512(key, message, pss));
		assert_false(key_verify_pss_sha512(key, message, v15));
		assert_false(key_verify(key, STR("hello, Fediverse"), v15));
		assert_false(key_verify(key, message, str_take(v15, 255)));
		assert_false(key_verify(key, message, STR("")));
		assert_false(key_verify(key, message, STR_NONE));
	}
	key_unref(&key);
}

/* RFC 8032 section 7.1, test 1: the empty message. */
static void signs_as_rfc_8032_says(void **state UNUSED)
{
	struct buf bytes = BUF_INIT(256), signature = BUF_INIT(256), expected = BUF_INIT(256);
	struct key *key = NULL;
	assert_true(enc_unhex(&bytes, STR("302e020100300506032b657004220420"
					  "9d61b19deffd5a60ba844af492ec2cc4"
					  "4449c5697b326919703bac031cae7f60")));
	assert_true(enc_unhex(&expected, STR("e5564300c360ac729086e2cc806e828a"
					     "84877f1eb8e5d974d873e06522490155"
					     "5fb8821590a33bacc61e39701cf9b46b"
					     "d25bf5f0595bbe24655141438e7a100b")));
	assert_int_equal(key_from_private(buf_str(&bytes), &key), RC_OK);
	for (int i = 0; i < 3; i++) {
		buf_reset(&signature);
		assert_int_equal(key_sign(key, STR(""), &signature), RC_OK);
		assert_str_eq(buf_str(&signature), buf_str(&expected));
		assert_true(key_verify(key, STR(""), buf_str(&signature)));
		assert_false(key_verify(key, STR("x"), buf_str(&signature)));
	}
	assert_false(key_verify_pss_sha512(key, STR(""), buf_str(&signature)));
	key_unref(&key);
	buf_free(&bytes);
	buf_free(&signature);
	buf_free(&expected);
}

static void signs_rsa_as_openssl_does(void **state UNUSED)
{
	struct key *key = NULL;
	struct buf signature = BUF_INIT(1024), private = BUF_INIT(4096);
	struct str stored = from_base64(STR(FIXTURE_RSA_PRIVATE));
	assert_int_equal(key_from_private(stored, &key), RC_OK);
	assert_true(key_is_private(key));
	for (int i = 0; i < 3; i++) {
		buf_reset(&signature);
		assert_int_equal(key_sign(key, STR(FIXTURE_MESSAGE), &signature), RC_OK);
		assert_str_eq(buf_str(&signature), from_base64(STR(FIXTURE_RSA_SIGNATURE)));
	}
	key_add_private(&private, key);
	assert_str_eq(buf_str(&private), stored);
	struct key *public = pem_key(STR(FIXTURE_RSA_PEM));
	assert_true(key_same_public(key, public));
	key_unref(&key);
	key_unref(&public);
	buf_free(&signature);
	buf_free(&private);
}

static void refuses_damaged_private_keys(void **state UNUSED)
{
	struct key *key = NULL;
	struct str stored = from_base64(STR(FIXTURE_RSA_PRIVATE));
	for (size_t n = 0; n < stored.len; n += 7)
		assert_int_equal(key_from_private(str_take(stored, n), &key), RC_CORRUPT);
	assert_int_equal(key_from_private(STR_NONE, &key), RC_CORRUPT);
	assert_null(key);
}

static void generated_keys_come_back(void **state UNUSED)
{
	static const enum key_kind kinds[] = { KEY_RSA, KEY_ED25519 };
	struct buf bytes = BUF_INIT(4096), signature = BUF_INIT(1024);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct key *key, *private, *public, *pem;
		assert_int_equal(key_generate(kinds[i], &key), RC_OK);
		assert_int_equal(key_kind(key), kinds[i]);
		buf_reset(&bytes);
		key_add_private(&bytes, key);
		assert_int_equal(key_from_private(buf_str(&bytes), &private), RC_OK);
		buf_reset(&bytes);
		key_add_public(&bytes, key);
		assert_int_equal(key_from_public(buf_str(&bytes), &public), RC_OK);
		buf_reset(&bytes);
		key_add_public_pem(&bytes, key);
		pem = pem_key(buf_str(&bytes));
		assert_true(key_same_public(key, private) && key_same_public(key, public) &&
			    key_same_public(key, pem));
		assert_true(key_is_private(private) && !key_is_private(public));
		buf_reset(&signature);
		assert_int_equal(key_sign(private, STR("m"), &signature), RC_OK);
		assert_true(key_verify(public, STR("m"), buf_str(&signature)));
		key_unref(&key);
		key_unref(&private);
		key_unref(&public);
		key_unref(&pem);
	}
	buf_free(&bytes);
	buf_free(&signature);
}

static void multikeys_come_back(void **state UNUSED)
{
	struct buf text = BUF_INIT(256);
	struct key *key = pem_key(STR(FIXTURE_ED25519_PEM)), *back = NULL;
	key_add_multibase(&text, key);
	assert_int_equal(key_from_multibase(&ctx, buf_str(&text), &back), RC_OK);
	assert_true(key_same_public(key, back));
	key_unref(&back);
	key_unref(&key);
	key = pem_key(STR(FIXTURE_RSA_PEM));
	buf_free(&text);
	buf_init(&text, 2048);
	key_add_multibase(&text, key);
	assert_true(str_has_prefix(buf_str(&text), STR("z4MX")));
	assert_int_equal(key_from_multibase(&ctx, buf_str(&text), &back), RC_OK);
	assert_true(key_same_public(key, back));
	assert_true(
		key_verify(back, STR(FIXTURE_MESSAGE), from_base64(STR(FIXTURE_RSA_SIGNATURE))));
	key_unref(&back);
	key_unref(&key);
	buf_free(&text);
}

/* FIXTURE_RSA_PEM as an RSAPublicKey. */
static struct str rsa_numbers_der(void)
{
	struct buf der = BUF_INIT(2048);
	struct str label;
	assert_int_equal(pem_read(NULL, STR(FIXTURE_RSA_PKCS1_PEM), &label, &der), RC_OK);
	return arena_take_buf(ctx.arena, &der);
}

static void s014_refuses_multikeys_that_are_cut_or_of_another_form(void **state UNUSED)
{
	struct str der = rsa_numbers_der(), point = STR("0123456789abcdef0123456789abcdef");
	struct str more = arena_join(ctx.arena, der, STR("x"));
	struct key *key = pem_key(STR(FIXTURE_RSA_PEM));
	struct buf bytes = BUF_INIT(4096);
	assert_multikey(KEY_RSA, der, RC_OK);
	for (size_t n = 0; n < der.len; n += 3)
		assert_multikey(KEY_RSA, str_take(der, n), RC_INVALID);
	assert_multikey(KEY_RSA, str_take(der, der.len - 1), RC_INVALID);
	assert_multikey(KEY_RSA, more, RC_INVALID);
	assert_multikey(KEY_RSA, point, RC_INVALID);
	assert_multikey(KEY_ED25519, der, RC_INVALID);
	assert_multikey(KEY_ED25519, point, RC_OK);
	assert_multikey(KEY_ED25519, str_take(point, 31), RC_INVALID);
	assert_multikey(KEY_ED25519, STR(""), RC_INVALID);
	/* a SubjectPublicKeyInfo is another form */
	key_add_public(&bytes, key);
	assert_multikey(KEY_RSA, buf_str(&bytes), RC_INVALID);
	/* numbers of eight bits */
	buf_reset(&bytes);
	spki_add_rsa_numbers(&bytes, str_take(point, 1), str_take(point, 1));
	assert_multikey(KEY_RSA, buf_str(&bytes), RC_UNSUPPORTED);
	key_unref(&key);
	buf_free(&bytes);
}

static void s014_refuses_a_multikey_of_a_megabyte(void **state UNUSED)
{
	static char text[1 << 20];
	struct key *key = NULL;
	for (size_t i = 0; i < 2; i++) {
		memset(text, "z1"[i], sizeof(text));
		text[0] = 'z';
		assert_int_equal(key_from_multibase(&ctx, str_n(text, sizeof(text)), &key),
				 RC_INVALID);
	}
	assert_null(key);
}

static void stored_public_keys_become_text_without_a_key(void **state UNUSED)
{
	struct buf bytes = BUF_INIT(4096), text = BUF_INIT(4096), made = BUF_INIT(4096);
	struct key *rsa, *ed25519 = pem_key(STR(FIXTURE_ED25519_PEM));
	assert_int_equal(key_generate(KEY_RSA, &rsa), RC_OK);
	key_add_public(&bytes, rsa);
	key_add_public_pem(&text, rsa);
	assert_int_equal(key_pem_of_public(buf_str(&bytes), &made), RC_OK);
	assert_str_eq(buf_str(&made), buf_str(&text));
	buf_reset(&made);
	buf_reset(&text);
	key_add_multibase(&text, rsa);
	assert_int_equal(key_multibase_of_public(buf_str(&bytes), &made), RC_OK);
	assert_str_eq(buf_str(&made), buf_str(&text));
	assert_int_equal(key_multibase_of_public(STR("key"), &made), RC_CORRUPT);
	assert_int_equal(key_pem_of_public(STR("key"), &made), RC_CORRUPT);
	buf_reset(&made);
	buf_reset(&bytes);
	buf_reset(&text);
	key_add_public(&bytes, ed25519);
	key_add_multibase(&text, ed25519);
	assert_int_equal(key_multibase_of_public(buf_str(&bytes), &made), RC_OK);
	assert_str_eq(buf_str(&made), buf_str(&text));
	key_unref(&rsa);
	key_unref(&ed25519);
	buf_free(&bytes);
	buf_free(&text);
	buf_free(&made);
}

static void *sign_and_verify(void *arg)
{
	struct key *key = arg;
	struct buf signature = BUF_INIT(1024);
	void *result = arg;
	for (int i = 0; i < 40; i++) {
		char text[2] = { 'm', (char)i };
		buf_reset(&signature);
		if (key_sign(key, str_n(text, 2), &signature) != RC_OK ||
		    !key_verify(key, str_n(text, 2), buf_str(&signature)) ||
		    key_verify(key, STR("other"), buf_str(&signature)))
			result = NULL;
	}
	buf_free(&signature);
	key_unref(&key);
	return result;
}

static void threads_share_a_key(void **state UNUSED)
{
	static const char *const stored[] = {
		FIXTURE_RSA_PRIVATE,
		"MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g",
	};
	for (size_t i = 0; i < ARRAY_LEN(stored); i++) {
		struct key *key = NULL;
		pthread_t threads[4];
		assert_int_equal(key_from_private(from_base64(str_of(stored[i])), &key), RC_OK);
		for (size_t k = 0; k < ARRAY_LEN(threads); k++)
			assert_int_equal(
				pthread_create(&threads[k], NULL, sign_and_verify, key_ref(key)),
				0);
		for (size_t k = 0; k < ARRAY_LEN(threads); k++) {
			void *result;
			assert_int_equal(pthread_join(threads[k], &result), 0);
			assert_non_null(result);
		}
		key_unref(&key);
		assert_null(key);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_openssl_wrote),
		cmocka_unit_test(takes_pem_with_any_white_space),
		cmocka_unit_test(s014_refuses_other_kinds_of_keys),
		cmocka_unit_test(s014_refuses_anything_but_one_pem_block),
		cmocka_unit_test(s014_refuses_pem_of_a_megabyte),
		cmocka_unit_test(s014_bounds_modulus_and_exponent),
		cmocka_unit_test(s014_bounds_the_numbers_of_multikeys),
		cmocka_unit_test(s014_survives_every_changed_byte_of_the_der),
		cmocka_unit_test(verifies_what_openssl_signed),
		cmocka_unit_test(signs_as_rfc_8032_says),
		cmocka_unit_test(signs_rsa_as_openssl_does),
		cmocka_unit_test(refuses_damaged_private_keys),
		cmocka_unit_test(generated_keys_come_back),
		cmocka_unit_test(multikeys_come_back),
		cmocka_unit_test(s014_refuses_multikeys_that_are_cut_or_of_another_form),
		cmocka_unit_test(s014_refuses_a_multikey_of_a_megabyte),
		cmocka_unit_test(stored_public_keys_become_text_without_a_key),
		cmocka_unit_test(threads_share_a_key),
	};
	return cmocka_run_group_tests_name("key", tests, setup, teardown);
}
