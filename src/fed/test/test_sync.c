/* Followers synchronisation (FEP-8fcf): what is sent, what is served, what is made of a difference.
 */
#include "sync_int.h"

#include "core/enc.h"
#include "fedqueue.h"
#include "store/graph.h"

#define LIST CAROL "/followers_synchronization"
#define COVERED STR("collection-synchronization")

static int scene_begin(void **state)
{
	struct kit_scene *scene = kit_scene();
	scene->carol = kit_peer(scene->kit, CAROL, 0);
	*state = scene;
	return 0;
}

/* --- the header --- */

#define GOOD_DIGEST "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void the_header_is_read_strictly(void **state)
{
	static const struct {
		const char *text;
		bool ok;
	} cases[] = {
		{ "collectionId=\"" CAROL "/followers\", url=\"" LIST "\", digest=\"" GOOD_DIGEST
		  "\"",
		  true },
		{ "digest=\"" GOOD_DIGEST "\",url=\"" LIST "\",collectionId=\"" CAROL
		  "/followers\",more=\"x\"",
		  true },
		{ "collectionId=\"" CAROL "/followers\", url=\"" LIST "\"", false },
		{ "collectionId=\"" CAROL "/followers\", digest=\"" GOOD_DIGEST "\"", false },
		{ "url=\"" LIST "\", digest=\"" GOOD_DIGEST "\"", false },
		{ "collectionId=\"x\", url=\"" LIST "\", digest=\"" GOOD_DIGEST "\"", false },
		{ "collectionId=\"" CAROL "/followers\", url=\"" LIST "\", digest=\"0011\"",
		  false },
		{ "collectionId=\"" CAROL "/followers\", url=\"" LIST "\", url=\"" LIST
		  "\", digest=\"" GOOD_DIGEST "\"",
		  false },
		{ "collectionId=\"" CAROL "/followers\", url=\"" LIST "\", digest=\"" GOOD_DIGEST
		  "\", digest=\"" GOOD_DIGEST "\"",
		  false },
		{ "collectionId=\"" CAROL "/followers\" url=\"" LIST "\", digest=\"" GOOD_DIGEST
		  "\"",
		  false },
		{ "collectionId=\"" CAROL, false },
		{ "collectionId=" CAROL, false },
		{ "=", false },
		{ ",,,", false },
		{ "", false },
	};
	struct kit_scene *scene = *state;
	struct ctx ctx = { .arena = scene->kit->arena };
	struct ap_reader reader = { &ctx, IRI_STRICT };
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sync_header header;
		if (sync_header_parse(&reader, str_of(cases[i].text), &header) != cases[i].ok)
			fail_msg("%s", cases[i].text);
		if (!cases[i].ok)
			continue;
		struct sync_header again;
		assert_true(
			sync_header_parse(&reader, sync_header_make(ctx.arena, &header), &again));
		assert_str_eq(again.collection, str_of(CAROL "/followers"));
		assert_str_eq(again.url, header.url);
		assert_memory_equal(again.digest.bytes, header.digest.bytes, DIGEST_SIZE);
	}
}

/* --- what is sent --- */

static struct str digest_of(struct kit_scene *scene, const char *const *uris, size_t count)
{
	struct digest sum = { { 0 } };
	struct buf hex = BUF_INIT(80);
	for (size_t i = 0; i < count; i++)
		follower_digest_add(&sum, str_of(uris[i]));
	enc_hex(&hex, str_n(sum.bytes, DIGEST_SIZE));
	return arena_take_buf(scene->kit->arena, &hex);
}

static const struct test_fetch_request *delivery_of(struct kit_scene *scene,
						    enum visibility visibility)
{
	size_t before = test_fetch_count(scene->kit->net);
	kit_post(scene->kit, &scene->kit->alice, visibility, "hello");
	kit_drain(scene->q, 0);
	assert_int_equal(test_fetch_count(scene->kit->net), before + 1);
	return test_fetch_request(scene->kit->net, before);
}

static void only_what_followers_alone_may_see_carries_it_and_it_is_signed(void **state)
{
	static const char *const uris[] = { CAROL, DAVE };
	struct kit_scene *scene = *state;
	struct peer_actor dave = kit_peer(scene->kit, DAVE, 1);
	struct peer_actor erin = kit_peer(scene->kit, ERIN, 2);
	kit_follow(scene->kit, scene->carol.id, scene->kit->alice.id, FOLLOW_ACCEPTED, CAROL "#1");
	kit_follow(scene->kit, dave.id, scene->kit->alice.id, FOLLOW_ACCEPTED, DAVE "#1");
	kit_follow(scene->kit, erin.id, scene->kit->alice.id, FOLLOW_PENDING, ERIN "#1");
	test_fetch_answer(scene->kit->net, "*", 202, ACTIVITY_JSON, STR("{}"));
	kit_queue_start(scene->q, scene->kit, true);
	const struct test_fetch_request *public = delivery_of(scene, VISIBILITY_PUBLIC);
	assert_null(test_fetch_header(public, SYNC_HEADER).ptr);
	const struct test_fetch_request *narrow = delivery_of(scene, VISIBILITY_FOLLOWERS);
	struct str value = test_fetch_header(narrow, SYNC_HEADER);
	assert_str_eq(value, kit_json(scene->kit,
				      "collectionId=\"" ALICE "/followers\", url=\"" ALICE
				      "/followers_synchronization\", digest=\"%.*s\"",
				      STR_ARG(digest_of(scene, uris, ARRAY_LEN(uris)))));
	assert_true(str_contains(test_fetch_header(narrow, "Signature"), COVERED));
}

/* --- what is served --- */

static struct kit_reply ask(struct kit_scene *scene, const struct peer_actor *peer)
{
	struct kit_signing signing = kit_signed_by(scene->kit, peer);
	return kit_get(scene->kit, "/users/alice/followers_synchronization", &signing);
}

static void a_host_is_shown_its_own_people_and_nobody_elses(void **state)
{
	struct kit_scene *scene = *state;
	struct peer_actor dave = kit_peer(scene->kit, DAVE, 1);
	struct peer_actor erin = kit_peer(scene->kit, ERIN, 2);
	struct peer_actor third = kit_peer(scene->kit, "https://third.example/users/t", 3);
	kit_follow(scene->kit, scene->carol.id, scene->kit->alice.id, FOLLOW_ACCEPTED, CAROL "#1");
	kit_follow(scene->kit, erin.id, scene->kit->alice.id, FOLLOW_ACCEPTED, ERIN "#1");
	struct kit_reply reply = ask(scene, &dave);
	assert_int_equal(reply.status, 200);
	assert_true(str_contains(reply.body, STR("\"" CAROL "\"")));
	assert_false(str_contains(reply.body, STR("\"" ERIN "\"")));
	assert_true(str_contains(reply.body, STR("\"totalItems\":1")));
	assert_true(str_contains(kit_header(&reply, "Cache-Control"), STR("no-store")));
	reply = ask(scene, &third);
	assert_int_equal(reply.status, 200);
	assert_true(str_contains(reply.body, STR("\"orderedItems\":[]")));
	reply = kit_get(scene->kit, "/users/alice/followers_synchronization", NULL);
	assert_int_equal(reply.status, 401);
	struct kit_signing forged = kit_signed_by(scene->kit, &dave);
	forged.key = kit_rsa(3);
	reply = kit_get(scene->kit, "/users/alice/followers_synchronization", &forged);
	assert_int_equal(reply.status, 401);
	kit_policy(scene->kit, "peer.example", PEER_BLOCKED);
	assert_int_equal(ask(scene, &dave).status, 403);
}

/* --- what is made of a difference --- */

struct telling {
	const char *collection; /* NULL: carol's followers */
	const char *url;
	const char *const *uris; /* what the digest is of */
	size_t count;
	bool uncovered;
};

static void tell(struct kit_scene *scene, const struct telling *t, unsigned n)
{
	struct kit_signing signing = kit_signed_by(scene->kit, &scene->carol);
	struct str value = kit_json(scene->kit, "collectionId=\"%s\", url=\"%s\", digest=\"%.*s\"",
				    t->collection != NULL ? t->collection : CAROL "/followers",
				    t->url != NULL ? t->url : LIST,
				    STR_ARG(digest_of(scene, t->uris, t->count)));
	if (t->uncovered)
		signing.extra = kit_json(scene->kit, SYNC_HEADER ": %.*s\r\n", STR_ARG(value)).ptr;
	else
		signing.also = (struct httpsig_header){ COVERED, value };
	struct str json = kit_create(scene->kit, CAROL, n, "");
	assert_int_equal(kit_request(scene->kit, "POST", "/inbox", &signing, json).status, 202);
	kit_drain(scene->q, 0);
}

static void list_is(struct kit_scene *scene, const char *items)
{
	test_fetch_answer(scene->kit->net, LIST, 200, ACTIVITY_JSON,
			  kit_json(scene->kit,
				   "{\"id\":\"" LIST "\",\"type\":\"OrderedCollection\","
				   "\"orderedItems\":[%s]}",
				   items));
}

static const char *const alices[] = { ALICE };
static const char *const bobs[] = { BOB };

static void what_agrees_costs_no_request(void **state)
{
	struct kit_scene *scene = *state;
	kit_follow(scene->kit, scene->kit->alice.id, scene->carol.id, FOLLOW_ACCEPTED,
		   ALICE "#follows/1");
	kit_queue_start(scene->q, scene->kit, false);
	tell(scene, &(struct telling){ .uris = alices, .count = 1 }, 1);
	/* the one is how she became known */
	assert_int_equal(test_fetch_count(scene->kit->net), 1);
}

static void a_follow_that_its_host_does_not_know_ends_here(void **state)
{
	struct kit_scene *scene = *state;
	struct fedkit *kit = scene->kit;
	kit_follow(kit, kit->alice.id, scene->carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	kit_follow(kit, kit->bob.id, scene->carol.id, FOLLOW_ACCEPTED, BOB "#follows/1");
	list_is(scene, "\"" BOB "\"");
	kit_queue_start(scene->q, kit, false);
	tell(scene, &(struct telling){ .uris = bobs, .count = 1 }, 1);
	assert_int_equal(test_fetch_count_of(kit->net, LIST), 1);
	assert_int_equal(kit_follow_state(kit, kit->alice.id, scene->carol.id), FOLLOW_NONE);
	assert_int_equal(kit_follow_state(kit, kit->bob.id, scene->carol.id), FOLLOW_ACCEPTED);
	/* she knows already: nothing is said */
	assert_int_equal(scene->q->count, 0);
}

static void a_follower_who_is_none_here_is_taken_back_with_an_undo(void **state)
{
	struct kit_scene *scene = *state;
	list_is(scene, "\"" ALICE "\"");
	kit_queue_start(scene->q, scene->kit, false);
	tell(scene, &(struct telling){ .uris = alices, .count = 1 }, 1);
	assert_int_equal(scene->q->count, 1);
	assert_int_equal(kit_sent_to(scene->q, CAROL "/inbox"), 1);
	assert_true(str_contains(scene->q->sent[0].body, STR("\"Undo\"")));
	assert_true(str_contains(scene->q->sent[0].body, STR("\"Follow\"")));
	assert_true(str_contains(scene->q->sent[0].body, STR("\"actor\":\"" ALICE "\"")));
}

static void an_accept_that_was_lost_is_made_up_for(void **state)
{
	struct kit_scene *scene = *state;
	struct fedkit *kit = scene->kit;
	kit_follow(kit, kit->alice.id, scene->carol.id, FOLLOW_PENDING, ALICE "#follows/1");
	list_is(scene, "\"" ALICE "\"");
	kit_queue_start(scene->q, kit, false);
	tell(scene, &(struct telling){ .uris = alices, .count = 1 }, 1);
	assert_int_equal(kit_follow_state(kit, kit->alice.id, scene->carol.id), FOLLOW_ACCEPTED);
	assert_int_equal(scene->q->count, 0);
}

static void pages_are_read_to_the_end(void **state)
{
	static const char *const both[] = { ALICE, BOB };
	struct kit_scene *scene = *state;
	struct fedkit *kit = scene->kit;
	kit_follow(kit, kit->alice.id, scene->carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	test_fetch_answer(kit->net, LIST, 200, ACTIVITY_JSON,
			  STR("{\"id\":\"" LIST "\",\"type\":\"Collection\",\"first\":{\"type\":"
			      "\"CollectionPage\",\"items\":[\"" ALICE "\"],\"next\":\"" LIST
			      "?p=2\"}}"));
	test_fetch_answer(
		kit->net, LIST "?p=2", 200, ACTIVITY_JSON,
		STR("{\"id\":\"" LIST "?p=2\",\"type\":\"CollectionPage\",\"items\":\"" BOB "\"}"));
	kit_queue_start(scene->q, kit, false);
	tell(scene, &(struct telling){ .uris = both, .count = 2 }, 1);
	assert_int_equal(kit_follow_state(kit, kit->alice.id, scene->carol.id), FOLLOW_ACCEPTED);
	assert_int_equal(scene->q->count, 1); /* bob's Undo */
}

/* A list that cannot be believed changes nothing. */
static void s061_lies_change_nothing(void **state)
{
	static const struct telling cases[] = {
		{ .uris = bobs, .count = 1, .uncovered = true },
		{ .uris = bobs, .count = 1, .collection = DAVE "/followers" },
		{ .uris = bobs, .count = 1, .collection = CAROL "/following" },
		{ .uris = bobs, .count = 1, .url = "https://other.example/list" },
		{ .uris = alices, .count = 0 }, /* the list says otherwise than the header */
	};
	struct kit_scene *scene = *state;
	struct fedkit *kit = scene->kit;
	kit_follow(kit, kit->alice.id, scene->carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	list_is(scene, "\"" BOB "\"");
	kit_queue_start(scene->q, kit, false);
	for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
		test_clock_advance(&kit->clock, 11 * MS_PER_MINUTE);
		tell(scene, &cases[i], i + 1);
		assert_int_equal(test_fetch_count(kit->net), i == 4 ? 2 : 1);
		assert_int_equal(kit_follow_state(kit, kit->alice.id, scene->carol.id),
				 FOLLOW_ACCEPTED);
		assert_int_equal(scene->q->count, 0);
	}
}

static void an_endless_list_is_given_up(void **state)
{
	struct kit_scene *scene = *state;
	struct fedkit *kit = scene->kit;
	kit_follow(kit, kit->alice.id, scene->carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	test_fetch_answer(kit->net, LIST, 200, ACTIVITY_JSON,
			  STR("{\"id\":\"" LIST
			      "\",\"type\":\"CollectionPage\",\"items\":[],\"next\":"
			      "\"" LIST "\"}"));
	kit_queue_start(scene->q, kit, false);
	tell(scene, &(struct telling){ .uris = bobs, .count = 1 }, 1);
	assert_int_equal(test_fetch_count_of(kit->net, LIST), 10);
	assert_int_equal(kit_follow_state(kit, kit->alice.id, scene->carol.id), FOLLOW_ACCEPTED);
}

static void s061_who_never_agrees_is_asked_once_in_ten_minutes(void **state)
{
	struct kit_scene *scene = *state;
	struct fedkit *kit = scene->kit;
	list_is(scene, "");
	kit_queue_start(scene->q, kit, false);
	for (unsigned i = 1; i <= 3; i++)
		tell(scene, &(struct telling){ .uris = bobs, .count = 1 }, i);
	assert_int_equal(test_fetch_count_of(kit->net, LIST), 1);
	test_clock_advance(&kit->clock, 11 * MS_PER_MINUTE);
	tell(scene, &(struct telling){ .uris = bobs, .count = 1 }, 4);
	assert_int_equal(test_fetch_count_of(kit->net, LIST), 2);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, scene_begin, kit_scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_header_is_read_strictly),
		CASE(only_what_followers_alone_may_see_carries_it_and_it_is_signed),
		CASE(a_host_is_shown_its_own_people_and_nobody_elses),
		CASE(what_agrees_costs_no_request),
		CASE(a_follow_that_its_host_does_not_know_ends_here),
		CASE(a_follower_who_is_none_here_is_taken_back_with_an_undo),
		CASE(an_accept_that_was_lost_is_made_up_for),
		CASE(pages_are_read_to_the_end),
		CASE(s061_lies_change_nothing),
		CASE(an_endless_list_is_given_up),
		CASE(s061_who_never_agrees_is_asked_once_in_ten_minutes),
	};
	return cmocka_run_group_tests_name("sync", tests, NULL, NULL);
}
