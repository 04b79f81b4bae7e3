/* Who may call what: tokens, scopes, limits, other origins; and OAuth's own endpoints. */
#include <stdio.h>
#include <stdlib.h>

#include "../api_int.h"
#include "apikit.h"
#include "social/account.h"

struct scene {
	struct apikit *kit;
	struct account alice;
};

static int begin(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	s->kit = apikit_new();
	s->alice = test_store_local(&s->kit->t, "alice");
	*state = s;
	return 0;
}

static int end(void **state)
{
	struct scene *s = *state;
	apikit_free(&s->kit);
	free(s);
	return 0;
}

/* Every row that there is, with its parameters filled in. */
static void fill(char *out, size_t size, const char *pattern)
{
	size_t n = 0;
	for (; *pattern != '\0' && n + 4 < size; pattern++) {
		if (*pattern != ':') {
			out[n++] = *pattern;
			continue;
		}
		out[n++] = '1';
		while (pattern[1] != '\0' && pattern[1] != '/')
			pattern++;
	}
	out[n] = '\0';
}

static const char *method_of(const struct api_route *row)
{
	static const char *const names[] = {
		[HTTP_GET] = "GET",	[HTTP_POST] = "POST",	  [HTTP_PUT] = "PUT",
		[HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE", [HTTP_OPTIONS] = "OPTIONS"
	};
	return names[row->method];
}

static void check_row(struct scene *s, const struct api_route *row, struct str narrow)
{
	char path[512];
	fill(path, sizeof(path), row->path);
	const char *body = row->method == HTTP_GET ? NULL : "";
	struct answer a = api_ask(s->kit, method_of(row), STR_NONE, path, body);
	if (row->auth == AUTH_USER || row->auth == AUTH_APP || row->auth == AUTH_STREAM ||
	    row->auth == AUTH_WAITING)
		assert_int_equal(a.status, 401);
	else
		assert_int_not_equal(a.status, 401);
	if (row->auth == AUTH_NONE)
		return;
	assert_int_equal(api_ask(s->kit, method_of(row), STR("guess"), path, body).status, 401);
	a = api_ask(s->kit, method_of(row), narrow, path, body);
	if (row->scopes != 0 && (row->scopes & SCOPE(PUSH)) == 0)
		assert_int_equal(a.status, 403);
}

static void s102_every_row_asks_for_its_token_and_scope(void **state)
{
	struct scene *s = *state;
	/* of all scopes the one that nearly nothing wants */
	struct str narrow = apikit_sign_in(s->kit, &s->alice, "push");
	for (size_t i = 0; i < s->kit->api->quick_count; i++)
		check_row(s, s->kit->api->quick_rows[i], narrow);
	for (size_t i = 0; i < s->kit->api->waiting_count; i++)
		check_row(s, s->kit->api->waiting_rows[i], narrow);
}

static void s102_an_application_alone_does_nothing_of_a_person(void **state)
{
	struct scene *s = *state;
	struct str own = apikit_sign_in(s->kit, NULL, "read write");
	struct answer a = api_get(s->kit, own, "/api/v1/accounts/verify_credentials");
	assert_int_equal(a.status, 422);
	assert_str_eq(answer_str(&a, "error"), STR("This method requires an authenticated user"));
	a = api_get(s->kit, own, "/api/v1/apps/verify_credentials");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "name"), STR("Kit"));
	assert_int_equal(jr_type(answer_at(&a, "client_secret")), JR_ABSENT);
}

static enum rc suspend(struct social *s, void *arg)
{
	return account_suspend(s, arg, true);
}

static void s101_who_is_suspended_does_nothing_any_more(void **state)
{
	struct scene *s = *state;
	struct str token = apikit_sign_in(s->kit, &s->alice, "read");
	assert_int_equal(api_get(s->kit, token, "/api/v1/accounts/verify_credentials").status, 200);
	test_store_write(&s->kit->t, suspend, &s->alice);
	assert_int_equal(api_get(s->kit, token, "/api/v1/accounts/verify_credentials").status, 401);
}

static void s106_too_many_requests_are_refused_and_told_when_again(void **state)
{
	struct scene *s = *state;
	struct apikit *kit = s->kit;
	struct api_settings few = { 3, 3, 3, 3, 3, 3, 0 };
	rates_read(&few, kit->api->rates);
	struct str one = apikit_sign_in(kit, &s->alice, "read");
	struct str other = apikit_sign_in(kit, &s->alice, "read");
	for (unsigned i = 0; i < 3; i++) {
		struct answer a = api_get(kit, one, "/api/v1/accounts/verify_credentials");
		assert_int_equal(a.status, 200);
		assert_str_eq(answer_header(&a, "X-RateLimit-Limit"), STR("3"));
		assert_int_equal(answer_header(&a, "X-RateLimit-Remaining").ptr[0], '2' - (int)i);
	}
	struct answer a = api_get(kit, one, "/api/v1/accounts/verify_credentials");
	assert_int_equal(a.status, 429);
	assert_non_null(answer_header(&a, "X-RateLimit-Reset").ptr);
	/* another token is another count, and so is nobody's */
	assert_int_equal(api_get(kit, other, "/api/v1/accounts/verify_credentials").status, 200);
	assert_int_equal(api_get(kit, STR_NONE, "/api/v1/instance").status, 200);
	test_clock_advance(&kit->t.d.clock, 5 * MS_PER_MINUTE + 1);
	assert_int_equal(api_get(kit, one, "/api/v1/accounts/verify_credentials").status, 200);
}

static void web_clients_of_other_hosts_are_let_in(void **state)
{
	struct scene *s = *state;
	struct answer a = api_ask(s->kit, "OPTIONS", STR_NONE, "/api/v1/statuses/1", NULL);
	assert_int_equal(a.status, 204);
	assert_str_eq(answer_header(&a, "Access-Control-Allow-Origin"), STR("*"));
	assert_true(str_contains(answer_header(&a, "Access-Control-Allow-Methods"), STR("PUT")));
	a = api_get(s->kit, STR_NONE, "/api/v2/instance");
	assert_str_eq(answer_header(&a, "Access-Control-Allow-Origin"), STR("*"));
	assert_true(str_contains(answer_header(&a, "Access-Control-Expose-Headers"), STR("Link")));
	/* S-073 */
	assert_str_eq(answer_header(&a, "Cache-Control"), STR("private, no-store"));
}

static void an_application_registers_and_gets_a_token_of_its_own(void **state)
{
	struct scene *s = *state;
	char body[500];
	struct answer a =
		api_post(s->kit, STR_NONE, "/api/v1/apps",
			 "{\"client_name\":\"App\",\"redirect_uris\":[\"https://a.example/b\","
			 "\"urn:ietf:wg:oauth:2.0:oob\"],\"scopes\":\"read\",\"website\":null}");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "redirect_uris.0"), STR("https://a.example/b"));
	snprintf(body, sizeof(body),
		 "grant_type=client_credentials&client_id=%.*s&client_secret=%.*s&scope=read",
		 STR_ARG(answer_str(&a, "client_id")), STR_ARG(answer_str(&a, "client_secret")));
	struct answer token = api_post(s->kit, STR_NONE, "/oauth/token", body);
	assert_int_equal(token.status, 200);
	assert_str_eq(answer_str(&token, "token_type"), STR("Bearer"));
	assert_int_equal(api_get(s->kit, answer_str(&token, "access_token"),
				 "/api/v1/apps/verify_credentials")
				 .status,
			 200);
	snprintf(body, sizeof(body),
		 "grant_type=client_credentials&client_id=%.*s&client_secret=%.*s&scope=write",
		 STR_ARG(answer_str(&a, "client_id")), STR_ARG(answer_str(&a, "client_secret")));
	token = api_post(s->kit, STR_NONE, "/oauth/token", body);
	assert_int_equal(token.status, 400);
	assert_str_eq(answer_str(&token, "error"), STR("invalid_scope"));
	token = api_post(s->kit, STR_NONE, "/oauth/token",
			 "grant_type=client_credentials&client_id=x&client_secret=y");
	assert_int_equal(token.status, 401);
	token = api_post(s->kit, STR_NONE, "/oauth/token", "grant_type=password");
	assert_int_equal(token.status, 400);
	assert_str_eq(answer_str(&token, "error"), STR("unsupported_grant_type"));
}

static void a_profile_is_changed_and_read_back(void **state)
{
	struct scene *s = *state;
	struct str token = apikit_sign_in(s->kit, &s->alice, "read write");
	struct answer a = api_ask(
		s->kit, "PATCH", token, "/api/v1/accounts/update_credentials",
		"display_name=Alice+A&note=Hi+there&locked=true&bot=1&indexable=1&"
		"fields_attributes[0][name]=Site&fields_attributes[0][value]=https://a.example");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "display_name"), STR("Alice A"));
	assert_true(str_contains(answer_str(&a, "note"), STR("Hi there")));
	assert_true(jr_bool(answer_at(&a, "locked"), false));
	assert_true(jr_bool(answer_at(&a, "bot"), false));
	assert_str_eq(answer_str(&a, "fields.0.name"), STR("Site"));
	assert_str_eq(answer_str(&a, "source.privacy"), STR("public"));
	a = api_get(s->kit, STR_NONE, "/api/v1/accounts/lookup?acct=@alice@example.org");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "display_name"), STR("Alice A"));
	assert_int_equal(jr_type(answer_at(&a, "source")), JR_ABSENT);
	a = api_ask(s->kit, "PATCH", token, "/api/v1/accounts/update_credentials",
		    "{\"fields_attributes\":[{\"name\":\"\",\"value\":\"\"}],\"bot\":false}");
	assert_int_equal(jr_count(answer_at(&a, "fields")), 0);
	assert_false(jr_bool(answer_at(&a, "bot"), true));
	assert_str_eq(answer_str(&a, "display_name"), STR("Alice A"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(s102_every_row_asks_for_its_token_and_scope),
		CASE(s102_an_application_alone_does_nothing_of_a_person),
		CASE(s101_who_is_suspended_does_nothing_any_more),
		CASE(s106_too_many_requests_are_refused_and_told_when_again),
		CASE(web_clients_of_other_hosts_are_let_in),
		CASE(an_application_registers_and_gets_a_token_of_its_own),
		CASE(a_profile_is_changed_and_read_back),
	};
	return cmocka_run_group_tests_name("call", tests, NULL, NULL);
}
