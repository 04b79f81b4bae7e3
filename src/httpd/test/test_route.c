/* Route tables and negotiation, without a listener. */
#include <stdio.h>

#include "../accept_int.h"
#include "../route_int.h"
#include "testkit.h"

static void handler(struct httpd_request *req UNUSED, void *app UNUSED)
{
}

static const struct httpd_route statuses[] = {
	{ HTTP_GET, "/", HTTP_ANY, 0, handler },
	{ HTTP_GET, "/users/:name", HTTP_ACTIVITY, 0, handler },
	{ HTTP_GET, "/users/:name", HTTP_HTML, 0, handler },
	{ HTTP_POST, "/users/:name/inbox", HTTP_ANY, 1024, handler },
	{ HTTP_GET, "/users/:name/inbox", HTTP_ACTIVITY, 0, handler },
	{ HTTP_GET, "/api/v1/accounts/:id", HTTP_ANY, 0, handler },
	{ HTTP_GET, "/api/v1/accounts/:id/statuses", HTTP_ANY, 0, handler },
	{ HTTP_GET, "/api/v1/accounts/relationships", HTTP_ANY, 0, handler },
	{ HTTP_PATCH, "/api/v1/accounts/:id", HTTP_ANY, 1024, handler },
	{ HTTP_DELETE, "/api/v1/accounts/:id", HTTP_ANY, 0, handler },
};

static const struct httpd_route pages[] = {
	{ HTTP_GET, "/@:name", HTTP_HTML, 0, handler },
	{ HTTP_GET, "/@:name/:id", HTTP_HTML, 0, handler },
	{ HTTP_GET, "/:page", HTTP_HTML, 0, handler },
	{ HTTP_GET, "/a/:b/c/:d/e/:f/g/:h", HTTP_ANY, 0, handler },
};

static int apps[2];
static const struct httpd_route_table tables[] = {
	{ statuses, ARRAY_LEN(statuses), &apps[0], false, NULL },
	{ pages, ARRAY_LEN(pages), &apps[1], false, NULL },
};

static int setup(void **state)
{
	struct err err = { 0 };
	return routes_new(&err, tables, ARRAY_LEN(tables), (struct routes **)state) != RC_OK;
}

static int teardown(void **state)
{
	routes_free((struct routes **)state);
	return *state != NULL;
}

static struct route_match match(void **state, enum http_method method, const char *path)
{
	return routes_match(*state, method, str_of(path), NULL, 0);
}

static void finds_rows_and_their_app(void **state)
{
	struct route_match m = match(state, HTTP_GET, "/");
	assert_ptr_equal(m.route, &statuses[0]);
	assert_ptr_equal(m.app, &apps[0]);
	m = match(state, HTTP_POST, "/users/alice/inbox");
	assert_ptr_equal(m.route, &statuses[3]);
	assert_int_equal(m.param_count, 1);
	assert_str_eq(m.params[0], STR("alice"));
	m = match(state, HTTP_GET, "/a/1/c/2/e/3/g/4");
	assert_ptr_equal(m.route, &pages[3]);
	assert_ptr_equal(m.app, &apps[1]);
	assert_int_equal(m.param_count, 4);
	assert_str_eq(m.params[3], STR("4"));
}

static void literals_go_before_parameters(void **state)
{
	assert_ptr_equal(match(state, HTTP_GET, "/api/v1/accounts/relationships").route,
			 &statuses[7]);
	assert_ptr_equal(match(state, HTTP_GET, "/api/v1/accounts/relation").route, &statuses[5]);
	/* and are left again when they lead nowhere */
	struct route_match m = match(state, HTTP_GET, "/api/v1/accounts/relationships/statuses");
	assert_ptr_equal(m.route, &statuses[6]);
	assert_str_eq(m.params[0], STR("relationships"));
}

static void text_may_stand_before_a_parameter(void **state)
{
	struct route_match m = match(state, HTTP_GET, "/@alice/12");
	assert_ptr_equal(m.route, &pages[1]);
	assert_str_eq(m.params[0], STR("alice"));
	assert_str_eq(m.params[1], STR("12"));
	assert_ptr_equal(match(state, HTTP_GET, "/@alice").route, &pages[0]);
	assert_ptr_equal(match(state, HTTP_GET, "/about").route, &pages[2]);
	/* "@" alone names nobody, and falls to the plain parameter */
	assert_ptr_equal(match(state, HTTP_GET, "/@").route, &pages[2]);
}

static void s105_no_spelling_leads_around_a_route(void **state)
{
	static const char *const paths[] = {
		"/users/",
		"/users//inbox",
		"/users/alice/",
		"/users/alice/in",
		"/Users/alice",
		"//users/alice",
		"/users/alice/inbox/",
		"/api/v1",
		"/api/v1/accounts/",
		"/users/alice/inbox.json",
		"/a/1/c/2/e/3/g/",
	};
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		if (match(state, HTTP_GET, paths[i]).status != 404)
			fail_msg("%s was found", paths[i]);
	}
}

static void s046_traversals_lead_nowhere(void **state)
{
	char path[64];
	static const char *const heads[] = { "/users/", "/api/v1/", "/api/v1/accounts/x/", "/@a/b/",
					     "/a/b/c/" };
	static const char *const tails[] = {
		"..;/x",	"....//x",    "..%252fx/",
		"%252e%252e/x", "~root/x",    ".git/config",
		"*/x",		"..,/x",      ".%20./x",
		"%20/x",	"C:/x",	      "x/./x",
		"x/../x",	"x//x",	      "a;b=c/",
		"etc/passwd",	"wp-admin/x", "proc/self/environ",
		"x/x.json",	"//x",
	};
	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		for (size_t k = 0; k < ARRAY_LEN(tails); k++) {
			snprintf(path, sizeof(path), "%s%s", heads[i], tails[k]);
			assert_int_equal(match(state, HTTP_GET, path).status, 404);
		}
	}
}

static void a_wrong_method_tells_the_right_ones(void **state)
{
	struct arena *arena = arena_new(4096);
	struct route_match m = match(state, HTTP_PUT, "/api/v1/accounts/1");
	assert_int_equal(m.status, 405);
	assert_null(m.route);
	assert_str_eq(route_allow(arena, m.methods), STR("GET, HEAD, PATCH, DELETE"));
	m = match(state, HTTP_OPTIONS, "/users/alice/inbox");
	assert_int_equal(m.status, 405);
	assert_str_eq(route_allow(arena, m.methods), STR("GET, HEAD, POST"));
	arena_free(&arena);
}

static void only_a_choice_is_negotiated(void **state)
{
	const struct httpd_header accept = { STR("Accept"), STR("image/png") };
	struct route_match m =
		routes_match(*state, HTTP_GET, STR("/users/alice/inbox"), &accept, 1);
	assert_int_equal(m.status, 0);
	assert_false(m.negotiated);
	m = routes_match(*state, HTTP_GET, STR("/users/alice"), &accept, 1);
	assert_int_equal(m.status, 406);
	assert_true(m.negotiated);
	m = match(state, HTTP_GET, "/users/alice");
	assert_ptr_equal(m.route, &statuses[2]);
	assert_true(m.negotiated);
}

#define AS "https://www.w3.org/ns/activitystreams"
#define NOTHING ((enum http_offer)99)

static void accept_chooses_between_activity_and_html(void **state UNUSED)
{
	static const struct row {
		const char *accept;
		enum http_offer chosen;
	} rows[] = {
		{ "", HTTP_HTML },
		{ "*/*", HTTP_HTML },
		{ "text/html", HTTP_HTML },
		{ "TEXT/HTML", HTTP_HTML },
		{ "text/*", HTTP_HTML },
		{ "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTTP_HTML },
		{ "application/activity+json", HTTP_ACTIVITY },
		{ "application/activity+json; charset=utf-8", HTTP_ACTIVITY },
		{ "application/ld+json; profile=\"" AS "\"", HTTP_ACTIVITY },
		{ "application/ld+json;profile=\"http://x/ " AS "\"", HTTP_ACTIVITY },
		{ "application/ld+json; profile=\"http://x/,y\", text/html;q=0.1", HTTP_HTML },
		{ "application/ld+json; profile=\"http://other/\"", NOTHING },
		{ "application/ld+json", HTTP_ACTIVITY },
		{ "application/json", HTTP_ACTIVITY },
		{ "application/*", HTTP_ACTIVITY },
		{ "application/json, text/plain, */*", HTTP_ACTIVITY },
		{ "application/activity+json, application/ld+json; profile=\"" AS
		  "\", text/html;q=0.1",
		  HTTP_ACTIVITY },
		{ "application/activity+json, text/html", HTTP_ACTIVITY },
		{ "text/html, application/activity+json", HTTP_HTML },
		{ "text/html;q=0.5, application/activity+json;q=0.6", HTTP_ACTIVITY },
		{ "text/html;q=0.6, application/activity+json;q=0.5", HTTP_HTML },
		{ "text/html;q=0, */*", HTTP_ACTIVITY },
		{ "application/*;q=0, */*;q=0.1", HTTP_HTML },
		{ "application/activity+json;q=0.001", HTTP_ACTIVITY },
		{ "application/activity+json;q=0", NOTHING },
		{ "image/png", NOTHING },
		{ "*/*;q=0", NOTHING },
		{ "application/activity+json;q=2", HTTP_HTML },
		{ "application/activity+json;q=0.x, text/html;q=0.1", HTTP_HTML },
		{ "garbage", HTTP_HTML },
		{ ",,, ;;, /", HTTP_HTML },
		{ "*/html", NOTHING },
		{ "application/ld+json; profile=\"" AS, NOTHING },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct httpd_header header = { STR("accept"), str_of(rows[i].accept) };
		enum http_offer chosen;
		if (!accept_choose(&header, 1, OFFER_BIT(HTTP_ACTIVITY) | OFFER_BIT(HTTP_HTML),
				   &chosen))
			chosen = NOTHING;
		if (chosen != rows[i].chosen)
			fail_msg("\"%s\": %u, not %u", rows[i].accept, chosen, rows[i].chosen);
	}
}

static void several_accept_headers_are_one_list(void **state UNUSED)
{
	const struct httpd_header headers[] = {
		{ STR("Accept"), STR("text/html;q=0.5") },
		{ STR("Host"), STR("a") },
		{ STR("Accept"), STR("application/json") },
	};
	enum http_offer chosen;
	assert_true(accept_choose(headers, 3, OFFER_BIT(HTTP_ACTIVITY) | OFFER_BIT(HTTP_HTML),
				  &chosen));
	assert_int_equal(chosen, HTTP_ACTIVITY);
}

static void any_is_taken_when_nothing_else_fits(void **state UNUSED)
{
	const struct httpd_header header = { STR("Accept"), STR("image/png") };
	enum http_offer chosen;
	assert_true(
		accept_choose(&header, 1, OFFER_BIT(HTTP_ANY) | OFFER_BIT(HTTP_ACTIVITY), &chosen));
	assert_int_equal(chosen, HTTP_ANY);
}

static void refuses_tables_that_contradict_themselves(void **state UNUSED)
{
	static const struct httpd_route doubled[] = {
		{ HTTP_GET, "/users/:name", HTTP_ANY, 0, handler },
		{ HTTP_GET, "/users/:id", HTTP_ANY, 0, handler },
	};
	static const struct httpd_route relative[] = { { HTTP_GET, "users", HTTP_ANY, 0,
							 handler } };
	static const struct httpd_route crowded[] = {
		{ HTTP_GET, "/:a/:b/:c/:d/:e", HTTP_ANY, 0, handler },
	};
	static const struct httpd_route empty[] = { { HTTP_GET, "/", HTTP_ANY, 0, NULL } };
	static const struct httpd_route_table bad[] = {
		{ doubled, 2, NULL, false, NULL },
		{ relative, 1, NULL, false, NULL },
		{ crowded, 1, NULL, false, NULL },
		{ empty, 1, NULL, false, NULL },
	};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct err err = { 0 };
		struct routes *routes = NULL;
		assert_int_equal(routes_new(&err, &bad[i], 1, &routes), RC_INVALID);
		assert_null(routes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_rows_and_their_app),
		cmocka_unit_test(literals_go_before_parameters),
		cmocka_unit_test(text_may_stand_before_a_parameter),
		cmocka_unit_test(s105_no_spelling_leads_around_a_route),
		cmocka_unit_test(s046_traversals_lead_nowhere),
		cmocka_unit_test(a_wrong_method_tells_the_right_ones),
		cmocka_unit_test(only_a_choice_is_negotiated),
		cmocka_unit_test(accept_chooses_between_activity_and_html),
		cmocka_unit_test(several_accept_headers_are_one_list),
		cmocka_unit_test(any_is_taken_when_nothing_else_fits),
		cmocka_unit_test(refuses_tables_that_contradict_themselves),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
