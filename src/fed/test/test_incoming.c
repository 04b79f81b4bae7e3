/* The table of activities, and what is asked of every one of them. */
#include "fedqueue.h"

#include "store/graph.h"
#include "store/tables.h"

#define NOTE(actor, n) actor "/notes/" #n

/* --- the table itself --- */

static void every_row_is_complete(void **state UNUSED)
{
	for (size_t i = 0; i < activity_table_count; i++) {
		const struct activity_row *row = &activity_table[i];
		assert_true(row->type > AP_OTHER && row->type < AP_ACTIVITY_COUNT);
		assert_true(row->rule <= RULE_ORGANIZER);
		assert_non_null(row->apply);
		assert_true(row->what != NULL && strlen(row->what) > 8);
		/* what decides by the inner activity has to read it first */
		if (row->rule == RULE_FOLLOWEE || row->rule == RULE_OWN_ACTIVITY)
			assert_true(row->prepare == prepare_inner ||
				    row->prepare == prepare_undo_reaction);
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
	/* with the job of communities, which comes back, too */
	assert_int_equal(kit_rows(kit, &queue_table_job), 2);
	test_clock_advance(&kit->clock, 89 * MS_PER_DAY);
	kit_queue_start(&q, kit, false);
	kit_settle(&q);
	assert_int_equal(kit_rows(kit, &store_seen), 1);
	/* its next time is counted from the end of this one, whenever that comes */
	while (kit_rows(kit, &store_seen) != 0) {
		test_clock_advance(&kit->clock, MS_PER_DAY);
		kit_settle(&q);
	}
	/* and comes back */
	assert_int_equal(kit_rows(kit, &queue_table_job), 2);
	queue_stop(&kit->queue, 5000);
}

static void s078_likes_and_keys_of_a_deleted_account_are_swept(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct peer_actor dave = kit_peer(kit, DAVE, 1);
	struct kit_queue q = { 0 };
	struct str uri = kit_post_uri(kit, kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hi"));
	struct str post = kit_json(kit, "\"%s\"", uri.ptr);
	assert_int_equal(
		kit_receive(kit, &carol, kit_activity(kit, CAROL "#l", "Like", CAROL, post.ptr)),
		RC_OK);
	assert_int_equal(
		kit_receive(kit, &dave, kit_activity(kit, DAVE "#l", "Like", DAVE, post.ptr)),
		RC_OK);
	assert_int_equal(
		kit_receive(kit, &carol,
			    kit_activity(kit, CAROL "#d", "Delete", CAROL, "\"" CAROL "\"")),
		RC_OK);
	uint64_t keys = kit_rows(kit, &store_key);
	assert_int_equal(fed_ensure_sweep(kit->fed), RC_OK);
	kit_queue_start(&q, kit, false);
	while (kit_rows(kit, &store_like) != 1)
		kit_settle(&q);
	assert_int_equal(kit_uri(kit, CAROL "#l").kind, URI_NONE);
	assert_int_equal(kit_uri(kit, DAVE "#l").kind, URI_LIKE);
	assert_int_equal(kit_rows(kit, &store_key), keys / 2);
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
	static const char *const types[] = { "View", "Read", "Listen", "Travel" };
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
		T(s004_the_actor_must_be_who_signed),
		T(p03_what_runs_out_of_memory_leaves_nothing_behind),
		T(s060_what_was_seen_is_forgotten_after_ninety_days),
		T(s078_likes_and_keys_of_a_deleted_account_are_swept),
		T(s030_a_blocked_host_may_not_be_named),
		T(what_is_unknown_has_no_meaning_and_no_row),
		T(a_suspended_account_has_no_effect_but_may_leave),
	};
	return cmocka_run_group_tests_name("incoming", tests, NULL, NULL);
}
