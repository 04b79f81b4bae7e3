/* What a person reads of sanitised HTML. */
#include "testkit.h"
#include "text/html.h"

struct row {
	struct str markup;
	struct str text;
};

#define ROW(markup, text)                         \
	{                                         \
		STR_INIT(markup), STR_INIT(text), \
	}

static const struct row rows[] = {
	ROW("", ""),
	ROW("a", "a"),
	ROW("<p>a</p>", "a"),
	ROW("<p>a</p><p>b</p>", "a\n\nb"),
	ROW("<p>a<br>b<br><br>c</p>", "a\nb\n\nc"),
	ROW("a<p>b</p>c", "a\n\nb\n\nc"),
	ROW("<p>&lt;b&gt; &amp;amp; &quot;x&quot; &#39;y&#39;</p>", "<b> &amp; \"x\" 'y'"),
	ROW("<p>a <b>b</b><i>c</i></p>", "a bc"),
	ROW("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul><p>d</p>", "a\nb\n\nc\n\nd"),
	ROW("<blockquote><p>a</p></blockquote>b", "a\n\nb"),
	ROW("<pre>a\n  b</pre>c", "a\n  b\n\nc"),
	ROW("<p><a href=\"https://example.org/&gt;\" rel=\"nofollow\">x</a></p>", "x"),
	ROW("<span class=\"invisible\">https://</span><span>example.org</span>",
	    "https://example.org"),
	ROW("<p>caf\303\251 \360\237\230\200</p>", "caf\303\251 \360\237\230\200"),
	/* not ours, and yet no harm */
	ROW("a & b", "a & b"),
	ROW("a<b", "a"),
	ROW("a<", "a"),
	ROW("&nbsp;&", "&nbsp;&"),
};

static void reads_the_text_of_every_row(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ctx ctx = { .arena = arena_new(4096) };
		struct str text;
		assert_int_equal(html_to_text(&ctx, html_trusted(rows[i].markup), &text), RC_OK);
		assert_str_eq(text, rows[i].text);
		arena_free(&ctx.arena);
	}
}

static void text_and_back_is_the_same_line(void **state UNUSED)
{
	struct ctx ctx = { .arena = arena_new(1 << 16) };
	const struct str line = STR("1 < 2 && \"quotes\" 'and' <b>tags</b> &lt;");
	struct buf escaped = BUF_INIT(1000);
	struct str text;
	html_add_text(&escaped, line);
	assert_int_equal(html_to_text(&ctx, html_trusted(buf_str(&escaped)), &text), RC_OK);
	assert_str_eq(text, line);
	buf_free(&escaped);
	arena_free(&ctx.arena);
}

static void memory_that_ends_is_told(void **state UNUSED)
{
	struct ctx ctx = { .arena = arena_new(8) };
	struct str text;
	assert_int_equal(html_to_text(&ctx, html_trusted(STR("some more text")), &text),
			 RC_NO_MEMORY);
	arena_free(&ctx.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_text_of_every_row),
		cmocka_unit_test(text_and_back_is_the_same_line),
		cmocka_unit_test(memory_that_ends_is_told),
	};
	return cmocka_run_group_tests_name("html_text", tests, NULL, NULL);
}
