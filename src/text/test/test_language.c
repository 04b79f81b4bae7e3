/* Language tags: what is plausible by RFC 5646. */
#include "testkit.h"
#include "text/html.h"

static void takes_tags_that_people_use(void **state UNUSED)
{
	static const struct str tags[] = {
		STR_INIT("de"),
		STR_INIT("pt-BR"),
		STR_INIT("zh-Hant-TW"),
		STR_INIT("yue"),
		STR_INIT("sr-Latn"),
		STR_INIT("es-419"),
		STR_INIT("EN"),
		STR_INIT("de-CH-1996"),
		STR_INIT("en-x-a"),
		STR_INIT("sl-nedis"),
		STR_INIT("de-12345678-12345678-12345678-12"),
	};
	for (size_t i = 0; i < ARRAY_LEN(tags); i++)
		assert_true(text_language_valid(tags[i]));
}

static void refuses_what_is_no_tag(void **state UNUSED)
{
	static const struct str tags[] = {
		STR_INIT(""),
		STR_INIT("d"),
		STR_INIT("deut"),
		STR_INIT("de_DE"),
		STR_INIT("de-"),
		STR_INIT("-de"),
		STR_INIT("de--x"),
		STR_INIT("d3"),
		STR_INIT("de-a b"),
		STR_INIT("de\""),
		STR_INIT("de\0"),
		STR_INIT("d\303\251"),
		STR_INIT("de DE"),
		STR_INIT("de-ninechars"),
		STR_INIT("*"),
		STR_INIT("x-private"),
		STR_INIT("de-12345678-12345678-12345678-123456"),
	};
	for (size_t i = 0; i < ARRAY_LEN(tags); i++) {
		if (text_language_valid(tags[i]))
			fail_msg("\"%.*s\" is taken", STR_ARG(tags[i]));
	}
	assert_false(text_language_valid(STR_NONE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_tags_that_people_use),
		cmocka_unit_test(refuses_what_is_no_tag),
	};
	return cmocka_run_group_tests_name("language", tests, NULL, NULL);
}
