/* Queries and form bodies. */
#include "httpd/form.h"

#include "testkit.h"

static int setup(void **state)
{
	*state = arena_new(1 << 16);
	return *state == NULL;
}

static int teardown(void **state)
{
	arena_free((struct arena **)state);
	return 0;
}

static void finds_the_first_field_of_a_name(void **state)
{
	const struct str form = STR("a=1&b=&c&a=2&&d%5B%5D=x&e=f=g&+h=i&");
	assert_str_eq(form_find(*state, form, STR("a")), STR("1"));
	assert_str_eq(form_find(*state, form, STR("b")), STR(""));
	assert_str_eq(form_find(*state, form, STR("c")), STR(""));
	assert_str_eq(form_find(*state, form, STR("d[]")), STR("x"));
	assert_str_eq(form_find(*state, form, STR("e")), STR("f=g"));
	assert_str_eq(form_find(*state, form, STR(" h")), STR("i"));
	assert_non_null(form_find(*state, form, STR("b")).ptr);
	assert_null(form_find(*state, form, STR("z")).ptr);
	assert_null(form_find(*state, STR_NONE, STR("a")).ptr);
}

static void decodes_once(void **state)
{
	assert_str_eq(form_decode(*state, STR("a+b%20c%2B%252B")), STR("a b c+%2B"));
	assert_str_eq(form_decode(*state, STR("caf%C3%A9")), STR("caf\xc3\xa9"));
	assert_str_eq(form_decode(*state, STR("")), STR(""));
}

static void refuses_what_is_malformed(void **state)
{
	static const char *const texts[] = { "%", "%4", "%zz", "a%00b", "%ff", "%c0%af", "\xff" };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_null(form_decode(*state, str_of(texts[i])).ptr);
	/* a broken field does not hide the others */
	assert_str_eq(form_find(*state, STR("%zz=1&x=%zz&a=2"), STR("a")), STR("2"));
	assert_null(form_find(*state, STR("%zz=1&x=%zz&a=2"), STR("x")).ptr);
}

static void walks_all_fields(void **state UNUSED)
{
	static const char *const expected[] = { "a", "1", "", "2", "b", "" };
	struct str rest = STR("&a=1&=2&&b"), name, value;
	size_t n = 0;
	while (form_next(&rest, &name, &value)) {
		assert_true(n + 2 <= ARRAY_LEN(expected));
		assert_str_eq(name, str_of(expected[n]));
		assert_str_eq(value, str_of(expected[n + 1]));
		n += 2;
	}
	assert_int_equal(n, ARRAY_LEN(expected));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_first_field_of_a_name),
		cmocka_unit_test(decodes_once),
		cmocka_unit_test(refuses_what_is_malformed),
		cmocka_unit_test(walks_all_fields),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
