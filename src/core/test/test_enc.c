/* Text forms of bytes: the vectors of the RFCs, and strictness on the way in. */
#include "core/enc.h"

#include "testkit.h"

typedef bool decoder(struct buf *out, struct str text);

struct row {
	struct str bytes;
	struct str text;
};

static void assert_decodes(decoder *decode, struct str text, struct str bytes)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(1000);
	buf_add(&out, STR("before "));
	if (!decode(&out, text))
		fail_msg("%.*s: refused", STR_ARG(text));
	assert_str_eq(str_skip(buf_str(&out), 7), bytes);
}

/* A refusal leaves what was there. */
static void assert_refuses(decoder *decode, const struct str *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(1000);
		buf_add(&out, STR("before"));
		if (decode(&out, texts[i]))
			fail_msg("%.*s: taken", STR_ARG(texts[i]));
		assert_str_eq(buf_str(&out), STR("before"));
	}
}

/* Decoding into a buffer that is too small fails. */
static void assert_needs_room(decoder *decode, struct str text)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(1);
	assert_false(decode(&out, text));
}

static void base64_follows_the_vectors_of_rfc_4648(void **state UNUSED)
{
	/* section 10 */
	static const struct row rows[] = {
		{ STR_INIT(""), STR_INIT("") },
		{ STR_INIT("f"), STR_INIT("Zg==") },
		{ STR_INIT("fo"), STR_INIT("Zm8=") },
		{ STR_INIT("foo"), STR_INIT("Zm9v") },
		{ STR_INIT("foob"), STR_INIT("Zm9vYg==") },
		{ STR_INIT("fooba"), STR_INIT("Zm9vYmE=") },
		{ STR_INIT("foobar"), STR_INIT("Zm9vYmFy") },
		{ STR_INIT("\xfb\xff\xfe\0"), STR_INIT("+//+AA==") },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(1000);
		enc_base64(&out, rows[i].bytes);
		assert_str_eq(buf_str(&out), rows[i].text);
		assert_decodes(enc_unbase64, rows[i].text, rows[i].bytes);
	}
}

static void base64url_has_no_padding(void **state UNUSED)
{
	static const struct row rows[] = {
		{ STR_INIT("f"), STR_INIT("Zg") },
		{ STR_INIT("fo"), STR_INIT("Zm8") },
		{ STR_INIT("foo"), STR_INIT("Zm9v") },
		{ STR_INIT("\xfb\xff\xfe\0"), STR_INIT("-__-AA") },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(1000);
		enc_base64url(&out, rows[i].bytes);
		assert_str_eq(buf_str(&out), rows[i].text);
		assert_decodes(enc_unbase64, rows[i].text, rows[i].bytes);
	}
}

static void base64_refuses_another_spelling_of_the_same(void **state UNUSED)
{
	static const struct str refused[] = {
		STR_INIT("Z"),	      STR_INIT("Zm9vY"),    STR_INIT("Zg="),	STR_INIT("Zg==="),
		STR_INIT("Z==="),     STR_INIT("===="),	    STR_INIT("="),	STR_INIT("Zm9v="),
		STR_INIT("Zm9v===="), STR_INIT("Zg==Zg=="), STR_INIT("Z=g="),	STR_INIT("Zh=="),
		STR_INIT("Zh"),	      STR_INIT("Zm9"),	    STR_INIT("Zg== "),	STR_INIT(" Zg=="),
		STR_INIT("Zm\n9v"),   STR_INIT("Zm9v\0"),   STR_INIT("Zm9.\""), STR_INIT("Zm9\xff"),
	};
	assert_refuses(enc_unbase64, refused, ARRAY_LEN(refused));
	assert_needs_room(enc_unbase64, STR("Zm9v"));
}

static void every_byte_survives_every_form(void **state UNUSED)
{
	static void (*const encoders[])(struct buf *, struct str) = { enc_hex, enc_base64,
								      enc_base64url };
	static decoder *const decoders[] = { enc_unhex, enc_unbase64, enc_unbase64 };
	char bytes[256];
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)i;
	for (size_t i = 0; i < ARRAY_LEN(encoders); i++) {
		for (size_t n = 0; n <= sizeof(bytes); n++) {
			struct buf text CLEANUP(buf_free) = BUF_INIT(1000);
			struct str part = str_n(bytes + sizeof(bytes) - n, n);
			encoders[i](&text, part);
			assert_decodes(decoders[i], buf_str(&text), part);
		}
	}
}

static void hex_is_written_in_lower_case_and_read_in_both(void **state UNUSED)
{
	static const struct str refused[] = {
		STR_INIT("0"),	STR_INIT("0g"),	 STR_INIT("g0"),   STR_INIT("00 "),
		STR_INIT("0x"), STR_INIT("1:2"), STR_INIT("12\0"), STR_INIT("12 3"),
	};
	struct buf out CLEANUP(buf_free) = BUF_INIT(1000);
	enc_hex(&out, STR("\x00\x1f\xab\xff"));
	assert_str_eq(buf_str(&out), STR("001fabff"));
	assert_decodes(enc_unhex, STR("001FABff"), STR("\x00\x1f\xab\xff"));
	assert_decodes(enc_unhex, STR(""), STR(""));
	assert_refuses(enc_unhex, refused, ARRAY_LEN(refused));
	assert_needs_room(enc_unhex, STR("0000"));
}

static void percent_keeps_only_unreserved_characters(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(1000);
	/* RFC 3986 section 2.3 */
	enc_percent(&out, STR("azAZ09-._~ /?#[]@!$&'()*+,;=%\xc3\xa9\x7f"));
	assert_str_eq(buf_str(&out), STR("azAZ09-._~%20%2F%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2B"
					 "%2C%3B%3D%25%C3%A9%7F"));
}

static void percent_is_decoded_once(void **state UNUSED)
{
	static const struct str refused[] = {
		STR_INIT("%"),	   STR_INIT("a%2"),   STR_INIT("%zz"),	STR_INIT("%2g"),
		STR_INIT("%00"),   STR_INIT("%%20"),  STR_INIT("% 20"), STR_INIT("%+2"),
		STR_INIT("abc%0"), STR_INIT("x%00y"),
	};
	assert_decodes(enc_unpercent, STR("a%2Fb%2fc+d%25%32%30"), STR("a/b/c+d%20"));
	assert_decodes(enc_unpercent, STR("%C3%a9"), STR("\xc3\xa9"));
	assert_decodes(enc_unpercent, STR(""), STR(""));
	assert_refuses(enc_unpercent, refused, ARRAY_LEN(refused));
	assert_needs_room(enc_unpercent, STR("ab"));
}

/* RFC 4648 section 10, without padding. */
static void base32_is_written_and_read(void **state UNUSED)
{
	static const struct {
		const char *plain, *text;
	} rows[] = { { "", "" },
		     { "f", "MY" },
		     { "fo", "MZXQ" },
		     { "foo", "MZXW6" },
		     { "foob", "MZXW6YQ" },
		     { "fooba", "MZXW6YTB" },
		     { "foobar", "MZXW6YTBOI" } };
	static const char *const bad[] = {
		"M", "MZX", "MZ", "MY======", "M1", "MZXW6Y ", "MZXW60"
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(64),
			       in CLEANUP(buf_free) = BUF_INIT(64);
		enc_base32(&out, str_of(rows[i].plain));
		assert_str_eq(buf_str(&out), str_of(rows[i].text));
		assert_true(enc_unbase32(&in, buf_str(&out)));
		assert_str_eq(buf_str(&in), str_of(rows[i].plain));
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct buf in CLEANUP(buf_free) = BUF_INIT(64);
		buf_add_chr(&in, 'x');
		assert_false(enc_unbase32(&in, str_of(bad[i])));
		assert_str_eq(buf_str(&in), STR("x"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base32_is_written_and_read),
		cmocka_unit_test(base64_follows_the_vectors_of_rfc_4648),
		cmocka_unit_test(base64url_has_no_padding),
		cmocka_unit_test(base64_refuses_another_spelling_of_the_same),
		cmocka_unit_test(every_byte_survives_every_form),
		cmocka_unit_test(hex_is_written_in_lower_case_and_read_in_both),
		cmocka_unit_test(percent_keeps_only_unreserved_characters),
		cmocka_unit_test(percent_is_decoded_once),
	};
	return cmocka_run_group_tests_name("enc", tests, NULL, NULL);
}
