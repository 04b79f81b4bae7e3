/* Strings to pointers: put, replace, delete, walk, and growth under much coming and going. */
#include "core/map.h"

#include <stdio.h>

#include "testkit.h"

static int values[2000];

static struct str key_of(char *out, size_t size, size_t n)
{
	return str_n(out, (size_t)snprintf(out, size, "key-%zu", n));
}

static void an_empty_map_has_nothing(void **state UNUSED)
{
	struct map map = MAP_INIT;
	struct str key;
	void *value;
	size_t at = 0;
	assert_null(map_get(&map, STR("a")));
	assert_null(map_del(&map, STR("a")));
	assert_int_equal(map_count(&map), 0);
	assert_false(map_next(&map, &at, &key, &value));
	map_free(&map);
	map_free(&map);
}

static void puts_replaces_and_deletes(void **state UNUSED)
{
	struct map map = MAP_INIT;
	assert_true(map_put(&map, STR("a"), &values[0]));
	assert_true(map_put(&map, STR(""), &values[1]));
	assert_true(map_put(&map, STR("a\0b"), &values[2]));
	assert_true(map_put(&map, STR("A"), &values[3]));
	assert_int_equal(map_count(&map), 4);
	assert_true(map_get(&map, STR("a")) == &values[0]);
	assert_true(map_get(&map, STR_NONE) == &values[1]);
	assert_true(map_get(&map, STR("a\0b")) == &values[2]);
	assert_null(map_get(&map, STR("a\0c")));
	assert_true(map_put(&map, STR("a"), &values[4]));
	assert_int_equal(map_count(&map), 4);
	assert_true(map_del(&map, STR("a")) == &values[4]);
	assert_null(map_del(&map, STR("a")));
	assert_null(map_get(&map, STR("a")));
	assert_int_equal(map_count(&map), 3);
	assert_true(map_put(&map, STR("a"), &values[5]));
	assert_true(map_get(&map, STR("a")) == &values[5]);
	assert_int_equal(map_count(&map), 4);
	map_free(&map);
	assert_int_equal(map_count(&map), 0);
}

static void copies_its_keys(void **state UNUSED)
{
	struct map map = MAP_INIT;
	char key[] = "abc";
	assert_true(map_put(&map, str_n(key, 3), &values[0]));
	key[0] = 'x';
	assert_true(map_get(&map, STR("abc")) == &values[0]);
	assert_null(map_get(&map, STR("xbc")));
	map_free(&map);
}

static void finds_all_of_many(void **state UNUSED)
{
	struct map map = MAP_INIT;
	char text[32];
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		assert_true(map_put(&map, key_of(text, sizeof(text), i), &values[i]));
		assert_int_equal(map_count(&map), i + 1);
	}
	for (size_t i = 0; i < ARRAY_LEN(values); i += 2)
		assert_true(map_del(&map, key_of(text, sizeof(text), i)) == &values[i]);
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		const void *value = map_get(&map, key_of(text, sizeof(text), i));
		assert_true(value == (i % 2 == 0 ? NULL : &values[i]));
	}
	assert_int_equal(map_count(&map), ARRAY_LEN(values) / 2);
	map_free(&map);
}

static void walks_every_entry_once_and_lets_it_be_deleted(void **state UNUSED)
{
	struct map map = MAP_INIT;
	bool seen[500] = { false };
	char text[32];
	for (size_t i = 0; i < ARRAY_LEN(seen); i++)
		assert_true(map_put(&map, key_of(text, sizeof(text), i), &values[i]));
	struct str key;
	void *value;
	size_t at = 0, n = 0;
	while (map_next(&map, &at, &key, &value)) {
		size_t i = (size_t)((int *)value - values);
		assert_false(seen[i]);
		seen[i] = true;
		assert_str_eq(key, key_of(text, sizeof(text), i));
		assert_true(map_del(&map, key) == value);
		n++;
	}
	assert_int_equal(n, ARRAY_LEN(seen));
	assert_int_equal(map_count(&map), 0);
	map_free(&map);
}

static void coming_and_going_does_not_make_it_grow(void **state UNUSED)
{
	struct map map = MAP_INIT;
	char text[32];
	for (size_t i = 0; i < 20000; i++) {
		assert_true(map_put(&map, key_of(text, sizeof(text), i), &values[0]));
		if (i >= 3)
			assert_non_null(map_del(&map, key_of(text, sizeof(text), i - 3)));
	}
	assert_int_equal(map_count(&map), 3);
	assert_true(map.cap <= 16);
	map_free(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_map_has_nothing),
		cmocka_unit_test(puts_replaces_and_deletes),
		cmocka_unit_test(copies_its_keys),
		cmocka_unit_test(finds_all_of_many),
		cmocka_unit_test(walks_every_entry_once_and_lets_it_be_deleted),
		cmocka_unit_test(coming_and_going_does_not_make_it_grow),
	};
	return cmocka_run_group_tests_name("map", tests, NULL, NULL);
}
