/* Joint communities on the wire: what the files about them share. */
#ifndef FF_FED_JOINT_FED_INT_H
#define FF_FED_JOINT_FED_INT_H

#include "fed_int.h"
#include "incoming_int.h"
#include "social/joint.h"
#include "store/joint_copy.h"

#define JOINT_COLLECTION "joint"
/* The relationship that an Offer is of. The same for every node. */
#define JOINT_RELATIONSHIP "urn:uuid:56c7effd-eacb-424d-bdd2-acf79f0ef427#jointCommunity"

/* The Offer, its answers and its end. RC_UNSUPPORTED when f is of another kind. */
enum rc build_joint(struct fed *fed, struct db_txn *txn, struct ctx *ctx, const struct federate *f,
		    const struct account *actor, const struct account *target,
		    struct jw *w) NODISCARD;
/* Who has reacted with what to which post, as partners are told of it; false when it is not there. */
bool build_joint_reaction(struct fed *fed, struct db_txn *txn, struct arena *arena,
			  uint64_t community, const struct joint_word *word, struct jw *w);
/* The ids of the groups with which a community has agreed. NULL without memory; then *count is 0. */
struct str *build_partners(struct db_txn *txn, struct ctx *ctx, uint64_t community,
			   unsigned *count);

/* build_copy.c: a post of somebody elsewhere, announced by the group to a partner that cannot reach them. id is
 * where it is served. RC_NOT_FOUND. */
enum rc build_copy(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
		   const struct account *group, struct str id, const struct status *s,
		   struct jw *w) NODISCARD;

/* joint_return_job.c: a copy goes without a trace: its id is free for what its origin says. */
void joint_copy_drop(struct social *s, const struct status *status);
/* In a write: its author speaks of a post that is known by a copy, so that its origin answers: it is asked now. */
void joint_ask_again(struct social *s, const struct joint_copy *copy, struct str uri);

#endif
