/* CBOR in its canonical form, and nothing else: examples of RFC 8949 appendix A. */
#include "../cbor_int.h"

#include "core/enc.h"
#include "testkit.h"

static struct str unhex(struct buf *out, const char *hex)
{
	buf_reset(out);
	assert_true(enc_unhex(out, str_of(hex)));
	return buf_str(out);
}

static void integers_are_read(void **state UNUSED)
{
	static const struct {
		const char *hex;
		int64_t value;
	} rows[] = {
		{ "00", 0 },
		{ "17", 23 },
		{ "1818", 24 },
		{ "1864", 100 },
		{ "1903e8", 1000 },
		{ "1a000f4240", 1000000 },
		{ "1b000000e8d4a51000", 1000000000000 },
		{ "20", -1 },
		{ "29", -10 },
		{ "3863", -100 },
		{ "3903e7", -1000 },
	};
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(64);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct cbor c = cbor_open(unhex(&bytes, rows[i].hex));
		assert_int_equal(cbor_int(&c), rows[i].value);
		assert_true(cbor_ok(&c));
	}
}

static void strings_and_maps_are_read(void **state UNUSED)
{
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(64);
	struct cbor c = cbor_open(unhex(&bytes, "a2616101616242fffe"));
	assert_int_equal(cbor_map(&c), 2);
	assert_str_eq(cbor_text(&c), STR("a"));
	assert_int_equal(cbor_int(&c), 1);
	assert_str_eq(cbor_text(&c), STR("b"));
	assert_str_eq(cbor_bytes(&c), STR("\xff\xfe"));
	assert_true(cbor_ok(&c));
}

static void other_spellings_are_refused(void **state UNUSED)
{
	static const char *const rows[] = {
		"",
		"1817",
		"190018",
		"1a00000001",
		"1b0000000000000001",
		"1c",
		"5f4101ff",
		"9fff",
		"bfff",
		"c001",
		"f93c00",
		"f7",
		"f800",
		"ff",
		"61",
		"8201",
		"a101",
		"1901",
		"9bffffffffffffffff",
		"8181818181",
		"5bffffffffffffffff",
	};
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(64);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct cbor c = cbor_open(unhex(&bytes, rows[i]));
		cbor_skip(&c);
		if (cbor_ok(&c))
			fail_msg("%s was taken", rows[i]);
	}
}

static void known_items_are_skipped(void **state UNUSED)
{
	static const char *const rows[] = { "f4",	"f5", "f6",	"80",
					    "83010203", "a0", "a10102", "8181818101" };
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(64);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct cbor c = cbor_open(unhex(&bytes, rows[i]));
		cbor_skip(&c);
		assert_true(cbor_ok(&c));
	}
}

static void the_wrong_kind_is_a_failure_that_stays(void **state UNUSED)
{
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(64);
	struct cbor c = cbor_open(unhex(&bytes, "610101"));
	assert_int_equal(cbor_int(&c), 0);
	assert_true(c.bad);
	assert_int_equal(cbor_text(&c).len, 0);
	assert_false(cbor_ok(&c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_are_read),
		cmocka_unit_test(strings_and_maps_are_read),
		cmocka_unit_test(other_spellings_are_refused),
		cmocka_unit_test(known_items_are_skipped),
		cmocka_unit_test(the_wrong_kind_is_a_failure_that_stays),
	};
	return cmocka_run_group_tests_name("cbor", tests, NULL, NULL);
}
