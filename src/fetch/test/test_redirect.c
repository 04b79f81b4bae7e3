/* References against RFC 3986 section 5.4, and which redirects are followed (S-033). */
#include "../redirect.h"

#include "testkit.h"

static struct arena *arena;

static int setup(void **state UNUSED)
{
	arena = arena_new(1 << 20);
	return arena == NULL;
}

static int teardown(void **state UNUSED)
{
	arena_free(&arena);
	return 0;
}

static void resolves_the_examples_of_rfc_3986(void **state UNUSED)
{
	/* sections 5.4.1 and 5.4.2, without fragments, which are not fetched */
	static const char *const cases[][2] = {
		{ "g:h", "g:h" },
		{ "g", "http://a/b/c/g" },
		{ "./g", "http://a/b/c/g" },
		{ "g/", "http://a/b/c/g/" },
		{ "/g", "http://a/g" },
		{ "//g", "http://g" },
		{ "?y", "http://a/b/c/d;p?y" },
		{ "g?y", "http://a/b/c/g?y" },
		{ "#s", "http://a/b/c/d;p?q" },
		{ "g#s", "http://a/b/c/g" },
		{ "g?y#s", "http://a/b/c/g?y" },
		{ ";x", "http://a/b/c/;x" },
		{ "g;x", "http://a/b/c/g;x" },
		{ "g;x?y#s", "http://a/b/c/g;x?y" },
		{ "", "http://a/b/c/d;p?q" },
		{ ".", "http://a/b/c/" },
		{ "./", "http://a/b/c/" },
		{ "..", "http://a/b/" },
		{ "../", "http://a/b/" },
		{ "../g", "http://a/b/g" },
		{ "../..", "http://a/" },
		{ "../../", "http://a/" },
		{ "../../g", "http://a/g" },
		{ "../../../g", "http://a/g" },
		{ "../../../../g", "http://a/g" },
		{ "/./g", "http://a/g" },
		{ "/../g", "http://a/g" },
		{ "g.", "http://a/b/c/g." },
		{ ".g", "http://a/b/c/.g" },
		{ "g..", "http://a/b/c/g.." },
		{ "..g", "http://a/b/c/..g" },
		{ "./../g", "http://a/b/g" },
		{ "./g/.", "http://a/b/c/g/" },
		{ "g/./h", "http://a/b/c/g/h" },
		{ "g/../h", "http://a/b/c/h" },
		{ "g;x=1/./y", "http://a/b/c/g;x=1/y" },
		{ "g;x=1/../y", "http://a/b/c/y" },
		{ "g?y/./x", "http://a/b/c/g?y/./x" },
		{ "g?y/../x", "http://a/b/c/g?y/../x" },
		{ "g#s/./x", "http://a/b/c/g" },
		{ "g#s/../x", "http://a/b/c/g" },
		{ "http:g", "http:g" },
		{ "//b?x", "http://b?x" },
		{ "a:b@c", "a:b@c" },
		{ "1:b", "http://a/b/c/1:b" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str got =
			redirect_resolve(arena, STR("http://a/b/c/d;p?q"), str_of(cases[i][0]));
		assert_str_eq(got, str_of(cases[i][1]));
	}
	assert_str_eq(redirect_resolve(arena, STR("https://a"), STR("g")), STR("https://a/g"));
	assert_str_eq(redirect_resolve(arena, STR("https://a/x"), STR("?q")), STR("https://a/x?q"));
}

static void only_five_statuses_redirect(void **state UNUSED)
{
	static const unsigned yes[] = { 301, 302, 303, 307, 308 };
	static const unsigned no[] = {
		0, 100, 200, 201, 202, 300, 304, 305, 306, 309, 401, 404, 500
	};
	for (size_t i = 0; i < ARRAY_LEN(yes); i++)
		assert_true(redirect_status(yes[i]));
	for (size_t i = 0; i < ARRAY_LEN(no); i++)
		assert_false(redirect_status(no[i]));
}

static enum rc plan(const char *from, const char *location, unsigned flags, struct iri *next)
{
	struct ctx ctx = { .arena = arena };
	struct redirect_chain chain = { .urls = { str_of(from) }, .count = 1 };
	return redirect_plan(&ctx, &chain, str_of(location), 3, flags, next);
}

static void s033_follows_what_may_be_fetched(void **state UNUSED)
{
	static const char *const cases[][2] = {
		{ "https://b.example/x", "https://b.example/x" },
		{ "//b.example/x", "https://b.example/x" },
		{ "/users/b", "https://a.example/users/b" },
		{ "b", "https://a.example/users/b" },
		{ "../b", "https://a.example/b" },
		{ "HTTPS://B.EXAMPLE:443", "https://b.example/" },
		{ "https://b.example/x#main-key", "https://b.example/x" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct iri next;
		if (plan("https://a.example/users/a", cases[i][0], IRI_STRICT, &next) != RC_OK)
			fail_msg("\"%s\" is refused", cases[i][0]);
		assert_str_eq(iri_document(&next), str_of(cases[i][1]));
	}
}

static void s033_refuses_other_schemes_and_broken_targets(void **state UNUSED)
{
	static const char *const cases[] = {
		"http://a.example/users/a",
		"http://b.example/",
		"file:///etc/passwd",
		"data:application/json,{}",
		"gopher://b.example/",
		"ftp://b.example/",
		"javascript:alert(1)",
		"blob:https://b.example/1",
		"https:b.example",
		"https:///b.example/",
		"https://user@b.example/",
		"https://user:password@b.example/",
		"https://b.example\\@c.example/",
		"https://b%2eexample/",
		"https://b.example:0/",
		"https://127.0.0.1/",
		"https://[::1]/",
		"https://localhost/",
		"/a b",
		"/a\r\nX: y",
		"/%00",
		"/%2e%2e/x",
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct iri next;
		if (plan("https://a.example/users/a", cases[i], IRI_STRICT, &next) != RC_INVALID)
			fail_msg("\"%s\" is followed", cases[i]);
	}
}

static void s033_https_never_becomes_http_even_where_http_is_allowed(void **state UNUSED)
{
	struct iri next;
	assert_int_equal(plan("https://a.example/", "http://b.example/", IRI_HTTP, &next),
			 RC_INVALID);
	assert_int_equal(plan("http://a.example/", "http://b.example/", IRI_HTTP, &next), RC_OK);
	assert_int_equal(plan("http://a.example/", "https://b.example/", IRI_HTTP, &next), RC_OK);
}

static void s033_three_hops_are_followed_and_the_fourth_is_not(void **state UNUSED)
{
	struct ctx ctx = { .arena = arena };
	struct redirect_chain chain = { .urls = { STR("https://a.example/0") }, .count = 1 };
	struct iri next;
	assert_int_equal(redirect_plan(&ctx, &chain, STR("/1"), 3, IRI_STRICT, &next), RC_OK);
	assert_int_equal(redirect_plan(&ctx, &chain, STR("/2"), 3, IRI_STRICT, &next), RC_OK);
	assert_int_equal(redirect_plan(&ctx, &chain, STR("/3"), 3, IRI_STRICT, &next), RC_OK);
	assert_int_equal(redirect_plan(&ctx, &chain, STR("/4"), 3, IRI_STRICT, &next), RC_INVALID);
	assert_string_equal(err_text(&ctx.err), "more than 3 redirects");
	assert_int_equal(chain.count, 4);
}

static void s033_a_loop_is_seen_whatever_its_spelling(void **state UNUSED)
{
	static const char *const back[] = {
		"/0", "https://A.example/0", "https://a.example:443/0#x", "./0", "/x/../0", ""
	};
	for (size_t i = 0; i < ARRAY_LEN(back); i++) {
		struct ctx ctx = { .arena = arena };
		struct redirect_chain chain = { .urls = { STR("https://a.example/0") },
						.count = 1 };
		struct iri next;
		assert_int_equal(redirect_plan(&ctx, &chain, STR("/1"), 3, IRI_STRICT, &next),
				 RC_OK);
		if (redirect_plan(&ctx, &chain, str_of(back[i]), 3, IRI_STRICT, &next) !=
		    RC_INVALID)
			fail_msg("\"%s\" is not seen", back[i]);
		assert_string_equal(err_text(&ctx.err), "redirects go in a circle");
	}
}

static void s033_a_target_that_is_too_long_is_refused(void **state UNUSED)
{
	static char location[20000];
	struct iri next;
	memset(location, 'a', sizeof(location) - 1);
	assert_int_equal(plan("https://a.example/", location, IRI_STRICT, &next), RC_INVALID);
	location[2040] = '\0';
	assert_int_equal(plan("https://a.example/", location, IRI_STRICT, &next), RC_INVALID);
	location[1000] = '\0';
	assert_int_equal(plan("https://a.example/", location, IRI_STRICT, &next), RC_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(resolves_the_examples_of_rfc_3986),
		cmocka_unit_test(only_five_statuses_redirect),
		cmocka_unit_test(s033_follows_what_may_be_fetched),
		cmocka_unit_test(s033_refuses_other_schemes_and_broken_targets),
		cmocka_unit_test(s033_https_never_becomes_http_even_where_http_is_allowed),
		cmocka_unit_test(s033_three_hops_are_followed_and_the_fourth_is_not),
		cmocka_unit_test(s033_a_loop_is_seen_whatever_its_spelling),
		cmocka_unit_test(s033_a_target_that_is_too_long_is_refused),
	};
	return cmocka_run_group_tests_name("redirect", tests, setup, teardown);
}
