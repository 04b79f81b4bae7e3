/* Translations: what is asked of the service, how often, and what is believed of its answers. */
#include "social/translate.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../translate_int.h"
#include "testfetch.h"
#include "testkit.h"

#define LANGUAGES "https://translate.example/api/languages"
#define TRANSLATE "https://translate.example/api/translate"
#define PAIRS                                                                             \
	"[{\"code\":\"de\",\"name\":\"German\",\"targets\":[\"en\",\"de\",\"zh-Hans\"]}," \
	"{\"code\":\"en\",\"name\":\"English\",\"targets\":[\"de\"]},"                    \
	"{\"code\":\"zh-Hans\",\"name\":\"Chinese\",\"targets\":[\"en\"]}]"

struct world {
	struct test_clock clock;
	struct test_fetch *net;
	struct translation_settings settings;
	struct translator *translator;
	struct arena *arena;
	/* what the last one was told */
	unsigned called;
	enum rc rc;
	struct translation got;
	size_t pair_count;
};

static void start(struct world *w)
{
	struct err err = { .rc = RC_OK };
	const struct translator_parts parts = { test_fetch_client(w->net), &w->clock.clock,
						&w->settings };
	assert_int_equal(translator_new(&err, &parts, &w->translator), RC_OK);
}

static void world_init(struct world *w)
{
	*w = (struct world){ .net = test_fetch_new(), .arena = arena_new(1 << 20) };
	test_clock_init(&w->clock, 1700000000000);
	w->settings = (struct translation_settings){ STR("https://translate.example/api/"), STR(""),
						     STR("A service"), MS_PER_SECOND };
	start(w);
	test_fetch_answer(w->net, LANGUAGES, 200, "application/json", STR(PAIRS));
}

static void world_free(struct world *w)
{
	test_fetch_free(&w->net);
	translator_free(&w->translator);
	arena_free(&w->arena);
}

static struct status post(const char *content)
{
	return (struct status){ .id = 7,
				.visibility = VISIBILITY_PUBLIC,
				.language = STR("de"),
				.spoiler = STR(""),
				.content = html_trusted(str_of(content)) };
}

static struct str copy(struct world *w, struct str s)
{
	return arena_join(w->arena, s, STR(""));
}

static void told(void *arg, enum rc rc, const struct translation *t)
{
	struct world *w = arg;
	w->called++;
	w->rc = rc;
	w->got = (struct translation){ .source = STR_NONE };
	assert_int_equal(rc == RC_OK, t != NULL);
	if (t == NULL)
		return;
	w->got = *t;
	w->got.source = copy(w, t->source);
	w->got.target = copy(w, t->target);
	w->got.provider = copy(w, t->provider);
	w->got.content.markup = copy(w, t->content.markup);
	w->got.spoiler = copy(w, t->spoiler);
	w->got.options = ARENA_ARRAY(w->arena, t->option_count, struct str);
	w->got.descriptions = ARENA_ARRAY(w->arena, t->description_count, struct str);
	for (unsigned i = 0; i < t->option_count; i++)
		w->got.options[i] = copy(w, t->options[i]);
	for (unsigned i = 0; i < t->description_count; i++)
		w->got.descriptions[i] = copy(w, t->descriptions[i]);
}

static enum rc ask(struct world *w, const struct status *status, const struct poll *poll,
		   struct str target)
{
	const struct translate_order order = { status, poll, target };
	unsigned before = w->called;
	translate(w->translator, &order, told, w);
	assert_int_equal(w->called, before + 1);
	return w->rc;
}

static void answer(struct world *w, const char *json)
{
	test_fetch_answer(w->net, TRANSLATE, 200, "application/json", str_of(json));
}

static const struct test_fetch_request *last(struct world *w)
{
	return test_fetch_request(w->net, test_fetch_count(w->net) - 1);
}

static void all_of_a_post_is_asked_for_at_once(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct poll_option options[] = { { .name = STR("eins") }, { .name = STR("zwei <3") } };
	struct poll poll = { .options = options, .option_count = 2 };
	struct status_attachment attachments[] = {
		{ .media_type = STR("image/png"), .description = STR("Ein Bild") },
		{ .media_type = STR("text/html"),
		  .kind = ATTACHMENT_LINK,
		  .description = STR("Ein Link") },
		{ .media_type = STR("image/png"), .description = STR("") },
	};
	struct status s = post("<p>Hallo</p>");
	world_init(&w);
	s.spoiler = STR("Vorsicht");
	s.attachments = attachments;
	s.attachment_count = ARRAY_LEN(attachments);
	answer(&w, "{\"translatedText\":[\"<p>Hello</p>\",\"Careful\",\"one\",\"two &lt;3\","
		   "\"A picture\"]}");
	assert_int_equal(ask(&w, &s, &poll, STR("en-GB")), RC_OK);
	assert_str_eq(last(&w)->method, STR("POST"));
	assert_str_eq(last(&w)->body,
		      STR("{\"q\":[\"<p>Hallo</p>\",\"Vorsicht\",\"eins\",\"zwei &lt;3\",\"Ein "
			  "Bild\"],\"source\":\"de\",\"target\":\"en\",\"format\":\"html\"}"));
	assert_str_eq(w.got.content.markup, STR("<p>Hello</p>"));
	assert_str_eq(w.got.spoiler, STR("Careful"));
	assert_int_equal(w.got.option_count, 2);
	assert_str_eq(w.got.options[1], STR("two <3"));
	assert_int_equal(w.got.description_count, 2);
	assert_str_eq(w.got.descriptions[0], STR("A picture"));
	assert_str_eq(w.got.descriptions[1], STR(""));
	assert_str_eq(w.got.source, STR("de"));
	assert_str_eq(w.got.target, STR("en"));
	assert_str_eq(w.got.provider, STR("A service"));
}

static void what_comes_back_is_sanitised(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct status s = post("<p>Hallo</p>");
	world_init(&w);
	s.spoiler = STR("x");
	answer(&w, "{\"translatedText\":[\"<p onclick='x()'>Hi<script>alert(1)</script></p>\","
		   "\"<img src=x onerror=alert(1)>a &lt;b&gt;\"]}");
	assert_int_equal(ask(&w, &s, NULL, STR("en")), RC_OK);
	assert_str_eq(w.got.content.markup, STR("<p>Hi</p>"));
	assert_str_eq(w.got.spoiler, STR("a <b>"));
}

static void the_same_is_asked_once(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct status s = post("<p>Hallo</p>");
	world_init(&w);
	answer(&w, "{\"translatedText\":[\"<p>Hello</p>\"]}");
	for (int i = 0; i < 3; i++)
		assert_int_equal(ask(&w, &s, NULL, STR("en")), RC_OK);
	assert_str_eq(w.got.content.markup, STR("<p>Hello</p>"));
	assert_int_equal(test_fetch_count_of(w.net, TRANSLATE), 1);
	assert_int_equal(test_fetch_count_of(w.net, LANGUAGES), 1);
	/* an edited post is another one, and so is another language */
	s.content = html_trusted(STR("<p>Hallo!</p>"));
	assert_int_equal(ask(&w, &s, NULL, STR("en")), RC_OK);
	assert_int_equal(ask(&w, &s, NULL, STR("zh")), RC_OK);
	assert_str_eq(w.got.target, STR("zh-Hans"));
	assert_int_equal(test_fetch_count_of(w.net, TRANSLATE), 3);
}

static void those_who_ask_meanwhile_wait_for_the_same_answer(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct status s = post("<p>Hallo</p>");
	const struct translate_order order = { &s, NULL, STR("en") };
	world_init(&w);
	answer(&w, "{\"translatedText\":[\"<p>Hello</p>\"]}");
	test_fetch_hold(w.net);
	for (int i = 0; i < 5; i++)
		translate(w.translator, &order, told, &w);
	assert_int_equal(w.called, 0);
	assert_int_equal(test_fetch_run(w.net), 2);
	assert_int_equal(w.called, 5);
	assert_int_equal(w.rc, RC_OK);
}

static void too_many_at_once_are_told_so(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct status s = post("<p>Hallo</p>");
	const struct translate_order order = { &s, NULL, STR("en") };
	world_init(&w);
	test_fetch_hold(w.net);
	for (unsigned i = 0; i < TRANSLATE_WAITING_MAX; i++)
		translate(w.translator, &order, told, &w);
	assert_int_equal(w.called, 0);
	assert_int_equal(ask(&w, &s, NULL, STR("en")), RC_BUSY);
	test_fetch_fail(w.net, TRANSLATE, RC_TIMEOUT);
	test_fetch_run(w.net);
	assert_int_equal(w.called, TRANSLATE_WAITING_MAX + 1);
	assert_int_equal(w.rc, RC_TIMEOUT);
}

static void rules_are_kept_before_anybody_is_asked(void **state UNUSED)
{
	static char large[TRANSLATE_BYTES_MAX + 2];
	struct world w CLEANUP(world_free);
	world_init(&w);
	memset(large, 'x', sizeof(large) - 1);
	static const struct {
		enum visibility visibility;
		enum rc rc;
	} cases[] = { { VISIBILITY_FOLLOWERS, RC_DENIED },
		      { VISIBILITY_DIRECT, RC_DENIED },
		      { VISIBILITY_LOCAL, RC_DENIED } };
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct status s = post("<p>Hallo</p>");
		s.visibility = cases[i].visibility;
		assert_int_equal(ask(&w, &s, NULL, STR("en")), cases[i].rc);
	}
	struct status empty = post(""), long_one = post(large);
	assert_int_equal(ask(&w, &empty, NULL, STR("en")), RC_UNSUPPORTED);
	assert_int_equal(ask(&w, &long_one, NULL, STR("en")), RC_TOO_LARGE);
	assert_int_equal(test_fetch_count(w.net), 0);
	struct status s = post("<p>Hallo</p>");
	assert_int_equal(ask(&w, &s, NULL, STR("de")), RC_DENIED);
	assert_int_equal(ask(&w, &s, NULL, STR("xx")), RC_UNSUPPORTED);
	assert_int_equal(test_fetch_count_of(w.net, TRANSLATE), 0);
}

static void a_language_that_nobody_said_is_found_out(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct status s = post("<p>Hallo</p>");
	world_init(&w);
	s.language = STR_NONE;
	answer(&w, "{\"translatedText\":[\"<p>Hello</p>\"],"
		   "\"detectedLanguage\":[{\"confidence\":90,\"language\":\"de\"}]}");
	assert_int_equal(ask(&w, &s, NULL, STR("en")), RC_OK);
	assert_true(str_contains(last(&w)->body, STR("\"source\":\"auto\"")));
	assert_str_eq(w.got.source, STR("de"));
}

static void answers_that_are_none_are_told_as_that(void **state UNUSED)
{
	static const char *const bodies[] = {
		"",
		"[]",
		"{}",
		"{\"translatedText\":\"Hello\"}",
		"{\"translatedText\":[]}",
		"{\"translatedText\":[\"a\",\"b\"]}",
		"{\"translatedText\":[1]}",
		"<html>",
	};
	struct world w CLEANUP(world_free);
	struct status s = post("<p>Hallo</p>");
	world_init(&w);
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		answer(&w, bodies[i]);
		assert_int_equal(ask(&w, &s, NULL, STR("en")), RC_UNREACHABLE);
	}
	static const struct {
		unsigned status;
		enum rc rc;
	} cases[] = { { 429, RC_BUSY }, { 403, RC_UNREACHABLE }, { 500, RC_UNREACHABLE } };
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		test_fetch_answer(w.net, TRANSLATE, cases[i].status, "application/json",
				  STR("{\"error\":\"no\"}"));
		assert_int_equal(ask(&w, &s, NULL, STR("en")), cases[i].rc);
	}
	/* and it is not remembered */
	answer(&w, "{\"translatedText\":[\"<p>Hello</p>\"]}");
	assert_int_equal(ask(&w, &s, NULL, STR("en")), RC_OK);
}

static void listed(void *arg, enum rc rc, const struct translation_pair *pairs, size_t count)
{
	struct world *w = arg;
	w->called++;
	w->rc = rc;
	w->pair_count = count;
	if (count != 0) {
		assert_str_eq(pairs[0].source, STR("de"));
		assert_int_equal(pairs[0].target_count, 2);
		assert_str_eq(pairs[0].targets[1], STR("zh-Hans"));
	}
}

static void languages_are_kept_for_a_day_and_failures_for_a_moment(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_fetch_fail(w.net, LANGUAGES, RC_UNREACHABLE);
	for (int i = 0; i < 2; i++) {
		translate_languages(w.translator, listed, &w);
		assert_int_equal(w.rc, RC_UNREACHABLE);
	}
	assert_int_equal(test_fetch_count(w.net), 1);
	test_clock_advance(&w.clock, MS_PER_MINUTE);
	test_fetch_answer(w.net, LANGUAGES, 200, "application/json", STR(PAIRS));
	for (int i = 0; i < 2; i++) {
		translate_languages(w.translator, listed, &w);
		assert_int_equal(w.rc, RC_OK);
		assert_int_equal(w.pair_count, 3);
	}
	assert_int_equal(test_fetch_count(w.net), 2);
	/* old ones are better than none */
	test_clock_advance(&w.clock, 2 * MS_PER_DAY);
	test_fetch_fail(w.net, LANGUAGES, RC_UNREACHABLE);
	translate_languages(w.translator, listed, &w);
	assert_int_equal(w.rc, RC_OK);
	assert_int_equal(w.pair_count, 3);
	assert_int_equal(test_fetch_count(w.net), 3);
}

static void the_key_is_read_from_its_file(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct status s = post("<p>Hallo</p>");
	struct err err = { .rc = RC_OK };
	char *folder = test_tmpdir_new(), path[512];
	snprintf(path, sizeof(path), "%s/key", folder);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0 && write(fd, "a \"key\"\n", 8) == 8);
	close(fd);
	world_init(&w);
	translator_free(&w.translator);
	w.settings.key_file = str_of(path);
	start(&w);
	answer(&w, "{\"translatedText\":[\"<p>Hello</p>\"]}");
	assert_int_equal(ask(&w, &s, NULL, STR("en")), RC_OK);
	assert_true(str_contains(last(&w)->body, STR("\"api_key\":\"a \\\"key\\\"\"")));
	translator_free(&w.translator);
	assert_int_equal(chmod(path, 0644), 0);
	const struct translator_parts parts = { test_fetch_client(w.net), &w.clock.clock,
						&w.settings };
	assert_int_equal(translator_new(&err, &parts, &w.translator), RC_DENIED);
	assert_non_null(strstr(err.detail, "[translation]"));
	w.settings.url = STR("");
	assert_int_equal(translator_new(&err, &parts, &w.translator), RC_OK);
	assert_null(w.translator);
	test_tmpdir_remove(&folder);
}

static void language_tags_are_found_in_the_services_words(void **state UNUSED)
{
	static const struct {
		struct str tag, word;
	} cases[] = {
		{ STR_INIT("de"), STR_INIT("de") },	 { STR_INIT("DE-at"), STR_INIT("de") },
		{ STR_INIT("zh"), STR_INIT("zh-Hans") }, { STR_INIT("zh-CN"), STR_INIT("zh-Hans") },
		{ STR_INIT("zh-TW"), STR_INIT("zt") },	 { STR_INIT("pt"), STR_INIT("pt-BR") },
		{ STR_INIT("fr"), STR_INIT("") },	 { STR_INIT(""), STR_INIT("") },
	};
	struct languages l;
	assert_int_equal(service_read_languages(STR("[{\"code\":\"de\",\"targets\":[]},"
						    "{\"code\":\"zh-Hans\",\"targets\":[]},"
						    "{\"code\":\"zt\",\"targets\":[]},"
						    "{\"code\":\"pt-BR\",\"targets\":[]},"
						    "{\"code\":\"<b>\",\"targets\":[]}]"),
						&l),
			 RC_OK);
	assert_int_equal(l.count, 4);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_str_eq(service_language(&l, cases[i].tag), cases[i].word);
	arena_free(&l.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_a_post_is_asked_for_at_once),
		cmocka_unit_test(what_comes_back_is_sanitised),
		cmocka_unit_test(the_same_is_asked_once),
		cmocka_unit_test(those_who_ask_meanwhile_wait_for_the_same_answer),
		cmocka_unit_test(too_many_at_once_are_told_so),
		cmocka_unit_test(rules_are_kept_before_anybody_is_asked),
		cmocka_unit_test(a_language_that_nobody_said_is_found_out),
		cmocka_unit_test(answers_that_are_none_are_told_as_that),
		cmocka_unit_test(languages_are_kept_for_a_day_and_failures_for_a_moment),
		cmocka_unit_test(the_key_is_read_from_its_file),
		cmocka_unit_test(language_tags_are_found_in_the_services_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
