/* The scene of tests of teams: a desk, people with a role each, and what they write. */
#ifndef FF_SOCIAL_TEST_TEAMKIT_H
#define FF_SOCIAL_TEST_TEAMKIT_H

#include "social/team.h"
#include "teststore.h"

/* Eve is no member. */
enum who { ADA, EDI, ABE, RIA, ANN, EVE, PEOPLE };

struct scene {
	struct test_store t;
	struct account desk, who[PEOPLE];
};

struct task {
	enum rc (*run)(struct social *s, struct task *task);
	uint64_t person, team, member, id, due_ms;
	enum team_role role;
	struct team_change change;
	struct account account;
	struct str note;
	struct team_writing writing;
	struct scheduled made;
	struct draft *draft;
	struct team_review *review;
	struct status changed;
};

void scene_init(struct scene *s);
/* Fits CLEANUP(scene_free). */
void scene_free(struct scene *s);
/* For test_store_try(), of a struct task. */
enum rc run_task(struct social *s, void *arg);
/* The same, about the desk. */
enum rc does(struct scene *s, struct task task);
/* Of task.member and task.role; of task.change. */
enum rc give_run(struct social *s, struct task *task);
enum rc set_run(struct social *s, struct task *task);
void demand_four_eyes(struct scene *s);

bool row_of(struct scene *s, uint64_t id, struct scheduled *out);
/* When a draft was changed last; 0: there is none. */
uint64_t changed_of(struct scene *s, uint64_t id);
struct byline byline_of(struct scene *s, uint64_t status);

/* w.seen_ms 0: they have seen it as it is. */
enum rc writes_as(struct scene *s, enum who who, struct team_writing w, const char *text,
		  uint64_t *id);
/* The id of what waits then. */
uint64_t submits(struct scene *s, enum who who, const char *text, uint64_t due_ms);
enum rc approve_run(struct social *s, struct task *task);
/* As it is now. */
enum rc approves(struct scene *s, enum who who, uint64_t id, struct team_review *review);
enum rc returns(struct scene *s, enum who who, uint64_t id, const char *note);
enum rc puts_off(struct scene *s, enum who who, uint64_t id, uint64_t due_ms);
enum rc drops(struct scene *s, enum who who, uint64_t id);
/* What the job does at its time. */
enum rc falls_due(struct scene *s, uint64_t id, struct draft *draft);

#endif
