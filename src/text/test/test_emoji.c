/* One emoji and not two, and pictures in nothing but text. */
#include "text/emoji.h"

#include "core/random.h"
#include "core/utf8.h"
#include "testkit.h"

#define VS "\xef\xb8\x8f"
#define ZWJ "\xe2\x80\x8d"

static void one_emoji_is_one_and_has_one_spelling(void **state UNUSED)
{
	static const struct {
		struct str text, canonical;
	} rows[] = {
		{ STR_INIT("\xf0\x9f\x94\xa5"), STR_INIT("\xf0\x9f\x94\xa5") }, /* fire */
		{ STR_INIT("\xe2\x9d\xa4"), STR_INIT("\xe2\x9d\xa4" VS) },	/* heart */
		{ STR_INIT("\xe2\x9d\xa4" VS), STR_INIT("\xe2\x9d\xa4" VS) },
		{ STR_INIT("\xf0\x9f\x94\xa5" VS), STR_INIT("\xf0\x9f\x94\xa5") },
		{ STR_INIT("\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd"),
		  STR_INIT("\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd") }, /* with a skin */
		{ STR_INIT("1" VS "\xe2\x83\xa3"), STR_INIT("1" VS "\xe2\x83\xa3") }, /* keycap */
		{ STR_INIT("#\xe2\x83\xa3"), STR_INIT("#" VS "\xe2\x83\xa3") },
		{ STR_INIT("\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa"),
		  STR_INIT("\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa") }, /* a flag */
		{ STR_INIT("\xf0\x9f\x91\xa9" ZWJ "\xe2\x9d\xa4" ZWJ "\xf0\x9f\x91\xa9"),
		  STR_INIT("\xf0\x9f\x91\xa9" ZWJ "\xe2\x9d\xa4" VS ZWJ "\xf0\x9f\x91\xa9") },
		/* the flag of Scotland: tags behind a black flag */
		{ STR_INIT(
			  "\xf0\x9f\x8f\xb4\xf3\xa0\x81\xa7\xf3\xa0\x81\xa2\xf3\xa0\x81\xb3\xf3\xa0"
			  "\x81\xa3\xf3\xa0\x81\xb4\xf3\xa0\x81\xbf"),
		  STR_INIT(
			  "\xf0\x9f\x8f\xb4\xf3\xa0\x81\xa7\xf3\xa0\x81\xa2\xf3\xa0\x81\xb3\xf3\xa0"
			  "\x81\xa3\xf3\xa0\x81\xb4\xf3\xa0\x81\xbf") },
	};
	struct ctx ctx = { .arena = arena_new(1 << 20) };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str out, again;
		if (emoji_canonical(&ctx, rows[i].text, &out) != RC_OK)
			fail_msg("row %zu is refused", i);
		if (!str_eq(out, rows[i].canonical))
			fail_msg("row %zu is spelt otherwise", i);
		assert_int_equal(emoji_canonical(&ctx, out, &again), RC_OK);
		assert_str_eq(again, out);
	}
	arena_free(&ctx.arena);
}

static void s057_what_is_not_exactly_one_emoji_is_refused(void **state UNUSED)
{
	static const struct str rows[] = {
		STR_INIT(""),
		STR_INIT("a"),
		STR_INIT("1"),
		STR_INIT("#"),
		STR_INIT("like"),
		STR_INIT(":blob:"),
		STR_INIT("<b>"),
		STR_INIT("\xf0\x9f\x94\xa5\xf0\x9f\x94\xa5"),
		STR_INIT("\xf0\x9f\x94\xa5x"),
		STR_INIT(" \xf0\x9f\x94\xa5"),
		STR_INIT("\xf0\x9f\x94\xa5\n"),
		STR_INIT("\xf0\x9f\x87\xa9"),
		STR_INIT("\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa"),
		STR_INIT("\xf0\x9f\x91\xa9" ZWJ),
		STR_INIT(ZWJ),
		STR_INIT(VS),
		STR_INIT("\xf0\x9f\x91\xa9" ZWJ "1"),
		STR_INIT("\xf0\x9f\x94\xa5\xe2\x80\xae"),
		STR_INIT("\xf0\x9f\x94"),
		STR_INIT("\xe4\xb8\xad"),
		STR_INIT("\xf0\x9f\x94\xa5\0"),
		/* tags without an end, and behind what has none */
		STR_INIT("\xf0\x9f\x8f\xb4\xf3\xa0\x81\xa7"),
		STR_INIT("\xf0\x9f\x94\xa5\xf3\xa0\x81\xa7\xf3\xa0\x81\xbf"),
		/* joined without an end in sight */
		STR_INIT("\xf0\x9f\x91\xa9" ZWJ "\xf0\x9f\x91\xa9" ZWJ "\xf0\x9f\x91\xa9" ZWJ
			 "\xf0\x9f\x91\xa9" ZWJ "\xf0\x9f\x91\xa9" ZWJ "\xf0\x9f\x91\xa9" ZWJ
			 "\xf0\x9f\x91\xa9" ZWJ "\xf0\x9f\x91\xa9" ZWJ "\xf0\x9f\x91\xa9" ZWJ
			 "\xf0\x9f\x91\xa9"),
	};
	struct ctx ctx = { .arena = arena_new(1 << 20) };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str out;
		if (emoji_canonical(&ctx, rows[i], &out) != RC_INVALID || out.ptr != NULL)
			fail_msg("row %zu is taken", i);
	}
	arena_free(&ctx.arena);
}

/* Any bytes: never more than one spelling, and what is taken is taken again. */
static void any_bytes_are_refused_or_have_one_spelling(void **state UNUSED)
{
	static const uint32_t codes[] = { 0x1f525, 0x2764,  0xfe0f,  0x200d,  0x20e3,  '1',
					  0x1f3fd, 0x1f1e9, 0xe0067, 0xe007f, 0x1f3f4, 'a' };
	struct ctx ctx = { .arena = arena_new(1 << 20) };
	for (int round = 0; round < 20000; round++) {
		struct buf text CLEANUP(buf_free) = BUF_INIT(256);
		struct str out, again;
		arena_reset(ctx.arena);
		ctx.err = (struct err){ 0 };
		for (uint64_t n = 1 + random_below(6); n != 0; n--)
			utf8_add(&text, codes[random_below(ARRAY_LEN(codes))]);
		if (emoji_canonical(&ctx, buf_str(&text), &out) != RC_OK)
			continue;
		assert_int_equal(emoji_canonical(&ctx, out, &again), RC_OK);
		assert_str_eq(again, out);
		assert_true(utf8_valid(out));
	}
	arena_free(&ctx.arena);
}

static void s086_shortcodes_are_of_few_characters(void **state UNUSED)
{
	char longest[66];
	memset(longest, 'a', sizeof(longest));
	assert_true(emoji_shortcode_valid(STR("blob_Cat9")));
	assert_true(emoji_shortcode_valid(str_n(longest, 64)));
	assert_false(emoji_shortcode_valid(str_n(longest, 65)));
	assert_false(emoji_shortcode_valid(STR("a")));
	assert_false(emoji_shortcode_valid(STR("")));
	assert_false(emoji_shortcode_valid(STR("a\" onerror=")));
	assert_false(emoji_shortcode_valid(STR("caf\xc3\xa9")));
	assert_false(emoji_shortcode_valid(STR("a-b")));
	assert_str_eq(emoji_shortcode_of(STR(":blob:")), STR("blob"));
	assert_null(emoji_shortcode_of(STR("blob")).ptr);
	assert_null(emoji_shortcode_of(STR("::")).ptr);
	assert_null(emoji_shortcode_of(STR(":a b:")).ptr);
}

static struct str find(void *arg UNUSED, struct str shortcode)
{
	if (str_eq(shortcode, STR("blob")))
		return STR("https://a.example/b.png");
	if (str_eq(shortcode, STR("evil")))
		return STR("https://a.example/\"onerror=\"x");
	return STR_NONE;
}

#define IMG                                                                    \
	"<img class=\"emoji\" src=\"https://a.example/b.png\" alt=\":blob:\" " \
	"title=\":blob:\" loading=\"lazy\" decoding=\"async\" referrerpolicy=\"no-referrer\">"

static void in_html(const char *markup, const char *expected)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(1 << 16);
	emoji_add_html(&out, html_trusted(str_of(markup)), find, NULL);
	assert_str_eq(buf_str(&out), str_of(expected));
}

static void s086_pictures_stand_in_text_nodes_only(void **state UNUSED)
{
	in_html("<p>:blob:</p>", "<p>" IMG "</p>");
	in_html("<p>a:blob::blob:b :other: :</p>", "<p>a" IMG IMG "b :other: :</p>");
	in_html("<p>:other:blob:</p>", "<p>:other" IMG "</p>");
	in_html("<a href=\"https://a.example/:blob:\">:blob:</a>",
		"<a href=\"https://a.example/:blob:\">" IMG "</a>");
	in_html(":bl<b>ob:</b>", ":bl<b>ob:</b>");
	in_html("12:30:45", "12:30:45");
	in_html("", "");
	/* FEP-9098: not in code and pre */
	in_html("<p><code>:blob:</code> :blob:</p>", "<p><code>:blob:</code> " IMG "</p>");
	in_html("<pre>:blob:<b>:blob:</b></pre>:blob:", "<pre>:blob:<b>:blob:</b></pre>" IMG);
	/* an address cannot end its attribute */
	struct buf out CLEANUP(buf_free) = BUF_INIT(1 << 16);
	emoji_add_text(&out, STR(":evil: <b>"), find, NULL);
	assert_true(str_contains(buf_str(&out),
				 STR("src=\"https://a.example/&quot;onerror=&quot;x\"")));
	assert_true(str_has_suffix(buf_str(&out), STR(" &lt;b&gt;")));
}

static int count_tags(struct str html)
{
	int n = 0;
	for (size_t i = 0; i < html.len; i++)
		n += html.ptr[i] == '<';
	return n;
}

/* Whatever was sanitised has the same tags as before, and pictures beside them. */
static void any_markup_keeps_its_tags(void **state UNUSED)
{
	static const char *const parts[] = {
		":",	 "blob",   ":blob:",  "<p>",
		"</p>",	 "<code>", "</code>", "<a href=\"https://b.example/:blob:\">",
		"</a>",	 "\"",	   "&lt;",    " ",
		"<pre>", "</pre>", "::"
	};
	struct ctx ctx = { .arena = arena_new(8 << 20) };
	for (int round = 0; round < 2000; round++) {
		struct buf markup CLEANUP(buf_free) = BUF_INIT(1 << 16);
		struct buf out CLEANUP(buf_free) = BUF_INIT(1 << 18);
		struct html html;
		arena_reset(ctx.arena);
		for (uint64_t n = random_below(30); n != 0; n--)
			buf_add(&markup, str_of(parts[random_below(ARRAY_LEN(parts))]));
		assert_int_equal(html_sanitize(&ctx, buf_str(&markup), &html), RC_OK);
		emoji_add_html(&out, html, find, NULL);
		int pictures = 0;
		for (struct str rest = buf_str(&out); str_contains(rest, STR("<img "));
		     rest = str_skip(rest, str_find(rest, STR("<img ")) + 5))
			pictures++;
		assert_int_equal(count_tags(buf_str(&out)), count_tags(html.markup) + pictures);
	}
	arena_free(&ctx.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_emoji_is_one_and_has_one_spelling),
		cmocka_unit_test(s057_what_is_not_exactly_one_emoji_is_refused),
		cmocka_unit_test(any_bytes_are_refused_or_have_one_spelling),
		cmocka_unit_test(s086_shortcodes_are_of_few_characters),
		cmocka_unit_test(s086_pictures_stand_in_text_nodes_only),
		cmocka_unit_test(any_markup_keeps_its_tags),
	};
	return cmocka_run_group_tests_name("emoji", tests, NULL, NULL);
}
