/* The table of activities: for each row, the act that is allowed and those that are not. */
#include "fedqueue.h"

#include "social/see.h"
#include "store/graph.h"
#include "store/notice.h"
#include "store/tables.h"

#define NOTE(actor, n) actor "/notes/" #n

/* --- the table itself --- */

static void every_row_is_complete(void **state UNUSED)
{
	for (size_t i = 0; i < activity_table_count; i++) {
		const struct activity_row *row = &activity_table[i];
		assert_true(row->type > AP_OTHER && row->type < AP_ACTIVITY_COUNT);
		assert_true(row->rule <= RULE_OWN_ACTIVITY);
		assert_non_null(row->apply);
		assert_true(row->what != NULL && strlen(row->what) > 8);
		/* what decides by the inner activity has to read it first */
		if (row->rule == RULE_FOLLOWEE || row->rule == RULE_OWN_ACTIVITY)
			assert_ptr_equal(row->prepare, prepare_inner);
	}
}

static void every_activity_with_a_meaning_has_a_row(void **state UNUSED)
{
	for (int type = AP_OTHER + 1; type < AP_ACTIVITY_COUNT; type++) {
		bool found = false;
		for (size_t i = 0; i < activity_table_count; i++)
			found = found || (int)activity_table[i].type == type;
		if (!found)
			fail_msg("%s has no row", ap_activity_name((enum ap_activity_type)type));
	}
}

/* --- Create --- */

static void create_stores_the_post_of_somebody_who_is_followed(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct status status;
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	assert_int_equal(kit_receive(kit, &carol, kit_create(kit, CAROL, 1, "")), RC_OK);
	assert_true(kit_status(kit, NOTE(CAROL, 1), &status));
	assert_int_equal(status.account, carol.id);
	assert_int_equal(status.visibility, VISIBILITY_PUBLIC);
	assert_str_eq(status.content.markup, STR("<p>number 1</p>"));
}

static void create_of_somebody_nobody_follows_is_not_stored(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	assert_int_equal(kit_receive(kit, &carol, kit_create(kit, CAROL, 1, "")), RC_NOT_FOUND);
	assert_int_equal(kit_uri(kit, NOTE(CAROL, 1)).kind, URI_NONE);
}

static void s075_a_direct_post_is_seen_by_whom_it_addresses(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct status status;
	kit_follow(kit, kit->bob.id, carol.id, FOLLOW_ACCEPTED, BOB "#follows/1");
	struct str json = kit_json(
		kit, "{\"id\":\"" NOTE(
			     CAROL, 1) "/activity\",\"type\":\"Create\","
				       "\"actor\":\"" CAROL "\",\"object\":{\"id\":\"" NOTE(
					       CAROL,
					       1) "\",\"type\":\"Note\",\"attributedTo\":\"" CAROL
						  "\",\"content\":\"psst\",\"to\":\"" ALICE "\"}}");
	assert_int_equal(kit_receive(kit, &carol, json), RC_OK);
	assert_true(kit_status(kit, NOTE(CAROL, 1), &status));
	assert_int_equal(status.visibility, VISIBILITY_DIRECT);
	struct db_txn *txn;
	struct account author;
	assert_true(kit_account(kit, carol.id, &author));
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	assert_true(may_see(txn, (struct viewer){ kit->alice.id, true }, &status, &author));
	assert_false(may_see(txn, (struct viewer){ kit->bob.id, true }, &status, &author));
	db_read_end(&txn);
}

static void s027_an_embedded_object_of_another_host_is_refused(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	struct str json = kit_json(
		kit, "{\"id\":\"" CAROL "#c1\",\"type\":\"Create\",\"actor\":\"" CAROL
		     "\",\"object\":{\"id\":\"" NOTE(
			     ERIN, 1) "\",\"type\":\"Note\",\"attributedTo\":\"" ERIN
				      "\",\"content\":\"forged\",\"to\":\"" AP_PUBLIC "\"}}");
	assert_int_equal(kit_receive(kit, &carol, json), RC_DENIED);
	assert_int_equal(kit_uri(kit, NOTE(ERIN, 1)).kind, URI_NONE);
}

static void s027_an_object_named_by_its_id_is_fetched_from_its_senders_host_only(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	struct str own = kit_activity(kit, CAROL "#c1", "Create", CAROL, "\"" NOTE(CAROL, 1) "\"");
	struct str foreign =
		kit_activity(kit, CAROL "#c2", "Create", CAROL, "\"" NOTE(ERIN, 1) "\"");
	assert_int_equal(kit_receive(kit, &carol, own), RC_BUSY);
	assert_int_equal(kit_receive(kit, &carol, foreign), RC_DENIED);
}

static void s061_what_nobody_here_cares_for_is_not_fetched(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct str json = kit_activity(kit, CAROL "#c1", "Create", CAROL, "\"" NOTE(CAROL, 1) "\"");
	assert_int_equal(kit_receive(kit, &carol, json), RC_NOT_FOUND);
	struct str addressed =
		kit_json(kit, "{\"id\":\"" CAROL "#c2\",\"type\":\"Create\",\"actor\":\"" CAROL
			      "\",\"object\":\"" NOTE(CAROL, 1) "\",\"to\":[\"" ALICE "\"]}");
	assert_int_equal(kit_receive(kit, &carol, addressed), RC_BUSY);
}

static void s009_an_object_of_ours_is_refused_outright(void **state)
{
	static const char *const ids[] = { ALICE "/statuses/1", "https://HOME.example/x",
					   "https://home.example:443/x",
					   "https://home.example./x" };
	static const char *const authors[] = { "1", "\"/users/admin\"", "\"" ALICE "\"" };
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	for (size_t i = 0; i < ARRAY_LEN(ids) * ARRAY_LEN(authors); i++) {
		struct str json = kit_json(
			kit,
			"{\"id\":\"" CAROL "#%zu\",\"type\":\"Create\",\"actor\":\"" CAROL
			"\",\"object\":{\"id\":\"%s\",\"type\":\"Note\",\"attributedTo\":%s,"
			"\"content\":\"forged\",\"to\":\"" AP_PUBLIC "\"}}",
			i, ids[i % ARRAY_LEN(ids)], authors[i / ARRAY_LEN(ids)]);
		enum rc rc = kit_receive(kit, &carol, json);
		assert_true(rc == RC_DENIED || rc == RC_INVALID);
	}
	assert_int_equal(kit_rows(kit, &store_status), 0);
}

static void s067_somebody_elses_create_of_a_known_post_changes_nothing(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct peer_actor dave = kit_peer(kit, DAVE, 1);
	struct status status;
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	kit_follow(kit, kit->alice.id, dave.id, FOLLOW_ACCEPTED, ALICE "#follows/2");
	assert_int_equal(kit_receive(kit, &carol, kit_create(kit, CAROL, 1, "")), RC_OK);
	struct str json =
		kit_json(kit,
			 "{\"id\":\"" DAVE "#c1\",\"type\":\"Create\",\"actor\":\"" DAVE
			 "\",\"object\":{\"id\":\"" NOTE(
				 CAROL, 1) "\",\"type\":\"Note\",\"attributedTo\":\"%s\","
					   "\"content\":\"taken over\",\"to\":\"" AP_PUBLIC "\"}}",
			 DAVE);
	assert_int_equal(kit_receive(kit, &dave, json), RC_DENIED);
	assert_true(kit_status(kit, NOTE(CAROL, 1), &status));
	assert_int_equal(status.account, carol.id);
	assert_str_eq(status.content.markup, STR("<p>number 1</p>"));
}

static void s124_the_same_create_has_one_effect(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	assert_int_equal(kit_receive(kit, &carol, kit_create(kit, CAROL, 1, "")), RC_OK);
	for (int i = 0; i < 4; i++)
		assert_int_equal(kit_receive(kit, &carol, kit_create(kit, CAROL, 1, "")),
				 RC_EXISTS);
	assert_int_equal(kit_rows(kit, &store_status), 1);
}

/* --- who signed --- */

static void s004_the_actor_must_be_who_signed(void **state)
{
	static const char *const actors[] = {
		"\"" DAVE "\"", "\"" ERIN "\"", "[\"" CAROL "\",\"" DAVE "\"]", "null", "7",
		"{}",		"\"" ALICE "\""
	};
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	for (size_t i = 0; i < ARRAY_LEN(actors); i++) {
		struct str json =
			kit_json(kit, "{\"type\":\"Follow\",\"actor\":%s,\"object\":\"" ALICE "\"}",
				 actors[i]);
		enum rc rc = kit_receive(kit, &carol, json);
		assert_true(rc == RC_UNAUTHENTICATED || rc == RC_INVALID);
	}
	assert_int_equal(kit_rows(kit, &store_follow), 1);
}

/* --- Update --- */

#define UPDATED(actor, n, text, when)                                                           \
	"{\"id\":\"" NOTE(actor, n) "\",\"type\":\"Note\",\"attributedTo\":\"" actor            \
				    "\",\"content\":\"" text "\",\"to\":\"" AP_PUBLIC "\"" when \
				    "}"

static void update_takes_the_newer_content_only(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct status status;
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	assert_int_equal(kit_receive(kit, &carol, kit_create(kit, CAROL, 1, "")), RC_OK);
	struct str second =
		kit_activity(kit, CAROL "#u2", "Update", CAROL,
			     UPDATED(CAROL, 1, "second", ",\"updated\":\"2026-03-01T00:00:00Z\""));
	struct str first =
		kit_activity(kit, CAROL "#u1", "Update", CAROL,
			     UPDATED(CAROL, 1, "first", ",\"updated\":\"2026-02-01T00:00:00Z\""));
	assert_int_equal(kit_receive(kit, &carol, second), RC_OK);
	assert_int_equal(kit_receive(kit, &carol, first), RC_EXISTS);
	assert_int_equal(kit_receive(kit, &carol, second), RC_EXISTS);
	assert_true(kit_status(kit, NOTE(CAROL, 1), &status));
	assert_str_eq(status.content.markup, STR("second"));
}

static void s022_an_update_without_a_time_has_one_effect(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct status status;
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	assert_int_equal(kit_receive(kit, &carol, kit_create(kit, CAROL, 1, "")), RC_OK);
	struct str first =
		kit_activity(kit, CAROL "#u1", "Update", CAROL, UPDATED(CAROL, 1, "first", ""));
	struct str second =
		kit_activity(kit, NULL, "Update", CAROL, UPDATED(CAROL, 1, "second", ""));
	assert_int_equal(kit_receive(kit, &carol, first), RC_OK);
	assert_int_equal(kit_receive(kit, &carol, second), RC_OK);
	/* a replay of the older one, and of one without an id */
	assert_int_equal(kit_receive(kit, &carol, first), RC_EXISTS);
	assert_int_equal(kit_receive(kit, &carol, second), RC_EXISTS);
	assert_true(kit_status(kit, NOTE(CAROL, 1), &status));
	assert_str_eq(status.content.markup, STR("second"));
}

static void s022_an_update_from_the_future_does_not_bar_later_ones(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct status status;
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	assert_int_equal(kit_receive(kit, &carol, kit_create(kit, CAROL, 1, "")), RC_OK);
	struct str first =
		kit_activity(kit, CAROL "#u1", "Update", CAROL,
			     UPDATED(CAROL, 1, "first", ",\"updated\":\"2099-01-01T00:00:00Z\""));
	assert_int_equal(kit_receive(kit, &carol, first), RC_OK);
	assert_true(kit_status(kit, NOTE(CAROL, 1), &status));
	assert_true(status.edited_ms <= clock_wall_ms(&kit->clock.clock));
}

static void s005_a_sibling_cannot_change_a_post(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct peer_actor dave = kit_peer(kit, DAVE, 1);
	struct status status;
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	assert_int_equal(kit_receive(kit, &carol, kit_create(kit, CAROL, 1, "")), RC_OK);
	/* whether the payload owns up to carol or claims the post for dave */
	struct str as_carol =
		kit_activity(kit, DAVE "#u1", "Update", DAVE, UPDATED(CAROL, 1, "forged", ""));
	struct str as_dave = kit_activity(kit, DAVE "#u2", "Update", DAVE,
					  "{\"id\":\"" NOTE(CAROL, 1) "\",\"type\":\"Note\","
								      "\"attributedTo\":\"" DAVE
								      "\",\"content\":\"forged\"}");
	assert_int_equal(kit_receive(kit, &dave, as_carol), RC_DENIED);
	assert_int_equal(kit_receive(kit, &dave, as_dave), RC_DENIED);
	assert_true(kit_status(kit, NOTE(CAROL, 1), &status));
	assert_str_eq(status.content.markup, STR("<p>number 1</p>"));
}

static void s005_a_sibling_cannot_change_a_profile(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct peer_actor dave = kit_peer(kit, DAVE, 1);
	struct peer_actor forged = { .uri = CAROL, .rsa = dave.rsa };
	struct known_key known;
	struct str json = kit_actor_json(kit, &forged);
	struct str update = kit_json(kit,
				     "{\"id\":\"" DAVE "#u\",\"type\":\"Update\",\"actor\":\"" DAVE
				     "\",\"object\":%.*s}",
				     STR_ARG(json));
	assert_int_equal(kit_receive(kit, &dave, update), RC_DENIED);
	assert_true(known_key_load(kit->fed, kit->arena, STR(CAROL "#main-key"), &known));
	assert_true(key_same_public(known.key, carol.rsa));
	key_unref(&known.key);
}

static void s005_a_sibling_cannot_list_somebody_elses_key_id(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct peer_actor dave = kit_peer(kit, DAVE, 1);
	struct known_key known;
	struct buf pem = BUF_INIT(8192);
	key_add_public_pem(&pem, dave.rsa);
	struct str text = arena_take_buf(kit->arena, &pem);
	struct buf escaped = BUF_INIT(8192);
	for (size_t i = 0; i < text.len; i++)
		text.ptr[i] == '\n' ? buf_add(&escaped, STR("\\n"))
				    : buf_add_chr(&escaped, text.ptr[i]);
	struct str update =
		kit_json(kit,
			 "{\"id\":\"" DAVE "#u\",\"type\":\"Update\",\"actor\":\"" DAVE
			 "\",\"object\":{\"id\":\"" DAVE "\",\"type\":\"Person\",\"inbox\":\"" DAVE
			 "/inbox\",\"preferredUsername\":\"dave\",\"publicKey\":{\"id\":\"" CAROL
			 "#main-key\",\"owner\":\"" DAVE "\",\"publicKeyPem\":\"%.*s\"}}}",
			 STR_ARG(buf_str(&escaped)));
	buf_free(&escaped);
	assert_int_equal(kit_receive(kit, &dave, update), RC_OK);
	assert_true(known_key_load(kit->fed, kit->arena, STR(CAROL "#main-key"), &known));
	assert_int_equal(known.account, carol.id);
	assert_true(key_same_public(known.key, carol.rsa));
	key_unref(&known.key);
}

static void s018_an_update_keeps_id_and_handle(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct account account;
	struct str update =
		kit_activity(kit, CAROL "#u", "Update", CAROL,
			     "{\"id\":\"" CAROL "\",\"type\":\"Person\",\"name\":\"New\","
			     "\"preferredUsername\":\"mallory\",\"inbox\":\"" CAROL "/inbox\"}");
	struct str moved =
		kit_activity(kit, CAROL "#v", "Update", CAROL,
			     "{\"id\":\"" CAROL "\",\"type\":\"Person\","
			     "\"preferredUsername\":\"carol\",\"inbox\":\"" ERIN "/inbox\"}");
	assert_int_equal(kit_receive(kit, &carol, update), RC_OK);
	assert_int_equal(kit_receive(kit, &carol, moved), RC_INVALID);
	assert_true(kit_account(kit, carol.id, &account));
	assert_str_eq(account.display_name, STR("New"));
	assert_str_eq(account.username, STR("carol"));
	assert_str_eq(account.inbox, STR(CAROL "/inbox"));
}

/* --- Delete --- */

static void s006_only_the_owner_deletes_a_post(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct peer_actor dave = kit_peer(kit, DAVE, 1);
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	assert_int_equal(kit_receive(kit, &carol, kit_create(kit, CAROL, 1, "")), RC_OK);
	struct str forged = kit_activity(kit, DAVE "#d", "Delete", DAVE, "\"" NOTE(CAROL, 1) "\"");
	struct str genuine = kit_activity(kit, CAROL "#d", "Delete", CAROL,
					  "{\"id\":\"" NOTE(CAROL, 1) "\",\"type\":\"Tombstone\"}");
	assert_int_equal(kit_receive(kit, &dave, forged), RC_DENIED);
	assert_int_equal(kit_uri(kit, NOTE(CAROL, 1)).kind, URI_STATUS);
	assert_int_equal(kit_receive(kit, &carol, genuine), RC_OK);
	assert_int_equal(kit_uri(kit, NOTE(CAROL, 1)).kind, URI_TOMBSTONE);
}

static void s006_nothing_of_ours_and_no_sibling_can_be_deleted(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	kit_peer(kit, DAVE, 1);
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "mine");
	struct str uri = kit_post_uri(kit, post);
	struct account account;
	const char *const objects[] = { ALICE, DAVE, HOME "/actor", uri.ptr, ERIN };
	for (size_t i = 0; i < ARRAY_LEN(objects); i++) {
		struct str object = kit_json(kit, "\"%s\"", objects[i]);
		struct str json = kit_activity(kit, NULL, "Delete", CAROL, object.ptr);
		assert_int_equal(kit_receive(kit, &carol, json), RC_DENIED);
	}
	assert_true(kit_account(kit, kit->alice.id, &account));
	assert_int_equal(account.flags, kit->alice.flags);
	assert_int_equal(kit_uri(kit, uri.ptr).kind, URI_STATUS);
}

static void an_actor_deletes_itself_with_its_posts(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct account account;
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	assert_int_equal(kit_receive(kit, &carol, kit_create(kit, CAROL, 1, "")), RC_OK);
	struct str json = kit_activity(kit, CAROL "#delete", "Delete", CAROL, "\"" CAROL "\"");
	assert_int_equal(kit_receive(kit, &carol, json), RC_OK);
	assert_true(kit_account(kit, carol.id, &account));
	assert_true((account.flags & ACCOUNT_DELETED) != 0);
	assert_int_equal(kit_uri(kit, NOTE(CAROL, 1)).kind, URI_TOMBSTONE);
	assert_int_equal(kit_follow_state(kit, kit->alice.id, carol.id), FOLLOW_NONE);
	assert_int_equal(kit_receive(kit, &carol, json), RC_GONE);
	assert_int_equal(kit_receive(kit, &carol, kit_create(kit, CAROL, 2, "")), RC_GONE);
}

static void s125_a_deletion_that_comes_first_keeps_the_post_away(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	struct str gone = kit_activity(kit, CAROL "#d", "Delete", CAROL, "\"" NOTE(CAROL, 1) "\"");
	assert_int_equal(kit_receive(kit, &carol, gone), RC_OK);
	assert_int_equal(kit_receive(kit, &carol, kit_create(kit, CAROL, 1, "")), RC_EXISTS);
	assert_int_equal(kit_rows(kit, &store_status), 0);
}

static void s019_a_siblings_deletion_that_comes_first_means_nothing(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct peer_actor dave = kit_peer(kit, DAVE, 1);
	struct status status;
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	struct str forged = kit_activity(kit, DAVE "#d", "Delete", DAVE, "\"" NOTE(CAROL, 1) "\"");
	kit_receive(kit, &dave, forged);
	assert_int_equal(kit_receive(kit, &carol, kit_create(kit, CAROL, 1, "")), RC_OK);
	assert_true(kit_status(kit, NOTE(CAROL, 1), &status));
}

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
	assert_int_equal(kit_receive(kit, &dave, forged), RC_DENIED);
	assert_int_equal(kit_rows(kit, &store_block), 1);
	struct str undo = kit_activity(kit, CAROL "#u", "Undo", CAROL, "\"" CAROL "#b\"");
	assert_int_equal(kit_receive(kit, &carol, undo), RC_OK);
	assert_int_equal(kit_rows(kit, &store_block), 0);
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
			RC_DENIED);
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

/* --- what fails halfway --- */

struct tight {
	struct incoming in;
	struct ctx ctx;
};

static enum rc tight_job(struct db_txn *txn, void *arg)
{
	return incoming_write(txn, &((struct tight *)arg)->in);
}

/* The result with so much memory; RC_NO_MEMORY also when it was too little to begin. */
static enum rc receive_within(struct fedkit *kit, const struct peer_actor *signer, struct str json,
			      size_t bytes)
{
	struct tight t = { .ctx = { .arena = arena_new(bytes) } };
	must(t.ctx.arena != NULL);
	t.in = (struct incoming){
		.fed = kit->fed, .ctx = &t.ctx, .bytes = json, .signer = signer->id
	};
	enum rc rc = incoming_open(&t.in, str_of(signer->uri));
	if (rc == RC_OK)
		rc = incoming_prepare_row(&t.in);
	if (rc == RC_OK) {
		rc = db_write(kit->db, tight_job, &t.in);
		rc = rc == RC_OK ? t.in.result : rc;
	}
	incoming_close(&t.in);
	arena_free(&t.ctx.arena);
	return rc;
}

static uint64_t all_rows(struct fedkit *kit)
{
	uint64_t rows = 0;
	for (size_t i = 0; i < store_table_count; i++)
		rows += kit_rows(kit, store_tables[i]);
	return rows + kit_rows(kit, &queue_table_job);
}

static void p03_what_runs_out_of_memory_leaves_nothing_behind(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct str post = kit_post_uri(kit, kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hi"));
	struct str object = kit_json(kit, "\"%s\"", post.ptr);
	const struct str activities[] = {
		kit_create(kit, CAROL, 1, ",\"cc\":[\"" ALICE "\"]"),
		kit_activity(kit, CAROL "#f", "Follow", CAROL, "\"" ALICE "\""),
		kit_activity(kit, CAROL "#l", "Like", CAROL, object.ptr),
		kit_activity(kit, CAROL "#a", "Announce", CAROL, object.ptr),
		kit_activity(kit, CAROL "#b", "Block", CAROL, "\"" BOB "\""),
		kit_activity(kit, CAROL "#r", "Flag", CAROL, object.ptr),
	};
	for (size_t i = 0; i < ARRAY_LEN(activities); i++) {
		uint64_t before = all_rows(kit);
		unsigned failures = 0;
		enum rc rc = RC_NO_MEMORY;
		for (size_t bytes = 64; rc == RC_NO_MEMORY && bytes < 512 * 1024; bytes += 128) {
			rc = receive_within(kit, &carol, activities[i], bytes);
			if (rc == RC_OK)
				break;
			assert_int_equal(all_rows(kit), before);
			failures++;
		}
		if (rc != RC_OK)
			fail_msg("%s: %.*s", rc_name(rc), STR_ARG(activities[i]));
		assert_true(failures != 0);
		assert_true(all_rows(kit) > before);
	}
}

/* --- what is forgotten --- */

static void s060_what_was_seen_is_forgotten_after_ninety_days(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct kit_queue q = { 0 };
	struct str follow = kit_activity(kit, CAROL "#f", "Follow", CAROL, "\"" BOB "\"");
	assert_int_equal(kit_receive(kit, &carol, follow), RC_OK);
	assert_int_equal(kit_rows(kit, &store_seen), 1);
	assert_int_equal(fed_ensure_sweep(kit->fed), RC_OK);
	assert_int_equal(fed_ensure_sweep(kit->fed), RC_OK);
	assert_int_equal(kit_rows(kit, &queue_table_job), 1);
	test_clock_advance(&kit->clock, 89 * MS_PER_DAY);
	kit_queue_start(&q, kit, false);
	kit_settle(&q);
	assert_int_equal(kit_rows(kit, &store_seen), 1);
	test_clock_advance(&kit->clock, 2 * MS_PER_DAY);
	queue_wake(kit->queue);
	while (kit_rows(kit, &store_seen) != 0)
		kit_settle(&q);
	/* and comes back */
	assert_int_equal(kit_rows(kit, &queue_table_job), 1);
	queue_stop(&kit->queue, 5000);
}

/* --- blocks of hosts --- */

static void s030_a_blocked_host_may_not_be_named(void **state)
{
	static const char *const objects[] = {
		"\"https://evil.example/n/1\"",
		"\"https://sub.evil.example/n/1\"",
		"\"https://EVIL.example:443/n/1\"",
		"\"https://evil.example./n/1\"",
		"{\"id\":\"" CAROL "/n/1\",\"type\":\"Note\",\"attributedTo\":\"" CAROL
		"\",\"inReplyTo\":\"https://evil.example/n/1\"}",
		"{\"id\":\"" CAROL "/n/1\",\"type\":\"Note\",\"attributedTo\":\"" CAROL
		"\",\"tag\":[{\"type\":\"Mention\",\"href\":\"https://evil.example/u\"}]}",
	};
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	kit_policy(kit, "evil.example", PEER_BLOCKED);
	for (size_t i = 0; i < ARRAY_LEN(objects); i++) {
		struct str json = kit_activity(kit, NULL, "Create", CAROL, objects[i]);
		assert_int_equal(kit_receive(kit, &carol, json), RC_BLOCKED);
	}
	struct str fine = kit_activity(kit, NULL, "Like", CAROL, "\"https://notevil.example/n\"");
	assert_int_equal(kit_receive(kit, &carol, fine), RC_NOT_FOUND);
}

static void what_is_unknown_has_no_meaning_and_no_row(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	static const char *const types[] = { "Move", "Add", "Dislike", "View", "EmojiReact" };
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		struct str json = kit_activity(kit, NULL, types[i], CAROL, "\"" ALICE "\"");
		assert_int_equal(kit_receive(kit, &carol, json), RC_UNSUPPORTED);
	}
}

static void a_suspended_account_has_no_effect_but_may_leave(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct account account;
	assert_true(kit_account(kit, carol.id, &account));
	account.flags |= ACCOUNT_SUSPENDED;
	kit_put_account(kit, &account);
	struct str follow = kit_activity(kit, CAROL "#f1", "Follow", CAROL, "\"" ALICE "\"");
	assert_int_equal(kit_receive(kit, &carol, follow), RC_GONE);
	struct str leave = kit_activity(kit, CAROL "#delete", "Delete", CAROL, "\"" CAROL "\"");
	assert_int_equal(kit_receive(kit, &carol, leave), RC_OK);
	assert_true(kit_account(kit, carol.id, &account));
	assert_true((account.flags & ACCOUNT_DELETED) != 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, kit_setup, kit_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_complete),
		cmocka_unit_test(every_activity_with_a_meaning_has_a_row),
		T(create_stores_the_post_of_somebody_who_is_followed),
		T(create_of_somebody_nobody_follows_is_not_stored),
		T(s075_a_direct_post_is_seen_by_whom_it_addresses),
		T(s027_an_embedded_object_of_another_host_is_refused),
		T(s027_an_object_named_by_its_id_is_fetched_from_its_senders_host_only),
		T(s061_what_nobody_here_cares_for_is_not_fetched),
		T(s009_an_object_of_ours_is_refused_outright),
		T(s067_somebody_elses_create_of_a_known_post_changes_nothing),
		T(s124_the_same_create_has_one_effect),
		T(s004_the_actor_must_be_who_signed),
		T(update_takes_the_newer_content_only),
		T(s022_an_update_without_a_time_has_one_effect),
		T(s022_an_update_from_the_future_does_not_bar_later_ones),
		T(s005_a_sibling_cannot_change_a_post),
		T(s005_a_sibling_cannot_change_a_profile),
		T(s005_a_sibling_cannot_list_somebody_elses_key_id),
		T(s018_an_update_keeps_id_and_handle),
		T(s006_only_the_owner_deletes_a_post),
		T(s006_nothing_of_ours_and_no_sibling_can_be_deleted),
		T(an_actor_deletes_itself_with_its_posts),
		T(s125_a_deletion_that_comes_first_keeps_the_post_away),
		T(s019_a_siblings_deletion_that_comes_first_means_nothing),
		T(follow_is_accepted_or_left_to_who_is_locked),
		T(s008_an_accept_needs_our_follow_of_its_actor),
		T(s008_two_peers_cannot_arrange_a_follow_of_their_own),
		T(block_ends_follows_both_ways_and_undo_ends_the_block),
		T(like_counts_once_and_only_for_who_may_see_the_post),
		T(s028_a_boost_of_what_is_private_has_no_effect),
		T(s028_what_is_boosted_is_read_at_its_origin),
		T(a_boost_from_the_future_is_one_of_now),
		T(flag_is_kept_for_the_moderators),
		T(s007_only_who_did_it_takes_it_back),
		T(s125_what_was_taken_back_before_it_came_has_no_effect),
		T(s022_like_undo_like_replayed_ends_liked),
		T(p03_what_runs_out_of_memory_leaves_nothing_behind),
		T(s060_what_was_seen_is_forgotten_after_ninety_days),
		T(s030_a_blocked_host_may_not_be_named),
		T(what_is_unknown_has_no_meaning_and_no_row),
		T(a_suspended_account_has_no_effect_but_may_leave),
	};
	return cmocka_run_group_tests_name("incoming", tests, NULL, NULL);
}
