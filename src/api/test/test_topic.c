/* Names of streams and what they need; which topics are the same. */
#include "../topic_int.h"

#include "core/arena.h"
#include "testkit.h"

static struct arena *arena;

static int begin(void **state UNUSED)
{
	arena = arena_new(65536);
	return arena != NULL ? 0 : -1;
}

static int end(void **state UNUSED)
{
	arena_free(&arena);
	return 0;
}

static enum rc parse(const char *name, const char *tag, const char *list, struct topic *out)
{
	struct ctx ctx = { .arena = arena };
	const struct topic_wish wish = { str_of(name), str_of(tag), str_of(list) };
	return topic_parse(&ctx, &wish, 42, out);
}

static void every_stream_of_the_documentation_has_a_topic(void **state UNUSED)
{
	static const char *const names[] = {
		"public",	 "public:media",	"public:local", "public:local:media",
		"public:remote", "public:remote:media", "hashtag",	"hashtag:local",
		"user",		 "user:notification",	"list",		"direct",
	};
	struct topic topics[ARRAY_LEN(names)];
	assert_int_equal(ARRAY_LEN(names), TOPIC_KINDS);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_int_equal(parse(names[i], "tag", "12", &topics[i]), RC_OK);
		assert_string_equal(topic_rows[topics[i].kind].name, names[i]);
		assert_int_not_equal(topic_rows[topics[i].kind].scope, 0);
		for (size_t k = 0; k < i; k++)
			assert_false(str_eq(topics[i].key, topics[k].key));
	}
}

static void what_is_no_stream_is_refused(void **state UNUSED)
{
	static const struct {
		const char *name, *tag, *list;
		enum rc rc;
	} cases[] = {
		{ "", "x", "1", RC_NOT_FOUND },
		{ "users", "x", "1", RC_NOT_FOUND },
		{ "public:", "x", "1", RC_NOT_FOUND },
		{ "USER", "x", "1", RC_NOT_FOUND },
		{ "hashtag", "", "", RC_INVALID },
		{ "hashtag", "#", "", RC_INVALID },
		{ "hashtag:local", "\xff", "", RC_INVALID },
		{ "list", "", "", RC_INVALID },
		{ "list", "", "0", RC_INVALID },
		{ "list", "", "twelve", RC_INVALID },
		{ "list", "", "99999999999999999999", RC_INVALID },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct topic topic;
		assert_int_equal(parse(cases[i].name, cases[i].tag, cases[i].list, &topic),
				 cases[i].rc);
	}
}

static void a_hashtag_is_the_same_however_it_is_written(void **state UNUSED)
{
	struct topic a, b, c, local;
	assert_int_equal(parse("hashtag", "Caf\xc3\xa9", "", &a), RC_OK);
	assert_int_equal(parse("hashtag", "#CAF\xc3\x89", "", &b), RC_OK);
	assert_int_equal(parse("hashtag", "cafe", "", &c), RC_OK);
	assert_int_equal(parse("hashtag:local", "Caf\xc3\xa9", "", &local), RC_OK);
	assert_str_eq(a.key, b.key);
	assert_false(str_eq(a.key, c.key));
	assert_false(str_eq(a.key, local.key));
	/* but is told under the name that it was asked for by */
	assert_str_eq(b.tag, STR("CAF\xc3\x89"));
	assert_str_eq(a.key, topic_of(arena, TOPIC_TAG, 0, STR("caf\xc3\xa9")).key);
}

static void a_person_has_streams_of_their_own(void **state UNUSED)
{
	struct topic mine;
	assert_int_equal(parse("user", "", "", &mine), RC_OK);
	assert_int_equal(mine.id, 42);
	assert_str_eq(mine.key, topic_of(arena, TOPIC_USER, 42, STR("")).key);
	assert_false(str_eq(mine.key, topic_of(arena, TOPIC_USER, 43, STR("")).key));
}

static void only_timelines_of_all_have_one_with_media(void **state UNUSED)
{
	assert_int_equal(topic_with_media(TOPIC_PUBLIC), TOPIC_PUBLIC_MEDIA);
	assert_int_equal(topic_with_media(TOPIC_LOCAL), TOPIC_LOCAL_MEDIA);
	assert_int_equal(topic_with_media(TOPIC_REMOTE), TOPIC_REMOTE_MEDIA);
	assert_int_equal(topic_with_media(TOPIC_TAG), TOPIC_TAG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_stream_of_the_documentation_has_a_topic),
		cmocka_unit_test(what_is_no_stream_is_refused),
		cmocka_unit_test(a_hashtag_is_the_same_however_it_is_written),
		cmocka_unit_test(a_person_has_streams_of_their_own),
		cmocka_unit_test(only_timelines_of_all_have_one_with_media),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
