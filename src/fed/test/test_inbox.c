/* The inbox over a real connection: what a sender hears, and that nothing happens before. */
#include "fedkit.h"

#include <stdio.h>

#include "store/graph.h"
#include "store/tables.h"

#define FOLLOW_ID CAROL "#follows/1"

static struct str follow_of(struct fedkit *kit, const char *actor)
{
	struct str id = kit_json(kit, "%s#follows/1", actor);
	return kit_activity(kit, id.ptr, "Follow", actor, "\"" ALICE "\"");
}

static void expect(struct fedkit *kit, const struct kit_signing *signing, const char *target,
		   struct str body, unsigned status)
{
	struct kit_reply reply = kit_request(kit, "POST", target, signing, body);
	if (reply.status != status)
		fail_msg("%u instead of %u: %.*s", reply.status, status, STR_ARG(reply.body));
}

/* The refusal has written nothing at all. */
static void refused(struct fedkit *kit, const struct kit_signing *signing, struct str body,
		    unsigned status)
{
	uint64_t before = kit_last_commit(kit);
	expect(kit, signing, "/inbox", body, status);
	assert_int_equal(kit_last_commit(kit), before);
}

/* --- what is accepted --- */

static void every_inbox_takes_a_signed_activity_in_every_scheme(void **state)
{
	static const char *const inboxes[] = { "/inbox", "/actor/inbox", "/users/alice/inbox" };
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	const struct kit_signing signings[] = {
		{ .scheme = HTTPSIG_CAVAGE,
		  .key = carol.rsa,
		  .key_id = kit_key_id(kit, &carol, "main-key") },
		{ .scheme = HTTPSIG_RFC9421,
		  .key = carol.rsa,
		  .key_id = kit_key_id(kit, &carol, "main-key") },
		{ .scheme = HTTPSIG_RFC9421,
		  .key = carol.ed,
		  .key_id = kit_key_id(kit, &carol, "ed") },
	};
	for (size_t i = 0; i < ARRAY_LEN(inboxes); i++) {
		for (size_t k = 0; k < ARRAY_LEN(signings); k++)
			expect(kit, &signings[k], inboxes[i], follow_of(kit, CAROL), 202);
	}
	assert_int_equal(kit_follow_state(kit, carol.id, kit->alice.id), FOLLOW_ACCEPTED);
	assert_int_equal(kit_rows(kit, &queue_table_job), 1);
	/* what a host signs with, it also takes */
	assert_int_equal(peer_scheme(kit->fed, STR("peer.example")), PEER_SCHEME_RFC9421_RSA);
}

static void an_unknown_key_is_fetched_while_the_request_waits(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_stranger(kit, CAROL, 0);
	struct kit_signing signing = kit_signed_by(kit, &carol);
	expect(kit, &signing, "/inbox", follow_of(kit, CAROL), 202);
	assert_int_equal(test_fetch_count(kit->net), 1);
	expect(kit, &signing, "/inbox", follow_of(kit, CAROL), 202);
	assert_int_equal(test_fetch_count(kit->net), 1);
	assert_int_equal(kit_follow_state(kit, kit_uri(kit, CAROL).id, kit->alice.id),
			 FOLLOW_ACCEPTED);
}

static void what_has_no_meaning_or_no_effect_is_taken_all_the_same(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct kit_signing signing = kit_signed_by(kit, &carol);
	expect(kit, &signing, "/inbox", kit_create(kit, CAROL, 1, ""), 202);
	expect(kit, &signing, "/inbox", kit_activity(kit, NULL, "Listen", CAROL, "\"" ALICE "\""),
	       202);
	expect(kit, &signing, "/inbox",
	       kit_activity(kit, NULL, "Like", CAROL, "\"" ALICE "/statuses/1\""), 202);
}

static void what_must_be_fetched_first_is_queued_durably(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct kit_signing signing = kit_signed_by(kit, &carol);
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	size_t fetches = test_fetch_count(kit->net);
	expect(kit, &signing, "/inbox",
	       kit_activity(kit, CAROL "#a", "Announce", CAROL, "\"" ERIN "/notes/1\""), 202);
	assert_int_equal(test_fetch_count(kit->net), fetches);
	assert_int_equal(kit_rows(kit, &queue_table_job), 1);
	assert_int_equal(kit_rows(kit, &queue_table_body),
			 2); /* its bytes, and how many hold them */
}

static void s020_a_forwarded_post_is_read_at_its_origin(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct kit_signing signing = kit_signed_by(kit, &carol);
	struct str json = kit_json(
		kit,
		"{\"id\":\"" ERIN "#c\",\"type\":\"Create\",\"actor\":\"" ERIN
		"\",\"signature\":{\"type\":\"RsaSignature2017\",\"signatureValue\":\"x\"},"
		"\"object\":{\"id\":\"" ERIN "/notes/1\",\"type\":\"Note\",\"attributedTo\":\"" ERIN
		"\",\"content\":\"forged\",\"to\":\"" AP_PUBLIC "\"}}");
	/* of somebody whom nobody here follows, it is not worth the asking (S-061) */
	expect(kit, &signing, "/inbox", json, 202);
	assert_int_equal(kit_rows(kit, &queue_table_job), 0);
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	expect(kit, &signing, "/inbox", json, 202);
	assert_int_equal(kit_rows(kit, &queue_table_job), 1);
	assert_int_equal(kit_rows(kit, &queue_table_body), 0); /* none of its words are kept */
	assert_int_equal(kit_rows(kit, &store_status), 0);
}

/* --- what is refused --- */

static void s061_who_addresses_nobody_has_nothing_fetched(void **state)
{
	static const struct {
		const char *to;
		uint64_t jobs;
	} rows[] = {
		{ HOME "/nobody", 0 },
		{ HOME "/users/nobody", 0 },
		{ AP_PUBLIC, 0 },
		{ ALICE, 1 },
	};
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct kit_signing signing = kit_signed_by(kit, &carol);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		expect(kit, &signing, "/inbox",
		       kit_json(kit,
				"{\"id\":\"" CAROL "#c\",\"type\":\"Create\",\"actor\":\"" CAROL
				"\",\"object\":\"" CAROL "/notes/1\",\"to\":\"%s\"}",
				rows[i].to),
		       202);
		assert_int_equal(kit_rows(kit, &queue_table_job), rows[i].jobs);
	}
}

static void s072_for_who_is_suspended_nothing_is_fetched(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct kit_signing signing = kit_signed_by(kit, &carol);
	struct account account;
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	assert_true(kit_account(kit, carol.id, &account));
	account.flags |= ACCOUNT_SUSPENDED;
	kit_put_account(kit, &account);
	expect(kit, &signing, "/inbox",
	       kit_activity(kit, CAROL "#a", "Announce", CAROL, "\"" ERIN "/notes/1\""), 202);
	expect(kit, &signing, "/inbox",
	       kit_activity(kit, CAROL "#c", "Create", CAROL, "\"" CAROL "/notes/1\""), 202);
	assert_int_equal(kit_rows(kit, &queue_table_job), 0);
	assert_int_equal(kit_rows(kit, &queue_table_body), 0);
}

static void s059_a_host_that_floods_is_429_and_another_is_not(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct peer_actor dave = kit_peer(kit, DAVE, 1);
	struct peer_actor erin = kit_peer(kit, ERIN, 2);
	struct kit_signing one = kit_signed_by(kit, &carol), sibling = kit_signed_by(kit, &dave);
	struct kit_signing other = kit_signed_by(kit, &erin), wrong = one;
	kit->settings.inbox_per_minute = 3;
	wrong.key = erin.rsa;
	/* what is not verified uses up nothing */
	for (int i = 0; i < 5; i++)
		expect(kit, &wrong, "/inbox", follow_of(kit, CAROL), 401);
	for (int i = 0; i < 3; i++)
		expect(kit, &one, "/inbox", follow_of(kit, CAROL), 202);
	refused(kit, &one, follow_of(kit, CAROL), 429);
	refused(kit, &sibling, follow_of(kit, DAVE), 429);
	struct kit_reply reply = kit_post_inbox(kit, &carol, follow_of(kit, CAROL));
	assert_true(kit_header(&reply, "Retry-After").len != 0);
	expect(kit, &other, "/inbox", follow_of(kit, ERIN), 202);
	test_clock_advance(&kit->clock, MS_PER_MINUTE);
	expect(kit, &sibling, "/inbox", follow_of(kit, DAVE), 202);
}

static void s003_what_is_not_verified_writes_nothing(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct peer_actor dave = kit_peer(kit, DAVE, 1);
	struct kit_signing signing = kit_signed_by(kit, &carol);
	struct kit_signing wrong = signing;
	struct kit_signing old = signing;
	wrong.key = dave.rsa;
	old.now_s = clock_wall_ms(&kit->clock.clock) / MS_PER_SECOND - 70 * 60;
	/* the network stays silent, so that no refetch of a key is what is written */
	test_fetch_fail(kit->net, CAROL, RC_INVALID);
	refused(kit, NULL, follow_of(kit, CAROL), 401);
	refused(kit, &wrong, follow_of(kit, CAROL), 401);
	refused(kit, &old, follow_of(kit, CAROL), 401);
	refused(kit, &signing, follow_of(kit, DAVE), 401);
	refused(kit, &signing, STR("{\"type\":"), 400);
	refused(kit, &signing, STR("{\"type\":\"Follow\",\"type\":\"Like\"}"), 400);
	refused(kit, &signing, STR("[]"), 400);
	signing.content_type = "application/json";
	refused(kit, &signing, follow_of(kit, CAROL), 415);
	assert_int_equal(kit_rows(kit, &store_follow), 0);
}

static void s013_a_hostile_key_id_is_refused_without_a_fetch(void **state)
{
	static const char *const ids[] = {
		"http://peer.example/users/carol#main-key",
		"https://127.0.0.1/k",
		"https://localhost/k",
		"file:///etc/passwd",
		"data:text/plain,x",
		"acct:carol@peer.example",
		"carol",
		"https://user:pass@peer.example/k",
		"https://home.example/users/alice#main-key",
		"https://HOME.example.:443/users/alice#main-key",
	};
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	size_t fetches = test_fetch_count(kit->net);
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		struct kit_signing signing = kit_signed_by(kit, &carol);
		signing.key_id = str_of(ids[i]);
		refused(kit, &signing, follow_of(kit, CAROL), 401);
	}
	assert_int_equal(test_fetch_count(kit->net), fetches);
}

static void one_key_has_one_name_however_it_is_spelt(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct kit_signing signing = kit_signed_by(kit, &carol);
	size_t fetches = test_fetch_count(kit->net);
	signing.key_id = STR("https://PEER.example:443/users/carol#main-key");
	expect(kit, &signing, "/inbox", follow_of(kit, CAROL), 202);
	assert_int_equal(test_fetch_count(kit->net), fetches);
}

static void a_key_that_cannot_be_had_now_is_503_and_later_is_possible(void **state)
{
	static const enum rc silent[] = { RC_UNREACHABLE, RC_TIMEOUT };
	struct fedkit *kit = *state;
	struct peer_actor carol = { .uri = CAROL, .rsa = kit_rsa(0) };
	struct kit_signing signing = kit_signed_by(kit, &carol);
	for (size_t i = 0; i < ARRAY_LEN(silent); i++) {
		test_fetch_fail(kit->net, CAROL, silent[i]);
		struct kit_reply reply = kit_post_inbox(kit, &carol, follow_of(kit, CAROL));
		assert_int_equal(reply.status, 503);
		assert_true(kit_header(&reply, "Retry-After").len != 0);
		test_clock_advance(&kit->clock, MS_PER_HOUR);
	}
	test_fetch_answer(kit->net, CAROL, 502, "text/html", STR("bad gateway"));
	expect(kit, &signing, "/inbox", follow_of(kit, CAROL), 503);
	test_clock_advance(&kit->clock, MS_PER_HOUR);
	kit_stranger(kit, CAROL, 0);
	expect(kit, &signing, "/inbox", follow_of(kit, CAROL), 202);
}

static void a_key_that_is_none_is_401(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = { .uri = CAROL, .rsa = kit_rsa(0) };
	static const struct {
		unsigned status;
		const char *type;
		const char *body;
	} answers[] = {
		{ 404, "text/html", "" },
		{ 403, "text/html", "" },
		{ 200, "text/html", "<html>" },
		{ 200, "application/json", "{}" },
		{ 200, ACTIVITY_JSON, "{}" },
		{ 200, ACTIVITY_JSON, "{\"id\":\"" CAROL "\",\"type\":\"Note\"}" },
	};
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		test_fetch_answer(kit->net, CAROL, answers[i].status, answers[i].type,
				  str_of(answers[i].body));
		struct kit_signing signing = kit_signed_by(kit, &carol);
		refused(kit, &signing, follow_of(kit, CAROL), 401);
		test_clock_advance(&kit->clock, 2 * MS_PER_DAY);
	}
}

static void s017_a_rotated_key_is_fetched_once_more(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct kit_signing signing = kit_signed_by(kit, &carol);
	expect(kit, &signing, "/inbox", follow_of(kit, CAROL), 202);
	struct peer_actor rotated = kit_stranger(kit, CAROL, 2);
	size_t fetches = test_fetch_count(kit->net);
	struct kit_signing fresh = kit_signed_by(kit, &rotated);
	expect(kit, &fresh, "/inbox", kit_create(kit, CAROL, 1, ""), 202);
	assert_int_equal(test_fetch_count(kit->net), fetches + 1);
	/* the old one is no good any more, and is not asked for again and again */
	expect(kit, &signing, "/inbox", kit_create(kit, CAROL, 2, ""), 401);
	expect(kit, &fresh, "/inbox", kit_create(kit, CAROL, 3, ""), 202);
}

static void s017_a_hundred_bad_signatures_cost_one_fetch(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct kit_signing wrong = kit_signed_by(kit, &carol);
	size_t fetches = test_fetch_count(kit->net);
	wrong.key = kit_rsa(2);
	for (int i = 0; i < 100; i++)
		expect(kit, &wrong, "/inbox", follow_of(kit, CAROL), 401);
	assert_int_equal(test_fetch_count(kit->net), fetches + 1);
	test_clock_advance(&kit->clock, 5 * MS_PER_MINUTE);
	struct kit_signing late = wrong;
	for (int i = 0; i < 3; i++)
		expect(kit, &late, "/inbox", follow_of(kit, CAROL), 401);
	assert_int_equal(test_fetch_count(kit->net), fetches + 2);
}

static void s017_a_key_that_was_withdrawn_is_noticed_after_a_day(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct kit_signing signing = kit_signed_by(kit, &carol);
	struct kit_signing withdrawn = { .scheme = HTTPSIG_RFC9421,
					 .key = carol.ed,
					 .key_id = kit_key_id(kit, &carol, "ed") };
	expect(kit, &withdrawn, "/inbox", follow_of(kit, CAROL), 202);
	struct peer_actor without = carol;
	without.ed = NULL;
	test_fetch_answer(kit->net, CAROL, 200, ACTIVITY_JSON, kit_actor_json(kit, &without));
	test_clock_advance(&kit->clock, MS_PER_DAY + MS_PER_MINUTE);
	/* the first use after a day still passes, and has the document read again */
	kit_post_inbox(kit, &carol, follow_of(kit, CAROL));
	(void)signing;
	expect(kit, &withdrawn, "/inbox", kit_create(kit, CAROL, 2, ""), 401);
}

/* --- an actor that is gone --- */

static void s006_an_actor_that_its_origin_calls_gone_is_deleted(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct peer_actor unknown_key = { .uri = CAROL, .rsa = kit_rsa(2) };
	struct kit_signing signing = kit_signed_by(kit, &unknown_key);
	struct account account;
	struct str gone = kit_activity(kit, CAROL "#delete", "Delete", CAROL, "\"" CAROL "\"");
	signing.key_id = kit_key_id(kit, &carol, "other-key");
	test_fetch_answer(kit->net, CAROL, 404, "text/html", STR(""));
	refused(kit, &signing, gone, 401);
	test_clock_advance(&kit->clock, 2 * MS_PER_DAY);
	test_fetch_answer(kit->net, CAROL, 410, "text/html", STR(""));
	refused(kit, &signing, follow_of(kit, CAROL), 401);
	expect(kit, &signing, "/inbox", gone, 202);
	assert_true(kit_account(kit, carol.id, &account));
	assert_true((account.flags & ACCOUNT_DELETED) != 0);
}

static void s006_a_key_that_is_gone_elsewhere_deletes_nobody(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct peer_actor evil = { .uri = "https://evil.example/gone", .rsa = kit_rsa(2) };
	struct peer_actor sibling = { .uri = DAVE, .rsa = kit_rsa(2) };
	const struct peer_actor *const liars[] = { &evil, &sibling };
	struct account account;
	test_fetch_answer(kit->net, evil.uri, 410, "text/html", STR(""));
	test_fetch_answer(kit->net, DAVE, 410, "text/html", STR(""));
	for (size_t i = 0; i < ARRAY_LEN(liars); i++) {
		struct kit_signing signing = kit_signed_by(kit, liars[i]);
		refused(kit, &signing,
			kit_activity(kit, CAROL "#delete", "Delete", CAROL, "\"" CAROL "\""), 401);
	}
	assert_true(kit_account(kit, carol.id, &account));
	assert_int_equal(account.flags & (ACCOUNT_DELETED | ACCOUNT_SUSPENDED), 0);
}

static void the_deletion_of_somebody_unknown_is_taken_and_forgotten(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = { .uri = CAROL, .rsa = kit_rsa(0) };
	test_fetch_answer(kit->net, CAROL, 410, "text/html", STR(""));
	struct kit_reply reply = kit_post_inbox(
		kit, &carol, kit_activity(kit, CAROL "#delete", "Delete", CAROL, "\"" CAROL "\""));
	assert_int_equal(reply.status, 202);
	assert_int_equal(kit_rows(kit, &store_seen), 0);
}

/* --- policies --- */

static void s030_a_blocked_host_is_403(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct kit_signing signing = kit_signed_by(kit, &carol);
	kit_policy(kit, "peer.example", PEER_BLOCKED);
	size_t fetches = test_fetch_count(kit->net);
	refused(kit, &signing, follow_of(kit, CAROL), 403);
	assert_int_equal(test_fetch_count(kit->net), fetches);
	kit_policy(kit, "peer.example", PEER_DEFAULT);
	expect(kit, &signing, "/inbox", follow_of(kit, CAROL), 202);
}

static void an_allow_list_talks_to_nobody_else(void **state)
{
	struct fedkit *kit = *state;
	kit_policy(kit, "peer.example", PEER_ALLOWED);
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct peer_actor erin = kit_peer(kit, ERIN, 1);
	kit->settings.access = FED_ALLOW_LIST;
	struct kit_signing good = kit_signed_by(kit, &carol), bad = kit_signed_by(kit, &erin);
	expect(kit, &good, "/inbox", follow_of(kit, CAROL), 202);
	refused(kit, &bad, follow_of(kit, ERIN), 403);
}

struct filling {
	uint64_t bodies[64];
	size_t count;
};

static enum rc fill_job(struct db_txn *txn, void *arg)
{
	struct filling *f = arg;
	static char bytes[256 * 1024];
	f->bodies[f->count] = queue_add_body(txn, str_n(bytes, sizeof(bytes)));
	queue_body_hold(txn, f->bodies[f->count]);
	return db_txn_rc(txn);
}

static void emptied(struct db_work *work)
{
	kit_answered(work->arg, work->rc, 0, STR(""));
}

struct emptying {
	struct kit_answer answer; /* first: what done is handed */
	struct filling filling;
};

static enum rc empty_job(struct db_txn *txn, void *arg)
{
	const struct filling *f = &((struct emptying *)arg)->filling;
	for (size_t i = 0; i < f->count; i++)
		queue_body_release(txn, f->bodies[i]);
	return db_txn_rc(txn);
}

static void s114_a_full_database_is_503_until_there_is_room(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct kit_signing signing = kit_signed_by(kit, &carol);
	struct emptying e = { .answer = KIT_ANSWER_INIT };
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	while (e.filling.count < ARRAY_LEN(e.filling.bodies) &&
	       db_write(kit->db, fill_job, &e.filling) == RC_OK)
		e.filling.count++;
	assert_true(e.filling.count > 4 && e.filling.count < ARRAY_LEN(e.filling.bodies));
	/* what is small may still find a place; what is not must not be lost */
	struct buf padding CLEANUP(buf_free) = BUF_INIT(1 << 20);
	while (padding.len < 300 * 1024)
		buf_add(&padding, STR("padding "));
	struct str json =
		kit_json(kit,
			 "{\"id\":\"" CAROL "#a\",\"type\":\"Announce\",\"actor\":\"" CAROL
			 "\",\"object\":\"" ERIN "/notes/1\",\"content\":\"%.*s\"}",
			 STR_ARG(buf_str(&padding)));
	struct kit_reply reply = kit_post_inbox(kit, &carol, json);
	assert_int_equal(reply.status, 503);
	assert_true(kit_header(&reply, "Retry-After").len != 0);
	assert_int_equal(kit_rows(kit, &queue_table_job), 0);
	struct db_work work = { .job = empty_job, .done = emptied, .arg = &e, .reserve = true };
	db_submit(kit->db, &work);
	assert_int_equal(kit_wait(&e.answer), RC_OK);
	expect(kit, &signing, "/inbox", json, 202);
	assert_int_equal(kit_rows(kit, &queue_table_job), 1);
}

static void s124_the_same_activity_many_times_has_one_effect(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct kit_signing signing = kit_signed_by(kit, &carol);
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	for (int i = 0; i < 5; i++)
		expect(kit, &signing, i % 2 == 0 ? "/inbox" : "/users/alice/inbox",
		       kit_create(kit, CAROL, 1, ""), 202);
	assert_int_equal(kit_rows(kit, &store_status), 1);
}

#define T(name) cmocka_unit_test_setup_teardown(name, kit_setup_http, kit_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(every_inbox_takes_a_signed_activity_in_every_scheme),
		T(an_unknown_key_is_fetched_while_the_request_waits),
		T(what_has_no_meaning_or_no_effect_is_taken_all_the_same),
		T(what_must_be_fetched_first_is_queued_durably),
		T(s020_a_forwarded_post_is_read_at_its_origin),
		T(s061_who_addresses_nobody_has_nothing_fetched),
		T(s072_for_who_is_suspended_nothing_is_fetched),
		T(s059_a_host_that_floods_is_429_and_another_is_not),
		T(s003_what_is_not_verified_writes_nothing),
		T(s013_a_hostile_key_id_is_refused_without_a_fetch),
		T(one_key_has_one_name_however_it_is_spelt),
		T(a_key_that_cannot_be_had_now_is_503_and_later_is_possible),
		T(a_key_that_is_none_is_401),
		T(s017_a_rotated_key_is_fetched_once_more),
		T(s017_a_hundred_bad_signatures_cost_one_fetch),
		T(s017_a_key_that_was_withdrawn_is_noticed_after_a_day),
		T(s006_an_actor_that_its_origin_calls_gone_is_deleted),
		T(s006_a_key_that_is_gone_elsewhere_deletes_nobody),
		T(the_deletion_of_somebody_unknown_is_taken_and_forgotten),
		T(s030_a_blocked_host_is_403),
		T(an_allow_list_talks_to_nobody_else),
		cmocka_unit_test_setup_teardown(s114_a_full_database_is_503_until_there_is_room,
						kit_setup_small, kit_teardown),
		T(s124_the_same_activity_many_times_has_one_effect),
	};
	return cmocka_run_group_tests_name("inbox", tests, NULL, NULL);
}
