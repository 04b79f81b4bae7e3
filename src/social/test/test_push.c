/* Web push: who is told, what they are told, and what becomes of subscriptions; over a scripted
 * network and a real queue. */
#include <pthread.h>

#include "core/enc.h"
#include "crypt/p256.h"
#include "crypt/push.h"
#include "deed.h"
#include "social/courier.h"
#include "social/mail.h"
#include "social/oauth.h"
#include "social/push.h"
#include "social/team.h"
#include "store/graph.h"
#include "store/node.h"
#include "store/tables.h"
#include "testfetch.h"

#define ENDPOINT "https://push.example/send/1"
#define TOKEN "the-access-token"
#define BARRIER 99

static const struct seal_key seal_key = { { 3 } };

struct scene {
	struct test_store t;
	struct ctx ctx;
	struct account alice, bob;
	struct p256 *client; /* whose keys the subscription has */
	struct test_fetch *net;
	struct mailer mailer;
	struct courier *courier;
	struct queue *queue;
	struct queue_kind kinds[8];
	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned barriers;
	enum rc mail_rc; /* what the mailer answers */
	struct str mailed_to, mailed;
	unsigned mails;
};

/* --- a mailer that keeps what it is given --- */

static void mail_submit(struct mailer *mailer, struct str to, struct str message,
			void (*done)(void *arg, const struct mail_result *result), void *arg)
{
	struct scene *sc = CONTAINER_OF(mailer, struct scene, mailer);
	const struct mail_result result = { .rc = sc->mail_rc, .reason = STR("because") };
	sc->mailed_to = arena_str(sc->t.d.arena, to);
	sc->mailed = arena_str(sc->t.d.arena, message);
	sc->mails++;
	done(arg, &result);
}

static const struct mailer_ops mail_ops = { mail_submit, NULL };

/* --- the queue, and the end of what it does --- */

static void barrier_after(void *arg, enum rc rc UNUSED)
{
	struct scene *sc = arg;
	pthread_mutex_lock(&sc->lock);
	sc->barriers++;
	pthread_cond_broadcast(&sc->changed);
	pthread_mutex_unlock(&sc->lock);
}

static void barrier_run(struct queue_job *job, void *app)
{
	queue_finish(job, &(struct queue_end){ .after = barrier_after, .arg = app });
}

static enum rc barrier_add(struct social *s, void *arg UNUSED)
{
	queue_add(s->txn,
		  &(struct queue_new){ .kind = BARRIER, .lane = STR(""), .payload = STR("") });
	return RC_OK;
}

/* Everything that was added before has been tried. */
static void settle(struct scene *sc)
{
	pthread_mutex_lock(&sc->lock);
	unsigned before = sc->barriers;
	pthread_mutex_unlock(&sc->lock);
	test_store_write(&sc->t, barrier_add, NULL);
	queue_wake(sc->queue);
	pthread_mutex_lock(&sc->lock);
	while (sc->barriers == before)
		pthread_cond_wait(&sc->changed, &sc->lock);
	pthread_mutex_unlock(&sc->lock);
}

static void queue_begin(struct scene *sc)
{
	static const struct queue_settings settings = { .workers = 1,
							.retry_first_ms = MS_PER_MINUTE,
							.retry_max_ms = 6 * MS_PER_HOUR,
							.down_after_ms = 7 * MS_PER_DAY,
							.dead_keep_ms = 30 * MS_PER_DAY };
	size_t count = courier_job_kinds(sc->courier, sc->kinds, ARRAY_LEN(sc->kinds) - 1);
	sc->kinds[count++] = (struct queue_kind){ .id = BARRIER,
						  .name = "barrier",
						  .window = 1,
						  .at_once = 1,
						  .run = barrier_run,
						  .app = sc };
	assert_int_equal(queue_start(sc->t.d.db, &settings, sc->kinds, count, &sc->t.d.clock.clock,
				     &sc->queue),
			 RC_OK);
}

static void courier_begin(struct scene *sc)
{
	const struct courier_parts parts = { .db = sc->t.d.db,
					     .fetch = test_fetch_client(sc->net),
					     .mailer = &sc->mailer,
					     .clock = &sc->t.d.clock.clock,
					     .site = &sc->t.site,
					     .seal = &seal_key,
					     .mail_from = STR("noreply@example.org") };
	struct err err = { .rc = RC_OK };
	if (courier_new(&err, &parts, &sc->courier) != RC_OK)
		fail_msg("%s", err_text(&err));
}

/* So that the token is one. */
static enum rc token_add(struct social *s, void *arg)
{
	struct oauth_token record = { .account = *(const uint64_t *)arg, .scopes = STR("push") };
	oauth_token_add(s->txn, STR(TOKEN), &record);
	return RC_OK;
}

static int scene_new(void **state)
{
	struct scene *sc = test_malloc(sizeof(*sc));
	*sc = (struct scene){ .mailer = { &mail_ops } };
	test_store_init(&sc->t);
	sc->ctx = (struct ctx){ .arena = sc->t.d.arena };
	sc->alice = test_store_local(&sc->t, "alice");
	sc->bob = test_store_remote(&sc->t, "bob", "b.example");
	test_store_write(&sc->t, token_add, &sc->alice.id);
	assert_int_equal(p256_generate(&sc->client), RC_OK);
	pthread_mutex_init(&sc->lock, NULL);
	pthread_cond_init(&sc->changed, NULL);
	sc->net = test_fetch_new();
	courier_begin(sc);
	*state = sc;
	return 0;
}

static int scene_free(void **state)
{
	struct scene *sc = *state;
	queue_stop(&sc->queue, 1000);
	test_store_check(&sc->t);
	courier_free(&sc->courier);
	test_fetch_free(&sc->net);
	p256_free(&sc->client);
	pthread_cond_destroy(&sc->changed);
	pthread_mutex_destroy(&sc->lock);
	test_store_free(&sc->t);
	test_free(sc);
	return 0;
}

/* --- subscriptions --- */

static struct push_wish wish_of(struct scene *sc)
{
	struct buf point = BUF_INIT(256);
	enc_base64url(&point, p256_public(sc->client));
	return (struct push_wish){ .endpoint = STR(ENDPOINT),
				   .p256dh = arena_take_buf(sc->t.d.arena, &point),
				   .auth = STR("BTBZMqHH6r4Tts7J_aSIgg"),
				   .standard = true,
				   .alerts = 1U << PUSH_MENTION | 1U << PUSH_FAVOURITE };
}

static enum rc put(struct social *s, void *arg)
{
	push_put(s->txn, arg);
	return RC_OK;
}

static struct push_subscription subscribe(struct scene *sc, uint64_t token,
					  const struct push_wish *wish)
{
	struct push_subscription sub;
	if (push_prepare(&sc->ctx, &sc->t.site, &seal_key, sc->alice.id, token, STR(TOKEN), wish,
			 &sub) != RC_OK)
		fail_msg("%s", err_text(&sc->ctx.err));
	test_store_write(&sc->t, put, &sub);
	return sub;
}

static bool is_subscribed(struct scene *sc, uint64_t token)
{
	struct push_subscription sub;
	struct db_txn *txn = test_store_read(&sc->t);
	bool found = push_get(txn, sc->t.d.arena, sc->alice.id, token, &sub);
	db_read_end(&txn);
	return found;
}

static uint64_t jobs(struct scene *sc)
{
	return test_store_rows(&sc->t, &queue_table_job);
}

static struct status mention(struct scene *sc, const char *text)
{
	return test_store_post(&sc->t, &sc->bob, VISIBILITY_PUBLIC, text, &sc->alice, NULL);
}

/* --- tests --- */

static void who_asked_for_it_is_told(void **state)
{
	struct scene *sc = *state;
	struct push_wish wish = wish_of(sc);
	subscribe(sc, 1, &wish);
	wish.alerts = 1U << PUSH_POLL;
	subscribe(sc, 2, &wish);
	wish.alerts = 1U << PUSH_MENTION;
	wish.policy = PUSH_FROM_NONE;
	subscribe(sc, 3, &wish);
	wish.policy = PUSH_FROM_FOLLOWED;
	subscribe(sc, 4, &wish);
	wish.policy = PUSH_FROM_FOLLOWERS;
	subscribe(sc, 5, &wish);
	test_store_forget_jobs(&sc->t);
	mention(sc, "one");
	assert_int_equal(jobs(sc), 1);
	test_store_forget_jobs(&sc->t);
	test_store_follow(&sc->t, &sc->bob, &sc->alice);
	test_store_forget_jobs(&sc->t);
	mention(sc, "two");
	assert_int_equal(jobs(sc), 2);
	test_store_forget_jobs(&sc->t);
	test_store_follow(&sc->t, &sc->alice, &sc->bob);
	test_store_forget_jobs(&sc->t);
	mention(sc, "three");
	assert_int_equal(jobs(sc), 3);
	queue_begin(sc);
}

/* Letters of strangers wait until somebody looks at them. */
static void what_is_held_back_is_not_told(void **state)
{
	struct scene *sc = *state;
	struct push_wish wish = wish_of(sc);
	subscribe(sc, 1, &wish);
	test_store_forget_jobs(&sc->t);
	test_store_post(&sc->t, &sc->bob, VISIBILITY_DIRECT, "psst", &sc->alice, NULL);
	assert_int_equal(jobs(sc), 0);
	test_store_follow(&sc->t, &sc->alice, &sc->bob);
	test_store_forget_jobs(&sc->t);
	test_store_post(&sc->t, &sc->bob, VISIBILITY_DIRECT, "you know me", &sc->alice, NULL);
	assert_int_equal(jobs(sc), 1);
	queue_begin(sc);
}

static struct str message_about(struct scene *sc, const struct status *post, enum rc wanted)
{
	struct notice notices[4];
	struct str json = STR("");
	assert_true(test_store_notices(&sc->t, sc->alice.id, notices, 4) >= 1);
	const struct push_job job = { .account = sc->alice.id, .notice = notices[0] };
	assert_int_equal(notices[0].status, post->id);
	struct db_txn *txn = test_store_read(&sc->t);
	assert_int_equal(push_compose(&sc->ctx, txn, &job, STR(TOKEN), &json), wanted);
	db_read_end(&txn);
	return json;
}

static void a_message_says_what_clients_of_mastodon_expect(void **state)
{
	struct scene *sc = *state;
	struct notice notices[1];
	struct status post = mention(sc, "hello <b>&amp;</b>\nyou");
	struct str json = message_about(sc, &post, RC_OK);
	assert_int_equal(test_store_notices(&sc->t, sc->alice.id, notices, 1), 1);
	struct str expected = arena_printf(
		sc->t.d.arena,
		"{\"access_token\":\"" TOKEN "\",\"preferred_locale\":\"en\","
		"\"notification_id\":%llu,\"notification_type\":\"mention\",\"icon\":\"\","
		"\"title\":\"bob mentioned you\",\"body\":\"",
		(unsigned long long)notices[0].id);
	assert_true(str_has_prefix(json, expected));
	queue_begin(sc);
}

static enum rc request_job(struct social *s, void *arg)
{
	struct notice *n = arg;
	n->id = notice_put(s->txn, n->status, n);
	return RC_OK;
}

/* Whoever looks after several communities, and has followers, reads which it is about. */
static void a_message_says_what_is_asked(void **state)
{
	struct scene *sc = *state;
	const struct account tea = test_store_local(&sc->t, "tea");
	const uint64_t about[] = { 0, tea.id };
	const char *const words[] = { "\"title\":\"bob asks to follow you\"",
				      "\"title\":\"bob asks to join tea\"" };
	for (size_t i = 0; i < 2; i++) {
		struct notice n = { .kind = NOTICE_FOLLOW_REQUEST,
				    .from = sc->bob.id,
				    .status = sc->alice.id,
				    .about = about[i] };
		test_store_write(&sc->t, request_job, &n);
		struct push_job job = { .account = sc->alice.id, .notice = n };
		struct str json;
		job.notice.status = job.notice.about = 0; /* a job has no room for it */
		struct db_txn *txn = test_store_read(&sc->t);
		assert_int_equal(push_compose(&sc->ctx, txn, &job, STR(TOKEN), &json), RC_OK);
		db_read_end(&txn);
		assert_true(str_find(json, str_of(words[i])) != json.len);
	}
	queue_begin(sc);
}

static void a_long_post_is_shortened_and_a_warning_stands_for_it(void **state)
{
	struct scene *sc = *state;
	char text[600];
	for (size_t i = 0; i + 2 < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xa9", 3);
	struct status post = mention(sc, text);
	struct str json = message_about(sc, &post, RC_OK);
	struct str body = str_skip(json, str_find(json, STR("\"body\":\"")) + 8);
	/* 140 letters of two bytes, three dots of three, quote and brace */
	assert_int_equal(body.len, 280 + 3 + 2);
	assert_true(json.len <= PUSH_PLAIN_MAX);
	queue_begin(sc);
}

static void what_is_gone_is_not_told(void **state)
{
	struct scene *sc = *state;
	struct status post = mention(sc, "one");
	deed_on_status(&sc->t, DO_DELETE, &sc->bob, post.id);
	const struct push_job job = {
		.account = sc->alice.id,
		.notice = { .kind = NOTICE_MENTION, .from = sc->bob.id, .status = post.id }
	};
	struct str json;
	struct db_txn *txn = test_store_read(&sc->t);
	assert_int_equal(push_compose(&sc->ctx, txn, &job, STR(TOKEN), &json), RC_NOT_FOUND);
	db_read_end(&txn);
	queue_begin(sc);
}

static void both_encodings_reach_the_service_with_their_headers(void **state)
{
	struct scene *sc = *state;
	for (int standard = 0; standard <= 1; standard++) {
		struct push_wish wish = wish_of(sc);
		wish.standard = standard != 0;
		subscribe(sc, 1, &wish);
		test_store_forget_jobs(&sc->t);
		test_fetch_answer(sc->net, ENDPOINT, 201, "text/plain", STR(""));
		mention(sc, standard != 0 ? "new" : "old");
		if (sc->queue == NULL)
			queue_begin(sc);
		settle(sc);
		assert_int_equal(test_fetch_count(sc->net), standard + 1);
		const struct test_fetch_request *r = test_fetch_request(sc->net, (size_t)standard);
		assert_str_eq(r->method, STR("POST"));
		assert_str_eq(test_fetch_header(r, "TTL"), STR("172800"));
		assert_str_eq(test_fetch_header(r, "Urgency"), STR("high"));
		assert_int_equal(test_fetch_header(r, "Topic").ptr[0], 'n');
		struct str who = test_fetch_header(r, "Authorization");
		if (standard != 0) {
			assert_str_eq(test_fetch_header(r, "Content-Encoding"), STR("aes128gcm"));
			assert_true(str_has_prefix(who, STR("vapid t=")));
			assert_int_equal(test_fetch_header(r, "Crypto-Key").len, 0);
		} else {
			assert_str_eq(test_fetch_header(r, "Content-Encoding"), STR("aesgcm"));
			assert_true(str_has_prefix(who, STR("WebPush ")));
			assert_true(str_contains(test_fetch_header(r, "Crypto-Key"),
						 STR(";p256ecdsa=")));
			assert_true(
				str_has_prefix(test_fetch_header(r, "Encryption"), STR("salt=")));
		}
		assert_false(str_contains(r->body, STR(TOKEN)));
		assert_int_equal(jobs(sc), 0);
		assert_true(is_subscribed(sc, 1));
	}
}

static void answers_decide_what_follows(void **state)
{
	static const struct {
		unsigned status;
		bool subscribed, waits;
	} rows[] = {
		{ 201, true, false }, { 404, false, false }, { 410, false, false },
		{ 403, true, false }, { 413, true, false },  { 429, true, true },
	};
	struct scene *sc = *state;
	struct push_wish wish = wish_of(sc);
	queue_begin(sc);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		subscribe(sc, 1, &wish);
		test_fetch_answer(sc->net, ENDPOINT, rows[i].status, "text/plain", STR(""));
		mention(sc, arena_printf(sc->t.d.arena, "%u", rows[i].status).ptr);
		settle(sc);
		assert_int_equal(test_fetch_count(sc->net), i + 1);
		assert_int_equal(is_subscribed(sc, 1), rows[i].subscribed);
		assert_int_equal(jobs(sc) != 0, rows[i].waits);
	}
}

static void what_took_its_place_stays(void **state)
{
	struct scene *sc = *state;
	struct push_wish wish = wish_of(sc);
	subscribe(sc, 1, &wish);
	test_store_forget_jobs(&sc->t);
	mention(sc, "one");
	/* the job is of the one before */
	subscribe(sc, 1, &wish);
	test_fetch_answer(sc->net, ENDPOINT, 410, "text/plain", STR(""));
	queue_begin(sc);
	settle(sc);
	assert_int_equal(test_fetch_count(sc->net), 0);
	assert_true(is_subscribed(sc, 1));
	assert_int_equal(jobs(sc), 0);
}

static void s031_what_must_not_be_fetched_is_no_endpoint(void **state)
{
	static const char *const endpoints[] = {
		"",
		"push.example",
		"http://push.example/1",
		"https://127.0.0.1/1",
		"https://social.example.org/inbox",
		"https://user@push.example/",
		"file:///etc/passwd",
	};
	struct scene *sc = *state;
	struct push_subscription sub;
	for (size_t i = 0; i < ARRAY_LEN(endpoints); i++) {
		struct push_wish wish = wish_of(sc);
		wish.endpoint = str_of(endpoints[i]);
		assert_int_equal(push_prepare(&sc->ctx, &sc->t.site, &seal_key, 1, 1, STR(TOKEN),
					      &wish, &sub),
				 RC_INVALID);
	}
	struct push_wish wish = wish_of(sc);
	wish.auth = STR("AAAA");
	assert_int_equal(
		push_prepare(&sc->ctx, &sc->t.site, &seal_key, 1, 1, STR(TOKEN), &wish, &sub),
		RC_INVALID);
	wish = wish_of(sc);
	wish.p256dh = STR("not base64");
	assert_int_equal(
		push_prepare(&sc->ctx, &sc->t.site, &seal_key, 1, 1, STR(TOKEN), &wish, &sub),
		RC_INVALID);
	queue_begin(sc);
}

static void s103_the_access_token_is_sealed_for_its_place(void **state)
{
	struct scene *sc = *state;
	struct push_wish wish = wish_of(sc);
	struct push_subscription sub = subscribe(sc, 1, &wish);
	struct str token;
	assert_false(str_contains(sub.sealed, STR(TOKEN)));
	assert_int_equal(push_token_open(sc->t.d.arena, &seal_key, &sub, &token), RC_OK);
	assert_str_eq(token, STR(TOKEN));
	sub.token = 2;
	assert_int_equal(push_token_open(sc->t.d.arena, &seal_key, &sub, &token), RC_CORRUPT);
	queue_begin(sc);
}

static void the_node_keeps_its_key(void **state)
{
	struct scene *sc = *state;
	struct node_push_key first, second;
	struct db_txn *txn = test_store_read(&sc->t);
	assert_true(node_push_key_get(txn, sc->t.d.arena, &first));
	assert_int_equal(push_server_key(txn, sc->t.d.arena).len, 87);
	db_read_end(&txn);
	courier_free(&sc->courier);
	courier_begin(sc);
	txn = test_store_read(&sc->t);
	assert_true(node_push_key_get(txn, sc->t.d.arena, &second));
	db_read_end(&txn);
	assert_str_eq(first.point, second.point);
	assert_str_eq(first.sealed, second.sealed);
	queue_begin(sc);
}

static enum rc post_letter(struct social *s, void *arg)
{
	letter_post(s, *(const struct str *)arg);
	return RC_OK;
}

static void a_letter_reaches_the_mailer(void **state)
{
	static const struct {
		enum rc rc;
		uint64_t waiting;
	} rows[] = { { RC_OK, 0 }, { RC_DENIED, 0 }, { RC_UNSUPPORTED, 0 }, { RC_TIMEOUT, 1 } };
	struct scene *sc = *state;
	const struct letter letter = { STR("alice@example.net"), STR("Hello"), STR("text\n") };
	struct str packed;
	assert_int_equal(letter_pack(&sc->ctx, &seal_key, &letter, &packed), RC_OK);
	queue_begin(sc);
	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		sc->mail_rc = rows[i].rc;
		test_store_write(&sc->t, post_letter, &packed);
		settle(sc);
		assert_int_equal(sc->mails, i + 1);
		assert_int_equal(jobs(sc), rows[i].waiting);
	}
	assert_str_eq(sc->mailed_to, letter.to);
	assert_true(str_contains(sc->mailed, STR("From: \"Test node\"\r\n <noreply@example.org>")));
	assert_true(str_contains(sc->mailed, STR("\r\nSubject: Hello\r\n")));
	assert_true(str_has_suffix(sc->mailed, STR("\r\n\r\ntext\r\n")));
}

struct teaming {
	struct account desk;
	uint64_t ada, edi;
	enum team_role role;
};

static enum rc team_as(struct social *s, void *arg)
{
	struct teaming *t = arg;
	const struct team_change none = { .has_credit = false };
	struct oauth_token token = { .account = t->desk.id,
				     .person = t->edi,
				     .scopes = STR("push") };
	if (t->desk.kind == ACCOUNT_ORGANIZATION)
		return team_give(s, 0, t->desk.id, t->edi, t->role);
	t->desk.kind = ACCOUNT_ORGANIZATION;
	enum rc rc = team_create(s, 0, &t->desk, t->ada, &none);
	oauth_token_add(s->txn, STR(TOKEN), &token);
	return rc == RC_OK ? team_give(s, 0, t->desk.id, t->edi, t->role) : rc;
}

/* Whoever reads the letters of a team no more is sent none of them, with the app as it is. */
static void who_may_not_read_letters_is_not_told_of_them(void **state)
{
	struct scene *sc = *state;
	const struct push_wish wish = wish_of(sc);
	const enum team_role roles[] = { TEAM_EDITOR, TEAM_ANALYST, TEAM_ADMINISTRATOR };
	const size_t told[] = { 1, 1, 2 }; /* in all, then */
	struct teaming t = { .desk = sc->alice,
			     .ada = test_store_local(&sc->t, "ada").id,
			     .edi = test_store_local(&sc->t, "edi").id };
	queue_begin(sc);
	for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
		t.role = roles[i];
		test_store_write(&sc->t, team_as, &t);
		subscribe(sc, 1, &wish);
		test_fetch_answer(sc->net, ENDPOINT, 201, "text/plain", STR(""));
		mention(sc, "for the desk");
		settle(sc);
		assert_int_equal(test_fetch_count(sc->net), told[i]);
	}
	assert_int_equal(jobs(sc), 0);
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, scene_new, scene_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(who_asked_for_it_is_told),
		SCENE(what_is_held_back_is_not_told),
		SCENE(a_message_says_what_clients_of_mastodon_expect),
		SCENE(a_message_says_what_is_asked),
		SCENE(a_long_post_is_shortened_and_a_warning_stands_for_it),
		SCENE(what_is_gone_is_not_told),
		SCENE(both_encodings_reach_the_service_with_their_headers),
		SCENE(answers_decide_what_follows),
		SCENE(what_took_its_place_stays),
		SCENE(s031_what_must_not_be_fetched_is_no_endpoint),
		SCENE(s103_the_access_token_is_sealed_for_its_place),
		SCENE(the_node_keeps_its_key),
		SCENE(a_letter_reaches_the_mailer),
		SCENE(who_may_not_read_letters_is_not_told_of_them),
	};
	return cmocka_run_group_tests_name("push", tests, NULL, NULL);
}
