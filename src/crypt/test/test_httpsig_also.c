/* A header more that is sent and covered: what FEP-8fcf asks of its own. */
#include "httpsig_kit.h"

static const enum httpsig_scheme schemes[] = { HTTPSIG_CAVAGE, HTTPSIG_RFC9421 };
#define NAME STR("collection-synchronization")

static enum rc sign_with(enum httpsig_scheme scheme, struct str value)
{
	struct httpsig_header headers[HTTPSIG_MAX_HEADERS];
	size_t count = 0;
	const struct httpsig_signer signer = { .scheme = scheme,
					       .key = kit.rsa,
					       .key_id = STR("https://peer.example/a#main-key"),
					       .now_s = KIT_NOW,
					       .also = { NAME, value } };
	kit_request("POST", "/inbox");
	kit_body();
	enum rc rc = httpsig_sign(&kit.ctx, &kit.req, &signer, headers, &count);
	for (size_t i = 0; i < count; i++)
		kit_add(headers[i].name, headers[i].value);
	return rc;
}

static void it_is_covered_and_cannot_be_changed(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		struct httpsig sig;
		assert_int_equal(sign_with(schemes[i], STR("digest=\"00\", url=\"https://x/\"")),
				 RC_OK);
		assert_int_equal(kit_parse(&sig), RC_OK);
		assert_true(httpsig_covers(&sig, NAME));
		assert_false(httpsig_covers(&sig, STR("collection")));
		assert_false(httpsig_covers(&sig, STR("content-type")));
		assert_true(kit_accepts(kit.rsa));
		kit_find(NAME)->value = STR("digest=\"01\", url=\"https://x/\"");
		assert_false(kit_accepts(kit.rsa));
	}
}

static void what_is_merely_sent_is_not_covered(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		struct httpsig sig;
		kit_request("POST", "/inbox");
		kit_body();
		kit_sign(schemes[i], kit.rsa);
		kit_add(NAME, STR("digest=\"00\""));
		assert_int_equal(kit_parse(&sig), RC_OK);
		assert_false(httpsig_covers(&sig, NAME));
	}
}

static void what_would_be_another_header_is_not_signed(void **state UNUSED)
{
	assert_int_equal(sign_with(HTTPSIG_CAVAGE, STR("a\r\nb: c")), RC_INVALID);
	assert_int_equal(sign_with(HTTPSIG_RFC9421, STR(" a")), RC_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_covered_and_cannot_be_changed),
		cmocka_unit_test(what_is_merely_sent_is_not_covered),
		cmocka_unit_test(what_would_be_another_header_is_not_signed),
	};
	return cmocka_run_group_tests_name("httpsig_also", tests, kit_setup, kit_teardown);
}
