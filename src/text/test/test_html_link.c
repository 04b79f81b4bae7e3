/* Links of sanitised HTML, pictures and formulas. */
#include "testkit.h"
#include "text/html.h"

#define OURS "rel=\"nofollow noopener noreferrer\" target=\"_blank\""

static struct html clean(struct ctx *ctx, const char *markup)
{
	struct html out;
	assert_int_equal(html_sanitize(ctx, str_of(markup), &out), RC_OK);
	return out;
}

static void links_are_told_with_what_they_are(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	struct ctx ctx = { .arena = arena };
	struct html html = clean(
		&ctx, "<p><a href='https://a.example/@x' class='u-url mention'>@<span>x</span>"
		      "</a> <a href='https://a.example/?a=1&amp;b=2'>q</a> "
		      "<a href='https://a.example/t/y' rel='tag'>#y</a> "
		      "<a href='https://a.example/t/z' class='mention hashtag'>#z</a>");
	struct str rest = html.markup;
	struct html_link link;
	assert_true(html_link_next(&ctx, &rest, &link));
	assert_str_eq(link.href, STR("https://a.example/@x"));
	assert_str_eq(link.text, STR("@x"));
	assert_true(link.mention && !link.hashtag);
	assert_true(html_link_next(&ctx, &rest, &link));
	assert_str_eq(link.href, STR("https://a.example/?a=1&b=2"));
	assert_true(!link.mention && !link.hashtag);
	assert_true(html_link_next(&ctx, &rest, &link));
	assert_str_eq(link.text, STR("#y"));
	assert_true(!link.mention && link.hashtag);
	assert_true(html_link_next(&ctx, &rest, &link));
	assert_true(!link.mention && link.hashtag);
	assert_false(html_link_next(&ctx, &rest, &link));
	arena_free(&arena);
}

static const struct {
	const char *input, *output;
} rows[] = {
	/* pictures */
	{ "<p><img src=\"https://a.example/d/cat.png?x=1\" alt=\"A cat\"></p>",
	  "<p><a href=\"https://a.example/d/cat.png?x=1\" " OURS ">A cat</a></p>" },
	{ "<img src=\"https://a.example/d/cat.png\">",
	  "<a href=\"https://a.example/d/cat.png\" " OURS ">cat.png</a>" },
	{ "<a href=\"https://a.example/\"><img src=\"https://a.example/c.png\" alt=\"c\"></a>",
	  "<a href=\"https://a.example/\" " OURS ">c</a>" },
	{ "a <img class=\"emoji\" src=\"https://a.example/e.png\" alt=\":smile:\"> b",
	  "a :smile: b" },
	{ "<img src=\"javascript:alert(1)\" alt=\"<b>x\" onerror=alert(1)>", "&lt;b&gt;x" },
	{ "<img src=x>", "" },
	/* formulas: FEP-dc88 */
	{ "<p>a <math><semantics><mrow><mi>x</mi></mrow><annotation "
	  "encoding=\"application/x-tex\">x^n &lt; 1</annotation></semantics></math> b</p>",
	  "<p>a $x^n &lt; 1$ b</p>" },
	{ "<math display=\"block\"><semantics><mi>x</mi><annotation "
	  "encoding=\"application/x-tex\">x</annotation></semantics></math>",
	  "$$x$$" },
	{ "<math><semantics><mi>x</mi><annotation encoding=\"text/plain\">ex</annotation>"
	  "</semantics></math>",
	  "ex" },
	{ "<math><semantics><mi>x</mi><annotation encoding=\"text/plain\">ex</annotation>"
	  "<annotation encoding=\"application/x-tex\">x</annotation></semantics></math>",
	  "$x$" },
	/* what is no such formula goes */
	{ "a<math><mi>x</mi></math>b", "ab" },
	{ "<math><annotation encoding=\"application/x-tex\">x</annotation></math>", "" },
	{ "<math><semantics><annotation encoding=\"application/x-tex\"><img src=x onerror=1>"
	  "<script>alert(1)</script>y</annotation></semantics></math>z",
	  "z" },
	{ "<math><style><img src=x onerror=1></style>", "" },
	/* others' words for what we have */
	{ "<strike>a</strike><kbd>b</kbd><samp>c</samp><tt>d</tt>",
	  "<s>a</s><code>b</code><code>c</code><code>d</code>" },
	{ "<bdi>@<a href=\"https://a.example/u\" class=\"userinfo mention\">u</a></bdi> x",
	  "@<a href=\"https://a.example/u\" class=\"mention\" " OURS ">u</a> x" },
	{ "<span class=\"mfm-tada\" data-mfm-speed=\"5s\">hi</span>", "<span>hi</span>" },
	{ "<aside class=\"quote\" data-username=\"x\"><div class=\"title\">x:</div><blockquote>"
	  "<p>q</p></blockquote></aside><p>a</p>",
	  "x:<blockquote><p>q</p></blockquote><p>a</p>" },
	{ "<details><summary>s</summary><p>t</p></details>", "s<p>t</p>" },
};

static void dialects_keep_their_meaning(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ctx ctx = { .arena = arena };
		struct html out = clean(&ctx, rows[i].input), again;
		if (!str_eq(out.markup, str_of(rows[i].output)))
			fail_msg("%s\n  became %.*s", rows[i].input, STR_ARG(out.markup));
		assert_int_equal(html_sanitize(&ctx, out.markup, &again), RC_OK);
		assert_str_eq(again.markup, out.markup);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_are_told_with_what_they_are),
		cmocka_unit_test(dialects_keep_their_meaning),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
