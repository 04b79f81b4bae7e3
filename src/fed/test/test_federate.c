/* Who hears of an act: each inbox once, also when the process dies between two steps. */
#include "fedqueue.h"

#include <stdio.h>
#include <stdlib.h>

#include "ap/proof.h"
#include "store/graph.h"
#include "store/tables.h"

#define PEER_SHARED "https://peer.example/inbox"
#define OTHER_SHARED "https://other.example/inbox"

static struct kit_queue *queue_new(struct fedkit *kit)
{
	struct kit_queue *q = calloc(1, sizeof(*q));
	must(q != NULL);
	kit_queue_start(q, kit, false);
	return q;
}

static void queue_end(struct kit_queue **q)
{
	kit_drain(*q, 0);
	queue_stop(&(*q)->kit->queue, 5000);
	/* what is delivered is kept no longer */
	assert_int_equal(kit_rows((*q)->kit, &queue_table_body), 0);
	assert_int_equal(kit_rows((*q)->kit, &queue_table_dead), 0);
	free(*q);
	*q = NULL;
}

static void followers_of_one_host_hear_by_its_shared_inbox(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0), dave = kit_peer(kit, DAVE, 1),
			  erin = kit_peer(kit, ERIN, 2);
	kit_follow(kit, carol.id, kit->alice.id, FOLLOW_ACCEPTED, CAROL "#f");
	kit_follow(kit, dave.id, kit->alice.id, FOLLOW_ACCEPTED, DAVE "#f");
	kit_follow(kit, erin.id, kit->alice.id, FOLLOW_ACCEPTED, ERIN "#f");
	struct kit_queue *q = queue_new(kit);
	kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hi @erin@other.example");
	kit_drain(q, 0);
	assert_int_equal(q->count, 2);
	assert_int_equal(kit_sent_to(q, PEER_SHARED), 1);
	assert_int_equal(kit_sent_to(q, OTHER_SHARED), 1);
	/* one body for all, in the order of its author, in a lane of the host */
	assert_str_eq(q->sent[0].body, q->sent[1].body);
	assert_int_equal(q->sent[0].order, kit->alice.id);
	assert_int_equal(q->sent[0].group, q->sent[1].group);
	assert_true(str_eq(q->sent[0].lane, STR("peer.example")) ||
		    str_eq(q->sent[0].lane, STR("other.example")));
	queue_end(&q);
}

static void s069_a_follow_that_waits_hears_nothing(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	kit_follow(kit, carol.id, kit->alice.id, FOLLOW_PENDING, CAROL "#f");
	struct kit_queue *q = queue_new(kit);
	kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hi");
	kit_post(kit, &kit->alice, VISIBILITY_FOLLOWERS, "hush");
	kit_drain(q, 0);
	assert_int_equal(q->count, 0);
	queue_end(&q);
}

static void s072_a_follower_that_is_suspended_hears_nothing(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0), erin = kit_peer(kit, ERIN, 1);
	struct account account;
	kit_follow(kit, carol.id, kit->alice.id, FOLLOW_ACCEPTED, CAROL "#f");
	kit_follow(kit, erin.id, kit->alice.id, FOLLOW_ACCEPTED, ERIN "#f");
	assert_true(kit_account(kit, carol.id, &account));
	account.flags |= ACCOUNT_SUSPENDED;
	kit_put_account(kit, &account);
	struct kit_queue *q = queue_new(kit);
	kit_post(kit, &kit->alice, VISIBILITY_FOLLOWERS, "hush @carol@peer.example");
	kit_drain(q, 0);
	assert_int_equal(q->count, 1);
	assert_int_equal(kit_sent_to(q, OTHER_SHARED), 1);
	queue_end(&q);
}

static void s075_a_direct_post_goes_to_personal_inboxes_only(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0), dave = kit_peer(kit, DAVE, 1);
	kit_follow(kit, dave.id, kit->alice.id, FOLLOW_ACCEPTED, DAVE "#f");
	kit_follow(kit, carol.id, kit->alice.id, FOLLOW_ACCEPTED, CAROL "#f");
	struct kit_queue *q = queue_new(kit);
	kit_post(kit, &kit->alice, VISIBILITY_DIRECT, "psst @carol@peer.example");
	kit_drain(q, 0);
	assert_int_equal(q->count, 1);
	assert_int_equal(kit_sent_to(q, CAROL "/inbox"), 1);
	queue_end(&q);
}

static void what_is_local_goes_nowhere(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	kit_follow(kit, carol.id, kit->alice.id, FOLLOW_ACCEPTED, CAROL "#f");
	struct kit_queue *q = queue_new(kit);
	kit_post(kit, &kit->alice, VISIBILITY_LOCAL, "hi @carol@peer.example");
	kit_drain(q, 0);
	assert_int_equal(q->count, 0);
	queue_end(&q);
}

static void a_blocked_host_is_left_out(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0), erin = kit_peer(kit, ERIN, 1);
	kit_follow(kit, carol.id, kit->alice.id, FOLLOW_ACCEPTED, CAROL "#f");
	kit_follow(kit, erin.id, kit->alice.id, FOLLOW_ACCEPTED, ERIN "#f");
	kit_policy(kit, "peer.example", PEER_BLOCKED);
	struct kit_queue *q = queue_new(kit);
	kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hi @carol@peer.example");
	kit_drain(q, 0);
	assert_int_equal(q->count, 1);
	assert_int_equal(kit_sent_to(q, OTHER_SHARED), 1);
	queue_end(&q);
}

static void a_follow_goes_to_whom_it_follows_and_its_accept_back(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct kit_queue *q = queue_new(kit);
	struct str follow = kit_activity(kit, CAROL "#f1", "Follow", CAROL, "\"" ALICE "\"");
	assert_int_equal(kit_receive(kit, &carol, follow), RC_OK);
	queue_wake(kit->queue);
	kit_drain(q, 0);
	assert_int_equal(q->count, 1);
	assert_int_equal(kit_sent_to(q, CAROL "/inbox"), 1);
	assert_true(str_contains(q->sent[0].body, STR("\"type\":\"Accept\"")));
	assert_true(str_contains(q->sent[0].body, STR("\"id\":\"" CAROL "#f1\"")));
	queue_end(&q);
}

static void what_was_deleted_at_once_needs_no_word_but_the_deletion(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	kit_follow(kit, carol.id, kit->alice.id, FOLLOW_ACCEPTED, CAROL "#f");
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "oops");
	kit_erase(kit, &kit->alice, post);
	struct kit_queue *q = queue_new(kit);
	kit_drain(q, 0);
	assert_int_equal(q->count, 1);
	assert_true(str_contains(q->sent[0].body, STR("\"type\":\"Delete\"")));
	queue_end(&q);
}

/* --- proofs --- */

/* A key of the account in use, and its id. */
static struct key *public_key(struct fedkit *kit, const struct account *a, struct str *id)
{
	struct account_secrets secrets;
	struct key *key = NULL;
	struct db_txn *txn;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	assert_true(account_secrets_get(txn, kit->arena, a->id, &secrets));
	db_read_end(&txn);
	for (unsigned i = 0; i < secrets.key_count && key == NULL; i++) {
		if (secrets.keys[i].kind != KEY_ED25519)
			continue;
		assert_int_equal(key_from_public(secrets.keys[i].public_der, &key), RC_OK);
		*id = arena_printf(kit->arena, "%.*s#%.*s", STR_ARG(a->uri),
				   STR_ARG(secrets.keys[i].name));
	}
	assert_non_null(key);
	return key;
}

static void is_proved(struct fedkit *kit, struct str body)
{
	struct ctx ctx = { .arena = kit->arena };
	const struct ap_reader reader = { &ctx, kit->site.iri_flags };
	struct ap_proof proof;
	struct jr_doc *doc;
	struct str id;
	struct key *key = public_key(kit, &kit->alice, &id);
	assert_int_equal(jr_parse(&ctx, body, &jr_limits_peer, &doc), RC_OK);
	struct jr root = jr_root(doc);
	assert_int_equal(ap_proof_decode(&reader, jr_get(root, "proof"), &proof), RC_OK);
	assert_str_eq(proof.method, id);
	assert_true(ap_proof_verify(kit->arena, root, &proof, key));
	jr_free(&doc);
	key_unref(&key);
}

/* FEP-8b32; made once, however many get it. */
static void every_activity_carries_its_authors_proof(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0), erin = kit_peer(kit, ERIN, 1);
	kit_follow(kit, erin.id, kit->alice.id, FOLLOW_ACCEPTED, ERIN "#f");
	struct kit_queue *q = queue_new(kit);
	assert_int_equal(
		kit_receive(kit, &carol,
			    kit_activity(kit, CAROL "#f1", "Follow", CAROL, "\"" ALICE "\"")),
		RC_OK);
	uint64_t post =
		kit_post(kit, &kit->alice, VISIBILITY_FOLLOWERS, "h\xc3\xa9 @carol@peer.example");
	queue_wake(kit->queue);
	kit_drain(q, 0);
	kit_erase(kit, &kit->alice, post);
	queue_wake(kit->queue);
	kit_drain(q, 0);
	assert_int_equal(q->count, 5); /* an Accept, and two twice */
	for (size_t i = 0; i < q->count; i++)
		is_proved(kit, q->sent[i].body);
	queue_end(&q);
}

static enum rc forget_ed25519(struct db_txn *txn, void *arg)
{
	struct fedkit *kit = arg;
	struct account_secrets secrets, left;
	must(account_secrets_get(txn, kit->arena, kit->alice.id, &secrets));
	left = secrets;
	left.key_count = 0;
	for (unsigned i = 0; i < secrets.key_count; i++) {
		if (secrets.keys[i].kind == KEY_RSA)
			left.keys[left.key_count++] = secrets.keys[i];
	}
	account_secrets_put(txn, kit->alice.id, &left);
	return db_txn_rc(txn);
}

static void who_has_no_key_for_it_speaks_without(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	kit_follow(kit, carol.id, kit->alice.id, FOLLOW_ACCEPTED, CAROL "#f");
	kit_write(kit, forget_ed25519, kit);
	fed_reload(kit->fed);
	struct kit_queue *q = queue_new(kit);
	kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hello");
	kit_drain(q, 0);
	assert_int_equal(q->count, 1);
	assert_false(str_contains(q->sent[0].body, STR("\"proof\"")));
	queue_end(&q);
}

/* --- many --- */

#define MANY 2300

static enum rc crowd_job(struct db_txn *txn, void *arg)
{
	struct fedkit *kit = arg;
	for (int i = 0; i < MANY; i++) {
		struct str base = arena_printf(kit->arena, "https://h%d.example", i);
		struct account a = { .username = STR("u"),
				     .domain = str_skip(base, 8),
				     .uri = arena_join(kit->arena, base, STR("/u")),
				     .url = STR(""),
				     .inbox = arena_join(kit->arena, base, STR("/inbox")),
				     .shared_inbox = STR(""),
				     .outbox = STR(""),
				     .followers = STR(""),
				     .following = STR(""),
				     .display_name = STR(""),
				     .note = { STR("") },
				     .avatar = STR(""),
				     .header = STR(""),
				     .moved_to = STR("") };
		if (!account_add(txn, kit->arena, &a))
			return RC_CONFLICT;
		follow_put(txn, &a, &kit->alice, FOLLOW_ACCEPTED,
			   arena_join(kit->arena, a.uri, STR("#f")));
	}
	return db_txn_rc(txn);
}

static int compare(const void *a, const void *b)
{
	return str_cmp(((const struct sent *)a)->inbox, ((const struct sent *)b)->inbox);
}

static void assert_each_once(struct kit_queue *q, size_t count)
{
	assert_int_equal(q->count, count);
	qsort(q->sent, q->count, sizeof(q->sent[0]), compare);
	for (size_t i = 1; i < q->count; i++)
		assert_false(str_eq(q->sent[i - 1].inbox, q->sent[i].inbox));
}

static void a_large_audience_is_expanded_in_steps(void **state)
{
	struct fedkit *kit = *state;
	kit_write(kit, crowd_job, kit);
	struct kit_queue *q = queue_new(kit);
	kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hi");
	kit_drain(q, 0);
	assert_each_once(q, MANY);
	assert_int_equal(q->steps, 3);
	queue_end(&q);
}

static void s119_a_crash_between_two_steps_loses_and_repeats_nothing(void **state)
{
	struct fedkit *kit = *state;
	kit_write(kit, crowd_job, kit);
	struct kit_queue *q = calloc(1, sizeof(*q));
	must(q != NULL);
	q->federate_steps = 1;
	kit_queue_start(q, kit, false);
	kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hi");
	queue_wake(kit->queue);
	kit_queue_die(q);
	kit_queue_start(q, kit, false);
	kit_drain(q, 0);
	/* deliveries may be repeated by a crash, and none was under way; no inbox is expanded
	 * twice */
	assert_each_once(q, MANY);
	queue_end(&q);
}

static void who_leaves_is_a_shell_when_everybody_has_heard(void **state)
{
	struct fedkit *kit = *state;
	struct account alice;
	kit_write(kit, crowd_job, kit);
	struct kit_queue *q = queue_new(kit);
	kit_leave(kit, &kit->alice);
	queue_wake(kit->queue);
	kit_drain(q, 0);
	assert_each_once(q, MANY);
	assert_true(str_contains(q->sent[0].body, STR("\"type\":\"Delete\"")));
	assert_true(kit_account(kit, kit->alice.id, &alice));
	assert_true((alice.flags & ACCOUNT_DELETED) != 0);
	assert_int_equal(kit_rows(kit, &store_follow), 0);
	queue_end(&q);
}

#define T(name) cmocka_unit_test_setup_teardown(name, kit_setup, kit_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(followers_of_one_host_hear_by_its_shared_inbox),
		T(s069_a_follow_that_waits_hears_nothing),
		T(s072_a_follower_that_is_suspended_hears_nothing),
		T(s075_a_direct_post_goes_to_personal_inboxes_only),
		T(what_is_local_goes_nowhere),
		T(a_blocked_host_is_left_out),
		T(a_follow_goes_to_whom_it_follows_and_its_accept_back),
		T(what_was_deleted_at_once_needs_no_word_but_the_deletion),
		T(every_activity_carries_its_authors_proof),
		T(who_has_no_key_for_it_speaks_without),
		T(a_large_audience_is_expanded_in_steps),
		T(s119_a_crash_between_two_steps_loses_and_repeats_nothing),
		T(who_leaves_is_a_shell_when_everybody_has_heard),
	};
	return cmocka_run_group_tests_name("federate", tests, NULL, NULL);
}
