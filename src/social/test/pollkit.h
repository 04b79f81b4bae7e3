/* What the tests of polls share: a poll that was made here or told from elsewhere, votes in it, and the
 * jobs that it leaves. */
#ifndef FF_SOCIAL_TEST_POLLKIT_H
#define FF_SOCIAL_TEST_POLLKIT_H

#include "deed.h"
#include "social/poll.h"

extern const char *const poll_colours[3];

struct waiting {
	struct poll_job jobs[16];
	uint64_t due_ms[16];
	size_t count;
};

/* Lasts a day. */
struct poll_draft poll_asks(unsigned count, const char *const *options);
enum rc poll_kit_compose(struct test_store *t, const struct account *author,
			 const struct poll_draft *poll, struct draft *out);
/* A job: arg is the draft. */
enum rc poll_post_job(struct social *s, void *arg);
/* A poll of three colours that is written; its jobs are forgotten. */
struct status poll_ask(struct test_store *t, const struct account *author, bool multiple,
		       enum visibility visibility);
/* A vote; second may be NULL. */
enum rc poll_vote_do(struct test_store *t, const struct account *who, const struct status *post,
		     const char *first, const char *second);
/* One choice, under an id of its sender's. */
enum rc poll_vote_by(struct test_store *t, const struct account *who, const struct status *post,
		     const char *name, const char *uri);
struct poll poll_of(struct test_store *t, const struct status *post);
/* The counts are these, and the store is whole. */
void poll_expect(struct test_store *t, const struct status *post, uint32_t red, uint32_t green,
		 uint32_t blue, uint32_t voters);
/* The jobs of polls. */
struct waiting poll_waiting(struct test_store *t);
/* Runs a job to its end; in how many steps. */
unsigned poll_run(struct test_store *t, enum poll_task task, const struct status *post);
/* A poll of red and green as another server tells it. */
struct poll poll_told(unsigned flags, uint32_t red, uint32_t green, uint64_t ends_ms);
/* One that has just come; it ends in an hour. */
struct status poll_remote(struct test_store *t, const struct account *author, unsigned flags);
/* Its server tells it again. */
void poll_told_anew(struct test_store *t, const struct status *status, struct poll poll);

#endif
