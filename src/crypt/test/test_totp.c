/* One-time passwords against the vectors of RFC 6238. */
#include "crypt/totp.h"

#include "core/enc.h"
#include "testkit.h"

#define SECRET STR("12345678901234567890")

/* RFC 6238 appendix B: SHA-1, the last six of its eight digits. */
static const struct vector {
	uint64_t now_s;
	const char *code;
} vectors[] = {
	{ 59, "287082" },	  { 1111111109, "081804" }, { 1111111111, "050471" },
	{ 1234567890, "005924" }, { 2000000000, "279037" }, { 20000000000, "353130" },
};

static void published_passwords_are_made_and_taken(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		struct buf code CLEANUP(buf_free) = BUF_INIT(16);
		uint64_t last = 0;
		totp_add(&code, SECRET, vectors[i].now_s / TOTP_STEP_S);
		assert_str_eq(buf_str(&code), str_of(vectors[i].code));
		assert_true(totp_verify(SECRET, str_of(vectors[i].code), vectors[i].now_s, &last));
		assert_int_equal(last, vectors[i].now_s / TOTP_STEP_S);
	}
}

static void s110_each_step_is_used_once(void **state UNUSED)
{
	struct buf code CLEANUP(buf_free) = BUF_INIT(16), next CLEANUP(buf_free) = BUF_INIT(16);
	uint64_t last = 0, step = 50000000;
	totp_add(&code, SECRET, step);
	totp_add(&next, SECRET, step + 1);
	assert_true(totp_verify(SECRET, buf_str(&code), step * 30, &last));
	assert_false(totp_verify(SECRET, buf_str(&code), step * 30 + 1, &last));
	assert_false(totp_verify(SECRET, buf_str(&code), step * 30 + 31, &last));
	/* the next one, from an app that is ahead; then not the older one any more */
	assert_true(totp_verify(SECRET, buf_str(&next), step * 30, &last));
	assert_false(totp_verify(SECRET, buf_str(&code), step * 30, &last));
	assert_int_equal(last, step + 1);
}

static void clocks_may_differ_by_one_step(void **state UNUSED)
{
	struct buf code CLEANUP(buf_free) = BUF_INIT(16);
	uint64_t step = 50000000;
	totp_add(&code, SECRET, step);
	for (int away = -3; away <= 3; away++) {
		uint64_t last = 0, now = step + (uint64_t)(int64_t)away;
		assert_int_equal(totp_verify(SECRET, buf_str(&code), now * 30, &last),
				 away >= -1 && away <= 1);
	}
}

static void what_is_no_code_is_a_no(void **state UNUSED)
{
	static const char *const codes[] = { "",	"28708",   "2870820", "287083",
					     " 287082", "28708\n", "+87082",  "28708a" };
	uint64_t last = 0;
	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		assert_false(totp_verify(SECRET, str_of(codes[i]), 59, &last));
	assert_false(totp_verify(STR("another secret"), STR("287082"), 59, &last));
	assert_int_equal(last, 0);
}

static void an_app_reads_the_secret(void **state UNUSED)
{
	struct buf uri CLEANUP(buf_free) = BUF_INIT(512);
	totp_add_uri(&uri, SECRET, STR("City & Co"), STR("alice@example.org"));
	assert_str_eq(buf_str(&uri),
		      STR("otpauth://totp/City%20%26%20Co:alice%40example.org"
			  "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=City%20%26%20Co"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_passwords_are_made_and_taken),
		cmocka_unit_test(s110_each_step_is_used_once),
		cmocka_unit_test(clocks_may_differ_by_one_step),
		cmocka_unit_test(what_is_no_code_is_a_no),
		cmocka_unit_test(an_app_reads_the_secret),
	};
	return cmocka_run_group_tests_name("totp", tests, NULL, NULL);
}
