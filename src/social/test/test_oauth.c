/* OAuth: what is registered, asked for, consented to and redeemed, and what is refused (S-100). */
#include "social/oauth.h"

#include "core/clock.h"
#include "social/account.h"
#include "teststore.h"

/* RFC 7636, appendix B. */
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define REDIRECT "https://app.example/back?x=1"

struct scene {
	struct test_store t;
	struct account alice;
	struct oauth_app app;
	struct str secret;
};

static struct oauth_registration registration(void)
{
	return (struct oauth_registration){ .name = STR("Tusky"),
					    .website = STR("https://tusky.app"),
					    .scopes = STR("read write follow"),
					    .redirects = { STR(REDIRECT), STR(OAUTH_OUT_OF_BAND) },
					    .redirect_count = 2 };
}

static enum rc add_app(struct social *s, void *arg)
{
	oauth_app_add(s->txn, arg);
	return RC_OK;
}

static void scene_init(struct scene *s)
{
	struct oauth_registration wanted = registration();
	test_store_init(&s->t);
	s->alice = test_store_local(&s->t, "alice");
	struct ctx ctx = { .arena = s->t.d.arena };
	assert_int_equal(oauth_app_compose(&ctx, &wanted, &s->app, &s->secret), RC_OK);
	test_store_write(&s->t, add_app, &s->app);
}

static void scene_free(struct scene *s)
{
	test_store_check(&s->t);
	test_store_free(&s->t);
}

/* --- registration --- */

static void an_app_proves_itself_by_its_secret_alone(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	assert_true(oauth_app_proves(&s.app, s.secret));
	assert_false(oauth_app_proves(&s.app, STR("")));
	assert_false(oauth_app_proves(&s.app, s.app.client_id));
	assert_false(str_eq(s.secret, s.app.client_id));
	assert_int_equal(s.secret.len, 43);
}

static void a_malformed_registration_is_refused_with_its_reason(void **state UNUSED)
{
	static const struct row {
		const char *name, *website, *scopes, *redirect, *why;
	} rows[] = {
		{ " ", "", "read", REDIRECT, "Name" },
		{ "x", "javascript:alert(1)", "read", REDIRECT, "Website" },
		{ "x", "", "read nonsense", REDIRECT, "Scopes" },
		{ "x", "", " ", REDIRECT, "Scopes" },
		{ "x", "", "read", "", "Redirect" },
		{ "x", "", "read", "/back", "Redirect" },
		{ "x", "", "read", "https://a.example/#x", "Redirect" },
		{ "x", "", "read", "JavaScript:alert(1)", "Redirect" },
		{ "x", "", "read", "data:text/html,x", "Redirect" },
		{ "x", "", "read", "https://a.example/ b", "Redirect" },
	};
	struct arena *arena = arena_new(1 << 20);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ctx ctx = { .arena = arena };
		struct oauth_app app;
		struct str secret;
		struct oauth_registration wanted = { .name = str_of(rows[i].name),
						     .website = str_of(rows[i].website),
						     .scopes = str_of(rows[i].scopes),
						     .redirects = { str_of(rows[i].redirect) },
						     .redirect_count = 1 };
		assert_int_equal(oauth_app_compose(&ctx, &wanted, &app, &secret), RC_INVALID);
		assert_true(str_contains(str_of(err_text(&ctx.err)), str_of(rows[i].why)));
	}
	arena_free(&arena);
}

/* --- consent --- */

static struct oauth_request request(const struct scene *s)
{
	return (struct oauth_request){ .response_type = STR("code"),
				       .client_id = s->app.client_id,
				       .redirect = STR(REDIRECT),
				       .scopes = STR("read write:statuses"),
				       .challenge = STR(CHALLENGE),
				       .challenge_method = STR("S256") };
}

static enum rc check(struct scene *s, struct oauth_request *wanted, const char **error)
{
	struct ctx ctx = { .arena = s->t.d.arena };
	struct oauth_app app;
	struct db_txn *txn = test_store_read(&s->t);
	enum rc rc = oauth_request_check(&ctx, txn, wanted, &app, error);
	db_read_end(&txn);
	return rc;
}

static void s100_a_redirect_is_compared_byte_by_byte(void **state UNUSED)
{
	static const char *const wrong[] = {
		"",
		"https://app.example/back",
		"https://app.example/back?x=1&y",
		"https://app.example/back?x=2",
		"https://app.example/Back?x=1",
		"https://APP.example/back?x=1",
		"http://app.example/back?x=1",
		"https://app.example:443/back?x=1",
		"https://app.example/a/../back?x=1",
		"https://app.example.evil/back?x=1",
		"https://app.example@evil/back?x=1",
		"urn:ietf:wg:oauth:2.0:oob:auto",
	};
	struct scene s CLEANUP(scene_free);
	const char *error;
	scene_init(&s);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct oauth_request wanted = request(&s);
		wanted.redirect = str_of(wrong[i]);
		assert_int_equal(check(&s, &wanted, &error), RC_INVALID);
	}
	struct oauth_request wanted = request(&s);
	assert_int_equal(check(&s, &wanted, &error), RC_OK);
	wanted.redirect = STR(OAUTH_OUT_OF_BAND);
	assert_int_equal(check(&s, &wanted, &error), RC_OK);
	wanted.client_id = STR("nobody");
	assert_int_equal(check(&s, &wanted, &error), RC_INVALID);
}

static void s100_a_client_asks_for_what_it_registered_and_for_pkce_that_proves(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	const char *error;
	scene_init(&s);
	struct oauth_request wanted = request(&s);
	wanted.scopes = STR("read push");
	assert_int_equal(check(&s, &wanted, &error), RC_DENIED);
	assert_string_equal(error, "invalid_scope");
	wanted = request(&s);
	wanted.challenge_method = STR("plain");
	assert_int_equal(check(&s, &wanted, &error), RC_DENIED);
	assert_string_equal(error, "invalid_request");
	wanted = request(&s);
	wanted.challenge_method = STR_NONE;
	assert_int_equal(check(&s, &wanted, &error), RC_DENIED);
	wanted = request(&s);
	wanted.response_type = STR("token");
	assert_int_equal(check(&s, &wanted, &error), RC_DENIED);
	assert_string_equal(error, "unsupported_response_type");
	wanted = request(&s);
	wanted.scopes = STR("");
	assert_int_equal(check(&s, &wanted, &error), RC_OK);
	assert_str_eq(wanted.scopes, STR("read"));
}

/* --- redeeming --- */

struct consent {
	struct scene *scene;
	struct oauth_request request;
	struct str code;
};

static enum rc issue(struct social *s, void *arg)
{
	struct consent *c = arg;
	uint64_t id = c->scene->alice.id;
	return oauth_code_issue(s, &c->request, &c->scene->app, id, id, c->code);
}

struct redeeming {
	struct oauth_redemption r;
	struct oauth_token token;
	enum rc rc;
};

static enum rc redeem(struct social *s, void *arg)
{
	struct redeeming *d = arg;
	d->rc = oauth_code_redeem(s, &d->r, &d->token);
	return d->rc == RC_GONE ? RC_OK : d->rc;
}

static struct oauth_redemption consented(struct scene *s)
{
	struct consent c = { s, request(s), oauth_secret(s->t.d.arena) };
	test_store_write(&s->t, issue, &c);
	return (struct oauth_redemption){ .code = c.code,
					  .client_id = s->app.client_id,
					  .client_secret = s->secret,
					  .redirect = STR(REDIRECT),
					  .verifier = STR(VERIFIER),
					  .token = oauth_secret(s->t.d.arena) };
}

static enum rc bearer_of(struct scene *s, struct str token, struct bearer *out)
{
	struct db_txn *txn = test_store_read(&s->t);
	enum rc rc = oauth_authenticate(txn, s->t.d.arena, token, out);
	db_read_end(&txn);
	return rc;
}

static void a_code_becomes_a_token_that_acts_for_its_person(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct bearer bearer;
	scene_init(&s);
	struct redeeming d = { .r = consented(&s) };
	assert_int_equal(test_store_try(&s.t, redeem, &d), RC_OK);
	assert_int_equal(bearer_of(&s, d.r.token, &bearer), RC_OK);
	assert_int_equal(bearer.account.id, s.alice.id);
	assert_true(scopes_hold(bearer.scopes, SCOPE(READ_LISTS) | SCOPE(WRITE_STATUSES)));
	assert_false(scopes_hold(bearer.scopes, SCOPE(WRITE_MEDIA)));
	assert_int_equal(bearer_of(&s, STR("guess"), &bearer), RC_UNAUTHENTICATED);
	assert_int_equal(bearer_of(&s, STR(""), &bearer), RC_UNAUTHENTICATED);
}

static void s100_a_code_is_redeemed_once_and_a_second_time_ends_its_token(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct bearer bearer;
	scene_init(&s);
	struct redeeming d = { .r = consented(&s) };
	struct str token = d.r.token;
	assert_int_equal(test_store_try(&s.t, redeem, &d), RC_OK);
	d.r.token = oauth_secret(s.t.d.arena);
	assert_int_equal(test_store_try(&s.t, redeem, &d), RC_OK);
	assert_int_equal(d.rc, RC_GONE);
	assert_int_equal(bearer_of(&s, token, &bearer), RC_UNAUTHENTICATED);
	assert_int_equal(bearer_of(&s, d.r.token, &bearer), RC_UNAUTHENTICATED);
}

static void s100_a_code_is_refused_when_anything_is_another(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	struct oauth_registration wanted = registration();
	struct oauth_app other;
	struct str other_secret;
	struct ctx ctx = { .arena = s.t.d.arena };
	assert_int_equal(oauth_app_compose(&ctx, &wanted, &other, &other_secret), RC_OK);
	test_store_write(&s.t, add_app, &other);
	for (unsigned i = 0; i < 10; i++) {
		struct redeeming d = { .r = consented(&s) };
		enum rc expected = RC_DENIED;
		switch (i) {
		case 0:
			d.r.code = STR("guess");
			break;
		case 1:
			d.r.redirect = STR(OAUTH_OUT_OF_BAND);
			break;
		case 2:
			d.r.verifier = STR("");
			break;
		case 3:
			d.r.verifier = STR(CHALLENGE);
			break;
		case 4:
			d.r.client_secret = STR("guess");
			expected = RC_UNAUTHENTICATED;
			break;
		case 5:
			d.r.client_id = other.client_id;
			expected = RC_UNAUTHENTICATED;
			break;
		case 6:
			d.r.client_id = other.client_id;
			d.r.client_secret = other_secret;
			break;
		case 7: /* a public client, which cannot be another one either */
			d.r.client_id = other.client_id;
			d.r.client_secret = STR("");
			break;
		case 8:
			d.r.client_id = STR("");
			expected = RC_UNAUTHENTICATED;
			break;
		default:
			test_clock_advance(&s.t.d.clock, OAUTH_CODE_LIFE_MS + 1);
			break;
		}
		assert_int_equal(test_store_try(&s.t, redeem, &d), expected);
	}
}

static void a_public_client_proves_by_pkce_alone(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	struct redeeming d = { .r = consented(&s) };
	d.r.client_secret = STR("");
	assert_int_equal(test_store_try(&s.t, redeem, &d), RC_OK);
	/* without a challenge it must show its secret */
	struct consent c = { &s, request(&s), STR("code") };
	c.request.challenge = STR("");
	test_store_write(&s.t, issue, &c);
	d.r.code = c.code;
	d.r.verifier = STR("");
	assert_int_equal(test_store_try(&s.t, redeem, &d), RC_UNAUTHENTICATED);
	/* and a verifier that nobody asked for is somebody else's */
	d.r.client_secret = s.secret;
	d.r.verifier = STR(VERIFIER);
	assert_int_equal(test_store_try(&s.t, redeem, &d), RC_DENIED);
	d.r.verifier = STR("");
	d.r.token = oauth_secret(s.t.d.arena);
	assert_int_equal(test_store_try(&s.t, redeem, &d), RC_OK);
}

/* --- revoking --- */

struct revoking {
	struct str client_id, secret, token;
};

static enum rc revoke(struct social *s, void *arg)
{
	const struct revoking *r = arg;
	return oauth_revoke(s, r->client_id, r->secret, r->token);
}

static enum rc end_all(struct social *s, void *arg)
{
	sign_out_everywhere(s->txn, *(uint64_t *)arg, 0);
	return RC_OK;
}

static void s101_a_revoked_token_is_none(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct bearer bearer;
	scene_init(&s);
	struct redeeming d = { .r = consented(&s) };
	assert_int_equal(test_store_try(&s.t, redeem, &d), RC_OK);
	struct revoking r = { s.app.client_id, STR("guess"), d.r.token };
	assert_int_equal(test_store_try(&s.t, revoke, &r), RC_UNAUTHENTICATED);
	assert_int_equal(bearer_of(&s, d.r.token, &bearer), RC_OK);
	r.secret = s.secret;
	assert_int_equal(test_store_try(&s.t, revoke, &r), RC_OK);
	assert_int_equal(bearer_of(&s, d.r.token, &bearer), RC_UNAUTHENTICATED);
	/* RFC 7009 section 2.2 */
	assert_int_equal(test_store_try(&s.t, revoke, &r), RC_OK);
	struct redeeming again = { .r = consented(&s) };
	assert_int_equal(test_store_try(&s.t, redeem, &again), RC_OK);
	test_store_write(&s.t, end_all, &s.alice.id);
	assert_int_equal(bearer_of(&s, again.r.token, &bearer), RC_UNAUTHENTICATED);
}

static enum rc suspend(struct social *s, void *arg)
{
	return account_suspend(s, arg, true);
}

static void s101_who_is_suspended_is_signed_out(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct bearer bearer;
	scene_init(&s);
	struct redeeming d = { .r = consented(&s) };
	assert_int_equal(test_store_try(&s.t, redeem, &d), RC_OK);
	assert_int_equal(test_store_try(&s.t, suspend, &s.alice), RC_OK);
	assert_int_equal(bearer_of(&s, d.r.token, &bearer), RC_UNAUTHENTICATED);
}

/* --- scopes --- */

static void s102_scopes_are_a_tree(void **state UNUSED)
{
	scope_set read, leaf, write, old;
	assert_true(scopes_parse(STR("read"), &read));
	assert_true(scopes_parse(STR("read:lists  read:search"), &leaf));
	assert_true(scopes_parse(STR("write"), &write));
	assert_true(scopes_parse(STR("follow"), &old));
	assert_true(scopes_hold(read, leaf));
	assert_false(scopes_hold(leaf, read));
	assert_int_equal(read & write, 0);
	assert_int_equal(read & SCOPE(ADMIN_READ_REPORTS), 0);
	assert_true(scopes_hold(old, SCOPE(WRITE_MUTES)));
	assert_false(scopes_hold(old, SCOPE(WRITE_STATUSES)));
	assert_false(scopes_parse(STR("reads"), &leaf));
	assert_false(scopes_parse(STR("read:"), &leaf));
	assert_false(scopes_parse(STR("READ"), &leaf));
	assert_false(scopes_parse(STR("admin"), &leaf));
	assert_false(scopes_parse(STR(""), &leaf));
	for (size_t i = 0; scope_name(i).ptr != NULL; i++)
		assert_true(scopes_parse(scope_name(i), &leaf));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_app_proves_itself_by_its_secret_alone),
		cmocka_unit_test(a_malformed_registration_is_refused_with_its_reason),
		cmocka_unit_test(s100_a_redirect_is_compared_byte_by_byte),
		cmocka_unit_test(
			s100_a_client_asks_for_what_it_registered_and_for_pkce_that_proves),
		cmocka_unit_test(a_code_becomes_a_token_that_acts_for_its_person),
		cmocka_unit_test(s100_a_code_is_redeemed_once_and_a_second_time_ends_its_token),
		cmocka_unit_test(s100_a_code_is_refused_when_anything_is_another),
		cmocka_unit_test(a_public_client_proves_by_pkce_alone),
		cmocka_unit_test(s101_a_revoked_token_is_none),
		cmocka_unit_test(s101_who_is_suspended_is_signed_out),
		cmocka_unit_test(s102_scopes_are_a_tree),
	};
	return cmocka_run_group_tests_name("oauth", tests, NULL, NULL);
}
