/* Markdown and Misskey's dialect as posts use them, plain text, and what hostile ones cost. */
#include "testkit.h"
#include "text/html.h"

#define OURS "rel=\"nofollow noopener noreferrer\" target=\"_blank\""

struct row {
	const char *input, *output;
};

static const struct row markdown[] = {
	{ "", "" },
	{ "hello", "<p>hello</p>" },
	{ "a\nb\n\nc", "<p>a<br>b</p><p>c</p>" },
	{ "a\r\nb\r\n\r\nc", "<p>a<br>b</p><p>c</p>" },
	{ "*a* **b** _c_ __d__ ~~e~~",
	  "<p><em>a</em> <strong>b</strong> <em>c</em> <strong>d</strong> <del>e</del></p>" },
	{ "**a *b* c**", "<p><strong>a <em>b</em> c</strong></p>" },
	{ "snake_case_name 2*3*4", "<p>snake_case_name 2<em>3</em>4</p>" },
	{ "a * b * c", "<p>a * b * c</p>" },
	{ "\\*a\\* \\q", "<p>*a* \\q</p>" },
	{ "`a*b*<c>` ``x`y``", "<p><code>a*b*&lt;c&gt;</code> <code>x`y</code></p>" },
	{ "# Big ##\ntext", "<p><strong>Big</strong></p><p>text</p>" },
	{ "## C#\n# F# #", "<p><strong>C#</strong></p><p><strong>F#</strong></p>" },
	{ "#tag is none", "<p>#tag is none</p>" },
	{ "- a\n- b\n  - c\n- d", "<ul><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ul>" },
	{ "text\n- a\n* b", "<p>text</p><ul><li>a</li><li>b</li></ul>" },
	{ "3. a\n4. b", "<ol start=\"3\"><li>a</li><li>b</li></ol>" },
	{ "1. a\n\n2. b", "<ol start=\"1\"><li>a</li><li>b</li></ol>" },
	{ "> a\n> > b\n\nc", "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>"
			     "<p>c</p>" },
	{ "```c\nint *x;\n\n# y\n```\nz", "<pre><code>int *x;\n\n# y\n</code></pre><p>z</p>" },
	{ "a\n\n---\n\nb", "<p>a</p><p>b</p>" },
	{ "[x *y*](https://e.org/a_b \"t\")",
	  "<p><a href=\"https://e.org/a_b\" " OURS ">x <em>y</em></a></p>" },
	{ "![alt](https://e.org/a.png)",
	  "<p><a href=\"https://e.org/a.png\" " OURS ">alt</a></p>" },
	{ "see https://e.org/a_(b), or <https://e.org/>.",
	  "<p>see <a href=\"https://e.org/a_(b)\" " OURS ">https://e.org/a_(b)</a>, or "
	  "<a href=\"https://e.org/\" " OURS ">https://e.org/</a>.</p>" },
	{ "(https://e.org/a)",
	  "<p>(<a href=\"https://e.org/a\" " OURS ">https://e.org/a</a>)</p>" },
	{ "[x](javascript:alert(1)) <script>alert(1)</script>",
	  "<p>x &lt;script&gt;alert(1)&lt;/script&gt;</p>" },
	{ "[not a link] [x] (y) **open", "<p>[not a link] [x] (y) **open</p>" },
	{ "@alice@north.example hi", "<p>@alice@north.example hi</p>" },
};

static const struct row mfm[] = {
	{ "$[tada hi] **b**", "<p>hi <strong>b</strong></p>" },
	{ "$[spin.speed=5s,left $[x2 a] b]c", "<p>a bc</p>" },
	{ "<center>a</center> <small>b</small>", "<p>a b</p>" },
	{ "$[fg.color=f00 [x](https://e.org/)]",
	  "<p><a href=\"https://e.org/\" " OURS ">x</a></p>" },
	{ "a ] $[ b", "<p>a ] $[ b</p>" },
};

static const struct row plain[] = {
	{ "a < b\nc\n\nd", "<p>a &lt; b<br>c</p><p>d</p>" },
	{ "#tag @a@b.example", "<p>#tag @a@b.example</p>" },
};

typedef enum rc converter(struct ctx *ctx, struct str text, struct html *out);

static void try_rows(const struct row *rows, size_t count, converter *convert)
{
	struct arena *arena = arena_new(1 << 22);
	for (size_t i = 0; i < count; i++) {
		struct ctx ctx = { .arena = arena };
		struct html out, again;
		assert_int_equal(convert(&ctx, str_of(rows[i].input), &out), RC_OK);
		if (!str_eq(out.markup, str_of(rows[i].output)))
			fail_msg("%s\n  became %.*s", rows[i].input, STR_ARG(out.markup));
		assert_int_equal(html_sanitize(&ctx, out.markup, &again), RC_OK);
		assert_str_eq(again.markup, out.markup);
	}
	arena_free(&arena);
}

static void markdown_becomes_html(void **state UNUSED)
{
	try_rows(markdown, ARRAY_LEN(markdown), text_markdown);
}

static void misskeys_effects_leave_their_text(void **state UNUSED)
{
	try_rows(mfm, ARRAY_LEN(mfm), text_mfm);
}

static void plain_text_keeps_its_lines(void **state UNUSED)
{
	try_rows(plain, ARRAY_LEN(plain), text_plain);
}

/* Whatever is repeated: an end, and no more than the sanitiser lets pass. */
static void hostile_repetitions_end(void **state UNUSED)
{
	static const char *const pieces[] = {
		"*",  "_a",	"**a ",	    "[",    "[a](", "![",   "`",   "``` ",    "> ",
		"- ", "1. a\n", "<http://", "$[x ", "\\",   "~~a*", ">\n", "  - a\n", "a_b*c`d[e"
	};
	struct arena *arena = arena_new(1 << 24);
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		struct ctx ctx = { .arena = arena };
		struct buf text CLEANUP(buf_free) = BUF_INIT(1 << 18);
		struct html out;
		while (text.len < 140000)
			buf_add(&text, str_of(pieces[i]));
		arena_reset(arena);
		(void)!text_markdown(&ctx, buf_str(&text), &out);
		(void)!text_mfm(&ctx, buf_str(&text), &out);
		assert_true(out.markup.len <= HTML_OUTPUT_MAX);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(markdown_becomes_html),
		cmocka_unit_test(misskeys_effects_leave_their_text),
		cmocka_unit_test(plain_text_keeps_its_lines),
		cmocka_unit_test(hostile_repetitions_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
