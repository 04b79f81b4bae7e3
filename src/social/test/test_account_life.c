/* Local accounts from their making to their end. */
#include "crypt/key.h"
#include "deed.h"
#include "social/account.h"
#include "social/community_keep.h"
#include "social/see.h"
#include "store/node.h"
#include "store/tables.h"
#include "store/uri.h"

struct making {
	struct new_account wish;
	struct account_secrets secrets;
	struct account made;
};

static enum rc create(struct social *s, void *arg)
{
	struct making *m = arg;
	return account_create(s, &m->wish, &m->secrets, &m->made);
}

static enum rc make(struct test_store *t, const char *username, const char *note,
		    struct account *out)
{
	struct making m = { .wish = { .username = str_of(username),
				      .display_name = STR("Name"),
				      .note = str_of(note),
				      .password_hash = STR("hash"),
				      .email = STR("a@example.org") } };
	enum rc rc = test_store_try(t, create, &m);
	if (out != NULL)
		*out = m.made;
	return rc;
}

static struct node_totals totals(struct test_store *t)
{
	struct db_txn *txn = test_store_read(t);
	struct node_totals n = node_totals(txn);
	db_read_end(&txn);
	return n;
}

static bool secrets_of(struct test_store *t, uint64_t id, struct account_secrets *out)
{
	struct db_txn *txn = test_store_read(t);
	bool found = account_secrets_get(txn, t->d.arena, id, out);
	db_read_end(&txn);
	return found;
}

static void an_account_is_made_with_its_addresses(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	struct account_secrets secrets;
	struct account a;
	test_store_init(&t);
	assert_int_equal(make(&t, "alice", "I am <b> #here", &a), RC_OK);
	assert_str_eq(a.uri, STR("https://social.example.org/users/alice"));
	assert_str_eq(a.url, STR("https://social.example.org/@alice"));
	assert_str_eq(a.inbox, STR("https://social.example.org/users/alice/inbox"));
	assert_str_eq(a.followers, STR("https://social.example.org/users/alice/followers"));
	assert_str_eq(a.shared_inbox, STR("https://social.example.org/inbox"));
	assert_true(account_is_local(&a));
	assert_true(str_contains(a.note.markup, STR("&lt;b&gt;")));
	assert_true(secrets_of(&t, a.id, &secrets));
	assert_str_eq(secrets.password_hash, STR("hash"));
	assert_int_equal(totals(&t).accounts, 1);
	deed_told_nobody(&t);
	assert_int_equal(make(&t, "alice", "", NULL), RC_EXISTS);
	assert_int_equal(totals(&t).accounts, 1);
	test_store_check(&t);
}

static void names_that_are_not_allowed(void **state UNUSED)
{
	static const char *const names[] = {
		"", "Alice", "a b", "a.b", "a@b", "ä", "../x", "a234567890123456789012345678901"
	};
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		assert_int_equal(make(&t, names[i], "", NULL), RC_INVALID);
	assert_int_equal(make(&t, "a23456789012345678901234567890", "", NULL), RC_OK);
	assert_int_equal(make(&t, "bob", "\xff", NULL), RC_INVALID);
	assert_int_equal(totals(&t).accounts, 1);
}

static enum rc create_instance(struct social *s, void *arg)
{
	struct making *m = arg;
	return account_create_instance(s, &m->secrets, &m->made);
}

static void the_nodes_own_actor_is_made_once_whatever_its_domain(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	struct making m = { .secrets = { .password_hash = STR("") } };
	char domain[200];
	test_store_init(&t);
	assert_int_equal(test_store_try(&t, create_instance, &m), RC_EXISTS);
	memset(domain, 'a', sizeof(domain));
	memcpy(domain + 60, ".example", 8);
	t.site.domain = str_n(domain, sizeof(domain));
	t.site.base = STR("https://long.example");
	assert_int_equal(test_store_try(&t, create_instance, &m), RC_OK);
	assert_str_eq(m.made.username, STR("node"));
	assert_str_eq(m.made.uri, STR("https://long.example/actor"));
	assert_int_equal(totals(&t).accounts, 0);
	test_store_check(&t);
}

static void a_changed_profile_is_told_each_time(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	alice.display_name = STR("Alice A.");
	assert_int_equal(deed_on_status(&t, DO_CHANGE, &alice, 0), RC_OK);
	struct federate first = deed_told(&t, FEDERATE_ACTOR);
	assert_int_equal(first.actor, alice.id);
	assert_str_eq(first.object, alice.uri);
	/* in the same millisecond, and yet another activity */
	assert_int_equal(deed_on_status(&t, DO_CHANGE, &alice, 0), RC_OK);
	struct federate second = deed_told(&t, FEDERATE_ACTOR);
	assert_false(str_eq(first.uri, second.uri));
	assert_str_eq(test_store_account(&t, alice.id).display_name, STR("Alice A."));
	assert_int_equal(test_store_account(&t, alice.id).updated_ms, TEST_DB_WALL_MS);
}

/* --- keys --- */

static void make_keys(struct test_store *t, const struct seal_key *seal, struct str uri,
		      struct account_secrets *out)
{
	struct ctx ctx = { .arena = t->d.arena };
	assert_int_equal(account_keys_make(&ctx, seal, uri, t->d.clock.wall_ms, out), RC_OK);
}

struct rotating {
	uint64_t account;
	struct account_secrets fresh;
	uint64_t overlap_ms;
};

static enum rc rotate(struct social *s, void *arg)
{
	struct rotating *r = arg;
	struct account account;
	if (!account_get(s->txn, s->ctx->arena, r->account, &account))
		return RC_NOT_FOUND;
	return account_rotate_keys(s, &account, &r->fresh, r->overlap_ms);
}

static void stored_keys_open_with_the_seal_and_for_their_owner_only(void **state UNUSED)
{
	static const struct seal_key seal = { { 1 } }, other = { { 2 } };
	struct test_store t CLEANUP(test_store_free);
	struct str uri = STR("https://social.example.org/users/alice");
	struct account_secrets secrets;
	struct key *key = NULL;
	test_store_init(&t);
	make_keys(&t, &seal, uri, &secrets);
	assert_int_equal(secrets.key_count, 2);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(account_key_open(&seal, uri, &secrets.keys[i], &key), RC_OK);
		assert_true(key_is_private(key));
		assert_int_equal(key_kind(key), secrets.keys[i].kind);
		struct buf public_der CLEANUP(buf_free) = BUF_INIT(8192);
		key_add_public(&public_der, key);
		assert_str_eq(buf_str(&public_der), secrets.keys[i].public_der);
		key_unref(&key);
		assert_int_equal(account_key_open(&other, uri, &secrets.keys[i], &key), RC_CORRUPT);
		assert_int_equal(account_key_open(&seal,
						  STR("https://social.example.org/users/eve"),
						  &secrets.keys[i], &key),
				 RC_CORRUPT);
	}
}

static void rotated_keys_overlap_and_then_go(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	struct account_secrets now;
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct rotating r = { .account = alice.id, .overlap_ms = 1000 };
	for (unsigned i = 0; i < 5; i++) {
		r.fresh = (struct account_secrets){ .key_count = 2 };
		r.fresh.keys[0].name = arena_printf(t.d.arena, "main-key-%u", i);
		r.fresh.keys[1].name = arena_printf(t.d.arena, "ed25519-key-%u", i);
		test_store_write(&t, rotate, &r);
		deed_told(&t, FEDERATE_ACTOR);
	}
	/* the newest first; what passes the maximum is the oldest */
	assert_true(secrets_of(&t, alice.id, &now));
	assert_int_equal(now.key_count, LOCAL_KEYS_MAX);
	assert_str_eq(now.keys[0].name, STR("main-key-4"));
	assert_int_equal(now.keys[0].retired_ms, 0);
	assert_str_eq(now.keys[2].name, STR("main-key-3"));
	assert_int_equal(now.keys[2].retired_ms, TEST_DB_WALL_MS + 1000);
	test_clock_advance(&t.d.clock, 1000);
	test_store_write(&t, rotate, &r);
	assert_true(secrets_of(&t, alice.id, &now));
	assert_int_equal(now.key_count, 4);
	r.overlap_ms = 0;
	test_store_write(&t, rotate, &r);
	assert_true(secrets_of(&t, alice.id, &now));
	for (unsigned i = 2; i < now.key_count; i++)
		assert_true(now.keys[i].retired_ms > t.d.clock.wall_ms);
	r.account = 4711;
	assert_int_equal(test_store_try(&t, rotate, &r), RC_NOT_FOUND);
}

/* --- suspension and end --- */

static void s072_the_suspended_vanish_and_come_back(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	assert_int_equal(deed_on_status(&t, DO_SUSPEND, &alice, 0), RC_OK);
	deed_told(&t, FEDERATE_ACTOR);
	assert_true(account_is_gone(
		&(struct account){ .flags = test_store_account(&t, alice.id).flags }));
	assert_int_equal(deed_on_status(&t, DO_UNSUSPEND, &alice, 0), RC_OK);
	deed_told(&t, FEDERATE_ACTOR);
	assert_int_equal(test_store_account(&t, alice.id).flags, alice.flags);
	assert_int_equal(deed_on_status(&t, DO_SUSPEND, &bob, 0), RC_OK);
	deed_told_nobody(&t);
	assert_int_equal(test_store_account(&t, bob.id).flags, ACCOUNT_SUSPENDED);
}

/* Calls until it is done; how many steps were needed. */
static unsigned remove_in_steps(struct test_store *t, enum verb verb, const struct account *a)
{
	unsigned steps = 1;
	enum rc rc;
	while ((rc = deed_on_status(t, verb, a, 0)) == RC_BUSY) {
		assert_true(account_is_gone(&(struct account){
				    .flags = test_store_account(t, a->id).flags }) ||
			    verb == DO_REMOVE_FINISH);
		assert_true(++steps < 100);
	}
	assert_int_equal(rc, RC_OK);
	return steps;
}

static void a_small_account_is_deleted_in_one_step(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	struct account_secrets secrets;
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), carol = test_store_local(&t, "carol");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	test_store_follow(&t, &bob, &alice);
	test_store_follow(&t, &alice, &carol);
	struct account eve = test_store_remote(&t, "eve", "e.example");
	struct account far = test_store_remote(&t, "far", "f.example");
	test_store_follow(&t, &alice, &far);
	assert_int_equal(deed_on_account(&t, DO_BLOCK, &alice, &eve), RC_OK);
	struct status post = test_store_post(&t, &alice, VISIBILITY_PUBLIC, "x", NULL);
	test_store_reply(&t, &carol, &post, "reply");
	assert_int_equal(deed_on_status(&t, DO_BOOST, &carol, post.id), RC_OK);
	assert_int_equal(deed_on_status(&t, DO_LIKE, &bob, post.id), RC_OK);
	test_store_forget_jobs(&t);
	assert_int_equal(remove_in_steps(&t, DO_REMOVE, &alice), 1);
	/* the peers hear of it while the followers are still known */
	struct federate f = deed_told(&t, FEDERATE_ACTOR_DELETE);
	assert_int_equal(f.actor, alice.id);
	assert_int_equal(deed_follow_state(&t, &bob, &alice), FOLLOW_ACCEPTED);
	/* and so do those whom she followed */
	assert_int_equal(f.extra_count, 1);
	assert_int_equal(f.extra[0], far.id);
	assert_true(secrets_of(&t, alice.id, &secrets));
	assert_int_equal(secrets.password_hash.len + secrets.email.len, 0);
	assert_int_equal(totals(&t).accounts, 1);
	assert_int_equal(totals(&t).statuses, 1);
	/* the boost by carol is gone with the post; her reply is not */
	assert_int_equal(deed_account_counts(&t, &carol).statuses, 1);
	test_store_check(&t);
	assert_int_equal(deed_on_status(&t, DO_REMOVE, &alice, 0), RC_GONE);
	assert_int_equal(remove_in_steps(&t, DO_REMOVE_FINISH, &alice), 1);
	assert_int_equal(test_store_rows(&t, &store_follow), 0);
	assert_int_equal(test_store_rows(&t, &store_block), 0);
	assert_int_equal(test_store_rows(&t, &store_audience), 0);
	struct account shell = test_store_account(&t, alice.id);
	assert_int_equal(shell.flags, ACCOUNT_LOCAL | ACCOUNT_DELETED);
	assert_int_equal(shell.display_name.len, 0);
	assert_int_equal(make(&t, "alice", "", NULL), RC_EXISTS);
	assert_int_equal(deed_on_status(&t, DO_REMOVE, &alice, 0), RC_GONE);
	test_store_check(&t);
}

static void a_large_account_is_deleted_step_by_step(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account bob = test_store_remote(&t, "bob", "b.example");
	struct account mate = test_store_remote(&t, "mate", "b.example");
	for (int i = 0; i < 410; i++)
		test_db_status(&t.d, &bob, 0, 0);
	for (int i = 0; i < 5; i++) {
		char name[] = { 'f', (char)('0' + i), '\0' };
		struct account follower = test_store_local(&t, name);
		test_store_follow(&t, &follower, &bob);
		test_store_follow(&t, &bob, &follower);
		test_store_follow(&t, &mate, &follower);
	}
	assert_int_equal(remove_in_steps(&t, DO_REMOVE, &bob), 3);
	deed_told_nobody(&t);
	assert_int_equal(test_store_rows(&t, &store_status), 0);
	/* the mate's own follows, by the inbox that both had */
	assert_int_equal(test_store_rows(&t, &store_follow), 5);
	assert_int_equal(test_store_rows(&t, &store_audience), 5);
	assert_int_equal(test_store_account(&t, bob.id).flags, ACCOUNT_DELETED);
	test_store_check(&t);
}

static bool find_end(void *arg, const struct queue_job_view *job)
{
	struct community_job *end = arg;
	if (job->kind == JOB_COMMUNITY)
		*end = community_job_decode(job->payload);
	return true;
}

struct ending {
	struct community_job job;
	bool done;
};

static enum rc end_step(struct social *s, void *arg)
{
	struct ending *ending = arg;
	ending->done = community_job_step(s, &ending->job);
	return RC_OK;
}

/* As when the command is killed between its steps. */
static void what_began_a_deletion_need_not_live_to_its_end(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	struct ending ending = { .done = false };
	struct deed deed = { .verb = DO_REMOVE };
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	for (int i = 0; i < 410; i++) {
		test_store_post(&t, &alice, VISIBILITY_PUBLIC, "x", NULL);
		test_store_forget_jobs(&t);
	}
	deed.actor = &alice;
	assert_int_equal(deed_do(&t, &deed), RC_BUSY);
	assert_int_equal(test_store_account(&t, alice.id).flags & ACCOUNT_CLOSING, ACCOUNT_CLOSING);
	/* it is one job, however often it is repeated */
	assert_int_equal(deed_do(&t, &deed), RC_BUSY);
	assert_int_equal(test_store_rows(&t, &queue_table_job), 1);
	struct db_txn *txn = test_store_read(&t);
	queue_each_job(txn, false, STR(""), 0, find_end, &ending.job);
	db_read_end(&txn);
	assert_int_equal(ending.job.community, alice.id);
	test_store_forget_jobs(&t);
	while (!ending.done)
		test_store_write(&t, end_step, &ending);
	assert_int_equal(test_store_rows(&t, &store_status), 0);
	assert_int_not_equal(test_store_account(&t, alice.id).flags & ACCOUNT_LEAVING, 0);
	assert_int_equal(deed_told(&t, FEDERATE_ACTOR_DELETE).actor, alice.id);
	assert_int_equal(remove_in_steps(&t, DO_REMOVE_FINISH, &alice), 1);
	assert_int_equal(test_store_account(&t, alice.id).flags, ACCOUNT_LOCAL | ACCOUNT_DELETED);
	test_store_check(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_account_is_made_with_its_addresses),
		cmocka_unit_test(names_that_are_not_allowed),
		cmocka_unit_test(the_nodes_own_actor_is_made_once_whatever_its_domain),
		cmocka_unit_test(a_changed_profile_is_told_each_time),
		cmocka_unit_test(stored_keys_open_with_the_seal_and_for_their_owner_only),
		cmocka_unit_test(rotated_keys_overlap_and_then_go),
		cmocka_unit_test(s072_the_suspended_vanish_and_come_back),
		cmocka_unit_test(a_small_account_is_deleted_in_one_step),
		cmocka_unit_test(a_large_account_is_deleted_step_by_step),
		cmocka_unit_test(what_began_a_deletion_need_not_live_to_its_end),
	};
	return cmocka_run_group_tests_name("account_life", tests, NULL, NULL);
}
