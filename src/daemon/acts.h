/* The acts of people as commands and seed files do them: each in a write of its own. */
#ifndef FF_DAEMON_ACTS_H
#define FF_DAEMON_ACTS_H

#include "node.h"
#include "social/account.h"
#include "social/act.h"

/* Makes keys and account. */
enum rc acts_create(struct cli *cli, struct node *node, const struct new_account *wanted,
		    struct account *out) NODISCARD;

/* Composes and writes; mentioned people who are not known are looked for. draft->id is the post's. */
enum rc acts_compose(struct cli *cli, struct node *node, struct draft *draft) NODISCARD;
enum rc acts_post(struct cli *cli, struct node *node, struct draft *draft) NODISCARD;
/* Inside a write: RC_DENIED where a team asks for four eyes, unless the command says --without-review. */
enum rc acts_may_publish(struct social *s, const struct cli *cli,
			 const struct account *author) NODISCARD;

enum acts_relation {
	ACTS_FOLLOW,
	ACTS_UNFOLLOW,
	ACTS_ACCEPT,
	ACTS_REJECT,
	ACTS_BLOCK,
	ACTS_UNBLOCK,
};

/* state, which may be NULL, is what came of a follow. */
enum rc acts_relate(struct cli *cli, struct node *node, enum acts_relation what, uint64_t actor,
		    uint64_t target, enum follow_state *state) NODISCARD;

enum acts_reaction {
	ACTS_BOOST,
	ACTS_UNBOOST,
	ACTS_LIKE,
	ACTS_UNLIKE,
};

/* made, which may be NULL, is the id of a boost. */
enum rc acts_react(struct cli *cli, struct node *node, enum acts_reaction what, uint64_t actor,
		   uint64_t status, enum visibility visibility, uint64_t *made) NODISCARD;

#endif
