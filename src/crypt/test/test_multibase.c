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
	char text[200];
	struct buf out = BUF_INIT(256);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(base58_decode(&out, bad[i]));
	memset(text, 'z', sizeof(text));
	assert_false(base58_decode(&out, str_n(text, sizeof(text))));
	memset(text, '1', sizeof(text));
	assert_false(base58_decode(&out, str_n(text, sizeof(text))));
	assert_true(base58_decode(&out, str_n(text, 64)));
	assert_int_equal(out.len, 64);
	buf_free(&out);
}

static void every_multikey_comes_back(void **state UNUSED)
{
	unsigned char point[32], back[32];
	struct buf out = BUF_INIT(256);
	for (unsigned i = 0; i < 256; i++) {
		for (size_t k = 0; k < sizeof(point); k++)
			point[k] = (unsigned char)(k < 3 ? 0 : i * 7 + k * i);
		buf_reset(&out);
		multibase_add_ed25519(&out, str_n(point, sizeof(point)));
		/* 0xed 0x01 in front makes every one of them begin so */
		assert_true(str_has_prefix(buf_str(&out), STR("z6Mk")));
		assert_true(multibase_decode_ed25519(buf_str(&out), back));
		assert_memory_equal(point, back, sizeof(point));
	}
	buf_free(&out);
}

static void reads_the_multikey_of_fep_521a(void **state UNUSED)
{
	unsigned char point[32];
	struct buf expected = BUF_INIT(256), text = BUF_INIT(256);
	assert_true(enc_unhex(&expected, STR("2e6fcce36701dc791488e0d0b1745cc1"
					     "e33a4c1c9fcc41c63bd343dbbe0970e6")));
	assert_true(multibase_decode_ed25519(
		STR("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"), point));
	assert_str_eq(str_n(point, sizeof(point)), buf_str(&expected));
	multibase_add_ed25519(&text, buf_str(&expected));
	assert_str_eq(buf_str(&text), STR("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"));
	buf_free(&expected);
	buf_free(&text);
}

static void refuses_other_multibases_and_codecs(void **state UNUSED)
{
	static const struct str bad[] = {
		STR_INIT(""),
		STR_INIT("z"),
		STR_INIT("6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"),
		STR_INIT("u7QEy"),
		STR_INIT("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2do"),
		STR_INIT("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doKK"),
		STR_INIT("z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc"),
	};
	unsigned char point[32];
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(multibase_decode_ed25519(bad[i], point));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(converts_the_published_pairs),
		cmocka_unit_test(refuses_letters_outside_the_alphabet_and_too_much),
		cmocka_unit_test(every_multikey_comes_back),
		cmocka_unit_test(reads_the_multikey_of_fep_521a),
		cmocka_unit_test(refuses_other_multibases_and_codecs),
	};
	return cmocka_run_group_tests_name("multibase", tests, NULL, NULL);
}
