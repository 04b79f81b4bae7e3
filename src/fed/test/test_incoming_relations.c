/* Follows and their answers, reactions, reports, and taking things back. */
#include "fedkit.h"

#include "social/see.h"
#include "store/graph.h"
#include "store/notice.h"
#include "store/report.h"
#include "store/tables.h"

#define NOTE(actor, n) actor "/notes/" #n

/* --- Follow, Accept, Reject, Block --- */

static void follow_is_accepted_or_left_to_who_is_locked(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct str alice = kit_activity(kit, CAROL "#f1", "Follow", CAROL, "\"" ALICE "\"");
	struct str bob = kit_activity(kit, CAROL "#f2", "Follow", CAROL, "\"" BOB "\"");
	struct str nobody = kit_activity(kit, CAROL "#f3", "Follow", CAROL, "\"" HOME "/users/x\"");
	struct str instance = kit_activity(kit, CAROL "#f4", "Follow", CAROL, "\"" HOME "/actor\"");
	assert_int_equal(kit_receive(kit, &carol, alice), RC_OK);
	assert_int_equal(kit_receive(kit, &carol, bob), RC_OK);
	assert_int_equal(kit_receive(kit, &carol, nobody), RC_NOT_FOUND);
	assert_int_equal(kit_receive(kit, &carol, instance), RC_NOT_FOUND);
	assert_int_equal(kit_follow_state(kit, carol.id, kit->alice.id), FOLLOW_ACCEPTED);
	/* S-069: a request is no follow */
	assert_int_equal(kit_follow_state(kit, carol.id, kit->bob.id), FOLLOW_PENDING);
	assert_int_equal(kit_receive(kit, &carol, alice), RC_EXISTS);
	assert_int_equal(kit_rows(kit, &queue_table_job), 1); /* one Accept */
}

#define FOLLOW_BY(who, whom, id) \
	"{\"id\":\"" id "\",\"type\":\"Follow\",\"actor\":\"" who "\",\"object\":\"" whom "\"}"

static void s008_an_accept_needs_our_follow_of_its_actor(void **state)
{
	static const char *const forms[] = {
		"\"" ALICE "#follows/1\"",			     /* the bare id */
		FOLLOW_BY(ALICE, CAROL, ALICE "#follows/1"),	     /* all of it */
		FOLLOW_BY(ALICE, CAROL, "https://peer.example/f/1"), /* an id of the peer's own */
		"{\"type\":\"Follow\",\"actor\":\"" ALICE "\",\"object\":\"" CAROL "\"}",
	};
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct peer_actor dave = kit_peer(kit, DAVE, 1);
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct str accept = kit_activity(kit, NULL, "Accept", CAROL, forms[i]);
		struct str forged = kit_activity(kit, NULL, "Accept", DAVE, forms[i]);
		/* none was sent; one waits, but somebody else accepts; accepted */
		assert_int_equal(kit_receive(kit, &carol, accept), RC_DENIED);
		kit_follow(kit, kit->alice.id, carol.id, FOLLOW_PENDING, ALICE "#follows/1");
		assert_int_equal(kit_receive(kit, &dave, forged), RC_DENIED);
		assert_int_equal(kit_follow_state(kit, kit->alice.id, carol.id), FOLLOW_PENDING);
		assert_int_equal(kit_receive(kit, &carol, accept), RC_OK);
		assert_int_equal(kit_follow_state(kit, kit->alice.id, carol.id), FOLLOW_ACCEPTED);
		assert_int_equal(kit_receive(kit, &carol, accept), RC_EXISTS);
		/* ended by its followee, and not to be accepted any more */
		struct str reject = kit_activity(kit, NULL, "Reject", CAROL, forms[i]);
		assert_int_equal(
			kit_receive(kit, &dave, kit_activity(kit, NULL, "Reject", DAVE, forms[i])),
			RC_DENIED);
		assert_int_equal(kit_receive(kit, &carol, reject), RC_OK);
		assert_int_equal(kit_follow_state(kit, kit->alice.id, carol.id), FOLLOW_NONE);
		assert_int_equal(kit_receive(kit, &carol, accept), RC_DENIED);
	}
}

static void s008_two_peers_cannot_arrange_a_follow_of_their_own(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct peer_actor dave = kit_peer(kit, DAVE, 1);
	kit_follow(kit, dave.id, kit->alice.id, FOLLOW_PENDING, DAVE "#f");
	struct str accept =
		kit_activity(kit, NULL, "Accept", CAROL, FOLLOW_BY(DAVE, CAROL, DAVE "#g"));
	struct str stolen = kit_activity(kit, NULL, "Accept", CAROL, "\"" DAVE "#f\"");
	assert_int_equal(kit_receive(kit, &carol, accept), RC_DENIED);
	assert_int_equal(kit_receive(kit, &carol, stolen), RC_DENIED);
	assert_int_equal(kit_follow_state(kit, dave.id, kit->alice.id), FOLLOW_PENDING);
}

static void block_ends_follows_both_ways_and_undo_ends_the_block(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct peer_actor dave = kit_peer(kit, DAVE, 1);
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	kit_follow(kit, carol.id, kit->alice.id, FOLLOW_ACCEPTED, CAROL "#f");
	struct str block = kit_activity(kit, CAROL "#b", "Block", CAROL, "\"" ALICE "\"");
	assert_int_equal(kit_receive(kit, &carol, block), RC_OK);
	assert_int_equal(kit_receive(kit, &carol, block), RC_EXISTS);
	assert_int_equal(kit_follow_state(kit, kit->alice.id, carol.id), FOLLOW_NONE);
	assert_int_equal(kit_follow_state(kit, carol.id, kit->alice.id), FOLLOW_NONE);
	struct str forged = kit_activity(kit, DAVE "#u", "Undo", DAVE, "\"" CAROL "#b\"");
	assert_int_equal(kit_receive(kit, &dave, forged), RC_NOT_FOUND);
	assert_int_equal(kit_rows(kit, &store_block), 1);
	struct str undo = kit_activity(kit, CAROL "#u", "Undo", CAROL, "\"" CAROL "#b\"");
	assert_int_equal(kit_receive(kit, &carol, undo), RC_OK);
	assert_int_equal(kit_rows(kit, &store_block), 0);
}

static void a_ban_from_a_community_is_no_block(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct str group = STR("https://peer.example/c/tea");
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	struct str ban = kit_json(kit,
				  "{\"id\":\"" CAROL "#b\",\"type\":\"Block\",\"actor\":\"" CAROL
				  "\",\"object\":\"" ALICE "\",\"target\":\"%.*s\"}",
				  STR_ARG(group));
	assert_int_equal(kit_receive(kit, &carol, ban), RC_NOT_FOUND);
	assert_int_equal(kit_rows(kit, &store_block), 0);
	assert_int_equal(kit_follow_state(kit, kit->alice.id, carol.id), FOLLOW_ACCEPTED);
	/* nor does its end end a block */
	struct str block = kit_activity(kit, CAROL "#c", "Block", CAROL, "\"" ALICE "\"");
	assert_int_equal(kit_receive(kit, &carol, block), RC_OK);
	struct str undo = kit_activity(kit, CAROL "#u", "Undo", CAROL, ban.ptr);
	assert_int_equal(kit_receive(kit, &carol, undo), RC_NOT_FOUND);
	assert_int_equal(kit_rows(kit, &store_block), 1);
}

/* --- Like, Announce, Flag --- */

static void like_counts_once_and_only_for_who_may_see_the_post(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct str seen = kit_post_uri(kit, kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hi"));
	struct str unseen =
		kit_post_uri(kit, kit_post(kit, &kit->alice, VISIBILITY_FOLLOWERS, "hush"));
	struct str like = kit_activity(kit, CAROL "#l1", "Like", CAROL,
				       kit_json(kit, "\"%s\"", seen.ptr).ptr);
	struct str again =
		kit_activity(kit, NULL, "Like", CAROL, kit_json(kit, "\"%s\"", seen.ptr).ptr);
	struct str hidden = kit_activity(kit, CAROL "#l2", "Like", CAROL,
					 kit_json(kit, "\"%s\"", unseen.ptr).ptr);
	struct str absent =
		kit_activity(kit, CAROL "#l3", "Like", CAROL, "\"" ALICE "/statuses/1\"");
	assert_int_equal(kit_receive(kit, &carol, like), RC_OK);
	assert_int_equal(kit_receive(kit, &carol, like), RC_EXISTS);
	assert_int_equal(kit_receive(kit, &carol, again), RC_EXISTS);
	/* S-071: what may not be seen is as good as absent */
	assert_int_equal(kit_receive(kit, &carol, hidden), RC_NOT_FOUND);
	assert_int_equal(kit_receive(kit, &carol, absent), RC_NOT_FOUND);
	assert_int_equal(kit_rows(kit, &store_like), 1);
}

static void s028_a_boost_of_what_is_private_has_no_effect(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	kit_follow(kit, carol.id, kit->alice.id, FOLLOW_ACCEPTED, CAROL "#f");
	struct str seen = kit_post_uri(kit, kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hi"));
	struct str private =
		kit_post_uri(kit, kit_post(kit, &kit->alice, VISIBILITY_FOLLOWERS, "hush"));
	struct str hidden = kit_activity(kit, CAROL "#a1", "Announce", CAROL,
					 kit_json(kit, "\"%s\"", private.ptr).ptr);
	struct str boost = kit_activity(kit, CAROL "#a2", "Announce", CAROL,
					kit_json(kit, "\"%s\"", seen.ptr).ptr);
	assert_int_equal(kit_receive(kit, &carol, hidden), RC_DENIED);
	assert_int_equal(kit_rows(kit, &store_boost), 0);
	assert_int_equal(kit_receive(kit, &carol, boost), RC_OK);
	assert_int_equal(kit_receive(kit, &carol, boost), RC_EXISTS);
	assert_int_equal(kit_rows(kit, &store_boost), 1);
}

static void s028_what_is_boosted_is_read_at_its_origin(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct str embedded = kit_activity(kit, CAROL "#a1", "Announce", CAROL,
					   "{\"id\":\"" NOTE(ERIN, 1) "\",\"type\":\"Note\","
								      "\"attributedTo\":\"" ERIN
								      "\",\"content\":\"forged\"}");
	/* nobody here follows carol: not worth a fetch */
	assert_int_equal(kit_receive(kit, &carol, embedded), RC_NOT_FOUND);
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	assert_int_equal(kit_receive(kit, &carol, embedded), RC_BUSY);
	assert_int_equal(kit_rows(kit, &store_status), 0);
}

static void a_boost_from_the_future_is_one_of_now(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct status boost;
	struct str seen = kit_post_uri(kit, kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hi"));
	struct str json =
		kit_json(kit,
			 "{\"id\":\"" CAROL "#a\",\"type\":\"Announce\",\"actor\":\"" CAROL
			 "\",\"published\":\"2099-01-01T00:00:00Z\",\"object\":\"%s\"}",
			 seen.ptr);
	assert_int_equal(kit_receive(kit, &carol, json), RC_OK);
	assert_true(kit_status(kit, CAROL "#a", &boost));
	assert_true(boost.created_ms <= clock_wall_ms(clock_system()));
}

static void flag_is_kept_for_the_moderators(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct str post = kit_post_uri(kit, kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hi"));
	struct str flag =
		kit_json(kit,
			 "{\"id\":\"" CAROL "#r\",\"type\":\"Flag\",\"actor\":\"" CAROL
			 "\",\"content\":\"spam\",\"object\":[\"" ALICE "\",\"%s\",\"" ERIN "\"]}",
			 post.ptr);
	struct str nothing =
		kit_activity(kit, CAROL "#r2", "Flag", CAROL, "[\"" ERIN "\",\"" DAVE "\"]");
	struct report report;
	struct db_txn *txn;
	assert_int_equal(kit_receive(kit, &carol, flag), RC_OK);
	assert_int_equal(kit_receive(kit, &carol, flag), RC_EXISTS);
	assert_int_equal(kit_receive(kit, &carol, nothing), RC_NOT_FOUND);
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	assert_int_equal(report_list(txn, kit->arena, 0, &report, 1), 1);
	db_read_end(&txn);
	assert_int_equal(report.target, kit->alice.id);
	assert_int_equal(report.object_count, 2);
	assert_str_eq(report.comment, STR("spam"));
}

/* --- Undo --- */

static void s007_only_who_did_it_takes_it_back(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct peer_actor dave = kit_peer(kit, DAVE, 1);
	struct str seen = kit_post_uri(kit, kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hi"));
	struct str post = kit_json(kit, "\"%s\"", seen.ptr);
	static const char *const types[] = { "Like", "Announce", "Follow" };
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		const char *object = i == 2 ? "\"" ALICE "\"" : post.ptr;
		struct str id = kit_json(kit, CAROL "#%s", types[i]);
		struct str inner = kit_activity(kit, id.ptr, types[i], CAROL, object);
		struct str stolen = kit_activity(kit, id.ptr, types[i], DAVE, object);
		struct str bare = kit_json(kit, "\"%s\"", id.ptr);
		uint64_t rows;
		assert_int_equal(kit_receive(kit, &carol, inner), RC_OK);
		rows = kit_rows(kit, &store_uri);
		assert_int_equal(
			kit_receive(kit, &dave, kit_activity(kit, NULL, "Undo", DAVE, inner.ptr)),
			RC_DENIED);
		assert_int_equal(
			kit_receive(kit, &dave, kit_activity(kit, NULL, "Undo", DAVE, bare.ptr)),
			RC_NOT_FOUND);
		kit_receive(kit, &dave, kit_activity(kit, NULL, "Undo", DAVE, stolen.ptr));
		assert_int_equal(kit_rows(kit, &store_uri), rows);
		assert_int_equal(kit_receive(kit, &carol,
					     kit_activity(kit, NULL, "Undo", CAROL,
							  i % 2 != 0 ? bare.ptr : inner.ptr)),
				 RC_OK);
	}
	assert_int_equal(kit_rows(kit, &store_like), 0);
	assert_int_equal(kit_rows(kit, &store_boost), 0);
	assert_int_equal(kit_follow_state(kit, carol.id, kit->alice.id), FOLLOW_NONE);
}

static void s071_undo_does_not_tell_what_is_there(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	uint64_t hidden = kit_post(kit, &kit->alice, VISIBILITY_DIRECT, "hush");
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	kit_follow(kit, kit->bob.id, carol.id, FOLLOW_PENDING, BOB "#follows/1");
	const struct str there[] = { kit_post_uri(kit, hidden), STR(BOB "#follows/1"), STR(BOB) };
	enum rc absent = kit_receive(
		kit, &carol, kit_activity(kit, NULL, "Undo", CAROL, "\"" ALICE "/statuses/17\""));
	for (size_t i = 0; i < ARRAY_LEN(there); i++) {
		struct str object = kit_json(kit, "\"%s\"", there[i].ptr);
		struct str undo = kit_activity(kit, NULL, "Undo", CAROL, object.ptr);
		assert_int_equal(kit_receive(kit, &carol, undo), absent);
	}
	assert_int_equal(kit_rows(kit, &store_follow), 2);
}

static void s125_what_was_taken_back_before_it_came_has_no_effect(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct str seen = kit_post_uri(kit, kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hi"));
	struct str post = kit_json(kit, "\"%s\"", seen.ptr);
	static const char *const types[] = { "Like", "Announce", "Follow", "Block" };
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		const char *object = i >= 2 ? "\"" ALICE "\"" : post.ptr;
		struct str id = kit_json(kit, CAROL "#%s", types[i]);
		struct str inner = kit_activity(kit, id.ptr, types[i], CAROL, object);
		struct str undo = kit_activity(kit, NULL, "Undo", CAROL, inner.ptr);
		assert_int_equal(kit_receive(kit, &carol, undo), RC_OK);
		assert_int_equal(kit_receive(kit, &carol, inner), RC_EXISTS);
	}
	assert_int_equal(kit_rows(kit, &store_like), 0);
	assert_int_equal(kit_rows(kit, &store_boost), 0);
	assert_int_equal(kit_rows(kit, &store_block), 0);
	assert_int_equal(kit_follow_state(kit, carol.id, kit->alice.id), FOLLOW_NONE);
}

static void s022_like_undo_like_replayed_ends_liked(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct str seen = kit_post_uri(kit, kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hi"));
	struct str post = kit_json(kit, "\"%s\"", seen.ptr);
	struct str first = kit_activity(kit, CAROL "#l1", "Like", CAROL, post.ptr);
	struct str undo = kit_activity(kit, CAROL "#u1", "Undo", CAROL, first.ptr);
	struct str second = kit_activity(kit, CAROL "#l2", "Like", CAROL, post.ptr);
	const struct str order[] = { first, undo, second, first, undo, second };
	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		assert_int_equal(kit_receive(kit, &carol, order[i]), i < 3 ? RC_OK : RC_EXISTS);
	assert_int_equal(kit_rows(kit, &store_like), 1);
}

#define T(name) cmocka_unit_test_setup_teardown(name, kit_setup, kit_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(follow_is_accepted_or_left_to_who_is_locked),
		T(s008_an_accept_needs_our_follow_of_its_actor),
		T(s008_two_peers_cannot_arrange_a_follow_of_their_own),
		T(block_ends_follows_both_ways_and_undo_ends_the_block),
		T(a_ban_from_a_community_is_no_block),
		T(like_counts_once_and_only_for_who_may_see_the_post),
		T(s028_a_boost_of_what_is_private_has_no_effect),
		T(s028_what_is_boosted_is_read_at_its_origin),
		T(a_boost_from_the_future_is_one_of_now),
		T(flag_is_kept_for_the_moderators),
		T(s007_only_who_did_it_takes_it_back),
		T(s071_undo_does_not_tell_what_is_there),
		T(s125_what_was_taken_back_before_it_came_has_no_effect),
		T(s022_like_undo_like_replayed_ends_liked),
	};
	return cmocka_run_group_tests_name("incoming-relations", tests, NULL, NULL);
}
