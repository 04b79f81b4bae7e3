/* Base58 and Multikeys. */
#include "../multibase_int.h"

#include "core/enc.h"
#include "testkit.h"

struct base58_case {
	struct str bytes;
	struct str text;
};

/* draft-msporny-base58-03 section 5, and ends of the range. */
static const struct base58_case pairs[] = {
	{ STR_INIT("Hello World!"), STR_INIT("2NEpo7TZRRrLZSi2U") },
	{ STR_INIT("The quick brown fox jumps over the lazy dog."),
	  STR_INIT("USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z") },
	{ STR_INIT("\x00\x00\x28\x7f\xb4\xcd"), STR_INIT("11233QC4") },
	{ STR_INIT("\xff"), STR_INIT("5Q") },
	{ STR_INIT("\x00"), STR_INIT("1") },
	{ STR_INIT(""), STR_INIT("") },
};

static void converts_the_published_pairs(void **state UNUSED)
{
	struct buf out = BUF_INIT(256);
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		buf_reset(&out);
		base58_add(&out, pairs[i].bytes);
		assert_str_eq(buf_str(&out), pairs[i].text);
		buf_reset(&out);
		assert_true(base58_decode(&out, pairs[i].text));
		assert_str_eq(buf_str(&out), pairs[i].bytes);
	}
	buf_free(&out);
}

static void refuses_letters_outside_the_alphabet_and_too_much(void **state UNUSED)
{
	static const struct str bad[] = { STR_INIT("0"), STR_INIT("O"),	  STR_INIT("I"),
					  STR_INIT("l"), STR_INIT("a b"), STR_INIT("a\0b") };
	static char text[1 << 20];
	struct buf out = BUF_INIT(2 * BASE58_MAX_BYTES);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(base58_decode(&out, bad[i]));
	memset(text, 'z', sizeof(text));
	assert_false(base58_decode(&out, str_n(text, sizeof(text))));
	memset(text, '1', sizeof(text));
	assert_false(base58_decode(&out, str_n(text, sizeof(text))));
	assert_false(base58_decode(&out, str_n(text, BASE58_MAX_BYTES + 1)));
	assert_int_equal(out.len, 0);
	assert_true(base58_decode(&out, str_n(text, BASE58_MAX_BYTES)));
	assert_int_equal(out.len, BASE58_MAX_BYTES);
	buf_free(&out);
}

static void every_multikey_comes_back(void **state UNUSED)
{
	unsigned char point[32];
	enum key_kind kind;
	struct buf out = BUF_INIT(256), back = BUF_INIT(256);
	for (unsigned i = 0; i < 256; i++) {
		for (size_t k = 0; k < sizeof(point); k++)
			point[k] = (unsigned char)(k < 3 ? 0 : i * 7 + k * i);
		buf_reset(&out);
		multibase_add(&out, KEY_ED25519, str_n(point, sizeof(point)));
		/* 0xed 0x01 in front makes every one of them begin so */
		assert_true(str_has_prefix(buf_str(&out), STR("z6Mk")));
		buf_reset(&back);
		assert_int_equal(multibase_decode(NULL, buf_str(&out), &kind, &back), RC_OK);
		assert_int_equal(kind, KEY_ED25519);
		assert_str_eq(buf_str(&back), str_n(point, sizeof(point)));
	}
	buf_free(&out);
	buf_free(&back);
}

/* Every length, with ends of the range and something between. */
static void bytes_of_every_length_come_back(void **state UNUSED)
{
	unsigned char bytes[BASE58_MAX_BYTES];
	struct buf text = BUF_INIT(2 * BASE58_MAX_BYTES), back = BUF_INIT(BASE58_MAX_BYTES);
	for (size_t len = 1; len <= sizeof(bytes); len += len < 80 ? 1 : 11) {
		for (unsigned kind = 0; kind < 3; kind++) {
			for (size_t i = 0; i < len; i++)
				bytes[i] = (unsigned char)(kind == 0   ? 0xff
							   : kind == 1 ? (i == 0)
								       : i * i + 3 * len);
			buf_reset(&text);
			buf_reset(&back);
			base58_add(&text, str_n(bytes, len));
			assert_true(base58_decode(&back, buf_str(&text)));
			assert_str_eq(buf_str(&back), str_n(bytes, len));
		}
	}
	buf_free(&text);
	buf_free(&back);
}

static void s014_the_longest_number_is_the_longest_text(void **state UNUSED)
{
	unsigned char bytes[BASE58_MAX_BYTES];
	struct buf text = BUF_INIT(2 * BASE58_MAX_BYTES), back = BUF_INIT(2 * BASE58_MAX_BYTES);
	memset(bytes, 0xff, sizeof(bytes));
	base58_add(&text, str_n(bytes, sizeof(bytes)));
	assert_true(base58_decode(&back, buf_str(&text)));
	/* the next number has a byte more, and so has any with one digit more */
	text.ptr[text.len - 1]++;
	buf_reset(&back);
	assert_false(base58_decode(&back, buf_str(&text)));
	text.ptr[text.len - 1]--;
	buf_add_chr(&text, '1');
	assert_false(base58_decode(&back, buf_str(&text)));
	buf_reset(&text);
	buf_add_chr(&text, '1');
	base58_add(&text, str_n(bytes, sizeof(bytes)));
	assert_false(base58_decode(&back, buf_str(&text)));
	assert_int_equal(back.len, 0);
	buf_free(&text);
	buf_free(&back);
}

struct multikey_case {
	enum key_kind kind;
	struct str hex;
	struct str text;
};

/* The vectors of FEP-521a (CC0). */
static const struct multikey_case published[] = {
	{ KEY_ED25519, STR_INIT("2e6fcce36701dc791488e0d0b1745cc1e33a4c1c9fcc41c63bd343dbbe0970e6"),
	  STR_INIT("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK") },
	{ KEY_RSA,
	  STR_INIT("3082010a0282010100b1b5fcd8d4d5e88ca5c4287b31f578865caf6a78826a3b"
		   "8ff7b1b23aa4af4e6a0474139f945bd9d3a911ffd0fa72db78e4593a86c91f9d"
		   "a836186ebd3402d51f6a3844247ab5088b46929c311b43604fed84499f06f0f3"
		   "9bf55590e2187f1bbe229ba8f49fd2e570cd0e3733c76bfede80e1e7e0881e45"
		   "38ea1bc5782be9512f8bf132526e05f4923564fe6e1e21bf7087adebb660fa53"
		   "3fca06d0a8e66991e1312d70b64a61da8ca77c028cdf939601e2cffe2855759b"
		   "1d479f0847bcac59d7d62427a431d4e3dfd2697428b9dd6309a7b1167db99fe0"
		   "1af1ff1b739566fb949e47089d1dae84aef1214ef7f5773e86a0d3e9da246f9b"
		   "ec09d60c705891183d0203010001"),
	  STR_INIT("z4MXj1wBzi9jUstyPMS4jQqB6KdJaiatPkAtVtGc6bQEQEEsKTic4G7Rou3iBf9v"
		   "PmT5dbkm9qsZsuVNjq8HCuW1w24nhBFGkRE4cd2Uf2tfrB3N7h4mnyPp1BF3ZttH"
		   "TYv3DLUPi1zMdkULiow3M1GfXkoC6DoxDUm1jmN6GBj22SjVsr6dxezRVQc7aj9T"
		   "xE7JLbMH1wh5X3kA58H3DFW8rnYMakFGbca5CB2Jf6CnGQZmL7o5uJAdTwXfy2ii"
		   "iyPxXEGerMhHwhjTA1mKYobyk2CpeEcmvynADfNZ5MBvcCS7m3XkFCMNUYBS9NQ3"
		   "fze6vMSUPsNa6GVYmKx2x6JrdEjCk3qRMMmyjnjCMfR4pXbRMZa3i") },
};

static void reads_and_writes_the_multikeys_of_fep_521a(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(published); i++) {
		const struct multikey_case *c = &published[i];
		struct buf key = BUF_INIT(1024), text = BUF_INIT(2048), read = BUF_INIT(1024);
		enum key_kind kind;
		assert_true(enc_unhex(&key, c->hex));
		multibase_add(&text, c->kind, buf_str(&key));
		assert_str_eq(buf_str(&text), c->text);
		assert_int_equal(multibase_decode(NULL, c->text, &kind, &read), RC_OK);
		assert_int_equal(kind, c->kind);
		assert_str_eq(buf_str(&read), buf_str(&key));
		buf_free(&key);
		buf_free(&text);
		buf_free(&read);
	}
}

static void refuses_other_multibases_and_codecs(void **state UNUSED)
{
	static const struct {
		struct str text;
		enum rc rc;
	} bad[] = {
		{ STR_INIT(""), RC_INVALID },
		{ { NULL, 0 }, RC_INVALID },
		{ STR_INIT("z"), RC_UNSUPPORTED },
		{ STR_INIT("z1"), RC_UNSUPPORTED },
		{ STR_INIT("6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"), RC_INVALID },
		{ STR_INIT("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2dO0"), RC_INVALID },
		{ STR_INIT("u7QEy"), RC_INVALID },
		{ STR_INIT("z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc"), RC_UNSUPPORTED },
	};
	struct buf key = BUF_INIT(1024);
	enum key_kind kind;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(multibase_decode(NULL, bad[i].text, &kind, &key), bad[i].rc);
	assert_int_equal(key.len, 0);
	buf_free(&key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(converts_the_published_pairs),
		cmocka_unit_test(refuses_letters_outside_the_alphabet_and_too_much),
		cmocka_unit_test(every_multikey_comes_back),
		cmocka_unit_test(bytes_of_every_length_come_back),
		cmocka_unit_test(s014_the_longest_number_is_the_longest_text),
		cmocka_unit_test(reads_and_writes_the_multikeys_of_fep_521a),
		cmocka_unit_test(refuses_other_multibases_and_codecs),
	};
	return cmocka_run_group_tests_name("multibase", tests, NULL, NULL);
}
