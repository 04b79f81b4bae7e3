/* What the tests of acts share: one act in a write of its own. */
#ifndef FF_SOCIAL_TEST_DEED_H
#define FF_SOCIAL_TEST_DEED_H

#include "teststore.h"

enum verb {
	DO_LIKE,
	DO_UNLIKE,
	DO_BOOST,
	DO_UNBOOST,
	DO_EDIT,
	DO_DELETE,
	DO_RECEIVE,
	DO_FOLLOW,
	DO_UNFOLLOW,
	DO_ACCEPT,
	DO_REJECT,
	DO_BLOCK,
	DO_UNBLOCK,
	DO_REPORT,
	DO_CHANGE,
	DO_SUSPEND,
	DO_UNSUSPEND,
	DO_REMOVE,
	DO_REMOVE_FINISH,
};

struct deed {
	enum verb verb;
	const struct account *actor;
	const struct account *target;
	uint64_t status;
	struct str uri;
	enum visibility visibility; /* of a boost */
	struct status *changed;	    /* of an edit, or what is received */
	struct str comment;
	const struct str *objects;
	unsigned object_count;
	enum follow_state state; /* what came of a follow */
	uint64_t made;		 /* the boost */
	struct account fresh;	 /* the actor as it is stored */
	bool step;
};

/* Its result; RC_BUSY of a removal is a step that was committed. */
enum rc deed_do(struct test_store *t, struct deed *deed);
enum rc deed_on_status(struct test_store *t, enum verb verb, const struct account *actor,
		       uint64_t status);
enum rc deed_on_account(struct test_store *t, enum verb verb, const struct account *actor,
			const struct account *target);

#define DEED_JOBS_MAX 8
/* The jobs since the last call are exactly one, of this kind; it is returned. */
struct federate deed_told(struct test_store *t, enum federate_what what);
/* There is none. */
void deed_told_nobody(struct test_store *t);
/* The newest notice of account is this, and there are `count` of them. */
void deed_noticed(struct test_store *t, const struct account *account, size_t count,
		  enum notice_kind kind, uint64_t from, uint64_t status);

struct account_counts deed_account_counts(struct test_store *t, const struct account *account);
struct status_counts deed_status_counts(struct test_store *t, uint64_t status);
enum follow_state deed_follow_state(struct test_store *t, const struct account *follower,
				    const struct account *followee);

#endif
