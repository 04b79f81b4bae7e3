/* Password hashes and sealed secrets. */
#include "crypt/secret.h"

#include "testkit.h"

static void s104_verifies_what_it_hashed(void **state UNUSED)
{
	struct buf hash = BUF_INIT(256);
	assert_int_equal(password_hash(STR("correct horse"), &hash), RC_OK);
	assert_true(str_has_prefix(buf_str(&hash), STR("$scrypt$ln=17,r=8,p=1$")));
	assert_true(password_verify(STR("correct horse"), buf_str(&hash)));
	assert_false(password_verify(STR("correct horsf"), buf_str(&hash)));
	assert_false(password_is_outdated(buf_str(&hash)));
	buf_free(&hash);
}

/* hashlib.scrypt(b"password", salt=b"NaCl", n=1024, r=8, p=1, dklen=32) */
#define KNOWN "$scrypt$ln=10,r=8,p=1$TmFDbA$J7QYxnTHadElAfux9TusMt9lFMDyjQQ4crFIs0iWGnk"

static void s104_knows_the_hash_of_another_implementation(void **state UNUSED)
{
	assert_true(password_verify(STR("password"), STR(KNOWN)));
	assert_false(password_verify(STR("Password"), STR(KNOWN)));
	assert_true(password_is_outdated(STR(KNOWN)));
}

static void s104_refuses_lengths_outside_8_to_256(void **state UNUSED)
{
	char text[257];
	struct buf hash = BUF_INIT(256);
	memset(text, 'p', sizeof(text));
	assert_int_equal(password_hash(str_n(text, 7), &hash), RC_INVALID);
	assert_int_equal(password_hash(str_n(text, 257), &hash), RC_INVALID);
	assert_int_equal(hash.len, 0);
	/* the last byte of the longest counts */
	assert_int_equal(password_hash(str_n(text, 256), &hash), RC_OK);
	text[255] = 'q';
	assert_false(password_verify(str_n(text, 256), buf_str(&hash)));
	buf_free(&hash);
}

static void s104_a_malformed_hash_is_a_no(void **state UNUSED)
{
	static const struct str bad[] = {
		STR_INIT("$scrypt$ln=10,r=8,p=1$TmFDbA$AAAA"),
		STR_INIT("$scrypt$ln=40,r=8,p=1$TmFDbA$"),
		{ NULL, 0 },
	};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_false(password_verify(STR("password"), bad[i]));
		assert_true(password_is_outdated(bad[i]));
	}
	static const struct str outdated[] = {
		STR_INIT("$scrypt$ln=10,r=8,p=16$TmFDbA$"),
		STR_INIT("$scrypt$ln=10,r=8$TmFDbA$"),
		STR_INIT("$scrypt$ln=0,r=8,p=1$TmFDbA$"),
		STR_INIT("$scrypt$ln=10,r=99,p=1$TmFDbA$"),
		STR_INIT("$scrypt$r=8,ln=10,p=1$TmFDbA$"),
		STR_INIT("$2b$12$abcdefghijklmnopqrstuv"),
		STR_INIT("$scrypt$"),
	};
	for (size_t i = 0; i < ARRAY_LEN(outdated); i++)
		assert_true(password_is_outdated(outdated[i]));
}

static const struct seal_key key = { "0123456789abcdef0123456789abcde" };

static void s103_opens_what_it_sealed(void **state UNUSED)
{
	struct buf sealed = BUF_INIT(4096), plain = BUF_INIT(4096);
	char secret[1000];
	memset(secret, 's', sizeof(secret));
	for (size_t n = 0; n < sizeof(secret); n += 111) {
		buf_reset(&sealed);
		buf_reset(&plain);
		buf_add(&sealed, STR("before"));
		buf_add(&plain, STR("kept"));
		assert_int_equal(seal(&key, STR("account-key:17"), str_n(secret, n), &sealed),
				 RC_OK);
		assert_int_equal(sealed.len, 6 + n + SEAL_OVERHEAD);
		assert_int_equal(
			unseal(&key, STR("account-key:17"), str_skip(buf_str(&sealed), 6), &plain),
			RC_OK);
		assert_int_equal(plain.len, 4 + n);
		assert_str_eq(str_skip(buf_str(&plain), 4), str_n(secret, n));
	}
	buf_free(&sealed);
	buf_free(&plain);
}

static void s103_never_seals_twice_alike(void **state UNUSED)
{
	struct buf a = BUF_INIT(256), b = BUF_INIT(256);
	assert_int_equal(seal(&key, STR("x"), STR("secret"), &a), RC_OK);
	assert_int_equal(seal(&key, STR("x"), STR("secret"), &b), RC_OK);
	assert_false(str_eq(buf_str(&a), buf_str(&b)));
	assert_false(str_contains(buf_str(&a), STR("secret")));
	buf_free(&a);
	buf_free(&b);
}

static void s103_refuses_another_key_context_or_byte(void **state UNUSED)
{
	struct seal_key other = key;
	struct buf sealed = BUF_INIT(256), plain = BUF_INIT(256);
	other.bytes[31] ^= 1;
	assert_int_equal(seal(&key, STR("totp:1"), STR("secret"), &sealed), RC_OK);
	struct str s = buf_str(&sealed);
	assert_int_equal(unseal(&other, STR("totp:1"), s, &plain), RC_CORRUPT);
	assert_int_equal(unseal(&key, STR("totp:2"), s, &plain), RC_CORRUPT);
	assert_int_equal(unseal(&key, STR_NONE, s, &plain), RC_CORRUPT);
	for (size_t n = 0; n < s.len; n++)
		assert_int_equal(unseal(&key, STR("totp:1"), str_take(s, n), &plain), RC_CORRUPT);
	for (size_t i = 0; i < s.len; i++) {
		sealed.ptr[i] ^= 0x40;
		assert_int_equal(unseal(&key, STR("totp:1"), s, &plain), RC_CORRUPT);
		sealed.ptr[i] ^= 0x40;
	}
	assert_int_equal(plain.len, 0);
	assert_int_equal(unseal(&key, STR("totp:1"), s, &plain), RC_OK);
	assert_str_eq(buf_str(&plain), STR("secret"));
	buf_free(&sealed);
	buf_free(&plain);
}

static void a_full_buffer_fails(void **state UNUSED)
{
	struct buf out = BUF_INIT(30);
	assert_int_equal(seal(&key, STR("x"), STR("secret"), &out), RC_NO_MEMORY);
	assert_true(out.failed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s104_verifies_what_it_hashed),
		cmocka_unit_test(s104_knows_the_hash_of_another_implementation),
		cmocka_unit_test(s104_refuses_lengths_outside_8_to_256),
		cmocka_unit_test(s104_a_malformed_hash_is_a_no),
		cmocka_unit_test(s103_opens_what_it_sealed),
		cmocka_unit_test(s103_never_seals_twice_alike),
		cmocka_unit_test(s103_refuses_another_key_context_or_byte),
		cmocka_unit_test(a_full_buffer_fails),
	};
	return cmocka_run_group_tests_name("secret", tests, NULL, NULL);
}
