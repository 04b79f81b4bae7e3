/* The scene of tests of the sieve: a moderator, somebody here and somebody elsewhere, rules and what they do. */
#ifndef FF_SOCIAL_TEST_SIFTKIT_H
#define FF_SOCIAL_TEST_SIFTKIT_H

#include "deed.h"
#include "social/moderate.h"
#include "social/sift.h"
#include "social/sifter.h"

struct world {
	struct test_store t;
	struct account alice, bob, mod;
	/* of the act */
	const struct account *moderator;
	struct sieve_row row;
	enum sieve_mode mode;
	uint64_t id, seen_ms; /* 0: it was seen as it is */
	struct wave_wish wish;
	struct sift_settings settings;
	uint64_t after; /* of held_act(): where it goes on */
};

void world_init(struct world *w);
/* Fits CLEANUP(world_free). */
void world_free(struct world *w);
/* Acts for test_store_write(), as the world says. */
enum rc put_act(struct social *s, void *arg);
enum rc mode_act(struct social *s, void *arg);
enum rc release_act(struct social *s, void *arg);
enum rc refuse_act(struct social *s, void *arg);
enum rc wave_act(struct social *s, void *arg);
enum rc undo_act(struct social *s, void *arg);
enum rc step_act(struct social *s, void *arg);
enum rc held_act(struct social *s, void *arg);
uint64_t rule_add(struct world *w, const char *text, enum sieve_mode mode);

/* What the rule did today. */
struct sieve_count today(struct world *w, uint64_t rule);
/* By nobody: by a stranger elsewhere. */
bool is_seen(struct world *w, const struct account *by, uint64_t id);
size_t in_timeline(struct world *w, const struct account *by);
size_t notices(struct world *w, const struct account *of);
/* How many posts wait. */
size_t held(struct world *w);
struct sieve_mark mark_of(struct world *w, uint64_t id);
/* Mentions Alice. */
struct status from_bob(struct world *w, const char *text);

#endif
