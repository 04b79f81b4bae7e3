/* One activity to one inbox: what is on the wire, and what is made of the answer. */
#include "fedqueue.h"

#include <stdio.h>
#include <stdlib.h>

#define INBOX CAROL "/inbox"

struct scene {
	struct fedkit *kit;
	struct kit_queue *q;
	struct peer_actor carol;
	unsigned statuses[8]; /* answers, in order; the last one stays */
	size_t count;
	struct httpsig sigs[16];
	enum key_kind kinds[16];
	size_t posts;
};

/* --- what the other side sees --- */

static struct key *published_key(struct scene *scene, struct str id)
{
	struct account_secrets secrets;
	struct account alice = scene->kit->alice;
	struct key *key = NULL;
	struct db_txn *txn;
	assert_int_equal(db_read_begin(scene->kit->db, &txn), RC_OK);
	assert_true(account_secrets_get(txn, scene->kit->arena, alice.id, &secrets));
	db_read_end(&txn);
	for (unsigned i = 0; i < secrets.key_count; i++) {
		struct str full = arena_printf(scene->kit->arena, "%.*s#%.*s", STR_ARG(alice.uri),
					       STR_ARG(secrets.keys[i].name));
		if (str_eq(full, id))
			assert_int_equal(key_from_public(secrets.keys[i].public_der, &key), RC_OK);
	}
	assert_non_null(key);
	return key;
}

static void verify(struct scene *scene, const struct test_fetch_request *request)
{
	struct ctx ctx = { .arena = scene->kit->arena };
	struct httpsig_header headers[TEST_FETCH_HEADERS_MAX];
	struct iri iri;
	assert_int_equal(iri_parse(&ctx, request->url, IRI_STRICT, &iri), RC_OK);
	size_t count = 0;
	for (; count < request->header_count; count++)
		headers[count] = (struct httpsig_header){ request->headers[count].name,
							  request->headers[count].value };
	const struct httpsig_request wire = { .method = request->method,
					      .target = iri.target,
					      .scheme = iri.scheme,
					      .authority = iri.authority,
					      .headers = headers,
					      .header_count = count,
					      .has_body = true,
					      .body = digest_sha256(request->body) };
	struct httpsig *sig = &scene->sigs[scene->posts];
	uint64_t now = clock_wall_ms(&scene->kit->clock.clock) / MS_PER_SECOND;
	if (httpsig_parse(&ctx, &wire, sig) != RC_OK ||
	    httpsig_check(&ctx, &wire, sig, now, 60) != RC_OK)
		fail_msg("%s", err_text(&ctx.err));
	struct key *key = published_key(scene, sig->key_id);
	assert_true(httpsig_verify(&wire, sig, key));
	scene->kinds[scene->posts] = key_kind(key);
	key_unref(&key);
}

static bool answer_post(void *arg, size_t n UNUSED, const struct test_fetch_request *request,
			struct fetch_result *result)
{
	struct scene *scene = arg;
	if (!str_eq(request->method, STR("POST")))
		return false;
	must(scene->posts < ARRAY_LEN(scene->sigs));
	assert_str_eq(test_fetch_header(request, "Content-Type"), STR(ACTIVITY_JSON));
	verify(scene, request);
	size_t at = scene->posts < scene->count ? scene->posts : scene->count - 1;
	pthread_mutex_lock(&scene->q->lock);
	scene->posts++;
	pthread_cond_broadcast(&scene->q->changed);
	pthread_mutex_unlock(&scene->q->lock);
	if (scene->statuses[at] == 0)
		*result = (struct fetch_result){ .rc = RC_UNREACHABLE, .reason = STR("refused") };
	else if (scene->statuses[at] == 1)
		*result = (struct fetch_result){ .rc = RC_TOO_LARGE, .status = 202 };
	else
		*result = (struct fetch_result){ .rc = RC_OK, .status = scene->statuses[at] };
	return true;
}

static int scene_begin(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	must(scene != NULL);
	kit_setup((void **)&scene->kit);
	scene->carol = kit_peer(scene->kit, CAROL, 0);
	scene->q = calloc(1, sizeof(*scene->q));
	must(scene->q != NULL);
	test_fetch_script_set(scene->kit->net, answer_post, scene);
	*state = scene;
	return 0;
}

static int scene_end(void **state)
{
	struct scene *scene = *state;
	void *kit = scene->kit;
	kit_teardown(&kit);
	free(scene->q);
	free(scene);
	return 0;
}

/* Returns when so many posts were sent, and what came of them is written. */
static void posted(struct scene *scene, size_t count)
{
	queue_wake(scene->kit->queue);
	pthread_mutex_lock(&scene->q->lock);
	while (scene->posts < count)
		pthread_cond_wait(&scene->q->changed, &scene->q->lock);
	pthread_mutex_unlock(&scene->q->lock);
	kit_settle(scene->q);
	assert_int_equal(scene->posts, count);
}

/* A direct post to carol, answered with these statuses; 0 is silence, 1 a body without end. */
static void send(struct scene *scene, size_t posts, unsigned first, unsigned second)
{
	scene->statuses[0] = first;
	scene->statuses[1] = second;
	scene->count = 2;
	scene->posts = 0;
	if (scene->kit->queue == NULL)
		kit_queue_start(scene->q, scene->kit, true);
	kit_post(scene->kit, &scene->kit->alice, VISIBILITY_DIRECT, "hi @carol@peer.example");
	posted(scene, posts);
}

static void knows(struct scene *scene, enum peer_scheme scheme)
{
	peer_learn(scene->kit->fed, STR("peer.example"), scheme);
}

static enum peer_scheme known(struct scene *scene)
{
	return peer_scheme(scene->kit->fed, STR("peer.example"));
}

/* --- schemes --- */

static void an_unknown_host_is_sent_the_common_scheme(void **state)
{
	struct scene *scene = *state;
	send(scene, 1, 202, 202);
	assert_int_equal(scene->sigs[0].scheme, HTTPSIG_CAVAGE);
	assert_int_equal(known(scene), PEER_SCHEME_UNKNOWN);
	assert_int_equal(kit_rows(scene->kit, &queue_table_dead), 0);
}

static void each_known_scheme_verifies_at_the_other_side(void **state)
{
	static const struct {
		enum peer_scheme scheme;
		enum httpsig_scheme wire;
		enum key_kind kind;
	} rows[] = {
		{ PEER_SCHEME_CAVAGE, HTTPSIG_CAVAGE, KEY_RSA },
		{ PEER_SCHEME_RFC9421_RSA, HTTPSIG_RFC9421, KEY_RSA },
		{ PEER_SCHEME_RFC9421_ED25519, HTTPSIG_RFC9421, KEY_ED25519 },
	};
	struct scene *scene = *state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		knows(scene, rows[i].scheme);
		send(scene, 1, 202, 202);
		assert_int_equal(scene->sigs[0].scheme, rows[i].wire);
		assert_int_equal(scene->kinds[0], rows[i].kind);
	}
}

static void what_is_refused_is_tried_in_the_other_scheme_once(void **state)
{
	static const unsigned refusals[] = { 401, 400, 403 };
	struct scene *scene = *state;
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		knows(scene, PEER_SCHEME_CAVAGE);
		send(scene, 2, refusals[i], 202);
		assert_int_equal(scene->sigs[0].scheme, HTTPSIG_CAVAGE);
		assert_int_equal(scene->sigs[1].scheme, HTTPSIG_RFC9421);
		assert_int_equal(known(scene), PEER_SCHEME_RFC9421_RSA);
	}
	/* and back: a host that takes it no more */
	knows(scene, PEER_SCHEME_RFC9421_ED25519);
	send(scene, 2, 401, 202);
	assert_int_equal(scene->sigs[1].scheme, HTTPSIG_CAVAGE);
	assert_int_equal(known(scene), PEER_SCHEME_CAVAGE);
}

static void nothing_is_learnt_from_two_refusals(void **state)
{
	struct scene *scene = *state;
	knows(scene, PEER_SCHEME_CAVAGE);
	send(scene, 2, 401, 401);
	assert_int_equal(known(scene), PEER_SCHEME_CAVAGE);
}

static void what_was_learnt_is_stored(void **state)
{
	struct scene *scene = *state;
	struct kit_answer a;
	send(scene, 2, 401, 202);
	/* behind the write that was submitted before */
	a = kit_resolve(scene->kit, 'r', CAROL);
	assert_int_equal(a.rc, RC_OK);
	fed_reload(scene->kit->fed);
	assert_int_equal(known(scene), PEER_SCHEME_RFC9421_RSA);
}

/* --- outcomes --- */

static void each_answer_has_its_fate(void **state)
{
	static const struct {
		unsigned status;
		uint64_t left, dead;
		unsigned posts;
	} rows[] = {
		{ 200, 0, 0, 1 }, { 202, 0, 0, 1 }, { 1, 0, 0, 1 }, /* taken, with a body that never ends */
		{ 410, 0, 1, 1 }, { 403, 0, 1, 2 }, { 422, 0, 1, 1 }, { 500, 1, 0, 1 },
		{ 404, 1, 0, 1 }, { 401, 1, 0, 2 },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		void *fresh;
		scene_begin(&fresh);
		struct scene *scene = fresh;
		send(scene, rows[i].posts, rows[i].status, rows[i].status);
		assert_int_equal(kit_rows(scene->kit, &queue_table_job), rows[i].left);
		assert_int_equal(kit_rows(scene->kit, &queue_table_dead), rows[i].dead);
		scene_end(&fresh);
	}
	(void)state;
}

static void a_silent_host_is_tried_again_later(void **state)
{
	struct scene *scene = *state;
	send(scene, 1, 0, 202);
	assert_int_equal(kit_rows(scene->kit, &queue_table_job), 1);
	test_clock_advance(&scene->kit->clock, 2 * MS_PER_MINUTE);
	posted(scene, 2);
	assert_int_equal(kit_rows(scene->kit, &queue_table_job), 0);
}

static void s030_a_host_that_was_blocked_meanwhile_gets_nothing(void **state)
{
	struct scene *scene = *state;
	kit_post(scene->kit, &scene->kit->alice, VISIBILITY_DIRECT, "hi @carol@peer.example");
	/* expanded before, sent after */
	scene->statuses[0] = 0;
	scene->count = 1;
	kit_queue_start(scene->q, scene->kit, true);
	posted(scene, 1);
	kit_policy(scene->kit, "peer.example", PEER_BLOCKED);
	test_clock_advance(&scene->kit->clock, 2 * MS_PER_MINUTE);
	queue_wake(scene->kit->queue);
	kit_drain(scene->q, 0);
	assert_int_equal(scene->posts, 1);
	assert_int_equal(kit_rows(scene->kit, &queue_table_dead), 1);
}

static enum rc hostile_job(struct db_txn *txn, void *arg)
{
	struct scene *scene = arg;
	static const char *const inboxes[] = { HOME "/inbox", "http://peer.example/inbox",
					       "https://127.0.0.1/inbox", "gopher://x/" };
	uint64_t body = queue_add_body(txn, STR("{}"));
	for (size_t i = 0; i < ARRAY_LEN(inboxes); i++)
		queue_add(txn, &(struct queue_new){ .kind = JOB_DELIVER,
						    .lane = STR("peer.example"),
						    .order = scene->kit->alice.id,
						    .group = body,
						    .body = body,
						    .payload = str_of(inboxes[i]) });
	queue_add(txn, &(struct queue_new){ .kind = JOB_DELIVER,
					    .lane = STR("peer.example"),
					    .order = scene->kit->alice.id,
					    .payload = STR(INBOX) });
	queue_add(txn, &(struct queue_new){
			       .kind = JOB_FEDERATE, .lane = STR(""), .payload = STR("junk") });
	queue_add(txn, &(struct queue_new){ .kind = JOB_INBOX,
					    .lane = STR("peer.example"),
					    .payload = STR("") });
	return db_txn_rc(txn);
}

static void what_cannot_be_sent_is_given_up_and_kept_for_the_operator(void **state)
{
	struct scene *scene = *state;
	kit_write(scene->kit, hostile_job, scene);
	kit_queue_start(scene->q, scene->kit, true);
	kit_drain(scene->q, 0);
	assert_int_equal(scene->posts, 0);
	/* what would come back to ourselves is dropped */
	assert_int_equal(kit_rows(scene->kit, &queue_table_dead), 6);
}

#define T(name) cmocka_unit_test_setup_teardown(name, scene_begin, scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(an_unknown_host_is_sent_the_common_scheme),
		T(each_known_scheme_verifies_at_the_other_side),
		T(what_is_refused_is_tried_in_the_other_scheme_once),
		T(nothing_is_learnt_from_two_refusals),
		T(what_was_learnt_is_stored),
		cmocka_unit_test(each_answer_has_its_fate),
		T(a_silent_host_is_tried_again_later),
		T(s030_a_host_that_was_blocked_meanwhile_gets_nothing),
		T(what_cannot_be_sent_is_given_up_and_kept_for_the_operator),
	};
	return cmocka_run_group_tests_name("deliver", tests, NULL, NULL);
}
