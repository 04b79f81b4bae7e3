/* Which files of other servers make room for others. */
#include "../cache.h"

#include <unistd.h>

#include "testkit.h"

static bool is_kept(const struct files *files, const struct digest *name)
{
	uint64_t size;
	int fd;
	if (files_get(files, name, &fd, &size) != RC_OK)
		return false;
	close(fd);
	return true;
}

static void put(struct cache *cache, const struct digest *name)
{
	static const char bytes[600];
	struct err err = { 0 };
	assert_int_equal(files_put(cache->files, &err, name, str_n(bytes, sizeof(bytes))), RC_OK);
	cache_add(cache, name, sizeof(bytes));
}

static void what_was_not_looked_at_for_longest_makes_room(void **state UNUSED)
{
	struct err err = { 0 };
	struct files files;
	struct cache cache;
	struct digest names[4];
	char *folder = test_tmpdir_new();
	assert_int_equal(files_open(&err, folder, false, &files), RC_OK);
	assert_int_equal(cache_open(&cache, &files, 2000), RC_OK);
	for (unsigned i = 0; i < 4; i++)
		names[i] = digest_sha256(str_n(&i, sizeof(i)));
	for (size_t i = 0; i < 3; i++)
		put(&cache, &names[i]);
	assert_true(cache_touch(&cache, &names[0]));
	put(&cache, &names[3]);
	assert_int_equal(cache.bytes, 1800);
	assert_false(cache_touch(&cache, &names[1]));
	assert_false(is_kept(&files, &names[1]));
	assert_true(is_kept(&files, &names[0]));
	/* the same again takes no more room */
	put(&cache, &names[3]);
	assert_int_equal(cache.bytes, 1800);
	cache_forget(&cache, &names[3]);
	assert_int_equal(cache.bytes, 1200);
	cache_free(&cache);
	/* what is there is found at the start, which may have less room to give */
	assert_int_equal(cache_open(&cache, &files, 1300), RC_OK);
	assert_int_equal(cache.bytes, 1200);
	cache_free(&cache);
	files_close(&files);
	test_tmpdir_remove(&folder);
}

static void what_is_larger_than_all_room_is_not_kept(void **state UNUSED)
{
	struct err err = { 0 };
	struct files files;
	struct cache cache;
	struct digest name = digest_sha256(STR("large"));
	char *folder = test_tmpdir_new();
	assert_int_equal(files_open(&err, folder, false, &files), RC_OK);
	assert_int_equal(cache_open(&cache, &files, 500), RC_OK);
	put(&cache, &name);
	assert_int_equal(cache.bytes, 0);
	assert_false(is_kept(&files, &name));
	cache_free(&cache);
	files_close(&files);
	test_tmpdir_remove(&folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_not_looked_at_for_longest_makes_room),
		cmocka_unit_test(what_is_larger_than_all_room_is_not_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
