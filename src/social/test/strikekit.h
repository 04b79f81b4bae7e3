/* The scene of tests of moderation: people, one of them elsewhere, and acts about them. */
#ifndef FF_SOCIAL_TEST_STRIKEKIT_H
#define FF_SOCIAL_TEST_STRIKEKIT_H

#include "deed.h"
#include "social/moderate.h"
#include "social/sever.h"
#include "social/strike.h"

enum { ADMIN, MODERATOR, ANN, CAT, BOB, PEOPLE };

struct world {
	struct test_store t;
	struct account who[PEOPLE]; /* Bob is elsewhere */
	/* of the act */
	enum rc (*run)(struct social *s, struct world *w);
	uint64_t moderator_id, target_id;
	struct account found[2]; /* the two as they are now */
	const struct account *moderator, *target;
	struct sentence sentence;
	struct preset preset;
	struct report filed;
	struct sever_job job;
	struct sever_preview preview;
	uint64_t strike, report, id;
	struct str text;
	bool approve, again;
};

void world_init(struct world *w);
/* Fits CLEANUP(world_free). */
void world_free(struct world *w);

/* An act in a write of its own, by a moderator (-1: the operator) about somebody (-1: nobody), who are in
 * w->moderator and w->target while it runs. */
enum rc world_act(struct world *w, int moderator, int target,
		  enum rc (*what)(struct social *s, struct world *w));
/* For world_act(): what w->sentence says; the same by the moderator. */
enum rc moderate_run(struct social *s, struct world *w);
enum rc sentence(struct world *w, int target, enum moderation what);

#define JOBS_MAX 16

struct waiting {
	uint8_t kind;
	struct arena *arena;
	struct str payload[JOBS_MAX];
	size_t count;
};

/* The jobs of a kind that wait. */
struct waiting world_jobs(struct world *w, uint8_t kind);

#endif
