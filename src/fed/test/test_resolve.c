/* Actors, keys and posts of other hosts: what counts as theirs, and what does not. */
#include "fedkit.h"

#include "ap/write.h"
#include "store/tables.h"

#define NOTE_1 CAROL "/notes/1"

static struct str note_json(struct fedkit *kit, const char *id, const char *author)
{
	return kit_json(kit,
			"{\"id\":\"%s\",\"type\":\"Note\",\"attributedTo\":\"%s\","
			"\"content\":\"hi\",\"to\":\"" AP_PUBLIC "\"}",
			id, author);
}

static void answer(struct fedkit *kit, const char *url, const char *final, struct str body)
{
	test_fetch_answer_full(kit->net, url,
			       &(struct fetch_result){ .rc = RC_OK,
						       .status = 200,
						       .url = str_of(final),
						       .content_type = STR(ACTIVITY_JSON),
						       .body = body });
}

static void expect(struct fedkit *kit, char what, const char *uri, enum rc rc)
{
	struct kit_answer a = kit_resolve(kit, what, uri);
	if (a.rc != rc)
		fail_msg("%s: %s instead of %s: %s", uri, rc_name(a.rc), rc_name(rc), a.reason);
	/* the next one is not refused because this one failed */
	test_clock_advance(&kit->clock, 2 * MS_PER_DAY);
}

static void an_actor_is_stored_with_its_keys(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct account a;
	assert_true(kit_account(kit, carol.id, &a));
	assert_str_eq(a.username, STR("carol"));
	assert_str_eq(a.domain, STR("peer.example"));
	assert_str_eq(a.shared_inbox, STR("https://peer.example/inbox"));
	assert_int_equal(a.flags & ACCOUNT_LOCAL, 0);
	assert_int_equal(kit_rows(kit, &store_key), 2);
	/* known now: nobody is asked */
	size_t fetches = test_fetch_count(kit->net);
	expect(kit, 'a', CAROL, RC_OK);
	assert_int_equal(test_fetch_count(kit->net), fetches);
}

static void a_fetch_is_signed_as_the_instance_actor(void **state)
{
	struct fedkit *kit = *state;
	kit_peer(kit, CAROL, 0);
	const struct test_fetch_request *request = test_fetch_request(kit->net, 0);
	struct str signature = test_fetch_header(request, "Signature");
	assert_true(str_contains(signature, STR("keyId=\"" HOME "/actor#")));
	assert_true(str_contains(test_fetch_header(request, "Accept"), STR(ACTIVITY_JSON)));
	assert_int_equal(request->redirects_max, 3);
	assert_true(request->bytes_max <= 1 << 20);
}

static void a_post_is_stored_with_its_author(void **state)
{
	struct fedkit *kit = *state;
	struct status status;
	kit_stranger(kit, CAROL, 0);
	answer(kit, NOTE_1, NOTE_1, note_json(kit, NOTE_1, CAROL));
	expect(kit, 'o', NOTE_1, RC_OK);
	assert_true(kit_status(kit, NOTE_1, &status));
	assert_int_equal(status.account, kit_uri(kit, CAROL).id);
	size_t fetches = test_fetch_count(kit->net);
	expect(kit, 'o', NOTE_1, RC_OK);
	assert_int_equal(test_fetch_count(kit->net), fetches);
}

static void s010_a_document_counts_under_its_own_id_only(void **state)
{
	static const char *const ids[] = {
		"https://victim.example/notes/1",
		NOTE_1 "?x",
		NOTE_1 "/",
		NOTE_1 "%31",
		"https://peer.example:444/users/carol/notes/1",
	};
	struct fedkit *kit = *state;
	kit_stranger(kit, CAROL, 0);
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		/* the id is asked for itself, once, and does not lead back here */
		answer(kit, NOTE_1, NOTE_1, note_json(kit, ids[i], CAROL));
		answer(kit, ids[i], ids[i], note_json(kit, NOTE_1, CAROL));
		size_t fetches = test_fetch_count(kit->net);
		struct kit_answer a = kit_resolve(kit, 'o', NOTE_1);
		assert_true(a.rc == RC_INVALID);
		assert_true(test_fetch_count(kit->net) <= fetches + 2);
		test_clock_advance(&kit->clock, 2 * MS_PER_DAY);
	}
	assert_int_equal(kit_rows(kit, &store_status), 0);
}

static void s016_many_hosts_cannot_have_one_host_asked_more_than_its_budget(void **state)
{
	struct fedkit *kit = *state;
	kit->settings.key_fetches_per_minute = 2;
	for (int i = 0; i < 6; i++) {
		const char *url = kit_json(kit, "https://evil%d.example/k", i).ptr;
		const char *id = kit_json(kit, "https://victim.example/users/%d", i).ptr;
		const struct peer_actor actor = { .uri = id, .rsa = kit_rsa(0) };
		answer(kit, url, url, kit_actor_json(kit, &actor));
		size_t fetches = test_fetch_count(kit->net);
		kit_resolve(kit, 'k', url);
		assert_int_equal(test_fetch_count(kit->net) - fetches, i < 2 ? 2 : 1);
	}
}

static void s010_a_page_leads_to_the_object_that_it_shows(void **state)
{
	struct fedkit *kit = *state;
	kit_stranger(kit, CAROL, 0);
	answer(kit, "https://peer.example/@carol/1", "https://peer.example/@carol/1",
	       note_json(kit, NOTE_1, CAROL));
	answer(kit, NOTE_1, NOTE_1, note_json(kit, NOTE_1, CAROL));
	expect(kit, 'o', "https://peer.example/@carol/1", RC_OK);
	assert_int_equal(kit_uri(kit, NOTE_1).kind, URI_STATUS);
}

static void an_address_leads_to_a_person_or_a_post(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_stranger(kit, CAROL, 0);
	struct account a;
	/* a post is asked for as a post: a person is none */
	expect(kit, 'o', CAROL, RC_UNSUPPORTED);
	assert_int_equal(kit_uri(kit, CAROL).kind, URI_NONE);
	answer(kit, "https://peer.example/@carol", "https://peer.example/@carol",
	       kit_actor_json(kit, &carol));
	struct kit_answer got = kit_resolve(kit, 'p', "https://peer.example/@carol");
	assert_int_equal(got.rc, RC_OK);
	assert_true(kit_account(kit, got.id, &a));
	assert_str_eq(a.uri, STR(CAROL));
	answer(kit, "https://peer.example/@carol/1", "https://peer.example/@carol/1",
	       note_json(kit, NOTE_1, CAROL));
	answer(kit, NOTE_1, NOTE_1, note_json(kit, NOTE_1, CAROL));
	got = kit_resolve(kit, 'p', "https://peer.example/@carol/1");
	assert_int_equal(got.rc, RC_OK);
	assert_int_equal(got.id, kit_uri(kit, NOTE_1).id);
}

static void s011_behind_a_redirect_the_final_address_is_the_authority(void **state)
{
	struct fedkit *kit = *state;
	kit_stranger(kit, CAROL, 0);
	/* a redirects to b with an object of a's name: not believed */
	answer(kit, NOTE_1, "https://evil.example/x", note_json(kit, NOTE_1, CAROL));
	expect(kit, 'o', NOTE_1, RC_INVALID);
	assert_int_equal(kit_uri(kit, NOTE_1).kind, URI_NONE);
	/* b's own object behind a's address: b's */
	answer(kit, "https://a.example/x", NOTE_1, note_json(kit, NOTE_1, CAROL));
	expect(kit, 'o', "https://a.example/x", RC_OK);
	assert_int_equal(kit_uri(kit, NOTE_1).kind, URI_STATUS);
}

static void s033_a_redirect_leads_neither_home_nor_to_a_blocked_host(void **state)
{
	struct fedkit *kit = *state;
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "mine");
	const char *home = kit_post_uri(kit, post).ptr;
	kit_policy(kit, "evil.example", PEER_BLOCKED);
	answer(kit, "https://a.example/1", home, note_json(kit, home, ALICE));
	answer(kit, "https://a.example/2", "https://evil.example/n",
	       note_json(kit, "https://evil.example/n", "https://evil.example/u"));
	expect(kit, 'o', "https://a.example/1", RC_DENIED);
	expect(kit, 'o', "https://a.example/2", RC_BLOCKED);
}

static void s012_only_what_is_declared_as_activitypub_is_read(void **state)
{
	static const struct {
		const char *type;
		bool good;
	} types[] = {
		{ "application/activity+json", true },
		{ "application/activity+json; charset=utf-8", true },
		{ "Application/Activity+JSON", true },
		{ "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"", true },
		{ "application/ld+json;profile=\"https://www.w3.org/ns/activitystreams\"; "
		  "charset=utf-8",
		  true },
		{ "application/ld+json", false },
		{ "application/ld+json; profile=\"https://evil.example\"", false },
		{ "application/json", false },
		{ "text/html", false },
		{ "text/plain", false },
		{ "image/png", false },
		{ "application/octet-stream", false },
		{ "application/activity+jsonx", false },
		{ "", false },
	};
	struct fedkit *kit = *state;
	struct str body =
		kit_actor_json(kit, &(struct peer_actor){ .uri = CAROL, .rsa = kit_rsa(0) });
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		test_fetch_answer(kit->net, CAROL, 200, types[i].type, body);
		expect(kit, 'r', CAROL, types[i].good ? RC_OK : RC_INVALID);
	}
}

static void statuses_mean_what_they_say(void **state)
{
	static const struct {
		unsigned status;
		enum rc rc;
	} answers[] = {
		{ 404, RC_NOT_FOUND },	 { 410, RC_GONE },	  { 401, RC_DENIED },
		{ 403, RC_DENIED },	 { 429, RC_UNREACHABLE }, { 408, RC_UNREACHABLE },
		{ 500, RC_UNREACHABLE }, { 503, RC_UNREACHABLE }, { 400, RC_INVALID },
		{ 301, RC_INVALID },	 { 204, RC_INVALID },
	};
	struct fedkit *kit = *state;
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		test_fetch_answer(kit->net, NOTE_1, answers[i].status, ACTIVITY_JSON, STR(""));
		expect(kit, 'o', NOTE_1, answers[i].rc);
	}
	test_fetch_fail(kit->net, NOTE_1, RC_TIMEOUT);
	expect(kit, 'o', NOTE_1, RC_TIMEOUT);
	test_fetch_answer(kit->net, NOTE_1, 200, ACTIVITY_JSON,
			  STR("{\"id\":\"" NOTE_1 "\",\"type\":\"Tombstone\"}"));
	expect(kit, 'o', NOTE_1, RC_GONE);
}

static void s009_our_own_addresses_are_never_fetched(void **state)
{
	static const char *const ours[] = { HOME "/users/nobody", "https://HOME.example:443/x",
					    "https://home.example./x" };
	struct fedkit *kit = *state;
	for (size_t i = 0; i < ARRAY_LEN(ours); i++) {
		expect(kit, 'o', ours[i], RC_DENIED);
		expect(kit, 'r', ours[i], RC_DENIED);
	}
	assert_int_equal(test_fetch_count(kit->net), 0);
}

static void s009_a_post_in_the_name_of_somebody_here_is_refused(void **state)
{
	struct fedkit *kit = *state;
	answer(kit, NOTE_1, NOTE_1, note_json(kit, NOTE_1, ALICE));
	expect(kit, 'o', NOTE_1, RC_INVALID);
	answer(kit, NOTE_1, NOTE_1, note_json(kit, NOTE_1, ERIN));
	expect(kit, 'o', NOTE_1, RC_INVALID);
	assert_int_equal(kit_rows(kit, &store_status), 0);
}

static void s013_a_key_and_its_owner_name_each_other(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_stranger(kit, CAROL, 0);
	struct known_key known;
	expect(kit, 'k', CAROL "#main-key", RC_OK);
	expect(kit, 'k', CAROL "#other-key", RC_INVALID);
	assert_true(known_key_load(kit->fed, kit->arena, STR(CAROL "#main-key"), &known));
	assert_true(key_same_public(known.key, carol.rsa));
	key_unref(&known.key);
	assert_false(known_key_load(kit->fed, kit->arena, STR(CAROL "#other-key"), &known));
}

static void key_document(struct fedkit *kit, const char *url, const char *id, const char *owner,
			 struct key *key)
{
	struct buf multibase = BUF_INIT(1024);
	key_add_multibase(&multibase, key);
	struct str text = arena_take_buf(kit->arena, &multibase);
	answer(kit, url, url,
	       kit_json(kit,
			"{\"id\":\"%s\",\"type\":\"Multikey\",\"controller\":\"%s\","
			"\"publicKeyMultibase\":\"%.*s\"}",
			id, owner, STR_ARG(text)));
}

static void actor_listing(struct fedkit *kit, const char *actor, const char *key_id,
			  struct key *key)
{
	struct buf multibase = BUF_INIT(1024);
	key_add_multibase(&multibase, key);
	struct str text = arena_take_buf(kit->arena, &multibase);
	answer(kit, actor, actor,
	       kit_json(kit,
			"{\"id\":\"%s\",\"type\":\"Person\",\"preferredUsername\":\"u\","
			"\"inbox\":\"%s/inbox\",\"assertionMethod\":[{\"id\":\"%s\",\"type\":"
			"\"Multikey\",\"controller\":\"%s\",\"publicKeyMultibase\":\"%.*s\"}]}",
			actor, actor, key_id, actor, STR_ARG(text)));
}

static void s013_a_key_with_a_document_of_its_own_needs_its_owners_word(void **state)
{
	static const char key[] = CAROL "/key";
	struct fedkit *kit = *state;
	struct known_key known;
	/* the owner does not list it; is elsewhere; the document has another id */
	kit_stranger(kit, CAROL, 0);
	key_document(kit, key, key, CAROL, kit_ed25519(3));
	expect(kit, 'k', key, RC_INVALID);
	key_document(kit, key, key, ERIN, kit_ed25519(3));
	expect(kit, 'k', key, RC_DENIED);
	key_document(kit, key, DAVE "/key", DAVE, kit_ed25519(3));
	expect(kit, 'k', key, RC_INVALID);
	key_document(kit, key, key, CAROL, kit_ed25519(3));
	actor_listing(kit, CAROL, key, kit_ed25519(3));
	expect(kit, 'k', key, RC_OK);
	assert_true(known_key_load(kit->fed, kit->arena, str_of(key), &known));
	assert_true(key_same_public(known.key, kit_ed25519(3)));
	key_unref(&known.key);
}

static void rsa_keys_are_taken_from_multikeys_and_from_either_list_once(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct known_key known;
	actor_listing(kit, DAVE, DAVE "#rsa", carol.rsa);
	expect(kit, 'k', DAVE "#rsa", RC_OK);
	assert_true(known_key_load(kit->fed, kit->arena, STR(DAVE "#rsa"), &known));
	assert_int_equal(key_kind(known.key), KEY_RSA);
	assert_true(key_same_public(known.key, carol.rsa));
	key_unref(&known.key);
	/* what assertionMethod says of a key that publicKey has does not count */
	struct buf pem = BUF_INIT(4096), multibase = BUF_INIT(4096);
	key_add_public_pem(&pem, carol.rsa);
	key_add_multibase(&multibase, kit_ed25519(3));
	const struct ap_actor_key keys[] = {
		{ .id = STR(ERIN "#key"), .pem = buf_str(&pem), .multibase = buf_str(&multibase) },
	};
	struct buf out = BUF_INIT(16384);
	struct jw w;
	jw_init(&w, &out);
	ap_write_actor(&w,
		       &(struct ap_actor_view){ .id = STR(ERIN),
						.type = STR("Person"),
						.username = STR("erin"),
						.inbox = STR(ERIN "/inbox"),
						.keys = keys,
						.key_count = 1 },
		       true);
	jw_done(&w);
	answer(kit, ERIN, ERIN, arena_take_buf(kit->arena, &out));
	expect(kit, 'k', ERIN "#key", RC_OK);
	assert_true(known_key_load(kit->fed, kit->arena, STR(ERIN "#key"), &known));
	assert_true(key_same_public(known.key, carol.rsa));
	key_unref(&known.key);
	buf_free(&pem);
	buf_free(&multibase);
}

static void s005_a_fetched_neighbour_cannot_list_somebody_elses_key_id(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct known_key known;
	actor_listing(kit, DAVE, CAROL "#main-key", kit_ed25519(3));
	expect(kit, 'a', DAVE, RC_OK);
	assert_true(known_key_load(kit->fed, kit->arena, STR(CAROL "#main-key"), &known));
	assert_int_equal(known.account, carol.id);
	key_unref(&known.key);
	/* nor the id of a key that nobody has told yet */
	actor_listing(kit, DAVE, CAROL "/key", kit_ed25519(3));
	expect(kit, 'r', DAVE, RC_OK);
	assert_false(known_key_load(kit->fed, kit->arena, STR(CAROL "/key"), &known));
}

static void s018_a_refresh_keeps_id_and_handle(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct account a;
	answer(kit, CAROL, CAROL,
	       kit_json(kit, "{\"id\":\"" CAROL "\",\"type\":\"Person\",\"inbox\":\"" CAROL
			     "/in\",\"preferredUsername\":\"other\",\"name\":\"New\"}"));
	expect(kit, 'r', CAROL, RC_OK);
	assert_true(kit_account(kit, carol.id, &a));
	assert_str_eq(a.username, STR("carol"));
	assert_str_eq(a.display_name, STR("New"));
	assert_str_eq(a.inbox, STR(CAROL "/in"));
	answer(kit, CAROL, CAROL,
	       kit_json(kit, "{\"id\":\"" CAROL "\",\"type\":\"Person\",\"inbox\":\"" ERIN
			     "/inbox\",\"preferredUsername\":\"carol\"}"));
	expect(kit, 'r', CAROL, RC_INVALID);
	answer(kit, CAROL, CAROL,
	       kit_json(kit, "{\"id\":\"" DAVE "\",\"type\":\"Person\",\"inbox\":\"" DAVE
			     "/inbox\",\"preferredUsername\":\"carol\"}"));
	expect(kit, 'r', CAROL, RC_UNREACHABLE); /* dave's own address answers nothing */
}

static void s018_a_handle_belongs_to_who_had_it_first(void **state)
{
	struct fedkit *kit = *state;
	kit_peer(kit, CAROL, 0);
	answer(kit, DAVE, DAVE,
	       kit_json(kit, "{\"id\":\"" DAVE "\",\"type\":\"Person\",\"inbox\":\"" DAVE
			     "/inbox\",\"preferredUsername\":\"carol\"}"));
	expect(kit, 'a', DAVE, RC_DENIED);
}

static void a_key_that_is_listed_no_more_counts_no_more(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct known_key known;
	struct account a;
	assert_true(known_key_load(kit->fed, kit->arena, STR(CAROL "#ed"), &known));
	key_unref(&known.key);
	assert_true(kit_account(kit, carol.id, &a));
	/* as after a later reading of the document without it */
	a.fetched_ms += 1;
	kit_put_account(kit, &a);
	assert_false(known_key_load(kit->fed, kit->arena, STR(CAROL "#ed"), &known));
}

static void who_is_suspended_is_not_resolved(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct account a;
	assert_true(kit_account(kit, carol.id, &a));
	a.flags |= ACCOUNT_SUSPENDED;
	kit_put_account(kit, &a);
	expect(kit, 'a', CAROL, RC_BLOCKED);
	/* S-072: reading the document again does not lift it */
	expect(kit, 'r', CAROL, RC_OK);
	assert_true(kit_account(kit, carol.id, &a));
	assert_true((a.flags & ACCOUNT_SUSPENDED) != 0);
	answer(kit, NOTE_1, NOTE_1, note_json(kit, NOTE_1, CAROL));
	expect(kit, 'o', NOTE_1, RC_BLOCKED);
	assert_int_equal(kit_rows(kit, &store_status), 0);
}

static void s030_a_blocked_host_is_not_asked(void **state)
{
	struct fedkit *kit = *state;
	kit_stranger(kit, CAROL, 0);
	kit_policy(kit, "peer.example", PEER_BLOCKED);
	expect(kit, 'a', CAROL, RC_BLOCKED);
	expect(kit, 'k', CAROL "#main-key", RC_BLOCKED);
	assert_int_equal(test_fetch_count(kit->net), 0);
	/* as soon as it is lifted, it counts no more, whatever failed a moment ago */
	struct kit_answer a = kit_resolve(kit, 'a', CAROL);
	assert_int_equal(a.rc, RC_BLOCKED);
	kit_policy(kit, "peer.example", PEER_DEFAULT);
	expect(kit, 'a', CAROL, RC_OK);
}

static enum rc many_follows_job(struct db_txn *txn, void *arg)
{
	account_count(txn, *(uint64_t *)arg, 0, 5000, 0, 0);
	return db_txn_rc(txn);
}

/* Every change of it moves a row of each audience, in one write. */
static void s060_who_follows_thousands_changes_the_inbox_once_an_hour(void **state)
{
	static const struct {
		const char *inbox;
		uint64_t after_ms;
		bool taken;
	} rows[] = {
		{ "https://peer.example/a", 0, false },
		{ "https://peer.example/b", MS_PER_HOUR + 1, true },
		{ "https://peer.example/c", 1000, false },
		{ "https://peer.example/d", MS_PER_HOUR / 2, false },
		{ "https://peer.example/e", MS_PER_HOUR + 1, true },
	};
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0), dave = kit_peer(kit, DAVE, 1);
	struct account a;
	kit_write(kit, many_follows_job, &carol.id);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct peer_actor *const both[] = { &carol, &dave };
		for (size_t k = 0; k < 2; k++) {
			struct str json = kit_json(
				kit,
				"{\"id\":\"%s\",\"type\":\"Person\",\"preferredUsername\":\"%s\","
				"\"inbox\":\"%s/inbox\",\"endpoints\":{\"sharedInbox\":\"%s\"}}",
				both[k]->uri, k == 0 ? "carol" : "dave", both[k]->uri,
				rows[i].inbox);
			struct str update =
				kit_activity(kit, NULL, "Update", both[k]->uri, json.ptr);
			/* what is known of it has grown so old */
			assert_true(kit_account(kit, both[k]->id, &a));
			a.fetched_ms -= rows[i].after_ms;
			kit_put_account(kit, &a);
			assert_int_equal(kit_receive(kit, both[k], update), RC_OK);
			assert_true(kit_account(kit, both[k]->id, &a));
			if (str_eq(a.shared_inbox, str_of(rows[i].inbox)) !=
			    (k == 1 || rows[i].taken))
				fail_msg("%s, %s: %.*s", both[k]->uri, rows[i].inbox,
					 STR_ARG(a.shared_inbox));
		}
	}
}

struct naming {
	struct fedkit *kit;
	const char *uri, *name;
	uint64_t id;
	enum rc rc;
};

static enum rc name_job(struct db_txn *txn, void *arg)
{
	struct naming *n = arg;
	struct ctx ctx = { .arena = n->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &n->kit->site };
	const struct ap_actor actor = { .id = str_of(n->uri),
					.type = STR("Person"),
					.username = str_of(n->name),
					.name = STR("?") };
	n->rc = remote_account_copied(&s, &actor, &n->id);
	return db_txn_rc(txn);
}

static struct naming named(struct fedkit *kit, const char *uri, const char *name)
{
	struct naming n = { kit, uri, name, 0, RC_OK };
	kit_write(kit, name_job, &n);
	return n;
}

static struct str name_of(struct fedkit *kit, uint64_t id)
{
	struct account a;
	assert_true(kit_account(kit, id, &a));
	return a.username;
}

/* By a partner's word alone nobody has a handle for longer than until somebody has it. */
static void s018_who_is_known_by_a_copy_gives_way(void **state)
{
	struct fedkit *kit = *state;
	const struct naming dave = named(kit, DAVE, "carol");
	assert_int_equal(dave.rc, RC_OK);
	assert_int_equal(named(kit, CAROL, "carol").rc, RC_DENIED);
	assert_int_equal(named(kit, ALICE, "carol").rc, RC_DENIED);
	assert_int_equal(named(kit, DAVE, "dave").rc, RC_EXISTS);
	(void)kit_stranger(kit, CAROL, 0);
	expect(kit, 'a', CAROL, RC_OK);
	assert_str_eq(name_of(kit, kit_uri(kit, CAROL).id), STR("carol"));
	assert_true(str_has_prefix(name_of(kit, dave.id), STR(COPIED_PREFIX)));
	/* nor are they known by it: when they are asked for, they say who they are */
	(void)kit_stranger(kit, DAVE, 1);
	expect(kit, 'a', DAVE, RC_OK);
	assert_str_eq(name_of(kit, dave.id), STR("dave"));
}

#define T(name) cmocka_unit_test_setup_teardown(name, kit_setup, kit_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(an_actor_is_stored_with_its_keys),
		T(a_fetch_is_signed_as_the_instance_actor),
		T(a_post_is_stored_with_its_author),
		T(s010_a_document_counts_under_its_own_id_only),
		T(s016_many_hosts_cannot_have_one_host_asked_more_than_its_budget),
		T(s010_a_page_leads_to_the_object_that_it_shows),
		T(an_address_leads_to_a_person_or_a_post),
		T(s011_behind_a_redirect_the_final_address_is_the_authority),
		T(s033_a_redirect_leads_neither_home_nor_to_a_blocked_host),
		T(s012_only_what_is_declared_as_activitypub_is_read),
		T(statuses_mean_what_they_say),
		T(s009_our_own_addresses_are_never_fetched),
		T(s009_a_post_in_the_name_of_somebody_here_is_refused),
		T(s013_a_key_and_its_owner_name_each_other),
		T(rsa_keys_are_taken_from_multikeys_and_from_either_list_once),
		T(s013_a_key_with_a_document_of_its_own_needs_its_owners_word),
		T(s005_a_fetched_neighbour_cannot_list_somebody_elses_key_id),
		T(s018_a_refresh_keeps_id_and_handle),
		T(s018_a_handle_belongs_to_who_had_it_first),
		T(s018_who_is_known_by_a_copy_gives_way),
		T(a_key_that_is_listed_no_more_counts_no_more),
		T(who_is_suspended_is_not_resolved),
		T(s030_a_blocked_host_is_not_asked),
		T(s060_who_follows_thousands_changes_the_inbox_once_an_hour),
	};
	return cmocka_run_group_tests_name("resolve", tests, NULL, NULL);
}
