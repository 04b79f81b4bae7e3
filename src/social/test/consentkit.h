/* What the tests of consent share: four people, their acts, and posts whose authors want to be asked. */
#ifndef FF_SOCIAL_TEST_CONSENTKIT_H
#define FF_SOCIAL_TEST_CONSENTKIT_H

#include "deed.h"
#include "social/interact.h"

struct cast {
	struct test_store t;
	struct account alice, bob;  /* of here */
	struct account carol, erin; /* of two other hosts */
};

void cast_init(struct cast *c);
void cast_free(struct cast *c);

/* What a job is about, and what came of it. */
struct consent_act {
	const struct account *actor;
	struct draft draft;
	struct status status;
	uint64_t id;
	bool answer;
	struct str uri; /* of a like */
	struct str authorization;
	const struct proof *proof;
	struct interact_request request;
	struct status_quote quote;
	const struct policy *policy; /* NULL: as it is */
};

/* Jobs: arg is a struct consent_act. */
enum rc consent_post_job(struct social *s, void *arg);
enum rc consent_receive_job(struct social *s, void *arg);
enum rc consent_decide_job(struct social *s, void *arg);
enum rc consent_answered_job(struct social *s, void *arg);

/* A post of a local or remote author with one rule for everything. */
struct status consent_guarded(struct cast *c, const struct account *author, enum policy_who who);
/* The first that waits for an answer of owner's; 0: none. */
uint64_t consent_waiting(struct cast *c, const struct account *owner);

#endif
