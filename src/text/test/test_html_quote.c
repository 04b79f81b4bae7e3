/* The link to a quoted post that stands in a text for readers who know no quotes. */
#include "testkit.h"
#include "text/html.h"

static void the_link_is_left_out_and_nothing_else(void **state UNUSED)
{
	static const char *const rows[][2] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "<p>a</p><p>b</p>", "<p>a</p><p>b</p>" },
		{ "<p class=\"quote-inline\">RE: <a href=\"https://b.example/\">x</a></p><p>a</p>",
		  "<p>a</p>" },
		{ "<p>a<span class=\"quote-inline\"><br>RE: <a href=\"https://b.example/\">x</a>"
		  "</span></p>",
		  "<p>a</p>" },
		{ "<p>a<span class=\"quote-inline\">b<span>c</span>d</span>e</p>", "<p>ae</p>" },
		{ "<p class=\"h-x quote-inline u-y\">x</p>y", "y" },
		/* of another name, of another element, not there */
		{ "<p class=\"quote-inline-not\">x</p>", "<p class=\"quote-inline-not\">x</p>" },
		{ "<a class=\"quote-inline\">x</a>", "<a class=\"quote-inline\">x</a>" },
		{ "<p>class=&quot;quote-inline&quot;</p>",
		  "<p>class=&quot;quote-inline&quot;</p>" },
		{ "<pre class=\"quote-inline\">x</pre>", "<pre class=\"quote-inline\">x</pre>" },
		/* what does not end takes the rest; no reading behind the end */
		{ "a<p class=\"quote-inline\">x", "a" },
		{ "a<p class=\"quote-inline\"", "a" },
		{ "a<", "a<" },
		{ "a<p", "a<p" },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(4096);
		html_add_without_quote(&out, html_trusted(str_of(rows[i][0])));
		if (!str_eq(buf_str(&out), str_of(rows[i][1])))
			fail_msg("%s: %.*s", rows[i][0], STR_ARG(buf_str(&out)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_link_is_left_out_and_nothing_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
