/* Posts that come in: created, changed, deleted, by who may and by who may not. */
#include "fedkit.h"

#include "social/see.h"
#include "store/graph.h"
#include "store/tables.h"

#define NOTE(actor, n) actor "/notes/" #n

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

#define QUOTABLE_BY(who) ",\"interactionPolicy\":{\"canQuote\":{\"automaticApproval\":\"" who "\"}}"

static void an_update_of_who_may_do_what_is_no_edit(void **state)
{
	static const char at[] = ",\"updated\":\"2026-03-01T00:00:00Z\"";
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct status status;
	uint64_t edited_ms;
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	assert_int_equal(kit_receive(kit, &carol, kit_create(kit, CAROL, 1, "")), RC_OK);
	/* without a time, as Mastodon sends it of a post that was never edited */
	struct str none = kit_activity(kit, CAROL "#u1", "Update", CAROL,
				       UPDATED(CAROL, 1, "<p>number 1</p>", QUOTABLE_BY(CAROL)));
	assert_int_equal(kit_receive(kit, &carol, none), RC_OK);
	assert_true(kit_status(kit, NOTE(CAROL, 1), &status));
	assert_int_equal(status.edited_ms, 0);
	assert_int_equal(status.policy.count, 1);
	assert_str_eq(status.policy.entries[0].uri, STR(CAROL));
	/* with the time of the last edit */
	struct str edit = kit_json(kit, UPDATED(CAROL, 1, "second", QUOTABLE_BY(CAROL) "%s"), at);
	edit = kit_activity(kit, CAROL "#u2", "Update", CAROL, edit.ptr);
	assert_int_equal(kit_receive(kit, &carol, edit), RC_OK);
	assert_true(kit_status(kit, NOTE(CAROL, 1), &status));
	edited_ms = status.edited_ms;
	assert_true(edited_ms != 0);
	struct str all =
		kit_json(kit, UPDATED(CAROL, 1, "second", QUOTABLE_BY(AP_PUBLIC) "%s"), at);
	all = kit_activity(kit, CAROL "#u3", "Update", CAROL, all.ptr);
	assert_int_equal(kit_receive(kit, &carol, all), RC_OK);
	assert_int_equal(kit_receive(kit, &carol, all), RC_EXISTS);
	assert_true(kit_status(kit, NOTE(CAROL, 1), &status));
	assert_int_equal(status.edited_ms, edited_ms);
	assert_int_equal(status.policy.count, 1);
	assert_int_equal(status.policy.entries[0].uri.len, 0);
	/* other words at the same time are none */
	struct str other = kit_json(kit, UPDATED(CAROL, 1, "third", QUOTABLE_BY(CAROL) "%s"), at);
	other = kit_activity(kit, CAROL "#u4", "Update", CAROL, other.ptr);
	assert_int_equal(kit_receive(kit, &carol, other), RC_EXISTS);
	assert_true(kit_status(kit, NOTE(CAROL, 1), &status));
	assert_str_eq(status.content.markup, STR("second"));
	assert_int_equal(status.policy.entries[0].uri.len, 0);
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

/* --- what a sibling on the same host has said before --- */

static void s019_a_sibling_cannot_spoil_an_id_by_naming_it_first(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct peer_actor dave = kit_peer(kit, DAVE, 1);
	struct status stored;
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	struct str post = kit_post_uri(kit, kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hi"));
	struct str object = kit_json(kit, "\"%s\"", post.ptr);
	/* as the id of a like, a block, of something deleted and of something undone */
	assert_int_equal(kit_receive(kit, &dave,
				     kit_activity(kit, NOTE(CAROL, 1), "Like", DAVE, object.ptr)),
			 RC_OK);
	assert_int_equal(
		kit_receive(kit, &dave,
			    kit_activity(kit, NOTE(CAROL, 2), "Block", DAVE, "\"" BOB "\"")),
		RC_OK);
	assert_int_equal(
		kit_receive(kit, &dave,
			    kit_activity(kit, NULL, "Delete", DAVE, "\"" NOTE(CAROL, 3) "\"")),
		RC_OK);
	for (unsigned n = 1; n <= 3; n++) {
		struct str id = kit_json(kit, CAROL "/notes/%u", n);
		assert_int_equal(kit_receive(kit, &carol, kit_create(kit, CAROL, n, "")), RC_OK);
		assert_true(kit_status(kit, id.ptr, &stored));
		assert_int_equal(stored.account, carol.id);
	}
	/* the like is there all the same, and can be taken back */
	assert_int_equal(kit_rows(kit, &store_like), 1);
	struct str like = kit_activity(kit, NOTE(CAROL, 1), "Like", DAVE, object.ptr);
	assert_int_equal(kit_receive(kit, &dave, kit_activity(kit, NULL, "Undo", DAVE, like.ptr)),
			 RC_OK);
	assert_int_equal(kit_rows(kit, &store_like), 0);
	assert_true(kit_status(kit, NOTE(CAROL, 1), &stored));
	/* S-125: her own word about an id counts, whoever spoke first */
	assert_int_equal(
		kit_receive(kit, &dave,
			    kit_activity(kit, NULL, "Delete", DAVE, "\"" NOTE(CAROL, 4) "\"")),
		RC_OK);
	assert_int_equal(
		kit_receive(kit, &carol,
			    kit_activity(kit, NULL, "Delete", CAROL, "\"" NOTE(CAROL, 4) "\"")),
		RC_OK);
	assert_int_equal(kit_receive(kit, &carol, kit_create(kit, CAROL, 4, "")), RC_EXISTS);
}

#define T(name) cmocka_unit_test_setup_teardown(name, kit_setup, kit_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(create_stores_the_post_of_somebody_who_is_followed),
		T(create_of_somebody_nobody_follows_is_not_stored),
		T(s075_a_direct_post_is_seen_by_whom_it_addresses),
		T(s027_an_embedded_object_of_another_host_is_refused),
		T(s027_an_object_named_by_its_id_is_fetched_from_its_senders_host_only),
		T(s061_what_nobody_here_cares_for_is_not_fetched),
		T(s009_an_object_of_ours_is_refused_outright),
		T(s067_somebody_elses_create_of_a_known_post_changes_nothing),
		T(s124_the_same_create_has_one_effect),
		T(update_takes_the_newer_content_only),
		T(s022_an_update_without_a_time_has_one_effect),
		T(an_update_of_who_may_do_what_is_no_edit),
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
		T(s019_a_sibling_cannot_spoil_an_id_by_naming_it_first),
	};
	return cmocka_run_group_tests_name("incoming-posts", tests, NULL, NULL);
}
