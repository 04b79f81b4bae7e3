/* What is read out of the heads of web pages, kind and hostile ones. */
#include "text/page.h"

#include "testkit.h"
#include "text/iri.h"

static struct page_meta read_page(struct arena *arena, const char *html, enum rc wanted)
{
	struct ctx ctx = { .arena = arena };
	struct page_meta meta = { .title = STR("") };
	assert_int_equal(page_meta_read(&ctx, str_of(html), STR("https://news.example/a/b"),
					IRI_STRICT, &meta),
			 wanted);
	return meta;
}

static int begin(void **state)
{
	*state = arena_new((size_t)1 << 20);
	return *state == NULL;
}

static int end(void **state)
{
	struct arena *arena = *state;
	arena_free(&arena);
	return 0;
}

static void opengraph_is_read(void **state)
{
	struct page_meta m = read_page(
		*state,
		"<!doctype html><html lang=de><head><meta charset=utf-8><title>Other</title>"
		"<meta property='og:title' content='The &amp; title'>"
		"<meta property=\"og:description\" content=\"Two\n lines\">"
		"<meta property=og:site_name content='The News'>"
		"<meta property=og:image content='/pictures/1.jpg'>"
		"<meta property=og:image:width content=1200><meta property=og:image:height "
		"content=630>"
		"<meta property=og:image:alt content='A bridge'>"
		"<meta name=author content='Lena Vogt'>"
		"<meta name=fediverse:creator content='@lena@social.example'>"
		"<meta property=article:published_time content='2026-11-01T10:00:00Z'>"
		"</head><body><meta property=og:title content=late></body></html>",
		RC_OK);
	assert_str_eq(m.title, STR("The & title"));
	assert_str_eq(m.description, STR("Two lines"));
	assert_str_eq(m.site_name, STR("The News"));
	assert_str_eq(m.image, STR("https://news.example/pictures/1.jpg"));
	assert_str_eq(m.image_alt, STR("A bridge"));
	assert_int_equal(m.width, 1200);
	assert_int_equal(m.height, 630);
	assert_str_eq(m.author, STR("Lena Vogt"));
	assert_str_eq(m.creator, STR("lena@social.example"));
	assert_str_eq(m.language, STR("de"));
	assert_true(m.published_ms == UINT64_C(1793527200000));
}

static void what_stands_in_for_it_will_do(void **state)
{
	struct page_meta m = read_page(*state,
				       "<title> A\n page </title><meta name=Description content=d>"
				       "<meta name=twitter:image content=//cdn.example/x.png>"
				       "<meta property=article:author "
				       "content=https://news.example/lena>",
				       RC_OK);
	assert_str_eq(m.title, STR("A page"));
	assert_str_eq(m.description, STR("d"));
	assert_str_eq(m.image, STR("https://cdn.example/x.png"));
	assert_str_eq(m.author, STR(""));
	assert_str_eq(m.language, STR(""));
	assert_int_equal(m.width, 0);
}

static void other_encodings_are_told_by_the_page(void **state)
{
	struct page_meta m =
		read_page(*state, "<meta charset=iso-8859-1><title>M\xfcnchen</title>", RC_OK);
	assert_str_eq(m.title, STR("M\xc3\xbcnchen"));
}

static void what_strangers_would_slip_in_stays_out(void **state)
{
	static const char *const addresses[] = { "javascript:alert(1)",	      "data:text/html,x",
						 "http://news.example/x.png", "ftp://a.example/x",
						 "https://user@a.example/x",  "x.png" };
	struct page_meta m = read_page(
		*state, "<title>a<script>alert(1)</script>&lt;b&gt; \xe2\x80\xae evil</title>",
		RC_OK);
	assert_false(str_contains(m.title, STR("\xe2\x80\xae")));
	for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
		struct str html = arena_printf(*state,
					       "<title>t</title><meta property=og:image "
					       "content='%s'>",
					       addresses[i]);
		m = read_page(*state, arena_cstr(*state, html), RC_OK);
		assert_str_eq(m.image, STR(""));
	}
	m = read_page(*state, "<title>t</title><meta name=fediverse:creator content='<b>'>", RC_OK);
	assert_str_eq(m.creator, STR(""));
}

static void long_ones_are_cut_between_characters(void **state)
{
	struct buf html CLEANUP(buf_free) = BUF_INIT(1 << 16);
	buf_add(&html, STR("<title>"));
	for (int i = 0; i < 1000; i++)
		buf_add(&html, STR("\xc3\xa4"));
	buf_add(&html, STR("</title>"));
	struct page_meta m = read_page(*state, html.ptr, RC_OK);
	assert_int_equal(m.title.len, 400);
}

static void a_page_without_a_title_is_none(void **state)
{
	read_page(*state, "", RC_INVALID);
	read_page(*state, "<html><body><h1>x</h1>", RC_INVALID);
	read_page(*state, "<title> </title>", RC_INVALID);
	read_page(*state, "\x89PNG\r\n", RC_INVALID);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
	const struct CMUnitTest tests[] = {
		CASE(opengraph_is_read),
		CASE(what_stands_in_for_it_will_do),
		CASE(other_encodings_are_told_by_the_page),
		CASE(what_strangers_would_slip_in_stays_out),
		CASE(long_ones_are_cut_between_characters),
		CASE(a_page_without_a_title_is_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
