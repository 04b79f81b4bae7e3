/* Tar files: what is written is read, others' are read, and nothing else is taken for one. */
#include <stdlib.h>

#include "testkit.h"
#include "ustar.h"

#define BLOCK 512

static FILE *opened(const char *bytes, size_t len)
{
	FILE *f = tmpfile();
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	rewind(f);
	return f;
}

static void expect_file(FILE *f, const char *name, struct str bytes)
{
	struct buf read CLEANUP(buf_free) = BUF_INIT(1 << 20);
	struct ustar_entry entry;
	assert_int_equal(ustar_next(f, &entry), RC_OK);
	assert_string_equal(entry.name, name);
	assert_true(entry.file);
	assert_int_equal(entry.size, bytes.len);
	assert_int_equal(ustar_read(f, &entry, &read), RC_OK);
	assert_str_eq(buf_str(&read), bytes);
}

static void what_is_written_is_read(void **state UNUSED)
{
	static char large[3 * BLOCK + 1];
	struct ustar_entry entry;
	FILE *f = tmpfile();
	memset(large, 'x', sizeof(large));
	assert_int_equal(ustar_add(f, "manifest.yml", STR("{}"), 1700000000), RC_OK);
	assert_int_equal(ustar_add(f, "activitypub/empty", STR(""), 0), RC_OK);
	assert_int_equal(ustar_add(f, "activitypub/block", str_n(large, BLOCK), 0), RC_OK);
	assert_int_equal(ustar_add(f, "activitypub/large", str_n(large, sizeof(large)), 0), RC_OK);
	assert_int_equal(ustar_finish(f), RC_OK);
	assert_int_equal(ftell(f) % BLOCK, 0);
	rewind(f);
	expect_file(f, "manifest.yml", STR("{}"));
	expect_file(f, "activitypub/empty", STR(""));
	/* one is passed over */
	assert_int_equal(ustar_next(f, &entry), RC_OK);
	assert_int_equal(ustar_read(f, &entry, NULL), RC_OK);
	expect_file(f, "activitypub/large", str_n(large, sizeof(large)));
	assert_int_equal(ustar_next(f, &entry), RC_NOT_FOUND);
	fclose(f);
}

static void names_and_sizes_have_bounds(void **state UNUSED)
{
	char name[USTAR_NAME_MAX + 2];
	struct ustar_entry entry;
	struct buf small CLEANUP(buf_free) = BUF_INIT(3);
	FILE *f = tmpfile();
	memset(name, 'n', sizeof(name));
	name[USTAR_NAME_MAX + 1] = 0;
	assert_int_equal(ustar_add(f, name, STR(""), 0), RC_INVALID);
	assert_int_equal(ustar_add(f, "", STR(""), 0), RC_INVALID);
	name[USTAR_NAME_MAX] = 0;
	assert_int_equal(ustar_add(f, name, STR("four"), 0), RC_OK);
	rewind(f);
	assert_int_equal(ustar_next(f, &entry), RC_OK);
	assert_string_equal(entry.name, name);
	assert_int_equal(ustar_read(f, &entry, &small), RC_TOO_LARGE);
	fclose(f);
}

/* A header as other programs write it. */
static void header_of(char *h, const char *name, const char *size, char type, const char *prefix)
{
	unsigned sum = 0;
	memset(h, 0, BLOCK);
	snprintf(h, 100, "%s", name);
	snprintf(h + 124, 12, "%s", size);
	memset(h + 148, ' ', 8);
	h[156] = type;
	memcpy(h + 257, "ustar", 6);
	snprintf(h + 345, 155, "%s", prefix);
	for (size_t i = 0; i < BLOCK; i++)
		sum += (unsigned char)h[i];
	snprintf(h + 148, 8, "%06o", sum);
	h[155] = ' ';
}

static void others_are_read_and_what_is_no_file_is_told(void **state UNUSED)
{
	char tar[4 * BLOCK] = { 0 };
	struct ustar_entry entry;
	header_of(tar, "folder/", "00000000000", '5', "");
	header_of(tar + BLOCK, "a.json", "00000000002 ", '0', "deep/er");
	memcpy(tar + 2 * BLOCK, "{}", 2);
	FILE *f = opened(tar, sizeof(tar));
	assert_int_equal(ustar_next(f, &entry), RC_OK);
	assert_false(entry.file);
	assert_int_equal(ustar_read(f, &entry, NULL), RC_OK);
	expect_file(f, "deep/er/a.json", STR("{}"));
	assert_int_equal(ustar_next(f, &entry), RC_NOT_FOUND);
	fclose(f);
}

static void damage_is_refused(void **state UNUSED)
{
	static const char *const sizes[] = { "", "9", "-1", "12x", "\xff\xff" };
	char tar[3 * BLOCK] = { 0 };
	struct ustar_entry entry;
	struct buf read CLEANUP(buf_free) = BUF_INIT(1 << 20);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		header_of(tar, "a", sizes[i], '0', "");
		FILE *f = opened(tar, sizeof(tar));
		assert_int_equal(ustar_next(f, &entry), RC_INVALID);
		fclose(f);
	}
	/* every flipped bit of a header is seen by its sum, but for unused case bits of it */
	header_of(tar, "a", "00000000002", '0', "");
	for (size_t i = 0; i < 148; i++) {
		tar[i] ^= 4;
		FILE *f = opened(tar, sizeof(tar));
		assert_int_equal(ustar_next(f, &entry), RC_INVALID);
		fclose(f);
		tar[i] ^= 4;
	}
	/* cut anywhere */
	for (size_t len = 1; len < 2 * BLOCK; len += 7) {
		FILE *f = opened(tar, len);
		enum rc rc = ustar_next(f, &entry);
		if (rc == RC_OK)
			rc = ustar_read(f, &entry, &read);
		assert_int_equal(rc, RC_INVALID);
		fclose(f);
	}
	FILE *empty = opened("", 0);
	assert_int_equal(ustar_next(empty, &entry), RC_NOT_FOUND);
	fclose(empty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(names_and_sizes_have_bounds),
		cmocka_unit_test(others_are_read_and_what_is_no_file_is_told),
		cmocka_unit_test(damage_is_refused),
	};
	return cmocka_run_group_tests_name("ustar", tests, NULL, NULL);
}
