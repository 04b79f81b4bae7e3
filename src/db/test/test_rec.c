/* The codecs of values and keys: round trip, order of bytes, every truncation refused. */
#include "db/rec.h"

#include "core/random.h"
#include "testkit.h"

#define ROUNDS 2000

/* Numbers of every size alike. */
static uint64_t any_number(void)
{
	return random_u64() >> random_below(64);
}

static struct str any_str(char *room, size_t size)
{
	if (random_below(4) == 0)
		return STR_NONE;
	random_bytes(room, size);
	return str_n(room, random_below(size));
}

struct row {
	uint8_t a;
	uint32_t b;
	uint64_t c, d;
	struct str e, f;
};

static struct row row_any(char *room, size_t size)
{
	return (struct row){ (uint8_t)any_number(), (uint32_t)any_number(), any_number(),
			     any_number(),	    any_str(room, size),    any_str(room, size) };
}

static void row_add(struct buf *out, const struct row *row)
{
	rec_add_u8(out, row->a);
	rec_add_u32(out, row->b);
	rec_add_u64(out, row->c);
	rec_add_num(out, row->d);
	rec_add_str(out, row->e);
	rec_add_str(out, row->f);
}

static struct row row_read(struct rec *r)
{
	struct row row;
	row.a = rec_u8(r);
	row.b = rec_u32(r);
	row.c = rec_u64(r);
	row.d = rec_num(r);
	row.e = rec_str(r);
	row.f = rec_str(r);
	return row;
}

static void what_is_written_is_read_and_no_truncation_is_taken(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(4096);
	for (int round = 0; round < ROUNDS; round++) {
		char room[40];
		struct row row = row_any(room, sizeof(room));
		buf_reset(&out);
		row_add(&out, &row);
		struct rec r = rec_open(buf_str(&out));
		struct row back = row_read(&r);
		assert_true(rec_ok(&r));
		assert_true(row.a == back.a && row.b == back.b && row.c == back.c &&
			    row.d == back.d);
		assert_str_eq(row.e, back.e);
		assert_str_eq(row.f, back.f);
		assert_int_equal(row.e.ptr == NULL, back.e.ptr == NULL);
		for (size_t n = 0; n < out.len; n++) {
			r = rec_open(str_n(out.ptr, n));
			row_read(&r);
			assert_false(rec_ok(&r));
			assert_false(rec_sound(&r));
		}
	}
}

static void what_is_left_over_is_refused_where_it_must_not_be(void **state UNUSED)
{
	struct rec r = rec_open(STR("ab"));
	assert_int_equal(rec_u8(&r), 'a');
	assert_true(rec_sound(&r));
	assert_false(rec_ok(&r));
}

static void a_failed_reader_gives_nothing_but_zero(void **state UNUSED)
{
	struct rec r = rec_open(STR("\x01\x02\x03"));
	assert_int_equal(rec_u32(&r), 0);
	assert_int_equal(rec_u8(&r), 0);
	assert_int_equal(rec_num(&r), 0);
	assert_null(rec_str(&r).ptr);
	assert_false(rec_sound(&r));
}

static void a_number_has_one_encoding(void **state UNUSED)
{
	static const struct {
		struct str bytes;
		bool good;
		uint64_t n;
	} cases[] = {
		{ STR_INIT("\x00"), true, 0 },
		{ STR_INIT("\x7f"), true, 127 },
		{ STR_INIT("\x80\x01"), true, 128 },
		{ STR_INIT("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), true, UINT64_MAX },
		{ STR_INIT("\x80\x00"), false, 0 },
		{ STR_INIT("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"), false, 0 },
		{ STR_INIT("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x81\x01"), false, 0 },
		{ STR_INIT("\x80"), false, 0 },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct rec r = rec_open(cases[i].bytes);
		assert_true(rec_num(&r) == cases[i].n);
		assert_int_equal(rec_ok(&r), cases[i].good);
	}
}

static void a_length_past_the_end_is_refused(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(64);
	rec_add_num(&out, UINT64_MAX);
	buf_add(&out, STR("short"));
	struct rec r = rec_open(buf_str(&out));
	assert_null(rec_str(&r).ptr);
	assert_false(rec_sound(&r));
}

static void keys_sort_as_their_numbers(void **state UNUSED)
{
	for (int round = 0; round < ROUNDS; round++) {
		uint64_t a = any_number(), b = any_number(), c = any_number(), d = any_number();
		if (random_below(2) == 0)
			b = a;
		struct reckey ka = reckey_u64_u64(a, c), kb = reckey_u64_u64(b, d);
		int want = a != b ? (a < b ? -1 : 1) : c != d ? (c < d ? -1 : 1) : 0;
		int got = str_cmp(reckey_str(&ka), reckey_str(&kb));
		assert_int_equal(want, got < 0 ? -1 : got > 0);
	}
}

static void keys_are_read_back_from_any_offset(void **state UNUSED)
{
	struct reckey k = RECKEY_INIT;
	uint64_t n = 0;
	reckey_add_u8(&k, 7);
	reckey_add_u64(&k, 0x0102030405060708);
	reckey_add_bytes(&k, "xyz", 3);
	struct str key = reckey_str(&k);
	assert_int_equal(key.len, 12);
	assert_true(reckey_read_u64(key, 1, &n));
	assert_true(n == 0x0102030405060708);
	assert_true(reckey_read_u64(key, 4, &n));
	assert_false(reckey_read_u64(key, 5, &n));
	assert_false(reckey_read_u64(key, SIZE_MAX, &n));
	assert_false(reckey_read_u64(STR("short"), 0, &n));
}

static void a_long_text_becomes_half_of_its_digest(void **state UNUSED)
{
	/* FIPS 180-2 appendix B.1 */
	static const unsigned char want[] = { 0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea,
					      0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23 };
	struct reckey k = reckey_digest(STR("abc"));
	assert_str_eq(reckey_str(&k), str_n(want, sizeof(want)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_and_no_truncation_is_taken),
		cmocka_unit_test(what_is_left_over_is_refused_where_it_must_not_be),
		cmocka_unit_test(a_failed_reader_gives_nothing_but_zero),
		cmocka_unit_test(a_number_has_one_encoding),
		cmocka_unit_test(a_length_past_the_end_is_refused),
		cmocka_unit_test(keys_sort_as_their_numbers),
		cmocka_unit_test(keys_are_read_back_from_any_offset),
		cmocka_unit_test(a_long_text_becomes_half_of_its_digest),
	};
	return cmocka_run_group_tests_name("rec", tests, NULL, NULL);
}
