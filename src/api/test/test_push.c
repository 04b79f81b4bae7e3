/* Web push and e-mail addresses in the API: subscriptions of tokens, confirmations. */
#include <stdlib.h>

#include "../push_int.h"
#include "apikit.h"
#include "core/enc.h"
#include "crypt/p256.h"
#include "queue/queue.h"
#include "social/account.h"
#include "social/mail.h"
#include "store/node.h"

#define PUSH "/api/v1/push/subscription"

struct scene {
	struct apikit *kit;
	struct account alice;
	struct str token;
	struct p256 *client;
};

static enum rc put_key(struct social *s, void *arg UNUSED)
{
	const struct node_push_key key = { STR("sealed"), STR("\x04point") };
	node_push_key_put(s->txn, &key);
	return RC_OK;
}

static int begin(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	s->kit = apikit_new();
	s->alice = test_store_local(&s->kit->t, "alice");
	s->token = apikit_sign_in(s->kit, &s->alice, "read push");
	assert_int_equal(p256_generate(&s->client), RC_OK);
	test_store_write(&s->kit->t, put_key, NULL);
	*state = s;
	return 0;
}

static int end(void **state)
{
	struct scene *s = *state;
	p256_free(&s->client);
	apikit_free(&s->kit);
	free(s);
	return 0;
}

static const char *wish(struct scene *s, const char *endpoint, const char *data)
{
	struct buf point CLEANUP(buf_free) = BUF_INIT(256);
	enc_base64url(&point, p256_public(s->client));
	return arena_printf(s->kit->t.d.arena,
			    "{\"subscription\":{\"endpoint\":\"%s\",\"keys\":{\"p256dh\":"
			    "\"%.*s\",\"auth\":\"BTBZMqHH6r4Tts7J_aSIgg==\"},\"standard\":true},"
			    "\"data\":%s}",
			    endpoint, STR_ARG(buf_str(&point)), data)
		.ptr;
}

#define ENDPOINT "https://push.example/1"
#define SOME                                                                   \
	"{\"alerts\":{\"mention\":true,\"admin.report\":true,\"poll\":false}," \
	"\"policy\":\"follower\"}"

static void the_entity_is_as_documented(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(4096);
	const struct push_subscription s = { .id = 328183,
					     .endpoint = STR("https://yourdomain.example/listener"),
					     .standard = true,
					     .alerts = 1U << PUSH_MENTION | 1U << PUSH_QUOTE,
					     .policy = PUSH_FROM_FOLLOWED };
	struct jw w;
	jw_init(&w, &out);
	render_push(&w, &s, STR("KEY"));
	jw_done(&w);
	assert_str_eq(
		buf_str(&out),
		STR("{\"id\":\"328183\",\"endpoint\":\"https://yourdomain.example/listener\","
		    "\"standard\":true,\"alerts\":{\"mention\":true,\"status\":false,"
		    "\"reblog\":false,\"follow\":false,\"follow_request\":false,"
		    "\"favourite\":false,\"poll\":false,\"update\":false,\"quote\":true,"
		    "\"quoted_update\":false,\"admin.sign_up\":false,"
		    "\"admin.report\":false},\"policy\":\"followed\",\"server_key\":\"KEY\"}"));
}

static void a_token_has_one_subscription(void **state)
{
	struct scene *s = *state;
	struct apikit *kit = s->kit;
	struct answer a = api_get(kit, s->token, PUSH);
	assert_int_equal(a.status, 404);
	a = api_post(kit, s->token, PUSH, wish(s, ENDPOINT, SOME));
	assert_int_equal(a.status, 200);
	uint64_t first = answer_id(&a);
	assert_true(first != 0);
	assert_str_eq(answer_str(&a, "endpoint"), STR(ENDPOINT));
	assert_str_eq(answer_str(&a, "policy"), STR("follower"));
	assert_str_eq(answer_str(&a, "server_key"), STR("BHBvaW50"));
	struct jr alerts = jr_get(a.json, "alerts");
	assert_true(jr_bool(jr_get(alerts, "mention"), false));
	assert_true(jr_bool(jr_get(alerts, "admin.report"), false));
	assert_false(jr_bool(jr_get(alerts, "poll"), true));
	assert_false(jr_bool(jr_get(alerts, "favourite"), true));
	a = api_post(kit, s->token, PUSH, wish(s, "https://push.example/2", "{}"));
	assert_int_equal(a.status, 200);
	assert_true(answer_id(&a) != first);
	assert_str_eq(answer_str(&a, "policy"), STR("all"));
	assert_int_equal(test_store_rows(&kit->t, &store_push), 1);
	/* another token of the same person sees nothing of it (S-070) */
	struct str other = apikit_sign_in(kit, &s->alice, "push");
	assert_int_equal(api_get(kit, other, PUSH).status, 404);
	assert_int_equal(api_ask(kit, "PUT", other, PUSH, "data[alerts][poll]=1").status, 404);
	assert_int_equal(api_ask(kit, "DELETE", other, PUSH, NULL).status, 200);
	a = api_ask(kit, "PUT", s->token, PUSH, "data[alerts][poll]=1&data[policy]=none");
	assert_int_equal(a.status, 200);
	assert_true(jr_bool(jr_get(jr_get(a.json, "alerts"), "poll"), false));
	assert_str_eq(answer_str(&a, "policy"), STR("none"));
	a = api_get(kit, s->token, PUSH);
	assert_str_eq(answer_str(&a, "endpoint"), STR("https://push.example/2"));
	a = api_ask(kit, "DELETE", s->token, PUSH, NULL);
	assert_int_equal(a.status, 200);
	assert_str_eq(a.body, STR("{}"));
	assert_int_equal(api_get(kit, s->token, PUSH).status, 404);
}

static void what_cannot_be_reached_is_refused(void **state)
{
	static const char *const endpoints[] = { "",
						 "nowhere",
						 "http://push.example/",
						 "https://10.0.0.1/",
						 "https://localhost/",
						 "https://social.example.org/inbox" };
	struct scene *s = *state;
	for (size_t i = 0; i < ARRAY_LEN(endpoints); i++)
		assert_int_equal(
			api_post(s->kit, s->token, PUSH, wish(s, endpoints[i], "{}")).status, 422);
	assert_int_equal(
		api_post(s->kit, s->token, PUSH, "subscription[endpoint]=https://push.example/1")
			.status,
		422);
	assert_int_equal(
		api_post(s->kit, s->token, PUSH, wish(s, ENDPOINT, "{\"policy\":\"x\"}")).status,
		422);
	assert_int_equal(test_store_rows(&s->kit->t, &store_push), 0);
}

static void s101_what_ends_a_token_ends_its_subscription(void **state)
{
	struct scene *s = *state;
	struct apikit *kit = s->kit;
	assert_int_equal(api_post(kit, s->token, PUSH, wish(s, ENDPOINT, SOME)).status, 200);
	const char *form =
		arena_printf(kit->t.d.arena, "client_id=%.*s&client_secret=%.*s&token=%.*s",
			     STR_ARG(kit->app.client_id), STR_ARG(kit->app_secret),
			     STR_ARG(s->token))
			.ptr;
	assert_int_equal(api_post(kit, STR_NONE, "/oauth/revoke", form).status, 200);
	assert_int_equal(test_store_rows(&kit->t, &store_push), 0);
	assert_int_equal(api_get(kit, s->token, PUSH).status, 401);
}

static void s103_the_access_token_is_nowhere_in_the_database(void **state)
{
	struct scene *s = *state;
	struct str key, value;
	struct db_iter it;
	assert_int_equal(api_post(s->kit, s->token, PUSH, wish(s, ENDPOINT, SOME)).status, 200);
	for (size_t i = 0; i < store_table_count; i++) {
		struct db_txn *txn = test_store_read(&s->kit->t);
		db_iter_open(&it, txn, store_tables[i], STR(""), DB_FORWARD, STR_NONE);
		while (db_iter_next(&it, &key, &value))
			assert_false(str_contains(value, s->token));
		db_iter_close(&it);
		db_read_end(&txn);
	}
}

static void the_server_key_is_told_where_clients_look(void **state)
{
	struct scene *s = *state;
	struct answer a = api_get(s->kit, STR_NONE, "/api/v2/instance");
	assert_str_eq(answer_str(&a, "configuration.vapid.public_key"), STR("BHBvaW50"));
	a = api_post(s->kit, STR_NONE, "/api/v1/apps",
		     "client_name=x&redirect_uris=urn:ietf:wg:oauth:2.0:oob");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "vapid_key"), STR("BHBvaW50"));
}

static enum rc set_email(struct social *s, void *arg)
{
	const struct account *a = arg;
	return email_ask(s, a->id, STR("alice@example.net"));
}

static void an_address_is_confirmed_by_ticket(void **state)
{
	struct scene *s = *state;
	struct apikit *kit = s->kit;
	const char *path = "/api/v1/emails/confirmations";
	struct answer a = api_get(kit, s->token, "/api/v1/emails/check_confirmation");
	assert_int_equal(a.status, 200);
	assert_str_eq(a.body, STR("true"));
	assert_int_equal(api_post(kit, s->token, path, "").status, 403);
	test_store_write(&kit->t, set_email, &s->alice);
	assert_str_eq(api_get(kit, s->token, "/api/v1/emails/check_confirmation").body,
		      STR("false"));
	a = api_post(kit, s->token, path, "");
	assert_int_equal(a.status, 200);
	assert_str_eq(a.body, STR("{}"));
	assert_int_equal(test_store_rows(&kit->t, &store_ticket), 1);
	assert_int_equal(test_store_rows(&kit->t, &queue_table_job), 1);
	assert_int_equal(api_post(kit, s->token, path, "email=al@example.net").status, 200);
	assert_int_equal(api_post(kit, s->token, path, "email=x").status, 422);
	/* S-106 */
	for (int i = 0; i < 3; i++)
		assert_int_equal(api_post(kit, s->token, path, "").status, 200);
	assert_int_equal(api_post(kit, s->token, path, "").status, 429);
	struct db_txn *txn = test_store_read(&kit->t);
	assert_int_equal(account_id_of_email(txn, STR("al@example.net")), s->alice.id);
	db_read_end(&txn);
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_entity_is_as_documented),
		SCENE(a_token_has_one_subscription),
		SCENE(what_cannot_be_reached_is_refused),
		SCENE(s101_what_ends_a_token_ends_its_subscription),
		SCENE(s103_the_access_token_is_nowhere_in_the_database),
		SCENE(the_server_key_is_told_where_clients_look),
		SCENE(an_address_is_confirmed_by_ticket),
	};
	return cmocka_run_group_tests_name("push", tests, NULL, NULL);
}
