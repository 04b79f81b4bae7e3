/* What strangers' HTML becomes (S-081, S-082, S-083): tables of input and output, and floods. */
#include "html_check.h"
#include "testkit.h"
#include "text/html.h"

#include "html_rows.h"

/* Sanitises into *arena, and checks what holds for every output. */
static struct str sanitized(struct arena *arena, struct str input)
{
	struct ctx ctx = { .arena = arena };
	struct html once, twice;
	assert_int_equal(html_sanitize(&ctx, input, &once), RC_OK);
	assert_int_equal(html_sanitize(&ctx, once.markup, &twice), RC_OK);
	if (!str_eq(once.markup, twice.markup))
		fail_msg("not idempotent: \"%.*s\" becomes \"%.*s\", then \"%.*s\"", STR_ARG(input),
			 STR_ARG(once.markup), STR_ARG(twice.markup));
	const char *wrong = html_check(once.markup);
	if (wrong != NULL)
		fail_msg("\"%.*s\" becomes \"%.*s\": %s", STR_ARG(input), STR_ARG(once.markup),
			 wrong);
	return once.markup;
}

static void check_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct arena *arena = arena_new(1 << 20);
		struct str output = sanitized(arena, rows[i].input);
		if (!str_eq(output, rows[i].output))
			fail_msg("\"%.*s\" becomes \"%.*s\", not \"%.*s\"", STR_ARG(rows[i].input),
				 STR_ARG(output), STR_ARG(rows[i].output));
		arena_free(&arena);
	}
}

static void s081_what_is_allowed_stays(void **state UNUSED)
{
	check_rows(what_is_allowed_stays, ARRAY_LEN(what_is_allowed_stays));
}

static void s081_attributes_that_are_not_allowed_vanish(void **state UNUSED)
{
	check_rows(attributes_that_are_not_allowed_vanish,
		   ARRAY_LEN(attributes_that_are_not_allowed_vanish));
}

static void s081_elements_that_are_unknown_leave_their_text(void **state UNUSED)
{
	check_rows(elements_that_are_unknown_leave_their_text,
		   ARRAY_LEN(elements_that_are_unknown_leave_their_text));
}

static void s081_raw_text_and_foreign_elements_vanish_with_their_content(void **state UNUSED)
{
	check_rows(raw_text_and_foreign_elements_vanish_with_their_content,
		   ARRAY_LEN(raw_text_and_foreign_elements_vanish_with_their_content));
}

static void s081_comments_instructions_and_doctypes_vanish(void **state UNUSED)
{
	check_rows(comments_instructions_and_doctypes_vanish,
		   ARRAY_LEN(comments_instructions_and_doctypes_vanish));
}

static void s081_parser_differentials_stay_text(void **state UNUSED)
{
	check_rows(parser_differentials_stay_text, ARRAY_LEN(parser_differentials_stay_text));
}

static void s081_structure_is_mended(void **state UNUSED)
{
	check_rows(structure_is_mended, ARRAY_LEN(structure_is_mended));
}

static const struct row links[] = {
	ROW("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
	ROW("HTTPS://EXAMPLE.org/A", "https://example.org/A"),
	ROW("http://example.org", "http://example.org"),
	ROW("  https://example.org/\n", "https://example.org/"),
	ROW("ht\ntps://exam\tple.org/", "https://example.org/"),
	ROW("https://example.org:443/", "https://example.org/"),
	ROW("https://example.org./", "https://example.org/"),
	ROW("https://b\303\274cher.example/\303\274", "https://xn--bcher-kva.example/%C3%BC"),
	ROW("https://example.org/a b&quot;c&lt;d>", "https://example.org/a%20b%22c%3Cd%3E"),
	ROW("https://example.org/%zz%41%", "https://example.org/%25zz%41%25"),
	ROW("https://example.org/a\\b", "https://example.org/a%5Cb"),
	ROW("https://example.org/?a=b&c=d", "https://example.org/?a=b&amp;c=d"),
	ROW("https://example.org/'x'", "https://example.org/&#39;x&#39;"),
	ROW("https://my_host.example/", "https://my_host.example/"),
	ROW("https://192.0.2.1/", "https://192.0.2.1/"),
	ROW("https&#58//example.org", "https://example.org"),
	ROW("magnet:?xt=urn:btih:x&dn=y z", "magnet:?xt=urn:btih:x&amp;dn=y%20z"),
	ROW("xmpp:a@example.org", "xmpp:a@example.org"),
	ROW("gemini://example.org/", "gemini://example.org/"),
	ROW("gopher://example.org/", "gopher://example.org/"),
	ROW("ipfs:x", "ipfs:x"),
	ROW("IPNS:x", "ipns:x"),
	ROW("dat:x", "dat:x"),
	ROW("dweb:x", "dweb:x"),
	ROW("ssb:&amp;x", "ssb:&amp;x"),
};

static void s082_links_are_written_in_one_form(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(links); i++) {
		struct arena *arena = arena_new(1 << 20);
		struct str input =
			arena_printf(arena, "<a href=\"%.*s\">x</a>", STR_ARG(links[i].input));
		struct str wanted = arena_printf(arena, "<a href=\"%.*s\" " OURS ">x</a>",
						 STR_ARG(links[i].output));
		assert_str_eq(sanitized(arena, input), wanted);
		arena_free(&arena);
	}
}

static const struct str dead_links[] = {
	STR_INIT(""),
	STR_INIT("#"),
	STR_INIT("/"),
	STR_INIT("x"),
	STR_INIT("../x"),
	STR_INIT("?x"),
	STR_INIT("//evil.test/"),
	STR_INIT("\\\\evil.test\\"),
	STR_INIT("/\\evil.test/"),
	STR_INIT(":"),
	STR_INIT("://x"),
	STR_INIT("https"),
	STR_INIT("https:"),
	STR_INIT("https:/example.org/"),
	STR_INIT("https:example.org"),
	STR_INIT("https:///example.org/"),
	STR_INIT("https://"),
	STR_INIT("https:\\\\example.org"),
	STR_INIT("https://user@example.org/"),
	STR_INIT("https://example.org@evil.test/"),
	STR_INIT("https://example.org\\@evil.test/"),
	STR_INIT("https://example%2eorg/"),
	STR_INIT("https://exam ple.org/"),
	STR_INIT("https://127.1/"),
	STR_INIT("https://[::1/"),
	STR_INIT("https://example.org:x/"),
	STR_INIT("data:text/html,<script>alert(1)</script>"),
	STR_INIT("data:text/html;base64,PHNjcmlwdD4="),
	STR_INIT("vbscript:msgbox(1)"),
	STR_INIT("blob:https://example.org/x"),
	STR_INIT("file:///etc/passwd"),
	STR_INIT("ftp://example.org/"),
	STR_INIT("about:blank"),
	STR_INIT("view-source:https://example.org/"),
	STR_INIT("filesystem:https://example.org/x"),
	STR_INIT("mailto:a@example.org"),
	STR_INIT("tel:1"),
	STR_INIT("intent://x#Intent;end"),
	STR_INIT("jar:https://example.org/!/x"),
	STR_INIT("feed:javascript:alert(1)"),
	STR_INIT("httpsx://example.org/"),
	STR_INIT("xhttps://example.org/"),
	STR_INIT("http s://example.org/"),
	STR_INIT("xmpp:"),
	STR_INIT("JaVaScRiPt:alert(1)"),
	STR_INIT("javascript&colon;alert(1)"),
	STR_INIT("javascript&#58;alert(1)"),
	STR_INIT("javascript&#x3a;alert(1)"),
	STR_INIT("javascript&#0000058alert(1)"),
	STR_INIT("&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)"),
	STR_INIT("&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)"),
	STR_INIT("javascript://example.org/%0aalert(1)"),
	STR_INIT("javascript%3aalert(1)"),
	STR_INIT("java%0ascript:alert(1)"),
	STR_INIT("\357\275\212avascript:alert(1)"),
	STR_INIT("javascript\357\274\232alert(1)"),
	STR_INIT("java\302\255script:alert(1)"),
};

static void assert_no_link(struct str href)
{
	struct arena *arena = arena_new(1 << 20);
	struct buf input = BUF_INIT(4096);
	buf_add(&input, STR("<a href=\""));
	buf_add(&input, href);
	buf_add(&input, STR("\">x</a>"));
	struct str output = sanitized(arena, buf_str(&input));
	if (!str_eq(output, STR("x")))
		fail_msg("\"%.*s\" becomes \"%.*s\"", STR_ARG(href), STR_ARG(output));
	buf_free(&input);
	arena_free(&arena);
}

static void s082_other_links_leave_their_text(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(dead_links); i++)
		assert_no_link(dead_links[i]);
}

static void s082_no_spelling_of_javascript_is_a_link(void **state UNUSED)
{
	static const struct str fillers[] = {
		STR_INIT("\t"),	   STR_INIT("\n"),     STR_INIT("\r"),	   STR_INIT("\0"),
		STR_INIT("\001"),  STR_INIT("\f"),     STR_INIT(" "),	   STR_INIT("&#9;"),
		STR_INIT("&#10;"), STR_INIT("&#x0D;"), STR_INIT("&Tab;"),  STR_INIT("&NewLine;"),
		STR_INIT("&#0;"),  STR_INIT("&#1;"),   STR_INIT("&nbsp;"), STR_INIT("\342\200\213"),
		STR_INIT("/**/"),  STR_INIT("&zwnj;"), STR_INIT("%09"),	   STR_INIT("\\"),
	};
	const struct str word = STR("javascript:alert(1)");
	for (size_t i = 0; i < ARRAY_LEN(fillers); i++) {
		for (size_t at = 0; at <= strlen("javascript:"); at++) {
			struct buf href = BUF_INIT(256);
			buf_add(&href, str_take(word, at));
			buf_add(&href, fillers[i]);
			buf_add(&href, str_skip(word, at));
			assert_no_link(buf_str(&href));
			buf_free(&href);
		}
	}
}

static void s082_long_links_leave_their_text(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	char path[2100];
	memset(path, 'a', sizeof(path));
	/* "https://example.org/" and 2028 bytes are 2048 */
	struct str input =
		arena_printf(arena, "<a href=\"https://example.org/%.2028s\">x</a>", path);
	assert_true(str_contains(sanitized(arena, input), STR("<a ")));
	input = arena_printf(arena, "<a href=\"https://example.org/%.2029s\">x</a>", path);
	assert_str_eq(sanitized(arena, input), STR("x"));
	memset(path, '"', sizeof(path));
	input = arena_printf(arena, "<a href='https://example.org/%.1000s'>x</a>", path);
	assert_str_eq(sanitized(arena, input), STR("x"));
	arena_free(&arena);
}

static void repeat(struct buf *out, struct str unit, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_add(out, unit);
}

static void s081_deep_nesting_ends_and_stays_idempotent(void **state UNUSED)
{
	static const struct str units[] = {
		STR_INIT("<b>"),
		STR_INIT("<b>x"),
		STR_INIT("<div>"),
		STR_INIT("<blockquote>"),
		STR_INIT("<ul>"),
		STR_INIT("<ul>x<li>"),
		STR_INIT("<blockquote>x"),
		STR_INIT("<ol><li>x<pre>"),
		STR_INIT("<ul><blockquote>x"),
		STR_INIT("<h1>x"),
		STR_INIT("<svg>"),
		STR_INIT("<table><td>x"),
		STR_INIT("<script><xmp>"),
		STR_INIT("<ruby>x<rt>"),
		STR_INIT("</p>x</b>"),
	};
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		struct arena *arena = arena_new((size_t)4 << 20);
		struct buf input = BUF_INIT(HTML_INPUT_MAX);
		buf_add(&input, STR("first"));
		repeat(&input, units[i], 10000);
		assert_true(str_has_prefix(sanitized(arena, buf_str(&input)), STR("first")));
		buf_free(&input);
		arena_free(&arena);
	}
}

static void s081_nesting_to_each_depth_is_idempotent(void **state UNUSED)
{
	static const struct str units[] = { STR_INIT("<b>x"), STR_INIT("<ul>x"),
					    STR_INIT("<ul><li>x"),
					    STR_INIT("<blockquote><h1>x</h1>"),
					    STR_INIT("<ol><blockquote>x<b>y") };
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		for (size_t depth = 1; depth < 140; depth++) {
			struct arena *arena = arena_new((size_t)1 << 20);
			struct buf input = BUF_INIT(HTML_INPUT_MAX);
			repeat(&input, units[i], depth);
			sanitized(arena, buf_str(&input));
			buf_free(&input);
			arena_free(&arena);
		}
	}
}

static void s083_limits_input_and_output(void **state UNUSED)
{
	static const struct str units[] = {
		STR_INIT("a"),	   STR_INIT("<"),
		STR_INIT("&amp;"), STR_INIT("\303\251"),
		STR_INIT("<p>x"),  STR_INIT("<a href='https://example.org/&&&&'>x</a>"),
	};
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		struct arena *arena = arena_new((size_t)4 << 20);
		struct ctx ctx = { .arena = arena };
		struct buf input = BUF_INIT(HTML_INPUT_MAX + 100);
		struct html html;
		repeat(&input, units[i], HTML_INPUT_MAX / units[i].len);
		struct str output = sanitized(arena, buf_str(&input));
		assert_in_range(output.len, 1000, HTML_OUTPUT_MAX);
		repeat(&input, STR("x"), HTML_INPUT_MAX + 1 - input.len);
		assert_int_equal(html_sanitize(&ctx, buf_str(&input), &html), RC_TOO_LARGE);
		assert_null(html.markup.ptr);
		buf_free(&input);
		arena_free(&arena);
	}
}

static void s052_a_tag_of_thousands_of_attributes_is_not_parsed(void **state UNUSED)
{
	static const struct str forms[] = { STR_INIT(" "), STR_INIT("=\"><\" "),
					    STR_INIT("='<a \"' "), STR_INIT("=x/ "),
					    STR_INIT("/") };
	static const char *const starts[] = { "<p ", "<!-- <p x=\" --><p ", "<p x='<p y=\"' " };
	for (size_t i = 0; i < ARRAY_LEN(forms) * ARRAY_LEN(starts); i++) {
		struct arena *arena = arena_new((size_t)1 << 20);
		struct buf input = BUF_INIT(HTML_INPUT_MAX);
		buf_add(&input, str_of(starts[i % ARRAY_LEN(starts)]));
		for (size_t n = 0; n < 20000; n++) {
			buf_add_chr(&input, 'a');
			buf_add_u64(&input, n);
			buf_add(&input, forms[i / ARRAY_LEN(starts)]);
		}
		buf_add(&input, STR(">text"));
		assert_str_eq(sanitized(arena, buf_str(&input)), STR(""));
		buf_free(&input);
		arena_free(&arena);
	}
}

static void s052_a_long_article_is_parsed(void **state UNUSED)
{
	struct arena *arena = arena_new((size_t)4 << 20);
	struct buf input = BUF_INIT(HTML_INPUT_MAX);
	repeat(&input,
	       STR("<p class=\"e-content\">It's a \"long\" one, with words = and <a "
		   "href='https://example.org/'>links</a> / more.</p>"),
	       500);
	buf_add(&input, STR("<p>the end"));
	struct str output = sanitized(arena, buf_str(&input));
	assert_true(str_has_suffix(output, STR("<p>the end</p>")));
	buf_free(&input);
	arena_free(&arena);
}

static void bytes_that_are_not_utf8_are_replaced(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	assert_str_eq(sanitized(arena, STR("a\377b")), STR("a\357\277\275b"));
	assert_str_eq(sanitized(arena, STR("<p>\303</p>\200")),
		      STR("<p>\357\277\275</p>\357\277\275"));
	assert_str_eq(sanitized(arena, STR("\355\240\200")),
		      STR("\357\277\275\357\277\275\357\277\275"));
	arena_free(&arena);
}

static void s145_unseen_bytes_are_left_out(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	assert_str_eq(sanitized(arena, STR("a\001b\033c\177d\302\205e\357\277\277f\357\267\220g")),
		      STR("abcdefg"));
	assert_str_eq(sanitized(arena, STR("<p>\001 a\tb\nc</p>")), STR("<p>a\tb\nc</p>"));
	arena_free(&arena);
}

static void memory_that_ends_is_told(void **state UNUSED)
{
	struct ctx ctx = { .arena = arena_new(8) };
	struct html html;
	assert_int_equal(html_sanitize(&ctx, STR("<p>some text</p>"), &html), RC_NO_MEMORY);
	assert_null(html.markup.ptr);
	arena_free(&ctx.arena);
}

static void text_is_escaped_for_content_and_attributes(void **state UNUSED)
{
	struct buf out = BUF_INIT(100);
	html_add_text(&out, STR("<a href=\"x\">'&'</a>"));
	assert_str_eq(buf_str(&out), STR("&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;"));
	buf_reset(&out);
	html_add_text(&out, STR("plain \303\251"));
	assert_str_eq(buf_str(&out), STR("plain \303\251"));
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s081_what_is_allowed_stays),
		cmocka_unit_test(s081_attributes_that_are_not_allowed_vanish),
		cmocka_unit_test(s081_elements_that_are_unknown_leave_their_text),
		cmocka_unit_test(s081_raw_text_and_foreign_elements_vanish_with_their_content),
		cmocka_unit_test(s081_comments_instructions_and_doctypes_vanish),
		cmocka_unit_test(s081_parser_differentials_stay_text),
		cmocka_unit_test(s081_structure_is_mended),
		cmocka_unit_test(s082_links_are_written_in_one_form),
		cmocka_unit_test(s082_other_links_leave_their_text),
		cmocka_unit_test(s082_no_spelling_of_javascript_is_a_link),
		cmocka_unit_test(s082_long_links_leave_their_text),
		cmocka_unit_test(s081_deep_nesting_ends_and_stays_idempotent),
		cmocka_unit_test(s081_nesting_to_each_depth_is_idempotent),
		cmocka_unit_test(s083_limits_input_and_output),
		cmocka_unit_test(s052_a_tag_of_thousands_of_attributes_is_not_parsed),
		cmocka_unit_test(s052_a_long_article_is_parsed),
		cmocka_unit_test(bytes_that_are_not_utf8_are_replaced),
		cmocka_unit_test(s145_unseen_bytes_are_left_out),
		cmocka_unit_test(memory_that_ends_is_told),
		cmocka_unit_test(text_is_escaped_for_content_and_attributes),
	};
	return cmocka_run_group_tests_name("html_sanitize", tests, NULL, NULL);
}
