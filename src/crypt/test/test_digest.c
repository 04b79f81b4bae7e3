/* SHA-256, HMAC, and the header fields that state a body's digest. */
#include "crypt/digest.h"

#include "core/enc.h"
#include "testkit.h"

static struct buf hex;

static struct str digest_hex(const struct digest *d)
{
	buf_reset(&hex);
	enc_hex(&hex, str_n(d->bytes, sizeof(d->bytes)));
	return buf_str(&hex);
}

static int setup(void **state UNUSED)
{
	buf_init(&hex, 256);
	return 0;
}

static int teardown(void **state UNUSED)
{
	buf_free(&hex);
	return 0;
}

static void hashes_as_fips_180_says(void **state UNUSED)
{
	struct digest abc = digest_sha256(STR("abc")), none = digest_sha256(STR_NONE);
	assert_str_eq(digest_hex(&abc),
		      STR("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
	assert_str_eq(digest_hex(&none),
		      STR("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
}

/* RFC 4231 sections 4.2, 4.3 and 4.7; the empty key from Python's hmac. */
static void authenticates_as_rfc_4231_says(void **state UNUSED)
{
	char key[131];
	struct digest d;
	memset(key, 0x0b, 20);
	d = digest_hmac(str_n(key, 20), STR("Hi There"));
	assert_str_eq(digest_hex(&d),
		      STR("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
	d = digest_hmac(STR("Jefe"), STR("what do ya want for nothing?"));
	assert_str_eq(digest_hex(&d),
		      STR("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
	memset(key, 0xaa, sizeof(key));
	d = digest_hmac(str_n(key, sizeof(key)),
			STR("Test Using Larger Than Block-Size Key - Hash Key First"));
	assert_str_eq(digest_hex(&d),
		      STR("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"));
	d = digest_hmac(STR_NONE, STR_NONE);
	assert_str_eq(digest_hex(&d),
		      STR("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"));
}

#define HELLO_WORLD "{\"hello\": \"world\"}"
#define HELLO_DIGEST "X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="
#define ZERO_DIGEST "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

struct header_case {
	struct str value;
	bool matches;
};

static void s002_reads_digest(void **state UNUSED)
{
	static const struct header_case cases[] = {
		{ STR_INIT("SHA-256=" HELLO_DIGEST), true },
		{ STR_INIT("sha-256=" HELLO_DIGEST), true },
		{ STR_INIT("MD5=abc, SHA-256=" HELLO_DIGEST), true },
		{ STR_INIT("SHA-256=" HELLO_DIGEST ",sha-512=abc"), true },
		{ STR_INIT("SHA-256=" HELLO_DIGEST ", SHA-256=" HELLO_DIGEST), true },
		{ STR_INIT("SHA-256=" HELLO_DIGEST ", SHA-256=" ZERO_DIGEST), false },
		{ STR_INIT("SHA-256=" ZERO_DIGEST ", sha-256=" HELLO_DIGEST), false },
		{ STR_INIT("SHA-256=" ZERO_DIGEST), false },
		{ STR_INIT("SHA-256=" HELLO_DIGEST "="), false },
		{ STR_INIT("SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBA=="), false },
		{ STR_INIT("SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPEA"), false },
		{ STR_INIT("SHA-256 =" HELLO_DIGEST), false },
		{ STR_INIT("SHA-256=" HELLO_DIGEST ","), false },
		{ STR_INIT("SHA-256=" HELLO_DIGEST ", nonsense"), false },
		{ STR_INIT("SHA-256=" HELLO_DIGEST ", =x"), false },
		{ STR_INIT("SHA-256:" HELLO_DIGEST), false },
		{ STR_INIT("MD5=abc"), false },
		{ STR_INIT("SHA-256="), false },
		{ STR_INIT("SHA-256"), false },
		{ STR_INIT(HELLO_DIGEST), false },
		{ STR_INIT(""), false },
		{ { NULL, 0 }, false },
	};
	struct digest d = digest_sha256(STR(HELLO_WORLD));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (digest_header_matches(cases[i].value, &d) != cases[i].matches)
			fail_msg("%.*s", STR_ARG(cases[i].value));
	}
}

static void s002_reads_content_digest(void **state UNUSED)
{
	static const struct header_case cases[] = {
		{ STR_INIT("sha-256=:" HELLO_DIGEST ":"), true },
		{ STR_INIT("sha-512=:YWJj:, sha-256=:" HELLO_DIGEST ":"), true },
		{ STR_INIT("sha-256=:" HELLO_DIGEST ":;x=1"), true },
		{ STR_INIT("sha-256=:" ZERO_DIGEST ":"), false },
		{ STR_INIT("sha-256=:" HELLO_DIGEST ":, sha-256=:" HELLO_DIGEST ":"), false },
		{ STR_INIT("sha-256=:" ZERO_DIGEST ":, sha-256=:" HELLO_DIGEST ":"), false },
		{ STR_INIT("SHA-256=:" HELLO_DIGEST ":"), false },
		{ STR_INIT("sha-256=\"" HELLO_DIGEST "\""), false },
		{ STR_INIT("sha-256=(:" HELLO_DIGEST ":)"), false },
		{ STR_INIT("sha-256=" HELLO_DIGEST), false },
		{ STR_INIT("sha-256=:" HELLO_DIGEST), false },
		{ STR_INIT("sha-256=:" HELLO_DIGEST ":,"), false },
		{ STR_INIT("sha-256=:" HELLO_DIGEST ":, sha-512=1"), false },
		{ STR_INIT("sha-512=:YWJj:"), false },
		{ STR_INIT("sha-256"), false },
		{ STR_INIT("sha-256=::"), false },
		{ STR_INIT(""), false },
		{ { NULL, 0 }, false },
	};
	struct digest d = digest_sha256(STR(HELLO_WORLD));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (digest_content_header_matches(cases[i].value, &d) != cases[i].matches)
			fail_msg("%.*s", STR_ARG(cases[i].value));
	}
}

static void s002_sees_every_changed_byte(void **state UNUSED)
{
	char body[] = HELLO_WORLD " ";
	struct arena *arena = arena_new(4096);
	struct digest right = digest_sha256(str_n(body, sizeof(body) - 2));
	struct str header = digest_header(arena, &right);
	struct str content = digest_content_header(arena, &right);
	assert_str_eq(header, STR("SHA-256=" HELLO_DIGEST));
	assert_str_eq(content, STR("sha-256=:" HELLO_DIGEST ":"));
	struct digest longer = digest_sha256(str_n(body, sizeof(body) - 1));
	assert_false(digest_header_matches(header, &longer));
	for (size_t i = 0; i < sizeof(body) - 2; i++) {
		body[i] ^= 1;
		struct digest wrong = digest_sha256(str_n(body, sizeof(body) - 2));
		body[i] ^= 1;
		assert_false(digest_header_matches(header, &wrong));
		assert_false(digest_content_header_matches(content, &wrong));
	}
	arena_free(&arena);
}

static void parts_come_to_the_same_as_the_whole(void **state UNUSED)
{
	const struct str whole = STR("What comes in parts is the same as what comes at once.");
	const struct digest at_once = digest_sha256(whole);
	for (size_t step = 1; step < whole.len; step++) {
		struct digest_run *run = digest_run_new();
		digest_run_add(run, STR(""));
		for (size_t i = 0; i < whole.len; i += step)
			digest_run_add(run, str_take(str_skip(whole, i), step));
		const struct digest d = digest_run_end(&run);
		assert_memory_equal(d.bytes, at_once.bytes, DIGEST_SIZE);
		assert_null(run);
	}
	struct digest_run *left = digest_run_new();
	digest_run_free(&left);
	digest_run_free(&left);
	assert_null(left);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_as_fips_180_says),
		cmocka_unit_test(parts_come_to_the_same_as_the_whole),
		cmocka_unit_test(authenticates_as_rfc_4231_says),
		cmocka_unit_test(s002_reads_digest),
		cmocka_unit_test(s002_reads_content_digest),
		cmocka_unit_test(s002_sees_every_changed_byte),
	};
	return cmocka_run_group_tests_name("digest", tests, setup, teardown);
}
