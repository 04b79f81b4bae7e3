/* Signing up by an app, over HTTP: the token and what it may do, what is wrong, who decides. */
#include <stdlib.h>

#include "../api_int.h"
#include "apikit.h"

struct scene {
	struct apikit *kit;
	struct account boss;
	struct str app, admin; /* tokens */
};

static enum rc give_role(struct social *s, void *arg)
{
	role_give(s->txn, *(const uint64_t *)arg, ROLE_ADMIN);
	return db_txn_rc(s->txn);
}

static int begin(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	s->kit = apikit_new();
	s->boss = test_store_local(&s->kit->t, "boss");
	test_store_write(&s->kit->t, give_role, &s->boss.id);
	s->app = apikit_sign_in(s->kit, NULL, "read write");
	s->admin = apikit_sign_in(s->kit, &s->boss, "read write admin:read admin:write");
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

#define ANN                                                                              \
	"{\"username\":\"ann\",\"email\":\"ann@example.net\",\"password\":\"tea at 5\"," \
	"\"agreement\":true,\"locale\":\"en\",\"reason\":\"I live here\"}"
#define ACCOUNTS "/api/v1/accounts"
#define VERIFY "/api/v1/accounts/verify_credentials"
#define RESEND "/api/v1/emails/confirmations"

static struct answer ask(struct scene *s, const char *body)
{
	return api_post(s->kit, s->app, ACCOUNTS, body);
}

static struct str sign_up(struct scene *s)
{
	struct answer a = ask(s, ANN);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "token_type"), STR("Bearer"));
	assert_true(answer_num(&a, "created_at") > 0);
	return answer_str(&a, "access_token");
}

static void assert_refused(const struct answer *a, unsigned status, const char *error)
{
	assert_int_equal(a->status, status);
	assert_str_eq(answer_str(a, "error"), str_of(error));
}

static void a_token_waits_for_the_address_to_be_confirmed(void **state)
{
	struct scene *s = *state;
	struct str token = sign_up(s);
	struct answer a = api_get(s->kit, token, VERIFY);
	assert_refused(&a, 403, "Your login is missing a confirmed e-mail address");
	a = api_post(s->kit, token, "/api/v1/statuses", "status=hello");
	assert_refused(&a, 403, "Your login is missing a confirmed e-mail address");
	a = api_get(s->kit, token, "/api/v1/emails/check_confirmation");
	assert_int_equal(a.status, 200);
	assert_str_eq(a.body, STR("false"));
	assert_int_equal(api_post(s->kit, token, RESEND, "").status, 200);
	assert_int_equal(api_post(s->kit, token, RESEND, "email=an@example.net").status, 200);
	a = api_post(s->kit, token, RESEND, "email=nonsense");
	assert_int_equal(a.status, 422);
	/* nobody sees them */
	assert_int_equal(api_get(s->kit, s->admin, "/api/v1/accounts/lookup?acct=ann").status, 404);
}

static void only_the_application_of_the_sign_up_asks_for_letters(void **state)
{
	struct scene *s = *state;
	struct account ann;
	sign_up(s);
	struct db_txn *txn = test_store_read(&s->kit->t);
	assert_true(account_find_handle(txn, s->kit->t.d.arena, STR("ann"), STR(""), &ann));
	db_read_end(&txn);
	s->kit->app.id += 1000000; /* of another one */
	struct str other = apikit_sign_in(s->kit, &ann, "read write");
	struct answer a = api_post(s->kit, other, RESEND, "");
	assert_refused(&a, 403,
		       "This method is only available to the application the user originally "
		       "signed-up with");
}

static void what_is_wrong_is_told_by_field(void **state)
{
	struct scene *s = *state;
	struct answer a = ask(s, "username=a%20b&email=x");
	assert_int_equal(a.status, 422);
	assert_true(str_has_prefix(answer_str(&a, "error"), STR("Validation failed: ")));
	assert_true(str_contains(a.body, STR("\"username\":[{\"error\":\"ERR_INVALID\"")));
	assert_true(str_contains(a.body, STR("\"email\":[{\"error\":\"ERR_INVALID\"")));
	assert_true(str_contains(a.body, STR("\"password\":[{\"error\":\"ERR_BLANK\"")));
	assert_true(str_contains(a.body, STR("\"agreement\":[{\"error\":\"ERR_ACCEPTED\"")));
	sign_up(s);
	a = ask(s, ANN);
	assert_true(str_contains(a.body, STR("\"username\":[{\"error\":\"ERR_TAKEN\"")));
	/* S-109: nothing is said of the address */
	assert_false(str_contains(a.body, STR("\"email\"")));
}

static void only_applications_sign_people_up(void **state)
{
	struct scene *s = *state;
	assert_int_equal(api_post(s->kit, STR_NONE, ACCOUNTS, ANN).status, 401);
	assert_int_equal(api_post(s->kit, s->admin, ACCOUNTS, ANN).status, 403);
	struct str narrow = apikit_sign_in(s->kit, NULL, "read");
	assert_int_equal(api_post(s->kit, narrow, ACCOUNTS, ANN).status, 403);
	s->kit->registrations.mode = SIGN_UP_CLOSED;
	struct answer a = ask(s, ANN);
	assert_refused(&a, 403, "This action is not allowed");
}

static void the_instance_says_who_may(void **state)
{
	struct scene *s = *state;
	struct sign_up_settings *settings = &s->kit->registrations;
	struct answer a = api_get(s->kit, STR_NONE, "/api/v2/instance");
	assert_true(str_contains(
		a.body, STR("\"registrations\":{\"enabled\":true,\"approval_required\":"
			    "false,\"reason_required\":false,\"message\":null,\"url\":null,"
			    "\"min_age\":null}")));
	settings->mode = SIGN_UP_APPROVAL;
	settings->reason_required = true;
	settings->min_age = 16;
	a = api_get(s->kit, STR_NONE, "/api/v2/instance");
	assert_true(str_contains(a.body,
				 STR("\"registrations\":{\"enabled\":true,\"approval_required\":"
				     "true,\"reason_required\":true,\"message\":null,\"url\":null,"
				     "\"min_age\":16}")));
	a = api_get(s->kit, STR_NONE, "/api/v1/instance");
	assert_true(str_contains(a.body, STR("\"registrations\":true,\"approval_required\":true")));
	settings->mode = SIGN_UP_CLOSED;
	settings->message = STR("Come <soon>");
	settings->url = STR("https://id.example/join");
	a = api_get(s->kit, STR_NONE, "/api/v2/instance");
	assert_true(str_contains(a.body, STR("\"enabled\":false,\"approval_required\":false")));
	assert_str_eq(answer_str(&a, "registrations.message"), STR("<p>Come &lt;soon&gt;</p>"));
	assert_str_eq(answer_str(&a, "registrations.url"), STR("https://id.example/join"));
}

/* --- moderators --- */

static uint64_t first_pending(struct scene *s)
{
	struct answer a =
		api_get(s->kit, s->admin, "/api/v2/admin/accounts?status=pending&origin=local");
	assert_int_equal(a.status, 200);
	assert_true(str_contains(a.body, STR("\"email\":\"ann@example.net\"")));
	assert_true(str_contains(a.body, STR("\"invite_request\":\"I live here\"")));
	assert_true(str_contains(a.body, STR("\"ip\":\"127.0.0.1\"")));
	assert_true(str_contains(a.body, STR("\"confirmed\":false,\"approved\":false")));
	struct str rest = str_skip(a.body, str_find(a.body, STR("\"id\":\"")) + 6);
	uint64_t id = 0;
	assert_true(str_to_u64(str_take(rest, str_index(rest, '"')), &id));
	return id;
}

static struct answer decide(struct scene *s, struct str token, uint64_t id, const char *what)
{
	struct str path = arena_printf(s->kit->t.d.arena, "/api/v1/admin/accounts/%llu/%s",
				       (unsigned long long)id, what);
	return api_post(s->kit, token, arena_cstr(s->kit->t.d.arena, path), "");
}

static void moderators_decide(void **state)
{
	struct scene *s = *state;
	s->kit->registrations.mode = SIGN_UP_APPROVAL;
	struct str token = sign_up(s);
	uint64_t id = first_pending(s);
	struct account alice = test_store_local(&s->kit->t, "alice");
	struct str stranger = apikit_sign_in(s->kit, &alice, "admin:read admin:write");
	assert_int_equal(decide(s, stranger, id, "approve").status, 403);
	assert_int_equal(decide(s, stranger, id, "reject").status, 403);
	struct answer a = decide(s, s->admin, id, "approve");
	assert_int_equal(a.status, 200);
	assert_true(str_contains(a.body, STR("\"confirmed\":false,\"approved\":true")));
	a = decide(s, s->admin, id, "approve");
	assert_refused(&a, 403, "This action is not allowed");
	a = decide(s, s->admin, id, "reject");
	assert_refused(&a, 403, "This action is not allowed");
	a = api_get(s->kit, token, VERIFY);
	assert_refused(&a, 403, "Your login is missing a confirmed e-mail address");
	assert_int_equal(decide(s, s->admin, alice.id, "approve").status, 403);
	assert_int_equal(decide(s, s->admin, 1, "approve").status, 404);
}

static void whom_they_turn_away_is_gone(void **state)
{
	struct scene *s = *state;
	s->kit->registrations.mode = SIGN_UP_APPROVAL;
	struct str token = sign_up(s);
	uint64_t id = first_pending(s);
	struct answer a = decide(s, s->admin, id, "reject");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "username"), STR("ann"));
	assert_int_equal(api_get(s->kit, token, VERIFY).status, 401);
	assert_int_equal(decide(s, s->admin, id, "reject").status, 404);
	sign_up(s);
}

static void what_is_barred_is_kept_out(void **state)
{
	struct scene *s = *state;
	struct answer a = api_post(s->kit, s->admin, "/api/v1/admin/email_domain_blocks",
				   "domain=example.net");
	assert_int_equal(a.status, 200);
	a = ask(s, ANN);
	assert_true(str_contains(a.body, STR("\"email\":[{\"error\":\"ERR_BLOCKED\"")));
	a = api_post(s->kit, s->admin, "/api/v1/admin/ip_blocks",
		     "ip=127.0.0.0/8&severity=sign_up_block");
	assert_int_equal(a.status, 200);
	uint64_t id = answer_id(&a);
	a = ask(s, ANN);
	assert_refused(&a, 403, "This action is not allowed");
	struct str path = arena_printf(s->kit->t.d.arena, "/api/v1/admin/ip_blocks/%llu",
				       (unsigned long long)id);
	a = api_ask(s->kit, "PUT", s->admin, arena_cstr(s->kit->t.d.arena, path),
		    "severity=sign_up_requires_approval");
	assert_int_equal(a.status, 200);
	a = ask(s, ANN);
	assert_int_equal(a.status, 422);
	a = api_ask(s->kit, "DELETE", s->admin, arena_cstr(s->kit->t.d.arena, path), NULL);
	assert_int_equal(a.status, 200);
	assert_int_equal(barred_client(s->kit->bars, STR("127.0.0.1")), BARRED_NOT);
}

static void s106_too_many_are_refused(void **state)
{
	struct scene *s = *state;
	const struct gate_settings limits = { 9, 9, 9, 9, 9, 1, 9 };
	s->kit->registrations.per_client = 1;
	s->kit->registrations.tries_per_client = 9;
	s->kit->registrations.per_day = 9;
	s->kit->gate = gate_new(&s->kit->t.d.clock.clock, &limits, &s->kit->registrations);
	s->kit->reception.gate = s->kit->gate;
	struct str token = sign_up(s);
	struct answer a =
		ask(s, "username=bob&email=bob@example.net&password=tea-at-five&agreement=1");
	assert_refused(&a, 429, "Too many requests");
	/* one letter to this mailbox was the sign-up's */
	a = api_post(s->kit, token, RESEND, "");
	assert_refused(&a, 429, "Too many requests");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_token_waits_for_the_address_to_be_confirmed),
		TEST(only_the_application_of_the_sign_up_asks_for_letters),
		TEST(what_is_wrong_is_told_by_field),
		TEST(only_applications_sign_people_up),
		TEST(the_instance_says_who_may),
		TEST(moderators_decide),
		TEST(whom_they_turn_away_is_gone),
		TEST(what_is_barred_is_kept_out),
		TEST(s106_too_many_are_refused),
	};
	return cmocka_run_group_tests_name("sign_up", tests, NULL, NULL);
}
