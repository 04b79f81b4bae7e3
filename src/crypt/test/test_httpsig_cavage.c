/* draft-cavage-http-signatures-12: the draft's test values, the base, what is refused. */
#include <openssl/evp.h>

#include "../der_int.h"
#include "../key_int.h"
#include "httpsig_kit.h"

/* Appendix C: the request of all tests. */
static void draft_request(void)
{
	kit_request("POST", "/foo?param=value&pet=dog");
	kit_body();
	kit_add(STR("Host"), STR("example.com"));
	kit_add(STR("Date"), STR("Sun, 05 Jan 2014 21:31:40 GMT"));
	kit_add(STR("Content-Type"), STR("application/json"));
	kit_add(STR("Digest"), STR("SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="));
	kit_add(STR("Content-Length"), STR("18"));
}

/* The draft's key has 1024 bits, which no peer may use; so it is made past the gate. */
static struct key *draft_key(void)
{
	struct str der =
		kit_base64("MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDCFENGw33yGihy92pDjZQhl0C3"
			   "6rPJj+CvfSC8+q28hxA161QFNUd13wuCTUcq0Qd2qsBe/2hFyc2DCJJg0h1L78+6"
			   "Z4UMR7EOcpfdUE9Hf3m/hs+FUR45uBJeDK1HSFHD8bHKD6kv8FPGfJTotc+2xjJw"
			   "oYi+1hqp1fIekaxsyQIDAQAB");
	struct str body, algorithm, bits, n, e;
	struct key *key = NULL;
	assert_int_equal(key_from_public(der, &key), RC_CORRUPT);
	assert_true(der_take(&der, DER_SEQUENCE, &body));
	assert_true(der_take(&body, DER_SEQUENCE, &algorithm));
	assert_true(der_take(&body, DER_BIT_STRING, &bits));
	bits = str_skip(bits, 1);
	assert_true(der_take(&bits, DER_SEQUENCE, &body));
	assert_true(der_take_number(&body, &n));
	assert_true(der_take_number(&body, &e));
	assert_int_equal(key_wrap(key_build_rsa_public(n, e), KEY_RSA, false, &key), RC_OK);
	return key;
}

#define BASIC                                                                      \
	"keyId=\"Test\",algorithm=\"rsa-sha256\","                                 \
	"headers=\"(request-target) host date\","                                  \
	"signature=\"qdx+H7PHHDZgy4y/Ahn9Tny9V3GP6YgBPyUXMmoxWtLbHpUnXS2mg2+SbrQ"  \
	"DMCJypxBLSPQR2aAjn7ndmw2iicw3HMbe8VfEdKFYRqzic+efkb3nndiv/x1xSHDJWeSWkx3" \
	"ButlYSuBskLu6kd9Fswtemr3lgdDEmn04swr2Os0=\""

#define ALL                                                                          \
	"keyId=\"Test\",algorithm=\"rsa-sha256\","                                   \
	"headers=\"(request-target) host date content-type digest content-length\"," \
	"signature=\"vSdrb+dS3EceC9bcwHSo4MlyKS59iFIrhgYkz8+oVLEEzmYZZvRs8rgOp+6"    \
	"3LEM3v+MFHB32NfpB2bEKBIvB1q52LaEUHFv120V01IL+TAD48XaERZFukWgHoBTLMhYS2Gb"   \
	"51gWxpeIq8knRmPnYePbF5MOkR0Zkly4zKH7s1dE=\""

static void verifies_the_drafts_basic_test(void **state UNUSED)
{
	struct httpsig sig;
	struct key *key = draft_key();
	draft_request();
	kit_add(STR("Signature"), STR(BASIC));
	assert_int_equal(kit_parse(&sig), RC_OK);
	assert_str_eq(sig.base, STR("(request-target): post /foo?param=value&pet=dog\n"
				    "host: example.com\n"
				    "date: Sun, 05 Jan 2014 21:31:40 GMT"));
	assert_str_eq(sig.key_id, STR("Test"));
	assert_str_eq(sig.algorithm, STR("rsa-sha256"));
	assert_int_equal(sig.scheme, HTTPSIG_CAVAGE);
	assert_true(httpsig_verify(&kit.req, &sig, key));
	/* good for the draft, but a body without its digest */
	assert_int_equal(httpsig_check(&kit.ctx, &kit.req, &sig, 1388957500, KIT_WINDOW),
			 RC_UNAUTHENTICATED);
	key_unref(&key);
}

static void verifies_the_drafts_all_headers_test(void **state UNUSED)
{
	struct httpsig sig;
	struct key *key = draft_key();
	draft_request();
	kit_add(STR("Signature"), STR(ALL));
	assert_int_equal(kit_parse(&sig), RC_OK);
	assert_str_eq(sig.base, STR("(request-target): post /foo?param=value&pet=dog\n"
				    "host: example.com\n"
				    "date: Sun, 05 Jan 2014 21:31:40 GMT\n"
				    "content-type: application/json\n"
				    "digest: SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=\n"
				    "content-length: 18"));
	assert_true(httpsig_verify(&kit.req, &sig, key));
	assert_int_equal(httpsig_check(&kit.ctx, &kit.req, &sig, 1388957500, KIT_WINDOW), RC_OK);
	assert_true(sig.covers_target && sig.covers_method && sig.covers_host && sig.covers_date &&
		    sig.covers_digest && !sig.covers_content_digest);
	key_unref(&key);
}

struct refusal {
	enum rc rc;
	struct str header;
};

#define K "keyId=\"k\","
#define H "headers=\"(request-target) host date\","
#define S "signature=\"AAAA\""

static void s026_refuses_malformed_signatures(void **state UNUSED)
{
	static const struct refusal cases[] = {
		{ RC_OK, STR_INIT(K H S) },
		{ RC_OK, STR_INIT("  keyId = \"k\" ,\t" H S "  ") },
		{ RC_OK, STR_INIT(K "algorithm=\"hs2019\"," H S) },
		{ RC_OK, STR_INIT(K "algorithm=hs2019," H S) },
		{ RC_OK, STR_INIT(K "unknown=\"x\",created=1," H S) },
		{ RC_OK, STR_INIT(K "headers=\"HOST Date (Request-Target)\"," S) },
		{ RC_UNAUTHENTICATED, STR_INIT(K S) },
		{ RC_UNAUTHENTICATED, STR_INIT(K "headers=\"\"," S) },
		{ RC_UNAUTHENTICATED, STR_INIT(K "headers=\"  \"," S) },
		{ RC_UNSUPPORTED, STR_INIT(K "algorithm=\"rsa-sha1\"," H S) },
		{ RC_UNSUPPORTED, STR_INIT(K "algorithm=\"hmac-sha256\"," H S) },
		{ RC_UNSUPPORTED, STR_INIT(K "algorithm=\"none\"," H S) },
		{ RC_UNSUPPORTED, STR_INIT(K "algorithm=\"\"," H S) },
		{ RC_UNSUPPORTED, STR_INIT(K "headers=\"(request-target) (unknown)\"," S) },
		{ RC_INVALID, STR_INIT("") },
		{ RC_INVALID, STR_INIT("keyId") },
		{ RC_INVALID, STR_INIT(H S) },
		{ RC_INVALID, STR_INIT(K H) },
		{ RC_INVALID, STR_INIT("keyId=\"\"," H S) },
		{ RC_INVALID, STR_INIT(K H "signature=\"\"") },
		{ RC_INVALID, STR_INIT(K H "signature=\"A\"") },
		{ RC_INVALID, STR_INIT(K H "signature=\"AA AA\"") },
		{ RC_INVALID, STR_INIT(K H "signature=\"AAAA") },
		{ RC_INVALID, STR_INIT(K H S ",") },
		{ RC_INVALID, STR_INIT(K H S " x") },
		{ RC_INVALID, STR_INIT(K H S ";x=1") },
		{ RC_INVALID, STR_INIT("," K H S) },
		{ RC_INVALID, STR_INIT("Signature " K H S) },
		{ RC_INVALID, STR_INIT(K K H S) },
		{ RC_INVALID, STR_INIT(K "KEYID=\"other\"," H S) },
		{ RC_INVALID, STR_INIT(K H H S) },
		{ RC_INVALID, STR_INIT(K H S "," S) },
		{ RC_INVALID, STR_INIT(K "algorithm=hs2019,algorithm=hs2019," H S) },
		{ RC_INVALID, STR_INIT("keyId=\"k\\\"\"," H S) },
		{ RC_INVALID, STR_INIT("keyId=\"k\n\"," H S) },
		{ RC_INVALID, STR_INIT("keyId=\"\xc3\xa9\"," H S) },
		{ RC_INVALID, STR_INIT(K "created=\"x\"," H S) },
		{ RC_INVALID, STR_INIT(K "created=1.5," H S) },
		{ RC_INVALID, STR_INIT(K "created=-1," H S) },
		{ RC_INVALID, STR_INIT(K "expires=99999999999999999999," H S) },
		{ RC_INVALID, STR_INIT(K "headers=\"host  date\"," S) },
		{ RC_INVALID, STR_INIT(K "headers=\" host\"," S) },
		{ RC_INVALID, STR_INIT(K "headers=\"host \"," S) },
		{ RC_INVALID, STR_INIT(K "headers=\"host date host\"," S) },
		{ RC_INVALID, STR_INIT(K "headers=\"date Date\"," S) },
		{ RC_INVALID, STR_INIT(K "headers=\"host missing\"," S) },
		{ RC_INVALID, STR_INIT(K "headers=\"(created)\"," S) },
		{ RC_INVALID, STR_INIT(K "headers=\"(expires)\"," S) },
		{ RC_INVALID, STR_INIT(K "algorithm=\"rsa-sha256\",created=1,"
					 "headers=\"(created)\"," S) },
		{ RC_INVALID, STR_INIT(K "algorithm=\"rsa-sha256\",expires=1,"
					 "headers=\"(expires)\"," S) },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct httpsig sig;
		draft_request();
		kit_add(STR("Signature"), cases[i].header);
		enum rc rc = kit_parse(&sig);
		if (rc != cases[i].rc)
			fail_msg("%s for %.*s", rc_name(rc), STR_ARG(cases[i].header));
	}
}

static void a_key_id_may_have_2048_bytes(void **state UNUSED)
{
	struct httpsig sig;
	struct buf header = BUF_INIT(8192);
	for (size_t n = 2048; n <= 2049; n++) {
		buf_reset(&header);
		buf_add(&header, STR("keyId=\""));
		for (size_t i = 0; i < n; i++)
			buf_add_chr(&header, 'k');
		buf_add(&header, STR("\"," H S));
		draft_request();
		kit_add(STR("Signature"), buf_str(&header));
		assert_int_equal(kit_parse(&sig), n == 2048 ? RC_OK : RC_INVALID);
	}
	buf_free(&header);
}

static void joins_repeated_fields_and_trims_values(void **state UNUSED)
{
	struct httpsig sig;
	kit_request("GET", "/");
	kit_add(STR("Accept"), STR("  application/activity+json\t"));
	kit_add(STR("X-Empty"), STR(""));
	kit_add(STR("ACCEPT"), STR("text/html "));
	kit_add(STR("Signature"), STR(K "headers=\"accept x-empty host\"," S));
	assert_int_equal(kit_parse(&sig), RC_OK);
	assert_str_eq(sig.base, STR("accept: application/activity+json, text/html\n"
				    "x-empty: \n"
				    "host: example.com"));
}

static void a_line_break_in_a_field_forges_nothing(void **state UNUSED)
{
	struct httpsig sig;
	kit_request("GET", "/");
	kit_add(STR("X-Evil"), STR("x\ndate: Tue, 20 Apr 2021 02:07:53 GMT"));
	kit_add(STR("Signature"), STR(K "headers=\"(request-target) host x-evil\"," S));
	assert_int_equal(kit_parse(&sig), RC_INVALID);
}

static void signs_created_and_expires(void **state UNUSED)
{
	struct httpsig sig;
	kit_request("GET", "/x");
	kit_add(STR("Signature"),
		STR(K "algorithm=hs2019,created=1402170695,expires=\"1402170995\","
		      "headers=\"(request-target) (created) (expires) host\"," S));
	assert_int_equal(kit_parse(&sig), RC_OK);
	assert_str_eq(sig.base, STR("(request-target): get /x\n"
				    "(created): 1402170695\n"
				    "(expires): 1402170995\n"
				    "host: example.com"));
	assert_true(sig.has_created && sig.has_expires);
	assert_int_equal(sig.created, 1402170695);
	assert_int_equal(sig.expires, 1402170995);
}

/* A proxy may have put another Host there; the caller vouches for the authority. */
static void s024_signs_the_authority_that_the_caller_vouches_for(void **state UNUSED)
{
	static const struct str hosts[][2] = {
		{ STR_INIT("example.com"), STR_INIT("host: example.com") },
		{ STR_INIT("Example.COM"), STR_INIT("host: Example.COM") },
		{ STR_INIT("10.0.0.1:8080"), STR_INIT("host: example.com") },
		{ STR_INIT("evil.example"), STR_INIT("host: example.com") },
	};
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		struct httpsig sig;
		kit_request("GET", "/");
		kit_add(STR("Host"), hosts[i][0]);
		kit_add(STR("Signature"), STR(K "headers=\"host\"," S));
		assert_int_equal(kit_parse(&sig), RC_OK);
		assert_str_eq(sig.base, hosts[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verifies_the_drafts_basic_test),
		cmocka_unit_test(verifies_the_drafts_all_headers_test),
		cmocka_unit_test(s026_refuses_malformed_signatures),
		cmocka_unit_test(a_key_id_may_have_2048_bytes),
		cmocka_unit_test(joins_repeated_fields_and_trims_values),
		cmocka_unit_test(a_line_break_in_a_field_forges_nothing),
		cmocka_unit_test(signs_created_and_expires),
		cmocka_unit_test(s024_signs_the_authority_that_the_caller_vouches_for),
	};
	return cmocka_run_group_tests_name("httpsig_cavage", tests, kit_setup, kit_teardown);
}
