/* Validators, on both sides: what is served is not sent twice, what is known is not fetched twice, and
 * who asks for a pause has one. */
#include "fedkit.h"

/* --- served --- */

static struct kit_reply get_if(struct fedkit *kit, const char *target, const struct peer_actor *who,
			       struct str etag)
{
	struct kit_signing signing = { .key = NULL };
	if (who != NULL)
		signing = kit_signed_by(kit, who);
	signing.extra = etag.ptr != NULL
				? kit_json(kit, "If-None-Match: %.*s\r\n", STR_ARG(etag)).ptr
				: NULL;
	return kit_get(kit, target, &signing);
}

static void what_is_known_is_not_sent_again(void **state)
{
	static const char *const targets[] = { "/users/alice", "/users/alice/outbox",
					       "/users/alice/followers", "/actor" };
	struct fedkit *kit = *state;
	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		struct kit_reply first = get_if(kit, targets[i], NULL, STR_NONE);
		struct str etag = kit_header(&first, "ETag");
		assert_int_equal(first.status, 200);
		assert_int_equal(etag.len, 34);
		const struct str asked[] = { etag, kit_json(kit, "W/%.*s", STR_ARG(etag)),
					     kit_json(kit, "\"x\" , %.*s", STR_ARG(etag)),
					     STR("*") };
		for (size_t k = 0; k < ARRAY_LEN(asked); k++) {
			struct kit_reply again = get_if(kit, targets[i], NULL, asked[k]);
			assert_int_equal(again.status, 304);
			assert_int_equal(again.body.len, 0);
			/* RFC 9110 section 15.4.5 */
			assert_str_eq(kit_header(&again, "ETag"), etag);
			assert_str_eq(kit_header(&again, "Cache-Control"),
				      STR("public, max-age=60"));
			assert_true(str_contains(kit_header(&again, "Vary"), STR("Signature")));
		}
		assert_int_equal(get_if(kit, targets[i], NULL, STR("\"other\"")).status, 200);
		assert_int_equal(get_if(kit, targets[i], NULL, STR("junk,,")).status, 200);
	}
}

static void a_change_makes_another_one(void **state)
{
	struct fedkit *kit = *state;
	struct kit_reply first = get_if(kit, "/users/alice", NULL, STR_NONE);
	struct str etag = kit_header(&first, "ETag");
	struct account alice = kit->alice;
	assert_non_null(kit_header(&first, "Last-Modified").ptr);
	alice.display_name = STR("Alice the second");
	alice.updated_ms = clock_wall_ms(&kit->clock.clock) + 1000;
	kit_put_account(kit, &alice);
	struct kit_reply second = get_if(kit, "/users/alice", NULL, etag);
	assert_int_equal(second.status, 200);
	assert_false(str_eq(kit_header(&second, "ETag"), etag));
}

static unsigned status_if_since(struct fedkit *kit, const char *target, struct str date,
				const char *more)
{
	struct kit_signing signing = { .key = NULL };
	signing.extra = kit_json(kit, "If-Modified-Since: %.*s\r\n%s", STR_ARG(date), more).ptr;
	return kit_get(kit, target, &signing).status;
}

static void what_has_a_date_can_be_asked_for_by_it(void **state)
{
	struct fedkit *kit = *state;
	struct str post = kit_post_uri(kit, kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "x"));
	const char *const targets[] = { "/users/alice", post.ptr + sizeof(HOME) - 1 };
	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		struct kit_reply first = get_if(kit, targets[i], NULL, STR_NONE);
		struct str date = kit_header(&first, "Last-Modified");
		assert_int_equal(status_if_since(kit, targets[i], date, ""), 304);
		assert_int_equal(
			status_if_since(kit, targets[i], STR("Fri, 01 Jan 2100 00:00:00 GMT"), ""),
			304);
		assert_int_equal(
			status_if_since(kit, targets[i], STR("Thu, 01 Jan 1970 00:00:10 GMT"), ""),
			200);
		assert_int_equal(status_if_since(kit, targets[i], STR("yesterday"), ""), 200);
		/* the ETag counts before it (RFC 9110 section 13.2.2) */
		assert_int_equal(status_if_since(kit, targets[i], date, "If-None-Match: \"x\"\r\n"),
				 200);
	}
	assert_int_equal(status_if_since(kit, "/users/alice/outbox",
					 STR("Fri, 01 Jan 2100 00:00:00 GMT"), ""),
			 200);
}

static void discovery_is_not_sent_again_either(void **state)
{
	static const char *const targets[] = {
		"/.well-known/webfinger?resource=acct:alice@home.example",
		"/.well-known/host-meta",
		"/.well-known/nodeinfo",
		"/nodeinfo/2.0",
		"/nodeinfo/2.1",
	};
	struct fedkit *kit = *state;
	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		struct kit_reply first = get_if(kit, targets[i], NULL, STR_NONE);
		struct str etag = kit_header(&first, "ETag");
		assert_int_equal(first.status, 200);
		assert_int_equal(etag.len, 34);
		struct kit_reply again = get_if(kit, targets[i], NULL, etag);
		assert_int_equal(again.status, 304);
		assert_int_equal(again.body.len, 0);
		assert_str_eq(kit_header(&again, "ETag"), etag);
		assert_str_eq(kit_header(&again, "Cache-Control"), STR("public, max-age=3600"));
		assert_str_eq(kit_header(&again, "Access-Control-Allow-Origin"), STR("*"));
		assert_int_equal(get_if(kit, targets[i], NULL, STR("\"other\"")).status, 200);
	}
	/* a post more is another answer */
	struct kit_reply before = get_if(kit, "/nodeinfo/2.1", NULL, STR_NONE);
	kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "one more");
	assert_int_equal(get_if(kit, "/nodeinfo/2.1", NULL, kit_header(&before, "ETag")).status,
			 200);
}

static void s071_whoever_may_not_see_it_learns_nothing_by_asking_so(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0), erin = kit_peer(kit, ERIN, 1);
	kit_follow(kit, carol.id, kit->alice.id, FOLLOW_ACCEPTED, CAROL "#1");
	uint64_t id = kit_post(kit, &kit->alice, VISIBILITY_FOLLOWERS, "for friends");
	struct str uri = kit_post_uri(kit, id);
	const char *target = uri.ptr + sizeof(HOME) - 1;
	struct kit_reply seen = get_if(kit, target, &carol, STR_NONE);
	struct str etag = kit_header(&seen, "ETag");
	assert_int_equal(seen.status, 200);
	assert_true(str_contains(kit_header(&seen, "Cache-Control"), STR("no-store")));
	assert_non_null(kit_header(&seen, "Last-Modified").ptr);
	assert_int_equal(get_if(kit, target, &carol, etag).status, 304);
	assert_int_equal(get_if(kit, target, &erin, etag).status, 404);
	assert_int_equal(get_if(kit, target, NULL, etag).status, 404);
	assert_int_equal(get_if(kit, target, NULL, STR("*")).status, 404);
	kit_erase(kit, &kit->alice, id);
	assert_int_equal(get_if(kit, target, &carol, etag).status, 404);
}

/* --- fetched --- */

static void carol_is(struct fedkit *kit, const struct peer_actor *carol, const char *etag,
		     unsigned status)
{
	const struct fetch_result result = { .rc = RC_OK,
					     .status = status,
					     .url = STR(CAROL),
					     .content_type = STR(ACTIVITY_JSON),
					     .etag = str_of(etag),
					     .body = status == 200 ? kit_actor_json(kit, carol)
								   : STR("") };
	test_fetch_answer_full(kit->net, CAROL, &result);
}

static struct str last_asked(struct fedkit *kit)
{
	size_t n = test_fetch_count(kit->net);
	return test_fetch_header(test_fetch_request(kit->net, n - 1), "If-None-Match");
}

static void an_actor_is_asked_for_by_what_is_known(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_stranger(kit, CAROL, 0);
	struct account a;
	carol_is(kit, &carol, "\"one\"", 200);
	struct kit_answer answer = kit_resolve(kit, 'r', CAROL);
	assert_int_equal(answer.rc, RC_OK);
	assert_null(last_asked(kit).ptr);
	assert_true(kit_account(kit, answer.id, &a));
	assert_str_eq(a.etag, STR("\"one\""));
	carol_is(kit, &carol, "\"one\"", 304);
	struct kit_answer again = kit_resolve(kit, 'r', CAROL);
	assert_int_equal(again.rc, RC_OK);
	assert_int_equal(again.id, answer.id);
	assert_str_eq(last_asked(kit), STR("\"one\""));
	carol_is(kit, &carol, "\"two\"", 200);
	assert_int_equal(kit_resolve(kit, 'r', CAROL).rc, RC_OK);
	assert_true(kit_account(kit, answer.id, &a));
	assert_str_eq(a.etag, STR("\"two\""));
}

static enum rc key_row(struct db_txn *txn, void *arg)
{
	struct peer_key *row = arg;
	struct arena *arena = arena_new(65536);
	assert_true(peer_key_get(txn, arena, STR(CAROL "#main-key"), row));
	row->id = row->public_der = STR("");
	arena_free(&arena);
	return db_txn_rc(txn);
}

static void s017_a_key_is_believed_for_another_day_when_nothing_has_changed(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_stranger(kit, CAROL, 0);
	struct peer_key before, after;
	carol_is(kit, &carol, "\"one\"", 200);
	assert_int_equal(kit_resolve(kit, 'k', CAROL "#main-key").rc, RC_OK);
	kit_write(kit, key_row, &before);
	carol_is(kit, &carol, "\"one\"", 304);
	struct kit_answer answer = kit_resolve(kit, 'k', CAROL "#main-key");
	assert_int_equal(answer.rc, RC_OK);
	assert_int_equal(answer.id, before.account);
	assert_str_eq(last_asked(kit), STR("\"one\""));
	kit_write(kit, key_row, &after);
	assert_true(after.fetched_ms >= before.fetched_ms);
	/* a key that the document did not list is not asked for so */
	carol_is(kit, &carol, "\"one\"", 200);
	assert_int_equal(kit_resolve(kit, 'k', CAROL "#other").rc, RC_INVALID);
	assert_null(last_asked(kit).ptr);
}

static void who_asks_for_a_pause_has_one(void **state)
{
	static const struct {
		unsigned status;
		uint64_t retry_after_s, pause_ms;
	} cases[] = {
		{ 429, 120, 2 * MS_PER_MINUTE },	 { 429, 0, MS_PER_MINUTE },
		{ 503, 30, 30 * MS_PER_SECOND },	 { 503, 0, 0 },
		{ 429, UINT64_C(31536000), MS_PER_DAY },
	};
	struct fedkit *kit = *state;
	kit_stranger(kit, DAVE, 1);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str url = kit_json(kit, "https://peer.example/notes/%zu", i);
		const struct fetch_result result = { .rc = RC_OK,
						     .status = cases[i].status,
						     .url = url,
						     .retry_after_s = cases[i].retry_after_s };
		test_fetch_answer_full(kit->net, url.ptr, &result);
		assert_int_equal(kit_resolve(kit, 'o', url.ptr).rc, RC_UNREACHABLE);
		/* another document of the same host waits, too; other hosts do not */
		size_t asked = test_fetch_count(kit->net);
		enum rc expected = cases[i].pause_ms != 0 ? RC_BUSY : RC_OK;
		assert_int_equal(kit_resolve(kit, 'r', DAVE).rc, expected);
		assert_int_equal(test_fetch_count(kit->net), asked + (expected == RC_OK));
		assert_false(throttle_held(kit->fed->pauses, STR("other.example"),
					   clock_steady_ms(&kit->clock.clock)));
		test_clock_advance(&kit->clock, cases[i].pause_ms);
		assert_int_equal(kit_resolve(kit, 'r', DAVE).rc, RC_OK);
	}
}

#define HTTP(name) cmocka_unit_test_setup_teardown(name, kit_setup_http, kit_teardown)
#define CASE(name) cmocka_unit_test_setup_teardown(name, kit_setup, kit_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HTTP(what_is_known_is_not_sent_again),
		HTTP(a_change_makes_another_one),
		HTTP(what_has_a_date_can_be_asked_for_by_it),
		HTTP(discovery_is_not_sent_again_either),
		HTTP(s071_whoever_may_not_see_it_learns_nothing_by_asking_so),
		CASE(an_actor_is_asked_for_by_what_is_known),
		CASE(s017_a_key_is_believed_for_another_day_when_nothing_has_changed),
		CASE(who_asks_for_a_pause_has_one),
	};
	return cmocka_run_group_tests_name("validator", tests, NULL, NULL);
}
