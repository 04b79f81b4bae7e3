/*
 * A node for tests of what stands on module social: the database of testdb.h with the queue's
 * tables, a site, and factories that go by the rules of social.
 *
 *   struct test_store t CLEANUP(test_store_free);
 *   test_store_init(&t);
 *   struct account alice = test_store_local(&t, "alice");
 *   struct account bob = test_store_remote(&t, "bob", "b.example");
 *   test_store_follow(&t, &bob, &alice);
 *   struct status post = test_store_post(&t, &alice, VISIBILITY_FOLLOWERS, "hello");
 *
 * Strings of what the factories return live as long as the store. A test that needs a transaction
 * of its own writes a job for test_store_write(), or brackets with test_store_read() and
 * db_read_end().
 */
#ifndef FF_TESTKIT_TESTSTORE_H
#define FF_TESTKIT_TESTSTORE_H

#include "db/db.h"
#include "queue/queue.h"
#include "social/act.h"
#include "social/federate.h"
#include "social/site.h"
#include "social/social.h"
#include "store/account.h"
#include "store/notice.h"
#include "store/status.h"
#include "testdb.h"
#include "testkit.h"

struct test_store {
	struct test_db d; /* folder, clock, database, arena of what the factories return */
	struct site site; /* at "social.example.org", with handles of "example.org" */
};

/* With a node record and the node's own actor. */
void test_store_init(struct test_store *t);
/* Fits CLEANUP(test_store_free). */
void test_store_free(struct test_store *t);

/* A job in a write of its own; s is made anew for every run. Returns what the job and the commit
 * came to. */
enum rc test_store_try(struct test_store *t, enum rc (*job)(struct social *s, void *arg),
		       void *arg);
/* The same, which must succeed. */
void test_store_write(struct test_store *t, enum rc (*job)(struct social *s, void *arg), void *arg);
/* A snapshot; end it with db_read_end(). */
struct db_txn *test_store_read(struct test_store *t);

/* Accounts. Local ones have no keys: what signs makes them by account_keys_make(). */
struct account test_store_local(struct test_store *t, const char *username);
struct account test_store_locked(struct test_store *t, const char *username);
/* With a shared inbox at its host. */
struct account test_store_remote(struct test_store *t, const char *username, const char *host);
struct account test_store_account(struct test_store *t, uint64_t id);

/* An accepted follow, whoever the two are. */
void test_store_follow(struct test_store *t, const struct account *follower,
		       const struct account *followee);
/* A post: of a local account by act_post(), of a remote one by act_receive_post(). Mentions are the
 * accounts given, up to a NULL. */
struct status test_store_post(struct test_store *t, const struct account *author,
			      enum visibility visibility, const char *text, ...)
	__attribute__((sentinel));
/* The answer of a local account to a post. */
struct status test_store_reply(struct test_store *t, const struct account *author,
			       const struct status *parent, const char *text);
struct status test_store_status(struct test_store *t, uint64_t id);

/* What was written: how many rows; the notices of an account, newest first; the federate jobs in
 * the order of their writing. */
uint64_t test_store_rows(struct test_store *t, const struct db_table *table);
size_t test_store_notices(struct test_store *t, uint64_t account, struct notice *out, size_t count);
size_t test_store_jobs(struct test_store *t, struct federate *out, size_t count);
/* Drops all jobs, so that a test sees those of the next act only. */
void test_store_forget_jobs(struct test_store *t);
/* Fails when an integrity check of the store or the queue finds anything. */
void test_store_check(struct test_store *t);

#endif
